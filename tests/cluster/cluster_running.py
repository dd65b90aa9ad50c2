"""What the tests of clusters share: processes on loopback, an S3 server on loopback, small editions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

import publisher
from publisher.holding.here import IN_PROCESS

DASKLING = Path(__file__).with_name("daskling.py")
ROOT = Path(publisher.__file__).parents[1]
PATIENCE = 60
"""Seconds after which a process that says nothing counts as hung."""

QUICK = {
    # A worker that is gone is noticed at once by its closed connection; this is for what it held.
    "DASK_DISTRIBUTED__SCHEDULER__LOCKS__LEASE_TIMEOUT": "2s",
    "DASK_DISTRIBUTED__SCHEDULER__LOCKS__LEASE_VALIDATION_INTERVAL": "200ms",
}


@dataclass(frozen=True)
class S3:
    """A server with one empty bucket, and what a process has to know to find it."""

    client: Any
    bucket: str
    environment: dict[str, str]

    @property
    def address(self) -> str:
        return f"s3://{self.bucket}"


@dataclass
class Running:
    """A process and the address that it told."""

    process: subprocess.Popen[str]
    address: str = ""

    def kill(self) -> None:
        """End it at once; nothing where it has ended."""
        self.process.kill()
        self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()


@dataclass
class Cluster:
    """A scheduler and its workers; `folder` holds their logs and their own files."""

    folder: Path
    environment: Mapping[str, str]
    scheduler: Running = field(init=False)
    workers: list[Running] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.scheduler.address

    def start_scheduler(self, port: str = "0") -> None:
        self.scheduler = self._start("scheduler", port)

    def restart_scheduler(self) -> None:
        """Kill the scheduler, and start another at its address."""
        port = self.address.rpartition(":")[2]
        self.scheduler.kill()
        self.start_scheduler(port)

    def add(self, *spoiling: Path, name: str = "", folder: Path | None = None, **more: str) -> Running:
        """Start a worker."""
        name = name or f"w{len(self.workers)}"
        own = folder or self.folder / name
        worker = self._start("worker", self.address, str(own), name, *map(str, spoiling), **more)
        self.workers.append(worker)
        return worker

    def add_nanny(self, memory: str, *spoiling: Path) -> Running:
        """Start a worker that may use so much memory, under a nanny that ends it when it does and starts it anew."""
        own = self.folder / f"n{len(self.workers)}"
        worker = self._start("nanny", self.address, str(own), memory, *map(str, spoiling))
        self.workers.append(worker)
        return worker

    def publish(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """`publisher build` with these arguments on this cluster."""
        with self.publishing(*arguments, **more) as process:
            out, err = process.communicate(timeout=PATIENCE)
        assert "Traceback" not in err
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    @contextmanager
    def publishing(self, *arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
        """The same, while it runs."""
        on = ("--executor", "dask", "--scheduler", self.address)
        with started("-m", "publisher.cli", "build", *on, *arguments, **{**self.environment, **more}) as process:
            yield process

    def stop(self) -> None:
        for running in (*self.workers, self.scheduler):
            running.kill()

    def _start(self, *arguments: str, **more: str) -> Running:
        log = (self.folder / f"{arguments[0]}.log").open("a")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", str(DASKLING), *arguments],
                env={**self.environment, **more},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, (self.folder / f"{arguments[0]}.log").read_text()
        return Running(process, address)


@contextmanager
def started(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        # Whoever reads what a hung process has to say would wait for ever.
        late = Timer(PATIENCE, process.kill)
        late.start()
        try:
            yield process
        finally:
            late.cancel()
            if process.poll() is None:
                process.kill()


@contextmanager
def cluster(folder: Path, environment: Mapping[str, str]) -> Iterator[Cluster]:
    """A scheduler without workers yet; all is ended with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    own = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        "PUBLISHER_CACHE": str(folder / "cache"),
        IN_PROCESS: "",  # workers hold what they build, as they do for users
        **QUICK,
        **environment,
    }
    made = Cluster(folder, own)
    with ExitStack() as stack:
        made.start_scheduler()
        stack.callback(made.stop)
        yield made


def write_edition(source: Path, name: str, words: str = "") -> Path:
    """A small edition; `words` make it another one."""
    folder = source / name
    folder.mkdir(parents=True, exist_ok=True)
    front = f"---\ntitle: The {name}\nlang: en-GB\ndate: 2026-11-20\nidentifier: urn:example:{name}\n---\n"
    text = f"# {name.capitalize()}\n\nShips lie at anchor in the {name}. {words}\n\nThe tide turns at noon.\n"
    (folder / "article.md").write_text(f"{front}\n{text}", "utf-8")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder that readers see, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def objects(client: Any, bucket: str, prefix: str) -> dict[str, bytes]:
    """Every object below a prefix that readers see, by name from there."""
    listed = client.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", ())
    names = [one["Key"] for one in listed if not one["Key"].removeprefix(prefix).startswith(".")]
    return {
        name.removeprefix(prefix): client.get_object(Bucket=bucket, Key=name)["Body"].read() for name in sorted(names)
    }


def upload(client: Any, folder: Path, bucket: str, prefix: str) -> None:
    """Put every file of a folder below a prefix."""
    for path in folder.rglob("*"):
        if path.is_file():
            name = f"{prefix}{path.relative_to(folder).as_posix()}"
            client.put_object(Bucket=bucket, Key=name, Body=path.read_bytes())
