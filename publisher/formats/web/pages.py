"""What the two web pages hold beside the body: contents, sound, downloads, metadata for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from markupsafe import Markup

from publisher.formats.contract import Job
from publisher.model.accessibility import Claims
from publisher.model.artefacts import Artefact
from publisher.model.blocks import Figure, Heading, Node, Worded, walk
from publisher.model.inlines import FootnoteCall, Image, Math, Span, told_text, walk_inlines
from publisher.model.publication import Creator, Footnote, Passage, Publication, Section
from publisher.rendering.body import Body
from publisher.rendering.names import block_name
from publisher.rendering.plain import plain_heading_id
from publisher.rendering.statements import Field, display_guide
from publisher.rendering.words import KEYS, Words

INDEX, PLAIN, STYLES, PLAIN_STYLES = "index.html", "plain.html", "publisher.css", "plain.css"
CUES = {INDEX: "cues.js", PLAIN: "cues-plain.js"}
"""Where the data stand by which a page follows its sound."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "script-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
"""The pages' Content-Security-Policy: only files beside them are loaded or run. https://www.w3.org/TR/CSP3/"""

_KINDS = {
    "application/epub+zip": "EPUB",
    "application/pdf": "PDF",
    "audio/mpeg": "MP3",
    "audio/mp4": "M4B",
    "audio/ogg": "Opus",
    "text/vtt": "WebVTT",
    "text/html": "HTML",
    "text/plain": "TXT",
    "application/lpf+zip": "LPF",
    "application/zip": "DAISY",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
}

_WORDS_OF_SOUND = frozenset({"text/vtt", "text/html", "text/plain"})
"""Cues and transcripts: they tell what the recordings say, and are no editions of their own."""

_BOOKS = ("epub", "pdf", "docx")
"""The formats that hold the whole edition to read, which most who want a file look for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table of contents. `lang` is None where it is the page's."""

    href: str
    words: Markup
    lang: str | None = None
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Sound:
    """An audio file that a page plays: addresses of the file and of its captions, and its length in words.

    `cues` is the address of the data by which the page follows it.
    """

    source: str
    media_type: str
    captions: str | None
    length: str
    seconds: int
    cues: str | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """A file on offer: its address, its kind (`EPUB`), what it is good for, its size and length in words.

    `claims` are what it says of its accessibility, `statements` the same in the display guide's words.
    """

    href: str
    name: str
    kind: str
    media_type: str
    purpose: str
    details: tuple[str, ...]
    claims: Claims | None = None
    statements: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """Creators who did the same, `role` in words."""

    role: str
    names: str


@dataclass(frozen=True, slots=True)
class MissingPart:
    """What has no plain version under one heading: each block's address on the full page and its first words."""

    href: str
    words: str
    lang: str | None
    blocks: tuple[Entry, ...]


def contents(body: Body, *, depth: int = 2) -> tuple[Entry, ...]:
    """The full page's contents: introductions, the article's headings, methods, references."""
    publication, words = body.publication, body.edition_words
    layers = publication.layers
    entries = [_passage_entry(body, passage) for layer in layers if (passage := layer.introduction)]
    entries.extend(_section_entries(body, publication.sections, depth))
    if full_footnotes(body):
        entries.append(Entry("#_footnotes", Markup.escape(words("footnotes"))))
    entries.extend(_passage_entry(body, passage) for layer in layers if (passage := layer.method))
    if publication.references:
        entries.append(Entry("#_references", Markup.escape(words("references"))))
    return tuple(entries)


def plain_contents(body: Body) -> tuple[Entry, ...]:
    """The plain page's contents: whatever has something under it."""
    publication, layers = body.publication, body.publication.layers
    entries = [
        _passage_entry(body, passage, "_") for layer in layers if (passage := layer.introduction) and passage.plain
    ]
    entries.extend(
        _plain_entry(body, heading)
        for section in publication.sections
        if (heading := section.heading) and body.plain_section(section, figures=True)
    )
    if any(note.plain for note in publication.notes):
        entries.append(Entry("#_notes", Markup.escape(body.edition_words("why-it-matters"))))
    entries.extend(
        _passage_entry(body, passage, "_") for layer in layers if (passage := layer.method) and passage.plain
    )
    if publication.glossary:
        entries.append(_passage_entry(body, publication.glossary, "_"))
    return tuple(entries)


def _passage_entry(body: Body, passage: Passage, prefix: str = "") -> Entry:
    return Entry(f"#{prefix}{passage.id}", Markup.escape(passage.title), _other(passage.lang, body.context.lang))


def _section_entries(body: Body, sections: Iterable[Section], depth: int) -> Iterator[Entry]:
    for section in sections:
        if section.heading is None:
            continue
        heading = section.heading
        inner = tuple(_section_entries(body, section.sections, depth - 1)) if depth > 1 else ()
        words = body.words(heading.inlines, heading.lang)
        yield Entry(f"#{heading.id}", words, _other(heading.lang, body.context.lang), inner)


