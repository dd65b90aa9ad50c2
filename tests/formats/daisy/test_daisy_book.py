"""DAISY 2.02 books by the sections of their specification, as they are built.

https://daisy.org/activities/standards/daisy/daisy-2/daisy-format-2-02-specification/
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from publisher.build import Order, build_edition
from publisher.formats.daisy.documents import clock
from publisher.formats.daisy.opening_read import seconds
from publisher.formats.daisy.read import read
from publisher.formats.daisy.smil_read import read_presentation
from publisher.model.findings import InputError
from publisher.store import Store
from publisher.verification.hearing import Reporter
from publisher.verifying.daisy_claims import check_folder

EDITIONS = Path(__file__).parents[2] / "editions"
XHTML = "{http://www.w3.org/1999/xhtml}"
ONCE = (
    *("dc:date", "dc:format", "dc:identifier", "dc:publisher", "dc:title", "ncc:charset", "ncc:pageFront"),
    *("ncc:pageNormal", "ncc:pageSpecial", "ncc:tocItems", "ncc:totalTime", "ncc:footnotes", "ncc:files"),
    *("ncc:generator", "ncc:depth", "ncc:kByteSize", "ncc:multimediaType", "ncc:maxPageNormal", "ncc:setInfo"),
)
"""2.1.2: what stands exactly once, and what may stand once and does."""
ONCE_OR_MORE = ("dc:creator", "dc:language", "ncc:narrator")


def build(name: str, out: Path, formats: tuple[str, ...] = ("daisy",)) -> Path:
    return build_edition(Order(EDITIONS / name, out, Store(out / "store"), formats), lambda *_: None).folder


@pytest.fixture(scope="module", params=["constructs", "minimal", "arabic"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book's folder, its ZIP beside it."""
    folder = build(request.param, tmp_path_factory.mktemp("built"))
    return folder / f"{request.param}-daisy"


@pytest.fixture(scope="module")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("minimal", tmp_path_factory.mktemp("minimal")) / "minimal-daisy"


def metas(root: etree._Element) -> Counter[str]:
    return Counter(meta.get("name") for meta in root.iter("{*}meta") if meta.get("name"))


def test_every_name_can_stand_on_any_card(book: Path) -> None:
    assert [
        one.name for one in book.iterdir() if not re.fullmatch(r"[a-z][a-z0-9]{0,7}\.[a-z0-9]{3,4}", one.name)
    ] == []


def test_the_zip_holds_what_the_folder_holds_and_begins_with_the_navigation(book: Path) -> None:
    with zipfile.ZipFile(book.with_suffix(".zip")) as archive:
        assert archive.namelist()[0] == "ncc.html"
        assert {name: archive.read(name) for name in archive.namelist()} == {
            one.name: one.read_bytes() for one in book.iterdir()
        }


