"""Word documents as they are written: the package, and what Word makes of its parts (ISO/IEC 29500-1 and -2)."""

from __future__ import annotations

import posixpath
import re
import runpy
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree
from word_files import EDITIONS, NAMES, ODD, ROOT, W, Word, edition, make, told, written

from publisher.formats.archive import write_archive
from publisher.formats.contract import Job
from publisher.formats.docx.inlines import titles
from publisher.formats.docx.read import read
from publisher.formats.docx.write import write
from publisher.model.findings import InputError
from publisher.rendering.templates import Templates
from publisher.store import Store

TEXTS = ("document", "footnotes", "comments")
FOLDERS = [ROOT / "source" / "upstream", ODD, *sorted(p.parent for p in EDITIONS.glob("*/article.md"))]


@pytest.fixture(params=["constructs", "odd"])
def word(request: pytest.FixtureRequest) -> Word:
    made: Word = request.getfixturevalue(request.param)
    return made


# What it says --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_says_what_the_source_says(folder: Path, tmp_path: Path) -> None:
    word = make(folder, tmp_path)
    held = word.held()
    assert told(held) == []
    assert len(held.places) == len(held.expected) > 0


def test_the_same_edition_gives_the_same_bytes_anywhere(constructs: Word, tmp_path: Path) -> None:
    again = make(EDITIONS / "constructs", tmp_path / "elsewhere")
    assert again.path.read_bytes() == constructs.path.read_bytes()


# 29500-2: the package ------------------------------------------------------------------------------------------------


def test_the_types_stand_first_and_every_entry_has_one_date(word: Word) -> None:
    with ZipFile(word.path) as archive:
        assert archive.namelist()[:2] == ["[Content_Types].xml", "_rels/.rels"]
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_part_has_a_type(word: Word) -> None:
    types = word.tree("[Content_Types].xml")
    named = {one.get("PartName") for one in types if one.get("PartName")}
    endings = {one.get("Extension") for one in types if one.get("Extension")}
    assert {name.lstrip("/") for name in named} <= word.entries.keys()
    for name in word.entries.keys() - {"[Content_Types].xml"}:
        assert f"/{name}" in named or name.rpartition(".")[2] in endings
    assert all(f"/word/{name}.xml" in named for name in TEXTS)


def test_every_relationship_leads_to_a_part_and_every_use_to_a_relationship(word: Word) -> None:
    for name in word.entries:
        if not name.endswith(".rels"):
            continue
        base = posixpath.dirname(posixpath.dirname(name))
        relations = {one.get("Id"): one for one in word.tree(name)}
        inside = [one for one in relations.values() if one.get("TargetMode") != "External"]
        assert {posixpath.normpath(posixpath.join(base, one.get("Target"))) for one in inside} <= word.entries.keys()
    for name in TEXTS:
        used = set(word.find("//@r:id | //@r:embed", f"word/{name}.xml"))
        listed = f"word/_rels/{name}.xml.rels"
        assert used <= {one.get("Id") for one in word.tree(listed)} if used else True


def test_bookmarks_are_named_as_word_allows_and_each_once(word: Word) -> None:
    marks = [mark for part in TEXTS for mark in word.find("//w:bookmarkStart", f"word/{part}.xml")]
    names, numbers = ([mark.get(f"{W}{what}") for mark in marks] for what in ("name", "id"))
    ends = [number for part in TEXTS for number in word.find("//w:bookmarkEnd/@w:id", f"word/{part}.xml")]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert Counter(numbers) == Counter(ends)
    assert all(re.fullmatch(r"_[\w.-]{1,39}", name) for name in names)
    anchors = {anchor for part in TEXTS for anchor in word.find("//w:hyperlink/@w:anchor", f"word/{part}.xml")}
    assert anchors <= set(names)


