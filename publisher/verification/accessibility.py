"""Holds what an EPUB claims of its accessibility against what is in it, and against EPUB Accessibility 1.1.

A claim without evidence is an error, evidence without its claim a warning, a value that nobody knows an error. The
rules are those that a machine can decide; docs/reference/accessibility.md lists them with their tests.
https://www.w3.org/TR/epub-a11y-11/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from publisher.model.accessibility import Claims, Seen
from publisher.model.findings import Finding, Severity
from publisher.model.source import Position
from publisher.rendering.words import words_for
from publisher.verification.accessibility_claims import (
    FEATURES,
    HAZARDS,
    MODE_PROOFS,
    MODES,
    OWED,
    PROOFS,
    SUFFICIENT_MODES,
    Objection,
    Proof,
    barriers,
    hazardous,
    insufficient,
    nothing_to_see,
)
from publisher.verification.accessibility_rules import RULES
from publisher.verification.checks import Discrepancy

_CONFORMANCE = re.compile(r"EPUB Accessibility 1\.[1-9] - WCAG 2\.[0-2] Level A{1,3}")
"""https://www.w3.org/TR/epub-a11y-11/#sec-conf-reporting-pub"""

_SUMMARY: Mapping[str, str] = {
    "access-alternatives": "alternativeText",
    "access-audio": "synchronizedAudioText",
    "access-formulas": "MathML",
    "access-long": "longDescription",
    "access-navigation": "structuralNavigation",
    "access-text": "displayTransformability",
}
"""The feature that each sentence of the summary rests on."""

_SHOWN = 3
"""How many places a finding names."""


def judge(
    seen: Seen, positions: Mapping[str, Position], parts: Mapping[str, str] | None = None
) -> tuple[Discrepancy, ...]:
    """All that is wrong with an EPUB's accessibility. `positions` lead to the manuscript, by the ids of units."""
    judge = _Judge(seen, positions, parts or {})
    return (*judge.claims(), *judge.summary(), *judge.owed(), *judge.rules())


