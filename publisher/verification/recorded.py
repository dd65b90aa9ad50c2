"""Which sentences a person's reading holds, where, and whether they are read as they are written.

What is said is heard stretch by stretch; the words heard are aligned with those of the script, all in order, then what
is left out of order; each sentence found is cut at the silences around it and listened to once more, against its words.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from publisher.manuscript.alignment import align
from publisher.model.narration import Line, Role
from publisher.model.recordings import HeardWord, Recording, Take
from publisher.narration.recording import key_of
from publisher.narration.recording_sound import Tape
from publisher.narration.recording_words import said_words
from publisher.narration.resampling import resampled
from publisher.verification.recognising import RATE, Judged, Listeners, Sound, Spelling, Word, language_model, spell
from publisher.verification.recorded_speech import FRAME, Speech, speech_of

Progress = Callable[[int, int], None]

_MARGIN = 0.12
"""Seconds around a stretch that are listened to."""
_ENOUGH = 0.5
"""Share of a sentence's words that have to be heard for it to be taken as read."""
_ENOUGH_ELSEWHERE, _FEWEST_ELSEWHERE = 0.7, 3
"""The same, and the fewest words, where it is not in its place."""
_WITHIN = 6
"""Words that may be heard within a sentence that are none of its own, in a row."""
_BREATH = 0.4
"""Seconds between a sentence's words and other words heard that may still be its own, misheard."""
_STRAY = 0.5
"""Seconds of speech that belong to no sentence and are told."""
BETTER = 30.0
"""By how much other words have to fit the sound better than the text's. Of 84 sentences misread on purpose (a word
left out, added or exchanged, the end cut) all were beyond 45, of the same read well none beyond 7."""
_NEAR = 40
"""Words heard among which a line is looked for that has to be near another."""
_FOREIGN = 60.0
"""By how much more for each word of the text that the listener's dictionary lacks: how such are said is a guess."""
_HOLE = 12
"""Lines that are looked for in a hole between others, one by one."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a sentence may be read otherwise than it is written: words not heard, words heard that are not its own."""

    key: str
    missing: tuple[str, ...]
    added: tuple[str, ...]
    lost: bool


@dataclass(frozen=True, slots=True)
class Located:
    """What one recording holds: takes by key; the keys of those read out of order; when speech stands in no sentence;
    its length in seconds."""

    takes: Mapping[str, Take]
    disordered: tuple[str, ...] = ()
    strays: tuple[tuple[float, float], ...] = ()
    duration: float = 0.0


@dataclass
class _Found:
    """A line found: its words heard, by their numbers among all that were heard."""

    line: int
    first: int
    last: int
    disordered: bool = False


@dataclass
class _Search:
    lines: Sequence[Line]
    names: Sequence[tuple[str, ...]]
    heard: list[Word]
    speech: Speech
    found: dict[int, _Found] = field(default_factory=dict)

    def taken(self) -> list[int | None]:
        """For each word heard the line that it belongs to."""
        owners: list[int | None] = [None] * len(self.heard)
        for number, one in self.found.items():
            for word in range(one.first, one.last + 1):
                owners[word] = number
        return owners


def listeners_for(lines: Sequence[Line], seconds: float) -> tuple[Spelling, Listeners]:
    """The lines' words, and who listens for them in so many seconds of sound. Needs pocketsphinx."""
    spelling = spell(lines)
    # Announcements, of which there are many alike, would else be heard in everything.
    rows = dict.fromkeys(tuple(name for name in names if name) for names in spelling.lines)
    model = language_model(list(rows))
    return spelling, Listeners(spelling.pronunciations, model, seconds)


def locate(
    recording: Recording,
    tape: Tape,
    lines: Sequence[Line],
    spelling: Spelling,
    listeners: Listeners,
    *,
    progress: Progress | None = None,
) -> Located:
    """Find the lines that a recording says. `progress` hears how many seconds of how many were listened to."""
    speech = speech_of(tape)
    heard = _heard(tape, speech, listeners, progress)
    names = [tuple(name for name in row if name) for row in spelling.lines]
    search = _Search(lines, names, heard, speech)
    _in_order(search)
    _grown(search)
    _announced(search)
    _in_holes(search, tape, listeners)
    _elsewhere(search)
    return _located(search, recording, tape)


