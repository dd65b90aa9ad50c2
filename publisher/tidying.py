"""Making room in the store: what has not been used for long goes first, and nothing that a build is using.

Keys are digests, so that a file never goes stale; when it was last used is only looked at to choose what goes. What is
gone is made again when it is wanted.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from publisher.model.findings import InputError
from publisher.store import SEAL, Store, remove

LIMIT = 20 * 1000**3
"""Bytes that the store may take where PUBLISHER_CACHE_LIMIT says nothing else."""
_DAY = 86_400.0
_LOOKED = "looked-after"
PATIENCE, _RETRY = 600.0, 6 * 3600.0
"""Seconds that a machine which builds without end waits for the builds of a moment, so as to tidy; seconds until it
waits again where they took longer."""
_SIZES = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4}
_SPANS = {"h": 3600.0, "d": _DAY, "w": 7 * _DAY}


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many files went and how many stay, and their bytes."""

    gone: int
    freed: int
    left: int
    size: int

    def __str__(self) -> str:
        return f"{self.gone} files removed, {in_words(self.freed)}; {self.left} stay, {in_words(self.size)}"


@dataclass(frozen=True, slots=True)
class _Kept:
    path: Path
    size: int
    used: float


def tidy(
    store: Store, *, unused_since: float | None = None, down_to: int | None = None, patience: float = 0.0
) -> Tidied:
    """Remove what was last used before `unused_since` (seconds since 1970), then the longest unused until no more than
    `down_to` bytes stay; what killed builds left half written goes in any case.

    Raises InputError where a build is using the store, and still is after so many seconds of `patience`.
    """
    with store.alone(patience):
        store.sweep()
        files = sorted(_files(store), key=lambda one: (one.used, one.path))
        total = sum(one.size for one in files)
        gone = freed = 0
        for one in files:
            old = unused_since is not None and one.used < unused_since
            if not old and (down_to is None or total - freed <= down_to):
                break
            remove(one.path)
            gone, freed = gone + 1, freed + one.size
    return Tidied(gone, freed, len(files) - gone, total - freed)


def look_after(store: Store, patience: float = 0.0) -> Tidied | None:
    """Keep the store within its limit: done once a day at most, and not while a build is using it. With `patience`, for
    where there is always a build, it is waited so many seconds for those that are at work, and no other begins."""
    stamp, wait = store.root / _LOOKED, patience
    try:
        if time.time() - stamp.stat().st_mtime < _DAY:
            return None
    except FileNotFoundError:
        if not store.root.is_dir():
            return None
        wait = 0.0  # a new store has not grown yet
    limit = store_limit()
    try:
        done = tidy(store, down_to=limit, patience=wait)
        stamp.touch()
    except (InputError, OSError):
        # A build of somebody else's is at work, or the store cannot be written: the next build looks again.
        if patience:
            _put_off(stamp)
        return None
    return done


def _put_off(stamp: Path) -> None:
    """Waiting costs all builds of a machine, so that it is not done again at once."""
    with suppress(OSError):  # the store cannot be written
        stamp.touch()
        os.utime(stamp, times=(time.time() - _DAY + _RETRY,) * 2)


def store_limit() -> int:
    """The bytes that a store may have here, as PUBLISHER_CACHE_LIMIT says. Raises InputError."""
    return limit_of(os.environ.get("PUBLISHER_CACHE_LIMIT", ""))


def limit_of(text: str) -> int:
    """The size limit that PUBLISHER_CACHE_LIMIT gives; LIMIT where it is empty. Raises InputError."""
    return size_of(text, "PUBLISHER_CACHE_LIMIT") if text.strip() else LIMIT


def size_of(text: str, named: str) -> int:
    """Bytes, from `500M`, `2G` or `2 GB`. Raises InputError, in which `named` says where it stood."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", text.strip().lower())
    if not found:
        raise InputError(f"{named} {text!r} is no size; write it as 500M or 2G")
    return round(float(found[1]) * _SIZES[found[2]])


def span_of(text: str, named: str) -> float:
    """Seconds, from `12h`, `30d` or `8w`. Raises InputError, in which `named` says where it stood."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([hdw])", text.strip().lower())
    if not found:
        raise InputError(f"{named} {text!r} is no span of time; write it as 12h, 30d or 8w")
    return float(found[1]) * _SPANS[found[2]]


def in_words(size: int) -> str:
    """A number of bytes for people: `3.4 MB`."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"


def _files(store: Store) -> Iterator[_Kept]:
    folders = [folder for folder in store.root.glob("??") if not folder.is_symlink()]
    for path in (path for folder in folders for path in folder.glob("*")):
        if path.suffix == SEAL:
            if not path.with_suffix("").exists():
                path.unlink(missing_ok=True)  # a process was killed between the two
        elif path.is_file() and not path.is_symlink():
            about = path.stat()
            yield _Kept(path, about.st_size, about.st_mtime)
