"""The transcript: what a recording says, in the order of hearing, with times; as plain text and as a page.

A paragraph is what is said of one block, so that its time is where its first words begin. The page's times lead into
the recording (https://www.w3.org/TR/media-frags/#naming-time); it runs nothing and loads nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

from publisher.formats.audio.cueing import Letter, letters_of
from publisher.model.blocks import Heading, walk
from publisher.model.narration import Cue, Line, Narration, Role
from publisher.model.publication import Publication
from publisher.rendering.digests import by_digest
from publisher.rendering.markup import root_attributes, spoken_in
from publisher.rendering.words import words_for

if TYPE_CHECKING:
    from publisher.formats.contract import Job

_LABEL = 0.2
"""Seconds: an announcement with no more silence after it belongs to what it announces."""
NOTE, FOOTNOTE = "note", "footnote"
MARKS = {"": " ", "heading": "#", NOTE: ">", FOOTNOTE: "*"}
"""How a line of the plain text says what it is."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is said of one block from `begin` on, in seconds. `level` is a heading's; 0 for what is none."""

    id: str
    begin: float
    lines: tuple[Line, ...]
    level: int
    around: str

    @property
    def element(self) -> str:
        return f"h{self.level}" if self.level else "p"

    @property
    def lang(self) -> Markup:
        """The attributes of its language, where it is not the edition's."""
        return spoken_in(self.lines[0].lang, self.around)

    @property
    def words(self) -> Markup:
        """Its words, those in other languages marked, and those that are the recording's own."""
        return Markup(" ").join(_marked(line, self.lines[0].lang) for line in self.lines)

    @property
    def text(self) -> str:
        return " ".join(shown_text(line) for line in self.lines)

    @property
    def t(self) -> str:
        """The time as the fragment of an address has it."""
        return f"{self.begin:.2f}"

    @property
    def datetime(self) -> str:
        """The time as a duration of ISO 8601."""
        return f"PT{self.begin:.2f}S"

    @property
    def clock(self) -> str:
        """The time as people read it."""
        minutes, seconds = divmod(int(round(self.begin, 2)), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes}:{seconds:02}"


@dataclass(slots=True)
class Passage:
    """Paragraphs together: all of a note (`note`), of a footnote (`footnote`), or such as are neither."""

    kind: str
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """A chapter of the transcript."""

    title: str
    lang: Markup
    blocks: tuple[Passage, ...]

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return tuple(paragraph for block in self.blocks for paragraph in block.paragraphs)


def transcript(narration: Narration, publication: Publication) -> tuple[Told, ...]:
    """What a narration says, chapter by chapter."""
    levels = _levels(publication)
    notes = {note.id for note in publication.notes}
    footnotes = {footnote.id for footnote in publication.footnotes}
    waiting = list(narration.cues)
    told: list[Told] = []
    for chapter in narration.chapters:
        own = [cue for cue in waiting if cue.first < chapter.last]
        waiting = waiting[len(own) :]
        blocks = tuple(_passages(own, narration, levels, notes, footnotes))
        if blocks:
            told.append(Told(chapter.title, spoken_in(own[0].line.lang, narration.lang), blocks))
    return tuple(told)


def _levels(publication: Publication) -> dict[str, int]:
    """The levels of headings by the units that say them; those of passages and gathered notes are 2."""
    found: dict[str, int] = {"title": 1}
    for node in walk(publication.blocks()):
        if isinstance(node, Heading):
            found[node.id] = found[f"{node.id}-plain"] = min(6, node.level)
    return found


