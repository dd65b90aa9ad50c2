"""Refusing marks that are opened time and again and never closed: pandoc looks for the end of each, or of each set.

Its Markdown reader goes back to where a mark began when it does not find its end, so that some texts cost the square,
the cube or the power of what is in them. Each bound stands between what honest texts hold and what pandoc 3.9 was
measured to read in some ten seconds; whatever is not known here ends at the time limit (`limits: seconds`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from publisher.manuscript.passages import blanked, paragraphs, pieces
from publisher.model.findings import InputError
from publisher.model.limits import DEFAULT, Limits, beyond
from publisher.model.source import Position

MOST_ADDRESSES = 50
"""Links in a paragraph whose addresses are never closed, `[a](b [a](b`: a hundred take two seconds, two hundred a
minute."""

MOST_LABELS = 12
"""Brackets in a paragraph in which emphasis begins and does not end, `[*a] [*a]`: ten take half a second, each further
one doubles that."""

MOST_CITED = 6
"""Brackets of citations, `[@a [@a`, that are never closed: six take half a second, twelve for ever."""

MOST_SPANS = 200
"""Elements `<span>` in a paragraph that are never closed."""

MOST_QUOTED = 20
"""Quotation marks of the two kinds, by turns inside each other and never closed: 40 take a second and a half, a hundred
for ever."""

MOST_APOSTROPHES = 500
"""Single quotation marks in a paragraph that open, with none between that closes: 400 take a second, 2,500 a minute."""

MOST_TICKS = 50
"""Lengths of runs of backticks without a counterpart: 50 take a second, a hundred eight."""

MOST_AMPERSANDS = 1000
"""Ampersands in one word: 2,000 take two seconds, 4,000 six."""

FARTHEST = 20_000_000
"""Letters from each `<` to the next `>` or the text's end, in sum: pandoc looks at them all, two million a second."""

MOST_UNDERLINES = 2500
"""Lines that underline a heading, or rules, without a blank line between: they take two seconds, 5,000 twelve."""

MOST_ALIKE = 2500
"""Headings of the same words: they take two seconds, 5,000 more than twelve."""

MOST_TABS = 50_000
"""Tabs in one paragraph: 62,500 take a second, 250,000 eleven."""

_HEADING = re.compile(r"^#.*$", re.MULTILINE)
_UNDERLINE = re.compile(r"^ {0,3}(?:=+[ \t]*|-[ \t-]*)$", re.MULTILINE)
_ITEMS = r"^(?:[ \t]*(?:[-*+]|\(?[#\w]{1,9}[.)])[ \t]+){%d,}[^-*_ \t\n]"
_FENCE = re.compile(r"^[ \t]*:{3,}[ \t]*(?P<opens>[^\s:])?", re.MULTILINE)
_DIVISION = re.compile(r"<(?P<closes>/?)div\b", re.IGNORECASE)
_ITEM_INDENT = re.compile(r"^(?P<indent>[ \t]*)(?:[-*+]|\(?[#\w]{1,9}[.)])\s", re.MULTILINE)
_QUOTED = re.compile(r"^[> ]*>", re.MULTILINE)
_WORD = re.compile(rf"[^\s;]{{{MOST_AMPERSANDS},}}")
_LETTERS = re.compile(r"\w+")
_LABEL = re.compile(r"(?<!!)\[([^\[\]]*)\]")
_CITED = re.compile(rf"\[-?@[^\]\[]*(?:\[-?@[^\]\[]*){{{MOST_CITED}}}")
_RUN = re.compile(r"\*+|_+")
_TICKS = re.compile(r"`+")
_QUOTE = re.compile("[\"']")

_Found = tuple[int, str]
"""Where in a paragraph, and why."""


def check_tangles(text: str, path: str, first_line: int = 1, limits: Limits = DEFAULT) -> None:
    """Raise InputError, at its place, for a text that pandoc would not get to the end of."""

    def refuse(line: int, paragraph: str, found: _Found | None) -> None:
        if found is not None:
            offset, why = found
            before = paragraph[:offset]
            column = offset - before.rfind("\n")
            at = Position(path, first_line + line + before.count("\n"), column)
            raise InputError(why if "limits:" in why else f"too complex: {why}", at)

    far = _Far(text)
    deep = _Deep(limits)
    headings: Counter[str] = Counter()
    for line, paragraph in paragraphs(text):
        refuse(line, paragraph, deep.found(paragraph))
        refuse(line, paragraph, _long(paragraph, limits))
        refuse(line, paragraph, _wordy(paragraph, limits))
        for check in _CHECKS:
            refuse(line, paragraph, check(paragraph))
        refuse(line, paragraph, far.found(line, paragraph))
        for heading in _HEADING.finditer(paragraph):
            words = heading.group().strip("# \t")
            headings[words] += 1
            if headings[words] > MOST_ALIKE:
                refuse(line, paragraph, (heading.start(), f"over {MOST_ALIKE:,} headings of the same words; join them"))


