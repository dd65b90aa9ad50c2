"""The audio of the read-aloud edition: for each document its own file, in the order of the document."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from publisher.formats.epub.documents import Page
from publisher.formats.epub.overlays import Moment, Sound, match, silent
from publisher.model.findings import EngineError
from publisher.model.narration import Cue, Line, Narration, Role, Script, ScriptChapter
from publisher.narration.encoding import encode_mp3
from publisher.narration.lexicon import EMPTY, Lexicon
from publisher.narration.mixing import CEILING, cue_samples, level_of
from publisher.narration.mp3 import bit_rate
from publisher.narration.narrate import narrate
from publisher.processes import Threads
from publisher.store import Store, digest

_VERSION = 2
_PAUSE = 0.7

Block = NDArray[np.float32]
_Run = tuple[Narration, list[Cue], float]
"""Cues that follow each other in their narration, and its level."""


@dataclass(frozen=True, slots=True)
class Track:
    """A document's audio: the file, when each element sounds, and how long it is in milliseconds."""

    path: Path
    moments: tuple[Moment, ...]
    duration: int


def sounds_of(
    pages: Sequence[Page], narrations: Sequence[Narration], store: Store, lexicon: Lexicon = EMPTY
) -> dict[str, Sound]:
    """The sound of every element that shows or tells words.

    What the narrations leave out (the cover, the rights) is said by the voice of the first one, so that no page is
    silent: reading systems skip those. Raises EngineError where the voice fails.
    """
    sounds = match(pages, narrations)
    left = [found for page in pages for found in silent(page, sounds)]
    lines = tuple(
        Line(id, id, Role.PARAGRAPH, lang, text, runs, _PAUSE)
        for id, text, lang in left
        if (runs := lexicon.say(text, lang))
    )
    if not lines:
        return sounds
    first = narrations[0]
    script = Script("furniture", first.lang, (ScriptChapter("furniture", "", lines),))
    return match(pages, (*narrations, narrate(script, first.voice, store, rate=first.rate)))


def record(documents: Sequence[Sequence[Sound]], store: Store) -> list[Track | None]:
    """The documents' audio, None for one without a sound; as many at once as there are processors.

    Raises EngineError where the voices of one document differ in their sample rate.
    """
    recorder = _Recorder(store)
    with Threads(os.cpu_count() or 1) as threads:
        return list(threads.map(lambda sounds: recorder.record(sounds) if sounds else None, documents))


@dataclass
class _Recorder:
    """Makes the documents' audio, kept in the store."""

    store: Store
    _levels: dict[int, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def record(self, sounds: Sequence[Sound]) -> Track:
        """A document's audio as an MP3 of constant bit rate, and the moments in it.

        Each moment lasts until the next begins, pauses included, so that players never seek within a document.
        Raises EngineError where the voices of one document differ in their sample rate.
        """
        rate = sounds[0].narration.rate
        if any(sound.narration.rate != rate for sound in sounds):
            raise EngineError("narration", "two voices of different sample rates are in one document; use one voice")
        starts = [0]
        for sound in sounds:
            starts.append(starts[-1] + sum(_frames(cue, rate) for cue in sound.cues))
        times = [start * 1000 // rate for start in starts]
        moments = tuple(
            Moment(sound.element, begin, end) for sound, (begin, end) in zip(sounds, pairwise(times), strict=True)
        )
        runs = [(narration, cues, self._level(narration)) for narration, cues in _runs(sounds)]
        # All that decides the samples: a sentence that is edited leaves the other documents' sound as it was.
        identity = [
            [
                level,
                [[cue.clip.key, cue.first - cues[0].first, cue.last - cues[0].first] for cue in cues],
                cues[-1].line.pause,
            ]
            for _, cues, level in runs
        ]
        key = digest("epub audio", _VERSION, CEILING, rate, bit_rate(rate), identity)
        path = self.store.keep(key, ".mp3", lambda target: self._encode(target, runs, rate, starts[-1]))
        return Track(path, moments, times[-1])

    def _level(self, narration: Narration) -> float:
        with self._lock:
            if id(narration) not in self._levels:
                self._levels[id(narration)] = level_of(narration, self.store)
            return self._levels[id(narration)]

    def _encode(self, target: Path, runs: Sequence[_Run], rate: int, frames: int) -> None:
        written = encode_mp3(target, self._blocks(runs, rate), rate)
        if written != frames:
            raise EngineError("mp3", f"{written} samples were encoded where {frames} were due")

    def _blocks(self, runs: Sequence[_Run], rate: int) -> Iterator[Block]:
        for narration, cues, level in runs:
            yield from cue_samples(narration, self.store, cues, level)
            yield np.zeros(round(cues[-1].line.pause * rate), dtype=np.float32)


def _frames(cue: Cue, rate: int) -> int:
    return cue.last - cue.first + round(cue.line.pause * rate)


def _runs(sounds: Sequence[Sound]) -> Iterator[tuple[Narration, list[Cue]]]:
    """The cues in the order of the document, those together that follow each other in their narration too."""
    run: list[Cue] = []
    owner: Narration | None = None
    for sound in sounds:
        for cue in sound.cues:
            if run and owner is sound.narration and cue.first == run[-1].last + round(run[-1].line.pause * owner.rate):
                run.append(cue)
                continue
            if run and owner:
                yield owner, run
            run, owner = [cue], sound.narration
    if run and owner:
        yield owner, run
