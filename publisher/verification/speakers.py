"""Who is said to speak in cues: whoever signs the note that a line is said in, and nobody where it is said in none.

Check: `cue-speaker`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from publisher.model.blocks import walk
from publisher.model.extract import FoundCue
from publisher.model.narration import Line
from publisher.model.publication import Publication
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.hearing import Reporter, quoted, shown
from publisher.verification.normalise import normalise
from publisher.verification.shown_cues import shown_lines


def check_speakers(
    cues: Sequence[FoundCue], lines: Sequence[Line], publication: Publication, reporter: Reporter
) -> Iterator[Discrepancy]:
    """Every cue of a note's words names who signs the note; no other cue names anyone.

    A line is told once, whichever of its cues are wrong.
    """
    wanted = _speakers(lines, publication)
    for one in shown_lines(cues, wanted.keys()):
        if one.id not in wanted:
            continue
        line, should = wanted[one.id]
        wrong = next((cue for cue in (*one.cues, *one.again) if normalise(cue.speaker) != normalise(should)), None)
        if wrong is not None:
            message = (
                f"the cue {wrong.id} {quoted(shown(line))} is given to {wrong.speaker or 'nobody'};"
                f" it should be {should or 'nobody'}"
            )
            yield reporter.tell(
                "cue-speaker", message, unit=line.unit, at=wrong.begin, expected=should, found=wrong.speaker
            )


def _speakers(lines: Sequence[Line], publication: Publication) -> Mapping[str, tuple[Line, str]]:
    """Each line by its id, with who speaks; a footnote that is told inside a note is its signer's."""
    signers: dict[str, str] = {}
    for note in publication.notes:
        blocks = (*note.blocks, *(note.plain.blocks if note.plain is not None else ()))
        signers |= dict.fromkeys((note.id, *(node.id for node in walk(blocks))), note.by.name)
    found: dict[str, tuple[Line, str]] = {}
    signer = ""
    for line in lines:
        signer = signers.get(line.unit, signer)
        found[line.id] = line, signer if line.aside else ""
    return found
