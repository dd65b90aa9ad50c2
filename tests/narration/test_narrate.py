"""Clips and their places in time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
import soundfile
from narration_sample import Tones, line, script

from publisher.model.findings import EngineError
from publisher.model.narration import Narration, Spoken, Voice, WordTime
from publisher.narration.mixing import samples
from publisher.narration.narrate import clip_key, narrate, trimmed
from publisher.narration.pieces import on_grid
from publisher.narration.voices.contract import Sound
from publisher.store import Store

VOICE = Voice("tones")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def run(store: Store, engine: Callable[..., Tones], *lines, progress=None):
    return narrate(script(*lines), VOICE, store, progress, opener=engine)


def test_cues_follow_each_other_with_the_pauses_between(store: Store) -> None:
    narration = run(store, Tones(), line("a", "One.", pause=0.5), line("b", "Two, longer.", pause=1.0))
    first, second = narration.cues
    assert (first.first, first.last) == (0, first.clip.frames)
    assert second.first % 576 == 0, "on the grid of MP3's frames"
    assert abs(second.first - first.last - 4000) <= 288
    assert narration.frames == on_grid(second.last, 8000, 8000)
    assert [(chapter.first, chapter.last) for chapter in narration.chapters] == [(0, narration.frames)]
    assert narration.rate == 8000


def test_clips_are_kept_as_flac_and_made_once(store: Store) -> None:
    engine = Tones()
    narration = run(store, engine, line("a", "One."), line("b", "Two."))
    path = store.find(narration.cues[0].clip.key, ".flac")
    assert path is not None
    assert soundfile.info(path).frames == narration.cues[0].clip.frames
    again = run(store, engine, line("a", "One."), line("b", "Two."))
    assert engine.said == ["One.", "Two."]
    assert again == narration


class _Halting(Store):
    """Keeps the sound of a clip, then has another build begin, and keeps its times when that has looked for them."""

    def __init__(self, root: Path, begin: Callable[[], None], looked: Event) -> None:
        super().__init__(root)
        self._begin, self._looked = begin, looked

    def keep(self, key: str, suffix: str, write: Callable[[Path], None]) -> Path:
        if suffix == ".json":
            self._begin()
            assert self._looked.wait(60)
        return super().keep(key, suffix, write)


class _Looking(Store):
    """Tells that a clip's times were looked for and not there."""

    def __init__(self, root: Path, looked: Event) -> None:
        super().__init__(root)
        self._looked = looked

    def find(self, key: str, suffix: str = "") -> Path | None:
        found = super().find(key, suffix)
        if suffix == ".json" and found is None:
            self._looked.set()
        return found


def test_a_clip_that_another_build_has_kept_half_of_is_waited_for(tmp_path: Path) -> None:
    looked, engine, said = Event(), Tones(), line("a", "One.")
    with ThreadPoolExecutor(1) as threads:
        others: list[Future[Narration]] = []

        def begin() -> None:
            others.append(threads.submit(run, _Looking(tmp_path, looked), engine, said))

        narration = run(_Halting(tmp_path, begin, looked), Tones(), said)
        assert others[0].result() == narration
    assert engine.said == []
    assert sum(map(len, samples(narration, Store(tmp_path)))) == narration.frames


def test_of_a_clip_that_has_lost_its_times_the_sound_goes_too(store: Store) -> None:
    kept = run(store, Tones(), line("a", "One.")).cues[0].clip
    store.drop(kept.key, ".json")
    other = Tones(rate=11025)
    assert run(store, other, line("a", "One.")).cues[0].clip.rate == 11025
    assert other.said == ["One."]


def test_the_same_words_twice_are_one_clip(store: Store) -> None:
    engine = Tones()
    narration = run(store, engine, line("a", "End of note."), line("b", "End of note."))
    assert engine.said == ["End of note."]
    assert narration.cues[0].clip == narration.cues[1].clip


