"""From a PDF's structure tree and the words of its marked content to units, links and notes, in reading order.

What a type means is ISO 32000-1, 14.8.4. Beyond the standard types, the names that producers give their own types are
heeded where they say more: a title, a header, code. Calls of notes and ways back are links, not words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from publisher.formats.pdf.reading_glyphs import shows
from publisher.formats.pdf.reading_lines import Manner, join, manner_of, paragraphs
from publisher.formats.pdf.reading_scripts import signs_of
from publisher.formats.pdf.reading_text import ANOTHER_LINE, PageText, Piece
from publisher.formats.pdf.reading_tree import Area, Content, Node, Place
from publisher.formats.pdf.reading_types import (
    FURNITURE,
    HEADS,
    LINES,
    MARKER,
    NOTES,
    NUMERALS,
    OWN_FURNITURE,
    OWN_HEADERS,
    SILENT,
    cells,
    entries_of,
    role_of,
    runs_in,
    scope_of,
    value_of_numerals,
)
from publisher.model.artefacts import UnitRole
from publisher.model.extract import Fact, Found, FoundLink, FoundNote


@dataclass(frozen=True, slots=True)
class _Where:
    """What the elements around a place say of it. In a header all but the headings is furniture."""

    lang: str
    furniture: bool = False
    header: bool = False
    role: UnitRole = UnitRole.PARAGRAPH
    level: int | None = None
    id: str | None = None
    block: str | None = None
    note: str | None = None
    depth: int = 0
    numbering: str | None = None
    scope: str | None = None
    cell: str | None = None

    @property
    def apart(self) -> bool:
        return self.furniture or self.header


@dataclass(slots=True)
class _Words:
    """Words before it is known how the document writes its lines' ends."""

    pieces: list[Piece] = field(default_factory=list)
    langs: list[str] = field(default_factory=list)

    def say(self, pieces: Iterable[Piece], lang: str) -> None:
        for piece in pieces:
            self.pieces.append(piece)
            self.langs.append(piece.lang or lang)


@dataclass(slots=True)
class Draft:
    """A unit, a link or an expansion whose words are not joined yet; `before` are those before a call in its block."""

    made: Found | FoundLink | Fact
    words: _Words | None = None
    before: tuple[Piece, ...] | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a tagged document holds."""

    units: tuple[Found, ...]
    links: tuple[FoundLink, ...]
    notes: tuple[FoundNote, ...]
    facts: tuple[Fact, ...]


def read_units(
    tree: Node,
    pages: Sequence[PageText],
    labels: Sequence[str],
    places: Mapping[str, Place],
    lang: str,
    *,
    spaced: bool = False,
) -> Tagged:
    """Everything under the structure tree. `labels` are the pages' labels, `places` the named destinations, `lang` the
    language of the whole document; `spaced` where it is known to hold the spaces at its lines' ends."""
    walker = _Walker(pages, labels, _marks(tree), places)
    walker.block(tree, _Where(lang))
    walker.strays()
    walker.seen_alone()
    blocks = [draft.words.pieces for draft in walker.drafts if draft.words is not None]
    manner = manner_of(blocks, spaced=spaced)
    finished = [_finish(draft, manner) for draft in walker.drafts]
    links = tuple(one for one in finished if isinstance(one, FoundLink))
    units = tuple(one for one in finished if isinstance(one, Found) and one.text.strip())
    notes = tuple(
        replace(note, calls=tuple(link.id or "" for link in links if link.calls and link.target == f"#{note.id}"))
        for note in walker.notes
    )
    told = (fact for draft, one in zip(walker.drafts, finished, strict=True) for fact in _scripts(draft, one, manner))
    facts = (*(one for one in finished if isinstance(one, Fact)), *told)
    return Tagged(units, links, notes, facts)


def read_untagged(
    pages: Sequence[PageText], labels: Sequence[str], lang: str, *, spaced: bool = False
) -> tuple[Found, ...]:
    """The words of a document without tags: stretches that look like paragraphs, in the order in which they are
    painted. What they are, headings or words of a running head, nobody can tell."""
    blocks = [block for page in pages for block in paragraphs(_all(page))]
    manner = manner_of(blocks, spaced=spaced)
    drafts = [
        Draft(Found(UnitRole.PARAGRAPH, "", lang, labels[block[0].page]), _Words(block, [lang] * len(block)))
        for block in blocks
    ]
    units = [_finish(draft, manner) for draft in drafts]
    return tuple(unit for unit in units if isinstance(unit, Found) and unit.text)


