"""MP3 by LAME, with the header that tells players which samples to skip.

The encoder puts some samples in front and fills up the last frame. The first frame of the file is silent and carries
the Info tag with both counts, so that what is decoded begins and ends where the sound does:
http://gabriel.mp3-tech.org/mp3infotag.html

Files whose sounds are whole frames long, and end in silence, can be joined without encoding them again (`join_mp3`).
What is decoded of a frame comes out later than its place, by what encoder and decoder put in front; so each sound
needs frames behind its last one, and those stand in the file of the sound alone. In a joined file the next sound's
first frames take their place: they bring the same silence, and the rest of the sound before has been given out. No
frame needs data that is not there: a frame's data never lies behind it, and an encoder's first frame, which every sound
begins with, has none of its data before it (ISO/IEC 11172-3, 2.4.2.7, `main_data_begin`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import lameenc  # type: ignore[import-not-found]
import numpy as np
from numpy.typing import NDArray

from publisher.model.findings import EngineError

Block = NDArray[np.float32]

RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)

_SCALE = np.float32(0.95)
"""LAME turns every sample down by this much at constant bit rates, to keep its decoders from clipping."""
_QUALITY = 7
"""LAME's own measure, 0 to 9: from 7 on it is fastest, and alike for speech at these rates."""
_DELAY = 576
"""Samples that LAME puts in front; decoders know that they themselves add 529."""
_NO_CRC = 0
_CHUNK = 1 << 18
"""Bytes of a file that are held at once."""

_KILOBITS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Layer III's bit rates by MPEG version (2 stands for 2.5 too)."""


def bit_rate(rate: int) -> int:
    """Bits a second at which speech of this bandwidth sounds as it did."""
    return 64_000 if rate <= 24_000 else 96_000


