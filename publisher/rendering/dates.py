"""When an edition was last changed, as its files and feeds say it: never the clock, so that builds are reproducible."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time

from publisher.model.publication import Publication


def modified(publication: Publication) -> datetime:
    """When the edition was last changed: SOURCE_DATE_EPOCH, else its own date or its latest note's, else the year
    1980, in which ZIP's calendar begins. Never the clock: the same source gives the same bytes.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isascii() and epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC)
    dates = [note.date for note in publication.notes if note.date]
    latest = max([publication.metadata.date or date(1980, 1, 1), *dates])
    return datetime.combine(latest, time(), UTC)
