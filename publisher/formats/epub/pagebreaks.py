"""Page breaks: where each page of the PDF of the same build begins, marked in the text, for the page list.

A marker is empty: it shows and says nothing, so that the words, the sentences and the overlays stay as they are. (The
overlays leave markers out: a number spoken in the middle of a sentence helps nobody whose player cannot skip it.)

EPUB Accessibility 1.1, section 3.5 (https://www.w3.org/TR/epub-a11y-11/#sec-page-breaks);
https://www.w3.org/TR/dpub-aria-1.1/#doc-pagebreak
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from publisher.formats.epub.documents import EPUB_TYPE, MATHML, SVG, XHTML, Page
from publisher.model.artefacts import PageBreak

ROLE = "doc-pagebreak"

_HEADINGS = frozenset(f"{{{XHTML}}}h{level}" for level in range(1, 7))
_CONTENT_MODELS = frozenset(
    f"{{{XHTML}}}{name}" for name in ("ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "figure", "colgroup")
)
"""Elements that no marker may stand directly in, or (figures) that belong to one thing with what they hold."""
_HOLDERS = frozenset(f"{{{XHTML}}}{name}" for name in ("li", "dd", "dt", "td", "th", "caption", "figcaption"))
"""Elements that a marker must stand inside of: around them there is no room."""
_INLINE = frozenset(
    f"{{{XHTML}}}{name}"
    for name in ("a", "abbr", "bdi", "bdo", "br", "cite", "code", "em", "i", "b", "img", "mark", "q", "s", "del", "ins")
) | frozenset(f"{{{XHTML}}}{name}" for name in ("small", "span", "strong", "sub", "sup", "time", "u"))
_OBJECTS = frozenset((f"{{{XHTML}}}img", f"{{{MATHML}}}math", f"{{{SVG}}}svg"))
_CALLS = frozenset(("note-call", "footnote-call"))
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
"""Characters that are no word by themselves."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Stop:
    """A line of the page list: the page's number as printed and where its marker stands."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A point in a tree: before character `offset` of an element's text, or of its tail."""

    element: etree._Element
    tail: bool
    offset: int


def mark_pages(pages: Sequence[Page], breaks: Iterable[PageBreak]) -> tuple[Stop, ...]:
    """Mark in the pages' trees where each printed page begins; the stops of the page list, in reading order.

    A page that begins with what is not in the book (contents of its own) gets no marker.
    """
    elements = {id: element for page in pages for element in page.root.iter("*") if (id := element.get("id"))}
    pieces: dict[str, list[etree._Element]] = {}
    for page in pages:
        for element in page.root.iter(f"{{{XHTML}}}span"):
            if sentence := element.get("data-sentence"):
                pieces.setdefault(sentence, []).append(element)
    taken, begun = set(elements), set[tuple[str, int]]()
    for one in breaks:
        if one.id not in elements:
            continue
        element = elements[one.id]
        marker = etree.Element(f"{{{XHTML}}}span")
        marker.set("id", _free(f"page-{_UNSAFE.sub('-', one.label) or 'x'}", taken))
        marker.set("class", "page-break")
        marker.set("role", ROLE)
        marker.set(EPUB_TYPE, "pagebreak")
        marker.set("aria-label", one.label)
        again = (one.id, one.words) in begun
        begun.add((one.id, one.words))
        parts = [element, *pieces.get(one.id, ())]
        place = _word(parts, one.words) if one.words else None
        if again or (one.words and place is None):
            _after(parts[-1], marker)
        elif place is not None:
            _insert(_outside(place, parts), marker)
        else:
            _before(element, marker)
    return tuple(stops(pages))


def stops(pages: Sequence[Page]) -> Iterator[Stop]:
    """The markers in the pages, in reading order."""
    for page in pages:
        for element in page.root.iter(f"{{{XHTML}}}span", f"{{{XHTML}}}div"):
            if element.get("role") == ROLE:
                yield Stop(element.get("aria-label", ""), f"{page.document.name}#{element.get('id')}")


def _free(id: str, taken: set[str]) -> str:
    """The id, or the next like it that nothing has."""
    found, number = id, 1
    while found in taken:
        number += 1
        found = f"{id}-{number}"
    taken.add(found)
    return found


