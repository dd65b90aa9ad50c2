"""Whether the script tells the whole edition: every unit that audio must hold has its lines, with its words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from publisher.model.artefacts import Unit, UnitRole
from publisher.model.inlines import OBJECT
from publisher.model.narration import Line, Role, Script
from publisher.verification.expected import REPEATED
from publisher.verification.normalise import normalise


def lines_of(script: Script) -> tuple[Line, ...]:
    """All lines of a script, in order."""
    return tuple(line for chapter in script.chapters for line in chapter.lines)


def holders(unit: Unit) -> tuple[str, ...]:
    """The ids of what may say a unit: its own, else that of the block that a picture, formula or task stands in.

    A heading that the plain-language part repeats has its pictures and formulas there once more: `h-math1-plain`
    stands in `h-plain`.
    """
    own = unit.id, unit.id.rpartition("-")[0]
    again = unit.id.removesuffix(REPEATED)
    if again != unit.id and unit.role in (UnitRole.MATH, UnitRole.ALTERNATIVE):
        return *own, f"{again.rpartition('-')[0]}{REPEATED}"
    return own


def untold(units: Iterable[Unit], script: Script) -> Iterator[tuple[Unit, str]]:
    """The units that a script does not tell as they are, each with what is wrong."""
    lines: dict[str, list[Line]] = {}
    for line in lines_of(script):
        for id in dict.fromkeys((line.unit, line.id)):
            lines.setdefault(id, []).append(line)
    for unit in units:
        found = next((lines[id] for id in holders(unit) if id in lines), [])
        if not found:
            yield unit, "is not told"
        elif unit.role in (UnitRole.MATH, UnitRole.ALTERNATIVE):
            if _letters(unit.text) not in _letters(" ".join(f"{line.said} {line.shown}" for line in found)):
                yield unit, "is not told within its block"
        else:
            own = [line for line in found if line.role is not Role.ANNOUNCEMENT or line.id == unit.id]
            told = normalise(" ".join(line.shown.replace(OBJECT, " ") for line in own))
            if told != normalise(unit.text):
                yield unit, f"is told in other words: {told}"


def misplaced(
    units: Sequence[Unit], everything: Iterable[Unit], ordered: Collection[str], script: Script
) -> Iterator[tuple[Unit, str]]:
    """The units that a script tells though they are not its own, or in another order than that of `units`.

    `ordered` are the parts that are told in order; those beside the text may be told anywhere.
    """
    everything = tuple(everything)
    known = {unit.id for unit in (*units, *everything)}
    firsts: dict[str, int] = {}
    for number, line in enumerate(lines_of(script)):
        if line.role is not Role.ANNOUNCEMENT:
            firsts.setdefault(line.id if line.id in known else line.unit, number)
    own = {unit.id for unit in units}
    for unit in everything:
        if unit.id in firsts and unit.id not in own:
            yield unit, "is told, but is none of this recording"
    last = -1
    for unit in units:
        at = firsts.get(unit.id)
        if at is None or unit.part not in ordered:
            continue
        if at < last:
            yield unit, "is told before what it follows"
        last = max(last, at)


def _letters(text: str) -> str:
    """A spoken form without the punctuation that only guides the voice."""
    return "".join(character for character in normalise(text).casefold() if character.isalnum())
