"""axe has nothing against the report, of an edition that is consistent and of one that is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from built_editions import Built
from playwright.sync_api import Page
from test_axe import remarks

from publisher.build import find_edition
from publisher.verify import Request, verify_edition

EDITIONS = Path(__file__).parents[1] / "editions"


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("spoilt", [False, True])
def test_axe_finds_nothing_in_the_report(built: Built, page: Page, tmp_path: Path, *, spoilt: bool) -> None:
    out = tmp_path / "build"
    shutil.copytree(built("minimal"), out / "minimal")
    if spoilt:
        index = out / "minimal" / "index.html"
        index.write_text(index.read_text("utf-8").replace("</p>", " Or not.</p>"), "utf-8")
        (out / "minimal" / "plain.html").unlink()
    verify_edition(Request(find_edition("minimal", EDITIONS), out))
    page.goto((out / "minimal" / "report.html").as_uri())
    assert page.locator(".finding.error").count() > 2 if spoilt else page.locator(".consistent").count()
    assert remarks(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
