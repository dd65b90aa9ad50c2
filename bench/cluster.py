"""Many small editions on one Dask worker and on two: `bench/cluster.py [--editions 1000] [--format web,docx]`.

Workers are processes on this machine, one thread each, started and warmed up before the clock runs; every run begins
with an empty output and an empty store. On a machine with other work to do the ratio says little: the load is printed.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from pathlib import Path

import dask
from distributed import LocalCluster

from publisher.cluster.driving import Request, build_on_cluster
from publisher.cluster.tasks import Choices, Outcome

WARM = 4
"""Editions that each worker builds before the clock runs: it imports what it needs, and reads its fonts."""


def write_editions(source: Path, count: int) -> None:
    for number in range(count):
        folder = source / f"edition-{number:04}"
        folder.mkdir(parents=True)
        text = "\n\n".join(
            f"## Part {part}\n\nShip {number} lies at anchor, and waits for tide {part}." for part in "123"
        )
        (folder / "article.md").write_text(
            f"---\ntitle: Edition {number}\nlang: en-GB\ndate: 2026-11-20\n---\n\n# Edition {number}\n\n{text}\n",
            "utf-8",
        )


def build(cluster: LocalCluster, source: Path, out: Path, formats: tuple[str, ...]) -> float:
    """Seconds for all editions of a folder."""
    begin = time.perf_counter()
    choices = Choices(formats, store=str(out / "store"))
    outcomes = build_on_cluster(Request(cluster.scheduler_address, source, out / "build", (), choices), _silent)
    taken = time.perf_counter() - begin
    failed = [outcome.error for outcome in outcomes if outcome.error or not outcome.fresh]
    if failed:
        raise SystemExit(f"not built: {failed[0]}")
    return taken


def _silent(_outcome: Outcome, _done: int, _of: int) -> None:
    """The clock runs: nothing is printed."""


def measure(workers: int, source: Path, warm: Path, scratch: Path, formats: tuple[str, ...]) -> float:
    # As docs/how-to/many-machines.md starts them: without Dask's look at its workers, who wait for those that build.
    with (
        dask.config.set({"distributed.worker.profile.enabled": False}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=0,
            local_directory=str(scratch / f"workers-{workers}"),
        ) as cluster,
    ):
        for turn in range(2):
            build(cluster, warm, scratch / f"warm-{workers}-{turn}", formats)
        return build(cluster, source, scratch / f"out-{workers}", formats)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--editions", type=int, default=1000, metavar="N")
    parser.add_argument("--format", default="web,docx", metavar="LIST")
    options = parser.parse_args()
    formats = tuple(options.format.split(","))
    print(f"{options.editions} editions, {options.format}; {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"load when it began: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="bench-cluster-") as folder:
        scratch = Path(folder)
        write_editions(scratch / "source", options.editions)
        write_editions(scratch / "warm", WARM)
        taken = {}
        for workers in (1, 2):
            seconds = measure(workers, scratch / "source", scratch / "warm", scratch, formats)
            taken[workers] = seconds
            name = "one worker" if workers == 1 else "two workers"
            print(f"{name:<12} {seconds:8.1f} s  {options.editions / seconds:6.2f} editions a second")
    print(f"{'ratio':<12} {taken[1] / taken[2]:8.2f}    (1.8 is wanted on a machine with nothing else to do)")


if __name__ == "__main__":
    main()
