"""Markdown becomes an article: its text stays as written; its front matter is put in the words of this project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from publisher.manuscript.calendar_words import find_date
from publisher.manuscript.frontmatter import cut
from publisher.manuscript.importing_article import Imported, Remark, body_line, names_in, title_from_name
from publisher.manuscript.importing_ast import nodes, read_blocks, words
from publisher.manuscript.importing_language import guess_language
from publisher.manuscript.pandoc import READERS, Ast
from publisher.manuscript.yaml_data import read_yaml
from publisher.model.findings import InputError
from publisher.strangers.folders import inside

_SAME = ("identifier", "cover", "cover-alternative", "voice", "references", "from")
_ONE_LINE = {
    "subtitle": ("subtitle", "subheading", "standfirst"),
    "rights": ("rights", "license", "licence", "copyright"),
    "description": ("description", "abstract", "summary", "excerpt", "deck"),
}
_CREATORS = ("creators", "creator", "authors", "author", "by", "byline")
_SUBJECTS = ("subjects", "keywords", "tags", "categories")
_LANG = ("lang", "language", "locale")
_ITEM = re.compile(r" {0,3}(?:[-*+]|1[.)])\s+\S")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def import_markdown(path: Path, text: str) -> Imported:
    """The article in a Markdown file. Pictures that stand in the file's folder come along, under their names.

    Raises FindingsError where its front matter is no YAML, InputError where it holds no words or cannot be read.
    """
    parts = cut(text, str(path))
    data = read_yaml(parts.yaml, str(path), 2).value
    given, body = (dict(data), parts.body) if data else _title_block(parts.body)
    reader = str(given.get("from", "markdown"))
    if re.split(r"[+-]", reader)[0] not in READERS:
        given.pop("from")
        reader = "markdown"
    if reader == "markdown":
        body = _set_apart(body)
    title, body = _title(given, body.strip("\n"))
    body = body.strip("\n") + "\n"
    tree = read_blocks(body, reader)
    if not words(tree) and not any(nodes(tree, "Image")):
        raise InputError(f"{path} holds no words; nothing to import")
    facts, asides = _facts(given, words(tree))
    files, remarks = _pictures(path.parent, tree, given, body)
    if not title:
        title = title_from_name(path.stem)
        remarks.insert(0, Remark("import-title-guessed", "the title is the file's name; write a better one"))
    return Imported(body=body, title=title, files=files, remarks=tuple(remarks), asides=tuple(asides), **facts)


def _title_block(body: str) -> tuple[dict[str, Any], str]:
    """pandoc's own title block: up to three lines that begin with %. https://pandoc.org/MANUAL.html#title-blocks"""
    match = re.match(r"(?:%[^\n]*(?:\n|$)){1,3}", body)
    if match is None:
        return {}, body
    values = [line[1:].strip() for line in match.group().splitlines()]
    given = dict(zip(("title", "author", "date"), values, strict=False))
    return {key: value for key, value in given.items() if value}, body[match.end() :]


def _title(given: Mapping[str, Any], body: str) -> tuple[str, str]:
    """The title, and the body without a first heading that is the title."""
    told = " ".join(str(given["title"]).split()) if given.get("title") else ""
    match = re.match(r"#[ \t]+(?P<atx>[^\n]+?)[ \t]*#*(?:\n|$)|(?P<setext>[^\n]+)\n=+[ \t]*(?:\n|$)", body)
    if match is None:
        return told, body
    heading = words(read_blocks(match["atx"] or match["setext"]))
    heading = re.sub(r"\s*\{[^}]*\}$", "", heading)
    if told and heading.casefold() != told.casefold():
        return told, body
    return heading, body[match.end() :]


def _set_apart(body: str) -> str:
    """A blank line before each list, heading and quotation that follows a paragraph without one.

    CommonMark and most sites need none, pandoc's Markdown does: without it the list would become part of the paragraph.
    """
    lines: list[str] = []
    fence = ""
    paragraph = False
    for line in body.split("\n"):
        opened = _FENCE.match(line)
        if fence:
            fence = "" if opened and opened[1].startswith(fence) and line.strip() == opened[1] else fence
            lines.append(line)
            continue
        if opened:
            fence = opened[1]
        starts = bool(_ITEM.match(line)) or bool(re.match(r"#{1,6}\s+\S|>", line))
        if starts and paragraph:
            lines.append("")
        lines.append(line)
        if not line.strip() or starts or opened:
            paragraph = False
        elif not lines[:-1] or not lines[-2].strip() or re.match(r"#{1,6}\s", lines[-2]):
            paragraph = bool(re.match(r"[^\s|:>+-]|[+-]\S", line)) and not re.match(r"(?:\d+[.)]|[-*+])\s|<!--", line)
    return "\n".join(lines)


