"""Editions built for mutation, and the subjects that they make."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from mutants import Subject

from publisher.build import MANIFEST, Order, build_edition, find_edition, read_imprint_of
from publisher.formats import reader
from publisher.manuscript.reading import read_edition
from publisher.store import default_store
from publisher.verification.checks import source_of
from publisher.verification.coverage import coverage_of

ROOT = Path(__file__).resolve().parents[2]
MEDIA = {".html": ("web", "text/html"), ".epub": ("epub", "application/epub+zip"), ".pdf": ("pdf", "application/pdf")}


def folder_of(name: str) -> Path:
    """An edition of the tests, or of source/."""
    own = ROOT / "tests" / "editions" / name
    return own if own.is_dir() else find_edition(name, ROOT / "source")


def subjects(name: str, out: Path, formats: Sequence[str] = ("epub", "web")) -> Iterator[Subject]:
    """Build an edition without sound and yield its artefacts that can be read back."""
    folder = folder_of(name)
    build_edition(Order(folder, out, default_store(), tuple(formats)), lambda *_: None)
    imprint, _ = read_imprint_of(folder)
    files = json.loads((out / name / MANIFEST).read_bytes())["files"]
    offered = [words for file in files for words in (file["name"], file["purpose"])]
    source = source_of(read_edition(folder, imprint).publication, offered)
    for path in sorted((out / name).iterdir()):
        format, media_type = MEDIA.get(path.suffix, ("", ""))
        coverage = coverage_of(path.name, media_type)
        read = reader(format) if format in formats else None
        if coverage is not None and read is not None and not path.name.startswith("report."):
            yield Subject(name, path, source, coverage, read)
