"""What the preview knows of each edition at this moment, and who waits to hear of it."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.model.findings import EngineError, Finding, FindingsError, InputError, Severity
from publisher.model.source import Position

CATALOGUE = ""
"""The name by which the board knows the catalogue: no edition has it."""
_BEFORE, _AFTER = 60, 400
"""Characters of a line that are shown before what a finding points at, and of what is there and after."""
_WORD = re.compile(r"\w+|\S?")
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of the source: its number, the words that a finding points at, and what stands before and after them."""

    line: int
    before: str
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as the page shows it: how much it weighs, its words, its place, and what the source said there when it
    was found."""

    severity: Severity
    message: str
    place: str = ""
    excerpt: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """An edition in the preview.

    `layers` are the folders that its files are looked for in, the first first; `version` changes when any of them does,
    and is empty while there is nothing to see. `doing` says what is being made; `failed` that the last draft could not
    be made, so that an older one is shown; `stale` are the formats on offer that were made from an older text.
    """

    name: str
    layers: tuple[Path, ...] = ()
    version: str = ""
    doing: str = ""
    failed: bool = False
    findings: tuple[Told, ...] = ()
    stale: tuple[str, ...] = ()


class Board:
    """The statuses by name. Threads wait on it for a change."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._statuses: dict[str, Status] = {CATALOGUE: Status(CATALOGUE)}
        self._serial = 0
        self._closed = False

    def status(self, name: str) -> Status | None:
        """What is known of an edition; None where it is none of this preview's."""
        with self._changed:
            return self._statuses.get(name)

    def editions(self) -> tuple[Status, ...]:
        """The editions, by name."""
        with self._changed:
            return tuple(status for name, status in sorted(self._statuses.items()) if name != CATALOGUE)

    def put(self, status: Status) -> None:
        """Make known what is new of an edition."""
        with self._changed:
            if self._statuses.get(status.name) != status:
                self._statuses[status.name] = status
                self._tell()

    def change(self, name: str, alter: Callable[[Status], Status]) -> None:
        """Make known what is new of an edition, made of what was known."""
        with self._changed:
            if name in self._statuses:
                self.put(alter(self._statuses[name]))

    def doing(self, name: str, what: str) -> None:
        """Make known what is being made of an edition; nothing when `what` is empty."""
        self.change(name, lambda status: replace(status, doing=what))

    def keep(self, names: Iterable[str]) -> None:
        """Forget the editions that are not among these."""
        with self._changed:
            kept = {CATALOGUE, *names}
            if gone := self._statuses.keys() - kept:
                for name in gone:
                    del self._statuses[name]
                self._tell()

    def wait(self, seen: int, seconds: float) -> int:
        """The serial number of the last change, once it is not `seen` or the time is over. -1 when all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._serial != seen or self._closed, seconds)
            return -1 if self._closed else self._serial

    def close(self) -> None:
        """Send everybody home who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _tell(self) -> None:
        self._serial += 1
        self._changed.notify_all()


Lines = Callable[[str], Sequence[str]]


def told_of(findings: Iterable[Finding], lines: Lines) -> tuple[Told, ...]:
    """Findings as the page shows them, the gravest first. `lines` gives the lines of a file of the source."""
    return by_weight(
        _told(one.severity, one.message, one.position, one.where, lines) for one in dict.fromkeys(findings)
    )


def by_weight(told: Iterable[Told]) -> tuple[Told, ...]:
    """Findings, the gravest first, else in the order given."""
    return tuple(sorted(told, key=lambda one: _ORDER.index(one.severity)))


def source_lines() -> Lines:
    """Reads the lines of a file once, as it is now. One that cannot be read has none."""
    known: dict[str, Sequence[str]] = {}

    def lines(path: str) -> Sequence[str]:
        if path not in known:
            try:
                known[path] = Path(path).read_text("utf-8-sig").split("\n")
            except (OSError, UnicodeDecodeError):
                # That is what the finding is about.
                known[path] = ()
        return known[path]

    return lines


def told_of_error(problem: Exception, lines: Lines) -> tuple[Told, ...]:
    """What kept a draft from being made, as the page shows it."""
    match problem:
        case FindingsError():
            return told_of(problem.findings, lines)
        case InputError():
            return (_told(Severity.ERROR, problem.message, problem.position, None, lines),)
        case EngineError():
            message = f"{problem.engine}: {problem.message}"
            return (_told(Severity.ERROR, message, problem.position, None, lines),)
        case OSError():
            return (Told(Severity.ERROR, problem.strerror or str(problem), str(problem.filename or "")),)
        case _:
            message = f"a fault of publisher's own, {type(problem).__name__}: {problem}; please report it"
            return (Told(Severity.ERROR, " ".join(message.split())),)


def _told(severity: Severity, message: str, position: Position | None, where: str | None, lines: Lines) -> Told:
    place = str(position) if position else where or ""
    return Told(severity, message, place, excerpt(position, lines))


def excerpt(position: Position | None, lines: Lines) -> Excerpt | None:
    """The line that a position names, cut around it where it is long; None where there is no such line."""
    there = lines(position.path) if position else ()
    if position is None or not 0 < position.line <= len(there):
        return None
    # Signs that would turn the words around them are shown as what they are: something strange.
    line = "".join("\ufffd" if unicodedata.category(sign) == "Cf" else sign for sign in there[position.line - 1])
    if position.column in (None, 1):
        # That is where a block begins, and says nothing of a word.
        return Excerpt(position.line, _cut(line, _AFTER))
    at = (position.column or 1) - 1
    word = _WORD.match(line, at)
    marked = word[0] if word else ""
    begin = max(0, at - _BEFORE)
    before = ("…" if begin else "") + line[begin:at]
    return Excerpt(position.line, before, _cut(marked, _AFTER), _cut(line[at + len(marked) :], _AFTER))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def counted(findings: Iterable[Told]) -> str:
    """How many findings there are of each severity, in words; empty where there is none."""
    counts: Mapping[Severity, int] = _counts(findings)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
    return ", ".join(
        f"{counts[severity]} {words[severity]}{'s' if counts[severity] > 1 else ''}"
        for severity in _ORDER
        if severity in counts
    )


def _counts(findings: Iterable[Told]) -> dict[Severity, int]:
    counts: dict[Severity, int] = {}
    for finding in findings:
        counts[finding.severity] = counts.get(finding.severity, 0) + 1
    return counts
