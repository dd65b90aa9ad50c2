"""Checkpoints 02 (role mapping), 06 (metadata), 07 (dictionary), 20 (optional content), 21 (embedded files),
25 (XFA) and 26 (security)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from lxml import etree

from publisher.verification.matterhorn.objects import each, get, key_of, leaves, text
from publisher.verification.matterhorn.opened import Faults, Opened
from publisher.verification.matterhorn.tree import STANDARD

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
_ACCESSIBILITY = 1 << 9
"""The tenth bit of an encryption's permissions: readers for people with disabilities may take the text out."""


def unmapped_types(file: Opened) -> Faults:
    """02-001"""
    for element in file.tree.elements:
        if not element.type:
            yield f"{element}"


def circular_mappings(file: Opened) -> Faults:
    """02-003"""
    for first in file.tree.role_map:
        role, seen = first, list[str]()
        while role in file.tree.role_map and role not in STANDARD and role not in seen:
            seen.append(role)
            role = file.tree.role_map[role]
        if role in seen:
            yield f"{role} is mapped to itself by way of {', '.join(seen)}"


def remapped_standard_types(file: Opened) -> Faults:
    """02-004"""
    for role, other in file.tree.role_map.items():
        if role in STANDARD and role != other:
            yield f"{role} is mapped to {other}"


# 06 Metadata


def packet(file: Opened) -> etree._Element | None:
    """The root of the catalogue's XMP packet; None where there is none that can be read."""
    stream = get(file.root, "/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return None
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(stream.read_bytes().strip(b"\0 \r\n\t"), parser)
    except (etree.XMLSyntaxError, ValueError, pikepdf.PdfError):
        return None


def no_metadata(file: Opened) -> Faults:
    """06-001"""
    if packet(file) is None:
        yield "the catalogue"


def no_identifier(file: Opened) -> Faults:
    """06-002"""
    root = packet(file)
    if root is None:
        return
    told = [element.text for element in root.iter(f"{_PDFUA}part")]
    told += [element.get(f"{_PDFUA}part") for element in root.iter(f"{_RDF}Description")]
    parts = [part.strip() for part in told if part]
    if parts != ["1"]:
        yield f"pdfuaid:part is {', '.join(parts) or 'missing'}, not 1"


def titles(root: etree._Element) -> list[etree._Element]:
    """The titles of a packet, one in each language that has one."""
    return [item for title in root.iter(f"{_DC}title") for item in title.iter(f"{_RDF}li")]


def no_title(file: Opened) -> Faults:
    """06-003"""
    root = packet(file)
    if root is not None and not any((item.text or "").strip() for item in titles(root)):
        yield "the metadata"


# 07 Dictionary


def title_not_asked_for(file: Opened) -> Faults:
    """07-001"""
    if get(get(file.root, "/ViewerPreferences"), "/DisplayDocTitle") is None:
        yield "the catalogue"


def title_not_shown(file: Opened) -> Faults:
    """07-002"""
    told = get(get(file.root, "/ViewerPreferences"), "/DisplayDocTitle")
    if told is not None and told is not True:
        yield "the catalogue"


# 20 Optional content


def unnamed_configurations(file: Opened) -> Faults:
    """20-001"""
    for number, configuration in enumerate(each(get(_layers(file), "/Configs")), start=1):
        if not text(get(configuration, "/Name")).strip():
            yield f"configuration {number}"


def unnamed_default_configuration(file: Opened) -> Faults:
    """20-002"""
    if _layers(file) is not None and not text(get(get(_layers(file), "/D"), "/Name")).strip():
        yield "the configuration that is used at first"


def automatic_states(file: Opened) -> Faults:
    """20-003"""
    layers = _layers(file)
    for configuration in [get(layers, "/D"), *each(get(layers, "/Configs"))]:
        if get(configuration, "/AS") is not None:
            yield text(get(configuration, "/Name")) or "a configuration without a name"


def _layers(file: Opened) -> Any:
    return get(file.root, "/OCProperties")


# 21 Embedded files


def unnamed_files(file: Opened) -> Faults:
    """21-001"""
    yield from (told for told, specification in _specifications(file) if not _named(specification))


def _specifications(file: Opened) -> Iterator[tuple[str, Any]]:
    """Every specification of an embedded file, and where it was found."""
    seen = set()
    listed = leaves(get(get(file.root, "/Names"), "/EmbeddedFiles"), "/Names")
    found = [(f"file {key}", value) for key, value in listed]
    found += [(f"object {thing.objgen[0]}", thing) for thing in file.pdf.objects if get(thing, "/EF") is not None]
    found += [(str(annotation), get(annotation.source, "/FS")) for annotation in file.annotations]
    for told, specification in found:
        key = key_of(specification)
        if get(specification, "/EF") is None or (key is not None and key in seen):
            continue
        seen.add(key)
        yield told, specification


def _named(specification: Any) -> bool:
    return all(text(get(specification, key)).strip() for key in ("/F", "/UF"))


def badly_attached_files(file: Opened) -> Faults:
    """28-016"""
    for annotation in file.annotations:
        if annotation.subtype == "FileAttachment":
            specification = get(annotation.source, "/FS")
            if get(specification, "/EF") is None or not _named(specification):
                yield str(annotation)


# 25 XFA


def dynamic_forms(file: Opened) -> Faults:
    """25-001"""
    for part in each(get(get(file.root, "/AcroForm"), "/XFA")):
        if isinstance(part, pikepdf.Stream) and _dynamic(part.read_bytes()):
            yield "the form"


def _dynamic(data: bytes) -> bool:
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return False
    found = () if root is None else root.iter("{*}dynamicRender")
    return any((element.text or "").strip() == "required" for element in found)


# 26 Security


def permissions_missing(file: Opened) -> Faults:
    """26-001"""
    encryption = get(file.pdf.trailer, "/Encrypt")
    if encryption is not None and get(encryption, "/P") is None:
        yield "the encryption"


def readers_locked_out(file: Opened) -> Faults:
    """26-002"""
    allowed = get(get(file.pdf.trailer, "/Encrypt"), "/P")
    if isinstance(allowed, int) and not allowed & _ACCESSIBILITY:
        yield "the encryption"


CHECKS = {
    "02-001": unmapped_types,
    "02-003": circular_mappings,
    "02-004": remapped_standard_types,
    "06-001": no_metadata,
    "06-002": no_identifier,
    "06-003": no_title,
    "07-001": title_not_asked_for,
    "07-002": title_not_shown,
    "20-001": unnamed_configurations,
    "20-002": unnamed_default_configuration,
    "20-003": automatic_states,
    "21-001": unnamed_files,
    "25-001": dynamic_forms,
    "26-001": permissions_missing,
    "26-002": readers_locked_out,
}
