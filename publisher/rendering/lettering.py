"""Words set on a picture, in the shipped fonts and, for Chinese, Japanese and Korean, in one of the machine's.

The shipped fonts are subsets by script, packed as WOFF2: each character is set in the first file that has it. A text
with a character that none of them has is not set at all, rather than with boxes in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import ImageDraw, ImageFont, features

from publisher.holding import children
from publisher.holding.children import MEGABYTE, Bounds, TooLongError, TooMuchError
from publisher.holding.confining import View
from publisher.rendering.templates import Templates

_SUBSETS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese")


class Typeface(Enum):
    """What the covers are set in; the value is family, weight and style as the files name them."""

    SERIF_BOLD = ("source-serif-4", "600", "normal")
    SERIF_ITALIC = ("source-serif-4", "400", "italic")
    SANS = ("source-sans-3", "400", "normal")
    SANS_BOLD = ("source-sans-3", "600", "normal")


@dataclass(frozen=True, slots=True)
class Source:
    """A font: its file, and which one of the file's fonts it is."""

    path: Path
    index: int = 0


_SPACELESS = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_NO_BEGIN = frozenset("、。，．：；！？）」』】〉》〕”’…·ー々")
"""Signs that no line begins with."""
_NO_END = frozenset("（「『【〈《〔“‘")
"""Signs that no line ends with."""


