"""Opens a Word document's package (ISO/IEC 29500-2): parts, and the relationships between them.

Files may come from strangers: nothing outside is followed, and no part unpacks to more than it may.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from publisher.model.findings import InputError
from publisher.strangers.containers import Container

LARGEST = 128 * 1024 * 1024
"""The most that one part may unpack to, in bytes."""
WHOLE = 1024 * 1024 * 1024
"""The most that all parts may unpack to together."""
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a relationship leads: the last word of its type, and a part's name, or an address where it is `outside`."""

    kind: str
    target: str
    outside: bool


@dataclass
class Package:
    """An open package. `name` is the file's, for messages."""

    archive: Container
    name: str
    left: int = WHOLE
    _relations: dict[str, Mapping[str, Relation]] = field(default_factory=dict)

    def holds(self, part: str) -> bool:
        """Whether there is a part of this name."""
        return part in self.archive.NameToInfo

    def bytes_of(self, part: str) -> bytes:
        """A part's bytes. Raises InputError where it is missing, damaged or too large."""
        try:
            information = self.archive.getinfo(part)
        except KeyError as problem:
            raise InputError(f"{self.name}: there is no {part} in it; build it again") from problem
        self.left -= information.file_size
        if information.file_size > LARGEST or self.left < 0:
            raise InputError(
                f"{self.name}: {part} unpacks to {information.file_size} bytes; that is too large to be read"
            )
        return self.archive.read(information)

    def xml(self, part: str) -> etree._Element:
        """A part as XML; no entity and no address is ever followed. Raises InputError where it is none."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            return etree.fromstring(self.bytes_of(part), parser)
        except etree.XMLSyntaxError as problem:
            raise InputError(f"{self.name}: {part} is no well-formed XML: {problem}; build it again") from problem

    def relations(self, part: str) -> Mapping[str, Relation]:
        """The relationships of a part ("" for the package's own), by their ids."""
        if part not in self._relations:
            folder, _, file = part.rpartition("/")
            listed = posixpath.join(folder, "_rels", f"{file}.rels")
            found = dict(self._listed(listed, folder)) if self.holds(listed) else {}
            self._relations[part] = found
        return self._relations[part]

    def _listed(self, part: str, folder: str) -> Iterator[tuple[str, Relation]]:
        for one in self.xml(part).iter(_RELATIONS):
            outside = one.get("TargetMode") == "External"
            target = one.get("Target", "")
            if not outside:
                path = unquote(target)
                target = path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
            yield one.get("Id", ""), Relation(one.get("Type", "").rpartition("/")[2], target, outside)

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that a part is related to in one way, such as `footnotes`, that are there."""
        found = [one.target for one in self.relations(part).values() if one.kind == kind and not one.outside]
        return [target for target in found if self.holds(target)]


def open_package(path: Path) -> Package:
    """A package; its caller closes its archive. Raises InputError where it is none."""
    return Package(Container(path, path.name, "Word document"), path.name)
