"""How much one edition may ask of the engines: beyond, it is refused before they are asked.

An imprint may raise or lower each, by its name: the manuscript itself may not, since nobody knows who wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
MEGAPIXEL = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """`file_size` is of one text, in megabytes; `nesting` counts blocks and markup inside each other; `notes` those of
    one section, footnotes among them; `table_rows` those of one table; `pixels` those of one picture, in millions;
    `paragraph` the letters of one, in thousands, and `word` those of one word; `seconds` and `memory` (in
    megabytes) what one engine may take for one text. Long texts are allowed more where pages are laid out."""

    file_size: int = 5
    nesting: int = 50
    notes: int = 2000
    table_rows: int = 2000
    pixels: int = 50
    paragraph: int = 100
    word: int = 5000
    seconds: int = 60
    memory: int = 1024


DEFAULT = Limits()


def beyond(what: str, remedy: str, setting: str) -> str:
    """The message of a refusal: what is too much, and what can be done about it."""
    return f"too complex: {what}; {remedy}, or raise `limits: {setting}` in imprint.yaml"
