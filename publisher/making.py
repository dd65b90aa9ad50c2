"""Has every format of an edition written: narrates once, keeps what is as it was, makes the rest side by side, and
reads back what was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from publisher.failing import ENDED
from publisher.formats import FORMATS, PARTS, writer
from publisher.holding.allowance import Within
from publisher.manifest import artefact_of, file_entry
from publisher.model.findings import EngineError, Finding, FindingsError, InputError, Severity
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
TOGETHER = (frozenset(("docx", "epub", "pdf", "web")), frozenset(("audio", "audiobook", "daisy")))
"""The formats whose files tell of each other, so that they are read back together; one group has nothing to do with
the other."""
_READING = "reading back"
_ORDER = ("pdf", "docx", "epub", "audio", "audiobook", "daisy")
"""In which the formats before the web pages are waited for."""
_ENDED = f"{ENDED}; try again with --jobs 1"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be made, and where. `carried` are files that stand in `folder` already; `narrator` makes the mixes,
    `voice` is who reads them aloud.

    `published` is the output that may have files which can stay as they are.
    """

    formats: tuple[str, ...]
    common: Common
    folder: Path
    store: Store
    carried: tuple[Artefact, ...]
    published: Published
    narrator: Callable[[Tell], dict[str, Narration]]
    voice: Voice
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
            self.futures[name] = [
                self._submit(_write, name, replace(job, part=part)) for part in PARTS.get(name, (None,))
            ]

    def _submit(self, function: Callable[[str, Job], _T], name: str, job: Job) -> Future[_T]:
        return self._submit_within(time_for(f"writing {name}", job), partial(function, name, job))

    def _submit_within(self, within: Within, task: Callable[[], _T]) -> Future[_T]:
        if isinstance(self.executor, Workers):
            return self.executor.submit_within(within, task)
        return self.executor.submit(task)

    def aside(self, task: Callable[[Tell], _T], within: Within | None = None) -> _T:
        """What a task answers that is waited for now, while formats are written."""
        if not isinstance(self.executor, Workers):
            return task(self.task.tell)
        try:
            return self.executor.aside(task, self.task.tell, within)
        except BrokenExecutor as problem:
            raise EngineError("narrating", _ENDED) from problem

    def printed(self) -> tuple[Artefact, ...]:
        """The PDF whose pages an EPUB lists, as soon as it is written: the one in large print is not waited for."""
        if "pdf" in self.futures:
            pages = tuple(self.told(one) for one in _result("pdf", self.futures["pdf"][0]))
        else:
            pages = self.made.get("pdf", self.task.carried)
        return tuple(one for one in pages if one.breaks)

    def end(self, name: str) -> tuple[Artefact, ...]:
        """A format's files, as soon as they are written."""
        if name not in self.made:
            written = tuple(artefact for future in self.futures[name] for artefact in _result(name, future))
            if any(artefact.findings for artefact in written):
                del self.stages[name]
            self.made[name] = tuple(self.told(artefact) for artefact in written)
        return self.made[name]

    def read_back(self, job: Job, entries: Sequence[Mapping[str, Any]]) -> None:
        """Have the files read back of which any was made anew, with those that tell of them, as a stranger would.

        Raises FindingsError where they do not say what the source says, InputError where they are gone.
        """
        left = frozenset(line for one in job.narrations.values() for line in one.voice.left)
        voice = replace(self.task.voice, left=left)
        made = {name for name, why in self.why.items() if why}
        futures = [
            self._submit_within(
                time_for(_READING, job),
                partial(_read_back, group, entries, job.folder, job.publication, voice=voice, store=job.store),
            )
            for group in TOGETHER
            if made & group
        ]
        found = [finding for future in futures for finding in _answer(_READING, future)]
        if not all((job.folder / entry["name"]).is_file() for entry in entries):
            raise InputError(f"{job.folder.parent}: what was made there has vanished; choose another folder with --out")
        if found:
            raise FindingsError((_withheld(job.publication.name), *found))

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
        narrations = at.aside(task.narrator) if followed or NARRATED & set(formats) else {}
        at.listen(narrations)
        spoken = replace(silent, narrations=narrations)
        tracked = [name for name in ("audio", "audiobook", "daisy") if name in formats]
        for name in tracked:
            at.look(name, spoken)
        waiting = [name for name in tracked if name not in at.made]
        if narrations and waiting:  # an EPUB alone encodes what it has
            at.aside(partial(_encode, narrations, "audio" in waiting, task.store), time_for("writing sound", spoken))
        if "epub" in formats:  # what takes longest begins first
            at.begin("epub", replace(spoken, siblings=at.printed()))
        for name in tracked:
            at.begin(name, spoken)
        for number, name in enumerate(formats):
            task.tell(f"writing {name}", number, len(task.formats))
            at.end(name)
        done = _sorted((*task.carried, *(one for files in at.made.values() for one in files)))
        if "web" in task.formats:
            # Last, since its pages offer the other files.
            task.tell("writing web", len(formats), len(task.formats))
            at.begin("web", replace(spoken, siblings=done))
            done += at.end("web")
        entries = tuple(at.entry(one) for one in done)
        task.tell(_READING, len(task.formats), len(task.formats))
        at.read_back(spoken, entries)
    return Made(done, entries, tuple(narrations.values()), at.stages, at.reasons())


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


def time_for(doing: str, job: Job) -> Within:
    """What writing a format, or reading it back, may take in all, be it in a library that is asked nothing else."""
    sound = sum(narration.frames / narration.rate for narration in job.narrations.values())
    limits = job.publication.imprint.limits
    seconds = _PATIENCE * limits.seconds + _length(job.publication) / _SLOWEST + sound
    what = f"not done after {seconds:.0f} seconds"
    return Within(seconds, doing, beyond(what, "simplify or divide the text", "seconds"))


def _result(name: str, future: Future[tuple[Artefact, ...]]) -> tuple[Artefact, ...]:
    return _answer(f"writing {name}", future)


def _answer(doing: str, future: Future[_T]) -> _T:
    try:
        return future.result()
    except BrokenExecutor as problem:
        raise EngineError(doing, _ENDED) from problem


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
    """Encode the sound that several formats share, once, where progress can be shown; all that recordings as a
    `whole` take, or those of the first alone."""
    from publisher.narration.tracks import encode_ahead

    first = [narrations["default"]] if "default" in narrations else []
    tracks = list(narrations.values()) if whole else first
    encode_ahead(tracks, first if whole else [], store, partial(tell, "encoding"))


def _write(name: str, job: Job) -> tuple[Artefact, ...]:
    """Runs in a worker process."""
    return writer(name)(job)


def _read_back(*about: Any, **aloud: Any) -> tuple[Finding, ...]:
    """Runs in a worker process, which alone loads the readers."""
    from publisher.verifying.before_publishing import read_back

    return read_back(*about, **aloud)


def _withheld(name: str) -> Finding:
    message = (
        f"{name}: what was made does not say what the source says, so it is not published, and what stood there stays; "
        "correct a template of yours that leaves words out or adds some, else build again, and report it if it stays so"
    )
    return Finding("edition-withheld", Severity.ERROR, message, where=name)
