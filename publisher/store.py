"""Content-addressed files: the one place that knows about caching.

A key is the digest of everything that a file was made from, so a file never goes stale and needs no time stamp. Files
are written beside, then renamed into place: a killed process leaves no half file behind under a key.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from publisher.model.findings import InputError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def digest(*parts: str | bytes | int | float | dict[str, Any] | list[Any] | tuple[Any, ...] | None) -> str:
    """The SHA-256, in hexadecimal, of the parts in order; lists that differ never share one by concatenation."""
    total = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else json.dumps(part, sort_keys=True, ensure_ascii=False).encode()
        total.update(len(data).to_bytes(8, "big"))
        total.update(b"b" if isinstance(part, bytes) else b"j")
        total.update(data)
    return total.hexdigest()


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Store:
    """A folder of files by key. Safe for several processes at once: a key's file is written whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: str, suffix: str = "") -> Path:
        """Where the file of a key stands, or would stand."""
        return self.root / key[:2] / f"{key[2:]}{suffix}"

    def find(self, key: str, suffix: str = "") -> Path | None:
        """The file of a key, if the store has it."""
        path = self.path(key, suffix)
        return path if path.is_file() else None

    def keep(self, key: str, suffix: str, write: Callable[[Path], None]) -> Path:
        """The file of a key, made by `write` (which is given the path to write to) unless the store has it.

        Raises InputError where the store's folder cannot be written or the disk is full.
        """
        found = self.find(key, suffix)
        if found is not None:
            return found
        path = self.path(key, suffix)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".partial-", suffix=suffix, dir=path.parent)
            os.close(handle)
        except OSError as problem:
            message = f"cannot keep files in {self.root}: {problem.strerror}; set PUBLISHER_CACHE to another folder"
            raise InputError(message) from problem
        partial = Path(name)
        try:
            write(partial)
            partial.replace(path)
        except OSError as problem:
            if problem.errno not in _FULL:
                raise
            message = f"cannot keep files in {self.root}: {problem.strerror}; free some room or set PUBLISHER_CACHE"
            raise InputError(message) from problem
        finally:
            partial.unlink(missing_ok=True)
        return path

    def drop(self, key: str, suffix: str = "") -> None:
        """Forget the file of a key, which turned out to be damaged."""
        self.path(key, suffix).unlink(missing_ok=True)


CACHE = "PUBLISHER_CACHE"
"""The variable that names the store."""


def default_store() -> Store:
    """The user's store: `$PUBLISHER_CACHE`, else `publisher` in the user's cache folder.

    Raises InputError where the variable holds an address, which is for builds on a cluster.
    """
    configured = os.environ.get(CACHE)
    if configured and "://" in configured:
        raise InputError(f"{CACHE} is an address, {configured}; set it to a folder, or build with --executor dask")
    return Store(Path(configured) if configured else user_cache())


def user_cache() -> Path:
    """`publisher` in the user's cache folder (XDG Base Directory)."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "publisher"
