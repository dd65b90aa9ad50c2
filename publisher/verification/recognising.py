"""What is said in a person's reading: pocketsphinx listens for the edition's own words, in any order, and follows them.

Two questions are put to it. What is said in a stretch? It listens with a model of the edition's language: the words of
the script, and which follow which. And how well does the stretch fit given words? They are followed through it. Where
it hears other words than the text's, and those fit the sound better by far, the reader said something else.

It knows English; it needs the extra `listen` and is imported only when it is asked. https://github.com/cmusphinx/pocketsphinx
"""

from __future__ import annotations

import math
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from publisher.model.narration import Line
from publisher.narration.recording_words import SaidWord, said_words
from publisher.processes import WorkerPool
from publisher.verification.patience import hold_memory, within_patience
from publisher.verification.pronouncing import arpabet, phonemes

RATE = 16000
"""Samples a second that the model hears."""
FRAME = 0.01
"""Seconds of a frame."""

_NOISE = 20.0
"""Level of the faint noise under the sound, of 32768: digital silence is like nothing the model knows."""
_BEAM, _WORD_BEAM = 1e-100, 1e-80
_UNSCALED = 1024
"""What pocketsphinx divides its scores by before it tells them."""
_DISCOUNT = 0.3
"""Share of a count that is left for words which did not follow in the text."""
_ALTERNATIVE = re.compile(r"\(\d+\)$")
_MIXED = re.compile(r"[a-z][A-Z]")
_APART = 60.0
"""Seconds of sound from which processes of their own are worth their start."""

Sound = NDArray[np.float32]


def available() -> bool:
    """Whether pocketsphinx is installed."""
    return find_spec("pocketsphinx") is not None


def identity() -> str:
    """Which listener it is: part of what its findings are kept under."""
    return f"pocketsphinx {version('pocketsphinx')}"


def is_english(lang: str) -> bool:
    """Whether a language is the one that it knows."""
    return lang.lower().partition("-")[0] == "en"


