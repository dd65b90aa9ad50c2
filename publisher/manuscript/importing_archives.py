"""ZIP files from strangers (DOCX, ODT, EPUB), bounded before anything is made of them.

Nothing is ever unpacked onto the disk: members are read into memory, by name, and no name is used as a path. Sizes are
measured by decompressing, since what a ZIP says of itself may be a lie. What is refused, and which settings allow more,
see `publisher.strangers`.
"""

from __future__ import annotations

from publisher.model.findings import InputError
from publisher.strangers.bounds import MEGABYTE, beyond
from publisher.strangers.containers import Container

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Archive:
    """A ZIP that has been found harmless: its members' names, and their bytes when asked for.

    `shown` is the file as the user knows it, `kind` what it claims to be (`DOCX`). Raises InputError where it is no
    ZIP, is damaged or encrypted, has too many or too large members, or a name that climbs out of its folder.
    """

    def __init__(self, data: bytes, shown: str, kind: str) -> None:
        if data.startswith(_OLD_OFFICE):
            raise InputError(
                f"{shown} is no {kind}: it is encrypted or in an older format; save it anew as {kind}, without password"
            )
        self.shown = shown
        self._zip = Container(data, shown, kind, remedy=f"save it anew as {kind}")
        total = 0
        for member in self._zip.infolist():
            with self._zip.open(member) as stream:
                while piece := stream.read(MEGABYTE):
                    total += len(piece)
                    if total > self._zip.bounds.unpacked * MEGABYTE:
                        wrong = f"{shown} unpacks to more than {self._zip.bounds.unpacked} MB"
                        raise InputError(beyond(wrong, "unpacked"))

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
