"""Numbers in words, for the languages that the normaliser knows (`en`, `fr`, `de`), on num2words."""

from __future__ import annotations

import re
from functools import lru_cache

from num2words import num2words  # type: ignore[import-untyped]

LONGEST = 15
"""Digits. Longer numbers are no quantities but keys, and are said digit by digit."""

_POINT = {"en": "point", "fr": "virgule", "de": "Komma"}
_MINUS = {"en": "minus", "fr": "moins", "de": "minus"}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN_FORM = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


@lru_cache(maxsize=4096)
def cardinal(number: int, lang: str) -> str:
    """`45774` → “forty-five thousand seven hundred and seventy-four”."""
    return str(num2words(number, lang=lang)).replace(",", "")


@lru_cache(maxsize=4096)
def ordinal(number: int, lang: str) -> str:
    """`13` → “thirteenth”, “treizième”, “dreizehnte”."""
    return str(num2words(number, lang=lang, to="ordinal")).replace(",", "")


@lru_cache(maxsize=1024)
def year(number: int, lang: str) -> str:
    """`2022` → “twenty twenty-two”, “deux mille vingt-deux”, “zweitausendzweiundzwanzig”."""
    if not 1000 <= number <= 2999:
        return cardinal(number, lang)
    return str(num2words(number, lang=lang, to="year")).replace(",", "")


def digits(text: str, lang: str) -> str:
    """Every digit by itself."""
    return " ".join(cardinal(int(character), lang) for character in text if character.isdecimal())


def quantity(text: str, lang: str, *, thousands: str, point: str) -> str:
    """A number as written, with its separators: `1,000.5` → “one thousand point five”.

    `thousands` are the characters that may part the thousands, `point` the decimal mark.
    """
    negative = text[:1] in "-−"
    bare = "".join(character for character in text.lstrip("-−+") if character not in thousands)
    whole, _, part = bare.partition(point)
    if len(whole) > LONGEST or (len(whole) > 1 and whole[0] == "0"):
        said = digits(whole, lang)
    else:
        said = cardinal(int(whole or "0"), lang)
    if part:
        said = f"{said} {_POINT[lang]} {digits(part, lang)}"
    return f"{_MINUS[lang]} {said}" if negative else said


def from_roman(text: str) -> int | None:
    """`XIV` → 14; None for what is no Roman numeral."""
    if not text or not _ROMAN_FORM.fullmatch(text):
        return None
    values = [_ROMAN[letter] for letter in text]
    return sum(-value if value < max(values[index:]) else value for index, value in enumerate(values))
