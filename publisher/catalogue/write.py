"""Writes what stands beside the editions: the page with its style sheet and fonts, and the feeds.

Feeds are read away from their site, so those that need whole addresses are written only where the editions' imprint
tells a base URL; the page and the OPDS catalogue work without one.
"""

from __future__ import annotations

from pathlib import Path

from publisher.catalogue.atom import MEDIA_TYPE as ATOM_TYPE
from publisher.catalogue.atom import atom
from publisher.catalogue.opds import opds, opds_name, opds_publication
from publisher.catalogue.page import OPDS_FEED, STYLES, page
from publisher.catalogue.podcast import MEDIA_TYPE as RSS_TYPE
from publisher.catalogue.podcast import podcast
from publisher.catalogue.putting import put
from publisher.catalogue.shelf import FOLDER, Shelf
from publisher.catalogue.sitemap import sitemap
from publisher.rendering.faces import choose_fonts
from publisher.rendering.templates import Templates


def write_catalogue(out: Path, shelf: Shelf, templates: Templates) -> tuple[str, ...]:
    """Write the files into `out`, each whole or not at all; what an earlier catalogue had and this one lacks goes.

    Gives their names. Raises InputError for a template that is wrong, OSError where `out` cannot be written.
    """
    files = {"opds.json": opds(shelf)}
    files |= {opds_name(edition): opds_publication(edition, shelf) for edition in shelf.editions}
    feeds = [OPDS_FEED]
    if shelf.base_url:
        files["atom.xml"] = atom(shelf)
        files["sitemap.xml"] = sitemap(shelf)
        feeds.append(("atom.xml", ATOM_TYPE, "Atom"))
        episodes = podcast(shelf)
        if episodes is not None:
            files["podcast.xml"] = episodes
            feeds.append(("podcast.xml", RSS_TYPE, "Podcast"))
    files["index.html"] = page(shelf, templates, tuple(feeds))
    styles = templates.find("catalogue", STYLES).read_text("utf-8")
    fonts = choose_fonts(templates.find("catalogue", "fonts.css").read_text("utf-8"), styles, set(files["index.html"]))
    files[f"{FOLDER}/{STYLES}"] = f"{fonts.css}\n{styles}"
    written = {name: text.encode("utf-8") for name, text in files.items()}
    written |= {f"{FOLDER}/{name}": templates.find("catalogue", name).read_bytes() for name in fonts.files}
    for name, data in written.items():
        put(out, name, data)
    _clear(out, set(written))
    return tuple(written)


def _clear(out: Path, kept: set[str]) -> None:
    """Remove what an earlier catalogue had: feeds that are no more, documents of editions that are gone."""
    own = [path for path in (out / FOLDER).rglob("*") if path.is_file()]
    for path in (*own, *(out / name for name in ("atom.xml", "podcast.xml", "sitemap.xml"))):
        if path.relative_to(out).as_posix() not in kept:
            path.unlink(missing_ok=True)
