"""Checkpoint 11 (declared natural language)."""

from __future__ import annotations

import re

from publisher.verification.matterhorn.document_checks import packet
from publisher.verification.matterhorn.objects import get, text
from publisher.verification.matterhorn.opened import Faults, Opened
from publisher.verification.matterhorn.streams import Sequence

_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ALTERNATIVES = frozenset(("/Alt", "/ActualText", "/E"))
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def known(lang: str) -> bool:
    """Whether a language tag says which language: it is one (RFC 3066), and not `und`."""
    return _TAG.fullmatch(lang) is not None and lang.lower().split("-")[0] != "und"


def text_without_language(file: Opened) -> Faults:
    """11-001"""
    seen: set[Sequence | None] = set()
    for painting in file.contents.paintings:
        if painting.what != "text" or painting.sequence in seen:
            continue
        seen.add(painting.sequence)
        if not known(_lang(file, painting.sequence)) and not _artifact(painting.sequence):
            yield f"page {painting.page + 1}"


def _lang(file: Opened, sequence: Sequence | None) -> str:
    """The language of a content: its marks' own, its element's, the document's."""
    for around in sequence.within() if sequence else ():
        told = around.properties.get("/Lang")
        if told is not None:
            return text(told)
        element = file.tree.owners.get((around.holder, around.number)) if around.number is not None else None
        if element is not None:
            return element.lang
    return file.lang


def _artifact(sequence: Sequence | None) -> bool:
    return sequence is not None and sequence.artifact


def alternatives_without_language(file: Opened) -> Faults:
    """11-002"""
    for element in file.tree.elements:
        if any(element.says(key) for key in element.entries.keys() & _ALTERNATIVES) and not known(element.lang):
            yield str(element)
    for sequence in file.contents.sequences:
        told = any(text(sequence.properties[key]) for key in sequence.properties.keys() & _ALTERNATIVES)
        if told and not known(_lang(file, sequence)) and not _artifact(sequence):
            yield f"page {sequence.page + 1}"


def bookmarks_without_language(file: Opened) -> Faults:
    """11-003"""
    if get(get(file.root, "/Outlines"), "/First") is not None and not known(file.lang):
        yield "the bookmarks"


def annotations_without_language(file: Opened) -> Faults:
    """11-004"""
    for annotation in file.annotations:
        holder = file.holder(annotation)
        own = text(get(annotation.source, "/Lang"))
        if annotation.says("/Contents") and not known(own or (holder.lang if holder else file.lang)):
            yield str(annotation)


def fields_without_language(file: Opened) -> Faults:
    """11-005"""
    for field in file.fields:
        held = [file.tree.holders[key] for key in [field.objgen] if key in file.tree.holders]
        if text(get(field, "/TU")) and not known(held[0].lang if held else file.lang):
            yield f"field {text(get(field, '/T'))}"


def metadata_without_language(file: Opened) -> Faults:
    """11-006"""
    root = packet(file)
    if root is None or known(file.lang):
        return
    items = [item for item in root.iter("{*}li") if item.get(_XML_LANG) is not None]
    if not any(known(item.get(_XML_LANG, "")) and item.get(_XML_LANG) != "x-default" for item in items):
        yield "the metadata"


CHECKS = {
    "11-001": text_without_language,
    "11-002": alternatives_without_language,
    "11-003": bookmarks_without_language,
    "11-004": annotations_without_language,
    "11-005": fields_without_language,
    "11-006": metadata_without_language,
}
