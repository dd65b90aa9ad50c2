"""A preview in a process of its own, as a person starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


class Running:
    """`publisher preview` over `source` and `build` in a folder, on a free port; `address` is the one that it told."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self._told = folder / "stderr.txt"
        with self._told.open("w") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "publisher.cli", "preview", "--port", "0", *arguments],
                cwd=folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
                    "TMPDIR": str(self.temporary),
                    "PUBLISHER_CACHE": str(folder / "cache"),
                },
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        assert self._process.stdout is not None
        self.line = self._process.stdout.readline()
        self.address = self.line.split()[0] if self.line else ""

    @property
    def stderr(self) -> str:
        """What it has told so far."""
        return self._told.read_text("utf-8")

    def end(self, number: int = signal.SIGINT) -> int:
        """Its exit status, once it has ended by a signal."""
        self._process.send_signal(number)
        try:
            status = self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        assert self._process.stdout is not None
        assert self._process.stdout.read() == ""
        self._process.stdout.close()
        return status
