"""From script to narration: every line becomes a clip, once; every clip gets its place in time.

A clip's key is the digest of the engine's identity and the words, so a clip is made again only when one of them
changes: an edited sentence costs one clip, a changed pause none. A clip in the store is a FLAC (mono, 16 bits) and,
written after it, a JSON with its rate, length and word times.

Lines and chapters begin on grids, so that each can be encoded by itself and joined to the others without a seam.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, wait
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from threading import Event, Lock

import numpy as np
import soundfile  # type: ignore[import-untyped]

from publisher.model.findings import EngineError, Finding, FindingsError, PublisherError, Severity
from publisher.model.narration import (
    Chapter,
    Clip,
    Cue,
    Line,
    Narration,
    Script,
    Voice,
    WordTime,
)
from publisher.narration.casting import Cast, identity_of, open_cast
from publisher.narration.pieces import silences
from publisher.narration.voices.contract import Engine, Sound, UnsaidError
from publisher.processes import Threads
from publisher.store import Store, digest

CLIP_VERSION = 2
"""Part of every key; to be raised when `trimmed` or the normaliser's contract changes what a clip holds."""

_AUDIBLE = 0.002
_LEAD, _TAIL, _FADE = 0.01, 0.03, 0.005
"""Seconds kept before and after the sound, and faded at both ends, so that no join clicks."""

_ENOUGH = 10
"""Lines in a row that cannot be said, after which an engine is taken to be broken."""

OpenVoice = Callable[[Voice], Engine]
Progress = Callable[[int, int], None]


def narrate(
    script: Script,
    voice: Voice,
    store: Store,
    progress: Progress | None = None,
    opener: OpenVoice = open_cast,
    *,
    rate: int | None = None,
) -> Narration:
    """Every line of a script spoken and placed in time. `progress` hears how many clips of how many are there. `rate`
    is the samples a second of another narration that this one is joined to (None: the voice's).

    What the voice cannot say, its fallback says, where it has one: then the narration's voice names those lines in
    `left`, and a finding tells of them. Where it could not be reached any more it is `gone`. A voice that is, is asked
    for nothing: what it has said before is used, and the rest is the fallback's.

    Raises EngineError where the voice cannot be reached any more, FindingsError (`sentence-unsaid`) with all the lines
    that cannot be said; the clips made until then stay in the store.
    """
    lines = [line for chapter in script.chapters for line in chapter.lines]
    spoken = _speak(lines, voice, store, progress, opener, ask=not voice.gone)
    clips, unsaid = dict(spoken.clips), spoken.unsaid
    findings: tuple[Finding, ...] = ()
    if unsaid and voice.fallback is not None:
        others = [line for line in lines if line.id in unsaid]
        instead = _speak(others, voice.fallback, store, progress, opener)
        findings = (_left_over(script, voice, instead.clips, unsaid),)
        voice = replace(voice, left=voice.left | frozenset(instead.clips), gone=spoken.given_up)
        clips |= instead.clips
        unsaid = instead.unsaid
    if unsaid:
        raise _failure(unsaid)
    return _place(script, voice, rate or spoken.rate, clips, findings)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The clips of lines by their ids, and why there is none of the others; whether the voice was `given_up`."""

    rate: int
    clips: Mapping[str, Clip]
    unsaid: Mapping[str, EngineError]
    given_up: bool


def _speak(
    lines: Sequence[Line], voice: Voice, store: Store, progress: Progress | None, opener: OpenVoice, *, ask: bool = True
) -> _Spoken:
    """Lines by a voice, from the store as far as they are there; the voice itself is asked only where `ask`, and never
    for what people read."""
    with closing(opener(voice)) as engine:
        rate = engine.rate
        keys = {line.id: clip_key(identity_of(engine, line), line) for line in lines}
        clips = {key: clip for key in sorted(set(keys.values())) if (clip := _find(store, key))}
        missing = {keys[line.id]: line for line in lines if keys[line.id] not in clips}
        done = _Counter(len(set(keys.values())) - len(missing), len(set(keys.values())), progress)
        read = {key: line for key, line in missing.items() if isinstance(engine, Cast) and engine.recorded(line)}
        said = {key: line for key, line in missing.items() if key not in read}
        places = {key: place for place, key in enumerate(dict.fromkeys(keys.values()))}
        make = partial(_make, places, engine=engine, opener=partial(opener, voice), store=store, done=done)
        made, failed, _ = make(read)
        clips |= made
        given_up = not ask
        if ask:
            made, unsaid, given_up = make(said)
            clips |= made
            failed |= unsaid
        else:
            failed |= {key: EngineError(voice.engine, "it was not asked") for key in said}
    return _Spoken(
        rate,
        {line: clips[key] for line, key in keys.items() if key in clips},
        {line: failed[key] for line, key in keys.items() if key in failed},
        given_up,
    )


def _failure(unsaid: Mapping[str, EngineError]) -> PublisherError:
    """One error for all that is not said: the engine's own where there is no use in asking it for anything."""
    for problem in unsaid.values():
        if not isinstance(problem, UnsaidError):
            return problem
    # Lines of the same words, and those that were not tried any more, share one problem: it is told once.
    told: dict[int, tuple[str, EngineError]] = {}
    for line, problem in unsaid.items():
        told.setdefault(id(problem), (line, problem))
    return FindingsError(
        Finding("sentence-unsaid", Severity.ERROR, f"{problem.engine}: {problem.message}", where=f"narration {line}")
        for line, problem in told.values()
    )


