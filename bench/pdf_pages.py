"""Sets an edition's print PDF with our tags, or as WeasyPrint by itself makes it: for the bench.

    python bench/pdf_pages.py ours|plain EDITION-FOLDER

Both lay out the same HTML in the same styles. Ours adds its tags, and takes off what it parses as XML and Python's
search for garbage: so the ratio says what a PDF costs here and there, and not what tags cost.
"""

from __future__ import annotations

import sys
from pathlib import Path

from weasyprint import HTML  # type: ignore[import-untyped]
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

from publisher.build import read_imprint_of
from publisher.formats.pdf.addresses import BASE
from publisher.formats.pdf.document import make_document
from publisher.formats.pdf.fetching import Fetcher
from publisher.formats.pdf.layout import lay_out
from publisher.manuscript.reading import read_edition
from publisher.rendering.templates import Templates
from publisher.store import default_store


def main() -> int:
    mode, folder = sys.argv[1], Path(sys.argv[2])
    imprint, _ = read_imprint_of(folder)
    publication = read_edition(folder, imprint).publication
    templates = Templates(None)
    document = make_document(publication, templates, style="article.css")
    fetcher = Fetcher(
        resources=publication.resources,
        formulas=document.formulas,
        styles=document.styles,
        generics=document.generics,
        templates=templates,
        store=default_store(),
    )
    if mode == "ours":
        lay_out(document, fetcher, publication.metadata, "0" * 32)
    else:
        html = HTML(string=document.html, base_url=BASE, url_fetcher=fetcher, media_type="print")
        html.render(font_config=FontConfiguration(), pdf_variant="pdf/ua-1").write_pdf(pdf_variant="pdf/ua-1")
    return 0


if __name__ == "__main__":
    sys.exit(main())
