"""How alike two sounds are, and where one sounds within another: correlation, window by window.

Each window is compared by its shape alone, so loudness, limiting and fading do not matter. Of what an encoder at 64
kbit/s leaves, no window of a tenth of a second is below 0.92 where the sentence is right; where another word sounds,
windows are about zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from publisher.verification.signal import Samples

WINDOW = 0.1
"""Seconds."""
ALIKE = 0.8
"""Windows above are right. Half-way, in angle, between what is right and what is not."""
_HUSHED = 0.03
"""Windows of less than this share of a sentence's level are pauses within it."""
_SILENT = 0.05
"""Windows of less than this share of the level that they should have are silent."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A sentence held against a stretch of sound, window by window. `first` and `last` are samples of the sentence.

    `counted` windows hold sound that matters; `alike` are right; `silent` hold next to nothing where they should.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    counted: NDArray[np.bool_]
    alike: NDArray[np.bool_]
    silent: NDArray[np.bool_]

    @property
    def whole(self) -> bool:
        """Whether all of it is right."""
        return bool((self.alike | ~self.counted).all())

    @property
    def share(self) -> float:
        """How much of it is right, of what matters."""
        return float((self.alike & self.counted).sum() / max(1, self.counted.sum()))

    @property
    def right(self) -> int:
        """How many windows are right."""
        return int((self.alike & self.counted).sum())

    @property
    def first_right(self) -> int:
        """The sample of the sentence from which something of it is right."""
        places = np.nonzero(self.alike & self.counted)[0]
        return int(self.first[places[0]]) if len(places) else 0

    @property
    def last_right(self) -> int:
        """The sample of the sentence up to which something of it is right."""
        places = np.nonzero(self.alike & self.counted)[0]
        return int(self.last[places[-1]]) if len(places) else 0

    def wrong_stretches(self) -> list[tuple[int, int, bool]]:
        """Samples from and up to which it is wrong, and whether it is silent there."""
        found: list[tuple[int, int, bool]] = []
        fresh = True
        for index in np.nonzero(self.counted)[0]:
            if self.alike[index]:
                fresh = True
                continue
            silent = bool(self.silent[index])
            if found and not fresh and found[-1][2] == silent:
                found[-1] = (found[-1][0], int(self.last[index]), silent)
            else:
                found.append((int(self.first[index]), int(self.last[index]), silent))
            fresh = False
        return found


def likeness(wanted: Samples, heard: Samples, rate: int) -> Likeness:
    """Hold two sounds of the same length against each other."""
    window = max(1, min(round(WINDOW * rate), len(wanted)))
    count = max(1, len(wanted) // window)
    first = np.arange(count, dtype=np.int64) * window
    # The last window ends where the sentence does: nothing is left out at its end.
    if count * window < len(wanted):
        first = np.append(first, len(wanted) - window)
    # What is constant over a window is not heard, and Opus leaves it out.
    level, their_level = _sums(wanted, first, window), _sums(heard, first, window)
    both = _sums(wanted * heard, first, window) - level * their_level / window
    own = np.maximum(_sums(wanted * wanted, first, window) - level**2 / window, 0.0)
    theirs = np.maximum(_sums(heard * heard, first, window) - their_level**2 / window, 0.0)
    mean = float(own.mean()) or 1e-12
    loudness = float(theirs.sum() / max(own.sum(), 1e-12)) or 1e-12
    correlation = both / np.sqrt(np.maximum(own * theirs, 1e-12))
    counted = own > _HUSHED**2 * mean
    if not counted.any():
        counted[:] = True
    silent = theirs < _SILENT**2 * own * min(1.0, max(loudness, 0.01))
    return Likeness(first, first + window, counted, (correlation > ALIKE) & ~silent, silent)


def _sums(values: Samples, first: NDArray[np.int64], window: int) -> NDArray[np.float64]:
    whole = len(values) // window
    sums: NDArray[np.float64] = values[: whole * window].reshape(-1, window).sum(axis=1, dtype=np.float64)
    if len(first) > whole:
        sums = np.append(sums, values[-window:].sum(dtype=np.float64))
    return sums


class Place:
    """A stretch of sound, made ready to look for several sentences in it."""

    def __init__(self, sound: Samples) -> None:
        self.sound = sound
        self._sizes: dict[int, NDArray[np.complex64]] = {}
        squares = np.cumsum(np.square(sound, dtype=np.float64))
        self._energy = np.concatenate([[0.0], squares])

    def find(self, wanted: Samples) -> tuple[int, float]:
        """Where in it a sentence fits best and how well (correlation over the whole sentence); (0, 0) if nowhere."""
        starts = len(self.sound) - len(wanted) + 1
        if starts < 1 or not len(wanted):
            return 0, 0.0
        size = _good_size(len(self.sound) + len(wanted))
        if size not in self._sizes:
            self._sizes[size] = np.fft.rfft(self.sound, size).astype(np.complex64)
        product = self._sizes[size] * np.conj(np.fft.rfft(wanted, size))
        both = np.fft.irfft(product, size)[:starts]
        own = float(np.square(wanted, dtype=np.float64).sum())
        theirs = self._energy[len(wanted) :] - self._energy[:starts]
        floor = max(1e-9, 1e-4 * own)
        correlation = both / np.sqrt(own * np.maximum(theirs, floor) + 1e-12)
        best = int(np.argmax(correlation))
        return best, float(correlation[best])


def _good_size(least: int) -> int:
    """A length that transforms fast: 2, 3 or 5 times a power of two."""
    size = 1 << (least - 1).bit_length()
    for smaller in (size * 5 // 8, size * 3 // 4):
        if smaller >= least:
            return smaller
    return size
