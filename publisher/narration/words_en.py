"""English's words for what is written short: money, units, abbreviations, titles, signs."""

from __future__ import annotations

import re

MONTHS = "January February March April May June July August September October November December".split()
MONTH = r"(Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![a-z])"  # noqa: E501

SCALES = {
    **dict.fromkeys(("k", "K", "thousand"), "thousand"),
    **dict.fromkeys(("m", "mn", "M", "million"), "million"),
    **dict.fromkeys(("bn", "b", "B", "billion"), "billion"),
    **dict.fromkeys(("tn", "trillion"), "trillion"),
}
SCALE = "thousand|million|billion|trillion|mn|bn|tn|k|K|m|M|b|B"
MONEY = {
    "£": ("pound", "pounds", "pence"),
    "€": ("euro", "euros", "cents"),
    "$": ("dollar", "dollars", "cents"),
    "US$": ("US dollar", "US dollars", "cents"),
    "¥": ("yen", "yen", ""),
    "₹": ("rupee", "rupees", "paise"),
    "A$": ("Australian dollar", "Australian dollars", "cents"),
    "C$": ("Canadian dollar", "Canadian dollars", "cents"),
    "HK$": ("Hong Kong dollar", "Hong Kong dollars", "cents"),
    "NZ$": ("New Zealand dollar", "New Zealand dollars", "cents"),
    "GBP": ("pound", "pounds", "pence"),
    "EUR": ("euro", "euros", "cents"),
    "USD": ("US dollar", "US dollars", "cents"),
    "CHF": ("Swiss franc", "Swiss francs", "centimes"),
}

UNITS = {
    **dict.fromkeys(("km", "kms"), ("kilometre", "kilometres")),
    "m": ("metre", "metres"),
    "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"),
    "nm": ("nanometre", "nanometres"),
    **dict.fromkeys(("nmi", "NM"), ("nautical mile", "nautical miles")),
    **dict.fromkeys(("µm", "μm"), ("micrometre", "micrometres")),
    **dict.fromkeys(("µg", "μg"), ("microgram", "micrograms")),
    **dict.fromkeys(("mm²", "mm2"), ("square millimetre", "square millimetres")),
    **dict.fromkeys(("cm²", "cm2"), ("square centimetre", "square centimetres")),
    **dict.fromkeys(("cm³", "cm3"), ("cubic centimetre", "cubic centimetres")),
    **dict.fromkeys(("sq ft", "ft²"), ("square foot", "square feet")),
    **dict.fromkeys(("sq mi", "sq miles"), ("square mile", "square miles")),
    "cl": ("centilitre", "centilitres"),
    "t": ("tonne", "tonnes"),
    "V": ("volt", "volts"),
    "kV": ("kilovolt", "kilovolts"),
    "mA": ("milliamp", "milliamps"),
    "Ω": ("ohm", "ohms"),
    "kΩ": ("kilohm", "kilohms"),
    "J": ("joule", "joules"),
    "kJ": ("kilojoule", "kilojoules"),
    "kcal": ("kilocalorie", "kilocalories"),
    "Pa": ("pascal", "pascals"),
    "hPa": ("hectopascal", "hectopascals"),
    "kPa": ("kilopascal", "kilopascals"),
    "dB": ("decibel", "decibels"),
    "rpm": ("revolution per minute", "revolutions per minute"),
    "ppm": ("part per million", "parts per million"),
    "kbps": ("kilobit per second", "kilobits per second"),
    "Mbps": ("megabit per second", "megabits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"),
    "GWh": ("gigawatt hour", "gigawatt hours"),
    "MWh": ("megawatt hour", "megawatt hours"),
    "TWh": ("terawatt hour", "terawatt hours"),
    "ms": ("millisecond", "milliseconds"),
    "pp": ("percentage point", "percentage points"),
    "bps": ("basis point", "basis points"),
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
    **dict.fromkeys(("m³", "m3"), ("cubic metre", "cubic metres")),
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
PER = {
    **{name: single for name, (single, _) in UNITS.items() if name not in ("pp", "bps", "bn", "tn", "°")},
    **{
        "s": "second",
        "s²": "second squared",
        "h": "hour",
        "hour": "hour",
        "day": "day",
        "week": "week",
        "month": "month",
        "year": "year",
    },
    **{"person": "person", "min": "minute", "yr": "year", "mo": "month", "head": "head", "litre": "litre"},
}
"""What may stand behind a stroke: “3 kg/m²”, “£5/head”."""
EACH = "|".join(re.escape(unit) for unit in sorted(PER, key=len, reverse=True))
UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
METRES = {
    *("from", "away", "long", "high", "wide", "tall", "deep", "above", "below", "off", "apart", "race", "sprint"),
    *("thick", "of", "north", "south", "east", "west", "up", "down", "under", "x", "by", "to"),
}
"""After “200m”, these speak of metres; another noun of millions."""

FRACTIONS = {2: "half", 4: "quarter"}

