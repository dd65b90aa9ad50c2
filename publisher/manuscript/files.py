"""Text files: UTF-8 and nothing else, told exactly where they are not."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from publisher.manuscript.directions import unbalanced, without_unbalanced
from publisher.model.findings import InputError
from publisher.model.limits import MEGABYTE, beyond
from publisher.model.source import Position

LARGEST = 32
"""Megabytes of the largest text file that is read at all: some five million words, far beyond any edition."""

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
"""Code points that stand for nothing in any text. https://www.unicode.org/faq/private_use.html#noncharacters"""

_UNFIT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}]")


def read_text(path: Path, *, shown: str | None = None, largest: int = LARGEST) -> str:
    """The text of a file: UTF-8, without byte order mark, lines ending in LF.

    `shown` is the path as the user would type it (default: `path`); `largest` is in megabytes. Raises InputError
    where the file is larger, cannot be read, is not UTF-8 (with the byte's offset), holds control characters or
    noncharacters, or turns the direction of words around without turning it back (with line and column).
    """
    shown = shown or str(path)
    try:
        if not path.is_file():
            problem = "is a folder" if path.is_dir() else "is no ordinary file" if path.exists() else "does not exist"
            raise InputError(f"{shown} {problem}; give the path of a text file")
        if path.stat().st_size > largest * MEGABYTE:
            what = f"larger than {largest} MB"
            raise InputError(beyond(what, "split it", "file_size"), Position(shown, 1))
        data = path.read_bytes()
    except OSError as failure:
        raise InputError(f"cannot read {shown}: {failure.strerror}; check its permissions") from failure
    return decode_text(data, shown)


def check_inside(folder: Path) -> None:
    """Raise InputError for a symbolic link anywhere in an edition's folder that leads out of it, or nowhere.

    An edition may come from a stranger; then nothing of this machine may come into what is published.
    """
    root = folder.resolve()
    for place, folders, names in os.walk(root):
        for path in (Path(place, name) for name in (*folders, *names)):
            if path.is_symlink() and not _leads_inside(path, root):
                shown = folder / path.relative_to(root)
                raise InputError(f"{shown} leads outside the edition's folder; put the file itself there")


def _leads_inside(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # it leads nowhere, or round in a circle
        return False


def decode_text(data: bytes, shown: str, *, directions: bool = True) -> str:
    """The text in the bytes of a file, under the same rules as `read_text`; but for marks of direction where
    `directions` is False, as for texts from elsewhere, which `readable` mends."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        # utf-8-sig counts offsets from after the mark.
        offset = problem.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        line = data.count(b"\n", 0, offset) + 1
        raise InputError(
            f"not UTF-8: byte {data[offset]:#04x} at offset {offset}; save the file as UTF-8", Position(shown, line)
        ) from problem
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _UNFIT.search(text)
    if found:
        character = found.group()
        name = unicodedata.name(character, f"U+{ord(character):04X}")
        kind = "control character" if unicodedata.category(character) == "Cc" else "noncharacter"
        raise InputError(f"{kind} {name}; remove it", _place(text, found.start(), shown))
    turned = unbalanced(text) if directions else None
    if turned is not None:
        name = unicodedata.name(text[turned])
        raise InputError(
            f"{name} (U+{ord(text[turned]):04X}) has no counterpart in its paragraph, so that words could show in "
            "another order than they stand in; close it there, or remove it",
            _place(text, turned, shown),
        )
    return text


def readable(text: str) -> str:
    """The text without the signs for which `decode_text` refuses one: for words from a file of another kind."""
    return without_unbalanced(_UNFIT.sub("", text))


def _place(text: str, offset: int, shown: str) -> Position:
    before = text[:offset]
    return Position(shown, before.count("\n") + 1, offset - before.rfind("\n"))
