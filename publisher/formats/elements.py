"""What single elements of (X)HTML are and say, whoever wrote them.

https://html.spec.whatwg.org/, https://www.w3.org/TR/dpub-aria-1.1/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from publisher.strangers.numbers import whole

_XML = "{http://www.w3.org/XML/1998/namespace}"
_EPUB = "{http://www.idpf.org/2007/ops}"
_INLINE = frozenset(
    "a abbr b bdi bdo big br cite code data del dfn em font i img ins kbd label map mark math object output picture q "
    "rb rp rt ruby s samp small span strike strong sub sup svg time tt u var wbr".split()
)
SILENT = frozenset("script style template head noscript rp rt col colgroup source track audio video iframe".split())
"""Elements whose words no reader is shown in the text."""
CALLS = frozenset(["doc-noteref", "noteref"])
BACK = frozenset(["doc-backlink", "backlink"])
_NOTES = frozenset(["doc-footnote", "doc-endnote", "footnote", "endnote", "rearnote", "note"])
_HIDING = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|content-visibility:hidden|opacity:0?\.?0*%?)(?:!important)?(?:;|$)"
)


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and processing instructions."""
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def semantics(element: etree._Element) -> frozenset[str]:
    """What an element is by its DPUB-ARIA roles (https://www.w3.org/TR/dpub-aria-1.1/) and its epub:type."""
    role, type = element.get("role"), element.get(f"{_EPUB}type")
    return frozenset(f"{role or ''} {type or ''}".split()) if role or type else _NOTHING


_NOTHING: frozenset[str] = frozenset()


def lang_of(element: etree._Element) -> str | None:
    """The language that an element says it is in."""
    return element.get(f"{_XML}lang") or element.get("lang")


def is_note(element: etree._Element) -> bool:
    return bool(semantics(element) & _NOTES)


def is_concealed(element: etree._Element) -> bool:
    """Whether an element's own attributes hide it from readers, or from those who use assistive technology."""
    return is_unheard(element) or is_unseen(element)


def is_unheard(element: etree._Element) -> bool:
    """Whether an element's own attributes keep it from those alone who use assistive technology."""
    return element.get("inert") is not None or element.get("aria-hidden") == "true"


def is_unseen(element: etree._Element) -> bool:
    """Whether an element's own attributes hide it from all readers."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDING.search("".join(style.split()).lower()) is not None


def runs_in(element: etree._Element) -> bool:
    """Whether an element stands among words: an inline one that holds no block."""
    name = name_of(element)
    if name in ("math", "svg"):
        return True
    return name in _INLINE and all(name_of(inner) in _INLINE or not name_of(inner) for inner in _html(element))


def _html(element: etree._Element) -> Iterator[etree._Element]:
    """The HTML elements inside, those of formulas and drawings left out."""
    for child in element:
        if name_of(child) not in ("math", "svg"):
            yield child
            yield from _html(child)


def told(element: etree._Element) -> str:
    """The words inside as a unit has them: pictures and formulas are none, they only part the words around them."""
    return " ".join("".join(_words_in(element)).split())


def _words_in(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = name_of(child)
        if name in ("math", "svg", "img", "br"):
            yield " "
        elif name and name not in SILENT:
            yield from _words_in(child)
        yield child.tail or ""


def strings(element: etree._Element) -> str:
    """All characters inside."""
    return "".join(str(text) for text in element.itertext(etree.Element))


def alternative(element: etree._Element) -> str:
    """What stands for a picture: its alternative or label, a drawing's title, else the words drawn in it."""
    title = element.findtext("{*}title") or ""
    drawn = " ".join(" ".join(strings(text).split()) for text in element.iter("{*}text"))
    return element.get("alt") or element.get("aria-label") or title or drawn


def outline(formula: etree._Element) -> str:
    """The elements of a formula (https://www.w3.org/TR/mathml-core/), nested, with their characters."""
    inner = ", ".join(outline(child) for child in formula if name_of(child))
    text = " ".join((formula.text or "").split())
    return f"{name_of(formula)}{f'({inner})' if inner else ''}{f' {text}' if text else ''}"


_NUMERALS = {
    "decimal": "1",
    "decimal-leading-zero": "1",
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
    "lower-greek": "lower-greek",
}
"""The types of lists by the names that style sheets have for them (https://www.w3.org/TR/css-counter-styles-3/). Of
other names nothing is known: a designer may have made them."""
_BULLETS = frozenset("none disc circle square disclosure-open disclosure-closed".split())


def number_of(item: etree._Element, style: str | None = None) -> str | None:
    """The number that a browser shows before an item, with the kind of its numerals; None where it shows none.

    `style` is the style of the list by a style sheet, where one says it. https://html.spec.whatwg.org/#the-ol-element
    """
    around = item.getparent()
    kind = _NUMERALS.get(style or "")
    if name_of(item) != "li" or around is None or style in _BULLETS or not (kind or name_of(around) == "ol"):
        return None
    start, value = around.get("start", "1"), item.get("value")
    if value is None:
        first = 1 if (told := whole(start)) is None else told
        place = [one for one in around if name_of(one) == "li"].index(item)
        value = str(first - place if around.get("reversed") is not None else first + place)
    return f"{kind or item.get('type') or around.get('type', '1')} {value}"


def scope_of(cell: etree._Element) -> str | None:
    """What a cell is the header of; a header cell that does not say is one of its column."""
    return (cell.get("scope") or "col") if name_of(cell) == "th" else None


def cells(table: etree._Element) -> dict[etree._Element, str]:
    """Where each cell of a table stands (https://html.spec.whatwg.org/#forming-a-table), from 1, in words."""
    found: dict[etree._Element, str] = {}
    above = 0
    for group in _groups(table):
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(group, 1):
            column = 1
            for cell in (one for one in row if name_of(one) in ("td", "th")):
                while (number, column) in taken:
                    column += 1
                down, across = _span(cell, "rowspan"), _span(cell, "colspan")
                taken |= {(number + y, column + x) for y in range(down) for x in range(across)}
                spans = f", over {down} rows" if down > 1 else ""
                spans += f", over {across} columns" if across > 1 else ""
                found[cell] = f"row {above + number}, column {column}{spans}"
        above += len(group)
    return found


def _groups(table: etree._Element) -> Iterator[list[etree._Element]]:
    """The rows of a table, group by group; those without a group together."""
    loose: list[etree._Element] = []
    for child in table:
        if name_of(child) == "tr":
            loose.append(child)
        elif name_of(child) in ("thead", "tbody", "tfoot"):
            if loose:
                yield loose
                loose = []
            yield [row for row in child if name_of(row) == "tr"]
    if loose:
        yield loose


def _span(cell: etree._Element, name: str) -> int:
    told = cell.get(name, "1").strip()
    return min(max(int(told), 1), 1000) if told.isdecimal() else 1
