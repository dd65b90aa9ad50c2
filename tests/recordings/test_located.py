"""Sentences are found in a person's reading, to a tenth of a second; what is read otherwise is named."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from recorded_reader import Reading, publication_of, read_by_person, text_lines, write_edition

from publisher.model.findings import FindingsError, InputError
from publisher.model.narration import Line, Voice
from publisher.model.publication import Publication
from publisher.narration.recording import key_of
from publisher.narration.recording_words import word_times
from publisher.recorded import Reading as Found
from publisher.recorded import read_aloud
from publisher.store import Store
from publisher.verification import recognising

ARTICLE = """---
title: The lamp at the point
lang: en-GB
---

Nobody lit the lamp that night. The keeper had gone home in the storm, and the boat was late.

# The second night

They counted twelve ships before the morning. She wrote the number down in the long book and went to bed.

The harbour was quiet again when the sun came up over the water. It was the third of June 2023.
"""
VOICE = Voice("espeak")


@dataclass(frozen=True)
class Case:
    """An edition and what was found in its recording; `store` keeps that."""

    publication: Publication
    lines: tuple[Line, ...]
    reading: Reading
    found: Found
    store: Store

    def ids(self, check: str) -> list[str]:
        return [one.message for one in self.found.findings if one.check == check]

    def taken(self) -> set[str]:
        return {line.id for line in self.lines if self.found.takes.of(line) is not None}


def case(tmp_path: Path, order: list[int | str], name: str = "a.wav") -> Case:
    """Somebody reads the numbered sentences, and words that stand nowhere."""
    folder = write_edition(tmp_path, ARTICLE)
    lines = text_lines(publication_of(folder))
    reading = read_by_person([lines[one].said if isinstance(one, int) else one for one in order])
    reading.write(folder / "recordings" / name)
    publication = publication_of(folder)
    store = Store(tmp_path / "store")
    return Case(publication, tuple(lines), reading, read_aloud(publication, VOICE, store), store)


WHOLE: list[int | str] = list(range(8))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case(tmp_path_factory.mktemp("whole"), WHOLE, "a.flac")


def test_every_sentence_is_found_within_a_tenth_of_a_second(whole: Case) -> None:
    assert len(whole.lines) == 8
    for line, (begin, end) in zip(whole.lines, whole.reading.times, strict=True):
        take = whole.found.takes.of(line)
        assert take is not None, line.id
        assert take.begin == pytest.approx(begin, abs=0.1)
        assert take.end == pytest.approx(end, abs=0.1)


def test_what_is_read_well_is_not_doubted(whole: Case) -> None:
    assert [one.check for one in whole.found.findings] == []
    assert whole.found.sure(whole.lines)


def test_words_are_timed_by_what_is_shown(whole: Case) -> None:
    line = whole.lines[-1]
    take = whole.found.takes.of(line)
    assert take is not None
    words = word_times(line, take.words)
    shown = [line.shown[word.start : word.end] for word in words]
    assert shown[:4] == ["It", "was", "the", "third"]
    assert shown[-1] == "June 2023."
    assert all(one.begin <= one.finish <= other.begin + 0.011 for one, other in pairwise(words))
    assert words[-1].finish <= take.end - take.begin + 1e-6


def test_sentences_left_out_swapped_and_words_that_stand_nowhere(tmp_path: Path) -> None:
    found = case(tmp_path, [0, 1, 2, "Wait a moment, I shall have to cough and drink some tea.", 3, 5, 4, 7])
    assert found.taken() == {line.id for line in found.lines} - {found.lines[6].id}
    (told,) = found.ids("recording-missing")
    assert found.lines[6].id in told
    assert "recordings/a.wav at 0:00:" in told
    assert len(found.ids("recording-order")) == 1
    assert found.ids("recording-stray")
    for number, heard in ((2, 2), (3, 4), (5, 5), (4, 6), (7, 7)):
        take = found.found.takes.of(found.lines[number])
        begin, end = found.reading.times[heard]
        assert take is not None
        assert (take.begin, take.end) == (pytest.approx(begin, abs=0.1), pytest.approx(end, abs=0.1))


def test_sentences_read_otherwise_are_named(tmp_path: Path) -> None:
    misread = {
        2: ("The keeper had gone home in the wind, and the boat was late.", "storm"),
        4: ("They counted ships before the morning.", "twelve"),
        5: ("She wrote the number down in the long book.", "went"),
        6: ("The harbour was never quiet again when the sun came up over the water.", ""),
    }
    found = case(tmp_path, [misread[number][0] if number in misread else number for number in range(8)])
    told = found.ids("recording-misread")
    assert len(told) == len(misread)
    for one, (number, (_, named)) in zip(told, misread.items(), strict=True):
        assert found.lines[number].id in one
        assert named in one
    assert found.found.doubted == {key_of(found.lines[number]) for number in misread}
    assert not found.found.sure(found.lines)


def test_what_was_found_is_kept_and_found_no_second_time(whole: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.recorded.Tape", None)
    again = read_aloud(whole.publication, VOICE, whole.store)
    assert again.takes.takes == whole.found.takes.takes


def test_verify_does_not_believe_what_is_kept(whole: Case, tmp_path: Path) -> None:
    shutil.copytree(whole.store.root, tmp_path / "store")
    store = Store(tmp_path / "store")
    (kept,) = (path for path in store.root.rglob("*.json") if '"takes"' in path.read_text())
    take = whole.found.takes.of(whole.lines[4])
    other = whole.found.takes.of(whole.lines[5])
    assert take is not None
    assert other is not None
    text = kept.read_text()
    moved = text.replace(f'"begin": {take.begin}, "end": {take.end}', f'"begin": {other.begin}, "end": {other.end}')
    assert moved != text
    kept.write_text(moved)
    store.seal(kept, kept)  # what the seal tells is that the disk kept it, not that it is right
    assert read_aloud(whole.publication, VOICE, store).doubted == frozenset()
    assert read_aloud(whole.publication, VOICE, store, anew=True).doubted == {key_of(whole.lines[4])}


# Other languages, and no listener


def test_without_a_listener_and_without_cues_error(whole: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.recorded.available", lambda: False)
    with pytest.raises(InputError) as caught:
        read_aloud(whole.publication, VOICE, None)
    assert "pip install 'concordant-publisher[listen]'" in caught.value.message
    assert "recordings/a.vtt" in caught.value.message


FRENCH = """---
title: La lampe
lang: fr
---

