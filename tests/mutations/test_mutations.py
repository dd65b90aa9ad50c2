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
    column: ("french", (f"french{COLUMNS[column][1]}",))
    if column in SOUNDING
    else ("constructs", (f"constructs{COLUMNS[column][1]}",))
    for column in COLUMNS
} | {"html": ("constructs", ("index.html", "plain.html"))}
"""By column, the files of the test editions in which everything can go wrong that is looked for here."""

NOTHING_TO_SPOIL: dict[str, dict[str, str]] = {
    "html": dict.fromkeys(
        ("title dropped", "creator dropped", "language dropped"), "the page says it in HTML's own words too"
    )
}
"""By column, the operators that find nothing to spoil in its files, and why."""


@pytest.mark.parametrize("column", COLUMNS)
def test_a_mutant_of_every_operator_is_killed_by_the_right_check(column: str, tmp_path: Path) -> None:
    edition, names = SAMPLE[column]
    workshop = Workshop(folder_of(edition), tmp_path)
    workshop.build([column])
    tally = Tally()
    with closing(workshop):
        for name in names:
            subject = workshop.subject(name, column)
            for operator in operators_of(column):
                tally.add(hunt(subject, operator, tmp_path / "mutants", times=1, seed=7))
        for seed in range(8, 14):  # what an operator trips is chance, where there are several checks
            for operator in operators_of(column):
                if not set(operator.expects) <= set(tally.checks[column]):
                    tally.add(hunt(subject, operator, tmp_path / "mutants", times=1, seed=seed))
    assert tally.survivors == []
    spared = {operator.name for operator in operators_of(column)} - {name for name, _ in tally.made}
    assert spared == NOTHING_TO_SPOIL.get(column, {}).keys()
    assert set(tally.checks[column]) >= {check for one in operators_of(column) for check in one.expects}


def test_what_stands_for_facts_that_an_edition_lacks_is_held_to(tmp_path: Path) -> None:
    """DAISY wants a creator and a date, and a line for the part before the first heading; `minimal` has none."""
    workshop = Workshop(folder_of("minimal"), tmp_path)
    workshop.build(["daisy"])
    tally = Tally()
    with closing(workshop):
        subject = workshop.subject("minimal-daisy.zip", "daisy")
        assert subject.checks(subject.path) == set()
        for operator in operators_of("daisy"):
            if operator.name in ("creator dropped", "date altered", "heading of the navigation altered"):
                tally.add(hunt(subject, operator, tmp_path / "mutants", times=1, seed=7))
    assert tally.survivors == []
    assert sum(tally.made.values()) == 3


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


def test_the_table_in_the_docs_is_of_a_hunt_in_which_nothing_survived() -> None:
    page = (ROOT / "docs" / "reference" / "mutations.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in re.findall(r"^\| .*/.*\|$", page, re.M)]
    assert {row[0] for row in rows} <= {one.name for column in COLUMNS for one in operators_of(column)} | {"all"}
    cells = [tuple(map(int, cell.split("/"))) for row in rows if row[0] != "all" for cell in row[1:] if cell]
    assert all(killed == made for killed, made in cells)
    assert sum(made for _, made in cells) >= 1000
    assert len(rows) > 25


_ACTIVE = "tests/verification/test_active.py"
_CLAIMS = "tests/formats/epub/test_epub_claims.py"
_CONFORMANCE = "tests/verification/test_conformance.py"
_TRANSCRIPTS = "tests/test_transcripts.py"
_VERIFY = "tests/test_verify.py"
_VOICES = "tests/verification/test_hearing_voices.py"
PROVEN_ELSEWHERE: dict[str, tuple[str, str]] = {
    "accessibility-barrier": (_CLAIMS, "accessibility-barrier"),
    "accessibility-conformance": (_CLAIMS, "accessibility-conformance"),
    "accessibility-discovery": (_CLAIMS, "accessibility-discovery"),
    "accessibility-locked": (_CLAIMS, "accessibility-locked"),
    "accessibility-overlay": (_CLAIMS, "accessibility-overlay"),
    "accessibility-pages": (_CLAIMS, "accessibility-pages"),
    "active-content": (_ACTIVE, "test_a_page_that_runs_is_told"),
    "artefact-missing": (_VERIFY, "test_a_missing_file_is_told"),
    "artefact-not-verified": (_VERIFY, "test_a_file_that_nothing_reads_is_not_verified"),
    "artefact-tampered": (_VERIFY, "test_a_changed_file_is_told_with_what_changed"),
    "artefact-unlisted": (_VERIFY, "test_a_file_that_no_build_made_is_told"),
    "audio-second-opinion": (_VOICES, "test_with_a_second_opinion_it_is_measured"),
    "audio-unheard": (_VOICES, "test_on_another_machine_a_service_can_be_held_against_nothing"),
    "audio-unrecognised": ("tests/verification/test_second_opinion.py", "test_a_muted_sentence_is_doubted"),
    "claim-disagrees": ("tests/verification/test_claims_in_step.py", "claim-disagrees"),
    "claim-missing": (_CLAIMS, "test_what_is_there_for_certain_is_missed_where_it_is_not_claimed"),
    "claim-unfounded": (_CLAIMS, "claim-unfounded"),
    "claim-unknown": (_CLAIMS, "claim-unknown"),
    "claim-unproven": (_CLAIMS, "claim-unproven"),
    "conformance-ace": (_CONFORMANCE, "test_ace_is_understood"),
    "conformance-epubcheck": (_CONFORMANCE, "test_what_is_said_keeps_its_weight_its_rule_and_its_place"),
    "conformance-failed": (_CONFORMANCE, "test_who_hangs_crashes_or_talks_nonsense_is_said_to_have_failed"),
    "conformance-not-run": (_CONFORMANCE, "test_who_is_not_there_is_said_to_be_missing"),
    "conformance-nu": (_CONFORMANCE, "test_the_nu_checker_is_understood_and_gets_the_page_over_http"),
    "conformance-verapdf": (_CONFORMANCE, "test_verapdf_is_understood"),
    "daisy-differs": ("tests/formats/daisy/test_daisy_book.py", "test_a_folder_that_is_not_as_its_zip_is_told"),
    "edition-stale": (_VERIFY, "test_a_source_that_changed_since_is_told"),
    "markup-unstable": (_ACTIVE, "test_a_page_that_changes_when_it_is_read_again_is_told"),
    "part-missing": (_VERIFY, "test_a_file_from_elsewhere_is_held_against_the_source"),
    "transcript-link": (_TRANSCRIPTS, "transcript-link"),
    "transcript-time": (_TRANSCRIPTS, "transcript-time"),
}
"""The checks that no operator here trips, as they are not about what a file says, each with the test that trips it: its
file, and its name or the check's own among that file's cases."""


def test_every_check_of_files_and_sound_has_a_mutant_or_a_test_that_trips_it() -> None:
    findings = (ROOT / "docs" / "reference" / "findings.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", findings, re.M | re.S))
    rows = [row for name in ("Sound", "Files") for row in re.findall(r"^\| (`.*?) \|", sections[name], re.M)]
    known = {check for row in rows for check in re.findall(r"`([a-z0-9-]+)`", row)}
    mutated = {check for column in COLUMNS for operator in operators_of(column) for check in operator.expects}
    assert mutated <= known
    assert known - mutated == PROVEN_ELSEWHERE.keys()
    for check, (path, name) in PROVEN_ELSEWHERE.items():
        text = (ROOT / path).read_text(encoding="utf-8")
        assert (check if name == check else f"def {name}(") in text, f"{path} says nothing of {name}"
