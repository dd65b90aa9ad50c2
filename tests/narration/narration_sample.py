"""Editions written for one test, lines without one, and engines that need no voice."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from publisher.manuscript.reading import read_edition
from publisher.model.findings import EngineError
from publisher.model.narration import Line, Role, Script, ScriptChapter, Spoken, Voice
from publisher.model.publication import Imprint, Publication
from publisher.narration.script import write_script
from publisher.narration.voices.contract import Sound

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
FRONT = "---\ntitle: Tides\ncreators: [Ada North, Ben South]\ndate: 2026-11-20\nlang: en\n---\n\n"
LAYER = "---\ntitle: Notes\neditors:\n  desk: The data desk\n---\n\n"


def publication(folder: Path, article: str, commentary: str | None = None, front: str = FRONT) -> Publication:
    """An edition named `tides` with this article and commentary."""
    edition = folder / "tides"
    edition.mkdir()
    (edition / "article.md").write_text(front + article, encoding="utf-8")
    (edition / "map.svg").write_text(PICTURE, encoding="utf-8")
    if commentary is not None:
        (edition / "commentary.md").write_text(LAYER + commentary, encoding="utf-8")
    return read_edition(edition, Imprint(publisher="Quay Press")).publication


def told(publication: Publication, mix: str = "default") -> list[str]:
    """All that a mix says, line by line."""
    return [line.said for chapter in write_script(publication, mix).chapters for line in chapter.lines]


def line(id: str, words: str, *runs: Spoken, lang: str = "en", pause: float = 0.3) -> Line:
    """A line that says what it shows."""
    return Line(id, id, Role.PARAGRAPH, lang, words, runs or (Spoken(words, lang, 0, len(words)),), pause)


def script(*lines: Line) -> Script:
    """A script of one chapter."""
    return Script("default", "en", (ScriptChapter("one", "One", lines),))


@dataclass
class Tones:
    """An engine that says a tone as long as the words, and remembers what it was asked."""

    said: list[str] = field(default_factory=list)
    rate: int = 8000
    at_once: int = 1
    identity: str = "tones 1"
    fails_on: str = ""
    closed: int = 0

    def __call__(self, voice: Voice) -> Tones:
        return self

    def speak(self, line: Line) -> Sound:
        if self.fails_on and self.fails_on in line.said:
            raise EngineError("tones", f"cannot say {line.id}")
        self.said.append(line.said)
        count = 400 + 80 * len(line.said)
        samples = np.zeros(count + 800, dtype=np.float32)
        samples[400 : 400 + count] = 0.5 * np.sin(np.arange(count) * 0.2, dtype=np.float32)
        return Sound(samples, self.rate)

    def close(self) -> None:
        self.closed += 1
