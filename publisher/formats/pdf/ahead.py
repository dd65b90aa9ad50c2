"""Imports all that writes a PDF, for the process that workers are forked from. Where Pango is missing, it is the
worker's to tell."""

from __future__ import annotations

from contextlib import suppress

from publisher.formats.pdf.engine import require_weasyprint
from publisher.model.findings import InputError

with suppress(InputError):
    require_weasyprint()

    import publisher.formats.pdf.layout
    import publisher.formats.pdf.write  # noqa: F401 - only imported
