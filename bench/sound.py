"""Times synthesis and encoding beside a plain chain, `espeak-ng` to WAV and an MP3 encoder, on the same words.

    python bench/sound.py [EDITION-FOLDER] [--runs N] [--hours]

The machine should have nothing else to do: ours works on all cores, the plain chain on one, and "cpu" says how much
work each of them is. Both sides are whole processes, in turn (A B A B …), and make one MP3 from the lines of the
edition's script; ours also when one sentence of it was edited, and with an M4B of the same. "long" is the edition eight
times over, every sentence another one each time. The plain chain has no pauses, no even loudness, no chapters and no
cues; its encoder is `lame` where there is one, else FFmpeg's, which are the same library. `--hours` measures the peak
memory of one hour of sound against that of eight.
"""

from __future__ import annotations

import argparse
import os
import pickle
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.build import read_imprint_of
from publisher.manuscript.reading import read_edition
from publisher.model.narration import Line, Script, Spoken, Voice
from publisher.narration.casting import voice_for
from publisher.narration.script import write_script

OURS = str(Path(__file__).with_name("sound_ours.py"))
Command = list[str]
_LONG = 8


@dataclass(frozen=True)
class Run:
    """What one run of some commands cost: seconds by the clock and of processors, MiB of the largest process."""

    seconds: float
    processor: float
    memory: float


def run(commands: Sequence[Command]) -> Run:
    begin, peak, processor = time.perf_counter(), 0, 0.0
    for command in commands:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        peak = max(peak, usage.ru_maxrss)
        processor += usage.ru_utime + usage.ru_stime
    return Run(time.perf_counter() - begin, processor, peak / 1024)


def script_of(edition: Path) -> tuple[Voice, Script]:
    imprint, _ = read_imprint_of(edition)
    publication = read_edition(edition, imprint).publication
    voice = voice_for(publication.metadata, "espeak")
    return voice, write_script(publication, "default", voice)


def repeated(script: Script, times: int) -> Script:
    """A script so many times over, the sentences of each time told apart by a word."""
    chapters = [
        replace(
            chapter,
            id=f"{chapter.id}-{number}",
            lines=tuple(_more(line, f"Time {number}.", f"{line.id}-{number}") for line in chapter.lines),
        )
        for number in range(times)
        for chapter in script.chapters
    ]
    return replace(script, chapters=tuple(chapters))


def edited(script: Script) -> Script:
    """A script with one sentence more said in one line in its middle."""
    number = len(script.chapters) // 2
    first, *rest = script.chapters[number].lines
    chapter = replace(script.chapters[number], lines=(_more(first, "This is new.", first.id), *rest))
    return replace(script, chapters=(*script.chapters[:number], chapter, *script.chapters[number + 1 :]))


def _more(line: Line, words: str, id: str) -> Line:
    end = len(line.shown)
    return replace(line, id=id, runs=(*line.runs, Spoken(words, line.lang, end, end)))


def plain_chain(folder: Path) -> tuple[list[Command], str]:
    wav, mp3 = str(folder / "plain.wav"), str(folder / "plain.mp3")
    chain = [["espeak-ng", "-v", "en-gb", "-f", str(folder / "words.txt"), "-w", wav]]
    if shutil.which("lame"):
        return [*chain, ["lame", "--quiet", "-b", "64", wav, mp3]], "espeak-ng, lame"
    return [*chain, ["ffmpeg", "-y", "-loglevel", "error", "-i", wav, "-b:a", "64k", mp3]], "espeak-ng, ffmpeg"


def compare(name: str, folder: Path, scripts: Callable[[int], Script], target: str, runs: int, *, cold: bool) -> None:
    """Print one row; `scripts` gives the script of each run, and `voice` stands in the folder."""
    voice = pickle.loads((folder / "voice").read_bytes())
    ours: list[Run] = []
    plain: list[Run] = []
    chain, label = plain_chain(folder)
    for number in range(runs):
        script = scripts(number)
        (folder / "script").write_bytes(pickle.dumps((voice, script)))
        said = [line.said for chapter in script.chapters for line in chapter.lines]
        (folder / "words.txt").write_text("\n\n".join(said), encoding="utf-8")
        if cold:
            shutil.rmtree(folder / "store", ignore_errors=True)
        ours.append(run([[sys.executable, OURS, str(folder), target]]))
        plain.append(run(chain))
    our, their = (statistics.median(one.seconds for one in side) for side in (ours, plain))
    our_work, their_work = (statistics.median(one.processor for one in side) for side in (ours, plain))
    memory = max(one.memory for one in ours)
    print(f"{name:36}{our:>8.2f}s{their:>8.2f}s{our / their:>7.2f}", end="")
    print(f"{our_work:>8.2f}s{their_work:>8.2f}s{memory:>6.0f}  {label}", flush=True)


def rows(edition: Path, folder: Path, runs: int) -> None:
    voice, script = script_of(edition)
    (folder / "voice").write_bytes(pickle.dumps(voice))
    long = repeated(script, _LONG)
    print(f"{'':36}{'ours':>9}{'plain':>9}{'ratio':>7}{'our cpu':>9}{'their':>9}{'MiB':>6}  plain is")
    compare("one edition: MP3", folder, lambda _: script, "mp3", runs, cold=True)
    compare("one edition: MP3 and M4B", folder, lambda _: script, "both", runs, cold=True)

    def once_more(number: int) -> Script:
        changed = script
        for _ in range(number + 1):
            changed = edited(changed)
        return changed

    compare("one sentence edited: MP3 and M4B", folder, once_more, "both", runs, cold=False)
    compare("long: MP3", folder, lambda _: long, "mp3", max(1, runs // 2), cold=True)
    compare("long, one sentence edited: MP3", folder, lambda _: edited(long), "mp3", 1, cold=False)


def hours(edition: Path, folder: Path) -> None:
    """Peak memory for an hour and for eight, made of few clips, so that the length alone tells."""
    voice, script = script_of(edition)
    print(f"{'':36}{'seconds':>9}{'MiB':>9}")
    for wanted in (1, 8):
        # The sample edition lasts about 24 minutes. Each time its pauses are others, so that no chapter is another.
        chapters = tuple(
            replace(
                chapter,
                id=f"{chapter.id}-{number}",
                lines=tuple(
                    replace(line, id=f"{line.id}-{number}", pause=line.pause + number / 1000) for line in chapter.lines
                ),
            )
            for number in range(round(wanted * 2.5))
            for chapter in script.chapters
        )
        (folder / "script").write_bytes(pickle.dumps((voice, replace(script, chapters=chapters))))
        shutil.rmtree(folder / "store", ignore_errors=True)
        cost = run([[sys.executable, OURS, str(folder), "both"]])
        print(f"{f'{wanted} h: MP3 and M4B':36}{cost.seconds:>8.1f}s{cost.memory:>9.0f}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edition", nargs="?", type=Path, default=Path("source/upstream"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--hours", action="store_true")
    options = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; median of {options.runs}\n"
    )
    with tempfile.TemporaryDirectory() as name:
        if options.hours:
            hours(options.edition.resolve(), Path(name))
        else:
            rows(options.edition.resolve(), Path(name), options.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
