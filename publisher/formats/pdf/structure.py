"""The structure tree of a PDF as plain objects, and what of HTML becomes which structure type.

The types are those of PDF 1.7 (ISO 32000-1, 14.8.4), the rules those of PDF/UA-1 (ISO 14289-1): one element for one
element of the page's source, wherever its pieces were painted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element as Source

from publisher.model.languages import direction

AUTOMATIC_HYPHEN = "\u2060-"
"""What the style sheets have WeasyPrint put where it divides a word; the word joiner tells it from the author's own."""

BBox = tuple[float, float, float, float]


@dataclass(eq=False, slots=True)
class Content:
    """Something painted: the `mark`-th marked content of page number `page` (from 0), and the words in it.

    `space` where a space follows the words that is not painted, since their line ends there; `leftward` where the lines
    run from right to left, in which words of any script stand elsewhere than they are read.
    """

    page: int
    mark: int
    text: str = ""
    bbox: BBox | None = None
    space: bool = False
    leftward: bool = False

    @property
    def divided(self) -> bool:
        """Whether the words end in a hyphen that is not the author's."""
        return self.text.endswith(AUTOMATIC_HYPHEN)

    @property
    def words(self) -> str:
        """The words as the author wrote them."""
        return self.text.removesuffix(AUTOMATIC_HYPHEN)


@dataclass(eq=False, slots=True)
class Annotation:
    """A link's active area on a page; `dictionary` is the annotation's own, `label` says where the link leads."""

    page: int
    dictionary: dict[str, Any]
    label: str = ""


@dataclass(eq=False, slots=True)
class Node:
    """An element of the HTML, or one of its pseudo-elements (`li::marker`), with all that was painted of it."""

    tag: str
    attributes: Mapping[str, str]
    kids: list[Node | Content | Annotation] = field(default_factory=list)
    source: Source | None = None

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        """The words painted of it, in order, without what the style sheet adds."""
        return "".join(
            _shown(kid)
            for kid in self.kids
            if not (isinstance(kid, Annotation) or (isinstance(kid, Node) and "::" in kid.tag))
        )

    @property
    def said(self) -> str:
        """The words of it as they are read aloud: with the alternatives of pictures and formulas."""
        return "".join(
            _said(kid)
            for kid in self.kids
            if not (isinstance(kid, Annotation) or (isinstance(kid, Node) and "::" in kid.tag))
        )

    def find(self, tag: str) -> Iterator[Node]:
        """The nodes of a tag inside this one, outermost first, in order."""
        for kid in self.kids:
            if isinstance(kid, Node):
                if kid.tag == tag:
                    yield kid
                yield from kid.find(tag)


def _shown(kid: Node | Content) -> str:
    if isinstance(kid, Content):
        return kid.words + (" " if kid.space else "")
    return " " if kid.tag == "br" else kid.text


def _said(kid: Node | Content) -> str:
    if isinstance(kid, Node) and kid.tag == "img":
        return f" {kid.attributes.get('alt', '')} "
    return _shown(kid) if isinstance(kid, Content) or kid.tag == "br" else kid.said


@dataclass(eq=False, slots=True)
class Element:
    """A structure element. `attributes` are by owner (`Table`, `List`, `Layout`), values as PDF names or numbers."""

    role: str
    kids: list[Element | Content | Annotation] = field(default_factory=list)
    lang: str | None = None
    alternative: str | None = None
    expansion: str | None = None
    id: str | None = None
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def walk(self) -> Iterator[Element]:
        """This element and all inside it, parents first."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()


Kid = Element | Content | Annotation

GROUPING = frozenset(
    (
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Note",
        "Caption",
        "LBody",
        "TD",
        "TH",
        "Header",
        "Footer",
        "Contents",
    )
)
"""Types that hold blocks: words that stand in them beside blocks get a paragraph of their own."""

INLINE = frozenset(("Span", "Em", "Strong", "Code", "Link", "Reference", "Formula", "BibEntry"))
"""Types that stand inside a line (a picture may too, but may also stand alone)."""

IDENTIFIED = frozenset(
    (
        "P",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "L",
        "BlockQuote",
        "Table",
        "TH",
        "TD",
        "Figure",
        "Formula",
        "Note",
        "Lbl",
        "BibEntry",
        "Subtitle",
        "Preformatted",
    )
)
"""Types that keep their source's id, by which heads of tables and notes are found, and each block of the edition."""

