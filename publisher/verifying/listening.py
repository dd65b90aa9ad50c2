"""Hears what an edition's files with sound say: the recordings, what stands beside them, read-aloud editions, books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from publisher.formats.epub.overlays_read import Overlays, read_overlays
from publisher.model.artefacts import Artefact
from publisher.model.mixes import CHOSEN_MIXES
from publisher.model.narration import Voice
from publisher.processes import Threads
from publisher.store import Store
from publisher.verification.checks import Discrepancy, Source
from publisher.verification.verdicts import Listening, Verified
from publisher.verifying.ear import DEFAULT, Ear
from publisher.verifying.ends import with_ends
from publisher.verifying.hearing_books import heard_audiobooks, heard_books
from publisher.verifying.second_hearing import seconded
from publisher.verifying.transcribing import BESIDE, hold_beside

RECORDINGS = ("audio/mpeg", "audio/mp4", "audio/ogg")
"""In which order they are asked when something sounds."""
CUES = "text/vtt"


def listen(
    artefacts: Sequence[Artefact],
    built: Path,
    source: Source,
    voice: Voice,
    store: Store | None = None,
    *,
    again: bool = False,
) -> Listening:
    """Hear all files of a build that sound, and hold their cues against what is heard.

    `again` asks for a second opinion. Where the voice cannot speak here, files are graded as declared, with a warning.
    """
    ear = Ear(built, source, voice, store, tuple(one.variant for one in artefacts))
    try:
        overlays = _overlays(artefacts, built)
        ear.prepare(overlays)
        found = _found(ear, artefacts, overlays)
        return seconded(found, ear, overlays) if again else found
    finally:
        ear.close()


def leaf_through(
    artefacts: Sequence[Artefact], built: Path, source: Source, voice: Voice, store: Store | None
) -> Listening:
    """What can be told of files that sound without decoding them: what they say of their sound, and that they have
    it to its end."""
    ear = Ear(built, source, voice, store, tuple(one.variant for one in artefacts), decodes=False)
    ear.failure = "nothing is decoded"
    try:
        overlays = _overlays(artefacts, built)
        found = _found(ear, artefacts, overlays)
        return with_ends(found, built, overlays)
    finally:
        ear.close()


def _overlays(artefacts: Sequence[Artefact], built: Path) -> dict[str, Overlays]:
    books = [one for one in artefacts if one.variant == "read-aloud"]
    return {one.name: read_overlays(built / one.name) for one in books if (built / one.name).is_file()}


def _found(ear: Ear, artefacts: Sequence[Artefact], overlays: Mapping[str, Overlays]) -> Listening:
    sounding = [one for one in artefacts if one.format == "audio" and one.media_type in {*RECORDINGS, *BESIDE, CUES}]
    return Listening(
        _recordings(ear, sounding) | heard_audiobooks(ear, artefacts),
        {name: ear.overlay(name, one) for name, one in overlays.items()} | heard_books(ear, artefacts),
        ear.overlay_evidence,
        recorded=tuple(Discrepancy(one, "") for one in ear.reading.findings),
    )


def listen_elsewhere(
    artefact: Artefact, folder: Path, source: Source, voice: Voice, store: Store | None = None, *, again: bool = False
) -> Listening:
    """Hear one file made elsewhere, of which nobody says which mix it is: the one that it fits best."""
    ear = Ear(folder, source, voice, store, CHOSEN_MIXES)
    try:
        ear.prepare({})
        tried = (replace(artefact, variant=variant_of(mix)) for mix in ear.scripts)
        found = [_recordings(ear, [one])[artefact.name] for one in tried]
        best = min(found, key=lambda one: one.expected() - one.proven() + one.errors)
        if not again:
            return Listening({artefact.name: best})
        return seconded(Listening(_recordings(ear, [best.artefact])), ear, {})
    finally:
        ear.close()


def variant_of(mix: str) -> str:
    """Which file of its kind a mix is: the default one has no name."""
    return "" if mix == DEFAULT else mix


def _recordings(ear: Ear, artefacts: Sequence[Artefact]) -> dict[str, Verified]:
    """The verdict on each; cues, transcripts and chapters are held against the MP3 of their mix, else the M4B."""
    sounds = [one for one in artefacts if one.media_type in RECORDINGS]
    with Threads(2) as threads:
        heard = dict(zip((one.name for one in sounds), threads.map(ear.recording, sounds), strict=True))
    found = {name: verified for name, (verified, _) in heard.items()}
    ear.heard |= {name: one for name, (_, one) in heard.items() if one is not None}
    for one in artefacts:
        beside = [other for other in sounds if other.variant == one.variant]
        beside.sort(key=lambda other: RECORDINGS.index(other.media_type))
        first = next((other for other in beside if heard[other.name][1] is not None), None)
        known = heard[first.name][1] if first is not None else None
        if one.media_type == CUES:
            found[one.name] = ear.cues(one, known)
        elif one.media_type in BESIDE:
            found[one.name] = hold_beside(ear, one, beside[0].name if beside else "", known)
    return found
