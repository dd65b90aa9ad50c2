"""IPA to the mnemonics that espeak-ng reads between `[[` and `]]`.

The mnemonics are those of espeak-ng's phoneme tables, which differ from language to language; the table here holds
what English, French and German share and what is theirs alone. See
https://github.com/espeak-ng/espeak-ng/blob/1.52.0/docs/phonemes.md
"""

from __future__ import annotations

import unicodedata

_SHARED = {
    **{letter: letter for letter in "bdfhjklmnpstvwz"},
    "ɡ": "g",
    "g": "g",
    "ŋ": "N",
    "ʃ": "S",
    "ʒ": "Z",
    "x": "x",
    "r": "r",
    "ɹ": "r",
    "ɾ": "r",
    "ʁ": "r",
    "ʀ": "r",
    "tʃ": "tS",
    "dʒ": "dZ",
    "ə": "@",
    "ˈ": "'",
    "'": "'",
    "ˌ": ",",
    ".": "",
    "‿": "",
    "͡": "",
    " ": " ",
    "-": "",
    "|": " ",
}

_ENGLISH = {
    "θ": "T",
    "ð": "D",
    "ɫ": "l",
    "ʍ": "w",
    "ʔ": "?",
    "iː": "i:",
    "i": "i",
    "ɪ": "I",
    "e": "E",
    "ɛ": "E",
    "æ": "a",
    "a": "a",
    "ɑː": "A:",
    "ɑ": "A:",
    "ɒ": "0",
    "ɔː": "O:",
    "ɔ": "O:",
    "ʊ": "U",
    "uː": "u:",
    "u": "u:",
    "ʌ": "V",
    "ɜː": "3:",
    "ɜ": "3:",
    "ɝ": "3:",
    "ɚ": "3",
    "ɐ": "a#",
    "eɪ": "eI",
    "aɪ": "aI",
    "ɔɪ": "OI",
    "aʊ": "aU",
    "əʊ": "oU",
    "oʊ": "oU",
    "ɪə": "i@3",
    "eə": "e@",
    "ɛə": "e@",
    "ɛː": "e@",
    "ʊə": "U@",
    "aː": "A:",
    "oː": "O:",
    "o": "oU",
    "ç": "C",
    "y": "u:",
    "ø": "3:",
    "œ": "3:",
}

_FRENCH = {
    "ɲ": "n^",
    "ɥ": "y",
    "i": "i",
    "e": "e",
    "ɛ": "E",
    "a": "a",
    "ɑ": "a",
    "ɔ": "O",
    "o": "o",
    "u": "u",
    "y": "y",
    "ø": "Y",
    "œ": "W",
    "ɛ̃": "E~",
    "œ̃": "W~",
    "ɑ̃": "A~",
    "ɔ̃": "O~",
    "ː": "",
}

_GERMAN = {
    "ç": "C",
    "χ": "x",
    "pf": "pF",
    "ts": "ts",
    "ʔ": "_!",
    "iː": "i:",
    "i": "i",
    "ɪ": "I",
    "eː": "e:",
    "e": "e:",
    "ɛː": "E:",
    "ɛ": "E",
    "aː": "A:",
    "a": "a",
    "ɑː": "A:",
    "oː": "o:",
    "o": "o:",
    "ɔ": "O",
    "uː": "u:",
    "u": "u:",
    "ʊ": "U",
    "yː": "y:",
    "y": "y:",
    "ʏ": "y",
    "øː": "Y:",
    "ø": "Y:",
    "œ": "W",
    "ɐ": "3",
    "aɪ": "aI",
    "aɪ̯": "aI",
    "aʊ": "aU",
    "aʊ̯": "aU",
    "ɔʏ": "OY",
    "ɔʏ̯": "OY",
    "ɔɪ": "OY",
}

_TABLES = {
    lang: {unicodedata.normalize("NFD", sound): mnemonic for sound, mnemonic in (_SHARED | own).items()}
    for lang, own in (("en", _ENGLISH), ("fr", _FRENCH), ("de", _GERMAN))
}
_LONGEST = 3


def mnemonics(ipa: str, lang: str) -> str | None:
    """The espeak mnemonics of a word in IPA, or None where the language's table lacks one of its sounds.

    Nearest sounds stand in for some that a language does not have (`/ø/` in English); an engine that is given
    None says the shown words instead.
    """
    table = _TABLES.get(lang.partition("-")[0].lower())
    if table is None:
        return None
    text = unicodedata.normalize("NFD", ipa.strip().strip("/[]"))
    found, index = [], 0
    while index < len(text):
        for length in range(min(_LONGEST, len(text) - index), 0, -1):
            mnemonic = table.get(text[index : index + length])
            if mnemonic is not None:
                found.append(mnemonic)
                index += length
                break
        else:
            return None
    return "".join(found)
