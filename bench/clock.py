"""Builds editions one after another in this process and says what each stage of each cost.

    python bench/clock.py SOURCE-FOLDER OUT-FOLDER [PASS…]

PASSes, in their order: cold, unchanged, edited; cold alone where none is named. Prints one JSON document: a record for
each edition and pass, with the seconds of processors by stage (this process, its threads and its children), the
seconds by the clock, and the bytes that came of it; then what an edition costs the catalogue. `PUBLISHER_CACHE` is the
store. It is the same work that a worker process of `publisher build --jobs N` does. `BENCH_BEGUN` may say when the
process was begun, in seconds since 1970: then its start is timed, too.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import edits
import texts

import publisher.build as building
from publisher import listing, making
from publisher.build import Order, all_editions, build_edition
from publisher.fingerprint import Program, program
from publisher.formats import FORMATS
from publisher.manuscript import reading
from publisher.shelving import update_catalogue
from publisher.store import Store, default_store

_SHELF = 200
"""Editions of which the catalogue's cost is taken."""


class Clock:
    """Seconds of processors by stage. Stages may stand in each other: each counts what is its own."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self._inner = [0.0]

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begin = processor()
        self._inner.append(0.0)
        try:
            yield
        finally:
            whole = processor() - begin
            self.stages[name] = self.stages.get(name, 0.0) + whole - self._inner.pop()
            self._inner[-1] += whole

    def around(self, name: str | None, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function with its stage; its first argument names it where `name` is None."""

        def timed(*arguments: Any, **named: Any) -> Any:
            with self.stage(name or arguments[0]):
                return function(*arguments, **named)

        return timed


def processor() -> float:
    """Seconds of processors so far, of this process and of its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def watch(clock: Clock) -> None:
    """Have the stages of every build in this process counted."""
    making._write = clock.around(None, making._write)
    making._encode = clock.around("encoding", making._encode)
    building._narrations = clock.around("narrating", building._narrations)
    making._read_back = clock.around("reading back", making._read_back)
    listing.write_manifest = clock.around("manifest", listing.write_manifest)
    reading.read_edition = clock.around("reading", reading.read_edition)


def measure(
    folder: Path,
    out: Path,
    store: Store,
    clock: Clock,
    formats: tuple[str, ...] = FORMATS,
    *,
    by: Program | None = None,
) -> dict[str, Any]:
    """Build one edition; `by` is the program, which a command looks at once for all."""
    clock.stages.clear()
    before = stored(store)
    begin, wall = processor(), time.perf_counter()
    built = build_edition(Order(folder, out, store, formats, held=False, by=by), lambda *_: None)
    seconds, elapsed = processor() - begin, time.perf_counter() - wall
    after = stored(store)
    manifest = json.loads((built.folder / "edition.json").read_bytes())
    sizes: dict[str, int] = {}
    for file in manifest["files"]:
        sizes[file["format"]] = sizes.get(file["format"], 0) + file["bytes"]
    return {
        "name": folder.name,
        "words": texts.article_words((folder / "article.md").read_text("utf-8")),
        "processor": seconds,
        "seconds": elapsed,
        "stages": {**clock.stages, "rest": seconds - sum(clock.stages.values())},
        "bytes": sizes,
        "files": len(manifest["files"]) + 1,
        "store bytes": after[0] - before[0],
        "store files": after[1] - before[1],
    }


def stored(store: Store) -> tuple[int, int]:
    """Bytes and files of the store."""
    sizes = [path.stat().st_size for path in store.root.glob("??/*")]
    return sum(sizes), len(sizes)


def catalogue_cost(out: Path, folders: list[Path]) -> float:
    """Seconds of a processor that an edition costs the catalogue: that of many, made of the manifests that are here."""
    with tempfile.TemporaryDirectory() as name:
        for number in range(_SHELF):
            target = Path(name) / f"edition-{number}"
            target.mkdir()
            shutil.copy(out / folders[number % len(folders)].name / "edition.json", target)
        begin = processor()
        update_catalogue(Path(name))
        return (processor() - begin) / _SHELF


def main() -> int:
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    passes = sys.argv[3:] or ["cold"]
    store, clock, by = default_store(), Clock(), program()
    watch(clock)
    folders = all_editions(source)
    started = time.time() - float(os.environ.get("BENCH_BEGUN", time.time()))
    records = []
    for which in passes:
        for folder in folders:
            if which == "edited":
                article = folder / "article.md"
                article.write_text(edits.edit_sentence(article.read_text("utf-8"), 7), "utf-8")
            records.append({"pass": which, **measure(folder, out, store, clock, by=by)})
    update_catalogue(out)
    told = {"start": started, "records": records, "catalogue": catalogue_cost(out, folders)}
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
