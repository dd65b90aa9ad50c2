"""`publisher import`: a file of another kind becomes an edition's folder that builds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from publisher.manuscript.files import LARGEST, decode_text, readable
from publisher.manuscript.importing_article import Imported, Remark, front_matter, title_from_name
from publisher.manuscript.importing_ast import read_blocks, words
from publisher.manuscript.importing_documents import import_document
from publisher.manuscript.importing_markdown import import_markdown
from publisher.manuscript.importing_text import import_text
from publisher.manuscript.pandoc import Ast
from publisher.manuscript.starting import check_name, place_edition
from publisher.model.findings import Finding, InputError, Severity
from publisher.model.limits import MEGABYTE
from publisher.model.source import Position

MAX_FILE = 256 * 1024 * 1024
"""Bytes of the largest DOCX, ODT or EPUB that is read; text files have `files.LARGEST`."""

KINDS = {
    ".txt": "text",
    ".text": "text",
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".mkd": "Markdown",
    ".docx": "DOCX",
    ".odt": "ODT",
    ".html": "HTML",
    ".htm": "HTML",
    ".xhtml": "HTML",
    ".epub": "EPUB",
}
_ZIPPED = {"DOCX", "ODT", "EPUB"}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import made: the edition's folder, the names of the files in it, and what is still to write.

    `advice` is one sentence; `findings` are the single things to look at, with their lines in the new article.md.
    """

    folder: Path
    files: tuple[str, ...]
    advice: str
    findings: tuple[Finding, ...] = ()


def import_file(
    file: Path,
    name: str,
    source: Path,
    *,
    lang: str | None = None,
    read: Callable[[Path, str | None], Imported] | None = None,
) -> ImportReport:
    """Make the edition `source/name` of a file: article.md, its pictures, and commentary.md with an example note.

    `lang` is the text's language (a BCP 47 tag; default: what the file says, or what its words show); `read` reads the
    file (default: `read_file` itself), for a command that has it read by a child process within bounds. Raises
    InputError where the file cannot be used or the folder is already there, FindingsError where a Markdown file's
    front matter is wrong. Then nothing is written.
    """
    check_name(name)
    if lang is not None and not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", lang):
        raise InputError(f"{lang!r} is no language tag; write one as in en-GB")
    if (source / name).exists():
        raise InputError(f"{source / name} is already there; choose another name, or remove it first")
    article = (read or read_file)(file, lang)
    article = _readable(replace(article, lang=lang or article.lang))
    front = readable(front_matter(article))
    offset = front.count("\n")
    commentary = _commentary(article.body)
    contents = {
        "article.md": (front + article.body).encode(),
        "commentary.md": commentary.encode(),
        **dict(sorted(article.files.items())),
    }
    folder = place_edition(name, source, contents)
    findings = tuple(_finding(remark, folder / "article.md", offset) for remark in article.remarks)
    return ImportReport(folder, tuple(contents), _advice(article, offset), findings)


def _readable(article: Imported) -> Imported:
    """The article without signs that no manuscript may hold, wherever it comes from."""
    body = readable(article.body)
    if body == article.body and readable(article.title) == article.title:
        return article
    message = "control characters, or marks that turn the direction of words and never turn it back, are left out"
    remark = Remark("import-signs-left-out", f"{message}; compare the text with its original")
    return replace(article, body=body, title=readable(article.title), remarks=(*article.remarks, remark))


def read_file(file: Path, lang: str | None) -> Imported:
    """The article in a file. Raises InputError, FindingsError as `import_file` does; makes nothing."""
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        known = ", ".join(dict.fromkeys(KINDS))
        raise InputError(f"{file} is of no kind that can be imported ({file.suffix or 'no suffix'}); use {known}")
    data = _bytes(file, MAX_FILE if kind in _ZIPPED else LARGEST * MEGABYTE)
    if not data.strip():
        raise InputError(f"{file} is empty; nothing to import")
    if kind in _ZIPPED or kind == "HTML":
        return import_document(file, data, kind)
    if b"\0" in data[:65_536] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{file} is no text (a zero byte at offset {data.index(0)}); save it as UTF-8 text")
    if kind == "Markdown":
        return import_markdown(file, decode_text(data, str(file), directions=False))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Fails again, but says where.
        text = decode_text(data, str(file), directions=False)
    article = import_text(text, lang)
    if not re.search(r"[^\W_]", article.body + article.title):
        raise InputError(f"{file} holds no words; nothing to import")
    if not article.title:
        remark = Remark("import-title-guessed", "the title is the file's name; write a better one")
        article = replace(article, title=title_from_name(file.stem), remarks=(remark, *article.remarks))
    return article


