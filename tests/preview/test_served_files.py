"""Files that may be served: nothing outside their folder, nothing but files, whole or in part."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from publisher.preview.files import Folder, Span, UnsatisfiableError, media_type, open_below, span_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "build"
    (root / "edition" / "media").mkdir(parents=True)
    (root / "edition" / "media" / "a.txt").write_text("inside", encoding="utf-8")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.txt").write_text("outside", encoding="utf-8")
    return root


def test_a_file_is_opened_by_its_names(root: Path) -> None:
    found = open_below(root, ("edition", "media", "a.txt"))
    assert found is not None
    assert not isinstance(found, Folder)
    with found:
        assert found.read() == b"inside"


def test_a_folder_is_told_as_one(root: Path) -> None:
    assert isinstance(open_below(root, ("edition", "media")), Folder)


@pytest.mark.parametrize("names", [("none",), ("edition", "media", "a.txt", "b"), ("x" * 300,), ("edition", "a\0b")])
def test_what_is_not_there_is_not_opened(root: Path, names: tuple[str, ...]) -> None:
    assert open_below(root, names) is None


def test_a_root_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    assert open_below(tmp_path / "none", ("a.txt",)) is None


def test_symbolic_links_are_not_followed(root: Path) -> None:
    (root / "edition" / "link.txt").symlink_to(root.parent / "secret" / "a.txt")
    (root / "edition" / "near.txt").symlink_to("media/a.txt")
    (root / "folder").symlink_to(root.parent / "secret")
    assert open_below(root, ("edition", "link.txt")) is None
    assert open_below(root, ("edition", "near.txt")) is None
    assert open_below(root, ("folder", "a.txt")) is None
    assert open_below(root, ("folder",)) is None


def test_the_output_itself_may_be_a_link(root: Path) -> None:
    (root.parent / "linked").symlink_to(root)
    found = open_below(root.parent / "linked", ("edition", "media", "a.txt"))
    assert found is not None
    assert not isinstance(found, Folder)
    found.close()


def test_pipes_and_sockets_are_none_and_hold_nothing_up(root: Path) -> None:
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(root / "socket"))
        assert open_below(root, ("pipe",)) is None
        assert open_below(root, ("socket",)) is None


def test_nothing_stays_open(root: Path) -> None:
    (root / "link").symlink_to("edition")
    os.mkfifo(root / "pipe")
    before = len([*Path("/proc/self/fd").iterdir()])
    for names in (("edition",), ("none",), ("link",), ("pipe",), ("edition", "media", "none")):
        open_below(root, names)
    assert len([*Path("/proc/self/fd").iterdir()]) == before


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("bytes=0-3", Span(0, 4)),
        ("bytes=4-", Span(4, 10)),
        ("bytes=-3", Span(7, 10)),
        ("bytes=-30", Span(0, 10)),
        ("bytes=2-100", Span(2, 10)),
        ("bytes=9-9", Span(9, 10)),
        ("bytes=5-4", None),
        ("bytes=0-1,4-5", None),
        ("bytes=-", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_the_part_that_is_asked_for(header: str | None, span: Span | None) -> None:
    assert span_of(header, 10) == span


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_part_beyond_the_end(header: str) -> None:
    with pytest.raises(UnsatisfiableError):
        span_of(header, 10)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("a.MP3", "audio/mpeg"),
        ("a.m4b", "audio/mp4"),
        ("a.vtt", "text/vtt; charset=utf-8"),
        ("a.lpf", "application/lpf+zip"),
        ("atom.xml", "application/atom+xml"),
        ("a.onix.xml", "application/xml"),
        ("noname", "application/octet-stream"),
        ("a.exe", "application/octet-stream"),
    ],
)
def test_media_types(name: str, kind: str) -> None:
    assert media_type(name) == kind
