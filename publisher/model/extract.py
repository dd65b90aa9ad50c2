"""What a reader finds in an artefact that it opened as a stranger would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from publisher.model.artefacts import UnitRole


class Evidence(Enum):
    """How well something is known. Nothing is called consistent on declared evidence alone."""

    EXTRACTED = "extracted"
    MEASURED = "measured"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Found:
    """One unit as an artefact holds it: all the words of one block, the alternative of one picture.

    `id` is the artefact's own, where it carries one; `lang` the language that applies there; `place` where to look
    (`article.xhtml#albania-2`, `page 3`, `0:01:12.340`). `furniture` marks what the artefact itself sets apart from
    the text: contents, page furniture, player controls. `hidden` is content that no reader is shown. `note` is the id
    of the note or footnote that it stands in; `runs` are its words cut where their language changes, each with its
    language, empty where all of it is in `lang`.
    """

    role: UnitRole
    text: str
    lang: str
    place: str
    id: str | None = None
    level: int | None = None
    furniture: bool = False
    hidden: bool = False
    note: str | None = None
    runs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link: its words, its target as written, and whether a target inside the artefact is there (None: outside).

    `calls` marks the call of a note, `back` a way back from one. `unit` is the id of the block that holds it; `before`
    the words of that block before it, None where the reader cannot tell.
    """

    text: str
    target: str
    place: str
    resolves: bool | None
    id: str | None = None
    calls: bool = False
    back: bool = False
    unit: str | None = None
    furniture: bool = False
    before: str | None = None


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """A line of contents: its words, where it leads (a place as units have it, else `#id`; a document's own name for
    the whole of it), and how deep it stands, from 1."""

    text: str
    target: str
    level: int


@dataclass(frozen=True, slots=True)
class FoundContents:
    """One list of contents: a page's or book's own (`toc`), an EPUB's old one (`ncx`), a PDF's (`bookmarks`)."""

    kind: str
    place: str
    entries: tuple[FoundEntry, ...]


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note or footnote and the ids of the places that call it, in order; `backlinks` are the ids it leads back to,
    `name` what it is announced as by assistive technology, where it has a name of its own."""

    id: str
    place: str
    calls: tuple[str, ...] = ()
    backlinks: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class FoundCue:
    """Words that an artefact says sound from `begin` to `end`, in seconds from the begin of its sound.

    `id` is the artefact's own, or the id of the element that is shown as active; empty where there is none. `speaker`
    is who is named as saying them.
    """

    id: str
    begin: float
    end: float
    text: str
    lang: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class FoundParagraph:
    """A paragraph of a transcript, and when it is told to sound, in seconds. `place` is where it stands.

    `mark` says what it is marked as: "heading", "note", "footnote", or "" for none of these; `told` are the other times
    that it gives (as people read it, as its link has it), `link` is where its time leads. `langs` are the runs of its
    words in order, each with its language before it.
    """

    begin: float
    text: str
    place: str
    mark: str = ""
    told: tuple[float, ...] = ()
    link: str | None = None
    langs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FoundChapter:
    """A chapter of a recording, in seconds."""

    title: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Fact:
    """Something said of a unit beside its words: `id` is the unit's, or the picture's or item's that it is about.

    | `kind` | `value` |
    |---|---|
    | `expansion` | an abbreviation and what it stands for: `NCA: National Crime Agency` |
    | `header` | what a cell is the header of: `col`, `row` |
    | `cell` | where a cell stands, from 1: `row 2, column 1`, with `over 2 rows`, `over 3 columns` |
    | `number` | a list item's, with the kind of its numerals: `i 4` |
    | `within` | what a unit stands in, from without: `quotation list` (`figure`, `table`, `caption`) |
    | `picture` | the digest of its bytes, SHA-256 |
    | `cover` | the same of the cover, where it is known as that |
    | `script` | what is raised or lowered, after what: `10 ^6`, `H _2` |
    | `struck` | what is struck out |
    | `line` | the word after which a line ends on purpose |
    | `formula` | the elements of its MathML with their characters |
    | `target` | the words of a unit that a note is on: `albania-2: more than 1,000`; an element's id alone |
    | `restates` | the ids of what a plain-language counterpart restates |
    | `signed` | who signs a note, and when: `The desk, 2026-11-20` |
    | `checked` | whether a task is done: `yes`, `no` |
    """

    kind: str
    id: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Extract:
    """Everything found in one artefact. `metadata` holds `title`, `creator`, `language`, `date`, `identifier` …

    `cues`, `chapters` and `duration` (seconds, None where it has none) are a recording's, `paragraphs` those of what it
    says in writing. `tells` are the kinds of
    facts that the reader looks for, and `layout` where it keeps the white space of code: only these can be missing.
    `contents` are the lists that lead to the headings.
    """

    format: str
    path: str
    evidence: Evidence
    metadata: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: tuple[Found, ...] = ()
    links: tuple[FoundLink, ...] = ()
    notes: tuple[FoundNote, ...] = ()
    cues: tuple[FoundCue, ...] = ()
    chapters: tuple[FoundChapter, ...] = ()
    duration: float | None = None
    facts: tuple[Fact, ...] = ()
    tells: frozenset[str] = frozenset()
    contents: tuple[FoundContents, ...] = ()
    paragraphs: tuple[FoundParagraph, ...] = ()