def _heard(tape: Tape, speech: Speech, listeners: Listeners, progress: Progress | None) -> list[Word]:
    stretches = speech.stretches()
    total = round(speech.duration)

    def sounds() -> Iterator[Sound]:
        for first, last in stretches:
            yield sixteen(tape, first * FRAME - _MARGIN, last * FRAME + _MARGIN)

    found: list[Word] = []
    for (first, last), words in zip(stretches, listeners.hear(sounds()), strict=True):
        start = max(0.0, first * FRAME - _MARGIN)
        found += [Word(word.name, start + word.begin, start + word.end) for word in words]
        if progress is not None:
            progress(round(last * FRAME), total)
    return found


def sixteen(tape: Tape, begin: float, end: float) -> Sound:
    """A stretch of a tape as the listener takes it."""
    samples = tape.read(round(begin * tape.rate), round(end * tape.rate))
    return resampled(samples, round(len(samples) * RATE / tape.rate))


# Which words belong to which line


def _in_order(search: _Search) -> None:
    text = [number for number, line in enumerate(search.lines) if line.role is not Role.ANNOUNCEMENT]
    owners = [number for number in text for _ in search.names[number]]
    partners = align([name for number in text for name in search.names[number]], [word.name for word in search.heard])
    hits: dict[int, list[int]] = {}
    for number, partner in zip(owners, partners, strict=True):
        if partner >= 0:
            hits.setdefault(number, []).append(partner)
    for number, places in hits.items():
        cluster = _densest(places)
        if len(cluster) >= _ENOUGH * len(search.names[number]) and _possible(search, number, cluster):
            search.found[number] = _Found(number, cluster[0], cluster[-1])


def _possible(search: _Search, number: int, cluster: Sequence[int]) -> bool:
    """A single word that is heard among others, far from any silence, is mostly another's."""
    if len(search.names[number]) > 2 or len(cluster) > 2:
        return True
    first, last = cluster[0], cluster[-1]
    before = search.heard[first - 1].end if first else -1.0
    after = search.heard[last + 1].begin if last + 1 < len(search.heard) else math.inf
    return search.heard[first].begin - before > 0.15 and after - search.heard[last].end > 0.15


def _densest(places: Sequence[int]) -> list[int]:
    """The longest row of places that lie near one another."""
    rows = [[places[0]]]
    for place in places[1:]:
        if place - rows[-1][-1] > _WITHIN + 1:
            rows.append([])
        rows[-1].append(place)
    return max(rows, key=len)


def _grown(search: _Search) -> None:
    """Words misheard, or misread, at the begin or the end of a sentence that lacks its own there are given to it."""
    owners = search.taken()
    for number, one in search.found.items():
        names = search.names[number]
        own = [word.name for word in search.heard[one.first : one.last + 1]]
        partners = align(names, own)
        missing_first = next((at for at, partner in enumerate(partners) if partner >= 0), 0)
        missing_last = next((at for at, partner in enumerate(reversed(partners)) if partner >= 0), 0)
        for _ in range(missing_first + 1 if missing_first else 0):
            word = one.first - 1
            if word < 0 or owners[word] is not None:
                break
            if search.heard[one.first].begin - search.heard[word].end > _BREATH:
                break
            one.first, owners[word] = word, number
        for _ in range(missing_last + 1 if missing_last else 0):
            word = one.last + 1
            if word >= len(search.heard) or owners[word] is not None:
                break
            if search.heard[word].begin - search.heard[one.last].end > _BREATH:
                break
            one.last, owners[word] = word, number


