"""The tag tree, read back from the file. Numbers in brackets are conditions of the Matterhorn Protocol 1.1."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pdf_sample
import pikepdf
import pytest
import weasyprint
from pdf_file import File, Tag

from publisher.formats.pdf import structure, tagging
from publisher.formats.pdf.read import read
from publisher.formats.pdf.spaces import restore_spaces
from publisher.formats.pdf.structure import GROUPING, ROLE_MAP
from publisher.formats.pdf.write import write
from publisher.model.findings import EngineError

BLOCKS = {"P", "H1", "H2", "H3", "L", "Table", "Figure", "BlockQuote", "Sect", "Div", "Note", "TOC", "Art", "Part"}
STANDARD = {
    *GROUPING,
    *("P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "Table", "TR", "THead", "TBody", "TFoot"),
    *("Span", "Quote", "Link", "Reference", "BibEntry", "Code", "Figure", "Formula", "TOC", "TOCI"),
}


@pytest.fixture(scope="module", params=["full.pdf", "full-large-print.pdf"])
def file(request: pytest.FixtureRequest, full: Path) -> File:
    return File(full / request.param)


def only(tags: list[Tag], text: str) -> Tag:
    found = [tag for tag in tags if " ".join(tag.text.split()).startswith(text)]
    assert len(found) == 1, [tag.text for tag in tags]
    return found[0]


def kids(tag: Tag) -> list[str]:
    return [kid.role for kid in tag.kids if isinstance(kid, Tag)]


def annotations(file: File) -> Iterator[tuple[pikepdf.Page, Any]]:
    for page in file.pdf.pages:
        for annotation in page.get("/Annots", []):
            yield page, annotation


def test_every_type_is_standard_or_mapped_to_one_that_is(file: File) -> None:  # [02-001]
    mapped = {str(name)[1:]: str(value)[1:] for name, value in file.pdf.Root.StructTreeRoot.RoleMap.items()}
    assert mapped == ROLE_MAP
    for tag in file.tree.walk():
        assert mapped.get(tag.role, tag.role) in STANDARD


def test_everything_painted_is_content_or_an_artifact_and_never_both(file: File) -> None:  # [01-001 to 01-005]
    for page in file.pdf.pages:
        depth: list[str] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                kind = str(operands[0])
                assert not (kind == "/Artifact" and depth), depth
                assert "/Artifact" not in depth
                depth.append(kind)
            elif name == "EMC":
                depth.pop()
            elif name in ("TJ", "Tj", "S", "s", "f", "f*", "B", "Do", "sh"):
                assert depth, (name, operands)
        assert depth == []


def test_marks_count_from_nought_and_each_has_its_parent(file: File) -> None:
    numbers = file.pdf.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[index]): numbers[index + 1] for index in range(0, len(numbers), 2)}
    owners = {(page, mark): tag.source.objgen for tag in file.tree.walk() for page, mark in tag.marks}
    for number, page in enumerate(file.pdf.pages):
        marks = [
            int(operands[1].MCID)
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "BDC" and "/MCID" in operands[1]
        ]
        assert marks == list(range(len(marks)))
        listed = parents[int(page.StructParents)]
        assert [kid.objgen for kid in listed] == [owners[number, mark] for mark in marks]
    assert int(file.pdf.Root.StructTreeRoot.ParentTreeNextKey) == max(parents) + 1


def test_running_heads_and_page_numbers_are_pagination_artifacts(file: File) -> None:
    subtypes = set()
    for page in file.pdf.pages:
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "BDC" and str(operands[0]) == "/Artifact" and "/Subtype" in operands[1]:
                assert operands[1].Type == pikepdf.Name.Pagination
                subtypes.add(str(operands[1].Subtype))
    assert subtypes == {"/Header", "/Footer"}
    furniture = {run.words for run in file.runs if run.artifact}
    assert {"1", "A history"} <= furniture
    assert file.tree.text.count("Pictures and voices") == 2, "in the contents and over the section alone"


def test_a_block_is_one_element_however_many_pages_it_is_on(file: File) -> None:
    ids = [tag.get("/ID") for tag in file.tree.walk() if tag.get("/ID")]
    assert len(ids) == len(set(ids))
    table = next(tag for tag in file.tree.find("Table") if len(tag.pages) > 1)
    assert kids(table) == ["Caption", "THead", "TBody"]
    assert table.text.count("Lost") == 1
    assert len(table.find("TR")) == 61


def test_headings_keep_their_levels_in_order(file: File) -> None:  # [14-002, 14-003]
    levels = [int(tag.role[1]) for tag in file.tree.walk() if tag.role in ("H1", "H2", "H3", "H4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_lists_have_labels_and_bodies_and_nest_inside_bodies(file: File) -> None:
    for item in file.tree.find("LI"):
        assert kids(item) in (["Lbl", "LBody"], ["LBody"]), item.outline
    nested = only(file.tree.find("LI"), "• oil, in casks:")
    assert nested.outline == "LI(Lbl LBody(P L(LI(Lbl LBody(P)) LI(Lbl LBody(P)))))"
    assert all(tag.attribute("/ListNumbering") in ("/Disc", "/Decimal", "/None") for tag in file.tree.find("L"))


def test_a_task_keeps_its_mark_as_label(file: File) -> None:
    assert only(file.tree.find("LI"), "☑").outline == "LI(Lbl LBody(P))"


def test_terms_are_labels_of_their_definitions(file: File) -> None:
    term = only(file.tree.find("LI"), "Fresnel lens")
    assert term.outline == "LI(Lbl LBody(P))"
    assert only(term.find("Lbl"), "Fresnel").get("/ID") == "term-1"


def test_heads_of_tables_say_what_they_head(file: File) -> None:  # [15-003]
    table = next(tag for tag in file.tree.find("Table") if tag.get("/ID") == "wrecks")
    scopes = [str(tag.attribute("/Scope")) for tag in table.find("TH")]
    assert scopes[:3] == ["/Column"] * 3
    assert set(scopes[3:]) == {"/Row"}


def test_figures_have_alternatives_boxes_and_captions_and_decoration_is_no_figure(file: File) -> None:  # [13-004]
    figures = file.tree.find("Figure")
    assert [tag.get("/Alt") for tag in figures] == ["A lamp on a rock.", "A grey lamp."]
    assert kids(figures[1]) == ["Caption"]
    for figure in figures:
        left, bottom, right, top = map(float, figure.attribute("/BBox"))
        assert 0 < left < right < 620
        assert 0 < bottom < top < 850


def test_a_formula_is_said_in_words(file: File) -> None:  # [17-002]
    assert [tag.get("/Alt") for tag in file.tree.find("Formula")] == ["d is the square root of 2 R h"]


def test_notes_have_ids_that_the_id_tree_lists(file: File) -> None:  # [19-003, 19-004]
    notes = [tag.get("/ID") for tag in file.tree.find("Note")]
    assert set(notes) == {"fn-1", "fn-2", *(f"note-{number}" for number in range(1, 7))}
    names = file.pdf.Root.StructTreeRoot.IDTree.Names
    keys = [bytes(names[index]) for index in range(0, len(names), 2)]
    assert keys == sorted(keys)
    assert {note.encode() for note in notes if note} <= set(keys)
    assert all(names[index] == names[index + 1].ID for index in range(0, len(names), 2))


def test_notes_are_read_after_the_section_that_calls_them(file: File) -> None:
    text = file.tree.text
    assert (
        text.index("Ship 59") < text.index("Note 1.") < text.index("And for the keeper.") < text.index("oil, in casks")
    )


def test_calls_are_references_with_links_that_say_where_they_lead(file: File) -> None:
    for reference in file.tree.find("Reference"):
        assert kids(reference) == ["Link"]
    told = [str(annotation.Contents) for _, annotation in annotations(file)]
    assert "Note 3: Context" in told
    assert "Footnote 1" in told
    assert "the register of lights" in told
    assert "Back to the text: Note 3" in told
    assert "A history" in told
    assert not [words for words in told if words.startswith(("#", "note-", "https://lights"))]


def test_each_link_stands_in_its_link_element_and_is_printed(file: File) -> None:  # [28-002, 28-011]
    numbers = file.pdf.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[index]): numbers[index + 1] for index in range(0, len(numbers), 2)}
    seen = 0
    for page, annotation in annotations(file):
        parent = parents[int(annotation.StructParent)]
        assert pikepdf.Name.Link == parent.S
        objects = [kid for kid in parent.K if not isinstance(kid, int) and kid.get("/Type") == pikepdf.Name.OBJR]
        assert annotation.objgen in [kid.Obj.objgen for kid in objects]
        assert int(annotation.F) & 4
        assert page.Tabs == pikepdf.Name.S
        seen += 1
    assert seen > 20


def test_languages_and_abbreviations_are_kept(file: File) -> None:  # [11-002, 11-003]
    spans = {tag.get("/Lang"): tag.text.strip() for tag in file.tree.walk() if tag.get("/Lang")}
    assert spans["fr"] == "le phare"
    assert spans["ar"] == "كان الحارس يكتب بالعربية أحيانًا."
    assert [tag.text.strip() for tag in file.tree.walk() if tag.get("/E") == "Northern Lights Board"] == ["NLB"]
    assert str(file.pdf.Root.Lang) == "en-GB"


def test_spaces_at_the_ends_of_lines_are_not_lost(file: File) -> None:
    assert " ".join(pdf_sample.LOREM.split()) in " ".join(file.tree.text.split())


def test_a_space_between_sentences_is_not_lost(tmp_path: Path) -> None:
    make = pdf_sample.Maker()
    text = "One is first. Two is second. Three."
    block = pdf_sample.Paragraph(
        id="p",
        lang="en-GB",
        position=pdf_sample.HERE,
        inlines=(pdf_sample.Text(text),),
        sentences=(
            pdf_sample.Sentence("s1", 0, 13),
            pdf_sample.Sentence("s2", 14, 28),
            pdf_sample.Sentence("s3", 29, len(text)),
        ),
    )
    spaced = make.p("All ", pdf_sample.Styled(pdf_sample.Style.EMPHASIS, (pdf_sample.Text("of"),)), " ", "them")
    publication = pdf_sample.small(sections=(pdf_sample.Section(None, (block, spaced)),))
    write(pdf_sample.job(publication, tmp_path, part="print"))
    first, second = File(tmp_path / "out" / "small.pdf").tree.find("Art")[0].find("P")
    assert first.text == text
    assert second.text == "All of them"


def test_the_space_before_brackets_of_the_style_sheet_stands_before_them() -> None:
    source = ElementTree.fromstring("<p>so\u00adme words <a>6</a> more</p>")
    some, opening, number, closing, more = (
        structure.Content(0, mark, text) for mark, text in enumerate(("some words", "(", "6", ")", "more"))
    )
    call = structure.Node("a", {}, [structure.Node("a::before", {}, [opening]), number])
    call.kids.append(structure.Node("a::after", {}, [closing]))
    restore_spaces(structure.Node("body", {}, [structure.Node("p", {}, [some, call, more], source)]))
    assert [some.space, opening.space, number.space, closing.space] == [True, False, False, True]


def test_characters_without_a_glyph_are_told(tmp_path: Path) -> None:
    text = "A family \U0001f469\u200d\U0001f467, a \u200fmark\u200e, a heart \u2764\ufe0f."
    block = pdf_sample.Maker().p(text)
    publication = pdf_sample.small(sections=(pdf_sample.Section(None, (block,)),))
    write(pdf_sample.job(publication, tmp_path))
    for name in ("small.pdf", "small-large-print.pdf"):
        assert text in {unit.text for unit in read(tmp_path / "out" / name).units}


def test_words_do_not_stand_beside_blocks(file: File) -> None:
    def standard(role: str) -> str:
        return ROLE_MAP.get(role, role)

    for tag in file.tree.walk():
        if standard(tag.role) in GROUPING - {"LBody", "TD", "TH"}:
            loose = [
                kid for kid in tag.kids if isinstance(kid, str) or standard(kid.role) not in BLOCKS | {"Caption", "Lbl"}
            ]
            assert not (loose and BLOCKS & set(map(standard, kids(tag)))), tag.outline


def test_the_document_names_itself_and_its_pages(file: File) -> None:  # [06-002, 07-001, 07-002]
    root = file.pdf.Root
    assert bool(root.MarkInfo.Marked) is True
    assert bool(root.ViewerPreferences.DisplayDocTitle) is True
    assert root.PageLabels.Nums[1].S == pikepdf.Name.D
    with file.pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "The lamp at Skerry Point"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:language"] == {"en-GB"}
        assert metadata["dc:publisher"] == {"The Skerry Press"}


def test_every_heading_and_note_has_a_bookmark(file: File) -> None:
    titles: list[str] = []

    def collect(items: Any) -> None:
        for item in items:
            titles.append(item.title)
            collect(item.children)

    with file.pdf.open_outline() as outline:
        collect(outline.root)
    headings = [" ".join(tag.text.split()) for tag in file.tree.walk() if tag.role[0] == "H" and tag.role[1:].isdigit()]
    assert [title for title in titles if not title.startswith("Note ")] == headings
    assert next(title for title in titles if title.startswith("Note ")) == "Note 1: Fact check"


def test_every_font_is_embedded_and_maps_to_characters(file: File) -> None:  # [31-001 and following]
    fonts = file.pdf.pages[0].resources.Font
    assert len(fonts) > 3
    for font in fonts.values():
        assert "/ToUnicode" in font
        assert (
            "/FontFile2" in font.DescendantFonts[0].FontDescriptor
            or "/FontFile3" in font.DescendantFonts[0].FontDescriptor
        )
    assert not [run for run in file.runs if "\ufffd" in run.words]


def test_divided_words_are_told_whole(tmp_path: Path) -> None:
    make = pdf_sample.Maker()
    words = "incomprehensibilities notwithstanding " * 30
    publication = pdf_sample.small()
    section = pdf_sample.Section(None, (make.p(words.strip(), id="long"), make.p("well-known " * 30)))
    write(pdf_sample.job(pdf_sample.replace(publication, sections=(section,)), tmp_path, part="print"))
    file = File(tmp_path / "out" / "small.pdf")
    assert any("\u00ad" in run.words for run in file.runs), "no word was divided"
    first, second = file.tree.find("Art")[0].find("P")
    assert first.text.replace("\u00ad", "").split() == words.split()
    assert second.text.split() == ["well-known"] * 30


def test_the_internals_of_weasyprint_are_those_that_the_tags_are_made_from() -> None:
    tagging.check_internals()
    assert weasyprint.__version__.split(".")[0] == "70", (
        "look at tagging.py, boxes.py and painting.py before you raise it"
    )


@pytest.mark.parametrize("name", ["add_tags", "build_fonts_dictionary"])
def test_other_internals_are_refused_before_anything_is_written(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(weasyprint.pdf, name, lambda pdf, more: None)
    with pytest.raises(EngineError, match=name), tagging.tagged():
        pass


def test_weasyprint_is_left_as_it_was() -> None:
    before = weasyprint.pdf.add_tags
    with tagging.tagged():
        assert weasyprint.pdf.add_tags is not before
    assert weasyprint.pdf.add_tags is before
