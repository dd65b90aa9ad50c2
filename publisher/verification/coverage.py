"""What each artefact must hold, in which order, and what it may leave out and why: data, not code.

A part that an artefact holds it holds whole: there is no leaving out of single units. Notes and footnotes may stand
beside the text that calls them, so their order counts among themselves only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import NAMESPACE_URL, uuid5

from publisher.model.artefacts import Artefact, Unit, UnitRole
from publisher.model.blocks import Figure, Worded, walk
from publisher.model.extract import Extract
from publisher.model.inlines import Citation, walk_inlines
from publisher.model.publication import Publication
from publisher.rendering.words import words_for
from publisher.verification.expected import (
    PARTS,
    REPEATED,
    full_nodes,
    plain_nodes,
    plain_units,
    restating_nodes,
    task_words,
    units,
    units_of,
)
from publisher.verification.formula_lines import in_a_line
from publisher.verification.normalise import normalise
from publisher.verification.ties import Ties, formulas, ties

ELSEWHERE = "correct the file, or the source where the file is right"
"""What to do about a fault of a file that was made elsewhere."""


@dataclass(frozen=True, slots=True)
class ContentsRule:
    """One list that must lead to the headings down to level `depth` (2 is the first below the title's).

    From `fewest` headings of that first level on it must be there. `plain_passages` where the plain words of
    introductions and methods have lines of their own; `without` are parts that have none.
    """

    kind: str
    depth: int = 6
    fewest: int = 1
    plain_passages: bool = False
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """One kind of artefact: `parts` are those that it holds, in the order in which they stand.

    `beside` may stand anywhere beside the text; `omitted` gives the reason for each part left out. `plain_shift` is
    added to the levels of the plain-language part's headings. `own_identifier` where the artefact is a publication of
    its own, whose identifier is derived from the edition's; `furniture` where its words around the text are held to
    the edition's too; `marks_notes` where it must mark notes and their calls as such (a recording cannot). `contents`
    are the lists that must lead to its headings; `demands` are metadata that its format wants even where the source has
    none; `remedy` is what to do about a fault. `word` where it is as Word has it: notes are comments, which hold their
    plain counterparts and show no numbers in the text; formulas are held to their signs instead of the words for them;
    nothing stands in anything but tables, so that only what paragraphs stand in is known, not in which order.
    """

    kind: str
    holds: str
    parts: tuple[str, ...]
    beside: tuple[str, ...] = ()
    omitted: Mapping[str, str] = field(default_factory=dict)
    plain_shift: int = 0
    own_identifier: bool = False
    metadata: tuple[str, ...] = ("title", "creator", "language", "date", "identifier")
    furniture: bool = True
    marks_notes: bool = True
    contents: tuple[ContentsRule, ...] = ()
    demands: frozenset[str] = frozenset()
    remedy: str = "build it again, and report it if it stays so"
    word: bool = False


_EVERYTHING = ("front", "introduction", "article", "plain", "method", "references")
_NOTES = ("note", "footnote")

_ALL_TOLD = (
    "title",
    "creator",
    "contributor",
    "language",
    "date",
    "identifier",
    "publisher",
    "rights",
    "description",
    "subject",
)

EPUB = Coverage(
    "epub",
    "everything",
    _EVERYTHING,
    _NOTES,
    metadata=_ALL_TOLD,
    contents=(ContentsRule("toc"), ContentsRule("ncx")),
)
READ_ALOUD = replace(EPUB, kind="read-aloud epub", own_identifier=True)
PDF = Coverage(
    "pdf",
    "everything",
    _EVERYTHING,
    _NOTES,
    plain_shift=1,
    contents=(ContentsRule("toc", 3, fewest=4, without=("plain",)), ContentsRule("bookmarks", plain_passages=True)),
)
DOCX = Coverage(
    "docx",
    "everything",
    _EVERYTHING,
    _NOTES,
    plain_shift=1,
    metadata=_ALL_TOLD,
    contents=(ContentsRule("toc", 3, fewest=4, without=("plain",)),),
    word=True,
)
FULL_PAGE = Coverage(
    "full web page",
    "everything but the plain-language counterparts",
    ("front", "introduction", "article", "footnote", "method", "references"),
    ("note",),
    {"plain": "the plain-language page, which every page links to, holds it"},
    metadata=_ALL_TOLD,
    contents=(ContentsRule("toc", 3, fewest=2),),
)
PLAIN_PAGE = Coverage(
    "plain web page",
    "the title, the plain-language counterparts under their headings, the figures, what plain words call",
    ("front", "plain", "footnote"),
    omitted={
        "subtitle": "a plain page is headed by one title",
        "introduction": "its counterpart stands for it",
        "article": "its counterparts stand for it; what has none is listed with links to the full page",
        "note": "its counterpart stands for it",
        "method": "its counterpart stands for it",
        "references": "plain words cite nothing; the full page lists them",
    },
    metadata=_ALL_TOLD,
    contents=(ContentsRule("toc", 2, fewest=2, plain_passages=True),),
)
AUDIO = Coverage(
    "audio",
    "everything that is said: the text with its notes",
    ("front", "introduction", "article", "method", "references"),
    _NOTES,
    {"plain": "the plain-language recording holds it"},
    metadata=("title", "creator", "language", "date"),
    marks_notes=False,
)
PLAIN_AUDIO = Coverage(
    "plain audio",
    "the plain-language counterparts under their headings, with the footnotes that they call",
    ("front", "plain"),
    ("footnote",),
    dict.fromkeys(("introduction", "article", "note", "method"), "its counterpart stands for it")
    | {"references": "the full recording names them"},
    metadata=("title", "creator", "language", "date"),
    marks_notes=False,
)

ARTICLE_AUDIO = replace(
    AUDIO,
    kind="article audio",
    holds="the article alone, with the footnotes that it calls and the works that it cites",
    parts=("front", "article", "references"),
    beside=("footnote",),
    omitted=dict.fromkeys(
        ("introduction", "note", "method"),
        "the commentary is left out, as its listeners chose; the full recording holds it",
    )
    | {"plain": "the plain-language recording holds it"},
)
NOTES_AFTER_AUDIO = replace(
    AUDIO,
    kind="notes-after audio",
    holds="everything that is said: the text, and after it the notes of the commentary",
    parts=("front", "introduction", "article", "note", "method", "references"),
    beside=("footnote",),
)
DAISY = Coverage(
    "daisy",
    "everything that is said, as text and sound in step",
    ("front", "introduction", "article", "method", "references"),
    _NOTES,
    {"plain": "the plain-language recording and page hold it"},
    metadata=_ALL_TOLD,
    contents=(ContentsRule("toc"),),
    demands=frozenset(("creator", "date", "publisher")),
)
AUDIOBOOK = replace(AUDIO, kind="audiobook")
BOOKS = {"daisy": DAISY, "audiobook": AUDIOBOOK}
"""What the packages of books of sound must hold, by their format; their single pieces say nothing by themselves."""

CHAPTERS = Coverage(
    "chapters",
    "the titles of a recording's chapters and their times",
    (),
    omitted=dict.fromkeys(PARTS, "the recording says it; this only tells where its chapters begin"),
    metadata=("title", "creator"),
    marks_notes=False,
)

COVERAGE = (
    CHAPTERS,
    *(EPUB, READ_ALOUD, PDF, DOCX, FULL_PAGE, PLAIN_PAGE),
    *(AUDIO, PLAIN_AUDIO, ARTICLE_AUDIO, NOTES_AFTER_AUDIO, AUDIOBOOK, DAISY),
)
_RECORDINGS = {"": AUDIO, "plain": PLAIN_AUDIO, "article": ARTICLE_AUDIO, "notes-after": NOTES_AFTER_AUDIO}
"""By which mix a recording, its cues or its transcript are of."""


def coverage_of(artefact: Artefact) -> Coverage | None:
    """What an artefact of a build must hold, from its media type and which of that kind it is; None for what carries no
    text of its own (a style sheet, a picture)."""
    if artefact.format in BOOKS:
        return BOOKS[artefact.format] if artefact.alone else None
    if artefact.format == "audio":
        return CHAPTERS if artefact.media_type == "application/json+chapters" else _RECORDINGS.get(artefact.variant)
    match artefact.media_type:
        case "application/epub+zip":
            return READ_ALOUD if artefact.variant == "read-aloud" else EPUB
        case "application/pdf":
            return PDF
        case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
            return DOCX
        case "text/html" | "application/xhtml+xml":
            return PLAIN_PAGE if artefact.variant == "plain" else FULL_PAGE
        case "audio/mpeg" | "audio/mp4" | "text/vtt":
            return _RECORDINGS.get(artefact.variant)
        case _:
            return None


def expected_units(publication: Publication, coverage: Coverage, held: Ties | None = None) -> tuple[Unit, ...]:
    """The units that an artefact of this coverage must hold, in its order; those beside the text at the end. `held` are
    the ties of the edition, where they are known already."""
    by_part: dict[str, list[Unit]] = {part: [] for part in PARTS}
    for unit in units(publication):
        if unit.part != "plain":
            by_part[unit.part].append(unit)
    by_part["plain"] = [
        replace(unit, level=unit.level + coverage.plain_shift) if unit.level is not None else unit
        for unit in plain_units(publication, page=coverage is PLAIN_PAGE)
    ]
    if coverage is PLAIN_PAGE:
        by_part["front"] = [unit for unit in by_part["front"] if unit.role is UnitRole.TITLE]
    if coverage in (FULL_PAGE, PLAIN_PAGE, PLAIN_AUDIO, ARTICLE_AUDIO):
        held = held or ties(publication)
        called = notes_of(publication, coverage, held)
        by_part["footnote"] = [unit for unit in by_part["footnote"] if held.holders.get(unit.id) in called]
        if coverage is ARTICLE_AUDIO:
            cited = _cited(publication, called)
            by_part["references"] = [
                unit for unit in by_part["references"] if held.holders.get(unit.id, unit.id) in cited
            ]
    if coverage.word:
        _as_in_word(publication, by_part)
    return tuple(unit for part in (*coverage.parts, *coverage.beside) for unit in by_part[part])


def _as_in_word(publication: Publication, by_part: dict[str, list[Unit]]) -> None:
    """Notes are whole, with their plain counterparts; formulas are told by their signs."""
    tasks = task_words(publication)
    wholes = [(*note.blocks, *(note.plain.blocks if note.plain else ())) for note in publication.notes]
    by_part["note"] = [unit for blocks in wholes for unit in units_of(blocks, "note", tasks)]
    held = {unit.id for unit in by_part["note"]}
    by_part["plain"] = [unit for unit in by_part["plain"] if unit.id not in held]
    lines = {math.id: in_a_line(math.mathml) for math in formulas(publication)}
    for part, units_there in by_part.items():
        by_part[part] = [
            replace(unit, text=lines[unit.id.removesuffix(REPEATED)]) if unit.role is UnitRole.MATH else unit
            for unit in units_there
        ]


def notes_of(publication: Publication, coverage: Coverage, held: Ties) -> frozenset[str]:
    """The ids of the notes and footnotes that an artefact of this coverage must hold."""
    footnotes = frozenset(footnote.id for footnote in publication.footnotes)
    others = frozenset(note.id for note in held.notes) - footnotes
    if coverage is FULL_PAGE:
        return others | _called(publication, held, {node.id for node in walk(full_nodes(publication))})
    if coverage is PLAIN_PAGE:
        return _called(publication, held, {node.id for node in walk(plain_nodes(publication))})
    if coverage is PLAIN_AUDIO:
        return _called(publication, held, {node.id for node in walk(restating_nodes(publication))})
    if coverage is ARTICLE_AUDIO:
        return _called(publication, held, {node.id for node in walk(publication.blocks())})
    return others | footnotes


def _cited(publication: Publication, footnotes: frozenset[str]) -> frozenset[str]:
    """The ids of the references that the article cites, itself or in some of its footnotes."""
    own = (block for footnote in publication.footnotes if footnote.id in footnotes for block in footnote.blocks)
    worded = (node for node in walk((*publication.blocks(), *own)) if isinstance(node, Worded))
    inlines = (inline for node in worded for inline in walk_inlines(node.inlines))
    keys = {key for inline in inlines if isinstance(inline, Citation) for key in inline.keys}
    return frozenset(reference.id for reference in publication.references if reference.key in keys)


def _called(publication: Publication, held: Ties, shown: set[str]) -> frozenset[str]:
    """The footnotes called from blocks that are shown, or from such footnotes. `shown` are the blocks' ids."""
    shown = set(shown)
    called: set[str] = set()
    while True:
        fresh = [
            footnote
            for footnote in publication.footnotes
            if footnote.id not in called
            and any(call in held.calls and held.calls[call].unit in shown for call in footnote.calls)
        ]
        if not fresh:
            return frozenset(called)
        called.update(footnote.id for footnote in fresh)
        shown.update(node.id for footnote in fresh for node in walk(footnote.blocks))


def identifier_of(publication: Publication, coverage: Coverage) -> str:
    """The identifier that an artefact must carry: the edition's, or one derived from it."""
    identifier = publication.metadata.identifier
    return uuid5(NAMESPACE_URL, f"{identifier}#read-aloud").urn if coverage.own_identifier else identifier


def furniture(publication: Publication) -> Mapping[str, int]:
    """The words that an artefact adds by its design where it cannot mark them as such, and how often it may.

    Normalised; in the edition's language, as every writer takes them from the same catalogue.
    """
    words = words_for(publication.metadata.lang)
    headings = ["footnotes", "notes", "why-it-matters", "references", "plain", "opening", "skip"]
    texts = [words(key) for key in headings]
    texts.extend(words("long-description") for block in publication.blocks() if isinstance(block, Figure))
    counts: dict[str, int] = {}
    for text in map(normalise, texts):
        counts[text] = counts.get(text, 0) + 1
    return counts


def coverage_elsewhere(publication: Publication, extract: Extract) -> Coverage:
    """What a file made elsewhere is held to: every part of which it holds anything, and the metadata that it states.

    Its identifier is its own. The plain language may stand beside the text; under a heading of its own, its headings
    stand a level deeper.
    """
    there = {normalise(found.text) for found in extract.units}
    whole = [unit for unit in units(publication) if unit.role is not UnitRole.TITLE]
    shown = {unit.part for unit in whole if normalise(unit.text) in there} | {"front"}
    held = {unit.part for unit in whole}
    over = normalise(words_for(publication.metadata.lang)("plain"))
    deeper = any(found.role is UnitRole.HEADING and normalise(found.text) == over for found in extract.units)
    return Coverage(
        "file from elsewhere",
        "whatever parts of the edition it shows",
        tuple(part for part in _EVERYTHING if part in shown and part != "plain"),
        tuple(part for part in (*_NOTES, "plain") if part in shown),
        {part: "none of it is in this file" for part in PARTS if part in held - shown},
        metadata=tuple(name for name in ("title", "creator", "language", "date") if extract.metadata.get(name)),
        furniture=False,
        marks_notes=False,
        remedy=ELSEWHERE,
        plain_shift=1 if deeper else 0,
        word=extract.format == "docx",
    )


def stream_of(coverage: Coverage, series: Mapping[str, str], unit: Unit) -> str:
    """What a unit flows in: the text, or the series of notes that it is of. `series` is by the unit's id."""
    return series.get(unit.id, unit.part) if unit.part in coverage.beside else ""
