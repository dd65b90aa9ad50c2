"""What the text, the footnotes and the comments of a Word document say, paragraph by paragraph.

ISO/IEC 29500-1, 17 (WordprocessingML). What the paragraphs are is told by the names of their styles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from hashlib import sha256

from lxml import etree

from publisher.formats.docx.opening_read import Package
from publisher.formats.docx.paragraphs_read import ParagraphReader
from publisher.formats.docx.said_read import Leading, Open, Said, Seen, shown
from publisher.formats.docx.styles_read import Numbering, Styles, W, is_on, val
from publisher.formats.docx.tables_read import over, skipped, spans, through
from publisher.model.artefacts import UnitRole
from publisher.model.extract import Fact, Found, FoundEntry, FoundLink, FoundNote
from publisher.model.findings import InputError
from publisher.strangers.numbers import whole

_ROLES = {
    "title": UnitRole.TITLE,
    "subtitle": UnitRole.SUBTITLE,
    "source code": UnitRole.CODE,
    "html preformatted": UnitRole.CODE,
    "definition term": UnitRole.TERM,
    "bibliography": UnitRole.REFERENCE,
}
_HEADING = re.compile(r"heading ([1-9])$")
_CONTENTS = re.compile(r"toc ([1-9])$")
_DEEPEST = 8
"""The innermost level that a list has (ISO/IEC 29500-1, 17.9.3)."""
_FURNITURE = re.compile(r"(?:edition|toc)\b|header$|footer$")
_STANDS_IN = {
    "quotation": ("quotation",),
    "quote": ("quotation",),
    "intense quote": ("quotation",),
    "block text": ("quotation",),
    "definition": ("list",),
    "definition term": ("list",),
    "figure": ("figure",),
    "figure caption": ("figure", "caption"),
    "image caption": ("figure", "caption"),
    "table caption": ("table", "caption"),
    "list": ("list",),
    "table": ("table",),
}
_DEEPEST = 200
"""How deep tables and controls may stand in each other."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where paragraphs stand: in which part of the package, table, note."""

    part: str
    furniture: bool = False
    note: str | None = None
    tables: int = 0
    cell: str | None = None
    first: bool = False
    heading_row: bool = False
    column_heads: bool | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Told:
    """One paragraph that was read: what it says, what it is, by which id, and where it stands."""

    said: Said
    lang: str
    place: str
    role: UnitRole
    level: int | None
    own: str | None
    base: str
    where: Where


