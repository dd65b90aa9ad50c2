"""Where the notes' targets and calls and the footnotes stand among a publication's blocks.

A note's call comes right after the end of its target's last range, but after the closing punctuation that follows
the word (“… nationals.”³ rather than “… nationals³.”), after a possessive ending, and never inside a link, a citation
or an abbreviation: then it comes after that. A note on a whole element is called after a heading's words, in a
figure's or table's caption, and else after the last words inside the element.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from publisher.model.blocks import Figure, Node, Table, Worded, walk
from publisher.model.findings import InputError
from publisher.model.inlines import (
    Citation,
    FootnoteCall,
    Image,
    Inline,
    Link,
    Math,
    Span,
    Styled,
    plain_text,
    walk_inlines,
)
from publisher.model.publication import Footnote, Note, Publication

TITLE, SUBTITLE = "title", "subtitle"
"""The ids of the units that are no blocks."""

_LEANING = "[ \\u00a0\\u202f][;:!?»›]|[\\u00a0\\u202f]?[.,;:!?…%)\\]}’”»›'\"]|[‘“]"
_CLOSING = re.compile(f"(?:[’'][a-zA-Z]{{1,2}}(?![\\w]))?(?:{_LEANING})*(?=\\s|$|[\\ufffc–—/-])")
_CLOSING_EAST_ASIAN = re.compile("[，。、；：！？」』）》〉】”’…]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A note's words inside one block: characters `start` up to `end` of its `plain_text`."""

    start: int
    end: int
    note: Note


@dataclass(frozen=True, slots=True)
class Call:
    """The place of a note's call: an offset into the block's `plain_text`."""

    offset: int
    note: Note


@dataclass
class Places:
    """By the id of a block or of an element: its marks, its calls, the notes on it, what it is nested in."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    marks: dict[str, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    calls: dict[str, list[Call]] = field(default_factory=lambda: defaultdict(list))
    loose: dict[str, list[Note]] = field(default_factory=lambda: defaultdict(list))
    on: dict[str, list[Note]] = field(default_factory=lambda: defaultdict(list))
    home: dict[str, list[Note]] = field(default_factory=lambda: defaultdict(list))
    footnotes: dict[str, list[Footnote]] = field(default_factory=lambda: defaultdict(list))

    def marks_in(self, id: str) -> Sequence[Mark]:
        """The targets' words inside a block."""
        return self.marks.get(id, ())

    def calls_in(self, id: str) -> Sequence[Call]:
        """The calls among a block's words."""
        return self.calls.get(id, ())

    def loose_calls(self, id: str) -> Sequence[Note]:
        """The notes on an element without words: their calls come in a caption of their own, or after it."""
        return self.loose.get(id, ())

    def notes_on(self, id: str) -> Sequence[Note]:
        """The notes on an element as a whole."""
        return self.on.get(id, ())

    def notes_called_in(self, nodes: Iterable[Node]) -> list[Note]:
        """The notes called inside nodes, or inside the footnotes that these call; each once, by number."""
        found: dict[str, Note] = {}
        for node in walk(nodes):
            for note in self.home.get(node.id, ()):
                found.setdefault(note.id, note)
            for footnote in self.footnotes.get(node.id, ()):
                for note in self.notes_called_in(footnote.blocks):
                    found.setdefault(note.id, note)
        return sorted(found.values(), key=lambda note: note.number)

    def footnotes_called_in(self, nodes: Iterable[Node]) -> list[Footnote]:
        """The footnotes called inside nodes; each once, by number."""
        found = {footnote.id: footnote for node in walk(nodes) for footnote in self.footnotes.get(node.id, ())}
        return sorted(found.values(), key=lambda footnote: footnote.number)


def find_places(publication: Publication, *, commentary: bool = True) -> Places:
    """Where everything stands. Raises InputError for a note on something that the publication does not hold."""
    nodes = {node.id: node for node in walk(_roots(publication))}
    places = Places(nodes)
    _place_footnotes(publication, places)
    if commentary:
        inline_owners: Mapping[str, str] | None = None
        for note in publication.notes:
            if note.target.element is None:
                _place_on_words(note, nodes, places)
                continue
            if note.target.element not in nodes and inline_owners is None:
                inline_owners = _inline_owners(nodes.values())
            _place_on_element(note, nodes, inline_owners or {}, places)
    return places


def call_offset(block: Worded, end: int) -> int:
    """Where the call of a target that ends at `end` comes in a block's words."""
    words = block.text
    closed = [(start, stop) for start, stop, inline in extents(block.inlines) if _admits_no_call(inline)]
    offset = end
    while True:
        moved = _after_closing(words, offset, block.lang)
        moved = max([moved, *(stop for start, stop in closed if start < moved < stop)])
        if moved == offset:
            return offset
        offset = moved


