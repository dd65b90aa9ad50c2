"""What many editions cost, as a model: straight lines fitted to measured costs, and a queue that is played through.

Every edition is one task. A scheduler hands tasks out one at a time, a core takes as long as the lines say, what was
made goes to one shared place, one after another, and at the end one process makes the catalogue of all. So works
`publisher build` on one machine, and `--executor dask` on many.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from statistics import fmean
from typing import Any


@dataclass(frozen=True)
class Line:
    """`fixed` for each edition and `word` for each word of its article."""

    fixed: float
    word: float

    def at(self, words: float) -> float:
        return self.fixed + self.word * words


def fit(points: Sequence[tuple[float, float]]) -> Line:
    """The line of least squares through (words, cost), neither part of it below nothing."""
    x, y = fmean(words for words, _ in points), fmean(cost for _, cost in points)
    spread = sum((words - x) ** 2 for words, _ in points)
    slope = sum((words - x) * (cost - y) for words, cost in points) / spread if spread else 0.0
    if slope <= 0:
        return Line(y, 0.0)
    if y - slope * x < 0:
        return Line(0.0, sum(w * c for w, c in points) / sum(w * w for w, _ in points))
    return Line(y - slope * x, slope)


@dataclass(frozen=True)
class Model:
    """What was measured. Seconds are of one processor; `launch` are those by the clock until a command has begun its
    workers, `start` those until a worker's first edition takes no longer than the next; `crowding` is how much longer a
    core is taken by a task, by the clock, where all cores have one: waiting for the disk, for each other, for
    memory. `disk` is how many bytes a second of finished editions the disk reads, where they are in memory no more."""

    stages: Mapping[str, Line]
    unchanged: Line
    edited: Line
    formats: Mapping[str, Line]
    files: float
    store: Line
    store_files: Line
    crowding: float
    start: float
    catalogue: float
    launch: float = 0.0
    disk: float = float("inf")

    def cold(self, words: float) -> float:
        return sum(line.at(words) for line in self.stages.values())

    def output(self, words: float) -> float:
        """Bytes that readers download."""
        return sum(line.at(words) for line in self.formats.values())

    @staticmethod
    def of(data: Mapping[str, Any]) -> Model:
        """A model as it was kept in JSON."""

        def line(one: Mapping[str, float]) -> Line:
            return Line(one["fixed"], one["word"])

        return Model(
            stages={name: line(one) for name, one in data["stages"].items()},
            unchanged=line(data["unchanged"]),
            edited=line(data["edited"]),
            formats={name: line(one) for name, one in data["formats"].items()},
            files=data["files"],
            store=line(data["store"]),
            store_files=line(data["store_files"]),
            crowding=data["crowding"],
            start=data["start"],
            catalogue=data["catalogue"],
            launch=data.get("launch", 0.0),
            disk=data.get("disk", float("inf")),
        )


@dataclass(frozen=True)
class Fleet:
    """Where it runs. `bandwidth` is of the place of the output, in bytes a second, `requests` how many files that takes
    a second, `latency` the seconds that it takes to answer, `scheduler` those that the scheduler needs for a task."""

    workers: int = 1
    cores: int = 2
    bandwidth: float = float("inf")
    requests: float = float("inf")
    scheduler: float = 0.0
    latency: float = 0.0

    def __post_init__(self) -> None:
        if min(self.workers, self.cores) < 1:
            raise ValueError("a fleet has a worker with a core at least")


def asking_here(model: Model, editions: int, words: Sequence[float], cores: int, memory: float) -> Fleet:
    """One machine, of so many cores and bytes of memory, that reads what stands there: from the disk, as soon as that
    and the store fill more than half of its memory, which is assumed."""
    held = editions * fmean(model.output(one) + model.store.at(one) for one in words)
    return Fleet(1, cores, bandwidth=model.disk if held > memory / 2 else float("inf"))


CLOUD = Fleet(cores=4, bandwidth=1.25e9, requests=3500.0, scheduler=0.001, latency=0.02)
"""Assumed, not measured: a network of 10 Gbit a second, the writes a second that object stores promise for a prefix, 20
ms for an answer, a millisecond for a task, as Dask's documentation says of its scheduler."""
_AT_ONCE = 8
"""Requests on their way at the same time, as `publisher.cluster.remote` has it."""
_LISTED = 2
"""Requests that an edition costs the catalogue at an address: its manifest, and its record of the last one."""


CHANGED = 0.01
"""The share of editions that an editor changed since the last night."""
_ASKED = 50_000.0
"""Bytes of a record, a manifest and a listing, rounded up."""


@dataclass(frozen=True)
class Task:
    """Seconds that a core is taken, bytes and files for the place of the output; the `words` of the text; the answers
    that are waited for one after another."""

    seconds: float
    bytes: float
    files: float
    words: float
    answers: float = 0.0


@dataclass(frozen=True)
class Played:
    """How long it took by the clock, what each part was busy for, and which of them was the limit."""

    seconds: float
    busy: Mapping[str, float]

    @property
    def limit(self) -> str:
        return max(self.busy, key=lambda name: self.busy[name])


def cold_tasks(model: Model, words: Sequence[float]) -> list[Task]:
    """Every edition from nothing. What readers download is written to the shared place; each machine keeps its store on
    its own disk, as the how-to on many machines has it."""
    answers = model.files / _AT_ONCE
    return [Task(model.cold(one) * model.crowding, model.output(one), model.files, one, answers) for one in words]


