"""Calls a function on a stranger's file in a child process, so that what goes wrong there goes wrong there.

Parsers in C crash, loop and eat memory on files made for it. The child has limits of memory, time and writing, is a
process group of its own that is killed whole, and answers in a pickle of which only our own data classes are believed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

from publisher.holding import warden
from publisher.model.findings import InputError, PublisherError
from publisher.strangers.believing import believed
from publisher.strangers.bounds import MEGABYTE, Bounds, beyond, bounds

Given = TypeVar("Given")

_MOST_ANSWERED = 1024 * MEGABYTE
_GRACE = 2.0
"""Seconds that a child has to end what it started before it is killed."""


def guarded(
    function: Callable[..., Given],
    *arguments: Any,
    shown: str,
    writes: bool = False,
    network: bool = False,
    within: Bounds | None = None,
) -> Given:
    """What a function of a module gives for these arguments, in a child process within the bounds.

    `shown` is the file as messages name it. The child may make files only where it `writes`, and ask addresses only
    with `network` (a voice of the user's choice). Raises what the function raises of ours, InputError for all else:
    too long, too much memory, a crash.
    """
    limits = within or bounds()
    # -P: the folder that the user stands in may be a stranger's, too, and is no place to import from.
    command = [
        sys.executable,
        "-P",
        "-B",
        "-m",
        "publisher.strangers.child",
        str(limits.memory),
        str(limits.seconds + 5),
    ]
    child = subprocess.Popen(
        [*command, "writes" if writes else "reads"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("PUBLISHER_TRACEBACK") else subprocess.DEVNULL,
        # One thread and one arena each: else libraries reserve by the number of processors.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"},
        start_new_session=True,
    )
    warden.mind(child.pid)
    asked = pickle.dumps((function.__module__, function.__name__, arguments, network))
    try:
        output = _answered(child, asked, limits.seconds)
    except TimeoutError as problem:
        message = beyond(f"{shown} is not read after {limits.seconds} seconds", "seconds")
        raise InputError(message) from problem
    finally:
        _end(child)
    if len(output) > _MOST_ANSWERED:
        raise InputError(f"{shown} cannot be read: it gives too much; do not use it")
    return cast("Given", _believe(output, child.returncode, shown, limits))


def _answered(child: subprocess.Popen[bytes], asked: bytes, seconds: int) -> bytes:
    """What the child answers until it closes the pipe, or has said too much. Raises TimeoutError."""
    assert child.stdin is not None  # noqa: S101 - both were asked for
    assert child.stdout is not None  # noqa: S101
    deadline = time.monotonic() + seconds
    with contextlib.suppress(BrokenPipeError):  # it has ended: what it said tells why
        child.stdin.write(asked)
        child.stdin.close()
    pieces: list[bytes] = []
    left = _MOST_ANSWERED
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        while left >= 0:
            if not ready.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            piece = os.read(child.stdout.fileno(), 1 << 20)
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_GRACE)
    return b"".join(pieces)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and all of its group: first asked, so that it ends what it has started in groups of their own."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_GRACE)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    warden.forget(child.pid)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _believe(output: bytes, status: int, shown: str, limits: Bounds) -> Any:
    if not output:
        why = f"signal {-status}" if status < 0 else f"status {status}"
        if -status in (getattr(signal, "SIGXCPU", None), signal.SIGKILL):
            raise InputError(beyond(f"{shown} takes too long, or too much, to read", "seconds"))
        # Libraries in C that get no more memory end the process in ways of their own.
        wrong = f"{shown} cannot be read: what read it broke down ({why}), or needs more than {limits.memory} MB"
        raise InputError(f"{wrong}; do not use it, or get it anew")
    try:
        kind, value = believed(output)
    except Exception as problem:  # the boundary: an answer that is none is a crash as well
        raise InputError(f"{shown} cannot be read: no answer that can be used; do not use it") from problem
    if kind == "done":
        return value
    if kind == "error" and isinstance(value, PublisherError):
        raise value
    if kind == "MemoryError":
        message = beyond(f"{shown} needs more than {limits.memory} MB to be read", "memory")
        raise InputError(message)
    if kind == "RecursionError":
        raise InputError(f"too complex: {shown} is nested too deeply; do not use it, or simplify it")
    raise InputError(f"{shown} cannot be read: {value}; do not use it, or get it anew")
