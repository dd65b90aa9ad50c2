"""Sees that files have their sound to its end: what a full disk or a broken engine cuts off.

A recording is counted packet by packet. What stands in a ZIP is read to its end, where its checksum is, and believed
what it tells of its length. Check: `audio-truncated`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from publisher.formats.audio.decoding import packed_seconds, told_seconds
from publisher.formats.audiobook.read import extract_track, read_audiobook
from publisher.formats.daisy.opening_read import open_book
from publisher.formats.daisy.smil_read import presentation_of
from publisher.formats.epub.overlays_read import Overlays, extract_audio
from publisher.model.findings import InputError
from publisher.verification.checks import Discrepancy
from publisher.verification.hearing import TOLERANCE, Reporter
from publisher.verification.verdicts import Listening, Verified

_Take = Callable[[str, Path], Path]
"""Copies a sound out of a container, by its name in it."""


def with_ends(found: Listening, built: Path, overlays: Mapping[str, Overlays]) -> Listening:
    """What was found, with every sound that is shorter than its file tells of it; `overlays` are those of EPUBs by
    their names. All other books are DAISY books."""
    files = {name: _with(verified, tuple(_of_recording(verified, built))) for name, verified in found.files.items()}
    books = {
        name: (*told, *(_of_epub(built / name, overlays[name]) if name in overlays else _of_daisy(built / name)))
        for name, told in found.overlays.items()
    }
    return replace(found, files=files, overlays=books)


def _with(verified: Verified, told: tuple[Discrepancy, ...]) -> Verified:
    return replace(verified, discrepancies=(*verified.discrepancies, *told)) if told else verified


def _of_recording(verified: Verified, built: Path) -> Iterator[Discrepancy]:
    artefact = verified.artefact
    path = built / artefact.name
    if not path.is_file():
        return
    if artefact.format == "audiobook":
        yield from _of_audiobook(path)
    elif artefact.duration is not None and artefact.media_type.startswith("audio/"):
        yield from _short(Reporter(artefact.name), artefact.name, lambda: packed_seconds(path), artefact.duration)


def _of_audiobook(path: Path) -> Iterator[Discrepancy]:
    try:
        tracks = {track.name: track.duration or 0.0 for track in read_audiobook(path).tracks}
    except InputError:  # told by whoever reads what it says
        return
    yield from _of_container(path, tracks, partial(extract_track, path))


def _of_epub(path: Path, overlays: Overlays) -> Iterator[Discrepancy]:
    ends: dict[str, float] = {}
    for track in overlays.tracks:
        ends[track.name] = max([ends.get(track.name, 0.0), *(cue.end for cue in track.cues if cue.end != float("inf"))])
    yield from _of_container(path, ends, partial(extract_audio, path))


def _of_daisy(path: Path) -> Iterator[Discrepancy]:
    ends: dict[str, float] = {}
    try:
        with open_book(path) as book:
            for one in (one for part in presentation_of(book).sequences for one in part.shown):
                ends[one.sound] = max(ends.get(one.sound, 0.0), one.cue.end)
            yield from _of_container(path, ends, book.copy)
    except InputError:  # told by whoever reads what it says
        return


def _of_container(path: Path, ends: Mapping[str, float], take: _Take) -> Iterator[Discrepancy]:
    """The sounds in a book that are shorter than the seconds told of them."""
    reporter, numbers = Reporter(path.name), count()
    # Beside it, in the folder that is not published yet: where this is killed, the next build clears all of that.
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        for sound, end in ends.items():
            copy = Path(scratch) / f"{next(numbers)}{Path(sound).suffix}"
            try:
                yield from _short(reporter, sound, partial(_told_by_copy, take, sound, copy), end)
            finally:
                copy.unlink(missing_ok=True)


def _told_by_copy(take: _Take, sound: str, copy: Path) -> float:
    return told_seconds(take(sound, copy))


def _short(reporter: Reporter, sound: str, seconds: Callable[[], float], told: float) -> Iterator[Discrepancy]:
    try:
        lasts = seconds()
    except InputError as problem:
        yield reporter.tell("artefact-unreadable", f"{sound} cannot be read: {problem.message}")
        return
    if lasts < told - TOLERANCE:
        message = f"{sound} is cut off: it has {lasts:.3f} s of sound where {told:.3f} s are told of; build it again"
        yield reporter.tell("audio-truncated", message, at=lasts, expected=f"{told:.3f}", found=f"{lasts:.3f}")
