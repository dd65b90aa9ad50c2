"""Refusing what is known to hang pandoc: its Markdown reader tries every way to read open brackets.

Measured with pandoc 3.9: eight matched brackets inside each other take a second, eleven sixteen; twelve that are never
closed a third of a second, sixteen four. Real texts nest two or three.
"""

from __future__ import annotations

import re
from typing import Any

from publisher.manuscript.ast_text import LEAVES
from publisher.manuscript.pandoc import Ast
from publisher.manuscript.passages import blanked, paragraphs
from publisher.model.findings import InputError
from publisher.model.limits import DEFAULT, Limits, beyond
from publisher.model.source import Position

MOST_NESTED = 8
"""Square brackets that may stand inside each other in one paragraph."""

MOST_OPEN = 12
"""Square brackets that may be open at once in one paragraph, those never closed included."""

_HEAD_LINES = 3
"""Lines of a pipe table that are no rows: the head, the line under it, a border."""

MOST_COMMENTS = 20
"""Comments that may be begun and never ended: pandoc looks for the end of each to the end of the text."""

_COLUMNS = re.compile(r"(?:[^\n]*\n)?[ \t]*--+(?:[ \t]+--+)+[ \t]*\n")
"""The lines of dashes above or under the heads of a simple table's columns."""


def check_nesting(text: str, path: str, first_line: int = 1) -> None:
    """Raise InputError, at the bracket that is one too many, for a text that pandoc would not get to the end of."""
    for line, paragraph in paragraphs(text):
        if paragraph.count("[") <= MOST_NESTED:
            continue
        place = _too_deep(blanked(paragraph))
        if place is not None:
            before = paragraph[:place]
            column = place - before.rfind("\n")
            raise InputError(
                f"too complex: over {MOST_NESTED} square brackets inside each other; close them, or write \\[ for a "
                "bracket that is one",
                Position(path, first_line + line + before.count("\n"), column),
            )


def check_lengths(text: str, path: str, first_line: int = 1, limits: Limits = DEFAULT) -> None:
    """Raise InputError, at its place, for comments that are never closed, and for a table of too many rows."""
    last_closed = text.count("\n", 0, max(0, text.rfind("-->")))
    unclosed: list[Position] = []
    for line, paragraph in paragraphs(text):
        begins = re.compile("<!--").finditer(paragraph, paragraph.rfind("-->") + 1) if line >= last_closed else ()
        for found in begins:
            before = paragraph[: found.start()]
            at = Position(path, first_line + line + before.count("\n"), found.start() - before.rfind("\n"))
            unclosed.append(at)
            if len(unclosed) > MOST_COMMENTS:
                raise InputError("too complex: comments that are never closed; close each with -->", unclosed[0])
        if paragraph.count("\n") > limits.table_rows and _rows(paragraph) > limits.table_rows + _HEAD_LINES:
            what = f"over {limits.table_rows:,} rows in one table"
            message = beyond(what, "make several of it", "table_rows")
            raise InputError(message, Position(path, first_line + line))


def _rows(paragraph: str) -> int:
    """Lines that are rows of a table, if the paragraph is one: of a grid those that are drawn, else those with a |, or
    all that stand under columns of dashes."""
    if _COLUMNS.match(paragraph):
        return paragraph.count("\n")
    mark = "\n+" if paragraph.lstrip().startswith("+") else "|"
    return sum(mark in f"\n{line}" for line in paragraph.split("\n"))


def check_depth(blocks: list[Ast], text: str, path: str, first_line: int = 1, limits: Limits = DEFAULT) -> None:
    """Raise InputError, at the block, for blocks and markup nested deeper than anything can be laid out."""
    for block in blocks:
        stack: list[tuple[Any, int]] = [(block, 0)]
        while stack:
            node, depth = stack.pop()
            if isinstance(node, dict):
                depth += "t" in node
                if depth > limits.nesting:
                    line = first_line + text.count("\n", 0, _place_of(block, text))
                    what = f"markup nested over {limits.nesting} deep"
                    raise InputError(beyond(what, "write it flatter", "nesting"), Position(path, line))
                stack += [(part, depth) for part in node.values() if isinstance(part, list | dict)]
            else:
                stack += [
                    (part, depth)
                    for part in node
                    if isinstance(part, list) or (isinstance(part, dict) and part.get("t") not in LEAVES)
                ]


def _place_of(block: Ast, text: str) -> int:
    """Where the first words inside a block stand, as well as a search can tell."""
    words: list[str] = []
    stack: list[Any] = [block]
    while stack and len(words) < 6:
        node = stack.pop()
        if isinstance(node, dict) and node.get("t") == "Str":
            words += re.findall(r"\w+", node["c"])
        elif isinstance(node, dict):
            stack += reversed(list(node.values()))
        elif isinstance(node, list):
            stack += reversed(node)
    found = re.search(r"\W+".join(map(re.escape, words[:6])), text) if words else None
    return found.start() if found else 0


def _too_deep(paragraph: str) -> int | None:
    """The place of the bracket that is one too many."""
    heights: list[int] = []
    for found in re.finditer(r"[\[\]]", paragraph):
        if found.group() == "[":
            heights.append(0)
        elif heights:
            height = heights.pop() + 1
            if height > MOST_NESTED:
                return found.start()
            if heights:
                heights[-1] = max(heights[-1], height)
        if len(heights) > MOST_OPEN:
            return found.start()
    return None