def claims_of(seen: Seen) -> Claims:
    """What the package claims, as one."""
    conforms = [value for value in seen.values("dcterms:conformsTo") if value.startswith("EPUB Accessibility")]
    return Claims(
        seen.values("schema:accessMode"),
        seen.values("schema:accessModeSufficient"),
        seen.values("schema:accessibilityFeature"),
        seen.values("schema:accessibilityHazard"),
        next(iter(seen.values("schema:accessibilitySummary")), ""),
        next(iter(conforms), None),
        next(iter(seen.values("a11y:certifiedBy")), None),
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    seen: Seen
    positions: Mapping[str, Position]
    parts: Mapping[str, str]

    def claims(self) -> Iterator[Discrepancy]:
        """Claims that do not hold, that nobody knows, or that no machine can decide."""
        for claim in dict.fromkeys((one.property, one.value) for one in self.seen.claims):
            property, value = claim
            match property:
                case "schema:accessMode":
                    yield from self._claim(property, value, MODES, MODE_PROOFS.get(value))
                case "schema:accessModeSufficient":
                    modes = frozenset(mode.strip() for mode in value.split(","))
                    known = {value} if modes <= SUFFICIENT_MODES else frozenset[str]()
                    yield from self._claim(property, value, known, partial(insufficient, modes=modes))
                case "schema:accessibilityFeature":
                    yield from self._claim(property, value, FEATURES, PROOFS.get(value))
                case "schema:accessibilityHazard":
                    yield from self._claim(property, value, HAZARDS, partial(hazardous, value=value))
                case "dcterms:conformsTo" if value.startswith("EPUB Accessibility"):
                    if _CONFORMANCE.fullmatch(value):
                        yield from self._claim(property, value, {value}, barriers)
                    else:
                        yield self._told("claim-unknown", Severity.ERROR, _unknown(property, value))
                case _:
                    # Other standards, credentials, reports: statements about the world outside.
                    pass

    def _claim(
        self, property: str, value: str, known: frozenset[str] | set[str], proof: Proof | None
    ) -> Iterator[Discrepancy]:
        if value not in known:
            yield self._told("claim-unknown", Severity.ERROR, _unknown(property, value))
        elif proof is None:
            message = f"claims {value} ({property}), which no machine can decide; see that it is so"
            yield self._told("claim-unproven", Severity.WARNING, message)
        else:
            yield from self._objected("claim-unfounded", f"claims {value} ({property})", list(proof(self.seen)))

    def _objected(self, check: str, claim: str, objections: Sequence[Objection]) -> Iterator[Discrepancy]:
        if objections:
            message = f"{claim}, but {_listed(objections)}; mend that or claim it no more"
            yield self._told(check, Severity.ERROR, message, objections[0].place)

    def summary(self) -> Iterator[Discrepancy]:
        """Sentences of the summary whose feature is not there."""
        words = words_for(next(iter(self.seen.languages), "en"))
        for summary in self.seen.values("schema:accessibilitySummary"):
            for key, feature in _SUMMARY.items():
                if words(key) in summary:
                    objections = list(PROOFS[feature](self.seen))
                    yield from self._objected("claim-unfounded", f"says “{words(key)}” in its summary", objections)
            if words("access-no-hazards") in summary:
                objections = list(hazardous(self.seen, "noMotionSimulationHazard"))
                claim = f"says “{words('access-no-hazards')}” in its summary"
                yield from self._objected("claim-unfounded", claim, objections)

    def owed(self) -> Iterator[Discrepancy]:
        """What is in it for certain and not said: readers who need it would not find the book."""
        claimed = set(self.seen.values("schema:accessibilityFeature"))
        for feature in OWED:
            if feature not in claimed and not any(True for _ in PROOFS[feature](self.seen)):
                message = f"does not claim {feature} (schema:accessibilityFeature), though it is there; claim it"
                yield self._told("claim-missing", Severity.WARNING, message)
        if "visual" not in self.seen.values("schema:accessMode") and not any(True for _ in nothing_to_see(self.seen)):
            message = "does not claim visual (schema:accessMode), though it has pictures; claim it"
            yield self._told("claim-missing", Severity.WARNING, message)

    def rules(self) -> Iterator[Discrepancy]:
        """The rules of the specification that no claim stands for."""
        for rule in RULES:
            objections = list(rule.broken(self.seen))
            if objections:
                message = f"{_listed(objections)}; {rule.says}"
                yield self._told(rule.check, rule.severity, message, objections[0].place)

    def _told(self, check: str, severity: Severity, message: str, place: str | None = None) -> Discrepancy:
        name = self.seen.name
        unit, position = self._traced(place or "")
        where = place if place and place != name else None
        finding = Finding(check, severity, f"{name} {message}", position, name)
        # What is wrong by a unit's words is its fault; what could be better is not.
        unit = unit if severity is Severity.ERROR else None
        return Discrepancy(finding, name, unit, self.parts.get(unit or ""), where)

    def _traced(self, place: str) -> tuple[str | None, Position | None]:
        """The unit that a place belongs to, by its id, and where that stands in the manuscript."""
        return traced(place.partition("#")[2], self.positions)


def traced(id: str, positions: Mapping[str, Position]) -> tuple[str | None, Position | None]:
    """The unit that an element belongs to and its place in the manuscript: its own id's, else that of what it is a
    part of (`n-lit-begin` of `n-lit`). None where it belongs to no unit."""
    for _ in range(3):
        if id in positions:
            return id, positions[id]
        id = id.rpartition("-")[0]
    return None, None


def _unknown(property: str, value: str) -> str:
    return f"claims “{value}” ({property}), which the vocabulary does not have; correct it"


def _listed(objections: Sequence[Objection]) -> str:
    """The first objections with their places, and how many more there are."""
    told = [f"{one.why} (at {one.place})" for one in objections[:_SHOWN]]
    more = len(objections) - len(told)
    return ", ".join(told) + (f", and {more} more" if more else "")
