"""The pages with every reading setting, and worked by keyboard while the player stands over the text."""

from __future__ import annotations

import pytest
from awaiting import until
from built_editions import Built
from page_states import STATES, enter, fits, in_order, lost, reached
from playwright.sync_api import Browser
from test_axe import remarks

EDITIONS = ("constructs", "arabic")
CHOICES = (
    ("size", "200"),
    ("spacing", "wide"),
    ("typeface", "sans"),
    ("measure", "short"),
    ("measure", "long"),
    ("colours", "light"),
    ("colours", "dark"),
    ("colours", "contrast"),
    ("text", "both"),
)


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
                if name == "text":
                    until(page, "document.querySelector('.plainly') !== null")
                assert fits(page), (width, name, value)
                if name in ("colours", "text"):
                    # At this size axe cannot judge some contrasts; the style sheet's tests compute them all.
                    assert [one for one in remarks(page) if "could not be determined" not in one] == [], value


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_control_is_reached_by_keyboard_in_the_order_of_the_page_and_is_seen(
    chromium: Browser, built: Built, edition: str
) -> None:
    with chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto((built(edition) / "index.html").as_uri())
        page.locator("[data-part=play]").click()
        until(page, "document.querySelector('.sounding') !== null")
        page.locator("[data-part=play]").click()
        for state in STATES:
            if state.scheme == "light":  # Colours move nothing.
                enter(page, state)
                stops = reached(page)
                assert len(stops) > 20, state.name
                assert lost(stops) == [], state.name
                assert in_order(stops), state.name


def test_what_the_player_covers_is_told(chromium: Browser, built: Built) -> None:
    with chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto((built("minimal") / "index.html").as_uri())
        page.locator("[data-part=play]").click()
        until(page, "document.querySelector('.listen.active') !== null")
        assert lost(reached(page)) == []
        page.evaluate("document.querySelector('.listen.active').style.minHeight = '100vh'")
        assert lost(reached(page))
