"""The top level of a text: headings make sections, `::: plain` makes counterparts, divisions stand for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from publisher.manuscript.ast_text import attr_of, attributes_of, plain_words, walk_ast
from publisher.manuscript.blocks_reader import BlocksReader, Scope
from publisher.manuscript.draft import Body, Division, Fence, Naming
from publisher.manuscript.glossary import NAME, Glossary, read_glossary
from publisher.manuscript.identifiers import github_slug, slug
from publisher.manuscript.pandoc import Ast
from publisher.manuscript.raw_html import is_comment, read_tag
from publisher.manuscript.shared import Shared, TextState
from publisher.model.blocks import Block, Heading
from publisher.model.findings import Severity
from publisher.model.publication import Counterpart, Section


def settle_ids(state: TextState, shared: Shared, blocks: Sequence[Ast], naming: Naming | None) -> None:
    """Give every element that the author named its id, then headings theirs, then divisions theirs."""
    near: Ast | None = None
    unnamed: list[Ast] = []
    for node in walk_ast(list(blocks)):
        if state.positions.knows(node):
            near = node
        if node["t"] == "RawInline":
            tag = read_tag(node["c"][1])
            written = tag.attributes.get("id") or (tag.attributes.get("name") if tag.name == "a" else None)
            if written:
                state.claim(written, state.positions.find(near, written))
            continue
        attr = attr_of(node)
        if attr is None:
            continue
        if node["t"] == "Header" and not _is_written(attr[0], state.positions.line_of(node)):
            unnamed.append(node)
        elif attr[0]:
            state.settle(attr, state.claim(attr[0], state.positions.find(near, f"#{attr[0]}", attr[0])))
    counts: dict[str, int] = {}
    for node in unnamed:
        _, attr, inlines = node["c"]
        words = plain_words(inlines)
        name = shared.ids.unique(slug(words) or "section")
        state.settle(attr, name)
        github = github_slug(words)
        count = counts[github] = counts.get(github, -1) + 1
        state.register(f"{github}-{count}" if count else github, name)
    if naming is not None:
        for node in blocks:
            if node["t"] == "Div" and state.final_id(node["c"][0]) is None:
                state.settle(node["c"][0], shared.ids.unique(naming(fence_of(state, node))))


def _is_written(name: str, lines: str) -> bool:
    """Whether a heading's id stands in its line (else pandoc made it)."""
    return bool(name) and bool(re.search(rf"(?:#|id=[\"']?){re.escape(name)}(?=[\s}}\"'])", lines.partition("\n")[0]))


def fence_of(state: TextState, node: Ast) -> Fence:
    """The opening of a division."""
    attr = node["c"][0]
    attributes = attributes_of(attr)
    return Fence(
        position=state.positions.of(node),
        id=state.final_id(attr) if attr[0] else None,
        classes=tuple(attr[1]),
        attributes=attributes,
        places={name: place for name in attributes if (place := state.positions.on_line(node, f"{name}=")) is not None},
    )


def heading_levels(state: TextState, blocks: Sequence[Ast]) -> Mapping[int, int]:
    """The level of each heading by the `id()` of its node: the smallest used is 2, and none is skipped."""
    levels: dict[int, int] = {}
    open_levels: list[tuple[int, int]] = []
    headers = [node for node in walk_ast(list(blocks)) if node["t"] == "Header"]
    lowest = min((node["c"][0] for node in headers), default=1)
    for node in headers:
        written = node["c"][0]
        while open_levels and open_levels[-1][0] >= written:
            open_levels.pop()
        above, level = open_levels[-1] if open_levels else (lowest - 1, 1)
        if written > above + 1:
            state.report(
                "heading-level-skipped",
                Severity.WARNING,
                f"heading level skipped: level {written} stands under level {above}; use level {above + 1}",
                state.positions.of(node),
            )
        level = min(level + 1, 6)
        open_levels.append((written, level))
        levels[id(node)] = level
    return levels


