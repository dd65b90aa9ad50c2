"""Ctrl-C: heard once, not lost, and obeyed in any case.

Python raises KeyboardInterrupt wherever it is at that moment. Where that is a callback from a library, or the clearing
away of an object, the exception is dropped there and the work goes on; between a lock and the block that it guards, it
leaves the lock held, and who wants it next waits for ever; and a second signal, which `timeout` and many a finger send,
breaks into the clearing up after the first. So the second is not heard, a lost one is raised again where work takes
breath, and where the end is not reached in good time a thread makes an end.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

INTERRUPTED = 130
"""The exit status of a command that Ctrl-C ended."""

_AGAIN = 1.0
"""Seconds in which a second signal counts as the first."""
_GRACE = 10.0
"""Seconds that the clearing up after a signal may take."""

_heard: list[float] = []
"""When signals came that have not ended the command yet."""


@contextmanager
def interruptible(
    line: str,
    signals: Sequence[signal.Signals] = (signal.SIGINT,),
    *,
    told: Callable[[], None] = lambda: None,
    clear: Callable[[], None] = lambda: None,
    grace: float = _GRACE,
) -> Iterator[None]:
    """While the block runs, these signals raise KeyboardInterrupt in it, once; at its end at the latest.

    `told` is called by another thread when one has come. Where the block has not ended `grace` seconds after that, the
    process says `line` and ends, without more than `clear`.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) not in (signal.default_int_handler, _interrupt):
        # Signals are the main thread's; and whoever started us with another handler, or none, knows why.
        yield
        return
    _heard.clear()
    ended = threading.Event()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)

    def watch() -> None:
        while (came := os.read(reading, 1)) and came[0] not in signals:
            continue
        if came:
            told()
            if not ended.wait(grace):
                clear()
                print(line, file=sys.stderr, flush=True)
                os._exit(INTERRUPTED)

    watching = threading.Thread(target=watch, name="signals", daemon=True)
    watching.start()
    # The system writes to the pipe at once, also where this thread runs no Python for a while.
    woken = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    before = [(number, signal.signal(number, _interrupt)) for number in signals]
    try:
        with lost_in_silence():
            yield
            check_interrupted()
    finally:
        ended.set()
        signal.set_wakeup_fd(woken)
        for number, handler in before:
            signal.signal(number, handler)
        os.close(writing)
        watching.join()
        os.close(reading)
        if before[0][1] is _interrupt:
            _heard.clear()  # whoever heard signals before goes on hearing them


@contextmanager
def lost_in_silence() -> Iterator[None]:
    """While the block runs, an interrupt that the clearing away of an object drops is not told of on the error output,
    as Python would: it has been heard."""
    before = sys.unraisablehook

    def tell(dropped: sys.UnraisableHookArgs) -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            before(dropped)

    sys.unraisablehook = tell
    try:
        yield
    finally:
        sys.unraisablehook = before


def check_interrupted() -> None:
    """Raises KeyboardInterrupt where a signal has come and was lost."""
    if _heard:
        raise KeyboardInterrupt


def _interrupt(_number: int, _frame: object) -> None:
    now = time.monotonic()
    first = not _heard or now - _heard[-1] > _AGAIN
    _heard.append(now)
    if first:
        raise KeyboardInterrupt
