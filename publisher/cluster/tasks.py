"""What a worker runs: one edition, whole, from its sources to its published files.

A task may run twice, when a worker is lost after it published and before it said so: the second run finds the edition
published and does nothing, or does the same again to the same bytes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

from publisher.build import Built, Order, apart, build_edition
from publisher.cluster import sources
from publisher.cluster.extra import needed
from publisher.cluster.makeup import Makeup, differences, makeup
from publisher.cluster.publishing import UNSETTLED, Published, fetch_published, publish, stands
from publisher.cluster.remote import FULL, Place, StorageError, Tree, keys_of, place
from publisher.cluster.sources import Edition
from publisher.cluster.tiers import tiered
from publisher.cluster.turns import in_turn
from publisher.failing import fault
from publisher.fingerprint import Program, program
from publisher.manifest import MANIFEST
from publisher.model.findings import Finding, FindingsError, InputError, PublisherError, Severity
from publisher.model.limits import MEGABYTE
from publisher.stages import Reason
from publisher.store import CACHE, Store, default_store, digest, user_cache
from publisher.tidying import PATIENCE, look_after, store_limit

ROOM = 4
"""Megabytes that a worker must have free to begin: less than that does not hold the smallest edition."""

_EPOCH = "SOURCE_DATE_EPOCH"
_ONE = Lock()
"""One edition at a time in a process: building uses every core where it can, and settings that a process has once."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose, the same for every edition: see `publisher.build.Order`.

    `store` is where clips and the like are kept: an address, a shared folder, or "" for each worker's own; `epoch` the
    client's SOURCE_DATE_EPOCH.
    """

    formats: tuple[str, ...]
    voice: str | None = None
    layers: tuple[str, ...] | None = None
    offline: bool = False
    mixes: tuple[str, ...] | None = None
    opus: bool = False
    store: str = ""
    epoch: str | None = None

    def settings(self) -> list[Any]:
        """Those that bear on the output."""
        layers, mixes = (None if one is None else list(one) for one in (self.layers, self.mixes))
        return [list(self.formats), self.voice, layers, mixes, self.opus, self.epoch]


@dataclass(frozen=True, slots=True)
class Task:
    """An edition to build, where to, how, and with which program."""

    edition: Edition
    out: Place
    choices: Choices
    makeup: Makeup

    @property
    def key(self) -> str:
        """The digest of where it goes and of all that it is made from: two tasks of one key are one task."""
        one = self.edition
        made_from = _made_from(one.state, self)
        return digest("task", str(self.out), str(one.beside), one.name, made_from, self.choices.offline)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task on a worker. `fresh` is False where the edition was published already.

    `error` is what failed, in lines, and `unfit` why this worker can build nothing now while another may: one of the
    two, or neither where all went well. `findings` are those of the build, or of the failure; `reasons` say of each
    format why it was made, or was not.
    """

    name: str
    worker: str = ""
    files: tuple[str, ...] = ()
    fresh: bool = False
    findings: tuple[Finding, ...] = ()
    error: str = ""
    unfit: str = ""
    exit_status: int = 0
    reasons: tuple[Reason, ...] = ()


def run(task: Task) -> Outcome:
    """Build and publish an edition. What is foreseen comes back as data: it would fail in the same way elsewhere."""
    with _ONE:
        worker, folder = _here()
        told = Outcome(task.edition.name, worker)
        try:
            unfit = _unfit(task, folder)
            if unfit:
                return replace(told, unfit=unfit)
            with tempfile.TemporaryDirectory(prefix="edition-", dir=folder) as scratch, _dated(task.choices.epoch):
                return _run(task, Path(scratch), told)
        except FindingsError as problem:
            return replace(told, findings=problem.findings, error=str(problem), exit_status=problem.exit_status)
        except (PublisherError, OSError) as problem:
            if _is_full(problem, folder):
                return replace(told, unfit=f"no room in {folder} or its store ({_line(problem)})")
            status = problem.exit_status if isinstance(problem, PublisherError) else 2
            return replace(told, error=_line(problem), exit_status=status)
        except Exception as problem:
            return replace(told, error=f"error: building {told.name}: {fault(problem)}", exit_status=2)