def _bytes(file: Path, limit: int) -> bytes:
    try:
        if not file.is_file():
            wrong = "is a folder" if file.is_dir() else "is no ordinary file" if file.exists() else "does not exist"
            raise InputError(f"{file} {wrong}; give the path of a file")
        if file.stat().st_size > limit:
            raise InputError(f"{file} is larger than {limit // 1024 // 1024} MB; split it")
        return file.read_bytes()
    except OSError as problem:
        raise InputError(f"cannot read {file}: {problem.strerror}; check its permissions") from problem


def _finding(remark: Remark, article: Path, offset: int) -> Finding:
    line = offset + remark.line if remark.line is not None else 1
    return Finding(remark.check, Severity.WARNING, remark.message, Position(str(article), line))


def _advice(article: Imported, offset: int) -> str:
    """What is still to write, in one sentence."""
    todo = []
    checks = [remark.check for remark in article.remarks]
    if "import-title-guessed" in checks:
        todo.append("a title")
    if article.lang is None:
        todo.append("the language (`lang:` in the front matter)")
    pictures = [remark for remark in article.remarks if remark.check == "image-alternative-missing"]
    if pictures:
        todo.append(f"the alternative of {_count(len(pictures), 'picture')} (article.md {_lines(pictures, offset)})")
    todo += ["plain-language counterparts (`::: plain` after each paragraph)", "your notes in commentary.md"]
    look = [remark for remark in article.remarks if remark.check == "import-page-furniture"]
    missing = {"import-picture-left-out", "image-remote", "image-outside", "image-missing"}
    left = [remark for remark in article.remarks if remark.check in missing]
    extra = []
    if look:
        extra.append(f"delete what belongs to the web page (article.md {_lines(look, offset)})")
    if left:
        extra.append(f"see to {_count(len(left), 'picture')} left out")
    if "import-words-differ" in checks:
        extra.append("compare the text with its original")
    wanted = f"Still to write: {_listed(todo)}"
    return f"{wanted}; also {_listed(extra)}." if extra else f"{wanted}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"


def _lines(remarks: Sequence[Remark], offset: int) -> str:
    numbers = [str(offset + remark.line) for remark in remarks if remark.line is not None]
    return f"line{'s' if len(numbers) > 1 else ''} {_listed(numbers[:8])}{' …' if len(numbers) > 8 else ''}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


# commentary.md


def _commentary(body: str) -> str:
    """The layer of a new import: an editor, and one example note, commented out, on words that stand in the article."""
    quote = _example_words(read_blocks(body))
    if quote is None:
        return _HEAD
    return _HEAD + _EXAMPLE.replace("QUOTE", quote)


def _example_words(blocks: Sequence[Ast]) -> str | None:
    """Words of one paragraph that stand nowhere else, of letters and spaces alone, so that `on` needs no care."""
    everything = re.sub(r"\W+", " ", words(list(blocks))).casefold()
    paragraphs = [(words(block), _runs(block)) for block in blocks if block["t"] == "Para"]
    # Rather four words of a real paragraph than one of a line that may not even be the author's.
    for shortest, lengths in ((80, (4, 5, 6)), (0, (4, 5, 6, 3, 2, 1))):
        for text, runs in paragraphs:
            for parts in [run.split(" ") for run in runs] if len(text) >= shortest else []:
                for length in lengths:
                    quote = " ".join(parts[-length:])
                    if length <= len(parts) and len(quote) >= 4 and _once(quote, everything, text):
                        return quote
    return None


def _once(quote: str, everything: str, text: str) -> bool:
    whole = re.compile(rf"(?<!\w){re.escape(quote)}(?!\w)")
    return everything.count(quote.casefold()) == 1 and len(whole.findall(text)) == 1


def _runs(paragraph: Ast) -> list[str]:
    """Words of letters alone that stand side by side in a paragraph, outside any markup."""
    plain = "".join(
        words([part]) or " " if part["t"] in {"Str", "Space", "SoftBreak"} else "|" for part in paragraph["c"]
    )
    return re.findall(r"[^\W\d_]+(?: [^\W\d_]+)*", plain)


_HEAD = """\
---
title: Commentary
editors:
  desk: The editors
---

<!--
Write your notes here. Each comments on the words that `on` quotes, exactly as they stand in article.md. `kind` is
context, fact-check, definition, aftermath or perspective; `by` is one of the editors above.
-->
"""

_EXAMPLE = """
<!-- An example: take this line and the last one away, and it is a note.

::: {#n-example .note on="QUOTE" kind="context" by="desk"}
Say here what readers should know about these words.

::: plain
Say it here again, in short and easy words.
:::
:::

The last one: -->
"""