def _left_over(script: Script, voice: Voice, instead: Mapping[str, Clip], unsaid: Mapping[str, EngineError]) -> Finding:
    """Tells that a fallback has spoken, and why."""
    why = next((problem.message for problem in unsaid.values()), "").partition(";")[0]
    other = voice.fallback.label if voice.fallback else ""
    return Finding(
        "voice-fallback",
        Severity.WARNING,
        f"{len(instead)} of {sum(len(chapter.lines) for chapter in script.chapters)} sentences are said by {other}, "
        f"not by {voice.label}: {why}; build again to have {voice.label} asked again",
        where=f"narration {script.mix}",
    )


def clip_key(identity: str, line: Line) -> str:
    """What a line's clip is kept under: everything that decides its samples and its word times."""
    runs = [[run.text, run.lang, run.shown_start, run.shown_end, run.ipa] for run in line.runs]
    # Shown words are spoken only where an engine cannot read the IPA.
    shown = line.shown if any(run.ipa for run in line.runs) else ""
    return digest("clip", CLIP_VERSION, identity, runs, shown)


@dataclass
class _Counter:
    """Tells how far the work is, from whichever thread."""

    done: int
    total: int
    progress: Progress | None

    def __post_init__(self) -> None:
        self._lock = Lock()
        self._tell()

    def step(self) -> None:
        with self._lock:
            self.done += 1
            self._tell()

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.done, self.total)


