"""What is wrong with a recording is heard, and named; what is right is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from publisher.formats.audio.decoding import decode
from publisher.model.extract import FoundChapter, FoundCue
from publisher.model.narration import Line, Role, Script, ScriptChapter, Spoken
from publisher.narration.encoding import encode_m4b, encode_mp3
from publisher.narration.mixing import samples
from publisher.narration.narrate import narrate, trimmed
from publisher.narration.voices import open_voice, voice_from_name
from publisher.store import Store
from publisher.verification.checks import Discrepancy
from publisher.verification.hearing import Due, Heard, Reporter, hear
from publisher.verification.sayings import Sayings, say_anew
from publisher.verification.signal import Signal
from publisher.verification.timing import check_chapters, check_cues

Wave = NDArray[np.float32]

WORDS = (
    "The tide came in before anyone had noticed.",
    "By noon, the whole of the harbour was under water!",
    "End of note.",
    "Nobody in the town could remember such a spring.",
    "They did not count 45 boats before the evening.",
    "End of note.",
    "Was it the wind, or was it the moon?",
    "The older men went home, shut their doors and waited for the morning.",
)
VOICE = voice_from_name("espeak")


def line(number: int, words: str) -> Line:
    id = f"sea-{number}"
    return Line(f"{id}-s1", id, Role.PARAGRAPH, "en", words, (Spoken(words, "en", 0, len(words)),), 0.4 + number / 20)


LINES = tuple(line(number, words) for number, words in enumerate(WORDS))
SCRIPT = Script(
    "default", "en", (ScriptChapter("one", "The tide", LINES[:3]), ScriptChapter("two", "Afterwards", LINES[3:]))
)
DUE = tuple(Due(one, one.pause) for one in LINES)


@dataclass(frozen=True)
class Tape:
    """A recording as it should be, and where its sentences are, in samples."""

    wave: Wave
    rate: int
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    sayings: Sayings

    def clip(self, number: int) -> Wave:
        return self.wave[self.begins[number] : self.ends[number]]

    def joined(self, *pieces: Wave | tuple[int, int]) -> Wave:
        """Pieces in turn; a pair is a stretch of the tape."""
        return np.concatenate([p if isinstance(p, np.ndarray) else self.wave[p[0] : p[1]] for p in pieces])

    def silence(self, seconds: float) -> Wave:
        return np.zeros(round(seconds * self.rate), dtype=np.float32)

    def hear(self, wave: Wave) -> Heard:
        signal = Signal(self.rate).take([wave.astype(np.float32)])
        try:
            return hear(signal, self.sayings, DUE, Reporter("tape.mp3"))
        finally:
            signal.close()


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tape]:
    store = Store(tmp_path_factory.mktemp("store"))
    narration = narrate(SCRIPT, VOICE, store)
    path = tmp_path_factory.mktemp("tape") / "tape.mp3"
    encode_mp3(path, samples(narration, store), narration.rate)
    begins = tuple(cue.first for cue in narration.cues)
    ends = tuple(cue.last for cue in narration.cues)
    sayings = say_anew(LINES, VOICE)
    yield Tape(np.concatenate(list(decode(path))), narration.rate, begins, ends, sayings)
    sayings.signal.close()


def said(words: str) -> Wave:
    engine = open_voice(VOICE)
    try:
        sound: Wave = trimmed(engine.speak(line(0, words))).samples * np.float32(0.4)
        return sound
    finally:
        engine.close()


def told(found: tuple[Discrepancy, ...]) -> list[tuple[str, str | None]]:
    return [(one.finding.check, one.unit) for one in found]


def test_a_recording_as_it_should_be_gives_no_finding(tape: Tape) -> None:
    heard = tape.hear(tape.wave)
    assert told(heard.discrepancies) == []
    assert heard.begins == pytest.approx([begin / tape.rate for begin in tape.begins], abs=0.001)
    assert heard.ends == pytest.approx([end / tape.rate for end in tape.ends], abs=0.001)


@pytest.mark.parametrize("factor", [0.05, 0.5, 1.5])
def test_loudness_does_not_matter(tape: Tape, factor: float) -> None:
    assert told(tape.hear(tape.wave * np.float32(factor)).discrepancies) == []


def test_neither_compression_nor_a_fade_nor_faint_noise_matters(tape: Tape) -> None:
    squeezed = np.sign(tape.wave) * np.minimum(np.abs(tape.wave), 0.35)
    faded = squeezed * np.linspace(1, 0.3, len(squeezed), dtype=np.float32)
    noise = np.random.default_rng(1).normal(0, 0.0005, len(faded)).astype(np.float32)
    assert told(tape.hear(faded + noise).discrepancies) == []


@pytest.mark.parametrize("suffix", [".mp3", ".m4b"])
@pytest.mark.parametrize("rate", [32000, 44100])
def test_another_sample_rate_does_not_matter(tape: Tape, tmp_path: Path, suffix: str, rate: int) -> None:
    path = tmp_path / f"tape{suffix}"
    time = np.arange(round(len(tape.wave) * rate / tape.rate)) * (tape.rate / rate)
    wave = np.interp(time, np.arange(len(tape.wave)), tape.wave).astype(np.float32)
    encode_mp3(path, [wave], rate) if suffix == ".mp3" else encode_m4b(path, [wave], rate)
    heard = tape.hear(np.concatenate(list(decode(path, tape.rate))))
    assert told(heard.discrepancies) == []


def muted(tape: Tape, first: float, last: float, number: int = 3) -> Wave:
    wave = tape.wave.copy()
    begin, length = tape.begins[number], tape.ends[number] - tape.begins[number]
    wave[begin + round(first * length) : begin + round(last * length)] = 0
    return wave


def replaced(tape: Tape, sound: Wave, number: int = 3) -> Wave:
    return tape.joined((0, tape.begins[number]), sound, (tape.ends[number], len(tape.wave)))


def part(tape: Tape, first: float, last: float, number: int = 3) -> Wave:
    length = tape.ends[number] - tape.begins[number]
    return tape.clip(number)[round(first * length) : round(last * length)]


def swapped(tape: Tape) -> Wave:
    b, e = tape.begins, tape.ends
    return tape.joined((0, b[3]), tape.clip(4), (e[3], b[4]), tape.clip(3), (e[4], len(tape.wave)))


MUTATIONS: dict[str, tuple[Callable[[Tape], Wave], list[tuple[str, str]]]] = {
    "a sentence is muted": (lambda t: muted(t, 0, 1), [("audio-muted", "sea-3")]),
    "its first half is muted": (lambda t: muted(t, 0, 0.5), [("audio-muted", "sea-3")]),
    "its second half is muted": (lambda t: muted(t, 0.5, 1), [("audio-muted", "sea-3")]),
    "a word of it is muted": (lambda t: muted(t, 0.4, 0.55), [("audio-muted", "sea-3")]),
    "the first is muted": (lambda t: muted(t, 0, 1, 0), [("audio-muted", "sea-0")]),
    "the last is muted": (lambda t: muted(t, 0, 1, 7), [("audio-muted", "sea-7")]),
    "a sentence is cut out": (lambda t: replaced(t, t.silence(0)), [("audio-missing", "sea-3")]),
    "with its pause": (
        lambda t: t.joined((0, t.begins[3]), (t.begins[4], len(t.wave))),
        [("audio-missing", "sea-3")],
    ),
    "the first is cut out": (lambda t: t.joined((t.begins[1], len(t.wave))), [("audio-missing", "sea-0")]),
    "one of two that are alike is cut out": (
        lambda t: t.joined((0, t.begins[2]), (t.begins[3], len(t.wave))),
        [("audio-missing", "sea-2")],
    ),
    "its end is cut off": (lambda t: replaced(t, part(t, 0, 0.6)), [("audio-truncated", "sea-3")]),
    "its begin is cut off": (lambda t: replaced(t, part(t, 0.4, 1)), [("audio-truncated", "sea-3")]),
    "the recording ends within the last": (
        lambda t: t.joined((0, (t.begins[7] + t.ends[7]) // 2)),
        [("audio-truncated", "sea-7")],
    ),
    "the recording ends too soon": (
        lambda t: t.joined((0, t.begins[5])),
        [("audio-missing", "sea-5")],
    ),
    "two are swapped": (swapped, [("audio-order", "sea-4")]),
    "another is said instead": (lambda t: replaced(t, t.clip(6)), [("audio-wrong", "sea-3")]),
    "the next but one is said instead": (lambda t: replaced(t, t.clip(5)), [("audio-wrong", "sea-3")]),
    "other words are said instead": (
        lambda t: replaced(t, said("All of this was written by somebody else.")),
        [("audio-wrong", "sea-3")],
    ),
    "a word is another": (
        lambda t: replaced(t, said("They did not count 45 ships before the evening."), 4),
        [("audio-wrong", "sea-4")],
    ),
    "a digit is another": (
        lambda t: replaced(t, said("They did not count 46 boats before the evening."), 4),
        [("audio-wrong", "sea-4")],
    ),
    "a negation is gone": (
        lambda t: replaced(t, said("They did count 45 boats before the evening."), 4),
        [("audio-truncated", "sea-4")],
    ),
    "a sentence is said twice": (
        lambda t: t.joined((0, t.ends[3]), t.silence(0.4), t.clip(3), (t.ends[3], len(t.wave))),
        [("audio-doubled", "sea-3")],
    ),
    "words are added in a pause": (
        lambda t: t.joined((0, t.ends[3]), t.silence(0.3), said("And so it was."), (t.ends[3], len(t.wave))),
        [("audio-added", "sea-3")],
    ),
    "words are added at the end": (
        lambda t: t.joined((0, len(t.wave)), said("And so it was.")),
        [("audio-added", "sea-7")],
    ),
    "a tone sounds in a pause": (
        lambda t: t.joined((0, t.ends[3] + 2000), np.sin(np.arange(2000) / 9) / 9, (t.ends[3] + 4000, len(t.wave))),
        [("audio-added", "sea-3")],
    ),
    "a pause is too long": (
        lambda t: t.joined((0, t.begins[3]), t.silence(0.2), (t.begins[3], len(t.wave))),
        [("audio-shifted", "sea-3")],
    ),
    "a pause is too short": (
        lambda t: t.joined((0, t.begins[3] - t.rate // 5), (t.begins[3], len(t.wave))),
        [("audio-shifted", "sea-3")],
    ),
    "there is nothing but silence": (lambda t: t.wave * 0, [("audio-muted", "sea-0")]),
    "there is nothing at all": (lambda t: t.wave[:0], [("audio-missing", "sea-0")]),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_is_wrong_is_named_and_nothing_else(tape: Tape, name: str) -> None:
    mutate, expected = MUTATIONS[name]
    assert told(tape.hear(mutate(tape)).discrepancies) == expected


def test_a_finding_names_the_words_and_the_time(tape: Tape) -> None:
    (found,) = tape.hear(muted(tape, 0.5, 1)).discrepancies
    assert found.place is not None
    hours, minutes, seconds = found.place.split(":")
    middle = (tape.begins[3] + tape.ends[3]) / 2 / tape.rate
    assert (int(hours), int(minutes)) == (0, 0)
    assert float(seconds) == pytest.approx(middle, abs=0.15)
    assert "spring" in found.finding.message
    assert "Nobody" not in found.finding.message
    assert found.expected == WORDS[3]


def test_what_is_said_instead_is_named(tape: Tape) -> None:
    (found,) = tape.hear(replaced(tape, tape.clip(6))).discrepancies
    assert found.found == WORDS[6]


@pytest.mark.parametrize("number", range(len(WORDS)))
def test_whichever_other_sentence_is_said_instead_it_is_one_fault(tape: Tape, number: int) -> None:
    """The next one, too, which is then said twice; and those before which the same is said as before the right one."""
    for other in range(len(WORDS)):
        if WORDS[other] != WORDS[number]:
            found = tape.hear(replaced(tape, tape.clip(other), number)).discrepancies
            assert (other, told(found)) == (other, [("audio-wrong", f"sea-{number}")])
            assert found[0].found == WORDS[other]


@pytest.mark.parametrize("number", [n for n, words in enumerate(WORDS) if words != "End of note."])
@pytest.mark.parametrize("left", [0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
def test_however_much_is_cut_off_it_is_one_fault(tape: Tape, number: int, left: float) -> None:
    for first, last in ((0.0, left), (1 - left, 1.0)):
        found = tape.hear(replaced(tape, part(tape, first, last, number), number)).discrepancies
        assert (first, told(found)) == (first, [("audio-truncated", f"sea-{number}")])


# Cues.


def cues(tape: Tape) -> list[FoundCue]:
    spans = zip(LINES, tape.begins, tape.ends, strict=True)
    return [FoundCue(one.id, begin / tape.rate, end / tape.rate, one.shown) for one, begin, end in spans]


def cue_findings(tape: Tape, found: list[FoundCue]) -> list[tuple[str, str | None]]:
    return told(tuple(check_cues(found, tape.hear(tape.wave), LINES, Reporter("tape.vtt"))))


def moved(found: list[FoundCue], by: float, *numbers: int) -> list[FoundCue]:
    return [
        replace(cue, begin=cue.begin + by, end=cue.end + by) if number in numbers else cue
        for number, cue in enumerate(found)
    ]


def test_cues_that_fit_the_sound_give_no_finding(tape: Tape) -> None:
    assert cue_findings(tape, cues(tape)) == []


def test_cues_without_ids_are_known_by_their_words(tape: Tape) -> None:
    assert cue_findings(tape, [replace(cue, id="") for cue in cues(tape)]) == []


@pytest.mark.parametrize("by", [-0.2, -0.06, 0.06, 0.2])
def test_a_shifted_cue_is_named(tape: Tape, by: float) -> None:
    assert cue_findings(tape, moved(cues(tape), by, 3)) == [("cue-shifted", "sea-3")]


@pytest.mark.parametrize("by", [-0.04, 0.04])
def test_a_cue_may_be_off_by_less_than_is_seen(tape: Tape, by: float) -> None:
    assert cue_findings(tape, moved(cues(tape), by, 3)) == []


def test_cues_that_are_all_shifted_are_told_at_once(tape: Tape) -> None:
    found = tuple(check_cues(moved(cues(tape), 0.2, *range(8)), tape.hear(tape.wave), LINES, Reporter("tape.vtt")))
    assert told(found) == [("cue-shifted", "sea-0")]
    assert "7 more" in found[0].finding.message
    assert "0.200 s late" in found[0].finding.message


def test_a_cue_that_ends_too_soon_is_named(tape: Tape) -> None:
    found = cues(tape)
    found[3] = replace(found[3], end=found[3].end - 0.3)
    assert cue_findings(tape, found) == [("cue-shifted", "sea-3")]


def test_missing_doubled_added_and_altered_cues_are_named(tape: Tape) -> None:
    whole = cues(tape)
    assert cue_findings(tape, [*whole[:3], *whole[4:]]) == [("cue-missing", "sea-3")]
    assert cue_findings(tape, [*whole[:4], *whole[3:]]) == [("cue-doubled", "sea-3")]
    assert cue_findings(tape, [*whole, FoundCue("x", 99, 100, "Advertisement")]) == [("cue-added", None)]
    altered = replace(whole[4], text=whole[4].text.replace("not ", ""))
    assert cue_findings(tape, [*whole[:4], altered, *whole[5:]]) == [("cue-altered", "sea-4")]


def test_cues_out_of_order_are_named(tape: Tape) -> None:
    whole = cues(tape)
    assert [check for check, _ in cue_findings(tape, [*whole[:3], whole[4], whole[3], *whole[5:]])] == ["cue-order"]


# Chapters.


def chapters(tape: Tape) -> list[FoundChapter]:
    middle = tape.begins[3] / tape.rate
    return [FoundChapter("The tide", 0, middle), FoundChapter("Afterwards", middle, len(tape.wave) / tape.rate)]


def chapter_findings(tape: Tape, found: list[FoundChapter]) -> list[tuple[str, str | None]]:
    return told(tuple(check_chapters(found, SCRIPT, tape.hear(tape.wave), Reporter("tape.mp3"))))


def test_chapters_that_fit_the_sound_give_no_finding(tape: Tape) -> None:
    assert chapter_findings(tape, chapters(tape)) == []


def test_wrong_chapters_are_named(tape: Tape) -> None:
    one, two = chapters(tape)
    assert chapter_findings(tape, [one]) == [("chapter-missing", "two")]
    assert chapter_findings(tape, [two]) == [("chapter-missing", "one")]
    assert chapter_findings(tape, [one, one, two]) == [("chapter-added", None)]
    assert chapter_findings(tape, [replace(one, title="The ebb"), two]) == [("chapter-title", "one")]
    assert chapter_findings(tape, [one, replace(two, begin=two.begin + 0.3)]) == [("chapter-shifted", "two")]
    assert chapter_findings(tape, [replace(one, end=one.end - 0.3), two]) == [("chapter-shifted", "one")]
    assert {check for check, _ in chapter_findings(tape, [two, one])} >= {"chapter-missing"}
