"""A person's reading, found and judged: for the build, which takes sentences from it, and for verify, which listens.

Where each sentence stands is kept in the store, by the recording's digest, the words and the listener; verify takes it
from there as a claim, and listens to each claimed piece anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from publisher.model.findings import Finding, FindingsError, Severity, errors
from publisher.model.mixes import CHOSEN_MIXES
from publisher.model.narration import Line, Narration, Role, Voice
from publisher.model.publication import Publication
from publisher.model.recordings import HeardWord, Recording, Take
from publisher.narration.recording import NO_TAKES, Takes, key_of
from publisher.narration.recording_cues import Cued, cued_lines, letters
from publisher.narration.recording_sound import Tape, clock, unusable
from publisher.narration.script import MIXES, VOICE_TOLD, write_script
from publisher.store import Store, digest
from publisher.verification.recognising import RATE, available, identity, is_english
from publisher.verification.recorded import Doubt, Located, judge, listeners_for, locate
from publisher.verification.recorded_speech import FRAME, Speech, speech_of

Tell = Callable[[str, int, int], None]

_VERSION = 1
"""Part of every key; to be raised when finding or judging changes."""
_PACES = 0.5, 2.0
_PACED, _FEWEST = 20, 4
"""Letters from which a sentence has a pace, and sentences from which a recording has one; and how far from the middle
of all a pace may be before it is doubted, for languages that nobody here listens to."""
_JUDGED = 0.9
"""Share of a recording's sentences that have to be judged for what it says to count as measured."""
_TOLD = 3
"""Words that a finding names."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What people read of an edition: the takes, what there is to say about them, and the keys of the lines of which
    it is not known by measurement what they say: those doubted, and those that nobody could judge."""

    takes: Takes
    findings: tuple[Finding, ...] = ()
    doubted: frozenset[str] = frozenset()
    unjudged: frozenset[str] = frozenset()

    def sure(self, lines: Iterable[Line]) -> bool:
        """Whether it is known that what people read of these lines is what stands there."""
        read = [key_of(line) for line in lines if self.takes.of(line) is not None]
        unjudged = sum(key in self.unjudged for key in read)
        return not any(key in self.doubted for key in read) and unjudged <= (1 - _JUDGED) * len(read)


NO_READING = Reading(NO_TAKES)


@dataclass(frozen=True, slots=True)
class _Held:
    """What was found in one recording."""

    located: Located
    doubts: tuple[Doubt, ...] = ()
    judged: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def read_aloud(
    publication: Publication, voice: Voice, store: Store | None, tell: Tell | None = None, *, anew: bool = False
) -> Reading:
    """Find what the recordings of a publication read. `anew` listens to every take, whatever the store says of it.

    Raises InputError where a recording cannot be used, or nobody here can find sentences in it; FindingsError where
    its cues name none.
    """
    if not publication.recordings:
        return NO_READING
    scripts = {mix: _lines(publication, mix, voice) for mix in (*MIXES, *CHOSEN_MIXES)}
    everything = _distinct([*scripts["default"], *scripts["plain"]])
    takes: dict[str, Take] = {}
    findings: list[Finding] = []
    doubted: set[str] = set()
    judged: set[str] = set()
    lines_by_key = {key_of(line): line for line in (*everything, *(one for mix in scripts.values() for one in mix))}
    for recording in publication.recordings:
        lines = _distinct(scripts[recording.mix]) if recording.mix else everything
        held = _held(recording, lines, publication.metadata.lang, store, tell, anew=anew)
        mine = {key: take for key, take in held.located.takes.items() if key not in takes}
        findings += _told(recording, held, lines, mine)
        takes |= mine
        waived = {key for key in mine if lines_by_key[key].id in recording.waived}
        doubted |= {doubt.key for doubt in held.doubts if doubt.key in mine} - waived
        judged |= (held.judged & mine.keys()) | waived
    findings += _unread(publication, lines_by_key, takes)
    told = tuple(findings)
    if errors(told):
        raise FindingsError(told)
    unjudged = frozenset(takes.keys() - judged)
    return Reading(Takes(publication.recordings, takes), told, frozenset(doubted), unjudged)


