"""Where somebody speaks in a recording: its level, a hundred times a second, and the stretches between silences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from publisher.narration.recording_sound import Tape

FRAME = 0.01
"""Seconds."""
_PAUSE = 0.25
"""Seconds of silence that part two stretches."""
_LONGEST = 20.0
"""Seconds of a stretch; longer ones are parted where they are quietest."""
_SHARE = 0.3
"""How far between the quietest and the loudest the line between silence and speech is drawn."""
_LEAST = 6.0
"""Decibels above the quietest that are silence still."""
_CLICK = 0.05
"""Seconds: what is shorter and stands alone is no speech."""
_BLOCK = 60
"""Seconds that are looked at at once."""
_LEAD, _TAIL = 0.03, 0.06
"""Seconds before and after what is loud that still belong to it: breath, a consonant's beginning, a room's answer."""
_BACK, _ON = 0.2, 0.4
"""Seconds by which the begin of a sentence may be earlier, and its end later, than the words were followed."""
_CLOSED = 0.14
"""Seconds that speech may be silent within a word: before a plosive."""


@dataclass(frozen=True)
class Speech:
    """What is loud, frame by frame, and the level of each in decibels."""

    loud: NDArray[np.bool_]
    level: NDArray[np.float32]

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.loud) * FRAME

    def stretches(self) -> list[tuple[int, int]]:
        """From and up to which frame somebody speaks, silences of some length between."""
        found: list[tuple[int, int]] = []
        for first, last in self._runs(round(_PAUSE / FRAME)):
            found += self._parted(first, last)
        return found

    def _runs(self, gap: int) -> Iterator[tuple[int, int]]:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], self.loud.astype(np.int8), [0]])))
        runs = [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]
        held: tuple[int, int] | None = None
        for first, last in runs:
            if held is not None and first - held[1] < gap:
                held = held[0], last
                continue
            if held is not None and held[1] - held[0] >= _CLICK / FRAME:
                yield held
            held = first, last
        if held is not None and held[1] - held[0] >= _CLICK / FRAME:
            yield held

    def _parted(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        most = round(_LONGEST / FRAME)
        while last - first > most:
            half = first + most // 2
            cut = half + int(np.argmin(self.level[half : first + most]))
            yield first, cut
            first = cut
        yield first, last

    def begin(self, at: float, least: float) -> float:
        """The natural begin of words that were followed from `at` on: not before `least`."""
        frame, lowest = round(at / FRAME), max(0, round(least / FRAME))
        frame = min(max(frame, lowest), len(self.loud) - 1)
        first = frame
        while first < min(len(self.loud) - 1, frame + round(_BACK / FRAME)) and not self.loud[first]:
            first += 1
        if not self.loud[first]:
            return max(least, at)
        if first == frame:
            # Back through what is loud, and over a plosive's silence, as far as words may begin before they are heard.
            reach = max(lowest, frame - round(_BACK / FRAME))
            for back in range(frame, reach - 1, -1):
                if self.loud[back]:
                    first = back
            gap = np.flatnonzero(~self.loud[first : frame + 1])
            if not len(gap) and first == reach and reach > 0 and self.loud[reach - 1]:
                near = max(lowest, frame - 5)
                return (near + int(np.argmin(self.level[near : frame + 6]))) * FRAME
            # The last silence that is one, not a plosive's.
            first = self._onset(first, frame)
        return max(least, first * FRAME - _LEAD)

    def _onset(self, first: int, frame: int) -> int:
        quiet = 0
        for at in range(frame, first - 1, -1):
            quiet = 0 if self.loud[at] else quiet + 1
            if quiet >= round(_CLOSED / FRAME) // 2:
                return at + quiet
        return first

    def end(self, at: float, most: float) -> float:
        """The natural end of words that were followed up to `at`: not after `most`."""
        last = max(0, min(round(at / FRAME), len(self.loud)) - 1)
        limit = min(round(most / FRAME), len(self.loud), last + round(_ON / FRAME))
        while last > 0 and last > round(at / FRAME) - round(_BACK / FRAME) and not self.loud[last]:
            last -= 1
        quiet, end = 0, last
        for frame in range(last, limit):
            quiet = 0 if self.loud[frame] else quiet + 1
            if self.loud[frame]:
                end = frame
            if quiet >= _CLOSED / FRAME:
                break
        return min(most, (end + 1) * FRAME + _TAIL)


def speech_of(tape: Tape) -> Speech:
    """Where somebody speaks on a tape: against its own quietest and loudest."""
    size = tape.rate * _BLOCK
    levels = []
    for first in range(0, tape.frames, size):
        squares = np.square(tape.read(first, first + size))
        # A hundredth of a second is no whole number of samples at every rate.
        edges = np.round(np.arange(round(len(squares) / tape.rate / FRAME)) * tape.rate * FRAME).astype(int)
        edges = edges[edges < len(squares)]
        if len(edges):
            counts = np.diff(np.append(edges, len(squares)))
            levels.append(np.add.reduceat(squares, edges) / counts)
    power = np.concatenate(levels) if levels else np.zeros(0, dtype=np.float32)
    level = (10 * np.log10(power + 1e-10)).astype(np.float32)
    if not len(level):
        return Speech(np.zeros(0, dtype=np.bool_), level)
    quiet, loud = (float(one) for one in np.percentile(level, (5, 95)))
    line = quiet + max(_LEAST, _SHARE * (loud - quiet))
    return Speech(level > line, level)
