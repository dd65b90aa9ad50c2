"""Runs commands and says what they cost: seconds by the clock and of processors, memory of the largest process and of
all processes at once.

The memory of the whole tree is looked at while the commands run, from `/proc` (proc(5)): proportional shares, so that
what processes have in common counts once. Looking costs a little, so short rows look in a run of its own, which is not
timed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

_PROC = Path("/proc")


@dataclass(frozen=True)
class Step:
    """One command of a side and what it is called; `good` are the statuses that it may end with."""

    name: str
    command: Sequence[str]
    good: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Run:
    """What one run cost: seconds by the clock and of processors, MiB of the largest process (as the system counts it
    when the process has ended) and of all at once (0 where nobody looked), seconds by the clock of each step."""

    seconds: float
    processor: float
    largest: float
    tree: float = 0.0
    steps: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """What one side of a row cost: medians of its runs, the most of its memory."""

    seconds: float
    processor: float
    largest: float
    tree: float
    steps: Mapping[str, float]
    runs: tuple[float, ...]


def run(steps: Sequence[Step], environment: Mapping[str, str], look_each: float = 0.0) -> Run:
    """Run the steps one after another; look at the tree's memory every so many seconds, never where that is 0.

    Processes that are still there when the step has ended, and their own, count as well: workers may be forked from one
    that ends with the step, and not before it.

    Raises CalledProcessError where a step ends with a status that is not good, with what it said last.
    """
    _adopt_orphans()
    processor, largest, tree = 0.0, 0.0, 0.0
    each: dict[str, float] = {}
    begin = time.perf_counter()
    for step in steps:
        started = time.perf_counter()
        process = subprocess.Popen(
            step.command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            process_group=0,
        )
        with _Looking(process.pid, look_each) as looking:
            said = process.stderr.read() if process.stderr else b""
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.stderr:
            process.stderr.close()
        if process.returncode not in step.good:
            raise subprocess.CalledProcessError(process.returncode, list(step.command), stderr=said[-2000:])
        each[step.name] = each.get(step.name, 0.0) + time.perf_counter() - started
        for one in (usage, *_left(process.pid)):
            processor += one.ru_utime + one.ru_stime
            largest = max(largest, one.ru_maxrss / 1024)
        tree = max(tree, looking.most)
    return Run(time.perf_counter() - begin, processor, largest, tree, each)


_PR_SET_CHILD_SUBREAPER = 36


def _adopt_orphans() -> None:
    """Have this process be the parent of what its children leave behind: prctl(2)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _left(group: int) -> list[resource.struct_rusage]:
    """What the processes of a group cost that its first one left, when they have ended."""
    usages = []
    while True:
        try:
            usages.append(os.wait4(-group, 0)[2])
        except ChildProcessError:
            return usages


def cost(timed: Sequence[Run], looked: Sequence[Run] = ()) -> Cost:
    """One cost of several runs; `looked` are runs that count for their memory alone."""
    every = [*timed, *looked]
    return Cost(
        median(one.seconds for one in timed),
        median(one.processor for one in timed),
        max(one.largest for one in every),
        max(one.tree for one in every),
        {name: median(one.steps[name] for one in timed) for name in timed[0].steps},
        tuple(one.seconds for one in timed),
    )


def folder_bytes(folder: Path) -> int:
    """Bytes of the files in the folders under a folder: of its editions, not of what stands beside them."""
    return sum(path.stat().st_size for path in folder.glob("*/**/*") if path.is_file())


class _Looking:
    """Looks at a process and all below it until the block ends; `most` is the most MiB seen."""

    def __init__(self, pid: int, each: float) -> None:
        self.most = 0.0
        self._pid, self._each = pid, each
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True) if each else None

    def __enter__(self) -> _Looking:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()

    def _look(self) -> None:
        while not self._over.is_set():
            self.most = max(self.most, sum(share(pid) for pid in tree(self._pid)))
            self._over.wait(self._each)


def tree(root: int) -> list[int]:
    """A process and all below it, as far as they are there at this moment."""
    below: dict[int, list[int]] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                # The name stands in brackets and may hold anything; the parent is the second field after it.
                fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            below.setdefault(int(fields[1]), []).append(int(folder.name))
    found, at = [root], 0
    while at < len(found):
        found += below.get(found[at], ())
        at += 1
    return found


def share(pid: int) -> float:
    """MiB of a process, what it shares with others in proportion; 0 where it has ended."""
    try:
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        return 0.0  # it has ended meanwhile, or is another user's
    return 0.0
