"""English, as British newspapers write it and British voices say it; American dates where the text is American."""

from __future__ import annotations

import re
import unicodedata

from publisher.narration.numerals import cardinal, digits, from_roman, ordinal, quantity, year
from publisher.narration.rules import Rule, addresses, emoji, hashtags, invisible, rule, shouted, words
from publisher.narration.words_en import (
    AS_WORDS,
    BEFORE_NUMBER,
    DOTTED_TITLES,
    EACH,
    FRACTIONS,
    MARKS,
    METRES,
    MONEY,
    MONTH,
    MONTHS,
    NUMBERED,
    PER,
    REGNAL,
    ROMAN_CENTURIES,
    SCALE,
    SCALES,
    SHORT,
    SPELLED_ANYWAY,
    STREETS,
    SYMBOLS,
    TITLES,
    UNIT,
    UNITS,
    WEEKDAY,
    WEEKDAYS,
)

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_FREE = r"(?<![\w.,])"
"""Not in the middle of a word or number."""
_TO = r"\s?[–—-]\s?"


def spelled(letters: str, ending: str = "") -> str:
    """Letters to be said one by one, with dots where an A would be taken for the article.

    `ending` is a possessive or plural.
    """
    dotted = "A" in letters and not (ending and len(letters) == 2)
    return (".".join(letters) if dotted else " ".join(letters)) + ending


def number(text: str) -> str:
    """A number as English writes it, in words."""
    return quantity(text, "en", thousands=",", point=".")


def _one(text: str) -> bool:
    return text == "1"


def _money(match: re.Match[str]) -> str:
    single, several, cents = MONEY[match["sign"]]
    first, second = match["first"], match["second"]
    scale = match["scale2"] or match["scale1"]
    minus = "minus " if match["minus"] else ""
    if _attributive(match):
        several = single
    if second:
        own = f" {SCALES[match['scale1']]}" if match["scale1"] and match["scale2"] != match["scale1"] else ""
        return f"{minus}{number(first)}{own} to {number(second)} {SCALES[scale] if scale else ''} {several}"
    if scale:
        return f"{minus}{number(first)} {SCALES[scale]} {several}"
    whole, _, part = first.partition(".")
    if len(part) == 2 and cents:
        small = "" if part == "00" else cardinal(int(part), "en")
        if whole == "0":
            return f"{minus}{small} {cents}"
        return f"{minus}{number(whole)} {single if _one(whole) else several} {small}"
    return f"{minus}{number(first)} {single if _one(first) else several}"


