"""Google Text-to-Speech over the network, only when asked for by name: **the text leaves this machine**.

The gTTS library sets no time limit of its own, does not verify certificates, and returns as if all were well when the
service answers with nothing or with part of an answer. So its requests are sent from here: every one has a limit, what
comes back is decoded and held against the length of the words, and a failure is tried again after growing waits; then
it is an EngineError. Another voice says the rest only where the user has named one (`fallback`).
"""

from __future__ import annotations

import base64
import io
import re
import sys
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import soundfile  # type: ignore[import-untyped]

from publisher.model.findings import EngineError, InputError
from publisher.model.narration import Line, Spoken, Voice
from publisher.narration.voices.contract import (
    About,
    Offer,
    Samples,
    Sound,
    UnsaidError,
    checked_settings,
    join_runs,
    name_of,
)

ABOUT = About("Google Text-to-Speech", network=True, repeats=False)

RATE = 24000
"""Samples a second that the service sends."""

_SETTINGS = {"slow": (0.0, 1.0, 0.0), "timeout": (1.0, 300.0, 20.0)}
_WAITS = (1.0, 4.0, 15.0, 60.0)
"""Seconds before the second, third … try: the service answers 429 to those who hurry."""
_LEAST_PER_CHARACTER = 0.02
"""Seconds of speech for each letter below which an answer has been cut short; speech takes three times as long."""
_JOIN = 0.05
_AUDIBLE = 0.002

Sleep = Callable[[float], None]
Fetch = Callable[[str, str, str, bool, float], list[bytes]]
"""Text, language, top-level domain, slow, seconds → MP3s. Raises OSError or AnswerError."""

_SOUND = re.compile(rb'jQ1olc","\[\\"([^"\\]*)\\"\]')
"""Where in an answer the MP3 stands, in base 64."""
_LARGEST = 16_000_000
"""Bytes of an answer; a hundred characters are some fifty thousand."""


def offers() -> tuple[Offer, ...]:
    """The service's voices differ by the domain that is asked."""
    return (
        Offer("gtts", "Google Text-to-Speech: needs the network, and sends it the text", network=True),
        Offer("gtts:co.uk", "Google Text-to-Speech, British English: sends the text over the network", network=True),
    )


def open(voice: Voice) -> GttsEngine:
    """An engine that asks the service. Raises InputError for a setting that it lacks."""
    return GttsEngine(voice)


def fetch(text: str, lang: str, domain: str, slow: bool, timeout: float) -> list[bytes]:
    """One text from the service, as one MP3 for each piece of at most 100 characters, which go one after another.

    The library knows the service's protocol; the requests are made here, since it would neither verify certificates
    nor bound the time and size of an answer. `timeout` seconds are for each piece, from the first byte to the last.
    """
    from gtts import gTTS  # type: ignore[import-untyped]  # noqa: PLC0415  (only this voice loads its libraries)
    from requests import RequestException, Session  # noqa: PLC0415
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    speech = gTTS(text, lang=lang, tld=domain, slow=slow, lang_check=False, timeout=timeout)
    sounds = []
    for request in speech._prepare_requests():
        _tell_once(str(urlsplit(request.url).hostname))
        try:
            with Session() as session:
                # The user's proxies and authorities (REQUESTS_CA_BUNDLE) count; an answer from elsewhere does not.
                settings = session.merge_environment_settings(request.url, {}, True, None, None)
                until = time.monotonic() + timeout
                with session.send(request, timeout=timeout, allow_redirects=False, **settings) as answer:
                    if answer.status_code != 200:
                        raise AnswerError(f"the service answered {answer.status_code} {answer.reason}".strip())
                    sounds.append(_sound_in(_whole(answer.raw, until, timeout)))
        except (RequestException, HTTPError) as problem:
            raise AnswerError(_why(problem)) from problem
    return sounds


def _whole(answer: Any, until: float, timeout: float) -> bytes:
    """All of an answer, in time and in measure: a server that drips would hold a read for ever."""
    body = bytearray()
    while piece := answer.read1(1 << 16, decode_content=True):
        body += piece
        if len(body) > _LARGEST:
            raise AnswerError(f"the answer is larger than {_LARGEST:,} bytes")
        if time.monotonic() > until:
            raise AnswerError(f"the answer was not whole after {timeout:g} s")
    return bytes(body)


def _sound_in(body: bytes) -> bytes:
    """The MP3 in an answer of the service's protocol; empty where it holds none."""
    found = _SOUND.search(body)
    try:
        return base64.b64decode(found[1], validate=True) if found else b""
    except ValueError as problem:
        raise SoundError("the answer was cut short") from problem


