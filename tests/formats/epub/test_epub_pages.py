"""Page breaks and the page list: EPUB Accessibility 1.1 (https://www.w3.org/TR/epub-a11y-11/#sec-page-breaks)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from epub_books import Book, narrated, opened
from epub_checker import all_messages
from lxml import etree

from publisher.formats.contract import Job
from publisher.formats.epub.container import write_container
from publisher.formats.epub.documents import Document, Kind, Page
from publisher.formats.epub.pagebreaks import Stop, mark_pages
from publisher.formats.epub.pages_read import read_pages
from publisher.formats.epub.write import write
from publisher.model.artefacts import Artefact, PageBreak
from publisher.model.publication import Publication
from publisher.rendering.templates import Templates
from publisher.store import Store
from publisher.verification.pages import page_list_faults

BREAKS = (
    PageBreak("1", "title"),
    PageBreak("2", "introduction-1-s1"),
    PageBreak("3", "opening-1-s1", 3),
    PageBreak("4", "n-1"),
    PageBreak("5", "stores-s1"),
    PageBreak("6", "c3-1-s1"),
    PageBreak("7", "lens-1-img1"),
    PageBreak("8", "lens-5", 2),
    PageBreak("9", "not-in-the-book"),
    PageBreak("10", "ref-log-1811"),
)
PDF = Artefact("skerry.pdf", "application/pdf", "pdf", "to print", pages=10, breaks=BREAKS)


@pytest.fixture(scope="module")
def paged(publication: Publication, store: Store, tmp_path_factory: pytest.TempPathFactory) -> list[Book]:
    folder = tmp_path_factory.mktemp("paged")
    job = Job(publication, Templates(), folder, store, narrated(publication, store), siblings=(PDF,))
    return [opened(folder / made.name) for made in write(job) if made.name.endswith(".epub")]


def words(book: Book, name: str) -> str:
    return "".join(str(text) for text in book.tree(name).itertext())


def test_each_page_that_begins_in_the_book_is_marked_and_listed_in_order(paged: list[Book]) -> None:
    for book in paged:
        lines = book.find("nav.xhtml", "//h:nav[@epub:type='page-list'][@role='doc-pagelist'][@hidden]//h:a")
        assert [(line.text, line.get("href")) for line in lines] == [
            ("1", "title.xhtml#page-1"),
            ("2", "introduction.xhtml#page-2"),
            ("3", "article.xhtml#page-3"),
            ("4", "article.xhtml#page-4"),
            ("5", "article.xhtml#page-5"),
            ("6", "article.xhtml#page-6"),
            ("7", "article.xhtml#page-7"),
            ("8", "article.xhtml#page-8"),
            ("10", "references.xhtml#page-10"),
        ]
        for line in lines:
            name, _, id = line.get("href").partition("#")
            (mark,) = book.find(name, f"//*[@id='{id}'][@role='doc-pagebreak'][@epub:type='pagebreak']")
            assert mark.get("aria-label") == line.text
            assert mark.text is None
            assert len(mark) == 0


def test_marks_change_no_word_of_the_text(paged: list[Book], editions: list[Book]) -> None:
    for marked, plain in zip(paged, editions, strict=True):
        for name in plain.spine():
            if name != "nav.xhtml":
                assert words(marked, name) == words(plain, name), name


def test_marks_are_in_no_overlay(paged: list[Book], editions: list[Book]) -> None:
    aloud, plain = paged[1], editions[1]
    for name in plain.entries:
        if name.endswith((".smil", ".mp3")):
            assert aloud.entries[name] == plain.entries[name], name


def test_a_page_that_begins_within_a_sentence_is_marked_between_its_words(paged: list[Book]) -> None:
    (mark,) = paged[0].find("article.xhtml", "//*[@id='page-3']")
    sentence = mark.getparent()
    assert sentence.get("id") == "opening-1-s1"
    assert "".join(mark.xpath("preceding::text()[ancestor::*[@id='opening-1-s1']]")) == "The lamp[1] was "
    assert mark.tail.startswith("lit in 1811")


def test_a_page_that_begins_with_a_heading_is_marked_before_it(paged: list[Book]) -> None:
    (mark,) = paged[0].find("article.xhtml", "//h:div[@id='page-5']")
    assert mark.getnext().get("id") == "stores"
    (over,) = paged[0].find("introduction.xhtml", "//h:div[@id='page-2']")
    assert over.getnext().get("id") == "introduction"


def test_a_page_that_begins_with_a_note_or_a_figure_is_marked_outside_of_it(paged: list[Book]) -> None:
    (mark,) = paged[0].find("article.xhtml", "//h:div[@id='page-4']")
    assert mark.getnext().get("id") == "n-1"
    (mark,) = paged[0].find("article.xhtml", "//h:div[@id='page-7']")
    assert mark.getnext().get("id") == "fig-rings"


def test_a_page_that_begins_within_code_is_marked_in_it(paged: list[Book]) -> None:
    (mark,) = paged[0].find("article.xhtml", "//*[@id='page-8']")
    assert mark.tail == 'id="x"> & wait\n'


def test_the_source_of_the_pages_is_told(paged: list[Book], editions: list[Book]) -> None:
    for book in paged:
        assert book.meta("pageBreakSource") == ["skerry.pdf"]
        assert book.find("content.opf", "//dc:source/text()") == ["skerry.pdf"]
        assert {"pageBreakMarkers", "pageNavigation"} <= set(book.meta("schema:accessibilityFeature"))
    for book in editions:
        assert book.meta("pageBreakSource") == []
        assert not book.find("nav.xhtml", "//h:nav[@epub:type='page-list']")


def test_epubcheck_has_nothing_to_say(paged: list[Book]) -> None:
    assert all_messages([book.path for book in paged]) == {book.path.name: [] for book in paged}


def marked(body: str, *breaks: PageBreak) -> str:
    text = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'
    page = Page(Document("a.xhtml", Kind.ARTICLE, "A"), etree.fromstring(text))
    mark_pages([page], breaks)
    text = etree.tostring(page.root[0], encoding="unicode")
    text = re.sub(r' xmlns(:\w+)?="[^"]*"', "", text.removeprefix("<body").partition(">")[2].removesuffix("</body>"))
    return re.sub(r'<\w+ [^>]*role="doc-pagebreak"[^>]* aria-label="(\d+)"/>', r"{\1}", text)


S = '<span class="s" id="s">'


@pytest.mark.parametrize(
    ("body", "at", "after"),
    [
        (f"<p>{S}one two</span></p>", ("s", 0), f"<p>{{1}}{S}one two</span></p>"),
        (f"<p>{S}one two</span></p>", ("s", 1), f"<p>{S}one {{1}}two</span></p>"),
        (f"<p>{S}one <em>two</em> three</span></p>", ("s", 1), f"<p>{S}one {{1}}<em>two</em> three</span></p>"),
        (f"<p>{S}one <em>two three</em></span></p>", ("s", 2), f"<p>{S}one <em>two {{1}}three</em></span></p>"),
        (f"<p>{S}one two</span> <b>x</b></p>", ("s", 2), f"<p>{S}one two</span>{{1}} <b>x</b></p>"),
        (f"<p>a {S}one</span></p>", ("s", 0), f"<p>a {{1}}{S}one</span></p>"),
        (f"<ul><li><p>{S}one</span></p></li></ul>", ("s", 0), f"<ul><li><p>{{1}}{S}one</span></p></li></ul>"),
        ('<ul id="u"><li>one</li></ul>', ("u", 0), '{1}<ul id="u"><li>one</li></ul>'),
        ('<ul><li id="i">one</li></ul>', ("i", 0), '{1}<ul><li id="i">one</li></ul>'),
        ('<ul><li>a</li><li id="i">b</li></ul>', ("i", 0), '<ul><li>a</li><li id="i">{1}b</li></ul>'),
        ('<p>a<img id="m"/></p>', ("m", 0), '<p>a{1}<img id="m"/></p>'),
        ('<figure><img id="m"/></figure>', ("m", 0), '{1}<figure><img id="m"/></figure>'),
        (f"<section><h2>{S}one</span></h2></section>", ("s", 0), f"<section>{{1}}<h2>{S}one</span></h2></section>"),
        (
            f"<h1>own</h1><section><h2>own</h2><p>{S}one</span></p></section>",
            ("s", 0),
            f"<h1>own</h1><section>{{1}}<h2>own</h2><p>{S}one</span></p></section>",
        ),
        (
            f'<p>{S}one</span> <a><span data-sentence="s">two three</span></a></p>',
            ("s", 2),
            f'<p>{S}one</span> <a><span data-sentence="s">two {{1}}three</span></a></p>',
        ),
        (
            f'<p>{S}one<sup class="call"><a class="note-call">[1]</a></sup> two</span></p>',
            ("s", 1),
            f'<p>{S}one<sup class="call"><a class="note-call">[1]</a></sup> {{1}}two</span></p>',
        ),
    ],
)
def test_a_mark_stands_where_the_page_begins(body: str, at: tuple[str, int], after: str) -> None:
    assert marked(body, PageBreak("1", *at)) == after


def test_pages_that_begin_at_one_place_are_marked_one_after_the_other() -> None:
    text = marked('<pre id="c">one</pre><p>two</p>', PageBreak("4", "c"), PageBreak("5", "c"))
    assert text == '{4}<pre id="c">one</pre>{5}<p>two</p>'


def test_ids_of_marks_give_way_to_those_that_are_there() -> None:
    root = etree.fromstring('<html xmlns="http://www.w3.org/1999/xhtml"><body><p id="page-1">x</p></body></html>')
    page = Page(Document("a.xhtml", Kind.ARTICLE, "A"), root)
    assert mark_pages([page], [PageBreak("1", "page-1")]) == (Stop("1", "a.xhtml#page-1-2"),)


def test_a_reader_finds_where_pages_begin(paged: list[Book]) -> None:
    found = read_pages(paged[0].path)
    assert [mark.label for mark in found.marks] == [one.label for one in BREAKS if one.id != "not-in-the-book"]
    assert [entry.leads_to for entry in found.entries] == [entry.label for entry in found.entries]
    assert found.source == "skerry.pdf"
    assert found.begins["introduction-1"] == "2"
    assert found.begins["opening-1"] == "2"
    assert found.begins["opening-2"] == "3"
    assert found.begins["stores"] == "5"
    assert found.begins["ref-log-1811"] == "10"
    assert list(page_list_faults(found, "skerry.pdf", BREAKS, {})) == []


def changed(book: Book, folder: Path, name: str, old: str, new: str) -> list[str]:
    """What is found of the page list once something in the book is another."""
    entries = dict(book.entries)
    text = entries[f"EPUB/{name}"].decode()
    assert text.count(old) == 1, text.count(old)
    entries[f"EPUB/{name}"] = text.replace(old, new).encode()
    path = folder / "changed.epub"
    write_container(path, entries)
    shown = {"opening-2": ("page 3", "EPUB/article.xhtml#opening-2"), "stores": ("page 5", "EPUB/article.xhtml#stores")}
    return [check for check, *_ in page_list_faults(read_pages(path), "skerry.pdf", BREAKS, shown)]


MARK = '<span id="page-3" class="page-break" role="doc-pagebreak" epub:type="pagebreak" aria-label="3"/>'


@pytest.mark.parametrize(
    ("name", "old", "new", "checks"),
    [
        ("article.xhtml", MARK, "", ["page-list-target", "page-list-missing", "page-list-place"]),
        ("article.xhtml", f"{MARK}lit in", f"lit {MARK}in", ["page-list-place"]),
        ("article.xhtml", 'aria-label="3"', 'aria-label="4"', ["page-list-target", "page-list-order"]),
        ("nav.xhtml", '<li><a href="article.xhtml#page-3">3</a></li>', "", ["page-list-missing"]),
        ("nav.xhtml", "article.xhtml#page-3", "article.xhtml#page-4", ["page-list-target"]),
        ("nav.xhtml", "article.xhtml#page-3", "article.xhtml#page-33", ["page-list-target"]),
        ("nav.xhtml", ">3</a>", ">33</a>", ["page-list-target", "page-list-missing"]),
        ("content.opf", '"pageBreakSource">skerry.pdf', '"pageBreakSource">other.pdf', ["page-list-source"]),
        ("article.xhtml", 'aria-label="3"', 'aria-label="33"', ["page-list-target", "page-list-missing"]),
    ],
)
def test_a_page_list_that_is_wrong_is_told(
    paged: list[Book], tmp_path: Path, name: str, old: str, new: str, checks: list[str]
) -> None:
    found = changed(paged[0], tmp_path, name, old, new)
    assert found[: len(checks)] == checks or set(checks) <= set(found), found


def test_pages_listed_out_of_order_are_told(paged: list[Book], tmp_path: Path) -> None:
    lines = '<li><a href="article.xhtml#page-3">3</a></li>\n<li><a href="article.xhtml#page-4">4</a></li>'
    assert changed(paged[0], tmp_path, "nav.xhtml", lines, "\n".join(reversed(lines.split("\n")))) == [
        "page-list-order"
    ]


def test_a_book_without_its_pages_is_told(editions: list[Book]) -> None:
    found = read_pages(editions[0].path)
    assert [check for check, *_ in page_list_faults(found, "skerry.pdf", BREAKS, {})] == ["page-list-missing"]
    assert list(page_list_faults(found, None, (), {})) == []


def test_a_unit_on_another_page_than_in_the_pdf_is_told(paged: list[Book]) -> None:
    shown = {"stores": ("page 4", "EPUB/article.xhtml#stores")}
    ((check, message, unit, _),) = page_list_faults(read_pages(paged[0].path), "skerry.pdf", BREAKS, shown)
    assert (check, unit) == ("page-list-place", "stores")
    assert message == "has stores on page 5, which the PDF shows on page 4"
