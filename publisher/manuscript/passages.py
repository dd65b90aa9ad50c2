"""A text before pandoc reads it, in passages: its paragraphs without code, and what in them is words."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_ROWS = re.compile(r"\s*[|+]|\[[^\]\n]{1,999}\]:|(?:[^\n]*\n)?[ \t]*--+[ \t-]*\n")


def blanked(paragraph: str) -> str:
    """A paragraph of the same length, with spaces for escapes, code and formulas."""
    return _SKIPPED.sub(lambda found: " " * len(found.group()), paragraph)


def paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs that are no code, with their lines, from 0."""
    inner = 0
    for begin, paragraph in _chunks(text):
        indent = _width(paragraph)
        if indent >= inner + 4 and not _ITEM.match(paragraph):
            continue
        item = _ITEM.match(paragraph)
        inner = len(item.group().expandtabs(4)) if item else indent
        yield begin, paragraph


def pieces(paragraph: str) -> Iterator[tuple[int, str]]:
    """The items of a list, the rows of a table or where links lead to, with their offsets; a paragraph as it is."""
    row = _ROWS.match(paragraph) is not None
    if not row and not _ITEM.match(paragraph):
        yield 0, paragraph
        return
    begin = offset = 0
    for line in paragraph.splitlines(keepends=True):
        if offset > begin and (row or _ITEM.match(line)):
            yield begin, paragraph[begin:offset]
            begin = offset
        offset += len(line)
    yield begin, paragraph[begin:]


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
