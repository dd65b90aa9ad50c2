"""From measured costs to a million editions: fits the model, predicts, and checks it against real builds.

    python bench/scale.py [--check 10,100,1000] [--workers N --cores N …] [--core-hour X …]

Builds small editions of three lengths in one process, stage by stage, twice at once to see how processes crowd each
other, and again with nothing changed and with a sentence edited; fits `scale_model.Model` to that; predicts 10^3 to
10^6 editions, cold and for a night in which 1 % changed. `--check` builds so many with `publisher build`, or takes what
the bench's row of as many cost, and says how far off the prediction was. All goes to bench/results/scale.json, from
which `draw.py` makes the tables.
`--keep-fit` uses the model that is there.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import edits
import texts
from machine import in_words, machine, now, slug
from measuring import folder_bytes
from rows import NIGHT
from scale_model import (
    CHANGED,
    CLOUD,
    Fleet,
    Model,
    Prices,
    Task,
    Tasks,
    asking_here,
    cold_tasks,
    first_limit,
    fit,
    nightly_far_tasks,
    nightly_tasks,
    play,
    predict,
)
from sides import OURS, PUBLISHER, environment_of, rounded

RESULTS = Path(__file__).parent / "results" / "scale.json"
_CLOCK = str(Path(__file__).with_name("clock.py"))
_LENGTHS = (75, 150, 300)
"""Words asked for; small editions have 75 to 225 (`texts.write_small`), and a block more."""
_SIZES = (1_000, 10_000, 100_000, 1_000_000)
_HERE = Fleet(1, len(os.sched_getaffinity(0)))
_MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
_CHUNK = 1 << 20
_PASSES: Mapping[str, tuple[Tasks, Tasks]] = {
    "cold": (cold_tasks, cold_tasks),
    "nightly": (nightly_tasks, nightly_far_tasks),
}
"""What is run, on one machine and on a fleet with its output in an object store."""


def measure(folder: Path, each: int) -> dict[str, Any]:
    """Records of one process alone, of two at once, and of a whole `publisher build` of what is there already."""
    alone = _grid(folder / "alone", each, 1)
    told = _clock([alone], ["cold", "unchanged", "edited"])[0]
    begin = time.perf_counter()
    _build(alone / "source", alone / "build", _cache(alone))
    command = time.perf_counter() - begin
    pair = [_grid(folder / f"pair-{number}", each, 100 * number) for number in (1, 2)]
    both = _clock(pair, ["cold"])
    records = [record for record in told["records"] if record["name"] != "a-first"]
    crowded = [record for one in both for record in one["records"] if record["name"] != "a-first"]
    return {
        "records": records,
        "crowded": crowded,
        "catalogue": told["catalogue"],
        # Before the first build, and what that took longer for its imports and fonts.
        "begun": told["start"],
        "start": told["start"] + _first(told["records"]),
        "command": command,
        "disk": disk_speed(alone / "build"),
    }


def disk_speed(folder: Path) -> float:
    """Bytes a second at which the disk reads the files of a folder, one after another, that are in memory no more."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in files:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    begin, size = time.perf_counter(), 0
    for path in files:
        with path.open("rb") as file:
            size += sum(len(chunk) for chunk in iter(lambda: file.read(_CHUNK), b""))
    return size / (time.perf_counter() - begin)


def _cache(folder: Path) -> Path:
    """Where the store is of what stands in a folder, and of those beside it that are built at once."""
    return folder.parent / f"cache-{folder.name}"


def _first(records: Sequence[Mapping[str, Any]]) -> float:
    """Seconds by which the first build was longer than later ones of its length."""
    cold = [record for record in records if record["pass"] == "cold"]
    later = fit([(record["words"], record["seconds"]) for record in cold if record["name"] != "a-first"])
    (first,) = (record for record in cold if record["name"] == "a-first")
    return max(0.0, float(first["seconds"]) - later.at(first["words"]))


def _grid(folder: Path, each: int, seed: int) -> Path:
    """Editions of each length, and one more that is built first and does not count."""
    texts.write_edition(folder / "source" / "a-first", "small", _LENGTHS[0], seed)
    for number in range(each):
        for words in _LENGTHS:
            seed += 1
            texts.write_edition(folder / "source" / f"b-{number:02}-{words}", "small", words, seed)
    return folder


def _clock(folders: Sequence[Path], passes: Sequence[str]) -> list[dict[str, Any]]:
    """What `clock.py` says of each folder, all at once. They share a store.

    Raises CalledProcessError.
    """
    environment = environment_of(_cache(folders[0])) | {"BENCH_BEGUN": str(time.time())}
    processes = [
        subprocess.Popen(
            [sys.executable, _CLOCK, str(folder / "source"), str(folder / "build"), *passes],
            env=environment,
            stdout=subprocess.PIPE,
        )
        for folder in folders
    ]
    said = [process.communicate()[0] for process in processes]
    for process in processes:
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
    return [json.loads(one) for one in said]


