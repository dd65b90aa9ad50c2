"""A narration's sound, encoded once in pieces that are kept in the store under all that they were made from.

As MP3, a piece is a line or a few (see `pieces`); the recording as a whole, its chapters, DAISY books, audiobooks and
the documents of a read-aloud EPUB are joined from the same ones. As AAC, a piece is a chapter. So a sentence that is
edited has one piece of each encoded again. Pieces are encoded side by side.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from publisher.model.findings import EngineError
from publisher.model.narration import Chapter, Cue, Narration
from publisher.narration.encoding import encode_aac, join_m4b, join_mp3, marks
from publisher.narration.mixing import by_chapter, level_of, part_samples
from publisher.narration.mp3 import bit_rate, encode_mp3
from publisher.narration.pieces import Piece, pieces_of
from publisher.processes import Threads
from publisher.store import Store, digest

_VERSION = 3

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
    """Encode narrations as MP3, and some as AAC, before several formats want them at once; what is there already
    costs nothing. Raises EngineError as mixing does.
    """
    wanted = [
        *(_Task(piece, _MP3) for one in tracks for chapter in pieces_of(one) for piece in chapter),
        *(_Task(piece, _AAC) for one in packets for piece in _chapters(one)),
    ]
    _encode(wanted, store, progress)


def chapter_tracks(narration: Narration, store: Store) -> tuple[Track, ...]:
    """The tracks of a narration. Raises EngineError as mixing does."""
    paths = joined(pieces_of(narration), store)
    return tuple(
        Track(chapter, cues, path, chapter.last - chapter.first, narration.rate)
        for (chapter, cues), path in zip(by_chapter(narration), paths, strict=True)
    )


def joined(rows: Sequence[Sequence[Piece]], store: Store) -> tuple[Path, ...]:
    """MP3s of constant bit rate in the store, each the sound of a row of pieces of one sample rate.

    Raises EngineError as mixing does.
    """
    tasks = [_Task(piece, _MP3) for row in rows for piece in row]
    found = iter(_encode(tasks, store))
    return tuple(_joined([(next(found), piece.frames) for piece in row], store) for row in rows)


def _joined(parts: Sequence[tuple[Path, int]], store: Store) -> Path:
    # A part's name is the key of all that it was made from.
    key = digest("joined", _VERSION, [f"{part.parent.name}{part.stem}" for part, _ in parts])

    def join(path: Path) -> None:
        join_mp3(path, parts)

    return store.keep(key, _MP3.suffix, join)


def write_mp3(path: Path, narration: Narration, store: Store) -> None:
    """The whole narration as an MP3 without tags, joined from its pieces. Raises EngineError as mixing does."""
    pieces = [piece for chapter in pieces_of(narration) for piece in chapter]
    files = _encode([_Task(piece, _MP3) for piece in pieces], store)
    join_mp3(path, [(file, piece.frames) for file, piece in zip(files, pieces, strict=True)])


def write_m4b(path: Path, narration: Narration, store: Store, language: str) -> None:
    """The whole narration as an M4B with chapters, `language` as ISO 639-2. Raises EngineError as mixing does."""
    chapters = _chapters(narration)
    files = _encode([_Task(piece, _AAC) for piece in chapters], store)
    parts = [(file, piece.frames) for file, piece in zip(files, chapters, strict=True)]
    join_m4b(path, parts, narration.rate, marks(narration), language)


def _chapters(narration: Narration) -> list[Piece]:
    return [Piece(narration, cues, chapter.first, chapter.last) for chapter, cues in by_chapter(narration)]


@dataclass(frozen=True, slots=True)
class _Kind:
    """An encoding: the suffix of its files in the store, what writes one, and the package that has the encoder."""

    suffix: str
    encode: Callable[[Path, Iterable[Block], int], int]
    package: str


_MP3 = _Kind(".mp3", encode_mp3, "lameenc")
_AAC = _Kind(".aac", encode_aac, "av")


@cache
def _release(package: str) -> str:
    return version(package)


@dataclass(frozen=True, slots=True)
class _Task:
    """One piece to be encoded."""

    piece: Piece
    kind: _Kind

    def key(self, level: float) -> str:
        """What its file is kept under, at a level in decibels."""
        encoder = f"{self.kind.package} {_release(self.kind.package)}"
        return digest("encoded", _VERSION, encoder, self.piece.identity, level, bit_rate(self.piece.narration.rate))


def _encode(tasks: Sequence[_Task], store: Store, progress: Progress | None = None) -> list[Path]:
    """The files of tasks, in their order; as many are encoded at once as there are processors.

    The longest come first, lest one be left alone at the end; the order changes nothing else.
    """
    narrations = {id(task.piece.narration): task.piece.narration for task in tasks}
    levels = {number: level_of(narration, store) for number, narration in narrations.items()}
    keys = [task.key(levels[id(task.piece.narration)]) for task in tasks]
    counter = _Counter(sum(task.piece.frames / task.piece.narration.rate for task in tasks), progress)
    missing: dict[tuple[str, _Kind], _Task] = {}
    for task, key in zip(tasks, keys, strict=True):
        if (key, task.kind) in missing or store.find(key, task.kind.suffix) is not None:
            counter.step(task.piece.frames / task.piece.narration.rate)
        else:
            missing[key, task.kind] = task
    order = sorted(missing.items(), key=lambda item: item[1].piece.frames, reverse=True)
    if order:
        with Threads(min(len(order), os.cpu_count() or 1)) as threads:
            futures = [
                threads.submit(_encode_one, task, key, levels[id(task.piece.narration)], store=store, counter=counter)
                for (key, _), task in order
            ]
            for future in futures:
                future.result()
    return [store.path(key, task.kind.suffix) for task, key in zip(tasks, keys, strict=True)]


def _encode_one(task: _Task, key: str, level: float, *, store: Store, counter: _Counter) -> None:
    piece, rate = task.piece, task.piece.narration.rate

    def write(path: Path) -> None:
        blocks = part_samples(piece.narration, store, piece.cues, (piece.first, piece.last), level)
        count = task.kind.encode(path, counter.counted(blocks, rate), rate)
        if count != piece.frames:
            message = f"{count} samples of {piece.cues[0].line.id} were encoded where {piece.frames} were due"
            raise EngineError("encoding", message)

    store.keep(key, task.kind.suffix, write)


class _Counter:
    """Tells how many seconds of sound are encoded, from whichever thread."""

    def __init__(self, seconds: float, progress: Progress | None) -> None:
        self._seconds, self._progress = round(seconds), progress
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
