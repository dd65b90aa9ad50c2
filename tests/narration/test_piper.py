"""Piper's voices, through its real loading code: a tiny model made here, and models that are broken on purpose."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from narration_sample import line

from publisher.build import Order, build_edition
from publisher.holding.confining import View
from publisher.model.extract import Evidence
from publisher.model.findings import EngineError, FindingsError, InputError
from publisher.model.narration import Spoken, Voice
from publisher.narration.voices import open_voice, piper, voice_from_name, worker_process
from publisher.narration.voices.contract import Engine, UnsaidError
from publisher.narration.voices.piper import PiperEngine
from publisher.narration.voices.piper_worker import word_times
from publisher.store import Store
from publisher.verification.verdicts import Verdict
from publisher.verify import Request, verify_edition

pytest.importorskip("piper")
from tiny_voice import RATE, SPAN, graph, write_voice

MINIMAL = Path(__file__).parent.parent / "editions" / "minimal"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_voice(tmp_path_factory.mktemp("voice") / "tiny.onnx")


@pytest.fixture(scope="module")
def engine(model: Path) -> Iterator[Engine]:
    opened = open_voice(voice_from_name(f"piper:{model}"))
    yield opened
    opened.close()


def test_a_model_is_loaded_and_speaks(engine: Engine) -> None:
    sound = engine.speak(line("a", "The sea is wide."))
    assert sound.rate == RATE
    assert len(sound.samples) > 10 * SPAN
    assert 0.25 < float(np.abs(sound.samples).max()) <= 0.31


def test_the_same_words_sound_the_same(engine: Engine, model: Path) -> None:
    first = engine.speak(line("a", "The sea is wide."))
    engine.speak(line("b", "Something else."))
    assert np.array_equal(first.samples, engine.speak(line("a", "The sea is wide.")).samples)
    other = open_voice(voice_from_name(f"piper:{model}"))
    assert np.array_equal(first.samples, other.speak(line("a", "The sea is wide.")).samples)
    assert other.identity == engine.identity
    other.close()


def test_the_rate_is_a_setting(engine: Engine, model: Path) -> None:
    quick = open_voice(voice_from_name(f"piper:{model},rate=2"))
    words = line("a", "The sea is wide.")
    assert len(quick.speak(words).samples) * 2 == len(engine.speak(words).samples)
    assert quick.identity != engine.identity
    quick.close()


def test_a_models_alignments_are_the_words_times(engine: Engine) -> None:
    shown = "Seven ships sail."
    sound = engine.speak(line("a", shown))
    assert [shown[word.start : word.end] for word in sound.words] == ["Seven", "ships", "sail."]
    for before, after in zip(sound.words, sound.words[1:], strict=False):
        assert before.begin < before.finish <= after.begin
    assert sound.words[-1].finish <= len(sound.samples) / sound.rate


def test_a_respelt_word_has_one_time(engine: Engine) -> None:
    runs = (Spoken("costs", "en", 0, 5), Spoken("three million pounds.", "en", 6, 10))
    words = engine.speak(line("a", "costs £3m.", *runs)).words
    assert [(word.start, word.end) for word in words] == [(0, 5), (6, 10)]


def test_a_model_without_alignments_has_no_times(tmp_path: Path) -> None:
    silent = open_voice(voice_from_name(f"piper:{write_voice(tmp_path / 'v.onnx', graph(aligned=False))}"))
    sound = silent.speak(line("a", "The sea is wide."))
    silent.close()
    assert len(sound.samples)
    assert sound.words == ()


def test_phonemes_that_the_model_knows_are_said_and_others_are_read(engine: Engine) -> None:
    spoken = engine.speak(line("a", "Siobhan", Spoken("ʃɪˈvɔːn", "en", 0, 7, ipa=True)))
    read = engine.speak(line("a", "Siobhan"))
    assert not np.array_equal(spoken.samples, read.samples)
    unknown = engine.speak(line("a", "Siobhan", Spoken("ǃʘǂ", "en", 0, 7, ipa=True)))
    assert np.array_equal(unknown.samples, read.samples)


def test_words_of_another_language_are_left_to_espeak(engine: Engine) -> None:
    sound = engine.speak(line("a", "in Alger", Spoken("in", "en", 0, 2), Spoken("Alger", "fr", 3, 8)))
    assert [(word.start, word.end) for word in sound.words] == [(0, 2), (3, 8)]
    assert sound.words[0].finish <= sound.words[1].begin


@pytest.mark.parametrize("words", ["s'" * 220, "bcdfg" * 400])
def test_words_on_which_the_phonemiser_aborts_are_said(engine: Engine, words: str) -> None:
    assert len(engine.speak(line("a", words)).samples)
    assert len(engine.speak(line("b", "Still here.")).samples)


# Models that are broken.


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def _garbage(path: Path) -> None:
    path.write_bytes(b"no model at all")


def _no_settings(path: Path) -> None:
    Path(f"{path}.json").unlink()


def _half_settings(path: Path) -> None:
    Path(f"{path}.json").write_text('{"audio": {"sample_rate": 160', encoding="utf-8")


def _empty_settings(path: Path) -> None:
    Path(f"{path}.json").write_text("{}", encoding="utf-8")


def _odd_rate(path: Path) -> None:
    write_voice(path, audio={"sample_rate": 96})


def _another_model(path: Path) -> None:
    write_voice(path, graph(inputs="picture"))


@pytest.mark.parametrize(
    ("break_it", "why"),
    [
        (_cut, r"cannot load .*tiny\.onnx: .*[Pp]rotobuf"),
        (_garbage, r"cannot load .*tiny\.onnx: "),
        (_no_settings, r"no file .*tiny\.onnx\.json; "),
        (_half_settings, r"cannot load .*tiny\.onnx: .*line 1"),
        (_empty_settings, r"cannot load .*tiny\.onnx: KeyError: 'num_symbols'"),
        (_odd_rate, r"cannot load .*tiny\.onnx: its settings name a rate of 96 samples"),
        (_another_model, r"cannot load .*tiny\.onnx: it is no model of Piper's: it takes"),
    ],
)
def test_a_broken_voice_is_refused_by_its_name(tmp_path: Path, break_it: Callable[[Path], None], why: str) -> None:
    path = write_voice(tmp_path / "tiny.onnx")
    break_it(path)
    with pytest.raises(InputError, match=f"{why}.*fetch"):
        open_voice(voice_from_name(f"piper:{path}"))


@pytest.mark.parametrize(
    ("loudness", "failure"),
    [(0.0, "the model returned silence"), (float("nan"), r"no sound \(not a number\)")],
)
def test_a_model_that_returns_no_sound_is_named(tmp_path: Path, loudness: float, failure: str) -> None:
    path = write_voice(tmp_path / "tiny.onnx", graph(loudness))
    broken = open_voice(voice_from_name(f"piper:{path}"))
    with pytest.raises(UnsaidError, match=rf"cannot say l1 .* with .*tiny\.onnx: .*{failure}, 3 times"):
        broken.speak(line("l1", "The sea."))
    broken.close()


@pytest.mark.parametrize(
    "model", [graph(share=1 / 3), graph(aligned=False, span=SPAN // 10)], ids=["by alignments", "by phonemes"]
)
def test_a_model_that_leaves_out_two_thirds_is_named(tmp_path: Path, model: bytes) -> None:
    broken = open_voice(voice_from_name(f"piper:{write_voice(tmp_path / 'tiny.onnx', model)}"))
    with pytest.raises(UnsaidError, match=r"cannot say l1 .*: the model left words out, 3 times"):
        broken.speak(line("l1", "Seven ships sail past the grand old harbour."))
    broken.close()


@pytest.mark.parametrize("words", ["I", "Oh!", "“…” — a", "e.g. BBC, NATO, 1999", "mmmmmmmmmmmmmmmm"])
def test_what_is_said_quickly_is_believed(tmp_path: Path, words: str) -> None:
    """At the least time that a phoneme may take, and with twice the speed."""
    path = write_voice(tmp_path / "tiny.onnx", graph(aligned=False, span=SPAN // 4))
    quick = open_voice(voice_from_name(f"piper:{path},rate=2"))
    assert len(quick.speak(line("l1", words)).samples)
    quick.close()


def test_a_voice_is_a_file_or_a_name_and_needs_piper(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="name its file"):
        open_voice(voice_from_name("piper"))
    with pytest.raises(InputError, match=r"no file .*nowhere"):
        open_voice(voice_from_name("piper:/nowhere/voice.onnx"))
    monkeypatch.setattr(piper, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="piper is not here; install it with"):
        open_voice(voice_from_name(f"piper:{model}"))
    assert [offer.missing for offer in piper.offers()] != [""]


# A worker that misbehaves.

_WORKER = """
    import json, os, signal, sys
    print(json.dumps({{"rate": 16000, "voice": "en", "signs": []}}), flush=True)
    for request in sys.stdin:
        text = json.loads(request)["text"]
        if text == "crash" or text == "once" and not os.path.exists({marker!r}):
            open({marker!r}, "w").close()
            os.kill(os.getpid(), signal.SIGSEGV)
        if text == "hang":
            signal.pause()
        sound = (b"\\0\\0\\0\\0" if text == "silence" else b"\\0\\0\\0\\x3f") * 1600
        least = 4800 if text == "third" else 1600
        head = {{"status": "ok", "words": [], "bytes": len(sound), "least": least}}
        sound = sound[:-2] if text == "torn" else sound
        head["bytes"] = len(sound)
        sys.stdout.buffer.write(json.dumps(head).encode() + b"\\n" + sound)
        sys.stdout.buffer.flush()
