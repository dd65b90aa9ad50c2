"""Who reads what, and how long the silences are, as the edition has it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from narration_sample import FRONT, Tones, publication

from publisher.model.findings import InputError
from publisher.model.narration import Line, Role, Spoken, Voice
from publisher.model.publication import Metadata
from publisher.narration import casting
from publisher.narration.casting import Cast, identity_of, open_cast, role_of, voice_for
from publisher.narration.narrate import narrate
from publisher.narration.script import write_script
from publisher.narration.voices import voice_from_name
from publisher.narration.voices.contract import Sound
from publisher.store import Store

NOTE = '::: {#n1 .note on="the sea" kind="context" by="desk"}\nDeep.\n:::\n'
ARTICLE = "It is the sea.\n\n# Shore\n\nDry.\n"


def metadata(voice: str = "espeak", **voices: str) -> Metadata:
    return Metadata(title="T", lang="en", identifier="urn:x", voice=voice, voices=voices)


def said(words: str, role: Role = Role.PARAGRAPH, *, aside: bool = False) -> Line:
    return Line(words, words, role, "en", words, (Spoken(words, "en", 0, len(words)),), 0.3, aside)


def test_notes_are_read_a_little_lower_by_the_embedded_voice() -> None:
    voice = voice_for(metadata())
    assert voice.roles == {"note": Voice("espeak", "", {"pitch": 36})}
    assert role_of(voice, said("a", aside=True)) == "note"
    assert role_of(voice, said("a")) == ""


@pytest.mark.parametrize("name", ["gtts", "piper:/x.onnx", "espeak,pitch=40"])
def test_voices_without_another_at_hand_read_notes_too(name: str) -> None:
    assert voice_for(metadata(name)).roles == {}


def test_a_role_is_given_a_voice_by_name_or_by_settings_alone() -> None:
    voice = voice_for(
        metadata("espeak:en-us,rate=170", note="espeak:en-gb-scotland", heading="rate=140", code="espeak")
    )
    assert voice.roles == {
        "note": Voice("espeak", "en-gb-scotland"),
        "heading": Voice("espeak", "en-us", {"rate": "140"}),
        "code": Voice("espeak"),
    }


def test_the_voice_of_the_command_line_is_the_one_that_settings_are_added_to() -> None:
    voice = voice_for(metadata("espeak", heading="rate=1.2"), "piper:/x.onnx")
    assert voice.engine == "piper"
    assert voice.roles["heading"] == Voice("piper", "/x.onnx", {"rate": "1.2"})


def test_all_of_a_note_is_the_notes_whatever_else_it_is() -> None:
    voice = voice_for(metadata(note="espeak:en-us", quotation="espeak:fr"))
    assert role_of(voice, said("a", Role.QUOTATION)) == "quotation"
    assert role_of(voice, said("a", Role.QUOTATION, aside=True)) == "note"


def test_the_script_marks_what_is_said_inside_a_note(tmp_path: Path) -> None:
    script = write_script(publication(tmp_path, ARTICLE, NOTE))
    aside = [line.id for chapter in script.chapters for line in chapter.lines if line.aside]
    assert aside == ["n1-begin", "n1-1-s1", "n1-end"]


def test_only_the_clips_of_the_role_change_with_its_voice(tmp_path: Path) -> None:
    script = write_script(publication(tmp_path, ARTICLE, NOTE))
    keys = []
    for setting in ("pitch=30", "pitch=31"):
        engine = open_cast(voice_for(metadata(note=setting)))
        keys.append({line.id: identity_of(engine, line) for chapter in script.chapters for line in chapter.lines})
        engine.close()
    assert {id for id in keys[0] if keys[0][id] != keys[1][id]} == {"n1-begin", "n1-1-s1", "n1-end"}


def test_a_cast_sends_each_line_to_its_engine_and_leaves_its_rate_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    main, other = Tones(rate=8000), Tones(rate=16000, identity="other 1")
    monkeypatch.setattr(casting, "open_voice", lambda voice: main if voice.engine == "main" else other)
    cast = Cast(Voice("main", roles={"note": Voice("other")}))
    sound: Sound = cast.speak(said("Deep water.", aside=True))
    assert sound.rate == 16000
    assert np.array_equal(sound.samples, other.speak(said("Deep water.")).samples)
    assert cast.speak(said("Dry.")).rate == cast.rate == 8000
    assert main.said == ["Dry."]
    cast.close()
    assert (main.closed, other.closed) == (1, 1)


def test_engines_are_closed_where_one_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    main = Tones()

    def opened(voice: Voice) -> Tones:
        if voice.engine != "main":
            raise InputError("no such voice")
        return main

    monkeypatch.setattr(casting, "open_voice", opened)
    with pytest.raises(InputError):
        Cast(Voice("main", roles={"note": Voice("other")}))
    assert main.closed == 1


def test_notes_sound_lower(tmp_path: Path) -> None:
    """By the signal: the main pitch of the same words, in a note and outside."""
    words = "All around the yellow harbour we were wondering."
    script = write_script(publication(tmp_path, f"{words} It is the sea.\n", NOTE.replace("Deep.", words)))
    store = Store(tmp_path / "store")
    narration = narrate(script, voice_for(metadata()), store)
    clips = {cue.line.id: cue.clip for cue in narration.cues}

    def pitch(id: str) -> float:
        samples, rate = soundfile.read(store.find(clips[id].key, ".flac"))
        spectrum = np.abs(np.fft.rfft(samples)) ** 2
        likeness = np.fft.irfft(spectrum)
        low, high = rate // 200, rate // 60
        return float(rate / (low + int(np.argmax(likeness[low:high]))))

    assert pitch("n1-1-s1") < 0.95 * pitch("opening-1-s1")


def edition_with(folder: Path, front: str) -> list[Line]:
    script = write_script(publication(folder, ARTICLE, front=FRONT.replace("lang: en\n", f"lang: en\n{front}")))
    return [line for chapter in script.chapters for line in chapter.lines]


def test_pauses_are_settings(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    usual = {line.id: line for line in edition_with(tmp_path / "a", "")}
    set_ = {line.id: line for line in edition_with(tmp_path / "b", "pauses: {heading: 2, chapter: 2.4, sentence: 0}\n")}
    assert set_["shore-s1"].pause == 2
    assert set_["opening-1-s1"].pause == 2.4
    changed = [id for id in usual if usual[id].pause != set_[id].pause]
    assert changed == ["title-voice", "opening-1-s1", "shore-s1", "shore-1-s1"]
    assert all(usual[id].runs == set_[id].runs for id in usual)


def test_a_name_without_an_engine_is_settings_only() -> None:
    with pytest.raises(InputError):
        voice_for(metadata(note="festival:anna"))
    assert voice_for(metadata(note="espeak")).roles == {}
    assert voice_from_name("espeak").roles == {}
