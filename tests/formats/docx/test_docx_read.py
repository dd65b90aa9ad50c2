"""Word documents as they are read: ours, those of other programs, and those that are none."""

from __future__ import annotations

import random
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import docx
import pypandoc
import pytest
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from lxml import etree
from word_files import EDITIONS, ROOT, W, Word, make, told

from publisher.formats.archive import write_archive
from publisher.formats.docx.read import TELLS, read
from publisher.model.artefacts import UnitRole
from publisher.model.extract import Extract, Fact
from publisher.model.findings import InputError
from publisher.verification.stated import FACTS

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(document: Document, tmp_path: Path) -> Extract:
    path = tmp_path / "theirs.docx"
    document.save(str(path))
    return read(path)


def words(extract: Extract) -> list[tuple[str, str]]:
    return [(unit.role.value, unit.text) for unit in extract.units if not unit.furniture]


def bare(tmp_path: Path, body: str, **parts: str) -> Path:
    """The least that is a Word document, around a body."""
    relations = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    namespace = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    entries = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f"<Relationships {namespace}>{relations}</Relationships>",
        "word/document.xml": f"<w:document {nsdecls('w')}><w:body>{body}</w:body></w:document>",
    }
    entries |= {f"word/{name}.xml": text for name, text in parts.items()}
    related = "".join(f'<Relationship Id="r{n}" Type="{OFFICE}/{n}" Target="{n}.xml"/>' for n in parts)
    entries["word/_rels/document.xml.rels"] = f"<Relationships {namespace}>{related}</Relationships>"
    path = tmp_path / "bare.docx"
    write_archive(path, {name: text.encode() for name, text in entries.items()})
    return path


# Ours ----------------------------------------------------------------------------------------------------------------


def test_a_fact_of_every_kind_that_the_reader_looks_for_is_found(constructs: Word) -> None:
    found = {fact.kind for fact in read(constructs.path).facts}
    assert found == TELLS - {"layout"}
    assert found <= FACTS.keys()


def test_places_lead_to_the_paragraphs(constructs: Word) -> None:
    extract = read(constructs.path)
    places = {unit.id: unit.place for unit in extract.units if not unit.furniture}
    assert places["title"] == "document#title"
    assert {place.partition("#")[0] for place in places.values()} == {"document", "footnotes", "comments"}


# Those of other programs ---------------------------------------------------------------------------------------------


def test_a_document_of_python_docx_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Theirs"
    document.core_properties.author = "One; Two"
    document.core_properties.language = "en-US"
    document.add_heading("Theirs", 0)
    document.add_heading("First", 1)
    paragraph = document.add_paragraph("Plain and ")
    paragraph.add_run("bold").bold = True
    comment = document.add_comment(paragraph.runs, text="What they think", author="Ann Editor", initials="AE")
    document.add_paragraph("an item", style="List Bullet")
    document.add_paragraph("said", style="Quote")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    document.add_picture(str(EDITIONS / "constructs" / "pictures" / "flag.png"))
    extract = saved(document, tmp_path)
    assert words(extract) == [
        ("title", "Theirs"),
        ("heading", "First"),
        ("paragraph", "Plain and bold"),
        ("paragraph", "an item"),
        ("paragraph", "said"),
        ("paragraph", "left"),
        ("paragraph", "right"),
        ("paragraph", "What they think"),
    ]
    assert extract.metadata["creator"] == ("One", "Two")
    assert extract.metadata["language"] == ("en-US",)
    assert [unit.level for unit in extract.units][:2] == [1, 2]
    (note,) = extract.notes
    assert note.id == f"comments-{comment.comment_id}"
    assert [fact.value for fact in extract.facts if fact.kind == "target"] == ["None: Plain and bold"]
    assert [fact.value.partition(",")[0] for fact in extract.facts if fact.kind == "signed"] == ["Ann Editor"]
    assert extract.units[-1].note == note.id


