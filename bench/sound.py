"""Synthesis and encoding alone, beside a plain chain on the same words; scripts of many hours, for memory.

Ours works on all cores, the plain chain on one: "processor" says how much work each of them is. Both are whole
processes and make one MP3 from the lines of the edition's script. The plain chain has no pauses, no even loudness, no
chapters and no cues.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import Step

if TYPE_CHECKING:
    from publisher.model.narration import Line, Script, Voice

_OURS = str(Path(__file__).with_name("sound_ours.py"))
_TIMES_AN_HOUR = 2.5
"""The sample edition lasts about 24 minutes."""


def script_of(edition: Path) -> tuple[Voice, Script]:
    """Who reads an edition, and what is said."""
    from publisher.build import read_imprint_of
    from publisher.manuscript.reading import read_edition
    from publisher.narration.casting import voice_for
    from publisher.narration.script import write_script

    imprint, _ = read_imprint_of(edition)
    publication = read_edition(edition, imprint).publication
    voice = voice_for(publication.metadata, "espeak")
    return voice, write_script(publication, "default", voice)


def hours_of(script: Script, hours: float) -> Script:
    """A script that lasts about so many hours, of few clips, so that the length alone tells.

    Each time its pauses are others, so that no chapter is another.
    """
    chapters = tuple(
        replace(chapter, id=f"{chapter.id}-{number}", lines=tuple(_later(line, number) for line in chapter.lines))
        for number in range(ceil(hours * _TIMES_AN_HOUR - 1e-9))
        for chapter in script.chapters
    )
    return replace(script, chapters=chapters)


def _later(line: Line, number: int) -> Line:
    return replace(line, id=f"{line.id}-{number}", pause=line.pause + number / 1000)


def step(edition: Path, folder: Path, target: str, hours: float = 0.0) -> Step:
    """Our side: narrate the script of an edition (made to last so many hours), encode it and join its chapters, as
    `mp3` or as `both` MP3 and M4B. Raises CalledProcessError where the script cannot be made."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, __file__, str(edition), str(folder), str(hours)]
    subprocess.run(command, check=True, capture_output=True)
    return Step("publisher's sound", [sys.executable, _OURS, str(folder), target])


def main() -> None:
    edition, folder, hours = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    voice, script = script_of(edition)
    (folder / "script").write_bytes(pickle.dumps((voice, hours_of(script, hours) if hours else script)))


if __name__ == "__main__":
    main()
