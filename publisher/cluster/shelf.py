"""The catalogue at an address: made here of the manifests that stand there, then put, what changed of it."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from publisher.catalogue.shelf import FOLDER
from publisher.cluster.publishing import manifests
from publisher.cluster.remote import Place, Tree, inside, side_by_side
from publisher.manifest import MANIFEST
from publisher.shelving import update_catalogue


def update_catalogue_at(out: Place) -> None:
    """Make the catalogue of all editions that stand at a place. Raises StorageError, OSError, InputError."""
    if isinstance(out, Path):
        update_catalogue(out)
        return
    with tempfile.TemporaryDirectory(prefix="catalogue-") as scratch:
        folder = Path(scratch)
        for name, data in manifests(out).items():
            path = inside(folder, name) / MANIFEST
            path.parent.mkdir(parents=True)
            path.write_bytes(data)
        names = update_catalogue(folder)
        # The page that leads to the others comes last.
        side_by_side(partial(_put, out, folder), [name for name in names if name != _PAGE])
        _put(out, folder, _PAGE)
        there = (*out.entries(FOLDER), *_FEEDS)
        side_by_side(out.remove, [name for name in there if name not in names])


def _put(out: Tree, folder: Path, name: str) -> None:
    if out.read(name) != (folder / name).read_bytes():
        out.put(folder / name, name, _TYPES.get(Path(name).suffix, ""))


_PAGE = "index.html"
_FEEDS = ("atom.xml", "podcast.xml", "sitemap.xml")
"""Feeds that not every catalogue has."""
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".json": "application/json",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