def test_a_document_of_pandoc_is_read(tmp_path: Path) -> None:
    table = "| a | b |\n|---|---|\n| c | d |\n"
    text = "# First\n\nWords^[A note.] and $x^2$.\n\n> said\n\n1. one\n2. two\n\n"
    markdown = f"---\ntitle: Theirs\n---\n\n{text}{table}"
    path = tmp_path / "theirs.docx"
    pandoc("-f", "markdown", "-o", str(path), text=markdown)
    extract = read(path)
    assert words(extract) == [
        ("title", "Theirs"),
        ("heading", "First"),
        ("paragraph", "Words and ."),
        ("math", "x^{2}"),
        ("paragraph", "A note."),
        ("paragraph", "said"),
        *(("paragraph", word) for word in ("one", "two", "a", "b", "c", "d")),
    ]
    assert [fact.value for fact in extract.facts if fact.kind == "number"] == ["1 1", "1 2"]
    (call,) = [link for link in extract.links if link.calls]
    assert (call.text, call.before, call.resolves) == ("1", "Words", True)


def pandoc(*arguments: str, text: str = "") -> str:
    command = [str(pypandoc.get_pandoc_path()), *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60).stdout


Change = Callable[[Paragraph], None]


def _tracked(paragraph: Paragraph) -> None:
    gone, new = OxmlElement("w:del"), OxmlElement("w:ins")
    paragraph._p.append(gone)
    gone.append(parse_xml(f"<w:r {nsdecls('w')}><w:delText>gone </w:delText></w:r>"))
    paragraph._p.append(new)
    new.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>new</w:t></w:r>"))


def _hidden(paragraph: Paragraph) -> None:
    paragraph.add_run("shown")
    paragraph.add_run(" hidden").font.hidden = True


def _field(paragraph: Paragraph) -> None:
    for kind, inside in (
        ("begin", ""),
        ("", '<w:instrText> HYPERLINK "https://a.example/" </w:instrText>'),
        ("separate", ""),
        ("", "<w:t>a link</w:t>"),
        ("end", ""),
        ("begin", ""),
        ("", "<w:instrText> PAGE </w:instrText>"),
        ("separate", ""),
        ("", "<w:t>7</w:t>"),
        ("end", ""),
    ):
        sign = f'<w:fldChar w:fldCharType="{kind}"/>' if kind else inside
        paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{sign}</w:r>"))


def _box(paragraph: Paragraph) -> None:
    inside = "<w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent>"
    shape = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{inside}</v:textbox></v:shape>'
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:pict>{shape}</w:pict></w:r>"))


def _signs(paragraph: Paragraph) -> None:
    inside = '<w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:br/><w:sym w:font="x" w:char="00E9"/>'
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{inside}</w:r>"))


def _alternatives(paragraph: Paragraph) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    namespace = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<mc:Choice Requires='w14'>{run.format('new')}</mc:Choice><mc:Fallback>{run.format('old')}</mc:Fallback>"
    paragraph._p.append(parse_xml(f"<mc:AlternateContent {namespace} {nsdecls('w')}>{both}</mc:AlternateContent>"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_tracked, ["new"]),
        (_hidden, ["shown"]),
        (_field, ["a link"]),
        (_box, ["in a box"]),
        (_signs, ["a\u2011b c é"]),
        (_alternatives, ["new"]),
    ],
)
def test_what_readers_see_is_read_and_nothing_else(change: Change, said: list[str], tmp_path: Path) -> None:
    document = docx.Document()
    change(document.add_paragraph())
    extract = saved(document, tmp_path)
    assert [unit.text for unit in extract.units] == said
    if change is _field:
        (link,) = extract.links
        assert (link.text, link.target, link.resolves) == ("a link", "https://a.example/", None)


def test_contents_are_around_the_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("First 3", style="toc 1")
    assert [unit.furniture for unit in saved(document, tmp_path).units] == [True]


def test_a_heading_is_known_by_its_outline_too(tmp_path: Path) -> None:
    document = docx.Document()
    style = document.styles.add_style("Kapitel", 1)
    style.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="1"/>'))
    document.add_paragraph("Two", style="Kapitel")
    (unit,) = saved(document, tmp_path).units
    assert (unit.role, unit.level) == (UnitRole.HEADING, 3)


