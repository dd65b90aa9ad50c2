"""Blocks of pandoc's AST become those of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from publisher.manuscript import raw_html
from publisher.manuscript.ast_text import Attr, attributes_of, plain_words
from publisher.manuscript.inlines_reader import InlinesReader, Place
from publisher.manuscript.pandoc import Ast
from publisher.manuscript.sentences import split_sentences
from publisher.manuscript.shared import OpenFootnote, Shared, TextState
from publisher.manuscript.tables_reader import read_table
from publisher.model.blocks import (
    Block,
    CodeBlock,
    Definition,
    DefinitionList,
    Figure,
    Group,
    Heading,
    LineBlock,
    List,
    ListItem,
    Numbering,
    Paragraph,
    Quotation,
    Term,
    ThematicBreak,
)
from publisher.model.findings import Severity
from publisher.model.inlines import FootnoteCall, Inline, LineBreak
from publisher.model.source import Position

_NUMBERINGS = {
    "DefaultStyle": Numbering.DECIMAL,
    "Example": Numbering.DECIMAL,
    "Decimal": Numbering.DECIMAL,
    "LowerAlpha": Numbering.LOWER_ALPHA,
    "UpperAlpha": Numbering.UPPER_ALPHA,
    "LowerRoman": Numbering.LOWER_ROMAN,
    "UpperRoman": Numbering.UPPER_ROMAN,
}
_BOXES = {"☐": False, "☒": True, "☑": True}
_CODE_MARKS = frozenset({"numberLines", "number-lines", "lineAnchors", "line-anchors", "sourceCode"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What nodes inherit: the prefix of ids that are ours to give, the language."""

    prefix: str
    lang: str


