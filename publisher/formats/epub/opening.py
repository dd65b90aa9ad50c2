"""Opens an EPUB for the readers of what stands beside its text: package, spine, documents.

https://www.w3.org/TR/epub-33/
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from publisher.formats.characters import mended
from publisher.model.findings import InputError
from publisher.strangers.containers import Container

OPF = "{http://www.idpf.org/2007/opf}"
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_CONTAINER = "META-INF/container.xml"


class Opened:
    """An open EPUB. Names are paths in the container."""

    def __init__(self, archive: Container, name: str) -> None:
        self._archive, self.name = archive, name
        self._documents: dict[str, etree._Element] = {}
        rootfile = self.document(_CONTAINER).find(".//{*}rootfile")
        path = unquote(rootfile.get("full-path", "")) if rootfile is not None else ""
        self.package = self.document(path)
        self._folder = posixpath.dirname(path)
        self._items = {item.get("id", ""): item for item in self.package.iter(f"{OPF}item")}

    def data(self, name: str) -> bytes | None:
        """The bytes of a member; None where there is none. Raises InputError where it is too large to be read."""
        try:
            information = self._archive.getinfo(name)
        except KeyError:
            return None
        return self._archive.read(information)

    def document(self, name: str) -> etree._Element:
        """A member as XML, mended where it is badly written. No entity or address is ever followed."""
        if name not in self._documents:
            data = self.data(name)
            if data is None:
                raise InputError(f"{self.name}: there is no {name} in it; build it again")
            root = mended(data)
            if root is None:
                raise InputError(f"{self.name}: {name} is no XML; build it again")
            self._documents[name] = root
        return self._documents[name]

    def member(self, href: str, beside: str | None = None) -> str:
        """The path of what an address in the package, or in the document `beside`, leads to; its fragment aside."""
        path, folder = unquote(href.partition("#")[0]), self._folder if beside is None else posixpath.dirname(beside)
        return posixpath.normpath(posixpath.join(folder, path)) if path else beside or ""

    def spine(self) -> Iterator[str]:
        """The documents in reading order."""
        for reference in self.package.iter(f"{OPF}itemref"):
            item = self._items.get(reference.get("idref", ""))
            if item is not None and item.get("media-type") == "application/xhtml+xml":
                yield self.member(item.get("href", ""))

    def navigation(self) -> str | None:
        """The navigation document."""
        found = (item for item in self._items.values() if "nav" in item.get("properties", "").split())
        return next((self.member(item.get("href", "")) for item in found), None)


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """An EPUB, open. Raises InputError where it is none."""
    with Container(path, path.name, "EPUB container") as archive:
        yield Opened(archive, path.name)
