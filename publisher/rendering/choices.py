"""What readers may choose on the pages and is told by a number or a proper name, alike in every language."""

from __future__ import annotations

from collections.abc import Iterator

SIZES = {"100": "100 %", "125": "125 %", "150": "150 %", "200": "200 %"}
"""Of the text, by what the page calls them."""

SPEEDS = {factor: f"{factor} ×" for factor in ("0.5", "0.75", "1", "1.25", "1.5", "1.75", "2", "2.5", "3")}
"""Of the sound, by their factor."""

TYPEFACES = {"serif": "Source Serif", "sans": "Source Sans", "hyperlegible": "Atkinson Hyperlegible"}
"""By what the page calls them."""


def labels() -> Iterator[str]:
    """Every label that a page may show."""
    for choices in (SIZES, SPEEDS, TYPEFACES):
        yield from choices.values()
