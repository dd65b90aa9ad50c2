"""The XHTML body that all formats share: a Publication's sections, blocks, notes and references as markup.

Whoever styles it can rely on this structure, which is always well-formed XML and the same to an HTML parser:

    section     <section><h2 id="ID">…</h2>… nested sections …</section>, without a heading <div class="opening">,
                in EPUB <section class="opening">;
                without a name of its own: named, each would be a landmark, and headings of the same words alike
    sentence    <span class="s" id="albania-1-s1">…</span>, outermost in a block;
                without its class where `lean` is asked for
    target      <span class="target" data-notes="n-1 n-2">…</span> inside sentences, then
                <sup class="call"><a class="note-call" id="n-1-call" href="#n-1" …>[3]</a></sup>;
                whole elements have class="target" data-notes="…" themselves
    footnote    <sup class="call"><a class="footnote-call" id="fnref-1" href="#fn-1" …>1</a></sup>
                <aside class="footnote" id="fn-1"><span class="footnote-number"><div class="footnote-text">
                <footer class="footnote-footer"><a class="backlink">
    note        <aside class="note kind-fact-check" id="n-1">
                <header class="note-header"><span class="note-number"><span class="note-kind"></header>
                <header class="note-target"><span class="on"><span class="quoted"></header>, blocks,
                <footer class="note-footer"><p class="signature"><span class="signed"><time>
                <div class="sources"><p class="label"><ul>, <a class="backlink">
    annotated   <div class="annotated">block, notes</div> where notes or footnotes stand after their block
    figure      <figure id><img id alt/><figcaption>…, after it <div class="long-description"> (<details> if folded)
    table       <table id><caption><colgroup><col class="w-30"/> (percent)<thead><tbody><tfoot>, th scope, cells
                class="align-right"; in <div class="scroll"> where `scroll` is asked for
    list        <ol type start>, <ul>, <ul class="task-list"><li><span class="task">, <dl>
    others      <p class="tight">, <p class="lines">, <blockquote class="pull-quote">, <pre><code class="language-x">,
                <div class="the author's">, <hr/>, <span class="small-caps">, <img class="math (display)">
    plain       <div class="counterpart" id="albania-1-plain" data-restates="albania-1 albania-2">,
                <h2 id="albania-plain">, <div class="note plain-note kind-…">
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from publisher.model.blocks import Block, Heading, Node, Worded
from publisher.model.inlines import Inline
from publisher.model.publication import Counterpart, Footnote, Note, Passage, Publication, Reference, Section
from publisher.rendering.blocks import render_block, render_blocks, render_heading
from publisher.rendering.context import Context, Options, Placing
from publisher.rendering.inlines import render_call, render_prose, render_words
from publisher.rendering.markup import element, join, text
from publisher.rendering.notes import render_footnote, render_note, render_passage, render_reference
from publisher.rendering.places import SUBTITLE, TITLE
from publisher.rendering.plain import (
    Missing,
    render_counterpart,
    render_plain_note,
    render_plain_section,
    without_counterpart,
)
from publisher.rendering.words import Words

__all__ = ["Body", "Options"]


class Body:
    """A publication's markup, piece by piece; each piece is for one place in a document, so that ids stay unique.

    Raises InputError (from any piece) where the publication refers to what it does not hold.
    """

    def __init__(self, publication: Publication, options: Options | None = None) -> None:
        self.publication = publication
        self.options = options or Options()
        self.context = Context(publication, self.options)

    @property
    def edition_words(self) -> Words:
        """The edition's own words, for templates."""
        return self.context.words

    def prose(self, block: Worded) -> Markup:
        """The words of a block, without an element of its own around them."""
        return render_prose(self.context, block)

    def words(self, inlines: Iterable[Inline], lang: str | None = None) -> Markup:
        """Inlines for a second place (tables of contents): no ids, sentences, calls or links."""
        return render_words(self.context, inlines, lang or self.context.lang)

    def block(self, block: Block) -> Markup:
        """One block."""
        return render_block(self.context, block, self.context.lang)

    def blocks(self, blocks: Iterable[Block]) -> Markup:
        """Blocks, one after the other."""
        return render_blocks(self.context, blocks, self.context.lang)

    def heading(self, heading: Heading) -> Markup:
        """A heading, h2 to h6."""
        return render_heading(self.context, heading, self.context.lang)

    def section(self, section: Section, *, nested: bool = True) -> Markup:
        """A section, with the sections inside it unless `nested` is False; notes where the options place them."""
        parts: list[Markup] = []
        for block in _own(section):
            made = self.block(block)
            after = list(self._placed("after-block", (block,)))
            parts.append(element("div", {"class": "annotated"}, join((made, *after), "\n")) if after else made)
        parts.extend(self._placed("after-section", _own(section)))
        if nested:
            parts.extend(self.section(inner) for inner in section.sections)
        if section.heading is None:
            # A page has main around it; in EPUB nothing is, and notes' headers outside any section would be banners.
            name = "section" if self.context.options.epub else "div"
            return element(name, {"class": "opening"}, "\n", join(parts, "\n"), "\n")
        return element("section", {}, "\n", join(parts, "\n"), "\n")

    def note(self, note: Note) -> Markup:
        """A note of the commentary."""
        return render_note(self.context, note, self.context.lang)

    def footnote(self, footnote: Footnote) -> Markup:
        """A footnote of the author's own."""
        return render_footnote(self.context, footnote, self.context.lang)

    def counterpart(self, counterpart: Counterpart) -> Markup:
        """A plain-language counterpart."""
        return render_counterpart(self.context, counterpart, self.context.lang)

    def passage(self, passage: Passage) -> Markup:
        """An introduction or a method, under its title."""
        return render_passage(self.context, passage, self.context.lang)

    def reference(self, reference: Reference) -> Markup:
        """A work cited, as a list item."""
        return render_reference(self.context, reference, self.context.lang)

    def plain_section(self, section: Section, *, figures: bool = False) -> Markup:
        """A section in plain language, with those inside it; empty where nothing in it has a counterpart.

        `figures` shows its pictures too (they have their own ids: not in a document that shows them already).
        """
        return render_plain_section(self.context, section, self.context.lang, figures=figures)

    def plain_note(self, note: Note) -> Markup:
        """A note's plain-language counterpart under the words that it is on; empty where it has none."""
        return render_plain_note(self.context, note, self.context.lang)

    def without_plain(self) -> tuple[Missing, ...]:
        """What has no plain-language counterpart, section by section."""
        return without_counterpart(self.publication)

    def title(self) -> Markup:
        """The title's words with the calls of notes on it."""
        return self._named(TITLE, self.publication.metadata.title)

    def subtitle(self) -> Markup:
        """The subtitle's words with the calls of notes on it; empty where there is none."""
        return self._named(SUBTITLE, self.publication.metadata.subtitle or "")

    def notes_of(self, section: Section) -> tuple[Note, ...]:
        """The notes on a section's own heading and blocks (not those of sections inside it), by number."""
        return tuple(self.context.places.notes_called_in(_own(section)))

    def notes_of_front(self) -> tuple[Note, ...]:
        """The notes on the title and subtitle."""
        home = self.context.places.home
        return tuple(note for id in (TITLE, SUBTITLE) for note in home.get(id, ()))

    def footnotes_of(self, section: Section) -> tuple[Footnote, ...]:
        """The footnotes called from a section's own heading and blocks, by number."""
        return tuple(self.context.places.footnotes_called_in(_own(section)))

    def footnotes_in(self, nodes: Iterable[Node]) -> tuple[Footnote, ...]:
        """The footnotes called from any nodes (a note's blocks, a passage's), by number."""
        return tuple(self.context.places.footnotes_called_in(nodes))

    def _named(self, id: str, words: str) -> Markup:
        notes = self.context.places.home.get(id, ())
        calls = join(render_call(self.context, note, self.context.lang) for note in notes)
        return text(words) + calls

    def _placed(self, placing: Placing, nodes: Iterable[Node]) -> Iterator[Markup]:
        """The notes and footnotes that the options place here, after these nodes."""
        nodes = tuple(nodes)
        notes = self.context.places.notes_called_in(nodes)
        if self.options.notes == placing:
            yield from map(self.note, notes)
        if self.options.footnotes == placing:
            inside = (*nodes, *(block for note in notes for block in note.blocks))
            yield from map(self.footnote, self.context.places.footnotes_called_in(inside))


def _own(section: Section) -> tuple[Block, ...]:
    return (section.heading, *section.blocks) if section.heading else section.blocks
