"""What a voice cannot say: it costs no other sentence, and another voice says it only where one was named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from gtts_server import Service, serving
from narration_sample import line, publication, script

from publisher.build import Built, Order, build_edition
from publisher.model.findings import EngineError, FindingsError, InputError, Severity
from publisher.model.narration import Line, Voice
from publisher.narration import mixes
from publisher.narration.casting import Cast, voice_for
from publisher.narration.mixes import narrate_mixes
from publisher.narration.narrate import narrate
from publisher.narration.voices import gtts, spoken_name, voice_from_name
from publisher.narration.voices.contract import Engine, Sound, UnsaidError
from publisher.store import Store
from publisher.verify import Request, verify_edition

if TYPE_CHECKING:
    from publisher.narration.recording import Takes


@dataclass
class Moody:
    """An engine that fails at some words, or from some words on."""

    identity: str = "moody"
    unsaid: str = ""
    gone: str = ""
    said: list[str] = field(default_factory=list)
    rate: int = 8000
    at_once: int = 1

    def speak(self, line: Line) -> Sound:
        if self.gone and self.gone in line.said:
            raise EngineError("moody", "it has left; call it back")
        if self.unsaid and self.unsaid in line.said:
            raise UnsaidError("moody", f"cannot say {line.id}; respell it")
        self.said.append(line.said)
        return Sound(0.3 * np.sin(np.arange(4000, dtype=np.float32) * len(line.said)), self.rate)

    def close(self) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


LINES = [line(str(number), f"Sentence {number}.") for number in range(20)]
WITH = Voice("gtts", fallback=Voice("espeak"))


def opener(main: Moody, other: Moody):
    def open_one(voice: Voice) -> Engine:
        return main if voice.engine == "gtts" else other

    return open_one


def test_a_line_that_cannot_be_said_costs_no_other(store: Store) -> None:
    main = Moody(unsaid="Sentence 3.")
    with pytest.raises(FindingsError) as told:
        narrate(script(*LINES), Voice("gtts"), store, opener=opener(main, Moody()))
    (finding,) = told.value.findings
    assert (finding.check, finding.severity, finding.where) == ("sentence-unsaid", Severity.ERROR, "narration 3")
    assert finding.message == "moody: cannot say 3; respell it"
    assert len(main.said) == 19
    main.unsaid = ""
    assert len(narrate(script(*LINES), Voice("gtts"), store, opener=opener(main, Moody())).cues) == 20
    assert main.said[19:] == ["Sentence 3."], "the next run goes on from there"


def test_an_engine_that_fails_at_line_after_line_is_asked_no_more(store: Store) -> None:
    main = Moody(unsaid="Sentence")
    with pytest.raises(FindingsError) as told:
        narrate(script(*LINES), Voice("gtts"), store, opener=opener(main, Moody()))
    assert len(told.value.findings) == 10


def test_an_engine_that_is_gone_stops_the_build_and_what_it_said_is_kept(store: Store) -> None:
    main = Moody(gone="Sentence 7.")
    with pytest.raises(EngineError, match="it has left; call it back"):
        narrate(script(*LINES), Voice("gtts"), store, opener=opener(main, Moody()))
    main.gone = ""
    narrate(script(*LINES), Voice("gtts"), store, opener=opener(main, Moody()))
    assert main.said == [one.said for one in LINES]


def test_the_fallback_says_what_was_left_and_is_named(store: Store) -> None:
    main, other = Moody(gone="Sentence 7."), Moody("other")
    narration = narrate(script(*LINES), WITH, store, opener=opener(main, other))
    assert len(main.said) == 7
    assert other.said == [one.said for one in LINES[7:]]
    assert narration.voice.left == {str(number) for number in range(7, 20)}
    (finding,) = narration.findings
    assert finding.check == "voice-fallback"
    assert finding.message == (
        "13 of 20 sentences are said by espeak, not by gtts: it has left; build again to have gtts asked again"
    )
    assert spoken_name(WITH) == "Google Text-to-Speech"
    assert spoken_name(narration.voice) == "Google Text-to-Speech, eSpeak NG"


def test_a_single_line_is_left_to_the_fallback_alone(store: Store) -> None:
    main, other = Moody(unsaid="Sentence 3."), Moody("other")
    assert narrate(script(*LINES), WITH, store, opener=opener(main, other)).voice.left == {"3"}
    assert (len(main.said), other.said) == (19, ["Sentence 3."])


def test_what_the_fallback_cannot_say_either_is_named(store: Store) -> None:
    with pytest.raises(FindingsError, match="cannot say 3"):
        narrate(script(*LINES), WITH, store, opener=opener(Moody(unsaid="3."), Moody("other", unsaid="Sentence 3.")))


def test_a_voice_that_has_left_lines_is_not_asked_again(store: Store) -> None:
    main, other = Moody(gone="Sentence 7."), Moody("other")
    voice = narrate(script(*LINES), WITH, store, opener=opener(main, other)).voice
    main.gone = ""
    again = narrate(script(*LINES), voice, store, opener=opener(main, other))
    assert (len(main.said), len(other.said)) == (7, 13), "all of it comes from the store"
    assert again.voice == voice


def test_a_voice_that_cannot_say_a_sentence_is_asked_for_all_others_of_the_next_mix(
    tmp_path: Path, store: Store
) -> None:
    """That one phrase has no voice says nothing of the service."""
    edition = publication(tmp_path, "One odd word.\n\n::: plain\nAn easy word.\n:::\n")
    main, other = Moody(unsaid="One odd word."), Moody("other")
    takes = SimpleNamespace(named=lambda _publication, _mix, voice: voice, open=opener(main, other))
    told = narrate_mixes(edition, WITH, ("default", "plain"), store, lambda *_: None, takes=cast("Takes", takes))
    assert "An easy word." in main.said
    assert "One odd word." in other.said
    assert not told["default"].voice.gone
    assert sum(one.check == "voice-fallback" for mix in told.values() for one in mix.findings) == 1


def test_an_engine_that_was_given_up_is_gone(store: Store) -> None:
    main, other = Moody(unsaid="Sentence"), Moody("other")
    assert narrate(script(*LINES), WITH, store, opener=opener(main, other)).voice.gone


def test_lines_here_and_there_that_cannot_be_said_do_not_make_an_engine_broken(store: Store) -> None:
    lines = [line(str(number), f"{'Odd' if number % 2 else 'Sentence'} {number}.") for number in range(30)]
    main, other = Moody(unsaid="Odd"), Moody("other")
    narration = narrate(script(*lines), WITH, store, opener=opener(main, other))
    assert len(main.said) == 15
    assert (len(narration.voice.left), narration.voice.gone) == (15, False)


def test_what_people_read_is_cut_whoever_else_is_gone(store: Store) -> None:
    class Reading(Cast):
        identity, rate, at_once = "recordings", 8000, 1

        def __init__(self, main: Engine) -> None:
            self.main = main

        def recorded(self, line: Line) -> bool:
            return line.id in {"2", "15"}

        def speaker(self, line: Line) -> Engine:
            return person if self.recorded(line) else self.main

        def close(self) -> None:
            pass

    main, other, person = Moody(gone="Sentence 7."), Moody("other"), Moody("person")

    def open_reading(voice: Voice) -> Engine:
        return Reading(main if voice.engine == "gtts" else other)

    narration = narrate(script(*LINES), WITH, store, opener=open_reading)
    assert person.said == ["Sentence 2.", "Sentence 15."]
    assert "15" not in narration.voice.left
    assert narration.voice.gone
    again = Store(store.root.with_name("another"))
    narrate(script(*LINES), narration.voice, again, opener=open_reading)
    assert person.said[2:] == ["Sentence 2.", "Sentence 15."]
    assert len(main.said) == 6


def test_the_sentence_is_found_in_the_manuscript(tmp_path: Path, store: Store) -> None:
    edition = publication(tmp_path, "One.\n\n## Two\n\nA [nuqneH]{lang=tlh} here.\n\nAnd [Qapla]{lang=tlh} there.\n")
    with pytest.raises(FindingsError) as told:
        narrate_mixes(edition, voice_for(edition.metadata), ("default",), store, lambda *_: None)
    assert [(one.check, one.position and one.position.line) for one in told.value.findings] == [
        ("sentence-unsaid", 12),
        ("sentence-unsaid", 14),
    ]
    assert "no voice for the language tlh, wanted by two-1-s1" in str(told.value)


# A whole edition, against the service that misbehaves.

ARTICLE = """---
title: The lamp
lang: en-GB
voice: {voice}
---