def _why(problem: Exception) -> str:
    from requests import Timeout  # noqa: PLC0415
    from requests.exceptions import SSLError  # noqa: PLC0415

    if isinstance(problem, SSLError):
        return f"its certificate cannot be verified ({problem})"
    return f"no answer in time ({problem})" if isinstance(problem, Timeout) else str(problem)


@lru_cache(maxsize=16)
def _tell_once(host: str) -> None:
    """Nobody is to send a text away without knowing it."""
    print(f"gtts: the text leaves this machine: its sentences are sent to {host}", file=sys.stderr)


class GttsEngine:
    """`sleep` and `get` are for tests."""

    rate = RATE
    at_once = 1

    def __init__(self, voice: Voice, sleep: Sleep = time.sleep, get: Fetch = fetch) -> None:
        if voice.name and not voice.name.replace(".", "").isalpha():
            raise InputError(f"gtts has no voice {voice.name}; name a top-level domain such as com or co.uk")
        self._domain = voice.name or "com"
        settings = checked_settings(voice, _SETTINGS)
        self._slow, self._timeout = bool(settings["slow"]), settings["timeout"]
        self._sleep, self._get = sleep, get

    @property
    def identity(self) -> str:
        return f"gtts {version('gtts')} {self._domain} {self._slow}"

    def speak(self, line: Line) -> Sound:
        parts: list[Samples] = []
        for lang, runs in join_runs(line.runs):
            if parts:
                parts.append(np.zeros(round(_JOIN * RATE), dtype=np.float32))
            parts.append(self._say(_text(runs, line), _language(lang, line), line))
        return Sound(np.concatenate(parts), RATE)

    def close(self) -> None:
        """Nothing is held open between requests."""

    def _say(self, text: str, lang: str, line: Line) -> Samples:
        if not any(character.isalnum() for character in text):
            raise UnsaidError("gtts", f"cannot say {name_of(line)}: there are no words in it; say them with say=")
        failure, kind = "", EngineError
        for wait in (0.0, *_WAITS):
            if wait:
                self._sleep(wait)
            try:
                return _checked(self._get(text, lang, self._domain, self._slow, self._timeout), text)
            except (OSError, AnswerError) as problem:
                failure = " ".join(str(problem).split()) or type(problem).__name__
                # A service that answers, but with no words, may know others.
                kind = UnsaidError if isinstance(problem, SoundError) else EngineError
        raise kind(
            "gtts",
            f"the service did not say {name_of(line)} in {len(_WAITS) + 1} tries: {failure}; "
            "build again later (finished sentences are kept, and it goes on from there), have the rest said by another "
            "voice with --voice gtts,fallback=espeak, or build with --voice espeak, which needs no network",
        )


class AnswerError(Exception):
    """The service did not answer, or not as it should."""


class SoundError(AnswerError):
    """The service answered as it should, but not with the words."""


def _checked(answers: Sequence[bytes], text: str) -> Samples:
    """The answers as samples. Raises SoundError where one is empty, broken or silent, or all are too short."""
    mono: Samples = np.concatenate([_decoded(answer) for answer in answers] or [np.zeros(0, dtype=np.float32)])
    letters = sum(character.isalnum() for character in text)
    if not len(mono) or len(mono) / RATE < letters * _LEAST_PER_CHARACTER:
        raise SoundError("the answer was cut short")
    return mono


def _decoded(answer: bytes) -> Samples:
    if not answer:
        raise SoundError("the answer was empty")
    try:
        samples, rate = soundfile.read(io.BytesIO(answer), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as problem:
        raise SoundError("the answer was no MP3") from problem
    if rate != RATE:
        raise SoundError(f"the answer has {rate} samples a second, not {RATE}")
    mono: Samples = samples.mean(axis=1, dtype=np.float32)
    if not len(mono) or float(np.abs(mono).max()) < _AUDIBLE:
        raise SoundError("the answer was silence")
    return mono


def _text(runs: Sequence[Spoken], line: Line) -> str:
    """What is sent: the service takes no IPA, so the shown words stand for it."""
    return " ".join(line.shown[run.shown_start : run.shown_end] if run.ipa else run.text for run in runs)


def _language(lang: str, line: Line) -> str:
    """The service's name for a language. Raises EngineError where it has none."""
    from gtts.lang import tts_langs  # type: ignore[import-untyped]  # noqa: PLC0415

    known: dict[str, str] = {name.lower(): name for name in tts_langs()}
    tag = {"zh": "zh-cn", "nb": "no", "nn": "no", "he": "iw"}.get(lang.lower(), lang.lower())
    for candidate in (tag, tag.partition("-")[0]):
        if candidate in known:
            return known[candidate]
    raise UnsaidError(
        "gtts",
        f"has no voice for the language {lang}, wanted by {name_of(line)}; mark the words with a language that it "
        "speaks, respell them with say=, or choose another voice",
    )
