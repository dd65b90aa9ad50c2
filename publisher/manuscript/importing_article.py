"""What an import yields, whatever the file was: front matter, a Markdown body, files beside it, things left to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import yaml


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the person has to look at; `line` counts from 1 in the body, None where no line is meant."""

    check: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An article on its way in. `date` is ISO 8601; `files` are names inside the edition's folder and their bytes.

    `asides` are lines of the original that the front matter says in other words: they are kept there as comments.
    """

    body: str
    title: str = ""
    subtitle: str = ""
    creators: tuple[str, ...] = ()
    lang: str | None = None
    date: str | None = None
    rights: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)
    asides: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


def front_matter(article: Imported) -> str:
    """The YAML block that opens article.md, with its two fences and a blank line."""
    facts: dict[str, object] = {"title": article.title}
    optional: dict[str, object] = {
        "subtitle": article.subtitle,
        "creators": list(article.creators),
        "lang": article.lang,
        "date": article.date,
        "rights": article.rights,
        "description": article.description,
        "subjects": list(article.subjects),
        **article.more,
    }
    facts.update({key: value for key, value in optional.items() if value})
    lines = [_yaml({key: value}) for key, value in facts.items()]
    lines += [f"# {' '.join(aside.split())}\n" for aside in article.asides]
    return "".join(["---\n", *lines, "---\n\n"])


def _yaml(facts: Mapping[str, object]) -> str:
    if facts.keys() == {"date"}:
        return f"date: {facts['date']}\n"
    dumped: str = yaml.safe_dump(dict(facts), allow_unicode=True, sort_keys=False, width=1_000_000)
    return dumped


def escape(text: str) -> str:
    """Plain words as a paragraph of Pandoc's Markdown that reads as exactly these words (quotation marks are left to
    the reader). Escapes what could start a construct and nothing else, so that the file stays pleasant to edit."""
    return escape_start(escape_inside(text))


def escape_inside(text: str) -> str:
    """The same for words that do not begin a paragraph."""
    text = re.sub(r"[\\`*\[\]{}~^$]", r"\\\g<0>", text)
    text = re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", text)
    text = re.sub(r"<(?=[\w/!?])", r"\\<", text)
    text = re.sub(r"@(?=[\w{])", r"\\@", text)
    return re.sub(r"&(?=#?\w+;)", r"\\&", text)


def escape_start(text: str) -> str:
    """The same for what means something only where a line begins: a mark of a list, heading, quotation, table …"""
    text = re.sub(r"^(?:[>|%]|#+(?=[\s.]|$)|[-+](?=\s|$)|:(?=\s|:|$)|=+$|-(?=-))", _escape_all, text)
    text = re.sub(r"^(\(?(?:[0-9]{1,9}|[A-Za-z]|[ivxlcdmIVXLCDM]+|#|\\?@\w*))([.)])(?=\s|$)", r"\1\\\2", text)
    return re.sub(r"^(Table|table)(?=:)", r"\1\\", text)


def _escape_all(match: re.Match[str]) -> str:
    return "".join(f"\\{character}" for character in match.group())


def title_from_name(stem: str) -> str:
    """A title to begin with, from a file's name: `library-hours_v2` becomes `Library hours v2`."""
    words = re.sub(r"[\s_-]+", " ", stem).strip()
    return words[:1].upper() + words[1:] if words else "Untitled"


def typographic(text: str, lang: str | None) -> str:
    """Front matter is no Markdown: the typewriter's apostrophes in it are made curly here, English quotes too."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    return re.sub(r'(?<!\w)"([^"]+)"(?!\w)', r"“\1”", text) if lang is None or lang.startswith("en") else text


def names_in(text: str) -> tuple[str, ...]:
    """The people in `A, B and C` (also `und`, `et`, `y`, `&`, `;`)."""
    parts = re.split(r"\s*[,;]\s*|\s+(?:and|und|et|y|e|en|och|og|i|&)\s+", text.strip())
    return tuple(part.strip(" .") for part in parts if part.strip(" ."))


def body_line(body: str, needle: str, occurrence: int = 0) -> int | None:
    """The line, from 1, on which `needle` stands for the `occurrence`-th time."""
    lines = [number for number, line in enumerate(body.split("\n"), 1) if needle in line]
    return lines[occurrence] if occurrence < len(lines) else None


def joined_blocks(blocks: Iterable[str]) -> str:
    """Blocks of Markdown with a blank line between them and a line end at the end."""
    return "\n\n".join(block for block in blocks if block) + "\n"
