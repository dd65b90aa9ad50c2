"""From a recording to samples: mono, in blocks, in flat memory, by FFmpeg's libraries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from publisher.model.findings import InputError

Block = NDArray[np.float32]


def sample_rate(source: Path | BinaryIO) -> int:
    """Samples a second of a recording. Raises InputError where it holds no sound."""
    with _opened(source) as container:
        return int(_stream(container, source).rate)


def decode(source: Path | BinaryIO, rate: int | None = None) -> Iterator[Block]:
    """The samples of a recording, all channels mixed to one, between −1 and 1, `rate` a second (None: its own).

    What an encoder put before and after the sound is left out where the file tells of it, as players do. A damaged
    stretch is left out too: what is decoded is what a listener hears. Raises InputError where it holds no sound.
    """
    with _opened(source) as container:
        stream = _stream(container, source)
        wanted = rate or int(stream.rate)
        resampler, kind = None, None
        for frame in _frames(container, stream):
            if _kind(frame) != kind:  # at the begin, and where a file goes on with other channels, as players do
                yield from _rest(resampler)
                kind = _kind(frame)
                plain = kind in (("fltp", "mono", wanted), ("flt", "mono", wanted))
                resampler = None if plain else av.AudioResampler(format="fltp", layout="mono", rate=wanted)
            if resampler is None:
                yield _samples(frame)
            else:
                frame.pts = None  # gaps that time stamps claim are not sound; a resampler would fill them
                yield from (_samples(piece) for piece in resampler.resample(frame))
        yield from _rest(resampler)


def told_seconds(source: Path | BinaryIO) -> float:
    """How long a recording sounds by what its begin tells. Raises InputError where it holds no sound."""
    with _opened(source) as container:
        stream = _stream(container, source)
        if stream.duration is not None:
            return float(stream.duration * stream.time_base)
        return float(container.duration or 0) / av.time_base


def packed_seconds(source: Path | BinaryIO) -> float:
    """How long a recording sounds by its packets, none of which is decoded: what an encoder put before and after the
    sound is counted, too. Raises InputError where it holds no sound."""
    with _opened(source) as container:
        stream = _stream(container, source)
        return float(sum(packet.duration or 0 for packet in _packets(container, stream)) * stream.time_base)


def _kind(frame: Any) -> tuple[str, str, int]:
    return str(frame.format.name), str(frame.layout.name), int(frame.sample_rate)


def _rest(resampler: Any) -> Iterator[Block]:
    """What a resampler has still in hand."""
    if resampler is not None:
        yield from (_samples(piece) for piece in resampler.resample(None))


def _samples(frame: Any) -> Block:
    samples: Block = frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)
    return samples


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    for packet in _packets(container, stream):
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        yield from frames


def _packets(container: Any, stream: Any) -> Iterator[Any]:
    try:
        yield from container.demux(stream)
    except av.error.FFmpegError:
        # The file ends within a packet: what came before it was heard.
        return


def _opened(source: Path | BinaryIO) -> Any:
    try:
        return av.open(str(source) if isinstance(source, Path) else source)
    except (av.error.FFmpegError, OSError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise InputError(f"{_name(source)} cannot be decoded: {reason}; build it again") from problem


def _stream(container: Any, source: Path | BinaryIO) -> Any:
    if not container.streams.audio:
        raise InputError(f"{_name(source)} holds no sound; build it again")
    return container.streams.audio[0]


def _name(source: Path | BinaryIO) -> str:
    return source.name if isinstance(source, Path) else "a recording"
