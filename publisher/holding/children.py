"""Engines in processes of their own: with bounds on time, memory, output and open files, and killed whole.

A stranger's text can make an engine loop, fill the memory or talk without end. So each is started in a group of its
own, with a view of the system that it cannot write to and without the network (`confining`), and what is beyond its
bounds ends it and whatever it has started. The end of this process does that, too (`warden`).
"""

from __future__ import annotations

import contextlib
import math
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

from publisher.holding import warden
from publisher.holding.confining import View, confined

MEGABYTE = 1024 * 1024
_PIECE = 1 << 16
_GRACE = 5
"""Seconds of the processor beyond the time limit: should this process be killed, the system ends the child."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """`seconds` of time (None: the caller keeps it); bytes of `memory` (None: no bound) for each process, of `output`
    in all, of the largest file `written`; `files` open at once."""

    seconds: float | None
    memory: int | None = None
    output: int = 256 * MEGABYTE
    written: int | None = 0
    files: int = 256


@dataclass(frozen=True, slots=True)
class Done:
    """How a child ended (by a signal, where negative) and what it said."""

    status: int
    output: bytes
    errors: bytes


class TooLongError(Exception):
    """A child was not done in its time, and was ended."""


class TooMuchError(Exception):
    """A child said more than it may, and was ended."""


def start(command: Sequence[str], bounds: Bounds, view: View, **how: Any) -> subprocess.Popen[bytes]:
    """Start a child; `how` is as for Popen. End it with `end`, also where it has ended itself. Raises OSError."""
    child: subprocess.Popen[bytes] = confined(view, lambda: subprocess.Popen(command, start_new_session=True, **how))
    warden.mind(child.pid)
    _bound(child.pid, bounds)
    return child


def kill(child: subprocess.Popen[bytes]) -> None:
    """Kill a child with all that it has started, unless it has been waited for: its number may be another's by then."""
    if child.returncode is None:
        _kill_group(child)


def end(child: subprocess.Popen[bytes]) -> None:
    """Kill a child, with all that it has started, and let go of its pipes."""
    if child.returncode is None:
        _kill_group(child)
        child.wait()
    warden.forget(child.pid)
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):  # what was still to be flushed has no reader
                stream.close()


def run(
    command: Sequence[str],
    data: bytes,
    bounds: Bounds,
    view: View,
    *,
    cwd: str | None = None,
    env: Mapping[str, str] | None = None,
) -> Done:
    """Run a child to its end, `data` on its standard input.

    Raises OSError where it cannot be started, TooLongError, TooMuchError.
    """
    pipe = subprocess.PIPE
    child = start(command, bounds, view, stdin=pipe, stdout=pipe, stderr=pipe, cwd=cwd, env=env)
    try:
        deadline = math.inf if bounds.seconds is None else time.monotonic() + bounds.seconds
        output, errors = _talk(child, data, deadline, bounds.output)
        status = _wait(child, deadline)
        _kill_group(child)  # whatever it has left behind
        return Done(status, output, errors)
    finally:
        end(child)


def ask(child: subprocess.Popen[bytes], request: Sequence[bytes], deadline: float, longest: int) -> bytes:
    """The line, with its end, that a child answers to a request; its parts are written one after the other.

    `deadline` is a moment of `time.monotonic`; a line has `longest` bytes at most. Raises TooLongError; TooMuchError,
    also where more is said than a line; EOFError where the child has ended. After any of these it is to be ended.
    """
    given, told = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout)
    left = [memoryview(part) for part in request if part]
    said = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(told, selectors.EVENT_READ)
        if left:
            os.set_blocking(given.fileno(), False)
            selector.register(given, selectors.EVENT_WRITE)
        for stream in _ready(selector, deadline):
            if stream is given:
                left[0] = left[0][_written(stream, left[0]) :]
                if not left[0]:
                    del left[0]
                if not left:
                    selector.unregister(stream)
                continue
            piece = os.read(stream.fileno(), _PIECE)
            if not piece:
                raise EOFError
            said += piece
            if len(said) > longest or b"\n" in said[:-1]:
                raise TooMuchError
            if said.endswith(b"\n"):
                return bytes(said)
    raise EOFError


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nothing of it is left
        os.killpg(child.pid, signal.SIGKILL)


def _wait(child: subprocess.Popen[bytes], deadline: float) -> int:
    try:
        return child.wait(None if deadline == math.inf else max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as problem:
        raise TooLongError from problem


def _talk(child: subprocess.Popen[bytes], data: bytes, deadline: float, most: int) -> tuple[bytes, bytes]:
    """Give a child its data, and take what it says on both of its pipes until it closes them."""
    given, told, warned = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout), cast(IO[bytes], child.stderr)
    said: dict[Any, list[bytes]] = {told: [], warned: []}
    left, total = memoryview(data), 0
    with selectors.DefaultSelector() as selector:
        for stream in said:
            selector.register(stream, selectors.EVENT_READ)
        if left:
            os.set_blocking(given.fileno(), False)
            selector.register(given, selectors.EVENT_WRITE)
        else:
            given.close()
        for stream in _ready(selector, deadline):
            if stream is given:
                left = left[_written(stream, left) :]
                if not left:
                    selector.unregister(stream)
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()
            elif piece := os.read(stream.fileno(), _PIECE):
                total += len(piece)
                if total > most:
                    raise TooMuchError
                said[stream].append(piece)
            else:
                selector.unregister(stream)
    return b"".join(said[told]), b"".join(said[warned])


def _ready(selector: selectors.BaseSelector, deadline: float) -> Iterator[IO[bytes]]:
    """The pipes that can be used, as they can, until none is left."""
    while selector.get_map():
        rest = None if deadline == math.inf else deadline - time.monotonic()
        if rest is not None and rest <= 0:
            raise TooLongError
        for key, _ in selector.select(rest):
            yield key.fileobj  # type: ignore[misc]  # they were streams when they were registered


def _written(stream: IO[bytes], data: memoryview) -> int:
    """How much of the data went out; all of it, where nobody reads it any more."""
    try:
        return os.write(stream.fileno(), data[:_PIECE])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(data)


def _bound(process: int, bounds: Bounds) -> None:
    """Have the system hold a child, too: where this process is killed, nobody else would."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not there on other systems

    limits = {resource.RLIMIT_NOFILE: bounds.files, resource.RLIMIT_CORE: 0}
    if bounds.seconds is not None:
        limits[resource.RLIMIT_CPU] = math.ceil(bounds.seconds) + _GRACE
    if bounds.memory is not None:
        limits[resource.RLIMIT_DATA] = bounds.memory
    if bounds.written is not None:
        limits[resource.RLIMIT_FSIZE] = bounds.written
    for limit, most in limits.items():
        with contextlib.suppress(ProcessLookupError, PermissionError, ValueError):  # it has ended, or has less already
            resource.prlimit(process, limit, (most, most))
