"""Hears one file after another of an edition, and says what is wrong with it: what its sentences sound like is known.

Every sentence is said anew once; then each file is decoded once and followed from its first sentence to its last.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

from publisher.formats.audio.decoding import decode
from publisher.formats.audio.read import clock, read
from publisher.formats.epub.overlays_read import Overlays, extract_audio
from publisher.model.artefacts import Artefact, Unit
from publisher.model.extract import Evidence, Extract
from publisher.model.findings import InputError, PublisherError, Severity
from publisher.model.mixes import CHOSEN_MIXES
from publisher.model.narration import Line, Script, Voice
from publisher.narration.lexicon import Lexicon
from publisher.narration.script import MIXES, write_script
from publisher.recorded import NO_READING, Reading, read_aloud
from publisher.store import Store
from publisher.verification.checks import Comparison, Discrepancy, Source
from publisher.verification.coverage import Coverage, coverage_of, expected_units
from publisher.verification.expected import units
from publisher.verification.hearing import UNHEARD, Due, Heard, Reporter, hear, shown
from publisher.verification.normalise import normalise
from publisher.verification.placing import due_lines
from publisher.verification.reading_along import check_moments, furniture_lines, lines_by_element
from publisher.verification.sayings import Sayings, say_anew
from publisher.verification.scripted import holders, lines_of, misplaced, untold
from publisher.verification.shown_cues import check_screen, shown_lines
from publisher.verification.signal import Signal
from publisher.verification.speakers import check_speakers
from publisher.verification.timing import check_chapters, check_cues
from publisher.verification.verdicts import Verified
from publisher.verifying.overlay_claims import check_overlays

_UNIT, _ID = attrgetter("unit"), attrgetter("id")
DEFAULT = "default"


class Ear:
    """Hears files in the folder `built`: first `prepare`, then as many as there are, at last `close`.

    `variants` are those of the files: the mixes among them are known beside those that every build makes. One that
    decodes nothing is not prepared: it reads what files say of their sound, and believes what the store says of
    recordings.
    """

    def __init__(
        self,
        built: Path,
        source: Source,
        voice: Voice,
        store: Store | None,
        variants: Iterable[str] = (),
        *,
        decodes: bool = True,
    ) -> None:
        self.built, self.source = built, source
        self.voice, self.store, self.decodes = voice, store, decodes
        publication = source.publication
        self.lexicon = Lexicon(publication.lexicon)
        chosen = tuple(mix for mix in CHOSEN_MIXES if mix in set(variants))
        self.sayings: Sayings | None = None
        self.failure = ""
        self.reading = self._read_aloud()
        named = self.reading.takes.named
        written = (write_script(publication, mix, named(publication, mix, voice)) for mix in (*MIXES, *chosen))
        self.scripts: dict[str, Script] = {script.mix: script for script in written if script.chapters}
        self.heard: dict[str, Heard] = {}
        """What was heard in recordings, by their names."""
        self.overlay_evidence: dict[str, Evidence] = {}
        """How well it is known what sounds in read-aloud editions, by their names."""
        self.whole: set[str] = set()
        """The files of which every line had something to be held against."""
        self._expected: dict[int, tuple[Coverage, tuple[Unit, ...]]] = {}

    def _read_aloud(self) -> Reading:
        """What people read of the edition, each piece listened to anew."""
        try:
            return read_aloud(self.source.publication, self.voice, self.store, anew=self.decodes)
        except PublisherError as problem:
            self.failure = str(problem).removeprefix("error: ")
            return NO_READING

    def prepare(self, overlays: Mapping[str, Overlays]) -> None:
        """Have everything said that any file may say."""
        lines = [line for script in self.scripts.values() for line in lines_of(script)]
        for one in overlays.values():
            lines += [due.line for group in self.due(one).values() for due in group]
        if self.failure:
            return
        try:
            self.sayings = say_anew(lines, self.voice, self.store, takes=self.reading.takes)
        except PublisherError as problem:
            self.failure = getattr(problem, "message", str(problem))

    def due(self, overlays: Overlays) -> dict[str, list[Due]]:
        """The lines that sound with each element of a read-aloud edition."""
        known = lines_by_element(self.read_along, overlays.around)
        furniture: dict[str, list[Due]] = {}
        for track in overlays.tracks:
            furniture |= furniture_lines(track.cues, known, self.lexicon)
        return known | furniture

    def close(self) -> None:
        self.reading.takes.close()
        if self.sayings is not None:
            self.sayings.signal.close()

    # A recording, its cues.

    def recording(self, artefact: Artefact) -> tuple[Verified, Heard | None]:
        path = self.built / artefact.name
        coverage = coverage_of(artefact)
        script = self.script_of(artefact)
        if coverage is None or script is None:
            return Verified(artefact, None), None
        reporter = self.reporter(artefact.name, coverage)
        try:
            extract = read(path)
            due = due_lines(script, self.sayings) if self.sayings is not None else []
            heard = self.hear(path, due, reporter)
        except InputError as problem:
            unreadable = reporter.tell("artefact-unreadable", f"cannot be read: {problem.message}")
            return Verified(artefact, None, (unreadable,), "it cannot be read"), None
        found = [*self.metadata(extract, coverage, reporter), *self.unsaid(script, coverage, reporter)]
        evidence = Evidence.DECLARED
        places: dict[str, str] = {}
        if heard is None:
            found.append(self.not_heard(reporter))
        else:
            found += self.of_another_voice(heard, reporter) or heard.discrepancies
            found += check_chapters(extract.chapters, script, heard, reporter)
            evidence, told = self.evidence(len(heard.unheard), reporter)
            found += told
            firsts = _firsts(heard)
            by_unit, by_line = ({key(line): at for line, at in firsts} for key in (_UNIT, _ID))
            places = self.places(coverage, by_unit, by_line)
        comparison = self.comparison(replace(extract, evidence=evidence), coverage, places, found)
        return Verified(artefact, comparison, comparison.discrepancies), heard

    def cues(self, artefact: Artefact, heard: Heard | None) -> Verified:
        coverage = coverage_of(artefact)
        script = self.script_of(artefact)
        if coverage is None or script is None:
            return Verified(artefact, None)
        reporter = self.reporter(artefact.name, coverage)
        try:
            extract = read(self.built / artefact.name)
        except InputError as problem:
            unreadable = reporter.tell("artefact-unreadable", f"cannot be read: {problem.message}")
            return Verified(artefact, None, (unreadable,), "it cannot be read")
        lines = lines_of(script)
        found = [
            *check_cues(extract.cues, heard, lines, reporter, self.sayings),
            *check_screen(extract.cues, reporter),
            *check_speakers(extract.cues, lines, self.source.publication, reporter),
            *self.unsaid(script, coverage, reporter),
        ]
        if heard is None:
            found.append(self.not_heard(reporter))
        sure = heard is not None and not heard.unheard and not self.by_clips and self.read_as_written
        evidence = Evidence.MEASURED if sure else Evidence.DECLARED
        units_of = {line.id: line.unit for line in lines}
        begins = {one.id: one.begin for one in shown_lines(extract.cues, units_of)}
        by_unit: dict[str, float] = {}
        for id, begin in begins.items():
            by_unit.setdefault(units_of.get(id, ""), begin)
        places = self.places(coverage, by_unit, begins)
        comparison = self.comparison(replace(extract, evidence=evidence), coverage, places, found)
        return Verified(artefact, comparison, comparison.discrepancies)

    # The read-aloud edition.

    def overlay(self, name: str, overlays: Overlays) -> tuple[Discrepancy, ...]:
        """What is wrong with the sound of a read-aloud edition and with when its words are shown."""
        reporter = self.reporter(name, None)
        known = lines_by_element(self.read_along, overlays.around, self.sayings)
        found = list(check_overlays(overlays, known, reporter))
        self.overlay_evidence[name] = Evidence.DECLARED
        sounding = {cue.id for track in overlays.tracks for cue in track.cues}
        for element, due in known.items():
            if element not in sounding:
                words = shown(due[-1].line)
                found.append(
                    reporter.tell(
                        "cue-missing", f"{element} has no sound of its own", unit=due[-1].line.unit, expected=words
                    )
                )
        if self.sayings is None:
            return (*found, self.not_heard(reporter))
        unheard = 0
        with tempfile.TemporaryDirectory() as folder:
            for number, track in enumerate(overlays.tracks):
                lines = {**known, **furniture_lines(track.cues, known, self.lexicon, self.sayings)}
                groups = [lines.get(cue.id, []) for cue in track.cues]
                inner = replace(reporter, artefact=f"{name} {track.name}")
                try:
                    path = extract_audio(
                        self.built / name, track.name, Path(folder) / f"{number}{Path(track.name).suffix}"
                    )
                    heard = self.hear(path, [one for group in groups for one in group], inner)
                except InputError as problem:
                    found.append(reporter.tell("artefact-unreadable", problem.message))
                    continue
                if heard is not None:
                    unheard += len(heard.unheard)
                    found += heard.discrepancies
                    found += check_moments(track.cues, heard, [len(group) for group in groups], inner)
        if overlays.tracks:
            self.overlay_evidence[name], told = self.evidence(unheard, reporter)
            found += told
        return tuple(replace(one, artefact=name) for one in found)

    # What both need.

    def hear(self, path: Path, due: Sequence[Due], reporter: Reporter) -> Heard | None:
        if self.sayings is None:
            return None
        signal = Signal(self.sayings.signal.rate)
        try:
            return hear(signal.take(decode(path, signal.rate)), self.sayings, due, reporter)
        finally:
            signal.close()

    def expected(self, coverage: Coverage) -> tuple[Unit, ...]:
        """The units that files of a coverage must hold: found once, since many files have one."""
        known = self._expected.get(id(coverage))
        if known is None:
            known = self._expected[id(coverage)] = (
                coverage,
                expected_units(self.source.publication, coverage, self.source.ties),
            )
        return known[1]

    def script_of(self, artefact: Artefact) -> Script | None:
        """What a recording, or the file of its cues, must say."""
        return self.scripts.get(artefact.variant or DEFAULT)

    @property
    def read_along(self) -> tuple[Script, ...]:
        """What read-aloud editions are made of."""
        return tuple(self.scripts[mix] for mix in MIXES if mix in self.scripts)

    def reporter(self, name: str, coverage: Coverage | None) -> Reporter:
        units = self.expected(coverage) if coverage else ()
        return Reporter(name, self.source.ties.positions, {unit.id: unit.part for unit in units})

    def evidence(self, unheard: int, reporter: Reporter) -> tuple[Evidence, tuple[Discrepancy, ...]]:
        """How well it is known what sounds, where so many lines have nothing to be held against, and what to tell."""
        if self.sayings is not None and not unheard:
            self.whole.add(reporter.artefact)
        if self.sayings is None or unheard:
            message = (
                f"{unheard} sentences cannot be heard: {self.voice.label} does not speak here again and their clips "
                "are not in the cache; build again, then verify"
            )
            return Evidence.DECLARED, (reporter.tell(UNHEARD, message, severity=Severity.WARNING),)
        if self.by_clips:
            return Evidence.DECLARED, (reporter.tell(UNHEARD, self.told_of_clips, severity=Severity.WARNING),)
        return (Evidence.MEASURED if self.read_as_written else Evidence.DECLARED), ()

    @property
    def read_as_written(self) -> bool:
        """Whether it is known that what people read is what stands there; else a file is no better than their word."""
        return self.reading.sure(line for script in self.scripts.values() for line in lines_of(script))

    @property
    def by_clips(self) -> bool:
        """Whether files are held against the build's own clips, since the voice cannot be asked again."""
        return self.sayings is not None and not self.sayings.anew

    @property
    def told_of_clips(self) -> str:
        """What that proves, and what more can be had."""
        return (
            f"held against the build's own clips, since {self.voice.label} cannot be asked again: all of them are "
            "there, whole and in order, but what they say has only that voice's word; for English, verify with --listen"
        )

    def of_another_voice(self, heard: Heard, reporter: Reporter) -> tuple[Discrepancy, ...]:
        """One finding where next to nothing is heard as it should be: another voice, or another text."""
        there = sum(begin is not None for begin in heard.begins)
        known = len(heard.lines) - len(heard.unheard)
        if there * 20 >= known:
            return ()
        lost = f"{known - there} of {known}"
        message = (
            f"{lost} sentences are not heard as {self.voice.label} says them: "
            "it is another voice, or another text; name the voice with --voice"
        )
        return (reporter.tell("audio-wrong", message),)

    def not_heard(self, reporter: Reporter) -> Discrepancy:
        why = self.failure or "there is no recording beside it"
        return reporter.tell(UNHEARD, f"cannot be heard: {why}", severity=Severity.WARNING)

    def comparison(
        self, extract: Extract, coverage: Coverage, places: Mapping[str, str], found: Iterable[Discrepancy]
    ) -> Comparison:
        expected = self.expected(coverage)
        return Comparison(extract.path, coverage, extract, expected, places, tuple(found))

    def metadata(self, extract: Extract, coverage: Coverage, reporter: Reporter) -> Iterator[Discrepancy]:
        """Title, creators, language and date, as containers hold them: all names in one field, languages by their
        codes of three letters."""
        metadata = self.source.publication.metadata
        creators = [creator.name for creator in metadata.creators if creator.role == "aut"]
        creators = creators or [creator.name for creator in metadata.creators] or [metadata.publisher]
        wanted = {
            "title": metadata.title,
            "creator": ", ".join(creators),
            "language": metadata.lang.lower().partition("-")[0],
            "date": metadata.date.isoformat() if metadata.date else "",
        }
        for name in coverage.metadata:
            if name not in wanted:
                continue
            # Of several languages the first is the text's, others are those of notes.
            told = extract.metadata.get(name, ())
            there = normalise(", ".join(told[:1] if name == "language" else told))
            should = normalise(wanted[name])
            held = there.lower().partition("-")[0] if name == "language" else there
            held = held.partition("(")[0].rstrip() if name == "title" and "(" not in should else held
            if held != should:
                message = (
                    f"the metadata say of the {name}: {there or 'nothing'}; the source says: {should or 'nothing'}"
                )
                yield reporter.tell(f"metadata-{name}", message, expected=should, found=there)

    def unsaid(self, script: Script, coverage: Coverage, reporter: Reporter) -> Iterator[Discrepancy]:
        """Units that the script has no line for, tells in other words or out of order, or should not tell."""
        publication = self.source.publication
        expected = self.expected(coverage)
        for unit, message in untold(expected, script):
            yield reporter.tell("unit-missing", f"{unit.id} {message}", unit=unit.id, expected=unit.text)
        for unit, message in misplaced(expected, units(publication), coverage.parts, script):
            check = "unit-order" if unit in expected else "unit-added"
            yield reporter.tell(check, f"{unit.id} {message}", unit=unit.id, found=unit.text)

    def places(self, coverage: Coverage, by_unit: Mapping[str, float], by_line: Mapping[str, float]) -> dict[str, str]:
        """When each unit begins to sound; what sounds within another is placed with it."""
        found = {}
        for unit in self.expected(coverage):
            for id in holders(unit):
                at = by_line.get(id, by_unit.get(id))
                if at is not None:
                    found[unit.id] = clock(max(0.0, at))
                    break
        return found


def _firsts(heard: Heard) -> list[tuple[Line, float]]:
    """Lines and when they begin, the last first, so that the first of several counts in a mapping.

    A unit with a line that is not heard has no place.
    """
    both = list(zip(heard.lines, heard.begins, strict=True))
    broken = {line.unit for line, begin in both if begin is None}
    return [(line, begin) for line, begin in both if begin is not None and line.unit not in broken][::-1]