def test_an_edited_sentence_costs_one_clip_and_a_changed_pause_none(store: Store) -> None:
    engine = Tones()
    run(store, engine, line("a", "One."), line("b", "Two."))
    run(store, engine, line("a", "One."), line("b", "Too."))
    assert engine.said == ["One.", "Two.", "Too."]
    run(store, engine, line("a", "One.", pause=2.0), line("b", "Too."))
    assert engine.said == ["One.", "Two.", "Too."]


def test_another_voice_is_another_clip() -> None:
    one = line("a", "One.")
    assert clip_key("espeak 1", one) != clip_key("espeak 2", one)
    assert clip_key("espeak 1", one) == clip_key("espeak 1", replace(one, id="b", pause=9))
    assert clip_key("e", one) != clip_key("e", line("a", "One.", Spoken("One.", "fr", 0, 4)))


def test_clips_made_before_a_failure_are_kept(store: Store) -> None:
    engine = Tones(fails_on="Two")
    with pytest.raises(EngineError, match="cannot say b"):
        run(store, engine, line("a", "One."), line("b", "Two."))
    engine.fails_on = ""
    run(store, engine, line("a", "One."), line("b", "Two."))
    assert engine.said == ["One.", "Two."]
    assert engine.closed == 2


def test_several_engines_share_the_work_and_change_nothing(store: Store, tmp_path: Path) -> None:
    lines = [line(f"l{number}", f"Sentence {number}.") for number in range(40)]
    alone, shared = Tones(), Tones(at_once=3)
    one = run(store, alone, *lines)
    other_store = Store(tmp_path / "other")
    other = run(other_store, shared, *lines)
    assert shared.closed == 3
    assert one == other
    for cue in one.cues:
        path, other_path = (kept.find(cue.clip.key, ".flac") for kept in (store, other_store))
        assert path is not None
        assert other_path is not None
        assert path.read_bytes() == other_path.read_bytes()


def test_a_failure_among_several_engines_ends_the_work(store: Store) -> None:
    engine = Tones(at_once=3, fails_on="Sentence 7.")
    with pytest.raises(EngineError, match="cannot say l7"):
        run(store, engine, *[line(f"l{number}", f"Sentence {number}.") for number in range(40)])


def test_progress_counts_up_to_all(store: Store) -> None:
    told: list[tuple[int, int]] = []
    lines = [line("a", "One."), line("b", "Two.")]
    run(store, Tones(), *lines, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]
    told.clear()
    run(store, Tones(), *lines, progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 2)]


def test_silence_around_a_clip_is_cut_and_its_word_times_moved() -> None:
    samples = np.zeros(8000, dtype=np.float32)
    samples[2000:4000] = 0.5
    neat = trimmed(Sound(samples, 8000, (WordTime(0, 3, 0.2, 0.5),)))
    assert len(neat.samples) == 80 + 2000 + 240
    assert neat.samples[0] == 0
    assert abs(neat.samples[-1]) < 0.02
    assert neat.words[0].begin == 0
    assert neat.words[0].finish == pytest.approx(0.5 - (2000 - 80) / 8000)


def test_without_lines_there_is_an_empty_narration(store: Store) -> None:
    assert run(store, Tones()).frames == 0


def test_word_times_that_were_damaged_are_made_again(store: Store) -> None:
    whole = run(store, Tones(), line("a", "One."))
    store.path(whole.cues[0].clip.key, ".json").write_bytes(b"")
    assert run(store, Tones(), line("a", "One.")) == whole


@pytest.mark.parametrize("damage", [b"", b"fLaC"])
def test_a_clip_that_was_damaged_is_told_removed_and_made_again(store: Store, damage: bytes) -> None:
    whole = run(store, Tones(), line("a", "One."))
    path = store.path(whole.cues[0].clip.key, ".flac")
    sound = path.read_bytes()
    path.write_bytes(damage)
    with pytest.raises(EngineError, match="damaged and is removed; build again"):
        list(samples(whole, store))
    run(store, Tones(), line("a", "One."))
    assert path.read_bytes() == sound
