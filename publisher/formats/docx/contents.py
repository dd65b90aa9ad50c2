"""The table of contents: a field of Word's that comes filled, so that nothing has to be brought up to date to be read.

It has no page numbers, which only Word could count, and the document does not ask for an update at opening, since Word
would then ask the reader. TOC: ISO/IEC 29500-1, 17.16.5.68.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publisher.formats.docx.blocks import label, line
from publisher.formats.docx.inlines import link
from publisher.formats.docx.making import Making
from publisher.formats.docx.ooxml import Ast, raw, string, tag
from publisher.model.inlines import told_text
from publisher.model.publication import Section

WORTH_CONTENTS = 4
"""Lines of the first level from which contents are worth their room."""
DEPTH = 2
"""Levels of headings that have lines."""

_CODE = rf'<w:r><w:instrText xml:space="preserve"> TOC \o "1-{DEPTH}" \n \h \z \u </w:instrText></w:r>'


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: the id of its heading, the heading's words and their language, its level from 1."""

    id: str
    words: str
    lang: str
    level: int = 1


def make_contents(making: Making, *, plain: bool) -> Iterator[Ast]:
    """The contents under their heading; nothing where too few lines would stand in them. `plain` where there is a
    part in plain language."""
    entries = list(_entries(making, plain=plain))
    if sum(1 for entry in entries if entry.level == 1) < WORTH_CONTENTS:
        return
    yield label(making, making.context.words("contents"), "TOC Heading")
    begins = [raw(f"{_sign('begin')}{_CODE}{_sign('separate')}")]
    for number, entry in enumerate(entries, 1):
        ends = [raw(_sign("end"))] if number == len(entries) else []
        words = link(making, [string(entry.words)], f"#{entry.id}")
        yield line(making, [*begins, *words, *ends], entry.lang, f"toc {entry.level}")
        begins = []


def _entries(making: Making, *, plain: bool) -> Iterator[Entry]:
    publication, words = making.publication, making.context.words
    for layer in publication.layers:
        if layer.introduction:
            yield Entry(layer.introduction.id, layer.introduction.title, layer.introduction.lang)
    yield from _sections(publication.sections, 1)
    if plain:
        yield Entry("edition-plain", words("plain"), making.context.words_lang)
    for layer in publication.layers:
        if layer.method:
            yield Entry(layer.method.id, layer.method.title, layer.method.lang)
    if publication.references:
        yield Entry("edition-references", words("references"), making.context.words_lang)


def _sections(sections: Sequence[Section], level: int) -> Iterator[Entry]:
    for section in sections:
        if section.heading is not None:
            words = " ".join(told_text(section.heading.inlines).split())
            yield Entry(section.heading.id, words, section.heading.lang, level)
        if level < DEPTH:
            yield from _sections(section.sections, level + 1)


def _sign(kind: str) -> str:
    return f"<w:r>{tag('w:fldChar', {'w:fldCharType': kind})}</w:r>"
