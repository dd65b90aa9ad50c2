"""Style sheets and scripts as readers load them: without the comments and the layout that are for us."""

from __future__ import annotations

import re
from collections.abc import Iterable

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import Node  # type: ignore[import-untyped]

_ZERO = re.compile(r"^([+-]?)0\.")
"""The nought before a decimal point, which CSS does without."""


def lean_css(text: str) -> str:
    """A style sheet that means the same. Comments go, white space is one space, a line is a rule."""
    nodes: Iterable[Node] = tinycss2.parse_component_value_list(text, skip_comments=True)
    return _unspaced(list(nodes)).strip() + "\n"


def _unspaced(nodes: list[Node]) -> str:
    """The tokens, with white space only where it may mean something."""
    parts: list[str] = []
    before: Node | None = None
    spaced = False
    for node in nodes:
        if node.type == "whitespace":
            spaced = True
            continue
        if spaced and before is not None and not (_ends(before) or _begins(node)):
            parts.append(" ")
        before, spaced = node, False
        if node.type == "{} block":
            parts.append("{" + _unspaced(node.content) + "}\n")
        elif node.type == "function":
            parts.append(f"{node.name}({_unspaced(node.arguments)})")
        elif node.type in ("number", "dimension", "percentage"):
            parts.append(_ZERO.sub(r"\1.", node.serialize()))
        else:
            parts.append(node.serialize())
    return "".join(parts)


def _ends(node: Node) -> bool:
    """Whether white space after this means nothing."""
    return node.type == "{} block" or (node.type == "literal" and node.value in (";", ",", ":"))


def _begins(node: Node) -> bool:
    """Whether white space before this means nothing."""
    return node.type == "{} block" or (node.type == "literal" and node.value in (";", ","))


def lean_script(text: str) -> str:
    """A script without lines of comment and without indentation. It must not hold templates of several lines."""
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
