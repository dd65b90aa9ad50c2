"""A person's reading beside the source: the sound files of `recordings/`, who reads them, and their cue files.

recordings/chapter-1.flac       WAV, FLAC or MP3, in the order of their names
recordings/chapter-1.vtt        its cues, if there are any; or chapter-1.txt, Audacity's labels

Only what the files are is looked at here, not how they sound: that takes their decoding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape
from pathlib import Path
from typing import Protocol

from publisher.manuscript.files import read_text
from publisher.model.findings import Finding, InputError, Severity
from publisher.model.publication import Creator
from publisher.model.recordings import CueMark, Recording
from publisher.model.source import Position
from publisher.store import file_digest

FOLDER = "recordings"
KINDS = {".wav": "wav", ".flac": "flac", ".mp3": "mp3"}
LARGEST = 8 << 30
"""Bytes of the largest file of sound that is taken: a day of speech, uncompressed."""
MOST_CUES = 200_000

_OTHERS = frozenset({".aac", ".aif", ".aiff", ".caf", ".m4a", ".m4b", ".ogg", ".opus", ".w64", ".wma"})
"""Endings of sound that is not read: told, since it was surely meant to be."""
_CUE_FILES = (".vtt", ".txt")
_NUMBERS = re.compile(r"(\d+)")
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)[.](\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_LABEL = re.compile(r"(\d+(?:[.,]\d+)?)\t(\d+(?:[.,]\d+)?)\t(.*)")
_TAG = re.compile(r"<[^>]*>")


class Entry(Protocol):
    """What the front matter says of a recording: `file` None is said of all that no entry names."""

    @property
    def file(self) -> str | None: ...
    @property
    def reader(self) -> str | None: ...
    @property
    def mix(self) -> str | None: ...
    @property
    def waive(self) -> Sequence[str]: ...


class Told(Protocol):
    """Where an entry of the front matter stands."""

    def place(self, path: tuple[object, ...]) -> Position: ...


class _UnusableError(Exception):
    """Why a file cannot be used."""


def read_recordings(
    folder: Path, entries: Sequence[Entry], creators: Iterable[Creator], data: Told
) -> tuple[tuple[Recording, ...], tuple[Finding, ...]]:
    """The recordings of the edition in `folder`, in the order of their names, and the findings about them.

    Errors: `recording-file` (a file that cannot be used, or is not there), `cue-file` (a line of a cue file that
    cannot be read). Warnings: `recording-unused` (sound of a kind that is not read, cues without a recording).
    """
    there = _files(folder / FOLDER)
    findings: list[Finding] = []
    named: dict[str, tuple[Entry, Position]] = {}
    narrators = ", ".join(one.name for one in creators if one.role == "nrt")
    default: tuple[Entry | None, Position | None] = None, None
    for number, entry in enumerate(entries):
        place = data.place(("recordings", number))
        if entry.file is None:
            default = entry, place
            continue
        name = entry.file.removeprefix(f"{FOLDER}/")
        if name not in {path.name for path in there}:
            message = f"there is no {FOLDER}/{name} in the edition's folder; add it or correct the name"
            findings.append(Finding("recording-file", Severity.ERROR, message, place))
        named[name] = entry, place
    found = []
    for path in there:
        entry_here, at = named.get(path.name, default)
        if path.suffix.lower() not in KINDS:
            if path.name in named or path.suffix.lower() in _OTHERS:
                findings.append(_unused(path, at))
            continue
        try:
            _check(path)
            cues = _cues_beside(path)
        except (_UnusableError, InputError) as problem:
            findings.append(_told(path, problem, at))
            continue
        found.append(
            Recording(
                name=f"{FOLDER}/{path.name}",
                path=path,
                kind=KINDS[path.suffix.lower()],
                sha256=file_digest(path),
                reader=(entry_here.reader if entry_here and entry_here.reader else narrators),
                mix=(entry_here.mix or "") if entry_here else "",
                cues=cues,
                waived=tuple(entry_here.waive) if entry_here else (),
                position=at,
            )
        )
    stems = {path.stem for path in there if path.suffix.lower() in KINDS}
    for path in there:
        if path.suffix.lower() in _CUE_FILES and path.stem not in stems and path.suffix.lower() == ".vtt":
            message = f"{FOLDER}/{path.name} is beside no recording {path.stem}.wav, .flac or .mp3; rename it"
            findings.append(Finding("recording-unused", Severity.WARNING, message, Position(str(path), 1)))
    return tuple(found), tuple(findings)


def _files(folder: Path) -> list[Path]:
    """The files of the folder, chapter 2 before chapter 10; hidden ones are the system's own."""
    if not folder.is_dir():
        return []
    there = [path for path in folder.iterdir() if not path.name.startswith(".") and path.is_file()]
    return sorted(there, key=lambda path: ([_number(part) for part in _NUMBERS.split(path.name)], path.name))


def _number(part: str) -> tuple[int, str]:
    return (int(part), "") if part.isdecimal() else (-1, part)


def _unused(path: Path, at: Position | None) -> Finding:
    message = f"{FOLDER}/{path.name} is not read: recordings are WAV, FLAC or MP3; convert it"
    return Finding("recording-unused", Severity.WARNING, message, at or Position(str(path), 1))


