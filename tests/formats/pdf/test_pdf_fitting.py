"""Tables and words that are too broad for a page: what is marked, what pages show of it, and that the tags stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pdf_sample
import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_file import File

from publisher.formats.pdf.document import PAGE_SIZES, make_document
from publisher.formats.pdf.fitting import Room, fit
from publisher.formats.pdf.write import write
from publisher.rendering.templates import Templates

ROOM = Room(column=20, broad=30, wide=50, space=1, lines=40, rows=4, word=24)


def _fitted(html: str, room: Room = ROOM) -> Element:
    root = fromstring(html)
    fit(root, room)
    return root


def _table(*rows: str) -> str:
    head, *body = [row.split("|") for row in rows]
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body)
    return f"<body><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></body>"


def _classes(html: str, room: Room = ROOM) -> set[str]:
    table = _fitted(html, room).find("table")
    assert table is not None
    return set(table.get("class", "").split())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["a", "b"], {"short"}),
        (["machinery"] * 2, {"short"}),
        (["machinery"] * 4, {"short", "broad"}),
        (["a"] * 5, {"short", "broad"}),
        (["machinery"] * 8, {"short", "wide"}),
        (["machinery"] * 12, {"stacked"}),
    ],
)
def test_a_table_takes_the_room_that_its_longest_words_need(words: list[str], expected: set[str]) -> None:
    line = "|".join(words)
    assert _classes(_table(line, line)) - ({"short"} if expected == {"stacked"} else set()) == expected


def test_a_table_of_many_words_is_not_short() -> None:
    assert "short" not in _classes(_table("a|b", *["many words " * 60 + "|b"] * 3))
    assert "short" not in _classes(_table("a|b", *["a|b"] * 9))


def test_hyphenated_words_need_less_room() -> None:
    line = "|".join(["incomprehensibilities"] * 4)
    assert "stacked" in _classes(_table(line, line), replace(ROOM, wide=0))
    assert "broad" in _classes(_table(line, line), replace(ROOM, wide=0, divided=9))


def test_signs_of_chinese_are_divided_anywhere() -> None:
    line = "|".join(["江河上的渡船和灯光有多远"] * 4)
    assert _classes(_table(line, line)) == {"short"}


def test_a_stacked_table_repeats_heads_and_what_spans_rows() -> None:
    broad = "x" * 30
    root = _fitted(
        "<body><table><thead>"
        f'<tr><th rowspan="2">Lamp</th><th colspan="2">Fuel <a class="note-call">[1]</a>{broad}</th></tr>'
        "<tr><th>first</th><th>later</th></tr></thead><tbody>"
        f'<tr><th scope="row" rowspan="2">Hood {broad}</th><td>oil {broad}</td><td rowspan="2">gas</td></tr>'
        f'<tr><td>paraffin {broad}</td></tr><tr><td>Argand</td><td colspan="2">both</td></tr>'
        "</tbody></table></body>",
        Room(column=20, broad=20, wide=0, space=1, lines=40, rows=4, word=40),
    )
    heads = {cell.text: cell.get("data-head") for cell in root.iter("td")}
    assert heads == {
        f"oil {broad}": f"Fuel {broad}, first",
        "gas": f"Fuel {broad}, later",
        f"paraffin {broad}": f"Fuel {broad}, first",
        "Argand": "Lamp",
        "both": f"Fuel {broad}, first, later",
    }
    assert [row.get("data-carried") for row in root.iter("tr")] == [None, None, None, f"Hood {broad}, gas", None]


def test_long_words_may_be_divided_at_their_seams_and_short_ones_not() -> None:
    root = _fitted("<p>A line and publisher.verification.fontChecks_of <a>https://a.example/short</a></p>")
    assert "".join(root.itertext()) == "A line and publisher.verification.fontChecks_of https://a.example/short"
    assert [seam.tail for seam in root.iter("wbr")] == ["verification.", "font", "Checks_", "of "]
    root = _fitted("<p>" + "m" * 60 + "</p>")
    assert [root.text, *(seam.tail for seam in root.iter("wbr"))] == ["m" * 24, "m" * 24, "m" * 12]


def test_code_blocks_are_left_alone() -> None:
    root = _fitted(f"<body><pre>{'m' * 90} ?</pre></body>")
    assert not list(root.iter("wbr"))
    assert root[0].text == "m" * 90 + " ?"


@pytest.mark.parametrize(
    ("written", "bound"),
    [
        ("« Je suis seul. »", "«\u00a0Je suis seul.\u00a0»"),
        ("Que faire ? Partir !", "Que faire\u00a0? Partir\u00a0!"),
        ("encore ; ou : non", "encore\u00a0; ou\u00a0: non"),
        ("a :-) b ?b", "a :-) b ?b"),
    ],
)
def test_no_line_ends_at_the_spaces_of_signs(written: str, bound: str) -> None:
    assert _fitted(f"<p>{written}</p>").text == bound


def test_quotation_marks_keep_their_spaces_around_markup() -> None:
    root = _fitted("<p>Il dit « <em>seul</em> » encore</p>")
    assert (root.text, root[0].tail) == ("Il dit «\u00a0", "\u00a0» encore")


@given(st.lists(st.text("ab.-/ «»?_\n ", max_size=60), min_size=2, max_size=4), st.integers(2, 30))
def test_no_word_is_changed(texts: list[str], most: int) -> None:
    root = Element("p")
    root.text = texts[0]
    for text in texts[1:]:
        child = Element("span")
        child.text = child.tail = text
        root.append(child)
    before = "".join(root.itertext())
    fit(root, replace(ROOM, word=most))
    assert "".join(root.itertext()).split() == before.split()


@pytest.mark.parametrize("size", sorted(PAGE_SIZES))
@pytest.mark.parametrize("points", [18, 24])
def test_every_page_has_room(size: str, points: int, tmp_path: Path) -> None:
    publication = pdf_sample.small()
    publication = replace(publication, imprint=replace(publication.imprint, page_size=size, large_print=points))
    for style in ("article.css", "large-print.css"):
        room = make_document(publication, Templates(tmp_path), style=style).room
        assert 0 < room.column <= room.broad
        assert room.word > 8


HEADS = ["Year", "Ship", "Captain", "Harbour of registry", "Cargo", "Remarks"]
WRECK = ["1838", "Forfarshire", "Featherstonehaugh", "Northumberland", "superphosphates", "incomprehensibilities"]


@pytest.fixture(scope="module")
def broad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition with a table that is too broad for large print, and one that is too broad for any page."""
    folder = tmp_path_factory.mktemp("broad")
    make = pdf_sample.Maker()
    blocks = (
        make.table("Wrecks", HEADS, [WRECK] * 3),
        make.table("All", HEADS * 4, [WRECK * 4] * 2),
        make.p("The word " + "Donau" * 24 + " is long, and example.org/" + "some_address_" * 20 + " too."),
    )
    publication = pdf_sample.small(sections=(pdf_sample.Section(None, blocks),))
    write(pdf_sample.job(publication, folder))
    return folder / "out"


@pytest.mark.parametrize("name", ["small.pdf", "small-large-print.pdf"])
def test_nothing_stands_out_over_the_page(broad: Path, name: str) -> None:
    with pdfium.PdfDocument(broad / name) as pdf:
        for page in pdf:
            text = page.get_textpage()
            boxes = [text.get_charbox(index) for index in range(text.count_chars())]
            assert min(left for left, _, right, _ in boxes if right > left) > 40
            assert max(right for _, _, right, _ in boxes) < page.get_width() - 40


@pytest.mark.parametrize("name", ["small.pdf", "small-large-print.pdf"])
def test_a_stacked_table_is_a_table_in_the_tags_and_repeats_no_words_there(broad: Path, name: str) -> None:
    tables = list(File(broad / name).tree.find("Table"))
    assert [len(list(table.find("TH"))) for table in tables] == [6, 24]
    assert [[cell.text.strip() for cell in row.find("TD")] for row in tables[0].find("TR")] == [[], *[WRECK] * 3]
    assert [[cell.text.strip() for cell in row.find("TD")] for row in tables[1].find("TR")] == [[], *[WRECK * 4] * 2]
