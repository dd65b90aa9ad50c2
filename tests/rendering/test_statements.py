"""Claims in the words of the W3C's display guide.

https://www.w3.org/publishing/a11y/metadata-display-guide/
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from publisher.model.accessibility import CONFORMS_TO, Claims
from publisher.rendering.catalogue_of_statements import STATEMENTS
from publisher.rendering.catalogue_of_words import CATALOGUE
from publisher.rendering.statements import display_guide, language_of_statements

EVERYTHING = Claims(
    ("textual", "visual", "auditory"),
    ("textual", "textual,visual", "auditory"),
    (
        "alternativeText",
        "annotations",
        "ARIA",
        "describedMath",
        "displayTransformability",
        "longDescription",
        "MathML",
        "pageBreakMarkers",
        "pageNavigation",
        "readingOrder",
        "structuralNavigation",
        "synchronizedAudioText",
        "tableOfContents",
        "unlocked",
    ),
    ("none",),
    "All is well.",
    CONFORMS_TO,
    "The Skerry Press",
)


def said(claims: Claims, lang: str = "en") -> dict[str, tuple[str, ...]]:
    return {field.title: field.statements for field in display_guide(claims, lang)}


def test_everything_is_said_in_the_guides_words_and_order() -> None:
    assert said(EVERYTHING) == {
        "Ways of reading": (
            "Appearance can be modified",
            "Readable in read aloud or dynamic braille",
            "Has alternative text",
            "Prerecorded audio synchronized with text",
        ),
        "Conformance": (
            "This publication meets accepted accessibility standards",
            "The publication was certified by The Skerry Press",
            "This publication claims to meet EPUB Accessibility 1.1 WCAG 2.2 Level AA",
        ),
        "Navigation": ("Go to page", "Headings", "Table of contents"),
        "Rich content": (
            "Information-rich images are described by extended descriptions",
            "Text descriptions of math are provided",
            "Math as MathML",
        ),
        "Hazards": ("No hazards",),
        "Additional accessibility information": ("ARIA roles included", "Page breaks included"),
    }
    assert list(said(EVERYTHING)) == [field.title for field in display_guide(EVERYTHING, "en")]


def test_what_is_not_claimed_is_not_said() -> None:
    assert said(Claims()) == {
        "Ways of reading": ("No information about appearance modifiability is available",),
        "Conformance": ("No information is available",),
    }


@pytest.mark.parametrize(
    ("changes", "statement"),
    [
        ({"modes": ("textual",)}, "Readable in read aloud or dynamic braille"),
        ({"sufficient": ("textual",)}, "Readable in read aloud or dynamic braille"),
        ({"modes": ("textual", "visual")}, "Not fully readable in read aloud or dynamic braille"),
        ({"features": ("alternativeText",)}, "Not fully readable in read aloud or dynamic braille"),
        ({"modes": ("auditory",)}, "Prerecorded audio clips"),
        (
            {"conforms_to": "EPUB Accessibility 1.1 - WCAG 2.1 Level A"},
            "This publication meets minimum accessibility standards",
        ),
        (
            {"conforms_to": "EPUB Accessibility 1.1 - WCAG 2.1 Level AAA"},
            "This publication exceeds accepted accessibility standards",
        ),
        ({"hazards": ("unknown",)}, "The presence of hazards is unknown"),
        ({"hazards": ("flashing", "noSoundHazard")}, "Flashing content"),
        ({"hazards": ("flashing", "noSoundHazard")}, "No sound hazards"),
        ({"hazards": ("unknownMotionSimulationHazard",)}, "Motion simulation hazards not known"),
        ({"hazards": ("noFlashingHazard", "noSoundHazard", "noMotionSimulationHazard")}, "No hazards"),
    ],
)
def test_each_claim_has_its_statement(changes: dict[str, object], statement: str) -> None:
    claims = replace(Claims(), **changes)
    assert statement in [one for statements in said(claims).values() for one in statements]


@pytest.mark.parametrize(
    "feature", [name for name in EVERYTHING.features if name not in ("annotations", "readingOrder", "unlocked")]
)
def test_a_claim_that_goes_takes_its_statement_along(feature: str) -> None:
    less = replace(EVERYTHING, features=tuple(name for name in EVERYTHING.features if name != feature))
    if feature == "alternativeText":
        less = replace(less, features=tuple(n for n in less.features if n not in ("longDescription", "describedMath")))
    assert said(less) != said(EVERYTHING)


@pytest.mark.parametrize("lang", STATEMENTS)
def test_every_language_says_everything(lang: str) -> None:
    assert set(STATEMENTS[lang]) == set(STATEMENTS["en"])
    assert all(text == text.strip() and text for text in STATEMENTS[lang].values())
    told = said(EVERYTHING, lang)
    assert [len(statements) for statements in told.values()] == [4, 3, 3, 3, 1, 2]
    assert "The Skerry Press" in " ".join(statement for statements in told.values() for statement in statements)


def test_the_statements_are_in_every_language_that_the_editions_words_are_in() -> None:
    assert set(STATEMENTS) == set(CATALOGUE)
    assert language_of_statements("fr-CA") == "fr"
    assert language_of_statements("sv") == "en"
