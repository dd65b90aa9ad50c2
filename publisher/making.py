"""Has every format of an edition written: narrates once, keeps what is as it was, makes the rest side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from publisher.allowance import Within
from publisher.formats import AHEAD, FORMATS, PARTS, ahead, writer
from publisher.manifest import artefact_of, file_entry
from publisher.model.findings import EngineError
from publisher.model.limits import beyond
from publisher.progress import Tell
from publisher.stages import Common, Published, Reason, Stage
from publisher.store import Store
from publisher.workers import Workers

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
"""In which the formats before the web pages are waited for: the EPUB lists the PDF's pages."""
_PARTED = 50_000
"""The letters from which a text has its PDFs written side by side: below, another process costs what it saves."""


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
    narrator: Callable[[Tell], dict[str, Narration]]
    tell: Tell


@dataclass(frozen=True, slots=True)
class Made:
    """All files with those that were carried, in the order of FORMATS; the narrations that they took; of each format
    that was asked for what it was made from (not of one with findings, which are told again), and why it was made."""

    artefacts: tuple[Artefact, ...]
    narrations: tuple[Narration, ...]
    stages: Mapping[str, Stage]
    reasons: tuple[Reason, ...]


_T = TypeVar("_T")
_ENDED = "its process was ended from outside, perhaps for want of memory; try again with --jobs 1"


@dataclass
class _Progress:
    """How far the formats of a task have come."""

    task: Task
    executor: Executor
    stages: dict[str, Stage] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    made: dict[str, tuple[Artefact, ...]] = field(default_factory=dict)
    futures: dict[str, list[Future[tuple[Artefact, ...]]]] = field(default_factory=dict)

    def look(self, name: str, job: Job) -> None:
        """Keep a format's files if they are what would be made again, else remember why not."""
        entries = [file_entry(one, self.task.folder) for one in job.siblings]
        stage = self.task.common.stage(name, job.narrations, entries)
        self.stages[name] = stage
        self.why[name] = self.task.published.why_not(name, stage, self.task.common)
        kept = None if self.why[name] else self.task.published.keep(name, stage, self.task.folder)
        if kept is not None:
            self.made[name] = kept

    def begin(self, name: str, job: Job) -> None:
        """Have a format written, unless its files stay: whole, or the parts of a long edition side by side. What comes
        of it is the same."""
        if name not in self.why:
            self.look(name, job)
        if name not in self.made:
            parts = PARTS.get(name, ()) if _length(job.publication) >= _PARTED else ()
            self.futures[name] = [self._submit(_write, name, replace(job, part=part)) for part in parts or (None,)]

    def ahead(self, name: str, job: Job) -> None:
        """While the PDF is laid out, have that part of a format made which does not wait for it, where most of the
        sound is there from the last build: else all processors have enough to do. It is for the store alone: should it
        fail, the format itself will, and tell why."""
        if not (self.task.published.manifest and job.narrations):
            return
        waits = any(not future.done() for future in self.futures.get("pdf", ()))
        if waits and not self.task.published.alike(name, self.task.common.stage(name, job.narrations)):
            self._submit(_ahead, name, job)

    def _submit(self, function: Callable[[str, Job], _T], name: str, job: Job) -> Future[_T]:
        if isinstance(self.executor, Workers):
            return self.executor.submit_within(_within(name, job), partial(function, name, job))
        return self.executor.submit(function, name, job)

    def aside(self, task: Callable[[Tell], _T], within: Within | None = None) -> _T:
        """What a task answers that is waited for now, while formats are written."""
        if not isinstance(self.executor, Workers):
            return task(self.task.tell)
        try:
            return self.executor.aside(task, self.task.tell, within)
        except BrokenExecutor as problem:
            raise EngineError("narrating", _ENDED) from problem

    def end(self, name: str) -> tuple[Artefact, ...]:
        """A format's files, as soon as they are written."""
        if name not in self.made:
            written = tuple(artefact for future in self.futures[name] for artefact in _result(name, future))
            if any(artefact.findings for artefact in written):
                del self.stages[name]
            self.made[name] = tuple(_as_told(artefact, self.task.folder) for artefact in written)
        return self.made[name]

    def reasons(self) -> tuple[Reason, ...]:
        return tuple(
            Reason(
                name, tuple(one.name for one in files), bool(self.why[name]), self.why[name] or "nothing of it changed"
            )
            for name, files in sorted(self.made.items(), key=lambda item: FORMATS.index(item[0]))
        )


