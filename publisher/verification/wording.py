"""The words: every unit once, as written, in order, in its language and role, shown to readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from publisher.model.artefacts import Unit, UnitRole
from publisher.model.extract import Found
from publisher.verification.case import Case, quoted
from publisher.verification.compare import Difference, Fault, compare_matched
from publisher.verification.coverage import furniture, stream_of
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.normalise import normalise, normalise_lines


def check_units(case: Case) -> Iterator[Discrepancy]:
    """Missing, added, doubled, altered, out of order, in another language or role, hidden, misplaced."""
    allowed = Counter(furniture(case.source.publication))
    differences = compare_matched(
        case.expected,
        case.extract.units,
        case.matches,
        stream=lambda unit: stream_of(case.coverage, case.source.series, unit),
    )
    for difference in differences:
        if difference.expected is None and difference.found is not None and _is_furniture(difference.found, allowed):
            continue
        yield _told(case, difference)
    nested = any(unit.note for unit in case.extract.units)
    for number, at in case.matches.items():
        unit, found = case.expected[number], case.extract.units[at]
        if normalise(unit.text) == normalise(found.text):
            yield from _laid_out(case, unit, found)
            yield from _in_languages(case, unit, found)
        if nested:
            yield from _in_its_note(case, unit, found)


def _told(case: Case, difference: Difference) -> Discrepancy:
    unit, found = difference.expected, difference.found
    what = _what(unit, found)
    match difference.fault:
        case Fault.MISSING:
            message = f"{what} is missing: {quoted(unit.text if unit else '')}"
        case Fault.ADDED:
            message = f"{what} stands in no source: {quoted(found.text if found else '')}"
        case Fault.DOUBLED:
            message = f"{what} stands there once too often: {quoted(found.text if found else '')}"
        case Fault.ALTERED:
            message = f"{what} reads otherwise: {difference.detail}"
        case Fault.ORDER:
            message = f"{what} is out of order: {quoted(unit.text if unit else '')}"
        case Fault.LANGUAGE | Fault.ROLE:
            message = f"{what}: {difference.detail}"
        case Fault.HIDDEN:
            message = f"{what} is hidden from readers: {quoted(unit.text if unit else '')}"
    place, text = (found.place, found.text) if found else (None, None)
    return case.of_unit(_check_of(difference), message, unit, place, text)


def _check_of(difference: Difference) -> str:
    role = difference.expected.role if difference.expected else difference.found.role if difference.found else None
    if role is UnitRole.ALTERNATIVE and difference.fault in (Fault.MISSING, Fault.ALTERED):
        return f"alternative-{difference.fault.value}"
    return f"unit-{difference.fault.value}"


def _laid_out(case: Case, unit: Unit, found: Found) -> Iterator[Discrepancy]:
    """White space has a meaning in code: indentation, lines."""
    if unit.role is UnitRole.CODE and "layout" in case.extract.tells:
        wanted, there = normalise_lines(unit.text), normalise_lines(found.text)
        if wanted != there:
            number = next((n for n, (a, b) in enumerate(zip(wanted, there, strict=False), 1) if a != b), len(there))
            message = f"{_what(unit, found)} has other white space or lines, first in its line {number}"
            yield case.of_unit("unit-altered", message, unit, found.place, found.text)


def _in_languages(case: Case, unit: Unit, found: Found) -> Iterator[Discrepancy]:
    """Words in another language are marked as such."""
    wanted = _stretches(case.source.ties.languages.get(unit.id, ()) or ((unit.text, unit.lang),))
    there = _stretches(found.runs or ((found.text, found.lang),))
    if wanted != there and unit.lang.lower() == found.lang.lower():
        detail = _languages_shown(wanted, there)
        message = f"{_what(unit, found)} has words marked as another language: {detail}"
        yield case.of_unit("unit-language", message, unit, found.place, found.text)


def _in_its_note(case: Case, unit: Unit, found: Found) -> Iterator[Discrepancy]:
    """What is said in a note stands in that note, what is said in the text in none."""
    holder = case.source.ties.holders.get(unit.id)
    note = case.other_names.get(found.note or "", found.note)
    if unit.part in ("article", "note", "introduction", "method") and note != holder:
        away = f"in {found.note}" if found.note else "outside all notes"
        message = f"{_what(unit, found)} stands {away}" + (f", not in {holder}" if holder else "")
        yield case.of_unit("unit-order", message, unit, found.place, found.text)


def _what(unit: Unit | None, found: Found | None) -> str:
    """`the paragraph albania-2`, `a heading`."""
    if unit is not None:
        return f"the {unit.role.value} {unit.id}"
    role = found.role.value if found else "unit"
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"


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
