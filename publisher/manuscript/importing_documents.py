"""DOCX, ODT, HTML and EPUB become an article: pandoc reads them, the tree is cleaned, its Markdown is kept.

pandoc runs in its sandbox on bytes that have been bounded: it opens no file and no address. Pictures are taken from
the document (or, for HTML, from its folder) by us.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import io
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from defusedxml import ElementTree
from lxml import etree, html
from PIL import Image, UnidentifiedImageError

from publisher.manuscript.files import decode_text
from publisher.manuscript.importing_archives import Archive
from publisher.manuscript.importing_article import Imported, Remark, body_line, names_in, title_from_name
from publisher.manuscript.importing_language import guess_language
from publisher.manuscript.importing_text import Front, read_opening
from publisher.manuscript.importing_tree import Cleaner, captions_as_words, nodes, without_dead_links, words
from publisher.manuscript.pandoc import Ast, run_pandoc
from publisher.model.findings import EngineError, InputError

# What the dialect can say, said in the way that is pleasantest to edit.
_WRITER = "markdown" + "".join(
    f"-{name}"
    for name in (
        "raw_html",
        "raw_tex",
        "raw_attribute",
        "native_divs",
        "native_spans",
        "simple_tables",
        "multiline_tables",
        "citations",
    )
)
_CONVERTED = {".bmp", ".tif", ".tiff", ".dib", ".ico"}
_NOBODY = {"", "user", "admin", "administrator", "author", "owner", "unknown", "microsoft office user", "python-docx"}
_DC = "{http://purl.org/dc/elements/1.1/}"


@dataclass
class _Pictures:
    """The pictures of one document: `fetch` answers an address's bytes, None where the document does not hold them."""

    fetch: Callable[[str], bytes | None]
    files: dict[str, bytes] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    _names: dict[str, str | None] = field(default_factory=dict)

    def take(self, address: str) -> str | None:
        """The name, inside the edition's folder, that an address's picture gets; None where it is left out."""
        if address not in self._names:
            self._names[address] = self._take(address)
        return self._names[address]

    def _take(self, address: str) -> str | None:
        shown = "a picture in the page itself" if address.startswith("data:") else address[:80]
        data = self.fetch(address)
        if data is None:
            remote = re.match(r"(?:https?:)?//", address)
            wrong = "is on the web" if remote else "is not in the document" if "/" in address else "was not found"
            self._leave_out(shown, f"{wrong} and was left out; save it in the edition's folder and add it")
            return None
        name = "picture" if address.startswith("data:") else PurePosixPath(unquote(urlsplit(address).path)).name
        suffix, data = _readable(name, data)
        if suffix is None:
            self._leave_out(
                shown, "is of a kind that readers cannot show, and was left out; add it as PNG, JPEG or SVG"
            )
            return None
        return self._keep(PurePosixPath(name).stem, suffix, data)

    def _leave_out(self, shown: str, message: str) -> None:
        self.remarks.append(Remark("import-picture-left-out", f"{shown} {message}"))

    def _keep(self, stem: str, suffix: str, data: bytes) -> str:
        stem = re.sub(r"[^\w.-]+", "-", stem).strip("-.") or "picture"
        number = 1
        while True:
            name = f"images/{stem}{'' if number == 1 else f'-{number}'}{suffix}"
            if self.files.setdefault(name, data) == data:
                return name
            number += 1


