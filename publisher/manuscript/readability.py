"""How hard a text is to read: words, syllables, sentences, a formula for languages that have one, hard words.

Formulas rank texts, they do not judge them: none knows whether a sentence makes sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import pyphen  # type: ignore[import-untyped]

from publisher.manuscript.calendar_words import day_names, full_month_names, primary
from publisher.manuscript.chinese import HAN

_WORD = re.compile(rf"[{HAN}]{{1,2}}|[^\W{HAN}]+(?:[’'‑-][^\W{HAN}]+)*")
_VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœ"

_EVERYDAY = frozenset(
    """
    information television everybody anybody especially usually actually generally immediately january february
    american european community university understanding interesting military necessary available ordinary
    temporary secretary library supermarket photography category activity ability electricity security
    """.split()
)
"""English words of four syllables that need no explanation (or are names of months and peoples)."""


@dataclass(frozen=True, slots=True)
class ReadingLevel:
    """What a formula gives for a text: its `value`, the `limit` for plain language, and whether that is kept."""

    formula: str
    value: float
    limit: float
    easy: bool


def words_of(text: str) -> list[str]:
    """The words of a text; numbers are words, and so is what a hyphen or an apostrophe joins. Chinese and Japanese
    set no spaces: there, two characters count as a word, which most are."""
    return _WORD.findall(text)


def syllables(word: str, lang: str) -> int:
    """About how many syllables a word has: the places where it may be hyphenated, by the language's patterns."""
    folded = word.lower()
    dictionary = _patterns(lang)
    pieces = dictionary.inserted(folded).split("-") if dictionary is not None else [folded]
    voiced = sum(1 for piece in pieces if any(letter in _VOWELS for letter in piece))
    if voiced > 1:
        return voiced
    # Patterns give nothing for some words; then every group of vowels is a syllable, but for a silent e.
    silent = (
        primary(lang) in {"en", "fr"} and len(folded) > 3 and folded.endswith("e") and folded[-2] not in _VOWELS + "l"
    )
    return max(1, len(re.findall(rf"[{_VOWELS}]+", folded)) - silent)


@cache
def _patterns(lang: str) -> pyphen.Pyphen | None:
    known = pyphen.language_fallback(lang.replace("-", "_")) or pyphen.language_fallback(primary(lang))
    if primary(lang) == "en":
        # The British patterns part by origin, the American ones by sound: syllables are sounds.
        known = "en_US"
    return pyphen.Pyphen(lang=known, left=1, right=1) if known else None


def reading_level(sentences: Sequence[str], lang: str) -> ReadingLevel | None:
    """The level of some sentences together; None for languages without a formula here, or where there are no words.

    - English: Flesch–Kincaid grade (Kincaid et al. 1975), 0.39 · words a sentence + 11.8 · syllables a word − 15.59.
      A grade is a year of school; plain language wants 7 at most, a reading age of about 12: names of places alone
      lift a text for ten-year-olds that far.
    - French: Flesch reading ease after Kandel and Moles (1958), 207 − 1.015 · words a sentence − 73.6 · syllables a
      word; 60 and more is plain.
    - German: Flesch reading ease after Amstad (1978), 180 − words a sentence − 58.5 · syllables a word; 60 and more.
    """
    counted = [words_of(sentence) for sentence in sentences]
    words = [word for sentence in counted for word in sentence]
    number = sum(1 for sentence in counted if sentence)
    if not words:
        return None
    length = len(words) / number
    sound = sum(syllables(word, lang) for word in words if not word[0].isdigit()) / len(words)
    match primary(lang):
        case "en":
            value = round(0.39 * length + 11.8 * sound - 15.59, 1)
            return ReadingLevel("Flesch–Kincaid grade", value, 7.0, value <= 7.0)
        case "fr":
            value = round(207 - 1.015 * length - 73.6 * sound, 1)
            return ReadingLevel("Flesch reading ease (Kandel and Moles)", value, 60.0, value >= 60.0)
        case "de":
            value = round(180 - length - 58.5 * sound, 1)
            return ReadingLevel("Flesch reading ease (Amstad)", value, 60.0, value >= 60.0)
        case _:
            return None


_HARD = {"en": (4, 13), "fr": (5, 14), "de": (6, 18)}
"""From how many syllables, and from how many letters, a word is called hard."""


def hard_words(text: str, lang: str, names: Iterable[str] = ()) -> list[str]:
    """Long words that a reader may not know, in order, each once; `names` are none. Empty for unknown languages."""
    limits = _HARD.get(primary(lang))
    if limits is None:
        return []
    known = {name.casefold() for name in names} | _EVERYDAY | full_month_names(lang) | day_names(lang)
    found: dict[str, None] = {}
    for word in words_of(text):
        folded = word.casefold().removesuffix("’s").removesuffix("'s")
        if "-" in folded or "‑" in folded or any(character.isdigit() for character in folded) or folded in known:
            continue
        if primary(lang) == "en" and folded.endswith("s") and folded[:-1] in known:
            continue
        if len(folded) >= limits[1] or syllables(folded, lang) >= limits[0]:
            found.setdefault(folded)
    return list(found)


_EXPLAINING = {
    "en": r"means?|meant|is (?:an?|the|when|where|what|how|any|someone|something|people|work)|"
    r"are (?:the|people|those|things|when)",
    "fr": r"signifie|veut dire|désigne|c’est|c'est|est (?:une?|le|la|l’|l'|quand|ce)|sont (?:des|les)",
    "de": r"bedeutet|heißt|meint|ist (?:ein|eine|der|die|das|wenn)|sind (?:die|Menschen)|das heißt",
}
_NAMING = {
    "en": r"called|known as|named|word for (?:this|that|it) is|this is|these are",
    "fr": r"appel(?:le|lé|lée|lés|ées)|nomm(?:e|é|ée)|on dit",
    "de": r"heißt|heißen|nennt man|genannt|nennen",
}


def explained(word: str, text: str, lang: str) -> bool:
    """Whether a text explains a word: “X means …”, “X is a …”, “X (…)”, “… (X)”, “called X”, “X: …”, “X, or …”."""
    stem = re.escape(word[: max(4, len(word) - 2)])
    quoted = rf"[\"'“‘«]?\b{stem}\w{{0,5}}[\"'”’»]?"
    key = primary(lang)
    forms = [
        rf"{quoted}(?: \w+)? ?\(",
        rf"\({quoted}\)",
        rf"{quoted}: ",
        rf"{quoted}, (?:or|ou|oder|that is|das heißt) ",
    ]
    if key in _EXPLAINING:
        forms += [
            rf"{quoted}(?: \w+)? (?:{_EXPLAINING[key]})\b",
            rf"(?:{_NAMING[key]}) (?:an? |the |une? |eine? )?{quoted}",
        ]
    return any(re.search(form, text, re.IGNORECASE) for form in forms)
