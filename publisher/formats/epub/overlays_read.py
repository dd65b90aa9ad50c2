"""Reads the media overlays of an EPUB: which words sound when, in which file.

https://www.w3.org/TR/epub-33/#sec-media-overlays
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from publisher.formats.characters import mended
from publisher.model.extract import FoundCue
from publisher.model.findings import InputError
from publisher.strangers.containers import Container

_OPF = "{http://www.idpf.org/2007/opf}"
_SMIL = "{http://www.w3.org/ns/SMIL}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_CONTAINER = "META-INF/container.xml"
_SOUND = 2 * 1024 * 1024 * 1024
_CLOCK = re.compile(r"(?:(?:([0-9]{1,9}):)?([0-5]?[0-9]):)?([0-9]{1,9}(?:\.[0-9]{1,99})?)(h|min|ms|s)?")
_UNITS = {"h": 3600.0, "min": 60.0, "s": 1.0, "ms": 0.001, None: 1.0}


@dataclass(frozen=True, slots=True)
class Overlay:
    """The words that sound in one audio file of a container, in the order of playing.

    `name` is the audio's path in the container; each cue's `id` the element's that is shown as active, its text what
    that element holds. `document` is the overlay's own path.
    """

    document: str
    name: str
    cues: tuple[FoundCue, ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """Words that no overlay gives a sound: those of an element, or a whole document's (`element` None)."""

    document: str
    element: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Overlays:
    """The overlays of an EPUB, in the order of its spine. `around` has, for each id of the documents that have one,
    that id and those of the elements around it, in the order of the documents.

    `durations` (by the overlay's path) and `duration` (of all) are in seconds, as told; None where they are not.
    `active_class` is what the package calls the words that sound, and `shows_active` whether a style sheet knows it.
    """

    tracks: tuple[Overlay, ...]
    around: Mapping[str, frozenset[str]]
    silent: tuple[Silent, ...] = ()
    durations: Mapping[str, float | None] = field(default_factory=dict)
    duration: float | None = None
    active_class: str | None = None
    shows_active: bool = False


def read_overlays(path: Path) -> Overlays:
    """The overlays of an EPUB's spine; none where it has none. Raises InputError where it is no EPUB."""
    with Container(path, path.name, "EPUB container") as archive:
        return _overlays(_Book(archive, path.name))


def extract_audio(path: Path, name: str, target: Path) -> Path:
    """Copy an audio file out of an EPUB, to `target`. Raises InputError where it is not there; OSError where the copy
    cannot be written."""
    with target.open("wb") as copy:
        copy.writelines(_blocks(path, name))
    return target


def _blocks(path: Path, name: str) -> Iterator[bytes]:
    try:
        with Container(path, path.name, "EPUB container") as archive:
            information = archive.getinfo(name)
            if information.file_size > _SOUND:
                raise InputError(f"{path.name}: {name} is too large to be heard; build it again")
            with archive.open(information) as source:
                while block := source.read(1 << 20):
                    yield block
    except KeyError as problem:
        raise InputError(f"{path.name}: there is no {name} in it; build it again") from problem
    except OSError as problem:
        raise InputError(f"{path.name}: {name} cannot be read: {problem}; build it again") from problem


def seconds(clock: str) -> float | None:
    """A SMIL clock value (https://www.w3.org/TR/epub-33/#sec-overlays-smil-clock); None where it is none."""
    value = _CLOCK.fullmatch(clock.strip().removeprefix("npt="))
    if value is None:
        return None
    hours, minutes, rest, unit = value.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest) * _UNITS[unit]


class _Book:
    """An open container and the documents that were read."""

    def __init__(self, archive: Container, name: str) -> None:
        self.archive, self.name = archive, name
        self.documents: dict[str, dict[str, etree._Element]] = {}

    def elements(self, document: str) -> dict[str, etree._Element]:
        """The elements of a document by their ids."""
        if document not in self.documents:
            there = document in self.archive.namelist()
            elements = self.xml(document).iter(etree.Element) if there else ()
            self.documents[document] = {id: element for element in elements if (id := element.get("id"))}
        return self.documents[document]

    def xml(self, member: str) -> etree._Element:
        """A member as XML, mended where it is badly written. No entity or address is ever followed."""
        try:
            information = self.archive.getinfo(member)
        except KeyError as problem:
            raise InputError(f"{self.name}: there is no {member} in it; build it again") from problem
        root = mended(self.archive.read(information))
        if root is None:
            raise InputError(f"{self.name}: {member} is no XML; build it again")
        return root


