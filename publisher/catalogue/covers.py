"""The cover that an edition's folder holds beside its pages."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.catalogue.shelf import Listed, Offered

NAMES = ("cover.png", "cover.jpg")
SQUARE_NAMES = ("cover-square.png", "cover-square.jpg")
WIDTH, HEIGHT = 800, 1200
SQUARE = 1400
"""Pixels: what podcast directories ask for at least."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture and its pixels."""

    file: Offered
    width: int
    height: int


def cover_of(edition: Listed) -> Cover | None:
    """The cover in a book's shape."""
    found = next((one for name in NAMES if (one := edition.find(name))), None)
    return Cover(found, WIDTH, HEIGHT) if found else None


def square_cover_of(edition: Listed) -> Cover | None:
    """The cover as a square, as recordings have it."""
    found = next((one for name in SQUARE_NAMES if (one := edition.find(name))), None)
    return Cover(found, SQUARE, SQUARE) if found else None
