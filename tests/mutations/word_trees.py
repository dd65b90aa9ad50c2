"""Word documents opened as trees that operators change and closed again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from lxml import etree
from mutants import Operator, Subject

from publisher.model.artefacts import UnitRole

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
TEXTS = ("word/document.xml", "word/footnotes.xml", "word/comments.xml")


@dataclass
class WordTree:
    """The parts of a Word document that are XML, by their names. `units` are the ids of the units expected in it."""

    subject: Subject
    parts: dict[str, etree._Element]

    @property
    def document(self) -> etree._Element:
        return self.parts["word/document.xml"]

    @property
    def styles(self) -> etree._Element:
        return self.parts["word/styles.xml"]

    @property
    def comments(self) -> list[etree._Element]:
        return list(self.parts["word/comments.xml"]) if "word/comments.xml" in self.parts else []

    def texts(self) -> list[etree._Element]:
        """The parts that hold words of units."""
        return [self.parts[name] for name in TEXTS if name in self.parts]

    def elements(self, *names: str) -> list[etree._Element]:
        """Elements of Word's own, in the order of the parts."""
        return [e for root in self.texts() for e in root.iter(*(f"{W}{name}" for name in names))]

    def blocks(self) -> list[etree._Element]:
        """The paragraphs that hold the words of a unit each."""
        ids = {unit.id for unit in self.subject.units if unit.role not in (UnitRole.ALTERNATIVE, UnitRole.MATH)}
        return [p for p in self.elements("p") if id_of(p) in ids]

    def words(self) -> list[tuple[etree._Element, etree._Element, str]]:
        """Every piece of words of a unit: the paragraph, the element that carries it, `text`."""
        return [(block, piece, "text") for block in self.blocks() for piece in pieces(block)]

    def style(self, name: str) -> str:
        """The id of a style."""
        for style in self.styles.iter(f"{W}style"):
            if style.find(f"{W}name").get(f"{W}val", "").lower() == name.lower():
                return style.get(f"{W}styleId", "")
        raise KeyError(name)

    def style_name(self, paragraph: etree._Element) -> str:
        """The name of a paragraph's style, in small letters."""
        id = style_of(paragraph)
        for style in self.styles.iter(f"{W}style"):
            if style.get(f"{W}styleId") == id:
                return style.find(f"{W}name").get(f"{W}val", "").lower()
        return ""

    def relations(self) -> list[etree._Element]:
        """The relationships of the parts that hold words."""
        names = (name.replace("word/", "word/_rels/") + ".rels" for name in TEXTS)
        return [one for name in names if name in self.parts for one in self.parts[name]]


def marks_of(paragraph: etree._Element) -> list[etree._Element]:
    return [mark for mark in paragraph.iter(f"{W}bookmarkStart") if mark.get(f"{W}name")]


def own_mark(paragraph: etree._Element) -> etree._Element | None:
    """The bookmark around a paragraph's words: the first whose end is not right after it."""
    for mark in marks_of(paragraph):
        following = mark.getnext()
        closes = following is not None and following.tag == f"{W}bookmarkEnd"
        boxed = following is not None and following.tag == f"{W}sdt" and following.find(f"{W}sdtPr/{W}tag") is not None
        boxed = boxed and following.find(f"{W}sdtPr/{W}tag").get(f"{W}val", "").endswith("-task")
        if mark.getparent() is paragraph and not closes and not boxed:
            return mark
    return None


def id_of(paragraph: etree._Element) -> str:
    mark = own_mark(paragraph)
    return mark.get(f"{W}name", "").removeprefix("_") if mark is not None else ""


def style_of(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style.get(f"{W}val", "") if style is not None else ""


def pieces(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The pieces of a paragraph's words."""
    for text in paragraph.iter(f"{W}t"):
        style = text.getparent().find(f"{W}rPr/{W}rStyle")
        mark = style is not None and "Reference" in style.get(f"{W}val", "")
        box = any(e.tag == f"{W}sdt" and "checkbox" in str(etree.tostring(e[0])) for e in text.iterancestors())
        if (text.text or "").strip() and not mark and not box:
            yield text


def restyle(paragraph: etree._Element, id: str) -> None:
    paragraph.find(f"{W}pPr/{W}pStyle").set(f"{W}val", id)


def properties_of(run: etree._Element) -> etree._Element:
    """The properties of a run, made where there are none."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = etree.Element(f"{W}rPr")
        run.insert(0, properties)
    return properties


def drop(element: etree._Element) -> None:
    element.getparent().remove(element)


def unwrap(element: etree._Element) -> None:
    """Take an element away and leave what is in it."""
    parent, at = element.getparent(), element.getparent().index(element)
    for child in reversed(list(element)):
        parent.insert(at, child)
    parent.remove(element)


def swap(one: etree._Element, other: etree._Element) -> None:
    mark = etree.Comment("here")
    one.getparent().replace(one, mark)
    other.getparent().replace(other, one)
    mark.getparent().replace(mark, other)


def same_words(one: etree._Element, other: etree._Element) -> bool:
    return said(one).split() == said(other).split()


def said(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def open_word(subject: Subject) -> WordTree:
    with zipfile.ZipFile(subject.path) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        return WordTree(subject, {name: etree.fromstring(archive.read(name)) for name in names})


def close_word(tree: WordTree) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(tree.subject.path) as archive, zipfile.ZipFile(made, "w") as copy:
        for name in archive.namelist():
            data = etree.tostring(tree.parts[name]) if name in tree.parts else archive.read(name)
            copy.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return made.getvalue()


def word_operator(name: str, expects: str, change: Callable[..., bool]) -> Operator:
    """An operator on Word documents; it changes a tree in place, and says False where there is nothing to change."""

    def mutate(subject: Subject, random: Random) -> bytes | None:
        tree = open_word(subject)
        return close_word(tree) if change(tree, random) else None

    return Operator(name, frozenset(expects.split()), mutate)
