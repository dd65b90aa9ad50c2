"""The words of a Markdown source, in the order in which pandoc will tell them, each with its place.

Only what the AST repeats counts as a word: attributes, tags, comments and titles of links are passed over, a link's
address is one word, and marks such as `MARK_ITEM` stand for what has no words of its own. Footnotes are told apart,
since they stand elsewhere in the source; the cells of grid and multiline tables are told one after the other.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

MARK_BLOCK = "\x01block"
MARK_ITEM = "\x01item"
MARK_DEFINITION = "\x01definition"
MARK_CODE = "\x01code"
MARK_RULE = "\x01rule"
MARK_DIVISION = "\x01division"
MARK_CALL = "\x01call"

_TOKEN = re.compile(
    r"""
      (?<!`)<!--.*?-->                                                          # a comment
    | \{\s*(?:[\#.][\w:.-]+|[\w:-]+=(?:"[^"]*"|[^\s}"]+)|-)
        (?:\s+(?:[\#.][\w:.-]+|[\w:-]+=(?:"[^"]*"|[^\s}"]+)|-))*\s*\}           # attributes
    | </?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>                                         # a tag
    | \]\(\s*(?P<address><[^<>\n]*>|(?:[^()\s]|\([^()\s]*\))*)
        (?:\s+(?:"[^"]*"|'[^']*'))?\s*\)                                        # where a link leads
    | (?P<call>\[\^[^\]\s]+\](?!:)|\^\[)                                        # a footnote's call
    | (?P<word>(?:[^\W_]|&(?:\#\d+|\#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);)+)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"[^\W_]+")
_SPECIAL = re.compile(r"[<{\]&^]")


def words_of(text: str) -> list[str]:
    """The words of a piece of text, under the same rules as those of a source."""
    if not _SPECIAL.search(text):
        return _WORD.findall(text)
    return [word for word, _, _ in _tokens(text)]


def address_word(address: str) -> str:
    """The one word that stands for a link's address."""
    return "\x02" + address.strip("<>")


def _tokens(text: str) -> Iterator[tuple[str, int, str]]:
    """Word, offset, and for a call the text that calls."""
    for found in _TOKEN.finditer(text):
        match found.lastgroup:
            case "word":
                word = found.group()
                if "&" in word:
                    for part in _WORD.findall(html.unescape(word)):
                        yield part, found.start(), ""
                else:
                    yield word, found.start(), ""
            case "address":
                yield address_word(found["address"]), found.start("address"), ""
            case "call":
                yield MARK_CALL, found.start(), found.group()


@dataclass(slots=True)
class Stream:
    """Words in order with their offsets in the source; `calls` maps an index to the text of a footnote's call."""

    words: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    calls: dict[int, str] = field(default_factory=dict)

    def add(self, word: str, offset: int, call: str = "") -> None:
        if call:
            self.calls[len(self.words)] = call
        self.words.append(word)
        self.offsets.append(offset)


class SourceWords:
    """A source, cut into words: `main` is its text, `footnotes` the definitions of footnotes by label."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        layout = _Layout(self.lines)
        self.main = Stream()
        self.footnotes: dict[str, Stream] = {}
        self.footnote_lines: dict[str, int] = {}
        self._fill(layout)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int) -> int:
        """Where a line (from 1) begins."""
        return self._starts[min(line, len(self.lines)) - 1]

    def _fill(self, layout: _Layout) -> None:
        items: list[tuple[tuple[int, ...], int, str, str]] = []
        for line, column, mark in layout.marks:
            offset = self._starts[line] + column
            items.append((layout.order(line, column, offset), -1, mark, ""))
        for word, offset, call in _tokens(self.text):
            line = bisect_right(self._starts, offset) - 1
            if line in layout.hidden:
                continue
            items.append((layout.order(line, offset - self._starts[line], offset), 0, word, call))
        items.sort(key=lambda item: item[:2])
        for order, _, word, call in items:
            offset = order[-1]
            label = layout.footnotes.get(bisect_right(self._starts, offset) - 1)
            if label is None:
                self.main.add(word, offset, call)
            else:
                self.footnotes.setdefault(label, Stream()).add(word, offset, call)
        for line, label in layout.footnotes.items():
            self.footnotes.setdefault(label, Stream())
            self.footnote_lines.setdefault(label, line + 1)


_FENCE = re.compile(r"^\s*(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
_QUOTE = re.compile(r"^(?:\s{0,3}>\s?)+")
_ITEM = re.compile(
    r"\s*(?:[-*+]|\(?(?:\#|\d{1,9}|[A-Za-z]|[ivxlcdmIVXLCDM]{2,})[.)]|\(?@[\w-]*\)|@[\w-]*\.)(?=\s|$)", re.ASCII
)
_DEFINITION = re.compile(r"\s*[:~](?=\s)")
_RULE = re.compile(r"^\s*([-*_])(?:\s*\1){2,}\s*$")
_DIVISION = re.compile(r"^\s*(?::{3,}\s*[^:\s]|<(?:div|section)\b)")
_DIVISION_END = re.compile(r"^\s*(?::{3,}\s*|</(?:div|section)>\s*)$")
_FOOTNOTE = re.compile(r"^\s{0,3}\[\^(?P<label>[^\]\s]+)\]:")
_REFERENCE = re.compile(r"^\s{0,3}\[(?!\^)[^\]\n]+\]:\s*\S")
_GRID_RULE = re.compile(r"^\s*\+(?:[-=:]+\+)+\s*$")
_GRID_LINE = re.compile(r"^\s*[+|].*[+|]\s*$")
_COLUMNS = re.compile(r"^\s*-{2,}(?:\s+-{2,})+\s*$")
_DASHES = re.compile(r"^\s*-{3,}\s*$")


class _Layout:
    """What the lines of a source are: marks, footnotes' lines, hidden lines, and tables told cell by cell."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.marks: list[tuple[int, int, str]] = []
        self.hidden: set[int] = set()
        self.footnotes: dict[int, str] = {}
        self._cells: dict[int, list[tuple[int, int, int]]] = {}
        self._tables: dict[int, int] = {}
        self._open = 0
        self._code = self._find_code()
        self._find_footnotes()
        self._find_tables()
        self._find_marks()

    def order(self, line: int, column: int, offset: int) -> tuple[int, ...]:
        """The key that sorts a word: its own line and place, or those of the table cell that it stands in."""
        cells = self._cells.get(line)
        if cells:
            for start, first_line, first_column in reversed(cells):
                if column >= start:
                    return first_line, first_column, offset
        return line, -1, offset

    def _find_code(self) -> dict[int, int]:
        """The lines inside fenced code, fences included, each with the line of its opening fence."""
        inside: dict[int, int] = {}
        number = 0
        while number < len(self.lines):
            opening = _FENCE.match(_QUOTE.sub("", self.lines[number]))
            end = self._closing(number, opening["fence"]) if opening else None
            if end is None:
                number += 1
                continue
            inside.update(dict.fromkeys(range(number, end + 1), number))
            number = end + 1
        return inside

    def _closing(self, opening: int, fence: str) -> int | None:
        closes = re.compile(rf"^\s*{re.escape(fence[0])}{{{len(fence)},}}\s*$")
        for number in range(opening + 1, len(self.lines)):
            if closes.match(_QUOTE.sub("", self.lines[number])):
                return number
        return None

    def _find_footnotes(self) -> None:
        label = None
        blank = False
        for number, line in enumerate(self.lines):
            if number in self._code and self._code[number] != number and label is None:
                continue
            opening = None if number in self._code else _FOOTNOTE.match(line)
            if opening:
                label = opening["label"]
            elif not line.strip():
                blank = True
                continue
            elif label is not None and blank and not line.startswith(("    ", "\t")):
                label = None
            blank = False
            if label is not None:
                self.footnotes[number] = label

    def _find_marks(self) -> None:
        blank = True
        for number, line in enumerate(self.lines):
            opening = self._code.get(number)
            if opening is not None:
                if opening == number:
                    self.marks.append((number, len(line) - len(line.lstrip()), MARK_CODE))
                blank = True
                continue
            table = self._tables.get(number)
            if table is not None:
                if table == number:
                    self.marks.append((number, 0, MARK_BLOCK))
                blank = False
                continue
            quote = _QUOTE.match(line)
            column = quote.end() if quote else 0
            rest = line[column:]
            if not rest.strip():
                blank = True
                continue
            blank = self._mark_line(number, column, rest, blank)

    def _mark_line(self, number: int, column: int, rest: str, blank: bool) -> bool:
        """Mark one line; True where what follows begins a block even without a blank line."""
        if _DIVISION.match(rest):
            self.marks.append((number, column, MARK_DIVISION))
            self._open += 1
            opens = rest.lstrip()
            if opens.startswith(":") and len(rest) - len(opens) < 4:
                self.hidden.add(number)
            return opens.startswith(":")
        if _DIVISION_END.match(rest):
            if not self._open:
                # It closes nothing: pandoc takes it for a paragraph.
                self.marks.append((number, column, MARK_BLOCK))
            self._open = max(self._open - 1, 0)
            return True
        if _COLUMNS.match(rest) and self._beside_words(number):
            return False
        if _RULE.match(rest):
            self.marks.append((number, column, MARK_RULE))
            return True
        if _REFERENCE.match(rest):
            self.hidden.add(number)
            return True
        footnote = _FOOTNOTE.match(rest)
        place = footnote.end() if footnote else 0
        marked = footnote is not None
        while item := _ITEM.match(rest, place):
            self.marks.append((number, column + place, MARK_ITEM))
            place, marked = item.end(), True
        if definition := _DEFINITION.match(rest, place):
            self.marks.append((number, column + place, MARK_DEFINITION))
            place, marked = definition.end(), True
        heading = rest.startswith("#")
        if heading or (blank and not marked):
            self.marks.append((number, column, MARK_BLOCK))
        return heading

    def _beside_words(self, number: int) -> bool:
        """Whether the line before or after is not blank, as around the dashes of a simple table."""
        return any(
            line.strip() for line in (*self.lines[max(number - 1, 0) : number], *self.lines[number + 1 : number + 2])
        )

    def _find_tables(self) -> None:
        number = 0
        while number < len(self.lines):
            if number not in self._code:
                if _GRID_RULE.match(self.lines[number]):
                    number = self._grid(number)
                elif _COLUMNS.match(self.lines[number]):
                    self._multiline(number)
            number += 1

    def _grid(self, first: int) -> int:
        """Tell the cells of a grid table one by one; answers its last line."""
        last = first
        while last + 1 < len(self.lines) and _GRID_LINE.match(self.lines[last + 1]):
            last += 1
        rules = [line for line in self.lines[first : last + 1] if _GRID_RULE.match(line)]
        bounds = sorted({place for line in rules for place, character in enumerate(line) if character == "+"})
        begun: dict[int, int] = {}
        self._tables.update(dict.fromkeys(range(first, last + 1), first))
        for number in range(first, last + 1):
            line = self.lines[number]
            here = [place for place in bounds if place < len(line) and line[place] in "+|"]
            for start, end in pairwise(here):
                if re.fullmatch(r"[-=:+]+", line[start + 1 : end]):
                    for cell in [cell for cell in begun if start <= cell < end]:
                        del begun[cell]
                    continue
                begun.setdefault(start, number)
                self._cells.setdefault(number, []).append((start, begun[start], start))
        return last

    def _multiline(self, columns: int) -> None:
        """Tell the cells of a multiline table one by one, given the line that shows its columns."""
        starts = [found.start() for found in re.finditer(r"-+", self.lines[columns])]
        starts[0] = 0
        top = columns - 1
        while top >= 0 and self.lines[top].strip() and not _DASHES.match(self.lines[top]):
            top -= 1
        headed = 0 <= top < columns - 1 and bool(_DASHES.match(self.lines[top]))
        end = columns + 1
        while end < len(self.lines) and not (_DASHES.match(self.lines[end]) or _COLUMNS.match(self.lines[end])):
            end += 1
        body = self.lines[columns + 1 : end]
        if end == len(self.lines) or not (headed or any(not line.strip() for line in body)):
            return
        row = top + 1 if headed else columns + 1
        begin = top if headed else columns
        self._tables.update(dict.fromkeys(range(begin, end + 1), begin))
        for number in range(row, end):
            if number == columns or not self.lines[number].strip():
                row = number + 1
                continue
            self._cells[number] = [(start, row, start) for start in starts]
