"""Units out of an (X)HTML document: what the readers of EPUB and web pages share.

Reads what a browser would show, in the order of the DOM, and knows nothing of who wrote it. Every block of words is a
unit, every picture's alternative, every formula. Calls of notes and ways back are links, not words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from publisher.model.artefacts import UnitRole
from publisher.model.extract import Fact, Found, FoundLink, FoundNote

_XML = "{http://www.w3.org/XML/1998/namespace}"
_EPUB = "{http://www.idpf.org/2007/ops}"
_INLINE = frozenset(
    "a abbr b bdi bdo big br cite code data del dfn em font i img ins kbd label map mark math object output picture q "
    "rb rp rt ruby s samp small span strike strong sub sup svg time tt u var wbr".split()
)
_SILENT = frozenset("script style template head noscript rp rt col colgroup source track audio video iframe".split())
_FURNITURE = frozenset("nav footer button form select dialog summary menu".split())
_FURNITURE_ROLES = frozenset(
    "navigation banner contentinfo doc-toc doc-pagelist doc-index doc-cover toolbar status alert".split()
)
_HEADS = frozenset({UnitRole.TITLE, UnitRole.HEADING, UnitRole.SUBTITLE})
_CALLS = frozenset(["doc-noteref", "noteref"])
_BACK = frozenset(["doc-backlink", "backlink"])
_NOTES = frozenset(["doc-footnote", "doc-endnote", "footnote", "endnote", "rearnote", "note"])
TELLS = frozenset(["expansion", "header", "number", "picture"])
"""The kinds of facts that documents tell."""
_ROLES = {"pre": UnitRole.CODE, "dt": UnitRole.TERM}


@dataclass(frozen=True, slots=True)
class _Where:
    """What the elements around a place say of it. In a header all but the headings is furniture.

    `id` is what a unit is known by that begins here, `block` that of the nearest block with an id, `note` that of the
    note around it.
    """

    lang: str
    furniture: bool = False
    header: bool = False
    hidden: bool = False
    role: UnitRole = UnitRole.PARAGRAPH
    level: int | None = None
    id: str | None = None
    block: str | None = None
    note: str | None = None
    scope: str | None = None
    bibliography: bool = False

    @property
    def apart(self) -> bool:
        """Whether what stands here is set apart from the text."""
        return self.furniture or self.header


@dataclass(slots=True)
class Document:
    """What one document holds, in reading order. `ids` are all ids in it."""

    units: list[Found] = field(default_factory=list)
    links: list[FoundLink] = field(default_factory=list)
    notes: list[FoundNote] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


def read_document(root: etree._Element, place: str) -> Document:
    """Everything in the document under `root`; `place` names it (`index.html`)."""
    document = Document()
    document.ids.update(element.get("id", "") for element in root.iter(etree.Element))
    document.ids.discard("")
    _Reader(document, place).block(root, _Where(lang=""))
    document.links = [_resolved(link, document.ids) for link in document.links]
    document.notes = [_called(note, document.links) for note in document.notes]
    return document


def _resolved(link: FoundLink, ids: set[str]) -> FoundLink:
    return replace(link, resolves=link.target[1:] in ids) if link.target.startswith("#") else link


def _called(note: FoundNote, links: list[FoundLink]) -> FoundNote:
    """A note with the places that call it."""
    called = tuple(link.id or "" for link in links if link.calls and link.target.rpartition("#")[2] == note.id)
    return replace(note, calls=called)


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def semantics(element: etree._Element) -> frozenset[str]:
    """What an element is by its DPUB-ARIA roles (https://www.w3.org/TR/dpub-aria-1.1/) and its epub:type."""
    return frozenset(f"{element.get('role', '')} {element.get(f'{_EPUB}type', '')}".split())


class _Reader:
    """Walks the DOM once; words run on until a block begins or ends."""

    def __init__(self, document: Document, place: str) -> None:
        self.document = document
        self.place = place
        self.words: list[tuple[str, str]] = []
        self.objects: list[Found] = []

    def block(self, element: etree._Element, where: _Where) -> None:
        """A block: its words and the blocks inside it."""
        if name_of(element) in _SILENT:
            return
        where = self._entering(element, where)
        self._note(element)
        self._number(element)
        self._say(element.text, where)
        for child in element:
            if not name_of(child):
                pass
            elif _runs_in(child):
                self.inline(child, where)
            else:
                self._flush(where)
                self.block(child, where)
                # What follows an inner block is not the element's own first words.
                where = replace(where, id=None)
            self._say(child.tail, where)
        self._flush(where)

    def inline(self, element: etree._Element, where: _Where) -> None:
        """An element among words."""
        name = name_of(element)
        known = semantics(element)
        if name in _SILENT or _concealed(element):
            return
        where = replace(where, lang=_lang(element) or where.lang)
        if name == "br":
            self._say("\n", where)
        elif name in ("img", "svg") or known & {"img"}:
            self._picture(element, where)
        elif name == "math":
            self._object(UnitRole.MATH, element.get("alttext") or "".join(_strings(element)), element, where)
        elif known & (_CALLS | _BACK):
            self._link(element, where)
        else:
            if name == "a" and element.get("href"):
                self._link(element, where)
            if name == "abbr" and element.get("title") is not None and where.block:
                self._fact("expansion", element, f"{_told(element)}: {element.get('title')}", where.block)
            self._say(element.text, where)
            for child in element:
                if name_of(child):
                    self.inline(child, where)
                self._say(child.tail, where)

    def _say(self, text: str | None, where: _Where) -> None:
        if text:
            self.words.append((text, where.lang))

    def _entering(self, element: etree._Element, where: _Where) -> _Where:
        name, known = name_of(element), semantics(element)
        role, level = _ROLES.get(name, UnitRole.PARAGRAPH), None
        if len(name) == 2 and name[0] == "h" and name[1].isdigit():
            level = int(name[1])
            role = UnitRole.TITLE if level == 1 else UnitRole.HEADING
        elif "doc-subtitle" in known or "subtitle" in known:
            role = UnitRole.SUBTITLE
        elif known & {"doc-biblioentry", "biblioentry"} or "reference" in element.get("class", "").split():
            role = UnitRole.REFERENCE
        elif where.bibliography and (name == "li" or "listitem" in known):
            # doc-biblioentry is deprecated: https://www.w3.org/TR/dpub-aria-1.1/#doc-biblioentry
            role = UnitRole.REFERENCE
        elif where.role is UnitRole.CODE and name == "code":
            role = UnitRole.CODE
        id = element.get("id")
        return _Where(
            lang=_lang(element) or where.lang,
            furniture=where.furniture or name in _FURNITURE or bool(known & _FURNITURE_ROLES),
            header=name == "header" or (where.header and role not in _HEADS),
            hidden=where.hidden or _concealed(element),
            role=role,
            level=level,
            id=id,
            block=id or where.block,
            note=id if id and _is_note(element) else where.note,
            scope=_scope(element) if name in ("td", "th") else where.scope,
            bibliography=where.bibliography or bool(known & {"doc-bibliography", "bibliography"}),
        )

    def _note(self, element: etree._Element) -> None:
        if _is_note(element) and element.get("id"):
            back = [link for link in element.iter(etree.Element) if semantics(link) & _BACK]
            targets = tuple(link.get("href", "").rpartition("#")[2] for link in back)
            self.document.notes.append(FoundNote(element.get("id", ""), self._at(element), backlinks=targets))

    def _number(self, element: etree._Element) -> None:
        """The number that a browser shows before an item (https://html.spec.whatwg.org/#the-ol-element)."""
        around = element.getparent()
        if name_of(element) != "li" or around is None or name_of(around) != "ol" or not element.get("id"):
            return
        items = [item for item in around if name_of(item) == "li"]
        start, value = around.get("start", "1"), element.get("value")
        first = int(start) if start.lstrip("-").isdigit() else 1
        number = value if value else str(first + items.index(element))
        self._fact("number", element, f"{around.get('type', '1')} {number}")

    def _fact(self, kind: str, element: etree._Element, value: str, id: str | None = None) -> None:
        self.document.facts.append(Fact(kind, id or element.get("id") or "", value, self._at(element)))

    def _link(self, element: etree._Element, where: _Where) -> None:
        text = _told(element) or element.get("aria-label", "")
        known = semantics(element)
        self.document.links.append(
            FoundLink(
                text,
                element.get("href", ""),
                self._at(element, where),
                None,
                element.get("id"),
                calls=bool(known & _CALLS),
                back=bool(known & _BACK),
                unit=where.block,
                furniture=where.apart,
            )
        )

    def _picture(self, element: etree._Element, where: _Where) -> None:
        """A picture's alternative; none where it says that it has none on purpose (alt="")."""
        title = element.findtext("{*}title") or ""
        if element.get("src") and element.get("id"):
            self._fact("picture", element, element.get("src", ""))
        text = element.get("alt") or element.get("aria-label") or title
        if text:
            self._object(UnitRole.ALTERNATIVE, text, element, where)

    def _object(self, role: UnitRole, text: str, element: etree._Element, where: _Where) -> None:
        self._say(" ", where)
        apart = where.apart or bool(semantics(element) & _FURNITURE_ROLES)
        lang = _lang(element) or where.lang
        place = self._at(element, where)
        self.objects.append(Found(role, text, lang, place, element.get("id"), None, apart, where.hidden, where.note))

    def _flush(self, where: _Where) -> None:
        raw = "".join(text for text, _ in self.words)
        text = raw.strip("\n") if where.role is UnitRole.CODE else " ".join(raw.split())
        if text.strip() and where.scope and where.id:
            self.document.facts.append(Fact("header", where.id, where.scope, f"{self.place}#{where.id}"))
        if text.strip():
            runs = tuple(self.words) if any(lang != where.lang and words.strip() for words, lang in self.words) else ()
            place = f"{self.place}#{where.block}" if where.block else self.place
            self.document.units.append(
                Found(
                    where.role,
                    text,
                    where.lang,
                    place,
                    where.id,
                    where.level,
                    where.apart,
                    where.hidden,
                    where.note,
                    runs,
                )
            )
        self.document.units.extend(self.objects)
        self.words.clear()
        self.objects.clear()

    def _at(self, element: etree._Element, where: _Where | None = None) -> str:
        id = element.get("id") or (where.block if where else None)
        return f"{self.place}#{id}" if id else self.place


def _told(element: etree._Element) -> str:
    """The words inside as a unit has them: pictures and formulas are none, they only part the words around them."""
    return " ".join("".join(_words_in(element)).split())


def _words_in(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = name_of(child)
        if name in ("math", "svg", "img", "br"):
            yield " "
        elif name and name not in _SILENT:
            yield from _words_in(child)
        yield child.tail or ""


def _scope(element: etree._Element) -> str | None:
    """What a cell is the header of; a header cell that does not say is one of its column."""
    return element.get("scope") or "col" if name_of(element) == "th" else None


def _lang(element: etree._Element) -> str | None:
    return element.get(f"{_XML}lang") or element.get("lang")


def _is_note(element: etree._Element) -> bool:
    return bool(semantics(element) & _NOTES)


def _concealed(element: etree._Element) -> bool:
    """Whether an element is hidden from readers, or from those who use assistive technology."""
    style = element.get("style", "").replace(" ", "").lower()
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )


def _runs_in(element: etree._Element) -> bool:
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


def _strings(element: etree._Element) -> Iterator[str]:
    for text in element.itertext(etree.Element):
        yield str(text)
