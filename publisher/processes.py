"""What processes and threads of ours owe each other: one at a time, none outlives its parent, Ctrl-C ends all at once.

A worker of multiprocessing waits for work for ever where its parent was killed, prints a traceback of its own at
Ctrl-C, and is waited for until it has done what it was given. Here it watches its parent, is deaf to Ctrl-C, which is
for the parent to hear, and ends where the parent has no use for its work any more.
"""

from __future__ import annotations

import _thread
import fcntl
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from publisher.interrupting import lost_in_silence

_P = ParamSpec("_P")
_T = TypeVar("_T")

# One at a time -------------------------------------------------------------------------------------------------------


@contextmanager
def alone(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock of a name while the block runs; `waiting` is called once where another process holds it.

    The file stands there only as long as somebody holds it or was killed: whoever comes next takes that one over.
    Raises OSError where it cannot be made.
    """
    handle = _locked(path, waiting)
    try:
        yield
    finally:
        try:
            path.unlink(missing_ok=True)
        finally:
            os.close(handle)


def _locked(path: Path, waiting: Callable[[], None]) -> int:
    told = False
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not told:
                    waiting()
                told = True
                fcntl.flock(handle, fcntl.LOCK_EX)
            # Who held it before has removed the file that we waited at: the name is free, or another's, by now.
            if _same(handle, path):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _same(handle: int, path: Path) -> bool:
    """Whether an open file still has its name."""
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(handle), named)


# Processes -----------------------------------------------------------------------------------------------------------


@contextmanager
def deaf() -> Iterator[None]:
    """Processes that are started in this block never hear Ctrl-C; this one hears it afterwards, if it came."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent(*lifelines: Connection, last: Callable[[], None] = lambda: None) -> None:
    """Have this process end at once when its parent has, or has closed its end of one of these pipes; `last` is called
    before that, in a thread."""
    parent = parent_process()
    watched: list[Any] = [*lifelines, *([parent.sentinel] if parent is not None else [])]

    def watch() -> None:
        wait(watched)
        last()
        os._exit(1)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()


class WorkerPool(ProcessPoolExecutor):
    """Processes that end with this one, and at once where the block that gave them work fails or is interrupted.

    Spawned, since a forked worker would inherit this process's threads and locks.
    """

    def __init__(self, workers: int, begin: Callable[..., None] | None = None, arguments: tuple[Any, ...] = ()) -> None:
        spawning = get_context("spawn")
        self._held, self._lifeline = spawning.Pipe(duplex=False)
        super().__init__(workers, mp_context=spawning, initializer=_begin, initargs=(self._held, begin, arguments))

    def submit(self, function: Callable[_P, _T], /, *arguments: _P.args, **named: _P.kwargs) -> Future[_T]:
        with deaf():  # processes are started when there is work for them
            return super().submit(_work, function, arguments, named)

    def end(self) -> None:
        """End the workers, whatever they are doing."""
        self._lifeline.close()
        self.shutdown(cancel_futures=True)
        self._held.close()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.shutdown()
        self.end()


_CLEARING = 2.0
"""Seconds that a worker has for clearing away what it has begun."""

_unwanted = threading.Event()
_idle = threading.Event()


def _begin(lifeline: Connection, begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    """Runs in a worker, before its first work."""
    _idle.set()
    end_with_parent(lifeline, last=_break_off)
    if begin is not None:
        begin(*arguments)


def _break_off() -> None:
    _unwanted.set()
    if not _idle.is_set():
        _thread.interrupt_main()
        _idle.wait(_CLEARING)


def _work(function: Callable[..., _T], arguments: tuple[Any, ...], named: dict[str, Any]) -> _T:
    """Runs in a worker."""
    _idle.clear()
    try:
        with lost_in_silence():
            return function(*arguments, **named)
    finally:
        _idle.set()
        if _unwanted.is_set():
            os._exit(1)  # there is nobody to tell what came of it


def serve_in_worker(lifeline: Connection) -> Callable[[Callable[[], _T]], _T]:
    """What a worker of another kind calls before its first task: it ends with its parent, or when the other end of the
    lifeline is closed. Gives what tasks are to be done by, so that they are broken off then."""
    _idle.set()
    end_with_parent(lifeline, last=_break_off)
    return lambda task: _work(task, (), {})


# Threads -------------------------------------------------------------------------------------------------------------


class DroppedError(Exception):
    """Nobody wants what this thread is doing any more."""


class Threads(ThreadPoolExecutor):
    """Threads whose work is dropped where the block that gave it out fails or is interrupted: what has not begun does
    not begin, what has ends at its next `still_wanted`."""

    def __init__(self, threads: int) -> None:
        self.dropped = threading.Event()
        super().__init__(threads, initializer=_join, initargs=(self.dropped,))

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.dropped.set()
        self.shutdown(cancel_futures=kind is not None)


_mine = threading.local()


def _join(dropped: threading.Event) -> None:
    _mine.dropped = dropped


def still_wanted() -> None:
    """To be called now and then by work that takes long. Raises DroppedError in a thread whose work was dropped."""
    dropped: threading.Event | None = getattr(_mine, "dropped", None)
    if dropped is not None and dropped.is_set():
        raise DroppedError
