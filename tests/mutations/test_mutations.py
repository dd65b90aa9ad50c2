"""A mutant of every operator is caught by the right check; `make mutate` hunts many more."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from editions import COLUMNS, ROOT, SOUNDING, Workshop, every_edition, folder_of
from hunting import hunt_all, operators_of
from mutants import Tally, hunt

from publisher.model.findings import InputError

SAMPLE = {
    column: ("french", f"french{COLUMNS[column][1]}") if column in SOUNDING else ("constructs", f"constructs.{column}")
    for column in COLUMNS
} | {"html": ("constructs", "index.html")}
"""By column, the file of the test editions in which everything can go wrong that is looked for here."""

NOTHING_TO_SPOIL: dict[str, dict[str, str]] = {}
"""By column, the operators that find nothing to spoil in its file, and why."""


@pytest.mark.parametrize("column", COLUMNS)
def test_a_mutant_of_every_operator_is_killed_by_the_right_check(column: str, tmp_path: Path) -> None:
    edition, name = SAMPLE[column]
    workshop = Workshop(folder_of(edition), tmp_path)
    workshop.build([column])
    tally = Tally()
    with closing(workshop):
        subject = workshop.subject(name, column)
        for operator in operators_of(column):
            tally.add(hunt(subject, operator, tmp_path / "mutants", times=1, seed=7))
    assert tally.survivors == []
    spared = {operator.name for operator in operators_of(column)} - {name for name, _ in tally.made}
    assert spared == NOTHING_TO_SPOIL.get(column, {}).keys()
    assert set(tally.checks[column]) >= {check for one in operators_of(column) for check in one.expects if one}


@pytest.mark.parametrize("folder", every_edition(), ids=lambda folder: folder.name)
def test_pages_as_built_have_no_finding(folder: Path, tmp_path: Path) -> None:
    workshop = Workshop(folder.resolve(), tmp_path)
    workshop.build(["html"])
    subjects = [workshop.subject(name, column) for name, column in workshop.artefacts(["html"])]
    assert {one.path.name: one.checks(one.path) for one in subjects} == {"index.html": set(), "plain.html": set()}


def test_what_a_hunt_brings_in_does_not_depend_on_how_many_hunt(tmp_path: Path) -> None:
    workshop = Workshop(folder_of("minimal"), tmp_path)
    workshop.build(["html"])
    bags = [hunt_all([workshop], ["html"], lambda *_: None, only="word", jobs=jobs) for jobs in (1, 2)]
    assert bags[0] == bags[1]
    assert sum(bags[0].tally.made.values()) > 0


def test_an_edition_is_found_by_its_name_or_its_folder(tmp_path: Path) -> None:
    assert folder_of("constructs") == ROOT / "tests" / "editions" / "constructs"
    assert folder_of(str(ROOT / "source" / "upstream")).resolve() == ROOT / "source" / "upstream"
    with pytest.raises(InputError, match="no edition"):
        folder_of(str(tmp_path / "nowhere"))


PROVEN_ELSEWHERE: dict[str, str] = {}
"""By check, the test that shows what trips it: it is not about what a file says."""


def test_every_check_of_files_and_sound_has_a_mutant_or_a_test_that_trips_it() -> None:
    findings = (ROOT / "docs" / "reference" / "findings.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", findings, re.M | re.S))
    rows = [row for name in ("Sound", "Files") for row in re.findall(r"^\| (`.*?) \|", sections[name], re.M)]
    known = {check for row in rows for check in re.findall(r"`([a-z0-9-]+)`", row)}
    mutated = {check for column in COLUMNS for operator in operators_of(column) for check in operator.expects}
    assert mutated <= known
    assert known - mutated == PROVEN_ELSEWHERE.keys()
    for check, test in PROVEN_ELSEWHERE.items():
        path, _, function = test.partition("::")
        body = (ROOT / path).read_text(encoding="utf-8").partition(f"def {function}(")[2].partition("\ndef ")[0]
        assert check in body, f"{test} says nothing of {check}"