def test_2_1_2_the_navigation_tells_of_the_book_as_often_as_it_may(book: Path) -> None:
    told = metas(etree.parse(str(book / "ncc.html")).getroot())
    assert {name: told[name] for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert all(told[name] >= 1 for name in ONCE_OR_MORE)


def test_2_1_2_sizes_and_counts_are_those_of_the_book(book: Path) -> None:
    facts = {name: values[0] for name, values in read_presentation(book).facts.items()}
    assert int(facts["ncc:files"]) == len(list(book.iterdir()))
    assert int(facts["ncc:kbytesize"]) == -(-sum(one.stat().st_size for one in book.iterdir()) // 1024)


def test_2_1_3_the_navigation_is_headings_and_notes_and_begins_with_the_title(book: Path) -> None:
    body = etree.parse(str(book / "ncc.html")).getroot().find(f"{XHTML}body")
    assert body is not None
    first, *rest = body
    assert (first.tag, first.get("class")) == (f"{XHTML}h1", "title")
    for one in rest:
        kind = (etree.QName(one).localname, one.get("class"))
        assert kind == ("span", "noteref") or re.fullmatch("h[1-6]", kind[0])
    for one in body:
        (link,) = one
        assert one.get("id")
        assert re.fullmatch(r"part\d{4}\.smil#p\d{4}", link.get("href", ""))
    levels = [int(etree.QName(one).localname[1]) for one in body if one.get("class") != "noteref"]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_2_3_each_smil_is_a_seq_of_pars_of_text_and_sound(book: Path) -> None:
    allowed = {
        "par": {"endsync", "id", "system-required"},
        "text": {"src", "id"},
        "audio": {"src", "clip-begin", "clip-end", "id"},
        "seq": {"dur"},
    }
    for path in sorted(book.glob("part*.smil")):
        root = etree.parse(str(path)).getroot()
        body = root.find("body")
        assert body is not None
        (whole,) = body
        assert whole.tag == "seq"
        ids = [one.get("id") for one in root.iter(etree.Element) if one.get("id")]
        assert len(ids) == len(set(ids))
        for par in whole:
            assert [one.tag for one in par] == ["text", "seq"]
            assert [one.tag for one in par[1]] == ["audio"]
            assert par.get("endsync") == "last"
        assert all(set(one.attrib) <= allowed[str(one.tag)] for one in whole.iter(etree.Element))
        told = metas(root)
        assert told == Counter(
            ("dc:format dc:identifier dc:title ncc:generator ncc:totalElapsedTime ncc:timeInThisSmil title").split()
        )


def test_2_4_the_master_smil_names_every_part_in_order(book: Path) -> None:
    refs = [one.get("src") for one in etree.parse(str(book / "master.smil")).iter("ref")]
    assert refs == sorted(one.name for one in book.glob("part*.smil"))


def test_the_folder_reads_as_the_zip_does(book: Path) -> None:
    loose, packed = read(book), read(book.with_suffix(".zip"))
    assert loose.units == packed.units
    assert loose.cues == packed.cues
    assert loose.links == packed.links


def test_notes_can_be_skipped_and_nothing_else(book: Path) -> None:
    played = read_presentation(book)
    shown = [one for part in played.sequences for one in part.shown]
    assert {one.cue.id for one in shown if one.skippable} == {one.cue.id for one in shown if one.cue.id in played.notes}


def test_text_runs_from_right_to_left_where_its_language_does(tmp_path: Path) -> None:
    root = etree.parse(str(build("arabic", tmp_path) / "arabic-daisy" / "content.html")).getroot()
    assert (root.get("dir"), root.get("lang")) == ("rtl", "ar")


def test_two_builds_give_the_same_bytes(minimal: Path, tmp_path: Path) -> None:
    again = build("minimal", tmp_path) / "minimal-daisy"
    assert again.with_suffix(".zip").read_bytes() == minimal.with_suffix(".zip").read_bytes()


def test_a_build_of_another_format_carries_the_book_over(tmp_path: Path) -> None:
    folder = build("minimal", tmp_path)
    before = {one.name: one.read_bytes() for one in (folder / "minimal-daisy").iterdir()}
    build("minimal", tmp_path, ("web",))
    assert {one.name: one.read_bytes() for one in (folder / "minimal-daisy").iterdir()} == before
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'href="minimal-daisy.zip"' in page
    assert "minimal-daisy/" not in page


def differences(book: Path) -> list[tuple[str, str]]:
    found = check_folder(book.with_suffix(".zip"), book, Reporter("book"))
    return [(one.finding.check, one.found or "") for one in found]


def test_a_folder_that_is_not_as_its_zip_is_told(minimal: Path, tmp_path: Path) -> None:
    shutil.copy(minimal.with_suffix(".zip"), tmp_path)
    book = tmp_path / minimal.name
    shutil.copytree(minimal, book)
    assert differences(book) == []
    (book / "daisy.css").write_text("body {}")
    (book / "master.smil").unlink()
    (book / "more.txt").write_text("more")
    assert differences(book) == [
        (check, name)
        for check, name in zip(["daisy-differs"] * 3, ["daisy.css", "master.smil", "more.txt"], strict=True)
    ]


DISC = {
    "NCC.HTML": (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html><head>{meta}'
        '<meta name="dc:title" content="Caf\xe9"/><meta name="ncc:narrator" content="A. Reader"/></head><body>'
        '<h1 class="title" id="a"><a href="Part1.smil#t1">Le caf&eacute; d\xe9sert</a></h1>'
        '<span class="page-normal" id="p"><a href="Part1.smil#t2">1</a></span>'
        '<h2 id="b"><a href="Part1.smil#t3">La mer</a></h2></body></html>'
    ),
    "PART1.SMIL": (
        '<!DOCTYPE smil PUBLIC "-//W3C//DTD SMIL 1.0//EN" "http://www.w3.org/TR/REC-smil/SMIL10.dtd"><smil><head>'
        '<meta name="title" content="Un"/></head><body><seq dur="5s"><par endsync="last">'
        '<text src="ncc.html#a" id="t1"/>'
        '<seq><audio src="a.wav" clip-begin="npt=0s" clip-end="npt=1.5s"/>'
        '<audio src="a.wav" clip-begin="npt=1.5s" clip-end="npt=2s"/></seq></par>'
        '<par><text src="ncc.html#p" id="t2"/><audio src="a.wav" clip-begin="npt=2s" clip-end="npt=3s"/></par>'
        '<par><text src="ncc.html#b" id="t3"/><audio src="a.wav" clip-begin="npt=3s" clip-end="npt=5s"/></par>'
        "</seq></body></smil>"
    ),
}
"""A book as a disc of 2003 has it: headings and pages alone are text, the rest is sound; names in capitals."""


@pytest.mark.parametrize(
    "meta",
    [
        '<meta http-equiv="Content-type" content="text/html; charset=iso-8859-1"/>',
        '<meta http-equiv="Content-type" content="text/html; charset=windows-1252">',
    ],
    ids=["XHTML", "HTML"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "ZIP"])
def test_a_book_of_another_maker_is_read(meta: str, packed: bool, tmp_path: Path) -> None:
    disc = tmp_path / "disc"
    disc.mkdir()
    for name, text in DISC.items():
        (disc / name).write_bytes(text.replace("{meta}", meta).encode("iso-8859-1"))
    if packed:
        with zipfile.ZipFile(tmp_path / "disc.zip", "w") as archive:
            for name in DISC:
                archive.write(disc / name, f"BOOK/{name}")
    found = read(tmp_path / "disc.zip" if packed else disc)
    assert found.metadata == {"title": ("Café",), "narrator": ("A. Reader",)}
    assert [unit.text for unit in found.units] == ["Le café désert", "1", "La mer"]
    assert [(cue.id, cue.begin, cue.end, cue.text) for cue in found.cues] == [
        ("a", 0, 2, "Le café désert"),
        ("p", 2, 3, "1"),
        ("b", 3, 5, "La mer"),
    ]
    assert [(one.title, one.end) for one in found.chapters] == [("Un", 5)]
    assert [(one.text, one.level) for one in found.contents[0].entries] == [("Le café désert", 1), ("La mer", 2)]


@pytest.mark.parametrize("content", [b"", b"no ZIP", None])
def test_what_is_no_book_is_refused_with_what_is_wrong(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "book.zip"
    if content is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "nothing")
    else:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"book\.zip"):
        read(path)


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0, "00:00:00"), (999, "00:00:00.999"), (3_723_500, "01:02:03.500"), (3_600_000, "01:00:00")],
)
def test_clocks_are_written_and_read_to_the_millisecond(milliseconds: int, text: str) -> None:
    assert clock(milliseconds) == text
    assert seconds(text) == pytest.approx(milliseconds / 1000)


@pytest.mark.parametrize(("text", "value"), [("npt=1.5s", 1.5), ("npt=20ms", 0.02), ("2min", 120.0), ("soon", None)])
def test_clock_values_of_smil_1_0_are_read(text: str, value: float | None) -> None:
    assert seconds(text) == value
