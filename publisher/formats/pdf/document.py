"""The HTML that WeasyPrint lays out, and the tables that its addresses point into."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import unescape

from markupsafe import Markup

from publisher import __version__
from publisher.formats.pdf.addresses import FORMULAS, SVG, resource_address
from publisher.formats.pdf.fitting import Room
from publisher.formats.pdf.fonts import choose_fonts
from publisher.formats.pdf.machine_fonts import region
from publisher.model.blocks import Heading, Node, Worded, walk
from publisher.model.findings import InputError
from publisher.model.inlines import Image, Math, told_text, walk_inlines
from publisher.model.publication import Creator, Footnote, Imprint, Passage, Publication, Section
from publisher.rendering.body import Body, Options
from publisher.rendering.formulas import draw_formula
from publisher.rendering.markup import direction, element
from publisher.rendering.templates import Templates
from publisher.rendering.words import Words, words_for
from publisher.store import digest

PAGE_SIZES = {
    "A4": ("A4", (210, 297)),
    "A5": ("A5", (148, 210)),
    "LETTER": ("Letter", (215.9, 279.4)),
    "LEGAL": ("Legal", (215.9, 355.6)),
}
"""Page sizes of CSS (https://www.w3.org/TR/css-page-3/#page-size-prop) that the style sheets are drawn for, with
breadth and height in millimetres."""

MILLIMETRES = 25.4 / 72
"""Millimetres in a point."""

LONG = 12_000
"""Words from which a text is a book: its chapters then begin on pages of their own."""

GENERATED = "“”‘’…–—•☐☑"
"""Characters that style sheets may add to the text."""

LARGE_PRINT = "large-print.css"
SMALLEST, LARGEST = 18, 24
"""The sizes of large print, in points."""

_POINTS = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?|\.\d+)pt\b")

WORTH_CONTENTS = 4
"""Headings from which a table of contents is worth its room."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents and those under it."""

    id: str
    title: Markup
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """HTML, and what its addresses stand for: style sheets and formulas by file name.

    `generics` are the families that stand for `sans-serif` and its like in drawings; `room` is what the page has for
    tables and long words.
    """

    html: str
    styles: dict[str, str]
    formulas: dict[str, str]
    generics: dict[str, str]
    room: Room


def make_document(publication: Publication, templates: Templates, *, style: str) -> Document:
    """The whole edition as one HTML document, to be set in a style sheet of the templates, `style`.

    Raises InputError for an imprint's page size that the style sheets do not know.
    """
    formulas: dict[str, str] = {}

    def formula_source(math: Math) -> str:
        name = f"{digest(math.mathml)[:16]}.svg"
        formulas[name] = draw_formula(math.mathml).svg
        return FORMULAS + name

    options = Options(math="image", source=resource_address, formula_source=formula_source)
    body = Body(publication, options)
    words = words_for(publication.metadata.lang)
    plain = _plain_part(publication, options, words)
    html = templates.render(
        "pdf",
        "article.html",
        publication=publication,
        metadata=publication.metadata,
        imprint=publication.imprint,
        body=body,
        footnotes=Footnotes(publication, body),
        words=words,
        style=style,
        shape=" ".join(_shape(publication)),
        direction=direction(publication.metadata.lang),
        running=_running,
        ideographic=region(publication.metadata.lang) is not None,
        generator=f"concordant-publisher {__version__}",
        authors=[creator.name for creator in publication.metadata.creators if creator.role == "aut"],
        credits=_credits(publication.metadata.creators, words),
        cover=resource_address(publication.metadata.cover) if publication.metadata.cover else "",
        contents=_contents(publication, body, words, plain=bool(plain)),
        plain=plain,
    )
    fonts = choose_fonts(
        _read(templates, "fonts.css"),
        text=unescape(re.sub(r"<[^>]*>", "", html)) + GENERATED + _pictured_words(publication),
        users=_read(templates, style),
        langs=_languages(publication.metadata.lang, html),
    )
    styles = {"fonts.css": fonts.css, "page.css": _page(publication.imprint.page_size) + _first_numbers(html)}
    if style == LARGE_PRINT:
        styles |= _enlarged(templates, publication.imprint.large_print)
    room = _large_room(publication.imprint) if style == LARGE_PRINT else _room(publication.imprint)
    return Document(html, styles, formulas, fonts.generics, room)


def _enlarged(templates: Templates, size: int) -> dict[str, str]:
    """The style sheets of the large print, drawn for text of 18 points, for text of another size: every length in
    points grows alike. Raises InputError for a size that large print has not."""
    if not SMALLEST <= size <= LARGEST:
        raise InputError(f"imprint.yaml: large_print {size} is no size of large print; choose {SMALLEST} to {LARGEST}")
    if size == SMALLEST:
        return {}

    def enlarge(found: re.Match[str]) -> str:
        return f"{float(found[1]) * size / SMALLEST:g}pt"

    names = (LARGE_PRINT, LARGE_PRINT.replace(".css", "-rtl.css"))
    return {name: _POINTS.sub(enlarge, _read(templates, name)) for name in names}


def _read(templates: Templates, name: str) -> str:
    return templates.find("pdf", name).read_text(encoding="utf-8")


def _languages(main: str, html: str) -> tuple[str, ...]:
    """The document's language, then those of words in it, in their order."""
    return tuple(dict.fromkeys([main, *re.findall(r'\slang="([^"]+)"', html)]))


def _pictured_words(publication: Publication) -> str:
    """The words inside drawings, which are set in our fonts too."""
    drawings = (resource for resource in publication.resources.values() if resource.media_type == SVG)
    return "".join(resource.path.read_text(encoding="utf-8", errors="replace") for resource in drawings)


def _page(size: str) -> str:
    if size.upper() not in PAGE_SIZES:
        names = ", ".join(name for name, _ in PAGE_SIZES.values())
        raise InputError(f"imprint.yaml: page_size {size} is unknown; choose one of {names}")
    known, (_, height) = PAGE_SIZES[size.upper()]
    columns = "".join(f".w-{percent} {{ width: {percent}% }}\n" for percent in range(1, 101))
    pages = f"@page {{ size: {known} }}\n@page wide {{ size: {known} landscape }}\n"
    return f"{pages}:root {{ --page-height: {height}mm }}\n{columns}"


def _room(imprint: Imprint) -> Room:
    """The room of `article.css`: tables are set in 9 points, text in 10.5."""
    breadth, height = (length / (9 * MILLIMETRES) for length in PAGE_SIZES[imprint.page_size.upper()][1])
    margins, side, space = (length / (9 * MILLIMETRES) for length in (92, 44, 3))
    column = breadth - margins
    return Room(
        column=column,
        broad=column + side,
        wide=height - margins + side,
        space=space,
        lines=(height - 54 / (9 * MILLIMETRES)) / 1.4,
        rows=6,
        word=int(column * 9 / 10.5),
        divided=12,
    )


def _large_room(imprint: Imprint) -> Room:
    """The room of `large-print.css`, which has one column: what is broader is stacked."""
    em = imprint.large_print * MILLIMETRES
    breadth, height = PAGE_SIZES[imprint.page_size.upper()][1]
    column = (breadth - 36) / em
    lines = (height - 60) / em / 1.5
    return Room(column=column, broad=column, wide=0, space=5 / em, lines=lines, rows=4, word=int(column * 1.3))


def _first_numbers(html: str) -> str:
    """Rules for lists that do not begin at one: WeasyPrint heeds the counters of a style sheet alone."""
    starts = sorted({int(start) for start in re.findall(r'<ol\b[^>]*\bstart="(-?[0-9]+)"', html)})
    return "".join(f'ol[start="{start}"] {{ counter-reset: list-item {start - 1} }}\n' for start in starts)


def is_long(publication: Publication) -> bool:
    """Whether an edition is a book rather than an article."""
    nodes = walk(block for block in publication.blocks())
    return sum(_length(node.text) for node in nodes if isinstance(node, Worded)) >= LONG


def _shape(publication: Publication) -> list[str]:
    """Classes that let the style sheet suit the length: `book`, `introduced`."""
    introduced = any(layer.introduction for layer in publication.layers)
    return [*(["book"] if is_long(publication) else []), *(["introduced"] if introduced else [])]


def _length(text: str) -> int:
    """About how many words a text has: Chinese and Japanese, which set no spaces, have one in two characters."""
    return len(text.split()) + len(re.findall("[\u3040-\u30ff\u3400-\u9fff]", text)) // 2


def _running(text: str) -> str:
    """Which way a text runs, by its first letter that runs at all: the imprint may speak another language."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return "rtl" if next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L" else "ltr"


def _credits(creators: tuple[Creator, ...], words: Words) -> list[str]:
    """The authors in one line, everyone else under what they did."""
    authors = words("separator").join(creator.name for creator in creators if creator.role == "aut")
    lines = [words("by", names=authors)] if authors else []
    others: dict[str, list[str]] = {}
    for creator in creators:
        if creator.role != "aut":
            others.setdefault(words.role(creator.role), []).append(creator.name)
    for role, names in others.items():
        joined = words("separator").join(names)
        lines.append(f"{role}: {joined}" if role else joined)
    return lines


def _contents(publication: Publication, body: Body, words: Words, *, plain: bool) -> tuple[Entry, ...]:
    """The contents: passages, sections two levels deep, parts; empty where too few to be worth it."""
    introductions = [layer.introduction for layer in publication.layers if layer.introduction]
    methods = [layer.method for layer in publication.layers if layer.method]
    entries = [
        *(Entry(passage.id, Markup.escape(passage.title)) for passage in introductions),
        *_entries(publication.sections, body, depth=2),
        *([Entry("plain", Markup.escape(words("plain")))] if plain else []),
        *(Entry(passage.id, Markup.escape(passage.title)) for passage in methods),
        *([Entry("references", Markup.escape(words("references")))] if publication.references else []),
    ]
    return tuple(entries) if len(entries) >= WORTH_CONTENTS else ()


def _entries(sections: tuple[Section, ...], body: Body, depth: int) -> tuple[Entry, ...]:
    if depth == 0:
        return ()
    return tuple(
        Entry(section.heading.id, _title(section.heading, body), _entries(section.sections, body, depth - 1))
        for section in sections
        if section.heading is not None
    )


def _title(heading: Heading, body: Body) -> Markup:
    """A heading's words in the contents; formulas and pictures in words, as in other formats' contents."""
    if any(isinstance(inline, Image | Math) for inline in walk_inlines(heading.inlines)):
        return Markup.escape(" ".join(told_text(heading.inlines).split()))
    return body.words(heading.inlines)


class Footnotes:
    """Hands out each footnote once: after the first part of the document that calls it."""

    def __init__(self, publication: Publication, body: Body) -> None:
        self.publication = publication
        self.body = body
        self._handed_out: set[str] = set()

    def called_in(self, nodes: Iterable[Node]) -> tuple[Footnote, ...]:
        """The footnotes that nodes call, and those that these footnotes call, by number."""
        fresh = [note for note in self.body.footnotes_in(nodes) if note.id not in self._handed_out]
        self._handed_out.update(note.id for note in fresh)
        inside = self.called_in(block for note in fresh for block in note.blocks) if fresh else ()
        return tuple(sorted((*fresh, *inside), key=lambda note: note.number))

    def of(self, section: Section) -> tuple[Footnote, ...]:
        """Those of a section's own heading and blocks and of the notes on them."""
        own = (section.heading, *section.blocks) if section.heading else section.blocks
        return self.called_in([*own, *(block for note in self.body.notes_of(section) for block in note.blocks)])

    def of_front(self) -> tuple[Footnote, ...]:
        """Those of the notes on the title and subtitle."""
        return self.called_in(block for note in self.body.notes_of_front() for block in note.blocks)

    def rest(self) -> tuple[Footnote, ...]:
        """Those that nothing before has called: in plain-language counterparts."""
        return tuple(note for note in self.publication.footnotes if note.id not in self._handed_out)


def _plain_part(publication: Publication, options: Options, words: Words) -> list[Markup]:
    """The plain-language part, piece by piece: passages, the article's sections, the notes.

    Without counterparts there is no such part; what has none is left out.
    """
    body = Body(publication, replace(options, shift=1))
    restated = {id for counterpart in publication.counterparts for id in counterpart.restates}

    def passages(found: Iterable[Passage | None]) -> list[Markup]:
        return [
            _plain_piece(passage.plain.id, Markup.escape(passage.title), [body.counterpart(passage.plain)])
            for passage in found
            if passage is not None and passage.plain is not None
        ]

    notes = [body.plain_note(note) for note in publication.notes if note.plain is not None]
    return [
        *passages(layer.introduction for layer in publication.layers),
        *(
            body.plain_section(section)
            for section in publication.sections
            if any(node.id in restated for node in section.nodes())
        ),
        *([_plain_piece("plain-notes", Markup.escape(words("why-it-matters")), notes)] if notes else []),
        *passages(layer.method for layer in publication.layers),
        *passages([publication.glossary]),
    ]


def _plain_piece(id: str, title: Markup, content: list[Markup]) -> Markup:
    heading = element("h3", {"id": f"{id}-title"}, title)
    return element("section", {"aria-labelledby": f"{id}-title"}, heading, *content)
