"""Puts right what pandoc cannot know: languages and directions, numbers of footnotes, row headers, comments' marks."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from publisher.formats.docx.making import Making
from publisher.formats.docx.ooxml import NAMES, PARTS, W
from publisher.formats.docx.styling import language
from publisher.model.languages import direction

_M = f"{{{NAMES['m']}}}"
AFTER_TABLES = "200"
"""The space between a table and what follows it, in twentieths of a point: a table has none of its own."""
_BEFORE_BIDI = frozenset(
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN".split()
)
"""What stands before the direction in a paragraph's properties (ISO/IEC 29500-1, 17.3.1.26)."""
_BEFORE_SPACING = _BEFORE_BIDI | {"bidi", "adjustRightInd", "snapToGrid"}


def mark_languages(part: etree._Element, making: Making) -> None:
    """Mark every paragraph and run that is not in the document's language, and those that run from right to left."""
    usual = making.publication.metadata.lang
    for paragraph in part.iter(f"{W}p"):
        marks = [mark.get(f"{W}name", "") for mark in paragraph.iter(f"{W}bookmarkStart")]
        lang = next((making.langs[name] for name in marks if name in making.langs), usual)
        backwards = direction(lang) == "rtl"
        if lang != usual or backwards:
            properties = paragraph.find(f"{W}pPr")
            if properties is None:
                properties = etree.Element(f"{W}pPr")
                paragraph.insert(0, properties)
            if backwards:
                at = sum(1 for one in properties if etree.QName(one).localname in _BEFORE_BIDI)
                properties.insert(at, etree.Element(f"{W}bidi"))
            mark = etree.SubElement(properties, f"{W}rPr")
            _mark(mark, lang, usual)
        for run in paragraph.iter(f"{W}r"):
            own = run.find(f"{W}rPr/{W}lang")
            _mark_run(run, own.get(f"{W}val", lang) if own is not None else lang, usual)
        _mark_formulas(paragraph, making, lang)


def _mark_run(run: etree._Element, lang: str, usual: str) -> None:
    properties = run.find(f"{W}rPr")
    if properties is None:
        if lang == usual and direction(lang) == "ltr":
            return
        properties = etree.Element(f"{W}rPr")
        run.insert(0, properties)
    _mark(properties, lang, usual)


def _mark(properties: etree._Element, lang: str, usual: str) -> None:
    """The direction and the language among the properties of words, in the order of the schema."""
    for name in ("rtl", "lang"):
        for old in properties.findall(f"{W}{name}"):
            properties.remove(old)
    if direction(lang) == "rtl":
        properties.append(etree.Element(f"{W}rtl"))
    if lang != usual:
        properties.append(language(lang))


def _mark_formulas(paragraph: etree._Element, making: Making, lang: str) -> None:
    """The language in which a formula is read, where it is not that of its paragraph."""
    for mark in paragraph.iter(f"{W}bookmarkStart"):
        own = making.langs.get(mark.get(f"{W}name", ""))
        formula = mark.getnext()
        if own is None or own == lang or formula is None or etree.QName(formula).namespace != NAMES["m"]:
            continue
        for run in formula.iter(f"{_M}r"):
            properties = etree.Element(f"{W}rPr")
            properties.append(language(own))
            first = run.find(f"{_M}rPr")
            run.insert(0 if first is None else 1, properties)


def set_apart_formulas(part: etree._Element, making: Making) -> None:
    """A formula that is all that its paragraph says stands in the middle of its line, in full size."""
    for mark in part.iter(f"{W}bookmarkStart"):
        formula, paragraph = mark.getnext(), mark.getparent()
        alone = formula is not None and formula.tag == f"{_M}oMath"
        if not alone or mark.get(f"{W}name") not in making.displayed or formula is None or paragraph is None:
            continue
        if not any((text.text or "").strip() for text in paragraph.iter(f"{W}t")):
            apart = etree.Element(f"{_M}oMathPara")
            paragraph.replace(formula, apart)
            apart.append(formula)


def number_footnotes(document: etree._Element, footnotes: etree._Element, numbers: Mapping[str, int]) -> None:
    """Give a footnote its own number where counting would give it another. `numbers` are by the calls' bookmarks."""
    counted = 0
    bodies = {note.get(f"{W}id"): note for note in footnotes.iter(f"{W}footnote")}
    call = ""
    for element in document.iter(f"{W}bookmarkStart", f"{W}footnoteReference"):
        if element.tag == f"{W}bookmarkStart":
            call = element.get(f"{W}name", "")
            continue
        number = numbers.get(call, counted + 1)
        if number == counted + 1:
            counted += 1
            continue
        element.set(f"{W}customMarkFollows", "1")
        element.addnext(_text(str(number)))
        mark = bodies[element.get(f"{W}id")].find(f".//{W}footnoteRef")
        if mark is not None and (around := mark.getparent()) is not None:
            around.replace(mark, _text(str(number)))