def test_only_styles_that_there_are_are_used(word: Word) -> None:
    ids = set(word.find("//w:style/@w:styleId", "word/styles.xml"))
    for part in TEXTS:
        assert set(word.find("//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val", f"word/{part}.xml")) <= ids
    assert set(word.find("//w:basedOn/@w:val | //w:next/@w:val", "word/styles.xml")) <= ids


# 29500-1, 17.13.4: comments ------------------------------------------------------------------------------------------


def test_every_note_is_a_comment_by_its_author_with_its_date(constructs: Word) -> None:
    comments = {one.get(f"{W}id"): one for one in constructs.tree("word/comments.xml")}
    signed = [(one.get(f"{W}author"), (one.get(f"{W}date") or "")[:10]) for one in comments.values()]
    notes = constructs.publication.notes
    assert signed == [(note.by.name, note.date.isoformat() if note.date else "") for note in notes]
    assert {note.layer for note in notes} == {"commentary", "teachers"}
    assert comments["0"].get(f"{W}initials") == "TD"


def test_comments_begin_and_end_at_the_words_that_they_are_on(constructs: Word) -> None:
    body = constructs.tree("word/document.xml")
    for number, note in enumerate(constructs.publication.notes):
        opened, said = False, ""
        for element in body.iter():
            if element.tag == f"{W}commentRangeStart" and element.get(f"{W}id") == str(number):
                opened = True
            elif element.tag == f"{W}commentRangeEnd" and element.get(f"{W}id") == str(number):
                opened = False
            elif opened and element.tag == f"{W}t":
                said += element.text or ""
        if note.target.element is None:
            assert "".join(said.split()) == "".join(note.target.quote.split()), note.id
        else:
            assert said.strip(), note.id


def test_a_comment_holds_its_kind_its_text_its_plain_counterpart_and_its_sources(constructs: Word) -> None:
    comment = next(one for one in constructs.tree("word/comments.xml") if "43 lost, not 42" in said_in(one))
    assert [(style, text) for style, text in lines_of(comment, constructs)] == [
        ("Edition Label", "Note 13 · What happened next"),
        (
            "annotation text",
            "The words stand in a cell. The return counts 43 lost, not 42 (Parliamentary Office 1839, 2).",
        ),
        ("Edition Label", "Plain-language edition"),
        ("annotation text", "A report counts 43 dead."),
        ("Edition Label", "Sources"),
        ("Edition Line", "Return of wrecks, 1838, Parliamentary Office, 1839"),
    ]  # fmt: skip
    assert len(comment.xpath(".//w:annotationRef", namespaces=NAMES)) == 1


def said_in(element: etree._Element) -> str:
    return "".join(element.xpath(".//w:t/text()", namespaces=NAMES))


def lines_of(element: etree._Element, word: Word) -> list[tuple[str, str]]:
    styles = {one.get(f"{W}styleId"): one.find(f"{W}name").get(f"{W}val") for one in word.find("//w:style", STYLES)}
    paragraphs = element.iter(f"{W}p")
    return [(styles[p.find(f"{W}pPr/{W}pStyle").get(f"{W}val")], said_in(p)) for p in paragraphs]


STYLES = "word/styles.xml"

# 17.11: footnotes; 17.4: tables; 17.9: numbering; 22.1: formulas -----------------------------------------------------


def test_footnotes_are_footnotes_and_further_calls_refer_to_the_first(odd: Word) -> None:
    footnotes = [one for one in odd.tree("word/footnotes.xml") if one.get(f"{W}type") is None]
    assert len(footnotes) == len(odd.publication.footnotes) == 2
    assert len(odd.find("//w:footnoteReference")) == 2
    codes = Counter(" ".join(code.split()[:2]) for code in odd.find("//w:instrText/text()"))
    assert codes == {"TOC \\o": 1, "NOTEREF _fnref-1": 3, "NOTEREF _fnref-2": 1}
    assert {"_fnref-1", "_fnref-2"} <= set(odd.find("//w:bookmarkStart/@w:name"))