def _all(page: PageText) -> list[Piece]:
    pieces = [*page.loose, *(piece for marked in page.marked.values() for piece in marked)]
    return sorted(pieces, key=lambda piece: piece.first)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What must be known before the words are gone through: the notes' ids, the calls' ids with the note that each
    calls, and every element with an id with its pages."""

    notes: frozenset[str]
    calls: Mapping[str, str]
    pages: Mapping[str, frozenset[int]]
    elements: Mapping[str, Node]


def _marks(tree: Node) -> _Marks:
    identified = {node.id: node for node in tree.walk() if node.id}
    notes = frozenset(id for id, node in identified.items() if node.role in NOTES)
    calls: dict[str, str] = {}
    for reference in tree.walk():
        if reference.role == "Reference":
            for link in reference.walk():
                target = _target(link)
                if target[1:] in notes and (link.id or reference.id):
                    calls[link.id or reference.id or ""] = target[1:]
    return _Marks(notes, calls, {id: frozenset(node.pages()) for id, node in identified.items()}, identified)


def _numbering(node: Node, around: _Where) -> str | None:
    """How the list around a place numbers its items: empty where it does not say, None where no list is nearer than a
    note."""
    if node.role in NOTES:
        return None
    return (node.numbering or "") if node.role == "L" else around.numbering


def _areas(node: Node) -> list[Area]:
    return [kid for kid in node.kids if isinstance(kid, Area)]


def _target(node: Node) -> str:
    return next((area.target for area in _areas(node) if area.target), "")


class _Walker:
    """Walks the tree once; words run on until a block begins or ends."""

    def __init__(
        self,
        pages: Sequence[PageText],
        labels: Sequence[str],
        marks: _Marks,
        places: Mapping[str, Place],
    ) -> None:
        self.pages = pages
        self.labels = labels
        self.marks = marks
        self.places = places
        self.drafts: list[Draft] = []
        self.notes: list[FoundNote] = []
        self.words = _Words()
        self.objects: list[Draft] = []
        self.read: set[Content] = set()
        self.page = 0
        self.links: list[_Words] = []
        self.cells: dict[int, str] = {}
        self.landings: dict[str, bool] = {}
        self.references = 0

    # Blocks

    def block(self, node: Node, around: _Where) -> None:
        """A block: its words and the blocks inside it. A note inside a paragraph follows it."""
        if node.role in SILENT:
            return
        where = self._entering(node, around)
        if node.page is not None:
            self.page = node.page
        self._note(node)
        if node.actual is not None:
            self._say_instead(node, where)
            self._flush(where)
            return
        if node.role in ("Figure", "Formula", "Form") and node.alternative:
            self._flush(where)
            self._object(node, where)
            self._flush(where)
            self._captions(node, where)
            return
        if node.role == "Lbl":
            self._label(node, where)
            return
        if node.role == "LI":
            self._number(node, where)
        after: list[Node] = []
        # Of several references that are all of a paragraph each is a block of its own.
        lines = node.role in LINES and len(entries_of(node)) < 2
        for kid in node.kids:
            if isinstance(kid, Content):
                self._say(kid, where)
            elif isinstance(kid, Node):
                if runs_in(kid, among_words=lines):
                    self.inline(kid, where)
                elif kid.role in NOTES and lines:
                    after.append(kid)
                else:
                    self._flush(where)
                    self.block(kid, where)
                    # What follows an inner block is not the element's own first words.
                    where = replace(where, id=None) if where.id else where
        self._flush(where)
        for kid in after:
            self.block(kid, where)

    def _entering(self, node: Node, around: _Where) -> _Where:
        own = node.name.lower().replace("-", "").replace("_", "").replace(" ", "")
        depth = around.depth + (node.role == "Sect")
        role, level = role_of(node, own, depth)
        entries = entries_of(node)
        if len(entries) == 1:
            role = UnitRole.REFERENCE
        elif around.role is UnitRole.CODE and role is UnitRole.PARAGRAPH:
            role = around.role
        known = node.id or (entries[0].id if len(entries) == 1 else None)
        if node.role == "Table":
            self.cells.update((id(cell), at) for cell, at in cells(node))
        header = own in OWN_HEADERS or (around.header and role not in HEADS)
        return _Where(
            lang=node.lang or around.lang,
            furniture=around.furniture or node.role in FURNITURE or own in OWN_FURNITURE,
            header=header,
            role=role,
            level=level,
            id=known,
            block=known or around.block,
            note=(node.id or around.note) if node.role in NOTES else around.note,
            depth=depth,
            numbering=_numbering(node, around),
            scope=scope_of(node, around.scope),
            cell=None if node.role in NOTES else self.cells.get(id(node), around.cell),
        )

    def _note(self, node: Node) -> None:
        if node.role not in NOTES or not node.id:
            return
        targets = [_target(inner)[1:] for inner in node.walk() if inner.role == "Link"]
        back = tuple(dict.fromkeys(target for target in targets if self.marks.calls.get(target) == node.id))
        self.notes.append(FoundNote(node.id, self._at(node), backlinks=back))

    def _label(self, node: Node, where: _Where) -> None:
        """A label: a term's words are words; what numbers or marks an item or a note is not."""
        if node.alternative:
            self._object(node, where)
            return
        text = "".join(piece.text for piece in self._pieces(node))
        of_note = where.note is not None and where.numbering is None
        described = not of_note and where.numbering in ("None", "Description", "", None)
        bare = not where.numbering and MARKER.fullmatch(text)
        if described and not bare and any(letter.isalpha() for letter in text):
            where = replace(where, role=UnitRole.TERM)
            for kid in node.kids:
                if isinstance(kid, Content):
                    self._say(kid, where)
                elif isinstance(kid, Node):
                    self.inline(kid, where)
            self._flush(where)
        else:
            if of_note and text.strip():
                role, at = UnitRole.PARAGRAPH, self._at(node)
                self.drafts.append(Draft(Found(role, text.strip(), where.lang, at, furniture=True, note=where.note)))
            self._pass_over(node)

    def _number(self, item: Node, where: _Where) -> None:
        """The number that an item is labelled with."""
        numerals = NUMERALS.get(where.numbering or "")
        label = next((kid for kid in item.kids if isinstance(kid, Node) and kid.role == "Lbl"), None)
        if numerals and label is not None and item.id:
            said = "".join(piece.text for piece in self._pieces(label)).strip(" .)(:\u200e\u200f")
            number = value_of_numerals(said, numerals)
            told = f"{numerals} {said if number is None else number}"
            self.drafts.append(Draft(Fact("number", item.id, told, self._at(item))))

    def _captions(self, node: Node, where: _Where) -> None:
        """The blocks inside a picture whose alternative stands for all else in it."""
        for kid in node.kids:
            if isinstance(kid, Node) and not runs_in(kid, among_words=False):
                self.block(kid, where)
            elif isinstance(kid, Node):
                self._pass_over(kid)
            elif isinstance(kid, Content):
                self.read.add(kid)

    # Words

    def inline(self, node: Node, around: _Where) -> None:
        """An element among words."""
        if node.role in SILENT:
            self._pass_over(node)
            return
        where = replace(around, lang=node.lang) if node.lang and node.lang != around.lang else around
        if node.page is not None:
            self.page = node.page
        if node.actual is not None:
            self._say_instead(node, where)
        elif node.role in ("Figure", "Formula", "Form") and node.alternative:
            self._object(node, where)
            self._pass_over(node)
        elif node.role == "Link":
            self._link(node, where)
        elif node.expansion:
            self._expanded(node, where)
        else:
            self.references += node.role == "Reference"
            for kid in node.kids:
                if isinstance(kid, Content):
                    self._say(kid, where)
                elif isinstance(kid, Node):
                    self.inline(kid, where)
            self.references -= node.role == "Reference"

    def _expanded(self, node: Node, where: _Where) -> None:
        """An abbreviation, with what it stands for."""
        own = _Words()
        self.links.append(own)
        self.inline(replace(node, expansion=None), where)
        self.links.pop()
        self.drafts.append(Draft(Fact("expansion", where.block or "", node.expansion or "", self._at(node)), own))

    def _say(self, content: Content, where: _Where) -> None:
        self.page = content.page
        self.read.add(content)
        pieces = self.pages[content.page].marked.get(content.mark, ())
        for words in (self.words, *self.links):
            words.say(pieces, where.lang)

    def _say_instead(self, node: Node, where: _Where) -> None:
        """What an element's ActualText says in place of what is painted."""
        instead = Piece(node.actual or "", self.page, 0, 0)
        found = next(iter(self._pieces(node)), None)
        if found is not None:
            instead = replace(found, text=instead.text, lang=None)
        shown = "".join(piece.text for piece in self._pieces(node))
        if not shows(shown, instead.text):
            self.drafts.append(Draft(otherwise(shown, instead.text, self._at(node))))
        self._pass_over(node)
        for words in (self.words, *self.links):
            words.say([instead], where.lang)

    def _pieces(self, node: Node) -> Iterable[Piece]:
        for kid in node.kids:
            if isinstance(kid, Content):
                yield from self.pages[kid.page].marked.get(kid.mark, ())
            elif isinstance(kid, Node):
                yield from self._pieces(kid)

    def _pass_over(self, node: Node) -> None:
        for inner in node.walk():
            self.read.update(kid for kid in inner.kids if isinstance(kid, Content))

    def _link(self, node: Node, where: _Where) -> None:
        """A link; its words are words too, unless it calls a note or leads back from one. One whose areas lead to
        different places has all of them for a target."""
        areas = _areas(node)
        target = _target(node)
        calls = self.references > 0 and target[1:] in self.marks.notes
        back = where.note is not None and self.marks.calls.get(target[1:]) == where.note
        own = _Words()
        outer = self.words
        before = tuple(outer.pieces) if calls and where.id else None
        if calls or back:
            self.words = _Words()
        self.links.append(own)
        for kid in node.kids:
            if isinstance(kid, Content):
                self._say(kid, where)
            elif isinstance(kid, Node):
                self.inline(kid, where)
        self.links.pop()
        self.words = outer
        if (calls or back) and own.pieces and own.pieces[-1].text.endswith(" "):
            # The space that a line's end took stands after a call, but belongs to the words around it.
            self.words.say([replace(own.pieces[-1], text=" ")], where.lang)
        page = next((area.page for area in areas if area.page is not None), self.page)
        leads = list(dict.fromkeys(replace(area, page=None) for area in areas)) or [Area(None, "")]
        known = [self._resolves(area) for area in leads]
        found = FoundLink(
            "",
            " ".join(area.target for area in leads),
            self.labels[page],
            False if False in known else known[0],
            node.id,
            calls=calls,
            back=back,
            unit=where.block,
            furniture=where.apart,
        )
        self.drafts.append(Draft(found, own, before))

    def _resolves(self, area: Area) -> bool | None:
        """Whether a place inside the document is there, and where the element is that its name names."""
        target = area.target
        if area.structural:
            return target[1:] in self.marks.pages
        if target and not target.startswith("#"):
            return None
        if target.startswith("#page="):
            return True
        name = target[1:]
        place = self.places.get(name)
        if place is None or place.page is None:
            return False
        pages = self.marks.pages.get(name)
        if not pages:
            return True
        if name not in self.landings:
            self.landings[name] = place.page in pages and self._lands(self.marks.elements[name], place)
        return self.landings[name]

    def _lands(self, node: Node, place: Place) -> bool:
        """Whether a place on a page is where an element begins there: not below its highest words (those of a table,
        not of its caption), and with no others between."""
        inner = [kid for kid in node.kids if not (isinstance(kid, Node) and kid.role == "Caption")]
        held = [*self._pieces(replace(node, kids=inner))] or [*self._pieces(node)]
        words = [piece for piece in held if piece.page == place.page and piece.text.strip()]
        if place.height is None or place.page is None or not words:
            return True
        highest = max(words, key=lambda piece: piece.baseline)
        if place.height < highest.baseline:
            return False
        page, own = self.pages[place.page], {id(piece) for piece in self._pieces(node)}
        others = (piece for pieces in (page.loose, *page.marked.values()) for piece in pieces if piece.text.strip())
        least = highest.baseline + ANOTHER_LINE * highest.size
        return not any(
            least < piece.baseline < place.height - ANOTHER_LINE * piece.size
            for piece in others
            if id(piece) not in own
        )

    def _object(self, node: Node, where: _Where) -> None:
        role = UnitRole.MATH if node.role == "Formula" else UnitRole.ALTERNATIVE
        for words in (self.words, *self.links):
            words.say([Piece(" ", self.page, 0, 0)], where.lang)
        lang = node.lang or where.lang
        found = Found(role, node.alternative or "", lang, self._at(node), node.id, None, where.apart, False, where.note)
        self.objects.append(Draft(found))
        self._pass_over_content(node)

    def _pass_over_content(self, node: Node) -> None:
        self.read.update(kid for kid in node.kids if isinstance(kid, Content))

    def _flush(self, where: _Where) -> None:
        if any(piece.text.strip() for piece in self.words.pieces):
            found = Found(
                where.role,
                "",
                where.lang,
                self.labels[next(piece.page for piece in self.words.pieces if piece.text.strip())],
                where.id,
                where.level,
                where.apart,
                False,
                where.note,
            )
            self.drafts.append(Draft(found, self.words))
            if where.scope and where.id:
                self.drafts.append(Draft(Fact("header", where.id, where.scope, found.place)))
            if where.cell and where.id:
                self.drafts.append(Draft(Fact("cell", where.id, where.cell, found.place)))
        self.drafts.extend(self.objects)
        self.words = _Words()
        self.objects = []

    def _at(self, node: Node) -> str:
        return self.labels[next(node.pages(), self.page)]

    def strays(self) -> None:
        """Words that a page shows, that are no artifact, and that the tree leaves out: a screen reader never says
        them."""
        for number, page in enumerate(self.pages):
            stray = list(page.loose)
            for mark, pieces in page.marked.items():
                if Content(number, mark) not in self.read:
                    stray.extend(pieces)
            for block in paragraphs(sorted(stray, key=lambda piece: piece.first)):
                found = Found(UnitRole.PARAGRAPH, "", "", self.labels[number], hidden=True)
                self.drafts.append(Draft(found, _Words(block, [""] * len(block))))

    def seen_alone(self) -> None:
        """What pages show to eyes alone."""
        for label, page in zip(self.labels, self.pages, strict=True):
            self.drafts.extend(Draft(Fact("artifact", "", text, label)) for text in page.artifacts)


