"""Feeds as XML: elements with their words, serialised alike everywhere."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree


def add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """A new last child of `parent`, in its namespace unless `name` is in Clark notation (`{namespace}name`)."""
    space = etree.QName(parent).namespace
    tag = name if name.startswith("{") or not space else f"{{{space}}}{name}"
    child = etree.SubElement(parent, tag, {key: value for key, value in attributes.items() if value})
    child.text = text
    return child


def root(name: str, namespaces: Mapping[str | None, str], **attributes: str) -> etree._Element:
    """A document's root, in the default namespace if there is one."""
    space = namespaces.get(None)
    return etree.Element(f"{{{space}}}{name}" if space else name, attributes, nsmap=dict(namespaces))  # type: ignore[arg-type]  # the stubs forget the default namespace


def written(element: etree._Element) -> str:
    """The document as text."""
    etree.indent(element, " ")
    return etree.tostring(element, encoding="utf-8", xml_declaration=True).decode("utf-8") + "\n"
