"""French: thousands parted by spaces, decimals by a comma, the currency behind."""

from __future__ import annotations

import re

from publisher.narration.numerals import cardinal, digits, from_roman, ordinal, quantity, year
from publisher.narration.rules import Rule, addresses, hashtags, invisible, rule, shouted, words
from publisher.narration.rules_shared import Tongue, keys, per, signs

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
_MONEY = {
    **{"€": ("euro", "euros"), "£": ("livre", "livres"), "$": ("dollar", "dollars"), "EUR": ("euro", "euros")},
    **{"CHF": ("franc suisse", "francs suisses"), "USD": ("dollar", "dollars"), "GBP": ("livre", "livres")},
}
_SIGN = "EUR|CHF|USD|GBP|[€£$]"
_PER = {
    **{"kg": "le kilo", "l": "le litre", "litre": "le litre", "h": "de l’heure", "m²": "par mètre carré"},
    **{"jour": "par jour", "mois": "par mois", "an": "par an", "semaine": "par semaine", "s": "par seconde"},
    **{"km²": "par kilomètre carré", "personne": "par personne", "m³": "par mètre cube", "s²": "par seconde carrée"},
    **{"min": "par minute", "km": "par kilomètre", "hab": "par habitant", "ha": "par hectare", "j": "par jour"},
}
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
    "s": ("seconde", "secondes"),
    "t": ("tonne", "tonnes"),
    "ml": ("millilitre", "millilitres"),
    "cl": ("centilitre", "centilitres"),
    "mg": ("milligramme", "milligrammes"),
    "m³": ("mètre cube", "mètres cubes"),
    "cm²": ("centimètre carré", "centimètres carrés"),
    "cm³": ("centimètre cube", "centimètres cubes"),
    "m/s": ("mètre par seconde", "mètres par seconde"),
    "m/s²": ("mètre par seconde carrée", "mètres par seconde carrée"),
    "Mbit/s": ("mégabit par seconde", "mégabits par seconde"),
    "Gbit/s": ("gigabit par seconde", "gigabits par seconde"),
    "To": ("téraoctet", "téraoctets"),
    "ko": ("kilooctet", "kilooctets"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("mégahertz", "mégahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "W": ("watt", "watts"),
    "GW": ("gigawatt", "gigawatts"),
    "MWh": ("mégawattheure", "mégawattheures"),
    "GWh": ("gigawattheure", "gigawattheures"),
    "TWh": ("térawattheure", "térawattheures"),
    "V": ("volt", "volts"),
    "dB": ("décibel", "décibels"),
    "hPa": ("hectopascal", "hectopascals"),
    "kcal": ("kilocalorie", "kilocalories"),
    "°F": ("degré Fahrenheit", "degrés Fahrenheit"),
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_SHORT = {
    **{"M.": "Monsieur", "MM.": "Messieurs", "Mme": "Madame", "Mmes": "Mesdames", "Mlle": "Mademoiselle"},
    **{"av.": "avenue", "Av.": "Avenue", "bd": "boulevard", "Bd": "Boulevard", "bd.": "boulevard", "pl.": "place"},
    **{"Dr": "Docteur", "Pr": "Professeur", "Me": "Maître", "St": "Saint", "Ste": "Sainte"},
}
_ALWAYS = {
    **{"etc.": "et cetera", "p. ex.": "par exemple", "c.-à-d.": "c’est-à-dire", "cf.": "voir", "env.": "environ"},
    **{"av. J.-C.": "avant Jésus-Christ", "apr. J.-C.": "après Jésus-Christ", "s.d.": "sans date", "et/ou": "et ou"},
    **{"éd.": "édition", "tél.": "téléphone", "Tél.": "Téléphone", "apr.": "après", "nb.": "nombre"},
    **{"hab./km²": "habitants par kilomètre carré", "min.": "minimum", "max.": "maximum", "n.d.": "non daté"},
    **{"chap.": "chapitre", "vol.": "volume", "C++": "C plus plus", "C#": "C dièse"},
    **{"Cf.": "Voir", "P. ex.": "Par exemple", "C.-à-d.": "C’est-à-dire", "C. civ.": "Code civil", "Env.": "Environ"},
    **{
        "C. pén.": "Code pénal",
        "dir.": "direction",
        "SVP": "s’il vous plaît",
        "RDV": "rendez-vous",
        "réf.": "référence",
    },
    **{"24h/24": "vingt-quatre heures sur vingt-quatre", "7j/7": "sept jours sur sept"},
}
_BEFORE_NUMBER = {
    **{"n°": "numéro", "nº": "numéro", "N°": "numéro", "n°s": "numéros", "p.": "page", "pp.": "pages"},
    **{"art.": "article", "chap.": "chapitre", "vol.": "volume", "fig.": "figure", "al.": "alinéa", "§": "paragraphe"},
    **{"t.": "tome", "Vol.": "Volume", "Chap.": "Chapitre", "Art.": "Article", "Fig.": "Figure", "no": "numéro"},
}
_NUMBERED = "Partie|partie|Chapitre|chapitre|Livre|livre|Tome|tome|Volume|Acte|Titre|Annexe|Article|mondiale"
_REGNAL = (
    "Louis|Charles|Henri|François|Napoléon|Philippe|Jean-Paul|Benoît|Pie|Élisabeth|Guillaume|Léopold|Albert|Georges|"
    "Édouard|Jacques|Frédéric|Alexandre|Nicolas|Catherine|Léon|Grégoire|Hassan|Mohammed|Baudouin|Jean"
)
_AS_WORDS = {
    *("ONU", "OTAN", "UNICEF", "UNESCO", "SIDA", "SMIC", "NASA", "OPEP", "FIFA", "UEFA", "INSEE", "PACS", "ENA"),
    *("URSSAF", "CAF", "CERN", "OFPRA", "CROUS", "DOM", "TOM", "ZAC", "COVID", "FRONTEX", "EUROPOL", "INTERPOL"),
    *("OK", "COVID", "NASA", "ASSEDIC", "FIFA", "CAPES", "SACEM", "UNHCR"),
}
_SYMBOLS = {
    **{"&": "et", "×": "fois", "÷": "divisé par", "±": "plus ou moins", "≥": "au moins", "≤": "au plus"},
    **{"≈": "environ", "→": "vers", "©": "copyright", "®": "", "™": "", "†": "", "•": "", "·": "", "*": ""},
    **{"§": "paragraphe", "°": "degrés", "_": " ", "%": "pour cent", "€": "euros", "£": "livres"},
}


_DAYS = {
    **{"lun": "lundi", "mar": "mardi", "mer": "mercredi", "jeu": "jeudi", "ven": "vendredi", "sam": "samedi"},
    **{"dim": "dimanche"},
}
_DAY = "|".join(_DAYS)


def number(text: str) -> str:
    """A number as French writes it, in words."""
    return quantity(text, "fr", thousands=f"{_SPACES}.", point=",")


def _gendered(text: str, noun: str) -> str:
    said = number(text)
    return f"{said}e" if noun in _FEMININE and re.search(r"(?:^|[ -])un$", said) else said


def _singular(text: str) -> bool:
    return text.partition(",")[0] in ("0", "1")


def _of(noun: str) -> str:
    return f"d’{noun}" if noun[0] in "aeiou" else f"de {noun}"


def _money(match: re.Match[str]) -> str:
    single, several = _MONEY[match["sign"]]
    scale = _SCALES[match["scale"]] if match["scale"] else ""
    first = match["first"]
    minus = "moins " if match["minus"] else ""
    if match["second"]:
        own = match["scale0"] and _SCALES[match["scale0"]] != scale
        if own:
            before = f"{number(match['first'])} {_SCALES[match['scale0']]}"
            return f"{before} à {number(match['second'])} {scale} {_of(several)}"
        return f"{number(first)} à {number(match['second'])} {scale} {_of(several) if scale else several}"
    if scale and scale != "mille":
        counted = scale.rstrip("s") if _singular(first) else scale
        return f"{minus}{number(first)} {counted} {_of(several)}"
    whole, _, part = first.partition(",")
    noun = single if _singular(first) else several
    if len(part) == 2 and not scale:
        small = "" if part == "00" else cardinal(int(part), "fr")
        return f"{minus}{_gendered(whole, single)} {noun} {small}"
    return f"{minus}{_gendered(first, single)} {scale} {noun}"


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


def _day_of_month(day: str, month: str) -> str | None:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return None
    return f"{'premier' if int(day) == 1 else cardinal(int(day), 'fr')} {_NAMES[int(month) - 1]}"


def _time(match: re.Match[str]) -> str | None:
    hour, minute = int(match[1]), match[2]
    if hour > 24 or (minute and int(minute) > 59):
        return None
    return _hours(match[1], minute)


def _hours(text: str, minute: str | None) -> str:
    hour = int(text)
    hours = {0: "zéro heure", 1: "une heure", 21: "vingt et une heures"}.get(hour, f"{cardinal(hour, 'fr')} heures")
    return f"{hours} {cardinal(int(minute), 'fr')}" if minute and int(minute) else hours


def _roman_ordinal(match: re.Match[str]) -> str | None:
    value = from_roman(match[1])
    if value is None:
        return None
    return ("premier" if match[2] in ("er", "ᵉʳ") else "première") if value == 1 else ordinal(value, "fr")


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


def _lettered(letters: str) -> str:
    return letters if letters in _AS_WORDS else " ".join(letters)


def _ordinal(match: re.Match[str]) -> str:
    value = int(match[1])
    if value == 1:
        return "premier" if match[2] in ("er", "ᵉʳ") else "première"
    return ordinal(value, "fr")


def _per_cent(match: re.Match[str]) -> str:
    sign = {"+": "plus ", "-": "moins ", "−": "moins "}.get(match[0][0], "")
    return f"{sign}{number(match[1])}{f' à {number(match[2])}' if match[2] else ''} pour cent"


def _with_unit(match: re.Match[str]) -> str:
    single, several = _UNITS[match["unit"]]
    minus = "moins " if match["minus"] else ""
    if match["second"]:
        return f"{number(match['first'])} à {number(match['second'])} {several}"
    feminine = (
        "e" if single in ("minute", "seconde", "tonne") and re.search(r"(?:^|[ -])un$", number(match["first"])) else ""
    )
    return f"{minus}{number(match['first'])}{feminine} {single if _singular(match['first']) else several}"


def _quantities() -> list[Rule]:
    span = rf"(?P<first>{NUMBER})(?:(?:{_GAP}(?P<scale0>{_SCALE}){_GAP}[€£$])?{_TO}(?P<second>{NUMBER}))?"
    bare = rf"(?P<minus>(?:(?<=\s)|^)[-−])?(?P<first>{NUMBER})(?:{_TO}(?P<second>{NUMBER}))?"
    return [
        rule(
            rf"{_FREE}(?P<minus>(?:(?<=\s)|^)[-−])?{span}{_GAP}(?P<scale>(?:{_SCALE})(?=\b|[{_SPACES}€£$]))?"
            rf"(?:{_GAP}d[e’']{_GAP})?{_GAP}(?P<sign>{_SIGN})(?!\w)",
            _money,
        ),
        rule(
            rf"(?<!\w)(?P<minus>[-−])?(?P<sign>[€£$]){_GAP}{span}(?:{_GAP}(?P<scale>{_SCALE})\b)?",
            _money,
        ),
        rule(
            rf"{_FREE}[-−+]?({NUMBER})(?:{_TO}({NUMBER}))?{_GAP}%",
            _per_cent,
        ),
        rule(rf"{_FREE}{bare}{_GAP}(?P<unit>{_UNIT})(?![\w²³'’])", _with_unit),
        *per(_PER),
        rule(r"(?<!\w)(?:k|c|m)?m[²³](?!\w)", lambda m: _UNITS[m[0]][1] if m[0] in _UNITS else None),
        rule(r"(?<![\w/.,])(\d{1,2}(?:,\d)?)/(10|20|100)(?![\w/])", lambda m: f"{number(m[1])} sur {number(m[2])}"),
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
        rule(
            rf"{_FREE}(\d{{1,2}}){_GAP}h{_GAP}(\d\d)?{_TO}(\d{{1,2}}){_GAP}h{_GAP}(\d\d)?(?![\w/])",
            lambda m: f"{_hours(m[1], m[2])} à {_hours(m[3], m[4])}",
        ),
        rule(rf"{_FREE}(\d{{1,2}}){_GAP}h{_GAP}(\d\d)?(?![\w/])", _time),
        rule(rf"{_FREE}(\d{{1,2}}):(\d\d)(?![\d:])", _time),
        rule(r"(?<=\b(?:[Ll]e|du|au)\s)(\d{1,2})/(\d{1,2})(?![\w/])", lambda m: _day_of_month(m[1], m[2])),
    ]


def _fraction(above: int, below: int, whole: int) -> str:
    """“trois quarts”, “deux et demi”."""
    if below == 2:
        part = "demi" if whole else "un demi"
    else:
        noun = {3: "tiers", 4: "quart"}.get(below) or ordinal(below, "fr")
        part = f"{cardinal(above, 'fr')} {noun}{'' if above == 1 or noun.endswith('s') else 's'}"
    return f"{cardinal(whole, 'fr')} et {part}" if whole else part


_TONGUE = Tongue(
    lang="fr",
    number=number,
    numeral=NUMBER,
    fraction=_fraction,
    point="point",
    minus="moins",
    plus="plus",
    squared="au carré",
    cubed="au cube",
    power="puissance {}",
    root="racine de",
    less="moins de",
    more="plus de",
    version="version",
    equals="égale",
    picture="émoji {}",
)


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
        rule(r"(?<![\w.,])(0\d(?:[ .]\d\d){4})(?!\w)", lambda m: ", ".join(map(_pair, re.split("[ .]", m[1])))),
        rule(
            rf"(?<!\w)({_DAY})\.?(?:\s?[–-]\s?|\s(au|et)\s)({_DAY})\b\.?",
            lambda m: f"{_DAYS[m[1]]} {m[2] or 'à'} {_DAYS[m[3]]}",
        ),
        rule(rf"(?<!\w)({_DAY})\.(?=\s\d)", lambda m: _DAYS[m[1]]),
        *_dates(),
        *keys(_TONGUE),
        words(_SHORT, r"(?<!\w){}(?=\s[A-ZÀ-Þ])"),
        rule(r"(?<!\w)M\.(?= et M(?:me|lle)\b)", lambda _: "Monsieur"),
        rule(
            r"(?<![\w.])(?P<said>(?P<what>t\.|[Vv]ol\.|[Cc]hap\.|[Aa]rt\.))(?=\s[IVXLC]+\b)",
            lambda m: _BEFORE_NUMBER[m["what"]],
        ),
        rule(rf"(?<![\w.])(?P<said>(?P<what>{numbered}))(?={_GAP}\d)", lambda m: _BEFORE_NUMBER[m["what"]]),
        *_quantities(),
        rule(rf"{_FREE}({NUMBER}){_GAP}[–—]{_GAP}({NUMBER})(?!\w)", lambda m: f"{number(m[1])} à {number(m[2])}"),
        rule(r"(?<![\w.,/])((?:1[1-9]|20)\d\d)/(\d\d|\d{4})(?![\w/])", lambda m: f"{number(m[1])} à {number(m[2])}"),
        rule(r"(?<![\w.,–-])(\d{1,4})-(\d{1,4})(?![\w–.-])", lambda m: f"{number(m[1])} à {number(m[2])}"),
        rule(r"(?<!\w)([IVX]+)(er|re|ère|e|ème|ᵉʳ|ʳᵉ|ᵉ)(?!\w)", _roman_ordinal),
        rule(r"(?<!\w)2n?(d|de)(?!\w)", lambda m: "second" + m[1][1:]),
        rule(rf"(?<!\w)(?:{_NUMBERED})\s(?P<said>[IVXLC]+)(?!\w)", _roman),
        rule(rf"(?<!\w)(?:{_REGNAL})\s(?P<said>[IVX]+(?:er)?)(?!\w)", _regnal),
        rule(r"(?<!\w)(\d+)(er|re|ère|e|ème|nd|nde|ᵉʳ|ʳᵉ|ᵉ)(?!\w)", _ordinal),
        rule(r"(?<![\w.])((?:[A-Z]\.){2,})(?!\w)", lambda m: _lettered(m[1].replace(".", ""))),
        rule(r"(?<![\w.])([A-Z])\.-(?=[A-Z]\.)", lambda m: m[1]),
        rule(r"(?<![\w.])([A-Z])\.(?=\s?[A-Z])", lambda m: m[1]),
        rule(r"(?<=-)([A-Z])\.(?=\s?[A-Z])", lambda m: m[1]),
        rule(r"(?<!\w)(COVID|Covid)-?(19)(?!\w)", lambda m: f"{m[1]} dix-neuf"),
        rule(r"(?<!\w)([A-Z]{1,5})-?(\d{1,3})(?!\w)", lambda m: f"{' '.join(m[1])} {cardinal(int(m[2]), 'fr')}"),
        rule(r"(?<!\w)([A-ZÀ-Þ]{2,})(?!\w)", _capitals),
        rule(r"(?<!\w)(\d)/(\d{1,2})(?=\s?(?:finales?)\b)", lambda m: _fraction(int(m[1]), int(m[2]), 0)),
        *signs(_TONGUE),
        rule(rf"(?:(?<=\s)|^)[-−](?=\d){NUMBER}", lambda m: number(m[0])),
        rule(rf"(?<![\w.,]){NUMBER}(?![\w])", lambda m: number(m[0])),
        words(_SYMBOLS, "{}"),
        rule(r"(?<=[\w)]\s)\+(?=\s?[\w(])", lambda _: "plus"),
    )
