"""What of a block's words is raised or lowered, told from where its letters stand on the page.

A file does not say which of the heights in a line is the line's own. Mostly it is that of the most letters; but a long
note may be raised in a short last line, in letters of the same size. Then the lines around tell, or what would
otherwise be lowered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from publisher.formats.pdf.reading_text import ANOTHER_LINE, RIGHT_TO_LEFT, Piece

_RAISED = 0.1
"""The share of their size by which letters stand above or below their line at least that are raised or lowered."""

_LARGE = 0.9
"""The share of its largest letters that the letters have at least which tell where a line stands."""

_SAME = 0.25
"""By how many points two distances between lines differ at most that are the same."""

_Line = list[Piece]


def signs_of(pieces: Sequence[Piece]) -> list[str]:
    """For each piece of a block `^` where it is raised, `_` where it is lowered, else nothing."""
    lines = list(_lines(pieces))
    return [sign for line, usual in zip(lines, _heights(lines), strict=True) for sign in _signs(line, usual)]


def _lines(pieces: Sequence[Piece]) -> Iterator[_Line]:
    """The pieces line by line."""
    line: _Line = []
    for piece in pieces:
        if line and (
            piece.page != line[-1].page
            or abs(piece.baseline - line[-1].baseline) > ANOTHER_LINE * max(piece.size, line[-1].size)
        ):
            yield line
            line = []
        line.append(piece)
    if line:
        yield line


def _signs(line: _Line, usual: float) -> Iterator[str]:
    # Beside letters that stand off their line, marks alone do not tell where it is.
    mixed = any(RIGHT_TO_LEFT.search(piece.text) for piece in line)
    for piece in line:
        judged = _stands(piece) and (not mixed or any(character.isalnum() for character in piece.text))
        raised = (piece.baseline - usual) / (piece.size or 1) if judged else 0
        yield "^" if raised > _RAISED else "_" if raised < -_RAISED else ""


def _stands(piece: Piece) -> bool:
    """Whether a piece shows where its line is: letters of right-to-left scripts stand off it by themselves, as their
    fonts have it."""
    return bool(piece.text.strip()) and not RIGHT_TO_LEFT.search(piece.text)


def _heights(lines: Sequence[_Line]) -> list[float]:
    """Where each line of a block stands."""
    heights = [_height(line) for line in lines]
    leading = _leading(lines, heights)
    for number, line in enumerate(lines):
        others = {round(piece.baseline, 1) for piece in line if _stands(piece)} - {heights[number]}
        if others and not _fits(lines, heights, number, heights[number], leading):
            fitting = [other for other in others if _fits(lines, heights, number, other, leading)]
            heights[number] = min(fitting, default=_sunk(line, heights[number]))
    return heights


def _height(line: _Line) -> float:
    """The height of the most of a line's large letters."""
    largest = max(piece.size for piece in line)
    letters = Counter[float]()
    for piece in line:
        if piece.size >= largest * _LARGE:
            letters[round(piece.baseline, 1)] += len(piece.text.strip())
    return letters.most_common(1)[0][0]


def _leading(lines: Sequence[_Line], heights: Sequence[float]) -> float | None:
    """How far apart the block's lines stand; None where too few do to tell."""
    gaps = Counter(
        round(upper - lower, 1)
        for (upper, lower), (one, other) in zip(pairwise(heights), pairwise(lines), strict=True)
        if one[0].page == other[0].page
    )
    gap, times = gaps.most_common(1)[0] if gaps else (0.0, 0)
    return gap if times > 1 else None


def _fits(lines: Sequence[_Line], heights: Sequence[float], number: int, height: float, leading: float | None) -> bool:
    """Whether a line of this height stands as far from one beside it as the block's lines do."""
    return leading is not None and any(
        0 <= beside < len(lines)
        and lines[beside][0].page == lines[number][0].page
        and abs((heights[beside] - height) * (number - beside) - leading) <= _SAME
        for beside in (number - 1, number + 1)
    )


def _sunk(line: _Line, usual: float) -> float:
    """`usual`, unless something would be lowered that cannot be: the line's beginning, or signs alone."""
    words = [piece for piece in line if _stands(piece)]
    for _, group in groupby(words, key=lambda piece: round(piece.baseline, 1)):
        run = list(group)
        height = round(run[0].baseline, 1)
        letters = any(character.isalnum() for piece in run for character in piece.text)
        if height < usual - _RAISED * run[0].size and (run[0] is words[0] or not letters):
            return height
    return usual
