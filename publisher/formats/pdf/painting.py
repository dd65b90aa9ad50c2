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
_GLYPHS = re.compile(rb"<([0-9a-f]+)>")
_SHOWN = re.compile(rb"\[(?P<before>.*<[0-9a-f]*)(?P<last>[0-9a-f]{4})>(?P<after>[-0-9.]*)\] TJ")
_RIGHT_TO_LEFT = range(0x590, 0x900)

_UNPAINTED = re.compile(
    "[\u034f\u061c\u200c-\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
"""Characters that have a meaning but no glyph: joiners, marks of direction, variation selectors, tags of flags."""


_ALIKE = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u00ad": "", "\u2060": "", "\n": ""}
)
"""Characters that are painted alike, or not at all."""


@dataclass(frozen=True)
class Script:
    """How a font writes: what each glyph stands for, and the glyph of a space, all glyphs as hexadecimal digits.

    A glyph has one meaning in a PDF, the first that it was painted for.
    """

    meanings: Mapping[bytes, str]
    space: bytes | None

    def read(self, operator: bytes) -> str:
        """The words that an operator paints, as a program that knows the font's map would read them."""
        digits = b"".join(_GLYPHS.findall(operator))
        return "".join([self.meanings.get(digits[at : at + 4], "") for at in range(0, len(digits), 4)])


@dataclass
class Page:
    """One page before: what is content, by MCID, what is furniture, and the fonts of its text by name."""

    contents: Mapping[int, Content]
    furniture: Mapping[int, str]
    scripts: Mapping[bytes, Script]


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
    script: Script | None = None
    read: list[str] = []
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
                read.clear()
        elif operator == b"EMC" and inside is not None:
            plain = _alike("".join(read)) == _alike(inside.text)
            _tell(inside, written, begin, script.space if script else None, plain=plain)
            inside = None
        elif isinstance(operator, bytes):
            if operator.endswith(b"TJ"):
                read.append(script.read(operator) if script else "")
            elif found := _FONT.fullmatch(operator):
                script = page.scripts.get(found[1])
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


def _alike(text: str) -> str:
    return text.translate(_ALIKE).strip(" ")


def _tell(content: Content, written: list[Any], begin: int, space: bytes | None, *, plain: bool) -> None:
    """Complete the operators from `begin` on, which paint a content, so that its words are read as they were written.

    Words in lines that run from right to left, with characters that leave no glyph, or with glyphs that stand for
    other characters elsewhere (not `plain`), are told whole as `ActualText`. A hyphen that is not the author's is told
    as a soft hyphen, alone, so that the words before it can still be selected; a space that the line's end took is
    painted.
    """
    shown = next((index for index in range(len(written) - 2, begin - 1, -1) if _shows(written[index])), None)
    ending = _SHOWN.fullmatch(written[shown]) if shown is not None else None
    right_to_left = content.leftward or any(ord(letter) in _RIGHT_TO_LEFT for letter in content.text)
    unpainted = _UNPAINTED.search(content.words) is not None
    if (
        (content.text.strip() and not plain)
        or right_to_left
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
            b"[<" + ending["last"] + b">" + ending["after"] + b"] TJ",
            b"EMC",
        ]
    elif content.space and space is not None and shown is not None:
        written[shown] = written[shown].removesuffix(b"] TJ") + b"<" + space + b">] TJ"


def _shows(operator: Any) -> bool:
    return isinstance(operator, bytes) and operator.endswith(b"] TJ")
