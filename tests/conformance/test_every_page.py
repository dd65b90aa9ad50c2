"""Every kind of page that a build makes, each loaded once and brought into every state that readers bring it into.

Light and dark, forced colours, a phone, 400 % zoom, text spacing raised; axe and HTML_CodeSniffer have nothing against
it, all of it is reached by keyboard, and it keeps the policy that it states.
WCAG 2.2: https://www.w3.org/TR/WCAG22/; HTML_CodeSniffer: https://squizlabs.github.io/HTML_CodeSniffer/
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from built_editions import Built
from playwright.sync_api import Browser, Page
from test_axe import remarks
from validators import module

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
ZOOMED = {"width": 320, "height": 256}
"""1,280 by 1,024 pixels at 400 %: https://www.w3.org/TR/WCAG22/#reflow"""
SPACED = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }
"""
"""https://www.w3.org/TR/WCAG22/#text-spacing"""

STANDARD = "WCAG2AAA"
LEFT_OPEN = (
    ".Abs",  # G17 and G18: what is positioned is left to a person; the style sheet's tests compute every contrast.
    ".BgImage",
    ".Alpha",
    ".H85.2",  # Whether a list of speeds has groups: it has none.
    ".H67.2",  # Whether a picture marked as decorative is one: the source says so.
    ".C32,C31,C33,C38,SCR34,G206",  # Code keeps its lines, and scrolls alone.
)
"""What it asks a person to look at, whatever is there."""
SNIFF = """(standard) => new Promise((done) => {
    HTMLCS.process(standard, document, () => done(HTMLCS.getMessages()
        .filter((one) => one.type !== HTMLCS.NOTICE)
        .map((one) => `${one.code} ${one.element.outerHTML?.slice(0, 120)}: ${one.msg}`)));
})"""
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
FOCUSED = """() => {
    const one = document.activeElement;
    if (one === document.body || one === document.documentElement) return null;
    const box = one.getBoundingClientRect();
    return {
        index: [...document.querySelectorAll("*")].indexOf(one),
        html: one.outerHTML.slice(0, 120),
        outlined: getComputedStyle(one).outlineStyle !== "none",
        shown: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""


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


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def sniffed(page: Page) -> list[str]:
    """What HTML_CodeSniffer finds wrong, what it leaves to a person left out."""
    page.evaluate(module("html_codesniffer", "build", "HTMLCS.js").read_text(encoding="utf-8"))
    return [one for one in page.evaluate(SNIFF, STANDARD) if not one.split()[0].endswith(LEFT_OPEN)]


def spaced(page: Page) -> None:
    """Raise the spacing of the text as a reader's own style sheet would."""
    sheet = "(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets.push(s); }"
    page.evaluate(sheet, SPACED)


def reached(page: Page) -> list[dict[str, Any]]:
    """Whatever the Tab key reaches, from the page's begin to its end."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    stops: list[dict[str, Any]] = []
    for _ in range(600):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            return stops
        stops.append(found)
    raise AssertionError("the Tab key goes round and round")


@pytest.mark.parametrize("file", PAGES)
def test_a_page_is_accessible_in_every_state(site: Path, page: Page, file: str) -> None:
    told = complaints(page)
    page.goto((site / file).as_uri())
    assert page.evaluate("document.querySelector('meta[http-equiv=Content-Security-Policy]').content.includes('none')")
    assert sniffed(page) == []
    # A group of radio buttons is one stop; all else comes as it stands on the page, and shows where one is.
    stops = reached(page)
    assert [stop["html"] for stop in stops if not (stop["shown"] and stop["outlined"])] == []
    assert [stop["index"] for stop in stops] == sorted({stop["index"] for stop in stops})
    for fold in page.locator("details > summary:visible").all():
        fold.click()
    assert told == []
    assert remarks(page) == [], "light"
    assert page.evaluate(TARGETS) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert remarks(page) == [], "dark"
    assert page.evaluate(MOVING) == []
    page.emulate_media(forced_colors="active")
    assert remarks(page) == [], "forced colours"
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(OUT_OF_ORDER) == []
    assert fits(page), "phone"
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]  # a plain dict has the shape
    # At this size axe cannot judge some contrasts, of which it has judged all on the wide page.
    assert [one for one in remarks(page) if "could not be determined" not in one] == [], "zoomed"
    assert fits(page), "zoomed"
    spaced(page)
    assert fits(page), "spaced"
    assert page.evaluate(CUT) == []


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
            main.append(new Image(), button);
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