@dataclass
class StoryReader:
    """Collects what is found in one document."""

    package: Package
    document: str
    styles: Styles
    numbering: Numbering
    ids: dict[str, str]
    units: list[Found] = field(default_factory=list)
    links: list[FoundLink] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    notes: dict[str, FoundNote] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    footnotes: dict[str, str] = field(default_factory=dict)
    stories: dict[str, tuple[str, etree._Element]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    called: dict[str, str] = field(default_factory=dict)
    opened: Open = field(default_factory=Open)
    contents: list[FoundEntry] = field(default_factory=list)
    notes_read: set[str] = field(default_factory=set)
    counted: int = 0
    footnotes_counted: int = 0

    def id_of(self, name: str | None) -> str | None:
        """The id that a bookmark's name stands for."""
        if not name:
            return None
        return self.ids.get(name) or name.removeprefix("_")

    # Blocks ----------------------------------------------------------------------------------------------------------

    def blocks(self, parent: etree._Element, where: Where) -> None:
        """Everything in a body, cell, note or control."""
        if where.depth > _DEEPEST:
            raise InputError(f"{self.package.name}: too deeply nested to be read")
        inside = replace(where, depth=where.depth + 1)
        for child in parent:
            match str(child.tag).removeprefix(W):
                case "p":
                    self.paragraph(child, where)
                    where, inside = replace(where, first=False), replace(inside, first=False)
                case "tbl":
                    self.table(child, inside)
                case "sdt":
                    content = child.find(f"{W}sdtContent")
                    if content is not None:
                        self.blocks(content, inside)
                case "ins" | "moveTo" | "customXml" | "smartTag":
                    self.blocks(child, inside)
                case "commentRangeStart":
                    self.opened.comments.append(val(child, "id"))
                case "commentRangeEnd" if val(child, "id") in self.opened.comments:
                    self.opened.comments.remove(val(child, "id"))
                case _:
                    continue

    def table(self, table: etree._Element, where: Where) -> None:
        """A table: its rows, and the cells that reach over several."""
        look = table.find(f"{W}tblPr/{W}tblLook")
        column_heads = val(look, "firstColumn") in ("1", "true", "on")
        rows = list(through(table, "tr"))
        reaching = spans(rows)
        for number, row in enumerate(rows, 1):
            heads = bool(is_on(row.find(f"{W}trPr"), "tblHeader"))
            column = 1 + skipped(row)
            for cell in through(row, "tc"):
                width = over(cell)
                if (down := reaching.get(cell)) is not None:
                    told = f"row {number}, column {column}"
                    told += f", over {down} rows" if down > 1 else ""
                    told += f", over {width} columns" if width > 1 else ""
                    inner = replace(where, tables=where.tables + 1, cell=told, heading_row=heads)
                    self.blocks(cell, replace(inner, column_heads=column_heads if column == 1 else None))
                column += width

    def paragraph(self, paragraph: etree._Element, where: Where) -> None:
        """One paragraph, and what stands in boxes in it."""
        self.counted += 1
        properties = paragraph.find(f"{W}pPr")
        style = val(properties.find(f"{W}pStyle")) if properties is not None else ""
        style = style or self.styles.usual
        name = self.styles.name(style)
        base, *around = name.split(" in ")
        role, level = self._role(style, base)
        code = role is UnitRole.CODE
        in_contents = any(one.name == "TOC" for one in self.opened.fields)
        reader = ParagraphReader(paragraph, self.styles, style, self.opened, code=code)
        said = reader.read()
        furniture = where.furniture or in_contents or bool(_FURNITURE.match(base))
        own = self.id_of(said.own)
        place = f"{where.part}#{own}" if own else f"{where.part} paragraph {self.counted}"
        listed = self._numbered(properties, style, said, place)
        told = _Told(said, reader.lang, place, role, level, own, base, replace(where, furniture=furniture))
        self._words(told)
        if own and not furniture:
            self._facts(told, self._stands_in(base, around, listed, where))
        if not furniture and role not in (UnitRole.TITLE, UnitRole.SUBTITLE):
            self._targets(told)
        self._links(told)
        if found := _CONTENTS.match(base):
            leading = next((link for link in said.links if link.kind == "inside"), None)
            target = f"#{self.id_of(leading.target[1:])}" if leading else place
            self.contents.append(FoundEntry(leading.text if leading else said.text.strip(), target, int(found[1])))
        for box in said.boxes:
            self.blocks(box, replace(where, depth=where.depth + 1))
        for link in said.links:
            if link.kind in ("footnote", "custom", "endnote"):
                self._note_story(link, where)

    def _role(self, style: str, base: str) -> tuple[UnitRole, int | None]:
        if base == "title":
            return UnitRole.TITLE, 1
        if found := _HEADING.match(base):
            return UnitRole.HEADING, int(found[1]) + 1
        if base in _ROLES:
            return _ROLES[base], None
        outline = whole(val(self.styles.found(style, "pPr/outlineLvl")))
        if outline is not None and 0 <= outline < 9:
            return UnitRole.HEADING, outline + 2
        return UnitRole.PARAGRAPH, None

    def _numbered(self, properties: etree._Element | None, style: str, said: Said, place: str) -> int:
        """How many lists a paragraph stands in; its number is told where it has one."""
        own = properties.find(f"{W}numPr") if properties is not None else None
        shape = own if own is not None else self.styles.found(style, "pPr/numPr")
        num = val(shape.find(f"{W}numId")) if shape is not None else ""
        if shape is None or num in ("", "0"):
            return 0
        level = min(max(0, whole(val(shape.find(f"{W}ilvl"))) or 0), _DEEPEST)
        if (number := self.numbering.next(num, level)) is not None:
            id = self.id_of(said.before[-1] if said.before else said.own)
            self.facts.append(Fact("number", id or "", number, place))
        return level + 1

    def _stands_in(self, base: str, around: list[str], listed: int, where: Where) -> str:
        names = ["list"] * listed + ["table"] * where.tables
        for name in (base, *around):
            names += _STANDS_IN.get(name, ())
        return " ".join(sorted(names))

    # What is told of a paragraph -------------------------------------------------------------------------------------

    def _words(self, told: _Told) -> None:
        """The words, and after them what stands among them."""
        said, where = told.said, told.where
        for seen in said.seen:
            if seen.kind == "box":
                id = self.id_of(seen.id)
                one = Found(UnitRole.ALTERNATIVE, seen.text, seen.lang, told.place, id, furniture=where.furniture)
                self.units.append(replace(one, note=where.note))
                self.facts.append(Fact("checked", id or "", "yes" if seen.ticked else "no", told.place))
        hidden = bool(said.text.strip()) and not any(piece.text.strip() for piece in shown(said.pieces))
        pieces = said.pieces if hidden else list(shown(said.pieces))
        raw = "".join(piece.text for piece in pieces)
        if raw.strip():
            text = raw.strip("\n") if told.role is UnitRole.CODE else " ".join(raw.split())
            runs = tuple((piece.text, piece.lang) for piece in pieces)
            foreign = any(one != told.lang and words.strip() for words, one in runs)
            found = Found(told.role, text, told.lang, told.place, told.own, told.level, where.furniture, hidden)
            self.units.append(replace(found, note=where.note, runs=runs if foreign else ()))
        for seen in said.seen:
            self._object(seen, told)
        for link in said.links:
            self._aside(link.title, told.lang, told.place)

    def _object(self, seen: Seen, told: _Told) -> None:
        """A picture or a formula."""
        where = told.where
        if seen.kind == "formula":
            role, id = UnitRole.MATH, self.id_of(seen.id)
        elif seen.kind == "picture":
            role, id = UnitRole.ALTERNATIVE, seen.id
            if seen.media:
                self.facts.append(Fact("picture", id or "", self._digest(seen.media, where.part), told.place))
        else:
            return
        if seen.text:
            one = Found(role, seen.text, seen.lang, told.place, id, furniture=where.furniture)
            self.units.append(replace(one, note=where.note))
        self._aside(seen.title, told.lang, told.place)

    def _aside(self, text: str, lang: str, place: str) -> None:
        """Words in bubbles."""
        if text.strip():
            self.units.append(Found(UnitRole.PARAGRAPH, text, lang, place, furniture=True))

    def _digest(self, media: str, part: str) -> str:
        relation = self.package.relations(self._part(part)).get(media)
        if relation is None or relation.outside or not self.package.holds(relation.target):
            return media
        return sha256(self.package.bytes_of(relation.target)).hexdigest()

    def _part(self, name: str) -> str:
        return self.stories[name][0] if name in self.stories else self.document

    def _facts(self, told: _Told, stands: str) -> None:
        """What is to be said of the paragraph by where it stands and what its words are marked as."""
        found, where = list(told.said.facts), told.where
        if stands and told.role is not UnitRole.REFERENCE:
            found.append(("within", stands))
        if where.cell:
            found.append(("cell", where.cell))
            if where.heading_row:
                found.append(("header", "col"))
            elif where.column_heads or (where.column_heads is None and told.base == "table row heading"):
                found.append(("header", "row"))
        self.facts += [Fact(kind, told.own or "", value, told.place) for kind, value in found]

    def _targets(self, told: _Told) -> None:
        """The words that comments are on; the elements that they are on as a whole."""
        for comment, name in told.said.whole:
            if comment in self.comments:
                self.facts.append(Fact("target", self.comments[comment], self.id_of(name) or "", told.place))
        marked: dict[str, str] = {}
        for piece in told.said.pieces:
            for comment in piece.comments:
                if comment in self.comments and comment not in self.opened.whole:
                    marked[comment] = marked.get(comment, "") + piece.text
        for comment, text in marked.items():
            if words := " ".join(text.split()):
                self.facts.append(Fact("target", self.comments[comment], f"{told.own}: {words}", told.place))

    def _links(self, told: _Told) -> None:
        where = told.where
        for link in told.said.links:
            made = self._link(link, told.own, told.place, where)
            self.links.append(replace(made, furniture=where.furniture))

    def _link(self, link: Leading, own: str | None, place: str, where: Where) -> FoundLink:
        id, calls, text, target = self.id_of(link.id), False, link.text, link.target
        resolves: bool | None = None
        match link.kind:
            case "comment":
                calls, target = True, f"#{self.comments.get(link.target, link.target)}"
                resolves = link.target in self.comments
            case "footnote" | "custom" | "endnote":
                calls, target = True, f"#{self.footnotes.get(link.target, link.target)}"
                resolves = link.target in self.footnotes
                if not text:
                    self.footnotes_counted += 1
                    text = str(self.footnotes_counted)
                self.called[link.id or ""] = link.target
            case "again":
                calls = True
                target = f"#{self.footnotes.get(self.called.get(link.target, ''), link.target)}"
                resolves = link.target in self.called
            case "inside":
                resolves, target = target[1:] in self.known, f"#{self.id_of(target[1:])}"
            case "outside":
                target = self._address(target, where)
            case _:
                pass
        if calls and id:
            note = target[1:]
            self.notes[note] = _called(self.notes.get(note) or FoundNote(note, place), id)
        return FoundLink(text, target, place, resolves, id, calls, unit=own, before=link.before)

    def _address(self, target: str, where: Where) -> str:
        id, _, anchor = target.partition("\n")
        relation = self.package.relations(self._part(where.part)).get(id)
        return (relation.target if relation else id) + (f"#{anchor}" if anchor else "")

    # Notes -----------------------------------------------------------------------------------------------------------

    def _note_story(self, link: Leading, where: Where) -> None:
        """A footnote, where it is called for the first time."""
        kind = "endnotes" if link.kind == "endnote" else "footnotes"
        if link.target not in self.footnotes or kind not in self.stories:
            return
        id = self.footnotes[link.target]
        if id in self.notes_read:
            return
        self.notes_read.add(id)
        body = next((one for one in self.stories[kind][1] if val(one, "id") == link.target), None)
        if body is not None:
            before, self.opened = self.opened, Open()
            self.blocks(body, Where(kind, note=id, depth=where.depth + 1))
            self.opened = before


def _called(note: FoundNote, call: str) -> FoundNote:
    """Word itself leads from a footnote and a comment back to where they hang."""
    return replace(note, calls=(*note.calls, call), backlinks=(*note.backlinks, call))
