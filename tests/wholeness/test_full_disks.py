"""A disk that is full, at twenty sizes that end a build in different places; a disk that cannot be written at all."""

from __future__ import annotations

import errno
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from builder import Builder, Ended, States, contents, held_against_manifest, within

from publisher.formats.audiobook.read import extract_track
from publisher.formats.daisy.opening_read import open_book
from publisher.formats.epub.overlays_read import extract_audio

ROOM = "256m"
_PAGE = 4096

Mount = Callable[[Path], Path]


@pytest.fixture
def mount(mounting_builder: Builder) -> Mount:
    def mounted(path: Path) -> Path:
        path.mkdir(parents=True)
        assert mounting_builder.run("mount", "-t", "tmpfs", "-o", f"size={ROOM}", "none", str(path)) == 0
        return path

    return mounted


def resize(builder: Builder, path: Path, size: str) -> None:
    assert builder.run("mount", "-o", f"remount,size={size}", str(path)) == 0


def room_of(folder: Path) -> int:
    """Bytes that a folder takes in a tmpfs: whole pages, and nothing for names."""
    return sum(-(-path.stat().st_size // _PAGE) * _PAGE for path in folder.rglob("*") if path.is_file())


def said_in_one_line(ended: Ended, words: str) -> None:
    assert ended.status == 2, (ended.status, ended.stderr)
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert ended.stderr.startswith("error: ")
    assert words in ended.stderr


@pytest.mark.parametrize("share", [0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 0.99])
def test_a_full_disk_under_the_output(
    mounting_builder: Builder, full: States, tmp_path: Path, mount: Mount, share: float
) -> None:
    disk, store = mount(tmp_path / "disk"), tmp_path / "store"
    out = disk / "out"
    assert mounting_builder.build(full.editions[0], out, store).status == 0
    there = mounting_builder.seen(out)
    before = contents(there)
    assert before == full.built[0]
    resize(mounting_builder, disk, str(int(room_of(there) + share * room_of(there / "essay"))))
    ended = mounting_builder.build(full.editions[1], out, store)
    said_in_one_line(ended, "o")
    assert any(words in ended.stderr for words in ("No space left", "no room")), ended.stderr
    assert contents(there) == before
    held_against_manifest(there / "essay")
    resize(mounting_builder, disk, ROOM)
    assert mounting_builder.build(full.editions[1], out, store).status == 0
    assert contents(there) == full.built[1]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.95])
def test_a_full_disk_under_the_store(
    mounting_builder: Builder, full: States, tmp_path: Path, mount: Mount, share: float
) -> None:
    store, out = mount(tmp_path / "store"), tmp_path / "out"
    assert mounting_builder.build(full.editions[0], out, store).status == 0
    there = mounting_builder.seen(store)
    whole = room_of(there)
    assert mounting_builder.run("sh", "-c", f"rm -rf {store}/*") == 0
    resize(mounting_builder, store, str(max(_PAGE, int(share * whole))))
    ended = mounting_builder.build(full.editions[1], out, store)
    said_in_one_line(ended, "No space left")
    assert "PUBLISHER_CACHE" in ended.stderr
    assert contents(out) == full.built[0]
    assert [path.name for path in there.glob(".*")] == []
    resize(mounting_builder, store, ROOM)
    assert mounting_builder.build(full.editions[1], out, store).status == 0
    assert contents(out) == full.built[1]


def test_a_disk_that_cannot_be_written(mounting_builder: Builder, light: States, tmp_path: Path, mount: Mount) -> None:
    disk, store = mount(tmp_path / "disk"), mount(tmp_path / "kept")
    out = disk / "out"
    formats = ("--format", "epub,web,audio")
    assert mounting_builder.build(light.editions[0], out, store, *formats).status == 0
    assert mounting_builder.run("mount", "-o", "remount,ro", str(disk)) == 0
    ended = mounting_builder.build(light.editions[1], out, store, *formats)
    said_in_one_line(ended, "Read-only file system; choose another folder with --out")
    assert contents(mounting_builder.seen(out)) == light.built[0]
    # What is up to date needs no writing.
    again = mounting_builder.build(light.editions[0], out, store, *formats)
    assert (again.status, again.stdout) == (0, "essay: nothing changed\n")
    assert mounting_builder.run("mount", "-o", "remount,ro", str(store)) == 0
    elsewhere = mounting_builder.build(light.editions[1], tmp_path / "elsewhere", store, *formats)
    said_in_one_line(elsewhere, "Read-only file system; set PUBLISHER_CACHE")
    assert within(contents(tmp_path / "elsewhere"), "essay") == {}


def taken_of_daisy(book: Path, name: str, target: Path) -> Path:
    with open_book(book) as opened:
        return opened.copy(name, target)


@pytest.mark.parametrize("take", [extract_track, extract_audio, taken_of_daisy])
def test_a_full_disk_is_not_told_of_the_book_that_is_heard(
    take: Callable[[Path, str, Path], Path], tmp_path: Path
) -> None:
    book = tmp_path / "book.zip"
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("ncc.html", "<html/>")
        archive.writestr("one.mp3", bytes(3 << 20))
    assert take(book, "one.mp3", tmp_path / "copy.mp3").stat().st_size == 3 << 20
    with pytest.raises(OSError, match="No space left") as raised:
        take(book, "one.mp3", Path("/dev/full"))
    assert raised.value.errno == errno.ENOSPC
