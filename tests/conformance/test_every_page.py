"""Every kind of page that a build makes, each loaded once and brought into every state that readers bring it into.

Light and dark, forced colours, 320 pixels, 400 % zoom, text spacing raised: in each, axe and HTML_CodeSniffer have
nothing against it, and the Tab key reaches all of it, in order and in sight. It keeps the policy that it states.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from built_editions import Built
from page_states import ALL_STOPS, STATES, enter, fits, in_order, lost, reached, sniffed
from playwright.sync_api import Browser, Page
from test_axe import remarks

from publisher.build import find_edition
from publisher.shelving import update_catalogue
from publisher.verify import Request, verify_edition

EDITIONS = Path(__file__).parents[1] / "editions"
NAMES = ("constructs", "arabic", "minimal")
PAGES = (
    "index.html",
    *(f"{name}/{page}" for name in NAMES[:2] for page in ("index.html", "plain.html", f"{name}-transcript.html")),
    "constructs/constructs-plain-transcript.html",
    "minimal/report.html",
)
TARGETS = """() => axe.run(document, { runOnly: ["target-size"], resultTypes: ["violations"] })
    .then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) => node.html)))"""
CUT = """() => [...document.querySelectorAll("p, li, dd, td, th, button, summary, label, h1, h2, h3")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible")
    .map((one) => one.outerHTML.slice(0, 100))"""
MOVING = """() => [...document.querySelectorAll("*")]
    .filter((one) => {
        const style = getComputedStyle(one);
        return (style.animationName || "none") !== "none" || parseFloat(style.transitionDuration) > 0
            || (style.scrollBehavior || "auto") !== "auto";
    }).map((one) => one.outerHTML.slice(0, 100))"""
OUT_OF_ORDER = """() => {
    const lines = [...document.querySelectorAll("h1, h2, h3, h4, p, li, dt, dd, figcaption, caption, summary, tr")]
        .filter((one) => one.getClientRects().length && !one.matches(".skip, table *, [role=status]")
            && getComputedStyle(one).display !== "inline" && getComputedStyle(one).position !== "absolute");
    return lines.slice(1).filter((one, index) =>
        one.getBoundingClientRect().top < lines[index].getBoundingClientRect().top - 1)
        .map((one) => one.outerHTML.slice(0, 100));
}"""
MOST_TIMES = 60
"""A transcript's stops are times, hundreds of one kind: the Tab key goes to all of them once, later to so many."""
FAULTS = {
    "light": ("sniffed", "p { color: #777 }"),
    "dark": ("sniffed", "@media (prefers-color-scheme: dark) { h1 { color: #555 } }"),
    "forced colours": ("lost", "@media (forced-colors: active) { :focus-visible { outline: none !important } }"),
    "320 px": (
        "lost",
        "@media (max-width: 320px) and (min-height: 500px) { summary { position: fixed; left: -999px } }",
    ),
    "400 % zoom": ("lost", "@media (min-resolution: 3x) { summary { position: fixed; top: 300px } }"),
    "spacing raised": ("remarks", "h1 { height: 1.06em; overflow: auto; text-wrap: nowrap; width: max-content }"),
}
"""For each state a fault that is in no state before it, and what is to tell it."""


@pytest.fixture(scope="module")
def site(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as readers find it: a catalogue, editions, a report."""
    out = tmp_path_factory.mktemp("site")
    for name in NAMES:
        shutil.copytree(built(name), out / name)
    verify_edition(Request(find_edition("minimal", EDITIONS), out))
    update_catalogue(out)
    return out


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context.new_page()


def complaints(page: Page) -> list[str]:
    """What the browser will say of the page: of its policy, of its scripts. axe itself breaks the policy later."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda problem: told.append(str(problem)))
    return told


def judged(page: Page) -> list[str]:
    """What axe finds. On narrow pages it cannot judge some contrasts, all of which it has judged on the wide page."""
    wide = page.evaluate("innerWidth > 1000")
    return [one for one in remarks(page) if wide or "could not be determined" not in one]


@pytest.mark.parametrize("file", PAGES)
def test_a_page_is_accessible_in_every_state(site: Path, page: Page, file: str) -> None:
    told = complaints(page)
    page.goto((site / file).as_uri())
    policy = page.evaluate("document.querySelector('meta[http-equiv=Content-Security-Policy]').content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for fold in page.locator("details > summary:visible").all():
        fold.click()
    assert told == []
    most = MOST_TIMES if file.endswith("transcript.html") else ALL_STOPS
    stops = 0
    for state in STATES:
        enter(page, state)
        assert sniffed(page) == [], state.name
        assert judged(page) == [], state.name
        assert fits(page), state.name
        found = reached(page, most if stops else ALL_STOPS)
        assert lost(found) == [], state.name
        assert in_order(found), state.name
        stops = stops or len(found)
        assert len(found) >= min(stops, most), state.name
        assert page.evaluate(TARGETS) == [], state.name
    assert page.evaluate(CUT) == []
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(OUT_OF_ORDER) == []
    assert fits(page), "phone"


def test_a_page_that_is_none_of_this_is_told(site: Path, page: Page) -> None:
    page.goto((site / "minimal" / "index.html").as_uri())
    page.evaluate(
        """() => {
            const head = document.querySelector("h1");
            head.style.color = "#eee";
            head.style.width = "200rem";
            head.style.transition = "width 1s";
            const main = document.querySelector("main");
            main.style.display = "flex";
            main.style.flexDirection = "column-reverse";
            const button = Object.assign(document.createElement("button"), { textContent: "." });
            button.style.outline = "none";
            const small = ["a", "b"].map(() => document.createElement("button"));
            for (const one of small) {
                one.textContent = "a";
                one.style.cssText = "width: 9px; height: 9px; padding: 0; display: block";
            }
            const row = document.createElement("div");
            row.append(...small);
            const cut = Object.assign(document.createElement("p"), { textContent: "much too long for this" });
            cut.style.cssText = "width: 3em; overflow: hidden; white-space: nowrap";
            main.append(new Image(), button, row, cut);
        }"""
    )
    found = " ".join(sniffed(page))
    assert "Guideline1_4.1_4_6" in found
    assert "Guideline1_1.1_1_1.H37" in found
    assert not fits(page)
    assert page.evaluate(MOVING)
    assert page.evaluate(OUT_OF_ORDER)
    assert [stop["html"] for stop in reached(page) if not stop["outlined"]]
    assert {one.split()[0] for one in remarks(page)} >= {"color-contrast", "image-alt"}
    assert page.evaluate(TARGETS)
    assert page.evaluate(CUT)


def test_a_fault_of_one_state_is_told_in_that_state(site: Path, page: Page) -> None:
    checks = {"sniffed": sniffed, "lost": lambda page: lost(reached(page)), "remarks": judged}
    page.goto((site / "minimal" / "index.html").as_uri())
    page.evaluate("document.adoptedStyleSheets = [new CSSStyleSheet()]")
    for state, before in zip(STATES, (None, *STATES), strict=False):
        name, css = FAULTS[state.name]
        if before:
            page.evaluate("(css) => document.adoptedStyleSheets[0].replaceSync(css)", css)
            assert checks[name](page) == [], before.name
            page.evaluate("document.adoptedStyleSheets[0].replaceSync('')")
        enter(page, state)
        assert checks[name](page) == [], state.name
        page.evaluate("(css) => document.adoptedStyleSheets[0].replaceSync(css)", css)
        assert checks[name](page), state.name
        page.evaluate("document.adoptedStyleSheets[0].replaceSync('')")


def test_a_policy_that_is_broken_is_told(site: Path, page: Page, tmp_path: Path) -> None:
    text = (site / "minimal" / "index.html").read_text("utf-8")
    (tmp_path / "index.html").write_text(text.replace("</main>", '<p style="color: red">x</p></main>'), "utf-8")
    told = complaints(page)
    page.goto((tmp_path / "index.html").as_uri())
    assert any("Content Security Policy" in one for one in told)


def test_what_a_page_itself_weighs_is_under_100_kilobytes(built: Built) -> None:
    folder = built("upstream")
    assert sum((folder / name).stat().st_size for name in ("index.html", "publisher.css", "publisher.js")) < 99_000
    text = (folder / "index.html").read_text("utf-8")
    # The PDFs and the DOCX, which are not built here, add a line each to the downloads.
    assert text.count('class="format"') >= 10
    assert text.count("<script") == 2
    assert '<script src="publisher.js" defer="defer">' in text
    assert 'preload="none"' in text
