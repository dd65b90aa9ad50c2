"""Reads recordings and their cues: MP3 with ID3 chapters, MPEG-4 audio, Opus, WebVTT.

https://id3.org/id3v2-chapters-1.0, https://www.w3.org/TR/webvtt1/
"""

# mypy: disallow-untyped-calls=False
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import av
import av.error
import langcodes
from mutagen import MutagenError
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus

from publisher.formats.audio.subtitles import parse
from publisher.model.artefacts import UnitRole
from publisher.model.extract import Evidence, Extract, Found, FoundChapter, FoundCue
from publisher.model.findings import InputError

_SENTENCE = re.compile(r"(.+)-(?:s|l)[0-9]+(?:-[0-9]+of[0-9]+)?|(.+)-[0-9]+of[0-9]+")
"""The id of a sentence, or of a line of code, within its block; or of a part of what has no room in one cue."""
_CHAPTER_TAG = re.compile(r"chapter(\d{3})=(\d+:\d\d:\d\d(?:\.\d+)?)", re.IGNORECASE)
_LARGEST = 64 * 1024 * 1024


def read(path: Path) -> Extract:
    """What a recording or a file of cues tells of itself. Its sound is another matter: see `decoding.decode`.

    Raises InputError where it is not what its name says.
    """
    match path.suffix.lower():
        case ".vtt":
            return _read_cues(path)
        case ".mp3":
            return _read_mp3(path)
        case ".m4b" | ".m4a" | ".mp4":
            return _read_mp4(path)
        case ".opus" | ".ogg":
            return _read_opus(path)
        case _:
            raise InputError(f"{path.name}: no reader for such sound; give an MP3, an M4B, an Opus or a VTT")


def _read_cues(path: Path) -> Extract:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path.name} is too large for a file of cues; build it again")
        subtitles = parse(path.read_bytes().decode("utf-8", errors="replace"))
    except OSError as problem:
        raise InputError(f"{path.name} cannot be read: {problem.strerror}") from problem
    if subtitles is None:
        raise InputError(f"{path.name} is no WebVTT file; build it again")
    lang = subtitles.headers.get("Language", "")
    metadata = {"language": (lang,)} if lang else {}
    units = units_of(subtitles.cues, lang)
    duration = max((cue.end for cue in subtitles.cues), default=0.0)
    return Extract("audio", path.name, Evidence.DECLARED, metadata, units, cues=subtitles.cues, duration=duration)


def units_of(cues: Iterable[FoundCue], lang: str = "") -> tuple[Found, ...]:
    """The cues of one block together, in order: `albania-1-s1-1of2`, `albania-1-s1-2of2` and `albania-1-s2` are the
    unit `albania-1`.

    Cues that follow one another without such an id are units of their own.
    """
    together: list[tuple[str, list[FoundCue]]] = []
    for cue in cues:
        sentence = _SENTENCE.fullmatch(cue.id)
        block = sentence[1] or sentence[2] if sentence else cue.id
        if sentence and together and together[-1][0] == block:
            together[-1][1].append(cue)
        else:
            together.append((block, [cue]))
    return tuple(
        Found(
            UnitRole.PARAGRAPH,
            " ".join(cue.text for cue in found),
            found[0].lang or lang,
            clock(found[0].begin),
            block or None,
        )
        for block, found in together
    )


def clock(seconds: float) -> str:
    """`72.34` → `0:01:12.340`, as places in a recording are told."""
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _read_mp3(path: Path) -> Extract:
    try:
        file: Any = MP3(path)
        tags: Any = file.tags or ID3()
    except (MutagenError, OSError) as problem:
        raise InputError(f"{path.name} is no MP3: {_reason(problem)}; build it again") from problem
    metadata = {
        "title": _texts(tags.getall("TIT2")),
        "subtitle": _texts(tags.getall("TIT3")),
        "creator": _texts(tags.getall("TPE1")),
        "album": _texts(tags.getall("TALB")),
        "language": tuple(_tag(text) for text in _texts(tags.getall("TLAN"))),
        "date": _texts(tags.getall("TDRC")),
        "publisher": _texts(tags.getall("TPUB")),
        "rights": _texts(tags.getall("TCOP")),
        "description": _texts(tags.getall("COMM")),
        "identifier": _texts(tags.getall("TXXX:IDENTIFIER")),
        "narrator": _texts(tags.getall("TXXX:NARRATOR")),
    }
    return _recording(path, metadata, _id3_chapters(tags), file.info.length)