# Each check answers the first place where it is too much, or None. They count first, which is quick.


class _Deep:
    """Quotations, lists and divisions so deep that they are beyond the limit of nesting for certain."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.nesting
        self._items = re.compile(_ITEMS % (limits.nesting + 1), re.MULTILINE)
        self._fences = self._divisions = 0

    def found(self, paragraph: str) -> _Found | None:
        place = next(self._places(paragraph), None)
        what = f"markup nested over {self._most} deep"
        return None if place is None else (place, beyond(what, "write it flatter", "nesting"))

    def _places(self, paragraph: str) -> Iterator[int]:
        if paragraph.count(">") > 2 * self._most:
            yield from (at.start() for at in _QUOTED.finditer(paragraph) if at.group().count(">") > 2 * self._most)
        if paragraph.count("  ") > 2 * self._most or "\t" in paragraph:
            for item in _ITEM_INDENT.finditer(paragraph):
                if len(item["indent"].expandtabs(4)) > 4 * self._most:
                    yield item.start()
        if len(paragraph) > 2 * self._most:
            yield from (found.start() for found in self._items.finditer(paragraph))
        if ":::" in paragraph:
            for fence in _FENCE.finditer(paragraph):
                self._fences = self._fences + 1 if fence["opens"] else max(0, self._fences - 1)
                if self._fences > self._most:
                    yield fence.start()
        if "<" in paragraph and "div" in paragraph.lower():
            for division in _DIVISION.finditer(blanked(paragraph)):
                self._divisions = max(0, self._divisions - 1) if division["closes"] else self._divisions + 1
                if self._divisions > self._most:
                    yield division.start()


def _long(paragraph: str, limits: Limits) -> _Found | None:
    """A paragraph, list item or table row that is longer than a book's chapter."""
    most = limits.paragraph * 1000
    if len(paragraph) <= most:
        return None
    for offset, piece in pieces(paragraph):
        if len(piece) > most:
            return offset, beyond(f"a paragraph of over {most:,} letters", "divide it", "paragraph")
    return None


def _wordy(paragraph: str, limits: Limits) -> _Found | None:
    """A word that is longer than a page: voices spell it out."""
    if len(paragraph) > limits.word:
        for found in _LETTERS.finditer(paragraph):
            if found.end() - found.start() > limits.word:
                return found.start(), beyond(f"a word of over {limits.word:,} letters", "divide it", "word")
    return None


class _Far:
    """How far it is from each `<` to the next `>`: in the whole text, since pandoc does not stop at the paragraph."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        if "<" in text:
            self._starts += [found.end() for found in re.finditer("\n", text)]
        self._text = text
        self._sum = 0

    def found(self, line: int, paragraph: str) -> _Found | None:
        if "<" not in paragraph:
            return None
        start = self._starts[line]
        closed = -1
        for found in re.finditer("<", blanked(paragraph)):
            place = start + found.start()
            if closed < place:
                closed = self._text.find(">", place)
                closed = len(self._text) if closed < 0 else closed
            self._sum += closed - place
            if self._sum > FARTHEST:
                return found.start(), "signs < that are never followed by >; write \\< for a sign that is one"
        return None


def _addresses(paragraph: str) -> _Found | None:
    if paragraph.count("](") <= MOST_ADDRESSES:
        return None
    opened = [found.start() for found in re.finditer(r"\]\(", blanked(paragraph))]
    left = [
        at for at, until in zip(opened, [*opened[1:], len(paragraph)], strict=True) if ")" not in paragraph[at:until]
    ]
    return (left[0], "links that are never closed; close each address with )") if len(left) > MOST_ADDRESSES else None


def _cited(paragraph: str) -> _Found | None:
    found = _CITED.search(blanked(paragraph)) if paragraph.count("@") > MOST_CITED else None
    return (found.start(), "citations that are never closed; close each with ]") if found else None


def _spans(paragraph: str) -> _Found | None:
    if paragraph.count("<span") - paragraph.count("</span") <= MOST_SPANS:
        return None
    return paragraph.find("<span"), f"over {MOST_SPANS} elements <span> that are never closed; close each with </span>"


def _labels(paragraph: str) -> _Found | None:
    if paragraph.count("[") <= MOST_LABELS:
        return None
    left = [label.start() for label in _LABEL.finditer(blanked(paragraph)) if _begins(label[1])]
    why = f"over {MOST_LABELS} brackets in which emphasis begins and does not end; write \\* for a sign that is one"
    return (left[0], why) if len(left) > MOST_LABELS else None


def _begins(label: str) -> bool:
    """Whether emphasis is open at the end of a bracket's words."""
    opened = False
    for run in _RUN.finditer(label):
        before, after = label[run.start() - 1 : run.start()], label[run.end() : run.end() + 1]
        if run.group()[0] == "_" and before.isalnum() and after.isalnum():
            continue
        if opened and before and not before.isspace():
            opened = False
        elif not after.isspace():
            opened = True
    return opened


