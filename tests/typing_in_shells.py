"""Typing into a shell as a person does: at a terminal, with Tab, to see what the shell makes of the line.

The program that is being completed is replaced by one that prints its words, so that what comes back is the line that a
person would have run.
"""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_LONGEST = 60
"""Seconds that a shell may take to say something, on a busy machine."""
_AT_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal that one reads from one's own, then becomes the shell."""


def shell_or_skip(name: str) -> str:
    """The path of a shell; where there is none, the test is skipped."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed here")
    return path


class Terminal:
    """A shell at a terminal of a type (terminfo's name), in a folder, without the person's own settings."""

    def __init__(self, command: list[str], folder: Path, type: str) -> None:
        own, theirs = pty.openpty()
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": type, "LC_ALL": "C.UTF-8"}
        self._terminal = own
        self._shell = subprocess.Popen(
            [sys.executable, "-c", _AT_TERMINAL, *command],
            cwd=folder,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._heard = ""

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def until(self, words: str) -> str:
        """What the terminal shows up to some words, and them. Raises AssertionError where they do not come."""
        while words not in self._heard:
            ready, _, _ = select.select([self._terminal], [], [], _LONGEST)
            assert ready, f"the shell says only {self._heard!r}"
            self._heard += os.read(self._terminal, 65536).decode("utf-8", "replace")
        before, _, self._heard = self._heard.partition(words)
        return before + words

    def close(self) -> None:
        self._shell.kill()
        self._shell.wait()
        os.close(self._terminal)
