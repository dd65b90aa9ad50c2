"""Holds one artefact against its source: every disagreement becomes a finding that names where to look.

The ids of the checks are stable: `unit-…` for words, `alternative-…` for what pictures say, `note-…`, `link-…`,
`metadata-…`. Severity is always error: a difference between an artefact and its source is never a matter of taste.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from publisher.model.artefacts import Unit, UnitRole
from publisher.model.extract import Extract, Fact, Found, FoundLink, FoundNote
from publisher.model.findings import Finding, Severity
from publisher.model.publication import Publication
from publisher.model.source import Position
from publisher.verification.compare import Difference, Fault, compare_matched, longest_increasing, match
from publisher.verification.coverage import (
    Coverage,
    expected_units,
    furniture,
    identifier_of,
    notes_of,
    stream_of,
)
from publisher.verification.expected import ExpectedLink, ExpectedNote, Ties, ties, units
from publisher.verification.labels import Label, Vocabulary, labels, marks, words_alone
from publisher.verification.normalise import normalise

_FACTS = {
    "expansion": ("abbreviation-altered", "abbreviation"),
    "header": ("cell-header", "header"),
    "number": ("item-number", "number"),
    "picture": ("picture-altered", "picture"),
}
"""By the kind of a fact, the check and what to call it."""

SAFE_SCHEMES = frozenset(("http", "https", "mailto", "tel", "ftp", "sms", "geo", "doi", "urn"))
"""The schemes of links that a format may carry; others (`javascript:`, `file:`) it must leave out."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One finding with what belongs to it: the artefact, the unit, where in the artefact, both texts."""

    finding: Finding
    artefact: str
    unit: str | None = None
    part: str | None = None
    place: str | None = None
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One artefact held against the source: what it had to hold, where each unit was found, and what disagrees."""

    artefact: str
    coverage: Coverage
    extract: Extract
    expected: tuple[Unit, ...]
    places: Mapping[str, str]
    discrepancies: tuple[Discrepancy, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings alone."""
        return tuple(discrepancy.finding for discrepancy in self.discrepancies)


@dataclass(frozen=True, slots=True)
class Source:
    """The edition with what holds its units together, worked out once for all artefacts."""

    publication: Publication
    ties: Ties
    vocabulary: Vocabulary
    labels: tuple[Label, ...]
    marks: Mapping[str, str]
    series: Mapping[str, str] = field(default_factory=dict)


def source_of(publication: Publication, offered: Iterable[str] = ()) -> Source:
    """The edition as artefacts are held against it. `offered` are names and purposes of the files that it offers."""
    held = ties(publication)
    by_note = {note.id: note.series for note in held.notes}
    series = {unit: by_note[note] for unit, note in held.holders.items()}
    return Source(
        publication,
        held,
        Vocabulary(publication, units(publication), offered),
        tuple(labels(publication)),
        marks(publication),
        series,
    )


def hold_against(extract: Extract, source: Source, coverage: Coverage) -> Comparison:
    """Compare all that was found in one artefact with all that it must hold."""
    expected = expected_units(source.publication, coverage)
    matches = match(expected, extract.units)
    known = [number for number, at in matches.items() if expected[number].id == extract.units[at].id]
    there = {expected[number].id for number in known}
    ours = len(known) * 2 > len(matches)
    must = notes_of(source.publication, coverage, source.ties)
    judge = _Judge(extract, source, coverage, expected, must, _other_names(expected, extract, matches, source), ours)
    discrepancies = [
        *judge.units(matches),
        *(judge.furniture() if coverage.furniture else ()),
        *judge.notes(),
        *judge.links({unit.id for unit in expected}),
        *judge.facts(there),
        *judge.metadata(),
    ]
    places = {expected[number].id: extract.units[at].place for number, at in matches.items()}
    return Comparison(extract.path, coverage, extract, expected, places, tuple(discrepancies))


