from __future__ import annotations

from pathlib import Path

import pytest
from verified_edition import build, read_source

from publisher.formats.web.read import read
from publisher.model.artefacts import Artefact
from publisher.model.blocks import Worded
from publisher.model.publication import Publication
from publisher.verification.checks import hold_against, source_of
from publisher.verification.coverage import (
    COVERAGE,
    EPUB,
    FULL_PAGE,
    PLAIN_PAGE,
    Coverage,
    coverage_of,
    expected_units,
    notes_of,
)
from publisher.verification.expected import PARTS
from publisher.verification.ties import ties


@pytest.mark.parametrize("coverage", COVERAGE, ids=lambda coverage: coverage.kind)
def test_every_part_is_held_or_left_out_for_a_reason(coverage: Coverage) -> None:
    held = {*coverage.parts, *coverage.beside}
    assert held <= set(PARTS)
    assert set(PARTS) - held - set(coverage.omitted) == set()
    assert all(coverage.omitted.values())


@pytest.mark.parametrize(
    ("variant", "media_type", "kind"),
    [
        ("", "application/epub+zip", "epub"),
        ("read-aloud", "application/epub+zip", "read-aloud epub"),
        ("large-print", "application/pdf", "pdf"),
        ("", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
        ("", "text/html", "full web page"),
        ("plain", "text/html", "plain web page"),
        ("", "audio/mp4", "audio"),
        ("plain", "text/vtt", "plain audio"),
    ],
)
def test_the_media_type_and_which_of_its_kind_tell_the_coverage(variant: str, media_type: str, kind: str) -> None:
    coverage = coverage_of(Artefact("plain.x-read-aloud", media_type, "", "", variant=variant))
    assert coverage is not None
    assert coverage.kind == kind


def test_a_style_sheet_says_nothing() -> None:
    assert coverage_of(Artefact("publisher.css", "text/css", "web", "")) is None


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


CALLED = """---
title: Calls
lang: en-GB
---

One.[^both]

::: plain
First.[^both] [^plain]
:::

| [^cell] |
|---------|
| two     |

[^both]: In both.

[^plain]: In plain words alone.

[^cell]: From a cell without words.
"""


def test_a_page_holds_the_footnotes_that_it_calls(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "calls"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(CALLED, encoding="utf-8")
    publication = read_source(folder)
    held = ties(publication)
    words = {footnote.id: footnote.blocks[0] for footnote in publication.footnotes}
    ids = {block.text: id for id, block in words.items() if isinstance(block, Worded)}
    both, plain, cell = ids["In both."], ids["In plain words alone."], ids["From a cell without words."]
    assert notes_of(publication, FULL_PAGE, held) == {both, cell}
    assert notes_of(publication, PLAIN_PAGE, held) == {both, plain}
    assert notes_of(publication, EPUB, held) == {both, plain, cell}
    built = build(folder, tmp_path / "build")
    source = source_of(publication)
    for name, coverage in (("index.html", FULL_PAGE), ("plain.html", PLAIN_PAGE)):
        assert hold_against(read(built / name), source, coverage).findings == ()