SHORT = {
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
    "max.": "maximum",
    "min.": "minimum",
    "incl.": "including",
    "excl.": "excluding",
    "est.": "established",
    "w/o": "without",
    "w/": "with",
    "c/o": "care of",
    "n/a": "not applicable",
    "N/A": "not applicable",
    "he/she": "he or she",
    "she/he": "she or he",
    "his/her": "his or her",
    "him/her": "him or her",
    "s/he": "she or he",
    "PhD": "P H D",
    "PhDs": "P H D's",
    "BSc": "B S C",
    "MSc": "M S C",
    "C++": "C plus plus",
    "C#": "C sharp",
    "F#": "F sharp",
    ".NET": "dot net",
    "WWI": "World War One",
    "WW1": "World War One",
    "WWII": "World War Two",
    "WW2": "World War Two",
    "Jr.": "Junior",
    "Jr": "Junior",
    "Sr.": "Senior",
    "Co.": "Company",
    "Bros.": "Brothers",
    "Corp.": "Corporation",
    "tel.": "telephone",
    "Tel.": "Telephone",
    "Ave.": "Avenue",
    "Blvd.": "Boulevard",
    "Rd.": "Road",
    "Dept.": "department",
    "Govt": "government",
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
TITLES = {
    **{
        "Dr": "Doctor",
        "Prof": "Professor",
        "Rev": "Reverend",
        "St": "Saint",
        "Revd": "Reverend",
        "Sgt": "Sergeant",
        "Capt": "Captain",
    },
    **{"Mt": "Mount", "Ft": "Fort"},
    **{"Lt": "Lieutenant", "Col": "Colonel", "Gen": "General", "Maj": "Major", "Cllr": "Councillor"},
}
DOTTED_TITLES = {"Rev": "Reverend", "Hon": "Honourable", "Sen": "Senator", "Rep": "Representative", "Gov": "Governor"}
BEFORE_NUMBER = {
    **{"No.": "number", "no.": "number", "Nos.": "numbers", "nos.": "numbers", "№": "number", "p.": "page"},
    **{"pp.": "pages", "vol.": "volume", "Vol.": "volume", "ch.": "chapter", "Ch.": "chapter", "fig.": "figure"},
    **{"Fig.": "figure", "art.": "article", "Art.": "article", "para.": "paragraph", "paras.": "paragraphs"},
    **{"para": "paragraph", "paras": "paragraphs", "s.": "section", "ss.": "sections", "§": "section"},
    **{"§§": "sections", "c.": "about", "ca.": "about", "~": "about", "sec.": "section", "Sec.": "section"},
    **{"Sect.": "section", "app.": "appendix", "ed.": "edition", "r.": "rule", "reg.": "regulation"},
}

NUMBERED = (
    "Part|Chapter|Book|Volume|Vol\\.|Act|Scene|War|Article|Section|Title|Annex|Appendix|Type|Phase|Class|Schedule|Table|"
    "Figure|Page|Stage|Level|Category|Grade|Apollo|Protocol|Dublin|Rome|Super Bowl|Mark|Group|Division|Tier"
)
REGNAL = (
    "Elizabeth|Charles|Henry|George|Edward|William|James|Louis|Paul|Benedict|Francis|Pius|Richard|Mary|Napoleon|Philip|"
    "Frederick|Nicholas|Alexander|Catherine|Leo|Gregory|Peter|Ivan|Victoria|Haakon|Olav|Harald|Christian|Gustav|Carl|"
    "Juan Carlos|Felipe|Alfonso|Umberto|Victor Emmanuel|Otto|Wilhelm|Friedrich|Ferdinand|Joseph|Zog|Mehmed|Suleiman|"
    "Abdul Hamid|Mohammed|Hassan|Abdullah|Rama|Innocent|Clement|Urban|Sixtus|Julius|John|Malcolm|David|Robert|Stephen|"
    "Albert|Baldwin|Leopold|Baudouin|Ramesses|Ptolemy"
)

AS_WORDS = {
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
SPELLED_ANYWAY = {"OK": "okay", "TV": "T V"}
MARKS = {"✓": "yes", "✔": "yes", "✗": "no", "✘": "no", "☐": "", "☑": ""}
"""Marks of a list, which would be called by the names of pictures."""
SYMBOLS = {
    **{"&": "and", "×": "times", "÷": "divided by", "±": "plus or minus", "≥": "at least", "≤": "at most"},
    **{
        "≈": "about",
        "≠": "is not equal to",
        "→": "to",
        "⇒": "so",
        "←": "from",
        "©": "copyright",
        "®": "",
        "™": "",
        "†": "",
    },
    **{"‡": "", "•": "", "·": "", "◦": "", "▪": "", "■": "", "¶": "paragraph", "§": "section", "°": "degrees"},
    **{"*": "", "_": " ", "|": ",", "√": "the square root of", "∞": "infinity", "µ": "micro", "$": "dollars"},
    **{"%": "per cent", "‰": "per mille", "€": "euros", "£": "pounds"},
}

ROMAN_CENTURIES = "century|Century|Corps|Olympiad|Congress|Legion|Army|Party Congress"
WEEKDAYS = {
    **{"Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday"},
    **{"Thur": "Thursday", "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday"},
}
WEEKDAY = "|".join(sorted({*WEEKDAYS, *WEEKDAYS.values()}, key=len, reverse=True))
STREETS = {
    **{"St": "Street", "Rd": "Road", "Ave": "Avenue", "Blvd": "Boulevard", "Sq": "Square", "Ln": "Lane", "Dr": "Drive"},
    **{"Pl": "Place", "Ct": "Court", "Cres": "Crescent", "Terr": "Terrace"},
}
