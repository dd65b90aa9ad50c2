from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from publisher import cli
from publisher.build import Order, build_edition
from publisher.model.findings import InputError
from publisher.store import Store, digest
from publisher.tidying import LIMIT, in_words, limit_of, look_after, size_of, span_of, tidy

DAY = 86_400


def keep(store: Store, name: str, size: int, days: float = 0) -> Path:
    """A file of so many bytes, last used so many days ago."""

    def write(target: Path) -> None:
        target.write_bytes(b"x" * size)

    path = store.keep(digest(name), ".bin", write)
    os.utime(path, times=(time.time() - days * DAY,) * 2)
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_what_was_not_used_for_long_goes(store: Store) -> None:
    old, new = keep(store, "old", 100, days=40), keep(store, "new", 10, days=20)
    done = tidy(store, unused_since=time.time() - 30 * DAY)
    assert (done.gone, done.freed, done.left, done.size) == (1, 100, 1, 10)
    assert not old.exists()
    assert new.exists()


def test_the_longest_unused_go_until_the_rest_fits(store: Store) -> None:
    files = [keep(store, str(days), 100, days=days) for days in (1, 9, 5, 3)]
    assert tidy(store, down_to=250).gone == 2
    assert [path.exists() for path in files] == [True, False, False, True]


def test_a_file_that_is_asked_for_counts_as_used(store: Store) -> None:
    keep(store, "asked for", 100, days=40)
    keep(store, "not", 100, days=40)
    assert store.find(digest("asked for"), ".bin")
    assert tidy(store, unused_since=time.time() - 30 * DAY).gone == 1
    assert store.find(digest("asked for"), ".bin")


def test_what_killed_builds_left_half_written_goes_in_any_case(store: Store) -> None:
    path = keep(store, "whole", 100)
    half = store.root / ".partial-abc.bin"
    half.write_bytes(b"x")
    assert tidy(store).gone == 0
    assert not half.exists()
    assert path.exists()


def test_nothing_goes_while_a_build_uses_the_store(store: Store) -> None:
    path = keep(store, "used", 100)
    with store.in_use(), pytest.raises(InputError, match="in use by a build"):
        tidy(store, down_to=0)
    assert path.exists()
    with store.in_use(), store.in_use():
        assert look_after(store) is None
    tidy(store, down_to=0)
    assert not path.exists()


def test_a_build_uses_the_store(tmp_path: Path, store: Store) -> None:
    (tmp_path / "lamp").mkdir()
    (tmp_path / "lamp" / "article.md").write_text(
        "---\ntitle: The lamp\nlang: en\n---\n\nIt burns.\n", encoding="utf-8"
    )
    met: list[str] = []

    def tell(doing: str, _at: int, _of: int) -> None:
        if doing == "reading":
            with pytest.raises(InputError, match="in use"):
                tidy(store, down_to=0)
            met.append(doing)

    build_edition(Order(tmp_path / "lamp", tmp_path / "build", store, ("web",)), tell)
    assert met == ["reading"]


def test_the_store_is_kept_within_its_limit_once_a_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(store, "one", 600, days=2)
    keep(store, "two", 600)
    monkeypatch.setenv("PUBLISHER_CACHE_LIMIT", "1k")
    done = look_after(store)
    assert done
    assert done.gone == 1
    keep(store, "three", 600)
    assert look_after(store) is None
    stamp = store.root / "looked-after"
    os.utime(stamp, times=(time.time() - 2 * DAY,) * 2)
    again = look_after(store)
    assert again
    assert again.gone == 1