def nightly_tasks(model: Model, words: Sequence[float], changed: float = CHANGED) -> list[Task]:
    """A share of the editions has a sentence edited; of all others every file is read, to see that it is as it was."""
    return [
        _edited(model, one)
        if edited
        else Task(model.unchanged.at(one) * model.crowding, model.output(one), model.files, one)
        for one, edited in _night(words, changed)
    ]


def nightly_far_tasks(model: Model, words: Sequence[float], changed: float = CHANGED) -> list[Task]:
    """The same where the output stands in an object store: a record beside each edition vouches for it, so that asking
    costs the record, the manifest and a listing, one after another. The work of it is counted as that of reading all
    files, which is too much."""
    return [
        _edited(model, one) if edited else Task(model.unchanged.at(one) * model.crowding, _ASKED, 3, one, 3)
        for one, edited in _night(words, changed)
    ]


def _edited(model: Model, words: float) -> Task:
    """What stands is fetched and put again, beside and then in its place."""
    files = 3 * model.files
    return Task(model.edited.at(words) * model.crowding, 2 * model.output(words), files, words, files / _AT_ONCE)


def _night(words: Sequence[float], changed: float) -> list[tuple[float, bool]]:
    each = round(1 / changed)
    return [(one, number % each == 0) for number, one in enumerate(words)]


def play(tasks: Sequence[Task], fleet: Fleet, *, start: float, catalogue: float, times: int = 1) -> Played:
    """Play the queue through. Each task stands for `times` editions, so that a million need not be a million events.

    `start` is what a worker needs before its first task; `catalogue` the seconds that an edition costs at the end.
    """
    cores = fleet.workers * fleet.cores
    # The longest texts go first, as `build_all` has it: nobody knows yet which of them were edited.
    waiting = sorted(tasks, key=lambda task: task.words)
    events: list[tuple[float, int, Task | None]] = [(start, number, None) for number in range(cores)]
    heapq.heapify(events)
    scheduler = store = end = start
    number, through = cores, 0.0
    while events:
        now, _, task = heapq.heappop(events)
        end, number = max(end, now), number + 1
        if task is None and waiting:
            scheduler = max(scheduler, now) + fleet.scheduler * times
            taken = waiting.pop()
            heapq.heappush(events, (scheduler + _held(taken, fleet) * times, number, taken))
        elif task is not None:
            needs = max(task.bytes / fleet.bandwidth, task.files / fleet.requests) * times
            store, through = max(store, now) + needs, through + needs
            heapq.heappush(events, (store, number, None))
    editions = len(tasks) * times
    busy = {
        "processors": sum(_held(task, fleet) for task in tasks) * times / cores,
        "the place of the output": through,
        "the scheduler": fleet.scheduler * editions,
        "the catalogue": catalogue * editions,
        "starting": start,
    }
    return Played(end + catalogue * editions, busy)


def _held(task: Task, fleet: Fleet) -> float:
    """Seconds that a worker's core is taken, waiting for answers included."""
    return task.seconds + task.answers * fleet.latency


Tasks = Callable[[Model, Sequence[float]], list[Task]]
_MOST = 20_000
"""Tasks that are played through one by one."""


def predict(model: Model, editions: int, words: Sequence[float], fleet: Fleet, tasks: Tasks) -> Played:
    """So many editions, whose lengths go round through `words`."""
    # A bundle must stay short beside the whole, however many cores there are.
    most = max(_MOST, 50 * fleet.workers * fleet.cores)
    times = ceil(editions / most)
    made = tasks(model, [words[number % len(words)] for number in range(round(editions / times))])
    catalogue = model.catalogue + _LISTED * fleet.latency / _AT_ONCE
    return play(made, fleet, start=model.launch + model.start, catalogue=catalogue, times=times)


_LITTLE = 0.05
"""The share of a run's time that twice the workers must save to be called a help."""


def first_limit(model: Model, editions: int, words: Sequence[float], fleet: Fleet, tasks: Tasks) -> tuple[str, int]:
    """What stops more workers from helping first, and how many of them help: the number is doubled until that would
    save less than a twentieth of the time. Then something else than the processors takes longest of all, or the longest
    edition is waited for."""
    workers, now = 1, predict(model, editions, words, replace(fleet, workers=1), tasks)
    while True:
        then = predict(model, editions, words, replace(fleet, workers=2 * workers), tasks)
        if then.seconds > (1 - _LITTLE) * now.seconds:
            rest = {name: seconds for name, seconds in then.busy.items() if name != "processors"}
            limit = max(rest, key=lambda name: rest[name])
            return (limit if rest[limit] > _LITTLE * then.seconds else "the longest edition"), workers
        workers, now = 2 * workers, then


@dataclass(frozen=True)
class Prices:
    """Assumed prices in US dollars, as large providers ask about: change them with `--prices`."""

    day: str = "2026-11-30"
    core_hour: float = 0.045
    gigabyte_month: float = 0.023
    thousand_writes: float = 0.005
    thousand_reads: float = 0.0004

    def run(self, played: Played, fleet: Fleet, writes: float, reads: float) -> float:
        """What a run costs: the fleet for as long as it lasts, writes (and listings, which cost as much), and reads."""
        cores = played.seconds / 3600 * fleet.workers * fleet.cores * self.core_hour
        return cores + writes / 1000 * self.thousand_writes + reads / 1000 * self.thousand_reads

    def month(self, size: float) -> float:
        """What so many bytes cost a month."""
        return size / 1e9 * self.gigabyte_month
