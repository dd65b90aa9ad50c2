"""The rows and cells of a Word document's tables (ISO/IEC 29500-1, 17.4), with what they reach over."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from publisher.formats.docx.styles_read import W, val
from publisher.strangers.numbers import whole


def through(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows or cells of a table, those in controls too."""
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from through(child, name)


def over(cell: etree._Element) -> int:
    """How many columns a cell reaches over."""
    return min(max(whole(val(cell.find(f"{W}tcPr/{W}gridSpan"))) or 1, 1), 1000)


def skipped(row: etree._Element) -> int:
    """How many columns a row leaves out before its first cell."""
    return min(max(whole(val(row.find(f"{W}trPr/{W}gridBefore"))) or 0, 0), 1000)


def spans(rows: list[etree._Element]) -> dict[etree._Element, int]:
    """How many rows each cell reaches over; those that only go on one above are left out."""
    found: dict[etree._Element, int] = {}
    above: dict[int, etree._Element] = {}
    for row in rows:
        column, now = skipped(row), dict[int, etree._Element]()
        for cell in through(row, "tc"):
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merge is not None and val(merge) in ("", "continue") and column in above
            if goes_on:
                now[column] = above[column]
                found[above[column]] += 1
            else:
                found[cell] = 1
                if merge is not None:
                    now[column] = cell
            column += over(cell)
        above = now
    return found
