"""From a block's inlines to runs of spoken words: languages, pronunciations, abbreviations, formulas, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from publisher.model.blocks import Worded
from publisher.model.inlines import (
    OBJECT,
    Citation,
    Code,
    FootnoteCall,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    Span,
    Style,
    Styled,
    Text,
    plain_text,
)
from publisher.model.narration import Spoken
from publisher.narration.lexicon import EMPTY, Lexicon
from publisher.narration.phrase_forms import Phrases
from publisher.narration.phrases import phrases_for
from publisher.narration.speaking import abbreviated, respelt, say, say_code, say_signs

_LEANS = re.compile(r"[’']?[^\W\d_]{1,3}(?=[\s.,;:!?…)\]”’\"»]|$)|[.,;:!?…)\]”’\"»]+")
"""What follows a pronounced word without a space and is said with it: a possessive, a plural, punctuation."""
_OPENING = re.compile(r"(?:[(\[“‘„«\"]+|\b[^\W\d_]{1,2}[’'])$")
_PUNCTUATION = re.compile(r"[.,;:!?…)\]”’\"»]+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters `start` up to `end` of a block's words. `said` None: as the normaliser says them; "" : not at all."""

    start: int
    end: int
    lang: str
    text: str
    said: str | None = None
    ipa: bool = False


def runs_of(block: Worded, start: int = 0, end: int | None = None, lexicon: Lexicon = EMPTY) -> tuple[Spoken, ...]:
    """What is said for characters `start` up to `end` of a block's words; offsets count from `start`."""
    stop = len(block.text) if end is None else end
    return spoken(block.inlines, block.lang, start, stop, lexicon)


def spoken(inlines: Iterable[Inline], lang: str, start: int, end: int, lexicon: Lexicon = EMPTY) -> tuple[Spoken, ...]:
    """The same for any inlines."""
    runs: list[Spoken] = []
    inlines = tuple(inlines)
    for piece in _leaning(list(_merged(_cut(_pieces(inlines, lang, 0), start, end)))):
        if piece.said is None:
            runs += lexicon.say(piece.text, piece.lang, piece.start - start)
        elif piece.said:
            runs.append(Spoken(piece.said, piece.lang, piece.start - start, piece.end - start, piece.ipa))
    return tuple(runs) or say_signs(plain_text(inlines)[start:end], lang)


def shown_words(inlines: Iterable[Inline]) -> str:
    """The words as one line, for a chapter's title: formulas and pictures by what is said for them."""
    parts: list[str] = []
    for inline in inlines:
        match inline:
            case Image():
                parts.append(inline.alternative)
            case Math():
                parts.append(inline.spoken)
            case Styled() | Span() | Link() | Citation():
                parts.append(shown_words(inline.children))
            case _:
                parts.append(plain_text((inline,)))
    return " ".join("".join(parts).split())


def _pieces(inlines: Iterable[Inline], lang: str, at: int) -> Iterator[_Piece]:
    for inline in inlines:
        length = len(plain_text((inline,)))
        yield from _piece(inline, lang, at, at + length)
        at += length


def _piece(inline: Inline, lang: str, start: int, end: int) -> Iterator[_Piece]:
    match inline:
        case Text(text=text):
            yield _Piece(start, end, lang, text)
        case LineBreak():
            yield _Piece(start, end, lang, "\n")
        case Code(text=text):
            yield _Piece(start, end, lang, text, say_code(text, lang))
        case Styled(style=Style.STRIKEOUT):
            phrases = phrases_for(lang)
            yield _Piece(start, start, phrases.lang, "", phrases.struck)
            yield from _pieces(inline.children, lang, start)
            yield _Piece(end, end, phrases.lang, "", f"{phrases.struck_end},")
        case Styled(style=Style.SUPERSCRIPT):
            yield from _superscript(inline, lang, start, end)
        case Styled() | Link() | Citation():
            yield from _pieces(inline.children, lang, start)
        case Span():
            yield from _span(inline, inline.lang or lang, start, end)
        case Image():
            yield _Piece(start, end, lang, OBJECT, _picture(inline, phrases_for(lang)))
        case Math(spoken=words):
            yield _Piece(start, end, lang, OBJECT, words)
        case FootnoteCall():
            return
        case _:
            assert_never(inline)