def otherwise(shown: str, told: str, place: str) -> Fact:
    """That a page shows something else than is told."""
    return Fact("otherwise", "", f"“{shown.strip()}” in place of “{told.strip()}”", place)


def _scripts(draft: Draft, made: Found | FoundLink | Fact, manner: Manner) -> Iterator[Fact]:
    """What is raised or lowered among a block's words: what stands above or below its line."""
    if not isinstance(made, Found) or draft.words is None or not made.id or made.furniture:
        return
    pieces = draft.words.pieces
    signs = signs_of(pieces)
    if not any(signs):
        return
    texts = join(pieces, manner)
    for sign, run in groupby(range(len(pieces)), key=lambda number: signs[number]):
        numbers = list(run)
        said = " ".join("".join(texts[number] for number in numbers).split())
        if sign and said:
            before = "".join(texts[: numbers[0]])
            word = before.split()[-1] if before.strip() and not before[-1].isspace() else ""
            yield Fact("script", made.id, f"{word} {sign}{said}", made.place)


def _finish(draft: Draft, manner: Manner) -> Found | FoundLink | Fact:
    """The unit, link or expansion with its words."""
    if draft.words is None:
        return draft.made
    texts = join(draft.words.pieces, manner)
    text = " ".join("".join(texts).split())
    if isinstance(draft.made, Fact):
        return replace(draft.made, value=f"{text}: {draft.made.value}")
    if isinstance(draft.made, FoundLink):
        before = "".join(join(draft.before, manner)) if draft.before is not None else None
        return replace(draft.made, text=text, before=before)
    pairs = tuple(zip(texts, draft.words.langs, strict=True))
    foreign = any(lang != draft.made.lang and words.strip() for words, lang in pairs)
    return replace(draft.made, text=text, runs=pairs if foreign else ())
