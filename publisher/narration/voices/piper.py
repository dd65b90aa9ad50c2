"""Piper: neural voices, from a file on this machine (`piper:/path/to/voice.onnx`, with its `.onnx.json` beside it), or
by the name under which one was fetched (`piper:en_GB-alba-medium`).

Needs the optional extra: `pip install 'concordant-publisher[piper]'`. Neural voices draw random numbers; the draw is
turned off here, so that the same sentence sounds the same in every build. A model speaks one language: words marked
as another are said by espeak-ng, which has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from publisher.model.findings import EngineError, InputError
from publisher.model.narration import Line, Spoken, Voice
from publisher.narration.resampling import at_rate
from publisher.narration.voices import espeak
from publisher.narration.voices.contract import About, Offer, Samples, Sound, checked_settings, join_runs, name_of
from publisher.narration.voices.fetching import voices_folder
from publisher.store import file_digest

ABOUT = About("Piper")

_SETTINGS = {"rate": (0.5, 2.0, 1.0), "speaker": (0.0, 10000.0, 0.0)}
_AUDIBLE = 0.001
_JOIN = 0.05
_HOW = "install it with: pip install 'concordant-publisher[piper]'"


def offers() -> tuple[Offer, ...]:
    """The voices that were fetched, and what stands in for all others, which are the user's downloads."""
    missing = "" if find_spec("piper") else _HOW
    folder = voices_folder()
    here = sorted(path.stem for path in folder.glob("*.onnx")) if folder.is_dir() else []
    return (
        *(Offer(f"piper:{name}", "Piper, a neural voice that was fetched", missing=missing) for name in here),
        Offer("piper:/path/to/voice.onnx", "Piper, a neural voice from a file on this machine", missing=missing),
    )


def open(voice: Voice) -> PiperEngine:
    """The voice's model, loaded. Raises InputError where Piper or the voice's files are not here."""
    if not voice.name:
        raise InputError("piper needs a voice; name its file: piper:/path/to/voice.onnx")
    if find_spec("piper") is None:
        raise InputError(f"piper is not here; {_HOW}")
    fetched = PurePath(voice.name).name == voice.name and not voice.name.endswith(".onnx")
    path = voices_folder() / f"{voice.name}.onnx" if fetched else Path(voice.name).expanduser()
    for needed in (path, Path(f"{path}.json")):
        if not needed.is_file() and fetched:
            raise InputError(f"piper: {voice.name} is not here; fetch it with `publisher voices --fetch {voice.name}`")
        if not needed.is_file():
            raise InputError(f"piper: no file {needed}; fetch the voice's .onnx and .onnx.json into one folder")
    return PiperEngine(voice, path)


class PiperEngine:
    """A loaded model."""

    at_once = 1

    def __init__(self, voice: Voice, path: Path) -> None:
        settings = checked_settings(voice, _SETTINGS)
        piper: Any = import_module("piper")
        try:
            self._model: Any = piper.PiperVoice.load(str(path))
        except Exception as problem:
            raise InputError(f"piper cannot load {path}: {problem}; fetch the voice again") from problem
        self._config: Any = piper.SynthesisConfig(
            speaker_id=int(settings["speaker"]) or None,
            length_scale=self._model.config.length_scale / settings["rate"],
            noise_scale=0.0,
            noise_w_scale=0.0,
            normalize_audio=False,
        )
        self._lang = str(self._model.config.espeak_voice).partition("-")[0]
        self._abroad: espeak.EspeakEngine | None = None
        self._identity = f"piper {version('piper-tts')} {file_digest(path)} {sorted(settings.items())}"

    @property
    def rate(self) -> int:
        return int(self._model.config.sample_rate)

    @property
    def identity(self) -> str:
        return self._identity

    def speak(self, line: Line) -> Sound:
        parts: list[Samples] = []
        for lang, runs in join_runs(line.runs):
            if parts:
                parts.append(np.zeros(round(_JOIN * self.rate), dtype=np.float32))
            if lang.partition("-")[0].lower() == self._lang:
                parts.append(self._say(_text(runs, line), line))
            else:
                parts.append(self._say_abroad(replace(line, runs=tuple(runs))))
        return Sound(np.concatenate(parts), self.rate)

    def close(self) -> None:
        if self._abroad is not None:
            self._abroad.close()

    def _say_abroad(self, line: Line) -> Samples:
        if self._abroad is None:
            self._abroad = espeak.open(Voice("espeak"))
        sound = self._abroad.speak(line)
        return at_rate(sound.samples, sound.rate, self.rate)

    def _say(self, text: str, line: Line) -> Samples:
        failure = "it returned silence"
        for _ in range(2):
            try:
                chunks = [chunk.audio_float_array for chunk in self._model.synthesize(text, self._config)]
            except Exception as problem:
                # onnxruntime and the phonemiser raise what they like; whatever it is, this line failed.
                failure = " ".join(str(problem).split()) or type(problem).__name__
                continue
            samples = np.concatenate(chunks).astype(np.float32) if chunks else np.zeros(0, dtype=np.float32)
            if len(samples) and float(np.abs(samples).max()) > _AUDIBLE:
                return np.clip(samples, -1, 1)
        raise EngineError(
            "piper",
            f"cannot say {name_of(line)}: {failure}, twice; respell the words with say= or choose another voice",
        )


def _text(runs: Sequence[Spoken], line: Line) -> str:
    """What is said: Piper's own way with phonemes differs from model to model, so shown words stand for IPA."""
    return " ".join(line.shown[run.shown_start : run.shown_end] if run.ipa else run.text for run in runs)
