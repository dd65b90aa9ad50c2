"""Times whole commands side by side: ours, and what a user would otherwise run for the same text; then what verifying
costs beside building.

    python bench/bench.py [EDITION-FOLDER] [--runs N]

Each row runs both sides in turn (A B A B …), so that a machine whose speed drifts slows both; the median is printed.
Where a plain tool is not installed the row says so; nothing is guessed.

Verifying is timed on what has just been built. Its start-up is the interpreter, the imports and the reading of the
source, which is timed by itself in the same turn; what is left is the reading back of the files and the comparison.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pypandoc
from pdf_pages import long_edition

PDF_PAGES = str(Path(__file__).with_name("pdf_pages.py"))
PUBLISHER = [sys.executable, "-m", "publisher.cli"]
Command = list[str]


@dataclass(frozen=True)
class Row:
    """One line of the table. `prepare` runs before each of our runs, untimed."""

    name: str
    ours: Sequence[Command]
    plain: Sequence[Command]
    plain_label: str
    prepare: Callable[[], None]


@dataclass(frozen=True)
class Run:
    """What one run of some commands cost: seconds by the wall clock and of processors, MiB of the largest process."""

    seconds: float
    memory: float
    processor: float = 0.0


def run(commands: Sequence[Command], environment: dict[str, str], *, good: Sequence[int] = (0,)) -> Run:
    """Run the commands one after another. Raises CalledProcessError where one ends with a status that is not `good`."""
    begin, peak, processor = time.perf_counter(), 0, 0.0
    for command in commands:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in good:
            raise subprocess.CalledProcessError(process.returncode, command)
        peak = max(peak, usage.ru_maxrss)
        processor += usage.ru_utime + usage.ru_stime
    return Run(time.perf_counter() - begin, peak / 1024, processor)


def plain_chain(edition: Path, folder: Path) -> tuple[list[Command], str]:
    """What a shell script would do: pandoc to EPUB and HTML, WeasyPrint to PDF, espeak-ng and an MP3 encoder."""
    pandoc = str(pypandoc.get_pandoc_path())
    article = str(edition / "article.md")
    at = {name: str(folder / f"plain.{name}") for name in ("epub", "html", "pdf", "txt", "wav", "mp3")}
    resources = f"--resource-path={edition}"
    weasyprint = str(Path(sys.executable).with_name("weasyprint"))
    chain = [
        [pandoc, article, resources, "--citeproc", "-o", at["epub"]],
        [pandoc, article, resources, "--citeproc", "--embed-resources", "--standalone", "-o", at["html"]],
        [weasyprint, "--pdf-variant", "pdf/ua-1", at["html"], at["pdf"]],
    ]
    missing = [tool for tool in ("espeak-ng", "ffmpeg") if not shutil.which(tool)]
    if not missing:
        chain += [
            [pandoc, article, resources, "--citeproc", "-t", "plain", "-o", at["txt"]],
            ["espeak-ng", "-v", "en-gb", "-f", at["txt"], "-w", at["wav"]],
            ["ffmpeg", "-y", "-loglevel", "error", "-i", at["wav"], "-b:a", "64k", at["mp3"]],
        ]
    label = (
        "pandoc, WeasyPrint, espeak-ng, ffmpeg" if not missing else f"pandoc, WeasyPrint (no {', '.join(missing)} here)"
    )
    return chain, label


def rows(edition: Path, folder: Path) -> list[Row]:
    copy = folder / "source" / edition.name
    shutil.copytree(edition, copy)
    imprint = edition.parent / "imprint.yaml"
    if imprint.is_file():
        shutil.copy(imprint, copy.parent)
    original = (copy / "article.md").read_text(encoding="utf-8")
    out, cache = folder / "build", folder / "cache"
    build = [*PUBLISHER, "build", str(copy), "--out", str(out)]
    chain, label = plain_chain(edition, folder)
    counter = iter(range(10_000))
    long = str(long_edition(folder / "long" / "book"))

    def cold() -> None:
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(cache, ignore_errors=True)

    def edited() -> None:
        added = f"{original}\n\nThis is sentence number {next(counter)} of the benchmark.\n"
        (copy / "article.md").write_text(added, encoding="utf-8")

    def as_it_was() -> None:
        if (copy / "article.md").read_text(encoding="utf-8") != original or not out.exists():
            (copy / "article.md").write_text(original, encoding="utf-8")
            subprocess.run(build, env=environment(folder), check=True, capture_output=True)

    return [
        Row(
            "start-up: --help",
            [[*PUBLISHER, "--help"]],
            [[sys.executable, "-c", "pass"]],
            "python -c pass",
            lambda: None,
        ),
        Row("cold build", [build], chain, label, cold),
        Row("nothing changed", [build], chain, label, as_it_was),
        Row("one sentence added", [build], chain, label, edited),
        Row(
            "a PDF of 150 parts",
            [[sys.executable, PDF_PAGES, "ours", long]],
            [[sys.executable, PDF_PAGES, "plain", long]],
            "the same pages with WeasyPrint's own tags",
            lambda: None,
        ),
    ]


START = """
import sys
from pathlib import Path
import fontTools.ttLib.ttFont
from fontTools.ttLib.tables import O_S_2f_2, _c_m_a_p, _h_e_a_d, _h_h_e_a, _h_m_t_x, _m_a_x_p, _p_o_s_t
import publisher.formats.epub.annotations_read, publisher.formats.epub.pages_read
import publisher.verification.matterhorn.findings
import publisher.verify as verify
from publisher.formats import reader
for name in ("epub", "pdf", "web"):
    reader(name)
