"""Welsh, Arabic and Chinese said right: the few things that their voices leave out or misread.

Numbers are left to the voices, which say them in these languages; signs beside them, and the years of a Chinese text,
are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from publisher.narration.rules import Rule, rule

_FIGURES = r"\d+(?:[.,٫٬]\d+)*"
_ZH_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")


def _sign(sign: str, template: str, *, before: bool = False) -> Rule:
    """A sign after a number, or before it, in words: `template` has the number's place."""
    place = rf"{sign}\s?({_FIGURES})" if before else rf"(?<![\w.,])[-−]?({_FIGURES})[\s\u00a0\u202f]?{sign}"
    return rule(place, lambda match: template.format(match[1]) if match[0][0] not in "-−" else None)


def _year(match: re.Match[str]) -> str:
    return f"{match[1].translate(_ZH_DIGITS)}年"


RULES: Mapping[str, tuple[Rule, ...]] = {
    "cy": (
        _sign("%", "{} y cant"),
        _sign("£", "{} punt", before=True),
        _sign("€", "{} ewro", before=True),
        _sign("km", "{} cilomedr"),
        _sign("°C", "{} gradd"),
    ),
    "ar": (
        _sign("[%٪]", "{} بالمئة"),
        _sign("كم(?!\\w)", "{} كيلومتر"),
        _sign("°م?", "{} درجة"),
    ),
    "zh": (
        # A year is said figure by figure: 一八一一年. Shorter numbers before 年 count years.
        rule(r"(?<!\d)([12]\d{3})年", _year),
        rule(rf"(?<![\d.,])({_FIGURES})[%％]", lambda match: f"百分之{match[1]}"),
        rule(rf"(?<![\d.,])({_FIGURES})\s?(?:°C|℃)", lambda match: f"{match[1]}摄氏度"),
        rule(rf"[¥￥]\s?({_FIGURES})", lambda match: f"{match[1]}元"),
    ),
}
"""By primary language; they go after the rules that all languages share."""
