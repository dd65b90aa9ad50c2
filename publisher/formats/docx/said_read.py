"""What a paragraph of a Word document was found to say: its words, what stands among them, what leads elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree


@dataclass(frozen=True, slots=True)
class Piece:
    """Words as one run has them. `comments` are the ids of those that are on them."""

    text: str
    lang: str
    hidden: bool = False
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture, a formula or a box to tick among words; `id` is what it goes by. `media` is its relationship."""

    kind: str
    text: str
    lang: str
    id: str | None
    media: str = ""
    title: str = ""
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Leading:
    """A link or a call: its words, where it leads, the words before it, what it goes by."""

    text: str
    kind: str
    target: str
    before: str
    id: str | None = None
    title: str = ""


@dataclass
class Field:
    """A field whose words are being read: its instruction, and whether its result has begun."""

    code: str = ""
    shown: bool = False
    began: int = 0

    @property
    def name(self) -> str:
        return (self.code.split() or [""])[0].upper()


@dataclass
class Open:
    """What goes on from paragraph to paragraph: comments that have begun, fields."""

    comments: list[str] = field(default_factory=list)
    whole: dict[str, str] = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    """Comments that have begun before an element whose bookmark is still to come."""


@dataclass
class Said:
    """One paragraph, read. `own` is the name of the bookmark around its words, `before` those of places before them;
    `whole` are the comments on an element as a whole, each with that element's bookmark."""

    pieces: list[Piece] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    links: list[Leading] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    whole: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    own: str | None = None
    before: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def shown(pieces: list[Piece]) -> Iterator[Piece]:
    """The words that readers see."""
    return (piece for piece in pieces if not piece.hidden)
