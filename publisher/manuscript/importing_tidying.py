"""What word processors and web pages do by looks alone, said by structure: headings of tables, spaces that only pad."""

from __future__ import annotations

from typing import Any

from publisher.manuscript.importing_ast import mapped, words
from publisher.manuscript.pandoc import Ast


def with_headings(table: list[Any]) -> list[Any]:
    """A table whose first row is all in bold, and no other is, with that row as its headings."""
    attr, caption, columns, head, bodies, foot = table
    if head[1] or len(bodies) != 1 or bodies[0][2] or len(bodies[0][3]) < 2:
        return table
    first, *others = bodies[0][3]
    if not _all_bold(first) or any(_all_bold(row) for row in others):
        return table
    cells = [[*cell[:4], mapped(cell[4], _plainly)] for cell in first[1]]
    body = [*bodies[0][:3], others]
    return [attr, caption, columns, [head[0], [[first[0], cells]]], [body], foot]


def _all_bold(row: list[Any]) -> bool:
    """Whether every cell of a row holds words, all of them bold."""
    for cell in row[1]:
        inlines = [inline for block in cell[4] if block["t"] in {"Para", "Plain"} for inline in block["c"]]
        told = [inline for inline in inlines if words(inline)]
        if not told or any(inline["t"] != "Strong" for inline in told) or len(cell[4]) != 1:
            return False
    return bool(row[1])


def _plainly(node: Ast) -> Ast:
    return {"t": "Span", "c": [["", [], []], node["c"]]} if node["t"] == "Strong" else node


def unpadded(inlines: list[Ast]) -> list[Ast]:
    """Inlines without the non-breaking spaces that stand beside ordinary ones: pages are padded with them."""
    spaces = {"Space", "SoftBreak", "LineBreak"}
    kept: list[Ast] = []
    for index, inline in enumerate(inlines):
        if inline["t"] != "Str" or "\u00a0" not in inline["c"]:
            kept.append(inline)
            continue
        text = inline["c"]
        if index and inlines[index - 1]["t"] in spaces:
            text = text.lstrip("\u00a0")
        if any(after["t"] in spaces for after in inlines[index + 1 : index + 2]):
            text = text.rstrip("\u00a0")
        if text:
            kept.append({"t": "Str", "c": text})
    return kept
