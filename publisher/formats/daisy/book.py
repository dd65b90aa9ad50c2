"""A DAISY 2.02 book as data: its parts, what is shown while each phrase sounds, and when.

The text is what is heard, phrase by phrase, in the order of hearing, announcements included: so a player that shows
it, or puts it on a braille display, is always where the voice is.
https://daisy.org/activities/standards/daisy/daisy-2/daisy-format-2-02-specification/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publisher.model.inlines import OBJECT
from publisher.model.languages import direction
from publisher.model.narration import Cue, Line, Role
from publisher.narration.tracks import Track


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line as it is shown and heard: seconds `begin` up to `end` of its part's sound. `number` counts from 1 in its
    part; `text` is the shown words, with what is said for pictures and formulas."""

    id: str
    number: int
    text: str
    lang: str
    begin: float
    end: float

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return direction(self.lang)


@dataclass(frozen=True, slots=True)
class Passage:
    """Phrases that stand together: a heading (`level` 1 to 6), or a paragraph, item, cell (None). `note` where they
    belong to a note, which players can be told to skip."""

    phrases: tuple[Phrase, ...]
    level: int | None = None
    note: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter of the book: its sound, its SMIL file and what is shown. `number` counts from 1."""

    number: int
    title: str
    track: Track
    passages: tuple[Passage, ...]

    @property
    def smil(self) -> str:
        return f"part{self.number:04}.smil"

    @property
    def sound(self) -> str:
        return f"part{self.number:04}.mp3"

    @property
    def phrases(self) -> Iterator[Phrase]:
        for passage in self.passages:
            yield from passage.phrases


def parts_of(tracks: Sequence[Track], levels: dict[str, int]) -> tuple[Part, ...]:
    """The parts of a book. `levels` gives the level of each heading by its unit's id; 2 for headings of our own."""
    return tuple(
        Part(number, track.chapter.title, track, tuple(_passages(track, number, levels)))
        for number, track in enumerate(tracks, start=1)
    )


def _passages(track: Track, part: int, levels: dict[str, int]) -> Iterator[Passage]:
    """A chapter's lines together as the text has them, beginning with a heading: without one, its title is made one.

    Navigation leads to headings only (2.1.3 of the specification), so every part begins with one.
    """
    together: list[Cue] = []
    number = 0

    def taken(cues: list[Cue]) -> Passage:
        nonlocal number
        phrases = []
        for cue in cues:
            number += 1
            phrases.append(_phrase(cue, track, number, part))
        line = cues[0].line
        level = levels.get(line.unit, 2) if line.role is Role.HEADING else 1 if line.id == "title" else None
        return Passage(tuple(phrases), level, line.aside or line.role is Role.FOOTNOTE)

    for cue in track.cues:
        if together and not _belong(together[-1].line, cue.line):
            yield taken(together)
            together = []
        together.append(cue)
    if together:
        yield taken(together)


def _belong(before: Line, line: Line) -> bool:
    """Whether two lines stand in one paragraph."""
    return before.unit == line.unit and before.role is line.role and before.aside == line.aside


def _phrase(cue: Cue, track: Track, number: int, part: int) -> Phrase:
    return Phrase(f"p{part:04}-{number:04}", number, shown(cue.line), cue.line.lang, track.begin(cue), track.end(cue))


def shown(line: Line) -> str:
    """The words of a line in one line; for a formula or a picture what is said for it."""
    text = line.shown
    for run in reversed(line.runs):
        if text[run.shown_start : run.shown_end].startswith(OBJECT):
            text = f"{text[: run.shown_start]}{run.text.rstrip(',')}{text[run.shown_end :]}"
    return " ".join(text.replace(OBJECT, "").split())
