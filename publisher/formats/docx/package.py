"""The package: what pandoc wrote, in the styles and on the page of the reference document, with comments and pictures.

https://www.iso.org/standard/71691.html (ISO/IEC 29500-1), https://www.iso.org/standard/77818.html (29500-2)
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from publisher.formats.docx.facts import application, core, custom
from publisher.formats.docx.making import Making
from publisher.formats.docx.mending import (
    head_tables,
    join_footnote_marks,
    mark_languages,
    number_footnotes,
    part_tables,
    set_apart_formulas,
    space_tables,
    take_comments,
    turn_tables,
)
from publisher.formats.docx.ooxml import NAMES, R, W, root, serialised
from publisher.formats.docx.pictures import SUFFIXES, drawn_as_png
from publisher.formats.docx.styling import names_by_id, restyle, set_language
from publisher.model.findings import EngineError, InputError
from publisher.model.languages import direction
from publisher.store import Store

DOCUMENT_NAMES = "urn:concordant-publisher:bookmarks"
"""The namespace of the part that tells which ids stand behind names of bookmarks that could not be those."""

_OFFICE = NAMES["r"]
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_PAGES = {"A4": (11906, 16838), "A5": (8391, 11906), "LETTER": (12240, 15840), "LEGAL": (12240, 20160)}
"""Widths and heights in twentieths of a point."""
_AFTER_BIDI = frozenset(("rtlGutter", "docGrid", "printerSettings", "sectPrChange"))
"""What stands after the direction in a section's properties (ISO/IEC 29500-1, 17.6.17)."""
_LARGEST = 16 * 1024 * 1024
"""The most that a part of the reference document may unpack to, in bytes."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The parts of the reference document by their names, its page, and the files that the page's edges are in."""

    parts: Mapping[str, bytes]
    section: etree._Element
    edges: Mapping[str, str]