def _readable(name: str, data: bytes) -> tuple[str | None, bytes]:
    """The suffix that tells what a picture is, by its bytes, and its bytes as PNG if it was of an older kind."""
    start = data[:256].lstrip()
    for magic, suffix in ((b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif")):
        if data.startswith(magic):
            return suffix, data
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp", data
    if start.startswith((b"<svg", b"<?xml", b"<!DOCTYPE svg")) and b"<svg" in data[:4096]:
        # A page may leave the namespace out where SVG stands inside it; a file of its own must not.
        bare = not re.search(rb"<svg[^>]*\sxmlns\s*=", data)
        return ".svg", data.replace(b"<svg", b'<svg xmlns="http://www.w3.org/2000/svg"', 1) if bare else data
    if PurePosixPath(name).suffix.lower() not in _CONVERTED:
        return None, data
    try:
        with Image.open(io.BytesIO(data), formats=("BMP", "TIFF", "ICO", "DIB")) as picture:
            out = io.BytesIO()
            picture.convert("RGBA" if picture.mode in {"RGBA", "LA", "P"} else "RGB").save(out, "PNG")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None, data
    return ".png", out.getvalue()


def import_document(path: Path, data: bytes, kind: str) -> Imported:
    """The article in a file of `kind` DOCX, ODT, EPUB or HTML.

    Raises InputError where the file is no such thing.
    """
    match kind:
        case "HTML":
            page = _web_page(data, str(path))
            return _article(path, page.encode(), "html", _beside(path))
        case "DOCX":
            archive = _archive(data, path, kind, "word/document.xml")
            return _article(path, data, "docx", archive.find, facts=_office_facts(archive))
        case "ODT":
            archive = _archive(data, path, kind, "content.xml")
            told = _frames(archive)
            return _article(path, data, "odt", archive.find, told, _office_facts(archive))
        case _:
            archive = _archive(data, path, kind, "META-INF/container.xml")
            if "META-INF/rights.xml" in archive.names:
                raise InputError(f"{path} is copy-protected; give a copy without protection")
            facts = _package_facts(archive)
            return _article(path, data, "epub", lambda name: archive.find(unquote(name)), facts=facts)


def _archive(data: bytes, path: Path, kind: str, needed: str) -> Archive:
    archive = Archive(data, str(path), kind)
    if needed not in archive.names:
        raise InputError(f"{path} is no {kind}: it has no {needed}; save it anew as {kind}")
    return archive


def _article(  # noqa: PLR0917
    path: Path,
    data: bytes,
    reader: str,
    fetch: Callable[[str], bytes | None],
    alternatives: Mapping[str, str] | None = None,
    facts: Imported = Imported(body=""),  # noqa: B008 - frozen
) -> Imported:
    shown = {"docx": "DOCX", "odt": "ODT", "epub": "EPUB", "html": "HTML"}[reader]
    try:
        output, _ = run_pandoc(["-f", reader, "-t", "json"], data)
        document = json.loads(output)
        pictures = _Pictures(fetch)
        document["blocks"], cover = _without_cover(document["blocks"], facts)
        blocks = Cleaner(pictures.take, dict(alternatives or {})).document(document["blocks"])
    except EngineError as problem:
        raise InputError(f"{path} cannot be read as {shown}: {problem.message}; save it anew as {shown}") from problem
    except RecursionError as problem:
        raise InputError(f"{path} is nested too deeply; simplify it") from problem
    if not words(blocks):
        raise InputError(f"{path} holds no words; nothing to import")
    sure = reader in {"docx", "epub"} and "title" in document["meta"]
    facts = _told(document["meta"], replace(facts, more=_cover(cover, pictures)))
    lang = facts.lang or guess_language(words(blocks))
    facts, blocks = _opening(replace(facts, lang=lang), blocks, path, sure)
    blocks = without_dead_links(blocks)
    body = _markdown(document, blocks)
    remarks = [*pictures.remarks, *_alternative_remarks(body, pictures.files), *_roundtrip(blocks, body)]
    files = {name: data for name, data in pictures.files.items() if name in body or name == facts.more.get("cover")}
    return replace(facts, body=body, files={**facts.files, **files}, remarks=(*facts.remarks, *remarks))


def _markdown(document: Ast, blocks: list[Ast]) -> str:
    data = json.dumps({**document, "meta": {}, "blocks": blocks}).encode()
    output, _ = run_pandoc(["-f", "json", "-t", _WRITER, "--wrap=none"], data)
    return _called_notes(output.decode()).strip("\n") + "\n"


def _called_notes(body: str) -> str:
    """The text without footnotes that nothing calls: pandoc writes those of a picture's caption twice."""
    called = set(re.findall(r"\[\^(\d+)\](?!:)", body))
    parts = re.split(r"^(?=\[\^\d+\]:)", body, flags=re.MULTILINE)
    kept = [part for part in parts if (own := re.match(r"\[\^(\d+)\]:", part)) is None or own[1] in called]
    return "".join(kept)


def _alternative_remarks(body: str, files: Mapping[str, bytes]) -> list[Remark]:
    """Pictures that say nothing: without words inside a line, without `alt=` where they stand alone."""
    remarks = []
    for number, line in enumerate(body.split("\n"), 1):
        for name in files:
            silent = rf"!\[\]\({re.escape(name)}\)(?!\{{[^}}]*alt=)|^!\[.*\]\({re.escape(name)}\)$"
            if re.search(silent, line):
                message = f'{name} has no alternative; write {{alt="what it shows"}} right after it, or {{.decorative}}'
                remarks.append(Remark("image-alternative-missing", message, number))
    return remarks


def _roundtrip(blocks: list[Ast], body: str) -> list[Remark]:
    """A remark where the Markdown does not say what the document says: pandoc's writer is not perfect."""
    output, _ = run_pandoc(["-f", "markdown-citations", "-t", "json"], body.encode())
    before, after = _bare(words(captions_as_words(blocks))), _bare(words(json.loads(output)["blocks"]))
    if before == after:
        return []
    place = next(
        (n for n, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), min(len(before), len(after))
    )
    near = " ".join(before[max(0, place - 4) : place + 4])
    line = body_line(body, before[place]) if place < len(before) and before.count(before[place]) == 1 else None
    return [Remark("import-words-differ", f"the words near “{near}” did not come through whole; compare them", line)]


def _bare(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


# What documents say of themselves


def _told(meta: Ast, facts: Imported) -> Imported:
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
        lang=lang if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", lang) else facts.lang,
        date=date.group() if date else facts.date,
        rights=one("rights") or facts.rights,
        description=one("description") or one("abstract") or facts.description,
    )


def _person(entry: Ast) -> str:
    if entry["t"] == "MetaMap":
        named = entry["c"].get("text") or entry["c"].get("name")
        return words(named["c"]) if named else ""
    return words(entry.get("c"))


def _office_facts(archive: Archive) -> Imported:
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
    valid = re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", lang)
    return Imported(body="", title=found.get("title", ""), creators=creators, lang=lang if valid else None)


def _package_facts(archive: Archive) -> Imported:
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


def _without_cover(blocks: list[Ast], facts: Imported) -> tuple[list[Ast], tuple[str, str] | None]:
    """The blocks without the cover that pandoc puts before an EPUB's text; its address and its alternative."""
    wanted = facts.more.get("cover")
    if not isinstance(wanted, str):
        return blocks, None
    shown = [image["c"] for image in nodes(blocks, "Image") if image["c"][2][0] == wanted]
    alternative = next((words(inlines) for _, inlines, _ in shown if words(inlines)), "")
    first = blocks[0] if blocks else None
    alone = (
        first is not None and first["t"] == "Para" and [image["c"][2][0] for image in nodes(first, "Image")] == [wanted]
    )
    return blocks[1:] if alone and not words(first) else blocks, (wanted, alternative)


def _cover(cover: tuple[str, str] | None, pictures: _Pictures) -> dict[str, object]:
    """What the front matter says of a cover; nothing where the document does not hold it."""
    if cover is None:
        return {}
    name = pictures.take(cover[0])
    if name is None:
        return {}
    return {"cover": name, **({"cover-alternative": cover[1]} if cover[1] else {})}


def _frames(archive: Archive) -> dict[str, str]:
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


# The opening: title, subtitle and byline leave the body where they stand in it


def _opening(facts: Imported, blocks: list[Ast], path: Path, sure: bool) -> tuple[Imported, list[Ast]]:
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
    return bool(one) and _bare(one.lower()) == _bare(other.lower())


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


# Web pages


def _web_page(data: bytes, shown: str) -> str:
    """The part of a page that is the article, as HTML: without navigation, forms and scripts."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", _decode_page(data, shown))
    try:
        page = html.document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as problem:
        raise InputError(f"{shown} holds no HTML; give a web page, saved whole") from problem
    etree.strip_elements(
        page, *("script", "style", "nav", "form", "button", "iframe", "noscript", "template", "dialog"), with_tail=False
    )
    articles = [piece for piece in page.iter("article") if next(piece.iterancestors("article"), None) is None]
    mains = list(page.iter("main"))
    chosen = articles[0] if len(articles) == 1 else mains[0] if len(mains) == 1 else None
    body = page.find("body")
    if chosen is not None and body is not None:
        for child in list(body):
            body.remove(child)
        body.text = None
        body.append(chosen)
        chosen.tail = None
    elif body is not None:
        for piece in [child for child in body if child.tag == "footer"]:
            body.remove(piece)
    rendered: str = html.tostring(page, encoding="unicode")
    return rendered


def _decode_page(data: bytes, shown: str) -> str:
    """A page's text: in the encoding that it names itself (https://html.spec.whatwg.org/#determining-the-character-encoding),
    else UTF-8."""
    named = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", data[:2048], re.IGNORECASE)
    if named and not data.startswith(codecs.BOM_UTF8):
        try:
            encoding = codecs.lookup(named.group(1).decode()).name
            if encoding != "utf-8":
                return data.decode("cp1252" if encoding == "iso8859-1" else encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_text(data, shown)


def _beside(path: Path) -> Callable[[str], bytes | None]:
    """Pictures of a page that was saved: those beside it, or inside the page as data: addresses."""
    folder = path.parent.resolve()

    def fetch(address: str) -> bytes | None:
        if address.startswith("data:"):
            head, _, payload = address.partition(",")
            try:
                raw = unquote_to_bytes(payload)
                return base64.b64decode(raw, validate=False) if head.endswith(";base64") else raw
            except binascii.Error:
                return None
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        file = (folder / unquote(parts.path)).resolve()
        return file.read_bytes() if file.is_relative_to(folder) and file.is_file() else None

    return fetch
