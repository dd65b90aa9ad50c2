"""A block anew, with something made of its running words: everything else of it stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from publisher.model.blocks import (
    Block,
    Cell,
    CodeBlock,
    DefinitionList,
    Figure,
    Group,
    Heading,
    LineBlock,
    List,
    Paragraph,
    Quotation,
    Row,
    Table,
    ThematicBreak,
)
from publisher.model.inlines import (
    Citation,
    Code,
    FootnoteCall,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    Span,
    Styled,
    Text,
)

Change = Callable[[str], Sequence[Inline]]
"""What becomes of some words. It must give the same words, so that all that counts in them still holds."""


def with_words(block: Block, change: Change) -> Block:
    """The block with `change` made to its words and those of the blocks in it, in reading order.

    Words of headings, links, citations and other languages are left alone.
    """
    match block:
        case Paragraph() | LineBlock():
            return replace(block, inlines=_changed(block.inlines, change))
        case List():
            return replace(block, items=tuple(replace(one, blocks=_all(one.blocks, change)) for one in block.items))
        case DefinitionList():
            entries = tuple(
                (
                    replace(term, inlines=_changed(term.inlines, change)),
                    tuple(replace(one, blocks=_all(one.blocks, change)) for one in definitions),
                )
                for term, definitions in block.entries
            )
            return replace(block, entries=entries)
        case Quotation() | Group():
            return replace(block, blocks=_all(block.blocks, change))
        case Table():
            return replace(
                block,
                caption=_all(block.caption, change),
                head=_rows(block.head, change),
                bodies=tuple(_rows(body, change) for body in block.bodies),
                foot=_rows(block.foot, change),
            )
        case Figure():
            return replace(
                block,
                blocks=_all(block.blocks, change),
                caption=_all(block.caption, change),
                long_description=_all(block.long_description, change),
            )
        case Heading() | CodeBlock() | ThematicBreak():
            return block
        case _:
            assert_never(block)


def _all(blocks: Iterable[Block], change: Change) -> tuple[Block, ...]:
    return tuple(with_words(block, change) for block in blocks)


def _rows(rows: Iterable[Row], change: Change) -> tuple[Row, ...]:
    def changed(cell: Cell) -> Cell:
        return replace(cell, blocks=_all(cell.blocks, change))

    return tuple(tuple(changed(cell) for cell in row) for row in rows)


def _changed(inlines: Iterable[Inline], change: Change) -> tuple[Inline, ...]:
    made: list[Inline] = []
    for inline in inlines:
        match inline:
            case Text():
                made.extend(change(inline.text))
            case Styled():
                made.append(replace(inline, children=_changed(inline.children, change)))
            case Span(lang=None, say=None, expansion=None):
                made.append(replace(inline, children=_changed(inline.children, change)))
            case Span() | Link() | Citation() | Code() | LineBreak() | Image() | Math() | FootnoteCall():
                made.append(inline)
            case _:
                assert_never(inline)
    return tuple(made)
