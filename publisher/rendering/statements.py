"""Claims of accessibility in the words that the W3C's display guide has for readers, the same from any publisher.

The algorithms are those of its techniques for EPUB
(https://www.w3.org/community/reports/publishingcg/CG-FINAL-epub-techniques-20250422/). Fields of which nothing is known
are left out, as it allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from publisher.model.accessibility import Claims
from publisher.rendering.catalogue_of_statements import STATEMENTS

_CONFORMANCE = re.compile(r"EPUB Accessibility (1\.\d) - WCAG (2\.\d) Level (A{1,3})")
_HAZARDS = (
    ("flashing", "flashing", "noFlashingHazard", "unknownFlashingHazard"),
    ("motion", "motionSimulation", "noMotionSimulationHazard", "unknownMotionSimulationHazard"),
    ("sound", "sound", "noSoundHazard", "unknownSoundHazard"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the guide: its title and what is said under it."""

    title: str
    statements: tuple[str, ...]


def language_of_statements(lang: str) -> str:
    """The language that the statements are in: the one asked for, else English."""
    primary = lang.lower().split("-")[0]
    return primary if primary in STATEMENTS else "en"


def statement_title(lang: str) -> str:
    """What the statements are headed by."""
    return STATEMENTS[language_of_statements(lang)]["title"]


def display_guide(claims: Claims, lang: str) -> tuple[Field, ...]:
    """What to show of claims, in the guide's order and in `lang`, as a BCP 47 tag; English where it has no words."""
    words = STATEMENTS[language_of_statements(lang)]
    fields = (
        ("ways-of-reading", _ways_of_reading(claims)),
        ("conformance", _conformance(claims, words)),
        ("navigation", _features(claims, _NAVIGATION)),
        ("rich-content", _features(claims, _RICH)),
        ("hazards", _hazards(claims)),
        ("additional", _features(claims, _ADDITIONAL)),
    )
    told = ((title, tuple(words.get(key, key) for key in keys)) for title, keys in fields)
    return tuple(Field(words[title], statements) for title, statements in told if statements)


_NAVIGATION = {
    "pageNavigation": "navigation-pages",
    "structuralNavigation": "navigation-headings",
    "tableOfContents": "navigation-contents",
}
_RICH = {"longDescription": "rich-long", "describedMath": "rich-math-described", "MathML": "rich-mathml"}
_ADDITIONAL = {"ARIA": "additional-aria", "pageBreakMarkers": "additional-page-breaks"}


def _features(claims: Claims, keys: Mapping[str, str]) -> Iterator[str]:
    yield from (key for feature, key in keys.items() if feature in claims.features)


def _ways_of_reading(claims: Claims) -> Iterator[str]:
    modifiable = "displayTransformability" in claims.features
    yield "appearance-modifiable" if modifiable else "appearance-unknown"
    alternatives = {"alternativeText", "longDescription", "describedMath", "transcript"} & set(claims.features)
    if claims.modes == ("textual",) or "textual" in claims.sufficient:
        yield "nonvisual-readable"
    elif alternatives or any("textual" in modes for modes in (*claims.modes, *claims.sufficient)):
        yield "nonvisual-not-fully"
    if alternatives:
        yield "nonvisual-alternatives"
    if "synchronizedAudioText" in claims.features:
        yield "audio-synchronized"
    elif "auditory" in claims.modes:
        yield "audio-complementary"


def _conformance(claims: Claims, words: Mapping[str, str]) -> Iterator[str]:
    stated = _CONFORMANCE.fullmatch(claims.conforms_to or "")
    if stated is None:
        yield "conformance-none"
        return
    epub, wcag, level = stated.groups()
    yield f"conformance-{level.lower()}"
    if claims.certified_by:
        yield words["conformance-certifier"].format(certifier=claims.certified_by)
    yield words["conformance-claim"].format(epub=epub, wcag=wcag, level=level)


def _hazards(claims: Claims) -> Iterator[str]:
    """The hazards that there are, those of which nothing is known, and, beside these, those that there are not."""
    hazards = set(claims.hazards)
    if "none" in hazards or {absence for _, _, absence, _ in _HAZARDS} <= hazards:
        yield "hazards-none"
        return
    if "unknown" in hazards:
        yield "hazards-unknown"
        return
    for key, hazard, absence, unknown in _HAZARDS:
        if hazard in hazards:
            yield f"hazards-{key}"
        elif unknown in hazards:
            yield f"hazards-{key}-unknown"
        elif absence in hazards:
            yield f"hazards-{key}-none"