def _superscript(inline: Styled, lang: str, start: int, end: int) -> Iterator[_Piece]:
    """Digits above the line are a number of their own; letters (“1st”, “Mme”) belong to the word."""
    text = plain_text(inline.children)
    if text.strip().isdecimal():
        yield _Piece(start, end, lang, text, " ".join(run.text for run in say(text, lang)))
    else:
        yield from _pieces(inline.children, lang, start)


def _span(span: Span, lang: str, start: int, end: int) -> Iterator[_Piece]:
    text = plain_text(span.children)
    if span.say:
        ipa = len(span.say) > 2 and span.say.startswith("/") and span.say.endswith("/")
        yield _Piece(start, end, lang, text, span.say.strip("/") if ipa else respelt(span.say, lang), ipa)
    elif span.expansion is not None and (said := abbreviated(text, span.expansion)) is not None:
        yield _Piece(start, end, lang, text, said)
    else:
        yield from _pieces(span.children, lang, start)


def _picture(image: Image, phrases: Phrases) -> str:
    return "" if image.decorative or not image.alternative else f"{phrases.image} {image.alternative},"


def _cut(pieces: Iterable[_Piece], start: int, end: int) -> Iterator[_Piece]:
    """The pieces inside a range; what is pronounced as a whole is said where it begins."""
    for piece in pieces:
        first, last = max(piece.start, start), min(piece.end, end)
        if piece.start == piece.end:
            if start <= piece.start < end or piece.start == end == piece.end:
                yield piece
        elif first < last:
            if piece.said is None:
                yield replace(piece, start=first, end=last, text=piece.text[first - piece.start : last - piece.start])
            elif piece.start >= start:
                yield replace(piece, end=last)


def _merged(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Neighbouring plain words of one language together, so that a number half in bold is one number."""
    held: _Piece | None = None
    for piece in pieces:
        if held and held.said is None and piece.said is None and held.lang == piece.lang and held.end == piece.start:
            held = replace(held, end=piece.end, text=held.text + piece.text)
        else:
            if held:
                yield held
            held = piece
    if held:
        yield held


def _leaning(pieces: list[_Piece]) -> list[_Piece]:
    """A possessive or a full stop goes with the pronounced or foreign word before it, a bracket with the one after."""
    for index in range(1, len(pieces)):
        before, piece = pieces[index - 1], pieces[index]
        opening = _OPENING.search(before.text) if before.said is None and before.end == piece.start else None
        if opening and not piece.ipa and piece.said != "" and piece.start < piece.end:
            said = opening[0] + piece.said if piece.said is not None else None
            pieces[index - 1] = replace(before, end=before.start + opening.start(), text=before.text[: opening.start()])
            start = before.start + opening.start()
            pieces[index] = replace(piece, start=start, text=opening[0] + piece.text, said=said)
    for index in range(1, len(pieces)):
        before, piece = pieces[index - 1], pieces[index]
        if (
            piece.said is not None
            or before.end != piece.start
            or before.start == before.end
            or before.ipa
            or not before.text
        ):
            continue
        match = (_LEANS if before.lang == piece.lang else _PUNCTUATION).match(piece.text)
        if match is None or before.said == "":
            continue
        said = before.said + match[0] if before.said is not None else None
        pieces[index - 1] = replace(before, end=before.end + match.end(), text=before.text + match[0], said=said)
        pieces[index] = replace(piece, start=piece.start + match.end(), text=piece.text[match.end() :])
    return [piece for piece in pieces if piece.said is not None or piece.text]
