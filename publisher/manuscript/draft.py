"""What reading Markdown gives, before it is a Publication: bodies, divisions, and everything that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from publisher.model.blocks import Block
from publisher.model.findings import Finding
from publisher.model.publication import Counterpart, Footnote, Passage, Reference, Resource, Section
from publisher.model.source import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """The opening of a fenced division: its own id (None where the author gave none), classes and other attributes.

    `places` says where attributes stand, as far as that is known.
    """

    position: Position
    id: str | None
    classes: tuple[str, ...]
    attributes: Mapping[str, str]
    places: Mapping[str, Position] = field(default_factory=dict)

    def place(self, name: str) -> Position:
        """Where an attribute stands, else where the fence does."""
        return self.places.get(name, self.position)


Naming = Callable[[Fence], str]
"""Gives a division the id that it and the nodes in it are named after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownText:
    """A text to read: everything after the front matter of one file.

    `path` is shown in positions, `first_line` is the line of the file that the text begins on, `lang` the language
    that it is in unless it says otherwise, `reader` pandoc's name for its dialect. Where `naming` is given, the text
    is read as divisions (see `Division`), not as an article.
    """

    path: str
    text: str
    first_line: int = 1
    lang: str = "en"
    reader: str = "markdown"
    naming: Naming | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One top-level fenced division of a text that is read as divisions: a note, an introduction, a method.

    `fence` is its opening line as written. `id` is what the text's `naming` answered for that fence, made unique;
    blocks inside without an id of their own are `{id}-1`, `{id}-2` … `counterparts` are its inner `::: plain`
    divisions, ids `{id}-plain`, `{id}-plain-2` …, whose `restates` names the blocks of `blocks` before them.
    """

    id: str
    lang: str
    fence: Fence
    blocks: tuple[Block, ...]
    counterparts: tuple[Counterpart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One text, read. An article has `sections` and `counterparts`; a text read as divisions has `divisions`.

    `strays` are the places of blocks outside any division, in a text read as divisions. `forms` are those in which
    the words of the `glossary` stand in the text, by the ids of its terms.
    """

    sections: tuple[Section, ...] = ()
    counterparts: tuple[Counterpart, ...] = ()
    divisions: tuple[Division, ...] = ()
    strays: tuple[Position, ...] = ()
    glossary: Passage | None = None
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A work that may be cited: its CSL-JSON item (which holds its `id`) and where the author wrote it."""

    csl: Mapping[str, Any]
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Several texts read together: a Body for each, in order, and what they share.

    Footnotes are numbered through all texts in order; `references` holds every source once, in the order of the
    bibliography; `resources` holds the pictures used. `findings` come sorted by place and may hold errors: it is for
    the caller to gather them with its own and raise FindingsError.
    """

    bodies: tuple[Body, ...]
    footnotes: tuple[Footnote, ...] = ()
    references: tuple[Reference, ...] = ()
    resources: Mapping[str, Resource] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
