"""How long, and with how much memory, something may run in this very process: for libraries that a text can overtax.

What cannot be stopped from within (a loop in a library of C) is ended a little later from without, where it runs in a
worker process: by its parent, who is told of each allowance (`overseen_by`), or by the system.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from publisher.holding.children import MEGABYTE, TooLongError, TooMuchError

_AGAIN = 1.0
"""Seconds after which it is told again: what tells can be lost in a library's call-back or clean-up code."""
_GRACE = 30.0
"""Seconds of the processor beyond the time, after which the system ends a process that did not end itself."""


@dataclass(frozen=True, slots=True)
class Within:
    """The `seconds` that something may take, and what is told where it takes longer: by which `engine`, in which
    words (`what is wrong; what to do`)."""

    seconds: float
    engine: str
    message: str


_oversee: Callable[[Within | None], None] | None = None


def overseen_by(oversee: Callable[[Within | None], None]) -> None:
    """Have every allowance of this process told to somebody who can end it from without, and None when it is over."""
    global _oversee  # noqa: PLW0603 - one for the process
    _oversee = oversee


@contextmanager
def allowance(within: Within, memory: int) -> Iterator[None]:
    """Raise TooLongError once something runs longer, TooMuchError once it needs more megabytes beside what the process
    has. On other threads than the main one, and on systems without such limits, there are none."""
    with _overseen(within), _limited_time(within.seconds), _limited_memory(memory):
        try:
            yield
        except MemoryError as problem:
            raise TooMuchError from problem


@contextmanager
def _overseen(within: Within) -> Iterator[None]:
    if _oversee is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    _oversee(within)
    try:
        yield
    finally:
        _oversee(None)


@contextmanager
def _limited_time(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    running = True

    def late(_number: int, _frame: object) -> None:
        if running:
            raise TooLongError

    worker = multiprocessing.parent_process() is not None
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    if worker:
        signal.setitimer(signal.ITIMER_PROF, seconds + _GRACE)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        if worker:
            signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _limited_memory(memory: int) -> Iterator[None]:
    has = _data()
    if has is None:
        yield
        return
    import resource  # noqa: PLC0415 - not there on other systems

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = has + memory * MEGABYTE
    others = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([most, *others]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data() -> int | None:
    """Bytes of memory that this process has for data; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
