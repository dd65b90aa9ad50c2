"""Writes NAME.lpf: the recording as a W3C Audiobook in its Lightweight Packaging Format.

https://www.w3.org/TR/audiobooks/, https://www.w3.org/TR/lpf/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from markupsafe import Markup

from publisher.formats.archive import write_archive
from publisher.formats.audiobook.book import Entry, contents_of, milliseconds, track_name
from publisher.formats.audiobook.manifest import ENTRY_PAGE, MANIFEST, Resource, manifest
from publisher.formats.contract import Job
from publisher.model.artefacts import Artefact
from publisher.model.findings import InputError
from publisher.model.languages import direction
from publisher.narration.recording_phrases import narrated_by
from publisher.narration.tracks import chapter_tracks
from publisher.narration.voices import spoken_name
from publisher.rendering.cover import cover_image
from publisher.rendering.markup import element, join
from publisher.rendering.words import Words, words_for

MEDIA_TYPE = "application/lpf+zip"
"""https://www.iana.org/assignments/media-types/application/lpf+zip"""
COVER = 1400
"""Pixels, square: what players ask for."""


def write(job: Job) -> tuple[Artefact, ...]:
    """Write the audiobook; nothing where nothing is narrated. Raises EngineError as the narration does, InputError."""
    narration = job.narrations.get("default")
    if narration is None:
        return ()
    publication = job.publication
    words = words_for(publication.metadata.lang)
    synthetic = f"{words('synthetic')} ({spoken_name(narration.voice)})"
    narrator = narrated_by(narration.voice, synthetic, publication.metadata.lang)
    tracks = chapter_tracks(narration, job.store)
    page = _entry_page(job, contents_of(tracks, publication), words, narrator)
    resources = (
        Resource(ENTRY_PAGE, "text/html", "contents", page, words("contents")),
        _cover(job, words),
    )
    entries: dict[str, bytes | Path] = {MANIFEST: manifest(publication, tracks, resources, narrator)}
    entries |= {one.name: one.content for one in resources}
    entries |= {track_name(number): track.path for number, track in enumerate(tracks, 1)}
    name = f"{publication.name}.lpf"
    try:
        write_archive(job.folder / name, entries)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise InputError(f"cannot write {name}: {reason}; make room or choose another folder with --out") from problem
    seconds = sum(map(milliseconds, tracks)) / 1000
    purpose = "an audiobook in chapters, for players that know the format of the W3C"
    return (Artefact(name, MEDIA_TYPE, "audiobook", purpose, seconds),)


def _cover(job: Job, words: Words) -> Resource:
    content = cover_image(job.publication, COVER, COVER, job.templates)
    png = content.startswith(b"\x89PNG")
    name, media_type = ("cover.png", "image/png") if png else ("cover.jpg", "image/jpeg")
    metadata = job.publication.metadata
    told = metadata.cover_alternative or words("cover-of", title=metadata.title)
    return Resource(name, media_type, "cover", content, told)


def _entry_page(job: Job, contents: Sequence[Entry], words: Words, narrator: str) -> bytes:
    """The page that a browser shows, with the table of contents that players read."""
    metadata = job.publication.metadata
    lang = metadata.lang
    authors = words("separator").join(one.name for one in metadata.creators if one.role == "aut")
    foreign = lang.lower().partition("-")[0] != words.lang
    page = job.templates.render(
        "audiobook",
        ENTRY_PAGE,
        authors=words("by", names=authors) if authors else "",
        contents=_listed(contents),
        foreign=_language(words.lang) if foreign else Markup(""),
        narrator=narrator,
        root=_language(lang),
        title=metadata.title,
        words=words,
    )
    return page.encode()


def _language(lang: str) -> Markup:
    return Markup(' lang="{}" dir="{}"').format(lang, direction(lang))


def _listed(entries: Sequence[Entry], level: int = 1) -> Markup:
    """Lines as nested lists, as https://www.w3.org/TR/pub-manifest/#app-toc-structure wants them."""
    items = []
    for first, inner in _grouped(entries, level):
        link = element("a", {"href": first.href}, first.text)
        items.append(element("li", None, link, _listed(inner, level + 1)) if inner else element("li", None, link))
    return element("ol", None, "\n", join(items, "\n"), "\n")


def _grouped(entries: Sequence[Entry], level: int) -> Iterator[tuple[Entry, list[Entry]]]:
    """Each line of a level with the deeper ones after it."""
    first: Entry | None = None
    inner: list[Entry] = []
    for entry in entries:
        if entry.level > level:
            inner.append(entry)
            continue
        if first is not None:
            yield first, inner
        first, inner = entry, []
    if first is not None:
        yield first, inner
