"""What can go wrong with sound, whatever file it stands in."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
from sounds import Tape, Wave

Spoil = Callable[[Tape, Random], Wave | None]


def _mute(tape: Tape, random: Random) -> Wave:
    n = tape.pick(random)
    return tape.with_piece(tape.begins[n], tape.ends[n], tape.clip(n) * 0)


def _mute_half(tape: Tape, random: Random) -> Wave:
    n = tape.pick(random, 0.8)
    middle = (tape.begins[n] + tape.ends[n]) // 2
    first, last = random.choice([(tape.begins[n], middle), (middle, tape.ends[n])])
    return tape.with_piece(first, last, tape.wave[first:last] * 0)


def _cut_out(tape: Tape, random: Random) -> Wave:
    n = tape.pick(random, 0.2)
    return tape.with_piece(tape.begins[n], tape.ends[n], tape.wave[:0])


def _cut_end(tape: Tape, random: Random) -> Wave:
    n = tape.pick(random, 1.2)
    first = tape.begins[n] + round(random.uniform(0.3, 0.8) * len(tape.clip(n)))
    return tape.with_piece(first, tape.ends[n], tape.wave[:0])


def _cut_begin(tape: Tape, random: Random) -> Wave:
    n = tape.pick(random, 1.2)
    last = tape.begins[n] + round(random.uniform(0.2, 0.7) * len(tape.clip(n)))
    return tape.with_piece(tape.begins[n], last, tape.wave[:0])


def _others(tape: Tape, n: int) -> list[int]:
    return [other for other in range(len(tape.begins)) if tape.words[other] != tape.words[n]]


def _swap(tape: Tape, random: Random) -> Wave | None:
    n = tape.pick(random)
    others = _others(tape, n)
    if not others:
        return None
    a, b = sorted((n, random.choice(others)))
    between = tape.wave[tape.ends[a] : tape.begins[b]]
    return tape.with_piece(tape.begins[a], tape.ends[b], np.concatenate([tape.clip(b), between, tape.clip(a)]))


def _replace(tape: Tape, random: Random) -> Wave | None:
    n = tape.pick(random)
    others = _others(tape, n)
    return tape.with_piece(tape.begins[n], tape.ends[n], tape.clip(random.choice(others))) if others else None


def _double(tape: Tape, random: Random) -> Wave:
    n = tape.pick(random, 0.2)
    gap = np.zeros(tape.rate // 3, dtype=np.float32)
    return tape.with_piece(tape.ends[n], tape.ends[n], np.concatenate([gap, tape.clip(n)]))


def _backwards(tape: Tape, random: Random) -> Wave:
    n = tape.pick(random)
    return tape.with_piece(tape.begins[n], tape.ends[n], tape.clip(n)[::-1])


def _end(tape: Tape, random: Random) -> Wave:
    return tape.wave[: random.randrange(tape.begins[-1] // 2, (tape.begins[-1] + tape.ends[-1]) // 2)]


def _add(tape: Tape, random: Random) -> Wave:
    n = tape.pick(random)
    gap = np.zeros(tape.rate // 4, dtype=np.float32)
    stranger = tape.clip(tape.pick(random, 1.0))[::-1][: tape.rate]
    return tape.with_piece(tape.ends[n], tape.ends[n], np.concatenate([gap, stranger]))


def _late(tape: Tape, random: Random) -> Wave:
    n = tape.pick(random, 0.2)
    return tape.with_piece(tape.begins[n], tape.begins[n], np.zeros(tape.rate // 5, dtype=np.float32))


# Where clips tell which words sound, they stay as they are: what is said instead takes as long.


def _say_for_as_long(tape: Tape, random: Random) -> Wave:
    n = tape.pick(random)
    other = random.choice([other for other in range(len(tape.begins)) if other != n])
    return tape.with_piece(tape.begins[n], tape.ends[n], _of_length(tape.clip(other), len(tape.clip(n))))


def _of_length(wave: Wave, frames: int) -> Wave:
    longer = wave.repeat(1)
    longer.resize(frames, refcheck=False)
    return longer


def _cut_short_within(tape: Tape, random: Random) -> Wave:
    n = random.randrange(len(tape.begins))
    return tape.wave[: tape.begins[n] + round(random.uniform(0.0, 0.2) * tape.rate)]


def _swap_neighbours(tape: Tape, random: Random) -> Wave:
    n = random.randrange(len(tape.begins) - 1)
    first, middle, last = tape.begins[n], tape.begins[n + 1], tape.ends[n + 1]
    return tape.with_piece(first, last, np.concatenate([tape.wave[middle:last], tape.wave[first:middle]]))


_EITHER: tuple[tuple[str, str, Spoil], ...] = (
    ("sentence muted", "audio-muted", _mute),
    ("sentence half muted", "audio-muted", _mute_half),
    ("sentence cut out", "audio-missing", _cut_out),
    ("sentence backwards", "audio-wrong", _backwards),
    ("sentence doubled", "audio-doubled", _double),
    ("sound added", "audio-added", _add),
    ("sound shifted by 200 ms", "audio-shifted", _late),
)
RECORDINGS: tuple[tuple[str, str, Spoil], ...] = (
    *_EITHER,
    ("sentence's end cut off", "audio-truncated", _cut_end),
    ("sentence's begin cut off", "audio-truncated", _cut_begin),
    ("sentences swapped", "audio-order audio-wrong", _swap),
    ("another sentence said", "audio-wrong", _replace),
    ("recording cut short", "audio-missing audio-truncated", _end),
)
"""For a recording: names, the right checks, and what spoils its samples."""
CLIPS: tuple[tuple[str, str, Spoil], ...] = (
    *_EITHER,
    ("sentence's end cut off", "audio-truncated audio-missing", _cut_end),
    ("sentence's begin cut off", "audio-truncated audio-missing", _cut_begin),
    ("sentences swapped", "audio-order audio-wrong", _swap_neighbours),
    ("another sentence said", "audio-wrong", _say_for_as_long),
    ("recording cut short", "audio-missing audio-truncated", _cut_short_within),
)
"""The same for the sound of a document, told by clips of which each may hold several sentences."""
