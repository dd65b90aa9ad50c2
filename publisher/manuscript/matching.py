"""Words as they are compared when a quotation is looked for: typography evened out, every offset kept.

`fold` gives a text in which these differences are gone, and no others (letter case, digits, words and all other
punctuation stay):

- Unicode's canonical equivalents (NFC, https://www.unicode.org/reports/tr15/);
- white space: every run of it, line and paragraph ends included, is one space, and there is none inside « … »;
- quotation marks and apostrophes, curved, straight, low and angled, single or double, are one character (after a
  digit single and double stay apart: 6' is not 6");
- hyphens and dashes, one or several in a row, are one hyphen;
- an ellipsis is three full stops;
- soft hyphens, zero-width spaces and word joiners, and the places of pictures and formulas are nothing.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publisher.model.inlines import OBJECT

BARRIER = "\x00"
"""Stands between blocks that no quotation may run across: no text holds it."""

_DOUBLE = '“”„‟«»"'
_SINGLE = "‘’‚‛‹›ʼ`´'"
_NOTHING = f"{OBJECT}\u00ad\u200b\u2060\ufeff"
_DASHES = "‐‑‒–—―−"
_EMPTY = rf"[\s{_NOTHING}]"
_SPECIAL = re.compile(
    rf"(?P<quote>(?<![^\s(\[{_DASHES}-])[«‹]{_EMPTY}+|{_EMPTY}+[»›](?!\w)|[{_DOUBLE}{_SINGLE}])"
    rf"|(?P<space>{_EMPTY}{{2,}}|[{_NOTHING}]|[^\S ])"
    rf"|(?P<dash>[{_DASHES}-]{{2,}}|[{_DASHES}])"
    r"|(?P<dots>…)"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; its character `i` stands for the characters `starts[i]` up to `ends[i]` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int] | None:
        """Where characters `start` up to `end` stand in the original; None where an end would split one of them."""
        if start and self.ends[start - 1] > self.starts[start]:
            return None
        if end < len(self.text) and self.ends[end - 1] > self.starts[end]:
            return None
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """The text, folded; see the top of this module."""
    if unicodedata.is_normalized("NFC", text):
        return _fold_composed(text)
    parts: list[str] = []
    starts, ends = array("l"), array("l")
    for start, end in _clusters(text):
        composed = unicodedata.normalize("NFC", text[start:end])
        parts.append(composed)
        starts.extend([start] * len(composed))
        ends.extend([end] * len(composed))
    folded = _fold_composed("".join(parts))
    return Folded(
        folded.text,
        array("l", (starts[start] for start in folded.starts)),
        array("l", (ends[end - 1] for end in folded.ends)),
    )


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Runs of characters that NFC may join with each other, and with nothing outside."""
    start = 0
    for index in range(1, len(text)):
        character = text[index]
        if unicodedata.combining(character):
            continue
        before = unicodedata.normalize("NFC", text[start:index])
        if unicodedata.normalize("NFC", before + character) == before + unicodedata.normalize("NFC", character):
            yield start, index
            start = index
    if text:
        yield start, len(text)


def _fold_composed(text: str) -> Folded:
    parts: list[str] = []
    starts, ends = array("l"), array("l")
    done = 0
    for found in _SPECIAL.finditer(text):
        start, end = found.span()
        if done < start:
            parts.append(text[done:start])
            starts.extend(range(done, start))
            ends.extend(range(done + 1, start + 1))
        instead = _instead(found, text[start - 1] if start else "")
        if instead:
            parts.append(instead)
            starts.extend([start] * len(instead))
            ends.extend([end] * len(instead))
        done = end
    parts.append(text[done:])
    starts.extend(range(done, len(text)))
    ends.extend(range(done + 1, len(text) + 1))
    return Folded("".join(parts), starts, ends)


def _instead(found: re.Match[str], before: str) -> str:
    match found.lastgroup:
        case "quote":
            mark = found.group().strip().strip(_NOTHING)
            return '"' if before.isdigit() and mark in _DOUBLE else "'"
        case "space":
            return " " if re.search(r"\s", found.group()) else ""
        case "dash":
            return "-"
        case _:
            return "..."
