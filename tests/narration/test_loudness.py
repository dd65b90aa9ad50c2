"""The meter of BS.1770, held against the standard's own calibration; the mix, against the meter."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from narration_sample import Tones, line, script

from publisher.model.findings import EngineError
from publisher.model.narration import Voice
from publisher.narration.loudness import Meter
from publisher.narration.mixing import CEILING, LOUDNESS, joined, level_of, part_samples, samples
from publisher.narration.narrate import narrate
from publisher.narration.resampling import resampled
from publisher.narration.voices import open_voice, voice_from_name
from publisher.store import Store

VOICE = Voice("tones")


def sine(rate: int, seconds: float, hertz: float = 997, decibels: float = 0) -> np.ndarray:
    times = np.arange(round(rate * seconds)) / rate
    return (10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def loudness(signal: np.ndarray, rate: int, block: int = 10**9) -> float:
    meter = Meter(rate)
    for start in range(0, len(signal), block):
        meter.feed(signal[start : start + block])
    return meter.loudness()


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 48000])
def test_a_full_sine_of_997_hertz_in_one_channel_measures_minus_3_01(rate: int) -> None:
    # ITU-R BS.1770-5, annex 1: “… the indicated loudness will equal −3.01 LKFS”.
    assert loudness(sine(rate, 5), rate) == pytest.approx(-3.01, abs=0.05)


def test_silence_between_words_does_not_count() -> None:
    # The gate of annex 1: the pauses of speech leave its level as it is.
    tone = sine(48000, 5, decibels=-20)
    with_pauses = np.concatenate([tone, np.zeros(48000 * 10, dtype=np.float32), tone])
    assert loudness(with_pauses, 48000) == pytest.approx(loudness(tone, 48000), abs=0.3)


def test_quiet_passages_under_the_relative_gate_do_not_count() -> None:
    loud, quiet = sine(48000, 5, decibels=-20), sine(48000, 5, decibels=-40)
    assert loudness(np.concatenate([loud, quiet]), 48000) == pytest.approx(loudness(loud, 48000), abs=0.2)


def test_silence_is_minus_infinity() -> None:
    assert loudness(np.zeros(48000, dtype=np.float32), 48000) == -math.inf
    assert loudness(np.zeros(0, dtype=np.float32), 48000) == -math.inf


@settings(max_examples=20, deadline=None)
@given(st.integers(10, 20000))
def test_the_size_of_the_blocks_changes_nothing(block: int) -> None:
    signal = np.random.default_rng(1).normal(0, 0.1, 22050).astype(np.float32)
    assert loudness(signal, 22050, block) == pytest.approx(loudness(signal, 22050), abs=1e-3)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory):
    """A few spoken sentences, and the store that holds them."""
    store = Store(tmp_path_factory.mktemp("store"))
    words = (
        "The tide came in before anyone had noticed.",
        "By noon, the whole of the harbour was under water!",
        "Nobody in the town could remember such a spring.",
        "Was it the wind, or the moon?",
    )
    lines = [line(f"l{number}", sentence, pause=0.6) for number, sentence in enumerate(words * 2)]
    return narrate(script(*lines), voice_from_name("espeak"), store), store


def test_speech_is_brought_to_its_loudness_under_its_ceiling(spoken) -> None:
    narration, store = spoken
    signal = np.concatenate(list(samples(narration, store)))
    assert len(signal) == narration.frames
    assert loudness(signal, narration.rate) == pytest.approx(LOUDNESS, abs=0.2)
    assert 20 * math.log10(float(np.abs(signal).max())) <= CEILING + 0.001


@pytest.mark.parametrize("about", [(-12, 1.0), (0, 1.0), (0, 0.7), (20, 0.9), (20, 1.0)])
def test_speech_is_brought_to_its_loudness_though_a_sample_tells_another(spoken, monkeypatch, about) -> None:
    narration, store = spoken
    monkeypatch.setattr("publisher.narration.mixing._about", lambda sample: about)
    signal = np.concatenate(list(samples(narration, store)))
    assert loudness(signal, narration.rate) == pytest.approx(LOUDNESS, abs=0.5)


def test_clips_stand_where_the_cues_say(spoken) -> None:
    narration, store = spoken
    signal = np.concatenate(list(samples(narration, store)))
    raw = np.concatenate(list(joined(narration, store)))
    for cue in narration.cues:
        assert np.corrcoef(signal[cue.first : cue.last], raw[cue.first : cue.last])[0, 1] > 0.97
    for before, after in zip(narration.cues, narration.cues[1:], strict=False):
        assert not signal[before.last : after.first].any()


def test_no_join_clicks(spoken) -> None:
    narration, store = spoken
    signal = np.concatenate(list(samples(narration, store)))
    for cue in narration.cues:
        assert abs(signal[cue.first]) < 0.01
        assert abs(signal[cue.last - 1]) < 0.01


def test_a_part_of_the_narration_sounds_as_it_does_in_the_whole(spoken) -> None:
    narration, store = spoken
    whole = np.concatenate(list(samples(narration, store)))
    first, last = narration.cues[2].first, narration.cues[4].last
    blocks = part_samples(narration, store, narration.cues[2:5], (first, last), level_of(narration, store))
    assert np.allclose(np.concatenate(list(blocks)), whole[first:last], atol=1e-3)
    assert list(part_samples(narration, store, (), (first, first), 0.0)) == []


def test_a_peak_is_turned_down_and_not_cut_off(tmp_path: Path) -> None:
    store = Store(tmp_path)
    narration = narrate(script(line("a", "Words " * 20)), VOICE, store, opener=Tones())
    signal = np.concatenate(list(samples(narration, store)))
    ceiling = 10 ** (CEILING / 20)
    assert (np.abs(signal) >= ceiling - 1e-4).sum() < len(signal) / 100


def test_silence_alone_stays_silence(tmp_path: Path) -> None:
    store = Store(tmp_path)
    narration = narrate(script(), VOICE, store, opener=Tones())
    assert list(samples(narration, store)) == []


def test_a_clip_that_left_the_store_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path)
    narration = narrate(script(line("a", "Words.")), VOICE, store, opener=Tones())
    path = store.find(narration.cues[0].clip.key, ".flac")
    assert path is not None
    path.unlink()
    with pytest.raises(EngineError, match="build again"):
        list(samples(narration, store))


def test_a_clip_of_another_rate_is_resampled(tmp_path: Path) -> None:
    tone = sine(16000, 1, 440)
    up = resampled(tone, 24000)
    assert len(up) == 24000
    assert np.allclose(up[500:-500], sine(24000, 1, 440)[500:-500], atol=0.02)
    assert len(resampled(tone, 8000)) == 8000
    assert resampled(tone, 16000) is tone


def test_the_embedded_voice_opens_by_name() -> None:
    engine = open_voice(voice_from_name("espeak"))
    engine.close()
    assert engine.rate == 22050
