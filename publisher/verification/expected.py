"""What an edition consists of: the units, links and notes that every format is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from publisher.model.artefacts import Unit, UnitRole
from publisher.model.blocks import (
    Cell,
    CodeBlock,
    Figure,
    Heading,
    List,
    ListItem,
    Node,
    Numbering,
    Term,
    Worded,
    walk,
)
from publisher.model.inlines import (
    OBJECT,
    Citation,
    FootnoteCall,
    Image,
    Inline,
    Link,
    Math,
    Span,
    plain_text,
    walk_inlines,
)
from publisher.model.publication import Counterpart, Note, Passage, Publication, Section
from publisher.model.source import Position
from publisher.rendering.words import words_for

PARTS = ("front", "introduction", "article", "footnote", "note", "plain", "method", "references")
"""Every part that a unit can be of."""

REPEATED = "-plain"
"""Ends the ids of a heading, and of all in it, where the plain-language part repeats it."""


def units(publication: Publication) -> tuple[Unit, ...]:
    """Every unit of the edition, part by part, each part in reading order."""
    return tuple(_units(publication))


def _units(publication: Publication) -> Iterator[Unit]:
    tasks = task_words(publication)
    metadata = publication.metadata
    yield Unit("title", UnitRole.TITLE, metadata.lang, metadata.title, "front", 1)
    if metadata.subtitle:
        yield Unit("subtitle", UnitRole.SUBTITLE, metadata.lang, metadata.subtitle, "front")
    for layer in publication.layers:
        if layer.introduction:
            yield from _passage(layer.introduction, "introduction", tasks)
    yield from units_of(publication.blocks(), "article", tasks)
    for footnote in publication.footnotes:
        yield from units_of(footnote.blocks, "footnote", tasks)
    for note in publication.notes:
        yield from units_of(note.blocks, "note", tasks)
    yield from plain_units(publication)
    for layer in publication.layers:
        if layer.method:
            yield from _passage(layer.method, "method", tasks)
    for reference in publication.references:
        text = _words(plain_text(reference.entry))
        yield Unit(reference.id, UnitRole.REFERENCE, reference.lang, text, "references")
        yield from _objects(reference.entry, reference.lang, "references")


@dataclass(frozen=True, slots=True)
class TaskWords:
    """How the state of a task is told: the words for done and not done, and their language."""

    done: str
    not_done: str
    lang: str


def task_words(publication: Publication) -> TaskWords:
    """The words in which this edition tells the state of its tasks."""
    lang = publication.metadata.lang
    words = words_for(lang)
    spoken = lang if words.lang == lang.lower().partition("-")[0] else words.lang
    return TaskWords(words("done"), words("not-done"), spoken)


def _passage(passage: Passage, part: str, tasks: TaskWords) -> Iterator[Unit]:
    yield Unit(passage.id, UnitRole.HEADING, passage.lang, passage.title, part, 2)
    yield from units_of(passage.blocks, part, tasks)


def plain_units(publication: Publication, *, page: bool = False) -> Iterator[Unit]:
    """The plain-language counterparts under their headings in plain wording, in reading order.

    `page` is the plain-language page: it stands alone, so it shows the figures too, with the captions and long
    descriptions that no counterpart restates.
    """
    tasks = task_words(publication)
    for layer in publication.layers:
        yield from _plain_passage(layer.introduction, tasks)
    own = _by_first_block(publication)
    restated = {id for counterpart in publication.counterparts for id in counterpart.restates}

    def pictured(figure: Figure) -> Iterator[Unit]:
        shown = (figure,) if figure.id not in restated else figure.blocks
        yield from units_of(shown, "plain", tasks)

    for section in publication.sections:
        yield from _plain_section(section, own, tasks, pictured if page else None)
    for note in publication.notes:
        if note.plain:
            yield from units_of(note.plain.blocks, "plain", tasks)
    for layer in publication.layers:
        yield from _plain_passage(layer.method, tasks)


def full_nodes(publication: Publication) -> Iterator[Node]:
    """What the full web page holds beside its footnotes: the text, what the editors wrote; no counterpart."""
    yield from publication.blocks()
    for layer in publication.layers:
        for part in (layer.introduction, layer.method, *layer.notes):
            if part is not None:
                yield from part.blocks


def plain_nodes(publication: Publication) -> Iterator[Node]:
    """What the plain-language page holds beside headings and footnotes: counterparts, and figures with none."""
    restated = {id for counterpart in publication.counterparts for id in counterpart.restates}
    yield from (node for node in publication.blocks() if isinstance(node, Figure) and node.id not in restated)
    for counterpart in publication.counterparts:
        yield from counterpart.blocks
    for layer in publication.layers:
        for part in (layer.introduction, layer.method, *layer.notes):
            if part is not None and part.plain is not None:
                yield from part.plain.blocks


def _by_first_block(publication: Publication) -> dict[str, list[Counterpart]]:
    found: dict[str, list[Counterpart]] = {}
    for counterpart in publication.counterparts:
        if counterpart.restates:
            found.setdefault(counterpart.restates[0], []).append(counterpart)
    return found


def _plain_passage(passage: Passage | None, tasks: TaskWords) -> Iterator[Unit]:
    if passage is not None and passage.plain is not None:
        yield Unit(f"{passage.plain.id}-title", UnitRole.HEADING, passage.lang, passage.title, "plain", 2)
        yield from units_of(passage.plain.blocks, "plain", tasks)


def _plain_section(
    section: Section,
    own: Mapping[str, list[Counterpart]],
    tasks: TaskWords,
    pictured: Callable[[Figure], Iterator[Unit]] | None,
) -> Iterator[Unit]:
    """What a section holds in plain language; nothing, not even its heading, where it holds nothing."""
    inside: list[Unit] = []
    shown = False
    for block in section.blocks:
        if pictured and isinstance(block, Figure):
            shown = True
            inside.extend(pictured(block))
        for counterpart in own.get(block.id, ()):
            shown = True
            inside.extend(units_of(counterpart.blocks, "plain", tasks))
    for inner in section.sections:
        inside.extend(_plain_section(inner, own, tasks, pictured))
    if section.heading is not None and (inside or shown):
        yield from _plain_heading(section.heading)
    yield from inside


def _plain_heading(heading: Heading) -> Iterator[Unit]:
    if heading.plain is not None:
        yield Unit(f"{heading.id}{REPEATED}", UnitRole.HEADING, heading.lang, heading.plain, "plain", heading.level)
        return
    for unit in _worded(heading, "plain"):
        yield Unit(f"{unit.id}{REPEATED}", unit.role, unit.lang, unit.text, "plain", unit.level)


def _repeated(publication: Publication) -> Iterator[Heading]:
    """The headings without plain wording: in the plain-language part they stand once more, marked as in the text, but
    leading nowhere and calling nothing."""
    return (block for block in publication.blocks() if isinstance(block, Heading) and block.plain is None)


def units_of(nodes: Iterable[Node], part: str, tasks: TaskWords | None = None) -> Iterator[Unit]:
    """The units of some nodes and all inside them, in reading order."""
    for node in walk(nodes):
        if isinstance(node, Worded):
            yield from _worded(node, part)
        elif isinstance(node, CodeBlock):
            yield Unit(node.id, UnitRole.CODE, node.lang, node.code, part)
        elif isinstance(node, ListItem) and node.checked is not None and tasks is not None:
            told = tasks.done if node.checked else tasks.not_done
            yield Unit(f"{node.id}-task", UnitRole.ALTERNATIVE, tasks.lang, told, part)


def _worded(block: Worded, part: str) -> Iterator[Unit]:
    level = block.level if isinstance(block, Heading) else None
    text = _words(block.text)
    if text:
        yield Unit(block.id, _role(block), block.lang, text, part, level)
    yield from _objects(block.inlines, block.lang, part)


def _objects(inlines: tuple[Inline, ...], lang: str, part: str) -> Iterator[Unit]:
    """The pictures and formulas among some words."""
    for inline, inner in _with_languages(inlines, lang):
        match inline:
            case Image(decorative=False):
                yield Unit(inline.id, UnitRole.ALTERNATIVE, inner, inline.alternative, part)
            case Math():
                yield Unit(inline.id, UnitRole.MATH, inner, inline.spoken, part)
            case _:
                continue


def _with_languages(inlines: Iterable[Inline], lang: str) -> Iterator[tuple[Inline, str]]:
    """Every inline, parents before children, each with the language that applies to it."""
    for inline in inlines:
        match inline:
            case Span():
                yield inline, inline.lang or lang
                yield from _with_languages(inline.children, inline.lang or lang)
            case _:
                yield inline, lang
                yield from _with_languages(getattr(inline, "children", ()), lang)


def _role(block: Worded) -> UnitRole:
    match block:
        case Heading():
            return UnitRole.HEADING
        case Term():
            return UnitRole.TERM
        case _:
            return UnitRole.PARAGRAPH


def _words(text: str) -> str:
    """Words as they are compared: without the place holders of pictures and formulas, which are units themselves."""
    return " ".join(text.replace(OBJECT, " ").split())


@dataclass(frozen=True, slots=True)
class ExpectedLink:
    """A link of the source: the unit that holds it, its words, where it leads (`#id` or an address)."""

    unit: str
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class ExpectedNote:
    """A note or footnote and the calls that lead to it; `series` names those that are numbered together."""

    id: str
    series: str
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectedFact:
    """What a Fact must say, and the unit that has to be there for it."""

    kind: str
    id: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Ties:
    """What holds the units together: positions and holders by a unit's id, languages within it, links, notes.

    `positions` leads to the manuscript; `holders` names the note or footnote that a unit stands in; `languages` are
    the stretches of a unit's words by language, for units that hold more than one; `calls` tells the unit that holds
    a footnote's call, `targets` the block that a note's call belongs in, where it is one.
    """

    positions: Mapping[str, Position]
    holders: Mapping[str, str]
    languages: Mapping[str, tuple[tuple[str, str], ...]]
    links: tuple[ExpectedLink, ...]
    notes: tuple[ExpectedNote, ...]
    calls: Mapping[str, str]
    targets: Mapping[str, str]
    facts: tuple[ExpectedFact, ...] = ()


def ties(publication: Publication) -> Ties:
    """Everything about the units that is no unit itself."""
    positions: dict[str, Position] = {}
    holders: dict[str, str] = {}
    languages: dict[str, tuple[tuple[str, str], ...]] = {}
    links: list[ExpectedLink] = []
    calls: dict[str, str] = {}
    known = {reference.key: reference.id for reference in publication.references}

    def words(inlines: tuple[Inline, ...], id: str, lang: str, position: Position) -> None:
        positions[id] = position
        if spans := _foreign(inlines, lang):
            languages[id] = spans
        links.extend(_links(inlines, id, known))
        for inline in walk_inlines(inlines):
            if isinstance(inline, Image | Math):
                positions[inline.id] = position
            elif isinstance(inline, FootnoteCall):
                calls[inline.id] = id

    for holder, nodes in _held(publication):
        for node in walk(nodes):
            positions[node.id] = node.position
            if isinstance(node, ListItem) and node.checked is not None:
                positions[f"{node.id}-task"] = node.position
            if isinstance(node, Worded):
                words(node.inlines, node.id, node.lang, node.position)
                if holder:
                    objects = (i.id for i in walk_inlines(node.inlines) if isinstance(i, Image | Math))
                    holders.update((id, holder) for id in (node.id, *objects))
            elif isinstance(node, CodeBlock) and holder:
                holders[node.id] = holder
    _plain_positions(publication, positions)
    for heading in _repeated(publication):
        if spans := _foreign(heading.inlines, heading.lang):
            languages[f"{heading.id}{REPEATED}"] = spans
    for reference in publication.references:
        words(reference.entry, reference.id, reference.lang, reference.position)
        if reference.url and not any(isinstance(inline, Link) for inline in walk_inlines(reference.entry)):
            links.append(ExpectedLink(reference.id, _words(plain_text(reference.entry)), reference.url))
    for note in publication.notes:
        links.extend(_sources(note, publication))
    targets = {note.id: note.target.ranges[-1].block for note in publication.notes if note.target.ranges}
    nodes = [node for _, held in _held(publication) for node in walk(held)]
    facts = (*_facts(nodes, publication), *_facts_repeated(publication))
    return Ties(positions, holders, languages, tuple(links), tuple(_notes(publication)), calls, targets, facts)


def _facts(nodes: Iterable[Node], publication: Publication) -> Iterator[ExpectedFact]:
    """Expansions of abbreviations, scopes of header cells, numbers of items, the pictures themselves."""
    for node in nodes:
        match node:
            case Cell(scope=str(scope)):
                for inner in walk(node.blocks):
                    if isinstance(inner, Worded):
                        yield ExpectedFact("header", inner.id, scope, inner.id)
            case List() if node.numbering is not Numbering.BULLET:
                for number, item in enumerate(node.items, node.start):
                    first = next((inner.id for inner in walk(item.blocks) if isinstance(inner, Worded)), None)
                    if first is not None:
                        yield ExpectedFact("number", item.id, f"{node.numbering.value} {number}", first)
            case Worded():
                yield from _facts_in(node, publication)


def _facts_in(block: Worded, publication: Publication) -> Iterator[ExpectedFact]:
    for inline in walk_inlines(block.inlines):
        match inline:
            case Span(expansion=str(expansion)):
                said = f"{_words(plain_text(inline.children))}: {expansion}"
                yield ExpectedFact("expansion", block.id, said, block.id)
            case Image() if inline.resource in publication.resources:
                digest = publication.resources[inline.resource].sha256
                yield ExpectedFact("picture", inline.id, digest, block.id if inline.decorative else inline.id)
            case _:
                continue


def _facts_repeated(publication: Publication) -> Iterator[ExpectedFact]:
    """The expansions of abbreviations in the headings that the plain-language part repeats; its pictures have no ids
    there that they could be known by."""
    for heading in _repeated(publication):
        for fact in _facts_in(heading, publication):
            if fact.kind == "expansion":
                yield replace(fact, id=f"{fact.id}{REPEATED}", unit=f"{fact.unit}{REPEATED}")


def _held(publication: Publication) -> Iterator[tuple[str | None, Iterable[Node]]]:
    """All nodes, those of notes and footnotes with the id of what holds them."""
    yield None, publication.blocks()
    for footnote in publication.footnotes:
        yield footnote.id, footnote.blocks
    for note in publication.notes:
        yield note.id, note.blocks
        if note.plain:
            yield None, (*note.plain.blocks,)
    for counterpart in publication.counterparts:
        yield None, counterpart.blocks
    for layer in publication.layers:
        for passage in (layer.introduction, layer.method):
            if passage:
                yield None, passage.blocks
                yield None, passage.plain.blocks if passage.plain else ()


def _plain_positions(publication: Publication, positions: dict[str, Position]) -> None:
    for layer in publication.layers:
        for passage in (layer.introduction, layer.method):
            if passage:
                positions[passage.id] = passage.position
                if passage.plain:
                    positions[f"{passage.plain.id}-title"] = passage.position
    for block in publication.blocks():
        if isinstance(block, Heading):
            objects = (i.id for i in walk_inlines(block.inlines) if isinstance(i, Image | Math))
            positions.update((f"{id}{REPEATED}", block.position) for id in (block.id, *objects))
    for note in publication.notes:
        positions[note.id] = positions[note.call] = note.position
    for footnote in publication.footnotes:
        positions[footnote.id] = footnote.position
        positions.update((call, footnote.position) for call in footnote.calls)


def _foreign(inlines: Iterable[Inline], lang: str) -> tuple[tuple[str, str], ...]:
    """The stretches of words by language, where any is in another than the whole; else none."""
    spans = tuple(_stretches(inlines, lang))
    return spans if {span_lang for _, span_lang in spans} - {lang} else ()


def _stretches(inlines: Iterable[Inline], lang: str) -> Iterator[tuple[str, str]]:
    """The words in order, cut where the language changes."""
    for inline in inlines:
        inner = (inline.lang or lang) if isinstance(inline, Span) else lang
        children = getattr(inline, "children", None)
        if children is None:
            text = plain_text((inline,)).replace(OBJECT, " ")
            if text:
                yield text, lang
        else:
            yield from _stretches(children, inner)


def _links(inlines: tuple[Inline, ...], unit: str, references: Mapping[str, str]) -> Iterator[ExpectedLink]:
    """The links among some words. HTML has no links within links: the outermost counts."""
    for inline in inlines:
        match inline:
            case Link():
                yield ExpectedLink(unit, _words(plain_text(inline.children)), inline.target.strip())
            case Citation():
                known = [references[key] for key in inline.keys if key in references]
                if known:
                    yield ExpectedLink(unit, _words(plain_text(inline.children)), f"#{known[0]}")
                else:
                    yield from _links(inline.children, unit, references)
            case _:
                yield from _links(getattr(inline, "children", ()), unit, references)


def _sources(note: Note, publication: Publication) -> Iterator[ExpectedLink]:
    known = {reference.key: reference for reference in publication.references}
    for key in note.sources:
        if key in known:
            yield ExpectedLink(note.id, known[key].short, f"#{known[key].id}")


def _notes(publication: Publication) -> Iterator[ExpectedNote]:
    for note in publication.notes:
        yield ExpectedNote(note.id, f"note {note.layer}", (note.call,))
    for footnote in publication.footnotes:
        yield ExpectedNote(footnote.id, "footnote", footnote.calls)
