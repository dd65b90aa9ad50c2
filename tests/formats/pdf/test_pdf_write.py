from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pdf_sample
import pikepdf
import pytest
from pdf_file import File

from publisher.formats.pdf import engine
from publisher.formats.pdf.read import read
from publisher.formats.pdf.write import write
from publisher.model.findings import EngineError, InputError
from publisher.model.limits import Limits
from publisher.model.publication import Imprint

A4 = (595, 842)
LETTER = (612, 792)


@pytest.fixture(scope="module")
def print_file(full: Path) -> File:
    return File(full / "full.pdf")


@pytest.fixture(scope="module")
def large_file(full: Path) -> File:
    return File(full / "full-large-print.pdf")


def said(file: File) -> list[str]:
    """All words of the content, in the logical order."""
    return file.tree.text.split()


def test_both_pdfs_are_written_and_their_pages_counted(tmp_path: Path) -> None:
    artefacts = write(pdf_sample.job(pdf_sample.small(), tmp_path))
    assert [artefact.name for artefact in artefacts] == ["small.pdf", "small-large-print.pdf"]
    for artefact in artefacts:
        with pikepdf.open(tmp_path / "out" / artefact.name) as pdf:
            assert artefact.pages == len(pdf.pages)


def test_the_words_of_every_construct_are_in_the_tree(print_file: File) -> None:
    text = " ".join(print_file.tree.text.split())
    for words in (
        "What one light cost",
        "Illustrator: Bram Okafor",
        "It begins without a heading.",
        "Ship 59",
        "whale oil, until 1846;",
        "Fresnel lens",
        "Its second paragraph.",
        "And for the keeper.",
        "Nobody ever thanked a lamp.",
        "كان الحارس يكتب بالعربية أحيانًا.",
        "Plain note 6.",
        "Every note is signed.",
        "Lamps of the northern coast",
    ):
        assert words in text


def test_both_pdfs_say_the_same_in_the_same_order(print_file: File, large_file: File) -> None:
    def words(file: File) -> str:
        contents = {id(tag) for toc in file.tree.find("TOC") for tag in toc.walk()}
        letters = "".join(tag.own_text for tag in file.tree.walk() if id(tag) not in contents)
        return re.sub(r"[\s.:;•]|[()](?=\d|\W)|(?<=\d)\)", "", letters)

    assert words(print_file) == words(large_file)


def test_nothing_in_large_print_is_smaller_than_18_point(large_file: File) -> None:
    small = [(run.page, run.size, run.words) for run in large_file.runs if run.size and run.size < 17.99]
    assert small == []
    assert any(run.artifact for run in large_file.runs), "page numbers were not looked at"


@pytest.mark.parametrize("size", [20, 24])
def test_large_print_may_be_larger_still(tmp_path: Path, size: int, full: Path) -> None:
    publication = replace(pdf_sample.full(tmp_path), imprint=Imprint(large_print=size))
    (large,) = write(pdf_sample.job(publication, tmp_path, part="large-print"))
    assert f"in large print, {size} point and more" in large.purpose
    file = File(tmp_path / "out" / "full-large-print.pdf")
    assert min(run.size for run in file.runs if run.size) >= size - 0.01
    enlarged, printed = (read(path).units for path in (tmp_path / "out" / "full-large-print.pdf", full / "full.pdf"))
    assert [unit.text for unit in enlarged if not unit.furniture] == [
        unit.text for unit in printed if not unit.furniture
    ]


def test_a_size_that_is_no_large_print_is_refused(tmp_path: Path) -> None:
    publication = pdf_sample.small(imprint=Imprint(large_print=14))
    with pytest.raises(InputError, match="large_print 14 is no size of large print; choose 18 to 24"):
        write(pdf_sample.job(publication, tmp_path))


def test_headings_in_large_print_are_20_point_and_more(large_file: File) -> None:
    for tag in large_file.tree.walk():
        if tag.role[0] == "H" and tag.role[1:].isdigit():
            sizes = {run.size for run in large_file.runs_of(tag) if run.words.strip()}
            assert min(sizes) >= 20, tag.text


def test_large_print_has_no_italics_and_divides_no_word(large_file: File) -> None:
    assert not [run.font for run in large_file.runs if "Italic" in run.font or "Oblique" in run.font]
    assert not [run.words for run in large_file.runs if "\u00ad" in run.words]


def test_print_lines_are_of_a_good_length(print_file: File) -> None:
    paragraphs = [tag for tag in print_file.tree.find("P") if tag.text.startswith("The keeper rowed")]
    lines = [kid for tag in paragraphs for kid in tag.kids if isinstance(kid, str)]
    assert max(map(len, lines)) <= 80
    assert sum(map(len, lines)) / len(lines) >= 50


