"""Hunts side by side, in as many processes as there are processors. What comes out does not depend on their number."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from audio_operators import CUE_OPERATORS, SOUND_OPERATORS
from audiobook_operators import AUDIOBOOK_OPERATORS
from book_operators import BOOK_OPERATORS
from daisy_operators import DAISY_OPERATORS, DAISY_TEXT_OPERATORS
from document_operators import DOCUMENT_OPERATORS
from docx_operators import DOCX_OPERATORS
from editions import SOUNDING, Workshop
from marking_operators import MARKING_OPERATORS, PAGE_OPERATORS
from metadata_operators import METADATA_OPERATORS, PACKAGE_OPERATORS
from mutants import Operator, Tally, hunt
from overlay_operators import OVERLAY_OPERATORS
from pdf_operators import PDF_OPERATORS
from showing_operators import SHOWING_OPERATORS
from tag_operators import TAG_OPERATORS

LONG = 3_000_000
"""Bytes from which a file that sounds is long: it is spoilt once by an operator, and of several such files of one
edition and column each takes its turn. All of it has to be encoded and heard again every time."""


def operators_of(column: str) -> tuple[Operator, ...]:
    """All operators for a kind of artefact."""
    if column in SOUNDING:
        sound = (*SOUND_OPERATORS, *TAG_OPERATORS)
        return {
            "mp3": sound,
            "m4b": sound,
            "vtt": CUE_OPERATORS,
            "overlay": OVERLAY_OPERATORS,
            "daisy": DAISY_OPERATORS,
            "audiobook": AUDIOBOOK_OPERATORS,
        }[column]
    if column == "daisy text":
        return DAISY_TEXT_OPERATORS
    if column == "docx":
        return DOCX_OPERATORS
    if column == "pdf":
        return PDF_OPERATORS
    documents = (*DOCUMENT_OPERATORS, *MARKING_OPERATORS, *SHOWING_OPERATORS, *METADATA_OPERATORS)
    return (*documents, *(PAGE_OPERATORS if column == "html" else (*PACKAGE_OPERATORS, *BOOK_OPERATORS)))


@dataclass(frozen=True, slots=True)
class Task:
    """A file, and an operator to spoil it with; without one it is read as it was built."""

    workshop: Workshop
    name: str
    column: str
    operator: str = ""
    times: int = 0
    seed: int = 0


@dataclass
class Bag:
    """All that a hunt has brought in: the tally, and what artefacts as built were found to fail."""

    tally: Tally = field(default_factory=Tally)
    false: list[str] = field(default_factory=list)
    made: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many mutants were made, by edition and column."""

    def add(self, edition: str, came: Tally | list[str]) -> None:
        """Put in what one task has brought: mutants, or what was found in a file as it was built."""
        if isinstance(came, Tally):
            self.tally.add(came)
            for (_, column), made in came.made.items():
                self.made[edition, column] += made
        else:
            self.false = sorted([*self.false, *came])


_workshops: dict[Workshop, Workshop] = {}


def do(task: Task) -> Tally | list[str]:
    """Do one task, in whatever process."""
    workshop = _workshops.setdefault(task.workshop, task.workshop)
    subject = workshop.subject(task.name, task.column)
    if not task.operator:
        told = subject.checks(subject.path)
        return [f"{workshop.name}, {task.name} as {task.column}: {', '.join(sorted(told))}"] if told else []
    operator = next(one for one in operators_of(task.column) if one.name == task.operator)
    return hunt(subject, operator, workshop.out / "mutants" / str(os.getpid()), times=task.times, seed=task.seed)


def plan(workshop: Workshop, columns: Sequence[str], *, only: str, times: int, seed: int) -> tuple[list[Task], ...]:
    """What there is to do for an edition that is built: first its files as they are, then their mutants."""
    files = list(workshop.artefacts(columns))
    long: dict[str, list[str]] = defaultdict(list)
    for name, column in files:
        if column in SOUNDING and (workshop.built / name).stat().st_size > LONG:
            long[column].append(name)
    mutants = []
    for name, column in files:
        chosen = [one.name for one in operators_of(column) if only in one.name]
        rest = long[column]
        for number, operator in enumerate(chosen):
            if name not in rest:
                mutants.append(Task(workshop, name, column, operator, times, seed))
            elif rest[number % len(rest)] == name:
                mutants.append(Task(workshop, name, column, operator, 1, seed))
    return [Task(workshop, name, column) for name, column in files], mutants


def hunt_all(
    workshops: Sequence[Workshop],
    columns: Sequence[str],
    tell: Callable[[str, int, int], None],
    *,
    only: str = "",
    times: int = 2,
    seed: int = 1,
    jobs: int | None = None,
    keep: Callable[[Task, Tally | list[str]], None] = lambda *_: None,
) -> Bag:
    """Hunt in editions that are built. Every file as it is comes first: what is false there spoils all the rest.

    `keep` is given what each task brings in, as it comes.
    """
    bag = Bag()
    plans = [plan(workshop, columns, only=only, times=times, seed=seed) for workshop in workshops]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs or os.cpu_count() or 1, context) as pool:
        for at in (0, 1):
            for task, came in _done(pool, list(chain.from_iterable(tasks[at] for tasks in plans)), tell):
                bag.add(task.workshop.name, came)
                keep(task, came)
    return bag


def _done(
    pool: ProcessPoolExecutor, tasks: Sequence[Task], tell: Callable[[str, int, int], None]
) -> Iterator[tuple[Task, Tally | list[str]]]:
    """The results of tasks as they come in. Those of one edition stay together, as each process has to read it."""
    futures = {pool.submit(do, task): task for task in tasks}
    try:
        for at, future in enumerate(as_completed(futures), 1):
            task = futures[future]
            yield task, future.result()
            tell(f"{task.workshop.name} {task.name}{' as it is' if not task.operator else ''}", at, len(tasks))
    finally:
        for future in futures:
            future.cancel()


def folders_named_apart(folders: Sequence[Path]) -> bool:
    """Whether no two editions would be built in one place."""
    return len({folder.name for folder in folders}) == len(folders)
