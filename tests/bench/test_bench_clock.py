"""The clock of a build's stages, on which the model of scale and the profile stand."""

from __future__ import annotations

from pathlib import Path

import clock
import pytest
import texts

import publisher.build
from publisher import listing, making
from publisher.manuscript import reading
from publisher.store import Store


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> clock.Clock:
    """A clock at work, its stages taken off again afterwards."""
    for place, names in (
        (making, ("_write", "_encode", "_read_back")),
        (listing, ("write_manifest",)),
        (publisher.build, ("_narrations",)),
        (reading, ("read_edition",)),
    ):
        for name in names:
            monkeypatch.setattr(place, name, getattr(place, name))
    found = clock.Clock()
    clock.watch(found)
    return found


def test_a_build_is_told_by_its_stages(watched: clock.Clock, tmp_path: Path) -> None:
    written = texts.write_edition(tmp_path / "small", "small", 80)
    told = clock.measure(written.folder, tmp_path / "build", Store(tmp_path / "store"), watched, ("docx",))
    assert {"reading", "docx", "reading back", "manifest", "rest"} <= told["stages"].keys()
    assert sum(told["stages"].values()) == pytest.approx(told["processor"])
    assert told["words"] == written.words
    assert told["bytes"]["docx"] == (tmp_path / "build" / "small" / "small.docx").stat().st_size


def test_a_stage_in_another_counts_once() -> None:
    found = clock.Clock()

    def work(times: int) -> int:
        return sum(number * number for number in range(times))

    with found.stage("outer"), found.stage("inner"):
        work(300_000)
    assert found.stages["inner"] > found.stages["outer"] >= 0
