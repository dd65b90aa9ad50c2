"""What can go wrong in a Word document: words, blocks, roles, languages, pictures, links, notes, comments, facts."""

from __future__ import annotations

import itertools
import re
from copy import deepcopy
from random import Random

import document_operators as words
from lxml import etree
from mutants import Operator
from word_trees import (
    R,
    W,
    WordTree,
    drop,
    own_mark,
    pieces,
    properties_of,
    restyle,
    said,
    same_words,
    style_of,
    swap,
    unwrap,
    word_operator,
)

from publisher.verification.normalise import normalise

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_ADEC = "{http://schemas.microsoft.com/office/drawing/2017/decorative}"

# Blocks


def drop_block(tree: WordTree, random: Random) -> bool:
    drop(random.choice(tree.blocks()))
    return True


def double_block(tree: WordTree, random: Random) -> bool:
    block = random.choice([b for b in tree.blocks() if any(True for _ in pieces(b))])
    block.addnext(deepcopy(block))
    return True


def double_block_without_ids(tree: WordTree, random: Random) -> bool:
    block = random.choice([b for b in tree.blocks() if any(True for _ in pieces(b))])
    copy = deepcopy(block)
    for mark in list(copy.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        drop(mark)
    block.addnext(copy)
    return True


def _paragraph(text: str, style: str) -> etree._Element:
    made = etree.Element(f"{W}p")
    etree.SubElement(etree.SubElement(made, f"{W}pPr"), f"{W}pStyle", {f"{W}val": style})
    etree.SubElement(etree.SubElement(made, f"{W}r"), f"{W}t").text = text
    return made


def add_block(tree: WordTree, random: Random) -> bool:
    random.choice(tree.blocks()).addnext(_paragraph("Nobody ever wrote this.", tree.style("Body Text")))
    return True


def add_to_footer(tree: WordTree, random: Random) -> bool:
    footers = [root for name, root in tree.parts.items() if re.fullmatch(r"word/footer\d+\.xml", name)]
    random.choice(footers).append(_paragraph("Zwölfmal nobody wrote this", tree.style("footer")))
    return True


def _pairs(tree: WordTree, elements: list[etree._Element]) -> list[tuple[etree._Element, etree._Element]]:
    pairs = itertools.pairwise(elements)
    return [(a, b) for a, b in pairs if a.getparent() is b.getparent() and not same_words(a, b)]


def swap_blocks(tree: WordTree, random: Random) -> bool:
    swap(*random.choice(_pairs(tree, tree.blocks())))
    return True


def swap_ids(tree: WordTree, random: Random) -> bool:
    """Two blocks change places and pass for each other."""
    one, other = random.choice([(a, b) for a, b in itertools.pairwise(tree.blocks()) if not same_words(a, b)])
    first, second = own_mark(one), own_mark(other)
    assert first is not None
    assert second is not None
    name = first.get(f"{W}name") or ""
    first.set(f"{W}name", second.get(f"{W}name") or "")
    second.set(f"{W}name", name)
    return True


def move_into_note(tree: WordTree, random: Random) -> bool:
    blocks = [b for b in tree.blocks() if b.getparent().tag == f"{W}body" and style_of(b) == "BodyText"]
    block, comment = random.choice(blocks), random.choice(tree.comments)
    drop(block)
    comment.append(block)
    return True


def move_out_of_note(tree: WordTree, random: Random) -> bool:
    blocks = [b for b in tree.blocks() if b.getparent().tag in (f"{W}comment", f"{W}footnote")]
    block = random.choice(blocks)
    drop(block)
    tree.document[0].insert(3, block)
    return True


def drop_cell(tree: WordTree, random: Random) -> bool:
    drop(random.choice([cell for cell in tree.elements("tc") if said(cell).strip()]))
    return True


def swap_cells(tree: WordTree, random: Random) -> bool:
    cells = [cell for cell in tree.elements("tc") if said(cell).strip()]
    swap(*random.choice(_pairs(tree, cells)))
    return True


def swap_cell_words(tree: WordTree, random: Random) -> bool:
    """Two cells change what is in them, ids and all but the words."""
    cells = [cell for cell in tree.elements("tc") if any(True for _ in pieces(cell))]
    pairs = [(next(pieces(a)), next(pieces(b))) for a, b in itertools.pairwise(cells)]
    pairs = [(a, b) for a, b in pairs if normalise(a.text or "") != normalise(b.text or "")]
    one, other = random.choice(pairs)
    one.text, other.text = other.text, one.text
    return True


def swap_rows(tree: WordTree, random: Random) -> bool:
    swap(*random.choice(_pairs(tree, tree.elements("tr"))))
    return True


def split_block(tree: WordTree, random: Random) -> bool:
    """The last words become a paragraph of their own."""
    blocks = [b for b in tree.blocks() if len(list(pieces(b))) > 1 and list(pieces(b))[-1].getparent().getparent() is b]
    block = random.choice(blocks)
    run = list(pieces(block))[-1].getparent()
    other = _paragraph("", style_of(block))
    block.addnext(other)
    other.append(run)
    return True


# Roles and what paragraphs stand in


def _styled(tree: WordTree, pattern: str) -> list[etree._Element]:
    return [b for b in tree.blocks() if re.match(pattern, tree.style_name(b))]


def heading_level(tree: WordTree, random: Random) -> bool:
    block = random.choice(_styled(tree, "heading"))
    level = int(tree.style_name(block)[-1])
    restyle(block, tree.style(f"heading {level + 1 if level < 9 else 1}"))
    return True


def heading_to_words(tree: WordTree, random: Random) -> bool:
    restyle(random.choice(_styled(tree, "heading|title")), tree.style("Body Text"))
    return True


def words_to_heading(tree: WordTree, random: Random) -> bool:
    name = random.choice(["heading 1", "Title", "Source Code", "Definition Term", "Bibliography"])
    restyle(random.choice(_styled(tree, "body text|plain language|compact")), tree.style(name))
    return True


def set_apart(tree: WordTree, random: Random) -> bool:
    restyle(random.choice(tree.blocks()), tree.style(random.choice(["Edition Line", "footer", "Edition Label"])))
    return True


def quotation_unmade(tree: WordTree, random: Random) -> bool:
    restyle(random.choice(_styled(tree, "quotation")), tree.style("Body Text"))
    return True


def quotation_made(tree: WordTree, random: Random) -> bool:
    restyle(random.choice(_styled(tree, "body text|plain language|comment|annotation")), tree.style("Quotation"))
    return True


def list_unmade(tree: WordTree, random: Random) -> bool:
    drop(random.choice([p.find(f"{W}pPr/{W}numPr") for p in tree.blocks() if p.find(f"{W}pPr/{W}numPr") is not None]))
    return True


def list_deeper(tree: WordTree, random: Random) -> bool:
    levels = [p.find(f"{W}pPr/{W}numPr/{W}ilvl") for p in tree.blocks()]
    level = random.choice([one for one in levels if one is not None])
    level.set(f"{W}val", str(int(level.get(f"{W}val", "0")) + 1))
    return True


def caption_unmade(tree: WordTree, random: Random) -> bool:
    restyle(random.choice(_styled(tree, "figure caption|table caption")), tree.style("Body Text"))
    return True


def table_unmade(tree: WordTree, random: Random) -> bool:
    """The words of a table, without the table."""
    table = random.choice([one for one in tree.elements("tbl") if one.find(f".//{W}tbl") is None])
    for paragraph in reversed(list(table.iter(f"{W}p"))):
        table.addnext(paragraph)
    drop(table)
    return True


def code_white_space(tree: WordTree, random: Random) -> bool:
    found = [p for b in _styled(tree, "source code") for p in pieces(b) if "  " in (p.text or "")]
    piece = random.choice(found)
    piece.text = re.sub("  +", " ", piece.text or "")
    return True


# Languages and what is hidden


def _set_language(properties: etree._Element, lang: str) -> None:
    for old in properties.findall(f"{W}lang"):
        properties.remove(old)
    etree.SubElement(properties, f"{W}lang", {f"{W}{name}": lang for name in ("val", "eastAsia", "bidi")})


def block_language(tree: WordTree, random: Random) -> bool:
    block = random.choice([b for b in tree.blocks() if any(True for _ in pieces(b))])
    properties = block.find(f"{W}pPr")
    mark = properties.find(f"{W}rPr")
    _set_language(etree.SubElement(properties, f"{W}rPr") if mark is None else mark, "ga")
    for run in block.iter(f"{W}r"):
        _set_language(properties_of(run), "ga")
    return True


def document_language(tree: WordTree, random: Random) -> bool:
    _set_language(tree.styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"), "ga")
    return True


def words_language(tree: WordTree, random: Random) -> bool:
    """Words in another language lose the mark of it, or get a wrong one."""
    found = [
        lang
        for block in tree.blocks()
        for piece in pieces(block)
        if (lang := piece.getparent().find(f"{W}rPr/{W}lang")) is not None
    ]
    lang = random.choice(found)
    _set_language(lang.getparent(), "ga")
    return True


def mark_words_foreign(tree: WordTree, random: Random) -> bool:
    _, piece, _ = random.choice(tree.words())
    _set_language(properties_of(piece.getparent()), "ga")
    return True


def hide_block(tree: WordTree, random: Random) -> bool:
    block = random.choice([b for b in tree.blocks() if any(True for _ in pieces(b))])
    for run in block.iter(f"{W}r"):
        properties_of(run).append(etree.Element(f"{W}vanish"))
    return True


def hide_style(tree: WordTree, random: Random) -> bool:
    """A whole style is hidden."""
    used = {style_of(block) for block in tree.blocks() if any(True for _ in pieces(block))}
    style = random.choice([one for one in tree.styles.iter(f"{W}style") if one.get(f"{W}styleId") in used])
    properties = style.find(f"{W}rPr")
    properties = etree.SubElement(style, f"{W}rPr") if properties is None else properties
    etree.SubElement(properties, f"{W}vanish")
    return True


def hide_words(tree: WordTree, random: Random) -> bool:
    """Some words of a block, not all."""
    found = [piece for block in tree.blocks() if len(there := list(pieces(block))) > 1 for piece in there]
    properties_of(random.choice(found).getparent()).append(etree.Element(f"{W}vanish"))
    return True


def words_taken_out(tree: WordTree, random: Random) -> bool:
    """Words that somebody has taken out, tracked: they are there no more."""
    _, piece, _ = random.choice(tree.words())
    run = piece.getparent()
    gone = etree.Element(f"{W}del", {f"{W}id": "99", f"{W}author": "Somebody"})
    run.getparent().replace(run, gone)
    gone.append(run)
    piece.tag = f"{W}delText"
    return True


def words_put_in(tree: WordTree, random: Random) -> bool:
    """Words that somebody has put in, tracked: they are there."""
    _, piece, _ = random.choice(tree.words())
    new = etree.Element(f"{W}ins", {f"{W}id": "99", f"{W}author": "Somebody"})
    etree.SubElement(etree.SubElement(new, f"{W}r"), f"{W}t").text = "never "
    piece.getparent().addprevious(new)
    return True


# Pictures, formulas, boxes to tick


def _described(tree: WordTree) -> list[etree._Element]:
    return [e for root in tree.texts() for e in root.iter(f"{_WP}docPr") if e.get("descr")]


def alternative_empty(tree: WordTree, random: Random) -> bool:
    random.choice(_described(tree)).set("descr", "")
    return True


def alternative_altered(tree: WordTree, random: Random) -> bool:
    picture = random.choice(_described(tree))
    said = picture.get("descr", "").split()
    said[random.randrange(len(said))] = "nothing"
    picture.set("descr", " ".join(said))
    return True


def picture_decorative(tree: WordTree, random: Random) -> bool:
    """A picture that says something passes for one that says nothing."""
    random.choice(_described(tree)).append(etree.Element(f"{_ADEC}decorative", {"val": "1"}))
    return True


def picture_dropped(tree: WordTree, random: Random) -> bool:
    picture = random.choice(_described(tree))
    drop(next(one for one in picture.iterancestors() if one.tag == f"{W}drawing"))
    return True


def picture_exchanged(tree: WordTree, random: Random) -> bool:
    shown = [e for root in tree.texts() for e in root.iter() if str(e.tag).endswith(("}blip", "}svgBlip"))]
    by_place = {id(e): e.get(f"{R}embed", "") for e in shown}
    drawings = [one for one in shown if not (len(one) and one.find(".//{*}svgBlip") is not None)]
    picture = random.choice(drawings)
    others = sorted({value for value in by_place.values() if value != picture.get(f"{R}embed")})
    picture.set(f"{R}embed", random.choice(others))
    return True


def _formulas(tree: WordTree, *names: str) -> list[etree._Element]:
    return [e for root in tree.texts() for e in root.iter(*(f"{M}{name}" for name in names))]


def formula_altered(tree: WordTree, random: Random) -> bool:
    piece = random.choice([one for one in _formulas(tree, "t") if (one.text or "").strip()])
    piece.text = {"=": "≠", "+": "−"}.get(piece.text or "", "q")
    return True


def formula_dropped(tree: WordTree, random: Random) -> bool:
    drop(random.choice(_formulas(tree, "oMath")))
    return True


def formula_power(tree: WordTree, random: Random) -> bool:
    """What is raised comes down."""
    random.choice(_formulas(tree, "sSup", "sSub", "f", "rad")).tag = f"{M}box"
    return True


def task_state(tree: WordTree, random: Random) -> bool:
    box = random.choice([e for root in tree.texts() for e in root.iter(f"{W14}checked")])
    box.set(f"{W14}val", "0" if box.get(f"{W14}val") == "1" else "1")
    return True


def task_words(tree: WordTree, random: Random) -> bool:
    box = random.choice([e for root in tree.texts() for e in root.iter(f"{W14}checkbox")])
    box.getparent().find(f"{W}alias").set(f"{W}val", "Never")
    return True


# Marks on words


def _runs(tree: WordTree, name: str) -> list[etree._Element]:
    found = [piece.getparent().find(f"{W}rPr/{W}{name}") for _, piece, _ in tree.words()]
    return [one for one in found if one is not None]


def script_unmade(tree: WordTree, random: Random) -> bool:
    drop(random.choice(_runs(tree, "vertAlign")))
    return True


def script_turned(tree: WordTree, random: Random) -> bool:
    sign = random.choice(_runs(tree, "vertAlign"))
    sign.set(f"{W}val", "subscript" if sign.get(f"{W}val") == "superscript" else "superscript")
    return True


def script_made(tree: WordTree, random: Random) -> bool:
    etree.SubElement(properties_of(_plain_run(tree, random)), f"{W}vertAlign", {f"{W}val": "superscript"})
    return True


def _plain_run(tree: WordTree, random: Random) -> etree._Element:
    runs = [piece.getparent() for _, piece, _ in tree.words()]
    return random.choice([run for run in runs if run.find(f"{W}rPr") is None])


def struck_made(tree: WordTree, random: Random) -> bool:
    etree.SubElement(properties_of(_plain_run(tree, random)), f"{W}strike")
    return True


def struck_unmade(tree: WordTree, random: Random) -> bool:
    drop(random.choice(_runs(tree, "strike")))
    return True


def line_joined(tree: WordTree, random: Random) -> bool:
    blocks = [b for b in tree.blocks() if tree.style_name(b) != "source code"]
    line = random.choice([e for block in blocks for e in block.iter(f"{W}br")])
    line.tag, line.text = f"{W}t", " "
    return True


def _short(tree: WordTree) -> list[etree._Element]:
    return [e for e in tree.elements("sdt") if e.find(f"{W}sdtPr/{W}tag[@{W}val='abbreviation']") is not None]


def expansion_altered(tree: WordTree, random: Random) -> bool:
    random.choice(_short(tree)).find(f"{W}sdtPr/{W}alias").set(f"{W}val", "Nobody Calls It So")
    return True


def expansion_dropped(tree: WordTree, random: Random) -> bool:
    short = random.choice(_short(tree))
    content = short.find(f"{W}sdtContent")
    short.getparent().replace(short, content)
    unwrap(content)
    return True


# Tables and lists


def header_row_as_data(tree: WordTree, random: Random) -> bool:
    drop(random.choice(tree.elements("tblHeader")))
    return True


def data_row_as_header(tree: WordTree, random: Random) -> bool:
    rows = [row.find(f"{W}trPr") for row in tree.elements("tr") if said(row).strip()]
    rows = [row for row in rows if row is not None and row.find(f"{W}tblHeader") is None]
    etree.SubElement(random.choice(rows), f"{W}tblHeader")
    return True


def first_column_as_header(tree: WordTree, random: Random) -> bool:
    look = random.choice(tree.elements("tblLook"))
    look.set(f"{W}firstColumn", "0" if look.get(f"{W}firstColumn") == "1" else "1")
    return True


def cell_over_others(tree: WordTree, random: Random) -> bool:
    cell = random.choice([cell for cell in tree.elements("tc") if said(cell).strip()])
    properties = cell.find(f"{W}tcPr")
    span = properties.find(f"{W}gridSpan")
    span = etree.SubElement(properties, f"{W}gridSpan", {f"{W}val": "1"}) if span is None else span
    span.set(f"{W}val", str(int(span.get(f"{W}val", "1")) + 1))
    return True


def _numbered(tree: WordTree) -> list[etree._Element]:
    """The numbers of ordered lists that are used."""
    root = tree.parts["word/numbering.xml"]
    kinds = {
        one.get(f"{W}abstractNumId"): one.find(f"{W}lvl/{W}numFmt").get(f"{W}val")
        for one in root.iter(f"{W}abstractNum")
    }
    used = {e.get(f"{W}val") for e in tree.elements("numId")}
    nums = [one for one in root.iter(f"{W}num") if one.get(f"{W}numId") in used]
    return [one for one in nums if kinds[one.find(f"{W}abstractNumId").get(f"{W}val")] != "bullet"]


def list_start(tree: WordTree, random: Random) -> bool:
    num = random.choice(_numbered(tree))
    starts = list(num.iter(f"{W}startOverride"))
    for start in starts:
        start.set(f"{W}val", str(int(start.get(f"{W}val", "1")) + 1))
    return bool(starts)


def list_numerals(tree: WordTree, random: Random) -> bool:
    num = random.choice(_numbered(tree))
    id = num.find(f"{W}abstractNumId").get(f"{W}val")
    for shape in tree.parts["word/numbering.xml"].iter(f"{W}abstractNum"):
        if shape.get(f"{W}abstractNumId") == id:
            for kind in shape.iter(f"{W}numFmt"):
                kind.set(f"{W}val", "upperRoman" if kind.get(f"{W}val") != "upperRoman" else "decimal")
    return True


# Links


def _links(tree: WordTree) -> list[etree._Element]:
    return [e for block in tree.blocks() for e in block.iter(f"{W}hyperlink")]


def link_elsewhere(tree: WordTree, random: Random) -> bool:
    used = {e.get(f"{R}id") for e in _links(tree)}
    relation = random.choice([one for one in tree.relations() if one.get("Id") in used])
    relation.set("Target", random.choice(["https://elsewhere.example/", relation.get("Target", "") + "x"]))
    return True


def _inside(tree: WordTree) -> list[etree._Element]:
    return [e for e in _links(tree) if e.get(f"{W}anchor") and "ref-" in e.get(f"{W}anchor", "")]


def link_nowhere(tree: WordTree, random: Random) -> bool:
    random.choice(_inside(tree)).set(f"{W}anchor", "_nowhere")
    return True


def link_to_another_place(tree: WordTree, random: Random) -> bool:
    random.choice(_inside(tree)).set(f"{W}anchor", "_title")
    return True


def link_unmade(tree: WordTree, random: Random) -> bool:
    unwrap(random.choice(_links(tree)))
    return True


def link_added(tree: WordTree, random: Random) -> bool:
    relations = tree.parts["word/_rels/document.xml.rels"]
    namespace = relations.tag.rpartition("}")[0] + "}"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    facts = {"Id": "rIdNew", "Type": kind, "Target": "https://nobody.example/", "TargetMode": "External"}
    etree.SubElement(relations, f"{namespace}Relationship", facts)
    runs = [p.getparent() for b, p, _ in tree.words() if b.getparent().tag == f"{W}body"]
    run = random.choice([run for run in runs if run.getparent().tag == f"{W}p"])
    link = etree.Element(f"{W}hyperlink", {f"{R}id": "rIdNew"})
    run.getparent().replace(run, link)
    link.append(run)
    return True


def source_dropped(tree: WordTree, random: Random) -> bool:
    links = [e for comment in tree.comments for e in comment.iter(f"{W}hyperlink")]
    links = [e for e in links if "Edition" in style_of(e.getparent())]
    unwrap(random.choice(links))
    return True


# Footnotes and comments


def comment_dropped(tree: WordTree, random: Random) -> bool:
    drop(random.choice(tree.comments))
    return True


def comments_swapped(tree: WordTree, random: Random) -> bool:
    """Two comments hang where the other belongs."""
    one, other = random.choice([(a, b) for a, b in itertools.pairwise(tree.comments) if not same_words(a, b)])
    first, second = one.get(f"{W}id") or "", other.get(f"{W}id") or ""
    one.set(f"{W}id", second)
    other.set(f"{W}id", first)
    return True


def comments_words_swapped(tree: WordTree, random: Random) -> bool:
    """Two comments say what the other says, under their own heads."""
    pairs = [(a, b) for a, b in itertools.pairwise(tree.comments) if len(a) > 1 and len(b) > 1]
    pairs = [(a[1], b[1]) for a, b in pairs if a[1].tag == b[1].tag == f"{W}p" and not same_words(a[1], b[1])]
    swap(*random.choice(pairs))
    return True


def author_altered(tree: WordTree, random: Random) -> bool:
    random.choice(tree.comments).set(f"{W}author", "Nobody")
    return True


def author_dropped(tree: WordTree, random: Random) -> bool:
    random.choice(tree.comments).attrib.pop(f"{W}author")
    return True


def date_altered(tree: WordTree, random: Random) -> bool:
    comment = random.choice([one for one in tree.comments if one.get(f"{W}date")])
    comment.set(f"{W}date", "1999-12-31T00:00:00Z")
    return True


def date_added(tree: WordTree, random: Random) -> bool:
    random.choice([one for one in tree.comments if not one.get(f"{W}date")]).set(f"{W}date", "1999-12-31T00:00:00Z")
    return True


def label_altered(tree: WordTree, random: Random) -> bool:
    label = next(random.choice(tree.comments).iter(f"{W}t"))
    label.text = re.sub(r"\d+", lambda number: str(int(number[0]) + 1), label.text or "")
    return True


def target_unmade(tree: WordTree, random: Random) -> bool:
    drop(random.choice(tree.elements("commentRangeStart")))
    return True


def target_shortened(tree: WordTree, random: Random) -> bool:
    """A comment begins after the first words that it is on."""
    starts = [e for e in tree.elements("commentRangeStart") if e.getparent().tag == f"{W}p"]
    starts = [e for e in starts if (run := e.getnext()) is not None and run.tag == f"{W}r" and said(run).strip()]
    start = random.choice(starts)
    run = start.getnext()
    drop(start)
    run.addnext(start)
    return True


def target_lengthened(tree: WordTree, random: Random) -> bool:
    """A comment begins before the words that it is on."""
    starts = [e for e in tree.elements("commentRangeStart") if e.getparent().tag == f"{W}p"]
    starts = [e for e in starts if (run := e.getprevious()) is not None and run.tag == f"{W}r" and said(run).strip()]
    start = random.choice(starts)
    run = start.getprevious()
    drop(start)
    run.addprevious(start)
    return True


def targets_swapped(tree: WordTree, random: Random) -> bool:
    """Two comments are on the words of each other, their marks where they were."""
    starts = tree.elements("commentRangeStart")
    pairs = [(a, b) for a, b in itertools.pairwise(starts) if a.getparent() is not b.getparent()]
    one, other = (mark.get(f"{W}id") for mark in random.choice(pairs))
    for mark in tree.elements("commentRangeStart", "commentRangeEnd"):
        mark.set(f"{W}id", {one: other, other: one}.get(mark.get(f"{W}id"), mark.get(f"{W}id")))
    return True


def call_dropped(tree: WordTree, random: Random) -> bool:
    drop(random.choice(tree.elements("commentReference", "footnoteReference")))
    return True


def call_to_another_note(tree: WordTree, random: Random) -> bool:
    name = random.choice(["commentReference", "footnoteReference"])
    one, other = random.sample(tree.elements(name), 2)
    one.set(f"{W}id", other.get(f"{W}id"))
    return True


def call_nowhere(tree: WordTree, random: Random) -> bool:
    random.choice(tree.elements("commentReference", "footnoteReference")).set(f"{W}id", "9999")
    return True


def calls_swapped(tree: WordTree, random: Random) -> bool:
    """Two marks stand in each other's place, with the bookmarks that name them."""
    name = random.choice(["commentReference", "footnoteReference"])
    one, other = random.sample(tree.elements(name), 2)
    swap(one, other)
    marks = [next(e for e in reversed(list(_before(ref))) if e.tag == f"{W}bookmarkStart") for ref in (one, other)]
    first, second = (mark.get(f"{W}name") or "" for mark in marks)
    marks[0].set(f"{W}name", second)
    marks[1].set(f"{W}name", first)
    return True


def _before(reference: etree._Element) -> list[etree._Element]:
    paragraph = next(e for e in reference.iterancestors() if e.tag == f"{W}p")
    everything = list(paragraph.iter())
    return everything[: everything.index(reference)]


def call_moved(tree: WordTree, random: Random) -> bool:
    """A footnote is called from the beginning of its paragraph."""
    calls = [e for e in tree.elements("footnoteReference") if said_before(e).strip()]
    call = random.choice(calls)
    run = call.getparent()
    start, end = run.getprevious(), run.getnext()
    paragraph = next(e for e in run.iterancestors() if e.tag == f"{W}p")
    own = own_mark(paragraph)
    assert own is not None
    for element in (end, run, start):
        own.addnext(element)
    return True


def said_before(reference: etree._Element) -> str:
    return "".join(e.text or "" for e in _before(reference) if e.tag == f"{W}t")


def footnote_number(tree: WordTree, random: Random) -> bool:
    """A footnote shows a number of its own."""
    call = random.choice(tree.elements("footnoteReference"))
    call.set(f"{W}customMarkFollows", "1")
    number = etree.Element(f"{W}t")
    number.text = "77"
    call.addnext(number)
    return True


def footnotes_swapped(tree: WordTree, random: Random) -> bool:
    notes = [one for one in tree.elements("footnote") if said(one).strip()]
    one, other = random.sample(notes, 2)
    first, second = one.get(f"{W}id") or "", other.get(f"{W}id") or ""
    one.set(f"{W}id", second)
    other.set(f"{W}id", first)
    return True


def footnote_dropped(tree: WordTree, random: Random) -> bool:
    drop(random.choice([one for one in tree.elements("footnote") if said(one).strip()]))
    return True


def furniture_altered(tree: WordTree, random: Random) -> bool:
    found = [p for p in tree.elements("p") if "Edition" in style_of(p) and said(p).strip()]
    text = next(random.choice(found).iter(f"{W}t"))
    text.text = f"{text.text} zwölfmal"
    return True


# Facts of the document


def _fact(tree: WordTree, name: str) -> etree._Element | None:
    found = [e for part in ("core", "app", "custom") for e in tree.parts.get(f"docProps/{part}.xml", ())]
    for one in found:
        if etree.QName(one).localname == name:
            return one
        if one.get("name") == name:
            return one[0]
    return None


def _fact_operators() -> list[Operator]:
    facts = {
        "title": "title",
        "creator": "creator",
        "language": "language",
        "date": "created",
        "identifier": "identifier",
        "description": "description",
        "subject": "keywords",
        "publisher": "Company",
        "rights": "Rights",
        "contributor": "Contributors",
    }
    made = []
    for name, told in facts.items():

        def alter(tree: WordTree, random: Random, told: str = told) -> bool:
            fact = _fact(tree, told)
            if fact is not None:
                fact.text = "1999-12-31T00:00:00Z" if told == "created" else f"not {fact.text}"
            return fact is not None

        def omit(tree: WordTree, random: Random, told: str = told) -> bool:
            fact = _fact(tree, told)
            if fact is not None:
                fact.text = None
            return fact is not None

        made.append(word_operator(f"{name} altered", f"metadata-{name}", alter))
        made.append(word_operator(f"{name} dropped", f"metadata-{name}", omit))
    return made


DOCX_OPERATORS: tuple[Operator, ...] = (
    *(
        word_operator(name, expects, change)
        for name, expects, change in (
            ("word altered", "unit-altered", words.alter_word),
            ("letter altered", "unit-altered", words.alter_letter),
            ("case altered", "unit-altered", words.alter_case),
            ("digit altered", "unit-altered", words.alter_digit),
            ("digit dropped", "unit-altered unit-missing", words.drop_digit),
            ("sign altered", "unit-altered", words.alter_sign),
            ("sign dropped", "unit-altered", words.drop_sign),
            ("negation dropped", "unit-altered unit-missing", words.drop_not),
            ("negation added", "unit-altered", words.add_not),
            ("word dropped", "unit-altered unit-missing", words.drop_word),
            ("word doubled", "unit-altered", words.double_word),
            ("words joined", "unit-altered", words.join_words),
            ("accent dropped", "unit-altered", words.drop_accent),
            ("block dropped", "unit-missing", drop_block),
            ("block doubled", "unit-doubled", double_block),
            ("block doubled, no ids", "unit-doubled", double_block_without_ids),
            ("block added", "unit-added", add_block),
            ("words in the footer", "unit-added", add_to_footer),
            ("blocks swapped", "unit-order", swap_blocks),
            ("blocks’ ids swapped", "unit-altered", swap_ids),
            ("block moved into a note", "unit-order", move_into_note),
            ("block moved out of a note", "unit-order note-call-missing", move_out_of_note),
            ("block split", "unit-altered unit-added", split_block),
            ("cell dropped", "unit-missing", drop_cell),
            ("cells swapped", "unit-order", swap_cells),
            ("cells’ words swapped", "unit-altered", swap_cell_words),
            ("rows swapped", "unit-order", swap_rows),
            ("heading’s level", "unit-role", heading_level),
            ("heading as words", "unit-role", heading_to_words),
            ("words as heading", "unit-role", words_to_heading),
            ("block set apart", "unit-role", set_apart),
            ("quotation as words", "unit-within", quotation_unmade),
            ("words as quotation", "unit-within", quotation_made),
            ("list as words", "unit-within", list_unmade),
            ("list deeper", "unit-within", list_deeper),
            ("caption as words", "unit-within", caption_unmade),
            ("table as words", "unit-within", table_unmade),
            ("white space of code", "unit-altered", code_white_space),
            ("language of a block", "unit-language", block_language),
            ("language of a document", "unit-language", document_language),
            ("language of words", "unit-language", words_language),
            ("words marked foreign", "unit-language", mark_words_foreign),
            ("block hidden", "unit-hidden", hide_block),
            ("block hidden by a style", "unit-hidden", hide_style),
            ("words hidden", "unit-altered unit-missing", hide_words),
            ("words taken out, tracked", "unit-altered unit-missing", words_taken_out),
            ("words put in, tracked", "unit-altered", words_put_in),
            ("alternative emptied", "alternative-missing", alternative_empty),
            ("alternative altered", "alternative-altered", alternative_altered),
            ("picture as decoration", "alternative-missing", picture_decorative),
            ("picture dropped", "alternative-missing", picture_dropped),
            ("picture exchanged", "picture-altered", picture_exchanged),
            ("formula altered", "unit-altered", formula_altered),
            ("formula dropped", "unit-missing", formula_dropped),
            ("formula’s power", "unit-altered", formula_power),
            ("task’s state", "item-checked", task_state),
            ("task’s words", "alternative-altered", task_words),
            ("raised words as others", "script-altered", script_unmade),
            ("raised words lowered", "script-altered", script_turned),
            ("words raised", "script-altered", script_made),
            ("words struck", "struck-altered", struck_made),
            ("struck words as others", "struck-altered", struck_unmade),
            ("lines joined", "line-altered", line_joined),
            ("abbreviation altered", "abbreviation-altered", expansion_altered),
            ("abbreviation dropped", "abbreviation-altered", expansion_dropped),
            ("header row as data", "cell-header", header_row_as_data),
            ("data row as header", "cell-header", data_row_as_header),
            ("first column as header", "cell-header", first_column_as_header),
            ("cell over others", "cell-order", cell_over_others),
            ("list’s start", "item-number", list_start),
            ("list’s numerals", "item-number", list_numerals),
            ("link elsewhere", "link-missing", link_elsewhere),
            ("link nowhere", "link-target-missing", link_nowhere),
            ("link to another place", "link-missing", link_to_another_place),
            ("link unmade", "link-missing", link_unmade),
            ("link added", "link-added", link_added),
            ("note’s source dropped", "link-missing", source_dropped),
            ("note dropped", "unit-missing", comment_dropped),
            ("notes swapped", "note-call-missing", comments_swapped),
            ("notes’ words swapped", "unit-order", comments_words_swapped),
            ("note’s author altered", "note-signed", author_altered),
            ("note’s author dropped", "note-signed", author_dropped),
            ("note’s date altered", "note-signed", date_altered),
            ("note’s date added", "note-signed", date_added),
            ("note’s label", "note-label", label_altered),
            ("note’s target unmarked", "note-target", target_unmade),
            ("note’s target shortened", "note-target", target_shortened),
            ("note’s target lengthened", "note-target", target_lengthened),
            ("note’s target another’s", "note-target", targets_swapped),
            ("call dropped", "note-call-missing", call_dropped),
            ("call to another note", "note-call-missing", call_to_another_note),
            ("call nowhere", "note-call-missing", call_nowhere),
            ("calls swapped", "note-order note-call-missing", calls_swapped),
            ("call moved", "note-order", call_moved),
            ("note’s mark", "note-label", footnote_number),
            ("footnotes swapped", "note-call-missing", footnotes_swapped),
            ("footnote dropped", "unit-missing", footnote_dropped),
            ("furniture altered", "unit-added", furniture_altered),
        )
    ),
    *_fact_operators(),
)
"""All that is looked for in Word documents."""
