"""What Chinese and Japanese ask for: characters without spaces between words, and numbers in their own figures."""

from __future__ import annotations

HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese characters and kana, as the inside of a regular expression's set."""

_ONES = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}

_ONE = "[一二两兩三四五六七八九]"
_FIGURES = "零〇一二两兩三四五六七八九十百千万萬亿億"
FIGURES = rf"(?:(?:{_ONE}[十百千万萬亿億]|十[一二三四五六七八九])[{_FIGURES}]*|[〇零一二三四五六七八九]{{3,}})"
"""A number in figures, as a regular expression. One figure alone is oftener part of a word: 一些, 十分, 万一."""


def figure(text: str) -> int:
    """The value of a number in figures: 一百四十 is 140, 二〇二六 is 2026."""
    if all(character in _ONES for character in text):
        return int("".join(str(_ONES[character]) for character in text))
    total = section = one = 0
    for character in text:
        if character in _ONES:
            one = _ONES[character]
        elif character in _UNITS:
            section += (one or 1) * _UNITS[character]
            one = 0
        else:
            scale = _MYRIADS[character]
            # 一万亿 multiplies what stands before it, 一亿二千万 adds to it.
            total = (total + section + one or 1) * scale if total < scale else total + (section + one) * scale
            section = one = 0
    return total + section + one
