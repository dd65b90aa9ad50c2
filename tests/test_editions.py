"""Whole editions, end to end: from a folder to every file that readers download."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mutagen
import pytest

import publisher.making
from publisher.build import Order, build_edition, read_imprint_of
from publisher.formats.contract import Job
from publisher.manuscript.checking import check
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import Artefact
from publisher.store import Store, file_digest

EDITIONS = Path(__file__).parent / "editions"
SAMPLE = Path(__file__).parents[1] / "source" / "upstream"


def tell(_doing: str, _at: int, _of: int) -> None:
    """Nobody watches."""


def build(edition: Path, out: Path, store: Path, **choices: Any) -> Path:
    return build_edition(Order(edition, out, Store(store), **choices), tell).folder


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="session")
def constructs(tmp_path_factory: pytest.TempPathFactory, store: Path) -> Iterator[Path]:
    return build(EDITIONS / "constructs", tmp_path_factory.mktemp("build"), store)


def manifest(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
    return loaded


def test_an_edition_with_every_construct_is_made_in_every_format(constructs: Path) -> None:
    made = {path.name for path in constructs.iterdir() if path.is_file()}
    assert made >= {
        "constructs.epub",
        "constructs-read-aloud.epub",
        "constructs.pdf",
        "constructs-large-print.pdf",
        "index.html",
        "plain.html",
        "constructs.mp3",
        "constructs.m4b",
        "constructs.vtt",
        "constructs-transcript.html",
        "constructs-transcript.txt",
        "constructs-chapters.json",
        "constructs.docx",
        "constructs.lpf",
        "constructs-daisy.zip",
        "edition.json",
    }


def test_the_manifest_lists_every_file_with_its_digest(constructs: Path) -> None:
    listed = {file["name"]: file for file in manifest(constructs)["files"]}
    there = {path.relative_to(constructs).as_posix() for path in constructs.rglob("*") if path.is_file()}
    assert set(listed) == there - {"edition.json"}
    for name, file in listed.items():
        assert (file["sha256"], file["bytes"]) == (
            file_digest(constructs / name),
            (constructs / name).stat().st_size,
        )
        assert file["media_type"]
        assert file["purpose"]


def test_the_manifest_lists_every_unit_once(constructs: Path) -> None:
    ids = [(unit["part"], unit["role"], unit["id"]) for unit in manifest(constructs)["units"]]
    assert len(ids) == len(set(ids)) > 100


def test_the_sound_has_chapters_and_a_length_that_another_tool_reads(constructs: Path) -> None:
    sound = mutagen.File(constructs / "constructs.mp3")
    chapters = [frame for frame in sound.tags.values() if frame.FrameID == "CHAP"]
    [listed] = [file for file in manifest(constructs)["files"] if file["name"] == "constructs.mp3"]
    assert len(chapters) > 3
    assert abs(max(chapter.end_time for chapter in chapters) / 1000 - sound.info.length) < 0.1
    assert abs(listed["duration"] - sound.info.length) < 0.1


def test_the_same_source_gives_the_same_bytes_elsewhere(constructs: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "constructs"
    shutil.copytree(EDITIONS / "constructs", copy)
    shutil.copy(EDITIONS / "imprint.yaml", copy.parent)
    again = build(copy, tmp_path / "build", tmp_path / "another-store", jobs=2)
    assert {file["name"]: file["sha256"] for file in manifest(again)["files"]} == {
        file["name"]: file["sha256"] for file in manifest(constructs)["files"]
    }


@pytest.mark.parametrize("jobs", [1, 2])
def test_parts_written_side_by_side_are_those_written_in_turn(
    jobs: int, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as undivided:
        undivided.setattr(publisher.making, "PARTS", {})
        whole = build(EDITIONS / "minimal", tmp_path / "whole", store, formats=("pdf",))
    asked: list[str | None] = []
    submit = publisher.making._write

    def write(name: str, job: Job) -> tuple[Artefact, ...]:
        asked.append(job.part)
        return submit(name, job)

    if jobs == 1:  # another process has its own `_write`
        monkeypatch.setattr(publisher.making, "_write", write)
    parted = build(EDITIONS / "minimal", tmp_path / "parted", store, formats=("pdf",), jobs=jobs)
    assert manifest(parted)["files"] == manifest(whole)["files"]
    assert asked == (["print", "large-print"] if jobs == 1 else [])


@pytest.mark.parametrize("name", ["minimal", "arabic", "french", "chinese"])
def test_other_editions_are_made_in_every_format(name: str, tmp_path: Path, store: Path) -> None:
    folder = build(EDITIONS / name, tmp_path, store)
    formats = {file["format"] for file in manifest(folder)["files"]}
    assert formats == {"audio", "audiobook", "daisy", "docx", "epub", "pdf", "web"}


def test_asking_for_one_format_keeps_the_others_that_are_up_to_date(tmp_path: Path, store: Path) -> None:
    build(EDITIONS / "minimal", tmp_path, store, formats=("pdf",))
    folder = build(EDITIONS / "minimal", tmp_path, store, formats=("web",))
    assert {file["format"] for file in manifest(folder)["files"]} == {"pdf", "web"}


def test_the_same_files_come_of_all_formats_at_once_and_one_by_one(tmp_path: Path, store: Path) -> None:
    at_once = build(EDITIONS / "minimal", tmp_path / "at-once", store)
    for format in ("daisy", "epub", "docx", "web", "pdf", "audiobook", "audio"):
        one_by_one = build(EDITIONS / "minimal", tmp_path / "one-by-one", store, formats=(format,))
    digests = [{file["name"]: file["sha256"] for file in manifest(folder)["files"]} for folder in (at_once, one_by_one)]
    assert digests[0] == digests[1]


def test_a_format_from_another_state_of_the_source_is_left_behind(tmp_path: Path, store: Path) -> None:
    edition = tmp_path / "minimal"
    shutil.copytree(EDITIONS / "minimal", edition)
    build(edition, tmp_path / "build", store, formats=("pdf",))
    article = edition / "article.md"
    article.write_text(article.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    folder = build(edition, tmp_path / "build", store, formats=("web",))
    assert {file["format"] for file in manifest(folder)["files"]} == {"web"}
    assert not (folder / "minimal.pdf").exists()


def test_the_sample_edition_reads_without_a_remark() -> None:
    imprint, findings = read_imprint_of(SAMPLE)
    reading = read_edition(SAMPLE, imprint)
    assert [str(finding) for finding in check(reading.publication, (*findings, *reading.findings))] == []
