"""Each kind of block, from Markdown to the model."""

from __future__ import annotations

from typing import Any

import pytest

from publisher.model.blocks import (
    Align,
    CodeBlock,
    DefinitionList,
    Figure,
    LineBlock,
    List,
    Numbering,
    Paragraph,
    Quotation,
    Table,
    ThematicBreak,
)
from publisher.model.inlines import Image, LineBreak


def texts(blocks: Any) -> list[str]:
    return [block.text for block in blocks]


# Lists ---------------------------------------------------------------------------------------------------------------


def test_tight_and_loose_lists_are_told_apart(markdown: Any) -> None:
    tight = markdown.block("- one\n- two\n")
    loose = markdown.block("- one\n\n- two\n")
    assert [item.blocks[0].tight for item in tight.items] == [True, True]
    assert [item.blocks[0].tight for item in loose.items] == [False, False]


@pytest.mark.parametrize(
    ("text", "numbering", "start"),
    [
        ("1. a\n2. b\n", Numbering.DECIMAL, 1),
        ("7) a\n8) b\n", Numbering.DECIMAL, 7),
        ("#. a\n#. b\n", Numbering.DECIMAL, 1),
        ("c) a\nd) b\n", Numbering.LOWER_ALPHA, 3),
        ("B.  a\nC.  b\n", Numbering.UPPER_ALPHA, 2),
        ("iv. a\nv.  b\n", Numbering.LOWER_ROMAN, 4),
        ("II. a\nIII. b\n", Numbering.UPPER_ROMAN, 2),
        ("(@) a\n(@) b\n", Numbering.DECIMAL, 1),
        ("* a\n* b\n", Numbering.BULLET, 1),
    ],
)
def test_lists_keep_their_numbering_and_start(markdown: Any, text: str, numbering: Numbering, start: int) -> None:
    found = markdown.block(text)
    assert (found.numbering, found.start, len(found.items)) == (numbering, start, 2)


def test_lists_nest(markdown: Any) -> None:
    outer = markdown.block("- a\n    1. b\n        - c\n")
    words, inner = outer.items[0].blocks
    assert (words.text, inner.numbering) == ("a", Numbering.DECIMAL)
    assert inner.items[0].blocks[1].items[0].blocks[0].text == "c"


def test_task_lists_know_what_is_done(markdown: Any) -> None:
    tasks = markdown.block("- [ ] open\n- [x] done\n- neither\n")
    assert [(item.checked, item.blocks[0].text) for item in tasks.items] == [
        (False, "open"),
        (True, "done"),
        (None, "neither"),
    ]


def test_an_example_list_is_numbered_through_the_text_and_referred_to(markdown: Any) -> None:
    first, between, second = markdown.blocks("(@a) one\n\nSee (@b).\n\n(@b) two\n")
    assert (first.start, between.text, second.start) == (1, "See (2).", 2)


def test_a_definition_list_has_terms_each_with_definitions(markdown: Any) -> None:
    found = markdown.block("Term *one*\n:   First.\n\n:   Second.\n\n    More.\n\nTerm two\n~ Third.\n")
    assert isinstance(found, DefinitionList)
    assert [(term.text, [texts(d.blocks) for d in definitions]) for term, definitions in found.entries] == [
        ("Term one", [["First."], ["Second.", "More."]]),
        ("Term two", [["Third."]]),
    ]


# Quotations, verse, code, rules --------------------------------------------------------------------------------------


def test_quotations_nest(markdown: Any) -> None:
    outer = markdown.block("> one\n>\n> > two\n")
    assert isinstance(outer, Quotation)
    assert not outer.pull
    assert outer.blocks[1].blocks[0].text == "two"


def test_a_line_block_keeps_lines_and_indents_and_each_line_is_a_sentence(markdown: Any) -> None:
    verse = markdown.block("| One. Two\n|   three\n|\n| *four*\n")
    assert isinstance(verse, LineBlock)
    assert verse.text == "One. Two\n\u00a0\u00a0three\n\nfour"
    assert [verse.text[s.start : s.end] for s in verse.sentences] == ["One.", "Two", "three", "four"]


def test_code_is_literal_and_knows_its_language(markdown: Any) -> None:
    code = markdown.block("~~~ {#c .python .numberLines}\nx = '<b>' -- \"q\"\n\n    y\n~~~\n")
    assert isinstance(code, CodeBlock)
    assert (code.id, code.language, code.code) == ("c", "python", "x = '<b>' -- \"q\"\n\n    y")
    assert markdown.block("    x\n").language is None


def test_a_thematic_break_is_one(markdown: Any) -> None:
    assert isinstance(markdown.blocks("One.\n\n***\n\nTwo.\n")[1], ThematicBreak)


