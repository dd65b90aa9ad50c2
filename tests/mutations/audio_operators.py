"""What can go wrong with recordings and their cues. The sound is decoded, spoilt, and encoded again."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from mutagen.id3 import CHAP, ID3, TIT2
from mutagen.mp4 import MP4
from mutants import Operator, Subject
from sounds import SoundSubject, Wave, tape_of
from spoilers import RECORDINGS, Spoil

from publisher.formats.audio.read import read
from publisher.formats.audio.webvtt import timestamp
from publisher.model.extract import FoundChapter
from publisher.narration.encoding import Mark, encode_m4b, encode_mp3

_NONE = 0xFFFFFFFF
"""No offset in bytes: a chapter's times count."""


def _written(subject: Subject, wave: Wave, rate: int, change: Callable[[list[FoundChapter]], Any] | None) -> bytes:
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
            more = [CHAP(f"chpx{n}", 0, 0, _NONE, _NONE, [TIT2(3, [""])]) for n in range(len(chapters) - len(frames))]
            for frame, chapter in zip([*frames, *more], chapters, strict=False):
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


def sound_operator(name: str, expects: str, spoil: Spoil) -> Operator:
    def mutate(subject: Subject, random: Random) -> bytes | None:
        if not isinstance(subject, SoundSubject):
            return None
        tape = tape_of(subject)
        wave = spoil(tape, random)
        return None if wave is None else _written(subject, wave, tape.rate, None)

    return Operator(name, frozenset(expects.split()), mutate)


def chapter_operator(name: str, expects: str, change: Callable[[list[FoundChapter], Random], Any]) -> Operator:
    def mutate(subject: Subject, random: Random) -> bytes | None:
        if not isinstance(subject, SoundSubject) or not read(subject.path).chapters:
            return None
        tape = tape_of(subject)
        return _written(subject, tape.wave, tape.rate, lambda chapters: change(chapters, random))

    return Operator(name, frozenset(expects.split()), mutate)


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


def _add_chapter(chapters: list[FoundChapter], random: Random) -> None:
    n = _chapter(chapters, random)
    one = chapters[n]
    middle = (one.begin + one.end) / 2
    chapters[n : n + 1] = [FoundChapter(one.title, one.begin, middle), FoundChapter("Nobody’s", middle, one.end)]


SOUND_OPERATORS: tuple[Operator, ...] = (
    *(sound_operator(name, expects, spoil) for name, expects, spoil in RECORDINGS),
    chapter_operator("chapter dropped", "chapter-missing", _drop_chapter),
    chapter_operator("chapter added", "chapter-added", _add_chapter),
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


def _add_cue(cues: list[list[str]], random: Random) -> bool:
    n = random.randrange(len(cues))
    cues.insert(n, ["nobodys-s1", cues[n][1], "Nobody ever said this."])
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
    """A word that is shown; what tags hold is not."""
    cue = random.choice(cues)
    word = random.choice(list(re.finditer(r"[^\s<>]+(?![^<>]*>)", cue[2])))
    cue[2] = f"{cue[2][: word.start()]}{word[0][::-1]}x{cue[2][word.end() :]}"
    return True


_VOICE = re.compile(r"<v\.note ([^>]*)>")


def _alter_speaker(cues: list[list[str]], random: Random) -> bool:
    """A note is given to another than who signs it."""
    cue = random.choice([cue for cue in cues if _VOICE.search(cue[2])])
    cue[2] = _VOICE.sub(lambda tag: f"<v.note {tag[1][::-1]}x>", cue[2])
    return True


def _drop_speaker(cues: list[list[str]], random: Random) -> bool:
    cue = random.choice([cue for cue in cues if _VOICE.search(cue[2])])
    cue[2] = _VOICE.sub("<c.note>", cue[2]).replace("</v>", "</c>")
    return True


def _add_speaker(cues: list[list[str]], random: Random) -> bool:
    """Words of the text are given to someone."""
    cue = random.choice([cue for cue in cues if not _VOICE.search(cue[2])])
    cue[2] = f"<v Nobody>{cue[2]}</v>"
    return True


def _end_late(cues: list[list[str]], random: Random) -> bool:
    n = random.randrange(len(cues) - 1)
    begin, _ = _times(cues[n])
    cues[n][1] = f"{timestamp(begin)} --> {timestamp(_times(cues[n + 1])[0] + 0.3)}"
    return True


def _widen(cues: list[list[str]], random: Random) -> bool:
    """Two lines become one that is too long for a screen."""
    cue = random.choice([cue for cue in cues if len(re.sub("<[^>]*>", "", cue[2])) > 50 and "\n" in cue[2]])
    cue[2] = cue[2].replace("\n", " ")
    return True


CUE_OPERATORS: tuple[Operator, ...] = (
    cue_operator("cue shifted by 200 ms", "cue-shifted", _shift_one),
    cue_operator("cues shifted by 200 ms", "cue-shifted", _shift_all),
    cue_operator("cue dropped", "cue-missing", _drop_cue),
    cue_operator("cue added", "cue-added", _add_cue),
    cue_operator("cue doubled", "cue-doubled", _double_cue),
    cue_operator("cues swapped", "cue-order", _swap_cues),
    cue_operator("cue altered", "cue-altered", _alter_cue),
    cue_operator("speaker altered", "cue-speaker", _alter_speaker),
    cue_operator("speaker dropped", "cue-speaker", _drop_speaker),
    cue_operator("speaker added", "cue-speaker", _add_speaker),
    cue_operator("cue over the next", "cue-overlap", _end_late),
    cue_operator("cue too wide", "cue-unfit", _widen),
)
