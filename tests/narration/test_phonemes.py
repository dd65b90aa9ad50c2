"""IPA as espeak's mnemonics."""

from __future__ import annotations

import pytest

from publisher.narration.voices.phonemes import mnemonics


@pytest.mark.parametrize(
    ("lang", "ipa", "expected"),
    [
        ("en", "ʃɪˈvɔːn", "SI'vO:n"),
        ("en-GB", "/ælˈdʒɪəz/", "al'dZi@3z"),
        ("en", "ˈtʃiːz", "'tSi:z"),
        ("en", "t͡ʃiːz", "tSi:z"),
        ("fr", "alʒe", "alZe"),
        ("fr", "bɔ̃ʒuʁ", "bO~Zur"),
        ("de", "ˈʃøːn", "'SY:n"),
        ("de", "ɪç", "IC"),
    ],
)
def test_sounds_that_the_language_has(lang: str, ipa: str, expected: str) -> None:
    assert mnemonics(ipa, lang) == expected


@pytest.mark.parametrize(("lang", "ipa"), [("en", "ǃ"), ("en", "13"), ("ja", "a"), ("fr", "θ")])
def test_sounds_that_it_lacks(lang: str, ipa: str) -> None:
    assert mnemonics(ipa, lang) is None
