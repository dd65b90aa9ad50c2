"""The edition's own words (“Note 3”, “Back to the text”), in the edition's language, for every format's templates.

A language without a catalogue gets the English words; `Words.lang` then says so, so that they can be marked as English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from publisher.rendering.catalogue_of_words import CATALOGUE, DATES, MONTHS

KEYS = frozenset(CATALOGUE["en"])
"""Every key that a template may ask for."""


@dataclass(frozen=True)
class Words:
    """The words of one language: `words("note", number=3)`."""

    lang: str
    _entries: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, its `{places}` filled. Raises KeyError for a key that no catalogue has."""
        return self._entries[key].format_map({name: str(value) for name, value in values.items()})

    def kind(self, kind: str) -> str:
        """A note's kind in words; a kind that the catalogue lacks is told as the editors wrote it."""
        known = self._entries.get(f"kind-{kind}")
        return known or kind.replace("-", " ").capitalize()

    def plain_kind(self, kind: str) -> str:
        """A note's kind for readers of plain language, who need not know what a fact check is."""
        return self._entries.get(f"plain-kind-{kind}") or self.kind(kind)

    def role(self, role: str) -> str:
        """What a creator did, from a MARC relator code; empty for a code without words."""
        return self._entries.get(f"role-{role}", "")

    def date(self, day: date) -> str:
        """A date in full: 20 November 2026."""
        months = MONTHS[self.lang].split()
        return DATES[self.lang].format(day=day.day, month=months[day.month - 1], year=day.year)

    def duration(self, seconds: float) -> str:
        """A length of sound to the minute, never “0 minutes”: 12 minutes, 1 hour 5 minutes."""
        minutes = max(1, round(seconds / 60))
        hours, rest = divmod(minutes, 60)
        parts = [self._count("hour", hours)] if hours else []
        if rest:
            parts.append(self._count("minute", rest))
        return self("joined", first=parts[0], second=parts[1]) if len(parts) > 1 else parts[0]

    def pages(self, count: int) -> str:
        """A number of pages: 14 pages."""
        return self._count("page", count)

    def size(self, octets: int) -> str:
        """A file's size in decimal units, as download pages tell it: 340 kB, 2.5 MB."""
        if octets < 1000:
            return f"{octets} B"
        if octets < 999_500:
            return f"{round(octets / 1000)} kB"
        return f"{octets / 1_000_000:.1f}".replace(".", self("decimal")) + " MB"

    def _count(self, noun: str, count: int) -> str:
        return self(f"{noun}-{_plural(self.lang, count)}", count=count)


def words_for(lang: str) -> Words:
    """The words of a language, as a BCP 47 tag: its own catalogue, its primary language's, else English."""
    primary = lang.lower().split("-")[0]
    found = primary if primary in CATALOGUE else "en"
    return Words(found, {**CATALOGUE["en"], **CATALOGUE[found]})


def _plural(lang: str, count: int) -> str:
    """`one`, `two`, `few` or `other`: the plural classes of CLDR that our languages tell apart.

    https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
    """
    if lang == "zh":
        return "other"
    if lang == "fr":
        return "one" if count < 2 else "other"
    if lang == "ar":
        if count in (1, 2):
            return "one" if count == 1 else "two"
        return "few" if 3 <= count % 100 <= 10 else "other"
    if lang == "cy":  # nouns stay singular after a numeral: only mutations differ, which CLDR's classes follow
        return {1: "one", 2: "two", 3: "few"}.get(count, "other")
    return "one" if count == 1 else "other"
