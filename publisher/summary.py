"""The line at the end of a build of several editions, wherever they were built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def summary(results: Sequence[Mapping[str, Any]]) -> str:
    """How many editions there were, and which of them failed. A result has a `name`, and an `error`, or `changed`."""
    failed = [result["name"] for result in results if "error" in result]
    made = sum(bool(result.get("changed")) for result in results)
    told = [f"{made} built", f"{len(results) - made - len(failed)} unchanged"]
    if failed:
        told.append(f"{len(failed)} failed: {', '.join(failed)}")
    return f"{len(results)} editions: {', '.join(told)}"