def _announced(search: _Search) -> None:
    """Announcements, of which there are many alike, where their very words are heard between their neighbours."""
    owners = search.taken()
    located = sorted(search.found)
    floor = 0
    for number, names in enumerate(search.names):
        if number in search.found:
            floor = search.found[number].last + 1
            continue
        if search.lines[number].role is not Role.ANNOUNCEMENT or not names:
            continue
        place = bisect_right(located, number)
        last = search.found[located[place]].first if place < len(located) else len(search.heard)
        for first in range(floor, min(last, floor + _NEAR) - len(names) + 1):
            here = range(first, first + len(names))
            if all(owners[word] is None for word in here) and names == tuple(search.heard[word].name for word in here):
                search.found[number] = _Found(number, first, first + len(names) - 1)
                floor = first + len(names)
                break


def _in_holes(search: _Search, tape: Tape, listeners: Listeners) -> None:
    """Short lines, of a word or two, are often misheard: where speech stands alone between the neighbours of a line
    that was not found, it is held against that line's words."""
    asked: list[tuple[int, int, int]] = []
    owners = search.taken()
    located = sorted(search.found)
    for number, names in enumerate(search.names):
        if number in search.found or not names:
            continue
        place = bisect_right(located, number)
        before = located[place - 1] if place else None
        after = located[place] if place < len(located) else None
        if before is None and after is None:
            continue
        if number - (before if before is not None else number - 1) > _HOLE:
            continue
        first = search.found[before].last + 1 if before is not None else 0
        last = search.found[after].first - 1 if after is not None else len(search.heard) - 1
        first, last = (max(first, last - _NEAR), last) if before is None else (first, min(last, first + _NEAR))
        for group in _alone(search, owners, first, last):
            if _similar(len(names), group[1] - group[0] + 1):
                asked.append((number, *group))
    pieces = (
        (
            sixteen(tape, search.heard[first].begin - _MARGIN, search.heard[last].end + _MARGIN),
            search.names[number],
        )
        for number, first, last in asked
    )
    spent: set[int] = set()
    floor = -1
    for (number, first, last), judged in zip(asked, listeners.judge(pieces), strict=True):
        if number in search.found or judged.better > BETTER or spent & set(range(first, last + 1)) or first <= floor:
            continue
        search.found[number] = _Found(number, first, last)
        spent |= set(range(first, last + 1))
        floor = last


