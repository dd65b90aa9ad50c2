"""Reaching the scheduler, and looking at its workers before work begins."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from publisher.cluster.extra import needed
from publisher.cluster.makeup import Makeup, differences, makeup
from publisher.model.findings import EngineError, InputError

_PATIENCE = "distributed.comm.timeouts.connect"
"""Dask's own setting: how long the scheduler has to answer, or a first worker to be there; 30 s if nobody set it."""


_LOUD = ("distributed", "distributed.client", "distributed.core", "tornado.application", "asyncio")
"""Loggers that tell of lost connections in tracebacks; what they come to is told by us, in a line."""


def _patience() -> float:
    """In seconds."""
    setting = needed("dask.config").get(_PATIENCE)
    return float(needed("dask.utils").parse_timedelta(setting))


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """A client of the scheduler at an address, `tcp://…` or `tls://…`; certificates come from Dask's own settings.

    Raises InputError where there is no scheduler, or none that answers in time.
    """
    distributed = needed("distributed")
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=_patience(), set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as problem:
        told = " ".join(str(problem).split()) or type(problem).__name__
        message = f"no scheduler at {address}: {told}; start one with `dask scheduler`, or check the address"
        raise InputError(message) from problem
    try:
        yield client
    finally:
        client.close(timeout=_patience())


def workers(client: Any) -> dict[str, Any]:
    """What the scheduler tells of each of its workers, by their addresses."""
    found: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
    return found


def check_workers(client: Any) -> Makeup:
    """Wait for a first worker, and see that each is made of what this process is made of, which is given back.

    Raises InputError where there is none, or one that differs: it could make other bytes of an edition.
    """
    distributed = needed("distributed")
    address = client.scheduler.address
    try:
        client.wait_for_workers(1, timeout=_patience())
        told = client.sync(client._run, makeup, on_error="return", callback_timeout=_patience())
    except (TimeoutError, distributed.TimeoutError) as problem:
        if not workers(client):
            raise InputError(
                f"no worker at {address}; start some with `dask worker {address} --nthreads 1`"
            ) from problem
        raise EngineError(address, "a worker does not answer; end it, or wait until it does") from problem
    own = makeup()
    refused = [f"{_named(client, worker)} {why}" for worker, there in told.items() if (why := _unlike(there, own))]
    if refused:
        lines = "; ".join(sorted(refused))
        raise InputError(f"{lines}; give every worker the same packages as this machine, or end it")
    return own


def _unlike(there: Any, own: Makeup) -> str:
    if isinstance(there, ModuleNotFoundError):
        return f"has no {there.name}: it lacks concordant-publisher, or has another version"
    if isinstance(there, Exception):
        return f"cannot be asked: {type(there).__name__}: {' '.join(str(there).split())}"
    why = differences(there, own)
    return f"differs: {why}" if why else ""


def _named(client: Any, worker: str) -> str:
    """A worker by its address and, where somebody gave it one, its name."""
    name = str(workers(client).get(worker, {}).get("name", worker))
    return f"worker {worker}" if name == worker else f"worker {name} ({worker})"


def say_if_idle(client: Any) -> None:
    """Tell of workers with several threads: an edition takes a whole process, so all threads but one would wait."""
    several = [worker for worker, told in workers(client).items() if told["nthreads"] > 1]
    if several:
        count = f"{len(several)} worker{'s' if len(several) > 1 else ''}"
        advice = "start them with --nthreads 1 and as many --nworkers as cores"
        print(f"{count} with several threads, of which one works at a time; {advice}", file=sys.stderr)
