"""From narration to sound: clips and silences joined, brought to one loudness, peaks held, in flat memory.

The level is that of spoken word for one channel: −19 LUFS, true peak under −3 dB. It is one for the whole narration,
in steps of half a decibel: a sentence that is edited mostly leaves it as it was, and with it the other chapters.
"""

from __future__ import annotations

import json
import math
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import tee
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

from publisher.model.findings import EngineError
from publisher.model.narration import Chapter, Clip, Cue, Narration
from publisher.narration.loudness import Meter, integrated
from publisher.narration.resampling import at_rate
from publisher.processes import Threads, still_wanted
from publisher.store import Store, digest

Block = NDArray[np.float32]

LOUDNESS = -19.0
"""LUFS, integrated."""
CEILING = -4.0
"""dB of the highest sample. Between samples, and after lossy coding, peaks rise: with speech by less than half a
decibel, which a test measures on the files."""
STEP = 0.5
"""Decibels: levels are multiples of it."""

_BLOCK = 28672
"""Samples; with the meter's overlap just under a power of two, which its transform likes, and no more than a processor
keeps near."""
_FEW = 8
"""Clips of which there is a sample at least, where there are as many."""
_NEAR = 1.0
"""Decibels from a level that was measured, within which one that was not is known well enough."""
_TRIES = 8
"""Levels that are measured at most; nearly always it is one."""
_LOOK = 0.005
"""Seconds that the limiter looks ahead and back."""
_VERSION = 3
"""Part of every key; to be raised when the limiter or the meter changes."""


def samples(narration: Narration, store: Store) -> Iterator[Block]:
    """The whole narration as blocks of mono samples between −1 and 1, `narration.rate` a second, levelled and limited.

    Raises EngineError where the store has lost a clip.
    """
    level = level_of(narration, store)
    for chapter, cues in by_chapter(narration):
        yield from chapter_samples(narration, store, chapter, cues, level)


def chapter_samples(
    narration: Narration, store: Store, chapter: Chapter, cues: Sequence[Cue], level: float
) -> Iterator[Block]:
    """The samples of one chapter with the silence at its end, at a level in decibels.

    They depend on the chapter alone (see `identity_of`), and end in silence longer than the limiter looks.
    """
    return part_samples(narration, store, cues, (chapter.first, chapter.last), level)


def part_samples(
    narration: Narration, store: Store, cues: Sequence[Cue], span: tuple[int, int], level: float
) -> Iterator[Block]:
    """The same of any cues that follow each other, from one sample of the narration up to another."""
    return _levelled(_raw(narration, store, cues, *span), narration.rate, level)


def joined(narration: Narration, store: Store) -> Iterator[Block]:
    """Clips and silences as they are in the store, neither levelled nor limited."""
    return _blocks(_pieces(narration, store, narration.cues, 0, narration.frames))


def by_chapter(narration: Narration) -> tuple[tuple[Chapter, tuple[Cue, ...]], ...]:
    """The chapters of a narration, each with its cues."""
    firsts = [cue.first for cue in narration.cues]
    return tuple(
        (chapter, narration.cues[bisect_left(firsts, chapter.first) : bisect_left(firsts, chapter.last)])
        for chapter in narration.chapters
    )


def identity_of(narration: Narration, cues: Sequence[Cue], first: int, last: int) -> str:
    """The digest of all that decides the sound of samples `first` up to `last` but its level: clips, and their places
    in it."""
    places = [[cue.clip.key, cue.first - first, cue.last - first] for cue in cues]
    return digest("sound", _VERSION, CEILING, narration.rate, last - first, places)


def level_of(narration: Narration, store: Store) -> float:
    """The decibels that bring a narration to its loudness, in whole steps.

    The limiter takes a little loudness away, the more the higher the level. A sample of the clips tells about which
    level is right and how loudness rises there; then the narration is measured at the whole decibel nearest to it.
    What is measured is kept in the store, chapter by chapter.
    """
    near, rise = _about(_Sample(narration, store))
    level = 0.0
    for _ in range(_TRIES):
        level = near + (LOUDNESS - _loudness(narration, store, near)) / rise
        if not math.isfinite(level):
            return 0.0  # silence, which no level makes loud
        if abs(level - near) <= _NEAR:
            break
        # The sample, which is small where there are few clips, is not like the rest.
        near = round(level)
    return round(level / STEP) * STEP


