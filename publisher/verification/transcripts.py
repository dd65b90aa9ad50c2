"""What a transcript says and when, against the script and what is heard.

Checks: `unit-missing`, `unit-added`, `unit-altered` for its words, `unit-role` for headings and notes marked as such,
`unit-language`, `transcript-time` for its times, `transcript-link` for where they lead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from publisher.model.extract import FoundParagraph
from publisher.model.inlines import OBJECT
from publisher.model.narration import Line, Role
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.hearing import TOLERANCE, Heard, Reporter, clock, quoted, shown
from publisher.verification.shown_cues import signs_of

_NEVER_IN_FOOTNOTES = frozenset({Role.TITLE, Role.HEADING, Role.PARAGRAPH, Role.ITEM, Role.QUOTATION, Role.REFERENCE})
"""What is said in a footnote has its role, but for announcements, code and pictures."""
_SECOND = 1.0
"""By how much a time that people read, in whole seconds, may be before the moment."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, the number of its line or paragraph, and whether that begins with it."""

    text: str
    of: int
    first: bool


def check_transcript(
    paragraphs: Sequence[FoundParagraph],
    lines: Sequence[Line],
    heard: Heard | None,
    recording: str,
    reporter: Reporter,
    *,
    page: bool,
) -> Iterator[Discrepancy]:
    """Every line is there with its words, in order, at its time, marked as what it is; nothing else is there.

    `recording` is the file that the times of a page lead into. `heard` None: the sound is not known.
    """
    wanted = [word for number, line in enumerate(lines) for word in _words(shown(line), number)]
    found = [word for number, one in enumerate(paragraphs) for word in _words(one.text, number)]
    begins: dict[int, int] = {}
    whole: dict[int, int] = {}
    for what, a, b, c, d in _differences(wanted, found):
        if what == "equal":
            for word, there in zip(wanted[a:b], found[c:d], strict=True):
                whole.setdefault(word.of, there.of)
                if there.first:
                    begins[there.of] = word.of if word.first else -1 - word.of
        else:
            yield from _told(wanted[a:b], found[c:d], lines, paragraphs, reporter)
    for number, one in enumerate(paragraphs):
        if number in begins:
            yield from _moment(one, begins[number], lines, heard, reporter)
        if page:
            yield from _link(one, recording, reporter)
    if page and [word.text for word in wanted] == [word.text for word in found]:
        yield from _languages(lines, paragraphs, reporter)
    for number, line in enumerate(lines):
        if number in whole:
            yield from _marked(line, paragraphs[whole[number]], reporter)


def _words(text: str, of: int) -> Iterator[_Word]:
    for place, word in enumerate(signs_of(text)):
        yield _Word(word, of, place == 0)


def _differences(wanted: Sequence[_Word], found: Sequence[_Word]) -> Iterator[tuple[str, int, int, int, int]]:
    """How one sequence of words is made into the other; what both begin and end with is not looked at twice."""
    a, b = [word.text for word in wanted], [word.text for word in found]
    shorter = min(len(a), len(b))
    head = next((n for n in range(shorter) if a[n] != b[n]), shorter)
    tail = next((n for n in range(shorter - head) if a[-1 - n] != b[-1 - n]), shorter - head)
    if head:
        yield "equal", 0, head, 0, head
    inner = a[head : len(a) - tail], b[head : len(b) - tail]
    for what, i, j, k, m in SequenceMatcher(None, *inner, autojunk=False).get_opcodes():
        yield what, head + i, head + j, head + k, head + m
    if tail:
        yield "equal", len(a) - tail, len(a), len(b) - tail, len(b)


def _told(
    lost: Sequence[_Word],
    more: Sequence[_Word],
    lines: Sequence[Line],
    paragraphs: Sequence[FoundParagraph],
    reporter: Reporter,
) -> Iterator[Discrepancy]:
    """Words that are not there, or that are there instead, or too much."""
    words = " ".join(word.text for word in more)
    at = paragraphs[more[0].of].begin if more and paragraphs[more[0].of].begin >= 0 else None
    if not lost:
        yield reporter.tell("unit-added", f"{quoted(words)} stands in no source", at=at, found=words)
        return
    for number in dict.fromkeys(word.of for word in lost):
        line = lines[number]
        own = " ".join(word.text for word in lost if word.of == number)
        if not more and own == " ".join(signs_of(shown(line))):
            message = f"{line.id} {quoted(own)} is not there"
            yield reporter.tell("unit-missing", message, unit=line.unit, expected=shown(line))
        else:
            message = f"{line.id} reads otherwise: “{own}” is {f'“{words}” there' if more else 'not there'}"
            yield reporter.tell("unit-altered", message, unit=line.unit, at=at, expected=shown(line), found=words)


