"""Reads a W3C Audiobook as a player would: its manifest, its tracks in order, its table of contents.

https://www.w3.org/TR/audiobooks/, https://www.w3.org/TR/pub-manifest/, https://www.w3.org/TR/lpf/
"""

from __future__ import annotations

import json
import posixpath
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree, html

from publisher.model.extract import Evidence, Extract, FoundChapter, FoundContents, FoundEntry
from publisher.model.findings import InputError
from publisher.strangers.containers import Container

MANIFEST = "publication.json"
_SOUND = 2 * 1024 * 1024 * 1024
_NUMBER = r"([0-9]{1,9}(?:\.[0-9]{1,99})?)"
_DURATION = re.compile(rf"P(?:T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)")
_MOMENT = re.compile(rf"t=(?:npt:)?{_NUMBER}")
_NAMES = {
    "title": "name",
    "creator": "author",
    "language": "inLanguage",
    "date": "datePublished",
    "identifier": "id",
    "publisher": "publisher",
    "rights": "copyrightNotice",
    "description": "description",
    "subject": "keywords",
    "narrator": "readBy",
}


@dataclass(frozen=True, slots=True)
class Linked:
    """A file that the manifest names: `name` is its place in the package, `duration` seconds as told (None: not),
    `intact` whether its bytes are those of its digest (None: none is told, or there is no such file)."""

    name: str
    title: str
    media_type: str
    rel: tuple[str, ...] = ()
    duration: float | None = None
    there: bool = False
    intact: bool | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of contents: its words, the file that it leads to and the second in it, how deep it stands, from 1."""

    text: str
    name: str
    at: float
    level: int


@dataclass(frozen=True, slots=True)
class Audiobook:
    """A package as it is: the manifest itself, its tracks and other resources, the lines of its contents (None: it has
    none), the names of all files."""

    data: Mapping[str, Any]
    tracks: tuple[Linked, ...]
    resources: tuple[Linked, ...]
    contents: tuple[Entry, ...] | None
    files: tuple[str, ...]


def read(path: Path) -> Extract:
    """What an audiobook tells of itself. Its sound is another matter. Raises InputError where it is none."""
    book = read_audiobook(path)
    metadata = {name: values for name, term in _NAMES.items() if (values := tuple(_strings(book.data.get(term))))}
    chapters: list[FoundChapter] = []
    begin = 0.0
    for track in book.tracks:
        end = begin + (track.duration or 0.0)
        chapters.append(FoundChapter(track.title, begin, end))
        begin = end
    entries = tuple(FoundEntry(one.text, f"{one.name}#t={one.at:.3f}", one.level) for one in book.contents or ())
    contents = () if book.contents is None else (FoundContents("toc", MANIFEST, entries),)
    return Extract(
        "audiobook",
        path.name,
        Evidence.DECLARED,
        metadata,
        chapters=tuple(chapters),
        duration=seconds(str(book.data.get("duration", ""))),
        contents=contents,
    )


def read_audiobook(path: Path) -> Audiobook:
    """The package as it is. Raises InputError where it is no package or its manifest is none."""
    with Container(path, path.name) as archive:
        return _read(archive, path.name)


def extract_track(path: Path, name: str, target: Path) -> Path:
    """Copy a file out of the package. Raises InputError where it is not there, or damaged; OSError where the copy
    cannot be written."""
    with target.open("wb") as copy:
        copy.writelines(_blocks(path, name))
    return target


def _blocks(path: Path, name: str) -> Iterator[bytes]:
    try:
        with Container(path, path.name) as archive, archive.open(name) as source:
            taken = 0
            while block := source.read(1 << 20):
                taken += len(block)
                if taken > _SOUND:
                    raise InputError(f"{path.name}: {name} is too large to be heard; build it again")
                yield block
    except KeyError as problem:
        raise InputError(f"{path.name}: there is no {name} in it; build it again") from problem
    except OSError as problem:
        raise InputError(f"{path.name}: {name} cannot be read: {problem}; build it again") from problem


def _read(archive: Container, name: str) -> Audiobook:
    try:
        data = json.loads(_bytes(archive, MANIFEST, name))
    except ValueError as problem:
        raise InputError(f"{name}: {MANIFEST} is no JSON: {problem}; build it again") from problem
    if not isinstance(data, dict):
        raise InputError(f"{name}: {MANIFEST} is no manifest; build it again")
    tracks = tuple(_linked(archive, one) for one in _list(data.get("readingOrder")))
    resources = tuple(_linked(archive, one) for one in _list(data.get("resources")))
    page = next((one.name for one in (*resources, *tracks) if "contents" in one.rel and one.there), None)
    contents = None if page is None else _contents(_bytes(archive, page, name), page)
    files = tuple(one for one in archive.namelist() if not one.endswith("/"))
    return Audiobook(data, tracks, resources, contents, files)


def _bytes(archive: Container, member: str, name: str) -> bytes:
    try:
        information = archive.getinfo(member)
    except KeyError as problem:
        raise InputError(f"{name}: there is no {member} in it; build it again") from problem
    return archive.read(information)


def _linked(archive: Container, value: Any) -> Linked:
    """A link as the manifest has it: an object, or an address alone."""
    data = value if isinstance(value, dict) else {"url": value}
    name = posixpath.normpath(unquote(str(data.get("url", "")).partition("#")[0]))
    there = name in archive.NameToInfo
    told = str(data.get("integrity", ""))
    return Linked(
        name,
        next(_strings(data.get("name")), ""),
        str(data.get("encodingFormat", "")),
        tuple(_strings(data.get("rel"))),
        seconds(str(data.get("duration", ""))),
        there,
        _digest(archive, name) == told if there and told.startswith("sha256-") else None,
    )


def _digest(archive: Container, name: str) -> str:
    digest = sha256()
    try:
        with archive.open(name) as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except InputError:
        return ""
    return f"sha256-{b64encode(digest.digest()).decode()}"


def _contents(page: bytes, at: str) -> tuple[Entry, ...] | None:
    """The lists of the page's `doc-toc` (https://www.w3.org/TR/pub-manifest/#app-toc-structure)."""
    try:
        root = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        return None
    toc = next((one for one in root.iter(etree.Element) if "doc-toc" in one.get("role", "").split()), None)
    if toc is None:
        return None
    return tuple(_entries(toc, posixpath.dirname(at)))


def _entries(toc: etree._Element, folder: str) -> Iterator[Entry]:
    for link in toc.iter("a"):
        name, _, fragment = link.get("href", "").partition("#")
        moment = _MOMENT.match(fragment)
        text = " ".join("".join(str(part) for part in link.itertext()).split())
        level = sum(1 for around in link.iterancestors("ol", "ul"))
        place = posixpath.normpath(posixpath.join(folder, unquote(name)))
        yield Entry(text, place, float(moment[1]) if moment else 0.0, level)


def seconds(duration: str) -> float | None:
    """A duration of ISO 8601 in hours, minutes and seconds; None where it is none."""
    found = _DURATION.fullmatch(duration)
    if found is None or not any(found.groups()):
        return None
    hours, minutes, rest = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + rest


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _strings(value: Any) -> Iterator[str]:
    """The words of a value: a string, an object with a name or a value, or a list of these."""
    for one in _list(value):
        told = one.get("name", one.get("value")) if isinstance(one, dict) else one
        if isinstance(told, dict | list):
            yield from _strings(told)
        elif told is not None:
            yield " ".join(str(told).split())
