"""What a Word document says of itself (ISO/IEC 29500-2, 8.3)."""

from __future__ import annotations

from lxml import etree

from publisher.formats.docx.opening_read import Package


def metadata(package: Package) -> dict[str, tuple[str, ...]]:
    """What the document says of itself, under the names that all formats share."""
    found: dict[str, tuple[str, ...]] = {}
    for part in package.related("", "core-properties"):
        names = {"keywords": "subject", "created": "date"}
        for one in package.xml(part).iter(etree.Element):
            name, text = etree.QName(one).localname, " ".join((one.text or "").split())
            if text and name in ("title", "creator", "language", "identifier", "description", *names):
                several = name in ("creator", "keywords")
                values = (
                    [value.strip() for value in text.split(";")]
                    if several
                    else [text[:10] if name == "created" else text]
                )
                found[names.get(name, name)] = tuple(value for value in values if value)
    for part in package.related("", "extended-properties"):
        company = " ".join((package.xml(part).findtext("{*}Company") or "").split())
        found |= {"publisher": (company,)} if company else {}
    for part in package.related("", "custom-properties"):
        for one in package.xml(part).iterfind("{*}property"):
            text = " ".join("".join(map(str, one.itertext())).split())
            if one.get("name") == "Rights":
                found["rights"] = (text,)
            elif one.get("name") == "Contributors":
                found["contributor"] = tuple(value.strip() for value in text.split(";"))
    return found
