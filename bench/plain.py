"""The plain tools: what somebody without us would run for the same text, one program after another.

Two chains. `usual` is what a user would write: pandoc to EPUB and HTML, WeasyPrint to a PDF/UA, espeak-ng and an MP3
encoder, for the article with its notes, without its plain language. `alike` makes each of our files that a plain tool
makes at all. Both get the same words: the sources, and for the voice what `publisher script` says. Their defaults are
theirs, but that encoders in `alike` are told to work as quickly as ours: FFmpeg's AAC (`-aac_coder fast`, and one
quality in place of one bit rate), which else takes five to ten times as long, and LAME (`-q 7`), half as long again.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc  # type: ignore[import-untyped]
import yaml
from measuring import Step
from sides import PUBLISHER

LEFT_OUT = (
    "the read-aloud EPUB, the DAISY book, the audiobook, cues and chapters of the sound, transcripts, notes as data,"
    " ONIX, covers, the accessible tags that WeasyPrint leaves out, the player, the manifest, and all verification"
)
"""What no plain tool makes, and so `alike` does not."""

_WITHOUT_PLAIN = 'function Div(one) if one.classes:includes("plain") then return {} end end\n'
_PLAIN_ALONE = """function Pandoc(whole)
  local kept = pandoc.List()
  whole:walk({ Div = function(one) if one.classes:includes("plain") then kept:extend(one.content) end end })
  return pandoc.Pandoc(kept, whole.meta)
end
"""
_LARGE = """@page { size: A4; margin: 2cm }
body { font-size: 18pt !important; max-width: none !important; hyphens: none; text-align: left }
"""


@dataclass(frozen=True)
class Prepared:
    """A folder with what the chains read beside the edition, made before anything is timed."""

    edition: Path
    folder: Path
    pandoc: tuple[str, ...]
    has_plain: bool


def prepare(edition: Path, folder: Path) -> Prepared:
    """Write the words to speak, the filters and the list of references of both files.

    Raises CalledProcessError where `publisher script` cannot read the edition.
    """
    for mix in ("default", "plain"):
        (words,) = _said([str(edition)], mix).values()
        _write(folder, f"{mix}.txt", words)
    return _beside(edition, folder)


def prepare_all(source: Path, folder: Path, count: int) -> Iterator[Prepared]:
    """The same for the first `count` editions under `source`, by name, for the usual chain alone: a folder each."""
    names = sorted(path.parent.name for path in source.glob("*/article.md"))[:count]
    for name, words in _said(["--source", str(source), *names], "default").items():
        _write(folder / name, "default.txt", words)
        yield _beside(source / name, folder / name)


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def _beside(edition: Path, folder: Path) -> Prepared:
    for name, text in (("without.lua", _WITHOUT_PLAIN), ("alone.lua", _PLAIN_ALONE), ("large.css", _LARGE)):
        _write(folder, name, text)
    sources = [edition / name for name in ("commentary.md", "article.md") if (edition / name).is_file()]
    references = [one for source in sources for one in _front_matter(source).get("references", ())]
    pandoc = [str(pypandoc.get_pandoc_path()), *(str(source) for source in sources), f"--resource-path={edition}"]
    if references:
        _write(folder, "references.yaml", yaml.safe_dump({"references": references}))
        pandoc += ["--citeproc", f"--bibliography={folder / 'references.yaml'}"]
    has_plain = any("::: plain" in source.read_text(encoding="utf-8") for source in sources)
    return Prepared(edition, folder, tuple(pandoc), has_plain)


def _said(which: Sequence[str], mix: str) -> dict[str, str]:
    """What is read aloud of each edition, by its name."""
    command = [*PUBLISHER, "script", *which, "--mix", mix, "--json"]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return {
        edition["name"]: "\n\n".join(line["said"] for chapter in edition["chapters"] for line in chapter["lines"])
        for edition in told["editions"]
    }


def _front_matter(source: Path) -> dict[str, Any]:
    text = source.read_text(encoding="utf-8")
    return dict(yaml.safe_load(text.split("---\n", 2)[1]) or {}) if text.startswith("---\n") else {}


def encoder() -> str:
    """The MP3 encoder that is here: lame, else FFmpeg's. Raises FileNotFoundError where there is none."""
    for name in ("lame", "ffmpeg"):
        if shutil.which(name):
            return name
    raise FileNotFoundError("no lame and no ffmpeg here; install one, or leave out the rows with a plain chain")


def usual(made: Prepared) -> list[Step]:
    """What a user would write."""
    at, without = made.folder, f"--lua-filter={made.folder / 'without.lua'}"
    return [
        Step("pandoc EPUB", [*made.pandoc, without, "-o", str(at / "a.epub")]),
        Step("pandoc HTML", [*made.pandoc, without, *_PAGE, "-o", str(at / "a.html")]),
        _print(at, "a.pdf"),
        *spoken(at, "default", "speech"),
    ]


def alike(made: Prepared) -> list[Step]:
    """Each of our files that a plain tool makes."""
    at, without = made.folder, f"--lua-filter={made.folder / 'without.lua'}"
    steps = [
        Step("pandoc EPUB", [*made.pandoc, "-o", str(at / "b.epub")]),
        Step("pandoc HTML", [*made.pandoc, without, *_PAGE, "-o", str(at / "a.html")]),
        Step("pandoc DOCX", [*made.pandoc, without, "-o", str(at / "b.docx")]),
        _print(at, "b.pdf"),
        _print(at, "b-large.pdf", "-s", str(at / "large.css"), name="WeasyPrint large print"),
        *spoken(at, "default", "speech", quick=True),
        Step("ffmpeg M4B", _aac(at / "default.wav", at / "default.m4b")),
    ]
    if made.has_plain:
        alone = f"--lua-filter={at / 'alone.lua'}"
        steps += [
            Step("pandoc plain HTML", [*made.pandoc, alone, *_PAGE, "-o", str(at / "plain.html")]),
            *spoken(at, "plain", "plain speech", quick=True),
        ]
    return steps


_PAGE = ("--embed-resources", "--standalone")


def _print(at: Path, to: str, *style: str, name: str = "WeasyPrint print") -> Step:
    weasyprint = str(Path(sys.executable).with_name("weasyprint"))
    return Step(name, [weasyprint, "--pdf-variant", "pdf/ua-1", *style, str(at / "a.html"), str(at / to)])


def spoken(at: Path, words: str, name: str, *, quick: bool = False) -> list[Step]:
    """Words as an MP3, by the encoder's defaults or as `quick` as our own."""
    wav, mp3 = str(at / f"{words}.wav"), str(at / f"{words}.mp3")
    if encoder() == "lame":
        encode = ["lame", "--quiet", "-b", "64", *(("-q", "7") if quick else ()), wav, mp3]
    else:
        encode = ["ffmpeg", "-y", "-loglevel", "error", "-i", wav, "-b:a", "64k", mp3]
    return [
        Step(f"espeak-ng {name}", ["espeak-ng", "-v", "en-gb", "-f", str(at / f"{words}.txt"), "-w", wav]),
        Step(f"{encoder()} {name}", encode),
    ]


def _aac(wav: Path, to: Path) -> list[str]:
    quick = ["-c:a", "aac", "-aac_coder", "fast", "-q:a", "1.4"]
    return ["ffmpeg", "-y", "-loglevel", "error", "-i", str(wav), *quick, "-f", "mp4", str(to)]
