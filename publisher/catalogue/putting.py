"""How the catalogue's files take their places, each whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PARTIAL = ".catalogue.partial-"


def put(out: Path, name: str, data: bytes) -> None:
    """Write a file beside, then rename it: whoever reads at this moment gets the old one or the new one."""
    path = out / name
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=_PARTIAL, dir=out)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _as_others(Path(beside))
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def sweep(out: Path) -> None:
    """Remove what a killed process was writing. To be called by whoever alone may write the catalogue."""
    for path in left(out):
        path.unlink(missing_ok=True)


def left(out: Path) -> Iterator[Path]:
    """What processes are writing at this moment, or were when they were killed."""
    return out.glob(f"{_PARTIAL}*")


def _as_others(path: Path) -> None:
    """Temporary files are for their owner alone; what readers download is for all whom the umask lets in."""
    mask = os.umask(0o022)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
