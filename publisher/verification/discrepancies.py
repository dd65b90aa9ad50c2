"""What disagrees: a finding with what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.model.findings import Finding


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One finding with what belongs to it: the artefact, the unit, where in the artefact, both texts."""

    finding: Finding
    artefact: str
    unit: str | None = None
    part: str | None = None
    place: str | None = None
    expected: str | None = None
    found: str | None = None
