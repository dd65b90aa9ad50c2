"""A build that is killed at any moment leaves the old edition or the new one whole, and nothing that the next does not
clear. Moments are counted (files opened, files changed, lines of progress), so that a run can be repeated.

`make endure` runs 200 of them, `make test` the first 40; the seed of each part is its number.
"""

from __future__ import annotations

import random
import shutil
import signal
from pathlib import Path

import pytest
from builder import LIGHT, Builder, Ended, States, beside, contents, held_against_manifest, within

from publisher.holding.here import IN_PROCESS


def kill_and_build_again(
    builder: Builder, states: States, folder: Path, new: int, at: tuple[str, int], *arguments: str, group: bool = False
) -> Ended:
    """Over the other state, one build that is killed and one that is not, each step held against what it must leave."""
    out, store = folder / "out", folder / "store"
    old = 1 - new
    shutil.rmtree(store, ignore_errors=True)  # sound and pictures are to be made anew, lest little is written
    killed = builder.build(states.editions[new], out, store, *arguments, at=at, group=group)
    assert killed.status in (-signal.SIGKILL, 0), killed.stderr
    there = contents(out)
    seen = within(there, "essay")
    assert seen in (within(states.built[old], "essay"), within(states.built[new], "essay")), at
    held_against_manifest(out / "essay")
    for name in set(beside(there, "essay")) - {name for name in there if name.startswith(".") or "/." in name}:
        # The catalogue's files are whole one by one; the next build makes them agree.
        assert there[name] in {states.built[old].get(name), states.built[new].get(name)} or "made-from" in name, at
    again = builder.build(states.editions[new], out, store, *arguments, watched=False)
    assert (again.status, again.stderr.count("Traceback")) == (0, 0), again.stderr
    assert contents(out) == states.built[new], at
    assert [path.name for path in store.glob(".*")] == []
    return killed


def start_from(builder: Builder, states: States, folder: Path, *arguments: str) -> None:
    assert builder.build(states.editions[0], folder / "out", folder / "store", *arguments).status == 0


def test_a_kill_in_every_phase(builder: Builder, full: States, tmp_path: Path) -> None:
    phases = full.ended[1].counts["phase"]
    assert phases >= 9
    start_from(builder, full, tmp_path)
    for number in range(1, phases + 1):
        killed = kill_and_build_again(builder, full, tmp_path, number % 2, ("phase", number))
        assert killed.status == -signal.SIGKILL


def test_kills_at_random_moments(builder: Builder, light: States, tmp_path: Path, part: int) -> None:
    chosen = random.Random(part)
    counts = light.ended[1].counts
    start_from(builder, light, tmp_path, *LIGHT)
    killed = []
    for number in range(1, 11):
        kind = chosen.choice(["any", "change", "change"])
        at = (kind, chosen.randint(1, counts[kind]))
        killed.append(kill_and_build_again(builder, light, tmp_path, number % 2, at, *LIGHT).status)
    assert killed.count(-signal.SIGKILL) >= 8  # threads share the work now so, now so: a late count may not be reached


@pytest.mark.parametrize("back", range(1, 13))
def test_kills_while_the_new_edition_takes_the_name(builder: Builder, light: States, tmp_path: Path, back: int) -> None:
    changes = light.ended[1].counts["change"]
    start_from(builder, light, tmp_path, *LIGHT)
    kill_and_build_again(builder, light, tmp_path, 1, ("change", changes - back * 3), *LIGHT)


@pytest.mark.parametrize(("group", "jobs"), [(False, 2), (True, 2), (False, 1)], ids=["parent", "group", "one job"])
def test_workers_end_with_their_parent(builder: Builder, full: States, tmp_path: Path, group: bool, jobs: int) -> None:
    # The builder waits for all that a build has left behind, and fails where one of these does not end.
    start_from(builder, full, tmp_path)
    phases = full.ended[1].counts["phase"]
    out, store = tmp_path / "out", tmp_path / "other-store"
    at, env = ("phase", phases - 3), {IN_PROCESS: ""}
    killed = builder.build(full.editions[1], out, store, at=at, group=group, jobs=jobs, environment=env)
    assert killed.status == -signal.SIGKILL
    assert killed.orphans >= 2
    assert within(contents(out), "essay") == within(full.built[0], "essay")
    assert builder.build(full.editions[1], out, store, jobs=2).status == 0
    assert contents(out) == full.built[1]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_an_output_folder_that_vanishes_during_a_build(
    builder: Builder, light: States, tmp_path: Path, share: float
) -> None:
    out, store = tmp_path / "out", tmp_path / "store"
    at = ("change", int(share * light.ended[0].counts["change"]))
    ended = builder.build(light.editions[0], out, store, *LIGHT, at=at, vanishing=out)
    assert ended.status == 2
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert ended.stderr.startswith("error: ")
    assert "fault of publisher's own" not in ended.stderr
    assert builder.build(light.editions[0], out, store, *LIGHT).status == 0
    assert contents(out) == light.built[0]
