"""Reads the notes that an EPUB holds as data, and follows their selectors into its documents.

https://www.w3.org/TR/epub-anno-10/, https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree

from publisher.formats.epub.opening import EPUB_TYPE, XHTML, Opened, opened
from publisher.model.book import FoundAnnotation, FoundAnnotations
from publisher.model.findings import InputError

NAME = "META-INF/annotations.json"
_CALLS = frozenset(("doc-noteref", "noteref"))
_NOTES = frozenset(("doc-footnote", "doc-endnote", "footnote", "endnote"))


def read_annotations(path: Path) -> FoundAnnotations | None:
    """The annotations of an EPUB; None where it has none. Raises InputError where they, or it, cannot be read."""
    with opened(path) as book:
        data = book.data(NAME)
        if data is None:
            return None
        try:
            told = json.loads(data)
            items = [_mapping(item) for item in _mapping(told)["items"]]
        except (ValueError, KeyError, TypeError) as problem:
            raise InputError(f"{path.name}: {NAME} holds no annotations: {problem}; build it again") from problem
        texts: dict[str, _Text] = {}
        about = _mapping(told.get("about") or {}).get("dc:identifier") or ()
        return FoundAnnotations(
            tuple(_annotation(item, book, texts) for item in items),
            tuple(map(str, about if isinstance(about, list) else [about])),
            tuple(_footnotes(book)),
            _text(told, "generated"),
        )


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{str(value)[:40]!r} where an object is due")
    return value


def _text(holder: Mapping[str, Any], name: str) -> str:
    """A property's text; localised ones hold it in an object."""
    value = holder.get(name)
    if isinstance(value, dict):
        value = value.get("text") or value.get("value")
    return value if isinstance(value, str) else ""


def _part(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _annotation(item: Mapping[str, Any], book: Opened, texts: dict[str, _Text]) -> FoundAnnotation:
    body, target, creator = _part(item, "body"), _part(item, "target"), _part(item, "creator")
    selectors = target.get("selector") or ()
    selectors = [one for one in (selectors if isinstance(selectors, list) else [selectors]) if isinstance(one, dict)]
    chosen = _Chosen(book, _text(target, "source"), selectors, texts)
    tags = body.get("tags")
    return FoundAnnotation(
        id=_text(item, "id"),
        note=_text(body, "id").rpartition("#")[2],
        creator=_text(creator, "name"),
        created=_text(item, "created"),
        motivation=_text(item, "motivation"),
        text=_text(body, "value"),
        lang=_text(body, "language"),
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
        source=_text(target, "source"),
        on=chosen.fragment,
        selected=chosen.selected(),
        quoted=chosen.quoted,
        problem=chosen.problem(),
    )


def _footnotes(book: Opened) -> Iterator[str]:
    for name in dict.fromkeys(book.spine()):
        for element in book.document(name).iter(etree.Element):
            known = {*element.get("role", "").split(), *element.get(EPUB_TYPE, "").split()}
            if known & _NOTES and element.get("id"):
                yield element.get("id", "")


@dataclass(frozen=True, slots=True)
class _Text:
    """The characters of an element's text content, and where in them calls of notes begin and end."""

    characters: str
    calls: tuple[tuple[int, int], ...]

    def words(self, start: int, end: int) -> str:
        """The words between two positions, calls left out."""
        at, end, _ = slice(start, end).indices(len(self.characters))
        kept = []
        for first, last in self.calls:
            if at < last and first < end:
                kept.append(self.characters[at:first])
                at = last
        kept.append(self.characters[at:end])
        return " ".join("".join(kept).split())


def _text_of(element: etree._Element) -> _Text:
    pieces: list[str] = []
    calls: list[tuple[int, int]] = []
    at = 0
    for text, called in _pieces(element, called=False):
        pieces.append(text)
        if called:
            calls.append((at, at + len(text)))
        at += len(text)
    return _Text("".join(pieces), tuple(calls))


def _pieces(element: etree._Element, *, called: bool) -> Iterator[tuple[str, bool]]:
    """The pieces of an element's text content, each with whether it belongs to a call."""
    known = {*element.get("role", "").split(), *element.get(EPUB_TYPE, "").split()}
    called = called or bool(known & _CALLS)
    if element.text:
        yield element.text, called
    for child in element:
        if isinstance(child.tag, str):
            yield from _pieces(child, called=called)
        if child.tail:
            yield child.tail, called


@dataclass
class _Chosen:
    """What a target's selectors choose in its document. `texts` keeps the characters of documents that were read."""

    book: Opened
    source: str
    selectors: list[dict[str, Any]]
    texts: dict[str, _Text]

    def _of(self, kind: str) -> dict[str, Any]:
        return next((one for one in self.selectors if one.get("type") == kind), {})

    @cached_property
    def fragment(self) -> str:
        """The id that the fragment selector names."""
        return _text(self._of("FragmentSelector"), "value")

    @cached_property
    def _body(self) -> etree._Element | None:
        name = self.book.member(self.source)
        if self.book.data(name) is None:
            return None
        return self.book.document(name).find(f"{XHTML}body")

    @cached_property
    def _element(self) -> etree._Element | None:
        elements = () if self._body is None else self._body.iter(etree.Element)
        return next((element for element in elements if element.get("id") == self.fragment), None)

    def selected(self) -> str | None:
        """The words at the positions; None where there are none to follow."""
        position = _part(self._of("FragmentSelector"), "refinedBy")
        start, end = position.get("start"), position.get("end")
        if self._element is None or not isinstance(start, int) or not isinstance(end, int):
            return None
        return _text_of(self._element).words(start, end)

    @cached_property
    def quoted(self) -> str | None:
        """The words of the document that the quotation chooses; None where it quotes none, or they are not there."""
        quote = self._of("TextQuoteSelector")
        exact = _text(quote, "exact")
        if not exact or self._body is None:
            return None
        if self.source not in self.texts:
            self.texts[self.source] = _text_of(self._body)
        text = self.texts[self.source]
        prefix, suffix = _text(quote, "prefix"), _text(quote, "suffix")
        at = text.characters.find(prefix + exact + suffix)
        if at < 0 or text.characters.find(prefix + exact + suffix, at + 1) >= 0:
            return None
        return text.words(at + len(prefix), at + len(prefix) + len(exact))

    def problem(self) -> str:
        """Why a selector selects nothing."""
        if self._body is None:
            return f"its source {self.source or 'is not given'} is not in the book"
        if self.fragment and self._element is None:
            return f"nothing has the id {self.fragment}"
        if not self.selectors:
            return "nothing selects its words"
        if self._of("TextQuoteSelector") and self.quoted is None:
            return f"its quotation “{_text(self._of('TextQuoteSelector'), 'exact')}” is not there once with its context"
        return ""
