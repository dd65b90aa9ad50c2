"""The cues of a line: one, or several where a screen has no room for all of it, with ids such as `albania-1-s1-2of3`.

Checks: `cue-missing`, `cue-doubled`, `cue-shifted` of single parts; `cue-overlap`; `cue-unfit`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from publisher.model.extract import FoundCue
from publisher.model.findings import Severity
from publisher.model.inlines import OBJECT
from publisher.model.narration import Line, WordTime
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.hearing import TOLERANCE, Reporter
from publisher.verification.normalise import normalise

ROWS, COLUMNS = 2, 42
"""What a screen has room for: lines, and columns of each; a wide character takes two."""
SHORTEST = 0.4
"""Seconds that a part must be there to be seen at all."""
_PART = re.compile(r"(.+)-([1-9][0-9]*)of([1-9][0-9]*)")
_TOUCHING = 0.02
"""Seconds that may lie between parts of one line."""
_NO_TIME = 0.002
"""Seconds that are none: times are told in milliseconds."""
_SPACELESS = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_SIGN = re.compile(f"{_SPACELESS}|(?:(?!{_SPACELESS}).)+")
_RUN_TOGETHER = re.compile(rf"\s+(?={_SPACELESS})|(?<={_SPACELESS})\s+")
"""White space beside a character of a script that has none between words: a line's end there is no space."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """What is shown for one line: its cues in their order, where each stands in the file, and what is wrong with them.

    `missing` and `again` are the numbers of the parts that are not there, and of those that are there again.
    """

    id: str
    cues: tuple[FoundCue, ...]
    places: tuple[int, ...]
    missing: tuple[int, ...] = ()
    again: tuple[FoundCue, ...] = field(default=())

    @property
    def begin(self) -> float:
        return self.cues[0].begin

    @property
    def end(self) -> float:
        return self.cues[-1].end

    @property
    def text(self) -> str:
        return normalise(" ".join(cue.text for cue in self.cues))

    @property
    def cue(self) -> FoundCue:
        """All of it as if it were one cue."""
        return FoundCue(self.id, self.begin, self.end, self.text, self.cues[0].lang)


def shown_lines(cues: Sequence[FoundCue], ids: Collection[str]) -> list[ShownLine]:
    """The cues put together by the lines that they are of, in the order of their first; `ids` are all lines' ids.

    A cue that is none of these lines' is by itself.
    """
    together: dict[object, list[tuple[int, int, FoundCue]]] = {}
    whole: dict[object, int] = {}
    for place, cue in enumerate(cues):
        part = None if cue.id in ids else _PART.fullmatch(cue.id)
        known = part is not None and part[1] in ids
        key: object = part[1] if part is not None and known else (cue.id if cue.id in ids else place)
        number, count = (int(part[2]), int(part[3])) if part is not None and known else (1, 1)
        together.setdefault(key, []).append((number, place, cue))
        whole[key] = max(whole.get(key, 0), count, number)
    return [
        _put_together(str(key) if isinstance(key, str) else "", found, whole[key]) for key, found in together.items()
    ]


def _put_together(id: str, found: Sequence[tuple[int, int, FoundCue]], count: int) -> ShownLine:
    firsts: dict[int, tuple[int, FoundCue]] = {}
    again: list[FoundCue] = []
    for number, place, cue in found:
        if number in firsts:
            again.append(cue)
        else:
            firsts[number] = place, cue
    order = sorted(firsts)
    # A file may hold any number of parts as its ids tell: only so many are looked for as stand there, and one more.
    missing = tuple(number for number in range(1, min(count, len(found) + 1) + 1) if number not in firsts)
    cues = tuple(firsts[number][1] for number in order)
    return ShownLine(id or cues[0].id, cues, tuple(firsts[number][0] for number in order), missing, tuple(again))


def signs_of(text: str) -> list[str]:
    """Words, and in scripts without spaces single signs."""
    return [sign for word in normalise(text).split() for sign in _SIGN.findall(word)]


def words_of(text: str) -> str:
    """Words as they are compared: where a line ended between signs of a script without spaces, there is none."""
    return _RUN_TOGETHER.sub("", normalise(text))


def check_parts(
    one: ShownLine, words: Mapping[int, tuple[float, float]], unit: str, reporter: Reporter
) -> Iterator[Discrepancy]:
    """The parts of one line are all there, once each; one begins when the one before ends, while its words sound.

    `words` say for a part's number, from 1, between which seconds of the sound it may begin.
    """
    for cue in one.again:
        message = f"a cue “{_short(cue.text)}” stands there once too often"
        yield reporter.tell("cue-doubled", message, unit=unit, at=cue.begin, found=cue.text)
    for number in one.missing:
        message = f"part {number} of the cues of {one.id} is not there"
        yield reporter.tell("cue-missing", message, unit=unit, at=one.begin)
    if one.missing or one.again:
        return
    first = one.cues[:1] if len(one.cues) > 1 else ()
    # Of signs that nobody says, such as braces, a first part may be short: it begins with its line, and cannot wait.
    for cue in (cue for cue in first if cue.end - cue.begin < _NO_TIME):
        message = f"part 1 of {one.id}, “{_short(cue.text)}”, is shown for no time"
        yield reporter.tell("cue-shifted", message, unit=unit, at=cue.begin)
    for number, (before, cue) in enumerate(pairwise(one.cues), start=2):
        gap = cue.begin - before.end
        earliest, latest = words.get(number, (cue.begin, cue.begin))
        if abs(gap) > _TOUCHING:
            when = "after" if gap > 0 else "before"
            message = f"part {number} of {one.id} is shown {abs(gap):.3f} s {when} part {number - 1} ends"
        elif not earliest <= cue.begin <= latest:
            message = f"part {number} of {one.id}, “{_short(cue.text)}”, is not shown when its words sound"
        elif cue.end - cue.begin < SHORTEST:
            message = f"part {number} of {one.id}, “{_short(cue.text)}”, is shown for {cue.end - cue.begin:.3f} s only"
        else:
            continue
        yield reporter.tell("cue-shifted", message, unit=unit, at=cue.begin)


def when_parts_may_begin(
    one: ShownLine, line: Line, words: Sequence[WordTime], begin: float
) -> dict[int, tuple[float, float]]:
    """For each part but the first, between which seconds it may begin: from when the last word before it begins to
    sound, until its own first one has sounded. `words` are in seconds from `begin`, where the line's sound begins."""
    found: dict[int, tuple[float, float]] = {}
    letters = 0
    for number, cue in enumerate(one.cues[:-1], start=2):
        letters += len("".join(cue.text.split()))
        at = _offset(line, letters)
        before = [word for word in words if word.start < at]
        after = [word for word in words if word.end > at]
        if before and after:
            earliest, latest = before[-1].begin, after[0].finish
            found[number] = begin + earliest - TOLERANCE, begin + max(earliest, latest) + TOLERANCE
    return found


