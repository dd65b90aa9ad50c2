"""The one module that drives WeasyPrint. Import it only after `require_weasyprint`: it loads Pango."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from cssselect2 import ElementWrapper  # type: ignore[import-untyped]
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from weasyprint import HTML  # type: ignore[import-untyped]
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

from publisher.formats.pdf.addresses import BASE
from publisher.formats.pdf.breaks import page_breaks
from publisher.formats.pdf.document import Document
from publisher.formats.pdf.fetching import Fetcher
from publisher.formats.pdf.fitting import fit
from publisher.formats.pdf.metadata import complete_metadata
from publisher.formats.pdf.tagging import tagged
from publisher.model.artefacts import PageBreak
from publisher.model.findings import EngineError, InputError
from publisher.model.publication import Metadata

_NO_GLYPH = ".notdef glyph rendered"
"""How WeasyPrint's warning of a character that no font has begins."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A PDF: its bytes, its number of pages and where they begin, the characters that none of its fonts has, in their
    order, and the size in points of the smallest letters in each picture that has any, by the picture's id."""

    data: bytes
    pages: int
    breaks: tuple[PageBreak, ...]
    missing: tuple[str, ...]
    letters: Mapping[str, float]


def lay_out(document: Document, fetcher: Fetcher, metadata: Metadata, identifier: str) -> LaidOut:
    """A document as PDF/UA-1 (https://www.iso.org/standard/64599.html).

    `identifier` stands for the content: the same document has the same one.

    Raises InputError where the document asks for what it may not read, EngineError where WeasyPrint fails.
    """
    with _complaints() as complaints, _without_collecting():
        html = _parsed(document.html, fetcher)
        fit(html.etree_element, document.room)
        laid_out = html.render(font_config=FontConfiguration(), pdf_variant="pdf/ua-1")
        with tagged() as letters:
            data = laid_out.write_pdf(
                finisher=lambda _, pdf: complete_metadata(pdf, metadata),
                pdf_variant="pdf/ua-1",
                pdf_identifier=identifier.encode(),
            )
    if fetcher.failed:
        raise fetcher.failed[0]
    if fetcher.refused:
        raise InputError(
            f"the PDF's pages ask for {fetcher.refused[0]}, which is not one of the edition's files; "
            "put it into the edition's folder or take it out of the picture or template that names it"
        )
    if complaints.errors:
        raise EngineError("WeasyPrint", complaints.errors[0])
    breaks = page_breaks(page._page_box for page in laid_out.pages)
    return LaidOut(data, len(laid_out.pages), breaks, tuple(dict.fromkeys(complaints.missing)), letters)


def _parsed(text: str, fetcher: Fetcher) -> HTML:
    """A document as WeasyPrint takes it. Our HTML is XML too, which is read in a tenth of the time; an edition's own
    template need not be."""
    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException):
        return HTML(string=text, base_url=BASE, url_fetcher=fetcher, media_type="print")
    html = HTML(string="", base_url=BASE, url_fetcher=fetcher, media_type="print")
    html.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
    html.etree_element = root
    return html


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Have Python look for no garbage meanwhile. Boxes and styles by the hundred thousand live to the end, and looking
    through them again and again took a seventh of the time to find nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class _Complaints(logging.Handler):
    """What WeasyPrint logs in the meantime: errors, after which it would go on without the picture or the style sheet,
    and characters without a glyph, for which it would draw boxes and say so in lines that are not ours.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.errors: list[str] = []
        self.missing: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())

    def filter(self, record: logging.LogRecord) -> bool:
        """As a filter of WeasyPrint's logger: keeps a missing glyph from every handler but this one."""
        if not str(record.msg).startswith(_NO_GLYPH) or not isinstance(record.args, tuple):
            return True
        self.missing.append(str(record.args[0]))
        return False


@contextmanager
def _complaints() -> Iterator[_Complaints]:
    ear = _Complaints()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(ear)
    logger.addFilter(ear.filter)
    try:
        yield ear
    finally:
        logger.removeFilter(ear.filter)
        logger.removeHandler(ear)
