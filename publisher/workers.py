"""Worker processes for what strangers' words are given to: each one held, watched and ended whole by this process.

A worker has a session of its own, gives up its rights before its first task, and tells this process how long what it
does may take (`allowance`). What takes longer is ended from here, with all that it has started, even where it is a loop
in a library of C; so is the work of a worker that died. Either costs that one task: the next finds another worker. Its
answers are believed to be values, and no more.
"""

from __future__ import annotations

import builtins
import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, TypeVar, cast

from publisher.forking import context, take_environment, with_children
from publisher.holding import warden
from publisher.holding.allowance import Within, overseen_by
from publisher.holding.here import enter
from publisher.model.findings import EngineError, PublisherError
from publisher.processes import deaf, serve_in_worker
from publisher.progress import Tell
from publisher.strangers.believing import believed

_T = TypeVar("_T")

GRACE = 10.0
"""Seconds beyond its allowance in which a worker can still tell by itself that it takes too long."""
TASKS = 100
"""Tasks after which a worker gives way to a new one: libraries keep some of the memory of every edition."""
_CLEARING = 3.0
"""Seconds in which a worker ends by itself, once it has been told that nobody wants its work."""
_LARGEST = 1 << 30
"""Bytes of an answer: files go by the disk, so that answers have kilobytes."""

_send: Callable[[tuple[Any, ...]], None]
"""In a worker: says something to its parent."""


class InProcess(Executor):
    """Does the work at once, in this process."""

    def submit(self, function: Callable[..., _T], /, *arguments: Any, **named: Any) -> Future[_T]:
        future: Future[_T] = Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as problem:
            future.set_exception(problem)
        return future


class Workers(Executor):
    """As many worker processes as asked for, begun when there is work for them; `begin` is called in each before its
    first task. `ahead` are modules that all of them need (see `forking`). A worker gives way to a new one after so many
    `tasks`, and as soon as what it `sees` is something else than it was at its begin. One task after the other is done
    with `in_turn`: `submit` returns when it is.

    Futures raise what a task raised of ours, or of Python's own exceptions; EngineError in the words of the allowance
    where it took too long; BrokenExecutor where its process was ended from outside.
    """

    def __init__(
        self,
        workers: int,
        begin: Callable[..., None],
        arguments: tuple[Any, ...] = (),
        *,
        in_turn: bool = False,
        ahead: Sequence[str] = (),
        grace: float = GRACE,
        tasks: int = TASKS,
        sees: Callable[[], object] = lambda: None,
    ) -> None:
        self._context = context(ahead)
        self._sees = sees
        self._ended, self._lifeline = self._context.Pipe(duplex=False)
        self._given = dict(os.environ), begin, arguments
        self._in_turn, self._grace, self._tasks = in_turn, grace, tasks
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="worker")
        self._aside = self._threads if in_turn else ThreadPoolExecutor(1, thread_name_prefix="worker aside")
        self._mine = threading.local()
        self._all: list[_Worker] = []

    def submit(self, function: Callable[..., _T], /, *arguments: Any, **named: Any) -> Future[_T]:
        return self.submit_within(None, partial(function, *arguments, **named))

    def submit_within(self, within: Within | None, task: Callable[[], _T]) -> Future[_T]:
        """Have a task done that may take no longer than this, whatever its process tells."""
        future = self._threads.submit(self._do, task, within)
        if self._in_turn:
            wait([future])
        return future

    def aside(self, task: Callable[[Tell], _T], tell: Tell, within: Within | None = None) -> _T:
        """What a task answers that is waited for now, done beside the others by one worker more; it tells progress."""
        return self._aside.submit(self._do, partial(_telling, task), within, tell).result()

    def end(self) -> None:
        """End the workers, whatever they are doing; what they have begun they may clear away."""
        self._lifeline.close()
        for threads in (self._threads, self._aside):
            threads.shutdown(cancel_futures=True)
        for worker in self._all:
            if worker.usable:
                worker.end(_CLEARING)
        self._ended.close()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._threads.shutdown()
        self.end()

    def _do(self, task: Callable[[], _T], within: Within | None, tell: Tell | None = None) -> _T:
        """Runs in a thread, which has a worker of its own."""
        worker: _Worker | None = getattr(self._mine, "worker", None)
        sees = self._sees()
        if worker is not None and worker.usable and (worker.done >= self._tasks or self._mine.sees != sees):
            worker.retire()
            self._all.remove(worker)
        if worker is None or not worker.usable:
            worker = _Worker(self._context, self._ended, self._given)
            self._mine.worker, self._mine.sees = worker, sees
            self._all.append(worker)
        return cast("_T", worker.do(task, within, self._grace, tell))


