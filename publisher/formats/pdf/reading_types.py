"""What the types of a PDF's structure elements mean, and the names that producers give types of their own.

ISO 32000-1, 14.8.4, and ISO 32000-2, 14.8.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from publisher.formats.pdf.reading_tree import Area, Node
from publisher.model.artefacts import UnitRole

_INLINE = frozenset(
    "Span Quote Reference Link Annot Code Em Strong Sub Ruby RB RT RP Warichu WT WP BibEntry Formula Figure "
    "Form".split()
)
SILENT = frozenset("RT RP WP Private Artifact".split())
FURNITURE = frozenset("TOC TOCI Index".split())
NOTES = frozenset("Note FENote".split())
LINES = frozenset("P H H1 H2 H3 H4 H5 H6 Title".split())
HEADS = frozenset({UnitRole.TITLE, UnitRole.HEADING, UnitRole.SUBTITLE})
OWN_FURNITURE = frozenset("contents footer colophon".split())
OWN_HEADERS = frozenset("header noteheader masthead".split())
_OWN_ROLES = {
    "title": UnitRole.TITLE,
    "subtitle": UnitRole.SUBTITLE,
    "preformatted": UnitRole.CODE,
    "codeblock": UnitRole.CODE,
}
_SCOPES = {"Column": "col", "Row": "row"}
NUMERALS = {"Decimal": "1", "LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}
"""PDF's names of numerals, and HTML's."""

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}

TELLS = frozenset(("cell", "expansion", "header", "number", "script"))
"""The kinds of facts that a tag tree tells."""

MARKER = re.compile(r"[\W_]*(?:\d+|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+)?(?:[.:)\]\W_]+\w{1,4})*[\W_]*", re.ASCII)
"""What a list's label is where it numbers or marks an item, and is no term."""


def entries_of(node: Node) -> tuple[Node, ...]:
    """The references to works that are all that a paragraph holds; none where it holds anything else."""
    kids = [kid for kid in node.kids if not isinstance(kid, Area)]
    entries = tuple(kid for kid in kids if isinstance(kid, Node) and kid.role == "BibEntry")
    return entries if node.role == "P" and len(entries) == len(kids) else ()


def role_of(node: Node, own: str, depth: int) -> tuple[UnitRole, int | None]:
    """What an element's words are, and a heading's level."""
    if own in _OWN_ROLES:
        return _OWN_ROLES[own], 1 if own == "title" else None
    match node.role:
        case "Title":
            return UnitRole.TITLE, 1
        case "H1":
            return UnitRole.TITLE, 1
        case "H2" | "H3" | "H4" | "H5" | "H6":
            return UnitRole.HEADING, int(node.role[1])
        case "H":
            level = max(depth, 1)
            return (UnitRole.TITLE if level == 1 else UnitRole.HEADING), level
        case "Code":
            return UnitRole.CODE, None
        case "BibEntry":
            return UnitRole.REFERENCE, None
        case _:
            return UnitRole.PARAGRAPH, None


def runs_in(node: Node, *, among_words: bool) -> bool:
    """Whether an element stands among words: an inline one that holds no block. Code and references to works stand
    alone where nothing else is around them; what has no type groups words if it holds nothing else."""
    match node.role:
        case "NonStruct":
            return among_words or all(
                kid.role != "NonStruct" and runs_in(kid, among_words=True) for kid in node.kids if isinstance(kid, Node)
            )
        case "Lbl":
            return among_words
        case "Code" | "BibEntry" | "Figure" | "Formula" | "Form" if not among_words:
            return False
        case role if role in _INLINE:
            if role in ("Figure", "Formula"):
                return not any(isinstance(kid, Node) and kid.role == "Caption" for kid in node.kids)
            return all(runs_in(kid, among_words=True) for kid in node.kids if isinstance(kid, Node))
        case role:
            return role in SILENT


def scope_of(node: Node, around: str | None) -> str | None:
    """What the head cell around a place heads; a table inside it begins anew."""
    match node.role:
        case "TH":
            return _SCOPES.get(node.scope or "", node.scope)
        case "TD" | "Table":
            return None
        case _:
            return around


def cells(table: Node) -> Iterator[tuple[Node, str]]:
    """The cells of a table and where each stands, from 1, in words; those of tables inside it left out."""
    above = 0
    for group in _groups(table):
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(group, 1):
            column = 1
            for cell in (kid for kid in row.kids if isinstance(kid, Node) and kid.role in ("TH", "TD")):
                while (number, column) in taken:
                    column += 1
                taken |= {(number + y, column + x) for y in range(cell.down) for x in range(cell.across)}
                spans = f", over {cell.down} rows" if cell.down > 1 else ""
                spans += f", over {cell.across} columns" if cell.across > 1 else ""
                yield cell, f"row {above + number}, column {column}{spans}"
        above += len(group)


def _groups(table: Node) -> Iterator[list[Node]]:
    """The rows of a table, group by group; those without a group together."""
    parts = [kid for kid in table.kids if isinstance(kid, Node)]
    for loose, run in groupby(parts, key=lambda part: part.role == "TR"):
        stretch = list(run)
        if loose:
            yield stretch
        else:
            groups = (part for part in stretch if part.role in ("THead", "TBody", "TFoot"))
            yield from ([row for row in part.kids if isinstance(row, Node) and row.role == "TR"] for part in groups)


def value_of_numerals(said: str, numerals: str) -> int | None:
    """The number that numerals of a kind stand for."""
    letters = said.lower()
    if numerals == "1":
        return int(said) if said.isdecimal() else None
    if numerals in "aA":
        return (
            sum((ord(c) - 96) * 26**i for i, c in enumerate(reversed(letters)))
            if re.fullmatch("[a-z]+", letters)
            else None
        )
    if not letters or set(letters) - set(_ROMAN):
        return None
    values = [_ROMAN[letter] for letter in letters]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))
