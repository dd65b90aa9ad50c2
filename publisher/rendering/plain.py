"""The plain-language edition as markup: what each section's counterparts say, and what has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from publisher.model.blocks import Block, Figure, Heading, Quotation, ThematicBreak
from publisher.model.publication import Counterpart, Note, Publication, Section
from publisher.rendering.blocks import heading_level, render_blocks, render_figure
from publisher.rendering.context import Context
from publisher.rendering.inlines import render_words
from publisher.rendering.markup import Attributes, element, join, language
from publisher.rendering.notes import kind_class, render_note_header


@dataclass(frozen=True, slots=True)
class Missing:
    """The blocks of one section that have no plain-language counterpart."""

    section: Section
    blocks: tuple[Block, ...]


def without_counterpart(publication: Publication) -> tuple[Missing, ...]:
    """Every block without a counterpart, section by section.

    A pull quote repeats words that stand elsewhere, a break says nothing, and a heading without plain wording
    stands as it is: these need none.
    """
    restated = {id for counterpart in publication.counterparts for id in counterpart.restates}

    def missing(section: Section) -> Iterator[Missing]:
        blocks = tuple(block for block in section.blocks if _needs_counterpart(block) and block.id not in restated)
        if blocks:
            yield Missing(section, blocks)
        for inner in section.sections:
            yield from missing(inner)

    return tuple(found for section in publication.sections for found in missing(section))


def _needs_counterpart(block: Block) -> bool:
    return not (isinstance(block, ThematicBreak) or (isinstance(block, Quotation) and block.pull))


def plain_heading_id(heading: Heading) -> str:
    """The id of a heading in the plain-language edition."""
    return f"{heading.id}-plain"


def render_counterpart(context: Context, counterpart: Counterpart, lang: str) -> Markup:
    """A counterpart's blocks; `data-restates` names what they restate."""
    attributes: Attributes = {
        "class": "counterpart",
        "id": counterpart.id,
        "data-restates": " ".join(counterpart.restates) or None,
        **language(counterpart.lang, lang, xml=context.options.epub),
    }
    return element("div", attributes, render_blocks(context, counterpart.blocks, counterpart.lang))


def render_plain_section(context: Context, section: Section, lang: str, *, figures: bool = False) -> Markup:
    """A section in plain language, with the sections inside it; empty where nothing in it has a counterpart.

    `figures` shows the pictures too: with their captions where no counterpart says what they show.
    """
    own = _by_first_block(context.publication)
    restated = {id for counterpart in context.publication.counterparts for id in counterpart.restates}
    parts: list[Markup] = []
    for block in section.blocks:
        if figures and isinstance(block, Figure):
            alone = block.id not in restated
            parts.append(render_figure(context, block, lang, captioned=alone, described=alone))
        parts.extend(render_counterpart(context, counterpart, lang) for counterpart in own.get(block.id, ()))
    inner = (render_plain_section(context, part, lang, figures=figures) for part in section.sections)
    parts.extend(part for part in inner if part)
    if not parts:
        return Markup("")
    heading = section.heading
    if heading is None:
        return element("div", {"class": "opening"}, "\n", join(parts, "\n"), "\n")
    made = render_plain_heading(context, heading, lang)
    return element("section", {}, made, "\n", join(parts, "\n"), "\n")


def render_plain_heading(context: Context, heading: Heading, lang: str) -> Markup:
    """A heading in its plain wording, else its own words."""
    attributes: Attributes = {
        "id": plain_heading_id(heading),
        **language(heading.lang, lang, xml=context.options.epub),
    }
    words = render_words(context, heading.inlines, heading.lang) if heading.plain is None else heading.plain
    return element(f"h{heading_level(context, heading.level)}", attributes, words)


def render_plain_note(context: Context, note: Note, lang: str) -> Markup:
    """A note's counterpart, with its number and the words that it is on; empty where it has none."""
    if note.plain is None:
        return Markup("")
    attributes: Attributes = {
        "class": f"note plain-note {kind_class(note.kind)}",
        **language(note.plain.lang, lang, xml=context.options.epub),
    }
    return element(
        "div",
        attributes,
        render_note_header(context, note, note.plain.lang, plain=True),
        render_counterpart(context, note.plain, note.plain.lang),
    )


def _by_first_block(publication: Publication) -> dict[str, list[Counterpart]]:
    found: dict[str, list[Counterpart]] = {}
    for counterpart in publication.counterparts:
        if counterpart.restates:
            found.setdefault(counterpart.restates[0], []).append(counterpart)
    return found
