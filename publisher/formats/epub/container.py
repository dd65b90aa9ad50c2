"""The ZIP container, written so that the same entries always give the same bytes.

EPUB 3.3, section 4 (https://www.w3.org/TR/epub-33/#sec-ocf): `mimetype` comes first, stored, with no extra field.
All else is ours: entries sorted by name, one date, one mode, sound and pictures stored as they are (they are
compressed already), and every entry copied in pieces, so that memory does not grow with the audio.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

MIMETYPE = "application/epub+zip"

_EPOCH = (1980, 1, 1, 0, 0, 0)
_REGULAR_FILE_644 = 0o100644 << 16
_UNIX = 3
_STORED_SUFFIXES = frozenset({".mp3", ".m4a", ".mp4", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".woff2"})


def write_container(path: Path, entries: Mapping[str, bytes | Path]) -> None:
    """Write an EPUB's container: `entries` maps each name to its bytes, or to the file that holds them.

    The file appears under `path` whole or not at all. Raises OSError where the disk refuses.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with zipfile.ZipFile(partial, "w") as archive:
            archive.writestr(_entry("mimetype", stored=True), MIMETYPE)
            for name in sorted(set(entries) - {"mimetype"}):
                content = entries[name]
                entry = _entry(name, stored=Path(name).suffix.lower() in _STORED_SUFFIXES)
                opened = content.open("rb") if isinstance(content, Path) else BytesIO(content)
                with opened as source, archive.open(entry, "w") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_container(data: bytes) -> dict[str, bytes]:
    """Every entry of a ZIP by name. Raises ValueError where a name comes twice or an entry's checksum is wrong."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        if len(set(names)) != len(names):
            raise ValueError("an entry of the container stands in it twice")
        damaged = archive.testzip()
        if damaged is not None:
            raise ValueError(f"the entry {damaged} of the container is damaged")
        return {name: archive.read(name) for name in names}


def _entry(name: str, *, stored: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = _UNIX
    entry.external_attr = _REGULAR_FILE_644
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry
