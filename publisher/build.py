"""From an edition's folder to its files: reads once, has every format made, swaps the result in; one or many."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from publisher.failing import ENDED, as_failure
from publisher.fingerprint import SHARED, Program, digests_of, fingerprint, program, sources_of
from publisher.forking import load_ahead
from publisher.formats import FORMATS, loading, readers
from publisher.holding.here import stays_here
from publisher.making import NARRATED, Made, Task, narrate, write_formats
from publisher.manifest import MANIFEST, as_made, left_in
from publisher.model.findings import EngineError, Finding, InputError, PublisherError, Severity
from publisher.output import clear_left, reserved, staged
from publisher.output import made as made_folder
from publisher.progress import Tell
from publisher.stages import Common, Published, Reason, published
from publisher.store import Store
from publisher.worker_view import Keeps, hold, may_ask_network, models_of, read_by
from publisher.workers import InProcess, Workers

if TYPE_CHECKING:
    from publisher.model.artefacts import Artefact
    from publisher.model.narration import Narration
    from publisher.model.publication import Imprint, Publication
    from publisher.rendering.templates import Templates

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Order:
    """What to build: an edition's folder, where its output goes, and the user's choices.

    `voice`, `layers` and `mixes` None mean what the source says; `jobs` is how many processes may work at once; `opus`
    asks for recordings in Opus, which the source may do, too. `held` has what engines do done in worker processes,
    which the system holds, for one job too. `by` is the program, where many orders are given at once: to know it takes
    longer than to see that an edition is as it was.
    """

    folder: Path
    out: Path
    store: Store
    formats: tuple[str, ...] = FORMATS
    voice: str | None = None
    layers: tuple[str, ...] | None = None
    jobs: int = 1
    offline: bool = False
    mixes: tuple[str, ...] | None = None
    opus: bool = False
    held: bool = True
    by: Program | None = None

    @property
    def name(self) -> str:
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Built:
    """What came of an order. `fresh` is False where the output was up to date and nothing was done; `reasons` say of
    each format why it was made, or was not."""

    name: str
    folder: Path
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    fresh: bool
    reasons: tuple[Reason, ...] = ()


def find_edition(argument: str, source: Path) -> Path:
    """The folder of an edition, given its name under `source` or a path. Raises InputError where there is none."""
    for candidate in (source / argument, Path(argument)):
        if (candidate / "article.md").is_file():
            return _as_typed(candidate)
    if Path(argument).is_dir():
        raise InputError(f"{argument} holds no article.md; an edition is a folder with an article.md in it")
    names = ", ".join(path.name for path in all_editions(source)) or "none yet: make one with `publisher new NAME`"
    raise InputError(f"no edition {argument}; there are: {names}")


def all_editions(source: Path) -> list[Path]:
    """The folders of every edition under `source`, by name."""
    if not source.is_dir():
        return []
    return sorted(_as_typed(path.parent) for path in source.glob("*/article.md"))


def check_names(folders: Iterable[Path]) -> None:
    """Raises InputError where two editions have one name, and so one place in the output."""
    found: dict[str, Path] = {}
    for folder in folders:
        other = found.setdefault(folder.name, folder)
        if other != folder:
            message = f"{other} and {folder} would both be made in {folder.name}; rename one, or give each its --out"
            raise InputError(message)


def _as_typed(folder: Path) -> Path:
    """The folder as findings name it: from the working folder where it lies under that, else whole."""
    whole, here = folder.resolve(), Path.cwd().resolve()
    return whole.relative_to(here) if whole != here and whole.is_relative_to(here) else whole


def build_edition(order: Order, tell: Tell) -> Built:
    """Build one edition, unless its output is up to date. The old output stays until the new one is whole.

    Raises FindingsError (the manuscript has errors), InputError, EngineError.
    """
    from publisher.manuscript.files import check_inside

    check_inside(order.folder)
    order.store.sweep()
    by = order.by or program()
    standing = _standing(order, by)
    if standing.result is not None:
        clear_left(order.out, order.name)
        return standing.result
    with reserved(order.out, order.name, lambda: tell("waiting for another build of this edition", 0, 0)):
        # Another build may have done it, or something else, until now.
        standing = _standing(order, by)
        return standing.result or _build(order, tell, standing)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands in the output: the order's `result` if that is all that was ordered, the files that are up to date,
    the lines in them that a fallback said; with the digests of the source and the key that they were held against."""

    result: Built | None
    there: tuple[Artefact, ...]
    left: frozenset[str]
    sources: Mapping[str, str]
    by: Program
    key: str


