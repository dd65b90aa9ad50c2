"""Has every format of an edition written: narrates once, keeps what is as it was, makes the rest side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from publisher.formats import AHEAD, FORMATS, PARTS, ahead, writer
from publisher.manifest import artefact_of, file_entry
from publisher.model.findings import EngineError
from publisher.progress import Tell
from publisher.stages import Common, Published, Reason, Stage
from publisher.store import Store

if TYPE_CHECKING:
    from publisher.formats.contract import Job
    from publisher.model.artefacts import Artefact
    from publisher.model.narration import Narration, Voice
    from publisher.model.publication import Publication

NARRATED = frozenset({"audio", "audiobook", "daisy", "epub"})
"""The formats that carry sound."""
_NARRATING = {"default": "narrating", "plain": "narrating the plain-language edition"}
"""What is told of the mixes that every build makes."""
_ORDER = ("pdf", "docx", "epub", "audio", "audiobook", "daisy")
"""In which the formats before the web pages are waited for."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be made, and where. `carried` are files that stand in `folder` already; `narrator` makes the mixes.

    `published` is the output that may have files which can stay as they are.
    """

    formats: tuple[str, ...]
    common: Common
    folder: Path
    store: Store
    carried: tuple[Artefact, ...]
    published: Published
    narrator: Callable[[], dict[str, Narration]]
    tell: Tell


@dataclass(frozen=True, slots=True)
class Made:
    """All files with those that were carried, in the order of FORMATS, and what the manifest says of each; the
    narrations that they took; of each format that was asked for what it was made from (not of one with findings, which
    are told again), and why it was made."""

    artefacts: tuple[Artefact, ...]
    entries: tuple[Mapping[str, Any], ...]
    narrations: tuple[Narration, ...]
    stages: Mapping[str, Stage]
    reasons: tuple[Reason, ...]


@dataclass
class _Progress:
    """How far the formats of a task have come."""

    task: Task
    executor: Executor
    stages: dict[str, Stage] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    made: dict[str, tuple[Artefact, ...]] = field(default_factory=dict)
    futures: dict[str, list[Future[tuple[Artefact, ...]]]] = field(default_factory=dict)
    later: list[tuple[str, Job]] = field(default_factory=list)
    early: list[Future[None]] = field(default_factory=list)
    heard: Stage = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    def entry(self, artefact: Artefact) -> dict[str, Any]:
        """What the manifest says of a file: read once, since nobody but its writer writes it."""
        if artefact.name not in self.entries:
            self.entries[artefact.name] = file_entry(artefact, self.task.folder)
        return self.entries[artefact.name]

    def told(self, artefact: Artefact) -> Artefact:
        """An artefact as the manifest will give it back, so that a file is told of in the same words whether it was
        made now or kept."""
        return replace(artefact_of(self.entry(artefact)), findings=artefact.findings)

    def listen(self, narrations: Mapping[str, Narration]) -> None:
        """Take the digests of what is heard, before any format is looked at that knows of voices."""
        self.heard = self.task.common.heard(narrations)

    def look(self, name: str, job: Job) -> None:
        """Keep a format's files if they are what would be made again, else remember why not."""
        entries = [self.entry(one) for one in job.siblings]
        stage = self.task.common.stage(name, self.heard, entries)
        self.stages[name] = stage
        self.why[name] = self.task.published.why_not(name, stage, self.task.common)
        kept = None if self.why[name] else self.task.published.keep(name, stage, self.task.folder)
        if kept is not None:
            self.made[name] = kept

    def begin(self, name: str, job: Job) -> None:
        """Have a format written, unless its files stay: whole, or its parts side by side. What comes of it is the
        same."""
        if name not in self.why:
            self.look(name, job)
        if name not in self.made:
            first, *rest = PARTS.get(name, (None,))
            self.futures[name] = [self._submitted(_write, name, replace(job, part=first))]
            self.later += [(name, replace(job, part=part)) for part in rest]

    def begin_later(self) -> None:
        """Have those parts written that nothing waits for but the end."""
        for name, job in self.later:
            self.futures[name].append(self._submitted(_write, name, job))
        self.later.clear()

    def _submitted(self, function: Callable[..., _T], *arguments: Any) -> Future[_T]:
        """What will come of a function. Where its process was ended before it was given the work, that is told when
        the result is asked for, as if it had been later."""
        try:
            return self.executor.submit(function, *arguments)
        except BrokenExecutor as problem:
            failed: Future[_T] = Future()
            failed.set_exception(problem)
            return failed

    def ahead(self, name: str, job: Job) -> None:
        """While the PDF is laid out, have that part of a format made which does not wait for it. It is for the store
        alone: should it fail, the format itself will, and tell why."""
        if job.narrations and not self.task.published.alike(name, self.task.common.stage(name, self.heard)):
            self.early.append(self._submitted(_ahead, name, job))

    @property
    def paged(self) -> bool:
        """Whether nobody need wait for the pages of a PDF."""
        return all(future.done() for future in self.futures.get("pdf", [])[:1])

    def printed(self) -> tuple[Artefact, ...]:
        """The PDF whose pages an EPUB lists, as soon as it is written: the one in large print is not waited for, but
        what is made ahead of the EPUB is, lest it be made twice."""
        if "pdf" in self.futures:
            pages = tuple(self.told(one) for one in _result("pdf", self.futures["pdf"][0]))
        else:
            pages = self.made.get("pdf", self.task.carried)
        wait([future for future in self.early if not future.cancel()])
        return tuple(one for one in pages if one.breaks)

    def end(self, name: str) -> tuple[Artefact, ...]:
        """A format's files, as soon as they are written."""
        if name not in self.made:
            written = tuple(artefact for future in self.futures[name] for artefact in _result(name, future))
            if any(artefact.findings for artefact in written):
                del self.stages[name]
            self.made[name] = tuple(self.told(artefact) for artefact in written)
        return self.made[name]

    def reasons(self) -> tuple[Reason, ...]:
        return tuple(
            Reason(
                name, tuple(one.name for one in files), bool(self.why[name]), self.why[name] or "nothing of it changed"
            )
            for name, files in sorted(self.made.items(), key=lambda item: FORMATS.index(item[0]))
        )


