"""What a process has started ends with it, even where it is killed and can end nothing itself.

Linux can signal a child when the thread ends that has started it, which is no help here: children are started by
threads that live a moment (`confining.confined`). So a small process of Python's own, in a session of its own, is told
the groups that this one starts, and holds the end of a pipe whose other end this one alone has: when that closes, this
one is gone, and the groups are killed.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time

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
        try:
            if _pipe is None:
                _pipe = _start()
            os.write(_pipe, b"%b%d\n" % (what, group))
        except OSError:  # it cannot be started, or somebody has killed it: the next group may get another
            if _pipe is not None:
                os.close(_pipe)
            _pipe = None


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


def dismiss() -> None:
    """Let the warden go: it kills what it still minds, as if this process had ended; the next group gets another."""
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


def _serve(source: int) -> None:
    """Take groups in and out until there is nobody to do so."""
    minded: dict[int, bool] = {}
    left = b""
    while data := os.read(source, 1 << 16):
        *lines, left = (left + data).split(b"\n")
        for line in lines:
            if line[:1] == b"-":
                minded.pop(int(line[1:]), None)
            else:
                minded[int(line[1:])] = line[:1] == b"~"
    for group in (group for group, patient in minded.items() if not patient):
        _kill(group)
    patient = [group for group, patient in minded.items() if patient]
    _wait_for(patient)
    for group in patient:
        _kill(group)


def _wait_for(leaders: list[int]) -> None:
    """Until all of them have ended, or their time is over. One that has ended is no longer in the list, since its
    number may be another's."""
    deadline = time.monotonic() + _PATIENCE
    opened: dict[int, int] = {}
    for leader in tuple(leaders):
        try:
            opened[os.pidfd_open(leader)] = leader
        except (OSError, AttributeError):  # it has ended, or the system has no such handles
            leaders.remove(leader)
    while opened and (rest := deadline - time.monotonic()) > 0:
        for handle in select.select(list(opened), [], [], rest)[0]:
            leaders.remove(opened.pop(handle))


def _kill(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # nothing of it is left


if __name__ == "__main__":
    _serve(0)
    sys.exit(DONE)
