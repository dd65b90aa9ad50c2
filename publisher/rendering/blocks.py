"""Blocks as markup. `lang` is everywhere the language of what is around the block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from markupsafe import Markup

from publisher.model.blocks import (
    Align,
    Block,
    Cell,
    CodeBlock,
    Definition,
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
from publisher.model.inlines import Image
from publisher.rendering.context import Context
from publisher.rendering.inlines import render_call, render_image, render_prose
from publisher.rendering.markup import Attributes, element, join, language, text

_WIDE_TABLE = 3
"""Tables of more columns than this scroll by themselves where a page is narrow."""

_LONG_LINE = 40
"""Code with longer lines, in characters, does so too."""


def render_blocks(context: Context, blocks: Iterable[Block], lang: str) -> Markup:
    """Blocks, one a line."""
    return join((render_block(context, block, lang) for block in blocks), "\n")


def render_block(context: Context, block: Block, lang: str) -> Markup:
    """One block, with the calls that find no words in it after it."""
    made = _block(context, block, lang)
    loose = () if isinstance(block, Figure | Table) else context.places.loose_calls(block.id)
    if not loose:
        return made
    calls = join(render_call(context, note, lang) for note in loose)
    return made + element("p", {"class": "note-calls"}, calls)


def render_heading(context: Context, heading: Heading, lang: str) -> Markup:
    """A heading, its level shifted as the format wants it."""
    return _worded(context, f"h{heading_level(context, heading.level)}", heading, lang)


def heading_level(context: Context, level: int) -> int:
    """A heading's level in this format, 1 to 6."""
    return min(6, max(1, level + context.options.shift))


def _block(context: Context, block: Block, lang: str) -> Markup:
    match block:
        case Heading():
            return render_heading(context, block, lang)
        case Paragraph():
            return _worded(context, "p", block, lang, "tight" if block.tight else None)
        case LineBlock():
            return _worded(context, "p", block, lang, "lines")
        case CodeBlock():
            return _code(context, block, lang)
        case List():
            return _list(context, block, lang)
        case DefinitionList():
            return _definitions(context, block, lang)
        case Quotation():
            attributes = _attributes(context, block, lang, "pull-quote" if block.pull else None)
            if block.pull:
                attributes |= {"role": "doc-pullquote", "epub:type": context.epub_type("pullquote")}
            return element("blockquote", attributes, render_blocks(context, block.blocks, block.lang))
        case Table():
            return _table(context, block, lang)
        case Figure():
            return render_figure(context, block, lang)
        case Group():
            attributes = _attributes(context, block, lang, *block.classes)
            return element("div", attributes, render_blocks(context, block.blocks, block.lang))
        case ThematicBreak():
            return element("hr", _attributes(context, block, lang))
        case _:
            assert_never(block)


def _attributes(context: Context, node: Node, lang: str, *classes: str | None) -> Attributes:
    """A node's id, language and classes, and the notes that are on it as a whole."""
    notes = context.places.notes_on(node.id)
    names = [name for name in (*classes, "target" if notes else None) if name]
    return {
        "id": node.id,
        "class": " ".join(names) or None,
        "data-notes": " ".join(note.id for note in notes) or None,
        **language(node.lang, lang, xml=context.options.epub),
    }


def _worded(context: Context, name: str, block: Worded, lang: str, *classes: str | None) -> Markup:
    return element(name, _attributes(context, block, lang, *classes), render_prose(context, block))


def _code(context: Context, block: CodeBlock, lang: str) -> Markup:
    attributes = _attributes(context, block, lang)
    if context.options.scroll and any(len(line) > _LONG_LINE for line in block.code.splitlines()):
        attributes |= {"tabindex": "0", "role": "region", "aria-label": context.words("scroll-code")}
    language_class = f"language-{block.language}" if block.language else None
    return element("pre", attributes, element("code", {"class": language_class}, block.code))


def _list(context: Context, block: List, lang: str) -> Markup:
    tasks = any(item.checked is not None for item in block.items)
    attributes = _attributes(context, block, lang, "task-list" if tasks else None)
    ordered = block.numbering is not Numbering.BULLET
    if ordered:
        attributes["type"] = block.numbering.value if block.numbering is not Numbering.DECIMAL else None
        attributes["start"] = str(block.start) if block.start != 1 else None
    items = join((_item(context, item, block.lang) for item in block.items), "\n")
    return element("ol" if ordered else "ul", attributes, items)


def _item(context: Context, item: ListItem, lang: str) -> Markup:
    box = Markup("")
    if item.checked is not None:
        label = context.words("done" if item.checked else "not-done")
        told: Attributes = {"class": "task", "role": "img", "aria-label": label}
        own = language(context.words_lang, item.lang, xml=context.options.epub)
        box = element("span", {**told, **own}, "☑" if item.checked else "☐")
    inside = box + render_blocks(context, item.blocks, item.lang)
    return element("li", _attributes(context, item, lang), inside)


