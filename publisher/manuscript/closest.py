"""The words of a text that come closest to a quotation which the text does not hold.

The quotation is laid over the text word by word (an alignment with free ends), at the places where its rarer words
stand. The score is 1 less the share of its words that had to change: a word left out, added or replaced costs 1, a
harmless change less (see `_cost`).

A comment is bound to what the words claim, so only changes that leave the claim as it was are **harmless**: the case
of a word's first letter, punctuation, an article or other light word, and a slip of the pen (one letter wrong,
missing, added or swapped with its neighbour, two in words of eight letters and more) in a word of five letters or
more that begins with the same letter, is no number word, no negation and no name (two capitals). Everything else, that
is a digit, a sign such as %, £ or ?, a number word, a negation, a name, any other word added, left out or replaced,
may turn a claim round ("more" and "fewer", "rose" and "fell"), and no list of such words is ever whole: it is never
harmless.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from num2words import num2words  # type: ignore[import-untyped]

_WORD = re.compile(r"(?:(?<!\w)[-+])?\d(?:[\d.,:/]*\d)?\w*|\w+(?:['-]\w+)*|[^\w\s.,;:!\"'()\[\]-]")

_COMMON = 500
"""Words that stand more often than this in the text say little about where to look."""

_LONGEST = 250
"""Words of the longest quotation that is aligned; aligning costs the square of it."""

_LIGHT = {
    "en": frozenset("a an the that".split()),
    "fr": frozenset("le la les un une".split()),
    "de": frozenset("der die das den dem des ein eine einen einem einer eines".split()),
    "es": frozenset("el la los las un una".split()),
    "it": frozenset("il lo la i gli le un uno una".split()),
    "nl": frozenset("de het een".split()),
}
"""Words that may come and go without changing what is claimed, by language."""

_NEGATIONS = frozenset(
    """
    never nobody nothing neither without cannot hardly barely scarcely seldom rarely
    jamais aucun aucune personne rien sans
    nicht keine keinen keiner keines niemals niemand nichts ohne weder
    nunca ninguno ninguna nadie jamás tampoco
    nessuno nessuna niente senza
    nooit niemand niets zonder
    """.split()
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: the quotation's word and the text's, either of them empty, and whether it is harmless."""

    quoted: str
    stands: str
    harmless: bool


@dataclass(frozen=True, slots=True)
class Closest:
    """Characters `start` up to `end` of the text, how close they come (1 is all), and what changed."""

    start: int
    end: int
    score: float
    unchanged: int
    edits: tuple[Edit, ...]

    @property
    def harmless(self) -> bool:
        """Whether everything that changed leaves the claim as it was."""
        return all(edit.harmless for edit in self.edits)


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    return [_Token(found.group(), *found.span()) for found in _WORD.finditer(text)]


def _anywhere(_start: int, _end: int) -> bool:
    return True


