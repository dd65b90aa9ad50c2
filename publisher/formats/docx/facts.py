"""What the document says of itself: core properties (ISO/IEC 29500-2, 8.3), those of its application, and its own.

Word has one creator and no contributors, publisher or rights: several creators stand in one line, the rest in
properties of the document's own (https://learn.microsoft.com/office/open-xml/word).
"""

from __future__ import annotations

from lxml import etree

from publisher import __version__
from publisher.formats.docx.ooxml import root, serialised
from publisher.model.publication import Publication
from publisher.rendering.dates import modified

_CORE = {
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/"
_PROPERTY_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def core(publication: Publication) -> bytes:
    """Title, creators, subjects, description, identifier, language, and when it was made and changed."""
    metadata = publication.metadata
    about = etree.Element(f"{{{_CORE['cp']}}}coreProperties", nsmap=_CORE)

    def add(name: str, text: str) -> etree._Element:
        prefix, _, local = name.partition(":")
        made = etree.SubElement(about, f"{{{_CORE[prefix]}}}{local}")
        made.text = text
        return made

    add("dc:title", metadata.title)
    creators = [creator.name for creator in metadata.creators if creator.role == "aut"]
    if creators:
        add("dc:creator", "; ".join(creators))
    if metadata.subjects:
        add("cp:keywords", "; ".join(metadata.subjects))
    if metadata.description:
        add("dc:description", metadata.description)
    add("dc:identifier", metadata.identifier)
    add("dc:language", metadata.lang)
    w3c = f"{{{_CORE['xsi']}}}type"
    if metadata.date:
        add("dcterms:created", f"{metadata.date.isoformat()}T00:00:00Z").set(w3c, "dcterms:W3CDTF")
    add("dcterms:modified", modified(publication).strftime("%Y-%m-%dT%H:%M:%SZ")).set(w3c, "dcterms:W3CDTF")
    return serialised(about)


def application(publication: Publication) -> bytes:
    """What made the document."""
    namespace = f"{_OFFICE}extended-properties"
    about = root("Properties", namespace)
    etree.SubElement(about, f"{{{namespace}}}Application").text = f"concordant-publisher {__version__}"
    if publication.metadata.publisher:
        etree.SubElement(about, f"{{{namespace}}}Company").text = publication.metadata.publisher
    return serialised(about)


def custom(publication: Publication) -> bytes | None:
    """Who else worked on it, and its rights; None where there is nothing to say."""
    metadata = publication.metadata
    others = [creator.name for creator in metadata.creators if creator.role != "aut"]
    facts = {"Contributors": "; ".join(others), "Rights": metadata.rights}
    facts = {name: value for name, value in facts.items() if value}
    if not facts:
        return None
    namespace, types = f"{_OFFICE}custom-properties", f"{_OFFICE}docPropsVTypes"
    about = root("Properties", namespace, vt=types)
    for number, (name, value) in enumerate(facts.items(), 2):
        attributes = {"fmtid": _PROPERTY_SET, "pid": str(number), "name": name}
        made = etree.SubElement(about, f"{{{namespace}}}property", attributes)
        etree.SubElement(made, f"{{{types}}}lpwstr").text = value
    return serialised(about)
