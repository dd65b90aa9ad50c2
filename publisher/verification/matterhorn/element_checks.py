"""Checkpoints 13 (graphics), 14 (headings), 15 (tables), 17 (mathematics) and 19 (notes), on single elements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from publisher.verification.matterhorn.objects import each, name, text
from publisher.verification.matterhorn.opened import Faults, Opened
from publisher.verification.matterhorn.tree import Element

_NUMBERED = re.compile(r"H([1-9][0-9]*)")
_WIDEST = 1000
"""Columns or rows beyond which a span is a mistake."""


def figures_without_words(file: Opened) -> Faults:
    """13-004"""
    for figure in file.tree.of_type("Figure"):
        if not figure.says("/Alt") and not figure.says("/ActualText"):
            yield str(figure)


# 14 Headings


def _headings(file: Opened) -> Iterator[tuple[int, Element]]:
    """Numbered headings with their levels. A seventh level is no standard type, but goes by such a name."""
    for element in file.tree.elements:
        found = _NUMBERED.fullmatch(element.type) or _NUMBERED.fullmatch(element.role)
        if found:
            yield int(found[1]), element


def first_heading(file: Opened) -> Faults:
    """14-002"""
    for level, heading in _headings(file):
        if level != 1:
            yield str(heading)
        return


def skipped_levels(file: Opened) -> Faults:
    """14-003"""
    before = None
    for level, heading in _headings(file):
        if before is not None and level > before + 1:
            yield f"{heading} follows H{before}"
        before = level


def several_headings_in_a_node(file: Opened) -> Faults:
    """14-006"""
    counts = Counter(id(heading.parent) for heading in file.tree.of_type("H"))
    for heading in file.tree.of_type("H"):
        if counts.pop(id(heading.parent), 0) > 1:
            yield f"{heading} is not the only one in {heading.parent.role if heading.parent else 'the tree'}"


def two_kinds_of_headings(file: Opened) -> Faults:
    """14-007"""
    if next(_headings(file), None) is not None:
        for heading in file.tree.of_type("H")[:1]:
            yield str(heading)


# 15 Tables


def _rows(table: Element) -> list[list[Element]]:
    """A table's rows of cells; those of tables inside its cells left out."""
    rows = [row for part in table.kids for row in ([part] if part.type == "TR" else part.kids) if row.type == "TR"]
    return [[cell for cell in row.kids if cell.type in ("TH", "TD")] for row in rows]


def heads_without_scope(file: Opened) -> Faults:
    """15-003"""
    ids = {element.id for element in file.tree.elements} - {""}
    for table in file.tree.of_type("Table"):
        cells = [cell for row in _rows(table) for cell in row]
        data = [cell for cell in cells if cell.type == "TD"]
        if data and all(_named_heads(file, cell) & ids for cell in data):
            continue
        for cell in cells:
            scope = name(file.tree.attributes(cell, "/Table").get("/Scope"))
            if cell.type == "TH" and scope not in ("Row", "Column", "Both"):
                yield str(cell)


def _named_heads(file: Opened, cell: Element) -> set[str]:
    return {text(one) for one in each(file.tree.attributes(cell, "/Table").get("/Headers"))}


def unclear_heads(file: Opened) -> Faults:
    """15-005, as far as a program sees it: cells that overlap, rows of other lengths, heads that are nowhere."""
    ids = {element.id for element in file.tree.elements} - {""}
    for table in file.tree.of_type("Table"):
        rows = _rows(table)
        filled: dict[tuple[int, int], Element] = {}
        for number, row in enumerate(rows):
            column = 0
            for cell in row:
                while (number, column) in filled:
                    column += 1
                facts = file.tree.attributes(cell, "/Table")
                wide, high = (_span(facts.get(key)) for key in ("/ColSpan", "/RowSpan"))
                places = [(number + down, column + right) for down in range(high) for right in range(wide)]
                if any(place in filled for place in places):
                    yield f"{cell} overlaps another cell"
                filled.update(dict.fromkeys(places, cell))
                missing = _named_heads(file, cell) - ids
                if missing:
                    yield f"{cell} names heads that are not there: {', '.join(sorted(missing))}"
        widths = Counter(row for row, _ in filled)
        if len({widths[number] for number in range(len(rows))}) > 1 or any(row >= len(rows) for row in widths):
            yield f"{table} has rows of different lengths"


def _span(told: object) -> int:
    return min(int(told), _WIDEST) if isinstance(told, int) and told > 0 else 1


# 17 Mathematics, 19 Notes


def formulas_without_words(file: Opened) -> Faults:
    """17-002"""
    for formula in file.tree.of_type("Formula"):
        if not formula.says("/Alt"):
            yield str(formula)


def notes_without_id(file: Opened) -> Faults:
    """19-003"""
    for note in file.tree.of_type("Note"):
        if not note.id:
            yield str(note)


def notes_of_one_id(file: Opened) -> Faults:
    """19-004"""
    counts = Counter(element.id for element in file.tree.elements)
    for note in file.tree.of_type("Note"):
        if note.id and counts[note.id] > 1:
            yield str(note)


CHECKS = {
    "13-004": figures_without_words,
    "14-002": first_heading,
    "14-003": skipped_levels,
    "14-006": several_headings_in_a_node,
    "14-007": two_kinds_of_headings,
    "15-003": heads_without_scope,
    "15-005": unclear_heads,
    "17-002": formulas_without_words,
    "19-003": notes_without_id,
    "19-004": notes_of_one_id,
}
