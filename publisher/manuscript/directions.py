"""Marks that turn the direction of words around, and whether each is turned back where its paragraph ends.

An embedding, override or isolate that is left open makes what follows show in another order than it stands in: a text
that says one thing to an editor and another to a program (CVE-2021-42574, https://trojansource.codes/). Balanced ones
are how right-to-left words are set among others, and stay. UAX #9: https://www.unicode.org/reports/tr9/#BD2
"""

from __future__ import annotations

import re

_POP_EMBEDDING, _POP_ISOLATE = "\u202c", "\u2069"
_CLOSED_BY = {
    "\u202a": _POP_EMBEDDING,
    "\u202b": _POP_EMBEDDING,
    "\u202d": _POP_EMBEDDING,
    "\u202e": _POP_EMBEDDING,
    "\u2066": _POP_ISOLATE,
    "\u2067": _POP_ISOLATE,
    "\u2068": _POP_ISOLATE,
}
_MARK = re.compile("[\u202a-\u202e\u2066-\u2069]|\n(?=[^\\S\n]*(?:\n|\\Z))")
"""A mark, or the end of a paragraph."""


def unbalanced(text: str) -> int | None:
    """The offset of the first mark without a counterpart in its paragraph, None where all are balanced.

    Paragraphs end at blank lines; one mark must be closed before another that holds it is.
    """
    opened: list[int] = []
    for found in _MARK.finditer(text):
        mark = found.group()
        if mark == "\n":
            if opened:
                return opened[0]
        elif mark in _CLOSED_BY:
            opened.append(found.start())
        elif opened and _CLOSED_BY[text[opened[-1]]] == mark:
            opened.pop()
        else:
            return opened[-1] if opened else found.start()
    return opened[0] if opened else None


def without_unbalanced(text: str) -> str:
    """The text without the marks that have no counterpart; balanced ones stay."""
    place = unbalanced(text)
    while place is not None:
        text = text[:place] + text[place + 1 :]
        place = unbalanced(text)
    return text
