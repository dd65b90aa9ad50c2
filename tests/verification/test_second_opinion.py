"""A second opinion recognises what is said, and doubts what is not; it knows nothing of the voice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from publisher.cli import main
from publisher.model.findings import InputError, Severity
from publisher.model.narration import Line, Role, Spoken
from publisher.narration.narrate import trimmed
from publisher.narration.resampling import resampled
from publisher.narration.voices import open_voice, voice_from_name
from publisher.verification import aligning
from publisher.verification.aligning import RATE, Aligner, Alignment, Word, check_available
from publisher.verification.hearing import Reporter
from publisher.verification.second_opinion import Usual, doubt, usual, vocabulary
from publisher.verification.seconding import Opinion, Seconder, Timed, told_of
from publisher.verification.signal import Signal

Wave = NDArray[np.float32]

WORDS = (
    "The tide came in before anyone had noticed.",
    "By noon, the whole of the harbour was under water!",
    "Nobody in the town could remember such a spring.",
    "They did not count forty-five boats before the evening.",
    "Was it the wind, or was it the moon?",
    "The older men went home, shut their doors and waited for the morning.",
)


def line(id: str, words: str, *runs: Spoken) -> Line:
    return Line(id, id, Role.PARAGRAPH, "en", words, runs or (Spoken(words, "en", 0, len(words)),), 0.4)


LINES = tuple(line(f"sea-{number}", words) for number, words in enumerate(WORDS))


@dataclass(frozen=True)
class Tape:
    """What was said, 16,000 samples a second, and when."""

    clips: tuple[Wave, ...]
    seconder: Seconder

    def judge(self, clips: Sequence[Wave]) -> tuple[Opinion, list[tuple[str, str | None]]]:
        """Clips in the places of the right ones, with 0.4 s between."""
        pause = np.zeros(round(0.4 * RATE), dtype=np.float32)
        timed, pieces, at = [], [], 0
        for one, right, clip in zip(LINES, self.clips, clips, strict=True):
            timed.append(Timed((one,), at / RATE, (at + len(right)) / RATE))
            held = np.zeros(len(right), dtype=np.float32)
            held[: min(len(clip), len(held))] = clip[: len(held)]
            pieces += [held, pause]
            at += len(held) + len(pause)
        signal = Signal(RATE).take([np.concatenate(pieces)])
        try:
            opinion, found = self.seconder.judge(signal, timed, Reporter("tape.mp3"))
        finally:
            signal.close()
        return opinion, [(one.finding.check, one.unit) for one in found]

    def spoilt(self, number: int, clip: Wave) -> list[tuple[str, str | None]]:
        return self.judge([*self.clips[:number], clip, *self.clips[number + 1 :]])[1]


@pytest.fixture(scope="module")
def tape() -> Iterator[Tape]:
    pytest.importorskip("pocketsphinx")
    engine = open_voice(voice_from_name("espeak"))
    clips = []
    for one in LINES:
        sound = trimmed(engine.speak(one))
        samples = resampled(sound.samples, round(len(sound.samples) * RATE / sound.rate))
        clips.append(np.asarray(samples, dtype=np.float32) * np.float32(0.4))
    engine.close()
    seconder = Seconder(LINES)
    yield Tape(tuple(clips), seconder)
    seconder.close()


def test_what_is_said_is_recognised(tape: Tape) -> None:
    assert tape.judge(tape.clips) == (Opinion(6, 6, 6), [])


@pytest.mark.parametrize("number", range(6))
def test_a_muted_sentence_is_doubted(tape: Tape, number: int) -> None:
    assert tape.spoilt(number, tape.clips[number] * 0) == [("audio-unrecognised", f"sea-{number}")]


@pytest.mark.parametrize("number", range(6))
def test_another_sentence_in_its_place_is_doubted(tape: Tape, number: int) -> None:
    assert tape.spoilt(number, tape.clips[(number + 2) % 6]) == [("audio-unrecognised", f"sea-{number}")]


@pytest.mark.parametrize("number", [1, 3, 5])
def test_half_a_sentence_is_doubted(tape: Tape, number: int) -> None:
    clip = tape.clips[number].copy()
    clip[len(clip) // 2 :] = 0
    assert tape.spoilt(number, clip) == [("audio-unrecognised", f"sea-{number}")]


def test_doubted_neighbours_are_told_together(tape: Tape) -> None:
    silent = [clip * 0 for clip in tape.clips[:3]]
    opinion, found = tape.judge([*silent, *tape.clips[3:]])
    assert opinion == Opinion(6, 6, 3)
    assert found == [("audio-unrecognised", "sea-0")]


def test_what_is_not_at_its_cue_is_looked_for_where_it_was_heard(tape: Tape) -> None:
    signal = Signal(RATE).take([np.zeros(RATE * 4, dtype=np.float32), tape.clips[0]])
    length = len(tape.clips[0]) / RATE
    try:
        late = Timed((LINES[0],), 0.5, 0.5 + length)
        assert tape.seconder.judge(signal, [late], Reporter("tape.mp3"))[0] == Opinion(1, 1, 0)
        found = replace(late, heard=(4.0, 4.0 + length))
        assert tape.seconder.judge(signal, [found], Reporter("tape.mp3")) == (Opinion(1, 1, 1), ())
    finally:
        signal.close()


def test_short_lines_are_judged_with_their_neighbours(tape: Tape) -> None:
    lines = [line(f"l{n}", words) for n, words in enumerate(("Yes.", "The harbour was empty.", "No.", "Figure."))]
    seconder = Seconder(lines)
    try:
        timed = [Timed((one,), n * 2.0, n * 2.0 + 1) for n, one in enumerate(lines)]
        passages = seconder.passages(timed)
        assert [[one.id for one in passage.lines] for passage in passages] == [["l0", "l1", "l2", "l3"]]
        assert (passages[0].begin, passages[0].end) == (0, 7)
        assert seconder.passages([timed[0], timed[2]]) == []
    finally:
        seconder.close()


def test_words_beyond_the_dictionary_are_pronounced_and_other_languages_left_out() -> None:
    pytest.importorskip("pocketsphinx")
    aligner = Aligner()
    assert not aligner.knows("okafor")
    foreign = Spoken("la Manche et le reste", "fr", 0, 21)
    lines = [
        line("name", "Okafor wrote it."),
        line("some", "x", Spoken("They call that sea", "en", 0, 1), Spoken("la Manche", "fr", 0, 1)),
        line("most", "x", Spoken("They say", "en", 0, 1), foreign),
        line("sign", "x", Spoken("dpi = 5", "en", 0, 1)),
        line("said", "x", Spoken("ˈɒkafə", "en", 0, 1, ipa=True), Spoken("wrote", "en", 0, 1)),
        line("none", "…"),
    ]
    known = vocabulary(lines, aligner)
    assert {id: spelled.judged for id, spelled in known.lines.items()} == {
        "name": True,
        "some": True,
        "most": False,
        "sign": False,
        "said": True,
        "none": False,
    }
    assert known.lines["name"].words == ("en_okafor", "wrote", "it")
    assert known.pronunciations["en_okafor"] == "AA K AE F AH"
    assert known.lines["some"].words[-2:] == ("fr_la", "fr_manche")


# Judging, without a recogniser.


def alignment(*words: Word, unsaid: int = 0, mute: int = 0, score: float = -2.4) -> Alignment:
    frames = sum(word.frames for word in words)
    return Alignment(words, frames, score * frames, frames, unsaid, mute)


WORD = Word("harbour", 60, 7, -140)
NORMAL = Usual(8.5, -2.4)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (alignment(WORD, WORD), ""),
        (None, "cannot be followed"),
        (alignment(), "cannot be followed"),
        (alignment(WORD, WORD, score=-5), "unlike"),
        (alignment(replace(WORD, frames=20), WORD), "time enough for its words"),
        (alignment(WORD, WORD, unsaid=60), "0.6 s of what sounds"),
        (alignment(WORD, WORD, mute=60), "silent"),
        (alignment(*[WORD] * 8, *[replace(WORD, frames=22)] * 2), "time enough for some"),
    ],
)
def test_why_a_sentence_is_doubted(found: Alignment | None, why: str) -> None:
    told = doubt(found, NORMAL)
    assert bool(told) == bool(why)
    assert why in told


def test_what_is_usual_is_the_recordings_own_where_it_is_long_enough() -> None:
    slow = alignment(replace(WORD, frames=90), replace(WORD, frames=90), score=-3)
    assert usual([slow] * 7) == Usual(8.5, -2.4)
    assert usual([*[slow] * 9, None]) == Usual(90 / 7, -3)


@pytest.mark.parametrize(
    ("opinion", "lang", "words"),
    [
        (Opinion(5, 4, 4), "en", "recognised 4 of 4 sentences, by pocketsphinx; 1 in other languages"),
        (Opinion(5, 0, 0), "fr", "listens to English only, and this is in fr"),
        (Opinion(1, 0, 0), "en-GB", "no sentence that is long enough"),
    ],
)
def test_what_was_judged_is_told(opinion: Opinion, lang: str, words: str) -> None:
    told = told_of(opinion, lang, Reporter("tape.mp3"))
    assert told.finding.severity is Severity.INFO
    assert words in told.finding.message


# Without the extra.


def test_without_the_extra_the_command_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(aligning, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'concordant-publisher\[listen\]'"):
        check_available()
    edition = tmp_path / "source" / "tide"
    edition.mkdir(parents=True)
    (edition / "article.md").write_text("---\ntitle: The tide\n---\n\nIt came in.\n", encoding="utf-8")
    assert main(["verify", "tide", "--listen", "--source", str(tmp_path / "source"), "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        "error: --listen needs pocketsphinx; install it with `pip install 'concordant-publisher[listen]'`\n"
    )
