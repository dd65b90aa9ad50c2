"""The reader of PDFs: on files that others made, on files made to mislead it, on our own."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pdf_foreign import Link, Tag, artifact, make_pdf, marked, shown, tag, with_destinations
from pikepdf import Array, Dictionary, Name, String

from publisher.build import Order, build_edition, read_imprint_of
from publisher.formats.pdf.read import read
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import UnitRole
from publisher.model.extract import Evidence, Extract, Fact, Found
from publisher.model.findings import InputError
from publisher.store import Store
from publisher.verification.checks import hold_against, source_of
from publisher.verification.coverage import PDF

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "tests" / "fixtures" / "pdf"
EDITIONS = [
    ROOT / "source" / "upstream",
    *(ROOT / "tests" / "editions" / n for n in ("constructs", "arabic", "french", "chinese", "minimal")),
]


def texts(extract: Extract) -> list[str]:
    return [unit.text for unit in extract.units if not unit.furniture and not unit.hidden]


def unit(extract: Extract, words: str) -> Found:
    (found,) = [unit for unit in extract.units if words in unit.text]
    return found


# Our own


@pytest.mark.parametrize("folder", EDITIONS, ids=lambda folder: folder.name)
def test_both_pdfs_of_an_edition_hold_all_of_it_and_nothing_else(folder: Path, pdfs_of: Callable[[Path], Path]) -> None:
    source = source_of(read_edition(folder, read_imprint_of(folder)[0]).publication)
    for name in (f"{folder.name}.pdf", f"{folder.name}-large-print.pdf"):
        comparison = hold_against(read(pdfs_of(folder) / name), source, PDF)
        assert [finding.message for finding in comparison.findings] == []
        assert {unit.id for unit in comparison.expected} <= set(comparison.places)


def test_headings_keep_their_own_signs_in_the_contents(tmp_path: Path) -> None:
    titles = ["Files:", "[env]", "“Really?”", "Wait ...", "Room 101", "等等……"]
    folder = tmp_path / "signs"
    folder.mkdir()
    sections = "".join(f"## {title.replace('[', chr(92) + '[')}\n\nWords.\n\n" for title in titles)
    (folder / "article.md").write_text(f"---\ntitle: Signs\nlang: en\n---\n\n{sections}", encoding="utf-8")
    build_edition(Order(folder, tmp_path / "out", Store(tmp_path / "store"), ("pdf",)), lambda *_: None)
    [printed] = [one for one in read(tmp_path / "out" / "signs" / "signs.pdf").contents if one.kind == "toc"]
    assert [entry.text for entry in printed.entries] == ["Files:", "[env]", "“Really?”", "Wait …", "Room 101", "等等……"]


LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzesentwurfsberatung"
GREEK = (
    "Lopadotemachoselachogaleokranioleipsanodrimhypotrimmatosilphiokarabomelitokatakechymenokichlepikossyphophatto"
    "peristeralektryonoptekephalliokigklopeleiolagoiosiraiobaphetraganopterygon"
)


@pytest.mark.parametrize(
    "body",
    [
        f"{LONG}.\n\n{GREEK}.\n\nhttps://example.org/{'without-end' * 9}\n",
        f"A {LONG}, b.\n\n- *{GREEK}*\n- [{LONG}{LONG}](https://example.org/)\n\n> {GREEK}\n\n```\n{GREEK}\n```\n",
    ],
)
def test_words_that_have_no_room_on_a_line_stay_whole(body: str, tmp_path: Path) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    (folder / "article.md").write_text(f"---\ntitle: {LONG}\nlang: en\n---\n\n{body}", encoding="utf-8")
    build_edition(Order(folder, tmp_path / "out", Store(tmp_path / "store"), ("pdf",)), lambda *_: None)
    source = source_of(read_edition(folder, read_imprint_of(folder)[0]).publication)
    for name in ("long.pdf", "long-large-print.pdf"):
        comparison = hold_against(read(tmp_path / "out" / "long" / name), source, PDF)
        assert [finding.message for finding in comparison.findings] == []


# By others


@pytest.fixture(scope="module")
def browsers() -> Extract:
    """A page that Chromium printed (browser.html beside it)."""
    return read(FIXTURES / "browser.pdf")


def test_a_browsers_pdf_is_read_in_the_order_of_its_tags(browsers: Extract) -> None:
    assert browsers.evidence is Evidence.EXTRACTED
    assert texts(browsers) == [
        "A page that a browser printed",
        "The lamp was lit before dawn, and its light was seen as far as the northern coast, where the register of "
        "lights has an office for it.",
        "كان الحارس يكتب بالعربية، وكان البحر هادئا (جدا) في عام 1811.",
        "A well-known keeper said la mer est grande et la lampe est petite.",
        "Stores",
        "oil",
        "wicks",
        "first",
        "Wrecks",
        "Year",
        "Ship",
        "1811",
        "The Marjory",
        "A grey dot",
        "The dot.",
        "def trim(): return 1",
        "The end is here.",
    ]


def test_a_browsers_pdf_tells_roles_languages_links_and_pages(browsers: Extract) -> None:
    assert unit(browsers, "A page that").role is UnitRole.TITLE
    assert (unit(browsers, "Stores").role, unit(browsers, "Stores").level) == (UnitRole.HEADING, 2)
    assert unit(browsers, "A grey dot").role is UnitRole.ALTERNATIVE
    assert unit(browsers, "1811.").lang == "ar"
    assert unit(browsers, "The end is").place == "page 2"
    assert [(link.text, link.target, link.resolves) for link in browsers.links] == [
        ("the register of lights", "https://lamps.example/", None),
        ("The end", "#end", True),
    ]
    assert browsers.metadata["title"] == ("A page that a browser printed",)
    assert browsers.metadata["language"] == ("en",)


def test_weasyprints_own_pdf_is_read(tmp_path: Path) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    path = tmp_path / "plain.pdf"
    weasyprint.HTML(filename=FIXTURES / "browser.html").write_pdf(path, pdf_variant="pdf/ua-1")
    found = texts(read(path))
    assert found[1].endswith("where the register of lights has an office for it.")
    assert "A well-known keeper said la mer est grande et la lampe est petite." in found
    assert "A grey dot" in found


# Made by hand


def test_tags_decide_the_order_not_the_page(tmp_path: Path) -> None:
    page = marked(0, shown("Second.", y=300)) + marked(1, shown("First.", y=20))
    path = make_pdf(tmp_path / "a.pdf", page, tree=tag("Document", tag("P", 1), tag("P", 0)), Lang=String("en"))
    assert texts(read(path)) == ["First.", "Second."]


def test_an_element_over_two_pages_is_one(tmp_path: Path) -> None:
    tree = tag("Document", tag("P", 0, (1, 0)), tag("H2", 1, page=1))
    path = make_pdf(
        tmp_path / "a.pdf",
        marked(0, shown("It begins")),
        marked(0, shown("and ends.")) + marked(1, shown("Next")),
        tree=tree,
    )
    extract = read(path)
    assert [(one.text, one.place) for one in extract.units] == [("It begins and ends.", "page 1"), ("Next", "page 2")]


def test_artifacts_are_no_content(tmp_path: Path) -> None:
    page = artifact(shown("Page 7", y=390)) + marked(0, shown("Words."))
    assert [one.text for one in read(make_pdf(tmp_path / "a.pdf", page, tree=tag("Document", tag("P", 0)))).units] == [
        "Words."
    ]


def test_words_that_no_tag_holds_are_hidden_from_those_who_listen(tmp_path: Path) -> None:
    page = marked(0, shown("Tagged.")) + shown("Bare.", y=60) + marked(9, shown("Forgotten.", y=20))
    extract = read(make_pdf(tmp_path / "a.pdf", page, tree=tag("Document", tag("P", 0))))
    assert {one.text: one.hidden for one in extract.units} == {"Tagged.": False, "Bare.": True, "Forgotten.": True}


def test_actual_text_of_a_mark_stands_for_what_is_painted(tmp_path: Path) -> None:
    told = "/ActualText <FEFF00660069>"
    page = marked(0, b"/Span <<%s>> BDC\n" % told.encode(), shown("X"), shown("Y", x=40), b"EMC\n", shown("nd", x=60))
    assert texts(read(make_pdf(tmp_path / "a.pdf", page, tree=tag("Document", tag("P", 0))))) == ["find"]


def test_actual_text_of_an_element_stands_for_what_is_inside(tmp_path: Path) -> None:
    tree = tag("Document", tag("P", 0, tag("Span", 1, ActualText="said"), 2))
    page = marked(0, shown("He ")) + marked(1, shown("zaid", x=60)) + marked(2, shown(" so.", x=90))
    assert texts(read(make_pdf(tmp_path / "a.pdf", page, tree=tree))) == ["He said so."]


def otherwise(extract: Extract) -> list[str]:
    return [fact.value for fact in extract.facts if fact.kind == "otherwise"]


@pytest.mark.parametrize(
    ("painted", "told", "found"),
    [
        (("not lit",), "lit", ["“not lit” in place of “lit”"]),
        (("not", " lit"), "lit", ["“not lit” in place of “lit”"]),
        (("1811",), "1812", ["“1811” in place of “1812”"]),
        (("The light", "house-"), "The lighthouse", []),
        (("LIT",), "lit", []),
        (("lit?",), "lit.", []),
        (("lamp The",), "The lamp", []),  # words that run from the right
        (("-",), "\u00ad", []),
        (("xyz",), "منارة", []),
    ],
)
def test_what_is_shown_where_something_else_is_told_is_kept(
    painted: tuple[str, ...], told: str, found: list[str], tmp_path: Path
) -> None:
    text = told.encode("utf-16-be").hex().upper()
    pieces = (shown(piece, x=20 + 90 * number) for number, piece in enumerate(painted))
    page = marked(0, b"/Span <</ActualText <FEFF%s>>> BDC\n" % text.encode(), *pieces, b"EMC\n")
    extract = read(make_pdf(tmp_path / "a.pdf", page, tree=tag("Document", tag("P", 0))))
    assert otherwise(extract) == found
    assert "".join(texts(extract)).replace("\u00ad", "") == told.replace("\u00ad", "")


def test_what_an_element_shows_where_something_else_is_told_is_kept(tmp_path: Path) -> None:
    for number, (told, found) in enumerate((("said", ["“zaid” in place of “said”"]), ("zaid", []))):
        tree = tag("Document", tag("P", tag("Span", 0, ActualText=told), 1))
        page = marked(0, shown("zaid")) + marked(1, shown(" so.", x=90))
        assert otherwise(read(make_pdf(tmp_path / f"{number}.pdf", page, tree=tree))) == found


def test_what_artifacts_show_is_no_unit_and_is_kept(tmp_path: Path) -> None:
    head = b"/Artifact <</Type /Pagination>> BDC\n" + shown("A running head", y=380) + b"EMC\n"
    bare = b"/Artifact BMC\n" + shown("12", y=20) + b"EMC\n"
    extract = read(
        make_pdf(tmp_path / "a.pdf", head + marked(0, shown("Words.")) + bare, tree=tag("Document", tag("P", 0)))
    )
    assert texts(extract) == ["Words."]
    assert [(fact.value, fact.place) for fact in extract.facts if fact.kind == "artifact"] == [
        ("A running head", "page 1"),
        ("12", "page 1"),
    ]


@pytest.mark.parametrize(
    ("lines", "read_as"),
    [
        (("The lamp was", "lit at dawn."), "The lamp was lit at dawn."),
        (("A lamp of the", "lighthouse. A light-", "house."), "A lamp of the lighthouse. A lighthouse."),
        (("A well-known", "man; a well-", "known place."), "A well-known man; a well-known place."),
        (("See https://lamps.example/", "register for it."), "See https://lamps.example/register for it."),
        (("A lamp ", "is a lamp, its ", "light a light."), "A lamp is a lamp, its light a light."),
        (("lampoflighthou", "sesandmorelamps"), "lampoflighthousesandmorelamps"),
        (("A space: ", "https://lamps.example", ".org is ", "it."), "A space: https://lamps.example.org is it."),
    ],
)  # fmt: skip
def test_lines_are_joined_as_their_document_writes_them(tmp_path: Path, lines: tuple[str, ...], read_as: str) -> None:
    page = marked(0, *(shown(line, y=300 - 16 * number) for number, line in enumerate(lines)))
    assert texts(read(make_pdf(tmp_path / "a.pdf", page, tree=tag("Document", tag("P", 0))))) == [read_as]


def test_soft_hyphens_divide_no_word(tmp_path: Path) -> None:
    hyphen = b"/Span <</ActualText <FEFF00AD>>> BDC\n" + shown("-", x=80, y=300) + b"EMC\n"
    page = marked(0, shown("The light", y=300), hyphen, shown("house of 1811", y=284))
    extract = read(make_pdf(tmp_path / "a.pdf", page, tree=tag("Document", tag("P", 0))))
    assert [text.replace("\u00ad", "") for text in texts(extract)] == ["The lighthouse of 1811"]


def test_roles_are_mapped_and_own_names_heeded(tmp_path: Path) -> None:
    names = ("Headline", "Subtitle", "Preformatted", "Header", "Footer")
    roles = Dictionary(
        Headline=Name.Big, Big=Name.H2, Subtitle=Name.P, Preformatted=Name.P, Header=Name.Div, Footer=Name.P
    )
    page = b"".join(marked(number, shown(name, y=300 - 20 * number)) for number, name in enumerate(names))
    tree = tag("Document", *(tag(name, number) for number, name in enumerate(names)))
    found = {
        one.text: one for one in read(make_pdf(tmp_path / "a.pdf", page, tree=tree, root={"RoleMap": roles})).units
    }
    assert (found["Headline"].role, found["Headline"].level) == (UnitRole.HEADING, 2)
    assert found["Subtitle"].role is UnitRole.SUBTITLE
    assert found["Preformatted"].role is UnitRole.CODE
    assert found["Header"].furniture
    assert found["Footer"].furniture


def test_references_that_are_all_of_a_paragraph_are_each_one_of_its_own(tmp_path: Path) -> None:
    page = b"".join(marked(number, shown(f"Work {number}. ", y=300 - 20 * number)) for number in range(4))
    entries = [tag("BibEntry", number) for number in range(4)]
    tree = tag("Document", tag("P", entries[0]), tag("P", *entries[1:3]), tag("P", entries[3], 4))
    more = page + marked(4, shown("It says so.", y=200))
    found = read(make_pdf(tmp_path / "a.pdf", more, tree=tree)).units
    assert [(one.text.strip(), one.role.value) for one in found] == [
        ("Work 0.", "reference"),
        ("Work 1.", "reference"),
        ("Work 2.", "reference"),
        ("Work 3. It says so.", "paragraph"),
    ]


def test_cells_are_told_by_row_and_column(tmp_path: Path) -> None:
    def cell(number: int, **spans: int) -> Tag:
        return tag("TD", tag("P", number, ID=f"c{number}"), A=Dictionary(O=Name.Table, **spans))

    head = tag("THead", tag("TR", cell(0, RowSpan=2), cell(1, ColSpan=2)), tag("TR", cell(2), cell(3)))
    inner = tag("TD", tag("Table", tag("TR", tag("TD", tag("P", 4, ID="c4")))))
    body = tag("TBody", tag("TR", cell(5), inner, cell(6)))
    page = b"".join(marked(number, shown(f"Cell {number}. ", y=300 - 20 * number)) for number in range(7))
    extract = read(make_pdf(tmp_path / "a.pdf", page, tree=tag("Document", tag("Table", head, body))))
    assert {fact.id: fact.value for fact in extract.facts} == {
        "c0": "row 1, column 1, over 2 rows",
        "c1": "row 1, column 2, over 2 columns",
        "c2": "row 2, column 2",
        "c3": "row 2, column 3",
        "c4": "row 1, column 1",
        "c5": "row 3, column 1",
        "c6": "row 3, column 3",
    }


def test_what_stands_before_a_call_is_told(tmp_path: Path) -> None:
    link = tag("Link", Link({"Dest": String("n")}), 1, ID="n-call")
    page = b"".join(marked(number, shown(words)) for number, words in enumerate(["Lit ", "[1]", "With oil."]))
    tree = tag("Document", tag("P", 0, tag("Reference", link), ID="p"), tag("Note", tag("P", 2), ID="n"))
    (call,) = read(make_pdf(tmp_path / "a.pdf", page, tree=tree)).links
    assert (call.calls, call.unit, call.before) == (True, "p", "Lit ")


def test_languages_are_inherited_and_words_in_another_are_told(tmp_path: Path) -> None:
    tree = tag("Document", tag("Sect", tag("P", 0, tag("Span", 1, Lang="fr"), 2), Lang="cy"), tag("P", 3))
    page = b"".join(
        marked(number, shown(words, y=300 - 20 * number))
        for number, words in enumerate(("un ", "la mer ", "dau ", "x "))
    )
    extract = read(make_pdf(tmp_path / "a.pdf", page, tree=tree, Lang=String("en-GB")))
    assert [one.lang for one in extract.units] == ["cy", "en-GB"]
    assert extract.units[0].runs == (("un ", "cy"), ("la mer ", "fr"), ("dau ", "cy"))


def test_a_language_told_in_the_content_counts(tmp_path: Path) -> None:
    page = marked(0, shown("un "), properties="/Lang (fr)")
    extract = read(make_pdf(tmp_path / "a.pdf", page, tree=tag("Document", tag("P", 0)), Lang=String("en")))
    assert extract.units[0].runs == (("un ", "fr"),)


def test_pictures_formulas_and_captions(tmp_path: Path) -> None:
    tree = tag(
        "Document",
        tag("Figure", 0, tag("Caption", tag("P", 1)), Alt="A lamp."),
        tag("P", 2, tag("Formula", 3, Alt="d squared"), 4),
        tag("Figure", 5),
    )
    words = ("painted words", "The caption.", "It is ", "d2", " wide.", "A figure without")
    page = b"".join(marked(number, shown(text, y=300 - 20 * number)) for number, text in enumerate(words))
    extract = read(make_pdf(tmp_path / "a.pdf", page, tree=tree))
    assert [(one.role, one.text) for one in extract.units] == [
        (UnitRole.ALTERNATIVE, "A lamp."),
        (UnitRole.PARAGRAPH, "The caption."),
        (UnitRole.PARAGRAPH, "It is wide."),
        (UnitRole.MATH, "d squared"),
        (UnitRole.PARAGRAPH, "A figure without"),
    ]


def test_labels_number_items_and_name_terms(tmp_path: Path) -> None:
    def item(label: int, body: int, **entries: Any) -> Any:
        return tag("LI", tag("Lbl", label), tag("LBody", tag("P", body)), **entries)

    roman = Array([Dictionary(O=Name.List, ListNumbering=Name.LowerRoman)])
    tree = tag(
        "Document", tag("L", item(0, 1), item(2, 3)), tag("L", item(4, 5)), tag("L", item(6, 7, ID="i4"), A=roman)
    )
    words = ("1.", "one", "•", "two", "Lens", "A glass.", "iv.", "four")
    page = b"".join(marked(number, shown(text, y=380 - 20 * number)) for number, text in enumerate(words))
    extract = read(make_pdf(tmp_path / "a.pdf", page, tree=tree))
    assert [(one.role, one.text) for one in extract.units] == [
        (UnitRole.PARAGRAPH, "one"),
        (UnitRole.PARAGRAPH, "two"),
        (UnitRole.TERM, "Lens"),
        (UnitRole.PARAGRAPH, "A glass."),
        (UnitRole.PARAGRAPH, "four"),
    ]
    assert extract.facts == (Fact("number", "i4", "i 4", "page 1"),)


def test_terms_in_a_note_are_words_and_its_own_label_is_none(tmp_path: Path) -> None:
    def terms(**entries: Any) -> Any:
        return tag("L", tag("LI", tag("Lbl", 1), tag("LBody", tag("P", 2))), **entries)

    page = b"".join(
        marked(number, shown(text, y=380 - 20 * number)) for number, text in enumerate(("a", "Lens", "Glass."))
    )
    unmarked = Array([Dictionary(O=Name.List, ListNumbering=Name("/None"))])
    for number, entries in enumerate(({}, {"A": unmarked})):
        note = tag("Note", tag("Lbl", 0), terms(**entries), ID="n")
        extract = read(make_pdf(tmp_path / f"{number}.pdf", page, tree=tag("Document", note)))
        assert [(one.role, one.text, one.note, one.furniture) for one in extract.units] == [
            (UnitRole.PARAGRAPH, "a", "n", True),
            (UnitRole.TERM, "Lens", "n", False),
            (UnitRole.PARAGRAPH, "Glass.", "n", False),
        ]


def test_expansions_and_head_cells_are_told(tmp_path: Path) -> None:
    column = Array([Dictionary(O=Name.Table, Scope=Name.Column)])
    head = tag("TH", tag("P", tag("Span", 0, E="Northern Lights Board"), ID="cell-1"), A=column)
    page = marked(0, shown("NLB"))
    extract = read(make_pdf(tmp_path / "a.pdf", page, tree=tag("Document", tag("Table", tag("TR", head)))))
    assert set(extract.facts) == {
        Fact("expansion", "cell-1", "NLB: Northern Lights Board", "page 1"),
        Fact("header", "cell-1", "col", "page 1"),
        Fact("cell", "cell-1", "row 1, column 1", "page 1"),
    }


def test_calls_of_notes_and_ways_back_are_links_not_words(tmp_path: Path) -> None:
    tree = tag(
        "Document",
        tag("P", 0, tag("Reference", tag("Link", Link({"Dest": String("n1")}), 1, ID="call")), 2, ID="p"),
        tag("Note", tag("Lbl", 3), tag("P", 4, tag("Link", Link({"Dest": String("call")}), 5), ID="n1-1"), ID="n1"),
    )
    words = ("The lamp", "[1]", " burned.", "1", "For years. ", "Back")
    page = b"".join(marked(number, shown(text, y=300 - 20 * number)) for number, text in enumerate(words))
    path = make_pdf(tmp_path / "a.pdf", page, tree=tree, Lang=String("en"))
    extract = read(with_destinations(path, n1=0, call=0))
    assert [(one.text, one.note) for one in extract.units if not one.furniture] == [
        ("The lamp burned.", None),
        ("For years.", "n1"),
    ]
    assert [(one.text, one.note) for one in extract.units if one.furniture] == [("1", "n1")]
    assert [(note.id, note.calls, note.backlinks) for note in extract.notes] == [("n1", ("call",), ("call",))]
    assert [(link.text, link.calls, link.back, link.unit) for link in extract.links] == [
        ("[1]", True, False, "p"),
        ("Back", False, True, "n1-1"),
    ]


def test_a_note_inside_a_paragraph_does_not_cut_it(tmp_path: Path) -> None:
    tree = tag("Document", tag("P", 0, tag("Note", tag("P", 1)), 2))
    words = ("The lamp ", "A note.", "burned.")
    page = b"".join(marked(number, shown(text, y=300 - 20 * number)) for number, text in enumerate(words))
    assert texts(read(make_pdf(tmp_path / "a.pdf", page, tree=tree))) == ["The lamp burned.", "A note."]


@pytest.mark.parametrize(
    ("entries", "target", "resolves"),
    [
        ({"Dest": String("there")}, "#there", True),
        ({"Dest": Name.there}, "#there", True),
        ({"Dest": String("nowhere")}, "#nowhere", False),
        ({"Dest": String("elsewhere")}, "#elsewhere", False),
        ({"A": Dictionary(S=Name.URI, URI=String("https://lamps.example/"))}, "https://lamps.example/", None),
        ({"A": Dictionary(S=Name.GoTo, D=String("there"))}, "#there", True),
        ({"A": Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))}, "javascript:", None),
        ({}, "", False),
    ],
)
def test_a_link_tells_where_it_leads_and_whether_that_is_there(
    tmp_path: Path, entries: dict[str, Any], target: str, resolves: bool | None
) -> None:
    tree = tag("Document", tag("P", tag("Link", Link(entries), 0)), tag("P", 1, ID="elsewhere"))
    page = marked(0, shown("A link")) + marked(1, shown("A place", y=60))
    path = make_pdf(tmp_path / "a.pdf", page, shown(""), tree=tree)
    (link,) = read(with_destinations(path, there=0, elsewhere=1)).links
    assert (link.text, link.target, link.resolves) == ("A link", target, resolves)


def test_pages_are_named_by_their_labels(tmp_path: Path) -> None:
    labels = Dictionary(Nums=Array([0, Dictionary(S=Name("/r"), St=4)]))
    path = make_pdf(tmp_path / "a.pdf", marked(0, shown("x")), tree=tag("Document", tag("P", 0)), PageLabels=labels)
    assert read(path).units[0].place == "page iv"


# Without tags, without sense


def test_a_pdf_without_tags_gives_words_on_declared_evidence(tmp_path: Path) -> None:
    lines = [shown("The lamp was", y=300), shown("lit at dawn.", y=285), shown("It burned.", y=240)]
    extract = read(make_pdf(tmp_path / "a.pdf", b"".join(lines), shown("On page two."), Lang=String("en")))
    assert extract.evidence is Evidence.DECLARED
    assert [(one.text, one.place) for one in extract.units] == [
        ("The lamp was lit at dawn.", "page 1"),
        ("It burned.", "page 1"),
        ("On page two.", "page 2"),
    ]
    assert extract.metadata["problem"]


def test_tags_that_hold_themselves_are_refused(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", marked(0, shown("x")), tree=tag("Document", tag("P", 0)))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        top = pdf.Root.StructTreeRoot.K
        top.K = Array([top])
        pdf.save(path)
    with pytest.raises(InputError, match="nested without end"):
        read(path)


def test_tags_of_the_wrong_kinds_are_passed_over(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", marked(0, shown("Words.")), tree=tag("Document", tag("P", 0)))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.StructTreeRoot.RoleMap = String("no map")
        top = pdf.Root.StructTreeRoot.K
        odd = [String("x"), Name.X, 7.5, Dictionary(Type=Name.MCR), Dictionary(Type=Name.OBJR), Dictionary(S=7), -4, 99]
        top.K = Array([*odd, *top.K])
        top.Lang, top.Alt = 7, Name.Alt
        pdf.save(path)
    assert texts(read(path)) == ["Words."]


@pytest.mark.parametrize("data", [b"", b"Nothing here.", b"%PDF-1.7\nbroken", b"<html></html>"])
def test_what_is_no_pdf_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.pdf is no PDF"):
        read(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.pdf cannot be read"):
        read(tmp_path / "a.pdf")


def test_a_locked_pdf_is_refused_and_one_that_opens_without_a_password_is_read(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", marked(0, shown("Words.")), tree=tag("Document", tag("P", 0)))
    with pikepdf.open(path) as pdf:
        pdf.save(tmp_path / "open.pdf", encryption=pikepdf.Encryption(owner="o", user=""))
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    assert texts(read(tmp_path / "open.pdf")) == ["Words."]
    with pytest.raises(InputError, match="asks for a password"):
        read(tmp_path / "locked.pdf")


def test_damage_is_told_never_a_traceback(tmp_path: Path) -> None:
    whole = (FIXTURES / "browser.pdf").read_bytes()
    chance = random.Random(7)
    path = tmp_path / "a.pdf"
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 200)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.randrange(1, len(data))] if chance.random() < 0.3 else data)
        try:
            read(path)
        except InputError:
            continue
