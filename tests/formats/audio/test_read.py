"""Reading recordings and cues, ours and others'. WebVTT by its specification's parser: https://www.w3.org/TR/webvtt1/"""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import CHAP, CTOC, ID3, TIT2, TLAN, CTOCFlags

from publisher.formats.audio.decoding import decode, sample_rate
from publisher.formats.audio.read import clock, read
from publisher.formats.audio.subtitles import parse
from publisher.model.extract import Evidence
from publisher.model.findings import InputError
from publisher.narration.encoding import Mark, encode_m4b, encode_mp3

RATE = 22050


def cues_of(text: str) -> list[tuple[str, float, float, str]]:
    subtitles = parse(text)
    assert subtitles is not None
    return [(cue.id, cue.begin, cue.end, cue.text) for cue in subtitles.cues]


# 4.1 WebVTT file structure


@pytest.mark.parametrize(
    "head", ["WEBVTT", "WEBVTT ", "WEBVTT\t- made by hand", "\ufeffWEBVTT", "WEBVTT - x\nKind: captions"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_signature_valid(head: str, end: str) -> None:
    text = f"{head}\n\nfirst\n00:01.000 --> 00:02.500\nWords\n".replace("\n", end)
    assert cues_of(text) == [("first", 1.0, 2.5, "Words")]


@pytest.mark.parametrize(
    "text", ["", "WEBVT", "webvtt\n\n", "WEBVTTX\n", " WEBVTT", "1\n00:00:01,000 --> 00:00:02,000\nSubRip"]
)
def test_signature_error(text: str) -> None:
    assert parse(text) is None


def test_comments_styles_and_regions_are_no_cues_valid() -> None:
    text = """WEBVTT

REGION
id:fred
width:40%

STYLE
::cue { color: papayawhip }

NOTE a comment
of two lines

00:00.000 --> 00:01.000 align:start position:10% region:fred
One

NOTE

2
01:00:00.000 --> 100:00:00.000
Two
lines
"""
    assert cues_of(text) == [("", 0.0, 1.0, "One"), ("2", 3600.0, 360000.0, "Two\nlines")]


def test_headers_are_read_valid() -> None:
    subtitles = parse("WEBVTT\nKind: captions\nLanguage: fr\n\n00:00.000 --> 00:01.000\nUn\n")
    assert subtitles is not None
    assert subtitles.headers == {"Kind": "captions", "Language": "fr"}


@pytest.mark.parametrize(
    "timing",
    [
        "00:00,000 --> 00:01,000",
        "0:00.000 --> 0:01.000",
        "00:60.000 --> 00:61.000",
        "00:00.00 --> 00:01.00",
        "--> 00:01.000",
    ],
)
def test_a_cue_with_broken_times_is_left_out_error(timing: str) -> None:
    assert cues_of(f"WEBVTT\n\n{timing}\nLost\n\n00:01.000 --> 00:02.000\nKept\n") == [("", 1.0, 2.0, "Kept")]


def test_an_arrow_begins_a_cue_wherever_it_stands_valid() -> None:
    text = "WEBVTT\n\n00:00.000 --> 00:01.000\nOne\n00:01.000-->00:02.000\nTwo\n"
    assert cues_of(text) == [("", 0.0, 1.0, "One"), ("", 1.0, 2.0, "Two")]


def test_a_cue_without_words_and_without_an_end_of_line_valid() -> None:
    assert cues_of("WEBVTT\n\nid\n00:00.000 --> 00:01.000") == [("id", 0.0, 1.0, "")]


# 6.4 WebVTT cue text parsing rules


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ("a &amp; b &lt; c &gt; d", "a & b < c > d"),
        ("soft&shy;ly&nbsp;said &lrm;&#8212;", "soft\xadly\xa0said \u200e—"),
        ("<v Ada North>Said <b>boldly</b>, <i.loud>twice</i>", "Said boldly, twice"),
        ("<c.yellow.bg_blue>Word</c> <00:00:00.500>by word", "Word by word"),
        ("<ruby>漢<rt>kan</rt></ruby>字", "漢字"),
        ("a < b", "a "),
        ("never <closed", "never "),
    ],
)
def test_tags_are_no_words_and_references_are_what_they_stand_for_valid(payload: str, words: str) -> None:
    assert cues_of(f"WEBVTT\n\n00:00.000 --> 00:01.000\n{payload}\n")[0][3] == words


