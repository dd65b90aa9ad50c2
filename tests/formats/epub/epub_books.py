"""EPUBs made for a test, opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

from publisher.formats.contract import Job
from publisher.formats.epub.container import MIMETYPE
from publisher.formats.epub.write import write
from publisher.model.narration import Narration
from publisher.model.publication import Publication
from publisher.narration.narrate import narrate
from publisher.narration.script import write_script
from publisher.narration.voices import voice_from_name
from publisher.rendering.templates import Templates
from publisher.store import Store

NAMES = {
    "h": "http://www.w3.org/1999/xhtml",
    "epub": "http://www.idpf.org/2007/ops",
    "m": "http://www.w3.org/1998/Math/MathML",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
    "smil": "http://www.w3.org/ns/SMIL",
}


@dataclass(frozen=True)
class Book:
    """An EPUB opened by its entries' names."""

    path: Path
    entries: Mapping[str, bytes]

    def tree(self, name: str) -> etree._Element:
        return etree.fromstring(self.entries[f"EPUB/{name}"])

    def find(self, name: str, path: str) -> list:
        return self.tree(name).xpath(path, namespaces=NAMES)

    def meta(self, property: str) -> list[str]:
        return self.find("content.opf", f"//opf:meta[@property='{property}']/text()")

    def documents(self) -> list[str]:
        """The content documents, the contents among them."""
        return [name.removeprefix("EPUB/") for name in self.entries if name.endswith(".xhtml")]

    def spine(self) -> list[str]:
        hrefs = {item.get("id"): item.get("href") for item in self.find("content.opf", "//opf:manifest/opf:item")}
        return [hrefs[reference.get("idref")] for reference in self.find("content.opf", "//opf:itemref")]


def opened(path: Path) -> Book:
    with ZipFile(path) as archive:
        return Book(path, {name: archive.read(name) for name in archive.namelist()})


def narrated(publication: Publication, store: Store) -> dict[str, Narration]:
    voice = voice_from_name("espeak")
    scripts = {mix: write_script(publication, mix) for mix in ("default", "plain")}
    return {mix: narrate(script, voice, store) for mix, script in scripts.items() if script.chapters}


def written(publication: Publication, folder: Path, store: Store | None = None, *, aloud: bool = False) -> list[Book]:
    """The EPUBs of a publication: the text edition and, where asked for, the read-aloud edition."""
    folder.mkdir(parents=True, exist_ok=True)
    store = store or Store(folder / "store")
    narrations = narrated(publication, store) if aloud else {}
    artefacts = write(Job(publication, Templates(), folder, store, narrations))
    return [opened(folder / artefact.name) for artefact in artefacts if artefact.media_type == MIMETYPE]
