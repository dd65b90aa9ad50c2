"""Small questions to pandoc's AST."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from publisher.manuscript.pandoc import Ast

Attr = list[Any]
"""pandoc's attributes: id, classes, pairs of key and value."""


def attributes_of(attr: Attr) -> dict[str, str]:
    """The key-value pairs of an Attr."""
    return dict(attr[2])


def plain_words(inlines: Sequence[Ast]) -> str:
    """The words of inlines, without footnotes, white space single."""
    return " ".join("".join(_pieces(inlines)).split())


def _pieces(inlines: Sequence[Ast]) -> Iterator[str]:
    for inline in inlines:
        content: Any = inline.get("c")
        match inline["t"]:
            case "Str":
                yield content
            case "Space" | "SoftBreak" | "LineBreak":
                yield " "
            case "Code" | "Math":
                yield content[1]
            case "Quoted":
                double = content[0]["t"] == "DoubleQuote"
                yield "“" if double else "‘"
                yield from _pieces(content[1])
                yield "”" if double else "’"
            case "Emph" | "Strong" | "Strikeout" | "Superscript" | "Subscript" | "SmallCaps" | "Underline":
                yield from _pieces(content)
            case "Span" | "Cite" | "Link" | "Image":
                yield from _pieces(content[1])


LEAVES = frozenset({"Str", "Space", "SoftBreak", "LineBreak"})
"""Nodes that hold nothing but characters."""


def walk_ast(node: Any) -> Iterator[Ast]:
    """Every node of the AST inside `node` but words and white space, parents before children, in the AST's order."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            if "t" in current:
                yield current
                current = current.get("c")
                if not isinstance(current, list):
                    continue
            else:
                current = list(current.values())
        stack += [
            part
            for part in reversed(current)
            if isinstance(part, list) or (isinstance(part, dict) and part.get("t") not in LEAVES)
        ]


def attr_of(node: Ast) -> Attr | None:
    """The attributes of a node that has some: the very list, which serves as a key by its `id()`."""
    content: Any = node.get("c")
    match node["t"]:
        case "Header":
            return cast(Attr, content[1])
        case "Div" | "Span" | "Code" | "CodeBlock" | "Link" | "Image" | "Figure" | "Table":
            return cast(Attr, content[0])
        case _:
            return None
