"""A manual as long as is asked for, made by chance from a seed: chapters, sections, lists in lists, tables over pages
with heads on two axes, code, footnotes, pictures, links across, formulas and words in other languages.

    python tests/formats/pdf/long_manual.py FOLDER [WORDS]

writes FOLDER/manual.md with its pictures, to be imported as people import what they have. The same seed gives the same
manual. It is nobody's text, so that nothing of it need be licensed.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from pdf_sample import png

PARTS = "pump valve gauge bearing seal impeller gasket strainer housing coupling relay sensor manifold actuator".split()
PLACES = "engine room,north quay,pump house,control desk,upper deck,store,slipway,sluice".split(",")
DOERS = "the fitter,the operator,the duty engineer,the harbour master,the inspector,a second person".split(",")
DEEDS = "checks,drains,isolates,lubricates,tightens,replaces,records,photographs,signs for,inspects".split(",")
WHEN = (
    "before every shift;after each flood tide;once a month;when the alarm sounds;at low water;in frost;"
    "after 2,000 hours of running;whenever the pressure falls below 3.5 bar"
).split(";")
BECAUSE = (
    "since air in the line would stop it at the worst moment,because a worn face leaks long before it is seen to,"
    "as the makers found in their own trials,for the insurers ask for it by name,so that the log stays complete"
).split(",")
STANDARDS = "EN 809,ISO 5199,EN 12100,IEC 60204-1".split(",")
FOREIGN = (
    "[Rückschlagklappe]{lang=de}",
    "[clapet anti-retour]{lang=fr}",
    "[válvula de retención]{lang=es}",
    "[صمام عدم رجوع]{lang=ar dir=rtl}",
)
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="480" height="200" viewBox="0 0 480 200">
<rect x="20" y="60" width="140" height="80" fill="none" stroke="#000" stroke-width="3"/>
<circle cx="330" cy="100" r="60" fill="none" stroke="#000" stroke-width="3"/>
<path d="M160 100 H270 M390 100 H460" stroke="#000" stroke-width="3"/>
<text x="40" y="110" font-size="26" font-family="sans-serif">Tank {number}</text>
<text x="295" y="110" font-size="26" font-family="sans-serif">Pump</text>
</svg>
"""


HEAD = """---
title: The harbour pumps
subtitle: Operation and maintenance
author: The Works Office
lang: en-GB
---
"""


