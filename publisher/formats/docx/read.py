"""Reads a Word document as Word would show it: text, footnotes, comments, and what they say of themselves.

ISO/IEC 29500-1, 17 (WordprocessingML). What the paragraphs are is told by the names of their styles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from lxml import etree

from publisher.formats.docx.opening_read import Package, open_package
from publisher.formats.docx.paragraphs_read import Leading, Open, ParagraphReader, Said, shown
from publisher.formats.docx.styles_read import Numbering, Styles, W, is_on, val
from publisher.model.artefacts import UnitRole
from publisher.model.extract import Evidence, Extract, Fact, Found, FoundLink, FoundNote
from publisher.model.findings import InputError

TELLS = frozenset("cell checked expansion header layout line number picture script signed struck target within".split())
"""What Word's format can tell beside words."""

_ROLES = {
    "title": UnitRole.TITLE,
    "subtitle": UnitRole.SUBTITLE,
    "source code": UnitRole.CODE,
    "html preformatted": UnitRole.CODE,
    "definition term": UnitRole.TERM,
    "bibliography": UnitRole.REFERENCE,
}
_HEADING = re.compile(r"heading ([1-9])$")
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
_NAMES = "{urn:concordant-publisher:bookmarks}bookmark"
_DEEPEST = 200
"""How deep tables and controls may stand in each other."""


@dataclass(frozen=True, slots=True)
class _Where:
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


