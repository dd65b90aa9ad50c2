"""ZIP files written so that the same entries always give the same bytes: one date, one mode, entries in their order.

Sound and pictures are stored as they are, since they are compressed already, and every entry is copied in pieces, so
that memory does not grow with the sound.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
_REGULAR_FILE_644 = 0o100644 << 16
_UNIX = 3
_STORED_SUFFIXES = frozenset({".mp3", ".m4a", ".mp4", ".opus", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".woff2"})


def write_archive(path: Path, entries: Mapping[str, bytes | Path], stored: frozenset[str] = frozenset()) -> None:
    """Write a ZIP: `entries` maps each name to its bytes, or to the file that holds them; those in `stored` are kept
    as they are.

    The file appears under `path` whole or not at all. Raises OSError where the disk refuses.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with zipfile.ZipFile(partial, "w") as archive:
            for name, content in entries.items():
                entry = _entry(name, stored=name in stored or Path(name).suffix.lower() in _STORED_SUFFIXES)
                opened = content.open("rb") if isinstance(content, Path) else BytesIO(content)
                with opened as source, archive.open(entry, "w") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _entry(name: str, *, stored: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = _UNIX
    entry.external_attr = _REGULAR_FILE_644
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry
