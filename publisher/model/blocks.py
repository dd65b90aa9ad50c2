"""The blocks of a text. Every block has an id, a language and a position in the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from publisher.model.inlines import Image, Inline, plain_text, walk_inlines
from publisher.model.source import Position


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a block: characters `start` up to `end` of its `plain_text`, trimmed of white space."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every block has. `id` is unique in the publication; `lang` is a BCP 47 tag, inherited ones resolved."""

    id: str
    lang: str
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded(Node):
    """A block that holds words itself. `sentences` cover all of its words, in order, without overlap."""

    inlines: tuple[Inline, ...]
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The words, as `plain_text`."""
        return plain_text(self.inlines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading(Worded):
    """A heading of level 2 to 6 (1 is the title's). `plain` is its plain-language wording, if it has one."""

    level: int
    plain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(Worded):
    """A paragraph. `tight` where it stands in a list item, cell or caption without space around it."""

    tight: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBlock(Worded):
    """Lines kept as the author broke them (verse, addresses): LineBreak inlines between the lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBlock(Node):
    """Preformatted text, `language` as the author named it."""

    code: str
    language: str | None = None


class Numbering(Enum):
    """How a list's items are marked; the values of ordered ones are those of HTML's `type` attribute."""

    BULLET = "bullet"
    DECIMAL = "1"
    LOWER_ALPHA = "a"
    UPPER_ALPHA = "A"
    LOWER_ROMAN = "i"
    UPPER_ROMAN = "I"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem(Node):
    """One item. `checked` is True or False in a task list, else None."""

    blocks: tuple[Block, ...]
    checked: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class List(Node):
    """A list; `start` is the first number of an ordered one."""

    items: tuple[ListItem, ...]
    numbering: Numbering = Numbering.BULLET
    start: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Worded):
    """The term of a definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Node):
    """One definition of a term."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionList(Node):
    """Terms, each with its definitions."""

    entries: tuple[tuple[Term, tuple[Definition, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation(Node):
    """A block quotation. `pull` where it repeats the edition's own words for display (`::: pull-quote`)."""

    blocks: tuple[Block, ...]
    pull: bool = False


class Align(Enum):
    """How a table column is aligned."""

    DEFAULT = "default"
    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell(Node):
    """A table cell. `scope` is "col", "row" or None for a data cell."""

    blocks: tuple[Block, ...]
    scope: str | None = None
    align: Align = Align.DEFAULT
    rowspan: int = 1
    colspan: int = 1


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Node):
    """A table: `head` and `foot` rows, `bodies` each a group of rows; `widths` are shares of the line or None."""

    caption: tuple[Block, ...]
    columns: tuple[Align, ...]
    widths: tuple[float | None, ...]
    head: tuple[Row, ...]
    bodies: tuple[tuple[Row, ...], ...]
    foot: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Node):
    """Pictures (or other blocks) with a caption. `long_description` says more than the alternative can."""

    blocks: tuple[Block, ...]
    caption: tuple[Block, ...]
    long_description: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Node):
    """Blocks that the author put together in a fenced division, `classes` as written (`aside`, `example` …)."""

    blocks: tuple[Block, ...]
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThematicBreak(Node):
    """A change of subject without a heading."""


Block = (
    Heading
    | Paragraph
    | LineBlock
    | CodeBlock
    | List
    | DefinitionList
    | Quotation
    | Table
    | Figure
    | Group
    | ThematicBreak
)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node, in reading order (a caption after its figure's picture, before its table)."""
    match node:
        case ListItem() | Definition() | Quotation() | Group() | Cell():
            yield from node.blocks
        case List():
            yield from node.items
        case DefinitionList():
            for term, definitions in node.entries:
                yield term
                yield from definitions
        case Table():
            yield from node.caption
            for rows in (node.head, *node.bodies, node.foot):
                for row in rows:
                    yield from row
        case Figure():
            yield from node.blocks
            yield from node.caption
            yield from node.long_description


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node, parents before children, in reading order."""
    for node in nodes:
        yield node
        yield from walk(children(node))


def images(node: Node) -> Iterator[Image]:
    """The pictures that stand directly among a node's own words."""
    if isinstance(node, Worded):
        yield from (inline for inline in walk_inlines(node.inlines) if isinstance(inline, Image))
