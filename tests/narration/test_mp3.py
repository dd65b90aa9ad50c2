"""MP3 of every rate: as long as the sound, at its place, in decoders that we did not write."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from mutagen.mp3 import MP3, BitrateMode

from publisher.model.findings import EngineError
from publisher.narration.mp3 import RATES, _crc, bit_rate, encode_mp3


def noise(count: int) -> np.ndarray:
    """Noise of speech's bandwidth and loudness, silent at both ends."""
    random = np.random.default_rng(7).normal(0, 0.1, count)
    smooth = np.convolve(random, np.ones(8) / 8, mode="same")
    smooth[:200] = smooth[-200:] = 0
    return smooth.astype(np.float32)


def blocks(signal: np.ndarray, size: int):
    return (signal[start : start + size] for start in range(0, len(signal), size))


def ffmpeg(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)])


def mpg123(path: Path) -> np.ndarray:
    samples: np.ndarray = soundfile.read(path, dtype="float32")[0]
    return samples


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("decode", [ffmpeg, mpg123])
def test_what_is_decoded_is_what_was_encoded(tmp_path: Path, rate: int, decode) -> None:
    signal = noise(rate * 2 + 123)
    assert encode_mp3(tmp_path / "a.mp3", blocks(signal, 5000), rate) == len(signal)
    heard = decode(tmp_path / "a.mp3")
    assert len(heard) == len(signal)
    # Half a millisecond off, and noise no longer correlates at all.
    assert np.corrcoef(signal, heard)[0, 1] > 0.8
    assert np.std(heard) == pytest.approx(np.std(signal), rel=0.1), "as loud as it was"


@pytest.mark.parametrize("count", [100, 575, 576, 577, 1105, 1152, 5000])
def test_short_sounds_keep_their_length(tmp_path: Path, count: int) -> None:
    encode_mp3(tmp_path / "a.mp3", [noise(count)], 22050)
    assert len(mpg123(tmp_path / "a.mp3")) == count


def test_the_size_of_the_blocks_changes_nothing(tmp_path: Path) -> None:
    signal = noise(60000)
    encode_mp3(tmp_path / "a.mp3", blocks(signal, 700), 22050)
    encode_mp3(tmp_path / "b.mp3", [signal], 22050)
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()


def test_another_reader_finds_a_constant_bit_rate(tmp_path: Path) -> None:
    encode_mp3(tmp_path / "a.mp3", [noise(60000)], 22050)
    info = MP3(tmp_path / "a.mp3").info
    assert info.bitrate == pytest.approx(bit_rate(22050), abs=100)
    assert info.bitrate_mode == BitrateMode.CBR
    assert info.encoder_info.startswith("LAME 3.100")
    assert info.length == pytest.approx(60000 / 22050, abs=0.001)


def test_samples_beyond_full_scale_are_held_and_do_not_wrap(tmp_path: Path) -> None:
    loud = (noise(22050) * 20).astype(np.float32)
    encode_mp3(tmp_path / "a.mp3", [loud], 22050)
    assert np.corrcoef(np.clip(loud, -1, 1), mpg123(tmp_path / "a.mp3"))[0, 1] > 0.8


def test_no_samples_are_an_empty_file(tmp_path: Path) -> None:
    assert encode_mp3(tmp_path / "a.mp3", [], 22050) == 0
    assert (tmp_path / "a.mp3").read_bytes() == b""


def test_a_rate_that_mp3_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="30000 samples a second"):
        encode_mp3(tmp_path / "a.mp3", [], 30000)


def test_the_check_sum_is_the_one_named_arc() -> None:
    assert _crc(b"123456789") == 0xBB3D
