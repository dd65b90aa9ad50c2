"""Blocks as pandoc's AST, every paragraph in a style that says what it is and where it stands.

Word has no containers but tables: what a paragraph stands in is told by its numbering and by its style, whose name
says the rest: `Source Code in Quotation`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from publisher.formats.docx.inlines import (
    COMMENT,
    Story,
    begin_comment,
    end_comment,
    make_words,
    refer_to_comment,
    smart_tag,
)
from publisher.formats.docx.making import Making
from publisher.formats.docx.ooxml import Ast, paragraph, raw, string, tag
from publisher.model.blocks import (
    Align,
    Block,
    Cell,
    CodeBlock,
    DefinitionList,
    Figure,
    Group,
    Heading,
    LineBlock,
    List,
    ListItem,
    Node,
    Numbering,
    Paragraph,
    Quotation,
    Row,
    Table,
    Term,
    ThematicBreak,
    Worded,
)

LABEL, LINE = "Edition Label", "Edition Line"
"""The styles of what the edition adds around the text: over a part of it, and by itself."""

_SAYS = {
    "Quotation": ("quotation",),
    "Definition": ("list",),
    "Definition Term": ("list",),
    "Figure": ("figure",),
    "Figure Caption": ("figure", "caption"),
    "Table Caption": ("table", "caption"),
}
"""What a style says by itself that its paragraphs stand in."""

_NUMBERED = {
    Numbering.DECIMAL: "Decimal",
    Numbering.LOWER_ALPHA: "LowerAlpha",
    Numbering.UPPER_ALPHA: "UpperAlpha",
    Numbering.LOWER_ROMAN: "LowerRoman",
    Numbering.UPPER_ROMAN: "UpperRoman",
}
_ALIGNED = {
    Align.DEFAULT: "AlignDefault",
    Align.LEFT: "AlignLeft",
    Align.RIGHT: "AlignRight",
    Align.CENTER: "AlignCenter",
}


@dataclass(frozen=True, slots=True)
class Where:
    """Where blocks stand. `base` is the style of their paragraphs; `around` names what they stand in, `told` what of it
    numbering and tables tell; `shift` is added to the levels of headings."""

    story: Story
    base: str
    around: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    shift: int = 0

    def inside(self, *names: str, base: str | None = None, told: tuple[str, ...] = ()) -> Where:
        """The same, further in."""
        return replace(self, base=base or self.base, around=(*self.around, *names), told=(*self.told, *told))

    def style(self, base: str | None = None) -> str:
        """The name of a paragraph's style here."""
        base = base or self.base
        left = Counter(self.around) - Counter(self.told) - Counter(_SAYS.get(base, ()))
        return " in ".join([base, *(name.capitalize() for name in sorted(left.elements()))])


def make_blocks(making: Making, where: Where, blocks: Iterable[Block], lead: Sequence[Ast] = ()) -> list[Ast]:
    """Blocks, one after the other. `lead` stands before the first words of the first."""
    made: list[Ast] = []
    for number, block in enumerate(blocks):
        made.extend(make_block(making, where, block, [] if number else list(lead)))
    return made


def make_block(making: Making, where: Where, block: Block, lead: list[Ast]) -> list[Ast]:
    """One block."""
    match block:
        case Heading():
            return [make_heading(making, where, block)]
        case Paragraph():
            compact = block.tight and where.base == "Body Text"
            return [_worded(making, where, block, lead, "Compact" if compact else None)]
        case LineBlock():
            return [_worded(making, where, block, lead, "Verse")]
        case Term():
            return [_worded(making, where.inside("list"), block, lead, "Definition Term")]
        case CodeBlock():
            return [_code(making, where, block, lead)]
        case ThematicBreak():
            words = [*_opening(making, where, block, lead, anchored=False), *_closing(making, where, block)]
            return [paragraph("Thematic Break", [*words, making.anchor(block.id)])]
    lead = [*_opening(making, where, block, []), *lead]
    match block:
        case List():
            return _list(making, where, block, lead)
        case DefinitionList():
            return _definitions(making, where, block, lead)
        case Quotation():
            return make_blocks(making, where.inside("quotation", base="Quotation"), block.blocks, lead)
        case Group():
            base = "Aside" if block.classes and where.base == "Body Text" else None
            return make_blocks(making, where.inside(base=base), block.blocks, lead)
        case Table():
            return _table(making, where, block, lead)
        case Figure():
            return _figure(making, where, block, lead)
        case _:
            assert_never(block)


