"""What the source says of its units beside their words, as `publisher.model.extract.Fact` has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from publisher.model.blocks import (
    Cell,
    CodeBlock,
    DefinitionList,
    Figure,
    Heading,
    List,
    ListItem,
    Node,
    Numbering,
    Quotation,
    Row,
    Table,
    Worded,
    children,
    walk,
)
from publisher.model.inlines import (
    OBJECT,
    Image,
    Inline,
    LineBreak,
    Math,
    Span,
    Style,
    Styled,
    plain_text,
    walk_inlines,
)
from publisher.model.publication import Counterpart, Note, Publication
from publisher.verification.expected import REPEATED, shown_words

_SCRIPTS = {Style.SUPERSCRIPT: "^", Style.SUBSCRIPT: "_"}


@dataclass(frozen=True, slots=True)
class ExpectedFact:
    """What a Fact must say, and the unit that has to be there for it."""

    kind: str
    id: str
    value: str
    unit: str


def expected_facts(nodes: Sequence[Node], publication: Publication) -> Iterator[ExpectedFact]:
    """Every fact of some nodes and all inside them, and of what the publication ties to them."""
    yield from (fact for fact in _containers(nodes, ()))
    for node in walk(nodes):
        match node:
            case Cell(scope=str(scope)):
                yield from (ExpectedFact("header", inner.id, scope, inner.id) for inner in _worded(node))
            case ListItem(checked=bool(checked)):
                yield ExpectedFact("checked", f"{node.id}-task", "yes" if checked else "no", f"{node.id}-task")
            case List() if node.numbering is not Numbering.BULLET:
                for number, item in enumerate(node.items, node.start):
                    first = next((inner.id for inner in _worded(item)), None)
                    if first is not None:
                        yield ExpectedFact("number", item.id, f"{node.numbering.value} {number}", first)
            case Worded():
                yield from _among_words(node.id, node.inlines, publication)
            case _:
                continue
    yield from _cells(nodes)
    for reference in publication.references:
        yield from _among_words(reference.id, reference.entry, publication)
    by_id = {node.id: node for node in walk(nodes)}
    for note in publication.notes:
        yield from _target(note, by_id)
        if (first := _first_unit(note.blocks)) is not None:
            signed = f"{note.by.name}, {note.date.isoformat()}" if note.date else note.by.name
            yield ExpectedFact("signed", note.id, signed, first)
    if publication.metadata.cover is not None:
        # A cover that the author did not give is drawn, so nothing can be held against it.
        yield ExpectedFact("cover", "cover", publication.metadata.cover.sha256, "title")
    for counterpart in _counterparts(publication):
        first = _first_unit(counterpart.blocks)
        if first is not None and counterpart.restates:
            yield ExpectedFact("restates", counterpart.id, " ".join(counterpart.restates), first)
    for heading in repeated_headings(publication):
        # Its pictures and formulas have no ids there that they could be known by.
        for fact in _among_words(heading.id, heading.inlines, publication):
            if fact.kind not in ("picture", "formula"):
                yield replace(fact, id=f"{fact.id}{REPEATED}", unit=f"{fact.unit}{REPEATED}")


def repeated_headings(publication: Publication) -> Iterator[Heading]:
    """The headings without plain wording: in the plain-language part they stand once more, marked as in the text, but
    leading nowhere and calling nothing."""
    return (block for block in publication.blocks() if isinstance(block, Heading) and block.plain is None)


def words_before(inlines: Iterable[Inline], before: str = "") -> Iterator[tuple[Inline, str]]:
    """Every inline, parents before children, with the words of the block that stand before it."""
    for inline in inlines:
        yield inline, before
        yield from words_before(getattr(inline, "children", ()), before)
        before += plain_text((inline,)).replace(OBJECT, " ")


def last_word(text: str) -> str:
    """The word that a text ends with; empty where it ends with white space."""
    return text.rsplit(maxsplit=1)[-1] if text.strip() and not text[-1].isspace() else ""


def _among_words(id: str, inlines: tuple[Inline, ...], publication: Publication) -> Iterator[ExpectedFact]:
    for inline, before in words_before(inlines):
        words = shown_words(plain_text((inline,)))
        match inline:
            case Span(expansion=str(expansion)):
                yield ExpectedFact("expansion", id, f"{words}: {expansion}", id)
            case Styled(style=Style.SUPERSCRIPT | Style.SUBSCRIPT) if words:
                yield ExpectedFact("script", id, f"{last_word(before)} {_SCRIPTS[inline.style]}{words}", id)
            case Styled(style=Style.STRIKEOUT) if words:
                yield ExpectedFact("struck", id, words, id)
            case LineBreak() if before.strip():
                yield ExpectedFact("line", id, before.split()[-1], id)
            case Image() if inline.resource in publication.resources:
                digest = publication.resources[inline.resource].sha256
                yield ExpectedFact("picture", inline.id, digest, id if inline.decorative else inline.id)
            case Math():
                yield ExpectedFact("formula", inline.id, _outline(inline.mathml), inline.id)
            case _:
                continue


def _outline(mathml: str) -> str:
    """A formula's elements, nested, with their characters: `mfrac(mn 1, mn 2)`."""
    formula = etree.fromstring(mathml, etree.XMLParser(resolve_entities=False, no_network=True))
    return ", ".join(_outlined(child) for child in formula if isinstance(child.tag, str))