Nobody lit the lamp that night. The keeper had gone home. It was the thirteenth of December. All the ships came in.

::: plain
No one lit the lamp. The keeper was at home.
:::
"""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(gtts, "_WAITS", ())
    with serving(monkeypatch) as state:
        yield state


def build(root: Path, *, voice: str, offline: bool = False, formats: tuple[str, ...] = ("audio", "epub")) -> Built:
    folder = root / "source" / "lamp"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "article.md").write_text(ARTICLE.format(voice=voice), encoding="utf-8")
    return build_edition(
        Order(folder, root / "build", Store(root / "store"), formats, offline=offline), lambda *_: None
    )


def manifest(root: Path) -> dict[str, object]:
    return json.loads((root / "build" / "lamp" / "edition.json").read_bytes())


def wrong(root: Path) -> list[str]:
    request = Request(root / "source" / "lamp", root / "build", store=Store(root / "store"))
    return [str(one) for one in verify_edition(request).findings if one.severity is Severity.ERROR]


@pytest.mark.parametrize("voice", ["gtts,fallback=espeak", "{engine: gtts, fallback: espeak}"])
def test_an_edition_is_finished_by_the_fallback_and_later_by_its_own_voice(
    tmp_path: Path, service: Service, voice: str
) -> None:
    service.misbehaviour, service.always = ["well"] * 4, "429"
    built = build(tmp_path, voice=voice)
    told = [one.message for one in built.findings if one.check == "voice-fallback"]
    assert len(told) == 2, "one for each mix"
    assert "429" in told[0]
    left = manifest(tmp_path)["fallback"]
    assert isinstance(left, list)
    assert "title-voice" in left
    words = (tmp_path / "build" / "lamp" / "lamp.vtt").read_text("utf-8")
    assert "Google Text-to-Speech, eSpeak NG" in words
    assert wrong(tmp_path) == []
    service.always = "well"
    before = len(service.asked)
    assert build(tmp_path, voice=voice).findings == ()
    assert "fallback" not in manifest(tmp_path)
    again = [text for text, _ in service.asked[before:]]
    assert again
    assert not set(again) & {text for text, _ in service.asked[:4]}, "what was said is not asked for again"
    assert wrong(tmp_path) == []
    assert not build(tmp_path, voice=voice).fresh


def test_without_a_fallback_the_build_stops_and_the_next_one_goes_on(tmp_path: Path, service: Service) -> None:
    service.misbehaviour, service.always = ["well"] * 3, "429"
    with pytest.raises(EngineError, match="finished sentences are kept, and it goes on from there"):
        build(tmp_path, voice="gtts")
    assert not (tmp_path / "build" / "lamp").exists()
    service.always, before = "well", len(service.asked)
    build(tmp_path, voice="gtts")
    assert not {text for text, _ in service.asked[before:]} & {text for text, _ in service.asked[:3]}


def test_without_the_network_the_fallback_speaks_and_nobody_is_asked(tmp_path: Path, service: Service) -> None:
    with pytest.raises(InputError, match="gtts,fallback=espeak"):
        build(tmp_path, voice="gtts", offline=True)
    build(tmp_path, voice="gtts,fallback=espeak", offline=True)
    assert service.asked == []
    assert wrong(tmp_path) == []


def test_another_format_of_the_same_state_keeps_to_the_same_voices(tmp_path: Path, service: Service) -> None:
    service.misbehaviour, service.always = ["well"] * 4, "429"
    build(tmp_path, voice="gtts,fallback=espeak", formats=("audio",))
    left = manifest(tmp_path)["fallback"]
    service.always = "well"
    build(tmp_path, voice="gtts,fallback=espeak", formats=("epub",))
    assert manifest(tmp_path)["fallback"] == left
    assert wrong(tmp_path) == []


def test_the_fallbacks_name_is_checked_at_once() -> None:
    with pytest.raises(InputError, match="no voice engine festival"):
        voice_from_name("gtts,fallback=festival")
    assert mixes.without_network(Voice("espeak")) == Voice("espeak")
