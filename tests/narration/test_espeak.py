"""The embedded voice, for real; its crashes and hangs by workers that misbehave on purpose."""

from __future__ import annotations

import sys
import textwrap
from typing import Any

import numpy as np
import pytest
from narration_sample import line

from publisher.holding.confining import View
from publisher.model.findings import EngineError, InputError
from publisher.model.narration import Spoken, Voice
from publisher.narration.voices import espeak, worker_process
from publisher.narration.voices.contract import Engine, UnsaidError
from publisher.narration.voices.espeak import EspeakEngine
from publisher.narration.voices.worker_process import Answer


@pytest.fixture(scope="module")
def engine():
    opened = espeak.open(Voice("espeak"))
    yield opened
    opened.close()


def test_words_are_spoken(engine: Engine) -> None:
    sound = engine.speak(line("a", "The sea is wide."))
    assert sound.rate == 22050
    assert 0.8 < len(sound.samples) / sound.rate < 3
    assert 0.05 < float(np.abs(sound.samples).max()) < 0.95, "neither silence nor clipping"


def test_the_same_words_sound_the_same_whatever_was_said_before(engine: Engine) -> None:
    first = engine.speak(line("a", "The sea is wide."))
    engine.speak(line("b", "Something else, with other words?"))
    again = engine.speak(line("a", "The sea is wide."))
    assert np.array_equal(first.samples, again.samples)
    assert first.words == again.words


def test_every_word_has_its_time_in_order(engine: Engine) -> None:
    shown = "Café people saw — the “end” of the day."
    sound = engine.speak(line("a", shown))
    words = [shown[word.start : word.end] for word in sound.words]
    assert words == ["Café", "people", "saw", "the", "end”", "of the", "day."]
    for before, after in zip(sound.words, sound.words[1:], strict=False):
        assert before.begin < before.finish == after.begin
    assert sound.words[-1].finish == pytest.approx(len(sound.samples) / sound.rate, abs=0.001)


def test_respelt_words_light_up_as_the_shown_word(engine: Engine) -> None:
    shown = "It cost £3.5m then."
    runs = (
        Spoken("It cost", "en", 0, 7),
        Spoken("three point five million pounds", "en", 8, 13),
        Spoken("then.", "en", 14, 19),
    )
    times = {shown[word.start : word.end]: word for word in engine.speak(line("a", shown, *runs)).words}
    assert list(times) == ["It", "cost", "£3.5m", "then."]
    assert times["£3.5m"].finish - times["£3.5m"].begin > 1


def test_a_foreign_word_is_said_by_its_own_voice(engine: Engine) -> None:
    english = engine.speak(line("a", "Alger")).samples
    french = engine.speak(line("a", "Alger", lang="fr")).samples
    assert len(english) != len(french) or not np.array_equal(english, french)
    mixed = engine.speak(line("a", "in Alger", Spoken("in", "en", 0, 2), Spoken("Alger", "fr", 3, 8)))
    assert [(word.start, word.end) for word in mixed.words] == [(0, 2), (3, 8)]
    assert mixed.words[0].finish <= mixed.words[1].begin


def test_ipa_is_said_as_phonemes_and_brackets_in_words_are_not(engine: Engine) -> None:
    spoken = engine.speak(line("a", "Siobhan", Spoken("ʃɪˈvɔːn", "en", 0, 7, ipa=True)))
    as_written = engine.speak(line("a", "Siobhan"))
    assert not np.array_equal(spoken.samples, as_written.samples)
    assert len(engine.speak(line("a", "An [[odd]] text")).samples) > spoken.rate


def test_ipa_that_espeak_lacks_falls_back_to_the_shown_words(engine: Engine) -> None:
    unknown = engine.speak(line("a", "Click", Spoken("ǃʘǂ", "en", 0, 5, ipa=True)))
    assert np.array_equal(unknown.samples, engine.speak(line("a", "Click")).samples)


def test_regions_fall_back_to_their_language(engine: Engine) -> None:
    british = engine.speak(line("a", "Hello there", lang="en-GB")).samples
    assert np.array_equal(british, engine.speak(line("a", "Hello there", lang="en")).samples)
    assert np.array_equal(british, engine.speak(line("a", "Hello there", lang="en-AU")).samples)
    american = engine.speak(line("a", "Hello there", lang="en-US")).samples
    assert not np.array_equal(british[: len(american)], american[: len(british)])


