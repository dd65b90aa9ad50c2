"""Which language a text is in, by its script or its commonest small words: said only where plain, else not at all."""

from __future__ import annotations

import re
from collections import Counter

_SMALL_WORDS = {
    "en": "the of and to in is that it was for with as his her on be at by this had not are but from have they which",
    "fr": "le la les de des du et est un une que qui dans pour pas sur ne au aux avec ce cette il elle sont mais plus",
    "de": "der die das und ist nicht ein eine zu den dem mit von auf für im des sich auch es wird aus bei sie noch",
    "es": "el la los las de del y que en un una es por con para no se su al lo como más pero sus este fue ha también",
    "it": "il lo la gli le di del della e che in un una è per con non si da nel sono più ma anche come alla dei",
    "pt": "o a os as de do da e que em um uma é por com para não se na no mais como mas foi ao dos das também",
    "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als maar bij uit door wordt naar over",
    "sv": "och i att det som en på är av för med den till inte om ett har de var jag men från vid så kan",
    "da": "og i at det som en på er af for med den til ikke om et har de var jeg men fra ved så kan blev",
    "cy": "y yr yn i a o ar mae ei eu ac am wedi bod oedd hi ef fe nid â roedd gan hyn ond nad ni mewn sydd yw cyn",
    "pl": "i w na z do nie się że to jest o jak po za od przez dla są był tym ale czy jego oraz",
}
_SETS = {lang: frozenset(words.split()) for lang, words in _SMALL_WORDS.items()}
_ENOUGH = 20
"""Fewer words than this say nothing about their language."""


_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "zh": re.compile("[\u3400-\u9fff]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "el": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "th": re.compile("[\u0e01-\u0e4e]"),
    "hi": re.compile("[\u0904-\u0939]"),
    "ar": re.compile("[\u0621-\u064a]"),
}
"""Languages that their script tells, or nearly: among these, what is not plain is left to the next function."""
_TRADITIONAL = frozenset("們這個來說時對國為會學過還後點開關長門見車東風飛馬鳥魚書畫話語讀寫")
_SIMPLIFIED = frozenset("们这个来说时对国为会学过还后点开关长门见车东风飞马鸟鱼书画话语读写")
_NOT_ARABIC = re.compile(
    "[\u067e\u0686\u0698\u06af\u06a9\u06cc\u0679\u0688\u0691\u06ba\u06be\u06d2\u0681\u0685\u069a\u06c6\u06d5]"
)
"""Letters of Persian, Urdu, Pashto and Kurdish."""


def guess_language(text: str) -> str | None:
    """The tag of the text's language, or None where the text is too short or the guess would be one."""
    text = text[:20_000].lower()
    letters = len(re.findall(r"[^\W\d_]", text))
    if letters >= _ENOUGH and (told := _by_script(text, letters)):
        return told
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) < _ENOUGH:
        return None
    counts = Counter(words)
    shares = sorted(((sum(counts[word] for word in small), lang) for lang, small in _SETS.items()), reverse=True)
    (best, lang), (second, _) = shares[0], shares[1]
    return lang if best >= len(words) * 0.15 and best >= second * 1.3 else None


def _by_script(text: str, letters: int) -> str | None:
    counts = {lang: len(pattern.findall(text)) for lang, pattern in _SCRIPTS.items()}
    if counts["ja"] >= letters * 0.1 and counts["ja"] + counts["zh"] >= letters * 0.6:
        return "ja"
    lang = max(counts, key=lambda one: counts[one])
    # Other languages are written in Devanagari and in Hebrew letters too, Marathi and Yiddish among them.
    if counts[lang] < letters * 0.6 or lang in {"ja", "hi", "he"}:
        return None
    if lang == "ar":
        return None if _NOT_ARABIC.search(text) else "ar"
    if lang == "zh":
        old, new = (sum(character in some for character in text) for some in (_TRADITIONAL, _SIMPLIFIED))
        return "zh-Hant" if old > 2 * new else "zh-Hans" if new > 2 * old else "zh"
    return lang
