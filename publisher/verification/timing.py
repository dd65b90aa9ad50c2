"""What a recording tells of itself, its cues and its chapters, against what is heard.

Checks: `cue-missing`, `cue-added`, `cue-doubled`, `cue-altered`, `cue-order`, `cue-shifted`; `chapter-missing`,
`chapter-added`, `chapter-title`, `chapter-shifted`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from publisher.model.extract import FoundChapter, FoundCue
from publisher.model.narration import Line, Script
from publisher.verification.checks import Discrepancy
from publisher.verification.compare import difference_shown, longest_increasing
from publisher.verification.hearing import TOLERANCE, Heard, Reporter, clock, quoted, shown
from publisher.verification.normalise import normalise

_STEADY = 0.02
"""Seconds by which neighbouring cues may differ in how far they are off, and be told together."""


@dataclass(frozen=True, slots=True)
class _Off:
    """A cue that is off: its line, its time, and how far from what is heard, in seconds (late is positive)."""

    line: Line
    at: float
    by: float


def check_cues(
    cues: Sequence[FoundCue], heard: Heard | None, lines: Sequence[Line], reporter: Reporter
) -> Iterator[Discrepancy]:
    """Every line has its cue, with its words, in order, while it sounds. `heard` None: the sound is not known."""
    places: dict[str, deque[int]] = defaultdict(deque)
    for number, cue in enumerate(cues):
        places[cue.id or normalise(cue.text)].append(number)
    matched: dict[int, int] = {}
    for number, line in enumerate(lines):
        found = places.get(line.id) or places.get(shown(line))
        if found:
            matched[number] = found.popleft()
        else:
            yield reporter.tell(
                "cue-missing", f"{line.id} {quoted(shown(line))} has no cue", unit=line.unit, expected=shown(line)
            )
    yield from _added(cues, set(matched.values()), lines, reporter)
    kept = set(longest_increasing(list(matched.values())))
    off: list[_Off] = []
    for number, at in matched.items():
        line, cue = lines[number], cues[at]
        wanted, there = shown(line), normalise(cue.text)
        if wanted != there:
            yield reporter.tell(
                "cue-altered",
                f"the cue {line.id} reads otherwise: {difference_shown(wanted, there)}",
                unit=line.unit,
                at=cue.begin,
                expected=wanted,
                found=there,
            )
        if at not in kept:
            yield reporter.tell(
                "cue-order", f"the cue {line.id} {quoted(wanted)} is out of order", unit=line.unit, at=cue.begin
            )
        if heard is not None:
            off += _off(heard, number, cue)
    yield from _shifted(off, reporter)


def _added(
    cues: Sequence[FoundCue], used: set[int], lines: Sequence[Line], reporter: Reporter
) -> Iterator[Discrepancy]:
    units = {line.id: line.unit for line in lines}
    for number, cue in enumerate(cues):
        if number in used:
            continue
        check = "cue-doubled" if cue.id in units else "cue-added"
        message = "stands there once too often" if cue.id in units else "stands in no source"
        yield reporter.tell(
            check, f"a cue {quoted(cue.text)} {message}", unit=units.get(cue.id), at=cue.begin, found=cue.text
        )


def _off(heard: Heard, number: int, cue: FoundCue) -> Iterator[_Off]:
    """How far a cue is from the sound, unless it is near enough."""
    begin, end = heard.begins[number], heard.ends[number]
    if begin is None or end is None:
        return
    at_begin, at_end = cue.begin - begin, cue.end - end
    if abs(at_begin) > TOLERANCE or abs(at_end) > TOLERANCE:
        yield _Off(heard.lines[number], cue.begin, at_begin if abs(at_begin) > TOLERANCE else at_end)


def _shifted(off: Sequence[_Off], reporter: Reporter) -> Iterator[Discrepancy]:
    """Neighbours that are off by the same are told together."""
    groups: list[list[_Off]] = []
    for one in off:
        if groups and abs(one.by - groups[-1][-1].by) <= _STEADY:
            groups[-1].append(one)
        else:
            groups.append([one])
    for group in groups:
        first = group[0]
        more = f", with {len(group) - 1} more up to {group[-1].line.id}" if len(group) > 1 else ""
        message = (
            f"the cue {first.line.id} {quoted(shown(first.line))}{more} is {abs(first.by):.3f} s "
            f"{'late' if first.by > 0 else 'early'}, held against the sound"
        )
        yield reporter.tell("cue-shifted", message, unit=first.line.unit, at=first.at)


def check_chapters(
    chapters: Sequence[FoundChapter], script: Script, heard: Heard, reporter: Reporter
) -> Iterator[Discrepancy]:
    """Every chapter has its title and begins where its first words sound."""
    wanted = [normalise(chapter.title) for chapter in script.chapters]
    titles = [normalise(chapter.title) for chapter in chapters]
    pairs: list[tuple[int, int]] = []
    for what, a, b, c, d in SequenceMatcher(None, wanted, titles, autojunk=False).get_opcodes():
        both = min(b - a, d - c)
        pairs += [(a + step, c + step) for step in range(both)]
        for step in range(both):
            if what == "replace":
                found = chapters[c + step]
                yield reporter.tell(
                    "chapter-title",
                    f"a chapter is called “{found.title}”; the source calls it “{wanted[a + step]}”",
                    unit=script.chapters[a + step].id,
                    at=found.begin,
                    expected=wanted[a + step],
                    found=found.title,
                )
        for lost in range(a + both, b):
            chapter = script.chapters[lost]
            yield reporter.tell(
                "chapter-missing", f"there is no chapter “{chapter.title}”", unit=chapter.id, expected=chapter.title
            )
        for more in range(c + both, d):
            found = chapters[more]
            message = f"a chapter “{found.title}” stands in no source, or once too often"
            yield reporter.tell("chapter-added", message, at=found.begin, found=found.title)
    yield from _chapters_shifted(chapters, script, heard, reporter, pairs)


def _chapters_shifted(
    chapters: Sequence[FoundChapter],
    script: Script,
    heard: Heard,
    reporter: Reporter,
    pairs: Sequence[tuple[int, int]],
) -> Iterator[Discrepancy]:
    """Each begins with its first words and lasts until the next does, or until the recording's end."""
    begins: list[float | None] = []
    at = 0
    for chapter in script.chapters:
        begins.append(heard.begins[at] if chapter.lines else None)
        at += len(chapter.lines)
    ends = [*begins[1:], heard.duration]
    for number, found in pairs:
        told = chapters[found]
        begin, end = begins[number], ends[number]
        if begin is not None and abs(told.begin - begin) > TOLERANCE:
            message = f"the chapter “{told.title}” is told to begin here; its words begin at {clock(begin)}"
        elif end is not None and abs(told.end - end) > (TOLERANCE if number + 1 < len(ends) else 0.25):
            message = f"the chapter “{told.title}” is told to end at {clock(told.end)}; it ends at {clock(end)}"
        else:
            continue
        yield reporter.tell("chapter-shifted", message, unit=script.chapters[number].id, at=told.begin)
