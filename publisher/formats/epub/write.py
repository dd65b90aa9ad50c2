"""Writes the EPUB editions: NAME.epub, and NAME-read-aloud.epub where there is a narration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from publisher.formats.contract import Job
from publisher.formats.epub.accessibility import Evidence, claims
from publisher.formats.epub.annotations import NAME as ANNOTATIONS
from publisher.formats.epub.annotations import annotation_set
from publisher.formats.epub.assets import CORE_IMAGES, image_names
from publisher.formats.epub.container import MIMETYPE
from publisher.formats.epub.documents import Document, Page, plan, render
from publisher.formats.epub.metadata import overlay_metadata, package_metadata, page_source
from publisher.formats.epub.navigation import Way, navigation_page
from publisher.formats.epub.onix import MEDIA_TYPE as ONIX_TYPE
from publisher.formats.epub.onix import Product, onix
from publisher.formats.epub.overlays import in_order, overlay
from publisher.formats.epub.package import Item, Meta, Package, write_package
from publisher.formats.epub.pagebreaks import mark_pages
from publisher.formats.epub.sound import record, sounds_of
from publisher.model.accessibility import Claims
from publisher.model.artefacts import Artefact, PageBreak
from publisher.model.findings import Finding, InputError
from publisher.model.narration import Narration
from publisher.narration.lexicon import Lexicon
from publisher.narration.recording_phrases import narrated_by
from publisher.narration.voices import spoken_name
from publisher.rendering.body import Body, Options
from publisher.rendering.cover import cover_image
from publisher.rendering.dates import modified
from publisher.rendering.markup import direction

ACTIVE_CLASS = "-epub-media-overlay-active"
"""The class that reading systems give to what sounds (https://www.w3.org/TR/epub-33/#active-class)."""

SMIL_TYPE = "application/smil+xml"

COVER_SIZE = (1600, 2560)
"""Pixels: what shops ask for, in their proportion of 5 to 8."""


@dataclass(frozen=True, slots=True)
class _Base:
    """What both editions share: the documents, the cover and the pictures."""

    body: Body
    documents: tuple[Document, ...]
    cover: Item
    pictures: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class _Edition:
    """A package, what it claims of its accessibility, the seconds of its sound, what there is to say about that."""

    package: Package
    claims: Claims
    seconds: float | None = None
    findings: tuple[Finding, ...] = ()


def write(job: Job) -> tuple[Artefact, ...]:
    """Write the job's EPUBs into its folder: the text edition, and the read-aloud edition where there is a narration.

    Raises InputError, FindingsError, EngineError as the stages do.
    """
    base = _base(job)
    editions = {f"{job.publication.name}.epub": _text_edition(job, base)}
    if "default" in job.narrations:
        editions[f"{job.publication.name}-read-aloud.epub"] = _read_aloud_edition(job, base)
    made = []
    for name, edition in editions.items():
        _written(job.folder / name, edition.package)
        sounds = edition.seconds is not None
        purpose = "text and sound in step, for reading systems" if sounds else "the text, for reading systems"
        variant = "read-aloud" if sounds else ""
        about = Artefact(name, MIMETYPE, "epub", purpose, edition.seconds, claims=edition.claims, variant=variant)
        made.append(replace(about, findings=edition.findings))
    return (*made, _record(job, list(editions.values())))


def _record(job: Job, editions: Sequence[_Edition]) -> Artefact:
    """What the book trade is told of the EPUBs."""
    products = [Product(one.package.identifier, one.claims, one.seconds) for one in editions]
    name = f"{job.publication.name}.onix.xml"
    try:
        (job.folder / name).write_bytes(onix(job.publication, products, modified(job.publication)))
    except OSError as problem:
        raise _unwritable(name, problem) from problem
    return Artefact(name, ONIX_TYPE, "epub", "the EPUBs as the book trade is told of them (ONIX 3.1)")


def _written(path: Path, package: Package) -> None:
    try:
        write_package(path, package)
    except OSError as problem:
        raise _unwritable(path.name, problem) from problem


def _unwritable(name: str, problem: OSError) -> InputError:
    reason = problem.strerror or str(problem)
    return InputError(f"cannot write {name}: {reason}; make room or choose another folder")


def _base(job: Job) -> _Base:
    publication = job.publication
    names = image_names(publication)
    options = Options(
        epub=True,
        notes="after-section",
        footnotes="after-section",
        source=lambda resource: names[resource.name],
    )
    body = Body(publication, options)
    cover = _cover(job)
    pictures = (
        Item(f"image-{number}", href, publication.resources[name].media_type, publication.resources[name].path)
        for number, (name, href) in enumerate(names.items(), 1)
    )
    return _Base(body, plan(publication, body.edition_words), cover, tuple(pictures))


def _cover(job: Job) -> Item:
    """The author's cover as it is where shops take its kind, else one that is made."""
    given = job.publication.metadata.cover
    if given is not None and given.media_type in ("image/jpeg", "image/png"):
        href = f"images/cover{CORE_IMAGES[given.media_type]}"
        return Item("cover-image", href, given.media_type, given.path, ("cover-image",))
    made = cover_image(job.publication, *COVER_SIZE, templates=job.templates)
    kind = "image/png" if made.startswith(b"\x89PNG") else "image/jpeg"
    return Item("cover-image", f"images/cover{CORE_IMAGES[kind]}", kind, made, ("cover-image",))


def _text_edition(job: Job, base: _Base) -> _Edition:
    rendered = render(base.documents, base.body, job.templates, base.cover.href)
    stops = mark_pages(rendered, _breaks(job))
    navigation, ways = navigation_page(rendered, base.body, job.templates, stops, in_spine=True)
    listed = tuple(stop.label for stop in stops)
    evidence = Evidence(job.publication, own_style=job.templates.own is not None, pages=listed)
    more = _annotations(job, rendered)
    told = claims(evidence, base.body.edition_words)
    pages = tuple(_with_contents(rendered, navigation))
    package = _package(
        job,
        base,
        more,
        metadata=(
            *package_metadata(job.publication, told),
            *page_source(job.publication, job.printed if stops else None),
        ),
        items=(*(_item(page, nav=page is navigation) for page in pages), _style(job, "style.css")),
        spine=tuple(page.document.id for page in pages),
        contents=ways,
    )
    return _Edition(package, told)


def _read_aloud_edition(job: Job, base: _Base) -> _Edition:
    """The same pages, each with an overlay and its audio.

    The contents are for navigation alone here: a page of nothing but links would interrupt the reading.
    """
    words = base.body.edition_words
    pages, narrations, narrator = _read_aloud_pages(job, base)
    stops = mark_pages(pages, _breaks(job))
    navigation, ways = navigation_page(pages, base.body, job.templates, stops, in_spine=False)
    more = _annotations(job, pages)
    sounds, findings = sounds_of(pages, narrations, job.store, Lexicon(job.publication.lexicon))
    tracks = record([in_order(page, sounds) for page in pages], job.store)
    items: list[Item] = [_item(navigation, nav=True), _style(job, "style.css", "read-aloud.css")]
    durations: dict[str, int] = {}
    for page, track in zip(pages, tracks, strict=True):
        if track is None:
            items.append(_item(page))
            continue
        id = page.document.id
        audio = f"audio/{id}.mp3"
        durations[f"overlay-{id}"] = track.duration
        items += (
            _item(page, overlay=f"overlay-{id}"),
            Item(f"overlay-{id}", f"overlays/{id}.smil", SMIL_TYPE, overlay(page, track.moments, audio)),
            Item(f"audio-{id}", audio, "audio/mpeg", track.path),
        )
    listed = tuple(stop.label for stop in stops)
    evidence = Evidence(job.publication, frozenset(sounds), own_style=job.templates.own is not None, pages=listed)
    told = claims(evidence, words)
    package = _package(
        job,
        base,
        more,
        identifier=read_aloud_identifier(job.publication.metadata.identifier),
        metadata=(
            *package_metadata(job.publication, told),
            *page_source(job.publication, job.printed if stops else None),
            Meta("dc:relation", job.publication.metadata.identifier),
            *overlay_metadata(durations, narrator, ACTIVE_CLASS),
        ),
        items=tuple(items),
        spine=tuple(page.document.id for page in pages),
        contents=ways,
    )
    return _Edition(package, told, sum(durations.values()) / 1000, findings)


def _read_aloud_pages(job: Job, base: _Base) -> tuple[tuple[Page, ...], list[Narration], str]:
    """Its pages as they are before they know of printed ones, the narrations that sound in them, who reads them."""
    narrations = [job.narrations[mix] for mix in ("default", "plain") if mix in job.narrations]
    synthetic = f"{base.body.edition_words('synthetic')} ({spoken_name(narrations[0].voice)})"
    narrator = narrated_by(narrations[0].voice, synthetic, job.publication.metadata.lang)
    return render(base.documents, base.body, job.templates, base.cover.href, narrator), narrations, narrator


def _breaks(job: Job) -> tuple[PageBreak, ...]:
    return job.printed.breaks if job.printed else ()


def _annotations(job: Job, pages: Sequence[Page]) -> dict[str, bytes]:
    """The commentary as data, a file of the container beside the package."""
    made = annotation_set(job.publication, pages)
    return {} if made is None else {ANNOTATIONS: made}


def _package(
    job: Job,
    base: _Base,
    more: Mapping[str, bytes],
    *,
    metadata: tuple[Meta, ...],
    items: tuple[Item, ...],
    spine: tuple[str, ...],
    contents: tuple[Way, ...],
    identifier: str | None = None,
) -> Package:
    publication = job.publication
    return Package(
        identifier=identifier or publication.metadata.identifier,
        title=publication.metadata.title,
        lang=publication.metadata.lang,
        direction=direction(publication.metadata.lang),
        modified=modified(publication),
        metadata=metadata,
        items=(*items, base.cover, *base.pictures),
        spine=spine,
        contents=tuple(way.plain() for way in contents),
        cover=base.cover.id,
        more=more,
    )


def read_aloud_identifier(identifier: str) -> str:
    """The read-aloud edition's own identifier: another publication than the text, yet always the same one."""
    return uuid5(NAMESPACE_URL, f"{identifier}#read-aloud").urn


def _style(job: Job, *names: str) -> Item:
    sheets = (job.templates.find("epub", name).read_bytes() for name in names)
    return Item("style", "style.css", "text/css", b"\n".join(sheets))


def _with_contents(pages: Sequence[Page], navigation: Page) -> Iterator[Page]:
    """The pages with the contents after the cover and the title page."""
    yield from pages[:2]
    yield navigation
    yield from pages[2:]


def _item(page: Page, *, nav: bool = False, overlay: str | None = None) -> Item:
    properties = (*page.properties, *(("nav",) if nav else ()))
    return Item(page.document.id, page.document.name, "application/xhtml+xml", page.content(), properties, overlay)
