"""Writes docs/reference/findings.md from the data of `publisher explain`: `python tools/findings.py`.

A test fails where the page is not what this would write.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from publisher.explaining import groups

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "findings.md"
MARK = "<!-- Below is written by tools/findings.py, from publisher/checks/. -->\n"


def page() -> str:
    """The page as it should read: what is written by hand, then the tables."""
    before, mark, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    return before + mark + "".join(f"{line}\n" for line in _tables())


def _tables() -> Iterator[str]:
    title = ""
    for group in groups():
        if group.title != title:
            title = group.title
            yield from ("", f"## {title}")
        if group.intro:
            yield from ("", group.intro.rstrip("\n"))
        if not group.table:
            continue
        yield from ("", "| Check | | Meaning |", "|---|---|---|")
        for entry in group.entries:
            yield f"| {', '.join(f'`{id}`' for id in entry.ids)} | {entry.severity} | {entry.means} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
