from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.build import Order, build_edition
from publisher.model.findings import InputError
from publisher.store import SEAL, Store, digest, file_digest

parts = st.lists(st.one_of(st.text(), st.binary(), st.integers(), st.none()), max_size=4)


@given(parts, parts)
def test_lists_that_differ_have_different_digests(
    one: list[str | bytes | int | None], other: list[str | bytes | int | None]
) -> None:
    assert (digest(*one) == digest(*other)) == (repr(one) == repr(other))


def test_a_key_is_made_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    made: list[Path] = []

    def write(path: Path) -> None:
        made.append(path)
        path.write_text("said", encoding="utf-8")

    key = digest("a sentence")
    first = store.keep(key, ".txt", write)
    assert store.keep(key, ".txt", write) == first == store.find(key, ".txt")
    assert first.read_text(encoding="utf-8") == "said"
    assert len(made) == 1


def test_a_failed_write_leaves_nothing_under_the_key(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def write(path: Path) -> None:
        path.write_text("hal", encoding="utf-8")
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        store.keep("abcd", "", write)
    assert store.find("abcd") is None
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_store_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(InputError, match="PUBLISHER_CACHE"):
        Store(tmp_path / "taken").keep("abcd", "", lambda path: None)


def test_a_full_disk_leaves_nothing_under_the_key_and_says_what_to_do(tmp_path: Path) -> None:
    def write(path: Path) -> None:
        path.write_text("hal", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(InputError, match="No space left on device; free some room or set PUBLISHER_CACHE"):
        Store(tmp_path).keep("abcd", "", write)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_damaged_file_can_be_dropped(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep("abcd", ".txt", lambda path: path.touch())
    store.drop("abcd", ".txt")
    assert store.find("abcd", ".txt") is None


def test_a_files_digest_is_its_sha_256(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert file_digest(tmp_path / "empty").startswith("e3b0c44298fc1c14")


def test_what_a_killed_process_was_writing_is_swept_away_and_what_another_writes_is_not(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (tmp_path / ".partial-killed.flac").write_bytes(b"hal")

    def write(path: Path) -> None:
        path.write_text("whole", encoding="utf-8")
        Store(tmp_path).sweep()

    assert store.keep("abcd", ".txt", write).read_text(encoding="utf-8") == "whole"
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["cd.txt", "cd.txt.seal"]


def test_a_sweep_of_a_store_that_is_not_there_makes_none(tmp_path: Path) -> None:
    Store(tmp_path / "store").sweep()
    assert list(tmp_path.iterdir()) == []


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def half_zeroed(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))


TORN = (emptied, halved, zeroed, half_zeroed)
"""What a machine that died may leave of a file whose name was on the disk before its content."""


@pytest.mark.parametrize("tear", TORN)
@pytest.mark.parametrize("what", [".txt", ".txt.seal"])
def test_a_file_that_a_dying_machine_left_torn_is_made_again(
    tmp_path: Path, tear: Callable[[Path], None], what: str
) -> None:
    Store(tmp_path).keep("abcd", ".txt", lambda path: path.write_text("said", encoding="utf-8") and None)
    tear(tmp_path / "ab" / f"cd{what}")
    store = Store(tmp_path)
    assert store.find("abcd", ".txt") is None
    made = store.keep("abcd", ".txt", lambda path: path.write_text("said again", encoding="utf-8") and None)
    assert made.read_text(encoding="utf-8") == "said again"
    assert Store(tmp_path).find("abcd", ".txt") == made


def _on_nfs(file: Any, how: int) -> None:
    """What Linux's NFS client asks before it asks the server: flock(2), "NFS details"."""
    may = fcntl.fcntl(file, fcntl.F_GETFL) & os.O_ACCMODE
    lacks = {fcntl.LOCK_SH: os.O_WRONLY, fcntl.LOCK_EX: os.O_RDONLY}[how & ~fcntl.LOCK_NB]
    if may == lacks:
        raise OSError(errno.EBADF, "Bad file descriptor")


def test_a_store_may_stand_on_nfs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", _on_nfs)
    store = Store(tmp_path)
    with store.in_use(), store.together():
        store.keep(digest("a sentence"), ".txt", lambda path: path.write_text("said") and None)
    with store.alone():
        store.sweep()
    assert store.find(digest("a sentence"), ".txt")


@pytest.mark.parametrize("using", ["in_use", "alone", "together"])
def test_a_file_system_without_locks_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, using: str
) -> None:
    def refuse(_file: object, _how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    store = Store(tmp_path)
    told = r"cannot lock files in .*: No locks available; set PUBLISHER_CACHE"
    with pytest.raises(InputError, match=told), getattr(store, using)():
        pass
    with pytest.raises(InputError, match="set PUBLISHER_CACHE"):
        store.keep("abcd", "", Path.touch)
    (tmp_path / ".partial-left").touch()
    store.sweep()


def test_a_file_without_a_seal_is_made_again(tmp_path: Path) -> None:
    Store(tmp_path).keep("abcd", ".txt", lambda path: path.write_text("said", encoding="utf-8") and None)
    (tmp_path / "ab" / "cd.txt.seal").unlink()
    assert Store(tmp_path).find("abcd", ".txt") is None


def test_a_process_asks_a_seal_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    made = store.keep("abcd", ".txt", lambda path: path.write_text("said", encoding="utf-8") and None)
    (tmp_path / "ab" / "cd.txt.seal").unlink()
    assert store.find("abcd", ".txt") == made


def test_every_kind_of_file_that_a_build_keeps_is_made_again_where_it_is_torn(tmp_path: Path) -> None:
    """All of them at once, of each kind of damage a share: the edition comes out as it was."""
    edition = tmp_path / "source" / "sea"
    edition.mkdir(parents=True)
    (edition / "map.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "utf-8")
    (edition / "article.md").write_text(
        "---\ntitle: Sea\nlang: en\n---\n\nIt is wide.\n\n![A map](map.svg)\n\n# Boats\n\nThey are small.\n", "utf-8"
    )
    root = tmp_path / "store"

    def build(out: str) -> dict[str, str]:
        build_edition(Order(edition, tmp_path / out, Store(root), opus=True), lambda *_: None)
        return {
            path.relative_to(tmp_path / out).as_posix(): file_digest(path)
            for path in (tmp_path / out).rglob("*")
            if path.is_file()
        }

    first = build("first")
    kept = sorted(path for path in root.glob("??/*") if path.suffix != SEAL)
    assert {path.suffix for path in kept} == {
        *(".flac", ".json", ".levels", ".loudness"),  # what is said, its words' times, how loud it is
        *(".mp3", ".aac"),  # chapters, and the sound of an EPUB's documents
        *(".png", ".ttf"),  # drawings for Word, fonts for the PDF
    }
    whole = {path: file_digest(path) for path in kept}
    by_kind: dict[str, int] = {}
    for path in kept:
        number = by_kind[path.suffix] = by_kind.get(path.suffix, -1) + 1
        TORN[number % len(TORN)](path)
    assert build("second") == first
    assert {path: file_digest(path) for path in kept} == whole
