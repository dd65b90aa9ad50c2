"""Opus by request: the file as other readers and decoders have it, and heard by verification."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from mutagen.flac import Picture
from mutagen.oggopus import OggOpus

from publisher.build import Order, build_edition
from publisher.formats.audio.decoding import decode
from publisher.formats.audio.opus import encode_opus
from publisher.formats.audio.read import read
from publisher.model.findings import Severity
from publisher.store import Store
from publisher.verification.verdicts import Verdict, Verification
from publisher.verify import Request, verify_against, verify_edition

ARTICLE = """---
title: The lamp
creators: Ada Fenwick
lang: en-GB
date: 2026-11-20
opus: true
---

Nobody lit the lamp that night. The keeper's sisters had gone home, as she says in this letter.

::: plain
No one lit the lamp.
:::

# The morning

The boats came in one by one, and every one of them was safe.
"""


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory) -> Request:
    root = tmp_path_factory.mktemp("opus")
    folder = root / "source" / "lamp"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    store = Store(root / "store")
    build_edition(Order(folder, root / "build", store, ("audio",)), lambda *_: None)
    return Request(folder, root / "build", store=store)


@pytest.fixture
def path(request_: Request) -> Path:
    return request_.out / "lamp" / "lamp.opus"


def wrong(verification: Verification) -> list[str]:
    return [one.finding.check for one in verification.discrepancies if one.finding.severity is Severity.ERROR]


def test_it_is_heard_like_the_mp3(request_: Request) -> None:
    verification = verify_edition(request_)
    assert wrong(verification) == []
    found = {one.artefact.name: one for one in verification.texts}
    for name in ("lamp.opus", "lamp-plain.opus"):
        assert found[name].verdict is Verdict.CONSISTENT
        assert found[name].grade == "measured"


def test_it_is_smaller_than_the_mp3(path: Path) -> None:
    cover = len(OggOpus(path)["METADATA_BLOCK_PICTURE"][0])
    assert path.stat().st_size - cover < 0.9 * path.with_suffix(".mp3").stat().st_size


def test_other_readers_find_tags_cover_and_chapters(path: Path) -> None:
    tags = OggOpus(path)
    assert (tags["TITLE"], tags["ARTIST"], tags["DATE"]) == (["The lamp"], ["Ada Fenwick"], ["2026-11-20"])
    picture = Picture(base64.b64decode(tags["METADATA_BLOCK_PICTURE"][0]))
    assert (picture.type, picture.width, picture.height) == (3, 1400, 1400)
    own = read(path.with_suffix(".mp3")).chapters
    with av.open(str(path)) as container:
        chapters = [(float(one["start"] * one["time_base"]), one["metadata"]["title"]) for one in container.chapters()]
    assert chapters == [(pytest.approx(one.begin, abs=0.001), one.title) for one in own]
    assert [one.title for one in read(path).chapters] == [one.title for one in own]


def test_it_sounds_when_the_mp3_does(path: Path) -> None:
    ours = np.concatenate(list(decode(path, 22050)))
    theirs = np.concatenate(list(decode(path.with_suffix(".mp3"), 22050)))
    assert abs(len(ours) - len(theirs)) < 0.05 * 22050
    count = min(len(ours), len(theirs))
    product = np.fft.irfft(np.fft.rfft(ours[:count], 2 * count) * np.conj(np.fft.rfft(theirs[:count], 2 * count)))
    lag = int(np.argmax(product))
    assert min(lag, 2 * count - lag) <= 0.002 * 22050


def test_two_builds_give_the_same_bytes(request_: Request, path: Path, tmp_path: Path) -> None:
    assert request_.store is not None
    build_edition(Order(request_.folder, tmp_path, request_.store, ("audio",)), lambda *_: None)
    assert (tmp_path / "lamp" / "lamp.opus").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
def test_any_voice_rate_keeps_its_length(rate: int, tmp_path: Path) -> None:
    tone = np.sin(np.arange(rate * 2) * 2 * np.pi * 440 / rate).astype(np.float32) / 4
    encode_opus(tmp_path / "tone.opus", [tone[:777], tone[777:]], rate)
    found = np.concatenate(list(decode(tmp_path / "tone.opus")))
    assert len(found) == pytest.approx(2 * 48000, abs=48000 // 50)


def test_a_muted_sentence_is_heard(request_: Request, path: Path, tmp_path: Path) -> None:
    wave = np.concatenate(list(decode(path, 24000)))
    cue = next(cue for cue in read(path.with_suffix(".vtt")).cues if cue.id.startswith("the-morning-1-s1"))
    wave[round(cue.begin * 24000) : round((cue.end + 0.1) * 24000)] = 0
    encode_opus(tmp_path / "lamp.opus", [wave], 24000)
    verification = verify_against(replace(request_, out=tmp_path), tmp_path / "lamp.opus")
    assert {"audio-muted", "audio-missing"} & set(wrong(verification))


def test_without_the_option_there_is_none(request_: Request, tmp_path: Path) -> None:
    folder = tmp_path / "source" / "lamp"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE.replace("opus: true\n", ""), encoding="utf-8")
    assert request_.store is not None
    for opus in (False, True):
        order = Order(folder, tmp_path / "build", request_.store, ("audio",), opus=opus)
        files = build_edition(order, lambda *_: None).files
        assert ("lamp.opus" in files) is opus
