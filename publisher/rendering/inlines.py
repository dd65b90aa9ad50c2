"""The words of one block as markup, cut where sentences and the notes' targets begin and end.

Three structures overlap in a block's words: sentences, the targets of notes, and the inline markup of the author. Here
they are made to nest: sentences outermost, then targets, then markup. Markup that crosses a boundary is opened again
on the other side (emphasis twice), except what has facts attached, a link, a citation, a span with a language or an
expansion: that is never cut, and what begins or ends inside it is marked inside it. Where a sentence
begins or ends inside such a thing, its first piece carries the id and the others `data-sentence` with that id.

Where targets overlap, each stretch is one span that names all its notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby, pairwise
from typing import assert_never
from urllib.parse import urlsplit

from markupsafe import Markup

from publisher.model.blocks import Sentence, Worded
from publisher.model.findings import InputError
from publisher.model.inlines import (
    Citation,
    Code,
    FootnoteCall,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    Span,
    Style,
    Styled,
    Text,
    plain_text,
    walk_inlines,
)
from publisher.model.publication import Note
from publisher.rendering.context import Context
from publisher.rendering.formulas import formula_image, with_attributes
from publisher.rendering.markup import Attributes, element, join, language, text
from publisher.rendering.places import Call, Mark

SAFE_SCHEMES = frozenset(("http", "https", "mailto", "tel", "ftp", "sms", "geo", "doi", "urn"))
"""The schemes that a link may lead to: nothing that runs code or opens the reader's own files."""

