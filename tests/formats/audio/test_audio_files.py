"""The published audio, opened as a stranger would: other decoders, other readers of chapters, and the signal itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4

from publisher.formats.audio.webvtt import timestamp, webvtt
from publisher.formats.audio.write import write
from publisher.formats.contract import Job
from publisher.model.artefacts import Artefact
from publisher.model.narration import Line, Narration, Role, Script, ScriptChapter, Spoken
from publisher.model.publication import Creator, Imprint, Metadata, Publication
from publisher.narration.loudness import Meter
from publisher.narration.mixing import joined
from publisher.narration.narrate import narrate
from publisher.narration.voices import voice_from_name
from publisher.rendering.templates import Templates
from publisher.store import Store

WORDS = (
    "The tide came in before anyone had noticed.",
    "By noon, the whole of the harbour was under water!",
    "Nobody in the town could remember such a spring.",
    "Was it the wind, or the moon?",
    "They counted forty boats, and then they stopped counting.",
    "The older men went home & waited.",
)


def line(id: str, words: str, pause: float = 0.5) -> Line:
    return Line(id, id, Role.PARAGRAPH, "en", words, (Spoken(words, "en", 0, len(words)),), pause)


def chapters(words: Sequence[str]) -> tuple[ScriptChapter, ...]:
    lines = [line(f"s{number}", sentence) for number, sentence in enumerate(words, start=1)]
    return ScriptChapter("one", "The «tide»", tuple(lines[:3])), ScriptChapter("two", "Afterwards", tuple(lines[3:]))


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    store = Store(tmp_path_factory.mktemp("store"))
    metadata = Metadata(
        title="Tides",
        lang="en",
        identifier="urn:example:tides",
        creators=(Creator("Ada North"), Creator("Ben South", "edt")),
        date=date(2026, 11, 20),
        publisher="Quay Press",
        description="What the water did.",
    )
    publication = Publication(name="tides", metadata=metadata, imprint=Imprint(), sections=())
    voice = voice_from_name("espeak")
    default = narrate(Script("default", "en", chapters(WORDS)), voice, store)
    plain = narrate(Script("plain", "en", chapters(WORDS[::-1])), voice, store)
    folder = tmp_path_factory.mktemp("build")
    return Job(publication, Templates(), folder, store, {"default": default, "plain": plain})


@pytest.fixture(scope="module")
def artefacts(job: Job) -> tuple[Artefact, ...]:
    return write(job)


@pytest.fixture(scope="module")
def built(job: Job, artefacts: tuple[Artefact, ...]) -> Path:
    return job.folder


def decoded(path: Path) -> np.ndarray:
    """The samples as FFmpeg's decoders have them."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)])


def true_peak(signal: np.ndarray) -> float:
    """dB of the highest value between samples too, by four-fold oversampling (BS.1770-5, annex 2)."""
    highest = 0.0
    for start in range(0, len(signal), 30000):
        piece = signal[max(0, start - 256) : start + 30256]
        spectrum = np.fft.rfft(piece)
        wanted = np.zeros(len(piece) * 2 + 1, dtype=complex)
        wanted[: len(spectrum)] = spectrum
        highest = max(highest, float(np.abs(np.fft.irfft(wanted, len(piece) * 4) * 4)[1024:-1024].max(initial=0)))
    return 20 * math.log10(highest)


def test_every_file_is_listed_with_its_duration(job: Job, artefacts: tuple[Artefact, ...]) -> None:
    assert [(artefact.name, artefact.media_type) for artefact in artefacts] == [
        ("tides.mp3", "audio/mpeg"),
        ("tides.m4b", "audio/mp4"),
        ("tides.vtt", "text/vtt"),
        ("tides-transcript.html", "text/html"),
        ("tides-transcript.txt", "text/plain"),
        ("tides-chapters.json", "application/json+chapters"),
        ("tides-plain.mp3", "audio/mpeg"),
        ("tides-plain.vtt", "text/vtt"),
        ("tides-plain-transcript.html", "text/html"),
        ("tides-plain-transcript.txt", "text/plain"),
        ("tides-plain-chapters.json", "application/json+chapters"),
    ]
    assert {artefact.name for artefact in artefacts} == {path.name for path in job.folder.iterdir()}
    assert artefacts[0].duration == job.narrations["default"].duration


def test_without_narrations_nothing_is_written(job: Job, tmp_path: Path) -> None:
    assert write(replace(job, folder=tmp_path, narrations={})) == ()
    assert list(tmp_path.iterdir()) == []


def test_two_builds_give_the_same_bytes(job: Job, built: Path, tmp_path: Path) -> None:
    write(replace(job, folder=tmp_path))
    for path in built.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize("name", ["tides.mp3", "tides.m4b", "tides-plain.mp3"])