def _about(sample: _Sample) -> tuple[int, float]:
    """About which whole level is right for a sample, and by how much a decibel more makes it louder there."""
    (raw,) = sample.loudness(None)
    if not math.isfinite(raw):
        return 0, 1.0
    low = math.floor(LOUDNESS - raw)
    quieter, louder = sample.loudness(low, low + 1)
    rise = max(louder - quieter, 0.1)
    return round(low + (LOUDNESS - quieter) / rise), rise


class _Sample:
    """An eighth of a narration's clips, whose keys begin with one of two digits; a few at least."""

    def __init__(self, narration: Narration, store: Store) -> None:
        clips = {cue.clip.key: cue.clip for cue in narration.cues}
        ordered = sorted(clips)
        keys = ordered[: max(_FEW, sum(key[0] in "01" for key in ordered))]
        self._clips = [clips[key] for key in keys]
        self._key = digest("sample", _VERSION, CEILING, narration.rate, keys)
        self._rate, self._store = narration.rate, store

    def loudness(self, *levels: int | None) -> list[float]:
        """LUFS at each of some levels, limited; None is as they are."""

        def measure(path: Path) -> None:
            blocks = tee(_blocks(_clip_samples(clip, self._store, self._rate) for clip in self._clips), len(levels))
            meters = [Meter(self._rate) for _ in levels]
            streams = [_levelled(one, self._rate, level) for one, level in zip(blocks, levels, strict=True)]
            # In step, so that what one of them has read does not wait long for the other.
            for each in zip(*streams, strict=True):
                for meter, block in zip(meters, each, strict=True):
                    meter.feed(block)
            path.write_text(json.dumps([meter.loudness() for meter in meters]), encoding="utf-8")

        found: list[float] = json.loads(self._store.keep(digest(self._key, levels), ".levels", measure).read_bytes())
        return found


def _loudness(narration: Narration, store: Store, level: int) -> float:
    """LUFS of a narration at a level, limited."""

    def tenths(part: tuple[Chapter, tuple[Cue, ...]]) -> NDArray[np.float64]:
        chapter, cues = part
        key = digest("loudness", identity_of(narration, cues, chapter.first, chapter.last), level)

        def measure(path: Path) -> None:
            meter = Meter(narration.rate)
            for block in chapter_samples(narration, store, chapter, cues, level):
                meter.feed(block)
            path.write_bytes(meter.energies().astype("<f4").tobytes())

        return np.fromfile(store.keep(key, ".loudness", measure), dtype="<f4").astype(np.float64)

    with Threads(os.cpu_count() or 1) as threads:
        return integrated(np.concatenate([np.zeros(0), *threads.map(tenths, by_chapter(narration))]))


def _levelled(raw: Iterable[Block], rate: int, level: float | None) -> Iterator[Block]:
    if level is None:
        return iter(raw)
    factor = np.float32(10 ** (level / 20))
    return _limited((block * factor for block in raw), rate)


def _raw(narration: Narration, store: Store, cues: Iterable[Cue], begin: int, end: int) -> Iterator[Block]:
    return _blocks(_pieces(narration, store, cues, begin, end))


def _pieces(narration: Narration, store: Store, cues: Iterable[Cue], begin: int, end: int) -> Iterator[Block]:
    """Silences and clips in turn, samples `begin` up to `end` of the narration."""
    now = begin
    for cue in cues:
        yield from _silence(cue.first - now)
        yield _clip_samples(cue.clip, store, narration.rate)
        now = cue.last
    yield from _silence(end - now)


def _silence(frames: int) -> Iterator[Block]:
    while frames > 0:
        yield np.zeros(min(frames, _BLOCK), dtype=np.float32)
        frames -= _BLOCK


