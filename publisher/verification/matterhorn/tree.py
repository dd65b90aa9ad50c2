"""The structure tree of a PDF (ISO 32000-1, 14.7 and 14.8), as elements that know their parents and standard types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf

from publisher.verification.matterhorn.objects import Key, each, get, key_of, name, text

STANDARD = frozenset(
    (
        *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct"),
        *("Private", "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH"),
        *("TD", "THead", "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot"),
        *("Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP", "Figure", "Formula", "Form"),
    )
)
"""The standard structure types (ISO 32000-1, 14.8.4)."""

Mark = tuple[Key | None, int]
"""A marked content: the page or stream that it stands in, and its number there."""


@dataclass(eq=False, slots=True)
class Element:
    """A structure element. `role` is the type as written, `type` the standard type that it counts as, or empty.

    `marks` are the marked contents that it owns itself, `objects` the annotations and other objects that it refers to;
    `formula` is whether it is one or stands in one.
    """

    role: str
    type: str
    source: Any
    parent: Element | None = None
    kids: list[Element] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    objects: list[Key] = field(default_factory=list)
    entries: Mapping[str, Any] = field(default_factory=dict)
    lang: str = ""
    page: int | None = None
    id: str = ""
    formula: bool = False

    def get(self, key: str) -> Any:
        """An entry of the element's dictionary."""
        return self.entries.get(key)

    def says(self, key: str) -> str:
        """A text entry, `/Alt` say, without white space around it."""
        return text(self.get(key)).strip()

    def walk(self) -> Iterator[Element]:
        """The element and all inside it, in reading order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.kids))

    def within(self) -> Iterator[Element]:
        """The element and those around it, from the inside."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def __str__(self) -> str:
        told = next((part.page for part in self.walk() if part.page is not None), None)
        place = "" if told is None else f"page {told + 1}, "
        return f"{place}{self.role}{f' {self.id}' if self.id else ''}"


class Tree:
    """A PDF's structure tree; empty where it has none."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.source = get(pdf.Root, "/StructTreeRoot")
        self.role_map: dict[str, str] = {
            key[1:]: name(value) for key, value in self._entries("/RoleMap") if isinstance(value, pikepdf.Name)
        }
        self.pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        self.tops: list[Element] = []
        self.elements: list[Element] = []
        self._read(text(get(pdf.Root, "/Lang")))

    @cached_property
    def owners(self) -> dict[Mark, Element]:
        """The element of each marked content that has one."""
        return {mark: element for element in self.elements for mark in element.marks}

    @cached_property
    def holders(self) -> dict[Key, Element]:
        """The element of each annotation or other object that one refers to."""
        return {key: element for element in self.elements for key in element.objects}

    def of_type(self, *types: str) -> list[Element]:
        """The elements that count as one of these standard types, in reading order."""
        return [element for element in self.elements if element.type in types]

    def standard(self, role: str) -> str:
        """The standard type that a type counts as; empty where its mapping ends at none."""
        seen: set[str] = set()
        while role not in STANDARD:
            if role in seen or role not in self.role_map:
                return ""
            seen.add(role)
            role = self.role_map[role]
        return role

    def attributes(self, element: Element, owner: str) -> dict[str, Any]:
        """An element's attributes of one owner, `/Table` say, those of its classes included (14.7.5)."""
        classes = get(self.source, "/ClassMap")
        sets = [given for called in each(element.get("/C")) for given in each(get(classes, f"/{name(called)}"))]
        found: dict[str, Any] = {}
        for given in [*sets, *each(element.get("/A"))]:
            if isinstance(given, pikepdf.Dictionary | pikepdf.Stream) and get(given, "/O") == pikepdf.Name(owner):
                found.update(given.items())
        return found

    def _entries(self, key: str) -> list[tuple[str, Any]]:
        value = get(self.source, key)
        return list(value.items()) if isinstance(value, pikepdf.Dictionary) else []

    def _read(self, lang: str) -> None:
        """Read all elements in reading order. One that stands in the tree twice is read once."""
        seen: set[Key] = set()
        waiting: list[tuple[Any, Element | None]] = [(kid, None) for kid in reversed(each(get(self.source, "/K")))]
        while waiting:
            source, parent = waiting.pop()
            key = key_of(source)
            if not isinstance(source, pikepdf.Dictionary) or key in seen:
                continue
            if key is not None:
                seen.add(key)
            entries = dict(source.items())
            role = name(entries.get("/S"))
            own = entries.get("/Lang")
            element = Element(role, self.standard(role), source, parent, entries=entries)
            element.lang = (parent.lang if parent else lang) if own is None else text(own)
            element.formula = element.type == "Formula" or (parent is not None and parent.formula)
            element.page = self.pages.get(key_of(entries.get("/Pg")) or (0, 0))
            element.id = element.says("/ID")
            self.elements.append(element)
            (parent.kids if parent else self.tops).append(element)
            waiting.extend((kid, element) for kid in reversed(self._kids(element)))

    def _kids(self, element: Element) -> list[Any]:
        """An element's own contents are taken in; the elements inside it are left."""
        inside = []
        page = key_of(element.get("/Pg"))
        for kid in each(element.get("/K")):
            if isinstance(kid, int):
                element.marks.append((page, kid))
            elif not isinstance(kid, pikepdf.Dictionary):
                continue
            elif "/MCID" in kid and "/S" not in kid:
                where = key_of(kid.get("/Stm")) or key_of(kid.get("/Pg")) or page
                mark: Any = kid.get("/MCID")
                if isinstance(mark, int):
                    element.marks.append((where, mark))
                if element.page is None:
                    element.page = self.pages.get(key_of(kid.get("/Pg")) or (0, 0))
            elif "/Obj" in kid and "/S" not in kid:
                referred = key_of(kid.get("/Obj"))
                if referred is not None:
                    element.objects.append(referred)
                if element.page is None:
                    element.page = self.pages.get(key_of(kid.get("/Pg")) or (0, 0))
            else:
                inside.append(kid)
        return inside