def test_contents_come_filled_and_ask_for_no_update(constructs: Word) -> None:
    (found,) = read(constructs.path).contents
    assert [(one.text, one.target, one.level) for one in found.entries][:3] == [
        ("Before you read", "#introduction", 1),
        ("Introduction", "#teachers-introduction", 1),
        ("Spans", "#spans", 1),
    ]
    assert {one.level for one in found.entries} == {1, 2}
    (code,) = (code for code in constructs.find("//w:instrText/text()") if code.split()[0] == "TOC")
    assert code.split() == ["TOC", "\\o", '"1-2"', "\\n", "\\h", "\\z", "\\u"]
    assert constructs.find("//w:updateFields", "word/settings.xml") == []


def test_few_headings_need_no_contents(tmp_path: Path) -> None:
    assert read(make(EDITIONS / "minimal", tmp_path).path).contents == ()


@pytest.mark.parametrize(
    ("before", "after", "check"),
    [
        (">Spans</w:t>", ">Spams</w:t>", "contents-altered"),
        ('w:anchor="_spans"', 'w:anchor="_lists"', "contents-missing"),
        ('w:val="Toc2"', 'w:val="Toc1"', "contents-order"),
    ],
)
def test_contents_that_say_otherwise_are_told(
    constructs: Word, tmp_path: Path, before: str, after: str, check: str
) -> None:
    text = constructs.entries["word/document.xml"].decode("utf-8")
    _, begun, rest = text.partition(" TOC ")
    assert before in rest
    changed = text.replace(begun + rest, begun + rest.replace(before, after, 1))
    write_archive(tmp_path / "other.docx", {**constructs.entries, "word/document.xml": changed.encode("utf-8")})
    found = Word(tmp_path / "other.docx", constructs.publication).held()
    assert check in {one.finding.check for one in found.discrepancies}


def test_the_mark_of_a_footnote_stands_before_its_first_words(constructs: Word) -> None:
    marks = constructs.find("//w:footnoteRef", "word/footnotes.xml")
    assert len(marks) == len(constructs.publication.footnotes)
    assert all(" " in said_in(next(mark.iterancestors(f"{W}p"))).strip() for mark in marks)


def test_a_table_stands_apart_from_what_follows(constructs: Word) -> None:
    after = [p for p in constructs.find("//w:body/w:tbl/following-sibling::*[1][self::w:p]") if said_in(p)]
    spaces = {said_in(p)[:7]: [one.get(f"{W}before") for one in p.iter(f"{W}spacing")] for p in after}
    assert spaces["A table"] == ["200"]
    assert spaces["Picture"] == []  # a heading, which stands apart by itself


def test_rows_that_head_a_table_are_repeated_and_announced(constructs: Word) -> None:
    tables = constructs.find("//w:tbl")
    heads = [len(table.findall(f"{W}tr/{W}trPr/{W}tblHeader")) for table in tables]
    assert heads == [1, 1, 1, 1]
    assert {row.find(f"{W}trPr/{W}cantSplit") is not None for row in constructs.find("//w:tr")} == {True}


def test_lists_are_lists(constructs: Word) -> None:
    formats = set(constructs.find("//w:numFmt/@w:val", "word/numbering.xml"))
    assert {"bullet", "decimal", "lowerLetter", "lowerRoman"} <= formats
    items = constructs.find("//w:p[w:pPr/w:numPr]")
    assert not [item for item in items if re.match(r"\s*(?:[•–-]|\d+[.)])\s", said_in(item))]


def test_formulas_are_formulas(constructs: Word) -> None:
    body = [constructs.find("count(//m:oMath)"), constructs.find("count(//m:oMathPara)")]
    assert [int(one) for one in body] == [4, 1]
    assert constructs.find("count(//m:oMath)", "word/comments.xml") == 2
    assert not [name for name in constructs.entries if "formula" in name]


# 20.4: pictures ------------------------------------------------------------------------------------------------------


