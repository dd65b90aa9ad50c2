"""Conditions that the protocol leaves to people and that the source decides: whether a list is tagged as a list.

Our files keep the source's ids in their structure elements, so each of the source's nodes can be looked up. What has no
element there is not judged: that words are missing is found by reading them back. A file that another program made has
no such ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from publisher.model.blocks import (
    Cell,
    DefinitionList,
    Figure,
    Heading,
    List,
    ListItem,
    Node,
    Paragraph,
    Quotation,
    Table,
    Worded,
    children,
    walk,
)
from publisher.model.inlines import Image, Math, walk_inlines
from publisher.model.publication import Footnote, Note, Publication
from publisher.verification.matterhorn.opened import Faults
from publisher.verification.matterhorn.tree import Element, Tree

Kind = TypeVar("Kind", bound=Node)

HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A file's tags beside the source that they are of."""

    tree: Tree
    nodes: tuple[Node, ...]
    elements: Mapping[str, Element]

    def others(self, kind: type[Node], *types: str) -> Faults:
        """The nodes of a kind whose element is of none of these types."""
        for node in self.of(kind):
            element = self.elements.get(node.id)
            if element is not None and element.type not in types:
                yield f"{element}, not {types[0]}"

    def unwrapped(self, kind: type[Node], *types: str) -> Faults:
        """The nodes of a kind that have no element though something inside them has one, or one of another type."""
        yield from self.others(kind, *types)
        for node in self.of(kind):
            if node.id not in self.elements:
                inside = (self.elements.get(inner.id) for inner in walk(children(node)))
                found = next((element for element in inside if element is not None), None)
                if found is not None:
                    yield f"{found}, in no {types[0]} {node.id}"

    def of(self, kind: type[Kind]) -> Iterator[Kind]:
        """The source's nodes of a kind."""
        return (node for node in self.nodes if isinstance(node, kind))


def beside(tree: Tree, publication: Publication) -> Tagged:
    """A file's tags beside their source."""
    return Tagged(tree, tuple(walk(_everything(publication))), {one.id: one for one in tree.elements if one.id})


def _everything(publication: Publication) -> Iterator[Node]:
    yield from publication.blocks()
    yield from publication.footnotes
    for footnote in publication.footnotes:
        yield from footnote.blocks
    for layer in publication.layers:
        yield from layer.notes
        for part in (layer.introduction, layer.method, *layer.notes):
            if part is not None:
                yield from part.blocks
                yield from part.plain.blocks if part.plain else ()
    if publication.glossary and publication.glossary.plain:
        yield from publication.glossary.plain.blocks
    for counterpart in publication.counterparts:
        yield from counterpart.blocks


def quotations(file: Tagged) -> Faults:
    """09-002"""
    yield from file.unwrapped(Quotation, "BlockQuote")


def paragraphs(file: Tagged) -> Faults:
    """09-003"""
    yield from file.others(Paragraph, "P")


def figures(file: Tagged) -> Faults:
    """13-001"""
    yield from file.others(Figure, "Figure", "Div")
    yield from _pictured(file, Image, "Figure")


def captions(file: Tagged) -> Faults:
    """13-003"""
    for captioned in file.nodes:
        for block in walk(captioned.caption) if isinstance(captioned, Figure | Table) else ():
            element = file.elements.get(block.id)
            if element is not None and not any(around.type == "Caption" for around in element.within()):
                yield f"{element}, in no Caption"


def headings(file: Tagged) -> Faults:
    """14-001"""
    yield from file.others(Heading, *HEADINGS)


def row_heads(file: Tagged) -> Faults:
    """15-001"""
    yield from _heads(file, "row", "/Row")


def column_heads(file: Tagged) -> Faults:
    """15-002"""
    yield from _heads(file, "col", "/Column")


def tables(file: Tagged) -> Faults:
    """15-004"""
    yield from file.unwrapped(Table, "Table")
    theirs = {inner.id for inner in walk(file.of(Table))}
    for node in file.of(Worded):
        element = file.elements.get(node.id)
        around = list(element.within()) if element is not None else []
        if any(one.type == "Table" for one in around) and not any(one.id in theirs for one in around):
            yield f"{element}, in a table"


def list_numbering(file: Tagged) -> Faults:
    """16-001"""
    for _, element in _numbered(file):
        if "/ListNumbering" not in file.tree.attributes(element, "/List"):
            yield str(element)


def list_numerals(file: Tagged) -> Faults:
    """16-002"""
    for node, element in _numbered(file):
        told = str(file.tree.attributes(element, "/List").get("/ListNumbering", "")).removeprefix("/")
        if told and told.lower() != node.numbering.name.replace("_", "").lower():
            yield f"{element}, {told}"


def lists(file: Tagged) -> Faults:
    """16-003"""
    yield from file.unwrapped(List, "L")
    yield from file.unwrapped(DefinitionList, "L")
    yield from file.others(ListItem, "LI")


def formulas(file: Tagged) -> Faults:
    """17-001"""
    yield from _pictured(file, Math, "Formula")


def notes(file: Tagged) -> Faults:
    """19-001"""
    yield from file.unwrapped(Note, "Note")
    yield from file.unwrapped(Footnote, "Note")


def _pictured(file: Tagged, kind: type[Image] | type[Math], type_: str) -> Faults:
    for node in file.of(Worded):
        for inline in walk_inlines(node.inlines):
            element = file.elements.get(inline.id) if isinstance(inline, kind) else None
            if element is not None and element.type != type_:
                yield f"{element}, not {type_}"


def _heads(file: Tagged, scope: str, told: str) -> Faults:
    for cell in file.of(Cell):
        element = file.elements.get(cell.id) if cell.scope == scope else None
        if element is not None:
            found = file.tree.attributes(element, "/Table").get("/Scope")
            if element.type != "TH" or (found is not None and str(found) != told):
                yield f"{element}, not TH of a {scope}"


def _numbered(file: Tagged) -> Iterator[tuple[List, Element]]:
    for node in file.of(List):
        element = file.elements.get(node.id)
        if element is not None and element.type == "L" and node.numbering.name != "BULLET":
            yield node, element


CHECKS: Mapping[str, Callable[[Tagged], Faults]] = {
    "09-002": quotations,
    "09-003": paragraphs,
    "13-001": figures,
    "13-003": captions,
    "14-001": headings,
    "15-001": row_heads,
    "15-002": column_heads,
    "15-004": tables,
    "16-001": list_numbering,
    "16-002": list_numerals,
    "16-003": lists,
    "17-001": formulas,
    "19-001": notes,
}
"""Each check by the number of the condition that it decides with the source."""
