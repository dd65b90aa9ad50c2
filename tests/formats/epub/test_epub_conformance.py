"""EPUBCheck has nothing to say, of any severity, about anything that we make."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from epub_books import Book, written
from epub_checker import all_messages
from epub_sample import paragraph, small_publication

from publisher.build import read_imprint_of
from publisher.formats.epub.container import write_container
from publisher.manuscript.reading import read_edition
from publisher.model.publication import Publication, Section
from publisher.store import Store

EDITIONS = Path(__file__).resolve().parents[2] / "editions"
SOURCE = Path(__file__).resolve().parents[3] / "source"


def read(folder: Path) -> Publication:
    imprint, _ = read_imprint_of(folder)
    return read_edition(folder, imprint).publication


def long_text(publication: Publication) -> Publication:
    """The same with so much more text that it is divided."""
    more = tuple(paragraph(f"more-{number}", "It burned on. " * 80) for number in range(40))
    opening, stores = publication.sections
    return replace(publication, sections=(opening, replace(stores, blocks=(*stores.blocks, *more))))


@pytest.fixture(scope="module")
def books(editions: list[Book], store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Book]:
    """EPUBs by file name."""
    folder = tmp_path_factory.mktemp("books")
    publications = [read(EDITIONS / name) for name in ("constructs", "minimal", "arabic", "french", "chinese")]
    made = [*editions]
    for publication in publications:
        made += written(publication, folder, store, aloud=publication.name in ("constructs", "arabic", "chinese"))
    upstream = SOURCE / "upstream"
    made += written(read(upstream), folder, store)
    nothing = replace(small_publication(tmp_path_factory.mktemp("bare")), name="nothing", sections=(Section(None, ()),))
    made += written(replace(nothing, counterparts=(), footnotes=(), layers=(), references=()), folder, store)
    for name, lang in (("long", "en"), ("chinese", "zh-Hans")):
        small = small_publication(tmp_path_factory.mktemp(name), lang=lang)
        made += written(replace(long_text(small), name=name), folder, store)
    return {book.path.name: book for book in made}


def test_epubcheck_reports_nothing_at_all(books: dict[str, Book]) -> None:
    reported = all_messages([book.path for book in books.values()])
    assert reported == {name: [] for name in books}


def test_every_link_leads_to_something(books: dict[str, Book]) -> None:
    for book in books.values():
        ids = {f"{name}#{id}" for name in book.documents() for id in book.find(name, "//*/@id")}
        for name in book.documents():
            for href in book.find(name, "//h:a/@href"):
                if ":" not in href.split("#")[0]:
                    target = href if not href.startswith("#") else name + href
                    assert target in ids or target in book.documents(), f"{book.path.name} {name}: {href}"


def test_no_id_stands_in_two_places(books: dict[str, Book]) -> None:
    for book in books.values():
        ids = [id for name in book.spine() if name != "nav.xhtml" for id in book.find(name, "//*/@id")]
        assert len(ids) == len(set(ids)), book.path.name


def test_a_long_text_has_a_document_for_each_section_and_a_long_section_several(books: dict[str, Book]) -> None:
    book = books["long.epub"]
    names = [name for name in book.spine() if name.startswith("article")]
    assert names == ["article-1.xhtml", "article-2.xhtml", "article-3.xhtml"]
    for name in names:
        (root,) = book.find(name, "//h:div[@class='article']")
        chapter = name != "article-3.xhtml"  # which goes on with the second section
        assert (root.get("role") == "doc-chapter") == chapter
    lines = book.find("nav.xhtml", "//h:nav[@epub:type='toc']/h:ol/h:li[h:a/@href='article-2.xhtml']//h:a/@href")
    assert lines == ["article-2.xhtml", "article-3.xhtml"]


def test_right_to_left_is_said_everywhere(books: dict[str, Book]) -> None:
    book = books["arabic.epub"]
    assert book.find("content.opf", "//opf:spine/@page-progression-direction") == ["rtl"]
    assert book.find("content.opf", "/opf:package/@dir") == ["rtl"]
    for name in book.documents():
        assert book.find(name, "/h:html/@dir") == ["rtl"]


def test_the_checker_is_not_deaf(text_edition: Book, tmp_path: Path) -> None:
    broken = dict(text_edition.entries)
    broken["EPUB/article.xhtml"] = broken["EPUB/article.xhtml"].replace(b'href="#n-1"', b'href="#n-9"')
    write_container(tmp_path / "broken.epub", broken)
    (reported,) = all_messages([tmp_path / "broken.epub"]).values()
    assert [message.split()[0] for message in reported] == ["RSC-012"]
