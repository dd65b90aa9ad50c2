"""Files that may be served: opened without leaving their folder, with their media type, whole or in part."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_TYPES = {
    "atom.xml": "application/atom+xml",
    "podcast.xml": "application/rss+xml",
    "opds.json": "application/opds+json",
}
"""Media types by a file's name. https://www.iana.org/assignments/media-types/"""
_SUFFIXES = {
    "css": "text/css; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "gif": "image/gif",
    "html": "text/html; charset=utf-8",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "lpf": "application/lpf+zip",
    "m4b": "audio/mp4",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "smil": "application/smil+xml",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "xhtml": "application/xhtml+xml",
    "xml": "application/xml",
    "zip": "application/zip",
}
"""Media types by the end of a file's name; anything else is bytes."""
_RANGE = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file: its first byte and the one after its last."""

    first: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.first


class UnsatisfiableError(Exception):
    """A part is asked for that a file does not have."""


class Folder:
    """Says that names lead to a folder."""


def open_below(root: Path, names: Sequence[str]) -> BinaryIO | Folder | None:
    """The file that names lead to from a folder, opened; None where there is none that may be served.

    Each name is opened inside the folder before it and no symbolic link is followed, so nothing outside can be
    reached, whatever changes meanwhile. Devices, pipes and sockets are none.
    """
    try:
        handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    for name in names:
        try:
            # Without O_NONBLOCK a pipe that nobody writes to would hold this up for ever.
            inner = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=handle)
        except (OSError, ValueError):
            return None
        finally:
            os.close(handle)
        handle = inner
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    return Folder() if stat.S_ISDIR(mode) else None


def media_type(name: str) -> str:
    """The media type of a file, by its name."""
    return _TYPES.get(name) or _SUFFIXES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def span_of(header: str | None, size: int) -> Span | None:
    """The part that a Range header asks for; None where it asks for none, for several, or for what it should not.

    Raises UnsatisfiableError where the file ends before. https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
    """
    match = _RANGE.fullmatch((header or "").replace(" ", ""))
    if match is None or not (match["first"] or match["last"]):
        return None
    if not match["first"]:
        wanted = min(int(match["last"]), size)
        if not wanted:
            raise UnsatisfiableError
        return Span(size - wanted, size)
    first = int(match["first"])
    if match["last"] and int(match["last"]) < first:
        return None
    if first >= size:
        raise UnsatisfiableError
    return Span(first, min(int(match["last"]) + 1, size) if match["last"] else size)
