"""Where the pages of a PDF begin: which sentence, and after how many of its words, for the page lists of other formats.

The boxes of WeasyPrint are gone through as they are painted; what the pages add (heads, numbers, contents) is no place
to begin at, since other formats do not hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes  # type: ignore[import-untyped]
from weasyprint.layout.absolute import AbsolutePlaceholder  # type: ignore[import-untyped]

from publisher.formats.pdf.boxes import REPEATED
from publisher.model.artefacts import PageBreak
from publisher.model.inlines import OBJECT

_OWN = frozenset(("nav", "h2", "h3", "h4", "h5", "h6"))
"""Elements whose own ids are no place to begin at: the contents, and headings that the pages add. (The edition's own
headings hold sentences.)"""

_CALLS = frozenset(("note-call", "footnote-call"))

_UNSEEN = "\u00ad\u200b\u2060\ufeff"
"""Characters that are no word by themselves and may or may not be painted."""


def page_breaks(pages: Iterable[Any]) -> tuple[PageBreak, ...]:
    """Where each of a document's pages begins (WeasyPrint's page boxes), labelled 1, 2 …

    A page that holds nothing of the edition's text (contents alone) has none.
    """
    walker = _Walker()
    return tuple(found for number, page in enumerate(pages, start=1) if (found := walker.page(str(number), page)))


@dataclass
class _Place:
    """A sentence, or a block of code, as it is shown (`letters`: all but white space), and how many of its letters are
    painted so far."""

    letters: str
    begins: frozenset[int]
    painted: int = 0

    def begun(self) -> int:
        """The words of which something is painted."""
        return sum(begin < self.painted for begin in self.begins)

    def paint(self, text: str) -> None:
        """Go on by the letters of a text box; hyphens that were put in at a line's end are not among the sentence's."""
        for character in text:
            if self.painted < len(self.letters) and self.letters[self.painted].casefold() == character.casefold():
                self.painted += 1


@dataclass
class _Walker:
    places: dict[int, _Place] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    label: str = ""
    found: PageBreak | None = None

    def page(self, label: str, page: Any) -> PageBreak | None:
        self.label, self.found = label, None
        self._walk(page, None)
        return self.found

    def _walk(self, box: Any, owner: Any) -> None:
        """`owner` is the element that has the id of the place that a box is at; None where there is none."""
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if isinstance(box, boxes.MarginBox) or self._repeats(box):
            return
        element = box.element
        if element is not None and "::" in (box.element_tag or "::"):
            return
        if element is not None:
            if _CALLS & set(element.get("class", "").split()) or element.tag == "nav":
                return
            if element.get("id") and not _is_sentence(owner):
                owner = None if element.tag in _OWN else element
        if isinstance(box, boxes.TextBox):
            self._meet(owner, box.text)
        elif isinstance(box, boxes.ReplacedBox):
            self._meet(owner, OBJECT)
        for child in getattr(box, "children", ()):
            self._walk(child, owner)

    def _repeats(self, box: Any) -> bool:
        """Whether a box is shown a second time or only leads to something, as `boxes` has it."""
        if box.is_leader or box.element_tag in REPEATED:
            return True
        if isinstance(box, boxes.TableRowGroupBox) and (box.is_header or box.is_footer) and box.element is not None:
            return self.heads.setdefault(id(box.element), self.label) != self.label
        return False

    def _meet(self, owner: Any, text: str) -> None:
        """Come upon something painted."""
        if owner is None or not text.strip():
            return
        if not _is_sentence(owner) and owner.tag != "pre":
            self.found = self.found or PageBreak(self.label, owner.get("id"))
            return
        place = self.places.get(id(owner))
        if place is None:
            place = self.places[id(owner)] = _place(owner)
        before, begun = place.painted, place.begun()
        place.paint(text)
        if self.found is None and place.painted > before:
            self.found = PageBreak(self.label, owner.get("id"), begun)


def _is_sentence(element: Any) -> bool:
    return element is not None and "s" in element.get("class", "").split()


def _place(sentence: Any) -> _Place:
    letters: list[str] = []
    begins: list[int] = []
    between = True
    for character in "".join(_shown(sentence)):
        if character.isspace():
            between = True
        elif character not in _UNSEEN:
            if between:
                begins.append(len(letters))
            letters.append(character)
            between = False
    return _Place("".join(letters), frozenset(begins))


def _shown(element: Any) -> Iterator[str]:
    """What an element shows, without the labels of calls; a picture or formula is one character."""
    if element.tag in ("img", "svg", "math"):
        yield OBJECT
    elif not _CALLS & set(element.get("class", "").split()):
        yield element.text or ""
        for child in element:
            yield from _shown(child)
            yield child.tail or ""
