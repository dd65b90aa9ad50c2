"""Blocks, notes and plain language as markup, each in the structure that the formats style."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from publisher.model.blocks import (
    Align,
    Block,
    Cell,
    CodeBlock,
    Figure,
    Heading,
    List,
    ListItem,
    Numbering,
    Paragraph,
    Quotation,
    Sentence,
    Table,
    ThematicBreak,
)
from publisher.model.findings import InputError
from publisher.model.inlines import FootnoteCall, Image, Span, Text
from publisher.model.publication import (
    Anchoring,
    Commentary,
    Counterpart,
    Creator,
    Footnote,
    Imprint,
    Metadata,
    Note,
    Publication,
    Range,
    Reference,
    Resource,
    Section,
    Target,
)
from publisher.model.source import Position
from publisher.rendering.body import Body, Options
from publisher.rendering.markup import direction
from publisher.rendering.names import block_name, shorten
from publisher.rendering.words import words_for

NODE: dict[str, Any] = {"lang": "en", "position": Position("article.md", 1)}
EDITOR = Creator("Ada", "edt", "ada")
PICTURE = Resource("a.svg", Path("a.svg"), "image/svg+xml", "0" * 64, 40, 20)


def paragraph(id: str, *words: Any, **more: Any) -> Paragraph:
    inlines = tuple(Text(word) if isinstance(word, str) else word for word in words)
    return Paragraph(id=id, inlines=inlines, sentences=(), **{**NODE, **more})


def heading(id: str, words: str, level: int = 2, plain: str | None = None) -> Heading:
    sentences = (Sentence(f"{id}-s1", 0, len(words)),)
    return Heading(id=id, inlines=(Text(words),), sentences=sentences, level=level, plain=plain, **NODE)


def figure(caption: tuple[Block, ...] = (), description: tuple[Block, ...] = ()) -> Figure:
    shown = paragraph("f-p", Image("f-img1", "a.svg", "A dot"))
    return Figure(id="f", blocks=(shown,), caption=caption, long_description=description, **NODE)


def note(id: str, number: int, target: Target, **more: Any) -> Note:
    facts: dict[str, Any] = {"kind": "context", "by": EDITOR, "date": None, "blocks": (), **NODE, **more}
    return Note(id=id, number=number, call=f"{id}-call", target=target, **facts)


def element(id: str) -> Target:
    return Target(Anchoring.EXACT, "", element=id)


def words(block: str, start: int, end: int, quote: str = "") -> Target:
    return Target(Anchoring.EXACT, quote, (Range(block, start, end),))


def publication(*blocks: Block, notes: tuple[Note, ...] = (), **more: Any) -> Publication:
    layers = (Commentary("commentary", "", "en", (EDITOR,), None, None, notes),) if notes else ()
    facts: dict[str, Any] = {"sections": (Section(None, blocks),), "layers": layers, **more}
    metadata = Metadata(title="T", lang="en", identifier="urn:t")
    return Publication(name="t", metadata=metadata, imprint=Imprint(), resources={"a.svg": PICTURE}, **facts)


def tree(markup: str) -> ET.Element:
    return ET.fromstring(f'<root xmlns:epub="http://www.idpf.org/2007/ops">{markup}</root>')


def made(block: Block, *notes: Note, **options: Any) -> ET.Element:
    return tree(Body(publication(block, notes=notes), Options(**options)).block(block))[0]


# ------------------------------------------------------------------------------------------------------- blocks


def test_a_heading_has_its_level_and_a_format_can_shift_it() -> None:
    assert made(heading("h", "Words", 3)).tag == "h3"
    assert made(heading("h", "Words", 3), shift=-1).tag == "h2"
    assert made(heading("h", "Words", 6), shift=2).tag == "h6"


def test_a_figure_holds_its_picture_without_a_paragraph_and_says_its_size() -> None:
    found = made(figure((paragraph("c", "Caption"),)))
    assert [child.tag for child in found] == ["img", "figcaption"]
    assert found[0].attrib == {"id": "f-img1", "src": "a.svg", "alt": "A dot", "width": "40", "height": "20"}


def test_a_long_description_follows_its_figure_folded_away_only_where_a_format_wants_it() -> None:
    block = figure(description=(paragraph("d", "From left to right."),))
    shown, folded = (tree(Body(publication(block), Options(fold=fold)).block(block)) for fold in (False, True))
    assert shown.find("div[@class='long-description']//p[@id='d']") is not None
    assert folded.findtext("details/summary") == "Description of the picture"
    assert shown.find("figure/img").get("aria-describedby") == "f-description"  # type: ignore[union-attr]


def test_a_decorative_picture_has_an_empty_alternative_and_no_role_of_its_own() -> None:
    block = paragraph("p", Image("i", "a.svg", "", decorative=True), " x")
    picture = made(block).find("img")
    assert picture is not None
    assert picture.get("alt") == ""
    assert picture.get("role") is None


def test_a_picture_that_the_publication_lacks_is_an_error() -> None:
    with pytest.raises(InputError, match=r"b\.svg is shown but not there"):
        made(paragraph("p", Image("i", "b.svg", "x")))


def test_lists_say_their_numbering_and_start() -> None:
    item = ListItem(id="i", blocks=(paragraph("i-p", "x", tight=True),), **NODE)
    found = made(List(id="l", items=(item,), numbering=Numbering.UPPER_ROMAN, start=4, **NODE))
    assert (found.tag, found.attrib) == ("ol", {"id": "l", "type": "I", "start": "4"})
    assert found[0][0].attrib == {"id": "i-p", "class": "tight"}


def test_a_task_list_tells_its_boxes_in_words() -> None:
    items = tuple(
        ListItem(id=id, blocks=(paragraph(f"{id}-p", "x"),), checked=checked, **NODE)
        for id, checked in (("a", True), ("b", False))
    )
    found = made(List(id="l", items=items, **NODE))
    assert found.get("class") == "task-list"
    assert [box.get("aria-label") for box in found.iter("span")] == ["Done", "Not done"]


def test_a_table_has_scopes_widths_spans_and_alignment_as_classes() -> None:
    head = Cell(id="h", blocks=(), scope="col", colspan=2, **NODE)
    data = Cell(id="d", blocks=(), align=Align.RIGHT, rowspan=2, **NODE)
    table = Table(
        id="t",
        caption=(paragraph("c", "Caption"),),
        columns=(Align.RIGHT, Align.DEFAULT),
        widths=(0.3, None),
        head=((head,),),
        bodies=(((data,),),),
        foot=(),
        **NODE,
    )
    found = made(table)
    assert [child.tag for child in found] == ["caption", "colgroup", "thead", "tbody"]
    assert [col.get("class") for col in found.iter("col")] == ["w-30", None]
    assert found.find(".//th").attrib == {"id": "h", "scope": "col", "colspan": "2"}  # type: ignore[union-attr]
    assert found.find(".//td").attrib == {"id": "d", "class": "align-right", "rowspan": "2"}  # type: ignore[union-attr]


def test_code_keeps_its_characters() -> None:
    found = made(CodeBlock(id="c", code="\nif a < b & c:\n    x\n", language="python", **NODE))
    assert found[0].get("class") == "language-python"
    assert found[0].text == "\nif a < b & c:\n    x\n"


def test_what_xml_cannot_hold_is_replaced() -> None:
    assert made(paragraph("p", "a\x00b\x0b\ud800")).text == "a\ufffdb\ufffd\ufffd"


def test_languages_and_directions_are_said_where_they_change_and_change_back() -> None:
    inner = Span((Text("in"),), lang="en")
    found = made(paragraph("p", "خارج ", inner, lang="ar"), epub=True)
    assert (found.get("lang"), found.get("dir")) == ("ar", "rtl")
    assert found.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert (found[0].get("lang"), found[0].get("dir")) == ("en", "ltr")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("az-Arab", "rtl"),
        ("az", "ltr"),
        ("ur-Latn", "ltr"),
        ("en", "ltr"),
        ("ar-EG", "rtl"),
    ],
)
def test_the_script_of_a_language_decides_its_direction(lang: str, said: str) -> None:
    assert direction(lang) == said


# -------------------------------------------------------------------------------------------------------- notes


def test_a_note_tells_its_number_kind_target_signature_date_sources_and_way_back() -> None:
    cited = Reference(id="ref-a", key="a", csl={}, entry=(), short="Act, 2023", **NODE)
    noted = note(
        "n",
        1,
        words("p", 4, 7, "two"),
        kind="fact-check",
        date=date(2026, 11, 20),
        sources=("a",),
        blocks=(paragraph("n-1", "Three."),),
    )
    body = Body(publication(paragraph("p", "One two."), notes=(noted,), references=(cited,)))
    (found,) = tree(body.note(noted))
    assert (found.tag, found.get("class"), found.get("role")) == ("aside", "note kind-fact-check", "note")
    assert found.get("aria-label") == "Note 1: Fact check"
    assert "".join(found.find("header[@class='note-header']").itertext()) == "Note 1 Fact check"  # type: ignore[union-attr]
    assert "".join(found.find("header[@class='note-target']").itertext()) == "On “two”"  # type: ignore[union-attr]
    footer = found.find("footer")
    assert footer is not None
    assert "".join(footer.find("p[@class='signature']").itertext()) == "Ada, 20 November 2026"  # type: ignore[union-attr]
    assert [link.get("href") for link in footer.iter("a")] == ["#ref-a", "#n-call"]


def test_in_an_epub_notes_and_calls_say_what_they_are() -> None:
    noted = note("n", 1, words("p", 0, 3))
    block = paragraph("p", "One two.")
    body = Body(publication(block, notes=(noted,)), Options(epub=True))
    kind = "{http://www.idpf.org/2007/ops}type"
    (found,) = tree(body.note(noted))
    assert (found.get(kind), found.get("role")) == ("footnote", "doc-footnote")
    assert tree(body.block(block)).find(".//a").get(kind) == "noteref"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "block",
    [
        heading("x", "Heading"),
        paragraph("x", "Words"),
        Quotation(id="x", blocks=(paragraph("q-1", "One."), paragraph("q-2", "Two.")), **NODE),
    ],
    ids=lambda block: type(block).__name__,
)
def test_a_note_on_a_whole_element_is_called_after_its_last_words(block: Block) -> None:
    found = made(block, note("n", 1, element("x")))
    assert (found.get("class"), found.get("data-notes")) == ("target", "n")
    last = [part for part in found.iter() if part.get("id") in ("x", "q-2")][-1]
    assert list(last.iter("sup"))[-1].get("class") == "call"


def test_a_note_on_a_figure_is_called_in_its_caption_even_if_that_was_not_there() -> None:
    noted = note("n", 1, element("f"))
    with_words = made(figure((paragraph("c", "Caption"),)), noted)
    assert with_words.find("figcaption/p/sup/a[@id='n-call']") is not None
    assert made(figure(), noted).find("figcaption/sup/a[@id='n-call']") is not None
    assert made(figure(), note("n", 1, element("f-img1"))).find(".//a[@id='n-call']") is not None


def test_a_note_on_code_or_a_break_is_called_after_it() -> None:
    for block in (CodeBlock(id="x", code="x", **NODE), ThematicBreak(id="x", **NODE)):
        found = tree(Body(publication(block, notes=(note("n", 1, element("x")),))).block(block))
        assert [child.get("class") for child in found] == ["target", "note-calls"]


def test_a_note_on_a_span_is_a_note_on_its_words() -> None:
    found = made(paragraph("p", "One ", Span((Text("two"),), id="s"), "."), note("n", 1, element("s")))
    assert found.find("span[@class='target']/span[@id='s']") is not None


def test_a_note_on_nothing_that_is_there_is_an_error() -> None:
    with pytest.raises(InputError, match="#nowhere"):
        made(paragraph("p", "One"), note("n", 1, element("nowhere")))


def test_a_note_on_the_title_is_called_there() -> None:
    body = Body(publication(paragraph("p", "x"), notes=(note("n", 1, element("title")),)))
    assert 'id="n-call"' in body.title()
    assert [noted.id for noted in body.notes_of_front()] == ["n"]


def test_a_second_layer_has_letters_before_its_numbers() -> None:
    block = paragraph("p", "One two.")
    first, second = note("a", 1, words("p", 0, 3)), note("b", 1, words("p", 4, 7), layer="teachers")
    layers = tuple(
        Commentary(layer, "", "en", (EDITOR,), None, None, (noted,))
        for layer, noted in (("commentary", first), ("teachers", second))
    )
    found = tree(Body(publication(block, layers=layers)).block(block))
    assert [link.text for link in found.iter("a")] == ["[1]", "[B1]"]


def test_with_commentary_off_nothing_of_it_is_left() -> None:
    assert "note" not in str(
        Body(
            publication(paragraph("p", "One"), notes=(note("n", 1, words("p", 0, 3)),)), Options(commentary=False)
        ).section(Section(None, (paragraph("p", "One"),)))
    )


# ------------------------------------------------------------------------------------------- sections, footnotes


def sectioned() -> tuple[Publication, Section]:
    first, second = paragraph("a-1", "One.", FootnoteCall("fnref-1", "fn-1")), paragraph("a-2", "Two.")
    inner = Section(heading("b", "B", 3), (paragraph("b-1", "Three."),))
    section = Section(heading("a", "A"), (first, second), (inner,))
    footnote = Footnote(id="fn-1", number=1, blocks=(paragraph("fn-1-1", "Foot."),), calls=("fnref-1",), **NODE)
    notes = (
        note("n-1", 1, words("a-1", 0, 3)),
        note("n-2", 2, words("b-1", 0, 5)),
        note("n-3", 3, words("fn-1-1", 0, 4)),
    )
    return publication(sections=(section,), footnotes=(footnote,), notes=notes), section


def test_a_section_knows_its_own_notes_and_footnotes() -> None:
    made, section = sectioned()
    body = Body(made)
    assert [noted.id for noted in body.notes_of(section)] == ["n-1", "n-3"]
    assert [noted.id for noted in body.notes_of(section.sections[0])] == ["n-2"]
    assert [footnote.id for footnote in body.footnotes_of(section)] == ["fn-1"]


@pytest.mark.parametrize(
    ("placing", "order"),
    [
        ("apart", ["a", "a-1", "a-2", "b", "b-1"]),
        ("after-block", ["a", "a-1", "n-1", "n-3", "fn-1", "fn-1-1", "a-2", "b", "b-1", "n-2"]),
        ("after-section", ["a", "a-1", "a-2", "n-1", "n-3", "fn-1", "fn-1-1", "b", "b-1", "n-2"]),
    ],
)
def test_notes_stand_where_the_options_say(placing: Any, order: list[str]) -> None:
    made, section = sectioned()
    found = tree(Body(made, Options(notes=placing, footnotes=placing)).section(section))
    names = ("section", "h2", "h3", "p", "aside")
    assert [part.get("id") for part in found.iter() if part.tag in names and part.get("id")] == order


def test_a_footnote_leads_back_to_each_of_its_calls() -> None:
    footnote = Footnote(id="fn-1", number=1, blocks=(), calls=("r-1", "r-2"), **NODE)
    found = tree(Body(publication(footnotes=(footnote,))).footnote(footnote))
    assert [(link.get("href"), link.text) for link in found.iter("a")] == [
        ("#r-1", "Back to the text (1)"),
        ("#r-2", "Back to the text (2)"),
    ]


# ------------------------------------------------------------------------------------------------ plain language


def counterpart(id: str, *restates: str) -> Counterpart:
    return Counterpart(id=id, restates=restates, blocks=(paragraph(f"{id}-1", "Plain."),), **NODE)


def test_plain_sections_hold_their_counterparts_in_order_under_plain_headings() -> None:
    made, section = sectioned()
    made = replace(made, counterparts=(counterpart("a-1-plain", "a-1", "a-2"), counterpart("b-1-plain", "b-1")))
    found = tree(Body(made).plain_section(replace(section, heading=heading("a", "A", plain="The letter A"))))
    assert [part.get("id") for part in found.iter() if part.tag in ("h2", "h3", "div")] == [
        "a-plain",
        "a-1-plain",
        "b-plain",
        "b-1-plain",
    ]
    assert found[0][0].text == "The letter A"
    assert not found.findall(".//sup")


def test_a_section_without_counterparts_gives_nothing_plain_and_is_told_as_missing() -> None:
    made, section = sectioned()
    body = Body(replace(made, counterparts=(counterpart("b-1-plain", "b-1"),)))
    assert [(part.section.heading.id, [b.id for b in part.blocks]) for part in body.without_plain()] == [  # type: ignore[union-attr]
        ("a", ["a-1", "a-2"])
    ]
    assert Body(made).plain_section(section) == ""


def test_a_figure_in_plain_language_keeps_its_caption_only_where_nothing_restates_it() -> None:
    block = figure((paragraph("c", "Caption"),))
    alone = publication(block)
    restated = replace(alone, counterparts=(counterpart("f-plain", "f"),))
    section = alone.sections[0]
    assert "figcaption" in Body(alone).plain_section(section, figures=True)
    assert "figcaption" not in Body(restated).plain_section(section, figures=True)
    assert "img" not in Body(restated).plain_section(section)


# --------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("words", "length", "short"),
    [("one two", 7, "one two"), ("one two three", 9, "one two…"), ("antidisestablishment", 8, "antidis…")],
)
def test_long_words_are_cut_between_words(words: str, length: int, short: str) -> None:
    assert shorten(words, length) == short


def test_blocks_are_named_by_kind_and_first_words() -> None:
    english = words_for("en")
    assert block_name(paragraph("p", "One two."), english) == "One two."
    assert block_name(figure((paragraph("c", "Route"),)), english) == "Figure: Route"
    assert block_name(figure(), english) == "Figure: A dot"
    assert block_name(CodeBlock(id="c", code="x = 1\ny", **NODE), english) == "Code: x = 1"
    assert block_name(ThematicBreak(id="t", **NODE), english) == "A part without words"
