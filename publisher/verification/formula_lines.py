"""Formulas written in a line, for formats that tell them neither in words nor in MathML: `x_{i}^{2}`, `{1}/{2}`.

Spaces, the style of letters and the size of brackets are no part of the line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from lxml import etree

_UNSEEN = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b"), None)


_BARS = frozenset(("\u0304", "\u0305", "\u0332", "‾", "_"))


def in_a_line(mathml: str) -> str:
    """A formula of presentation MathML in one line."""
    formula = etree.fromstring(mathml, etree.XMLParser(resolve_entities=False, no_network=True))
    return "".join(_inside(formula))


def _inside(element: etree._Element) -> Iterator[str]:
    for child in element:
        if isinstance(child.tag, str):
            yield _one(child)


def _one(element: etree._Element) -> str:
    name = etree.QName(element).localname
    parts = list(_inside(element))
    match name:
        case "mi" | "mn" | "mo" | "mtext" | "ms":
            text = "".join(str(piece) for piece in element.itertext())
            return "".join(unicodedata.normalize("NFKC", text).translate(_UNSEEN).split())
        case "mfrac" if len(parts) == 2:
            return f"{{{parts[0]}}}/{{{parts[1]}}}"
        case "msqrt":
            return f"√[]{{{''.join(parts)}}}"
        case "mroot" if len(parts) == 2:
            return f"√[{parts[1]}]{{{parts[0]}}}"
        case "msub" | "munder" if len(parts) == 2:
            return f"{parts[0]}_{{{_accent(parts[1]) if name == 'munder' else parts[1]}}}"
        case "msup" | "mover" if len(parts) == 2:
            return f"{parts[0]}^{{{_accent(parts[1]) if name == 'mover' else parts[1]}}}"
        case "msubsup" | "munderover" if len(parts) == 3:
            return f"{parts[0]}_{{{parts[1]}}}^{{{parts[2]}}}"
        case "mtable":
            return f"[{';'.join(parts)}]"
        case "mtr":
            return "&".join(parts)
        case "mspace":
            return ""
        case _:
            return "".join(parts)


def _accent(sign: str) -> str:
    """An accent as one sign: those that combine, those that stand alone and those that stretch count alike."""
    return "‾" if sign in _BARS else "→" if sign == "\u20d7" else sign
