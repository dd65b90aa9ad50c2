"""What an artefact says around the text: the labels of notes, and every word that its furniture may be made of.

Furniture (contents, credits, labels, downloads) is worded by design, differently in each format. It is held to two
things: each note keeps its number, kind, signature and date; and nothing stands in any furniture but the edition's own
words, its metadata, and the words of the catalogue that all formats share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from publisher.model.artefacts import Unit
from publisher.model.blocks import Figure, Heading, Table, Worded, walk
from publisher.model.inlines import OBJECT, Image, Link, Span, told_text, walk_inlines
from publisher.model.publication import Creator, Publication
from publisher.narration.recording_phrases import reader_words
from publisher.narration.voices import engines
from publisher.rendering import choices
from publisher.rendering.catalogue_of_words import CATALOGUE
from publisher.rendering.context import Context, Options
from publisher.rendering.words import Words
from publisher.verification.normalise import SPACELESS, normalise
from publisher.verification.ties import held_nodes

SIGNED = "signature and date"
"""What a label tells that some formats have as data."""
NUMBER = "number"
"""What the label of a footnote tells."""

_SIZES = re.compile(r"(?<!\w)\d+(?:[.,]\d+)? ?(?:[kMG]?B)\b")
_SAYS = re.compile(r"\w")
_SPACELESS = re.compile(f"[{SPACELESS}]")
_PAGE = re.compile(r"(?<=\s)\d+$")
"""The number at the end of a line of printed contents."""
_BEGINS = re.compile(rf"^|[ {SPACELESS}]")
"""Where words may begin."""
_SHORTENED = re.compile(r"[^…]{3,}(?=…)")


@dataclass(frozen=True, slots=True)
class Label:
    """Words that must stand in a note's furniture; `what` says what they tell."""

    note: str
    what: str
    text: str


def labels(publication: Publication) -> Iterator[Label]:
    """What every note is labelled with: its number and kind, who signs it, and when."""
    context = Context(publication, Options())
    words = context.words
    for note in publication.notes:
        number = words("note", number=context.label(note))
        yield Label(note.id, "number and kind", normalise(f"{number} {words.kind(note.kind)}"))
        day = f"{words('separator')}{words.date(note.date)}" if note.date else ""
        yield Label(note.id, SIGNED, normalise(f"{note.by.name}{day}"))
    for footnote in publication.footnotes:
        yield Label(footnote.id, NUMBER, str(footnote.number))


def names_of_notes(publication: Publication) -> dict[str, str]:
    """What each note and footnote is announced as, where it has a name for that, by its id."""
    context = Context(publication, Options())
    return {
        **{note.id: words_alone(context.note_name(note)) for note in publication.notes},
        **{one.id: words_alone(context.words("footnote", number=one.number)) for one in publication.footnotes},
    }


def marks(publication: Publication) -> dict[str, str]:
    """What the mark that calls a note shows, by the note's or footnote's id."""
    context = Context(publication, Options())
    return {
        **{note.id: words_alone(context.label(note)) for note in publication.notes},
        **{footnote.id: str(footnote.number) for footnote in publication.footnotes},
    }


def words_alone(text: str) -> str:
    """A label without the punctuation that a style sheet may add between its pieces."""
    return normalise(" ".join(re.findall(r"\w+", normalise(text))))


class Vocabulary:
    """Every stretch of words that furniture may be made of."""

    def __init__(self, publication: Publication, units: Iterable[Unit], offered: Iterable[str] = ()) -> None:
        """`offered` are the names and purposes of the files that a page offers."""
        context = Context(publication, Options())
        quotes = (note.target.quote for note in publication.notes)
        self._units = [_words(text) for text in (*(unit.text for unit in units), *quotes)]
        whole = {normalise(text) for text in offered}
        whole |= {_words(text) for text in (*_metadata(publication, context.words), *_named(publication))}
        whole |= {_words(text) for text in (*self._titles(publication), *_bubbles(publication))}
        fragments = {normalise(piece) for piece in _catalogue(context.words)}
        self.lines = frozenset(whole | fragments)
        """What stands around the text as a whole: names, titles, lines of the catalogue."""
        known = sorted((text for text in whole | fragments if _SAYS.search(text)), key=len, reverse=True)
        self._kinds = {context.words(f"unnamed-{kind}") for kind in ("figure", "list", "table", "code")}
        self._counted = [re.compile(pattern) for pattern in _counts(context.words)]
        # The long set of characters without spaces costs time in every pattern; most editions have none of them.
        spaceless = any(_SPACELESS.search(text) for text in (*self._units, *known))
        letter = rf"[^\W{SPACELESS}]" if spaceless else r"\w"
        self._known = re.compile("|".join(_bounded(text, letter) for text in known)) if known else re.compile(r"(?!)")

        self._judged: dict[str, bool] = {}

    def holds(self, text: str) -> bool:
        """Whether nothing in a text of the furniture comes from elsewhere."""
        # Every file of an edition has much the same around its text.
        if text not in self._judged:
            self._judged[text] = self._holds(text)
        return self._judged[text]

    def _holds(self, text: str) -> bool:
        if OBJECT in text:
            return False
        left = normalise(text)
        bare = _PAGE.sub("", left).rstrip()  # a line of printed contents
        if not _SAYS.search(left) or any(left in unit or bare in unit for unit in self._units):
            return True
        kind, colon, name = left.partition(":")
        if colon and kind in self._kinds and any(unit.startswith(name.lstrip()) for unit in self._units):
            return True
        for shortened in _SHORTENED.findall(left):
            begun = self._begun(shortened)
            left = left.replace(begun, " ") if begun else left
        for pattern in (_SIZES, *self._counted, self._known, _PAGE):
            left = pattern.sub(" ", left)
        return not _SAYS.search(left)

    def _begun(self, shortened: str) -> str:
        """The longest end of a text that is the beginning of something that a unit says."""
        for found in _BEGINS.finditer(shortened):
            said = shortened[found.end() :].lstrip(" \"'«")
            if len(said) > 2 and any(said in unit for unit in self._units):
                return said
        return ""

    @staticmethod
    def _titles(publication: Publication) -> Iterator[str]:
        for node in walk(publication.blocks()):
            match node:
                case Heading():
                    yield from (node.text, told_text(node.inlines), node.plain or "")
                case Figure() | Table():
                    worded = [inner for inner in walk(node.caption) if isinstance(inner, Worded)]
                    yield from (text for inner in worded for text in (inner.text, told_text(inner.inlines)))
                case _:
                    continue


