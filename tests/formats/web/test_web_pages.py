"""The two web pages: whole, in order, self-contained, and reachable without scripts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import html5lib
import pytest
from lxml import etree
from web_sample import SIBLINGS, build, paragraph, sample, without_commentary

from publisher.model.blocks import Figure, Quotation, Worded, walk
from publisher.model.findings import InputError
from publisher.model.inlines import FootnoteCall
from publisher.model.publication import Publication, Resource, Section
from publisher.rendering.templates import Templates

PAGES = ("index.html", "plain.html")


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    return sample(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def folder(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("web")
    build(publication, made)
    return made


def parse(path: Path) -> etree._Element:
    """A page as a browser reads it."""
    return html5lib.parse(path.read_text("utf-8"), treebuilder="lxml", namespaceHTMLElements=False).getroot()


def text_of(element: etree._Element) -> str:
    """The words of an element without calls, formulas told by their alternative."""
    if not isinstance(element.tag, str) or element.get("class") == "call":
        return ""
    name = etree.QName(element).localname
    if name in ("math", "img"):
        return "\ufffc"
    if name == "br":
        return "\n"
    return (element.text or "") + "".join(text_of(child) + (child.tail or "") for child in element)


def by_id(root: etree._Element) -> dict[str, etree._Element]:
    return {element.get("id"): element for element in root.iter(etree.Element) if element.get("id")}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_well_formed_xml_and_parses_as_html_without_errors(folder: Path, page: str) -> None:
    etree.fromstring((folder / page).read_bytes())
    parser = html5lib.HTMLParser()
    parser.parse((folder / page).read_text("utf-8"))
    assert parser.errors == []


def test_every_block_of_the_article_stands_on_the_full_page_once_in_order_with_its_words(
    folder: Path, publication: Publication
) -> None:
    page = by_id(parse(folder / "index.html"))
    order = {id: index for index, id in enumerate(page)}
    pictured = {
        block.id for figure in walk(publication.blocks()) if isinstance(figure, Figure) for block in figure.blocks
    }
    nodes = [node for node in walk(publication.blocks()) if node.id not in pictured]
    assert [node.id for node in nodes if node.id not in page] == []
    assert [node.id for node in nodes] == sorted((node.id for node in nodes), key=order.__getitem__)
    for node in nodes:
        if isinstance(node, Worded):
            assert text_of(page[node.id]) == node.text


def test_notes_footnotes_passages_and_references_stand_on_the_full_page(folder: Path, publication: Publication) -> None:
    page = by_id(parse(folder / "index.html"))
    for part in (*publication.notes, *publication.footnotes, *publication.references):
        assert part.id in page
        for block in getattr(part, "blocks", ()):
            assert text_of(page[block.id]) == block.text
    assert {"introduction", "introduction-1", "method", "method-1"} <= set(page)


def test_a_note_stands_after_the_block_that_it_is_on(folder: Path, publication: Publication) -> None:
    order = list(by_id(parse(folder / "index.html")))
    for note, block, following in (("n-1", "opening-1", "opening-2"), ("n-3", "numbers", "numbers-1")):
        assert order.index(block) < order.index(note) < order.index(following)


def test_every_note_is_called_once_and_leads_back(folder: Path, publication: Publication) -> None:
    root = parse(folder / "index.html")
    for note in publication.notes:
        (call,) = root.xpath(f"//a[@href='#{note.id}']")
        assert call.get("id") == note.call
        assert call.get("aria-label") == root.xpath(f"//*[@id='{note.id}']")[0].get("aria-label")
        assert len(root.xpath(f"//*[@id='{note.id}']//a[@href='#{note.call}']")) == 1


@pytest.mark.parametrize("page", PAGES)
def test_ids_are_unique(folder: Path, page: str) -> None:
    ids = Counter(element.get("id") for element in parse(folder / page).iter(etree.Element) if element.get("id"))
    assert [id for id, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_the_pages_leads_somewhere(folder: Path, page: str) -> None:
    ids = {name: set(by_id(parse(folder / name))) for name in PAGES}
    for link in parse(folder / page).iter("a"):
        href = link.get("href")
        assert href
        if re.match(r"[a-z]+:", href):
            continue
        file, _, fragment = href.partition("#")
        assert (folder / unquote(file or page)).is_file(), href
        assert not fragment or fragment in ids[file or page], href


def loads(root: etree._Element) -> Iterator[str]:
    """Every address that a page loads by itself."""
    for element in root.iter(etree.Element):
        if element.get("src"):
            yield element.get("src")
        if element.tag == "link" and "stylesheet" in (element.get("rel") or ""):
            yield element.get("href")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_only_files_that_stand_beside_it(folder: Path, page: str) -> None:
    found = list(loads(parse(folder / page)))
    assert found
    for address in found:
        assert ":" not in address
        assert not address.startswith("/")
        assert (folder / unquote(address)).is_file() or address.endswith(".vtt"), address


def test_the_style_sheet_loads_only_fonts_that_stand_beside_it(folder: Path) -> None:
    css = (folder / "publisher.css").read_text("utf-8")
    assert "@import" not in css
    addresses = re.findall(r"url\(\"?([^\")]+)", css)
    assert addresses
    for address in addresses:
        assert (folder / address).is_file()


@pytest.mark.parametrize("page", PAGES)
def test_the_content_security_policy_comes_first_and_is_kept(folder: Path, page: str) -> None:
    root = parse(folder / page)
    metas = root.xpath("//head/meta")
    assert metas[0].get("charset") == "utf-8"
    assert metas[1].get("http-equiv") == "Content-Security-Policy"
    assert metas[1].get("content").startswith("default-src 'none'; style-src 'self'")
    assert not root.xpath("//@style")
    assert not root.xpath("//style")
    assert not [name for element in root.iter(etree.Element) for name in element.attrib if name.startswith("on")]
    scripts = [script for script in root.iter("script") if script.get("type") != "application/ld+json"]
    names = ["publisher.js"] if page == "index.html" else ["publisher.js", "plain.js"]
    assert [(script.get("src"), script.text) for script in scripts] == [(name, None) for name in names]
    assert all(script.get("defer") for script in scripts)


@pytest.mark.parametrize("page", PAGES)
def test_headings_start_at_one_and_skip_no_level(folder: Path, page: str) -> None:
    levels = [int(e.tag[1]) for e in parse(folder / page).iter(etree.Element) if re.fullmatch("h[1-6]", str(e.tag))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(following <= level + 1 for level, following in pairwise(levels))


@pytest.mark.parametrize("page", PAGES)
def test_every_landmark_and_picture_has_a_name(folder: Path, page: str) -> None:
    root = parse(folder / page)
    ids = by_id(root)
    assert all(nav.get("aria-labelledby") in ids for nav in root.iter("nav"))
    assert all(image.get("alt") for image in root.iter("img"))
    assert len(list(root.iter("main"))) == 1
    (skip,) = root.xpath("//a[@class='skip']")
    assert skip.get("href")[1:] in ids


def test_a_language_is_said_where_it_changes(folder: Path) -> None:
    page = by_id(parse(folder / "index.html"))
    assert (page["arabic-1"].get("lang"), page["arabic-1"].get("dir")) == ("ar", "rtl")
    assert page["opening-1"].xpath(".//span[@lang='fr']")[0].text == "la côte"


def test_the_plain_page_gives_counterparts_in_order_and_headings_in_plain_words(folder: Path) -> None:
    page = by_id(parse(folder / "plain.html"))
    order = list(page)
    wanted = ["introduction-plain", "opening-1-plain", "numbers-plain", "t-1-plain", "pictures-plain", "n-1-plain"]
    assert [id for id in order if id in wanted] == wanted
    assert page["numbers-plain"].text == "The numbers"
    assert text_of(page["t-1-plain-1"]) == "In 1812 the Marjory sank."
    assert "fig-1-img1" in page


def test_what_has_no_plain_version_is_listed_with_its_heading_and_first_words(
    folder: Path, publication: Publication
) -> None:
    (section,) = parse(folder / "plain.html").xpath("//nav[@aria-labelledby='_missing']")
    links = {link.get("href"): link.text for link in section.iter("a")}
    restated = {id for counterpart in publication.counterparts for id in counterpart.restates}
    owed = {
        f"index.html#{block.id}"
        for part in _sections(publication.sections)
        for block in part.blocks
        if block.id not in restated and block.id not in ("hr-1", "pull-1")
    }
    assert owed <= set(links)
    assert links["index.html#quote-1"] == "The sea."
    assert links["index.html#list-1"] == "List: trim"
    assert links["index.html#numbers"] == "The numbers"
    assert links["index.html#method"] == "Method"
    assert links["index.html#n-2"] == "Note 2: Context"
    assert "index.html#opening-1" not in links


def _sections(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _sections(section.sections)


def test_an_edition_without_plain_language_says_so(publication: Publication, tmp_path: Path) -> None:
    build(replace(publication, counterparts=(), layers=()), tmp_path)
    (section,) = parse(tmp_path / "plain.html").xpath("//nav[@aria-labelledby='_missing']")
    assert "no plain-language version yet" in section.findtext("p")
    assert "index.html#opening-1" in {link.get("href") for link in section.iter("a")}


def test_without_its_commentary_the_article_reads_as_if_there_had_never_been_one(
    publication: Publication, tmp_path: Path
) -> None:
    build(without_commentary(publication), tmp_path)
    for page in PAGES:
        root = parse(tmp_path / page)
        for trace in ("note", "target", "note-call", "editors"):
            assert not root.xpath(f"//*[contains(concat(' ', @class, ' '), ' {trace} ')]"), trace


def test_sound_and_downloads_are_offered_with_size_and_length(folder: Path) -> None:
    index, plain = (parse(folder / page) for page in PAGES)
    assert index.xpath("//audio/source/@src") == ["sample.mp3"]
    assert index.xpath("//audio/track/@src") == ["sample.vtt"]
    assert plain.xpath("//audio/source/@src") == ["sample-plain.mp3"]
    assert plain.xpath("//audio/track/@src") == []
    offered = index.xpath("//nav[@aria-labelledby='_downloads']//li")
    books_first = [SIBLINGS[-1], *SIBLINGS[:-1]]
    assert [item.find("a").get("href") for item in offered] == [artefact.name for artefact in books_first]
    details = [" ".join(item.xpath("string(p[@class='details'])").split()) for item in offered]
    assert details[0] == "14 pages, 2.3 MB"
    assert details[1] == "13 minutes, 2.3 MB"


def test_search_engines_are_told_of_the_edition_in_the_words_of_schema_org(
    publication: Publication, tmp_path: Path
) -> None:
    imprint = replace(publication.imprint, base_url="https://skerry.example/")
    build(replace(publication, imprint=imprint), tmp_path)
    root = parse(tmp_path / "index.html")
    (script,) = root.xpath("//script[@type='application/ld+json']")
    data = json.loads(script.text)
    used = {"@context", "@type", "url", "identifier", "headline", "inLanguage", "encoding"}
    may = {"alternativeHeadline", "description", "datePublished", "author", "editor", "publisher", "keywords"}
    assert used <= set(data) <= used | may | {"copyrightNotice"}
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Article")
    assert data["headline"] == "The lamp & <the> sea"
    assert data["url"] == f"https://skerry.example/{publication.name}/index.html"
    assert data["url"] == root.xpath("string(//link[@rel='canonical']/@href)")
    assert all(set(one) >= {"@type", "name"} for one in data.get("author", []))
    # Cues are no edition.
    assert [(one["contentUrl"], one["encodingFormat"]) for one in data["encoding"]] == [
        ("sample.pdf", "application/pdf"),
        ("sample.mp3", "audio/mpeg"),
        ("sample-plain.mp3", "audio/mpeg"),
    ]


def test_without_sound_no_player_is_shown(publication: Publication, tmp_path: Path) -> None:
    build(publication, tmp_path, siblings=())
    for page in PAGES:
        root = parse(tmp_path / page)
        assert not list(root.iter("audio"))
        assert "_listen" not in by_id(root)
        assert "_downloads" not in by_id(root)


def test_the_title_is_escaped_everywhere(folder: Path) -> None:
    root = parse(folder / "index.html")
    assert root.findtext(".//title") == "The lamp & <the> sea"
    assert root.xpath("string(//h1)") == "The lamp & <the> sea"
    assert root.xpath("string(//meta[@name='DC.title']/@content)") == "The lamp & <the> sea"
    assert "<the>" not in root.xpath("string(//script)")


def test_the_same_publication_gives_the_same_bytes(publication: Publication, tmp_path: Path) -> None:
    first, second = (build(publication, tmp_path / name) for name in ("a", "b"))
    assert first == second
    for artefact in first:
        assert (tmp_path / "a" / artefact.name).read_bytes() == (tmp_path / "b" / artefact.name).read_bytes()


def test_every_file_written_is_listed(folder: Path, publication: Publication, tmp_path: Path) -> None:
    listed = {artefact.name for artefact in build(publication, tmp_path, siblings=())}
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert listed == written


def test_an_arabic_edition_runs_from_right_to_left_in_its_own_words(publication: Publication, tmp_path: Path) -> None:
    build(replace(publication, metadata=replace(publication.metadata, lang="ar")), tmp_path)
    root = parse(tmp_path / "index.html")
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    assert root.xpath("string(//*[@id='_contents'])") == "المحتويات"
    assert root.xpath("//*[@id='_contents']/@lang") == []


def test_an_edition_in_a_language_without_a_catalogue_marks_the_english_words(
    publication: Publication, tmp_path: Path
) -> None:
    build(replace(publication, metadata=replace(publication.metadata, lang="fi")), tmp_path)
    root = parse(tmp_path / "index.html")
    assert root.xpath("//*[@id='_contents']/@lang") == ["en"]
    assert root.xpath("//a[@class='skip']/@lang") == ["en"]


def test_a_picture_from_outside_the_folder_is_refused(publication: Publication, tmp_path: Path) -> None:
    found = publication.resources["pictures/route one.svg"]
    outside = Resource("../route.svg", found.path, found.media_type, found.sha256)
    moved = replace(publication, resources={"pictures/route one.svg": outside})
    with pytest.raises(InputError, match="outside the edition's folder"):
        build(moved, tmp_path)


def test_a_plain_part_links_to_the_full_page_for_what_only_that_has(publication: Publication, tmp_path: Path) -> None:
    from publisher.model.inlines import Link, Text  # noqa: PLC0415

    linked = replace(
        publication.counterparts[0],
        blocks=(paragraph("x-1", Link((Text("the table"),), "#t-1"), " ", Link((Text("numbers"),), "#numbers")),),
    )
    build(replace(publication, counterparts=(linked, publication.counterparts[1])), tmp_path)
    page = by_id(parse(tmp_path / "plain.html"))
    assert [link.get("href") for link in page["x-1"].iter("a")] == ["index.html#t-1", "#numbers-plain"]


def test_a_footnote_stands_only_on_the_page_that_calls_it_and_leads_back_within(
    publication: Publication, tmp_path: Path
) -> None:
    (first,) = publication.footnotes
    both = replace(first, calls=("fnref-1", "fnref-2"))
    plain = replace(first, id="fn-2", number=2, blocks=(paragraph("fn-2-1", "Plainly."),), calls=("fnref-3",))
    calls = (FootnoteCall("fnref-2", "fn-1"), FootnoteCall("fnref-3", "fn-2"))
    counterpart = replace(publication.counterparts[0], blocks=(paragraph("x-1", "Lit.", *calls),))
    called = replace(publication, counterparts=(counterpart, publication.counterparts[1]), footnotes=(both, plain))
    build(called, tmp_path)
    for name, footnotes, backlinks in (
        ("index.html", ["fn-1"], ["#fnref-1"]),
        ("plain.html", ["fn-1", "fn-2"], ["#fnref-2", "#fnref-3"]),
    ):
        root = parse(tmp_path / name)
        assert root.xpath("//aside[@role='doc-footnote' and contains(@class, 'footnote')]/@id") == footnotes
        assert root.xpath("//aside[contains(@class, 'footnote')]//a[@role='doc-backlink']/@href") == backlinks

    opening = replace(publication.sections[0], blocks=(paragraph("opening-1", "Lit."),), sections=())
    build(replace(called, sections=(opening,), layers=()), tmp_path / "none")
    assert "_footnotes" not in (tmp_path / "none" / "index.html").read_text("utf-8")


def test_a_pull_quote_needs_no_plain_version(publication: Publication, folder: Path) -> None:
    assert any(isinstance(block, Quotation) and block.pull for block in publication.blocks())
    assert "index.html#pull-1" not in (folder / "plain.html").read_text("utf-8")


def test_only_pages_with_formulas_carry_their_font(publication: Publication, folder: Path, tmp_path: Path) -> None:
    math = "fonts/stix-two-math-latin-400-normal.woff2"
    assert (folder / math).is_file()
    build(replace(publication, sections=publication.sections[:1], layers=()), tmp_path)
    assert not (tmp_path / math).exists()


def test_an_edition_cannot_bring_a_script_of_its_own(publication: Publication, tmp_path: Path) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (own / "publisher.js").write_text("alert(1)")
    (tmp_path / "out").mkdir()
    build(publication, tmp_path / "out", siblings=(), templates=Templates(own))
    assert "alert" not in (tmp_path / "out" / "publisher.js").read_text("utf-8")
