"""Pieces of MP3: joined in any order without a seam, wherever a pause can take a join; an edit costs one or two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from narration_sample import Tones, line
from test_tracks import WORDS, chapters, edited, ffmpeg, lag, mp3_frames, mpg123, samples_a_frame

from publisher.model.narration import LONGEST_PAUSE, Cue, Narration, Script, ScriptChapter, Voice
from publisher.narration.encoding import join_mp3
from publisher.narration.mixing import level_of, samples
from publisher.narration.mp3 import RATES, encode_mp3
from publisher.narration.narrate import narrate
from publisher.narration.pieces import GRID, STILL, Piece, Rearranged, frame_of, pieces_of, silences
from publisher.narration.tracks import joined, write_mp3
from publisher.narration.voices import voice_from_name
from publisher.store import Store

SENTENCES = (
    "Put the tide tables back.",
    "By noon, the whole of the harbour was under water!",
    "Ten boats.",
    "They counted forty, and then stopped counting.",
    "Can anyone remember such a spring?",
)
FRAMES = (40, 23, 7, 31, 9, 60, 5)
"""Of pieces."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


# Joins


def loud(frames: int, seed: int, rate: int) -> np.ndarray:
    """Noise louder than speech that begins at once and ends as late as a sound may."""
    count = frames * frame_of(rate) - STILL
    fade = np.minimum(1, np.arange(count) / (0.005 * rate))
    noise = np.convolve(np.random.default_rng(seed).normal(0, 0.3, count), np.ones(3) / 3, mode="same")
    return np.concatenate([noise * fade * fade[::-1], np.zeros(STILL)]).astype(np.float32)


def row(folder: Path, rate: int) -> tuple[Path, list[Path], list[np.ndarray]]:
    """Pieces in one file, and each by itself."""
    signals = [loud(frames, seed, rate) for seed, frames in enumerate(FRAMES)]
    files = [folder / f"{number}.mp3" for number in range(len(signals))]
    for file, signal in zip(files, signals, strict=True):
        assert encode_mp3(file, [signal], rate) == len(signal)
    whole = folder / "whole.mp3"
    join_mp3(whole, [(file, len(signal)) for file, signal in zip(files, signals, strict=True)])
    return whole, files, signals


@pytest.mark.parametrize("rate", RATES)
def test_a_piece_is_decoded_among_others_as_it_is_alone_bit_for_bit(tmp_path: Path, rate: int) -> None:
    whole, files, signals = row(tmp_path, rate)
    heard = ffmpeg(whole)
    at = 0
    for file, signal in zip(files, signals, strict=True):
        sound = len(signal) - STILL
        assert np.array_equal(heard[at : at + sound], ffmpeg(file)[:sound])
        at += len(signal)
    assert len(heard) == at


@pytest.mark.parametrize("rate", [8000, 22050, 48000])
def test_another_decoder_says_the_same(tmp_path: Path, rate: int) -> None:
    whole, files, signals = row(tmp_path, rate)
    heard = mpg123(whole)
    at = 0
    for file, signal in zip(files, signals, strict=True):
        sound = len(signal) - STILL
        assert np.allclose(heard[at : at + sound], mpg123(file)[:sound], atol=1e-6)
        at += len(signal)


def test_silence_around_a_join_is_as_silent_as_where_nothing_was_joined(store: Store, tmp_path: Path) -> None:
    words = [line(f"s{number}", sentence) for number, sentence in enumerate(SENTENCES)]
    script = Script("default", "en", (ScriptChapter("a", "A", tuple(words)),))
    narration = narrate(script, voice_from_name("espeak"), store)
    given = np.concatenate(list(samples(narration, store)))
    write_mp3(tmp_path / "joined.mp3", narration, store)
    encode_mp3(tmp_path / "at-once.mp3", [given], narration.rate)
    assert len(pieces_of(narration)[0]) == len(SENTENCES)
    heard, at_once = ffmpeg(tmp_path / "joined.mp3"), ffmpeg(tmp_path / "at-once.mp3")
    for before, after in pairwise(narration.cues):
        for silence in (slice(before.last, after.first), slice(after.first - 600, after.first + 110)):
            off, due = (float(np.std(one[silence] - given[silence])) for one in (heard, at_once))
            assert off < 10 ** (-60 / 20), "an encoder sounds a little before a sound, and behind it"
            assert off < 4 * due + 0.0001
        # A click is a step.
        silence = slice(before.last, after.first)
        assert np.abs(np.diff(heard[silence])).max() < np.abs(np.diff(at_once[silence])).max() + 0.005


