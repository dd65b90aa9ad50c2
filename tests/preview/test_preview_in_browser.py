"""The preview in a real browser: edits appear in place, findings appear and vanish, the sound can be sought."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from awaiting import until
from playwright.sync_api import Browser, BrowserContext, Page, expect
from preview_sample import ARTICLE, COMMENTARY, edit, write_edition
from running import Running

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
CHANGE = ("over the river", "over the old river")
LONG = 60_000
"""Milliseconds that a draft may take on a machine that is busy with other tests."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("preview")
    write_edition(folder / "source")
    return folder


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Running]:
    running = Running(folder)
    yield running
    assert running.end() == 130
    assert "Traceback" not in running.stderr


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(LONG)
    yield context
    context.close()


@pytest.fixture
def article(folder: Path) -> Iterator[Path]:
    """The article, as it was in the end."""
    yield folder / "source" / "bridge" / "article.md"
    (folder / "source" / "bridge" / "article.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "source" / "bridge" / "commentary.md").write_text(COMMENTARY, encoding="utf-8")


@pytest.fixture
def address(context: BrowserContext, running: Running, article: Path) -> str:
    """Where the edition's page is, once it is the one of the article as it was."""
    address = f"{running.address}bridge/"
    page = context.new_page()
    page.goto(address)
    expect(page.locator("h1")).to_have_text("A bridge reopens", timeout=LONG)
    expect(page.locator("#_text")).to_contain_text(CHANGE[0], timeout=LONG)
    expect(status(page)).to_have_text("up to date", timeout=LONG)
    page.close()
    return address


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """The edition's page, up to date. Whatever it complains of fails the test."""
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(f"{message.text} {message.location}"))
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.goto(address)
    yield page
    assert problems == []


def status(page: Page) -> Any:
    return page.locator("publisher-preview [role=status]")


def findings(page: Page) -> Any:
    return page.locator("publisher-preview .findings")


def top(page: Page, words: str) -> float:
    """How far below the window's upper edge a paragraph stands."""
    box = page.get_by_text(words).bounding_box()
    assert box
    return box["y"]


def test_an_edited_sentence_appears_where_the_reader_is(page: Page, article: Path) -> None:
    page.locator(".settings summary").click()
    page.get_by_text("Paragraph victor of").evaluate("(one) => one.scrollIntoView({ block: 'center' })")
    before = top(page, "Paragraph victor of")
    assert page.evaluate("scrollY") > 1000
    page.evaluate("window.isOld = true")
    edit(article, "Paragraph whiskey of the report", "Paragraph whiskey of the new report")
    edit(article, "again on Monday.", "again on Monday.\n\nA paragraph that is new moves the others down.")
    expect(page.get_by_text("Paragraph whiskey of the new report")).to_be_in_viewport(timeout=LONG)
    expect(page.get_by_text("moves the others down")).to_be_attached(timeout=LONG)
    until(page, "!('isOld' in window) && document.readyState === 'complete'")
    assert top(page, "Paragraph victor of") == pytest.approx(before, abs=2)
    assert page.locator(".settings").get_attribute("open") is not None


def test_the_focus_stays(page: Page, article: Path) -> None:
    page.locator(".settings summary").focus()
    edit(article, *CHANGE)
    expect(page.locator("#_text")).to_contain_text(CHANGE[1], timeout=LONG)
    expect(page.locator(".settings summary")).to_be_focused(timeout=LONG)


def test_settings_stay(page: Page, article: Path) -> None:
    page.locator(".settings summary").click()
    page.get_by_label("150 %").check()
    edit(article, *CHANGE)
    expect(page.locator("#_text")).to_contain_text(CHANGE[1], timeout=LONG)
    expect(page.get_by_label("150 %")).to_be_checked(timeout=LONG)
    page.get_by_role("button", name="Defaults").click()


def test_a_finding_appears_with_its_line_and_vanishes_when_mended(page: Page, article: Path) -> None:
    page.evaluate("window.isOld = true")
    edit(article, "council paid half.", "council paid a third.")
    edit(article, *CHANGE)
    expect(findings(page).get_by_text("Error")).to_be_visible(timeout=LONG)
    place = re.compile(r"^source/bridge/commentary\.md:8(:\d+)?$")
    expect(findings(page).get_by_text(place)).to_be_visible(timeout=LONG)
    expect(findings(page).locator("pre").first).to_contain_text('8 | ::: {#n-cost .note on="paid half"', timeout=LONG)
    expect(status(page)).to_have_text("no new draft can be made, this page is the last good one; 1 error", timeout=LONG)
    # The page is the last good one, and was not loaded again.
    expect(page.locator("#_text")).to_contain_text(CHANGE[0], timeout=LONG)
    assert page.evaluate("window.isOld") is True
    edit(article, "paid a third", "paid half")
    expect(page.locator("#_text")).to_contain_text(CHANGE[1], timeout=LONG)
    expect(findings(page)).to_be_hidden(timeout=LONG)
    expect(status(page)).to_have_text("up to date", timeout=LONG)