@dataclass(slots=True)
class _Flow:
    """Blocks in a row, and the counterparts among them."""

    reader: BlocksReader
    blocks: list[Block]
    counterparts: list[Counterpart]
    since: list[str]

    def add(self, node: Ast, scope: Scope) -> None:
        """Add what a node is; a counterpart restates what came since the last one or the last heading."""
        if node["t"] == "Div" and "plain" in node["c"][0][1]:
            self._counterpart(node, scope)
            return
        before = len(self.blocks)
        self.reader.append(self.blocks, node, scope)
        self.since += [block.id for block in self.blocks[before:]]

    def heading(self, heading: Heading) -> None:
        """Add a heading: what comes before it is no longer restated."""
        self.blocks.append(heading)
        self.since.clear()

    def _counterpart(self, node: Ast, scope: Scope) -> None:
        state = self.reader.state
        attr, nodes = node["c"]
        position = state.positions.of(node)
        attributes, inner = self.reader.attributes(node, attr, scope, ("waive",))
        if not self.since:
            state.report(
                "plain-restates-nothing",
                Severity.ERROR,
                '::: plain has nothing before it to restate; put it after a block (a heading has plain="…")',
                position,
            )
            return
        own = state.final_id(attr) if attr[0] else None
        name = own or self.reader.shared.ids.unique(f"{self._stem(scope)}-plain")
        waived = tuple(part.strip() for part in attributes.get("waive", "").split(";") if part.strip())
        counterpart = Counterpart(
            id=name,
            lang=inner.lang,
            position=position,
            restates=tuple(self.since),
            blocks=self.reader.blocks(nodes, replace(inner, prefix=name)),
            waived=waived,
        )
        if not counterpart.blocks:
            state.report("plain-empty", Severity.ERROR, "::: plain holds no words; write some", position)
        self.counterparts.append(counterpart)
        self.since.clear()

    def _stem(self, scope: Scope) -> str:  # noqa: ARG002 - a division's is its scope's
        return self.since[0]


@dataclass(slots=True)
class _DivisionFlow(_Flow):
    """The blocks of a division, whose counterparts are named after it."""

    def _stem(self, scope: Scope) -> str:
        return scope.prefix


def read_article(reader: BlocksReader, blocks: Sequence[Ast], lang: str) -> Body:
    """A text read as an article."""
    flow = _Flow(reader, [], [], [])
    scope = Scope("opening", lang)
    glossaries: list[Glossary] = []
    for node in blocks:
        if node["t"] == "Div" and NAME in node["c"][0][1]:
            glossaries.append(read_glossary(reader, node, scope))
        elif node["t"] == "Header":
            heading = reader.heading(node, scope)
            if heading is not None:
                flow.heading(heading)
                scope = replace(scope, prefix=heading.id)
        elif node["t"] == "Div" and "note" in node["c"][0][1] and "on" in attributes_of(node["c"][0]):
            message = "a note stands in the article; move it to commentary.md"
            reader.state.report("note-misplaced", Severity.ERROR, message, reader.state.positions.of(node))
        else:
            flow.add(node, scope)
    sections, counterparts = tuple(_sections(flow.blocks)), tuple(flow.counterparts)
    if not glossaries:
        return Body(sections=sections, counterparts=counterparts)
    first, *others = glossaries
    for other in others:
        message = f"a second ::: glossary, the other at line {first.passage.position.line}; join the two"
        reader.state.report("glossary-twice", Severity.ERROR, message, other.passage.position)
    return Body(sections=sections, counterparts=counterparts, glossary=first.passage, forms=first.forms)


def read_divisions(reader: BlocksReader, blocks: Sequence[Ast], lang: str) -> Body:
    """A text read as divisions."""
    state = reader.state
    divisions, strays = [], []
    for node in blocks:
        if node["t"] == "RawBlock" and is_comment(node["c"][1]):
            continue
        if node["t"] != "Div" and reader.refuse_unread_fence(node):
            continue
        if node["t"] != "Div":
            strays.append(state.positions.of(node))
            continue
        attr, nodes = node["c"]
        fence = fence_of(state, node)
        _, scope = reader.attributes(node, attr, Scope("", lang), tuple(key.lower() for key in fence.attributes))
        name = state.final_id(attr)
        assert name is not None  # noqa: S101 - settle_ids has named every division
        flow = _DivisionFlow(reader, [], [], [])
        for inner in nodes:
            flow.add(inner, replace(scope, prefix=name))
        divisions.append(
            Division(
                id=name,
                lang=scope.lang,
                fence=fence,
                blocks=tuple(flow.blocks),
                counterparts=tuple(flow.counterparts),
            )
        )
    return Body(divisions=tuple(divisions), strays=tuple(strays))


def _sections(blocks: Sequence[Block]) -> Iterator[Section]:
    """Blocks in a row as nested sections."""
    index = 0
    while index < len(blocks):
        heading = blocks[index]
        own = index + 1 if isinstance(heading, Heading) else index
        end = own
        while end < len(blocks) and not isinstance(blocks[end], Heading):
            end += 1
        deeper = end
        if isinstance(heading, Heading):
            while deeper < len(blocks) and _level(blocks[deeper]) > heading.level:
                deeper += 1
            yield Section(heading, tuple(blocks[own:end]), tuple(_sections(blocks[end:deeper])))
        else:
            yield Section(None, tuple(blocks[own:end]))
        index = deeper


def _level(block: Block) -> int:
    return block.level if isinstance(block, Heading) else 7