def _as_told(artefact: Artefact, folder: Path) -> Artefact:
    """An artefact as the manifest will give it back, so that a file is told of in the same words whether it was made
    now or kept."""
    return replace(artefact_of(file_entry(artefact, folder)), findings=artefact.findings)


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
        narrations = at.aside(task.narrator) if followed or NARRATED & set(formats) else {}
        spoken = replace(silent, narrations=narrations)
        for name in AHEAD:
            if name in formats:
                at.ahead(name, spoken)
        tracked = [name for name in ("audio", "audiobook", "daisy") if name in formats]
        for name in tracked:
            at.look(name, spoken)
        waiting = [name for name in tracked if name not in at.made]
        if narrations and waiting:  # an EPUB cuts its sound by its documents, not by chapters
            at.aside(partial(_encode, narrations, "audio" in waiting, task.store), _within("sound", spoken))
        for name in tracked:
            at.begin(name, spoken)
        for number, name in enumerate(formats):
            task.tell(f"writing {name}", number, len(task.formats))
            if name == "epub":
                printed = at.made.get("pdf", tuple(one for one in task.carried if one.format == "pdf"))
                at.begin("epub", replace(spoken, siblings=printed))
            at.end(name)
        done = _sorted((*task.carried, *(one for files in at.made.values() for one in files)))
        if "web" in task.formats:
            # Last, since its pages offer the other files.
            task.tell("writing web", len(formats), len(task.formats))
            at.begin("web", replace(spoken, siblings=done))
            done += at.end("web")
    return Made(done, tuple(narrations.values()), at.stages, at.reasons())


def _sorted(artefacts: Sequence[Artefact]) -> tuple[Artefact, ...]:
    return tuple(sorted(artefacts, key=lambda artefact: FORMATS.index(artefact.format)))


def _length(publication: Publication) -> int:
    """About how much of a text there is, in letters."""
    from publisher.model.blocks import Worded, walk

    return sum(len(node.text) for node in walk(publication.blocks()) if isinstance(node, Worded))


_PATIENCE = 10
_SLOWEST = 100
"""Of a format: so many times the seconds of an engine and one more for so many letters, and for each second of sound.
Nothing that ends takes so long; what has limits of its own is told of earlier."""


def _within(name: str, job: Job) -> Within:
    """What writing a format may take in all, be it in a library that is asked nothing else."""
    sound = sum(narration.frames / narration.rate for narration in job.narrations.values())
    limits = job.publication.imprint.limits
    seconds = _PATIENCE * limits.seconds + _length(job.publication) / _SLOWEST + sound
    what = f"not done after {seconds:.0f} seconds"
    return Within(seconds, f"writing {name}", beyond(what, "simplify or divide the text", "seconds"))


def _result(name: str, future: Future[tuple[Artefact, ...]]) -> tuple[Artefact, ...]:
    try:
        return future.result()
    except BrokenExecutor as problem:
        raise EngineError(f"writing {name}", _ENDED) from problem


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


def _encode(narrations: Mapping[str, Narration], whole: bool, store: Store, tell: Tell) -> None:
    """Encode the chapters that several formats share, once, where progress can be shown; all that recordings as a
    `whole` take, or those of the first alone."""
    from publisher.narration.tracks import encode_ahead

    first = [narrations["default"]] if "default" in narrations else []
    tracks = list(narrations.values()) if whole else first
    encode_ahead(tracks, first if whole else [], store, partial(tell, "encoding"))


def _ahead(name: str, job: Job) -> None:
    """Runs in a worker process."""
    ahead(name)(job)


def _write(name: str, job: Job) -> tuple[Artefact, ...]:
    """Runs in a worker process."""
    return writer(name)(job)
