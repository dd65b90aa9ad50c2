"""What lets a page follow its sound: which element is shown when, and within a sentence which words.

The data stand in a script file of their own, which a page loads only once it is to play: so nothing is held up, and it
works from a file, where browsers let no page read other files as data.
"""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from publisher.formats.web.plainly import as_script
from publisher.model.narration import Cue, Narration
from publisher.narration.showing import shown_elements

FUNCTION = "publisherCues"
"""What the page's script calls itself to take the data."""


def cue_script(page: str, narration: Narration) -> str:
    """The data as a script: for each stretch of sound `[element id, begin, end, words]`, times in milliseconds.

    `words` are `start, end, begin` in turn: characters of the sentence's text as `narration.Line.shown` has it, and
    the time from the stretch's begin. Stretches of one element that follow one another are one.
    """
    entries: list[list[Any]] = []
    for cue, element in zip(narration.cues, shown_elements(_around(page), narration), strict=True):
        if element is None:
            continue
        begin, end = (round(narration.seconds(sample) * 1000) for sample in (cue.first, cue.last))
        if entries and entries[-1][0] == element:
            before = entries[-1][1]
            entries[-1][2] = end
            if not entries[-1][3]:
                entries[-1][3:] = _words(cue, element, begin - before)
        else:
            entries.append([element, begin, end, *_words(cue, element, 0)])
    data = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return f"{FUNCTION}({as_script(data)});\n"


def _words(cue: Cue, element: str, offset: int) -> tuple[list[int], int]:
    """The times of a sentence's own words, and how long its text is, so that the page can tell whether it shows it."""
    if cue.line.id != element:
        return [], 0
    words: list[int] = []
    for word in cue.clip.words:
        start, end = (_units(cue.line.shown[:at]) for at in (word.start, word.end))
        words += [start, end, offset + round(word.begin * 1000)]
    return words, _units(cue.line.shown) if words else 0


def _units(text: str) -> int:
    """How long browsers count a text: in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _around(page: str) -> dict[str, frozenset[str]]:
    """For each id of the page, itself and the ids of the elements around it."""
    found: dict[str, frozenset[str]] = {}
    root = etree.HTML(page)
    inside: dict[etree._Element, frozenset[str]] = {}
    for element in root.iter(etree.Element):
        parent = element.getparent()
        outer = inside[parent] if parent is not None else frozenset()
        id = element.get("id")
        inside[element] = outer | {id} if id else outer
        if id:
            found[id] = inside[element]
    return found
