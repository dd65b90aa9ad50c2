"""From samples to MP3 (by LAME) and MPEG-4 audio (by PyAV): no system program, no clock in the files.

Constant bit rate, so that players seek to the right place; both containers tell how many samples the encoder put in
front (LAME's header; an edit list), so that a cue's time is the time in the decoded file.

AAC is joined as MP3 is (see `mp3`): a packet gives out its samples one packet later, the first gives out silence, and
none needs another's data. So the packet behind a sound's last one gives way to the first of the next sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from publisher.model.findings import EngineError
from publisher.model.narration import Narration
from publisher.narration.mp3 import bit_rate, encode_mp3, join_mp3

__all__ = ["Mark", "encode_aac", "encode_m4b", "encode_mp3", "join_m4b", "join_mp3", "marks"]

Block = NDArray[np.float32]

_OPTIONS = {"aac_coder": "fast", "aac_pns": "0", "aac_tns": "0", "flags": "+qscale"}
"""Measured with speech at these rates: no noise made up by the decoder (which no two decoders make alike) and no
shaping of noise in time leave less error, and take less work. So does one quality for all packets, in place of one
bit rate, for which the encoder tries most packets again and again: as many bytes in all, of which loud sounds have
more."""
_PACKET = 1024
"""Samples."""
_BIT_EXACT = 0x400
"""AVFMT_FLAG_BITEXACT: no encoder's version, no time, no random number."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter for a container: samples `first` up to `last`."""

    title: str
    first: int
    last: int


def marks(narration: Narration) -> tuple[Mark, ...]:
    """A narration's chapters."""
    return tuple(Mark(chapter.title, chapter.first, chapter.last) for chapter in narration.chapters)


def _options(rate: int) -> dict[str, str]:
    """The encoder's options, with the quality (its own measure) that gives speech about the bytes that `bit_rate`
    promises, and no packet more than the 6,144 bits that a decoder has room for."""
    quality = 100 if rate < 16_000 else 165 if rate <= 24_000 else 180
    return {**_OPTIONS, "global_quality": str(quality)}


def encode_m4b(
    path: Path,
    blocks: Iterable[Block],
    rate: int,
    chapters: Sequence[Mark] = (),
    language: str = "und",
) -> int:
    """Mono samples as AAC in MPEG-4 with chapters, `language` as ISO 639-2. Returns how many samples there were.

    Raises EngineError where the encoder gives out less than it was given.
    """
    with _container(path, rate, chapters, language) as container:
        stream = container.streams[0]
        count = packets = 0
        for frame in _frames(blocks, rate):
            count += frame.samples
            packets += _muxed(container, stream.encode(frame))
        packets += _muxed(container, stream.encode(None))
    _whole(packets, count)
    return count


def encode_aac(path: Path, blocks: Iterable[Block], rate: int) -> int:
    """Mono samples as bare packets of AAC, to be joined by `join_m4b`. Returns how many samples there were.

    In the file each packet's length stands before it, in two bytes, the higher one first. Raises EngineError where the
    encoder gives out less than it was given.
    """
    encoder: Any = av.CodecContext.create("aac", "w")
    _set_up(encoder, rate)
    encoder.options = _options(rate)
    count = packets = 0
    with path.open("wb") as file:
        for frame in _frames(blocks, rate):
            count += frame.samples
            packets += _write_packets(file, encoder.encode(frame))
        if count:
            packets += _write_packets(file, encoder.encode(None))
    _whole(packets, count)
    return count


def join_m4b(
    path: Path,
    parts: Sequence[tuple[Path, int]],
    rate: int,
    chapters: Sequence[Mark] = (),
    language: str = "und",
) -> int:
    """Files of `encode_aac` as one in MPEG-4 with chapters, given the samples of each, which are a multiple of a
    packet's and end in silence. Returns how many samples there are in all.

    Raises EngineError where one is shorter than it should be.
    """
    parts = [(part, samples) for part, samples in parts if samples]
    count, unit = -1, Fraction(1, rate)  # the first packet stands before the begin
    with _container(path, rate, chapters, language) as container:
        stream = container.streams[0]
        for number, (part, samples) in enumerate(parts, start=1):
            due = samples // _PACKET + (number == len(parts))
            for data in _packets(part, due):
                packet: Any = av.Packet(data)
                packet.stream = stream
                packet.time_base = unit
                packet.pts = packet.dts = count * _PACKET
                packet.duration = _PACKET
                packet.is_keyframe = True
                container.mux(packet)
                count += 1
    return sum(samples for _, samples in parts)


def _whole(packets: int, samples: int) -> None:
    """Raise EngineError for fewer packets than these samples fill."""
    if packets * _PACKET < samples:
        raise EngineError("aac", f"the encoder gave out {packets} packets for {samples} samples; build again")


def _muxed(container: Any, packets: Iterable[Any]) -> int:
    """How many packets were written."""
    found = [packet for packet in packets if packet.size]
    container.mux(found)
    return len(found)


def _write_packets(file: BinaryIO, packets: Iterable[Any]) -> int:
    """How many there were."""
    count = 0
    for packet in packets:
        data = bytes(packet)
        file.write(len(data).to_bytes(2, "big") + data)
        count += bool(data)
    return count


def _packets(path: Path, count: int) -> Iterator[bytes]:
    """The first packets of a file of `encode_aac`."""
    with path.open("rb") as file:
        for _ in range(count):
            length = int.from_bytes(file.read(2), "big")
            data = file.read(length)
            if not data or len(data) < length:
                raise EngineError("aac", f"{path} was cut short in the cache; remove it and build again")
            yield data


def _container(path: Path, rate: int, chapters: Sequence[Mark], language: str) -> Any:
    """An M4B to be written, its stream of AAC set up."""
    container: Any = av.open(str(path), "w", format="ipod", options={"movflags": "+faststart"})
    container.flags |= _BIT_EXACT
    stream: Any = container.add_stream("aac", rate=rate, options=_options(rate))
    _set_up(stream, rate)
    stream.metadata["language"] = language
    if chapters:
        container.set_chapters(
            [
                {
                    "id": number,
                    "start": mark.first,
                    "end": mark.last,
                    "time_base": Fraction(1, rate),
                    "metadata": {"title": mark.title},
                }
                for number, mark in enumerate(chapters, start=1)
            ]
        )
    return container


def _set_up(encoder: Any, rate: int) -> None:
    """What stream and bare encoder share, lest they differ."""
    if not isinstance(encoder, av.AudioStream):
        encoder.sample_rate = rate
        encoder.format = "fltp"
    encoder.layout = "mono"
    encoder.bit_rate = bit_rate(rate)
    encoder.time_base = Fraction(1, rate)


def _frames(blocks: Iterable[Block], rate: int) -> Iterator[Any]:
    count = 0
    for block in blocks:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        frame.pts = count
        count += len(block)
        yield frame
