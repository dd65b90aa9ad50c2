"""What would stand out over the page's side, made to fit: tables too broad for it, words too long for a line.

Both are judged by counting letters, before anything is laid out. A table for which the text's column is too narrow gets
one of three classes, and the style sheets do the rest:

- `broad`: it takes the narrow column at the side too;
- `wide`: it lies on its side, on a page of its own;
- `stacked`: nothing of that is room enough, so each row becomes a list of its cells, each after the head of its column.
  These heads are shown again, as `data-head`, and so are cells that span rows (`data-carried`): they are furniture. The
  tags are those of a table all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

_LETTER = 0.56
"""How broad a letter is on the average, in ems, in our faces without serifs; a little more than measured."""

_PIECE = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]|[^\s\-/\u2013\u2014\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]+[-/\u2013\u2014]?"
)
"""What no line's end divides: a word or part of a compound; each sign of Chinese and Japanese."""

_SEAM = re.compile(r"(?<=[._?&=%:@#~+,;\\|])(?=\w)|(?<=[a-z])(?=[A-Z])")
"""Where addresses and names of programs may be divided."""

MANY = 5
"""Columns from which a table takes all the room that there is."""

SHORT = 0.6
"""The share of a page that a short table takes at most."""

_BOUND = re.compile(r"(?<=«)[ \n](?=\S|$)|(?:^|(?<=\S))[ \n](?=»)|(?<=\S)[ \n](?=[;:!?](?:[\s»”’)\]]|$))")
"""Spaces inside quotation marks and before signs, as French sets them: no line ends there."""

_CALLS = frozenset(("note-call", "footnote-call"))
_WHOLE = frozenset(("pre", "svg", "math", "style", "script", "title", "head"))


@dataclass(frozen=True, slots=True)
class Room:
    """The room that a page has, in ems of a table's letters: in its column of text, with the narrow column too, and on
    its side (0 where the style sheet knows no such place). `space` stands between two cells.

    `lines` is the number of a table's lines on a page, `rows` how many rows a short table has at most. `word` is the
    number of letters from which a word is too long for a line; `divided` the letters that a word keeps together at
    most where words are hyphenated.
    """

    column: float
    broad: float
    wide: float
    space: float
    lines: float
    rows: int
    word: int
    divided: int | None = None


def fit(root: Element, room: Room) -> None:
    """Fit the tables and lines of an HTML document, in place."""
    for table in root.iter("table"):
        _fit_table(table, room)
    _fit_lines(root, room.word)


def _fit_lines(element: Element, most: int) -> None:
    """Let lines end inside words of more than `most` letters, at their seams or else anywhere, and not at spaces that
    belong to a sign."""
    if element.tag in _WHOLE or not isinstance(element.tag, str):
        return
    kids = list(element)
    element.text, *more = _pieces(element.text or "", most)
    _insert(element, 0, more)
    for kid in kids:
        _fit_lines(kid, most)
        kid.tail, *more = _pieces(kid.tail or "", most)
        if more:
            _insert(element, list(element).index(kid) + 1, more)


def _insert(parent: Element, at: int, pieces: list[str]) -> None:
    for offset, piece in enumerate(pieces):
        opportunity = Element("wbr")
        opportunity.tail = piece
        parent.insert(at + offset, opportunity)


