"""The spaces that lines lose at their ends, found again in the source.

Where a line ends, nothing is painted between its last word and the next line's first one, and a program that reads the
tags would run the two together. What stands between them in the HTML says whether there is a space: not after a
divided word, nor where a long address or a Chinese sentence was broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element as Source

from publisher.formats.pdf.structure import Annotation, Content, Node

INLINE_TAGS = frozenset(
    (
        "a",
        "abbr",
        "bdi",
        "bdo",
        "br",
        "code",
        "del",
        "em",
        "img",
        "mark",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "wbr",
    )
)
"""The elements of HTML that stand inside a line; every other begins a flow of words of its own."""

_WHITE = re.compile(r"[ \t\n\r\f]+")


def restore_spaces(root: Node) -> None:
    """Set `space` of each content that a space follows which is not painted."""
    for node in (root, *_flows(root)):
        _restore(node)


def _flows(node: Node) -> Iterator[Node]:
    for kid in node.kids:
        if isinstance(kid, Node):
            if kid.tag.partition("::")[0] not in INLINE_TAGS:
                yield kid
            yield from _flows(kid)


def _restore(flow: Node) -> None:
    source = _comparable("".join(_words(flow.source))) if flow.source is not None else ""
    position = 0
    before: Content | None = None
    for content, generated in _contents(flow):
        words = _comparable(content.words).strip(" ")
        start = source.find(words, position) if words and not generated else -1
        if start >= 0:
            between = source[position:start]
            apart = between != "" and not between.strip()
            if before is not None and apart and not (before.text.endswith(" ") or content.text.startswith(" ")):
                before.space = True
            position = start + len(words)
        # A space before an element stands before what the style sheet puts in front of the element's words, too.
        if content.text and generated in ("", "after"):
            before = content


def _words(element: Source) -> Iterator[str]:
    """The words of one flow, those of flows inside it left out."""
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield " "
        elif child.tag in INLINE_TAGS:
            yield from _words(child)
        yield child.tail or ""


def _comparable(text: str) -> str:
    """Words without soft hyphens, which are not painted where words are not divided, and without cases."""
    return _WHITE.sub(" ", text.replace("\u00ad", "").casefold())


def _contents(node: Node, generated: str = "") -> Iterator[tuple[Content, str]]:
    """The painted pieces of one flow, in order, each with the pseudo-element that made it, if one did."""
    for kid in node.kids:
        if isinstance(kid, Content):
            yield kid, generated
        elif isinstance(kid, Node):
            tag, _, pseudo = kid.tag.partition("::")
            if tag in INLINE_TAGS or pseudo:
                yield from _contents(kid, generated or pseudo)
        elif not isinstance(kid, Annotation):
            raise TypeError(kid)
