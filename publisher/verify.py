"""Proves that an edition's files say what its source says: reads each back as a stranger would, and compares.

Nothing that the build knows is used but `edition.json`, which lists the files: the readers open the files themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from publisher.build import read_imprint_of
from publisher.manifest import MANIFEST, MANIFEST_VERSION, artefact_of, lines_left
from publisher.manuscript.plain_language import in_step_findings
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import Artefact
from publisher.model.findings import Finding, InputError, Severity
from publisher.model.publication import Publication
from publisher.narration.casting import voice_for
from publisher.store import Store, digest
from publisher.strangers.bounds import bounds
from publisher.strangers.guarding import guarded
from publisher.verification.checks import Discrepancy, Source, source_of
from publisher.verification.conformance import Examination
from publisher.verification.coverage import ELSEWHERE as REMEDY_ELSEWHERE
from publisher.verification.expected import units
from publisher.verification.normalise import normalise
from publisher.verification.report import REPORTS, report_data, write_report
from publisher.verification.verdicts import Listening, Verification, Verified, sounds
from publisher.verifying.books import with_books
from publisher.verifying.claiming import ELSEWHERE, offered_words, with_claims, with_conformance
from publisher.verifying.files import compare, discrepancy, error, read_and_compare, seldom_collected, verify_file

FORMATS_BY_SUFFIX = {
    ".epub": ("epub", "application/epub+zip"),
    ".pdf": ("pdf", "application/pdf"),
    ".docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".html": ("web", "text/html"),
    ".htm": ("web", "text/html"),
    ".xhtml": ("web", "text/html"),
    ".mp3": ("audio", "audio/mpeg"),
    ".m4b": ("audio", "audio/mp4"),
    ".m4a": ("audio", "audio/mp4"),
    ".opus": ("audio", "audio/ogg"),
    ".vtt": ("audio", "text/vtt"),
}
"""What `--against` takes, and as what."""

_ONLY_WHERE_BUILT = {".zip": "a DAISY book", ".lpf": "an audiobook", ".json": "a list of chapters"}
"""What verifying reads too, but only beside the rest of its build; so it is with transcripts, told by their names."""

HEARD_A_SECOND = 50_000
"""Bytes of a recording from elsewhere that buy it one second more: it is heard several times as fast."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to verify: an edition's folder, where its output is, and the layers of commentary that it was built with
    (None: all). `voice` is who reads aloud (None: as the build or the source says); `store` keeps the clips of voices
    that cannot be asked again; `conformance` has outside validators judge the files, too, and `listen` a second opinion
    the sound."""

    folder: Path
    out: Path
    layers: tuple[str, ...] | None = None
    voice: str | None = None
    store: Store | None = None
    conformance: bool = False
    listen: bool = False

    @property
    def name(self) -> str:
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Result:
    """What a run of the command has to tell: findings, lines for a terminal, the same as data."""

    findings: tuple[Finding, ...]
    lines: tuple[str, ...]
    data: tuple[dict[str, Any], ...]


def verify_all(requests: Sequence[Request], *, against: Path | None = None, where: str | None = None) -> Result:
    """Verify editions one after the other, or hold a file against one of them, or tell where words stand.

    Raises InputError, FindingsError as `verify_edition` does.
    """
    if against is not None and len(requests) != 1:
        raise InputError("--against holds a file against one edition; name one")
    if any(request.listen for request in requests):
        from publisher.verification.aligning import check_available

        check_available()
    findings: list[Finding] = []
    lines: list[str] = []
    data: list[dict[str, Any]] = []
    for request in requests:
        with seldom_collected():
            verification = verify_edition(request) if against is None else verify_against(request, against)
        data.append(report_data(verification))
        if where is not None:
            lines.extend(concordance(verification, where))
            continue
        findings.extend(one for one in verification.findings if one.severity is not Severity.INFO)
        lines.extend(summary(verification))
    if where is not None and not lines:
        raise InputError(f"nothing holds the words “{where}”; give fewer of them, as they stand in the text")
    return Result(tuple(findings), tuple(lines), tuple(data))


def verify_edition(request: Request) -> Verification:
    """Verify one edition and write `report.html` and `report.json` beside its files.

    Raises FindingsError (the manuscript has errors), InputError (it is not built, or cannot be read).
    """
    built = request.out / request.name
    manifest = _manifest(built, request.name)
    artefacts = [artefact_of(file) for file in manifest["files"]]
    source = _source(request, list(offered_words(artefacts, str(manifest.get("lang", "")))))
    heard = _heard(artefacts, built, source, request, manifest)
    read = [verify_file(file, built, source, heard) for file in manifest["files"]]
    files = with_claims(with_books(read, built, source.publication), built, source)
    files, examinations = with_conformance(files, built, source) if request.conformance else (files, ())
    edition = (
        *_stale(manifest, source.publication, request.name),
        *_unlisted(built, manifest),
        *_plain(source.publication),
        *heard.recorded,
    )
    verification = replace(_verification(request, source, files, edition), examinations=examinations)
    write_report(verification, built)
    return verification


def verify_against(request: Request, file: Path) -> Verification:
    """Hold one file, made by whomever, against an edition's source. Writes nothing."""
    known = FORMATS_BY_SUFFIX.get(file.suffix.lower())
    kind = _ONLY_WHERE_BUILT.get(file.suffix.lower())
    if file.stem.endswith("-transcript"):
        known, kind = None, "a transcript"
    if known is None:
        given = f"give one of {', '.join(FORMATS_BY_SUFFIX)}"
        if kind is not None:
            given += f", or verify {kind} where it was built, without --against"
        raise InputError(f"{file}: no reader for such files by themselves; {given}")
    if not file.is_file():
        raise InputError(f"{file}: there is no such file")
    format, media_type = known
    source = _source(request)
    artefact = Artefact(file.name, media_type, format, ELSEWHERE)
    if format == "audio":
        # Beside what it may take anyway: sound is heard, and a voice says anew what it should say.
        limits = bounds()
        limits = replace(limits, seconds=limits.seconds + file.stat().st_size // HEARD_A_SECOND)
        (verified,) = _guarded(heard_elsewhere, artefact, file, source, request, within=limits, writes=True)
        return _verification(request, source, (_from_elsewhere(verified),), ())
    files = _guarded(read_elsewhere, artefact, file, source, request)
    verified = files[0]
    files, examinations = with_conformance(files, file.parent, source) if request.conformance else (files, ())
    files = tuple(_from_elsewhere(one) for one in files)
    verification = _verification(request, source, files, tuple(_left_out(verified)))
    return replace(verification, examinations=examinations)


def _guarded(
    examine: Callable[[Artefact, Path, Source, Request], tuple[Verified, ...]],
    artefact: Artefact,
    file: Path,
    source: Source,
    request: Request,
    **options: Any,
) -> tuple[Verified, ...]:
    """What is found in a stranger's file, by a child process within bounds; a finding where it did not get through."""
    try:
        voices = bool(options)
        return guarded(examine, artefact, file, source, request, shown=file.name, network=voices, **options)
    except InputError as problem:
        unreadable = error("artefact-unreadable", artefact.name, f"cannot be read: {problem.message}")
        return (Verified(artefact, None, (unreadable,), "it cannot be read"),)


def read_elsewhere(artefact: Artefact, file: Path, source: Source, _: Request) -> tuple[Verified, ...]:
    """A text from elsewhere, compared with the source, and what it claims of itself."""
    verified = read_and_compare(artefact, file, source, elsewhere=True)
    return with_claims([verified], file.parent, source)


def heard_elsewhere(artefact: Artefact, file: Path, source: Source, request: Request) -> tuple[Verified, ...]:
    """A recording or its cues from elsewhere, compared with the source."""
    return (compare(artefact, file, source, _heard_elsewhere(artefact, file.parent, source, request)),)


def _from_elsewhere(verified: Verified) -> Verified:
    """The same with advice for a file that no build of ours can mend."""
    discrepancies = tuple(
        replace(one, finding=replace(one.finding, message=_AGAIN.sub(_remedy(one), one.finding.message)))
        for one in verified.discrepancies
    )
    return replace(verified, discrepancies=discrepancies)


_AGAIN = re.compile(r"; build it again(?:, and report it if it stays so)?$")


def _remedy(one: Discrepancy) -> str:
    if one.finding.check == "artefact-unreadable":
        return "; get it anew from whoever made it"
    return f"; {REMEDY_ELSEWHERE}"


def _left_out(verified: Verified) -> Iterator[Discrepancy]:
    """The parts of the edition of which a file from elsewhere shows nothing: to be known, but perhaps intended."""
    if verified.comparison is not None:
        for part in verified.comparison.coverage.omitted:
            yield discrepancy("part-missing", Severity.WARNING, verified.artefact.name, f"holds nothing of the {part}")


def _source(request: Request, offered: Sequence[str] = ()) -> Source:
    imprint, _ = read_imprint_of(request.folder)
    return source_of(read_edition(request.folder, imprint, request.layers).publication, offered)


def _verification(
    request: Request, source: Source, files: tuple[Verified, ...], edition: Sequence[Discrepancy]
) -> Verification:
    order = list(Severity)
    found = [*(one for file in files for one in file.discrepancies), *edition]
    found.sort(key=lambda one: order.index(one.finding.severity))
    publication = source.publication
    root = str(request.folder.parent)
    return Verification(request.name, publication, files, tuple(found), units(publication), source.ties.positions, root)


def _manifest(built: Path, name: str) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((built / MANIFEST).read_bytes())
        if manifest["version"] != MANIFEST_VERSION:
            raise InputError(f"{built}: another version of publisher built it; run `publisher build {name}` again")
        for file in manifest["files"]:
            _ = file["name"], file["media_type"], file["format"], file["purpose"], file["sha256"]
    except OSError as problem:
        raise InputError(f"{built}: {name} is not built; run `publisher build {name}` first") from problem
    except (ValueError, KeyError, TypeError) as problem:
        raise InputError(
            f"{built / MANIFEST}: not what a build writes; run `publisher build {name}` again"
        ) from problem
    return manifest


def _heard(
    artefacts: Sequence[Artefact], folder: Path, source: Source, request: Request, manifest: dict[str, Any]
) -> Listening:
    """What is heard in the files that sound; numerical libraries are imported only where there is one."""
    there = [one for one in artefacts if (folder / one.name).is_file() and sounds(one)]
    if not there:
        return Listening()
    from publisher.verifying.listening import listen

    name = request.voice or manifest.get("voice") or source.publication.metadata.voice
    voice = replace(voice_for(source.publication.metadata, str(name)), left=lines_left(manifest))
    return listen(there, folder, source, voice, request.store, again=request.listen)


def _heard_elsewhere(artefact: Artefact, folder: Path, source: Source, request: Request) -> Listening:
    from publisher.verifying.listening import listen_elsewhere

    metadata = source.publication.metadata
    voice = voice_for(metadata, request.voice or metadata.voice)
    return listen_elsewhere(artefact, folder, source, voice, request.store, again=request.listen)


def _stale(manifest: dict[str, Any], publication: Publication, name: str) -> Iterator[Discrepancy]:
    """Whether the source has changed since the build: all else that is found may come of that."""
    now = [(unit.id, digest(unit.text)) for unit in units(publication)]
    then = [(unit.get("id"), unit.get("sha256")) for unit in manifest.get("units", ())]
    if now != then:
        message = (
            f"has changed since it was built; run `publisher build {name}` (or choose the same layers of commentary)"
        )
        yield error("edition-stale", name, message)


def _plain(publication: Publication) -> Iterator[Discrepancy]:
    """What the plain language has lost or added, and what has none. How easily it reads is for `publisher check`."""
    for finding in in_step_findings(publication):
        severity = Severity.INFO if finding.check == "plain-missing" else finding.severity
        yield Discrepancy(replace(finding, severity=severity), "", None, "plain")


def _unlisted(built: Path, manifest: dict[str, Any]) -> Iterator[Discrepancy]:
    """Files that no build made: readers might take them for the edition's."""
    known = {file["name"] for file in manifest["files"]} | {MANIFEST, *REPORTS}
    there = sorted(path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file())
    for name in there:
        if name not in known:
            yield discrepancy(
                "artefact-unlisted", Severity.WARNING, name, "stands there but no build made it; remove it"
            )


def concordance(verification: Verification, words: str) -> Iterator[str]:
    """For each unit that holds the words: where it stands in the source and in each file, a line each."""
    wanted = normalise(words).casefold()
    shown: set[str] = set()
    expected = [
        *verification.units,
        *(unit for file in verification.texts if file.comparison for unit in file.comparison.expected),
    ]
    for unit in expected:
        if unit.id in shown or wanted not in normalise(unit.text).casefold():
            continue
        shown.add(unit.id)
        yield f"{unit.part} {unit.role.value} {unit.id}"
        position = verification.positions.get(unit.id)
        yield f"  source  {position or 'the front matter'}"
        for name, place in verification.places(unit.id).items():
            yield f"  {name}  {place}"


def summary(verification: Verification) -> Iterator[str]:
    """The verdict in a few lines: a table of files, how much of each is proven and by which evidence."""
    yield f"{verification.name}: {verification.verdict.value}"
    rows = [
        (
            file.artefact.name,
            f"{file.proven()} of {file.expected()} units" if file.comparison else file.reason,
            file.grade or "–",
            file.verdict.value + (f" ({file.opinion})" if file.opinion else ""),
        )
        for file in verification.texts
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  " + "  ".join([*cells, row[3]])
    yield from judgements(verification.examinations)
    bare = [file.artefact.name for file in verification.texts if file.verdict.value == "inconsistent"]
    if bare:
        yield f"  not to be published: {', '.join(bare)}"


def judgements(examinations: Sequence[Examination]) -> Iterator[str]:
    """What each outside validator said, a line for each and each verdict."""
    for tool in dict.fromkeys(one.tool for one in examinations):
        judged = [one for one in examinations if one.tool == tool]
        for verdict in ("failed", "not run", "passed"):
            files = [one.file for one in judged if one.verdict == verdict]
            if files:
                version = next(one.version for one in judged if one.verdict == verdict)
                name = f"{tool} {version}".strip(" ?")
                yield f"  {name} ({judged[0].standard}): {verdict}: {', '.join(files)}"
