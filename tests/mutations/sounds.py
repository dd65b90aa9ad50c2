"""Recordings, cues and overlays as subjects: heard through verification's own ear; their samples to be spoilt."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
from mutants import Subject
from numpy.typing import NDArray

from publisher.formats.audio.decoding import decode, sample_rate
from publisher.formats.epub.overlays_read import read_overlays
from publisher.model.artefacts import Artefact
from publisher.model.mixes import CHOSEN_MIXES
from publisher.narration.casting import voice_for
from publisher.narration.encoding import encode_mp3
from publisher.verification.checks import Source
from publisher.verification.hearing import Heard
from publisher.verifying.ear import Ear

Wave = NDArray[np.float32]
_AUDIBLE = 0.01


@dataclass(frozen=True, eq=False)
class SoundSubject(Subject):
    """A recording or its cues; `heard` is what was heard in the recording as it was built."""

    ear: Ear
    heard: Heard
    artefact: Artefact

    def checks(self, path: Path) -> set[str]:
        self.ear.built = path.parent
        if path.suffix == ".vtt":
            verified = self.ear.cues(replace(self.artefact, name=path.name), self.heard)
        else:
            verified, _ = self.ear.recording(replace(self.artefact, name=path.name))
        return {one.finding.check for one in verified.discrepancies}


@dataclass(frozen=True, eq=False)
class OverlaySubject(Subject):
    """A read-aloud edition: held against the source as any EPUB, and heard."""

    ear: Ear

    def checks(self, path: Path) -> set[str]:
        self.ear.built = path.parent
        told = self.ear.overlay(path.name, read_overlays(path))
        return super().checks(path) | {one.finding.check for one in told}


def open_ear(built: Path, source: Source) -> Ear:
    """An ear that knows how everything sounds that the edition's files may say."""
    ear = Ear(built, source, voice_for(source.publication.metadata), None, CHOSEN_MIXES)
    ear.prepare({path.name: read_overlays(path) for path in sorted(built.glob("*-read-aloud.epub"))})
    return ear


def heard_as_built(ear: Ear, artefact: Artefact, path: Path) -> Heard:
    """What is heard in a recording, or in that which a file of cues belongs to."""
    ear.built = path.parent
    _, heard = ear.recording(artefact)
    assert heard is not None
    return heard


@dataclass
class Tape:
    """A recording's samples, and where its sentences begin and end in them; those that sound, in order."""

    wave: Wave
    rate: int
    begins: list[int]
    ends: list[int]
    words: list[str]

    def clip(self, number: int) -> Wave:
        return self.wave[self.begins[number] : self.ends[number]]

    def with_piece(self, first: int, last: int, piece: Wave) -> Wave:
        """The samples with others in the place of a stretch."""
        return np.concatenate([self.wave[:first], piece.astype(np.float32), self.wave[last:]])

    def pick(self, random: Random, least: float = 0.4) -> int:
        long = [n for n in range(len(self.begins)) if self.ends[n] - self.begins[n] >= least * self.rate]
        return random.choice(long or list(range(len(self.begins))))


@lru_cache(maxsize=1)
def tape_of(subject: SoundSubject) -> Tape:
    """A recording decoded, with the places of its sentences as they were heard."""
    rate = sample_rate(subject.path)
    wave = np.concatenate(list(decode(subject.path)))
    spans = [
        (round(begin * rate), round(end * rate), line.said)
        for line, begin, end in zip(subject.heard.lines, subject.heard.begins, subject.heard.ends, strict=True)
        if begin is not None and end is not None
    ]
    return Tape(wave, rate, [b for b, _, _ in spans], [e for _, e, _ in spans], [words for _, _, words in spans])


def tape_within(data: bytes, spans: Iterable[tuple[float, float, str]]) -> Tape:
    """A recording of which it is told when, in seconds, which words sound; without the silence after them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "track.mp3"
        path.write_bytes(data)
        rate, wave = sample_rate(path), np.concatenate(list(decode(path)))
    loud = np.nonzero(np.abs(wave) > _AUDIBLE)[0]
    told = []
    for begin, end, words in spans:
        first, last = round(begin * rate), min(round(end * rate), len(wave))
        within = loud[(loud >= first) & (loud < last)]
        told.append((first, int(within[-1]) + 1 if len(within) else last, words))
    return Tape(wave, rate, [b for b, _, _ in told], [e for _, e, _ in told], [words for _, _, words in told])


def as_mp3(wave: Wave, rate: int) -> bytes:
    """Samples encoded as the build does, without tags."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "track.mp3"
        encode_mp3(path, [wave], rate)
        return path.read_bytes()
