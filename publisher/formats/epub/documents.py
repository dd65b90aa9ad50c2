"""The content documents: what stands in which, how each is rendered, and the links between them.

A short article is one document, so that reading on never waits; a long one has a document for each top-level section,
and a section that is long itself has several: as many of the sections inside it in each as are not too long together.
The body's links are all `#id`; once every document is parsed, those that lead to another one get its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, assert_never

from lxml import etree
from markupsafe import Markup

from publisher.model.blocks import Worded, walk
from publisher.model.findings import EngineError, Finding, FindingsError, InputError, Severity
from publisher.model.inlines import told_text
from publisher.model.publication import Footnote, Note, Passage, Publication, Section
from publisher.rendering.body import Body
from publisher.rendering.bylines import bylines
from publisher.rendering.markup import direction, language
from publisher.rendering.templates import Templates
from publisher.rendering.words import Words

LONG_TEXT = 40_000
"""Characters from which on an article, and a section in it, is given a document a section: some 20 pages of a book."""

XHTML = "http://www.w3.org/1999/xhtml"
MATHML = "http://www.w3.org/1998/Math/MathML"
SVG = "http://www.w3.org/2000/svg"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


class Kind(Enum):
    """What a document is; the value names its template."""

    COVER = "cover"
    TITLE_PAGE = "title"
    INTRODUCTION = "introduction"
    ARTICLE = "article"
    PLAIN = "plain"
    METHOD = "method"
    REFERENCES = "references"
    NAVIGATION = "nav"


@dataclass(frozen=True, slots=True)
class Document:
    """One content document before it is rendered. `title` is for its `title` element and the contents.

    `one_section` where it holds one of the sections that a long article was divided into, or a part of one; `goes_on`
    where it is not that one's first part.
    """

    name: str
    kind: Kind
    title: str
    sections: tuple[Section, ...] = ()
    passage: Passage | None = None
    one_section: bool = False
    goes_on: bool = False

    @property
    def id(self) -> str:
        """The id of its item in the manifest."""
        return self.name.removesuffix(".xhtml")


@dataclass(frozen=True, slots=True)
class Page:
    """A document rendered: its tree, ready to be read by whoever lists contents or writes overlays."""

    document: Document
    root: etree._Element

    @property
    def properties(self) -> tuple[str, ...]:
        """The manifest's properties for it (https://www.w3.org/TR/epub-33/#app-item-properties-vocab)."""
        kinds = (("mathml", MATHML), ("svg", SVG))
        return tuple(name for name, namespace in kinds if next(self.root.iter(f"{{{namespace}}}*"), None) is not None)

    def ids(self) -> Iterator[str]:
        """The ids in it, in document order."""
        return (id for element in self.root.iter("*") if (id := element.get("id")))

    def content(self) -> bytes:
        """Its bytes."""
        return serialised(self.root)


