from __future__ import annotations

import fcntl
import multiprocessing
from pathlib import Path

import pytest

from publisher import output
from publisher.model.findings import InputError
from publisher.output import staged


def publish(out: Path, text: str) -> None:
    with staged(out, "name", lambda: None) as folder:
        (folder / "page.html").write_text(text, encoding="utf-8")


def files(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8")
        for path in out.rglob("*")
        if path.is_file() and path.name != ".name.lock"
    }


def test_a_new_output_takes_its_name_when_whole(tmp_path: Path) -> None:
    with staged(tmp_path, "name", lambda: None) as folder:
        (folder / "page.html").write_text("new", encoding="utf-8")
        assert not (tmp_path / "name").exists()
    assert files(tmp_path) == {"name/page.html": "new"}


def test_a_new_output_replaces_the_old_one_whole(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    (tmp_path / "name" / "left-over").write_text("from before", encoding="utf-8")
    publish(tmp_path, "new")
    assert files(tmp_path) == {"name/page.html": "new"}


def test_where_names_cannot_be_exchanged_the_old_one_still_makes_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_exchange", lambda one, other: False)
    publish(tmp_path, "old")
    publish(tmp_path, "new")
    assert files(tmp_path) == {"name/page.html": "new"}


def test_a_failure_leaves_the_old_output_untouched(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    with pytest.raises(RuntimeError), staged(tmp_path, "name", lambda: None) as folder:
        (folder / "page.html").write_text("half", encoding="utf-8")
        raise RuntimeError("the engine failed")
    assert files(tmp_path) == {"name/page.html": "old"}


def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".name.partial-killed"
    left.mkdir()
    (left / "page.html").write_text("half", encoding="utf-8")
    publish(tmp_path, "new")
    assert files(tmp_path) == {"name/page.html": "new"}


def test_a_second_build_waits_for_the_first(tmp_path: Path) -> None:
    waiting = multiprocessing.Event()
    with (tmp_path / ".name.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        def told() -> None:
            waiting.set()
            fcntl.flock(lock, fcntl.LOCK_UN)

        with staged(tmp_path, "name", told) as folder:
            (folder / "page.html").touch()
    assert waiting.is_set()


def test_an_output_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(InputError, match="--out"), staged(tmp_path / "build", "name", lambda: None):
        pytest.fail("there is no folder to write into")