def _blocks(pieces: Iterable[Block]) -> Iterator[Block]:
    """The same samples in blocks of one size, the last one shorter."""
    held: list[Block] = []
    count = 0
    for piece in pieces:
        held.append(piece)
        count += len(piece)
        if count >= _BLOCK:
            together = np.concatenate(held)
            whole = count // _BLOCK * _BLOCK
            for start in range(0, whole, _BLOCK):
                still_wanted()
                yield together[start : start + _BLOCK]
            held, count = [together[whole:]], count - whole
    if count:
        yield np.concatenate(held)


def _clip_samples(clip: Clip, store: Store, rate: int) -> Block:
    path = store.find(clip.key, ".flac")
    if path is None:
        raise EngineError("narration", f"clip {clip.key} has left the store during the build; build again")
    try:
        sound: Block = soundfile.read(path, dtype="float32")[0]
    except soundfile.LibsndfileError as problem:
        store.drop(clip.key, ".flac")
        raise EngineError("narration", f"clip {path} was damaged and is removed; build again") from problem
    if len(sound) != clip.frames:
        store.drop(clip.key, ".flac")
        raise EngineError("narration", f"clip {path} was cut short and is removed; build again")
    return sound if clip.rate == rate else at_rate(sound, clip.rate, rate)


def _limited(blocks: Iterable[Block], rate: int) -> Iterator[Block]:
    """The same samples with none above the ceiling: turned down smoothly around each peak, which costs no clipping.

    The gain at a sample is the mean, over a window around it, of the least gain that the samples near each need; so
    it never exceeds what the sample itself needs.
    """
    look = max(1, round(_LOOK * rate))
    ceiling = np.float32(10 ** (CEILING / 20))
    before = np.zeros(2 * look, dtype=np.float32)
    held = np.zeros(0, dtype=np.float32)
    for block in blocks:
        held = np.concatenate([held, block])
        if len(held) > 2 * look:
            ready, ahead = held[: -2 * look], held[-2 * look :]
            yield _turned_down(before, ready, ahead, ceiling, look)
            before, held = np.concatenate([before, ready])[-2 * look :], ahead
    if len(held):
        yield _turned_down(before, held, np.zeros(2 * look, dtype=np.float32), ceiling, look)


def _turned_down(before: Block, ready: Block, ahead: Block, ceiling: np.float32, look: int) -> Block:
    around = np.abs(np.concatenate([before, ready, ahead]))
    peaks = np.flatnonzero(around > ceiling)
    if not len(peaks):
        return ready
    quieter = ready.copy()
    # Only the samples near peaks: peaks that are near one another are taken together.
    reach = 2 * look
    breaks = np.flatnonzero(np.diff(peaks) > 2 * reach)
    for start, end in zip([peaks[0], *peaks[breaks + 1]], [*peaks[breaks], peaks[-1]], strict=True):
        first, last = max(int(start) - 2 * reach, 0), min(int(end) + 2 * reach + 1, len(around))
        if last - first > 2 * reach:
            # `ready` begins `reach` samples into what is around it.
            quieter[first : last - 2 * reach] *= _gains(around[first:last], ceiling, reach)
    return quieter


def _gains(around: Block, ceiling: np.float32, reach: int) -> Block:
    """The factors for all samples but the first and last `reach`."""
    needed = np.minimum(1, ceiling / np.maximum(around, 1e-9)).astype(np.float64)
    width = reach + 1
    lowest = _least_nearby(needed, width)
    sums = np.concatenate([[0.0], np.cumsum(lowest)])
    gains: Block = np.minimum((sums[width:] - sums[:-width]) / width, needed[reach : len(needed) - reach])
    return gains.astype(np.float32)


def _least_nearby(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The minimum of every window of `width` values (van Herk's and Gil and Werman's way: twice over, any width)."""
    count = len(values) - width + 1
    padded = np.concatenate([values, np.ones(-len(values) % width)]).reshape(-1, width)
    forward = np.minimum.accumulate(padded, axis=1).ravel()
    backward = np.minimum.accumulate(padded[:, ::-1], axis=1)[:, ::-1].ravel()
    return np.minimum(backward[:count], forward[width - 1 : width - 1 + count])
