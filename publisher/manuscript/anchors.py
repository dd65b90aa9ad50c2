"""Anchoring: finding the words that a note comments on. It never guesses.

A quotation is looked for as W3C's TextQuoteSelector has it (https://www.w3.org/TR/annotation-model/#text-quote-selector):
the exact words, and the `prefix` and `suffix` that must stand before and after them where the words alone stand more
than once. The answer is one of

- **exact**: the very characters, once;
- **normalised**: the same words, once, but for white space, typographic marks or Unicode's way of writing them (see
  `matching`);
- **edited**: the words are not there, but exactly one place differs from them by harmless changes alone (see
  `closest`), scores at least `CLOSE` and at least `CLEAR` more than any other place, and leaves at least `KEPT` words
  unchanged;
- **ambiguous**: several places fit;
- **orphaned**: none does.

White space at the end of a prefix and at the beginning of a suffix does not matter. A quotation may run through
several blocks that follow each other directly; letter case always matters.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from publisher.manuscript.closest import Closest, Edit, WordIndex
from publisher.manuscript.matching import BARRIER, Folded, fold
from publisher.model.publication import Anchoring, Range, Target

CLOSE = 0.8
"""The least score of an edited target: at most a fifth of its words have changed."""

CLEAR = 0.1
"""How much less any other place must score."""

KEPT = 4
"""Words of the quotation that must stand unchanged: fewer prove nothing."""

_FRACTION, _NEGATION = re.compile(r"[.,]\d"), re.compile(r"['’][tT](?!\w)")
_ALPHABETIC = 0x530
"""Characters below are of scripts that put spaces between words (Latin, Greek, Cyrillic)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block that a quotation may stand in: its words, in its language. `joined` where it follows directly on the
    candidate before it, so that a quotation may run from that one into this."""

    id: str
    text: str
    lang: str = "en"
    joined: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the text: its ranges, one a block, and its words, those of different blocks with a space between.

    `before` and `after` are some characters around it, for telling it from others.
    """

    ranges: tuple[Range, ...]
    words: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What came of looking for a quotation.

    `target` says how it was found. `places` are those that fit: one where it is anchored, several where it is
    ambiguous, none where it is orphaned. `nearest` are the places that come closest to an orphaned one, best first;
    `elsewhere` those where the words stand, but not where `prefix`, `suffix` and the narrowing say. `edits` tell
    what changed in an edited target, or in the nearest place. `inside_word` where an end of the target cuts a word.
    """

    target: Target
    places: tuple[Place, ...] = ()
    nearest: tuple[Place, ...] = ()
    elsewhere: tuple[Place, ...] = ()
    edits: tuple[Edit, ...] = ()
    inside_word: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """What to look for: words, what stands before and after them, the ids of the blocks to look in (None: all)."""

    quote: str
    prefix: str = ""
    suffix: str = ""
    within: Set[str] | None = None


@dataclass
class Searched:
    """The text that quotations are looked for in: candidates in reading order. Made once, asked often."""

    candidates: tuple[Candidate, ...]
    text: str = field(init=False)
    folded: Folded = field(init=False)
    words: WordIndex = field(init=False)
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        parts: list[str] = []
        self._starts = []
        length = 0
        for candidate in self.candidates:
            between = "" if not parts else "\n" if candidate.joined else f"\n{BARRIER}\n"
            parts += (between, candidate.text)
            self._starts.append(length + len(between))
            length += len(between) + len(candidate.text)
        self.text = "".join(parts)
        self.folded = fold(self.text)
        self.words = WordIndex(self.folded.text)

    def anchor(self, wanted: Quotation) -> Anchor:
        """Look for a quotation."""
        quote = fold(wanted.quote).text.strip()
        if not quote or BARRIER in quote:
            return Anchor(_unanchored(Anchoring.ORPHANED, wanted))
        exact = list(_all(self.text, wanted.quote))
        hits = [hit for hit in exact if self._fits(hit, wanted)]
        anchoring = Anchoring.EXACT
        folded: list[tuple[int, int]] = []
        if not hits:
            originals = (self.folded.original(*hit) for hit in _all(self.folded.text, quote))
            folded = [hit for hit in originals if hit is not None]
            hits = [hit for hit in folded if self._fits(hit, wanted)]
            anchoring = Anchoring.NORMALISED
        places = tuple(self._place(*hit) for hit in hits)
        if len(hits) == 1:
            return self._anchored(anchoring, wanted, hits[0])
        if hits:
            return Anchor(_unanchored(Anchoring.AMBIGUOUS, wanted), places=places)
        elsewhere = tuple(self._place(*hit) for hit in (exact or folded))
        if elsewhere:
            return Anchor(_unanchored(Anchoring.ORPHANED, wanted), elsewhere=elsewhere)
        return self._edited(quote, wanted)

    def _anchored(
        self, anchoring: Anchoring, wanted: Quotation, hit: tuple[int, int], edits: tuple[Edit, ...] = ()
    ) -> Anchor:
        place = self._place(*hit)
        target = Target(anchoring, place.words, place.ranges, None, wanted.prefix, wanted.suffix)
        inside = _inside_word(self.text, hit[0]) or _inside_word(self.text, hit[1])
        return Anchor(target, places=(place,), edits=edits, inside_word=inside)

    def _edited(self, quote: str, wanted: Quotation) -> Anchor:
        """The one place that differs harmlessly, else orphaned with the nearest places."""
        found = self.words.closest(quote, self._lang(wanted), lambda start, end: self._within(start, end, wanted))
        if found and self._is_clear(found, wanted):
            hit = self.folded.original(found[0].start, found[0].end)
            if hit is not None:
                return self._anchored(Anchoring.EDITED, wanted, hit, found[0].edits)
        spans = (self.folded.original(one.start, one.end) for one in found if one.score >= 0.4)
        nearest = tuple(self._place(*span) for span in spans if span is not None)
        edits = found[0].edits if nearest else ()
        return Anchor(_unanchored(Anchoring.ORPHANED, wanted), nearest=nearest, edits=edits)

    def _is_clear(self, found: list[Closest], wanted: Quotation) -> bool:
        best = found[0]
        hit = self.folded.original(best.start, best.end)
        return (
            best.harmless
            and best.score >= CLOSE
            and best.unchanged >= KEPT
            and all(best.score - other.score >= CLEAR for other in found[1:])
            and hit is not None
            and self._fits(hit, wanted)
        )

    def _lang(self, wanted: Quotation) -> str:
        for candidate in self.candidates:
            if wanted.within is None or candidate.id in wanted.within:
                return candidate.lang
        return "en"

    def _within(self, start: int, end: int, wanted: Quotation) -> bool:
        """Whether characters of the folded text lie where the quotation is to be looked for."""
        hit = self.folded.original(start, end)
        return hit is not None and (wanted.within is None or self._inside(hit, wanted.within))

    def _inside(self, hit: tuple[int, int], within: Set[str]) -> bool:
        return all(self.candidates[index].id in within for index in self._blocks(*hit))

    def _fits(self, hit: tuple[int, int], wanted: Quotation) -> bool:
        """Whether a hit lies in the right blocks and between the right words."""
        if wanted.within is not None and not self._inside(hit, wanted.within):
            return False
        if wanted.prefix:
            prefix = fold(wanted.prefix).text
            stop = bisect_left(self.folded.starts, hit[0])
            if not self._meets(self.folded.text[max(0, stop - len(prefix) - 1) : stop], prefix, at_end=True):
                return False
        if wanted.suffix:
            suffix = fold(wanted.suffix).text
            start = bisect_left(self.folded.starts, hit[1])
            return self._meets(self.folded.text[start : start + len(suffix) + 1], suffix, at_end=False)
        return True

    @staticmethod
    def _meets(around: str, context: str, *, at_end: bool) -> bool:
        if not context.strip():
            return not around or around[-1 if at_end else 0] == " "
        if at_end:
            return around.rstrip().endswith(context.rstrip())
        return around.lstrip().startswith(context.lstrip())

    def _blocks(self, start: int, end: int) -> range:
        """The indices of the candidates that characters `start` up to `end` run through."""
        first = max(0, bisect_right(self._starts, start) - 1)
        return range(first, max(first + 1, bisect_left(self._starts, end)))

    def _place(self, start: int, end: int) -> Place:
        ranges, words = [], []
        for index in self._blocks(start, end):
            candidate, offset = self.candidates[index], self._starts[index]
            first, last = max(0, start - offset), min(len(candidate.text), end - offset)
            if first < last:
                ranges.append(Range(candidate.id, first, last))
                words.append(candidate.text[first:last])
        before = self.text[max(0, start - 24) : start].rpartition(BARRIER)[2]
        after = self.text[end : end + 24].partition(BARRIER)[0]
        return Place(tuple(ranges), " ".join(words), before, after)


def searched(candidates: Iterable[Candidate]) -> Searched:
    """The candidates, made ready for search."""
    return Searched(tuple(candidates))


def _unanchored(anchoring: Anchoring, wanted: Quotation) -> Target:
    return Target(anchoring, wanted.quote, (), None, wanted.prefix, wanted.suffix)


def _all(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Every place of the words, those that overlap another too."""
    start = text.find(words)
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + 1)


def _inside_word(text: str, offset: int) -> bool:
    """Whether a word is cut, or a number (“3” of “3.5”), or a negation taken off (“can” of “can’t”)."""
    around = text[max(0, offset - 1) : offset + 1]
    if len(around) == 2 and all(c.isalnum() and ord(c) < _ALPHABETIC for c in around):
        return True
    before, after = text[max(0, offset - 2) : offset], text[offset : offset + 3]
    return bool(
        (before[-1:].isdigit() and _FRACTION.match(after))
        or (after[:1].isdigit() and len(before) == 2 and before[0].isdigit() and before[1] in ".,")
        or (before[-1:] in ("n", "N") and _NEGATION.match(after))
    )
