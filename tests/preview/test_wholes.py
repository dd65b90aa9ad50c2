"""Whole builds in a process of their own: how they end, by themselves and by others."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue

import pytest
from preview_sample import edit, write_edition

from publisher.build import Built, Order
from publisher.model.findings import FindingsError
from publisher.preview.wholes import Outcome, Whole
from publisher.store import Store


@pytest.fixture
def order(tmp_path: Path) -> Order:
    folder = write_edition(tmp_path / "source")
    return Order(folder, tmp_path / "build", Store(tmp_path / "store"), formats=("web",))


def test_a_build_tells_what_it_does_and_what_came_of_it(order: Order) -> None:
    doing: list[str] = []
    done: SimpleQueue[Outcome] = SimpleQueue()
    Whole(order, doing.append, done.put)
    built = done.get(timeout=120)
    assert isinstance(built, Built)
    assert "index.html" in built.files
    assert doing == ["reading", "writing web", "reading back", "publishing"]


def test_findings_travel_whole(order: Order) -> None:
    edit(order.folder / "article.md", "paid half.", "paid a third.")
    done: SimpleQueue[Outcome] = SimpleQueue()
    Whole(order, lambda _: None, done.put)
    problem = done.get(timeout=120)
    assert isinstance(problem, FindingsError)
    assert [finding.check for finding in problem.findings] == ["anchor-orphaned"]
    assert problem.findings[0].position is not None
    assert not (order.out / "bridge").exists()


def test_a_build_that_is_ended_leaves_nothing_and_says_nothing(order: Order) -> None:
    doing: SimpleQueue[str] = SimpleQueue()
    done: SimpleQueue[Outcome] = SimpleQueue()
    whole = Whole(order, doing.put, done.put)
    assert doing.get(timeout=120) == "reading"
    whole.end()
    assert done.empty()
    assert list(order.out.iterdir()) == []
