"""Raw HTML among words becomes inlines of the model: an opening tag takes all up to its closing one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from publisher.manuscript import raw_html
from publisher.manuscript.ast_text import plain_words
from publisher.manuscript.languages import quotation_marks
from publisher.manuscript.pandoc import Ast
from publisher.model.findings import Severity
from publisher.model.inlines import Code, Inline, LineBreak, Span, Styled, Text

if TYPE_CHECKING:
    from publisher.manuscript.inlines_reader import InlinesReader, Place


def read_raw(reader: InlinesReader, inlines: Sequence[Ast], index: int, place: Place, result: list[Inline]) -> int:
    """Read the raw HTML that stands before `index` into `result`; answers the index after what it holds."""
    form, text = inlines[index - 1]["c"]
    tag = raw_html.read_tag(text) if form == "html" else raw_html.Tag("other", form, {})
    harmless = {key: value for key, value in tag.attributes.items() if not reader.is_handler(key, place)}
    tag = replace(tag, attributes=harmless)
    if tag.kind == "comment":
        return index
    if tag.kind == "start" and tag.name in raw_html.VOID:
        result += _void(reader, tag, place)
        return index
    paired = tag.kind == "start" and tag.name in raw_html.PAIRED
    end = _end_of(inlines, index, tag.name) if paired else None
    if end is None:
        offer = f"is refused; write Markdown, or one of {raw_html.ALLOWED}"
        what = "is never closed here; close it" if paired else offer
        position = reader.state.positions.find(place.node, text, f"<{tag.name}")
        reader.state.report("raw-html", Severity.ERROR, f"raw HTML {text[:40]} {what}", position)
        return index
    result += _element(reader, tag, inlines[index:end], place)
    return end + 1


def _void(reader: InlinesReader, tag: raw_html.Tag, place: Place) -> list[Inline]:
    """`br`, `img`, and `wbr`, which is nothing in the words."""
    if tag.name == "br":
        return [LineBreak()]
    if tag.name != "img":
        return []
    attributes = tag.attributes
    picture = reader.picture(
        attributes.get("src", ""),
        " ".join(attributes.get("alt", "").split()),
        attributes.get("title", ""),
        place,
        # In HTML an empty alternative is how an author says that there is none on purpose.
        decorative=attributes.get("alt") == "",
    )
    return [picture] if picture else []


def _end_of(inlines: Sequence[Ast], index: int, name: str) -> int | None:
    """Where the element that was opened before `index` is closed."""
    depth = 0
    for place in range(index, len(inlines)):
        if inlines[place]["t"] != "RawInline":
            continue
        tag = raw_html.read_tag(inlines[place]["c"][1])
        if tag.name == name:
            depth += 1 if tag.kind == "start" else -1
            if depth < 0:
                return place
    return None


def _element(reader: InlinesReader, tag: raw_html.Tag, inlines: Sequence[Ast], place: Place) -> list[Inline]:
    attributes = dict(tag.attributes)
    anchors = reader.state.anchors
    identifier = anchors.get(attributes.pop("id", ""))
    classes = attributes.pop("class", "").split()
    if tag.name == "a":
        address = attributes.pop("href", None)
        identifier = anchors.get(attributes.pop("name", "")) or identifier
        if address is not None:
            children = tuple(reader.several(inlines, place))
            linked = reader.linked(children, address, attributes.get("title", ""), place, identifier=identifier)
            return reader.in_language(attributes, linked, place)
    if tag.name in ("code", "tt"):
        return reader.in_language(attributes, [Code(plain_words(inlines))], place)
    if tag.name == "q":
        own = reader.language(attributes["lang"], place) if "lang" in attributes else place.lang
        opening, closing = quotation_marks(own)
        quoted = [Text(opening), *reader.several(inlines, place), Text(closing)]
        return [Span(tuple(quoted), None, own)] if own != place.lang else quoted
    if tag.name in raw_html.STYLES:
        styled = Styled(raw_html.STYLES[tag.name], tuple(reader.several(inlines, place)))
        attributes.pop("title", None)
        reader.check_attributes(attributes, (), place, place.lang)
        lang = reader.language(attributes["lang"], place) if "lang" in attributes else None
        return [Span((styled,), identifier, lang)] if identifier or lang else [styled]
    if tag.name not in ("span", "a"):
        classes.append(tag.name)
    return reader.span_of(identifier, classes, attributes, inlines, place)
