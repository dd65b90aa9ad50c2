"""Holds what was found in an artefact against what the edition consists of."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from publisher.model.artefacts import Unit, UnitRole
from publisher.model.extract import Found
from publisher.verification.normalise import normalise


class Fault(Enum):
    """What can be wrong with a unit in an artefact; the value ends the check's id (`unit-missing`)."""

    MISSING = "missing"
    ADDED = "added"
    DOUBLED = "doubled"
    ALTERED = "altered"
    ORDER = "order"
    LANGUAGE = "language"
    ROLE = "role"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Difference:
    """One fault of one unit: the expected unit and what was found for it, either None where it is not there."""

    fault: Fault
    expected: Unit | None
    found: Found | None
    detail: str = ""


ALIKE = 0.6
"""Share of common characters from which two texts without ids are taken for one that was altered."""


def one_stream(_: Unit) -> str:
    """Everything in one order."""
    return ""


def compare(
    expected: Sequence[Unit],
    found: Sequence[Found],
    *,
    stream: Callable[[Unit], str] = one_stream,
) -> tuple[Difference, ...]:
    """Every difference between the units expected, in order, and those found, in order.

    Units are matched by id where the artefact carries ids, else by their words, in order, else by likeness; pictures
    and formulas by their place, too. `stream` names what a unit flows in: order counts within each stream, so that
    notes may stand beside any part of the text.
    """
    return compare_matched(expected, found, match(expected, found), stream=stream)


def compare_matched(
    expected: Sequence[Unit],
    found: Sequence[Found],
    matches: Mapping[int, int],
    *,
    stream: Callable[[Unit], str] = one_stream,
) -> tuple[Difference, ...]:
    """As `compare`, for units that `match` has matched already."""
    differences: list[Difference] = []
    taken = set(matches.values())
    known = {normalise(unit.text) for unit in expected} | {unit.id for unit in expected}
    for number, unit in enumerate(expected):
        if number in matches:
            differences.extend(_compare_one(unit, found[matches[number]]))
        else:
            differences.append(Difference(Fault.MISSING, unit, None))
    for number, one in enumerate(found):
        if number not in taken:
            fault = Fault.DOUBLED if normalise(one.text) in known or one.id in known else Fault.ADDED
            differences.append(Difference(fault, None, one))
    for numbers in _streams(expected, matches, stream).values():
        differences.extend(_out_of_order(expected, found, {number: matches[number] for number in numbers}))
    return tuple(differences)


def _streams(
    expected: Sequence[Unit], matches: Mapping[int, int], stream: Callable[[Unit], str]
) -> dict[str, list[int]]:
    streams: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(expected):
        if number in matches:
            streams[stream(unit)].append(number)
    return streams


def match(expected: Sequence[Unit], found: Sequence[Found]) -> dict[int, int]:
    """For the number of each expected unit that was found, the number of what was found."""
    matches: dict[int, int] = {}
    by_id: dict[str, deque[int]] = defaultdict(deque)
    for number, one in enumerate(found):
        if one.id is not None:
            by_id[one.id].append(number)
    for number, unit in enumerate(expected):
        if by_id[unit.id]:
            matches[number] = by_id[unit.id].popleft()
    taken = set(matches.values())
    by_text: dict[tuple[str, str], deque[int]] = defaultdict(deque)
    for number, one in enumerate(found):
        if number not in taken and not one.furniture:
            by_text[one.role.value, normalise(one.text)].append(number)
            by_text["", normalise(one.text)].append(number)
    for number, unit in enumerate(expected):
        if number not in matches:
            same = _first_free(by_text[unit.role.value, normalise(unit.text)], taken)
            if same is None:
                same = _first_free(by_text["", normalise(unit.text)], taken)
            if same is not None:
                matches[number] = same
                taken.add(same)
    _match_alike(expected, found, matches, taken)
    _match_in_place(expected, found, matches, taken)
    return matches


def _first_free(numbers: deque[int], taken: set[int]) -> int | None:
    while numbers:
        number = numbers.popleft()
        if number not in taken:
            return number
    return None


