"""A read-aloud edition is heard: what is wrong with its clips, words and sound is named by the right check.

https://www.w3.org/TR/epub-33/#sec-media-overlays
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from publisher.build import Order, build_edition, read_imprint_of
from publisher.formats.audio.decoding import decode, sample_rate
from publisher.formats.epub.overlays_read import read_overlays
from publisher.manuscript.reading import read_edition
from publisher.model.extract import Evidence
from publisher.narration.casting import voice_for
from publisher.narration.encoding import encode_mp3
from publisher.store import Store
from publisher.verification.checks import source_of
from publisher.verifying.ear import Ear

ARTICLE = """---
title: The tide at the harbour
creators: Ada Fenwick
lang: en-GB
date: 2026-11-20
---

The tide came in before anyone had noticed. By noon the whole of the harbour was under water.

Nobody in the town could remember such a spring. The older men went home and waited.
"""
SMIL = "EPUB/overlays/article.smil"
SOUND = "EPUB/audio/article.mp3"
PACKAGE = "EPUB/content.opf"
Members = dict[str, bytes]


@dataclass(frozen=True)
class Book:
    """A read-aloud edition's members, and an ear that knows how it should sound."""

    members: Members
    ear: Ear
    folder: Path

    def checks(self, spoil: Callable[[Members], None]) -> set[str]:
        members = dict(self.members)
        spoil(members)
        path = self.folder / "tide-read-aloud.epub"
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return {one.finding.check for one in self.ear.overlay(path.name, read_overlays(path))}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    root = tmp_path_factory.mktemp("tide")
    folder = root / "source" / "tide"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    build_edition(Order(folder, root / "build", Store(root / "store"), ("epub",)), lambda *_: None)
    path = root / "build" / "tide" / "tide-read-aloud.epub"
    imprint, _ = read_imprint_of(folder)
    publication = read_edition(folder, imprint).publication
    spoilt = root / "spoilt"
    spoilt.mkdir()
    ear = Ear(spoilt, source_of(publication), voice_for(publication.metadata), None)
    ear.prepare({path.name: read_overlays(path)})
    with zipfile.ZipFile(path) as archive:
        yield Book({name: archive.read(name) for name in archive.namelist()}, ear, spoilt)
    ear.close()


def pars(members: Members) -> list[str]:
    return re.findall(r"<par\b.*?</par>", members[SMIL].decode(), re.DOTALL)


def change(members: Members, old: str, new: str, name: str = SMIL) -> None:
    text = members[name].decode()
    assert old in text
    members[name] = text.replace(old, new, 1).encode()


def value(par: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', par)
    assert found is not None
    return found[1]


def later(clock: str, by: float) -> str:
    hours, minutes, rest = clock.split(":")
    return f"{hours}:{minutes}:{float(rest) + by:06.3f}"


def as_it_is(members: Members) -> None:
    pass


def begins_late(members: Members, by: float = 0.2) -> None:
    par = pars(members)[2]
    begin = value(par, "clipBegin")
    change(members, par, par.replace(f'clipBegin="{begin}"', f'clipBegin="{later(begin, by)}"'))


def begins_a_little_late(members: Members) -> None:
    begins_late(members, 0.03)


def times_are_wrong(members: Members) -> None:
    """All clips of the document, by half a second."""
    for par in pars(members)[1:-1]:
        moved = par
        for name in ("clipBegin", "clipEnd"):
            moved = moved.replace(f'{name}="{value(par, name)}"', f'{name}="{later(value(par, name), 0.5)}"')
        change(members, par, moved)


def clips_are_swapped(members: Members) -> None:
    one, other = pars(members)[2:4]
    for name in ("clipBegin", "clipEnd"):
        first, second = value(one, name), value(other, name)
        swapped = [one.replace(first, second), other.replace(second, first)]
        change(members, one, swapped[0])
        change(members, other, swapped[1])
        one, other = swapped


def words_are_anothers(members: Members) -> None:
    one, other = pars(members)[2:4]
    change(members, one, one.replace(value(one, "src"), value(other, "src"), 1))


def words_are_swapped(members: Members) -> None:
    one, other = pars(members)[2:4]
    first, second = value(one, "src"), value(other, "src")
    change(members, one, one.replace(first, second, 1))
    change(members, other, other.replace(second, first, 1))


def a_clip_is_missing(members: Members) -> None:
    change(members, pars(members)[2], "")


def a_sentence_is_muted(members: Members) -> None:
    par = pars(members)[2]
    begin, end = (float(value(par, name).split(":")[2]) for name in ("clipBegin", "clipEnd"))
    rate = sample_rate(io.BytesIO(members[SOUND]))
    wave = np.concatenate(list(decode(io.BytesIO(members[SOUND]))))
    wave[round(begin * rate) : round(end * rate)] = 0
    written = io.BytesIO()
    _encode(written, wave, rate)
    members[SOUND] = written.getvalue()


def _encode(target: io.BytesIO, wave: np.ndarray, rate: int) -> None:

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.mp3"
        encode_mp3(path, [wave], rate)
        target.write(path.read_bytes())


def a_page_has_no_overlay(members: Members) -> None:
    item = re.search(r'<item\b[^>]*href="article\.xhtml"[^>]*>', members[PACKAGE].decode())
    assert item is not None
    change(members, item[0], re.sub(r' media-overlay="[^"]*"', "", item[0]), PACKAGE)


def its_duration_is_wrong(members: Members) -> None:
    meta = re.search(r'<meta\b[^>]*refines="#overlay-article"[^>]*>([^<]*)<', members[PACKAGE].decode())
    assert meta is not None
    change(members, meta[0], meta[0].replace(meta[1], later(meta[1], 1)), PACKAGE)


def the_sound_is_missing(members: Members) -> None:
    del members[SOUND]


SPOILT: dict[Callable[[Members], None], set[str]] = {
    begins_late: {"cue-shifted"},
    times_are_wrong: {"cue-shifted"},
    clips_are_swapped: {"cue-shifted"},
    words_are_anothers: {"cue-doubled", "cue-missing"},
    words_are_swapped: {"audio-order", "cue-order"},
    a_clip_is_missing: {"cue-missing", "audio-added"},
    a_sentence_is_muted: {"audio-muted"},
    a_page_has_no_overlay: {"cue-missing"},
    its_duration_is_wrong: {"overlay-duration"},
    the_sound_is_missing: {"artefact-unreadable"},
}


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_what_is_wrong_is_named(book: Book, spoil: Callable[[Members], None]) -> None:
    assert SPOILT[spoil] <= book.checks(spoil)


@pytest.mark.parametrize("leave", [as_it_is, begins_a_little_late], ids=lambda leave: leave.__name__)
def test_what_is_right_is_left_alone(book: Book, leave: Callable[[Members], None]) -> None:
    assert book.checks(leave) == set()


def test_what_was_heard_is_measured(book: Book) -> None:
    book.checks(as_it_is)
    assert book.ear.overlay_evidence == {"tide-read-aloud.epub": Evidence.MEASURED}
