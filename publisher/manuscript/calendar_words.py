"""The names of months and days of the week, and dates as people write them, by language."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "cy": "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
_SHORT_MONTHS = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "de": "jan feb mär apr mai jun jul aug sep okt nov dez",
    "cy": "ion chwef maw ebr mai meh gorff awst medi hyd tach rhag",
    "ar": "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
}
_DAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag",
}
_ALSO = {
    "en": {"sept": 9},
    "fr": {},
    "de": {"jänner": 1, "feber": 2},
    "cy": {"orffennaf": 7},
    "ar": {},
}


@cache
def primary(lang: str) -> str:
    """The language subtag of a BCP 47 tag, in lower case: `en` of `en-GB`."""
    return re.split(r"[-_]", lang, maxsplit=1)[0].lower()


@cache
def month_names(lang: str) -> dict[str, int]:
    """Month names and their short forms, in lower case without full stops, to 1 … 12; none where we know none."""
    key = primary(lang)
    if key not in _MONTHS:
        return {}
    names: dict[str, int] = dict(_ALSO[key])
    for listed in (_SHORT_MONTHS[key], _MONTHS[key]):
        names.update({name.replace("_", " "): number for number, name in enumerate(listed.split(), 1)})
    return names


@cache
def full_month_names(lang: str) -> frozenset[str]:
    """The months' full names, in lower case."""
    return frozenset(_MONTHS.get(primary(lang), "").split())


@cache
def day_names(lang: str) -> frozenset[str]:
    """The days of the week, in lower case."""
    return frozenset(_DAYS.get(primary(lang), "").split())


@cache
def _date_patterns(lang: str) -> tuple[re.Pattern[str], ...]:
    names = "|".join(sorted(month_names(lang), key=lambda name: (-len(name), name)))
    patterns = [r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"]
    if names:
        patterns += [
            rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?: of)? (?P<name>{names})\.?,? (?P<year>\d{{4}})",
            rf"(?P<name>{names})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        ]
    spaced = [re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE) for pattern in patterns]
    return (*spaced, re.compile(r"(?<!\d)(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日"))


def find_date(text: str, lang: str) -> date | None:
    """The one date that a line names in full (2023-06-06, 6 June 2023, June 6, 2023), if it names just one.

    Dates in figures whose order is anyone's guess (06/07/2023) are none.
    """
    found: set[date] = set()
    for pattern in _date_patterns(primary(lang)):
        for match in pattern.finditer(text):
            facts = match.groupdict()
            month = month_names(lang)[facts["name"].lower()] if facts.get("name") else int(facts["month"])
            try:
                found.add(date(int(facts["year"]), month, int(facts["day"])))
            except ValueError:
                continue
    return found.pop() if len(found) == 1 else None
