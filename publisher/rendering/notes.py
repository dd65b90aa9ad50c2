"""What stands around the article, as markup: notes, footnotes, passages of the editors, works cited."""

from __future__ import annotations

import re

from markupsafe import Markup

from publisher.model.blocks import Figure, Heading, Table, Worded, walk
from publisher.model.inlines import Link, told_text, walk_inlines
from publisher.model.publication import Footnote, Note, Passage, Reference
from publisher.rendering.blocks import heading_level, render_blocks
from publisher.rendering.context import Context
from publisher.rendering.inlines import render_inlines, safe_address
from publisher.rendering.markup import Attributes, element, join, language, text
from publisher.rendering.names import shorten

_QUOTATION_MARKS = '“”„«»‘"「『'

QUOTE_LENGTH = 100
"""How much of a target a note repeats, in characters."""


def kind_class(kind: str) -> str:
    """The class of a note's kind: `kind-fact-check`."""
    return "kind-" + re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-")


def render_note(context: Context, note: Note, lang: str) -> Markup:
    """A note: number and kind, the words it is on, its text, who signs it and when, its sources, the way back."""
    attributes: Attributes = {
        "class": f"note {kind_class(note.kind)}",
        "id": note.id,
        "role": "doc-footnote" if context.options.epub else "note",
        "epub:type": context.epub_type("footnote"),
        "aria-label": context.note_name(note),
        **language(note.lang, lang, xml=context.options.epub),
    }
    parts = [
        render_note_header(context, note, note.lang),
        render_blocks(context, note.blocks, note.lang),
        _note_footer(context, note),
    ]
    return element("aside", attributes, join((part for part in parts if part), "\n"))


def render_note_header(context: Context, note: Note, lang: str, *, plain: bool = False) -> Markup:
    """What stands over a note: its number, its kind, the words that it is on; `plain` has the kind first, in plain
    words."""
    own = language(context.words_lang, lang, xml=context.options.epub)
    number = element("span", {"class": "note-number"}, context.words("note", number=context.label(note)))
    told = context.words.plain_kind(note.kind) if plain else context.words.kind(note.kind)
    kind = element("span", {"class": "note-kind"}, told)
    parts = (kind, " ", number) if plain else (number, " ", kind)
    label = element("header", {"class": "note-header", **own}, *parts)
    target = _note_target(context, note, lang)
    return join((label, target), "\n") if target else label


def _note_target(context: Context, note: Note, lang: str) -> Markup:
    """“On …”: the words that a note is on, shortened; nothing for a whole element that no words name."""
    quote = shorten(" ".join(_quote(context, note).split()), QUOTE_LENGTH)
    if not quote:
        return Markup("")
    words = context.words
    around = context.words_lang
    on = element("span", {"class": "on"}, words("on"))
    marks = ("", "") if quote[0] in _QUOTATION_MARKS else words("quote", words="\ufffc").split("\ufffc")
    target_lang = _target_lang(context, note)
    quotation = element(
        "span", {"class": "quoted", **language(target_lang, around, xml=context.options.epub)}, text(quote)
    )
    attributes: Attributes = {"class": "note-target", **language(context.words_lang, lang, xml=context.options.epub)}
    return element("header", attributes, on, text(" "), marks[0], quotation, marks[-1])


def _target(note: Note) -> str:
    """The id of the block or element that a note is on, or begins in."""
    return note.target.element or note.target.ranges[0].block


def _quote(context: Context, note: Note) -> str:
    """The words commented on; of a whole element those that name it: a heading's, a caption's."""
    if note.target.element is None:
        return note.target.quote
    node = context.places.nodes.get(note.target.element)
    inside = node.caption if isinstance(node, Figure | Table) else (node,) if isinstance(node, Heading) else ()
    named = next((told_text(words.inlines) for words in walk(inside) if isinstance(words, Worded)), "")
    return named or note.target.quote


def _target_lang(context: Context, note: Note) -> str:
    node = context.places.nodes.get(_target(note))
    return node.lang if node else context.lang


