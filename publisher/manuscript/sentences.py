"""Sentences: the units of speech, of read-aloud highlighting and of comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import sentencex  # type: ignore[import-untyped]

from publisher.model.blocks import Sentence
from publisher.model.inlines import OBJECT, Citation, Code, Image, Inline, Link, Math, Span, Styled, plain_text

_WORD = re.compile(rf"\w|{OBJECT}")

# Abbreviations before a name or number that sentencex would end a sentence at, by language.
_NO_END = {
    "fr": re.compile(
        r"(?:^|[\s(’'])(?:MM?|Mmes?|Mlles?|Drs?|Me|Mgr|Pr|St|Ste|cf|éd|av|env|bd|c\.-à-d|C|art|dir)\.\s*$"
    ),
    "en": re.compile(r"(?:^|[\s(])(?:St|Rev|Hon|Capt|cf|viz|approx|eds?)\.\s*$"),
    "de": re.compile(r"(?:^|[\s(])(?:Bd|Abb|bzw|ca|vgl|Hrsg|Prof|St|\d{1,2})\.\s*$"),
}
_BEFORE_NUMBER = re.compile(r"(?:^|[\s(])(?:[Nn]os?|[Nn]r|[Ff]igs?|pp?|S|[Vv]ol|[Cc]h|[Aa]rt|Kap)\.\s*$")
_INITIAL = re.compile(r"(?:^|[\s(])(?:[^\W\d_a-zà-ÿ]|(?<!\d.)[^\W\d_])\.\s*$")
"""A letter with a point, but for a unit behind a number (“1.250 t.”)."""
_SO_ON = re.compile(
    r"(?:(?<!\w)(?:etc|usw)|\d\s?(?:t|g|l|h|k?g|[kcm]?m|ha))\.[”’\"')]*\s+(?=[“„«‘\"'(]?[^\W\d_a-zà-ÿ])"
)
"""Where a list breaks off, and behind a measure, a sentence ends if a capital follows; sentencex goes on."""
_ASIDE = re.compile(r"\s*\([^()]*[.!?…][”’\"']?\)\s+(?=[“‘\"'(]?[^\W\d_a-z])")
_SPACELESS = r"\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_SPACELESS_END = re.compile(rf"[{_SPACELESS}][\"'“”‘’()\[\]]*\Z")
_SPACELESS_START = re.compile(rf"[\"'“”‘’()\[\]]*[{_SPACELESS}]")
_GOES_ON = re.compile(r"[\"'“‘«(\[]*(?P<letter>[^\W\d_])")


def split_sentences(block: str, inlines: Sequence[Inline], lang: str, *, lines: bool = False) -> tuple[Sentence, ...]:
    """The sentences of a block's words; their ids are `{block}-s1`, `{block}-s2` …

    None ends inside a link, citation, code, formula or a span that has facts attached. Where `lines`, every
    LineBreak ends one too (verse, addresses).
    """
    text = plain_text(inlines)
    if not text.strip():
        return ()
    closed = list(_closed_ranges(inlines, 0))
    ends = [end for end in _ends(text, lang) if not any(begin < end < finish for begin, finish in closed)]
    if lines:
        ends = sorted({*ends, *(place for place, character in enumerate(text) if character == "\n")})
    ends = sorted({*ends, *_breaths(text, ends, closed)})
    sentences = []
    for number, (start, end) in enumerate(_trimmed(text, ends), start=1):
        sentences.append(Sentence(f"{block}-s{number}", start, end))
    return tuple(sentences)


_LONGEST = 4000
"""Letters. What goes on for longer without an end, a page and more, is divided: nobody says it in one breath, and a
voice would give out hours of sound at once."""


def _breaths(text: str, ends: Sequence[int], closed: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Where a sentence that is longer than the longest ends all the same: between words, and inside what is `closed`
    only where that is too long itself."""
    closed = [(first, last) for first, last in closed if last - first < _LONGEST]
    begin = 0
    for end in (*ends, len(text)):
        while end - begin > _LONGEST:
            place = text.rfind(" ", begin, begin + _LONGEST)
            place = next((first for first, last in closed if first < place < last), place)
            if place <= begin:
                break
            yield place
            begin = place
        begin = end


def _ends(text: str, lang: str) -> Iterator[int]:
    """The places at which one piece ends and the next begins."""
    language = lang.partition("-")[0]
    no_end = _NO_END.get(language)
    place = 0
    for piece in sentencex.segment(language, text):
        aside = _ASIDE.match(piece)
        if aside:
            # sentencex never ends a sentence at a bracket that closes one.
            yield place + aside.end()
        for so_on in _SO_ON.finditer(piece):
            if so_on.end() < len(piece):
                yield place + so_on.end()
        place += len(piece)
        before = text[max(0, place - 24) : place]
        if (no_end and no_end.search(before)) or _INITIAL.search(before):
            continue
        if _BEFORE_NUMBER.search(before) and text[place : place + 1].isdigit():
            continue
        goes_on = _GOES_ON.match(text, place)
        if goes_on and goes_on["letter"].islower():
            continue
        if not _apart(text, place):
            continue
        yield place


def _apart(text: str, place: int) -> bool:
    """Whether white space parts what stands before a place from what follows, or a script that sets none: code such as
    `println!("…")` is not two sentences."""
    if place >= len(text) or text[place].isspace() or text[place - 1].isspace():
        return True
    return bool(_SPACELESS_END.search(text, max(0, place - 6), place) or _SPACELESS_START.match(text, place))


def _trimmed(text: str, ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The pieces without white space around them; one that holds no word goes with the piece before it."""
    pieces: list[tuple[int, int]] = []
    begin = 0
    for end in [*ends, len(text)]:
        piece = text[begin:end]
        start, finish = begin + len(piece) - len(piece.lstrip()), begin + len(piece.rstrip())
        begin = end
        if start >= finish:
            continue
        if pieces and not (_WORD.search(text, start, finish) and _WORD.search(text, *pieces[-1])):
            pieces[-1] = (pieces[-1][0], finish)
        else:
            pieces.append((start, finish))
    yield from pieces


def _closed_ranges(inlines: Sequence[Inline], place: int) -> Iterator[tuple[int, int]]:
    """The ranges that no sentence may end inside."""
    for inline in inlines:
        end = place + len(plain_text((inline,)))
        match inline:
            case Link() | Citation() | Code() | Math() | Image():
                yield place, end
            case Span(id=None, lang=None, expansion=None, say=None, classes=()):
                yield from _closed_ranges(inline.children, place)
            case Span(expansion=None, say=None) if end - place > _LONG:
                # A whole passage in another language has sentences of its own.
                yield from _closed_ranges(inline.children, place)
            case Span():
                yield place, end
            case Styled():
                yield from _closed_ranges(inline.children, place)
        place = end


_LONG = 200
"""Characters from which a span with a language or an id may hold several sentences."""
