"""Word documents made for a test, opened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

from publisher.build import read_imprint_of
from publisher.formats.contract import Job
from publisher.formats.docx.read import read
from publisher.formats.docx.write import write
from publisher.manuscript.reading import read_edition
from publisher.model.publication import Publication
from publisher.rendering.templates import Templates
from publisher.store import Store
from publisher.verification.checks import Comparison, hold_against, source_of
from publisher.verification.coverage import DOCX

ROOT = Path(__file__).parents[3]
EDITIONS = ROOT / "tests" / "editions"
ODD = ROOT / "tests" / "fixtures" / "docx" / "odd"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = {
    "w": W[1:-1],
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
}


@dataclass(frozen=True)
class Word:
    """A document and the publication that it was made from."""

    path: Path
    publication: Publication

    @cached_property
    def entries(self) -> dict[str, bytes]:
        with ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def tree(self, part: str) -> etree._Element:
        return etree.fromstring(self.entries[part])

    def find(self, path: str, part: str = "word/document.xml") -> list:
        return self.tree(part).xpath(path, namespaces=NAMES)

    def held(self) -> Comparison:
        return hold_against(read(self.path), source_of(self.publication), DOCX)


def edition(folder: Path) -> Publication:
    imprint, _ = read_imprint_of(folder)
    return read_edition(folder, imprint).publication


def make(folder: Path, out: Path, templates: Templates | None = None) -> Word:
    """The Word document of an edition's folder."""
    publication = edition(folder)
    out.mkdir(parents=True, exist_ok=True)
    job = Job(publication, templates or Templates(), out, Store(out / "store"))
    (artefact,) = write(job)
    return Word(out / artefact.name, publication)


def told(comparison: Comparison) -> list[str]:
    return [f"{one.finding.check}: {one.finding.message}" for one in comparison.discrepancies]


def written(folder: Path, article: str, commentary: str = "") -> Path:
    """An edition's folder with these texts."""
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(article, encoding="utf-8")
    if commentary:
        (folder / "commentary.md").write_text(commentary, encoding="utf-8")
    return folder
