"""What holds an edition's units together: where they stand in the source, links, notes with their calls, languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from publisher.model.blocks import CodeBlock, Figure, Heading, ListItem, Node, Table, Worded, walk
from publisher.model.inlines import (
    OBJECT,
    Citation,
    FootnoteCall,
    Image,
    Inline,
    Link,
    Math,
    Span,
    plain_text,
    walk_inlines,
)
from publisher.model.publication import Note, Publication
from publisher.model.source import Position
from publisher.verification.expected import REPEATED, shown_words
from publisher.verification.facts import ExpectedFact, expected_facts, repeated_headings, words_before


@dataclass(frozen=True, slots=True)
class ExpectedLink:
    """A link of the source: the unit that holds it, its words, where it leads (`#id` or an address)."""

    unit: str
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class ExpectedNote:
    """A note or footnote and the calls that lead to it; `series` names those that stand together, in their order.

    The notes of all layers are numbered together; footnotes apart.
    """

    id: str
    series: str
    calls: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """Where a note is called: the unit that holds the call, and the words of it that stand before.

    A footnote is called exactly there; the call of a note (`loose`) stands after signs that follow its target. That of
    a note on an element that has no words for it, such as a table without a caption, stands in any unit of it:
    `within`, and `unit` is empty.
    """

    unit: str
    before: str
    loose: bool = False
    within: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ties:
    """What holds the units together: positions and holders by a unit's id, languages within it, links, notes.

    `positions` leads to the manuscript; `holders` names the note or footnote that a unit stands in; `languages` are
    the stretches of a unit's words by language, for units that hold more than one; `calls` tells by a call's id where
    it belongs, for footnotes and for notes that are on words.
    """

    positions: Mapping[str, Position]
    holders: Mapping[str, str]
    languages: Mapping[str, tuple[tuple[str, str], ...]]
    links: tuple[ExpectedLink, ...]
    notes: tuple[ExpectedNote, ...]
    calls: Mapping[str, ExpectedCall]
    facts: tuple[ExpectedFact, ...] = ()


def ties(publication: Publication) -> Ties:
    """Everything about the units that is no unit itself."""
    positions: dict[str, Position] = {}
    holders: dict[str, str] = {}
    languages: dict[str, tuple[tuple[str, str], ...]] = {}
    links: list[ExpectedLink] = []
    calls: dict[str, ExpectedCall] = {}
    known = {reference.key: reference.id for reference in publication.references}

    def words(inlines: tuple[Inline, ...], id: str, lang: str, position: Position) -> None:
        positions[id] = position
        if spans := _foreign(inlines, lang):
            languages[id] = spans
        links.extend(_links(inlines, id, known))
        for inline, before in words_before(inlines):
            if isinstance(inline, Image | Math):
                positions[inline.id] = position
            elif isinstance(inline, FootnoteCall):
                calls[inline.id] = ExpectedCall(id, before)

    for holder, nodes in held_nodes(publication):
        for node in walk(nodes):
            positions[node.id] = node.position
            if isinstance(node, ListItem) and node.checked is not None:
                positions[f"{node.id}-task"] = node.position
                if holder:
                    holders[f"{node.id}-task"] = holder
            if isinstance(node, Worded):
                words(node.inlines, node.id, node.lang, node.position)
                if holder:
                    objects = (i.id for i in walk_inlines(node.inlines) if isinstance(i, Image | Math))
                    holders.update((id, holder) for id in (node.id, *objects))
            elif isinstance(node, CodeBlock) and holder:
                holders[node.id] = holder
    _plain_positions(publication, positions)
    for heading in repeated_headings(publication):
        if spans := _foreign(heading.inlines, heading.lang):
            languages[f"{heading.id}{REPEATED}"] = spans
    for reference in publication.references:
        words(reference.entry, reference.id, reference.lang, reference.position)
        if reference.url and not any(isinstance(inline, Link) for inline in walk_inlines(reference.entry)):
            links.append(ExpectedLink(reference.id, shown_words(plain_text(reference.entry)), reference.url))
    for note in publication.notes:
        links.extend(_sources(note, publication))
    calls |= _calls_of_notes(publication)
    nodes = [node for _, held in held_nodes(publication) for node in held]
    facts = tuple(expected_facts(nodes, publication))
    return Ties(positions, holders, languages, tuple(links), tuple(_notes(publication)), calls, facts)


def held_nodes(publication: Publication) -> Iterator[tuple[str | None, Iterable[Node]]]:
    """All nodes, nested ones not entered, those of notes and footnotes with the id of what holds them."""
    yield None, publication.blocks()
    for footnote in publication.footnotes:
        yield footnote.id, footnote.blocks
    for note in publication.notes:
        yield note.id, note.blocks
        if note.plain:
            yield note.id, (*note.plain.blocks,)
    for counterpart in publication.counterparts:
        yield None, counterpart.blocks
    for layer in publication.layers:
        for passage in (layer.introduction, layer.method):
            if passage:
                yield None, passage.blocks
                yield None, passage.plain.blocks if passage.plain else ()
    if publication.glossary and publication.glossary.plain:
        yield None, publication.glossary.plain.blocks


def formulas(publication: Publication) -> Iterator[Math]:
    """Every formula, wherever it stands."""
    worded = (node for _, nodes in held_nodes(publication) for node in walk(nodes) if isinstance(node, Worded))
    entries = (reference.entry for reference in publication.references)
    for inlines in (*(node.inlines for node in worded), *entries):
        yield from (inline for inline in walk_inlines(inlines) if isinstance(inline, Math))


def _calls_of_notes(publication: Publication) -> dict[str, ExpectedCall]:
    """A note on words is called after the last of them, one on a heading after all of it, one on another element at the
    end of its caption or of its last words; where it has none, in it."""
    known = {node.id: node for _, nodes in held_nodes(publication) for node in walk(nodes)}
    worded = {id: node for id, node in known.items() if isinstance(node, Worded)}
    calls: dict[str, ExpectedCall] = {}
    for note in publication.notes:
        last = note.target.ranges[-1] if note.target.ranges else None
        if last is not None and last.block in worded:
            calls[note.call] = ExpectedCall(last.block, worded[last.block].text[: last.end], loose=True)
        elif isinstance(heading := worded.get(note.target.element or ""), Heading):
            calls[note.call] = ExpectedCall(heading.id, heading.text, loose=True)
        elif element := known.get(note.target.element or ""):
            captions = element.caption if isinstance(element, Figure | Table) else (element,)
            lines = [node for node in walk(captions) if isinstance(node, Worded)]
            if lines:
                calls[note.call] = ExpectedCall(lines[-1].id, lines[-1].text, loose=True)
                continue
            inside = frozenset(node.id for node in walk((element,)) if isinstance(node, Worded | CodeBlock))
            if inside:
                calls[note.call] = ExpectedCall("", "", loose=True, within=inside)
    return calls


def _plain_positions(publication: Publication, positions: dict[str, Position]) -> None:
    passages = [passage for layer in publication.layers for passage in (layer.introduction, layer.method)]
    for passage in (*passages, publication.glossary):
        if passage:
            positions[passage.id] = passage.position
            if passage.plain:
                positions[f"{passage.plain.id}-title"] = passage.position
    for block in publication.blocks():
        if isinstance(block, Heading):
            objects = (i.id for i in walk_inlines(block.inlines) if isinstance(i, Image | Math))
            positions.update((f"{id}{REPEATED}", block.position) for id in (block.id, *objects))
    for note in publication.notes:
        positions[note.id] = positions[note.call] = note.position
    for footnote in publication.footnotes:
        positions[footnote.id] = footnote.position
        positions.update((call, footnote.position) for call in footnote.calls)
    for counterpart in publication.counterparts:
        positions[counterpart.id] = counterpart.position


def _foreign(inlines: Iterable[Inline], lang: str) -> tuple[tuple[str, str], ...]:
    """The stretches of words by language, where any is in another than the whole; else none."""
    spans = tuple(_stretches(inlines, lang))
    return spans if {span_lang for _, span_lang in spans} - {lang} else ()


def _stretches(inlines: Iterable[Inline], lang: str) -> Iterator[tuple[str, str]]:
    """The words in order, cut where the language changes."""
    for inline in inlines:
        inner = (inline.lang or lang) if isinstance(inline, Span) else lang
        children = getattr(inline, "children", None)
        if children is None:
            text = plain_text((inline,)).replace(OBJECT, " ")
            if text:
                yield text, lang
        else:
            yield from _stretches(children, inner)


def _links(inlines: tuple[Inline, ...], unit: str, references: Mapping[str, str]) -> Iterator[ExpectedLink]:
    """The links among some words. HTML has no links within links: the outermost counts."""
    for inline in inlines:
        match inline:
            case Link():
                yield ExpectedLink(unit, shown_words(plain_text(inline.children)), inline.target.strip())
            case Citation():
                known = [references[key] for key in inline.keys if key in references]
                if known:
                    yield ExpectedLink(unit, shown_words(plain_text(inline.children)), f"#{known[0]}")
                else:
                    yield from _links(inline.children, unit, references)
            case _:
                yield from _links(getattr(inline, "children", ()), unit, references)


def _sources(note: Note, publication: Publication) -> Iterator[ExpectedLink]:
    known = {reference.key: reference for reference in publication.references}
    for key in note.sources:
        if key in known:
            yield ExpectedLink(note.id, known[key].short, f"#{known[key].id}")


def _notes(publication: Publication) -> Iterator[ExpectedNote]:
    for note in publication.notes:
        yield ExpectedNote(note.id, f"note {note.layer}", (note.call,), note.number)
    for footnote in publication.footnotes:
        yield ExpectedNote(footnote.id, "footnote", footnote.calls, footnote.number)
