"""Asks for a second opinion on a recording, sentence by sentence, and tells what it doubts.

Checks: `audio-unrecognised` (words that are not recognised where they should sound) and `audio-second-opinion` (how
many sentences were judged).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from publisher.model.findings import Severity
from publisher.model.narration import Line
from publisher.verification.aligning import RATE, Aligner, Alignment
from publisher.verification.checks import Discrepancy
from publisher.verification.hearing import Reporter, quoted, shown
from publisher.verification.second_opinion import (
    FEW,
    MARGIN,
    Listener,
    Stretch,
    Vocabulary,
    doubt,
    is_english,
    usual,
    vocabulary,
)
from publisher.verification.signal import Signal

_BATCH = 200
"""Stretches in memory at once."""
_LONGEST_PAUSE = 4.0
"""Seconds that two lines may be apart and still be judged together."""
_ELSEWHERE = 0.05
"""Seconds from which another place is another."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Lines that sound one after the other, and when, in seconds; and when the hearing heard them, if it did."""

    lines: tuple[Line, ...]
    begin: float
    end: float
    heard: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second opinion said of a recording: of `lines` it judged `judged` and recognised `recognised`."""

    lines: int
    judged: int
    recognised: int

    def __str__(self) -> str:
        if not self.judged:
            return "no second opinion"
        return f"a second opinion recognised {self.recognised} of {self.judged} sentences"

    def __add__(self, other: Opinion) -> Opinion:
        return Opinion(self.lines + other.lines, self.judged + other.judged, self.recognised + other.recognised)


def _both(one: Timed, other: Timed) -> Timed:
    heard = (one.heard[0], other.heard[1]) if one.heard and other.heard else None
    return Timed((*one.lines, *other.lines), one.begin, other.end, heard)


class Seconder:
    """Gives second opinions on recordings of the lines that it was made for. `close` it at last."""

    def __init__(self, lines: Iterable[Line]) -> None:
        """Raises InputError where pocketsphinx is not installed."""
        self._vocabulary: Vocabulary = vocabulary(lines, Aligner())
        self._listener = Listener(self._vocabulary.pronunciations)

    def close(self) -> None:
        """End its processes."""
        self._listener.close()

    def judge(
        self, signal: Signal, timed: Sequence[Timed], reporter: Reporter
    ) -> tuple[Opinion, tuple[Discrepancy, ...]]:
        """What is recognised in a recording, 16,000 samples a second, and what is doubted."""
        passages = self.passages(timed)
        first = self.align(signal, [(one, one.begin, one.end) for one in passages])
        normal = usual(first)
        doubts = {number: told for number, found in enumerate(first) if (told := doubt(found, normal))}
        again = [
            number
            for number in doubts
            if (heard := passages[number].heard) and abs(heard[0] - passages[number].begin) > _ELSEWHERE
        ]
        places = [(passages[number], *(passages[number].heard or (0.0, 0.0))) for number in again]
        for number, found in zip(again, self.align(signal, places), strict=True):
            if not doubt(found, normal):
                del doubts[number]
        judged = sum(len(one.lines) for one in passages)
        lost = sum(len(passages[number].lines) for number in doubts)
        opinion = Opinion(sum(len(one.lines) for one in timed), judged, judged - lost)
        return opinion, tuple(self._told(passages, doubts, reporter))

    def passages(self, timed: Sequence[Timed]) -> list[Timed]:
        """What is judged together: a sentence, or, where it is too short to be told from others, with its neighbours.

        Lines in other languages, and short ones that stand alone between such, are left out.
        """
        return [one for row in self._rows(timed) for one in self._joined(row)]

    def _rows(self, timed: Iterable[Timed]) -> Iterator[list[Timed]]:
        """Lines that can be judged and follow one another with no more than a pause between them."""
        row: list[Timed] = []
        for one in timed:
            judged = self._judged(one)
            if row and (not judged or not 0 <= one.begin - row[-1].end < _LONGEST_PAUSE):
                yield row
                row = []
            if judged:
                row.append(one)
        if row:
            yield row

    def _joined(self, row: Iterable[Timed]) -> Iterator[Timed]:
        """Each line of a row that is long enough, short ones with those after them, at the end with those before."""
        held: Timed | None = None
        short: Timed | None = None
        for one in row:
            whole = _both(short, one) if short else one
            if self._length(whole) < FEW:
                short = whole
                continue
            if held is not None:
                yield held
            held, short = whole, None
        if held is not None:
            yield _both(held, short) if short else held

    def _judged(self, one: Timed) -> bool:
        spelled = [self._vocabulary.lines.get(line.id) for line in one.lines]
        return bool(spelled) and one.end > one.begin and all(words is not None and words.judged for words in spelled)

    def _length(self, one: Timed) -> int:
        return sum(self._vocabulary.lines[line.id].phones for line in one.lines)

    def align(self, signal: Signal, places: Sequence[tuple[Timed, float, float]]) -> list[Alignment | None]:
        """Each passage followed through the recording from one time to another, in seconds."""
        found: list[Alignment | None] = []
        waiting = iter(places)
        while batch := list(islice(waiting, _BATCH)):
            found += self._listener.align(
                Stretch(
                    signal.read(round((begin - MARGIN) * RATE), round((end + MARGIN) * RATE)),
                    tuple(word for line in one.lines for word in self._vocabulary.lines[line.id].words),
                )
                for one, begin, end in batch
            )
        return found

    def _told(self, passages: Sequence[Timed], doubts: dict[int, str], reporter: Reporter) -> Iterator[Discrepancy]:
        """One finding for each row of passages that are doubted."""
        rows: list[list[int]] = []
        for number in sorted(doubts):
            if rows and rows[-1][-1] == number - 1:
                rows[-1].append(number)
            else:
                rows.append([number])
        for row in rows:
            lines = [line for number in row for line in passages[number].lines]
            words = " ".join(shown(line) for line in passages[row[0]].lines)
            more = f", with {len(lines) - 1} more up to {lines[-1].id}," if len(lines) > 1 else ""
            message = f"{lines[0].id} {quoted(words)}{more} is not recognised by a second opinion: {doubts[row[0]]}"
            yield reporter.tell(
                "audio-unrecognised",
                message,
                unit=lines[0].unit,
                at=passages[row[0]].begin,
                expected=words,
                severity=Severity.WARNING,
            )


def told_of(opinion: Opinion, lang: str, reporter: Reporter) -> Discrepancy:
    """How much was judged, to be known with the verdict."""
    if not opinion.judged:
        why = "holds no sentence that is long enough" if is_english(lang) else "listens to English only"
        message = f"no second opinion: it {why}, and this is in {lang}"
    else:
        left = opinion.lines - opinion.judged
        message = f"{opinion}, by pocketsphinx" + (
            f"; {left} in other languages, or too short, were not judged" if left else ""
        )
    return reporter.tell("audio-second-opinion", message, severity=Severity.INFO)
