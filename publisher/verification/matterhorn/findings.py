"""What is wrong with a PDF by the Matterhorn Protocol, as findings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from publisher.model.findings import Finding, Severity
from publisher.model.publication import Publication
from publisher.verification.checks import Discrepancy
from publisher.verification.matterhorn.catalogue import BY_NUMBER
from publisher.verification.matterhorn.checking import examine
from publisher.verification.matterhorn.opened import some

_NO_CLAIM = frozenset(("06-001", "06-002"))
"""The conditions that are met where a file does not claim to conform."""


def conformity(path: Path, *, elsewhere: bool = False, publication: Publication | None = None) -> Iterator[Discrepancy]:
    """The failure conditions that a PDF meets, a finding each, `pdfua-NN-NNN`.

    With the `publication` that a file of ours is of, those that only the source can decide are among them. Where some
    cannot be decided, a warning says so. Failures are errors, except in a file from `elsewhere` that does
    not claim to conform. Raises InputError for a file that cannot be opened.
    """
    found = examine(path, publication)
    claims = not any(failure.number in _NO_CLAIM for failure in found.failures)
    for failure in found.failures:
        condition = BY_NUMBER[failure.number]
        severity = Severity.ERROR if claims or not elsewhere else Severity.WARNING
        message = (
            f"{condition.wrong} ({failure.where}); PDF/UA-1 forbids it in {condition.clause} "
            f"(Matterhorn Protocol, {failure.number})"
        )
        yield Discrepancy(Finding(condition.check, severity, message, where=path.name), path.name)
    if found.undecided:
        message = (
            f"31-011, 31-016 and 31-030 of the Matterhorn Protocol are not decided for fonts with predefined CMaps "
            f"({some(found.undecided)}), whose tables are not on this machine; install poppler-data and verify again"
        )
        yield Discrepancy(Finding("pdfua-undecided", Severity.WARNING, message, where=path.name), path.name)
