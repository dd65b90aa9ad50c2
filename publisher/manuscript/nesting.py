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
    r"""
      \\.                                                        # an escape
    | (?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)                 # code
    | (?<!\$)\$(?![\s$])[^$\n]{0,200}?(?<!\s)\$(?!\d)       # a formula
    """,
    re.DOTALL | re.VERBOSE,
)
_ITEM = re.compile(r"\s*(?:[-*+]|\(?[#\w]{1,9}[.)])\s+")
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})[^`]*$")


def check_nesting(text: str, path: str, first_line: int = 1) -> None:
    """Raise InputError, at the bracket that is one too many, for a text that pandoc would not get to the end of."""
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
    """The paragraphs that are no code, with their lines, from 0."""
    inner = 0
    for begin, paragraph in _chunks(text):
        indent = _width(paragraph)
        if indent >= inner + 4 and not _ITEM.match(paragraph):
            continue
        item = _ITEM.match(paragraph)
        inner = len(item.group().expandtabs(4)) if item else indent
        yield begin, paragraph


def _width(line: str) -> int:
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" "))


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """What stands between blank lines outside fenced code, with its line, from 0."""
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
        if line.strip() and not fence:
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
