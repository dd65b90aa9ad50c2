"""Accessibility metadata from evidence: a claim is made because a predicate over the content holds, never by habit.

EPUB Accessibility 1.1 (https://www.w3.org/TR/epub-a11y-11/#sec-disc-package); the values are those of the Schema.org
Accessibility Properties for Discoverability Vocabulary (https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary-20230718/).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from PIL import Image as Pictures

from publisher.formats.epub.assets import all_blocks
from publisher.model.accessibility import CONFORMS_TO, Claims
from publisher.model.blocks import Figure, Heading, Table, Worded, walk
from publisher.model.inlines import OBJECT, Image, Link, Math, plain_text, walk_inlines
from publisher.model.publication import Publication, Resource
from publisher.rendering.words import Words


@dataclass(frozen=True)
class Evidence:
    """What the predicates look at: the publication, and what this edition of it adds.

    `spoken` holds the ids that the media overlays read, None without overlays. `own_style` is True where the edition
    brings templates or style sheets of its own, about which nothing is known here. `pages` are the numbers of the
    printed pages that are marked in the text and listed.
    """

    publication: Publication
    spoken: frozenset[str] | None = None
    own_style: bool = False
    pages: tuple[str, ...] = ()

    @cached_property
    def worded(self) -> tuple[Worded, ...]:
        """Every block that holds words."""
        return tuple(node for node in walk(all_blocks(self.publication)) if isinstance(node, Worded))

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """Every picture that means something."""
        return tuple(
            inline
            for block in self.worded
            for inline in walk_inlines(block.inlines)
            if isinstance(inline, Image) and not inline.decorative
        )

    @cached_property
    def formulas(self) -> tuple[Math, ...]:
        """Every formula."""
        return tuple(i for block in self.worded for i in walk_inlines(block.inlines) if isinstance(i, Math))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table."""
        return tuple(node for node in walk(all_blocks(self.publication)) if isinstance(node, Table))

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """The levels of the article's headings, in order, after the title's."""
        return (1, *(block.level for block in self.publication.blocks() if isinstance(block, Heading)))

    @cached_property
    def animated(self) -> bool:
        """Whether a picture moves by itself."""
        used = {image.resource for block in self.worded for image in _images(block)}
        return any(moves(self.publication.resources[name]) for name in sorted(used))


def alternatives_stand(evidence: Evidence) -> bool:
    """Every picture that means something has an alternative. (The cover always has one.)"""
    return all(image.alternative.strip() for image in evidence.images)


def long_descriptions_stand(evidence: Evidence) -> bool:
    """There is a figure with a long description in words."""
    figures = (node for node in walk(all_blocks(evidence.publication)) if isinstance(node, Figure))
    return any(
        node.text.strip() for figure in figures for node in walk(figure.long_description) if isinstance(node, Worded)
    )


def formulas_are_mathml(evidence: Evidence) -> bool:
    """There are formulas, and each is MathML."""
    return bool(evidence.formulas) and all("<math" in formula.mathml for formula in evidence.formulas)


def formulas_are_described(evidence: Evidence) -> bool:
    """There are formulas, and each is also given in words."""
    return bool(evidence.formulas) and all(formula.spoken.strip() for formula in evidence.formulas)


def headings_are_in_order(evidence: Evidence) -> bool:
    """There are headings below the title, and no level is skipped on the way down."""
    levels = evidence.levels
    return len(levels) > 1 and not _skips(levels)


def there_are_contents(evidence: Evidence) -> bool:
    """The table of contents leads to more than the text as one piece."""
    publication = evidence.publication
    passages = any(layer.introduction or layer.method for layer in publication.layers)
    return len(evidence.levels) > 1 or passages or bool(publication.counterparts) or bool(publication.references)


def there_are_notes(evidence: Evidence) -> bool:
    """Editors annotate the text."""
    return bool(evidence.publication.notes)


def text_can_be_transformed(evidence: Evidence) -> bool:
    """The style sheet is ours, which fixes no size, colour or face of the text."""
    return not evidence.own_style


def roles_are_used(evidence: Evidence) -> bool:
    """The templates are ours, which carry DPUB-ARIA roles."""
    return not evidence.own_style


def there_is_a_reading_order(evidence: Evidence) -> bool:
    """There is text; the spine and the markup hold it in the order of the source."""
    return bool(evidence.worded)


def nothing_is_locked(_: Evidence) -> bool:
    """We encrypt nothing."""
    return True


def pages_are_marked(evidence: Evidence) -> bool:
    """The places are marked where the pages of the PDF begin, and listed."""
    return bool(evidence.pages)


def sound_is_in_step(evidence: Evidence) -> bool:
    """Every sentence is read by an overlay."""
    return evidence.spoken is not None and all(
        sentence.id in evidence.spoken
        for block in evidence.worded
        for sentence in block.sentences
        if any(character.isalnum() for character in block.text[sentence.start : sentence.end])
    )


def sound_tells_all(evidence: Evidence) -> bool:
    """The overlays read every sentence, and every picture by its alternative."""
    spoken = evidence.spoken or frozenset()
    return sound_is_in_step(evidence) and all(
        image.id in spoken or _sentence_of(block, image) in spoken
        for block in evidence.worded
        for image in _images(block)
        if not image.decorative
    )


