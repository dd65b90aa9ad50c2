"""Each claim rests on the content: take the content away and the claim goes.

https://www.w3.org/TR/epub-a11y-11/#sec-discovery
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from epub_books import Book, written
from epub_sample import heading, paragraph, picture, without_alternative

from publisher.formats.epub.accessibility import FEATURES, Evidence, barriers, claims, moves
from publisher.model.accessibility import CONFORMS_TO, Claims
from publisher.model.blocks import Table
from publisher.model.inlines import Image, Link, Text
from publisher.model.publication import Metadata, Publication, Section
from publisher.rendering.words import words_for
from publisher.store import Store


def claimed(publication: Publication, spoken: frozenset[str] | None = None, *, own_style: bool = False) -> Claims:
    return claims(Evidence(publication, spoken, own_style), words_for("en"))


def with_section(publication: Publication, section: Section) -> Publication:
    return replace(publication, sections=(*publication.sections, section))


def test_the_package_says_what_the_evidence_says(publication: Publication, text_edition: Book) -> None:
    told = claimed(publication)
    assert text_edition.meta("schema:accessMode") == list(told.modes) == ["textual", "visual"]
    assert text_edition.meta("schema:accessModeSufficient") == list(told.sufficient) == ["textual", "textual,visual"]
    assert text_edition.meta("schema:accessibilityFeature") == list(told.features)
    assert text_edition.meta("schema:accessibilityHazard") == ["none"]
    assert text_edition.meta("schema:accessibilitySummary") == [told.summary]
    assert text_edition.meta("dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert text_edition.meta("a11y:certifiedBy") == ["The Skerry Press"]


PAGES = {"pageBreakMarkers", "pageNavigation"}


def test_the_text_edition_claims_every_feature_but_sound(publication: Publication) -> None:
    told = claims(Evidence(publication, pages=("1", "2")), words_for("en"))
    assert set(told.features) == set(FEATURES) - {"synchronizedAudioText"}


def test_pages_are_claimed_only_where_they_are_marked(publication: Publication) -> None:
    assert not PAGES & set(claimed(publication).features)


def test_the_read_aloud_edition_claims_sound_too(read_aloud: Book) -> None:
    assert "synchronizedAudioText" in read_aloud.meta("schema:accessibilityFeature")
    assert read_aloud.meta("schema:accessMode") == ["textual", "visual", "auditory"]
    assert "auditory" in read_aloud.meta("schema:accessModeSufficient")


def test_without_one_alternative_the_claims_on_alternatives_go(publication: Publication) -> None:
    before, after = claimed(publication), claimed(without_alternative(publication))
    assert set(before.features) - set(after.features) == {"alternativeText"}
    assert "textual" in before.sufficient
    assert "textual" not in after.sufficient
    assert (after.conforms_to, after.certified_by) == (None, None)
    assert barriers(Evidence(without_alternative(publication))) == ("a picture has no alternative (WCAG 1.1.1)",)
    assert "Some pictures have no text alternative." in after.summary


def _without_long_description(publication: Publication) -> Publication:
    stores = publication.sections[1]
    lens = stores.sections[0]
    figure = replace(lens.blocks[0], long_description=())
    changed = replace(stores, sections=(replace(lens, blocks=(figure, *lens.blocks[1:])),))
    return replace(publication, sections=(publication.sections[0], changed))


def _formula(publication: Publication, **changes: str) -> Publication:
    stores = publication.sections[1]
    lens = stores.sections[0]
    words = lens.blocks[1]
    inlines = (words.inlines[0], replace(words.inlines[1], **changes), words.inlines[2])
    changed = replace(lens, blocks=(lens.blocks[0], replace(words, inlines=inlines), *lens.blocks[2:]))
    return replace(publication, sections=(publication.sections[0], replace(stores, sections=(changed,))))


def _without_notes(publication: Publication) -> Publication:
    return replace(publication, layers=(replace(publication.layers[0], notes=()),))


def _skipping(publication: Publication) -> Publication:
    return with_section(publication, Section(heading("deep", "Deep", 5), (paragraph("deep-1", "Down."),)))


@pytest.mark.parametrize(
    ("mutation", "lost"),
    [
        (_without_long_description, "longDescription"),
        (lambda publication: _formula(publication, mathml=""), "MathML"),
        (lambda publication: _formula(publication, spoken=" "), "describedMath"),
        (_without_notes, "annotations"),
        (_skipping, "structuralNavigation"),
    ],
    ids=["long description", "MathML", "spoken formula", "notes", "heading order"],
)
def test_the_claim_goes_with_what_it_rests_on(
    publication: Publication, mutation: Callable[[Publication], Publication], lost: str
) -> None:
    assert set(claimed(publication).features) - set(claimed(mutation(publication)).features) == {lost}


def test_nothing_is_claimed_for_what_is_not_there(publication: Publication) -> None:
    text = Section(None, (paragraph("only-1", "Words alone."),))
    bare = replace(publication, sections=(text,), layers=(), counterparts=(), footnotes=(), references=())
    told = claimed(bare)
    assert set(told.features) == {"alternativeText", "ARIA", "displayTransformability", "readingOrder", "unlocked"}
    assert told.modes == told.sufficient == ("textual",)


def test_own_templates_end_what_is_claimed_about_ours(publication: Publication) -> None:
    told = claimed(publication, own_style=True)
    assert not {"ARIA", "displayTransformability"} & set(told.features)
    assert told.conforms_to is None


def test_one_sentence_without_sound_ends_the_claim_of_sound(publication: Publication, read_aloud: Book) -> None:
    spoken = frozenset(
        src.split("#")[1]
        for name in read_aloud.entries
        if name.endswith(".smil")
        for src in read_aloud.find(name.removeprefix("EPUB/"), "//smil:text/@src")
    )
    whole = claimed(publication, spoken)
    assert "synchronizedAudioText" in whole.features
    assert "auditory" in whole.sufficient
    for sentence in ("opening-1-s1", "n-1-1-s1", "opening-1-plain-1-s1", "c4-1-s1"):
        less = claimed(publication, spoken - {sentence})
        assert "synchronizedAudioText" not in less.features
        assert "auditory" not in less.sufficient
        assert less.conforms_to is None
    silent_picture = claimed(publication, spoken - {"lens-1-img1", "lens-1-s1"})
    assert "auditory" not in silent_picture.sufficient


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_a_picture_that_moves_is_a_hazard_and_a_barrier(publication: Publication, tmp_path: Path, suffix: str) -> None:
    moving = picture(tmp_path, f"moving.{suffix}", frames=3)
    still = picture(tmp_path, f"still.{suffix}")
    assert moves(moving)
    assert not moves(still)
    changed = replace(publication, resources={"rings.png": moving})
    assert claimed(changed).hazards == ("unknownFlashingHazard", "unknownMotionSimulationHazard", "noSoundHazard")
    assert barriers(Evidence(changed)) == ("a picture moves by itself (WCAG 2.2.2)",)


def test_an_svg_that_animates_moves(publication: Publication, tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    resource = replace(publication.resources["rings.png"], path=path, media_type="image/svg+xml")
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><settings/><circle r="1"/></svg>', encoding="utf-8")
    assert not moves(resource)
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><circle><animate/></circle></svg>', encoding="utf-8")
    assert moves(resource)


def test_a_table_without_headers_is_a_barrier(publication: Publication) -> None:
    stores = publication.sections[1]
    table = stores.blocks[1]
    assert isinstance(table, Table)
    bare = replace(table, head=())
    changed = replace(publication, sections=(publication.sections[0], replace(stores, blocks=(stores.blocks[0], bare))))
    assert barriers(Evidence(changed)) == ("a table has no header cell (WCAG 1.3.1)",)


def test_a_link_without_words_is_a_barrier_unless_its_picture_has_them(publication: Publication) -> None:
    def linking(alternative: str) -> Publication:
        link = Link((Image("i-1", "rings.png", alternative, decorative=not alternative),), "https://lights.example/")
        return with_section(publication, Section(None, (paragraph("p-1", Text("See "), link),)))

    assert barriers(Evidence(linking("The lights' page"))) == ()
    assert barriers(Evidence(linking(""))) == ("a link has no words (WCAG 2.4.4)",)


def test_nobody_certifies_where_no_publisher_is_named(publication: Publication) -> None:
    anonymous = replace(publication, metadata=replace(publication.metadata, publisher=""))
    assert (claimed(anonymous).conforms_to, claimed(anonymous).certified_by) == (None, None)
    assert claimed(publication).conforms_to == CONFORMS_TO


def test_people_are_named_once_with_their_roles(text_edition: Book, read_aloud: Book) -> None:
    assert text_edition.find("content.opf", "//dc:creator/text()") == ["Ada Fenwick"]
    assert text_edition.find("content.opf", "//dc:contributor/text()") == ["Bram Okafor", "The desk"]
    assert text_edition.meta("role") == ["aut", "ill", "edt"]
    assert read_aloud.meta("media:narrator") == ["Synthetic voice (eSpeak NG)"]
    assert read_aloud.meta("role") == ["aut", "ill", "edt", "nrt"]


def test_the_editions_have_identifiers_of_their_own(text_edition: Book, read_aloud: Book) -> None:
    (text,) = text_edition.find("content.opf", "//dc:identifier/text()")
    (aloud,) = read_aloud.find("content.opf", "//dc:identifier/text()")
    assert text == "urn:example:skerry"
    assert aloud.startswith("urn:uuid:")
    assert read_aloud.find("content.opf", "//dc:relation/text()") == [text]


def test_little_metadata_makes_a_package_too(publication: Publication, store: Store, tmp_path: Path) -> None:
    little = replace(publication, metadata=Metadata(title="T", lang="cy", identifier="urn:example:t"))
    (book,) = written(little, tmp_path, store)
    names = [element.tag.rpartition("}")[2] for element in book.find("content.opf", "//opf:metadata/dc:*")]
    assert names == ["identifier", "title", "language", "language", "contributor"]
