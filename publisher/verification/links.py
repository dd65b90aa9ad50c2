"""The links: those of the source, leading where it says, and none else to anywhere outside."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from publisher.model.extract import FoundLink
from publisher.verification.case import Case
from publisher.verification.compare import longest_increasing
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.normalise import normalise
from publisher.verification.ties import ExpectedLink

SAFE_SCHEMES = frozenset(("http", "https", "mailto", "tel", "ftp", "sms", "geo", "doi", "urn"))
"""The schemes of links that a format may carry; others (`javascript:`, `file:`) it must leave out."""

_Free = Mapping[tuple[str, str], deque[FoundLink]]


def check_links(case: Case) -> Iterator[Discrepancy]:
    """Links that lead nowhere, links of the source that are not there, links that no source has."""
    for link in case.extract.links:
        if link.resolves is False:
            message = f"the link “{link.text}” leads to {link.target}, which is not there"
            yield case.of_unit("link-target-missing", message, None, link.place, link.target)
    plain = [link for link in case.extract.links if not (link.calls or link.back)]
    free: dict[tuple[str, str], deque[FoundLink]] = defaultdict(deque)
    for link in plain:
        free[_target(link.target), normalise(link.text)].append(link)
    held = {note.id for note in case.extract.notes} & case.must | case.shown
    numbers = {id(link): number for number, link in enumerate(plain)}
    used: dict[int, ExpectedLink] = {}
    for wanted in case.source.ties.links:
        if wanted.unit in held and _may_stand(wanted.target):
            found = _find(case, wanted, free)
            if found is None:
                message = f"the link “{wanted.text}” to {wanted.target} in {wanted.unit} is not there"
                yield case.of_id("link-missing", message, wanted.unit, None, expected=wanted.target, found=None)
            else:
                used[numbers[id(found)]] = wanted
    for number, link in enumerate(plain):
        if number not in used and not link.furniture and (_leads_out(link) or _leads_within(case, link)):
            message = f"the link “{link.text}” to {link.target} stands in no source"
            yield case.of_unit("link-added", message, None, link.place, link.target)
    yield from _exchanged(case, used)


def _leads_out(link: FoundLink) -> bool:
    return link.resolves is None and ":" in link.target


def _leads_within(case: Case, link: FoundLink) -> bool:
    """Whether a link leads from a block of ours to another place of the edition: a stranger may lead where it likes."""
    within = link.resolves is not False and _target(link.target).startswith("#")
    return within and case.ours and link.unit in case.there


def _exchanged(case: Case, used: Mapping[int, ExpectedLink]) -> Iterator[Discrepancy]:
    """Links of one block that have the same words, and lead each to where another should."""
    alike: dict[tuple[str, str], list[tuple[int, ExpectedLink]]] = defaultdict(list)
    for number, wanted in used.items():
        alike[wanted.unit, normalise(wanted.text)].append((number, wanted))
    for links in alike.values():
        kept = set(longest_increasing([number for number, _ in links]))
        for _, wanted in (one for one in links if one[0] not in kept):
            message = f"the link “{wanted.text}” to {wanted.target} stands in the place of another in {wanted.unit}"
            yield case.of_id("link-missing", message, wanted.unit, None, expected=wanted.target, found=None)


def _find(case: Case, wanted: ExpectedLink, free: _Free) -> FoundLink | None:
    target = _target(wanted.target)
    for key in (target, f"{target}-plain") if target.startswith("#") else (target,):
        there = free.get((key, normalise(wanted.text)), deque())
        # The same link may stand around the text too, as in the imprint's address: it does not stand for this one.
        for at in (*_numbers(there, lambda link: link.unit == wanted.unit), *_numbers(there, _in_text(case, wanted))):
            found = there[at]
            del there[at]
            return found
    if not case.ours and target.startswith("#"):
        # A stranger's ids are others, so the words alone must do.
        same = [links for (to, text), links in free.items() if to[:1] == "#" and text == normalise(wanted.text)]
        return next((links.popleft() for links in same if links), None)
    return None


def _numbers(links: deque[FoundLink], fits: Callable[[FoundLink], bool]) -> Iterator[int]:
    return (number for number, link in enumerate(links) if fits(link))


def _in_text(case: Case, wanted: ExpectedLink) -> Callable[[FoundLink], bool]:
    """Whether a link may be one of a block's where none stands in the block itself: of a block that is known by its id
    it is not; sources of notes may stand in what is around them."""
    if case.ours and wanted.unit in case.there:
        return lambda _: False
    return lambda link: not link.furniture or wanted.unit not in case.shown


def _may_stand(target: str) -> bool:
    try:
        return target.startswith("#") or urlsplit(target).scheme.lower() in SAFE_SCHEMES
    except ValueError:
        return False


def _target(target: str) -> str:
    """A link's target as it is compared: the fragment of one inside the edition, else the whole address."""
    if ":" in target.partition("/")[0] or target.startswith("//"):
        return target.strip()
    return f"#{unquote(target.partition('#')[2])}"
