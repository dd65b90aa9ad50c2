"""A recording is decoded whole or not at all, and says where it breaks off."""

from __future__ import annotations

import wave
from pathlib import Path

import lameenc
import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from recorded_reader import RATE, mp3, read_by_person

from publisher.formats.audio.decoding import decode
from publisher.model.findings import InputError
from publisher.model.recordings import Recording
from publisher.narration.recording_sound import Tape, clock, sample_rate

WORDS = ["The tide came in before anyone had noticed.", "By noon the harbour was under water."]


def recording(path: Path) -> Recording:
    return Recording(f"recordings/{path.name}", path, path.suffix[1:], "0")


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        Tape(recording(path), 16000).close()
    assert caught.value.position is not None
    assert caught.value.position.path == str(path)
    assert path.name in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(("name", "channels", "rate"), [("a.wav", 1, 44100), ("a.flac", 2, 96000), ("a.mp3", 1, 44100)])
def test_all_kinds_give_the_same_sound(tmp_path: Path, name: str, channels: int, rate: int) -> None:
    reading = read_by_person(WORDS)
    one = recording(reading.write(tmp_path / "recordings" / name, channels=channels, rate=rate))
    tape = Tape(one, 22050)
    try:
        assert sample_rate(one) == rate
        assert tape.duration == pytest.approx(len(reading.samples) / RATE, abs=0.08)
        begin, end = reading.times[1]
        loud = tape.read(round(begin * 22050), round(end * 22050))
        quiet = tape.read(round((begin - 0.2) * 22050), round((begin - 0.06) * 22050))
        assert np.abs(loud).max() > 20 * np.abs(quiet).max()
        assert -45 < tape.level < -20
    finally:
        tape.close()


def test_more_than_two_channels_error(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((RATE, 3)), RATE)
    assert "has 3 channels; mix it down" in refused(tmp_path / "a.wav")


def test_too_few_samples_a_second_error(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(4000), 4000)
    assert "has 4000 samples a second" in refused(tmp_path / "a.wav")


def test_no_length_error(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(0), RATE)
    soundfile.write(tmp_path / "b.wav", np.zeros(1000), RATE)
    assert "no sentence" in refused(tmp_path / "a.wav") or "no sound" in refused(tmp_path / "a.wav")
    assert "lasts 0.02 s" in refused(tmp_path / "b.wav")


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_a_file_cut_short_error(tmp_path: Path, name: str) -> None:
    path = read_by_person(WORDS).write(tmp_path / "recordings" / name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    message = refused(path)
    assert "ends early" in message or "is damaged" in message
    assert f"{name} at 0:00:0" in message


def test_a_damaged_mp3_error(tmp_path: Path) -> None:
    data = bytearray(mp3(read_by_person(WORDS).samples, RATE))
    data[len(data) // 2 : len(data) // 2 + 3000] = b"\xff\xfb" + b"\x11" * 2998
    path = tmp_path / "a.mp3"
    path.write_bytes(bytes(data))
    assert "is damaged" in refused(path) or "ends early" in refused(path)


def stereo_mp3(samples: np.ndarray) -> bytes:
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(128)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(2)
    encoder.silence()
    packed = np.repeat(np.rint(samples * 32767).astype(np.int16), 2)
    return bytes(encoder.encode(packed.tobytes()) + encoder.flush())


def test_a_file_that_goes_on_with_other_channels_error(tmp_path: Path) -> None:
    """Two files put one behind the other."""
    spoken = read_by_person(WORDS).samples
    path = tmp_path / "a.mp3"
    for first, second in ((mp3(spoken, RATE), stereo_mp3(spoken)), (stereo_mp3(spoken), mp3(spoken, RATE))):
        path.write_bytes(first + second)
        assert "changes its channels" in refused(path)


def test_what_a_listener_hears_of_such_a_file_is_as_long_as_both(tmp_path: Path) -> None:
    """Published files are decoded as players do it, other people's too."""
    spoken = read_by_person(WORDS).samples
    path = tmp_path / "a.mp3"
    for rate in (RATE, 16000, None):
        alone = []
        for data in (mp3(spoken, RATE), stereo_mp3(spoken)):
            path.write_bytes(data)
            alone.append(sum(len(block) for block in decode(path, rate)))
        path.write_bytes(mp3(spoken, RATE) + stereo_mp3(spoken))
        both = sum(len(block) for block in decode(path, rate))
        assert both == pytest.approx(sum(alone), abs=0.2 * (rate or RATE))


def test_a_wave_file_whose_length_was_never_filled_in_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(np.full(RATE, 1000, dtype="<i2").tobytes())
    data = bytearray(path.read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    path.write_bytes(bytes(data))
    tape = Tape(recording(path), RATE)
    assert tape.duration == pytest.approx(1.0, abs=0.01)
    tape.close()


def test_numbers_that_are_none_are_silence(tmp_path: Path) -> None:
    samples = np.zeros(RATE, dtype=np.float32)
    samples[100:200] = np.nan
    samples[300] = 7
    soundfile.write(tmp_path / "a.wav", samples, RATE, subtype="FLOAT")
    tape = Tape(recording(tmp_path / "a.wav"), RATE)
    assert np.abs(tape.read(0, tape.frames)).max() <= 1
    tape.close()


def test_times_are_told_to_the_hundredth() -> None:
    assert clock(3723.256) == "1:02:03.26"