@pytest.mark.parametrize(("name", "size"), [("A4", A4), ("letter", LETTER)])
def test_the_imprint_chooses_the_page_size(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    publication = pdf_sample.small(imprint=Imprint(page_size=name))
    write(pdf_sample.job(publication, tmp_path))
    for file in ("small.pdf", "small-large-print.pdf"):
        with pikepdf.open(tmp_path / "out" / file) as pdf:
            boxes = {tuple(round(float(length)) for length in page.mediabox) for page in pdf.pages}
        assert boxes == {(0, 0, *size)}


def test_an_unknown_page_size_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    publication = pdf_sample.small(imprint=Imprint(page_size="octavo"))
    with pytest.raises(InputError, match="page_size octavo is unknown; choose one of A4"):
        write(pdf_sample.job(publication, tmp_path))


def test_a_missing_pango_is_told_in_one_line_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(f"cannot load library 'libpango-1.0-0' for {name}\n\nAdditionally, a long text")

    monkeypatch.setattr(engine, "import_module", missing)
    with pytest.raises(InputError) as raised:
        write(pdf_sample.job(pdf_sample.small(), tmp_path))
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not list((tmp_path / "out").iterdir())


SCRIPT = """
import hashlib, pathlib, sys
sys.path.insert(0, sys.argv[1])
import pdf_sample
from publisher.formats.pdf.read import read
from publisher.formats.pdf.write import write
folder = pathlib.Path(sys.argv[2])
folder.mkdir()
for artefact in write(pdf_sample.job(pdf_sample.full(folder, rows=8, notes=2), folder)):
    print(hashlib.sha256((folder / "out" / artefact.name).read_bytes()).hexdigest())
"""


def test_the_same_edition_gives_the_same_bytes_in_two_processes_and_folders(tmp_path: Path) -> None:
    def digests(name: str, seed: str, epoch: str | None) -> list[str]:
        environment = {"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
        if epoch is not None:
            environment["SOURCE_DATE_EPOCH"] = epoch
        command = [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), str(tmp_path / name)]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.split()

    first = digests("one", "1", None)
    assert len(first) == 2
    assert digests("two", "2", "1234567890") == first


def test_an_edition_without_a_date_is_the_same_every_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    publication = pdf_sample.small()
    publication = replace(publication, metadata=replace(publication.metadata, date=None))
    job = pdf_sample.job(publication, tmp_path, part="print")
    path = tmp_path / "out" / "small.pdf"
    write(job)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    write(job)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_what_the_environment_said_stands_again_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "77")
    with engine.epoch(date(2026, 11, 20)):
        assert engine.os.environ["SOURCE_DATE_EPOCH"] == "1795132800"
    assert engine.os.environ["SOURCE_DATE_EPOCH"] == "77"


def test_quotations_too_deep_for_weasyprint_are_told_in_a_line(tmp_path: Path) -> None:
    make = pdf_sample.Maker()
    block: pdf_sample.Block = make.p("Deep down.")
    for number in range(200):
        block = pdf_sample.Quotation(id=f"q-{number}", lang="en-GB", position=pdf_sample.HERE, blocks=(block,))
    publication = pdf_sample.small(sections=(pdf_sample.Section(None, (block,)),))
    with pytest.raises(EngineError, match="nested too deeply; flatten"):
        write(pdf_sample.job(publication, tmp_path))
    assert not list((tmp_path / "out").iterdir())


def test_characters_that_no_font_has_are_told_once_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    publication = pdf_sample.small()
    metadata = replace(publication.metadata, title="A \U000f1234 and \U000f1234 title")
    publication = replace(publication, metadata=metadata)
    for artefact in write(pdf_sample.job(publication, tmp_path)):
        (finding,) = artefact.findings
        assert (finding.check, finding.where) == ("glyph-missing", artefact.name)
        assert finding.message.startswith(
            "no font has \U000f1234 (U+F1234): boxes stand for them; install one, add a font"
        )
    assert "weasyprint" not in capfd.readouterr().err


def test_nothing_is_told_where_every_character_has_a_glyph(tmp_path: Path) -> None:
    assert [artefact.findings for artefact in write(pdf_sample.job(pdf_sample.small(), tmp_path))] == [(), ()]


@pytest.mark.parametrize(("setting", "words"), [("seconds", "not laid out after 1 seconds"), ("memory", "over 64 MB")])
def test_what_cannot_be_laid_out_within_its_allowance_is_told_with_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, words: str
) -> None:
    def without_end(*_: object) -> None:
        kept = []
        while True:
            if setting == "memory":
                kept.append(bytearray(16 << 20))

    monkeypatch.setattr("publisher.formats.pdf.layout.lay_out", without_end)
    monkeypatch.setattr("publisher.formats.pdf.write.LETTERS_A_SECOND", 1e9)
    monkeypatch.setattr("publisher.formats.pdf.write.MEMORY_A_LETTER", 0)
    publication = pdf_sample.full(tmp_path)
    imprint = replace(publication.imprint, limits=Limits(seconds=1 if setting == "seconds" else 60, memory=64))
    with pytest.raises(EngineError, match=rf"WeasyPrint: too complex: .*{words}.*raise `limits: {setting}` in imprint"):
        write(pdf_sample.job(replace(publication, imprint=imprint), tmp_path))
    assert not list(tmp_path.rglob("*.pdf"))
