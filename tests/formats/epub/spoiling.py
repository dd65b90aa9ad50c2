"""EPUBs spoiled on purpose: an opened one in, a changed file out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from epub_books import Book

Change = Callable[[bytes], bytes] | bytes | None
"""What becomes of an entry: a function of its bytes, other bytes, or None for its removal."""

Changes = Mapping[str, Change]


def replaced(old: str, new: str, count: int = 1) -> Callable[[bytes], bytes]:
    """Replace words that must be there."""

    def change(data: bytes) -> bytes:
        assert old.encode() in data, f"{old} is not there"
        return data.replace(old.encode(), new.encode(), count)

    return change


def matched(pattern: str, new: str, count: int = 1) -> Callable[[bytes], bytes]:
    """Replace what a pattern finds, which must find something."""

    def change(data: bytes) -> bytes:
        text, times = re.subn(pattern, new, data.decode(), count=count, flags=re.DOTALL)
        assert times, f"{pattern} finds nothing"
        return text.encode()

    return change


def both(*changes: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """One change after the other."""

    def change(data: bytes) -> bytes:
        for one in changes:
            data = one(data)
        return data

    return change


def spoiled(book: Book, folder: Path, changes: Changes) -> Path:
    """The book with some entries changed; names are as in the container."""
    path = folder / f"spoiled-{book.path.name}"
    entries = {**book.entries, **{name: b"" for name in changes if name not in book.entries}}
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for name, data in entries.items():
            change = changes.get(name, data)
            if change is not None:
                archive.writestr(name, change(data) if callable(change) else change)
    return path
