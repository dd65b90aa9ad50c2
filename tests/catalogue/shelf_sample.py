"""A shelf made by hand: two editions, one with everything, one with next to nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

from publisher.catalogue.shelf import Listed, Offered
from publisher.model.artefacts import Artefact
from publisher.model.publication import Creator


def offered(name: str, media_type: str, size: int = 1000, **more: object) -> Offered:
    return Offered(Artefact(name, media_type, more.pop("format", "audio"), "a purpose", **more), size)  # type: ignore[arg-type]


def tides(**changes: object) -> Listed:
    told: dict[str, object] = {
        "name": "tides",
        "title": "Tides & Time",
        "lang": "en-GB",
        "identifier": "urn:uuid:6f1f6d0a-94c9-4b0b-9a53-111111111111",
        "modified": datetime(2026, 3, 2, tzinfo=UTC),
        "subtitle": "How the sea keeps hours",
        "creators": (Creator("Ada Fenwick"), Creator("Cara Lindqvist", "edt")),
        "date": date(2026, 3, 1),
        "description": "About <tides>.",
        "subjects": ("Sea",),
        "publisher": "The Skerry Press",
        "rights": "Free to copy",
        "contact": "mailto:desk@skerry.example",
        "base_url": "https://skerry.example/",
        "reading": 600.0,
        "headings": ("Spring tides", "Élan"),
        "files": (
            offered("tides.mp3", "audio/mpeg", 5000, duration=1510.4),
            offered("tides-plain.mp3", "audio/mpeg", 4000, duration=800.0, variant="plain"),
            offered("tides.vtt", "text/vtt"),
            offered("tides-plain.vtt", "text/vtt", variant="plain"),
            offered("tides-chapters.json", "application/json+chapters"),
            offered("tides.epub", "application/epub+zip", 70000, format="epub"),
            offered("tides.pdf", "application/pdf", 80000, format="pdf", pages=14),
            offered("index.html", "text/html", format="web"),
            offered("plain.html", "text/html", format="web"),
            offered("cover.png", "image/png", format="web"),
            offered("cover-square.png", "image/png", format="web"),
        ),
        "plain": True,
    }
    return Listed(**(told | changes))  # type: ignore[arg-type]


def bare(**changes: object) -> Listed:
    told: dict[str, object] = {
        "name": "منارة",
        "title": "منارة الرأس",
        "lang": "ar",
        "identifier": "9781234567897",
        "modified": datetime(2025, 1, 1, tzinfo=UTC),
        "publisher": "The Skerry Press",
        "contact": "mailto:desk@skerry.example",
        "base_url": "https://skerry.example",
        "files": (offered("منارة.epub", "application/epub+zip", format="epub"),),
    }
    return Listed(**(told | changes))  # type: ignore[arg-type]
