from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pdf_sample
import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest

from publisher.formats.pdf.addresses import BASE
from publisher.formats.pdf.document import Document
from publisher.formats.pdf.fetching import Fetcher
from publisher.formats.pdf.fitting import Room
from publisher.formats.pdf.layout import lay_out
from publisher.formats.pdf.write import write
from publisher.model.findings import InputError
from publisher.rendering.templates import Templates
from publisher.store import Store


@pytest.fixture
def fetcher(tmp_path: Path) -> Fetcher:
    picture = tmp_path / "lamp.svg"
    picture.write_text('<svg><text font-family="Arial, sans-serif" style="font-family: serif">x</text></svg>')
    own = tmp_path / "templates"
    own.mkdir()
    (own / "own.css").write_text("p { color: black }")
    (own / "outside.css").symlink_to(picture)
    lamp = pdf_sample.resource(picture, "image/svg+xml", "pictures/lämp.svg")
    return Fetcher(
        resources={lamp.name: lamp},
        formulas={"f.svg": "<svg/>"},
        styles={"page.css": "@page { size: A4 }"},
        generics={"sans-serif": "Sans-1", "serif": "Serif-1"},
        templates=Templates(own),
        store=Store(tmp_path / "store"),
    )


@pytest.mark.parametrize(
    ("address", "media_type"),
    [
        ("resources/pictures/l%C3%A4mp.svg", "image/svg+xml"),
        ("formulas/f.svg", "image/svg+xml"),
        ("styles/page.css", "text/css"),
        ("styles/own.css", "text/css"),
        ("styles/article.css", "text/css"),
        ("styles/fonts/source-sans-3-latin-400-normal.woff2", "font/ttf"),
    ],
)
def test_the_editions_own_files_are_given(fetcher: Fetcher, address: str, media_type: str) -> None:
    response = fetcher.fetch(BASE + address)
    assert response.content_type == media_type
    assert response.read()
    assert fetcher.refused == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://book.invalid/styles/article.css",
        "https://example.org/a.png",
        "https://book.invalid.example.org/styles/article.css",
        "https://user@book.invalid/styles/article.css",
        "data:image/svg+xml,<svg/>",
        "ftp://book.invalid/x",
        BASE + "resources/other.png",
        BASE + "styles/../../pyproject.toml",
        BASE + "styles/%2e%2e/%2e%2e/pyproject.toml",
        BASE + "styles//etc/passwd.css",
        BASE + "styles/outside.css",
        BASE + "styles/article.html",
        BASE + "styles/article.html%00.css",
        BASE,
    ],
)
def test_everything_else_is_refused_and_remembered(fetcher: Fetcher, address: str) -> None:
    with pytest.raises(ValueError, match="own files"):
        fetcher.fetch(address)
    assert len(fetcher.refused) == 1


def test_a_drawing_is_set_in_our_fonts(fetcher: Fetcher) -> None:
    drawing = fetcher.fetch(BASE + "resources/pictures/l%C3%A4mp.svg").read().decode()
    assert 'font-family="Arial, Sans-1"' in drawing
    assert "font-family: Serif-1" in drawing


def test_a_picture_that_asks_for_a_file_fails_the_build(tmp_path: Path) -> None:
    picture = tmp_path / "spy.svg"
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        '<image href="file:///etc/passwd" width="9" height="9"/></svg>'
    )
    spy = pdf_sample.resource(picture, "image/svg+xml")
    publication = pdf_sample.small()
    shown = pdf_sample.Maker().figure("spy.svg", "A spy.", "")
    section = replace(publication.sections[0], blocks=(shown,))
    publication = replace(publication, sections=(section,), resources={"spy.svg": spy})
    with pytest.raises(InputError, match="etc/passwd"):
        write(pdf_sample.job(publication, tmp_path))
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("words", ["One<br>two&nbsp;three", "One<br/>two three"])
def test_a_template_need_not_be_xml(fetcher: Fetcher, words: str) -> None:
    html = f'<!DOCTYPE html><html lang="en"><head><title>A</title></head><body><p>{words}</p></body></html>'
    document = Document(html, {}, {}, {}, Room(20, 20, 0, 1, 40, 4, 24))
    data = lay_out(document, fetcher, pdf_sample.small().metadata, "a").data
    with pdfium.PdfDocument(data) as pdf:
        assert pdf[0].get_textpage().get_text_bounded().split() == ["One", "two", "three"]
