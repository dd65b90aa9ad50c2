"""Audio is heard, not believed: every sentence of a recording against how it sounds when it is said anew.

Checks: `audio-missing`, `audio-muted`, `audio-truncated`, `audio-wrong`, `audio-doubled`, `audio-added`, `audio-order`,
`audio-shifted`. Each finding names the sentence, its words and the time in the recording.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from publisher.model.findings import Finding, Severity
from publisher.model.inlines import OBJECT
from publisher.model.narration import Line
from publisher.model.source import Position
from publisher.verification.checks import Discrepancy
from publisher.verification.likeness import WINDOW, Likeness
from publisher.verification.normalise import normalise
from publisher.verification.sayings import Saying, Sayings
from publisher.verification.signal import Signal
from publisher.verification.tracking import Fate, Stray, Trace, Tracked, track

UNHEARD = "audio-unheard"
"""The check that says that a voice could not be asked again."""
TOLERANCE = 0.05
"""Seconds by which sound and what is told of it may differ."""
_MOST_TOLD = 6
"""Words that a finding quotes."""


@dataclass(frozen=True, slots=True)
class Due:
    """One line where it is due in a recording, and the seconds of silence after it."""

    line: Line
    pause: float


@dataclass(frozen=True, slots=True)
class Reporter:
    """Makes findings about one artefact. `positions` are those of the source, by unit; `parts` say what each is of."""

    artefact: str
    positions: Mapping[str, Position] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)

    def tell(
        self,
        check: str,
        message: str,
        *,
        unit: str | None = None,
        at: float | None = None,
        expected: str | None = None,
        found: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> Discrepancy:
        """One finding; `at` is the time in seconds."""
        place = clock(at) if at is not None else None
        told = f"{self.artefact}{f' at {place}' if place else ''}: {message}"
        where = f"{self.artefact} {unit}" if unit else self.artefact
        finding = Finding(check, severity, told, self.positions.get(unit or ""), where)
        return Discrepancy(finding, self.artefact, unit, self.parts.get(unit or ""), place, expected, found)


@dataclass(frozen=True, slots=True)
class Heard:
    """What hearing one recording found: for each line due where it sounds, in seconds (None: it does not), and what
    is wrong. `unheard` are the lines with nothing to compare them with."""

    lines: tuple[Line, ...]
    begins: tuple[float | None, ...]
    ends: tuple[float | None, ...]
    discrepancies: tuple[Discrepancy, ...]
    duration: float
    unheard: tuple[Line, ...] = ()


def hear(heard: Signal, sayings: Sayings, due: Sequence[Due], reporter: Reporter) -> Heard:
    """Follow the lines that are due through a recording and report what is not as it should be.

    `heard` must have the sample rate of the sayings.
    """
    known = [(number, saying) for number, one in enumerate(due) if (saying := sayings.of(one.line)) is not None]
    pauses = [due[number].pause for number, _ in known]
    tracked = track(heard, sayings.signal, [saying for _, saying in known], pauses)
    begins: list[float | None] = [None] * len(due)
    ends: list[float | None] = [None] * len(due)
    for (number, saying), trace in zip(known, tracked.traces, strict=True):
        if trace.at is not None:
            begins[number] = (trace.at - saying.lead) / heard.rate
            ends[number] = (trace.end + saying.tail) / heard.rate
    judge = _Judge(heard, tracked, pauses, reporter, gaps=len(known) < len(due))
    lines = tuple(one.line for one in due)
    found = tuple(judge.findings())
    heard_lines = {number for number, _ in known}
    unheard = tuple(line for number, line in enumerate(lines) if number not in heard_lines)
    return Heard(lines, tuple(begins), tuple(ends), found, heard.frames / heard.rate, unheard)


class _Judge:
    def __init__(
        self, heard: Signal, tracked: Tracked, pauses: Sequence[float], reporter: Reporter, *, gaps: bool
    ) -> None:
        self.heard, self.traces = heard, tracked.traces
        self.strays = list(tracked.strays)
        self.pauses, self.reporter = pauses, reporter
        self.gaps = gaps
        self.rate = heard.rate
        self.near = round(TOLERANCE * heard.rate)

    def findings(self) -> Iterator[Discrepancy]:
        for numbers in list(self.runs_of_lost()):
            yield self.lost(numbers)
        for number, trace in enumerate(self.traces):
            if trace.fate is Fate.ELSEWHERE:
                yield self.moved(number, trace)
            if trace.likeness is not None and not trace.likeness.whole:
                yield self.broken(number, trace.saying, trace.at or 0, trace.likeness)
        yield from self.shifted()
        for stray in self.strays:
            # Where lines have nothing to be compared with, what sounds and is not known may well be theirs.
            if stray.saying is not None or not self.gaps:
                yield self.stray(stray)

    def tell(
        self, check: str, message: str, saying: Saying, at: int | None, *, words: str = "", found: str | None = None
    ) -> Discrepancy:
        line = saying.line
        seconds = None if at is None else max(0.0, at / self.rate)
        told = f"{line.id} {quoted(words or shown(line))} {message}"
        return self.reporter.tell(check, told, unit=line.unit, at=seconds, expected=shown(line), found=found)

    # One sentence.

    def lost(self, numbers: Sequence[int]) -> Discrepancy:
        """Sentences in a row that are nowhere: something else is said instead, or nothing, or they were cut out."""
        number = numbers[0]
        saying = self.traces[number].saying
        begin, end, before, after = self.hole(number)
        instead = self.take_stray(before)
        if instead is not None:
            if instead.last > self.heard.frames - self.near:
                return self.tell("audio-truncated", "is cut off: the recording ends", saying, instead.first)
            other = f": {quoted(shown(instead.saying.line))}" if instead.saying else ""
            found = shown(instead.saying.line) if instead.saying else None
            return self.tell("audio-wrong", f"is not what is heard{other}", saying, instead.first, found=found)
        last = self.traces[numbers[-1]].saying.line.id
        more = f"(with {len(numbers) - 1} more, up to {last}) " if len(numbers) > 1 else ""
        frames = sum(self.traces[other].saying.frames for other in numbers)
        whole = sum(self.gap(other) for other in range(before + 1, after + 1))
        whole += sum(self.traces[other].saying.frames for other in range(before + 1, after))
        if end - begin >= whole - 0.3 * frames:
            return self.tell("audio-muted", f"{more}is silence", saying, begin + self.gap(number))
        return self.tell("audio-missing", f"{more}is not said", saying, min(begin, self.heard.frames))

    def gap(self, number: int) -> int:
        """The samples of silence before a sentence, and after the last one."""
        pause = self.pauses[number - 1] if number else 0.0
        tail = self.traces[number - 1].saying.tail if number else 0
        lead = self.traces[number].saying.lead if number < len(self.traces) else 0
        return tail + round(pause * self.rate) + lead

    def hole(self, number: int) -> tuple[int, int, int, int]:
        """From and up to where a lost sentence should sound; the numbers of the sentences around that are in place,
        −1 and the number of all for none."""
        before = next((n for n in range(number - 1, -1, -1) if self.traces[n].fate is Fate.IN_PLACE), -1)
        after = next(
            (n for n in range(number + 1, len(self.traces)) if self.traces[n].fate is Fate.IN_PLACE), len(self.traces)
        )
        begin = self.traces[before].end if before >= 0 else 0
        end = self.traces[after].at if after < len(self.traces) else None
        return begin, self.heard.frames if end is None else end, before, after

    def runs_of_lost(self) -> Iterator[list[int]]:
        """Sentences that are nowhere; those in a row, with nothing said in their place, together."""
        strays = Counter(stray.after for stray in self.strays)
        run: list[int] = []
        for number, trace in enumerate(self.traces):
            if trace.fate is not Fate.LOST:
                continue
            before = self.hole(number)[2]
            if run and (strays[before] or run[-1] != number - 1):
                yield run
                run = []
            if strays[before]:
                strays[before] -= 1
                yield [number]
            else:
                run.append(number)
        if run:
            yield run

    def take_stray(self, before: int) -> Stray | None:
        for stray in self.strays:
            if stray.after == before:
                self.strays.remove(stray)
                return stray
        return None

    def moved(self, number: int, trace: Trace) -> Discrepancy:
        begin, _, before, _ = self.hole(number)
        after = self.traces[before].saying.line.id if before >= 0 else "the begin"
        due = clock(begin / self.rate)
        return self.tell(
            "audio-order", f"is said out of order; it is due after {after}, at {due}", trace.saying, trace.at
        )

    def broken(self, number: int, saying: Saying, at: int, alike: Likeness) -> Discrepancy:
        """What is wrong with a sentence that is there in part."""
        stretches = alike.wrong_stretches()
        first, last = stretches[0][0], stretches[-1][1]
        words = self.words(saying, first, last)
        # What is left of its other words, out of step, is told by the same finding.
        self.strays = [
            stray for stray in self.strays if stray.saying is not None or stray.after not in (number, number - 1)
        ]
        window = round(WINDOW * self.rate)
        if last > saying.frames - window and self.early(number + 1, at + saying.frames):
            return self.tell("audio-truncated", "is cut off", saying, at + first, words=words)
        if first < window and self.late(number - 1, at):
            return self.tell("audio-truncated", "has lost its begin", saying, at + last, words=words)
        if _muted(stretches):
            return self.tell("audio-muted", "is silence", saying, at + first, words=words)
        return self.tell("audio-wrong", "is not what is heard", saying, at + first, words=words)

    def early(self, number: int, end: int) -> bool:
        """Whether a sentence, or the end of the recording, comes too soon after the end of the one before."""
        if number < len(self.traces):
            at = self.traces[number].at
            return at is not None and at < end + self.gap(number) - self.near
        return self.heard.frames < end + self.gap(number) - self.near

    def late(self, number: int, begin: int) -> bool:
        """Whether a sentence, or the begin of the recording, ends too late before the begin of the one after."""
        if number >= 0:
            return (
                self.traces[number].at is not None
                and self.traces[number].end + self.gap(number + 1) > begin + self.near
            )
        return begin < -self.near

    def words(self, saying: Saying, first: int, last: int) -> str:
        """The shown words that should sound from one sample up to another; all of them where that is not known."""
        begin, end = first / self.rate, last / self.rate
        hit = [word for word in saying.words if word.begin < end and word.finish > begin]
        if not hit:
            return ""
        return saying.line.shown[min(word.start for word in hit) : max(word.end for word in hit)]

    # Between sentences.

    def shifted(self) -> Iterator[Discrepancy]:
        """Sentences that begin sooner or later after the one before than its pause has it."""
        if self.gaps or not self.traces:
            return
        strays = {stray.after for stray in self.strays}
        elsewhere = [trace.at for trace in self.traces if trace.fate is Fate.ELSEWHERE and trace.at is not None]
        for number, trace in enumerate(self.traces):
            if trace.at is None or not _sound(trace):
                continue
            if number == 0:
                due = trace.saying.lead
            else:
                last = self.traces[number - 1]
                if last.at is None or not _sound(last):
                    continue
                due = last.end + last.saying.tail + round(self.pauses[number - 1] * self.rate) + trace.saying.lead
                if any(last.end <= at < trace.at for at in elsewhere):
                    continue
            off = (trace.at - due) / self.rate
            if abs(off) > TOLERANCE and number - 1 not in strays:
                message = f"begins {abs(off):.3f} s {'late' if off > 0 else 'early'}"
                yield self.tell("audio-shifted", message, trace.saying, trace.at)

    def stray(self, stray: Stray) -> Discrepancy:
        if stray.saying is not None:
            return self.tell("audio-doubled", "is said once too often", stray.saying, stray.first)
        seconds = (stray.last - stray.first) / self.rate
        after = self.traces[stray.after].saying.line if stray.after >= 0 else None
        where = f"after {after.id}" if after else "before the first words"
        message = f"something sounds for {seconds:.2f} s {where} that stands in no source"
        return self.reporter.tell(
            "audio-added", message, unit=after.unit if after else None, at=stray.first / self.rate
        )


def _muted(stretches: Sequence[tuple[int, int, bool]]) -> bool:
    """Whether most of what is wrong is silence; where a silence begins and ends, windows are neither."""
    silent = sum(last - first for first, last, hushed in stretches if hushed)
    return 2 * silent >= sum(last - first for first, last, _ in stretches)


def _sound(trace: Trace) -> bool:
    return trace.fate is Fate.IN_PLACE and trace.likeness is not None and trace.likeness.whole


def shown(line: Line) -> str:
    """The words of a line: those that are shown, with what is said for pictures and formulas."""
    text = line.shown
    for run in reversed(line.runs):
        if text[run.shown_start : run.shown_end].startswith(OBJECT):
            text = f"{text[: run.shown_start]}{run.text.rstrip(',')}{text[run.shown_end :]}"
    return normalise(text.replace(OBJECT, ""))


def quoted(text: str) -> str:
    """The first words, in quotation marks."""
    words = normalise(text).split(" ")
    return f"“{' '.join(words[:_MOST_TOLD])}{' …' if len(words) > _MOST_TOLD else ''}”"


def clock(seconds: float) -> str:
    """`72.34` → `0:01:12.340`."""
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
