"""The words that a line is said in, one by one, and which of the words shown each of them says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publisher.model.narration import Line, WordTime
from publisher.model.recordings import HeardWord

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A word as it is said, its language, and the characters of the line's `shown` that it says (with others, where
    several words say one sign). `ipa` where it is phonemes."""

    text: str
    lang: str
    start: int
    end: int
    ipa: bool = False


def said_words(line: Line) -> tuple[SaidWord, ...]:
    """All words of a line in order."""
    return tuple(_said(line))


def _said(line: Line) -> Iterator[SaidWord]:
    for run in line.runs:
        if run.ipa:
            yield SaidWord(run.text, run.lang, run.shown_start, run.shown_end, True)
            continue
        literal = line.shown[run.shown_start : run.shown_end] == run.text
        for found in _WORD.finditer(run.text):
            first, last = (found.start(), found.end()) if literal else (0, run.shown_end - run.shown_start)
            yield SaidWord(found.group(), run.lang, run.shown_start + first, run.shown_start + last)


def word_times(line: Line, heard: Iterable[HeardWord]) -> tuple[WordTime, ...]:
    """When the shown words sound; words that together say one thing shown, together."""
    words = said_words(line)
    found: list[WordTime] = []
    for one in heard:
        if one.number >= len(words):
            continue
        word = words[one.number]
        if found and found[-1].start == word.start and found[-1].end == word.end:
            found[-1] = WordTime(word.start, word.end, found[-1].begin, one.finish)
        elif word.end > word.start:
            found.append(WordTime(word.start, word.end, one.begin, one.finish))
    return tuple(found)
