"""The catalogue before strangers: OPDS and podcast as others parse them, axe, the search in a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from built_editions import Built
from playwright.sync_api import Page, expect
from test_axe import remarks as axe_remarks
from validators import MODULES, module, program

from publisher.shelving import update_catalogue

NAMES = ("constructs", "french", "arabic")


@pytest.fixture(scope="module")
def catalogue(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("catalogue")
    for name in NAMES:
        shutil.copytree(built(name), out / name)
    update_catalogue(out)
    return out


@pytest.fixture(scope="module")
def read(catalogue: Path) -> dict[str, Any]:
    module("r2-opds-js", "package.json")
    script = Path(__file__).with_name("feeds.cjs")
    done = subprocess.run(
        [program("node"), str(script), str(catalogue)],
        env={"NODE_PATH": str(MODULES), "PATH": "/usr/bin:/bin:/usr/local/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return data


def test_readium_reads_the_opds_catalogue(catalogue: Path, read: dict[str, Any]) -> None:
    publications = read["opds"]["publications"]
    assert read["opds"]["title"] == "The Skerry Press"
    assert len(publications) == len(NAMES)
    assert sorted(one["title"] for one in publications) == sorted(one["title"] for one in read["opds"]["alone"])
    for one in publications:
        kinds = [kind for rel, kind, _ in one["links"] if rel == "http://opds-spec.org/acquisition/open-access"]
        assert kinds.count("application/epub+zip") == 2
        assert "audio/mpeg" in kinds
        for address in (*one["images"], *(href for *_, href in one["links"])):
            assert (catalogue / address.removeprefix("https://skerry.example/")).is_file(), address


def test_a_podcast_player_reads_the_feed(catalogue: Path, read: dict[str, Any]) -> None:
    podcast = read["podcast"]
    assert podcast["title"] == "The Skerry Press"
    assert len(podcast["items"]) == len(NAMES)
    for item in podcast["items"]:
        path = catalogue / item["enclosure"]["url"].removeprefix("https://skerry.example/")
        assert item["enclosure"]["length"] == path.stat().st_size
        assert {one["type"] for one in item["podcastTranscripts"]} >= {"text/vtt"}
        for one in item["podcastTranscripts"]:
            assert (catalogue / one["url"].removeprefix("https://skerry.example/")).is_file()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_runs_over_the_side(catalogue: Path, page: Page) -> None:
    page.goto((catalogue / "index.html").as_uri())
    for details in page.locator("details").all():
        details.locator("summary").click()
    assert axe_remarks(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, summary, input")]
            .map((one) => [one.outerHTML, one.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24).map(([html]) => html)"""
    )
    assert [html for html in small if 'class="skip"' not in html and 'class="unseen"' not in html] == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280)])
def test_the_search_finds_editions_by_any_of_their_words(catalogue: Path, page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto((catalogue / "index.html").as_uri())
    shown = page.locator(".editions > li:visible")
    field = page.get_by_role("searchbox", name="Search the editions")
    expect(shown).to_have_count(3)
    for words, count, told in (
        ("phare", 1, "1 of 3 editions"),
        ("BREVE histoire", 1, "1 of 3 editions"),
        ("منارة", 1, "1 of 3 editions"),
        ("lighthouse french", 0, "No edition has all these words. Try fewer."),
        ("", 3, ""),
    ):
        field.fill(words)
        expect(shown).to_have_count(count)
        expect(page.get_by_role("status")).to_have_text(told)
    field.press("Enter")
    expect(shown).to_have_count(3)
    assert problems == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280)])
def test_the_catalogue_reads_whole_without_scripts(catalogue: Path, chromium: Any, page: Page) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        bare = context.new_page()
        bare.goto((catalogue / "index.html").as_uri())
        expect(bare.locator(".editions > li")).to_have_count(3)
        expect(bare.locator(".search")).to_be_hidden()
