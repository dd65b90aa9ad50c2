"""The Atom feed: who follows it hears of each new edition. https://www.rfc-editor.org/rfc/rfc4287"""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from publisher.catalogue.opds import OFFERED
from publisher.catalogue.shelf import Listed, Shelf
from publisher.catalogue.xml import add, root, written

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(shelf: Shelf) -> str:
    """The feed. Its addresses are whole: a feed is read away from its site, so the shelf must have one."""
    feed = root("feed", {None: _ATOM})
    feed.set(_LANG, shelf.lang)
    add(feed, "id", uuid5(NAMESPACE_URL, shelf.address("atom.xml")).urn)
    add(feed, "title", shelf.title)
    add(feed, "updated", _instant(shelf.modified))
    add(feed, "link", rel="self", href=shelf.address("atom.xml"), type=MEDIA_TYPE)
    add(feed, "link", rel="alternate", href=shelf.address("index.html"), type="text/html")
    add(add(feed, "author"), "name", shelf.title)
    for edition in shelf.editions:
        entry = add(feed, "entry")
        entry.set(_LANG, edition.lang)
        _fill(entry, edition, shelf)
    return written(feed)


def _fill(entry: etree._Element, edition: Listed, shelf: Shelf) -> None:
    add(entry, "id", edition.identifier if ":" in edition.identifier else uuid5(NAMESPACE_URL, edition.identifier).urn)
    add(entry, "title", edition.title)
    add(entry, "updated", _instant(edition.modified))
    if edition.date:
        add(entry, "published", _instant(datetime.combine(edition.date, time(), UTC)))
    for name in edition.authors():
        add(add(entry, "author"), "name", name)
    if edition.description:
        add(entry, "summary", edition.description)
    for subject in edition.subjects:
        add(entry, "category", term=subject)
    if edition.rights:
        add(entry, "rights", edition.rights)
    if edition.find("index.html"):
        add(entry, "link", rel="alternate", href=shelf.address(edition.path("index.html")), type="text/html")
    for one in edition.files:
        if one.artefact.media_type in OFFERED:
            href, kind = shelf.address(edition.path(one.artefact.name)), one.artefact.media_type
            add(entry, "link", rel="enclosure", href=href, type=kind, title=one.artefact.purpose, length=str(one.size))


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
