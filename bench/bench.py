"""Times whole commands side by side, ours and plain tools on the same text, and keeps the results as data.

    python bench/bench.py [--rows cold,verify | --long] [--runs N] [--name NAME]

Rows are named in `rows.py`; the short ones are run where none are named. Each row runs its sides in turn (A B A B …);
the median counts. Long rows run once. Every row is written to bench/results/NAME.json as soon as it is done, in the
place of an earlier one of its name: `python bench/draw.py` makes tables and a picture of what all machines have. Rows
of other versions or of another edition are dropped first.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from machine import in_words, machine, now, slug, versions
from rows import LONG, SHORT, Bench

RESULTS = Path(__file__).with_name("results")


def main() -> int:
    options = _parser().parse_args()
    known = {**SHORT, **LONG}
    wanted = options.rows.split(",") if options.rows else [*(LONG if options.long else SHORT)]
    if unknown := [name for name in wanted if name not in known]:
        print(f"error: no row {', '.join(unknown)}; choose from {', '.join(known)}", file=sys.stderr)
        return 2
    about = {**machine(), "edition": options.edition.resolve().name}
    file = RESULTS / f"{options.name or slug(about)}.json"
    print(f"{in_words(about)}\n{versions(about)}\nload {now()['load']}", flush=True)
    if file.is_file() and (options.afresh or json.loads(file.read_bytes())["machine"] != about):
        print(f"{file.name}: earlier rows are of something else, and are dropped", flush=True)
        file.unlink()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        bench = Bench(options.edition.resolve(), Path(name), options.runs, options.editions, options.size)
        for row in wanted:
            begun = now()
            try:
                done = known[row](bench) | begun
            except subprocess.CalledProcessError as problem:
                said = (problem.stderr or b"").decode(errors="replace")
                print(f"error: row {row}: {problem}\n{said}", file=sys.stderr)
                return 1
            tell(done)
            keep(file, about, done)
    return 0


def tell(row: dict[str, Any]) -> None:
    """Print a row."""
    print(f"\n{row['title']}   {', '.join(f'{name}: {fact}' for name, fact in row['facts'].items())}")
    for side in row["sides"]:
        print(
            f"  {side['name']:28}{side['seconds']:>9.2f} s{side['processor']:>9.2f} s cpu{side['largest']:>7.0f} MiB"
            f"{side['tree']:>7.0f} MiB in all  {side['what']}"
        )
    for one in row["ratios"]:
        target = f", at most {one['at_most']}" if one["at_most"] else ""
        by = "" if one["by"] == "seconds" else f" ({one['by']})"
        print(f"  {one['of']} / {one['to']}{by}: {one['ratio']}{target}", flush=True)


def keep(file: Path, about: dict[str, Any], row: dict[str, Any]) -> None:
    """Put a row into the results, in the order of the rows' names in `rows.py`."""
    before = json.loads(file.read_bytes())["rows"] if file.is_file() else []
    order = [*SHORT, *LONG]
    rows = sorted(
        [row, *(one for one in before if one["name"] != row["name"])], key=lambda one: order.index(one["name"])
    )
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"machine": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edition", nargs="?", type=Path, default=Path("source/upstream"))
    parser.add_argument("--rows", metavar="LIST", help=f"of: {', '.join(SHORT)}; {', '.join(LONG)}")
    parser.add_argument("--long", action="store_true", help="the long rows")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="of each side of a short row (default: 3)")
    parser.add_argument("--editions", type=int, default=1000, metavar="N", help="how many small ones (default: 1000)")
    parser.add_argument("--size", type=float, default=1.0, metavar="X", help="times the lengths of the long rows")
    parser.add_argument("--name", help="of the results (default: the machine's, as `2-cores-amd-epyc`)")
    parser.add_argument("--afresh", action="store_true", help="drop the results that are there")
    parser.add_argument("--folder", type=Path, help="where to work; the book takes some 10 GB (default: the system's)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
