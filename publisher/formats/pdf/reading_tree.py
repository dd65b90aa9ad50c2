"""The structure tree of a PDF, whoever made it, as plain objects: elements, marked content, links' areas.

ISO 32000-1, 14.7 and 14.8. Types of a producer's own are known by the standard type that the role map gives them, and
by their own name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pikepdf

from publisher.model.findings import InputError

_DEEPEST = 250
_MOST = 2_000_000
_REPEATED = 10_000
_STANDARD = frozenset(
    "Document DocumentFragment Part Art Sect Div Aside BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 "
    "H3 H4 H5 H6 Title FENote L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code "
    "Link Annot Ruby RB RT RP Warichu WT WP Em Strong Sub Figure Formula Form Artifact".split()
)
"""Standard types of PDF 1.7 and 2.0 (ISO 32000-2, 14.8.4)."""


@dataclass(frozen=True, slots=True)
class Content:
    """Marked content number `mark` of page number `page` (from 0)."""

    page: int
    mark: int


@dataclass(frozen=True, slots=True)
class Area:
    """A link's active area: where it leads (`#name`, `#page=3`, an address) and on which page it is.

    `structural` where it leads to an element of the tree by its id, not to a named place.
    """

    page: int | None
    target: str
    structural: bool = False


@dataclass(slots=True)
class Node:
    """A structure element: `role` is its standard type, `name` its own; `numbering` is the attribute ListNumbering of a
    list, `scope`, `down` and `across` are Scope, RowSpan and ColSpan of a cell (ISO 32000-1, 14.8.5.5 and 14.8.5.7)."""

    role: str
    name: str
    id: str | None = None
    lang: str | None = None
    alternative: str | None = None
    actual: str | None = None
    expansion: str | None = None
    numbering: str | None = None
    scope: str | None = None
    down: int = 1
    across: int = 1
    page: int | None = None
    kids: list[Node | Content | Area] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """This element and all inside it, parents first."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.walk()

    def pages(self) -> Iterator[int]:
        """The pages of its content, in order."""
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.pages()
            elif kid.page is not None:
                yield kid.page


def read_tree(pdf: pikepdf.Pdf) -> Node | None:
    """The whole tree, or None where the document is not tagged.

    Raises InputError where it is nested without end.
    """
    root = pdf.Root.get("/StructTreeRoot")
    if not isinstance(root, pikepdf.Dictionary):
        return None
    made = _Reader(pdf, root).element(root, "Document", 0)
    return made if made.kids else None


@dataclass(frozen=True, slots=True)
class Place:
    """A named place: its page (from 0; None for one that is not there) and, where it tells, its height in points."""

    page: int | None
    height: float | None = None


def destinations(pdf: pikepdf.Pdf) -> dict[str, Place]:
    """The named places of a document."""
    pages = page_numbers(pdf)
    found: dict[str, Place] = {}
    old = pdf.Root.get("/Dests")
    if isinstance(old, pikepdf.Dictionary):
        found.update({str(name)[1:]: _place_of(place, pages) for name, place in old.items()})
    names = pdf.Root.get("/Names")
    tree = names.get("/Dests") if isinstance(names, pikepdf.Dictionary) else None
    if isinstance(tree, pikepdf.Dictionary):
        found.update({name: _place_of(place, pages) for name, place in _name_tree(tree, 0, set())})
    return found


def _place_of(place: Any, pages: dict[tuple[int, int], int]) -> Place:
    """An explicit destination (ISO 32000-1, table 151): those of the kinds XYZ and FitH say how high they are."""
    at = place.get("/D") if isinstance(place, pikepdf.Dictionary) else place
    told: Any = None
    if isinstance(at, pikepdf.Array) and len(at) > 2:
        told = at[2] if at[1] == pikepdf.Name.FitH else at[3] if at[1] == pikepdf.Name.XYZ and len(at) > 3 else None
    return Place(page_of(place, pages), float(told) if isinstance(told, int | float | Decimal) else None)


def _name_tree(node: pikepdf.Object, depth: int, seen: set[tuple[int, int]]) -> Iterator[tuple[str, Any]]:
    """The entries of a name tree (ISO 32000-1, 7.9.6); one that leads back to itself ends there."""
    if node.is_indirect and node.objgen in seen:
        return
    seen.add(node.objgen)
    items = _items(node.get("/Names"))
    for name, value in zip(items[::2], items[1::2], strict=False):
        if isinstance(name, pikepdf.String):
            yield str(name), value
    if depth < 30:
        for kid in _items(node.get("/Kids")):
            if isinstance(kid, pikepdf.Dictionary):
                yield from _name_tree(kid, depth + 1, seen)


def page_numbers(pdf: pikepdf.Pdf) -> dict[tuple[int, int], int]:
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages)}


def page_of(place: Any, pages: dict[tuple[int, int], int]) -> int | None:
    """The page of an explicit destination (ISO 32000-1, 12.3.2.2)."""
    if isinstance(place, pikepdf.Dictionary):
        place = place.get("/D")
    if not isinstance(place, pikepdf.Array) or not len(place):
        return None
    page = place[0]
    return pages.get(page.objgen) if isinstance(page, pikepdf.Dictionary) else None


def _items(value: Any) -> list[Any]:
    """An entry that may be one thing or an array of things."""
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _name(value: Any) -> str:
    """A name without its slash. Names are UTF-8 by intent, but nothing makes them so (ISO 32000-1, 7.3.5)."""
    try:
        return str(value)[1:]
    except UnicodeDecodeError:
        return str(value.unparse().decode("latin-1"))[1:]


