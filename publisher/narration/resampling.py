"""One clip at another number of samples a second."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


def resampled(sound: Samples, frames: int) -> Samples:
    """A clip stretched or squeezed to another number of samples: its spectrum cut, or continued with zeros."""
    if frames == len(sound) or not len(sound):
        return sound
    # Silence behind it keeps what the transform wraps around out of the sound.
    size = len(sound) + max(256, len(sound) // 16)
    target = round(size * frames / len(sound))
    spectrum = np.fft.rfft(sound, size)
    wanted = np.zeros(target // 2 + 1, dtype=complex)
    kept = min(len(spectrum), len(wanted))
    wanted[:kept] = spectrum[:kept]
    stretched = np.fft.irfft(wanted, target) * (target / size)
    found: Samples = stretched[:frames].astype(np.float32)
    return found


def at_rate(sound: Samples, rate: int, wanted: int) -> Samples:
    """A clip of `rate` samples a second at another rate, by the exact ratio of the two: what sounds at one time in two
    clips of different lengths sounds at one time in both of them still."""
    if rate == wanted or not len(sound):
        return sound
    step, to = rate // gcd(rate, wanted), wanted // gcd(rate, wanted)
    steps = -(-(len(sound) + max(256, len(sound) // 16)) // step)
    # Silence behind it keeps what the transform wraps around out of the sound.
    spectrum = np.fft.rfft(sound, steps * step)
    continued = np.zeros(steps * to // 2 + 1, dtype=complex)
    kept = min(len(spectrum), len(continued))
    continued[:kept] = spectrum[:kept]
    stretched = np.fft.irfft(continued, steps * to) * (to / step)
    found: Samples = stretched[: round(len(sound) * wanted / rate)].astype(np.float32)
    return found
