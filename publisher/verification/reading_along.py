"""What sounds while an element of a read-aloud edition is shown: the lines of the script, by element.

A line's own element has its id. An announcement sounds with the element that it announces; where that has begun
already, with the words that follow inside it, else with the words before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from publisher.model.extract import FoundCue
from publisher.model.narration import Line, Role, Script
from publisher.narration.lexicon import EMPTY, Lexicon
from publisher.verification.checks import Discrepancy
from publisher.verification.hearing import TOLERANCE, Due, Heard, Reporter, quoted
from publisher.verification.placing import due_lines, placed
from publisher.verification.sayings import Sayings

_FURNITURE_PAUSE = 0.7
"""Seconds after what the read-aloud edition says beyond the scripts: the cover, the rights."""

Around = Mapping[str, frozenset[str]]
"""For each id of the documents, itself and the ids around it."""


def lines_by_element(scripts: Iterable[Script], around: Around, sayings: Sayings | None = None) -> dict[str, list[Due]]:
    """The lines that sound with each element. Where two scripts say the same, the first one counts. Where it is known
    how each of them sounds, so are the pauses, to the sample."""
    found: dict[str, list[Due]] = {}
    for script in scripts:
        lines = [line for chapter in script.chapters for line in chapter.lines]
        known = due_lines(script, sayings) if sayings is not None else [Due(line, line.pause) for line in lines]
        for element, due in _of_script(script, known, around).items():
            found.setdefault(element, due)
    return found


def _of_script(script: Script, known: Sequence[Due], around: Around) -> dict[str, list[Due]]:
    lines = [due.line for due in known]
    own = [_own(line, script, around) for line in lines]
    found: dict[str, list[Due]] = {}
    begun: set[str] = set()
    waiting: list[Due] = []
    last: list[Due] | None = None
    for number, due in enumerate(known):
        line, element = due.line, own[number]
        if element is None and line.unit in around and (line.role is Role.CODE or line.unit not in begun):
            element = line.unit
        if element is not None:
            last = found.setdefault(element, [])
            last += [*waiting, due]
            waiting = []
            begun |= around[element]
            continue
        following = next((other for other in own[number + 1 :] if other is not None), None)
        ahead = following is not None and (line.unit not in around or line.unit in around[following])
        if last is None or ahead:
            waiting.append(due)
        else:
            last.append(due)
    if last is not None:
        last += waiting
    return found


def _own(line: Line, script: Script, around: Around) -> str | None:
    if script.mix == "plain" and line.role is Role.ANNOUNCEMENT and line.id.startswith(f"{line.unit}-"):
        plain = f"{line.unit}-plain{line.id.removeprefix(line.unit)}"
        if plain in around:
            return plain
    return line.id if line.id in around else None


def furniture_lines(
    cues: Iterable[FoundCue],
    known: Mapping[str, Sequence[Due]],
    lexicon: Lexicon = EMPTY,
    sayings: Sayings | None = None,
) -> dict[str, list[Due]]:
    """What sounds with the elements that no script has: their own words, each a chapter by itself."""
    found = {}
    for cue in cues:
        runs = lexicon.say(cue.text, cue.lang) if cue.text and cue.id not in known else ()
        if runs:
            line = Line(cue.id, cue.id, Role.PARAGRAPH, cue.lang, cue.text, runs, _FURNITURE_PAUSE)
            due = [Due(line, line.pause)]
            found[cue.id] = placed(due, sayings) if sayings is not None else due
    return found


def check_moments(
    cues: Sequence[FoundCue], heard: Heard, counts: Sequence[int], reporter: Reporter
) -> Iterator[Discrepancy]:
    """Each element is shown as active from when its first line begins, until its last has ended and before the next
    element's begins. `counts` are the numbers of lines that sound with each cue."""
    at = 0
    for cue, count in zip(cues, counts, strict=True):
        if not count:
            continue
        begin, end = heard.begins[at], heard.ends[at + count - 1]
        following = next((other for other in heard.begins[at + count :] if other is not None), heard.duration)
        unit = heard.lines[at + count - 1].unit
        at += count
        if begin is not None and abs(cue.begin - begin) > TOLERANCE:
            off = cue.begin - begin
            message = (
                f"{cue.id} {quoted(cue.text)} is shown {abs(off):.3f} s too {'late' if off > 0 else 'soon'}, held "
                "against the sound"
            )
            yield reporter.tell("cue-shifted", message, unit=unit, at=cue.begin)
        elif end is not None and not end - TOLERANCE <= min(cue.end, heard.duration) <= following + TOLERANCE:
            message = f"{cue.id} {quoted(cue.text)} is not shown until its words have ended, or for too long"
            yield reporter.tell("cue-shifted", message, unit=unit, at=cue.end)
