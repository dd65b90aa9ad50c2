"""Which element of a document is shown while a line sounds.

A line's own element has its id. Announcements belong to no words of the text: each sounds with the element that it
announces or, where that has begun already, with the words before or after it. So nothing that is said is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from publisher.model.narration import Cue, Narration, Role

Around = Mapping[str, frozenset[str]]
"""For each id of the documents, itself and the ids of the elements around it."""


def shown_elements(around: Around, narration: Narration) -> tuple[str | None, ...]:
    """For each cue of a narration, the id of the element that is shown while it sounds; None where there is none.

    Every cue has one where any has.
    """
    own = [_own_element(around, cue, narration) for cue in narration.cues]
    following = _next_elements(own)
    shown: list[str | None] = []
    begun: set[str] = set()
    last: str | None = None
    waiting = 0
    for cue, element, after in zip(narration.cues, own, following, strict=True):
        unit = cue.line.unit if cue.line.unit in around else None
        chosen = element
        if chosen is None and unit is not None and (cue.line.role is Role.CODE or unit not in begun):
            chosen = unit
        if chosen is None:
            inside = unit is None or (after is not None and unit in around[after])
            if last is None or (inside and after is not None):
                waiting += 1
                shown.append(None)
            else:
                shown.append(last)
            continue
        shown[len(shown) - waiting :] = [chosen] * waiting
        shown.append(chosen)
        waiting = 0
        last = chosen
        begun |= around[chosen]
    if waiting:
        shown[len(shown) - waiting :] = [last] * waiting
    return tuple(shown)


def _own_element(around: Around, cue: Cue, narration: Narration) -> str | None:
    """The element of a line's own: the sentence, picture or furniture with its id."""
    line = cue.line
    if narration.mix == "plain" and line.role is Role.ANNOUNCEMENT and line.id.startswith(f"{line.unit}-"):
        # A note's counterpart is announced as the note, whose own words stand elsewhere.
        plain = f"{line.unit}-plain{line.id.removeprefix(line.unit)}"
        if plain in around:
            return plain
    return line.id if line.id in around else None


def _next_elements(elements: Sequence[str | None]) -> list[str | None]:
    """For each place, the first element after it."""
    found: list[str | None] = []
    following: str | None = None
    for element in reversed(elements):
        found.append(following)
        following = element or following
    return found[::-1]
