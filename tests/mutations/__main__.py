"""Hunts mutants in built editions and prints who was killed: `make mutate`.

python tests/mutations [--times N] [--seed N] [EDITION…]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import chain
from pathlib import Path

from audio_operators import CUE_OPERATORS, SOUND_OPERATORS, audio_subjects
from document_operators import DOCUMENT_OPERATORS
from editions import subjects
from metadata_operators import METADATA_OPERATORS, PACKAGE_OPERATORS
from mutants import Operator, Tally, hunt
from pdf_operators import PDF_OPERATORS

OPERATORS: tuple[tuple[str, Operator], ...] = (
    *(("epub", operator) for operator in (*DOCUMENT_OPERATORS, *METADATA_OPERATORS, *PACKAGE_OPERATORS)),
    *(("html", operator) for operator in (*DOCUMENT_OPERATORS, *METADATA_OPERATORS)),
    *(("pdf", operator) for operator in PDF_OPERATORS),
    *((column, operator) for column in ("mp3", "m4b") for operator in SOUND_OPERATORS),
    *(("vtt", operator) for operator in CUE_OPERATORS),
)
"""Each with the column that it counts in, which is the suffix of the artefacts that it spoils."""
FORMATS = {"epub": "epub", "html": "web", "pdf": "pdf"}
SOUND = frozenset({"mp3", "m4b", "vtt"})
"""What has to be built for a column."""


def main() -> int:
    """Exit status 1 where a mutant survives or an artefact as built gives a finding."""
    parser = argparse.ArgumentParser(description="Hunt mutants.")
    parser.add_argument("editions", nargs="*", default=["upstream", "constructs"])
    parser.add_argument("--times", type=int, default=2, help="mutants an operator and artefact")
    parser.add_argument("--columns", default="epub,html,pdf,mp3,m4b,vtt", help="kinds of artefacts, of: %(default)s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="operators whose names hold this")
    parser.add_argument("--out", type=Path, help="where editions are built and survivors kept")
    options = parser.parse_args()
    columns = options.columns.split(",")
    with tempfile.TemporaryDirectory() as scratch:
        out = options.out or Path(scratch)
        tally, false = Tally(), []
        for name in options.editions:
            chosen = [(at, one) for at, one in OPERATORS if at in columns and options.only in one.name]
            formats = [FORMATS[column] for column in columns if column in FORMATS]
            found = subjects(name, out / "build", formats) if formats else ()
            sounding = audio_subjects(name, out / "build") if SOUND & set(columns) else ()
            for one in chain(found, (one for one in sounding if one.path.suffix[1:] in columns)):
                false += [f"{name} {one.path.name}: {sorted(told)}"] if (told := one.checks(one.path)) else []
                made = hunt([one], chosen, out / "mutants", times=options.times, seed=options.seed)
                tally.killed.update(made.killed)
                tally.made.update(made.made)
                tally.survivors += made.survivors
    print("\n".join(tally.table()))
    for line in (*tally.survivors, *(f"as built: {line}" for line in false)):
        print(line, file=sys.stderr)
    print(f"{len(tally.survivors)} survivors, {len(false)} artefacts as built with findings")
    return 1 if tally.survivors or false else 0


if __name__ == "__main__":
    sys.exit(main())
