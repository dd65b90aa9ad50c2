"""A worker process that is asked in JSON and answers in JSON and bytes, with a time limit on every answer.

It has a session of its own, with whatever it starts: Ctrl-C is for us to hear, and all of it is ended together. What it
speaks may be a stranger's: it can write nothing and reach no network.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, RLock
from typing import Any

from publisher.holding import children
from publisher.holding.children import MEGABYTE, Bounds
from publisher.holding.confining import View

_BOUNDS = Bounds(None, memory=4096 * MEGABYTE)
"""Each answer has its own time. A neural voice's model takes memory by the hundred megabytes."""

_VIEW = View()

_LONGEST_ANSWER = 1024 * MEGABYTE
"""Bytes: hours of speech, in one line."""
_LONGEST_HEAD = 64 * MEGABYTE
"""Bytes of what goes before it: the times of its words."""


class WorkerError(Exception):
    """The worker ended, hung, or said what no worker says."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the worker said to one request: `head` is its JSON, `data` the bytes that it counts in `bytes`."""

    head: dict[str, Any]
    data: bytes


class WorkerProcess:
    """Starts a command, reads its first line, then asks it one thing at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        self._closed = Event()
        self._in_use = RLock()

    @property
    def running(self) -> bool:
        """Whether it can be asked."""
        return self._process is not None

    def start(self, limit: float) -> dict[str, Any]:
        """The worker's first line. Raises WorkerError unless it comes in `limit` seconds."""
        self.end()
        if self._closed.is_set():
            raise WorkerError("its worker was ended")
        try:
            pipe = subprocess.PIPE
            self._process = children.start(
                self._command, _BOUNDS, _VIEW, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
            )
        except OSError as problem:
            raise WorkerError(f"its worker does not start: {problem.strerror}") from problem
        if self._closed.is_set():  # meanwhile, by another thread
            children.kill(self._process)
        return self._guarded(lambda deadline: Answer(self._read_head(deadline), b""), limit).head

    def ask(self, request: dict[str, Any], limit: float) -> Answer:
        """The answer to a request. Raises WorkerError, with the worker ended, unless it comes in `limit` seconds."""

        def exchange(deadline: float) -> Answer:
            if self._process is None or self._process.stdin is None:
                raise WorkerError("its worker is not running")
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            head = self._read_head(deadline)
            length = int(head["bytes"])
            if not 0 <= length <= _LONGEST_ANSWER:
                raise WorkerError("its worker answered without end")
            return Answer(head, self._read(length, deadline))

        return self._guarded(exchange, limit)

    def close(self) -> None:
        """Ends the worker for good. Any thread may call this: one that waits for an answer is told that it ended."""
        self._closed.set()
        process = self._process
        if process is not None:
            children.kill(process)
        if self._in_use.acquire(blocking=False):
            try:
                self.end()
            finally:
                self._in_use.release()

    def end(self) -> None:
        """Ends the worker, if it runs; another may be started."""
        process, self._process = self._process, None
        self._buffer = bytearray()
        if process is not None:
            children.end(process)

    def _guarded(self, exchange: Callable[[float], Answer], limit: float) -> Answer:
        with self._in_use:
            try:
                return exchange(time.monotonic() + limit)
            except WorkerError:
                self.end()
                raise
            except (OSError, ValueError, KeyError, TypeError) as problem:
                # A broken pipe, or an answer that is none.
                self.end()
                raise WorkerError("its worker ended") from problem
            except BaseException:
                # Interrupted half way: what it says next would be taken for another answer.
                self.end()
                raise

    def _read_head(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            if len(self._buffer) > _LONGEST_HEAD:
                raise WorkerError("its worker answered without end")
            self._fill(deadline)
        head: dict[str, Any] = json.loads(self._take(self._buffer.index(b"\n") + 1))
        return head

    def _read(self, count: int, deadline: float) -> bytes:
        while len(self._buffer) < count:
            self._fill(deadline)
        return self._take(count)

    def _take(self, count: int) -> bytes:
        data = bytes(memoryview(self._buffer)[:count])
        del self._buffer[:count]
        return data

    def _fill(self, deadline: float) -> None:
        if self._process is None or self._process.stdout is None:
            raise WorkerError("its worker is not running")
        source = self._process.stdout.fileno()
        ready, _, _ = select.select([source], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise WorkerError("its worker hung")
        data = os.read(source, 1 << 20)
        if not data:
            raise WorkerError("its worker ended")
        self._buffer += data
