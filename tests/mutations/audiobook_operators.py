"""What can go wrong with a W3C Audiobook: its manifest, its contents, its tracks and what sounds in them.

https://www.w3.org/TR/audiobooks/
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from mutants import Operator, Subject
from sounds import Tape, as_mp3, tape_within
from spoilers import RECORDINGS, Spoil

from publisher.formats.audiobook.manifest import integrity
from publisher.formats.audiobook.read import seconds
from publisher.model.artefacts import Artefact
from publisher.verifying.ear import Ear
from publisher.verifying.hearing_books import heard_audiobooks

MANIFEST, PAGE = "publication.json", "index.html"


@dataclass(frozen=True, eq=False)
class AudiobookSubject(Subject):
    """An audiobook, heard; `spans` are the seconds of its sentences by track."""

    ear: Ear
    artefact: Artefact

    def checks(self, path: Path) -> set[str]:
        self.ear.built = path.parent
        told = heard_audiobooks(self.ear, [replace(self.artefact, name=path.name)])
        return {one.finding.check for one in told[path.name].discrepancies}

    @property
    def spans(self) -> dict[str, tuple[tuple[float, float, str], ...]]:
        return _spans(self)


@lru_cache(maxsize=4)
def _spans(subject: AudiobookSubject) -> dict[str, tuple[tuple[float, float, str], ...]]:
    """When the sentences of each track sound, worked out from how long each of them does."""
    script, sayings = subject.ear.scripts["default"], subject.ear.sayings
    assert sayings is not None
    found = {}
    for number, chapter in enumerate(script.chapters, 1):
        now, spans = 0.0, []
        for line in chapter.lines:
            saying = sayings.of(line)
            assert saying is not None
            end = now + (saying.lead + saying.frames + saying.tail) / sayings.signal.rate
            spans.append((now, end, line.said))
            now = end + line.pause
        found[f"audio/part{number:04}.mp3"] = tuple(spans)
    return found


@dataclass
class Package:
    """An open package: its manifest, its page, and the files that were changed (None: taken out)."""

    subject: AudiobookSubject
    data: dict[str, Any]
    page: str
    changed: dict[str, bytes | None] = field(default_factory=dict)

    @property
    def tracks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.data["readingOrder"]
        return found

    def close(self) -> bytes:
        changed = {MANIFEST: json.dumps(self.data).encode(), PAGE: self.page.encode(), **self.changed}
        page = self.data["resources"][0] if self.data.get("resources") else {}
        if page.get("url") == PAGE:
            page["integrity"] = integrity(self.page.encode())
            changed[MANIFEST] = json.dumps(self.data).encode()
        made = io.BytesIO()
        with zipfile.ZipFile(self.subject.path) as archive, zipfile.ZipFile(made, "w") as copy:
            for name in [*archive.namelist(), *(one for one in changed if one not in archive.namelist())]:
                data = changed[name] if name in changed else archive.read(name)
                if data is not None:
                    copy.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
        return made.getvalue()


Change = Callable[[Package, Random], bool]


def track_dropped(book: Package, random: Random) -> bool:
    book.tracks.remove(random.choice(book.tracks))
    return True


def track_doubled(book: Package, random: Random) -> bool:
    one = random.choice(book.tracks)
    book.tracks.insert(book.tracks.index(one), dict(one))
    return True


def tracks_swapped(book: Package, random: Random) -> bool:
    at = random.randrange(len(book.tracks) - 1)
    book.tracks[at], book.tracks[at + 1] = book.tracks[at + 1], book.tracks[at]
    return True


def track_lost(book: Package, random: Random) -> bool:
    book.changed[random.choice(book.tracks)["url"]] = None
    return True


def sounds_exchanged(book: Package, random: Random) -> bool:
    """Two tracks have each other's sound, and say so by their digests."""
    one, other = random.sample(book.tracks, 2)
    for name in ("url", "integrity", "duration"):
        one[name], other[name] = other[name], one[name]
    return True


def title_altered(book: Package, random: Random) -> bool:
    track = random.choice(book.tracks)
    track["name"] = f"{track['name'][::-1]}x"
    return True


def length_altered(book: Package, random: Random) -> bool:
    track = random.choice(book.tracks)
    length = seconds(track["duration"])
    assert length is not None
    track["duration"] = f"PT{length + random.choice([0.2, -0.2]):.3f}S"
    return True


def length_dropped(book: Package, random: Random) -> bool:
    del random.choice(book.tracks)["duration"]
    return True


def digest_altered(book: Package, random: Random) -> bool:
    track = random.choice(book.tracks)
    track["integrity"] = f"sha256-{'A' * 43}="
    return True


def told(name: str, value: Any) -> Change:
    def change(book: Package, random: Random) -> bool:
        if value is None:
            return book.data.pop(name, None) is not None
        book.data[name] = value
        return True

    return change


def resource_dropped(rel: str) -> Change:
    def change(book: Package, random: Random) -> bool:
        book.data["resources"] = [one for one in book.data["resources"] if rel not in one["rel"]]
        return True

    return change


def file_added(book: Package, random: Random) -> bool:
    book.changed["audio/more.mp3"] = b"nothing"
    return True


def _on_page(pattern: str, change: Callable[[re.Match[str]], str]) -> Change:
    """Change one match of a pattern in the page's contents."""

    def changed(book: Package, random: Random) -> bool:
        begin = book.page.index("<nav")
        found = [match for match in re.finditer(pattern, book.page) if match.start() > begin]
        match = random.choice(found)
        book.page = book.page[: match.start()] + change(match) + book.page[match.end() :]
        return True

    return changed


