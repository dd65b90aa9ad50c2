"""Reads how a DAISY 2.02 book is navigated and played: its NCC, its SMIL files, which words sound when.

https://daisy.org/activities/standards/daisy/daisy-2/daisy-format-2-02-specification/ (2.1 and 2.3)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lxml import etree

from publisher.formats.daisy.opening_read import (
    NCC,
    Book,
    classes,
    local,
    open_book,
    seconds,
    split_address,
    words_in,
)
from publisher.model.extract import FoundCue

_XML = "{http://www.w3.org/XML/1998/namespace}"
MASTER = "master.smil"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the navigation: a heading of `level` 1 to 6, or a note (0). `smil` and `par` are where it leads;
    `document` and `element` what is shown there, empty where it leads nowhere."""

    kind: Literal["heading", "note", "other"]
    level: int
    text: str
    smil: str
    par: str
    document: str = ""
    element: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A `par`: its ids (its own and that of its `text`: navigation may lead to either), the document that it shows,
    the sound's file, and whether players can be told to skip it. `cue` has the seconds, and the element's words."""

    ids: tuple[str, ...]
    document: str
    sound: str
    cue: FoundCue
    skippable: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """A SMIL file: its title, what it shows in its order, and the seconds that it tells of itself (None: it does not):
    of all before it, and of its own, in its head and in its `seq`."""

    name: str
    title: str
    shown: tuple[Shown, ...]
    elapsed: float | None
    lasting: float | None
    dur: float | None


@dataclass(frozen=True, slots=True)
class Presentation:
    """A whole book as it is played. `master` names its SMIL files as `master.smil` has them; `facts` are the metadata
    of the NCC by name; `around` has, for each id of the text, itself and the ids around it; `notes` the note that each
    id stands in; `files` are the names of all files; `told` are the metadata of every other document by its name."""

    points: tuple[Point, ...]
    sequences: tuple[Sequence, ...]
    master: tuple[str, ...]
    facts: Mapping[str, tuple[str, ...]]
    around: Mapping[str, frozenset[str]]
    notes: Mapping[str, str]
    files: tuple[str, ...]
    told: Mapping[str, Mapping[str, tuple[str, ...]]]


def read_presentation(path: Path) -> Presentation:
    """How a book (its ZIP or folder) is played. Raises InputError where it is none."""
    with open_book(path) as book:
        return presentation_of(book)


def presentation_of(book: Book) -> Presentation:
    """How an open book is played. Raises InputError where it is none."""
    ncc = book.xml(NCC)
    points = tuple(_points(ncc))
    master = tuple(_refs(book))
    names = tuple(dict.fromkeys(point.smil for point in points))
    texts = _Texts(book)
    sequences = tuple(_sequence(book, name, texts) for name in names if book.own_name(name))
    around, notes = texts.around_and_notes()
    shown = {(one.name, id): par for one in sequences for par in one.shown for id in par.ids}
    placed = tuple(_placed(point, shown.get((point.smil, point.par))) for point in points)
    others = [name for name in (MASTER, *names, *texts.elements) if book.own_name(name)]
    told = {name: facts_of(book.xml(name)) for name in others}
    return Presentation(placed, sequences, master, facts_of(ncc), around, notes, book.names, told)


def facts_of(ncc: etree._Element) -> dict[str, tuple[str, ...]]:
    """The metadata of a document by their names, in lower case as they may be written in either."""
    found: dict[str, tuple[str, ...]] = {}
    for meta in ncc.iter("{*}meta"):
        name, content = meta.get("name"), " ".join(meta.get("content", "").split())
        if name and content:
            found[name.lower()] = (*found.get(name.lower(), ()), content)
    return found


def _points(ncc: etree._Element) -> Iterator[Point]:
    body = ncc.find("{*}body")
    for element in body if body is not None else ():
        link = element.find(".//{*}a")
        if link is None:
            continue
        name = local(element)
        smil, par = split_address(link.get("href", ""))
        text = " ".join("".join(str(part) for part in link.itertext()).split())
        if len(name) == 2 and name[0] == "h" and name[1] in "123456789":
            yield Point("heading", int(name[1]), text, smil, par)
        else:
            yield Point("note" if "noteref" in classes(element) else "other", 0, text, smil, par)


def _placed(point: Point, par: Shown | None) -> Point:
    if par is None:
        return point
    return Point(point.kind, point.level, point.text, point.smil, point.par, par.document, par.cue.id)


def _refs(book: Book) -> Iterator[str]:
    if book.own_name(MASTER):
        for ref in book.xml(MASTER).iter("{*}ref"):
            yield split_address(ref.get("src", ""))[0]


class _Texts:
    """The documents that the SMIL files show, each read when it is first shown."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.elements: dict[str, dict[str, etree._Element]] = {}

    def element(self, document: str, id: str) -> etree._Element | None:
        if document not in self.elements:
            there = self.book.own_name(document)
            found = self.book.xml(document).iter(etree.Element) if there else ()
            self.elements[document] = {own: one for one in found if (own := one.get("id"))}
        return self.elements[document].get(id)

    def around_and_notes(self) -> tuple[dict[str, frozenset[str]], dict[str, str]]:
        around: dict[str, frozenset[str]] = {}
        notes: dict[str, str] = {}
        for elements in self.elements.values():
            for id, element in elements.items():
                outer = [one for one in (element, *element.iterancestors()) if one.get("id")]
                around[id] = frozenset(str(one.get("id")) for one in outer)
                held = [str(one.get("id")) for one in outer if "notebody" in classes(one)]
                if held:
                    notes[id] = held[-1]
        return around, notes


def _sequence(book: Book, name: str, texts: _Texts) -> Sequence:
    root = book.xml(name)
    facts = facts_of(root)
    first = root.find("{*}body/{*}seq")

    def told(fact: str) -> float | None:
        return seconds(facts[fact][0]) if fact in facts else None

    return Sequence(
        name,
        facts.get("title", ("",))[0],
        tuple(_shown(root, texts)),
        told("ncc:totalelapsedtime"),
        told("ncc:timeinthissmil"),
        seconds(first.get("dur", "")) if first is not None else None,
    )


def _shown(root: etree._Element, texts: _Texts) -> Iterator[Shown]:
    for par in root.iter("{*}par"):
        text = par.find("{*}text")
        clips = list(par.iter("{*}audio"))
        if text is None or not clips:
            continue
        document, id = split_address(text.get("src", ""))
        element = texts.element(document, id)
        begin = seconds(clips[0].get("clip-begin", "0")) or 0.0
        end = seconds(clips[-1].get("clip-end", ""))
        words, lang = (words_in(element), _lang(element)) if element is not None else ("", "")
        cue = FoundCue(id, begin, float("inf") if end is None else end, words, lang)
        ids = tuple(own for one in (par, text) if (own := one.get("id")))
        skippable = par.get("system-required") == "footnote-on"
        yield Shown(ids, document, split_address(clips[0].get("src", ""))[0], cue, skippable)


def _lang(element: etree._Element) -> str:
    for around in (element, *element.iterancestors()):
        lang = around.get(f"{_XML}lang") or around.get("lang")
        if lang:
            return lang
    return ""
