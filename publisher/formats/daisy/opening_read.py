"""Opens a DAISY 2.02 book: its ZIP, or its folder as it stands on a card."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO
from urllib.parse import unquote

from lxml import etree, html

from publisher.formats.characters import as_utf8, numbered
from publisher.model.findings import InputError
from publisher.strangers.containers import Container

NCC = "ncc.html"
_LARGEST = 64 * 1024 * 1024
_SOUND = 2 * 1024 * 1024 * 1024
_CLOCK = re.compile(r"(?:(?:([0-9]{1,9}):)?([0-5]?[0-9]):)?([0-9]{1,9}(?:\.[0-9]{1,99})?)(h|min|ms|s)?")
_UNITS = {"h": 3600.0, "min": 60.0, "s": 1.0, "ms": 0.001, None: 1.0}


class Book:
    """An open book. Names are those of its files, as they stand beside its `ncc.html`."""

    def __init__(self, path: Path, archive: Container | None) -> None:
        self.path, self.archive = path, archive
        self._parsed: dict[str, etree._Element] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Its files, in the order of the ZIP."""
        if self.archive is None:
            return tuple(sorted(one.relative_to(self.path).as_posix() for one in self.path.rglob("*") if one.is_file()))
        inside = [one for one in self.archive.namelist() if not one.endswith("/")]
        return tuple(one.removeprefix(self.folder) for one in inside if one.startswith(self.folder))

    @cached_property
    def folder(self) -> str:
        """Where in a ZIP the book stands: some have it in a folder."""
        there = self.archive.namelist() if self.archive is not None else []
        found = next((one for one in there if posixpath.basename(one).lower() == NCC), NCC)
        return f"{posixpath.dirname(found)}/" if "/" in found else ""

    def bytes_of(self, name: str, largest: int = _LARGEST) -> bytes:
        """A file of the book. Raises InputError where it is not there, or too large."""
        with self.opened(name) as file:
            data = file.read(largest + 1)
        if len(data) > largest:
            raise InputError(f"{self.path.name}: {name} is too large to be read; build it again")
        return data

    def copy(self, name: str, target: Path) -> Path:
        """Copy a file of the book, in pieces. Raises InputError where it cannot be read; OSError where the copy cannot
        be written."""
        with target.open("wb") as copy:
            copy.writelines(self._blocks(name))
        return target

    def _blocks(self, name: str) -> Iterator[bytes]:
        taken = 0
        with self.opened(name) as source:
            while block := source.read(1 << 20):
                taken += len(block)
                if taken > _SOUND:
                    raise InputError(f"{self.path.name}: {name} is too large to be heard; build it again")
                yield block

    def own_name(self, name: str) -> str | None:
        """A file's name as it is written in the book: on discs some are in capitals that no document has; None where
        there is none."""
        return name if name in self.names else self._folded.get(name.lower())

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {name.lower(): name for name in self.names}

    @contextmanager
    def opened(self, asked: str) -> Iterator[IO[bytes]]:
        name = self.own_name(asked)
        if name is None:
            raise InputError(f"{self.path.name}: there is no {asked} in it; build it again")
        try:
            if self.archive is None:
                with (self.path / name).open("rb") as file:
                    yield file
            else:
                with self.archive.open(self.folder + name) as member:
                    yield member
        except OSError as problem:
            message = f"{self.path.name}: {name} cannot be read: {problem}; build it again"
            raise InputError(message) from problem

    def xml(self, name: str) -> etree._Element:
        """A document, mended where it is badly written. No entity or address is ever followed."""
        if name not in self._parsed:
            root = _tree(numbered(as_utf8(self.bytes_of(name))), page=name.lower().endswith((".html", ".htm")))
            if root is None:
                raise InputError(f"{self.path.name}: {name} is no XML; build it again")
            self._parsed[name] = root
        return self._parsed[name]


def _tree(data: bytes, *, page: bool) -> etree._Element | None:
    """A document's elements; a page that is no XML is read as browsers read it. None for what holds none."""
    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            recover=recover,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root: etree._Element | None = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            if not (page and data.strip()):
                continue
            try:
                return html.document_fromstring(data.decode("utf-8", "replace"))
            except (etree.ParserError, ValueError):
                continue
        return root
    return None


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """The book in a ZIP or a folder. Raises InputError where it is neither."""
    if path.is_dir():
        yield Book(path, None)
        return
    with Container(path, path.name) as archive:
        yield Book(path, archive)


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for what is none."""
    # Not by etree.QName: what an HTML parser takes for a name may be none in XML.
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def classes(element: etree._Element) -> list[str]:
    """An element's classes."""
    return element.get("class", "").split()


def words_in(element: etree._Element) -> str:
    """An element's words, or the alternative of a picture."""
    text = element.get("alt") or "".join(str(part) for part in element.itertext())
    return " ".join(text.split())


def split_address(address: str) -> tuple[str, str]:
    """A file and the id in it, decoded."""
    name, _, fragment = address.partition("#")
    return posixpath.normpath(unquote(name)) if name else "", unquote(fragment)


def seconds(clock: str) -> float | None:
    """A clock value of SMIL 1.0 (https://www.w3.org/TR/1998/REC-smil-19980615/#clock-val-syntax); None for none."""
    value = _CLOCK.fullmatch(clock.strip().removeprefix("npt="))
    if value is None:
        return None
    hours, minutes, rest, unit = value.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest) * _UNITS[unit]
