"""A mutant of every operator on sound and cues is caught by the right check; `make mutate` hunts many more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from audio_operators import CUE_OPERATORS, SOUND_OPERATORS, AudioSubject, audio_subjects
from mutants import Operator, hunt


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, AudioSubject]]:
    found = audio_subjects("french", tmp_path_factory.mktemp("build"))
    chosen: dict[str, AudioSubject] = {}
    for one in found:
        chosen[one.path.name] = one
        if {"french.mp3", "french.m4b", "french.vtt"} <= chosen.keys():
            break
    yield chosen
    found.close()


def test_recordings_as_built_have_no_finding(recordings: dict[str, AudioSubject]) -> None:
    assert {name: one.checks(one.path) for name, one in recordings.items()} == {name: set() for name in recordings}


@pytest.mark.parametrize("operator", SOUND_OPERATORS, ids=lambda operator: operator.name)
def test_every_mutant_of_sound_is_caught(
    operator: Operator, recordings: dict[str, AudioSubject], tmp_path: Path
) -> None:
    tally = hunt([recordings["french.mp3"]], [("mp3", operator)], tmp_path, times=1, seed=7)
    assert tally.survivors == []
    assert sum(tally.made.values()) == 1


@pytest.mark.parametrize("operator", CUE_OPERATORS, ids=lambda operator: operator.name)
def test_every_mutant_of_cues_is_caught(
    operator: Operator, recordings: dict[str, AudioSubject], tmp_path: Path
) -> None:
    tally = hunt([recordings["french.vtt"]], [("vtt", operator)], tmp_path, times=1, seed=7)
    assert tally.survivors == []
    assert sum(tally.made.values()) == 1
