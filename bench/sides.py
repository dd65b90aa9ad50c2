"""A row's sides, run in turn (A B A B …), so that a machine whose speed drifts slows all; what comes of it as data."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from measuring import Cost, Run, Step, cost, run

PUBLISHER = (sys.executable, "-m", "publisher.cli")
OURS = "publisher"


def _nothing(_: int) -> None:
    return None


@dataclass(frozen=True)
class Side:
    """What one side runs. `before` and `after` are done around each run, untimed, and get its number; `editions` is how
    many it makes. Its memory is not `looked_at` in a run of its own where another row has done that."""

    name: str
    what: str
    steps: Sequence[Step]
    before: Callable[[int], None] = _nothing
    after: Callable[[int], None] = _nothing
    editions: int = 1
    looked_at: bool = True


@dataclass(frozen=True)
class Compared:
    """A ratio of two sides, and the target: `by` is what of them is compared, a name in `Cost`, "slowest step" or
    "seconds an edition"."""

    of: str
    to: str
    at_most: float | None = None
    by: str = "seconds"


def environment_of(cache: Path) -> dict[str, str]:
    """What every side runs with. Python keeps what it has compiled, as of an installed program, also where somebody has
    told it not to: the plain tools are compiled, too."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
        "PUBLISHER_CACHE": str(cache)
    }


def in_turn(sides: Sequence[Side], cache: Path, runs: int, *, long: bool) -> dict[str, Cost]:
    """What each side costs. A long row's memory is looked at while it is timed, a short one's in a run before."""
    environment = environment_of(cache)
    looked: dict[str, list[Run]] = {side.name: [] for side in sides}
    timed: dict[str, list[Run]] = {side.name: [] for side in sides}
    for number in range(0 if long else -1, runs):
        for side in sides:
            if number < 0 and not side.looked_at:
                continue
            side.before(number)
            if number < 0:
                looked[side.name].append(run(side.steps, environment, 0.02))
            else:
                timed[side.name].append(run(side.steps, environment, 1.0 if long else 0.0))
            side.after(number)
    return {side.name: cost(timed[side.name], looked[side.name]) for side in sides}


def row(
    name: str,
    title: str,
    *,
    sides: Sequence[Side],
    costs: Mapping[str, Cost],
    compared: Sequence[Compared],
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """One row as it stands in the results, but for the day and the load when it began."""
    editions = {side.name: side.editions for side in sides}

    def ratio(one: Compared) -> float:
        amount = _amount(costs[one.of], one, editions[one.of], of=True)
        return float(f"{amount / _amount(costs[one.to], one, editions[one.to]):.3g}")

    def work(one: Compared) -> dict[str, float]:
        """Beside a ratio by the clock that of the work: we use all cores, plain tools one after another use one."""
        if one.by not in ("seconds", "seconds an edition"):
            return {}
        each = [costs[name].processor / editions[name] for name in (one.of, one.to)]
        return {"processor": float(f"{each[0] / each[1]:.3g}")}

    return {
        "name": name,
        "title": title,
        "facts": dict(facts),
        "sides": [{"name": side.name, "what": side.what, **rounded(asdict(costs[side.name]))} for side in sides],
        "ratios": [{**asdict(one), "ratio": ratio(one), **work(one)} for one in compared],
    }


def _amount(of_side: Cost, one: Compared, editions: int, *, of: bool = False) -> float:
    if one.by == "seconds an edition":
        return of_side.seconds / editions
    if one.by == "slowest step":
        return of_side.seconds if of else max(of_side.steps.values())
    return float(getattr(of_side, one.by))


def rounded(value: Any) -> Any:
    """Numbers with as many figures as mean something."""
    match value:
        case float():
            return float(f"{value:.4g}")
        case Mapping():
            return {name: rounded(one) for name, one in value.items()}
        case tuple() | list():
            return [rounded(one) for one in value]
    return value
