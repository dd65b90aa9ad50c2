"""The styles of the reference document, for what pandoc wrote in its own.

Styles are found by their names: their ids differ with the language of the Word that saved the reference document. A
style that it lacks is made: `Verse in Quotation` is Verse, further in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from publisher.formats.docx.ooxml import W

_REFERRING = (f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")
_OWN = {"CommentReference": "annotation reference", "FootnoteReference": "footnote reference"}
"""Styles that the markup of this package names by id."""
_ALIASES = {"comment text": "annotation text"}
"""Names under which Word shows styles whose names in files are others."""
_STEP = 567
"""A centimetre in twentieths of a point: how much further in what stands in something is."""


def names_by_id(styles: etree._Element) -> dict[str, str]:
    """The name of each style by its id."""
    found = {}
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name")
        if name is not None:
            found[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "")
    return found


def restyle(parts: Iterable[etree._Element], theirs: etree._Element, ours: etree._Element) -> None:
    """Have parts name the styles of `ours`, the reference document's, where they name those of `theirs`, pandoc's."""
    names = {**names_by_id(theirs), **_OWN}
    ids = {name.lower(): id for id, name in names_by_id(ours).items()}
    for part in parts:
        for reference in part.iter(*_REFERRING):
            name = names.get(reference.get(f"{W}val", ""), reference.get(f"{W}val", ""))
            key = _ALIASES.get(name.lower(), name.lower())
            if key not in ids:
                kind = {"pStyle": "paragraph", "rStyle": "character"}.get(etree.QName(reference).localname, "table")
                ids[key] = _made(ours, name, kind, ids)
            reference.set(f"{W}val", ids[key])


def _made(styles: etree._Element, name: str, kind: str, ids: Mapping[str, str]) -> str:
    """A style that there is none of yet, on the base that its name names."""
    id = re.sub(r"\W", "", name)
    style = etree.SubElement(styles, f"{W}style", {f"{W}type": kind, f"{W}customStyle": "1", f"{W}styleId": id})
    etree.SubElement(style, f"{W}name", {f"{W}val": name})
    first, *around = name.split(" in ")
    base = ids.get(_ALIASES.get(first.lower(), first.lower())) or ids.get("normal")
    if base and kind == "paragraph":
        etree.SubElement(style, f"{W}basedOn", {f"{W}val": base})
    if around and kind == "paragraph":
        properties = etree.SubElement(style, f"{W}pPr")
        own = _indentation(styles, base or "")
        etree.SubElement(properties, f"{W}ind", {f"{W}left": str(own + _STEP * len(around))})
    return id


def _indentation(styles: etree._Element, id: str) -> int:
    for style in styles.iterfind(f"{W}style[@{W}styleId='{id}']"):
        own = style.find(f"{W}pPr/{W}ind")
        told = own.get(f"{W}left", "") if own is not None else ""
        return int(told) if told.isdigit() else 0
    return 0


def set_language(styles: etree._Element, lang: str) -> None:
    """Name the language of the whole document, as that of all words that are not marked otherwise."""
    defaults = styles.find(f"{W}docDefaults")
    if defaults is None:
        defaults = etree.Element(f"{W}docDefaults")
        styles.insert(0, defaults)
    properties = defaults
    for name in ("rPrDefault", "rPr"):
        inner = properties.find(f"{W}{name}")
        properties = etree.SubElement(properties, f"{W}{name}") if inner is None else inner
    for old in properties.findall(f"{W}lang"):
        properties.remove(old)
    properties.append(language(lang))


def language(lang: str) -> etree._Element:
    """The language of words, whatever script they are in."""
    return etree.Element(f"{W}lang", {f"{W}{script}": lang for script in ("val", "eastAsia", "bidi")})