def _moment(
    one: FoundParagraph, line: int, lines: Sequence[Line], heard: Heard | None, reporter: Reporter
) -> Iterator[Discrepancy]:
    """A paragraph's time is that at which its first words begin, and every way in which it is told agrees."""
    if one.begin < 0:
        unit = lines[line if line >= 0 else -1 - line].unit
        yield reporter.tell("transcript-time", f"{quoted(one.text)} has no time", unit=unit)
        return
    if line < 0:
        unit = lines[-1 - line].unit
        yield reporter.tell("transcript-time", f"{quoted(one.text)} begins within a sentence", unit=unit, at=one.begin)
        return
    unit = lines[line].unit
    begin = heard.begins[line] if heard is not None else None
    if begin is not None and abs(one.begin - begin) > TOLERANCE:
        message = f"{quoted(one.text)} is told to begin here; it begins at {clock(begin)}"
        yield reporter.tell("transcript-time", message, unit=unit, at=one.begin)
    for told in one.told:
        near = _SECOND if told == int(told) else TOLERANCE
        if not -TOLERANCE <= one.begin - told < near:
            message = f"{quoted(one.text)} is told to begin here, and at {clock(max(0.0, told))}"
            yield reporter.tell("transcript-time", message, unit=unit, at=one.begin)


def _link(one: FoundParagraph, recording: str, reporter: Reporter) -> Iterator[Discrepancy]:
    if one.begin >= 0 and (one.link != recording or len(one.told) < 2):
        message = f"the time of {quoted(one.text)} leads to {one.link or 'nothing'}, and not into {recording}"
        yield reporter.tell("transcript-link", message, at=one.begin, found=one.link)


def _languages(
    lines: Sequence[Line], paragraphs: Sequence[FoundParagraph], reporter: Reporter
) -> Iterator[Discrepancy]:
    """Every letter is in the language that the voice says it in; both have the same letters."""
    found = [lang for one in paragraphs for lang, words in one.langs for sign in words if not sign.isspace()]
    at = 0
    for line in lines:
        wanted = [lang for sign, lang in _signs(line) if not sign.isspace()]
        there = found[at : at + len(wanted)]
        at += len(wanted)
        wrong = next(((one, other) for one, other in zip(wanted, there, strict=False) if one != other), None)
        if wrong is not None:
            message = f"{line.id} {quoted(shown(line))} has words in {wrong[0]} that are marked as {wrong[1] or 'none'}"
            yield reporter.tell("unit-language", message, unit=line.unit, expected=wrong[0], found=wrong[1])


def _signs(line: Line) -> Iterator[tuple[str, str]]:
    """Every character that is shown, with its language; for a formula or a picture what is said for it."""
    runs = {place: run for run in line.runs for place in range(run.shown_start, run.shown_end)}
    at = 0
    while at < len(line.shown):
        run = runs.get(at)
        if run is not None and line.shown[at] == OBJECT and at == run.shown_start:
            yield from ((sign, run.lang) for sign in run.text.rstrip(","))
            at = run.shown_end
            continue
        if line.shown[at] != OBJECT:
            yield line.shown[at], run.lang if run is not None else line.lang
        at += 1


def _marked(line: Line, one: FoundParagraph, reporter: Reporter) -> Iterator[Discrepancy]:
    """Headings are headings; what is said in a note or footnote is in one, and nothing else is."""
    heading = line.role is Role.HEADING or (line.role is Role.TITLE and line.unit == "title")
    place = one.begin if one.begin >= 0 else None
    if heading != (one.mark == "heading") and not (heading and one.mark == "note"):
        message = f"{line.id} {quoted(shown(line))} is {'no heading there' if heading else 'a heading there'}"
        yield reporter.tell("unit-role", message, unit=line.unit, at=place)
    should = "note" if line.aside else "footnote" if line.role is Role.FOOTNOTE else ""
    if should and one.mark != should:
        message = f"{line.id} {quoted(shown(line))} is not marked as said in a {should}"
    elif one.mark in ("note", "footnote") and not should and (one.mark == "note" or line.role in _NEVER_IN_FOOTNOTES):
        message = f"{line.id} {quoted(shown(line))} is marked as said in a {one.mark}"
    else:
        return
    yield reporter.tell("unit-role", message, unit=line.unit, at=place)
