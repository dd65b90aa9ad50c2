"""What a process has started ends with it, even where it is killed and can end nothing itself.

Linux can signal a child when the thread ends that has started it, which is no help here: children are started by
threads that live a moment (`confining.confined`). So a small process of Python's own, in a session of its own, is told
the groups that this one starts, and sees when this one is gone: then the groups are killed. Workers of this process
share it (`shared`, `share`), since each would need one for the engines that it starts.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from contextlib import suppress

TYPE_CHECKING = False  # as type checkers know it: the warden itself has no time for `typing`
if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.connection import Connection

DONE = 83
"""The status that it ends with, by which whoever adopts it knows it: any that no other program has will do."""
_PATIENCE = 4.0
"""Seconds that a process has which ends by itself, clearing away what it has begun."""

_lock = threading.Lock()
_pipe: int | None = None


def mind(group: int, *, patient: bool = False) -> None:
    """Have a group of processes killed when this process ends, however it ends; one that is `patient` gets some seconds
    to end by itself. Where the warden cannot be started, nobody minds it."""
    _tell(b"~" if patient else b"+", group)


def forget(group: int) -> None:
    """It has ended: its number may be another's soon."""
    if _pipe is not None:
        _tell(b"-", group)


def _tell(what: bytes, group: int) -> None:
    global _pipe  # noqa: PLW0603 - one for each process
    with _lock:
        pipe = _started()
        if pipe is not None:
            try:
                os.write(pipe, b"%b%d %d\n" % (what, group, os.getpid()))
            except OSError:  # somebody has killed it: the next group may get another
                os.close(pipe)
                _pipe = None


def _started() -> int | None:
    """The pipe to the warden, which is started where there is none; None where it cannot be."""
    global _pipe  # noqa: PLW0603
    if _pipe is None:
        with suppress(OSError):
            _pipe = _start()
    return _pipe


def _start() -> int:
    import subprocess  # noqa: PLC0415 - the warden itself has no use for it, and is to be quick

    reading, writing = os.pipe()
    try:
        # -I -S: the standard library alone, whatever the environment says; that is quick, too.
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
        )
    except BaseException:
        os.close(writing)
        raise
    finally:
        os.close(reading)
    process.returncode = 0  # nobody waits for it, since it is to outlive this process
    return writing


def shared() -> Connection | None:
    """What a worker is given, to close when it has been, by which it has this process's warden mind its children, too.
    None where each needs its own: the system cannot tell a warden that a process has ended, but by its pipe."""
    from multiprocessing.connection import Connection  # noqa: PLC0415 - not for the warden itself

    if not _has_handles():
        return None
    with _lock:
        pipe = _started()
        return None if pipe is None else Connection(os.dup(pipe), readable=False)


def share(given: Connection | None) -> None:
    """In a worker: have the warden of its parent, from now on."""
    global _pipe  # noqa: PLW0603
    if given is not None:
        dismiss()
        _pipe = os.dup(given.fileno())
        given.close()


def dismiss() -> None:
    """Let the warden go. Unless workers share it, it kills what it still minds, as if this process had ended; the next
    group gets another."""
    global _pipe  # noqa: PLW0603
    if _pipe is not None:
        os.close(_pipe)
        _pipe = None


def _begin_anew() -> None:
    """A forked child's children are its own; and while it holds the pipe, its parent would never seem gone."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    dismiss()


os.register_at_fork(after_in_child=_begin_anew)


# The warden itself ---------------------------------------------------------------------------------------------------


class _Minded:
    """What the warden knows: by the number of each process that has told of any, its groups and whether they are
    patient; handles of such processes; handles of those that have some seconds left, with their group and the end of
    its time."""

    def __init__(self) -> None:
        self.groups: dict[int, dict[int, bool]] = {}
        self.clients: dict[int, int] = {}
        self.leaving: dict[int, tuple[int, float]] = {}
        self._by_handles = _has_handles()

    def hear(self, line: bytes) -> None:
        group, client = map(int, line[1:].split())
        if client not in self.groups:
            self.groups[client] = {}
            handle = _handle(client)
            if handle is not None:
                self.clients[handle] = client
        if line[:1] == b"-":
            self.groups[client].pop(group, None)
        else:
            self.groups[client][group] = line[:1] == b"~"

    def ended(self, client: int) -> None:
        """A process has: kill its groups, or have them leave."""
        for group, patient in self.groups.pop(client, {}).items():
            handle = _handle(group) if patient else None
            if handle is not None:
                self.leaving[handle] = group, time.monotonic() + _PATIENCE
            elif not patient:  # one that is patient and has no handle has ended: its number may be another's
                _kill(group)

    def look(self, ready: Iterable[int]) -> None:
        """At the processes that have ended, and at those whose time is over."""
        for handle in ready:
            if handle in self.clients:
                self.ended(self.clients.pop(handle))
                os.close(handle)
            elif handle in self.leaving:  # by itself: its number may be another's
                del self.leaving[handle]
                os.close(handle)
        if self._by_handles:  # otherwise they are seen to end with the pipe
            for client in self.groups.keys() - set(self.clients.values()):  # ended before it was looked for
                self.ended(client)
        now = time.monotonic()
        for handle, (group, deadline) in tuple(self.leaving.items()):
            if deadline <= now:
                del self.leaving[handle]
                _kill(group)
                os.close(handle)


def _serve(source: int) -> None:
    """Take groups in and out until there is nobody to do so."""
    minded, left, open_ = _Minded(), b"", True
    os.set_blocking(source, False)
    while open_ or minded.leaving:
        rest = min((deadline for _, deadline in minded.leaving.values()), default=None)
        watched = [*([source] if open_ else ()), *minded.clients, *minded.leaving]
        ready = select.select(watched, [], [], None if rest is None else max(0.0, rest - time.monotonic()))[0]
        # First all that was told: whoever has ended has told it before.
        while open_ and (data := _told(source)) is not None:
            open_ = bool(data)
            *lines, left = (left + data).split(b"\n")
            for line in lines:
                minded.hear(line)
        minded.look(ready)
        if not open_:  # nobody is left
            for client in tuple(minded.groups):
                minded.ended(client)


def _told(source: int) -> bytes | None:
    """What was told since; None where nothing was, nothing at all where nobody can any more."""
    try:
        return os.read(source, 1 << 16)
    except BlockingIOError:
        return None


def _handle(process: int) -> int | None:
    """By which a process is seen to end; None where it has, or the system has no such handles."""
    try:
        return os.pidfd_open(process)
    except (OSError, AttributeError):
        return None


def _has_handles() -> bool:
    handle = _handle(os.getpid())
    if handle is not None:
        os.close(handle)
    return handle is not None


def _kill(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # nothing of it is left


if __name__ == "__main__":
    _serve(0)
    sys.exit(DONE)
