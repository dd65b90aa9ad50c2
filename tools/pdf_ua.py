"""Writes the table of docs/reference/pdf-ua.md from the catalogue of conditions: `python tools/pdf_ua.py`.

A test fails where the page is not what this would write.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from publisher.verification.matterhorn.catalogue import CHECKPOINTS, CONDITIONS, Condition, Decided

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "pdf-ua.md"
MARK = "<!-- Below is written by tools/pdf_ua.py. -->\n"


def table() -> str:
    """All conditions, by checkpoint."""
    counts = {kind: sum(one.decided is kind for one in CONDITIONS) for kind in Decided}
    lines = [
        f"Of {len(CONDITIONS)} conditions, {counts[Decided.FILE]} are decided from the file, "
        f"{counts[Decided.SOURCE]} with the source, {counts[Decided.ABSENT]} by what the file does not hold, "
        f"{counts[Decided.MAKING]} by how our files are made; {counts[Decided.PERSON]} are left to people, and under "
        f"{counts[Decided.NOTHING]} headings the protocol tests nothing.",
        "",
    ]
    for checkpoint, conditions in groupby(CONDITIONS, key=lambda one: one.checkpoint):
        lines += [f"### {checkpoint:02d} {CHECKPOINTS[checkpoint]}", "", "| | Wrong is | ISO 14289-1 | Decided by |"]
        lines += ["|---|---|---|---|", *(_row(one) for one in conditions), ""]
    return "\n".join(lines)


def _row(one: Condition) -> str:
    said = one.decided.value + (f": {one.by}" if one.by else "")
    return f"| {one.number} | {one.wrong} | {one.clause} | {said}{' *' if one.people else ''} |"


def page() -> str:
    """The page as it should read: what is written by hand, then the table."""
    before, mark, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    return before + mark + "\n" + table()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