class Homes(dict[str, Page]):
    """The page that each id stands in, in the order of the book.

    Asked for an id that none has, as a template can leave one out, it raises InputError.
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        super().__init__((id, page) for page in pages for id in page.ids())

    def __missing__(self, id: str) -> Page:
        raise InputError(
            f"no page of the EPUB shows {id}, to which it leads; correct the template of yours that leaves it out"
        )


def plan(publication: Publication, words: Words) -> tuple[Document, ...]:
    """The documents in reading order."""
    return tuple(_plan(publication, words))


def _plan(publication: Publication, words: Words) -> Iterator[Document]:
    several = len(publication.layers) > 1
    yield Document("cover.xhtml", Kind.COVER, words("cover"))
    yield Document("title.xhtml", Kind.TITLE_PAGE, publication.metadata.title)
    for layer in publication.layers:
        if layer.introduction:
            name = f"introduction-{layer.layer}.xhtml" if several else "introduction.xhtml"
            yield Document(name, Kind.INTRODUCTION, layer.introduction.title, passage=layer.introduction)
    yield from _article(publication, words)
    if has_plain(publication):
        yield Document("plain.xhtml", Kind.PLAIN, words("plain"), publication.sections)
    for layer in publication.layers:
        if layer.method:
            name = f"method-{layer.layer}.xhtml" if several else "method.xhtml"
            yield Document(name, Kind.METHOD, layer.method.title, passage=layer.method)
    if publication.references:
        yield Document("references.xhtml", Kind.REFERENCES, words("references"))


def _article(publication: Publication, words: Words) -> Iterator[Document]:
    sections = publication.sections
    if sum(map(_length, sections)) < LONG_TEXT or len(sections) < 2:
        yield Document("article.xhtml", Kind.ARTICLE, publication.metadata.title, sections)
        return
    parts = [part for section in sections for part in _parts(section)]
    digits = len(str(len(parts)))
    for number, part in enumerate(parts, 1):
        title = heading_text(part[0]) or words("opening")
        name = f"article-{number:0{digits}}.xhtml"
        goes_on = all(part[0].heading is not section.heading for section in sections)
        yield Document(name, Kind.ARTICLE, title, part, one_section=True, goes_on=goes_on)


def _parts(section: Section) -> Iterator[tuple[Section, ...]]:
    """A section in one piece where it is short, else in parts that are."""
    part: list[Section] = []
    for piece in _pieces(section):
        if part and sum(map(_length, part)) + _length(piece) > LONG_TEXT:
            yield tuple(part)
            part = []
        part.append(piece)
    yield tuple(part)


def _pieces(section: Section) -> Iterator[Section]:
    """A section whole where it is short, else its own blocks and the pieces of each section inside it."""
    if _length(section) < LONG_TEXT or not section.sections:
        yield section
        return
    yield replace(section, sections=())
    for inner in section.sections:
        yield from _pieces(inner)


def _length(section: Section) -> int:
    return sum(len(node.text) for node in walk(section.nodes()) if isinstance(node, Worded))


def has_plain(publication: Publication) -> bool:
    """Whether anything is restated in plain language."""
    passages = (passage for layer in publication.layers for passage in (layer.introduction, layer.method))
    return (
        bool(publication.counterparts)
        or any(note.plain for note in publication.notes)
        or any(passage.plain for passage in passages if passage)
        or publication.glossary is not None
    )


def heading_text(section: Section) -> str:
    """A section's heading as plain text, formulas and pictures in words; empty where it has none."""
    if section.heading is None:
        return ""
    return " ".join(told_text(section.heading.inlines).split())


def render(
    documents: Sequence[Document], body: Body, templates: Templates, cover: str, narrator: str = ""
) -> tuple[Page, ...]:
    """The pages of the documents, their links resolved. `cover` is where the cover's picture stands, `narrator` the
    credit of the voice, if there is one.

    Raises InputError where a template is wrong, FindingsError where a link leads nowhere.
    """
    pages = tuple(_page(document, body, templates, cover, narrator) for document in documents)
    for page in pages:
        _name_furniture(page.root)
        _fewer_landmarks(page.root)
    _resolve(pages)
    return pages


def _page(document: Document, body: Body, templates: Templates, cover: str, narrator: str) -> Page:
    publication, words = body.publication, body.edition_words
    context: dict[str, Any] = {}
    match document.kind:
        case Kind.COVER:
            context = {"cover": cover, "cover_alternative": cover_alternative(publication, words)}
        case Kind.TITLE_PAGE:
            context = {"bylines": tuple(bylines(publication, words)), "narrator": narrator}
        case Kind.PLAIN:
            context = {"plain": _plain_parts(body)}
        case Kind.INTRODUCTION | Kind.ARTICLE | Kind.METHOD | Kind.REFERENCES | Kind.NAVIGATION:
            pass
        case _:
            assert_never(document.kind)
    return page_from(document, body, templates, **context)


def page_from(document: Document, body: Body, templates: Templates, **context: Any) -> Page:
    """A document from its kind's template, which is given what every template is given and the `context`."""
    lang, words = body.publication.metadata.lang, body.edition_words
    text = templates.render(
        "epub",
        f"{document.kind.value}.xhtml",
        body=body,
        document=document,
        foreign=foreign(words, lang),
        language=language,
        home=root_attributes(lang) if foreign(words, lang) else "",
        publication=body.publication,
        root=root_attributes(lang),
        words=words,
        **context,
    )
    return Page(document, parsed(text, document.name))


@dataclass(frozen=True, slots=True)
class PlainParts:
    """What the plain-language part holds besides the sections: `missing` names sections without, by an id to go to.

    `introduced` where an introduction's counterpart stands before the sections.
    """

    introduced: bool
    notes: tuple[Note, ...]
    footnotes: tuple[Footnote, ...]
    missing: tuple[tuple[str, str], ...]


