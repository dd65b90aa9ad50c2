"""Output folders: an edition is made beside the old one and swapped in whole."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from publisher.model.findings import InputError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def staged(out: Path, name: str, waiting: Callable[[], None]) -> Iterator[Path]:
    """A new, empty folder beside `out/name`; when the block ends without an exception it takes that name.

    Only one process at a time makes an edition; `waiting` is called once where this one has to wait. What a killed
    build left behind is removed first. Raises InputError where `out` cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / f".{name}.lock").open("w")
    except OSError as problem:
        raise InputError(f"cannot write to {out}: {problem.strerror}; choose another folder with --out") from problem
    with lock:
        _lock(lock.fileno(), waiting)
        for left in [*out.glob(f".{name}.partial-*"), *out.glob(f".{name}.old-*")]:
            shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix=f".{name}.partial-", dir=out))
        try:
            yield folder
            folder.chmod(0o777 & ~_umask())
            _flush(folder)
            _swap(folder, out / name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _lock(handle: int, waiting: Callable[[], None]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(handle, fcntl.LOCK_EX)


def _umask() -> int:
    # The process's umask can only be read by setting it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _flush(folder: Path) -> None:
    """Have the disk hold every file before the name changes hands."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())


def _swap(new: Path, final: Path) -> None:
    """Give `new` the name `final`. Where an old one stands there they change places, in one step if the system can."""
    if not final.exists():
        new.rename(final)
        return
    if not _exchange(new, final):
        old = new.with_name(new.name.replace(".partial-", ".old-"))
        final.rename(old)
        new.rename(final)
        shutil.rmtree(old)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step: renameat2(2), RENAME_EXCHANGE. False where system or file system lacks it."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    problem = ctypes.get_errno()
    if problem in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(problem, os.strerror(problem), str(other))
