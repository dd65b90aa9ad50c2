"""The network voice, against a server on loopback that speaks the service's protocol and misbehaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gtts.tts
import numpy as np
import pytest
from gtts_server import Service, serving, serving_tls
from narration_sample import line

from publisher.model.findings import EngineError, InputError
from publisher.model.narration import Spoken, Voice
from publisher.narration.voices import gtts as voice_module
from publisher.narration.voices.contract import UnsaidError
from publisher.narration.voices.gtts import RATE, GttsEngine, offers


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with serving(monkeypatch) as state:
        yield state


def engine(service: Service, **settings: str) -> GttsEngine:
    return GttsEngine(Voice("gtts", "", settings), sleep=service.waits.append)


def test_a_sentence_is_fetched_and_decoded(service: Service) -> None:
    sound = engine(service).speak(line("a", "The tide came in before anyone had noticed."))
    assert (sound.rate, sound.words) == (RATE, ())
    assert len(sound.samples) > RATE
    assert [lang for _, lang in service.asked] == ["en"]
    assert service.waits == []


def test_a_long_sentence_goes_in_pieces(service: Service) -> None:
    engine(service).speak(line("a", "The tide came in before anyone had noticed it, " * 5))
    assert len(service.asked) > 1
    assert all(len(text) <= 100 for text, _ in service.asked)


def test_a_piece_that_comes_back_empty_is_missed(service: Service) -> None:
    service.misbehaviour = ["well", "nothing"]
    engine(service).speak(line("a", "The tide came in before anyone had noticed it, " * 5))
    assert service.waits == [1.0]


def test_words_of_another_language_are_asked_for_in_it(service: Service) -> None:
    engine(service).speak(line("a", "in Alger", Spoken("in", "en-GB", 0, 2), Spoken("Alger", "fr", 3, 8)))
    assert service.asked == [("in", "en"), ("Alger", "fr")]


def test_shown_words_stand_for_ipa(service: Service) -> None:
    engine(service).speak(line("a", "Siobhan", Spoken("ʃɪˈvɔːn", "en", 0, 7, ipa=True)))
    assert service.asked == [("Siobhan", "en")]


@pytest.mark.parametrize(
    "how",
    [
        *("429", "500", "nothing", "silence", "half", "garbage", "cut off", "16 kHz"),
        *("cut off at once", "cut in the middle", "redirect"),
    ],
)
def test_a_bad_answer_is_asked_for_again(service: Service, how: str) -> None:
    service.misbehaviour = [how]
    sound = engine(service).speak(line("a", "The tide came in before anyone had noticed."))
    assert float(np.abs(sound.samples).max()) > 0.1
    assert len(service.asked) == 2
    assert service.waits == [1.0]


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("429", "429"),
        ("nothing", "empty"),
        ("silence", "silence"),
        ("half", "cut short"),
        ("garbage", "no MP3"),
        ("16 kHz", "16000 samples"),
        ("cut off at once", "closed connection|aborted"),
        ("cut in the middle", "IncompleteRead|more expected"),
        ("redirect", "302"),
    ],
)
def test_after_growing_waits_the_sentence_is_named(service: Service, how: str, why: str) -> None:
    service.always = how
    with pytest.raises(EngineError, match=rf"did not say l1 \(“The tide came in\.”\) in 5 tries: .*({why})") as told:
        engine(service).speak(line("l1", "The tide came in."))
    assert service.waits == [1.0, 4.0, 15.0, 60.0]
    # One that answers with no words may say the next line; one that does not answer will not.
    assert isinstance(told.value, UnsaidError) == (how in ("nothing", "silence", "half", "garbage", "16 kHz"))


def test_nobody_is_asked_but_the_service(service: Service) -> None:
    service.misbehaviour = ["redirect"]
    engine(service).speak(line("a", "The tide came in."))
    assert service.elsewhere == 0


@pytest.mark.parametrize("how", ["hang", "drip"])
def test_a_service_that_hangs_or_drips_is_given_up(service: Service, how: str) -> None:
    service.misbehaviour = [how]

    def wait(_seconds: float) -> None:
        quick._timeout = 30  # the second answer is a good one, however busy the machine is

    quick = GttsEngine(Voice("gtts"), sleep=wait)
    quick._timeout = 0.2  # less than a user may ask for
    assert len(quick.speak(line("a", "The tide.")).samples)
    assert len(service.asked) == 2


def test_no_service_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gtts.tts, "_translate_url", lambda tld="com", path="": "http://127.0.0.1:9/" + path)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(EngineError, match="--voice espeak, which needs no network"):
        engine(Service()).speak(line("a", "The tide."))


def test_a_certificate_that_nobody_vouches_for_is_refused(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving_tls(tmp_path) as address:
        monkeypatch.setattr(gtts.tts, "_translate_url", lambda tld="com", path="": address + path)
        with pytest.raises(EngineError, match="certificate cannot be verified"):
            engine(service).speak(line("a", "The tide came in."))
    assert service.asked == []


def test_it_is_told_once_where_the_text_goes(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    voice_module._tell_once.cache_clear()
    for words in ("The tide.", "The sea."):
        engine(service).speak(line("a", words))
    assert capsys.readouterr().err == "gtts: the text leaves this machine: its sentences are sent to 127.0.0.1\n"


def test_a_line_without_words_is_its_own_failure(service: Service) -> None:
    with pytest.raises(UnsaidError, match="no words in it"):
        engine(service).speak(line("a", "…"))
    assert service.asked == []


def test_an_unknown_language_is_named_before_anything_is_sent(service: Service) -> None:
    with pytest.raises(EngineError, match="no voice for the language tlh"):
        engine(service).speak(line("a", "nuqneH", lang="tlh"))
    assert service.asked == []


def test_a_voice_that_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="top-level domain"):
        GttsEngine(Voice("gtts", "../x"))


def test_the_offer_says_that_the_text_leaves_the_machine() -> None:
    assert all(offer.network and "sends" in offer.description for offer in offers())