def test_the_language_of_a_whole_cue_is_told_valid() -> None:
    found = parse(
        "WEBVTT\n\n00:00.000 --> 00:01.000\n<lang fr-FR>Bonjour</lang>\n"
        "\n00:01.000 --> 00:02.000\nA <lang fr>b</lang>\n"
    )
    assert found is not None
    assert [cue.lang for cue in found.cues] == ["fr-FR", ""]


@given(st.text(alphabet="WEBVT\n\r\t :.->0123<&;/abclangNOTE", max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    found = parse("WEBVTT\n" + text)
    assert found is None or all(cue.begin >= 0 and cue.end >= 0 for cue in found.cues)


def test_the_cues_of_a_block_are_one_unit(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text(
        "WEBVTT\n\nsea-1-s1\n00:00.000 --> 00:01.000\nOne.\n\nsea-1-s2\n00:01.000 --> 00:02.000\nTwo.\n\n"
        "n-end\n00:02.000 --> 01:12.340\nEnd of note.\n\nsea-1-s3\n01:12.340 --> 01:13.000\nThree.\n",
        encoding="utf-8",
    )
    found = read(path)
    assert found.evidence is Evidence.DECLARED
    assert [(unit.id, unit.text, unit.place) for unit in found.units] == [
        ("sea-1", "One. Two.", "0:00:00.000"),
        ("n-end", "End of note.", "0:00:02.000"),
        ("sea-1", "Three.", "0:01:12.340"),
    ]
    assert found.duration == 73.0


# Recordings.


def tone(seconds: float, rate: int = RATE) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * (200 + 300 * time) * time)).astype(np.float32)


def test_an_mp3_decodes_to_the_samples_that_were_encoded(tmp_path: Path) -> None:
    path, wave = tmp_path / "a.mp3", tone(3)
    encode_mp3(path, [wave], RATE)
    found = np.concatenate(list(decode(path)))
    assert len(found) == len(wave)
    assert np.corrcoef(found, wave)[0, 1] > 0.99


def test_an_m4b_decodes_from_its_first_sample(tmp_path: Path) -> None:
    path, wave = tmp_path / "a.m4b", tone(3)
    encode_m4b(path, [wave], RATE)
    found = np.concatenate(list(decode(path)))
    assert 0 <= len(found) - len(wave) < 2048
    assert np.corrcoef(found[: len(wave)], wave)[0, 1] > 0.99


OTHERS = {"flac": ("flac", 44100), "mp3": ("libmp3lame", 44100), "m4b": ("aac", 48000), "opus": ("libopus", 48000)}
"""What other makers publish, by suffix: FFmpeg's encoder, and samples a second."""


def by_others(path: Path, wave: np.ndarray, rate: int) -> None:
    """A recording of two channels, of variable bit rate where there is one, without a word of ours."""
    codec = OTHERS[path.suffix[1:]][0]
    with av.open(str(path), "w", format={".m4b": "ipod", ".opus": "ogg"}.get(path.suffix)) as container:
        container.metadata["title"] = "Marées"
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        if path.suffix == ".mp3":
            stream.options = {"q": "4"}
        resampler = av.AudioResampler(format=stream.format, layout="stereo", rate=rate, frame_size=stream.frame_size)
        both = np.stack([wave, wave], axis=1).astype(np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(both, format="flt", layout="stereo")
        frame.sample_rate = rate
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))


