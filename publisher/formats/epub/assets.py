"""The pictures that the text uses, under names that every reading system can open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from publisher.model.blocks import Node, images, walk
from publisher.model.findings import InputError
from publisher.model.publication import Publication, Resource

CORE_IMAGES: Mapping[str, str] = {
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
}
"""The core media types of EPUB 3.3, section 3.2 (https://www.w3.org/TR/epub-33/#sec-core-media-types)."""

_SAFE = re.compile(r"[^a-z0-9._-]+")


def image_names(publication: Publication) -> dict[str, str]:
    """Where each picture that the text shows stands in the package, by the resource's name, in order of appearance.

    File names keep what is plain ASCII of the author's; the first digits of the digest keep them apart where two
    would be the same. Raises InputError for a picture of a kind that EPUB does not carry.
    """
    names: dict[str, str] = {}
    taken = {f"images/cover{suffix}" for suffix in CORE_IMAGES.values()}  # the cover's own
    for name in _used(publication):
        resource = publication.resources[name]
        if resource.media_type not in CORE_IMAGES:
            known = ", ".join(sorted(CORE_IMAGES))
            raise InputError(f"an EPUB cannot carry {name} ({resource.media_type}); convert it to one of {known}")
        href = _href(resource)
        if href in taken:
            href = f"images/{resource.sha256[:8]}-{href.removeprefix('images/')}"
        taken.add(href)
        names[name] = href
    return names


def _href(resource: Resource) -> str:
    stem = _SAFE.sub("-", PurePosixPath(resource.name).stem.lower()).strip("-.") or "image"
    return f"images/{stem}{CORE_IMAGES[resource.media_type]}"


def _used(publication: Publication) -> Iterator[str]:
    seen: set[str] = set()
    for node in walk(all_blocks(publication)):
        for image in images(node):
            if image.resource not in seen:
                seen.add(image.resource)
                yield image.resource


def all_blocks(publication: Publication) -> Iterator[Node]:
    """Every block of the publication, whoever wrote it and wherever it is shown."""
    for layer in publication.layers:
        for passage in (layer.introduction, layer.method):
            if passage is not None:
                yield from passage.blocks
                yield from passage.plain.blocks if passage.plain else ()
    yield from publication.blocks()
    for counterpart in publication.counterparts:
        yield from counterpart.blocks
    if publication.glossary and publication.glossary.plain:
        yield from publication.glossary.plain.blocks
    for footnote in publication.footnotes:
        yield from footnote.blocks
    for note in publication.notes:
        yield from note.blocks
        yield from note.plain.blocks if note.plain else ()
