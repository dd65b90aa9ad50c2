"""Refusing what is known to hang pandoc: its Markdown reader tries every way to read open brackets.

Measured with pandoc 3.9: eight matched brackets inside each other take a second, eleven sixteen; twelve that are never
closed a third of a second, sixteen four. Real texts nest two or three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.model.findings import InputError
from publisher.model.source import Position

MOST_NESTED = 8
"""Square brackets that may stand inside each other in one paragraph."""

MOST_OPEN = 12
"""Square brackets that may be open at once in one paragraph, those never closed included."""

_SKIPPED = re.compile(
    r"\\.|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|(?<!\$)\$(?![\s$])[^$\n]{0,200}?(?<!\s)\$(?!\d)", re.S
)
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})[^`]*$")


def check_nesting(text: str, path: str, first_line: int = 1) -> None:
    """Raise InputError, at the bracket where it becomes too much, for a text that pandoc would not get to the end of."""
    for line, paragraph in _paragraphs(text):
        if paragraph.count("[") <= MOST_NESTED:
            continue
        place = _too_deep(_SKIPPED.sub(lambda found: " " * len(found.group()), paragraph))
        if place is not None:
            before = paragraph[:place]
            column = place - before.rfind("\n")
            raise InputError(
                f"too complex: over {MOST_NESTED} square brackets inside each other; close them, or write \\[ for a "
                "bracket that is one",
                Position(path, first_line + line + before.count("\n"), column),
            )


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs outside fenced code with their lines, from 0."""
    begin = 0
    kept: list[str] = []
    closing: re.Pattern[str] | None = None
    for number, line in enumerate([*text.split("\n"), ""]):
        if closing is not None:
            if closing.match(line):
                closing = None
            continue
        fence = _FENCE.match(line)
        if fence:
            mark = fence["fence"]
            closing = re.compile(rf"\s*{re.escape(mark[0])}{{{len(mark)},}}\s*$")
            line = ""
        if line.strip():
            if not kept:
                begin = number
            kept.append(line)
        elif kept:
            yield begin, "\n".join(kept)
            kept = []


def _too_deep(paragraph: str) -> int | None:
    """The place of the bracket that is one too many."""
    heights: list[int] = []
    for found in re.finditer(r"[\[\]]", paragraph):
        if found.group() == "[":
            heights.append(0)
        elif heights:
            height = heights.pop() + 1
            if height > MOST_NESTED:
                return found.start()
            if heights:
                heights[-1] = max(heights[-1], height)
        if len(heights) > MOST_OPEN:
            return found.start()
    return None
