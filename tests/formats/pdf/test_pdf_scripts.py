"""What is raised and what is lowered, told from the heights of letters alone."""

from __future__ import annotations

import pytest

from publisher.formats.pdf.reading_scripts import signs_of
from publisher.formats.pdf.reading_text import Piece

LARGE, SMALL = 18.0, 12.6


def block(*lines: list[tuple[str, float] | tuple[str, float, float]]) -> list[Piece]:
    """Lines 27 points apart; each piece with how far it stands above its line, and its size."""
    return [
        Piece(piece[0], 0, 700 - 27 * number + piece[1], piece[2] if len(piece) > 2 else LARGE, "en")
        for number, line in enumerate(lines)
        for piece in line
    ]


def told(pieces: list[Piece]) -> str:
    return "".join(sign + piece.text for sign, piece in zip(signs_of(pieces), pieces, strict=True))


@pytest.mark.parametrize(
    ("lines", "read_as"),
    [
        ([[("water is H", 0), ("2", -3), ("O", 0)]], "water is H_2O"),
        ([[("the 3", 0), ("rd", 4), (" of June", 0)]], "the 3^rd of June"),
        # More is raised in the last line than stands on it: the lines before tell where it is.
        (
            [[("one line", 0)], [("another", 0)], [("of it", 0), ("see sheet 100", 4), (".", 0)]],
            "one lineanotherof it^see sheet 100.",
        ),
        ([[("one line", 0)], [("another", 0), ("see", 4)], [("sheet 100", 4), (".", 0)], [("The last.", 0)]],
         "one lineanother^see^sheet 100.The last."),
        # One line and no other: what begins it is not lowered, nor are signs.
        ([[("It is", 0), ("see sheet 100", 4), (".", 0)]], "It is^see sheet 100."),
        ([[("sheet 100", 4), (".", 0)]], "^sheet 100."),
        # Small letters never tell where the line of large ones is.
        ([[("see the sheet", 4, SMALL), (" it", 0)]], "^see the sheet it"),
        ([[("so", 0), ("many words are lowered", -4, SMALL)]], "so_many words are lowered"),
        # What is lowered inside stays lowered, whatever else is.
        ([[("longer words a", 0), ("1", -3), (" and b", 0), ("2", 4)]], "longer words a_1 and b^2"),
        # Arabic letters stand off their line.
        ([[("المنارة", -3), (" is a lighthouse", 0)]], "المنارة is a lighthouse"),
        ([[("المنارة", -3), (".", 0)]], "المنارة."),
    ],
)  # fmt: skip
def test_the_line_is_where_most_of_it_stands_unless_its_neighbours_say_otherwise(
    lines: list[list[tuple[str, float]]], read_as: str
) -> None:
    assert told(block(*lines)) == read_as
