"""The sound of a person's reading: decoded once, strictly, in flat memory; kept aside on the disk to be cut.

Only the three kinds of file that recordings have are opened, each by its own demuxer: others name further files that
would be opened, too. A file that ends early or is damaged is refused, with the time: a player would pass over it, and
words would be missing.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from publisher.model.findings import InputError
from publisher.model.recordings import Recording
from publisher.model.source import Position
from publisher.narration.loudness import Meter

Block = NDArray[np.float32]

LONGEST = 24 * 3600
"""Seconds of one file that are read."""
RATES = 8000, 192_000
"""The fewest and the most samples a second."""
_SHORTEST = 0.2
"""Seconds: less is no sentence."""
_MISSING = 0.1
"""Seconds that the end may differ from what an MP3's first frame says: encoders count their own delay differently."""
_UNKNOWN_SIZES = (0, 0xFFFFFFFF)
"""What a program writes for the size of a WAV that it does not know yet."""


class Tape:
    """A recording's mono samples, `rate` a second, in a file that has no name and ends with this object.

    `level` is its loudness in LUFS. Safe for several threads.
    """

    def __init__(self, recording: Recording, rate: int) -> None:
        """Raises InputError, with the file and the time, where it cannot be read whole."""
        self.rate = rate
        self.frames = 0
        self._lock = Lock()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the tape
        try:
            meter = Meter(rate)
            for block in _decoded(recording, rate):
                meter.feed(block)
                self._append(block)
            self.level = meter.loudness()
            if self.frames < _SHORTEST * rate:
                raise unusable(recording, f"lasts {self.duration:.2f} s, which is no sentence; record it again")
        except BaseException:
            self.close()
            raise

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.frames / self.rate

    def _append(self, block: Block) -> None:
        packed = np.clip(np.rint(block * 32768), -32768, 32767).astype("<i2")
        try:
            self._file.write(packed.tobytes())
        except OSError as problem:
            message = f"no room for a recording's sound: {problem.strerror}; set TMPDIR to a folder with more room"
            raise InputError(message) from problem
        self.frames += len(packed)

    def read(self, first: int, last: int) -> Block:
        """Samples `first` up to `last`, no more than there are."""
        first, last = max(0, first), min(last, self.frames)
        with self._lock:
            self._file.seek(first * 2)
            packed = np.frombuffer(self._file.read(max(0, last - first) * 2), dtype="<i2")
        samples: Block = packed.astype(np.float32) / np.float32(32768)
        return samples

    def close(self) -> None:
        """Give the room back."""
        self._file.close()


def sample_rate(recording: Recording) -> int:
    """Samples a second of a recording, by its header. Raises InputError where it has none that can be."""
    with _opened(recording) as container:
        return int(_stream(container, recording).rate)


def unusable(recording: Recording, why: str, at: float | None = None) -> InputError:
    """The error for a recording that cannot be used."""
    place = recording.position or Position(str(recording.path), 1)
    when = f" at {clock(at)}" if at is not None else ""
    return InputError(f"{recording.name}{when}: {why}", place)


def clock(seconds: float) -> str:
    """`72.34` → `0:01:12.34`."""
    hundredths = round(seconds * 100)
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 100:02}.{rest % 100:02}"


def _decoded(recording: Recording, rate: int) -> Iterator[Block]:
    if recording.kind == "wav":
        _check_wav(recording)
    with _opened(recording) as container:
        stream = _stream(container, recording)
        own = int(stream.rate)
        promised = _promised(stream, recording.kind)
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
        heard, kind = 0, None
        for frame in _frames(container, stream, recording):
            kind = kind or _kind(frame)
            if _kind(frame) != kind:
                why = "changes its channels or its samples a second; export it again as one recording"
                raise unusable(recording, why, heard / own)
            heard += int(frame.samples)
            if heard > LONGEST * own:
                raise unusable(recording, f"is longer than {LONGEST // 3600} hours; make a file of each chapter")
            frame.pts = None  # gaps that time stamps claim are not sound; a resampler would fill them
            yield from (_samples(piece) for piece in resampler.resample(frame))
        if heard:
            yield from (_samples(piece) for piece in resampler.resample(None))
        if promised is not None and heard / own < promised - _MISSING:
            why = f"ends early: {promised:.1f} s were announced; copy or export it again"
            raise unusable(recording, why, heard / own)


def _kind(frame: Any) -> tuple[str, int]:
    return str(frame.layout.name), int(frame.sample_rate)


def _samples(piece: Any) -> Block:
    samples: Block = piece.to_ndarray().reshape(-1).astype(np.float32, copy=False)
    if not np.isfinite(samples).all():
        # A WAV of floats may hold what is no number.
        samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    return samples


def _frames(container: Any, stream: Any, recording: Recording) -> Iterator[Any]:
    seconds = 0.0
    broken: av.error.FFmpegError | None = None
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            frames = packet.decode()
        except av.error.EOFError:
            return
        except av.error.FFmpegError as problem:
            # What follows the last frame, a tag perhaps, is no sound: damage is what has sound after it.
            broken = problem
            continue
        for frame in frames:
            if broken is not None:
                why = f"is damaged ({broken.strerror}); copy or export it again"
                raise unusable(recording, why, seconds) from broken
            seconds += frame.samples / frame.sample_rate
            yield frame


def _opened(recording: Recording) -> Any:
    try:
        return av.open(str(recording.path), format=recording.kind)
    except (av.error.FFmpegError, OSError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise unusable(recording, f"cannot be decoded ({reason}); save it again as WAV, FLAC or MP3") from problem


def _stream(container: Any, recording: Recording) -> Any:
    if not container.streams.audio:
        raise unusable(recording, "holds no sound; save it again as WAV, FLAC or MP3")
    stream = container.streams.audio[0]
    if not 1 <= stream.channels <= 2:
        raise unusable(recording, f"has {stream.channels} channels; mix it down to one or two")
    least, most = RATES
    if not least <= int(stream.rate or 0) <= most:
        message = f"has {stream.rate} samples a second; save it with {least} to {most}, best 44100 or 48000"
        raise unusable(recording, message)
    return stream


def _promised(stream: Any, kind: str) -> float | None:
    """The seconds that the file's own header tells of, where it is to be believed."""
    if kind == "wav" or stream.duration is None or stream.time_base is None:
        return None
    return float(stream.duration * stream.time_base)


def _check_wav(recording: Recording) -> None:
    """That the samples which a WAV's header tells of are there; FFmpeg passes over it.

    RIFF WAVE: Multimedia Programming Interface and Data Specifications 1.0; RF64: EBU Tech 3306.
    """
    path: Path = recording.path
    size = path.stat().st_size
    with path.open("rb") as file:
        wide = file.read(12)[:4] == b"RF64"
        at, align, rate = 12, 1, 1
        while head := file.read(8):
            if len(head) < 8:
                break
            name, length = head[:4], struct.unpack("<I", head[4:])[0]
            at += 8
            if name == b"data":
                if wide or length in _UNKNOWN_SIZES:
                    return
                if length > size - at:
                    seconds = (size - at) / max(1, align * rate)
                    raise unusable(recording, "ends early: it was cut short; copy or export it again", seconds)
                return
            if name == b"fmt " and length >= 16:
                rate, align = struct.unpack("<4xI4xH2x", file.read(16))
            at += length + length % 2
            file.seek(at)
    raise unusable(recording, "holds no sound; save it again as WAV, FLAC or MP3")
