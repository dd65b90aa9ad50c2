"""The report of a verification: `report.json` for machines, `report.html` for the managing editor."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from publisher import __version__
from publisher.model.artefacts import Unit
from publisher.verification.checks import Discrepancy
from publisher.verification.expected import PARTS
from publisher.verification.report_page import report_page
from publisher.verification.verdicts import Verification, Verified

REPORT_VERSION = 1
REPORTS = ("report.html", "report.json")
"""They are written after `edition.json` and tell of what it lists, so it does not list them."""


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
        "counts": verification.counts,
        "files": [_file_data(file) for file in verification.texts],
        "conformance": [asdict(one) for one in verification.examinations],
        "units": [_unit_data(unit, verification) for unit in verification.all_units],
        "findings": [_finding_data(one, verification) for one in verification.discrepancies],
    }


def _file_data(file: Verified) -> dict[str, Any]:
    coverage = file.comparison.coverage if file.comparison else None
    return {
        "name": file.artefact.name,
        "format": file.artefact.format,
        "media_type": file.artefact.media_type,
        "verdict": file.verdict.value,
        "evidence": file.evidence.value if file.evidence else None,
        "sound": file.sound.value if file.sound else None,
        "second_opinion": file.opinion or None,
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