def _standing(order: Order, by: Program) -> _Standing:
    sources = _digests(order)
    key = _key(order, sources, by)
    final = order.out / order.name
    there = as_made(final, key)
    left = left_in(final) if there else frozenset()
    # Sentences that a fallback said are asked for again: perhaps their own voice can be had by now.
    if set(order.formats) <= {artefact.format for artefact in there} and not left:
        result = Built(order.name, final, _names(there), (), False, _all_kept(there))
        return _Standing(result, there, left, sources, by, key)
    return _Standing(None, there, left, sources, by, key)


def _build(order: Order, tell: Tell, standing: _Standing) -> Built:
    """Build an edition whose output this process alone may write."""
    from publisher.listing import write_manifest
    from publisher.manuscript.reading import read_edition
    from publisher.narration.casting import voice_for

    there, left, key = standing.there, standing.left, standing.key
    order = _with_dependents(order, there)
    if not _stays_here(order):
        load_ahead(loading(order.formats))
    with staged(order.out, order.name) as folder, order.store.in_use():
        tell("reading", 0, 0)
        imprint, imprint_findings = read_imprint_of(order.folder)
        reading = read_edition(order.folder, imprint, order.layers)
        publication = _as_ordered(reading.publication, order)
        carried = _carry_over(order, there, folder)
        kept = left if NARRATED.intersection(artefact.format for artefact in carried) else frozenset()
        common = Common(publication, _templates(order), standing.sources, standing.by)
        before = published(order.out / order.name)
        voice_said = partial(_narrations, order, publication, kept)
        voice = voice_for(publication.metadata, order.voice)
        task = Task(order.formats, common, folder, order.store, carried, before, voice_said, voice, tell)
        network = _asks_network(order, publication)
        workers = partial(_executor, order.jobs, [order], network=network, ahead=loading(order.formats))
        made = write_formats(task, workers)
        narrations = made.narrations
        left = frozenset(line for one in narrations for line in one.voice.left) if narrations else kept
        if _key(order, _digests(order), standing.by) != key:
            # Made while the source was changing, it is of no state of it: the next build makes all of it again.
            key, made = "", replace(made, stages={})
        write_manifest(folder, key, common, _with_carried(made, before), voice=order.voice, left=left)
        tell("publishing", 0, 0)
    about = (
        *_idle_mixes(order, publication),
        *(finding for narration in narrations for finding in narration.findings),
        *(finding for artefact in made.artefacts for finding in artefact.findings),
    )
    findings = (*imprint_findings, *reading.findings, *about)
    reasons = (*_all_kept(carried), *made.reasons)
    return Built(order.name, order.out / order.name, _names(made.artefacts), findings, True, reasons)


