"""What a document says of itself: in its metadata, in its package, in its first paragraphs."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from defusedxml import ElementTree

from publisher.manuscript.importing_archives import Archive
from publisher.manuscript.importing_article import Imported, Remark, names_in, title_from_name
from publisher.manuscript.importing_ast import words
from publisher.manuscript.importing_opening import Front, read_opening
from publisher.manuscript.languages import standard_tag
from publisher.manuscript.pandoc import Ast
from publisher.model.findings import InputError

_NOBODY = {"", "user", "admin", "administrator", "author", "owner", "unknown", "microsoft office user", "python-docx"}
_DC = "{http://purl.org/dc/elements/1.1/}"


def add_metadata(meta: Ast, facts: Imported) -> Imported:
    """pandoc's metadata added to `facts`, which weigh less."""

    def one(name: str) -> str:
        return words(meta[name]["c"]) if name in meta and meta[name].get("c") else ""

    creators: list[str] = []
    for name in ("author", "creator"):
        if name in meta:
            value = meta[name]
            entries = value["c"] if value["t"] == "MetaList" else [value]
            creators += [_person(entry) for entry in entries]
    date = re.match(r"\d{4}-\d\d-\d\d", one("date") or one("dcterms.date"))
    lang = one("lang") or one("language")
    return replace(
        facts,
        title=facts.title if meta.get("title", {}).get("t") == "MetaList" else one("title") or facts.title,
        subtitle=one("subtitle") or facts.subtitle,
        creators=tuple(dict.fromkeys(name for name in creators if name)) or facts.creators,
        lang=standard_tag(lang) or facts.lang,
        date=date.group() if date else facts.date,
        rights=one("rights") or facts.rights,
        description=one("description") or one("abstract") or facts.description,
    )


def _person(entry: Ast) -> str:
    if entry["t"] == "MetaMap":
        named = entry["c"].get("text") or entry["c"].get("name")
        return words(named["c"]) if named else ""
    return words(entry.get("c"))


def office_facts(archive: Archive) -> Imported:
    """Title, creators and language from docProps/core.xml (DOCX) or meta.xml (ODT)."""
    found: dict[str, str] = {}
    for name in ("docProps/core.xml", "meta.xml"):
        if name in archive.names:
            try:
                root = ElementTree.fromstring(archive.read(name))
            except (ElementTree.ParseError, ValueError):
                continue
            for key in ("title", "creator", "language"):
                element = root.find(f".//{_DC}{key}")
                found[key] = (element.text or "").strip() if element is not None else ""
    creators = tuple(name for name in names_in(found.get("creator", "")) if name.lower() not in _NOBODY)
    lang = found.get("language", "")
    return Imported(body="", title=found.get("title", ""), creators=creators, lang=standard_tag(lang))


def package_facts(archive: Archive) -> Imported:
    """Title, subtitle, subjects and the cover's path from an EPUB's package document, which pandoc runs together.

    https://www.w3.org/TR/epub-33/#sec-opf-dctitle
    """
    dc, opf = _DC, "{http://www.idpf.org/2007/opf}"
    try:
        container = ElementTree.fromstring(archive.read("META-INF/container.xml"))
        rootfile = next(element for element in container.iter() if element.tag.endswith("rootfile"))
        package = ElementTree.fromstring(archive.read(rootfile.get("full-path", "")))
    except (ElementTree.ParseError, ValueError, KeyError, StopIteration):
        return Imported(body="")
    spine = [reference.get("idref") for reference in package.iter(f"{opf}itemref")]
    if len(spine) != len(set(spine)):
        # Against the standard, and a book of a kilobyte could have a million chapters.
        raise InputError(f"{archive.shown} names a document twice in its reading order; take one of them out")
    kinds = {
        meta.get("refines", "").removeprefix("#"): (meta.text or "").strip()
        for meta in package.iter(f"{opf}meta")
        if meta.get("property") == "title-type"
    }
    titles = [
        (" ".join((one.text or "").split()), kinds.get(one.get("id", ""), "")) for one in package.iter(f"{dc}title")
    ]
    main = [title for title, kind in titles if kind == "main"] or [title for title, _ in titles]
    named = next((m.get("content", "") for m in package.iter(f"{opf}meta") if m.get("name") == "cover"), None)
    covers = [
        item.get("href", "")
        for item in package.iter(f"{opf}item")
        if "cover-image" in item.get("properties", "").split() or (named and item.get("id") == named)
    ]
    subjects = [" ".join((one.text or "").split()) for one in package.iter(f"{dc}subject")]
    return Imported(
        body="",
        title=main[0] if main else "",
        subtitle=next((title for title, kind in titles if kind == "subtitle"), ""),
        subjects=tuple(subject for subject in subjects if subject),
        more={"cover": unquote(covers[0])} if covers else {},
    )


