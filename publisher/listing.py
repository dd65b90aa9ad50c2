"""Writes `edition.json`: what a build has made, and from what."""

from __future__ import annotations

import json
from pathlib import Path

from publisher import __version__
from publisher.making import Made
from publisher.manifest import MANIFEST, MANIFEST_VERSION, left_entry
from publisher.shelving import about_entry
from publisher.stages import Common
from publisher.store import digest
from publisher.verification.expected import units


def write_manifest(
    folder: Path,
    key: str,
    common: Common,
    made: Made,
    *,
    voice: str | None,
    left: frozenset[str],
) -> None:
    """`edition.json`: every file with its media type, size and digest; every unit with the digest of its words; the
    lines that the voice's fallback said; what it was made from."""
    publication = common.publication
    metadata, whole = publication.metadata, tuple(units(publication))
    manifest = {
        "version": MANIFEST_VERSION,
        "generator": f"concordant-publisher {__version__}",
        "key": key,
        "name": publication.name,
        "title": metadata.title,
        "lang": metadata.lang,
        "identifier": metadata.identifier,
        "date": metadata.date.isoformat() if metadata.date else None,
        "voice": voice or metadata.voice,
        **left_entry(left),
        "files": list(made.entries),
        "about": about_entry(publication, whole),
        "units": [
            {"id": unit.id, "role": unit.role.value, "part": unit.part, "lang": unit.lang, "sha256": digest(unit.text)}
            for unit in whole
        ],
        "made_from": common.entry(),
        "stages": made.stages,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
