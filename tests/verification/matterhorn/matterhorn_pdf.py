"""A small PDF that conforms to PDF/UA-1, with something of everything, for tests to spoil."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matterhorn_fonts as fonts
import pikepdf
from pikepdf import Array, Dictionary, Name

XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A title</rdf:li></rdf:Alt></dc:title>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


class Sample:
    """The PDF as it is put together: `elements` by the names that spoiling code calls them by."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.elements: dict[str, Any] = {}
        self.owners: list[Any] = []
        self.operators: list[str] = ["/Artifact <</Type /Pagination /Subtype /Header>> BDC", self.words(), "EMC"]
        self.page = self.pdf.add_blank_page(page_size=(600, 800))
        self.page.obj.Tabs = Name.S
        self.page.obj.StructParents = 0
        self.font = fonts.composite(self.pdf)
        self.page.obj.Resources = Dictionary(Font=Dictionary(F=self.font))
        self.root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array()))
        self.pdf.Root.StructTreeRoot = self.root
        self.document = self.add("Document", None)
        self.annotations: list[Any] = []
        self._fill()
        self._finish()

    @staticmethod
    def words(codes: str = "<00010002>", font: str = "F") -> str:
        """Operators that show text."""
        return f"BT /{font} 12 Tf 100 700 Td {codes} Tj ET"

    def add(self, role: str, parent: Any, called: str = "", **entries: Any) -> Any:
        """A structure element at the end of another."""
        element = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{role}"), K=Array(), **entries))
        element.P = self.root if parent is None else parent
        (self.root if parent is None else parent).K.append(element)
        self.elements[called or role] = element
        return element

    def say(self, role: str, parent: Any, called: str = "", operators: str | None = None, **entries: Any) -> Any:
        """A structure element with content of its own."""
        element = self.add(role, parent, called, **entries)
        self.paint(element, operators)
        return element

    def paint(self, element: Any, operators: str | None = None) -> None:
        """Content of an element."""
        element.Pg = self.page.obj
        element.K.append(len(self.owners))
        self.operators += [f"/Span <</MCID {len(self.owners)}>> BDC", operators or self.words(), "EMC"]
        self.owners.append(element)

    def annotate(self, subtype: str, element: Any | None, **entries: Any) -> Any:
        """An annotation in a structure element."""
        made = self.pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=[9, 9, 99, 99]))
        for key, value in entries.items():
            made[f"/{key}"] = value
        if element is not None:
            made.StructParent = len(self.annotations) + 1
            element.K.append(Dictionary(Type=Name.OBJR, Obj=made, Pg=self.page.obj))
        self.annotations.append((made, element))
        return made

    def _fill(self) -> None:
        top = self.document
        self.say("H1", top)
        self.say("H2", top)
        self.say("P", top)
        contents = self.add("TOC", top)
        self.say("Reference", self.add("TOCI", contents))
        items = self.add("L", top, A=Dictionary(O=Name.List, ListNumbering=Name.Decimal))
        item = self.add("LI", items)
        self.say("Lbl", item)
        self.say("LBody", item)
        self._table(top)
        self.say("Figure", top, operators="0 0 9 9 re f", Alt="A square.")
        self.say("Formula", top, Alt="A is B.")
        self.say("Note", top, ID="note-1")
        self.say("Note", top, "second note", ID="note-2")
        ruby = self.add("Ruby", top)
        self.say("RB", ruby)
        self.say("RT", ruby)
        warichu = self.add("Warichu", top)
        for called, role in (("first WP", "WP"), ("WT", "WT"), ("last WP", "WP")):
            self.say(role, warichu, called)
        link = self.say("Link", top)
        self.annotate("Link", link, Contents="The other page", A=Dictionary(S=Name.URI, URI="https://lights.example/"))

    def _table(self, top: Any) -> None:
        table = self.add("Table", top)
        head, body = self.add("TR", self.add("THead", table), "head row"), self.add("TBody", table)
        self.say("TH", head, A=Dictionary(O=Name.Table, Scope=Name.Column))
        self.say("TH", head, "second TH", A=Dictionary(O=Name.Table, Scope=Name.Column))
        row = self.add("TR", body)
        self.say("TD", row)
        self.say("TD", row, "second TD")

    def _finish(self) -> None:
        pdf = self.pdf
        pdf.Root.Lang = "en"
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.Metadata = pdf.make_stream(XMP.encode(), Type=Name.Metadata, Subtype=Name.XML)
        bookmark = pdf.make_indirect(Dictionary(Title="A title", Dest=Array([self.page.obj, Name.Fit])))
        pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=bookmark, Last=bookmark, Count=1))
        bookmark.Parent = pdf.Root.Outlines
        self.seal()

    def seal(self) -> None:
        """Write what depends on all content: the page's stream, its annotations, the parent tree."""
        self.page.obj.Contents = self.pdf.make_stream("\n".join(self.operators).encode())
        self.page.obj.Annots = Array([annotation for annotation, _ in self.annotations])
        numbers: list[Any] = [0, Array(self.owners)]
        for key, (_, element) in enumerate(self.annotations, start=1):
            if element is not None:
                numbers += [key, element]
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=Array(numbers)))

    def use(self, font: Any, codes: str = "(AB)") -> None:
        """Show text in another font."""
        self.page.obj.Resources.Font.G = font
        self.paint(self.elements["P"], self.words(codes, "G"))
        self.seal()

    def nest(self, called: str, into: str) -> None:
        """Move an element to the end of another."""
        element, other = self.elements[called], self.elements[into]
        before = element.P
        before.K = Array([kid for kid in before.K if isinstance(kid, int) or kid.objgen != element.objgen])
        other.K.append(element)
        element.P = other


Spoil = Callable[[Sample], Any]
