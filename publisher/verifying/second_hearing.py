"""Hears an edition's files with sound once more, by one who knows English and none of our voices.

Each sentence is looked for where the file itself says that it sounds, by its cues or overlays; where it is not there,
where the hearing found it. Nothing of the hearing's own measure, the voice, is used.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.formats.audio.decoding import decode
from publisher.formats.audio.read import read
from publisher.formats.epub.overlays_read import Overlay, Overlays, extract_audio
from publisher.model.artefacts import Artefact
from publisher.model.extract import Evidence, FoundCue
from publisher.model.findings import InputError, Severity
from publisher.model.narration import Line
from publisher.verification.aligning import RATE
from publisher.verification.checks import Discrepancy
from publisher.verification.hearing import UNHEARD, Due, Heard, Reporter
from publisher.verification.scripted import lines_of
from publisher.verification.seconding import Opinion, Seconder, Timed, told_of
from publisher.verification.shown_cues import shown_lines
from publisher.verification.signal import Signal
from publisher.verification.verdicts import Listening, Verified
from publisher.verifying.ear import Ear

_NEARLY_ALL = 0.9
"""Share of the sentences on which a second opinion has to be had for it to count."""


def seconded(first: Listening, ear: Ear, overlays: Mapping[str, Overlays]) -> Listening:
    """What was found, and a second opinion on every recording and read-aloud edition."""
    due = {name: ear.due(one) for name, one in overlays.items()}
    lines = [line for script in ear.scripts.values() for line in lines_of(script)]
    lines += [one.line for known in due.values() for group in known.values() for one in group]
    seconder = Seconder(lines)
    try:
        files, opinions, found = dict(first.files), dict[str, str](), dict(first.overlays)
        evidence = dict(first.evidence)
        for name, verified in first.files.items():
            script = ear.script_of(verified.artefact)
            sounds = verified.artefact.media_type.startswith("audio/")
            if not sounds or verified.comparison is None or script is None:
                continue
            reporter = ear.reporter(name, verified.comparison.coverage)
            heard = ear.heard.get(name)
            told = second_recording(ear.built / name, lines_of(script), heard, seconder, reporter)
            both = (*verified.discrepancies, *told.discrepancies)
            files[name] = replace(verified, discrepancies=both, opinion=str(told.opinion))
            if _vouched(ear, name, told.opinion):
                files[name] = _measured(files[name])
                files |= {other: _measured(files[other]) for other in _beside(verified.artefact, files)}
        for name, one in overlays.items():
            lang = ear.source.publication.metadata.lang
            told = second_overlays(ear.built / name, one, (due[name], lang), seconder, ear.reporter(name, None))
            found[name] = (*found[name], *told.discrepancies)
            opinions[name] = str(told.opinion)
            if _vouched(ear, name, told.opinion):
                evidence[name] = Evidence.MEASURED
                found[name] = _eased(found[name])
        return Listening(files, found, evidence, opinions, first.recorded)
    finally:
        seconder.close()


def _beside(recording: Artefact, files: Mapping[str, Verified]) -> Iterator[str]:
    """The cues, transcripts and chapters of a recording."""
    for name, other in files.items():
        one = other.artefact
        if (one.format, one.variant) == (recording.format, recording.variant) and not one.media_type.startswith(
            "audio/"
        ):
            yield name


def _vouched(ear: Ear, name: str, opinion: Opinion) -> bool:
    """Whether a second opinion makes up for a voice that could not be asked again: it judged next to every sentence,
    and recognised each."""
    judged_all = opinion.recognised == opinion.judged >= _NEARLY_ALL * opinion.lines
    return ear.by_clips and name in ear.whole and judged_all


def _measured(verified: Verified) -> Verified:
    if verified.comparison is None:
        return verified
    comparison = replace(verified.comparison, extract=replace(verified.comparison.extract, evidence=Evidence.MEASURED))
    return replace(verified, comparison=comparison, discrepancies=_eased(verified.discrepancies))


def _eased(found: Iterable[Discrepancy]) -> tuple[Discrepancy, ...]:
    """That the voice could not be asked again is only to be known, once somebody else has recognised what it said."""
    return tuple(
        replace(one, finding=replace(one.finding, severity=Severity.INFO)) if one.finding.check == UNHEARD else one
        for one in found
    )


@dataclass(frozen=True, slots=True)
class Seconded:
    """A second opinion on one file, and what it found."""

    opinion: Opinion
    discrepancies: tuple[Discrepancy, ...]


def second_recording(
    path: Path, lines: Sequence[Line], heard: Heard | None, seconder: Seconder, reporter: Reporter
) -> Seconded:
    """A second opinion on a recording, by the cues of its name beside it, else by where the lines were heard."""
    try:
        cues = _cues_beside(path)
        timed = _by_cues(lines, cues, heard) if cues else _by_hearing(heard)
        opinion, found = _judged(path, timed, seconder, reporter)
    except InputError:
        # The hearing has told already that it cannot be read.
        return Seconded(Opinion(len(lines), 0, 0), ())
    lang = lines[0].lang if lines else ""
    return Seconded(opinion, (*found, told_of(opinion, lang, reporter)))


def second_overlays(
    path: Path,
    overlays: Overlays,
    known: tuple[Mapping[str, Sequence[Due]], str],
    seconder: Seconder,
    reporter: Reporter,
) -> Seconded:
    """A second opinion on the sound of a read-aloud edition; `known` are the lines that sound with each element, and
    the edition's language."""
    due, lang = known
    whole = Opinion(0, 0, 0)
    found: list[Discrepancy] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, track in enumerate(overlays.tracks):
            inner = replace(reporter, artefact=f"{reporter.artefact} {track.name}")
            try:
                sound = extract_audio(path, track.name, Path(folder) / f"{number}{Path(track.name).suffix}")
                opinion, told = _judged(sound, _by_overlay(track, due), seconder, inner)
            except InputError:
                continue
            whole += opinion
            found += [replace(one, artefact=reporter.artefact) for one in told]
            sound.unlink()
    return Seconded(whole, (*found, told_of(whole, lang, reporter)))