@pytest.mark.parametrize("rate", RATES)
def test_no_frame_of_a_piece_needs_data_of_the_piece_before(tmp_path: Path, rate: int) -> None:
    whole, _, signals = row(tmp_path, rate)
    frames = list(mp3_frames(whole.read_bytes()))
    begins = {1 + int(end) // samples_a_frame(rate) for end in (0, *np.cumsum([len(one) for one in signals])[:-1])}
    room = 0
    for number, frame in enumerate(frames[1:], start=1):
        begin, side = (frame[4] << 1 | frame[5] >> 7, 17) if rate >= 32000 else (frame[4], 9)
        room = 0 if number in begins else room
        assert begin <= room
        room += len(frame) - 4 - side


# Where lines stand


@given(
    st.lists(st.tuples(st.integers(1, 200_000), st.floats(0, LONGEST_PAUSE)), min_size=1, max_size=9),
    st.sampled_from(RATES),
)
def test_pauses_are_what_they_should_be_or_end_on_the_grid(lines: list[tuple[int, float]], rate: int) -> None:
    sounds, pauses = [sound for sound, _ in lines], [round(pause * rate) for _, pause in lines]
    found = silences(sounds, pauses, rate)
    at = 0
    for sound, pause, silence in zip(sounds[:-1], pauses[:-1], found[:-1], strict=True):
        at += sound + silence
        assert silence == pause or (at % frame_of(rate) == 0 and silence >= STILL)
        assert silence <= LONGEST_PAUSE * rate
        assert abs(silence - pause) <= frame_of(rate) / 2 or pause > LONGEST_PAUSE * rate - frame_of(rate)
        if pause >= STILL + frame_of(rate):
            assert at % frame_of(rate) == 0, "where a join can be, there is one"
    assert (at + sounds[-1] + found[-1]) % GRID == 0


def spoken(store: Store, *pauses: float) -> Narration:
    lines = [line(f"s{number}", "Words. " * (1 + number % 3), pause=pause) for number, pause in enumerate(pauses)]
    script = Script(
        "default", "en", (ScriptChapter("a", "A", tuple(lines)), ScriptChapter("b", "B", (line("z", "Z."),)))
    )
    return narrate(script, Voice("tones"), store, opener=Tones())


@given(st.lists(st.sampled_from([0.0, 0.05, 0.12, 0.2, 0.216, 0.3, 0.9, 2.4]), min_size=1, max_size=8))
def test_pieces_are_the_narration_and_join_in_silence(
    tmp_path_factory: pytest.TempPathFactory, pauses: list[float]
) -> None:
    narration = spoken(Store(tmp_path_factory.getbasetemp() / "spoken"), *pauses)
    pieces = [piece for chapter in pieces_of(narration) for piece in chapter]
    assert [cue for piece in pieces for cue in piece.cues] == list(narration.cues)
    assert [piece.first for piece in pieces] == [0, *(piece.last for piece in pieces[:-1])]
    assert pieces[-1].last == narration.frames
    frame = frame_of(narration.rate)
    for piece in pieces:
        assert piece.frames % frame == 0
        assert piece.last - piece.cues[-1].last >= STILL
        assert sum(piece.spans()) == piece.frames
        assert all(after.first - before.last < STILL + frame for before, after in pairwise(piece.cues)), (
            "or it were two"
        )


# In another order


def test_whole_pieces_in_another_order_stay_whole(store: Store) -> None:
    narration = spoken(store, 0.3, 0.3, 0.05, 0.3, 0.3)
    pieces = [piece for chapter in pieces_of(narration) for piece in chapter]
    assert [len(piece.cues) for piece in pieces] == [1, 1, 2, 1, 1]
    backwards = pieces[::-1]
    cues = [(narration, cue) for piece in backwards for cue in piece.cues]
    assert Rearranged().pieces(cues) == tuple(backwards)


@given(st.permutations(range(7)), st.integers(1, 7))
def test_any_order_of_any_cues_is_pieces_that_can_be_joined(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], count: int
) -> None:
    narration = spoken(Store(tmp_path_factory.getbasetemp() / "spoken"), 0.05, 0.05, 0.3, 0.1, 0.05, 0.3)
    cues = [narration.cues[number] for number in order[:count]]
    pieces = Rearranged().pieces([(narration, cue) for cue in cues])
    assert [cue for piece in pieces for cue in piece.cues] == cues
    for piece in pieces:
        assert piece.first == piece.cues[0].first
        assert piece.frames % frame_of(narration.rate) == 0
        assert piece.last - piece.cues[-1].last >= STILL
        assert sum(piece.spans()) == piece.frames
        assert all(after.first >= before.last for before, after in pairwise(piece.cues))


