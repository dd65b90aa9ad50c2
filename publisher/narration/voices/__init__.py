"""The registry of voices. Every module of this package that has an `ABOUT` is an engine, known by the module's name:
a new engine is a file that keeps `voices.contract`, and nothing else.

A voice's name reads `ENGINE[:NAME][,SETTING=VALUE…]`: `espeak`, `espeak:en-gb-x-rp`, `espeak:en,rate=150`,
`piper:/path/to/voice.onnx`, `gtts:co.uk`. The setting `fallback` is every engine's: the voice that says what this one
cannot (`gtts,fallback=espeak`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, cast

from publisher.model.findings import InputError
from publisher.model.narration import Voice

if TYPE_CHECKING:
    from publisher.narration.voices.contract import About, Engine, Offer

FALLBACK = "fallback"
"""The setting that names who says what a voice cannot."""

_SETTING = re.compile(r",([a-z][a-z-]*)=([^,=]*)$")
_FIRST = ("espeak", "piper", "gtts")
"""In which order they are listed; others after them, by name."""


@lru_cache(maxsize=1)
def _modules() -> Mapping[str, ModuleType]:
    names = {found.name for found in iter_modules(__path__) if not found.name.endswith("_worker")}
    order = [*(name for name in _FIRST if name in names), *sorted(names.difference(_FIRST))]
    modules = {name: import_module(f"{__name__}.{name}") for name in order}
    return {name: module for name, module in modules.items() if hasattr(module, "ABOUT")}


def engines() -> Mapping[str, About]:
    """Every engine by its name, and what it is."""
    return {name: cast("About", module.ABOUT) for name, module in _modules().items()}


def voice_from_name(name: str) -> Voice:
    """The voice of a name as the user writes it. Raises InputError where there is no such engine."""
    rest, settings = name.strip(), dict[str, str | int | float]()
    while match := _SETTING.search(rest):
        settings[match[1]] = match[2].strip()
        rest = rest[: match.start()]
    engine, _, own = rest.partition(":")
    if engine not in _modules():
        raise InputError(f"no voice engine {engine or '(empty)'}; use one of: {', '.join(_modules())}")
    fallback = settings.pop(FALLBACK, None)
    return Voice(
        engine,
        own.strip(),
        dict(sorted(settings.items())),
        fallback=voice_from_name(str(fallback)) if fallback is not None else None,
    )


def networked(voice: Voice) -> tuple[Voice, ...]:
    """Those of a voice and its roles' voices that send the text over the network."""
    return tuple(one for one in (voice, *voice.roles.values()) if engines()[one.engine].network)


def spoken_name(voice: Voice) -> str:
    """What listeners are told that they hear: the engine's name, without versions and paths; both names where some
    sentences were left to the fallback."""
    names = [voice, voice.fallback] if voice.fallback and voice.left else [voice]
    return ", ".join(engines()[one.engine].title for one in names)


def open_voice(voice: Voice) -> Engine:
    """An engine ready to speak. Raises InputError where the voice or its settings cannot be used."""
    return cast("Engine", _modules()[voice.engine].open(voice))


def available_voices() -> tuple[Offer, ...]:
    """The voices to choose from, engine by engine, those that can be used now and those that want something first."""
    return tuple(offer for module in _modules().values() for offer in cast("tuple[Offer, ...]", module.offers()))