def test_comments_are_not_shown_and_leave_no_empty_block(markdown: Any) -> None:
    assert texts(markdown.blocks("<!-- a -->\n\nOne <!-- b --> two.\n\n<!-- c --><!-- d -->\n")) == ["One two."]


# Tables --------------------------------------------------------------------------------------------------------------


def rows(table: Table) -> list[list[str]]:
    return [
        [" / ".join(texts(cell.blocks)) for cell in row]
        for group in (table.head, *table.bodies, table.foot)
        for row in group
    ]


PIPE = "| Right | Left |\n|------:|:-----|\n| 1 | *a* |\n"
SIMPLE = "  Right Left\n------- ------\n      1 *a*\n"
MULTILINE = "-----------------\n  Right Left\n\n------- ---------\n      1 *a*\n\n-----------------\n"
GRID = "+-------+------+\n| Right | Left |\n+======:+:=====+\n| 1     | *a*  |\n+-------+------+\n"


@pytest.mark.parametrize("text", [PIPE, SIMPLE, MULTILINE, GRID], ids=["pipe", "simple", "multiline", "grid"])
@pytest.mark.parametrize("caption", ["", "\n: A *caption*\n", "\nTable: A *caption*\n"])
def test_tables_of_all_kinds_say_the_same(markdown: Any, text: str, caption: str) -> None:
    table = markdown.block(text + caption)
    assert isinstance(table, Table)
    assert rows(table) == [["Right", "Left"], ["1", "a"]]
    assert table.columns == (Align.RIGHT, Align.LEFT)
    assert [cell.align for cell in table.bodies[0][0]] == [Align.RIGHT, Align.LEFT]
    assert [cell.scope for cell in table.head[0]] == ["col", "col"]
    assert [cell.scope for cell in table.bodies[0][0]] == [None, None]
    assert texts(table.caption) == (["A caption"] if caption else [])


def test_a_table_without_head_has_none(markdown: Any) -> None:
    for text in ("| | |\n|---|---|\n| a | b |\n", "--- ---\n a   b\n--- ---\n"):
        table = markdown.block(text)
        assert (table.head, rows(table)) == ((), [["a", "b"]])


def test_cells_that_span_are_told(markdown: Any) -> None:
    table = markdown.block("+---+---+\n| a | b |\n|   +---+\n|   | c |\n+---+---+\n| d     |\n+-------+\n")
    assert [[(c.rowspan, c.colspan) for c in row] for row in table.bodies[0]] == [
        [(2, 1), (1, 1)],
        [(1, 1)],
        [(1, 2)],
    ]


def test_columns_can_be_headers_of_their_rows_even_below_a_spanning_cell(markdown: Any) -> None:
    table = markdown.block(
        "+---+---+---+\n| a | b | c |\n|   +---+---+\n|   | d | e |\n+---+---+---+\n\n: x {header-columns=2}\n"
    )
    assert [[c.scope for c in row] for row in table.bodies[0]] == [["row", "row", None], ["row", None]]


@pytest.mark.parametrize("value", ["9", "-1", "x"])
def test_header_columns_that_the_table_lacks_are_an_error(markdown: Any, value: str) -> None:
    assert markdown.checks(f"{PIPE}\n: x {{header-columns={value}}}\n") == [("header-columns", "error", "5:6")]


def test_a_table_has_the_id_of_its_caption_and_cells_hold_blocks(markdown: Any) -> None:
    table = markdown.block("+-------+\n| - a   |\n| - b   |\n+-------+\n\n: Cap {#tbl-x}\n")
    assert table.id == "tbl-x"
    assert isinstance(table.bodies[0][0][0].blocks[0], List)


# Figures -------------------------------------------------------------------------------------------------------------


def picture(figure: Figure) -> Image:
    (paragraph,) = figure.blocks
    assert isinstance(paragraph, Paragraph)
    (image,) = paragraph.inlines
    assert isinstance(image, Image)
    return image


def test_a_figure_has_picture_alternative_and_caption(markdown: Any) -> None:
    draft = markdown.read('![A *caption*.](pictures/flag.png "Title"){#fig alt="A flag."}\n')
    (figure,) = draft.bodies[0].sections[0].blocks
    assert (figure.id, texts(figure.caption)) == ("fig", ["A caption."])
    image = picture(figure)
    assert (image.resource, image.alternative, image.title, image.decorative) == (
        "pictures/flag.png",
        "A flag.",
        "Title",
        False,
    )
    assert list(draft.resources) == ["pictures/flag.png"]
    assert draft.findings == ()


