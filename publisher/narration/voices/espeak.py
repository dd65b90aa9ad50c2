"""espeak-ng, embedded: library and data come with a package, and nothing leaves the machine.

The library runs in a worker process (`espeak_worker`), which forks a pristine child for every line: the same words
give the same samples every time, and a text on which espeak aborts or loops costs that child alone. A line that fails
is tried again in a new child, at last with overlong words in pieces; then it is an UnsaidError that names it.
"""

from __future__ import annotations

import os
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from publisher.model.findings import EngineError, InputError
from publisher.model.narration import Line, Spoken, Voice, WordTime
from publisher.narration.voices.contract import (
    FEWEST,
    LEAST_PER_LETTER,
    About,
    Offer,
    Samples,
    Sound,
    UnsaidError,
    checked_settings,
    gently,
    join_runs,
    letters_in,
    name_of,
)
from publisher.narration.voices.phonemes import mnemonics
from publisher.narration.voices.worker_process import Answer, WorkerError, WorkerProcess

ABOUT = About("eSpeak NG")

_RATE, _VOLUME, _PITCH, _RANGE = "1", "2", "3", "4"
"""espeak_PARAMETER numbers, as the worker's JSON has them."""

_SETTINGS = {"rate": (80.0, 450.0, 165.0), "pitch": (0.0, 99.0, 50.0), "range": (0.0, 99.0, 50.0)}
_QUIET = 55
"""espeak clips at its default volume of 100; loudness is set in mixing."""

_START_LIMIT = 60.0
_LINE_LIMIT, _LIMIT_PER_CHARACTER = 20.0, 0.02
"""Seconds. A line takes a hundredth of a second; the rest is for machines that are busy."""

_WORKER_LIMIT = 10.0
"""Seconds, too: what the worker itself may take."""

_TRIES = 3
"""In a fresh child each time; the last one with overlong words in pieces, on which espeak is known to abort."""

_OUT = 0.1

_JOIN = 0.05
"""Seconds of silence between two languages of one line."""

_NOT_THIS_WORD = " \n\u00a0—–-“‘„«‹([{¿¡"
"""What stands before the next word, and is not shown as part of the one before it."""

_SPECIAL = {"zh": "cmn", "no": "nb", "nn": "nb", "iw": "he", "in": "id", "fil": "id", "sh": "sr", "en-gb": "en"}
"""Language tags that espeak files under another name."""


def offers() -> tuple[Offer, ...]:
    """The voices worth naming; any other of espeak's goes by its own name."""
    return (
        Offer("espeak", "eSpeak NG, British English for English; some 130 languages. Embedded, the default"),
        Offer("espeak:en-gb-x-rp", "eSpeak NG, Received Pronunciation"),
        Offer("espeak:en-us", "eSpeak NG, American English"),
        Offer("espeak:en-gb-scotland", "eSpeak NG, Scottish English"),
    )


def open(voice: Voice) -> EspeakEngine:
    """A worker ready to speak. Raises InputError for a voice or setting that espeak lacks."""
    return EspeakEngine(voice)


@lru_cache(maxsize=1)
def _worker_command() -> tuple[str, ...]:
    import espeakng_loader  # type: ignore[import-untyped]  # noqa: PLC0415

    worker = Path(__file__).with_name("espeak_worker.py")
    # -I -S: the worker uses the standard library alone, whatever the environment says.
    return (
        sys.executable,
        "-I",
        "-S",
        str(worker),
        str(espeakng_loader.get_library_path()),
        str(espeakng_loader.get_data_path()),
    )