verify._source(verify.Request(Path(sys.argv[1]), Path()))
"""
"""What verifying does but open files and compare: its imports, late ones too, and the reading of the source."""


def verifying(edition: Path, folder: Path, runs: int) -> Iterator[str]:
    """What verifying costs beside building: the text formats alone, then everything with its sound.

    An EPUB cannot be built without its sound, so the first build is of pages and PDFs alone.
    """
    copy, out = folder / "source" / edition.name, folder / "build"
    text = folder / "text"
    start = [[sys.executable, "-c", START, str(copy)]]
    build = [*PUBLISHER, "build", str(copy), "--out"]
    check = [*PUBLISHER, "verify", str(copy), "--out"]
    yield f"{'':24}{'verify':>9}{'start':>9}{'work':>9}{'work cpu':>10}{'build':>9}{'share':>7}"
    told: dict[str, list[tuple[Run, Run, Run]]] = {"text formats": [], "all with sound": []}
    for _ in range(runs):
        for made in (out, text, folder / "cache"):
            shutil.rmtree(made, ignore_errors=True)
        whole = run([[*build, str(out)]], environment(folder))
        shutil.rmtree(folder / "cache", ignore_errors=True)
        pages = run([[*build, str(text), "--format", "pdf,web"]], environment(folder))
        _add_book(out / edition.name, text / edition.name)
        for name, where, built in (("text formats", text, pages), ("all with sound", out, whole)):
            begun = run(start, environment(folder))
            # The pages do not offer the book that was put beside them, which is a finding and as much work.
            good = (0,) if where is out else (0, 1)
            told[name].append((run([[*check, str(where)]], environment(folder), good=good), begun, built))
    for name, turns in told.items():
        verify, begun, built = (statistics.median(turn[n].seconds for turn in turns) for n in range(3))
        processor = statistics.median(turn[0].processor - turn[1].processor for turn in turns)
        yield (
            f"{name:24}{verify:>8.2f}s{begun:>8.2f}s{verify - begun:>8.2f}s{processor:>9.2f}s{built:>8.2f}s"
            f"{verify / built:>7.0%}"
        )


def _add_book(built: Path, text: Path) -> None:
    """Add the EPUB without sound of a whole build to one of pages and PDFs."""
    whole, manifest = (json.loads((folder / "edition.json").read_bytes()) for folder in (built, text))
    for file in whole["files"]:
        if file["name"] == f"{built.name}.epub":
            manifest["files"].append(file)
            shutil.copyfile(built / file["name"], text / file["name"])
    (text / "edition.json").write_text(json.dumps(manifest), encoding="utf-8")


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PUBLISHER_CACHE": str(folder / "cache")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edition", nargs="?", type=Path, default=Path("source/upstream"))
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(", ".join(f"{name} {version(name)}" for name in ("weasyprint", "pypandoc-binary", "espeakng-loader")))
    print(f"median of {options.runs} runs; ratio = ours / plain\n")
    print(f"{'':24}{'ours':>9}{'plain':>9}{'ratio':>7}{'MiB':>6}  plain is")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for row in rows(options.edition.resolve(), folder):
            ours: list[Run] = []
            plain: list[Run] = []
            for _ in range(options.runs):
                row.prepare()
                ours.append(run(row.ours, environment(folder)))
                plain.append(run(row.plain, environment(folder)))
            our, their = (statistics.median(one.seconds for one in side) for side in (ours, plain))
            memory = max(one.memory for one in ours)
            print(
                f"{row.name:24}{our:>8.2f}s{their:>8.2f}s{our / their:>7.2f}{memory:>6.0f}  {row.plain_label}",
                flush=True,
            )
        print("\nwork = verify less its start-up; share = verify / build")
        for line in verifying(options.edition.resolve(), folder, options.runs):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
