"""Checkpoint 09 (appropriate tags): what may stand inside what (ISO 32000-1, tables 333, 336, 337 and 338)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from publisher.verification.matterhorn.opened import Faults, Opened
from publisher.verification.matterhorn.tree import Element

_ROW_GROUPS = ("THead", "TBody", "TFoot")

_INSIDE = {
    "TR": ("Table", *_ROW_GROUPS),
    **dict.fromkeys(_ROW_GROUPS, ("Table",)),
    **dict.fromkeys(("TH", "TD"), ("TR",)),
    **dict.fromkeys(("LI",), ("L",)),
    **dict.fromkeys(("LBody",), ("LI",)),
    "TOCI": ("TOC",),
    **dict.fromkeys(("RB", "RT"), ("Ruby",)),
    "RP": ("Ruby",),
    **dict.fromkeys(("WT", "WP"), ("Warichu",)),
}
"""What a type must stand in."""

_HOLDS = {
    "Table": ("Caption", "TR", *_ROW_GROUPS),
    **dict.fromkeys(_ROW_GROUPS, ("TR",)),
    "TR": ("TH", "TD"),
    "L": ("Caption", "LI", "L"),
    "LI": ("Lbl", "LBody"),
    "TOC": ("Caption", "TOCI", "TOC"),
    "TOCI": ("Lbl", "Reference", "NonStruct", "P", "TOC"),
    "Ruby": ("RB", "RT", "RP"),
    "Warichu": ("WT", "WP"),
}
"""What a type may hold, besides which it holds nothing, content of its own neither (a TOCI may)."""

_TABLES = ("Table", *_ROW_GROUPS, "TR", "TH", "TD")
_LISTS = ("L", "LI", "LBody")
_CONTENTS = ("TOC", "TOCI")
_RUBY = ("Ruby", "RB", "RT", "RP")
_WARICHU = ("Warichu", "WT", "WP")


def _nesting(file: Opened, types: Iterable[str]) -> Faults:
    for element in file.tree.of_type(*types):
        outside = element.parent.type if element.parent else "nothing"
        if element.type in _INSIDE and outside not in _INSIDE[element.type]:
            yield f"{element} stands in {outside}"
        held = _HOLDS.get(element.type)
        if held is None:
            continue
        for kid in element.kids:
            if kid.type not in held:
                yield f"{kid} stands in {element.type}"
        if element.marks and element.type != "TOCI":
            yield f"{element} has content of its own"
        captions = [number for number, kid in enumerate(element.kids) if kid.type == "Caption"]
        last = (len(element.kids) - 1,) if element.type == "Table" else ()
        if len(captions) > 1 or (captions and captions[0] not in (0, *last)):
            yield f"{element}: its caption stands neither first{' nor last' if last else ''}, or there are several"


def tables(file: Opened) -> Faults:
    """09-004"""
    yield from _nesting(file, _TABLES)
    for table in file.tree.of_type("Table"):
        count = {group: sum(kid.type == group for kid in table.kids) for group in _ROW_GROUPS}
        if count["THead"] > 1 or count["TFoot"] > 1:
            yield f"{table} has several heads or feet"
        if (count["THead"] or count["TFoot"]) and not count["TBody"]:
            yield f"{table} has a head or a foot and no body"
        if count["TBody"] and any(kid.type == "TR" for kid in table.kids):
            yield f"{table} has rows beside its bodies"


def lists(file: Opened) -> Faults:
    """09-005"""
    yield from _nesting(file, _LISTS)


def contents(file: Opened) -> Faults:
    """09-006"""
    yield from _nesting(file, _CONTENTS)


def ruby(file: Opened) -> Faults:
    """09-007"""
    yield from _nesting(file, _RUBY)
    for element in file.tree.of_type("Ruby"):
        if _kinds(element) not in (["RB", "RT"], ["RB", "RP", "RT", "RP"]):
            yield f"{element} is not RB and RT, with or without RP around the latter"


def warichu(file: Opened) -> Faults:
    """09-008"""
    yield from _nesting(file, _WARICHU)
    for element in file.tree.of_type("Warichu"):
        if _kinds(element) != ["WP", "WT", "WP"]:
            yield f"{element} is not WP, WT and WP"


def _kinds(element: Element) -> list[str]:
    return [kid.type for kid in element.kids]


CHECKS: dict[str, Callable[[Opened], Faults]] = {
    "09-004": tables,
    "09-005": lists,
    "09-006": contents,
    "09-007": ruby,
    "09-008": warichu,
}
