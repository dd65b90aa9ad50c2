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
from publisher.verification.sayings import Sayings
from publisher.verification.shown_cues import ShownLine, check_parts, shown_lines, when_parts_may_begin, words_of

_STEADY = 0.02
"""Seconds by which neighbouring cues may differ in how far they are off, and be told together."""


@dataclass(frozen=True, slots=True)
class _Off:
    """A cue that is off: its line, its time, and how far from what is heard, in seconds (late is positive)."""

    line: Line
    at: float
    by: float


def check_cues(
    cues: Sequence[FoundCue],
    heard: Heard | None,
    lines: Sequence[Line],
    reporter: Reporter,
    sayings: Sayings | None = None,
) -> Iterator[Discrepancy]:
    """Every line has its cue, or its cues, with its words, in order, while it sounds.

    `heard` None: the sound is not known; `sayings` tell when single words sound.
    """
    found = shown_lines(cues, {line.id for line in lines})
    places: dict[str, deque[int]] = defaultdict(deque)
    for number, one in enumerate(found):
        places[one.id or normalise(one.text)].append(number)
    matched: dict[int, ShownLine] = {}
    used: set[int] = set()
    for number, line in enumerate(lines):
        there = places.get(line.id) or places.get(shown(line))
        if there:
            used.add(there[0])
            matched[number] = found[there.popleft()]
        else:
            yield reporter.tell(
                "cue-missing", f"{line.id} {quoted(shown(line))} has no cue", unit=line.unit, expected=shown(line)
            )
    for number, one in enumerate(found):
        if number not in used:
            message = f"a cue {quoted(one.text)} stands in no source"
            yield reporter.tell("cue-added", message, at=one.begin, found=one.text)
    kept = set(longest_increasing([place for one in matched.values() for place in one.places]))
    off: list[_Off] = []
    for number, one in matched.items():
        line = lines[number]
        yield from check_parts(one, _windows(number, one, heard, sayings), line.unit, reporter)
        wanted, there_ = shown(line), one.text
        if not one.missing and words_of(wanted) != words_of(there_):
            yield reporter.tell(
                "cue-altered",
                f"the cue {line.id} reads otherwise: {difference_shown(wanted, there_)}",
                unit=line.unit,
                at=one.begin,
                expected=wanted,
                found=there_,
            )
        if not kept.issuperset(one.places):
            yield reporter.tell(
                "cue-order", f"the cue {line.id} {quoted(wanted)} is out of order", unit=line.unit, at=one.begin
            )
        if heard is not None and not one.missing:
            off += _off(heard, number, one.cue)
    yield from _shifted(off, reporter)


def _windows(
    number: int, one: ShownLine, heard: Heard | None, sayings: Sayings | None
) -> dict[int, tuple[float, float]]:
    """Between which seconds each part of a line may begin, where that is known."""
    begin = heard.begins[number] if heard is not None else None
    if heard is None or sayings is None or begin is None or len(one.cues) == 1:
        return {}
    saying = sayings.of(heard.lines[number])
    if saying is None:
        return {}
    return when_parts_may_begin(one, heard.lines[number], saying.words, begin + saying.lead / sayings.signal.rate)


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