@dataclass(frozen=True, slots=True)
class _Judge:
    extract: Extract
    source: Source
    coverage: Coverage
    expected: tuple[Unit, ...]
    must: frozenset[str]
    other_names: Mapping[str, str]
    ours: bool

    @property
    def nested(self) -> bool:
        """Whether the artefact tells which units stand in a note."""
        return any(unit.note for unit in self.extract.units)

    def units(self, matches: Mapping[int, int]) -> Iterator[Discrepancy]:
        """Missing, added, doubled, altered, out of order, in another language or role, hidden, misplaced."""
        allowed = Counter(furniture(self.source.publication))
        differences = compare_matched(
            self.expected,
            self.extract.units,
            matches,
            stream=lambda unit: stream_of(self.coverage, self.source.series, unit),
        )
        for difference in differences:
            if (
                difference.expected is None
                and difference.found is not None
                and _is_furniture(difference.found, allowed)
            ):
                continue
            yield self._unit(difference)
        for number, at in matches.items():
            yield from self._inside(self.expected[number], self.extract.units[at])

    def _unit(self, difference: Difference) -> Discrepancy:
        unit, found = difference.expected, difference.found
        check = _check_of(difference)
        what = _what(unit, found)
        match difference.fault:
            case Fault.MISSING:
                message = f"{what} is missing: {_shown(unit.text if unit else '')}"
            case Fault.ADDED:
                message = f"{what} stands in no source: {_shown(found.text if found else '')}"
            case Fault.DOUBLED:
                message = f"{what} stands there once too often: {_shown(found.text if found else '')}"
            case Fault.ALTERED:
                message = f"{what} reads otherwise: {difference.detail}"
            case Fault.ORDER:
                message = f"{what} is out of order: {_shown(unit.text if unit else '')}"
            case Fault.LANGUAGE | Fault.ROLE:
                message = f"{what}: {difference.detail}"
            case Fault.HIDDEN:
                message = f"{what} is hidden from readers: {_shown(unit.text if unit else '')}"
        return self._told(check, message, unit, found.place if found else None, found.text if found else None)

    def _inside(self, unit: Unit, found: Found) -> Iterator[Discrepancy]:
        """What a unit's words are marked with, and the note that it stands in."""
        if normalise(unit.text) == normalise(found.text):
            wanted = _stretches(self.source.ties.languages.get(unit.id, ()) or ((unit.text, unit.lang),))
            there = _stretches(found.runs or ((found.text, found.lang),))
            if wanted != there and unit.lang.lower() == found.lang.lower():
                detail = _languages_shown(wanted, there)
                message = f"{_what(unit, found)} has words marked as another language: {detail}"
                yield self._told("unit-language", message, unit, found.place, found.text)
        holder = self.source.ties.holders.get(unit.id)
        note = self.other_names.get(found.note or "", found.note)
        if self.nested and unit.part in ("article", "note", "introduction", "method") and note != holder:
            away = f"in {found.note}" if found.note else "outside all notes"
            message = f"{_what(unit, found)} stands {away}" + (f", not in {holder}" if holder else "")
            yield self._told("unit-order", message, unit, found.place, found.text)

    def furniture(self) -> Iterator[Discrepancy]:
        """Words around the text that come from nowhere; notes with other labels than theirs."""
        around = [unit for unit in self.extract.units if unit.furniture]
        for found in around:
            if not self.source.vocabulary.holds(found.text):
                message = f"a {found.role.value} around the text stands in no source: {_shown(found.text)}"
                yield self._told("unit-added", message, None, found.place, found.text)
        for link in self.extract.links:
            if link.back and not self.source.vocabulary.holds(link.text):
                message = f"a way back from a note stands in no source: {_shown(link.text)}"
                yield self._told("unit-added", message, None, link.place, link.text)
        yield from self._marks()
        said = {(unit.note, words_alone(unit.text)) for unit in around if unit.note}
        labelled = {note.id for note in self.extract.notes} if said else set()
        owners = {note.id: note for note in self.source.ties.notes}
        for label in self.source.labels:
            if label.note in labelled and (label.note, words_alone(label.text)) not in said:
                message = f"note {label.note} does not tell its {label.what}, {_shown(label.text)}"
                yield self._about(owners[label.note], "note-label", message)

    def _marks(self) -> Iterator[Discrepancy]:
        """The marks that call notes show their numbers."""
        owners = {call: note for note in self.source.ties.notes for call in note.calls}
        for link in self.extract.links:
            owner = owners.get(link.id or "")
            if link.calls and owner and words_alone(link.text) != self.source.marks[owner.id]:
                message = f"the mark of {owner.id} shows “{link.text}”, not {self.source.marks[owner.id]}"
                yield self._about(owner, "note-label", message, link.place)

    def notes(self) -> Iterator[Discrepancy]:
        """Notes without their calls, calls elsewhere or out of order, notes without a way back."""
        must = self.must
        held = {self.other_names.get(note.id, note.id): note for note in self.extract.notes}
        calls = [link for link in self.extract.links if link.calls]
        if not (held or calls or self.coverage.marks_notes):
            return
        shown = {unit.id for unit in self.expected}
        for note in self.source.ties.notes:
            if note.id not in must:
                continue
            found = held.get(note.id)
            if found is None:
                yield self._about(note, "note-missing", f"note {note.id} is not marked as a note")
                continue
            if found.id != note.id:
                yield from self._strange_note(note, found)
                continue
            for call in note.calls:
                if not self._called_here(call, shown):
                    continue
                if call not in found.calls:
                    yield self._about(
                        note, "note-call-missing", f"note {note.id} is not called where it belongs, at {call}"
                    )
                if call not in found.backlinks:
                    message = f"note {note.id} has no way back to {call}"
                    yield self._about(note, "note-backlink-missing", message, found.place)
            for call in found.calls:
                if call not in note.calls:
                    message = f"note {note.id} is called from {call or 'a place'}, which calls another note or none"
                    yield self._about(note, "note-call-added", message, found.place)
        yield from self._calls_in_order(must, calls, shown)

    def _strange_note(self, note: ExpectedNote, found: FoundNote) -> Iterator[Discrepancy]:
        """A note that goes by another name has calls of other names too: they are only counted."""
        if not found.calls:
            yield self._about(note, "note-call-missing", f"note {note.id} is not called", found.place)
        if not found.backlinks:
            yield self._about(note, "note-backlink-missing", f"note {note.id} has no way back", found.place)

    def _called_here(self, call: str, shown: set[str]) -> bool:
        """Whether the artefact holds the unit that a footnote's call stands in; notes are called from the text."""
        holder = self.source.ties.calls.get(call)
        return holder is None or holder in shown

    def _calls_in_order(
        self, must: frozenset[str], calls: Sequence[FoundLink], shown: set[str]
    ) -> Iterator[Discrepancy]:
        """Calls stand in the order of their notes' numbers, and in the block that they belong in."""
        for series in dict.fromkeys(note.series for note in self.source.ties.notes):
            notes = [note for note in self.source.ties.notes if note.series == series and note.id in must]
            numbers = {
                call: number for number, call in enumerate(self._call_order(notes)) if self._called_here(call, shown)
            }
            there = [link for link in calls if link.id in numbers]
            kept = set(longest_increasing([numbers[link.id or ""] for link in there]))
            owners = {call: note for note in notes for call in note.calls}
            for link in there:
                owner = owners[link.id or ""]
                block = self.source.ties.calls.get(link.id or "") or self.source.ties.targets.get(owner.id)
                if numbers[link.id or ""] not in kept:
                    yield self._about(owner, "note-order", f"the call of {owner.id} is out of order", link.place)
                elif block and link.unit and link.unit in shown and link.unit != block:
                    message = f"the call of {owner.id} stands in {link.unit}, not in {block}"
                    yield self._about(owner, "note-order", message, link.place)

    def _call_order(self, notes: Sequence[ExpectedNote]) -> list[str]:
        return [call for note in notes for call in note.calls[:1]]

    def links(self, shown: set[str]) -> Iterator[Discrepancy]:
        """Links that lead nowhere, links of the source that are not there, links that no source has."""
        for link in self.extract.links:
            if link.resolves is False:
                message = f"the link “{link.text}” leads to {link.target}, which is not there"
                yield self._told("link-target-missing", message, None, link.place, link.target)
        plain = [link for link in self.extract.links if not (link.calls or link.back)]
        free: dict[tuple[str, str], deque[FoundLink]] = defaultdict(deque)
        for link in plain:
            free[_target(link.target), normalise(link.text)].append(link)
        used: set[int] = set()
        for wanted in self.source.ties.links:
            if not (wanted.unit in shown or self._note_shown(wanted.unit)) or not _may_stand(wanted.target):
                continue
            found = self._find_link(wanted, free)
            if found is None:
                yield self._link_missing(wanted)
            else:
                used.add(id(found))
        yield from self._contents()
        for link in plain:
            outside = link.resolves is None and ":" in link.target
            if id(link) not in used and not link.furniture and outside:
                message = f"the link “{link.text}” to {link.target} stands in no source"
                yield self._told("link-added", message, None, link.place, link.target)

    def _contents(self) -> Iterator[Discrepancy]:
        """Lines of the contents are worded as the headings that they lead to."""
        headings = {unit.id: unit for unit in self.expected if unit.role is UnitRole.HEADING}
        worded = {unit: normalise(headings[unit].text) for unit in headings}
        others = set(worded.values())
        for link in self.extract.links:
            id = link.target.rpartition("#")[2]
            text = normalise(link.text)
            if (
                link.furniture
                and not (link.back or link.calls)
                and id in worded
                and text != worded[id]
                and text in others
            ):
                message = f"the contents call {id} “{link.text}”; its heading is “{headings[id].text}”"
                yield self._told("contents-altered", message, headings[id], link.place, link.text)

    def _note_shown(self, id: str) -> bool:
        return id in self.must and any(note.id == id for note in self.extract.notes)

    def _find_link(self, wanted: ExpectedLink, free: Mapping[tuple[str, str], deque[FoundLink]]) -> FoundLink | None:
        target = _target(wanted.target)
        for key in (target, f"{target}-plain") if target.startswith("#") else (target,):
            found = free.get((key, normalise(wanted.text)))
            if found:
                return found.popleft()
        if not self.ours and target.startswith("#"):
            # A stranger's ids are others, so the words alone must do.
            same = [links for (to, text), links in free.items() if to[:1] == "#" and text == normalise(wanted.text)]
            return next((links.popleft() for links in same if links), None)
        return None

    def _link_missing(self, wanted: ExpectedLink) -> Discrepancy:
        message = f"the link “{wanted.text}” to {wanted.target} in {wanted.unit} is not there"
        finding = self._finding("link-missing", message, wanted.unit, self.source.ties.positions.get(wanted.unit))
        return Discrepancy(finding, self.extract.path, wanted.unit, None, None, wanted.target, None)

    def facts(self, there: set[str]) -> Iterator[Discrepancy]:
        """What is said of the units beside their words. `there` are the units found by their own ids."""
        free = Counter((fact.kind, fact.id, normalise(fact.value)) for fact in self.extract.facts)
        found = {(fact.kind, fact.id): fact for fact in self.extract.facts}
        known: set[tuple[str, str]] = set()
        for wanted in self.source.ties.facts:
            if wanted.kind not in self.extract.tells or wanted.unit not in there:
                continue
            known.add((wanted.kind, wanted.id))
            key = (wanted.kind, wanted.id, normalise(wanted.value))
            if free[key] > 0:
                free[key] -= 1
                continue
            fact = found.get((wanted.kind, wanted.id))
            yield self._fact(wanted.kind, wanted.id, wanted.value, fact)
        for fact in self.extract.facts:
            if (
                fact.kind in self.extract.tells
                and (fact.kind, fact.id) not in known
                and fact.id in there
                and fact.kind != "picture"
            ):
                yield self._fact(fact.kind, fact.id, None, fact)

    def _fact(self, kind: str, id: str, wanted: str | None, fact: Fact | None) -> Discrepancy:
        there = fact.value if fact else None
        place = fact.place if fact else None
        message = f"the {_FACTS[kind][1]} of {id} is {there or 'not there'}, not {wanted or 'to be there'}"
        at = f" (at {place})" if place else ""
        finding = self._finding(_FACTS[kind][0], message + at, id, self.source.ties.positions.get(id))
        return Discrepancy(finding, self.extract.path, id, None, place, wanted, there)

    def metadata(self) -> Iterator[Discrepancy]:
        """Title, creators, language, date and identifier as the source has them."""
        metadata = self.source.publication.metadata
        wanted: dict[str, tuple[str, ...]] = {
            "title": (metadata.title,),
            "creator": tuple(creator.name for creator in metadata.creators if creator.role == "aut"),
            "language": (metadata.lang,),
            "date": (metadata.date.isoformat(),) if metadata.date else (),
            "identifier": (identifier_of(self.source.publication, self.coverage),),
        }
        for name in self.coverage.metadata:
            there = tuple(normalise(value) for value in self.extract.metadata.get(name, ()))
            should = tuple(normalise(value) for value in wanted[name])
            if not _agrees(name, should, there):
                shown, found = "; ".join(wanted[name]) or "nothing", "; ".join(there) or "nothing"
                message = f"the metadata say of the {name}: {found}; the source says: {shown}"
                finding = self._finding(f"metadata-{name}", message, None, _front(self.source.publication))
                yield Discrepancy(finding, self.extract.path, None, "front", "metadata", shown, found)

    def _about(self, note: ExpectedNote, check: str, message: str, place: str | None = None) -> Discrepancy:
        finding = self._finding(check, message, note.id, self.source.ties.positions.get(note.id))
        return Discrepancy(finding, self.extract.path, note.id, note.series.split()[0], place)

    def _told(self, check: str, message: str, unit: Unit | None, place: str | None, found: str | None) -> Discrepancy:
        position = self.source.ties.positions.get(unit.id) if unit else None
        if unit and unit.part == "front":
            position = _front(self.source.publication)
        at = f" (at {place})" if place else ""
        finding = self._finding(check, f"{message}{at}", unit.id if unit else None, position)
        return Discrepancy(
            finding,
            self.extract.path,
            unit.id if unit else None,
            unit.part if unit else None,
            place,
            unit.text if unit else None,
            found,
        )

    def _finding(self, check: str, message: str, unit: str | None, position: Position | None) -> Finding:
        where = f"{self.extract.path} {unit}" if unit else self.extract.path
        told = f"{self.extract.path}: {message}; build it again, and report it if it stays so"
        return Finding(check, Severity.ERROR, told, position, where)