def _word(parts: Sequence[etree._Element], words: int) -> _Place | None:
    """Where the word begins that so many come before; None where there are no more."""
    count = 0
    for part in parts:
        between = True
        for element, tail, text in _shown(part):
            for offset, character in enumerate(text):
                if character.isspace():
                    between = True
                elif character not in _UNSEEN:
                    if between and count == words:
                        return _Place(element, tail, offset)
                    count += between
                    between = False
    return None


def _shown(element: etree._Element) -> Iterator[tuple[etree._Element, bool, str]]:
    """What is shown inside an element, without the labels of calls; a picture or formula is one character of its own.

    An object's place is before it: offset 0 of its text.
    """
    if element.tag in _OBJECTS:
        yield element, False, "\ufffc"
    elif not _CALLS & set(element.get("class", "").split()):
        if element.text:
            yield element, False, element.text
        for child in element:
            if isinstance(child.tag, str):
                yield from _shown(child)
            if child.tail:
                yield child, True, child.tail


def _outside(place: _Place, parts: Sequence[etree._Element]) -> _Place:
    """The same point as far outside of markup as it is there: before emphasis or a link, not inside its beginning."""
    while not place.tail and not place.offset and place.element not in parts:
        around, before = place.element.getparent(), place.element.getprevious()
        if around is None:
            break
        if before is not None:
            return _Place(before, True, len(before.tail or ""))
        place = _Place(around, False, len(around.text or ""))
    return place


def _insert(place: _Place, marker: etree._Element) -> None:
    element, offset = place.element, place.offset
    if place.tail:
        text, around = element.tail or "", element.getparent()
        if around is None:
            return
        element.tail = text[:offset] or None
        around.insert(around.index(element) + 1, marker)
    else:
        text = element.text or ""
        element.text = text[:offset] or None
        element.insert(0, marker)
    marker.tail = text[offset:] or None


def _before(element: etree._Element, marker: etree._Element) -> None:
    """Mark where an element begins: before it among its neighbours, outside of what begins with it.

    Headings without sentences (the edition's own) stand with what follows them: they are never a page's last line.
    """
    element = _headed(element)
    around = element.getparent()
    while around is not None and _begins(around, element) and around.tag in _HEADINGS | _INLINE | _CONTENT_MODELS:
        element, around = around, around.getparent()
    while around is not None and around.tag in _CONTENT_MODELS and element.tag not in _HOLDERS:
        element, around = around, around.getparent()
    if element.tag in _HOLDERS:
        _insert(_Place(element, False, 0), marker)
    elif around is not None:
        _as_block_where_blocks_are(marker, element)
        around.insert(around.index(element), marker)


def _headed(element: etree._Element) -> etree._Element:
    """The first of the headings of the edition's own that stand right over an element; else the element itself."""
    found = over = element
    while (around := over.getparent()) is not None and around.tag != f"{{{XHTML}}}body":
        before = over.getprevious()
        if before is None and not (around.text or "").strip():
            over = around
        elif before is not None and _heads(before):
            found = over = before
        else:
            break
    return found


def _heads(element: etree._Element) -> bool:
    """Whether an element is a heading of the edition's own, with nothing but white space after it."""
    sentences = (span for span in element.iter(f"{{{XHTML}}}span") if "s" in span.get("class", "").split())
    return element.tag in _HEADINGS and not (element.tail or "").strip() and next(sentences, None) is None


def _after(element: etree._Element, marker: etree._Element) -> None:
    """Mark what follows an element."""
    around = element.getparent()
    while around is not None and around.tag in _CONTENT_MODELS:
        element, around = around, around.getparent()
    if element.tag in _HOLDERS:
        element.append(marker)
    elif around is not None:
        _as_block_where_blocks_are(marker, element)
        marker.tail, element.tail = element.tail, None
        around.insert(around.index(element) + 1, marker)


def _as_block_where_blocks_are(marker: etree._Element, neighbour: etree._Element) -> None:
    if neighbour.tag not in _INLINE | _OBJECTS:
        marker.tag = f"{{{XHTML}}}div"


def _begins(around: etree._Element, element: etree._Element) -> bool:
    """Whether an element is the first thing in the one around it."""
    return not (around.text or "").strip() and around[0] is element
