"""What must be seen in an EPUB for each of its accessibility claims: a predicate a claim, over the file's own content.

Independent of the writer, which claims by predicates over the source. The values are those of the Schema.org
Accessibility Properties for Discoverability Vocabulary
(https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary-20230718/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise

from publisher.model.accessibility import Seen


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a claim does not hold: what is wrong, and where in the container."""

    place: str
    why: str


Proof = Callable[[Seen], Iterator[Objection]]
"""Everything that speaks against a claim; the claim holds where there is nothing."""

MODES = frozenset(
    "auditory chartOnVisual chemOnVisual colorDependent diagramOnVisual mathOnVisual musicOnVisual tactile textOnVisual"
    " textual visual".split()
)
SUFFICIENT_MODES = frozenset(["auditory", "tactile", "textual", "visual"])
FEATURES = frozenset(
    "annotations ARIA bookmarks index pageBreakMarkers pageNavigation printPageNumbers readingOrder"
    " structuralNavigation tableOfContents taggedPDF alternativeText audioDescription captions closedCaptions"
    " describedMath longDescription openCaptions signLanguage transcript displayTransformability"
    " synchronizedAudioText timingControl unlocked ChemML latex latex-chemistry MathML MathML-chemistry ttsMarkup"
    " highContrastAudio highContrastDisplay largePrint braille tactileGraphic tactileObject fullRubyAnnotations"
    " horizontalWriting rubyAnnotations verticalWriting withAdditionalWordSegmentation"
    " withoutAdditionalWordSegmentation none unknown".split()
)
HAZARDS = frozenset(
    "flashing noFlashingHazard unknownFlashingHazard motionSimulation noMotionSimulationHazard"
    " unknownMotionSimulationHazard sound noSoundHazard unknownSoundHazard none unknown".split()
)


def no_alternatives(seen: Seen) -> Iterator[Objection]:
    if not any(picture.alternative for picture in seen.pictures):
        yield Objection(seen.name, "no picture in it has an alternative")
    yield from bare_pictures(seen)


def bare_pictures(seen: Seen) -> Iterator[Objection]:
    """Pictures that mean something, or may, without words for them (WCAG 1.1.1)."""
    for picture in seen.pictures:
        if picture.alternative is None:
            yield Objection(picture.place, "a picture has no alternative")
        elif picture.formula and not picture.alternative:
            yield Objection(picture.place, "a picture of a formula has no words")


def no_long_descriptions(seen: Seen) -> Iterator[Objection]:
    if not any(picture.long for picture in seen.pictures):
        yield Objection(seen.name, "no picture is tied to a long description")


def wordless_formulas(seen: Seen) -> Iterator[Objection]:
    for formula in seen.formulas:
        if not formula.words:
            yield Objection(formula.place, "a formula is not given in words")


def undescribed_formulas(seen: Seen) -> Iterator[Objection]:
    if not seen.formulas and not any(picture.formula for picture in seen.pictures):
        yield Objection(seen.name, "it holds no formula")
    yield from wordless_formulas(seen)
    yield from (
        Objection(p.place, "a formula is not given in words") for p in seen.pictures if p.formula and not p.alternative
    )


def formulas_without_mathml(seen: Seen) -> Iterator[Objection]:
    if not seen.formulas:
        yield Objection(seen.name, "it holds no MathML")
    yield from (Objection(f.place, "a formula's MathML is empty") for f in seen.formulas if not f.drawn)
    yield from (Objection(p.place, "a formula is a picture") for p in seen.pictures if p.formula)


def loose_notes(seen: Seen) -> Iterator[Objection]:
    """Notes that nothing calls or that lead nowhere back, calls that lead to no note."""
    if not seen.notes:
        yield Objection(seen.name, "it holds no note")
    calls = [tie for tie in seen.ties if tie.kind == "call"]
    for call in calls:
        if call.resolves is False or not call.note:
            yield Objection(call.place, f"the call of a note leads to {call.goal}, which is no note")
    for note in seen.notes:
        callers = {call.source for call in calls if call.goal == note}
        if not callers:
            yield Objection(note, "a note is not called from the text")
        elif not any(tie.goal in callers for tie in seen.ties if tie.kind == "back" and tie.inside == note):
            yield Objection(note, "a note does not lead back to the text")


def missing_roles(seen: Seen) -> Iterator[Objection]:
    if not seen.roles:
        yield Objection(seen.name, "no ARIA role stands in it")
    yield from (Objection(mark.place, f"the role {mark.what} is missing") for mark in seen.roleless)


def fixed_display(seen: Seen) -> Iterator[Objection]:
    yield from (Objection(mark.place, f"readers cannot change {mark.what}") for mark in seen.fixed)


