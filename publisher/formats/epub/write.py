"""Writes the EPUB editions: NAME.epub, and NAME-read-aloud.epub where there is a narration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.formats.contract import Job
from publisher.formats.epub.accessibility import Evidence, claims
from publisher.formats.epub.assets import CORE_IMAGES, image_names
from publisher.formats.epub.container import MIMETYPE
from publisher.formats.epub.documents import Page, plan, render
from publisher.formats.epub.metadata import modified, package_metadata
from publisher.formats.epub.navigation import navigation_page
from publisher.formats.epub.package import Item, Package, write_package
from publisher.model.artefacts import Artefact
from publisher.rendering.body import Body, Options
from publisher.rendering.cover import cover_image
from publisher.rendering.markup import direction

COVER_SIZE = (1600, 2560)
"""Pixels: what shops ask for, in their proportion of 5 to 8."""


@dataclass(frozen=True, slots=True)
class _Base:
    """What both editions share: the pages, the navigation, pictures and style."""

    body: Body
    pages: tuple[Page, ...]
    cover: Item
    assets: tuple[Item, ...]


def write(job: Job) -> tuple[Artefact, ...]:
    """Write the job's EPUBs into its folder. Raises InputError, FindingsError, EngineError as the stages do."""
    base = _base(job)
    name = f"{job.publication.name}.epub"
    _write_text_edition(job, base, job.folder / name)
    return (Artefact(name, MIMETYPE, "epub", "the text, for reading systems"),)


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
    pages = render(plan(publication, body.edition_words), body, job.templates, cover.href)
    pictures = (
        Item(f"image-{number}", href, publication.resources[name].media_type, publication.resources[name].path)
        for number, (name, href) in enumerate(names.items(), 1)
    )
    style = Item("style", "style.css", "text/css", job.templates.find("epub", "style.css").read_bytes())
    return _Base(body, pages, cover, (style, *pictures))


def _cover(job: Job) -> Item:
    """The author's cover where shops take its kind, else one that is drawn."""
    given = job.publication.metadata.cover
    if given is not None and given.media_type in ("image/jpeg", "image/png"):
        href = f"images/cover{CORE_IMAGES[given.media_type]}"
        return Item("cover-image", href, given.media_type, given.path, ("cover-image",))
    drawn = cover_image(job.publication, *COVER_SIZE, templates=job.templates)
    return Item("cover-image", "images/cover.png", "image/png", drawn, ("cover-image",))


def _write_text_edition(job: Job, base: _Base, path: Path) -> None:
    publication = job.publication
    navigation, ways = navigation_page(base.pages, base.body, job.templates, in_spine=True)
    evidence = Evidence(publication, own_style=job.templates.own is not None)
    pages = tuple(_with_contents(base.pages, navigation))
    package = Package(
        identifier=publication.metadata.identifier,
        title=publication.metadata.title,
        lang=publication.metadata.lang,
        direction=direction(publication.metadata.lang),
        modified=modified(publication),
        metadata=tuple(package_metadata(publication, claims(evidence, base.body.edition_words))),
        items=(*(_item(page, nav=page is navigation) for page in pages), base.cover, *base.assets),
        spine=tuple(page.document.id for page in pages),
        contents=tuple(way.plain() for way in ways),
        cover=base.cover.id,
    )
    write_package(path, package)


def _with_contents(pages: Sequence[Page], navigation: Page) -> Iterator[Page]:
    """The pages with the contents after the cover and the title page."""
    yield from pages[:2]
    yield navigation
    yield from pages[2:]


def _item(page: Page, *, nav: bool = False) -> Item:
    properties = (*page.properties, *(("nav",) if nav else ()))
    return Item(page.document.id, page.document.name, "application/xhtml+xml", page.content(), properties)
