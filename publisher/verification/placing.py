"""When the lines of a recording are due: a chapter's last pause ends where the next chapter can begin."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.model.narration import Script
from publisher.narration.narrate import on_grid
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
    """The lines of one chapter, with the last pause as long as its sound lasts."""
    if not chapter:
        return []
    rate = sayings.signal.rate
    known = [sayings.of(due.line) for due in chapter]
    pauses = [round(due.pause * rate) for due in chapter]
    # A line with nothing to compare it with makes no difference: then nothing is said about when lines begin.
    sounds = sum(one.lead + one.frames + one.tail for one in known if one is not None)
    sound = sounds + sum(pauses[:-1])
    pauses[-1] = on_grid(sound, pauses[-1], rate) - sound
    return [Due(due.line, pause / rate) for due, pause in zip(chapter, pauses, strict=True)]