def _definitions(context: Context, block: DefinitionList, lang: str) -> Markup:
    parts: list[Markup] = []
    for term, definitions in block.entries:
        parts.append(_term(context, term, block.lang))
        parts.extend(_definition(context, definition, block.lang) for definition in definitions)
    return element("dl", _attributes(context, block, lang), join(parts, "\n"))


def _term(context: Context, term: Term, lang: str) -> Markup:
    return _worded(context, "dt", term, lang)


def _definition(context: Context, definition: Definition, lang: str) -> Markup:
    inside = render_blocks(context, definition.blocks, definition.lang)
    return element("dd", _attributes(context, definition, lang), inside)


def _table(context: Context, table: Table, lang: str) -> Markup:
    parts = [
        _caption(context, "caption", table, table.caption),
        _columns(table),
        _rows(context, "thead", table.head, table.lang),
        *(_rows(context, "tbody", rows, table.lang) for rows in table.bodies),
        _rows(context, "tfoot", table.foot, table.lang),
    ]
    made = element("table", _attributes(context, table, lang), join(part for part in parts if part))
    if context.options.scroll and len(table.columns) > _WIDE_TABLE:
        label = context.words("scroll-table")
        return element("div", {"class": "scroll", "role": "region", "aria-label": label, "tabindex": "0"}, made)
    return made


def _columns(table: Table) -> Markup:
    """The columns' widths in whole percents, as classes (`w-25`), which a strict Content-Security-Policy allows."""
    if not any(table.widths):
        return Markup("")
    widths = (f"w-{max(1, min(100, round(width * 100)))}" if width else None for width in table.widths)
    return element("colgroup", None, join(element("col", {"class": width}) for width in widths))


def _rows(context: Context, name: str, rows: Iterable[Row], lang: str) -> Markup:
    made = [element("tr", None, join(_cell(context, cell, lang) for cell in row)) for row in rows]
    return element(name, None, join(made, "\n")) if made else Markup("")


def _cell(context: Context, cell: Cell, lang: str) -> Markup:
    aligned = None if cell.align is Align.DEFAULT else f"align-{cell.align.value}"
    attributes = _attributes(context, cell, lang, aligned)
    attributes["scope"] = cell.scope
    attributes["rowspan"] = str(cell.rowspan) if cell.rowspan > 1 else None
    attributes["colspan"] = str(cell.colspan) if cell.colspan > 1 else None
    inside = render_blocks(context, cell.blocks, cell.lang)
    return element("th" if cell.scope else "td", attributes, inside)


def render_figure(
    context: Context, figure: Figure, lang: str, *, captioned: bool = True, described: bool = True
) -> Markup:
    """A figure; without caption or long description where other words stand in for them.

    The description comes after the figure: a caption must be a figure's last child, and what stands inside a figure
    may be taken for a part of the picture.
    """
    description = figure.long_description if described else ()
    described_by = f"{figure.id}-description" if description else None
    parts = [_pictured(context, block, figure.lang, described_by) for block in figure.blocks]
    if captioned:
        parts.append(_caption(context, "figcaption", figure, figure.caption))
    made = element("figure", _attributes(context, figure, lang), join(parts, "\n"))
    return join((made, _long_description(context, figure, description, lang)), "\n") if description else made


def _pictured(context: Context, block: Block, lang: str, described_by: str | None) -> Markup:
    """A block of a figure; a paragraph of nothing but pictures is told as these, not as words."""
    if isinstance(block, Paragraph):
        pictures = [inline for inline in block.inlines if isinstance(inline, Image)]
        if pictures and not block.text.strip("\ufffc\n "):
            return join(render_image(context, picture, described_by=described_by) for picture in pictures)
    return render_block(context, block, lang)


def _caption(context: Context, name: str, of: Figure | Table, caption: tuple[Block, ...]) -> Markup:
    calls = join(render_call(context, note, of.lang) for note in context.places.loose_calls(of.id))
    if not caption and not calls:
        return Markup("")
    return element(name, None, render_blocks(context, caption, of.lang), calls)


def _long_description(context: Context, figure: Figure, blocks: tuple[Block, ...], lang: str) -> Markup:
    words = context.words
    label = text(words("long-description"))
    marked = language(context.words_lang, figure.lang, xml=context.options.epub)
    own = language(figure.lang, lang, xml=context.options.epub)
    attributes: Attributes = {"class": "long-description", **own}
    inside = element("div", {"id": f"{figure.id}-description"}, render_blocks(context, blocks, figure.lang))
    if context.options.fold:
        return element("details", attributes, element("summary", marked, label), inside)
    header = element("header", None, element("p", {"class": "label", **marked}, label))
    return element("div", attributes, header, inside)
