"""The lines of a plain text, made whole: cleaned, and joined again where they were broken only to fit a width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from publisher.manuscript.calendar_words import primary

WIDEST_WRAP = 100
"""Nobody wraps by hand beyond this many characters: longer lines are paragraphs."""
NARROWEST_WRAP = 40

_MARKER = re.compile(r"(?:[•‣◦▪●∙·*+–—-]|\(?(?:\d{1,3}|[a-z])[.)])[ \t]+\S")
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Zero width, direction marks and soft hyphens are furniture of web pages; the joiners (200C, 200D) spell words.
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff\ufff9-\ufffc]")
_SPACES = re.compile(r"[^\S\n\u00a0\u202f]+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines that belong together. One line is a paragraph, heading or item; several were broken on purpose.

    `number` is the first line's in the file; `gap` says that a blank line stands before; `indent` counts the
    spaces before the first line.
    """

    lines: tuple[str, ...]
    number: int
    gap: bool = False
    indent: int = 0

    @property
    def text(self) -> str:
        """All of it on one line."""
        return join_lines(self.lines)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    number: int
    indent: int


def clean_lines(text: str, lang: str | None) -> list[str]:
    """The lines without control and invisible characters, with single spaces, none before punctuation.

    Indentation stays. Non-breaking spaces stay where they bind (1 000, 5 km, « mot ») and turn ordinary elsewhere.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = "".join(character for character in text if character in "\n\t" or not _unprintable(character))
    return [_clean(line, lang) for line in text.expandtabs(4).split("\n")]


def _unprintable(character: str) -> bool:
    if unicodedata.category(character) == "Cc":
        return True
    # Non-characters have no place in XML (https://www.w3.org/TR/xml/#charsets) or in Unicode text.
    return ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF


def _clean(line: str, lang: str | None) -> str:
    body = line.strip()
    indent = len(line) - len(line.lstrip(" "))
    body = _SPACES.sub(" ", body)
    if lang is not None and primary(lang) == "fr":
        body = re.sub(r" ([;:!?»])(?=\s|$|[)”])", "\u00a0\\1", body).replace("« ", "«\u00a0")
        body = re.sub(r"\s+([,.])(?=\s|$|[)”»])", r"\1", body)
    else:
        body = re.sub(r"(?<=\S)\s+([,.;:!?]+)(?=\s|$|[)”’\"'])", r"\1", body)
    body = re.sub(r"(?<=\w) ([’'](?:s|ll|re|ve|d|t)\b)", r"\1", body)
    # A non-breaking space that binds nothing came from a page's layout: it would stop lines from breaking.
    body = re.sub(r"(?<![\d«§№])[\u00a0\u202f]+(?![\d;:!?»%€$£])", " ", body)
    return " " * indent + _SPACES.sub(" ", body).strip() if body else ""


def chunks(lines: list[str]) -> list[Chunk]:
    """The lines put together: wrapped paragraphs joined, lines kept apart where the writer kept them apart."""
    groups = _groups(lines)
    width = _wrap_width(groups)
    spaced = sum(1 for group in groups if len(group) == 1) >= 0.7 * len(groups) and len(groups) > 3
    made: list[Chunk] = []
    for number, group in enumerate(groups):
        parts = _unwrap(group, width, alone=len(groups) <= 2) if width else _split(group, spaced)
        made += [_chunk(part, gap=number > 0 and not index) for index, part in enumerate(parts)]
    return made


def _chunk(lines: list[_Line], gap: bool) -> Chunk:
    return Chunk(tuple(line.text for line in lines), lines[0].number, gap, lines[0].indent)


def _groups(lines: list[str]) -> list[list[_Line]]:
    groups: list[list[_Line]] = [[]]
    for number, line in enumerate(lines, 1):
        if not line.strip():
            groups.append([])
            continue
        groups[-1].append(_Line(line.strip(), number, len(line) - len(line.lstrip(" "))))
    return [group for group in groups if group]


def _wrap_width(groups: list[list[_Line]]) -> int | None:
    """The width to which a text was wrapped, or None where a line is a paragraph."""
    lengths = sorted(line.indent + len(line.text) for group in groups for line in group)
    if not lengths:
        return None
    width = lengths[min(len(lengths) - 1, int(len(lengths) * 0.98))]
    breaks = [(line, after) for group in groups for line, after in pairwise(group)]
    if not NARROWEST_WRAP <= width <= WIDEST_WRAP or not breaks:
        return None
    full = sum(1 for line, after in breaks if _full(line, after, width))
    return width if full >= 3 or full * 2 >= len(breaks) else None


def _full(line: _Line, after: _Line, width: int, slack: float = 0.85) -> bool:
    """Whether a line ends because the next word would not have fitted (or nearly not: people wrap raggedly)."""
    word = after.text.split(" ", 1)[0]
    return line.indent + len(line.text) + 1 + len(word) > width * slack


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’»)").endswith((".", "!", "?"))


def _unwrap(group: list[_Line], width: int, alone: bool) -> list[list[_Line]]:
    """The parts of a group of lines between blank ones, each one joined line or several broken on purpose."""
    breaks = [_full(line, after, width) for line, after in pairwise(group)]
    items = any(_MARKER.match(line.text) for line in group[1:])
    if not alone and not items:
        # A paragraph's lines are full but for the last; a poem's or an address's are not.
        return [[_joined(group)]] if sum(breaks) * 2 >= len(breaks) else [group]
    # Items without blank lines between them, or a whole text without any: a line that is not full ends its paragraph,
    # and so does one before an item or before a line that is indented afresh.
    parts = [[group[0]]]
    for line, after, nearly in zip(group, group[1:], breaks, strict=False):
        full = nearly and not (_ends_sentence(line.text) and not _full(line, after, width, slack=1.0))
        marked = bool(_MARKER.match(after.text))
        hanging = after.indent > parts[-1][0].indent and bool(_MARKER.match(parts[-1][0].text))
        if hanging and not marked:
            parts[-1].append(after)
        elif marked or not full or (after.indent > line.indent and alone):
            parts.append([after])
        else:
            parts[-1].append(after)
    return [[_joined(part)] for part in parts]


def _joined(group: list[_Line]) -> _Line:
    return _Line(join_lines(line.text for line in group), group[0].number, group[0].indent)


def join_lines(lines: Iterable[str]) -> str:
    """Lines on one, with a space between them, but none after a hyphen inside a word."""
    joined = ""
    for line in lines:
        joined += line if not joined or re.search(r"\w-$", joined) else f" {line}"
    return joined


def _split(group: list[_Line], spaced: bool) -> list[list[_Line]]:
    """One line a paragraph; short lines together in a text that otherwise sets blank lines are lines of verse."""
    short = len(group) > 1 and all(len(line.text) <= 60 and not _MARKER.match(line.text) for line in group)
    return [group] if spaced and short else [[line] for line in group]
