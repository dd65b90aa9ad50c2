"""Follows a script through a recording: where each sentence sounds, which do not, and what else sounds.

A faithful recording has every sentence just where the pauses before it say: that is looked at first, and costs next to
nothing. Where a sentence is not there the search widens step by step: a quarter of a second around, the places where
later sentences would be, a minute ahead; at last whatever is left over is told apart by what it sounds like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np

from publisher.verification.likeness import Likeness, Place, likeness
from publisher.verification.sayings import Saying
from publisher.verification.signal import Samples, Signal

REACH = 0.25
"""Seconds around a place in which a sentence is looked for at once."""
_AHEAD = 45.0
"""Seconds ahead in which lost sentences are looked for."""
_SKIPPED = 6
"""How many sentences in a row may be lost before the search ahead gives up on finding its way."""
_FOLLOWING = 4
"""How many sentences confirm a way on where all of them are said again elsewhere."""
_SEARCHES = 24
"""How often the search ahead is made in one recording."""
_UNCONFIRMED = 30.0
"""Seconds that a way on is dearer where nothing follows that should."""
_FOUND = 0.7
"""Correlation over the whole of a sentence from which a place is looked at window by window."""
_PARTLY = 0.25
"""Share of a sentence that has to be right for it to be the sentence, in part."""
_PIECE = 0.4
"""Seconds of the pieces by which what is left of a sentence is found."""
_PAUSE = 0.6
"""Seconds that a sentence may pause within itself."""
_FRAME = 0.01
_LOUD = 0.012
"""Share of the recording's level from which something is heard."""
_INAUDIBLE = 0.001
"""The highest sample of what nobody hears."""
_GAP, _EDGE, _LEAST = 0.12, 0.03, 0.03
"""Seconds: a silence within a stretch; what may ring around a sentence; the shortest stretch that is a sound."""


class Fate(Enum):
    """How a sentence was found."""

    IN_PLACE = "in place"
    ELSEWHERE = "elsewhere"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of one sentence. `at` is the sample of the recording where it begins to sound, None where lost."""

    saying: Saying
    fate: Fate
    at: int | None = None
    likeness: Likeness | None = None

    @property
    def end(self) -> int:
        return (self.at or 0) + self.saying.frames


@dataclass(frozen=True, slots=True)
class Stray:
    """A stretch that sounds though no sentence is due there; `saying` is what it is, if that is known. `after` is the
    number of the sentence before it, −1 at the begin."""

    first: int
    last: int
    after: int
    saying: Saying | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a script may go on: a sentence, where it sounds, and the cost in samples lost or added by then.

    `confirmed` where what is due next follows it as it should.
    """

    number: int
    at: int
    likeness: Likeness
    cost: int
    confirmed: bool


@dataclass(slots=True)
class Tracked:
    """A recording followed: a trace for each sentence, in the order of the script, and the strays."""

    traces: list[Trace]
    strays: list[Stray] = field(default_factory=list)


def track(heard: Signal, said: Signal, sayings: Sequence[Saying], pauses: Sequence[float]) -> Tracked:
    """Follow sentences through a recording. `pauses` are the seconds of silence after each."""
    tracker = _Tracker(heard, said, sayings, pauses)
    tracker.follow()
    return tracker.sort_out()


