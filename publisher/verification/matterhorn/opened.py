"""A PDF opened for the checks: its parts, each read once, when the first check asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf

from publisher.verification.matterhorn.fonts import Font
from publisher.verification.matterhorn.objects import Key, each, get, key_of, leaves, name, text
from publisher.verification.matterhorn.streams import Contents, read_contents
from publisher.verification.matterhorn.streams import Sequence as Marked
from publisher.verification.matterhorn.tree import Element, Tree

HIDDEN = 2
"""An annotation's flag Hidden (ISO 32000-1, 12.5.3)."""

Faults = Iterator[str]
"""What a check finds: a line for each fault, that says where it is."""


@dataclass(frozen=True)
class Annotation:
    """An annotation and the page that it is on."""

    source: Any
    page: int

    @cached_property
    def subtype(self) -> str:
        """Its kind: `Link`, `Widget` and so on."""
        return name(get(self.source, "/Subtype"))

    @property
    def key(self) -> Key | None:
        """What tells it from others."""
        return key_of(self.source)

    def says(self, key: str) -> str:
        """A text entry."""
        return text(get(self.source, key)).strip()

    def __str__(self) -> str:
        return f"page {self.page + 1}, {self.subtype or 'an annotation'}"


class Opened:
    """An open PDF and all that checks look at in it."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root: Any = pdf.Root

    @cached_property
    def lang(self) -> str:
        """The document's language as its catalogue gives it."""
        return text(get(self.root, "/Lang"))

    @cached_property
    def tree(self) -> Tree:
        """Its structure."""
        return Tree(self.pdf)

    @cached_property
    def contents(self) -> Contents:
        """What its pages paint."""
        return read_contents(self.pdf)

    @cached_property
    def fonts(self) -> tuple[Font, ...]:
        """The fonts that text is shown in."""
        found = self.contents
        sequences = {shown.sequence for texts in found.texts.values() for shown in texts}
        formulas = {sequence for sequence in sequences if self._in_formula(sequence)}
        return tuple(
            Font(found.fonts[key], [(shown, shown.sequence in formulas) for shown in texts])
            for key, texts in found.texts.items()
        )

    @cached_property
    def annotations(self) -> tuple[Annotation, ...]:
        """The annotations of all pages."""
        return tuple(
            Annotation(annotation, number)
            for number, page in enumerate(self.pdf.pages)
            for annotation in each(page.obj.get("/Annots"))
            if isinstance(annotation, pikepdf.Dictionary)
        )

    @cached_property
    def shown_annotations(self) -> tuple[Annotation, ...]:
        """Those that a reader may meet: not hidden, not outside the page, no pop-ups."""
        return tuple(one for one in self.annotations if one.subtype != "Popup" and not self._out_of_sight(one))

    def _out_of_sight(self, one: Annotation) -> bool:
        flags = get(one.source, "/F")
        if isinstance(flags, int) and flags & HIDDEN:
            return True
        try:
            left, bottom, right, top = (float(edge) for edge in one.source.Rect)
            box = [float(edge) for edge in self.pdf.pages[one.page].cropbox]
        except (AttributeError, TypeError, ValueError):
            return False
        outside = max(left, right) < box[0] or min(left, right) > box[2]
        return outside or max(bottom, top) < box[1] or min(bottom, top) > box[3]

    @cached_property
    def fields(self) -> tuple[Any, ...]:
        """The form's fields, groups of them left out."""
        found = []
        waiting = each(get(get(self.root, "/AcroForm"), "/Fields"))
        seen: set[Key | None] = set()
        while waiting:
            field = waiting.pop(0)
            key = key_of(field)
            if key is not None and key in seen:
                continue
            seen.add(key)
            inner = [kid for kid in each(get(field, "/Kids")) if get(kid, "/T") is not None]
            if inner:
                waiting.extend(inner)
            elif isinstance(field, pikepdf.Dictionary):
                found.append(field)
        return tuple(found)

    @cached_property
    def parents(self) -> dict[int, Any]:
        """The parent tree: what each key of pages and annotations leads to (14.7.4.4)."""
        pairs = leaves(get(self.tree.source, "/ParentTree"), "/Nums")
        return {int(key): value for key, value in pairs if isinstance(key, int)}

    def owner(self, sequence: Marked | None) -> Element | None:
        """The structure element that a content belongs to, if any: that of the nearest mark that has one."""
        for around in sequence.within() if sequence else ():
            if around.number is not None:
                element = self.tree.owners.get((around.holder, around.number))
                if element is not None:
                    return element
        return None

    def holder(self, annotation: Annotation) -> Element | None:
        """The structure element that refers to an annotation."""
        return self.tree.holders.get(annotation.key) if annotation.key else None

    def _in_formula(self, sequence: Marked | None) -> bool:
        element = self.owner(sequence)
        return element is not None and element.formula


def some(faults: Sequence[str], limit: int = 3) -> str:
    """Several faults of one kind in one line."""
    more = len(faults) - limit
    return "; ".join(faults[:limit]) + (f"; and {more} more" if more > 0 else "")
