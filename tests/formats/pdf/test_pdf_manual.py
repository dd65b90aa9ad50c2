"""A manual that is imported as it is, and the edition with every construct: nothing is lost, nothing is against PDF/UA.

The manual is a short one of those that long_manual.py makes; one of 40,000 words is made and verified by the same code.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from long_manual import write_manual
from pdf_file import File, Tag

from publisher import cli
from publisher.build import read_imprint_of
from publisher.formats.pdf.read import read
from publisher.manuscript.reading import read_edition
from publisher.verification.checks import hold_against, source_of
from publisher.verification.coverage import PDF
from publisher.verification.matterhorn.checking import failures, features

ROOT = Path(__file__).parents[3]
CONSTRUCTS = ROOT / "tests" / "editions" / "constructs"
PRINTS = ("", "-large-print")


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manual")
    write_manual(folder, 2_200)
    assert cli.main(["import", "--source", str(folder / "source"), str(folder / "manual.md"), "manual"]) == 0
    return folder / "source" / "manual"


def test_an_imported_manual_is_whole_and_meets_no_condition(manual: Path, pdfs_of: Callable[[Path], Path]) -> None:
    source = source_of(read_edition(manual, read_imprint_of(manual)[0]).publication)
    for suffix in PRINTS:
        path = pdfs_of(manual) / f"manual{suffix}.pdf"
        comparison = hold_against(read(path), source, PDF)
        assert [finding.message for finding in comparison.findings] == []
        assert {unit.id for unit in comparison.expected} <= set(comparison.places)
        assert {one.number: one.where for one in failures(path)} == {}
        assert features(path) == ()


@pytest.fixture(scope="module", params=PRINTS, ids=["print", "large-print"])
def constructs(request: pytest.FixtureRequest, pdfs_of: Callable[[Path], Path]) -> File:
    return File(pdfs_of(CONSTRUCTS) / f"constructs{request.param}.pdf")


def by_id(file: File, id: str) -> Tag:
    (found,) = [tag for tag in file.tree.walk() if tag.get("/ID") == id]
    return found


def test_a_table_with_heads_on_two_axes_is_one_over_its_pages(constructs: File) -> None:
    table = by_id(constructs, "tbl-night")
    assert len(table.pages) > 1
    assert [tag.role for tag in table.kids if isinstance(tag, Tag)] == ["Caption", "THead", "TBody"]
    rows = table.find("TR")
    assert len(rows) == 41
    assert [str(cell.attribute("/Scope")) for cell in rows[0].find("TH")] == ["/Column"] * 3
    for row in rows[1:]:
        assert row.outline == "TR(TH(P) TD(P) TD(P))"
        assert str(row.find("TH")[0].attribute("/Scope")) == "/Row"
    painted = [run for run in constructs.runs if run.words.strip() == "Wind"]
    assert [run.artifact for run in painted] == [False] + [True] * (len(table.pages) - 1), "heads that are shown again"


def test_words_that_a_link_leads_to_are_an_element(constructs: File) -> None:
    anchor = by_id(constructs, "own-anchor")
    assert (anchor.role, anchor.text) == ("Span", "anchor of one’s own")


def test_no_letter_of_every_construct_is_small_in_large_print(constructs: File) -> None:
    least = 17.99 if "large" in str(constructs.pdf.filename) else 4
    assert [run.words for run in constructs.runs if run.words.strip() and 0 < run.size < least] == []


def test_cells_under_heads_that_span_name_them(constructs: File) -> None:
    (table,) = [tag for tag in constructs.tree.find("Table") if "Argand" in tag.text]
    heads = {tag.get("/ID"): tag.text.strip() for tag in table.find("TH")}
    told = {cell.text.strip(): [heads[str(id)] for id in cell.attribute("/Headers")] for cell in table.find("TD")}
    assert told["later gas"] == ["Fuel"]
    assert told["All of them went out in 1951"] == ["Lamp", "Fuel", "Faults"]


def test_links_in_superscripts_are_links(constructs: File) -> None:
    (paragraph,) = [tag for tag in constructs.tree.find("P") if tag.text.startswith("The night of 4 March 1871 was")]
    assert [tag.text for tag in paragraph.find("Link") if "6" not in tag.text] == ["the log", "sheet 9"]
    assert [tag.text.strip("()") for tag in paragraph.find("Reference")] == ["6"]


def test_lists_of_paragraphs_nest_in_bodies(constructs: File) -> None:
    items = constructs.tree.find("LI")
    (item,) = [tag for tag in items if tag.find("LBody")[0].find("P")[0].text.startswith("Forward stood")]
    assert item.outline == "LI(Lbl LBody(P P L(LI(Lbl LBody(P P)) LI(Lbl LBody(P)))))"
    assert str(item.find("L")[0].attribute("/ListNumbering")) == "/Decimal"


def test_lists_say_how_they_are_numbered(constructs: File) -> None:
    told = {str(tag.attribute("/ListNumbering")) for tag in constructs.tree.find("L")}
    assert told == {"/Disc", "/Decimal", "/LowerAlpha", "/LowerRoman", "/None"}
