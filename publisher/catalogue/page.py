"""The catalogue's page: every edition with its cover, what it is about, how long it takes, and its files.

It reads whole without a script; the script finds editions by their words, in the page, without a server.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from publisher.catalogue.covers import Cover, cover_of
from publisher.catalogue.opds import MEDIA_TYPE as OPDS_TYPE
from publisher.catalogue.shelf import FOLDER, Listed, Offered, Shelf
from publisher.rendering.digests import by_digest
from publisher.rendering.markup import root_attributes, spoken_in
from publisher.rendering.templates import Templates
from publisher.rendering.words import KEYS, Words, words_for

STYLES = "catalogue.css"

_KINDS = {
    "application/epub+zip": "EPUB",
    "application/pdf": "PDF",
    "application/lpf+zip": "LPF",
    "application/zip": "DAISY",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "audio/mpeg": "MP3",
    "audio/mp4": "M4B",
    "audio/ogg": "Opus",
}
"""What a reader may take away. https://www.iana.org/assignments/media-types/"""


@dataclass(frozen=True, slots=True)
class File:
    """A file on offer: its address, its kind (`EPUB`), what it is good for, its size and length in words."""

    href: str
    kind: str
    media_type: str
    purpose: str
    details: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An edition as the page shows it. `terms` are the words that it is found by, folded as the script folds them.

    `lang` marks its language on the page.
    """

    edition: Listed
    href: str
    plain: str
    cover: Cover | None
    cover_href: str
    byline: str
    facts: tuple[str, ...]
    files: tuple[File, ...]
    terms: str
    lang: Markup


def page(shelf: Shelf, templates: Templates, feeds: tuple[tuple[str, str, str], ...]) -> str:
    """The page. `feeds` are (address, media type, name) of those that stand beside it."""
    words = words_for(shelf.lang)
    script = templates.find("catalogue", "search.js").read_text("utf-8").strip()
    return templates.render(
        "catalogue",
        "index.html",
        shelf=shelf,
        entries=[_entry(edition, shelf.lang, words) for edition in shelf.editions],
        words=words,
        own=spoken_in(words.lang, shelf.lang),
        root=root_attributes(shelf.lang),
        script=Markup(script),  # noqa: S704 - the project's own
        policy=_policy(script),
        feeds=feeds,
        canonical=shelf.address("") if shelf.base_url else "",
        linked_data=_linked_data(shelf),
        styles=f"{FOLDER}/{STYLES}",
    )


def _policy(script: str) -> str:
    """One script, by its digest, and nothing from elsewhere. https://www.w3.org/TR/CSP3/"""
    own = ("style-src 'self'", "font-src 'self'", "img-src 'self'", f"script-src {by_digest(script)}")
    return "; ".join(("default-src 'none'", *own, "base-uri 'none'", "form-action 'none'"))


def _entry(edition: Listed, around: str, words: Words) -> Entry:
    cover = cover_of(edition)
    first = next((one.artefact.name for one in edition.files if one.artefact.media_type in _KINDS), "")
    main = "index.html" if edition.find("index.html") else first
    return Entry(
        edition,
        edition.path(main) if main else "",
        edition.path("plain.html") if edition.plain and edition.find("plain.html") else "",
        cover,
        edition.path(cover.file.artefact.name) if cover else "",
        ", ".join(edition.authors()),
        tuple(_facts(edition, words)),
        tuple(_file(edition, one, words) for one in edition.files if one.artefact.media_type in _KINDS),
        folded(
            edition.title,
            edition.subtitle,
            edition.description,
            *edition.authors(),
            *edition.subjects,
            *edition.headings,
        ),
        spoken_in(edition.lang, around),
    )


def _facts(edition: Listed, words: Words) -> Iterator[str]:
    """How long it takes to read and to hear, and when it came out."""
    if edition.reading:
        yield words("reading-time", time=words.duration(edition.reading))
    sound = edition.by_type("audio/mpeg")
    if sound and sound.artefact.duration:
        yield words("listening-time", time=words.duration(sound.artefact.duration))
    if edition.date:
        yield words.date(edition.date)


def _file(edition: Listed, one: Offered, words: Words) -> File:
    artefact = one.artefact
    details = [words.duration(artefact.duration)] if artefact.duration is not None else []
    if artefact.pages is not None:
        details.append(words.pages(artefact.pages))
    details.append(words.size(one.size))
    suffix = artefact.name.rpartition(".")[2]
    key = f"file-{suffix}-{artefact.variant}" if artefact.variant else f"file-{suffix}"
    return File(
        edition.path(artefact.name),
        _KINDS[artefact.media_type],
        artefact.media_type,
        words(key) if key in KEYS else artefact.purpose,
        words("separator").join(details),
    )


def folded(*texts: str) -> str:
    """Words as they are searched: without accents, in small letters, each once, in the order of first standing."""
    bare = unicodedata.normalize("NFD", " ".join(texts)).lower()
    kept = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(dict.fromkeys("".join(sign if sign.isalnum() else " " for sign in kept).split()))


def _linked_data(shelf: Shelf) -> Markup:
    """The catalogue as schema.org tells it. https://schema.org/DataCatalog has editions as a collection's parts."""
    parts = [
        {
            "@type": "Article",
            "identifier": edition.identifier,
            "headline": edition.title,
            "inLanguage": edition.lang,
            "url": shelf.address(edition.path("index.html")),
        }
        | _more(edition, shelf)
        for edition in shelf.editions
        if edition.find("index.html")
    ]
    data = {"@context": "https://schema.org", "@type": "Collection", "name": shelf.title, "hasPart": parts}
    told = json.dumps(data, ensure_ascii=False, indent=1).replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup(told)  # noqa: S704 - nothing left in it that HTML or XML would read as markup


def _more(edition: Listed, shelf: Shelf) -> dict[str, object]:
    """What an edition may have and need not."""
    cover = cover_of(edition)
    told: dict[str, object] = {
        "datePublished": edition.date.isoformat() if edition.date else "",
        "description": edition.description,
        "image": shelf.address(edition.path(cover.file.artefact.name)) if cover else "",
        "author": [{"@type": "Thing", "name": name} for name in edition.authors()],
    }
    return {name: value for name, value in told.items() if value}


OPDS_FEED = ("opds.json", OPDS_TYPE, "OPDS")