def _other_names(
    expected: Sequence[Unit], extract: Extract, matches: Mapping[int, int], source: Source
) -> dict[str, str]:
    """The notes of an artefact that go by ids that the source does not know, by what stands in them."""
    ours = {note.id for note in source.ties.notes}
    names: dict[str, str] = {}
    for number, at in matches.items():
        holder, note = source.ties.holders.get(expected[number].id), extract.units[at].note
        if holder and note and note not in ours:
            names.setdefault(note, holder)
    return names


def _front(publication: Publication) -> Position | None:
    """Where the front matter stands: at the head of the file that the first block is in."""
    first = next(iter(publication.blocks()), None)
    return Position(first.position.path, 1) if first else None


def _check_of(difference: Difference) -> str:
    role = difference.expected.role if difference.expected else difference.found.role if difference.found else None
    if role is UnitRole.ALTERNATIVE and difference.fault in (Fault.MISSING, Fault.ALTERED):
        return f"alternative-{difference.fault.value}"
    return f"unit-{difference.fault.value}"


def _what(unit: Unit | None, found: Found | None) -> str:
    """`the paragraph albania-2`, `a heading`."""
    if unit is not None:
        return f"the {unit.role.value} {unit.id}"
    role = found.role.value if found else "unit"
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"


def _shown(text: str) -> str:
    words = normalise(text).split(" ")
    return f"“{' '.join(words[:14])}{' …' if len(words) > 14 else ''}”"


