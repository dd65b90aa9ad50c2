"""How small the words in an edition's own drawings are printed.

What a drawing says of its letters is not what the page shows: it is scaled to the page, and groups inside it are scaled
once more. So the sizes are read from what WeasyPrint has painted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import hypot
from typing import Any

from weasyprint.formatting_structure import boxes  # type: ignore[import-untyped]
from weasyprint.matrix import Matrix  # type: ignore[import-untyped]
from weasyprint.pdf.stream import Stream  # type: ignore[import-untyped]

_MATRIX = re.compile(rb"(\S+) (\S+) (\S+) (\S+) (\S+) (\S+) (cm|Tm)")
_FONT = re.compile(rb"/\S+ (\S+) Tf")
_DRAWN = re.compile(rb"/(\S+) Do")
_GLYPH = re.compile(rb"<[0-9a-f]")


def smallest_letters(pdf: Any, page_streams: Iterable[Any]) -> dict[str, float]:
    """The size in points of the smallest letters in each picture, by the picture's id. Formulas are none.

    `page_streams` are what WeasyPrint has painted and not yet written; `pdf` holds the groups that they paint.
    """
    smallest: dict[str, float] = {}
    for stream in page_streams:
        pictures = {
            tag["mcid"]: box.element.get("id")
            for box, tag in stream._tags.items()
            if _is_picture(box) and box.element.get("id")
        }
        if pictures:
            for id, size in _sizes(pdf, stream, pictures):
                smallest[id] = min(size, smallest.get(id, size))
    return {id: round(size, 1) for id, size in smallest.items()}


def _is_picture(box: Any) -> bool:
    return (
        isinstance(box, boxes.ReplacedBox)
        and box.element is not None
        and box.element.tag == "img"
        and "math" not in box.element.get("class", "").split()
    )


def _sizes(pdf: Any, stream: Any, pictures: dict[int, str]) -> Iterator[tuple[str, float]]:
    """The sizes of a page's letters that are inside marked pictures, each with the picture's id."""
    painting = _Painting(pdf, stream)
    inside: str | None = None
    operators = stream.stream
    for index, operator in enumerate(operators):
        if operator == b"BDC" and "MCID" in operators[index - 1]:
            inside = pictures.get(operators[index - 1]["MCID"])
        elif operator == b"EMC":
            inside = None
        elif isinstance(operator, bytes):
            sizes = painting.letters(operator)
            if inside is not None:
                yield from ((inside, size) for size in sizes)


class _Painting:
    """A stream as it is painted: where things go, and the size of letters, as operators change them (ISO 32000-1, 8.4.2
    and 9.4)."""

    def __init__(self, pdf: Any, stream: Any, matrix: Any = None) -> None:
        self.pdf = pdf
        self.stream = stream
        self.matrix = matrix or Matrix()
        self.text_matrix = Matrix()
        self.size = 0.0
        self.kept: list[tuple[Any, float]] = []

    def letters(self, operator: bytes) -> list[float]:
        """Go on by one operator; the sizes of the letters that it paints."""
        if operator == b"q":
            self.kept.append((self.matrix, self.size))
        elif operator == b"Q":
            self.matrix, self.size = self.kept.pop()
        elif found := _MATRIX.fullmatch(operator):
            matrix = Matrix(*(float(number) for number in found.groups()[:6]))
            if found[7] == b"cm":
                self.matrix = matrix @ self.matrix
            else:
                self.text_matrix = matrix
        elif found := _FONT.fullmatch(operator):
            self.size = float(found[1])
        elif operator.endswith(b"TJ") and _GLYPH.search(operator):
            _, _, c, d, _, _ = (self.text_matrix @ self.matrix).values
            return [self.size * hypot(c, d)]
        elif found := _DRAWN.fullmatch(operator):
            return self._drawn(self.stream._resources["XObject"].get(found[1].decode(), b""))
        return []

    def _drawn(self, reference: bytes) -> list[float]:
        """The sizes of the letters in a group; none in a picture of dots."""
        number = reference.partition(b" ")[0]
        group = self.pdf.objects[int(number)] if number.isdigit() else None
        if not isinstance(group, Stream):
            return []
        painting = _Painting(self.pdf, group, self.matrix)
        return [size for operator in group.stream if isinstance(operator, bytes) for size in painting.letters(operator)]
