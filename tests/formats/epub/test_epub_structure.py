"""What the documents are made of, looked at in an edition that uses every construct of the dialect.

EPUB 3.3 (https://www.w3.org/TR/epub-33/), DPUB-ARIA 1.1 (https://www.w3.org/TR/dpub-aria-1.1/).
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from epub_books import NAMES, Book, written
from lxml import etree

from publisher.build import read_imprint_of
from publisher.manuscript.reading import read_edition
from publisher.model.publication import Publication
from publisher.rendering.words import words_for
from publisher.store import Store

EDITION = Path(__file__).resolve().parents[2] / "editions" / "constructs"
TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

BOTH = {
    "appendix": "doc-appendix",
    "backlink": "doc-backlink",
    "bibliography": "doc-bibliography",
    "biblioref": "doc-biblioref",
    "chapter": "doc-chapter",
    "footnote": "doc-footnote",
    "glossary": "doc-glossary",
    "glossref": "doc-glossref",
    "introduction": "doc-introduction",
    "noteref": "doc-noteref",
    "page-list": "doc-pagelist",
    "pagebreak": "doc-pagebreak",
    "part": "doc-part",
    "pullquote": "doc-pullquote",
    "subtitle": "doc-subtitle",
    "toc": "doc-toc",
}
"""Structures that have both an epub:type and a role (https://www.w3.org/TR/epub-aria-authoring-11/)."""


@pytest.fixture(scope="module")
def source() -> Publication:
    return read_edition(EDITION, read_imprint_of(EDITION)[0]).publication


@pytest.fixture(scope="module")
def constructs(source: Publication, store: Store, tmp_path_factory: pytest.TempPathFactory) -> Book:
    (book,) = written(source, tmp_path_factory.mktemp("constructs"), store)
    return book


def everything(book: Book) -> list[tuple[str, etree._Element]]:
    return [(name, element) for name in book.documents() for element in book.tree(name).iter(etree.Element)]


def test_what_has_an_epub_type_has_its_role_and_the_other_way_round(constructs: Book) -> None:
    seen = set()
    for name, element in everything(constructs):
        if name == "nav.xhtml" and element.tag.endswith("}a"):
            continue  # landmarks name what they lead to
        type, role = element.get(TYPE), element.get("role")
        if type in BOTH:
            assert role == BOTH[type], (name, type)
            seen.add(type)
        if role and role.startswith("doc-") and role != "doc-cover":
            assert type is not None, (name, role)
            assert BOTH[type] == role, (name, role)
    assert seen == set(BOTH) - {"page-list", "pagebreak"}  # for these, see test_epub_pages


def test_a_note_is_called_in_the_way_that_readers_show_as_a_pop_up(constructs: Book) -> None:
    calls = [(name, one) for name, one in everything(constructs) if one.get("role") == "doc-noteref"]
    assert len(calls) > 20
    for name, call in calls:
        assert call.getparent().tag.endswith("}sup")  # outside: inside the link, some readers show no pop-up
        assert len(call) == 0
        href = call.get("href")
        assert href.startswith("#"), f"{name}: {href} leads to another document"
        (note,) = constructs.find(name, f"//h:aside[@id='{href[1:]}'][@epub:type='footnote']")
        assert call.get("id") in [
            link.get("href")[1:] for link in note.iter("{*}a") if link.get("role") == "doc-backlink"
        ]


def test_every_note_leads_back_to_each_place_that_calls_it(constructs: Book, source: Publication) -> None:
    for footnote in source.footnotes:
        backs = [
            href
            for name in constructs.documents()
            for href in constructs.find(name, f"//*[@id='{footnote.id}']//h:a[@role='doc-backlink']/@href")
        ]
        assert backs == [f"#{call}" for call in footnote.calls]


def test_commentary_is_told_apart_by_kind_and_signature_in_words(constructs: Book, source: Publication) -> None:
    words = words_for("en")
    for note in source.notes:
        ((name, element),) = [(n, e) for n, e in everything(constructs) if e.get("id") == note.id]
        told = " ".join("".join(element.itertext()).split())
        assert words.kind(note.kind) in told, name
        assert note.by.name in told
        assert words.kind(note.kind) in element.get("aria-label")
        (call,) = [e for _, e in everything(constructs) if e.get("id") == note.call]
        assert words.kind(note.kind) in call.get("aria-label")


def test_language_is_marked_wherever_it_changes_twice_and_with_its_direction(constructs: Book) -> None:
    langs = set()
    for name, element in everything(constructs):
        lang = element.get("lang")
        assert lang == element.get(XML_LANG), (name, element.get("id"))
        if lang:
            langs.add(lang)
            if lang.startswith("ar"):
                assert element.get("dir") == "rtl"
    assert {"en-GB", "fr", "ar", "la"} <= langs


def test_every_formula_is_mathml_with_its_words(constructs: Book) -> None:
    formulas = constructs.find("article.xhtml", "//m:math")
    assert len(formulas) > 4
    assert all(formula.get("alttext") for formula in formulas)


def test_every_picture_has_an_alternative_or_says_that_it_needs_none(constructs: Book, source: Publication) -> None:
    pictures = [element for _, element in everything(constructs) if element.tag.endswith("}img")]
    assert all(picture.get("alt") is not None for picture in pictures)
    assert any(not picture.get("alt") for picture in pictures)  # the decorative ones


def test_a_drawing_has_a_title_and_a_description_of_its_own_and_an_alternative_where_it_is_shown(
    constructs: Book,
) -> None:
    drawings = [name for name in constructs.entries if name.endswith(".svg")]
    assert drawings
    for name in drawings:
        root = etree.fromstring(constructs.entries[name])
        assert root.findtext("{*}title")
        assert root.findtext("{*}desc")
        shown = constructs.find("article.xhtml", f"//h:img[@src='{name.removeprefix('EPUB/')}']/@alt")
        assert shown
        assert all(shown)


def test_a_long_description_is_shown_and_reached_from_its_picture(constructs: Book) -> None:
    (picture,) = constructs.find("article.xhtml", "//h:img[@aria-details]")
    id = picture.get("aria-details")
    assert picture.get("aria-describedby") == id
    (description,) = constructs.find("article.xhtml", f"//*[@id='{id}']")
    assert "The tower stands at the left" in "".join(description.itertext())
    assert not description.xpath("ancestor-or-self::*[@hidden or @aria-hidden]", namespaces=NAMES)


def test_headings_go_down_one_level_at_a_time(source: Publication, text_edition: Book) -> None:
    for name in text_edition.documents():
        levels = [
            int(tag[-1]) for tag in (str(e.tag) for e in text_edition.tree(name).iter()) if re.search(r"}h\d$", tag)
        ]
        assert all(lower <= upper + 1 for upper, lower in pairwise(levels)), name


def test_tables_have_captions_and_scoped_headers(constructs: Book) -> None:
    tables = constructs.find("article.xhtml", "//h:table")
    assert len(tables) > 2
    for table in tables:
        assert table.xpath(".//h:th", namespaces=NAMES)
        assert all(cell.get("scope") in ("col", "row") for cell in table.xpath(".//h:th", namespaces=NAMES))


def declarations(book: Book) -> list[tuple[str, str, str]]:
    """Selector, property and value of every declaration of the style sheet."""
    css = re.sub(r"/\*.*?\*/", "", book.entries["EPUB/style.css"].decode(), flags=re.DOTALL)
    return [
        (selector.strip(), name.strip(), value.strip())
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css)
        for name, _, value in (line.partition(":") for line in body.split(";") if line.strip())
    ]


def test_the_style_sheet_leaves_sizes_faces_and_colours_to_the_reader(editions: list[Book]) -> None:
    for book in editions:
        for selector, name, value in declarations(book):
            assert not re.search(r"\d(px|pt|pc|in|cm|mm|rem|vw)\b", value), (selector, name, value)
            if name == "font-family":
                assert (selector, value) == ("code", "monospace")
            if name in ("font-size", "line-height") and value != "0":
                assert re.fullmatch(r"[\d.]+(em|%)?", value), (selector, name, value)
            if name == "color":
                assert value == "inherit"
            if name.startswith("background"):
                assert value == "transparent" or "media-overlay-active" in selector


def test_the_active_class_is_styled_and_seen_without_colours(read_aloud: Book) -> None:
    (active,) = read_aloud.meta("media:active-class")
    own = {name: value for selector, name, value in declarations(read_aloud) if selector == f".{active}"}
    assert "background-color" in own
    assert own["text-decoration"].startswith("underline")
