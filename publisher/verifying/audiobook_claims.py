"""What a W3C Audiobook tells of itself: its manifest, the length of its tracks, its table of contents.

Checks: `audiobook-manifest`, `audiobook-duration`, `contents-…`, `chapter-shifted`, `metadata-…`.
https://www.w3.org/TR/audiobooks/, https://www.w3.org/TR/pub-manifest/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from publisher.formats.audiobook.read import MANIFEST, Audiobook, Entry, Linked
from publisher.model.extract import Extract
from publisher.model.inlines import told_text
from publisher.model.narration import Role, Script
from publisher.model.publication import Publication, Section
from publisher.verification.checks import Discrepancy
from publisher.verification.hearing import TOLERANCE, Heard, Reporter, clock, quoted
from publisher.verification.normalise import normalise

PROFILE = "https://www.w3.org/TR/audiobooks/"
_CONTEXTS = ["https://schema.org", "https://www.w3.org/ns/pub-context"]
_FEATURES = frozenset(("tableOfContents", "unlocked"))
"""What may be claimed: lines lead to every chapter, and nothing is locked."""


@dataclass(frozen=True, slots=True)
class Line:
    """An expected line of contents: its words, depth, when what it leads to sounds (None: it is not heard), in seconds
    of the whole, and the heading's id."""

    text: str
    level: int
    at: float | None
    unit: str


def check_manifest(book: Audiobook, reporter: Reporter) -> Iterator[Discrepancy]:
    """The manifest is one of an audiobook, and names what there is, as it is."""
    data = book.data
    stated = {
        "@context": (data.get("@context", [])[:2] if isinstance(data.get("@context"), list) else None, _CONTEXTS),
        "conformsTo": (data.get("conformsTo"), PROFILE),
        "type": (data.get("type"), "Audiobook"),
        "abridged": (data.get("abridged"), False),
        "accessMode": (data.get("accessMode"), ["auditory"]),
    }
    for name, (there, should) in stated.items():
        if there != should:
            message = f"its manifest says of {name}: {there}; it should say: {should}"
            yield reporter.tell("audiobook-manifest", message, expected=str(should), found=str(there))
    unfounded = sorted(set(map(str, data.get("accessibilityFeature", ()))) - _FEATURES)
    if unfounded:
        message = f"its manifest claims {', '.join(unfounded)}, for which there is no ground"
        yield reporter.tell("audiobook-manifest", message, found=", ".join(unfounded))
    for one in (*book.tracks, *book.resources):
        yield from _linked(one, book.tracks, reporter)
    if not any("cover" in one.rel for one in book.resources):
        yield reporter.tell("audiobook-manifest", "its manifest names no cover")
    listed = {MANIFEST, *(one.name for one in (*book.tracks, *book.resources))}
    for name in (one for one in book.files if one not in listed):
        yield reporter.tell("audiobook-manifest", f"its manifest does not name {name}", found=name)


def _linked(one: Linked, tracks: Sequence[Linked], reporter: Reporter) -> Iterator[Discrepancy]:
    if not one.there:
        yield reporter.tell("audiobook-manifest", f"its manifest names {one.name}, which is not there", found=one.name)
    elif one.intact is False:
        message = f"{one.name} is not what its digest in the manifest is of"
        yield reporter.tell("audiobook-manifest", message, found=one.name)
    if one in tracks and one.media_type != "audio/mpeg":
        message = f"its manifest calls {one.name} {one.media_type or 'nothing'}"
        yield reporter.tell("audiobook-manifest", message, expected="audio/mpeg", found=one.media_type)


def check_facts(extract: Extract, publication: Publication, reporter: Reporter) -> Iterator[Discrepancy]:
    """What else the manifest says of the edition."""
    metadata = publication.metadata
    publisher = metadata.publisher or publication.imprint.publisher
    rights = metadata.rights or publication.imprint.rights
    authors = dict.fromkeys(creator.name for creator in metadata.creators if creator.role == "aut")
    wanted = {
        "creator": tuple(authors),
        "identifier": (metadata.identifier,),
        "language": (metadata.lang,),
        "publisher": (publisher,) if publisher else (),
        "rights": (rights,) if rights else (),
        "description": (metadata.description,) if metadata.description else (),
        "subject": metadata.subjects,
    }
    for name, should in wanted.items():
        there = extract.metadata.get(name, ())
        if tuple(map(normalise, there[: len(should)] if name == "language" else there)) != tuple(
            map(normalise, should)
        ):
            told, due = "; ".join(there) or "nothing", "; ".join(should) or "nothing"
            message = f"the metadata say of the {name}: {told}; the source says: {due}"
            yield reporter.tell(f"metadata-{name}", message, expected=due, found=told)


