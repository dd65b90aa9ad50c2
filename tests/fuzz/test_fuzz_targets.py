"""The targets of `make fuzz`: every input that once failed one, and a few that are made up on the spot."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from mutating import mutations
from targets import TARGETS, kept

CASES = [(name, path) for name in TARGETS for path in kept(name)]


@pytest.mark.parametrize(("name", "path"), CASES, ids=[f"{name}: {path.name}" for name, path in CASES])
def test_what_once_failed_fails_no_more(name: str, path: Path) -> None:
    TARGETS[name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_honest_and_spoilt_inputs_end_in_our_own_errors_at_most(name: str) -> None:
    target = TARGETS[name]
    for data in islice(mutations(target.seeds, target.words, 1, target.most), 30 + 4 * len(target.seeds)):
        target(data)


def test_mutations_begin_with_the_seeds_and_are_the_same_for_the_same_seed() -> None:
    def made(seed: int) -> list[bytes]:
        return list(islice(mutations([b"abc", b"<p>"], [b"&"], seed, 20), 300))

    assert made(1)[:3] == [b"abc", b"<p>", b""]
    assert made(1) == made(1)
    assert made(1) != made(2)
    assert len(set(made(1))) > 150
    assert all(len(one) <= 20 for one in made(1))


def test_the_command_keeps_what_fails(tmp_path: Path) -> None:
    """A target that always fails: its input is kept, and the command ends with status 1."""
    folder = Path(__file__).parent
    script = f"""
import sys; sys.path.insert(0, {str(folder)!r})
import importlib.util
from pathlib import Path
import targets
spec = importlib.util.spec_from_file_location("fuzz_main", {str(folder / "__main__.py")!r})
main = importlib.util.module_from_spec(spec); spec.loader.exec_module(main)
def fails(data):
    raise KeyError("planted")
targets.TARGETS["vtt"] = targets.Target(fails, [b"WEBVTT"])
main.FIXTURES = Path({str(tmp_path)!r})
sys.argv = ["fuzz", "vtt", "--seconds", "1", "--engine", "own", "--child"]
sys.exit(main.main())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert [path.read_bytes() for path in (tmp_path / "vtt").iterdir()] == [b"WEBVTT"]
    assert "1 faults" in done.stdout