def frame_alternatives(archive: Archive) -> dict[str, str]:
    """The alternatives of an ODT's pictures, by address: pandoc leaves svg:title and svg:desc out."""
    draw, svg, xlink = (
        "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}",
        "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}",
        "{http://www.w3.org/1999/xlink}",
    )
    try:
        root = ElementTree.fromstring(archive.read("content.xml"))
    except (ElementTree.ParseError, ValueError):
        return {}
    told = {}
    for frame in root.iter(f"{draw}frame"):
        image = frame.find(f"{draw}image")
        described = frame.findtext(f"{svg}desc") or frame.findtext(f"{svg}title")
        if image is not None and described:
            told[image.get(f"{xlink}href", "")] = " ".join(described.split())
    return told


def read_document_opening(facts: Imported, blocks: list[Ast], path: Path, sure: bool) -> tuple[Imported, list[Ast]]:
    """The facts with what the first blocks tell, and the other blocks. `sure` says that the title is one for certain:
    what a web page's <title> or a word processor's properties say may be anything."""
    main = [place for place, block in enumerate(blocks) if block["t"] == "Header" and block["c"][0] == 1]
    if main and main[0] <= 2 and (_same(words(blocks[main[0]]), facts.title) or (len(main) == 1 and not sure)):
        # The one main heading is the title, whatever a web page's <title> adds to it.
        facts = replace(facts, title=words(blocks[main[0]]))
        return _after_title(facts, blocks[: main[0]], blocks[main[0] + 1 :])
    if facts.title:
        place = next((n for n, block in enumerate(blocks[:3]) if _same(words(block), facts.title)), None)
        if place is None:
            return facts, _without_repeats(facts, blocks)
        return _after_title(facts, blocks[:place], blocks[place + 1 :])
    told, taken = _front_of(blocks, facts.lang or "en")
    if told.title:
        return _with_front(replace(facts, title=told.title), told), _left(blocks, taken)
    remark = Remark("import-title-guessed", "the title is the file's name; write a better one")
    return replace(facts, title=title_from_name(path.stem), remarks=(*facts.remarks, remark)), blocks


def _same(one: str, other: str) -> bool:
    return bool(one) and bare_words(one.lower()) == bare_words(other.lower())


def _after_title(facts: Imported, before: list[Ast], after: list[Ast]) -> tuple[Imported, list[Ast]]:
    title = {"t": "Para", "c": [{"t": "Str", "c": facts.title}]}
    known = {line for line in map(words, after[:8]) if any(_same(line, one) for one in _said(facts))}
    told, taken = _front_of([title, *after], facts.lang or "en", known)
    if taken:
        facts = _with_front(facts, told)
        after = _left([title, *after], taken | {0})
    return facts, [*before, *_without_repeats(facts, after)]


def _said(facts: Imported) -> list[str]:
    return [facts.subtitle, *facts.creators, "; ".join(facts.creators), ", ".join(facts.creators), facts.date or ""]


def _without_repeats(facts: Imported, blocks: list[Ast]) -> list[Ast]:
    """The blocks without opening lines that say the subtitle, creators or date again, as title blocks do."""
    while blocks and blocks[0]["t"] in {"Para", "Plain"} and any(_same(words(blocks[0]), one) for one in _said(facts)):
        blocks = blocks[1:]
    return blocks


def _left(blocks: list[Ast], taken: frozenset[int]) -> list[Ast]:
    return [block for index, block in enumerate(blocks) if index not in taken]


def _front_of(blocks: list[Ast], lang: str, known: Collection[str] = ()) -> tuple[Front, frozenset[int]]:
    """What the first paragraphs say about the whole, and the indices of those that say only that."""
    lines = []
    for block in blocks[:12]:
        if block["t"] not in {"Para", "Plain"} or any(part["t"] in {"Image", "Note"} for part in block["c"]):
            break
        lines.append(words(block))
    # The line after the opening need not be a paragraph: the opening's end must not hang on it.
    return read_opening([*lines, "." * 250], lang, known)


def _with_front(facts: Imported, told: Front) -> Imported:
    return replace(
        facts,
        subtitle=facts.subtitle or told.subtitle,
        creators=told.creators or facts.creators,
        date=facts.date or told.date,
        subjects=facts.subjects or told.subjects,
        asides=(*facts.asides, *told.asides),
    )


def bare_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)
