"""What can go wrong with what a recording says of itself: ID3 in an MP3, atoms in an M4B."""

from __future__ import annotations

import io
from random import Random
from typing import Any

from mutagen.id3 import ID3
from mutagen.mp4 import MP4
from mutants import Operator, Subject

_FRAMES = {"title": "TIT2", "creator": "TPE1", "language": "TLAN", "date": "TDRC"}
_ATOMS = {"title": "\xa9nam", "creator": "\xa9ART", "language": "----:com.apple.iTunes:LANGUAGE", "date": "\xa9day"}
_OTHERS = {"title": "Another tale", "creator": "Nobody at All", "language": "gle", "date": "1999-01-01"}


def _spoilt(subject: Subject, fact: str, value: str | None) -> bytes | None:
    """The file with another fact in its tags, or without it."""
    data = io.BytesIO(subject.path.read_bytes())
    if subject.path.suffix == ".mp3":
        tags: Any = ID3(data)
        name = _FRAMES[fact]
        if not tags.getall(name):
            return None
        if value is None:
            tags.delall(name)
        else:
            tags.getall(name)[0].text = [value]
        data.seek(0)
        tags.save(data, v2_version=3)
        return data.getvalue()
    file: Any = MP4(data)
    name = _ATOMS[fact]
    if not file.tags or name not in file.tags:
        return None
    if value is None:
        del file.tags[name]
    else:
        old = file.tags[name][0]
        file.tags[name] = [type(old)(value.encode() if isinstance(old, bytes) else value)]
    data.seek(0)
    file.save(data)
    return data.getvalue()


def _operator(fact: str, value: str | None) -> Operator:
    def mutate(subject: Subject, random: Random) -> bytes | None:
        return _spoilt(subject, fact, value)

    how = "altered" if value else "dropped"
    return Operator(f"{fact} {how}", frozenset({f"metadata-{fact}"}), mutate)


TAG_OPERATORS: tuple[Operator, ...] = tuple(
    _operator(fact, value) for fact, other in _OTHERS.items() for value in (other, None)
)
