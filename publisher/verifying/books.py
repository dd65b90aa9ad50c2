"""Verifies what EPUBs hold beside their text: the page list, against the PDF; the notes as data, against the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from publisher.model.findings import Finding, InputError, Severity
from publisher.model.publication import Publication
from publisher.verification.annotations import annotation_faults
from publisher.verification.checks import Discrepancy
from publisher.verification.pages import Fault, page_list_faults
from publisher.verification.verdicts import Verified


def with_books(files: Sequence[Verified], folder: Path, publication: Publication) -> tuple[Verified, ...]:
    """The files of a build, its EPUBs with what is wrong with their page lists and annotations."""
    printed = next((file for file in files if file.artefact.breaks), None)
    return tuple(_with_book(file, printed, folder, publication) for file in files)


def _with_book(file: Verified, printed: Verified | None, folder: Path, publication: Publication) -> Verified:
    path = folder / file.artefact.name
    if file.artefact.format != "epub" or file.comparison is None or not path.is_file():
        return file
    found = tuple(
        Discrepancy(
            Finding(
                check,
                Severity.ERROR,
                f"{file.artefact.name} {message}",
                where=f"{file.artefact.name} {unit or ''}".strip(),
            ),
            file.artefact.name,
            unit,
            place=place,
        )
        for check, message, unit, place in _faults(path, file, printed, publication)
    )
    return replace(file, discrepancies=(*file.discrepancies, *found)) if found else file


def _faults(path: Path, file: Verified, printed: Verified | None, publication: Publication) -> Iterator[Fault]:
    from publisher.formats.epub.annotations_read import read_annotations  # noqa: PLC0415 - these load lxml
    from publisher.formats.epub.pages_read import read_pages  # noqa: PLC0415

    try:
        pages = read_pages(path)
        shown = _shown(file, printed)
        name, breaks = (printed.artefact.name, printed.artefact.breaks) if printed else (None, ())
        yield from page_list_faults(pages, name, breaks, shown)
        yield from annotation_faults(read_annotations(path), publication)
    except InputError as problem:
        yield "artefact-unreadable", f"cannot be read: {problem.message}", None, None


def _shown(file: Verified, printed: Verified | None) -> Mapping[str, tuple[str, str]]:
    """Where units stand in the PDF and in the EPUB."""
    if printed is None or printed.comparison is None or file.comparison is None:
        return {}
    here = file.comparison.places
    return {unit: (there, here[unit]) for unit, there in printed.comparison.places.items() if unit in here}
