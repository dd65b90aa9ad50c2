"""The pages in the states that readers bring them into: every setting, forced colours, 400 % zoom, spaced text.

WCAG 2.2: https://www.w3.org/TR/WCAG22/; HTML_CodeSniffer: https://squizlabs.github.io/HTML_CodeSniffer/
"""

from __future__ import annotations

from typing import Any

import pytest
from built_editions import Built
from playwright.sync_api import Browser, Page
from test_axe import remarks
from validators import module

EDITIONS = ("constructs", "arabic")
FILES = ("index.html", "plain.html")
STATES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}},
    "forced colours": {"forced_colors": "active"},
    # 1,280 by 1,024 pixels at 400 %: https://www.w3.org/TR/WCAG22/#reflow
    "zoomed": {"viewport": {"width": 320, "height": 256}},
}
CHOICES = (
    ("size", "200"),
    ("spacing", "wide"),
    ("typeface", "sans"),
    ("measure", "short"),
    ("measure", "long"),
    ("colours", "light"),
    ("colours", "dark"),
    ("colours", "contrast"),
)
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


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("edition", EDITIONS)
def test_axe_finds_nothing_in_any_state(chromium: Browser, built: Built, edition: str, state: str) -> None:
    with chromium.new_context(**STATES[state]) as context:
        page = context.new_page()
        for file in FILES:
            page.goto((built(edition) / file).as_uri())
            for fold in page.locator("details > summary:visible").all():
                fold.click()
            assert remarks(page) == [], file
            assert fits(page), file


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_setting_breaks_the_page(chromium: Browser, built: Built, edition: str) -> None:
    for width in (1280, 320):
        with chromium.new_context(viewport={"width": width, "height": 900}) as context:
            page = context.new_page()
            page.goto((built(edition) / "index.html").as_uri())
            page.locator(".settings > summary").click()
            for name, value in CHOICES if width > 320 else CHOICES[1:]:
                page.locator(f"input[name='{name}'][value='{value}']").check()
                assert page.evaluate(f"document.documentElement.dataset.{name}") == value
                assert fits(page), (width, name, value)
                if name == "colours":
                    # At this size axe cannot judge some contrasts; the style sheet's tests compute them all.
                    assert [one for one in remarks(page) if "could not be determined" not in one] == [], value


@pytest.mark.parametrize("edition", EDITIONS)
def test_spaced_text_is_neither_cut_nor_covered(chromium: Browser, built: Built, edition: str) -> None:
    with chromium.new_context(viewport={"width": 320, "height": 800}) as context:
        page = context.new_page()
        for file in FILES:
            page.goto((built(edition) / file).as_uri())
            sheet = "(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }"
            page.evaluate(sheet, SPACED)
            assert fits(page), file
            cut = page.evaluate(
                """() => [...document.querySelectorAll("main p, main li, main button, main summary, main label")]
                    .filter((one) => one.scrollWidth > one.clientWidth + 1)
                    .filter((one) => getComputedStyle(one).overflow !== "visible")
                    .map((one) => one.outerHTML.slice(0, 100))"""
            )
            assert cut == [], file


@pytest.mark.parametrize("edition", EDITIONS)
def test_html_codesniffer_finds_nothing(chromium: Browser, built: Built, edition: str) -> None:
    script = module("html_codesniffer", "build", "HTMLCS.js").read_text(encoding="utf-8")
    with chromium.new_context() as context:
        page = context.new_page()
        for file in FILES:
            page.goto((built(edition) / file).as_uri())
            page.evaluate(script)
            found = [one for one in page.evaluate(SNIFF, STANDARD) if not one.split()[0].endswith(LEFT_OPEN)]
            assert found == [], file


def test_html_codesniffer_is_not_deaf(chromium: Browser, built: Built) -> None:
    script = module("html_codesniffer", "build", "HTMLCS.js").read_text(encoding="utf-8")
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto((built("minimal") / "index.html").as_uri())
        page.evaluate(
            "document.querySelector('h1').style.color = '#eee'; document.querySelector('main').append(new Image())"
        )
        page.evaluate(script)
        found = " ".join(page.evaluate(SNIFF, STANDARD))
        assert "Guideline1_4.1_4_6" in found
        assert "Guideline1_1.1_1_1.H37" in found


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_control_is_reached_by_keyboard_in_the_order_of_the_page_and_is_seen(
    chromium: Browser, built: Built, edition: str
) -> None:
    with chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto((built(edition) / "index.html").as_uri())
        page.locator("[data-part=play]").click()
        page.wait_for_function("document.querySelector('.sounding') !== null")
        page.locator("[data-part=play]").click()
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        reached: list[int] = []
        for _ in range(400):
            page.keyboard.press("Tab")
            found = page.evaluate(
                """() => {
                    const one = document.activeElement;
                    if (one === document.body) return null;
                    const box = one.getBoundingClientRect();
                    const player = document.querySelector(".listen.active").getBoundingClientRect();
                    const inside = one.closest(".listen.active");
                    return {
                        index: [...document.querySelectorAll("*")].indexOf(one),
                        html: one.outerHTML.slice(0, 120),
                        outline: getComputedStyle(one).outlineStyle,
                        shown: box.bottom > 0 && box.top < innerHeight,
                        covered: !inside && box.bottom <= player.bottom && box.top >= player.top
                            && box.right > player.left && box.left < player.right,
                    };
                }"""
            )
            if found is None:
                break
            assert found["shown"], found
            assert not found["covered"], found
            assert found["outline"] != "none", found
            reached.append(found["index"])
        assert len(reached) > 20
        # A group of radio buttons is one stop; all else comes as it stands on the page.
        assert reached == sorted(reached)
