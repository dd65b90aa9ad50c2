"""Ids: unique in the publication, the author's own first, the rest named after where they stand."""

from __future__ import annotations

import re
import unicodedata

from publisher.model.source import Position

RESERVED = ("title", "subtitle", "opening")
"""Ids that the publication itself uses."""


class Ids:
    """The ids of one publication, as they are given out. Reading is the only thing that changes it."""

    def __init__(self) -> None:
        self._taken: dict[str, Position | None] = dict.fromkeys(RESERVED)
        self._last: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._taken

    def place(self, name: str) -> Position | None:
        """Where an id was given by an author; None where it is unknown or one of ours."""
        return self._taken.get(name)

    def claim(self, name: str, position: Position) -> bool:
        """Give an id that the author wrote; False where it is already given."""
        if name in self._taken:
            return False
        self._taken[name] = position
        return True

    def unique(self, wanted: str) -> str:
        """The id wanted, else with -2, -3 … after it."""
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}-{number}"
        self._taken[name] = None
        return name

    def numbered(self, prefix: str) -> str:
        """The next free `{prefix}-1`, `{prefix}-2` …"""
        number = self._last.get(prefix, 0) + 1
        while (name := f"{prefix}-{number}") in self._taken:
            number += 1
        self._last[prefix] = number
        self._taken[name] = None
        return name


def slug(text: str) -> str:
    """The id of a heading after its words, as pandoc makes them: lower case, hyphens for spaces, a letter first.

    Empty where no letter is left. https://pandoc.org/MANUAL.html#extension-auto_identifiers
    """
    kept = "".join(c for c in unicodedata.normalize("NFC", text).lower() if c.isalnum() or c in "_-. " or c.isspace())
    hyphened = re.sub(r"\s+", "-", kept.strip())
    return re.sub(r"^[^\w]*(?:[\d_.-]+)?", "", hyphened).strip("-.")


def github_slug(text: str) -> str:
    """The id of a heading after its words, as GitHub makes them, which many links are written for: lower case,
    punctuation left out, a hyphen for each space."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text.strip().lower()))


def as_xml_name(name: str) -> str:
    """The id as an XML name (EPUB's XHTML and SMIL need one): other characters become hyphens, `id-` goes before a
    digit. https://www.w3.org/TR/xml-names/#NT-NCName"""
    safe = re.sub(r"[^\w.-]", "-", name)
    return safe if re.match(r"[^\W\d]", safe) else f"id-{safe}"
