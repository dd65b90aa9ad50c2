"""The registry of voices. Adding an engine is a module that keeps `voices.contract`, and a line in `ENGINES`.

A voice's name reads `ENGINE[:NAME][,SETTING=VALUE…]`: `espeak`, `espeak:en-gb-x-rp`, `espeak:en,rate=150`,
`piper:/path/to/voice.onnx`, `gtts:co.uk`.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, cast

from publisher.model.findings import InputError
from publisher.model.narration import Voice

if TYPE_CHECKING:
    from publisher.narration.voices.contract import Engine, Offer

ENGINES = {"espeak": "eSpeak NG", "piper": "Piper", "gtts": "Google Text-to-Speech"}
"""Each engine's module in this package, and the name by which listeners are told of it."""

NETWORKED = frozenset({"gtts"})
"""The engines that send the text to a service."""

_SETTING = re.compile(r",([a-z][a-z-]*)=([^,=]*)$")


def voice_from_name(name: str) -> Voice:
    """The voice of a name as the user writes it. Raises InputError where there is no such engine."""
    rest, settings = name.strip(), dict[str, str | int | float]()
    while match := _SETTING.search(rest):
        settings[match[1]] = match[2].strip()
        rest = rest[: match.start()]
    engine, _, own = rest.partition(":")
    if engine not in ENGINES:
        raise InputError(f"no voice engine {engine or '(empty)'}; use one of: {', '.join(ENGINES)}")
    return Voice(engine, own.strip(), dict(sorted(settings.items())))


def spoken_name(voice: Voice) -> str:
    """What listeners are told that they hear: the engine's name, without versions and paths."""
    return ENGINES[voice.engine]


def open_voice(voice: Voice) -> Engine:
    """An engine ready to speak. Raises InputError where the voice or its settings cannot be used."""
    module = import_module(f"publisher.narration.voices.{voice.engine}")
    return cast("Engine", module.open(voice))


def available_voices() -> tuple[Offer, ...]:
    """The voices to choose from, engine by engine, those that can be used now and those that want something first."""
    return tuple(
        offer
        for engine in ENGINES
        for offer in cast("tuple[Offer, ...]", import_module(f"publisher.narration.voices.{engine}").offers())
    )