def test_every_cue_is_where_it_says_within_10_ms(job: Job, built: Path, name: str) -> None:
    narration = job.narrations["plain" if "plain" in name else "default"]
    signal = decoded(built / name)
    raw = np.concatenate(list(joined(narration, job.store)))
    for cue in narration.cues:
        lag, correlation = best_lag(raw[cue.first : cue.last], signal, cue.first, narration.rate // 20)
        assert abs(lag) <= narration.rate * 0.002, f"{cue.line.id} is {lag} samples off"
        assert correlation > 0.95


def best_lag(clip: np.ndarray, signal: np.ndarray, at: int, reach: int) -> tuple[int, float]:
    padded = np.concatenate([np.zeros(reach), signal, np.zeros(reach + len(clip))])
    window = padded[at : at + len(clip) + 2 * reach]
    size = 1 << (len(window) + len(clip)).bit_length()
    products = np.fft.irfft(np.fft.rfft(window, size) * np.conj(np.fft.rfft(clip, size)), size)[: 2 * reach + 1]
    best = int(np.argmax(products))
    return best - reach, float(np.corrcoef(clip, window[best : best + len(clip)])[0, 1])


def test_another_decoder_hears_the_same_at_the_same_place(job: Job, built: Path) -> None:
    ours, rate = soundfile.read(built / "tides.mp3", dtype="float32")
    theirs = decoded(built / "tides.mp3")
    assert rate == job.narrations["default"].rate
    count = min(len(ours), len(theirs))
    assert abs(len(ours) - len(theirs)) < rate * 0.01
    assert np.corrcoef(ours[:count], theirs[:count])[0, 1] > 0.999


@pytest.mark.parametrize("name", ["tides.mp3", "tides.m4b", "tides-plain.mp3"])
def test_loudness_and_peak_of_the_published_file(job: Job, built: Path, name: str) -> None:
    signal = decoded(built / name)
    meter = Meter(job.narrations["default"].rate)
    meter.feed(signal)
    assert meter.loudness() == pytest.approx(-19, abs=0.5)
    assert true_peak(signal) < -3


@pytest.mark.parametrize("name", ["tides.mp3", "tides.m4b"])
def test_durations_agree(job: Job, built: Path, name: str) -> None:
    duration = job.narrations["default"].duration
    reader = MP3(built / name) if name.endswith("mp3") else MP4(built / name)
    assert reader.info.length == pytest.approx(duration, abs=0.08)
    assert len(decoded(built / name)) / 22050 == pytest.approx(duration, abs=0.05)


def test_silences_are_never_longer_than_two_and_a_half_seconds(built: Path) -> None:
    signal = decoded(built / "tides.mp3")
    loud = np.nonzero(np.abs(signal) > 0.003)[0]
    assert np.diff(loud).max() < 2.5 * 22050


def test_the_mp3_has_its_chapters_cover_and_names(job: Job, built: Path) -> None:
    tags = ID3(built / "tides.mp3")
    narration = job.narrations["default"]
    assert tags.version == (2, 3, 0)
    found = sorted(tags.getall("CHAP"), key=lambda frame: frame.start_time)
    assert [(frame.start_time, frame.end_time, str(frame.sub_frames["TIT2"])) for frame in found] == [
        (round(chapter.first / 22.05), round(chapter.last / 22.05), chapter.title) for chapter in narration.chapters
    ]
    assert tags.getall("CTOC")[0].child_element_ids == [frame.element_id for frame in found]
    assert [str(tags[frame]) for frame in ("TIT2", "TPE1", "TALB", "TLAN", "TPUB")] == [
        *("Tides", "Ada North", "Tides", "eng", "Quay Press"),
    ]
    assert str(tags["TXXX:NARRATOR"]) == "eSpeak NG (synthetic voice)"
    assert tags.getall("APIC")[0].data[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0")
    assert str(ID3(built / "tides-plain.mp3")["TIT2"]) == "Tides (in plain language)"


@pytest.mark.parametrize("name", ["tides.mp3", "tides.m4b"])
def test_another_reader_finds_the_chapters_too(job: Job, built: Path, name: str) -> None:
    with av.open(str(built / name)) as container:
        found = [
            (float(chapter["start"] * chapter["time_base"]), chapter["metadata"]["title"])
            for chapter in container.chapters()
        ]
    narration = job.narrations["default"]
    assert [title for _, title in found] == ["The «tide»", "Afterwards"]
    for (start, _), chapter in zip(found, narration.chapters, strict=True):
        assert start == pytest.approx(narration.seconds(chapter.first), abs=0.001)


def test_the_m4b_has_its_chapters_cover_and_a_synthetic_narrator(job: Job, built: Path) -> None:
    file = MP4(built / "tides.m4b")
    assert file.tags is not None
    assert [chapter.title for chapter in file.chapters] == ["The «tide»", "Afterwards"]
    assert file.tags["\xa9nrt"] == ["eSpeak NG (synthetic voice)"]
    assert file.tags["\xa9nam"] == ["Tides"]
    assert file.tags["stik"] == [2]
    assert len(file.tags["covr"][0]) > 1000


def test_the_mp3_is_of_constant_bit_rate(built: Path) -> None:
    info = MP3(built / "tides.mp3").info
    assert info.bitrate == pytest.approx(64000, abs=100)
    assert info.channels == 1


# WebVTT


def test_there_is_a_cue_a_line_with_its_id_times_and_words(job: Job, built: Path) -> None:
    narration = job.narrations["default"]
    blocks = (built / "tides.vtt").read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert len(blocks) >= len(narration.cues) + 1
    for cue in narration.cues:
        own = [block.split("\n", 2) for block in blocks[1:] if block.split("\n")[0].split("-")[0] == cue.line.id]
        spans = [times.split(" --> ") for _, times, _ in own]
        assert seconds(spans[0][0]) == pytest.approx(narration.seconds(cue.first), abs=0.001)
        assert seconds(spans[-1][1]) == pytest.approx(narration.seconds(cue.last), abs=0.001)
        assert " ".join(" ".join(text.split()) for *_, text in own) == cue.line.shown.replace("&", "&amp;")


def seconds(stamp: str) -> float:
    hours, minutes, rest = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def test_timestamps() -> None:
    assert [timestamp(t) for t in (0, 59.9996, 3723.5, 36000)] == [
        *("00:00:00.000", "00:01:00.000", "01:02:03.500", "10:00:00.000"),
    ]


def test_an_empty_narration_is_a_valid_file() -> None:
    assert webvtt(Narration("default", voice_from_name("espeak"), "en", 22050, 0, (), ())) == "WEBVTT\n"
