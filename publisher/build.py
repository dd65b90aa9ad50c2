"""From an edition's folder to its files: reads once, narrates, has every format written, swaps the result in."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from publisher import __version__
from publisher.allowance import confine_worker
from publisher.fingerprint import fingerprint, sources_of
from publisher.formats import FORMATS, PARTS, writer
from publisher.manifest import MANIFEST, MANIFEST_VERSION, artefact_of, file_entry, left_entry, lines_left
from publisher.model.findings import EngineError, Finding, InputError, Severity
from publisher.output import staged
from publisher.progress import Tell
from publisher.shelving import about_entry
from publisher.store import Store, digest, file_digest

if TYPE_CHECKING:
    from publisher.formats.contract import Job
    from publisher.model.artefacts import Artefact
    from publisher.model.narration import Narration
    from publisher.model.publication import Imprint, Publication

NARRATED = frozenset({"audio", "audiobook", "daisy", "epub"})
"""The formats that carry sound."""
_NARRATING = {"default": "narrating", "plain": "narrating the plain-language edition"}
"""What is told of the mixes that every build makes."""
_ORDER = ("pdf", "docx", "epub", "audio", "audiobook", "daisy")
"""In which the formats before the web pages are waited for: the EPUB lists the PDF's pages."""
_PARTED = 50_000
"""The letters from which a text has its PDFs written side by side: below, another process costs what it saves."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to build: an edition's folder, where its output goes, and the user's choices.

    `voice`, `layers` and `mixes` None mean what the source says; `jobs` is how many processes may work at once; `opus`
    asks for recordings in Opus, which the source may do, too.
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

    @property
    def name(self) -> str:
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Built:
    """What came of an order. `fresh` is False where the output was up to date and nothing was done."""

    name: str
    folder: Path
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    fresh: bool


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
    key = _key(order)
    final = order.out / order.name
    there = _up_to_date(final, key)
    left = _left(final) if there else frozenset()
    # Sentences that a fallback said are asked for again: perhaps their own voice can be had by now.
    if set(order.formats) <= {artefact.format for artefact in there} and not left:
        return Built(order.name, final, _names(there), (), False)
    order = _with_dependents(order, there)

    from publisher.manuscript.reading import read_edition

    with staged(order.out, order.name, lambda: tell("waiting for another build of this edition", 0, 0)) as folder:
        tell("reading", 0, 0)
        imprint, imprint_findings = read_imprint_of(order.folder)
        reading = read_edition(order.folder, imprint, order.layers)
        publication = _as_ordered(reading.publication, order)
        carried = _carry_over(order, there, folder)
        kept = left if NARRATED.intersection(artefact.format for artefact in carried) else frozenset()
        artefacts, narrations = _write_formats(order, publication, folder, carried, tell, left=kept)
        left = frozenset(line for one in narrations for line in one.voice.left) if narrations else kept
        _write_manifest(folder, key, order, publication, artefacts, left=left)
    about = (
        *_idle_mixes(order, publication),
        *(finding for narration in narrations for finding in narration.findings),
        *(finding for artefact in artefacts for finding in artefact.findings),
    )
    return Built(order.name, final, _names(artefacts), (*imprint_findings, *reading.findings, *about), True)


def is_current(order: Order) -> bool:
    """Whether the output has all formats of an order, and was made from the source as it is now."""
    there = _up_to_date(order.out / order.name, _key(order))
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


def _key(order: Order) -> str:
    """The digest of all that the output depends on: sources, settings, the package and its engines."""
    return fingerprint(
        sources_of(order.folder),
        settings=[
            order.name,
            order.voice,
            None if order.layers is None else list(order.layers),
            None if order.mixes is None else list(order.mixes),
            order.opus,
            os.environ.get("SOURCE_DATE_EPOCH"),
        ],
    )


def _up_to_date(folder: Path, key: str) -> tuple[Artefact, ...]:
    """The files of the output, if they were made from the same key and every one is still as it was made."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        if manifest["key"] != key or any(
            file_digest(folder / file["name"]) != file["sha256"] for file in manifest["files"]
        ):
            return ()
        return tuple(artefact_of(file) for file in manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        # Missing, cut short or from another version: whatever it is, it is not up to date.
        return ()


def _left(folder: Path) -> frozenset[str]:
    """The ids of the lines of an output that a fallback said. Raises nothing: the manifest was read before."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    return lines_left(manifest)


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


def _write_formats(
    order: Order,
    publication: Publication,
    folder: Path,
    carried: tuple[Artefact, ...],
    tell: Tell,
    *,
    left: frozenset[str],
) -> tuple[tuple[Artefact, ...], tuple[Narration, ...]]:
    """Have every format written, with the narrations that it took. `carried` are files that stand in `folder` already;
    `left` are the lines that a fallback said in them."""
    from publisher.formats.contract import Job
    from publisher.rendering.templates import Templates

    own = order.folder / "templates"
    templates = Templates(own if own.is_dir() else None)
    formats = [name for name in order.formats if name != "web"]
    made: dict[str, tuple[Artefact, ...]] = {}

    with _executor(order) as executor:
        silent = Job(publication, templates, folder, order.store, formats=order.formats)
        futures: dict[str, list[Future[tuple[Artefact, ...]]]] = {}
        # These need no audio, and the EPUB lists the PDF's pages, so they start before the narration.
        for name in ("pdf", "docx"):
            if name in formats:
                futures[name] = _submit(executor, name, silent)
        # A page that offers sound follows it, whoever made that when.
        followed = "web" in order.formats and any(one.format == "audio" for one in carried)
        narrations = _narrate(order, publication, left, tell) if followed or NARRATED & set(formats) else {}
        _encode(order, narrations, tell)
        spoken = replace(silent, narrations=narrations)
        for name in ("audio", "audiobook", "daisy"):
            if name in formats:
                futures[name] = _submit(executor, name, spoken)
        for number, name in enumerate(sorted(formats, key=_ORDER.index)):
            tell(f"writing {name}", number, len(order.formats))
            if name == "epub":
                printed = made.get("pdf", tuple(one for one in carried if one.format == "pdf"))
                futures["epub"] = _submit(executor, "epub", replace(spoken, siblings=printed))
            made[name] = tuple(artefact for future in futures[name] for artefact in _result(name, future))
        done = (*carried, *(artefact for artefacts in made.values() for artefact in artefacts))
        done = tuple(sorted(done, key=lambda artefact: FORMATS.index(artefact.format)))
        if "web" in order.formats:
            # Last, since its pages offer the other files.
            tell("writing web", len(formats), len(order.formats))
            done += _write("web", replace(spoken, siblings=done))
    return done, tuple(narrations.values())


def _submit(executor: Executor, name: str, job: Job) -> list[Future[tuple[Artefact, ...]]]:
    """Have a format written: whole, or the parts of a long edition side by side. What comes of it is the same."""
    parts = PARTS.get(name, ()) if _length(job.publication) >= _PARTED else ()
    return [executor.submit(_write, name, replace(job, part=part)) for part in parts or (None,)]


def _length(publication: Publication) -> int:
    """About how much of a text there is, in letters."""
    from publisher.model.blocks import Worded, walk

    return sum(len(node.text) for node in walk(publication.blocks()) if isinstance(node, Worded))


def _result(name: str, future: Future[tuple[Artefact, ...]]) -> tuple[Artefact, ...]:
    try:
        return future.result()
    except BrokenExecutor as problem:
        message = "its process was ended from outside, perhaps for want of memory or of an end; try again with --jobs 1"
        raise EngineError(f"writing {name}", message) from problem


def _narrate(order: Order, publication: Publication, left: frozenset[str], tell: Tell) -> dict[str, Narration]:
    """The mixes: the article with its notes, the plain language where there is any, those that were chosen."""
    from publisher.narration.casting import voice_for
    from publisher.narration.mixes import narrate_mixes, without_network
    from publisher.narration.script import MIXES
    from publisher.recorded import read_aloud, with_findings

    voice = replace(voice_for(publication.metadata, order.voice), left=left)
    chosen = publication.metadata.mixes if "audio" in order.formats else ()
    reading = read_aloud(publication, voice, order.store, tell)
    try:
        narrations = narrate_mixes(
            publication,
            without_network(voice) if order.offline else voice,
            (*MIXES, *chosen),
            order.store,
            lambda mix, at, of: tell(_NARRATING.get(mix, f"narrating {mix}"), at, of),
            takes=reading.takes,
        )
    finally:
        reading.takes.close()
    return with_findings(narrations, reading.findings)


def _encode(order: Order, narrations: dict[str, Narration], tell: Tell) -> None:
    """Encode the chapters that several formats share, once, where progress can be shown."""
    if not narrations or not NARRATED & set(order.formats) - {"epub"}:
        return  # an EPUB cuts its sound by its documents, not by chapters
    from publisher.narration.tracks import encode_ahead

    whole = "audio" in order.formats
    first = [narrations["default"]] if "default" in narrations else []
    tracks = list(narrations.values()) if whole else first
    encode_ahead(tracks, first if whole else [], order.store, partial(tell, "encoding"))


def _write(name: str, job: Job) -> tuple[Artefact, ...]:
    """Runs in a worker process."""
    return writer(name)(job)


def _write_manifest(
    folder: Path,
    key: str,
    order: Order,
    publication: Publication,
    artefacts: Sequence[Artefact],
    *,
    left: frozenset[str],
) -> None:
    """`edition.json`: every file with its media type, size and digest; every unit with the digest of its words; the
    lines that the voice's fallback said."""
    from publisher.verification.expected import units

    metadata, whole = publication.metadata, tuple(units(publication))
    manifest = {
        "version": MANIFEST_VERSION,
        "generator": f"concordant-publisher {__version__}",
        "key": key,
        "name": publication.name,
        "title": metadata.title,
        "lang": metadata.lang,
        "identifier": metadata.identifier,
        "date": metadata.date.isoformat() if metadata.date else None,
        "voice": order.voice or metadata.voice,
        **left_entry(left),
        "files": [file_entry(artefact, folder) for artefact in artefacts],
        "about": about_entry(publication, whole),
        "units": [
            {"id": unit.id, "role": unit.role.value, "part": unit.part, "lang": unit.lang, "sha256": digest(unit.text)}
            for unit in whole
        ],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class _InProcess(Executor):
    """Does the work at once, in this process: for one job, and for debugging."""

    def submit(self, function: Callable[..., _T], /, *arguments: Any, **named: Any) -> Future[_T]:
        future: Future[_T] = Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as problem:
            future.set_exception(problem)
        return future


_T = TypeVar("_T")


def _executor(order: Order) -> Executor:
    """The one place that chooses where work runs."""
    if order.jobs <= 1:
        return _InProcess()
    writable = (order.out, order.store.root, Path(tempfile.gettempdir()))
    # A worker must not inherit threads and locks of this process, hence spawn.
    return ProcessPoolExecutor(order.jobs, get_context("spawn"), confine_worker, writable)
