"""Processes that listen: they end when they take too long, or too much memory, and it is said in one line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest

from publisher.model.findings import EngineError
from publisher.processes import WorkerPool
from publisher.verification import patience
from publisher.verification.patience import hold_memory, within_patience


def same(words: str) -> str:
    return words


def hangs(_words: str) -> None:
    signal.pause()


def dies(_words: str) -> None:
    os._exit(9)


def eats(_words: str) -> int:
    return len(bytearray(3 << 30))


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(2, hold_memory) as opened:
        yield opened
        opened.end()


def test_what_is_heard_comes_in_order(pool: WorkerPool) -> None:
    words = [(str(number),) for number in range(9)]
    assert list(within_patience(pool, same, words, 1.0)) == [word for (word,) in words]


def test_who_hangs_is_ended(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_SECONDS", 0.5)
    with pytest.raises(EngineError, match=r"listening: 0 s of sound are not heard after 1 s; listen again"):
        list(within_patience(pool, hangs, [("a",)], 0.02))


def test_who_dies_is_told(pool: WorkerPool) -> None:
    with pytest.raises(EngineError, match="listening: a process that listens was ended from outside"):
        list(within_patience(pool, dies, [("a",)], 1.0))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts such memory")
def test_who_takes_too_much_memory_fails(pool: WorkerPool) -> None:
    with pytest.raises(EngineError, match="needed more memory than it may"):
        list(within_patience(pool, eats, [("a",)], 1.0))


def test_more_sound_may_take_longer(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_SECONDS", 0.0)
    monkeypatch.setattr(patience, "_PER_SECOND", 60.0)
    assert list(within_patience(pool, same, [("a",)], 10.0)) == ["a"]
