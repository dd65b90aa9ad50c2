"""A child that reads a stranger's file: its answer is believed, all else that it does is not done."""

from __future__ import annotations

import os
import re
from dataclasses import fields, replace
from pathlib import Path

import misbehaving
import pytest

from publisher.model.findings import InputError
from publisher.model.limits import DEFAULT
from publisher.model.source import Position
from publisher.strangers.bounds import Bounds, bounds, variable
from publisher.strangers.guarding import guarded

QUICK = Bounds(seconds=2)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child finds the functions of this folder; it looks for modules nowhere but where it is told to."""
    known = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), *([known] if known else [])]))


def test_what_it_answers_comes_through_but_only_from_our_own_classes() -> None:
    with pytest.raises(InputError, match="no answer that can be used"):
        guarded(misbehaving.lies, Path("/nowhere/file"), shown="x")
    assert guarded(misbehaving.right, "a.md", shown="x") == Position("a.md", 3)


def test_an_answer_that_would_run_something_runs_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        guarded(misbehaving.lies, tmp_path / "made", shown="x")
    assert not (tmp_path / "made").exists()


def test_an_error_of_ours_comes_through_whole() -> None:
    with pytest.raises(InputError) as raised:
        guarded(misbehaving.wrong, shown="x")
    assert str(raised.value) == "a.md:2:4: error: it is wrong; mend it"


def test_too_much_memory_is_refused_by_the_setting_s_name() -> None:
    with pytest.raises(InputError, match="x needs more than 896 MB to be read; raise PUBLISHER_READ_MEMORY"):
        guarded(misbehaving.eats_memory, shown="x")


def test_too_long_is_refused_by_the_setting_s_name() -> None:
    with pytest.raises(InputError, match="not read after 2 seconds; raise PUBLISHER_READ_SECONDS"):
        guarded(misbehaving.never_ends, shown="x", within=QUICK)


def test_a_crash_is_told_as_one() -> None:
    with pytest.raises(InputError, match=r"broke down \(signal 6\)"):
        guarded(misbehaving.crashes, shown="x")


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs Linux's list of processes")
def test_whoever_it_started_is_ended_with_it() -> None:
    with pytest.raises(InputError, match="not read after 2 seconds"):
        guarded(misbehaving.leaves_somebody_behind, shown="x", within=QUICK)
    left = [path for path in Path("/proc").glob("[0-9]*/cmdline") if b"time.sleep(600)" in _words(path)]
    assert left == []


def _words(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_it_makes_no_file_unless_it_may(tmp_path: Path) -> None:
    # Landlock forbids to make one; without it, the limit of a file's size leaves it empty.
    with pytest.raises(InputError, match=r"cannot be read: (OSError|PermissionError)"):
        guarded(misbehaving.writes, tmp_path / "made", shown="x")
    assert not (tmp_path / "made").is_file() or (tmp_path / "made").read_bytes() == b""
    guarded(misbehaving.writes, tmp_path / "made", shown="x", writes=True)
    assert (tmp_path / "made").read_bytes() == b"x"


def test_it_asks_no_address() -> None:
    with pytest.raises(InputError, match=r"PermissionError: .*socket\.connect|socket\.getaddrinfo"):
        guarded(misbehaving.asks, 9, shown="x")


def test_a_fault_of_a_library_and_endless_nesting_are_one_line() -> None:
    with pytest.raises(InputError, match="x cannot be read: KeyError"):
        guarded(misbehaving.raises, shown="x")
    with pytest.raises(InputError, match="x is nested too deeply"):
        guarded(misbehaving.deep, shown="x")


def test_the_limits_are_documented_as_they_are() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "limits.md").read_text("utf-8")
    told = re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.MULTILINE)
    own = [(variable(field.name), str(getattr(Bounds(), field.name))) for field in fields(Bounds)]
    assert told == [*((field.name, str(getattr(DEFAULT, field.name))) for field in fields(DEFAULT)), *own]


def test_the_security_policy_s_links_lead_somewhere() -> None:
    policy = Path(__file__).parents[2] / "SECURITY.md"
    links = re.findall(r"\]\(([^)#:]+)\)", policy.read_text("utf-8"))
    assert links
    assert [link for link in links if not (policy.parent / link).is_file()] == []


def test_the_bounds_are_settings() -> None:
    assert bounds({}) == Bounds()
    assert bounds({"PUBLISHER_READ_SECONDS": "5", "PUBLISHER_READ_MEMBERS": "7"}) == replace(
        Bounds(), seconds=5, members=7
    )


@pytest.mark.parametrize("told", ["0", "-1", "many", "1e9", "٣", "9" * 5000])
def test_a_bound_that_is_no_number_is_refused(told: str) -> None:
    with pytest.raises(InputError, match=r"PUBLISHER_READ_MEMORY is .*; give a whole number"):
        bounds({"PUBLISHER_READ_MEMORY": told})
