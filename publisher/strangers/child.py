"""What runs in the child of `guarded`: takes limits upon itself, then calls one function and answers on a pipe.

Run as `python -m publisher.strangers.child MEMORY SECONDS WRITES`: the call comes pickled on standard input, from us;
the answer goes, pickled, to where standard output led.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from publisher.holding.confining import View, confine
from publisher.model.findings import PublisherError
from publisher.strangers.bounds import MEGABYTE

RESERVE = 32 * MEGABYTE
"""Given back when memory has run out, so that there is some to say so."""


def limit(memory: int, seconds: int, *, writes: bool) -> None:
    """Bound this process: `memory` in megabytes, `seconds` of the processor; no file may grow unless it `writes`.

    Linux counts what is written to (RLIMIT_DATA), not the libraries that are mapped. Where a system has no such limits,
    the parent's clock is left.
    """
    try:
        import resource  # noqa: PLC0415 - not there on every system
    except ImportError:
        return
    asked = [
        ("RLIMIT_DATA", memory * MEGABYTE),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", 256),
        *([] if writes else [("RLIMIT_FSIZE", 0)]),
    ]
    for name, value in asked:
        kind = getattr(resource, name)
        most = resource.getrlimit(kind)[1]
        most = value if most == resource.RLIM_INFINITY else min(value, most)
        with contextlib.suppress(ValueError, OSError):  # a system that knows the name may still refuse the value
            resource.setrlimit(kind, (most, most))


_TOUCHES_NOTHING = ("socket.connect", "socket.getaddrinfo", "socket.bind", "os.system", "os.exec", "os.posix_spawn")


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook (PEP 578): whoever reads a stranger's file asks no address and starts no shell."""
    if event in _TOUCHES_NOTHING:
        raise PermissionError(f"a reader of a file from elsewhere may not use {event}{arguments[:1]!r}")


def _ended(*_: Any) -> None:
    raise SystemExit(143)


def answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    """`done` and what the function gives, `error` and what it raised of our own, or `failed` and the fault's name."""
    reserve = [bytearray(RESERVE)]
    try:
        return "done", function(*arguments)
    except PublisherError as problem:
        return "error", problem
    except (MemoryError, RecursionError) as problem:
        reserve.clear()
        return type(problem).__name__, None
    except Exception as problem:  # the boundary: whatever a library says of a hostile file ends as one line
        reserve.clear()
        if os.environ.get("PUBLISHER_TRACEBACK"):
            raise
        if "memory" in str(problem).lower() or "bad_alloc" in str(problem):
            return "MemoryError", None
        return "failed", f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}"


def main() -> None:
    memory, seconds, writes = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "writes"
    limit(memory, seconds, writes=writes)
    # So that what was started for the reading (pandoc) is ended, too: its `finally` sees to it.
    signal.signal(signal.SIGTERM, _ended)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    module, name, arguments, network = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
    function = cast("Callable[..., Any]", getattr(import_module(module), name))
    if not network:
        sys.addaudithook(refuse)
    # Where the system can, it holds C libraries, too, which no hook of Python's sees.
    confine(View(writable=(Path("/"),) if writes else (), network=network))
    told = answer(function, arguments)
    try:
        data = pickle.dumps(told)
    except (MemoryError, RecursionError) as problem:
        data = pickle.dumps((type(problem).__name__, None))
    with answers:
        answers.write(data)
        answers.flush()
    # Without the rites of leaving: what libraries made of a hostile file is not taken apart again.
    os._exit(0)


if __name__ == "__main__":
    main()