@pytest.mark.parametrize("suffix", OTHERS)
def test_others_recordings_are_mixed_to_one_channel_at_the_rate_asked_for(suffix: str, tmp_path: Path) -> None:
    rate = OTHERS[suffix][1]
    path = tmp_path / f"stereo.{suffix}"
    by_others(path, tone(2, rate), rate)
    assert sample_rate(path) == rate
    found = np.concatenate(list(decode(path, RATE)))
    assert found.dtype == np.float32
    assert abs(len(found) - 2 * RATE) < RATE / 10
    expected = tone(1)
    lags = [np.corrcoef(found[lag : lag + RATE // 2], expected[: RATE // 2])[0, 1] for lag in range(0, 1200, 2)]
    assert max(lags) > 0.9


@pytest.mark.parametrize("suffix", [suffix for suffix in OTHERS if suffix != "flac"])
def test_what_others_publish_is_read(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"others.{suffix}"
    by_others(path, tone(2, OTHERS[suffix][1]), OTHERS[suffix][1])
    found = read(path)
    assert found.metadata["title"] == ("Marées",)
    assert found.duration == pytest.approx(2, abs=0.1)
    assert found.chapters == ()


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_recording_cut_short_is_heard_as_far_as_it_goes(tmp_path: Path, share: float) -> None:
    path = tmp_path / "a.mp3"
    encode_mp3(path, [tone(4)], RATE)
    path.write_bytes(path.read_bytes()[: round(path.stat().st_size * share)])
    length = sum(len(block) for block in decode(path)) / RATE
    assert abs(length - 4 * share) < 0.2


@pytest.mark.parametrize("name", ["a.mp3", "a.m4b", "a.vtt"])
@pytest.mark.parametrize("content", [b"", b"\x00" * 600, b"Not sound, but words. " * 50])
def test_what_is_no_sound_is_refused_by_name(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=name):
        read(path)
    with pytest.raises(InputError, match=r"decoded|no sound"):
        list(decode(path))


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no reader"):
        read(tmp_path / "a.flac")


# https://id3.org/id3v2-chapters-1.0


def chapter(id: str, begin: int, end: int, title: str) -> CHAP:
    return CHAP(element_id=id, start_time=begin, end_time=end, sub_frames=[TIT2(encoding=3, text=title)])


def test_mp3_chapters_stand_in_the_order_of_their_contents_valid(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    encode_mp3(path, [tone(3)], RATE)
    tags = ID3()
    tags.add(chapter("b", 0, 1000, "First"))
    tags.add(chapter("a", 1000, 3000, "Second"))
    tags.add(CTOC(element_id="toc", flags=CTOCFlags.TOP_LEVEL, child_element_ids=["b", "a", "gone"], sub_frames=[]))
    tags.add(TLAN(encoding=3, text="fra"))
    tags.add(TIT2(encoding=3, text="Marées"))
    tags.save(path)
    found = read(path)
    assert [(one.title, one.begin, one.end) for one in found.chapters] == [("First", 0, 1), ("Second", 1, 3)]
    assert found.metadata == {"title": ("Marées",), "language": ("fr",)}
    assert found.duration == pytest.approx(3, abs=0.06)


def test_mp3_chapters_without_contents_stand_in_the_order_of_time_valid(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    encode_mp3(path, [tone(3)], RATE)
    tags = ID3()
    tags.add(chapter("x", 1000, 3000, "Later"))
    tags.add(chapter("y", 0, 1000, "Sooner"))
    tags.save(path)
    assert [one.title for one in read(path).chapters] == ["Sooner", "Later"]


def test_an_mp3_without_tags_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    encode_mp3(path, [tone(1)], RATE)
    found = read(path)
    assert found.metadata == {}
    assert found.chapters == ()


def test_m4b_chapters_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.m4b"
    encode_m4b(path, [tone(3)], RATE, [Mark("One", 0, RATE), Mark("«Two»", RATE, 3 * RATE)])
    assert [(one.title, one.begin, one.end) for one in read(path).chapters] == [("One", 0, 1), ("«Two»", 1, 3)]


@pytest.mark.parametrize(("seconds", "told"), [(0, "0:00:00.000"), (72.34, "0:01:12.340"), (3723.9996, "1:02:04.000")])
def test_places_are_told_as_times(seconds: float, told: str) -> None:
    assert clock(seconds) == told


# 5.1 (the voice span): who speaks


@pytest.mark.parametrize(
    ("payload", "speaker"),
    [
        ("Words.", ""),
        ("<c.note>Words.</c>", ""),
        ("<v Mary>Words.</v>", "Mary"),
        ("<v.note.loud Mary\tAnn>Words,\nmore.", "Mary Ann"),
        ("<v A &amp; B &lt;3>Words.</v>", "A & B <3"),
        ("<v.note Mary><lang de>Worte</lang> <c.footnote>and words</c></v>", "Mary"),
        ("<v Mary>Yes.</v>\n<v Ann>No.</v>", "Mary; Ann"),
        ("<v Mary>Yes.</v> No.", "Mary; nobody"),
        ("<video>Words.", ""),
    ],
)
def test_voice_spans_name_who_speaks_valid(payload: str, speaker: str) -> None:
    subtitles = parse(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{payload}\n")
    assert subtitles is not None
    assert [cue.speaker for cue in subtitles.cues] == [speaker]
