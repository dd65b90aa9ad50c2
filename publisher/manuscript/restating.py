"""What a restatement must keep: the numbers, dates, names and negations of a text, by language.

These are measures on words, not on meaning. They find what is plainly lost or added; they cannot find a claim that was
turned round with the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from math import prod

from num2words import num2words  # type: ignore[import-untyped]

from publisher.manuscript.calendar_words import day_names, full_month_names, primary
from publisher.manuscript.chinese import FIGURES, HAN, figure

# Numbers


@dataclass(frozen=True, slots=True)
class Number:
    """A number, `value` as a decimal in its shortest form, and as it was written. `vague` ones need not be kept:
    “one” is oftener a pronoun than a number."""

    value: str
    written: str
    vague: bool = False


_COMMA_DECIMAL = {"fr", "de", "es", "it", "pt", "nl", "sv", "da", "nb", "nn", "no", "fi", "pl", "cs", "ru", "uk", "tr"}
_SPACE_GROUPS = {"fr", "sv", "nb", "nn", "no", "fi", "pl", "cs", "ru", "uk"}
_JOINS_AND = {"ar", "fa", "ur", "ps", "ckb"}
_SCALES = {
    "en": {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "k": 3, "m": 6, "bn": 9},
    "fr": {"cents": 2, "mille": 3, "million": 6, "millions": 6, "milliard": 9, "milliards": 9, "md": 9},
    "de": {
        "hundert": 2,
        "tausend": 3,
        "million": 6,
        "millionen": 6,
        "mio": 6,
        "milliarde": 9,
        "milliarden": 9,
        "mrd": 9,
    },
}
_ONES = {
    "en": {"one"},
    "fr": {"un", "une"},
    "de": {"ein", "eine", "einen", "einem", "einer", "eines", "eins"},
    "es": {"un", "una", "uno"},
    "it": {"un", "una", "uno"},
    "nl": {"een", "één"},
}
_SPELT = ("en", "fr", "de", "es", "it", "nl")
_IN_FIGURES = ("zh", "ja", "yue")
"""Languages that write numbers in Chinese figures."""


def numbers(text: str, lang: str) -> list[Number]:
    """The numbers of a text, in order: 1,000, 1 000 and 1.000 (as its language groups them), 3.5 million, £3.5m,
    28%, 6th, twelve, 一百四十. Figures inside a name (G7, A4) are none; figures in other digits count as ours."""
    text = text.translate(_DIGITS)
    found: list[Number] = []
    before: re.Match[str] | None = None
    for match in _number_pattern(primary(lang)).finditer(text):
        told = _number(match, lang)
        # “cent quarante”: the tens of a number in words stand beside its hundreds.
        if before and before["spelt"] and match["spelt"] and text[before.end() : match.start()] in {" ", "-", "\u00a0"}:
            hundreds, tens = Decimal(found[-1].value), Decimal(told[0].value)
            if hundreds >= 100 and hundreds % 100 == 0 and tens < 100:
                found[-1] = Number(_shortest(hundreds + tens), text[before.start() : match.end()])
                before = match
                continue
        found += told
        before = match if told else None
    return found


_DIGITS = {
    first + value: str(value)
    for first in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10)  # Arabic, Persian, Devanagari, Bengali, Thai, wide
    for value in range(10)
} | {0x066B: ".", 0x066C: ","}


@cache
def _number_pattern(lang: str) -> re.Pattern[str]:
    groups, decimal = r"[\u00a0\u202f'’]", r"\."
    if lang in _COMMA_DECIMAL:
        groups, decimal = r"[\u00a0\u202f'’.]", ","
        if lang in _SPACE_GROUPS:
            groups = r"[\u00a0\u202f'’. ]"
    else:
        groups = r"[\u00a0\u202f'’,]"
    # Chinese and Japanese set no space before a number, and Arabic joins “and” to it: no part of a name.
    letters = rf"{HAN}\u0620-\u064a" if lang in _JOINS_AND else HAN
    alone = rf"(?<![^\W{letters}])(?<![.,])(?<![^\W{letters}][-‑])"
    figures = rf"{alone}(?P<figures>\d{{1,3}}(?:{groups}\d{{3}})+(?!\d)|\d+)(?P<fraction>{decimal}\d+)?"
    # “5 m” is a length, “£5m” a sum: a scale of one letter stands right after its figures.
    names = sorted(_SCALES.get(lang, {}), key=lambda name: (-len(name), name))
    near = "|".join(name for name in names if len(name) == 1) or r"(?!)"
    far = "|".join(name for name in names if len(name) > 1) or r"(?!)"
    scales = rf"(?P<scales>(?:(?:{near})\b|(?:[ \u00a0\u202f-]?(?:{far})\b\.?)+)?)"
    if lang in _IN_FIGURES:
        return re.compile(rf"(?:{figures}|(?P<spelt>{FIGURES}))(?P<scales>[百千万萬亿億]*)(?P<rest>)")
    spelt = "|".join(re.escape(name) for name in sorted(_spelt(lang), key=lambda name: (-len(name), name)))
    spelt = rf"\b(?P<spelt>{spelt})\b" if spelt else r"(?P<spelt>(?!))"
    # “one hundred and forty” is one number
    others = "|".join(sorted(_spelt(lang), key=lambda name: (-len(name), name)))
    more = rf"(?: and (?P<rest>{others})\b)?" if lang == "en" else "(?P<rest>)"
    return re.compile(rf"(?:{figures}|{spelt}){scales}{more}", re.IGNORECASE)


@cache
def _spelt(lang: str) -> dict[str, int]:
    """Number words up to 100, in lower case."""
    if lang not in _SPELT:
        return {}
    made = {num2words(number, lang=lang): number for number in range(2, 101)}
    made |= {name.replace("-", " "): number for name, number in made.items()}
    return made | dict.fromkeys(_ONES[lang], 1)


def _number(match: re.Match[str], lang: str) -> list[Number]:
    key = primary(lang)
    if match["spelt"] and key in _IN_FIGURES:
        value = Decimal(figure(match["spelt"]))
    elif match["spelt"]:
        value = Decimal(_spelt(key)[match["spelt"].lower()])
    else:
        fraction = match["fraction"].replace(",", ".") if match["fraction"] else ""
        try:
            value = Decimal(re.sub(r"\D", "", match["figures"]) + fraction)
        except InvalidOperation:
            return []
    if key in _IN_FIGURES:
        value *= prod(figure(f"一{scale}") for scale in match["scales"])
        return [Number(_shortest(value), match.group())]
    for name in re.findall(r"[^\W\d_]+", match["scales"]):
        value *= Decimal(10) ** _SCALES[key][name.lower()]
    rest = _spelt(key)[match["rest"].lower()] if match["rest"] else 0
    if rest and value >= 100 and rest < 100:
        return [Number(_shortest(value + rest), match.group())]
    written = match.group()[: match.start("rest") - match.start() - 5 if rest else None].strip(" .-")
    first = Number(_shortest(value), written, bool(match["spelt"]) and value == 1)
    return [first, Number(str(rest), match["rest"], rest == 1)] if rest else [first]


def _shortest(value: Decimal) -> str:
    return f"{value.normalize():f}"


# Dates: days and years are numbers; months and days of the week are words


_AMBIGUOUS = {"en": {"may", "march"}, "fr": {"mars", "mai"}}
"""Months that are other words too: they count only beside a figure, or after a preposition of time."""


def calendar_words(text: str, lang: str) -> list[str]:
    """The months and days of the week that a text names, in lower case, in order."""
    months, days = full_month_names(lang), day_names(lang)
    doubtful = _AMBIGUOUS.get(primary(lang), set())
    found = []
    for match in re.finditer(r"[^\W\d_]+", text):
        word = match.group().lower()
        if word not in months and word not in days:
            continue
        if primary(lang) in {"en", "de"} and not match.group()[0].isupper():
            continue
        around = text[max(0, match.start() - 8) : match.start()], text[match.end() : match.end() + 6]
        dated = re.search(
            r"\d\S{0,2} $|\b(?:in|of|by|since|until|last|next|en|de|early|late|mid-) ?$", around[0]
        ) or re.match(r"[ ,]+\d", around[1])
        if word in doubtful and not dated:
            continue
        found.append(word)
    return found


# Names


_TOKEN = re.compile(r"[^\W_]+(?:[’'‑-][^\W_]+)*")
_TITLES = frozenset(
    "mr mrs ms miss dr sir lord lady dame prof professor the i monsieur madame mme m herr frau dr.".split()
)
_KIN = (
    ("france", "french"),
    ("britain", "british", "uk", "united kingdom"),
    ("england", "english"),
    ("wales", "welsh"),
    ("spain", "spanish"),
    ("ireland", "irish"),
    ("greece", "greek"),
    ("poland", "polish"),
    ("netherlands", "dutch"),
    ("switzerland", "swiss"),
    ("germany", "german"),
    ("uk", "britain", "kingdom"),
    ("us", "usa", "america", "states"),
    ("eu", "european", "europe"),
    ("un", "nations"),
)
_LOWER_JOINS = frozenset("of the for and de du des la le l d da do di del della van von der zu zur".split())


def names(text: str, sentence_starts: Iterable[int], lang: str) -> list[str]:
    """The names of a text, in order: words with a capital inside a sentence, joined where they stand side by side.

    `sentence_starts` are the offsets at which sentences begin: a capital there says nothing, unless the word is all in
    capitals (NCA, G7). German writes every noun with a capital: there only words all in capitals are found.
    """
    starts = set(sentence_starts)
    found: list[str] = []
    group: list[str] = []
    end = -1
    for match in _TOKEN.finditer(text):
        token = match.group().removesuffix("’s").removesuffix("'s")
        lead = text[: match.start()].rstrip(" \u00a0\u202f“”\"'‘’«»()[]—–-")
        first = match.start() in starts or not lead or lead[-1] in ".!?:…\n" or text[match.start() - 1] in '“"‘«'
        joined = end >= 0 and text[end : match.start()] in {" ", "\u00a0"}
        if _is_name(token, first and not joined, lang):
            if group and joined:
                group.append(token)
            else:
                found += [" ".join(group)] if group else []
                group = [token]
            end = match.end()
        else:
            found += [" ".join(group)] if group else []
            group, end = [], -1
    found += [" ".join(group)] if group else []
    calendar = full_month_names(lang) | day_names(lang)
    return [name for name in found if name.lower() not in calendar and name.lower() not in _TITLES]


def _is_name(token: str, first: bool, lang: str) -> bool:
    if token.islower():
        return False
    capitals = [character for character in token if character.isupper()]
    if len(capitals) >= 2 or (capitals and any(character.isdigit() for character in token)):
        # NCA, G7, BBC, McNeil, eBay
        return True
    if first or primary(lang) == "de" or not token[0].isupper() or len(token) < 3:
        return False
    return token.lower() not in full_month_names(lang) and token.lower() not in day_names(lang)


def keeps_name(name: str, text: str) -> bool:
    """Whether a text still names what `name` names: by its last word, by its initials, or by a word of its kin
    (Albania, Albanian)."""
    tokens = [token.lower() for token in _TOKEN.findall(name)]
    if not tokens:
        return True
    there = _tokens_of(text)
    if tokens[-1] in there:
        return True
    initials = "".join(token[0] for token in tokens)
    if len(tokens) > 1 and initials in there:
        return True
    if len(tokens) == 1 and _spelt_out(tokens[0], text):
        return True
    return any(_akin(tokens[-1], token) for token in there)


@lru_cache(maxsize=8)
def _tokens_of(text: str) -> frozenset[str]:
    """The words of a text, in small letters; kept, since each of many names is looked up in the same text."""
    return frozenset(token.lower().removesuffix("’s").removesuffix("'s") for token in _TOKEN.findall(text))


def _spelt_out(initials: str, text: str) -> bool:
    """Whether words with these initials, in capitals, stand side by side: National Crime Agency for NCA."""
    letters = [letter for letter in initials if letter.isalpha()]
    if len(letters) < 2:
        return False
    pattern = r"\b" + r"[^\W_]*\W+(?:(?:of|the|for|and|de|des|du|la) )?".join(letter.upper() for letter in letters)
    return re.search(pattern, text) is not None


def _akin(one: str, other: str) -> bool:
    if one == other:
        return True
    if one[:4] == other[:4]:
        several = enumerate(zip(one, other, strict=False))
        shared = next((n for n, (a, b) in several if a != b), min(len(one), len(other)))
        if shared >= 4 and shared * 2 >= max(len(one), len(other)):
            return True
    return any(one in kin and other in kin for kin in _KIN)


# Negations


_NEGATIONS = {
    "en": r"not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|\w+n[’']t",
    "fr": r"pas|jamais|rien|aucune?|sans|ni|non|nul(?:le)?|guère",
    "de": r"nicht|kein\w*|nie|niemals|nichts|niemand\w*|ohne|weder|nirgends",
    "es": r"no|nunca|jamás|nada|nadie|ningun[oa]?|ningún|sin|ni|tampoco",
    "it": r"non|mai|niente|nulla|nessun\w*|senza|né",
    "nl": r"niet|geen|nooit|niets|niemand|zonder|noch|nergens",
    "cy": r"nid|nad|nac|ddim|dim|byth|neb|heb|unlle|peidio|peidiwch",
}
_NEGATING_SIGNS = {
    "zh": r"不(?![过同久但仅断少禁管论妨])|没有?|[沒無无](?!论|論|数|數)|未(?!来|來)|非(?!常)|勿",
    "ar": r"(?<!\w)[وف]?(?:لا|لم|لن|ليس|ليست|ليسوا|غير|دون|بدون|بلا|أبدا|أبدًا|أحد)(?!\w)",
}
"""As patterns of their own: Chinese sets no spaces between words, Arabic joins “and” to the next one."""
_IMPLIED = {
    "en": r"refus\w+|reject\w+|den(?:y|ies|ied)|stop\w*|fail\w*|ban\w*|bar(?:s|red)|forb\w+|lack\w*|against|illegal\w*|"
    r"unlawful\w*|un\w{4,}|im\w*possible|irregular\w*|prevent\w*|end(?:s|ed)?|few|little|only|less|instead|lost|wrong|"
    r"too \w+ to|hard(?:ly)?|rarely|barely|avoid\w*|miss\w*|absent|out of",
    "fr": r"refus\w+|interdi\w+|empêch\w+|illég\w+|im\w+|in\w{4,}|manqu\w+|peu|seul\w*|contre",
    "de": r"verweiger\w+|verbiet\w+|verbot\w*|verhinder\w+|un\w{4,}|fehl\w+|wenig\w*|nur|gegen|ab(?:gelehnt|lehnen)",
}
_NO_NEGATION = re.compile(
    r"\bnot only\b|\bno\. ?\d|\bno doubt\b|\bno less\b|\bnon seulement\b|\bnicht nur\b", re.IGNORECASE
)


def negations(text: str, lang: str) -> list[str]:
    """The words that deny, in order, in lower case; “not only” denies nothing."""
    signs = _NEGATING_SIGNS.get(primary(lang))
    if signs:
        return re.findall(signs, text)
    pattern = _NEGATIONS.get(primary(lang))
    return re.findall(rf"\b(?:{pattern})\b", _NO_NEGATION.sub("", text).lower()) if pattern else []


def denies(text: str, lang: str) -> bool:
    """Whether a text denies anything at all, in any word: refused, banned, unable, few."""
    pattern = _IMPLIED.get(primary(lang))
    return bool(negations(text, lang)) or bool(pattern and re.search(rf"\b(?:{pattern})\b", text.lower()))


# Comparing


@dataclass(frozen=True, slots=True)
class Losses:
    """What a restatement left out and what it added, as written, each once and in order."""

    numbers_lost: tuple[str, ...] = ()
    numbers_added: tuple[str, ...] = ()
    dates_lost: tuple[str, ...] = ()
    dates_added: tuple[str, ...] = ()
    names_lost: tuple[str, ...] = ()
    names_added: tuple[str, ...] = ()
    negations_lost: tuple[str, ...] = ()
    negations_added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Some blocks' words: their text, where its sentences start, and what abbreviations in it stand for."""

    text: str
    starts: tuple[int, ...]
    lang: str
    expansions: tuple[str, ...] = ()

    @property
    def everything(self) -> str:
        """Text and expansions."""
        return "\n".join([self.text, *self.expansions])