def test_a_language_that_espeak_lacks_is_named(engine: Engine) -> None:
    with pytest.raises(EngineError, match=r"no voice for the language tlh, wanted by a \(“nuqneH”\)"):
        engine.speak(line("a", "nuqneH", lang="tlh"))


def test_a_named_voice_and_its_settings_change_the_sound_and_the_identity() -> None:
    engines = [
        espeak.open(Voice("espeak", name, settings))
        for name, settings in (("", {}), ("en-gb-x-rp", {}), ("", {"rate": "260"}), ("", {"pitch": 80}))
    ]
    try:
        sounds = [engine.speak(line("a", "The sea is wide.")).samples.tobytes() for engine in engines]
        assert len(set(sounds)) == 4
        assert len({engine.identity for engine in engines}) == 4
    finally:
        for engine in engines:
            engine.close()


@pytest.mark.parametrize(
    ("voice", "message"),
    [
        (Voice("espeak", "zz-top"), "no voice zz-top"),
        (Voice("espeak", "", {"speed": "3"}), "no setting speed; it has: rate, pitch, range"),
        (Voice("espeak", "", {"rate": "fast"}), "rate is fast; give a number from 80 to 450"),
        (Voice("espeak", "", {"rate": "9000"}), "rate is 9000"),
    ],
)
def test_a_voice_that_cannot_be_is_refused(voice: Voice, message: str) -> None:
    with pytest.raises(InputError, match=message):
        espeak.open(voice)


@pytest.mark.parametrize("words", ["s'" * 220, "s's's's's " * 40, "’" * 3000 + "a", "7" * 3000, "bcdfg" * 4000])
def test_texts_on_which_espeak_aborts_or_takes_long_are_said(engine: Engine, words: str) -> None:
    sound = engine.speak(line("bad", words))
    assert float(np.abs(sound.samples).max()) > 0.05
    assert all(word.end <= len(words) for word in sound.words)
    assert len(engine.speak(line("a", "Still here.")).samples)


def test_a_word_in_pieces_lights_up_as_a_whole(engine: Engine) -> None:
    words = "s'" * 220
    sound = engine.speak(line("bad", f"Say {words} now", Spoken("Say", "en", 0, 3), Spoken(words, "en", 4, 444)))
    assert {(word.start, word.end) for word in sound.words} == {(0, 3), (4, 444)}


# A worker that misbehaves: the real one, with another function to speak.

_WORKER = """
    import importlib.util, os, signal, sys, time
    spec = importlib.util.spec_from_file_location("espeak_worker", {path!r})
    worker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(worker)

    def speak(request):
        text = request["calls"][0]["text"]
        if text == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        if text == "hang":
            signal.pause()
        if text == "once" and not os.path.exists({marker!r}):
            open({marker!r}, "w").close()
            os._exit(3)
        sound = (b"\\0\\0" if text == "silence" else b"\\0\\x20") * (1100 if text == "half" else 2205)
        told = {{"samples": len(sound) // 2, "words": [[0, 0]], "end": [len(text) - 1, len(sound) // 2]}}
        if text == "∙":
            told["words"] = []
        elif text == "half":
            told["samples"] = 2205
        elif text == "left off":
            told["end"] = [3, 2205]
        elif text == "lost":
            told["end"] = [3, 6615]
        return {{"status": "ok", "calls": [told]}}, sound

    hello = {{"version": "0", "rate": 22050, "voices": {{"en": "en"}}}}
    worker.serve(speak, hello, sys.stdin.buffer, sys.stdout.buffer)
"""


@pytest.fixture
def misbehaving(tmp_path, monkeypatch):
    source = _WORKER.format(path=espeak.__file__.replace("espeak.py", "espeak_worker.py"), marker=str(tmp_path / "m"))
    monkeypatch.setattr(worker_process, "_VIEW", View(writable=(tmp_path,)))
    engine = EspeakEngine(Voice("espeak"), [sys.executable, "-c", textwrap.dedent(source)], limit=0.2)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("crash", "it ended by SIGSEGV, 3 times"),
        ("hang", "no answer in 0.2 seconds, 3 times"),
        ("silence", "it returned silence, 3 times"),
        ("half", "it answered in part, 3 times"),
        ("left off", "it left off in the middle, 3 times"),
        ("lost", "it left off in the middle, 3 times"),
        ("many words in hardly any time", "it left off in the middle, 3 times"),
    ],
)
def test_a_line_that_fails_each_time_is_named_and_the_next_is_spoken(
    misbehaving: EspeakEngine, text: str, failure: str
) -> None:
    with pytest.raises(EngineError, match=rf"cannot say l1 \(“{text}”\): {failure}"):
        misbehaving.speak(line("l1", text))
    assert len(misbehaving.speak(line("l2", "well")).samples) == 2205