def write_formats(task: Task, executor: Callable[[], Executor]) -> Made:
    """Have every format of a task written, in processes of `executor`.

    Raises EngineError, InputError, FindingsError.
    """
    from publisher.formats.contract import Job

    formats = sorted((name for name in task.formats if name != "web"), key=_ORDER.index)
    with executor() as pool:
        at = _Progress(task, pool)
        silent = Job(task.common.publication, task.common.templates, task.folder, task.store)
        # These need no audio, and the EPUB lists the PDF's pages, so they start before the narration.
        for name in ("pdf", "docx"):
            if name in formats:
                at.begin(name, silent)
        # A page that offers sound follows it, whoever made that when.
        followed = "web" in task.formats and any(one.format == "audio" for one in task.carried)
        narrations = task.narrator() if followed or NARRATED & set(formats) else {}
        at.listen(narrations)
        spoken = replace(silent, narrations=narrations)
        # What takes longest begins first.
        for name in AHEAD:
            if name in formats:
                at.begin(name, replace(spoken, siblings=at.printed())) if at.paged else at.ahead(name, spoken)
        at.begin_later()
        tracked = [name for name in ("audio", "audiobook", "daisy") if name in formats]
        for name in tracked:
            at.look(name, spoken)
        _encode(narrations, [name for name in tracked if name not in at.made], task)
        for name in tracked:
            at.begin(name, spoken)
        if "web" in task.formats:
            writer("web")  # imported while there is nothing else to do
        for number, name in enumerate(formats):
            task.tell(f"writing {name}", number, len(task.formats))
            for waiting in AHEAD:
                if waiting in formats and waiting not in at.why:
                    at.begin(waiting, replace(spoken, siblings=at.printed()))
            at.end(name)
        done = _sorted((*task.carried, *(one for files in at.made.values() for one in files)))
        if "web" in task.formats:
            # Last, since its pages offer the other files.
            task.tell("writing web", len(formats), len(task.formats))
            done += _web(at, replace(spoken, siblings=done))
        entries = tuple(at.entry(one) for one in done)
    return Made(done, entries, tuple(narrations.values()), at.stages, at.reasons())


def _web(at: _Progress, job: Job) -> tuple[Artefact, ...]:
    """The pages, made in this process: nothing is left to be done beside them."""
    at.look("web", job)
    if "web" not in at.made:
        future: Future[tuple[Artefact, ...]] = Future()
        future.set_result(_write("web", job))
        at.futures["web"] = [future]
    return at.end("web")


def _sorted(artefacts: Sequence[Artefact]) -> tuple[Artefact, ...]:
    return tuple(sorted(artefacts, key=lambda artefact: FORMATS.index(artefact.format)))


def _result(name: str, future: Future[tuple[Artefact, ...]]) -> tuple[Artefact, ...]:
    try:
        return future.result()
    except BrokenExecutor as problem:
        message = "its process was ended from outside, perhaps for want of memory; try again with --jobs 1"
        raise EngineError(f"writing {name}", message) from problem


def narrate(
    publication: Publication, voice: Voice, store: Store, tell: Tell, *, formats: Sequence[str], offline: bool
) -> dict[str, Narration]:
    """The mixes: the article with its notes, the plain language where there is any, those that were chosen."""
    from publisher.narration.mixes import narrate_mixes, without_network
    from publisher.narration.script import MIXES
    from publisher.recorded import read_aloud, with_findings

    chosen = publication.metadata.mixes if "audio" in formats else ()
    reading = read_aloud(publication, voice, store, tell)
    try:
        narrations = narrate_mixes(
            publication,
            without_network(voice) if offline else voice,
            (*MIXES, *chosen),
            store,
            lambda mix, at, of: tell(_NARRATING.get(mix, f"narrating {mix}"), at, of),
            takes=reading.takes,
        )
    finally:
        reading.takes.close()
    return with_findings(narrations, reading.findings)


def _encode(narrations: Mapping[str, Narration], formats: Sequence[str], task: Task) -> None:
    """Encode the sound that several formats share, once, where progress can be shown."""
    if not narrations or not formats:
        return  # an EPUB alone encodes what it has
    from publisher.narration.tracks import encode_ahead

    whole = "audio" in formats
    first = [narrations["default"]] if "default" in narrations else []
    tracks = list(narrations.values()) if whole else first
    encode_ahead(tracks, first if whole else [], task.store, partial(task.tell, "encoding"))


def _ahead(name: str, job: Job) -> None:
    """Runs in a worker process."""
    ahead(name)(job)


def _write(name: str, job: Job) -> tuple[Artefact, ...]:
    """Runs in a worker process."""
    return writer(name)(job)
