"""Holds what an edition's files claim against what is in them: their accessibility, and outside standards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import langcodes

from publisher.formats.epub.accessibility_read import read_accessibility
from publisher.formats.epub.onix_read import read_onix
from publisher.formats.web.statements_read import read_statements
from publisher.model.accessibility import Claims, Seen
from publisher.model.artefacts import Artefact
from publisher.model.findings import Finding, InputError, Severity
from publisher.model.publication import Publication
from publisher.rendering.statements import display_guide, statement_title
from publisher.verification.accessibility import claims_of, judge
from publisher.verification.accessibility_records import claims_disagree, record_disagrees
from publisher.verification.case import front_matter
from publisher.verification.checks import Discrepancy, Source
from publisher.verification.conformance import Examination, examine
from publisher.verification.metadata import metadata_of, stated_otherwise
from publisher.verification.verdicts import Verified

EPUB = "application/epub+zip"
PDF = "application/pdf"
PAGE = "text/html"
RECORD = ".onix.xml"
ELSEWHERE = "from elsewhere"
"""The purpose of a file that was not built here, and may claim nothing."""


def with_claims(files: Sequence[Verified], folder: Path, source: Source) -> tuple[Verified, ...]:
    """The files, each EPUB with what is wrong with its accessibility and what it claims of that, each PDF with what
    keeps it from being PDF/UA-1, the book trade's record with where it says otherwise than the EPUBs."""
    books = dict(_books(files, folder))
    return tuple(_with_claims(file, folder / file.artefact.name, source, books) for file in files)


def _books(files: Sequence[Verified], folder: Path) -> Iterator[tuple[str, Seen]]:
    for file in files:
        path = folder / file.artefact.name
        if file.artefact.media_type == EPUB and path.is_file():
            # That one cannot be read is told by whoever reads its text.
            with suppress(InputError):
                yield file.artefact.name, read_accessibility(path)


def _with_claims(file: Verified, path: Path, source: Source, books: Mapping[str, Seen]) -> Verified:
    name = file.artefact.name
    if file.artefact.media_type == PDF and path.is_file():
        return _with_conformity(file, path, source)
    if name in books:
        parts = {unit.id: unit.part for unit in file.comparison.expected} if file.comparison else {}
        told = judge(books[name], source.ties.positions, parts)
        if file.artefact.purpose == ELSEWHERE:
            # What it claims of itself is nothing that it says otherwise than the source.
            told = tuple(map(_milder, told))
        listed = file.artefact.claims
        others = claims_disagree(claims_of(books[name]), listed) if listed is not None else ()
        return _with(file, (*told, *(_disagreement(name, f"in edition.json {words}") for words in others)))
    if name.endswith(RECORD) and path.is_file():
        return _with(file, tuple(_record_disagreements(name, path, books, source)))
    page = file.artefact.format == "web" and file.artefact.media_type == PAGE and not file.artefact.variant
    if page and path.is_file():
        return _with(file, tuple(_statement_disagreements(name, path, books, source.publication.metadata.lang)))
    return file


def _milder(one: Discrepancy) -> Discrepancy:
    severity = Severity.WARNING if one.finding.severity is Severity.ERROR else one.finding.severity
    return replace(one, finding=replace(one.finding, severity=severity), unit=None)


def _record_disagreements(name: str, path: Path, books: Mapping[str, Seen], source: Source) -> Iterator[Discrepancy]:
    try:
        records = read_onix(path)
    except InputError as problem:
        yield Discrepancy(Finding("artefact-unreadable", Severity.ERROR, problem.message, where=name), name)
        return
    for book, seen in books.items():
        if seen.identifier not in records:
            yield _disagreement(name, f"it has no record of {book} ({seen.identifier})")
            continue
        for words in record_disagrees(claims_of(seen), records[seen.identifier]):
            yield _disagreement(name, f"of {book} {words}")
        stated, wanted = records[seen.identifier].metadata, _told_to_the_trade(source.publication, seen.identifier)
        for check, words, should, found in stated_otherwise(stated, wanted, stated):
            message = f"{name}: of {book} {words}; build it again"
            finding = Finding(check, Severity.ERROR, message, front_matter(source.publication), name)
            yield Discrepancy(finding, name, None, "front", "metadata", should, found)


def _told_to_the_trade(publication: Publication, identifier: str) -> dict[str, tuple[str, ...]]:
    """The metadata as ONIX has them: subjects in one line, languages by their codes, a date only where somebody is
    named as publisher."""
    wanted = metadata_of(publication, identifier)
    wanted["subject"] = ("; ".join(wanted["subject"]),) if wanted["subject"] else ()
    if publication.imprint.publisher and not wanted["publisher"]:
        wanted["publisher"] = (publication.imprint.publisher,)
    wanted["date"] = wanted["date"] if wanted["publisher"] else ()
    try:
        wanted["language"] = (langcodes.Language.get(publication.metadata.lang).to_alpha3(variant="B"),)
    except LookupError:
        wanted["language"] = ("und",)
    return wanted


def _statement_disagreements(name: str, path: Path, books: Mapping[str, Seen], lang: str) -> Iterator[Discrepancy]:
    """Statements of the full page on EPUBs that are not those of the EPUBs' own claims, or are missing."""
    try:
        statements = read_statements(path)
    except InputError:
        # That it cannot be read is told by whoever reads its text.
        return
    for book, seen in books.items():
        said, claimed = statements.get(book, ()), tuple(statements_on(claims_of(seen), lang))
        if said == claimed:
            continue
        strange = "”, “".join(words for words in said if words not in claimed)
        missing = "”, “".join(words for words in claimed if words not in said)
        told = [f"says “{strange}”"] if strange else []
        told += [f"does not say “{missing}”"] if missing else []
        yield _disagreement(name, f"of {book} it {' and '.join(told) or 'says things in another order'}")


def statements_on(claims: Claims, lang: str) -> Iterator[str]:
    """The titles and statements that a page makes of claims, in order."""
    for field in display_guide(claims, lang):
        yield field.title
        yield from field.statements


def offered_words(artefacts: Iterable[Artefact], lang: str) -> Iterator[str]:
    """What a page may say of the files that it offers, as `edition.json` has them: names, purposes, statements."""
    for artefact in artefacts:
        yield artefact.name
        yield artefact.purpose
        if artefact.claims is not None:
            yield statement_title(lang)
            yield from statements_on(artefact.claims, lang)


def _disagreement(name: str, words: str) -> Discrepancy:
    message = f"{name} tells otherwise of accessibility: {words}; build it again"
    return Discrepancy(Finding("claim-disagrees", Severity.ERROR, message, where=name), name)


def _with(file: Verified, told: tuple[Discrepancy, ...]) -> Verified:
    return replace(file, discrepancies=(*file.discrepancies, *told)) if told else file


def _with_conformity(file: Verified, path: Path, source: Source) -> Verified:
    from publisher.verification.matterhorn.findings import conformity  # noqa: PLC0415 - loads font libraries

    try:
        elsewhere = file.artefact.purpose == ELSEWHERE
        told = tuple(conformity(path, elsewhere=elsewhere, publication=None if elsewhere else source.publication))
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