def _text(words: str) -> etree._Element:
    made = etree.Element(f"{W}t")
    made.text = words
    return made


def head_tables(part: etree._Element, row_heading: str) -> None:
    """Say of tables whose first column heads the rows that it does; `row_heading` is the id of that style."""
    for table in part.iter(f"{W}tbl"):
        rows = [row for row in table.findall(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is None]
        firsts = [row.find(f"{W}tc") for row in rows]
        styles = [cell.find(f".//{W}pStyle") for cell in firsts if cell is not None]
        heads = bool(styles) and all(one is not None and one.get(f"{W}val") == row_heading for one in styles)
        look = table.find(f"{W}tblPr/{W}tblLook")
        if look is not None:
            look.set(f"{W}firstColumn", "1" if heads else "0")
            look.set(f"{W}val", "00A0" if heads else "0020")
        for row in table.findall(f"{W}tr"):
            properties = row.find(f"{W}trPr")
            if properties is None:
                properties = etree.Element(f"{W}trPr")
                row.insert(0, properties)
            properties.insert(0, etree.Element(f"{W}cantSplit"))


def turn_tables(part: etree._Element) -> None:
    """Have the columns of every table run from right to left."""
    for properties in part.iter(f"{W}tblPr"):
        at = sum(1 for one in properties if etree.QName(one).localname in ("tblStyle", "tblpPr", "tblOverlap"))
        properties.insert(at, etree.Element(f"{W}bidiVisual"))


def part_tables(part: etree._Element) -> None:
    """Word takes two tables without a paragraph between them for one, and wants one after the last in every text."""
    for table in list(part.iter(f"{W}tbl")):
        following = table.getnext()
        if following is None or following.tag == f"{W}tbl":
            table.addnext(etree.Element(f"{W}p"))


def space_tables(body: etree._Element) -> None:
    """Part each table from the paragraph after it."""
    for table in body.findall(f"{W}tbl"):
        paragraph = table.getnext()
        properties = paragraph.find(f"{W}pPr") if paragraph is not None and paragraph.tag == f"{W}p" else None
        style = properties.find(f"{W}pStyle") if properties is not None else None
        if properties is None or style is None or style.get(f"{W}val", "").startswith("Heading"):
            continue
        if properties.find(f"{W}spacing") is None:
            at = sum(1 for one in properties if etree.QName(one).localname in _BEFORE_SPACING)
            properties.insert(at, etree.Element(f"{W}spacing", {f"{W}before": AFTER_TABLES}))


def join_footnote_marks(footnotes: etree._Element) -> None:
    """Have the mark of a footnote stand before its words; pandoc puts it in a paragraph of its own where these are in
    a style. A footnote that begins with a table keeps it there."""
    for mark in list(footnotes.iter(f"{W}footnoteRef")):
        run = mark.getparent()
        paragraph = run.getparent() if run is not None else None
        following = paragraph.getnext() if paragraph is not None else None
        if run is None or paragraph is None or following is None or following.tag != f"{W}p":
            continue
        if any(text.text for text in paragraph.iter(f"{W}t")) or following.find(f"{W}pPr/{W}numPr") is not None:
            continue
        properties = following.find(f"{W}pPr")
        at = 0 if properties is None else 1
        space = etree.Element(f"{W}r")
        text = etree.SubElement(space, f"{W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
        text.text = " "
        following.insert(at, run)
        following.insert(at + 1, space)
        around = paragraph.getparent()
        if around is not None:
            around.remove(paragraph)


def take_comments(document: etree._Element) -> etree._Element:
    """Take the comments out of the text, where they came through pandoc, as a part of their own."""
    comments = etree.Element(f"{W}comments", nsmap=PARTS)
    for comment in document.findall(f"{W}body/{W}comment"):
        comment.tail = None
        comments.append(comment)
        first = comment.find(f"{W}p")
        if first is not None:
            mark = etree.Element(f"{W}r")
            properties = etree.SubElement(mark, f"{W}rPr")
            etree.SubElement(properties, f"{W}rStyle", {f"{W}val": "CommentReference"})
            etree.SubElement(mark, f"{W}annotationRef")
            first.insert(1 if first.find(f"{W}pPr") is not None else 0, mark)
    return comments