class EspeakEngine:
    """One worker process and the voice that it speaks with.

    `command` starts the worker and `limit` overrides the seconds that a line may take: both are for tests.
    """

    at_once = max(1, min(4, os.cpu_count() or 1))

    def __init__(self, voice: Voice, command: Sequence[str] | None = None, limit: float | None = None) -> None:
        self._voice = voice
        self._command = tuple(command) if command is not None else _worker_command()
        self._limit = limit
        settings = checked_settings(voice, _SETTINGS)
        self._parameters = {
            _RATE: round(settings["rate"]),
            _VOLUME: _QUIET,
            _PITCH: round(settings["pitch"]),
            _RANGE: round(settings["range"]),
        }
        self._worker = WorkerProcess(self._command)
        try:
            hello = self._worker.start(_START_LIMIT)
        except WorkerError as problem:
            raise EngineError("espeak", f"{problem} before it began; reinstall the package") from problem
        self._version = str(hello["version"])
        self._rate = int(hello["rate"])
        self._names: dict[str, str] = hello["voices"]
        if voice.name and voice.name.lower() not in self._names:
            self.close()
            raise InputError(
                f"espeak has no voice {voice.name}; use one that `publisher voices` lists, or a language such as fr"
            )

    @property
    def rate(self) -> int:
        return self._rate

    @property
    def identity(self) -> str:
        release = f"{self._version} {version('espeakng-loader')}"
        return f"espeak-ng {release} {self._voice.name} {sorted(self._parameters.items())}"

    def speak(self, line: Line) -> Sound:
        failure = ""
        for attempt in range(_TRIES):
            calls = [self._call(lang, runs, line, gentle=attempt == _TRIES - 1) for lang, runs in join_runs(line.runs)]
            request = {
                "calls": [{"voice": call.voice, "text": call.text, "phonemes": call.phonemes} for call in calls],
                "parameters": self._parameters,
                "limit": self._limit or _LINE_LIMIT + _LIMIT_PER_CHARACTER * sum(len(call.text) for call in calls),
            }
            try:
                answer = self._ask(request)
            except WorkerError as problem:
                failure = str(problem)
                continue
            if answer.head["status"] != "ok":
                failure = str(answer.head["detail"])
                continue
            if not _whole(answer, calls):
                failure = "it answered in part"
                continue
            pieces = list(_pieces(answer))
            if not all(_heard(piece) for call, piece in zip(calls, pieces, strict=True) if call.has_words):
                failure = "it returned silence"
                continue
            if not all(map(self._to_the_end, calls, answer.head["calls"], pieces)):
                failure = "it left off in the middle"
                continue
            sound = self._assemble(answer, calls)
            if _heard(sound.samples):
                return sound
            failure = "it returned silence"
        raise UnsaidError(
            "espeak",
            f"cannot say {name_of(line)}: {failure}, {_TRIES} times; "
            "respell the words with say= or choose another voice",
        )

    def close(self) -> None:
        self._worker.close()

    def _to_the_end(self, call: _Call, told: Mapping[str, Any], samples: Samples) -> bool:
        """Whether the library came to the end of the text, gave out all the samples until there, and they sound for as
        long as the words take at the least."""
        position, sample = told["end"]
        letters = [at for at, character in enumerate(call.text) if character.isalnum()]
        if not letters:
            return True
        begin, end = _sounding(samples)
        quicker = self._parameters[_RATE] / _SETTINGS["rate"][2]
        count = 0 if call.phonemes else letters_in(call.text)
        least = count * LEAST_PER_LETTER / quicker if count >= FEWEST else 0.0
        # What the library says of samples is out by some hundredths of a second, and more in long texts.
        given_out = len(samples) >= (1 - _OUT) * sample - _OUT * self._rate
        return position >= letters[-1] and given_out and end - begin >= least * self._rate

    def _ask(self, request: dict[str, Any]) -> Answer:
        if not self._worker.running:
            self._worker.start(_START_LIMIT)
        # The worker keeps its child's time; some while after that, it is the worker that hangs.
        return self._worker.ask(request, request["limit"] + _WORKER_LIMIT)

    def _voice_for(self, lang: str, line: Line) -> str:
        """espeak's name for the voice of a language: the chosen one where it speaks that language."""
        if self._voice.name and _primary(self._voice.name) == _primary(lang):
            return self._names[self._voice.name.lower()]
        tag = lang.lower().replace("_", "-")
        while tag:
            name = self._names.get(_SPECIAL.get(tag, tag))
            if name is not None:
                return name
            tag = tag.rpartition("-")[0]
        raise UnsaidError(
            "espeak",
            f"has no voice for the language {lang}, wanted by {name_of(line)}; mark the words with a language that it "
            "speaks, respell them with say=, or choose another voice",
        )

    def _call(self, lang: str, runs: Sequence[Spoken], line: Line, *, gentle: bool) -> _Call:
        """One language's runs as the text of one call, IPA as mnemonics where espeak has them."""
        pieces, spans, at = [], [], 0
        phonetic = False
        for run in runs:
            text = run.text
            if run.ipa:
                sounds = mnemonics(run.text, lang)
                phonetic = phonetic or sounds is not None
                text = f"[[{sounds}]]" if sounds is not None else line.shown[run.shown_start : run.shown_end]
            else:
                text = text.replace("[[", "[ [")
                text = gently(text) if gentle else text
            pieces.append(text)
            spans.append((at, at + len(text), run))
            at += len(text) + 1
        return _Call(self._voice_for(lang, line), " ".join(pieces), phonetic, tuple(spans))

    def _assemble(self, answer: Answer, calls: Sequence[_Call]) -> Sound:
        """The calls' samples, each freed of the silence around it, with their words in the line's own offsets."""
        parts: list[Samples] = []
        words: list[WordTime] = []
        placed = 0
        gap = np.zeros(round(_JOIN * self._rate), dtype=np.float32)
        for number, (call, told, piece) in enumerate(zip(calls, answer.head["calls"], _pieces(answer), strict=True)):
            if number:
                parts.append(gap)
                placed += len(gap)
            begin, end = _sounding(piece) if len(calls) > 1 else (0, len(piece))
            words += _word_times(call, told["words"], (begin, end), placed - begin, self._rate)
            parts.append(piece[begin:end])
            placed += end - begin
        return Sound(np.concatenate(parts), self._rate, tuple(words))


