"""The manifest of an audiobook.

https://www.w3.org/TR/audiobooks/, https://www.w3.org/TR/pub-manifest/
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from publisher.formats.audiobook.book import milliseconds, track_name
from publisher.model.languages import direction
from publisher.model.publication import Creator, Publication
from publisher.narration.tracks import Track
from publisher.rendering.dates import modified

PROFILE = "https://www.w3.org/TR/audiobooks/"
CONTEXTS = ("https://schema.org", "https://www.w3.org/ns/pub-context")
MANIFEST = "publication.json"
ENTRY_PAGE = "index.html"

_ROLES = {"aut": "author", "edt": "editor", "ill": "illustrator", "trl": "translator"}
"""The manifest's own terms for who did what, by MARC code (https://www.w3.org/TR/pub-manifest/#creators)."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the package that is no track: its name and media type, what it is for, its bytes."""

    name: str
    media_type: str
    rel: str
    content: bytes
    title: str = ""


def manifest(publication: Publication, tracks: Sequence[Track], resources: Sequence[Resource], narrator: str) -> bytes:
    """The manifest as JSON-LD."""
    metadata = publication.metadata
    lang = metadata.lang
    base = publication.imprint.base_url.rstrip("/")
    publisher = metadata.publisher or publication.imprint.publisher
    rights = metadata.rights or publication.imprint.rights
    data: dict[str, Any] = {
        "@context": [*CONTEXTS, {"language": lang, "direction": direction(lang)}],
        "conformsTo": PROFILE,
        "type": "Audiobook",
        "id": metadata.identifier,
        "url": f"{base}/{publication.name}/" if base else None,
        "name": metadata.title,
        **_people(publication),
        "readBy": narrator,
        "publisher": {"type": "Organization", "name": publisher} if publisher else None,
        "inLanguage": list(dict.fromkeys((lang, *(layer.lang for layer in publication.layers)))),
        "datePublished": metadata.date.isoformat() if metadata.date else None,
        "dateModified": modified(publication).isoformat().replace("+00:00", "Z"),
        "description": metadata.description,
        "keywords": list(metadata.subjects),
        "copyrightNotice": rights,
        "abridged": False,
        "duration": _duration(sum(map(milliseconds, tracks))),
        "readingProgression": direction(lang),
        "accessMode": ["auditory"],
        "accessModeSufficient": [{"type": "ItemList", "itemListElement": ["auditory"]}],
        "accessibilityFeature": ["tableOfContents", "unlocked"],
        "accessibilityHazard": ["none"],
        "readingOrder": [_track(number, track) for number, track in enumerate(tracks, 1)],
        "resources": [_resource(one) for one in resources],
    }
    told = {name: value for name, value in data.items() if value or value is False}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _people(publication: Publication) -> Mapping[str, list[dict[str, str]]]:
    """Who made it, by the manifest's terms; those of other roles, and the editors of the commentary, contributed."""
    found: dict[str, list[dict[str, str]]] = {}
    people: list[tuple[str, Creator]] = [
        (_ROLES.get(one.role, "contributor"), one) for one in publication.metadata.creators
    ]
    people += [("contributor", editor) for layer in publication.layers for editor in layer.editors]
    for term, person in people:
        kind = "Organization" if person.name == publication.metadata.publisher else "Person"
        entry = {"type": kind, "name": person.name}
        if entry not in found.setdefault(term, []):
            found[term].append(entry)
    return found


def _track(number: int, track: Track) -> dict[str, Any]:
    return {
        "type": "LinkedResource",
        "url": track_name(number),
        "encodingFormat": "audio/mpeg",
        "name": track.chapter.title,
        "duration": _duration(milliseconds(track)),
        "integrity": integrity(track.path),
    }


def _resource(one: Resource) -> dict[str, Any]:
    told = {"name": one.title} if one.title else {}
    return {
        "type": "LinkedResource",
        "url": one.name,
        "encodingFormat": one.media_type,
        "rel": [one.rel],
        **told,
        "integrity": integrity(one.content),
    }


def integrity(content: bytes | Path) -> str:
    """A digest as browsers know it (https://www.w3.org/TR/SRI/)."""
    digest = sha256()
    if isinstance(content, Path):
        with content.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    else:
        digest.update(content)
    return f"sha256-{b64encode(digest.digest()).decode()}"


def _duration(milliseconds: int) -> str:
    """Seconds, as ISO 8601 has them (https://www.w3.org/TR/pub-manifest/#duration)."""
    return f"PT{milliseconds / 1000:.3f}S"