def test_findings_are_put_away_by_keyboard_and_stay_away(page: Page, article: Path) -> None:
    edit(article, "The council paid half.", "The council paid half. See [here](https://example.org/).")
    expect(status(page)).to_have_text("up to date; 1 warning", timeout=LONG)
    expect(findings(page)).to_be_hidden(timeout=LONG)
    summary = page.locator("publisher-preview summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(findings(page).get_by_text("Warning")).to_be_visible(timeout=LONG)
    page.keyboard.press("Tab")
    expect(findings(page)).to_be_focused(timeout=LONG)
    page.keyboard.press("Escape")
    expect(findings(page)).to_be_hidden(timeout=LONG)
    expect(summary).to_be_focused(timeout=LONG)
    edit(article, *CHANGE)
    expect(page.locator("#_text")).to_contain_text(CHANGE[1], timeout=LONG)
    expect(summary).to_be_focused(timeout=LONG)
    expect(findings(page)).to_be_hidden(timeout=LONG)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_against_the_panel(context: BrowserContext, address: str, article: Path, scheme: Any) -> None:
    edit(article, "paid half", "paid a third")
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    expect(findings(page).get_by_text("Error")).to_be_visible(timeout=LONG)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run('publisher-preview', {resultTypes: ['violations', 'incomplete']})")
    assert len(found["passes"]) > 3
    assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found["violations"]] == []


def test_the_plain_page_follows_too(page: Page, article: Path, running: Running) -> None:
    page.goto(f"{running.address}bridge/plain.html")
    edit(article, "The bridge is open again", "The bridge is open to all")
    expect(page.locator("main")).to_contain_text("open to all", timeout=LONG)


def test_a_page_that_was_hidden_catches_up(page: Page, article: Path, context: BrowserContext) -> None:
    page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    edit(article, *CHANGE)
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("#_text")).to_contain_text(CHANGE[1], timeout=LONG)
    expect(page.locator("#_text")).to_contain_text(CHANGE[0], timeout=LONG)
    page.evaluate("""() => {
        delete document.hidden;
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(page.locator("#_text")).to_contain_text(CHANGE[1], timeout=LONG)


def test_the_catalogue_works_and_takes_in_new_editions(
    context: BrowserContext, address: str, folder: Path, running: Running
) -> None:
    page = context.new_page()
    page.goto(running.address)
    expect(page.get_by_role("heading", name="A bridge reopens")).to_be_visible(timeout=LONG)
    page.get_by_role("searchbox").fill("nothing like it")
    expect(page.get_by_role("heading", name="A bridge reopens")).to_be_hidden(timeout=LONG)
    edition = write_edition(folder / "source", "harbour")
    edit(edition / "article.md", "A bridge reopens", "A harbour closes")
    expect(page.get_by_role("heading", name="A harbour closes")).to_be_attached(timeout=LONG)
    assert (folder / "build" / "harbour" / "edition.json").is_file()
    page.goto(f"{running.address}harbour/")
    expect(page.locator("h1")).to_have_text("A harbour closes", timeout=LONG)


def test_an_edition_with_an_error_gets_its_page_once_it_is_mended(context: BrowserContext, tmp_path: Path) -> None:
    article = write_edition(tmp_path / "source") / "article.md"
    edit(article, "paid half", "paid a third")
    running = Running(tmp_path, "bridge")
    try:
        page = context.new_page()
        page.goto(running.address)
        expect(page.locator("main")).to_contain_text("There is no page yet", timeout=LONG)
        expect(status(page)).to_have_text("no draft can be made; 1 error", timeout=LONG)
        edit(article, "paid a third", "paid half")
        expect(page.locator("h1")).to_have_text("A bridge reopens", timeout=LONG)
        page.goto(running.address.removesuffix("bridge/"))
        expect(page.get_by_role("heading", name="A bridge reopens")).to_be_visible(timeout=LONG)
        for path in (tmp_path / "build").rglob("*.html"):
            assert ".preview" not in path.read_text("utf-8")
    finally:
        assert running.end() == 130


def test_sound_is_brought_up_to_date_in_the_background(context: BrowserContext, tmp_path: Path) -> None:
    article = write_edition(tmp_path / "source") / "article.md"
    running = Running(tmp_path, "bridge", "--format", "audio")
    try:
        page = context.new_page()
        page.goto(running.address)
        expect(page.locator("audio")).to_be_attached(timeout=LONG)
        expect(status(page)).to_have_text("up to date", timeout=LONG)
        published = (tmp_path / "build" / "bridge" / "bridge.mp3").read_bytes()
        edit(article, "over the river", "over the river, which runs from the far hills down to the sea,")
        expect(page.locator("#_text")).to_contain_text("from the far hills", timeout=LONG)
        expect(status(page)).to_have_text("up to date", timeout=LONG)
        cue = page.evaluate("""async () => (await new Promise((done) => {
            window.publisherCues = done;
            const script = document.createElement("script");
            script.src = "cues.js";
            document.head.append(script);
        })).at(-1)""")
        page.get_by_role("button", name="Play").click()
        expect(page.get_by_role("button", name="Pause")).to_be_visible(timeout=LONG)
        page.evaluate("(at) => { document.querySelector('audio').currentTime = at / 1000; }", cue[1] + 5)
        until(page, "document.getElementById(argument)?.classList.contains('sounding')", cue[0])
        edit(article, "to the sea,", "to the salt sea,")
        expect(status(page)).to_have_text("a new draft waits for the sound to pause", timeout=LONG)
        expect(page.locator("#_text")).not_to_contain_text("salt sea", timeout=LONG)
        page.evaluate("document.querySelector('audio').pause()")
        expect(page.locator("#_text")).to_contain_text("salt sea", timeout=LONG)
        longer = context.request.get(f"{running.address}bridge.mp3").body()
        assert len(longer) > len(published)
        assert (tmp_path / "build" / "bridge" / "bridge.mp3").read_bytes() == published
    finally:
        assert running.end() == 130
