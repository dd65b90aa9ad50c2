"""The fonts of a PDF: which faces of `fonts.css` its text needs, and under which names WeasyPrint may have them.

WeasyPrint differs from a browser in two ways. It loads every `@font-face` that it meets, at some 30 ms each. And it
takes two files of one family, weight and style for one font, which garbles the text of subsets: each subset gets a
family name of its own here, and the stacks (`--serif: "Source Serif 4", …`) name them all.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from publisher.formats.pdf.machine_fonts import east_asian
from publisher.model.findings import InputError

_RULE = re.compile(r"@font-face\s*\{(?P<body>[^}]*)\}")
_DESCRIPTOR = re.compile(r"(?P<name>[a-z-]+)\s*:\s*(?P<value>[^;]+);?")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STACK = re.compile(r"(?P<name>--[a-z-]+)\s*:\s*(?P<value>[^;}]+)")
_URL = re.compile(r"""url\(\s*["']?(?P<url>[^"')]+)["']?\s*\)""")


@dataclass(frozen=True, slots=True)
class Face:
    """One `@font-face`: a file that serves some characters of a family in one weight and style.

    `ranges` are code points, first and last, both inclusive; empty means all.
    """

    family: str
    style: str
    weight: str
    url: str
    ranges: tuple[tuple[int, int], ...] = ()

    def serves(self, characters: Sequence[int]) -> bool:
        """Whether the face is meant for at least one of these code points, which stand in their order."""
        places = ((bisect_left(characters, first), last) for first, last in self.ranges)
        return not self.ranges or any(at < len(characters) and characters[at] <= last for at, last in places)


@lru_cache(maxsize=8)
def read_faces(css: str) -> tuple[Face, ...]:
    """The faces that a style sheet declares. Raises InputError for one without a family or a file."""
    faces = []
    for rule in _RULE.finditer(_COMMENT.sub("", css)):
        found = {match["name"]: match["value"].strip() for match in _DESCRIPTOR.finditer(rule["body"])}
        url = _URL.search(found.get("src", ""))
        if "font-family" not in found or url is None:
            raise InputError("fonts.css: a @font-face lacks its font-family or its url(); complete it")
        faces.append(
            Face(
                family=found["font-family"].strip("\"'"),
                style=found.get("font-style", "normal"),
                weight=found.get("font-weight", "400"),
                url=url["url"],
                ranges=_ranges(found.get("unicode-range", "")),
            )
        )
    return tuple(faces)


def _ranges(value: str) -> tuple[tuple[int, int], ...]:
    """`U+20AC, U+0400-045F, U+4??` as code points (https://www.w3.org/TR/css-fonts-4/#unicode-range-desc)."""
    ranges = []
    for part in re.findall(r"[Uu]\+([0-9A-Fa-f?]+)(?:-([0-9A-Fa-f]+))?", value):
        first, last = part
        ranges.append((int(first.replace("?", "0"), 16), int((last or first).replace("?", "F"), 16)))
    return tuple(ranges)


@dataclass(frozen=True, slots=True)
class Fonts:
    """A style sheet of faces and stacks for WeasyPrint; `stacks` are the families of each stack, by its name."""

    css: str
    stacks: Mapping[str, str]

    @property
    def generics(self) -> dict[str, str]:
        """Families for CSS's generic names, which pictures use: a machine's own fonts differ from the next one's."""
        sans = self.stacks.get("--sans") or self.stacks.get("--hyperlegible", "sans-serif")
        return {
            "sans-serif": sans,
            "serif": self.stacks.get("--serif", sans),
            "monospace": self.stacks.get("--mono", sans),
        }


def choose_fonts(css: str, *, text: str, users: str, langs: Sequence[str] = ()) -> Fonts:
    """The faces of `fonts.css` that a document needs, each subset a family of its own, and the stacks widened.

    `text` is all that is set in them (ASCII counts as always there: page numbers need it); `users` is the style sheets
    that name the stacks, as `var(--serif)`: a stack that none names is left out. `langs` are the document's language
    and those of words in it: Chinese, Japanese and Korean are set in fonts of the machine.
    """
    characters = sorted({*map(ord, text), *range(0x20, 0x7F)})
    bare = _COMMENT.sub("", css)
    stacks = {match["name"]: match["value"].strip() for match in _STACK.finditer(_RULE.sub("", bare))}
    stacks = {name: value for name, value in stacks.items() if f"var({name})" in users}
    parts: dict[str, dict[tuple[tuple[int, int], ...], str]] = {}
    rules = []
    for face in read_faces(css):
        if not face.serves(characters) or not any(f'"{face.family}"' in value for value in stacks.values()):
            continue
        names = parts.setdefault(face.family, {})
        name = names.setdefault(face.ranges, f"{re.sub('[^A-Za-z0-9]', '', face.family)}-{len(names) + 1}")
        rules.append(
            f"@font-face {{ font-family: {name}; font-style: {face.style}; "
            f'font-weight: {face.weight}; src: url("{face.url}"); }}'
        )
    widened = {name: _widened(value, parts, *east_asian(langs, name)) for name, value in stacks.items()}
    variables = [f"  {name}: {value};" for name, value in widened.items()]
    return Fonts("\n".join([*rules, ":root {", *variables, "}", ""]), widened)


def _widened(
    stack: str,
    parts: Mapping[str, Mapping[tuple[tuple[int, int], ...], str]],
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> str:
    """A stack with each family replaced by its parts, between families of the machine's; families of ours that the
    text does not need go."""
    ours: list[str] = []
    generic: list[str] = []
    for family in (name.strip() for name in stack.split(",")):
        known = parts.get(family.strip("\"'"))
        if known is not None:
            ours.extend(known.values())
        elif not family.startswith(('"', "'")):
            generic.append(family)
    # Unquoted, since stacks are put into drawings' attributes too.
    return ", ".join([*before, *ours, *after, *generic])
