"""Reads single files back, each as a stranger would, and holds them against the source."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from publisher.formats import reader
from publisher.manifest import artefact_of
from publisher.model.artefacts import Artefact
from publisher.model.findings import Finding, InputError, Severity
from publisher.store import file_digest
from publisher.verification.active import active_content
from publisher.verification.checks import Discrepancy, Source, hold_against
from publisher.verification.coverage import coverage_elsewhere, coverage_of
from publisher.verification.verdicts import Listening, Verified

MOST_TOLD = 20
"""Things that run which are told of one file."""
_MANY = 100_000
"""New objects after which rubbish is looked for while files are read."""


def verify_file(file: Mapping[str, Any], built: Path, source: Source, heard: Listening) -> Verified:
    """One file that the build lists: there, as it was made, and saying what the source says."""
    artefact = artefact_of(file)
    path = built / artefact.name
    if not path.is_file():
        missing = error("artefact-missing", artefact.name, "is listed but not there; build it again")
        return Verified(artefact, None, (missing,), "it is not there")
    verified = compare(artefact, path, source, heard)
    runs = tuple(
        error(check, artefact.name, f"{told}; report it, and do not publish the file")
        for check, told in dict.fromkeys(islice(active_content(path), MOST_TOLD))
    )
    verified = replace(verified, discrepancies=(*runs, *verified.discrepancies)) if runs else verified
    if file_digest(path) == file["sha256"]:
        return verified
    changed = error("artefact-tampered", artefact.name, "was changed after it was built; build it again")
    return replace(verified, discrepancies=(changed, *verified.discrepancies))


def compare(artefact: Artefact, path: Path, source: Source, heard: Listening) -> Verified:
    """What a file says, held against the source, with what was heard in it."""
    if artefact.name in heard.files:
        return heard.files[artefact.name]
    verified = read_and_compare(artefact, path, source)
    if artefact.name not in heard.overlays:
        return verified
    return replace(
        verified,
        discrepancies=(*verified.discrepancies, *heard.overlays[artefact.name]),
        sound=heard.evidence.get(artefact.name),
        opinion=heard.opinions.get(artefact.name, ""),
    )


def read_and_compare(artefact: Artefact, path: Path, source: Source, *, elsewhere: bool = False) -> Verified:
    """What a file of text says, held against the source; one from `elsewhere` against the parts that it has."""
    coverage = coverage_of(artefact)
    if coverage is None:
        return Verified(artefact, None)
    read = reader(artefact.format)
    if read is None:
        reason = f"there is no reader for {artefact.format} yet"
        unread = discrepancy("artefact-not-verified", Severity.WARNING, artefact.name, f"is not verified: {reason}")
        return Verified(artefact, None, (unread,), reason)
    try:
        extract = read(path)
    except InputError as problem:
        unreadable = error("artefact-unreadable", artefact.name, f"cannot be read: {problem.message}")
        return Verified(artefact, None, (unreadable,), "it cannot be read")
    if elsewhere:
        coverage = coverage_elsewhere(source.publication, extract)
    comparison = hold_against(extract, source, coverage)
    return Verified(artefact, comparison, comparison.discrepancies)


def error(check: str, name: str, message: str) -> Discrepancy:
    """An error in a file as a whole."""
    return discrepancy(check, Severity.ERROR, name, message)


def discrepancy(check: str, severity: Severity, name: str, message: str) -> Discrepancy:
    """Something about a file as a whole; its message begins with the name."""
    return Discrepancy(Finding(check, severity, f"{name} {message}", where=name), name)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for rubbish less often: files are read into very many small objects, hardly any of which is rubbish before
    the end, and looking for it would take a tenth of the time."""
    thresholds = gc.get_threshold()
    gc.set_threshold(_MANY, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