def _plain_entry(body: Body, heading: Heading) -> Entry:
    words = Markup.escape(heading.plain) if heading.plain else body.words(heading.inlines, heading.lang)
    return Entry(f"#{plain_heading_id(heading)}", words, _other(heading.lang, body.context.lang))


def credits(creators: Iterable[Creator], words: Words) -> tuple[Credit, ...]:
    """Who made the edition, those of one role together, in the order given."""
    by_role: dict[str, list[str]] = {}
    for creator in creators:
        by_role.setdefault(creator.role, []).append(creator.name)
    return tuple(Credit(words.role(role), words("separator").join(names)) for role, names in by_role.items())


def sound(job: Job, words: Words, variant: str = "") -> Sound | None:
    """The MP3 of a mix among the siblings, with its captions if those are there too."""
    siblings = {one.media_type: one for one in job.siblings if one.format == "audio" and one.variant == variant}
    audio, captions = siblings.get("audio/mpeg"), siblings.get("text/vtt")
    if audio is None:
        return None
    length = words.duration(audio.duration) if audio.duration is not None else ""
    cues: str | None = CUES[PLAIN if variant else INDEX]
    if (variant or "default") not in job.narrations and not any(one.name == cues for one in job.siblings):
        cues = None
    seconds = round(audio.duration or 0)
    return Sound(quote(audio.name), audio.media_type, quote(captions.name) if captions else None, length, seconds, cues)


def downloads(job: Job, words: Words) -> tuple[Download, ...]:
    """Every file that the other formats made for readers, books first; the book trade's record is none."""
    offered = [artefact for artefact in job.siblings if artefact.media_type in _KINDS and artefact.alone]
    offered.sort(key=lambda artefact: _BOOKS.index(artefact.format) if artefact.format in _BOOKS else len(_BOOKS))
    return tuple(_download(artefact, job, words) for artefact in offered)


def _download(artefact: Artefact, job: Job, words: Words) -> Download:
    purpose, mix = _purpose(artefact, words)
    details = [mix] if mix else []
    if artefact.duration is not None:
        details.append(words.duration(artefact.duration))
    if artefact.pages is not None:
        details.append(words.pages(artefact.pages))
    if (job.folder / artefact.name).is_file():
        details.append(words.size((job.folder / artefact.name).stat().st_size))
    kind = _KINDS[artefact.media_type]
    lang, claims = job.publication.metadata.lang, artefact.claims
    return Download(
        quote(artefact.name),
        artefact.name,
        kind,
        artefact.media_type,
        purpose,
        tuple(details),
        claims,
        display_guide(claims, lang) if claims else (),
    )


def _purpose(artefact: Artefact, words: Words) -> tuple[str, str]:
    """What a file is good for, in the page's language; where that does not say which mix it is of, the mix too."""
    kind, mix = f"file-{artefact.name.rpartition('.')[2]}", f"mix-{artefact.variant}"
    own = f"{kind}-{artefact.variant}" if artefact.variant else kind
    if own in KEYS:
        return words(own), ""
    if kind in KEYS and mix in KEYS:
        return words(kind), words(mix)
    return artefact.purpose, ""


def missing_parts(body: Body) -> tuple[MissingPart, ...]:
    """Whatever has no plain version, under the heading that it stands under, with links to the full page."""
    words, lang = body.edition_words, body.context.lang
    parts: list[MissingPart] = []
    for layer in body.publication.layers:
        passages = [passage for passage in (layer.introduction, layer.method) if passage and not passage.plain]
        parts.extend(
            MissingPart(f"{INDEX}#{passage.id}", passage.title, _other(passage.lang, lang), ()) for passage in passages
        )
    for missing in body.without_plain():
        heading = missing.section.heading
        blocks = tuple(
            Entry(f"{INDEX}#{block.id}", Markup.escape(block_name(block, words)), _other(block.lang, lang))
            for block in missing.blocks
        )
        name = (heading.plain or " ".join(told_text(heading.inlines).split())) if heading else words("opening")
        heading_lang = _other(heading.lang, lang) if heading else _other(body.context.words_lang, lang)
        parts.append(MissingPart(f"{INDEX}#{heading.id if heading else '_text'}", name, heading_lang, blocks))
    bare = [note for note in body.publication.notes if note.plain is None]
    if bare:
        entries = tuple(Entry(f"{INDEX}#{note.id}", Markup.escape(body.context.note_name(note))) for note in bare)
        parts.append(MissingPart(f"{INDEX}#_text", words("notes"), _other(body.context.words_lang, lang), entries))
    return tuple(parts)


def _other(lang: str, around: str) -> str | None:
    return lang if lang != around else None