_LINE = r'<a href="([^"]*)">([^<]*)</a>'


def _moved(match: re.Match[str]) -> str:
    name, _, moment = match[1].partition("#t=")
    return f'<a href="{name}#t={float(moment or 0) + 0.2:.3f}">{match[2]}</a>'


def lines_swapped(book: Package, random: Random) -> bool:
    begin = book.page.index("<nav")
    found = [match for match in re.finditer(_LINE, book.page) if match.start() > begin]
    at = random.randrange(len(found) - 1)
    one, other = found[at], found[at + 1]
    between = book.page[one.end() : other.start()]
    book.page = f"{book.page[: one.start()]}{other[0]}{between}{one[0]}{book.page[other.end() :]}"
    return True


@lru_cache(maxsize=1)
def _tape(path: Path, name: str, spans: tuple[tuple[float, float, str], ...]) -> Tape:
    with zipfile.ZipFile(path) as archive:
        return tape_within(archive.read(name), spans)


def sound(spoil: Spoil) -> Change:
    """Spoils the sound of one track, and gives the manifest its new digest: only hearing can tell."""

    def change(book: Package, random: Random) -> bool:
        spans = {name: spans for name, spans in book.subject.spans.items() if len(spans) > 1}
        name = random.choice(sorted(spans))
        tape = _tape(book.subject.path, name, spans[name])
        wave = spoil(tape, random)
        if wave is None:
            return False
        data = as_mp3(wave, tape.rate)
        book.changed[name] = data
        track = next(one for one in book.tracks if one["url"] == name)
        track["integrity"], track["duration"] = integrity(data), f"PT{len(wave) / tape.rate:.3f}S"
        whole = sum(seconds(one["duration"]) or 0 for one in book.tracks)
        book.data["duration"] = f"PT{whole:.3f}S"
        return True

    return change


def audiobook_operator(name: str, expects: str, change: Change) -> Operator:
    def mutate(subject: Subject, random: Random) -> bytes | None:
        assert isinstance(subject, AudiobookSubject)
        with zipfile.ZipFile(subject.path) as archive:
            book = Package(subject, json.loads(archive.read(MANIFEST)), archive.read(PAGE).decode())
        return book.close() if change(book, random) else None

    return Operator(name, frozenset(expects.split()), mutate)


AUDIOBOOK_OPERATORS: tuple[Operator, ...] = tuple(
    audiobook_operator(name, expects, change)
    for name, expects, change in (
        ("track dropped", "chapter-missing", track_dropped),
        ("track doubled", "chapter-added", track_doubled),
        ("tracks swapped", "chapter-missing chapter-added", tracks_swapped),
        ("track lost", "artefact-unreadable", track_lost),
        ("tracks’ sounds exchanged", "audio-order audio-wrong", sounds_exchanged),
        ("track’s title altered", "chapter-title", title_altered),
        ("track’s length altered", "audiobook-duration", length_altered),
        ("track’s length dropped", "audiobook-duration", length_dropped),
        ("track’s digest altered", "audiobook-manifest", digest_altered),
        ("length of all altered", "audiobook-duration", told("duration", "PT1S")),
        ("profile altered", "audiobook-manifest", told("conformsTo", "https://www.w3.org/TR/pub-manifest/")),
        ("type altered", "audiobook-manifest", told("type", "CreativeWork")),
        ("said to be abridged", "audiobook-manifest", told("abridged", True)),
        ("unfounded claim", "audiobook-manifest", told("accessibilityFeature", ["transcript"])),
        ("title altered", "metadata-title", told("name", "Another title")),
        ("author dropped", "metadata-creator", told("author", None)),
        ("date altered", "metadata-date", told("datePublished", "1999-01-01")),
        ("language altered", "metadata-language", told("inLanguage", ["tlh"])),
        ("identifier dropped", "metadata-identifier", told("id", None)),
        ("publisher altered", "metadata-publisher", told("publisher", "Somebody else")),
        ("rights altered", "metadata-rights", told("copyrightNotice", "None reserved")),
        ("description altered", "metadata-description", told("description", "Of something else.")),
        ("subjects altered", "metadata-subject", told("keywords", ["cookery"])),
        ("cover dropped", "audiobook-manifest", resource_dropped("cover")),
        ("contents dropped", "contents-missing", resource_dropped("contents")),
        ("file added", "audiobook-manifest", file_added),
        (
            "line of the contents altered",
            "contents-altered",
            _on_page(_LINE, lambda m: f'<a href="{m[1]}">{m[2]}x</a>'),
        ),
        ("line of the contents dropped", "contents-missing", _on_page(_LINE, lambda _: "")),
        ("line of the contents doubled", "contents-added", _on_page(_LINE, lambda m: m[0] * 2)),
        ("line of the contents 200 ms late", "chapter-shifted", _on_page(_LINE, _moved)),
        ("line of the contents nowhere", "chapter-shifted", _on_page(_LINE, lambda m: f'<a href="x.mp3">{m[2]}</a>')),
        ("line of the contents deeper", "contents-order", _on_page(_LINE, lambda m: f"<ol><li>{m[0]}</li></ol>")),
        ("lines of the contents swapped", "contents-added contents-missing", lines_swapped),
        *((name, expects, sound(spoil)) for name, expects, spoil in RECORDINGS),
    )
)
