"""Writes the DAISY 2.02 book of an edition: NAME-daisy/, as players take it from a card, and NAME-daisy.zip."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lxml import etree
from markupsafe import Markup

from publisher import __version__
from publisher.formats.archive import write_archive
from publisher.formats.contract import Job
from publisher.formats.daisy import documents
from publisher.formats.daisy.book import Point, parts_of, points_of
from publisher.formats.daisy.documents import CONTENT, MASTER, NCC, Facts
from publisher.formats.daisy.markup import to_xhtml1
from publisher.model.artefacts import Artefact
from publisher.model.findings import EngineError, InputError
from publisher.model.inlines import Math
from publisher.model.languages import direction
from publisher.model.publication import Publication, Resource
from publisher.narration.recording_phrases import narrated_by
from publisher.narration.tracks import chapter_tracks
from publisher.narration.voices import spoken_name
from publisher.rendering.body import Body, Options
from publisher.rendering.bylines import bylines
from publisher.rendering.formulas import draw_formula
from publisher.rendering.markup import element

STYLE = "daisy.css"
MEDIA_TYPES = {
    ".html": "application/xhtml+xml",
    ".smil": "application/smil+xml",
    ".mp3": "audio/mpeg",
    ".css": "text/css",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_IMAGES = {media_type: suffix for suffix, media_type in MEDIA_TYPES.items() if media_type.startswith("image/")}
_UNDATED = date(1980, 1, 1)
"""The date of a book whose source has none, since 2.1.2 wants one: the first that its ZIP could have."""

Files = dict[str, "bytes | Path"]
"""The files of a book by name: their bytes, or where these are."""


@dataclass
class _Pictures:
    """Names pictures as cards of any age can hold them, in the order of use."""

    files: Files = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def resource(self, resource: Resource) -> str:
        if resource.media_type not in _IMAGES:
            known = ", ".join(sorted(_IMAGES))
            raise InputError(f"a DAISY book cannot carry {resource.name} ({resource.media_type}); use one of {known}")
        return self._named(resource.name, _IMAGES[resource.media_type], resource.path)

    def formula(self, math: Math) -> str:
        return self._named(f"formula {math.mathml}", ".svg", draw_formula(math.mathml).svg.encode())

    def _named(self, key: str, suffix: str, content: bytes | Path) -> str:
        if key not in self.names:
            self.names[key] = f"img{len(self.names) + 1:04}{suffix}"
            self.files[self.names[key]] = content
        return self.names[key]


def write(job: Job) -> tuple[Artefact, ...]:
    """Write the book; nothing where nothing is narrated. Raises EngineError as the narration does, InputError."""
    if "default" not in job.narrations:
        return ()
    files, seconds = _book(job)
    name = f"{job.publication.name}-daisy"
    try:
        (job.folder / name).mkdir(exist_ok=True)
        for file, content in files.items():
            _copy(content, job.folder / name / file)
        write_archive(job.folder / f"{name}.zip", files)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise InputError(f"cannot write {name}: {reason}; make room or choose another folder with --out") from problem
    purpose = "a talking book with text, for DAISY players"
    book = Artefact(f"{name}.zip", "application/zip", "daisy", purpose, seconds)
    return (book, *(_piece(f"{name}/{file}") for file in files))


def _piece(name: str) -> Artefact:
    return Artefact(name, MEDIA_TYPES[Path(name).suffix], "daisy", "a piece of the DAISY book")


def _copy(content: bytes | Path, target: Path) -> None:
    if isinstance(content, Path):
        shutil.copyfile(content, target)
    else:
        target.write_bytes(content)


def _book(job: Job) -> tuple[Files, float]:
    """Every file of the book by name, ncc.html first, and the seconds of its sound."""
    narration = job.narrations["default"]
    metadata = job.publication.metadata
    pictures = _Pictures()
    root = _content(job, pictures)
    parts = parts_of(chapter_tracks(narration, job.store), narration, root)
    points = points_of(parts, root)
    own = (("dc:format", documents.FORMAT), ("dc:identifier", metadata.identifier), ("dc:title", metadata.title))
    every = (*own, ("ncc:generator", f"concordant-publisher {__version__}"))
    files: Files = {
        CONTENT: documents.written(root, documents.DOCTYPE, indent=False),
        STYLE: job.templates.find("daisy", STYLE).read_bytes(),
        **pictures.files,
        MASTER: documents.master(parts, every),
    }
    elapsed = 0
    for part in parts:
        files[part.smil] = documents.smil(part, elapsed, every)
        files[part.sound] = part.track.path
        elapsed += part.milliseconds
    facts = (*_edition(job.publication), *_counts(points, elapsed), ("ncc:narrator", _narrator(job)))
    return {NCC: _ncc(job.publication, points, facts, files), **files}, elapsed / 1000


def _content(job: Job, pictures: _Pictures) -> etree._Element:
    """The text as XHTML 1.0: the notes after the blocks that they hang on, as they are heard."""
    publication = job.publication
    lang = publication.metadata.lang
    body = Body(
        publication,
        Options(
            notes="after-block",
            footnotes="after-block",
            math="image",
            source=pictures.resource,
            formula_source=pictures.formula,
            shift=-1,
        ),
    )
    words = body.edition_words
    foreign = lang.lower().partition("-")[0] != words.lang
    text = job.templates.render(
        "daisy",
        CONTENT,
        body=body,
        bylines=tuple(bylines(publication, words)),
        facts=(("dc:title", publication.metadata.title), ("dc:identifier", publication.metadata.identifier)),
        foreign=_language(words.lang) if foreign else Markup(""),
        narrator=_narrator(job),
        publication=publication,
        publisher=publication.metadata.publisher or publication.imprint.publisher,
        rights=publication.metadata.rights or publication.imprint.rights,
        root=_language(lang),
        style=STYLE,
        words=words,
    )
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as problem:
        message = f"{CONTENT} is no well-formed XML: {problem}; mend the template"
        raise EngineError("templates", message) from problem
    to_xhtml1(root)
    return root


def _language(lang: str) -> Markup:
    made = element("i", {"lang": lang, "xml:lang": lang, "dir": direction(lang)})
    return made[2:].partition(">")[0]


def _narrator(job: Job) -> str:
    words, voice = Body(job.publication).edition_words, job.narrations["default"].voice
    return narrated_by(voice, f"{words('synthetic')} ({spoken_name(voice)})", job.publication.metadata.lang)


def _ncc(publication: Publication, points: Sequence[Point], facts: Facts, files: Mapping[str, bytes | Path]) -> bytes:
    """The navigation, which names the size of the whole book, itself included."""
    metadata = publication.metadata
    others = sum(one.stat().st_size if isinstance(one, Path) else len(one) for one in files.values())

    def made(octets: int) -> bytes:
        sizes = (("ncc:files", str(len(files) + 1)), ("ncc:kByteSize", str(-(-octets // 1024))))
        return documents.ncc(metadata.title, metadata.lang, points, (*facts, *sizes))

    return made(others + len(made(others)))


def _edition(publication: Publication) -> Iterator[tuple[str, str]]:
    """The edition's own facts, by the names of 2.1.2, which wants a creator, a publisher and a date."""
    metadata = publication.metadata
    publisher = metadata.publisher or publication.imprint.publisher or metadata.title
    creators = [creator.name for creator in metadata.creators if creator.role == "aut"]
    editors = [editor.name for layer in publication.layers for editor in layer.editors]
    others = [creator.name for creator in metadata.creators if creator.role != "aut"]
    dates = [note.date for note in publication.notes if note.date]
    yield "dc:title", metadata.title
    yield from (("dc:creator", name) for name in dict.fromkeys(creators or [publisher]))
    yield from (("dc:contributor", name) for name in dict.fromkeys((*others, *editors)))
    yield "dc:date", (metadata.date or max(dates, default=_UNDATED)).isoformat()
    yield "dc:format", documents.FORMAT
    yield "dc:identifier", metadata.identifier
    for lang in dict.fromkeys((metadata.lang, *(layer.lang for layer in publication.layers))):
        yield "dc:language", lang
    yield "dc:publisher", publisher
    rights = metadata.rights or publication.imprint.rights
    if rights:
        yield "dc:rights", rights
    if metadata.description:
        yield "dc:description", metadata.description
    yield from (("dc:subject", subject) for subject in metadata.subjects)


def _counts(points: Sequence[Point], elapsed: int) -> Iterator[tuple[str, str]]:
    """What players and libraries ask for (2.1.2)."""
    yield "ncc:charset", "utf-8"
    yield "ncc:depth", str(max(point.level for point in points))
    yield "ncc:footnotes", str(sum(point.kind == "note" for point in points))
    yield "ncc:generator", f"concordant-publisher {__version__}"
    yield "ncc:maxPageNormal", "0"
    yield "ncc:multimediaType", "audioFullText"
    yield "ncc:pageFront", "0"
    yield "ncc:pageNormal", "0"
    yield "ncc:pageSpecial", "0"
    yield "ncc:prodNotes", "0"
    yield "ncc:setInfo", "1 of 1"
    yield "ncc:sidebars", "0"
    yield "ncc:tocItems", str(len(points))
    yield "ncc:totalTime", documents.clock(elapsed)
