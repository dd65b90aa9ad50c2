"""Hears what books of sound say: DAISY books, part by part, each against what it shows at the time; audiobooks, their
tracks one after the other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from publisher.formats.audio.decoding import decode, sample_rate
from publisher.formats.audiobook.read import Audiobook, extract_track, read, read_audiobook
from publisher.formats.daisy.opening_read import open_book
from publisher.formats.daisy.smil_read import Presentation, Sequence, Shown, presentation_of
from publisher.model.artefacts import Artefact
from publisher.model.extract import Evidence
from publisher.model.findings import InputError
from publisher.model.narration import Role, Script
from publisher.verification.checks import Discrepancy
from publisher.verification.compare import longest_increasing
from publisher.verification.coverage import Coverage, coverage_of
from publisher.verification.hearing import TOLERANCE, Due, Heard, Reporter, hear, quoted, shown
from publisher.verification.normalise import normalise
from publisher.verification.placing import due_lines, placed
from publisher.verification.reading_along import check_moments, lines_by_element
from publisher.verification.signal import Signal
from publisher.verification.timing import check_chapters
from publisher.verification.verdicts import Verified
from publisher.verifying.audiobook_claims import check_durations, check_entries, check_facts, check_manifest, lines_due
from publisher.verifying.daisy_claims import check_daisy, check_demanded, check_folder
from publisher.verifying.ear import DEFAULT, Ear

_OURS = frozenset(("references", "more-notes"))
"""Chapters whose headings are the edition's own words."""


def heard_books(ear: Ear, artefacts: Iterable[Artefact]) -> dict[str, tuple[Discrepancy, ...]]:
    """What is wrong with the sound of each book, and with when its words are shown; `ear` is told how that is known."""
    found: dict[str, tuple[Discrepancy, ...]] = {}
    for one in artefacts:
        if one.format == "daisy" and one.alone and (ear.built / one.name).is_file():
            reporter = ear.reporter(one.name, coverage_of(one))
            ear.overlay_evidence[one.name] = Evidence.DECLARED
            try:
                told = tuple(_daisy(ear, one.name, reporter))
            except InputError as problem:
                told = (reporter.tell("artefact-unreadable", f"cannot be read: {problem.message}"),)
            found[one.name] = tuple(replace(each, artefact=one.name) for each in told)
    return found


def heard_audiobooks(ear: Ear, artefacts: Iterable[Artefact]) -> dict[str, Verified]:
    """The verdict on each audiobook."""
    return {
        one.name: _audiobook(ear, one)
        for one in artefacts
        if one.format == "audiobook" and one.alone and (ear.built / one.name).is_file()
    }


def _audiobook(ear: Ear, artefact: Artefact) -> Verified:
    coverage, script = coverage_of(artefact), ear.scripts.get(DEFAULT)
    if coverage is None or script is None:
        return Verified(artefact, None)
    path = ear.built / artefact.name
    reporter = ear.reporter(artefact.name, coverage)
    publication = ear.source.publication
    try:
        extract, book = read(path), read_audiobook(path)
        heard, lengths = _in_turn(ear, path, book, script, reporter)
    except InputError as problem:
        unreadable = reporter.tell("artefact-unreadable", f"cannot be read: {problem.message}")
        return Verified(artefact, None, (unreadable,), "it cannot be read")
    # Unlike the tags of recordings, manifests tell authors from others, and need none.
    tagged = replace(coverage, metadata=tuple(name for name in coverage.metadata if name != "creator"))
    found = [
        *ear.metadata(extract, tagged, reporter),
        *ear.unsaid(script, coverage, reporter),
        *check_manifest(book, reporter),
        *check_facts(extract, publication, reporter),
        *(check_durations(book, lengths, extract.duration, reporter) if ear.decodes else ()),
    ]
    evidence = Evidence.DECLARED
    places: dict[str, str] = {}
    if heard is None:
        found.append(ear.not_heard(reporter))
    else:
        found += ear.of_another_voice(heard, reporter) or heard.discrepancies
        found += check_chapters(extract.chapters, script, heard, reporter)
        found += check_entries(book, lengths, list(lines_due(script, publication, heard)), reporter)
        evidence, told = ear.evidence(len(heard.unheard), reporter)
        found += told
        places = _places(ear, coverage, heard)
    comparison = ear.comparison(replace(extract, evidence=evidence), coverage, places, found)
    return Verified(artefact, comparison, comparison.discrepancies)


def _in_turn(
    ear: Ear, path: Path, book: Audiobook, script: Script, reporter: Reporter
) -> tuple[Heard | None, list[float]]:
    """What is heard in the tracks, one after the other, and how long each of them sounds, in seconds, if they are
    decoded."""
    rate = ear.sayings.signal.rate if ear.sayings is not None else None
    if not ear.decodes:
        return None, []
    signal = Signal(rate or 1)
    lengths: list[float] = []
    try:
        with tempfile.TemporaryDirectory() as scratch:
            for number, track in enumerate(book.tracks):
                copy = extract_track(path, track.name, Path(scratch) / f"{number}{Path(track.name).suffix}")
                own, frames = sample_rate(copy), 0
                for block in decode(copy, rate):
                    frames += len(block)
                    if rate is not None:
                        signal.append(block)
                lengths.append(frames / (rate or own))
                copy.unlink()
        if ear.sayings is None:
            return None, lengths
        return hear(signal, ear.sayings, due_lines(script, ear.sayings), reporter), lengths
    finally:
        signal.close()