def _match_alike(expected: Sequence[Unit], found: Sequence[Found], matches: dict[int, int], taken: set[int]) -> None:
    """Match what remains by likeness, each to the most alike: these are the altered ones."""
    free = [number for number, one in enumerate(found) if number not in taken and not one.furniture]
    for number, unit in enumerate(expected):
        if number in matches or not free:
            continue
        matcher = SequenceMatcher(None, b=normalise(unit.text), autojunk=False)
        best, score = None, ALIKE
        for candidate in free:
            matcher.set_seq1(normalise(found[candidate].text))
            if matcher.real_quick_ratio() >= score and matcher.quick_ratio() >= score and matcher.ratio() >= score:
                best, score = candidate, matcher.ratio()
        if best is not None:
            matches[number] = best
            taken.add(best)
            free.remove(best)


def _match_in_place(expected: Sequence[Unit], found: Sequence[Found], matches: dict[int, int], taken: set[int]) -> None:
    """Match what stands for a picture or a formula beside what it should stand beside, whatever its words are."""
    for number, unit in enumerate(expected):
        if number in matches or unit.role not in (UnitRole.ALTERNATIVE, UnitRole.MATH):
            continue
        near = [matches[other] + step for other, step in ((number - 1, 1), (number + 1, -1)) if other in matches]
        for place in near:
            if 0 <= place < len(found) and place not in taken and found[place].role is unit.role:
                matches[number] = place
                taken.add(place)
                break


def _compare_one(unit: Unit, one: Found) -> list[Difference]:
    differences = []
    if normalise(unit.text) != normalise(one.text):
        differences.append(Difference(Fault.ALTERED, unit, one, difference_shown(unit.text, one.text)))
    if one.hidden:
        differences.append(Difference(Fault.HIDDEN, unit, one))
    if unit.lang.lower() != one.lang.lower():
        differences.append(Difference(Fault.LANGUAGE, unit, one, f"{unit.lang} is marked as {one.lang or 'nothing'}"))
    if one.furniture:
        differences.append(Difference(Fault.ROLE, unit, one, f"a {unit.role.value} is set apart as page furniture"))
    elif unit.role is not one.role:
        differences.append(Difference(Fault.ROLE, unit, one, f"a {unit.role.value} is marked as {one.role.value}"))
    elif unit.level is not None and unit.level != one.level:
        differences.append(Difference(Fault.ROLE, unit, one, f"level {unit.level} is marked as level {one.level}"))
    return differences


def _out_of_order(expected: Sequence[Unit], found: Sequence[Found], matches: Mapping[int, int]) -> list[Difference]:
    """The units that would have to move for the rest to be in order: the fewest, by the longest increasing run."""
    numbers = sorted(matches)
    kept = set(longest_increasing([matches[number] for number in numbers]))
    return [
        Difference(Fault.ORDER, expected[number], found[matches[number]])
        for number in numbers
        if matches[number] not in kept
    ]


def longest_increasing(values: Sequence[int]) -> list[int]:
    """The longest strictly increasing subsequence (patience sorting, n log n)."""
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = [-1] * len(values)
    for index, value in enumerate(values):
        length = bisect_left(tails, value)
        if length == len(tails):
            tails.append(value)
            tail_at.append(index)
        else:
            tails[length], tail_at[length] = value, index
        before[index] = tail_at[length - 1] if length else -1
    longest: list[int] = []
    index = tail_at[-1] if tail_at else -1
    while index >= 0:
        longest.append(values[index])
        index = before[index]
    return longest[::-1]


def difference_shown(expected: str, found: str) -> str:
    """Where two texts part, in words: `… in [December → November] 2022 …`."""
    old, new = normalise(expected).split(" "), normalise(found).split(" ")
    shown: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            words = old[a:b]
            shown.extend(words if len(words) <= 6 else [*words[:3], "…", *words[-3:]])
        else:
            shown.append(f"[{' '.join(old[a:b]) or 'nothing'} → {' '.join(new[c:d]) or 'nothing'}]")
    return " ".join(shown)
