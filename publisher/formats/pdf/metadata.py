"""What the XMP packet says beyond WeasyPrint's title, authors and date: language, publisher, rights, identifier."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from publisher.model.findings import EngineError
from publisher.model.publication import Metadata

_END = b"</rdf:RDF>"


def complete_metadata(pdf: Any, metadata: Metadata) -> None:
    """Add the edition's Dublin Core elements to a PDF that is still in memory (ISO 16684-1, 8.3).

    Raises EngineError where WeasyPrint has written no packet to add them to.
    """
    packet = next((thing for thing in pdf.objects if getattr(thing, "extra", {}).get("Type") == "/Metadata"), None)
    if packet is None or _END not in packet.stream[0]:
        raise EngineError("WeasyPrint", "the PDF has no XMP metadata; install weasyprint 70")
    packet.stream[0] = packet.stream[0].replace(_END, _description(metadata).encode() + _END)


def _description(metadata: Metadata) -> str:
    elements = [
        _array("language", "Bag", [metadata.lang]),
        _array("publisher", "Bag", [metadata.publisher]),
        _array("subject", "Bag", metadata.subjects),
        _array("date", "Seq", [metadata.date.isoformat() if metadata.date else ""]),
        _array("rights", "Alt", [metadata.rights], lang=metadata.lang),
        f"<dc:identifier>{escape(metadata.identifier)}</dc:identifier>",
        "<dc:format>application/pdf</dc:format>",
    ]
    return (
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about="">'
        + "".join(elements)
        + "</rdf:Description>"
    )


def _array(name: str, kind: str, values: tuple[str, ...] | list[str], lang: str | None = None) -> str:
    given = [value for value in values if value]
    if not given:
        return ""
    attribute = f" xml:lang={quoteattr(lang)}" if lang else ""
    default = '<rdf:li xml:lang="x-default">' + escape(given[0]) + "</rdf:li>" if lang else ""
    items = "".join(f"<rdf:li{attribute}>{escape(value)}</rdf:li>" for value in given)
    return f"<dc:{name}><rdf:{kind}>{default}{items}</rdf:{kind}></dc:{name}>"
