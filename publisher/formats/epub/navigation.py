"""What leads through the book: table of contents, lists of figures, tables and printed pages, landmarks.

EPUB 3.3, section 7 (https://www.w3.org/TR/epub-33/#sec-nav).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from markupsafe import Markup

from publisher.formats.epub.documents import Document, Homes, Kind, Page, heading_text, page_from, root_attributes
from publisher.formats.epub.package import Entry
from publisher.formats.epub.pagebreaks import Stop
from publisher.model.blocks import Figure, Table, Worded, walk
from publisher.model.inlines import told_text
from publisher.model.publication import Section
from publisher.rendering.body import Body
from publisher.rendering.markup import language
from publisher.rendering.names import block_name
from publisher.rendering.templates import Templates
from publisher.rendering.words import Words

NAME = "nav.xhtml"


@dataclass(frozen=True, slots=True)
class Way:
    """A line of a list: its words as markup (`label` as plain text), where it leads, and the lines below it."""

    words: Markup
    label: str
    href: str
    entries: tuple[Way, ...] = ()

    def plain(self) -> Entry:
        """The same without markup, for the NCX."""
        return Entry(self.label, self.href, tuple(entry.plain() for entry in self.entries))


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that reading systems offer by its kind."""

    type: str
    href: str
    label: str


def contents(pages: Sequence[Page], body: Body) -> tuple[Way, ...]:
    """The table of contents. Where the article is one document, its sections stand below its title."""
    homes = Homes(pages)
    return tuple(way for page in pages for way in _ways(page.document, body, homes))


def _ways(document: Document, body: Body, homes: Homes) -> Iterator[Way]:
    words, lang = body.edition_words, body.publication.metadata.lang
    match document.kind:
        case Kind.COVER | Kind.TITLE_PAGE | Kind.NAVIGATION:
            return
        case Kind.ARTICLE:
            if not document.goes_on:
                yield _article(document, body, homes)
        case Kind.INTRODUCTION | Kind.METHOD:
            own = document.passage.lang if document.passage else lang
            yield Way(_marked(document.title, own, lang), document.title, document.name)
        case Kind.PLAIN:
            inner = tuple(_plain_sections(document, document.sections, body))
            yield Way(_marked(document.title, words.lang, lang), document.title, document.name, inner)
        case Kind.REFERENCES:
            yield Way(_marked(document.title, words.lang, lang), document.title, document.name)
        case _:
            assert_never(document.kind)


def _article(document: Document, body: Body, homes: Homes) -> Way:
    if document.one_section:
        first = document.sections[0].heading
        whole = next(section for section in body.publication.sections if section.heading is first)
        inner = tuple(_sections(whole, body, homes))
        if first is not None:
            return inner[0]
    else:
        inner = tuple(way for section in document.sections for way in _sections(section, body, homes))
    return Way(Markup.escape(document.title), document.title, document.name, inner)


def _sections(section: Section, body: Body, homes: Homes) -> Iterator[Way]:
    """A section's line, with those inside it, in whichever documents these stand."""
    inner = tuple(way for part in section.sections for way in _sections(part, body, homes))
    heading = section.heading
    if heading is None:
        yield from inner
        return
    home = homes[heading.id].document
    # A heading that names its document leads to that document's beginning.
    begins = home.one_section and home.sections[0].heading is heading
    href = home.name if begins else f"{home.name}#{heading.id}"
    words = _in_language(body.words(heading.inlines, heading.lang), heading.lang, body.publication.metadata.lang)
    yield Way(words, heading_text(section), href, inner)


def _plain_sections(document: Document, sections: Sequence[Section], body: Body) -> Iterator[Way]:
    for section in sections:
        if not body.plain_section(section):
            continue
        inner = tuple(_plain_sections(document, section.sections, body))
        heading = section.heading
        if heading is None:
            yield from inner
            continue
        label = heading.plain or heading_text(section)
        words = Markup.escape(heading.plain) if heading.plain else body.words(heading.inlines, heading.lang)
        marked = _in_language(words, heading.lang, body.publication.metadata.lang)
        yield Way(marked, label, f"{document.name}#{heading.id}-plain", inner)


def figures_and_tables(pages: Sequence[Page], body: Body) -> tuple[tuple[Way, ...], tuple[Way, ...]]:
    """The article's figures and tables that have captions, in order."""
    homes = Homes(pages)
    nodes = walk(body.publication.blocks())
    captioned = [node for node in nodes if isinstance(node, Figure | Table) and node.caption]
    figures = tuple(_way(node, homes, body.edition_words) for node in captioned if isinstance(node, Figure))
    tables = tuple(_way(node, homes, body.edition_words) for node in captioned if isinstance(node, Table))
    return figures, tables


def _way(node: Figure | Table, homes: Homes, words: Words) -> Way:
    caption = " ".join(told_text(block.inlines) for block in walk(node.caption) if isinstance(block, Worded))
    label = " ".join(caption.split()) or block_name(node, words)
    return Way(Markup.escape(label), label, f"{homes[node.id].document.name}#{node.id}")


def landmarks(pages: Sequence[Page], words: Words, *, with_contents: bool) -> tuple[Landmark, ...]:
    """The places that reading systems have buttons for."""
    return tuple(_landmarks(pages, words, with_contents=with_contents))


def _landmarks(pages: Sequence[Page], words: Words, *, with_contents: bool) -> Iterator[Landmark]:
    types = {
        Kind.COVER: "cover",
        Kind.TITLE_PAGE: "titlepage",
        Kind.INTRODUCTION: "introduction",
        Kind.ARTICLE: "bodymatter",
        Kind.PLAIN: "part",
        Kind.METHOD: "appendix",
        Kind.REFERENCES: "bibliography",
        Kind.NAVIGATION: "toc",
    }
    told: set[Kind] = set()
    for document in (page.document for page in pages):
        if document.kind in told:
            continue
        told.add(document.kind)
        label = words("title-page") if document.kind is Kind.TITLE_PAGE else document.title
        yield Landmark(types[document.kind], document.name, label)
        if document.kind is Kind.TITLE_PAGE and with_contents:
            yield Landmark("toc", f"{NAME}#toc", words("contents"))


def navigation_page(
    pages: Sequence[Page], body: Body, templates: Templates, stops: Sequence[Stop] = (), *, in_spine: bool
) -> tuple[Page, tuple[Way, ...]]:
    """The navigation document, and the table of contents in it. `stops` are the lines of the page list."""
    ways = contents(pages, body)
    figures, tables = figures_and_tables(pages, body)
    document = Document(NAME, Kind.NAVIGATION, body.edition_words("contents"))
    page = page_from(
        document,
        body,
        templates,
        contents=ways,
        figures=figures,
        landmarks=landmarks(pages, body.edition_words, with_contents=in_spine),
        stops=stops,
        tables=tables,
    )
    return page, ways


def _marked(text: str, lang: str, around: str) -> Markup:
    return _in_language(Markup.escape(text), lang, around)


def _in_language(words: Markup, lang: str, around: str) -> Markup:
    if not language(lang, around) or lang.partition("-")[0] == around.partition("-")[0]:
        return words
    return Markup("<span{}>{}</span>").format(root_attributes(lang), words)
