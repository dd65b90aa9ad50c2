"""What a build leaves behind and what a reader finds in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

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
class Artefact:
    """One file of a build: its name in the edition's output folder and its media type.

    `purpose` says in a few words what it is good for; `duration` is seconds of sound; `pages` counts a PDF's;
    `findings` are what its writer has to tell about it.
    """

    name: str
    media_type: str
    format: str
    purpose: str
    duration: float | None = None
    pages: int | None = None
    findings: tuple[Finding, ...] = ()