def _bubbles(publication: Publication) -> Iterator[str]:
    """The titles that the author gave links and pictures, and what abbreviations stand for."""
    for _, nodes in held_nodes(publication):
        for node in walk(nodes):
            if isinstance(node, Worded):
                for inline in walk_inlines(node.inlines):
                    match inline:
                        case Link(title=str(title)) | Image(title=str(title)) | Span(expansion=str(title)):
                            yield title
                        case _:
                            continue


class Names:
    """What a page may show beside its text, on every page anew: names of the edition and of its parts, heads of tables.

    Lines end in it, one word may be shown in several fonts: so the letters are what is compared.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        words = [_NO_LETTERS.split(line.casefold()) for line in lines]
        self._letters = "\n".join("".join(line) for line in words)
        self._words = "\n".join(f" {' '.join(filter(None, line))} " for line in words)
        self._judged: dict[str, bool] = {}

    def hold(self, text: str) -> bool:
        """Whether a text is (a piece of) such a line. Numbers and single letters are not looked at; a short piece must
        be words of one."""
        if text not in self._judged:
            words = [word for word in _NO_LETTERS.split(normalise(text).casefold()) if word]
            # Among words that run from the right, a line's words are given the other way round.
            self._judged[text] = self._has(words) or self._has(words[::-1])
        return self._judged[text]

    def _has(self, words: Sequence[str]) -> bool:
        letters = "".join(words)
        if len(letters) >= _SHORT:
            return letters in self._letters
        return len(letters) <= 1 or f" {' '.join(words)} " in self._words


_NO_LETTERS = re.compile(r"[\W\d_]+")
_SHORT = 5
"""Letters from which a piece of a name is told from other words."""


def _words(text: str) -> str:
    """Normalised, without the place holders of pictures and formulas: furniture shows these beside its words."""
    return normalise(text.replace(OBJECT, " "))


def _bounded(text: str, letter: str) -> str:
    """A text where it does not begin or end inside a longer word, which is made of `letter`."""
    before = rf"(?<!{letter})" if _is_latin(text[0]) else ""
    after = rf"(?!{letter})" if _is_latin(text[-1]) else ""
    return f"{before}{re.escape(text)}{after}"


def _is_latin(character: str) -> bool:
    return character.isalnum() and character.isascii()


def _metadata(publication: Publication, words: Words) -> Iterator[str]:
    metadata, imprint = publication.metadata, publication.imprint
    yield from (metadata.title, metadata.subtitle or "", metadata.publisher, metadata.rights, metadata.description)
    yield from (
        imprint.publisher,
        imprint.rights,
        imprint.contact,
        imprint.base_url,
        imprint.contact.removeprefix("mailto:"),
    )
    yield from (metadata.cover_alternative, metadata.identifier, publication.name)
    days = [metadata.date, *(note.date for note in publication.notes)]
    yield from (words.date(day) for day in days if day)
    yield from (creator.name for creator in (*metadata.creators, *_editors(publication)))
    yield from reader_words(publication)


def _editors(publication: Publication) -> Iterator[Creator]:
    for layer in publication.layers:
        yield from layer.editors
    yield from (note.by for note in publication.notes)


def _named(publication: Publication) -> Iterator[str]:
    """Passages, layers, references, the words that notes are on."""
    context = Context(publication, Options())
    for layer in publication.layers:
        yield layer.title
        yield from (passage.title for passage in (layer.introduction, layer.method) if passage)
    if publication.glossary:
        yield publication.glossary.title
    for reference in publication.references:
        yield reference.short
    for note in publication.notes:
        yield note.target.quote
        yield context.label(note)
        yield context.words.kind(note.kind)
    yield from (str(footnote.number) for footnote in publication.footnotes)


def _catalogue(words: Words) -> Iterator[str]:
    """The catalogue's entries of this language, cut at their places."""
    entries = {**CATALOGUE["en"], **CATALOGUE[words.lang]}
    for key, entry in entries.items():
        if not key.startswith(("hour", "minute", "page", "decimal", "joined")):
            yield from re.split(r"\{\w+\}", entry)
    # What the kinds of files are called in every language.
    yield from choices.labels()
    yield from ("EPUB", "PDF", "MP3", "M4B", "Opus", "WebVTT", "HTML", "TXT", "LPF", "DAISY", "DOCX")
    yield from (engine.title for engine in engines().values())


def _counts(words: Words) -> Iterator[str]:
    """Lengths and numbers of pages: figures count only with their noun."""
    entries = {**CATALOGUE["en"], **CATALOGUE[words.lang]}
    for key, entry in entries.items():
        if key.startswith(("hour-", "minute-", "page-")):
            yield re.escape(normalise(entry)).replace(r"\{count\}", r"\d+") + r"(?!\w)"
