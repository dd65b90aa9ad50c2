"""Units out of an (X)HTML document: what the readers of EPUB and web pages share.

Reads what a browser would show, in the order of the DOM, and knows nothing of who wrote it. Every block of words is a
unit, every picture's alternative, every formula. Calls of notes and ways back are links, not words. What style sheets
hide is known as hidden, and what they add is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from lxml import etree

from publisher.formats.elements import (
    BACK,
    CALLS,
    SILENT,
    alternative,
    cells,
    is_concealed,
    is_note,
    is_unheard,
    is_unseen,
    lang_of,
    name_of,
    number_of,
    outline,
    runs_in,
    scope_of,
    semantics,
    strings,
    told,
)
from publisher.formats.styles import NONE, Load, Styles, styles_of
from publisher.model.artefacts import UnitRole
from publisher.model.extract import Fact, Found, FoundContents, FoundEntry, FoundLink, FoundNote

__all__ = ["TELLS", "Document", "name_of", "read_document", "semantics"]

_FURNITURE = frozenset("nav footer button form fieldset label select dialog summary menu".split())
_FURNITURE_ROLES = frozenset(
    "navigation banner contentinfo doc-toc doc-pagelist doc-index doc-cover toolbar status alert".split()
)
_HEADS = frozenset({UnitRole.TITLE, UnitRole.HEADING, UnitRole.SUBTITLE})
_ROLES = {"pre": UnitRole.CODE, "dt": UnitRole.TERM}
_AROUND = {
    "blockquote": "quotation",
    "ul": "list",
    "ol": "list",
    "dl": "list",
    "figure": "figure",
    "figcaption": "caption",
    "table": "table",
    "caption": "caption",
}
"""What it is to stand in an element, by its name."""
_SCRIPTS = {"sup": "^", "sub": "_"}
_STRUCK = frozenset(["del", "s", "strike"])
_PAGE_BREAKS = frozenset(["doc-pagebreak", "pagebreak"])
_PAGE_NUMBER = re.compile(r"\w{0,8}")
_SAYS = re.compile(r"\w")
TELLS = frozenset(
    "cell expansion formula header layout line number picture restates script struck target within".split()
)
"""What documents tell beside their words."""


_PAGE_LISTS = frozenset(("doc-pagelist", "page-list"))
"""Lists of printed pages are read by `epub.pages_read`: their numbers are no words."""


@dataclass(frozen=True, slots=True)
class _Where:
    """What the elements around a place say of it. In a header all but the headings is furniture.

    `id` is what a unit is known by that begins here, `block` that of the nearest block with an id, `note` that of the
    note around it, `cell` where the cell around it stands, `targets` the notes that the words here are marked for.
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
    cell: str | None = None
    bibliography: bool = False
    around: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    @property
    def apart(self) -> bool:
        """Whether what stands here is set apart from the text."""
        return self.furniture or self.header


@dataclass(slots=True)
class Document:
    """What one document holds, in reading order. `ids` are all ids in it; the targets of `contents` are as written."""

    units: list[Found] = field(default_factory=list)
    links: list[FoundLink] = field(default_factory=list)
    notes: list[FoundNote] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    contents: list[FoundContents] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


def read_document(root: etree._Element, place: str, load: Load | None = None) -> Document:
    """Everything in the document under `root`; `place` names it (`index.html`), `load` gives its style sheets."""
    document = Document()
    document.ids.update(element.get("id", "") for element in root.iter(etree.Element))
    document.ids.discard("")
    styles = styles_of(root, load or (lambda _: None))
    _Reader(document, place, styles).block(root, _Where(lang=""))
    document.links = [_resolved(link, document.ids) for link in document.links]
    document.notes = [_called(note, document.links) for note in document.notes]
    document.contents = list(_contents(root, place))
    return document


def _resolved(link: FoundLink, ids: set[str]) -> FoundLink:
    there = link.target[1:] in ids or fragment_of(link.target) in ids
    return replace(link, resolves=there) if link.target.startswith("#") else link