def build_all(orders: Sequence[Order], tell: Tell, jobs: int) -> Iterator[Built | PublisherError]:
    """Build several editions, as many at once as there are jobs; what came of each, in the order of the orders.

    One that fails keeps none of the others from being built. What is built does not depend on which is done first.
    """
    inner = max(1, jobs // max(1, len(orders)))
    alone = [replace(order, jobs=inner) for order in orders]
    done = 0

    def ended(name: str, future: Future[Built]) -> None:
        nonlocal done
        if future.cancelled():
            return
        done += 1
        what = "failed" if future.exception() else "built"
        with suppress(KeyboardInterrupt):  # the main thread hears it at its next breath
            tell(f"{what} {name}", done, len(orders))

    network = any(not order.offline and may_ask_network(order.folder, order.voice) for order in orders)
    with _executor(min(jobs, len(orders)), orders, network=network) as executor:
        futures: dict[int, Future[Built]] = {}
        # The longest texts begin first, lest one be left alone at the end.
        for number in sorted(range(len(alone)), key=lambda number: -_weight(alone[number].folder)):
            futures[number] = executor.submit(_build_quietly, alone[number])
            futures[number].add_done_callback(partial(ended, alone[number].name))
        for number in range(len(alone)):
            yield _outcome(alone[number], futures[number])


def _weight(folder: Path) -> int:
    """About how much work an edition is: the bytes of its texts."""
    size = 0
    for path in folder.glob("*.md"):
        with suppress(OSError):  # whoever builds it tells of it
            size += path.stat().st_size
    return size


def _build_quietly(order: Order) -> Built:
    """Runs in a worker process."""
    return build_edition(order, lambda *_: None)


_READING = (
    "publisher.manuscript.reading",
    "publisher.manuscript.imprint",
    "publisher.narration.casting",
    *(f"publisher.narration.voices.{name}" for name in ("espeak", "gtts", "piper")),
    "publisher.rendering.compiled",
    "publisher.verification.expected",
    "publisher.verifying.before_publishing",
    *(f"PIL.{name}ImagePlugin" for name in ("Png", "Jpeg", "Gif", "Ppm", "Bmp")),
    "fontTools.ttLib.woff2",
    "fontTools.ttLib.tables._c_m_a_p",
    "fontTools.ttLib.tables._g_l_y_f",
)
"""What a worker imports that builds an edition from its reading on, beside what writes the formats; the last are what
libraries import when they are first asked."""


def apart(
    order: Order,
    task: Callable[[], _T],
    *,
    network: bool = False,
    ahead: Sequence[str] = (),
    reads: Sequence[Path] = (),
) -> _T:
    """What a task answers that builds an order, done in a worker process which is held: the whole of it, the reading
    too. For a process that does so for many orders, as Dask's workers do: each costs one fork. `network` where the task
    needs it beside the voice; `ahead` are the modules of the task, `reads` what it reads beside the edition.

    Raises what the task raises; EngineError where its process ended.
    """
    network = network or (not order.offline and may_ask_network(order.folder, order.voice))
    to_load = (*loading(order.formats), *readers(order.formats))
    with _executor(1, [order], network=network, ahead=(*_READING, *to_load, *ahead), reads=reads) as executor:
        try:
            return executor.submit(task).result()
        except BrokenExecutor as problem:
            message = f"{ENDED}; build it again, alone or where there is more of it"
            raise EngineError(f"building {order.name}", message) from problem


def _outcome(order: Order, future: Future[Built]) -> Built | PublisherError:
    try:
        return future.result()
    except Exception as problem:
        return as_failure(problem, order.name)


def _all_kept(artefacts: Sequence[Artefact]) -> tuple[Reason, ...]:
    """What there is to say where nothing was to be done."""
    formats = dict.fromkeys(artefact.format for artefact in artefacts)
    return tuple(
        Reason(name, tuple(one.name for one in artefacts if one.format == name), False, "nothing of it changed")
        for name in formats
    )


def _with_carried(made: Made, before: Published) -> Made:
    """With what the formats that were carried over were made from, as it was known before."""
    carried = {one.format for one in made.artefacts} - {reason.format for reason in made.reasons}
    known: Mapping[str, Any] = before.manifest.get("stages", {})
    stages = {**{name: known[name] for name in carried if name in known}, **made.stages}
    return replace(made, stages=dict(sorted(stages.items())))


def _templates(order: Order) -> Templates:
    from publisher.rendering.templates import Templates

    own = order.folder / "templates"
    return Templates(own if own.is_dir() else None)


def _asks_network(order: Order, publication: Publication) -> bool:
    """Whether a voice was chosen that is asked over the network."""
    from publisher.narration.casting import voice_for
    from publisher.narration.voices import networked

    voice = voice_for(publication.metadata, order.voice)
    return not order.offline and any(networked(one) for one in (voice, voice.fallback) if one)


def _narrations(order: Order, publication: Publication, left: frozenset[str], tell: Tell) -> dict[str, Narration]:
    from publisher.narration.casting import voice_for

    # Formats that are added keep to the voices of those that are there.
    voice = replace(voice_for(publication.metadata, order.voice), left=left, gone=bool(left))
    return narrate(publication, voice, order.store, tell, formats=order.formats, offline=order.offline)


def is_current(order: Order) -> bool:
    """Whether the output has all formats of an order, and was made from the source as it is now."""
    there = as_made(order.out / order.name, _key(order, _digests(order), order.by or program()))
    return set(order.formats) <= {artefact.format for artefact in there}


def _as_ordered(publication: Publication, order: Order) -> Publication:
    """The publication with the user's choices in the place of its own."""
    metadata = publication.metadata
    mixes = metadata.mixes if order.mixes is None else order.mixes
    return replace(publication, metadata=replace(metadata, mixes=mixes, opus=metadata.opus or order.opus))


def _idle_mixes(order: Order, publication: Publication) -> tuple[Finding, ...]:
    """A line for each mix that is not made, since it would be the default one."""
    if "audio" not in order.formats:
        return ()
    lacks = {"article": not publication.layers, "notes-after": not publication.notes}
    return tuple(
        Finding(
            "mix-same",
            Severity.INFO,
            f"{publication.name}: no recording {mix} is made, since the edition has no "
            f"{'commentary' if mix == 'article' else 'notes'}: it would be the same as {publication.name}.mp3",
            where=publication.name,
        )
        for mix in publication.metadata.mixes
        if lacks[mix]
    )


def _names(artefacts: Sequence[Artefact]) -> tuple[str, ...]:
    return (*(artefact.name for artefact in artefacts), MANIFEST)


def read_imprint_of(folder: Path) -> tuple[Imprint, tuple[Finding, ...]]:
    """The imprint that stands beside an edition's folder (or the defaults), and what there is to say about it."""
    from publisher.manuscript.imprint import read_imprint

    return read_imprint(folder.parent / "imprint.yaml")


def _digests(order: Order) -> dict[str, str]:
    """The digest of each file that an edition is made from, the models of its voices too."""
    models = {f"voice {at}/{path.name}": path for at, path in enumerate(models_of(order.folder, order.voice), 1)}
    return digests_of(sources_of(order.folder) | models)


def _key(order: Order, sources: Mapping[str, str], by: Program) -> str:
    """The digest of all that the output depends on: sources, settings, the package and its engines."""
    return fingerprint(
        sources,
        settings=[
            order.name,
            order.voice,
            None if order.layers is None else list(order.layers),
            None if order.mixes is None else list(order.mixes),
            order.opus,
            os.environ.get("SOURCE_DATE_EPOCH"),
        ],
        by=by,
    )


def _with_dependents(order: Order, there: Sequence[Artefact]) -> Order:
    """The order with the formats that are there but tell of those to be made: web pages offer the other files, and an
    EPUB lists the pages of the PDF. The same source gives the same files, in however many steps they are made.
    """
    had = {artefact.format for artefact in there}
    again = {"web"} if "web" in had else set()
    if "epub" in had and "pdf" in order.formats and "pdf" not in had:
        again.add("epub")
    return replace(order, formats=tuple(name for name in FORMATS if name in {*order.formats, *again}))


def _carry_over(order: Order, there: Sequence[Artefact], folder: Path) -> tuple[Artefact, ...]:
    """Bring along the formats that were not asked for but are up to date, so that `--format pdf` removes nothing.

    Formats made from another state of the source are left behind: what stands in an output folder always agrees.
    """
    carried = tuple(artefact for artefact in there if artefact.format not in order.formats)
    for artefact in carried:
        target = folder / artefact.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(order.out / order.name / artefact.name, target)
    return carried


def _executor(
    jobs: int, orders: Sequence[Order], *, network: bool, ahead: Sequence[str] = (), reads: Sequence[Path] = ()
) -> Executor:
    """The one place that chooses where work runs: in worker processes, which can read the editions, the program and
    what else is named in `reads`, and write where the output, the store and temporary files go; one task after the
    other for one job. `ahead` is what all of them need imported."""
    if all(_stays_here(order) for order in orders) and jobs <= 1:
        return InProcess()
    writes = dict.fromkeys(place for order in orders for place in (order.out, order.store.root))
    for place in writes:
        with suppress(OSError):  # whoever writes there tells of it
            made_folder(place)
    read = tuple(place for order in orders for place in read_by(order.folder, order.voice))
    keeps = Keeps((*read, *reads), (*writes, Path(tempfile.gettempdir())), network, workers=len(orders) > 1)
    beside = tuple({order.folder.parent / name: None for order in orders for name in SHARED})
    return Workers(max(1, jobs), hold, (keeps,), in_turn=jobs <= 1, ahead=ahead, sees=partial(_which, beside))


def _which(paths: Sequence[Path]) -> tuple[tuple[int, int] | None, ...]:
    """Which files these are now: whoever saves one may put another in its place, which a worker that is held may not
    read."""
    found: list[tuple[int, int] | None] = []
    for path in paths:
        try:
            told = path.stat()
            found.append((told.st_dev, told.st_ino))
        except OSError:
            found.append(None)
    return tuple(found)


def _stays_here(order: Order) -> bool:
    """Whether this very process does what engines do for an order."""
    return order.jobs <= 1 and (stays_here() or not order.held)
