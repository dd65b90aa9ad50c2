"""Whether the files of an edition say the same of its accessibility: package, record for the book trade, manifest.

The codes stand here a second time, as a stranger would look them up: https://ns.editeur.org/onix/en/196
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from publisher.model.accessibility import Claims, Record

_MEANINGS: Mapping[str, tuple[str, str]] = {
    "10": ("features", "unlocked"),
    "11": ("features", "tableOfContents"),
    "12": ("features", "index"),
    "13": ("features", "readingOrder"),
    "14": ("features", "alternativeText"),
    "15": ("features", "longDescription"),
    "17": ("features", "MathML"),
    "18": ("features", "ChemML"),
    "19": ("features", "pageBreakMarkers"),
    "20": ("features", "synchronizedAudioText"),
    "21": ("features", "ttsMarkup"),
    "29": ("features", "structuralNavigation"),
    "30": ("features", "ARIA"),
    "35": ("features", "latex"),
    "36": ("features", "displayTransformability"),
    "41": ("features", "pageNavigation"),
    "51": ("sufficient", "auditory"),
    "52": ("sufficient", "textual"),
    "53": ("features", "describedMath"),
}
"""What the codes of list 196 claim, in the vocabulary's words."""

_OPTIONAL = frozenset(["15"])
"""Codes that ask for more than the claim that they imply: they need not follow from it."""

_HAZARDS: Mapping[str, str] = {
    "00": "none",
    "13": "flashing",
    "14": "noFlashingHazard",
    "15": "sound",
    "16": "noSoundHazard",
    "17": "motionSimulation",
    "18": "noMotionSimulationHazard",
    "24": "unknownFlashingHazard",
    "25": "unknownSoundHazard",
    "26": "unknownMotionSimulationHazard",
}
_STANDARD = re.compile(r"EPUB Accessibility (1\.\d) - WCAG (2\.\d) Level (A{1,3})")
_VERSIONS = {"2.0": "80", "2.1": "81", "2.2": "82"}
_LEVELS = {"A": "84", "AA": "85", "AAA": "86"}


def record_disagrees(claims: Claims, record: Record) -> Iterator[str]:
    """Where a record says more, less or else than the package, in words."""
    told = {code for list, code in record.features if list == "196"}
    for code, (field, value) in _MEANINGS.items():
        claimed = value in getattr(claims, field)
        if code in told and not claimed:
            yield f"code {code} of list 196 says {value}, which the EPUB does not claim"
        elif claimed and code not in told and code not in _OPTIONAL:
            yield f"the EPUB claims {value}, for which code {code} of list 196 is missing"
    hazards = {_HAZARDS.get(code, code) for list, code in record.features if list == "143"}
    if hazards != set(claims.hazards) & set(_HAZARDS.values()):
        yield f"it says of hazards {_listed(hazards)}, the EPUB {_listed(claims.hazards)}"
    yield from _conformance(claims, told)
    for code, claim in (("00", claims.summary), ("90", claims.certified_by or "")):
        said = record.features.get(("196", code), "")
        if said != claim:
            yield f"code {code} of list 196 says “{said}”, the EPUB “{claim}”"
    if "unlocked" in claims.features and record.protection != ("00",):
        yield f"it tells of technical protection {_listed(record.protection)}, the EPUB of none"


def _conformance(claims: Claims, told: set[str]) -> Iterator[str]:
    stated = _STANDARD.fullmatch(claims.conforms_to or "")
    wanted = {"04", _VERSIONS[stated[2]], _LEVELS[stated[3]]} if stated else set[str]()
    there = told & {"02", "03", "04", *_VERSIONS.values(), *_LEVELS.values()}
    if there != wanted:
        yield f"it says of conformance {_listed(there)} of list 196, the EPUB {claims.conforms_to or 'nothing'}"


def claims_disagree(claims: Claims, other: Claims) -> Iterator[str]:
    """Where two statements of the same claims differ."""
    for name in ("modes", "sufficient", "features", "hazards", "summary", "conforms_to", "certified_by"):
        one, two = getattr(claims, name), getattr(other, name)
        if one != two:
            yield f"it says of {name.replace('_', ' ')} “{_shown(two)}”, the EPUB “{_shown(one)}”"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")


def _listed(values: object) -> str:
    return ", ".join(sorted(map(str, values))) or "nothing" if isinstance(values, (set, tuple)) else str(values)
