"""What each format of an edition is made from, as digests: they say whether its files can stay, and if not, why.

A build reads the source, then asks of every format whether all that it reads is as it was when the published files were
made. Nothing here looks at the time of a file. Where in the source a thing stands changes no file, so that a comment or
an empty line costs nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from publisher import __version__
from publisher.fingerprint import Program
from publisher.manifest import MANIFEST, artefact_of
from publisher.model.source import Position
from publisher.store import digest, file_digest

if TYPE_CHECKING:
    from publisher.model.artefacts import Artefact
    from publisher.model.narration import Narration
    from publisher.model.publication import Publication
    from publisher.rendering.templates import Templates

SOUNDLESS = frozenset({"pdf", "docx"})
"""The formats that know nothing of voices."""

Stage = Mapping[str, str]
"""The digests of what one format is made from, by what it is: a key of `_CHANGED`."""

_CHANGED = {
    "text": "the text",
    "settings": "SOURCE_DATE_EPOCH",
    "templates": "its templates",
    "publisher": "publisher itself",
    "engines": "a library",
    "voice": "the voice, its settings or the choice of recordings",
    "sound": "what is said",
    "files": "a file that it tells of",
}
"""What is no longer as it was when a format is made anew, in the order in which to tell it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Of one format: its files, whether they were made or stayed as they were, and why."""

    format: str
    files: tuple[str, ...]
    made: bool
    why: str

    def __str__(self) -> str:
        return f"{self.format} ({_listed(self.files)}): {'made' if self.made else 'kept'}, since {self.why}"


def _listed(files: Sequence[str]) -> str:
    whole = [name for name in files if "/" not in name] or list(files)
    more = len(files) - len(whole)
    return ", ".join(whole) + (f" and {more} in folders" if more else "")


@dataclass(frozen=True)
class Common:
    """What every format of one build is made from, and by which program: `sources` are the digests of the edition's
    files by name."""

    publication: Publication
    templates: Templates
    sources: Mapping[str, str]
    program: Program

    @cached_property
    def _same(self) -> Stage:
        """The digests that all formats have in common, taken once."""
        return {
            "text": content_digest(_silent(self.publication)),
            "settings": digest(os.environ.get("SOURCE_DATE_EPOCH")),
            "publisher": _code(self.program),
            "engines": digest(dict(self.program.engines)),
        }

    def heard(self, narrations: Mapping[str, Narration]) -> Stage:
        """The digests of what only those formats are made from that know of voices."""
        # Whether a voice could be asked for more changes nothing of what was said.
        voices = {name: replace(one.voice, gone=False) for name, one in narrations.items()}
        return {
            "voice": content_digest((_heard(self.publication), voices)),
            "sound": content_digest(
                {name: (one.rate, one.frames, one.chapters, one.cues) for name, one in narrations.items()}
            ),
        }

    def stage(self, format: str, heard: Stage, siblings: Sequence[Mapping[str, Any]] = ()) -> Stage:
        """The digests of what a format is made from. `siblings` are the manifest's entries of the files that it tells
        of."""
        found = {**self._same, "templates": digest(_templates(self.templates, format, self.program))}
        if format not in SOUNDLESS:
            found |= heard
        if siblings:
            found["files"] = digest([dict(one) for one in siblings])
        return {name: found[name] for name in _CHANGED if name in found}

    def entry(self) -> dict[str, Any]:
        """What the manifest keeps, so that the next build can say what changed."""
        return {
            "sources": dict(sorted(self.sources.items())),
            "version": __version__,
            "engines": dict(self.program.engines),
        }


def _silent(publication: Publication) -> Publication:
    """A publication without what only those who read aloud want to know."""
    metadata = replace(publication.metadata, voice="", voices={}, pauses={}, mixes=(), opus=False)
    imprint = replace(publication.imprint, voice="", voices={}, pauses={}, mixes=(), opus=False)
    return replace(publication, metadata=metadata, imprint=imprint, lexicon={}, recordings=())


def _heard(publication: Publication) -> tuple[Any, ...]:
    """The rest of it."""
    metadata = publication.metadata
    chosen = metadata.voice, metadata.voices, metadata.pauses, metadata.mixes, metadata.opus
    return *chosen, publication.lexicon, publication.recordings


def _templates(templates: Templates, format: str, by: Program) -> list[list[str]]:
    """The templates that a format sees, with their digests. All of an edition's own count, since what a file claims of
    its accessibility depends on whether there are any."""
    found = []
    for folder in templates.folders(format):
        own = folder == templates.own
        for name in _inside(folder):
            known = None if own else by.files.get(f"templates/{folder.name}/{name}")
            found.append(["own" if own else folder.name, name, known or file_digest(folder / name)])
    return found


def _inside(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _code(program: Program) -> str:
    """The digest of this package but its templates."""
    return digest({name: at for name, at in program.files.items() if not _is_template(name)})


def _is_template(name: str) -> bool:
    return name.startswith(("templates/", "publisher/templates/"))


@dataclass(frozen=True)
class Published:
    """An edition's published output as a build finds it; `manifest` is empty where there is none that can be read."""

    folder: Path
    manifest: Mapping[str, Any]

    def keep(self, format: str, stage: Stage, folder: Path) -> tuple[Artefact, ...] | None:
        """Bring along a format's files into `folder`, if they are what would be made again; None if not."""
        if self.why_not(format, stage):
            return None
        kept = tuple(artefact_of(entry) for entry in self._entries(format))
        for artefact in kept:
            target = folder / artefact.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.folder / artefact.name, target)
        return kept

    def alike(self, format: str, stage: Stage) -> bool:
        """Whether a format was made from the same, as far as a stage tells that does not yet know its siblings."""
        before: Mapping[str, str] = self.manifest.get("stages", {}).get(format, {})
        return bool(before) and all(before.get(name) == digest for name, digest in stage.items())

    def why_not(self, format: str, stage: Stage, common: Common | None = None) -> str:
        """Why a format's files cannot stay; "" if they can."""
        if not self.manifest:
            return "there was no output yet"
        entries = self._entries(format)
        if not entries:
            return "it was not there"
        before: Mapping[str, str] | None = self.manifest.get("stages", {}).get(format)
        if before is None:
            return "there was something to tell about it the last time, which is told again"
        changed = [name for name in _CHANGED if before.get(name) != stage.get(name)]
        if changed:
            return f"{_joined([_CHANGED[name] for name in changed])} changed{self._named(changed, common)}"
        for entry in entries:
            path = self.folder / entry["name"]
            if not path.is_file() or file_digest(path) != entry["sha256"]:
                return f"{entry['name']} is not as it was made"
        return ""

    def _entries(self, format: str) -> list[dict[str, Any]]:
        return [entry for entry in self.manifest.get("files", ()) if entry["format"] == format]

    def _named(self, changed: Sequence[str], common: Common | None) -> str:
        """Which files of the source or which libraries they are, where the manifest tells."""
        before = self.manifest.get("made_from", {})
        if common is None or not before:
            return ""
        names = []
        if {"text", "voice", "sound", "templates"}.intersection(changed):
            then, now = before["sources"], common.sources
            names += sorted(name.removeprefix("../") for name in {*then, *now} if then.get(name) != now.get(name))
        if "engines" in changed:
            had, have = before["engines"], common.program.engines
            names += [f"{name} {had.get(name)} to {now}" for name, now in have.items() if had.get(name) != now]
        if "publisher" in changed and before["version"] != __version__:
            names.append(f"{before['version']} to {__version__}")
        return f" ({', '.join(names)})" if names else ""


