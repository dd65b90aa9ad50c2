"""Content-addressed files: the one place that knows about caching.

A key is the digest of everything that a file was made from, so a file never goes stale and needs no time stamp. Files
are written beside, then renamed into place: a killed process leaves no half file behind under a key. Whoever writes one
holds it locked, so that the next build can tell what a killed one left from what another is writing.

A machine that dies may leave less of a file than its name promises, since nothing here waits for the disk. So each file
has a seal beside it, its length and digest, which is asked before a process uses the file for the first time; one that
is not as it was sealed is removed, and made again (docs/decisions/0016-a-store-with-seals.md).
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

from publisher.model.findings import InputError

PARTIAL = ".partial-"
"""What the names of files that are being written begin with."""
SEAL = ".seal"
"""What the name of a file's seal ends with."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_LOCK, _GATE, _PAIRS = "in-use", "wanted-alone", "pairs"
_AGAIN = 0.05
"""Seconds between two tries to have the store alone."""
_FRESH = 3600.0
"""Seconds for which a use need not be noted again."""


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
        self._whole: set[Path] = set()
        """The files of which this process knows that they are as they were sealed."""

    def path(self, key: str, suffix: str = "") -> Path:
        """Where the file of a key stands, or would stand."""
        return self.root / key[:2] / f"{key[2:]}{suffix}"

    def find(self, key: str, suffix: str = "") -> Path | None:
        """The file of a key, if the store has it, whole."""
        path = self.path(key, suffix)
        if not path.is_file() or not self._is_whole(path):
            return None
        self._note_use(path)
        return path

    def _is_whole(self, path: Path) -> bool:
        """Whether a file is as it was sealed; it is removed where not. Each is asked once."""
        if path in self._whole:
            return True
        try:
            read = path.stat()
            if _sealed(path) == f"{read.st_size} {file_digest(path)}":
                self._whole.add(path)
                return True
            # Else another process has made it again meanwhile.
            if path.stat().st_mtime_ns == read.st_mtime_ns:
                path.unlink()
        except OSError:
            # It went while it was read, cannot be read, or is in a store that can only be read: made again, if at all.
            return False
        return False

    def seal(self, path: Path, content: Path) -> None:
        """Write down what the content is of the file that will have this path. Raises OSError, InputError."""
        sealing = self.root / f"{PARTIAL}{token_hex(8)}{SEAL}"
        try:
            with self._held(sealing, path.parent):
                sealing.write_text(f"{content.stat().st_size} {file_digest(content)}", encoding="ascii")
                sealing.replace(_seal_of(path))
        finally:
            sealing.unlink(missing_ok=True)
        self._whole.add(path)

    @staticmethod
    def _note_use(path: Path) -> None:
        """Have the file's time say when it was last used, for `tidying` alone: no key depends on it."""
        try:
            if time.time() - path.stat().st_mtime > _FRESH:
                os.utime(path)
        except OSError:
            # A store that can only be read, or another process's clean: the file is as good as before.
            return

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """While the block runs, nobody makes room in the store. Any number of builds may use it at once.

        Raises InputError where the store's file system cannot lock files.
        """
        try:
            gate, lock = self._lock_file(_GATE), self._lock_file(_LOCK)
        except OSError:
            # A store that can only be read is not cleaned either; if something must be kept, that fails by itself.
            yield
            return
        with lock:
            with gate:  # else builds that follow one upon another would never leave it alone
                self._flock(gate, fcntl.LOCK_SH)
                self._flock(lock, fcntl.LOCK_SH)
            yield

    @contextmanager
    def alone(self, patience: float = 0.0) -> Iterator[None]:
        """While the block runs, no build uses the store. For so many seconds it is waited for those that do; others do
        not begin meanwhile.

        Raises InputError where one does still, or where the store's folder cannot be written.
        """
        try:
            gate, lock = self._lock_file(_GATE), self._lock_file(_LOCK)
        except OSError as problem:
            raise InputError(f"cannot write to {self.root}: {problem.strerror}") from problem
        deadline = time.monotonic() + patience
        with gate, lock:
            for one in (gate, lock):
                while not self._flock(one, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    if time.monotonic() >= deadline:
                        raise InputError(f"{self.root} is in use by a build; try again when it is done")
                    time.sleep(_AGAIN)
            yield

    @contextmanager
    def together(self) -> Iterator[None]:
        """While the block runs, nobody else keeps or forgets files that belong together, and are looked at as such.

        Raises InputError where the store's folder cannot be written.
        """
        try:
            pairs = self._lock_file(_PAIRS)
        except OSError as problem:
            message = f"cannot keep files in {self.root}: {problem.strerror}; set PUBLISHER_CACHE to another folder"
            raise InputError(message) from problem
        with pairs:
            self._flock(pairs, fcntl.LOCK_EX)
            yield

    def _lock_file(self, name: str) -> IO[bytes]:
        self.root.mkdir(parents=True, exist_ok=True)
        # Not "wb": what is cut to no length anew is written down by the disk. And to be read as well: NFS gives a lock
        # that is shared to those alone who may read, one that is not to those who may write.
        return (self.root / name).open("a+b")

    def _flock(self, file: IO[bytes], how: int) -> bool:
        """Lock a file until it is closed; False where another process has, and it is not to be waited for.

        Raises InputError where the file system cannot.
        """
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            return False
        except OSError as problem:
            message = f"cannot lock files in {self.root}: {problem.strerror}; set PUBLISHER_CACHE to another folder"
            raise InputError(message) from problem
        return True

    def keep(self, key: str, suffix: str, write: Callable[[Path], None]) -> Path:
        """The file of a key, made by `write` (which is given the path to write to) unless the store has it.

        Raises InputError where the store's folder cannot be written or the disk is full.
        """
        found = self.find(key, suffix)
        if found is not None:
            return found
        path = self.path(key, suffix)
        # Named before it is made, so that it is cleared away whenever this is interrupted.
        partial = self.root / f"{PARTIAL}{token_hex(8)}{suffix}"
        try:
            with self._held(partial, path.parent):
                write(partial)
                self.seal(path, partial)
                partial.replace(path)
        except OSError as problem:
            if problem.errno not in _FULL:
                raise
            message = f"cannot keep files in {self.root}: {problem.strerror}; free some room or set PUBLISHER_CACHE"
            raise InputError(message) from problem
        finally:
            if partial.exists():
                partial.unlink(missing_ok=True)
        return path

    @contextmanager
    def _held(self, partial: Path, folder: Path) -> Iterator[None]:
        """A new file, locked, and the folder that it is for."""
        with ExitStack() as held:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                while True:
                    handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                    held.callback(os.close, handle)
                    if _lock(handle) and partial.exists():
                        break  # else a sweep came before the lock
            except OSError as problem:
                message = f"cannot keep files in {self.root}: {problem.strerror}; set PUBLISHER_CACHE to another folder"
                raise InputError(message) from problem
            yield

    def sweep(self) -> None:
        """Remove what killed processes were writing."""
        if not (self.root.is_dir() and os.access(self.root, os.W_OK)):
            return
        for left in self.root.glob(f"{PARTIAL}*"):
            try:
                handle = os.open(left, os.O_RDWR | os.O_CLOEXEC)
            except OSError:
                continue  # it has been written and renamed meanwhile, or is another user's
            try:
                if _lock(handle):
                    left.unlink(missing_ok=True)
            except OSError:
                continue  # nothing can be locked here: whoever keeps a file tells of it
            finally:
                os.close(handle)

    def drop(self, key: str, suffix: str = "") -> None:
        """Forget the file of a key, which turned out to be damaged."""
        path = self.path(key, suffix)
        self._whole.discard(path)
        remove(path)


def remove(path: Path) -> None:
    """Remove a file of a store, and its seal."""
    path.unlink(missing_ok=True)
    _seal_of(path).unlink(missing_ok=True)


def _seal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}{SEAL}")


def _sealed(path: Path) -> str:
    """What a file's seal says; nothing where there is none, or no text."""
    try:
        return _seal_of(path).read_text(encoding="ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


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


def _lock(handle: int) -> bool:
    """Lock an open file until it is closed; False where another process has."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
