"""From narration to sound: clips and silences joined, brought to one loudness, peaks held, in flat memory.

The level is that of spoken word for one channel: −19 LUFS, true peak under −3 dB.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

from publisher.model.findings import EngineError
from publisher.model.narration import Clip, Cue, Narration
from publisher.narration.loudness import Meter
from publisher.narration.narrate import frames_at
from publisher.narration.resampling import resampled
from publisher.store import Store, digest

Block = NDArray[np.float32]

LOUDNESS = -19.0
"""LUFS, integrated."""
CEILING = -4.0
"""dB of the highest sample. Between samples, and after lossy coding, peaks rise: with speech by less than half a
decibel, which a test measures on the files."""

_BLOCK = 61440
"""Samples; with the meter's overlap just under a power of two, which its transform likes."""
_OVER = 1.3
"""What is added in the second step is limited in its turn: so a little more is added."""
_LOOK = 0.005
"""Seconds that the limiter looks ahead and back."""
_LEVEL_VERSION = 1


def samples(narration: Narration, store: Store) -> Iterator[Block]:
    """The whole narration as blocks of mono samples between −1 and 1, `narration.rate` a second, levelled and limited.

    Raises EngineError where the store has lost a clip.
    """
    gain = _gain(narration, store)
    return _limited((block * gain for block in joined(narration, store)), narration.rate)


def cue_samples(narration: Narration, store: Store, cues: Iterable[Cue]) -> Iterator[Block]:
    """The same sound from the begin of the first cue to the end of the last: a piece of the narration, same level.

    For a format that carries its audio in several files.
    """
    chosen = tuple(cues)
    if not chosen:
        return iter(())
    gain = _gain(narration, store)
    raw = _blocks(_pieces(narration, store, chosen, chosen[0].first, chosen[-1].last))
    return _limited((block * gain for block in raw), narration.rate)


def joined(narration: Narration, store: Store) -> Iterator[Block]:
    """Clips and silences as they are in the store, neither levelled nor limited."""
    return _blocks(_pieces(narration, store, narration.cues, 0, narration.frames))


def _gain(narration: Narration, store: Store) -> np.float32:
    """The factor that brings this mix to its loudness; measured once and kept in the store.

    The limiter takes a little loudness away, so the level is measured behind it and the difference added.
    """
    cues = [[cue.clip.key, cue.first] for cue in narration.cues]
    key = digest("level", _LEVEL_VERSION, LOUDNESS, CEILING, narration.rate, narration.frames, cues)

    def measure(path: Path) -> None:
        gain = _factor(LOUDNESS - _measured(joined(narration, store), narration.rate))
        limited = _limited((block * gain for block in joined(narration, store)), narration.rate)
        gain = gain * _factor((LOUDNESS - _measured(limited, narration.rate)) * _OVER)
        path.write_text(json.dumps({"gain": round(float(gain), 6)}), encoding="utf-8")

    return np.float32(json.loads(store.keep(key, ".json", measure).read_bytes())["gain"])


def _measured(blocks: Iterable[Block], rate: int) -> float:
    meter = Meter(rate)
    for block in blocks:
        meter.feed(block)
    return meter.loudness()


def _factor(decibels: float) -> np.float32:
    """Decibels as a factor; silence, which no factor makes loud, is left as it is."""
    return np.float32(10 ** (decibels / 20)) if math.isfinite(decibels) else np.float32(1)


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
    return sound if clip.rate == rate else resampled(sound, frames_at(clip, rate))


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
    if float(around.max()) <= ceiling:
        return ready
    needed = np.minimum(1, ceiling / np.maximum(around, 1e-9)).astype(np.float64)
    width = 2 * look + 1
    lowest = _least_nearby(needed, width)
    sums = np.concatenate([[0.0], np.cumsum(lowest)])
    gain = (sums[width:] - sums[:-width]) / width
    quieter: Block = (ready * np.minimum(gain, needed[2 * look : 2 * look + len(ready)])).astype(np.float32)
    return quieter


def _least_nearby(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The minimum of every window of `width` values (van Herk's and Gil and Werman's way: twice over, any width)."""
    count = len(values) - width + 1
    padded = np.concatenate([values, np.ones(-len(values) % width)]).reshape(-1, width)
    forward = np.minimum.accumulate(padded, axis=1).ravel()
    backward = np.minimum.accumulate(padded[:, ::-1], axis=1)[:, ::-1].ravel()
    return np.minimum(backward[:count], forward[width - 1 : width - 1 + count])
