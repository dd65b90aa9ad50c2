"""Writes the DAISY 2.02 book of an edition: NAME-daisy/, as players take it from a card, and NAME-daisy.zip."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from publisher.formats.archive import write_archive
from publisher.formats.contract import Job
from publisher.formats.daisy import documents
from publisher.formats.daisy.book import Part, parts_of
from publisher.model.artefacts import Artefact
from publisher.model.blocks import Heading, Node, walk
from publisher.model.findings import InputError
from publisher.model.publication import Publication
from publisher.narration.phrases import phrases_for
from publisher.narration.tracks import chapter_tracks
from publisher.narration.voices import spoken_name

MEDIA_TYPES = {".html": "text/html", ".smil": "application/smil+xml", ".mp3": "audio/mpeg"}


def write(job: Job) -> tuple[Artefact, ...]:
    """Write the book; nothing where nothing is narrated. Raises EngineError as the narration does, InputError."""
    narration = job.narrations.get("default")
    if narration is None:
        return ()
    publication = job.publication
    parts = parts_of(chapter_tracks(narration, job.store), _levels(publication))
    narrator = phrases_for(publication.metadata.lang).synthetic.format(voice=spoken_name(narration.voice))
    files = _files(publication, parts, narrator)
    name = f"{publication.name}-daisy"
    try:
        (job.folder / name).mkdir()
        for file, content in files.items():
            _copied(content, job.folder / name / file)
        write_archive(job.folder / f"{name}.zip", files)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise InputError(f"cannot write {name}: {reason}; make room or choose another folder with --out") from problem
    seconds = sum(documents.milliseconds(part) for part in parts) / 1000
    book = Artefact(f"{name}.zip", "application/zip", "daisy", "a DAISY 2.02 talking book, for players", seconds)
    return (book, *(_piece(f"{name}/{file}") for file in files))


def _piece(name: str) -> Artefact:
    return Artefact(name, MEDIA_TYPES[Path(name).suffix], "daisy", "a piece of the DAISY book")


def _levels(publication: Publication) -> dict[str, int]:
    nodes: list[Node] = [*publication.blocks()]
    for layer in publication.layers:
        for passage in (layer.introduction, layer.method):
            nodes += passage.blocks if passage else ()
    nodes += (block for note in publication.notes for block in note.blocks)
    nodes += (block for footnote in publication.footnotes for block in footnote.blocks)
    return {node.id: node.level for node in walk(nodes) if isinstance(node, Heading)}


def _files(publication: Publication, parts: tuple[Part, ...], narrator: str) -> Mapping[str, bytes | Path]:
    """Every file of the book by name: ncc.html first, as the standard has it on a card."""
    metadata = publication.metadata
    headings = documents.headings_of(parts, metadata.title, metadata.lang)
    made: dict[str, bytes | Path] = {documents.TEXT: documents.text(metadata, parts)}
    made[documents.MASTER] = documents.master(metadata, parts)
    elapsed = 0
    for part in parts:
        made[part.smil] = documents.smil(metadata, part, elapsed)
        made[part.sound] = part.track.path
        elapsed += documents.milliseconds(part)
    facts = dict(_facts(parts, headings, made, narrator, elapsed))
    return {documents.NCC: documents.ncc(metadata, headings, facts), **made}


def _facts(
    parts: tuple[Part, ...],
    headings: tuple[documents.Heading, ...],
    files: Mapping[str, bytes | Path],
    narrator: str,
    elapsed: int,
) -> Iterator[tuple[str, str]]:
    """The metadata that players and libraries ask for (sections 2.1.2 and 3)."""
    notes = sum(passage.note for part in parts for passage in part.passages)
    sizes = (content.stat().st_size if isinstance(content, Path) else len(content) for content in files.values())
    yield "ncc:charset", "utf-8"
    yield "ncc:depth", str(max(heading.level for heading in headings))
    yield "ncc:files", str(len(files) + 1)
    yield "ncc:footnotes", str(notes)
    yield "ncc:kByteSize", str(-(-sum(sizes) // 1024))
    yield "ncc:maxPageNormal", "0"
    yield "ncc:multimediaType", "audioFullText"
    yield "ncc:narrator", narrator
    yield "ncc:pageFront", "0"
    yield "ncc:pageNormal", "0"
    yield "ncc:pageSpecial", "0"
    yield "ncc:prodNotes", "0"
    yield "ncc:setInfo", "1 of 1"
    yield "ncc:sidebars", "0"
    yield "ncc:tocItems", str(len(headings))
    yield "ncc:totalTime", documents.clock(elapsed)


def _copied(content: bytes | Path, target: Path) -> None:
    if isinstance(content, Path):
        shutil.copyfile(content, target)
    else:
        target.write_bytes(content)
