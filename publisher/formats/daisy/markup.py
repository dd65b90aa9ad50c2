"""From the shared body to XHTML 1.0, which is what DAISY 2.02 knows.

Elements that came with HTML 5 become `div` and `span` with their name as a class; roles become the classes that the
standard and its recommendation on skippable structures name: `noteref`, `notebody`.
https://www.w3.org/TR/xhtml1/, https://daisy.org/activities/standards/daisy/daisy-2/
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

XHTML = "http://www.w3.org/1999/xhtml"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_NEWER_BLOCKS = frozenset("section article aside figure figcaption header footer nav main details summary".split())
_NEWER_WORDS = frozenset("time mark bdi data".split())
_COMMON = frozenset(("id", "class", "lang", _LANG, "dir", "title", "style"))
_OWN: Mapping[str, frozenset[str]] = {
    "a": frozenset(("href",)),
    "img": frozenset(("src", "alt", "width", "height")),
    "link": frozenset(("rel", "type", "href")),
    "meta": frozenset(("name", "content", "http-equiv", "scheme")),
    "ol": frozenset(("type", "start")),
    "ul": frozenset(("type",)),
    "li": frozenset(("type", "value")),
    "td": frozenset(("scope", "rowspan", "colspan", "headers")),
    "th": frozenset(("scope", "rowspan", "colspan", "headers")),
    "col": frozenset(("span", "width")),
    "colgroup": frozenset(("span", "width")),
    "table": frozenset(("summary",)),
    "blockquote": frozenset(("cite",)),
    "q": frozenset(("cite",)),
    "del": frozenset(("cite",)),
    "ins": frozenset(("cite",)),
}
"""The attributes beside those that all elements have, by element, of those that the body may have."""
_BARE = frozenset(("html", "head", "title", "meta"))
"""Elements to which the common attributes are unknown."""
_CLASSES = {"doc-noteref": "noteref", "doc-footnote": "notebody", "note": "notebody"}


_FURNITURE = (("note-header", "begin"), ("footnote-number", "begin"), ("sources", "sources"), ("backlink", "end"))
"""What stands around a note's words, by class, and what an announcement of the narration calls it."""


def to_xhtml1(root: etree._Element) -> None:
    """Change a document into XHTML 1.0 Transitional, in place; what stands around notes gets ids to be shown by."""
    for note in root.iter(f"{{{XHTML}}}aside"):
        for name, purpose in _FURNITURE:
            found = next((one for one in note.iter(etree.Element) if name in one.get("class", "").split()), None)
            if note.get("id") and found is not None and found.get("id") is None:
                found.set("id", f"{note.get('id')}-{purpose}")
    for element in list(root.iter(etree.Element)):
        _rename(element)
        _told_by_role(element)
        _keep_known(element)
    for caption in root.iter(f"{{{XHTML}}}caption"):
        _words_only(caption)


def _rename(element: etree._Element) -> None:
    name = etree.QName(element).localname
    if name in _NEWER_BLOCKS:
        element.tag = f"{{{XHTML}}}div"
        add_class(element, name)
    elif name in _NEWER_WORDS or name == "wbr":
        element.tag = f"{{{XHTML}}}span"
    elif name == "tfoot":
        # XHTML 1.0 wants it before the bodies, where it would be read before them.
        element.tag = f"{{{XHTML}}}tbody"
        add_class(element, name)


def _told_by_role(element: etree._Element) -> None:
    """What roles and labels say, as classes and titles."""
    for role in element.get("role", "").split():
        if role in _CLASSES:
            add_class(element, _CLASSES[role])
        elif role == "img" and element.get("aria-label"):
            element.set("title", element.get("aria-label", ""))


def _keep_known(element: etree._Element) -> None:
    name = etree.QName(element).localname
    known = _OWN.get(name, frozenset()) | (frozenset(("lang", _LANG, "dir")) if name in _BARE else _COMMON)
    for attribute in list(element.attrib):
        if attribute not in known:
            del element.attrib[attribute]
    lang = element.get("lang") or element.get(_LANG)
    if lang:
        element.set("lang", lang)
        element.set(_LANG, lang)
    if element.get("dir") == "auto":
        del element.attrib["dir"]
    if name == "img" and element.get("alt") is None:
        element.set("alt", "")


def _words_only(caption: etree._Element) -> None:
    """A caption holds words alone: blocks in it become spans, with the block's name as a class."""
    for element in list(caption.iterdescendants(etree.Element)):
        name = etree.QName(element).localname
        if name in ("p", "div", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre"):
            element.tag = f"{{{XHTML}}}span"
            add_class(element, name)
            element.tail = f"{element.tail or ''} "


def add_class(element: etree._Element, name: str) -> None:
    """Give an element one more class."""
    element.set("class", " ".join(dict.fromkeys((*element.get("class", "").split(), name))))
