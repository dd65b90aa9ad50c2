"""Names of voices, and what is told of those that are not here."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from narration_sample import line

from publisher.model.findings import EngineError, InputError
from publisher.model.narration import Spoken, Voice
from publisher.narration.voices import available_voices, open_voice, piper, spoken_name, voice_from_name


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


# Piper, by a stand-in for its module: its own loading code is tried where it is installed.


class _Model:
    def __init__(self) -> None:
        self.config = SimpleNamespace(sample_rate=16000, length_scale=1.0, espeak_voice="en-gb-x-rp")

    def synthesize(self, text: str, config: object):
        if text == "fail":
            raise RuntimeError("broken\ngraph")
        level = 0.0 if text == "silence" else 0.3
        yield SimpleNamespace(audio_float_array=np.full(160 * len(text), level, dtype=np.float32))


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    module = ModuleType("piper")
    module.PiperVoice = SimpleNamespace(load=lambda path: _Model())  # type: ignore[attr-defined]
    module.SynthesisConfig = lambda **settings: settings  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "piper", module)
    monkeypatch.setattr(piper, "find_spec", lambda name: object())
    monkeypatch.setattr(piper, "version", lambda name: "1.0")
    path = tmp_path / "voice.onnx"
    path.write_bytes(b"graph")
    Path(f"{path}.json").write_text("{}")
    return path


def test_piper_speaks_from_a_file(model: Path) -> None:
    engine = open_voice(voice_from_name(f"piper:{model}"))
    sound = engine.speak(line("a", "Hello"))
    assert (sound.rate, len(sound.samples)) == (16000, 800)
    assert engine.identity.startswith("piper 1.0 ")
    engine.close()


def test_piper_leaves_other_languages_to_espeak(model: Path) -> None:
    engine = open_voice(voice_from_name(f"piper:{model}"))
    sound = engine.speak(line("a", "in Alger", Spoken("in", "en", 0, 2), Spoken("Alger", "fr", 3, 8)))
    engine.close()
    assert len(sound.samples) > 320 + 16000 * 0.3


@pytest.mark.parametrize(("text", "failure"), [("fail", "broken graph, twice"), ("silence", "it returned silence")])
def test_a_line_that_piper_cannot_say_is_named(model: Path, text: str, failure: str) -> None:
    with pytest.raises(EngineError, match=rf"cannot say l1 \(“{text}”\): {failure}"):
        open_voice(voice_from_name(f"piper:{model}")).speak(line("l1", text))


def test_piper_without_a_file_or_without_piper_is_told(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="name its file"):
        open_voice(voice_from_name("piper"))
    with pytest.raises(InputError, match=r"no file .*nowhere"):
        open_voice(voice_from_name("piper:/nowhere/voice.onnx"))
    monkeypatch.setattr(piper, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="piper is not here; install it with"):
        open_voice(voice_from_name(f"piper:{model}"))
    assert [offer.missing for offer in piper.offers()] != [""]
