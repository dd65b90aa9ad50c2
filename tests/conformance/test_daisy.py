"""DAISY books are read by Readium as we mean them, and are XHTML 1.0 to the Nu checker."""

from __future__ import annotations

import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from built_editions import EDITIONS, Built
from lxml import etree
from readium import lines, moments, readium
from validators import module, program

from publisher.build import read_imprint_of
from publisher.formats.audio.decoding import decode, sample_rate
from publisher.manuscript.reading import read_edition
from publisher.model.inlines import told_text
from publisher.model.publication import Publication, Section
from publisher.narration.script import write_script

SCHEMA = "http://s.validator.nu/xhtml10/xhtml-transitional.rnc"


def publication_of(name: str) -> Publication:
    folder = EDITIONS[name]
    return read_edition(folder, read_imprint_of(folder)[0]).publication


def titles(sections: tuple[Section, ...], level: int) -> list[tuple[int, str]]:
    found = []
    for section in sections:
        if section.heading is not None:
            found.append((level, " ".join(told_text(section.heading.inlines).split())))
        found += titles(section.sections, level + 1)
    return found


@pytest.mark.parametrize("name", EDITIONS)
def test_readium_plays_every_sentence_in_order_with_its_sound(built: Built, name: str, tmp_path: Path) -> None:
    path = built(name) / f"{name}-daisy.zip"
    book = readium(path)[path.name]
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    ids = set(etree.parse(str(tmp_path / "content.html")).xpath("//@id"))
    shown: list[str] = []
    for part in book["narration"]:
        clips = [(one["text"], one["audio"]) for one in moments(part["narration"])]
        assert {text.partition("#")[0] for text, _ in clips} == {"content.html"}
        shown += [text.partition("#")[2] for text, _ in clips]
        (sound,) = {audio.partition("#")[0] for _, audio in clips}
        times = [tuple(map(float, audio.partition("#t=")[2].split(","))) for _, audio in clips]
        assert times[0][0] == 0
        assert all(abs(before[1] - after[0]) < 0.002 for before, after in pairwise(times))
        frames = sum(len(block) for block in decode(tmp_path / sound))
        assert times[-1][1] == pytest.approx(frames / sample_rate(tmp_path / sound), abs=0.01)
    assert set(shown) <= ids
    assert len(set(shown)) == len(shown)
    said = [line.id for chapter in write_script(publication_of(name)).chapters for line in chapter.lines]
    assert [id for id in said if id in ids] == [id for id in shown if id in set(said)]


@pytest.mark.parametrize("name", EDITIONS)
def test_readium_lists_every_section_under_its_title(built: Built, name: str) -> None:
    path = built(name) / f"{name}-daisy.zip"
    book = readium(path)[path.name]
    listed = [(level, text) for level, text, _ in lines(book["toc"])]
    for wanted in titles(publication_of(name).sections, 1):
        assert wanted in listed
    assert book["metadata"]["title"] == publication_of(name).metadata.title
    assert book["metadata"]["language"] == publication_of(name).metadata.lang
    assert book["metadata"]["identifier"] == publication_of(name).metadata.identifier


def test_readium_knows_which_clips_are_notes(built: Built) -> None:
    path = built("constructs") / "constructs-daisy.zip"
    clips = [one for part in readium(path)[path.name]["narration"] for one in moments(part["narration"])]
    notes = {note.id for note in publication_of("constructs").notes}
    for one in clips:
        holder = next((id for id in notes if one["text"].startswith(f"content.html#{id}-")), None)
        if holder is not None:
            assert one["role"] == "note", one["text"]


def nu(path: Path) -> str:
    command = [program("java"), "-jar", str(module("vnu-jar", "build", "dist", "vnu.jar"))]
    command += ["--stdout", "--exit-zero-always", "--format", "gnu", "--xml", "--schema", SCHEMA, str(path)]
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()


@pytest.mark.parametrize("document", ["ncc.html", "content.html"])
def test_the_documents_are_xhtml_1_0(built: Built, document: str) -> None:
    assert nu(built("constructs") / "constructs-daisy" / document) == ""


def test_the_checker_knows_xhtml_1_0_from_html(tmp_path: Path) -> None:
    head = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>A light</title></head>'
    (tmp_path / "newer.html").write_text(f"{head}<body><section><p>It burned.</p></section></body></html>")
    assert "section" in nu(tmp_path / "newer.html")
