"""Conditions as findings, the page that lists them, and our own files, which meet none."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
from matterhorn_pdf import Sample
from matterhorn_spoils import SPOILS

from publisher.model.findings import Severity
from publisher.verification.matterhorn.checking import failures, features
from publisher.verification.matterhorn.findings import conformity

ROOT = Path(__file__).parents[3]
EDITIONS = ("tests/editions/constructs", "tests/editions/arabic", "tests/editions/french", "source/upstream")


def _spoilt(path: Path, *numbers: str) -> Path:
    sample = Sample()
    for number in numbers:
        SPOILS[number](sample)
    sample.pdf.save(path)
    return path


def test_a_finding_names_the_condition_the_place_and_the_clause(tmp_path: Path) -> None:
    (told,) = conformity(_spoilt(tmp_path / "a.pdf", "13-004"))
    assert told.finding.check == "pdfua-13-004"
    assert told.finding.severity is Severity.ERROR
    assert str(told.finding) == (
        "a.pdf: error: a figure has neither an alternative nor words in its place (page 1, Figure); "
        "PDF/UA-1 forbids it in 7.3 (Matterhorn Protocol, 13-004)"
    )


def test_many_places_are_told_in_short(tmp_path: Path) -> None:
    sample = Sample()
    sample.operators += ["0 0 9 9 re f", "EMC BT ET", "0 0 9 9 re f"]
    for called in ("P", "H1", "LBody", "Lbl"):
        sample.say("Figure", sample.elements["Document"], called)
    sample.seal()
    sample.pdf.save(tmp_path / "a.pdf")
    told = {one.finding.check: one.finding.message for one in conformity(tmp_path / "a.pdf")}
    assert "page 1, Figure" in told["pdfua-13-004"]


@pytest.mark.parametrize(("number", "severity"), [("06-001", Severity.WARNING), ("01-005", Severity.ERROR)])
def test_a_file_from_elsewhere_is_held_to_what_it_claims(tmp_path: Path, number: str, severity: Severity) -> None:
    (told,) = conformity(_spoilt(tmp_path / "a.pdf", number), elsewhere=True)
    assert told.finding.severity is severity


def test_the_page_of_conditions_is_that_of_the_catalogue() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "pdf_ua.py"))
    assert tool["PAGE"].read_text(encoding="utf-8") == tool["page"](), "run python tools/pdf_ua.py"


@pytest.mark.parametrize("name", EDITIONS)
def test_our_own_files_meet_no_condition_and_hold_nothing_that_only_people_can_judge(
    name: str, pdfs_of: Callable[[Path], Path]
) -> None:
    made = sorted(pdfs_of(ROOT / name).glob("*.pdf"))
    assert len(made) == 2
    for path in made:
        assert {one.number: one.where for one in failures(path)} == {}
        assert features(path) == ()
