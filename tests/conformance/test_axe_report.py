"""axe has nothing against the report of an edition with faults; one without is among every page."""

from __future__ import annotations

import shutil
from pathlib import Path

from built_editions import Built
from playwright.sync_api import Browser
from test_axe import remarks

from publisher.build import find_edition
from publisher.verify import Request, verify_edition

EDITIONS = Path(__file__).parents[1] / "editions"


def test_axe_finds_nothing_in_a_report_of_faults(built: Built, chromium: Browser, tmp_path: Path) -> None:
    out = tmp_path / "build"
    shutil.copytree(built("minimal"), out / "minimal")
    index = out / "minimal" / "index.html"
    index.write_text(index.read_text("utf-8").replace("</p>", " Or not.</p>"), "utf-8")
    (out / "minimal" / "plain.html").unlink()
    verify_edition(Request(find_edition("minimal", EDITIONS), out))
    with chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.goto((out / "minimal" / "report.html").as_uri())
        assert page.locator(".finding.error").count() > 2
        assert told == [], "the policy forbids something that the report does"
        assert remarks(page) == []
        page.emulate_media(color_scheme="dark")
        assert remarks(page) == []
        page.set_viewport_size({"width": 320, "height": 256})
        assert remarks(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
