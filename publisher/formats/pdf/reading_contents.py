"""What leads through a PDF: its bookmarks (ISO 32000-1, 12.3.3) and its printed table of contents (14.8.4.2, TOC)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pikepdf

from publisher.formats.pdf.reading_tree import Area, Node, Place, page_numbers, page_of
from publisher.model.extract import FoundContents, FoundEntry, FoundLink

_MOST = 100_000
_DEEPEST = 50
_NOWHERE = Place(None)
_PAGE = re.compile(r"(?:\s*(?:[._·]\s?){4,}|\s+)\w{1,6}$")
"""The page's number at the end of a printed line, and the dots that lead to it; a heading's own signs stay."""


def contents(
    pdf: pikepdf.Pdf, tree: Node, links: Sequence[FoundLink], places: Mapping[str, Place], labels: Sequence[str]
) -> Iterator[FoundContents]:
    """Both lists, where they are. `places` are the pages of named places, `labels` what pages are called."""
    printed = tuple(_printed(tree, links))
    if printed:
        yield FoundContents("toc", "the contents", printed)
    outline = pdf.Root.get("/Outlines")
    if isinstance(outline, pikepdf.Dictionary) and isinstance(outline.get("/First"), pikepdf.Dictionary):
        numbers = page_numbers(pdf)
        yield FoundContents("bookmarks", "the bookmarks", tuple(_bookmarks(outline, numbers, places, labels)))


def _bookmarks(
    outline: pikepdf.Dictionary,
    numbers: dict[tuple[int, int], int],
    places: Mapping[str, Place],
    labels: Sequence[str],
) -> Iterator[FoundEntry]:
    waiting = [(outline.get("/First"), 1)]
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < _MOST:
        item, level = waiting.pop()
        if not isinstance(item, pikepdf.Dictionary) or item.objgen in seen or level > _DEEPEST:
            continue
        seen.add(item.objgen)
        action = item.get("/A")
        place = item.get("/Dest") or (action.get("/D") if isinstance(action, pikepdf.Dictionary) else None)
        named = isinstance(place, pikepdf.String | pikepdf.Name)
        page = places.get(str(place).removeprefix("/"), _NOWHERE).page if named else page_of(place, numbers)
        target = labels[page] if page is not None and page < len(labels) else ""
        yield FoundEntry(" ".join(str(item.get("/Title", "")).split()), target, level)
        waiting += [(item.get("/Next"), level), (item.get("/First"), level + 1)]


def _printed(tree: Node, links: Sequence[FoundLink]) -> Iterator[FoundEntry]:
    """The lines of the table of contents. Links are met in the order in which the tree holds them."""
    lines = list(_lines(tree, 0))
    words: dict[str, list[FoundLink]] = {}
    for link in links:
        if link.furniture and not (link.calls or link.back):
            words.setdefault(link.target, []).append(link)
    for target, level in lines:
        if words.get(target):
            yield FoundEntry(_PAGE.sub("", words[target].pop(0).text), target, level)


def _lines(node: Node, level: int) -> Iterator[tuple[str, int]]:
    deeper = level + (node.role == "TOC")
    if node.role == "Link" and level:
        areas = [kid.target for kid in node.kids if isinstance(kid, Area)]
        if areas:
            yield areas[0], level
    for kid in node.kids:
        if isinstance(kid, Node):
            yield from _lines(kid, deeper)
