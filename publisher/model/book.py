"""What an EPUB holds beside its text: marks of printed pages, and notes as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A mark in the text where a printed page begins.

    `at` tells where: for each id of the elements around what follows it, the words of that element that stand before.
    """

    label: str
    id: str
    place: str
    at: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A line of the page list: its words, its target as written, and the label of the mark there (None: no mark)."""

    label: str
    target: str
    leads_to: str | None


@dataclass(frozen=True, slots=True)
class FoundPages:
    """The printed pages that a book marks and lists, in reading order.

    `source` names what has these pages. `begins` tells for each id the label of the page on which its element begins
    (empty before the first mark); `words` how many words it holds.
    """

    marks: tuple[FoundPage, ...] = ()
    entries: tuple[PageEntry, ...] = ()
    source: str = ""
    begins: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundAnnotation:
    """A note as data. `note` is the id of the footnote that its body says it is; `on` the ids that its selectors name.

    `selected` are the words that its positions select in the document, `quoted` those that it quotes, both without the
    marks of calls; `problem` says why a selector selects nothing, where one does.
    """

    id: str
    note: str
    creator: str
    created: str
    motivation: str
    text: str
    lang: str
    tags: tuple[str, ...] = ()
    source: str = ""
    on: str = ""
    selected: str | None = None
    quoted: str | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FoundAnnotations:
    """The notes as data, in their order; `about` are the identifiers of the publication that they are on, `footnotes`
    the ids of the book's own notes, in theirs; `generated` is when the whole was made, as told."""

    items: tuple[FoundAnnotation, ...] = ()
    about: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    generated: str = ""