@pytest.mark.parametrize("attributes", ["", "{#x}", '{alt="A caption."}'])
def test_a_caption_is_a_poor_alternative(markdown: Any, attributes: str) -> None:
    source = f"![A caption.](pictures/flag.png){attributes}\n"
    assert markdown.checks(source) == [("image-alternative-caption", "warning", "1:15")]
    (figure,) = markdown.read(source).bodies[0].sections[0].blocks
    assert picture(figure).alternative == "A caption."


def test_a_caption_does_not_make_up_for_an_empty_alternative(markdown: Any) -> None:
    source = '![A caption.](pictures/flag.png){alt=""}\n'
    assert markdown.checks(source) == [("image-alternative-missing", "error", "1:15")]


def test_a_decorative_figure_needs_no_alternative(markdown: Any) -> None:
    image = picture(markdown.block("![A caption.](pictures/flag.png){.decorative}\n"))
    assert (image.alternative, image.decorative) == ("", True)


def test_a_picture_alone_in_its_paragraph_is_a_figure_without_caption(markdown: Any) -> None:
    figure = markdown.block('![](pictures/flag.png){alt="A flag."}\n')
    assert isinstance(figure, Figure)
    assert (figure.caption, picture(figure).alternative) == ((), "A flag.")


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("One.\n\n<table><tr><td>x</td></tr></table>\n", "3:1"),
        ("One.\n\n<iframe src='x'></iframe>\n", "3:1"),
        ("One <script>alert(1)</script> two.\n", "1:5"),
        ("One <video> two.\n", "1:5"),
        ("One <b>never closed.\n", "1:5"),
    ],
)
def test_raw_html_beyond_the_few_is_refused_where_it_stands(markdown: Any, text: str, place: str) -> None:
    found = markdown.checks(text)
    assert found[0] == ("raw-html", "error", place)
    assert {check for check, _, _ in found} == {"raw-html"}


def test_wrappers_in_html_go_and_what_is_in_them_stays(markdown: Any) -> None:
    draft = markdown.read('<p align="center">\n\nOne *two*.\n\n</p>\n')
    assert texts(draft.bodies[0].sections[0].blocks) == ["One two."]
    assert [(f.check, f.severity.value) for f in draft.findings] == [("raw-html-unwrapped", "info")]


@pytest.mark.parametrize(
    "text",
    [
        '<p align="center">The lamp is out.</p>',
        "<details>\n<summary>More</summary>\nWords.\n</details>",
        "</details>\nNext words.",
        "<hr>\nNext words.",
    ],
)
def test_no_word_is_lost_with_raw_html_that_a_reader_keeps_whole(markdown: Any, text: str) -> None:
    """CommonMark's blocks of HTML hold their words with their tags."""
    assert "raw-html" in {check for check, _, _ in markdown.checks(f"{text}\n\nOne.\n", reader="gfm")}


def test_a_figures_language_is_the_pictures(markdown: Any) -> None:
    for text in (
        '![Le phare](pictures/flag.png){lang=fr alt="Un phare"}\n',
        '![](pictures/flag.png){lang=fr alt="Un phare"}\n',
    ):
        (figure,) = markdown.read(text).bodies[0].sections[0].blocks
        assert {figure.lang, *(block.lang for block in (*figure.blocks, *figure.caption))} == {"fr"}


def test_codes_language_is_its_own(markdown: Any) -> None:
    assert markdown.block("``` {lang=fr}\nbonjour\n```\n").lang == "fr"


def test_tex_and_raw_attributes_are_plain_words_not_markup(markdown: Any) -> None:
    assert markdown.block("A \\LaTeX\\ word and `x`{=html}.\n").text.startswith("A \\LaTeX")


def test_attributes_that_are_not_known_are_told(markdown: Any) -> None:
    checks = markdown.checks('[a]{foo=1} [b]{style="x"}\n\n::: {bar=2}\nWords.\n:::\n')
    assert checks == [
        ("attribute-unknown", "warning", "1:5"),
        ("attribute-unused", "info", "1:16"),
        ("attribute-unknown", "warning", "3:6"),
    ]


def test_hard_breaks_stand_in_paragraphs(markdown: Any) -> None:
    paragraph = markdown.block("one  \ntwo\\\nthree\n")
    assert paragraph.text == "one\ntwo\nthree"
    assert sum(isinstance(inline, LineBreak) for inline in paragraph.inlines) == 2


def test_classes_that_nothing_uses_are_told(markdown: Any) -> None:
    text = "# Heading {.wide .unnumbered}\n\nA ![x](pictures/flag.png){.big} [y](https://a.example){.button}.\n"
    assert markdown.checks(text) == [
        ("class-unused", "info", "1:12"),
        ("class-unused", "info", "3:27"),
        ("class-unused", "info", "3:56"),
    ]