def open_reference(path: Path) -> Reference:
    """The reference document. Raises InputError where it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {one.filename: _small(archive, one, path) for one in archive.infolist() if not one.is_dir()}
        document = _parsed(parts["word/document.xml"])
        relations = _parsed(parts["word/_rels/document.xml.rels"])
        _ = _parsed(parts["word/styles.xml"])
    except (OSError, KeyError, zipfile.BadZipFile, etree.XMLSyntaxError) as problem:
        raise InputError(f"{path} is no Word document: {problem}; save it as .docx again") from problem
    section = document.find(f"{W}body/{W}sectPr")
    edges = {
        one.get("Id", ""): one.get("Target", "")
        for one in relations
        if one.get("Type", "").rpartition("/")[2] in ("header", "footer")
    }
    return Reference(parts, etree.Element(f"{W}sectPr") if section is None else section, edges)


def _small(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> bytes:
    if member.file_size > _LARGEST:
        raise InputError(f"{path}: {member.filename} unpacks to {member.file_size} bytes; take the pictures out")
    return archive.read(member)


def _parsed(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))


def assemble(written: bytes, making: Making, reference: Reference, store: Store) -> dict[str, bytes]:
    """Every part of the package, by name, in the order of the container."""
    with zipfile.ZipFile(BytesIO(written)) as archive:
        try:
            document, footnotes = (_with_names(archive.read(f"word/{name}.xml")) for name in ("document", "footnotes"))
        except etree.XMLSyntaxError as problem:
            raise EngineError("pandoc", f"what it wrote is no well-formed XML: {problem}") from problem
        theirs, numbering = _parsed(archive.read("word/styles.xml")), _parsed(archive.read("word/numbering.xml"))
    comments = take_comments(document)
    ours = _parsed(reference.parts["word/styles.xml"])
    texts = {"document": document, "footnotes": footnotes, "comments": comments}
    restyle(texts.values(), theirs, ours)
    set_language(ours, making.publication.metadata.lang)
    row_heading = {name.lower(): id for id, name in names_by_id(ours).items()}.get("table row heading", "")
    for part in texts.values():
        mark_languages(part, making)
        head_tables(part, row_heading)
        part_tables(part)
        if direction(making.publication.metadata.lang) == "rtl":
            turn_tables(part)
        set_apart_formulas(part, making)
    calls = {
        making.name_of(making.first_calls[one.id]): one.number
        for one in making.publication.footnotes
        if one.id in making.first_calls
    }
    number_footnotes(document, footnotes, calls)
    join_footnote_marks(footnotes)
    for body in document.findall(f"{W}body"):
        space_tables(body)
    _lay_out(document, making, reference)
    parts = {f"word/{name}.xml": serialised(part) for name, part in texts.items() if name != "comments" or len(part)}
    parts |= {"word/styles.xml": serialised(ours), "word/numbering.xml": serialised(numbering)}
    for name in ("settings", "fontTable", "theme/theme1"):
        if (full := f"word/{name}.xml") in reference.parts:
            parts[full] = reference.parts[full]
    parts |= {f"word/{name}": reference.parts[f"word/{name}"] for name in reference.edges.values()}
    parts |= dict(_media(making, store))
    parts |= {"docProps/core.xml": core(making.publication), "docProps/app.xml": application(making.publication)}
    if (more := custom(making.publication)) is not None:
        parts["docProps/custom.xml"] = more
    if making.names:
        parts |= _names(making)
    return {**_around(parts, making, reference, texts), **parts}


def _with_names(data: bytes) -> etree._Element:
    """A part as XML, with the names of what this package put in declared at its root, as Word wants them."""
    name = b"<w:document " if b"<w:document " in data else b"<w:footnotes "
    more = "".join(f'xmlns:{prefix}="{NAMES[prefix]}" ' for prefix in ("w14", "mc")) + 'mc:Ignorable="w14" '
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(data.replace(name, name + more.encode(), 1), parser)


def _lay_out(document: etree._Element, making: Making, reference: Reference) -> None:
    """The page of the reference document, in the size that the imprint names."""
    body = document.find(f"{W}body")
    if body is None:
        raise EngineError("pandoc", "wrote a document without a body")
    for old in body.findall(f"{W}sectPr"):
        body.remove(old)
    section = _parsed(etree.tostring(reference.section))
    for edge in section.findall(f"{W}headerReference") + section.findall(f"{W}footerReference"):
        if edge.get(f"{R}id") not in reference.edges:
            section.remove(edge)
    size, page = section.find(f"{W}pgSz"), _PAGES.get(making.publication.imprint.page_size.upper())
    if size is not None and page is not None:
        size.set(f"{W}w", str(page[0]))
        size.set(f"{W}h", str(page[1]))
    if direction(making.publication.metadata.lang) == "rtl" and section.find(f"{W}bidi") is None:
        after = [one for one in section if etree.QName(one).localname in _AFTER_BIDI]
        at = section.index(after[0]) if after else len(section)
        section.insert(at, etree.Element(f"{W}bidi"))
    body.append(section)


def _media(making: Making, store: Store) -> Iterator[tuple[str, bytes]]:
    for id, resource in making.pictures.items():
        data = resource.path.read_bytes()
        number = id.removeprefix("rIdP")
        yield f"word/media/image{number}.{SUFFIXES[resource.media_type]}", data
        if resource.media_type == "image/svg+xml":
            yield f"word/media/image{number}.png", drawn_as_png(resource, store)


def _names(making: Making) -> dict[str, bytes]:
    listed = root("bookmarks", DOCUMENT_NAMES)
    for name, id in sorted(making.names.items()):
        etree.SubElement(listed, f"{{{DOCUMENT_NAMES}}}bookmark", {"name": name, "id": id})
    item = uuid5(NAMESPACE_URL, f"{making.publication.metadata.identifier}#bookmarks")
    store = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    properties = etree.Element(f"{{{store}}}datastoreItem", nsmap={"ds": store})
    properties.set(f"{{{store}}}itemID", f"{{{str(item).upper()}}}")
    return {"customXml/item1.xml": serialised(listed), "customXml/itemProps1.xml": serialised(properties)}


# What holds the parts together ---------------------------------------------------------------------------------------


def _around(
    parts: Mapping[str, bytes], making: Making, reference: Reference, texts: Mapping[str, etree._Element]
) -> dict[str, bytes]:
    """The types of the parts and the relationships between them."""
    top = [("rId1", f"{_OFFICE}/officeDocument", "word/document.xml", False)]
    top.append(("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml", False))
    top.append(("rId3", f"{_OFFICE}/extended-properties", "docProps/app.xml", False))
    if "docProps/custom.xml" in parts:
        top.append(("rId4", f"{_OFFICE}/custom-properties", "docProps/custom.xml", False))
    made = {"[Content_Types].xml": _types(parts), "_rels/.rels": _relations(top)}
    known = ("styles", "numbering", "settings", "fontTable", "theme/theme1", "footnotes", "comments")
    there = [name for name in known if f"word/{name}.xml" in parts]
    own = [
        (f"rId{number}", f"{_OFFICE}/{name.partition('/')[0]}", f"{name}.xml", False)
        for number, name in enumerate(there, 1)
    ]
    own += [(id, f"{_OFFICE}/{target[:6]}", target, False) for id, target in reference.edges.items()]
    if "customXml/item1.xml" in parts:
        own.append(("rIdNames", f"{_OFFICE}/customXml", "../customXml/item1.xml", False))
        item = [("rId1", f"{_OFFICE}/customXmlProps", "itemProps1.xml", False)]
        made["customXml/_rels/item1.xml.rels"] = _relations(item)
    for name, part in texts.items():
        relations = [*(own if name == "document" else ()), *_used(part, making)]
        if relations and f"word/{name}.xml" in parts:
            made[f"word/_rels/{name}.xml.rels"] = _relations(relations)
    for target in reference.edges.values():
        if (full := f"word/_rels/{target}.rels") in reference.parts:
            made[full] = reference.parts[full]
    return made


def _used(part: etree._Element, making: Making) -> Iterator[tuple[str, str, str, bool]]:
    """The addresses and pictures that a part names."""
    used = {value for element in part.iter(etree.Element) for key, value in element.items() if str(key).startswith(R)}
    for address, id in making.addresses.items():
        if id in used:
            yield id, f"{_OFFICE}/hyperlink", address, True
    for id, resource in making.pictures.items():
        if id in used:
            number, suffix = id.removeprefix("rIdP"), SUFFIXES[resource.media_type]
            if suffix == "svg":
                yield f"{id}svg", f"{_OFFICE}/image", f"media/image{number}.svg", False
                suffix = "png"
            yield id, f"{_OFFICE}/image", f"media/image{number}.{suffix}", False


def _relations(relations: list[tuple[str, str, str, bool]]) -> bytes:
    namespace = f"{_PACKAGE}/relationships"
    listed = root("Relationships", namespace)
    for id, kind, target, outside in relations:
        attributes = {"Id": id, "Type": kind, "Target": target, **({"TargetMode": "External"} if outside else {})}
        etree.SubElement(listed, f"{{{namespace}}}Relationship", attributes)
    return serialised(listed)


def _types(parts: Mapping[str, bytes]) -> bytes:
    namespace = f"{_PACKAGE}/content-types"
    listed = root("Types", namespace)
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    media = {suffix: media_type for media_type, suffix in SUFFIXES.items()}
    for name in parts:
        suffix = name.rpartition(".")[2]
        if suffix in media:
            defaults[suffix] = media[suffix]
    for suffix, media_type in defaults.items():
        etree.SubElement(listed, f"{{{namespace}}}Default", {"Extension": suffix, "ContentType": media_type})
    for name in parts:
        if (kind := _type_of(name)) is not None:
            etree.SubElement(listed, f"{{{namespace}}}Override", {"PartName": f"/{name}", "ContentType": kind})
    return serialised(listed)


def _type_of(name: str) -> str | None:
    office = "application/vnd.openxmlformats-officedocument."
    match name:
        case "word/document.xml":
            return f"{_WORD}document.main+xml"
        case "docProps/core.xml":
            return "application/vnd.openxmlformats-package.core-properties+xml"
        case "docProps/app.xml":
            return f"{office}extended-properties+xml"
        case "docProps/custom.xml":
            return f"{office}custom-properties+xml"
        case "customXml/itemProps1.xml":
            return f"{office}customXmlProperties+xml"
        case "word/theme/theme1.xml":
            return f"{office}theme+xml"
    if name.startswith("word/") and name.endswith(".xml"):
        return f"{_WORD}{name.removeprefix('word/').removesuffix('.xml').rstrip('0123456789')}+xml"
    return None
