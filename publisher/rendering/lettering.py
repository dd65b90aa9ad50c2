"""Words set in the shipped fonts on a picture.

The fonts are subsets by script, packed as WOFF2: each character is set in the first file that has it. A text with a
character that none of them has is not set at all, rather than with boxes in it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import ImageDraw, ImageFont, features

from publisher.rendering.templates import Templates

_SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese")


class Typeface(Enum):
    """What the covers are set in; the value is family, weight and style as the files name them."""

    SERIF_BOLD = ("source-serif-4", "600", "normal")
    SERIF_ITALIC = ("source-serif-4", "400", "italic")
    SANS = ("source-sans-3", "400", "normal")
    SANS_BOLD = ("source-sans-3", "600", "normal")


@dataclass(frozen=True)
class Lettering:
    """One face at one size in pixels."""

    templates: Templates
    face: Typeface
    size: int

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """The font files in the order of preference, those that are there."""
        family, weight, style = self.face.value
        heavy = "700" if int(weight) > 500 else "400"
        names = [f"{family}-{subset}-{weight}-{style}" for subset in _SUBSETS]
        names += [f"noto-naskh-arabic-arabic-{heavy}-normal", f"noto-serif-hebrew-hebrew-{heavy}-normal"]
        folders = self.templates.folders("shared")
        paths = (folder / "fonts" / f"{name}.woff2" for name in names for folder in folders)
        return tuple(dict.fromkeys(path for path in paths if path.is_file()))

    def covers(self, text: str) -> bool:
        """Whether every character can be set. Right to left also needs the library that shapes it."""
        if any(_right_to_left(character) for character in text) and not features.check("raqm"):
            return False
        return all(character.isspace() or self._file(character) is not None for character in text)

    def wrap(self, text: str, width: int, limit: int) -> list[str]:
        """The text in lines no wider than `width`, at most `limit` of them, the last one cut with an ellipsis.

        Empty where it cannot be set.
        """
        words = text.split()
        if not self.covers(text):
            return []
        lines: list[str] = []
        for word in words:
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        if len(lines) > limit:
            lines = [*lines[: limit - 1], f"{lines[limit - 1].rstrip(',;:.')}…"]
        return lines

    def longest_word(self, text: str) -> int:
        """The width of the widest word; 0 where the text cannot be set."""
        return max((self.width(word) for word in text.split()), default=0) if self.covers(text) else 0

    def width(self, line: str) -> int:
        """How wide a line is, in pixels."""
        return round(sum(font.getlength(run) for run, font in self._runs(line)))

    def draw(self, picture: ImageDraw.ImageDraw, at: tuple[int, int], line: str, colour: tuple[int, int, int]) -> None:
        """Set a line with its left end and the top of its letters at `at`."""
        left, top = float(at[0]), at[1]
        runs = self._runs(line)
        if any(_right_to_left(character) for character in line):
            runs.reverse()
        baseline = top + round(self.size * 0.9)
        for run, font in runs:
            picture.text((left, baseline), run, fill=colour, font=font, anchor="ls")
            left += font.getlength(run)

    def _runs(self, line: str) -> list[tuple[str, ImageFont.FreeTypeFont]]:
        """Pieces of a line with the font of each; spaces go with what stands before them."""
        files: list[Path] = []
        for character in line:
            own = self._file(character)
            files.append(files[-1] if files and (own is None or character == " ") else own or self.files[0])
        runs = groupby(zip(line, files, strict=True), key=lambda pair: pair[1])
        return [("".join(character for character, _ in run), _font(path, self.size)) for path, run in runs]

    def _file(self, character: str) -> Path | None:
        return next((path for path in self.files if ord(character) in _characters(path)), None)


def _right_to_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL")


@lru_cache(maxsize=64)
def _unpacked(path: Path) -> bytes:
    font = TTFont(path)
    font.flavor = None
    written = BytesIO()
    font.save(written, reorderTables=False)
    return written.getvalue()


@lru_cache(maxsize=64)
def _characters(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=256)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(_unpacked(path)), size)