class _Tracker:
    def __init__(self, heard: Signal, said: Signal, sayings: Sequence[Saying], pauses: Sequence[float]) -> None:
        self.heard, self.said = heard, said
        self.sayings = sayings
        self.rate = said.rate
        self.pauses = [round(pause * self.rate) for pause in pauses]
        self.traces = [Trace(saying, Fate.LOST) for saying in sayings]
        self.often = Counter(saying.first for saying in sayings)
        self.searches = 0

    # Following.

    def gap(self, number: int) -> int:
        """The samples of silence before a sentence."""
        if number == 0:
            return self.sayings[0].lead
        return self.sayings[number - 1].tail + self.pauses[number - 1] + self.sayings[number].lead

    def follow(self) -> None:
        """Find the sentences in the order of the script."""
        number, end = 0, 0
        due = end + self.gap(0) if self.sayings else 0
        while number < len(self.sayings):
            found = self.look(number, due)
            if due - round(REACH * self.rate) >= self.heard.frames:
                return
            if found is None or not found[1].whole:
                jump = self.resume(number, end, due, found)
                if jump is not None:
                    number, found = jump
            if found is None:
                # Keep the time that it would have taken: what follows may well be where it should.
                due += self.sayings[number].frames + (self.gap(number + 1) if number + 1 < len(self.sayings) else 0)
                number += 1
                continue
            at, alike = found
            self.traces[number] = Trace(self.sayings[number], Fate.IN_PLACE, at, alike)
            # Where its end is wrong it may have been cut off, and what follows may begin sooner.
            end = at + (self.sayings[number].frames if alike.whole else alike.last_right)
            due = at + self.sayings[number].frames
            number += 1
            if number < len(self.sayings):
                due += self.gap(number)

    def samples(self, number: int) -> Samples:
        saying = self.sayings[number]
        return self.said.read(saying.first, saying.last)

    def hold(self, wanted: Samples, at: int) -> Likeness:
        return likeness(wanted, self.heard.read(at, at + len(wanted)), self.rate)

    def look(self, number: int, due: int) -> tuple[int, Likeness] | None:
        """A sentence where it is due, else near by; None where less than a part of it is there."""
        wanted = self.samples(number)
        alike = self.hold(wanted, due)
        if alike.whole:
            return due, alike
        reach = round(REACH * self.rate)
        sound = self.heard.read(due - reach, due + len(wanted) + reach)
        if not len(sound) or float(np.abs(sound).max()) < _INAUDIBLE:
            return None
        place = Place(sound)
        shift, correlation = place.find(wanted)
        best = (due, alike)
        if correlation > 0.3:
            near = self.hold(wanted, due - reach + shift)
            if near.share > alike.share:
                best = (due - reach + shift, near)
        return best if best[1].whole or (best[1].share >= _PARTLY and best[1].right >= 3) else None

    def resume(
        self, number: int, end: int, due: int, partly: tuple[int, Likeness] | None
    ) -> tuple[int, tuple[int, Likeness]] | None:
        """Where the script goes on when a sentence is not whole where it is due; None for where it stands."""
        if end + self.gap(number) >= self.heard.frames:
            return None
        if partly is not None:
            # Part of it is there, unless it was taken out and the next begins alike.
            if number + 1 < len(self.sayings):
                found = self.look(number + 1, end + self.gap(number))
                if found and found[1].whole and found[1].right > partly[1].right:
                    return number + 1, found
            return None
        near = list(self.ways_near(number, end, due))
        ways = near if near and near[-1].confirmed else [*near, *self.ways_ahead(number, end)]
        best = min(ways, key=lambda way: way.cost, default=None)
        return (best.number, (best.at, best.likeness)) if best is not None else None

    def ways_near(self, number: int, end: int, due: int) -> Iterator[_Way]:
        """This sentence right after what is left of the one before, and later ones where they would be if those before
        them were cut out, or muted, or replaced."""
        later, lost = due, 0
        for other in range(number, min(number + _SKIPPED + 1, len(self.sayings))):
            if other > number:
                lost += self.sayings[other - 1].frames
                later += self.sayings[other - 1].frames + self.gap(other)
            starts = dict.fromkeys((end + self.gap(number), end + self.gap(other), later))
            for start in (one for one in starts if (other, one) != (number, due)):
                found = self.look(other, start)
                if found and found[1].whole:
                    way = self.way(other, found, lost + max(0, found[0] - end))
                    yield way
                    if way.confirmed:
                        return

    def ways_ahead(self, number: int, end: int) -> Iterator[_Way]:
        """This sentence and those after it, wherever they are within the next while."""
        if self.searches >= _SEARCHES or end >= self.heard.frames:
            return
        self.searches += 1
        others = range(number, min(number + _SKIPPED + 1, len(self.sayings)))
        longest = max(self.sayings[other].frames for other in others)
        start = max(0, end - round(REACH * self.rate))
        place = Place(self.heard.read(start, min(self.heard.frames, end + round(_AHEAD * self.rate) + longest)))
        lost = 0
        for other in others:
            shift, correlation = place.find(self.samples(other))
            if correlation >= _FOUND:
                alike = self.hold(self.samples(other), start + shift)
                if alike.whole or alike.share > 0.8:
                    yield self.way(other, (start + shift, alike), lost + max(0, start + shift - end))
            lost += self.sayings[other].frames

    def way(self, number: int, found: tuple[int, Likeness], cost: int) -> _Way:
        """A way on, far dearer where the sentences after it do not follow: the next that is said but once, or a few."""
        end, confirmed = found[0] + self.sayings[number].frames, True
        if number + 1 == len(self.sayings):
            confirmed = self.heard.frames - end < self.rate * 3
        for other in range(number + 1, min(number + _FOLLOWING + 1, len(self.sayings))):
            following = self.look(other, end + self.gap(other))
            if following is None or not following[1].whole:
                confirmed = False
                break
            end = following[0] + self.sayings[other].frames
            if self.often[self.sayings[other].first] == 1:
                break
        return _Way(number, *found, cost if confirmed else cost + round(_UNCONFIRMED * self.rate), confirmed)

    # Sorting out what is left.

    def sort_out(self) -> Tracked:
        """Lost sentences found elsewhere, in whole or in part; and the strays, named where that is possible."""
        strays = self.strays()
        for number in self.lost():
            self.traces[number] = self.elsewhere(number, strays, whole=True)
            strays = self.strays() if self.traces[number].at is not None else strays
        for number in self.lost():
            self.traces[number] = self.elsewhere(number, strays, whole=False)
            strays = self.strays() if self.traces[number].at is not None else strays
        return Tracked(self.traces, self.instead([named for stray in strays for named in self.named(stray)]))

    def instead(self, strays: Sequence[Stray]) -> list[Stray]:
        """The strays, the sentences said instead of the one before them among them.

        Where a sentence is lost and the next is said twice, its first place is that of the lost one.
        """
        found = []
        for stray in strays:
            number = stray.after
            if number < 1 or stray.saying is None or self.traces[number - 1].at is not None:
                found.append(stray)
                continue
            trace = self.traces[number]
            twice = stray.saying.first == trace.saying.first and trace.likeness is not None and trace.likeness.whole
            if not twice:
                found.append(stray)
                continue
            before = next((n for n in range(number - 1, -1, -1) if self.traces[n].at is not None), -1)
            found.append(replace(stray, first=trace.at or 0, last=trace.end, after=before))
            self.traces[number] = replace(trace, at=stray.first)
        return found

    def lost(self) -> list[int]:
        return [number for number, trace in enumerate(self.traces) if trace.at is None]

    def elsewhere(self, number: int, strays: Sequence[Stray], whole: bool) -> Trace:
        saying, wanted = self.sayings[number], self.samples(number)
        margin = round(_GAP * self.rate)
        for first, last in ((stray.first, stray.last) for stray in strays):
            if not whole:
                found = self.in_part(wanted, first - margin, last + margin)
                if found is not None:
                    return Trace(saying, self.fate(number, found[0] + found[1].first_right), *found)
                continue
            at, correlation = Place(self.heard.read(first - margin, last + margin)).find(wanted)
            if correlation >= _FOUND:
                alike = self.hold(wanted, first - margin + at)
                if alike.whole:
                    at += first - margin
                    return Trace(saying, self.fate(number, at), at, alike)
        return self.traces[number]

    def fate(self, number: int, at: int) -> Fate:
        """Whether a place is between those of the sentences before and after."""
        before, after = (
            [trace.at for trace in traces if trace.fate is Fate.IN_PLACE and trace.at is not None]
            for traces in (self.traces[:number], self.traces[number + 1 :])
        )
        fits = (not before or before[-1] <= at) and (not after or at <= after[0])
        return Fate.IN_PLACE if fits else Fate.ELSEWHERE

    def in_part(self, wanted: Samples, first: int, last: int) -> tuple[int, Likeness] | None:
        """Where most of what is left of a sentence sounds within a stretch."""
        piece = round(_PIECE * self.rate)
        place = Place(self.heard.read(first, last))
        best: tuple[int, Likeness] | None = None
        for start in range(0, max(1, len(wanted) - piece // 2), piece // 2):
            part = wanted[start : start + piece]
            at, correlation = place.find(part)
            if correlation < _FOUND:
                continue
            alike = self.hold(wanted, first + at - start)
            if alike.right >= 3 and (best is None or alike.right > best[1].right):
                best = (first + at - start, alike)
        return best

    def strays(self) -> list[Stray]:
        """The stretches that sound where no sentence was found."""
        return list(_joined(self.stretches(), round(_PAUSE * self.rate)))

    def stretches(self) -> Iterator[Stray]:
        """The same, cut at every silence."""
        frame = round(_FRAME * self.rate)
        levels = self.levels(frame)
        if not len(levels):
            return
        loud = levels > _LOUD * max(float(np.percentile(levels, 95)), 1e-3)
        edge = round(_EDGE / _FRAME)
        for trace in self.traces:
            if trace.at is not None:
                loud[max(0, trace.at // frame - edge) : trace.end // frame + 1 + edge] = False
        places = sorted((trace.at, number) for number, trace in enumerate(self.traces) if trace.at is not None)
        for first, last, count in _runs(loud, round(_GAP / _FRAME)):
            if count * _FRAME >= _LEAST:
                before = [number for at, number in places if at <= first * frame]
                yield Stray(first * frame, last * frame, before[-1] if before else -1)

    def levels(self, frame: int) -> Samples:
        """The recording's level, a number for each frame, without what is constant in it: nobody hears that, and Opus
        leaves it out."""
        found = []
        step = frame * 6000
        for first in range(0, self.heard.frames - frame + 1, step):
            block = self.heard.read(first, min(first + step, self.heard.frames // frame * frame))
            found.append(block.reshape(-1, frame).std(axis=1))
        return np.concatenate(found) if found else np.zeros(0, dtype=np.float32)

    def named(self, stray: Stray) -> list[Stray]:
        """A stretch cut into the sentences of the script that sound in it, and what is none."""
        margin = round(_EDGE * self.rate)
        place = Place(self.heard.read(stray.first - margin, stray.last + margin))
        longest: tuple[int, int, Saying] | None = None
        for number, saying in enumerate(self.sayings):
            if saying.frames > len(place.sound) or (longest and saying.frames <= longest[1]):
                continue
            wanted = self.samples(number)
            at, correlation = place.find(wanted)
            if correlation >= _FOUND and self.hold(wanted, stray.first - margin + at).whole:
                longest = (stray.first - margin + at, saying.frames, saying)
        if longest is None:
            return [stray]
        at, frames, saying = longest
        parts = [replace(stray, first=at, last=at + frames, saying=saying)]
        least = round(_LEAST * self.rate)
        if at - margin - stray.first > least:
            parts = [*self.named(replace(stray, last=at - margin)), *parts]
        if stray.last - (at + frames + margin) > least:
            parts += self.named(replace(stray, first=at + frames + margin))
        return parts


def _runs(loud: np.typing.NDArray[np.bool_], gap: int) -> Iterator[tuple[int, int, int]]:
    """Where it is loud, from and up to, silences of less than `gap` included, and how many frames of it are loud."""
    places = np.nonzero(loud)[0]
    if not len(places):
        return
    breaks = np.nonzero(np.diff(places) > gap)[0]
    starts = np.concatenate([[0], breaks + 1])
    ends = np.concatenate([breaks, [len(places) - 1]])
    for start, end in zip(starts, ends, strict=True):
        yield int(places[start]), int(places[end]) + 1, int(end - start + 1)


def _joined(strays: Iterable[Stray], gap: int) -> Iterator[Stray]:
    """Stretches with only a short pause between them, together: a sentence may pause within itself."""
    held: Stray | None = None
    for stray in strays:
        if held is not None and stray.after == held.after and stray.first - held.last < gap:
            held = replace(held, last=stray.last)
            continue
        if held is not None:
            yield held
        held = stray
    if held is not None:
        yield held
