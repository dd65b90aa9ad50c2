"""The bench measures whole processes: what they cost, what their children cost, and that a failure is not a result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import scale
from machine import machine, now, slug
from measuring import Cost, Run, Step, cost, folder_bytes, run, tree
from rows import NIGHT
from sides import OURS, Compared, Side, environment_of, in_turn, row


def test_the_memory_of_children_counts() -> None:
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = 90_000_000 * bytes([1])'])"
    done = run([Step("both", [sys.executable, "-c", script])], os.environ)
    assert done.largest > 85
    assert done.steps.keys() == {"both"}


@pytest.mark.skipif(sys.platform != "linux", reason="orphans cannot be adopted elsewhere")
def test_what_a_step_leaves_behind_counts() -> None:
    # It waits for the end of its parent, which does not wait for it, and only then takes its memory.
    late = "import sys; sys.stdin.read(); x = 90_000_000 * bytes([1])"
    script = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {late!r}], stdin=subprocess.PIPE)"
    assert run([Step("late", [sys.executable, "-c", script])], os.environ).largest > 85


def test_a_step_that_fails_is_told_with_its_words() -> None:
    with pytest.raises(subprocess.CalledProcessError) as problem:
        run([Step("bad", [sys.executable, "-c", "import sys; sys.exit('no such thing')"])], os.environ)
    assert b"no such thing" in problem.value.stderr


def test_a_tree_holds_the_process_and_those_below_it() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= set(tree(os.getpid()))
        assert tree(child.pid) == [child.pid]
        child.communicate(b"\n")


def test_a_cost_is_the_median_of_time_and_the_most_of_memory() -> None:
    runs = [
        Run(seconds, 1.0, largest, steps={"a": seconds}) for seconds, largest in ((1.0, 5.0), (9.0, 7.0), (2.0, 6.0))
    ]
    told = cost(runs, [Run(50.0, 1.0, 8.0, 12.0)])
    assert (told.seconds, told.largest, told.tree, told.steps) == (2.0, 8.0, 12.0, {"a": 2.0})


def test_what_is_measured_is_compiled_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("LANG", "C.UTF-8")
    found = environment_of(Path("store"))
    assert "PYTHONDONTWRITEBYTECODE" not in found
    assert (found["PUBLISHER_CACHE"], found["LANG"]) == ("store", "C.UTF-8")


def _cost(seconds: float) -> Cost:
    return Cost(seconds, seconds, 20.0, 20.0, {"build": seconds}, (seconds,))


def test_a_side_that_makes_fewer_editions_is_compared_by_the_edition() -> None:
    sides = [Side("many", "", [], editions=100), Side("few", "", [], editions=10)]
    costs = {"many": _cost(300.0), "few": _cost(15.0)}
    compared = [Compared("many", "few", by="seconds an edition"), Compared("many", "few")]
    told = row("editions", "", sides=sides, costs=costs, compared=compared, facts={})
    assert [(one["ratio"], one["processor"]) for one in told["ratios"]] == [(2.0, 2.0), (20.0, 2.0)]


def test_the_bytes_of_editions_leave_out_what_stands_beside_them(tmp_path: Path) -> None:
    (tmp_path / "one" / "parts").mkdir(parents=True)
    for name, size in (("one/a", 3), ("one/parts/b", 4), ("catalogue", 50)):
        (tmp_path / name).write_bytes(bytes(size))
    assert folder_bytes(tmp_path) == 7


def test_the_scale_is_checked_by_the_benchs_own_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "RESULTS", tmp_path / "scale.json")
    assert scale._benched(20) is None
    facts = {"editions": 20, "bytes to download": 7, "bytes of the store": 9}
    costs = {OURS: _cost(40.0), NIGHT: _cost(3.0)}
    done = row("editions", "", sides=[Side(OURS, "", []), Side(NIGHT, "", [])], costs=costs, compared=[], facts=facts)
    file = tmp_path / f"{slug(machine())}.json"
    done |= now()
    file.write_text(json.dumps({"machine": {**machine(), "edition": "upstream"}, "rows": [done]}), "utf-8")
    assert scale._benched(20) == {
        "cold, seconds": 40.0,
        "nightly, seconds": 3.0,
        "bytes to download": 7,
        "bytes of the store": 9,
    }
    assert scale._benched(10) is None
    file.write_text(json.dumps({"machine": {**machine(), "python": "3.9.0"}, "rows": [done]}), "utf-8")
    assert scale._benched(20) is None
    another = {**done, "program": "another"}
    file.write_text(json.dumps({"machine": {**machine(), "edition": "upstream"}, "rows": [another]}), "utf-8")
    assert scale._benched(20) is None


def test_sides_are_run_in_turn_and_looked_at_before_unless_another_row_did(tmp_path: Path) -> None:
    began: list[tuple[str, int]] = []

    def side(name: str, *, looked_at: bool) -> Side:
        step = Step(name, [sys.executable, "-c", "pass"])
        return Side(name, "", [step], lambda number: began.append((name, number)), looked_at=looked_at)

    costs = in_turn([side("a", looked_at=True), side("b", looked_at=False)], tmp_path, 2, long=False)
    assert began == [("a", -1), ("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    assert [len(costs[name].runs) for name in "ab"] == [2, 2]
    assert costs["b"].tree == 0


def test_what_the_first_build_takes_longer_is_told_by_its_length() -> None:
    """Texts that were asked for as long are not: the next one may be twice as long."""
    later = [{"name": f"b-{words}", "pass": "cold", "words": words, "seconds": 1 + words / 100} for words in (150, 300)]
    first = {"name": "a-first", "pass": "cold", "words": 80, "seconds": 2.5}
    edited = {"name": "b-150", "pass": "edited", "words": 150, "seconds": 0.1}
    assert scale._first([first, *later, edited]) == pytest.approx(0.7)