def _attributive(match: re.Match[str]) -> bool:
    """“It cost £5m” is five million pounds, “a £5m plan” a five million pound plan."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(
        re.search(r"\b(?:[Aa]n?|[Aa]nother|[Ee]ach|[Ee]very) $", before)
        and re.match(r"(?:-[a-z]+)*\s+[a-z]{3,}", after)
    )


def _month(text: str) -> str:
    return next(month for month in MONTHS if month.startswith(text[:3]))


def _day_first(match: re.Match[str]) -> str | None:
    if not 1 <= int(match["day"]) <= 31:
        return None
    article = "" if re.search(r"\b[Tt]he $", match.string[: match.start()]) else "the "
    day = ordinal(int(match["day"]), "en")
    if match["until"]:
        day = f"{day} to the {ordinal(int(match['until']), 'en')}"
    return f"{article}{day} of {_month(match['month'])}" + _of_year(match["year"])


def _month_first(match: re.Match[str]) -> str | None:
    if not 1 <= int(match["day"]) <= 31:
        return None
    until = f" to the {ordinal(int(match['until']), 'en')}" if match["until"] else ""
    return f"{_month(match['month'])} the {ordinal(int(match['day']), 'en')}{until}" + _of_year(match["year"])


def _of_year(text: str | None) -> str:
    return f" {year(int(text), 'en')}" if text else ""


def _numeric_date(day: str, month: str, of_year: str) -> str | None:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return None
    return f"the {ordinal(int(day), 'en')} of {MONTHS[int(month) - 1]} {year(int(of_year), 'en')}"


def _time(match: re.Match[str]) -> str | None:
    hour, minute = int(match["hour"]), match["minute"]
    half = match["half"]
    if hour > 24 or (minute and int(minute) > 59):
        return None
    said = cardinal(hour, "en")
    if minute == "00":
        said = said if half else f"{said} hundred" if hour > 12 else f"{said} o’clock"
    elif minute:
        said += f" oh {cardinal(int(minute), 'en')}" if minute[0] == "0" else f" {cardinal(int(minute), 'en')}"
    return f"{said} {spelled(half.replace('.', '').upper())}" if half else said


def _clock(hour: str, minute: str, second: str = "") -> str:
    """“22:15”, “10:30:45”."""
    said = cardinal(int(hour), "en")
    for part in (minute, second):
        if part and (int(part) or second):
            said += f" oh {cardinal(int(part), 'en')}" if part[0] == "0" else f" {cardinal(int(part), 'en')}"
    return said


def _with_unit(match: re.Match[str]) -> str | None:
    unit, text = match["unit"], match["first"]
    single, several = UNITS[unit]
    if match["per"]:
        single, several = f"{single} per {PER[match['per']]}", f"{several} per {PER[match['per']]}"
    if unit == "m" and not match["space"] and not match["per"]:
        after = re.match(r"\s+([a-z]+)", match.string[match.end() :])
        if after and after[1] not in METRES and "." not in text + after[1]:
            single = several = "million"
    said = number(text)
    if match["space"] == "-" or _attributive(match):
        several = single
    if match["second"]:
        return f"{said} to {number(match['second'])} {several}"
    return f"{said} {single if _one(text) else several}"


def _per_cent(match: re.Match[str]) -> str:
    sign = {"+": "plus ", "-": "minus ", "−": "minus "}.get(match[0][0], "")
    return f"{sign}{number(match[1])}{f' to {number(match[2])}' if match[2] else ''} per cent"


def _counted(text: str, single: str, several: str = "") -> str:
    return f"{number(text)} {single if _one(text) else several or single + 's'}"


def _bare_units(match: re.Match[str]) -> str | None:
    """“km/h” by itself; “a/b” is no unit."""
    first = UNITS.get(match[1])
    if first is None or (len(match[0]) < 4 and match[0] not in ("m/s", "g/l")):
        return None
    return f"{first[1]} per {PER[match[2]]}"


def _bearing(match: re.Match[str]) -> str:
    parts = [_counted(match[1], "degree")]
    parts += [_counted(match[2], "minute")] if match[2] else []
    parts += [_counted(match[3], "second")] if match[3] else []
    return " ".join([*parts, {"N": "north", "S": "south", "E": "east", "W": "west"}[match[4]]])


def _year_range(match: re.Match[str]) -> str | None:
    first, second = match[1], match[2]
    if len(second) == 2:
        if int(second) <= int(first[2:]):
            return None
        last = cardinal(int(second), "en") if second[0] != "0" else year(int(first[:2] + second), "en")
        return f"{year(int(first), 'en')} to {last}"
    return f"{year(int(first), 'en')} to {year(int(second), 'en')}" if int(second) >= int(first) else None


def _plural(said: str) -> str:
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


def _vulgar(match: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFKD", match[2]).split("\u2044")
    fraction = _fraction(int(decomposed[0]), int(decomposed[1]), "a")
    return f"{number(match[1])} and {fraction}" if match[1] else fraction


def _fraction(above: int, below: int, one: str) -> str:
    part = FRACTIONS.get(below) or ordinal(below, "en")
    if above == 1:
        return f"{one} {part}"
    return f"{cardinal(above, 'en')} {'halves' if part == 'half' else part + 's'}"


def _slashed(match: re.Match[str]) -> str | None:
    above, below = int(match[1]), int(match[2])
    return _fraction(above, below, "one") if 0 < above < below <= 20 else None


def _roman(match: re.Match[str]) -> str | None:
    value = from_roman(match["said"])
    return cardinal(value, "en") if value and match["said"] not in ("C", "L") else None


def _regnal(match: re.Match[str]) -> str | None:
    value = from_roman(match["said"])
    return f"the {ordinal(value, 'en')}" if value and match[0] != "Malcolm X" else None


def _capitals(match: re.Match[str]) -> str | None:
    """Letters one by one, unless they are known as a word or the whole line shouts."""
    letters, ending = match[1], match[2] or ""
    if letters in SPELLED_ANYWAY:
        return SPELLED_ANYWAY[letters] + ending.replace("’", "'")
    if letters in AS_WORDS or len(letters) > 5 or shouted(match):
        return None
    value = from_roman(letters)
    if value and set(letters) <= set("IVX") and not ending:
        return cardinal(value, "en")
    return spelled(letters, "'s" if ending else "")


def _letters_and_number(match: re.Match[str]) -> str | None:
    letters, figures = match[1], match[2]
    said = cardinal(int(figures), "en") if len(figures) <= 3 and figures[0] != "0" else digits(figures, "en")
    if len(letters) == 1 and len(figures) <= 2:
        return None  # “G7”: every voice says it rightly
    return f"{letters if letters in AS_WORDS or len(letters) > 5 else spelled(letters)} {said}"


def _plain_number(match: re.Match[str]) -> str:
    text = match[0]
    if re.fullmatch(r"1[1-9]\d\d|20\d\d", text):
        return year(int(text), "en")
    return number(text)


def _dates(american: bool) -> list[Rule]:
    slashes = (lambda m: _numeric_date(m[2], m[1], m[3])) if american else (lambda m: _numeric_date(m[1], m[2], m[3]))
    return [
        rule(
            rf"(?<!\w)(?P<said>(?P<day>{WEEKDAY})\.?)(?=,?\s\d{{1,2}}(?:st|nd|rd|th)?\s?[A-Z(–-])",
            lambda match: WEEKDAYS.get(match["day"], match["day"]),
        ),
        rule(
            rf"(?<!\w)({WEEKDAY})[–-]({WEEKDAY})(?!\w)",
            lambda m: f"{WEEKDAYS.get(m[1], m[1])} to {WEEKDAYS.get(m[2], m[2])}",
        ),
        rule(
            rf"{_FREE}(\d{{1,2}})(?:st|nd|rd|th)? (to|and|or) (\d{{1,2}})(?:st|nd|rd|th)? ({MONTH})",
            lambda m: f"the {ordinal(int(m[1]), 'en')} {m[2]} the {ordinal(int(m[3]), 'en')} of {_month(m[4])}",
        ),
        rule(
            rf"{_FREE}(\d{{4}})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::\d\d)?Z?(?!\w)",
            lambda m: f"{_numeric_date(m[3], m[2], m[1])} at {_clock(m[4], m[5])}",
        ),
        rule(rf"{_FREE}(\d{{4}})-(\d\d)-(\d\d)(?![\d-])", lambda match: _numeric_date(match[3], match[2], match[1])),
        rule(rf"{_FREE}(\d{{1,2}})[/.](\d{{1,2}})[/.](\d{{4}})(?!\d)", slashes),
        rule(
            rf"{_FREE}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:{_TO}(?P<until>\d{{1,2}})(?:st|nd|rd|th)?)?\s+(?:of\s+)?"
            rf"(?P<month>{MONTH})(?:,?\s+(?P<year>\d{{4}})(?!\d))?",
            _day_first,
        ),
        rule(
            rf"(?<!\w)(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:{_TO}(?P<until>\d{{1,2}})(?!\d))?(?![\d.:]*\d)(?:,?\s+(?P<year>\d{{4}})(?!\d))?",
            _month_first,
        ),
        rule(
            rf"(?<!\w)(?P<month>{MONTH})\s+(?P<year>\d{{4}})(?!\d)",
            lambda match: _month(match["month"]) + _of_year(match["year"]),
        ),
    ]


def _times() -> list[Rule]:
    half = r"(?P<half>[ap]\.?m(?:\.(?!\s+(?-i:[A-Z])|$)|\b))"
    return [
        rule(rf"{_FREE}(?P<hour>\d{{1,2}})(?:[.:](?P<minute>\d\d))?\s?{half}", _time, re.IGNORECASE),
        rule(rf"{_FREE}([01]?\d|2[0-3]):([0-5]\d):([0-5]\d)(?![\d:]|\.\d)", lambda m: _clock(m[1], m[2], m[3])),
        rule(rf"{_FREE}(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?P<half>)(?![\d:]|\.\d)", _time),
        rule(rf"{_FREE}(\d+):(\d)(?![\d:.])", lambda m: f"{number(m[1])} to {number(m[2])}"),
        rule(
            rf"{_FREE}(\d{{1,3}})\s?h(?:rs?)?\s?(\d{{1,2}})\s?m(?:ins?)?(?!\w)",
            lambda m: f"{_counted(m[1], 'hour')} {_counted(m[2], 'minute')}",
        ),
    ]


def _quantities() -> list[Rule]:
    return [
        rule(
            rf"{_FREE}(\d+)\s?(?:['’′]|ft|foot)\s?(\d{{1,2}})\s?(?:[\"”″]|in\b|ins\b)",
            lambda m: f"{number(m[1])} foot {number(m[2])}",
        ),
        rule(rf"{_FREE}({NUMBER})(?:[\"″](?=\s[a-z])|″)", lambda m: _counted(m[1], "inch", "inches")),
        rule(
            rf"{_FREE}(\d{{1,3}})°\s?(?:(\d{{1,2}})[′’'])?\s?(?:(\d{{1,2}})[″”\"])?\s?([NSEW])(?!\w)",
            _bearing,
        ),
        rule(
            rf"{_FREE}({NUMBER})\s?[x×]\s?({NUMBER})(?:\s?[x×]\s?({NUMBER}))?\s?({UNIT})(?!\w)",
            lambda m: f"{' by '.join(number(part) for part in m.groups()[:3] if part)} {UNITS[m[4]][1]}",
        ),
        rule(
            rf"{_FREE}(?P<first>{NUMBER})\s?(?P<scale1>{SCALE})?(?:{_TO}(?P<second>{NUMBER})\s?(?P<scale2>{SCALE})?)?\s?"
            r"(?P<minus>)(?P<sign>GBP|EUR|USD|CHF|€|£)(?![\w\d]|\s?\d)",
            _money,
        ),
        rule(
            rf"(?<![\w£€$¥₹])(?P<minus>[-−](?=[£€$¥₹]))?(?P<sign>(?:US|A|C|HK|NZ)\$|GBP|EUR|USD|CHF|[£€$¥₹])\s?(?P<first>{NUMBER})(?:\s?(?P<scale1>{SCALE})\b)?"
            rf"(?:{_TO}(?:(?P=sign)\s?)?(?P<second>{NUMBER})(?:\s?(?P<scale2>{SCALE})\b)?)?(?![\w])",
            _money,
        ),
        rule(rf"(?<=\d)/({EACH})(?!\w)", lambda m: f"per {PER[m[1]]}"),
        rule(rf"{_FREE}({NUMBER})[kK](?!\w)", lambda m: f"{number(m[1])} thousand"),
        rule(rf"{_FREE}(\d{{1,2}})p\b", lambda m: f"{number(m[1])} {'penny' if m[1] == '1' else 'pence'}"),
        rule(
            rf"{_FREE}[-−+]?({NUMBER})(?:{_TO}({NUMBER}))?\s?(?:%|pc\b)",
            _per_cent,
        ),
        rule(
            rf"{_FREE}(?P<first>[-−]?{NUMBER})(?:{_TO}(?P<second>{NUMBER}))?(?P<space>\s|-(?=\w))?(?P<unit>{UNIT})(?:/(?P<per>{EACH}))?(?![\w²³/])",
            _with_unit,
        ),
        rule(rf"(?<=\bper )(?:{EACH})(?![\w²³/])", lambda m: PER[m[0]] if not m[0].isalpha() else None),
        rule(
            r"(?<=\bin )(?P<said>(?P<unit>km²|km|kg|cm|mm|ml|ha|m²|m³|t|MW|GWh))(?=$|[),;:]|\s(?:and|per|a)\b)",
            lambda m: UNITS[m["unit"]][1],
        ),
        rule(rf"(?<![\w/])({EACH})/({EACH})(?![\w²³/])", _bare_units),
        rule(rf"{_FREE}(\d+)\s?x\s?(\d+)(?!\w)", lambda m: f"{number(m[1])} by {number(m[2])}"),
        rule(rf"{_FREE}({NUMBER})\s?[x×]\b", lambda m: f"{number(m[1])} times"),
        rule(rf"{_FREE}({NUMBER})¢", lambda m: _counted(m[1], "cent")),
        rule(rf"{_FREE}([1-7])\*(?!\w)", lambda m: f"{number(m[1])} star"),
        rule(r"(?<=\bper )[^\W\d]{1,2}[²³](?!\w)", lambda m: PER.get(m[0])),
        rule(r"(?<!\w)[^\W\d]{1,2}[²³](?!\w)", lambda m: UNITS[m[0]][1] if m[0] in UNITS and len(m[0]) > 2 else None),
        rule(r"(?<![\w.,])(\d+)([⁻]?[⁰¹²³⁴-⁹]+)(?!\w)", lambda m: f"{number(m[1])} {_power(m[2])}"),
        rule(r"(?:(?<=\b[^\W\d_])|(?<=\b[^\W\d_]{2})|(?<=\)))[⁻]?[⁰¹²³⁴-⁹]+(?!\w)", lambda m: _power(m[0])),
        rule(r"(?<=[^\W\d]{3})[⁰¹²³⁴-⁹]+(?!\w)", lambda _: ""),
    ]


def _keys() -> list[Rule]:
    """Numbers that are no quantities: telephone numbers, ISBNs, versions, formulas."""
    return [
        rule(r"(?:doi:\s?)?(?<![\w.])10\.\d{4,9}/[^\s<>“”]*[\w/]", lambda _: "D O I"),
        rule(
            r"(?<![\w.,])(?:\+\d{1,3}\s?)?\(0\d{0,4}\)\s?\d{2,4}(?:[ -]?\d{3,4}){1,2}(?!\w)",
            lambda m: (
                ("plus " if m[0][0] == "+" else "")
                + ", ".join(digits(part, "en") for part in re.findall(r"\d+", m[0].replace("(0)", "")))
            ),
        ),
        rule(r"(?<![\w.,/–-])(\d{3})-(\d{4})(?![\w–-])", lambda m: f"{digits(m[1], 'en')}, {digits(m[2], 'en')}"),
        rule(
            r"(?<!\w)(?=[A-Z]\w*[₀-₉])((?:[A-Z][a-z]?[₀-₉]*)+)(e?)(?![\w₀-₉])",
            lambda m: _formula(m[1].translate(_LOWERED) + m[2].upper()),
        ),
        rule(r"(?<![\w²³])([A-Za-z])([₀-₉]+)", lambda m: f"{m[1]} {number(m[2].translate(_LOWERED))}"),
        rule(
            r"(?<!\w)IS[BS]N(?:-1[03])?:?\s(?P<said>[\dX][\dX‐‑ -]{6,}[\dX])(?!\w)",
            lambda m: " ".join(c if c == "X" else digits(c, "en") for c in m["said"] if c.isalnum()),
        ),
        rule(
            r"(?<!\w)\+(\d{1,3}(?:[ -]?\(?\d{2,5}\)?){2,4})(?!\w)",
            lambda m: "plus " + ", ".join(digits(part, "en") for part in re.findall(r"\d+", m[1])),
        ),
        rule(
            r"(?<![\w.,])(?<!\d )(0\d{2,4}(?: \d{3,6}){1,3})(?!\w)",
            lambda m: ", ".join(digits(p, "en") for p in m[1].split()),
        ),
        rule(r"(?<!\w)v\.?\s?(\d+(?:\.\d+)+)(?!\w)", lambda m: f"version {_points(m[1])}"),
        rule(r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)", lambda m: _points(m[0])),
        rule(r"(?<!\w)([A-Z]{1,3})(\d)([A-Z]{1,3})(?!\w)", lambda m: f"{spelled(m[1])} {number(m[2])} {spelled(m[3])}"),
    ]


_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def _formula(text: str) -> str:
    """`CO2` → “C O two”, letter by letter; numbers as they are."""
    return " ".join(number(part) if part.isdigit() else part for part in re.findall(r"\d+|[A-Za-z]", text))


def _power(raised: str) -> str:
    exponent = int(raised.translate(_RAISED))
    return {2: "squared", 3: "cubed"}.get(exponent, f"to the power of {number(str(exponent))}")


def _points(text: str) -> str:
    return " point ".join(number(part) for part in text.split("."))


def _ranges() -> list[Rule]:
    years = r"(1[1-9]\d\d|20\d\d)"
    return [
        rule(r"(?<![\w/.,])(5|10)/\1(?![\w/])", lambda m: f"{number(m[1])} out of {number(m[1])}"),
        rule(r"(?<![\w/.,])(\d{1,3})[/–-]\1(?![\w/–-])", lambda m: f"{number(m[1])} {number(m[1])}"),
        rule(rf"{_FREE}{years}\s?[–—/-]\s?(1[1-9]\d\d|20\d\d|\d\d)(?![\w,]|[–-]\d)", _year_range),
        rule(r"(?<![\w.,–-])\d(?:-\d){2,}(?![\w.–-])", lambda m: digits(m[0], "en")),
        rule(r"(?<![\w.,–/-])(\d{1,2})[–-](\d{1,2})(?![\w%°]|[–-]\d|\s?(?:per cent|years|days))", _score),
        rule(rf"{_FREE}({NUMBER})\s?−\s?({NUMBER})(?!\w)", lambda m: f"{number(m[1])} minus {number(m[2])}"),
        rule(rf"{_FREE}({NUMBER}) - ({NUMBER})(?= =)", lambda m: f"{number(m[1])} minus {number(m[2])}"),
        rule(
            rf"{_FREE}({NUMBER})\s?[–—]\s?({NUMBER})(?![\w]|[–-]\d)",
            _number_range,
        ),
        rule(
            r"(?<![\w.,–-])(\d{1,4})-(\d{1,4})(?![\w]|[–.-]\d|-\w)",
            lambda m: f"{number(m[1])} to {number(m[2])}",
        ),
    ]


def _score(match: re.Match[str]) -> str | None:
    """“They won 3–1”: from more to less is no range, unless the pages before it say so (“pp. 21–3”)."""
    more, less = int(match[1]), int(match[2])
    if (
        less >= more
        or (more, less) == (9, 5)
        or re.search(r"(?:pages?|pp?\.|[Vv]ols?\.|nos?\.|lines?) ?$", match.string[: match.start()])
    ):
        return None
    if match[1].startswith("0") or (len(match[1]) > len(match[2]) and less and more > 12):
        return None
    return f"{cardinal(more, 'en')} {cardinal(less, 'en') if less else 'nil'}"


def _number_range(match: re.Match[str]) -> str:
    """“201–19” are pages 201 to 219."""
    first, second = match[1], match[2]
    if first.isdecimal() and second.isdecimal() and len(second) < len(first) and int(second) < int(first):
        second = first[: -len(second)] + second
    return f"{_as_year_or_number(first)} to {_as_year_or_number(second)}"


def _as_year_or_number(text: str) -> str:
    return year(int(text), "en") if re.fullmatch(r"1[1-9]\d\d|20\d\d", text) else number(text)


def _numbers() -> list[Rule]:
    return [
        rule(
            rf"{_FREE}(\d{{1,3}}(?:,\d{{3}})+|\d+)(?:st|nd|rd|th)\b",
            lambda m: ordinal(int(m[1].replace(",", "")), "en"),
        ),
        rule(
            r"(?<!\w)((?:1\d|20)\d0)['’]?s[–-]['’]?([1-9]0)s\b",
            lambda m: f"{_plural(year(int(m[1]), 'en'))} to {_plural(cardinal(int(m[2]), 'en'))}",
        ),
        rule(r"(?<!\w)((?:1\d|20)\d0)['’]?s\b", lambda m: _plural(year(int(m[1]), "en"))),
        rule(r"(?<![\w’'.,])([2-9]0)s\b", lambda m: _plural(cardinal(int(m[1]), "en"))),
        rule(r"(?<=[a-z]-)(1\d|[2-9]\d)s\b", lambda m: _plural(cardinal(int(m[1]), "en"))),
        rule(r"(?<!\w)['’]([2-9]0)s\b", lambda m: _plural(cardinal(int(m[1]), "en"))),
        rule(r"(?<![\d/.,])(\d+)?([¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])", _vulgar),
        rule(
            r"(?<![\w/.,])(\d+) ([1-9])/(2|3|4|5|8|16)(?![\w/])",
            lambda m: f"{number(m[1])} and {_fraction(int(m[2]), int(m[3]), 'a')}",
        ),
        rule(r"(?<![\w/.,])(\d{1,2})/(\d{1,2})(?![\w/])", _slashed),
        rule(
            r"\b(?:[Ii]n|[Bb]y|[Ff]rom|[Ss]ince|[Uu]ntil|[Aa]fter|[Bb]efore|[Aa]round|[Aa]bout|AD)\s(?P<said>10[1-9]\d)"
            r"(?![\w]|[.,]\d)(?!\s[a-z]+s\b)",
            lambda m: year(int(m["said"]), "en"),
        ),
        rule(r"(?<![\w.,])(?P<said>10[1-9]\d)(?=\s(?:AD|CE)\b)", lambda m: year(int(m["said"]), "en")),
        rule(
            r"(?<![\w.,])[1-9]\d{0,2}(?:[\u00a0\u202f\u2009]\d{3})+(?![\w.,]?\d)",
            lambda m: cardinal(int("".join(c for c in m[0] if c.isdigit())), "en"),
        ),
        rule(
            r"(?<![\w.,])[1-9]\d{0,2}(?: \d{3}){2,}(?![\w.,]?\d)", lambda m: cardinal(int(m[0].replace(" ", "")), "en")
        ),
        rule(r"(?<![\w.])\.(\d+)(?!\w)", lambda m: f"point {digits(m[1], 'en')}"),
        rule(rf"(?:(?<=\s)|^|(?<=\())\+({NUMBER})(?!\w)", lambda m: f"plus {number(m[1])}"),
        rule(r"\[((?:1[1-9]|20)\d\d)\]", lambda m: year(int(m[1]), "en") + ","),
        rule(r"(?<!\w)((?:1[5-9]|20)\d\d)([a-h])(?!\w)", lambda m: f"{year(int(m[1]), 'en')} {m[2].upper()}"),
        rule(r"(?:(?<=\s)|^|(?<=\())[-−](?=\d)" + NUMBER, lambda m: number(m[0])),
        rule(rf"(?<![\w.]){NUMBER}(?![\w]|,\d)", _plain_number),
        rule(r"(?<=[a-zA-Z]\.)\d+(?![\w]|[.,]\d)", _plain_number),
        rule(r"(?<![\w])(\d+)(?=[-‑][^\W\d_])", _plain_number),
    ]


def _romans() -> list[Rule]:
    return [
        rule(
            r"(?<!\w)pp\.\s(?P<said>([ivxl]+)[–-]([ivxl]+))(?!\w)",
            lambda m: (
                f"{cardinal(first, 'en')} to {cardinal(last, 'en')}"
                if (first := from_roman(m[2].upper())) and (last := from_roman(m[3].upper()))
                else None
            ),
        ),
        rule(
            rf"(?<!\w)(?P<said>[IVXL]+)(?=\s(?:{ROMAN_CENTURIES})\b)",
            lambda m: ordinal(value, "en") if (value := from_roman(m["said"])) else None,
        ),
        rule(r"(?<!\w)(?P<said>I)(?=(?:,| and| or|[–-]) ?II\b)", lambda _: "one"),
        rule(
            r"(?<!\w)(?:[Pp]ages?|pp?\.|[Ss]cene|[Cc]hapter|[Bb]ook|[Pp]art|[Ss]ection|[Nn]ote|[Vv]ol(?:ume|\.))\s"
            r"(?P<said>[ivxl]+)(?![\w])",
            lambda m: cardinal(value, "en") if (value := from_roman(m["said"].upper())) else None,
        ),
        rule(rf"(?<!\w)(?:{NUMBERED})s?\s(?P<said>[IVXLC]+)(?!\w)", _roman),
        rule(rf"(?<!\w)(?:{REGNAL})\s(?P<said>[IVX]+)(?!\w|\.\s?[A-Z])", _regnal),
        rule(rf"(?<!\w)(?:{REGNAL})\s[IVX]+ and (?P<said>[IVX]+)(?!\w|\.\s?[A-Z])", _regnal),
    ]


def _short_words() -> list[Rule]:
    titles = "|".join(sorted(TITLES, key=len, reverse=True))
    dotted = "|".join(DOTTED_TITLES)
    numbered = "|".join(re.escape(word) for word in sorted(BEFORE_NUMBER, key=len, reverse=True))
    return [
        words(SHORT, r"(?<![\w.]){}(?!\w)"),
        rule(
            rf"(?<!\w)\d+[A-Za-z]?,?\s(?:[A-Z][\w’']*\s){{1,3}}(?P<said>(?P<street>{'|'.join(STREETS)})\.?)(?!\w)",
            lambda m: STREETS[m["street"]],
        ),
        rule(rf"(?<!\w)(?P<said>(?P<title>{titles})\.?)(?=\s[A-Z])", lambda m: TITLES[m["title"]]),
        rule(r"(?<=\w )[’']n[’'](?= \w)", lambda _: "and"),
        rule(r"(?<!\w)#(?=\s?of\b)", lambda _: "number"),
        rule(rf"(?<!\w)(?P<said>(?P<title>{dotted})\.)(?=\s[A-Z])", lambda m: DOTTED_TITLES[m["title"]]),
        rule(rf"(?<![\w.])(?P<said>(?P<what>{numbered}))(?=\s?\d)", lambda m: BEFORE_NUMBER[m["what"]]),
        rule(
            r"(?<![\w.])(?P<said>(?P<what>[Vv]ol\.|[Cc]h\.|[Ff]ig\.|[Aa]rt\.|pp?\.|[Nn]os?\.|[Ss]ec\.))(?=\s?(?:[IVXLC]+|[ivxlc]+)\b)",
            lambda m: BEFORE_NUMBER[m["what"]],
        ),
        rule(r"(?<=st |nd |rd |th )ed\.", lambda _: "edition"),
        rule(r"(?<=[a-z] )v\.?(?=\s[A-Z])", lambda _: "versus"),
        rule(
            r"(?<!\w)(?P<said>(?P<month>(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)))\.(?=\s)",
            lambda m: _month(m["month"]),
        ),
    ]


def _letters() -> list[Rule]:
    return [
        rule(
            r"(?<![\w.])((?:[A-Z]\.){2,})(?!\w)",
            lambda m: letters if (letters := m[1].replace(".", "")) in AS_WORDS else spelled(letters),
        ),
        rule(r"(?<![\w.])([A-Z])\.(?=\s?[A-Z])", lambda m: m[1]),
        rule(r"(?<!\w)LGBT[A-Z]*\+?(?!\w)", lambda m: spelled(m[0].rstrip("+")) + (" plus" if m[0][-1] == "+" else "")),
        rule(r"(?<!\w)([A-Z]{1,5})(\d+\.\d+)(?!\w)", lambda m: f"{spelled(m[1])} {number(m[2])}"),
        rule(r"(?<!\w)([A-Z]{2,})[-‑–](\d{1,4})(?!\w)", _letters_and_number),
        rule(r"(?<!\w)([A-Z]{1,5})(\d{1,4})(?!\w)", _letters_and_number),
        rule(r"(?<![\w])([A-Z]{2,})(s[’']|s|[’']s)?(?![\w])", _capitals),
    ]


def rules(*, american: bool = False) -> tuple[Rule, ...]:
    """English's rules, first that goes first."""
    return (
        invisible(),
        *addresses("dot", "at", spelled),
        *hashtags("hashtag", "number", "at"),
        *_dates(american),
        *_times(),
        *_short_words(),
        *_keys(),
        *_quantities(),
        *_ranges(),
        *_romans(),
        *_letters(),
        *_numbers(),
        words(MARKS, "{}"),
        emoji("en", "{} emoji", "{} flag"),
        words(SYMBOLS, "{}"),
        rule(r"(?<=[A-ZÀ-Þ])/(?=[A-ZÀ-Þ\d])", lambda _: ""),
        rule(r"(?<=[\w.])–(?=\d)", lambda _: "to"),
        rule(r"(?<=[\w)]\s)\+(?=\s?[\w(])", lambda _: "plus"),
        rule(r"(?<=[\w)²³]\s)=(?=\s?[\w(£$€−-])|(?<=[\w)²³])=(?=[\w(£$€−-])", lambda _: "equals"),
        rule(r"(?<=[A-Za-z])\+(?!\w)", lambda _: "plus"),
        rule(r"(?:(?<=\s)|^)<(?=\s?\d|\s\w)", lambda _: "less than"),
        rule(r"(?:(?<=\s)|^)>(?=\s?\d|\s\w)", lambda _: "more than"),
    )
