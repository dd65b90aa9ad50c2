"""Runs every check over a PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from publisher.model.findings import InputError
from publisher.model.publication import Publication
from publisher.verification.matterhorn import (
    annotation_checks,
    content_checks,
    document_checks,
    element_checks,
    font_checks,
    language_checks,
    nesting_checks,
    source_checks,
)
from publisher.verification.matterhorn.features import FEATURES
from publisher.verification.matterhorn.opened import Faults, Opened, some

CHECKS: Mapping[str, Callable[[Opened], Faults]] = dict(
    sorted(
        {
            **content_checks.CHECKS,
            **document_checks.CHECKS,
            **nesting_checks.CHECKS,
            **language_checks.CHECKS,
            **element_checks.CHECKS,
            **annotation_checks.CHECKS,
            **font_checks.CHECKS,
        }.items()
    )
)
"""Each check by the number of the condition that it decides."""


_PERMISSIONS = re.compile(rb"/P\s*-?[0-9]+(?![0-9])(?!\s+[0-9]+\s+R)")
"""An encryption's permissions: its dictionary is never packed (ISO 32000-1, 7.5.7)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A condition that a file meets, which a conforming one does not: its number, and where, as lines to read."""

    number: str
    places: tuple[str, ...]

    @property
    def where(self) -> str:
        """The first places, and how many more there are."""
        return some(self.places)


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a file. `undecided` are the places where conditions could not be decided, as lines to read."""

    failures: tuple[Failure, ...]
    undecided: tuple[str, ...] = ()


def failures(path: Path) -> tuple[Failure, ...]:
    """Every failure condition of the Matterhorn Protocol 1.1 that a PDF meets. Raises as `examine` does."""
    return examine(path).failures


def examine(path: Path, publication: Publication | None = None) -> Examined:
    """The failure conditions of the Matterhorn Protocol 1.1 that a PDF meets, as far as a program can tell, and where
    it cannot. With the `publication` that our file is of, those that the source decides too.

    Raises InputError for a file that is no PDF or cannot be opened without a password.
    """
    try:
        with pikepdf.open(path) as pdf:
            file = Opened(pdf)
            found = [(number, tuple(dict.fromkeys(check(file)))) for number, check in CHECKS.items()]
            if publication is not None:
                beside = source_checks.beside(file.tree, publication)
                found += [
                    (number, tuple(dict.fromkeys(check(beside)))) for number, check in source_checks.CHECKS.items()
                ]
            undecided = tuple(dict.fromkeys(font_checks.undecided(file)))
    except pikepdf.PasswordError as problem:
        raise InputError(f"{path.name}: is locked with a password; save it without one") from problem
    except (pikepdf.PdfError, OSError) as problem:
        if "encryption dictionary" in str(problem) and not _PERMISSIONS.search(path.read_bytes()):
            return Examined((Failure("26-001", ("the encryption, without which nothing else can be read",)),))
        raise InputError(f"{path.name}: is no PDF that can be read ({problem}); build it again") from problem
    return Examined(tuple(Failure(number, places) for number, places in found if places), undecided)


def features(path: Path) -> tuple[str, ...]:
    """What of the kinds of things that only people can judge a PDF holds. Raises as `failures` does."""
    try:
        with pikepdf.open(path) as pdf:
            file = Opened(pdf)
            return tuple(name for name, holds in FEATURES.items() if holds(file))
    except (pikepdf.PdfError, OSError) as problem:
        raise InputError(f"{path.name}: is no PDF that can be read ({problem}); build it again") from problem
