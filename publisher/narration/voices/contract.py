"""What a voice engine is: the contract that a fourth engine has to keep, and all of it.

An engine is a module of this package with a constant and two functions, found by its name without being registered:

    ABOUT: About
    def offers() -> tuple[Offer, ...]       the voices worth naming in `publisher voices`
    def open(voice: Voice) -> Engine        one of them, ready to speak

Opening checks the voice's name and settings and raises InputError where they cannot be used. Speaking raises
UnsaidError where this line cannot be said though others may be, and EngineError where there is no use in asking for
another. An engine never substitutes another voice, never returns silence for words, and gives the same samples for the
same line, whatever it said before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from publisher.model.findings import EngineError, InputError
from publisher.model.narration import Line, Spoken, Voice, WordTime

Samples = NDArray[np.float32]
"""Mono samples between −1 and 1."""


@dataclass(frozen=True, slots=True)
class About:
    """An engine as a whole. `title` is what listeners are told that they hear.

    `network` where the text leaves the machine; `repeats` where the same words can be had again at any time, sample by
    sample, so that published sound can be held against them.
    """

    title: str
    network: bool = False
    repeats: bool = True


class UnsaidError(EngineError):
    """One line cannot be said by this engine, after all its tries."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What an engine returns: mono samples, `rate` of them a second, and when each word begins and ends in them.

    `words` may be empty: not every engine tells.
    """

    samples: Samples
    rate: int
    words: tuple[WordTime, ...] = ()


class Engine(Protocol):
    """An opened voice. Used by one thread at a time; closed when done, or by another thread to cut it short."""

    @property
    def identity(self) -> str:
        """Engine, version and settings: everything but the words that decides how a line sounds."""
        ...

    @property
    def rate(self) -> int:
        """Samples a second of what it returns."""
        ...

    @property
    def at_once(self) -> int:
        """How many of this engine may be open at the same time to share the work."""
        ...

    def speak(self, line: Line) -> Sound:
        """A line's sound. Raises UnsaidError where it crashed, hung or fell silent more than once or lacks the
        language, EngineError where it cannot be reached any more."""
        ...

    def close(self) -> None:
        """Ends processes and connections."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """A voice for `publisher voices`: the name that `--voice` takes, what it is, and what it asks for.

    `network` where the text leaves the machine; `missing` says what to install or fetch before it can be used,
    and is empty where it can be used now.
    """

    name: str
    description: str
    network: bool = False
    missing: str = ""


def name_of(line: Line) -> str:
    """How an error message names a line: its id and the beginning of its words."""
    words = " ".join(line.shown.split()) or line.said
    return f"{line.id} (“{words if len(words) <= 60 else words[:57].rstrip() + '…'}”)"


_LONGEST_WORD = 40
"""Letters. No word of a language is longer, and on some that are longer voices abort."""


def gently(text: str) -> str:
    """A text as any voice should be able to say it: overlong words in pieces. For another try, after an engine that
    crashed or hung on the text as it is."""
    return re.sub(rf"\S{{{_LONGEST_WORD}}}(?=\S)", lambda match: f"{match[0]} ", text)


LEAST_PER_LETTER = 0.03
"""Seconds of speech for each of `letters_in`, at a voice's usual rate, below which a part of the words was left out.
Measured with eSpeak NG: 0.07 in most languages; 0.05 for the quickest of 700 English sentences; 0.046 in French and
0.038 in Vietnamese, which write more letters than they say."""

FEWEST = 8
"""Of `letters_in`, from which that is asked: a word or two may be over in no time."""

_AGAIN = re.compile(r"(.)\1+", re.DOTALL)


def letters_in(text: str) -> int:
    """Letters and digits that take time to say: of a letter that is repeated one, since voices draw those together, and
    of a word the first that make a long one, since voices pass over the rest."""
    words = _AGAIN.sub(r"\1", text).split()
    return sum(min(_LONGEST_WORD, sum(map(str.isalnum, word))) for word in words)


def join_runs(runs: Sequence[Spoken]) -> list[tuple[str, list[Spoken]]]:
    """Neighbouring runs of one language together: what an engine says in one breath."""
    together: list[tuple[str, list[Spoken]]] = []
    for run in runs:
        if together and together[-1][0] == run.lang:
            together[-1][1].append(run)
        else:
            together.append((run.lang, [run]))
    return together


def checked_settings(voice: Voice, allowed: dict[str, tuple[float, float, float]]) -> dict[str, float]:
    """A voice's settings as numbers, each from `allowed`: name → (lowest, highest, default).

    Raises InputError for an unknown setting, one that is no number, or one out of bounds.
    """
    for name in voice.settings:
        if name not in allowed:
            known = ", ".join(allowed) or "none"
            raise InputError(f"voice {voice.label} has no setting {name}; it has: {known}")
    settings: dict[str, float] = {}
    for name, (lowest, highest, default) in allowed.items():
        given = voice.settings.get(name, default)
        try:
            value = float(given)
        except ValueError:
            value = float("nan")
        if not lowest <= value <= highest:
            raise InputError(f"voice {voice.label}: {name} is {given}; give a number from {lowest:g} to {highest:g}")
        settings[name] = value
    return settings
