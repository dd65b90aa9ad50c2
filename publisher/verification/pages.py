"""Holds an EPUB's page list against the PDF whose pages it names.

Twice over: every unit that both hold must stand on the page that the PDF, read back, shows it on; and every mark must
stand where the PDF's writer says that the page begins, in the middle of a sentence too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from publisher.model.artefacts import PageBreak
from publisher.model.book import FoundPage, FoundPages

Fault = tuple[str, str, str | None, str | None]
"""Check, message, unit, place."""

_PAGE = "page "


def page_list_faults(
    found: FoundPages, printed: str | None, breaks: Sequence[PageBreak], shown: Mapping[str, tuple[str, str]]
) -> Iterator[Fault]:
    """What is wrong with a page list.

    `printed` is the PDF's name, None where there is none to hold against; `breaks` where its pages begin, as the build
    says; `shown` has for each unit its place in the PDF (`page 3`) and in the EPUB (`article.xhtml#albania-1`).
    """
    yield from _listed(found)
    if printed is None:
        return
    if not found.marks and not found.entries:
        if breaks:
            message = f"marks none of the {len(breaks)} pages of {printed}; build it again"
            yield "page-list-missing", message, None, None
        return
    if found.source.rpartition("/")[2] != printed:
        message = f"says that its pages are those of {found.source or 'nothing'}, not of {printed}"
        yield "page-list-source", message, None, None
    yield from _placed(found, breaks)
    yield from _agreeing(found, shown)


def _listed(found: FoundPages) -> Iterator[Fault]:
    """The list itself: every line leads to its mark, every mark has its line, in order, none twice."""
    for entry in found.entries:
        if entry.leads_to != entry.label:
            there = f"page {entry.leads_to}" if entry.leads_to else "no mark of a page"
            yield "page-list-target", f"lists page {entry.label}, but {entry.target} is {there}", None, entry.target
    marked, listed = [mark.label for mark in found.marks], [entry.label for entry in found.entries]
    for label, count in (Counter(marked) - Counter(set(marked))).items():
        yield "page-list-order", f"marks page {label} {count + 1} times", None, None
    missing = Counter(marked) - Counter(listed)
    for mark in found.marks:
        if mark.label in missing:
            yield "page-list-missing", f"does not list page {mark.label}, which it marks", None, mark.place
    if not missing and len(marked) == len(listed) and marked != listed:
        yield "page-list-order", "lists its pages in another order than they have in the text", None, None


def _placed(found: FoundPages, breaks: Sequence[PageBreak]) -> Iterator[Fault]:
    marks = {mark.label: mark for mark in reversed(found.marks)}
    printed = {one.label for one in breaks}
    for one in breaks:
        mark = marks.get(one.label)
        if mark is None and one.id in found.begins:
            yield "page-list-missing", f"does not mark where page {one.label} begins, at {one.id}", None, None
        elif mark is not None and not _stands(mark, one, found):
            yield "page-list-place", f"marks page {one.label} elsewhere than it begins: {_told(one)}", None, mark.place
    for mark in found.marks:
        if breaks and mark.label not in printed:
            yield "page-list-added", f"marks page {mark.label}, which the PDF does not have", None, mark.place


def _stands(mark: FoundPage, one: PageBreak, found: FoundPages) -> bool:
    """Whether a mark stands where a page begins: before that word, or before the headings over it."""
    if one.id in mark.at:
        return mark.at[one.id] == one.words
    if one.words:
        # The page begins with the rest of the last word: the mark stands after it.
        return one.words >= found.words.get(one.id, 0)
    return found.begins.get(one.id, one.label) == one.label


def _told(one: PageBreak) -> str:
    return f"at {one.id}" + (f", after {one.words} words" if one.words else "")


def _agreeing(found: FoundPages, shown: Mapping[str, tuple[str, str]]) -> Iterator[Fault]:
    """Every unit is on the page that the PDF shows it on."""
    for unit, (there, here) in shown.items():
        label = found.begins.get(here.rpartition("#")[2])
        if there.startswith(_PAGE) and label is not None and label != there.removeprefix(_PAGE):
            message = f"has {unit} on page {label or 'none'}, which the PDF shows on {there}"
            yield "page-list-place", message, unit, here