class WordIndex:
    """The words of a (folded) text and where each stands. Made once, asked often."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _all(self) -> list[_Token]:
        return _tokens(self._text)

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self._all]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for index, token in enumerate(self._all):
            places[token.word.lower()].append(index)
        return dict(places)

    @cached_property
    def _by_look(self) -> dict[tuple[str, int], list[str]]:
        """Words by first letter and length: where to look for a word with a slip in it."""
        looks: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self._places:
            looks[word[0], len(word)].append(word)
        return dict(looks)

    def closest(
        self, quote: str, lang: str = "en", admits: Callable[[int, int], bool] = _anywhere, most: int = 3
    ) -> list[Closest]:
        """The places that come closest to a (folded) quotation, best first, none overlapping another.

        `admits(start, end)` says whether characters of the text may be answered at all.
        """
        quoted = _tokens(quote)
        if not quoted or len(quoted) > _LONGEST:
            return []
        slack = max(3, len(quoted) // 3)
        found = []
        for offset in self._offsets(quoted, slack, admits):
            window = self._all[max(0, offset - slack) : max(0, offset + len(quoted) + slack)]
            aligned = _align(quoted, window, lang)
            if aligned is not None and admits(aligned.start, aligned.end):
                found.append(aligned)
        found.sort(key=lambda one: (-one.score, one.start, one.end))
        apart: list[Closest] = []
        for one in found:
            if all(one.end <= other.start or other.end <= one.start for other in apart):
                apart.append(one)
        return apart[:most]

    def _offsets(self, quoted: Sequence[_Token], slack: int, admits: Callable[[int, int], bool]) -> Iterator[int]:
        """Where the quotation may begin in the text, in words, by the votes of its rarer words."""
        votes: Counter[int] = Counter()
        for index, word in self._seeds(quoted):
            for place in self._places[word]:
                token = self._all[place]
                if admits(token.start, token.end):
                    votes[(place - index) // slack] += 1
        # Words of one place may vote for two neighbouring ranges of offsets.
        sums = {bucket: votes[bucket] + votes[bucket + 1] for bucket in votes}
        ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:8]
        for bucket, voices in ranked:
            if 3 * voices >= ranked[0][1]:
                yield bucket * slack + slack

    def _seeds(self, quoted: Sequence[_Token]) -> list[tuple[int, str]]:
        seeds = []
        for index, token in enumerate(quoted):
            word = token.word.lower()
            if word in self._places:
                seeds.append((index, word))
            else:
                seeds.extend((index, like) for like in self._alike(word))
        seeds.sort(key=lambda pair: (len(self._places[pair[1]]), pair))
        rare = [pair for pair in seeds if len(self._places[pair[1]]) <= _COMMON]
        return (rare or seeds[:1])[:40]

    def _alike(self, word: str) -> list[str]:
        sizes = range(len(word) - 2, len(word) + 3)
        return [like for size in sizes for like in self._by_look.get((word[0], size), ()) if _slip(word, like)]


# Alignment

_WHOLE = 100
"""What a word costs, so that costs are whole numbers and the same on every machine."""


def _cost(quoted: str, stands: str, lang: str) -> tuple[int, bool]:
    """What it costs that a word stands for another (either may be empty), and whether it is harmless."""
    if quoted == stands:
        return 0, True
    light = _LIGHT.get(lang.partition("-")[0].lower(), frozenset())
    if all(not word or word.lower() in light for word in (quoted, stands)):
        return _WHOLE // 2, True
    if not quoted or not stands:
        return _WHOLE, False
    if quoted[1:] == stands[1:] and quoted[0].lower() == stands[0].lower():
        return _WHOLE // 4, True
    if _slip(quoted, stands) and not _guarded(quoted, stands, lang):
        return _WHOLE // 2, True
    return _WHOLE, False


def _align(quoted: Sequence[_Token], window: Sequence[_Token], lang: str) -> Closest | None:
    """The part of the window that comes closest to the quotation: its ends are free."""
    rows, columns = len(quoted), len(window)
    others = [token.word for token in window]
    added = [_cost("", other, lang)[0] for other in others]
    above = [0] * (columns + 1)
    steps = [[""] * (columns + 1)]
    for row in range(rows):
        word = quoted[row].word
        dropped = _cost(word, "", lang)[0]
        known: dict[str, int] = {word: 0}
        costs, ways = [above[0] + dropped], ["drop"]
        for column, other in enumerate(others):
            if other not in known:
                known[other] = _cost(word, other, lang)[0]
            best, way = above[column] + known[other], "both"
            if above[column + 1] + dropped < best:
                best, way = above[column + 1] + dropped, "drop"
            if costs[column] + added[column] < best:
                best, way = costs[column] + added[column], "add"
            costs.append(best)
            ways.append(way)
        above = costs
        steps.append(ways)
    # Of ends that cost the same, the last: a word replaced says more than a word left out.
    end = min(range(columns + 1), key=lambda column: (above[column], -column))
    return _trace(quoted, window, steps, end, lang)


def _trace(
    quoted: Sequence[_Token], window: Sequence[_Token], steps: Sequence[Sequence[str]], end: int, lang: str
) -> Closest | None:
    row, column = len(quoted), end
    cost = 0
    edits: list[Edit] = []
    unchanged = 0
    while row:
        step = steps[row][column]
        word = quoted[row - 1].word if step != "add" else ""
        other = window[column - 1].word if step != "drop" else ""
        if word == other:
            unchanged += 1
        else:
            one, harmless = _cost(word, other, lang)
            cost += one
            edits.append(Edit(word, other, harmless))
        row -= step != "add"
        column -= step != "drop"
    if column >= end:
        return None
    score = 1 - cost / (_WHOLE * len(quoted))
    return Closest(window[column].start, window[end - 1].end, score, unchanged, tuple(reversed(edits)))


# Slips of the pen


def _slip(one: str, other: str) -> bool:
    """Whether two words may be one word with a slip of the pen."""
    one, other = one.lower(), other.lower()
    shortest = min(len(one), len(other))
    allowed = 2 if shortest >= 8 else 1
    if shortest < 5 or one[0] != other[0] or abs(len(one) - len(other)) > allowed:
        return False
    if any(character.isdigit() for character in one + other):
        return False
    return _distance(one, other) <= allowed


def _distance(one: str, other: str) -> int:
    """Letters wrong, missing, added or swapped with their neighbours (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != against))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against
            current.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, last = last, current
    return last[-1]


def _guarded(one: str, other: str, lang: str) -> bool:
    if one[0].isupper() and other[0].isupper():
        return True
    guarded = _NEGATIONS | _number_words("en") | _number_words(lang.partition("-")[0].lower())
    return not guarded.isdisjoint(part for word in (one, other) for part in re.split("[^\\w]", word.lower()))


@lru_cache
def _number_words(lang: str) -> frozenset[str]:
    """The words that number words are made of, in a language; none where nobody here knows them."""
    words: set[str] = set()
    numbers = [*range(21), *range(30, 100, 10), 100, 1000, 10**6, 10**9, 2 * 10**6, 2 * 10**9]
    for kind in ("cardinal", "ordinal"):
        for number in numbers:
            try:
                words.update(re.findall(r"\w+", num2words(number, lang=lang, to=kind).lower()))
            except (NotImplementedError, OverflowError, IndexError, KeyError):
                # How num2words says that it does not know this language, this kind or numbers this large.
                break
    return frozenset(words)
