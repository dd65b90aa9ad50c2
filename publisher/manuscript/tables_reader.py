"""Tables of pandoc's AST become those of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.manuscript.pandoc import Ast
from publisher.model.blocks import Align, Cell, Row, Table
from publisher.model.findings import Severity
from publisher.model.limits import beyond

if TYPE_CHECKING:
    from publisher.manuscript.blocks_reader import BlocksReader, Scope

_ALIGNS = {
    "AlignDefault": Align.DEFAULT,
    "AlignLeft": Align.LEFT,
    "AlignRight": Align.RIGHT,
    "AlignCenter": Align.CENTER,
}


def read_table(reader: BlocksReader, node: Ast, scope: Scope) -> Table:
    """A table: `{header-columns=1}` after its caption makes the first column's cells headers of their rows."""
    attr, (_, caption), columns, head, bodies, foot = node["c"]
    attributes, inner = reader.attributes(node, attr, scope, ("header-columns",))
    position = reader.state.positions.of(node)
    name = reader.name(attr, scope)
    headers = _header_columns(reader, node, attributes.get("header-columns"), len(columns))
    aligns = tuple(_ALIGNS[align["t"]] for align, _ in columns)
    told = reader.blocks(caption, inner)
    head_rows = _rows(reader, head[1], inner, aligns, head=True, headers=0)
    groups: list[tuple[Row, ...]] = []
    for _, own_headers, between, rows in bodies:
        wide = max(headers, own_headers)
        group = (
            *_rows(reader, between, inner, aligns, head=True, headers=wide),
            *_rows(reader, rows, inner, aligns, head=False, headers=wide),
        )
        groups += [group] if group else []
    rows = len(head_rows) + sum(map(len, groups)) + len(foot[1])
    if rows > reader.state.shared.limits.table_rows:
        what = f"{rows:,} rows in one table"
        message = beyond(what, "make several of it", "table_rows")
        reader.state.report("table-large", Severity.ERROR, message, position)
    return Table(
        id=name,
        lang=inner.lang,
        position=position,
        caption=told,
        columns=aligns,
        widths=tuple(width["c"] if width["t"] == "ColWidth" else None for _, width in columns),
        # A head whose cells are all empty is how Markdown says that there is none.
        head=head_rows if any(cell.blocks for row in head_rows for cell in row) else (),
        bodies=tuple(groups),
        foot=_rows(reader, foot[1], inner, aligns, head=False, headers=headers),
    )


def _header_columns(reader: BlocksReader, node: Ast, value: str | None, wide: int) -> int:
    if value is None:
        return 0
    if value.isdecimal() and int(value) <= wide:
        return int(value)
    reader.state.report(
        "header-columns",
        Severity.ERROR,
        f"header-columns={value} is not a number of columns that the table has; write 0 to {wide}",
        reader.state.positions.find(node, "header-columns"),
    )
    return 0


def _rows(
    reader: BlocksReader, rows: list[Any], scope: Scope, aligns: tuple[Align, ...], *, head: bool, headers: int
) -> tuple[Row, ...]:
    """Rows of cells. Cells that reach down from rows above take columns in the rows below."""
    result: list[Row] = []
    reaching: dict[int, int] = {}
    for _, cells in rows:
        row: list[Cell] = []
        column = 0
        for cell in cells:
            while reaching.get(column, 0) > 0:
                reaching[column] -= 1
                column += 1
            attr, align, rowspan, colspan, blocks = cell
            name, position = reader.name(attr, scope), reader.state.positions.of(cell)
            own = _ALIGNS[align["t"]]
            row.append(
                Cell(
                    id=name,
                    lang=scope.lang,
                    position=position,
                    blocks=reader.blocks(blocks, scope),
                    scope="col" if head else "row" if column < headers else None,
                    align=own if own is not Align.DEFAULT or column >= len(aligns) else aligns[column],
                    rowspan=rowspan,
                    colspan=colspan,
                )
            )
            for below in range(column, column + colspan):
                reaching[below] = rowspan - 1
            column += colspan
        while reaching.get(column, 0) > 0:
            reaching[column] -= 1
            column += 1
        result.append(tuple(row))
    return tuple(result)