"""


@pytest.fixture
def misbehaving(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PiperEngine]:
    program = textwrap.dedent(_WORKER.format(marker=str(tmp_path / "m")))
    monkeypatch.setattr(worker_process, "_VIEW", View(writable=(tmp_path,)))
    engine = PiperEngine(Voice("piper", str(model)), model, [sys.executable, "-c", program], limit=0.3)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("crash", "its worker ended"),
        ("hang", "its worker hung"),
        ("silence", "the model returned silence"),
        ("torn", "the model's worker answered in part"),
        ("third", "the model left words out"),
    ],
)
def test_a_line_that_fails_each_time_is_named_and_the_next_is_spoken(
    misbehaving: PiperEngine, text: str, failure: str
) -> None:
    with pytest.raises(UnsaidError, match=rf"cannot say l1 \(“{text}”\) .*: {failure}, 3 times"):
        misbehaving.speak(line("l1", text))
    assert len(misbehaving.speak(line("l2", "well")).samples) == 1600


def test_a_line_that_fails_once_is_spoken_the_second_time(misbehaving: PiperEngine) -> None:
    assert len(misbehaving.speak(line("l1", "once")).samples) == 1600


def test_a_worker_that_never_begins_is_told(model: Path) -> None:
    with pytest.raises(EngineError, match=r"its worker ended while it loaded .*tiny\.onnx; fetch the voice again"):
        PiperEngine(Voice("piper", str(model)), model, [sys.executable, "-c", "raise SystemExit(1)"])


# Whole editions.


def _build(tmp_path: Path, model: Path) -> Request:
    store = Store(tmp_path / "store")
    order = Order(MINIMAL, tmp_path / "build", store, ("audio", "epub"), voice=f"piper:{model}")
    build_edition(order, lambda *_: None)
    return Request(MINIMAL, tmp_path / "build", store=store)


def test_an_edition_is_read_and_heard_anew(tmp_path: Path, model: Path) -> None:
    request = _build(tmp_path, model)
    verification = verify_edition(request)
    assert [str(one) for one in verification.findings if one.severity.value == "error"] == []
    assert verification.verdict is Verdict.CONSISTENT
    sounding = [one for one in verification.files if one.artefact.name.endswith((".mp3", ".m4b"))]
    assert sounding
    assert all(one.evidence is Evidence.MEASURED for one in sounding)
    manifest = json.loads((tmp_path / "build" / "minimal" / "edition.json").read_bytes())
    assert manifest["voice"] == f"piper:{model}"


def test_a_silent_model_stops_the_build_at_the_place_in_the_text(tmp_path: Path) -> None:
    path = write_voice(tmp_path / "tiny.onnx", graph(0.0))
    with pytest.raises(FindingsError) as told:
        _build(tmp_path, path)
    found = [one for one in told.value.findings if one.position]
    assert [(one.check, one.position and one.position.line) for one in found] == [("sentence-unsaid", 5)]


@pytest.mark.parametrize(
    ("phonemes", "words"),
    [
        ([("^", 5), ("a", 10), (" ", 5), ("b", 10), ("c", 10), (".", 4), ("$", 5)], [[5, 15], [20, 49]]),
        ([("“", 5), ("a", 10), ("”", 5)], [[5, 20]]),
        ([("a", 10), (" ", 1), ("—", 2), (" ", 3), ("b", 10)], [[0, 10], [16, 26]]),
        ([(".", 3)], []),
    ],
)
def test_words_are_what_stands_between_spaces(phonemes: list[tuple[str, int]], words: list[list[int]]) -> None:
    assert word_times(phonemes, 0) == words
