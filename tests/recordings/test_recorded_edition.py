"""From a person's reading to published files and back: what is heard in them is the recording's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from recorded_reader import publication_of, read_by_person, text_lines, write_edition

from publisher.build import Built, Order, build_edition
from publisher.formats.audio.decoding import decode, sample_rate
from publisher.formats.audio.read import read
from publisher.manifest import MANIFEST
from publisher.model.narration import Line, Voice
from publisher.narration.encoding import encode_mp3
from publisher.narration.script import write_script
from publisher.store import Store
from publisher.verification.verdicts import Verdict, Verification
from publisher.verify import Request, verify_edition

ARTICLE = """---
title: The lamp at the point
lang: en-GB
creators: Ada Fenwick
recordings:
  reader: Jane Doe
---

Nobody lit the lamp that night. The keeper had gone home in the storm.

They counted twelve ships before the morning. She wrote the number down in the long book.

::: plain
They saw twelve ships. She wrote that down.
:::
"""
LEFT_OUT = 3


@dataclass(frozen=True)
class Edition:
    """An edition, built, of which one sentence was not recorded."""

    folder: Path
    out: Path
    store: Store
    built: Built
    lines: tuple[Line, ...]

    def verify(self) -> Verification:
        return verify_edition(Request(self.folder, self.out, store=self.store))

    def build(self, root: Path, store: Store) -> Path:
        build_edition(Order(self.folder, root, store, formats=("audio",)), lambda *_: None)
        return root / "lamp"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    root = tmp_path_factory.mktemp("recorded")
    folder = write_edition(root, ARTICLE)
    lines = text_lines(publication_of(folder))
    read = [line.said for number, line in enumerate(lines) if number != LEFT_OUT]
    read_by_person(read).write(folder / "recordings" / "all.flac")
    store = Store(root / "store")
    built = build_edition(Order(folder, root / "build", store, formats=("audio", "epub")), lambda *_: None)
    return Edition(folder, root / "build", store, built, tuple(lines))


def verdicts(found: Verification) -> dict[str, Verdict]:
    return {one.artefact.name: one.verdict for one in found.texts}


def test_published_files_say_what_was_recorded(edition: Edition) -> None:
    found = edition.verify()
    assert set(verdicts(found).values()) == {Verdict.CONSISTENT}
    assert {one.grade for one in found.texts if one.artefact.format == "audio"} == {"measured"}
    assert [one.check for one in found.findings if one.check.startswith("recording-m")] == ["recording-missing"]


def test_the_build_names_what_was_not_recorded(edition: Edition) -> None:
    (told,) = (one for one in edition.built.findings if one.check == "recording-missing")
    assert edition.lines[LEFT_OUT].id in told.message


def test_the_opening_and_the_tags_say_who_reads(edition: Edition) -> None:
    built = edition.built.folder
    told = {cue.id: cue.text for cue in read(built / "lamp.vtt").cues}
    assert any("read by Jane Doe." in text for id, text in told.items() if id.startswith("title-voice"))
    assert read(built / "lamp.mp3").metadata["narrator"] == ("Jane Doe; eSpeak NG (synthetic voice)",)
    # Of the plain-language edition nothing but the title was read.
    plain = " ".join(cue.text for cue in read(built / "lamp-plain.vtt").cues)
    assert "Parts of this recording are read by Jane Doe" in " ".join(plain.split())


def test_the_sound_keeps_the_recordings_rate(edition: Edition) -> None:
    assert sample_rate(edition.built.folder / "lamp.mp3") == 44100
    assert sample_rate(edition.built.folder / "lamp-plain.mp3") == 44100


@pytest.mark.parametrize("fault", ["muted", "swapped", "cut"])
def test_a_published_file_that_was_spoilt_is_found_out(edition: Edition, tmp_path: Path, fault: str) -> None:
    folder = tmp_path / "build" / "lamp"
    folder.mkdir(parents=True)
    names = [MANIFEST, "lamp.mp3", "lamp.vtt"]
    for name in names:
        (folder / name).write_bytes((edition.built.folder / name).read_bytes())
    times = {cue.id: (cue.begin, cue.end) for cue in read(folder / "lamp.vtt").cues}
    samples = np.concatenate(list(decode(folder / "lamp.mp3")))
    one, other = (slice(*(round(at * 44100) for at in times[edition.lines[n].id])) for n in (1, 2))
    match fault:
        case "muted":
            samples[one] = 0
        case "swapped":
            between = samples[one.stop : other.start]
            samples[one.start : other.stop] = np.concatenate([samples[other], between, samples[one]])
        case _:
            samples = np.concatenate([samples[: one.start + 20000], samples[one.stop :]])
    encode_mp3(folder / "lamp.mp3", [samples], 44100)
    found = verify_edition(Request(edition.folder, tmp_path / "build", store=edition.store))
    assert verdicts(found)["lamp.mp3"] is Verdict.INCONSISTENT
    wrong = {one.unit for one in found.discrepancies if one.finding.check.startswith("audio-")}
    assert {edition.lines[1].unit} <= wrong


def test_the_same_recording_gives_the_same_bytes(edition: Edition, tmp_path: Path) -> None:
    again = edition.build(tmp_path / "build", Store(tmp_path / "store"))
    for name in ("lamp.mp3", "lamp.m4b", "lamp.vtt"):
        assert (again / name).read_bytes() == (edition.built.folder / name).read_bytes(), name


def test_who_reads_is_told_in_every_language_of_announcements(edition: Edition) -> None:
    publication = publication_of(edition.folder)
    for lang in ("en", "fr", "de", "cy", "ar", "zh", "eo"):
        translated = publication.__class__(
            **{
                **{name: getattr(publication, name) for name in publication.__slots__},
                "metadata": publication.metadata.__class__(title="T", lang=lang, identifier="urn:x"),
            }
        )
        for readers in (("Jane Doe",), ("",), ("Jane Doe", "Sam Poe")):
            for partly in (False, True):
                script = write_script(translated, "default", Voice("espeak", readers=readers, partly=partly))
                (told,) = (line.shown for line in script.chapters[0].lines if line.id == "title-voice")
                assert all(name in told for name in readers)
                assert "eSpeak" in told
