"""How each kind of block is told: its lines, what announces them, and the silence after them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import assert_never

from publisher.model.blocks import (
    Block,
    Cell,
    CodeBlock,
    DefinitionList,
    Figure,
    Group,
    Heading,
    LineBlock,
    List,
    ListItem,
    Numbering,
    Paragraph,
    Quotation,
    Table,
    ThematicBreak,
    Worded,
    walk,
)
from publisher.model.inlines import OBJECT, FootnoteCall, Image, Span, plain_text, walk_inlines
from publisher.model.inlines import Math as Formula
from publisher.model.narration import LONGEST_PAUSE, Line, Role, Spoken
from publisher.model.publication import Footnote, Note, Publication
from publisher.narration.grid import columns_of, headers_of
from publisher.narration.lexicon import Lexicon
from publisher.narration.pauses import Pauses
from publisher.narration.phrases import phrases_for
from publisher.narration.rules import by_script
from publisher.narration.speaking import ordinal_mark, say_code
from publisher.narration.wording import runs_of

_QUOTED_WORDS = 10


class Teller:
    """Collects lines in the order of hearing. `notes` and `footnotes` are told where what they hang on has ended."""

    def __init__(self, publication: Publication, notes: Iterable[Note]) -> None:
        self.publication = publication
        self.phrases = phrases_for(publication.metadata.lang)
        self.lexicon = Lexicon(publication.lexicon)
        self.pauses = Pauses(publication.metadata.pauses)
        self.lines: list[Line] = []
        self._article = publication.metadata.lang
        self._role: Role | None = None
        self._depth = 0
        self._aside = False
        self._ids: set[str] = set()
        self._references = {reference.key: reference for reference in publication.references}
        self._footnotes = {footnote.id: footnote for footnote in publication.footnotes}
        self._notes: dict[str, list[Note]] = {}
        for note in notes:
            self._notes.setdefault(_hangs_on(note), []).append(note)
        self._held: list[Note | Footnote] | None = None

    # What is said.

    def line(
        self,
        id: str,
        unit: str,
        role: Role,
        lang: str,
        words: tuple[str, Sequence[Spoken]],
        *,
        pause: float | None = None,
    ) -> None:
        """One line; `words` are what is shown and what is said. Nothing is added where nothing is said."""
        shown, runs = words
        if not runs:
            return
        number, unique = 1, id
        while unique in self._ids:
            number += 1
            unique = f"{id}-{number}"
        self._ids.add(unique)
        silence = self.pauses.after(role) if pause is None else pause
        self.lines.append(Line(unique, unit, role, lang, shown, tuple(runs), silence, self._aside))

    def announce(self, unit: str, purpose: str, text: str, pause: float | None = None) -> None:
        """Words of the edition's own about a unit, in the language of the announcements."""
        lang = self.phrases.lang
        self.line(f"{unit}-{purpose}", unit, Role.ANNOUNCEMENT, lang, self._in_turn([(text, lang)]), pause=pause)

    def _in_turn(self, segments: Iterable[tuple[str, str]]) -> tuple[str, list[Spoken]]:
        """Texts one after another, each in its language; a name in the article's script is said in its language."""
        shown, runs = "", list[Spoken]()
        for segment, lang in segments:
            parts = [(segment, lang)]
            if _primary(lang) != _primary(self._article):
                parts = by_script(segment, lang, self._article)
            for text, own in parts:
                runs += self.lexicon.say(text, own, len(shown))
                shown += text
        return shown, runs

    def rest(self, seconds: float) -> None:
        """Make the silence after the last line at least this long."""
        if self.lines and self.lines[-1].pause < seconds:
            self.lines[-1] = replace(self.lines[-1], pause=min(seconds, LONGEST_PAUSE))

    def taken(self) -> tuple[Line, ...]:
        """The lines collected, which begins a new collection."""
        lines, self.lines = tuple(self.lines), []
        return lines

    # What is told.

    def blocks(self, blocks: Iterable[Block]) -> None:
        """Blocks in order, each followed by the notes and footnotes that hang on it."""
        for block in blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        """One block."""
        match block:
            case Heading():
                self.rest(self.pauses.before_heading)
                self._worded(block, Role.HEADING)
                self.rest(self.pauses.after(Role.HEADING))
            case Paragraph():
                self._worded(block, Role.PARAGRAPH)
                self.rest(self.pauses.block)
            case LineBlock():
                self._worded(block, Role.PARAGRAPH)
                self.rest(self.pauses.block)
            case CodeBlock():
                self._code(block)
            case List():
                self._list(block)
            case DefinitionList():
                self._definitions(block)
            case Quotation():
                self._quotation(block)
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)
            case Group():
                self.blocks(block.blocks)
            case ThematicBreak():
                self.rest(self.pauses.note)
            case _:
                assert_never(block)
        if not isinstance(block, Worded):
            self._after(block.id)

    @contextmanager
    def speaking_as(self, role: Role, lang: str | None = None) -> Iterator[None]:
        """Everything told inside is of one role: a note's, a footnote's; announcements in its language."""
        role_before, phrases_before = self._role, self.phrases
        self._role = role
        if lang is not None:
            self.phrases = phrases_for(lang)
        try:
            yield
        finally:
            self._role, self.phrases = role_before, phrases_before

    def _worded(self, block: Worded, role: Role) -> None:
        role = self._role or role
        text = block.text
        told: set[str] = set()
        sentences = [(sentence.id, sentence.start, sentence.end) for sentence in block.sentences]
        for id, start, end in sentences or [(block.id, 0, len(text))]:
            pictures = [image for image, at in _images(block) if start <= at < end]
            told.update(image.id for image in pictures)
            if pictures and not text[start:end].replace(OBJECT, "").strip() and not _formulas(block):
                self._pictures(pictures, block.lang)
            else:
                self.line(id, block.id, role, block.lang, (text[start:end], runs_of(block, start, end, self.lexicon)))
        self._pictures([image for image, _ in _images(block) if image.id not in told], block.lang)
        self._after(block.id, block)

    def _pictures(self, images: Iterable[Image], lang: str) -> None:
        for image in images:
            if image.alternative and not image.decorative:
                words = (image.alternative, self.lexicon.say(image.alternative, lang))
                self.line(image.id, image.id, Role.ALTERNATIVE, lang, words)

    def _code(self, block: CodeBlock) -> None:
        language = block.language
        named = self.phrases.code_in.format(language=language) if language else self.phrases.code
        self.rest(self.pauses.note)
        self.announce(block.id, "begin", named)
        for number, code in enumerate(block.code.splitlines(), start=1):
            said = say_code(code, block.lang)
            if said:
                runs = (Spoken(said, block.lang, 0, len(code)),)
                self.line(f"{block.id}-l{number}", block.id, Role.CODE, block.lang, (code, runs))
        self.announce(block.id, "end", self.phrases.code_end)
        self.rest(self.pauses.note)

    def _list(self, block: List) -> None:
        ordered = block.numbering is not Numbering.BULLET
        forms = self.phrases.numbered_list if ordered else self.phrases.bullet_list
        if self._depth:
            forms = self.phrases.nested_list
        self.announce(block.id, "begin", self.phrases.count(forms, len(block.items)))
        self._depth += 1
        for number, item in enumerate(block.items, start=block.start):
            self._item(item, ordinal_mark(number, block.numbering.value) if ordered else None)
        self._depth -= 1
        self.announce(block.id, "end", self.phrases.list_end)
        self.rest(self.pauses.block)

    def _item(self, item: ListItem, mark: str | None) -> None:
        if mark is not None:
            self.announce(item.id, "mark", f"{mark}.", self.pauses.label)
        if item.checked is not None:
            self.announce(
                item.id, "state", self.phrases.done if item.checked else self.phrases.not_done, self.pauses.label
            )
        self._inside(item.blocks, Role.ITEM)
        self._after(item.id)

    def _inside(self, blocks: Iterable[Block], role: Role) -> None:
        """Blocks of an item, cell or caption: its paragraphs are of its role."""
        for block in blocks:
            if isinstance(block, Paragraph | LineBlock):
                self._worded(block, role)
                self.rest(self.pauses.row)
            else:
                self.block(block)

    def _definitions(self, block: DefinitionList) -> None:
        self.announce(block.id, "begin", self.phrases.count(self.phrases.definitions, len(block.entries)))
        for term, definitions in block.entries:
            self._worded(term, Role.ITEM)
            self.rest(self.pauses.row)
            for definition in definitions:
                self._inside(definition.blocks, Role.ITEM)
                self._after(definition.id)
        self.announce(block.id, "end", self.phrases.list_end)
        self.rest(self.pauses.block)

    def _quotation(self, block: Quotation) -> None:
        self.announce(block.id, "begin", self.phrases.pull_quote if block.pull else self.phrases.quote)
        self._inside(block.blocks, Role.QUOTATION)
        self.announce(block.id, "end", self.phrases.quote_end)
        self.rest(self.pauses.block)

    def _figure(self, block: Figure) -> None:
        self.rest(self.pauses.note)
        self.announce(block.id, "begin", self.phrases.figure)
        self.blocks(block.blocks)
        self._inside(block.caption, Role.CAPTION)
        if block.long_description:
            self.announce(block.id, "description", self.phrases.description)
            self._inside(block.long_description, Role.ALTERNATIVE)
        self.announce(block.id, "end", self.phrases.figure_end)
        self.rest(self.pauses.note)

    def _table(self, table: Table) -> None:
        phrases = self.phrases
        rows = sum(len(body) for body in table.bodies) + len(table.foot)
        held_before = self._held
        self._held = [] if self._held is None else self._held
        self.rest(self.pauses.note)
        size = {
            "columns": phrases.count(phrases.columns, len(table.columns)),
            "rows": phrases.count(phrases.rows, rows),
        }
        self.announce(table.id, "begin", phrases.table.format(**size))
        self._inside(table.caption, Role.CAPTION)
        if any(cell.blocks for row in table.head for cell in row):
            self.announce(table.id, "headers", phrases.headers)
            for row in table.head:
                for cell in row:
                    self._inside(cell.blocks, Role.CELL)
                    self._after(cell.id)
        self._rows(table)
        self.announce(table.id, "end", phrases.table_end)
        self.rest(self.pauses.note)
        held, self._held = self._held, held_before
        if held_before is None:
            self.tell_all(held)

    def _rows(self, table: Table) -> None:
        headers = headers_of(table.head)
        number = 0
        for group in (*table.bodies, table.foot):
            if group and group is table.foot:
                self.announce(table.id, "totals", self.phrases.totals)
            for row in columns_of(group):
                number += 1
                if row and row[0][1].scope != "row":
                    self.announce(row[0][1].id, "row", self.phrases.row.format(number=number), self.pauses.label)
                for column, cell in row:
                    self._cell(cell, headers.get(column, ()))
                self.rest(self.pauses.row)

    def _cell(self, cell: Cell, headers: Sequence[Cell]) -> None:
        if headers and cell.scope != "row":
            shown, runs = _heading_words(headers, self.lexicon)
            lang = headers[-1].lang
            self.line(f"{cell.id}-header", cell.id, Role.ANNOUNCEMENT, lang, (shown, runs), pause=self.pauses.label)
        before = len(self.lines)
        self._inside(cell.blocks, Role.CELL)
        if len(self.lines) == before and cell.scope is None:
            self.announce(cell.id, "empty", self.phrases.empty, self.pauses.after(Role.CELL))
        self._after(cell.id)

    # What hangs on it.

    def _after(self, id: str, block: Worded | None = None) -> None:
        """Tell what hangs on a node that has ended, or keep it until the table around it has."""
        due: list[Note | Footnote] = list(self._notes.pop(id, ()))
        for inline in walk_inlines(block.inlines) if block else ():
            if isinstance(inline, Image | Formula | Span) and inline.id:
                due += self._notes.pop(inline.id, ())
        due.sort(key=lambda note: note.number)
        for inline in walk_inlines(block.inlines) if block else ():
            if isinstance(inline, FootnoteCall) and inline.footnote in self._footnotes:
                due.append(self._footnotes.pop(inline.footnote))
        if self._held is not None:
            self._held += due
            return
        self.tell_all(due)

    def after_name(self, id: str) -> None:
        """Tell the notes on something that is no block: the title, the subtitle."""
        self._after(id)

    def left_over(self) -> tuple[Note | Footnote, ...]:
        """The notes and footnotes that hang on nothing told so far."""
        notes = sorted((note for notes in self._notes.values() for note in notes), key=lambda note: note.number)
        self._notes.clear()
        footnotes, self._footnotes = tuple(self._footnotes.values()), {}
        return (*notes, *footnotes)

    def tell_all(self, due: Iterable[Note | Footnote]) -> None:
        """Notes and footnotes, one after another."""
        for told in due:
            self._tell(told)

    def _tell(self, told: Note | Footnote) -> None:
        if isinstance(told, Note):
            self.note(told, told.blocks)
        else:
            self.footnote(told)

    def note(self, note: Note, blocks: Iterable[Block]) -> None:
        """A note: announced with kind, signature, date and the words that it is on, then its words and sources."""
        depth, self._depth, self._aside = self._depth, 0, True
        self.rest(self.pauses.note)
        with self.speaking_as(Role.NOTE, note.lang):
            self._note_begins(note)
            self.blocks(blocks)
            sources = [self._references[key].short for key in note.sources if key in self._references]
            if sources:
                form = self.phrases.source if len(sources) == 1 else self.phrases.sources
                listed = "; ".join(source.rstrip(". ") for source in sources)
                self.announce(note.id, "sources", form.format(sources=listed))
            self.announce(note.id, "end", self.phrases.note_end)
        self.rest(self.pauses.note)
        self._depth, self._aside = depth, False

    def _note_begins(self, note: Note) -> None:
        phrases = self.phrases
        parts = [phrases.note.format(number=note.number, kind=phrases.kind(note.kind))]
        parts.append(phrases.note_by.format(name=phrases.name(note.by.name)))
        if note.date is not None:
            parts.append(phrases.dated.format(date=phrases.day(note.date)))
        about = ", ".join(parts)
        if not note.target.ranges:
            self.announce(note.id, "begin", f"{about}.")
            return
        before, after = phrases.on.split("{quote}")
        quote = _shortened(note.target.quote)
        segments = [(f"{about}, {before}", phrases.lang), (quote, self._article), (f"{after}.", phrases.lang)]
        if _primary(phrases.lang) == _primary(self._article):
            segments = [("".join(text for text, _ in segments), phrases.lang)]
        words = self._in_turn(segments)
        self.line(f"{note.id}-begin", note.id, Role.ANNOUNCEMENT, phrases.lang, words)

    def footnote(self, footnote: Footnote) -> None:
        """A footnote of the author's own, announced by its number."""
        depth, self._depth = self._depth, 0
        self.rest(self.pauses.note)
        with self.speaking_as(Role.FOOTNOTE):
            self.announce(footnote.id, "begin", self.phrases.footnote.format(number=footnote.number))
            self.blocks(footnote.blocks)
            self.announce(footnote.id, "end", self.phrases.footnote_end)
        self.rest(self.pauses.note)
        self._depth = depth
        self._after(footnote.id)


