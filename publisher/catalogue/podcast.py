"""The podcast: each edition's recording an episode, with its chapters and its transcript.

RSS 2.0 (https://www.rssboard.org/rss-specification) with Apple's tags
(https://help.apple.com/itc/podcasts_connect/#/itcb54353390) and those of Podcasting 2.0
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md).
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from email.utils import format_datetime
from uuid import UUID, uuid5

from lxml import etree

from publisher.catalogue.covers import square_cover_of
from publisher.catalogue.shelf import Listed, Offered, Shelf
from publisher.catalogue.xml import add, root, written

MEDIA_TYPE = "application/rss+xml"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_PODCAST = "https://podcastindex.org/namespace/1.0"
_ATOM = "http://www.w3.org/2005/Atom"
_GUIDS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace that the specification gives for a podcast's own identifier."""

CHAPTERS = "application/json+chapters"
_TRANSCRIPTS = ("text/vtt", "text/html", "text/plain")


def podcast(shelf: Shelf) -> str | None:
    """The feed; None where no edition has a recording. The shelf must have an address of its own."""
    episodes = [(edition, sound) for edition in shelf.editions if (sound := edition.by_type("audio/mpeg"))]
    if not episodes:
        return None
    rss = root("rss", {"itunes": _ITUNES, "podcast": _PODCAST, "atom": _ATOM}, version="2.0")
    channel = add(rss, "channel")
    address = shelf.address("podcast.xml")
    add(channel, "title", shelf.title)
    add(channel, "link", shelf.address("index.html"))
    add(channel, "description", " · ".join(edition.title for edition, _ in episodes))
    add(channel, "language", shelf.lang.lower())
    add(channel, "lastBuildDate", format_datetime(shelf.modified))
    add(channel, f"{{{_ATOM}}}link", rel="self", href=address, type=MEDIA_TYPE)
    add(channel, f"{{{_ITUNES}}}author", shelf.title)
    add(channel, f"{{{_ITUNES}}}type", "episodic")
    add(channel, f"{{{_ITUNES}}}explicit", "false")
    # The feed's address without its scheme and without a slash at its end.
    add(channel, f"{{{_PODCAST}}}guid", str(uuid5(_GUIDS, address.partition("://")[2].rstrip("/"))))
    _image(channel, episodes[0][0], shelf)
    for edition, sound in episodes:
        _episode(add(channel, "item"), edition, sound, shelf)
    return written(rss)


def _episode(item: etree._Element, edition: Listed, sound: Offered, shelf: Shelf) -> None:
    add(item, "title", edition.title)
    if edition.find("index.html"):
        add(item, "link", shelf.address(edition.path("index.html")))
    add(item, "guid", edition.identifier, isPermaLink="false")
    when = datetime.combine(edition.date, time(), UTC) if edition.date else edition.modified
    add(item, "pubDate", format_datetime(when))
    add(item, "description", edition.description or edition.subtitle or edition.title)
    address = shelf.address(edition.path(sound.artefact.name))
    add(item, "enclosure", url=address, length=str(sound.size), type=sound.artefact.media_type)
    add(item, f"{{{_ITUNES}}}author", ", ".join(edition.authors()) or shelf.title)
    add(item, f"{{{_ITUNES}}}duration", str(round(sound.artefact.duration or 0)))
    add(item, f"{{{_ITUNES}}}explicit", "false")
    _image(item, edition, shelf)
    for one in edition.files:
        kind, name = one.artefact.media_type, one.artefact.name
        if one.artefact.format != "audio" or one.artefact.variant:
            continue
        if kind == CHAPTERS:
            add(item, f"{{{_PODCAST}}}chapters", url=shelf.address(edition.path(name)), type=kind)
        elif kind in _TRANSCRIPTS:
            url = shelf.address(edition.path(name))
            captions = "captions" if kind == "text/vtt" else ""
            add(item, f"{{{_PODCAST}}}transcript", url=url, type=kind, language=edition.lang, rel=captions)


def _image(parent: etree._Element, edition: Listed, shelf: Shelf) -> None:
    cover = square_cover_of(edition)
    if cover is not None:
        add(parent, f"{{{_ITUNES}}}image", href=shelf.address(edition.path(cover.file.artefact.name)))
