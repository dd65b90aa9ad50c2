"""The article as a whole: sections, ids, counterparts, divisions, links, and what several texts share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from publisher.manuscript.article import Draft, Fence, MarkdownText, Resources, Source, read_texts
from publisher.model.blocks import Figure, Group, Heading, Paragraph, Quotation, walk
from publisher.model.inlines import Citation, FootnoteCall, Link, Span, plain_text, walk_inlines
from publisher.model.source import Position


def ids(draft: Draft) -> list[str]:
    return [node.id for section in draft.bodies[0].sections for node in walk(section.nodes())]


# Sections and headings -----------------------------------------------------------------------------------------------


def test_headings_make_nested_sections_and_the_smallest_level_is_two(markdown: Any) -> None:
    draft = markdown.read("Opening.\n\n# One\n\n## Two\n\nText.\n\n# Three\n")
    opening, one, three = draft.bodies[0].sections
    assert opening.heading is None
    assert [block.text for block in opening.blocks] == ["Opening."]
    assert (one.heading.text, one.heading.level) == ("One", 2)
    (two,) = one.sections
    assert (two.heading.text, two.heading.level, [b.text for b in two.blocks]) == ("Two", 3, ["Text."])
    assert three.heading.text == "Three"
    assert draft.findings == ()


def test_levels_that_start_at_three_are_raised_together(markdown: Any) -> None:
    headings = markdown.blocks("### A\n\n#### B\n")
    assert [(h.text, h.level) for h in headings] == [("A", 2), ("B", 3)]


def test_a_skipped_level_is_a_warning_and_is_closed(markdown: Any) -> None:
    draft = markdown.read("# A\n\n### B\n\n### C\n\n## D\n")
    assert [(h.text, h.level) for s in draft.bodies[0].sections for h in s.nodes()] == [
        ("A", 2),
        ("B", 3),
        ("C", 3),
        ("D", 3),
    ]
    assert [str(f.position) for f in draft.findings if f.check == "heading-level-skipped"] == [
        "article.md:3:1",
        "article.md:5:1",
    ]


def test_a_heading_without_words_is_an_error(markdown: Any) -> None:
    assert ("heading-empty", "error", "3:1") in markdown.checks("Ash.\n\n# {#x}\n\nBay.\n")


def test_a_headings_plain_wording_is_its_attribute(markdown: Any) -> None:
    assert markdown.block('# Remuneration {plain="Pay"}\n').plain == "Pay"


def test_an_article_without_text_is_an_error(markdown: Any) -> None:
    assert markdown.checks("\n<!-- nothing yet -->\n", first_line=7) == [("article-empty", "error", "7")]


# Ids -----------------------------------------------------------------------------------------------------------------


def test_blocks_are_numbered_within_their_section_and_nested_ones_too(markdown: Any) -> None:
    draft = markdown.read("Before.\n\n# Albania\n\n- one\n- two\n\nAfter.\n")
    assert ids(draft) == [
        "opening-1",
        "albania",
        *("albania-1", "albania-2", "albania-3", "albania-4", "albania-5"),
        "albania-6",
    ]


def test_an_authors_id_is_kept_and_generated_ones_step_aside(markdown: Any) -> None:
    draft = markdown.read("# A\n\nOne.\n\n::: {#a-2 .aside}\nTwo.\n:::\n")
    assert ids(draft) == ["a", "a-1", "a-2", "a-3"]


def test_equal_headings_get_numbers_after_their_ids(markdown: Any) -> None:
    assert ids(markdown.read("# Same\n\n# Same\n\n# Same\n")) == ["same", "same-2", "same-3"]


def test_a_heading_of_no_letters_is_called_section(markdown: Any) -> None:
    assert ids(markdown.read("# 1914\n\n# ???\n")) == ["section", "section-2"]


def test_a_heading_may_not_take_an_id_of_the_publications_own(markdown: Any) -> None:
    assert ids(markdown.read("# Title\n")) == ["title-2"]


def test_duplicate_ids_are_an_error_that_names_both_places(markdown: Any) -> None:
    draft = markdown.read("# One {#same}\n\nText with [a span]{#same}.\n")
    (finding,) = draft.findings
    assert (finding.check, str(finding.position)) == ("duplicate-id", "article.md:3:20")
    assert "article.md:1:" in finding.message


def test_an_id_that_xml_cannot_hold_is_changed_with_a_warning_and_links_follow(markdown: Any) -> None:
    draft = markdown.read("# One {#1st}\n\n[There](#1st).\n")
    section = draft.bodies[0].sections[0]
    assert section.heading.id == "id-1st"
    assert section.blocks[0].inlines[0].target == "#id-1st"
    assert [finding.check for finding in draft.findings] == ["id-changed"]


# Links ---------------------------------------------------------------------------------------------------------------


def link(markdown: Any, text: str) -> Link:
    (found,) = [i for i in walk_inlines(markdown.blocks(text)[0].inlines) if isinstance(i, Link)]
    return found


def test_a_link_to_a_heading_finds_its_id_however_it_is_written(markdown: Any) -> None:
    heading = "\n\n# Don't panic, now\n"
    for target in ("[x](#dont-panic-now)", "[Don't panic, now]", "[x][Don't panic, now]"):
        assert link(markdown, target + heading).target == "#dont-panic-now"


def test_links_written_for_githubs_ids_find_their_headings(markdown: Any) -> None:
    assert link(markdown, "[x](#v1.2-notes)\n\n# v1.2 notes\n").target == "#v1.2-notes"
    assert link(markdown, "[x](#v12-notes)\n\n# v1.2 notes\n").target == "#v1.2-notes"


def test_a_link_to_an_id_that_nothing_has_is_an_error_with_a_suggestion(markdown: Any) -> None:
    draft = markdown.read("[x](#albanai)\n\n# Albania\n")
    (finding,) = draft.findings
    assert (finding.check, finding.severity.value, str(finding.position)) == (
        "link-target-missing",
        "error",
        "article.md:1:5",
    )
    assert "#albania" in finding.message


def test_a_link_to_an_id_that_we_give_is_fine(markdown: Any) -> None:
    assert markdown.blocks("[x](#opening-2)\n\nHere.\n")[0].inlines[0].target == "#opening-2"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", "vbscript:x", "file:///x"]
)
def test_links_that_run_or_read_are_refused(markdown: Any, address: str) -> None:
    assert markdown.checks(f"A [x]({address}) b.\n") == [("link-scheme", "error", "1:7")]


def test_a_relative_link_is_a_warning_and_its_words_stay(markdown: Any) -> None:
    draft = markdown.read("See [the next chapter](chapter-2.md) now.\n")
    assert draft.bodies[0].sections[0].blocks[0].text == "See the next chapter now."
    assert [(f.check, f.severity.value) for f in draft.findings] == [("link-relative", "warning")]


def test_a_link_into_another_chapter_leads_to_the_id_where_this_text_has_it(markdown: Any) -> None:
    assert link(markdown, "[x](chapter-2.md#later)\n\n# Later\n").target == "#later"


# Counterparts --------------------------------------------------------------------------------------------------------


def test_a_counterpart_restates_every_block_since_the_last_one_or_the_heading(markdown: Any) -> None:
    text = "Ash.\n\n# S\n\nBay.\n\n- c\n\n::: plain\nbc\n:::\n\nDew.\n\n"
    body = markdown.read(text + '::: {.plain waive="45,774; Rwanda" lang=fr}\nd\n:::\n').bodies[0]
    first, second = body.counterparts
    assert (first.id, first.restates, first.blocks[0].id) == ("s-1-plain", ("s-1", "s-2"), "s-1-plain-1")
    assert (second.id, second.restates, second.waived, second.lang) == (
        "s-5-plain",
        ("s-5",),
        ("45,774", "Rwanda"),
        "fr",
    )
    assert first.position.line == 9
    assert [b.id for b in body.sections[1].blocks] == ["s-1", "s-2", "s-5"]


@pytest.mark.parametrize("before", ["", "# H\n\n", "Ash.\n\n::: plain\na\n:::\n\n"])
def test_a_counterpart_of_nothing_is_an_error(markdown: Any, before: str) -> None:
    checks = markdown.checks(f"{before}::: plain\nx\n:::\n\nBay.\n")
    assert checks == [("plain-restates-nothing", "error", f"{before.count(chr(10)) + 1}:1")]


def test_a_counterpart_inside_another_block_is_an_error(markdown: Any) -> None:
    assert [c[0] for c in markdown.checks("> Ash.\n>\n> ::: plain\n> a\n> :::\n")] == ["plain-misplaced"]


def test_a_counterpart_without_words_is_an_error(markdown: Any) -> None:
    assert [c[0] for c in markdown.checks("Ash.\n\n::: plain\n:::\n")] == ["plain-empty"]


# Fenced divisions ----------------------------------------------------------------------------------------------------


def test_a_division_is_a_group_with_its_classes_id_and_language(markdown: Any) -> None:
    group = markdown.block("::: {.aside .wide #tower lang=fr}\nBonjour.\n:::\n")
    assert isinstance(group, Group)
    assert (group.classes, group.id, group.lang, group.blocks[0].lang) == (("aside", "wide"), "tower", "fr", "fr")


def test_a_division_in_html_is_the_same(markdown: Any) -> None:
    group = markdown.block('<div class="aside" id="tower">\n\nHello.\n\n</div>\n')
    assert (group.classes, group.id, group.blocks[0].text) == (("aside",), "tower", "Hello.")


def test_a_pull_quote_is_a_quotation_for_display(markdown: Any) -> None:
    quotation = markdown.block("::: pull-quote\nSo it is.\n:::\n")
    assert isinstance(quotation, Quotation)
    assert quotation.pull


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Ash.\n\n::: aside\nBay.\n\nCow.\n", 3),
        ("::: a\n\n::: b\nBay.\n:::\n", 1),
        ("```\n::: in code\n```\n\n::: aside\nBay.\n", 5),
    ],
)
def test_a_division_that_is_never_closed_is_an_error_at_its_opening(markdown: Any, text: str, line: int) -> None:
    assert ("division-unclosed", "error", str(line)) in markdown.checks(text)


def test_a_fence_that_closes_nothing_is_an_error(markdown: Any) -> None:
    assert markdown.checks("Ash.\n\n:::\n\nBay.\n") == [("division-stray", "error", "3:1")]


@pytest.mark.parametrize("fence", ['::: {.aside title=" a"}', "::: plain simple", "::: {.plain"])
def test_a_fence_whose_attributes_cannot_be_read_is_an_error_at_its_line(markdown: Any, fence: str) -> None:
    assert markdown.checks(f"Ash.\n\n{fence}\nBay.\n:::\n\nCow.\n") == [("division-unread", "error", "3:1")]


def test_an_empty_division_is_a_warning(markdown: Any) -> None:
    assert markdown.checks("Ash.\n\n::: aside\n:::\n") == [("division-empty", "warning", "3:1")]


def test_a_long_description_belongs_to_the_figure_before_it(markdown: Any) -> None:
    figure = markdown.block(
        '![Cap.](pictures/flag.png){alt="A flag."}\n\n::: {.long-description}\nIt is red.\n\nAll of it.\n:::\n'
    )
    assert isinstance(figure, Figure)
    assert [b.text for b in figure.long_description] == ["It is red.", "All of it."]


def test_a_long_description_of_nothing_is_an_error(markdown: Any) -> None:
    assert markdown.checks("Ash.\n\n::: long-description\nBay.\n:::\n") == [
        ("long-description-misplaced", "error", "3:1")
    ]


# Texts read as divisions ---------------------------------------------------------------------------------------------

LAYER = """\
::: {.introduction title="Before"}
First.

