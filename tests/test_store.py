from __future__ import annotations

import errno
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.findings import InputError
from publisher.store import Store, digest, file_digest

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
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["cd.txt"]


def test_a_sweep_of_a_store_that_is_not_there_makes_none(tmp_path: Path) -> None:
    Store(tmp_path / "store").sweep()
    assert list(tmp_path.iterdir()) == []
