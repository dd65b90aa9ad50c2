"""Which language a text is in, by its commonest small words: said only where it is plain, else not at all."""

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
    "pl": "i w na z do nie się że to jest o jak po za od przez dla są był tym ale czy jego oraz",
}
_SETS = {lang: frozenset(words.split()) for lang, words in _SMALL_WORDS.items()}
_ENOUGH = 20
"""Fewer words than this say nothing about their language."""


def guess_language(text: str) -> str | None:
    """The primary tag of the text's language, or None where the text is too short or the guess would be one."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    if len(words) < _ENOUGH:
        return None
    counts = Counter(words)
    shares = sorted(((sum(counts[word] for word in small), lang) for lang, small in _SETS.items()), reverse=True)
    (best, lang), (second, _) = shares[0], shares[1]
    return lang if best >= len(words) * 0.15 and best >= second * 1.3 else None