def _joined(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def published(folder: Path) -> Published:
    """The output that stands in a folder. One that is missing, cut short or from another version has no manifest."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        for entry in manifest["files"]:
            artefact_of(entry)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Published(folder, {})
    return Published(folder, manifest)


def content_digest(value: Any) -> str:
    """The SHA-256 of a value made of our frozen dataclasses, mappings, sequences and plain values, by its content.

    Mappings and sets count in sorted order; paths and positions do not count: they say where a thing was read, and
    what was read there stands beside them. Raises TypeError for anything else.
    """
    parts: list[str] = []
    _describe(value, parts)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _fields(kind: Hashable) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cast("Any", kind)))


def _describe(value: Any, parts: list[str]) -> None:
    match value:
        case None | bool() | int() | float():
            parts.append(f"{type(value).__name__} {value!r}")
        case str():
            # The length keeps two texts from sharing one description.
            parts.append(f"s{len(value)} {value}")
        case Enum():
            parts.append(f"e {type(value).__name__}.{value.name}")
        case date() | bytes():
            parts.append(repr(value))
        case Path() | Position():
            parts.append("-")
        case tuple() | list():
            parts.append(f"[{len(value)}")
            for item in value:
                _describe(item, parts)
        case Mapping():
            parts.append(f"{{{len(value)}")
            for key in sorted(value):
                _describe(key, parts)
                _describe(value[key], parts)
        case frozenset():
            parts.append(f"<{len(value)}")
            for item in sorted(value):
                _describe(item, parts)
        case _ if dataclasses.is_dataclass(value):
            parts.append(f"({type(value).__name__}")
            for name in _fields(value.__class__):
                _describe(getattr(value, name), parts)
        case _:
            raise TypeError(f"{type(value).__name__} has no digest")
