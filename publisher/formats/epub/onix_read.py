"""Reads an ONIX record: what the book trade is told of each product's accessibility, by its identifiers.

https://ns.editeur.org/onix/en/196, https://ns.editeur.org/onix/en/143
"""

from __future__ import annotations

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
        record = Record(features, protection)
        for identifier in product.iterfind("{*}ProductIdentifier/{*}IDValue"):
            records[_text(identifier)] = record
    return records


def _feature(element: etree._Element) -> tuple[str, str, str]:
    """The list that a code is of, the code, the description."""
    type = _text(element.find("{*}ProductFormFeatureType"))
    code = _text(element.find("{*}ProductFormFeatureValue"))
    return _TYPES.get(type, type), code, _text(element.find("{*}ProductFormFeatureDescription"))


def _text(element: etree._Element | None) -> str:
    return " ".join((element.text or "").split()) if element is not None else ""
