"""The list of pages for search engines. https://www.sitemaps.org/protocol.html"""

from __future__ import annotations

from lxml import etree

from publisher.catalogue.shelf import Shelf
from publisher.catalogue.xml import add, root, written

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(shelf: Shelf) -> str:
    """The catalogue's page and every edition's, with the days on which they were last changed."""
    urls = root("urlset", {None: _SITEMAP})
    _page(urls, shelf.address("index.html"), shelf.modified.date().isoformat())
    for edition in shelf.editions:
        for one in edition.files:
            if one.artefact.media_type == "text/html":
                address = shelf.address(edition.path(one.artefact.name))
                _page(urls, address, edition.modified.date().isoformat())
    return written(urls)


def _page(urls: etree._Element, address: str, day: str) -> None:
    url = add(urls, "url")
    add(url, "loc", address)
    add(url, "lastmod", day)
