"""pandoc's AST, for imports: its words, its nodes, and changes to all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from publisher.manuscript.pandoc import Ast, read_ast


def read_blocks(text: str, reader: str = "markdown") -> list[Ast]:
    """The blocks of a Markdown text. Raises InputError and EngineError, as `read_ast`."""
    blocks, _ = read_ast(text, reader)
    return blocks


def words(nodes: object) -> str:
    """The words of a node or of nodes, as the AST has them: spaces single, breaks as spaces, notes in their place."""
    parts: list[str] = []
    _gather(nodes, parts)
    return re.sub(r"\s+", " ", "".join(parts)).strip()


_BLOCKS = {"Para", "Plain", "Header", "CodeBlock", "LineBlock", "Div", "BlockQuote", "Table", "Figure"}


def _gather(node: object, parts: list[str]) -> None:
    match node:
        case {"t": "Str", "c": str(text)}:
            parts.append(text)
        case {"t": "Space" | "SoftBreak" | "LineBreak" | "HorizontalRule"}:
            parts.append(" ")
        case {"t": "Code" | "CodeBlock" | "Math" | "RawInline" | "RawBlock", "c": [_, str(text)]}:
            parts.append(text)
        case {"t": "Quoted", "c": [{"t": kind}, children]}:
            opening, closing = ("‘", "’") if kind == "SingleQuote" else ("“", "”")
            parts.append(opening)
            _gather(children, parts)
            parts.append(closing)
        case {"t": "Link" | "Span" | "Cite", "c": [_, children, *_]}:
            _gather(children, parts)
        case {"t": "Image"}:
            pass
        case {"t": str(kind), "c": content}:
            _gather(content, parts)
            if kind in _BLOCKS or kind == "Note":
                parts.append(" ")
        case list():
            # A line of a line block, an item, a cell: words of neighbours must not touch.
            inner = bool(node) and isinstance(node[0], list)
            for part in node:
                _gather(part, parts)
                if inner:
                    parts.append(" ")


def nodes(node: object, kind: str) -> Iterator[Ast]:
    """Every node of a kind inside a node, in order."""
    if isinstance(node, dict):
        if node.get("t") == kind:
            yield node
        yield from nodes(node.get("c"), kind)
    elif isinstance(node, list):
        for part in node:
            yield from nodes(part, kind)


def captions_as_words(blocks: list[Ast]) -> list[Ast]:
    """The blocks with the caption of each picture that stands alone as a paragraph, for comparing words."""

    def told(block: Ast) -> Ast:
        alone = block["t"] == "Para" and len(block["c"]) == 1 and block["c"][0]["t"] == "Image"
        return {"t": "Para", "c": block["c"][0]["c"][1]} if alone else block

    changed: list[Ast] = mapped(blocks, told)
    return changed


def without_dead_links(blocks: list[Ast]) -> list[Ast]:
    """The blocks with links into them that lead nowhere as plain words."""
    there = {header["c"][1][0] for header in nodes(blocks, "Header")}

    def told(node: Ast) -> Ast:
        dead = node["t"] == "Link" and node["c"][2][0].startswith("#") and node["c"][2][0][1:] not in there
        return {"t": "Span", "c": [["", [], []], node["c"][1]]} if dead else node

    changed: list[Ast] = mapped(blocks, told)
    return changed


def mapped(node: Any, change: Callable[[Ast], Ast]) -> Any:
    """A copy of a node or list with `change` applied to every node in it, innermost first."""
    if isinstance(node, list):
        return [mapped(part, change) for part in node]
    if isinstance(node, dict):
        copied = {key: mapped(part, change) for key, part in node.items()}
        return change(copied) if "t" in copied else copied
    return node
