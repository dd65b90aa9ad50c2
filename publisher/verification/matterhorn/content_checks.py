"""Checkpoints 01 (real content tagged) and 30 (XObjects)."""

from __future__ import annotations

import pikepdf

from publisher.verification.matterhorn.objects import Key, each, get, key_of
from publisher.verification.matterhorn.opened import Faults, Opened


def artifact_inside_content(file: Opened) -> Faults:
    """01-003"""
    for sequence in file.contents.sequences:
        if sequence.tag == "Artifact" and file.owner(sequence.outer) is not None:
            yield f"page {sequence.page + 1}"


def content_inside_artifact(file: Opened) -> Faults:
    """01-004"""
    for sequence in file.contents.sequences:
        if sequence.artifact and sequence.number is not None and sequence.tag != "Artifact":
            yield f"page {sequence.page + 1}"


def neither_content_nor_artifact(file: Opened) -> Faults:
    """01-005"""
    if file.tree.source is None:
        yield "the file has no structure tree"
        return
    if get(get(file.root, "/MarkInfo"), "/Marked") is not True:
        yield "the catalogue does not say that the file is tagged"
    for painting in file.contents.paintings:
        if (painting.sequence and painting.sequence.artifact) or file.owner(painting.sequence) is not None:
            continue
        if not any(key in file.tree.holders for key in painting.stands_for):
            yield f"page {painting.page + 1}, {painting.what}"
    yield from _unknown_to_parent_tree(file)


def _unknown_to_parent_tree(file: Opened) -> Faults:
    """Contents and annotations that an element claims, of which the parent tree knows nothing."""
    pages = {page.obj.objgen: (number, page.obj) for number, page in enumerate(file.pdf.pages)}
    lists: dict[int, list[Key | None]] = {}
    for (holder, mark), element in file.tree.owners.items():
        if holder not in pages:
            continue
        number, page = pages[holder]
        if number not in lists:
            lists[number] = [key_of(one) for one in each(file.parents.get(get(page, "/StructParents"), None))]
        listed = lists[number]
        if not 0 <= mark < len(listed) or listed[mark] != key_of(element.source):
            yield f"page {number + 1}, content {mark} of {element.role}, which the parent tree does not list"
    for annotation in file.annotations:
        holder_ = file.holder(annotation)
        listed_ = file.parents.get(get(annotation.source, "/StructParent"))
        if holder_ is not None and key_of(listed_) != key_of(holder_.source):
            yield f"{annotation}, which the parent tree does not list"


def suspects(file: Opened) -> Faults:
    """01-007"""
    if get(get(file.root, "/MarkInfo"), "/Suspects") is True:
        yield "the catalogue's MarkInfo"


def reference_objects(file: Opened) -> Faults:
    """30-001"""
    for thing in file.pdf.objects:
        if isinstance(thing, pikepdf.Stream) and get(thing, "/Subtype") == pikepdf.Name.Form and "/Ref" in thing:
            yield f"object {thing.objgen[0]}"


def numbered_forms_painted_twice(file: Opened) -> Faults:
    """30-002"""
    for key, page in file.contents.numbered.items():
        if file.contents.forms[key] > 1:
            yield f"page {page + 1}, object {key[0]}"


CHECKS = {
    "01-003": artifact_inside_content,
    "01-004": content_inside_artifact,
    "01-005": neither_content_nor_artifact,
    "01-007": suspects,
    "30-001": reference_objects,
    "30-002": numbered_forms_painted_twice,
}
