"""On a cluster, too, an edition is built in a process that is held: it reads, writes and calls no more than on one
machine, its crash costs that edition alone, and it ends with Dask's worker."""

from __future__ import annotations

import json
import os
import select
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from cluster_running import PATIENCE, Cluster, tree, write_edition

from publisher.holding.confining import version
from publisher.holding.here import IN_PROCESS
from publisher.holding.sockets import can_filter

SPOILING = Path(__file__).with_name("spoiling.py")

pytestmark = pytest.mark.skipif(not (version() and can_filter()), reason="this system holds no process")


@pytest.fixture
def port() -> Iterator[int]:
    """Of somebody on loopback who would take a call."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


class Bench:
    """Two editions, a secret beside them, and a worker that is spoilt within its builds."""

    def __init__(self, made: Cluster, folder: Path, temporary: Path) -> None:
        self.made, self.folder, self.temporary = made, folder, temporary
        self.told, self.gate, self.out = folder / "out" / "told", temporary / "gate", folder / "out"
        self.out.mkdir()
        (folder / "secret").write_text("nobody's business", "utf-8")
        for name in ("bay", "strait"):
            write_edition(folder / "source", name)

    def add(self, do: str, *, environment: dict[str, str] | None = None, **more: str) -> Any:
        wish = {"at": "reading", "do": do, "gate": str(self.gate), "told": str(self.told), **more}
        # All of the folder for temporary files may be read and written, so that the rest stands elsewhere.
        own = {"SPOILING": json.dumps(wish), "TMPDIR": str(self.temporary), **(environment or {})}
        return self.made.add(SPOILING, folder=None, **own)

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("--format", "docx", "--source", str(self.folder / "source"), "--out", str(self.out))


@pytest.fixture
def bench(lone: Cluster, tmp_path: Path) -> Iterator[Bench]:
    # Sockets stand there whose names may not be long: else workers would be spawned.
    with tempfile.TemporaryDirectory() as temporary:
        yield Bench(lone, tmp_path, Path(temporary))


@pytest.mark.parametrize("held", [True, False])
def test_a_build_reads_and_writes_nothing_outside_and_calls_nobody(bench: Bench, port: int, held: bool) -> None:
    # Without the holding all of it succeeds, so that a refusal says something.
    wish = {"secret": str(bench.folder / "secret"), "port": str(port)}
    worker = bench.add("leak", environment={IN_PROCESS: "" if held else "1"}, **wish)
    done = bench.made.publish(*bench.arguments, SOURCE_DATE_EPOCH="1000000000")
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in bench.told.read_text("utf-8").splitlines()]
    assert [(one["read"], one["write"], one["call"]) for one in told] == [
        ("PermissionError",) * 3 if held else ("done",) * 3
    ] * 2
    assert (bench.folder / "mine").exists() is not held
    # The environment is that of the moment, however old the process is that all of them are forked from.
    assert {one["epoch"] for one in told} == {"1000000000"}
    processes, parents = ({one["process"][at] for one in told} for at in (0, 1))
    assert len(processes) == (2 if held else 1)
    assert len(parents) == 1
    assert worker.process.pid not in parents  # they are forked from a process that has imported ahead
    assert (worker.process.pid in processes) is not held
    bench.made.publish(*bench.arguments)
    *_, last = (json.loads(line) for line in bench.told.read_text("utf-8").splitlines())
    assert last["epoch"] == ""
    assert last["process"][1] in parents


def test_a_crash_is_one_error_and_costs_that_edition_alone(bench: Bench) -> None:
    worker = bench.add("crash", edition="strait")
    done = bench.made.publish(*bench.arguments)
    assert done.returncode == 2
    (line,) = (line for line in done.stderr.splitlines() if "error" in line)
    assert line.startswith("error: building strait: its process was ended from outside")
    assert {name.partition("/")[0] for name in tree(bench.out)} >= {"bay"}
    assert not (bench.out / "strait").exists()
    assert worker.process.poll() is None
    assert not [*bench.out.glob(".*.partial-*")]


def test_a_worker_that_is_killed_leaves_no_process(bench: Bench) -> None:
    os.mkfifo(bench.gate)
    worker = bench.add("start and wait", once=str(bench.temporary / "once"))
    with bench.made.publishing(*bench.arguments) as process:
        # Opening a pipe waits for its other end. Should nobody come, the test goes on and fails.
        late = Timer(PATIENCE, lambda: os.open(bench.gate, os.O_RDONLY | os.O_NONBLOCK))
        late.start()
        handle = os.open(bench.gate, os.O_WRONLY)
        late.cancel()
        there = json.loads(bench.told.read_text("utf-8"))
        assert worker.process.pid not in there
        assert len(set(there)) == 3
        watched = [os.pidfd_open(one) for one in there]
        worker.kill()
        for one in watched:
            assert select.select([one], [], [], PATIENCE)[0], "a process goes on"
            os.close(one)
        os.close(handle)
        # Whoever comes next clears away what was begun, and builds it.
        bench.gate.unlink()
        bench.made.add()
        _out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert {"bay/bay.docx", "strait/strait.docx"} <= set(tree(bench.out))
    assert not [*bench.out.glob(".*.partial-*")]
