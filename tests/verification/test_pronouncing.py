"""Phonemes of words that the recogniser's dictionary lacks."""

from __future__ import annotations

import pytest

from publisher.verification.pronouncing import arpabet, phonemes


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("ˈɒkafə", "AA K AE F AH"),
        ("tʃˈanəl", "CH AE N AH L"),
        ("mˈɑ̃ʃ", "M AA N SH"),
        ("ʔ ˈ", ""),
        ("dʒˈiː sˈɛvən", "JH IY S EH V AH N"),
    ],
)
def test_phonemes_are_mapped_to_the_nearest_that_english_has(ipa: str, phones: str) -> None:
    assert arpabet(ipa) == phones


def test_words_are_pronounced_in_their_language() -> None:
    told = phonemes([("manche", "fr"), ("manche", "en-GB"), ("6371", "en"), ("x", "tlh")])
    assert told.keys() == {("manche", "fr"), ("manche", "en-GB"), ("6371", "en")}
    assert told["manche", "fr"] != told["manche", "en-GB"]
    assert "θˈaʊzənd" in told["6371", "en"]


def test_no_words_need_no_process() -> None:
    assert phonemes([]) == {}
