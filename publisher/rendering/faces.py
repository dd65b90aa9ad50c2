"""The fonts that pages need: the faces of `fonts.css` for the families and characters that they use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_FACE = re.compile(r"@font-face\s*{[^}]*}\s*")
_FILE = re.compile(r'url\("([^"]+)"\)')
_RANGES = re.compile(r"unicode-range:\s*([^;}]+)")
_DECLARED = re.compile(r"\s*unicode-range:[^;}]+;?")
_FAMILY = re.compile(r'font-family:\s*"([^"]+)"')
_STACK = re.compile(r"(--[a-z]+):\s*([^;]+);")


@dataclass(frozen=True, slots=True)
class FontStyles:
    """`css` declares the faces; `files` are the paths, as in the style sheet, of what they load."""

    css: str
    files: tuple[str, ...]


def choose_fonts(fonts_css: str, styles: str, characters: Iterable[str]) -> FontStyles:
    """The faces of `fonts_css` whose family a stack that `styles` uses names, and which hold one of `characters`."""
    stacks = {name: value for name, value in _STACK.findall(fonts_css) if f"var({name})" in styles}
    families = set(re.findall(r'"([^"]+)"', " ".join(stacks.values())))
    codes = sorted({ord(character) for character in characters if not character.isspace()})
    faces = _unranged([face.strip() for face in _FACE.findall(fonts_css) if _wanted(face, families, codes)])
    variables = "".join(f"  {name}: {value};\n" for name, value in stacks.items())
    files = dict.fromkeys(file for face in faces for file in _FILE.findall(face))
    return FontStyles("\n\n".join((*faces, f":root {{\n{variables}}}\n")), tuple(files))


def _unranged(faces: list[str]) -> list[str]:
    """The faces, without their range where a family comes in one part only: a range chooses between parts, and glyphs
    that a font lacks are taken from the next in the stack without it too."""
    ranges: dict[str, set[str]] = {}
    for face in faces:
        ranges.setdefault(_family(face), set()).add(_range(face))
    return [_DECLARED.sub("", face) if len(ranges[_family(face)]) == 1 else face for face in faces]


def _family(face: str) -> str:
    found = _FAMILY.search(face)
    return found[1] if found else ""


def _range(face: str) -> str:
    found = _RANGES.search(face)
    return found[1] if found else ""


def _wanted(face: str, families: set[str], codes: list[int]) -> bool:
    family, ranges = _FAMILY.search(face), _RANGES.search(face)
    if family is None or family[1] not in families:
        return False
    if ranges is None:
        return True
    spans = [_span(part.strip()) for part in ranges[1].split(",")]
    return any(first <= code <= last for first, last in spans for code in codes)


def _span(part: str) -> tuple[int, int]:
    """`U+0100-02BA` or `U+0131`: https://www.w3.org/TR/css-fonts-4/#unicode-range-desc"""
    first, _, last = part.removeprefix("U+").partition("-")
    return int(first.replace("?", "0"), 16), int((last or first).replace("?", "F"), 16)
