"""One clip at another number of samples a second."""

from __future__ import annotations

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