# Words


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of lines as the listener knows them, line by line (None: it cannot), and how those beyond its
    dictionary are pronounced."""

    lines: tuple[tuple[str | None, ...], ...]
    pronunciations: Mapping[str, str]


def spell(lines: Sequence[Line]) -> Spelling:
    """Spell lines as they are said."""
    words = [said_words(line) for line in lines]
    known = _in_dictionary({_name(word.text) for row in words for word in row if _plainly(word)})
    beyond = {(word.text, word.lang) for row in words for word in row if not word.ipa and not _is_known(word, known)}
    phones = {key: found for key, ipa in phonemes(beyond).items() if (found := arpabet(ipa))}
    phones |= {(word.text, "ipa"): arpabet(word.text) for row in words for word in row if word.ipa}
    pronunciations = {_foreign(*key): found for key, found in sorted(phones.items()) if found}

    def spelled(word: SaidWord) -> str | None:
        if _is_known(word, known):
            return _name(word.text)
        name = _foreign(word.text, "ipa" if word.ipa else word.lang)
        return name if name in pronunciations else None

    return Spelling(tuple(tuple(spelled(word) for word in row) for row in words), pronunciations)


def _plainly(word: SaidWord) -> bool:
    return not word.ipa and is_english(word.lang)


def _is_known(word: SaidWord, known: frozenset[str]) -> bool:
    return _plainly(word) and _name(word.text) in known


def _name(word: str) -> str:
    plain = word.replace("’", "'")
    return plain if _MIXED.search(plain) else plain.lower()


def _foreign(word: str, lang: str) -> str:
    return f"{lang.lower()}_{'_'.join(word.split())}"


def _in_dictionary(words: Iterable[str]) -> frozenset[str]:
    decoder = _decoder()
    return frozenset(word for word in words if decoder.lookup_word(word) is not None)


def _decoder(**settings: Any) -> Any:
    from pocketsphinx import Decoder  # type: ignore # noqa: PLC0415 - an extra, perhaps not here

    return Decoder(samprate=RATE, lm=None, loglevel="FATAL", bestpath=False, fwdflat=False, **settings)


def language_model(sentences: Sequence[Sequence[str]]) -> str:
    """A model of which words follow which, three at a time, in the ARPA format; sentences follow one another, too."""
    one: Counter[str] = Counter()
    two: Counter[tuple[str, str]] = Counter()
    three: Counter[tuple[str, str, str]] = Counter()
    for sentence in sentences:
        row = ("<s>", *sentence, "</s>")
        one.update(row)
        two.update(pairwise(row))
        three.update(zip(row, row[1:], row[2:], strict=False))
    for before, after in pairwise(sentences):
        if before and after:
            row = (*before[-2:], *after[:2])
            two.update([(before[-1], after[0])])
            three.update(zip(row, row[1:], row[2:], strict=False))
            two.update(set(pairwise(row)) - set(two))
    return "\n".join(_arpa(one, two, three))


def _arpa(one: Counter[str], two: Counter[tuple[str, str]], three: Counter[tuple[str, str, str]]) -> Iterator[str]:
    after_one, kinds_one = Counter[str](), Counter[str]()
    for (first, _), count in two.items():
        after_one[first] += count
        kinds_one[first] += 1
    after_two, kinds_two = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for (first, second, _), count in three.items():
        after_two[first, second] += count
        kinds_two[first, second] += 1
    total = sum(one.values()) + len(one)
    yield f"\\data\\\nngram 1={len(one)}\nngram 2={len(two)}\nngram 3={len(three)}\n\n\\1-grams:"
    for word, count in sorted(one.items()):
        likely = -99.0 if word == "<s>" else math.log10((count + 1) / total)
        yield f"{likely:.4f} {word} {_left(kinds_one[word], after_one[word]):.4f}"
    yield "\n\\2-grams:"
    for pair, count in sorted(two.items()):
        likely = math.log10((count - _DISCOUNT) / after_one[pair[0]])
        yield f"{likely:.4f} {' '.join(pair)} {_left(kinds_two[pair], after_two[pair]):.4f}"
    yield "\n\\3-grams:"
    for triple, count in sorted(three.items()):
        yield f"{math.log10((count - _DISCOUNT) / after_two[triple[:2]]):.4f} {' '.join(triple)}"
    yield "\n\\end\\\n"


def _left(kinds: int, total: int) -> float:
    return math.log10(_DISCOUNT * kinds / total) if total else 0.0


# Listening


@dataclass(frozen=True, slots=True)
class Word:
    """A word and when it sounds, in seconds from the begin of the stretch."""

    name: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A stretch held against words: what was `heard` in it; by how much that fits the sound better (0 where the same
    words were heard, infinite where the words cannot be followed at all); the words, followed, if they can be."""

    heard: tuple[str, ...]
    better: float
    words: tuple[Word, ...]


