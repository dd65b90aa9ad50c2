"""Cues that are given to another than who signs their note are named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from publisher.build import read_imprint_of
from publisher.manuscript.reading import read_edition
from publisher.model.extract import FoundCue
from publisher.model.narration import Line
from publisher.model.publication import Publication
from publisher.narration.script import write_script
from publisher.verification.hearing import Reporter
from publisher.verification.scripted import lines_of
from publisher.verification.speakers import check_speakers

CONSTRUCTS = Path(__file__).parents[1] / "editions" / "constructs"


@pytest.fixture(scope="module")
def publication() -> Publication:
    imprint, _ = read_imprint_of(CONSTRUCTS)
    return read_edition(CONSTRUCTS, imprint).publication


@pytest.fixture(scope="module", params=["default", "plain", "notes-after"])
def lines(request: pytest.FixtureRequest, publication: Publication) -> tuple[Line, ...]:
    return tuple(lines_of(write_script(publication, request.param)))


def cues(lines: tuple[Line, ...], publication: Publication) -> list[FoundCue]:
    """As they should be: a note is announced before anything in it is said."""
    signers = {note.id: note.by.name for note in publication.notes}
    found, by = [], ""
    for line in lines:
        by = signers.get(line.unit, by)
        found.append(FoundCue(line.id, 0, 1, line.shown, speaker=by if line.aside else ""))
    return found


def told(found: list[FoundCue], lines: tuple[Line, ...], publication: Publication) -> list[tuple[str, str | None]]:
    all_told = check_speakers(found, lines, publication, Reporter("a.vtt"))
    return [(one.finding.check, one.found) for one in all_told]


def test_cues_given_to_who_signs_their_note_give_no_finding(lines: tuple[Line, ...], publication: Publication) -> None:
    found = cues(lines, publication)
    assert any(cue.speaker for cue in found)
    assert told(found, lines, publication) == []


@pytest.mark.parametrize("speaker", ["", "Nobody Known"])
def test_every_cue_of_a_note_given_to_another_is_named(
    lines: tuple[Line, ...], publication: Publication, speaker: str
) -> None:
    found = cues(lines, publication)
    for at, cue in enumerate(found):
        if cue.speaker:
            spoilt = [*found[:at], replace(cue, speaker=speaker), *found[at + 1 :]]
            assert told(spoilt, lines, publication) == [("cue-speaker", speaker)]


def test_a_cue_of_the_text_given_to_anyone_is_named(lines: tuple[Line, ...], publication: Publication) -> None:
    found = cues(lines, publication)
    at = next(number for number, cue in enumerate(found) if not cue.speaker)
    name = next(cue.speaker for cue in found if cue.speaker)
    found[at] = replace(found[at], speaker=name)
    assert told(found, lines, publication) == [("cue-speaker", name)]


def test_one_part_of_a_line_given_to_another_is_named(lines: tuple[Line, ...], publication: Publication) -> None:
    found = cues(lines, publication)
    at, cue = next((number, cue) for number, cue in enumerate(found) if cue.speaker)
    parts = [replace(cue, id=f"{cue.id}-1of2"), replace(cue, id=f"{cue.id}-2of2", speaker="Nobody Known")]
    assert told([*found[:at], *parts, *found[at + 1 :]], lines, publication) == [("cue-speaker", "Nobody Known")]
