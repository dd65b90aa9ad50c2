"""What is too much only once it is read: WeasyPrint takes 20 s and more for 2,000 footnotes in a section, and longer
for a word of 18,000 letters that markup divides where no line may end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.model.blocks import Worded, walk
from publisher.model.findings import Finding, Severity
from publisher.model.inlines import FootnoteCall, walk_inlines
from publisher.model.limits import beyond
from publisher.model.publication import Note, Publication


def crowded(publication: Publication) -> Iterator[Finding]:
    """An error, `notes-many`, for each top-level section with more notes and footnotes than the imprint allows."""
    most = publication.imprint.limits.notes
    places = [_place(note) for note in publication.notes]
    if len(places) + sum(len(footnote.calls) for footnote in publication.footnotes) <= most:
        return
    for section in publication.sections:
        nodes = list(walk(section.nodes()))
        ids = {node.id for node in nodes}
        called = sum(
            isinstance(inline, FootnoteCall)
            for node in nodes
            if isinstance(node, Worded)
            for inline in walk_inlines(node.inlines)
        )
        count = called + sum(place in ids for place in places)
        if count > most:
            what = f"{count:,} notes in one section"
            message = beyond(what, "divide the section", "notes")
            yield Finding("notes-many", Severity.ERROR, message, nodes[0].position)


_LETTERS = re.compile(r"\w+")


def overlong(publication: Publication) -> Iterator[Finding]:
    """An error, `word-long`, for each block with a word of more letters than the imprint allows, whatever markup stands
    between them. (Words without markup are refused before they are read.)"""
    most = publication.imprint.limits.word
    for node in walk(publication.all_blocks()):
        if not isinstance(node, Worded):
            continue
        text = node.text
        if len(text) > most and any(found.end() - found.start() > most for found in _LETTERS.finditer(text)):
            message = beyond(f"a word of over {most:,} letters", "divide it", "word")
            yield Finding("word-long", Severity.ERROR, message, node.position)


def _place(note: Note) -> str | None:
    """The id of the block that calls a note."""
    return note.target.ranges[0].block if note.target.ranges else note.target.element
