"""Saying it right: what a voice misreads, in words; the text shown is never changed.

`say` returns runs that remember which shown characters they say, so that words can be highlighted as they sound.
English is done properly, French and German in good part, Welsh, Arabic and Chinese in the few things that their voices
misread; other languages get what is common to all, and their numbers are left to the voice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from publisher.model.narration import Spoken
from publisher.narration import speaking_de, speaking_en, speaking_fr, speaking_more
from publisher.narration.rules import Rule, addresses, apply, emoji, hashtags, invisible, speakable, unicode_name

_PICTURED = frozenset(("ar", "es", "fa", "id", "it", "ja", "ko", "pt", "ru", "tr", "zh"))
"""The languages besides that have names for emoji."""
_OVERLONG = re.compile(r"\S{500,}")
"""No number and no address is so long: what is (data, a prank) is left to the voice, since searching it for all that it
might be takes as long as its length squared."""
_SILENT = "\u00ad\u200b\u200c\u2060\ufeff\ufffc"
_CODE_WORDS = {
    "en": {
        **{"(": "open bracket", ")": "close bracket", "[": "open square", "]": "close square", "{": "open brace"},
        **{"}": "close brace", "<": "less than", ">": "greater than", "=": "equals", "+": "plus", "-": "dash"},
        **{"*": "star", "/": "slash", "\\": "backslash", "_": "underscore", ".": "dot", ",": "comma", ":": "colon"},
        **{";": "semicolon", "|": "bar", "&": "ampersand", "#": "hash", "@": "at", "$": "dollar", "%": "per cent"},
        **{"^": "caret", "~": "tilde", "!": "exclamation mark", "?": "question mark", '"': "quote", "'": "quote"},
        **{"`": "backtick", "–": "dash", "—": "dash", "…": "dots"},
    },
    "fr": {
        **{"(": "parenthèse ouvrante", ")": "parenthèse fermante", "[": "crochet ouvrant", "]": "crochet fermant"},
        **{"{": "accolade ouvrante", "}": "accolade fermante", "<": "inférieur à", ">": "supérieur à", "=": "égale"},
        **{"+": "plus", "-": "tiret", "*": "astérisque", "/": "barre oblique", "\\": "barre inverse"},
        **{"_": "tiret bas", ".": "point", ",": "virgule", ":": "deux-points", ";": "point-virgule", "|": "barre"},
        **{"&": "et commercial", "#": "croisillon", "@": "arobase", "$": "dollar", "%": "pour cent", "^": "accent"},
        **{"~": "tilde", "!": "point d’exclamation", "?": "point d’interrogation", '"': "guillemet"},
        **{"'": "apostrophe", "`": "accent grave", "–": "tiret", "—": "tiret", "…": "points"},
    },
    "de": {
        **{"(": "Klammer auf", ")": "Klammer zu", "[": "eckige Klammer auf", "]": "eckige Klammer zu"},
        **{"{": "geschweifte Klammer auf", "}": "geschweifte Klammer zu", "<": "kleiner als", ">": "größer als"},
        **{"=": "gleich", "+": "plus", "-": "Strich", "*": "Stern", "/": "Schrägstrich", "\\": "Rückstrich"},
        **{"_": "Unterstrich", ".": "Punkt", ",": "Komma", ":": "Doppelpunkt", ";": "Semikolon"},
        **{"|": "senkrechter Strich", "&": "Und-Zeichen", "#": "Raute", "@": "At", "$": "Dollar", "%": "Prozent"},
        **{"^": "Zirkumflex", "~": "Tilde", "!": "Ausrufezeichen", "?": "Fragezeichen", '"': "Anführungszeichen"},
        **{"'": "Apostroph", "`": "Gravis", "–": "Strich", "—": "Strich", "…": "Punkte"},
    },
}


@lru_cache(maxsize=32)
def rules_for(lang: str) -> tuple[Rule, ...]:
    """The rules of a language, first that goes first."""
    tag = lang.lower().replace("_", "-")
    match tag.partition("-")[0]:
        case "en":
            return speaking_en.rules(american=tag.startswith(("en-us", "en-ca")))
        case "fr":
            return speaking_fr.rules()
        case "de":
            return speaking_de.rules()
        case primary:
            pictures = (emoji(primary),) if primary in _PICTURED else ()
            more = speaking_more.RULES.get(primary, ())
            return (invisible(), *addresses(".", "@"), *hashtags("", "", ""), *more, *pictures)


def say(text: str, lang: str, start: int = 0, before: Sequence[Rule] = ()) -> tuple[Spoken, ...]:
    """What is said for a text; `start` is added to the runs' offsets. Nothing where it holds no word and no sign.

    The rules `before` go first: what they claim, those of the language do not see.
    """
    rules = (*before, *rules_for(lang))
    runs: tuple[Spoken, ...] = ()
    at = 0
    for overlong in _OVERLONG.finditer(text):
        runs += apply(rules, text[at : overlong.start()], lang, start + at)
        runs += apply((), overlong[0], lang, start + overlong.start())
        at = overlong.end()
    runs += apply(rules, text[at:], lang, start + at)
    return runs if speakable(runs) else ()


def respelt(words: str, lang: str) -> str:
    """An author's respelling; letters (“N C A”) in the way that this language's voices say best."""
    single = re.fullmatch(r"[A-Z](?: [A-Z])+", words)
    return speaking_en.spelled(words.replace(" ", "")) if single and lang.partition("-")[0] == "en" else words


def say_signs(text: str, lang: str) -> tuple[Spoken, ...]:
    """Signs that stand alone (“***”, “?!”) by name, in English where the language has no word for them.

    A line of them is a line of the edition: it is not to vanish from the recording.
    """
    signs = [sign for sign in text if not sign.isspace() and sign not in _SILENT]
    if not signs:
        return ()
    table = _code_words(lang)
    first, last = text.index(signs[0]), len(text.rstrip())
    if all(sign in table for sign in signs):
        return (Spoken(" ".join(table[sign] for sign in signs[:3]), lang, first, last),)
    names = dict.fromkeys(unicode_name(sign) or "sign" for sign in signs[:3])
    return (Spoken(" ".join(names), "en", first, last),)


def abbreviated(text: str, expansion: str) -> str | None:
    """What is said for a marked abbreviation without `say`: letters one by one, a shortened word in full.

    None where the normaliser says it rightly by itself (“NATO”).
    """
    if re.fullmatch(r"[^\W\d_a-zà-ÿ][^\W_]*(?:[a-z]?)", text) and text.upper() == text:
        return None  # capitals: the normaliser knows which are words
    if re.fullmatch(r"(?:[^\W\d_]\.\s?)+", text) and text.upper() == text:
        return " ".join(character for character in text if character.isalpha())
    if text.endswith(".") or (text.islower() and len(text) <= 6):
        return expansion
    return None


_DRAWN = re.compile("[\u2500-\u257f]+")
"""The lines of a drawn tree or box: they show where things stand, and sound like nothing."""


def say_code(code: str, lang: str) -> str:
    """Code as it is read aloud: its words, and its signs by name; "" for an empty line."""
    table = _code_words(lang)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", _DRAWN.sub(" ", code))
    parts = re.findall(r"(?<![\w.])\d+\.\d+(?![\w.])|[^\W_]+|[^\w\s]|_", spaced)
    return " ".join(table.get(part) or _sign(part) for part in parts)


def _sign(part: str) -> str:
    return part if part[0].isalnum() else unicode_name(part) or part


def _code_words(lang: str) -> dict[str, str]:
    return _CODE_WORDS.get(lang.partition("-")[0].lower(), _CODE_WORDS["en"])


def ordinal_mark(number: int, kind: str) -> str:
    """An ordered list's mark as it is said, by HTML's `type`: 1, a, A, i, I."""
    match kind:
        case "a" | "A":
            letters = ""
            while number > 0:
                number, rest = divmod(number - 1, 26)
                letters = chr(ord("a") + rest) + letters
            return letters.upper()
        case _:
            return str(number)  # a voice says “iv” as letters, so Roman numbers are said as numbers
