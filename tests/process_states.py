"""Whether processes that are no children of the test have ended."""

from __future__ import annotations

import os
from pathlib import Path


def is_gone(process: int) -> bool:
    """Whether a process has ended, be it that nobody has asked how; a while is waited for that."""
    for _ in range(10_000):
        try:
            state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        os.sched_yield()
    return False
