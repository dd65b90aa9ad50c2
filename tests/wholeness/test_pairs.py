"""Two builds at once: of one edition, of two states of it, of two editions that share a store. `make endure` runs 50
pairs of each, `make test` the first 8."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from builder import LIGHT, Builder, States, contents, held_against_manifest, within

from publisher.output import reserved

PAIRS = range(50 if os.environ.get("PUBLISHER_ENDURE") else 8)


@pytest.fixture(scope="session")
def other_builder(tmp_path_factory: pytest.TempPathFactory, light: States) -> Iterator[Builder]:
    one = Builder(tmp_path_factory.mktemp("other-builder"), light.editions[0])
    yield one
    one.close()


@pytest.mark.parametrize("pair", PAIRS)
def test_two_builds_of_one_edition(
    builder: Builder, other_builder: Builder, light: States, tmp_path: Path, pair: int
) -> None:
    out, store = tmp_path / "out", tmp_path / "store"
    states = (0, pair % 2)  # every second pair builds two states of the source
    builders = (builder, other_builder)
    for one, state in zip(builders, states, strict=True):
        one.begin(light.editions[state], out, store, *LIGHT, watched=False)
    ended = [one.end() for one in builders]
    assert [one.status for one in ended] == [0, 0], [one.stderr for one in ended]
    there = contents(out)
    edition = within(there, "essay")
    assert edition in [within(light.built[state], "essay") for state in states]
    held_against_manifest(out / "essay")
    assert there == light.built[0 if edition == within(light.built[0], "essay") else 1]
    assert list(store.glob(".*")) == []


@pytest.mark.parametrize("pair", PAIRS)
def test_two_editions_that_share_a_store(
    builder: Builder, other_builder: Builder, light: States, tmp_path: Path, pair: int
) -> None:
    builders, store = (builder, other_builder), tmp_path / "store"
    outs = [tmp_path / "one", tmp_path / "two"]
    for one, state, out in zip(builders, (0, pair % 2), outs, strict=True):
        one.begin(light.editions[state], out, store, *LIGHT, watched=False)
    ended = [one.end() for one in builders]
    assert [one.status for one in ended] == [0, 0], [one.stderr for one in ended]
    for state, out in zip((0, pair % 2), outs, strict=True):
        assert contents(out) == light.built[state]
    assert list(store.glob(".*")) == []


def test_the_second_says_that_it_waits(light: States, tmp_path: Path) -> None:

    out = tmp_path / "out"
    command = [sys.executable, "-m", "publisher.cli", "build", str(light.editions[0]), "--out", str(out)]
    environment = {**os.environ, "PUBLISHER_CACHE": str(tmp_path / "store")}
    with reserved(out, "essay", lambda: pytest.fail("there is nobody to wait for")):
        waiting = subprocess.Popen(
            [*command, "--format", "web"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert waiting.stderr is not None
        assert waiting.stderr.readline() == "essay: waiting for another build of this edition\n"
    told, _ = waiting.communicate()
    assert (waiting.returncode, told.splitlines()[-1].partition(":")[0]) == (0, "essay")