def compare_restated(original: Words, plain: Words, waived: Sequence[str] = (), known: str = "") -> Losses:
    """What `plain` leaves out of `original` and adds to it, without what is `waived`.

    `known` is more text that `plain` may take names from: the rest of the article.
    """
    lang = original.lang
    told, again = numbers(original.everything, lang), numbers(plain.everything, plain.lang)
    here, there = {number.value for number in told}, {number.value for number in again}
    # 28% is said again as “28 of every 100”.
    here |= {"100"} if re.search(r"%|\bper cent\b|\bpercent\b|\bpour cent\b|\bProzent\b", original.text) else set()
    let = {number.value for item in waived for number in numbers(item, lang)}
    wanted = [n.written for n in told if n.value not in there | let and not n.vague]
    added = [n.written for n in again if n.value not in here | let and not _counts_words(n)]
    months, months_again = calendar_words(original.text, lang), calendar_words(plain.text, plain.lang)
    same = primary(lang) == primary(plain.lang)
    lost_names = [
        name for name in names(original.text, original.starts, lang) if not keeps_name(name, plain.everything)
    ]
    new_names = [
        name
        for name in names(plain.text, plain.starts, plain.lang)
        if not (keeps_name(name, original.everything) or keeps_name(name, known))
    ]
    denied, denied_again = negations(original.text, lang), negations(plain.text, plain.lang)
    return Losses(
        numbers_lost=_once(wanted),
        numbers_added=_once(added),
        dates_lost=_unwaived([_shown(word, lang) for word in months if same and word not in months_again], waived),
        dates_added=_unwaived([_shown(word, lang) for word in months_again if same and word not in months], waived),
        names_lost=_unwaived(lost_names, waived),
        names_added=_unwaived(new_names, waived),
        negations_lost=_unwaived(denied if not denies(plain.text, plain.lang) else [], waived),
        negations_added=_unwaived(denied_again if not denies(original.text, lang) else [], waived),
    )


def _counts_words(number: Number) -> bool:
    """One, two, three: what a writer counts in passing (“there are two reasons”) is no claim."""
    return number.vague or number.value in {"1", "2", "3"}


def _shown(month: str, lang: str) -> str:
    return month if primary(lang) == "fr" else month.capitalize()


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _unwaived(items: Iterable[str], waived: Sequence[str]) -> tuple[str, ...]:
    let = [item.casefold() for item in waived]
    return _once(
        item for item in items if not any(re.search(rf"(?<!\w){re.escape(item.casefold())}(?!\w)", one) for one in let)
    )
