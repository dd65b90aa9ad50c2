"""Reads a Word document as Word would show it: text, footnotes, comments, and what they say of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from publisher.formats.docx.facts_read import metadata
from publisher.formats.docx.opening_read import Package, open_package
from publisher.formats.docx.said_read import Open
from publisher.formats.docx.stories_read import StoryReader, Where
from publisher.formats.docx.styles_read import Numbering, Styles, W, val
from publisher.model.extract import Evidence, Extract, Fact, FoundContents, FoundNote
from publisher.model.findings import InputError

TELLS = frozenset("cell checked expansion header layout line number picture script signed struck target within".split())
"""What Word's format can tell beside words."""

_NAMES = "{urn:concordant-publisher:bookmarks}bookmark"


def read(path: Path) -> Extract:
    """Everything in a Word document. Raises InputError where it is none."""
    package = open_package(path)
    with package.archive:
        try:
            return _read(package)
        except RecursionError as problem:
            raise InputError(f"{path.name}: too deeply nested to be read") from problem


def _read(package: Package) -> Extract:
    document = next(iter(package.related("", "officeDocument")), None)
    if document is None:
        raise InputError(f"{package.name}: it names no document; build it again")
    body = package.xml(document).find(f"{W}body")
    if body is None:
        raise InputError(f"{package.name}: {document} is no text of Word's; build it again")
    reader = StoryReader(
        package,
        document,
        Styles(_first(package, document, "styles")),
        Numbering(_first(package, document, "numbering")),
        dict(_ids(package, document)),
    )
    for kind in ("footnotes", "endnotes", "comments"):
        if there := package.related(document, kind):
            reader.stories[kind] = (there[0], package.xml(there[0]))
    everything = [body, *(root for _, root in reader.stories.values())]
    reader.known = {val(mark, "name") for root in everything for mark in root.iter(f"{W}bookmarkStart")}
    for kind in ("footnotes", "endnotes"):
        reader.footnotes |= dict(_notes(reader, kind))
    reader.comments = dict(_notes(reader, "comments"))
    reader.notes = {id: FoundNote(id, f"comments#{id}") for id in reader.comments.values()}
    reader.notes |= {id: FoundNote(id, f"footnotes#{id}") for id in reader.footnotes.values()}
    reader.blocks(body, Where("document"))
    _comments(reader)
    for kind in ("header", "footer"):
        for part in package.related(document, kind):
            reader.stories[part] = (part, package.xml(part))
            reader.blocks(reader.stories[part][1], Where(part, furniture=True))
    return Extract(
        "docx",
        package.name,
        Evidence.EXTRACTED,
        metadata(package),
        tuple(reader.units),
        tuple(reader.links),
        tuple(reader.notes.values()),
        facts=tuple(reader.facts),
        contents=(FoundContents("toc", document, tuple(reader.contents)),) if reader.contents else (),
        tells=TELLS,
    )


def _first(package: Package, document: str, kind: str) -> etree._Element | None:
    there = package.related(document, kind)
    return package.xml(there[0]) if there else None


def _ids(package: Package, document: str) -> Iterator[tuple[str, str]]:
    """The ids that names of bookmarks stand for, where the names could not be those."""
    for part in package.related(document, "customXml"):
        for one in package.xml(part).iter(_NAMES):
            yield one.get("name", ""), one.get("id", "")


def _notes(reader: StoryReader, kind: str) -> Iterator[tuple[str, str]]:
    """By Word's own number, the id of each footnote or comment: the first place in it, else its number."""
    if kind in reader.stories:
        for note in reader.stories[kind][1]:
            number, name = val(note, "id"), next((val(one, "name") for one in note.iter(f"{W}bookmarkStart")), "")
            if val(note, "type") in ("", "normal"):
                yield number, reader.id_of(name) or f"{kind}-{number}"


def _comments(reader: StoryReader) -> None:
    """The comments, each with who signs it and when."""
    if "comments" not in reader.stories:
        return
    for comment in reader.stories["comments"][1].iterfind(f"{W}comment"):
        id = reader.comments[val(comment, "id")]
        signed = ", ".join(part for part in (val(comment, "author"), val(comment, "date")[:10]) if part)
        reader.facts.append(Fact("signed", id, signed, f"comments#{id}"))
        reader.opened = Open()
        reader.blocks(comment, Where("comments", note=id))
