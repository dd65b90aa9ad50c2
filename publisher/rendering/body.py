"""The XHTML body that all formats share: a Publication's sections, blocks, notes and references as markup.

Whoever styles it can rely on this structure, which is always well-formed XML:

    section     <section aria-labelledby="ID"><h2 id="ID">…</h2>… nested sections …</section>, <section class="opening">
    sentence    <span class="s" id="albania-1-s1">…</span>, outermost in a block
    target      <span class="target" data-notes="n-1 n-2">…</span> inside sentences, then
                <sup class="call"><a class="note-call" id="n-1-call" href="#n-1" …>[3]</a></sup>
    footnote    <sup class="call"><a class="footnote-call" id="fnref-1" href="#fn-1" …>1</a></sup>
    note        <aside class="note kind-fact-check" id="n-1"><header class="note-header">…<footer class="note-footer">…
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from publisher.model.blocks import Block, Heading, Worded
from publisher.model.inlines import Inline, Math
from publisher.model.publication import (
    Counterpart,
    Footnote,
    Note,
    Passage,
    Publication,
    Reference,
    Resource,
    Section,
)


@dataclass(frozen=True)
class Options:
    """How a format wants its body.

    `href` makes an id an address, `source` a resource; with `math="image"`, `formula_source` says where a formula's
    SVG stands (default: a data: address of it). `notes` says where notes and footnotes stand: `apart` (the format
    places them with `notes_of` and `footnotes_of`), `after-block`, or `after-section`. `scroll` lets wide tables and
    code scroll by themselves; `fold` folds long descriptions away. `shift` is added to every heading's level.
    """

    sentences: bool = True
    epub: bool = False
    math: Literal["mathml", "image"] = "mathml"
    commentary: bool = True
    notes: Literal["apart", "after-block", "after-section"] = "apart"
    href: Callable[[str], str] = lambda id: f"#{id}"
    source: Callable[[Resource], str] = lambda resource: resource.name
    formula_source: Callable[[Math], str] | None = None
    scroll: bool = False
    fold: bool = False
    shift: int = 0


class Body:
    """A publication's markup, piece by piece. The pieces name each other by id, each made once a document."""

    def __init__(self, publication: Publication, options: Options | None = None) -> None:
        self.publication = publication
        self.options = options or Options()

    def prose(self, block: Worded) -> Markup:
        """The words of a block, without an element of its own around them."""
        raise NotImplementedError

    def words(self, inlines: Iterable[Inline]) -> Markup:
        """Inline markup without ids, sentences, calls and links: for tables of contents."""
        raise NotImplementedError

    def block(self, block: Block) -> Markup:
        """One block."""
        raise NotImplementedError

    def blocks(self, blocks: Iterable[Block]) -> Markup:
        """Blocks, one after the other."""
        raise NotImplementedError

    def heading(self, heading: Heading) -> Markup:
        """A heading, h2 to h6."""
        raise NotImplementedError

    def section(self, section: Section) -> Markup:
        """A section with the sections inside it."""
        raise NotImplementedError

    def note(self, note: Note) -> Markup:
        """A note of the commentary."""
        raise NotImplementedError

    def footnote(self, footnote: Footnote) -> Markup:
        """A footnote of the author's own."""
        raise NotImplementedError

    def counterpart(self, counterpart: Counterpart) -> Markup:
        """A plain-language counterpart."""
        raise NotImplementedError

    def passage(self, passage: Passage) -> Markup:
        """An introduction or a method, under its title."""
        raise NotImplementedError

    def reference(self, reference: Reference) -> Markup:
        """A work cited, as a list item."""
        raise NotImplementedError

    def plain_section(self, section: Section) -> Markup:
        """A section in plain language: its heading's plain wording and its counterparts, sections inside it too."""
        raise NotImplementedError

    def plain_note(self, note: Note) -> Markup:
        """A note's plain-language counterpart under the words that it is on."""
        raise NotImplementedError

    def title(self) -> Markup:
        """The title's words with the calls of notes on it."""
        raise NotImplementedError

    def subtitle(self) -> Markup:
        """The subtitle's words with the calls of notes on it; empty where there is none."""
        raise NotImplementedError

    def notes_of(self, section: Section) -> tuple[Note, ...]:
        """The notes on a section's own heading and blocks (not those of sections inside it), by number."""
        raise NotImplementedError

    def notes_of_front(self) -> tuple[Note, ...]:
        """The notes on the title and subtitle."""
        raise NotImplementedError

    def footnotes_of(self, section: Section) -> tuple[Footnote, ...]:
        """The footnotes called from a section's own heading and blocks, by number."""
        raise NotImplementedError
