"""The record for the book trade: valid ONIX 3.1, and the EPUB's own claims in the codes of list 196.

https://www.editeur.org/93/Release-3.1-Downloads/, https://ns.editeur.org/onix/en/196
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import onixcheck
import pytest
from epub_books import Book
from epub_sample import small_publication
from lxml import etree

from publisher.formats.epub.onix import FEATURE_CODES, HAZARD_CODES, Product, accessibility_codes, onix
from publisher.model.accessibility import CONFORMS_TO, Claims
from publisher.model.publication import Creator, Metadata, Publication
from publisher.verification.accessibility_claims import FEATURES, HAZARDS

SCHEMA = Path(onixcheck.__file__).parent / "schema" / "xsd3.1"
SENT = datetime(2026, 11, 20, tzinfo=UTC)
NAMES = {"o": "http://ns.editeur.org/onix/3.1/reference"}
CLAIMS = Claims(("textual",), ("textual",), ("alternativeText",), ("none",), "All is well.", CONFORMS_TO, "A & B")


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA / "ONIX_BookProduct_3.1_reference.xsd"))


def parsed(message: bytes, schema: etree.XMLSchema) -> etree._Element:
    """A message that the publishers of ONIX find valid, codes included."""
    root = etree.fromstring(message)
    schema.assertValid(root)
    return root


def told(root: etree._Element, path: str) -> list[str]:
    return [str(found) for found in root.xpath(path, namespaces=NAMES)]


def codes(root: etree._Element, type: str = "09", number: int = 1) -> list[str]:
    feature = f"//o:Product[{number}]//o:ProductFormFeature[o:ProductFormFeatureType='{type}']"
    return told(root, f"{feature}/o:ProductFormFeatureValue/text()")


def test_the_record_of_a_build_is_valid_and_names_both_editions(editions: list[Book], schema: etree.XMLSchema) -> None:
    root = parsed((editions[0].path.parent / "skerry.onix.xml").read_bytes(), schema)
    assert len(root.findall("o:Product", NAMES)) == 2
    own, other = told(root, "//o:Product/o:ProductIdentifier/o:IDValue/text()")
    assert told(root, "//o:RelatedProduct/o:ProductIdentifier/o:IDValue/text()") == [other, own]
    assert told(root, "//o:ProductFormDetail/text()") == ["E101", "E200"] * 2
    assert told(root, "//o:EpubTechnicalProtection/text()") == ["00"] * 2
    assert told(root, "//o:Product[1]//o:ContributorRole/text()") == ["A01", "A12", "B01"]
    assert told(root, "//o:Product[2]//o:UnnamedPersons/text()") == ["07"]
    assert set(codes(root, number=2)) - set(codes(root)) == {"20", "51"}
    assert told(root, "//o:EditionType/text()") == ["ANN"] * 2


def test_what_the_record_says_is_what_the_package_says(editions: list[Book], schema: etree.XMLSchema) -> None:
    root = parsed((editions[0].path.parent / "skerry.onix.xml").read_bytes(), schema)
    for number, book in enumerate(editions, 1):
        features = book.meta("schema:accessibilityFeature")
        wanted = {FEATURE_CODES[name] for name in features if name in FEATURE_CODES}
        wanted |= {"00", "04", "82", "85", "90", "52"} | ({"51"} if number == 2 else set())
        assert set(codes(root, number=number)) == wanted
        assert codes(root, "12", number) == ["00"]
        path = f"//o:Product[{number}]//o:ProductFormFeature[o:ProductFormFeatureValue='00']"
        assert told(root, f"{path}/o:ProductFormFeatureDescription/text()") == book.meta("schema:accessibilitySummary")


def test_a_claim_that_is_not_made_has_no_code(publication: Publication, schema: etree.XMLSchema) -> None:
    nothing = Claims(("textual",), (), ("readingOrder",), ("unknownFlashingHazard",))
    root = parsed(onix(publication, [Product("urn:a:b", nothing)], SENT), schema)
    assert codes(root) == ["13"]
    assert codes(root, "12") == ["24"]


def test_every_code_is_of_a_value_that_the_vocabulary_has() -> None:
    assert set(FEATURE_CODES) <= FEATURES
    assert set(HAZARD_CODES) <= HAZARDS
    assert len(set(FEATURE_CODES.values())) == len(FEATURE_CODES)


def test_every_code_is_in_the_lists(publication: Publication, schema: etree.XMLSchema) -> None:
    every = Claims(
        ("textual",), ("textual", "auditory"), tuple(FEATURE_CODES), tuple(HAZARD_CODES), "Well", CONFORMS_TO, "P"
    )
    root = parsed(onix(publication, [Product("urn:a:b", every, 61.4)], SENT), schema)
    assert set(codes(root, "12")) == set(HAZARD_CODES.values())
    assert {*FEATURE_CODES.values(), "00", "04", "51", "52", "82", "85", "90"} == set(codes(root))


@pytest.mark.parametrize(
    ("conforms", "expected"),
    [
        ("EPUB Accessibility 1.1 - WCAG 2.2 Level AA", {"04", "82", "85"}),
        ("EPUB Accessibility 1.1 - WCAG 2.1 Level AAA", {"04", "81", "86"}),
        ("EPUB Accessibility 1.1 - WCAG 2.0 Level A", {"04", "80", "84"}),
    ],
)
def test_conformance_is_told_by_standard_and_level(conforms: str, expected: set[str]) -> None:
    assert {code for _, code, _ in accessibility_codes(Claims(conforms_to=conforms))} == expected


@pytest.mark.parametrize(
    ("identifier", "kind", "value"),
    [
        ("urn:isbn:978-1-56619-909-4", "15", "9781566199094"),
        ("9781566199094", "15", "9781566199094"),
        ("https://doi.org/10.1234/abc", "06", "10.1234/abc"),
        ("doi:10.1234/abc", "06", "10.1234/abc"),
        ("urn:uuid:5f0c2f0e-54a5-4c43-9d1f-8f8f6f0d6b10", "22", "urn:uuid:5f0c2f0e-54a5-4c43-9d1f-8f8f6f0d6b10"),
        ("SKERRY-1", "01", "SKERRY-1"),
    ],
)
def test_an_identifier_is_told_by_its_kind(
    publication: Publication, schema: etree.XMLSchema, identifier: str, kind: str, value: str
) -> None:
    root = parsed(onix(publication, [Product(identifier, CLAIMS)], SENT), schema)
    assert told(root, "//o:Product/o:ProductIdentifier/o:ProductIDType/text()") == [kind]
    assert told(root, "//o:Product/o:ProductIdentifier/o:IDValue/text()") == [value]


@pytest.mark.parametrize(
    ("lang", "code"),
    [("en-GB", "eng"), ("cy", "wel"), ("zh-Hans", "chi"), ("ar", "ara"), ("fr-CA", "fre"), ("x-own", "und")],
)
def test_languages_are_those_of_the_trade(
    publication: Publication, schema: etree.XMLSchema, lang: str, code: str
) -> None:
    changed = replace(publication, metadata=replace(publication.metadata, lang=lang), layers=())
    root = parsed(onix(changed, [Product("urn:a:b", CLAIMS)], SENT), schema)
    assert told(root, "//o:LanguageCode/text()") == [code]


def test_little_metadata_makes_a_valid_record_too(tmp_path: Path, schema: etree.XMLSchema) -> None:
    little = replace(
        small_publication(tmp_path), metadata=Metadata(title="T <&> “x”", lang="en", identifier="urn:a:t"), layers=()
    )
    root = parsed(onix(little, [Product("urn:a:t", Claims())], SENT), schema)
    assert told(root, "//o:TitleText/text()") == ["T <&> “x”"]
    assert root.find(".//o:NoContributor", NAMES) is not None


def test_roles_that_the_trade_has_no_code_for_are_told_as_other(
    publication: Publication, schema: etree.XMLSchema
) -> None:
    people = (Creator("Ada", "aut"), Creator("Ada", "ill"), Creator("Eve", "zzz"), Creator("The Skerry Press", "edt"))
    changed = replace(publication, metadata=replace(publication.metadata, creators=people), layers=())
    root = parsed(onix(changed, [Product("urn:a:b", CLAIMS)], SENT), schema)
    assert told(root, "//o:Contributor[1]/o:ContributorRole/text()") == ["A01", "A12"]
    assert told(root, "//o:Contributor[2]/o:ContributorRole/text()") == ["Z99"]
    assert told(root, "//o:Contributor[3]/o:CorporateName/text()") == ["The Skerry Press"]


def test_the_same_edition_makes_the_same_record(publication: Publication) -> None:
    assert onix(publication, [Product("a", CLAIMS)], SENT) == onix(publication, [Product("a", CLAIMS)], SENT)
