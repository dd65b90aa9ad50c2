"""A narration by chapters, each encoded once and kept in the store under all that it was made from.

From the same MP3s come the recording as a whole, DAISY books and audiobooks; from the same AAC the M4B. So a sentence
that is edited has one chapter encoded again, and chapters are encoded side by side.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from publisher.model.findings import EngineError
from publisher.model.narration import Chapter, Cue, Narration
from publisher.narration.encoding import encode_aac, join_m4b, join_mp3, marks
from publisher.narration.mixing import by_chapter, chapter_samples, identity_of, level_of
from publisher.narration.mp3 import bit_rate, encode_mp3
from publisher.processes import Threads
from publisher.store import Store, digest

_VERSION = 2

Block = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Hears how many seconds of sound of how many are encoded."""


@dataclass(frozen=True, slots=True)
class Track:
    """A chapter's sound: an MP3 of constant bit rate in the store, `frames` samples at `rate` a second, and the cues
    that sound in it. The track begins with the chapter."""

    chapter: Chapter
    cues: tuple[Cue, ...]
    path: Path
    frames: int
    rate: int

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.frames / self.rate

    def begin(self, cue: Cue) -> float:
        """When a cue begins in this track, in seconds."""
        return (cue.first - self.chapter.first) / self.rate

    def end(self, cue: Cue) -> float:
        """When it ends."""
        return (cue.last - self.chapter.first) / self.rate


def encode_ahead(
    tracks: Sequence[Narration], packets: Sequence[Narration], store: Store, progress: Progress | None = None
) -> None:
    """Encode narrations as tracks, and some as AAC, before several formats want them at once; what is there already
    costs nothing. Raises EngineError as mixing does.
    """
    _encode([*((one, _MP3) for one in tracks), *((one, _AAC) for one in packets)], store, progress)


def chapter_tracks(narration: Narration, store: Store) -> tuple[Track, ...]:
    """The tracks of a narration. Raises EngineError as mixing does."""
    paths = _encode([(narration, _MP3)], store)
    return tuple(
        Track(chapter, cues, path, chapter.last - chapter.first, narration.rate)
        for (chapter, cues), path in zip(by_chapter(narration), paths, strict=True)
    )


def write_mp3(path: Path, narration: Narration, store: Store) -> None:
    """The whole narration as an MP3 without tags, joined from its tracks. Raises EngineError as mixing does."""
    join_mp3(path, [(track.path, track.frames) for track in chapter_tracks(narration, store)])


def write_m4b(path: Path, narration: Narration, store: Store, language: str) -> None:
    """The whole narration as an M4B with chapters, `language` as ISO 639-2. Raises EngineError as mixing does."""
    packets = _encode([(narration, _AAC)], store)
    lengths = [chapter.last - chapter.first for chapter in narration.chapters]
    join_m4b(path, list(zip(packets, lengths, strict=True)), narration.rate, marks(narration), language)


@dataclass(frozen=True, slots=True)
class _Kind:
    """An encoding of chapters: the suffix of its files in the store, and what writes one."""

    suffix: str
    encode: Callable[[Path, Iterable[Block], int], int]


_MP3 = _Kind(".mp3", encode_mp3)
_AAC = _Kind(".aac", encode_aac)


@dataclass(frozen=True, slots=True)
class _Task:
    """One chapter to be encoded, at a level in decibels."""

    narration: Narration
    chapter: Chapter
    cues: tuple[Cue, ...]
    level: float
    kind: _Kind

    @property
    def frames(self) -> int:
        return self.chapter.last - self.chapter.first

    @property
    def key(self) -> str:
        sound = identity_of(self.narration, self.chapter, self.cues)
        return digest("chapter audio", _VERSION, sound, self.level, bit_rate(self.narration.rate))


def _encode(wanted: Sequence[tuple[Narration, _Kind]], store: Store, progress: Progress | None = None) -> list[Path]:
    """The chapters of narrations, each in one encoding, in their order; as many at once as there are processors.

    The longest come first, lest one be left alone at the end; the order changes nothing else.
    """
    levels = {id(narration): level_of(narration, store) for narration, _ in wanted}
    tasks = [
        _Task(narration, chapter, cues, levels[id(narration)], kind)
        for narration, kind in wanted
        for chapter, cues in by_chapter(narration)
    ]
    seconds = sum(narration.frames // narration.rate for narration, _ in wanted)
    counter = _Counter(seconds, progress)
    with Threads(os.cpu_count() or 1) as threads:
        order = sorted(range(len(tasks)), key=lambda number: -tasks[number].frames)
        futures = {number: threads.submit(_encode_one, tasks[number], store, counter) for number in order}
        return [futures[number].result() for number in range(len(tasks))]


def _encode_one(task: _Task, store: Store, counter: _Counter) -> Path:
    def write(path: Path) -> None:
        blocks = chapter_samples(task.narration, store, task.chapter, task.cues, task.level)
        count = task.kind.encode(path, counter.counted(blocks, task.narration.rate), task.narration.rate)
        if count != task.frames:
            message = f"{count} samples of {task.chapter.id} were encoded where {task.frames} were due"
            raise EngineError("encoding", message)

    found = store.find(task.key, task.kind.suffix)
    if found is None:
        return store.keep(task.key, task.kind.suffix, write)
    counter.step(task.frames / task.narration.rate)
    return found


class _Counter:
    """Tells how many seconds of sound are encoded, from whichever thread."""

    def __init__(self, seconds: int, progress: Progress | None) -> None:
        self._seconds, self._progress = seconds, progress
        self._done = 0.0
        self._lock = Lock()

    def counted(self, blocks: Iterable[Block], rate: int) -> Iterator[Block]:
        """The same blocks."""
        for block in blocks:
            yield block
            self.step(len(block) / rate)

    def step(self, seconds: float) -> None:
        """So many more are done."""
        if self._progress is None:
            return
        with self._lock:
            self._done += seconds
            self._progress(min(round(self._done), self._seconds), self._seconds)
