"""What an edition consists of: the units that every format is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from publisher.model.artefacts import Unit, UnitRole
from publisher.model.blocks import CodeBlock, Figure, Heading, ListItem, Node, Term, Worded, walk
from publisher.model.inlines import OBJECT, Image, Inline, Math, Span, plain_text
from publisher.model.publication import Counterpart, Passage, Publication, Section
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
        text = shown_words(plain_text(reference.entry))
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
    yield from _plain_passage(publication.glossary, tasks)


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
    yield from restating_nodes(publication)


def restating_nodes(publication: Publication) -> Iterator[Node]:
    """The plain words themselves: every counterpart, of the text and of what the editors wrote."""
    for counterpart in publication.counterparts:
        yield from counterpart.blocks
    for layer in publication.layers:
        for part in (layer.introduction, layer.method, *layer.notes):
            if part is not None and part.plain is not None:
                yield from part.plain.blocks
    if publication.glossary is not None and publication.glossary.plain is not None:
        yield from publication.glossary.plain.blocks


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
    text = shown_words(block.text)
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


def shown_words(text: str) -> str:
    """Words as they are compared: without the place holders of pictures and formulas, which are units themselves."""
    return " ".join(text.replace(OBJECT, " ").split())
