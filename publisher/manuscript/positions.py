"""Where each block of pandoc's AST stands in the source.

pandoc tells no positions for Markdown, so the words of the AST are aligned with those of the source. A block stands
where its first word stands; one without words where its mark stands (a list item's bullet, a division's fence).
"""

from __future__ import annotations

from typing import Any

from publisher.manuscript.alignment import align
from publisher.manuscript.ast_words import AstWords
from publisher.manuscript.pandoc import Ast
from publisher.manuscript.source_words import SourceWords, Stream
from publisher.model.source import Position


class Positions:
    """The places of every block, item, term, definition and cell of `blocks`, which were read from `text`.

    `first_line` is the line of the file that the text begins on.
    """

    def __init__(self, text: str, blocks: list[Ast], path: str, first_line: int = 1) -> None:
        self.path = path
        self.first_line = first_line
        self._source = SourceWords(text)
        self._offsets: dict[int, int] = {}
        self._guessed: set[int] = set()
        self._labels: dict[int, str] = {}
        self._locate(AstWords.of(blocks), self._source.main, 0)

    def of(self, node: Any) -> Position:
        """The place of a node of the AST: a block, or the list that is an item, a term, a definition or a cell.

        The column is that of its mark or first word, None where neither was found.
        """
        offset = self._offsets.get(id(node), 0)
        line, column = self._source.place(offset)
        return Position(self.path, line + self.first_line - 1, None if id(node) in self._guessed else column)

    def knows(self, node: Any) -> bool:
        """Whether `of` can tell where a node stands."""
        return id(node) in self._offsets

    def find(self, node: Any, *needles: str) -> Position:
        """The place of the first of `needles` that stands in the source at or soon after a node; else the node's."""
        begin = self._offsets.get(id(node), 0)
        line, _ = self._source.place(begin)
        for needle in needles:
            found = self._source.text.find(needle, self._source.offset(line)) if needle else -1
            if found >= 0:
                return self.at(found)
        return self.of(node)

    def on_line(self, node: Any, needle: str) -> Position | None:
        """The place of a needle after white space or a bracket on the line that a node begins on; None if not there."""
        line, _ = self._source.place(self._offsets.get(id(node), 0))
        text = self._source.lines[line - 1]
        found = next((at for at in range(1, len(text)) if text.startswith(needle, at) and text[at - 1] in " \t{"), None)
        return Position(self.path, line + self.first_line - 1, found + 1) if found is not None else None

    def fence_of(self, node: Any) -> Position:
        """The place of the `:::` that a node's words begin with, perhaps some lines above those that were found."""
        line, _ = self._source.place(self._offsets.get(id(node), 0))
        for number in range(line, 0, -1):
            text = self._source.lines[number - 1]
            if text.lstrip().startswith(":::"):
                return Position(self.path, number + self.first_line - 1, len(text) - len(text.lstrip()) + 1)
            if not text.strip():
                break
        return self.of(node)

    def at(self, offset: int) -> Position:
        """The place of an offset into the text."""
        line, column = self._source.place(offset)
        return Position(self.path, line + self.first_line - 1, column)

    def line_of(self, node: Any) -> str:
        """The source line that a node begins on, and the next one."""
        line, _ = self._source.place(self._offsets.get(id(node), 0))
        return "\n".join(self._source.lines[line - 1 : line + 1])

    def footnote_label(self, note: list[Ast]) -> str | None:
        """The label in the source of a footnote, given its blocks; None where it was written in place."""
        return self._labels.get(id(note))

    # The alignment itself --------------------------------------------------------------------------------------------

    def _locate(self, told: AstWords, stream: Stream, fallback: int) -> None:
        partners = align(told.words, stream.words)
        for node in told.spans:
            self._place(node, told, stream, partners, fallback)
        for table, caption in told.captions:
            self._locate_caption(told.spans[id(table)], caption, stream, partners, self._offsets[id(table)])
        for call, blocks in told.notes:
            self._locate_note(partners[call], blocks, stream)

    def _place(self, node: int, told: AstWords, stream: Stream, partners: list[int], fallback: int) -> None:
        first, last = told.spans[node]
        mark = word = -1
        own: set[int] = set()
        for index in range(first, last):
            partner = partners[index]
            if partner < 0:
                continue
            if told.words[index][0] != "\x01":
                word = partner
                break
            own.add(partner)
            if mark < 0:
                mark = partner
        # A mark is the node's beginning if no other node's mark stands between it and the node's first word.
        between = range(mark + 1, word) if mark >= 0 else ()
        if word >= 0 and (mark < 0 or any(stream.words[at][0] == "\x01" and at not in own for at in between)):
            self._offsets[node] = self._raised(stream.offsets[word], told.leads.get(node, 0))
        elif mark >= 0:
            self._offsets[node] = stream.offsets[mark]
        else:
            self._offsets[node] = self._between(stream, partners, first, last, fallback)
            self._guessed.add(node)

    def _raised(self, offset: int, lines: int) -> int:
        """The beginning of the words on the line that stands so many lines above an offset."""
        if not lines:
            return offset
        line, _ = self._source.place(offset)
        text = self._source.lines[max(line - lines, 1) - 1]
        return self._source.offset(line - lines) + len(text) - len(text.lstrip())

    def _between(self, stream: Stream, partners: list[int], first: int, last: int, fallback: int) -> int:
        """The best guess for a node none of whose words were found: the first mark that nothing has claimed between
        the words before it and those after it, else the words before it."""
        before = max(self._nearest(partners, range(first - 1, -1, -1)), -1)
        after = self._nearest(partners, range(last, len(partners)))
        for index in range(before + 1, after if after >= 0 else len(stream.words)):
            if stream.words[index][0] == "\x01":
                return stream.offsets[index]
        index = before if before >= 0 else after
        return stream.offsets[index] if index >= 0 else fallback

    @staticmethod
    def _nearest(partners: list[int], places: range) -> int:
        """The first partner found at one of the places, -1 where none has one."""
        return next((partners[place] for place in places if partners[place] >= 0), -1)

    def _locate_caption(
        self, span: tuple[int, int], caption: list[Ast], stream: Stream, partners: list[int], fallback: int
    ) -> None:
        """A table's caption stands before or after it, among words of the source that nothing else has claimed."""
        told = AstWords.of(caption, bare=True)
        first, last = span
        matched = [partners[index] for index in range(first, last) if partners[index] >= 0]
        begin = max((partner for partner in partners[:first] if partner >= 0), default=-1)
        end = min((partner for partner in partners[last:] if partner >= 0), default=len(stream.words))
        inner, outer = (matched[0], matched[-1]) if matched else (end, begin)
        best: tuple[int, list[int], Stream] = (-1, [], stream)
        for low, high in ((outer + 1, end), (begin + 1, inner)):
            window = Stream(stream.words[low:high], stream.offsets[low:high])
            found = align(told.words, window.words)
            hits = sum(partner >= 0 for partner in found)
            if hits > best[0]:
                best = (hits, found, window)
        _, found, window = best
        for node in told.spans:
            self._place(node, told, window, found, fallback)

    def _locate_note(self, partner: int, blocks: list[Ast], stream: Stream) -> None:
        call = stream.calls.get(partner, "")
        label = call[2:-1] if call.startswith("[^") else None
        told = AstWords.of(blocks, bare=True)
        if label is not None and label in self._source.footnotes:
            self._labels[id(blocks)] = label
            definition = self._source.footnotes[label]
            self._locate(told, definition, self._source.offset(self._source.footnote_lines[label]))
            return
        begin = partner + 1 if partner >= 0 else 0
        reach = begin + 3 * len(told.words) + 20
        window = Stream(stream.words[begin:reach], stream.offsets[begin:reach])
        fallback = stream.offsets[partner] if partner >= 0 else 0
        self._locate(told, window, fallback)