def encode_mp3(path: Path, blocks: Iterable[Block], rate: int) -> int:
    """Mono samples as an MP3 without tags, of constant bit rate. Returns how many samples there were.

    Raises EngineError where MP3 knows no such rate.
    """
    if rate not in RATES:
        raise EngineError("mp3", f"a voice of {rate} samples a second does not fit MP3; choose another voice")
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(bit_rate(rate) // 1000)
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(rate)
    encoder.set_channels(1)
    encoder.set_quality(_QUALITY)
    encoder.silence()
    with path.open("wb") as file:
        writer = _Frames(file)
        count = 0
        for block in blocks:
            louder = np.clip(np.rint(block * (np.float32(32768) / _SCALE)), -32768, 32767).astype(np.int16)
            count += len(block)
            writer.add(bytes(encoder.encode(louder.tobytes())))
        if count:  # LAME has nothing to flush where nothing was encoded
            writer.add(bytes(encoder.flush()))
        writer.finish(count)
    return count


def join_mp3(path: Path, parts: Sequence[tuple[Path, int]]) -> int:
    """Files of `encode_mp3` as one, given the samples of each. Returns how many samples there are in all.

    All but the last are a whole number of frames long and end in silence, which `pieces` sees to. Raises EngineError
    where one is shorter than it should be.
    """
    parts = [(part, samples) for part, samples in parts if samples]
    with path.open("wb") as file:
        writer = _Frames(file)
        for number, (part, samples) in enumerate(parts, start=1):
            with part.open("rb") as stream:
                writer.copy(stream, samples if number < len(parts) else None)
        total = sum(samples for _, samples in parts)
        writer.finish(total)
    return total


class _Frames:
    """Writes frames behind the place of the Info frame, counts them, and writes that frame at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._rest = b""
        self._first: bytes | None = None
        self._frames = 0
        self._bytes = 0

    def add(self, data: bytes) -> None:
        """Takes what the encoder gave out, whole frames or parts of them."""
        data = self._rest + data
        if self._first is None and len(data) >= 4:
            self._begin(data[:4])
        count, end = _whole_frames(data)
        self._write(data[:end], count)
        self._rest = data[end:]

    def copy(self, stream: BinaryIO, samples: int | None) -> None:
        """Takes the frames of a file but its Info frame: as many as have `samples` samples, or all."""
        header = stream.read(4)
        stream.seek(_frame_size(header))
        if self._first is None:
            self._begin(header)
        most = None if samples is None else samples // _samples_in(header)
        rest = b""
        for chunk in iter(lambda: stream.read(_CHUNK), b""):
            data = rest + chunk
            count, end = _whole_frames(data, most)
            self._write(data[:end], count)
            rest = data[end:]
            if most is not None:
                most -= count
                if not most:
                    return
        if most or rest:
            raise EngineError("mp3", f"{stream.name} was cut short in the cache; remove it and build again")

    def finish(self, samples: int) -> None:
        """Writes the Info frame for a sound of so many samples."""
        if self._first is None:
            return
        header = _unpadded(self._first)
        size = _frame_size(header)
        padding = self._frames * _samples_in(header) - _DELAY - samples
        if padding < 0:
            raise EngineError("mp3", f"the encoder gave out {-padding} samples less than it was given; build again")
        self._file.seek(0)
        self._file.write(_info_frame(header, self._frames, self._bytes + size, padding))

    def _begin(self, header: bytes) -> None:
        self._first = header
        self._file.write(bytes(_frame_size(_unpadded(header))))

    def _write(self, data: bytes, frames: int) -> None:
        self._file.write(data)
        self._frames += frames
        self._bytes += len(data)


def _whole_frames(data: bytes, most: int | None = None) -> tuple[int, int]:
    """How many whole frames data begins with, at most so many, and the bytes of these together."""
    count = end = 0
    size, kind = 0, b""
    while end + 4 <= len(data) and count != most:
        # Of frames of one kind only the padding bit differs: this runs a million times in eight hours of speech.
        if data[end : end + 2] != kind:
            kind, size = data[end : end + 2], _frame_size(_unpadded(data[end : end + 4]))
        length = size + (data[end + 2] >> 1 & 1)
        if end + length > len(data):
            break
        end += length
        count += 1
    return count, end


def _unpadded(header: bytes) -> bytes:
    """A frame's header without its padding bit, and with no CRC announced."""
    return bytes((header[0], header[1] | 0x01, header[2] & ~0x02, header[3]))


def _mpeg_version(header: bytes) -> int:
    return 1 if (header[1] >> 3) & 3 == 3 else 2


def _samples_in(header: bytes) -> int:
    return 1152 if _mpeg_version(header) == 1 else 576


def _frame_size(header: bytes) -> int:
    """Bytes of a Layer III frame (ISO/IEC 11172-3, 2.4.3.1; ISO/IEC 13818-3 for the lower rates)."""
    if header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        raise EngineError("mp3", "the encoder gave out something that is no MP3 frame; reinstall the package")
    version = _mpeg_version(header)
    kilobits = _KILOBITS[version][header[2] >> 4]
    rate = (44100, 48000, 32000)[(header[2] >> 2) & 3] // {3: 1, 2: 2, 0: 4}[(header[1] >> 3) & 3]
    return _samples_in(header) * kilobits * 125 // rate + ((header[2] >> 1) & 1)


def _info_frame(header: bytes, frames: int, total: int, padding: int) -> bytes:
    """The first frame: silent, with the counts of frames and bytes, a table of places, delay and padding."""
    side_information = bytes(17 if _mpeg_version(header) == 1 else 9)
    places = bytes(number * 256 // 100 for number in range(100))
    info = b"Info" + struct.pack(">III", 0x0F, frames, total) + places + struct.pack(">I", 100 - 10 * _QUALITY)
    # Encoder, revision and method (1: constant), low pass, replay gain, flags, bit rate, delay and padding, …
    kilobits = _KILOBITS[_mpeg_version(header)][header[2] >> 4]
    lame = b"LAME3.100" + bytes((0x01, 0)) + bytes(8) + bytes((0, min(kilobits, 255)))
    lame += ((_DELAY << 12) | padding).to_bytes(3, "big") + bytes(4) + struct.pack(">IH", total, _NO_CRC)
    frame = header + side_information + info + lame
    frame += _crc(frame).to_bytes(2, "big")
    return frame.ljust(_frame_size(header), b"\0")


def _crc(data: bytes) -> int:
    """CRC-16 as the tag has it: polynomial 0x8005, reflected."""
    value = 0
    for byte in data:
        value = value >> 8 ^ _CRCS[(value ^ byte) & 0xFF]
    return value


def _crc_of_byte(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value


_CRCS = tuple(_crc_of_byte(byte) for byte in range(256))
"""By a byte's value: every sentence is a file with such a sum."""
