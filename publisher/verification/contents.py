"""The tables of contents: every heading has its line, in order, with its words, leading to it, as deep as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote

from publisher.model.artefacts import Unit, UnitRole
from publisher.model.extract import FoundContents, FoundEntry
from publisher.model.inlines import told_text
from publisher.model.publication import Publication, Section
from publisher.verification.case import Case
from publisher.verification.compare import longest_increasing
from publisher.verification.coverage import ContentsRule
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.expected import REPEATED
from publisher.verification.normalise import normalise

_CALLED = {"toc": "table of contents", "ncx": "contents for older readers (NCX)", "bookmarks": "list of bookmarks"}


@dataclass(frozen=True, slots=True)
class _Line:
    """An expected line: the heading's unit, the words that it may have, where the heading stands."""

    unit: Unit
    texts: frozenset[str]
    place: str

    def leading(self, entries: Mapping[int, FoundEntry]) -> list[int]:
        """The entries that lead to the heading; where none does, those that lead with its words to the document or the
        page that it stands on. (A document's own entry may have the same words: the book's title as its heading.)"""
        document, mark, _ = self.place.rpartition("#")
        here = {f"#{self.unit.id}", self.place} if mark else {f"#{self.unit.id}"}
        exact = [number for number, entry in entries.items() if entry.target in here]
        near = (document, self.place)
        return exact or [
            number for number, entry in entries.items() if entry.target in near and normalise(entry.text) in self.texts
        ]


def check_contents(case: Case) -> Iterator[Discrepancy]:
    """Lines that are missing, worded otherwise, twice there, out of order or at another depth."""
    found = {contents.kind: contents for contents in case.extract.contents}
    for rule in case.coverage.contents:
        lines = _lines(case, rule)
        if rule.kind in found:
            yield from _compare(case, found[rule.kind], lines)
        elif sum(1 for line in lines if line.unit.level == 2) >= rule.fewest:
            message = f"there is no {_CALLED[rule.kind]}; {len(lines)} headings should stand in one"
            yield case.of_unit("contents-missing", message, None, None, None)
    yield from _elsewhere(case)


def _elsewhere(case: Case) -> Iterator[Discrepancy]:
    """Other lists lead to headings too, such as that of what has no plain wording: by these headings' own words."""
    listed = {(entry.text, entry.target.rpartition("#")[2]) for one in case.extract.contents for entry in one.entries}
    told = _headings(case.source.publication, plain_passages=True)
    headings = {unit.id: unit for unit in case.expected if unit.id in told}
    for link in case.extract.links:
        id = unquote(link.target.rpartition("#")[2])
        heading, text = headings.get(id), normalise(link.text)
        if not link.furniture or link.back or link.calls or heading is None or (link.text, id) in listed:
            continue
        if text not in (told[id], normalise(heading.text)) and text in told.values():
            message = f"a link “{link.text}” leads to {id}, whose heading is “{heading.text}”"
            yield case.of_unit("contents-altered", message, heading, link.place, link.text)


def _lines(case: Case, rule: ContentsRule) -> list[_Line]:
    told = _headings(case.source.publication, plain_passages=rule.plain_passages)
    places = case.places
    return [
        _Line(unit, frozenset({normalise(unit.text), told[unit.id]}), places[unit.id])
        for unit in case.expected
        if unit.role is UnitRole.HEADING
        and unit.part not in rule.without
        and unit.id in told
        and unit.id in places
        and (unit.level or 0) <= rule.depth
    ]


def _headings(publication: Publication, *, plain_passages: bool) -> Mapping[str, str]:
    """The units that contents lead to, each with its words, formulas told."""
    found: dict[str, str] = {}

    def add(sections: Sequence[Section]) -> None:
        for section in sections:
            heading = section.heading
            if heading is not None:
                found[heading.id] = normalise(told_text(heading.inlines))
                found[f"{heading.id}{REPEATED}"] = normalise(heading.plain or told_text(heading.inlines))
            add(section.sections)

    add(publication.sections)
    passages = [passage for layer in publication.layers for passage in (layer.introduction, layer.method)]
    for passage in (*passages, publication.glossary):
        if passage is not None:
            found[passage.id] = normalise(passage.title)
            if passage.plain is not None and plain_passages:
                found[f"{passage.plain.id}-title"] = normalise(passage.title)
    return found


def _compare(case: Case, contents: FoundContents, lines: Sequence[_Line]) -> Iterator[Discrepancy]:
    what = f"the {_CALLED[contents.kind]}"
    matched: list[tuple[_Line, int]] = []
    used: set[int] = set()
    for line in lines:
        leading = line.leading({n: entry for n, entry in enumerate(contents.entries) if n not in used})
        first = next(iter(leading), None)
        if first is None:
            message = f"{what} has no line that leads to {line.unit.id}, “{line.unit.text}”"
            yield case.of_unit("contents-missing", message, line.unit, contents.place, None)
            continue
        used.update(leading if "#" in line.place else (first,))
        matched.append((line, first))
        entry = contents.entries[first]
        if normalise(entry.text) not in line.texts:
            message = f"{what} calls {line.unit.id} “{entry.text}”; its heading is “{line.unit.text}”"
            yield case.of_unit("contents-altered", message, line.unit, contents.place, entry.text)
        for other in leading[1:]:
            if other in used:
                message = f"{what} leads to {line.unit.id} once more, by “{contents.entries[other].text}”"
                yield case.of_unit("contents-added", message, line.unit, contents.place, contents.entries[other].text)
    kept = set(longest_increasing([number for _, number in matched]))
    for line, number in matched:
        if number not in kept:
            message = f"{what} has the line for {line.unit.id}, “{line.unit.text}”, out of order"
            yield case.of_unit("contents-order", message, line.unit, contents.place, contents.entries[number].text)
    yield from _depths(case, contents, [(line, number) for line, number in matched if number in kept])


def _depths(case: Case, contents: FoundContents, matched: Sequence[tuple[_Line, int]]) -> Iterator[Discrepancy]:
    """Within a part, lines go deeper and up again as their headings do; no line stands under one of another part."""
    parts = {number: line.unit.part for line, number in matched}
    for line, number in matched:
        level = contents.entries[number].level
        over = next((n for n in range(number - 1, -1, -1) if contents.entries[n].level < level), None)
        if over in parts and parts[over] != line.unit.part:
            message = f"the {_CALLED[contents.kind]} has the line for {line.unit.id}, “{line.unit.text}”, under another"
            yield case.of_unit("contents-order", message, line.unit, contents.place, contents.entries[number].text)
    for (above, before), (line, number) in pairwise(matched):
        if above.unit.part != line.unit.part:
            continue
        wanted = (line.unit.level or 0) - (above.unit.level or 0)
        there = contents.entries[number].level - contents.entries[before].level
        if wanted != there:
            message = (
                f"the {_CALLED[contents.kind]} has the line for {line.unit.id}, “{line.unit.text}”,"
                f" at another depth than its heading"
            )
            yield case.of_unit("contents-order", message, line.unit, contents.place, contents.entries[number].text)
