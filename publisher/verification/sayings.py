"""What every sentence sounds like, said anew: the measure that published sound is held against.

The voice speaks again, apart from the build's cache, so that a clip which went wrong in the build, or was changed in
the cache, proves nothing. A voice that cannot speak here again (a service on the network) leaves its cached clips.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from threading import Lock

import numpy as np
import soundfile  # type: ignore[import-untyped]

from publisher.model.findings import EngineError
from publisher.model.narration import Line, Voice, WordTime
from publisher.narration.casting import identity_of, open_cast, role_of
from publisher.narration.narrate import clip_key
from publisher.narration.recording import NO_TAKES, Takes
from publisher.narration.resampling import at_rate
from publisher.narration.voices import engines
from publisher.narration.voices.contract import Engine, Sound
from publisher.processes import Threads
from publisher.store import Store
from publisher.verification.signal import Samples, Signal

_AUDIBLE = 0.002
LEAD, TAIL = 0.01, 0.03
"""Seconds of the silence around a sentence that belong to its cue."""


@dataclass(frozen=True, slots=True)
class Saying:
    """How a line sounds: samples `first` up to `last` of the sayings' signal, from the first that can be heard to the
    last. `lead` and `tail` are the samples of near-silence around it that its cue holds. `words` are in seconds from
    `first`."""

    line: Line
    first: int
    last: int
    lead: int
    tail: int
    words: tuple[WordTime, ...] = ()

    @property
    def frames(self) -> int:
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Sayings:
    """The sayings of lines by `voice`, by the lines' words. `anew` where it spoke again; else they are the build's.
    `takes` are read by people, and are of the recordings themselves."""

    signal: Signal
    by_words: Mapping[object, Saying]
    anew: bool
    voice: Voice
    takes: Takes = NO_TAKES

    def of(self, line: Line) -> Saying | None:
        """How a line sounds; None where the voice cannot say it again and the build kept nothing."""
        found = self.by_words.get(_words(line, self.voice, self.takes))
        if found is None or found.line.id == line.id:
            return found
        return Saying(line, found.first, found.last, found.lead, found.tail, found.words)


def _words(line: Line, voice: Voice, takes: Takes) -> object:
    """Lines that a voice says alike are said once; a person reads each as it stands."""
    return (
        line.id if takes.of(line) is not None else line.id in voice.left,
        role_of(voice, line),
        line.runs,
        line.shown if any(run.ipa for run in line.runs) else "",
    )


def say_anew(
    lines: Iterable[Line],
    voice: Voice,
    store: Store | None = None,
    opener: Callable[[Voice], Engine] = open_cast,
    takes: Takes = NO_TAKES,
) -> Sayings:
    """Have every line said once more; from the store's clips where this voice cannot. What people read is cut from
    their recordings once more.

    Raises InputError or EngineError where the voice fails.
    """
    if takes.takes:
        opener = takes.open
    wanted = {_words(line, voice, takes): line for line in lines}
    read = {words: line for words, line in wanted.items() if takes.of(line) is not None}
    wanted = {words: line for words, line in wanted.items() if words not in read}
    with closing(opener(voice)) as engine:
        signal = Signal(engine.rate)
        try:
            people = _speak(list(read.items()), voice, engine, signal, opener)
            found, anew = _said_by(
                voice,
                {words: line for words, line in wanted.items() if line.id not in voice.left},
                engine,
                signal,
                store=store,
                opener=opener,
            )
            rest = [(words, line) for words, line in wanted.items() if words not in found]
            found = {**people, **found}
            if voice.fallback is None or not voice.left or not rest:
                return Sayings(signal, found, anew, voice, takes)
            # What the fallback said, and what was not asked of the voice any more.
            with closing(opener(voice.fallback)) as other:
                left, again = _said_by(voice.fallback, dict(rest), other, signal, store=store, opener=opener)
            asked = len(found) > len(people)
            return Sayings(signal, {**found, **left}, (anew or not asked) and again, voice, takes)
        except BaseException:
            signal.close()
            raise


def _said_by(
    voice: Voice,
    wanted: Mapping[object, Line],
    engine: Engine,
    signal: Signal,
    *,
    store: Store | None,
    opener: Callable[[Voice], Engine],
) -> tuple[dict[object, Saying], bool]:
    """What a voice says, and whether it said it anew; else it is what the store has of it."""
    if all(engines()[one.engine].repeats for one in (voice, *voice.roles.values())):
        return _speak(list(wanted.items()), voice, engine, signal, opener), True
    kept = {words: _kept(line, engine, store) for words, line in wanted.items()}
    return {words: _saying(wanted[words], sound, signal) for words, sound in kept.items() if sound}, False


def _speak(
    wanted: Sequence[tuple[object, Line]],
    voice: Voice,
    engine: Engine,
    signal: Signal,
    opener: Callable[[Voice], Engine],
) -> dict[object, Saying]:
    waiting = iter(wanted)
    lock = Lock()

    def next_one() -> tuple[object, Line] | None:
        with lock:
            return next(waiting, None)

    def work(own: Engine) -> dict[object, Saying]:
        return {words: _saying(line, own.speak(line), signal) for words, line in iter(next_one, None)}

    def work_apart() -> dict[object, Saying]:
        with closing(opener(voice)) as own:
            return work(own)

    helpers = min(engine.at_once, max(1, len(wanted) // 8))
    if helpers == 1:
        return work(engine)
    with Threads(helpers) as threads:
        futures = [threads.submit(work, engine), *(threads.submit(work_apart) for _ in range(helpers - 1))]
        made: dict[object, Saying] = {}
        for future in futures:
            made |= future.result()
    return made


def _kept(line: Line, engine: Engine, store: Store | None) -> Sound | None:
    path = store.find(clip_key(identity_of(engine, line), line), ".flac") if store else None
    if path is None:
        return None
    try:
        samples, rate = soundfile.read(path, dtype="float32")
    except soundfile.LibsndfileError:
        return None
    return Sound(samples, rate)


def _saying(line: Line, sound: Sound, signal: Signal) -> Saying:
    samples: Samples = sound.samples
    if sound.rate != signal.rate:
        samples = at_rate(samples, sound.rate, signal.rate)
    loud = np.nonzero(np.abs(samples) > _AUDIBLE)[0]
    if not len(loud):
        raise EngineError("hearing", f"{line.id} was said as silence; build again with another voice")
    first, last = int(loud[0]), int(loud[-1]) + 1
    lead = min(first, round(LEAD * signal.rate))
    tail = min(len(samples) - last, round(TAIL * signal.rate))
    at = signal.append(samples[first:last])
    start = first / signal.rate
    words = tuple(
        WordTime(word.start, word.end, max(0.0, word.begin - start), max(0.0, word.finish - start))
        for word in sound.words
    )
    return Saying(line, at, at + last - first, lead, tail, words)
