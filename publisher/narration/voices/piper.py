"""Piper: neural voices, from a file on this machine (`piper:/path/to/voice.onnx`, with its `.onnx.json` beside it), or
by the name under which one was fetched (`piper:en_GB-alba-medium`).

Needs the optional extra: `pip install 'concordant-publisher[piper]'`. The model runs in a worker process
(`piper_worker`): a model that crashes, hangs, or returns silence or no numbers costs that line another try in a fresh
one. A model speaks one language: words marked as another are said by espeak-ng, which has them.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path, PurePath

import numpy as np

from publisher.model.findings import EngineError, InputError
from publisher.model.narration import Line, Spoken, Voice, WordTime
from publisher.narration.resampling import at_rate
from publisher.narration.voices import espeak
from publisher.narration.voices.contract import (
    About,
    Offer,
    Samples,
    Sound,
    UnsaidError,
    checked_settings,
    gently,
    join_runs,
    name_of,
)
from publisher.narration.voices.fetching import voices_folder
from publisher.narration.voices.worker_process import WorkerError, WorkerProcess
from publisher.store import file_digest

ABOUT = About("Piper")

_SETTINGS = {"rate": (0.5, 2.0, 1.0), "speaker": (0.0, 10000.0, 0.0)}
_AUDIBLE = 0.001
_JOIN = 0.05
_TRIES = 3
_START_LIMIT = 120.0
_LINE_LIMIT, _LIMIT_PER_CHARACTER = 60.0, 0.5
"""Seconds. A line takes a tenth of its sound; the rest is for machines that are slow or busy."""
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
    """A worker process with the model, and espeak-ng for words in other languages.

    `command` starts the worker and `limit` overrides the seconds that a line may take: both are for tests.
    """

    at_once = 1

    def __init__(
        self, voice: Voice, path: Path, command: Sequence[str] | None = None, limit: float | None = None
    ) -> None:
        settings = checked_settings(voice, _SETTINGS)
        self._path, self._limit = path, limit
        self._settings = {"rate": settings["rate"], "speaker": int(settings["speaker"]) or None}
        # -P: this package's own modules are not to stand in for the libraries that they are named after.
        worker = Path(__file__).with_name("piper_worker.py")
        self._worker = WorkerProcess(command or (sys.executable, "-P", str(worker), str(path)))
        try:
            hello = self._worker.start(_START_LIMIT)
        except WorkerError as problem:
            raise EngineError("piper", f"{problem} while it loaded {path}; fetch the voice again") from problem
        if "error" in hello:
            self.close()
            raise InputError(f"piper cannot load {path}: {hello['error']}; fetch the voice again")
        self._rate = int(hello["rate"])
        self._lang = str(hello["voice"]).partition("-")[0].lower()
        self._signs = frozenset(hello["signs"])
        self._identity = (
            f"piper {version('piper-tts')} {file_digest(path)} {file_digest(Path(f'{path}.json'))} "
            f"{sorted(settings.items())} abroad {version('espeakng-loader')}"
        )

    @property
    def rate(self) -> int:
        return self._rate

    @property
    def identity(self) -> str:
        return self._identity

    def speak(self, line: Line) -> Sound:
        parts: list[Samples] = []
        words: list[WordTime] = []
        placed = 0
        for lang, runs in join_runs(line.runs):
            if parts:
                parts.append(np.zeros(round(_JOIN * self.rate), dtype=np.float32))
                placed += len(parts[-1])
            if lang.partition("-")[0].lower() == self._lang:
                samples, found = self._say(runs, line)
            else:
                samples, found = self._say_abroad(replace(line, runs=tuple(runs)))
            shift = placed / self.rate
            words += [replace(word, begin=word.begin + shift, finish=word.finish + shift) for word in found]
            parts.append(samples)
            placed += len(samples)
        return Sound(np.concatenate(parts), self.rate, tuple(words))

    def close(self) -> None:
        self._worker.close()
        if self._abroad is not None:
            self._abroad.close()

    _abroad: espeak.EspeakEngine | None = None

    def _say_abroad(self, line: Line) -> tuple[Samples, Sequence[WordTime]]:
        if self._abroad is None:
            self._abroad = espeak.open(Voice("espeak"))
        sound = self._abroad.speak(line)
        return at_rate(sound.samples, sound.rate, self.rate), sound.words

    def _say(self, runs: Sequence[Spoken], line: Line) -> tuple[Samples, Sequence[WordTime]]:
        failure, answered = "", False
        for attempt in range(_TRIES):
            last = attempt == _TRIES - 1
            # Phonemes are given up only where the model would not have them: a worker that was killed says nothing.
            text = " ".join(self._text(run, line, gentle=last, phonemes=not (last and answered)) for run in runs)
            try:
                if not self._worker.running:
                    self._worker.start(_START_LIMIT)
                limit = self._limit or _LINE_LIMIT + _LIMIT_PER_CHARACTER * len(text)
                answer = self._worker.ask({"text": text, **self._settings}, limit)
            except WorkerError as problem:
                failure = str(problem)
                continue
            answered = True
            samples = np.frombuffer(answer.data[: len(answer.data) // 4 * 4], dtype=np.float32)
            if answer.head["status"] != "ok":
                failure = str(answer.head["detail"])
            elif len(answer.data) % 4:
                failure = "the model's worker answered in part"
            elif len(samples) < int(answer.head["least"]):
                failure = "the model left words out"
            elif len(samples) and float(np.abs(samples).max()) > _AUDIBLE:
                return np.clip(samples, -1, 1), _times(runs, answer.head["words"], self.rate)
            else:
                failure = "the model returned silence"
            self._worker.end()  # the next try is a fresh worker's
        raise UnsaidError(
            "piper",
            f"cannot say {name_of(line)} with {self._path}: {failure}, {_TRIES} times; "
            "respell the words with say=, fetch the voice again or choose another",
        )

    def _text(self, run: Spoken, line: Line, *, gentle: bool, phonemes: bool) -> str:
        """What is said for a run: phonemes where the model knows all of them, else the shown words."""
        if not run.ipa:
            text = run.text.replace("[[", "[ [")
            return gently(text) if gentle else text
        if self._signs.issuperset(unicodedata.normalize("NFD", run.text)) and phonemes:
            return f"[[{run.text}]]"
        return line.shown[run.shown_start : run.shown_end]


def _times(runs: Sequence[Spoken], spans: Sequence[Sequence[int]], rate: int) -> list[WordTime]:
    """The model's words as the shown characters that sound; none where it counts other words than there are."""
    shown: list[tuple[int, int]] = []
    for run in runs:
        same = not run.ipa and len(run.text) == run.shown_end - run.shown_start
        for word in re.finditer(r"\S+", run.text):
            if any(character.isalnum() for character in word[0]):
                start, end = run.shown_start + word.start(), run.shown_start + word.end()
                shown.append((start, end) if same else (run.shown_start, run.shown_end))
    if len(shown) != len(spans):
        return []
    times: list[WordTime] = []
    for (start, end), (begin, finish) in zip(shown, spans, strict=True):
        if times and (times[-1].start, times[-1].end) == (start, end):
            times[-1] = replace(times[-1], finish=finish / rate)
        else:
            times.append(WordTime(start, end, begin / rate, finish / rate))
    return times
