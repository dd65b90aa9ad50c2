"""Words in drawings that are too small on the page are told, by the size that they have there."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.build import read_imprint_of
from publisher.formats.contract import Job
from publisher.formats.pdf.write import write
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import Artefact
from publisher.model.findings import Finding, Severity
from publisher.rendering.templates import Templates
from publisher.store import Store

LARGE, NORMAL = 493.228 / 1000, 334.488 / 1000
"""Points of print to a unit of a drawing that is 1,000 units broad: 174 and 118 mm."""


def _write(folder: Path, inside: str, *, markdown: str = "![](map.svg){{alt='A map'}}") -> tuple[Artefact, Artefact]:
    edition = folder / "edition"
    edition.mkdir()
    (folder / "imprint.yaml").write_text("publisher: The Skerry Press\nlang: en-GB\n", encoding="utf-8")
    (edition / "article.md").write_text(
        "---\ntitle: A map\n---\n\nBefore it.\n\n" + markdown.format() + "\n\nAfter it.\n", encoding="utf-8"
    )
    (edition / "map.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 400" width="1000" height="400">{inside}</svg>',
        encoding="utf-8",
    )
    publication = read_edition(edition, read_imprint_of(edition)[0]).publication
    (folder / "out").mkdir()
    normal, large = write(Job(publication, Templates(edition), folder / "out", Store(folder / "store")))
    return normal, large


def _text(size: float, more: str = "") -> str:
    return f'<text x="10" y="100" font-size="{size}" {more}>Ten miles</text>'


def _found(artefact: Artefact) -> list[Finding]:
    return [finding for finding in artefact.findings if finding.check == "words-small"]


@pytest.mark.parametrize(
    ("drawn", "size"),
    [
        (_text(30), 30 * LARGE),
        (_text(80) + _text(30), 30 * LARGE),
        (f'<g transform="scale(0.5)">{_text(60)}</g>', 30 * LARGE),
        (f'<g transform="rotate(30) scale(0.5)">{_text(60)}</g>', 30 * LARGE),
        (f'<g opacity="0.5">{_text(30)}</g>', 30 * LARGE),
        (f'<g opacity="0.5"><g opacity="0.5" transform="scale(0.5)">{_text(60)}</g></g>', 30 * LARGE),
        (_text(30, 'text-anchor="middle"'), 30 * LARGE),
        (f'<svg viewBox="0 0 2000 800" width="1000" height="400">{_text(60)}</svg>', 30 * LARGE),
        ('<text x="10" y="99" style="font-size: 30px">Ten <tspan>miles</tspan></text>', 30 * LARGE),
        ('<text x="10" y="99" font-size="60">Ten <tspan font-size="30">miles</tspan></text>', 30 * LARGE),
    ],
)
def test_small_words_are_told_with_the_picture_its_line_and_their_size(drawn: str, size: float, tmp_path: Path) -> None:
    normal, large = _write(tmp_path, drawn)
    assert _found(normal) == []
    (finding,) = _found(large)
    assert finding.severity is Severity.WARNING
    assert finding.position is not None
    assert (Path(finding.position.path).name, finding.position.line) == ("article.md", 7)
    assert f"words in map.svg are {size:.1f} points high in print, less than 18;" in finding.message
    assert large.name in finding.message


@pytest.mark.parametrize("drawn", ["", _text(37), f'<g transform="scale(2)">{_text(19)}</g>'])
def test_words_that_are_large_and_drawings_without_words_are_not_told(drawn: str, tmp_path: Path) -> None:
    assert [_found(artefact) for artefact in _write(tmp_path, drawn)] == [[], []]


def test_words_too_small_for_the_other_print_are_told_of_it_too(tmp_path: Path) -> None:
    normal, _ = _write(tmp_path, _text(17))
    (finding,) = _found(normal)
    assert f"are {17 * NORMAL:.1f} points high in print, less than 6;" in finding.message


def test_formulas_may_have_small_letters(tmp_path: Path) -> None:
    assert [_found(artefact) for artefact in _write(tmp_path, "", markdown="So $x_{{2_3}}$ is.")] == [[], []]


@pytest.mark.parametrize(
    "markdown",
    [
        "A note.[^1]\n\n[^1]: See ![](map.svg){{alt='A map'}} there.",
        "So it is.\n\n::: plain\n![](map.svg){{alt='A map'}}\n:::",
    ],
)
def test_pictures_outside_the_article_are_found_too(markdown: str, tmp_path: Path) -> None:
    _, large = _write(tmp_path, _text(30), markdown=markdown)
    assert [finding.position is not None for finding in _found(large)] == [True]
