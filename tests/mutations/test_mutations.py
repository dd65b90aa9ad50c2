"""A few mutants of every operator are caught by the right check; `make mutate` hunts many more."""

from __future__ import annotations

from pathlib import Path

import pytest
from document_operators import DOCUMENT_OPERATORS
from editions import subjects
from metadata_operators import METADATA_OPERATORS, PACKAGE_OPERATORS
from mutants import Operator, Subject, hunt

OPERATORS = (*DOCUMENT_OPERATORS, *METADATA_OPERATORS, *PACKAGE_OPERATORS)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Subject]:
    return list(subjects("constructs", tmp_path_factory.mktemp("build"), ["web"]))


@pytest.mark.parametrize("edition", ["constructs", "minimal", "french", "arabic"])
def test_pages_as_built_have_no_finding(edition: str, tmp_path: Path) -> None:
    found = {one.path.name: one.checks(one.path) for one in subjects(edition, tmp_path, ["web"])}
    assert found == {"index.html": set(), "plain.html": set()}


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_every_mutant_is_caught_by_the_right_check(operator: Operator, pages: list[Subject], tmp_path: Path) -> None:
    tally = hunt(pages, [("html", operator)], tmp_path, times=1, seed=7)
    assert tally.survivors == []


def test_most_operators_find_something_to_spoil(pages: list[Subject], tmp_path: Path) -> None:
    tally = hunt(pages[:1], [("html", operator) for operator in OPERATORS], tmp_path, times=1, seed=7)
    assert len({name for name, _ in tally.made}) > 70
