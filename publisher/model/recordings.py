"""A person's reading: the files of sound beside the source, and where in them each sentence stands.

All times are seconds from the begin of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from publisher.model.source import Position


@dataclass(frozen=True, slots=True)
class CueMark:
    """One line of a cue file: what sounds from `begin` up to `end`, by the sentence's id, else by its words."""

    begin: float
    end: float
    id: str
    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of sound in an edition's folder `recordings`.

    `name` is its path from the edition's folder, `kind` its format (wav, flac, mp3), `reader` who reads, or "". `mix`
    is what it reads where that was said. `cues` are those of the cue file beside it, None where there is none.
    `waived` are the ids of sentences that the editor has heard, and found well read.
    """

    name: str
    path: Path
    kind: str
    sha256: str
    reader: str = ""
    mix: str = ""
    cues: tuple[CueMark, ...] | None = None
    waived: tuple[str, ...] = ()
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word of what is said in a take, and when it sounds, in seconds from the take's begin; `number` counts the
    words that the line's runs are said in."""

    number: int
    begin: float
    finish: float


@dataclass(frozen=True, slots=True)
class Take:
    """Where a recording says a line: from `begin` up to `end`. `cued` where a cue file says so."""

    recording: str
    begin: float
    end: float
    cued: bool
    words: tuple[HeardWord, ...] = ()
