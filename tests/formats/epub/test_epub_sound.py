"""The sound of read-aloud documents is kept under what it is made from: an edit has one document encoded again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from publisher.formats.epub.overlays import Sound
from publisher.formats.epub.sound import record
from publisher.model.narration import Line, Narration, Role, Script, ScriptChapter, Spoken
from publisher.narration.narrate import narrate
from publisher.narration.voices import voice_from_name
from publisher.store import Store

WORDS = (
    ("The tide came in before anyone had noticed.", "By noon, the whole of the harbour was under water!"),
    ("Nobody in the town could remember such a spring.", "They counted forty boats, and then stopped counting."),
    ("The older men went home and waited.", "In the end a wall was built, and it stands to this day."),
)
EDITED = (WORDS[0], (WORDS[1][0], "They counted sixty boats, and then stopped."), WORDS[2])


def line(id: str, words: str, pause: float) -> Line:
    return Line(id, id, Role.PARAGRAPH, "en", words, (Spoken(words, "en", 0, len(words)),), pause)


def spoken(words: Sequence[Sequence[str]], store: Store, pause: float = 0.4) -> Narration:
    chapters = (
        ScriptChapter(f"c{number}", f"C {number}", tuple(line(f"c{number}-{n}", w, pause) for n, w in enumerate(part)))
        for number, part in enumerate(words)
    )
    return narrate(Script("default", "en", tuple(chapters)), voice_from_name("espeak"), store)


def documents(narration: Narration) -> list[list[Sound]]:
    """A document a chapter."""
    return [
        [Sound(cue.line.id, narration, [cue]) for cue in narration.cues if chapter.first <= cue.first < chapter.last]
        for chapter in narration.chapters
    ]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_an_edited_sentence_has_one_document_encoded_again(store: Store) -> None:
    before = record(documents(spoken(WORDS, store)), store)
    after = record(documents(spoken(EDITED, store)), store)
    paths = [(one.path, two.path) for one, two in zip(before, after, strict=True) if one and two]
    assert [one == two for one, two in paths] == [True, False, True]


def test_a_document_sounds_the_same_whatever_stands_before_it(store: Store, tmp_path: Path) -> None:
    anew = Store(tmp_path / "anew")
    first, second = (record(documents(spoken(WORDS, one)), one)[2] for one in (store, anew))
    moved = record(documents(spoken((("A new begin.", "Of two sentences."), *WORDS[1:]), store)), store)[2]
    assert first is not None
    assert second is not None
    assert moved is not None
    assert first.path.read_bytes() == second.path.read_bytes()
    assert moved.moments == first.moments


def test_another_pause_is_another_sound(store: Store) -> None:
    one = record(documents(spoken(WORDS, store)), store)[0]
    two = record(documents(spoken(WORDS, store, pause=0.6)), store)[0]
    assert one is not None
    assert two is not None
    assert one.path != two.path


def test_a_document_without_a_sound_has_no_track(store: Store) -> None:
    assert record([[]], store) == [None]