def test_pictures_have_alternatives_or_say_that_they_are_decorative(constructs: Word) -> None:
    about = {one.get("name"): one for one in constructs.find("//wp:docPr")}
    quiet = {name for name, one in about.items() if one.xpath(".//adec:decorative[@val='1']", namespaces=NAMES)}
    assert {name for name, one in about.items() if not one.get("descr")} == quiet
    assert len(quiet) == 1
    assert len(about) == 5
    assert len({one.get("id") for one in about.values()}) == 5


def test_a_drawing_comes_with_a_picture_for_what_shows_no_svg(constructs: Word) -> None:
    (blip,) = constructs.find("//a:blip[a:extLst]")
    drawn = blip.xpath(".//@r:embed", namespaces=NAMES)
    targets = {one.get("Id"): one.get("Target") for one in constructs.tree("word/_rels/document.xml.rels")}
    assert [targets[id].rpartition(".")[2] for id in drawn] == ["png", "svg"]
    assert constructs.entries[f"word/{targets[drawn[0]]}"].startswith(b"\x89PNG")


# Languages, names, facts ---------------------------------------------------------------------------------------------


def test_words_in_other_languages_are_marked_and_run_their_way(constructs: Word) -> None:
    assert constructs.find("//w:docDefaults//w:lang/@w:val", STYLES) == ["en-GB"]
    runs = {said_in(run): run for run in constructs.find("//w:r[w:rPr/w:lang]")}
    assert runs["le phare"].find(f"{W}rPr/{W}lang").get(f"{W}val") == "fr"
    arabic = runs["المنارة"].find(f"{W}rPr")
    assert arabic.find(f"{W}lang").get(f"{W}bidi") == "ar"
    assert arabic.find(f"{W}rtl") is not None
    (paragraph,) = constructs.find("//w:p[w:pPr/w:bidi]")
    assert said_in(paragraph).startswith("كان")


def test_an_edition_from_right_to_left_is_so_throughout(tmp_path: Path) -> None:
    word = make(EDITIONS / "arabic", tmp_path)
    assert word.find("//w:sectPr/w:bidi")
    arabic = [p for p in word.find("//w:body/w:p") if re.search("[\u0600-\u06ff]", said_in(p))]
    assert arabic
    assert all(p.find(f"{W}pPr/{W}bidi") is not None for p in arabic)
    assert [table.find(f"{W}bidiVisual") is not None for table in word.find("//w:tblPr")] == [True]


def test_abbreviations_carry_what_they_stand_for(odd: Word) -> None:
    names = odd.find("//w:sdt[w:sdtPr/w:tag/@w:val='abbreviation']/w:sdtPr/w:alias/@w:val")
    whole = "Office for the Regulation of Everything Nuclear, Maritime, Meteorological and Otherwise Odd"
    assert " ".join(names) == whole
    assert max(map(len, names)) <= 64
    assert titles("short one") == ["short one"]


def test_comments_hold_no_content_controls_and_tell_the_same(tmp_path: Path) -> None:
    """At a control in a comment LibreOffice 7.4 ends; Word takes none there."""
    article = "---\ntitle: A\nlang: en\n---\n\nThe words of a text.\n"
    commentary = (
        "---\neditors:\n  desk: The desk\n---\n\n"
        '::: {.note #n on="words" by="desk" kind="context"}\nThe [NCA]{.abbr title="National Crime Agency"}.\n\n'
        "- [x] one\n- [ ] two\n:::\n"
    )
    word = make(written(tmp_path / "controls", article, commentary), tmp_path / "out")
    assert word.find("//w:sdt", "word/comments.xml") == []
    assert told(word.held()) == []
    facts = [(fact.kind, fact.value) for fact in read(word.path).facts]
    assert [one for one in facts if one[0] in ("expansion", "checked")] == [
        ("expansion", "NCA: National Crime Agency"),
        ("checked", "yes"),
        ("checked", "no"),
    ]


