"""What overlays tell, apart from their sound: that all words sound, once and in order, for how long, and are shown.

Checks: `cue-missing`, `cue-added`, `cue-doubled`, `cue-order`, `overlay-duration`, `overlay-class`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator

from publisher.formats.epub.overlays_read import Overlay, Overlays
from publisher.verification.checks import Discrepancy
from publisher.verification.compare import longest_increasing
from publisher.verification.hearing import TOLERANCE, Reporter, quoted


def check_overlays(overlays: Overlays, said: Container[str], reporter: Reporter) -> Iterator[Discrepancy]:
    """Everything about the overlays of a read-aloud edition that can be told without hearing it, but for the silence
    of the elements that a script has lines for: who knows the lines tells of these, `said`."""
    yield from _silent(overlays, said, reporter)
    yield from _cues(overlays, reporter)
    yield from _durations(overlays, reporter)
    if overlays.active_class is not None and not overlays.shows_active:
        message = f"no style sheet shows .{overlays.active_class}, so nobody sees which words sound"
        yield reporter.tell("overlay-class", message, found=overlays.active_class)


def _silent(overlays: Overlays, said: Container[str], reporter: Reporter) -> Iterator[Discrepancy]:
    for silent in overlays.silent:
        if silent.element is None:
            message = f"{silent.document} has no overlay: none of its words sound, and players skip it"
            yield reporter.tell("cue-missing", message)
        elif silent.element not in said:
            message = f"{silent.element} {quoted(silent.words)} in {silent.document} has no sound"
            yield reporter.tell("cue-missing", message, expected=silent.words)


def _cues(overlays: Overlays, reporter: Reporter) -> Iterator[Discrepancy]:
    """Each element sounds once, in the order of its document."""
    order = {id: number for number, id in enumerate(overlays.around)}
    seen: set[str] = set()
    for name, tracks in _by_document(overlays).items():
        known: list[str] = []
        for cue in (cue for track in tracks for cue in track.cues):
            if cue.id not in order:
                message = f"{name} has a clip of {cue.id or 'no element'}, which is not there"
                yield reporter.tell("cue-added", message, at=cue.begin, found=cue.id)
            elif cue.id in seen:
                message = f"{cue.id} {quoted(cue.text)} sounds once too often"
                yield reporter.tell("cue-doubled", message, at=cue.begin, found=cue.text)
            else:
                known.append(cue.id)
                seen.add(cue.id)
        kept = set(longest_increasing([order[id] for id in known]))
        for id in known:
            if order[id] not in kept:
                yield reporter.tell("cue-order", f"{name} has the clip of {id} out of order")


def _durations(overlays: Overlays, reporter: Reporter) -> Iterator[Discrepancy]:
    """`media:duration` of each overlay and of all (https://www.w3.org/TR/epub-33/#sec-mo-package-metadata)."""
    lasting = {name: _seconds(tracks) for name, tracks in _by_document(overlays).items()}
    for name, should in lasting.items():
        yield from _duration(name, overlays.durations.get(name), should, reporter)
    if lasting:
        yield from _duration("the whole edition", overlays.duration, sum(lasting.values()), reporter)


def _duration(what: str, told: float | None, should: float, reporter: Reporter) -> Iterator[Discrepancy]:
    if told is None or abs(told - should) > TOLERANCE:
        there = "no duration" if told is None else f"a duration of {told:.3f} s"
        message = f"{there} is told of {what}; its clips last {should:.3f} s"
        yield reporter.tell("overlay-duration", message, expected=f"{should:.3f}", found=there)


def _seconds(tracks: list[Overlay]) -> float:
    return sum(cue.end - cue.begin for track in tracks for cue in track.cues if cue.end != float("inf"))


def _by_document(overlays: Overlays) -> dict[str, list[Overlay]]:
    found: dict[str, list[Overlay]] = defaultdict(list)
    for track in overlays.tracks:
        found[track.document].append(track)
    return found
