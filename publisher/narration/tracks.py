"""A narration in pieces: an MP3 for each chapter, for the formats that carry their sound in several files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from publisher.model.narration import Chapter, Cue, Narration
from publisher.narration.mixing import cue_samples
from publisher.narration.mp3 import encode_mp3
from publisher.store import Store, digest

_VERSION = 1


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


def chapter_tracks(narration: Narration, store: Store) -> tuple[Track, ...]:
    """The tracks of a narration, as many at once as there are processors. Raises EngineError as mixing does."""
    levels = digest(narration.frames, narration.rate, [[cue.clip.key, cue.first] for cue in narration.cues])
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        return tuple(threads.map(lambda chapter: _track(chapter, narration, levels, store), narration.chapters))


def _track(chapter: Chapter, narration: Narration, levels: str, store: Store) -> Track:
    cues = tuple(cue for cue in narration.cues if chapter.first <= cue.first < chapter.last)
    frames = chapter.last - chapter.first
    key = digest("chapter audio", _VERSION, levels, chapter.first, chapter.last)

    def write(path: Path) -> None:
        encode_mp3(path, _blocks(narration, cues, chapter, store), narration.rate)

    return Track(chapter, cues, store.keep(key, ".mp3", write), frames, narration.rate)


def _blocks(
    narration: Narration, cues: tuple[Cue, ...], chapter: Chapter, store: Store
) -> Iterator[NDArray[np.float32]]:
    """A chapter begins with its first cue and ends with the silence after its last."""
    yield from cue_samples(narration, store, cues)
    yield np.zeros(chapter.last - cues[-1].last, dtype=np.float32)
