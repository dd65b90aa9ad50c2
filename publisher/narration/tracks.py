"""A narration by chapters, each encoded once and kept in the store under all that it was made from.

From the same MP3s come the recording as a whole, DAISY books and audiobooks; from the same AAC the M4B. So a sentence
that is edited has one chapter encoded again, and chapters are encoded side by side.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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
from publisher.store import Store, digest

_VERSION = 2

Block = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Hears how many seconds of sound of how many are encoded."""
_Encode = Callable[[Path, Iterable[Block], int], int]


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


def chapter_tracks(narration: Narration, store: Store, progress: Progress | None = None) -> tuple[Track, ...]:
    """The tracks of a narration, as many at once as there are processors. Raises EngineError as mixing does."""
    paths = _encoded(narration, store, ".mp3", encode_mp3, progress)
    return tuple(
        Track(chapter, cues, path, chapter.last - chapter.first, narration.rate)
        for (chapter, cues), path in zip(by_chapter(narration), paths, strict=True)
    )


def write_mp3(path: Path, narration: Narration, store: Store) -> None:
    """The whole narration as an MP3 without tags, joined from its tracks. Raises EngineError as mixing does."""
    join_mp3(path, [(track.path, track.frames) for track in chapter_tracks(narration, store)])


def write_m4b(path: Path, narration: Narration, store: Store, language: str) -> None:
    """The whole narration as an M4B with chapters, `language` as ISO 639-2. Raises EngineError as mixing does."""
    parts = chapter_packets(narration, store)
    lengths = [chapter.last - chapter.first for chapter in narration.chapters]
    join_m4b(path, list(zip(parts, lengths, strict=True)), narration.rate, marks(narration), language)


def chapter_packets(narration: Narration, store: Store, progress: Progress | None = None) -> Sequence[Path]:
    """The chapters of a narration as AAC, for `join_m4b`; made as tracks are."""
    return _encoded(narration, store, ".aac", encode_aac, progress)


def _encoded(
    narration: Narration, store: Store, suffix: str, encode: _Encode, progress: Progress | None
) -> Sequence[Path]:
    level = level_of(narration, store)
    counter = _Counter(narration, progress)

    def encoded(part: tuple[Chapter, tuple[Cue, ...]]) -> Path:
        chapter, cues = part
        due = chapter.last - chapter.first
        identity = identity_of(narration, chapter, cues)
        key = digest("chapter audio", _VERSION, identity, level, bit_rate(narration.rate))

        def write(path: Path) -> None:
            blocks = chapter_samples(narration, store, chapter, cues, level)
            count = encode(path, counter.counted(blocks), narration.rate)
            if count != due:
                raise EngineError("encoding", f"{count} samples of {chapter.id} were encoded where {due} were due")

        if store.find(key, suffix):
            counter.step(due)
        return store.keep(key, suffix, write)

    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        return list(threads.map(encoded, by_chapter(narration)))


class _Counter:
    """Tells how much is encoded, from whichever thread."""

    def __init__(self, narration: Narration, progress: Progress | None) -> None:
        self._rate, self._whole, self._progress = narration.rate, narration.frames, progress
        self._done = 0
        self._lock = Lock()

    def counted(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The same blocks."""
        for block in blocks:
            yield block
            self.step(len(block))

    def step(self, samples: int) -> None:
        if self._progress is None:
            return
        with self._lock:
            self._done += samples
            self._progress(self._done // self._rate, self._whole // self._rate)
