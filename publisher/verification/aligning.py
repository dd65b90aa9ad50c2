"""Whether words can be followed through a stretch of sound: forced alignment by pocketsphinx, which knows English.

Its acoustic model was made from people's voices and knows nothing of ours: so it is a second opinion on what is heard,
though a coarser one. It needs the extra `listen` and is imported only when it is asked.
https://github.com/cmusphinx/pocketsphinx
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from publisher.model.findings import InputError

RATE = 16000
"""Samples a second that the model hears."""
FRAMES = 100
"""Frames of the alignment a second."""
# Words that are there are nearly always followed to the end; words that are not mostly fall out. Those that fall out
# are followed once more, by many more ways, and judged more strictly.
_BEAM, _WORD_BEAM = 1e-60, 1e-40
_WIDE_BEAM, _WIDE_WORD_BEAM = 1e-100, 1e-80
_NOISE = 20.0
"""Level of the faint noise that is put under the sound, of 32768: digital silence is like nothing the model knows."""
_QUIET = 0.03
"""Frames of less than this share of a stretch's level are quiet."""
_UNSCALED = 1024
"""What pocketsphinx divides its scores by before it tells them."""
_ALTERNATIVE = re.compile(r"\(\d+\)$")

Sound = NDArray[np.float32]
_Segment = tuple[str, int, int, float]
"""A word or a silence, its first and last frame and its likelihood."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its share of the stretch: frames, its phonemes, its score (a logarithm; 0 is perfect)."""

    name: str
    frames: int
    phones: int
    score: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """Words followed through a stretch of `frames`. `unsaid` are the loud frames that no word has, `mute` the quiet
    ones that words have; `loud` counts all loud ones. `score` is that of all frames together. `hard` where the words
    were followed at the second try only."""

    words: tuple[Word, ...]
    frames: int
    score: float
    loud: int
    unsaid: int
    mute: int
    hard: bool = False


def check_available() -> None:
    """Raises InputError, with what to do, where pocketsphinx is not installed."""
    if find_spec("pocketsphinx") is None:
        raise InputError("--listen needs pocketsphinx; install it with `pip install 'concordant-publisher[listen]'`")


class Aligner:
    """Follows words through sound. `pronunciations` (ARPABET) are of words beyond the dictionary, by name."""

    def __init__(self, pronunciations: Mapping[str, str] | None = None) -> None:
        check_available()
        from pocketsphinx import Decoder  # type: ignore # noqa: PLC0415 - an extra, perhaps not here

        def decoder(beam: float, word_beam: float) -> Any:
            made = Decoder(
                samprate=RATE, lm=None, loglevel="FATAL", beam=beam, pbeam=beam, wbeam=word_beam, bestpath=False
            )
            for name, phones in (pronunciations or {}).items():
                made.add_word(name, phones, True)
            return made

        self._decoder = decoder(_BEAM, _WORD_BEAM)
        self._wide = decoder(_WIDE_BEAM, _WIDE_WORD_BEAM)
        self._noise = np.random.default_rng(0).normal(0, _NOISE, RATE * 4).astype(np.float32)

    def knows(self, word: str) -> bool:
        """Whether the dictionary has a word."""
        return self._decoder.lookup_word(word) is not None

    def phones(self, word: str) -> int:
        """How many phonemes a word has that is known."""
        return len(self._decoder.lookup_word(word).split())

    def align(self, sound: Sound, words: Sequence[str]) -> Alignment | None:
        """Follow words through sound, 16,000 samples a second; None where they cannot be followed to its end.

        All words must be known.
        """
        if not words or len(sound) < RATE // FRAMES * 3:
            return None
        noisy = sound * 32768 + np.resize(self._noise, len(sound))
        samples = np.clip(noisy, -32768, 32767).astype("<i2")
        segments = _followed(self._decoder, samples.tobytes(), words)
        if segments:
            return self._told(segments, sound, hard=False)
        segments = _followed(self._wide, samples.tobytes(), words)
        return self._told(segments, sound, hard=True) if segments else None

    def _told(self, segments: Sequence[_Segment], sound: Sound, *, hard: bool) -> Alignment:
        segments = [one for one in segments if one[2] > one[1]]
        frames = segments[-1][2] + 1 if segments else 0
        loud = _loud(sound, frames)
        said = np.zeros(frames, dtype=np.bool_)
        words = []
        total = 0.0
        for name, first, last, likelihood in segments:
            score = math.log(max(likelihood, 1e-300)) * _UNSCALED
            total += score
            if name[0] not in "<[(":
                said[first : last + 1] = True
                words.append(Word(_ALTERNATIVE.sub("", name), last + 1 - first, self.phones(name), score))
        return Alignment(
            tuple(words), frames, total, int(loud.sum()), int((loud & ~said).sum()), int((~loud & said).sum()), hard
        )


def _followed(decoder: Any, samples: bytes, words: Sequence[str]) -> list[_Segment]:
    try:
        decoder.set_align_text(" ".join(words))
        decoder.start_utt()
        decoder.process_raw(samples, full_utt=True)
        decoder.end_utt()
    except RuntimeError:
        # How it says that the words do not fit at all.
        return []
    if decoder.hyp() is None:
        return []
    return [(one.word, one.start_frame, one.end_frame, one.ascore) for one in decoder.seg()]


def _loud(sound: Sound, frames: int) -> NDArray[np.bool_]:
    step = RATE // FRAMES
    held = np.zeros(frames * step, dtype=np.float32)
    count = min(len(held), len(sound))
    held[:count] = sound[:count]
    levels = np.sqrt(np.square(held).reshape(-1, step).mean(axis=1))
    loud: NDArray[np.bool_] = levels > _QUIET * max(float(np.percentile(levels, 95)), 1e-4) if frames else levels > 0
    return loud