def _alone(search: _Search, owners: Sequence[int | None], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Rows of words that belong to no line, with silence on both sides."""
    begin: int | None = None
    for word in range(first, last + 1):
        if owners[word] is not None:
            begin = None
            continue
        before = search.heard[word].begin - search.heard[word - 1].end if word else math.inf
        if before > 0.15:
            begin = word
        after = search.heard[word + 1].begin - search.heard[word].end if word + 1 < len(search.heard) else math.inf
        if begin is not None and after > 0.15:
            yield begin, word


def _similar(wanted: int, heard: int) -> bool:
    return heard <= 2 * wanted + 2 and wanted <= 2 * heard + 2


def _elsewhere(search: _Search) -> None:
    """Sentences that are read, but not in their place."""
    owners = search.taken()
    free = [word for word, owner in enumerate(owners) if owner is None]
    left = [number for number, names in enumerate(search.names) if number not in search.found and names]
    while free and left:
        rows = [(number, name) for number in left for name in search.names[number]]
        partners = align([name for _, name in rows], [search.heard[word].name for word in free])
        hits: dict[int, list[int]] = {}
        for (number, _), partner in zip(rows, partners, strict=True):
            if partner >= 0:
                hits.setdefault(number, []).append(free[partner])
        more = False
        for number, places in hits.items():
            cluster = _densest(places)
            wanted = len(search.names[number])
            if len(cluster) < max(_FEWEST_ELSEWHERE, _ENOUGH_ELSEWHERE * wanted):
                continue
            if any(owners[word] is not None for word in range(cluster[0], cluster[-1] + 1)):
                continue
            search.found[number] = _Found(number, cluster[0], cluster[-1], disordered=True)
            owners[cluster[0] : cluster[-1] + 1] = [number] * (cluster[-1] + 1 - cluster[0])
            more = True
        if not more:
            break
        free = [word for word in free if owners[word] is None]
        left = [number for number in left if number not in search.found]


# From words to times


def _located(search: _Search, recording: Recording, tape: Tape) -> Located:
    takes: dict[str, Take] = {}
    disordered = []
    ends = 0.0
    rows = sorted(search.found.values(), key=lambda one: one.first)
    spans: list[tuple[float, float]] = []
    for place, one in enumerate(rows):
        after = search.heard[one.last + 1].begin if one.last + 1 < len(search.heard) else tape.duration
        before = search.heard[one.first - 1].end if one.first else 0.0
        begin = search.speech.begin(search.heard[one.first].begin, max(ends, before - 0.05))
        end = search.speech.end(search.heard[one.last].end, min(after + 0.05, tape.duration))
        if place + 1 < len(rows) and rows[place + 1].first == one.last + 1:
            end = min(end, search.speech.begin(after, search.heard[one.last].end - 0.05))
        begin, end = round(begin, 3), round(max(end, begin + 0.05), 3)
        ends = end
        spans.append((begin, end))
        key = key_of(search.lines[one.line])
        if key not in takes:
            takes[key] = Take(recording.name, begin, end, False)
            if one.disordered:
                disordered.append(key)
    return Located(takes, tuple(disordered), tuple(_strays(search.speech, spans)), tape.duration)


def _strays(speech: Speech, spans: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    for first, last in speech.stretches():
        begin, end = first * FRAME, last * FRAME
        for one in spans:
            if one[0] <= begin + 0.1 and one[1] > begin:
                begin = min(end, one[1])
            elif begin < one[0] < end:
                if one[0] - begin > _STRAY:
                    yield round(begin, 2), round(one[0], 2)
                begin = min(end, one[1])
        if end - begin > _STRAY:
            yield round(begin, 2), round(end, 2)


# Whether they are read as they are written


def judge(
    takes: Sequence[tuple[Line, Take]], spelling: Mapping[str, tuple[str | None, ...]], tape: Tape, listeners: Listeners
) -> tuple[dict[str, Take], tuple[Doubt, ...], frozenset[str]]:
    """Listen to each take once more, alone. Returns the takes, with their words' times; what is doubted; and the keys
    of those that were judged: the others have words that the listener cannot know."""
    known = [
        (line, take, tuple(name for name in spelling[key_of(line)] if name), all(spelling[key_of(line)]))
        for line, take in takes
    ]
    askable = [one for one in known if one[2] and 3 * len(one[2]) >= 2 * len(spelling[key_of(one[0])])]
    pieces = ((sixteen(tape, take.begin - 0.02, take.end + 0.02), names) for _, take, names, _ in askable)
    timed: dict[str, Take] = {key_of(line): take for line, take in takes}
    doubts = []
    judged = set()
    for (line, take, names, whole), one in zip(askable, listeners.judge(pieces), strict=True):
        key = key_of(line)
        judged.add(key)
        doubt = _doubt(key, names, one)
        if one.better > BETTER + _FOREIGN * sum("_" in name for name in doubt.missing):
            doubts.append(replace(doubt, missing=_bare(doubt.missing), added=_bare(doubt.added)))
        if whole and len(one.words) == len(names) == len(said_words(line)):
            timed[key] = Take(take.recording, take.begin, take.end, take.cued, _times(one.words, take))
    return timed, tuple(doubts), frozenset(judged)


def _times(words: Sequence[Word], take: Take) -> tuple[HeardWord, ...]:
    lead = min(0.02, take.begin)
    length = take.end - take.begin
    return tuple(
        HeardWord(
            number,
            round(min(max(word.begin - lead, 0.0), length), 3),
            round(min(max(word.end - lead, 0.0), length), 3),
        )
        for number, word in enumerate(words)
    )


def _doubt(key: str, names: Sequence[str], one: Judged) -> Doubt:
    partners = align(names, one.heard)
    partnered = set(partners)
    missing = tuple(name for name, partner in zip(names, partners, strict=True) if partner < 0)
    added = tuple(name for number, name in enumerate(one.heard) if number not in partnered)
    return Doubt(key, missing, added, math.isinf(one.better) and not set(names) & set(one.heard))


def _bare(names: Sequence[str]) -> tuple[str, ...]:
    """Words without the language that the listener's names for them tell."""
    return tuple(name.partition("_")[2] or name for name in names)
