"""What a publication says about its accessibility, and what a stranger sees of it.

EPUB Accessibility 1.1 (https://www.w3.org/TR/epub-a11y-11/); the values are those of the Schema.org Accessibility
Properties for Discoverability Vocabulary (https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary-20230718/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CONFORMS_TO = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
"""https://www.w3.org/TR/epub-a11y-11/#sec-conf-reporting-pub"""


@dataclass(frozen=True, slots=True)
class Claims:
    """What is said of a publication's accessibility. `conforms_to` is None where a barrier was found.

    `sufficient` holds comma-separated sets of modes.
    """

    modes: tuple[str, ...] = ()
    sufficient: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    summary: str = ""
    conforms_to: str | None = None
    certified_by: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a package, as written: `schema:accessMode`, `dcterms:conformsTo`, `a11y:certifiedBy` …

    `id` is the statement's own, `refines` that of the statement which it is about.
    """

    property: str
    value: str
    id: str | None = None
    refines: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. `alternative` is None where there is none at all, empty where it is said to be decoration.

    `long` is True where a long description in words is tied to it; `cover` where it is the cover's; `heard` where an
    overlay reads it; `formula` where it stands for a formula.
    """

    place: str
    alternative: str | None
    long: bool = False
    cover: bool = False
    heard: bool = False
    formula: bool = False

    @property
    def means(self) -> bool:
        """Whether it is part of what is told: neither decoration nor the cover."""
        return self.alternative != "" and not self.cover


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in MathML. `words` are what it is called; `drawn` is False where there is nothing in it."""

    place: str
    words: str
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Headline:
    """A heading and its level, from 1."""

    place: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of data; `headed` where a cell is the header of others."""

    place: str
    headed: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """A link. `kind` is `call` (of a note), `back` (from one) or `link`; `resolves` is None where it leads outside.

    `source` and `goal` are where it stands and leads, as `document#id`; `note` is False where it leads to what is not
    marked as a note; `inside` is the note that it stands in.
    """

    place: str
    text: str
    kind: str
    resolves: bool | None
    source: str
    goal: str
    note: bool = True
    inside: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the navigation: its words, where it leads as `document#id`, whether that is there."""

    text: str
    goal: str
    resolves: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A content document. `number` is its place in the spine, None for one outside it; `spoken` where it has an
    overlay."""

    name: str
    lang: str
    title: str
    number: int | None
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Sound:
    """One step of an overlay: the element that it reads, its structures (`footnote`, `pagebreak`, `table` …) as the
    overlay and as the document tell them; `resolves` where the element is there."""

    place: str
    goal: str
    told: frozenset[str]
    structures: frozenset[str]
    resolves: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """Something found at a place: a fixed size in a style sheet, a script, a role that is missing."""

    place: str
    what: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything in an EPUB that bears on its accessibility, read from the file itself; places are
    `document#id` inside the container.

    `identifier` is the publication's own; `notes` are the places of notes; `silent` words that no overlay reads;
    `fixed` style rules that take settings from the reader; `moving` what moves, flashes or sounds by itself; `locked`
    what is encrypted; `jumps` what leaves the order of reading; `missing` what cannot be read; `roles` how often each
    ARIA role stands there, `roleless` where
    one that should is missing; `languages` are those declared; `sources` name what the page breaks are of; `words`
    counts the runs of text.
    """

    name: str
    identifier: str = ""
    claims: tuple[Claim, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    pictures: tuple[Picture, ...] = ()
    formulas: tuple[Formula, ...] = ()
    headlines: tuple[Headline, ...] = ()
    grids: tuple[Grid, ...] = ()
    ties: tuple[Tie, ...] = ()
    notes: tuple[str, ...] = ()
    contents: tuple[Entry, ...] = ()
    landmarks: tuple[Entry, ...] = ()
    pages: tuple[Entry, ...] = ()
    has_pages: bool = False
    breaks: tuple[Mark, ...] = ()
    sources: tuple[str, ...] = ()
    sounds: tuple[Sound, ...] = ()
    silent: tuple[Mark, ...] = ()
    languages: tuple[str, ...] = ()
    fixed: tuple[Mark, ...] = ()
    moving: tuple[Mark, ...] = ()
    scripts: tuple[Mark, ...] = ()
    media: tuple[Mark, ...] = ()
    locked: tuple[Mark, ...] = ()
    jumps: tuple[Mark, ...] = ()
    missing: tuple[Mark, ...] = ()
    roles: Mapping[str, int] = field(default_factory=dict)
    roleless: tuple[Mark, ...] = ()
    words: int = 0

    def values(self, property: str) -> tuple[str, ...]:
        """What is claimed of one property, in order."""
        return tuple(claim.value for claim in self.claims if claim.property == property)

    @property
    def overlays(self) -> bool:
        """Whether anything is read aloud by overlays."""
        return any(sheet.spoken for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class Record:
    """What the book trade is told of a product: descriptions by code list (`196`, `143`) and code, empty where a code
    says all; codes of technical protection (list 144); by Dublin Core's names, what it is and whose."""

    features: Mapping[tuple[str, str], str]
    protection: tuple[str, ...] = ()
    metadata: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
