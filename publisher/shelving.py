"""What `edition.json` says of an edition, and the catalogue that is made of it: it needs no source, only `build/`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from publisher import __version__
from publisher.catalogue.putting import left, put, sweep
from publisher.catalogue.shelf import FOLDER, Listed, Offered, shelf
from publisher.fingerprint import package_files
from publisher.manifest import MANIFEST, artefact_of
from publisher.model.artefacts import Artefact, Unit
from publisher.model.publication import Creator, Publication
from publisher.processes import alone
from publisher.store import digest, file_digest

_KEY = "made-from.json"
_READING = frozenset({"front", "introduction", "article", "note", "footnote", "method"})
"""The parts that count as reading; the plain-language counterparts say the same again."""
_WORDS_A_MINUTE = 230
_SIGNS_A_MINUTE = 400
"""How fast adults read: words, or signs of a script that has no spaces. Rounded from Brysbaert 2019 (238 words of
English non-fiction a minute, https://doi.org/10.1016/j.jml.2019.104047), and lower for careful reading."""
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "yue"})


def about_entry(publication: Publication, units: tuple[Unit, ...]) -> dict[str, Any]:
    """What an edition's manifest says of it for catalogues, nothing empty."""
    from publisher.rendering.dates import modified

    metadata, imprint = publication.metadata, publication.imprint
    told = {
        "subtitle": metadata.subtitle,
        "creators": [[creator.name, creator.role] for creator in metadata.creators],
        "description": metadata.description,
        "subjects": list(metadata.subjects),
        "publisher": metadata.publisher,
        "rights": metadata.rights,
        "contact": imprint.contact,
        "base_url": imprint.base_url,
        "imprint_lang": imprint.lang,
        "modified": modified(publication).astimezone(UTC).isoformat(),
        "reading": round(_reading_time(units)),
        "headings": [unit.text for unit in units if unit.role.value == "heading" and unit.part == "article"],
        "plain": bool(publication.counterparts),
    }
    return {name: value for name, value in told.items() if value}


def _reading_time(units: tuple[Unit, ...]) -> float:
    """Seconds."""
    minutes = 0.0
    for unit in units:
        if unit.part in _READING:
            if unit.lang.lower().partition("-")[0] in _UNSPACED:
                minutes += sum(sign.isalnum() for sign in unit.text) / _SIGNS_A_MINUTE
            else:
                minutes += len(unit.text.split()) / _WORDS_A_MINUTE
    return minutes * 60


def update_catalogue(out: Path) -> tuple[str, ...]:
    """Make the catalogue of all editions that stand in `out`, unless it is up to date; the names of its files.

    One process at a time makes it. Raises OSError where `out` cannot be written, InputError for a wrong template.
    """
    there, _, _ = _standing(out)
    lock = out / ".catalogue.lock"
    if there is not None and not any(left(out)) and not lock.exists():
        return there
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    with alone(lock):
        sweep(out)
        there, key, manifests = _standing(out)
        if there is None:
            there = _make(out, manifests)
            digests = {name: file_digest(out / name) for name in there}
            put(out, f"{FOLDER}/{_KEY}", f"{json.dumps({'key': key, 'files': digests}, indent=1)}\n".encode())
        return there


def _standing(out: Path) -> tuple[tuple[str, ...] | None, str, dict[str, bytes]]:
    """The catalogue's files, if it is up to date; the key that it would have, and the manifests that it is made of."""
    manifests = {folder.name: data for folder in _folders(out) if (data := _manifest(folder)) is not None}
    key = digest(__version__, package_files(), [[name, digest(data)] for name, data in manifests.items()])
    return _made(out / FOLDER / _KEY, key, out), key, manifests


def _folders(out: Path) -> Iterator[Path]:
    for path in sorted(out.glob(f"*/{MANIFEST}")):
        if not path.parent.name.startswith("."):
            yield path.parent


def _manifest(folder: Path) -> bytes | None:
    try:
        return (folder / MANIFEST).read_bytes()
    except OSError:
        # Another build swaps it at this moment; that build makes the catalogue again when it is done.
        return None


def _made(record: Path, key: str, out: Path) -> tuple[str, ...] | None:
    """The catalogue's files, if they were made from the same key and every one is as it was made."""
    try:
        data = json.loads(record.read_bytes())
        if data["key"] == key and all(file_digest(out / name) == made for name, made in data["files"].items()):
            return tuple(data["files"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Missing, cut short or from another version: whatever it is, it is not up to date.
        return None
    return None


def _make(out: Path, manifests: dict[str, bytes]) -> tuple[str, ...]:
    from publisher.catalogue.write import write_catalogue
    from publisher.rendering.templates import Templates
    from publisher.rendering.words import words_for

    parsed = {name: _parsed(data) for name, data in manifests.items()}
    listed = [_listed(name, data) for name, data in parsed.items() if "about" in data]
    lang = next((data["about"].get("imprint_lang", data["lang"]) for data in parsed.values() if "about" in data), "en")
    return write_catalogue(out, shelf(listed, lang, words_for(lang)("catalogue")), Templates())


def _parsed(data: bytes) -> dict[str, Any]:
    """What a manifest says; nothing where it is damaged, or somebody else's file."""
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _listed(name: str, data: dict[str, Any]) -> Listed:
    """The edition of a manifest that this version wrote."""
    about = data["about"]
    return Listed(
        name,
        data["title"],
        data["lang"],
        data["identifier"],
        datetime.fromisoformat(about["modified"]),
        about.get("subtitle", ""),
        tuple(Creator(person, role) for person, role in about.get("creators", ())),
        date.fromisoformat(data["date"]) if data["date"] else None,
        about.get("description", ""),
        tuple(about.get("subjects", ())),
        about.get("publisher", ""),
        about.get("rights", ""),
        about.get("contact", ""),
        about.get("base_url", ""),
        about.get("reading", 0.0),
        tuple(about.get("headings", ())),
        about.get("plain", False),
        tuple(Offered(one, file["bytes"]) for file in data["files"] if _by_itself(one := artefact_of(file))),
    )


def _by_itself(artefact: Artefact) -> bool:
    """Whether a file may be offered: the pieces of books that stand in a folder may not, pages' pictures are theirs."""
    return artefact.alone or artefact.format == "web"
