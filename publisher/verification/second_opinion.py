"""A second opinion on recordings: does somebody who knows English, but not our voices, find each sentence there?

It knows nothing of how a sentence was made, nor of what the voice sounds like: only its words and when the file says
that they sound. What it finds wrong is wrong; what it finds right may still lack a word. How often it notices what is
told in docs/how-to/listen-again.md.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from publisher.model.narration import Line
from publisher.processes import WorkerPool
from publisher.verification.aligning import FRAMES, RATE, Aligner, Alignment
from publisher.verification.patience import hold_memory, within_patience
from publisher.verification.pronouncing import arpabet, phonemes

MARGIN = 0.1
"""Seconds around a sentence that are listened to."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SIGNS = re.compile(r"[=<>/\\@#$%^&*_~|+{}\[\]§°×÷]|--|[^\W_]{2}\.[^\W_]{2}")
"""What a voice says as words though it is none: a sentence with any is not judged, for nobody knows which words."""
_MIXED = re.compile(r"[a-z][A-Z]")
"""Words that are written so are names of things, and said as each voice likes."""
_FOREIGN = 0.34
"""Share of a sentence's words in other languages from which it is not judged."""
_ENGLISH = "en"
FEW = 14
"""Phonemes: fewer do not tell a sentence from others."""
_NEIGHBOURS = 8
"""Phonemes of neighbouring words by which the narrowest pace is measured."""
# What the thresholds part, measured on 1,000 sentences right and wrong: see the how-to page.
_UNLIKE = 1.9, 1.5
"""How much worse than the recording's usual the sound may fit the words, in scores a frame; here and below the second
number is for sentences that were hard to follow."""
_HURRIED = 0.7, 0.85
"""Share of the recording's usual time a phoneme below which a sentence is too fast to be said."""
_SQUEEZED = 0.42, 0.6
"""The same for some words of it."""
_UNSAID, _UNSAID_SHARE = 0.3, 0.25
"""Seconds, and the share of all that is loud, that may be none of the words."""
_MUTE = 0.35
"""Share of the words' time that may be quiet."""
_USUAL_PACE, _USUAL_SCORE = 8.5, -2.4
"""Frames a phoneme and score a frame, where a recording is too short to tell its own."""

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spelled:
    """A sentence's words as the recogniser knows them, `phones` phonemes in all. `skipped` could not be pronounced;
    `judged` is False where it is not English."""

    words: tuple[str, ...]
    phones: int
    skipped: int
    judged: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Sentences' words by the lines' ids, and the pronunciations of those beyond the dictionary."""

    lines: Mapping[str, Spelled]
    pronunciations: Mapping[str, str]


def is_english(lang: str) -> bool:
    """Whether a language is one that the second opinion knows."""
    return lang.lower().partition("-")[0] == _ENGLISH


def vocabulary(lines: Iterable[Line], aligner: Aligner) -> Vocabulary:
    """Spell lines, as they are said, in words that the recogniser knows."""
    tokens: dict[str, list[tuple[str, str]]] = {}
    ready: dict[str, str] = {}
    for line in lines:
        found = tokens.setdefault(line.id, [])
        if found:
            continue
        for run in line.runs:
            if run.ipa:
                name = f"ipa_{len(ready)}"
                ready[name] = arpabet(run.text)
                found.append((name, "ipa"))
                continue
            if _SIGNS.search(run.text):
                found.append(("", run.lang))
            found += [(_name(word), run.lang) for word in _WORD.findall(run.text)]
    beyond = {
        (word, lang)
        for words in tokens.values()
        for word, lang in words
        if word and lang != "ipa" and not (is_english(lang) and aligner.knows(word))
    }
    told = {key: arpabet(ipa) for key, ipa in phonemes(beyond).items()}
    names = {key: f"{key[1].lower()}_{key[0]}" for key, phones in told.items() if phones}
    pronunciations = {names[key]: told[key] for key in sorted(names)} | {
        name: ipa for name, ipa in ready.items() if ipa
    }
    spelled = {id: _spelled(words, names, pronunciations, aligner) for id, words in tokens.items()}
    return Vocabulary(spelled, pronunciations)


def _name(word: str) -> str:
    plain = word.replace("’", "'")
    return plain if _MIXED.search(plain) else plain.lower()


def _spelled(
    words: Sequence[tuple[str, str]],
    names: Mapping[tuple[str, str], str],
    pronunciations: Mapping[str, str],
    aligner: Aligner,
) -> Spelled:
    found = []
    for word, lang in words:
        name = names.get((word, lang), word)
        if name in pronunciations or (word and is_english(lang) and aligner.knows(word)):
            found.append(name)
    foreign = sum(lang != "ipa" and not is_english(lang) for _, lang in words)
    skipped = len(words) - len(found)
    judged = bool(found) and all(word for word, _ in words) and foreign + skipped <= _FOREIGN * len(words)
    phones = sum(
        len(pronunciations[name].split()) if name in pronunciations else aligner.phones(name) for name in found
    )
    return Spelled(tuple(found), phones, skipped, judged)


# Listening.


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound in which words should be, 16,000 samples a second, with a margin around."""

    sound: Sound
    words: tuple[str, ...]


class Listener:
    """Follows many stretches at once, in processes of their own. `close` ends them."""

    def __init__(self, pronunciations: Mapping[str, str]) -> None:
        self._pool = WorkerPool(os.cpu_count() or 1, _start, (dict(pronunciations),))

    def align(self, stretches: Iterable[Stretch]) -> list[Alignment | None]:
        """The alignment of each, in order; None where its words cannot be followed."""
        items = [(one,) for one in stretches]
        return list(within_patience(self._pool, _align, items, sum(len(one.sound) for (one,) in items) / RATE))

    def close(self) -> None:
        """End the processes."""
        self._pool.end()


_own: list[Aligner] = []


def _start(pronunciations: dict[str, str]) -> None:
    hold_memory()
    _own.append(Aligner(pronunciations))


def _align(stretch: Stretch) -> Alignment | None:
    return _own[0].align(stretch.sound, stretch.words)


# Judging.


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a recording: frames a phoneme, score a frame."""

    pace: float
    score: float


def usual(alignments: Iterable[Alignment | None]) -> Usual:
    """What is usual among alignments; the middle of those that are long enough to tell."""
    long = [one for one in alignments if one is not None and _phones(one) >= FEW]
    if len(long) < 8:
        return Usual(_USUAL_PACE, _USUAL_SCORE)
    return Usual(median(_pace(one) for one in long), median(one.score / one.frames for one in long))


def doubt(found: Alignment | None, normal: Usual) -> str:
    """Why a sentence is not believed to be there; empty where it is."""
    if found is None or not found.words:
        return "its words cannot be followed in the sound"
    hard = int(found.hard)
    if found.score / found.frames < normal.score - _UNLIKE[hard]:
        return "the sound is unlike its words"
    if _pace(found) < _HURRIED[hard] * normal.pace:
        return "there is not time enough for its words"
    if found.unsaid > max(_UNSAID * FRAMES, _UNSAID_SHARE * found.loud):
        return f"{found.unsaid / FRAMES:.1f} s of what sounds is none of its words"
    if found.mute > _MUTE * sum(word.frames for word in found.words):
        return "it is silent where its words should be"
    if _narrowest(found) < _SQUEEZED[hard] * normal.pace:
        return "there is not time enough for some of its words"
    return ""


def _phones(found: Alignment) -> int:
    return sum(word.phones for word in found.words)


def _pace(found: Alignment) -> float:
    return sum(word.frames for word in found.words) / max(1, _phones(found))


def _narrowest(found: Alignment) -> float:
    """The fewest frames a phoneme over neighbouring words that have a few phonemes together."""
    least = float("inf")
    for first in range(len(found.words)):
        frames = phones = 0
        for word in found.words[first:]:
            frames += word.frames
            phones += word.phones
            if phones >= _NEIGHBOURS:
                least = min(least, frames / phones)
                break
    return least
