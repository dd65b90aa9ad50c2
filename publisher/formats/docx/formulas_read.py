"""Formulas as Word has them (Office MathML, ISO/IEC 29500-1, 22.1), written in a line: `x_{i}^{2}`, `{1}/{2}`.

The same line can be written from any notation that tells the same; spaces, styles of letters and brackets' sizes are
no part of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from lxml import etree

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_UNSEEN = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b"), None)
"""Signs that say how a formula is built, without being seen."""


_BARS = frozenset(("\u0304", "\u0305", "\u0332", "‾", "_"))


def written(formula: etree._Element) -> str:
    """A formula (`m:oMath`) in one line."""
    return "".join(_inside(formula))


def _inside(element: etree._Element | None) -> Iterator[str]:
    if element is not None:
        for child in element:
            yield from _one(child)


def _of(element: etree._Element, name: str) -> str:
    return "".join(_inside(element.find(f"{M}{name}")))


def _property(element: etree._Element, path: str, usual: str) -> str:
    found = element.find("/".join(f"{M}{part}" for part in path.split("/")))
    return usual if found is None else found.get(f"{M}val", usual)


def _one(element: etree._Element) -> Iterator[str]:
    match str(element.tag).removeprefix(M):
        case "r":
            text = "".join(one.text or "" for one in element.iter(f"{M}t"))
            yield "".join(unicodedata.normalize("NFKC", text).translate(_UNSEEN).split())
        case "f":
            yield f"{{{_of(element, 'num')}}}/{{{_of(element, 'den')}}}"
        case "rad":
            yield f"√[{_of(element, 'deg')}]{{{_of(element, 'e')}}}"
        case "sSub":
            yield f"{_of(element, 'e')}_{{{_of(element, 'sub')}}}"
        case "sSup":
            yield f"{_of(element, 'e')}^{{{_of(element, 'sup')}}}"
        case "sSubSup":
            yield f"{_of(element, 'e')}_{{{_of(element, 'sub')}}}^{{{_of(element, 'sup')}}}"
        case "limLow":
            yield f"{_of(element, 'e')}_{{{_of(element, 'lim')}}}"
        case "limUpp":
            yield f"{_of(element, 'e')}^{{{_of(element, 'lim')}}}"
        case "nary":
            below, above = _of(element, "sub"), _of(element, "sup")
            yield _property(element, "naryPr/chr", "∫")
            yield f"_{{{below}}}" if below else ""
            yield f"^{{{above}}}" if above else ""
            yield _of(element, "e")
        case "acc":
            yield f"{_of(element, 'e')}^{{{_accent(_property(element, 'accPr/chr', '̂'))}}}"
        case "bar":
            sign = "^" if _property(element, "barPr/pos", "bot") == "top" else "_"
            yield f"{_of(element, 'e')}{sign}{{‾}}"
        case "groupChr":
            sign = "^" if _property(element, "groupChrPr/pos", "bot") == "top" else "_"
            yield f"{_of(element, 'e')}{sign}{{{_property(element, 'groupChrPr/chr', '⏟')}}}"
        case "d":
            between = _property(element, "dPr/sepChr", "|")
            inside = between.join("".join(_inside(one)) for one in element.findall(f"{M}e"))
            yield f"{_property(element, 'dPr/begChr', '(')}{inside}{_property(element, 'dPr/endChr', ')')}"
        case "m":
            rows = (
                "&".join("".join(_inside(one)) for one in row.findall(f"{M}e")) for row in element.findall(f"{M}mr")
            )
            yield f"[{';'.join(rows)}]"
        case "eqArr":
            rows = ("".join(_inside(one)) for one in element.findall(f"{M}e"))
            yield f"[{';'.join(rows)}]"
        case "func":
            yield f"{_of(element, 'fName')}{_of(element, 'e')}"
        case name if name.endswith("Pr"):
            return
        case _:
            yield from _inside(element)


def _accent(sign: str) -> str:
    """An accent as one sign: those that combine, those that stand alone and those that stretch count alike."""
    plain = "".join(unicodedata.normalize("NFKC", sign).split())
    return "‾" if plain in _BARS else "→" if plain == "\u20d7" else plain
