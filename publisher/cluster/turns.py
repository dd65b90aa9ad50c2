"""One at a time on a scheduler, whichever client or worker it is: locks that the scheduler holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from publisher.cluster.extra import needed
from publisher.model.findings import EngineError
from publisher.store import digest

_TURNS = 16_384


def turn(name: str) -> str:
    """What the lock of a name is called. A scheduler forgets none, so there are few: two names of one lock wait for
    each other without need."""
    return f"publisher {int(digest(name)[:8], 16) % _TURNS}"


@contextmanager
def in_turn(name: str, client: Any = None) -> Iterator[None]:
    """While the block runs, nobody else is in a block of that name; on a worker, or for a client of the scheduler.

    Raises EngineError where the scheduler is lost before.
    """
    reached = {} if client is None else {"scheduler_rpc": client.scheduler, "loop": client.loop}
    lock = needed("distributed").Lock(turn(name), **reached)
    try:
        try:
            lock.acquire()
        except OSError as problem:  # of which Dask's own are
            message = "it was lost; what was published is whole: run the same command again once it is back"
            raise EngineError("the scheduler", message) from problem
        try:
            yield
        finally:
            with suppress(OSError):  # a scheduler that is lost has lost its locks, too
                lock.release()
    finally:
        refreshing = getattr(lock, "refresh_callback", None)  # Dask's own would go on for ever
        if refreshing is not None:
            lock.loop.add_callback(refreshing.stop)
