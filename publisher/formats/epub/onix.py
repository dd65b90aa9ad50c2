"""The edition's EPUBs as ONIX for Books 3.1 tells the book trade of them, with their accessibility by code list 196.

https://www.editeur.org/93/Release-3.1-Downloads/; the codes are those of https://ns.editeur.org/onix/en. Accessibility
is the package's own claims in other words: nothing is said here that the EPUB does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import langcodes
from lxml import etree

from publisher.model.accessibility import Claims
from publisher.model.publication import Creator, Publication

NAMESPACE = "http://ns.editeur.org/onix/3.1/reference"
MEDIA_TYPE = "application/xml"

FEATURE_CODES: Mapping[str, str] = {
    "alternativeText": "14",
    "ARIA": "30",
    "describedMath": "53",
    "displayTransformability": "36",
    "MathML": "17",
    "pageBreakMarkers": "19",
    "pageNavigation": "41",
    "readingOrder": "13",
    "structuralNavigation": "29",
    "synchronizedAudioText": "20",
    "tableOfContents": "11",
    "ttsMarkup": "21",
    "unlocked": "10",
}
"""Code list 196 for each `schema:accessibilityFeature` that it has the same meaning as
(https://w3c.github.io/a11y-discov-vocab/crosswalk/). `longDescription` says that there are some, code 15 that all have
one: it is not given. `annotations` has no code."""

SUFFICIENT_CODES: Mapping[str, str] = {"auditory": "51", "textual": "52"}
"""For each set of modes that is enough by itself."""

HAZARD_CODES: Mapping[str, str] = {
    "none": "00",
    "flashing": "13",
    "noFlashingHazard": "14",
    "sound": "15",
    "noSoundHazard": "16",
    "motionSimulation": "17",
    "noMotionSimulationHazard": "18",
    "unknownFlashingHazard": "24",
    "unknownSoundHazard": "25",
    "unknownMotionSimulationHazard": "26",
}
"""Code list 143, for each `schema:accessibilityHazard`."""

_STANDARD_CODES = (("EPUB Accessibility 1.1", "04"), ("WCAG 2.0", "80"), ("WCAG 2.1", "81"), ("WCAG 2.2", "82"))
_LEVEL_CODES = {"A": "84", "AA": "85", "AAA": "86"}

ROLE_CODES: Mapping[str, str] = {
    "aft": "A19",
    "ann": "A20",
    "art": "A07",
    "aui": "A24",
    "aut": "A01",
    "cmp": "A06",
    "com": "C01",
    "ctb": "A32",
    "cwt": "A21",
    "dsr": "A11",
    "edt": "B01",
    "ill": "A12",
    "ive": "A44",
    "ivr": "A43",
    "nrt": "E07",
    "pht": "A13",
    "res": "A51",
    "trl": "B06",
}
"""Code list 17 for MARC relators; others are Z99, other."""


@dataclass(frozen=True, slots=True)
class Product:
    """One EPUB: its identifier, what it claims, the seconds of its sound if it has any."""

    identifier: str
    claims: Claims
    seconds: float | None = None


def onix(publication: Publication, products: Sequence[Product], sent: datetime) -> bytes:
    """The message: a record for each product, each naming the others as alternative formats."""
    publisher = publication.metadata.publisher or publication.imprint.publisher
    message = etree.Element("ONIXMessage", {"release": "3.1"})
    header = _in(message, "Header")
    sender = _in(header, "Sender")
    _in(sender, "SenderName", publisher or publication.metadata.title)
    if "@" in publication.imprint.contact:
        _in(sender, "EmailAddress", publication.imprint.contact.removeprefix("mailto:"))
    _in(header, "SentDateTime", f"{sent:%Y%m%dT%H%M%SZ}")
    for product in products:
        _product(message, publication, product, [other for other in products if other is not product])
    message.set("xmlns", NAMESPACE)
    etree.indent(message)
    return etree.tostring(message, encoding="utf-8", xml_declaration=True) + b"\n"


def accessibility_codes(claims: Claims) -> Iterator[tuple[str, str, str]]:
    """Types of features (code list 79), their codes and what describes them: 09 with list 196, 12 with list 143."""
    if claims.conforms_to:
        yield from (("09", code, "") for name, code in _STANDARD_CODES if name in claims.conforms_to)
        level = _LEVEL_CODES.get(claims.conforms_to.rpartition(" ")[2])
        if level:
            yield "09", level, ""
    if claims.summary:
        yield "09", "00", claims.summary
    codes = [FEATURE_CODES[name] for name in claims.features if name in FEATURE_CODES]
    codes += [SUFFICIENT_CODES[modes] for modes in claims.sufficient if modes in SUFFICIENT_CODES]
    yield from (("09", code, "") for code in sorted(codes))
    if claims.certified_by:
        yield "09", "90", claims.certified_by
    yield from (("12", HAZARD_CODES[name], "") for name in claims.hazards if name in HAZARD_CODES)


def _product(message: etree._Element, publication: Publication, product: Product, others: Sequence[Product]) -> None:
    record = _in(message, "Product")
    _in(record, "RecordReference", product.identifier)
    _in(record, "NotificationType", "03")
    _identifier(record, product.identifier, publication)
    detail = _in(record, "DescriptiveDetail")
    _form(detail, publication, product)
    _titles(detail, publication)
    _contributors(detail, publication, product)
    if publication.notes:
        _in(detail, "EditionType", "ANN")
    _languages(detail, publication, product)
    if product.seconds is not None:
        extent = _in(detail, "Extent")
        _in(extent, "ExtentType", "09")
        _in(extent, "ExtentValue", str(round(product.seconds)))
        _in(extent, "ExtentUnit", "06")
    if publication.metadata.subjects:
        subject = _in(detail, "Subject")
        _in(subject, "SubjectSchemeIdentifier", "20")
        _in(subject, "SubjectHeadingText", "; ".join(publication.metadata.subjects))
    _collateral(record, publication)
    _publishing(record, publication)
    if others:
        related = _in(record, "RelatedMaterial")
        for other in others:
            one = _in(related, "RelatedProduct")
            _in(one, "ProductRelationCode", "06")
            _identifier(one, other.identifier, publication)


def _form(detail: etree._Element, publication: Publication, product: Product) -> None:
    """A reflowable EPUB to download, its accessibility, what it is made of, no technical protection."""
    _in(detail, "ProductComposition", "00")
    _in(detail, "ProductForm", "ED")
    _in(detail, "ProductFormDetail", "E101")
    _in(detail, "ProductFormDetail", "E200")
    for type, code, description in accessibility_codes(product.claims):
        feature = _in(detail, "ProductFormFeature")
        _in(feature, "ProductFormFeatureType", type)
        _in(feature, "ProductFormFeatureValue", code)
        if description:
            text = _in(feature, "ProductFormFeatureDescription", description)
            if code == "00":
                text.set("language", _language(publication.metadata.lang))
    _in(detail, "PrimaryContentType", "10")
    kinds = (
        ("07", "visual" in product.claims.modes),
        ("48", bool({"MathML", "describedMath"} & set(product.claims.features))),
        ("01", product.seconds is not None),
    )
    for code, there in kinds:
        if there:
            _in(detail, "ProductContentType", code)
    _in(detail, "EpubTechnicalProtection", "00")


def _titles(detail: etree._Element, publication: Publication) -> None:
    title = _in(detail, "TitleDetail")
    _in(title, "TitleType", "01")
    element = _in(title, "TitleElement")
    _in(element, "TitleElementLevel", "01")
    _in(element, "TitleText", publication.metadata.title)
    if publication.metadata.subtitle:
        _in(element, "Subtitle", publication.metadata.subtitle)


def _contributors(detail: etree._Element, publication: Publication, product: Product) -> None:
    people: dict[str, list[str]] = {}
    everyone: list[Creator] = [*publication.metadata.creators, *(e for one in publication.layers for e in one.editors)]
    for person in everyone:
        roles = people.setdefault(person.name, [])
        code = ROLE_CODES.get(person.role, "Z99")
        if code not in roles:
            roles.append(code)
    publisher = publication.metadata.publisher or publication.imprint.publisher
    number = 0
    for number, (name, roles) in enumerate(people.items(), 1):
        contributor = _in(detail, "Contributor")
        _in(contributor, "SequenceNumber", str(number))
        for role in roles:
            _in(contributor, "ContributorRole", role)
        _in(contributor, "CorporateName" if name == publisher else "PersonName", name)
    if product.seconds is not None:
        contributor = _in(detail, "Contributor")
        _in(contributor, "SequenceNumber", str(number + 1))
        _in(contributor, "ContributorRole", "E07")
        _in(contributor, "UnnamedPersons", "07")
    elif not people:
        _in(detail, "NoContributor")


def _languages(detail: etree._Element, publication: Publication, product: Product) -> None:
    """The text's language; those of notes in others; that of the sound."""
    own = _language(publication.metadata.lang)
    told = [("01", own)]
    told += [("12", one) for one in dict.fromkeys(_language(layer.lang) for layer in publication.layers) if one != own]
    if product.seconds is not None:
        told.append(("08", own))
    for role, code in told:
        language = _in(detail, "Language")
        _in(language, "LanguageRole", role)
        _in(language, "LanguageCode", code)


def _collateral(record: etree._Element, publication: Publication) -> None:
    if publication.metadata.description:
        text = _in(_in(record, "CollateralDetail"), "TextContent")
        _in(text, "TextType", "03")
        _in(text, "ContentAudience", "00")
        _in(text, "Text", publication.metadata.description)


def _publishing(record: etree._Element, publication: Publication) -> None:
    """Who has published it and when; the block must name somebody, so it is left out where nobody is named."""
    publisher = publication.metadata.publisher or publication.imprint.publisher
    if not publisher:
        return
    detail = _in(record, "PublishingDetail")
    one = _in(detail, "Publisher")
    _in(one, "PublishingRole", "01")
    _in(one, "PublisherName", publisher)
    _in(detail, "PublishingStatus", "04")
    if publication.metadata.date:
        date = _in(detail, "PublishingDate")
        _in(date, "PublishingDateRole", "01")
        _in(date, "Date", f"{publication.metadata.date:%Y%m%d}").set("dateformat", "00")


def _identifier(parent: etree._Element, identifier: str, publication: Publication) -> None:
    """An identifier by its kind (code list 5): ISBN, DOI, URN, else one of the publisher's own."""
    element = _in(parent, "ProductIdentifier")
    digits = re.sub(r"^(urn:)?isbn:?|[\s-]", "", identifier, flags=re.IGNORECASE)
    doi = re.search(r"(?:^doi:|doi\.org/|^)(10\.\d{4,9}/\S+)$", identifier)
    if re.fullmatch(r"97[89]\d{10}", digits):
        _in(element, "ProductIDType", "15")
        _in(element, "IDValue", digits)
    elif doi:
        _in(element, "ProductIDType", "06")
        _in(element, "IDValue", doi[1])
    elif identifier.lower().startswith("urn:"):
        _in(element, "ProductIDType", "22")
        _in(element, "IDValue", identifier)
    else:
        _in(element, "ProductIDType", "01")
        _in(element, "IDTypeName", publication.metadata.publisher or publication.imprint.publisher or "Publisher")
        _in(element, "IDValue", identifier)


def _language(tag: str) -> str:
    """Code list 74: ISO 639-2/B; `und` for a language that it has no code for."""
    try:
        return langcodes.Language.get(tag).to_alpha3(variant="B")
    except LookupError:
        return "und"


def _in(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = text
    return element
