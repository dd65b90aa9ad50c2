"""The words of pandoc's AST, in order, and which of them belong to which block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from publisher.manuscript.pandoc import Ast
from publisher.manuscript.source_words import (
    MARK_BLOCK,
    MARK_CALL,
    MARK_CODE,
    MARK_DEFINITION,
    MARK_DIVISION,
    MARK_ITEM,
    MARK_RULE,
    address_word,
    words_of,
)


@dataclass(slots=True)
class AstWords:
    """The words of some blocks. `spans` gives, by `id()` of a node, the words from-to that are its own.

    `notes` are the footnotes called, in order: the index of the call's word and the footnote's blocks. `captions` are
    those of tables: the table's node and the caption's blocks; their words are not among these. `leads` counts, for
    code, the lines before the one that its first word stands on.
    """

    words: list[str] = field(default_factory=list)
    leads: dict[int, int] = field(default_factory=dict)
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    notes: list[tuple[int, list[Ast]]] = field(default_factory=list)
    captions: list[tuple[Ast, list[Ast]]] = field(default_factory=list)

    @classmethod
    def of(cls, blocks: list[Ast], *, bare: bool = False) -> AstWords:
        """The words of blocks; `bare` where the first block begins without a mark of its own (a footnote's)."""
        words = cls()
        words._blocks(blocks, bare)
        return words

    def _blocks(self, blocks: list[Ast], bare: bool = False) -> None:
        for index, block in enumerate(blocks):
            self._block(block, bare and index == 0)

    def _block(self, block: Ast, bare: bool) -> None:
        first = len(self.words)
        content: Any = block.get("c")
        if not bare and block["t"] in ("Para", "Header", "LineBlock", "Table", "Figure", "Plain"):
            self.words.append(MARK_BLOCK)
        match block["t"]:
            case "Para" | "Plain":
                self._inlines(content)
            case "Header":
                self._inlines(content[2])
            case "LineBlock":
                for line in content:
                    self._inlines(line)
            case "CodeBlock":
                self.words.append(MARK_CODE)
                self._code(block)
            case "RawBlock":
                self.words += words_of(content[1])
            case "BlockQuote":
                self._blocks(content, bare)
            case "BulletList":
                self._items(content)
            case "OrderedList":
                self._items(content[1])
            case "DefinitionList":
                self._definitions(content)
            case "HorizontalRule":
                self.words.append(MARK_RULE)
            case "Div":
                self.words.append(MARK_DIVISION)
                self._blocks(content[1])
            case "Figure":
                self._figure(content)
            case "Table":
                self._table(block)
        self.spans[id(block)] = (first, len(self.words))

    def _code(self, block: Ast) -> None:
        code = block["c"][1]
        words = words_of(code)
        self.words += words
        place = code.find(words[0]) if words else -1
        if place > 0:
            self.leads[id(block)] = code.count("\n", 0, place)

    def _items(self, items: list[list[Ast]]) -> None:
        for item in items:
            first = len(self.words)
            self.words.append(MARK_ITEM)
            self._blocks(item, bare=True)
            self.spans[id(item)] = (first, len(self.words))

    def _definitions(self, entries: list[Any]) -> None:
        for term, definitions in entries:
            first = len(self.words)
            self.words.append(MARK_BLOCK)
            self._inlines(term)
            self.spans[id(term)] = (first, len(self.words))
            for definition in definitions:
                first = len(self.words)
                self.words.append(MARK_DEFINITION)
                self._blocks(definition, bare=True)
                self.spans[id(definition)] = (first, len(self.words))

    def _figure(self, content: Any) -> None:
        """A figure's caption comes first in its source, then the picture's address; its words repeat the caption."""
        _, (_, caption), blocks = content
        self._blocks(caption, bare=True)
        for block in blocks:
            images = block["c"] if block["t"] in ("Plain", "Para") else []
            if len(images) == 1 and images[0]["t"] == "Image":
                first = len(self.words)
                self.words.append(address_word(images[0]["c"][2][0]))
                self.spans[id(block)] = (first, len(self.words))
            else:
                self._block(block, bare=True)

    def _table(self, block: Ast) -> None:
        _, (_, caption), _, head, bodies, foot = block["c"]
        if caption:
            self.captions.append((block, caption))
        groups = [head[1], *(rows for body in bodies for rows in (body[2], body[3])), foot[1]]
        for rows in groups:
            for _, cells in rows:
                for cell in cells:
                    first = len(self.words)
                    self._blocks(cell[4], bare=True)
                    self.spans[id(cell)] = (first, len(self.words))

    def _inlines(self, inlines: list[Ast]) -> None:
        for inline in inlines:
            self._inline(inline)

    def _inline(self, inline: Ast) -> None:
        kind = inline["t"]
        if kind == "Str":
            text: str = inline["c"]
            if text.isalnum():
                self.words.append(text)
            else:
                self.words += words_of(text)
            return
        if kind in ("Space", "SoftBreak", "LineBreak"):
            return
        content: Any = inline["c"]
        match kind:
            case "Emph" | "Strong" | "Strikeout" | "Superscript" | "Subscript" | "SmallCaps" | "Underline":
                self._inlines(content)
            case "Quoted" | "Span" | "Cite":
                self._inlines(content[1])
            case "Code" | "Math" | "RawInline":
                self.words += words_of(content[1])
            case "Link" | "Image":
                first = len(self.words)
                self._inlines(content[1])
                address = content[2][0]
                if words_of(address.removeprefix("mailto:")) != self.words[first:]:
                    self.words.append(address_word(address))
            case "Note":
                self.notes.append((len(self.words), content))
                self.words.append(MARK_CALL)