@dataclass(frozen=True, slots=True)
class _Call:
    """One text in one language. `spans` say which characters of `text` are which run."""

    voice: str
    text: str
    phonemes: bool
    spans: tuple[tuple[int, int, Spoken], ...]

    @property
    def has_words(self) -> bool:
        """Whether there is something in it to be heard."""
        return any(character.isalnum() for character in self.text)


def _whole(answer: Answer, calls: Sequence[_Call]) -> bool:
    """Whether an answer holds what it says that it holds, for every call."""
    told = answer.head["calls"]
    return len(told) == len(calls) and 2 * sum(one["samples"] for one in told) == len(answer.data)


def _pieces(answer: Answer) -> Iterator[Samples]:
    """The samples of each call."""
    samples = np.frombuffer(answer.data, dtype="=i2").astype(np.float32) / np.float32(32768)
    taken = 0
    for told in answer.head["calls"]:
        yield samples[taken : taken + told["samples"]]
        taken += told["samples"]


def _heard(samples: Samples) -> bool:
    return bool(len(samples)) and float(np.abs(samples).max()) > 0.001


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _sounding(samples: Samples) -> tuple[int, int]:
    """The first sample that can be heard and the one after the last."""
    loud = np.nonzero(np.abs(samples) > 0.002)[0]
    return (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)


def _word_times(
    call: _Call, events: Sequence[Sequence[int]], part: tuple[int, int], shift: int, rate: int
) -> list[WordTime]:
    """espeak's word events as the shown characters that sound: each until the next, none left out.

    espeak merges function words ("of the") into one event: its characters run up to the next event's. The words of a
    respelt run ("three point five million pounds") stand for that run's shown characters as a whole. `part` is what
    is kept of the call's samples, `shift` what is added to them for their place in the line.
    """
    begin, end = part
    starts: list[tuple[int, int, int]] = []
    for number, (position, sample) in enumerate(events):
        until = events[number + 1][0] if number + 1 < len(events) else len(call.text)
        shown = _shown(call, position, until)
        if shown is not None and (not starts or (shown[0], shown[1]) != starts[-1][:2]):
            starts.append((*shown, min(max(sample, begin), end)))
    finishes = [*(sample for _, _, sample in starts[1:]), end][: len(starts)]
    return [
        WordTime(first, last, (sample + shift) / rate, (max(finish, sample) + shift) / rate)
        for (first, last, sample), finish in zip(starts, finishes, strict=True)
    ]


def _shown(call: _Call, position: int, until: int) -> tuple[int, int] | None:
    """The shown characters of a call's characters `position` up to `until`, or None where none begins there."""
    number = bisect_right(call.spans, position, key=itemgetter(0)) - 1
    if number < 0 or position >= call.spans[number][1]:
        return None
    first, last, run = call.spans[number]
    if run.ipa or last - first != run.shown_end - run.shown_start:
        return run.shown_start, run.shown_end
    word = call.text[position : min(until, last)].rstrip(_NOT_THIS_WORD)
    begin = run.shown_start + position - first
    return (begin, begin + len(word)) if word else None