Container = Link | Citation | Span
Atom = Image | Math | LineBreak | FootnoteCall | Call


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A stretch of words that nothing cuts any further: characters `start` up to `end` of the block.

    `path` is the markup around it that may be cut, outermost first, each with a number that tells equals apart.
    """

    start: int
    end: int
    path: tuple[tuple[int, Styled | Code], ...]
    content: str | Atom | Container


@dataclass(frozen=True, slots=True)
class _Scope:
    """What may be marked inside a run of inlines, and what is around it."""

    lang: str
    sentences: Sequence[Sentence] = ()
    marks: Sequence[Mark] = ()
    calls: Sequence[Call] = ()
    linked: bool = False


def render_prose(context: Context, block: Worded) -> Markup:
    """The words of a block with its sentences, targets and calls."""
    scope = _Scope(
        lang=block.lang,
        sentences=block.sentences if context.options.sentences else (),
        marks=context.places.marks_in(block.id),
        calls=context.places.calls_in(block.id),
    )
    return _Prose(context).flow(block.inlines, 0, scope)


def render_inlines(context: Context, inlines: Iterable[Inline], lang: str) -> Markup:
    """Inlines that stand in no block (a reference's entry)."""
    return _Prose(context).flow(inlines, 0, _Scope(lang=lang))


def render_words(context: Context, inlines: Iterable[Inline], lang: str) -> Markup:
    """Inlines for a second place in a document: no ids, no calls, no links."""
    return _Prose(context, bare=True).flow(inlines, 0, _Scope(lang=lang, linked=True))


def render_call(context: Context, note: Note, lang: str) -> Markup:
    """The mark in the text that leads to a note: its number, told to a screen reader as “Note 3: Fact check”."""
    link = element(
        "a",
        {
            "class": "note-call",
            "id": note.call,
            "href": context.options.href(note.id),
            "role": "doc-noteref",
            "epub:type": context.epub_type("noteref"),
            "title": context.words.kind(note.kind),
            "aria-label": context.note_name(note),
            **language(context.words_lang, lang, xml=context.options.epub),
        },
        f"[{context.label(note)}]",
    )
    return element("sup", {"class": "call"}, link)


@dataclass
class _Prose:
    context: Context
    bare: bool = False
    begun: set[str] = field(default_factory=set)

    def flow(self, inlines: Iterable[Inline], start: int, scope: _Scope) -> Markup:
        """Inlines, the first of which stands at `start`, with all that the scope marks in them."""
        leaves = _with_calls(list(_leaves(inlines, start, (), scope, _counter())), scope.calls)
        parts: list[Markup] = []
        for sentence, run in groupby(leaves, key=lambda leaf: _sentence_of(leaf, scope.sentences)):
            inside = self._targets(list(run), scope, sentence)
            parts.append(self._sentence(sentence, inside) if sentence else inside)
        return join(parts)

    def _sentence(self, sentence: Sentence, inside: Markup) -> Markup:
        first = sentence.id not in self.begun
        self.begun.add(sentence.id)
        marked: Attributes = {"id": sentence.id} if first else {"data-sentence": sentence.id}
        return element("span", {"class": None if self.context.options.lean else "s", **marked}, inside)

    def _targets(self, leaves: list[_Leaf], scope: _Scope, sentence: Sentence | None) -> Markup:
        within = replace(scope, sentences=()) if sentence else scope
        between = bool(scope.sentences) and sentence is None

        def notes(leaf: _Leaf) -> tuple[str, ...]:
            if between and (_mixed(leaf, scope.sentences) or _blank(leaf)):
                return ()
            return tuple(mark.note.id for mark in _covering(leaf, scope.marks))

        parts = []
        for ids, run in groupby(leaves, key=notes):
            inside = self._nested(list(run), 0, within)
            parts.append(element("span", {"class": "target", "data-notes": " ".join(ids)}, inside) if ids else inside)
        return join(parts)

    def _nested(self, leaves: list[_Leaf], depth: int, scope: _Scope) -> Markup:
        parts: list[Markup] = []
        for step, run in groupby(leaves, key=lambda leaf: leaf.path[depth] if len(leaf.path) > depth else None):
            if step is None:
                parts.extend(self._leaf(leaf, scope) for leaf in run)
            else:
                parts.append(_styled(step[1], self._nested(list(run), depth + 1, scope)))
        return join(parts)

    def _leaf(self, leaf: _Leaf, scope: _Scope) -> Markup:
        match leaf.content:
            case str():
                return text(leaf.content)
            case LineBreak():
                return element("br")
            case Image():
                return render_image(self.context, leaf.content, bare=self.bare)
            case Math():
                return render_math(self.context, leaf.content, bare=self.bare)
            case FootnoteCall():
                return self._footnote_call(leaf.content, scope)
            case Call(note=note):
                return render_call(self.context, note, scope.lang)
            case Link() | Citation() | Span():
                return self._container(leaf.content, leaf, scope)
            case _:
                assert_never(leaf.content)

    def _container(self, inline: Container, leaf: _Leaf, scope: _Scope) -> Markup:
        mixed = _mixed(leaf, scope.sentences)
        inner = _Scope(
            lang=inline.lang or scope.lang if isinstance(inline, Span) else scope.lang,
            sentences=[s for s in scope.sentences if _overlap(leaf, s.start, s.end)] if mixed else (),
            marks=[
                mark
                for mark in scope.marks
                if _overlap(leaf, mark.start, mark.end) and (mixed or not _covers(mark, leaf))
            ],
            calls=[call for call in scope.calls if leaf.start < call.offset < leaf.end],
            linked=scope.linked or isinstance(inline, Link | Citation),
        )
        inside = self.flow(inline.children, leaf.start, inner)
        match inline:
            case Link():
                return self._link(inline, inside)
            case Citation():
                return self._citation(inline, inside)
            case Span():
                return self._span(inline, inside, scope)
            case _:
                assert_never(inline)

    def _link(self, link: Link, inside: Markup) -> Markup:
        href = safe_address(self.context, link.target)
        if href is None:
            return inside
        attributes: Attributes = {"href": href, "title": link.title}
        if link.target.removeprefix("#") in self.context.explained:
            attributes |= {"class": "term", "role": "doc-glossref", "epub:type": self.context.epub_type("glossref")}
        return element("a", attributes, inside)

    def _citation(self, citation: Citation, inside: Markup) -> Markup:
        known = [self.context.references[key] for key in citation.keys if key in self.context.references]
        if not known:
            return element("span", {"class": "citation"}, inside)
        attributes: Attributes = {
            "class": "citation",
            "href": self.context.options.href(known[0].id),
            "role": "doc-biblioref",
            "epub:type": self.context.epub_type("biblioref"),
            "data-cites": " ".join(citation.keys),
        }
        return element("a", attributes, inside)

    def _span(self, span: Span, inside: Markup, scope: _Scope) -> Markup:
        attributes: Attributes = {
            "id": None if self.bare else span.id,
            "class": " ".join(span.classes) or None,
            "title": span.expansion,
            **language(span.lang or scope.lang, scope.lang, xml=self.context.options.epub),
        }
        return element("abbr" if span.expansion is not None else "span", attributes, inside)

    def _footnote_call(self, call: FootnoteCall, scope: _Scope) -> Markup:
        if self.bare or scope.linked:  # a link inside a link is no HTML: `_leaves` put the call after it
            return Markup("")
        footnote = self.context.footnotes.get(call.footnote)
        if footnote is None:
            raise InputError(f"the footnote {call.footnote} is called but not there; mend the article")
        attributes: Attributes = {
            "class": "footnote-call",
            "id": call.id,
            "href": self.context.options.href(footnote.id),
            "role": "doc-noteref",
            "epub:type": self.context.epub_type("noteref"),
            "aria-label": self.context.words("footnote", number=footnote.number),
            **language(self.context.words_lang, scope.lang, xml=self.context.options.epub),
        }
        return element("sup", {"class": "call"}, element("a", attributes, str(footnote.number)))


def safe_address(context: Context, target: str) -> str | None:
    """A link's address, or None for one that a page must not lead to (`javascript:`, `file:`)."""
    if target.startswith("#"):
        return context.options.href(target[1:])
    try:
        scheme = urlsplit(target.strip()).scheme.lower()
    except ValueError:
        return None
    return target.strip() if scheme in SAFE_SCHEMES else None


def render_image(context: Context, image: Image, *, bare: bool = False, described_by: str | None = None) -> Markup:
    """A picture. Raises InputError where the publication lacks its resource."""
    resource = context.publication.resources.get(image.resource)
    if resource is None:
        raise InputError(f"the picture {image.resource} is shown but not there; mend the article")
    return element(
        "img",
        {
            "id": None if bare else image.id,
            "src": context.options.source(resource),
            "alt": "" if image.decorative else image.alternative,
            "title": image.title,
            "width": str(resource.width) if resource.width else None,
            "height": str(resource.height) if resource.height else None,
            "aria-describedby": described_by,
            "aria-details": described_by,
        },
    )


def render_math(context: Context, math: Math, *, bare: bool = False) -> Markup:
    """A formula: MathML with its spoken words as alternative text, or a picture of it."""
    id = None if bare else math.id
    if context.options.math == "image":
        return formula_image(math, id, context.options.formula_source)
    return with_attributes(
        math.mathml, {"id": id, "alttext": math.spoken or None, "display": "block" if math.display else None}
    )


def _counter() -> Callable[[], int]:
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return counted

    return count


def _leaves(
    inlines: Iterable[Inline],
    start: int,
    path: tuple[tuple[int, Styled | Code], ...],
    scope: _Scope,
    count: Callable[[], int],
) -> Iterator[_Leaf]:
    """The leaves of inlines, in order, words cut at every boundary of the scope."""
    for inline in inlines:
        end = start + len(plain_text((inline,)))
        match inline:
            case Text(text=words):
                yield from _cut(words, start, path, scope)
            case Code(text=words):
                yield from _cut(words, start, (*path, (count(), inline)), scope)
            case Styled():
                yield from _leaves(inline.children, start, (*path, (count(), inline)), scope, count)
            case Span() if not _says_something(inline):
                yield from _leaves(inline.children, start, path, scope, count)
            case Span():
                yield _Leaf(start, end, path, inline)
            case Link() | Citation() if scope.linked:  # HTML has no links inside links
                yield from _leaves(inline.children, start, path, scope, count)
            case Link() | Citation():
                yield _Leaf(start, end, path, inline)
                calls = (inner for inner in walk_inlines(inline.children) if isinstance(inner, FootnoteCall))
                yield from (_Leaf(end, end, path, call) for call in calls)
            case LineBreak() | Image() | Math() | FootnoteCall():
                yield _Leaf(start, end, path, inline)
            case _:
                assert_never(inline)
        start = end


def _says_something(span: Span) -> bool:
    """Whether a span needs an element: how words are said (`say`) is not for the eye."""
    return bool(span.id or span.lang or span.expansion is not None or span.classes)


def _cut(words: str, start: int, path: tuple[tuple[int, Styled | Code], ...], scope: _Scope) -> Iterator[_Leaf]:
    end = start + len(words)
    boundaries = {start, end}
    offsets = chain(
        (offset for sentence in scope.sentences for offset in (sentence.start, sentence.end)),
        (offset for mark in scope.marks for offset in (mark.start, mark.end)),
        (call.offset for call in scope.calls),
    )
    boundaries.update(offset for offset in offsets if start < offset < end)
    points = sorted(boundaries)
    for first, last in pairwise(points):
        yield _Leaf(first, last, path, words[first - start : last - start])


def _with_calls(leaves: list[_Leaf], calls: Sequence[Call]) -> list[_Leaf]:
    """The leaves with the calls among them: after what ends at a call's offset, outside all markup that is cut."""
    merged: list[_Leaf] = []
    waiting = sorted(calls, key=lambda call: (call.offset, call.note.number, call.note.id))
    for leaf in leaves:
        while waiting and waiting[0].offset <= leaf.start and leaf.end > leaf.start:
            call = waiting.pop(0)
            merged.append(_Leaf(call.offset, call.offset, (), call))
        while waiting and leaf.start < waiting[0].offset < leaf.end:
            waiting.pop(0)  # it stands inside this container, which will place it
        merged.append(leaf)
    merged.extend(_Leaf(call.offset, call.offset, (), call) for call in waiting)
    return merged


def _sentence_of(leaf: _Leaf, sentences: Sequence[Sentence]) -> Sentence | None:
    """The sentence that a leaf is in; what stands between two words belongs to the sentence before it."""
    if leaf.start == leaf.end:
        before = next((s for s in sentences if s.start < leaf.start <= s.end), None)
        return before or next((s for s in sentences if s.start == leaf.start), None)
    touched = [s for s in sentences if _overlap(leaf, s.start, s.end)]
    return touched[0] if len(touched) == 1 else None


def _mixed(leaf: _Leaf, sentences: Sequence[Sentence]) -> bool:
    """Whether a leaf that is not cut holds words of several sentences."""
    return sum(_overlap(leaf, s.start, s.end) for s in sentences) > 1


def _overlap(leaf: _Leaf, start: int, end: int) -> bool:
    return leaf.start < end and start < leaf.end


def _covers(mark: Mark, leaf: _Leaf) -> bool:
    if leaf.start == leaf.end:
        return mark.start < leaf.start < mark.end
    return mark.start <= leaf.start and leaf.end <= mark.end


def _covering(leaf: _Leaf, marks: Sequence[Mark]) -> list[Mark]:
    found = {mark.note.id: mark for mark in marks if _covers(mark, leaf)}
    return sorted(found.values(), key=lambda mark: (mark.note.number, mark.note.id))


def _blank(leaf: _Leaf) -> bool:
    return isinstance(leaf.content, LineBreak) or (isinstance(leaf.content, str) and not leaf.content.strip())


def _styled(markup: Styled | Code, inside: Markup) -> Markup:
    if isinstance(markup, Code):
        return element("code", None, inside)
    small_caps: Attributes = {"class": "small-caps"} if markup.style is Style.SMALL_CAPS else {}
    return element(markup.style.value, small_caps, inside)
