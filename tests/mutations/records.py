"""What hunts have brought in, written down line by line: a long one can be made in pieces, and done again in part."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from hunting import Bag, Task
from mutants import Tally


def write_down(path: Path) -> Callable[[Task, Tally | list[str]], None]:
    """Adds what a task has brought in to the end of a file, at once."""

    def keep(task: Task, came: Tally | list[str]) -> None:
        key = task.workshop.name, task.name, task.column, task.operator
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([key, _packed(came)], ensure_ascii=False) + "\n")

    return keep


def read_back(path: Path) -> tuple[Bag, list[str]]:
    """All that a file holds, and the editions it is of. Where a task was done again, the last time counts."""
    done: dict[tuple[str, ...], object] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, packed = json.loads(line)
        done[tuple(key)] = packed
    bag = Bag()
    for (edition, *_), packed in done.items():
        bag.add(edition, _unpacked(packed))
    return bag, list(dict.fromkeys(key[0] for key in done))


def _packed(came: Tally | list[str]) -> object:
    if isinstance(came, list):
        return came
    return {
        "killed": [[*key, count] for key, count in came.killed.items()],
        "made": [[*key, count] for key, count in came.made.items()],
        "checks": came.checks,
        "survivors": came.survivors,
    }


def _unpacked(packed: object) -> Tally | list[str]:
    if not isinstance(packed, dict):
        assert isinstance(packed, list)
        return packed
    killed, made = (
        Counter({(operator, column): count for operator, column, count in packed[name]}) for name in ("killed", "made")
    )
    checks = defaultdict(Counter, {column: Counter(counts) for column, counts in packed["checks"].items()})
    return Tally(killed, made, checks, packed["survivors"])
