"""The rows of the bench, each by its name: what is run, beside what, and the target."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import edits
import plain
import sound
import texts
from measuring import Step, folder_bytes
from scale_model import CHANGED
from sides import OURS, PUBLISHER, Compared, Side, environment_of, in_turn, row

_HERE = Path(__file__).parent
USUAL, ALIKE = "plain chain", "plain tools, like for like"


@dataclass(frozen=True)
class Bench:
    """What all rows share: the edition, a folder of one's own, and how much of everything.

    `size` multiplies the lengths of the long texts, for a quick look at whether everything runs.
    """

    edition: Path
    folder: Path
    runs: int = 3
    editions: int = 1000
    size: float = 1.0

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def copy(self) -> Path:
        return self.folder / "source" / self.edition.name

    @property
    def out(self) -> Path:
        return self.folder / "build"

    def words(self, number: int) -> int:
        return max(120, round(number * self.size))

    def build(self, what: Path | None = None) -> Step:
        return Step("publisher build", [*PUBLISHER, "build", str(what or self.copy), "--out", str(self.out)])

    def settle(self) -> None:
        """The edition as it is in the project, built."""
        shutil.rmtree(self.copy, ignore_errors=True)
        self.copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.edition, self.copy)
        imprint = self.edition.parent / "imprint.yaml"
        if imprint.is_file():
            shutil.copy(imprint, self.copy.parent)
        self.run(self.build())

    def run(self, step: Step) -> None:
        """Untimed."""
        subprocess.run(step.command, check=True, capture_output=True, env=environment_of(self.cache))

    def forget(self, _: int = 0) -> None:
        """Have nothing built and nothing in the store."""
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.rmtree(self.cache, ignore_errors=True)

    def clips(self) -> set[str]:
        """The clips of the store: one a sentence."""
        return {path.name for path in self.cache.glob("*/*.flac")}


Row = Callable[[Bench], dict[str, Any]]


def start_up(bench: Bench) -> dict[str, Any]:
    script = Path(sys.executable).with_name("publisher")
    command = [str(script)] if script.is_file() else list(PUBLISHER)
    sides = [
        Side(OURS, "publisher --help", [Step("--help", [*command, "--help"])]),
        Side("python", "python -c pass", [Step("pass", [sys.executable, "-c", "pass"])]),
    ]
    costs = in_turn(sides, bench.cache, bench.runs * 7, long=False)
    return row("start-up", "Start-up", sides=sides, costs=costs, compared=[Compared(OURS, "python", 3.0)], facts={})


def cold(bench: Bench) -> dict[str, Any]:
    bench.settle()
    made = plain.prepare(bench.copy, bench.folder / "plain")
    sides = [
        Side(OURS, "every default format", [bench.build()], bench.forget),
        Side(USUAL, _usual(), plain.usual(made)),
        Side(ALIKE, _alike(), plain.alike(made)),
    ]
    costs = in_turn(sides, bench.cache, bench.runs, long=False)
    compared = [Compared(OURS, USUAL, 0.8), Compared(OURS, ALIKE, 0.8)]
    facts = {"left out by the plain tools": plain.LEFT_OUT, "our files": _files(bench.out / bench.copy.name)}
    return row("cold", "Cold build", sides=sides, costs=costs, compared=compared, facts=facts)


def _usual() -> str:
    return f"pandoc to EPUB and HTML, WeasyPrint, espeak-ng, {plain.encoder()}"


def _alike() -> str:
    return f"pandoc to EPUB, HTML, DOCX and plain HTML, WeasyPrint twice, espeak-ng and {plain.encoder()} twice, AAC"


def _files(folder: Path) -> int:
    """How many files readers are offered: those in folders are pieces of one."""
    return sum(1 for path in folder.iterdir() if path.is_file())


def unchanged(bench: Bench) -> dict[str, Any]:
    return _after_edit(bench, "unchanged", "Nothing changed", lambda _: None, 0.05)


def sentence(bench: Bench) -> dict[str, Any]:
    return _after_edit(
        bench, "sentence", "One sentence edited", _editing(bench, "article.md", edits.edit_sentence), 0.3
    )


def note(bench: Bench) -> dict[str, Any]:
    return _after_edit(bench, "note", "One note edited", _editing(bench, "commentary.md", edits.edit_note))


def template(bench: Bench) -> dict[str, Any]:
    def edit(number: int) -> None:
        edits.edit_template(bench.copy, number)

    return _after_edit(bench, "template", "One template edited", edit)


def voice(bench: Bench) -> dict[str, Any]:
    return _after_edit(bench, "voice", "One voice setting edited", _editing(bench, "article.md", edits.edit_voice))


def _editing(bench: Bench, name: str, edit: Callable[[str, int], str]) -> Callable[[int], None]:
    def apply(number: int) -> None:
        (bench.copy / name).write_text(edit((bench.edition / name).read_text("utf-8"), number), "utf-8")

    return apply


def _after_edit(
    bench: Bench, name: str, title: str, edit: Callable[[int], None], at_most: float | None = None
) -> dict[str, Any]:
    """Builds after an edit, another each time, beside the plain tools, which start from nothing each time."""
    bench.settle()
    edit(100)
    bench.run(bench.build())
    made = plain.prepare(bench.copy, bench.folder / "plain")
    before: set[str] = set()
    fresh: list[int] = []

    def begin(number: int) -> None:
        nonlocal before
        before = bench.clips()
        edit(number + 2)

    def count(_: int) -> None:
        fresh.append(len(bench.clips() - before))

    sides = [
        Side(OURS, "every default format", [bench.build()], begin, count),
        Side(USUAL, _usual(), plain.usual(made), looked_at=False),
        Side(ALIKE, _alike(), plain.alike(made), looked_at=False),
    ]
    costs = in_turn(sides, bench.cache, bench.runs, long=False)
    compared = [Compared(OURS, USUAL, at_most), Compared(OURS, ALIKE, at_most)]
    return row(name, title, sides=sides, costs=costs, compared=compared, facts={"clips synthesised": max(fresh)})


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


def verify(bench: Bench) -> dict[str, Any]:
    """All with sound, then the text formats alone. An EPUB cannot be built without its sound, so that of the whole
    build is put beside the pages and PDFs; they do not offer it, which is a finding and as much work."""
    bench.settle()
    text, name = bench.folder / "text", bench.copy.name
    shutil.rmtree(text, ignore_errors=True)
    bench.run(Step("", [*PUBLISHER, "build", str(bench.copy), "--out", str(text), "--format", "pdf,web"]))
    _add_book(bench.out / name, text / name)
    check = [*PUBLISHER, "verify", str(bench.copy), "--out"]
    sides = [
        Side("build", "every default format, cold", [bench.build()], bench.forget),
        Side("verify", "all files, the sound too", [Step("verify", [*check, str(bench.out)])]),
        Side("verify text", "EPUB, PDFs and pages alone", [Step("verify", [*check, str(text)], (0, 1))]),
        Side(
            "start", "imports and reading the source", [Step("start", [sys.executable, "-c", START, str(bench.copy)])]
        ),
    ]
    costs = in_turn(sides, bench.cache, bench.runs, long=False)
    return row("verify", "Verify", sides=sides, costs=costs, compared=[Compared("verify", "build")], facts={})


def _add_book(built: Path, text: Path) -> None:
    whole, manifest = (json.loads((folder / "edition.json").read_bytes()) for folder in (built, text))
    for file in whole["files"]:
        if file["name"] == f"{built.name}.epub":
            manifest["files"].append(file)
            shutil.copyfile(built / file["name"], text / file["name"])
    (text / "edition.json").write_text(json.dumps(manifest), encoding="utf-8")


def tags(bench: Bench) -> dict[str, Any]:
    """The print PDF as we have it laid out, with our tags, and as WeasyPrint by itself makes it, from the same HTML."""
    written = texts.write_edition(bench.folder / "source" / "pages", "manual", bench.words(10_000))
    long = str(written.folder)
    pages = [sys.executable, str(_HERE / "pdf_pages.py")]
    sides = [
        Side(OURS, "WeasyPrint with our tags", [Step("pages", [*pages, "ours", long])]),
        Side(
            "WeasyPrint",
            "the same pages with its own tags, parser and garbage collection",
            [Step("pages", [*pages, "plain", long])],
        ),
    ]
    costs = in_turn(sides, bench.cache, bench.runs, long=False)
    title, facts = f"One PDF of {written.words:,} words", {"words": written.words}
    compared = [Compared(OURS, "WeasyPrint")]
    return row("tags", title, sides=sides, costs=costs, compared=compared, facts=facts)


def mp3(bench: Bench) -> dict[str, Any]:
    """The same task on both sides: one MP3 of the article with its notes, by LAME at the same speed."""
    folder = bench.folder / "sound"
    made = plain.prepare(bench.edition, bench.folder / "plain")
    ours = sound.step(bench.edition, folder, "mp3")
    steps = plain.spoken(made.folder, "default", "speech", quick=True)

    def afresh(_: int) -> None:
        shutil.rmtree(folder / "store", ignore_errors=True)

    sides = [
        Side(OURS, "synthesis, level, MP3", [ours], afresh),
        Side(ALIKE, f"espeak-ng, {plain.encoder()}", steps),
    ]
    costs = in_turn(sides, bench.cache, bench.runs, long=False)
    return row("mp3", "One MP3 alone", sides=sides, costs=costs, compared=[Compared(OURS, ALIKE)], facts={})


def manual(bench: Bench) -> dict[str, Any]:
    return _long_text(bench, "manual", "A manual", bench.words(40_000), alike=True)


def book(bench: Bench) -> dict[str, Any]:
    return _long_text(bench, "book", "A book", bench.words(175_000), alike=False)


def _long_text(bench: Bench, kind: str, title: str, words: int, *, alike: bool) -> dict[str, Any]:
    written = texts.write_edition(bench.folder / "source" / kind, kind, words)
    made = plain.prepare(written.folder, bench.folder / "plain")
    name, what, steps = (ALIKE, _alike(), plain.alike(made)) if alike else (USUAL, _usual(), plain.usual(made))
    sides = [
        Side(OURS, "every default format", [bench.build(written.folder)], bench.forget),
        Side(name, what, steps, after=lambda _: shutil.rmtree(bench.folder / "plain")),
    ]
    costs = in_turn(sides, bench.cache, 1, long=True)
    compared = [Compared(OURS, name), Compared(OURS, name, 1.2 if alike else None, "slowest step")]
    facts = {"words": written.words, "notes": written.notes, "clips": len(bench.clips())}
    return row(kind, f"{title} of {words:,} words", sides=sides, costs=costs, compared=compared, facts=facts)


NIGHT = "publisher, a night"
_PLAIN_SHARE = 10
"""Of so many editions the plain chain makes one: what one of them costs does not depend on how many there are."""


def editions(bench: Bench) -> dict[str, Any]:
    """Many small editions, cold; then again after one in a hundred was edited. `scale.py` checks its model by it."""
    source = bench.folder / "many"
    texts.write_small(source, bench.editions)
    few = max(1, bench.editions // _PLAIN_SHARE)
    steps = [step for made in plain.prepare_all(source, bench.folder / "plain", few) for step in plain.usual(made)]
    cores = str(len(os.sched_getaffinity(0)))
    build = [*PUBLISHER, "build", "--source", str(source), "--out", str(bench.out), "--jobs", cores]
    ours = [Step("publisher build", build)]
    facts: dict[str, Any] = {"editions": bench.editions}

    def weigh(_: int) -> None:
        facts["bytes to download"] = folder_bytes(bench.out)
        facts["bytes of the store"] = folder_bytes(bench.cache)

    def later(_: int) -> None:
        facts["edited in the night"] = edits.edit_some(source, round(1 / CHANGED))

    usual = f"{_usual()}, edition after edition, the first {few:,}"
    sides = [
        Side(OURS, f"every default format, --jobs {cores}", ours, bench.forget, weigh, editions=bench.editions),
        Side(NIGHT, "the same once more, after 1 % of them was edited", ours, later, editions=bench.editions),
        Side(USUAL, usual, steps, after=lambda _: shutil.rmtree(bench.folder / "plain"), editions=few),
    ]
    costs = in_turn(sides, bench.cache, 1, long=True)
    compared = [Compared(OURS, USUAL, by="seconds an edition"), Compared(NIGHT, OURS)]
    title = f"{bench.editions:,} small editions"
    return row("editions", title, sides=sides, costs=costs, compared=compared, facts=facts)


def scaling(bench: Bench) -> dict[str, Any]:
    """Four times the text: how many times the time?"""
    lengths = [bench.words(5_000), 4 * bench.words(5_000)]
    written = [
        texts.write_edition(bench.folder / "source" / f"manual-{number}", "manual", words)
        for number, words in enumerate(lengths, 1)
    ]
    names = [f"{words:,} words" for words in lengths]
    sides = [
        Side(name, f"a manual of {one.words:,} words, every default format", [bench.build(one.folder)], bench.forget)
        for name, one in zip(names, written, strict=True)
    ]
    costs = in_turn(sides, bench.cache, 1, long=True)
    times = written[1].words / written[0].words
    compared = [Compared(names[1], names[0], 4.4), Compared(names[1], names[0], by="processor")]
    return row(
        "scaling",
        "Four times the text",
        sides=sides,
        costs=costs,
        compared=compared,
        facts={"times the words": round(times, 3)},
    )


LENGTHS = 1.2, 9.6
"""Hours: whole times the sample edition's."""


def audio_memory(bench: Bench) -> dict[str, Any]:
    """Memory for the sample edition's sound thrice over, and for eight times as much."""
    sides = []
    for hours in LENGTHS:
        folder = bench.folder / f"sound-{hours}"
        step = sound.step(bench.edition, folder, "both", hours * bench.size)
        sides.append(Side(f"{hours} h", f"MP3 and M4B, {hours} h of sound", [step]))
    costs = in_turn(sides, bench.cache, 1, long=True)
    return row(
        "audio-memory",
        "Sound by its length",
        sides=sides,
        costs=costs,
        compared=[Compared(f"{LENGTHS[1]} h", f"{LENGTHS[0]} h", 1.1, "largest")],
        facts={},
    )


SHORT: Mapping[str, Row] = {
    "start-up": start_up,
    "cold": cold,
    "unchanged": unchanged,
    "sentence": sentence,
    "note": note,
    "template": template,
    "voice": voice,
    "verify": verify,
    "tags": tags,
    "mp3": mp3,
}
LONG: Mapping[str, Row] = {
    "scaling": scaling,
    "audio-memory": audio_memory,
    "manual": manual,
    "book": book,
    "editions": editions,
}
