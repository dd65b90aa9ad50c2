"""What can go wrong with recordings and their cues. The sound is decoded, spoilt, and encoded again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from editions import folder_of
from mutagen.id3 import ID3
from mutagen.mp4 import MP4
from mutants import Operator, Subject
from numpy.typing import NDArray

from publisher.build import Order, build_edition, read_imprint_of
from publisher.formats.audio.decoding import decode, sample_rate
from publisher.formats.audio.read import read
from publisher.formats.audio.webvtt import timestamp
from publisher.listening import CUES, Ear
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import Artefact
from publisher.model.extract import FoundChapter
from publisher.narration.encoding import Mark, encode_m4b, encode_mp3
from publisher.narration.voices import voice_from_name
from publisher.store import default_store
from publisher.verification.checks import source_of
from publisher.verification.coverage import coverage_of
from publisher.verification.hearing import Heard

Wave = NDArray[np.float32]
MEDIA = {".mp3": "audio/mpeg", ".m4b": "audio/mp4", ".vtt": CUES}


@dataclass(frozen=True)
class AudioSubject(Subject):
    """A recording or its cues; `heard` is what was heard in the recording as it was built."""

    ear: Ear
    heard: Heard

    def artefact(self) -> Artefact:
        return Artefact(self.path.name, MEDIA[self.path.suffix], "audio", "")

    def checks(self, path: Path) -> set[str]:
        self.ear.built = path.parent
        if path.suffix == ".vtt":
            verified = self.ear.cues(self.artefact(), self.heard)
        else:
            verified, _ = self.ear.recording(self.artefact())
        return {one.finding.check for one in verified.discrepancies}


def audio_subjects(name: str, out: Path) -> Generator[AudioSubject, None, None]:
    """Build an edition's audio and yield its recordings and their cues, ready to be heard again and again."""
    folder = folder_of(name)
    build_edition(Order(folder, out, default_store(), ("audio",)), lambda *_: None)
    imprint, _ = read_imprint_of(folder)
    source = source_of(read_edition(folder, imprint).publication)
    ear = Ear(out / name, source, voice_from_name(source.publication.metadata.voice), None)
    ear.prepare({})
    try:
        for path in sorted((out / name).iterdir(), reverse=True):
            media_type = MEDIA.get(path.suffix)
            coverage = coverage_of(path.name, media_type or "")
            if media_type is None or coverage is None:
                continue
            sound = path if path.suffix != ".vtt" else path.with_suffix(".mp3")
            ear.built = path.parent
            _, heard = ear.recording(Artefact(sound.name, MEDIA[sound.suffix], "audio", ""))
            if heard is not None:
                yield AudioSubject(name, path, source, coverage, read, ear=ear, heard=heard)
    finally:
        ear.close()


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


def _tape(subject: AudioSubject) -> Tape:
    rate = sample_rate(subject.path)
    wave = np.concatenate(list(decode(subject.path)))
    spans = [
        (round(begin * rate), round(end * rate), line.said)
        for line, begin, end in zip(subject.heard.lines, subject.heard.begins, subject.heard.ends, strict=True)
        if begin is not None and end is not None
    ]
    return Tape(wave, rate, [b for b, _, _ in spans], [e for _, e, _ in spans], [words for _, _, words in spans])


