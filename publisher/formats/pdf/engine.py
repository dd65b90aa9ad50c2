"""WeasyPrint, started only when a PDF is written: importing it takes a second and needs Pango."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from importlib import import_module

from publisher.model.findings import InputError

PANGO_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""What WeasyPrint loads, as Debian and Ubuntu name it (https://doc.courtbouillon.org/weasyprint/stable/first_steps.html)."""

EPOCH = date(2000, 1, 1)
"""The day of an edition without a date: a PDF's bytes must not tell when it was built."""


def require_weasyprint() -> None:
    """Import WeasyPrint. Raises InputError, with the command to run, where its system libraries are missing."""
    try:
        import_module("weasyprint")
    except OSError as problem:
        raise InputError(
            "PDF needs the Pango library, which is not installed; "
            f"run: sudo apt-get install {PANGO_PACKAGES} (elsewhere: install Pango 1.44 or newer)"
        ) from problem


@contextmanager
def epoch(day: date | None) -> Iterator[None]:
    """Have the libraries date what they make by the edition's day, else by the user's SOURCE_DATE_EPOCH.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    before = os.environ.get("SOURCE_DATE_EPOCH")
    if day is not None or before is None:
        midnight = datetime.combine(day or EPOCH, time(), UTC)
        os.environ["SOURCE_DATE_EPOCH"] = str(int(midnight.timestamp()))
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("SOURCE_DATE_EPOCH", None)
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
