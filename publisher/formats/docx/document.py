"""The whole edition as blocks of pandoc's AST, in the order of the PDF; after them each note as a comment.

The comments stand at the end only on their way through pandoc: the package takes them to a file of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from publisher.formats.docx import inlines
from publisher.formats.docx.blocks import LABEL, Where, label, line, make_block, make_blocks, make_heading, titled
from publisher.formats.docx.contents import make_contents
from publisher.formats.docx.inlines import Story, begin_comment, end_comment, link, make_words, refer_to_comment
from publisher.formats.docx.making import Making, counterparts_by_block
from publisher.formats.docx.ooxml import Ast, paragraph, raw, raw_block, string, tag
from publisher.model.blocks import Heading
from publisher.model.inlines import Link, Text, walk_inlines
from publisher.model.publication import Counterpart, Footnote, Note, Passage, Reference, Section
from publisher.rendering.bylines import bylines
from publisher.rendering.inlines import safe_address
from publisher.rendering.places import SUBTITLE, TITLE

BODY, FOOTNOTE, COMMENT, PLAIN = "Body Text", "Footnote Text", "Comment Text", "Plain Language"
"""The styles of the paragraphs of each kind of text."""


def make_document(making: Making) -> list[Ast]:
    """Every block of the document, then every comment."""
    text, publication = Where(_story(making, "text"), BODY), making.publication
    plain = list(_plain_part(making, replace(text, base=PLAIN, shift=1)))
    blocks = [*_front(making), *make_contents(making, plain=bool(plain))]
    for layer in publication.layers:
        if layer.introduction:
            blocks += _passage(making, text, layer.introduction)
    for section in publication.sections:
        blocks += [made for block in section.nodes() for made in make_block(making, text, block, [])]
    blocks += [_furnished(making, "plain"), *plain] if plain else []
    for layer in publication.layers:
        if layer.method:
            blocks += _passage(making, text, layer.method)
    blocks += _references(making, text)
    comments = [made for note in publication.notes for made in _comment(making, note)]
    return [*blocks, *_colophon(making), *comments]


def _story(making: Making, name: str) -> Story:
    def footnote(called: Footnote) -> list[Ast]:
        where = Where(_story(making, "footnote"), FOOTNOTE)
        return make_blocks(making, where, called.blocks, [making.anchor(called.id)])

    return Story(name, BODY, footnote)


def _furnished(making: Making, key: str) -> Ast:
    """The heading of a part that the edition adds."""
    return titled(making, f"edition-{key}", making.context.words(key), making.context.words_lang, 2)


# Around the text -----------------------------------------------------------------------------------------------------


def _front(making: Making) -> Iterator[Ast]:
    """Title, subtitle, who made it, when, and what it is about."""
    metadata, words = making.publication.metadata, making.context.words
    if metadata.publisher:
        yield line(making, [string(metadata.publisher)], metadata.lang)
    yield _named(making, TITLE, "Title", metadata.title)
    if metadata.subtitle:
        yield _named(making, SUBTITLE, "Subtitle", metadata.subtitle)
    for _, byline in bylines(making.publication, words):
        yield label(making, byline, "Edition Line")
    if metadata.date:
        yield label(making, words.date(metadata.date), "Edition Line")
    if metadata.description:
        yield line(making, [string(metadata.description)], metadata.lang)


def _named(making: Making, id: str, style: str, words: str) -> Ast:
    """The title or the subtitle, with the comments on it."""
    lang, story = making.publication.metadata.lang, _story(making, "text")
    begin, end = making.bookmark(id)
    making.langs[making.name_of(id)] = lang
    notes = making.on_elements.get(id, ())
    begins = [raw(begin_comment(making, note)) for note in notes]
    closing = [raw(end_comment(making, note) + refer_to_comment(making, note)) for note in notes]
    return paragraph(
        style, [*begins, raw(begin), *make_words(making, story, id, (Text(words),), lang), *closing, raw(end)]
    )


def _colophon(making: Making) -> Iterator[Ast]:
    """Rights, where the edition stands, whom to write to."""
    metadata, imprint = making.publication.metadata, making.publication.imprint
    if metadata.rights:
        yield line(making, [string(metadata.rights)], metadata.lang)
    if imprint.base_url:
        yield line(making, _linked(making, imprint.base_url, imprint.base_url), metadata.lang)
    if imprint.contact:
        contact = imprint.contact.removeprefix("mailto:")
        written = _linked(making, contact, f"mailto:{contact}") if "@" in contact else [string(contact)]
        yield line(making, written, metadata.lang)


def _linked(making: Making, words: str, address: str) -> list[Ast]:
    safe = safe_address(making.context, address)
    return link(making, [string(words)], safe) if safe else [string(words)]


# Parts of the text ---------------------------------------------------------------------------------------------------


def _passage(making: Making, where: Where, passage: Passage) -> list[Ast]:
    heading = titled(making, passage.id, passage.title, passage.lang, 2)
    return [heading, *make_blocks(making, where, passage.blocks)]


def _plain_part(making: Making, where: Where) -> Iterator[Ast]:
    """The counterparts under their headings; those of notes stand in the notes' comments."""
    publication = making.publication
    own = counterparts_by_block(publication)
    for layer in publication.layers:
        yield from _plain_passage(making, where, layer.introduction)
    for section in publication.sections:
        yield from _plain_section(making, where, section, own)
    for layer in publication.layers:
        yield from _plain_passage(making, where, layer.method)
    yield from _plain_passage(making, where, publication.glossary)


