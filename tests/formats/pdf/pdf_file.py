"""Reads a PDF back as a stranger would: its structure tree, and every run of text with its words, size and place.

The words come from the content streams and the fonts' ToUnicode maps alone (ISO 32000-1, 9.10), so that nothing is
guessed from where letters stand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf

Matrix = tuple[float, float, float, float, float, float]
Colour = tuple[float, ...]
Mark = tuple[int | None, bool, str | None]


@dataclass
class Run:
    """Words shown by one operator: on page number `page` from 0, at `size` points, in `colour` (red, green and blue
    from 0 to 1), under the marks around it."""

    page: int
    words: str
    size: float
    font: str
    mark: int | None
    artifact: bool
    colour: Colour = (0, 0, 0)


@dataclass
class Tag:
    role: str
    source: Any
    kids: list[Tag | str] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)
    marks: set[tuple[int, int]] = field(default_factory=set)

    @property
    def text(self) -> str:
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    @property
    def own_text(self) -> str:
        """The words that stand in it directly."""
        return "".join(kid for kid in self.kids if isinstance(kid, str))

    def walk(self) -> Iterator[Tag]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Tag):
                yield from kid.walk()

    def find(self, role: str) -> list[Tag]:
        return [tag for tag in self.walk() if tag.role == role]

    @property
    def outline(self) -> str:
        """The roles inside, as `LI(Lbl LBody(P))`."""
        inside = " ".join(kid.outline for kid in self.kids if isinstance(kid, Tag))
        return f"{self.role}({inside})" if inside else self.role

    def get(self, key: str) -> str | None:
        value = self.source.get(key)
        return None if value is None else str(value)

    def attribute(self, key: str) -> Any:
        return next((owner[key] for owner in self.source.get("/A", ()) if key in owner), None)


class File:
    """An open PDF."""

    def __init__(self, path: Path) -> None:
        self.pdf = pikepdf.open(path)

    @cached_property
    def runs(self) -> list[Run]:
        return [run for number, page in enumerate(self.pdf.pages) for run in _runs(number, page, page.resources)]

    @cached_property
    def marked(self) -> list[dict[int, str]]:
        """The words of each marked content, page by page, with `ActualText` in place of what is painted."""
        pages: list[dict[int, str]] = [{} for _ in self.pdf.pages]
        for run in self.runs:
            if run.mark is not None:
                pages[run.page][run.mark] = pages[run.page].get(run.mark, "") + run.words
        return pages

    def runs_of(self, tag: Tag) -> list[Run]:
        """The runs of text that an element owns, with those inside it."""
        marks = set().union(*(inner.marks for inner in tag.walk()))
        return [run for run in self.runs if (run.page, run.mark) in marks and run.size]

    @cached_property
    def tree(self) -> Tag:
        kids = self.pdf.Root.StructTreeRoot.K
        return self._tag(kids[0] if isinstance(kids, pikepdf.Array) else kids)

    @cached_property
    def _numbers(self) -> dict[Any, int]:
        return {page.obj.objgen: number for number, page in enumerate(self.pdf.pages)}

    def _tag(self, element: Any) -> Tag:
        made = Tag(str(element.S)[1:], element)
        kids = element.get("/K")
        for kid in () if kids is None else kids if isinstance(kids, pikepdf.Array) else (kids,):
            if isinstance(kid, int):
                page, mark = self._numbers[element.Pg.objgen], kid
            elif kid.get("/Type") == pikepdf.Name.MCR:
                page, mark = self._numbers[kid.Pg.objgen], int(kid.MCID)
            elif kid.get("/Type") == pikepdf.Name.OBJR:
                continue
            else:
                inner = self._tag(kid)
                made.kids.append(inner)
                made.pages |= inner.pages
                continue
            made.pages.add(page)
            made.marks.add((page, mark))
            made.kids.append(self.marked[page].get(mark, ""))
        return made


UNIT: Matrix = (1, 0, 0, 1, 0, 0)


def _runs(
    number: int,
    page: Any,
    resources: Any,
    matrix: Matrix = UNIT,
    around: tuple[Mark, ...] = (),
    colour: Colour = (0, 0, 0),
) -> Iterator[Run]:
    """The runs of a page, or of a form XObject that it paints, under `matrix` and the marks `around`."""
    fonts = {name: _unicode_map(font) for name, font in resources.get("/Font", {}).items()}
    names = {name: str(font.BaseFont) for name, font in resources.get("/Font", {}).items()}
    text: Matrix = matrix
    stack: list[tuple[Matrix, Colour]] = []
    marks = list(around)
    font, size = "", 0.0
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "q":
                stack.append((matrix, colour))
            case "Q":
                matrix, colour = stack.pop()
            case "rg" | "g":
                colour = tuple(float(part) for part in operands) * (3 // len(operands))
            case "Do":
                form = resources.XObject[str(operands[0])]
                if form.Subtype == pikepdf.Name.Form:
                    inner = _times(_floats(form.get("/Matrix", list(UNIT))), matrix)
                    yield from _runs(number, form, form.get("/Resources", resources), inner, tuple(marks), colour)
            case "cm":
                matrix = _times(_floats(operands), matrix)
            case "Tf":
                font, size = str(operands[0]), float(operands[1])
            case "BT":
                text = (1, 0, 0, 1, 0, 0)
            case "Tm":
                text = _floats(operands)
            case "BDC" | "BMC":
                properties = operands[1] if len(operands) > 1 else {}
                told = properties.get("/ActualText")
                mark = properties.get("/MCID")
                outer = marks[-1][0] if marks else None
                artifact = str(operands[0]) == "/Artifact" or any(entry[1] for entry in marks)
                marks.append((int(mark) if mark is not None else outer, artifact, None if told is None else str(told)))
                if told is not None:
                    yield Run(number, str(told), 0, "", marks[-1][0], artifact)
            case "EMC":
                marks.pop()
            case "TJ" | "Tj":
                pieces = operands[0] if str(operator) == "TJ" else [operands[0]]
                codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
                words = "".join(
                    fonts[font].get(int.from_bytes(codes[index : index + 2], "big"), "\ufffd")
                    for index in range(0, len(codes), 2)
                )
                a, b, *_ = _times(text, matrix)
                replaced = any(entry[2] is not None for entry in marks)
                shown = "" if replaced else words
                mark_now, artifact_now = (marks[-1][0], marks[-1][1]) if marks else (None, False)
                yield Run(number, shown, abs(size) * math.hypot(a, b), names[font], mark_now, artifact_now, colour)


def _floats(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return a, b, c, d, e, f


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _unicode_map(font: Any) -> dict[int, str]:
    """A font's ToUnicode map (the `bfchar` kind alone, which is what is written)."""
    data = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"<([0-9a-fA-F]+)> <([0-9a-fA-F]*)>", data[data.index("endcodespacerange") :])
    return {int(code, 16): bytes.fromhex(words).decode("utf-16-be") for code, words in pairs}
