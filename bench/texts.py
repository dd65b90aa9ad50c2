"""Editions as long as is asked for, made by chance from a seed: nobody's text, so that nothing need be licensed.

    python bench/texts.py FOLDER manual|book|small [WORDS]

A manual has steps, tables, drawings and listings; a book is prose in chapters. Both have a plain-language counterpart
of every block, which keeps the numbers and names, a note on about every 300th word of the article, and next to no
sentence twice, nor in two small editions: each is spoken by itself, and the store would else know it. WORDS are those
of the article, without its plain language and without the notes. The same seed gives the same bytes.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

WHO = "keeper,ferryman,miller,surveyor,harbour master,bell founder,clerk,pilot,diver,gauge reader".split(",")
PLACES = "Aldermouth,Brannock,Corley,Dunwater,Ellesby,Farrow Lock,Greyhithe,Holm Sluice,Ivershore,Kelling".split(",")
THINGS = "sluice,weir,lamp,towpath,dredger,tide gauge,capstan,slipway,culvert,signal mast,winch,footbridge".split(",")
DEEDS = "repaired,measured,painted,closed,opened,inspected,moved,drew,raised,lowered,paid for,cleared".split(",")
WHYS = (
    "because the spring floods had come early,since the old one leaned towards the water,"
    "so that barges could pass at low tide,as the county had asked in writing,"
    "for the winter had split its timbers,while the mill stood idle for want of wind"
).split(",")
BOOKS = "day-book,tide book,pay roll,lock ledger".split(",")
FOREIGN = ("[la crue]{lang=fr}", "[das Wehr]{lang=de}", "[la esclusa]{lang=es}", "[il faro]{lang=it}")
KINDS = ("context", "fact-check", "definition", "aftermath")

FORMS = (
    (
        "In {year} the {who} of {place} {deed} the {thing}, {why}, and the {book} has it as number {number}.",
        "In {year} the {who} of {place} {deed} the {thing}. It is number {number} in the {book}.",
    ),
    (
        "Of the {count} boats that lay at {place} that week, the {who} wrote under number {number}, the greater part"
        " were waiting for the {thing}.",
        "Number {number} tells of {count} boats at {place}. Most boats of number {number} waited for the {thing}.",
    ),
    (
        "What the river people call {foreign} rose by {count} millimetres in one night; the {who} marked it on the"
        " {thing} and gave it the number {number}.",
        "The water rose by {count} millimetres in the night of number {number}. The word for number {number} is"
        " {foreign}. The {who} marked number {number} on the {thing}.",
    ),
    (
        "A letter of {year}, number {number} in the {book}, asks the {who} at {place} for {count} *sound* planks and"
        " a new rope for the {thing}.",
        "Letter {number} of {year} asks for {count} planks and a rope. The {who} at {place} got letter {number}.",
    ),
    (
        "Whoever passed the {thing} after dark paid the {who} {count} pence, a rule that {place} kept until {year}"
        " (number {number}).",
        "By rule {number} people paid {count} pence at the {thing} after dark. {place} kept rule {number} until"
        " {year}.",
    ),
)
"""Sentences and what they are in plain language, each with a number that no other sentence of its kind has."""

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="480" height="200" viewBox="0 0 480 200">
<rect x="20" y="60" width="140" height="80" fill="none" stroke="#000" stroke-width="3"/>
<path d="M160 100 H340 M340 40 V160" stroke="#000" stroke-width="3"/>
<text x="40" y="110" font-size="26" font-family="sans-serif">Lock {number}</text>
</svg>
"""
_WORD = re.compile(r"[^\W_][\w’'-]*")


@dataclass(frozen=True)
class Pair:
    """Markdown, and its plain-language counterpart."""

    full: str
    plain: str


@dataclass(frozen=True)
class Written:
    """What was written: the folder, the words of the article alone, and how many notes there are."""

    folder: Path
    words: int
    notes: int