def text_of(value: Any) -> str | None:
    """A text string's characters, without the escapes that tell languages apart (ISO 32000-1, 14.9.2.2)."""
    if not isinstance(value, pikepdf.String):
        return None
    return "".join(str(value).split("\x1b")[::2])


class _Reader:
    def __init__(self, pdf: pikepdf.Pdf, root: pikepdf.Object) -> None:
        self.pages = page_numbers(pdf)
        self.roles: dict[str, str] = {}
        role_map = root.get("/RoleMap")
        if isinstance(role_map, pikepdf.Dictionary):
            self.roles = {str(own)[1:]: _name(role) for own, role in role_map.items() if isinstance(role, pikepdf.Name)}
        self.count = self.again = 0
        self.seen: set[tuple[int, int]] = set()

    def element(self, source: Any, name: str, depth: int) -> Node:
        self.count += 1
        # One object is one element in one place. Some that stand twice are a fault to be told, where they stand; many
        # make of a tree of a kilobyte more parts than there is time for.
        if source.is_indirect:
            self.again += source.objgen in self.seen
            self.seen.add(source.objgen)
        if depth > _DEEPEST or self.count > _MOST or self.again > _REPEATED:
            raise InputError("the PDF's tags are nested without end; make it again with another program")
        made = Node(self._role(name), name)
        entries = dict(source.items())
        made.page = self._page(entries.get("/Pg"))
        made.id = text_of(entries.get("/ID"))
        made.lang = text_of(entries.get("/Lang")) or None
        made.alternative = text_of(entries.get("/Alt")) or None
        made.actual = text_of(entries.get("/ActualText"))
        made.expansion = text_of(entries.get("/E")) or None
        if made.role == "L":
            made.numbering = _attribute(entries.get("/A"), "/ListNumbering")
        elif made.role in ("TH", "TD"):
            made.scope = _attribute(entries.get("/A"), "/Scope") if made.role == "TH" else None
            made.down, made.across = (_span(entries.get("/A"), key) for key in ("/RowSpan", "/ColSpan"))
        for kid in _items(entries.get("/K")):
            made.kids.extend(self._kid(kid, made.page, depth))
        return made

    def _role(self, name: str) -> str:
        seen: set[str] = set()
        while name in self.roles and name not in seen and (name not in _STANDARD or not seen):
            seen.add(name)
            name = self.roles[name]
        return name

    def _page(self, page: Any) -> int | None:
        return self.pages.get(page.objgen) if isinstance(page, pikepdf.Dictionary) else None

    def _kid(self, kid: Any, page: int | None, depth: int) -> Iterator[Node | Content | Area]:
        if isinstance(kid, int):
            if page is not None:
                yield Content(page, kid)
            return
        if not isinstance(kid, pikepdf.Dictionary):
            return
        kind = kid.get("/Type")
        if kind == pikepdf.Name.MCR:
            own = self._page(kid.get("/Pg"))
            mark: Any = kid.get("/MCID")
            at = page if own is None else own
            if at is not None and isinstance(mark, int):
                yield Content(at, mark)
        elif kind == pikepdf.Name.OBJR:
            area = self._area(kid, page)
            if area is not None:
                yield area
        elif isinstance(kid.get("/S"), pikepdf.Name):
            yield self.element(kid, _name(kid.S), depth + 1)

    def _area(self, reference: Any, page: int | None) -> Area | None:
        annotation = reference.get("/Obj")
        if not isinstance(annotation, pikepdf.Dictionary) or annotation.get("/Subtype") != pikepdf.Name.Link:
            return None
        pages = (self._page(annotation.get("/P")), self._page(reference.get("/Pg")), page)
        at = next((number for number in pages if number is not None), None)
        element = self._element_led_to(annotation)
        return Area(at, f"#{element}", True) if element else Area(at, self._target(annotation))

    def _element_led_to(self, annotation: Any) -> str | None:
        """The id of the element that a link leads to by a structure destination (ISO 32000-2, 12.3.2.3)."""
        action = annotation.get("/A")
        place = action.get("/SD") if isinstance(action, pikepdf.Dictionary) else None
        element = _items(place)[:1]
        return text_of(element[0].get("/ID")) if element and isinstance(element[0], pikepdf.Dictionary) else None

    def _target(self, annotation: Any) -> str:
        """Where a link leads (ISO 32000-1, 12.5.6.5 and 12.6.4); empty where it says nothing."""
        place = annotation.get("/Dest")
        action = annotation.get("/A")
        if place is None and isinstance(action, pikepdf.Dictionary):
            kind = "/" + _name(action.get("/S", "/"))
            if kind == "/URI":
                address = action.get("/URI")
                return str(address) if isinstance(address, pikepdf.String) else ""
            if kind != "/GoTo":
                return f"{kind.removeprefix('/').lower()}:{text_of(action.get('/F')) or ''}"
            place = action.get("/D")
        if isinstance(place, pikepdf.Name):
            return f"#{_name(place)}"
        if isinstance(place, pikepdf.String):
            return f"#{place}"
        page = page_of(place, self.pages)
        return f"#page={page + 1}" if page is not None else ""


def _span(attributes: Any, key: str) -> int:
    """Over how many rows or columns a cell reaches."""
    for owner in _items(attributes):
        told: Any = owner.get(key) if isinstance(owner, pikepdf.Dictionary) else None
        if isinstance(told, int):
            return min(max(told, 1), 1000)
    return 1


def _attribute(attributes: Any, key: str) -> str | None:
    """A name among an element's attributes, whoever owns it."""
    for owner in _items(attributes):
        value = owner.get(key) if isinstance(owner, pikepdf.Dictionary) else None
        if isinstance(value, pikepdf.Name):
            return _name(value)
    return None
