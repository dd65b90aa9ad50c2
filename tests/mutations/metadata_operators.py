"""What can go wrong with what an artefact says of itself, and with the order of an EPUB's documents."""

from __future__ import annotations

import itertools
from random import Random

from lxml import etree
from mutants import Operator
from trees import Tree, drop, tree_operator

from publisher.verification.expected import units

_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"


def _statements(tree: Tree, name: str) -> list[etree._Element]:
    """The elements that state a fact; the first one counts where a title has a subtitle. Of those who contributed,
    those whom the front matter names: who wrote or reads the commentary may be named beside them."""
    if tree.package is not None:
        found = list(tree.package.iter(f"{_DC}{name}"))
        return found[:1] if name in ("title", "language") else [e for e in found if _ours(tree, name, e.text)]
    (root,) = tree.documents.values()
    return [
        e
        for e in root.iter("meta")
        if e.get("name", "").lower() in (f"dc.{name}", name) and _ours(tree, name, e.get("content"))
    ]


def _ours(tree: Tree, name: str, value: str | None) -> bool:
    if name != "contributor":
        return True
    creators = tree.subject.source.publication.metadata.creators
    return value in {creator.name for creator in creators if creator.role != "aut"}


def altered(name: str) -> Operator:
    def change(tree: Tree, random: Random) -> bool:
        found = _statements(tree, name)
        if not found:
            return False
        one = random.choice(found)
        value = (one.text if tree.package is not None else one.get("content")) or ""
        at = random.randrange(len(value))
        spoilt = value[:at] + ("9" if value[at] != "9" else "8") + value[at + 1 :]
        if tree.package is not None:
            one.text = spoilt
        else:
            one.set("content", spoilt)
        return True

    return tree_operator(f"{name} altered", f"metadata-{name}", change)


def dropped(name: str) -> Operator:
    def change(tree: Tree, random: Random) -> bool:
        found = _statements(tree, name)
        if tree.package is None and name in ("title", "language", "creator"):
            return False  # the page says it in HTML's own words too
        if not found:
            return False
        drop(random.choice(found))
        return True

    return tree_operator(f"{name} dropped", f"metadata-{name}", change)


def creators_swapped(tree: Tree, random: Random) -> bool:
    found = _statements(tree, "creator")
    if len(found) < 2:
        return False
    found[0].getparent().insert(found[0].getparent().index(found[0]), found[1])
    return True


def creator_added(tree: Tree, random: Random) -> bool:
    found = _statements(tree, "creator")
    if not found:
        return False
    added = etree.SubElement(found[0].getparent(), found[0].tag)
    if tree.package is not None:
        added.text = "Nobody"
    else:
        added.set("name", "DC.creator")
        added.set("content", "Nobody")
    return True


def _holders(tree: Tree) -> list[etree._Element]:
    """The places in the spine of documents that hold units."""
    assert tree.package is not None
    ids = {unit.id for unit in units(tree.subject.source.publication)}
    names = {
        name.rpartition("/")[2]
        for name, root in tree.documents.items()
        if any(e.get("id") in ids for e in root.iter("*"))
    }
    items = {item.get("id"): item.get("href") for item in tree.package.iter(f"{_OPF}item")}
    return [ref for ref in tree.package.iter(f"{_OPF}itemref") if items.get(ref.get("idref")) in names]


def spine_swapped(tree: Tree, random: Random) -> bool:
    if tree.package is None:
        return False
    found = _holders(tree)
    pairs = list(itertools.pairwise(found))
    if pairs:
        one, other = random.choice(pairs)
        one.getparent().insert(one.getparent().index(one), other)
    return bool(pairs)


def spine_dropped(tree: Tree, random: Random) -> bool:
    if tree.package is None:
        return False
    drop(random.choice(_holders(tree)))
    return True


_FACTS = ("title", "creator", "language", "date", "identifier")
_MORE = ("publisher", "rights", "description", "subject", "contributor")

METADATA_OPERATORS: tuple[Operator, ...] = (
    *(altered(name) for name in _FACTS),
    *(dropped(name) for name in _FACTS),
    *(altered(name) for name in _MORE),
    *(dropped(name) for name in _MORE),
    tree_operator("creators swapped", "metadata-creator", creators_swapped),
    tree_operator("creator added", "metadata-creator", creator_added),
)
PACKAGE_OPERATORS: tuple[Operator, ...] = (
    tree_operator("documents swapped", "unit-order", spine_swapped),
    tree_operator("document dropped", "unit-missing", spine_dropped),
)
