"""The rules of EPUB Accessibility 1.1 that a machine can decide, beside the truth of claims.

https://www.w3.org/TR/epub-a11y-11/; docs/reference/accessibility.md lists them with their tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from publisher.model.accessibility import Seen
from publisher.model.findings import Severity
from publisher.verification.accessibility_claims import PROOFS, Objection, Proof, barriers, dead_pages, out_of_step


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the specification: its section's id there, the check that tells of it, how much it weighs."""

    section: str
    check: str
    severity: Severity
    broken: Proof
    says: str


def _absent(property: str) -> Callable[[Seen], Iterator[Objection]]:
    def broken(seen: Seen) -> Iterator[Objection]:
        if not any(value.strip() for value in seen.values(f"schema:{property}")):
            yield Objection(seen.name, f"its package does not say its {property}")

    return broken


def _unsourced_pages(seen: Seen) -> Iterator[Objection]:
    if (seen.breaks or seen.pages) and not any(seen.sources):
        yield Objection(seen.name, "it has page breaks and does not say of what (pageBreakSource)")


def _no_list_of_pages(seen: Seen) -> Iterator[Objection]:
    if seen.breaks and not seen.pages:
        yield Objection(seen.name, "it marks page breaks and has no page list")


def _unlisted_pages(seen: Seen) -> Iterator[Objection]:
    goals = {entry.goal for entry in seen.pages}
    for mark in seen.breaks if seen.pages else ():
        if mark.place not in goals:
            yield Objection(mark.place, f"the page list does not lead to page {mark.what}")


def _pages_out_of_order(seen: Seen) -> Iterator[Objection]:
    order = {mark.place: number for number, mark in enumerate(seen.breaks)}
    last = -1
    for entry in seen.pages:
        at = order.get(entry.goal, last)
        if at < last:
            yield Objection(entry.goal, f"page {entry.text} of the page list is out of order")
        last = max(at, last)


def _misnamed_pages(seen: Seen) -> Iterator[Objection]:
    named = {mark.place: mark.what for mark in seen.breaks}
    for entry in seen.pages:
        label = named.get(entry.goal)
        if label and entry.text not in label.split() and label not in entry.text.split():
            yield Objection(entry.goal, f"the page list calls it page {entry.text}, the text page {label}")


def _unmarked_pages_heard(seen: Seen) -> Iterator[Objection]:
    for sound in seen.sounds:
        if "pagebreak" in sound.structures and "pagebreak" not in sound.told:
            yield Objection(sound.place, "the overlay reads a page number and does not say so")


def _silence(seen: Seen) -> Iterator[Objection]:
    claimed = "synchronizedAudioText" in seen.values("schema:accessibilityFeature")
    if seen.overlays and not claimed:
        yield from out_of_step(seen)


def _silent_documents(seen: Seen) -> Iterator[Objection]:
    if seen.overlays:
        for sheet in seen.sheets:
            if sheet.number is not None and not sheet.spoken:
                yield Objection(sheet.name, "a document has no overlay: reading aloud would stop there")


def _disorder(seen: Seen) -> Iterator[Objection]:
    yield from (Objection(mark.place, mark.what) for mark in seen.jumps if "is read by" in mark.what)


def _structures(*kinds: str) -> Callable[[Seen], Iterator[Objection]]:
    def broken(seen: Seen) -> Iterator[Objection]:
        for sound in seen.sounds:
            for kind in kinds:
                if kind in sound.structures and kind not in sound.told:
                    yield Objection(sound.place, f"the overlay does not say that {sound.goal} is in a {kind}")

    return broken


def _silent_navigation(seen: Seen) -> Iterator[Objection]:
    if seen.overlays:
        for sheet in seen.sheets:
            if sheet.number is None and not sheet.spoken:
                yield Objection(sheet.name, "the navigation has no overlay")


def _uncertified(seen: Seen) -> Iterator[Objection]:
    if any(value.startswith("EPUB Accessibility") for value in seen.values("dcterms:conformsTo")) and not any(
        seen.values("a11y:certifiedBy")
    ):
        yield Objection(seen.name, "it claims conformance and does not say who found that (a11y:certifiedBy)")


def _loose_refinements(seen: Seen) -> Iterator[Objection]:
    ids = {claim.id for claim in seen.claims if claim.id}
    for claim in seen.claims:
        if claim.refines and claim.refines not in ids:
            yield Objection(seen.name, f"{claim.property} refines #{claim.refines}, which is not there")


def _unclaimed_barriers(seen: Seen) -> Iterator[Objection]:
    if not any(value.startswith("EPUB Accessibility") for value in seen.values("dcterms:conformsTo")):
        yield from barriers(seen)


def _locks(seen: Seen) -> Iterator[Objection]:
    if "unlocked" not in seen.values("schema:accessibilityFeature"):
        yield from PROOFS["unlocked"](seen)


_DISCOVERY = "accessibility-discovery"
_PAGES = "accessibility-pages"
_OVERLAY = "accessibility-overlay"
RULES: tuple[Rule, ...] = (
    *(
        Rule("sec-disc-package", _DISCOVERY, Severity.ERROR, _absent(name), "it must; add it")
        for name in ("accessMode", "accessibilityFeature", "accessibilityHazard")
    ),
    *(
        Rule("sec-disc-package", _DISCOVERY, Severity.WARNING, _absent(name), "it should; add it")
        for name in ("accessModeSufficient", "accessibilitySummary")
    ),
    Rule(
        "sec-wcag-req", "accessibility-barrier", Severity.WARNING, _unclaimed_barriers, "mend it to claim conformance"
    ),
    Rule("sec-page-src", _PAGES, Severity.ERROR, _unsourced_pages, "name the printed edition"),
    Rule("sec-page-list", _PAGES, Severity.ERROR, _no_list_of_pages, "add one"),
    Rule("sec-page-list", _PAGES, Severity.ERROR, _unlisted_pages, "list every page"),
    Rule("sec-page-list", _PAGES, Severity.ERROR, dead_pages, "mend the link"),
    Rule("sec-page-list", _PAGES, Severity.ERROR, _pages_out_of_order, "list pages in order"),
    Rule("sec-page-list", _PAGES, Severity.ERROR, _misnamed_pages, "give one page one name"),
    Rule("sec-page-breaks", _PAGES, Severity.ERROR, _unmarked_pages_heard, "add epub:type pagebreak"),
    Rule("sec-sync-complete", _OVERLAY, Severity.WARNING, _silence, "read it aloud"),
    Rule("sec-sync-complete", _OVERLAY, Severity.WARNING, _silent_documents, "give each document an overlay"),
    Rule("sec-sync-order", _OVERLAY, Severity.ERROR, _disorder, "read in the order of the text"),
    Rule("sec-sync-skippability", _OVERLAY, Severity.WARNING, _structures("footnote"), "mark what may be skipped"),
    Rule(
        "sec-sync-escapability",
        _OVERLAY,
        Severity.WARNING,
        _structures("table", "list", "figure"),
        "mark what may be escaped from",
    ),
    Rule("sec-sync-navdoc", _OVERLAY, Severity.INFO, _silent_navigation, "reading systems would read it by themselves"),
    Rule("sec-evaluator-name", "accessibility-conformance", Severity.ERROR, _uncertified, "name the evaluator"),
    Rule(
        "sec-conf-reporting", "accessibility-conformance", Severity.ERROR, _loose_refinements, "correct the reference"
    ),
    Rule("sec-distribution", "accessibility-locked", Severity.ERROR, _locks, "distribute it without a lock"),
)
"""What the specification asks for beside the truth of claims (https://www.w3.org/TR/epub-a11y-11/#…)."""
