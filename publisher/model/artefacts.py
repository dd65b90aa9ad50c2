"""What a build leaves behind and what a reader finds in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from publisher.model.accessibility import Claims
from publisher.model.findings import Finding


class UnitRole(Enum):
    """What a unit is, in every format the same."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CODE = "code"
    TERM = "term"
    ALTERNATIVE = "alternative"
    MATH = "math"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Unit:
    """What is compared between formats: the words of one block, the alternative of one picture, one formula.

    `level` is a heading's; `part` says which part of the edition holds it (`article`, `plain`, `note`,
    `footnote`, `introduction`, `method`, `references`, `front`).
    """

    id: str
    role: UnitRole
    lang: str
    text: str
    part: str = "article"
    level: int | None = None


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Where a printed page begins, for page lists (https://www.w3.org/TR/epub-a11y-11/#sec-page-breaks).

    `label` is the page's number as printed; `id` the first thing on it: a sentence, or a picture or block without one.
    `words` counts the words of that sentence (runs of anything but white space in its part of `Worded.text`, calls of
    notes not among them) that stand on pages before, 0 where the page begins with it. A word cut by the page's end
    counts as before.
    """

    label: str
    id: str
    words: int = 0


@dataclass(frozen=True, slots=True)
class Artefact:
    """One file of a build: its name in the edition's output folder and its media type.

    `variant` is which of several files of one kind it is: a mix of the sound ("plain", "article", "notes-after"), the
    page in plain language ("plain"), "read-aloud", "large-print"; "" for the first of its kind. `purpose` says in a few
    words what it is good for; `duration` is seconds of sound; `pages` counts a PDF's, and
    `breaks` are where its pages begin; `claims` are what it says of its accessibility, `findings` what its writer has
    to tell about it.
    """

    name: str
    media_type: str
    format: str
    purpose: str
    duration: float | None = None
    pages: int | None = None
    breaks: tuple[PageBreak, ...] = ()
    findings: tuple[Finding, ...] = ()
    claims: Claims | None = None
    variant: str = ""

    @property
    def alone(self) -> bool:
        """Whether readers take it by itself, unlike the pieces of a whole, which stand in a folder together."""
        return "/" not in self.name
