from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

import pytest

from publisher import output
from publisher.model.findings import InputError
from publisher.output import clear_left, reserved, staged


def nobody() -> None:
    pytest.fail("there is nobody to wait for")


def publish(out: Path, text: str) -> None:
    with reserved(out, "name", nobody), staged(out, "name") as folder:
        (folder / "page.html").write_text(text, encoding="utf-8")


def files(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file()
    }


def test_a_new_output_takes_its_name_when_whole(tmp_path: Path) -> None:
    with staged(tmp_path, "name") as folder:
        (folder / "page.html").write_text("new", encoding="utf-8")
        assert not (tmp_path / "name").exists()
    assert files(tmp_path) == {"name/page.html": "new"}


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc to name open files")
def test_the_disk_holds_every_file_before_the_name_and_the_name_before_it_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "out", "old")
    told: list[str] = []
    flush, swap = os.fsync, output._exchange

    def flushed(handle: int) -> None:
        flush(handle)
        told.append(Path(f"/proc/self/fd/{handle}").readlink().name)

    def swapped(one: Path, other: Path) -> bool:
        told.append("swap")
        return swap(one, other)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(output, "_exchange", swapped)
    with reserved(tmp_path / "out", "name", nobody), staged(tmp_path / "out", "name") as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "a.html").write_text("new", encoding="utf-8")
        (folder / "page.html").write_text("new", encoding="utf-8")
    before, after = told[: told.index("swap")], told[told.index("swap") + 1 :]
    assert {"sub", "a.html", "page.html", folder.name} == set(before)
    assert before[-1] == folder.name
    assert after == ["out", tmp_path.name]


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
    with pytest.raises(RuntimeError), staged(tmp_path, "name") as folder:
        (folder / "page.html").write_text("half", encoding="utf-8")
        raise RuntimeError("the engine failed")
    assert files(tmp_path) == {"name/page.html": "old"}


def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".name.partial-killed"
    left.mkdir()
    (left / "page.html").write_text("half", encoding="utf-8")
    (tmp_path / ".name.partial-link").symlink_to(left)
    (tmp_path / ".name.lock").touch()
    publish(tmp_path, "new")
    assert files(tmp_path) == {"name/page.html": "new"}


def test_what_is_left_is_cleared_also_where_there_is_nothing_to_build(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    (tmp_path / ".name.partial-killed").mkdir()
    (tmp_path / ".name.lock").touch()
    clear_left(tmp_path, "name")
    assert [path.name for path in tmp_path.iterdir()] == ["name"]


def test_what_another_build_is_making_is_not_cleared(tmp_path: Path) -> None:
    with reserved(tmp_path, "name", nobody), staged(tmp_path, "name") as folder:
        clear_left(tmp_path, "name")
        (folder / "page.html").write_text("new", encoding="utf-8")
    assert files(tmp_path) == {"name/page.html": "new"}


def test_a_build_killed_between_two_steps_of_a_swap_leaves_the_old_edition(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    (tmp_path / "name").rename(tmp_path / ".name.old-killed")
    with pytest.raises(RuntimeError), reserved(tmp_path, "name", nobody), staged(tmp_path, "name"):
        raise RuntimeError("the engine failed")
    assert files(tmp_path) == {"name/page.html": "old"}


def test_a_second_build_waits_for_the_first_once(tmp_path: Path) -> None:
    waited: list[bool] = []
    with (tmp_path / ".name.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        def told() -> None:
            waited.append(True)
            # As whoever held it does: the file goes first, so that the waiting one must look for another.
            (tmp_path / ".name.lock").unlink()
            fcntl.flock(lock, fcntl.LOCK_UN)

        with reserved(tmp_path, "name", told), staged(tmp_path, "name") as folder:
            assert (tmp_path / ".name.lock").exists()
            (folder / "page.html").touch()
    assert waited == [True]
    assert files(tmp_path) == {"name/page.html": ""}


def test_a_file_that_has_the_editions_name_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "name").write_text("somebody's own", encoding="utf-8")
    with pytest.raises(InputError, match="name is no folder; move it away"):
        publish(tmp_path, "new")
    assert files(tmp_path) == {"name": "somebody's own"}


def test_a_link_that_has_the_editions_name_gives_way_and_its_target_stays(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "own").write_text("somebody's own", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "name").symlink_to(tmp_path / "elsewhere")
    publish(tmp_path / "out", "new")
    assert files(tmp_path) == {"elsewhere/own": "somebody's own", "out/name/page.html": "new"}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["name"]


def test_an_output_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(InputError, match="--out"), reserved(tmp_path / "build", "name", nobody):
        pytest.fail("there is no folder to write into")