def _unfit(task: Task, folder: Path) -> str:
    """Why this worker can build nothing now while another may; empty where it can."""
    other = differences(makeup(), task.makeup)
    if other:
        return other
    hidden = _hidden(task)
    if hidden:
        return f"it does not see {hidden}"
    if shutil.disk_usage(folder).free < ROOM * MEGABYTE:
        return f"no room in {folder}"
    try:
        store_limit()
    except InputError as problem:
        return _line(problem)
    return ""


def _run(task: Task, scratch: Path, told: Outcome) -> Outcome:
    edition, out = task.edition, task.out
    if isinstance(out, Path):
        return _told(task, _build(task, *_source(task, scratch)[:1], out), told)
    there = stands(out, edition.name, _made_from(edition.state, task))
    if there is not None:
        return replace(told, files=(*there.files, MANIFEST), reasons=_as_it_was(there))
    # From what is taken up to what is published: another command may be at other formats of it.
    with _alone(f"{out}/{edition.name}"):
        folder, state = _source(task, scratch)
        fetch_published(out, edition.name, scratch / "out" / edition.name)
        built = _build(task, folder, scratch / "out")
        settled = sources.state_of(edition.beside, edition.name) == state
        # From where this process had it made, whatever the one that is held says of it.
        made = scratch / "out" / edition.name
        publish(out, edition.name, made, _made_from(state, task) if settled else UNSETTLED)
    return _told(task, built, told)


def _source(task: Task, scratch: Path) -> tuple[Path, str]:
    """The folder of the edition on this machine, and its state as it was when that was looked at."""
    edition = task.edition
    if isinstance(edition.beside, Tree):
        return sources.fetch(edition.beside, edition.name, scratch / "source")
    return edition.beside / edition.name, sources.state_of(edition.beside, edition.name)


def _told(task: Task, built: Built, told: Outcome) -> Outcome:
    # Nobody runs `publisher build` on a worker's machine, which would see to its store.
    look_after(_own_part(task.choices)[0], PATIENCE)
    return replace(told, files=built.files, fresh=built.fresh, findings=built.findings, reasons=built.reasons)


def _as_it_was(there: Published) -> tuple[Reason, ...]:
    """Of each format that is published that it stays, without reading a file of it."""
    by: dict[str, list[str]] = {}
    for name, file in there.files.items():
        by.setdefault(str(file["format"]), []).append(name)
    why = "its sources, settings and program are those that its record names"
    return tuple(Reason(name, tuple(files), False, why) for name, files in by.items())


def _hidden(task: Task) -> Path | None:
    """The first of the task's shared folders that this machine does not have."""
    beside, out = task.edition.beside, task.out
    shared = (
        *([beside / task.edition.name] if isinstance(beside, Path) else ()),
        *([out] if isinstance(out, Path) else ()),
    )
    return next((folder for folder in shared if not folder.is_dir()), None)


class _ShownError(PublisherError):
    """A failure in the words of another, with the places that the user knows."""

    def __init__(self, line: str, exit_status: int) -> None:
        super().__init__(line, exit_status)
        self.line = line
        self.exit_status = exit_status

    def __str__(self) -> str:
        return self.line


def _build(task: Task, folder: Path, out: Path) -> Built:
    """Build an edition in a worker process of this one, which is held: strangers' words are read there, too. Findings
    and failures name the places that the user knows."""
    chosen, shown = task.choices, task.edition.shown
    store, behind = _own_part(chosen)
    order = Order(
        folder,
        out,
        store,
        chosen.formats,
        chosen.voice,
        chosen.layers,
        offline=chosen.offline,
        mixes=chosen.mixes,
        opus=chosen.opus,
        by=_program(),
    )
    reads = () if behind is None else tuple(keys_of(behind))
    work = partial(_build_here, order, behind)
    try:
        built = apart(order, work, network=behind is not None, ahead=(__name__,), reads=reads)
    except FindingsError as problem:
        raise FindingsError(_as_shown(problem.findings, folder.parent, shown)) from problem
    except PublisherError as problem:
        raise _ShownError(str(problem).replace(str(folder.parent), shown), problem.exit_status) from problem
    return replace(built, findings=_as_shown(built.findings, folder.parent, shown))