def extents(inlines: Iterable[Inline], start: int = 0) -> Iterator[tuple[int, int, Inline]]:
    """Every inline with the characters of `plain_text` that it covers, parents before children."""
    for inline in inlines:
        end = start + len(plain_text((inline,)))
        yield start, end, inline
        if isinstance(inline, Styled | Span | Link | Citation):
            yield from extents(inline.children, start)
        start = end


def _admits_no_call(inline: Inline) -> bool:
    return isinstance(inline, Link | Citation) or (isinstance(inline, Span) and inline.expansion is not None)


def _after_closing(words: str, offset: int, lang: str) -> int:
    spaceless = lang.partition("-")[0] in ("zh", "ja", "yue")
    found = (spaceless and _CLOSING_EAST_ASIAN.match(words, offset)) or _CLOSING.match(words, offset)
    return found.end() if found else offset


def _roots(publication: Publication) -> Iterator[Node]:
    yield from publication.blocks()
    for footnote in publication.footnotes:
        yield from footnote.blocks


def _place_footnotes(publication: Publication, places: Places) -> None:
    callers: dict[str, str] = {}
    for node in walk(_everything(publication)):
        if isinstance(node, Worded):
            for inline in walk_inlines(node.inlines):
                if isinstance(inline, FootnoteCall):
                    callers.setdefault(inline.footnote, node.id)
    for footnote in publication.footnotes:
        if footnote.id in callers:
            places.footnotes[callers[footnote.id]].append(footnote)


def _everything(publication: Publication) -> Iterator[Node]:
    yield from publication.blocks()
    for layer in publication.layers:
        for passage in (layer.introduction, layer.method):
            if passage is not None:
                yield from passage.blocks
                yield from passage.plain.blocks if passage.plain else ()
        for note in layer.notes:
            yield from note.blocks
            yield from note.plain.blocks if note.plain else ()
    for counterpart in publication.counterparts:
        yield from counterpart.blocks
    if publication.glossary and publication.glossary.plain:
        yield from publication.glossary.plain.blocks
    for footnote in publication.footnotes:
        yield from footnote.blocks


def _place_on_words(note: Note, nodes: Mapping[str, Node], places: Places) -> None:
    for range in note.target.ranges:
        block = nodes.get(range.block)
        if range.block in (TITLE, SUBTITLE):
            continue
        if not isinstance(block, Worded):
            raise InputError(f"note {note.id} is on {range.block}, which holds no words; mend the note's target")
        places.marks[block.id].append(Mark(range.start, range.end, note))
    last = note.target.ranges[-1]
    block = nodes.get(last.block)
    if isinstance(block, Worded):
        places.calls[block.id].append(Call(call_offset(block, last.end), note))
    places.home[last.block].append(note)


def _place_on_element(note: Note, nodes: Mapping[str, Node], inline_owners: Mapping[str, str], places: Places) -> None:
    id = note.target.element or ""
    if id in (TITLE, SUBTITLE):
        places.home[id].append(note)
        return
    element = nodes.get(inline_owners.get(id, id))
    if element is None:
        raise InputError(f"note {note.id} is on #{id}, which the article does not have; mend the note's `on`")
    if element.id != id and isinstance(element, Worded):
        start, end = next((s, e) for s, e, inline in extents(element.inlines) if getattr(inline, "id", None) == id)
        places.marks[element.id].append(Mark(start, end, note))
        places.calls[element.id].append(Call(call_offset(element, end), note))
        places.home[element.id].append(note)
        return
    places.on[element.id].append(note)
    holder = _last_words(element)
    if holder is None:
        places.loose[element.id].append(note)
    else:
        places.calls[holder.id].append(Call(len(holder.text), note))
    places.home[element.id].append(note)


def _last_words(element: Node) -> Worded | None:
    """The block that a call on a whole element comes at the end of."""
    inside: Iterable[Node] = element.caption if isinstance(element, Figure | Table) else (element,)
    return next((node for node in reversed(list(walk(inside))) if isinstance(node, Worded)), None)


def _inline_owners(nodes: Iterable[Node]) -> dict[str, str]:
    """The block that holds each inline with an id; a figure's picture belongs to its figure."""
    owners: dict[str, str] = {}
    figures = [node for node in nodes if isinstance(node, Figure)]
    pictured = {block.id: figure.id for figure in figures for block in walk(figure.blocks)}
    for node in nodes:
        if isinstance(node, Worded):
            for inline in walk_inlines(node.inlines):
                if isinstance(inline, Span | Image | Math) and inline.id:
                    owners[inline.id] = pictured.get(node.id, node.id)
    return owners
