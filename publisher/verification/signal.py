"""Sound kept aside on the disk, to be looked at in any order in flat memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from publisher.model.findings import InputError

Samples = NDArray[np.float32]


class Signal:
    """Mono samples, `rate` a second, in a file that has no name and ends with this object.

    Kept in 16 bits with 6 dB of head room, since a decoder's samples may exceed 1. Safe for several threads.
    """

    _SCALE = np.float32(16384)

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.frames = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the signal
        self._lock = Lock()

    def append(self, samples: Samples) -> int:
        """Add samples at the end; returns the number of the first. Raises InputError where the disk is full."""
        packed = np.clip(np.rint(samples * self._SCALE), -32768, 32767).astype("<i2")
        with self._lock:
            first = self.frames
            try:
                self._file.seek(first * 2)
                self._file.write(packed.tobytes())
            except OSError as problem:
                message = f"no room to listen in: {problem.strerror}; set TMPDIR to a folder with more room"
                raise InputError(message) from problem
            self.frames += len(packed)
        return first

    def take(self, blocks: Iterable[Samples]) -> Signal:
        """Add all blocks; returns itself."""
        for block in blocks:
            self.append(block)
        return self

    def read(self, first: int, last: int) -> Samples:
        """Samples `first` up to `last`; what lies before the begin and after the end is silence."""
        begin, end = min(max(first, 0), self.frames), min(max(last, 0), self.frames)
        with self._lock:
            self._file.seek(begin * 2)
            packed = np.frombuffer(self._file.read(max(0, end - begin) * 2), dtype="<i2")
        samples = packed.astype(np.float32) / self._SCALE
        if begin == first and len(samples) == last - first:
            return samples
        whole = np.zeros(max(0, last - first), dtype=np.float32)
        if len(samples):
            whole[begin - first : begin - first + len(samples)] = samples
        return whole

    def close(self) -> None:
        """Give the room back."""
        self._file.close()
