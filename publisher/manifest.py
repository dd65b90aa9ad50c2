"""`edition.json`: every file of a build with its media type, size and digest, as data and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from publisher.model.accessibility import Claims
from publisher.model.artefacts import Artefact, PageBreak
from publisher.store import file_digest

MANIFEST = "edition.json"
MANIFEST_VERSION = 2


def file_entry(artefact: Artefact, folder: Path) -> dict[str, Any]:
    """What the manifest says of a file that stands in `folder`."""
    path = folder / artefact.name
    entry: dict[str, Any] = {
        "name": artefact.name,
        "media_type": artefact.media_type,
        "format": artefact.format,
        "purpose": artefact.purpose,
        "bytes": path.stat().st_size,
        "sha256": file_digest(path),
    }
    if artefact.variant:
        entry["variant"] = artefact.variant
    if artefact.duration is not None:
        entry["duration"] = round(artefact.duration, 3)
    if artefact.pages is not None:
        entry["pages"] = artefact.pages
    if artefact.breaks:
        entry["breaks"] = [[one.label, one.id, one.words] for one in artefact.breaks]
    if artefact.claims is not None:
        entry["accessibility"] = claims_entry(artefact.claims)
    return entry


def claims_entry(claims: Claims) -> dict[str, Any]:
    """Claims by the names that Schema.org and Dublin Core have for them, those without a value left out."""
    named = {
        "accessMode": list(claims.modes),
        "accessModeSufficient": list(claims.sufficient),
        "accessibilityFeature": list(claims.features),
        "accessibilityHazard": list(claims.hazards),
        "accessibilitySummary": claims.summary,
        "conformsTo": claims.conforms_to,
        "certifiedBy": claims.certified_by,
    }
    return {name: value for name, value in named.items() if value}


def claims_of_entry(entry: dict[str, Any]) -> Claims:
    """The claims that an entry is of."""
    lists = ("accessMode", "accessModeSufficient", "accessibilityFeature", "accessibilityHazard")
    modes, sufficient, features, hazards = (tuple(map(str, entry.get(name, ()))) for name in lists)
    summary = str(entry.get("accessibilitySummary", ""))
    return Claims(modes, sufficient, features, hazards, summary, entry.get("conformsTo"), entry.get("certifiedBy"))


def artefact_of(entry: Mapping[str, Any]) -> Artefact:
    """The artefact that an entry is of. Raises KeyError, TypeError or ValueError where it is not as a build writes."""
    return Artefact(
        entry["name"],
        entry["media_type"],
        entry["format"],
        entry["purpose"],
        entry.get("duration"),
        entry.get("pages"),
        tuple(PageBreak(label, id, words) for label, id, words in entry.get("breaks", ())),
        claims=claims_of_entry(entry["accessibility"]) if "accessibility" in entry else None,
        variant=str(entry.get("variant", "")),
    )


def left_entry(left: frozenset[str]) -> dict[str, Any]:
    """What the manifest says of lines that the voice's fallback said; nothing where there is none."""
    return {"fallback": sorted(left)} if left else {}


def lines_left(manifest: Mapping[str, Any]) -> frozenset[str]:
    """The ids of those lines."""
    return frozenset(map(str, manifest.get("fallback", ())))


def as_made(folder: Path, key: str) -> tuple[Artefact, ...]:
    """The files of the output, if they were made from the same key and every one is still as it was made."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        if manifest["key"] != key or any(
            file_digest(folder / file["name"]) != file["sha256"] for file in manifest["files"]
        ):
            return ()
        return tuple(artefact_of(file) for file in manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        # Missing, cut short or from another version: whatever it is, it is not up to date.
        return ()


def left_in(folder: Path) -> frozenset[str]:
    """The ids of the lines of an output that a fallback said. Raises nothing: the manifest was read before."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    return lines_left(manifest)