def with_findings(narrations: Mapping[str, Narration], findings: Sequence[Finding]) -> dict[str, Narration]:
    """Narrations, the first of which tells of the recordings, too."""
    made = dict(narrations)
    for mix, narration in list(made.items())[:1]:
        made[mix] = replace(narration, findings=(*narration.findings, *findings))
    return made


def _lines(publication: Publication, mix: str, voice: Voice) -> list[Line]:
    """All that a person may read of a mix. Who reads is said by the voice: it is not known before."""
    script = write_script(publication, mix, replace(voice, readers=()))
    return [line for chapter in script.chapters for line in chapter.lines if line.id != VOICE_TOLD]


def _distinct(lines: Iterable[Line]) -> list[Line]:
    return list({key_of(line): line for line in reversed(list(lines))}.values())[::-1]


# One recording


def _held(
    recording: Recording, lines: Sequence[Line], lang: str, store: Store | None, tell: Tell | None, *, anew: bool
) -> _Held:
    listens = is_english(lang) and available()
    if recording.cues is None:
        _check_language(recording, lang)
    key = digest(
        "recording",
        _VERSION,
        identity() if listens else "",
        recording.sha256,
        [key_of(line) for line in lines],
        None if recording.cues is None else [[cue.begin, cue.end, cue.id, cue.text] for cue in recording.cues],
    )
    kept = _kept(store, key)
    if kept is not None and not anew:
        return kept
    tape = Tape(recording, RATE)
    try:
        if listens:
            held = _listened(recording, tape, lines, kept, tell)
        else:
            held = kept or _by_cues(recording, tape, lines)
            held = replace(held, doubts=_paced(held, lines))
    finally:
        tape.close()
    if store is not None and kept is None and not errors(held.findings):
        store.keep(key, ".json", lambda path: _write(path, held))
    return held


def _check_language(recording: Recording, lang: str) -> None:
    beside = f"{Path(recording.name).with_suffix('.vtt')}"
    if not is_english(lang):
        why = f"sentences are found without cues in English only, and this is in {lang}; add a cue file {beside}"
        raise unusable(recording, why)
    if not available():
        install = "pip install 'concordant-publisher[listen]'"
        raise unusable(recording, f"finding its sentences needs pocketsphinx: `{install}`; or add a cue file {beside}")


def _listened(recording: Recording, tape: Tape, lines: Sequence[Line], kept: _Held | None, tell: Tell | None) -> _Held:
    """What a recording reads, where that is not known yet, and every take listened to once more."""
    spelling, listeners = listeners_for(lines, tape.duration)
    try:
        if kept is not None:
            held = kept
        elif recording.cues is not None:
            held = _by_cues(recording, tape, lines)
        else:
            about = f"listening to {recording.name}"
            progress = None if tell is None else (lambda at, of: tell(about, at, of))
            held = _Held(locate(recording, tape, lines, spelling, listeners, progress=progress))
        known = {key_of(line): names for line, names in zip(lines, spelling.lines, strict=True)}
        pairs = [(line, take) for line in lines if (take := held.located.takes.get(key_of(line))) is not None]
        takes, doubts, judged = judge(pairs, known, tape, listeners)
    finally:
        listeners.close()
    return replace(held, located=replace(held.located, takes=takes), doubts=doubts, judged=judged)


def _by_cues(recording: Recording, tape: Tape, lines: Sequence[Line]) -> _Held:
    cued, findings = cued_lines(recording.cues or (), lines)
    told = list(findings)
    speech = speech_of(tape)
    takes: dict[str, Take] = {}
    for one in cued:
        if one.end > tape.duration + 0.5:
            message = f"the cue ends at {clock(one.end)}, {recording.name} at {clock(tape.duration)}; correct it"
            told.append(Finding("cue-unknown", Severity.ERROR, message, one.cue.position))
            continue
        span = _loud_within(speech, one)
        if span is None:
            message = f"{recording.name} is silent where the cue says {one.line.id}; the voice reads it"
            told.append(Finding("recording-missing", Severity.WARNING, message, one.cue.position))
            continue
        takes.setdefault(key_of(one.line), Take(recording.name, *span, True))
    return _Held(Located(takes, duration=tape.duration), findings=tuple(told))