def test_names_that_word_does_not_take_are_kept_beside(odd: Word) -> None:
    listed = {one.get("name"): one.get("id") for one in odd.tree("customXml/item1.xml")}
    assert all(len(id) > 39 for id in listed.values())
    assert listed.keys() <= {m for part in TEXTS for m in odd.find("//w:bookmarkStart/@w:name", f"word/{part}.xml")}


def test_the_document_says_who_what_when(constructs: Word) -> None:
    def fact(name: str) -> list[str]:
        return constructs.find(f"//{name}/text()", "docProps/core.xml")

    assert fact("dc:title") == ["The lamp at Skerry Point: an account"]
    assert fact("dc:creator") == ["Ada Fenwick; Cara Lindqvist"]
    assert fact("dc:language") == ["en-GB"]
    assert fact("dc:identifier") == ["urn:uuid:5f0c2f0e-54a5-4c43-9d1f-8f8f6f0d6b10"]
    assert fact("cp:keywords") == ["lighthouses; tides; test material"]
    assert fact("dcterms:created") == ["2026-11-20T00:00:00Z"]


def test_it_was_changed_when_source_date_epoch_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    word = make(EDITIONS / "minimal", tmp_path)
    assert word.find("//dcterms:modified/text()", "docProps/core.xml") == ["1970-01-02T00:00:00Z"]


def test_signs_that_markup_uses_are_words_here(tmp_path: Path) -> None:
    article = (
        '---\ntitle: \'A & B < C "D"\'\nlang: en\n---\n\n`<w:p>` & "quoted" [x]{.abbr title="a < b & \'c\' \\"d\\""}.\n'
    )
    word = make(written(tmp_path / "signs", article), tmp_path / "out")
    assert told(word.held()) == []


# The reference document ----------------------------------------------------------------------------------------------


def test_an_edition_can_have_a_reference_document_of_its_own(tmp_path: Path) -> None:
    """One saved by a German Word: its styles have other ids and the names that Word has in every language."""
    own = tmp_path / "templates"
    own.mkdir()
    with ZipFile(ROOT / "templates" / "docx" / "reference.docx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    styles = parts["word/styles.xml"].replace(b"Heading1", b"berschrift1").replace(b"Calibri", b"Gentium Plus")
    write_archive(own / "reference.docx", {**parts, "word/styles.xml": styles.replace(b"Verse", b"Vers")})
    word = make(EDITIONS / "constructs", tmp_path / "out", Templates(own))
    assert len(word.find("//w:p[w:pPr/w:pStyle/@w:val='berschrift1']")) > 3
    assert b"Gentium Plus" in word.entries[STYLES]
    assert word.find("//w:style[w:name/@w:val='Verse']/w:basedOn/@w:val", STYLES) == ["Normal"]
    assert told(word.held()) == []


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_a_reference_document_that_is_none_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "reference.docx").write_bytes(content)
    job = Job(edition(EDITIONS / "minimal"), Templates(tmp_path), tmp_path, Store(tmp_path / "store"))
    with pytest.raises(InputError, match=r"reference\.docx is no Word document: .*; save it as \.docx again"):
        write(job)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    job = Job(edition(EDITIONS / "minimal"), Templates(), tmp_path / "nowhere", Store(tmp_path / "store"))
    with pytest.raises(InputError, match=r"cannot write minimal\.docx: .*; make room"):
        write(job)


def test_the_page_has_the_size_of_the_imprint(tmp_path: Path) -> None:
    (tmp_path / "imprint.yaml").write_text("page_size: Letter\n", encoding="utf-8")
    word = make(written(tmp_path / "sheet", "---\ntitle: A sheet\nlang: en\n---\n\nWords.\n"), tmp_path / "out")
    assert word.find("//w:pgSz/@w:w") == ["12240"]


def test_the_reference_document_is_what_its_script_makes(tmp_path: Path) -> None:
    made = runpy.run_path(str(ROOT / "tools" / "word_reference.py"), run_name="word_reference")
    write_archive(tmp_path / "made.docx", made["parts"]())
    assert (tmp_path / "made.docx").read_bytes() == made["TARGET"].read_bytes()
