"""The edition in memory: everything that a format needs, read and resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from publisher.model.blocks import Block, Heading, Node
from publisher.model.inlines import Inline
from publisher.model.limits import DEFAULT, Limits
from publisher.model.recordings import Recording


@dataclass(frozen=True, slots=True)
class Creator:
    """A person or body and what they did, as a MARC relator code (`aut`, `edt`, `ill`, `nrt`, `trl` …).

    `key` is how notes name an editor (`by="desk"`).
    """

    name: str
    role: str = "aut"
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the edition that formats carry. `name` is its path inside the edition's folder, with `/`.

    `path` is where it was read, resolved; `sha256` is the digest of its bytes; `width` and `height` are pixels
    (CSS pixels for SVG).
    """

    name: str
    path: Path
    media_type: str
    sha256: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the editions of one publisher share (`source/imprint.yaml`)."""

    publisher: str = ""
    base_url: str = ""
    lang: str = "en"
    contact: str = ""
    rights: str = ""
    voice: str = "espeak"
    page_size: str = "A4"
    large_print: int = 18
    voices: Mapping[str, str] = field(default_factory=dict)
    pauses: Mapping[str, float] = field(default_factory=dict)
    mixes: tuple[str, ...] = ()
    opus: bool = False
    limits: Limits = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Facts about the edition. `identifier` is always there: the author's, else derived from the edition.

    `voice` names who reads aloud, `voices` who else, by the role of the lines; `pauses` are seconds, by the names of
    `narration.PAUSES`. `mixes` are those of CHOSEN_MIXES that are made, `opus` whether recordings are made in Opus too.
    """

    title: str
    lang: str
    identifier: str
    subtitle: str | None = None
    creators: tuple[Creator, ...] = ()
    date: date | None = None
    publisher: str = ""
    rights: str = ""
    description: str = ""
    cover: Resource | None = None
    cover_alternative: str = ""
    voice: str = "espeak"
    subjects: tuple[str, ...] = ()
    voices: Mapping[str, str] = field(default_factory=dict)
    pauses: Mapping[str, float] = field(default_factory=dict)
    mixes: tuple[str, ...] = ()
    opus: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what follows until the next of its rank. The opening of a text may lack a heading."""

    heading: Heading | None
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...] = ()

    def nodes(self) -> Iterator[Block]:
        """Heading and blocks of this section and those inside it, in reading order, nested blocks not entered."""
        if self.heading is not None:
            yield self.heading
        yield from self.blocks
        for section in self.sections:
            yield from section.nodes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart(Node):
    """A plain-language counterpart: `blocks` restate those whose ids `restates` holds, in order.

    `waived` lists numbers, names or words that it leaves out on purpose.
    """

    restates: tuple[str, ...]
    blocks: tuple[Block, ...]
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote(Node):
    """A footnote of the author's own. `calls` are the ids of its FootnoteCalls, in order."""

    number: int
    blocks: tuple[Block, ...]
    calls: tuple[str, ...]


class Anchoring(Enum):
    """How a note's target was found. The first three anchor it; the last two are errors."""

    EXACT = "exact"
    NORMALISED = "normalised"
    EDITED = "edited"
    AMBIGUOUS = "ambiguous"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Range:
    """Characters `start` up to `end` of the `plain_text` of the Worded block `block`."""

    block: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Target:
    """What a note comments on: words (`ranges`, one a block, in order) or a whole `element` (a node's id).

    `quote` is the words as they stand in the article. For a whole section `element` is its heading's id.
    """

    anchoring: Anchoring
    quote: str
    ranges: tuple[Range, ...] = ()
    element: str | None = None
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Node):
    """One comment. `number` counts from 1 in the order of the targets; `call` is the id of the mark in the text."""

    number: int
    call: str
    kind: str
    by: Creator
    date: date | None
    target: Target
    blocks: tuple[Block, ...]
    plain: Counterpart | None = None
    sources: tuple[str, ...] = ()
    layer: str = "commentary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage(Node):
    """A text of the editors about the edition: the introduction, the method. `title` heads it.

    The glossary is one that says all in plain language: it has no `blocks`.
    """

    title: str
    blocks: tuple[Block, ...]
    plain: Counterpart | None = None


@dataclass(frozen=True, slots=True)
class Commentary:
    """One layer of commentary; `notes` stand in the order of their targets."""

    layer: str
    title: str
    lang: str
    editors: tuple[Creator, ...]
    introduction: Passage | None
    method: Passage | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Node):
    """A work cited: `key` is its CSL id, `csl` its CSL-JSON item, `entry` the style's bibliography entry.

    `short` names it in a note: title, publisher, date. `url` is its address, if it has one.
    """

    key: str
    csl: Mapping[str, Any]
    entry: tuple[Inline, ...]
    short: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The edition, whole. `name` is its folder's and names its files.

    `lexicon` says how words are said, by language tag and then by word: in words spelt as they sound, or as phonemes
    of the IPA between slashes. `glossary` ends the plain language; its words are linked there already.
    """

    name: str
    metadata: Metadata
    imprint: Imprint
    sections: tuple[Section, ...]
    counterparts: tuple[Counterpart, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    layers: tuple[Commentary, ...] = ()
    references: tuple[Reference, ...] = ()
    resources: Mapping[str, Resource] = field(default_factory=dict)
    lexicon: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    recordings: tuple[Recording, ...] = ()
    glossary: Passage | None = None

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes of all layers, layer by layer."""
        return tuple(note for layer in self.layers for note in layer.notes)

    def blocks(self) -> Iterator[Block]:
        """The article's headings and blocks in reading order, nested blocks not entered."""
        for section in self.sections:
            yield from section.nodes()

    def all_blocks(self) -> Iterator[Block]:
        """Those of all that stands in the edition: the article, its footnotes and counterparts, the commentary, the
        glossary; nested blocks not entered."""
        yield from self.blocks()
        for footnote in self.footnotes:
            yield from footnote.blocks
        for counterpart in self.counterparts:
            yield from counterpart.blocks
        for layer in self.layers:
            for part in (layer.introduction, layer.method, *layer.notes):
                if part is not None:
                    yield from part.blocks
                    yield from part.plain.blocks if part.plain is not None else ()
        if self.glossary is not None and self.glossary.plain is not None:
            yield from self.glossary.plain.blocks
