"""All mixes of one edition, narrated: what its listeners are told of the voice is the same in each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from publisher.model.blocks import Heading, walk
from publisher.model.findings import Finding, FindingsError, InputError
from publisher.model.narration import Narration, Voice
from publisher.model.publication import Publication
from publisher.model.source import Position
from publisher.narration.narrate import narrate
from publisher.narration.recording import NO_TAKES, Takes
from publisher.narration.script import VOICE_TOLD, write_script
from publisher.narration.voices import networked
from publisher.store import Store

Tell = Callable[[str, int, int], None]
"""Hears the mix, and how many of its clips are there."""


def narrate_mixes(
    publication: Publication, voice: Voice, mixes: Iterable[str], store: Store, tell: Tell, *, takes: Takes = NO_TAKES
) -> dict[str, Narration]:
    """The narration of every mix that has something to say, by its name. `takes` are read by people.

    Where some sentences of any mix were left to the voice's fallback, the opening of all of them names both voices.
    Raises EngineError and FindingsError as `narrate` does, the findings with positions in the manuscript.
    """
    mixes = tuple(mixes)
    narrations = _narrations(publication, voice, mixes, store, tell, takes=takes)
    left = frozenset(line for narration in narrations.values() for line in narration.voice.left)
    if left == voice.left:
        return narrations
    # What was said stays; what is said now comes from the store, but for the opening's new words.
    gone = any(narration.voice.gone for narration in narrations.values())
    told = replace(voice, left=left | {VOICE_TOLD}, gone=True)
    again = _narrations(publication, told, mixes, store, tell, takes=takes)
    left = frozenset(line for narration in again.values() for line in narration.voice.left)
    return {
        mix: replace(
            again[mix],
            voice=replace(again[mix].voice, left=left, gone=gone),
            findings=narrations[mix].findings,
        )
        for mix in again
    }


def without_network(voice: Voice) -> Voice:
    """A voice as it can be used without the network: what it has said before, its fallback for the rest.

    Raises InputError for one that needs the network and has no fallback.
    """
    asked = networked(voice)
    if not asked:
        return voice
    if voice.fallback is None or networked(voice.fallback):
        raise InputError(
            f"the voice {asked[0].label} needs the network; build without --offline, give it a fallback "
            f"({voice.label},fallback=espeak), or use --voice espeak"
        )
    return replace(voice, left=voice.left | {VOICE_TOLD}, gone=True)


def _narrations(
    publication: Publication, voice: Voice, mixes: Iterable[str], store: Store, tell: Tell, *, takes: Takes
) -> dict[str, Narration]:
    narrations = {}
    for mix in mixes:
        voice = takes.named(publication, mix, voice)
        script = write_script(publication, mix, voice)
        if script.chapters:
            try:
                narrations[mix] = narrate(script, voice, store, partial(tell, mix), takes.open)
            except FindingsError as problem:
                units = {f"narration {line.id}": line.unit for chapter in script.chapters for line in chapter.lines}
                raise FindingsError(_placed(problem.findings, units, publication)) from problem
            voice = replace(voice, left=narrations[mix].voice.left, gone=narrations[mix].voice.gone)
    return narrations


def _placed(findings: Iterable[Finding], units: Mapping[str, str], publication: Publication) -> Iterable[Finding]:
    positions = _positions(publication)
    for finding in findings:
        yield replace(finding, position=positions.get(units.get(finding.where or "", "")))


def _positions(publication: Publication) -> dict[str, Position]:
    """Where in the manuscript the units stand that lines are said for."""
    around = [passage for layer in publication.layers for passage in (layer.introduction, layer.method)]
    passages = [passage for passage in (*around, publication.glossary) if passage]
    plain = [*(one.plain for one in passages), *(one.plain for one in publication.notes)]
    held = [*publication.counterparts, *(one for one in plain if one is not None)]
    blocks = [
        *publication.blocks(),
        *(block for passage in passages for block in passage.blocks),
        *(block for note in publication.notes for block in note.blocks),
        *(block for counterpart in held for block in counterpart.blocks),
        *(block for footnote in publication.footnotes for block in footnote.blocks),
    ]
    holders = (*passages, *publication.notes, *held, *publication.footnotes)
    positions = {node.id: node.position for node in (*walk(blocks), *holders, *publication.references)}
    return positions | {
        f"{node.id}-plain": node.position for node in blocks if isinstance(node, Heading) and node.id in positions
    }
