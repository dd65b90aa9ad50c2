"""A line's words as cues that fit a screen: at most two lines of some 40 columns, cut where a phrase ends.

A part begins when its first word does; where the voice told no time of a word, in proportion to the letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, pairwise

from publisher.model.inlines import OBJECT
from publisher.model.narration import Cue, Line, WordTime

LINES = 2
COLUMNS = 42
"""Of a screen's line, as broadcasters have it; a wide character takes two."""
WIDE_COLUMNS = 40
"""Of a line with wide characters: twenty of them."""
SHORTEST = 0.7
"""Seconds that a part is shown at least, where its line is long enough."""

_STRONG = frozenset(".!?…:;。！？；：۔؟؛")
_WEAK = frozenset(",)]}–—،、，）」』”’»")
_OPENING = frozenset("([{“‘«「『（《〈")
_CLOSING = frozenset(",.!?…:;)]}”’»、。！？；：，）」』》〉・ーー々")
_SPACELESS = ("CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "IDEOGRAPHIC", "THAI", "LAO", "KHMER", "MYANMAR", "FULLWIDTH")
"""How the names of characters begin whose scripts put no spaces between words."""
_EVERY_CUE, _SHORT_WORD, _NO_PAUSE, _WEAK_PAUSE = 100.0, 20.0, 40.0, 10.0
_TOO_SHORT = 100_000.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A character that is shown, where it stands in the line's `shown`, and its language."""

    text: str
    at: int
    lang: str


@dataclass(frozen=True)
class Token:
    """What is never cut: a word, or a sign of a script without spaces. `spaced` where a space is before it, `fresh`
    where the author began a new line with it."""

    letters: tuple[Letter, ...]
    spaced: bool
    fresh: bool

    @cached_property
    def text(self) -> str:
        return "".join(letter.text for letter in self.letters)

    @cached_property
    def width(self) -> int:
        return sum(map(columns, self.text))

    @cached_property
    def wide(self) -> bool:
        return any(columns(character) > 1 for character in self.text)


@dataclass(frozen=True, slots=True)
class Part:
    """One cue: its lines of tokens, and from when to when it is shown, in seconds from its line's begin."""

    lines: tuple[tuple[Token, ...], ...]
    begin: float
    end: float

    @property
    def text(self) -> str:
        """Its words as they are shown, a line each."""
        return "\n".join(line_text(line) for line in self.lines)


def parts_of(cue: Cue) -> tuple[Part, ...]:
    """A line's words in as many cues as they need."""
    tokens = tuple(_tokens(letters_of(cue.line)))
    if not tokens:
        return (Part(((),), 0.0, cue.clip.duration),)
    begins = _begins(tokens, cue.clip.words, cue.clip.duration, len(cue.line.shown))
    cuts = [*_cuts(tokens, begins, cue.clip.duration), len(tokens)]
    times = [*(begins[cut] if cut else 0.0 for cut in cuts[:-1]), cue.clip.duration]
    return tuple(
        Part(laid_out(tokens[first:last]), times[number], times[number + 1])
        for number, (first, last) in enumerate(pairwise(cuts))
    )


@lru_cache(maxsize=4096)
def columns(character: str) -> int:
    """How many columns a character takes."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


@lru_cache(maxsize=4096)
def spaceless(character: str) -> bool:
    """Whether a character is of a script that puts no spaces between words."""
    return unicodedata.name(character, "").startswith(_SPACELESS)


def line_text(tokens: Sequence[Token]) -> str:
    """The words of one line."""
    return "".join(f"{' ' if token.spaced and number else ''}{token.text}" for number, token in enumerate(tokens))


def letters_of(line: Line) -> Iterator[Letter]:
    """What a line shows, character by character; for a formula or a picture what is said for it."""
    langs = dict[int, str]()
    instead = dict[int, tuple[int, str, str]]()
    for run in line.runs:
        langs |= dict.fromkeys(range(run.shown_start, run.shown_end), run.lang)
        if line.shown[run.shown_start : run.shown_end].startswith(OBJECT):
            instead[run.shown_start] = run.shown_end, run.text.rstrip(","), run.lang
    at = 0
    while at < len(line.shown):
        if at in instead:
            end, text, lang = instead[at]
            yield from (Letter(character, at, lang) for character in text)
            at = end
            continue
        if line.shown[at] != OBJECT:
            yield Letter(line.shown[at], at, langs.get(at, line.lang))
        at += 1


def _tokens(letters: Iterator[Letter]) -> Iterator[Token]:
    held: list[Letter] = []
    spaced = fresh = False
    for letter in letters:
        if letter.text.isspace():
            if held:
                yield Token(tuple(held), spaced, fresh)
                held, spaced, fresh = [], False, False
            spaced = True
            fresh = fresh or bool(letter.text.splitlines() == [""])
            continue
        if held and _may_part(held[-1].text, letter.text):
            yield Token(tuple(held), spaced, fresh)
            held, spaced, fresh = [], False, False
        held.append(letter)
    if held:
        yield Token(tuple(held), spaced, fresh)


def _may_part(before: str, after: str) -> bool:
    """Whether a line may end between two characters that no space parts."""
    if not (spaceless(before) or spaceless(after)):
        return False
    return before not in _OPENING and after not in _CLOSING and columns(after) > 0


def _begins(tokens: Sequence[Token], words: Sequence[WordTime], duration: float, length: int) -> list[float]:
    """When each token begins to sound, in seconds; never before the one before it."""
    told = sorted(words, key=lambda word: word.start)
    begins: list[float] = []
    for token, within in zip(tokens, _shares(tokens), strict=True):
        at = token.letters[0].at
        around = next((word for word in told if word.start <= at < word.end), None)
        after = next((word for word in told if word.start >= at), None)
        if around is not None:
            share = (at + within - around.start) / (around.end - around.start)
            time = around.begin + min(1.0, share) * (around.finish - around.begin)
        elif after is not None:
            time = after.begin
        else:
            time = told[-1].finish if told else duration * (at + within) / max(1, length)
        begins.append(min(max(time, begins[-1] if begins else 0.0), duration))
    return begins


def _shares(tokens: Sequence[Token]) -> Iterator[float]:
    """How much of what is said for a formula or a picture stands before each token of it: all of it has but one place
    in the line."""
    for _, run in groupby(tokens, key=lambda token: token.letters[0].at):
        said = list(run)
        lengths = [len(token.letters) for token in said]
        yield from (sum(lengths[:number]) / sum(lengths) for number in range(len(said)))


def _cuts(tokens: Sequence[Token], begins: Sequence[float], duration: float) -> list[int]:
    """The tokens that cues begin with: as few cues as may be, cut at phrases, of about one length."""
    whole = sum(token.width + token.spaced for token in tokens)
    ideal = whole / max(1.0, -(-whole // (LINES * COLUMNS * 0.9)))
    ends = [*begins, duration]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for last in range(1, len(tokens) + 1):
        found: list[tuple[float, int]] = []
        width = 0
        for first in range(last - 1, -1, -1):
            width += tokens[first].width + tokens[first].spaced
            if first < last - 1 and (width > LINES * (COLUMNS + 1) or not _fits(tokens[first:last])):
                break
            shown = ends[last] - (begins[first] if first else 0.0)
            cost = best[first][0] + _EVERY_CUE + 30 * (width / ideal - 1) ** 2 + _cost(tokens, last)
            alone = first == 0 and last == len(tokens)
            found.append((cost + (_TOO_SHORT * (SHORTEST - shown) if shown < SHORTEST and not alone else 0.0), first))
        best.append(min(found))
    cuts: list[int] = []
    at = len(tokens)
    while at > 0:
        at = best[at][1]
        cuts.append(at)
    return cuts[::-1]


def _cost(tokens: Sequence[Token], at: int) -> float:
    """What it costs to cut before a token: nothing after a full stop, most after an article or a preposition, which in
    most languages are short."""
    if at == len(tokens) or tokens[at].fresh:
        return 0.0
    before = tokens[at - 1].text
    if before[-1] in _STRONG:
        return 0.0
    if before[-1] in _WEAK or tokens[at].text[0] in _OPENING:
        return _WEAK_PAUSE
    return _NO_PAUSE + (_SHORT_WORD if len(before) <= 3 and not tokens[at - 1].wide else 0.0)


def _room(tokens: Sequence[Token]) -> int:
    return WIDE_COLUMNS if any(token.wide for token in tokens) else COLUMNS


def _width(tokens: Sequence[Token]) -> int:
    return sum(token.width + (token.spaced and number > 0) for number, token in enumerate(tokens))


def _fits(tokens: Sequence[Token]) -> bool:
    """Whether there is a way to lay tokens out: where they may break anywhere, whether what is left fits below when as
    much stands above as there is room for. This is asked of every run of words that a cue may have."""
    if any(token.fresh for token in tokens[1:]):
        return next(_layouts(tokens), None) is not None
    width, room = 0, COLUMNS
    for number, token in enumerate(tokens):
        width += token.width + (token.spaced and number > 0)
        room = WIDE_COLUMNS if token.wide else room
        if width > room:
            return number > 0 and _width(tokens[number:]) <= _room(tokens[number:])
    return True


def _layouts(tokens: Sequence[Token]) -> Iterator[tuple[tuple[Token, ...], ...]]:
    """The ways to lay tokens out in one line, else in two."""
    fresh = [number for number, token in enumerate(tokens) if token.fresh and number]
    if not fresh and _width(tokens) <= _room(tokens):
        yield (tuple(tokens),)
        return
    if len(fresh) < LINES:
        for cut in fresh or range(1, len(tokens)):
            above, below = tuple(tokens[:cut]), tuple(tokens[cut:])
            if _width(above) <= _room(above) and _width(below) <= _room(below):
                yield above, below


def laid_out(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """Tokens in lines: broken at a phrase, of about one length, the lower one rather the longer. A word that no screen
    has room for stands by itself."""

    def cost(lines: tuple[tuple[Token, ...], ...]) -> float:
        if len(lines) == 1:
            return 0.0
        above, below = map(_width, lines)
        return abs(above - below) + (3 if above > below else 0) + _cost(tokens, len(lines[0])) / 2

    return min(_layouts(tokens), key=cost, default=(tuple(tokens),))
