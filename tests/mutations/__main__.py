"""Hunts mutants in built editions and prints who was killed: `make mutate`.

python tests/mutations [EDITION…] [--times N] [--seed N] [--columns html,pdf] [--only WORDS] [--tally FILE]
    [--table FILE]

EDITION is a name under source/ or tests/editions/, or a path to an edition's folder; all of them if none is given.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from editions import COLUMNS, Workshop, every_edition, folder_of
from hunting import Bag, folders_named_apart, hunt_all
from mutants import Tally
from records import read_back, write_down

from publisher.model.findings import PublisherError
from publisher.progress import Tell, progress

BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"
"""The marks in a page between which the table stands."""


def main() -> int:
    """Exit status 1 where a mutant survives or an artefact as built gives a finding; 2 for unusable input."""
    parser = argparse.ArgumentParser(description="Hunt mutants.")
    parser.add_argument("editions", nargs="*", metavar="EDITION", help="all that there are, if none is given")
    parser.add_argument("--times", type=int, default=2, help="mutants an operator and file; long recordings take one")
    parser.add_argument("--columns", default=",".join(COLUMNS), help="kinds of artefacts, of: %(default)s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="WORDS", help="operators whose names hold this")
    parser.add_argument("--out", type=Path, help="where editions are built and survivors kept")
    parser.add_argument(
        "--tally", type=Path, metavar="FILE", help="write down what comes in; table of all that is there"
    )
    parser.add_argument("--table", type=Path, metavar="FILE", help="write the table as Markdown, too")
    parser.add_argument("--jobs", type=int, help="processes at once; as many as there are processors")
    options = parser.parse_args()
    columns = options.columns.split(",")
    if unknown := sorted(set(columns) - set(COLUMNS)):
        parser.error(f"no such column: {', '.join(unknown)}; there are: {', '.join(COLUMNS)}")
    try:
        folders = [folder_of(name) for name in options.editions] or every_edition()
        if not folders_named_apart(folders):
            parser.error("two editions have one name; hunt in them one after the other")
        with tempfile.TemporaryDirectory() as scratch, progress("mutants", quiet=False) as tell:
            bag = _hunt(folders, (options.out or Path(scratch)).resolve(), columns, options, tell)
    except PublisherError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_status
    names = [folder.name for folder in folders]
    if options.tally:
        bag, names = read_back(options.tally)
    for line in bag.tally.table():
        print(line)
    for line in (*bag.tally.survivors, *(f"as built: {line}" for line in bag.false)):
        print(line, file=sys.stderr)
    print(f"{len(bag.tally.survivors)} survivors, {len(bag.false)} artefacts as built with findings")
    if options.table:
        put_in(options.table, "\n".join(markdown(bag, names)))
    return 1 if bag.tally.survivors or bag.false else 0


def _hunt(folders: Sequence[Path], out: Path, columns: list[str], options: argparse.Namespace, tell: Tell) -> Bag:
    workshops = [Workshop(folder.resolve(), out) for folder in folders]
    for workshop in workshops:
        tell(f"building {workshop.name}", 0, 0)
        workshop.build(columns)
    keep = write_down(options.tally) if options.tally else lambda *_: None
    choice = {"only": options.only, "times": options.times, "seed": options.seed, "jobs": options.jobs}
    return hunt_all(workshops, columns, tell, keep=keep, **choice)


def put_in(path: Path, table: str) -> None:
    """Write a file, or only what stands between its marks if it has them."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    whole = f"{before}{BEGIN}{table}\n{END}{after}" if begun and ended else f"{table}\n"
    path.write_text(whole, encoding="utf-8")


def markdown(bag: Bag, names: Sequence[str]) -> Iterator[str]:
    """The tables as they stand in docs/reference/mutations.md: by operators, and by editions."""
    tally: Tally = bag.tally
    yield f"{tally.sum}; {len(tally.survivors)} survived. {len(bag.false)} files gave a finding as they were built."
    yield ""
    yield f"| Made in | {' | '.join(tally.columns)} |"
    yield f"|---{'|--:' * len(tally.columns)}|"
    for name in names:
        yield f"| {name} | {' | '.join(str(bag.made[name, column] or '') for column in tally.columns)} |"
    yield ""
    yield f"| Killed of made | {' | '.join(tally.columns)} |"
    yield f"|---{'|--:' * len(tally.columns)}|"
    for name, *cells in tally.rows():
        yield f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