def fragment_of(target: str) -> str:
    """The id that an address leads to, decoded (https://html.spec.whatwg.org/#find-a-potential-indicated-element)."""
    return unquote(target.rpartition("#")[2])


def _called(note: FoundNote, links: list[FoundLink]) -> FoundNote:
    """A note with the places that call it."""
    called = tuple(link.id or "" for link in links if link.calls and fragment_of(link.target) == note.id)
    return replace(note, calls=called)


def _contents(root: etree._Element, place: str) -> Iterator[FoundContents]:
    """The table of contents: navigation that says that it is one, else the first whose links all stay inside."""
    navigations = [nav for nav in root.iter("{*}nav", "nav") if nav.find(".//{*}li") is not None]
    told_so = [nav for nav in navigations if semantics(nav) & {"doc-toc", "toc"}]
    inside = [nav for nav in navigations if all(a.get("href", "").startswith("#") for a in nav.iter("{*}a"))]
    for nav in (told_so or inside)[:1]:
        entries = tuple(
            FoundEntry(told(a), _decoded(a.get("href", "")), sum(1 for up in a.iterancestors("{*}ol", "{*}ul")))
            for a in nav.iter("{*}a")
            if a.get("href")
        )
        yield FoundContents("toc", f"{place}#{nav.get('id')}" if nav.get("id") else place, entries)


def _decoded(target: str) -> str:
    address, mark, _ = target.partition("#")
    return f"{address}{mark}{fragment_of(target)}" if mark else target


