"""How words are said, from the edition's and the imprint's lexicons: rules that go before all others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from publisher.model.narration import Spoken
from publisher.narration.rules import Ipa, Rule, within_address
from publisher.narration.speaking import respelt, say


@dataclass(frozen=True)
class Lexicon:
    """Words and how they are said, by language, as `Publication.lexicon` holds them."""

    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _rules: dict[str, Sequence[Rule]] = field(default_factory=dict, compare=False, repr=False)

    def say(self, text: str, lang: str, start: int = 0) -> tuple[Spoken, ...]:
        """What is said for a text, as `speaking.say`, with the words of the lexicon as it has them."""
        return say(text, lang, start, self.rules(lang))

    def rules(self, lang: str) -> Sequence[Rule]:
        """One rule for all words that are to be said in a language: its own first, then those of the wider tag."""
        if lang not in self._rules:
            known: dict[str, str] = {}
            tag = lang.lower()
            while tag:
                for key, words in self.words.items():
                    if key.lower() == tag:
                        known = {**words, **known}
                tag = tag.rpartition("-")[0]
            self._rules[lang] = (_rule(known, lang),) if known else ()
        return self._rules[lang]


EMPTY = Lexicon()


def _rule(known: Mapping[str, str], lang: str) -> Rule:
    """The longest word first; one in small letters is also found with a capital, as a sentence begins."""
    table = {**{word[:1].upper() + word[1:]: said for word, said in known.items() if word.islower()}, **known}
    found = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))

    def say_word(match: re.Match[str]) -> str | None:
        if within_address(match):
            return None
        said = table[match[0]]
        ipa = len(said) > 2 and said.startswith("/") and said.endswith("/")
        return Ipa(said[1:-1].strip()) if ipa else respelt(said, lang)

    return Rule(re.compile(rf"(?<!\w)(?:{found})(?!\w)"), say_word)