def _make(
    places: Mapping[str, int],
    missing: Mapping[str, Line],
    *,
    engine: Engine,
    opener: Callable[[], Engine],
    store: Store,
    done: _Counter,
) -> tuple[dict[str, Clip], dict[str, EngineError], bool]:
    """The clips of lines, by key, shared among as many engines as work well together, why there is none of others, and
    whether the engine was given up; `places` are those of all keys in the script.

    Which engine says which line changes nothing: engines speak every line from the same state. A line that cannot be
    said costs no other; an engine that cannot be reached, or fails at line after line, is asked no more.
    """
    failed: dict[str, EngineError] = {}
    given_up = False
    helpers = min(engine.at_once, max(1, len(missing) // 8))
    waiting = iter(missing.items())
    lock, stop = Lock(), Event()

    def next_one() -> tuple[str, Line] | None:
        with lock:
            return None if stop.is_set() else next(waiting, None)

    def work(own: Engine) -> dict[str, Clip]:
        nonlocal given_up
        made = {}
        for key, line in iter(next_one, None):
            try:
                sound = own.speak(line)
            except EngineError as problem:
                with lock:
                    failed[key] = problem
                    if not isinstance(problem, UnsaidError) or _in_a_row({places[one] for one in failed}) >= _ENOUGH:
                        given_up = True
                        stop.set()
                continue
            made[key] = _keep(store, key, sound)
            done.step()
        return made

    engines = [engine]

    def work_apart() -> dict[str, Clip]:
        with closing(opener()) as own:
            engines.append(own)
            return work(own)

    if helpers == 1:
        made = work(engine)
    else:
        with Threads(helpers) as threads:
            futures = [threads.submit(work, engine), *(threads.submit(work_apart) for _ in range(helpers - 1))]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            except BaseException:
                # Interrupted: a line that takes long is not to be waited for.
                stop.set()
                for one in engines:
                    one.close()
                raise
            if any(future.done() and future.exception() for future in futures):
                stop.set()
        made = {key: clip for future in futures for key, clip in future.result().items()}
    if failed:
        # Those that were not tried any more share the failure that stopped the work.
        last = next((one for one in failed.values() if not isinstance(one, UnsaidError)), [*failed.values()][-1])
        failed |= {key: last for key in missing if key not in made and key not in failed}
    return made, failed, given_up


def _in_a_row(places: Collection[int]) -> int:
    """How many places follow one upon another, at most."""
    longest = row = 0
    for place in sorted(places):
        row = row + 1 if place - 1 in places else 1
        longest = max(longest, row)
    return longest


def trimmed(sound: Sound) -> Sound:
    """A sound without the silence around it, faded over a few milliseconds at both ends, its word times moved."""
    loud = np.nonzero(np.abs(sound.samples) > _AUDIBLE)[0]
    first = max(0, int(loud[0]) - round(_LEAD * sound.rate)) if len(loud) else 0
    last = min(len(sound.samples), int(loud[-1]) + 1 + round(_TAIL * sound.rate)) if len(loud) else 0
    samples = sound.samples[first:last].astype(np.float32, copy=True)
    fade = min(round(_FADE * sound.rate), len(samples) // 2)
    slope = np.linspace(0, 1, fade, endpoint=False, dtype=np.float32)
    samples[:fade] *= slope
    samples[len(samples) - fade :] *= slope[::-1]
    start, length = first / sound.rate, len(samples) / sound.rate
    words = tuple(
        WordTime(
            word.start,
            word.end,
            min(max(word.begin - start, 0.0), length),
            min(max(word.finish - start, 0.0), length),
        )
        for word in sound.words
    )
    return Sound(samples, sound.rate, words)


def _keep(store: Store, key: str, sound: Sound) -> Clip:
    neat = trimmed(sound)
    samples = np.clip(np.rint(neat.samples * 32768), -32768, 32767).astype(np.int16)
    clip = Clip(key, neat.rate, len(samples), neat.words)
    # Encoded in memory: libsndfile tells of a full disk late, in words of its own, or not at all.
    flac = BytesIO()
    soundfile.write(flac, samples, neat.rate, format="FLAC", subtype="PCM_16")
    times = {"rate": clip.rate, "frames": clip.frames, "words": [asdict(word) for word in clip.words]}
    with store.together():
        theirs = _whole(store, key)  # another build was quicker, and what a voice says may differ from time to time
        if theirs is None:
            store.keep(key, ".flac", lambda path: _write(path, flac.getvalue()))
            store.keep(key, ".json", lambda path: _write(path, json.dumps(times).encode()))
    return theirs or clip


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _find(store: Store, key: str) -> Clip | None:
    """The clip of a key, if the store has it: its sound and its times."""
    sound, times = store.find(key, ".flac"), store.find(key, ".json")
    if sound is None and times is None:
        return None
    if sound is not None and times is not None:
        return _told(store, key, times)
    with store.together():  # else another build may be about to keep the rest of it
        return _whole(store, key)


def _whole(store: Store, key: str) -> Clip | None:
    """As `_find`, with the store's pairs held: where one file of the two was lost, the other may not fit what is said
    next time, and goes."""
    sound, times = store.find(key, ".flac"), store.find(key, ".json")
    found = None if sound is None or times is None else _told(store, key, times)
    if found is None and (sound is not None or times is not None):
        store.drop(key, ".flac")
        store.drop(key, ".json")
    return found


def _told(store: Store, key: str, times: Path) -> Clip | None:
    try:
        told = json.loads(times.read_bytes())
        return Clip(key, told["rate"], told["frames"], tuple(WordTime(**word) for word in told["words"]))
    except (ValueError, KeyError, TypeError):
        # Damaged after it was kept, by a crash of the machine perhaps: made again.
        store.drop(key, ".json")
        return None


def _place(
    script: Script, voice: Voice, rate: int, clips: Mapping[str, Clip], findings: tuple[Finding, ...]
) -> Narration:
    cues: list[Cue] = []
    chapters: list[Chapter] = []
    now = 0
    for chapter in script.chapters:
        begin = now
        sounds = [frames_at(clips[line.id], rate) for line in chapter.lines]
        pauses = [round(line.pause * rate) for line in chapter.lines]
        for line, sound, silence in zip(chapter.lines, sounds, silences(sounds, pauses, rate), strict=True):
            cues.append(Cue(line, clips[line.id], now, now + sound))
            now += sound + silence
        chapters.append(Chapter(chapter.id, chapter.title, begin, now))
    return Narration(script.mix, voice, script.lang, rate, now, tuple(chapters), tuple(cues), findings)


def frames_at(clip: Clip, rate: int) -> int:
    """How many samples a clip takes in a narration of another rate."""
    return clip.frames if clip.rate == rate else round(clip.frames * rate / clip.rate)
