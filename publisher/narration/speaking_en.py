"""English, as British newspapers write it and British voices say it; American dates where the text is American."""

from __future__ import annotations

import re
import unicodedata

from publisher.narration.numerals import cardinal, digits, from_roman, ordinal, quantity, year
from publisher.narration.rules import Rule, addresses, emoji, hashtags, invisible, rule, shouted, unicode_name, words

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_FREE = r"(?<![\w.,])"
"""Not in the middle of a word or number."""
_TO = r"\s?[–—-]\s?"

_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = r"(Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![a-z])"  # noqa: E501

_SCALES = {
    **dict.fromkeys(("k", "K", "thousand"), "thousand"),
    **dict.fromkeys(("m", "mn", "M", "million"), "million"),
    **dict.fromkeys(("bn", "b", "B", "billion"), "billion"),
    **dict.fromkeys(("tn", "trillion"), "trillion"),
}
_SCALE = "thousand|million|billion|trillion|mn|bn|tn|k|K|m|M|b|B"
_MONEY = {
    "£": ("pound", "pounds", "pence"),
    "€": ("euro", "euros", "cents"),
    "$": ("dollar", "dollars", "cents"),
    "US$": ("US dollar", "US dollars", "cents"),
    "¥": ("yen", "yen", ""),
}

_UNITS = {
    **dict.fromkeys(("km", "kms"), ("kilometre", "kilometres")),
    "m": ("metre", "metres"),
    "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"),
    "nm": ("nautical mile", "nautical miles"),
    **dict.fromkeys(("mi",), ("mile", "miles")),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "mg": ("milligram", "milligrams"),
    **dict.fromkeys(("lb", "lbs"), ("pound", "pounds")),
    "oz": ("ounce", "ounces"),
    "l": ("litre", "litres"),
    "ml": ("millilitre", "millilitres"),
    "ha": ("hectare", "hectares"),
    **dict.fromkeys(("sq km", "km²", "km2"), ("square kilometre", "square kilometres")),
    **dict.fromkeys(("sq m", "m²", "m2"), ("square metre", "square metres")),
    "m³": ("cubic metre", "cubic metres"),
    "mph": ("mile per hour", "miles per hour"),
    **dict.fromkeys(("km/h", "kph", "kmh"), ("kilometre per hour", "kilometres per hour")),
    "m/s": ("metre per second", "metres per second"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "kB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "MW": ("megawatt", "megawatts"),
    "GW": ("gigawatt", "gigawatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    **dict.fromkeys(("hr", "hrs"), ("hour", "hours")),
    **dict.fromkeys(("min", "mins"), ("minute", "minutes")),
    **dict.fromkeys(("sec", "secs"), ("second", "seconds")),
    "bn": ("billion", "billion"),
    "tn": ("trillion", "trillion"),
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_METRES = {
    *("from", "away", "long", "high", "wide", "tall", "deep", "above", "below", "off", "apart", "race", "sprint"),
    *("thick", "of", "north", "south", "east", "west", "up", "down", "under", "x", "by", "to"),
}
"""After “200m”, these speak of metres; another noun of millions."""

_FRACTIONS = {2: "half", 4: "quarter"}

_SHORT = {
    "e.g.": "for example",
    "eg": "for example",
    "i.e.": "that is",
    "ie": "that is",
    "etc.": "et cetera",
    "etc": "et cetera",
    "et al.": "and others",
    "cf.": "compare",
    "vs.": "versus",
    "vs": "versus",
    "viz.": "namely",
    "approx.": "approximately",
    "Ltd.": "Limited",
    "Ltd": "Limited",
    "Inc.": "Incorporated",
    "plc": "P L C",
    "govt": "government",
    "dept": "department",
    "n.d.": "no date",
    "Ms.": "Miz",
    "Ms": "Miz",
    "Mr.": "Mister",
    "Mr": "Mister",
    "Mrs.": "Missis",
    "Mrs": "Missis",
    "w/c": "week commencing",
    "and/or": "and or",
    "24/7": "twenty-four seven",
    "9/11": "nine eleven",
    "7/7": "seven seven",
}
_TITLES = {
    **{"Dr": "Doctor", "Prof": "Professor", "St": "Saint", "Revd": "Reverend", "Sgt": "Sergeant", "Capt": "Captain"},
    **{"Lt": "Lieutenant", "Col": "Colonel", "Gen": "General", "Maj": "Major", "Cllr": "Councillor"},
}
_DOTTED_TITLES = {"Rev": "Reverend", "Hon": "Honourable", "Sen": "Senator", "Rep": "Representative", "Gov": "Governor"}
_BEFORE_NUMBER = {
    **{"No.": "number", "no.": "number", "Nos.": "numbers", "nos.": "numbers", "№": "number", "p.": "page"},
    **{"pp.": "pages", "vol.": "volume", "Vol.": "volume", "ch.": "chapter", "Ch.": "chapter", "fig.": "figure"},
    **{"Fig.": "figure", "art.": "article", "Art.": "article", "para.": "paragraph", "paras.": "paragraphs"},
    **{"para": "paragraph", "paras": "paragraphs", "s.": "section", "ss.": "sections", "§": "section"},
    **{"§§": "sections", "c.": "about", "ca.": "about", "~": "about", "sec.": "section", "Sec.": "section"},
    **{"Sect.": "section", "app.": "appendix", "ed.": "edition", "r.": "rule", "reg.": "regulation"},
}

_NUMBERED = (
    "Part|Chapter|Book|Volume|Vol\\.|Act|Scene|War|Article|Section|Title|Annex|Appendix|Type|Phase|Class|Schedule|Table|"
    "Figure|Page|Stage|Level|Category|Grade|Apollo|Protocol|Dublin|Rome|Super Bowl|Mark|Group|Division|Tier"
)
_REGNAL = (
    "Elizabeth|Charles|Henry|George|Edward|William|James|Louis|Paul|Benedict|Francis|Pius|Richard|Mary|Napoleon|Philip|"
    "Frederick|Nicholas|Alexander|Catherine|Leo|Gregory|Peter|Ivan|Victoria|Haakon|Olav|Harald|Christian|Gustav|Carl|"
    "Juan Carlos|Felipe|Alfonso|Umberto|Victor Emmanuel|Otto|Wilhelm|Friedrich|Ferdinand|Joseph|Zog|Mehmed|Suleiman|"
    "Abdul Hamid|Mohammed|Hassan|Abdullah|Rama|Innocent|Clement|Urban|Sixtus|Julius|John|Malcolm|David|Robert|Stephen|"
    "Albert|Baldwin|Leopold|Baudouin|Ramesses|Ptolemy"
)

_AS_WORDS = {
    *("NATO", "UNICEF", "UNESCO", "OPEC", "AIDS", "NASA", "ASEAN", "FIFA", "UEFA", "OFSTED", "OFCOM", "ACAS", "COBRA"),
    *(
        "FRONTEX",
        "INTERPOL",
        "EUROPOL",
        "SARS",
        "NAFTA",
        "BREXIT",
        "COVID",
        "LASER",
        "RADAR",
        "PIN",
        "SIM",
        "RAM",
        "ROM",
    ),
    *("SWAT", "CAPTCHA", "GIF", "DAISY", "EPUB", "ASCII", "JSON", "WYSIWYG", "ZIP", "NICE", "SAGE", "RADA", "UNITE"),
    *("UNISON", "OXFAM", "CERN", "COP", "MERCOSUR", "ECOWAS", "UNRWA", "ICANN", "IATA", "ISIS", "HAMAS", "DEFRA"),
    *("OK", "TV"),
}
_SPELLED_ANYWAY = {"OK": "okay", "TV": "T V"}
_SYMBOLS = {
    **{"&": "and", "×": "times", "÷": "divided by", "±": "plus or minus", "≥": "at least", "≤": "at most"},
    **{"≈": "about", "≠": "is not", "→": "to", "⇒": "so", "←": "from", "©": "copyright", "®": "", "™": "", "†": ""},
    **{"‡": "", "•": "", "·": "", "◦": "", "▪": "", "■": "", "¶": "paragraph", "§": "section", "°": "degrees"},
    **{"*": "", "_": " ", "|": ",", "√": "root of", "∞": "infinity", "µ": "micro", "✓": "yes", "✔": "yes"},
    **{"✗": "no", "✘": "no", "☐": "", "☑": "", "%": "per cent", "‰": "per mille", "€": "euros", "£": "pounds"},
}


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
    single, several, cents = _MONEY[match["sign"]]
    first, second = match["first"], match["second"]
    scale = match["scale2"] or match["scale1"]
    if second:
        own = f" {_SCALES[match['scale1']]}" if match["scale1"] and match["scale2"] != match["scale1"] else ""
        return f"{number(first)}{own} to {number(second)} {_SCALES[scale] if scale else ''} {several}"
    if scale:
        return f"{number(first)} {_SCALES[scale]} {several}"
    whole, _, part = first.partition(".")
    if len(part) == 2 and cents:
        small = "" if part == "00" else cardinal(int(part), "en")
        if whole == "0":
            return f"{small} {cents}"
        return f"{number(whole)} {single if _one(whole) else several} {small}"
    return f"{number(first)} {single if _one(first) else several}"


def _month(text: str) -> str:
    return next(month for month in _MONTHS if month.startswith(text[:3]))


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
    return f"{_month(match['month'])} the {ordinal(int(match['day']), 'en')}" + _of_year(match["year"])


def _of_year(text: str | None) -> str:
    return f" {year(int(text), 'en')}" if text else ""


def _numeric_date(day: str, month: str, of_year: str) -> str | None:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return None
    return f"the {ordinal(int(day), 'en')} of {_MONTHS[int(month) - 1]} {year(int(of_year), 'en')}"


def _time(match: re.Match[str]) -> str | None:
    hour, minute = int(match["hour"]), match["minute"]
    half = match["half"]
    if hour > 24 or (minute and int(minute) > 59):
        return None
    said = cardinal(hour, "en")
    if minute == "00":
        said = said if half else f"{said} hundred" if hour > 12 or match["hour"][0] == "0" else f"{said} o’clock"
    elif minute:
        said += f" oh {cardinal(int(minute), 'en')}" if minute[0] == "0" else f" {cardinal(int(minute), 'en')}"
    return f"{said} {spelled(half.replace('.', '').upper())}" if half else said


def _with_unit(match: re.Match[str]) -> str | None:
    unit, text = match["unit"], match["first"]
    single, several = _UNITS[unit]
    if unit == "m" and not match["space"]:
        after = re.match(r"\s+([a-z]+)", match.string[match.end() :])
        if after and after[1] not in _METRES and "." not in text + after[1]:
            single = several = "million"
    said = number(text)
    if match["second"]:
        return f"{said} to {number(match['second'])} {several}"
    return f"{said} {single if _one(text) else several}"


def _year_range(match: re.Match[str]) -> str | None:
    first, second = match[1], match[2]
    if len(second) == 2:
        if int(second) <= int(first[2:]):
            return None
        return f"{year(int(first), 'en')} to {cardinal(int(second), 'en')}" if second[0] != "0" else None
    return f"{year(int(first), 'en')} to {year(int(second), 'en')}" if int(second) >= int(first) else None


def _plural(said: str) -> str:
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


def _vulgar(match: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFKD", match[2]).split("\u2044")
    fraction = _fraction(int(decomposed[0]), int(decomposed[1]), "a")
    return f"{number(match[1])} and {fraction}" if match[1] else fraction


def _fraction(above: int, below: int, one: str) -> str:
    part = _FRACTIONS.get(below) or ordinal(below, "en")
    if above == 1:
        return f"{one} {part}"
    return f"{cardinal(above, 'en')} {'halves' if part == 'half' else part + 's'}"


def _slashed(match: re.Match[str]) -> str | None:
    above, below = int(match[1]), int(match[2])
    return _fraction(above, below, "one") if 0 < above < below <= 20 else None


def _roman(match: re.Match[str]) -> str | None:
    value = from_roman(match[1])
    return cardinal(value, "en") if value else None


def _regnal(match: re.Match[str]) -> str | None:
    value = from_roman(match[1])
    return f"the {ordinal(value, 'en')}" if value else None


def _capitals(match: re.Match[str]) -> str | None:
    """Letters one by one, unless they are known as a word or the whole line shouts."""
    letters, ending = match[1], match[2] or ""
    if letters in _SPELLED_ANYWAY:
        return _SPELLED_ANYWAY[letters] + ending.replace("’", "'")
    if letters in _AS_WORDS or len(letters) > 5 or shouted(match):
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
    return f"{letters if letters in _AS_WORDS or len(letters) > 5 else spelled(letters)} {said}"


def _plain_number(match: re.Match[str]) -> str:
    text = match[0]
    if re.fullmatch(r"1[1-9]\d\d|20\d\d", text):
        return year(int(text), "en")
    return number(text)


def _emoji(character: str) -> str:
    return unicode_name(character)


def _dates(american: bool) -> list[Rule]:
    slashes = (lambda m: _numeric_date(m[2], m[1], m[3])) if american else (lambda m: _numeric_date(m[1], m[2], m[3]))
    return [
        rule(rf"{_FREE}(\d{{4}})-(\d\d)-(\d\d)(?![\d-])", lambda match: _numeric_date(match[3], match[2], match[1])),
        rule(rf"{_FREE}(\d{{1,2}})[/.](\d{{1,2}})[/.](\d{{4}})(?!\d)", slashes),
        rule(
            rf"{_FREE}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:{_TO}(?P<until>\d{{1,2}})(?:st|nd|rd|th)?)?\s+(?:of\s+)?"
            rf"(?P<month>{_MONTH})(?:,?\s+(?P<year>\d{{4}})(?!\d))?",
            _day_first,
        ),
        rule(
            rf"(?<!\w)(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.:]*\d)(?:,?\s+(?P<year>\d{{4}})(?!\d))?",
            _month_first,
        ),
        rule(
            rf"(?<!\w)(?P<month>{_MONTH})\s+(?P<year>\d{{4}})(?!\d)",
            lambda match: _month(match["month"]) + _of_year(match["year"]),
        ),
    ]


def _times() -> list[Rule]:
    half = r"(?P<half>[ap]\.?m(?:\.(?!\s+(?-i:[A-Z])|$)|\b))"
    return [
        rule(rf"{_FREE}(?P<hour>\d{{1,2}})(?:[.:](?P<minute>\d\d))?\s?{half}", _time, re.IGNORECASE),
        rule(rf"{_FREE}(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?P<half>)(?![\d:]|\.\d)", _time),
    ]


def _quantities() -> list[Rule]:
    return [
        rule(
            rf"(?<!\w)(?P<sign>US\$|[£€$¥])\s?(?P<first>{NUMBER})(?:\s?(?P<scale1>{_SCALE})\b)?"
            rf"(?:{_TO}(?:(?P=sign)\s?)?(?P<second>{NUMBER})(?:\s?(?P<scale2>{_SCALE})\b)?)?(?![\w])",
            _money,
        ),
        rule(rf"{_FREE}(\d{{1,2}})p\b", lambda m: f"{number(m[1])} {'penny' if m[1] == '1' else 'pence'}"),
        rule(
            rf"{_FREE}[-−]?({NUMBER})(?:{_TO}({NUMBER}))?\s?(?:%|pc\b)",
            lambda m: (
                f"{'minus ' if m[0][0] in '-−' else ''}{number(m[1])}{f' to {number(m[2])}' if m[2] else ''} per cent"
            ),
        ),
        rule(
            rf"{_FREE}(?P<first>[-−]?{NUMBER})(?:{_TO}(?P<second>{NUMBER}))?(?P<space>\s|-(?=\w))?(?P<unit>{_UNIT})(?![\w²³])",
            _with_unit,
        ),
        rule(rf"{_FREE}({NUMBER})\s?x\b", lambda m: f"{number(m[1])} times"),
    ]


def _keys() -> list[Rule]:
    """Numbers that are no quantities: telephone numbers, ISBNs, versions, formulas."""
    return [
        rule(
            r"(?<!\w)IS[BS]N(?:-1[03])?:?\s(?P<said>[\dX][\dX‐‑ -]{6,}[\dX])(?!\w)",
            lambda m: " ".join(c if c == "X" else digits(c, "en") for c in m["said"] if c.isalnum()),
        ),
        rule(
            r"(?<!\w)\+(\d{1,3}(?:[ -]?\(?\d{2,5}\)?){2,4})(?!\w)",
            lambda m: "plus " + ", ".join(digits(part, "en") for part in re.findall(r"\d+", m[1])),
        ),
        rule(
            r"(?<![\w.,])(0\d{2,4}(?: \d{3,4}){1,3})(?!\w)", lambda m: ", ".join(digits(p, "en") for p in m[1].split())
        ),
        rule(r"(?<!\w)v\.?\s?(\d+(?:\.\d+)+)(?!\w)", lambda m: f"version {_points(m[1])}"),
        rule(r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)", lambda m: _points(m[0])),
        rule(r"(?<!\w)([A-Z]{1,3})(\d)([A-Z]{1,3})(?!\w)", lambda m: f"{spelled(m[1])} {number(m[2])} {spelled(m[3])}"),
    ]


def _points(text: str) -> str:
    return " point ".join(number(part) for part in text.split("."))


def _ranges() -> list[Rule]:
    years = r"(1[1-9]\d\d|20\d\d)"
    return [
        rule(rf"{_FREE}{years}\s?[–—/-]\s?(1[1-9]\d\d|20\d\d|\d\d)(?![\w,]|[–-]\d)", _year_range),
        rule(
            rf"{_FREE}({NUMBER})\s?[–—]\s?({NUMBER})(?![\w]|[–-]\d)",
            _number_range,
        ),
        rule(
            r"(?<![\w.,–-])(\d{1,4})-(\d{1,4})(?![\w]|[–.-]\d|-\w)",
            lambda m: f"{number(m[1])} to {number(m[2])}",
        ),
    ]


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
        rule(r"(?<!\w)['’]([2-9]0)s\b", lambda m: _plural(cardinal(int(m[1]), "en"))),
        rule(r"(?<![\d/.,])(\d+)?([¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])", _vulgar),
        rule(r"(?<![\w/.,])(\d{1,2})/(\d{1,2})(?![\w/])", _slashed),
        rule(r"\[((?:1[1-9]|20)\d\d)\]", lambda m: year(int(m[1]), "en") + ","),
        rule(r"(?<!\w)((?:1[5-9]|20)\d\d)([a-h])(?!\w)", lambda m: f"{year(int(m[1]), 'en')} {m[2].upper()}"),
        rule(r"(?:(?<=\s)|^|(?<=\())[-−](?=\d)" + NUMBER, lambda m: number(m[0])),
        rule(rf"(?<![\w.]){NUMBER}(?![\w]|,\d)", _plain_number),
        rule(r"(?<![\w])(\d+)(?=[-‑][^\W\d_])", _plain_number),
    ]


def _romans() -> list[Rule]:
    return [
        rule(rf"(?<!\w)(?:{_NUMBERED})s?\s(?P<said>[IVXLC]+)(?!\w)", _roman),
        rule(rf"(?<!\w)(?:{_REGNAL})\s(?P<said>[IVX]+)(?!\w)", _regnal),
    ]


def _short_words() -> list[Rule]:
    titles = "|".join(sorted(_TITLES, key=len, reverse=True))
    dotted = "|".join(_DOTTED_TITLES)
    numbered = "|".join(re.escape(word) for word in sorted(_BEFORE_NUMBER, key=len, reverse=True))
    return [
        words(_SHORT, r"(?<![\w.]){}(?!\w)"),
        rule(rf"(?<!\w)(?P<said>(?P<title>{titles})\.?)(?=\s[A-Z])", lambda m: _TITLES[m["title"]]),
        rule(rf"(?<!\w)(?P<said>(?P<title>{dotted})\.)(?=\s[A-Z])", lambda m: _DOTTED_TITLES[m["title"]]),
        rule(rf"(?<![\w.])(?P<said>(?P<what>{numbered}))(?=\s?\d)", lambda m: _BEFORE_NUMBER[m["what"]]),
        rule(r"(?<=[a-z] )v\.?(?=\s[A-Z])", lambda _: "versus"),
        rule(
            r"(?<!\w)(?P<said>(?P<month>(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)))\.(?=\s)",
            lambda m: _month(m["month"]),
        ),
    ]


def _letters() -> list[Rule]:
    return [
        rule(r"(?<![\w.])((?:[A-Z]\.){2,})(?!\w)", lambda m: spelled(m[1].replace(".", ""))),
        rule(r"(?<![\w.])([A-Z])\.(?=\s?[A-Z])", lambda m: m[1]),
        rule(r"(?<!\w)([A-Z]{2,})[-‑–](\d{1,4})(?!\w)", _letters_and_number),
        rule(r"(?<!\w)([A-Z]{1,5})(\d{1,4})(?!\w)", _letters_and_number),
        rule(r"(?<![\w])([A-Z]{2,})(s[’']|s|[’']s)?(?![\w])", _capitals),
    ]


def rules(*, american: bool = False) -> tuple[Rule, ...]:
    """English's rules, first that goes first."""
    return (
        invisible(),
        *addresses("dot", "at"),
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
        emoji("emoji", _emoji),
        words(_SYMBOLS, "{}"),
        rule(r"(?<=[\w.])–(?=\d)", lambda _: "to"),
        rule(r"(?<=[\w)]\s)\+(?=\s?[\w(])", lambda _: "plus"),
        rule(r"(?<=[\w)]\s)=(?=\s?[\w(])", lambda _: "equals"),
        rule(r"(?<=\s)<(?=\s?\d)", lambda _: "less than"),
        rule(r"(?<=\s)>(?=\s?\d)", lambda _: "more than"),
    )
