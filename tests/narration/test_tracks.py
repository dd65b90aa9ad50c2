"""Chapters encoded by themselves: joined without a seam, each once, and no more of them than an edit touches."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import av
import av.logging
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from mutagen.mp3 import MP3
from narration_sample import Tones, line

from publisher.model.findings import EngineError
from publisher.model.narration import LONGEST_PAUSE, Line, Narration, Script, ScriptChapter, Voice
from publisher.narration import mixing, tracks
from publisher.narration.encoding import encode_aac, join_m4b, join_mp3
from publisher.narration.mixing import by_chapter, chapter_samples, level_of, samples
from publisher.narration.mp3 import RATES, encode_mp3
from publisher.narration.narrate import narrate
from publisher.narration.pieces import GRID, SETTLED, on_grid
from publisher.narration.tracks import chapter_tracks, encode_ahead, write_m4b, write_mp3
from publisher.store import SEAL, Store

VOICE = Voice("tones")
LENGTHS = (6, 2, 9)
"""Of chapters, in steps of the grid."""


def chapter(steps: int, seed: int, rate: int) -> np.ndarray:
    """Noise of speech's loudness that begins with the chapter and ends as late as a sound may."""
    count = steps * GRID - SETTLED
    smooth = np.convolve(np.random.default_rng(seed).normal(0, 0.1, count), np.ones(8) / 8, mode="same")
    fade = np.minimum(1, np.arange(count) / (0.005 * rate))
    return np.concatenate([smooth * fade * fade[::-1], np.zeros(SETTLED)]).astype(np.float32)


def ffmpeg(path: Path) -> np.ndarray:
    """What FFmpeg decodes, having nothing to complain of."""
    before = av.logging.get_level()
    av.logging.set_level(av.logging.WARNING)
    try:
        with av.logging.Capture() as told, av.open(str(path)) as container:
            heard = np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)])
    finally:
        av.logging.set_level(before)
    assert not told
    return heard


def mpg123(path: Path) -> np.ndarray:
    heard: np.ndarray = soundfile.read(path, dtype="float32")[0]
    return heard


def joined(folder: Path, suffix: str, rate: int) -> tuple[Path, list[np.ndarray]]:
    """Three chapters in one file, and their samples."""
    chapters = [chapter(steps, seed, rate) for seed, steps in enumerate(LENGTHS)]
    parts = []
    for number, signal in enumerate(chapters):
        part = folder / f"{number}{suffix}"
        assert (encode_mp3 if suffix == ".mp3" else encode_aac)(part, [signal], rate) == len(signal)
        parts.append((part, len(signal)))
    whole = folder / f"whole{suffix.replace('.aac', '.m4b')}"
    total = join_mp3(whole, parts) if suffix == ".mp3" else join_m4b(whole, parts, rate)
    assert total == sum(LENGTHS) * GRID
    return whole, chapters


# Joins


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("suffix", "decode"), [(".mp3", ffmpeg), (".mp3", mpg123), (".aac", ffmpeg)])
def test_joined_chapters_sound_where_they_should_to_the_sample(tmp_path: Path, rate: int, suffix: str, decode) -> None:
    path, chapters = joined(tmp_path, suffix, rate)
    heard = decode(path)
    due = np.concatenate(chapters)
    assert len(heard) == len(due)
    begin = 0
    for signal in chapters:
        for at in (begin, begin + len(signal) - SETTLED - 3000):
            assert lag(due[at : at + 3000], heard, at) == 0
        begin += len(signal)


def lag(sound: np.ndarray, heard: np.ndarray, at: int, reach: int = 100) -> int:
    padded = np.concatenate([np.zeros(reach), heard, np.zeros(reach)])
    return int(np.argmax(np.correlate(padded[at : at + len(sound) + 2 * reach], sound, mode="valid"))) - reach


@pytest.mark.parametrize("rate", [8000, 22050, 24000, 48000])
@pytest.mark.parametrize("suffix", [".mp3", ".aac"])
def test_a_chapter_is_decoded_among_others_as_it_is_alone(tmp_path: Path, rate: int, suffix: str) -> None:
    # What an encoder's first frames and a decoder's memory of the frames before could change, at every join.
    path, chapters = joined(tmp_path, suffix, rate)
    heard = ffmpeg(path)
    begin = 0
    for number, signal in enumerate(chapters):
        alone = tmp_path / f"alone{suffix.replace('.aac', '.m4b')}"
        part = (tmp_path / f"{number}{suffix}", len(signal))
        join_mp3(alone, [part]) if suffix == ".mp3" else join_m4b(alone, [part], rate)
        sound = len(signal) - SETTLED
        assert np.allclose(heard[begin : begin + sound], ffmpeg(alone)[:sound], atol=1e-5)
        begin += len(signal)