def broken_order(seen: Seen) -> Iterator[Objection]:
    if not seen.words:
        yield Objection(seen.name, "there is nothing to read in it")
    yield from (Objection(mark.place, mark.what) for mark in (*seen.missing, *seen.jumps))


def skipped_levels(seen: Seen) -> Iterator[Objection]:
    """Headings whose level is more than one below the one before (WCAG 1.3.1)."""
    for upper, lower in pairwise(seen.headlines):
        if lower.level > upper.level + 1:
            yield Objection(lower.place, f"heading {lower.level} “{lower.text}” follows heading {upper.level}")


def no_structure(seen: Seen) -> Iterator[Objection]:
    if len(seen.headlines) < 2:
        yield Objection(seen.name, "there are no headings to go by")
    yield from skipped_levels(seen)


def no_contents(seen: Seen) -> Iterator[Objection]:
    """A table of contents that is missing, leads nowhere, leaves a part out, or goes in another order."""
    if not seen.contents:
        yield Objection(seen.name, "there is no table of contents")
        return
    yield from (Objection(e.goal, f"the contents' “{e.text}” leads nowhere") for e in seen.contents if not e.resolves)
    numbers = {sheet.name: sheet.number for sheet in seen.sheets}
    led = {entry.goal.partition("#")[0] for entry in seen.contents}
    sections = {line.place.partition("#")[0] for line in seen.headlines if line.level == 2}
    listed = {entry.goal.partition("#")[0] for entry in seen.landmarks if entry.goal.endswith("#toc")}
    for name in sections - led - listed:
        if numbers.get(name) is not None:
            yield Objection(name, "the table of contents does not lead to it")
    order = [numbers.get(entry.goal.partition("#")[0]) for entry in seen.contents]
    for (before, after), entry in zip(pairwise(order), seen.contents[1:], strict=True):
        if before is not None and after is not None and after < before:
            yield Objection(entry.goal, f"the contents' “{entry.text}” is out of order")


def no_page_list(seen: Seen) -> Iterator[Objection]:
    if not seen.pages:
        yield Objection(seen.name, "there is no page list")
    yield from dead_pages(seen)


def dead_pages(seen: Seen) -> Iterator[Objection]:
    for entry in seen.pages:
        if not entry.resolves:
            yield Objection(entry.goal, f"page {entry.text} of the page list leads nowhere")


def no_page_breaks(seen: Seen) -> Iterator[Objection]:
    if not seen.breaks:
        yield Objection(seen.name, "no page break is marked in it")
    yield from (Objection(mark.place, "a page break does not say its page") for mark in seen.breaks if not mark.what)


def out_of_step(seen: Seen) -> Iterator[Objection]:
    """Words that are shown and not heard."""
    if not seen.overlays:
        yield Objection(seen.name, "it holds no media overlay")
        return
    for sound in seen.sounds:
        if not sound.resolves:
            yield Objection(sound.place, f"the overlay reads {sound.goal}, which is not there")
    yield from (Objection(mark.place, f"no overlay reads “{mark.what}”") for mark in seen.silent)


def unheard(seen: Seen) -> Iterator[Objection]:
    """Words and pictures that are not heard."""
    yield from out_of_step(seen)
    for picture in seen.pictures:
        if picture.alternative and not picture.heard:
            yield Objection(picture.place, "no overlay reads a picture's alternative")


def locked(seen: Seen) -> Iterator[Objection]:
    yield from (Objection(mark.place, mark.what) for mark in seen.locked)


def nothing_else(seen: Seen) -> Iterator[Objection]:
    """`none` and `unknown` stand alone."""
    if len(seen.values("schema:accessibilityFeature")) > 1:
        yield Objection(seen.name, "other features are claimed beside it")


PROOFS: Mapping[str, Proof] = {
    "alternativeText": no_alternatives,
    "annotations": loose_notes,
    "ARIA": missing_roles,
    "describedMath": undescribed_formulas,
    "displayTransformability": fixed_display,
    "longDescription": no_long_descriptions,
    "MathML": formulas_without_mathml,
    "none": nothing_else,
    "pageBreakMarkers": no_page_breaks,
    "pageNavigation": no_page_list,
    "printPageNumbers": no_page_breaks,
    "readingOrder": broken_order,
    "structuralNavigation": no_structure,
    "synchronizedAudioText": out_of_step,
    "tableOfContents": no_contents,
    "unknown": nothing_else,
    "unlocked": locked,
}
"""What speaks against each `schema:accessibilityFeature`; those that are not here no machine can decide."""

OWED = tuple(
    "alternativeText describedMath longDescription MathML pageBreakMarkers pageNavigation"
    " structuralNavigation synchronizedAudioText".split()
)
"""Features that readers look for, and that are there for certain where nothing speaks against them. Footnotes are the
author's own, so notes alone make no annotations."""