def _passages(
    cues: Sequence[Cue], narration: Narration, levels: dict[str, int], notes: set[str], footnotes: set[str]
) -> Iterator[Passage]:
    passage = Passage("")
    footnote = ""
    for group in _paragraphs(cues):
        first = group[0].line
        footnote = first.unit if first.unit in footnotes and first.role is Role.ANNOUNCEMENT else footnote
        kind = NOTE if first.aside else FOOTNOTE if footnote else ""
        fresh = first.unit in (notes if kind == NOTE else footnotes) and first.id == f"{first.unit}-begin"
        if kind != passage.kind or fresh:
            if passage.paragraphs:
                yield passage
            passage = Passage(kind)
        level = 0 if kind else _level(first, levels)
        passage.paragraphs.append(
            Paragraph(
                f"t-{first.id}",
                narration.seconds(group[0].first),
                tuple(cue.line for cue in group),
                level,
                narration.lang,
            )
        )
        if group[-1].line.id == f"{footnote}-end":
            footnote = ""
    if passage.paragraphs:
        yield passage


def _level(line: Line, levels: dict[str, int]) -> int:
    if line.role is Role.HEADING:
        return levels.get(line.unit, 2)
    return 1 if line.role is Role.TITLE and line.unit == "title" else 0


def _paragraphs(cues: Sequence[Cue]) -> Iterator[list[Cue]]:
    """Cues of one block together; a label with what it is put to."""
    held: list[Cue] = []
    for cue in cues:
        if held and not _together(held[-1].line, cue.line):
            yield held
            held = []
        held.append(cue)
    if held:
        yield held


def _together(before: Line, line: Line) -> bool:
    own = before.role is Role.ANNOUNCEMENT
    if own and before.pause <= _LABEL and before.aside == line.aside:
        return True
    return before.unit == line.unit and own == (line.role is Role.ANNOUNCEMENT)


def shown_text(line: Line) -> str:
    """What a line shows, in one line."""
    return " ".join("".join(letter.text for letter in letters_of(line)).split())


def _marked(line: Line, around: str) -> Markup:
    letters = [Letter(" " if one.text.isspace() else one.text, one.at, one.lang) for one in letters_of(line)]
    runs = ((lang, "".join(one.text for one in run)) for lang, run in groupby(letters, key=lambda one: one.lang))
    words = Markup().join(
        Markup("<span{}>{}</span>").format(spoken_in(lang, around), text)
        if text.strip() and spoken_in(lang, around)
        else Markup.escape(text)
        for lang, text in runs
    )
    return Markup('<span class="own">{}</span>').format(words) if line.role is Role.ANNOUNCEMENT else words


def transcript_text(told: Sequence[Told], publication: Publication, recording: str) -> str:
    """The transcript as plain text: a paragraph a line, with its time in brackets; `#` is before headings, `>` before
    what is said in a note of the commentary, `*` in a footnote."""
    lines = [f"{words_for(publication.metadata.lang)('transcript')}: {recording}"]
    for chapter in told:
        lines.append("")
        for block in chapter.blocks:
            for paragraph in block.paragraphs:
                mark = MARKS["heading" if paragraph.level else block.kind]
                lines.append(f"[{stamp(paragraph.begin)}] {mark} {paragraph.text}")
    return "\n".join(lines) + "\n"


def stamp(seconds: float) -> str:
    """`72.34` → `0:01:12.34`."""
    whole, hundredths = divmod(round(seconds * 100), 100)
    minutes, second = divmod(whole, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}.{hundredths:02}"


def transcript_page(told: Sequence[Told], job: Job, narration: Narration, title: str, recording: str) -> str:
    """The transcript as a page. Raises InputError for a template that is missing or wrong."""
    lang = narration.lang
    words = words_for(lang)
    styles = job.templates.find("audio", "transcript.css").read_text("utf-8")
    return job.templates.render(
        "audio",
        "transcript.html",
        root=root_attributes(lang),
        own=spoken_in(words.lang if words.lang != lang.partition("-")[0].lower() else lang, lang),
        words=words,
        policy=f"default-src 'none'; style-src {by_digest(styles)}; base-uri 'none'; form-action 'none'",
        styles=Markup(styles),  # noqa: S704 - the style sheet is a template, whose author is trusted with the page
        title=title,
        metadata=job.publication.metadata,
        recording=quote(recording),
        recording_name=recording,
        length=words.duration(narration.duration),
        chapters=told,
    )