def _is_furniture(found: Found, allowed: Counter[str]) -> bool:
    """Whether an artefact adds this by its design. What is allowed a number of times is counted down."""
    if found.furniture:
        return True
    text = normalise(found.text)
    if allowed[text] > 0:
        allowed[text] -= 1
        return True
    return False


def _stretches(runs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Runs without white space (which belongs to no language), those of one language joined."""
    joined: list[tuple[str, str]] = []
    for text, lang in runs:
        letters = "".join(normalise(text).split())
        if not letters:
            continue
        if joined and joined[-1][1] == lang.lower():
            joined[-1] = (joined[-1][0] + letters, lang.lower())
        else:
            joined.append((letters, lang.lower()))
    return tuple(joined)


def _languages_shown(wanted: Sequence[tuple[str, str]], there: Sequence[tuple[str, str]]) -> str:
    for one, other in zip(wanted, there, strict=False):
        if one != other:
            return f"“{one[0][:40]}” is {one[1]}, “{other[0][:40]}” is marked as {other[1]}"
    return f"{len(wanted)} stretches, {len(there)} marked"


def _may_stand(target: str) -> bool:
    try:
        return target.startswith("#") or urlsplit(target).scheme.lower() in SAFE_SCHEMES
    except ValueError:
        return False


def _target(target: str) -> str:
    """A link's target as it is compared: the fragment of one inside the edition, else the whole address."""
    if ":" in target.partition("/")[0] or target.startswith("//"):
        return target.strip()
    return f"#{unquote(target.partition('#')[2])}"


def _agrees(name: str, wanted: tuple[str, ...], there: tuple[str, ...]) -> bool:
    """Whether metadata say what the source says. Some formats hold more: a subtitle, the commentary's languages, all
    who took part; what the source names must come first, in its order."""
    match name:
        case "creator":
            return there == wanted
        case "title" | "language":
            return there[: len(wanted)] == wanted
        case _:
            return there == wanted
