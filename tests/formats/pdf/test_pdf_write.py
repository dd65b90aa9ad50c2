from __future__ import annotations

from pathlib import Path

import pdf_sample
import pytest
from pypdfium2 import PdfDocument

from publisher.formats.pdf.write import write


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pdf")
    write(pdf_sample.job(pdf_sample.full(folder), folder))
    return folder / "out"


def words(path: Path) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in PdfDocument(path)).split())


def test_both_pdfs_are_written_and_counted(tmp_path: Path) -> None:
    artefacts = write(pdf_sample.job(pdf_sample.small(), tmp_path))
    assert [artefact.name for artefact in artefacts] == ["small.pdf", "small-large-print.pdf"]
    for artefact in artefacts:
        assert artefact.pages == len(PdfDocument(tmp_path / "out" / artefact.name))


def test_the_words_of_every_construct_are_on_the_pages(built: Path) -> None:
    found = words(built / "full.pdf")
    for said in (
        "What one light cost",
        "Ship 59",
        "Its second paragraph.",
        "Plain note 6.",
        "Lamps of the northern coast",
    ):
        assert said in found
