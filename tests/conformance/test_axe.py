"""axe has nothing against any page, in light or dark, wide or 320 CSS pixels narrow.

The rules: https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md; the width is that of
WCAG 2.2's reflow, https://www.w3.org/TR/WCAG22/#reflow.
"""

from __future__ import annotations

from typing import Any

import pytest
from built_editions import EDITIONS, Built
from playwright.sync_api import Page
from validators import module

PLAIN_GROUND = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("span.target { background-image: none !important }");
    document.adoptedStyleSheets.push(sheet);
}"""
"""Words that a note is on are underlined by a gradient in the background, over which axe will not judge contrast."""


def remarks(page: Page) -> list[str]:
    """What axe finds wrong or cannot judge, as `rule element: reason`."""
    page.evaluate(PLAIN_GROUND)
    page.evaluate(module("axe-core", "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations', 'incomplete']})")
    assert len(found["passes"]) > 10, "axe has not read the page"
    return [
        f"{rule['id']} {' '.join(node['target'])}: {check['message']}"
        for rule in (*found["violations"], *found["incomplete"])
        for node in rule["nodes"]
        for check in (*node["any"], *node["all"], *node["none"])
        if not _is_sign(check)
    ]


def _is_sign(check: dict[str, Any]) -> bool:
    """Whether this is about a lone sign, such as ≈: axe cannot tell whether it is text; ours have the text's colour."""
    data = check["data"]
    return isinstance(data, dict) and data.get("messageKey") == "nonBmp"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280)])
@pytest.mark.parametrize("name", EDITIONS)
def test_axe_finds_nothing_and_nothing_runs_over_the_side(built: Built, page: Page, name: str) -> None:
    for file in ("index.html", "plain.html"):
        page.goto((built(name) / file).as_uri())
        assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--sans')"), "no style sheet"
        for width, scheme in ((1280, "light"), (1280, "dark"), (320, "dark"), (320, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two that it knows
            assert remarks(page) == [], (file, width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), file


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280)])
def test_axe_is_not_deaf(built: Built, page: Page) -> None:
    page.goto((built("minimal") / "index.html").as_uri())
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    page.evaluate("document.querySelector('main').append(new Image())")
    rules = {remark.split()[0] for remark in remarks(page)}
    assert rules == {"color-contrast", "image-alt"}
