"""The one module that drives WeasyPrint. Import it only after `require_weasyprint`: it loads Pango."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from weasyprint import HTML  # type: ignore[import-untyped]
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

from publisher.formats.pdf.addresses import BASE
from publisher.formats.pdf.document import Document
from publisher.formats.pdf.fetching import Fetcher
from publisher.formats.pdf.metadata import complete_metadata
from publisher.formats.pdf.tagging import tagged
from publisher.model.findings import EngineError, InputError
from publisher.model.publication import Metadata


def lay_out(document: Document, fetcher: Fetcher, metadata: Metadata, identifier: str) -> tuple[bytes, int]:
    """A document as PDF/UA-1 (https://www.iso.org/standard/64599.html), and its number of pages.

    `identifier` stands for the content: the same document has the same one.

    Raises InputError where the document asks for what it may not read, EngineError where WeasyPrint fails.
    """
    with _complaints() as complaints:
        html = HTML(string=document.html, base_url=BASE, url_fetcher=fetcher, media_type="print")
        laid_out = html.render(font_config=FontConfiguration(), pdf_variant="pdf/ua-1")
        with tagged():
            data = laid_out.write_pdf(
                finisher=lambda _, pdf: complete_metadata(pdf, metadata),
                pdf_variant="pdf/ua-1",
                pdf_identifier=identifier.encode(),
            )
    if fetcher.refused:
        raise InputError(
            f"the PDF's pages ask for {fetcher.refused[0]}, which is not one of the edition's files; "
            "put it into the edition's folder or take it out of the picture or template that names it"
        )
    if complaints:
        raise EngineError("WeasyPrint", complaints[0])
    return data, len(laid_out.pages)


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What WeasyPrint logs as an error in the meantime. It would go on without the picture or the style sheet."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    ear = Ear(logging.ERROR)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(ear)
    try:
        yield heard
    finally:
        logger.removeHandler(ear)
