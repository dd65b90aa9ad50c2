"""The states that readers bring a page into, and what is asked of it in each. A page is loaded once, then brought from
one to the next.

WCAG 2.2: https://www.w3.org/TR/WCAG22/; HTML_CodeSniffer: https://squizlabs.github.io/HTML_CodeSniffer/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Page
from validators import module


@dataclass(frozen=True)
class State:
    """What a reader's window and settings are; lengths in CSS pixels."""

    name: str
    width: int = 1280
    height: int = 900
    scale: int = 1
    """Device pixels to a CSS pixel."""
    scheme: Literal["light", "dark"] = "light"
    forced: Literal["active", "none"] = "none"
    spaced: bool = False
    """Whether the reader's own style sheet raises the spacing of text."""


STATES = (
    State("light"),
    State("dark", scheme="dark"),
    State("forced colours", scheme="dark", forced="active"),
    State("320 px", 320, 640),
    State("400 % zoom", 320, 256, scale=4),
    State("spacing raised", 320, 640, spaced=True),
)
"""320 px and 1280 by 1024 pixels at 400 %: https://www.w3.org/TR/WCAG22/#reflow. Spacing stands last: it stays."""

SPACED = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }
"""
"""https://www.w3.org/TR/WCAG22/#text-spacing"""

ALL_STOPS = 1000
"""More than any page has."""

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
FOCUSED = """() => {
    const one = document.activeElement;
    if (one === document.body || one === document.documentElement) return null;
    const box = one.getBoundingClientRect();
    const player = document.querySelector(".listen.active");
    const over = player && !player.contains(one) && player.getBoundingClientRect();
    return {
        index: [...document.querySelectorAll("*")].indexOf(one),
        html: one.outerHTML.slice(0, 120),
        outlined: getComputedStyle(one).outlineStyle !== "none",
        shown: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        covered: Boolean(over) && box.bottom <= over.bottom && box.top >= over.top
            && box.right > over.left && box.left < over.right,
    };
}"""

WALKING = """() => {
    const look = (LOOK);
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    scrollTo(0, 0);
    self.walked?.end();
    let begun = false;
    const note = (event) => {
        if (event.key !== "Tab") return;
        if (begun) walked.push(look());
        begun = true;
    };
    self.walked = [];
    addEventListener("keydown", note, true);
    self.walked.end = () => removeEventListener("keydown", note, true);
}""".replace("LOOK", FOCUSED)
"""Begins at the page's top and notes where the Tab key was whenever it goes on: asking after each would take longer."""


def enter(page: Page, state: State) -> None:
    """Bring a page that is open into a state, without loading it anew."""
    page.emulate_media(color_scheme=state.scheme, forced_colors=state.forced)
    page.set_viewport_size({"width": state.width, "height": state.height})
    metrics = {"width": state.width, "height": state.height, "deviceScaleFactor": state.scale, "mobile": False}
    page.context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", metrics)
    assert page.evaluate("[innerWidth, innerHeight, devicePixelRatio]") == [state.width, state.height, state.scale]
    if state.spaced:
        raise_spacing(page)


def raise_spacing(page: Page) -> None:
    """Raise the spacing of the text as a reader's own style sheet would."""
    sheet = "(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets.push(s); }"
    page.evaluate(sheet, SPACED)


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def sniffed(page: Page) -> list[str]:
    """What HTML_CodeSniffer finds wrong, what it leaves to a person left out."""
    if not page.evaluate("'HTMLCS' in window"):
        page.evaluate(module("html_codesniffer", "build", "HTMLCS.js").read_text(encoding="utf-8"))
    return [one for one in page.evaluate(SNIFF, STANDARD) if not one.split()[0].endswith(LEFT_OPEN)]


def reached(page: Page, most: int = ALL_STOPS) -> list[dict[str, Any]]:
    """Whatever the Tab key reaches, from the page's begin to its end; of more than `most`, about that many."""
    page.evaluate(WALKING)
    stops: list[dict[str, Any]] = []
    while len(stops) < most:
        for _ in range(20):
            page.keyboard.press("Tab")
        for found in page.evaluate("walked.splice(0)"):
            if found is None or (stops and found["index"] == stops[0]["index"]):
                return stops
            stops.append(found)
    assert most < ALL_STOPS, "the Tab key goes round and round"
    return stops


def lost(stops: list[dict[str, Any]]) -> list[str]:
    """Which stops of the Tab key are not seen where they are: no outline, out of the window, or under the player."""
    return [stop["html"] for stop in stops if stop["covered"] or not (stop["shown"] and stop["outlined"])]


def in_order(stops: list[dict[str, Any]]) -> bool:
    """Whether the stops come as they stand on the page, none twice. A group of radio buttons is one stop."""
    return [stop["index"] for stop in stops] == sorted({stop["index"] for stop in stops})
