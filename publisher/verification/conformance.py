"""What outside validators say of built files: who was asked, what they said, and where that stands in the manuscript.

Whoever is not installed is said to be missing; whoever hangs or fails is said to have failed. Silence is never taken
for consent.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.model.artefacts import Artefact
from publisher.model.findings import EngineError, Finding, InputError, Severity
from publisher.model.source import Position
from publisher.strangers.containers import Container
from publisher.verification.accessibility import traced
from publisher.verification.checks import Discrepancy
from publisher.verification.conformance_process import Missing, Remark, Tool, patience
from publisher.verification.conformance_tools import TOOLS

_ID = re.compile(r"""\bid\s*=\s*["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Examination:
    """One file before one validator. `verdict` is `passed`, `failed`, or `not run`, for which `reason` tells why.

    A file that is only warned or remarked upon has passed; what was said stands in the findings.
    """

    file: str
    tool: str
    standard: str
    version: str
    verdict: str
    reason: str = ""
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class Examined:
    """The examinations of one file and what is wrong with it."""

    examinations: tuple[Examination, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()


def examine(
    artefact: Artefact, path: Path, positions: Mapping[str, Position], tools: Sequence[Tool] = TOOLS
) -> Examined:
    """Have a file judged by every validator for its kind."""
    examinations: list[Examination] = []
    found: list[Discrepancy] = []
    for tool in tools:
        if artefact.media_type not in tool.media_types:
            continue
        one, remarks = _judged(artefact, path, tool)
        examinations.append(one)
        if one.verdict == "not run":
            check = "conformance-not-run" if one.version == "" else "conformance-failed"
            finding = Finding(check, Severity.WARNING, f"{artefact.name} {one.reason}", where=artefact.name)
            found.append(Discrepancy(finding, artefact.name))
        found.extend(_told(remark, count, artefact, tool, positions) for remark, count in _folded(remarks))
    return Examined(tuple(examinations), tuple(found))


def _judged(artefact: Artefact, path: Path, tool: Tool) -> tuple[Examination, tuple[Remark, ...]]:
    blank = Examination(artefact.name, tool.name, tool.standard, "", "not run")
    found = tool.find()
    if isinstance(found, Missing):
        reason = f"is not judged by {tool.name}: {found.why}; {found.remedy}"
        return replace(blank, reason=reason), ()
    with tempfile.TemporaryDirectory(prefix="conformance-") as scratch:
        try:
            limit = patience(tool.limit, path.stat().st_size)
            report = tool.run(found, path.resolve(), Path(scratch), limit)
        except EngineError as problem:
            reason = f"is not judged by {tool.name}: {problem.message}"
            return replace(blank, version="?", reason=reason), ()
        remarks = tuple(_placed(remark, path) for remark in report.remarks)
    errors = sum(1 for one in remarks if one.severity is Severity.ERROR)
    warnings = sum(1 for one in remarks if one.severity is Severity.WARNING)
    verdict = "failed" if errors else "passed"
    return replace(blank, version=report.version, verdict=verdict, errors=errors, warnings=warnings), remarks


def _folded(remarks: Sequence[Remark]) -> Iterator[tuple[Remark, int]]:
    """Each thing said once, at its first place, with how often it was said."""
    counts: dict[tuple[str, str, str], int] = {}
    first: dict[tuple[str, str, str], Remark] = {}
    for remark in remarks:
        key = (remark.rule, remark.message, remark.member)
        counts[key] = counts.get(key, 0) + 1
        first.setdefault(key, remark)
    for key, remark in first.items():
        yield remark, counts[key]


def _told(remark: Remark, count: int, artefact: Artefact, tool: Tool, positions: Mapping[str, Position]) -> Discrepancy:
    unit, position = traced(remark.id or "", positions)
    place = remark.member + (f":{remark.line}" if remark.line else "")
    place += f"#{remark.id}" if remark.id else ""
    at = f" (at {place})" if place else ""
    more = f", {count} times" if count > 1 else ""
    message = f"{artefact.name} is judged by {tool.name}, {remark.rule}: {remark.message}{at}{more}"
    finding = Finding(tool.check, remark.severity, message, position, artefact.name)
    at_fault = unit if remark.severity is Severity.ERROR else None
    return Discrepancy(finding, artefact.name, at_fault, None, place or None)


def _placed(remark: Remark, path: Path) -> Remark:
    """A remark with the id of the element that it is about, or of the last one that begins before it."""
    if remark.id or not remark.line:
        return remark
    text = _text(path, remark.member)
    if text is None:
        return remark
    lines = text.splitlines(keepends=True)
    last = lines[remark.line - 1] if remark.line <= len(lines) else ""
    upto = "".join(lines[: remark.line - 1]) + last[: remark.column]
    ids = _ID.findall(upto)
    return replace(remark, id=ids[-1]) if ids else remark


def _text(path: Path, member: str) -> str | None:
    """A document's words as they were written: a member of a container, or the file itself."""
    try:
        if not member or not zipfile.is_zipfile(path):
            return path.read_text("utf-8") if path.suffix in (".html", ".xhtml") else None
        with Container(path, path.name) as archive:
            return archive.read(member).decode("utf-8")
    except (KeyError, OSError, UnicodeDecodeError, InputError):
        # What cannot be read has no place that could be traced; the remark stands as it is.
        return None
