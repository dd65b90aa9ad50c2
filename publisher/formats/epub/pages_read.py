"""Reads the printed pages that an EPUB marks and lists, and on which of them each element begins.

https://www.w3.org/TR/epub-a11y-11/#sec-page-breaks
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from publisher.formats.epub.opening import EPUB_TYPE, OPF, XHTML, Opened, opened
from publisher.model.book import FoundPage, FoundPages, PageEntry

_OBJECTS = frozenset(("img", "svg", "math"))
_CALLS = frozenset(("doc-noteref", "noteref"))
_BREAKS = frozenset(("doc-pagebreak", "pagebreak"))
_LISTS = frozenset(("doc-pagelist", "page-list"))
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
_RUNS = re.compile(r"(\s+)|(\S+)")


def read_pages(path: Path) -> FoundPages:
    """The page marks and the page list of an EPUB; empty where it has none. Raises InputError where it is no EPUB."""
    with opened(path) as book:
        walker = _Walker()
        for name in dict.fromkeys(book.spine()):
            body = book.document(name).find(f"{XHTML}body")
            if body is not None:
                walker.document = name
                walker.enter(body)
        labels = {(mark.place.partition("#")[0], mark.id): mark.label for mark in walker.marks}
        return FoundPages(
            tuple(walker.marks), tuple(_entries(book, labels)), _source(book), walker.begins, walker.totals()
        )


def _semantics(element: etree._Element) -> frozenset[str]:
    return frozenset(f"{element.get('role', '')} {element.get(EPUB_TYPE, '')}".split())


def _source(book: Opened) -> str:
    metas = book.package.iter(f"{OPF}meta")
    found = (meta.text or "" for meta in metas if meta.get("property") in ("pageBreakSource", "a11y:pageBreakSource"))
    return " ".join(next(found, "").split())


def _entries(book: Opened, labels: dict[tuple[str, str], str]) -> list[PageEntry]:
    name = book.navigation()
    if name is None:
        return []
    entries = []
    for nav in book.document(name).iter(f"{XHTML}nav"):
        if _semantics(nav) & _LISTS:
            for link in nav.iter(f"{XHTML}a"):
                href = link.get("href", "")
                leads_to = labels.get((book.member(href, name), href.partition("#")[2]))
                text = " ".join("".join(str(part) for part in link.itertext()).split())
                entries.append(PageEntry(text, href, leads_to))
    return entries


@dataclass(slots=True)
class _Open:
    """An element with an id that is being read: how many of its words have begun, and whether one may begin now."""

    id: str
    words: int = 0
    between: bool = True
    begun: bool = False


@dataclass(slots=True)
class _Walker:
    """Goes through the documents in reading order."""

    document: str = ""
    label: str = ""
    marks: list[FoundPage] = field(default_factory=list)
    begins: dict[str, str] = field(default_factory=dict)
    _open: list[_Open] = field(default_factory=list)
    _closed: dict[str, int] = field(default_factory=dict)
    _waiting: list[int] = field(default_factory=list)

    def totals(self) -> dict[str, int]:
        """How many words each element holds."""
        return self._closed

    def enter(self, element: etree._Element) -> None:
        """Read an element and all in it."""
        name = str(element.tag).rpartition("}")[2]
        known, id = _semantics(element), element.get("id")
        if known & _BREAKS:
            self.label = element.get("aria-label") or element.get("title") or "".join(map(str, element.itertext()))
            self._waiting.append(len(self.marks))
            self.marks.append(FoundPage(self.label, id or "", f"{self.document}#{id}" if id else self.document))
            return
        if known & _CALLS:
            return
        if id:
            self._open.append(_Open(id))
        if name in _OBJECTS:
            self._meet("\ufffc")
        else:
            self._meet(element.text)
            for child in element:
                if isinstance(child.tag, str):
                    self.enter(child)
                self._meet(child.tail)
        if id:
            left = self._open.pop()
            self._closed[id] = left.words

    def _meet(self, text: str | None) -> None:
        """Come upon characters, which every open element holds."""
        for space, run in _RUNS.findall(text or ""):
            if space:
                for one in self._open:
                    one.between = True
            elif run.strip(_UNSEEN):
                self._begin()
                for one in self._open:
                    one.words += one.between
                    one.between = False

    def _begin(self) -> None:
        """What follows the last marks, and begins what has not begun."""
        if self._waiting:
            at = {one.id: one.words for one in self._open}
            for number in self._waiting:
                mark = self.marks[number]
                self.marks[number] = FoundPage(mark.label, mark.id, mark.place, at)
            self._waiting.clear()
        for one in reversed(self._open):
            if one.begun:
                break
            one.begun = True
            self.begins[one.id] = self.label
