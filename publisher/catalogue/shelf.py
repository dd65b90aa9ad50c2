"""The editions of an output folder, as the catalogue knows them: what each says of itself, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote

from publisher.model.artefacts import Artefact
from publisher.model.publication import Creator

FOLDER = "catalogue.files"
"""Where whatever the catalogue's page and feeds need stands, beside the editions' folders."""

_NEVER = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Offered:
    """A file of an edition: what the build says of it, and its size in bytes."""

    artefact: Artefact
    size: int


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition on the shelf. `name` is its folder in the output folder, `about` what it says of itself.

    `reading` is how long it takes to read, in seconds; `headings` are its sections'; `plain` where it has words in
    plain language; `modified` is in UTC.
    """

    name: str
    title: str
    lang: str
    identifier: str
    modified: datetime
    subtitle: str = ""
    creators: tuple[Creator, ...] = ()
    date: date | None = None
    description: str = ""
    subjects: tuple[str, ...] = ()
    publisher: str = ""
    rights: str = ""
    contact: str = ""
    base_url: str = ""
    reading: float = 0.0
    headings: tuple[str, ...] = ()
    plain: bool = False
    files: tuple[Offered, ...] = ()

    def path(self, file: str) -> str:
        """The address of one of its files, relative to the catalogue."""
        return f"{quote(self.name)}/{quote(file)}"

    def find(self, name: str) -> Offered | None:
        """The file of that name, if the edition has it."""
        return next((one for one in self.files if one.artefact.name == name), None)

    def by_type(self, media_type: str, variant: str = "") -> Offered | None:
        """The first file of that media type and variant."""
        chosen = (one for one in self.files if (one.artefact.media_type, one.artefact.variant) == (media_type, variant))
        return next(chosen, None)

    def authors(self) -> tuple[str, ...]:
        """Those who wrote it; where nobody is named so, whoever is named; else the publisher."""
        authors = tuple(creator.name for creator in self.creators if creator.role == "aut")
        return (
            authors or tuple(creator.name for creator in self.creators) or ((self.publisher,) if self.publisher else ())
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """The editions of one output folder, the newest first. `base_url` is where it is published, or ""."""

    title: str
    lang: str
    base_url: str
    contact: str
    editions: tuple[Listed, ...]

    @property
    def modified(self) -> datetime:
        """When the latest of them was last changed."""
        return max((edition.modified for edition in self.editions), default=_NEVER)

    def address(self, path: str) -> str:
        """The address of a file, relative to the catalogue, where it is published."""
        return f"{self.base_url}/{path}" if self.base_url else path


def shelf(editions: Sequence[Listed], lang: str, words: str) -> Shelf:
    """A shelf of these editions. Its title is their publisher's name, or `words` where they have several or none; its
    address is theirs, and none where they differ."""
    newest_first = sorted(sorted(editions, key=lambda one: one.name), key=_day, reverse=True)
    publishers = {one.publisher for one in editions}
    bases = {one.base_url.rstrip("/") for one in editions}
    contacts = {one.contact for one in editions}
    title = publishers.pop() if len(publishers) == 1 else ""
    base = bases.pop() if len(bases) == 1 else ""
    contact = contacts.pop() if len(contacts) == 1 else ""
    return Shelf(title or words, lang, base, contact, tuple(newest_first))


def _day(one: Listed) -> date:
    return one.date or _NEVER.date()
