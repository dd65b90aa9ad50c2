"""When the lines of a recording are due: pauses end where the next line, or the next chapter, can begin."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.model.narration import Script
from publisher.narration.pieces import silences
from publisher.verification.hearing import Due
from publisher.verification.sayings import Sayings


def due_lines(script: Script, sayings: Sayings) -> list[Due]:
    """The lines of a script as one recording says them, given how each of them sounds."""
    return [
        due
        for chapter in script.chapters
        if chapter.lines
        for due in placed([Due(line, line.pause) for line in chapter.lines], sayings)
    ]


def placed(chapter: Sequence[Due], sayings: Sayings) -> list[Due]:
    """The lines of one chapter, with the pauses that its sound has."""
    if not chapter:
        return []
    rate = sayings.signal.rate
    known = [sayings.of(due.line) for due in chapter]
    pauses = [round(due.pause * rate) for due in chapter]
    # A line with nothing to compare it with makes no difference: then nothing is said about when lines begin.
    sounds = [one.lead + one.frames + one.tail if one is not None else 0 for one in known]
    return [Due(due.line, pause / rate) for due, pause in zip(chapter, silences(sounds, pauses, rate), strict=True)]
