"""Holds what stands beside recordings against them: transcripts, and chapters for podcast players."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import replace

from publisher.formats.audio.podcast_chapters_read import read_podcast_chapters
from publisher.formats.audio.transcript_read import read_transcript
from publisher.model.artefacts import Artefact
from publisher.model.extract import Evidence, Extract
from publisher.model.findings import InputError
from publisher.model.narration import Line, Script
from publisher.verification.checks import Discrepancy
from publisher.verification.coverage import coverage_of
from publisher.verification.hearing import Heard, Reporter, quoted, shown
from publisher.verification.labels import Vocabulary
from publisher.verification.scripted import lines_of
from publisher.verification.shown_cues import words_of
from publisher.verification.timing import check_chapters
from publisher.verification.transcripts import check_transcript
from publisher.verification.verdicts import Verified
from publisher.verifying.ear import Ear

CHAPTERS = "application/json+chapters"
TRANSCRIPTS = frozenset({"text/html", "text/plain"})
BESIDE = TRANSCRIPTS | {CHAPTERS}
"""What may stand beside a recording, by media type."""


def hold_beside(ear: Ear, artefact: Artefact, recording: str, heard: Heard | None) -> Verified:
    """The verdict on a transcript or a list of chapters; `recording` is the file that it is of."""
    read: Callable[..., Extract] = read_podcast_chapters if artefact.media_type == CHAPTERS else read_transcript
    coverage, script = coverage_of(artefact), ear.script_of(artefact)
    if coverage is None or script is None:
        return Verified(artefact, None)
    reporter = ear.reporter(artefact.name, coverage)
    try:
        extract = read(ear.built / artefact.name)
    except InputError as problem:
        unreadable = reporter.tell("artefact-unreadable", f"cannot be read: {problem.message}")
        return Verified(artefact, None, (unreadable,), "it cannot be read")
    # Plain text has no place for metadata.
    stated = replace(coverage, metadata=() if artefact.media_type == "text/plain" else coverage.metadata)
    found = list(ear.metadata(extract, stated, reporter))
    places: dict[str, str] = {}
    if artefact.media_type == CHAPTERS:
        found += _chapters(extract, script, heard, reporter)
    else:
        lines, page = lines_of(script), artefact.media_type == "text/html"
        found += check_transcript(extract.paragraphs, lines, heard, recording, reporter, page=page)
        titles = {words_of(chapter.title) for chapter in script.chapters}
        found += _around(extract, ear.source.vocabulary, titles, recording, reporter)
        found += ear.unsaid(script, coverage, reporter)
        places = ear.places(coverage, *_begins(extract, lines))
    if heard is None:
        found.append(ear.not_heard(reporter))
    sure = heard is not None and not heard.unheard and not ear.by_clips
    evidence = Evidence.MEASURED if sure else Evidence.DECLARED
    comparison = ear.comparison(replace(extract, evidence=evidence), coverage, places, found)
    return Verified(artefact, comparison, comparison.discrepancies)


def _around(
    extract: Extract, vocabulary: Vocabulary, titles: Set[str], recording: str, reporter: Reporter
) -> Iterator[Discrepancy]:
    """What stands around a page's words: none from elsewhere, and contents that lead to what they name."""
    for unit in extract.units:
        if words_of(unit.text) not in titles and not vocabulary.holds(unit.text.replace(recording, " ")):
            yield reporter.tell("unit-added", f"{quoted(unit.text)} stands in no source", found=unit.text)
    lines = {one.place: one.text for one in extract.paragraphs if one.mark == "heading"}
    for link in extract.links:
        if link.resolves is False:
            message = f"the link “{link.text}” leads to {link.target}, which is not there"
            yield reporter.tell("link-target-missing", message, found=link.target)
        elif link.target in lines and words_of(lines[link.target]) != words_of(link.text):
            message = f"the line “{link.text}” of the contents leads to {quoted(lines[link.target])}"
            yield reporter.tell("contents-altered", message, found=link.text)


def _chapters(extract: Extract, script: Script, heard: Heard | None, reporter: Reporter) -> Iterator[Discrepancy]:
    if heard is not None:
        yield from check_chapters(extract.chapters, script, heard, reporter)


def _begins(extract: Extract, lines: tuple[Line, ...]) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """When units and lines begin by a transcript's own words: the time of the paragraph that holds a line's words."""
    by_unit: dict[str, float] = {}
    by_line: dict[str, float] = {}
    texts = [(words_of(one.text), one.begin) for one in extract.paragraphs]
    at = 0
    for line in lines:
        words = words_of(shown(line))
        for number in range(at, len(texts)):
            if words in texts[number][0]:
                by_line[line.id] = max(0.0, texts[number][1])
                by_unit.setdefault(line.unit, by_line[line.id])
                at = number
                break
    return by_unit, by_line