def _judged(
    path: Path, timed: Sequence[Timed], seconder: Seconder, reporter: Reporter
) -> tuple[Opinion, tuple[Discrepancy, ...]]:
    signal = Signal(RATE)
    try:
        return seconder.judge(signal.take(decode(path, RATE)), timed, reporter)
    finally:
        signal.close()


def _cues_beside(recording: Path) -> tuple[FoundCue, ...]:
    path = recording.with_suffix(".vtt")
    return read(path).cues if path.is_file() else ()


def _by_cues(lines: Sequence[Line], cues: Sequence[FoundCue], heard: Heard | None) -> list[Timed]:
    shown = shown_lines(cues, {line.id for line in lines})
    times = {one.id: (one.begin, one.end) for one in reversed(shown)}
    known = _heard(heard)
    return [Timed((line,), *times[line.id], known.get(line.id)) for line in lines if line.id in times]


def _by_hearing(heard: Heard | None) -> list[Timed]:
    known = _heard(heard)
    return [Timed((line,), *known[line.id]) for line in (heard.lines if heard else ()) if line.id in known]


def _heard(heard: Heard | None) -> dict[str, tuple[float, float]]:
    if heard is None:
        return {}
    spans = zip(heard.lines, heard.begins, heard.ends, strict=True)
    return {line.id: (begin, end) for line, begin, end in spans if begin is not None and end is not None}


def _by_overlay(track: Overlay, due: Mapping[str, Sequence[Due]]) -> list[Timed]:
    """A clip lasts until the next begins: the pause after its words is left out."""
    found = []
    for cue in track.cues:
        lines = due.get(cue.id, ())
        if lines:
            end = max(cue.begin, cue.end - lines[-1].pause)
            found.append(Timed(tuple(one.line for one in lines), cue.begin, end))
    return found