def _offset(line: Line, letters: int) -> int:
    """Where in a line's `shown` so many letters have been shown, with what is said for formulas and pictures."""
    instead = {
        run.shown_start: (run.shown_end, len("".join(run.text.rstrip(",").split())))
        for run in line.runs
        if line.shown[run.shown_start : run.shown_end].startswith(OBJECT)
    }
    at = 0
    while at < len(line.shown) and letters > 0:
        if at in instead:
            end, count = instead[at]
            letters -= count
            at = end if letters >= 0 else at
        else:
            letters -= 0 if line.shown[at].isspace() or line.shown[at] == OBJECT else 1
            at += 1
    return at


def check_screen(cues: Sequence[FoundCue], reporter: Reporter) -> Iterator[Discrepancy]:
    """No two cues are shown at once, and each has room on a screen."""
    for before, cue in pairwise(cues):
        if cue.end < cue.begin or (cue.begin < before.end - 0.001 and cue.begin >= before.begin):
            message = f"the cue {cue.id} “{_short(cue.text)}” begins before the one before it has ended"
            yield reporter.tell("cue-overlap", message, at=cue.begin, found=cue.text)
    for cue in cues:
        rows = cue.text.splitlines()
        wide = [row for row in rows if columns(row) > COLUMNS and len(row.split()) > 1]
        if len(rows) > ROWS or wide:
            message = f"the cue {cue.id} “{_short(cue.text)}” has no room on a screen: {len(rows)} lines, " + (
                f"{max(map(columns, rows))} columns"
            )
            yield reporter.tell("cue-unfit", message, at=cue.begin, found=cue.text, severity=Severity.WARNING)


def columns(text: str) -> int:
    """How many columns a line takes on a screen."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me", "Cf")
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def _short(text: str) -> str:
    words = normalise(text).split(" ")
    return f"{' '.join(words[:6])}{' …' if len(words) > 6 else ''}"
