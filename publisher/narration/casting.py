"""Who reads what: the edition's voice, and other voices for notes, headings, quotations.

A role's voice is named as any other (`espeak:en-gb-scotland`), or by settings alone (`rate=140,pitch=60`): then it is
the edition's voice with those settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace

from publisher.model.narration import Line, Voice
from publisher.model.publication import Metadata
from publisher.narration.voices import engines, open_voice, voice_from_name
from publisher.narration.voices.contract import Engine, Sound

NOTE = "note"
"""What stands for all that is said inside a note of the commentary."""

_LOWER = 14
"""By how much espeak's pitch falls for notes where the edition names no voice for them."""


def voice_for(metadata: Metadata, chosen: str | None = None) -> Voice:
    """The voices of an edition; `chosen` stands in for the one that it names.

    Notes have a voice of their own where one can be had without asking: espeak's, a little lower.
    Raises InputError for a voice that cannot be.
    """
    main = voice_from_name(chosen or metadata.voice)
    roles = {role: _like(main, name) for role, name in sorted(metadata.voices.items())}
    return _cast(main, {role: replace(voice, fallback=None) for role, voice in roles.items()})


def _cast(main: Voice, roles: Mapping[str, Voice]) -> Voice:
    """A voice with its roles' voices; its fallback with what notes have without asking."""
    own, fallback = dict(roles), main.fallback
    alone = replace(main, fallback=None)
    if NOTE not in own and main.engine == "espeak" and "pitch" not in main.settings:
        own[NOTE] = replace(alone, settings={**main.settings, "pitch": 50 - _LOWER})
    return replace(
        main,
        roles={role: voice for role, voice in own.items() if voice != alone},
        fallback=_cast(fallback, {}) if fallback is not None else None,
    )


def _like(main: Voice, name: str) -> Voice:
    if name.partition(":")[0].partition(",")[0].strip() in engines():
        return voice_from_name(name)
    settings = voice_from_name(f"{main.engine},{name.strip().lstrip(',')}")
    return replace(main, settings=dict(sorted({**main.settings, **settings.settings}.items())))


def role_of(voice: Voice, line: Line) -> str:
    """By which of a voice's roles a line is said; "" for the voice itself."""
    if line.aside and NOTE in voice.roles:
        return NOTE
    return line.role.value if line.role.value in voice.roles else ""


def open_cast(voice: Voice) -> Engine:
    """The engine of a voice, or all of those that its roles need. Raises InputError where one cannot be used."""
    return Cast(voice) if voice.roles else open_voice(voice)


def identity_of(engine: Engine, line: Line) -> str:
    """Everything but the words that decides how an engine says this line."""
    return engine.speaker(line).identity if isinstance(engine, Cast) else engine.identity


class Cast:
    """Several engines as one: each line goes to the one that its role has. Keeps `voices.contract`."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._engines: dict[str, Engine] = {}
        try:
            self._engines[""] = open_voice(replace(voice, roles={}, fallback=None))
            for role, other in voice.roles.items():
                self._engines[role] = open_voice(other)
        except BaseException:
            self.close()
            raise

    @property
    def rate(self) -> int:
        return self._engines[""].rate

    @property
    def identity(self) -> str:
        return " | ".join(f"{role} {engine.identity}" for role, engine in self._engines.items())

    @property
    def at_once(self) -> int:
        return min(engine.at_once for engine in self._engines.values())

    def speaker(self, line: Line) -> Engine:
        """The engine that says a line."""
        return self._engines[role_of(self._voice, line)]

    def recorded(self, _line: Line) -> bool:
        """Whether a person reads the line: then no voice is asked for it."""
        return False

    def speak(self, line: Line) -> Sound:
        # At its own engine's rate: so its clip is the same whichever the other voices are.
        return self.speaker(line).speak(line)

    def close(self) -> None:
        _close_all(list(self._engines.values()))


def _close_all(engines: Sequence[Engine]) -> None:
    """Close every engine, also where one of them fails to."""
    if engines:
        with closing(engines[0]):
            _close_all(engines[1:])
