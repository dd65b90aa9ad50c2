"""What goes wrong among machines: workers, schedulers and runs that end in the middle, slow, full and wrong workers.

Whatever happens, what readers see in the end has the bytes of a local build, and a second run does only what is left.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import pytest
from cluster_running import PATIENCE, S3, Cluster, cluster, objects, tree, write_edition
from shared_by_workers import made_once, shared_folder

from publisher.build import Order, build_edition
from publisher.cli import main
from publisher.store import Store

SPOILING = Path(__file__).with_name("spoiling.py")
NAMES = ("bay", "harbour", "strait")
SECOND = "strait"
"""The editions are of one length but for their names, and the longest is built first."""
TEXT = ("--format", "docx")


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The editions in `source`, and what a local build makes of them in `build`."""

    def make(folder: Path) -> None:
        for name in NAMES:
            edition = write_edition(folder / "source", name)
            build_edition(Order(edition, folder / "build", Store(folder / "store"), ("docx",)), lambda *_: None)

    return made_once(shared_folder(tmp_path_factory) / "cluster-editions", make)


@dataclass(frozen=True)
class Bench:
    """Where a test works: the sources, the local build, a folder that all share, a gate that workers wait at."""

    source: Path
    expected: dict[str, bytes]
    out: Path
    gate: Path
    once: Path

    def arguments(self, out: str = "") -> tuple[str, ...]:
        return (*TEXT, "--source", str(self.source), "--out", out or str(self.out))

    def built(self) -> dict[str, bytes]:
        return {name: data for name, data in tree(self.out).items() if name.partition("/")[0] in NAMES}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Begins when a worker waits at the gate; at its end the gate is open, for this one and all who come later."""
        # Opening a pipe waits for its other end. Should nobody come, the test goes on and fails.
        late = Timer(PATIENCE, lambda: os.open(self.gate, os.O_RDONLY | os.O_NONBLOCK))
        late.start()
        gate = os.open(self.gate, os.O_WRONLY)
        late.cancel()
        try:
            yield
        finally:
            self.gate.unlink()
            self.gate.touch()
            os.close(gate)

    def spoilt(self, at: str, do: str = "", **more: str) -> dict[str, str]:
        return {"SPOILING": json.dumps({"at": at, "do": do, "gate": str(self.gate), **more})}


@pytest.fixture
def bench(here: Path, tmp_path: Path) -> Bench:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    return Bench(here / "source", tree(here / "build"), tmp_path / "out", gate, tmp_path / "once")


def lines(stream: Iterator[str], saying: str, count: int = 1) -> list[str]:
    """The lines of a process until so many of them hold some words."""
    read: list[str] = []
    while sum(saying in line for line in read) < count:
        line = next(stream, "")
        assert line, f"ended after {read}"
        read.append(line)
    return read


def ended(process: subprocess.Popen[str]) -> tuple[str, str, int]:
    out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in err
    return out, err, process.returncode


def test_a_worker_killed_before_the_swap(lone: Cluster, bench: Bench) -> None:
    spoilt = bench.spoilt("swap", "end", once=str(bench.once))
    lone.add(SPOILING, **spoilt)
    lone.add(SPOILING, **spoilt)
    done = lone.publish(*bench.arguments())
    assert done.returncode == 0, done.stderr
    assert bench.once.exists()
    assert bench.built() == bench.expected
    # What the lost worker had begun is gone, too.
    assert not [*bench.out.glob(".*.partial-*")]


@pytest.mark.parametrize("point", ["copy", "manifest", "told"])
def test_a_worker_killed_while_it_publishes_to_s3(on_s3: Cluster, s3: S3, bench: Bench, point: str) -> None:
    for name in NAMES:
        # An older edition stands there, of other bytes.
        old = json.dumps({"files": [{"name": f"{name}.docx", "bytes": 3, "sha256": "0"}, {"name": "gone.html"}]})
        for file, text in {f"{name}.docx": "old", "gone.html": "old", "edition.json": old}.items():
            s3.client.put_object(Bucket=s3.bucket, Key=f"out/{name}/{file}", Body=text.encode())
    spoilt = bench.spoilt(point, "end", once=str(bench.once))
    on_s3.add(SPOILING, **spoilt)
    on_s3.add(SPOILING, **spoilt)
    arguments = bench.arguments(f"{s3.address}/out")
    done = on_s3.publish(*arguments)
    assert done.returncode == 0, done.stderr
    assert bench.once.exists()
    built = objects(s3.client, s3.bucket, "out/")
    assert {name: data for name, data in built.items() if name.partition("/")[0] in NAMES} == bench.expected
    if point == "told":
        again = on_s3.publish(*arguments)
        assert again.stdout.count("nothing changed") == len(NAMES)


def test_an_edition_that_ends_every_worker_is_told_and_keeps_no_other_from_being_built(
    tmp_path: Path, bench: Bench
) -> None:
    # Dask gives an edition to another worker three times; here once, so that the test needs fewer.
    with cluster(tmp_path / "cluster", {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}) as made:
        for _ in range(3):
            made.add(SPOILING, **bench.spoilt("begin", "end", edition="strait"))
        done = made.publish(*bench.arguments())
    assert done.returncode == 2
    assert "error: strait: 2 workers were lost while they built it, the last tcp://127.0.0.1:" in done.stderr
    assert bench.built() == {name: data for name, data in bench.expected.items() if not name.startswith("strait/")}


def test_a_scheduler_restarted(lone: Cluster, bench: Bench) -> None:
    worker = lone.add(SPOILING, **bench.spoilt("begin", "wait", edition=SECOND))
    with lone.publishing(*bench.arguments()) as process:
        assert process.stdout is not None
        first = lines(process.stdout, "(1 of 3)")[-1].partition(":")[0]
        with bench.held():
            lone.restart_scheduler()
            _out, err, status = ended(process)
            worker.kill()
    assert status == 2
    assert len(err.splitlines()) == 1, err
    assert "the scheduler was lost when 1 of 3 editions were done" in err
    assert "run the same command again" in err
    lone.add()
    done = lone.publish(*bench.arguments())
    assert done.returncode == 0, done.stderr
    assert f"{first}: nothing changed" in done.stdout
    assert f"{SECOND}: 2 files" in done.stdout
    assert bench.built() == bench.expected


def test_a_slow_worker_keeps_no_other_from_its_work(lone: Cluster, bench: Bench) -> None:
    lone.add(SPOILING, **bench.spoilt("begin", "wait", once=str(bench.once)))
    lone.add()
    with lone.publishing(*bench.arguments()) as process:
        assert process.stdout is not None
        with bench.held():
            lines(process.stdout, "(1 of 3)")
        out, err, status = ended(process)
    assert status == 0, err
    assert "(3 of 3)" in out
    assert bench.built() == bench.expected


def test_a_worker_out_of_memory(lone: Cluster, bench: Bench) -> None:
    nanny = bench.spoilt("begin", "eat", once=str(bench.once))
    lone.environment = {**lone.environment, **nanny}
    lone.add_nanny("700MB", SPOILING)
    done = lone.publish(*bench.arguments())
    assert done.returncode == 0, done.stderr
    assert bench.once.exists()
    assert bench.built() == bench.expected


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_worker_whose_disk_is_full(on_s3: Cluster, s3: S3, bench: Bench, small_disk: Path) -> None:
    full = bench.spoilt("begin", "fill", folder=str(small_disk))
    on_s3.add(SPOILING, name="full", folder=small_disk, **full)
    arguments = bench.arguments(f"{s3.address}/out")
    # Alone it can do nothing, says so, and publishes nothing.
    done = on_s3.publish(*arguments)
    assert done.returncode == 2
    assert "bay: no worker can build it" in done.stderr
    assert "no room in" in done.stderr
    assert objects(s3.client, s3.bucket, "out/") == {}
    (small_disk / "filler").unlink()
    on_s3.add()
    done = on_s3.publish(*arguments)
    assert done.returncode == 0, done.stderr
    built = objects(s3.client, s3.bucket, "out/")
    assert {name: data for name, data in built.items() if name.partition("/")[0] in NAMES} == bench.expected


def test_a_worker_with_another_version_is_refused_by_name(lone: Cluster, bench: Bench) -> None:
    lone.add()
    lone.add(SPOILING, name="old-one", **bench.spoilt("version"))
    done = lone.publish(*bench.arguments())
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: worker old-one (tcp://127.0.0.1:")
    assert "differs: concordant-publisher 0.0.1 there" in line
    assert not bench.out.exists()


def test_a_worker_that_does_not_see_the_shared_folder_is_left_out(lone: Cluster, bench: Bench) -> None:
    blind = lone.add(SPOILING, **bench.spoilt("blind"))
    lone.add()
    done = lone.publish(*bench.arguments())
    assert done.returncode == 0, done.stderr
    assert f"worker {blind.address} is left out: it does not see {bench.out}" in done.stderr
    assert bench.built() == bench.expected


def test_a_worker_with_another_version_that_joins_late_builds_nothing(lone: Cluster, bench: Bench) -> None:
    lone.add(SPOILING, **bench.spoilt("begin", "wait", once=str(bench.once)))
    with lone.publishing(*bench.arguments()) as process:
        assert process.stderr is not None
        with bench.held():
            late = lone.add(SPOILING, name="late", **bench.spoilt("version"))
            lines(process.stderr, f"worker {late.address} is left out: concordant-publisher 0.0.1 there")
        _out, err, status = ended(process)
    assert status == 0, err
    assert bench.built() == bench.expected


def test_a_run_stopped_half_way_goes_on(lone: Cluster, bench: Bench) -> None:
    lone.add(SPOILING, **bench.spoilt("begin", "wait", edition=SECOND))
    with lone.publishing(*bench.arguments()) as process:
        assert process.stdout is not None
        first = lines(process.stdout, "(1 of 3)")[-1].partition(":")[0]
        with bench.held():
            process.send_signal(signal.SIGINT)
            _out, err, status = ended(process)
            assert status == 130
            assert err == "error: interrupted; what was published before is untouched\n"
            assert {name.partition("/")[0] for name in bench.built()} == {first}
    done = lone.publish(*bench.arguments())
    assert done.returncode == 0, done.stderr
    assert f"{first}: nothing changed" in done.stdout
    assert bench.built() == bench.expected


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--scheduler", "tcp://127.0.0.1:9", "--executor", "dask"), "no scheduler at tcp://127.0.0.1:9"),
        (("--scheduler", "carrier-pigeon://home", "--executor", "dask"), "no scheduler at carrier-pigeon://home"),
        (("--scheduler", "tcp://127.0.0.1:9"), "go together"),
        (("--executor", "dask"), "go together"),
        (("--out", "s3://bucket/out"), "s3://bucket/out is an address; add --executor dask"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_line(
    arguments: tuple[str, ...],
    told: str,
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    assert main(["build", "--source", str(here / "source"), *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line


def test_a_cluster_without_workers_is_told(lone: Cluster, bench: Bench) -> None:
    done = lone.publish(*bench.arguments(), DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="1s")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"no worker at {lone.address}; start some with `dask worker" in line