def make_heading(making: Making, where: Where, heading: Heading) -> Ast:
    """A heading, in Word's own style for its level."""
    level = min(9, max(1, heading.level + where.shift - 1))
    return {"t": "Header", "c": [level, ["", [], []], _words(making, where, heading, [])]}


def titled(making: Making, id: str, text: str, lang: str, level: int) -> Ast:
    """A heading without marks in its words; `level` 2 is the first below the title's."""
    begin, end = making.bookmark(id)
    making.langs[making.name_of(id)] = lang
    return {"t": "Header", "c": [level - 1, ["", [], []], [raw(begin), string(text), raw(end)]]}


def _worded(making: Making, where: Where, block: Worded, lead: list[Ast], base: str | None = None) -> Ast:
    return paragraph(where.style(base), _words(making, where, block, lead))


def _words(making: Making, where: Where, block: Worded, lead: list[Ast]) -> list[Ast]:
    """The words of a block inside its bookmark, after what leads to them."""
    id = f"{block.id}{where.story.repeated}"
    begin, end = making.bookmark(id)
    making.langs[making.name_of(id)] = block.lang
    words = make_words(making, where.story, block.id, block.inlines, block.lang)
    opening = _opening(making, where, block, lead, anchored=False)
    return [*opening, raw(begin), *words, *_closing(making, where, block), raw(end)]


def _opening(making: Making, where: Where, node: Node, lead: Sequence[Ast], *, anchored: bool = True) -> list[Ast]:
    """The beginning of comments on a whole element, and the place that links to it lead to; then what leads to it."""
    if where.story.repeated:
        return list(lead)
    begins = [raw(begin_comment(making, note)) for note in making.on_elements.get(node.id, ())]
    place = [making.anchor(node.id)] if anchored and (begins or node.id in making.needed) else []
    return [*begins, *place, *lead]


def _closing(making: Making, where: Where, node: Node) -> list[Ast]:
    """The end of comments on whole elements, and their marks."""
    if where.story.repeated:
        return []
    made = ""
    for note, ends, marks in making.closings.get(node.id, ()):
        made += (end_comment(making, note) if ends else "") + (refer_to_comment(making, note) if marks else "")
    return [raw(made)] if made else []


def _code(making: Making, where: Where, block: CodeBlock, lead: list[Ast]) -> Ast:
    begin, end = making.bookmark(block.id)
    making.langs[making.name_of(block.id)] = block.lang
    lines: list[Ast] = []
    for number, line in enumerate(block.code.split("\n")):
        lines += [{"t": "LineBreak"}] if number else []
        for at, piece in enumerate(line.split("\t")):
            lines += [raw("<w:r><w:tab/></w:r>")] if at else []
            lines += [string(piece)] if piece else []
    opening = _opening(making, where, block, lead, anchored=False)
    return paragraph(
        where.style("Source Code"), [*opening, raw(begin), *lines, *_closing(making, where, block), raw(end)]
    )


# Lists ---------------------------------------------------------------------------------------------------------------


def _list(making: Making, where: Where, block: List, lead: list[Ast]) -> list[Ast]:
    inner = where.inside("list", told=("list",))
    items = []
    for number, item in enumerate(block.items):
        items.append(_item(making, inner, item, [] if number else lead))
    if block.numbering is Numbering.BULLET:
        return [{"t": "BulletList", "c": items}]
    style, point = {"t": _NUMBERED[block.numbering]}, {"t": "Period"}
    return [{"t": "OrderedList", "c": [[block.start, style, point], items]}]


def _item(making: Making, where: Where, item: ListItem, lead: list[Ast]) -> list[Ast]:
    lead = [*lead, *_opening(making, where, item, [], anchored=False), making.anchor(item.id)]
    if item.checked is not None:
        lead.append(raw(_checkbox(making, where.story, item)))
    if item.blocks and isinstance(item.blocks[0], Worded | CodeBlock | Quotation | Group | Figure):
        return make_blocks(making, where, item.blocks, lead)
    # A list or a table has no words of its own that the item's number could stand before.
    return [paragraph(where.style(), lead), *make_blocks(making, where, item.blocks)]


