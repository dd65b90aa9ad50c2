"""How the catalogue's files take their places, each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

_PARTIAL = ".catalogue.partial-"


def put(out: Path, name: str, data: bytes) -> None:
    """Write a file beside, then rename it: whoever reads at this moment gets the old one or the new one."""
    path = out / name
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = out / f"{_PARTIAL}{token_hex(8)}"
    try:
        with beside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        if beside.exists():
            beside.unlink(missing_ok=True)


def sweep(out: Path) -> None:
    """Remove what a killed process was writing. To be called by whoever alone may write the catalogue."""
    for path in left(out):
        path.unlink(missing_ok=True)


def left(out: Path) -> Iterator[Path]:
    """What processes are writing at this moment, or were when they were killed."""
    return out.glob(f"{_PARTIAL}*")
