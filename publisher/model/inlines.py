"""What stands inside a line: the words of a block and what is marked on them.

Offsets into a block's words (of sentences, targets, word timings) count the characters of `plain_text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

OBJECT = "\ufffc"
"""Stands in `plain_text` for what is no text: an image or a formula (OBJECT REPLACEMENT CHARACTER)."""


class Style(Enum):
    """Styles that carry emphasis or position but no data; the value is the HTML element."""

    EMPHASIS = "em"
    STRONG = "strong"
    STRIKEOUT = "del"
    SUPERSCRIPT = "sup"
    SUBSCRIPT = "sub"
    UNDERLINE = "u"
    MARK = "mark"
    SMALL_CAPS = "span"


@dataclass(frozen=True, slots=True)
class Text:
    """Characters as shown: smart punctuation done, white space single, quotation marks of the language."""

    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """Children in a style."""

    style: Style
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Words with facts attached: a language, an abbreviation's expansion, how they are said, an anchor.

    `say` is either respelt words or, between slashes, IPA. `expansion` makes it an abbreviation.
    """

    children: tuple[Inline, ...]
    id: str | None = None
    lang: str | None = None
    expansion: str | None = None
    say: str | None = None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link. `target` is an absolute address or `#id` of something in this publication."""

    children: tuple[Inline, ...]
    target: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation as the citation style words it; `keys` are the ids of the References cited."""

    children: tuple[Inline, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Characters to be taken literally."""

    text: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A break that the author asked for; "\\n" in `plain_text`."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture among words or in a figure. `resource` is the name of a Resource of the publication.

    `alternative` is empty only where `decorative` says that it is so on purpose.
    """

    id: str
    resource: str
    alternative: str
    decorative: bool = False
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Math:
    """A formula: its TeX, presentation MathML (one `math` element) and the words that say it."""

    id: str
    tex: str
    mathml: str
    spoken: str
    display: bool = False


@dataclass(frozen=True, slots=True)
class FootnoteCall:
    """The place that calls one of the author's own footnotes."""

    id: str
    footnote: str


Inline = Text | Styled | Span | Link | Citation | Code | LineBreak | Image | Math | FootnoteCall


def plain_text(inlines: Iterable[Inline]) -> str:
    """The words alone: what offsets count in, what anchors search, what units compare."""
    return "".join(_plain(inline) for inline in inlines)


def _plain(inline: Inline) -> str:
    match inline:
        case Text(text=text) | Code(text=text):
            return text
        case Styled() | Span() | Link() | Citation():
            return plain_text(inline.children)
        case LineBreak():
            return "\n"
        case Image() | Math():
            return OBJECT
        case FootnoteCall():
            return ""


def told_text(inlines: Iterable[Inline], start: int = 0, end: int | None = None) -> str:
    """Characters `start` up to `end` of the plain text, with formulas in words and pictures as their alternatives."""
    inlines = tuple(inlines)
    objects = (inline for inline in walk_inlines(inlines) if isinstance(inline, Image | Math))
    told: list[str] = []
    for character in plain_text(inlines):
        if character == OBJECT and (inline := next(objects, None)) is not None:
            told.append(inline.spoken if isinstance(inline, Math) else inline.alternative)
        else:
            told.append(character)
    return "".join(told[start:end])


def walk_inlines(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """Every inline, parents before children, in reading order."""
    for inline in inlines:
        yield inline
        if isinstance(inline, Styled | Span | Link | Citation):
            yield from walk_inlines(inline.children)
