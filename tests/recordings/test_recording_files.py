"""Recordings and cue files beside the source: what is taken, and what is refused, with the place."""

from __future__ import annotations

from pathlib import Path

import pytest
from recorded_reader import publication_of, read_by_person, write_edition

from publisher.build import read_imprint_of
from publisher.manuscript.reading import read_edition
from publisher.manuscript.recordings import read_labels, read_vtt, sound_kind
from publisher.model.findings import Finding, FindingsError, InputError

ARTICLE = """---
title: The lamp
creators:
  - name: Rhys Morgan
    role: narrator
{more}---

Nobody lit the lamp.
"""


def edition(tmp_path: Path, more: str = "") -> Path:
    return write_edition(tmp_path, ARTICLE.format(more=more))


def failure(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(FindingsError) as caught:
        publication_of(folder)
    return caught.value.findings


def test_an_edition_without_a_folder_has_no_recordings(tmp_path: Path) -> None:
    assert publication_of(edition(tmp_path)).recordings == ()


def test_recordings_come_in_the_order_of_their_numbers_and_are_read_by_the_narrator(tmp_path: Path) -> None:
    folder = edition(tmp_path)
    reading = read_by_person(["A lamp."])
    for name in ("chapter 10.wav", "chapter 2.flac", "chapter 1.mp3"):
        reading.write(folder / "recordings" / name)
    found = publication_of(folder).recordings
    assert [one.name for one in found] == [f"recordings/chapter {name}" for name in ("1.mp3", "2.flac", "10.wav")]
    assert [one.kind for one in found] == ["mp3", "flac", "wav"]
    assert {one.reader for one in found} == {"Rhys Morgan"}
    assert all(one.cues is None for one in found)


def test_the_front_matter_says_who_reads_which_file_and_which_mix(tmp_path: Path) -> None:
    more = (
        "recordings:\n  - reader: Jane Doe\n  - file: plain.wav\n    reader: Sam Poe\n    mix: plain\n"
        "    waive: opening-1-s1\n"
    )
    folder = edition(tmp_path, more)
    for name in ("a.wav", "plain.wav"):
        read_by_person(["A lamp."]).write(folder / "recordings" / name)
    one, other = publication_of(folder).recordings
    assert (one.reader, one.mix, one.waived) == ("Jane Doe", "", ())
    assert (other.reader, other.mix, other.waived) == ("Sam Poe", "plain", ("opening-1-s1",))


def test_a_file_that_the_front_matter_names_has_to_be_there_error(tmp_path: Path) -> None:
    (found,) = failure(edition(tmp_path, "recordings:\n  - file: one.wav\n"))
    assert found.check == "recording-file"
    assert found.position is not None
    assert (found.position.line, "there is no recordings/one.wav" in found.message) == (7, True)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.wav", b"", "is empty"),
        ("a.wav", b"These are words, no sound at all.", "is no recording"),
        ("a.flac", b"RIFF\x00\x00\x00\x00WAVEfmt ", "is WAV, not what its name says"),
        ("a.mp3", b"#EXTM3U\nhttp://example.org/other.mp3\n", "is no recording"),
    ],
)
def test_what_is_no_recording_error(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    folder = edition(tmp_path)
    (folder / "recordings").mkdir()
    (folder / "recordings" / name).write_bytes(data)
    (found,) = failure(folder)
    assert found.check == "recording-file"
    assert why in found.message
    assert found.position is not None
    assert found.position.path.endswith(name)


def test_a_link_out_of_the_edition_error(tmp_path: Path) -> None:
    folder = edition(tmp_path)
    outside = read_by_person(["A lamp."]).write(tmp_path / "outside" / "a.wav")
    (folder / "recordings").mkdir()
    (folder / "recordings" / "a.wav").symlink_to(outside)
    with pytest.raises(InputError, match=r"recordings/a\.wav leads outside the edition's folder"):
        failure(folder)


def test_sound_of_another_kind_and_cues_of_no_recording_are_told(tmp_path: Path) -> None:
    folder = edition(tmp_path)
    (folder / "recordings").mkdir()
    (folder / "recordings" / "a.ogg").write_bytes(b"OggS")
    (folder / "recordings" / "b.vtt").write_text("WEBVTT\n")
    (folder / "recordings" / "notes.txt").write_text("for the reader")
    reading = read_edition(folder, read_imprint_of(folder)[0])
    told = [finding for finding in reading.findings if finding.check == "recording-unused"]
    assert [finding.position.path.rpartition("/")[2] for finding in told if finding.position] == ["a.ogg", "b.vtt"]


def test_kinds_are_told_by_their_first_bytes() -> None:
    assert sound_kind(b"ID3\x04" + bytes(12)) == "mp3"
    assert sound_kind(b"\xff\xfb\x90\x64" + bytes(12)) == "mp3"
    assert sound_kind(b"\xff\xff\xff\xff" + bytes(12)) == ""
    assert sound_kind(b"RF64\xff\xff\xff\xffWAVE") == "wav"


# Cue files


VTT = """WEBVTT - of chapter 1
Kind: captions

NOTE by hand

STYLE
::cue { color: red }

opening-1-s1
00:00:01.000 --> 00:00:02.500 align:start
<v Jane>Nobody lit &amp; left
the lamp.</v>

01:02:03.250 --> 01:02:04.000
opening-1-s2
"""


def test_web_vtt_is_read() -> None:
    one, two = read_vtt(VTT, "a.vtt")
    assert (one.id, one.text, one.begin, one.end) == ("opening-1-s1", "Nobody lit & left the lamp.", 1.0, 2.5)
    assert (one.position.line, one.position.path) == (10, "a.vtt")
    assert (two.id, two.text, two.begin) == ("", "opening-1-s2", 3723.25)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1\n00:01.000 --> 00:02.000\nx\n", 1),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nx\n", 3),
        ("WEBVTT\n\nid\nwords without times\n", 4),
        ("WEBVTT\n\nid alone\n", 3),
    ],
)
def test_a_cue_without_times_error(text: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        read_vtt(text, "a.vtt")
    assert caught.value.position is not None
    assert caught.value.position.line == line


def test_labels_of_audacity_are_read() -> None:
    one, two = read_labels("0.5\t2.25\topening-1-s1\n\\\t0.0\t0.0\n2,5\t4,0\tNobody  lit the lamp.\n", "a.txt")
    assert (one.begin, one.end, one.text, one.position.line) == (0.5, 2.25, "opening-1-s1", 1)
    assert (two.begin, two.end, two.text, two.position.line) == (2.5, 4.0, "Nobody lit the lamp.", 3)


@pytest.mark.parametrize(
    ("cues", "why"),
    [
        ("00:05.000 --> 00:04.000\nx", "ends before it begins"),
        ("00:00.000 --> 00:04.000\nx\n\n00:03.000 --> 00:05.000\ny", "begins before the one above it ends"),
        ("words", "no times"),
    ],
)
def test_cues_that_cannot_be_error(tmp_path: Path, cues: str, why: str) -> None:
    folder = edition(tmp_path)
    read_by_person(["A lamp."]).write(folder / "recordings" / "a.wav")
    (folder / "recordings" / "a.vtt").write_text(f"WEBVTT\n\n{cues}\n")
    (found,) = failure(folder)
    assert (found.check, why in found.message) == ("cue-file", True)
    assert found.position is not None
    assert found.position.path.endswith("recordings/a.vtt")
