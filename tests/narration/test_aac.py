"""AAC at one quality: as near to the sound as before, no larger, and no packet more than a decoder has room for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from narration_sample import line, script

from publisher.narration.encoding import encode_aac, join_m4b
from publisher.narration.mixing import samples
from publisher.narration.mp3 import bit_rate
from publisher.narration.narrate import narrate
from publisher.narration.resampling import at_rate
from publisher.narration.voices import voice_from_name
from publisher.store import Store

WORDS = (
    "The tide came in before anyone in the harbour had noticed, and by noon the lower town was under water.",
    "Nobody could remember such a spring: not the oldest of them, who had counted the boats for sixty years.",
    "Six ships sailed south; she says so.",
)
ROOM = 6144 // 8
"""Bytes of a packet of one channel (ISO/IEC 14496-3, 4.5.3.1)."""


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """Speech as it is published, at 22,050 samples a second."""
    store = Store(tmp_path_factory.mktemp("speech"))
    lines = [line(f"s{number}", words) for number, words in enumerate(WORDS * 2)]
    return np.concatenate(list(samples(narrate(script(*lines), voice_from_name("espeak"), store), store)))


def packets(path: Path) -> Iterator[bytes]:
    data, at = path.read_bytes(), 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        yield data[at + 2 : at + 2 + length]
        at += 2 + length


def encoded(speech: np.ndarray, rate: int, folder: Path) -> tuple[np.ndarray, list[bytes], np.ndarray]:
    """Speech at a rate, its packets, and what FFmpeg decodes of them."""
    given = at_rate(speech, 22050, rate)
    given = given[: len(given) // 9216 * 9216]
    assert encode_aac(folder / "a.aac", [given], rate) == len(given)
    join_m4b(folder / "a.m4b", [(folder / "a.aac", len(given))], rate)
    with av.open(str(folder / "a.m4b")) as container:
        stream = container.streams.audio[0]
        assert stream.profile == "LC"
        heard = np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(stream)])
    return given, list(packets(folder / "a.aac")), heard[: len(given)]


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 44100, 48000])
def test_no_packet_is_more_than_a_decoder_has_room_for(speech: np.ndarray, rate: int, tmp_path: Path) -> None:
    given, found, _ = encoded(speech, rate, tmp_path)
    assert max(map(len, found)) <= ROOM
    assert sum(map(len, found)) * 8 <= 1.3 * bit_rate(rate) * len(given) / rate, "about the bytes that were meant"


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100])
def test_speech_stays_far_above_the_encoders_error(speech: np.ndarray, rate: int, tmp_path: Path) -> None:
    given, _, heard = encoded(speech, rate, tmp_path)
    assert len(heard) == len(given)
    error = float(np.sum((heard - given) ** 2))
    assert 10 * np.log10(float(np.sum(given**2)) / error) > 31
