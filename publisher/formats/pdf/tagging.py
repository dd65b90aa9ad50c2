"""The tags of a PDF: in place of WeasyPrint's tag tree, one made from the same boxes that keeps what HTML says.

WeasyPrint drops languages, tags running heads as content, splits blocks at page ends, and knows no list bodies, notes,
scopes or page labels. Its tree is made by one function, called when all pages are painted and nothing is written yet;
`tagged` has it replaced by `_add_tags` for as long as a document is written. Nothing else of WeasyPrint is touched, but
it is inside its code: `check_internals`, and a test of it, say when a new version has moved what is used here.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pydyf  # type: ignore[import-untyped]
import weasyprint.pdf  # type: ignore[import-untyped]
from weasyprint.pdf.stream import Stream  # type: ignore[import-untyped]

from publisher.formats.pdf.boxes import Gathered, gather
from publisher.formats.pdf.drawings import smallest_letters
from publisher.formats.pdf.painting import Page, Script, repaint
from publisher.formats.pdf.spaces import restore_spaces
from publisher.formats.pdf.structure import ROLE_MAP, Annotation, Content, Element, document
from publisher.model.findings import EngineError

_SHARED = "\u034f"
"""The meaning of a glyph that only completes another: the grapheme joiner, which changes no word. Every code must have
one (ISO 14289-1, 7.21.7)."""

_TEXT = {"\u00a0": " ", "\u202f": " ", "\u00ad": "-", "\u2010": "-", "\u2011": "-"}
"""Characters that fonts draw with another's glyph: a glyph can stand for one character only, the common one."""

_PRINTED = 4
"""An annotation's flag Print (ISO 32000-1, 12.5.3)."""


@contextmanager
def tagged() -> Iterator[dict[str, float]]:
    """Have documents tagged by this module; holds then the size of the smallest letters in each picture, by its id.

    Raises EngineError where this WeasyPrint is not the one known to it.
    """
    check_internals()
    letters: dict[str, float] = {}
    add_tags, build_fonts = weasyprint.pdf.add_tags, weasyprint.pdf.build_fonts_dictionary

    def build_fonts_dictionary(pdf: Any, fonts: Mapping[Any, Any], *rest: Any) -> Any:
        for font in fonts.values():
            font.to_unicode = {glyph: _meant(text) for glyph, text in font.to_unicode.items()}
        return build_fonts(pdf, fonts, *rest)

    def add_own_tags(pdf: Any, document_: Any, pdf_version: Any, page_streams: list[Any]) -> None:
        letters.update(smallest_letters(pdf, page_streams))
        _add_tags(pdf, document_, pdf_version, page_streams)

    weasyprint.pdf.add_tags = add_own_tags
    weasyprint.pdf.build_fonts_dictionary = build_fonts_dictionary
    try:
        yield letters
    finally:
        weasyprint.pdf.add_tags, weasyprint.pdf.build_fonts_dictionary = add_tags, build_fonts


def check_internals() -> None:
    """Raises EngineError where what this module relies on inside WeasyPrint is not there."""
    expected = {
        "add_tags": ["pdf", "document", "pdf_version", "page_streams"],
        "build_fonts_dictionary": ["pdf", "fonts", "compress", "subset", "options"],
    }
    for name, parameters in expected.items():
        function = getattr(weasyprint.pdf, name, None)
        if function is None or list(inspect.signature(function).parameters) != parameters:
            raise EngineError(
                "WeasyPrint", f"version {weasyprint.__version__} has another {name}; install weasyprint 70"
            )
    if list(inspect.signature(Stream.marked).parameters) != ["self", "box", "tag"]:
        raise EngineError("WeasyPrint", f"version {weasyprint.__version__} marks otherwise; install weasyprint 70")


def _meant(text: str) -> str:
    """The characters that a glyph stands for."""
    return _TEXT.get(text, text.replace("\u2060", "") or text or _SHARED)


def _add_tags(pdf: Any, document_: Any, pdf_version: Any, page_streams: list[Any]) -> None:  # noqa: ARG001 - as called
    """Stands in for `weasyprint.pdf.tags.add_tags`."""
    marks = [{box: tag["mcid"] for box, tag in stream._tags.items()} for stream in page_streams]
    gathered = gather((page._page_box for page in document_.pages), marks)
    restore_spaces(gathered.root)
    tree = document(gathered.root, document_.metadata.lang or "")
    _Writer(pdf, page_streams, gathered).write(tree, _scripts(document_.fonts))
    _drop(pdf, gathered.redundant)
    _describe(pdf, document_)


def _scripts(fonts: Mapping[Any, Any]) -> dict[bytes, Script]:
    """How each font that has painted text writes, by the font's name in content streams."""
    scripts = {}
    for font in fonts.values():
        if not font.bitmap:
            meanings = {f"{glyph:04x}".encode(): text for glyph, text in font.to_unicode.items()}
            scripts[font.hash.encode()] = Script(
                meanings, next((code for code, text in meanings.items() if text == " "), None)
            )
    return scripts


def _drop(pdf: Any, redundant: list[Annotation]) -> None:
    """Take annotations off their pages."""
    references = {annotation.dictionary.reference for annotation in redundant}  # type: ignore[attr-defined]
    for page in pdf.objects:
        if isinstance(page, pydyf.Dictionary) and page.get("Type") == "/Page" and "Annots" in page:
            page["Annots"] = pydyf.Array(kept for kept in page["Annots"] if kept not in references)


