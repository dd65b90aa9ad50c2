"""A page's painting operators, rewritten: marks numbered anew, artifacts typed, lost spaces and divided words told.

WeasyPrint keeps a page's content as a list of operators until the file is written. Each marked content there is three
of them, `/Span`, a dictionary with its MCID, `BDC`, then what is painted, then `EMC` (ISO 32000-1, 14.6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pydyf  # type: ignore[import-untyped]

from publisher.formats.pdf.structure import Content

_FONT = re.compile(rb"/(\S+) \S+ Tf")
_SHOWN = re.compile(rb"\[(?P<before>.*<[0-9a-f]*)(?P<last>[0-9a-f]{4})>\] TJ")
_RIGHT_TO_LEFT = range(0x590, 0x900)

_UNPAINTED = re.compile(
    "[\u034f\u061c\u200c-\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
"""Characters that have a meaning but no glyph: joiners, marks of direction, variation selectors, tags of flags."""


@dataclass
class Page:
    """One page before: what is content, by MCID, what is furniture, and how each font codes a space (hexadecimal)."""

    contents: Mapping[int, Content]
    furniture: Mapping[int, str]
    spaces: Mapping[bytes, bytes]


@dataclass
class Painted:
    """One page after: its operators, and the contents in the order of their new MCIDs, which count from 0."""

    operators: list[Any] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)


def repaint(operators: Iterable[Any], page: Page) -> Painted:
    """A page's operators with marks for what `page` calls content, and artifacts for all else."""
    made = Painted()
    written = made.operators
    inside: Content | None = None
    begin = 0
    font = b""
    for operator in operators:
        written.append(operator)
        if operator == b"BMC":
            written[-2:] = [written[-2], artifact("Layout"), b"BDC"]
        elif operator == b"BDC" and "MCID" in written[-2]:
            number = written[-2]["MCID"]
            inside = page.contents.get(number)
            if inside is None:
                written[-3:] = ["/Artifact", artifact(page.furniture.get(number, "Layout")), b"BDC"]
            else:
                written[-2] = pydyf.Dictionary({"MCID": len(made.contents)})
                made.contents.append(inside)
                begin = len(written)
        elif operator == b"EMC" and inside is not None:
            _tell(inside, written, begin, page.spaces.get(font))
            inside = None
        elif isinstance(operator, bytes) and (found := _FONT.fullmatch(operator)):
            font = found[1]
    return made


def artifact(kind: str) -> Any:
    """An artifact's property list (ISO 32000-1, 14.8.2.2)."""
    match kind:
        case "Header" | "Footer":
            return pydyf.Dictionary({"Type": "/Pagination", "Subtype": f"/{kind}"})
        case "Repeated":
            return pydyf.Dictionary({"Type": "/Pagination"})
        case _:
            return pydyf.Dictionary({"Type": "/Layout"})


def _tell(content: Content, written: list[Any], begin: int, space: bytes | None) -> None:
    """Complete the operators from `begin` on, which paint a content, so that its words are read as they were written.

    Words in lines that run from right to left, or with characters that leave no glyph, are told whole as
    `ActualText`. A hyphen that is not the author's is told as a soft hyphen, alone, so that the words before it can
    still be selected; a space that the line's end took is painted.
    """
    shown = next((index for index in range(len(written) - 2, begin - 1, -1) if _shows(written[index])), None)
    ending = _SHOWN.fullmatch(written[shown]) if shown is not None else None
    right_to_left = content.leftward or any(ord(letter) in _RIGHT_TO_LEFT for letter in content.text)
    unpainted = _UNPAINTED.search(content.words) is not None
    if (
        right_to_left
        or unpainted
        or (content.divided and ending is None)
        or (content.space and (space is None or shown is None))
    ):
        told = content.words + ("\u00ad" if content.divided else " " if content.space else "")
        written[begin - 2]["ActualText"] = pydyf.String(told)
    elif content.divided and ending is not None and shown is not None:
        hyphen = pydyf.Dictionary({"ActualText": pydyf.String("\u00ad")})
        written[shown : shown + 1] = [
            b"[" + ending["before"] + b">] TJ",
            "/Span",
            hyphen,
            b"BDC",
            b"[<" + ending["last"] + b">] TJ",
            b"EMC",
        ]
    elif content.space and space is not None and shown is not None:
        written[shown] = written[shown].removesuffix(b"] TJ") + b"<" + space + b">] TJ"


def _shows(operator: Any) -> bool:
    return isinstance(operator, bytes) and operator.endswith(b"] TJ")
