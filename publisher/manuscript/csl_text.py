"""The text of a CSL variable: its few tags become markup, its straight apostrophes curved ones."""

from __future__ import annotations

import re
from typing import Any

_TAG = re.compile(r"<(?P<name>i|b|sup|sub|span)(?P<rest>\s[^<>]*)?>(?P<inner>.*?)</(?P=name)>", re.DOTALL)
_STYLES = {"i": "Emph", "b": "Strong", "sup": "Superscript", "sub": "Subscript"}
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def meta_text(text: str) -> dict[str, Any]:
    """A value of pandoc's metadata for the text, marked up where it has the tags that CSL-JSON knows.

    https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html#html-like-formatting-tags
    """
    text = _APOSTROPHE.sub("’", text) if "://" not in text else text
    if not _TAG.search(text):
        return {"t": "MetaString", "c": text}
    return {"t": "MetaInlines", "c": _inlines(text)}


def _inlines(text: str) -> list[dict[str, Any]]:
    found = _TAG.search(text)
    if found is None:
        return _words(text)
    before, after = _words(text[: found.start()]), _inlines(text[found.end() :])
    return [*before, _marked(found["name"], found["rest"] or "", _inlines(found["inner"])), *after]


def _marked(name: str, rest: str, inner: list[dict[str, Any]]) -> dict[str, Any]:
    if name in _STYLES:
        return {"t": _STYLES[name], "c": inner}
    if "small-caps" in rest:
        return {"t": "SmallCaps", "c": inner}
    return {"t": "Span", "c": [["", ["nocase"] if "nocase" in rest else [], []], inner]}


def _words(text: str) -> list[dict[str, Any]]:
    pieces = re.split(r"(\s+)", text)
    return [{"t": "Space"} if piece.isspace() else {"t": "Str", "c": piece} for piece in pieces if piece]