FEATURES: Mapping[str, Callable[[Evidence], bool]] = {
    "alternativeText": alternatives_stand,
    "annotations": there_are_notes,
    "ARIA": roles_are_used,
    "describedMath": formulas_are_described,
    "displayTransformability": text_can_be_transformed,
    "longDescription": long_descriptions_stand,
    "MathML": formulas_are_mathml,
    "pageBreakMarkers": pages_are_marked,
    "pageNavigation": pages_are_marked,
    "readingOrder": there_is_a_reading_order,
    "structuralNavigation": headings_are_in_order,
    "synchronizedAudioText": sound_is_in_step,
    "tableOfContents": there_are_contents,
    "unlocked": nothing_is_locked,
}
"""Each `schema:accessibilityFeature` that we ever claim, and what must hold for it."""


def barriers(evidence: Evidence) -> tuple[str, ...]:
    """What keeps the edition from claiming conformance, as far as a machine can tell, in words; empty if nothing."""
    found = (
        ("a picture has no alternative (WCAG 1.1.1)", not alternatives_stand(evidence)),
        ("a formula is not given in words (WCAG 1.1.1)", not all(f.spoken.strip() for f in evidence.formulas)),
        ("a table has no header cell (WCAG 1.3.1)", not all(_has_header(table) for table in evidence.tables)),
        ("a heading's level is skipped (WCAG 1.3.1)", _skips(evidence.levels)),
        ("a link has no words (WCAG 2.4.4)", not all(_links_have_words(block) for block in evidence.worded)),
        ("a picture moves by itself (WCAG 2.2.2)", evidence.animated),
        ("an overlay is missing", evidence.spoken is not None and not sound_is_in_step(evidence)),
        ("the edition's own templates are not known", evidence.own_style),
    )
    return tuple(reason for reason, holds in found if holds)


def claims(evidence: Evidence, words: Words) -> Claims:
    """All that the package may say. `words` is the language of the summary."""
    publisher = evidence.publication.metadata.publisher or evidence.publication.imprint.publisher
    conforms = not barriers(evidence) and bool(publisher)
    return Claims(
        modes=tuple(_modes(evidence)),
        sufficient=tuple(_sufficient(evidence)),
        features=tuple(name for name, holds in FEATURES.items() if holds(evidence)),
        hazards=tuple(_hazards(evidence)),
        summary=" ".join(words(key) for key in _summary(evidence)),
        conforms_to=CONFORMS_TO if conforms else None,
        certified_by=publisher if conforms else None,
    )


def _modes(evidence: Evidence) -> Iterator[str]:
    yield "textual"
    if evidence.images:
        yield "visual"
    if evidence.spoken is not None:
        yield "auditory"


def _sufficient(evidence: Evidence) -> Iterator[str]:
    described = alternatives_stand(evidence) and all(formula.spoken.strip() for formula in evidence.formulas)
    if described:
        yield "textual"
    if evidence.images:
        yield "textual,visual"
    if described and sound_tells_all(evidence):
        yield "auditory"


def _hazards(evidence: Evidence) -> Iterator[str]:
    if evidence.animated:
        yield from ("unknownFlashingHazard", "unknownMotionSimulationHazard", "noSoundHazard")
    else:
        yield "none"


def _summary(evidence: Evidence) -> Iterator[str]:
    yield "access-text"
    if evidence.images:
        yield "access-alternatives" if alternatives_stand(evidence) else "access-no-alternatives"
    if long_descriptions_stand(evidence):
        yield "access-long"
    if formulas_are_mathml(evidence) and formulas_are_described(evidence):
        yield "access-formulas"
    if headings_are_in_order(evidence) and there_are_notes(evidence):
        yield "access-navigation"
    if evidence.publication.counterparts:
        yield "access-plain"
    if sound_is_in_step(evidence):
        yield "access-audio"
    if not evidence.animated:
        yield "access-no-hazards"


_SVG_ANIMATION = re.compile(
    rb"<(?:\w+:)?(?:animate|set|animateMotion|animateTransform)\b|@keyframes|<(?:\w+:)?script\b"
)


def moves(resource: Resource) -> bool:
    """Whether a picture has more than one frame, or is an SVG that animates or runs a script."""
    if resource.media_type == "image/svg+xml":
        return _SVG_ANIMATION.search(resource.path.read_bytes()) is not None
    with Pictures.open(resource.path) as picture:
        return int(getattr(picture, "n_frames", 1)) > 1


def _images(block: Worded) -> Iterator[Image]:
    return (inline for inline in walk_inlines(block.inlines) if isinstance(inline, Image))


def _sentence_of(block: Worded, image: Image) -> str | None:
    """The sentence that a picture stands in; pictures and formulas are the OBJECT characters of a block's words."""
    objects = [inline for inline in walk_inlines(block.inlines) if isinstance(inline, Image | Math)]
    places = [at for at, character in enumerate(block.text) if character == OBJECT]
    at = dict(zip((inline.id for inline in objects), places, strict=False))[image.id]
    return next((sentence.id for sentence in block.sentences if sentence.start <= at < sentence.end), None)


def _skips(levels: tuple[int, ...]) -> bool:
    return any(lower > upper + 1 for upper, lower in pairwise(levels))


def _has_header(table: Table) -> bool:
    rows = (*table.head, *(row for body in table.bodies for row in body))
    return any(cell.scope for row in rows for cell in row)


def _links_have_words(block: Worded) -> bool:
    for inline in walk_inlines(block.inlines):
        if isinstance(inline, Link):
            named = plain_text(inline.children).replace(OBJECT, "").strip()
            pictures = [i for i in walk_inlines(inline.children) if isinstance(i, Image)]
            if not named and not any(picture.alternative.strip() for picture in pictures):
                return False
    return True
