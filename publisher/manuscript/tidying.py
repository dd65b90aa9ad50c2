"""White space among inlines: single, none at the ends, none beside a line's break."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from publisher.model.inlines import Citation, Inline, LineBreak, Link, Span, Styled, Text, plain_text

_SPACES = re.compile("[ \t\n\r]+")


def tidy(inlines: Sequence[Inline]) -> tuple[Inline, ...]:
    """The inlines with neighbouring texts joined, spaces single, and none at the ends or around a LineBreak."""
    forward, _ = _squeeze(inlines, spaced=True)
    return _strip_ends(forward)


def _squeeze(inlines: Sequence[Inline], spaced: bool) -> tuple[list[Inline], bool]:
    """Spaces single from left to right; `spaced` tells whether a space (or the start) stands before."""
    result: list[Inline] = []
    for inline in inlines:
        match inline:
            case Text():
                text = _SPACES.sub(" ", inline.text)
                if spaced:
                    text = text.lstrip(" ")
                if not text:
                    continue
                spaced = text.endswith(" ")
                last = result[-1] if result else None
                if isinstance(last, Text):
                    result[-1] = Text(last.text + text)
                else:
                    result.append(Text(text))
            case Styled() | Span() | Link() | Citation():
                children, spaced = _squeeze(inline.children, spaced)
                if children or not isinstance(inline, Styled):
                    result.append(replace(inline, children=tuple(children)))
            case LineBreak():
                result.append(inline)
                spaced = True
            case _:
                if plain_text((inline,)):
                    spaced = False
                result.append(inline)
    return result, spaced


def _strip_ends(inlines: Sequence[Inline]) -> tuple[Inline, ...]:
    """No space at the end, nor before a LineBreak."""
    result: list[Inline] = []
    bare = True
    for inline in reversed(inlines):
        kept = _strip_end(inline) if bare else inline
        if kept is None:
            continue
        bare = isinstance(kept, LineBreak) or (bare and not plain_text((kept,)))
        result.append(kept)
    while result and isinstance(result[0], LineBreak):
        del result[0]
    # A LineBreak inside the list needs the same on its left.
    final: list[Inline] = []
    for inline in reversed(result):
        if isinstance(inline, LineBreak) and final:
            last = _strip_end(final.pop())
            if last is not None:
                final.append(last)
        final.append(inline)
    return tuple(final)


def _strip_end(inline: Inline) -> Inline | None:
    match inline:
        case Text():
            text = inline.text.rstrip(" ")
            return Text(text) if text else None
        case Styled() | Span() | Link() | Citation():
            children = _strip_ends(inline.children)
            return replace(inline, children=children) if children or not isinstance(inline, Styled) else None
        case _:
            return inline
