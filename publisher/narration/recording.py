"""A person's reading in place of the voice: lines that a recording says are cut from it, all others are spoken.

To the narration it is one more engine (`voices.contract`), so that clips, their keys and their places come about as
always: a line's clip is cut anew where its place in the recording or the file's bytes change, and only there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np

from publisher.model.narration import Line, Role, Voice, WordTime
from publisher.model.publication import Publication
from publisher.model.recordings import Recording, Take
from publisher.narration.casting import Cast, open_cast
from publisher.narration.recording_sound import Block, Tape, sample_rate
from publisher.narration.recording_words import word_times
from publisher.narration.script import write_script
from publisher.narration.voices.contract import Engine, Sound
from publisher.store import digest

_VERSION = 1
"""Part of every cut's identity; to be raised when cutting changes."""
_LEVELS = {"espeak": -26.0}
_LEVEL = -23.0
"""LUFS of what the voices say before the mix is levelled, by engine, and of others: recordings are brought to that, so
that a person is no louder than the voice that reads the rest."""
_RATES = (22050, 24000, 32000, 44100)
"""Samples a second that narrations with recordings may have: all that MP3 and AAC know, up to a compact disc's."""
_SOFT = 0.8
"""From where on peaks are rounded off that the level would drive beyond 1."""


def key_of(line: Line) -> str:
    """What a take is found by: the line and its words, the same in every mix that has them."""
    return digest(line.id, line.shown, [[run.text, run.lang, run.ipa] for run in line.runs])


class Takes:
    """What recordings say, by line. `open` is an opener of voices for `narrate` and for hearing; `close` it at last.

    `tapes` are those that were decoded already, by the recording's name; the others are when they are needed.
    """

    def __init__(
        self, recordings: Sequence[Recording], takes: Mapping[str, Take], tapes: Callable[[Recording, int], Tape] = Tape
    ) -> None:
        self.recordings = {one.name: one for one in recordings}
        self.takes = takes
        used = {take.recording for take in takes.values()}
        self._own = max((sample_rate(one) for one in recordings if one.name in used), default=0)
        self._make = tapes
        self._tapes: dict[tuple[str, int], Tape] = {}
        self._lock = Lock()

    def of(self, line: Line) -> Take | None:
        """Where a line is read, if it is."""
        return self.takes.get(key_of(line))

    def rate(self, least: int) -> int:
        """Samples a second of a narration with a voice of `least`: what the recordings have, within bounds."""
        return max([least, *(rate for rate in _RATES if rate <= self._own)])

    def named(self, publication: Publication, mix: str, voice: Voice) -> Voice:
        """The voice of a mix, with those who read in its place: in the order of the recordings, "" for somebody whom
        nobody named."""
        plain = replace(voice, readers=(), partly=False)
        if not self.takes:
            return plain
        script = write_script(publication, mix, plain)
        lines = [line for chapter in script.chapters for line in chapter.lines]
        read = [take for line in lines if (take := self.of(line)) is not None]
        used = {take.recording for take in read}
        readers = tuple(dict.fromkeys(one.reader for name, one in self.recordings.items() if name in used))
        text = sum(line.role is not Role.ANNOUNCEMENT for line in lines)
        return replace(plain, readers=readers, partly=2 * len(read) < text)

    def tape(self, recording: Recording, rate: int) -> Tape:
        """The recording's sound, decoded once."""
        with self._lock:
            key = recording.name, rate
            if key not in self._tapes:
                self._tapes[key] = self._make(recording, rate)
            return self._tapes[key]

    def open(self, voice: Voice) -> Engine:
        """The voice, with people's readings in place of what they read."""
        return Recited(voice, self) if self.takes else open_cast(voice)

    def close(self) -> None:
        """Give the room of the tapes back."""
        for tape in self._tapes.values():
            tape.close()


NO_TAKES = Takes((), {})
"""Where nobody reads."""


class Recited(Cast):
    """Voices and recordings as one engine."""

    def __init__(self, voice: Voice, takes: Takes) -> None:
        self._voice = voice
        self._inner = open_cast(voice)
        self._takes = takes
        self._level = _LEVELS.get(voice.engine, _LEVEL)

    @property
    def rate(self) -> int:
        return self._takes.rate(self._inner.rate)

    @property
    def identity(self) -> str:
        return f"recordings over {self._inner.identity}"

    @property
    def at_once(self) -> int:
        return self._inner.at_once

    def recorded(self, line: Line) -> bool:
        """Whether a person reads the line."""
        return self._takes.of(line) is not None

    def speaker(self, line: Line) -> Engine:
        take = self._takes.of(line)
        if take is not None:
            return Cut(self._takes, take, self.rate, self._level)
        return self._inner.speaker(line) if isinstance(self._inner, Cast) else self._inner

    def close(self) -> None:
        self._inner.close()


@dataclass(frozen=True)
class Cut:
    """The engine of one line that is read by a person."""

    takes: Takes
    take: Take
    rate: int
    level: float

    at_once = 1

    @property
    def identity(self) -> str:
        take, recording = self.take, self.takes.recordings[self.take.recording]
        words = [[word.number, word.begin, word.finish] for word in take.words]
        parts = digest(recording.sha256, take.begin, take.end, self.rate, self.level, words)
        return f"recording {_VERSION} {parts}"

    def speak(self, line: Line) -> Sound:
        """The line as it is read, as loud as the voice is."""
        tape = self.takes.tape(self.takes.recordings[self.take.recording], self.rate)
        samples = tape.read(round(self.take.begin * self.rate), round(self.take.end * self.rate))
        gain = 10 ** ((self.level - tape.level) / 20) if math.isfinite(tape.level) else 1.0
        return Sound(_held(samples * np.float32(gain)), self.rate, self._words(line))

    def _words(self, line: Line) -> tuple[WordTime, ...]:
        return word_times(line, self.take.words)

    def close(self) -> None:
        """Nothing is open of its own."""


def _held(samples: Block) -> Block:
    """The same with what is beyond 1 rounded off, not cut."""
    loud = np.abs(samples)
    if not len(samples) or float(loud.max()) <= 1:
        return samples
    soft = _SOFT + (1 - _SOFT) * np.tanh((loud - _SOFT) / (1 - _SOFT))
    held: Block = np.where(loud > _SOFT, np.sign(samples) * soft, samples).astype(np.float32)
    return held
