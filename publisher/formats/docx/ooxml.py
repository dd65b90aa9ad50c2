"""Names and small pieces of Office Open XML, for the writer: namespaces, escaped markup, pandoc's AST around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from xml.sax.saxutils import quoteattr

from lxml import etree

Ast = dict[str, Any]

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "a16": "http://schemas.microsoft.com/office/drawing/2014/main",
    "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
PARTS = {name: NAMES[name] for name in ("w", "r", "m", "wp", "a", "pic", "w14", "mc")}
"""The prefixes that the parts with text declare."""

W = f"{{{NAMES['w']}}}"
R = f"{{{NAMES['r']}}}"


def tag(name: str, attributes: Mapping[str, str] | None = None, *, closed: bool = True) -> str:
    """One element without content, or only its beginning."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in (attributes or {}).items())
    return f"<{name}{written}{'/' if closed else ''}>"


def raw(markup: str) -> Ast:
    """Markup among words, passed on as it is."""
    return {"t": "RawInline", "c": ["openxml", markup]}


def raw_block(markup: str) -> Ast:
    """Markup among blocks, passed on as it is."""
    return {"t": "RawBlock", "c": ["openxml", markup]}


def string(text: str) -> Ast:
    """Words as they are, white space too."""
    return {"t": "Str", "c": text}


def span(children: Sequence[Ast], attributes: Mapping[str, str], classes: Sequence[str] = ()) -> Ast:
    """Words with attributes that pandoc knows (`lang`, `dir`, `custom-style`)."""
    return {"t": "Span", "c": [["", list(classes), [list(pair) for pair in attributes.items()]], list(children)]}


def paragraph(style: str, inlines: Sequence[Ast]) -> Ast:
    """A paragraph in a style, by the style's name."""
    attributes = ["", [], [["custom-style", style]]]
    return {"t": "Div", "c": [attributes, [{"t": "Para", "c": list(inlines) or [raw("<w:r/>")]}]]}


def root(name: str, namespace: str, **prefixes: str) -> etree._Element:
    """The root of a part in one namespace; `prefixes` are further ones."""
    names: dict[str | None, str] = {None: namespace}
    names.update(prefixes)
    return etree.Element(f"{{{namespace}}}{name}", nsmap=cast(Any, names))


def serialised(part: etree._Element) -> bytes:
    """A part as it stands in the package."""
    return etree.tostring(part, encoding="UTF-8", xml_declaration=True, standalone=True)