def _quotes(paragraph: str) -> _Found | None:
    """Quotation marks: those of two kinds inside each other, and single ones one after the other."""
    if paragraph.count("'") + paragraph.count('"') <= MOST_QUOTED:
        return None
    opened: list[tuple[str, int]] = []
    alone: list[int] = []
    for found in _QUOTE.finditer(blanked(paragraph)):
        mark, place = found.group(), found.start()
        before, after = paragraph[place - 1 : place] if place else "", paragraph[place + 1 : place + 2]
        closes = bool(before) and not before.isspace() and not after.isalnum() and before not in "\"'([{"
        opens = bool(after) and not after.isspace() and not before.isalnum()
        if closes:
            kinds = [kind for kind, _ in opened]
            if mark in kinds:
                del opened[len(kinds) - 1 - kinds[::-1].index(mark) :]
            if mark == "'":
                alone = []
        elif opens:
            if not opened or opened[-1][0] != mark:
                opened.append((mark, place))
            if mark == "'":
                alone.append(place)
        if len(opened) > MOST_QUOTED:
            return opened[0][1], "quotation marks inside each other that are never closed; close them"
        if len(alone) > MOST_APOSTROPHES:
            return alone[0], f"over {MOST_APOSTROPHES} quotation marks that are never closed; write ’ for an apostrophe"
    return None


def _ticks(paragraph: str) -> _Found | None:
    if paragraph.count("`") <= MOST_TICKS:
        return None
    runs: dict[int, list[int]] = {}
    for found in _TICKS.finditer(paragraph):
        runs.setdefault(len(found.group()), []).append(found.start())
    left = [places[0] for places in runs.values() if len(places) == 1]
    return (
        (min(left), "runs of backticks without a counterpart; write \\` for a sign that is one")
        if (len(left) > MOST_TICKS)
        else None
    )


def _ampersands(paragraph: str) -> _Found | None:
    if paragraph.count("&") <= MOST_AMPERSANDS:
        return None
    for word in _WORD.finditer(paragraph):
        if word.group().count("&") > MOST_AMPERSANDS:
            return word.start(), f"over {MOST_AMPERSANDS:,} signs & in one word; write spaces between them"
    return None


def _underlines(paragraph: str) -> _Found | None:
    if paragraph.count("\n") <= MOST_UNDERLINES or sum(1 for _ in _UNDERLINE.finditer(paragraph)) <= MOST_UNDERLINES:
        return None
    return 0, f"over {MOST_UNDERLINES:,} lines that underline or divide, without a blank line between; set blank lines"


def _tabs(paragraph: str) -> _Found | None:
    if paragraph.count("\t") <= MOST_TABS:
        return None
    return paragraph.find("\t"), f"over {MOST_TABS:,} tabs in one paragraph; take them out"


_CHECKS: tuple[Callable[[str], _Found | None], ...] = (
    _ticks,  # first: what is no code is found quickly after it alone
    _addresses,
    _cited,
    _labels,
    _spans,
    _quotes,
    _ampersands,
    _underlines,
    _tabs,
)


def densest(text: str) -> int:
    """The line, from 0, of the paragraph with the most markup: where to look first when pandoc does not end."""
    weights = ((sum(map(paragraph.count, "*_[]()<&\"'`>|")), -line) for line, paragraph in paragraphs(text))
    return -max(weights, default=(0, 0))[1]