def _written(subject: AudioSubject, wave: Wave, rate: int, change: Callable[[list[FoundChapter]], Any] | None) -> bytes:
    """A file like the subject's with other samples and, if they are changed, other chapters."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / subject.path.name
        chapters = list(read(subject.path).chapters)
        if change is not None:
            change(chapters)
        if path.suffix == ".mp3":
            encode_mp3(path, [wave], rate)
            tags = ID3(subject.path)
            frames = sorted(tags.getall("CHAP"), key=lambda frame: int(frame.element_id.removeprefix("chp")))
            tags.delall("CHAP")
            for frame, chapter in zip(frames, chapters, strict=False):
                frame.start_time, frame.end_time = round(chapter.begin * 1000), round(chapter.end * 1000)
                frame.sub_frames.getall("TIT2")[0].text = [chapter.title]
                tags.add(frame)
            tags.save(path, v2_version=3)
        else:
            marks = [Mark(one.title, round(one.begin * rate), round(one.end * rate)) for one in chapters]
            encode_m4b(path, [wave], rate, marks)
            file, tags = MP4(path), MP4(subject.path).tags
            for name, value in (tags or {}).items():
                file[name] = value
            file.save()
        return path.read_bytes()


Spoil = Callable[[Tape, Random], Wave | None]


def sound_operator(name: str, expects: str, spoil: Spoil) -> Operator:
    def mutate(subject: Subject, random: Random) -> bytes | None:
        if not isinstance(subject, AudioSubject):
            return None
        tape = _tape(subject)
        wave = spoil(tape, random)
        return None if wave is None else _written(subject, wave, tape.rate, None)

    return Operator(name, frozenset(expects.split()), mutate)


def chapter_operator(name: str, expects: str, change: Callable[[list[FoundChapter], Random], Any]) -> Operator:
    def mutate(subject: Subject, random: Random) -> bytes | None:
        if not isinstance(subject, AudioSubject) or not read(subject.path).chapters:
            return None
        tape = _tape(subject)
        return _written(subject, tape.wave, tape.rate, lambda chapters: change(chapters, random))

    return Operator(name, frozenset(expects.split()), mutate)


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


def _chapter(chapters: list[FoundChapter], random: Random) -> int:
    return random.randrange(len(chapters))


def _drop_chapter(chapters: list[FoundChapter], random: Random) -> None:
    del chapters[_chapter(chapters, random)]


def _move_chapter(chapters: list[FoundChapter], random: Random) -> None:
    n = random.randrange(1, len(chapters))  # an M4B's first chapter begins with the sound, whatever is asked for
    one = chapters[n]
    chapters[n] = FoundChapter(one.title, one.begin + random.choice([0.2, 0.7]), one.end)


def _rename_chapter(chapters: list[FoundChapter], random: Random) -> None:
    n = _chapter(chapters, random)
    one = chapters[n]
    chapters[n] = FoundChapter(one.title[::-1] + "x", one.begin, one.end)


SOUND_OPERATORS: tuple[Operator, ...] = (
    sound_operator("sentence muted", "audio-muted", _mute),
    sound_operator("sentence half muted", "audio-muted", _mute_half),
    sound_operator("sentence cut out", "audio-missing", _cut_out),
    sound_operator("sentence's end cut off", "audio-truncated", _cut_end),
    sound_operator("sentence's begin cut off", "audio-truncated", _cut_begin),
    sound_operator("sentences swapped", "audio-order audio-wrong", _swap),
    sound_operator("another sentence said", "audio-wrong", _replace),
    sound_operator("sentence backwards", "audio-wrong", _backwards),
    sound_operator("sentence doubled", "audio-doubled", _double),
    sound_operator("recording cut short", "audio-missing audio-truncated", _end),
    sound_operator("sound added", "audio-added", _add),
    sound_operator("sound shifted by 200 ms", "audio-shifted", _late),
    chapter_operator("chapter dropped", "chapter-missing", _drop_chapter),
    chapter_operator("chapter moved", "chapter-shifted", _move_chapter),
    chapter_operator("chapter renamed", "chapter-title", _rename_chapter),
)


def cue_operator(name: str, expects: str, change: Callable[[list[list[str]], Random], Any]) -> Operator:
    """`change` is given the cues' lines: id, times, words."""

    def mutate(subject: Subject, random: Random) -> bytes | None:
        head, *blocks = subject.path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
        cues = [block.split("\n", 2) for block in blocks]
        if change(cues, random) is None:
            return None
        return "\n\n".join([head, *("\n".join(cue) for cue in cues), ""]).encode()

    return Operator(name, frozenset(expects.split()), mutate)


def _times(cue: list[str]) -> tuple[float, float]:
    def seconds(text: str) -> float:
        hours, minutes, rest = text.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(rest)

    begin, _, end = cue[1].partition(" --> ")
    return seconds(begin), seconds(end)


def _shift(cue: list[str], by: float) -> None:
    begin, end = _times(cue)
    cue[1] = f"{timestamp(max(0, begin + by))} --> {timestamp(end + by)}"


def _shift_one(cues: list[list[str]], random: Random) -> bool:
    _shift(random.choice(cues), random.choice([0.2, -0.2]))
    return True


def _shift_all(cues: list[list[str]], random: Random) -> bool:
    for cue in cues:
        _shift(cue, 0.2)
    return True


def _drop_cue(cues: list[list[str]], random: Random) -> bool:
    del cues[random.randrange(len(cues))]
    return True


def _double_cue(cues: list[list[str]], random: Random) -> bool:
    n = random.randrange(len(cues))
    cues.insert(n, list(cues[n]))
    return True


def _swap_cues(cues: list[list[str]], random: Random) -> bool | None:
    if len(cues) < 2:
        return None
    n = random.randrange(len(cues) - 1)
    cues[n], cues[n + 1] = cues[n + 1], cues[n]
    return True


def _alter_cue(cues: list[list[str]], random: Random) -> bool:
    cue = random.choice(cues)
    words = cue[2].split(" ")
    n = random.randrange(len(words))
    words[n] = words[n][::-1] + "x"
    cue[2] = " ".join(words)
    return True


CUE_OPERATORS: tuple[Operator, ...] = (
    cue_operator("cue shifted by 200 ms", "cue-shifted", _shift_one),
    cue_operator("cues shifted by 200 ms", "cue-shifted", _shift_all),
    cue_operator("cue dropped", "cue-missing", _drop_cue),
    cue_operator("cue doubled", "cue-doubled", _double_cue),
    cue_operator("cues swapped", "cue-order", _swap_cues),
    cue_operator("cue altered", "cue-altered", _alter_cue),
)
