"""Reads an ONIX record: what the book trade is told of each product, by its identifiers.

https://ns.editeur.org/onix/en/196, https://ns.editeur.org/onix/en/143; of what it is and whose:
https://ns.editeur.org/onix/en/15, https://ns.editeur.org/onix/en/17, https://ns.editeur.org/onix/en/22
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from publisher.model.accessibility import Record
from publisher.model.findings import InputError

_TYPES = {"09": "196", "12": "143"}


def read_onix(path: Path) -> Mapping[str, Record]:
    """The records of a message by their products' identifiers. Raises InputError where it is no ONIX."""
    try:
        root = etree.parse(
            str(path), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        ).getroot()
    except (etree.XMLSyntaxError, OSError) as problem:
        raise InputError(f"{path.name} is no ONIX: {problem}; build it again") from problem
    if etree.QName(root).localname != "ONIXMessage":
        raise InputError(f"{path.name} is no ONIX: it is {etree.QName(root).localname}; build it again")
    records = {}
    for product in root.iter("{*}Product"):
        features = {(type, code): text for type, code, text in map(_feature, product.iter("{*}ProductFormFeature"))}
        protection = tuple(_text(one) for one in product.iter("{*}EpubTechnicalProtection"))
        record = Record(features, protection, _metadata(product))
        # An ISBN or a DOI stands in its own field bare; the sender's own name for the record is the package's.
        identifiers = product.iterfind("{*}ProductIdentifier/{*}IDValue")
        for identifier in (*identifiers, *product.iterfind("{*}RecordReference")):
            records[_text(identifier)] = record
    return records


def _metadata(product: etree._Element) -> Mapping[str, tuple[str, ...]]:
    """Languages are told by their codes of ISO 639-2/B."""
    people = [(_codes(one, "ContributorRole"), _named(one)) for one in product.iter("{*}Contributor")]
    dates = _of(product, "PublishingDate", "PublishingDateRole", "01", "Date")
    return {
        "title": _of(product, "TitleDetail", "TitleType", "01", "TitleText"),
        "creator": tuple(name for roles, name in people if _AUTHOR in roles and name),
        "contributor": tuple(name for roles, name in people if roles - {_AUTHOR} and name),
        "language": _of(product, "Language", "LanguageRole", "01", "LanguageCode"),
        "date": tuple("-".join(_DAY.findall(day)[0]) if _DAY.fullmatch(day) else day for day in dates),
        "publisher": _of(product, "Publisher", "PublishingRole", "01", "PublisherName"),
        "description": _of(product, "TextContent", "TextType", "03", "Text"),
        "subject": _of(product, "Subject", "SubjectSchemeIdentifier", "20", "SubjectHeadingText"),
    }


_AUTHOR = "A01"
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")


def _of(product: etree._Element, composite: str, kind: str, code: str, name: str) -> tuple[str, ...]:
    """The texts of some elements in the composites of one kind."""
    found = (one for one in product.iter(f"{{*}}{composite}") if code in _codes(one, kind))
    return tuple(_text(text) for one in found for text in one.iter(f"{{*}}{name}"))


def _codes(element: etree._Element, name: str) -> frozenset[str]:
    return frozenset(_text(code) for code in element.iterfind(f"{{*}}{name}"))


def _named(contributor: etree._Element) -> str:
    return next(
        (_text(one) for name in ("PersonName", "CorporateName") for one in contributor.iter(f"{{*}}{name}")), ""
    )


def _feature(element: etree._Element) -> tuple[str, str, str]:
    """The list that a code is of, the code, the description."""
    type = _text(element.find("{*}ProductFormFeatureType"))
    code = _text(element.find("{*}ProductFormFeatureValue"))
    return _TYPES.get(type, type), code, _text(element.find("{*}ProductFormFeatureDescription"))


def _text(element: etree._Element | None) -> str:
    return " ".join((element.text or "").split()) if element is not None else ""
