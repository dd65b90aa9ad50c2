"""Where something stands in the manuscript."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a source file, as shown to the person who has to mend it.

    `path` is written as the user would type it; `line` and `column` count from 1; `column` is None where
    only the line is known.
    """

    path: str
    line: int
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" + (f":{self.column}" if self.column is not None else "")
