"""Names of voices, and what is told of those that are not here."""

from __future__ import annotations

import pytest

from publisher.model.findings import InputError
from publisher.model.narration import Voice
from publisher.narration.voices import available_voices, spoken_name, voice_from_name


@pytest.mark.parametrize(
    ("name", "voice"),
    [
        ("espeak", Voice("espeak")),
        ("espeak:en-gb-x-rp", Voice("espeak", "en-gb-x-rp")),
        ("espeak:en,rate=150,pitch=40", Voice("espeak", "en", {"pitch": "40", "rate": "150"})),
        ("espeak,rate=150", Voice("espeak", "", {"rate": "150"})),
        ("piper:/a, b/c:d.onnx", Voice("piper", "/a, b/c:d.onnx")),
        ("gtts:co.uk", Voice("gtts", "co.uk")),
    ],
)
def test_a_name_says_engine_voice_and_settings(name: str, voice: Voice) -> None:
    assert voice_from_name(name) == voice


@pytest.mark.parametrize("name", ["", "festival", "os", "Espeak"])
def test_an_unknown_engine_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(InputError, match="use one of: espeak, piper, gtts"):
        voice_from_name(name)


def test_the_voices_on_offer_can_be_named() -> None:
    offers = available_voices()
    assert offers[0].name == "espeak"
    assert not offers[0].network
    assert not offers[0].missing
    assert {voice_from_name(offer.name).engine for offer in offers} == {"espeak", "piper", "gtts"}


def test_listeners_are_told_the_engines_name() -> None:
    assert spoken_name(voice_from_name("espeak:en-us")) == "eSpeak NG"
