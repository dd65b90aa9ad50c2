"""What a listener gets, measured on the published files by FFmpeg's own meter (EBU R 128) and on what it decodes."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import av
import av.filter
import av.logging
import numpy as np
import pytest

from publisher.formats.audio.write import write
from publisher.formats.contract import Job
from publisher.manuscript.reading import read_edition
from publisher.model.narration import LONGEST_PAUSE, PAUSES, Cue, Narration, Role
from publisher.model.publication import Imprint
from publisher.narration.casting import voice_for
from publisher.narration.loudness import Meter
from publisher.narration.narrate import narrate
from publisher.narration.pieces import GRID, frame_of
from publisher.narration.script import write_script
from publisher.rendering.templates import Templates
from publisher.store import Store

ARTICLE = """---
title: The flood
lang: en
creators: [Ada North]
date: 2026-11-20
opus: true
---

The tide came in before anyone had noticed. By noon, the whole of the harbour was under water!

::: plain
The sea rose. Nobody saw it in time.
:::

## What was seen {#seen}

Nobody in the town could remember such a spring. They counted forty boats, and then they stopped counting.

- Ten of them were lost.
- Four were never found.

::: plain
People saw many boats. Ten boats were lost.
:::

### By whom

The older men went home and waited. Was it the wind, or the moon?

## What came of it {#after}

In the end a wall was built. It stands to this day, and nobody speaks of it.

::: plain
Later they built a wall. It is still there.
:::
"""
COMMENTARY = """---
title: Notes
editors:
  desk: The data desk
---

