"""Loudness after ITU-R BS.1770-5 (https://www.itu.int/rec/R-REC-BS.1770), for one channel, in flat memory."""

from __future__ import annotations

import math
from array import array
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.float32]

_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_OFFSET = -0.691
_TAPS = 4096
"""Length of the weighting's impulse response: by then it has decayed beyond what 32-bit samples hold."""


def _shelf(rate: int) -> tuple[list[float], list[float]]:
    """The first stage, a high shelf, as a biquad for any rate (the standard gives coefficients for 48 kHz alone)."""
    gain, quality, centre = 3.999843853973347, 0.7071752369554196, 1681.974450955533
    k = math.tan(math.pi * centre / rate)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    norm = 1 + k / quality + k * k
    b = [high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k]
    return [value / norm for value in b], [1.0, 2 * (k * k - 1) / norm, (1 - k / quality + k * k) / norm]


def _high_pass(rate: int) -> tuple[list[float], list[float]]:
    """The second stage, a high pass near 38 Hz."""
    quality, centre = 0.5003270373238773, 38.13547087602444
    k = math.tan(math.pi * centre / rate)
    norm = 1 + k / quality + k * k
    return [1.0, -2.0, 1.0], [1.0, 2 * (k * k - 1) / norm, (1 - k / quality + k * k) / norm]


@lru_cache(maxsize=4)
def _response(rate: int) -> NDArray[np.float64]:
    """The impulse response of both stages, one after the other."""
    signal = [1.0] + [0.0] * (_TAPS - 1)
    for b, a in (_shelf(rate), _high_pass(rate)):
        filtered: list[float] = []
        x1 = x2 = y1 = y2 = 0.0
        for x in signal:
            y = b[0] * x + b[1] * x1 + b[2] * x2 - a[1] * y1 - a[2] * y2
            x1, x2, y1, y2 = x, x1, y, y1
            filtered.append(y)
        signal = filtered
    return np.array(signal)


@lru_cache(maxsize=8)
def _spectrum(rate: int, size: int) -> NDArray[np.complex64]:
    return np.fft.rfft(_response(rate), size).astype(np.complex64)


class Meter:
    """Takes blocks of samples in order; says how loud they were in all, in LUFS."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._overlap = np.zeros(_TAPS - 1)
        self._step = rate // 10
        self._rest = np.zeros(0)
        # One growing array: thousands of small ones, made among large ones that go again, would hold on to these' room.
        self._energies = array("d")

    def feed(self, block: Block) -> None:
        """Takes the next samples."""
        if not len(block):
            return
        size = 1 << (len(block) + _TAPS - 2).bit_length()
        weighted = np.fft.irfft(np.fft.rfft(block, size) * _spectrum(self._rate, size), size)
        weighted = weighted[: len(block) + _TAPS - 1]
        weighted[: _TAPS - 1] += self._overlap
        # What still rings after this block; a block shorter than the ring passes the rest of it on.
        self._overlap = weighted[len(block) :].copy()
        squares = np.concatenate([self._rest, weighted[: len(block)] ** 2])
        whole = len(squares) // self._step * self._step
        self._energies.extend(squares[:whole].reshape(-1, self._step).mean(axis=1).tolist())
        self._rest = squares[whole:].copy()

    def energies(self) -> NDArray[np.float64]:
        """The mean square of every whole tenth of a second, weighted: what the loudness is made from."""
        return np.array(self._energies)

    def loudness(self) -> float:
        """Integrated loudness in LUFS, gated; minus infinity where nothing is above the absolute gate."""
        return integrated(self.energies())


def integrated(tenths: NDArray[np.float64]) -> float:
    """The loudness of tenths of a second in a row, in LUFS, gated; minus infinity where none is above the absolute
    gate."""
    if len(tenths) < 4:
        # Shorter than one gating block of 400 ms: the standard is silent; all of it is taken as one.
        blocks = np.array([tenths.mean()]) if len(tenths) else np.zeros(0)
    else:
        blocks = np.convolve(tenths, np.full(4, 0.25), mode="valid")
    for gate in (_ABSOLUTE_GATE, None):
        threshold = gate if gate is not None else _level(blocks) + _RELATIVE_GATE
        blocks = blocks[blocks > 10 ** ((threshold - _OFFSET) / 10)]
    return _level(blocks)


def _level(blocks: NDArray[np.float64]) -> float:
    mean = float(blocks.mean()) if len(blocks) else 0.0
    return _OFFSET + 10 * math.log10(mean) if mean > 0 else -math.inf