def fitted(measured: Mapping[str, Any]) -> Model:
    """The model of what was measured."""
    by = {
        name: [record for record in measured["records"] if record["pass"] == name]
        for name in ("cold", "unchanged", "edited")
    }
    cold = by["cold"]
    stages = sorted({name for record in cold for name in record["stages"]})
    formats = sorted({name for record in cold for name in record["bytes"]})

    def line(records: Sequence[Mapping[str, Any]], *path: str) -> Any:
        points = []
        for record in records:
            value: Any = record
            for name in path:
                value = value.get(name, 0.0)
            points.append((float(record["words"]), float(value)))
        return fit(points)

    crowded = measured["crowded"]
    alone = fit([(record["words"], record["processor"]) for record in cold])
    model = Model(
        stages={name: line(cold, "stages", name) for name in stages},
        unchanged=line(by["unchanged"], "processor"),
        edited=line(by["edited"], "processor"),
        formats={name: line(cold, "bytes", name) for name in formats},
        files=sum(record["files"] for record in cold) / len(cold),
        store=line(cold, "store bytes"),
        store_files=line(cold, "store files"),
        crowding=sum(one["seconds"] for one in crowded) / sum(alone.at(one["words"]) for one in crowded),
        start=measured["start"],
        catalogue=measured["catalogue"],
        disk=measured["disk"],
    )
    # What a command with nothing to do takes beyond what its workers are known to: they begin after it.
    idle = [Task(model.unchanged.at(one["words"]) * model.crowding, 0, 0, one["words"]) for one in by["unchanged"]]
    known = play(idle, _HERE, start=measured["begun"], catalogue=model.catalogue).seconds
    return replace(model, launch=max(0.0, measured["command"] - known))


def predictions(model: Model, fleet: Fleet, prices: Prices) -> list[dict[str, Any]]:
    """Each size, cold and nightly: on one machine like this one, and on the fleet."""
    told = []
    for editions in _SIZES:
        words = _words(min(editions, 1000))
        for name, (near, far) in _PASSES.items():
            alone = predict(model, editions, words, _here(model, editions, words, name), near)
            many = predict(model, editions, words, fleet, far)
            limit, workers = first_limit(model, editions, words, fleet, far)
            mean = sum(words) / len(words)
            output, kept = model.output(mean) * editions, model.store.at(mean) * editions
            # Each edition is listed; what was edited is put beside and copied.
            written = editions * (1 + model.files * (1 if name == "cold" else 2 * CHANGED))
            # Its record and its manifest are read, and the manifest once more with the record of the last catalogue.
            read = 4 * editions
            told.append(
                {
                    "editions": editions,
                    "pass": name,
                    "alone": alone.seconds,
                    "fleet": many.seconds,
                    "fleet limit": many.limit,
                    "output": output,
                    "store": kept,
                    "run": prices.run(many, fleet, written, read),
                    "month": prices.month(output),
                    "limit": limit,
                    "workers": workers,
                }
            )
    return told


def _here(model: Model, editions: int, words: Sequence[float], what: str) -> Fleet:
    """This machine. What is built cold is written when the disk has time; what stands is read while somebody waits."""
    return asking_here(model, editions, words, _HERE.cores, _MEMORY) if what == "nightly" else _HERE


def _words(editions: int) -> list[int]:
    """How long the small editions are, as `texts.write_small` makes them: the lengths alone, from the text itself."""
    with tempfile.TemporaryDirectory() as name:
        return [one.words for one in texts.write_small(Path(name), editions)]


def check(model: Model, editions: int, folder: Path) -> list[dict[str, Any]]:
    """What so many editions really cost, cold and then as in a night, beside what the model says of it."""
    source = folder / "source"
    shutil.rmtree(folder, ignore_errors=True)
    words = [one.words for one in texts.write_small(source, editions)]
    real = _benched(editions) or _real(source, folder / "build", folder / "cache")
    predicted = {
        **{
            f"{name}, seconds": predict(model, editions, words, _here(model, editions, words, name), near).seconds
            for name, (near, _) in _PASSES.items()
        },
        "bytes to download": sum(model.output(one) for one in words),
        "bytes of the store": sum(model.store.at(one) for one in words),
    }
    return [_beside(what, editions, predicted[what], real[what]) for what in predicted]


