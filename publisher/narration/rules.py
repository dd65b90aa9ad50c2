"""The machinery of the normaliser: rules claim stretches of a text and say them in other words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from publisher.model.narration import Spoken


class Ipa(str):
    """What a rule says, as phonemes of the International Phonetic Alphabet."""

    __slots__ = ()


Say = Callable[[re.Match[str]], str | None]
"""What is said for a match; None where the rule does not apply after all, "" where nothing is said."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what is said for it: for its group `said` where it has one, else for all that it matches.

    Earlier rules go first; what one has claimed, no other sees.
    """

    pattern: re.Pattern[str]
    say: Say


def rule(pattern: str, say: Say, flags: int = 0) -> Rule:
    """A rule from a pattern as text, in verbose syntax where `flags` says so."""
    return Rule(re.compile(pattern, flags), say)


_SPACE = re.compile(r"\s")


def words(table: dict[str, str], template: str = r"(?<![\w]){}(?![\w])", flags: int = 0) -> Rule:
    """A rule that says whole words as a table has them; a space in a word is any space, one that holds a line too."""
    found = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(table, key=len, reverse=True))
    folded = {key.lower(): value for key, value in table.items()} if flags & re.IGNORECASE else table
    fold = str.lower if flags & re.IGNORECASE else str
    return Rule(re.compile(template.format(f"({found})"), flags), lambda match: folded[fold(_SPACE.sub(" ", match[1]))])


_AFTER = re.compile(r"(?:[’']s\b)?[.,;:!?…)\]”’\"»]*")
_BEFORE = re.compile(r"(?:[(\[“‘„«\"]+(?:\b\w{1,2}[’'])?|\b\w{1,2}[’'])$")
_HYPHENS = ("-", "‑", "–")
_APART = "\u00ad\u200b\u200c\u2060\ufeff"
"""Invisible characters that part a word for the eye; voices trip over them."""


def apply(rules: Iterable[Rule], text: str, lang: str, start: int = 0) -> tuple[Spoken, ...]:
    """A text as runs of spoken words. `start` is added to every offset.

    What no rule claims is said as shown, so that its words can be found in the sound. Brackets and punctuation around
    a claimed stretch are said with it, and the hyphens of “3-year” and “mid-1990s” are not said at all.
    """
    runs: list[Spoken] = []
    at = 0
    for begin, end, said in [*_claims(rules, text), (len(text), len(text), "")]:
        opening = _BEFORE.search(text, at, begin) if said and not isinstance(said, Ipa) else None
        first = opening.start() if opening else begin
        hyphened = bool(said) and first > at + 1 and text[first - 1] in _HYPHENS and text[first - 2].isalpha()
        runs += _as_shown(text, at, first - 1 if hyphened else first, lang, start)
        at = end
        if isinstance(said, Ipa):
            runs.append(Spoken(said, lang, start + begin, start + end, ipa=True))
        elif said:
            closing = _AFTER.match(text, end)
            ending = closing[0] if closing else ""
            at = end + len(ending)
            if text[at : at + 1] in _HYPHENS and text[at + 1 : at + 2].isalpha():
                at += 1
            runs.append(Spoken(text[first:begin] + said + ending, lang, start + first, start + at))
    return tuple(runs)


def _claims(rules: Iterable[Rule], text: str) -> list[tuple[int, int, str]]:
    claimed: list[tuple[int, int, str]] = []
    free = bytearray(b"\1" * len(text))
    for one in rules:
        for match in one.pattern.finditer(text):
            begin, end = match.span("said" if "said" in one.pattern.groupindex else 0)
            if begin < end and all(free[begin:end]):
                said = one.say(match)
                if said is not None:
                    claimed.append((begin, end, said if isinstance(said, Ipa) else " ".join(said.split())))
                    free[begin:end] = bytes(end - begin)
    return sorted(claimed)


def _as_shown(text: str, begin: int, end: int, lang: str, start: int) -> list[Spoken]:
    while begin < end and text[begin].isspace():
        begin += 1
    while begin < end and text[end - 1].isspace():
        end -= 1
    shown = text[begin:end]
    if not any(_sounds(character) for character in shown) and not shown.strip('.,;:!?…)]”’"»'):
        return []  # punctuation alone, behind what was claimed
    return [Spoken(shown, lang, start + begin, start + end)] if shown else []


def _sounds(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNS"


def speakable(runs: Sequence[Spoken]) -> bool:
    """Whether there is anything among runs that a voice can say."""
    return any(_sounds(character) for run in runs for character in run.text)


_SLOGAN = re.compile(r"(?:[^\W\d_a-zà-ÿ]{2,}\s+){2,}[^\W\d_a-zà-ÿ]{2,}")


def shouted(match: re.Match[str]) -> bool:
    """Whether a match stands among other words in capitals, as in a slogan: then they are words, not letters."""
    return any(
        found.start() <= match.start() < found.end() for found in _SLOGAN.finditer(match.string) if found[0].isupper()
    )


_LATIN = "\u0000-\u024f\u1e00-\u1eff"
_OTHER_SCRIPT = re.compile(rf"[^\W\d_{_LATIN}](?:[^{_LATIN}\u2000-\u206f]|\s(?=[^\s{_LATIN}]))*[.,;:]?")


def by_script(text: str, lang: str, other: str) -> list[tuple[str, str]]:
    """A text in Latin letters with names in another script: its stretches, each with the language to say it in."""
    parts: list[tuple[str, str]] = []
    at = 0
    for match in _OTHER_SCRIPT.finditer(text):
        parts += [(text[at : match.start()], lang), (match[0], other)]
        at = match.end()
    return [part for part in [*parts, (text[at:], lang)] if part[0]]


# Rules for every language.


def _joined(match: re.Match[str]) -> str:
    return "".join(character for character in match[0] if character not in _APART)


def _camel(name: str) -> str:
    """`StopTheBoats2023` → `Stop The Boats 2023`."""
    return re.sub(
        r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])",
        " ",
        name.replace("_", " "),
    )


def invisible() -> Rule:
    """Words with soft hyphens and the like, without them."""
    return rule(rf"[^\s{_APART}]*[{_APART}][^\s]*", _joined)


_TOP = "com|org|net|gov|edu|info|int|mil|io|eu|uk|de|fr|ch|at|be|it|es|ie|us|ca|au|nz|nl|al|tv|news|example|test|local"
_DOMAIN = rf"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+(?:{_TOP}|{_TOP.upper()})"
_E_MAIL = re.compile(r"(?:mailto:)?([\w.+-]+)@((?:[\w-]+\.)+[^\W\d_]{2,})(?![\w-])")
_WEB = re.compile(r"(?:https?|ftp)://([\w.-]*\w)(?::\d+)?(?:[/?#](?:[^\s<>“”]*[\w/=])?)?")
_BARE = re.compile(rf"(?<![\w@.])({_DOMAIN})(?![\w-])(?:/(?:[^\s<>“”]*[\w/=])?)?")


def addresses(dot: str, at: str, spelled: Callable[[str], str] = " ".join) -> list[Rule]:
    """Web addresses by their host alone, and e-mail addresses: a long address spelled out helps no listener.

    `spelled` is how letters are said one by one.
    """

    def host(name: str) -> str:
        labels = re.sub(r"^www\.", "", name, flags=re.IGNORECASE).lower().split(".")
        return f" {dot} ".join(spelled(label.upper()) if len(label) <= 2 else label for label in labels)

    return [
        Rule(_E_MAIL, lambda match: f"{match[1].replace('.', f' {dot} ').replace('_', ' ')} {at} {host(match[2])}"),
        Rule(_WEB, lambda match: host(match[1])),
        Rule(_BARE, lambda match: host(match[1])),
    ]


def within_address(match: re.Match[str]) -> bool:
    """Whether a match is a part of an address: what a name sounds like is nothing to the page that it is a part of."""
    return any(
        found.start() <= match.start() and match.end() <= found.end() and found.span() != match.span()
        for pattern in (_E_MAIL, _WEB, _BARE)
        for found in pattern.finditer(match.string)
    )


def hashtags(hashtag: str, number: str, at: str) -> list[Rule]:
    """`#StopTheBoats`, `#5`, `@homeoffice`."""
    return [
        rule(r"(?<!\w)#(?=\d+\b)", lambda _: number),
        rule(r"(?<!\w)#(\w+)", lambda match: f"{hashtag} {_camel(match[1])}"),
        rule(r"(?<![\w.])@(\w+)", lambda match: f"{at} {_camel(match[1])}"),
    ]


EMOJI = (
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001f9ff"
    "\U0001fa70-\U0001faff\u2600-\u27bf\u2b50\u2b55]"
)
_FLAG = "[\U0001f1e6-\U0001f1ff]|\U0001f3f4\U000e0067"
_EMOJI_SEQUENCE = rf"(?:{EMOJI}[\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*[\u2640\u2642]?\ufe0f?)+"


def emoji(lang: str, template: str = "{}", flag: str = "{}") -> Rule:
    """Pictures by their names in Unicode's CLDR, a repeated one once; skin tones are not told apart."""

    def say(match: re.Match[str]) -> str | None:
        from emoji import demojize, emoji_list  # noqa: PLC0415  (few texts hold any)

        names: dict[str, None] = {}
        for found in emoji_list(re.sub("[\U0001f3fb-\U0001f3ff]", "", match[0])):
            name = demojize(found["emoji"], language=lang).strip(":").replace("_", " ")
            names.setdefault((flag if re.match(_FLAG, found["emoji"]) else "{}").format(name))
        return ", ".join(template.format(name) for name in names) or None

    return rule(_EMOJI_SEQUENCE, say)


def unicode_name(character: str) -> str:
    """A character's name in the Unicode standard, in lower case."""
    return unicodedata.name(character, "").lower().replace("regional indicator symbol letter", "flag")
