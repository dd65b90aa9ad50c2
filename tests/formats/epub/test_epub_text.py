from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from epub_books import NAMES, Book, written
from epub_sample import paragraph, picture

from publisher.formats.contract import Job
from publisher.formats.epub.write import write
from publisher.model.findings import EngineError, FindingsError, InputError
from publisher.model.inlines import OBJECT, Image, Link, Text
from publisher.model.publication import Publication, Section
from publisher.rendering.templates import Templates
from publisher.store import Store
from publisher.verification.expected import units


def shown(book: Book) -> dict[str, list[str]]:
    """What the element with each id says, over all documents but the contents, in order; calls and formulas apart."""
    found: dict[str, list[str]] = {}
    for name in book.spine():
        if name == "nav.xhtml":
            continue
        for element in book.find(name, "//*[@id]"):
            apart = "ancestor::h:sup[@class='call'] or ancestor::m:math"
            texts = element.xpath(f".//text()[not({apart})]", namespaces=NAMES)
            words = element.get("alt") or element.get("alttext") or "".join(texts)
            found.setdefault(element.get("id"), []).append(" ".join(words.split()))
    return found


def test_the_words_of_every_unit_are_in_the_book_exactly_once(publication: Publication, editions: list[Book]) -> None:
    for book in editions:
        said = shown(book)
        for unit in units(publication):
            assert said[unit.id] == [" ".join(unit.text.replace(OBJECT, "").split())], unit


def test_the_units_of_each_part_are_in_order(publication: Publication, editions: list[Book]) -> None:
    for book in editions:
        places = {id: place for place, id in enumerate(shown(book))}
        for part in ("front", "introduction", "article", "footnote", "note", "method", "references"):
            order = [places[unit.id] for unit in units(publication) if unit.part == part]
            assert order == sorted(order), part


def test_the_parts_come_in_their_order(text_edition: Book) -> None:
    assert text_edition.spine() == [
        "cover.xhtml",
        "title.xhtml",
        "nav.xhtml",
        "introduction.xhtml",
        "article.xhtml",
        "plain.xhtml",
        "method.xhtml",
        "references.xhtml",
    ]


def test_calls_and_notes_lead_to_each_other_in_the_way_that_readers_show_as_pop_ups(text_edition: Book) -> None:
    calls = text_edition.find("article.xhtml", "//h:a[@epub:type='noteref']")
    assert [call.get("href") for call in calls] == ["#n-1", "#fn-1", "#n-2"]
    for call in calls:
        assert call.get("role") == "doc-noteref"
        (note,) = text_edition.find("article.xhtml", f"//h:aside[@id='{call.get('href')[1:]}']")
        assert note.get("{http://www.idpf.org/2007/ops}type") == "footnote"
        assert note.get("role") == "doc-footnote"
        back = note.xpath(".//h:a[@role='doc-backlink']/@href", namespaces=NAMES)
        assert back == [f"#{call.get('id')}"]


def test_a_note_is_told_apart_in_words(text_edition: Book) -> None:
    (note,) = text_edition.find("article.xhtml", "//h:aside[@id='n-1']")
    told = " ".join("".join(note.itertext()).split())
    assert told.startswith("Note 1 Fact check")
    assert "The desk, 20 November 2026" in told


def test_links_to_other_documents_carry_their_names(text_edition: Book) -> None:
    sources = text_edition.find("article.xhtml", "//h:div[@class='sources']//h:a/@href")
    assert sources == ["references.xhtml#ref-log-1811"] * 2


def test_the_contents_lead_to_every_heading_in_order(text_edition: Book) -> None:
    entries = text_edition.find("nav.xhtml", "//h:nav[@epub:type='toc']//h:a")
    assert [(entry.text, entry.get("href")) for entry in entries] == [
        ("Before you read", "introduction.xhtml"),
        ("The lamp at Skerry Point", "article.xhtml"),
        ("Stores & oil", "article.xhtml#stores"),
        ("The lens", "article.xhtml#lens"),
        ("Plain-language edition", "plain.xhtml"),
        ("What they kept", "plain.xhtml#stores-plain"),
        ("How we worked", "method.xhtml"),
        ("References", "references.xhtml"),
    ]


def test_old_readers_find_the_same_contents(text_edition: Book) -> None:
    hrefs = text_edition.find("nav.xhtml", "//h:nav[@epub:type='toc']//h:a/@href")
    assert text_edition.find("toc.ncx", "//ncx:content/@src") == hrefs
    assert text_edition.find("toc.ncx", "//ncx:meta[@name='dtb:depth']/@content") == ["3"]
    assert text_edition.find("toc.ncx", "//ncx:meta[@name='dtb:uid']/@content") == ["urn:example:skerry"]


