"""Hands out editions to the workers and tells what comes of each as it comes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from publisher.build import check_names
from publisher.cluster.extra import needed
from publisher.cluster.remote import Place
from publisher.cluster.scheduler import check_workers, connected, say_if_idle, workers
from publisher.cluster.sources import editions
from publisher.cluster.tasks import Choices, Outcome, Task, run
from publisher.cluster.turns import in_turn
from publisher.model.findings import EngineError, InputError

_TRIES = 3
"""Workers that an edition is given to, one after another, before it counts as one that none can build."""
_LOOK = 1.0
"""Seconds between two looks at the workers while nothing comes back."""
_LOST = "scheduler-connection-lost"

Show = Callable[[Outcome, int, int], None]
"""Takes what came of an edition, how many are done and out of how many."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to build on which cluster. `named` are the editions, none for all."""

    scheduler: str
    source: Place
    out: Place
    named: tuple[str, ...]
    choices: Choices


def build_on_cluster(
    request: Request,
    show: Show,
    told: Callable[[list[Outcome]], None] = lambda _: None,
    finish: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """Build editions on the workers of a scheduler; what came of each, in the order of their names, which `told` hears
    before anything else can fail. `finish` is called at the end where any edition stands, by one command of an output
    at a time: what it reads there is then no older than what another has read.

    Raises InputError (no scheduler, no worker, a worker unlike this process, no edition), StorageError, and EngineError
    where the scheduler is lost: what was published until then stays, and the same command goes on from there.
    """
    with connected(request.scheduler) as client:
        own = check_workers(client)
        say_if_idle(client)
        # Whatever is named twice is built once.
        found = list({(str(one.beside), one.name): one for one in editions(request.source, request.named)}.values())
        check_names(Path(one.shown) / one.name for one in found)
        if isinstance(request.out, Path):
            _make(request.out)
        # The longest first: else the last worker would begin it when the others are done.
        found.sort(key=lambda edition: (-edition.weight, edition.name))
        tasks = [Task(edition, request.out, request.choices, own) for edition in found]
        outcomes = sorted(_Desk(client, tasks, show).work(), key=lambda outcome: outcome.name)
        told(outcomes)
        if any(not outcome.error for outcome in outcomes):
            with in_turn(f"the catalogue of {request.out}", client):
                finish()
    return outcomes


def _make(out: Path) -> None:
    """The folder of the output, so that a worker which has none there does not make one of its own."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InputError(f"cannot write to {out}: {problem.strerror}; choose another folder with --out") from problem


class _Desk:
    """What is on its way, and where it may go."""

    def __init__(self, client: Any, tasks: Sequence[Task], show: Show) -> None:
        self._client = client
        self._show = show
        self._distributed = needed("distributed")
        self._due = list(tasks)
        self._waiting: dict[Any, Task] = {}
        self._tries: dict[str, int] = {}
        self._only: dict[Any, frozenset[str]] = {}
        self._unfit: dict[str, str] = {}
        self._back: SimpleQueue[Any] = SimpleQueue()
        self._alone = False

    def work(self) -> list[Outcome]:
        """Hand everything out and wait for it. Ends what has not begun where it is itself ended."""
        done: list[Outcome] = []
        try:
            for task in self._due:
                self._hand_out(task, None)
            while self._waiting:
                try:
                    future = self._back.get(timeout=_LOOK)
                except Empty:
                    self._look()
                    continue
                outcome = self._take(future, len(done))
                if outcome is not None:
                    done.append(outcome)
                    self._show(outcome, len(done), len(self._due))
        except BaseException:
            # What runs at this moment is published whole; what waits is not begun.
            if self._client.status == "running":
                self._client.cancel(list(self._waiting), force=False)
            raise
        return done

    def _hand_out(self, task: Task, only: frozenset[str] | None) -> None:
        tries = self._tries.get(task.key, 0)
        future = self._client.submit(
            run,
            task,
            key=f"publisher-{task.key}" + (f"-{tries}" if tries else ""),
            workers=sorted(only) if only else None,
            allow_other_workers=False,
            pure=False,
        )
        self._waiting[future] = task
        if only:
            self._only[future] = only
        future.add_done_callback(self._back.put)

    def _take(self, future: Any, done: int) -> Outcome | None:
        """What came of a future; None where its edition was given to another worker, or it is of no interest by now."""
        task = self._waiting.pop(future, None)
        self._only.pop(future, None)
        if task is None:
            return None
        name = task.edition.name
        try:
            outcome: Outcome = future.result()
        except self._distributed.client.FutureCancelledError as problem:
            if problem.reason != _LOST and self._client.status == "running":
                return Outcome(
                    name, error=f"error: {name}: somebody took it from the scheduler; run again", exit_status=2
                )
            raise self._lost(done) from problem
        except self._distributed.KilledWorker as problem:
            return Outcome(name, error=_killed(name, problem), exit_status=2)
        except self._distributed.comm.CommClosedError as problem:
            raise self._lost(done) from problem
        except Exception as problem:
            told = f"error: {name}: the cluster could not run it: {type(problem).__name__}: {problem}"
            return Outcome(name, error=" ".join(told.split()), exit_status=2)
        finally:
            future.release()
        return self._elsewhere(task, outcome) if outcome.unfit else outcome

    def _elsewhere(self, task: Task, outcome: Outcome) -> Outcome | None:
        """Give an edition that a worker could not take to another one, if there is any."""
        if outcome.worker not in self._unfit:
            self._unfit[outcome.worker] = outcome.unfit
            print(f"worker {outcome.worker} is left out: {outcome.unfit}", file=sys.stderr)
        self._tries[task.key] = self._tries.get(task.key, 0) + 1
        fit = frozenset(workers(self._client)) - set(self._unfit)
        if fit and self._tries[task.key] < _TRIES:
            self._hand_out(task, fit)
            return None
        name = task.edition.name
        error = f"error: {name}: no worker can build it; the last, {outcome.worker}, said: {outcome.unfit}"
        return Outcome(name, outcome.worker, error=error, exit_status=2)

    def _look(self) -> None:
        """While nothing comes back: is the scheduler there, is any worker, and those that an edition was given to?"""
        if self._client.status != "running":
            raise self._lost(len(self._due) - len(self._waiting))
        if any(future.cancelled() for future in self._waiting):
            return  # the scheduler was lost, and is perhaps there again without workers: the futures tell in a moment
        try:
            there = frozenset(workers(self._client))
        except OSError:
            return  # lost just now: seen at the next look
        if not there and not self._alone:
            print("no worker is left; waiting for one (Ctrl-C ends this)", file=sys.stderr)
        self._alone = not there
        fit = there - set(self._unfit)
        for future, only in list(self._only.items()):
            if fit and not only & there:
                task = self._waiting.pop(future)
                del self._only[future]
                future.release()
                self._tries[task.key] = self._tries.get(task.key, 0) + 1
                self._hand_out(task, fit)

    def _lost(self, done: int) -> EngineError:
        address = self._client.scheduler.address if self._client.scheduler else "the scheduler"
        message = (
            f"the scheduler was lost when {done} of {len(self._due)} editions were done; what was published is whole:"
            " run the same command again once it is back, and only what is left is built"
        )
        return EngineError(str(address), message)


def _killed(name: str, problem: Any) -> str:
    return (
        f"error: {name}: {problem.allowed_failures + 1} workers were lost while they built it, the last"
        f" {problem.last_worker.address}; perhaps for want of memory: see the workers' logs"
    )