def _places(ear: Ear, coverage: Coverage, heard: Heard) -> dict[str, str]:
    """When each unit begins to sound; a unit with a line that is not heard has no place."""
    both = list(zip(heard.lines, heard.begins, strict=True))[::-1]
    broken = {line.unit for line, begin in both if begin is None}
    by_unit = {line.unit: begin for line, begin in both if begin is not None and line.unit not in broken}
    by_line = {line.id: begin for line, begin in both if begin is not None and line.unit not in broken}
    return ear.places(coverage, by_unit, by_line)


def _daisy(ear: Ear, name: str, reporter: Reporter) -> Iterator[Discrepancy]:
    path = ear.built / name
    folder = path.with_suffix("")
    if folder.is_dir():
        yield from check_folder(path, folder, reporter)
    with open_book(path) as book, tempfile.TemporaryDirectory() as scratch:
        played = presentation_of(book)
        yield from check_daisy(played, reporter)
        yield from check_demanded(played, ear.source.publication, reporter)
        script = ear.scripts.get(DEFAULT)
        if script is None:
            return
        known = lines_by_element([script], played.around)
        yield from _all_shown(known, played, reporter)
        yield from _titles(script, played, reporter)
        yield from _lines(script, played, reporter)
        if ear.sayings is None:
            yield ear.not_heard(reporter)
            return
        unheard = 0
        seen: set[str] = set()
        for part in played.sequences:
            inner = replace(reporter, artefact=f"{name} {part.name}")
            for number, (sound, run) in enumerate(_by_sound(part)):
                groups = [known.get(one.cue.id, []) if one.cue.id not in seen else [] for one in run]
                seen |= {one.cue.id for one in run}
                target = Path(scratch) / f"{part.name}-{number}{Path(sound).suffix}"
                due = placed([one for group in groups for one in group], ear.sayings)
                try:
                    heard = ear.hear(book.copy(sound, target), due, inner)
                except InputError as problem:
                    yield inner.tell("artefact-unreadable", problem.message)
                    continue
                finally:
                    target.unlink(missing_ok=True)
                if heard is None:
                    continue
                unheard += len(heard.unheard)
                yield from heard.discrepancies
                cues = [one.cue for one in run]
                yield from check_moments(cues, heard, [len(group) for group in groups], inner)
                yield from _ends(cues[-1].end, heard.duration, inner)
        ear.overlay_evidence[name], told = ear.evidence(unheard, reporter)
        yield from told


def _by_sound(part: Sequence) -> Iterator[tuple[str, list[Shown]]]:
    """What a part shows, by the sounds that it plays, in their order."""
    run: list[Shown] = []
    for one in part.shown:
        if run and one.sound != run[-1].sound:
            yield run[-1].sound, run
            run = []
        run.append(one)
    if run:
        yield run[-1].sound, run


def _all_shown(known: Mapping[str, list[Due]], played: Presentation, reporter: Reporter) -> Iterator[Discrepancy]:
    """Every element that has words in the script is shown once, in the order of the script."""
    order = {element: number for number, element in enumerate(known)}
    there = list(dict.fromkeys(one.cue.id for part in played.sequences for one in part.shown if one.cue.id in order))
    for element in known:
        if element not in there:
            line = known[element][-1].line
            message = f"{element} has no sound of its own"
            yield reporter.tell("cue-missing", message, unit=line.unit, expected=shown(line))
    kept = set(longest_increasing([order[element] for element in there]))
    for element in there:
        if order[element] not in kept:
            line = known[element][0].line
            yield reporter.tell("cue-order", f"{element} {quoted(shown(line))} is out of order", unit=line.unit)


def _titles(script: Script, played: Presentation, reporter: Reporter) -> Iterator[Discrepancy]:
    """Each chapter is a part, under its title."""
    for chapter, part in zip_longest(script.chapters, played.sequences):
        if part is None:
            yield reporter.tell("chapter-missing", f"there is no part “{chapter.title}”", unit=chapter.id)
        elif chapter is None:
            yield reporter.tell("chapter-added", f"a part “{part.title}” stands in no source, or once too often")
        elif normalise(chapter.title) != normalise(part.title):
            message = f"{part.name} is called “{part.title}”; the source calls it “{chapter.title}”"
            yield reporter.tell("chapter-title", message, unit=chapter.id, expected=chapter.title, found=part.title)


def _lines(script: Script, played: Presentation, reporter: Reporter) -> Iterator[Discrepancy]:
    """A part without a heading of the source has a line with its title. Those of headings are held to it elsewhere."""
    first = {point.smil: point for point in reversed(played.points) if point.kind == "heading"}
    for chapter, part in zip(script.chapters, played.sequences, strict=False):
        point = first.get(part.name)
        own = chapter.lines[0].role is not Role.HEADING or chapter.id in _OURS
        if own and point is not None and normalise(point.text) != normalise(chapter.title):
            message = f"the navigation calls “{chapter.title}” “{point.text}”"
            yield reporter.tell("contents-altered", message, unit=chapter.id, expected=chapter.title, found=point.text)


def _ends(end: float, duration: float, reporter: Reporter) -> Iterator[Discrepancy]:
    """A part's last clip ends with its sound."""
    if abs(end - duration) > TOLERANCE:
        message = f"its clips end at {end:.3f} s; its sound lasts {duration:.3f} s"
        yield reporter.tell("daisy-time", message, expected=f"{duration:.3f}", found=f"{end:.3f}")
