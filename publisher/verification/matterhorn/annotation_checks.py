"""Checkpoint 28 (annotations)."""

from __future__ import annotations

from typing import Any

import pikepdf

from publisher.verification.matterhorn.document_checks import badly_attached_files
from publisher.verification.matterhorn.objects import each, get, key_of, name, text
from publisher.verification.matterhorn.opened import Annotation, Faults, Opened
from publisher.verification.matterhorn.streams import read_stream

_KNOWN = frozenset(
    (
        *("Text", "Link", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline"),
        *("Squiggly", "StrikeOut", "Stamp", "Caret", "Ink", "Popup", "FileAttachment", "Sound", "Movie", "Widget"),
        *("Screen", "PrinterMark", "TrapNet", "Watermark", "3D", "Redact"),
    )
)
"""Kinds of annotations (ISO 32000-1, table 169)."""


def not_in_annot(file: Opened) -> Faults:
    """28-002"""
    for annotation in file.shown_annotations:
        if annotation.subtype not in ("Widget", "Link", "PrinterMark") and not _in_annot(file, annotation):
            yield str(annotation)


def _in_annot(file: Opened, annotation: Annotation) -> bool:
    holder = file.holder(annotation)
    return holder is not None and holder.type == "Annot"


def without_words(file: Opened) -> Faults:
    """28-004"""
    for annotation in file.shown_annotations:
        if annotation.subtype not in ("Widget", "PrinterMark") and not _described(file, annotation):
            yield str(annotation)


def _described(file: Opened, annotation: Annotation) -> bool:
    holder = file.holder(annotation)
    return bool(annotation.says("/Contents") or (holder is not None and holder.says("/Alt")))


def fields_without_words(file: Opened) -> Faults:
    """28-005"""
    for field in file.fields:
        widgets = [key_of(kid) for kid in each(get(field, "/Kids"))] or [key_of(field)]
        holders = [file.tree.holders[key] for key in widgets if key in file.tree.holders]
        told = any(element.says("/Alt") for holder in holders for element in holder.within())
        if not text(_inherited(field, "/TU")).strip() and not told:
            yield f"field {text(get(field, '/T')) or 'without a name'}"


def _inherited(field: Any, key: str) -> Any:
    while field is not None and get(field, key) is None:
        field = get(field, "/Parent")
    return get(field, key)


def unknown_kinds(file: Opened) -> Faults:
    """28-006"""
    for annotation in file.shown_annotations:
        known = annotation.subtype in _KNOWN
        if not known and not (_in_annot(file, annotation) and _described(file, annotation)):
            yield str(annotation)


def trap_networks(file: Opened) -> Faults:
    """28-007"""
    yield from (str(annotation) for annotation in file.annotations if annotation.subtype == "TrapNet")


def no_tab_order(file: Opened) -> Faults:
    """28-008"""
    yield from (f"page {page + 1}" for page, order in _tab_orders(file).items() if order is None)


def other_tab_order(file: Opened) -> Faults:
    """28-009"""
    for page, order in _tab_orders(file).items():
        if order is not None and order != pikepdf.Name.S:
            yield f"page {page + 1}, {order}"


def _tab_orders(file: Opened) -> dict[int, Any]:
    return {
        annotation.page: file.pdf.pages[annotation.page].obj.get("/Tabs")
        for annotation in file.shown_annotations
        if annotation.subtype != "PrinterMark"
    }


def widgets_outside_form(file: Opened) -> Faults:
    """28-010"""
    yield from _outside(file, "Widget", "Form")


def links_outside_link(file: Opened) -> Faults:
    """28-011"""
    yield from _outside(file, "Link", "Link")


def _outside(file: Opened, subtype: str, type: str) -> Faults:
    for annotation in file.shown_annotations:
        if annotation.subtype == subtype:
            holder = file.holder(annotation)
            if holder is None or holder.type != type:
                yield f"{annotation} in {holder.role if holder else 'no element'}"


def links_without_words(file: Opened) -> Faults:
    """28-012"""
    for annotation in file.shown_annotations:
        if annotation.subtype == "Link" and not annotation.says("/Contents"):
            yield str(annotation)


def _clips(file: Opened) -> list[tuple[str, Any]]:
    """The media clips' data (13.2.4.2), wherever they are played from."""
    found = []
    for annotation in file.annotations:
        actions = [get(annotation.source, "/A"), *_values(get(annotation.source, "/AA"))]
        for action in actions:
            clip = get(get(action, "/R"), "/C")
            if get(clip, "/S") == pikepdf.Name.MCD:
                found.append((str(annotation), clip))
    known = {key_of(clip) for _, clip in found} - {None}
    for thing in file.pdf.objects:
        if get(thing, "/S") == pikepdf.Name.MCD and key_of(thing) not in known:
            found.append((f"object {thing.objgen[0]}", thing))
    return found


def _values(thing: Any) -> list[Any]:
    return [value for _, value in thing.items()] if isinstance(thing, pikepdf.Dictionary) else []


def clips_without_kind(file: Opened) -> Faults:
    """28-014"""
    yield from (told for told, clip in _clips(file) if not text(get(clip, "/CT")).strip())


def clips_without_words(file: Opened) -> Faults:
    """28-015"""
    for told, clip in _clips(file):
        words = each(get(clip, "/Alt"))[1::2]
        if not any(text(one).strip() for one in words):
            yield told


def marks_in_structure(file: Opened) -> Faults:
    """28-017"""
    for annotation in file.annotations:
        if annotation.subtype == "PrinterMark":
            listed = file.parents.get(get(annotation.source, "/StructParent"))
            if file.holder(annotation) is not None or name(get(listed, "/S")):
                yield str(annotation)


def marks_not_artifacts(file: Opened) -> Faults:
    """28-018"""
    for annotation in file.annotations:
        if annotation.subtype != "PrinterMark":
            continue
        shown = get(get(annotation.source, "/AP"), "/N")
        streams = _values(shown) if isinstance(shown, pikepdf.Dictionary) else [shown]
        for stream in streams:
            painted = read_stream(stream, annotation.page).paintings if isinstance(stream, pikepdf.Stream) else []
            if not all(_is_artifact(painting.sequence) for painting in painted):
                yield str(annotation)


def _is_artifact(sequence: Any) -> bool:
    return sequence is not None and sequence.artifact


CHECKS = {
    "28-002": not_in_annot,
    "28-004": without_words,
    "28-005": fields_without_words,
    "28-006": unknown_kinds,
    "28-007": trap_networks,
    "28-008": no_tab_order,
    "28-009": other_tab_order,
    "28-010": widgets_outside_form,
    "28-011": links_outside_link,
    "28-012": links_without_words,
    "28-014": clips_without_kind,
    "28-015": clips_without_words,
    "28-016": badly_attached_files,
    "28-017": marks_in_structure,
    "28-018": marks_not_artifacts,
}
