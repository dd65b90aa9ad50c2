"""How long, and with how much memory, processes that listen may work, in proportion to the sound that is heard."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from typing import Any

from publisher.model.findings import EngineError
from publisher.processes import WorkerPool

_SECONDS, _PER_SECOND = 120.0, 20.0
"""For processes to start, and for each second of sound. A recogniser takes half a second, and a machine may be busy."""
_MEMORY = 2 << 30
"""Bytes of data for each process: a recogniser with its dictionary has a tenth."""


def within_patience(
    pool: WorkerPool, work: Callable[..., Any], items: Sequence[Sequence[Any]], sound: float
) -> Iterator[Any]:
    """What `work` gives for each of the items, in order, which hold `sound` seconds together.

    Raises EngineError where that takes too long, or a process ends; then the pool is of no more use.
    """
    limit = _SECONDS + _PER_SECOND * sound
    try:
        yield from pool.map(work, *zip(*items, strict=True), timeout=limit)
    except TimeoutError as problem:
        pool.end()
        raise EngineError(
            "listening", f"{sound:.0f} s of sound are not heard after {limit:.0f} s; listen again, or without --listen"
        ) from problem
    except (BrokenExecutor, MemoryError) as problem:
        pool.end()
        why = "a process that listens was ended from outside, or needed more memory than it may"
        raise EngineError("listening", f"{why}; listen again, or without --listen") from problem


def hold_memory() -> None:
    """Keep this process within its memory, where the system can."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not there on other systems

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