def _plain_parts(body: Body) -> PlainParts:
    publication, words = body.publication, body.edition_words
    notes = tuple(note for note in publication.notes if note.plain)
    around = [passage for layer in publication.layers for passage in (layer.introduction, layer.method)]
    passages = (passage for passage in (*around, publication.glossary) if passage)
    restated = (*publication.counterparts, *(note.plain for note in notes), *(passage.plain for passage in passages))
    blocks = [block for counterpart in restated if counterpart for block in counterpart.blocks]
    missing = []
    for part in body.without_plain():
        heading = part.section.heading
        name = heading_text(part.section) or words("opening")
        missing.append((heading.id if heading else part.blocks[0].id, name))
    introduced = any(layer.introduction and layer.introduction.plain for layer in publication.layers)
    return PlainParts(introduced, notes, body.footnotes_in(blocks), tuple(missing))


def parsed(text: str, name: str) -> etree._Element:
    """The tree of a rendered template. Raises EngineError where it is no well-formed XML, which templates can cause."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as problem:
        raise EngineError("templates", f"{name} is no well-formed XML: {problem}; mend the template") from problem


def serialised(root: etree._Element) -> bytes:
    """A document's bytes, in the XML syntax of HTML."""
    text = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n{text}\n'.encode()


def root_attributes(lang: str) -> Markup:
    """The attributes of an `html` element, language said twice as EPUB readers want it."""
    return Markup(' lang="{0}" xml:lang="{0}" dir="{1}"').format(lang, direction(lang))


def foreign(words: Words, lang: str) -> Markup:
    """The attributes for the edition's own words where no catalogue speaks its language, else nothing."""
    if lang.lower().partition("-")[0] == words.lang:
        return Markup("")
    return Markup(" {}").format(root_attributes(words.lang))


def cover_alternative(publication: Publication, words: Words) -> str:
    """What the cover says, for those who do not see it: the author's words, else those that are on it."""
    metadata = publication.metadata
    if metadata.cover and metadata.cover_alternative.strip():
        return metadata.cover_alternative
    names = words("separator").join(c.name for c in metadata.creators if c.role == "aut")
    publisher = metadata.publisher or publication.imprint.publisher
    parts = (words("cover-of", title=metadata.title), metadata.subtitle, names and words("by", names=names), publisher)
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


_FURNITURE = (
    ("note-header", "begin"),
    ("footnote-number", "begin"),
    ("sources", "sources"),
    ("backlink", "end"),
)
"""What stands around a note's words, by class, and what an announcement of the narration calls it."""


def _name_furniture(root: etree._Element) -> None:
    """Give what stands around the notes' words ids, `NOTE-begin` and so on, so that overlays can lead to it."""
    for holder in root.iter(f"{{{XHTML}}}aside", f"{{{XHTML}}}div"):
        classes = holder.get("class", "").split()
        owner = holder.get("id")
        if "plain-note" in classes:
            owner = next((id for element in holder.iter("*") if (id := element.get("id"))), None)
        elif not {"note", "footnote"} & set(classes):
            continue
        for name, purpose in _FURNITURE:
            found = next((e for e in holder.iter("*") if name in e.get("class", "").split()), None)
            if owner and found is not None and found.get("id") is None:
                found.set("id", f"{owner}-{purpose}")


def _fewer_landmarks(root: etree._Element) -> None:
    """Leave sections without a role to their headings: with a name, each would be a landmark, two of one name alike."""
    for section in root.iter(f"{{{XHTML}}}section"):
        if section.get("role") is None and section.get(EPUB_TYPE) is None:
            section.attrib.pop("aria-labelledby", "")


def _resolve(pages: Sequence[Page]) -> None:
    """Give each link to another page that page's name. Raises FindingsError for ids that no page has, or two have."""
    homes: dict[str, str] = {}
    findings: list[Finding] = []
    for page in pages:
        for id in page.ids():
            if id in homes:
                message = f"the id {id} stands in {homes[id]} and again in {page.document.name}; give one a new id"
                findings.append(Finding("duplicate-id", Severity.ERROR, message, where=f"epub {id}"))
            homes[id] = page.document.name
    for page in pages:
        findings.extend(_resolve_page(page, homes))
    if findings:
        raise FindingsError(findings)


def _resolve_page(page: Page, homes: Mapping[str, str]) -> Iterator[Finding]:
    for link in page.root.iter(f"{{{XHTML}}}a"):
        target = link.get("href", "")
        if not target.startswith("#"):
            continue
        home = homes.get(target[1:])
        if home is None:
            message = f"a link leads to {target}, which is nowhere in the edition; give something that id"
            yield Finding("link-dangling", Severity.ERROR, message, where=f"epub {page.document.name}")
        elif home != page.document.name:
            link.set("href", f"{home}{target}")
