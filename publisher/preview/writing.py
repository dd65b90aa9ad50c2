"""Has the pages of drafts written by a worker process, which is held as a build's are.

Pages show strangers' pictures, and a cover is drawn of them. The worker is kept from draft to draft of one edition,
since what it has loaded makes the next one quick; another edition has another worker, which sees that one's folder.
"""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from tempfile import gettempdir

from publisher.build import Order
from publisher.formats import loading, writer
from publisher.formats.contract import Job
from publisher.holding.here import stays_here
from publisher.making import time_for
from publisher.model.artefacts import Artefact
from publisher.model.findings import EngineError
from publisher.rendering.templates import Templates
from publisher.worker_view import Keeps, hold
from publisher.workers import Workers

_View = tuple[tuple[Path, int, int], ...]


class PageWriter:
    """One worker, begun for the first draft. To be used by one thread."""

    def __init__(self) -> None:
        self._workers: Workers | None = None
        self._sees: _View = ()

    def write(self, order: Order, job: Job) -> tuple[Artefact, ...]:
        """Write a draft's pages. Raises what the writer raises, and EngineError where it takes too long or its process
        is ended."""
        if stays_here():
            return _write(job)
        reads, writes = (order.folder, order.out), (job.folder.parent, order.store.root, Path(gettempdir()))
        for place in (order.out, order.store.root):
            with suppress(OSError):  # whoever writes there tells of it
                place.mkdir(parents=True, exist_ok=True)
        sees = _places((*reads, *writes))
        if self._workers is None or self._sees != sees:
            self.end()
            self._workers = Workers(1, hold, (Keeps(reads, writes),), in_turn=True, ahead=loading(("web",)))
            self._sees = sees
        try:
            return self._workers.submit_within(time_for("writing web", job), partial(_write, job)).result()
        except BrokenExecutor as problem:
            raise EngineError("writing web", "its process was ended from outside; save the text again") from problem

    def end(self) -> None:
        """End the worker, whatever it is doing."""
        workers, self._workers = self._workers, None
        if workers is not None:
            workers.end()


def _places(folders: tuple[Path, ...]) -> _View:
    """What a view is made of: the system holds a worker to folders, not to their names, which may be given to new
    ones."""
    found = []
    for folder in folders:
        with suppress(OSError):  # not there, and so not seen
            about = folder.stat()
            found.append((folder, about.st_dev, about.st_ino))
    return tuple(found)


def _write(job: Job) -> tuple[Artefact, ...]:
    """Runs in the worker."""
    return writer("web")(replace(job, templates=_kept(job.templates.own)))


@lru_cache(8)
def _kept(own: Path | None) -> Templates:
    """Templates that stay between drafts, since they are slow to read; of a file that has changed they know."""
    return Templates(own)
