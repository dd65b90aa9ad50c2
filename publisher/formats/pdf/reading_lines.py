"""Pieces of a PDF's text made words: what stands at lines' ends, where paragraphs part that no tag holds together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from publisher.formats.pdf.reading_text import GENERATED, Piece, line_between

_ANOTHER_PARAGRAPH = 1.7
"""The share of the size of letters by which the next line stands lower at least where a new paragraph begins."""

_WITHOUT_SPACES = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")
_DIVIDED = re.compile(r"(\w+)[-\u2010]$")
_WORD = re.compile(r"[\w\u2010-]+")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a document writes what stands at its lines' ends. `spaces` where it writes the spaces there, so that none
    are to be added; `words` are those that it holds whole."""

    spaces: bool = True
    words: frozenset[str] = frozenset()


def manner_of(blocks: Sequence[Sequence[Piece]], *, spaced: bool = False) -> Manner:
    """How a document writes, judged by all its blocks of words; `spaced` where its maker is known to write all spaces.

    A line's end without a space tells something only where the line has spaces: one that has none may be the begin of
    a word for which there was no room on it.
    """
    if spaced:
        return Manner()
    told = lost = 0
    for pieces in blocks:
        several = False
        for piece, following in pairwise(pieces):
            several = several or " " in piece.text or GENERATED in piece.text
            if not line_between(piece, following):
                several = several or (piece.after and following.before)
                continue
            if piece.text and following.text:
                if piece.text[-1] in " \u00ad" or following.text[0] == " ":
                    told += 1
                elif several and not (_DIVIDED.search(piece.text) or _WITHOUT_SPACES.match(piece.text[-1])):
                    lost += 1
            several = False
    if told >= lost:
        return Manner()
    return Manner(False, frozenset(word for pieces in blocks for piece in pieces for word in _WORD.findall(piece.text)))


def join(pieces: Sequence[Piece], manner: Manner) -> list[str]:
    """The text of each piece with what stands between it and the one before: a line's end becomes a space, a divided
    word becomes whole."""
    texts: list[str] = []
    previous: Piece | None = None
    for piece in pieces:
        text = piece.text.replace(GENERATED, "" if manner.spaces else " ")
        if previous is not None and not manner.spaces and texts and text:
            between = _between(previous, piece, texts[-1], text, manner)
            if between is None:
                texts[-1] = texts[-1][:-1]
            else:
                text = between + text
        texts.append(text)
        if text:
            previous = piece
    return texts


def _between(previous: Piece, piece: Piece, before: str, after: str, manner: Manner) -> str | None:
    """What stands between two pieces of a document that does not write it; None where the hyphen is to go."""
    if not before or before[-1].isspace() or after[0].isspace() or before[-1] == "\u00ad":
        return ""
    if not line_between(previous, piece):
        return " " if previous.after and piece.before else ""
    if _WITHOUT_SPACES.match(before[-1]) and _WITHOUT_SPACES.match(after[0]):
        return ""
    divided = _DIVIDED.search(before)
    if divided:
        rest = _WORD.match(after)
        return None if rest and _is_automatic(before[-1], divided[1], rest[0], manner) else ""
    return "" if "://" in before.rpartition(" ")[2] and before[-1] in "/-_.?&=%" else " "


def _is_automatic(hyphen: str, first: str, second: str, manner: Manner) -> bool:
    """Whether the hyphen at a line's end is the typesetter's: as the document itself writes that word elsewhere, else
    as its parts tell."""
    if first + second in manner.words:
        return True
    if any(f"{first}{mark}{second}" in manner.words for mark in "-\u2010"):
        return False
    if hyphen == "\u2010":
        return True
    return second[0].islower() and not (first in manner.words and second in manner.words)


def paragraphs(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that no tag holds together, in stretches that look like paragraphs: cut where lines stand further apart,
    a column begins or the size changes."""
    made: list[list[Piece]] = []
    for piece in pieces:
        previous = made[-1][-1] if made else None
        if previous is None or previous.page != piece.page or _apart(previous, piece):
            made.append([piece])
        else:
            made[-1].append(piece)
    return made


def _apart(previous: Piece, piece: Piece) -> bool:
    drop = previous.baseline - piece.baseline
    size = max(previous.size, piece.size)
    if not line_between(previous, piece):
        return False
    return drop < 0 or drop > _ANOTHER_PARAGRAPH * size or min(previous.size, piece.size) < 0.9 * size
