"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

_ALIGN = {"l": "---", "r": "--:"}


def table(head: Sequence[str], align: str, lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table; `align` has an l or an r for each column."""
    yield _line(head)
    yield _line([_ALIGN[one] for one in align])
    for line in lines:
        yield _line(line)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
