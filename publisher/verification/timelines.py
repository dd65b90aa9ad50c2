"""Recordings as strips: from begin to end, what was heard as it should be and where a fault is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publisher.verification.verdicts import Verification, Verified


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a recording: begin and width in thousandths of its length, `proven`, `faulty` or `unverified`."""

    begin: float
    width: float
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """One recording: its name and length, and its stretches in order; `summary` says the same in words."""

    name: str
    length: str
    stretches: tuple[Stretch, ...]
    summary: str


def timelines(verification: Verification) -> tuple[Timeline, ...]:
    """A strip for each recording that was heard."""
    return tuple(line for file in verification.files for line in _timeline(file))


def _timeline(file: Verified) -> Iterator[Timeline]:
    if file.comparison is None or not file.comparison.extract.duration:
        return
    duration = file.comparison.extract.duration
    places = {unit: at for unit, place in file.comparison.places.items() if (at := _seconds(place)) is not None}
    faults = [(at, one) for one in file.discrepancies if (at := _seconds(one.place or "")) is not None]
    faulty = {one.unit for one in file.discrepancies if one.unit}
    good = "proven" if file.evidence and file.evidence.value == "measured" else "unverified"
    begun = sorted((at, unit) for unit, at in places.items())
    if not begun:
        # Nothing of it could be heard: there is no strip to show.
        return
    ends = [at for at, _ in begun[1:]] + [duration]
    stretches = [
        Stretch(
            _thousandths(at, duration),
            _thousandths(end - at, duration),
            "faulty" if unit in faulty else good,
            f"{_clock(at)} {unit}",
        )
        for (at, unit), end in zip(begun, ends, strict=True)
    ]
    # A fault that no unit has (a chapter's name, a sound more) is a mark of its own.
    stretches += [
        Stretch(_thousandths(at, duration), 3.0, "faulty", f"{_clock(at)} {one.finding.check}")
        for at, one in faults
        if one.unit not in places
    ]
    yield Timeline(file.artefact.name, _clock(duration), tuple(stretches), _summary(file, [at for at, _ in faults]))


def _summary(file: Verified, faults: Iterable[float]) -> str:
    at = sorted(set(faults))
    told = f"{file.proven()} of {file.expected()} units as they should be"
    if not at:
        return told
    shown = ", ".join(_clock(one) for one in at[:8]) + (" and more" if len(at) > 8 else "")
    return f"{told}; faults at {shown}"


def _thousandths(seconds: float, duration: float) -> float:
    return round(1000 * min(max(seconds, 0.0), duration) / duration, 2)


def _seconds(place: str) -> float | None:
    """The seconds of a place in a recording, `0:01:12.340`; None for places elsewhere."""
    try:
        hours, minutes, seconds = (float(part) for part in place.split(":"))
    except ValueError:
        return None
    return 3600 * hours + 60 * minutes + seconds


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
