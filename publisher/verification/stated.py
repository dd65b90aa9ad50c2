"""What is said of the units beside their words: numbers, cells, raised digits, pictures, formulas, targets of notes."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator

from publisher.model.extract import Fact
from publisher.verification.case import Case
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.facts import ExpectedFact
from publisher.verification.normalise import normalise

FACTS = {
    "expansion": ("abbreviation-altered", "abbreviation"),
    "header": ("cell-header", "header"),
    "cell": ("cell-order", "cell"),
    "number": ("item-number", "number"),
    "within": ("unit-within", "surrounding"),
    "picture": ("picture-altered", "picture"),
    "cover": ("cover-altered", "cover"),
    "script": ("script-altered", "raised or lowered text"),
    "struck": ("struck-altered", "struck text"),
    "line": ("line-altered", "line"),
    "formula": ("formula-altered", "formula"),
    "target": ("note-target", "target"),
    "restates": ("restates-altered", "restated text"),
    "signed": ("note-signed", "signature"),
    "checked": ("item-checked", "state"),
}
"""By the kind of a fact, the check and what to call it."""

_OF_WORDS = frozenset(("line", "script", "struck", "target"))
"""The kinds that tell of some of a unit's words: where those are others, that is told already."""
_OF_NO_UNIT = frozenset(("target", "restates", "signed"))
"""The kinds whose facts are known by ids of notes and counterparts."""


def check_facts(case: Case) -> Iterator[Discrepancy]:
    """Facts that are missing, that say something else, or that the source does not know."""
    tells = case.extract.tells
    flat = case.coverage.word

    def key(fact: Fact | ExpectedFact) -> tuple[str, str, str]:
        return _key(fact, flat=flat)

    free = Counter(map(key, case.extract.facts))
    found: dict[tuple[str, str], list[Fact]] = {}
    for fact in case.extract.facts:
        found.setdefault((fact.kind, fact.id), []).append(fact)
    missing = []
    for one in case.source.ties.facts:
        there = _is_there(case, one.kind, one.unit) and (one.kind != "target" or one.id in case.must)
        there = there and not (one.kind == "script" and _stands_off(case, one.value))
        if free[key(one)] > 0:
            free[key(one)] -= 1
        elif there and one.kind in tells:
            missing.append(one)
    for one in missing:
        # What is there instead is shown beside what should be.
        others = [fact for fact in found.get((one.kind, one.id), ()) if free[key(fact)] > 0]
        if others:
            free[key(others[0])] -= 1
        yield _told(case, one.kind, one.id, one.value, others[0] if others else None)
    pictures = {one.id for one in case.source.ties.facts if one.kind == "picture"}
    for fact in case.extract.facts:
        unit = fact.value.partition(": ")[0] if fact.kind == "target" and ": " in fact.value else fact.id
        of_ours = _is_there(case, fact.kind, unit) or (fact.kind in _OF_NO_UNIT and unit == fact.id and case.ours)
        if fact.kind in tells and of_ours and free[key(fact)] > 0 and fact.kind != "picture":
            free[key(fact)] -= 1
            yield _told(case, fact.kind, fact.id, None, fact)
        elif fact.kind == "picture" and fact.id not in pictures and case.coverage.furniture:
            yield from _strange_picture(case, fact)


def _is_there(case: Case, kind: str, unit: str) -> bool:
    return unit in (case.as_written if kind in _OF_WORDS else case.there)


def _stands_off(case: Case, words: str) -> bool:
    """Whether nobody can tell from a page that words are raised: those of right-to-left scripts always look so."""
    return case.extract.format == "pdf" and any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in words)


def _key(fact: Fact | ExpectedFact, *, flat: bool) -> tuple[str, str, str]:
    value = normalise(fact.value)
    if flat and fact.kind == "within":
        return fact.kind, fact.id, " ".join(sorted(value.split()))
    # The words of a target may be marked in pieces, the spaces between them or not.
    return fact.kind, fact.id, value.replace(" ", "") if fact.kind == "target" else value


def _told(case: Case, kind: str, id: str, wanted: str | None, fact: Fact | None) -> Discrepancy:
    there, place = (fact.value, fact.place) if fact else (None, None)
    check, name = FACTS[kind]
    at = f" (at {place})" if place else ""
    message = f"the {name} of {id} is {there or 'not there'}, not {wanted or 'to be there'}{at}"
    return case.of_id(check, message, id, place, expected=wanted, found=there)


def _strange_picture(case: Case, fact: Fact) -> Iterator[Discrepancy]:
    """A picture that goes by no id of the source is one of the edition's own, at least: its cover, a repeated one."""
    known = {resource.sha256 for resource in case.source.publication.resources.values()}
    cover = case.source.publication.metadata.cover
    if cover is not None:
        known.add(cover.sha256)
    if fact.value not in known:
        message = f"a picture stands in no source: {fact.value} (at {fact.place})"
        yield case.of_id("picture-added", message, None, fact.place, expected=None, found=fact.value)
