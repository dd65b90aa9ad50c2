"""Ctrl-C ends a build at once, in every phase: one line, status 130, no traceback, nothing that stays for good."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from builder import LIGHT, Builder, Ended, States, contents, within

from publisher.holding.here import IN_PROCESS
from publisher.interrupting import check_interrupted, interruptible
from publisher.store import Store

LINE = "error: interrupted; what was published before is untouched\n"


def interrupted(ended: Ended) -> None:
    assert (ended.status, ended.stderr, ended.stdout) == (130, LINE, "")


def left_by_nobody(store: Path) -> bool:
    """Whether nobody writes into a store any more, and the next build's sweep leaves nothing half written. A thread
    that was encoding when the process ended may have left its file, as a killed process does."""
    Store(store).sweep()
    return list(store.glob(".*")) == []


def test_ctrl_c_in_every_phase(builder: Builder, full: States, tmp_path: Path) -> None:
    out, store = tmp_path / "out", tmp_path / "store"
    assert builder.build(full.editions[0], out, store).status == 0
    for number in range(1, full.ended[1].counts["phase"] + 1):
        at = ("phase", number)
        interrupted(builder.build(full.editions[1], out, tmp_path / f"store{number}", at=at, signal="INT", group=True))
        assert contents(out) == full.built[0], at
        assert left_by_nobody(tmp_path / f"store{number}")


def test_ctrl_c_while_workers_work(builder: Builder, full: States, tmp_path: Path) -> None:
    out, store = tmp_path / "out", tmp_path / "store"
    assert builder.build(full.editions[0], out, store).status == 0
    for back, jobs in ((0, 2), (3, 2), (6, 2), (3, 1)):
        at = ("phase", full.ended[1].counts["phase"] - back)
        how: dict[str, Any] = {"jobs": jobs, "environment": {IN_PROCESS: ""}}
        ended = builder.build(full.editions[1], out, store, at=at, signal="INT", group=True, **how)
        interrupted(ended)
        assert contents(out) == full.built[0], at
        assert left_by_nobody(store)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95])
def test_ctrl_c_at_any_moment(builder: Builder, light: States, tmp_path: Path, share: float) -> None:
    out, store = tmp_path / "out", tmp_path / "store"
    assert builder.build(light.editions[0], out, store, *LIGHT).status == 0
    at = ("any", int(share * light.ended[1].counts["any"]))
    other = tmp_path / "other"
    ended = builder.build(light.editions[1], out, other, *LIGHT, at=at, signal="INT", group=True)
    assert (ended.status, ended.stderr) == (130, LINE)
    there = contents(out)
    published = bool(ended.stdout)  # by then, only the catalogue is made
    assert within(there, "essay") == within(light.built[published], "essay")
    assert left_by_nobody(other)
    assert list(out.glob(".*")) == []
    assert builder.build(light.editions[1], out, other, *LIGHT).status == 0
    assert contents(out) == light.built[1]


def test_an_interrupt_that_a_library_loses_is_heard_at_the_next_step() -> None:
    steps = []
    with pytest.raises(KeyboardInterrupt), interruptible("ended"):
        with suppress(KeyboardInterrupt):  # as a callback from C does
            signal.raise_signal(signal.SIGINT)
        steps.append("went on")
        check_interrupted()
        steps.append("was not heard")
    assert steps == ["went on"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_is_dropped_with_an_object_is_not_told_of(capfd: pytest.CaptureFixture[str]) -> None:
    class Interrupted:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    class Broken:
        def __del__(self) -> None:
            raise ValueError("told as ever")

    told = []
    before, sys.unraisablehook = sys.unraisablehook, lambda dropped: told.append(str(dropped.exc_value))
    try:
        with pytest.raises(KeyboardInterrupt), interruptible("ended"):
            Interrupted()
            Broken()
            check_interrupted()
    finally:
        sys.unraisablehook = before
    assert told == ["told as ever"]


def test_a_second_signal_does_not_break_into_the_clearing_up() -> None:
    cleared = []
    with pytest.raises(KeyboardInterrupt), interruptible("ended"):
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            cleared.append("all")
    assert cleared == ["all"]


def test_what_cannot_be_interrupted_is_ended() -> None:
    # A lock that an exception left held: the one who waits for it hears nothing any more.
    program = """
        import os, signal, sys, threading
        from publisher.interrupting import interruptible
        with interruptible("the end", clear=lambda: print("cleared", flush=True), grace=0.1):
            lock = threading.Lock()
            lock.acquire()
            while True:
                try:
                    print("waiting", flush=True)
                    lock.acquire()
                except KeyboardInterrupt:
                    continue
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        os.kill(process.pid, signal.SIGINT)
        told, said = process.communicate()
    assert (process.returncode, told.splitlines()[-1], said) == (130, "cleared", "the end\n")
