"""What the making of one document keeps: bookmarks and their names, links and pictures by their relationships."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha1

from publisher.formats.docx.ooxml import Ast, raw, tag
from publisher.model.blocks import CodeBlock, Figure, Node, Table, Worded, walk
from publisher.model.inlines import FootnoteCall, Link, walk_inlines
from publisher.model.publication import Counterpart, Note, Publication, Resource
from publisher.rendering.context import Context, Options
from publisher.rendering.places import SUBTITLE, TITLE, extents

LONGEST_NAME = 40
"""Characters that Word allows in the name of a bookmark."""

_PLAIN_NAME = re.compile(rf"[\w.-]{{1,{LONGEST_NAME - 1}}}")


@dataclass
class Making:
    """One document in the making. `langs` leads from the name of a paragraph's bookmark to the paragraph's language,
    `names` from the names of bookmarks that are no ids to the ids that they stand for; `displayed` are the bookmarks
    of formulas that stand by themselves."""

    publication: Publication
    langs: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, Resource] = field(default_factory=dict)
    displayed: set[str] = field(default_factory=set)
    drawings: int = 0
    lines: int = 0
    _marks: int = 0

    @cached_property
    def context(self) -> Context:
        """The words of the edition, its references, and where notes and calls stand."""
        return Context(self.publication, Options())

    @cached_property
    def needed(self) -> frozenset[str]:
        """The ids that something leads to or is on, so that they must be found in the document."""
        targets = {note.target.element for note in self.publication.notes if note.target.element}
        for node in walk(self.publication.all_blocks()):
            if isinstance(node, Worded):
                links = (inline for inline in walk_inlines(node.inlines) if isinstance(inline, Link))
                targets |= {link.target[1:] for link in links if link.target.startswith("#")}
        return frozenset(targets)

    @cached_property
    def comments(self) -> Mapping[str, int]:
        """The number of each note's comment in the file, by the note's id."""
        return {note.id: number for number, note in enumerate(self.publication.notes)}

    @cached_property
    def marks(self) -> Mapping[str, Sequence[tuple[int, bool, Note]]]:
        """By a block's id, where comments begin (True) and end among its words."""
        found: dict[str, list[tuple[int, bool, Note]]] = {}
        inside = {id: (node, start, end) for id, node, start, end in self._inlines_with_ids()}
        for note in self.publication.notes:
            target = note.target
            if target.ranges:
                first, last = target.ranges[0], target.ranges[-1]
                found.setdefault(first.block, []).append((first.start, True, note))
                found.setdefault(last.block, []).append((last.end, False, note))
            elif target.element in inside:
                node, start, end = inside[target.element or ""]
                found.setdefault(node, []).extend(((start, True, note), (end, False, note)))
        return found

    def _inlines_with_ids(self) -> Iterator[tuple[str, str, int, int]]:
        for node in walk(self.publication.all_blocks()):
            if isinstance(node, Worded):
                for start, end, inline in extents(node.inlines):
                    if isinstance(id := getattr(inline, "id", None), str) and not isinstance(inline, FootnoteCall):
                        yield id, node.id, start, end

    @cached_property
    def first_calls(self) -> Mapping[str, str]:
        """By a footnote's id, its first call in the document."""
        found: dict[str, str] = {}
        for node in walk(flow(self.publication)):
            if isinstance(node, Worded):
                for inline in walk_inlines(node.inlines):
                    if isinstance(inline, FootnoteCall):
                        found.setdefault(inline.footnote, inline.id)
        return found

    @cached_property
    def closings(self) -> Mapping[str, Sequence[tuple[Note, bool, bool]]]:
        """By a block's id, the notes on elements whose range ends (first) or whose mark stands (second) after it."""
        nodes = {node.id: node for node in walk(self.publication.all_blocks())}
        found: dict[str, list[tuple[Note, bool, bool]]] = {}
        for id, notes in self.on_elements.items():
            last = mark = id
            if (element := nodes.get(id)) is not None:
                holding = [node.id for node in walk((element,)) if isinstance(node, Worded | CodeBlock)]
                last = mark = holding[-1] if holding else id
                if isinstance(element, Figure | Table):
                    mark = next((one.id for one in reversed([*walk(element.caption)]) if isinstance(one, Worded)), last)
            for note in notes:
                if last == mark:
                    found.setdefault(last, []).append((note, True, True))
                else:
                    found.setdefault(last, []).append((note, True, False))
                    found.setdefault(mark, []).append((note, False, True))
        return found

    @cached_property
    def on_elements(self) -> Mapping[str, Sequence[Note]]:
        """The notes on whole elements, by the element's id; those on the title and the subtitle among them."""
        words = {id for id, *_ in self._inlines_with_ids()}
        found: dict[str, list[Note]] = {}
        for note in self.publication.notes:
            if note.target.element and (note.target.element not in words or note.target.element in (TITLE, SUBTITLE)):
                found.setdefault(note.target.element, []).append(note)
        return found

    def name_of(self, id: str) -> str:
        """The name of the bookmark that stands for an id: hidden in Word, since it begins with a low line."""
        if _PLAIN_NAME.fullmatch(id):
            return f"_{id}"
        name = f"_x{sha1(id.encode(), usedforsecurity=False).hexdigest()[:30]}"
        self.names[name] = id
        return name

    def bookmark(self, id: str) -> tuple[str, str]:
        """The markup that begins and ends a bookmark."""
        self._marks += 1
        number = str(self._marks)
        begin = tag("w:bookmarkStart", {"w:id": number, "w:name": self.name_of(id)})
        return begin, tag("w:bookmarkEnd", {"w:id": number})

    def anchor(self, id: str) -> Ast:
        """An empty bookmark: a place."""
        return raw("".join(self.bookmark(id)))

    def relationship(self, address: str) -> str:
        """The id of the relationship that leads to an address outside."""
        return self.addresses.setdefault(address, f"rIdL{len(self.addresses) + 1}")

    def picture(self, resource: Resource) -> str:
        """The id of the relationship that leads to a picture."""
        for id, known in self.pictures.items():
            if known.name == resource.name:
                return id
        id = f"rIdP{len(self.pictures) + 1}"
        self.pictures[id] = resource
        return id


def _glossary(publication: Publication) -> Iterator[Node]:
    if publication.glossary is not None and publication.glossary.plain is not None:
        yield from publication.glossary.plain.blocks


def flow(publication: Publication) -> Iterator[Node]:
    """Every block that stands in the text itself, in the order of the document, nested ones not entered."""
    introductions = [layer.introduction for layer in publication.layers if layer.introduction]
    methods = [layer.method for layer in publication.layers if layer.method]
    for introduction in introductions:
        yield from introduction.blocks
    yield from publication.blocks()
    for introduction in introductions:
        yield from introduction.plain.blocks if introduction.plain else ()
    own = counterparts_by_block(publication)
    for block in publication.blocks():
        for counterpart in own.get(block.id, ()):
            yield from counterpart.blocks
    for method in methods:
        yield from method.plain.blocks if method.plain else ()
    yield from _glossary(publication)
    for method in methods:
        yield from method.blocks


def counterparts_by_block(publication: Publication) -> dict[str, list[Counterpart]]:
    """The counterparts by the first block that they restate."""
    found: dict[str, list[Counterpart]] = {}
    for counterpart in publication.counterparts:
        if counterpart.restates:
            found.setdefault(counterpart.restates[0], []).append(counterpart)
    return found