def full_footnotes(body: Body) -> tuple[Footnote, ...]:
    """The footnotes that the full page calls, those that only plain words call left out."""
    publication = body.publication
    parts = [part for layer in publication.layers for part in (layer.introduction, *layer.notes, layer.method) if part]
    return _called(publication, (*publication.blocks(), *(block for part in parts for block in part.blocks)))


def plain_footnotes(body: Body) -> tuple[Footnote, ...]:
    """The footnotes that the plain page calls: in plain words and in the captions that it shows."""
    publication = body.publication
    restated = {id for counterpart in publication.counterparts for id in counterpart.restates}
    blocks = (block for section in _all_sections(publication.sections) for block in section.blocks)
    shown = (block for block in blocks if isinstance(block, Figure) and block.id not in restated)
    return _called(publication, (*_plain_blocks(publication), *shown))


def _called(publication: Publication, nodes: Iterable[Node]) -> tuple[Footnote, ...]:
    """The footnotes that nodes call, and those that these call, by number, each with the calls on this page alone."""
    by_id = {footnote.id: footnote for footnote in publication.footnotes}
    calls: set[str] = set()
    called: set[str] = set()
    waiting = list(nodes)
    while waiting:
        inside = [inline for node in walk(waiting) if isinstance(node, Worded) for inline in walk_inlines(node.inlines)]
        found = [inline for inline in inside if isinstance(inline, FootnoteCall)]
        calls.update(call.id for call in found)
        fresh = {call.footnote for call in found if call.footnote in by_id} - called
        called |= fresh
        waiting = [block for id in sorted(fresh) for block in by_id[id].blocks]
    return tuple(
        replace(footnote, calls=tuple(call for call in footnote.calls if call in calls))
        for footnote in publication.footnotes
        if footnote.id in called
    )


def plain_ids(publication: Publication) -> dict[str, str]:
    """The ids on the plain page, each by the id on the full page that it answers to."""
    ids: dict[str, str] = {}
    for section in _all_sections(publication.sections):
        if section.heading:
            ids[section.heading.id] = plain_heading_id(section.heading)
    figures = [block for block in publication.blocks() if isinstance(block, Figure)]
    for node in walk((*_plain_blocks(publication), *figures)):
        ids[node.id] = node.id
        if isinstance(node, Worded):
            for inline in walk_inlines(node.inlines):
                if isinstance(inline, Span | Image | Math | FootnoteCall) and inline.id:
                    ids[inline.id] = inline.id
                if isinstance(inline, FootnoteCall):
                    ids[inline.footnote] = inline.footnote
    return ids


def _plain_blocks(publication: Publication) -> Iterator[Node]:
    for counterpart in publication.counterparts:
        yield from counterpart.blocks
    for layer in publication.layers:
        for part in (layer.introduction, layer.method, *layer.notes):
            if part is not None and part.plain is not None:
                yield from part.plain.blocks
    if publication.glossary and publication.glossary.plain:
        yield from publication.glossary.plain.blocks


def _all_sections(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _all_sections(section.sections)


def linked_data(publication: Publication, found: Iterable[Download], address: str) -> Markup:
    """The edition as schema.org tells it, as JSON-LD: data that no browser runs. https://schema.org/Article

    `address` is the page's own, or "".
    """
    metadata = publication.metadata
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "url": address,
        "identifier": metadata.identifier,
        "headline": metadata.title,
        "alternativeHeadline": metadata.subtitle,
        "description": metadata.description,
        "inLanguage": metadata.lang,
        "datePublished": metadata.date.isoformat() if metadata.date else None,
        "author": [{"@type": "Thing", "name": creator.name} for creator in metadata.creators if creator.role == "aut"],
        "editor": [{"@type": "Thing", "name": creator.name} for creator in metadata.creators if creator.role == "edt"],
        "publisher": {"@type": "Organization", "name": metadata.publisher} if metadata.publisher else None,
        "keywords": list(metadata.subjects),
        "copyrightNotice": metadata.rights,
        "encoding": [
            {"@type": "MediaObject", "contentUrl": download.href, "encodingFormat": download.media_type}
            | _accessibility(download.claims)
            for download in found
            if download.media_type not in _WORDS_OF_SOUND
        ],
    }
    kept = {key: value for key, value in data.items() if value}
    told = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup(told)  # noqa: S704 - nothing left in it that HTML or XML would read as markup


def _accessibility(claims: Claims | None) -> dict[str, object]:
    """Claims in Schema.org's properties, those without a value left out."""
    told = (
        {
            "accessMode": list(claims.modes),
            "accessModeSufficient": [
                {"@type": "ItemList", "itemListElement": modes.split(",")} for modes in claims.sufficient
            ],
            "accessibilityFeature": list(claims.features),
            "accessibilityHazard": list(claims.hazards),
            "accessibilitySummary": claims.summary,
        }
        if claims
        else {}
    )
    return {name: value for name, value in told.items() if value}