class Cut:
    """The real worker, of whose sound a share is there; the head is true to it, as if all were well."""

    def __init__(self, engine: EspeakEngine, share: float) -> None:
        self._ask, self._share = engine._worker.ask, share

    def __call__(self, *asked: Any) -> Answer:
        answer = self._ask(*asked)
        (told,) = answer.head["calls"]
        samples = int(told["samples"] * self._share)
        told |= {"samples": samples, "end": [told["end"][0], samples]}
        return Answer(answer.head, answer.data[: 2 * samples])


SAID = [
    ("en", "The sea is wide, and the boats that cross it are small."),
    ("en", "They were landed in order."),
    ("fr", "Qu’est-ce que c’est que ces oiseaux aux beaux yeux ?"),
    ("de", "Die Bücherei schwimmt seit drei Jahren auf dem Fluss."),
]


@pytest.mark.parametrize("rate", [80, 165, 450])
@pytest.mark.parametrize(("lang", "words"), SAID)
def test_a_third_of_a_sentence_is_not_taken_for_it(
    lang: str, words: str, rate: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EspeakEngine(Voice("espeak", "", {"rate": rate}))
    try:
        assert len(engine.speak(line("l1", words, lang=lang)).samples)
        monkeypatch.setattr(engine._worker, "ask", Cut(engine, 1 / 3))
        with pytest.raises(UnsaidError, match=r"cannot say l1 .*: it left off in the middle, 3 times"):
            engine.speak(line("l1", words, lang=lang))
    finally:
        engine.close()


QUICK = [
    ("en", "I"),
    ("en", "e.g. i.e. etc. Mr. Mrs. Dr. St. vs. No. Prof."),
    ("en", "BBC NATO UNESCO"),
    ("en", "I, II, XIV and 1999, 3.5% of £7m"),
    ("en", "“…” — a?!"),
    ("en", "through thorough thought, though enough"),
    ("en", "a" * 300),
    ("en", "xxxxxxxxx hmmmmmmm shhhhhhhh"),
    ("en", "snake_case(x, y) = https://a.example/b?c=d"),
    ("en", "λόγος 漢字 слово"),
    ("fr", "Ils mangeaient les eaux."),
    ("vi", "Nghiêng nghiêng những người"),
    ("zh", "你好，世界。"),
    ("ja", "これはペンです。"),
    ("ko", "안녕하세요 세계"),
    ("ar", "السلام عليكم"),
    ("cy", "Llanfairpwllgwyngyll"),
]


@pytest.mark.parametrize("rate", [80, 450])
def test_what_is_said_is_believed_at_every_speed(rate: int) -> None:
    engine = EspeakEngine(Voice("espeak", "", {"rate": rate}))
    try:
        for lang, words in QUICK:
            assert len(engine.speak(line("l1", words, lang=lang)).samples), words
    finally:
        engine.close()


def test_a_sign_of_which_the_library_tells_no_word_has_no_times(misbehaving: EspeakEngine) -> None:
    assert misbehaving.speak(line("l1", "∙")).words == ()


def test_a_line_that_fails_once_is_spoken_the_second_time(misbehaving: EspeakEngine) -> None:
    assert len(misbehaving.speak(line("l1", "once")).samples) == 2205


def test_a_worker_that_dies_is_started_again(misbehaving: EspeakEngine) -> None:
    misbehaving.speak(line("l1", "well"))
    misbehaving._worker._process.kill()  # from outside, as the kernel would
    assert len(misbehaving.speak(line("l2", "well")).samples) == 2205


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("raise SystemExit(1)", "its worker ended before it began"),
        ("print('no JSON', flush=True)", "its worker ended before it began"),
    ],
)
def test_a_worker_that_does_not_start_is_told(program: str, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        EspeakEngine(Voice("espeak"), [sys.executable, "-c", program])


def test_a_worker_that_is_not_there_is_told() -> None:
    with pytest.raises(EngineError, match="its worker does not start"):
        EspeakEngine(Voice("espeak"), ["/nonexistent/worker"])