class Manual:
    """Writes chapter after chapter until there are words enough."""

    def __init__(self, words: int, seed: int = 5) -> None:
        self.words = words
        self.chance = random.Random(seed)
        self.footnotes: list[str] = []
        self.sections: list[str] = []
        self.drawings: list[int] = []
        self.tables = 0

    def text(self) -> str:
        """The whole manual in Markdown."""
        parts = [HEAD]
        written, number = 0, 0
        while written < self.words:
            number += 1
            chapter = "\n\n".join(self._chapter(number))
            written += len(chapter.split())
            parts.append(chapter)
        return "\n\n".join([*parts, *self.footnotes]) + "\n"

    def _chapter(self, number: int) -> Iterator[str]:
        part = PARTS[number % len(PARTS)]
        yield f"# Chapter {number}: the {part} {{#chapter-{number}}}"
        yield self._paragraph()
        for section in range(1, self.chance.randint(4, 6)):
            yield from self._section(number, section, part)

    def _section(self, chapter: int, number: int, part: str) -> Iterator[str]:
        id = f"section-{chapter}-{number}"
        heading = f"{self._pick(DOERS).capitalize()} and the {part} of the {self._pick(PLACES)}"
        yield f"## {chapter}.{number} {heading} {{#{id}}}"
        yield self._paragraph()
        yield self._paragraph(call=number == 1, back=True)
        self.sections.append(id)
        kinds = [self._steps, self._log, self._code, self._figure, self._terms, self._sum, self._matrix, self._warning]
        yield from kinds[(chapter + number * 3) % len(kinds)](chapter, number)
        yield f"### {chapter}.{number}.1 What {self._pick(DOERS)} must know"
        yield self._paragraph(call=True)
        yield from kinds[(chapter + number * 5 + 1) % len(kinds)](chapter, number)
        yield self._paragraph()

    def _pick(self, words: list[str] | tuple[str, ...]) -> str:
        return self.chance.choice(words)

    def _sentence(self) -> str:
        part, other = self.chance.sample(PARTS, 2)
        does = f"{self._pick(DOERS)} {self._pick(DEEDS)}"
        names = f"the makers the {self._pick(FOREIGN)}, and {self._pick(STANDARDS)} the **{other}**"
        forms = (
            f"{does} the {part} in the {self._pick(PLACES)} {self._pick(WHEN)}, {self._pick(BECAUSE)}",
            f"where the {part} meets the {other}, a gap of {self.chance.randint(2, 90) / 10:.1f} mm is *not* too much",
            f"{self._pick(WHEN)}, {does} the {other} and then the {part}",
            f"the drawings call it the {part}, {names}",
            f"nobody opens the {part} under pressure, {self._pick(BECAUSE)}",
            f"its code on the plate, `{part[:3].upper()}-{self.chance.randint(100, 999)}`, is that of the {other} list",
        )
        words = self._pick(forms)
        return words[0].upper() + words[1:] + "."

    def _paragraph(self, *, call: bool = False, back: bool = False) -> str:
        sentences = [self._sentence() for _ in range(self.chance.randint(3, 6))]
        if call:
            number = len(self.footnotes) + 1
            sentences[0] += f"[^{number}]"
            self.footnotes.append(f"[^{number}]: {self._sentence()}")
        if back and self.sections:
            sentences.append(f"See [what was said of it above](#{self._pick(self.sections)}).")
        if back:
            sheet = self.chance.randint(1, 400)
            link = f"[sheet\\ {sheet}](https://works.example/{sheet})"
            sentences.append(f"The makers' sheet is in the register^see\\ {link}^.")
        return " ".join(sentences)

    def _steps(self, _chapter: int, _number: int) -> Iterator[str]:
        yield "\n\n".join(
            f"{step}.  {self._sentence()}\n\n    {self._sentence()}\n\n    - {self._sentence()}\n\n"
            f"      {self._sentence()}\n\n    - {self._sentence()}"
            for step in range(1, self.chance.randint(3, 5))
        )

    def _log(self, _chapter: int, _number: int) -> Iterator[str]:
        """A table that runs over a page, its first column heading the rows."""
        self.tables += 1
        rows = "\n".join(
            f"| {1 + row // 4:02}:{row % 4 * 15:02} | {self._pick(PARTS)} | {self.chance.randint(10, 99) / 10} bar "
            f"| {self._pick(DEEDS)} |"
            for row in range(self.chance.randint(30, 70))
        )
        head = "| Time | Part | Pressure | Deed |\n|-----:|:-----|---------:|:-----|"
        yield f"{head}\n{rows}\n\n: Readings of one night {{#table-{self.tables} header-columns=1}}"

    def _matrix(self, _chapter: int, _number: int) -> Iterator[str]:
        """A table of many columns."""
        parts = self.chance.sample(PARTS, 7)
        head = "| | " + " | ".join(parts) + " |\n" + "|---" * 8 + "|"
        rows = "\n".join(
            f"| {place} | " + " | ".join(str(self.chance.randint(0, 9)) for _ in parts) + " |" for place in PLACES
        )
        yield f"{head}\n{rows}\n\n: Spares by place"

    def _code(self, chapter: int, number: int) -> Iterator[str]:
        lines = [f"set {self._pick(PARTS)}.limit = {self.chance.randint(1, 999)}  # bar, at most" for _ in range(6)]
        listing = "\n".join([f"station {chapter}.{number} {{", *(f"    {line}" for line in lines), "}"])
        yield f"```\n{listing}\n```"

    def _figure(self, _chapter: int, _number: int) -> Iterator[str]:
        if self.chance.random() < 0.5:
            alternative = "A grey plate without words."
            yield f'![The plate of the {self._pick(PARTS)}.](plate.png){{alt="{alternative}"}}'
        else:
            self.drawings.append(len(self.drawings) + 1)
            number = self.drawings[-1]
            alternative = f"A box, Tank {number}, joined to a circle, Pump."
            yield f'![Tank {number} and its pump.](tank-{number}.svg){{alt="{alternative}"}}'
        yield "Between the two stands ![](rule.png){.decorative} a rule."

    def _terms(self, _chapter: int, _number: int) -> Iterator[str]:
        names = self.chance.sample(PARTS, 3)
        yield "\n\n".join(f"{name.capitalize()}\n:   {self._sentence()}\n\n    {self._sentence()}" for name in names)

    def _sum(self, _chapter: int, _number: int) -> Iterator[str]:
        power = self.chance.randint(2, 90)
        yield f"The power at the shaft is $P = \\frac{{\\rho g Q H}}{{\\eta}}$, here {power} kW, where"
        yield "$$\nQ = \\sum_{i=1}^{n} v_i A_i .\n$$"

    def _warning(self, _chapter: int, _number: int) -> Iterator[str]:
        yield f"> {self._sentence()}\n>\n> {self._sentence()}\n>\n> - {self._sentence()}\n> - {self._sentence()}"


def write_manual(folder: Path, words: int) -> Path:
    """Write the manual and its pictures into a folder; the path of its text."""
    folder.mkdir(parents=True, exist_ok=True)
    manual = Manual(words)
    path = folder / "manual.md"
    path.write_text(manual.text(), encoding="utf-8")
    png(folder / "plate.png", 320, 200)
    png(folder / "rule.png", 24, 4)
    for number in manual.drawings:
        (folder / f"tank-{number}.svg").write_text(DRAWING.replace("{number}", str(number)), encoding="utf-8")
    return path


if __name__ == "__main__":
    print(write_manual(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 40_000))
