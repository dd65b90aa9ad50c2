"""What pages look like, as far as a file tells: colours, sizes in pictures too, where tables break."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pdf_sample
import pikepdf
import pytest
from pdf_file import Colour, File, Tag

from publisher.formats.pdf.write import write

ROOT = Path(__file__).parents[3]
STYLES = sorted((ROOT / "templates" / "pdf").glob("*.css"))
ENOUGH = 7
"""The contrast of text that WCAG 2.2 asks for at its highest level (success criterion 1.4.6)."""


def _luminance(colour: Colour) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def _contrast(colour: Colour, ground: Colour = (1, 1, 1)) -> float:
    """Of two colours (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module", params=["full.pdf", "full-large-print.pdf"])
def file(request: pytest.FixtureRequest, full: Path) -> File:
    return File(full / request.param)


def test_every_word_stands_out_from_the_paper(file: File) -> None:
    weak = {(run.words, run.colour) for run in file.runs if run.words.strip() and _contrast(run.colour) < ENOUGH}
    assert weak == set()
    assert len({run.colour for run in file.runs}) > (1 if "large" not in str(file.pdf.filename) else 0)


@pytest.mark.parametrize("style", STYLES, ids=lambda one: one.name)
def test_the_style_sheets_name_no_weak_colour_and_no_ground(style: Path) -> None:
    """Links, rules and marks included; and as nothing has a ground, the paper is the ground of all."""
    css = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL)
    for digits in re.findall(r"#([0-9a-fA-F]{3,6})\b(?=[^{}]*[;}])", css):
        whole = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
        colour = tuple(int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4))
        assert _contrast(colour) >= ENOUGH, digits
    assert set(re.findall(r"background(?:-color)?:\s*([^;}]+)", css)) <= {"none"}


def test_the_words_inside_the_map_are_large_in_large_print(pdfs_of: Callable[[Path], Path]) -> None:
    file = File(pdfs_of(ROOT / "source" / "upstream") / "upstream-large-print.pdf")
    (figure,) = file.tree.find("Figure")
    drawn = [run.size for run in file.runs_of(figure) if run.size not in {18.0, 0}]
    assert len(drawn) > 50, "the map was not looked at"
    assert min(run.size for run in file.runs if run.size) >= 17.99


def _rows_by_page(file: File, table: Tag) -> list[int]:
    """How many rows of a table's body stand on each of its pages."""
    first = [min(row.pages) for body in table.find("TBody") for row in body.find("TR")]
    return [first.count(page) for page in sorted(set(first))]


def test_short_tables_stay_whole_and_long_ones_leave_no_row_alone(tmp_path: Path) -> None:
    make = pdf_sample.Maker()
    blocks: list[pdf_sample.Block] = []
    for number in range(24):
        rows = [["A", str(row)] for row in range(4 if number % 4 else 34)]
        blocks += [make.p("The keeper rowed out. " * (6 + number % 7)), make.table("Lamps", ["Lamp", "Lit"], rows)]
    publication = pdf_sample.small(sections=(pdf_sample.Section(None, tuple(blocks)),))
    write(pdf_sample.job(publication, tmp_path))
    for name in ("small.pdf", "small-large-print.pdf"):
        file = File(tmp_path / "out" / name)
        spread = [_rows_by_page(file, table) for table in file.tree.find("Table")]
        assert [len(pages) for pages in spread if sum(pages) == 4] == [1] * 18
        long = [pages for pages in spread if sum(pages) == 34]
        assert max(map(len, long)) > 1, "no table ran over a page"
        assert min(min(pages) for pages in long) > 1


def test_a_link_that_is_a_picture_says_what_the_picture_shows(pdfs_of: Callable[[Path], Path]) -> None:
    with pikepdf.open(pdfs_of(ROOT / "tests" / "editions" / "constructs") / "constructs.pdf") as pdf:
        told = [str(one.Contents) for page in pdf.pages for one in page.obj.get("/Annots", []) if "/Contents" in one]
    assert "white flag" in told
