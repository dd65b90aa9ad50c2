"""German: thousands parted by points or spaces, decimals by a comma, days and centuries as ordinals with a point."""

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

_NAMES = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
_MONTHS = {
    **{name: name for name in _NAMES},
    **{"Jan.": "Januar", "Feb.": "Februar", "Febr.": "Februar", "Jän.": "Jänner", "Jänner": "Jänner", "Apr.": "April"},
    **{"Aug.": "August", "Sept.": "September", "Okt.": "Oktober", "Nov.": "November", "Dez.": "Dezember"},
}
_MONTH = "|".join(re.escape(month) for month in sorted(_MONTHS, key=len, reverse=True))
_SCALES = {"Mio.": "Millionen", "Mrd.": "Milliarden", "Bio.": "Billionen", "Tsd.": "tausend"}
_SCALES |= {"Million": "Million", "Millionen": "Millionen", "Milliarde": "Milliarde", "Milliarden": "Milliarden"}
_SCALE = "|".join(re.escape(scale) for scale in sorted(_SCALES, key=len, reverse=True))
_MONEY = {"€": "Euro", "EUR": "Euro", "£": "Pfund", "$": "Dollar", "CHF": "Franken", "USD": "Dollar", "GBP": "Pfund"}
_SIGN = "EUR|CHF|USD|GBP|[€£$]"
_FEMININE = {"Tonnen": "Tonne", "Minuten": "Minute", "Sekunden": "Sekunde", "Stunden": "Stunde"}
"""Units of which there is “eine”."""
_FEMININE_ENDS = (
    "ung",
    "heit",
    "keit",
    "schaft",
    "ion",
    "tät",
    "Frau",
    "Woche",
    "Person",
    "Tochter",
    "Schwester",
    "Seite",
)
_PER = {
    **{"kg": "pro Kilo", "l": "pro Liter", "h": "pro Stunde", "Std.": "pro Stunde", "m²": "pro Quadratmeter"},
    **{"Tag": "pro Tag", "Monat": "pro Monat", "Jahr": "pro Jahr", "Woche": "pro Woche", "km²": "pro Quadratkilometer"},
    **{"Person": "pro Person", "s": "pro Sekunde", "m³": "pro Kubikmeter", "km": "pro Kilometer", "Kopf": "pro Kopf"},
    **{"s²": "pro Quadratsekunde", "min": "pro Minute", "Stunde": "pro Stunde", "ha": "pro Hektar"},
    **{"kWh": "pro Kilowattstunde", "MWh": "pro Megawattstunde", "t": "pro Tonne", "Std": "pro Stunde"},
}
_DAYS = {
    **{"Mo.": "Montag", "Di.": "Dienstag", "Mi.": "Mittwoch", "Do.": "Donnerstag", "Fr.": "Freitag"},
    **{"Sa.": "Samstag", "So.": "Sonntag"},
}
_DAY = "Mo|Di|Mi|Do|Fr|Sa|So"
_QUEENS = {"Elisabeth", "Elizabeth", "Katharina", "Maria", "Margarethe", "Victoria", "Isabella"}
_UNITS = {
    **{"km": "Kilometer", "m": "Meter", "cm": "Zentimeter", "mm": "Millimeter", "kg": "Kilogramm", "g": "Gramm"},
    **{"l": "Liter", "ha": "Hektar", "km²": "Quadratkilometer", "m²": "Quadratmeter", "°C": "Grad Celsius"},
    **{"km/h": "Kilometer pro Stunde", "°": "Grad", "kW": "Kilowatt", "MW": "Megawatt", "kWh": "Kilowattstunden"},
    **{"ml": "Milliliter", "cl": "Zentiliter", "mg": "Milligramm", "m³": "Kubikmeter", "cm²": "Quadratzentimeter"},
    **{"cm³": "Kubikzentimeter", "m/s": "Meter pro Sekunde", "m/s²": "Meter pro Quadratsekunde", "TB": "Terabyte"},
    **{"kB": "Kilobyte", "Hz": "Hertz", "kHz": "Kilohertz", "MHz": "Megahertz", "GHz": "Gigahertz", "W": "Watt"},
    **{"GW": "Gigawatt", "MWh": "Megawattstunden", "GWh": "Gigawattstunden", "TWh": "Terawattstunden", "V": "Volt"},
    **{"dB": "Dezibel", "hPa": "Hektopascal", "kcal": "Kilokalorien", "°F": "Grad Fahrenheit", "s": "Sekunden"},
    **{"ct": "Cent", "Ct.": "Cent", "Mt": "Megatonnen", "kt": "Kilotonnen", "kV": "Kilovolt", "mA": "Milliampere"},
    **{"min": "Minuten", "Mbit/s": "Megabit pro Sekunde", "Gbit/s": "Gigabit pro Sekunde", "h": "Stunden"},
    **{"GB": "Gigabyte", "MB": "Megabyte", "Std.": "Stunden", "Min.": "Minuten", "Sek.": "Sekunden", "t": "Tonnen"},
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_SHORT = {
    **{"z. B.": "zum Beispiel", "z.B.": "zum Beispiel", "d. h.": "das heißt", "d.h.": "das heißt"},
    **{"u. a.": "unter anderem", "u.a.": "unter anderem", "usw.": "und so weiter", "etc.": "et cetera"},
    **{"bzw.": "beziehungsweise", "ca.": "zirka", "vgl.": "vergleiche", "Vgl.": "Vergleiche", "evtl.": "eventuell"},
    **{"ggf.": "gegebenenfalls", "inkl.": "inklusive", "sog.": "sogenannte", "v. Chr.": "vor Christus"},
    **{"n. Chr.": "nach Christus", "o. Ä.": "oder Ähnliches", "i. d. R.": "in der Regel", "u. U.": "unter Umständen"},
    **{"Dr.": "Doktor", "Prof.": "Professor", "Hr.": "Herr", "Fr.": "Frau", "St.": "Sankt", "Hrsg.": "Herausgeber"},
    **{
        "s. o.": "siehe oben",
        "s. u.": "siehe unten",
        "und/oder": "und oder",
        "Mio.": "Millionen",
        "Mrd.": "Milliarden",
    },
    **{"z. T.": "zum Teil", "z.T.": "zum Teil", "i. A.": "im Auftrag", "m. E.": "meines Erachtens", "max.": "maximal"},
    **{"min.": "mindestens", "exkl.": "exklusive", "Tel.": "Telefon", "geb.": "geboren", "gest.": "gestorben"},
    **{"MwSt.": "Mehrwertsteuer", "Mwst.": "Mehrwertsteuer", "i.d.R.": "in der Regel", "u.U.": "unter Umständen"},
    **{"o.ä.": "oder ähnlich", "u. v. m.": "und vieles mehr", "GmbH": "G m b H", "Aufl.": "Auflage"},
    **{"Anm.": "Anmerkung", "Jh.": "Jahrhundert", "Jhd.": "Jahrhundert", "C++": "C plus plus", "C#": "C sharp"},
    **{"er/sie": "er oder sie", "km/h": "Kilometer pro Stunde", "d.i.": "das ist", "Tsd.": "tausend"},
    **{"24/7": "vierundzwanzig sieben", "rd.": "rund", "ff.": "folgende", "Bhf.": "Bahnhof", "Hbf.": "Hauptbahnhof"},
    **{"Hbf": "Hauptbahnhof", "I. d. R.": "In der Regel", "Z. B.": "Zum Beispiel", "D. h.": "Das heißt"},
    **{"U. a.": "Unter anderem", "hrsg. v.": "herausgegeben von", "hrsg.": "herausgegeben", "Bft.": "Beaufort"},
    **{"Ca.": "Zirka", "Evtl.": "Eventuell", "Ggf.": "Gegebenenfalls", "Tel.-Nr.": "Telefonnummer", "Std.": "Stunden"},
}
_BEFORE_NUMBER = {
    **{"Nr.": "Nummer", "S.": "Seite", "Art.": "Artikel", "Abs.": "Absatz", "Kap.": "Kapitel", "Bd.": "Band"},
    **{"§": "Paragraf", "§§": "Paragrafen", "Abb.": "Abbildung", "Tab.": "Tabelle", "Ziff.": "Ziffer"},
    **{"Nrn.": "Nummern", "Anm.": "Anmerkung", "Bde.": "Bände"},
}
_NUMBERED = "Teil|Kapitel|Band|Akt|Weltkrieg|Artikel|Titel|Anhang|Stufe|Klasse|Typ|Phase|Hartz"
_REGNAL = (
    "Wilhelm|Friedrich|Ludwig|Karl|Heinrich|Otto|Franz|Joseph|Elisabeth|Elizabeth|Charles|Georg|Johannes Paul|Paul|"
    "Benedikt|Pius|Leopold|Maximilian|Katharina|Alexander|Nikolaus|Napoleon|Ernst August|Albert|Johann|Leo|Gregor"
)
_AS_WORDS = {
    *("NATO", "UNICEF", "UNESCO", "AIDS", "NASA", "OPEC", "FIFA", "UEFA", "BAFÖG", "TÜV", "HARTZ", "COVID", "ASEAN"),
    *("FRONTEX", "EUROPOL", "INTERPOL", "SCHUFA", "CERN", "BAMF", "DAX", "KITA", "UNO", "OK", "PIN", "EDEKA", "IKEA"),
}
_SYMBOLS = {
    **{"&": "und", "×": "mal", "÷": "geteilt durch", "±": "plus minus", "≥": "mindestens", "≤": "höchstens"},
    **{"≈": "etwa", "→": "nach", "©": "Copyright", "®": "", "™": "", "†": "", "•": "", "·": "", "*": "", "_": " "},
    **{"§": "Paragraf", "°": "Grad", "%": "Prozent", "€": "Euro", "£": "Pfund"},
}
_DATIVE = re.compile(r"(?:\b(?:am|vom|zum|dem|seit|im|ab|bis|nach|den|des|beim)\s)$", re.IGNORECASE)
"""After these words an ordinal ends in -n: “am dreizehnten Dezember”."""
_DEFINITE = re.compile(r"(?:\b(?:der|die|das|jede|jeder)\s)$", re.IGNORECASE)
"""After these in -e: “der zweite Weltkrieg”; else in -r: “dreizehnter Dezember”."""


def number(text: str) -> str:
    """A number as German writes it, in words."""
    return quantity(text, "de", thousands=f"{_SPACES}.'’", point=",")


def _before_noun(text: str) -> str:
    """“ein Kilometer”, not “eins Kilometer”."""
    said = number(text)
    return "ein" if said == "eins" else said


def _counted(match: re.Match[str]) -> str | None:
    """“1 Kind” is “ein Kind”, and “1 Zeitung” “eine Zeitung”; but “Band 1 Anhang” says which one."""
    if re.search(r"\b[A-ZÄÖÜ][\w.]*\s$", match.string[: match.start()]):
        return None
    return "eine" if match["noun"].endswith(_FEMININE_ENDS) else "ein"


def _day(match: re.Match[str], day: int) -> str:
    before = match.string[: match.start()]
    return ordinal(day, "de") + ("n" if _DATIVE.search(before) else "" if _DEFINITE.search(before) else "r")


def _date(match: re.Match[str]) -> str | None:
    day = int(match["day"])
    if not 1 <= day <= 31:
        return None
    said = _day(match, day)
    if match["until"]:
        said = f"{said} bis {ordinal(int(match['until']), 'de')}{'r' if said.endswith('r') else 'n'}"
    of_year = f" {year(int(match['year']), 'de')}" if match["year"] else ""
    return f"{said} {_MONTHS[match['month']]}{of_year}"


def _numeric_date(match: re.Match[str]) -> str | None:
    day, month, of_year = (int(match[name]) for name in ("day", "month", "year"))
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return f"{_day(match, day)} {_NAMES[month - 1]} {year(of_year, 'de')}"


def _time(match: re.Match[str]) -> str | None:
    hour, minute = int(match[1]), match[2]
    if hour > 24 or (minute and int(minute) > 59):
        return None
    return _clock(match[1], minute)


def _clock(hour: str, minute: str | None) -> str:
    said = f"{'ein' if int(hour) == 1 else cardinal(int(hour), 'de')} Uhr"
    return f"{said} {cardinal(int(minute), 'de')}" if minute and int(minute) else said


def _money(match: re.Match[str]) -> str:
    noun = _MONEY[match["sign"] or match["sign2"]]
    scale = _SCALES[match["scale"]] if match["scale"] else ""
    first = match["first"]
    minus = "minus " if match["minus"] else ""
    if match["second"] and match["scale0"] and _SCALES[match["scale0"]] != scale:
        return f"{number(first)} {_SCALES[match['scale0']]} bis {number(match['second'])} {scale} {noun}"
    if match["second"]:
        return f"{number(first)} bis {number(match['second'])} {scale} {noun}"
    if scale:
        if first == "1" and scale.startswith(("Mill", "Bill")):
            return f"eine {scale.removesuffix('en') if scale.startswith('Mill') else scale} {noun}"
        return f"{minus}{number(first)} {scale} {noun}"
    first = re.sub(",[–—-]$", "", first)
    whole, _, part = first.partition(",")
    if part in ("–", "-", "—"):
        part = ""
    if len(part) == 2:
        return f"{minus}{_before_noun(whole)} {noun} {'' if part == '00' else cardinal(int(part), 'de')}"
    return f"{minus}{_before_noun(first)} {noun}"


def _with_unit(match: re.Match[str]) -> str:
    unit = _UNITS[match["unit"]]
    minus = "minus " if match["minus"] else ""
    if match["second"]:
        return f"{number(match['first'])} bis {number(match['second'])} {unit}"
    if match["first"] == "1" and unit in _FEMININE:
        return f"{minus}eine {_FEMININE[unit]}"
    return f"{minus}{_before_noun(match['first'])} {unit}"


def _per_cent(match: re.Match[str]) -> str:
    sign = {"+": "plus ", "-": "minus ", "−": "minus "}.get(match[0][0], "")
    said = f"{number(match[1])} bis {number(match[2])}" if match[2] else _before_noun(match[1])
    return f"{sign}{said} Prozent"


def _fraction(above: int, below: int, whole: int) -> str:
    """“drei Viertel”, “zweieinhalb”."""
    if below == 2:
        return f"{_before_noun(str(whole))}einhalb" if whole else "ein halb"
    noun = {3: "Drittel", 7: "Siebtel", 8: "Achtel"}.get(below) or cardinal(below, "de").capitalize() + "tel"
    part = f"{_before_noun(str(above))} {noun}"
    return f"{cardinal(whole, 'de')} {part}" if whole else part


_TONGUE = Tongue(
    lang="de",
    number=number,
    numeral=NUMBER,
    fraction=_fraction,
    point="Punkt",
    minus="minus",
    plus="plus",
    squared="Quadrat",
    cubed="hoch drei",
    power="hoch {}",
    root="Wurzel aus",
    less="kleiner als",
    more="größer als",
    version="Version",
    equals="gleich",
    picture="Emoji {}",
)


def _roman(match: re.Match[str]) -> str | None:
    value = from_roman(match["said"].rstrip("."))
    return cardinal(value, "de") if value else None


def _regnal(match: re.Match[str]) -> str | None:
    value = from_roman(match["said"].rstrip("."))
    queen = match[0].split()[0] in _QUEENS
    return f"{'die' if queen else 'der'} {ordinal(value, 'de')}" if value else None


def _capitals(match: re.Match[str]) -> str | None:
    letters = match[1]
    if letters in _AS_WORDS or len(letters) > 5 or shouted(match):
        return None
    value = from_roman(letters)
    return cardinal(value, "de") if value and set(letters) <= set("IVX") else " ".join(letters)


def _plain_number(match: re.Match[str]) -> str:
    text = match[0]
    return year(int(text), "de") if re.fullmatch(r"1[1-9]\d\d|20\d\d", text) else number(text)


def _ordinal(match: re.Match[str]) -> str:
    return _day(match, int(match[1]))


def _dates() -> list[Rule]:
    return [
        rule(r"(?<![\w.,])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])", _numeric_date),
        rule(r"(?<![\w.,])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?!\d)", _numeric_date),
        rule(
            rf"(?<![\w.,])(?P<day>\d{{1,2}})\.(?:(?:{_TO}|\sbis\s)(?P<until>\d{{1,2}})\.)?\s?(?P<month>{_MONTH})(?![a-zä])"
            r"(?:\s(?P<year>\d{4})(?!\d))?",
            _date,
        ),
        rule(
            r"(?<![\w.,])(\d{1,2})(?:[.:](\d\d))?\s?[–-]\s?(\d{1,2})(?:[.:](\d\d))?\sUhr(?!\w)",
            lambda m: f"{_clock(m[1], m[2]) if m[2] else cardinal(int(m[1]), 'de')} bis {_clock(m[3], m[4])}",
        ),
        rule(
            r"(?<![\w.,])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?!\s?\d)",
            lambda m: (
                f"{_day(m, int(m[1]))} {_NAMES[int(m[2]) - 1]}"
                if 1 <= int(m[1]) <= 31 and 1 <= int(m[2]) <= 12
                else None
            ),
        ),
        rule(r"(?<![\w.,])(\d{1,2})(?:[.:](\d\d))?\s?Uhr(?!\w)", _time),
        rule(r"(?<![\w.,])(\d{1,2}):(\d\d)(?![\d:])", _time),
        rule(r"(?<![\w.,])(\d+):(\d+)(?![\d:])", lambda m: f"{number(m[1])} zu {number(m[2])}"),
    ]


def _quantities() -> list[Rule]:
    minus = r"(?P<minus>(?:(?<=\s)|^)[-−])?"
    span = rf"(?P<first>{NUMBER}(?:,[–—-])?)(?:(?:{_GAP}(?P<scale0>{_SCALE}){_GAP}[€£$]?)?{_TO}(?P<second>{NUMBER}))?"
    bare = rf"{minus}(?P<first>{NUMBER})(?:{_TO}(?P<second>{NUMBER}))?"
    return [
        rule(rf"{_FREE}{minus}{span}{_GAP}(?P<scale>{_SCALE})?{_GAP}(?P<sign>{_SIGN})(?P<sign2>)(?!\w)", _money),
        rule(rf"(?<!\w){minus}(?P<sign2>{_SIGN}){_GAP}{span}(?:{_GAP}(?P<scale>{_SCALE}))?(?P<sign>)(?!\w)", _money),
        rule(
            rf"{_FREE}[-−+]?({NUMBER})(?:{_TO}({NUMBER}))?{_GAP}%",
            _per_cent,
        ),
        rule(rf"{_FREE}{bare}(?:{_GAP}|-)(?P<unit>{_UNIT})(?![\w²³])", _with_unit),
        *per(_PER),
        rule(r"(?<!\w)(?:k|c|m)?m[²³](?!\w)", lambda m: _UNITS.get(m[0])),
    ]


def rules() -> tuple[Rule, ...]:
    """German's rules, first that goes first."""
    numbered = "|".join(re.escape(word) for word in sorted(_BEFORE_NUMBER, key=len, reverse=True))
    return (
        invisible(),
        *addresses("Punkt", "ät"),
        *hashtags("Hashtag", "Nummer", "ät"),
        rule(
            rf"(?<!\w)(?P<said>(?P<day>{'|'.join(map(re.escape, _DAYS))}))(?=,?\s(?:de[mnr]\s)?\d{{1,2}}\.)",
            lambda m: _DAYS[m["day"]],
        ),
        rule(
            rf"(?<!\w)({_DAY})\.?(?:\s?[–-]\s?|\s(bis|und)\s)({_DAY})\b\.?",
            lambda m: f"{_DAYS[m[1] + '.']} {m[2] or 'bis'} {_DAYS[m[3] + '.']}",
        ),
        *_dates(),
        *keys(_TONGUE),
        rule(rf"{_FREE}({NUMBER}){_GAP}%-?(ig\w*)", lambda m: f"{number(m[1])}prozent{m[2]}"),
        *_quantities(),
        rule(rf"(?<=\bin )(?P<said>(?P<unit>{_UNIT}))(?=$|[),;:]|\s(?:und|pro|je)\b)", lambda m: _UNITS[m["unit"]]),
        words(_SHORT, r"(?<![\w.]){}(?!\w)"),
        rule(rf"(?<![\w.])(?P<said>(?P<what>{numbered}))(?={_GAP}\d)", lambda m: _BEFORE_NUMBER[m["what"]]),
        rule(
            r"(?<![\w.])(?P<said>(?P<what>Bd\.|Kap\.|Art\.|Abb\.|Tab\.))(?=\s[IVXLC]+\b)",
            lambda m: _BEFORE_NUMBER[m["what"]],
        ),
        rule(r"(?<![\w.,])((?:1[1-9]|20)?\d0)er(n?)(?!\w)", lambda m: _decade(m[1]) + m[2]),
        rule(
            rf"{_FREE}({NUMBER}){_GAP}[–—]{_GAP}({NUMBER})(?!\w)",
            lambda m: f"{_year_or_number(m[1])} bis {_year_or_number(m[2])}",
        ),
        rule(
            r"(?<![\w.,–-])(\d{1,4})-(\d{1,4})(?![\w–.-])",
            lambda m: f"{_year_or_number(m[1])} bis {_year_or_number(m[2])}",
        ),
        rule(rf"(?<!\w)(?:{_NUMBERED})\s(?P<said>[IVXLC]+)(?!\w)", _roman),
        rule(rf"(?<!\w)(?:{_REGNAL})\s(?P<said>[IVX]+\.?)(?!\w)", _regnal),
        rule(r"(?<![\w.,])(\d{1,3})\.(?=\s[A-ZÄÖÜa-zäöü])", _ordinal),
        rule(r"(?<![\w.,])(\d{1,4})-(?=\s(?:bis|und|oder)\b)", lambda m: _year_or_number(m[1])),
        rule(r"(?<![\w.])((?:[A-Z]\.){2,})(?!\w)", lambda m: _lettered(m[1].replace(".", ""))),
        rule(r"(?<![\w.])([A-Z])\.-(?=[A-Z]\.)", lambda m: m[1]),
        rule(r"(?<=-)([A-Z])\.(?=\s?[A-Z])", lambda m: m[1]),
        rule(r"(?<![\w.])([A-Z])\.(?=\s?[A-Z])", lambda m: m[1]),
        rule(r"(?<!\w)(COVID|Covid)-?(19)(?!\w)", lambda m: f"{m[1]} neunzehn"),
        rule(
            r"(?<![\w.,/])((?:1[1-9]|20)\d\d)/(\d\d|\d{4})(?![\w/])",
            lambda m: f"{_year_or_number(m[1])} bis {_year_or_number(m[2])}",
        ),
        rule(r"(?<!\w)([A-Z]{1,5})-?(\d{1,3})(?!\w)", lambda m: f"{' '.join(m[1])} {cardinal(int(m[2]), 'de')}"),
        rule(r"(?<!\w)([A-ZÄÖÜ]{2,})(?!\w)", _capitals),
        rule(
            r"(?<![\w.,])(?<!\d )(0\d{2,5})[ /-](\d{3,})(?!\w)", lambda m: f"{digits(m[1], 'de')}, {digits(m[2], 'de')}"
        ),
        *signs(_TONGUE),
        rule(rf"(?:(?<=\s)|^)[-−](?=\d){NUMBER}", lambda m: number(m[0])),
        rule(r"(?<![\w.,/–-])(?P<said>1)(?=\s(?P<noun>[A-ZÄÖÜ][a-zäöüß]+))", _counted),
        rule(rf"(?<![\w.,]){NUMBER}(?![\w])", _plain_number),
        words(_SYMBOLS, "{}"),
        rule(r"(?<=[\w)]\s)\+(?=\s?[\w(])", lambda _: "plus"),
    )


def _lettered(letters: str) -> str:
    return letters if letters in _AS_WORDS else " ".join(letters)


def _decade(text: str) -> str:
    return f"{year(int(text), 'de') if len(text) == 4 else cardinal(int(text), 'de')}er"


def _year_or_number(text: str) -> str:
    return year(int(text), "de") if re.fullmatch(r"1[1-9]\d\d|20\d\d", text) else number(text)
