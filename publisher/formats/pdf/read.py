"""Reads a PDF as a screen reader would: the structure tree in its order, never the look of the pages.

https://pdfa.org/resource/iso-14289-pdfua/. Words come from marked content by way of pdfium, structure, links and
metadata by way of qpdf; nothing is taken from the writer. A PDF without tags has words, but no structure: they come in
stretches that look like paragraphs, on declared evidence.
"""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
from lxml import etree

from publisher.formats.pdf.reading_contents import contents
from publisher.formats.pdf.reading_glyphs import shown_otherwise
from publisher.formats.pdf.reading_text import page_texts
from publisher.formats.pdf.reading_tree import destinations, read_tree, text_of
from publisher.formats.pdf.reading_types import TELLS
from publisher.formats.pdf.reading_units import otherwise, read_units, read_untagged
from publisher.model.extract import Evidence, Extract
from publisher.model.findings import InputError

_DC = "{http://purl.org/dc/elements/1.1/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_NAMES = ("title", "creator", "language", "date", "identifier")
_INFO = {"title": "/Title", "creator": "/Author", "date": "/CreationDate"}


def read(path: Path) -> Extract:
    """Everything in a PDF. Raises InputError where it is no PDF, is damaged or asks for a password.

    `metadata` holds `problem` where the document has no tags to be read by.
    """
    try:
        with pikepdf.open(path) as pdf:
            return _read(path, pdf)
    except pikepdf.PasswordError as problem:
        raise InputError(f"{path.name} asks for a password; save it without one") from problem
    except OSError as problem:
        raise InputError(f"{path.name} cannot be read: {problem.strerror}; build it again") from problem
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, RuntimeError) as problem:
        raise InputError(f"{path.name} is no PDF that can be read: {problem}; build it again") from problem


def _read(path: Path, pdf: pikepdf.Pdf) -> Extract:
    document = pypdfium2.PdfDocument(path)
    try:
        pages = page_texts(document)
    finally:
        document.close()
    labels = [f"page {page.label}" for page in pdf.pages]
    if len(labels) != len(pages):
        raise InputError(f"{path.name} is damaged: its pages cannot be counted; build it again")
    lang = text_of(pdf.Root.get("/Lang")) or ""
    metadata = _metadata(pdf, lang)
    tree = read_tree(pdf)
    if tree is None:
        metadata["problem"] = ("the PDF is not tagged: the order of its words and what they are is a guess",)
        units = read_untagged(pages, labels, lang, spaced=_spaced(pdf))
        return Extract("pdf", path.name, Evidence.DECLARED, metadata, units)
    places = destinations(pdf)
    tagged = read_units(tree, pages, labels, places, lang, spaced=_spaced(pdf))
    return Extract(
        "pdf",
        path.name,
        Evidence.EXTRACTED,
        metadata,
        tagged.units,
        tagged.links,
        tagged.notes,
        facts=(*tagged.facts, *(otherwise(one, told, labels[page]) for page, one, told in shown_otherwise(pdf, pages))),
        tells=TELLS,
        contents=tuple(contents(pdf, tree, tagged.links, places, labels)),
    )


def _spaced(pdf: pikepdf.Pdf) -> bool:
    """Whether its maker writes the space at a line's end, so that one without it ends inside a word: we do. What others
    leave out there has to be guessed, which fails where most words are overlong."""
    info = pdf.trailer.get("/Info")
    maker = text_of(info.get("/Creator")) if isinstance(info, pikepdf.Dictionary) else None
    return (maker or "").startswith("concordant-publisher ")


def _metadata(pdf: pikepdf.Pdf, lang: str) -> dict[str, tuple[str, ...]]:
    """Dublin Core in the XMP packet (ISO 16684-1), else the document information dictionary."""
    packet = _packet(pdf)
    found = {name: _values(packet, name) for name in _NAMES}
    info = pdf.trailer.get("/Info")
    for name, key in _INFO.items():
        told = text_of(info.get(key)) if isinstance(info, pikepdf.Dictionary) else None
        told = _day(told) if told and name == "date" else told
        if told and (not found[name] or (name == "title" and told not in found[name])):
            found[name] = (*found[name], told)
    if not found["language"] and lang:
        found["language"] = (lang,)
    return found


def _packet(pdf: pikepdf.Pdf) -> etree._Element | None:
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return None
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
        return etree.fromstring(stream.read_bytes(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _values(packet: etree._Element | None, name: str) -> tuple[str, ...]:
    """The values of one Dublin Core property: an element's words, an attribute, or the items of an array."""
    if packet is None:
        return ()
    values: list[str] = []
    for description in packet.iter(f"{_RDF}Description"):
        values.append(description.get(f"{_DC}{name}", ""))
        for element in description.iterfind(f"{_DC}{name}"):
            items = list(element.iter(f"{_RDF}li"))
            values.extend("".join(map(str, item.itertext())) for item in items or [element])
    spaced = (" ".join(value.split()) for value in values)
    return tuple(dict.fromkeys(value for value in spaced if value))


def _day(told: str) -> str:
    """A date of PDF (`D:20261120…`, ISO 32000-1, 7.9.4) as a day of ISO 8601."""
    digits = told.removeprefix("D:")[:8]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}" if len(digits) == 8 and digits.isdecimal() else told