def _outlined(element: etree._Element) -> str:
    name = etree.QName(element).localname
    inner = [_outlined(child) for child in element if isinstance(child.tag, str)]
    told = f"({', '.join(inner)})" if inner else ""
    text = " ".join((element.text or "").split())
    return f"{name}{told}{f' {text}' if text else ''}"


def _containers(nodes: Iterable[Node], around: tuple[str, ...]) -> Iterator[ExpectedFact]:
    """What every unit stands in: quotations, lists, figures, tables and their captions."""
    for node in nodes:
        if isinstance(node, Worded | CodeBlock) and around:
            yield ExpectedFact("within", node.id, " ".join(around), node.id)
        match node:
            case Quotation():
                yield from _containers(node.blocks, (*around, "quotation"))
            case List() | DefinitionList():
                yield from _containers(children(node), (*around, "list"))
            case Figure():
                yield from _containers(node.blocks, (*around, "figure"))
                yield from _containers(node.caption, (*around, "figure", "caption"))
                # A long description is offered beside its figure.
                yield from _containers(node.long_description, around)
            case Table():
                yield from _containers(node.caption, (*around, "table", "caption"))
                for row in (*node.head, *(row for body in node.bodies for row in body), *node.foot):
                    yield from _containers(row, (*around, "table"))
            case _:
                yield from _containers(children(node), around)


def _cells(nodes: Sequence[Node]) -> Iterator[ExpectedFact]:
    """Where in its table each cell stands; of tables in tables the inner one counts."""
    found: dict[str, str] = {}
    for table in (node for node in walk(nodes) if isinstance(node, Table)):
        above = 0
        for group in (table.head, *table.bodies, table.foot):
            for cell, row, column in _grid(group):
                spans = f", over {cell.rowspan} rows" if cell.rowspan > 1 else ""
                spans += f", over {cell.colspan} columns" if cell.colspan > 1 else ""
                at = f"row {above + row}, column {column}{spans}"
                found.update((inner.id, at) for inner in _worded(cell))
            above += len(group)
    return (ExpectedFact("cell", id, at, id) for id, at in found.items())


def _grid(rows: Sequence[Row]) -> Iterator[tuple[Cell, int, int]]:
    """The cells of a group of rows with row and column, from 1, those that reach down from above counted."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows, 1):
        column = 1
        for cell in row:
            while (number, column) in taken:
                column += 1
            yield cell, number, column
            taken |= {(number + y, column + x) for y in range(cell.rowspan) for x in range(cell.colspan)}


def _target(note: Note, nodes: Mapping[str, Node]) -> Iterator[ExpectedFact]:
    """The words that a note is on, block by block, or the element that it is on."""
    for range in note.target.ranges:
        block = nodes.get(range.block)
        words = shown_words(block.text[range.start : range.end]) if isinstance(block, Worded) else ""
        if words:
            yield ExpectedFact("target", note.id, f"{range.block}: {words}", range.block)
    element = nodes.get(note.target.element or "")
    if element is not None and (first := _first_unit((element,))) is not None:
        yield ExpectedFact("target", note.id, element.id, first)


def _counterparts(publication: Publication) -> Iterator[Counterpart]:
    yield from publication.counterparts
    for layer in publication.layers:
        for part in (layer.introduction, *layer.notes, layer.method):
            if part is not None and part.plain is not None:
                yield part.plain
    if publication.glossary is not None and publication.glossary.plain is not None:
        yield publication.glossary.plain


def _first_unit(nodes: Iterable[Node]) -> str | None:
    """The first unit inside some nodes."""
    for node in walk(nodes):
        if isinstance(node, CodeBlock) or (isinstance(node, Worded) and shown_words(node.text)):
            return node.id
        if isinstance(node, Worded):
            for inline in walk_inlines(node.inlines):
                if isinstance(inline, Math) or (isinstance(inline, Image) and not inline.decorative):
                    return inline.id
    return None


def _worded(node: Node) -> Iterator[Worded]:
    return (inner for inner in walk((node,)) if isinstance(inner, Worded))