class Author:
    """Writes blocks until there are words enough; remembers what notes are to be written on."""

    def __init__(self, kind: str, seed: int) -> None:
        self.kind = kind
        # As many digits throughout: notes are on them, and one must not stand within another. Small editions are built
        # together, and no sentence of one is to be another's.
        self.number = {"book": 10_000 + seed % 7, "small": 10_000 + seed * 89 % 89_000}.get(kind, 1_000 + seed % 7)
        self.targets: list[str] = []
        self.drawings: list[int] = []
        self._chance = random.Random(f"{kind} {seed}")
        self._since_note = 200

    def chapters(self, words: int) -> Iterator[str]:
        """Chapter after chapter, the last one cut off at a block."""
        # A manual's chapters are short; a small edition is one section.
        length = {"manual": 2000, "book": 5000}.get(self.kind, words)
        written = chapter = 0
        while written < words:
            chapter += 1
            end = min(words, written + length)
            if self.kind != "small":
                title = f"The {self._pick(THINGS)} at {self._pick(PLACES)}, part {chapter}"
                yield f'## {title} {{#part-{chapter} plain="{title}"}}'
            section = 0
            while written < end:
                section += 1
                if section % 4 == 2:
                    about = f"What the {self._pick(WHO)} saw, {chapter}.{section // 4 + 1}"
                    yield f'### {about} {{plain="{about}"}}'
                pair = self._block(section)
                written += count(pair.full)
                yield f"{pair.full}\n\n::: plain\n{pair.plain}\n:::"

    def _block(self, section: int) -> Pair:
        if self.kind == "manual" and section % 2 == 0:
            makers = (self._steps, self._table, self._listing, self._drawing)
            return makers[section // 2 % len(makers)]()
        return self._paragraph(self._chance.randint(2, 4) if self.kind == "small" else self._chance.randint(4, 7))

    def _pick(self, words: Sequence[str]) -> str:
        return self._chance.choice(words)

    def sentence(self) -> Pair:
        """One sentence, with a number that no other has."""
        self.number += self._chance.randint(1, 4)
        full, plain = self._chance.choice(FORMS)
        slots = {
            "year": str(self._chance.randint(1701, 1999)),
            "who": self._pick(WHO),
            "place": self._pick(PLACES),
            "deed": self._pick(DEEDS),
            "thing": self._pick(THINGS),
            "why": self._pick(WHYS),
            "book": self._pick(BOOKS),
            "foreign": self._pick(FOREIGN),
            "count": str(self._chance.randint(3, 98)),
            "number": str(self.number),
        }
        return Pair(full.format(**slots), plain.format(**slots))

    def _paragraph(self, sentences: int) -> Pair:
        pairs = [self.sentence() for _ in range(sentences)]
        self._since_note += sum(count(pair.full) for pair in pairs)
        if self._since_note > 300:
            self._since_note = 0
            self.targets.append(re.search(r"number \d+", " ".join(p.full for p in pairs[1:]))[0])  # type: ignore[index]
        # Plain paragraphs are short.
        return Pair(" ".join(pair.full for pair in pairs), "\n\n".join(pair.plain for pair in pairs))

    def _steps(self) -> Pair:
        pairs = [self.sentence() for _ in range(self._chance.randint(4, 6))]
        return Pair(*("\n".join(f"{at}.  {one}" for at, one in enumerate(side, 1)) for side in _sides(pairs)))

    def _table(self) -> Pair:
        self.number += 1
        caption = f"Readings of night {self.number}"
        rows = [(f"Reading {at}", self._pick(THINGS), str(self._chance.randint(10, 99))) for at in range(1, 9)]
        lines = "\n".join(f"| {name} | {thing} | {level} |" for name, thing, level in rows)
        said = "\n".join(f"- {name} is {level}, at the {thing}." for name, thing, level in rows)
        table = f"| Reading | Place | Level |\n|:--|:--|--:|\n{lines}\n\n: {caption} {{#night-{self.number}}}"
        return Pair(table, f"The table has the readings of night {self.number}.\n\n{said}")

    def _listing(self) -> Pair:
        self.number += 1
        thing, limit = self._pick(THINGS), self._chance.randint(10, 99)
        code = f"```\nstation {self.number}\n  limit {limit}\n```"
        return Pair(code, f"This is what is set for the {thing}.")

    def _drawing(self) -> Pair:
        self.drawings.append(len(self.drawings) + 1)
        number = self.drawings[-1]
        words = f"Lock {number} and its gate."
        return Pair(
            f'![{words}](lock-{number}.svg){{alt="A box, Lock {number}, joined by a line to an upright, its gate."}}',
            f"The picture shows Lock {number} and its gate.",
        )

    def note(self, at: int, target: str) -> str:
        """The note on some words of the article."""
        pairs = [self.sentence() for _ in range(2)]
        sides = _sides(pairs)
        full, plain = " ".join(sides[0]), "\n\n".join(sides[1])
        return (
            f'::: {{#n-{at} .note on="{target}" kind="{KINDS[at % len(KINDS)]}" by="desk" date="2026-11-20"}}\n'
            f"{full}\n\n::: plain\n{plain}\n:::\n:::"
        )


def _sides(pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    return [pair.full for pair in pairs], [pair.plain for pair in pairs]


def count(markdown: str) -> int:
    """The words of some Markdown, attributes left out."""
    return len(_WORD.findall(re.sub(r"\{[^{}]*\}|\]\([^)]*\)", " ", markdown)))


def article_words(article: str) -> int:
    """The words of an article without its front matter and its plain language."""
    text = re.sub(r"\A---\n.*?^---$", "", article, flags=re.DOTALL | re.MULTILINE)
    return count(re.sub(r"^::: plain$.*?^:::$", "", text, flags=re.DOTALL | re.MULTILINE))


def write_edition(folder: Path, kind: str, words: int, seed: int = 9) -> Written:
    """Write an edition of a kind (manual, book, small) with about so many words into a folder."""
    author = Author(kind, seed)
    blocks = list(author.chapters(words))
    title = f"The river {'works' if kind == 'manual' else 'year'} {seed}"
    head = f"---\ntitle: {title}\ncreators: [The river office]\nlang: en-GB\ndate: 2026-11-20\n---"
    notes = [author.note(at, target) for at, target in enumerate(author.targets, 1)]
    layer = f"---\ntitle: Notes to “{title}”\nlang: en-GB\neditors:\n  desk: The river desk\n---"
    folder.mkdir(parents=True, exist_ok=True)
    for name, parts in (("article.md", [head, *blocks]), ("commentary.md", [layer, *notes])):
        (folder / name).write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    for number in author.drawings:
        (folder / f"lock-{number}.svg").write_text(DRAWING.replace("{number}", str(number)), encoding="utf-8")
    return Written(folder, article_words("\n\n".join(blocks)), len(notes))


def write_small(source: Path, editions: int, words: int = 150) -> list[Written]:
    """So many small editions side by side, no two alike, from half to one and a half times as many words."""
    return [
        write_edition(source / f"small-{number:06}", "small", words // 2 + number * 37 % (words + 1), seed=number + 1)
        for number in range(editions)
    ]


if __name__ == "__main__":
    sizes = {"manual": 40_000, "book": 175_000, "small": 150}
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else sizes[sys.argv[2]]
    print(write_edition(Path(sys.argv[1]), sys.argv[2], wanted))
