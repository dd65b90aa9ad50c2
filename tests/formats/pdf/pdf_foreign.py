"""PDFs made by hand, as other programs may make them: operators and structure elements as a test gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String


@dataclass
class Tag:
    """A structure element. Kids are elements, numbers of marked content on the element's page (from 0), pairs of page
    and number, or links."""

    type: str
    kids: list[Any] = field(default_factory=list)
    page: int = 0
    entries: dict[str, Any] = field(default_factory=dict)


@dataclass
class Link:
    """A link annotation on page 0."""

    entries: dict[str, Any]


def tag(type: str, *kids: Any, page: int = 0, **entries: Any) -> Tag:
    """An element; entries are named as in the file (`Lang`, `Alt`, `ID`)."""
    return Tag(type, list(kids), page, entries)


def shown(text: str, y: float = 100, x: float = 20, size: float = 12) -> bytes:
    """Operators that show text in Helvetica."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")
    return b"BT /F1 %d Tf %d %d Td (%s) Tj ET\n" % (size, x, y, escaped)


def marked(number: int, *inside: bytes, properties: str = "", type: str = "Span") -> bytes:
    """A marked content."""
    return f"/{type} <</MCID {number} {properties}>> BDC\n".encode() + b"".join(inside) + b"EMC\n"


def artifact(*inside: bytes) -> bytes:
    return b"/Artifact BMC\n" + b"".join(inside) + b"EMC\n"


def make_pdf(
    path: Path, *pages: bytes, tree: Tag | None = None, root: dict[str, Any] | None = None, **rest: Any
) -> Path:
    """Write a PDF of some pages' operators and a structure tree. `root` are further entries of the tree's root, `rest`
    of the catalogue."""
    pdf = Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    for operators in pages:
        page = pdf.add_blank_page(page_size=(300, 400))
        page.Contents = pdf.make_stream(operators)
        page.Resources = Dictionary(Font=Dictionary(F1=font))
    for key, value in rest.items():
        pdf.Root[f"/{key}"] = value
    if tree is not None:
        top = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, **(root or {})))
        top.K = _element(pdf, tree, top)
        pdf.Root.StructTreeRoot = top
        pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.save(path, deterministic_id=True)
    return path


def _element(pdf: Pdf, given: Tag, parent: Any) -> Any:
    made = pdf.make_indirect(Dictionary(S=Name(f"/{given.type}"), P=parent, Pg=pdf.pages[given.page].obj))
    for key, value in given.entries.items():
        made[f"/{key}"] = String(value) if isinstance(value, str) else value
    made.K = Array([_kid(pdf, kid, made) for kid in given.kids])
    return made


def _kid(pdf: Pdf, kid: Any, made: Any) -> Any:
    if isinstance(kid, Tag):
        return _element(pdf, kid, made)
    if isinstance(kid, Link):
        area = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], **kid.entries))
        return Dictionary(Type=Name.OBJR, Obj=area, Pg=pdf.pages[0].obj)
    if isinstance(kid, tuple):
        return Dictionary(Type=Name.MCR, Pg=pdf.pages[kid[0]].obj, MCID=kid[1])
    return kid


def with_destinations(path: Path, **places: int) -> Path:
    """Add named destinations to a PDF."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        names = [item for name in sorted(places) for item in (String(name), _place(pdf, places[name]))]
        pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array(names)))
        pdf.save(path, deterministic_id=True)
    return path


def _place(pdf: Pdf, page: int) -> Any:
    return Array([pdf.pages[page].obj, Name.Fit])
