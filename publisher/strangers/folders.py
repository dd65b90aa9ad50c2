"""Files beside a stranger's page, by the addresses that it names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from publisher.strangers.bounds import MEGABYTE, bounds


def inside(folder: Path, name: str) -> Path | None:
    """The file of this name, as it is on the disk; None for one that is not there, is larger than a document may be, or
    is not in the folder: a page from elsewhere may name any file of this machine, by `..` or by a symbolic link."""
    if not name or ":" in name:
        return None
    try:
        path = (folder / name).resolve()
        there = path.is_relative_to(folder.resolve()) and path.is_file()
        return path if there and path.stat().st_size <= bounds().document * MEGABYTE else None
    except (OSError, ValueError, RuntimeError):  # a name that no file can have; links in a circle
        return None


def beside(folder: Path, address: str) -> str | None:
    """The text of a file by the address that a page of the folder names; None where there is none that may be read."""
    path = inside(folder, unquote(address.partition("?")[0].partition("#")[0]))
    return None if path is None else path.read_text(encoding="utf-8", errors="replace")
