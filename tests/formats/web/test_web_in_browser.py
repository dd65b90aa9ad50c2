"""The pages in a real browser: the player and what it marks, reading settings, the commentary's switches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from awaiting import until
from playwright.sync_api import Browser, BrowserContext, Page, expect

from publisher.build import Order, build_edition
from publisher.store import Store

EDITIONS = Path(__file__).resolve().parents[2] / "editions"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("pages")
    order = Order(EDITIONS / "constructs", base / "build", Store(base / "store"), formats=("audio", "web"))
    return build_edition(order, lambda *_: None).folder


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, built: Path) -> Iterator[Page]:
    """The full page, from a file. Whatever it complains of fails the test."""
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.goto((built / "index.html").as_uri())
    yield page
    assert problems == []


def cues(built: Path, name: str = "cues.js") -> list[list[Any]]:
    text = (built / name).read_text("utf-8")
    data: list[list[Any]] = json.loads(text.removeprefix("publisherCues(").removesuffix(");\n"))
    return data


def sounding(page: Page) -> str:
    return str(page.evaluate("document.querySelector('.sounding')?.id ?? ''"))


def word(page: Page) -> str:
    return str(page.evaluate("[...(CSS.highlights.get('word') ?? [])].map(String).join('')"))


def seek(page: Page, seconds: float) -> None:
    page.evaluate("(at) => { document.querySelector('audio').currentTime = at; }", seconds)
    until(page, "Math.abs(document.querySelector('audio').currentTime - argument) < 0.05", seconds)


@pytest.mark.parametrize("name", ["cues.js", "cues-plain.js"])
def test_the_cues_follow_one_another_and_name_what_stands_on_the_page(built: Path, name: str) -> None:
    there = (built / name.replace("cues.js", "index.html").replace("cues-plain.js", "plain.html")).read_text("utf-8")
    entries = cues(built, name)
    assert len(entries) > 20
    ids = set(re.findall(r'\bid="([^"]+)"', there))
    for before, after in pairwise(entries):
        assert before[1] < before[2] <= after[1]
    assert {entry[0] for entry in entries} <= ids


def test_the_marked_sentence_and_word_are_those_that_sound(page: Page, built: Path) -> None:
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    until(page, "document.querySelector('.sounding') !== null")
    page.get_by_role("button", name="Pause").click()
    worded = [entry for entry in cues(built) if entry[3]]
    marked = 0
    for id, begin, _, words, _ in worded[2::5]:
        seek(page, begin / 1000 + 0.02 + words[-1] / 1000)
        until(page, "document.querySelector('.sounding')?.id === argument", id)
        text = str(page.evaluate("(id) => document.getElementById(id).textContent", id))
        assert word(page) in text
        marked += bool(word(page))
    # A picture's alternative has no words on the page, a formula's are not those that are said.
    assert marked >= 0.8 * len(worded[2::5])


def test_the_first_word_of_a_sentence_is_marked_when_it_sounds(page: Page, built: Path) -> None:
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('.sounding') !== null")
    page.get_by_role("button", name="Pause").click()
    id, begin, _, words, _ = next(entry for entry in cues(built) if len(entry[3]) > 12)
    seek(page, (begin + words[2]) / 1000 + 0.01)
    until(page, "document.querySelector('.sounding')?.id === argument", id)
    text = str(page.evaluate("(id) => document.getElementById(id).textContent", id))
    assert text.startswith(word(page))


def test_a_click_on_a_sentence_plays_from_there_once_the_player_is_in_use(page: Page, built: Path) -> None:
    id, begin, *_ = next(entry for entry in cues(built) if entry[0].endswith("-2-s1"))
    page.locator(f"[id='{id}']").click(position={"x": 5, "y": 8})
    assert page.evaluate("document.querySelector('audio').paused")
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('.sounding') !== null")
    page.locator(f"[id='{id}']").click(position={"x": 5, "y": 8})
    until(page, "document.querySelector('.sounding')?.id === argument", id)
    assert page.evaluate("document.querySelector('audio').currentTime") >= begin / 1000 - 0.05


def test_the_player_is_worked_by_keyboard_sentence_by_sentence(page: Page, built: Path) -> None:
    forward = page.get_by_role("button", name="Next sentence")
    forward.focus()
    for number in (1, 2, 3):
        page.keyboard.press("Enter")
        until(page, "document.querySelector('.sounding')?.id === argument", cues(built)[number][0])
    page.get_by_role("button", name="Previous sentence").press("Space")
    until(page, "document.querySelector('.sounding')?.id === argument", cues(built)[2][0])
    assert page.evaluate("document.querySelector('audio').paused")


def test_speed_and_place_are_kept(page: Page, context: BrowserContext, built: Path) -> None:
    page.get_by_role("combobox", name="Speed").select_option("2")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 2
    page.get_by_role("button", name="Next sentence").click()
    page.get_by_role("button", name="Next sentence").click()
    until(page, "document.querySelector('.sounding')?.id === argument", cues(built)[2][0])
    page.reload()
    assert page.evaluate("document.querySelector('audio').defaultPlaybackRate") == 2
    expect(page.get_by_role("slider", name="Position")).to_have_value(str(round(cues(built)[2][1] / 1000)))


def test_notes_that_are_put_away_are_not_read_either(page: Page, built: Path) -> None:
    page.get_by_text("Reading settings").click()
    page.get_by_role("checkbox", name="Show the commentary").uncheck()
    expect(page.locator(".note:visible")).to_have_count(0)
    notes = set(page.evaluate("[...document.querySelectorAll('.note [id], .note')].map((one) => one.id)"))
    entries = cues(built)
    number = next(index for index, entry in enumerate(entries) if entry[0] in notes)
    after = next(entry for entry in entries[number:] if entry[0] not in notes)
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('.sounding') !== null")
    seek_to = entries[number][1] / 1000 + 0.05
    page.evaluate("(at) => { document.querySelector('audio').currentTime = at; }", seek_to)
    until(page, "document.querySelector('audio').currentTime >= argument", after[1] / 1000 - 0.05)
    page.get_by_role("button", name="Pause").click()


def test_each_kind_of_note_can_be_put_away(page: Page) -> None:
    page.get_by_text("Reading settings").click()
    kinds = page.evaluate("[...new Set([...document.querySelectorAll('.note')].map((n) => n.classList[1]))]")
    assert len(kinds) > 1
    page.locator(f"input[name='{kinds[0]}']").uncheck()
    expect(page.locator(f".note.{kinds[0]}:visible")).to_have_count(0)
    assert page.locator(f".note.{kinds[1]}:visible").count() > 0
    bare = page.evaluate(
        "(kind) => [...document.querySelectorAll(`.note.${kind}`)].every((note) =>"
        " [...document.querySelectorAll('.note-call')].filter((call) => call.hash === `#${note.id}`)"
        " .every((call) => call.getClientRects().length === 0))",
        kinds[0],
    )
    assert bare


def test_reading_settings_apply_and_stay_on_both_pages(page: Page, context: BrowserContext, built: Path) -> None:
    page.get_by_text("Reading settings").click()
    before = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.get_by_label("150 %").check()
    page.get_by_label("High contrast").check()
    page.get_by_label("Wide").check()
    page.get_by_label("Atkinson Hyperlegible").check()
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == pytest.approx(1.5 * before)
    for name in ("index.html", "plain.html"):
        other = context.new_page()
        other.goto((built / name).as_uri())
        assert other.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
        assert other.evaluate("document.documentElement.dataset.size") == "150"
        assert "Atkinson" in other.evaluate("getComputedStyle(document.querySelector('main p')).fontFamily")
        assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Back to the defaults").click()
    until(page, "document.documentElement.dataset.size === '100'")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(0, 0, 0)"


def test_a_note_can_be_shared_by_its_address(page: Page) -> None:
    link = page.get_by_role("link", name="Link to this note").first
    id = link.evaluate("(link) => link.closest('.note').id")
    link.click()
    expect(page.get_by_text("Address copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert page.url.endswith(f"#{id}")


def test_without_scripts_all_is_read_and_the_browsers_own_player_shown(chromium: Browser, built: Path) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((built / "index.html").as_uri())
        expect(page.locator("audio")).to_be_visible()
        expect(page.locator(".controls")).to_be_hidden()
        expect(page.locator(".settings")).to_be_hidden()
        assert page.locator(".note:visible").count() > 3


def test_nothing_is_asked_of_any_other_host_and_cues_only_when_they_are_wanted(
    context: BrowserContext, built: Path
) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((built / "index.html").as_uri())
    assert not any("cues" in one or one.endswith(".mp3") for one in asked)
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('.sounding') !== null")
    assert any(one.endswith("cues.js") for one in asked)
    assert all(one.startswith(built.as_uri()) for one in asked)


def test_an_edition_without_sound_has_settings_and_no_player(chromium: Browser, tmp_path: Path) -> None:
    order = Order(EDITIONS / "minimal", tmp_path / "build", Store(tmp_path / "store"), formats=("web",))
    folder = build_edition(order, lambda *_: None).folder
    assert not (folder / "cues.js").exists()
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto((folder / "index.html").as_uri())
        expect(page.locator(".settings")).to_be_visible()
        expect(page.locator("audio")).to_have_count(0)


def test_plain_language_takes_the_place_of_the_text_as_a_whole_or_by_paragraph(
    page: Page, context: BrowserContext, built: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator(".plainly")).to_have_count(0)
    page.get_by_text("Reading settings").click()
    page.get_by_label("Paragraph by paragraph").check()
    offers = page.get_by_role("button", name="In plain language")
    expect(offers.first).to_be_visible()
    # Fonts may come late, and are the page's own affair.
    assert [one.rsplit("/", 1)[-1] for one in asked if not one.endswith(".woff2")] == ["plainly.js"]
    expect(page.locator(".plainly:visible")).to_have_count(0)
    total = offers.count()
    offers.first.press("Enter")
    expect(page.locator(".plainly:visible")).to_have_count(1)
    expect(offers).to_have_count(total - 1)
    first = page.locator(".plainly:visible").inner_text()
    plain = context.new_page()
    plain.goto((built / "plain.html").as_uri())
    assert first.split("\n")[0] in plain.locator("main").inner_text()

    page.get_by_label("In plain language").check()
    expect(page.locator(".plainly:visible")).to_have_count(total)
    data = json.loads((built / "plainly.js").read_text("utf-8").removeprefix("publisherPlain(").removesuffix(");\n"))
    for ids, _ in data:
        for id in ids:
            expect(page.locator(f"[id='{id}']")).to_be_hidden()
    page.get_by_label("Both").check()
    for ids, _ in data:
        expect(page.locator(f"[id='{ids[0]}']")).to_be_visible()
    expect(page.locator(".plainly:visible")).to_have_count(total)
    page.get_by_label("As written").check()
    expect(page.locator(".plainly:visible")).to_have_count(0)
    assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map((one) => one.id)).size") == page.evaluate(
        "document.querySelectorAll('[id]').length"
    )


def test_the_plain_words_that_stand_for_a_sentence_are_marked_when_it_sounds(page: Page, built: Path) -> None:
    data = json.loads((built / "plainly.js").read_text("utf-8").removeprefix("publisherPlain(").removesuffix(");\n"))
    block = next(ids[0] for ids, _ in data if any(entry[0] == f"{ids[0]}-s1" for entry in cues(built)))
    begin = next(entry[1] for entry in cues(built) if entry[0] == f"{block}-s1")
    page.get_by_text("Reading settings").click()
    page.get_by_label("In plain language").check()
    until(page, "document.querySelector('.plainly') !== null")
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('.sounding') !== null")
    page.get_by_role("button", name="Pause").click()
    seek(page, begin / 1000 + 0.2)
    until(page, "document.querySelector('.plainly.sounding') !== null")


def test_a_hard_word_is_explained_in_place_and_put_away_again(context: BrowserContext, built: Path) -> None:
    page = context.new_page()
    page.goto((built / "plain.html").as_uri())
    word = page.locator("a.term").first
    entry = page.locator(f"[id='{str(word.get_attribute('href')).removeprefix('#')}'] + dd")
    told = word.locator("xpath=following-sibling::*[1]")
    expect(told).to_be_hidden()
    expect(word).to_have_attribute("aria-expanded", "false")
    word.press("Enter")
    expect(told).to_be_visible()
    expect(word).to_have_attribute("aria-expanded", "true")
    assert " ".join(told.inner_text().split()) in " ".join(entry.inner_text().split())
    assert page.url.endswith("plain.html")
    word.press("Space")
    expect(told).to_be_hidden()


def test_without_scripts_a_hard_word_leads_to_the_glossary(chromium: Browser, built: Path) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((built / "plain.html").as_uri())
        word = page.locator("a.term[role=doc-glossref]").first
        word.click()
        assert page.url.endswith(str(word.get_attribute("href")))
        expect(page.locator("section[role=doc-glossary] dt:target")).to_be_visible()


def test_the_slider_does_not_talk_over_the_recording(page: Page, built: Path) -> None:
    slider = page.get_by_role("slider", name="Position")
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('.sounding') !== null")
    slider.focus()
    before = slider.get_attribute("aria-valuetext")
    seek(page, 30)
    until(page, "Number(document.querySelector('[data-part=position]').value) >= 30")
    assert slider.get_attribute("aria-valuetext") == before
    slider.press("ArrowRight")
    expect(slider).not_to_have_attribute("aria-valuetext", str(before))
    expect(page.locator("[data-part=clock]")).to_have_attribute("aria-live", "off")
    assert page.locator("main [aria-live]:not([aria-live=off]), main [role=alert], main [role=status]").count() == 0


@pytest.mark.parametrize(("motion", "behavior"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_the_text_follows_without_motion_where_the_reader_wants_none(
    chromium: Browser, built: Path, motion: Any, behavior: str
) -> None:
    with chromium.new_context(viewport={"width": 900, "height": 400}, reduced_motion=motion) as context:
        page = context.new_page()
        page.add_init_script(
            "window.moved = []; Element.prototype.scrollIntoView = function (how) { moved.push(how.behavior); };"
        )
        page.goto((built / "index.html").as_uri())
        page.get_by_role("button", name="Play").click()
        until(page, "moved.length > 0")
        assert set(page.evaluate("moved")) == {behavior}


def test_links_of_the_plain_words_in_place_lead_somewhere(built: Path) -> None:
    text = (built / "plainly.js").read_text("utf-8")
    markup = "".join(one[1] for one in json.loads(text.removeprefix("publisherPlain(").removesuffix(");\n")))
    ids = {
        name: set(re.findall(r'\bid="([^"]+)"', (built / name).read_text("utf-8")))
        for name in ("index.html", "plain.html")
    }
    ids[""] = ids["index.html"] | set(re.findall(r'\bid="([^"]+)"', markup))
    links = re.findall(r'href="(index\.html|plain\.html|)#([^"]+)"', markup)
    assert "plain.html" in {page for page, _ in links}
    assert [link for link in links if link[1] not in ids[link[0]]] == []
    assert 'class="term"' in markup
