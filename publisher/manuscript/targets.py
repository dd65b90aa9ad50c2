"""What notes can be on: the article's words and its elements, in reading order, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property

from publisher.manuscript.anchors import Anchor, Candidate, Place, Quotation, searched
from publisher.manuscript.vocabularies import nearest
from publisher.model.blocks import CodeBlock, Figure, Node, Table, Worded, children, walk
from publisher.model.blocks import Quotation as BlockQuotation
from publisher.model.findings import Finding, Severity
from publisher.model.inlines import OBJECT, told_text
from publisher.model.publication import Anchoring, Section, Target
from publisher.model.source import Position

TITLE, SUBTITLE, OPENING = "title", "subtitle", "opening"
"""Ids of what is no block: the title, the subtitle, the section before the first heading."""

Order = tuple[int, int, int, int]
"""Where a note is called: the last block of its target and the offset in it, then where the target begins."""

LAST: Order = (1 << 60, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Selector:
    """What a note says of its target: the attributes of its fence, and where that stands."""

    on: str
    prefix: str
    suffix: str
    within: str | None
    position: Position


@dataclass(frozen=True, slots=True)
class Found:
    """A selector's target, its place in the order of the article, and what is to be told about it."""

    target: Target
    order: Order
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Targets:
    """The article as notes see it. `names` are the words that are no blocks (title and subtitle), by id.

    Pull quotes are left out of the words: they repeat what stands elsewhere. Code, footnotes and plain-language
    counterparts hold no words that a note can be on; code and pull quotes can be named as elements.
    """

    sections: tuple[Section, ...]
    names: Mapping[str, tuple[str, str, Position]]
    elsewhere: tuple[Node, ...] = ()

    # The article in order

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return {node.id: node for section in self.sections for node in walk(section.nodes())}

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {id: rank for rank, id in enumerate([*self.names, *self._nodes])}

    @cached_property
    def _words(self) -> dict[str, str]:
        words = {id: text for id, (text, _, _) in self.names.items()}
        words.update((id, node.text) for id, node in self._nodes.items() if isinstance(node, Worded))
        return words

    @cached_property
    def _searched(self) -> _Searchable:
        return _Searchable(self)

    def candidates(self) -> Iterator[Candidate]:
        """The blocks that hold words for notes, in reading order."""
        for id, (text, lang, _) in self.names.items():
            yield Candidate(id, text, lang, joined=False)
        joined = False
        for section in self.sections:
            for node in _worded_or_code(section.nodes()):
                if isinstance(node, Worded):
                    yield Candidate(node.id, node.text, node.lang, joined)
                joined = isinstance(node, Worded)

    def place(self, id: str) -> Position:
        """Where a block or a name stands in the source."""
        return self.names[id][2] if id in self.names else self._nodes[id].position

    # Finding

    def find(self, selector: Selector) -> Found:
        """The target of a selector; where there is none, `findings` hold the error that says why."""
        if selector.on.startswith("#"):
            found = self._element(selector)
            if not found.findings or found.findings[0].check != "note-element-unknown":
                return found
            words = self._quoted(selector)  # "#" may begin words as well: a hashtag
            return words if words.target.ranges else found
        return self._quoted(selector)

    def _quoted(self, selector: Selector) -> Found:
        within, findings = self._narrowing(selector)
        if findings:
            return Found(Target(Anchoring.ORPHANED, selector.on), LAST, findings)
        anchor = self._searched.text.anchor(Quotation(selector.on, selector.prefix, selector.suffix, within))
        findings = tuple(self._told(selector, anchor))
        if not anchor.target.ranges:
            return Found(anchor.target, LAST, findings)
        first, last = anchor.target.ranges[0], anchor.target.ranges[-1]
        order = (self._ranks[last.block], last.end, self._ranks[first.block], first.start)
        return Found(replace(anchor.target, quote=self._told_quote(anchor.target)), order, findings)

    def _told_quote(self, target: Target) -> str:
        """The words of a target, formulas and pictures among them in words."""
        if not any(OBJECT in self._words[one.block][one.start : one.end] for one in target.ranges):
            return target.quote
        nodes = ((self._nodes.get(one.block), one) for one in target.ranges)
        return " ".join(told_text(node.inlines, one.start, one.end) for node, one in nodes if isinstance(node, Worded))

    def _element(self, selector: Selector) -> Found:
        id = selector.on[1:].strip()
        if id in self._ranks and (selector.prefix or selector.suffix or selector.within):
            message = f"#{id} is a whole element, which prefix, suffix and in cannot narrow; take them out"
            return self._lost(selector, "note-target", message)
        if id in self.names:
            text = self.names[id][0]
            return Found(Target(Anchoring.EXACT, text, element=id), (self._ranks[id], len(text) + 1, 0, 0), ())
        node = self._nodes.get(id)
        if node is None:
            hint = nearest(id, [*self.names, *self._nodes])
            advice = f"did you mean #{hint}?" if hint else "give the id of a section, figure or table"
            return self._lost(selector, "note-element-unknown", f"nothing in the article has the id {id}; {advice}")
        inside: Iterable[Node] = node.caption if isinstance(node, Figure | Table) else (node,)
        worded = [one for one in walk(inside) if isinstance(one, Worded)]
        quote = " ".join(told_text(one.inlines) for one in worded) if isinstance(node, Worded | Figure | Table) else ""
        end = (self._ranks[worded[-1].id], len(worded[-1].text) + 1) if worded else (self._ranks[id], 0)
        return Found(Target(Anchoring.EXACT, quote, element=id), (*end, self._ranks[id], 0), ())

    def _lost(self, selector: Selector, check: str, message: str) -> Found:
        finding = Finding(check, Severity.ERROR, message, selector.position)
        return Found(Target(Anchoring.ORPHANED, selector.on), LAST, (finding,))

    def _narrowing(self, selector: Selector) -> tuple[Set[str] | None, tuple[Finding, ...]]:
        if selector.within is None:
            return None, ()
        id = selector.within.removeprefix("#")
        if id in self.names:
            return {id}, ()
        roots = self._sections.get(id) or ((self._nodes[id],) if id in self._nodes else ())
        if roots:
            return {node.id for node in walk(roots)}, ()
        hint = nearest(id, [*self._sections, *self._nodes])
        advice = f"did you mean {hint}?" if hint else "give the id of a section or block"
        message = f"in={id}: nothing in the article has this id; {advice}"
        return None, (Finding("note-in-unknown", Severity.ERROR, message, selector.position),)

    @cached_property
    def _sections(self) -> dict[str, tuple[Node, ...]]:
        """Each section's nodes by its heading's id; those before the first heading by `opening`."""
        found: dict[str, tuple[Node, ...]] = {}

        def enter(section: Section) -> None:
            id = section.heading.id if section.heading else OPENING
            found[id] = tuple(section.nodes())
            for inner in section.sections:
                enter(inner)

        for section in self.sections:
            enter(section)
        return found

    # Telling

    def _told(self, selector: Selector, anchor: Anchor) -> Iterator[Finding]:
        shown = _shortened(selector.on)
        match anchor.target.anchoring:
            case Anchoring.EXACT | Anchoring.NORMALISED:
                pass
            case Anchoring.EDITED:
                words = anchor.target.quote
                changes = ", ".join(f"“{edit.quoted}” is now “{edit.stands}”" for edit in anchor.edits)
                said = f"the article no longer says “{shown}” ({changes or 'punctuation'})"
                message = f"{said}; write on={_attribute(words)}"
                yield Finding("anchor-edited", Severity.WARNING, message, selector.position)
            case Anchoring.AMBIGUOUS:
                listed = "; ".join(self._in_context(place) for place in anchor.places[:4])
                more = f" and {len(anchor.places) - 4} more" if len(anchor.places) > 4 else ""
                message = (
                    f"“{shown}” stands {len(anchor.places)} times ({listed}{more}); "
                    "add prefix or suffix with the words beside it, or in with a section's id"
                )
                yield Finding("anchor-ambiguous", Severity.ERROR, message, selector.position)
            case Anchoring.ORPHANED:
                message = self._orphaned(selector, anchor, shown)
                yield Finding("anchor-orphaned", Severity.ERROR, message, selector.position)
        if anchor.inside_word:
            message = f"“{shown}” begins or ends inside a word; write whole words"
            yield Finding("anchor-inside-word", Severity.WARNING, message, selector.position)

    def _orphaned(self, selector: Selector, anchor: Anchor, shown: str) -> str:
        if anchor.elsewhere:
            listed = "; ".join(self._in_context(place) for place in anchor.elsewhere[:4])
            given = [
                name
                for name, value in (("prefix", selector.prefix), ("suffix", selector.suffix), ("in", selector.within))
                if value
            ]
            unless = f"not where {' and '.join(given)} would have it"
            return f"“{shown}” stands in the article ({listed}), but {unless}; mend that"
        if anchor.nearest:
            best = anchor.nearest[0]
            line = self.place(best.ranges[0].block).line
            nearest_words = f"the nearest is at line {line} of the article: write on={_attribute(best.words)}"
            return f"the article does not say “{shown}”; {nearest_words}"
        where = self._searched.holder(selector.on)
        if where is not None:
            advice = f"they stand at line {where.line}, where notes cannot be; quote the article's running text"
            return f"the words “{shown}” are not in the article's running text; {advice}"
        return f"the article does not say “{shown}”; quote its words as they stand there"

    def _in_context(self, place: Place) -> str:
        line = self.place(place.ranges[0].block).line
        around = " ".join(f"{place.before[-16:]}{_shortened(place.words, 24)}{place.after[:16]}".split())
        return f"line {line}: … {around} …"


class _Searchable:
    """The article's words ready for search, and those outside it that notes cannot be on."""

    def __init__(self, targets: Targets) -> None:
        self.text = searched(targets.candidates())
        self._outside = targets.elsewhere

    def holder(self, quote: str) -> Position | None:
        """Where words stand that are the article's but not for notes: a footnote, a counterpart, code."""
        wanted = " ".join(quote.split())
        for node in walk(self._outside):
            text = node.code if isinstance(node, CodeBlock) else node.text if isinstance(node, Worded) else ""
            if wanted and wanted in " ".join(text.split()):
                return node.position
        return None


def _worded_or_code(nodes: Iterable[Node]) -> Iterator[Node]:
    """The blocks with words and the code, in reading order, pull quotes not entered."""
    for node in nodes:
        if isinstance(node, Worded | CodeBlock):
            yield node
        elif not (isinstance(node, BlockQuotation) and node.pull):
            yield from _worded_or_code(children(node))


def _shortened(words: str, most: int = 60) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else f"{words[: most // 2].rstrip()} … {words[-most // 2 :].lstrip()}"


def _attribute(words: str) -> str:
    escaped = " ".join(words.replace(OBJECT, " ").split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