@pytest.mark.parametrize("suffix", [".mp3", ".aac"])
def test_joins_are_as_silent_as_the_silence_around(tmp_path: Path, suffix: str) -> None:
    path, chapters = joined(tmp_path, suffix, 22050)
    heard = ffmpeg(path)
    for join in np.cumsum([len(signal) for signal in chapters])[:-1]:
        # Encoders sound a little before a sound that begins all at once; a click would be a step between samples.
        assert np.abs(heard[join - SETTLED + 1200 : join - 1024]).max() < 0.002
        assert np.abs(np.diff(heard[join - SETTLED + 1200 : join])).max() < 0.02


@pytest.mark.parametrize("rate", [8000, 22050, 48000])
def test_no_frame_needs_data_of_frames_that_are_not_there(tmp_path: Path, rate: int) -> None:
    path, _ = joined(tmp_path, ".mp3", rate)
    data = path.read_bytes()
    frames = list(mp3_frames(data))
    starts = [1, *(1 + step * GRID // samples_a_frame(rate) for step in np.cumsum(LENGTHS)[:-1])]
    room = 0
    for number, frame in enumerate(frames[1:], start=1):
        begin, side = (frame[4] << 1 | frame[5] >> 7, 17) if rate >= 32000 else (frame[4], 9)
        if number in starts:
            assert begin == 0, "a chapter's first frame needs nothing of the chapter before"
            room = 0
        assert begin <= room
        room += len(frame) - 4 - side


def samples_a_frame(rate: int) -> int:
    return 1152 if rate >= 32000 else 576


def mp3_frames(data: bytes) -> Iterator[bytes]:
    """The frames of an MP3 as another reader finds them: FFmpeg's demuxer, less what it hides."""
    at = 0
    while at < len(data):
        version = (data[at + 1] >> 3) & 3
        low = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
        high = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
        kilobits = (high if version == 3 else low)[data[at + 2] >> 4]
        rate = (44100, 48000, 32000)[(data[at + 2] >> 2) & 3] // {3: 1, 2: 2, 0: 4}[version]
        size = (144000 if version == 3 else 72000) * kilobits // rate + ((data[at + 2] >> 1) & 1)
        assert data[at] == 0xFF
        yield data[at : at + size]
        at += size


def test_the_header_of_a_joined_file_counts_all(tmp_path: Path) -> None:
    path, chapters = joined(tmp_path, ".mp3", 22050)
    info = MP3(path).info
    assert info.length == pytest.approx(sum(len(signal) for signal in chapters) / 22050, abs=1e-3)
    frames = list(mp3_frames(path.read_bytes()))
    tag = frames[0].index(b"Info")
    assert int.from_bytes(frames[0][tag + 8 : tag + 12], "big") == len(frames) - 1
    assert int.from_bytes(frames[0][tag + 12 : tag + 16], "big") == path.stat().st_size


def test_one_part_joined_is_itself_and_no_part_is_an_empty_file(tmp_path: Path) -> None:
    signal = chapter(3, 1, 22050)
    encode_mp3(tmp_path / "a.mp3", [signal], 22050)
    join_mp3(tmp_path / "b.mp3", [(tmp_path / "a.mp3", len(signal))])
    assert (tmp_path / "b.mp3").read_bytes() == (tmp_path / "a.mp3").read_bytes()
    join_mp3(tmp_path / "c.mp3", [])
    assert (tmp_path / "c.mp3").read_bytes() == b""


@pytest.mark.parametrize("suffix", [".mp3", ".aac"])
def test_a_part_that_was_cut_short_is_told(tmp_path: Path, suffix: str) -> None:
    joined(tmp_path, suffix, 22050)
    parts = [(tmp_path / f"{number}{suffix}", steps * GRID) for number, steps in enumerate(LENGTHS)]
    parts[0][0].write_bytes(parts[0][0].read_bytes()[:5000])
    with pytest.raises(EngineError, match="cut short"):
        join_mp3(tmp_path / "x", parts) if suffix == ".mp3" else join_m4b(tmp_path / "x.m4b", parts, 22050)


# The grid


@given(st.integers(1, 10_000_000), st.floats(0, LONGEST_PAUSE), st.sampled_from(RATES))
def test_a_chapter_ends_on_the_grid_in_a_silence_neither_cut_short_nor_too_long(
    sound: int, pause: float, rate: int
) -> None:
    end = on_grid(sound, round(pause * rate), rate)
    assert end % GRID == 0
    assert end - sound >= SETTLED
    assert end - sound <= LONGEST_PAUSE * rate
    if SETTLED + GRID / 2 <= pause * rate <= LONGEST_PAUSE * rate - GRID / 2:
        assert abs(end - sound - pause * rate) <= GRID / 2 + 1


# Narrations

WORDS = (
    ("A title",),
    ("The tide came in.", "Nobody had noticed.", "By noon it was over."),
    ("Then the boats came back.", "They were counted."),
    ("Nothing more is known.", "And so it ends.", "The end."),
)
_TIMES = 8
"""That each is said, so that one sentence more or less leaves the level of so short a text as it is."""


def chapters(words: Sequence[Sequence[str]] = WORDS, pause: float = 0.5) -> Script:
    def one(number: int, sentences: Sequence[str]) -> tuple[Line, ...]:
        lines = [line(f"c{number}-{at}", words * _TIMES, pause=pause) for at, words in enumerate(sentences)]
        return (*lines[:-1], replace(lines[-1], pause=1.5))

    parts = (ScriptChapter(f"c{n}", f"C {n}", one(n, sentences)) for n, sentences in enumerate(words))
    return Script("default", "en", tuple(parts))


def edited(words: Sequence[Sequence[str]], chapter: int, sentence: int, new: str) -> list[list[str]]:
    changed = [list(sentences) for sentences in words]
    changed[chapter][sentence] = new
    return changed


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def files(store: Store) -> dict[str, set[Path]]:
    found: dict[str, set[Path]] = {}
    for path in (one for one in store.root.rglob("*.*") if one.suffix != SEAL):
        found.setdefault(path.suffix, set()).add(path)
    return found


def published(script: Script, engine: Tones, store: Store, folder: Path) -> Narration:
    folder.mkdir(exist_ok=True)
    narration = narrate(script, VOICE, store, opener=engine)
    write_mp3(folder / "a.mp3", narration, store)
    write_m4b(folder / "a.m4b", narration, store, "eng")
    chapter_tracks(narration, store)
    return narration


@pytest.mark.parametrize("chapter", range(len(WORDS)))
def test_an_edited_sentence_costs_one_clip_and_one_chapter(store: Store, tmp_path: Path, chapter: int) -> None:
    engine = Tones()
    published(chapters(), engine, store, tmp_path / "one")
    before, said = files(store), len(engine.said)
    published(
        chapters(edited(WORDS, chapter, 0, "Another sentence, and a longer one.")), engine, store, tmp_path / "two"
    )
    new = {suffix: len(paths - before[suffix]) for suffix, paths in files(store).items()}
    assert engine.said[said:] == ["Another sentence, and a longer one." * _TIMES]
    # Of the chapter: its last sentence, whose silence takes it to the grid, and all of it joined.
    assert new.pop(".mp3") in (2, 3)
    # Of the clips: the loudness of a sample, as it is and limited. Of the chapter: its AAC, its loudness.
    assert new == {".flac": 1, ".json": 1, ".levels": 2, ".aac": 1, ".loudness": 1}


def test_a_changed_pause_costs_no_clip(store: Store, tmp_path: Path) -> None:
    engine = Tones()
    published(chapters(pause=0.5), engine, store, tmp_path / "one")
    said = len(engine.said)
    published(chapters(pause=0.6), engine, store, tmp_path / "two")
    assert len(engine.said) == said


def test_another_loudness_costs_no_clip(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Tones()
    narration = published(chapters(), engine, store, tmp_path / "one")
    said, level = len(engine.said), level_of(narration, store)
    monkeypatch.setattr(mixing, "LOUDNESS", mixing.LOUDNESS - 3)
    narration = published(chapters(), engine, store, tmp_path / "two")
    assert len(engine.said) == said
    assert level_of(narration, store) == level - 3
    assert (tmp_path / "one/a.mp3").read_bytes() != (tmp_path / "two/a.mp3").read_bytes()


@pytest.mark.parametrize(("package", "suffixes"), [("lameenc", {".mp3"}), ("av", {".aac"})])
def test_another_release_of_an_encoder_encodes_anew_and_speaks_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, suffixes: set[str]
) -> None:
    engine = Tones()
    published(chapters(), engine, store, tmp_path / "one")
    before, said = files(store), len(engine.said)
    monkeypatch.setattr(tracks, "_release", lambda name: "99" if name == package else version(name))
    published(chapters(), engine, store, tmp_path / "two")
    assert len(engine.said) == said
    after = files(store)
    assert {suffix for suffix in after if after[suffix] != before[suffix]} == suffixes
    assert all(len(after[suffix]) == 2 * len(before[suffix]) for suffix in suffixes)


def test_a_recording_is_the_same_from_an_empty_store_as_after_an_edit(tmp_path: Path) -> None:
    engine = Tones()
    used = Store(tmp_path / "used")
    published(chapters(edited(WORDS, 1, 1, "This was once another sentence.")), engine, used, tmp_path / "before")
    published(chapters(), engine, used, tmp_path / "after")
    published(chapters(), engine, Store(tmp_path / "new"), tmp_path / "anew")
    for name in ("a.mp3", "a.m4b"):
        assert (tmp_path / "after" / name).read_bytes() == (tmp_path / "anew" / name).read_bytes()


def test_the_order_of_encoding_changes_nothing(tmp_path: Path) -> None:
    made = []
    for name, order in (("forth", 1), ("back", -1)):
        store = Store(tmp_path / name)
        narration = narrate(chapters(), VOICE, store, opener=Tones())
        level = level_of(narration, store)
        for part, cues in by_chapter(narration)[::order]:
            assert sum(map(len, chapter_samples(narration, store, part, cues, level))) == part.last - part.first
        encode_ahead([narration], [narration][::order], store)
        write_mp3(tmp_path / f"{name}.mp3", narration, store)
        made.append((tmp_path / f"{name}.mp3").read_bytes())
    assert made[0] == made[1]


def test_tracks_are_files_of_their_own_as_long_as_their_chapters(store: Store) -> None:
    narration = narrate(chapters(), VOICE, store, opener=Tones())
    whole = np.concatenate(list(samples(narration, store)))
    tracks = chapter_tracks(narration, store)
    assert [track.chapter for track in tracks] == list(narration.chapters)
    assert [cue for track in tracks for cue in track.cues] == list(narration.cues)
    for track in tracks:
        heard = mpg123(track.path)
        assert len(heard) == track.frames == len(ffmpeg(track.path))
        assert track.duration == track.frames / narration.rate
        for cue in track.cues:
            begin, end = round(track.begin(cue) * track.rate), round(track.end(cue) * track.rate)
            assert lag(whole[cue.first : cue.last], heard[begin:end], 0) == 0


def test_progress_tells_seconds_of_sound(store: Store) -> None:
    narration = narrate(chapters(), VOICE, store, opener=Tones())
    told: list[tuple[int, int]] = []
    encode_ahead([narration], [narration], store, lambda at, of: told.append((at, of)))
    whole = round(2 * narration.frames / narration.rate)
    assert {of for _, of in told} == {whole}
    assert [at for at, _ in told] == sorted(at for at, _ in told)
    assert told[-1] == (whole, whole)


# Memory


def test_memory_is_flat_in_the_length_of_a_chapter(store: Store, tmp_path: Path) -> None:
    engine = Tones()
    peaks = []
    for sentences in (20, 160):
        words = [f"{number % 5} times the same words. " * 2 for number in range(sentences)]
        narration = narrate(chapters([words]), VOICE, store, opener=engine)
        level = level_of(narration, store)
        part, cues = by_chapter(narration)[0]
        tracemalloc.start()
        for suffix, encode in ((".mp3", encode_mp3), (".aac", encode_aac)):
            encode(tmp_path / f"a{suffix}", chapter_samples(narration, store, part, cues, level), narration.rate)
        join_mp3(tmp_path / "b.mp3", [(tmp_path / "a.mp3", narration.frames)] * 2)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0], "eight times the sound takes no more room"
