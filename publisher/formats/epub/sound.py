"""The audio of the read-aloud edition: for each document its own file, in the order of the document, joined from the
same pieces as the recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from publisher.formats.epub.documents import Page
from publisher.formats.epub.overlays import Moment, Sound, match, silent
from publisher.model.findings import EngineError, Finding
from publisher.model.narration import Line, Narration, Role, Script, ScriptChapter
from publisher.narration.lexicon import EMPTY, Lexicon
from publisher.narration.narrate import narrate
from publisher.narration.pieces import Piece, Rearranged
from publisher.narration.tracks import joined
from publisher.store import Store

_PAUSE = 0.7


@dataclass(frozen=True, slots=True)
class Track:
    """A document's audio: the file, when each element sounds, and how long it is in milliseconds."""

    path: Path
    moments: tuple[Moment, ...]
    duration: int


def sounds_of(
    pages: Sequence[Page], narrations: Sequence[Narration], store: Store, lexicon: Lexicon = EMPTY
) -> tuple[dict[str, Sound], tuple[Finding, ...]]:
    """The sound of every element that shows or tells words, and what there is to say about its voice.

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
        return sounds, ()
    first = narrations[0]
    # Each by itself: the pages that they are on are not next to one another.
    chapters = tuple(ScriptChapter(line.id, "", (line,)) for line in lines)
    script = Script("furniture", first.lang, chapters)
    furniture = narrate(script, first.voice, store, rate=first.rate)
    # Of a voice that is known to be gone it has been told.
    return match(pages, (*narrations, furniture)), () if first.voice.gone else furniture.findings


def record(documents: Sequence[Sequence[Sound]], store: Store) -> list[Track | None]:
    """The documents' audio, None for one without a sound: an MP3 of constant bit rate, and the moments in it.

    Each moment lasts until the next begins, pauses included, so that players never seek within a document.
    Raises EngineError where the voices of one document differ in their sample rate.
    """
    rearranged = Rearranged()
    rows = [
        rearranged.pieces([(sound.narration, cue) for sound in sounds for cue in sound.cues]) for sounds in documents
    ]
    rates = [{piece.narration.rate for piece in row} for row in rows]
    if any(len(found) > 1 for found in rates):
        raise EngineError("narration", "two voices of different sample rates are in one document; use one voice")
    sounding = [row for row in rows if row]
    files = dict(zip((id(row) for row in sounding), joined(sounding, store), strict=True))
    return [_track(sounds, row, files[id(row)]) if row else None for sounds, row in zip(documents, rows, strict=True)]


def _track(sounds: Sequence[Sound], pieces: Sequence[Piece], path: Path) -> Track:
    rate = pieces[0].narration.rate
    spans = iter([span for piece in pieces for span in piece.spans()])
    starts = accumulate((sum(next(spans) for _ in sound.cues) for sound in sounds), initial=0)
    times = [start * 1000 // rate for start in starts]
    moments = [Moment(sound.element, *span) for sound, span in zip(sounds, pairwise(times), strict=True)]
    return Track(path, tuple(moments), times[-1])