def _overlays(book: _Book) -> Overlays:
    rootfile = book.xml(_CONTAINER).find(".//{*}rootfile")
    package_name = unquote(rootfile.get("full-path", "")) if rootfile is not None else ""
    package = book.xml(package_name)
    folder = posixpath.dirname(package_name)
    items = {item.get("id", ""): item for item in package.iterfind(f".//{_OPF}manifest/{_OPF}item")}
    tracks: list[Overlay] = []
    around: dict[str, frozenset[str]] = {}
    silent: list[Silent] = []
    durations: dict[str, float | None] = {}
    for ref in package.iterfind(f".//{_OPF}itemref"):
        item = items.get(ref.get("idref", ""))
        overlay = items.get(item.get("media-overlay", "")) if item is not None else None
        document = _joined(folder, item.get("href", "")) if item is not None else ""
        if item is not None and overlay is not None:
            smil = _joined(folder, overlay.get("href", ""))
            own = list(_of_document(book, smil))
            tracks += own
            durations[smil] = _told(package, f"#{overlay.get('id')}")
            for id, element in book.elements(document).items():
                outer = (other.get("id") for other in element.iterancestors())
                around[id] = frozenset([id, *(other for other in outer if other)])
            silent += _silent(book, document, {cue.id for track in own for cue in track.cues})
        elif item is not None and any(_silent(book, document, set())):
            silent.append(Silent(document, None, ""))
    shown = _meta(package, "media:active-class", None)
    return Overlays(
        tuple(tracks),
        around,
        tuple(silent),
        durations,
        _told(package, None),
        shown,
        bool(shown) and any(f".{shown}" in sheet for sheet in _style_sheets(book)),
    )


def _meta(package: etree._Element, property: str, refines: str | None) -> str | None:
    """What the package tells of itself, or of one of its items."""
    for meta in package.iter(f"{_OPF}meta"):
        if meta.get("property") == property and meta.get("refines") == refines:
            return (meta.text or "").strip()
    return None


def _told(package: etree._Element, refines: str | None) -> float | None:
    return seconds(_meta(package, "media:duration", refines) or "")


def _style_sheets(book: _Book) -> Iterator[str]:
    for information in book.archive.infolist():
        if information.filename.lower().endswith(".css"):
            yield book.archive.read(information).decode("utf-8", errors="replace")


def _silent(book: _Book, document: str, sounding: set[str]) -> Iterator[Silent]:
    """The elements with an id that hold words of their own, neither they nor what is around them having a sound."""
    for id, element in book.elements(document).items():
        words = " ".join((element.get("alt") or "".join(_own(element))).split())
        around = [id, *(other.get("id") or "" for other in element.iterancestors())]
        if words and not sounding.intersection(around) and "head" not in map(_name, element.iterancestors()):
            yield Silent(document, id, words)


def _own(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _of_document(book: _Book, smil: str) -> Iterator[Overlay]:
    """A document's overlay: an item for each run of clips from one audio file."""
    folder = posixpath.dirname(smil)
    audio, cues = "", list[FoundCue]()
    for par in book.xml(smil).iter(f"{_SMIL}par"):
        text, sound = par.find(f"{_SMIL}text"), par.find(f"{_SMIL}audio")
        if text is None or sound is None:
            continue
        document, _, fragment = text.get("src", "").partition("#")
        element = book.elements(_joined(folder, document)).get(unquote(fragment))
        words, lang = (_words(element), _lang(element)) if element is not None else ("", "")
        begin = seconds(sound.get("clipBegin", "0")) or 0.0
        end = seconds(sound.get("clipEnd", ""))
        file = _joined(folder, sound.get("src", ""))
        if file != audio and cues:
            yield Overlay(smil, audio, tuple(cues))
            cues = []
        audio = file
        cues.append(FoundCue(unquote(fragment), begin, float("inf") if end is None else end, words, lang))
    if cues:
        yield Overlay(smil, audio, tuple(cues))


def _words(element: etree._Element) -> str:
    text = element.get("alt") or "".join(str(part) for part in element.itertext())
    return " ".join(text.split())


def _lang(element: etree._Element) -> str:
    for around in (element, *element.iterancestors()):
        lang = around.get(f"{_XML}lang") or around.get("lang")
        if lang:
            return lang
    return ""


def _joined(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
