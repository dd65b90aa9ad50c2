"""ZIP containers of strangers (EPUB, DOCX, ODT, DAISY, LPF), found harmless before anything in them is used.

Nothing is unpacked onto the disk by the name that a container gives it. What its directory says is held to: no name
that climbs out, none twice, no symbolic link, no encryption, no entries that share their bytes, none of a size beyond
the bounds; and each member is decompressed in pieces, so that a size that lies is found before it has filled the
memory. APPNOTE.TXT, 4.3 and 4.4: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any, cast

from publisher.model.findings import InputError
from publisher.strangers.bounds import MEGABYTE, Bounds, beyond, bounds

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
)
"""Whatever zipfile says of a file that is damaged, encrypted or of a kind that it does not know."""

_PIECE = 1024 * 1024
_HEADER = 30
"""The bytes of a local file header before its name (APPNOTE.TXT, 4.3.7)."""


class Container(zipfile.ZipFile):
    """A ZIP that may be read: `read` gives a member whole, `open` in pieces.

    `shown` is the file as messages name it, `kind` what it should be, `remedy` what to do about one that is refused.
    Raises InputError where it is no ZIP or is not harmless; KeyError where there is no member of a name.
    """

    def __init__(
        self,
        file: Path | bytes,
        shown: str,
        kind: str = "ZIP file",
        *,
        remedy: str = "build it again",
        within: Bounds | None = None,
    ) -> None:
        self.shown, self.remedy = shown, remedy
        self.bounds = within or bounds()
        if isinstance(file, Path) and not file.is_file():
            raise InputError(f"{shown} is no ordinary file; {remedy}")
        try:
            super().__init__(io.BytesIO(file) if isinstance(file, bytes) else file)
        except DAMAGE as problem:
            raise InputError(f"{shown} is no {kind}, or a damaged one: {problem}; {remedy}") from problem
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def _check(self) -> None:
        members = self.infolist()
        if len(members) > self.bounds.members:
            raise self._too_much(f"holds {len(members):,} files", "members")
        seen: set[str] = set()
        for member in members:
            name = member.orig_filename
            if not harmless(name):
                raise self._refusal(f"holds a file named {_short(name)}, which is outside its folder")
            if member.filename in seen:
                raise self._refusal(f"holds two files named {_short(name)}")
            seen.add(member.filename)
            if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise self._refusal(f"holds {_short(name)}, which is a link or a device and no file")
            if member.flag_bits & 1:
                raise self._refusal(f"is encrypted ({_short(name)}); save it without a password", "")
            if member.compress_type == zipfile.ZIP_STORED and member.file_size != member.compress_size:
                raise self._refusal(f"is damaged: two sizes are told of {_short(name)}")
        packed = [member for member in members if member.compress_type != zipfile.ZIP_STORED]
        if sum(member.file_size for member in packed) > self.bounds.unpacked * MEGABYTE:
            raise self._too_much(f"unpacks to more than {self.bounds.unpacked} MB", "unpacked")
        self._check_places(sorted(members, key=lambda member: member.header_offset))

    def _check_places(self, members: list[zipfile.ZipInfo]) -> None:
        """No two entries share bytes: a bomb of a few kilobytes names the same ones a thousand times."""
        if not members:
            return
        ends = [*(member.header_offset for member in members[1:]), self.start_dir]
        for member, end in zip(members, ends, strict=True):
            if member.header_offset + _HEADER + len(member.orig_filename) + member.compress_size > end:
                raise self._refusal(f"is damaged: {_short(member.orig_filename)} overlaps what follows it")

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """A member's bytes. Raises InputError where it is damaged, or too large to be read whole."""
        most = self.bounds.document * MEGABYTE
        member = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if member.compress_type != zipfile.ZIP_STORED and member.file_size > most:
            raise self._too_much(
                f"{_short(member.orig_filename)} in it unpacks to {member.file_size:,} bytes", "document"
            )
        pieces: list[bytes] = []
        with self.open(member, pwd=pwd) as stream:
            while piece := stream.read(_PIECE):
                pieces.append(piece)
        data = b"".join(pieces)
        if len(data) != member.file_size:
            raise self._refusal(f"is damaged: {_short(member.orig_filename)} is shorter than it should be")
        return data

    def open(self, name: str | zipfile.ZipInfo, mode: Any = "r", pwd: bytes | None = None, **more: Any) -> IO[bytes]:
        """A member's bytes in pieces. Raises InputError where it is damaged, then or while it is read."""
        try:
            opened = super().open(name, mode, pwd, **more)
        except KeyError:
            raise
        except DAMAGE as problem:
            raise self.damaged(name, problem) from problem
        return cast("IO[bytes]", _Stream(opened, self, name))

    def damaged(self, name: str | zipfile.ZipInfo, problem: BaseException) -> InputError:
        told = name if isinstance(name, str) else name.orig_filename
        return self._refusal(f"is damaged: {_short(told)} cannot be read: {problem or type(problem).__name__}")

    def _too_much(self, wrong: str, name: str) -> InputError:
        return InputError(beyond(f"{self.shown} {wrong}", name))

    def _refusal(self, wrong: str, remedy: str | None = None) -> InputError:
        after = self.remedy if remedy is None else remedy
        return InputError(f"{self.shown} {wrong}" + (f"; {after}" if after else ""))


class _Stream(io.RawIOBase):
    """A member as it is read, whose damage is told as such."""

    def __init__(self, stream: IO[bytes], container: Container, name: str | zipfile.ZipInfo) -> None:
        super().__init__()
        self._stream, self._container, self._member = stream, container, name

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes (all that are left where it is negative), decompressed a piece at a time."""
        pieces: list[bytes] = []
        left = size
        try:
            while left and (piece := self._stream.read(_PIECE if left < 0 else min(left, _PIECE))):
                pieces.append(piece)
                left = left if left < 0 else left - len(piece)
        except DAMAGE as problem:
            raise self._container.damaged(self._member, problem) from problem
        return b"".join(pieces)

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def harmless(name: str) -> bool:
    """Whether a member's name stays in the container's folder, on every system."""
    parts = name.replace("\\", "/").split("/")
    return bool(name) and ".." not in parts and parts[0] != "" and ":" not in parts[0] and "\0" not in name


def _short(name: str) -> str:
    return repr(name if len(name) <= 80 else f"{name[:79]}…")
