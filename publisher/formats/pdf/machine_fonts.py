"""Fonts that are not shipped with the publisher: Chinese, Japanese and Korean ones have megabytes.

A machine's own are used, those first that are drawn for the text's language: the same character is drawn differently
in Beijing, Taipei, Tokyo and Seoul. Where none is there, a finding names what to install.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_REGIONS = {
    "zh-hans": ("SC", ("Songti SC", "SimSun"), ("PingFang SC", "Microsoft YaHei", "SimHei")),
    "zh-hant": ("TC", ("Songti TC", "PMingLiU"), ("PingFang TC", "Microsoft JhengHei")),
    "zh-hk": ("HK", ("Songti TC", "MingLiU_HKSCS"), ("PingFang HK", "Microsoft JhengHei")),
    "ja": ("JP", ("Hiragino Mincho ProN", "Yu Mincho"), ("Hiragino Sans", "Yu Gothic")),
    "ko": ("KR", ("AppleMyungjo", "Batang"), ("Apple SD Gothic Neo", "Malgun Gothic")),
}
"""By language: the region of the Noto and Source Han families, serif families and sans families of other systems."""

_LAST = ("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback")


def region(lang: str) -> str | None:
    """Which way Chinese characters are drawn for a language (a BCP 47 tag); None for one written without them."""
    primary, *rest = lang.lower().split("-")
    if primary in {"ja", "ko"}:
        return primary
    if primary not in {"zh", "yue", "cmn", "wuu", "hak", "nan"}:
        return None
    if ({"hk", "mo"} & set(rest) or primary == "yue") and "hans" not in rest:
        return "zh-hk"
    return "zh-hant" if {"hant", "tw"} & set(rest) else "zh-hans"


def east_asian(langs: Sequence[str], stack: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The families that a stack (`--serif`) gets before and after ours, for a document in `langs`, its own first.

    Before ours stand, in an East Asian document, the families whose Latin letters are ours too: so its quotation marks
    and dots have the width and place of that script.
    """
    main = region(langs[0]) if langs else None
    found = main or next((one for one in map(region, langs[1:]) if one), None)
    if found is None:
        return (), ()
    suffix, serifs, sans = _REGIONS[found]
    plain = (f"Noto Sans CJK {suffix}", f"Source Han Sans {suffix}")
    good: tuple[str, ...]
    others: tuple[str, ...]
    match stack:
        case "--serif":
            good = (f"Noto Serif CJK {suffix}", f"Source Han Serif {suffix}")
            others = (*serifs, *plain, *sans)
        case "--mono":
            good, others = (), (f"Noto Sans Mono CJK {suffix}", *plain, *sans)
        case _:
            good, others = plain, sans
    # The letters of --hyperlegible are chosen for readers with low vision, and come first.
    first = good if main and stack != "--hyperlegible" else ()
    return first, (*(() if first else good), *others, *_LAST)


@dataclass(frozen=True, slots=True)
class _Script:
    name: str
    ranges: tuple[tuple[int, int], ...]
    package: str


_HAN = ((0x2E80, 0x303F), (0x31C0, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF))
_SCRIPTS = (
    _Script("Chinese", (*_HAN, (0x20000, 0x3FFFF)), "fonts-noto-cjk"),
    _Script("Japanese", ((0x3040, 0x30FF), (0x31F0, 0x31FF)), "fonts-noto-cjk"),
    _Script("Korean", ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7FF)), "fonts-noto-cjk"),
    _Script("Bopomofo", ((0x3100, 0x312F),), "fonts-noto-cjk"),
    _Script("emoji", ((0x1F300, 0x1FAFF), (0x2600, 0x27BF), (0x1F000, 0x1F2FF)), "fonts-noto-color-emoji"),
    _Script("Devanagari", ((0x0900, 0x097F), (0xA8E0, 0xA8FF)), "fonts-noto-core"),
    _Script("Bengali", ((0x0980, 0x09FF),), "fonts-noto-core"),
    _Script("Gurmukhi", ((0x0A00, 0x0A7F),), "fonts-noto-core"),
    _Script("Gujarati", ((0x0A80, 0x0AFF),), "fonts-noto-core"),
    _Script("Tamil", ((0x0B80, 0x0BFF),), "fonts-noto-core"),
    _Script("Telugu", ((0x0C00, 0x0C7F),), "fonts-noto-core"),
    _Script("Kannada", ((0x0C80, 0x0CFF),), "fonts-noto-core"),
    _Script("Malayalam", ((0x0D00, 0x0D7F),), "fonts-noto-core"),
    _Script("Sinhala", ((0x0D80, 0x0DFF),), "fonts-noto-core"),
    _Script("Thai", ((0x0E00, 0x0E7F),), "fonts-noto-core"),
    _Script("Lao", ((0x0E80, 0x0EFF),), "fonts-noto-core"),
    _Script("Tibetan", ((0x0F00, 0x0FFF),), "fonts-noto-core"),
    _Script("Burmese", ((0x1000, 0x109F),), "fonts-noto-core"),
    _Script("Georgian", ((0x10A0, 0x10FF), (0x1C90, 0x1CBF)), "fonts-noto-core"),
    _Script("Armenian", ((0x0530, 0x058F),), "fonts-noto-core"),
    _Script("Ethiopic", ((0x1200, 0x139F), (0x2D80, 0x2DDF)), "fonts-noto-core"),
    _Script("Cherokee", ((0x13A0, 0x13FF), (0xAB70, 0xABBF)), "fonts-noto-core"),
    _Script("Canadian syllabics", ((0x1400, 0x167F),), "fonts-noto-core"),
    _Script("Khmer", ((0x1780, 0x17FF), (0x19E0, 0x19FF)), "fonts-noto-core"),
    _Script("Mongolian", ((0x1800, 0x18AF),), "fonts-noto-core"),
    _Script("Hebrew", ((0x0590, 0x05FF),), "fonts-noto-core"),
    _Script("Arabic", ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFB50, 0xFEFC)), "fonts-noto-core"),
    _Script("Syriac", ((0x0700, 0x074F),), "fonts-noto-core"),
    _Script("Thaana", ((0x0780, 0x07BF),), "fonts-noto-core"),
    _Script("N’Ko", ((0x07C0, 0x07FF),), "fonts-noto-core"),
    _Script("musical signs", ((0x1D000, 0x1D24F),), "fonts-noto-core"),
    _Script("ancient scripts", ((0x10000, 0x10FFF), (0x12000, 0x143FF)), "fonts-noto-core"),
)


def packages_for(characters: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Debian's packages with fonts for characters, each with the scripts that need it, in the order of the text."""
    found: dict[str, dict[str, None]] = {}
    for character in characters:
        code = ord(character)
        for script in _SCRIPTS:
            if any(first <= code <= last for first, last in script.ranges):
                found.setdefault(script.package, {})[script.name] = None
                break
    return tuple((package, tuple(scripts)) for package, scripts in found.items())
