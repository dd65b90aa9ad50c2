"""An audiobook as data: its tracks and the table of contents over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from publisher.model.blocks import Heading
from publisher.model.inlines import told_text
from publisher.model.narration import Role
from publisher.model.publication import Publication, Section
from publisher.narration.tracks import Track


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of contents: its words, where it leads, how deep it stands, from 1."""

    text: str
    href: str
    level: int


def track_name(number: int) -> str:
    """Where a track, counted from 1, stands in the package."""
    return f"audio/part{number:04}.mp3"


def milliseconds(track: Track) -> int:
    """How long a track sounds."""
    return track.frames * 1000 // track.rate


def contents_of(tracks: Sequence[Track], publication: Publication) -> tuple[Entry, ...]:
    """A line for each track, under it lines for the headings inside it; no level is skipped."""
    headings = dict(_headings(publication.sections))
    return tuple(entry for number, track in enumerate(tracks, 1) for entry in _of_track(number, track, headings))


def _headings(sections: Sequence[Section]) -> Iterator[tuple[str, Heading]]:
    for section in sections:
        if section.heading is not None:
            yield section.heading.id, section.heading
        yield from _headings(section.sections)


def _of_track(number: int, track: Track, headings: Mapping[str, Heading]) -> Iterator[Entry]:
    yield Entry(track.chapter.title, track_name(number), 1)
    told = {track.chapter.id}
    above = 1
    for cue in track.cues:
        heading = headings.get(cue.line.unit)
        if heading is None or cue.line.role is not Role.HEADING or heading.id in told:
            continue
        told.add(heading.id)
        above = min(max(2, heading.level - 1), above + 1)
        text = " ".join(told_text(heading.inlines).split())
        yield Entry(text, f"{track_name(number)}#t={round(track.begin(cue) * 1000) / 1000:.3f}", above)