@dataclass
class _Reader:
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
    counted: int = 0
    footnotes_counted: int = 0
    kept: str | None = None
    """The note that stands in the text itself, whose paragraphs are being read."""

    def id_of(self, name: str | None) -> str | None:
        """The id that a bookmark's name stands for."""
        if not name:
            return None
        return self.ids.get(name) or name.removeprefix("_")

    # Blocks ----------------------------------------------------------------------------------------------------------

    def blocks(self, parent: etree._Element, where: _Where) -> None:
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

    def table(self, table: etree._Element, where: _Where) -> None:
        """A table: its rows, and the cells that reach over several."""
        look = table.find(f"{W}tblPr/{W}tblLook")
        column_heads = val(look, "firstColumn") in ("1", "true", "on")
        rows = list(_through(table, "tr"))
        spans = _spans(rows)
        for number, row in enumerate(rows, 1):
            heads = bool(is_on(row.find(f"{W}trPr"), "tblHeader"))
            column = 1 + _skipped(row)
            for cell in _through(row, "tc"):
                over = _over(cell)
                if (down := spans.get(cell)) is not None:
                    told = f"row {number}, column {column}"
                    told += f", over {down} rows" if down > 1 else ""
                    told += f", over {over} columns" if over > 1 else ""
                    inner = replace(where, tables=where.tables + 1, cell=told, heading_row=heads)
                    self.blocks(cell, replace(inner, column_heads=column_heads if column == 1 else None))
                column += over

    def paragraph(self, paragraph: etree._Element, where: _Where) -> None:
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
        where = self._in_note(said, where, base, furniture=furniture)
        own = self.id_of(said.own)
        place = f"{where.part}#{own}" if own else f"{where.part} paragraph {self.counted}"
        listed = self._numbered(properties, style, said, place)
        self._words(said, reader.lang, place, role, level, own, replace(where, furniture=furniture), code=code)
        if own and not furniture:
            stands = self._stands_in(base, around, listed, where)
            self._facts(said, own, place, role, stands, where, base)
        self._targets(said, own, place, role, furniture=furniture)
        self._links(said, own, place, where, furniture=furniture)
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
        outline = val(self.styles.found((style,), "pPr/outlineLvl"))
        if outline.isdigit() and int(outline) < 9:
            return UnitRole.HEADING, int(outline) + 2
        return UnitRole.PARAGRAPH, None

    def _in_note(self, said: Said, where: _Where, base: str, *, furniture: bool) -> _Where:
        """Which note a paragraph of the text itself is of: those that Word has no room for elsewhere stand there."""
        if where.note or where.part != "document":
            return where
        if base == "footnote text":
            if said.before:
                self.kept = self.id_of(said.before[0])
                self.notes[self.kept or ""] = FoundNote(self.kept or "", f"{where.part}#{self.kept}")
        elif not (self.kept and furniture):
            self.kept = None
        return replace(where, note=self.kept)

    def _numbered(self, properties: etree._Element | None, style: str, said: Said, place: str) -> int:
        """How many lists a paragraph stands in; its number is told where it has one."""
        own = properties.find(f"{W}numPr") if properties is not None else None
        shape = own if own is not None else self.styles.found((style,), "pPr/numPr")
        num = val(shape.find(f"{W}numId")) if shape is not None else ""
        if shape is None or num in ("", "0"):
            return 0
        told = val(shape.find(f"{W}ilvl")) or "0"
        level = int(told) if told.isdigit() else 0
        if (number := self.numbering.next(num, level)) is not None:
            id = self.id_of(said.before[-1] if said.before else said.own)
            self.facts.append(Fact("number", id or "", number, place))
        return level + 1

    def _stands_in(self, base: str, around: list[str], listed: int, where: _Where) -> str:
        names = ["list"] * listed + ["table"] * where.tables
        for name in (base, *around):
            names += _STANDS_IN.get(name, ())
        return " ".join(sorted(names))

    # What is told of a paragraph -------------------------------------------------------------------------------------

    def _words(
        self,
        said: Said,
        lang: str,
        place: str,
        role: UnitRole,
        level: int | None,
        own: str | None,
        where: _Where,
        *,
        code: bool,
    ) -> None:
        for seen in said.seen:
            if seen.kind == "box":
                id = self.id_of(seen.id)
                self.units.append(Found(UnitRole.ALTERNATIVE, seen.text, seen.lang, place, id, None, where.furniture))
                self.facts.append(Fact("checked", id or "", "yes" if seen.ticked else "no", place))
        hidden = bool(said.text.strip()) and not any(piece.text.strip() for piece in shown(said.pieces))
        pieces = said.pieces if hidden else list(shown(said.pieces))
        raw = "".join(piece.text for piece in pieces)
        if raw.strip():
            text = raw.strip("\n") if code else " ".join(raw.split())
            runs = tuple((piece.text, piece.lang) for piece in pieces)
            foreign = any(one != lang and words.strip() for words, one in runs)
            found = Found(role, text, lang, place, own, level, where.furniture, hidden, where.note)
            self.units.append(replace(found, runs=runs) if foreign else found)
        for seen in said.seen:
            if seen.kind == "formula":
                role, id = UnitRole.MATH, self.id_of(seen.id)
            elif seen.kind == "picture":
                role, id = UnitRole.ALTERNATIVE, seen.id
                if seen.media:
                    self.facts.append(Fact("picture", id or "", self._digest(seen.media, where.part), place))
            else:
                continue
            if seen.text:
                one = Found(role, seen.text, seen.lang, place, id, None, where.furniture, False, where.note)
                self.units.append(one)
            self._aside(seen.title, lang, place)
        for link in said.links:
            self._aside(link.title, lang, place)

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

    def _facts(self, said: Said, own: str, place: str, role: UnitRole, stands: str, where: _Where, base: str) -> None:
        found = [(kind, value) for kind, value in said.facts]
        if stands and role is not UnitRole.REFERENCE:
            found.append(("within", stands))
        if where.cell:
            found.append(("cell", where.cell))
            if where.heading_row:
                found.append(("header", "col"))
            elif where.column_heads or (where.column_heads is None and base == "table row heading"):
                found.append(("header", "row"))
        self.facts += [Fact(kind, own, value, place) for kind, value in found]

    def _targets(self, said: Said, own: str | None, place: str, role: UnitRole, *, furniture: bool) -> None:
        """The words that comments are on; the elements that they are on as a whole."""
        if furniture or role in (UnitRole.TITLE, UnitRole.SUBTITLE):
            return
        for comment, name in said.whole:
            if comment in self.comments:
                self.facts.append(Fact("target", self.comments[comment], self.id_of(name) or "", place))
        marked: dict[str, str] = {}
        for piece in said.pieces:
            for comment in piece.comments:
                if comment in self.comments and comment not in self.opened.whole:
                    marked[comment] = marked.get(comment, "") + piece.text
        for comment, text in marked.items():
            if text.strip():
                self.facts.append(Fact("target", self.comments[comment], f"{own}: {' '.join(text.split())}", place))

    def _links(self, said: Said, own: str | None, place: str, where: _Where, *, furniture: bool) -> None:
        for link in said.links:
            made = self._link(link, own, place, where)
            if where.note and where.part == "document" and furniture and made.target.startswith("#"):
                made = replace(made, back=True)
                note = self.notes[where.note]
                self.notes[where.note] = replace(note, backlinks=(*note.backlinks, made.target[1:]))
            self.links.append(replace(made, furniture=furniture))

    def _link(self, link: Leading, own: str | None, place: str, where: _Where) -> FoundLink:
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
            case "call":
                calls, target, resolves = True, f"#{self.id_of(target[1:])}", target[1:] in self.known
            case "inside":
                resolves, target = target[1:] in self.known, f"#{self.id_of(target[1:])}"
            case "outside":
                target = self._address(target, where)
            case _:
                pass
        if calls and id:
            note = target[1:]
            self.notes[note] = _called(self.notes.get(note) or FoundNote(note, place), id, built_in=link.kind != "call")
        return FoundLink(text, target, place, resolves, id, calls, unit=own, before=link.before)

    def _address(self, target: str, where: _Where) -> str:
        id, _, anchor = target.partition("\n")
        relation = self.package.relations(self._part(where.part)).get(id)
        return (relation.target if relation else id) + (f"#{anchor}" if anchor else "")

    # Notes -----------------------------------------------------------------------------------------------------------

    def _note_story(self, link: Leading, where: _Where) -> None:
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
            self.blocks(body, _Where(kind, note=id, depth=where.depth + 1))
            self.opened = before

    notes_read: set[str] = field(default_factory=set)


