"""Reads a web page as a stranger would: the DOM in its order, what is hidden known as hidden.

https://html.spec.whatwg.org/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from lxml import etree, html

from publisher.formats.document import TELLS, read_document
from publisher.model.extract import Evidence, Extract, Fact, FoundContents, FoundLink
from publisher.model.findings import InputError
from publisher.strangers.folders import beside, inside

_METADATA = {
    "title": "dc.title",
    "creator": "dc.creator",
    "language": "dc.language",
    "date": "dc.date",
    "identifier": "dc.identifier",
    "contributor": "dc.contributor",
    "publisher": "dc.publisher",
    "rights": "dc.rights",
    "subject": "dc.subject",
    "description": "description",
}
_REFRESH = re.compile(r"[\d.\s]*[;,\s]\s*(?:url\s*=)?\s*[\"']?([^\"'\s]+)", re.IGNORECASE)


def read(path: Path) -> Extract:
    """Everything in an HTML page. Raises InputError where there is no page to be read."""
    try:
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        root = html.document_fromstring(path.read_bytes(), parser=parser)
    except OSError as problem:
        raise InputError(f"{path.name} cannot be read: {problem.strerror}; build it again") from problem
    except etree.ParserError as problem:
        raise InputError(f"{path.name} is no HTML page: {problem}; build it again") from problem
    document = read_document(root, path.name, lambda address: beside(path.parent, address))
    return Extract(
        "web",
        path.name,
        Evidence.EXTRACTED,
        _metadata(root),
        tuple(document.units),
        tuple(_local(link, path.parent) for link in (*_forwards(root, path.name), *document.links)),
        tuple(document.notes),
        facts=tuple(_shown(fact, path.parent) for fact in document.facts),
        tells=TELLS,
        contents=tuple(_placed(contents, path.name) for contents in document.contents),
    )


def _forwards(root: etree._Element, place: str) -> Iterator[FoundLink]:
    """Where the page leads without being asked, and what it has all links start from."""
    for element in root.iter("meta"):
        found = _REFRESH.match(element.get("content", ""))
        if element.get("http-equiv", "").lower() == "refresh" and found:
            yield FoundLink("", found[1], place, None)
    for element in root.iter("base"):
        if element.get("href"):
            yield FoundLink("", element.get("href", ""), place, None)


def _placed(contents: FoundContents, name: str) -> FoundContents:
    """Contents with their targets as units have their places."""
    entries = (
        replace(entry, target=f"{name}{entry.target}") if entry.target.startswith("#") else entry
        for entry in contents.entries
    )
    return replace(contents, entries=tuple(entries))


def _metadata(root: etree._Element) -> dict[str, tuple[str, ...]]:
    """Dublin Core in `meta` elements (https://www.dublincore.org/specifications/dublin-core/dcq-html/), else HTML's."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        found.setdefault((element.get("name") or "").lower(), []).append(element.get("content") or "")
    metadata = {name: tuple(found.get(key, ())) for name, key in _METADATA.items()}
    title = root.findtext(".//head/title") or ""
    fallbacks = {
        "title": (title.strip(),) if title.strip() else (),
        "creator": tuple(found.get("author", ())),
        "language": (root.get("lang", ""),) if root.get("lang") else (),
    }
    return {name: values or fallbacks.get(name, ()) for name, values in metadata.items()}


def _local(link: FoundLink, folder: Path) -> FoundLink:
    """A link to another file beside the page resolves if that file is there."""
    target = link.target.partition("#")[0].partition("?")[0]
    if link.resolves is not None or not target or ":" in target or target.startswith("//"):
        return link
    return replace(link, resolves=_there(folder, unquote(target)))


def _there(folder: Path, name: str) -> bool:
    """Whether there is such a file; none is opened."""
    try:
        return "\0" not in name and (folder / name).is_file()
    except OSError:
        return False


def _shown(fact: Fact, folder: Path) -> Fact:
    """A picture by the digest of its file; as it was written where there is no such file."""
    path = inside(folder, unquote(fact.value)) if fact.kind == "picture" else None
    if path is None:
        return fact
    return replace(fact, value=sha256(path.read_bytes()).hexdigest())
