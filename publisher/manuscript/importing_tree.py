"""pandoc's AST of a document that came from elsewhere, cleaned until only the author's work is left in it.

Word processors and web pages leave divisions, sizes, styles and anchors behind that mean nothing in an edition.
Words, and whatever marks them with meaning (language, emphasis, links, notes, tables, pictures), stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from publisher.manuscript.importing_ast import nodes, words
from publisher.manuscript.importing_tidying import unpadded, with_headings
from publisher.manuscript.pandoc import Ast

Attr = list[Any]

_KEPT_CLASSES = {"underline", "mark", "smallcaps"}
_ABSOLUTE = re.compile(r"(?:https?|mailto|tel|ftp|doi|urn):", re.IGNORECASE)
_DROPPED_TYPES = {
    "toc",
    "landmarks",
    "page-list",
    "lot",
    "loi",
    "doc-toc",
    "doc-pagelist",
    "navigation",
    "search",
    "cover",
    "titlepage",
}
_GENERATED = re.compile(r"\s*(?:Description automatically generated.*|Beschreibung automatisch generiert.*)$", re.S)


@dataclass
class Cleaner:
    """Cleans one document.

    `picture` is given an image's address and answers its file's new name, or None to leave it out; `alternatives` are
    those that the reader lost, by the image's address; `headings` the ids that links lead to, and what they become.
    """

    picture: Callable[[str], str | None]
    alternatives: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)

    def document(self, blocks: list[Ast]) -> list[Ast]:
        """The blocks, cleaned."""
        wanted = {
            link["c"][2][0][1:]
            for link in nodes(blocks, "Link")
            if link["c"][2][0].startswith("#") and link["c"][2][0][1:]
        }
        self.headings = _linked_headings(blocks, wanted)
        return _headings_from_bold(self.blocks(blocks))

    def blocks(self, blocks: list[Ast]) -> list[Ast]:
        cleaned: list[Ast] = []
        navigating = 0
        for block in blocks:
            if block["t"] == "RawBlock":
                # pandoc leaves an EPUB's navigation between its raw tags.
                navigating += len(re.findall(r"<nav\b", block["c"][1])) - block["c"][1].count("</nav>")
            elif navigating <= 0:
                cleaned += self._block(block)
        return cleaned

    def _block(self, block: Ast) -> list[Ast]:
        match block["t"]:
            case "Div":
                return self._division(block)
            case "Para" | "Plain":
                return self._paragraph(block)
            case "Header":
                return self._header(block)
            case "CodeBlock":
                (_, classes, _), code = block["c"]
                return [{"t": "CodeBlock", "c": [["", classes[:1], []], code]}] if code.strip() else []
            case "BlockQuote":
                inner = self.blocks(block["c"])
                return [{"t": "BlockQuote", "c": inner}] if inner else []
            case "BulletList":
                return [{"t": "BulletList", "c": self._items(block["c"])}]
            case "OrderedList":
                return [{"t": "OrderedList", "c": [block["c"][0], self._items(block["c"][1])]}]
            case "DefinitionList":
                entries = [[self.inlines(term), [self.blocks(one) for one in told]] for term, told in block["c"]]
                return [{"t": "DefinitionList", "c": entries}]
            case "LineBlock":
                return [{"t": "LineBlock", "c": [self.inlines(line) for line in block["c"]]}]
            case "Table":
                return [self._table(block)]
            case "Figure":
                return self._figure(block)
            case _:
                return [block]

    def _division(self, block: Ast) -> list[Ast]:
        (_, classes, pairs), inner = block["c"]
        told = {*classes, *dict(pairs).get("epub:type", "").split(), dict(pairs).get("type", "")}
        if (told | {dict(pairs).get("role", "")}) & _DROPPED_TYPES:
            return []
        cleaned = self.blocks(inner)
        lang = dict(pairs).get("lang") or dict(pairs).get("xml:lang")
        if lang and cleaned:
            return [{"t": "Div", "c": [["", [], [["lang", lang]]], cleaned]}]
        return cleaned

    def _paragraph(self, block: Ast) -> list[Ast]:
        inlines = _trimmed(self.inlines(block["c"]))
        if not words(inlines) and not any(True for kind in ("Image", "Math", "Note") for _ in nodes(inlines, kind)):
            return []
        images = [inline for inline in inlines if inline["t"] == "Image"]
        if images and all(inline["t"] in {"Image", "Space", "SoftBreak", "LineBreak"} for inline in inlines):
            return [{"t": "Para", "c": [_standing(image)]} for image in images]
        return [{"t": block["t"], "c": inlines}]

    def _header(self, block: Ast) -> list[Ast]:
        level, (identifier, _, _), inlines = block["c"]
        cleaned = _trimmed(self.inlines(inlines))
        pictures = [{"t": "Para", "c": [_standing(image)]} for image in nodes(cleaned, "Image")]
        cleaned = _trimmed([_unbroken(inline) for inline in cleaned if inline["t"] != "Image"])
        while len(cleaned) == 1 and cleaned[0]["t"] == "Strong":
            cleaned = cleaned[0]["c"]
        if not words(cleaned):
            return pictures
        kept = self.headings.get(identifier, "")
        return [{"t": "Header", "c": [level, [kept, [], []], cleaned]}, *pictures]

    def _items(self, items: list[list[Ast]]) -> list[list[Ast]]:
        return [inner for inner in (self.blocks(item) for item in items) if inner]

    def _table(self, block: Ast) -> Ast:
        _, (short, caption), columns, head, bodies, foot = with_headings(block["c"])
        columns = [[align, {"t": "ColWidthDefault"}] for align, _ in columns]
        rows = [[["", [], []], self._rows(part[1])] for part in (head, foot)]
        cleaned = [[["", [], []], body[1], self._rows(body[2]), self._rows(body[3])] for body in bodies]
        told = self.blocks(caption)
        return {"t": "Table", "c": [["", [], []], [short, told], columns, rows[0], cleaned, rows[1]]}

    def _rows(self, rows: list[Any]) -> list[Any]:
        return [
            [
                ["", [], []],
                [[["", [], []], align, down, across, self.blocks(inner)] for _, align, down, across, inner in cells],
            ]
            for _, cells in rows
        ]

    def _figure(self, block: Ast) -> list[Ast]:
        _, (_, caption), inner = block["c"]
        cleaned, told = self.blocks(inner), self.blocks(caption)
        images = [image for one in cleaned for image in nodes(one, "Image")]
        if len(images) == 1 and len(cleaned) == 1 and len(told) <= 1:
            image = _standing(images[0])
            caption_words = told[0]["c"] if told and told[0]["t"] in {"Para", "Plain"} else []
            (identifier, classes, pairs), _, target = image["c"]
            # Converters copy the caption into the alternative: said twice, it still does not say what is shown.
            pairs = [] if _alternative(image) == words(caption_words) else pairs
            return [{"t": "Para", "c": [{"t": "Image", "c": [[identifier, classes, pairs], caption_words, target]}]}]
        return [*cleaned, *told]

    def inlines(self, inlines: list[Ast]) -> list[Ast]:
        return unpadded([cleaned for inline in inlines for cleaned in self._inline(inline)])

    def _inline(self, inline: Ast) -> list[Ast]:
        match inline["t"]:
            case "Str":
                # What word processors and web pages hide between letters; see importing_lines.
                text = re.sub(r"[\u00ad\u200b\u2060\ufeff\ufff9-\ufffc\x00-\x1f\x7f-\x9f]", "", inline["c"])
                text = re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", "’", text)
                return [{"t": "Str", "c": text}] if text else []
            case "RawInline":
                return []
            case "Span":
                return self._span(inline)
            case "Link":
                return self._link(inline)
            case "Image":
                return self._image(inline)
            case "Note":
                return [{"t": "Note", "c": self.blocks(inline["c"])}]
            case "Code":
                return [{"t": "Code", "c": [["", [], []], inline["c"][1]]}]
            case "Emph" | "Strong" | "Underline" | "Strikeout" | "Superscript" | "Subscript" | "SmallCaps" as kind:
                inner = self.inlines(inline["c"])
                # A note's call is raised by whoever shows it; `^[^1]^` would be another note.
                return inner if any(one["t"] == "Note" for one in inner) else _outside(kind, inner)
            case "Quoted" | "Cite":
                return [{"t": inline["t"], "c": [inline["c"][0], self.inlines(inline["c"][1])]}]
            case _:
                return [inline]

    def _span(self, span: Ast) -> list[Ast]:
        (_, classes, pairs), children = span["c"]
        inner = self.inlines(children)
        kept = [name for name in classes if name in _KEPT_CLASSES]
        expansion = dict(pairs).get("title", "").strip()
        if "abbr" in classes and words(inner) and expansion and expansion != words(inner):
            return [{"t": "Span", "c": [["", ["abbr"], [["title", expansion]]], inner]}]
        told = {key.removeprefix("xml:"): value for key, value in pairs if key in {"lang", "xml:lang", "dir"} and value}
        if not words(inner) or not (kept or told):
            return inner
        return [{"t": "Span", "c": [["", kept, [[key, value] for key, value in told.items()]], inner]}]

    def _link(self, link: Ast) -> list[Ast]:
        _, children, (target, title) = link["c"]
        inner = self.inlines(children)
        if target.startswith("#") and target[1:] in self.headings:
            target = f"#{self.headings[target[1:]]}"
        elif not _ABSOLUTE.match(target):
            return inner
        return [{"t": "Link", "c": [["", [], []], inner, [target, title]]}] if inner else []

    def _image(self, image: Ast) -> list[Ast]:
        (_, _, pairs), inlines, (target, _) = image["c"]
        name = self.picture(target)
        if name is None:
            return []
        alternative = dict(pairs).get("alt") or words(inlines) or self.alternatives.get(target, "")
        alternative = _GENERATED.sub("", alternative).strip()
        shown = [{"t": "Str", "c": alternative}] if alternative else []
        return [{"t": "Image", "c": [["", [], []], shown, [name, ""]]}]


def _linked_headings(blocks: list[Ast], wanted: set[str]) -> dict[str, str]:
    """The ids that links lead to, if they are a heading's own, a mark's in it, or that of the division it opens; to
    the id that the heading gets: the last part of it, since EPUB's carry their file's name."""
    found: dict[str, str] = {}
    taken: set[str] = set()

    def give(identifiers: list[str]) -> None:
        for identifier in identifiers:
            if identifier in wanted and identifier not in found:
                name = re.sub(r"^.*\.x?html?_", "", identifier)
                name = re.sub(r"[^\w-]+", "-", name).strip("-") or "section"
                name = name if re.match(r"[^\W\d_]", name) else f"s-{name}"
                known = next((found[one] for one in identifiers if one in found), None)
                while known is None and name in taken:
                    name += "-x"
                taken.add(name)
                found[identifier] = known or name

    def visit(node: object, around: list[str]) -> None:
        if isinstance(node, list):
            for index, part in enumerate(node):
                visit(part, around if index == 0 else [])
        elif isinstance(node, dict):
            if node["t"] == "Header":
                marks = [span["c"][0][0] for span in nodes(node, "Span")]
                own = node["c"][1][0]
                give([*around, own, *marks])
                linked = next((one for one in (*around, *marks) if one in found), None)
                if linked is not None and own:
                    found.setdefault(own, found[linked])
                elif linked is not None:
                    # In EPUB the section has the id, and its heading none.
                    node["c"][1][0] = linked
            elif node["t"] == "Div":
                visit(node["c"][1], [*around, node["c"][0][0]])

    visit(blocks, [])
    return found


def _standing(image: Ast) -> Ast:
    """A picture that stands alone: its words are its alternative, never a caption."""
    (_, classes, pairs), inlines, target = image["c"]
    alternative = dict(pairs).get("alt") or words(inlines)
    return {"t": "Image", "c": [["", classes, [["alt", alternative]] if alternative else []], [], target]}


def _alternative(image: Ast) -> str:
    return str(dict(image["c"][0][2]).get("alt", ""))


def _unbroken(inline: Ast) -> Ast:
    return {"t": "Space"} if inline["t"] in {"LineBreak", "SoftBreak"} else inline


def _outside(kind: str, inner: list[Ast]) -> list[Ast]:
    """A style around its words alone: spaces at its ends go outside, where Markdown can have them."""
    start, end = _core(inner)
    styled = [{"t": kind, "c": inner[start:end]}] if start < end else []
    return [*inner[:start], *styled, *inner[end:]]


def _trimmed(inlines: list[Ast]) -> list[Ast]:
    start, end = _core(inlines)
    return inlines[start:end]


def _core(inlines: list[Ast]) -> tuple[int, int]:
    """Where the inlines begin and end that are not spaces or breaks at either end."""
    kept = [index for index, inline in enumerate(inlines) if inline["t"] not in {"Space", "SoftBreak", "LineBreak"}]
    return (kept[0], kept[-1] + 1) if kept else (0, 0)


def _headings_from_bold(blocks: list[Ast]) -> list[Ast]:
    """In a document without headings, short lines all in bold are its headings."""
    if any(block["t"] == "Header" for block in blocks):
        return blocks
    made = []
    for index, block in enumerate(blocks):
        bold = block["t"] in {"Para", "Plain"} and all(inline["t"] in {"Strong", "Space"} for inline in block["c"])
        told = words(block) if bold else ""
        followed = index + 1 < len(blocks) and blocks[index + 1]["t"] != "HorizontalRule"
        if bold and followed and 2 <= len(told) <= 90 and not told.endswith((".", ":", ";", ",", "!")):
            inner = [part for inline in block["c"] for part in (inline["c"] if inline["t"] == "Strong" else [inline])]
            made.append({"t": "Header", "c": [1 if index == 0 else 2, ["", [], []], inner]})
        else:
            made.append(block)
    return made