def _reason(problem: Exception) -> str:
    """What a library says of a file, which at times is nothing."""
    return getattr(problem, "strerror", None) or str(problem) or "it is damaged"


def _texts(frames: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(text) for frame in frames for text in frame.text if str(text))


def _id3_chapters(tags: Any) -> tuple[FoundChapter, ...]:
    """The chapters in the order of the table of contents, where there is one, else of their times."""
    chapters = {frame.element_id: frame for frame in tags.getall("CHAP")}
    order: list[str] = []
    for contents in tags.getall("CTOC"):
        order += [id for id in contents.child_element_ids if id in chapters and id not in order]
    order += sorted((id for id in chapters if id not in order), key=lambda id: chapters[id].start_time)
    return tuple(
        FoundChapter(
            " ".join(_texts(chapters[id].sub_frames.getall("TIT2"))),
            chapters[id].start_time / 1000,
            chapters[id].end_time / 1000,
        )
        for id in order
    )


def _read_mp4(path: Path) -> Extract:
    try:
        file: Any = MP4(path)
        with av.open(str(path)) as container:
            chapters = tuple(_chapter(chapter) for chapter in container.chapters())
    except (MutagenError, av.error.FFmpegError, OSError) as problem:
        raise InputError(f"{path.name} is no MPEG-4 audio: {_reason(problem)}; build it again") from problem
    tags: Any = file.tags or {}

    def texts(atom: str) -> tuple[str, ...]:
        return tuple(
            value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
            for value in tags.get(atom, ())
        )

    metadata = {
        "title": texts("\xa9nam"),
        "creator": texts("\xa9ART"),
        "album": texts("\xa9alb"),
        "language": tuple(_tag(text) for text in texts("----:com.apple.iTunes:LANGUAGE")),
        "date": texts("\xa9day"),
        "publisher": texts("\xa9pub"),
        "rights": texts("cprt"),
        "description": texts("desc"),
        "narrator": texts("\xa9nrt"),
    }
    return _recording(path, metadata, chapters, file.info.length)


def _read_opus(path: Path) -> Extract:
    """Vorbis comments (https://wiki.xiph.org/VorbisComment) with chapters (https://wiki.xiph.org/Chapter_Extension).

    A chapter lasts until the next begins.
    """
    try:
        file: Any = OggOpus(path)
    except (MutagenError, OSError) as problem:
        raise InputError(f"{path.name} is no Opus in Ogg: {_reason(problem)}; build it again") from problem
    tags: Any = file.tags or {}

    def texts(name: str) -> tuple[str, ...]:
        return tuple(str(text) for text in tags.get(name, ()) if str(text))

    names = {"creator": "artist", "publisher": "organization", "rights": "copyright", "narrator": "performer"}
    same = ("title", "subtitle", "album", "language", "date", "description", "identifier")
    metadata = {name: texts(names.get(name, name)) for name in (*same, *names)}
    begins = [
        (found, sum(float(part) * unit for part, unit in zip(found[2].split(":"), (3600, 60, 1), strict=False)))
        for name, values in tags
        if (found := _CHAPTER_TAG.fullmatch(f"{name}={values}"))
    ]
    begins.sort(key=lambda one: int(one[0][1]))
    ends = [*(begin for _, begin in begins[1:]), file.info.length][: len(begins)]
    chapters = tuple(
        FoundChapter(" ".join(texts(f"CHAPTER{found[1]}NAME")), begin, end)
        for (found, begin), end in zip(begins, ends, strict=True)
    )
    return _recording(path, metadata, chapters, file.info.length)


def _chapter(chapter: Any) -> FoundChapter:
    base = chapter["time_base"]
    title = dict(chapter.get("metadata", {})).get("title", "")
    return FoundChapter(title, float(chapter["start"] * base), float(chapter["end"] * base))


def _recording(
    path: Path,
    metadata: Mapping[str, tuple[str, ...]],
    chapters: tuple[FoundChapter, ...],
    duration: float | None,
) -> Extract:
    told = {name: values for name, values in metadata.items() if values}
    return Extract("audio", path.name, Evidence.DECLARED, told, chapters=chapters, duration=duration)


def _tag(language: str) -> str:
    """ISO 639-2, which containers hold, as the shortest tag of BCP 47."""
    return langcodes.standardize_tag(language) if langcodes.tag_is_valid(language) else language