class Recogniser:
    """Listens in this process."""

    def __init__(self, pronunciations: Mapping[str, str], model: str) -> None:
        from pocketsphinx import NGramModel  # noqa: PLC0415

        self._free = _decoder()
        self._bound = _decoder(beam=_BEAM, pbeam=_BEAM, wbeam=_WORD_BEAM)
        for decoder in (self._free, self._bound):
            for name, phones in pronunciations.items():
                decoder.add_word(name, phones, True)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "edition.arpa"
            path.write_text(model, encoding="utf-8")
            self._free.add_lm("edition", NGramModel(self._free.config, self._free.logmath, str(path)))
        self._free.activate_search("edition")
        self._noise = np.random.default_rng(0).normal(0, _NOISE, RATE * 4).astype(np.float32)

    def hear(self, sound: Sound) -> tuple[Word, ...]:
        """The words in a stretch of sound, 16,000 samples a second."""
        self._run(self._free, sound)
        if self._free.hyp() is None:
            return ()
        return tuple(self._words(self._free))

    def follow(self, sound: Sound, names: Sequence[str]) -> tuple[float, tuple[Word, ...]] | None:
        """How well words fit a stretch (a logarithm) and when each sounds; None where they cannot be followed."""
        if not names:
            return None
        try:
            self._bound.set_align_text(" ".join(names))
            self._run(self._bound, sound)
        except RuntimeError:
            # How it says that the words do not fit at all.
            return None
        if self._bound.hyp() is None:
            return None
        score = sum(math.log(max(one.ascore, 1e-300)) * _UNSCALED for one in self._bound.seg())
        words = tuple(self._words(self._bound))
        return (score, words) if len(words) == len(names) else None

    def judge(self, sound: Sound, names: Sequence[str]) -> Judged:
        """What is said in a stretch, held against the words that should be."""
        heard = tuple(word.name for word in self.hear(sound))
        own = self.follow(sound, names)
        if own is None:
            return Judged(heard, math.inf, ())
        if heard == tuple(names):
            return Judged(heard, 0.0, own[1])
        other = self.follow(sound, heard)
        return Judged(heard, other[0] - own[0] if other else 0.0, own[1])

    def _run(self, decoder: Any, sound: Sound) -> None:
        noisy = sound * 32768 + np.resize(self._noise, len(sound))
        decoder.start_utt()
        decoder.process_raw(np.clip(noisy, -32768, 32767).astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()

    def _words(self, decoder: Any) -> Iterator[Word]:
        for one in decoder.seg():
            if one.word[0] not in "<[(" and one.end_frame >= one.start_frame:
                name = _ALTERNATIVE.sub("", one.word)
                yield Word(name, one.start_frame * FRAME, (one.end_frame + 1) * FRAME)


class Listeners:
    """As many recognisers as there are processors, in processes of their own where there is much to hear (`seconds`).

    `close` ends them.
    """

    def __init__(self, pronunciations: Mapping[str, str], model: str, seconds: float) -> None:
        settings = dict(pronunciations), model
        helpers = os.cpu_count() or 1
        self._own: Recogniser | None = None
        self._pool: WorkerPool | None = None
        if seconds < _APART or helpers == 1:
            self._own = Recogniser(*settings)
        else:
            self._pool = WorkerPool(helpers, _start, settings)

    def hear(self, sounds: Iterable[Sound]) -> Iterator[tuple[Word, ...]]:
        """What is said in each stretch, in order."""
        if self._own is not None:
            yield from map(self._own.hear, sounds)
        elif self._pool is not None:
            yield from _in_batches(self._pool, _hear, ((sound,) for sound in sounds))

    def judge(self, pieces: Iterable[tuple[Sound, Sequence[str]]]) -> Iterator[Judged]:
        """Each stretch held against its words, in order."""
        if self._own is not None:
            for sound, names in pieces:
                yield self._own.judge(sound, names)
        elif self._pool is not None:
            yield from _in_batches(self._pool, _judge, pieces)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.end()


_BATCH = 64
"""Stretches in memory at once."""


def _in_batches(pool: WorkerPool, work: Any, items: Iterable[Sequence[Any]]) -> Iterator[Any]:
    held: list[Sequence[Any]] = []
    for item in items:
        held.append(item)
        if len(held) == _BATCH:
            yield from within_patience(pool, work, held, _seconds(held))
            held = []
    if held:
        yield from within_patience(pool, work, held, _seconds(held))


def _seconds(items: Iterable[Sequence[Any]]) -> float:
    """How much sound there is in what each begins with."""
    return sum(len(item[0]) for item in items) / RATE


_own: list[Recogniser] = []


def _start(pronunciations: dict[str, str], model: str) -> None:
    hold_memory()
    _own.append(Recogniser(pronunciations, model))


def _hear(sound: Sound) -> tuple[Word, ...]:
    return _own[0].hear(sound)


def _judge(sound: Sound, names: Sequence[str]) -> Judged:
    return _own[0].judge(sound, names)
