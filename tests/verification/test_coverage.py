from __future__ import annotations

import pytest

from publisher.model.publication import Publication
from publisher.verification.coverage import COVERAGE, FULL_PAGE, PLAIN_PAGE, Coverage, coverage_of, expected_units
from publisher.verification.expected import PARTS


@pytest.mark.parametrize("coverage", COVERAGE, ids=lambda coverage: coverage.kind)
def test_every_part_is_held_or_left_out_for_a_reason(coverage: Coverage) -> None:
    held = {*coverage.parts, *coverage.beside}
    assert held <= set(PARTS)
    assert set(PARTS) - held - set(coverage.omitted) == set()
    assert all(coverage.omitted.values())


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("lamp.epub", "application/epub+zip", "epub"),
        ("lamp-read-aloud.epub", "application/epub+zip", "read-aloud epub"),
        ("lamp-large-print.pdf", "application/pdf", "pdf"),
        ("index.html", "text/html", "full web page"),
        ("plain.html", "text/html", "plain web page"),
        ("lamp.m4b", "audio/mp4", "audio"),
        ("lamp-plain.vtt", "text/vtt", "plain audio"),
    ],
)
def test_the_name_and_media_type_tell_the_coverage(name: str, media_type: str, kind: str) -> None:
    coverage = coverage_of(name, media_type)
    assert coverage is not None
    assert coverage.kind == kind


def test_a_style_sheet_says_nothing() -> None:
    assert coverage_of("publisher.css", "text/css") is None


def test_the_plain_page_has_one_title_and_the_figures_under_their_headings(publication: Publication) -> None:
    assert [unit.text for unit in expected_units(publication, PLAIN_PAGE)] == [
        "The lamp",
        "Nobody lit the lamp before 1912.",
        "That night",
        "A beam over the sea.",
        "The point.",
    ]


def test_the_full_page_holds_no_plain_language(publication: Publication) -> None:
    assert {unit.part for unit in expected_units(publication, FULL_PAGE)} == set(PARTS) - {"plain", "method"}
