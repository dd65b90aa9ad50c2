"""`publisher build --executor dask`: what the user typed in, lines and an exit status out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from publisher.cluster.driving import Request, build_on_cluster
from publisher.cluster.remote import Place, place
from publisher.cluster.shelf import update_catalogue_at
from publisher.cluster.tasks import Choices, Outcome
from publisher.model.findings import Finding
from publisher.store import CACHE
from publisher.summary import summary


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user typed: the scheduler's address, folders or addresses, the editions (none for all), the choices."""

    scheduler: str
    source: str
    out: str
    named: tuple[str, ...]
    chosen: Choices


def build(asked: Asked, say: Callable[[Sequence[Finding]], None], *, as_json: bool, explain: bool) -> int:
    """Build on the workers of a scheduler; the exit status, the worst of any edition's. `say` tells findings;
    with `explain` it is told of each artefact why it was made, or was not.

    Raises what `build_on_cluster` and `update_catalogue_at` raise.
    """
    # A store that nobody named is each worker's own.
    store = os.environ.get(CACHE, "")
    choices = replace(
        asked.chosen,
        store=str(_everywhere(store)) if store else "",
        epoch=os.environ.get("SOURCE_DATE_EPOCH"),
    )
    # The source stays as it was typed, since findings name it so.
    request = Request(asked.scheduler, place(asked.source), _everywhere(asked.out), asked.named, choices)
    out = asked.out if isinstance(request.out, Path) else str(request.out)

    def show(outcome: Outcome, done: int, of: int) -> None:
        count = f"({done} of {of})"
        if outcome.error:
            say(outcome.findings) if outcome.findings else print(outcome.error, file=sys.stderr)
            print(f"{outcome.name}: failed {count}", file=sys.stderr)
        elif not as_json:
            say(outcome.findings)
            for reason in outcome.reasons if explain else ():
                print(f"{outcome.name}: {reason}")
            told = f"{len(outcome.files)} files in {out}/{outcome.name}" if outcome.fresh else "nothing changed"
            print(f"{outcome.name}: {told} {count}", flush=True)

    def told(outcomes: Sequence[Outcome]) -> None:
        results = [_as_data(outcome, out, explain=explain) for outcome in outcomes]
        if as_json:
            print(json.dumps({"editions": results}, ensure_ascii=False, indent=1), flush=True)
        elif len(results) > 1:
            print(summary(results), flush=True)

    outcomes = build_on_cluster(request, show, told, partial(update_catalogue_at, request.out))
    return max((outcome.exit_status for outcome in outcomes), default=0)


def _everywhere(text: str) -> Place:
    """A folder by its whole path: a worker stands elsewhere."""
    where = place(text)
    return where.absolute() if isinstance(where, Path) else where


def _as_data(outcome: Outcome, out: str, *, explain: bool) -> dict[str, Any]:
    if outcome.error:
        return {"name": outcome.name, "error": outcome.error}
    findings = [str(finding) for finding in outcome.findings]
    told = {"name": outcome.name, "folder": f"{out}/{outcome.name}", "files": outcome.files, "changed": outcome.fresh}
    reasons = {"reasons": [asdict(reason) for reason in outcome.reasons]} if explain else {}
    return told | {"findings": findings, "worker": outcome.worker} | reasons
