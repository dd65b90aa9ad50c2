"""How findings are told: in lines, with the line of the source that they point at, or as GitHub's annotations."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from publisher.model.findings import Finding, Severity
from publisher.model.source import Position

STYLES = ("lines", "excerpts", "github")

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_NARROWEST = 40
"""Columns of the source that are shown at least."""


def tell(findings: Sequence[Finding], style: str | None = None) -> None:
    """Tell findings on standard error; GitHub's annotations on standard output, where its runner looks for them.

    `style` None means excerpts on a terminal and plain lines elsewhere, so that tools can read them.
    """
    if style is None:
        style = "excerpts" if sys.stderr.isatty() else "lines"
    match style:
        case "github":
            for finding in findings:
                print(annotation(finding))
        case "excerpts":
            lines, looked_up = _source_lines(), _looked_up()
            for finding in findings:
                told = (str(finding), *excerpt(finding.position, lines), *looked_up(finding.check))
                print("\n".join(told), file=sys.stderr)
        case _:
            for finding in findings:
                print(finding, file=sys.stderr)


def annotation(finding: Finding) -> str:
    """A workflow command that marks the place in a pull request.

    https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
    """
    told = {"title": finding.check}
    message = finding.message
    if finding.position:
        told["file"] = Path(os.path.normpath(finding.position.path)).as_posix()
        told["line"] = str(finding.position.line)
        if finding.position.column is not None:
            told["col"] = str(finding.position.column)
    elif finding.where:
        message = f"{finding.where}: {message}"
    properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in told.items())
    return f"::{_COMMANDS[finding.severity]} {properties}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    """What ends a command or a property, written as GitHub's runner takes it back."""
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def excerpt(position: Position | None, lines: Callable[[str], Sequence[str]]) -> Iterator[str]:
    """The line that a position names, with a mark under its column; nothing where there is no such line."""
    if position is None:
        return
    there = lines(position.path)
    if not 0 < position.line <= len(there):
        return
    line = _harmless(there[position.line - 1])
    number = f"{position.line:>5} | "
    before = line[: (position.column or 1) - 1]
    room = max(_NARROWEST, shutil.get_terminal_size((100, 24)).columns - len(number) - 2)
    skipped = 0
    while _width(before[skipped:]) > room * 3 // 4:
        skipped += 1
    cut = "…" if skipped else ""
    yield number + cut + _fitting(line[skipped:], room)
    if position.column is not None:
        yield " " * (len(number) - 2) + "| " + " " * (len(cut) + _width(before[skipped:])) + "^"


def _harmless(line: str) -> str:
    """The line with nothing in it that would command a terminal or turn its words around; as many signs as before."""
    return "".join(
        " " if sign == "\t" else "\ufffd" if unicodedata.category(sign) in ("Cc", "Cf") else sign for sign in line
    )


def _fitting(text: str, room: int) -> str:
    """The text, cut where it would run over so many columns."""
    taken = 0
    for index, sign in enumerate(text):
        taken += _width(sign)
        if taken > room:
            return text[:index] + "…"
    return text


def _width(text: str) -> int:
    """Columns of a terminal: East Asian wide signs take two, combining ones none. https://www.unicode.org/reports/tr11/"""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def _looked_up() -> Callable[[str], Iterator[str]]:
    """Says how to look up a check, below the first finding of each: twenty of a kind need it once."""
    from publisher.explaining import can_explain

    known: set[str] = set()

    def line(check: str) -> Iterator[str]:
        if check not in known and can_explain(check):
            yield f"      = publisher explain {check}"
        known.add(check)

    return line


def _source_lines() -> Callable[[str], Sequence[str]]:
    """Reads the lines of a file once. One that cannot be read has none: that is told by a finding of its own."""
    known: dict[str, Sequence[str]] = {}

    def lines(path: str) -> Sequence[str]:
        if path not in known:
            try:
                known[path] = Path(path).read_text("utf-8-sig").split("\n")
            except (OSError, UnicodeDecodeError):
                known[path] = ()
        return known[path]

    return lines