class BlocksReader:
    """Reads the blocks of one text. `levels` gives the level of each heading by the `id()` of its node."""

    def __init__(self, shared: Shared, state: TextState, levels: Mapping[int, int]) -> None:
        self.shared = shared
        self.state = state
        self.levels = levels
        self.inlines = InlinesReader(shared, state, self._footnote_call)
        self._labels: dict[str, OpenFootnote] = {}

    def blocks(self, nodes: Sequence[Ast], scope: Scope) -> tuple[Block, ...]:
        """Blocks inside another: plain-language counterparts have no place here."""
        result: list[Block] = []
        for node in nodes:
            if node["t"] == "Div" and "plain" in node["c"][0][1]:
                self.state.report(
                    "plain-misplaced",
                    Severity.ERROR,
                    "::: plain stands inside another block; put it after that block",
                    self.state.positions.of(node),
                )
            elif node["t"] == "Div" and "glossary" in node["c"][0][1]:
                self.state.report(
                    "glossary-misplaced",
                    Severity.ERROR,
                    "::: glossary stands inside another block; close that block before it with :::",
                    self.state.positions.of(node),
                )
            else:
                self.append(result, node, scope)
        return tuple(result)

    def append(self, result: list[Block], node: Ast, scope: Scope) -> None:
        """Read a node and add the block that it is, if it is one, after those before it."""
        if node["t"] == "Div" and "long-description" in node["c"][0][1]:
            self._describe(result, node, scope)
            return
        block = self.block(node, scope)
        if block is not None:
            result.append(block)

    def block(self, node: Ast, scope: Scope) -> Block | None:
        """The block that a node is; None where nothing of it is to be shown, or it was refused."""
        content: Any = node.get("c")
        match node["t"]:
            case "Para" | "Plain":
                return self._paragraph(node, scope)
            case "Header":
                return self.heading(node, scope)
            case "LineBlock":
                return self._lines(node, scope)
            case "CodeBlock":
                return self._code(node, scope)
            case "BlockQuote":
                name, position = self._name(None, scope), self.state.positions.of(node)
                return Quotation(id=name, lang=scope.lang, position=position, blocks=self.blocks(content, scope))
            case "BulletList":
                return self._list(node, content, scope, Numbering.BULLET, 1)
            case "OrderedList":
                (start, style, _), items = content
                return self._list(node, items, scope, _NUMBERINGS[style["t"]], start)
            case "DefinitionList":
                return self._definitions(node, scope)
            case "HorizontalRule":
                return self._rule(node, scope)
            case "Div":
                return self._division(node, scope)
            case "Figure":
                return self._figure(node, scope)
            case "Table":
                return read_table(self, node, scope)
            case "RawBlock":
                return self._raw(node, scope)
            case kind:
                raise AssertionError(f"pandoc's {kind} is not known")

    # What all blocks need --------------------------------------------------------------------------------------------

    def _name(self, attr: Attr | None, scope: Scope) -> str:
        own = self.state.final_id(attr) if attr is not None else None
        return own or self.shared.ids.numbered(scope.prefix)

    def name(self, attr: Attr | None, scope: Scope) -> str:
        """The author's id for a block, else the next number of its section."""
        return self._name(attr, scope)

    def attributes(
        self, node: Ast, attr: Attr, scope: Scope, known: Sequence[str] = ()
    ) -> tuple[dict[str, str], Scope]:
        """A block's attributes, and the scope in the language that they give."""
        attributes = attributes_of(attr)
        if node["t"] == "Div" and any(name.startswith("{") for name in attr[1]):
            self._unread_fence(self.state.positions.of(node))  # pandoc takes `::: {.plain` for a name
        place = Place(scope.prefix, scope.lang, node)
        lang = self.inlines.language(attributes["lang"], place) if "lang" in attributes else scope.lang
        self.inlines.check_attributes(attributes, known, place, lang)
        return attributes, replace(scope, lang=lang)

    # Words -----------------------------------------------------------------------------------------------------------

    def _paragraph(self, node: Ast, scope: Scope) -> Block | None:
        content = [inline for inline in node["c"] if not _is_comment(inline)]
        shown = [inline for inline in content if inline["t"] not in ("Space", "SoftBreak")]
        if node["t"] == "Para" and len(shown) == 1 and shown[0]["t"] == "Image":
            return self._lone_picture(node, shown[0], scope)
        if not shown:
            return None
        self._check_stray_fence(node, shown)
        # The id is given before the words are read, since pictures and formulas in them are named after it.
        name = self._name(None, scope)
        inlines = self.inlines.read(content, Place(name, scope.lang, node))
        return self._worded_paragraph(name, inlines, node, scope)

    def _worded_paragraph(self, name: str, inlines: tuple[Inline, ...], node: Ast, scope: Scope) -> Paragraph:
        return Paragraph(
            id=name,
            lang=scope.lang,
            position=self.state.positions.of(node),
            inlines=inlines,
            sentences=split_sentences(name, inlines, scope.lang),
            tight=node["t"] == "Plain",
        )

    def refuse_unread_fence(self, node: Ast) -> bool:
        """Whether a paragraph begins with a `:::` and more, which pandoc could not read as a fence; tells it if so."""
        content = node["c"] if node["t"] == "Para" else []
        if len(content) < 2 or content[0]["t"] != "Str" or set(content[0]["c"]) != {":"} or len(content[0]["c"]) < 3:
            return False
        if content[1]["t"] != "Space":
            return False
        self._unread_fence(self.state.positions.fence_of(node))
        return True

    def _unread_fence(self, position: Position) -> None:
        self.state.report(
            "division-unread",
            Severity.ERROR,
            '::: with attributes that cannot be read; write one name, or {.name key="value"} with a } at its end, '
            "values in quotation marks and no space next to them",
            position,
        )

    def _check_stray_fence(self, node: Ast, shown: Sequence[Ast]) -> None:
        if self.refuse_unread_fence(node):
            return
        for inline in shown:
            if inline["t"] == "Str" and len(inline["c"]) >= 3 and set(inline["c"]) == {":"}:
                self.state.report(
                    "division-stray",
                    Severity.ERROR,
                    "::: closes nothing, or opens without a blank line before it; remove it or add the line",
                    self.state.positions.find(node, ":::"),
                )

    def heading(self, node: Ast, scope: Scope) -> Heading | None:
        """A heading; its id was settled before. None, after a finding, where it has no words."""
        _, attr, content = node["c"]
        position = self.state.positions.of(node)
        attributes, inner = self.attributes(node, attr, scope, ("plain",))
        self.inlines.check_classes(attr[1], ("unnumbered", "unlisted"), Place(scope.prefix, scope.lang, node))
        name = self.state.final_id(attr) or self.shared.ids.numbered(scope.prefix)
        inlines = self.inlines.read(content, Place(name, inner.lang, node))
        if not plain_words(content):
            self.state.report("heading-empty", Severity.ERROR, "heading without words; give it some", position)
            return None
        return Heading(
            id=name,
            lang=inner.lang,
            position=position,
            inlines=inlines,
            sentences=split_sentences(name, inlines, inner.lang),
            level=self.levels.get(id(node), 6),
            plain=attributes.get("plain", "").strip() or None,
        )

    def _lines(self, node: Ast, scope: Scope) -> Block:
        name = self._name(None, scope)
        place = Place(name, scope.lang, node)
        inlines: list[Inline] = []
        for index, line in enumerate(node["c"]):
            if index:
                inlines.append(LineBreak())
            inlines += self.inlines.read(line, place)
        sentences = split_sentences(name, inlines, scope.lang, lines=True)
        position = self.state.positions.of(node)
        return LineBlock(id=name, lang=scope.lang, position=position, inlines=tuple(inlines), sentences=sentences)

    def _code(self, node: Ast, scope: Scope) -> Block:
        attr, code = node["c"]
        _, inner = self.attributes(node, attr, scope)
        languages = [name for name in attr[1] if name not in _CODE_MARKS]
        return CodeBlock(
            id=self._name(attr, scope),
            lang=inner.lang,
            position=self.state.positions.of(node),
            code=code,
            language=languages[0] if languages else None,
        )

    # Lists -----------------------------------------------------------------------------------------------------------

    def _list(self, node: Ast, items: list[list[Ast]], scope: Scope, numbering: Numbering, start: int) -> Block:
        name, position = self._name(None, scope), self.state.positions.of(node)
        return List(
            id=name,
            lang=scope.lang,
            position=position,
            items=tuple(self._item(item, scope, numbering) for item in items),
            numbering=numbering,
            start=start,
        )

    def _item(self, item: list[Ast], scope: Scope, numbering: Numbering) -> ListItem:
        checked = None
        position = self.state.positions.of(item)
        blocks = item
        first = item[0]["c"] if item and item[0]["t"] in ("Plain", "Para") else []
        if numbering is Numbering.BULLET and len(first) > 1 and first[0]["t"] == "Str" and first[0]["c"] in _BOXES:
            checked = _BOXES[first[0]["c"]]
            del first[0]
        name = self._name(None, scope)
        return ListItem(id=name, lang=scope.lang, position=position, blocks=self.blocks(blocks, scope), checked=checked)

    def _definitions(self, node: Ast, scope: Scope) -> Block:
        name, position = self._name(None, scope), self.state.positions.of(node)
        entries = []
        for term, definitions in node["c"]:
            own = self._name(None, scope)
            inlines = self.inlines.read(term, Place(own, scope.lang, term))
            worded = Term(
                id=own,
                lang=scope.lang,
                position=self.state.positions.of(term),
                inlines=inlines,
                sentences=split_sentences(own, inlines, scope.lang),
            )
            entries.append((worded, tuple(self._definition(definition, scope) for definition in definitions)))
        return DefinitionList(id=name, lang=scope.lang, position=position, entries=tuple(entries))

    def _definition(self, definition: list[Ast], scope: Scope) -> Definition:
        name, position = self._name(None, scope), self.state.positions.of(definition)
        return Definition(id=name, lang=scope.lang, position=position, blocks=self.blocks(definition, scope))

    # Divisions, pictures, raw markup ---------------------------------------------------------------------------------

    def _rule(self, node: Ast, scope: Scope) -> Block:
        return ThematicBreak(id=self._name(None, scope), lang=scope.lang, position=self.state.positions.of(node))

    def _division(self, node: Ast, scope: Scope) -> Block | None:
        attr, nodes = node["c"]
        position = self.state.positions.of(node)
        _, inner = self.attributes(node, attr, scope)
        classes = tuple(attr[1])
        name = self._name(attr, scope)
        blocks = self.blocks(nodes, inner)
        if not blocks:
            self.state.report("division-empty", Severity.WARNING, "division holds nothing; remove it", position)
            return None
        if "pull-quote" in classes:
            return Quotation(id=name, lang=inner.lang, position=position, blocks=blocks, pull=True)
        return Group(id=name, lang=inner.lang, position=position, blocks=blocks, classes=classes)

    def _describe(self, result: list[Block], node: Ast, scope: Scope) -> None:
        attr, nodes = node["c"]
        figure = result[-1] if result else None
        if not isinstance(figure, Figure) or figure.long_description:
            self.state.report(
                "long-description-misplaced",
                Severity.ERROR,
                "a long description stands right after its figure; move it there",
                self.state.positions.of(node),
            )
            return
        _, inner = self.attributes(node, attr, scope)
        result[-1] = replace(figure, long_description=self.blocks(nodes, inner))

    def _figure(self, node: Ast, scope: Scope) -> Block | None:
        attr, (_, caption), contents = node["c"]
        position = self.state.positions.of(node)
        _, inner = self.attributes(node, attr, scope)
        name = self._name(attr, scope)
        words = " ".join(plain_words(block["c"]) for block in caption if block["t"] in ("Plain", "Para"))
        blocks: list[Block] = []
        for content in contents:
            picture = content["c"][0] if content["t"] in ("Plain", "Para") and len(content["c"]) == 1 else None
            if picture is not None and picture["t"] == "Image":
                # Pandoc leaves what was written of the picture on it: its language is the caption's, too.
                inner = self._of_picture(picture, node, inner)
                pictured = self._pictured(picture, content, node, inner, words)
                blocks += [pictured] if pictured else []
            else:
                self.append(blocks, content, inner)
        told = self.blocks(caption, inner)
        if not blocks:
            return None
        return Figure(id=name, lang=inner.lang, position=position, blocks=tuple(blocks), caption=told)

    def _of_picture(self, picture: Ast, node: Ast, scope: Scope) -> Scope:
        """The scope in the language that a picture gives."""
        attributes = attributes_of(picture["c"][0])
        if "lang" not in attributes:
            return scope
        return replace(scope, lang=self.inlines.language(attributes["lang"], Place(scope.prefix, scope.lang, node)))

    def _pictured(self, picture: Ast, content: Ast, node: Ast, scope: Scope, caption: str | None) -> Paragraph | None:
        """A paragraph that is one picture."""
        name = self._name(None, scope)
        image = self.inlines.image(picture, Place(name, scope.lang, node), caption)
        if image is None:
            return None
        tight = {"t": "Plain"}
        paragraph = self._worded_paragraph(name, (image,), tight, scope)
        return replace(paragraph, position=self.state.positions.of(content if content is not node else node))

    def _lone_picture(self, node: Ast, picture: Ast, scope: Scope) -> Block | None:
        """A picture without a caption that is a paragraph of its own: a figure."""
        position = self.state.positions.of(node)
        scope = self._of_picture(picture, node, scope)
        name = self._name(None, scope)
        pictured = self._pictured(picture, node, node, scope, None)
        if pictured is None:
            return None
        return Figure(id=name, lang=scope.lang, position=position, blocks=(pictured,), caption=())

    def _raw(self, node: Ast, scope: Scope) -> Block | None:
        form, text = node["c"]
        if form == "html" and raw_html.is_comment(text):
            return None
        # Some readers give an element whole, its words with its tags: then it is no mere wrapper.
        tag = raw_html.read_tag(text).name if form == "html" else ""
        name = "" if raw_html.holds_words(text) else tag
        if name == "hr":
            return self._rule(node, scope)
        if name in raw_html.UNWRAPPED:
            if not text.startswith("</"):
                self.state.report(
                    "raw-html-unwrapped",
                    Severity.INFO,
                    f"raw HTML <{name}> is left out, what is in it stays; group blocks by ::: divisions",
                    self.state.positions.find(node, text),
                )
            return None
        first = text.strip().split("\n")[0]
        self.state.report(
            "raw-html" if form == "html" else "raw-markup",
            Severity.ERROR,
            f"raw {form.upper()} {first[:40]} is refused; write it in Markdown",
            self.state.positions.find(node, first, f"<{tag}"),
        )
        return None

    # Footnotes -------------------------------------------------------------------------------------------------------

    def _footnote_call(self, nodes: list[Ast], place: Place) -> Inline:
        """The call of a footnote. A label that is called again calls the same footnote."""
        label = self.state.positions.footnote_label(nodes)
        known = self._labels.get(label) if label is not None else None
        if known is not None:
            call = self.shared.ids.unique(f"fnref-{known.number}-{len(known.calls) + 1}")
            known.calls.append(call)
            return FootnoteCall(call, known.id)
        number = len(self.shared.footnotes) + 1
        name, call = self.shared.ids.unique(f"fn-{number}"), self.shared.ids.unique(f"fnref-{number}")
        position = self.state.positions.of(nodes[0]) if nodes else self.state.positions.of(place.node)
        footnote = OpenFootnote(name, number, place.lang, position, calls=[call])
        self.shared.footnotes.append(footnote)
        if label is not None:
            self._labels[label] = footnote
        footnote.blocks = self.blocks(nodes, Scope(name, place.lang))
        return FootnoteCall(call, name)


def _is_comment(inline: Ast) -> bool:
    return inline["t"] == "RawInline" and inline["c"][0] == "html" and raw_html.is_comment(inline["c"][1])