ROLE_MAP = {
    "Em": "Span",
    "Strong": "Span",
    "Subtitle": "P",
    "Preformatted": "P",
    "NoteHeader": "P",
    "Header": "Div",
    "Footer": "Div",
    "Contents": "Sect",
}
"""Types of ours, and the standard type that each counts as. Whoever knows the names can tell what a header, a footer
and the contents add to the text from the text itself."""

_PLAIN = {
    "p": "P",
    "pre": "Preformatted",
    "header": "Header",
    "footer": "Footer",
    "section": "Sect",
    "nav": "Sect",
    "main": "Art",
    "blockquote": "BlockQuote",
    "caption": "Caption",
    "figcaption": "Caption",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "tr": "TR",
    "em": "Em",
    "strong": "Strong",
    "code": "Code",
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
}
"""HTML elements whose type depends on nothing else."""

_NUMBERING = {
    "1": "Decimal",
    "a": "LowerAlpha",
    "A": "UpperAlpha",
    "i": "LowerRoman",
    "I": "UpperRoman",
}
"""HTML's `type` of a list and the value of PDF's ListNumbering."""

_TABLE_ORDER = {"Caption": 0, "THead": 1, "TBody": 2, "TFoot": 3}
_KEPT_EMPTY = frozenset(("TD", "TH", "TR", "THead", "TBody", "TFoot", "LBody"))


def document(root: Node, lang: str) -> Element:
    """The structure tree of a whole document, whose language is `lang`."""
    made = Element("Document", _inside(root, lang))
    made.kids = _blocks(made.kids)
    _direct(made, lang, leftward=False)
    return made


def _direct(element: Element, lang: str, *, leftward: bool) -> None:
    """Tell each content which way its lines run: a block's language says so."""
    lang = element.lang or lang
    if element.role not in INLINE:
        leftward = direction(lang) == "rtl"
    for kid in element.kids:
        if isinstance(kid, Element):
            _direct(kid, lang, leftward=leftward)
        elif isinstance(kid, Content):
            kid.leftward = leftward


def _inside(node: Node, lang: str) -> list[Kid]:
    kids: list[Kid] = []
    for kid in node.kids:
        kids.extend(_convert(kid, lang) if isinstance(kid, Node) else [kid])
    return kids


def _convert(node: Node, around: str) -> list[Kid]:
    """What a node becomes: nothing, its own kids, or an element. `around` is the language there."""
    lang = node.attributes.get("lang", around)
    made = _element(node, lang)
    if made is None:
        kids = _inside(node, lang)
        if lang == around or not kids:
            return kids
        inline = all(_inline(kid) for kid in kids)
        made = Element("Span" if inline else "Div", kids)
    if not made.kids and made.role not in _KEPT_EMPTY:
        return []
    if lang != around:
        made.lang = lang
    if made.role in IDENTIFIED:
        made.id = node.attributes.get("id")
    if made.role in GROUPING:
        made.kids = _blocks(made.kids)
    return [made]


def _element(node: Node, lang: str) -> Element | None:
    """The element that a node is; None for one that only groups words or says how they look."""
    classes = node.classes
    match node.tag:
        case "header" if "note-header" in classes:
            return Element("NoteHeader", _inside(node, lang))
        case "p" if "subtitle" in classes:
            return Element("Subtitle", _inside(node, lang))
        case "nav" if "contents" in classes:
            return _contents(node, lang)
        case "section" if "plain" in classes:
            return Element("Part", _inside(node, lang))
        case "div" if classes & {"passage", "footnote-text"}:
            return None
        case "div":
            return Element("Sect" if classes & {"notes", "footnotes"} else "Div", _inside(node, lang))
        case "aside":
            return Element("Note", _inside(node, lang))
        case "span" if classes & {"footnote-number", "task"}:
            return Element("Lbl", _inside(node, lang))
        case "span" if "id" in node.attributes and "s" not in classes:
            # Words that a link leads to: by the element a reader can tell where it must land.
            return Element("Span", _inside(node, lang), id=node.attributes["id"])
        case "abbr" if node.attributes.get("title"):
            return Element("Span", _inside(node, lang), expansion=node.attributes["title"])
        case "a" if "href" in node.attributes:
            return _link(node, lang)
        case "img":
            return _picture(node)
        case "figure":
            return _figure(node, lang)
        case "ul" | "ol":
            return _list(node, lang)
        case "dl":
            return _definitions(node, lang)
        case "table":
            return _table(node, lang)
        case "li" | "dt" | "dd":
            return Element("LBody", _inside(node, lang))
        case "th" | "td":
            return _cell(node, lang)
        case "cite" if "reference" in classes:
            return Element("BibEntry", _inside(node, lang))
        case tag if tag in _PLAIN:
            return Element(_PLAIN[tag], _inside(node, lang))
        case _:
            return None


