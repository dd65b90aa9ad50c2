"""Reading PDF objects that may be anything: other programs' files break every rule sooner or later."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pikepdf

Key = tuple[int, int]
"""An indirect object's number and generation."""

DEEP = 64
"""Levels of a tree beyond which nobody means it."""


def get(thing: Any, key: str) -> Any:
    """The value of a dictionary's or stream's key; None where there is none, or no dictionary."""
    try:
        return thing.get(key)
    except (AttributeError, ValueError, TypeError):  # asking for the type first takes ten times as long
        return None


def name(thing: Any) -> str:
    """A name without its slash; empty for anything else."""
    if not isinstance(thing, pikepdf.Name):
        return ""
    try:
        return str(thing)[1:]
    except UnicodeDecodeError:  # names are UTF-8 by intent, but nothing makes them so (ISO 32000-1, 7.3.5)
        return str(thing.unparse().decode("latin-1"))[1:]


def text(thing: Any) -> str:
    """A text string's words; empty for anything else."""
    return str(thing) if isinstance(thing, pikepdf.String) else ""


def number(thing: Any) -> float | None:
    """A number, or None."""
    return float(thing) if isinstance(thing, int | float | Decimal) and not isinstance(thing, bool) else None


def each(thing: Any) -> list[Any]:
    """An array's items, one thing as a list of it, nothing as none."""
    if thing is None:
        return []
    return list(thing) if isinstance(thing, pikepdf.Array) else [thing]


def key_of(thing: Any) -> Key | None:
    """What tells an indirect object from others; None for a direct one."""
    if not isinstance(thing, pikepdf.Object):
        return None
    return thing.objgen if thing.is_indirect else None


def leaves(tree: Any, kind: str, depth: int = 0) -> Iterator[tuple[Any, Any]]:
    """The keys and values of a number tree or a name tree, by `kind`: `/Nums`, `/Names` (ISO 32000-1, 7.9.6, 7.9.7)."""
    pairs = each(get(tree, kind))
    yield from zip(pairs[::2], pairs[1::2], strict=False)
    if depth < DEEP:
        for kid in each(get(tree, "/Kids")):
            yield from leaves(kid, kind, depth + 1)