def _pieces(text: str, most: int) -> list[str]:
    """A text cut where its long words may be divided."""
    text = _BOUND.sub("\u00a0", text)
    if len(text) <= most:
        return [text]
    cuts: list[int] = []
    for word in _PIECE.finditer(text):
        if len(word[0]) > most:
            begin = word.start()
            seams = [seam.start() for seam in _SEAM.finditer(text, word.start(), word.end())]
            for seam in [*seams, word.end()]:
                cuts.extend(range(begin + most, seam, most))
                cuts.append(seam)
                begin = seam
            cuts.pop()
    return [text[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


# Tables


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell and the rows and columns that it covers, counted from 0."""

    cell: Element
    rows: range
    columns: range

    @property
    def heads_columns(self) -> bool:
        return self.cell.tag == "th" and self.cell.get("scope") != "row"


def _fit_table(table: Element, room: Room) -> None:
    rows = [row for group in table for row in group if row.tag == "tr"]
    placed = list(_placed(table))
    needed = _needed(placed, room)
    columns = max((cell.columns.stop for cell in placed), default=0)
    if len(rows) <= room.rows + 1 and _lines(placed, columns, room) <= room.lines * SHORT:
        _mark(table, "short")
    if needed <= room.column and columns < MANY:
        return
    if needed <= room.broad:
        _mark(table, "broad")
    elif needed <= room.wide:
        _mark(table, "wide")
    elif needed > room.column:
        _mark(table, "stacked")
        _name(placed, rows)


def _mark(element: Element, name: str) -> None:
    element.set("class", f"{element.get('class', '')} {name}".strip())


def _placed(table: Element) -> Iterator[_Placed]:
    """A table's cells in order, each with its place
    (https://html.spec.whatwg.org/multipage/tables.html#forming-a-table)."""
    number = 0
    for group in table:
        filled: dict[int, int] = {}
        rows = [row for row in group if row.tag == "tr"]
        end = number + len(rows)
        for row in rows:
            column = 0
            for cell in row:
                while filled.get(column, 0) > number:
                    column += 1
                columns = range(column, column + int(cell.get("colspan", "1")))
                below = range(number, min(end, number + int(cell.get("rowspan", "1"))))
                for index in columns:
                    filled[index] = below.stop
                yield _Placed(cell, below, columns)
                column = columns.stop
            number += 1


def _lines(placed: Iterable[_Placed], columns: int, room: Room) -> float:
    """About how many lines a table takes: in each row those of its fullest cell, and the space between rows."""
    rows: dict[int, float] = {}
    for cell in placed:
        breadth = max(1, room.column / columns - room.space) * len(cell.columns) / _LETTER
        lines = max(1.0, len(_words(cell.cell)) / breadth * 1.3)
        rows[cell.rows.start] = max(rows.get(cell.rows.start, 1), lines)
    return sum(rows.values()) + len(rows) * 0.5


def _needed(placed: Iterable[_Placed], room: Room) -> float:
    """The least breadth of a table, in ems: that of the longest word of each column, and what stands between them."""
    broadest: dict[int, float] = {}
    for cell in placed:
        if len(cell.columns) == 1:
            longest = max((len(piece) for piece in _PIECE.findall(_words(cell.cell))), default=0)
            longest = min(longest, room.word, room.divided or longest)
            column = cell.columns.start
            broadest[column] = max(broadest.get(column, 0), longest * _LETTER)
    return sum(broadest.values()) + room.space * len(broadest)


def _name(placed: list[_Placed], rows: list[Element]) -> None:
    """Say before each cell what heads it, and before each row what spans it from a row above."""
    heads: dict[int, list[str]] = {}
    for cell in placed:
        if cell.heads_columns:
            for column in cell.columns:
                heads.setdefault(column, []).append(_words(cell.cell))
    carried: dict[int, list[str]] = {}
    for cell in placed:
        if not cell.heads_columns:
            head = _head(cell, heads)
            if head and cell.cell.tag == "td":
                cell.cell.set("data-head", head)
            for row in cell.rows[1:]:
                carried.setdefault(row, []).append(_words(cell.cell))
    for row, words in carried.items():
        rows[row].set("data-carried", ", ".join(words))


def _head(cell: _Placed, heads: Mapping[int, list[str]]) -> str:
    return ", ".join(dict.fromkeys(word for column in cell.columns for word in heads.get(column, []) if word))


def _words(element: Element) -> str:
    """The words of a cell, without the labels of notes on them."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if not _CALLS & set(child.get("class", "").split()):
            yield from _texts(child)
        yield child.tail or ""
