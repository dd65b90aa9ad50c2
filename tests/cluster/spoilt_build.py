"""What a spoilt worker has done in the process that it holds, in the place of the build: the build, spoilt."""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path

from publisher.build import Built, Order
from publisher.cluster import tasks
from publisher.cluster.remote import Tree

_own = tasks._build_here


@cache
def _spoil() -> None:
    runpy.run_path(str(Path(__file__).with_name("spoiling.py")), {"BUILDING": True})


def build_here(order: Order, behind: Tree | None) -> Built:
    _spoil()
    return _own(order, behind)