def _told(path: Path, problem: Exception, at: Position | None) -> Finding:
    if isinstance(problem, InputError):
        return Finding("cue-file", Severity.ERROR, problem.message, problem.position or at)
    return Finding("recording-file", Severity.ERROR, f"{FOLDER}/{path.name} {problem}", at or Position(str(path), 1))


def _check(path: Path) -> None:
    """That a file is of the kind that its name says and not beyond all measure."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(16)
    except OSError as problem:
        raise _UnusableError(f"cannot be read: {problem.strerror}; check its permissions") from problem
    if not size:
        raise _UnusableError("is empty; record it again")
    if size > LARGEST:
        raise _UnusableError(f"has over {LARGEST >> 30} GB; make a file of each chapter")
    kind = sound_kind(start)
    if kind != KINDS[path.suffix.lower()]:
        what = f"is {kind.upper()}" if kind else "is no recording"
        raise _UnusableError(f"{what}, not what its name says; rename it, or save it as WAV, FLAC or MP3")


def sound_kind(start: bytes) -> str:
    """The format that the first 16 bytes of a file show, or "".

    RIFF and RF64 of the EBU's Tech 3306; RFC 9639; ID3v2, or the frame header of MPEG audio, layer III.
    """
    if start[:4] in (b"RIFF", b"RF64") and start[8:12] == b"WAVE":
        return "wav"
    if start[:4] == b"fLaC":
        return "flac"
    frame = len(start) > 3 and start[0] == 0xFF and start[1] & 0xE6 == 0xE2
    return "mp3" if start[:3] == b"ID3" or (frame and start[2] >> 4 not in (0, 15)) else ""


# Cue files


def _cues_beside(recording: Path) -> tuple[CueMark, ...] | None:
    for suffix in _CUE_FILES:
        path = recording.with_suffix(suffix)
        if path.is_file():
            text = read_text(path)
            cues = read_vtt(text, str(path)) if suffix == ".vtt" else read_labels(text, str(path))
            _in_order(cues)
            return cues
    return None


def read_vtt(text: str, path: str) -> tuple[CueMark, ...]:
    """The cues of a WebVTT file (https://www.w3.org/TR/webvtt1/). Raises InputError with the line that is none."""
    lines = text.split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0].rstrip()):
        raise InputError("a WebVTT file begins with a line WEBVTT; add it", Position(path, 1))
    cues: list[CueMark] = []
    number = 1
    while number < len(lines) and lines[number].strip():  # the header may have more lines
        number += 1
    while number < len(lines):
        if not lines[number].strip():
            number += 1
            continue
        block = [number]
        while block[-1] + 1 < len(lines) and lines[block[-1] + 1].strip():
            block.append(block[-1] + 1)
        number = block[-1] + 1
        if re.match(r"(?:NOTE|STYLE|REGION)(?:\s|$)", lines[block[0]]) and "-->" not in lines[block[0]]:
            continue
        id = "" if "-->" in lines[block[0]] else lines[block[0]].strip()
        timing = block[1:] if id else block
        timed = _TIMING.fullmatch(lines[timing[0]].strip()) if timing else None
        if timed is None:
            at = Position(path, (timing or block)[0] + 1)
            raise InputError("no times of a cue; write them as 00:01:02.500 --> 00:01:07.250", at)
        payload = " ".join(lines[one] for one in timing[1:])
        words = " ".join(unescape(_TAG.sub("", payload)).split())
        parts = timed.groups()
        cues.append(CueMark(_seconds(parts[:4]), _seconds(parts[4:]), id, words, Position(path, timing[0] + 1)))
        if len(cues) > MOST_CUES:
            raise InputError(f"more than {MOST_CUES} cues; make a recording of each chapter", Position(path, 1))
    return tuple(cues)


def read_labels(text: str, path: str) -> tuple[CueMark, ...]:
    """The labels that Audacity exports: begin, end and words, with tabs between. Raises InputError as `read_vtt`."""
    cues = []
    for number, line in enumerate(text.split("\n"), start=1):
        # A line with a backslash gives the frequencies of the label before it.
        if not line.strip() or line.startswith("\\"):
            continue
        found = _LABEL.fullmatch(line.strip("\r"))
        if found is None:
            message = "no label; write begin, end (in seconds) and the sentence's id or words, with tabs between"
            raise InputError(message, Position(path, number))
        begin, end = (float(part.replace(",", ".")) for part in found.groups()[:2])
        words = " ".join(found[3].split())
        cues.append(CueMark(begin, end, "", words, Position(path, number)))
    if len(cues) > MOST_CUES:
        raise InputError(f"more than {MOST_CUES} labels; make a recording of each chapter", Position(path, 1))
    return tuple(cues)


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _in_order(cues: Sequence[CueMark]) -> None:
    before = 0.0
    for cue in cues:
        if cue.end <= cue.begin:
            raise InputError("a cue that ends before it begins; correct its times", cue.position)
        if cue.begin < before - 0.0005:
            raise InputError("a cue that begins before the one above it ends; correct its times", cue.position)
        before = cue.end