def _note_footer(context: Context, note: Note) -> Markup:
    parts = [_signature(context, note), _sources(context, note), backlink(context, note.call, note)]
    return element("footer", {"class": "note-footer"}, join((part for part in parts if part), "\n"))


def _signature(context: Context, note: Note) -> Markup:
    words = context.words
    signature = element("span", {"class": "signed"}, note.by.name)
    if note.date is None:
        return element("p", {"class": "signature"}, signature)
    dated: Attributes = {"datetime": note.date.isoformat(), **language(context.words_lang, note.lang)}
    day = element("time", dated, words.date(note.date))
    return element("p", {"class": "signature"}, signature, text(words("separator")), day)


def _sources(context: Context, note: Note) -> Markup:
    known = [context.references[key] for key in note.sources if key in context.references]
    if not known:
        return Markup("")
    words = context.words
    own = language(context.words_lang, note.lang, xml=context.options.epub)
    label = element("p", {"class": "label", **own}, words("sources"))
    items = [
        element(
            "li",
            language(reference.lang, note.lang, xml=context.options.epub),
            element("a", {"href": context.options.href(reference.id)}, reference.short),
        )
        for reference in known
    ]
    return element("div", {"class": "sources"}, label, element("ul", None, join(items)))


def backlink(context: Context, call: str, note: Note | None = None, ordinal: int | None = None) -> Markup:
    """The way back from a note or footnote to one of its calls; `ordinal` tells several apart."""
    words = context.words
    shown = words("back") if ordinal is None else f"{words('back')} ({ordinal})"
    attributes: Attributes = {
        "class": "backlink",
        "href": context.options.href(call),
        "role": "doc-backlink",
        "epub:type": context.epub_type("backlink"),
        "aria-label": words("back-to", what=words("note", number=context.label(note))) if note else None,
        **language(context.words_lang, note.lang if note else context.lang, xml=context.options.epub),
    }
    return element("a", attributes, shown)


def render_footnote(context: Context, footnote: Footnote, lang: str) -> Markup:
    """A footnote: its number, its text, a way back to each of its calls."""
    attributes: Attributes = {
        "class": "footnote",
        "id": footnote.id,
        "role": "doc-footnote",
        "epub:type": context.epub_type("footnote"),
        "aria-label": context.words("footnote", number=footnote.number),
        **language(footnote.lang, lang, xml=context.options.epub),
    }
    several = len(footnote.calls) > 1
    ways = [backlink(context, call, ordinal=index if several else None) for index, call in enumerate(footnote.calls, 1)]
    inside = element("div", {"class": "footnote-text"}, render_blocks(context, footnote.blocks, footnote.lang))
    number = element("span", {"class": "footnote-number", "aria-hidden": "true"}, str(footnote.number))
    footer = element("footer", {"class": "footnote-footer"}, join(ways, " "))
    return element("aside", attributes, number, inside, footer)


def render_passage(context: Context, passage: Passage, lang: str) -> Markup:
    """A text of the editors under its title."""
    heading = element(f"h{heading_level(context, 2)}", {"id": passage.id}, passage.title)
    attributes: Attributes = {
        "class": "passage",
        "aria-labelledby": passage.id,
        **language(passage.lang, lang, xml=context.options.epub),
    }
    return element("section", attributes, heading, "\n", render_blocks(context, passage.blocks, passage.lang))


def render_reference(context: Context, reference: Reference, lang: str) -> Markup:
    """A work cited, as a list item; its address as a link where the entry itself has none."""
    entry = render_inlines(context, reference.entry, reference.lang)
    if not context.options.lean:
        entry = element("span", {"class": "entry"}, entry)
    attributes: Attributes = {
        "id": reference.id,
        "class": "reference",
        **language(reference.lang, lang, xml=context.options.epub),
    }
    linked = any(isinstance(inline, Link) for inline in walk_inlines(reference.entry))
    address = safe_address(context, reference.url) if reference.url and not linked else None
    if address is None:
        return element("li", attributes, entry)
    return element("li", attributes, element("a", {"href": address}, entry))
