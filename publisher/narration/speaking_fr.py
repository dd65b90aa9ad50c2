"""French: thousands parted by spaces, decimals by a comma, the currency behind."""

from __future__ import annotations

import re

from publisher.narration.numerals import cardinal, digits, from_roman, ordinal, quantity, year
from publisher.narration.rules import Rule, addresses, hashtags, invisible, rule, shouted, words

_SPACES = " \u00a0\u202f"
NUMBER = rf"(?:\d{{1,3}}(?:[{_SPACES}.]\d{{3}})+(?!\d)|\d+)(?:,\d+)?"
_GAP = rf"[{_SPACES}]?"
_FREE = r"(?<![\w,.])"
_TO = rf"{_GAP}[–—-]{_GAP}"

_MONTHS = {
    **{"janv.": "janvier", "févr.": "février", "avr.": "avril", "juill.": "juillet", "sept.": "septembre"},
    **{"oct.": "octobre", "nov.": "novembre", "déc.": "décembre"},
    **{month: month for month in ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août")},
    **{month: month for month in ("septembre", "octobre", "novembre", "décembre")},
}
_MONTH = "|".join(re.escape(month) for month in sorted(_MONTHS, key=len, reverse=True))
_NAMES = tuple(name for name in _MONTHS if not name.endswith("."))
_SCALES = {"M": "millions", "Md": "milliards", "Mds": "milliards", "million": "million", "millions": "millions"}
_SCALES |= {"milliard": "milliard", "milliards": "milliards", "k": "mille"}
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_MONEY = {"€": ("euro", "euros"), "£": ("livre", "livres"), "$": ("dollar", "dollars")}
_FEMININE = {"livre"}
_UNITS = {
    "km": ("kilomètre", "kilomètres"),
    "m": ("mètre", "mètres"),
    "cm": ("centimètre", "centimètres"),
    "mm": ("millimètre", "millimètres"),
    "kg": ("kilogramme", "kilogrammes"),
    "g": ("gramme", "grammes"),
    "l": ("litre", "litres"),
    "ha": ("hectare", "hectares"),
    "km²": ("kilomètre carré", "kilomètres carrés"),
    "m²": ("mètre carré", "mètres carrés"),
    "km/h": ("kilomètre heure", "kilomètres heure"),
    "°C": ("degré Celsius", "degrés Celsius"),
    "°": ("degré", "degrés"),
    "Go": ("gigaoctet", "gigaoctets"),
    "Mo": ("mégaoctet", "mégaoctets"),
    "kW": ("kilowatt", "kilowatts"),
    "MW": ("mégawatt", "mégawatts"),
    "kWh": ("kilowattheure", "kilowattheures"),
    "min": ("minute", "minutes"),
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_SHORT = {
    **{"M.": "Monsieur", "MM.": "Messieurs", "Mme": "Madame", "Mmes": "Mesdames", "Mlle": "Mademoiselle"},
    **{"Dr": "Docteur", "Pr": "Professeur", "Me": "Maître", "St": "Saint", "Ste": "Sainte"},
}
_ALWAYS = {
    **{"etc.": "et cetera", "p. ex.": "par exemple", "c.-à-d.": "c’est-à-dire", "cf.": "voir", "env.": "environ"},
    **{"av. J.-C.": "avant Jésus-Christ", "apr. J.-C.": "après Jésus-Christ", "s.d.": "sans date", "et/ou": "et ou"},
    **{"24h/24": "vingt-quatre heures sur vingt-quatre", "7j/7": "sept jours sur sept"},
}
_BEFORE_NUMBER = {
    **{"n°": "numéro", "nº": "numéro", "N°": "numéro", "n°s": "numéros", "p.": "page", "pp.": "pages"},
    **{"art.": "article", "chap.": "chapitre", "vol.": "volume", "fig.": "figure", "al.": "alinéa", "§": "paragraphe"},
}
_NUMBERED = "Partie|partie|Chapitre|chapitre|Livre|livre|Tome|tome|Volume|Acte|Titre|Annexe|Article|mondiale"
_REGNAL = (
    "Louis|Charles|Henri|François|Napoléon|Philippe|Jean-Paul|Benoît|Pie|Élisabeth|Guillaume|Léopold|Albert|Georges|"
    "Édouard|Jacques|Frédéric|Alexandre|Nicolas|Catherine|Léon|Grégoire|Hassan|Mohammed|Baudouin|Jean"
)
_AS_WORDS = {
    *("ONU", "OTAN", "UNICEF", "UNESCO", "SIDA", "SMIC", "NASA", "OPEP", "FIFA", "UEFA", "INSEE", "PACS", "ENA"),
    *("URSSAF", "CAF", "CERN", "OFPRA", "CROUS", "DOM", "TOM", "ZAC", "COVID", "FRONTEX", "EUROPOL", "INTERPOL"),
    *("OK",),
}
_SYMBOLS = {
    **{"&": "et", "×": "fois", "÷": "divisé par", "±": "plus ou moins", "≥": "au moins", "≤": "au plus"},
    **{"≈": "environ", "→": "vers", "©": "copyright", "®": "", "™": "", "†": "", "•": "", "·": "", "*": ""},
    **{"§": "paragraphe", "°": "degrés", "_": " ", "%": "pour cent", "€": "euros", "£": "livres"},
}


def number(text: str) -> str:
    """A number as French writes it, in words."""
    return quantity(text, "fr", thousands=f"{_SPACES}.", point=",")


def _gendered(text: str, noun: str) -> str:
    said = number(text)
    return f"{said}e" if noun in _FEMININE and re.search(r"(?:^|[ -])un$", said) else said


def _singular(text: str) -> bool:
    return text.partition(",")[0] in ("0", "1")


def _money(match: re.Match[str]) -> str:
    single, several = _MONEY[match["sign"]]
    scale = _SCALES[match["scale"]] if match["scale"] else ""
    first = match["first"]
    if match["second"]:
        return f"{number(first)} à {number(match['second'])} {scale} {f'de {several}' if scale else several}"
    if scale and scale != "mille":
        counted = scale.rstrip("s") if _singular(first) else scale
        elided = "d’" if several[0] in "aeiou" else "de "
        return f"{number(first)} {counted} {elided}{several}"
    whole, _, part = first.partition(",")
    noun = single if _singular(first) else several
    if len(part) == 2 and not scale:
        small = "" if part == "00" else cardinal(int(part), "fr")
        return f"{_gendered(whole, single)} {noun} {small}"
    return f"{_gendered(first, single)} {scale} {noun}"


def _date(match: re.Match[str]) -> str | None:
    day = int(match["day"])
    if not 1 <= day <= 31:
        return None
    said = "premier" if day == 1 else cardinal(day, "fr")
    until = f" au {cardinal(int(match['until']), 'fr')}" if match["until"] else ""
    return f"{said}{until} {_MONTHS[match['month']]}" + (f" {year(int(match['year']), 'fr')}" if match["year"] else "")


def _numeric_date(day: str, month: str, of_year: str) -> str | None:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return None
    said = "premier" if int(day) == 1 else cardinal(int(day), "fr")
    return f"{said} {_NAMES[int(month) - 1]} {year(int(of_year), 'fr')}"


def _time(match: re.Match[str]) -> str | None:
    hour, minute = int(match[1]), match[2]
    if hour > 24 or (minute and int(minute) > 59):
        return None
    hours = {0: "zéro heure", 1: "une heure", 21: "vingt et une heures"}.get(hour, f"{cardinal(hour, 'fr')} heures")
    return f"{hours} {cardinal(int(minute), 'fr')}" if minute and int(minute) else hours


def _roman_ordinal(match: re.Match[str]) -> str | None:
    value = from_roman(match[1])
    if value is None:
        return None
    return ("premier" if match[2] == "er" else "première") if value == 1 else ordinal(value, "fr")


def _roman(match: re.Match[str]) -> str | None:
    value = from_roman(match["said"])
    return cardinal(value, "fr") if value else None


def _regnal(match: re.Match[str]) -> str | None:
    value = from_roman(match["said"].removesuffix("er"))
    return None if value is None else "premier" if value == 1 else cardinal(value, "fr")


def _capitals(match: re.Match[str]) -> str | None:
    letters = match[1]
    if letters in _AS_WORDS or len(letters) > 5 or shouted(match):
        return None
    value = from_roman(letters)
    return cardinal(value, "fr") if value and set(letters) <= set("IVX") else " ".join(letters)


def _ordinal(match: re.Match[str]) -> str:
    value = int(match[1])
    if value == 1:
        return "premier" if match[2] == "er" else "première"
    return ordinal(value, "fr")


def _with_unit(match: re.Match[str]) -> str:
    single, several = _UNITS[match["unit"]]
    if match["second"]:
        return f"{number(match['first'])} à {number(match['second'])} {several}"
    feminine = "e" if single == "minute" and re.search(r"(?:^|[ -])un$", number(match["first"])) else ""
    return f"{number(match['first'])}{feminine} {single if _singular(match['first']) else several}"


def _quantities() -> list[Rule]:
    span = rf"(?P<first>{NUMBER})(?:{_TO}(?P<second>{NUMBER}))?"
    return [
        rule(
            rf"{_FREE}{span}{_GAP}(?P<scale>(?:{_SCALE})(?=\b|[{_SPACES}€£$]))?(?:{_GAP}d[e’']{_GAP})?{_GAP}(?P<sign>[€£$])",
            _money,
        ),
        rule(
            rf"(?<!\w)(?P<sign>[€£$]){_GAP}{span}(?:{_GAP}(?P<scale>{_SCALE})\b)?",
            _money,
        ),
        rule(
            rf"{_FREE}[-−]?({NUMBER})(?:{_TO}({NUMBER}))?{_GAP}%",
            lambda m: (
                f"{'moins ' if m[0][0] in '-−' else ''}{number(m[1])}{f' à {number(m[2])}' if m[2] else ''} pour cent"
            ),
        ),
        rule(rf"{_FREE}{span}{_GAP}(?P<unit>{_UNIT})(?![\w²])", _with_unit),
    ]


def _dates() -> list[Rule]:
    return [
        rule(rf"{_FREE}(\d{{4}})-(\d\d)-(\d\d)(?![\d-])", lambda m: _numeric_date(m[3], m[2], m[1])),
        rule(rf"{_FREE}(\d{{1,2}})[/.](\d{{1,2}})[/.](\d{{4}})(?!\d)", lambda m: _numeric_date(m[1], m[2], m[3])),
        rule(
            rf"{_FREE}(?P<day>\d{{1,2}})(?:er)?(?:(?:{_TO}|\sau\s)(?P<until>\d{{1,2}}))?\s+(?P<month>{_MONTH})(?![a-zé])"
            r"(?:\s+(?P<year>\d{4})(?!\d))?",
            _date,
        ),
        rule(rf"{_FREE}(\d{{1,2}}){_GAP}h{_GAP}(\d\d)?(?![\w/])", _time),
        rule(rf"{_FREE}(\d{{1,2}}):(\d\d)(?![\d:])", _time),
    ]


def _pair(text: str) -> str:
    """A telephone number's pair as the French say it: “zéro six, douze …”."""
    return digits(text, "fr") if text[0] == "0" else cardinal(int(text), "fr")


def rules() -> tuple[Rule, ...]:
    """French's rules, first that goes first."""
    numbered = "|".join(re.escape(word) for word in sorted(_BEFORE_NUMBER, key=len, reverse=True))
    return (
        invisible(),
        *addresses("point", "arobase"),
        *hashtags("mot-dièse", "numéro", "arobase"),
        words(_ALWAYS, r"(?<![\w]){}(?!\w)"),
        *_dates(),
        words(_SHORT, r"(?<!\w){}(?=\s[A-ZÀ-Þ])"),
        rule(rf"(?<![\w.])(?P<said>(?P<what>{numbered}))(?={_GAP}\d)", lambda m: _BEFORE_NUMBER[m["what"]]),
        *_quantities(),
        rule(rf"{_FREE}({NUMBER}){_GAP}[–—]{_GAP}({NUMBER})(?!\w)", lambda m: f"{number(m[1])} à {number(m[2])}"),
        rule(r"(?<![\w.,–-])(\d{1,4})-(\d{1,4})(?![\w–.-])", lambda m: f"{number(m[1])} à {number(m[2])}"),
        rule(r"(?<!\w)([IVX]+)(er|re|ère|e|ème)(?!\w)", _roman_ordinal),
        rule(rf"(?<!\w)(?:{_NUMBERED})\s(?P<said>[IVXLC]+)(?!\w)", _roman),
        rule(rf"(?<!\w)(?:{_REGNAL})\s(?P<said>[IVX]+(?:er)?)(?!\w)", _regnal),
        rule(r"(?<!\w)(\d+)(er|re|ère|e|ème|nd|nde)(?!\w)", _ordinal),
        rule(r"(?<![\w.])((?:[A-Z]\.){2,})(?!\w)", lambda m: " ".join(m[1].replace(".", ""))),
        rule(r"(?<![\w.])([A-Z])\.(?=\s?[A-Z])", lambda m: m[1]),
        rule(r"(?<!\w)([A-Z]{1,5})-?(\d{1,3})(?!\w)", lambda m: f"{' '.join(m[1])} {cardinal(int(m[2]), 'fr')}"),
        rule(r"(?<!\w)([A-ZÀ-Þ]{2,})(?!\w)", _capitals),
        rule(
            r"(?<![\w.,])(0\d(?:[ .]\d\d){4})(?!\w)",
            lambda m: ", ".join(map(_pair, re.split("[ .]", m[1]))),
        ),
        rule(rf"(?:(?<=\s)|^)[-−](?=\d){NUMBER}", lambda m: number(m[0])),
        rule(rf"(?<![\w.,]){NUMBER}(?![\w])", lambda m: number(m[0])),
        words(_SYMBOLS, "{}"),
        rule(r"(?<=[\w)]\s)\+(?=\s?[\w(])", lambda _: "plus"),
        rule(r"(?<=[\w)]\s)=(?=\s?[\w(])", lambda _: "égale"),
    )
