"""The OPDS 2.0 catalogue, which reading systems browse and take books from. https://drafts.opds.io/opds-2.0"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from publisher.catalogue.covers import cover_of
from publisher.catalogue.shelf import FOLDER, Listed, Offered, Shelf
from publisher.model.publication import Creator

MEDIA_TYPE = "application/opds+json"
PUBLICATION_TYPE = "application/opds-publication+json"
ACQUISITION = "http://opds-spec.org/acquisition/open-access"

OFFERED = frozenset(
    {
        "application/epub+zip",
        "application/pdf",
        "application/lpf+zip",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/zip",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
    }
)
"""What reading systems can open: whole books and recordings."""

_ROLES = {
    "aut": "author",
    "art": "artist",
    "ctb": "contributor",
    "edt": "editor",
    "ill": "illustrator",
    "nrt": "narrator",
    "trl": "translator",
}
"""MARC relator codes as Readium's contexts name them: https://readium.org/webpub-manifest/contexts/default/"""


def opds_name(edition: Listed) -> str:
    """Where the document of one publication stands, relative to the catalogue."""
    return f"{FOLDER}/opds/{edition.name}.json"


def opds(shelf: Shelf) -> str:
    """The catalogue as JSON. Addresses are relative to it where the shelf has none of its own."""
    feed = {
        "metadata": {
            "title": shelf.title,
            "modified": shelf.modified.isoformat().replace("+00:00", "Z"),
            "numberOfItems": len(shelf.editions),
        },
        "links": [
            {"rel": "self", "href": shelf.address("opds.json"), "type": MEDIA_TYPE},
            {"rel": "alternate", "href": shelf.address("index.html"), "type": "text/html"},
        ],
        "publications": [_publication(edition, shelf) for edition in shelf.editions],
    }
    return _written(feed)


def opds_publication(edition: Listed, shelf: Shelf) -> str:
    """The document of one publication as JSON. It stands in a folder of its own, two steps below the catalogue."""
    return _written(_publication(edition, shelf, up="" if shelf.base_url else "../../"))


def _written(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _publication(edition: Listed, shelf: Shelf, up: str = "") -> dict[str, Any]:
    publication: dict[str, Any] = {"metadata": _metadata(edition), "links": list(_links(edition, shelf, up))}
    cover = cover_of(edition)
    if cover is not None:
        href = up + shelf.address(edition.path(cover.file.artefact.name))
        image = {"href": href, "type": cover.file.artefact.media_type, "width": cover.width, "height": cover.height}
        publication["images"] = [image]
    return publication


def _metadata(edition: Listed) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "http://schema.org/Book",
        "identifier": edition.identifier,
        "title": edition.title,
        "subtitle": edition.subtitle,
        "language": edition.lang,
        "modified": edition.modified.isoformat().replace("+00:00", "Z"),
        "published": edition.date.isoformat() if edition.date else None,
        "publisher": edition.publisher,
        "description": edition.description,
        "subject": list(edition.subjects),
    }
    for role, name in _ROLES.items():
        data[name] = [creator.name for creator in edition.creators if _role(creator) == role]
    return {name: value for name, value in data.items() if value}


def _role(creator: Creator) -> str:
    return creator.role if creator.role in _ROLES else "ctb"


def _links(edition: Listed, shelf: Shelf, up: str) -> Iterator[dict[str, Any]]:
    yield {"rel": "self", "href": up + shelf.address(quote(opds_name(edition))), "type": PUBLICATION_TYPE}
    for one in edition.files:
        if one.artefact.media_type in OFFERED:
            yield _acquisition(one, up + shelf.address(edition.path(one.artefact.name)))
    if edition.find("index.html"):
        yield {"rel": "alternate", "href": up + shelf.address(edition.path("index.html")), "type": "text/html"}


def _acquisition(one: Offered, href: str) -> dict[str, Any]:
    artefact = one.artefact
    link: dict[str, Any] = {"rel": ACQUISITION, "href": href, "type": artefact.media_type, "title": artefact.purpose}
    if artefact.duration:
        link["duration"] = round(artefact.duration, 3)
    return link
