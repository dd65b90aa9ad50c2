"""What a DAISY book tells of itself, apart from its words and its sound: counts, times, links, what can be skipped.

Checks: `daisy-count`, `daisy-fact`, `daisy-time`, `daisy-link`, `daisy-skippable`, `daisy-differs`, `cue-added`,
`cue-doubled`.
https://daisy.org/activities/standards/daisy/daisy-2/daisy-format-2-02-specification/ (2.1.2, 2.3.2)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from publisher.formats.daisy.opening_read import open_book, seconds
from publisher.formats.daisy.smil_read import MASTER, Presentation, Sequence
from publisher.model.publication import Publication
from publisher.verification.checks import Discrepancy
from publisher.verification.hearing import TOLERANCE, Reporter, quoted
from publisher.verification.normalise import normalise

_FIRST_DAY = date(1980, 1, 1)
_STATED = {"dc:format": "Daisy 2.02", "ncc:charset": "utf-8", "ncc:multimediatype": "audioFullText"}


def check_daisy(played: Presentation, reporter: Reporter) -> Iterator[Discrepancy]:
    """Everything about how a book is played that can be told without hearing it."""
    yield from _counts(played, reporter)
    yield from _facts(played, reporter)
    yield from _times(played, reporter)
    yield from _links(played, reporter)
    yield from _skippable(played, reporter)


def check_demanded(played: Presentation, publication: Publication, reporter: Reporter) -> Iterator[Discrepancy]:
    """What 2.1.2 wants and the source lacks: the publisher or the title, the day of the latest note or the first of all
    days stand for it."""
    metadata = publication.metadata
    publisher = metadata.publisher or publication.imprint.publisher or metadata.title
    day = max((note.date for note in publication.notes if note.date), default=_FIRST_DAY).isoformat()
    wanted: dict[str, str] = {}
    if not any(creator.role == "aut" for creator in metadata.creators):
        wanted["creator"] = publisher
    if metadata.date is None:
        wanted["date"] = day
    if not metadata.publisher:
        wanted["publisher"] = publisher
    for name, should in wanted.items():
        there = played.facts.get(f"dc:{name}", ())
        if tuple(map(normalise, there)) != (normalise(should),):
            told = "; ".join(there) or "nothing"
            message = f"the metadata say of the {name}: {told}; as the source has none, there should be: {should}"
            yield reporter.tell(f"metadata-{name}", message, expected=should, found=told)


def check_folder(path: Path, folder: Path, reporter: Reporter) -> Iterator[Discrepancy]:
    """The book's folder holds what its ZIP holds, byte by byte. Raises InputError where one cannot be read."""
    with open_book(path) as packed, open_book(folder) as loose:
        for name in sorted({*packed.names, *loose.names}):
            if name not in loose.names or name not in packed.names:
                lacking = folder.name if name not in loose.names else path.name
                yield reporter.tell("daisy-differs", f"{name} is not in {lacking}", found=name)
                continue
            with packed.opened(name) as one, loose.opened(name) as other:
                while (block := one.read(1 << 20)) == other.read(1 << 20):
                    if not block:
                        break
                else:
                    message = f"{name} is not the same in the ZIP and in {folder.name}"
                    yield reporter.tell("daisy-differs", message, found=name)


def _counts(played: Presentation, reporter: Reporter) -> Iterator[Discrepancy]:
    points = played.points
    counted = {
        "ncc:tocitems": len(points),
        "ncc:footnotes": sum(point.kind == "note" for point in points),
        "ncc:depth": max((point.level for point in points), default=0),
        "ncc:files": len(played.files),
        "ncc:pagefront": 0,
        "ncc:pagenormal": 0,
        "ncc:pagespecial": 0,
    }
    for name, should in {**_STATED, **{name: str(count) for name, count in counted.items()}}.items():
        there = "; ".join(played.facts.get(name, ())) or "nothing"
        if there != should:
            message = f"its navigation says of {name}: {there}; there is: {should}"
            yield reporter.tell("daisy-count", message, expected=should, found=there)
    for before, after in pairwise([point for point in points if point.kind == "heading"]):
        if after.level > before.level + 1:
            message = f"its navigation skips a level before {quoted(after.text)}"
            yield reporter.tell("daisy-link", message, found=after.text)
    notes = [point.element for point in points if point.kind == "note"]
    led = {played.notes.get(element, element) for element in notes}
    for note in sorted({*played.notes.values()} - led):
        yield reporter.tell("daisy-link", f"its navigation does not lead to the note {note}", unit=note)