class _Worker:
    """One worker process, as the thread sees it that gives it tasks. It is `usable` until it has ended or was ended;
    `done` counts its tasks."""

    def __init__(self, context: Any, ended: Connection, given: tuple[Any, ...]) -> None:
        self._ended = ended
        self._connection, theirs = context.Pipe()
        minding = warden.shared()
        self._process: BaseProcess = context.Process(target=_serve, args=((theirs, ended, minding), *given))
        try:
            with with_children(), deaf():
                self._process.start()
        except (ConnectionError, EOFError) as problem:  # what it was to be forked from has ended
            self._connection.close()
            raise BrokenExecutor("no worker can be started") from problem
        finally:
            theirs.close()
            if minding is not None:
                minding.close()
        warden.mind(self._number, patient=True)
        self.usable = True
        self.done = 0

    def do(self, task: Callable[[], Any], within: Within | None, grace: float, tell: Tell | None) -> Any:
        """What a task answers; see `Workers` for what is raised."""
        self.done += 1
        limits = [(time.monotonic() + within.seconds + grace, within)] if within else []
        announced: list[tuple[float, Within]] = []
        self._give(pickle.dumps(task))
        while True:
            deadline, told = min(limits + announced, key=lambda one: one[0], default=(None, None))
            message = self._hear(deadline)
            if message is None:
                self.end(0)
                if told is None:
                    raise BrokenExecutor("its worker was ended")
                raise EngineError(told.engine, told.message)
            match message:
                case ("within", Within() as tighter):
                    announced = [(time.monotonic() + tighter.seconds + grace, tighter)]
                case ("within", None):
                    announced = []
                case ("told", str(doing), int(at), int(of)):
                    self._tell(tell, doing, at, of)
                case ("done", value):
                    return value
                case ("failed", PublisherError() as problem, None):
                    raise problem
                case ("failed", PublisherError() as problem, (str(kind), [*arguments], str(trace))):
                    raise problem from _raisable(kind, arguments, trace)
                case ("fault", str(kind), [*arguments], str(trace)):
                    raise _raisable(kind, arguments, trace)
                case _:
                    self.end(0)
                    raise BrokenExecutor("its worker gave no answer that can be used")

    def _tell(self, tell: Tell | None, doing: str, at: int, of: int) -> None:
        try:
            if tell is not None:
                tell(doing, at, of)
        except BaseException:  # an interrupt that was lost before: nobody waits for the answer any more
            self.end(_CLEARING)
            raise

    def retire(self) -> None:
        """Let a process go that has nothing to do."""
        self._connection.close()
        self.end(_CLEARING)

    def end(self, patience: float) -> None:
        """End the process with all that it has started; first, let it end by itself."""
        self.usable = False
        self._process.join(patience)
        with suppress(ProcessLookupError, PermissionError):  # nothing of it is left, or it has no group of its own yet
            os.killpg(self._number, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        warden.forget(self._number)
        self._connection.close()

    @property
    def _number(self) -> int:
        return cast("int", self._process.pid)

    def _give(self, data: bytes) -> None:
        with suppress(BrokenPipeError):  # it has ended, which is heard next
            self._connection.send_bytes(data)

    def _hear(self, deadline: float | None) -> Any:
        """What the worker says next; None where it does not in time, or nobody wants it any more. Raises
        BrokenExecutor where it has ended."""
        rest = None if deadline is None else max(0.0, deadline - time.monotonic())
        ready = connection.wait([self._connection, self._ended], rest)
        if self._ended in ready:
            self.end(_CLEARING)
            raise BrokenExecutor("nobody wants its work any more")
        if not ready:
            return None
        try:
            return believed(self._connection.recv_bytes(_LARGEST))
        except (EOFError, OSError) as problem:
            self.end(_CLEARING)
            if self._process.exitcode == -signal.SIGPROF:  # the system was quicker
                return None
            raise BrokenExecutor("its process was ended") from problem
        except Exception:  # the boundary: whatever a broken answer makes the unpickler raise
            return ("unusable",)


def _raisable(kind: str, arguments: list[Any], trace: str) -> Exception:
    """An exception of Python's own as the worker raised it; of others, the name and the words."""
    found = getattr(builtins, kind, None)
    try:
        known = isinstance(found, type) and issubclass(found, Exception)
        problem = found(*arguments) if known and found is not None else RuntimeError(f"{kind}: {arguments}")
    except TypeError:
        problem = RuntimeError(f"{kind}: {arguments}")
    problem.add_note(trace)
    return cast("Exception", problem)


# In the worker -------------------------------------------------------------------------------------------------------


def _serve(
    pipes: tuple[Connection, Connection, Connection | None],
    environment: Mapping[str, str],
    begin: Callable[..., None],
    arguments: tuple[Any, ...],
) -> None:
    """Give up rights, then do one task after the other, until there is nobody to give any. The pipes: to the parent and
    back, the one that closes when all is to end, and the warden's."""
    global _send  # noqa: PLW0603 - one for the process
    ours, lifeline, minding = pipes
    enter()
    with suppress(OSError):  # it has one already
        os.setsid()
    warden.share(minding)
    take_environment(environment)
    begin(*arguments)
    _send = partial(_say, ours, threading.Lock())
    overseen_by(lambda within: _send(("within", within)))
    work = serve_in_worker(lifeline)
    with suppress(EOFError, ConnectionError):  # its parent has ended, perhaps while it had something to say
        while True:
            task = pickle.loads(ours.recv_bytes())  # noqa: S301 - from our own parent
            _send(_answer(lambda task=task: work(task)))  # type: ignore[misc]


def _say(ours: Connection, alone: threading.Lock, told: tuple[Any, ...]) -> None:
    """Say something to the parent, from whichever thread."""
    try:
        data = pickle.dumps(told)
    except Exception as problem:  # what cannot be said is told of
        data = pickle.dumps(_fault(problem))
    with alone:
        ours.send_bytes(data)


def _telling(task: Callable[[Tell], _T]) -> _T:
    """A task that tells how far it is."""
    return task(lambda doing, at, of: _send(("told", doing, at, of)))


def _answer(task: Callable[[], Any]) -> tuple[Any, ...]:
    try:
        return "done", task()
    except PublisherError as problem:
        return "failed", problem, _cause(problem)
    except Exception as problem:  # the boundary: it is raised again where the task was wanted
        return _fault(problem)


def _cause(problem: BaseException) -> tuple[str, list[Any], str] | None:
    """What the system said that an error of ours tells in words, such as a full disk: exceptions travel without it."""
    seen = problem.__cause__ or problem.__context__
    while seen is not None and not isinstance(seen, OSError):
        seen = seen.__cause__ or seen.__context__
    return None if seen is None else _fault(seen)[1:]


def _fault(problem: Exception) -> tuple[str, str, list[Any], str]:
    match problem:
        case OSError(errno=int(number)):
            # A name that is none is not told: `None` and "" are.
            kind, arguments = "OSError", [number, problem.strerror or os.strerror(number), problem.filename]
        case _:
            kind, arguments = type(problem).__name__, [str(problem)]
    return ("fault", kind, arguments, "".join(traceback.format_exception(problem)))
