"""Where a table's cells stand: which column each begins in, and which headings are above it."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.model.blocks import Cell, Row


def columns_of(rows: Sequence[Row]) -> list[list[tuple[int, Cell]]]:
    """Each row's cells with the column, from 0, that each begins in; spans from the left and from above counted."""
    taken: set[tuple[int, int]] = set()
    placed: list[list[tuple[int, Cell]]] = []
    for number, row in enumerate(rows):
        column = 0
        cells: list[tuple[int, Cell]] = []
        for cell in row:
            while (number, column) in taken:
                column += 1
            cells.append((column, cell))
            taken.update(
                (number + down, column + right) for down in range(cell.rowspan) for right in range(cell.colspan)
            )
            column += cell.colspan
        placed.append(cells)
    return placed


def headers_of(head: Sequence[Row]) -> dict[int, tuple[Cell, ...]]:
    """The head's cells above each column, from the top; empty ones are left out."""
    above: dict[int, tuple[Cell, ...]] = {}
    for row in columns_of(head):
        for first, cell in row:
            if not cell.blocks:
                continue
            for column in range(first, first + cell.colspan):
                above[column] = (*above.get(column, ()), cell)
    return above
