"""Holds what an edition's files claim against what is in them: their accessibility, and outside standards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from publisher.formats.epub.accessibility_read import read_accessibility
from publisher.model.findings import InputError
from publisher.verification.accessibility import judge
from publisher.verification.checks import Source
from publisher.verification.conformance import Examination, examine
from publisher.verification.verdicts import Verified

EPUB = "application/epub+zip"
PDF = "application/pdf"
ELSEWHERE = "from elsewhere"
"""The purpose of a file that was not built here, and may claim nothing."""


def with_claims(files: Sequence[Verified], folder: Path, source: Source) -> tuple[Verified, ...]:
    """The files, each EPUB with what is wrong with its accessibility and what it claims of that, each PDF with what
    keeps it from being PDF/UA-1."""
    return tuple(_with_claims(file, folder / file.artefact.name, source) for file in files)


def _with_claims(file: Verified, path: Path, source: Source) -> Verified:
    if file.artefact.media_type == PDF and path.is_file():
        return _with_conformity(file, path)
    if file.artefact.media_type != EPUB or not path.is_file():
        return file
    try:
        seen = read_accessibility(path)
    except InputError:
        # That it cannot be read is told by whoever reads its text.
        return file
    parts = {unit.id: unit.part for unit in file.comparison.expected} if file.comparison else {}
    told = judge(seen, source.ties.positions, parts)
    return replace(file, discrepancies=(*file.discrepancies, *told))


def _with_conformity(file: Verified, path: Path) -> Verified:
    from publisher.verification.matterhorn.findings import conformity  # noqa: PLC0415 - loads font libraries

    try:
        told = tuple(conformity(path, elsewhere=file.artefact.purpose == ELSEWHERE))
    except InputError:
        return file
    return replace(file, discrepancies=(*file.discrepancies, *told))


def with_conformance(
    files: Sequence[Verified], folder: Path, source: Source
) -> tuple[tuple[Verified, ...], tuple[Examination, ...]]:
    """The files with what outside validators say of them, and who was asked."""
    judged: list[Verified] = []
    examinations: list[Examination] = []
    for file in files:
        path = folder / file.artefact.name
        if not path.is_file():
            judged.append(file)
            continue
        examined = examine(file.artefact, path, source.ties.positions)
        examinations.extend(examined.examinations)
        judged.append(replace(file, discrepancies=(*file.discrepancies, *examined.discrepancies)))
    return tuple(judged), tuple(examinations)