def _called(note: FoundNote, call: str, *, built_in: bool) -> FoundNote:
    """Word itself leads from a footnote and a comment back to where they hang."""
    backlinks = (*note.backlinks, call) if built_in else note.backlinks
    return replace(note, calls=(*note.calls, call), backlinks=backlinks)


def _through(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows or cells of a table, those in controls too."""
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _through(child, name)


def _over(cell: etree._Element) -> int:
    told = val(cell.find(f"{W}tcPr/{W}gridSpan"))
    return min(int(told), 1000) if told.isdigit() and int(told) > 0 else 1


def _skipped(row: etree._Element) -> int:
    told = val(row.find(f"{W}trPr/{W}gridBefore"))
    return min(int(told), 1000) if told.isdigit() else 0


def _spans(rows: list[etree._Element]) -> dict[etree._Element, int]:
    """How many rows each cell reaches over; those that only go on one above are left out."""
    found: dict[etree._Element, int] = {}
    above: dict[int, etree._Element] = {}
    for row in rows:
        column, now = _skipped(row), {}
        for cell in _through(row, "tc"):
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merge is not None and val(merge) in ("", "continue") and column in above
            if goes_on:
                now[column] = above[column]
                found[above[column]] += 1
            else:
                found[cell] = 1
                if merge is not None:
                    now[column] = cell
            column += _over(cell)
        above = now
    return found


# The document --------------------------------------------------------------------------------------------------------


def read(path: Path) -> Extract:
    """Everything in a Word document. Raises InputError where it is none."""
    package = open_package(path)
    with package.archive:
        try:
            return _read(package)
        except RecursionError as problem:
            raise InputError(f"{path.name}: too deeply nested to be read") from problem


def _read(package: Package) -> Extract:
    document = next(iter(package.related("", "officeDocument")), None)
    if document is None:
        raise InputError(f"{package.name}: it names no document; build it again")
    body = package.xml(document).find(f"{W}body")
    if body is None:
        raise InputError(f"{package.name}: {document} is no text of Word's; build it again")
    reader = _Reader(
        package,
        document,
        Styles(_first(package, document, "styles")),
        Numbering(_first(package, document, "numbering")),
        dict(_ids(package, document)),
    )
    for kind in ("footnotes", "endnotes", "comments"):
        if there := package.related(document, kind):
            reader.stories[kind] = (there[0], package.xml(there[0]))
    everything = [body, *(root for _, root in reader.stories.values())]
    reader.known = {val(mark, "name") for root in everything for mark in root.iter(f"{W}bookmarkStart")}
    for kind in ("footnotes", "endnotes"):
        reader.footnotes |= dict(_notes(reader, kind))
    reader.comments = dict(_notes(reader, "comments"))
    reader.blocks(body, _Where("document"))
    _comments(reader)
    for kind in ("header", "footer"):
        for part in package.related(document, kind):
            reader.stories[part] = (part, package.xml(part))
            reader.blocks(reader.stories[part][1], _Where(part, furniture=True))
    return Extract(
        "docx",
        package.name,
        Evidence.EXTRACTED,
        _metadata(package),
        tuple(reader.units),
        tuple(reader.links),
        tuple(reader.notes.values()),
        facts=tuple(reader.facts),
        tells=TELLS,
    )


def _first(package: Package, document: str, kind: str) -> etree._Element | None:
    there = package.related(document, kind)
    return package.xml(there[0]) if there else None


def _ids(package: Package, document: str) -> Iterator[tuple[str, str]]:
    """The ids that names of bookmarks stand for, where the names could not be those."""
    for part in package.related(document, "customXml"):
        for one in package.xml(part).iter(_NAMES):
            yield one.get("name", ""), one.get("id", "")


def _notes(reader: _Reader, kind: str) -> Iterator[tuple[str, str]]:
    """By Word's own number, the id of each footnote or comment: the first place in it, else its number."""
    if kind in reader.stories:
        for note in reader.stories[kind][1]:
            number, name = val(note, "id"), next((val(one, "name") for one in note.iter(f"{W}bookmarkStart")), "")
            if val(note, "type") in ("", "normal"):
                yield number, reader.id_of(name) or f"{kind}-{number}"


def _comments(reader: _Reader) -> None:
    """The comments, each with who signs it and when."""
    if "comments" not in reader.stories:
        return
    for comment in reader.stories["comments"][1].iterfind(f"{W}comment"):
        id = reader.comments[val(comment, "id")]
        signed = ", ".join(part for part in (val(comment, "author"), val(comment, "date")[:10]) if part)
        reader.facts.append(Fact("signed", id, signed, f"comments#{id}"))
        reader.opened = Open()
        reader.blocks(comment, _Where("comments", note=id))


def _metadata(package: Package) -> dict[str, tuple[str, ...]]:
    """What the document says of itself, under the names that all formats share."""
    found: dict[str, tuple[str, ...]] = {}
    for part in package.related("", "core-properties"):
        names = {"keywords": "subject", "created": "date"}
        for one in package.xml(part).iter(etree.Element):
            name, text = etree.QName(one).localname, " ".join((one.text or "").split())
            if text and name in ("title", "creator", "language", "identifier", "description", *names):
                several = name in ("creator", "keywords")
                values = (
                    [value.strip() for value in text.split(";")]
                    if several
                    else [text[:10] if name == "created" else text]
                )
                found[names.get(name, name)] = tuple(value for value in values if value)
    for part in package.related("", "extended-properties"):
        company = " ".join((package.xml(part).findtext("{*}Company") or "").split())
        found |= {"publisher": (company,)} if company else {}
    for part in package.related("", "custom-properties"):
        for one in package.xml(part).iterfind("{*}property"):
            text = " ".join("".join(map(str, one.itertext())).split())
            if one.get("name") == "Rights":
                found["rights"] = (text,)
            elif one.get("name") == "Contributors":
                found["contributor"] = tuple(value.strip() for value in text.split(";"))
    return found
