"""DOCX, ODT, HTML and EPUB become an article: pandoc reads them, the tree is cleaned, its Markdown is kept.

pandoc runs in its sandbox on bytes that have been bounded: it opens no file and no address. Pictures are taken from
the document (or, for HTML, from its folder) by us.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from PIL import Image, UnidentifiedImageError

from publisher.manuscript.importing_archives import Archive
from publisher.manuscript.importing_article import Imported, Remark, body_line
from publisher.manuscript.importing_ast import captions_as_words, nodes, without_dead_links, words
from publisher.manuscript.importing_facts import (
    add_metadata,
    bare_words,
    frame_alternatives,
    office_facts,
    package_facts,
    read_document_opening,
)
from publisher.manuscript.importing_language import guess_language
from publisher.manuscript.importing_pages import beside, web_page
from publisher.manuscript.importing_tree import Cleaner
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
_READERS = {"html": "html+epub_html_exts"}
"""Footnotes in web pages are marked as in EPUB: see `importing_pages`."""
_CONVERTED = {".bmp", ".tif", ".tiff", ".dib", ".ico"}


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
        name = "picture" if address.startswith("data:") else PurePosixPath(unquote(re.split(r"[?#]", address)[0])).name
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
            page = web_page(data, str(path))
            told = Imported(body="", date=page.date)
            return _article(path, page.html.encode(), "html", beside(path), facts=told)
        case "DOCX":
            archive = _archive(data, path, kind, "word/document.xml")
            return _article(path, data, "docx", archive.find, facts=office_facts(archive))
        case "ODT":
            archive = _archive(data, path, kind, "content.xml")
            alternatives = frame_alternatives(archive)
            return _article(path, data, "odt", archive.find, alternatives, office_facts(archive))
        case _:
            archive = _archive(data, path, kind, "META-INF/container.xml")
            if "META-INF/rights.xml" in archive.names:
                raise InputError(f"{path} is copy-protected; give a copy without protection")
            facts = package_facts(archive)
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
        output, _ = run_pandoc(["-f", _READERS.get(reader, reader), "-t", "json"], data)
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
    facts = add_metadata(document["meta"], replace(facts, more=_cover(cover, pictures)))
    lang = facts.lang or guess_language(words(blocks))
    facts, blocks = read_document_opening(replace(facts, lang=lang), blocks, path, sure)
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
    called = set(re.findall(r"(?<!^)\[\^(\d+)\]|^\[\^(\d+)\](?!:)", body, flags=re.MULTILINE))
    called = {number for numbers in called for number in numbers}
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
    before, after = bare_words(words(captions_as_words(blocks))), bare_words(words(json.loads(output)["blocks"]))
    if before == after:
        return []
    place = next(
        (n for n, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), min(len(before), len(after))
    )
    near = " ".join(before[max(0, place - 4) : place + 4])
    line = body_line(body, before[place]) if place < len(before) and before.count(before[place]) == 1 else None
    return [Remark("import-words-differ", f"the words near “{near}” did not come through whole; compare them", line)]


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
