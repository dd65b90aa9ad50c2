"""What is spoken: the script, the clips made from it, and the narration that joins them.

All times are seconds as floats; all offsets into words count characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from publisher.model.findings import Finding


@dataclass(frozen=True, slots=True)
class Voice:
    """An engine (`espeak`, `piper`, `gtts`) and its settings. `name` is the engine's own name for the voice, or "".

    `roles` are other voices for lines of some roles, by the role's value; "note" stands for all that is said inside a
    note of the commentary. `fallback` says what this voice and its roles' voices cannot; `left` are the ids of the
    lines that were left to it; a voice that is `gone` is asked for nothing more. `readers` are the
    people whose recordings are heard in its place ("": somebody whom nobody named), `partly` where they read less than
    half.
    """

    engine: str
    name: str = ""
    settings: Mapping[str, str | int | float] = field(default_factory=dict)
    roles: Mapping[str, Voice] = field(default_factory=dict)
    fallback: Voice | None = None
    left: frozenset[str] = frozenset()
    gone: bool = False
    readers: tuple[str, ...] = ()
    partly: bool = False

    @property
    def label(self) -> str:
        """How a person names it: `espeak:en`."""
        return f"{self.engine}:{self.name}" if self.name else self.engine


PAUSES: Mapping[str, float] = {
    "label": 0.12,
    "code": 0.25,
    "sentence": 0.3,
    "announcement": 0.35,
    "alternative": 0.4,
    "row": 0.5,
    "paragraph": 0.65,
    "reference": 0.7,
    "title": 0.9,
    "heading": 0.9,
    "note": 0.9,
    "end": 1.0,
    "before-heading": 1.3,
    "chapter": 1.8,
}
"""The silences that an edition may set, and what they are where it does not, in seconds."""

LONGEST_PAUSE = 2.4
"""Seconds. No silence is longer: a listener takes more for the end, or for a fault."""


class Role(Enum):
    """What a line is, which decides its pause and may decide its voice."""

    ANNOUNCEMENT = "announcement"
    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"
    QUOTATION = "quotation"
    CAPTION = "caption"
    ALTERNATIVE = "alternative"
    CODE = "code"
    NOTE = "note"
    FOOTNOTE = "footnote"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A run of words in one language. `shown_start` up to `shown_end` are the characters of the line's `shown`
    that it says; `ipa` where it is phonemes, not words."""

    text: str
    lang: str
    shown_start: int
    shown_end: int
    ipa: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say: one sentence, or an announcement of the edition's own (then `unit` is what it announces).

    `id` is the sentence's id, or `{unit}-{purpose}` for an announcement; `shown` is the text that a reader sees;
    `pause` is the silence after it; `aside` where it is said inside a note of the commentary.
    """

    id: str
    unit: str
    role: Role
    lang: str
    shown: str
    runs: tuple[Spoken, ...]
    pause: float
    aside: bool = False

    @property
    def said(self) -> str:
        """The words that the voice is given, all runs together."""
        return " ".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class ScriptChapter:
    """Lines under one title, in the order of hearing. `id` is the heading's or passage's."""

    id: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """All that one mix says; `mix` is one of those that `narration.script` knows."""

    mix: str
    lang: str
    chapters: tuple[ScriptChapter, ...]


@dataclass(frozen=True, slots=True)
class WordTime:
    """When the characters `start` up to `end` of a line's `shown` sound, in seconds from its clip's begin."""

    start: int
    end: int
    begin: float
    finish: float


@dataclass(frozen=True, slots=True)
class Clip:
    """One line's audio: `key` finds its FLAC (mono) in the store; `frames` samples at `rate` a second."""

    key: str
    rate: int
    frames: int
    words: tuple[WordTime, ...] = ()

    @property
    def duration(self) -> float:
        return self.frames / self.rate


@dataclass(frozen=True, slots=True)
class Cue:
    """A line placed in time: its clip sounds from sample `first` up to `last` of the narration."""

    line: Line
    clip: Clip
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter in time: samples `first` up to `last`."""

    id: str
    title: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Narration:
    """One mix, placed in time: sample `rate` a second, `frames` samples in all; what no cue covers is silence.

    `findings` tell of lines that the voice's fallback said."""

    mix: str
    voice: Voice
    lang: str
    rate: int
    frames: int
    chapters: tuple[Chapter, ...]
    cues: tuple[Cue, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def duration(self) -> float:
        return self.frames / self.rate

    def seconds(self, sample: int) -> float:
        """The time of a sample."""
        return sample / self.rate