def _loud_within(speech: Speech, one: Cued) -> tuple[float, float] | None:
    """What is loud between a cue's times, with the silence that belongs to it; None where nothing is."""
    first = round(one.begin / FRAME)
    loud = speech.loud[first : round(one.end / FRAME)].nonzero()[0]
    if not len(loud):
        return None
    begin = max(one.begin, (first + int(loud[0])) * FRAME - 0.03)
    end = min(one.end, (first + int(loud[-1]) + 1) * FRAME + 0.06)
    return round(begin, 3), round(end, 3)


def _paced(held: _Held, lines: Sequence[Line]) -> tuple[Doubt, ...]:
    """Takes that are far too short or too long for their letters, beside the recording's others."""
    paces = {}
    for line in lines:
        take = held.located.takes.get(key_of(line))
        count = len(letters(line.said))
        if take is not None and count >= _PACED:
            paces[key_of(line)] = (take.end - take.begin) / count
    if len(paces) < _FEWEST:
        return ()
    usual = median(paces.values())
    low, high = _PACES
    return tuple(Doubt(key, (), (), True) for key, pace in paces.items() if not low <= pace / usual <= high)


# The store


def _write(path: Path, held: _Held) -> None:
    told = {
        "takes": {key: asdict(take) for key, take in held.located.takes.items()},
        "disordered": held.located.disordered,
        "strays": held.located.strays,
        "duration": held.located.duration,
        "doubts": [asdict(doubt) for doubt in held.doubts],
        "judged": sorted(held.judged),
        "cues": [[one.check, one.severity.value, one.message, _at(one)] for one in held.findings],
    }
    path.write_text(json.dumps(told), encoding="utf-8")


def _at(finding: Finding) -> list[Any]:
    place = finding.position
    return [place.path, place.line] if place is not None else []


