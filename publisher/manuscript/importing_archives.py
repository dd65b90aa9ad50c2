"""ZIP files from strangers (DOCX, ODT, EPUB), bounded before anything is made of them.

Nothing is ever unpacked onto the disk: members are read into memory, by name, and no name is used as a path. Sizes are
measured by decompressing, since what a ZIP says of itself may be a lie.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from publisher.model.findings import InputError

MAX_MEMBERS = 10_000
MAX_BYTES = 512 * 1024 * 1024
"""What all members together may come to: far more than any book with pictures."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Archive:
    """A ZIP that has been found harmless: its members' names, and their bytes when asked for.

    `shown` is the file as the user knows it, `kind` what it claims to be (`DOCX`). Raises InputError where it is no
    ZIP, is damaged or encrypted, has too many or too large members, or a name that climbs out of its folder.
    """

    def __init__(self, data: bytes, shown: str, kind: str) -> None:
        self._shown, self._kind = shown, kind
        if data.startswith(_OLD_OFFICE):
            raise InputError(
                f"{shown} is no {kind}: it is encrypted or in an older format; save it anew as {kind}, without password"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._check()
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as problem:
            # zipfile's ways to refuse: NotImplementedError an unknown compression, RuntimeError an encrypted member.
            message = f"{shown} is no {kind}: not a ZIP file, or a damaged one; save it anew as {kind}"
            raise InputError(message) from problem

    def _check(self) -> None:
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise self._refusal(f"holds {len(members):,} files, more than {MAX_MEMBERS:,}", "split it")
        if sum(member.file_size for member in members) > MAX_BYTES:
            raise self._too_large()
        names: set[str] = set()
        total = 0
        for member in members:
            if not _harmless(member.filename):
                raise self._refusal(f"holds a file named {member.filename[:80]!r}, outside its folder", "do not use it")
            if member.filename in names:
                raise self._refusal(f"holds two files named {member.filename[:80]!r}", f"save it anew as {self._kind}")
            if member.flag_bits & 1:
                raise self._refusal("is encrypted", "save it without password")
            names.add(member.filename)
            with self._zip.open(member) as stream:
                while piece := stream.read(1 << 20):
                    total += len(piece)
                    if total > MAX_BYTES:
                        raise self._too_large()

    def _too_large(self) -> InputError:
        return self._refusal(f"unpacks to more than {MAX_BYTES // 1024 // 1024} MB", "make its pictures smaller")

    def _refusal(self, wrong: str, remedy: str) -> InputError:
        return InputError(f"{self._shown} {wrong}; {remedy}")

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names, in the archive's order, folders left out."""
        return tuple(name for name in self._zip.namelist() if not name.endswith("/"))

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises KeyError where there is none of that name."""
        return self._zip.read(name)

    def find(self, ending: str) -> bytes | None:
        """The bytes of the member whose path is, or ends with, `ending`; None where none or several do."""
        found = [name for name in self.names if name == ending or name.endswith(f"/{ending}")]
        exact = [name for name in found if name == ending]
        chosen = exact or found
        return self.read(chosen[0]) if len(chosen) == 1 else None


def _harmless(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." not in parts and not name.startswith(("/", "\\")) and ":" not in parts[0] and "\0" not in name
