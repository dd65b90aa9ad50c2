"""Fonts with predefined CMaps: decided where the machine has their tables, and told where it has not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matterhorn_fonts as fonts
import pytest
from matterhorn_pdf import Sample
from matterhorn_spoils import cmap
from pikepdf import Dictionary, Name

from publisher.model.findings import Severity
from publisher.verification.matterhorn import cmaps
from publisher.verification.matterhorn.checking import examine
from publisher.verification.matterhorn.findings import conformity

HORIZONTAL = """%!PS-Adobe-3.0 Resource-CMap
/CIDSystemInfo 3 dict dup begin /Registry (Adobe) def /Ordering (Japan1) def /Supplement 5 def end def
/CMapName /UniJIS-UTF16-H def /WMode 0 def
1 begincodespacerange <0000> <d7ff> endcodespacerange
1 begincidchar <0041> 1 endcidchar
2 begincidrange <0042> <0042> 2 <0050> <0052> 9 endcidrange
endcmap"""
VERTICAL = (
    "/UniJIS-UTF16-H usecmap /CMapName /UniJIS-UTF16-V def /WMode 1 def 1 begincidchar <0043> 2 endcidchar endcmap"
)


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cMap" / "Adobe-Japan1"
    folder.mkdir(parents=True)
    (folder / "UniJIS-UTF16-H").write_text(HORIZONTAL)
    (folder / "UniJIS-UTF16-V").write_text(VERTICAL)
    monkeypatch.setattr(cmaps, "TABLES", (str(folder.parent),))
    return folder


@pytest.fixture
def no_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cmaps, "TABLES", (str(tmp_path / "nowhere"),))


def _japanese(sample: Sample, codes: str, encoding: str = "UniJIS-UTF16-H") -> Any:
    font = fonts.composite(sample.pdf)
    font.Encoding = Name(f"/{encoding}")
    font.DescendantFonts[0].CIDSystemInfo = Dictionary(Registry="Adobe", Ordering="Japan1", Supplement=6)
    del font.ToUnicode
    sample.use(font, codes)
    return font


def _save(sample: Sample, tmp_path: Path) -> Path:
    sample.pdf.save(tmp_path / "a.pdf")
    return tmp_path / "a.pdf"


@pytest.mark.parametrize(
    ("encoding", "codes"), [("UniJIS-UTF16-H", "<00410042>"), ("UniJIS-UTF16-V", "<004100420043>")]
)
@pytest.mark.usefixtures("tables")
def test_glyphs_are_found_through_the_table_of_a_predefined_cmap(encoding: str, codes: str, tmp_path: Path) -> None:
    sample = Sample()
    _japanese(sample, codes, encoding)
    examined = examine(_save(sample, tmp_path))
    assert (examined.failures, examined.undecided) == ((), ())


@pytest.mark.parametrize(
    ("number", "codes"), [("31-011", "<00410051>"), ("31-030", "<00410060>"), ("31-016", "<0042>")]
)
@pytest.mark.usefixtures("tables")
def test_faults_are_found_through_the_table_of_a_predefined_cmap(number: str, codes: str, tmp_path: Path) -> None:
    sample = Sample()
    font = _japanese(sample, codes)
    if number == "31-016":
        font.DescendantFonts[0].W[1][2] = 710
    examined = examine(_save(sample, tmp_path))
    assert ([failure.number for failure in examined.failures], examined.undecided) == ([number], ())


@pytest.mark.usefixtures("no_tables")
def test_what_cannot_be_decided_without_the_table_is_told(tmp_path: Path) -> None:
    sample = Sample()
    _japanese(sample, "<00410051>")
    path = _save(sample, tmp_path)
    assert examine(path).failures == ()
    (told,) = conformity(path)
    assert (told.finding.check, told.finding.severity) == ("pdfua-undecided", Severity.WARNING)
    assert told.finding.message == (
        "31-011, 31-016 and 31-030 of the Matterhorn Protocol are not decided for fonts with predefined CMaps (page 1, "
        "ABCDEF+Tiny, UniJIS-UTF16-H), whose tables are not on this machine; install poppler-data and verify again"
    )


def test_an_embedded_cmap_that_uses_a_predefined_one_needs_its_table(tables: Path, tmp_path: Path) -> None:
    def made() -> Path:
        sample = Sample()
        font = _japanese(sample, "<00410042>")
        own = ("Adobe", "Japan1", 6)
        cmap(sample, font, body="/UniJIS-UTF16-H usecmap", own=own, UseCMap=Name("/UniJIS-UTF16-H"))
        font.Encoding.write(b"begincmap /UniJIS-UTF16-H usecmap 1 begincidchar <0042> 2 endcidchar endcmap")
        return _save(sample, tmp_path)

    assert examine(made()).undecided == ()
    cmaps.TABLES = (str(tables / "nowhere"),)
    assert examine(made()).undecided == ("page 1, ABCDEF+Tiny, UniJIS-UTF16-H",)


def test_a_table_whose_own_parent_is_missing_is_none(tables: Path) -> None:
    (tables / "UniJIS-UTF16-H").unlink()
    assert cmaps.predefined("UniJIS-UTF16-V") is None