def _blocks(kids: Iterable[Kid]) -> list[Kid]:
    """The kids of a grouping element: stretches of words beside blocks become paragraphs."""
    kids = list(kids)
    if all(_inline(kid) for kid in kids) and not any(isinstance(kid, Element) and kid.role == "Figure" for kid in kids):
        return [Element("P", kids)] if kids else []
    made: list[Kid] = []
    for inline, run in groupby(kids, key=_inline):
        stretch = list(run)
        made.extend([Element("P", stretch)] if inline else stretch)
    return made


def _inline(kid: Kid) -> bool:
    return not isinstance(kid, Element) or kid.role in INLINE


# What needs more than a name


def _link(node: Node, lang: str) -> Element:
    """A link; one that leads to a note or a source is a reference too."""
    link = Element("Link", _inside(node, lang), id=node.attributes.get("id"))
    label = node.attributes.get("aria-label") or " ".join(node.said.split()) or node.attributes["href"]
    areas = [piece for kid in link.walk() for piece in kid.kids if isinstance(piece, Annotation)]
    for kid in link.walk():
        kid.kids = [piece for piece in kid.kids if not isinstance(piece, Annotation)]
    for area in areas:
        area.label = label
    link.kids = [*areas, *link.kids]
    if node.attributes.get("role") in ("doc-noteref", "doc-biblioref") and link.kids:
        return Element("Reference", [link])
    return link


def _picture(node: Node) -> Element | None:
    """A picture or a formula. One without an alternative is decoration: what it paints stays outside the tree."""
    alternative = node.attributes.get("alt", "")
    if not alternative:
        return Element("Figure")
    made = Element("Formula" if "math" in node.classes else "Figure", _inside(node, ""), alternative=alternative)
    boxes = [kid.bbox for kid in made.kids if isinstance(kid, Content) and kid.bbox]
    if boxes:
        made.attributes["Layout"] = {"BBox": boxes[0]}
    return made


def _figure(node: Node, lang: str) -> Element:
    """A figure of one picture holds its caption; with a long description, or of several pictures, a division does."""
    kids = _inside(node, lang)
    pictures = [kid for kid in kids if isinstance(kid, Element) and kid.role == "Figure"]
    captions = [kid for kid in kids if isinstance(kid, Element) and kid.role == "Caption"]
    if len(pictures) != 1:
        return Element("Div", kids)
    picture = pictures[0]
    picture.kids.extend(captions)
    rest = [kid for kid in kids if kid is not picture and kid not in captions]
    return Element("Div", [picture, *rest]) if rest else picture


def _list(node: Node, lang: str) -> Element:
    if not node.tag.startswith("o"):
        marked = "task-list" not in node.classes and any(True for _ in node.find("li::marker"))
        numbering = "Disc" if marked else "None"
    else:
        numbering = _NUMBERING.get(node.attributes.get("type", "1"), "Decimal")
    items = [_item(kid, lang) for kid in node.kids if isinstance(kid, Node) and kid.tag == "li"]
    return Element("L", items, attributes={"List": {"ListNumbering": f"/{numbering}"}} if items else {})


def _item(node: Node, around: str) -> Kid:
    """An item: its mark, and a body of all else, lists inside it too."""
    lang = node.attributes.get("lang", around)
    marks = [kid for kid in node.kids if isinstance(kid, Node) and (kid.tag == "li::marker" or "task" in kid.classes)]
    kids = [kid for kid in node.kids if kid not in marks]
    entry = "reference" in node.classes
    body = Node("li", {}, [Node("cite", node.attributes, kids)] if entry else kids)
    labels = [piece for mark in marks for piece in _inside(mark, lang)]
    said = next((mark for mark in marks if "aria-label" in mark.attributes), None)
    label = Element("Lbl", labels)
    if said is not None:
        label.alternative = said.attributes["aria-label"]
        label.lang = said.attributes.get("lang")
    made = Element("LI", [label] if labels else [])
    made.kids.extend(_convert(body, lang))
    made.lang = lang if lang != around else None
    made.id = None if entry else node.attributes.get("id")
    return made


