"""ZIP files written byte by byte, so that what they say of themselves can be a lie."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

STORED, DEFLATED = 0, 8


@dataclass(frozen=True)
class Member:
    """An entry: `data` as it is unpacked, `packed` as it stands in the file (None: as it comes of `data`); `told` is
    the size that is told of it; `mode` its Unix mode; `at` the entry whose bytes it takes instead of its own."""

    name: str
    data: bytes = b""
    packed: bytes | None = None
    told: int | None = None
    flags: int = 0
    mode: int = 0o100644
    at: int | None = None
    method: int | None = None


def deflated(data: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(data) + squeeze.flush()


def spaces(megabytes: int) -> bytes:
    """A deflated stream of that many megabytes of spaces: one piece that stands by itself, again and again."""
    return repeated(b" ", megabytes) + b"\x03\x00"


def repeated(sign: bytes, megabytes: int) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (squeeze.compress(sign * (1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)) * megabytes


def raw_zip(members: list[Member]) -> bytes:
    body, places, directory = bytearray(), list[int](), bytearray()
    for member in members:
        packed = member.packed if member.packed is not None else deflated(member.data)
        method = DEFLATED if member.method is None else member.method
        size = len(member.data) if member.told is None else member.told
        name = member.name.encode()
        head = struct.pack("<HHHHHIII", 20, member.flags, method, 0, 33, zlib.crc32(member.data), len(packed), size)
        places.append(len(body) if member.at is None else places[member.at])
        if member.at is None:
            body += b"PK\x03\x04" + head + struct.pack("<HH", len(name), 0) + name + packed
        directory += b"PK\x01\x02" + struct.pack("<H", 0x031E) + head
        directory += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, member.mode << 16, places[-1]) + name
    end = struct.pack(
        "<HHHHIIH", 0, 0, min(len(members), 65535), min(len(members), 65535), len(directory), len(body), 0
    )
    return bytes(body + directory + b"PK\x05\x06" + end)