def _facts(played: Presentation, reporter: Reporter) -> Iterator[Discrepancy]:
    """What other documents tell of the book is what its navigation tells."""
    for name, facts in played.told.items():
        for fact in ("dc:title", "dc:identifier", "dc:format"):
            there, should = facts.get(fact), played.facts.get(fact)
            if there is not None and there != should:
                found, wanted = "; ".join(there), "; ".join(should or ()) or "nothing"
                message = f"{name} says of {fact}: {found}; the navigation says: {wanted}"
                yield reporter.tell("daisy-fact", message, expected=wanted, found=found)


def _times(played: Presentation, reporter: Reporter) -> Iterator[Discrepancy]:
    """Each part lasts as long as its clips, which follow each other without gaps, after all parts before it."""
    elapsed = 0.0
    for part in played.sequences:
        lasting = max((one.cue.end for one in part.shown), default=0.0)
        told = (
            ("ncc:totalElapsedTime", part.elapsed, elapsed),
            ("ncc:timeInThisSmil", part.lasting, lasting),
            ("the length of its seq", part.dur, lasting),
        )
        for name, there, should in told:
            yield from _time(f"{part.name} {name}", there, should, reporter)
        yield from _gaps(part, reporter)
        elapsed += lasting
    total = played.facts.get("ncc:totaltime", ("",))[0]
    yield from _time("ncc:totalTime", seconds(total), elapsed, reporter)
    whole = played.told.get(MASTER, {}).get("ncc:timeinthissmil")
    if whole is not None:
        yield from _time(f"{MASTER} ncc:timeInThisSmil", seconds(whole[0]), elapsed, reporter)


def _time(name: str, there: float | None, should: float, reporter: Reporter) -> Iterator[Discrepancy]:
    if there is None or abs(there - should) > TOLERANCE:
        told = "nothing" if there is None else f"{there:.3f} s"
        message = f"of {name} it says {told}; its clips make {should:.3f} s"
        yield reporter.tell("daisy-time", message, expected=f"{should:.3f}", found=told)


def _gaps(part: Sequence, reporter: Reporter) -> Iterator[Discrepancy]:
    end = 0.0
    for one in part.shown:
        if abs(one.cue.begin - end) > TOLERANCE:
            message = f"the clip of {one.cue.id} in {part.name} does not follow the one before: {end:.3f} s"
            yield reporter.tell("daisy-time", message, at=one.cue.begin)
        end = one.cue.end


def _links(played: Presentation, reporter: Reporter) -> Iterator[Discrepancy]:
    names = tuple(part.name for part in played.sequences)
    if played.master != names:
        told = ", ".join(played.master) or "nothing"
        message = f"{MASTER} names {told}; the navigation leads to others, or in another order"
        yield reporter.tell("daisy-link", message, expected=", ".join(names), found=", ".join(played.master))
    for name in sorted(one for one in played.files if one.endswith(".smil") and one not in (*names, MASTER)):
        yield reporter.tell("daisy-link", f"no line of the navigation leads to {name}", found=name)
    places = {(part.name, id): number for number, (part, id) in enumerate(_ids(played))}
    last = -1
    for point in played.points:
        at = places.get((point.smil, point.par))
        if at is None or not point.element:
            yield reporter.tell("daisy-link", f"the line {quoted(point.text)} of its navigation leads nowhere")
        elif at < last:
            yield reporter.tell("daisy-link", f"the line {quoted(point.text)} of its navigation is out of order")
        last = last if at is None else at
    seen: set[str] = set()
    for part in played.sequences:
        for one in part.shown:
            if one.cue.id not in played.around:
                message = f"{part.name} shows {one.cue.id or 'nothing'}, which is not in the text"
                yield reporter.tell("cue-added", message, at=one.cue.begin, found=one.cue.id)
            elif one.cue.id in seen:
                message = f"{one.cue.id} {quoted(one.cue.text)} is shown once too often, in {part.name}"
                yield reporter.tell("cue-doubled", message, at=one.cue.begin, found=one.cue.text)
            seen.add(one.cue.id)


def _ids(played: Presentation) -> Iterator[tuple[Sequence, str]]:
    return ((part, id) for part in played.sequences for one in part.shown for id in one.ids)


def _skippable(played: Presentation, reporter: Reporter) -> Iterator[Discrepancy]:
    """Notes, and nothing but notes, can be left out."""
    for part in played.sequences:
        for one in part.shown:
            inside = played.notes.get(one.cue.id)
            if (inside is not None) != one.skippable:
                state = "cannot be skipped, and is" if inside else "can be skipped, and is not"
                message = f"{one.cue.id} {quoted(one.cue.text)} {state} a note's"
                yield reporter.tell("daisy-skippable", message, unit=inside or one.cue.id, at=one.cue.begin)