@cache
def _program() -> Program:
    """What builds here, as it was when this process was first asked: so does `makeup` know it."""
    return program()


def _own_part(choices: Choices) -> tuple[Store, Tree | None]:
    """The store on this machine's disk, or in a folder that all share; the one at an address behind it."""
    where = place(choices.store) if choices.store else _own_store().root
    return (_own_store(), where) if isinstance(where, Tree) else (Store(where), None)


def _build_here(order: Order, behind: Tree | None) -> Built:
    """Runs in the process that is held. What is kept goes to the store `behind`, too."""
    if behind is None:
        return build_edition(order, _silent)
    with tiered(order.store.root, behind) as store:
        built = build_edition(replace(order, store=store), _silent)
    return replace(built, findings=(*built.findings, *_lacking(order.name, store.lacking, store.refused)))


def _lacking(name: str, files: int, why: StorageError | None) -> Iterator[Finding]:
    if files and why:
        message = (
            f"{name}: {files} files could not be put into the store at {why.engine}: {why.message}; the edition is"
            " whole, and the next build on that machine puts them"
        )
        yield Finding("store-behind", Severity.WARNING, message, where=name)


def _silent(_doing: str, _at: int, _of: int) -> None:
    """What a worker is at is not told: the client tells what is done."""


def _own_store() -> Store:
    """This machine's own, whatever address stands in its settings."""
    return Store(user_cache()) if "://" in os.environ.get(CACHE, "") else default_store()


def _made_from(state: str, task: Task) -> str:
    """The digest of all that the output depends on, told without reading a source: by its state in a listing."""
    return digest("published", task.edition.name, state, task.choices.settings(), task.makeup)


def _here() -> tuple[str, Path]:
    """The address of the worker that this runs on, and the folder that Dask gave it, which it also clears away."""
    try:
        worker = needed("distributed").get_worker()
    except ValueError:
        return "", Path(tempfile.gettempdir())
    return str(worker.address), Path(worker.local_directory)


def _alone(name: str) -> AbstractContextManager[None]:
    """Only one task at a time makes and publishes an edition, as far as the scheduler's workers go."""
    return in_turn(name) if _here()[0] else nullcontext()


@contextmanager
def _dated(epoch: str | None) -> Iterator[None]:
    """The client's SOURCE_DATE_EPOCH in this process while the block runs, or none."""
    before = os.environ.pop(_EPOCH, None)
    try:
        if epoch is not None:
            os.environ[_EPOCH] = epoch
        yield
    finally:
        os.environ.pop(_EPOCH, None)
        if before is not None:
            os.environ[_EPOCH] = before


def _as_shown(findings: tuple[Finding, ...], beside: Path, shown: str) -> tuple[Finding, ...]:
    """Findings that name the places that the user knows, not where a worker had the sources."""
    here = str(beside)

    def whole(finding: Finding) -> Finding:
        position = finding.position
        if position is not None:
            position = replace(position, path=position.path.replace(here, shown))
        where = finding.where.replace(here, shown) if finding.where else finding.where
        return replace(finding, position=position, where=where, message=finding.message.replace(here, shown))

    return tuple(map(whole, findings))


def _is_full(problem: BaseException | None, folder: Path) -> bool:
    """Whether a failure was for want of room on this machine: the system said so, or there is none."""
    seen = problem
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in FULL:
            return True
        seen = seen.__cause__ or seen.__context__
    return shutil.disk_usage(folder).free < ROOM * MEGABYTE // 4


def _line(problem: PublisherError | OSError) -> str:
    return str(problem) if isinstance(problem, PublisherError) else f"error: {problem}"
