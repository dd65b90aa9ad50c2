"""A scheduler or a worker on loopback, as a process of its own. Prints its address once it can be reached.

    daskling.py scheduler PORT
    daskling.py worker SCHEDULER FOLDER NAME [SPOILING.py]
    daskling.py nanny SCHEDULER FOLDER MEMORY [SPOILING.py]

The scheduler speaks TLS where Dask's settings require encryption. SPOILING.py is run in the worker before it takes
work: it replaces a function by one that fails as a test wants it.
"""

from __future__ import annotations

import asyncio
import runpy
import sys
from typing import Any

import dask
from distributed import Nanny, Scheduler, Worker

HERE = "127.0.0.1"


def spoil(scripts: list[str]) -> None:
    for script in scripts:
        runpy.run_path(script)


async def serve(one: Any) -> None:
    async with one as started:
        print(getattr(started, "worker_address", None) or started.address, flush=True)
        await started.finished()


async def main() -> None:
    kind, *rest = sys.argv[1:]
    if kind == "scheduler":
        protocol = "tls" if dask.config.get("distributed.comm.require-encryption") else "tcp"
        await serve(Scheduler(host=HERE, port=int(rest[0]), protocol=protocol, dashboard=False))
        return
    scheduler, folder, third, *scripts = rest
    shared: dict[str, Any] = {"host": HERE, "nthreads": 1, "local_directory": folder, "dashboard": False}
    if kind == "nanny":
        await serve(Nanny(scheduler, **shared, memory_limit=third, preload=scripts))
    else:
        spoil(scripts)
        await serve(Worker(scheduler, **shared, name=third, memory_limit=0))


if __name__ == "__main__":
    asyncio.run(main())
