"""Output folders: an edition is made beside the old one and swapped in whole.

What stands under an edition's name is complete at every moment, whenever this process is killed: files are written
into a folder of another name, flushed to the disk, and the two folders change places in one step.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from publisher.model.findings import InputError
from publisher.processes import alone

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def made(out: Path) -> None:
    """Make a folder for output where there is none, and have the disk hold its name. Raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    _flush_names(out.resolve().parent)


@contextmanager
def reserved(out: Path, name: str, waiting: Callable[[], None]) -> Iterator[None]:
    """The right to make `out/name`, which one process at a time has; `waiting` is called once where this one has to
    wait. What a killed build left behind is cleared first.

    Raises InputError where `out` cannot be written.
    """
    with ExitStack() as held:
        with _writing(out):
            out.mkdir(parents=True, exist_ok=True)
            held.enter_context(alone(_lock(out, name), waiting))
            _clear(out, name)
        yield


@contextmanager
def staged(out: Path, name: str) -> Iterator[Path]:
    """A new, empty folder beside `out/name`; when the block ends without an exception it takes that name.

    To be used by whoever has `reserved` the name. Raises InputError where `out` cannot be written.
    """
    # Named before it is made, so that it is cleared away whenever this is interrupted.
    folder = out / f".{name}.partial-{token_hex(8)}"
    try:
        with _writing(out):
            folder.mkdir(mode=0o700)
        yield folder
        # Files, then names, then the edition's own name; `out` itself may be new.
        folder.chmod(0o777 & ~_umask())
        _flush(folder)
        _swap(folder, out / name)
        _flush_names(out)
        with suppress(PermissionError):  # a process that is held sees nothing there; who started it has `made` it
            _flush_names(out.resolve().parent)
    finally:
        _remove(folder)


def clear_left(out: Path, name: str) -> None:
    """Clear what a killed build left behind, where one has and nobody is at work on the edition."""
    # Whoever is killed leaves the lock. What else is left is not looked for: among many editions that would take longer
    # than all else, and the next build of this one does.
    lock = _lock(out, name)
    if not lock.exists() or not os.access(out, os.W_OK):
        return
    try:
        with alone(lock, _leave):
            _clear(out, name)
    except _BusyError:
        return


class _BusyError(Exception):
    """Somebody else is at work here."""


def _leave() -> None:
    raise _BusyError


def _lock(out: Path, name: str) -> Path:
    return out / f".{name}.lock"


def _clear(out: Path, name: str) -> None:
    old, begins = f".{name}.old-", (f".{name}.old-", f".{name}.partial-")
    with os.scandir(out) as entries:  # many times as fast as patterns, where there are many editions
        left = sorted(entry.name for entry in entries if entry.name.startswith(begins))
    if left and left[0].startswith(old) and not os.path.lexists(out / name):
        # It was killed between the two steps of a swap without exchange: the old edition is still the edition.
        (out / left.pop(0)).rename(out / name)
    for one in left:
        _remove(out / one)


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise InputError(f"cannot write to {out}: {problem.strerror}; choose another folder with --out") from problem


def _umask() -> int:
    # The process's umask can only be read by setting it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _flush(folder: Path) -> None:
    """Have the disk hold every file before the name changes hands."""
    for path in folder.rglob("*"):
        if path.is_dir():
            _flush_names(path)
        elif path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    _flush_names(folder)


def _flush_names(folder: Path) -> None:
    """Have the disk hold the names that stand in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as problem:
        if problem.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems flush no folders
            raise
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it, as far as it lets itself be removed."""
    if path.is_symlink() or path.is_file():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)


def _swap(new: Path, final: Path) -> None:
    """Give `new` the name `final`. Where an old one stands there they change places, in one step if the system can.

    Raises InputError where something else than a folder has that name.
    """
    if not os.path.lexists(final):
        new.rename(final)
        return
    if not final.is_dir():
        raise InputError(f"{final} is no folder; move it away or choose another folder with --out")
    if not _exchange(new, final):
        old = new.with_name(new.name.replace(".partial-", ".old-"))
        final.rename(old)
        new.rename(final)
        _remove(old)


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