def test_who_waits_to_tidy_gets_the_store_before_the_next_build(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(store, "one", 100)
    due(store, DAY)
    came: list[str] = []
    real = Store.alone

    @contextmanager
    def alone(one: Store, patience: float = 0.0) -> Iterator[None]:
        with real(one, patience):
            came.append("tidied")  # while nobody else has it: after, a build may be faster to say so
            yield

    monkeypatch.setattr(Store, "alone", alone)

    def tidies() -> None:
        look_after(store, patience=600)

    def builds() -> None:
        with store.in_use():
            came.append("built")

    threads = [threading.Thread(target=one) for one in (tidies, builds)]
    with store.in_use():
        threads[0].start()
        while not _is_wanted(store):
            os.sched_yield()
        threads[1].start()
        assert came == []
    for thread in threads:
        thread.join(60)
    assert came == ["tidied", "built"]


def _is_wanted(store: Store) -> bool:
    with (store.root / "wanted-alone").open("wb") as gate:
        try:
            fcntl.flock(gate, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_who_has_waited_in_vain_does_so_again_some_hours_later(store: Store) -> None:
    keep(store, "one", 100)
    due(store, DAY)
    with store.in_use():
        assert look_after(store, patience=0.001) is None
    assert look_after(store, patience=600) is None
    due(store, 6 * 3600)
    assert look_after(store, patience=600)


def test_nobody_waits_for_a_store_that_is_new(store: Store) -> None:
    keep(store, "one", 100)
    with store.in_use():
        assert look_after(store, patience=10**9) is None
    assert look_after(store, patience=10**9) is None
    due(store, 6 * 3600)
    assert look_after(store)


def due(store: Store, seconds: float) -> None:
    """Have it been looked after so much longer ago, or just then."""
    stamp = store.root / "looked-after"
    before = stamp.stat().st_mtime if stamp.exists() else time.time()
    stamp.touch()
    os.utime(stamp, times=(before - seconds,) * 2)


def test_a_folder_that_leads_elsewhere_is_not_tidied(store: Store, tmp_path: Path) -> None:
    keep(store, "one", 100)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear").write_text("Dear all", "utf-8")
    (store.root / "zz").symlink_to(tmp_path / "letters")
    assert tidy(store, down_to=0).gone == 1
    assert (tmp_path / "letters" / "dear").is_file()


def test_a_store_that_is_not_there_is_not_made(store: Store) -> None:
    assert look_after(store) is None
    assert not store.root.exists()


def test_sizes_and_spans_are_read() -> None:
    assert [size_of(text, "x") for text in ("500", "1.5k", "500M", "2G", "2 GB", "1tb")] == [
        500,
        1500,
        5 * 10**8,
        2 * 10**9,
        2 * 10**9,
        10**12,
    ]
    assert [span_of(text, "x") for text in ("12h", "30d", "1.5w")] == [12 * 3600, 30 * DAY, 10.5 * DAY]
    assert limit_of("") == LIMIT
    assert [in_words(size) for size in (0, 999, 3_400_000, 2_500_000_000, 10**13)] == [
        "0 bytes",
        "999 bytes",
        "3.4 MB",
        "2.5 GB",
        "10000.0 GB",
    ]


@pytest.mark.parametrize("option", [["--older-than", "soon"], ["--down-to", "little"], ["--older-than", "-3d"]])
def test_what_is_no_size_or_span_is_one_line(
    option: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path))
    assert cli.main(["clean", "--cache", f"{option[0]}={option[1]}"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert f"{option[0]} {option[1]!r} is no" in line


def test_clean_says_what_went(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLISHER_CACHE", str(store.root))
    keep(store, "old", 2000, days=40)
    keep(store, "new", 1000)
    assert cli.main(["clean"]) == 2
    assert "--cache" in capsys.readouterr().err
    assert cli.main(["clean", "--cache", "--older-than", "30d"]) == 0
    assert capsys.readouterr().out == f"{store.root}: 1 files removed, 2.0 kB; 1 stay, 1.0 kB\n"
    assert cli.main(["clean", "--cache"]) == 0
    assert capsys.readouterr().out == f"{store.root}: 1 files removed, 1.0 kB; 0 stay, 0 bytes\n"
