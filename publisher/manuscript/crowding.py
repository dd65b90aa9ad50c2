"""Sections with more notes than pages can be laid out with: WeasyPrint takes 20 s and more for 2,000 footnotes."""

from __future__ import annotations

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


def _place(note: Note) -> str | None:
    """The id of the block that calls a note."""
    return note.target.ranges[0].block if note.target.ranges else note.target.element