def _describe(pdf: Any, document_: Any) -> None:
    """The catalogue's entries that a reader's program needs (ISO 14289-1, 7.1 and 7.2)."""
    pdf.catalog["Lang"] = pydyf.String(document_.metadata.lang or "und")
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
    decimal = pydyf.Dictionary({"S": "/D"})
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": pydyf.Array([0, decimal])})


class _Writer:
    """Writes a structure tree into a PDF that is still in memory (ISO 32000-1, 14.7)."""

    def __init__(self, pdf: Any, page_streams: list[Any], gathered: Gathered) -> None:
        self.pdf = pdf
        self.pages = tuple(pdf.page_references)
        self.page_streams = page_streams
        self.gathered = gathered
        self.owners: dict[Content, tuple[Any, _Mark]] = {}
        self.contents: list[dict[int, Content]] = [{} for _ in page_streams]
        self.areas: list[tuple[dict[str, Any], Any]] = []
        self.ids: dict[str, Any] = {}

    def write(self, tree: Element, scripts: Mapping[bytes, Script]) -> None:
        """Write the tree and everything that refers to it. `scripts` says how each font writes."""
        root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        self.pdf.add_object(root)
        root["K"] = pydyf.Array([self._element(tree, root).reference])
        root["RoleMap"] = pydyf.Dictionary({name: f"/{standard}" for name, standard in ROLE_MAP.items()})
        numbers = pydyf.Array()
        for number, stream in enumerate(self.page_streams):
            numbers.extend([number, pydyf.Array(self._repaint(number, stream, scripts))])
        for key, (area, owner) in enumerate(self.areas, start=len(self.page_streams)):
            area["StructParent"] = key
            numbers.extend([key, owner])
        parents = pydyf.Dictionary({"Nums": numbers})
        self.pdf.add_object(parents)
        root["ParentTree"] = parents.reference
        root["ParentTreeNextKey"] = len(self.page_streams) + len(self.areas)
        if self.ids:
            root["IDTree"] = self._id_tree()
        self.pdf.catalog["StructTreeRoot"] = root.reference

    def _element(self, element: Element, parent: Any) -> Any:
        made = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{element.role}", "P": parent.reference})
        self.pdf.add_object(made)
        for key, value in (("Lang", element.lang), ("Alt", element.alternative), ("E", element.expansion)):
            if value:
                made[key] = pydyf.String(value)
        if element.id is not None and element.id not in self.ids:
            made["ID"] = pydyf.String(element.id)
            self.ids[element.id] = made.reference
        if element.attributes:
            made["A"] = pydyf.Array([_attributes(owner, facts) for owner, facts in element.attributes.items()])
        pages = [kid.page for kid in element.kids if isinstance(kid, Content)]
        page = pages[0] if pages else None
        if page is not None:
            made["Pg"] = self.pages[page]
        made["K"] = pydyf.Array([self._kid(kid, made, page) for kid in element.kids])
        return made

    def _kid(self, kid: Element | Content | Annotation, owner: Any, page: int | None) -> Any:
        if isinstance(kid, Element):
            return self._element(kid, owner).reference
        if isinstance(kid, Annotation):
            kid.dictionary["Contents"] = pydyf.String(kid.label)
            kid.dictionary["F"] = _PRINTED
            self.areas.append((kid.dictionary, owner.reference))
            return pydyf.Dictionary(
                {"Type": "/OBJR", "Obj": kid.dictionary.reference, "Pg": self.pages[kid.page]}  # type: ignore[attr-defined]
            )
        mark = _Mark()
        self.owners[kid] = (owner.reference, mark)
        self.contents[kid.page][kid.mark] = kid
        if kid.page == page:
            return mark
        return pydyf.Dictionary({"Type": "/MCR", "Pg": self.pages[kid.page], "MCID": mark})

    def _repaint(self, number: int, stream: Any, scripts: Mapping[bytes, Script]) -> list[Any]:
        """Rewrite a page's operators; the owners of its marked contents in the order of their numbers."""
        painted = repaint(stream.stream, Page(self.contents[number], self.gathered.furniture[number], scripts))
        stream.stream[:] = painted.operators
        owners = []
        for mark, content in enumerate(painted.contents):
            owner, made = self.owners[content]
            made.number = mark
            owners.append(owner)
        return owners

    def _id_tree(self) -> Any:
        """Sorted by the bytes of the ids, as a name tree must be (ISO 32000-1, 7.9.6)."""
        pairs = sorted(self.ids.items(), key=lambda pair: _string_bytes(pair[0]))
        names = pydyf.Array(item for id, reference in pairs for item in (pydyf.String(id), reference))
        tree = pydyf.Dictionary({"Names": names})
        self.pdf.add_object(tree)
        return tree.reference


class _Mark(pydyf.Object):  # type: ignore[misc]
    """A marked content's number, which is known only when its page's content is gone through."""

    def __init__(self) -> None:
        super().__init__()
        self.number: int | None = None

    @property
    def data(self) -> bytes:
        if self.number is None:
            raise EngineError("WeasyPrint", "the tag tree names what no page paints; report this text")
        return str(self.number).encode()


def _string_bytes(text: str) -> bytes:
    """A string's bytes in the file: ASCII, else UTF-16 with its mark (ISO 32000-1, 7.9.2.2)."""
    return text.encode() if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be")


def _attributes(owner: str, facts: Mapping[str, Any]) -> Any:
    made = {"O": f"/{owner}"}
    for key, value in facts.items():
        if key == "Headers":
            made[key] = pydyf.Array([pydyf.String(id) for id in value])
        else:
            made[key] = pydyf.Array(value) if isinstance(value, tuple) else value
    return pydyf.Dictionary(made)