def _kept(store: Store | None, key: str) -> _Held | None:
    path = store.find(key, ".json") if store is not None else None
    if path is None or store is None:
        return None
    try:
        return _read(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        # Damaged after it was kept: found again.
        store.drop(key, ".json")
        return None


def _read(told: Mapping[str, Any]) -> _Held:
    if told["cues"]:
        # What was said of cues has places in a file that may stand elsewhere now: asked again.
        raise ValueError
    takes = {
        key: Take(**{**take, "words": tuple(HeardWord(**word) for word in take["words"])})
        for key, take in told["takes"].items()
    }
    strays = tuple((begin, end) for begin, end in told["strays"])
    located = Located(takes, tuple(told["disordered"]), strays, told["duration"])
    doubts = tuple(Doubt(one["key"], tuple(one["missing"]), tuple(one["added"]), one["lost"]) for one in told["doubts"])
    return _Held(located, doubts, frozenset(told["judged"]))


# What there is to say


def _told(recording: Recording, held: _Held, lines: Sequence[Line], mine: Mapping[str, Take]) -> Iterator[Finding]:
    yield from held.findings
    by_key = {key_of(line): line for line in lines}
    for doubt in held.doubts:
        if doubt.key in mine:
            yield _misread(recording, doubt, by_key[doubt.key], mine[doubt.key])
    for key in held.located.disordered:
        if key in mine:
            message = f"{_named(by_key[key])} is read out of its order; its place in the text is kept"
            yield _finding("recording-order", Severity.INFO, recording, message, mine[key].begin)
    for begin, end in held.located.strays:
        message = f"{end - begin:.1f} s are spoken that are no sentence of the edition, or none well read; left out"
        yield _finding("recording-stray", Severity.WARNING, recording, message, begin)
    twice = [by_key[key] for key in held.located.takes if key not in mine]
    if twice:
        message = f"{_several(twice)} read in an earlier recording, too, which is used"
        yield _finding("recording-twice", Severity.INFO, recording, message)
    for id in recording.waived:
        if id not in {line.id for line in lines}:
            message = f"waives {id}, which is no sentence; correct it in the front matter"
            yield _finding("recording-waive", Severity.WARNING, recording, message)
    yield from _missing(recording, lines, held.located.takes)


def _misread(recording: Recording, doubt: Doubt, line: Line, take: Take) -> Finding:
    if line.id in recording.waived:
        message = f"{_named(line)} may be read otherwise, and is waived"
        return _finding("recording-misread", Severity.INFO, recording, message, take.begin)
    if take.cued and doubt.lost and not doubt.missing:
        why = f"lasts {take.end - take.begin:.1f} s, which is far from the others' pace"
    elif doubt.lost:
        why = "is not what is read there"
    else:
        heard = f" with “{' '.join(doubt.added[:_TOLD])}”" if doubt.added else ""
        instead = f" instead of “{' '.join(doubt.missing[:_TOLD])}”" if doubt.added else ""
        left = f" without “{' '.join(doubt.missing[:_TOLD])}”"
        why = (
            f"seems to be read{heard}{instead}" if doubt.added and doubt.missing else f"seems to be read{heard or left}"
        )
    message = f"{_named(line)} {why}; listen, then record it again, or waive it"
    return _finding("recording-misread", Severity.WARNING, recording, message, take.begin)


def _missing(recording: Recording, lines: Sequence[Line], takes: Mapping[str, Take]) -> Iterator[Finding]:
    """Sentences between the first and the last that a recording reads, which it does not; notes only where it reads
    any."""
    there = [number for number, line in enumerate(lines) if key_of(line) in takes]
    if not there:
        message = "holds no sentence of the edition; take it out, or correct its cues"
        yield _finding("recording-missing", Severity.WARNING, recording, message)
        return
    asides = any(lines[number].aside for number in there if lines[number].role is not Role.ANNOUNCEMENT)
    row: list[Line] = []
    at = 0.0
    for line in lines[there[0] : there[-1] + 1]:
        if key_of(line) in takes:
            if row:
                yield _left_out(recording, row, at)
            row, at = [], takes[key_of(line)].end
        elif line.role is not Role.ANNOUNCEMENT and (asides or not line.aside):
            row.append(line)


def _left_out(recording: Recording, row: Sequence[Line], at: float) -> Finding:
    message = f"{_several(row)} not read; the voice reads {'it' if len(row) == 1 else 'them'}"
    return _finding("recording-missing", Severity.WARNING, recording, message, at)


def _unread(publication: Publication, lines: Mapping[str, Line], takes: Mapping[str, Take]) -> Iterator[Finding]:
    """How much of the text no recording reads."""
    text = [key for key, line in lines.items() if line.role is not Role.ANNOUNCEMENT]
    left = sum(key not in takes for key in text)
    if left:
        message = f"people read {len(text) - left} of {len(text)} sentences; a voice reads the others"
        yield Finding("recording-share", Severity.INFO, message, where=publication.recordings[0].name)


def _finding(check: str, severity: Severity, recording: Recording, message: str, at: float | None = None) -> Finding:
    when = f" at {clock(at)}" if at is not None else ""
    return Finding(check, severity, f"{recording.name}{when}: {message}", where=str(recording.path))


def _several(lines: Sequence[Line]) -> str:
    if len(lines) == 1:
        return f"{_named(lines[0])} is"
    return f"{_named(lines[0])} and {len(lines) - 1} more, up to {lines[-1].id}, are"


def _named(line: Line) -> str:
    words = line.shown.split()
    return f"{line.id} (“{' '.join(words[:6])}{' …' if len(words) > 6 else ''}”)"
