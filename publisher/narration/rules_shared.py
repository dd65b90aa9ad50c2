"""Rules that languages share but for their words: keys, formulas, powers, fractions, signs, pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from publisher.narration.numerals import cardinal, digits
from publisher.narration.rules import Rule, emoji, rule

_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_HIGH = "⁰¹²³⁴-⁹"
_GAP = "[ \u00a0\u202f]"


@dataclass(frozen=True)
class Tongue:
    """A language's words for what the shared rules say. `number` reads a number as the language writes it.

    `fraction` has the words of a fraction, and of a mixed number where the third is its whole.
    """

    lang: str
    number: Callable[[str], str]
    numeral: str
    fraction: Callable[[int, int, int], str]
    point: str
    minus: str
    plus: str
    squared: str
    cubed: str
    power: str
    root: str
    less: str
    more: str
    version: str
    equals: str
    picture: str

    def formula(self, text: str) -> str:
        """`CO2` → “C O two”."""
        parts = re.findall(r"\d+|[A-Za-z]", text.translate(_LOWERED))
        return " ".join(cardinal(int(part), self.lang) if part.isdigit() else part for part in parts)

    def raised(self, text: str) -> str:
        """What is said for an exponent."""
        exponent = int(text.translate(_RAISED))
        words = {2: self.squared, 3: self.cubed}.get(exponent)
        sign = f"{self.minus} " if exponent < 0 else ""
        return words or self.power.format(sign + cardinal(abs(exponent), self.lang))


def keys(tongue: Tongue) -> list[Rule]:
    """Numbers that are no quantities. They go before quantities."""
    lang = tongue.lang

    def apart(match: re.Match[str]) -> str:
        groups = re.findall(r"\d+", match[0].replace("(0)", ""))
        before = f"{tongue.plus} " if match[0][0] == "+" else ""
        return before + ", ".join(digits(group, lang) for group in groups)

    def version(match: re.Match[str]) -> str:
        return f" {tongue.point} ".join(cardinal(int(part), lang) for part in re.findall(r"\d+", match[1]))

    return [
        rule(r"(?:doi:\s?)?(?<![\w.])10\.\d{4,9}/[^\s<>“”]*[\w/]", lambda _: "D O I"),
        rule(
            r"(?<!\w)IS[BS]N(?:-1[03])?:?\s(?P<said>[\dX][\dX‐‑ -]{6,}[\dX])(?!\w)",
            lambda m: " ".join(c if c == "X" else digits(c, lang) for c in m["said"] if c.isalnum()),
        ),
        rule(rf"(?<!\w)\+\d{{1,3}}(?:{_GAP}|-)?(?:\(0\))?(?:(?:{_GAP}|-)?\d{{1,5}}){{2,6}}(?!\w)", apart),
        rule(r"(?<![\w.,])(?<!\d )0\d{2,4}(?:[ /]\d{3,6}){1,3}(?!\w)", apart),
        rule(r"(?<![\w.,])(\d{1,3}(?:\.\d{1,3}){2,})(?!\w)", lambda m: None if _thousands(m[0]) else version(m)),
        rule(r"(?<!\w)[Vv](?:ersion\s|\.\s?)?(\d+(?:\.\d+)+)(?!\w)", lambda m: f"{tongue.version} {version(m)}"),
        rule(
            r"(?<!\w)(?=[A-Z]\w*[₀-₉])(?:[A-Z][a-z]?[₀-₉]*)+(?![\w₀-₉])",
            lambda m: tongue.formula(m[0]),
        ),
        rule(
            r"(?<!\w)([A-Z]{1,5})(\d+)[.,](\d+)(?!\w)", lambda m: f"{' '.join(m[1])} {tongue.number(f'{m[2]},{m[3]}')}"
        ),
    ]


def _thousands(text: str) -> bool:
    """“1.000.000” is a number."""
    return all(len(part) == 3 for part in text.split(".")[1:]) and text[0] != "0"


def signs(tongue: Tongue) -> list[Rule]:
    """Fractions, powers, signs between numbers, pictures. They go after quantities and before plain numbers."""
    number, numeral = tongue.number, tongue.numeral

    def vulgar(match: re.Match[str]) -> str:
        above, below = unicodedata.normalize("NFKD", match[2]).split("\u2044")
        return tongue.fraction(int(above), int(below), int(match[1] or 0))

    def slashed(match: re.Match[str]) -> str | None:
        above, below = int(match[1]), int(match[2])
        return tongue.fraction(above, below, 0) if 0 < above < below <= 12 else None

    return [
        rule(r"(?<![\d/.,])(\d+)?([¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])", vulgar),
        rule(r"(?<![\w/.,])(\d{1,2})/(\d{1,2})(?![\w/]|,\d)", slashed),
        rule(rf"(?<![\w.,])(\d+)([⁻]?[{_HIGH}]+)(?!\w)", lambda m: f"{number(m[1])} {tongue.raised(m[2])}"),
        rule(
            rf"(?:(?<=\b[^\W\d_])|(?<=\b[^\W\d_]{{2}})|(?<=\)))[⁻]?[{_HIGH}]+(?!\w)",
            lambda m: tongue.raised(m[0]),
        ),
        rule(rf"(?<=[^\W\d]{{3}})[{_HIGH}]+(?!\w)", lambda _: ""),
        rule(
            rf"(?<![\w.,])({numeral})\s?−\s?({numeral})(?!\w)",
            lambda m: f"{number(m[1])} {tongue.minus} {number(m[2])}",
        ),
        rule(rf"(?:(?<=\s)|^|(?<=\())\+({numeral})(?!\w)", lambda m: f"{tongue.plus} {number(m[1])}"),
        rule(r"√(?=\s?\w)", lambda _: tongue.root),
        rule(r"(?:(?<=\s)|^)<(?=\s?\d|\s\w)", lambda _: tongue.less),
        rule(r"(?:(?<=\s)|^)>(?=\s?\d|\s\w)", lambda _: tongue.more),
        rule(r"(?<=[\w)²³]\s)=(?=\s?[\w(£$€−-])|(?<=[\w)²³])=(?=[\w(£$€−-])", lambda _: tongue.equals),
        emoji(tongue.lang, tongue.picture),
        rule(r"(?<=[A-ZÀ-Þ])/(?=[A-ZÀ-Þ\d])", lambda _: ""),
    ]


def per(names: Mapping[str, str]) -> list[Rule]:
    """A stroke and a unit behind an amount: “5 €/kg”, “9,8 m/s²”. It goes before the words of units alone."""
    found = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return [rule(rf"(?<=[\w²³€£$%])/({found})(?![\w²³/])", lambda m: names[m[1]])]
