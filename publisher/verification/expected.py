"""The units that an edition consists of: what every format is held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publisher.model.artefacts import Unit, UnitRole
from publisher.model.blocks import (
    CodeBlock,
    Heading,
    Node,
    Term,
    Worded,
    walk,
)
from publisher.model.inlines import OBJECT, Image, Math, plain_text, walk_inlines
from publisher.model.publication import Publication


def units(publication: Publication) -> tuple[Unit, ...]:
    """Every unit of the edition, part by part, each part in reading order."""
    return tuple(_units(publication))


def _units(publication: Publication) -> Iterator[Unit]:
    metadata = publication.metadata
    yield Unit("title", UnitRole.TITLE, metadata.lang, metadata.title, "front", 1)
    if metadata.subtitle:
        yield Unit("subtitle", UnitRole.SUBTITLE, metadata.lang, metadata.subtitle, "front")
    for layer in publication.layers:
        if layer.introduction:
            yield from units_of(layer.introduction.blocks, "introduction")
    yield from units_of(publication.blocks(), "article")
    for footnote in publication.footnotes:
        yield from units_of(footnote.blocks, "footnote")
    for note in publication.notes:
        yield from units_of(note.blocks, "note")
    yield from _plain_units(publication)
    for layer in publication.layers:
        if layer.method:
            yield from units_of(layer.method.blocks, "method")
    for reference in publication.references:
        text = plain_text(reference.entry)
        yield Unit(reference.id, UnitRole.REFERENCE, reference.lang, _words(text), "references")


def _plain_units(publication: Publication) -> Iterator[Unit]:
    passages = [
        passage for layer in publication.layers for passage in (layer.introduction, layer.method) if passage is not None
    ]
    holders = [*publication.counterparts, *(note.plain for note in publication.notes), *(p.plain for p in passages)]
    for counterpart in holders:
        if counterpart is not None:
            yield from units_of(counterpart.blocks, "plain")


def units_of(nodes: Iterable[Node], part: str) -> Iterator[Unit]:
    """The units of some nodes and all inside them, in reading order."""
    for node in walk(nodes):
        if isinstance(node, Worded):
            yield from _worded(node, part)
        elif isinstance(node, CodeBlock):
            yield Unit(node.id, UnitRole.CODE, node.lang, node.code, part)


def _worded(block: Worded, part: str) -> Iterator[Unit]:
    text = _words(block.text)
    if text:
        level = block.level if isinstance(block, Heading) else None
        yield Unit(block.id, _role(block), block.lang, text, part, level)
    for inline in walk_inlines(block.inlines):
        match inline:
            case Image(decorative=False):
                yield Unit(inline.id, UnitRole.ALTERNATIVE, block.lang, inline.alternative, part)
            case Math():
                yield Unit(inline.id, UnitRole.MATH, block.lang, inline.spoken, part)
            case _:
                continue


def _role(block: Worded) -> UnitRole:
    match block:
        case Heading():
            return UnitRole.HEADING
        case Term():
            return UnitRole.TERM
        case _:
            return UnitRole.PARAGRAPH


def _words(text: str) -> str:
    """Words as they are compared: without the place holders of pictures and formulas, which are units themselves."""
    return " ".join(text.replace(OBJECT, " ").split())