@dataclass(frozen=True)
class Lettering:
    """One face at one size in pixels. `lang` is the text's language, which decides how Chinese characters look."""

    templates: Templates
    face: Typeface
    size: int
    lang: str = ""

    @cached_property
    def files(self) -> tuple[Source, ...]:
        """The fonts in the order of preference, those that are there."""
        family, weight, style = self.face.value
        heavy = "700" if int(weight) > 500 else "400"
        names = [f"{family}-{subset}-{weight}-{style}" for subset in _SUBSETS]
        names += [f"noto-naskh-arabic-arabic-{heavy}-normal", f"noto-serif-hebrew-hebrew-{heavy}-normal"]
        folders = self.templates.folders("shared")
        paths = (folder / "fonts" / f"{name}.woff2" for name in names for folder in folders)
        ours = tuple(Source(path) for path in dict.fromkeys(path for path in paths if path.is_file()))
        family, weight, _ = self.face.value
        theirs = _machine_font("serif" if "serif" in family else "sans-serif", self.lang, int(weight) > 500)
        return ours if theirs is None else (*ours, theirs)

    def covers(self, text: str) -> bool:
        """Whether every character can be set. Right to left also needs the library that shapes it."""
        if any(_right_to_left(character) for character in text) and not features.check("raqm"):
            return False
        return all(character.isspace() or self._file(character) is not None for character in text)

    def wrap(self, text: str, width: int, limit: int) -> list[str]:
        """The text in lines no wider than `width`, at most `limit` of them, the last one cut with an ellipsis.

        Empty where it cannot be set.
        """
        if not self.covers(text):
            return []
        lines: list[str] = []
        for before, word in _words(text):
            longer = f"{lines[-1]}{before}{word}" if lines else word
            if lines and self.width(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        if len(lines) > limit:
            lines = [*lines[: limit - 1], f"{lines[limit - 1].rstrip(',;:.')}…"]
        return lines

    def longest_word(self, text: str) -> int:
        """The width of the widest word; 0 where the text cannot be set."""
        return max((self.width(word) for _, word in _words(text)), default=0) if self.covers(text) else 0

    def width(self, line: str) -> int:
        """How wide a line is, in pixels."""
        return round(sum(font.getlength(run) for run, font in self._runs(line)))

    def draw(self, picture: ImageDraw.ImageDraw, at: tuple[int, int], line: str, level: int) -> None:
        """Set a line with its left end and the top of its letters at `at`, in a grey from 0 to 255."""
        left, top = float(at[0]), at[1]
        runs = self._runs(line)
        if any(_right_to_left(character) for character in line):
            runs.reverse()
        baseline = top + round(self.size * 0.9)
        for run, font in runs:
            picture.text((left, baseline), run, fill=level, font=font, anchor="ls")
            left += font.getlength(run)

    def _runs(self, line: str) -> list[tuple[str, ImageFont.FreeTypeFont]]:
        """Pieces of a line with the font of each; spaces go with what stands before them."""
        files: list[Source] = []
        for character in line:
            own = self._file(character)
            files.append(files[-1] if files and (own is None or character == " ") else own or self.files[0])
        runs = groupby(zip(line, files, strict=True), key=lambda pair: pair[1])
        return [("".join(character for character, _ in run), _font(source, self.size)) for source, run in runs]

    def _file(self, character: str) -> Source | None:
        found = self.files
        if self.lang and character in "“”‘’…—":
            # These are as wide as its characters in a Chinese or Japanese text, and stand in its font.
            found = found[::-1] if found[-1].path.suffix != ".woff2" else found
        return next((source for source in found if ord(character) in _characters(source)), None)


def _right_to_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL")


def _words(text: str) -> Iterator[tuple[str, str]]:
    """The pieces between which a line may end, each with the space before it; a Chinese character is a piece."""
    for number, word in enumerate(text.split()):
        begin, space = 0, " " if number else ""
        for at in range(1, len(word) + 1):
            if at < len(word) and not _may_end(word[at - 1], word[at]):
                continue
            yield space, word[begin:at]
            begin, space = at, ""


def _may_end(before: str, after: str) -> bool:
    spaceless = _SPACELESS.match(before) or _SPACELESS.match(after)
    return bool(spaceless) and before not in _NO_END and after not in _NO_BEGIN


_BOUNDS = Bounds(30, memory=512 * MEGABYTE, output=MEGABYTE)
"""Of fontconfig, which reads every font of the machine where nobody has before."""
_VIEW = View()
_REGIONS = {"zh": "zh-cn", "ja": "ja", "ko": "ko", "yue": "zh-hk"}


@lru_cache(maxsize=16)
def _machine_font(family: str, lang: str, bold: bool) -> Source | None:
    """The font that this machine has for an East Asian language, as fontconfig finds it; None where it has none."""
    primary, *rest = lang.lower().split("-")
    region = _REGIONS.get(primary)
    if region is None:
        return None
    if primary == "zh" and {"hant", "tw", "hk", "mo"} & set(rest):
        region = "zh-hk" if {"hk", "mo"} & set(rest) else "zh-tw"
    pattern = f"{family}:lang={region}:weight={200 if bold else 80}:slant=0"
    try:
        asked = children.run(["fc-match", "-f", "%{file}\n%{index}\n%{lang}", pattern], b"", _BOUNDS, _VIEW)
    except (OSError, TooLongError, TooMuchError):
        return None
    if asked.status != 0:
        return None
    told = asked.output.decode("utf-8", "replace")
    path, index, langs = (*told.split("\n", 2), "", "", "")[:3]
    if region not in langs.split("|") or not index.isdigit():
        return None
    # Named instances of variable fonts are in the upper half of the index.
    return Source(Path(path), int(index) & 0xFFFF)


@lru_cache(maxsize=64)
def unpacked(path: Path) -> bytes:
    """A font of WOFF2 as TrueType or OpenType."""
    font = TTFont(path)
    font.flavor = None
    written = BytesIO()
    font.save(written, reorderTables=False)
    return written.getvalue()


@lru_cache(maxsize=64)
def _characters(source: Source) -> frozenset[int]:
    with TTFont(source.path, lazy=True, fontNumber=source.index) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=256)
def _font(source: Source, size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(source.path, size, index=source.index)
    except OSError:
        # A FreeType that was built without brotli. Unpacking here takes forty times as long.
        return ImageFont.truetype(BytesIO(unpacked(source.path)), size)