def _definitions(node: Node, lang: str) -> Element:
    """A term and its definitions are one item: the term its label, the definitions its body."""
    items: list[Kid] = []
    for kid in node.kids:
        if not isinstance(kid, Node):
            continue
        if kid.tag == "dt":
            term = Element("Lbl", _inside(kid, kid.attributes.get("lang", lang)), lang=kid.attributes.get("lang"))
            term.id = kid.attributes.get("id")
            items.append(Element("LI", [term, Element("LBody")]))
        elif items and isinstance(items[-1], Element):
            body = items[-1].kids[-1]
            if isinstance(body, Element):
                bodies = _convert(kid, lang)
                body.kids.extend(piece for made in bodies if isinstance(made, Element) for piece in _unwrapped(made))
    return Element("L", items, attributes={"List": {"ListNumbering": "/None"}})


def _unwrapped(body: Element) -> list[Kid]:
    """A definition's blocks; in one piece where it has a language of its own."""
    if body.lang is None:
        return body.kids
    body.role = "Div"
    return [body]


def _contents(node: Node, lang: str) -> Element:
    """A table of contents: its heading, then TOC, with an item for each line."""
    made = Element("Contents")
    for kid in node.kids:
        if isinstance(kid, Node):
            made.kids.extend([_entries(kid, lang)] if kid.tag == "ol" else _convert(kid, lang))
    return made


def _entries(node: Node, lang: str) -> Element:
    toc = Element("TOC")
    for item in node.kids:
        if not isinstance(item, Node):
            continue
        entry = Element("TOCI")
        for kid in item.kids:
            if isinstance(kid, Node) and kid.tag == "ol":
                entry.kids.append(_entries(kid, lang))
            elif isinstance(kid, Node):
                entry.kids.extend(Element("Reference", [made]) for made in _convert(kid, lang))
        toc.kids.append(entry)
    return toc


# Tables


def _table(node: Node, lang: str) -> Element:
    """A table: caption first, head, bodies, foot; each head cell says what it heads."""
    kids = [kid for kid in _inside(node, lang) if isinstance(kid, Element)]
    made = Element("Table", [*sorted(kids, key=_place_in_table)])
    _link_headers([[kid for kid in row.kids if isinstance(kid, Element)] for row in made.walk() if row.role == "TR"])
    return made


def _place_in_table(part: Element) -> int:
    return _TABLE_ORDER.get(part.role, 2)


def _cell(node: Node, lang: str) -> Element:
    cell = Element(node.tag.upper(), _inside(node, lang))
    facts: dict[str, Any] = {}
    for name, key in (("ColSpan", "colspan"), ("RowSpan", "rowspan")):
        span = int(node.attributes.get(key, "1"))
        if span > 1:
            facts[name] = span
    if cell.role == "TH":
        facts["Scope"] = "/Row" if node.attributes.get("scope") == "row" else "/Column"
    if facts:
        cell.attributes["Table"] = facts
    return cell


def _link_headers(rows: list[list[Element]]) -> None:
    """Name each data cell's head cells where the scopes alone may mislead: with heads that span, or in several rows."""
    heads = [[cell for cell in row if _scope(cell) == "/Column"] for row in rows]
    spans = any(
        "ColSpan" in cell.attributes.get("Table", {}) or "RowSpan" in cell.attributes.get("Table", {})
        for row in rows
        for cell in row
    )
    if not spans and sum(1 for row in heads if row) < 2:
        return
    columns: dict[int, list[str]] = {}
    filled: dict[int, int] = {}
    across: dict[int, list[str]] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while filled.get(column, 0) > number:
                column += 1
            facts = cell.attributes.get("Table", {})
            covered = range(column, column + facts.get("ColSpan", 1))
            below = range(number, number + facts.get("RowSpan", 1))
            for index in covered:
                filled[index] = below.stop
            if cell.role == "TH" and cell.id is not None:
                if _scope(cell) == "/Row":
                    for line in below:
                        across.setdefault(line, []).append(cell.id)
                else:
                    for index in covered:
                        columns.setdefault(index, []).append(cell.id)
            elif cell.role == "TD":
                heading = [id for index in covered for id in columns.get(index, [])]
                heading += [id for line in below for id in across.get(line, [])]
                if heading:
                    cell.attributes.setdefault("Table", {})["Headers"] = tuple(dict.fromkeys(heading))
            column = covered.stop


def _scope(cell: Element) -> str | None:
    scope = cell.attributes.get("Table", {}).get("Scope")
    return scope if isinstance(scope, str) else None