::: plain
Plain.
:::

Second.
:::

::: {#n-one .note on="so" by="desk" kind="context"}
- list
:::

Stray.

::: {.note on="it"}
Body.
:::
"""


def test_divisions_have_their_fence_blocks_and_counterparts(markdown: Any) -> None:
    def naming(fence: Fence) -> str:
        return fence.id or ("introduction" if "introduction" in fence.classes else "note-1")

    draft = markdown.read(LAYER, naming=naming, first_line=5)
    introduction, one, other = draft.bodies[0].divisions
    assert (introduction.id, introduction.fence.id, introduction.fence.position.line) == ("introduction", None, 5)
    assert introduction.fence.attributes == {"title": "Before"}
    assert [(b.id, b.text) for b in introduction.blocks] == [
        ("introduction-1", "First."),
        ("introduction-2", "Second."),
    ]
    (counterpart,) = introduction.counterparts
    assert (counterpart.id, counterpart.restates, counterpart.blocks[0].id) == (
        "introduction-plain",
        ("introduction-1",),
        "introduction-plain-1",
    )
    assert (one.id, one.fence.id, one.fence.attributes["on"], one.blocks[0].id) == ("n-one", "n-one", "so", "n-one-1")
    assert (other.id, other.blocks[0].id) == ("note-1", "note-1-1")
    assert draft.bodies[0].strays == (Position("article.md", 19, 1),)
    assert draft.findings == ()


# Several texts -------------------------------------------------------------------------------------------------------


def both(article: str, layer: str, *sources: Source) -> Draft:
    texts = [
        MarkdownText(path="article.md", text=article),
        MarkdownText(path="commentary.md", text=layer, naming=lambda fence: fence.id or "note-1"),
    ]
    return read_texts(texts, resources=Resources(Path()), sources=sources)


def test_an_article_has_the_same_ids_with_a_layer_and_without() -> None:
    article = "# A\n\nOne.^[Foot.]\n\nTwo.\n"
    alone = read_texts([MarkdownText(path="article.md", text=article)], resources=Resources(Path()))
    layered = both(article, "::: {.note #a-9}\nNote.^[Its own.] [x](#a-1)\n:::\n")
    assert layered.bodies[0] == alone.bodies[0]
    assert layered.footnotes[:1] == alone.footnotes
    assert [footnote.id for footnote in layered.footnotes] == ["fn-1", "fn-2"]
    assert layered.findings == ()


def test_an_id_that_both_texts_give_is_an_error_in_the_second() -> None:
    draft = both("# A {#same}\n", "::: {.note #same}\nNote.\n:::\n")
    assert [(f.check, str(f.position)) for f in draft.findings] == [("duplicate-id", "commentary.md:1:12")]


def test_texts_may_link_to_each_other() -> None:
    draft = both("[x](#n)\n\n# A\n", "::: {.note #n}\n[y](#a)\n:::\n")
    assert draft.findings == ()


# Footnotes -----------------------------------------------------------------------------------------------------------


def test_a_footnote_called_twice_is_one_footnote_with_two_calls(markdown: Any) -> None:
    draft = markdown.read("One[^a] two[^b] one[^a].\n\n[^a]: Alpha.\n\n[^b]: Beta.\n")
    first, second = draft.footnotes
    assert (first.id, first.number, first.calls, first.blocks[0].text) == (
        "fn-1",
        1,
        ("fnref-1", "fnref-1-2"),
        "Alpha.",
    )
    assert (second.id, second.calls) == ("fn-2", ("fnref-2",))
    calls = [i for i in draft.bodies[0].sections[0].blocks[0].inlines if isinstance(i, FootnoteCall)]
    assert [(call.id, call.footnote) for call in calls] == [
        ("fnref-1", "fn-1"),
        ("fnref-2", "fn-2"),
        ("fnref-1-2", "fn-1"),
    ]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("Ash.\n\n[^a]: Never called.\n", ("footnote-unused", "warning", "3")),
        ("A[^a].\n\n[^a]: One.\n\n[^a]: Two.\n", ("footnote-duplicate", "error", "5")),
        ("A[^b].\n", ("footnote-missing", "warning", "1:2")),
    ],
)
def test_footnotes_and_calls_that_do_not_match_are_told(
    markdown: Any, text: str, finding: tuple[str, str, str]
) -> None:
    assert markdown.checks(text) == [finding]


# References ----------------------------------------------------------------------------------------------------------

DOE = {"id": "doe", "type": "book", "title": "Lamps", "author": [{"family": "Doe"}], "issued": {"date-parts": [[2000]]}}
DOE_TOO = {**DOE, "id": "doe2", "title": "Tides", "publisher": "Press", "URL": "https://tides.example"}
ROE = {
    "id": "roe",
    "type": "book",
    "title": "Sea",
    "author": [{"family": "Roe"}],
    "issued": "1999-03-04",
    "DOI": "10.1/x",
}


def test_citations_are_worded_by_the_style_and_know_their_references(markdown: Any) -> None:
    draft = markdown.read("As [@doe, p. 3] and @roe [p. 5] say.\n", references=[DOE, ROE])
    (block,) = draft.bodies[0].sections[0].blocks
    assert block.text == "As (Doe 2000, 3) and Roe (1999, 5) say."
    cited = [i for i in block.inlines if isinstance(i, Citation)]
    assert [(plain_text([c]), c.keys) for c in cited] == [("(Doe 2000, 3)", ("doe",)), ("Roe (1999, 5)", ("roe",))]


def test_a_citation_of_several_works_is_a_citation_each(markdown: Any) -> None:
    draft = markdown.read("So [see @doe; @roe].\n", references=[DOE, ROE])
    (block,) = draft.bodies[0].sections[0].blocks
    assert block.text == "So (see Doe 2000; Roe 1999)."
    (group,) = [i for i in block.inlines if isinstance(i, Span)]
    assert [i.keys for i in group.children if isinstance(i, Citation)] == [("doe",), ("roe",)]


def test_works_of_one_author_and_year_are_told_apart_across_texts() -> None:
    sources = [Source(item, Position("article.md", 2)) for item in (DOE, DOE_TOO)]
    draft = both("A [@doe].\n", "::: note\nB [@doe2].\n:::\n", *sources)
    assert draft.bodies[0].sections[0].blocks[0].text == "A (Doe 2000a)."
    assert draft.bodies[1].divisions[0].blocks[0].text == "B (Doe 2000b)."


def test_references_have_entry_address_and_a_short_name(markdown: Any) -> None:
    draft = markdown.read("Text.\n", references=[ROE, DOE_TOO])
    doe, roe = draft.references
    assert (doe.id, doe.key, doe.short, doe.url) == ("ref-doe2", "doe2", "Tides, Press, 2000", "https://tides.example")
    assert (roe.id, roe.short, roe.url) == ("ref-roe", "Sea, Roe, 1999", "https://doi.org/10.1/x")
    assert plain_text(roe.entry) == "Roe. 1999. Sea. https://doi.org/10.1/x."


@pytest.mark.parametrize("issued", [{"literal": "April 2023"}, {"raw": "April 2023"}, "April 2023"])
def test_a_date_in_words_stays_in_the_short_name(markdown: Any, issued: Any) -> None:
    item = {"id": "r", "type": "report", "title": "Register", "publisher": "The Board", "issued": issued}
    (reference,) = markdown.read("Text.\n", references=[item]).references
    assert reference.short == "Register, The Board, April 2023"


def test_the_bibliography_is_worded_in_the_language_of_the_text(markdown: Any) -> None:
    item = {**ROE, "type": "article-newspaper", "container-title": "Times"}
    (reference,) = markdown.read("Texte.\n", lang="fr", references=[item]).references
    assert "mars" in plain_text(reference.entry)


def test_a_citation_in_brackets_of_an_unknown_work_is_an_error_with_a_suggestion(markdown: Any) -> None:
    draft = markdown.read("As [@dow] says.\n", references=[DOE])
    (finding,) = draft.findings
    assert (finding.check, finding.severity.value, str(finding.position)) == (
        "citation-unknown",
        "error",
        "article.md:1:5",
    )
    assert "@doe" in finding.message


def test_a_bare_at_sign_is_kept_with_a_warning(markdown: Any) -> None:
    draft = markdown.read("Write to @desk now.\n")
    assert draft.bodies[0].sections[0].blocks[0].text == "Write to @desk now."
    assert [(f.check, f.severity.value) for f in draft.findings] == [("citation-unknown", "warning")]


def test_references_are_data_and_pandoc_opens_no_file_for_them(markdown: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret.bib"
    secret.write_text("@book{stolen, title={Stolen}}")
    draft = markdown.read(f"---\nbibliography: {secret}\n---\n\nA @stolen.\n")
    assert draft.references == ()
    assert all("Stolen" not in node.text for node in markdown.nodes(draft) if isinstance(node, Paragraph | Heading))


def test_two_references_of_one_key_must_agree(markdown: Any) -> None:
    assert markdown.read("Text.\n", references=[DOE, DOE]).findings == ()
    assert markdown.checks("Text.\n", references=[DOE, {**DOE, "title": "Other"}]) == [
        ("reference-duplicate", "error", "1")
    ]


# Readers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reader", ["gfm", "commonmark", "commonmark_x", "markdown_mmd", "markdown_strict", "markdown-smart"]
)
def test_other_readers_may_be_chosen(markdown: Any, reader: str) -> None:
    heading, paragraph, listed = markdown.blocks("# A\n\nText *so*.\n\n- one\n- two\n", reader=reader)
    assert (heading.position.line, paragraph.position.line, listed.position.line) == (1, 3, 5)


def test_findings_come_in_the_order_of_the_text(markdown: Any) -> None:
    lines = [c[2] for c in markdown.checks("[a](x.md)\n\n![](y.png)\n\n[b](#no)\n\n<video>\n")]
    assert lines == sorted(lines)
    assert len(lines) >= 4
