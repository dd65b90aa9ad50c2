"""The report of a verification: `report.json` for machines, `report.html` for the managing editor."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from publisher import __version__
from publisher.model.artefacts import Unit
from publisher.model.extract import Evidence
from publisher.model.findings import Severity
from publisher.rendering.markup import direction
from publisher.rendering.templates import Templates
from publisher.verification.checks import Discrepancy
from publisher.verification.expected import PARTS
from publisher.verification.verdicts import Verdict, Verification, Verified

REPORT_VERSION = 1
REPORTS = ("report.html", "report.json")
"""They are written after `edition.json` and tell of what it lists, so it does not list them."""

GRADES = {
    Evidence.EXTRACTED: "read from the file’s own content",
    Evidence.MEASURED: "heard: the published sound, decoded and compared",
    Evidence.DECLARED: "only the file’s own word for it",
}


def write_report(verification: Verification, folder: Path) -> None:
    """Write `report.html` and `report.json` into an edition's output folder."""
    (folder / "report.json").write_text(
        json.dumps(report_data(verification), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    (folder / "report.html").write_text(report_page(verification), encoding="utf-8")


def report_data(verification: Verification) -> dict[str, Any]:
    """The report as data; its schema stands in docs/reference/report.md."""
    metadata = verification.publication.metadata
    return {
        "version": REPORT_VERSION,
        "generator": f"concordant-publisher {__version__}",
        "name": verification.name,
        "title": metadata.title,
        "lang": metadata.lang,
        "identifier": metadata.identifier,
        "verdict": verification.verdict.value,
        "counts": _counts(verification),
        "files": [_file_data(file) for file in verification.texts],
        "conformance": [asdict(one) for one in verification.examinations],
        "units": [_unit_data(unit, verification) for unit in _all_units(verification)],
        "findings": [_finding_data(one, verification) for one in verification.discrepancies],
    }


def _counts(verification: Verification) -> dict[str, int]:
    return {
        severity.value: sum(1 for one in verification.findings if one.severity is severity) for severity in Severity
    }


def _file_data(file: Verified) -> dict[str, Any]:
    coverage = file.comparison.coverage if file.comparison else None
    return {
        "name": file.artefact.name,
        "format": file.artefact.format,
        "media_type": file.artefact.media_type,
        "verdict": file.verdict.value,
        "evidence": file.evidence.value if file.evidence else None,
        "reason": file.reason or None,
        "holds": coverage.holds if coverage else None,
        "omits": dict(coverage.omitted) if coverage else {},
        "units": {"expected": file.expected(), "proven": file.proven()},
        "parts": {
            part: {"expected": file.expected(part), "proven": file.proven(part)}
            for part in PARTS
            if file.expected(part)
        },
    }


def _all_units(verification: Verification) -> list[Unit]:
    """Every unit of the edition, with those that only single files hold (figures on the plain page) at the end."""
    expected = (unit for file in verification.texts if file.comparison for unit in file.comparison.expected)
    found = {unit.id: unit for unit in expected} | {unit.id: unit for unit in verification.units}
    order = {unit.id: number for number, unit in enumerate(verification.units)}
    return sorted(found.values(), key=lambda unit: order.get(unit.id, len(order)))


def _unit_data(unit: Unit, verification: Verification) -> dict[str, Any]:
    position = verification.positions.get(unit.id)
    return {
        "id": unit.id,
        "part": unit.part,
        "role": unit.role.value,
        "lang": unit.lang,
        "path": verification.path(position) if position else None,
        "line": position.line if position else None,
        "places": verification.places(unit.id),
    }


def _finding_data(one: Discrepancy, verification: Verification) -> dict[str, Any]:
    finding, position = one.finding, one.finding.position
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": one.artefact or None,
        "unit": one.unit,
        "part": one.part,
        "place": one.place,
        "path": verification.path(position) if position else None,
        "line": position.line if position else None,
        "column": position.column if position else None,
        "expected": one.expected,
        "found": one.found,
    }


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `changed` where the other text has it otherwise."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One file's share of one part. `state` is `proven`, `faulty`, `unverified` or `absent`."""

    state: str
    words: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One unit and where it stands in each file (None: not there; empty: not to be there)."""

    unit: Unit
    direction: str
    source: str
    words: str
    cells: tuple[tuple[str, str], ...]


def report_page(verification: Verification) -> str:
    """The report as a page."""
    units = _all_units(verification)
    parts = [part for part in PARTS if any(unit.part == part for unit in units)]
    return Templates().render(
        "report",
        "report.html",
        verification=verification,
        metadata=verification.publication.metadata,
        direction=direction,
        counts=_counts(verification),
        parts=parts,
        matrix=[(file, [_cell(file, part) for part in parts]) for file in verification.texts],
        told=[(one, both_sides(one.expected or "", one.found or "")) for one in verification.discrepancies],
        lang_of={unit.id: unit.lang for unit in units},
        rows={part: [_row(unit, verification) for unit in units if unit.part == part] for part in parts},
        grades={grade.value: words for grade, words in GRADES.items()},
        Verdict=Verdict,
    )


def _cell(file: Verified, part: str) -> Cell:
    coverage = file.comparison.coverage if file.comparison else None
    if coverage is None:
        return Cell("unverified", "not verified", file.reason)
    expected, proven = file.expected(part), file.proven(part)
    if not expected:
        return Cell("absent", "not held", coverage.omitted.get(part, "the edition has nothing for it here"))
    if proven < expected:
        return Cell("faulty", f"{proven} of {expected}")
    grade = file.evidence.value if file.evidence else ""
    state = "unverified" if file.evidence is Evidence.DECLARED else "proven"
    return Cell(state, f"all {expected} {grade}" if expected > 1 else f"1 {grade}")


def _row(unit: Unit, verification: Verification) -> Row:
    position = verification.positions.get(unit.id)
    words = unit.text if len(unit.text) <= 90 else f"{unit.text[:88].rstrip()} …"
    cells = tuple(_place(unit, file) for file in verification.texts)
    source = f"{position.path.rpartition('/')[2]}:{position.line}" if position else "front matter"
    return Row(unit, direction(unit.lang), source, words, cells)


def _place(unit: Unit, file: Verified) -> tuple[str, str]:
    """A state as in `Cell` and the place in words."""
    if file.comparison is None:
        return "unverified", "not verified"
    if all(other.id != unit.id for other in file.comparison.expected):
        return "absent", "–"
    place = file.comparison.places.get(unit.id)
    if place is None:
        return "faulty", "missing"
    faulty = any(one.unit == unit.id for one in file.discrepancies)
    return ("faulty", f"differs, at {place}") if faulty else ("proven", place)


def both_sides(expected: str, found: str) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """Two texts cut into pieces, word by word, each piece marked where the other text differs."""
    old, new = expected.split(), found.split()
    left: list[Piece] = []
    right: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        changed = what != "equal"
        left.extend(_piece(old[a:b], changed))
        right.extend(_piece(new[c:d], changed))
    return left, right


def _piece(words: Sequence[str], changed: bool) -> Iterator[Piece]:
    if words:
        yield Piece(" ".join(words), changed)
