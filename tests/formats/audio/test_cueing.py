"""Cues that fit a screen, as Chromium's parser of WebVTT has them too: https://www.w3.org/TR/webvtt1/"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from publisher.formats.audio.cueing import (
    COLUMNS,
    LINES,
    SHORTEST,
    Letter,
    Token,
    _fits,
    _layouts,
    columns,
    parts_of,
)
from publisher.formats.audio.webvtt import webvtt
from publisher.model.inlines import OBJECT
from publisher.model.narration import Clip, Cue, Line, Narration, Role, Spoken, WordTime
from publisher.narration.voices import voice_from_name

RATE = 1000
LONG = (
    "The stopping starts upstream, in the countries that people leave and the countries that they cross, which is why "
    "the minister went there first; nobody at home had asked him to."
)


def line(shown: str, *runs: Spoken, role: Role = Role.PARAGRAPH, aside: bool = False, unit: str = "sea-1") -> Line:
    return Line("sea-1-s1", unit, role, "en", shown, runs or (Spoken(shown, "en", 0, len(shown)),), 0.3, aside)


def times(shown: str, pace: float = 0.08) -> tuple[WordTime, ...]:
    """Every word in turn, so many seconds a letter."""
    found, at = [], 0
    for word in shown.split():
        at = shown.index(word, at)
        found.append(WordTime(at, at + len(word), at * pace, (at + len(word)) * pace))
        at += len(word)
    return tuple(found)


def cue(one: Line, words: tuple[WordTime, ...] = (), seconds: float | None = None, first: int = 2000) -> Cue:
    length = round((seconds if seconds is not None else len(one.shown) * 0.08) * RATE)
    return Cue(one, Clip("key", RATE, length, words), first, first + length)


def narration(*cues: Cue) -> Narration:
    return Narration("default", voice_from_name("espeak"), "en", RATE, 10**6, (), cues)


def shown(one: Line, words: tuple[WordTime, ...] = ()) -> list[str]:
    return [part.text for part in parts_of(cue(one, words))]


@pytest.mark.parametrize("words", [(WordTime(0, 1, 0.0, 10.0),), ()])
def test_what_is_said_for_a_formula_is_shown_while_it_sounds(words: tuple[WordTime, ...]) -> None:
    """All of it has one place in the line, and one time."""
    said = (
        "the sum from i equals one to n of A sub i cosine open bracket the fraction two pi t over T sub i end fraction"
    )
    one = line(OBJECT, Spoken(said, "en", 0, 1))
    parts = parts_of(cue(one, words, 10.0))
    assert len(parts) == 2
    letters = [len("".join(part.text.split())) for part in parts]
    assert parts[0].end == parts[1].begin == pytest.approx(10 * letters[0] / sum(letters))
    assert (parts[0].begin, parts[1].end) == (0.0, 10.0)


def test_a_sentence_that_has_room_is_one_cue() -> None:
    assert shown(line("They did not wait.")) == ["They did not wait."]


def test_a_long_one_is_cut_where_its_phrases_end_and_not_after_an_article() -> None:
    found = shown(line(LONG), times(LONG))
    assert all(text[-1] in ",;." for text in found)
    assert not any(row.split()[-1] in ("the", "in", "to", "and") for text in found for row in text.split("\n"))
    assert " ".join(" ".join(found).split()) == LONG


def test_each_part_begins_with_its_first_word() -> None:
    words = times(LONG)
    parts = parts_of(cue(line(LONG), words))
    at = 0
    for before, part in pairwise(parts):
        at = LONG.index(part.text.split()[0], at + len(" ".join(before.text.split())))
        assert part.begin == before.end
        assert part.begin == pytest.approx(next(word.begin for word in words if word.start == at))
    assert parts[0].begin == 0
    assert parts[-1].end == pytest.approx(len(LONG) * 0.08)


def test_without_times_of_words_the_letters_share_the_time() -> None:
    parts = parts_of(cue(line(LONG)))
    assert len(parts) > 1
    for before, part in pairwise(parts):
        assert before.begin < part.begin == before.end


def test_a_word_that_no_screen_has_room_for_stays_whole() -> None:
    address = "https://example.org/" + "a-very-long-path/" * 5
    found = shown(line(f"It stands at {address} since the spring."))
    assert address in "\n".join(found).split("\n")


def test_scripts_without_spaces_are_cut_between_signs_and_never_before_a_full_stop() -> None:
    text = "渡口的灯亮了一百四十年，经过两次战争和许多风暴，看灯人每天晚上都把它点亮，直到那一年的冬天。"
    found = shown(line(text))
    assert "".join("".join(found).split()) == text
    assert all(len(row) <= 20 for part in found for row in part.split("\n"))
    assert all(row[0] not in "，。" for part in found for row in part.split("\n"))


def test_the_authors_lines_are_kept() -> None:
    assert shown(line("The sea is wide,\nthe land is small,\nand so are we.")) == [
        "The sea is wide,",
        "the land is small,\nand so are we.",
    ]


def test_a_formula_is_shown_by_what_is_said_for_it() -> None:
    runs = (Spoken("We know", "en", 0, 7), Spoken("a plus b", "en", 8, 9), Spoken("well.", "en", 10, 15))
    assert shown(line(f"We know {OBJECT} well.", *runs)) == ["We know a plus b well."]


def test_what_would_end_or_mark_up_a_cue_is_escaped() -> None:
    # https://www.w3.org/TR/webvtt1/#syntax: no "-->" in a cue's text, "&" and "<" as references, no empty line.
    text = webvtt(narration(cue(line("a --> b <i> & c\n\n\u2028d"))))
    assert text.endswith("\na --&gt; b &lt;i&gt; &amp; c\nd\n")


WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéß.,;:’“”()-", min_size=1, max_size=14)


@given(st.lists(WORDS, min_size=1, max_size=60), st.floats(0.01, 0.3))
def test_whatever_is_said_fits_a_screen_and_is_whole(words: list[str], pace: float) -> None:
    text = " ".join(words)
    parts = parts_of(cue(line(text), times(text, pace), len(text) * pace))
    assert " ".join(" ".join(part.text.split()) for part in parts) == text
    assert all(len(part.lines) <= LINES for part in parts)
    assert all(columns_of(row) <= COLUMNS for part in parts for row in part.text.split("\n"))
    assert all(before.end == part.begin for before, part in pairwise(parts))
    assert all(part.begin <= part.end for part in parts)


@given(st.lists(WORDS, min_size=20, max_size=60))
def test_no_part_is_gone_before_it_is_seen(words: list[str]) -> None:
    text = " ".join(words)
    parts = parts_of(cue(line(text), times(text, 0.07), len(text) * 0.07))
    assert all(part.end - part.begin >= SHORTEST for part in parts)


TOKENS = st.builds(
    lambda text, spaced, fresh: Token(tuple(Letter(sign, 0, "en") for sign in text), spaced, fresh),
    st.sampled_from(["a", "of", "harbour", "x" * 17, "x" * 41, "x" * 43, "灯", "灯台守の話", "\u0301"]),
    st.booleans(),
    st.sampled_from([False] * 9 + [True]),
)


@given(st.lists(TOKENS, min_size=1, max_size=24))
def test_tokens_fit_where_there_is_a_way_to_lay_them_out(tokens: list[Token]) -> None:
    assert _fits(tokens) == (next(_layouts(tokens), None) is not None)


def columns_of(row: str) -> int:
    return sum(map(columns, row))


# As Chromium has them.

Parse = Callable[[str], list[dict[str, Any]]]
SCRIPT = """source => new Promise((done, failed) => {
  const video = document.createElement('video'), track = document.createElement('track');
  track.src = source; track.kind = 'captions'; track.default = true;
  track.onerror = () => failed('no WebVTT');
  track.onload = () => done([...track.track.cues].map(cue => {
    const root = document.createElement('div'); root.append(cue.getCueAsHTML());
    return {id: cue.id, begin: cue.startTime, end: cue.endTime, text: root.textContent,
            marks: [...root.querySelectorAll('*')].map(e => [e.title, e.className, e.lang])};
  }));
  video.append(track); document.body.append(video); track.track.mode = 'showing';
})"""


@pytest.fixture
def parse(chromium: Browser) -> Parse:
    page = chromium.new_page()

    def parsed(text: str) -> list[dict[str, Any]]:
        source = "data:text/vtt;base64," + base64.b64encode(text.encode()).decode()
        found: list[dict[str, Any]] = page.evaluate(SCRIPT, source)
        return found

    return parsed


def test_a_browser_reads_every_part_with_its_id_times_and_words(parse: Parse) -> None:
    words = times(LONG)
    one = cue(line(LONG), words)
    found = parse(webvtt(narration(one)))
    parts = parts_of(one)
    assert [cue["id"] for cue in found] == [f"sea-1-s1-{n}of{len(parts)}" for n in range(1, len(parts) + 1)]
    assert [cue["text"] for cue in found] == [part.text for part in parts]
    assert [cue["begin"] for cue in found] == pytest.approx([2 + part.begin for part in parts], abs=0.001)
    assert [cue["end"] for cue in found] == pytest.approx([2 + part.end for part in parts], abs=0.001)


def test_a_browser_reads_whose_words_they_are_and_in_which_language(parse: Parse) -> None:
    text = "He said la Manche & went <on>."
    runs = (Spoken("He said", "en", 0, 7), Spoken("la Manche", "fr", 8, 17), Spoken("and went on.", "en", 18, 30))
    signed: Mapping[str, str] = {"n-sea": "The <data> & desk"}
    begin = line("Note 1.", role=Role.ANNOUNCEMENT, aside=True, unit="n-sea")
    note = line(text, *runs, role=Role.NOTE, aside=True)
    footnote = line("See below.", role=Role.FOOTNOTE)
    cues = (cue(one, first=2000 + 9000 * n) for n, one in enumerate((begin, note, footnote, line("On."))))
    found = parse(webvtt(narration(*cues), signed))
    assert [cue["text"] for cue in found] == ["Note 1.", text, "See below.", "On."]
    speaker = ["The <data> & desk", "note", ""]
    assert [cue["marks"] for cue in found] == [
        [speaker, ["", "announcement", ""]],
        [speaker, ["", "", "fr"]],
        [["", "footnote", ""]],
        [],
    ]