class _Reader:
    """Walks the DOM once; words run on until a block begins or ends."""

    def __init__(self, document: Document, place: str, styles: Styles = NONE) -> None:
        self.document = document
        self.place = place
        self.styles = styles
        self.words: list[tuple[str, str, tuple[str, ...]]] = []
        self.objects: list[Found] = []
        self.cells: dict[etree._Element, str] = {}

    def block(self, element: etree._Element, where: _Where) -> None:
        """A block: its words and the blocks inside it."""
        if name_of(element) in SILENT or semantics(element) & _PAGE_LISTS:
            return
        if semantics(element) & _PAGE_BREAKS:
            self._page_break(element, where)
            return
        where = self._entering(element, where)
        self._stated(element, where)
        self._say(self.styles.before.get(element), where)
        self._say(element.text, where)
        for child in element:
            if not name_of(child):
                pass
            elif runs_in(child):
                self.inline(child, where)
            else:
                self._flush(where)
                self.block(child, where)
                # What follows an inner block is not the element's own first words.
                where = replace(where, id=None) if where.id else where
            self._say(child.tail, where)
        self._say(self.styles.after.get(element), where)
        self._flush(where)

    def inline(self, element: etree._Element, where: _Where) -> None:
        """An element among words."""
        name = name_of(element)
        known = semantics(element)
        if self._concealed(element):
            self._seen_alone(element, where)
            return
        if name in SILENT:
            if name == "rt":
                self._aside(told(element), element, where)
            return
        if known & _PAGE_BREAKS:
            self._page_break(element, where)
            return
        lang, notes = lang_of(element), element.get("data-notes")
        if (lang and lang != where.lang) or notes:
            targets = (*where.targets, *(notes or "").split())
            where = replace(where, lang=lang or where.lang, targets=targets)
        if name == "br":
            self._fact("line", element, self._last_word(within=True), where.id)
            self._say("\n", where)
        elif name in ("img", "svg") or known & {"img"}:
            self._picture(element, where)
        elif name == "math":
            self._fact("formula", element, ", ".join(outline(child) for child in element if name_of(child)))
            self._object(UnitRole.MATH, element.get("alttext") or strings(element), element, where)
        elif known & (CALLS | BACK):
            self._link(element, where)
        else:
            self._worded(element, name, where)

    def _worded(self, element: etree._Element, name: str, where: _Where) -> None:
        """An element among words that holds words itself."""
        if name == "a" and element.get("href"):
            self._link(element, where)
        elif name != "abbr":
            self._labels(element, where)
        if name == "abbr" and element.get("title") is not None and where.block:
            self._fact("expansion", element, f"{told(element)}: {element.get('title')}", where.block)
        before, so_far = self._last_word(), len(self.words)
        self._say(self.styles.before.get(element), where)
        self._say(element.text, where)
        for child in element:
            if name_of(child):
                self.inline(child, where)
            self._say(child.tail, where)
        self._say(self.styles.after.get(element), where)
        said = " ".join("".join(text for text, *_ in self.words[so_far:]).split())
        if said and name in _SCRIPTS:
            self._fact("script", element, f"{before} {_SCRIPTS[name]}{said}", where.id)
        elif said and name in _STRUCK:
            self._fact("struck", element, said, where.id)

    def _say(self, text: str | None, where: _Where) -> None:
        if text:
            self.words.append((text, where.lang, where.targets))

    def _last_word(self, *, within: bool = False) -> str:
        """The word just said; empty where white space follows it, unless that is `within` reach."""
        said = "".join(text for text, *_ in self.words)
        return said.split()[-1] if said.strip() and (within or not said[-1].isspace()) else ""

    def _concealed(self, element: etree._Element) -> bool:
        return element in self.styles.hidden or is_concealed(element)

    def _seen_alone(self, element: etree._Element, where: _Where) -> None:
        """Words that are shown and not heard: a note's own number may be such; among a block's words they are added."""
        words = told(element)
        if element in self.styles.hidden or is_unseen(element) or not is_unheard(element) or not _SAYS.search(words):
            return
        label = where.apart or (where.note is not None and where.block == where.note)
        lang, place = lang_of(element) or where.lang, self._at(element, where)
        found = Found(UnitRole.PARAGRAPH, words, lang, place, furniture=label, hidden=where.hidden, note=where.note)
        self.objects.append(found)

    def _entering(self, element: etree._Element, where: _Where) -> _Where:
        name, known = name_of(element), semantics(element)
        role, level = UnitRole.PARAGRAPH, None
        if len(name) == 2 and name[0] == "h" and name[1] in "123456789":
            level = int(name[1])
            role = UnitRole.TITLE if level == 1 else UnitRole.HEADING
        elif name in _ROLES:
            role = _ROLES[name]  # whatever it says of itself, it looks like that
        elif "doc-subtitle" in known or "subtitle" in known:
            role = UnitRole.SUBTITLE
        elif known & {"doc-biblioentry", "biblioentry"} or "reference" in element.get("class", "").split():
            role = UnitRole.REFERENCE
        elif where.bibliography and (name == "li" or "listitem" in known):
            # doc-biblioentry is deprecated: https://www.w3.org/TR/dpub-aria-1.1/#doc-biblioentry
            role = UnitRole.REFERENCE
        elif where.role is UnitRole.CODE and name == "code":
            role = UnitRole.CODE
        if name == "table":
            self.cells.update(cells(element))
        id = element.get("id")
        begins = is_note(element)
        around = () if begins else where.around
        return _Where(
            lang=lang_of(element) or where.lang,
            furniture=where.furniture or name in _FURNITURE or bool(known & _FURNITURE_ROLES),
            header=name == "header" or (where.header and role not in _HEADS),
            hidden=where.hidden or self._concealed(element),
            role=role,
            level=level,
            id=id,
            block=id or where.block,
            note=id if id and begins else where.note,
            scope=scope_of(element) if name in ("td", "th") else where.scope,
            cell=self.cells.get(element, where.cell),
            bibliography=where.bibliography or bool(known & {"doc-bibliography", "bibliography"}),
            around=(*around, _AROUND[name]) if name in _AROUND else around,
            targets=where.targets,
        )

    def _stated(self, element: etree._Element, where: _Where) -> None:
        """What a block's own attributes say."""
        if is_note(element) and element.get("id"):
            back = [link for link in element.iter(etree.Element) if semantics(link) & BACK]
            targets = tuple(fragment_of(link.get("href", "")) for link in back)
            name = element.get("aria-label", "")
            self.document.notes.append(FoundNote(element.get("id", ""), self._at(element), (), targets, name))
        if element.get("id"):
            for numerals in self.styles.numerals.get(element, (None,)):
                number = number_of(element, numerals)
                if number is not None:
                    self._fact("number", element, number)
            if element.get("data-restates") is not None:
                self._fact("restates", element, element.get("data-restates", ""))
            for note in element.get("data-notes", "").split():
                self._fact("target", element, element.get("id", ""), note)
        self._labels(element, where)

    def _labels(self, element: etree._Element, where: _Where) -> None:
        """Words in attributes, that some readers meet: as bubbles, or said in place of what is there."""
        for name in ("title", "aria-label", "aria-description"):
            self._aside(element.get(name), element, where)

    def _page_break(self, element: etree._Element, where: _Where) -> None:
        """Where a printed page begins: its number is none of the words (https://www.w3.org/TR/epub-a11y-11/#pageBreaks)."""
        for text in (told(element), element.get("title", ""), element.get("aria-label", "")):
            if not _PAGE_NUMBER.fullmatch(text):
                self._aside(text, element, where)

    def _aside(self, text: str | None, element: etree._Element, where: _Where) -> None:
        if text and text.strip():
            lang = lang_of(element) or where.lang
            words = Found(UnitRole.PARAGRAPH, text, lang, self._at(element, where), furniture=True, hidden=where.hidden)
            self.document.units.append(words)

    def _fact(self, kind: str, element: etree._Element, value: str, id: str | None = None) -> None:
        self.document.facts.append(Fact(kind, id or element.get("id") or "", value, self._at(element)))

    def _link(self, element: etree._Element, where: _Where) -> None:
        text = told(element) or element.get("aria-label", "")
        known = semantics(element)
        self._labels(element, where)
        self.document.links.append(
            FoundLink(
                text,
                element.get("href", ""),
                self._at(element, where),
                None,
                element.get("id"),
                calls=bool(known & CALLS),
                back=bool(known & BACK),
                unit=where.block,
                furniture=where.apart,
                before="".join(said for said, *_ in self.words) if where.id else None,
            )
        )

    def _picture(self, element: etree._Element, where: _Where) -> None:
        """A picture's alternative; none where it says that it has none on purpose (alt="")."""
        if element.get("src"):
            self._fact("picture", element, element.get("src", ""))
        self._aside(element.get("title"), element, where)
        text = alternative(element)
        if text:
            self._object(UnitRole.ALTERNATIVE, text, element, where)

    def _object(self, role: UnitRole, text: str, element: etree._Element, where: _Where) -> None:
        self._say(" ", where)
        apart = where.apart or bool(semantics(element) & _FURNITURE_ROLES)
        lang = lang_of(element) or where.lang
        place = self._at(element, where)
        self.objects.append(Found(role, text, lang, place, element.get("id"), None, apart, where.hidden, where.note))

    def _flush(self, where: _Where) -> None:
        raw = "".join(text for text, *_ in self.words)
        if raw.strip():
            text = raw.strip("\n") if where.role is UnitRole.CODE else " ".join(raw.split())
            runs = tuple((text, lang) for text, lang, _ in self.words)
            foreign = any(lang != where.lang and words.strip() for words, lang in runs)
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
                    runs if foreign else (),
                )
            )
            if where.id and not where.apart:
                self.document.facts += [
                    Fact(kind, id, value, place) for kind, id, value in self._facts(where.id, where)
                ]
        self.document.units.extend(self.objects)
        self.words.clear()
        self.objects.clear()

    def _facts(self, id: str, where: _Where) -> Iterator[tuple[str, str, str]]:
        """What is to be said of the unit that ends here, by where it stands and what its words are marked for."""
        if where.scope:
            yield "header", id, where.scope
        if where.cell:
            yield "cell", id, where.cell
        if where.around and where.role is not UnitRole.REFERENCE:
            yield "within", id, " ".join(where.around)
        marked: dict[str, str] = {}
        for text, _, notes in self.words:
            for note in notes:
                marked[note] = marked.get(note, "") + text
        for note, text in marked.items():
            yield "target", note, f"{id}: {' '.join(text.split())}"

    def _at(self, element: etree._Element, where: _Where | None = None) -> str:
        id = element.get("id") or (where.block if where else None)
        return f"{self.place}#{id}" if id else self.place
