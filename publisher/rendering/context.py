"""What every piece of the body is made with: the publication, the format's options, the words and the notes' places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from publisher.model.blocks import Term, walk
from publisher.model.inlines import Math
from publisher.model.publication import Footnote, Note, Publication, Reference, Resource
from publisher.rendering.places import Places, find_places
from publisher.rendering.words import Words, words_for

Placing = Literal["apart", "after-block", "after-section"]


@dataclass(frozen=True)
class Options:
    """How a format wants its body.

    `href` makes an id an address, `source` a resource; with `math="image"`, `formula_source` says where a formula's
    SVG stands (default: a data: address of it). `notes` and `footnotes` say where those stand: `apart` (the format
    places them, with `notes_of` and `footnotes_of`), after the block or after the blocks of the section that calls
    them. `scroll` lets wide tables and code scroll by themselves; `fold` folds long descriptions away. `shift` is
    added to every heading's level; `lean` leaves out what only style sheets of other formats ask for.
    """

    sentences: bool = True
    epub: bool = False
    math: Literal["mathml", "image"] = "mathml"
    commentary: bool = True
    notes: Placing = "apart"
    footnotes: Placing = "apart"
    href: Callable[[str], str] = lambda id: f"#{id}"
    source: Callable[[Resource], str] = lambda resource: resource.name
    formula_source: Callable[[Math], str] | None = None
    scroll: bool = False
    fold: bool = False
    shift: int = 0
    lean: bool = False


@dataclass(frozen=True)
class Context:
    """A publication as one format renders it."""

    publication: Publication
    options: Options

    @cached_property
    def places(self) -> Places:
        """Where targets, calls and footnotes stand."""
        return find_places(self.publication, commentary=self.options.commentary)

    @cached_property
    def words(self) -> Words:
        """The edition's own words."""
        return words_for(self.publication.metadata.lang)

    @property
    def words_lang(self) -> str:
        """The language of the edition's own words: the edition's where a catalogue speaks it, else English."""
        return self.lang if self.words.lang == self.lang.lower().partition("-")[0] else self.words.lang

    @cached_property
    def references(self) -> dict[str, Reference]:
        """The works cited, by key."""
        return {reference.key: reference for reference in self.publication.references}

    @cached_property
    def explained(self) -> frozenset[str]:
        """The ids of the words that the glossary explains."""
        glossary = self.publication.glossary
        lists = glossary.plain.blocks if glossary and glossary.plain else ()
        return frozenset(node.id for node in walk(lists) if isinstance(node, Term))

    @cached_property
    def footnotes(self) -> dict[str, Footnote]:
        """The author's own footnotes, by id."""
        return {footnote.id: footnote for footnote in self.publication.footnotes}

    @property
    def lang(self) -> str:
        """The language of the document around every piece."""
        return self.publication.metadata.lang

    def epub_type(self, kind: str) -> str | None:
        """The value of an `epub:type` attribute, which only EPUB knows."""
        return kind if self.options.epub else None

    @cached_property
    def _letters(self) -> dict[str, str]:
        """The letter before the numbers of each layer; none where no two notes share a number."""
        notes = self.publication.notes
        if len({note.number for note in notes}) == len(notes):
            return {}
        layers = self.publication.layers[1:]
        return {layer.layer: chr(ord("B") + min(index, 24)) for index, layer in enumerate(layers)}

    def label(self, note: Note) -> str:
        """A note's number as its mark shows it; where layers share numbers, a letter tells them apart."""
        return f"{self._letters.get(note.layer, '')}{note.number}"

    def note_name(self, note: Note) -> str:
        """A note in words: Note 3: Fact check."""
        return self.words("note-kind", number=self.label(note), kind=self.words.kind(note.kind))