def test_cells_reach_over_rows_and_columns(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "tall"
    table.cell(2, 1).text = "last"
    for paragraph in document.element.iter(f"{W}p"):
        if text := "".join(one.text or "" for one in paragraph.iter(f"{W}t")):
            mark = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{len(text)}{text[0]}" w:name="_{text}"/>')
            paragraph.insert(0, mark)
            paragraph.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{len(text)}{text[0]}"/>'))
    cells = {fact.id: fact.value for fact in saved(document, tmp_path).facts if fact.kind == "cell"}
    assert cells == {
        "wide": "row 1, column 1, over 2 columns",
        "tall": "row 2, column 1, over 2 rows",
        "last": "row 3, column 2",
    }


# Those that are none -------------------------------------------------------------------------------------------------


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


def _no_document(path: Path) -> None:
    write_archive(path, {"a.txt": b"a"})


def _another_kind(path: Path) -> None:
    relations = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    listed = f'<Relationships xmlns="{namespace}">{relations}</Relationships>'.encode()
    write_archive(path, {"_rels/.rels": listed, "xl/workbook.xml": b"<workbook/>"})


def _not_well_formed(path: Path) -> None:
    bare(path.parent, "<w:p>").replace(path)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(bare(path.parent, "<w:p/>")) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries["word/document.xml"] = b"<w>" + b" " * (130 * 1024 * 1024) + b"</w>"
    write_archive(path, entries)


def _deep(path: Path) -> None:
    bare(path.parent, "<w:tbl><w:tr><w:tc>" * 300 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 300).replace(path)


def _damaged(path: Path) -> None:
    data = bytearray(bare(path.parent, "<w:p><w:r><w:t>words</w:t></w:r></w:p>").read_bytes())
    at = data.find(b"word/document.xml") + 20
    data[at : at + 40] = bytes(40)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("make_it", "message"),
    [
        (_nothing, "is no Word document"),
        (_no_document, "it names no document"),
        (_another_kind, "is no text of Word's"),
        (_not_well_formed, "is no well-formed XML"),
        (_bomb, "that is too large to be read"),
        (_deep, "too deeply nested|well-formed"),
        (_damaged, "is damaged"),
    ],
)
def test_what_is_no_word_document_is_told_in_a_line(
    make_it: Callable[[Path], None], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "none.docx"
    make_it(path)
    with pytest.raises(InputError, match=message) as raised:
        read(path)
    assert "\n" not in raised.value.message


def test_no_entity_is_ever_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    path = bare(tmp_path, "<w:p><w:r><w:t>x</w:t></w:r></w:p>")
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entity = f'<!DOCTYPE w [<!ENTITY s SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'.encode()
    entries["word/document.xml"] = entity + entries["word/document.xml"].replace(b">x<", b">x&s;<")
    write_archive(path, entries)
    assert "secret" not in str(read(path))


def test_styles_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    style = '<w:style w:type="paragraph" w:styleId="{0}"><w:name w:val="{0}"/><w:basedOn w:val="{1}"/></w:style>'
    styles = f"<w:styles {nsdecls('w')}>{style.format('A', 'B')}{style.format('B', 'A')}</w:styles>"
    body = '<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>round</w:t></w:r></w:p>'
    assert [unit.text for unit in read(bare(tmp_path, body, styles=styles)).units] == ["round"]


@pytest.mark.parametrize("value", ["", "-1", "x", "99999999999"])
def test_numbers_that_are_none_are_no_trouble(value: str, tmp_path: Path) -> None:
    body = (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{value}"/><w:numId w:val="{value}"/></w:numPr></w:pPr>'
        f'<w:bookmarkStart w:id="1" w:name="_a"/><w:r><w:t>an item</w:t></w:r><w:bookmarkEnd w:id="1"/></w:p>'
        f'<w:tbl><w:tr><w:trPr><w:gridBefore w:val="{value}"/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="{value}"/>'
        f'<w:vMerge w:val="{value}"/></w:tcPr><w:p><w:r><w:footnoteReference w:id="{value}"/><w:t>in</w:t></w:r></w:p>'
        f'</w:tc></w:tr></w:tbl><w:p><w:r><w:sym w:char="{value}"/><w:commentReference w:id="{value}"/></w:r></w:p>'
        '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    assert [unit.text for unit in read(bare(tmp_path, body)).units] == ["an item", "in"]


def test_whatever_is_broken_inside_is_read_or_told(odd: Word, tmp_path: Path) -> None:
    """Elements and attributes go missing or say nonsense, at random by a seed: no crash comes of it."""
    chance = random.Random(3)
    path, names = tmp_path / "broken.docx", [name for name in odd.entries if name.endswith((".xml", ".rels"))]
    read_or_told = Counter[bool]()
    for _ in range(60):
        entries = dict(odd.entries)
        for name in chance.sample(names, 4):
            root = etree.fromstring(entries[name])
            for _ in range(6):
                _break_something(root, chance)
            entries[name] = etree.tostring(root)
        write_archive(path, entries)
        try:
            read(path)
            read_or_told[True] += 1
        except InputError:
            read_or_told[False] += 1
    assert read_or_told[True] > 30
    assert read_or_told[False] > 0


def _break_something(root: etree._Element, chance: random.Random) -> None:
    one = chance.choice(list(root.iter(etree.Element)))
    around = one.getparent()
    if around is not None and chance.random() < 0.4:
        around.remove(one)
    elif one.attrib:
        name = chance.choice(sorted(map(str, one.attrib)))
        value = chance.choice(["", "-5", "zzz", "9999999999", None])
        if value is None:
            del one.attrib[name]
        else:
            one.set(name, value)


# Read by others ------------------------------------------------------------------------------------------------------


def test_pandoc_reads_the_same_words_and_the_comments_of_everybody(constructs: Word) -> None:
    ast = pandoc("-f", "docx", "--track-changes=all", "-t", "markdown", "--wrap=none", str(constructs.path))
    for note in constructs.publication.notes:
        assert f'author="{note.by.name}"' in ast
    plain = "".join(pandoc("-f", "docx", "-t", "plain", "--wrap=none", str(constructs.path)).split())
    marked = ("article", "plain", "introduction", "method")
    for unit in constructs.held().expected:
        if unit.part in marked and unit.role is UnitRole.PARAGRAPH and unit.text.isascii() and unit.text.isalnum():
            assert "".join(unit.text.split()) in plain


def test_python_docx_opens_it(constructs: Word) -> None:
    document = docx.Document(str(constructs.path))
    notes = constructs.publication.notes
    assert [comment.author for comment in document.comments] == [note.by.name for note in notes]
    assert [c.timestamp.date() if c.timestamp else None for c in document.comments] == [note.date for note in notes]
    headings = [p for p in document.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    expected = [unit for unit in constructs.held().expected if unit.role is UnitRole.HEADING]
    own = {"Plain-language edition", "References"}
    assert [p.text for p in headings if p.text not in own] == [unit.text for unit in expected if unit.text not in own]
    assert document.core_properties.title == constructs.publication.metadata.title
    assert document.core_properties.language == "en-GB"
    assert len(document.tables) == 4
    assert qn("w:tblHeader") in {e.tag for e in document.tables[0].rows[0]._tr.iter()}


def test_what_word_saves_again_is_read_alike(constructs: Word, tmp_path: Path) -> None:
    """Another program writes the package anew; nothing that is said changes."""
    document = docx.Document(str(constructs.path))
    path = tmp_path / constructs.path.name
    document.save(str(path))
    again = Word(path, constructs.publication)
    assert told(again.held()) == []


def test_no_comment_is_needed(tmp_path: Path) -> None:
    word = make(EDITIONS / "minimal", tmp_path)
    assert "word/comments.xml" not in word.entries
    assert told(word.held()) == []
    assert read(word.path).notes == ()


def test_a_spoilt_picture_is_known_by_its_bytes(constructs: Word, tmp_path: Path) -> None:
    with zipfile.ZipFile(constructs.path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in entries if name.endswith(".jpg"))
    path = tmp_path / constructs.path.name
    write_archive(path, {**entries, name: entries[name] + b"\0"})
    held = Word(path, constructs.publication).held()
    assert [one.finding.check for one in held.discrepancies] == ["picture-altered"]


def test_facts_have_the_ids_of_what_they_are_about(constructs: Word) -> None:
    facts = read(constructs.path).facts
    assert Fact("target", "n-table", "tbl-wrecks", _place(facts, "n-table")) in facts
    assert Fact("target", "n-section", "spans", _place(facts, "n-section")) in facts
    signed = [fact for fact in facts if fact.kind == "signed" and fact.id == "n-lit"]
    assert [fact.value for fact in signed] == ["The desk, 2026-11-20"]


def _place(facts: tuple[Fact, ...], id: str) -> str:
    return next(fact.place for fact in facts if fact.kind == "target" and fact.id == id)


def test_the_sample_edition_is_read_in_full(tmp_path: Path) -> None:
    word = make(ROOT / "source" / "upstream", tmp_path)
    extract = read(word.path)
    assert len(extract.notes) == len(word.publication.notes) + len(word.publication.footnotes)
    assert etree.parse(BytesIO(word.entries["word/comments.xml"])).getroot() is not None