Personne n’avait allumé la lampe cette nuit-là. Le gardien était rentré chez lui avant l’orage.

Le port était calme quand le soleil se leva. Elle nota le nombre dans le grand livre.
"""


def french(tmp_path: Path, texts: list[str] | None = None) -> tuple[Path, list[Line], Reading]:
    folder = write_edition(tmp_path, FRENCH)
    lines = text_lines(publication_of(folder))
    reading = read_by_person(texts or [line.said for line in lines], voice="espeak:fr,rate=150", lang="fr")
    reading.write(folder / "recordings" / "lecture.wav")
    return folder, lines, reading


def test_another_language_without_cues_error(tmp_path: Path) -> None:
    folder, _, _ = french(tmp_path)
    with pytest.raises(InputError) as caught:
        read_aloud(publication_of(folder), VOICE, None)
    assert "this is in fr; add a cue file recordings/lecture.vtt" in caught.value.message


@pytest.mark.parametrize("named", ["id", "shown"])
def test_cues_by_id_or_words_place_sentences_in_any_language(tmp_path: Path, named: str) -> None:
    folder, lines, reading = french(tmp_path)
    reading.vtt(folder / "recordings" / "lecture.vtt", [getattr(line, named) for line in lines])
    found = read_aloud(publication_of(folder), VOICE, None)
    assert [one.check for one in found.findings] == []
    for line, (begin, end) in zip(lines, reading.times, strict=True):
        take = found.takes.of(line)
        assert take is not None
        assert (take.begin, take.end) == (pytest.approx(begin, abs=0.1), pytest.approx(end, abs=0.1))
    # Nobody here knows French: that it is the right sentence has the cue file's word only.
    assert not found.sure(lines)
    assert found.doubted == frozenset()


def test_a_cue_that_names_no_sentence_error(tmp_path: Path) -> None:
    folder, lines, reading = french(tmp_path)
    reading.vtt(folder / "recordings" / "lecture.vtt", [*[line.id for line in lines[:-1]], "Une autre phrase."])
    with pytest.raises(FindingsError) as caught:
        read_aloud(publication_of(folder), VOICE, None)
    (found,) = (one for one in caught.value.findings if one.check == "cue-unknown")
    assert found.position is not None
    assert found.position.path.endswith("lecture.vtt")


def test_a_cue_over_silence_leaves_the_sentence_to_the_voice(tmp_path: Path) -> None:
    folder, lines, reading = french(tmp_path)
    times = [*reading.times[:-1], (0.0, 0.5)]
    order = [4, 0, 1, 2, 3]
    silent = Reading(reading.samples, tuple(times[number] for number in order))
    silent.vtt(folder / "recordings" / "lecture.vtt", [lines[number].id for number in order])
    found = read_aloud(publication_of(folder), VOICE, None)
    assert found.takes.of(lines[4]) is None
    assert "is silent where the cue says" in next(one.message for one in found.findings)


def test_a_cue_of_another_length_than_its_words_is_doubted(tmp_path: Path) -> None:
    folder, lines, reading = french(tmp_path)
    # The cues of the last two sentences cover one and a half, and a bit.
    (first, last), (begin, end) = reading.times[-2:]
    moved = Reading(reading.samples, (*reading.times[:-2], (first, last + (end - begin) + 0.1), (end - 0.35, end)))
    moved.vtt(folder / "recordings" / "lecture.vtt", [line.id for line in lines])
    found = read_aloud(publication_of(folder), VOICE, None)
    assert any(one.check == "recording-misread" and lines[-1].id in one.message for one in found.findings)


def test_an_english_cue_file_is_judged_by_ear(tmp_path: Path) -> None:
    folder = write_edition(tmp_path, ARTICLE)
    lines = text_lines(publication_of(folder))
    reading = read_by_person([line.said for line in lines])
    reading.write(folder / "recordings" / "a.wav")
    swapped = [line.id for line in lines]
    swapped[4], swapped[5] = swapped[5], swapped[4]
    reading.vtt(folder / "recordings" / "a.vtt", swapped)
    found = read_aloud(publication_of(folder), VOICE, None)
    assert found.doubted == {key_of(lines[4]), key_of(lines[5])}


def test_a_sentence_that_the_editor_heard_can_be_waived(tmp_path: Path) -> None:
    article = "---\ntitle: Boats\nlang: en\nrecordings:\n  waive: [opening-1-s1]\n---\n\nThey counted twelve ships.\n"
    folder = write_edition(tmp_path, article)
    lines = text_lines(publication_of(folder))
    read_by_person(["Boats", "They counted ships."]).write(folder / "recordings" / "a.wav")
    found = read_aloud(publication_of(folder), VOICE, None)
    assert found.sure(lines)
    (told,) = [one for one in found.findings if one.check == "recording-misread"]
    assert told.severity.value == "info"


def test_the_listener_is_here() -> None:
    assert recognising.available()
