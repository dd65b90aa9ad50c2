"""A program that has loaded everything and forks a child for every build that it is asked for, so that hundreds of
builds cost no start-up. A child can be told to end itself, or to interrupt itself, at a moment that is counted, not
measured: at the n-th file that it opens, the n-th that it changes, the n-th line of progress.

A request is a line of JSON on standard input (see `Request` in `builder.py`), the answer a line on standard output. All
that a child has started must end when it does: this program adopts what a dead child leaves behind and waits for it,
and is ended by an alarm where that takes two minutes, or twice what the child may have of a processor. It tells what a
child and all that it has waited for have used: seconds of the processor together, bytes of memory at the most that one
of them had.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import publisher.progress
from publisher import cli
from publisher.holding import warden
from publisher.holding.here import IN_PROCESS

_PR_SET_CHILD_SUBREAPER = 36
_ALARM = 120
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link", "os.symlink")
_STARTS = ("subprocess.Popen", "tempfile.mkstemp", "tempfile.mkdtemp", "shutil.rmtree", "ctypes.dlsym", "fcntl.flock")
_SIGNALS = {"KILL": signal.SIGKILL, "INT": signal.SIGINT}


class Moments:
    """Counts what happens, and sends a signal at a chosen count. `at` is the kind and its number, from 1."""

    def __init__(self, at: tuple[str, int] | None, what: str, group: bool, vanishing: str | None) -> None:
        self.counts = {"any": 0, "change": 0, "phase": 0}
        self._at, self._what, self._group = at, _SIGNALS[what], group
        self._vanishing = vanishing
        self._last = ""

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook: https://docs.python.org/3/library/audit_events.html"""
        if event == "open":
            self._count("any")
            if (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                self._count("change")
        elif event in _CHANGES or event in _STARTS:
            self._count("any")
            self._count("change")

    def tell(self, doing: str, _at: int, _of: int) -> None:
        """Each new line of progress."""
        if doing != self._last:
            self._last = doing
            self._count("phase")

    def _count(self, kind: str) -> None:
        self.counts[kind] += 1
        if self._at == (kind, self.counts[kind]):
            if self._vanishing is not None:
                shutil.rmtree(self._vanishing)
            elif self._group:
                os.killpg(0, self._what)
            else:
                os.kill(os.getpid(), self._what)


def build(request: dict[str, Any]) -> int:
    """Runs in the child. Gives the exit status."""
    os.setpgid(0, 0)
    if request["seconds"]:
        resource.setrlimit(resource.RLIMIT_CPU, (request["seconds"], request["seconds"]))
    os.environ["PUBLISHER_CACHE"] = request["store"]
    os.environ.update(request["environment"])
    for stream, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    moments = Moments(
        tuple(request["at"]) if request["at"] else None, request["signal"], request["group"], request["vanishing"]
    )
    if request["watched"]:
        publisher.progress._lines = lambda _name: moments.tell  # type: ignore[assignment]
        sys.addaudithook(moments.hear)
    status = cli.main(request["arguments"])
    Path(request["counts"]).write_text(json.dumps(moments.counts), encoding="utf-8")
    return status


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Fork, wait for the child and for all that it leaves behind."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            signal.alarm(0)
            status = build(request)
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)
    signal.alarm(max(_ALARM, 2 * (request["seconds"] or 0)))
    _, ended, used = os.wait4(child, 0)
    orphans = 0
    with contextlib.suppress(ChildProcessError):
        while True:
            # What minds a process's children is to outlive it.
            orphans += os.waitstatus_to_exitcode(os.wait()[1]) != warden.DONE
    signal.alarm(0)
    return {
        "status": os.waitstatus_to_exitcode(ended),
        "orphans": orphans,
        "seconds": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }


def main() -> None:
    """`warm_builder.py EDITION MODULE…`: loads the modules, builds the edition, then serves."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # The test's own words on standard output are none of a build's.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for name in sys.argv[2:]:
        importlib.import_module(name)
    asked = os.environ.get(IN_PROCESS, "")
    os.environ[IN_PROCESS] = "1"  # else nothing would be loaded here, and workers' helpers stay
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PUBLISHER_CACHE"] = f"{folder}/store"
        if cli.main(["build", sys.argv[1], "--out", f"{folder}/out", "--jobs", "1", "--json"]) != 0:
            sys.exit(1)
    # What minds this program's own children would be waited for, too.
    warden.dismiss()
    os.wait()
    os.environ[IN_PROCESS] = asked
    print("{}", file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        told = answer(request) if "arguments" in request else {"status": subprocess.call(request["run"])}
        print(json.dumps(told), file=answers, flush=True)


if __name__ == "__main__":
    main()