def test_what_is_heard_of_pieces_in_another_order_is_each_of_them_where_it_should_be(store: Store) -> None:
    narration = spoken(store, 0.3, 0.05, 0.3, 0.05, 0.3)
    whole = np.concatenate(list(samples(narration, store)))
    cues = [narration.cues[number] for number in (4, 3, 5, 1, 2, 0)]
    pieces = Rearranged().pieces([(narration, cue) for cue in cues])
    (path,) = joined([pieces], store)
    heard = ffmpeg(path)
    assert len(heard) == sum(piece.frames for piece in pieces)
    at = 0
    for piece in pieces:
        for cue, span in zip(piece.cues, piece.spans(), strict=True):
            assert lag(whole[cue.first : cue.last], heard[at : at + cue.last - cue.first], 0) == 0
            at += span


# What is encoded


def mp3s(store: Store) -> set[Path]:
    return set(store.root.rglob("*.mp3"))


def made(script: Script, store: Store, folder: Path) -> Narration:
    narration = narrate(script, Voice("tones"), store, opener=Tones())
    write_mp3(folder / "a.mp3", narration, store)
    return narration


@pytest.mark.parametrize("at", range(3))
def test_an_edited_sentence_costs_its_piece_and_perhaps_its_chapters_last(
    store: Store, tmp_path: Path, at: int
) -> None:
    made(chapters(), store, tmp_path)
    before = mp3s(store)
    assert len(before) == sum(map(len, WORDS)), "a sentence is a piece"
    made(chapters(edited(WORDS, 1, at, "Another sentence, and a longer one.")), store, tmp_path)
    assert len(mp3s(store) - before) in (1, 2), "whose silence takes the chapter to its grid"


def test_the_same_words_with_the_same_pause_are_encoded_once(store: Store, tmp_path: Path) -> None:
    lines = tuple(line(f"l{number}", "End of list.", pause=0.3) for number in range(5))
    narration = made(Script("default", "en", (ScriptChapter("a", "A", lines),)), store, tmp_path)
    pieces = {piece.frames for chapter in pieces_of(narration) for piece in chapter}
    assert len(mp3s(store)) == len(pieces) < 5


def test_a_piece_sounds_alone_as_it_does_in_the_recording(store: Store, tmp_path: Path) -> None:
    narration = made(chapters(), store, tmp_path)
    heard = ffmpeg(tmp_path / "a.mp3")
    pieces = [piece for chapter in pieces_of(narration) for piece in chapter]
    for piece in pieces:
        (path,) = joined([[piece]], store)
        sound = piece.cues[-1].last - piece.first
        assert np.array_equal(ffmpeg(path)[:sound], heard[piece.first : piece.first + sound])


def test_what_decides_a_piece_is_in_its_key(store: Store) -> None:
    narration = spoken(store, 0.05, 0.3)
    piece = pieces_of(narration)[0][0]
    first, second = piece.cues

    def changed(change: Callable[[Cue], Cue]) -> Piece:
        return replace(piece, cues=(first, change(second)))

    others = [
        changed(lambda cue: replace(cue, clip=replace(cue.clip, key="f" * 64))),
        changed(lambda cue: replace(cue, first=cue.first + 1, last=cue.last + 1)),
        replace(piece, last=piece.last + frame_of(narration.rate)),
        replace(piece, narration=replace(narration, rate=16000)),
    ]
    assert len({one.identity for one in (piece, *others)}) == 5
    assert level_of(narration, store) == level_of(replace(narration, mix="another"), store)
    later = [replace(cue, first=cue.first + 576, last=cue.last + 576) for cue in piece.cues]
    moved = Piece(narration, tuple(later), piece.first + 576, piece.last + 576)
    assert moved.identity == piece.identity, "its place in the narration is no part of it"
