"""The pages with every reading setting, and worked by keyboard while the player stands over the text."""

from __future__ import annotations

import pytest
from awaiting import until
from built_editions import Built
from playwright.sync_api import Browser, Page
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


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


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