::: {#n-boats .note on="forty boats" in="seen" kind="fact-check" by="desk" date="2026-11-21"}
The harbour master counted thirty-eight. He may have missed two.
:::
"""
FILES = {
    "flood.mp3": "default",
    "flood.m4b": "default",
    "flood.opus": "default",
    "flood-plain.mp3": "plain",
    "flood-article.mp3": "article",
    "flood-notes-after.mp3": "notes-after",
}
_AUDIBLE = 0.01
"""−40 dB: encoders leave less than that in silence, and speech begins and ends with more."""


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A small edition, published."""
    edition = tmp_path_factory.mktemp("source") / "flood"
    edition.mkdir()
    (edition / "article.md").write_text(ARTICLE, encoding="utf-8")
    (edition / "commentary.md").write_text(COMMENTARY, encoding="utf-8")
    publication = read_edition(edition, Imprint(publisher="Quay Press")).publication
    store = Store(tmp_path_factory.mktemp("store"))
    voice = voice_for(publication.metadata, "espeak")
    mixes = {mix: narrate(write_script(publication, mix, voice), voice, store) for mix in dict.fromkeys(FILES.values())}
    made = Job(publication, Templates(), tmp_path_factory.mktemp("build"), store, mixes)
    write(made)
    return made


@pytest.fixture(scope="module", params=FILES)
def file(request: pytest.FixtureRequest, job: Job) -> tuple[Path, Narration, np.ndarray]:
    """A file, what it should say and what FFmpeg decodes of it at the voice's rate (Opus has its own)."""
    path, narration = job.folder / request.param, job.narrations[FILES[request.param]]
    resampler = av.AudioResampler(format="flt", layout="mono", rate=narration.rate)
    with av.open(str(path)) as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        heard = np.concatenate([part.to_ndarray().reshape(-1) for part in (*frames, *resampler.resample(None))])
    return path, narration, heard


@cache
def measured(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dB by FFmpeg's `ebur128`, which shares nothing with our meter."""
    before = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)
    try:
        with av.logging.Capture() as told, av.open(str(path)) as container:
            graph = av.filter.Graph()
            stream = container.streams.audio[0]
            graph.link_nodes(
                graph.add_abuffer(template=stream),
                graph.add("ebur128", "peak=true:framelog=quiet"),
                graph.add("abuffersink"),
            ).configure()
            for frame in container.decode(stream):
                graph.push(frame)
                for _ in range(100):
                    try:
                        graph.pull()
                    except (av.BlockingIOError, av.EOFError):
                        break
            # It tells what it found when it ends.
            del graph
    finally:
        av.logging.set_level(before)
    summary = "".join(message for _, _, message in told)
    loudness, peak = (re.search(rf"{name}: +(-?[0-9.]+) ", summary) for name in ("I", "Peak"))
    assert loudness is not None
    assert peak is not None
    return float(loudness[1]), float(peak[1])


def test_it_is_as_loud_as_speech_should_be_and_peaks_stay_below_the_ceiling(file) -> None:
    loudness, peak = measured(file[0])
    assert loudness == pytest.approx(-19, abs=0.5)
    assert peak < -3


def test_our_meter_says_the_same_as_ffmpegs(file) -> None:
    path, narration, heard = file
    meter = Meter(narration.rate)
    meter.feed(heard)
    # Theirs is told to a tenth.
    assert meter.loudness() == pytest.approx(measured(path)[0], abs=0.15)


def test_nothing_is_clipped(file) -> None:
    heard = file[2]
    highest = np.abs(heard).max()
    assert highest < 10 ** (-3 / 20)
    flat = np.abs(heard) > highest * 0.999
    assert not (flat[2:] & flat[1:-1] & flat[:-2]).any(), "a peak cut off is flat"


def test_it_is_as_long_as_its_narration(file) -> None:
    path, narration, heard = file
    assert abs(len(heard) - narration.frames) <= (1 if path.suffix == ".opus" else 0)


def silences(heard: np.ndarray) -> np.ndarray:
    """The samples between any two that can be heard."""
    return np.diff(np.flatnonzero(np.abs(heard) > _AUDIBLE))


def test_no_silence_is_longer_than_two_and_a_half_seconds(file) -> None:
    _, narration, heard = file
    assert silences(heard).max() < 2.5 * narration.rate
    loud = np.flatnonzero(np.abs(heard) > _AUDIBLE)
    assert loud[0] < 0.1 * narration.rate, "it begins at once"
    assert len(heard) - loud[-1] < 2.5 * narration.rate


def pause_after(heard: np.ndarray, cue: Cue, following: Cue, rate: int) -> float:
    """Seconds of silence from the last of one cue to the first of the next, as heard."""
    last = cue.first + np.flatnonzero(np.abs(heard[cue.first : cue.last + rate // 50]) > _AUDIBLE)[-1]
    first = following.first + np.flatnonzero(np.abs(heard[following.first : following.last]) > _AUDIBLE)[0]
    return float(first - last) / rate


def test_every_pause_is_heard_as_it_is_due(file) -> None:
    _, narration, heard = file
    ends = {chapter.last for chapter in narration.chapters}
    for cue, following in pairwise(narration.cues):
        # A pause is as near as the grid of frames allows: that of chapters, or that of MP3 alone.
        slack = (GRID if following.first in ends else frame_of(narration.rate)) / 2 / narration.rate
        found = pause_after(heard, cue, following, narration.rate)
        # Speech swells and dies away: up to 120 ms of it are too low to count as heard.
        assert cue.line.pause - slack - 0.01 <= found <= cue.line.pause + slack + 0.12, cue.line.id


def test_headings_paragraphs_notes_and_sections_have_their_pauses(job: Job) -> None:
    narration = job.narrations["default"]
    pauses = {cue.line.id: cue.line.pause for cue in narration.cues}
    headings = [cue.line for cue in narration.cues if cue.line.role is Role.HEADING]
    assert headings
    assert all(line.pause >= PAUSES["heading"] for line in headings)
    chapter_ends = [
        max((cue for cue in narration.cues if cue.last <= chapter.last), key=lambda cue: cue.last).line.pause
        for chapter in narration.chapters[:-1]
    ]
    assert set(chapter_ends) == {PAUSES["chapter"]}
    inner = [line for line in headings if line.unit == "by-whom"]
    assert len(inner) == 1
    before = [cue.line for cue, following in pairwise(narration.cues) if following.line is inner[0]]
    assert [line.pause for line in before] == [PAUSES["before-heading"]]
    asides = [cue.line for cue in narration.cues if cue.line.aside]
    assert asides
    assert asides[-1].pause >= PAUSES["note"]
    sentences = [id for id in pauses if id.endswith("-s1")]
    assert min(pauses[id] for id in sentences) >= PAUSES["sentence"]
    assert max(pauses.values()) <= LONGEST_PAUSE


def test_nothing_clicks_where_clips_and_chapters_are_joined(file) -> None:
    path, narration, heard = file
    # Opus leaves more noise between two samples.
    step = 0.02 if path.suffix == ".opus" else 0.01
    near = narration.rate // 2000  # half a millisecond: by then a plosive may have begun
    joins = [sample for cue in narration.cues for sample in (cue.first, cue.last)]
    joins += [chapter.last for chapter in narration.chapters]
    for join in joins:
        around = heard[max(0, join - near) : join + near]
        if len(around) > 1:
            assert np.abs(around).max() < 0.02
            assert np.abs(np.diff(around)).max() < step, "a step between two samples is a click"