def check_durations(
    book: Audiobook, lengths: Sequence[float], told: float | None, reporter: Reporter
) -> Iterator[Discrepancy]:
    """Each track lasts as long as it is told, all of them as long as the whole. `lengths` are measured, in seconds."""
    for track, length in zip(book.tracks, lengths, strict=True):
        if track.duration is None or abs(track.duration - length) > TOLERANCE:
            said = "nothing" if track.duration is None else f"{track.duration:.3f} s"
            message = f"of the length of {track.name} the manifest says {said}; it sounds for {length:.3f} s"
            yield reporter.tell("audiobook-duration", message, expected=f"{length:.3f}", found=said)
    whole = sum(lengths)
    if told is None or abs(told - whole) > TOLERANCE:
        said = "nothing" if told is None else f"{told:.3f} s"
        message = f"of the length of all the manifest says {said}; all tracks sound for {whole:.3f} s"
        yield reporter.tell("audiobook-duration", message, expected=f"{whole:.3f}", found=said)


def check_entries(
    book: Audiobook, lengths: Sequence[float], lines: Sequence[Line], reporter: Reporter
) -> Iterator[Discrepancy]:
    """The table of contents has the lines that are due, in order, and each leads to where it sounds."""
    if book.contents is None:
        yield reporter.tell("contents-missing", "there is no table of contents")
        return
    begins = dict(zip((one.name for one in book.tracks), accumulate(lengths, initial=0.0), strict=False))
    wanted, there = [normalise(one.text) for one in lines], [normalise(one.text) for one in book.contents]
    for what, a, b, c, d in SequenceMatcher(None, wanted, there, autojunk=False).get_opcodes():
        both = min(b - a, d - c)
        for line, entry in zip(lines[a : a + both], book.contents[c : c + both], strict=True):
            if what == "replace":
                message = f"the contents call “{line.text}” “{entry.text}”"
                yield reporter.tell("contents-altered", message, unit=line.unit, expected=line.text, found=entry.text)
            yield from _leads(line, entry, begins.get(entry.name), reporter)
        for line in lines[a + both : b]:
            message = f"the contents have no line for “{line.text}”"
            yield reporter.tell("contents-missing", message, unit=line.unit, expected=line.text)
        for entry in book.contents[c + both : d]:
            message = f"a line of the contents, “{entry.text}”, stands in no source, or once too often"
            yield reporter.tell("contents-added", message, found=entry.text)


def _leads(line: Line, entry: Entry, begin: float | None, reporter: Reporter) -> Iterator[Discrepancy]:
    if begin is None:
        message = f"the line {quoted(entry.text)} of the contents leads to {entry.name}, which is no track"
        yield reporter.tell("chapter-shifted", message, unit=line.unit, found=entry.name)
    elif line.at is not None and abs(begin + entry.at - line.at) > TOLERANCE:
        message = f"the line {quoted(entry.text)} of the contents leads here; it sounds at {clock(line.at)}"
        yield reporter.tell("chapter-shifted", message, unit=line.unit, at=begin + entry.at)
    if entry.level != line.level:
        message = f"the line {quoted(entry.text)} of the contents stands at level {entry.level}, not {line.level}"
        yield reporter.tell("contents-order", message, unit=line.unit)


def lines_due(script: Script, publication: Publication, heard: Heard) -> Iterator[Line]:
    """A line for each chapter and each heading in it, deeper by one where it can be."""
    headings = dict(_headings(publication.sections))
    number = 0
    for chapter in script.chapters:
        above, told = 1, {chapter.id}
        yield Line(chapter.title, 1, heard.begins[number] if chapter.lines else None, chapter.id)
        for line in chapter.lines:
            if line.role is Role.HEADING and line.unit in headings and line.unit not in told:
                told.add(line.unit)
                text, level = headings[line.unit]
                above = min(max(2, level - 1), above + 1)
                yield Line(text, above, heard.begins[number], line.unit)
            number += 1


def _headings(sections: Sequence[Section]) -> Iterator[tuple[str, tuple[str, int]]]:
    for section in sections:
        if section.heading is not None:
            yield section.heading.id, (told_text(section.heading.inlines), section.heading.level)
        yield from _headings(section.sections)
