"""Which lines the cues of a recording name: by the sentence's id, else by its words, one cue or several to a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from publisher.model.findings import Finding, Severity
from publisher.model.inlines import OBJECT
from publisher.model.narration import Line
from publisher.model.recordings import CueMark

_MOST_JOINED = 40
"""Cues that one sentence may be spread over."""
_QUOTED = 60
"""Characters of a cue that a finding quotes."""


@dataclass(frozen=True, slots=True)
class Cued:
    """A line and where its cues say that it sounds, in seconds."""

    line: Line
    begin: float
    end: float
    cue: CueMark


def cued_lines(cues: Sequence[CueMark], lines: Sequence[Line]) -> tuple[tuple[Cued, ...], tuple[Finding, ...]]:
    """The lines that cues name, in the order of the cues.

    Findings: `cue-unknown`, an error, for a cue that names no sentence or parts of two; `recording-misread`, a
    warning, for one that names a sentence by its id and has other words.
    """
    by_id = {line.id: number for number, line in reversed(list(enumerate(lines)))}
    words = [frozenset((letters(line.shown), letters(line.said))) for line in lines]
    found: list[Cued] = []
    findings: list[Finding] = []
    used: set[int] = set()
    at = 0
    place = 0
    while place < len(cues):
        cue = cues[place]
        number = by_id.get(cue.id, by_id.get(cue.text))
        count = 1
        if number is not None:
            if cue.id in by_id and cue.text and letters(cue.text) not in words[number]:
                findings.append(_other_words(cue, lines[number]))
        else:
            number, count = _by_words(cues, place, words, used, at)
        if number is None:
            findings.append(_unknown(cue))
        else:
            found.append(Cued(lines[number], cue.begin, cues[place + count - 1].end, cue))
            used.add(number)
            at = number + 1
        place += count
    return tuple(found), tuple(findings)


def letters(text: str) -> str:
    """Letters and digits alone, however they are written."""
    plain = unicodedata.normalize("NFKC", text.replace(OBJECT, "")).casefold()
    return "".join(character for character in plain if character.isalnum())


def _by_words(
    cues: Sequence[CueMark], place: int, words: Sequence[frozenset[str]], used: set[int], at: int
) -> tuple[int | None, int]:
    """The line whose words these are, the next one that is due first, and how many cues it takes."""
    text = letters(cues[place].text)
    if not text:
        return None, 1
    order: Iterable[int] = (*range(at, len(words)), *range(at))
    partial: list[int] = []
    for number in order:
        if number in used:
            continue
        if text in words[number]:
            return number, 1
        if any(one.startswith(text) for one in words[number]):
            partial.append(number)
    for number in partial:
        whole = text
        for count in range(2, min(_MOST_JOINED, len(cues) - place) + 1):
            whole += letters(cues[place + count - 1].text)
            if whole in words[number]:
                return number, count
            if not any(one.startswith(whole) for one in words[number]):
                break
    return None, 1


def _unknown(cue: CueMark) -> Finding:
    named = cue.text or cue.id
    quoted = named if len(named) <= _QUOTED else f"{named[: _QUOTED - 1]}…"
    message = (
        f"the cue “{quoted}” is no sentence of the edition, or parts of two; give each sentence a cue of its own with "
        "its id or its words, as `publisher script` prints them"
    )
    return Finding("cue-unknown", Severity.ERROR, message, cue.position)


def _other_words(cue: CueMark, line: Line) -> Finding:
    message = f"the cue of {line.id} has other words than the text, “{line.shown[:_QUOTED]}”; correct one of them"
    return Finding("recording-misread", Severity.WARNING, message, cue.position)