def _plain_passage(making: Making, where: Where, passage: Passage | None) -> Iterator[Ast]:
    if passage is not None and passage.plain is not None:
        yield titled(making, f"{passage.plain.id}-title", passage.title, passage.lang, 2 + where.shift)
        yield from make_blocks(making, where, passage.plain.blocks, [making.anchor(passage.plain.id)])


def _plain_section(
    making: Making, where: Where, section: Section, own: Mapping[str, Sequence[Counterpart]]
) -> list[Ast]:
    """What a section holds in plain language; nothing, not even its heading, where it holds nothing."""
    made: list[Ast] = []
    shown = False
    for block in section.blocks:
        for counterpart in own.get(block.id, ()):
            shown = True
            made += make_blocks(making, where, counterpart.blocks, [making.anchor(counterpart.id)])
    for inner in section.sections:
        made += _plain_section(making, where, inner, own)
    if section.heading is not None and (made or shown):
        return [_plain_heading(making, where, section.heading), *made]
    return made


def _plain_heading(making: Making, where: Where, heading: Heading) -> Ast:
    """A heading in its plain wording, else in its own words."""
    if heading.plain is not None:
        return titled(making, f"{heading.id}-plain", heading.plain, heading.lang, heading.level + where.shift)
    repeated = replace(where, story=replace(where.story, repeated="-plain"))
    return make_heading(making, repeated, heading)


def _references(making: Making, where: Where) -> Iterator[Ast]:
    if making.publication.references:
        yield _furnished(making, "references")
    for reference in making.publication.references:
        yield _reference(making, where, reference)


def _reference(making: Making, where: Where, reference: Reference) -> Ast:
    """A work cited; its address as a link where the entry itself has none."""
    begin, end = making.bookmark(reference.id)
    making.langs[making.name_of(reference.id)] = reference.lang
    linked = any(isinstance(inline, Link) for inline in walk_inlines(reference.entry))
    address = safe_address(making.context, reference.url) if reference.url and not linked else None
    words = make_words(making, where.story, reference.id, reference.entry, reference.lang)
    return paragraph("Bibliography", [raw(begin), *(link(making, words, address) if address else words), raw(end)])


# Notes ---------------------------------------------------------------------------------------------------------------


def _comment(making: Making, note: Note) -> Iterator[Ast]:
    """A note: its number and kind, its text, its plain counterpart, its sources."""
    where, words = Where(_story(making, inlines.COMMENT), COMMENT), making.context.words
    attributes = {"w:id": str(making.comments[note.id]), "w:author": note.by.name, "w:initials": initials(note.by.name)}
    if note.date:
        attributes["w:date"] = f"{note.date.isoformat()}T00:00:00Z"
    yield raw_block(tag("w:comment", attributes, closed=False))
    number = words("note", number=making.context.label(note))
    yield line(making, [string(f"{number} · {words.kind(note.kind)}")], making.context.words_lang, LABEL, note.id)
    yield from make_blocks(making, where, note.blocks)
    if note.plain:
        yield label(making, words("plain"))
        yield from make_blocks(making, where, note.plain.blocks, [making.anchor(note.plain.id)])
    known = [making.context.references[key] for key in note.sources if key in making.context.references]
    if known:
        yield label(making, words("sources"))
    for reference in known:
        yield line(making, link(making, [string(reference.short)], f"#{reference.id}"), reference.lang)
    yield raw_block("</w:comment>")


def initials(name: str) -> str:
    """The first letters of a name, as Word shows them."""
    return "".join(word[0] for word in name.split() if word[0].isalnum())[:4].upper()