def no_text(seen: Seen) -> Iterator[Objection]:
    if not seen.words:
        yield Objection(seen.name, "there is no text in it")


def nothing_to_see(seen: Seen) -> Iterator[Objection]:
    if not any(picture.means for picture in seen.pictures) and not any(mark.what == "video" for mark in seen.media):
        yield Objection(seen.name, "no picture in it means anything")


def nothing_to_hear(seen: Seen) -> Iterator[Objection]:
    if not seen.overlays and not seen.media:
        yield Objection(seen.name, "there is no sound in it")


MODE_PROOFS: Mapping[str, Proof] = {"textual": no_text, "visual": nothing_to_see, "auditory": nothing_to_hear}


def insufficient(seen: Seen, modes: frozenset[str]) -> Iterator[Objection]:
    """What speaks against a set of modes being enough to take everything in."""
    claimed = set(seen.values("schema:accessMode"))
    for mode in sorted(modes - claimed):
        yield Objection(seen.name, f"accessMode does not name {mode}")
    if modes == {"textual"}:
        yield from chain(bare_pictures(seen), wordless_formulas(seen))
        yield from (Objection(mark.place, f"{mark.what} is not told in text") for mark in seen.media)
    if modes == {"auditory"}:
        yield from unheard(seen)


def hazardous(seen: Seen, value: str) -> Iterator[Objection]:
    """What speaks against the absence of a hazard, or against a hazard beside its absence."""
    claimed = seen.values("schema:accessibilityHazard")
    if value in ("none", "unknown") and len(claimed) > 1:
        yield Objection(seen.name, "hazards are named beside it")
    for hazard, absence in (
        ("flashing", "noFlashing"),
        ("motionSimulation", "noMotionSimulation"),
        ("sound", "noSound"),
    ):
        if value == f"{absence}Hazard" and hazard in claimed:
            yield Objection(seen.name, f"{hazard} is claimed, too")
    if value in ("none", "noSoundHazard"):
        yield from (Objection(m.place, f"{m.what} is there") for m in seen.moving if "plays by itself" in m.what)
    if value in ("none", "noFlashingHazard", "noMotionSimulationHazard"):
        moving = (mark for mark in seen.moving if "plays by itself" not in mark.what)
        yield from (Objection(mark.place, f"{mark.what} is there") for mark in (*moving, *seen.scripts))


def barriers(seen: Seen) -> Iterator[Objection]:
    """What keeps a publication from WCAG 2.2 Level AA, as far as a machine can tell."""
    found: tuple[tuple[str, Proof], ...] = (
        ("WCAG 1.1.1", bare_pictures),
        ("WCAG 1.1.1", wordless_formulas),
        ("WCAG 1.3.1", headless_tables),
        ("WCAG 1.3.1", skipped_levels),
        ("WCAG 1.3.1", loose_calls),
        ("WCAG 1.3.2", broken_order),
        ("WCAG 2.2.2", moving),
        ("WCAG 2.4.2", untitled),
        ("WCAG 2.4.4", unnamed_links),
        ("WCAG 2.4.5", dead_contents),
        ("WCAG 3.1.1", without_language),
    )
    for rule, proof in found:
        yield from (Objection(one.place, f"{one.why} ({rule})") for one in proof(seen))


def headless_tables(seen: Seen) -> Iterator[Objection]:
    yield from (Objection(grid.place, "a table has no header cell") for grid in seen.grids if not grid.headed)


def loose_calls(seen: Seen) -> Iterator[Objection]:
    """Links that lead nowhere, calls among them."""
    for tie in seen.ties:
        if tie.resolves is False:
            yield Objection(tie.place, f"the link “{tie.text}” leads to {tie.goal}, which is not there")


def moving(seen: Seen) -> Iterator[Objection]:
    yield from (Objection(mark.place, f"{mark.what} cannot be stopped") for mark in seen.moving)


def untitled(seen: Seen) -> Iterator[Objection]:
    yield from (Objection(sheet.name, "a document has no title") for sheet in seen.sheets if not sheet.title)


def unnamed_links(seen: Seen) -> Iterator[Objection]:
    yield from (Objection(tie.place, "a link has no words") for tie in seen.ties if not tie.text)


def dead_contents(seen: Seen) -> Iterator[Objection]:
    for entry in (*seen.contents, *seen.landmarks):
        if not entry.resolves:
            yield Objection(entry.goal, f"the navigation's “{entry.text}” leads nowhere")


def without_language(seen: Seen) -> Iterator[Objection]:
    if not any(seen.languages):
        yield Objection(seen.name, "the package names no language")
    yield from (
        Objection(sheet.name, "a document does not say its language") for sheet in seen.sheets if not sheet.lang
    )
