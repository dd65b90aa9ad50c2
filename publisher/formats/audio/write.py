"""Writes the audio: NAME.mp3 and NAME.m4b, cues, transcripts and chapters; of another mix NAME-MIX.mp3 and these."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from publisher.formats.audio.opus import OPUS, encode_opus, tag_opus
from publisher.formats.audio.podcast_chapters import CHAPTERS, podcast_chapters
from publisher.formats.audio.tags import Facts, alpha3, tag_m4b, tag_mp3
from publisher.formats.audio.transcript import transcript, transcript_page, transcript_text
from publisher.formats.audio.webvtt import webvtt
from publisher.formats.contract import Job
from publisher.model.artefacts import Artefact
from publisher.model.narration import Narration
from publisher.narration.mixing import samples
from publisher.narration.phrases import phrases_for
from publisher.narration.recording_phrases import narrated_by
from publisher.narration.tracks import write_m4b, write_mp3
from publisher.narration.voices import spoken_name
from publisher.processes import Threads
from publisher.rendering.cover import cover_image

DEFAULT = "default"
_PURPOSES = {
    DEFAULT: "to listen to, with chapters",
    "plain": "the plain-language edition, to listen to",
    "article": "the article without its commentary, to listen to",
    "notes-after": "the article and after it the notes, to listen to",
}
COVER = 1400
"""Pixels, square: what players and podcast directories ask for."""


def write(job: Job) -> tuple[Artefact, ...]:
    """Write the audio of every narration that the job has; nothing where it has none. Raises EngineError."""
    if not job.narrations:
        return ()
    cover = cover_image(job.publication, COVER, COVER, job.templates)
    tasks: list[Callable[[], Artefact]] = []
    for mix, narration in job.narrations.items():
        stem = "-".join(filter(None, (job.publication.name, _variant(narration))))
        facts = _facts(job, narration, cover)
        tasks.append(partial(_mp3, job, narration, facts, stem))
        if mix == DEFAULT:
            tasks.append(partial(_m4b, job, narration, facts, stem))
        if job.publication.metadata.opus:
            tasks.append(partial(_opus, job, narration, facts, stem))
        tasks.append(partial(_vtt, job, narration, stem))
        tasks.append(partial(_transcript_page, job, narration, facts, stem))
        tasks.append(partial(_transcript_text, job, narration, stem))
        tasks.append(partial(_chapters, job, narration, facts, stem))
    # What encodes or joins works outside Python's lock.
    with Threads(min(len(tasks), os.cpu_count() or 1)) as threads:
        return tuple(future.result() for future in [threads.submit(task) for task in tasks])


def _facts(job: Job, narration: Narration, cover: bytes) -> Facts:
    metadata = job.publication.metadata
    phrases = phrases_for(metadata.lang)
    synthetic = phrases.synthetic.format(voice=spoken_name(narration.voice))
    narrator = narrated_by(narration.voice, synthetic, metadata.lang)
    _, about = phrases.mix(narration.mix)
    title = f"{metadata.title} ({about})" if about else metadata.title
    return Facts(metadata, title, narrator, cover)


def _variant(narration: Narration) -> str:
    return "" if narration.mix == DEFAULT else narration.mix


def _mp3(job: Job, narration: Narration, facts: Facts, stem: str) -> Artefact:
    path = job.folder / f"{stem}.mp3"
    write_mp3(path, narration, job.store)
    tag_mp3(path, facts, narration)
    return _artefact(path, "audio/mpeg", _PURPOSES[narration.mix], narration)


def _m4b(job: Job, narration: Narration, facts: Facts, stem: str) -> Artefact:
    path = job.folder / f"{stem}.m4b"
    write_m4b(path, narration, job.store, alpha3(facts.metadata.lang))
    tag_m4b(path, facts)
    return _artefact(path, "audio/mp4", "an audiobook with chapters, for players that keep the place", narration)


def _opus(job: Job, narration: Narration, facts: Facts, stem: str) -> Artefact:
    path = job.folder / f"{stem}.opus"
    encode_opus(path, samples(narration, job.store), narration.rate)
    tag_opus(path, facts, narration)
    return _artefact(path, OPUS, f"{_PURPOSES[narration.mix]}, in a smaller file (Opus)", narration)


def _vtt(job: Job, narration: Narration, stem: str) -> Artefact:
    path = job.folder / f"{stem}.vtt"
    signed = {note.id: note.by.name for note in job.publication.notes}
    path.write_text(webvtt(narration, signed), encoding="utf-8", newline="\n")
    return _artefact(path, "text/vtt", f"what {stem}.mp3 says, sentence by sentence", narration)


def _transcript_page(job: Job, narration: Narration, facts: Facts, stem: str) -> Artefact:
    path = job.folder / f"{stem}-transcript.html"
    told = transcript(narration, job.publication)
    page = transcript_page(told, job, narration, facts.title, f"{stem}.mp3")
    path.write_text(page, encoding="utf-8", newline="\n")
    return _artefact(path, "text/html", f"the transcript of {stem}.mp3, with times that lead into it", narration)


def _transcript_text(job: Job, narration: Narration, stem: str) -> Artefact:
    path = job.folder / f"{stem}-transcript.txt"
    told = transcript(narration, job.publication)
    path.write_text(transcript_text(told, job.publication, f"{stem}.mp3"), encoding="utf-8", newline="\n")
    return _artefact(path, "text/plain", f"the transcript of {stem}.mp3, as plain text", narration)


def _chapters(job: Job, narration: Narration, facts: Facts, stem: str) -> Artefact:
    path = job.folder / f"{stem}-chapters.json"
    path.write_text(podcast_chapters(narration, facts, f"{stem}.mp3"), encoding="utf-8", newline="\n")
    return _artefact(path, CHAPTERS, f"the chapters of {stem}.mp3, for podcast players (Podcasting 2.0)", narration)


def _artefact(path: Path, media_type: str, purpose: str, narration: Narration) -> Artefact:
    return Artefact(path.name, media_type, "audio", purpose, duration=narration.duration, variant=_variant(narration))