def _benched(editions: int) -> dict[str, float] | None:
    """What the bench's row of as many editions cost on this machine, with this program; None where it was not run."""
    file = RESULTS.with_name(f"{slug(machine())}.json")
    if not file.is_file():
        return None
    told = json.loads(file.read_bytes())
    rows = [one for one in told["rows"] if one["name"] == "editions" and one["facts"]["editions"] == editions]
    if not rows or any(told["machine"].get(name) != value for name, value in machine().items()):
        return None
    if rows[0].get("program") != now()["program"]:
        return None  # of another program, or of other texts
    facts, seconds = rows[0]["facts"], {one["name"]: one["seconds"] for one in rows[0]["sides"]}
    sizes = {name: facts[name] for name in ("bytes to download", "bytes of the store")}
    return {"cold, seconds": seconds[OURS], "nightly, seconds": seconds[NIGHT], **sizes}


def _real(source: Path, out: Path, cache: Path) -> dict[str, float]:
    """The same of editions that are built now."""
    told: dict[str, float] = {}
    for name in _PASSES:
        if name == "nightly":
            edits.edit_some(source, round(1 / CHANGED))
        begin = time.perf_counter()
        _build(source, out, cache)
        told[f"{name}, seconds"] = time.perf_counter() - begin
        if name == "cold":
            told |= {"bytes to download": folder_bytes(out), "bytes of the store": folder_bytes(cache)}
    return told


def _build(source: Path, out: Path, cache: Path) -> None:
    command = [*PUBLISHER, "build", "--source", str(source), "--out", str(out), "--jobs", str(_HERE.cores)]
    subprocess.run(command, check=True, capture_output=True, env=environment_of(cache))


def _beside(what: str, editions: int, predicted: float, real: float) -> dict[str, Any]:
    return {"editions": editions, "what": what, "predicted": predicted, "real": real, "error": predicted / real - 1}


def main() -> int:
    options = _parser().parse_args()
    about = machine()
    kept: dict[str, Any] = json.loads(RESULTS.read_bytes()) if RESULTS.is_file() else {}
    fleet = replace(CLOUD, workers=options.workers, cores=options.cores)
    prices = Prices(options.prices_of, options.core_hour, options.gigabyte_month, options.thousand_writes)
    print(f"{in_words(about)}; load {now()['load']}", flush=True)
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        if not options.keep_fit:
            begun = now()
            model = fitted(measure(folder, options.each))
            kept = {"machine": about, **begun, "lengths": list(_LENGTHS), "model": rounded(asdict(model))}
        model = Model.of(kept["model"])
        kept |= {
            "fleet": rounded({**asdict(fleet)}),
            "prices": asdict(prices),
            "predictions": rounded(predictions(model, fleet, prices)),
        }
        _keep(kept)
        for editions in [int(one) for one in options.check.split(",") if one]:
            checked = rounded(check(model, editions, folder / "check"))
            others = [one for one in kept.get("checks", []) if one["editions"] != editions]
            kept["checks"] = sorted([*others, *checked], key=lambda one: one["editions"])
            for one in checked:
                numbers = f"{one['predicted']:>14.4g}{one['real']:>14.4g}{one['error']:>8.0%}"
                print(f"{one['editions']:>6} {one['what']:24}{numbers}", flush=True)
            _keep(kept)
    for one in kept["predictions"]:
        print(
            f"{one['editions']:>9} {one['pass']:8}{one['alone'] / 3600:>10.2f} h alone{one['fleet'] / 3600:>9.2f} h"
            f"{one['run']:>9.2f} $ a run{one['month']:>9.2f} $ a month   {one['limit']} from {one['workers']} workers"
        )
    return 0


def _keep(results: Mapping[str, Any]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Prices()
    parser.add_argument("--check", default="", metavar="LIST", help="editions to build for real, as 10,100,1000")
    parser.add_argument("--each", type=int, default=3, metavar="N", help="editions of each length (default: 3)")
    parser.add_argument("--keep-fit", action="store_true", help="measure nothing anew but what --check asks for")
    parser.add_argument("--workers", type=int, default=50, metavar="N", help="of the fleet (default: 50)")
    parser.add_argument(
        "--cores", type=int, default=CLOUD.cores, metavar="N", help=f"each has (default: {CLOUD.cores})"
    )
    parser.add_argument("--core-hour", type=float, default=default.core_hour, metavar="USD")
    parser.add_argument("--gigabyte-month", type=float, default=default.gigabyte_month, metavar="USD")
    parser.add_argument("--thousand-writes", type=float, default=default.thousand_writes, metavar="USD")
    parser.add_argument("--prices-of", default=default.day, metavar="DAY", help="when these prices were asked for")
    parser.add_argument("--folder", type=Path, help="where to work (default: the system's)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