def _hangs_on(note: Note) -> str:
    target = note.target
    return target.element if target.element is not None else target.ranges[-1].block


def _primary(lang: str) -> str:
    return lang.partition("-")[0].lower()


def _shortened(quote: str) -> str:
    words = quote.replace(OBJECT, " ").rstrip(" .,;:").split()
    return " ".join(words) if len(words) <= _QUOTED_WORDS else " ".join(words[:_QUOTED_WORDS]) + " …"


def _images(block: Worded) -> list[tuple[Image, int]]:
    """The pictures among a block's words and where they stand."""
    found = [inline for inline in walk_inlines(block.inlines) if isinstance(inline, Image | Formula)]
    places = [index for index, character in enumerate(block.text) if character == OBJECT]
    return [(inline, at) for inline, at in zip(found, places, strict=False) if isinstance(inline, Image)]


def _formulas(block: Worded) -> bool:
    return any(isinstance(inline, Formula) for inline in walk_inlines(block.inlines))


def _heading_words(cells: Sequence[Cell], lexicon: Lexicon) -> tuple[str, list[Spoken]]:
    """What column headings say, as a label: their words with a colon."""
    shown, runs = "", list[Spoken]()
    for node in walk(cells):
        if isinstance(node, Worded) and node.text.strip():
            shown += ", " if shown else ""
            at = len(shown)
            runs += [
                replace(run, shown_start=run.shown_start + at, shown_end=run.shown_end + at)
                for run in runs_of(node, lexicon=lexicon)
            ]
            shown += plain_text(node.inlines)
    if runs and not runs[-1].ipa:
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(".:") + ":")
    return shown, runs