def _facts(given: dict[str, Any], body_words: str) -> tuple[dict[str, Any], list[str]]:
    """The front matter in our keys, and what has no place in them as lines to keep as comments."""
    facts: dict[str, Any] = {}
    used = {"title"}

    def first(*keys: str) -> Any:
        for key in keys:
            if given.get(key) not in (None, "", []):
                used.add(key)
                return given[key]
        return None

    for key, names in _ONE_LINE.items():
        value = first(*names)
        if isinstance(value, str | int):
            facts[key] = " ".join(str(value).split())
    lang = first(*_LANG)
    known = isinstance(lang, str) and re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", lang)
    facts["lang"] = str(lang).replace("_", "-") if known else guess_language(body_words)
    date = first("date", "published", "pubdate")
    day = find_date(str(date)[:40].replace("T", " "), facts["lang"] or "en") if date else None
    facts["date"] = day.isoformat() if day else None
    subjects = first(*_SUBJECTS)
    listed = subjects if isinstance(subjects, list) else re.split(r"\s*,\s*", str(subjects)) if subjects else []
    facts["subjects"] = tuple(str(subject) for subject in listed if not isinstance(subject, Mapping | list))
    people = _people(first(*_CREATORS))
    more: dict[str, object] = {key: given[key] for key in _SAME if given.get(key)}
    if all(isinstance(person, str) for person in people):
        facts["creators"] = tuple(str(person) for person in people)
    else:
        more["creators"] = people
    facts["more"] = more
    asides = [f"{key}: {given[key]}" for key in given if key not in used and key not in _SAME]
    if date and not day:
        asides.append(f"date: {date}")
    return facts, asides


def _people(value: Any) -> list[str | dict[str, str]]:
    match value:
        case None:
            return []
        case str():
            return list(names_in(value))
        case Mapping():
            name = value.get("name") or value.get("literal")
            name = name or " ".join(str(value[key]) for key in ("given", "family") if value.get(key))
            if not name:
                return [str(part) for part in value.values() if isinstance(part, str)]
            role = value.get("role")
            return [{"name": str(name), "role": str(role)}] if isinstance(role, str) else [str(name)]
        case list():
            return [person for one in value for person in (_people(one) if isinstance(one, Mapping) else [str(one)])]
        case _:
            return [str(value)]


def _pictures(
    folder: Path, tree: list[Ast], given: Mapping[str, Any], body: str
) -> tuple[dict[str, bytes], list[Remark]]:
    """The pictures beside the file that it shows, and what is to be said of the others."""
    files: dict[str, bytes] = {}
    remarks: list[Remark] = []
    shown = [(image["c"][2][0], image) for image in nodes(tree, "Image")]
    cover = given.get("cover")
    for address, image in [*shown, *([(str(cover), None)] if cover else [])]:
        line = body_line(body, address)
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", address):
            message = f"{address[:80]} is on the web; save it in the edition's folder and name it here"
            remarks.append(Remark("image-remote", message, line))
            continue
        name = unquote(re.split(r"[?#]", address)[0])
        named, file = PurePosixPath(name), inside(folder, name)
        if named.is_absolute() or ".." in named.parts or (file is None and _leads_out(folder, name)):
            message = f"{address[:80]} is outside the file's folder; copy it into the edition's and name it here"
            remarks.append(Remark("image-outside", message, line))
        elif file is None:
            remarks.append(Remark("image-missing", f"{address[:80]} is not there; add it or take it out", line))
        else:
            files[str(named)] = file.read_bytes()
        if image is not None and not _has_alternative(image):
            message = f'{address[:80]} has no alternative; write {{alt="what it shows"}} after it, or {{.decorative}}'
            remarks.append(Remark("image-alternative-missing", message, line))
    return files, remarks


def _leads_out(folder: Path, name: str) -> bool:
    """Whether a name without `..` leads out of the folder all the same: by a symbolic link."""
    try:
        return not (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False


def _has_alternative(image: Ast) -> bool:
    (_, classes, pairs), inlines, _ = image["c"]
    return bool(words(inlines) or dict(pairs).get("alt")) or "decorative" in classes
