"""Artefacts made of (X)HTML documents, opened as trees that operators change and closed again."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from lxml import etree, html
from mutants import Operator, Subject

from publisher.model.artefacts import UnitRole

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


def is_sentence(element: etree._Element) -> bool:
    """Whether a span is a sentence, or a piece of one. Pages that are to be light tell it by the id alone."""
    name = element.get("id") or element.get("data-sentence") or ""
    return element.get("class") == "s" or bool(element.get("class") is None and re.search(r"-s\d+$", name))


@dataclass
class Tree:
    """The documents of an artefact, and in an EPUB its package. `units` are the ids of the units expected in it."""

    subject: Subject
    documents: dict[str, etree._Element]
    package: etree._Element | None = None
    members: dict[str, bytes] = field(default_factory=dict)
    """Of an EPUB: members of the container that are neither, by name; what is put here is written."""

    def elements(self, *names: str) -> list[etree._Element]:
        """All elements of some names, outside navigation, in document order."""
        return [
            e for root in self.documents.values() for e in root.iter(*_named(names)) if not within(e, "nav", "head")
        ]

    def blocks(self) -> list[etree._Element]:
        """The elements that hold the words of a unit each."""
        ids = {unit.id for unit in self.subject.units if unit.role not in (UnitRole.ALTERNATIVE, UnitRole.MATH)}
        return [e for e in self.elements("*") if e.get("id") in ids]

    def words(self) -> list[tuple[etree._Element, etree._Element, str]]:
        """Every piece of words of a unit: the block, the element that carries it, `text` or `tail`."""
        return [(block, *piece) for block in self.blocks() for piece in pieces(block)]


def _named(names: tuple[str, ...]) -> Iterator[str]:
    return (name if name == "*" else f"{{*}}{name}" for name in names)


def tag_like(element: etree._Element, name: str) -> str:
    """The name of an element of HTML, in the namespace that another one has."""
    return f"{_XHTML}{name}" if str(element.tag).startswith(_XHTML) else name


def within(element: etree._Element, *names: str) -> bool:
    """Whether an element stands inside (or is) one of these."""
    return any(etree.QName(e).localname in names for e in (element, *element.iterancestors()) if isinstance(e.tag, str))


def pieces(block: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Where a block's own words stand, calls and ways back left out."""
    if (block.text or "").strip():
        yield block, "text"
    for child in block:
        if not isinstance(child.tag, str):
            pass
        elif (
            etree.QName(child).localname not in ("math", "svg", "img") and "doc-" not in child.get("role", "")
        ) or child.get("role") == "doc-biblioref":
            yield from pieces(child)
        if (child.tail or "").strip():
            yield child, "tail"


def put(element: etree._Element, where: str, text: str) -> None:
    """Write one of `pieces`."""
    setattr(element, where, text)


def drop(element: etree._Element) -> None:
    """Take an element out and leave the words after it."""
    parent = element.getparent()
    before = element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def unwrap(element: etree._Element) -> None:
    """Take an element away and leave what is in it."""
    parent, at = element.getparent(), element.getparent().index(element)
    before = element.getprevious()

    def say(text: str | None) -> None:
        if text and before is not None:
            before.tail = (before.tail or "") + text
        elif text:
            parent.text = (parent.text or "") + text

    say(element.text)
    children = list(element)
    if children:
        children[-1].tail = (children[-1].tail or "") + (element.tail or "")
    else:
        say(element.tail)
    parent.remove(element)
    for number, child in enumerate(children):
        parent.insert(at + number, child)


def swap(one: etree._Element, other: etree._Element) -> None:
    """Let two elements change places; what stands after each stays."""
    one.tail, other.tail = other.tail, one.tail
    mark = etree.Comment("here")
    one.getparent().replace(one, mark)
    other.getparent().replace(other, one)
    mark.getparent().replace(mark, other)


def style(block: etree._Element, rule: str) -> bool:
    """Add a rule for a block to its page. `{}` stands for the block's id."""
    head = next(block.getroottree().getroot().iter("{*}head"))
    made = etree.SubElement(head, tag_like(head, "style"))
    made.text = rule.format(f"[id='{block.get('id')}']")
    return True


def same_words(one: etree._Element, other: etree._Element) -> bool:
    return " ".join("".join(one.itertext()).split()) == " ".join("".join(other.itertext()).split())


def open_web(subject: Subject) -> Tree:
    root = html.document_fromstring(subject.path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    return Tree(subject, {subject.path.name: root})


def close_web(tree: Tree) -> bytes:
    (root,) = tree.documents.values()
    return b"<!DOCTYPE html>\n" + html.tostring(root, encoding="utf-8")


def open_epub(subject: Subject) -> Tree:
    with zipfile.ZipFile(subject.path) as archive:
        documents = {
            name: etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xhtml")
        }
        (package,) = (etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".opf"))
        members = {
            name: archive.read(name)
            for name in archive.namelist()
            if name not in documents and not name.endswith((".opf", ".mp3", ".woff2", ".smil"))
        }
    return Tree(subject, documents, package, members)


def close_epub(tree: Tree) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(tree.subject.path) as archive, zipfile.ZipFile(made, "w") as copy:
        for name in archive.namelist():
            data = archive.read(name)
            if name in tree.documents:
                data = etree.tostring(tree.documents[name])
            elif name.endswith(".opf") and tree.package is not None:
                data = etree.tostring(tree.package)
            elif name in tree.members:
                data = tree.members[name]
            elif re.search(r"\.(?:mp3|m4a|woff2)$", name):
                data = b""
            copy.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return made.getvalue()


Change = Callable[[Tree, Random], bool]
"""Changes a tree in place; False where there is nothing to change."""

OPENERS: dict[str, tuple[Callable[[Subject], Tree], Callable[[Tree], bytes]]] = {
    "html": (open_web, close_web),
    "epub": (open_epub, close_epub),
}


def tree_operator(name: str, expects: str, change: Change) -> Operator:
    """An operator on trees, for every kind of artefact made of documents."""

    def mutate(subject: Subject, random: Random) -> bytes | None:
        opened, closed = OPENERS[subject.path.suffix[1:]]
        tree = opened(subject)
        return closed(tree) if change(tree, random) else None

    return Operator(name, frozenset(expects.split()), mutate)
