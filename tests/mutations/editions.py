"""Editions built for mutation, and the subjects that they make."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from audiobook_operators import AudiobookSubject
from daisy_operators import DaisySubject
from mutants import BookSubject, Subject
from sounds import OverlaySubject, SoundSubject, heard_as_built, open_ear

from publisher.build import MANIFEST, Order, all_editions, build_edition, find_edition, read_imprint_of
from publisher.formats import reader
from publisher.manifest import artefact_of
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import Artefact
from publisher.model.mixes import CHOSEN_MIXES
from publisher.store import default_store
from publisher.verification.checks import Source, hold_against, source_of
from publisher.verification.coverage import coverage_of
from publisher.verification.verdicts import Verified
from publisher.verifying.claiming import offered_words
from publisher.verifying.ear import Ear

ROOT = Path(__file__).resolve().parents[2]
EDITIONS, SOURCE = ROOT / "tests" / "editions", ROOT / "source"

COLUMNS: dict[str, tuple[str, str]] = {
    "html": ("web", ".html"),
    "epub": ("epub", ".epub"),
    "pdf": ("pdf", ".pdf"),
    "docx": ("docx", ".docx"),
    "mp3": ("audio", ".mp3"),
    "m4b": ("audio", ".m4b"),
    "vtt": ("audio", ".vtt"),
    "overlay": ("epub", "-read-aloud.epub"),
    "daisy text": ("daisy", "-daisy.zip"),
    "daisy": ("daisy", "-daisy.zip"),
    "audiobook": ("audiobook", ".lpf"),
}
"""By column, the format that is built for it and how the names of its files end."""
SOUNDING = frozenset({"mp3", "m4b", "vtt", "overlay", "daisy", "audiobook"})


def folder_of(name: str) -> Path:
    """An edition of the tests, or of source/, or a folder anywhere. Raises InputError where there is none."""
    own = EDITIONS / name
    return own if (own / "article.md").is_file() else find_edition(name, SOURCE)


def every_edition() -> list[Path]:
    """The sample edition and all test editions."""
    return [*all_editions(SOURCE), *all_editions(EDITIONS)]


@dataclass(frozen=True)
class Workshop:
    """One edition, built in `out`/NAME, and whatever its mutants need, worked out once a process."""

    folder: Path
    out: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def built(self) -> Path:
        return self.out / self.name

    def build(self, columns: Sequence[str]) -> None:
        """Build what some columns need. The read-aloud edition is only made where sound is asked for,
        and the recordings in all mixes that there are."""
        formats = {COLUMNS[column][0] for column in columns}
        if "epub" in columns:
            formats |= {"pdf"}  # whose pages it lists
        if SOUNDING & set(columns):
            formats |= {"audio"}
        order = Order(self.folder, self.out, default_store(), tuple(sorted(formats)), mixes=CHOSEN_MIXES)
        build_edition(order, lambda *_: None)

    def artefacts(self, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The files to spoil, each with a column that it counts in."""
        for path in sorted(self.built.iterdir()):
            for column in columns:
                format, ending = COLUMNS[column]
                readable = reader(format) is not None and not path.name.startswith("report.")
                listed = self.listed.get(path.name)
                own = listed is not None and listed.format == format and coverage_of(listed) is not None
                if path.name.endswith(ending) and readable and own:
                    yield path.name, column

    @cached_property
    def listed(self) -> dict[str, Artefact]:
        """The files of the build, by their names."""
        manifest = json.loads((self.built / MANIFEST).read_bytes())
        return {file["name"]: artefact_of(file) for file in manifest["files"]}

    @cached_property
    def printed(self) -> Verified | None:
        """The PDF that the EPUBs' page lists are of, read."""
        artefact = next((one for one in self.listed.values() if one.breaks), None)
        read, coverage = reader("pdf"), artefact and coverage_of(artefact)
        if artefact is None or read is None or coverage is None:
            return None
        comparison = hold_against(read(self.built / artefact.name), self.source, coverage)
        return Verified(artefact, comparison, comparison.discrepancies)

    @cached_property
    def source(self) -> Source:
        imprint, _ = read_imprint_of(self.folder)
        lang = json.loads((self.built / MANIFEST).read_bytes())["lang"]
        offered = list(offered_words(self.listed.values(), lang))
        return source_of(read_edition(self.folder, imprint).publication, offered)

    @cached_property
    def subjects(self) -> dict[tuple[str, str], Subject]:
        return {}

    def subject(self, name: str, column: str) -> Subject:
        """A file as a subject of one column, ready for its operators."""
        if (name, column) not in self.subjects:
            self.subjects[name, column] = self._subject(self.built / name, column)
        return self.subjects[name, column]

    def _subject(self, path: Path, column: str) -> Subject:
        coverage, read = coverage_of(self.listed[path.name]), reader(COLUMNS[column][0])
        assert coverage is not None
        assert read is not None
        if column == "epub":
            artefact, printed = self.listed[path.name], self.printed
            return BookSubject(self.name, column, path, self.source, coverage, read, artefact, printed)
        if column not in SOUNDING:
            return Subject(self.name, column, path, self.source, coverage, read)
        if column == "audiobook":
            artefact = self.listed[path.name]
            return AudiobookSubject(
                self.name, column, path, self.source, coverage, read, ear=self.ear, artefact=artefact
            )
        if column == "daisy":
            artefact = self.listed[path.name]
            return DaisySubject(self.name, column, path, self.source, coverage, read, ear=self.ear, artefact=artefact)
        if column == "overlay":
            return OverlaySubject(self.name, column, path, self.source, coverage, read, ear=self.ear)
        sound = path.with_suffix(".mp3") if column == "vtt" else path
        digest = sha256(sound.read_bytes()).hexdigest()
        kept = self.out / "heard" / f"{sound.name}.{digest[:12]}.pickle"
        if not kept.is_file():
            kept.parent.mkdir(parents=True, exist_ok=True)
            fresh = kept.with_suffix(f".{os.getpid()}")
            fresh.write_bytes(pickle.dumps(heard_as_built(self.ear, self.listed[sound.name], sound)))
            fresh.replace(kept)
        heard = pickle.loads(kept.read_bytes())
        artefact = self.listed[path.name]
        return SoundSubject(
            self.name, column, path, self.source, coverage, read, ear=self.ear, heard=heard, artefact=artefact
        )

    @cached_property
    def ear(self) -> Ear:
        return open_ear(self.built, self.source)

    def close(self) -> None:
        """Give back the room that sound takes."""
        if "ear" in self.__dict__:
            self.ear.close()