def test_landmarks_and_lists_of_figures_and_tables_are_offered(text_edition: Book) -> None:
    landmarks = text_edition.find("nav.xhtml", "//h:nav[@epub:type='landmarks']//h:a")
    types = [landmark.get("{http://www.idpf.org/2007/ops}type") for landmark in landmarks]
    assert types == ["cover", "titlepage", "toc", "introduction", "bodymatter", "part", "appendix", "bibliography"]
    figures = text_edition.find("nav.xhtml", "//h:nav[@epub:type='loi']//h:a")
    tables = text_edition.find("nav.xhtml", "//h:nav[@epub:type='lot']//h:a")
    assert [(line.text, line.get("href")) for line in figures] == [("The lens, drawn.", "article.xhtml#fig-rings")]
    assert [(line.text, line.get("href")) for line in tables] == [("Wrecks by year", "article.xhtml#tbl-wrecks")]


def test_languages_are_said_twice_wherever_they_change(text_edition: Book) -> None:
    for name in text_edition.documents():
        for element in text_edition.find(name, "//*[@lang or @xml:lang]"):
            assert element.get("lang") == element.get("{http://www.w3.org/XML/1998/namespace}lang"), name
    assert text_edition.find("article.xhtml", "//*[@lang='fr']/text()") == ["le continent"]


def test_every_section_role_has_its_structure(text_edition: Book) -> None:
    expected = {
        "introduction.xhtml": ("introduction", "doc-introduction"),
        "article.xhtml": ("chapter", "doc-chapter"),
        "plain.xhtml": ("part", "doc-part"),
        "method.xhtml": ("appendix", "doc-appendix"),
        "references.xhtml": ("bibliography", "doc-bibliography"),
    }
    for name, (kind, role) in expected.items():
        assert len(text_edition.find(name, f"//*[@epub:type='{kind}'][@role='{role}']")) == 1, name


def test_the_manifest_says_which_documents_hold_mathml(text_edition: Book) -> None:
    assert text_edition.find("content.opf", "//opf:item[@properties='mathml']/@href") == ["article.xhtml"]


def test_the_cover_has_an_alternative_that_says_what_is_on_it(text_edition: Book) -> None:
    (cover,) = text_edition.find("cover.xhtml", "//h:img")
    assert cover.get("alt") == (
        "Cover: The lamp at Skerry Point. What one light cost. By Ada Fenwick. The Skerry Press."
    )
    assert cover.get("role") == "doc-cover"


def test_the_style_sheet_fixes_no_size_face_or_colour_of_the_text(editions: list[Book]) -> None:
    for book in editions:
        css = book.entries["EPUB/style.css"].decode()
        rules = "".join(part.partition("}")[0] for part in css.split("{")[1:])
        assert "!important" not in css
        for unit in ("px;", "pt;", "mm;", "cm;", "px ", "pt "):
            assert unit not in rules, unit
        colours = [part for part in rules.split(";") if part.strip().startswith("color:")]
        assert all("inherit" in colour for colour in colours)


def test_a_link_to_nothing_is_told(publication: Publication, store: Store, tmp_path: Path) -> None:
    lost = Section(None, (paragraph("lost-1", Link((Text("there"),), "#nowhere")),))
    broken = replace(publication, sections=(*publication.sections, lost))
    with pytest.raises(FindingsError) as raised:
        write(Job(broken, Templates(), tmp_path, store))
    assert [(finding.check, finding.where) for finding in raised.value.findings] == [
        ("link-dangling", "epub article.xhtml")
    ]


def test_a_picture_of_a_kind_that_epub_does_not_carry_is_told(
    publication: Publication, store: Store, tmp_path: Path
) -> None:
    resource = replace(publication.resources["rings.png"], media_type="image/tiff")
    odd = replace(publication, resources={"rings.png": resource})
    with pytest.raises(InputError, match=r"an EPUB cannot carry rings\.png \(image/tiff\); convert it to one of"):
        write(Job(odd, Templates(), tmp_path, store))


def test_pictures_whose_names_are_alike_are_kept_apart(publication: Publication, store: Store, tmp_path: Path) -> None:
    names = ("Cover.png", "a/Rote Flagge.png", "b/rote-flagge.png")
    pictures = {}
    for number, name in enumerate(names):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        resource = picture(tmp_path, name)
        pictures[name] = replace(resource, sha256=f"{number}" * 64)
    blocks = tuple(paragraph(f"p-{n}", Image(f"i-{n}", name, "A flag")) for n, name in enumerate(names))
    sections = (*publication.sections, Section(None, blocks))
    resources = {**publication.resources, **pictures}
    (book,) = written(replace(publication, sections=sections, resources=resources), tmp_path, store)
    sources = book.find("article.xhtml", "//h:img[starts-with(@id, 'i-')]/@src")
    assert sources == ["images/00000000-cover.png", "images/rote-flagge.png", "images/22222222-rote-flagge.png"]
    assert all(f"EPUB/{source}" in book.entries for source in sources)


def test_an_editions_own_template_that_is_no_xml_is_told(
    publication: Publication, store: Store, tmp_path: Path
) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (own / "references.xhtml").write_text("<html><p></html>", encoding="utf-8")
    with pytest.raises(EngineError, match=r"references\.xhtml is no well-formed XML: .+; mend the template"):
        write(Job(publication, Templates(own), tmp_path, store))