def _checkbox(making: Making, story: Story, item: ListItem) -> str:
    """A box to tick, named by its state, in the words of the edition."""
    words, lang = making.context.words, making.context.words_lang
    told = words("done") if item.checked else words("not-done")
    names = tag("w:alias", {"w:val": told}) + tag("w:tag", {"w:val": f"{item.id}-task"[:64]})
    state = tag("w14:checked", {"w14:val": "1" if item.checked else "0"})
    glyphs = "".join(
        tag(f"w14:{name}State", {"w14:val": code, "w14:font": "MS Gothic"})
        for name, code in (("checked", "2612"), ("unchecked", "2610"))
    )
    box = f"<w:rPr>{tag('w:rFonts', dict.fromkeys(('w:ascii', 'w:eastAsia', 'w:hAnsi'), 'MS Gothic'))}"
    box += f"{tag('w:lang', {'w:val': lang})}</w:rPr><w:t>{'☒' if item.checked else '☐'}</w:t>"
    begin, end = making.bookmark(f"{item.id}-task")
    if story.name == COMMENT:
        said = smart_tag("checkbox", {"title": told, "checked": "1" if item.checked else "0"})
        return f'{begin}{said}<w:r>{box}</w:r></w:smartTag>{end}<w:r><w:t xml:space="preserve"> </w:t></w:r>'
    return (
        f"{begin}<w:sdt><w:sdtPr>{names}<w14:checkbox>{state}{glyphs}</w14:checkbox></w:sdtPr>"
        f'<w:sdtContent><w:r>{box}</w:r></w:sdtContent></w:sdt>{end}<w:r><w:t xml:space="preserve"> </w:t></w:r>'
    )


def _definitions(making: Making, where: Where, block: DefinitionList, lead: list[Ast]) -> list[Ast]:
    made: list[Ast] = []
    inner = where.inside("list", base="Definition")
    for term, definitions in block.entries:
        made.append(_worded(making, where.inside("list"), term, lead, "Definition Term"))
        lead = []
        for definition in definitions:
            made += make_blocks(making, inner, definition.blocks, _opening(making, where, definition, []))
    return made


# Tables and figures --------------------------------------------------------------------------------------------------


def _table(making: Making, where: Where, block: Table, lead: list[Ast]) -> list[Ast]:
    caption = make_blocks(making, where.inside("table", "caption", base="Table Caption"), block.caption, lead)
    # The numbering of a list around it does not reach into a table.
    told = tuple(name for name in where.told if name != "list")
    inner = replace(where, told=told).inside("table", base="Table Text", told=("table",))
    rest = [] if caption else lead

    def rows(group: Iterable[Row]) -> list[Any]:
        return [[_NO_ATTRIBUTES, [cell(one) for one in row]] for row in group]

    def cell(one: Cell) -> list[Any]:
        nonlocal rest
        base = {"col": "Table Heading", "row": "Table Row Heading"}.get(one.scope or "", "Table Text")
        made = make_blocks(making, replace(inner, base=base), one.blocks, rest)
        if made:
            rest = []
        aligned = {"t": _ALIGNED[one.align]}
        return [_NO_ATTRIBUTES, aligned, one.rowspan, one.colspan, made]

    widths = block.widths if all(block.widths) else [None] * len(block.columns)
    columns = [
        [{"t": _ALIGNED[align]}, {"t": "ColWidth", "c": width} if width else {"t": "ColWidthDefault"}]
        for align, width in zip(block.columns, widths, strict=False)
    ]
    head = [_NO_ATTRIBUTES, rows(block.head)]
    bodies = [[_NO_ATTRIBUTES, 0, [], rows(body)] for body in block.bodies]
    foot = [_NO_ATTRIBUTES, rows(block.foot)]
    table: Ast = {"t": "Table", "c": [_NO_ATTRIBUTES, [None, []], columns, head, bodies, foot]}
    return [*caption, table]


_NO_ATTRIBUTES: list[Any] = ["", [], []]


def _figure(making: Making, where: Where, block: Figure, lead: list[Ast]) -> list[Ast]:
    made = make_blocks(making, where.inside("figure", base="Figure"), block.blocks, lead)
    made += make_blocks(making, where.inside("figure", "caption", base="Figure Caption"), block.caption)
    if block.long_description:
        made.append(label(making, making.context.words("long-description")))
        made += make_blocks(making, replace(where, base="Long Description"), block.long_description)
    return made


def label(making: Making, text: str, style: str = LABEL) -> Ast:
    """A line of the edition's own around the text, in its own words."""
    return line(making, [string(text)], making.context.words_lang, style)


def line(making: Making, words: Sequence[Ast], lang: str, style: str = LINE, id: str = "") -> Ast:
    """A line around the text, with a bookmark where it has an id or is in another language than the text."""
    if not id and lang == making.publication.metadata.lang:
        return paragraph(style, words)
    making.lines += 1
    name = id or f"edition-line-{making.lines}"
    begin, end = making.bookmark(name)
    making.langs[making.name_of(name)] = lang
    return paragraph(style, [raw(begin), *words, raw(end)])
