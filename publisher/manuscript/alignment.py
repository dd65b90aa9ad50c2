"""Aligning two sequences of words that are nearly the same, in order.

As in patience diff: runs of words that occur once in both are anchors; the longest increasing chain of them cuts the
sequences into gaps, which are aligned in the same way, and by Myers' algorithm where no anchor is left. Time is close
to linear for texts; memory too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

_RUNS = (6, 3, 2, 1)
"""Lengths of the runs that serve as anchors, the surest first."""

_MOST_EDITS = 300
"""Differences that Myers' algorithm is given a chance for; its time grows with their square."""

_REACH = 60
"""How far a word is looked for where all else has failed."""


def align(left: Sequence[str], right: Sequence[str]) -> list[int]:
    """For each word of `left` the index of its partner in `right`, else -1. Partners never cross."""
    partners = [-1] * len(left)
    gaps = [(0, len(left), 0, len(right))]
    while gaps:
        first, last, begin, end = gaps.pop()
        while first < last and begin < end and left[first] == right[begin]:
            partners[first] = begin
            first, begin = first + 1, begin + 1
        while first < last and begin < end and left[last - 1] == right[end - 1]:
            last, end = last - 1, end - 1
            partners[last] = end
        if first == last or begin == end:
            continue
        anchors = _anchors(left[first:last], right[begin:end])
        if not anchors:
            for one, other in _shortest_edit(left[first:last], right[begin:end]):
                partners[first + one] = begin + other
            continue
        before, other_before = first, begin
        for one, other in anchors:
            gaps.append((before, first + one, other_before, begin + other))
            partners[first + one] = begin + other
            before, other_before = first + one + 1, begin + other + 1
        gaps.append((before, last, other_before, end))
    return partners


def _anchors(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of places where a run of words stands that is unique in both, increasing in both."""
    for length in _RUNS:
        if len(left) < length or len(right) < length:
            continue
        here, there = _unique(left, length), _unique(right, length)
        pairs = sorted((place, there[run]) for run, place in here.items() if run in there)
        if pairs:
            return _longest_increasing(pairs)
    return []


def _unique(words: Sequence[str], length: int) -> dict[tuple[str, ...], int]:
    """The place of each run of words that occurs once."""
    places: dict[tuple[str, ...], int] = {}
    for place, run in enumerate(zip(*(words[offset:] for offset in range(length)), strict=False)):
        places[run] = -1 if run in places else place
    return {run: place for run, place in places.items() if place >= 0}


def _longest_increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of pairs, sorted by the first, that increases in the second."""
    ends: list[int] = []
    holders: list[int] = []
    previous: list[int] = []
    for index, (_, other) in enumerate(pairs):
        rank = bisect_left(ends, other)
        previous.append(holders[rank - 1] if rank else -1)
        if rank == len(ends):
            ends.append(other)
            holders.append(index)
        else:
            ends[rank], holders[rank] = other, index
    chain = []
    index = holders[-1]
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]


def _shortest_edit(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of equal words along a shortest edit script; a greedy walk where that is longer than `_MOST_EDITS`.

    Eugene W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986.
    """
    wide, high = len(left), len(right)
    furthest = {1: 0}
    steps: list[dict[int, int]] = []
    for edits in range(min(wide + high, _MOST_EDITS) + 1):
        steps.append(dict(furthest))
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (
                diagonal != edits and furthest.get(diagonal - 1, -1) < furthest.get(diagonal + 1, -1)
            )
            x = furthest.get(diagonal + 1, 0) if down else furthest.get(diagonal - 1, 0) + 1
            y = x - diagonal
            while x < wide and y < high and left[x] == right[y]:
                x, y = x + 1, y + 1
            furthest[diagonal] = x
            if x >= wide and y >= high:
                yield from _retrace(steps, wide, high)
                return
    yield from _greedy(left, right)


def _retrace(steps: list[dict[int, int]], x: int, y: int) -> Iterator[tuple[int, int]]:
    for edits in range(len(steps) - 1, -1, -1):
        furthest = steps[edits]
        diagonal = x - y
        down = diagonal == -edits or (
            diagonal != edits and furthest.get(diagonal - 1, -1) < furthest.get(diagonal + 1, -1)
        )
        before = diagonal + 1 if down else diagonal - 1
        old_x = furthest.get(before, 0)
        old_y = old_x - before
        while x > old_x and y > old_y and x > 0 and y > 0:
            x, y = x - 1, y - 1
            yield x, y
        x, y = max(old_x, 0), max(old_y, 0)


def _greedy(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Each word with the next equal one that is not far; those that have none are passed over."""
    begin = 0
    for place, word in enumerate(left):
        for other in range(begin, min(begin + _REACH, len(right))):
            if right[other] == word:
                yield place, other
                begin = other + 1
                break
