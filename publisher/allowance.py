"""How long, and with how much memory, something may run in this very process: for libraries that a text can overtax.

What cannot be stopped from within (a loop in a library of C, in a process of several that work at once) the system ends
a little later.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publisher.children import MEGABYTE, TooLongError, TooMuchError
from publisher.confining import View, confine

_AGAIN = 1.0
"""Seconds after which it is told again: what tells can be lost in a library's call-back or clean-up code."""
_GRACE = 30.0
"""Seconds of the processor beyond the time, after which the system ends a process that did not end itself."""


@contextmanager
def allowance(seconds: float, memory: int) -> Iterator[None]:
    """Raise TooLongError once something runs longer, TooMuchError once it needs more megabytes beside what the process
    has. On other threads than the main one, and on systems without such limits, there are none."""
    with _limited_time(seconds), _limited_memory(memory):
        try:
            yield
        except MemoryError as problem:
            raise TooMuchError from problem


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


def confine_worker(network: bool, *writable: Path) -> None:
    """Leave a worker process with what a build needs: it reads, writes beneath these, and reaches no network, unless
    somebody has chosen a voice that is asked over it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    fonts = cache / "fontconfig"  # which fontconfig writes anew when fonts have come
    own = (fonts if fonts.is_dir() else cache, Path("/var/cache/fontconfig"))
    # Where the system keeps the semaphores of a worker that has workers.
    confine(View(writable=(*writable, *own, Path("/dev/shm")), network=network))  # noqa: S108
