"""What a parser that was tricked might do, for `guarded` to end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from publisher.model.findings import InputError
from publisher.model.source import Position


def right(words: str) -> Position:
    return Position(words, 3)


def wrong() -> None:
    raise InputError("it is wrong; mend it", Position("a.md", 2, 4))


def eats_memory() -> int:
    return len(bytearray(4_000_000_000))


def crashes() -> None:
    os.abort()


def never_ends() -> None:
    while True:
        pass


def leaves_somebody_behind() -> None:
    """Starts a process that would outlive it, and never ends."""
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    never_ends()


def writes(path: Path) -> None:
    path.write_bytes(b"x")


def asks(port: int) -> None:
    socket.create_connection(("127.0.0.1", port))


def raises() -> None:
    raise KeyError("a library's own fault")


def deep(depth: int = 0) -> int:
    return deep(depth + 1)


class Evil:
    """Unpickled by whoever believes everything, it would make a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (os.system, (f"touch {self.path}",))


def lies(path: Path) -> Evil:
    return Evil(path)
