"""What is wrong with the several cues of one sentence is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publisher.model.extract import FoundCue
from publisher.model.narration import Line, Role, Spoken, WordTime
from publisher.verification.hearing import Heard, Reporter
from publisher.verification.shown_cues import check_screen, when_parts_may_begin
from publisher.verification.timing import check_cues, shown_lines

SHOWN = "The tide came in before anyone had noticed, and by noon the harbour was under water."
LINES = (
    Line("sea-1-s1", "sea-1", Role.PARAGRAPH, "en", SHOWN, (Spoken(SHOWN, "en", 0, len(SHOWN)),), 0.3),
    Line("sea-1-s2", "sea-1", Role.PARAGRAPH, "en", "It stayed.", (Spoken("It stayed.", "en", 0, 10),), 0.3),
)
CUES = (
    FoundCue("sea-1-s1-1of3", 0.0, 2.0, "The tide came in\nbefore anyone had noticed,"),
    FoundCue("sea-1-s1-2of3", 2.0, 3.0, "and by noon"),
    FoundCue("sea-1-s1-3of3", 3.0, 5.0, "the harbour was under water."),
    FoundCue("sea-1-s2", 5.3, 6.0, "It stayed."),
)
HEARD = Heard(LINES, (0.0, 5.3), (5.0, 6.0), (), 6.5)


def checks(*cues: FoundCue) -> list[str]:
    return [one.finding.check for one in check_cues(cues, HEARD, LINES, Reporter("sea.vtt"))]


def moved(cue: FoundCue, by: float) -> FoundCue:
    return replace(cue, begin=cue.begin + by, end=cue.end + by)


def test_parts_that_are_all_there_in_turn_give_no_finding() -> None:
    assert checks(*CUES) == []


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_part_that_is_not_there_is_named(lost: int) -> None:
    assert set(checks(*(cue for cue in CUES if cue is not CUES[lost]))) == {"cue-missing"}


def test_a_part_that_is_there_twice_is_named() -> None:
    assert set(checks(*CUES[:2], *CUES[1:])) == {"cue-doubled"}


def test_parts_out_of_order_are_named() -> None:
    assert "cue-order" in checks(CUES[0], CUES[2], CUES[1], CUES[3])
    assert "cue-order" in checks(CUES[0], CUES[1], CUES[3], CUES[2])


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("by", [-0.2, 0.2])
def test_a_part_that_is_moved_is_named(number: int, by: float) -> None:
    cues = [moved(cue, by) if n == number else cue for n, cue in enumerate(CUES)]
    assert set(checks(*cues)) == {"cue-shifted"}


def test_a_first_part_that_is_shown_for_no_time_is_told() -> None:
    at = CUES[0].begin
    assert checks(replace(CUES[0], end=at), replace(CUES[1], begin=at), *CUES[2:]) == ["cue-shifted"]
    assert checks(replace(CUES[0], end=at + 0.01), replace(CUES[1], begin=at + 0.01), *CUES[2:]) == []


def test_other_words_in_a_part_are_named() -> None:
    assert checks(CUES[0], replace(CUES[1], text="and by night"), *CUES[2:]) == ["cue-altered"]


def test_words_in_another_part_than_that_in_which_they_sound_are_told() -> None:
    words = tuple(
        WordTime(at, at + len(word), at * 0.06, (at + len(word)) * 0.06)
        for at, word in ((SHOWN.index(f" {word}") + 1 if at else 0, word) for at, word in enumerate(SHOWN.split()))
    )
    one = shown_lines(CUES, {line.id for line in LINES})[0]
    windows = when_parts_may_begin(one, LINES[0], words, 10.0)
    for number, first, last in ((2, "noticed,", "and"), (3, "noon", "the harbour")):
        earliest, latest = windows[number]
        assert earliest == pytest.approx(10 + SHOWN.index(first) * 0.06 - 0.05)
        assert latest == pytest.approx(10 + (SHOWN.index(last) + 3) * 0.06 + 0.05)


def test_two_cues_at_once_and_cues_without_room_are_told() -> None:
    reporter = Reporter("sea.vtt")
    assert [one.finding.check for one in check_screen(CUES, reporter)] == []
    early = [CUES[0], replace(CUES[1], begin=1.5), *CUES[2:]]
    assert [one.finding.check for one in check_screen(early, reporter)] == ["cue-overlap"]
    for text in ("one\ntwo\nthree", "a sentence that has far more words than a line of a screen"):
        wide = [replace(CUES[0], text=text), *CUES[1:]]
        assert [one.finding.check for one in check_screen(wide, reporter)] == ["cue-unfit"]


def test_signs_of_a_script_without_spaces_run_on_over_the_end_of_a_line() -> None:
    text = "渡口的灯亮了一百四十年，经过两次战争。"
    line = Line("河-1-s1", "河-1", Role.PARAGRAPH, "zh", text, (Spoken(text, "zh", 0, len(text)),), 0.3)
    cue = FoundCue("河-1-s1", 0.0, 5.0, "渡口的灯亮了一百四十年，\n经过两次战争。")
    heard = Heard((line,), (0.0,), (5.0,), (), 5.5)
    assert list(check_cues([cue], heard, (line,), Reporter("a.vtt"))) == []
