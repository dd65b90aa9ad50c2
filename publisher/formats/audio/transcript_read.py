"""Reads transcripts as a stranger would: a page's paragraphs with their times, or a text's lines.

https://html.spec.whatwg.org/, https://www.w3.org/TR/media-frags/#naming-time
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from lxml import etree, html

from publisher.formats.document import Document, fragment_of, read_document
from publisher.formats.elements import is_concealed
from publisher.formats.styles import Styles, styles_of
from publisher.model.extract import Evidence, Extract, FoundParagraph
from publisher.model.findings import InputError
from publisher.strangers.folders import beside

_LINE = re.compile(r"\[(\d+):(\d\d):(\d\d(?:\.\d+)?)\] ([ #>*]) (.*)")
_CLOCK = re.compile(r"(?:([0-9]{1,9}):)?([0-9]{1,9}):([0-9]{2})")
_DURATION = re.compile(r"PT([0-9]{1,9}(?:\.[0-9]{0,99})?)S")
_TIME = re.compile(r"t=([\d.]+)")
_MARKS = {" ": "", "#": "heading", ">": "note", "*": "footnote"}
_LARGEST = 64 * 1024 * 1024
_METADATA = {"dc.title": "title", "dc.creator": "creator", "dc.contributor": "contributor", "dc.date": "date"}
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


def read_transcript(path: Path) -> Extract:
    """The paragraphs of a transcript, a page or plain text by its name.

    Raises InputError where it cannot be read.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path.name} is too large for a transcript; build it again")
        data = path.read_bytes()
    except OSError as problem:
        raise InputError(f"{path.name} cannot be read: {problem.strerror}; build it again") from problem
    if path.suffix.lower() == ".txt":
        return _extract(path, tuple(_lines(data.decode("utf-8", errors="replace"))), {})
    try:
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        root = html.document_fromstring(data, parser=parser)
    except etree.ParserError as problem:
        raise InputError(f"{path.name} is no HTML page: {problem}; build it again") from problem
    styles = styles_of(root, lambda address: beside(path.parent, address))
    around = _around(root, path)
    _as_shown(root, styles)
    return replace(
        _extract(path, tuple(_paragraphs(root)), _metadata(root)),
        units=tuple(around.units),
        links=tuple(around.links),
    )


def _around(root: etree._Element, path: Path) -> Document:
    """What stands outside the page's main part, with links that resolve where they lead into it."""
    ids = {element.get("id") for element in root.iter(etree.Element)}
    copy = deepcopy(root)
    for main in list(copy.iter("main")):
        main[:] = []
        main.text = None
    document = read_document(copy, path.name, lambda address: beside(path.parent, address))
    document.links = [
        replace(link, resolves=fragment_of(link.target) in ids) if link.target.startswith("#") else link
        for link in document.links
    ]
    return document


def _as_shown(root: etree._Element, styles: Styles) -> None:
    """Empty what is hidden from any reader, and put in what style sheets add; it is too much, wherever it stands."""
    for element in list(root.iter(etree.Element)):
        if element in styles.hidden or is_concealed(element):
            element[:] = []
            element.text = None
            continue
        added = f" {styles.before.get(element, '')} {styles.after.get(element, '')}"
        if added.strip():
            made = etree.SubElement(element, "span")
            made.text = "".join(sign if sign.isprintable() else " " for sign in added)


def _metadata(root: etree._Element) -> Mapping[str, tuple[str, ...]]:
    told: dict[str, tuple[str, ...]] = {"language": (root.get("lang", ""),)}
    for meta in root.iter("meta"):
        name = meta.get("name", "").lower()
        if name in _METADATA:
            told[_METADATA[name]] = (*told.get(_METADATA[name], ()), meta.get("content", ""))
    # Where nobody is the author, those who made it in another way are named.
    return {"creator": told.get("contributor", ()), **told}


def _extract(path: Path, paragraphs: tuple[FoundParagraph, ...], metadata: Mapping[str, tuple[str, ...]]) -> Extract:
    return Extract("audio", path.name, Evidence.EXTRACTED, metadata, paragraphs=paragraphs)


def _lines(text: str) -> Iterator[FoundParagraph]:
    """Each line with a time; a line without one is told as if it sounded at no time, but for the first, the title."""
    for number, line in enumerate(text.splitlines(), start=1):
        found = _LINE.fullmatch(line)
        place = f"line {number}"
        if found is not None:
            begin = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])
            yield FoundParagraph(begin, found[5], place, _MARKS[found[4]])
        elif line.strip() and number > 1:
            yield FoundParagraph(-1.0, line.strip(), place)


def _paragraphs(root: etree._Element) -> Iterator[FoundParagraph]:
    """What stands in the page's main part: each piece with a time before it, and whatever else is there."""
    lang = root.get("lang", "")
    for main in root.iter("main"):
        for element in main.iter(etree.Element):
            if element.tag == "time" and (parent := element.getparent()) is not None and parent.tag == "a":
                yield _paragraph(parent, element, lang)
        for words in _beside(main):
            yield FoundParagraph(-1.0, words, "main")


def _paragraph(link: etree._Element, time: etree._Element, lang: str) -> FoundParagraph:
    """A time and the element after it."""
    said = link.getnext()
    words = "" if said is None else _words(said)
    address = link.get("href", "")
    target, _, fragment = address.partition("#")
    told = [_seconds(_CLOCK.fullmatch(_words(time))), *(float(one) for one in _TIME.findall(fragment))]
    duration = _DURATION.fullmatch(time.get("datetime", ""))
    asides = list(link.iterancestors("aside"))
    mark = "heading" if said is not None and said.tag in _HEADINGS else ""
    if asides:
        mark = "footnote" if "footnote" in asides[0].get("class", "").split() else "note"
    holder = link.getparent()
    return FoundParagraph(
        float(duration[1]) if duration else -1.0,
        words,
        f"#{holder.get('id', '')}" if holder is not None else "",
        mark,
        tuple(told),
        unquote(target),
        tuple(_languages(said, lang)) if said is not None else (),
    )


def _seconds(clock: re.Match[str] | None) -> float:
    return -1.0 if clock is None else int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])


def _languages(element: etree._Element, lang: str) -> Iterator[tuple[str, str]]:
    """The words of an element in order, each run with its language."""
    own = element.get("lang") or lang
    if element.text and element.text.strip():
        yield own, element.text
    for child in element:
        yield from _languages(child, own)
        if child.tail and child.tail.strip():
            yield own, child.tail


def _beside(main: etree._Element) -> Iterator[str]:
    """Words in the main part that stand neither in a time nor in what follows one."""
    said = {following for link in main.iter("a") if link.find("time") is not None for following in [link.getnext()]}
    waiting = [main]
    while waiting:
        element = waiting.pop()
        if element in said or (element.tag == "a" and element.find("time") is not None):
            continue
        texts = [element.text, *(child.tail for child in element)]
        yield from (" ".join(text.split()) for text in texts if text and text.strip())
        waiting.extend(element)


def _words(element: etree._Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())
