"""Plain text becomes an article: what a person would mark up as heading, list, quotation or verse is marked up so.

Every word of the text is kept, in order. Lines that look like a web page's furniture ("Advertisement", "Share") are
kept too, and pointed out: only the editor can know that they are not the author's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from publisher.manuscript.importing_article import (
    Imported,
    Remark,
    escape,
    escape_inside,
    joined_blocks,
    typographic,
)
from publisher.manuscript.importing_language import guess_language
from publisher.manuscript.importing_lines import Chunk, chunks, clean_lines
from publisher.manuscript.importing_opening import BULLET, CHAPTER, FURNITURE, ends_sentence, read_front

_LONG = 200
"""Characters beyond which a line is a paragraph, whatever it looks like."""

_BREAK = re.compile(r"(?:[*#~•·⁂_=-]\s?){3,}|⁂|\*|(?:\* ?){2}|#|~")
_UNDERLINE = re.compile(r"(=|-|~)\1{2,}")
_BARE_BULLET = re.compile(r"[•‣◦▪●∙·]")
_NUMBERED = re.compile(r"\(?(?P<number>[1-9][0-9]{0,2})[.)]\s+(?P<rest>\S.*)", re.DOTALL)


class Kind(Enum):
    """What a piece of the text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FURNITURE = "furniture"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    LINES = "lines"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Piece:
    """A block to be: its texts (one, or one an item or line) and a heading's level or a list's first number."""

    kind: Kind
    texts: tuple[str, ...]
    number: int = 2


def import_text(text: str, lang: str | None = None) -> Imported:
    """The article that a plain text is. `lang` is what the user says; else the text's own words may tell."""
    lang = lang or guess_language(text)
    made = _underlined(_bare_bullets(chunks(clean_lines(text, lang))))
    made = _split_opening(made)
    front = read_front(made, lang or "en")
    emphasised = bool(re.search(r"(?<!\w)_\w[^_\n]{0,200}?_(?!\w)", text))
    pieces = _pieces([*front.skipped, *made[front.rest :]])
    blocks = [_markdown(piece, emphasised) for piece in pieces]
    body = joined_blocks(blocks)
    remarks = list(_furniture_remarks(pieces, blocks))
    return Imported(
        body=body,
        title=typographic(front.title, lang),
        subtitle=typographic(front.subtitle, lang),
        creators=front.creators,
        lang=lang,
        date=front.date,
        subjects=front.subjects,
        asides=front.asides,
        remarks=tuple(remarks),
    )


def _furniture_remarks(pieces: Sequence[Piece], blocks: Sequence[str]) -> list[Remark]:
    remarks = []
    line = 1
    for piece, block in zip(pieces, blocks, strict=True):
        if piece.kind is Kind.FURNITURE:
            shown = piece.texts[0] if len(piece.texts[0]) <= 40 else f"{piece.texts[0][:39]}…"
            remarks.append(
                Remark(
                    "import-page-furniture",
                    f"“{shown}” looks like part of the web page; delete it if it is not the author's",
                    line,
                )
            )
        line += block.count("\n") + 2
    return remarks


# Lines put right before anything is made of them


def _bare_bullets(made: list[Chunk]) -> list[Chunk]:
    """A bullet that was copied onto a line of its own goes back to its item."""
    joined: list[Chunk] = []
    for chunk in made:
        if joined and len(joined[-1].lines) == 1 and _BARE_BULLET.fullmatch(joined[-1].text):
            joined[-1] = replace(joined[-1], lines=(f"{joined[-1].text} {chunk.lines[0]}", *chunk.lines[1:]))
        else:
            joined.append(chunk)
    return joined


def _underlined(made: list[Chunk]) -> list[Chunk]:
    """Headings that are underlined with a row of = or - become one line `=text` or `-text`: see `_pieces`."""
    marked: list[Chunk] = []
    for chunk in made:
        lines = chunk.lines
        if len(lines) == 2 and _is_underline(lines[1], lines[0]):
            marked.append(replace(chunk, lines=(f"\0{lines[1][0]}{lines[0]}",)))
        elif (
            len(lines) == 1
            and marked
            and not chunk.gap
            and len(marked[-1].lines) == 1
            and _is_underline(lines[0], marked[-1].text)
        ):
            marked[-1] = replace(marked[-1], lines=(f"\0{lines[0][0]}{marked[-1].text}",))
        else:
            marked.append(chunk)
    return marked


def _is_underline(line: str, above: str) -> bool:
    return (
        bool(_UNDERLINE.fullmatch(line))
        and len(above) <= 100
        and abs(len(line) - len(above)) <= max(3, len(above) // 2)
    )


def _split_opening(made: list[Chunk]) -> list[Chunk]:
    """The first lines, if broken on purpose (a title page), one by one."""
    opening: list[Chunk] = []
    for index, chunk in enumerate(made):
        if index >= 4 or any(len(line) > _LONG for line in chunk.lines) or len(chunk.lines) > 4:
            return opening + made[index:]
        opening += [replace(chunk, lines=(line,), gap=chunk.gap and not n) for n, line in enumerate(chunk.lines)]
    return opening


# The body


def _is_short_line(text: str) -> bool:
    """Short, and no sentence: a heading, or an item of a list that lost its bullets."""
    return len(text) <= 90 and len(text.split()) <= 14 and not ends_sentence(text.rstrip("?"))


def _is_heading(made: Sequence[Chunk], index: int) -> bool:
    chunk = made[index]
    text = chunk.text
    if text.startswith("\0"):
        return True
    if len(chunk.lines) > 1 or index + 1 >= len(made) or not any(character.isalpha() for character in text):
        return False
    if CHAPTER.fullmatch(text) and len(text) <= 90:
        return True
    first = next(character for character in text if character.isalnum())
    after = made[index + 1].text
    return (
        _is_short_line(text)
        and not first.islower()
        and text[0] not in "\"'“‘«„—–([*"
        and not (_is_short_line(after) and not BULLET.match(after) and not _NUMBERED.match(after))
        and not FURNITURE.fullmatch(after)
    )


def _pieces(made: Sequence[Chunk]) -> list[Piece]:
    pieces: list[Piece] = []
    index = 0
    chapters = any(CHAPTER.fullmatch(chunk.text) for chunk in made)
    while index < len(made):
        taken, piece = _piece(made, index, chapters, pieces[-1] if pieces else None)
        pieces.append(piece)
        index += taken
    return pieces


def _piece(made: Sequence[Chunk], index: int, chapters: bool, before: Piece | None) -> tuple[int, Piece]:
    """The piece that begins at `index` and how many chunks it takes."""
    chunk = made[index]
    text = chunk.text
    listed = _bullets(made, index) or _numbers(made, index) or _unmarked_items(made, index, before)
    if listed is not None:
        return listed
    if text.startswith("\0"):
        return 1, Piece(Kind.HEADING, (text[2:],), 2 if text[1] == "=" else 3)
    if FURNITURE.fullmatch(text) and len(chunk.lines) == 1:
        return 1, Piece(Kind.FURNITURE, (text,))
    if _BREAK.fullmatch(text):
        return 1, Piece(Kind.BREAK, (text,))
    if CHAPTER.fullmatch(chunk.lines[0]) and len(chunk.lines) in {2, 3} and not ends_sentence(chunk.lines[-1]):
        return 1, Piece(Kind.HEADING, (_chapter_title(chunk.lines),))
    if _is_heading(made, index):
        return _heading(made, index, chapters)
    if len(chunk.lines) > 1:
        return 1, Piece(Kind.LINES, chunk.lines)
    return 1, Piece(Kind.PARAGRAPH, (text,))


def _chapter_title(lines: Sequence[str]) -> str:
    number = lines[0] if lines[0].endswith((".", ":", "—")) else f"{lines[0]}."
    return " ".join([number, *lines[1:]])


def _heading(made: Sequence[Chunk], index: int, chapters: bool) -> tuple[int, Piece]:
    text = made[index].text
    if not CHAPTER.fullmatch(text):
        return 1, Piece(Kind.HEADING, (text,), 3 if chapters else 2)
    after = made[index + 1]
    named = (
        re.fullmatch(r"\w+\s+\w+[.:]?", text)
        and len(after.lines) == 1
        and _is_short_line(after.text.rstrip("."))
        and not after.text.startswith("\0")
        and not CHAPTER.fullmatch(after.text)
        and not BULLET.match(after.text)
        and index + 2 < len(made)
    )
    if named:
        return 2, Piece(Kind.HEADING, (_chapter_title((text, after.text)),))
    return 1, Piece(Kind.HEADING, (text,))


def _from(made: Sequence[Chunk], index: int) -> Iterator[Chunk]:
    """The chunks from an index on, one by one: a slice of a long text for each of its lines would take for ever."""
    return (made[number] for number in range(index, len(made)))


def _bullets(made: Sequence[Chunk], index: int) -> tuple[int, Piece] | None:
    items: list[tuple[str, bool]] = []
    for chunk in _from(made, index):
        match = BULLET.fullmatch(chunk.text) if len(chunk.lines) == 1 else None
        if match is None or _BREAK.fullmatch(chunk.text) or (items and chunk.text[0] != made[index].text[0]):
            break
        items.append((match["rest"], bool(match["sure"])))
    # A single dash or star may open a remark or a line of speech.
    if not items or (len(items) == 1 and not items[0][1]):
        return None
    return len(items), Piece(Kind.BULLETS, tuple(text for text, _ in items))


def _numbers(made: Sequence[Chunk], index: int) -> tuple[int, Piece] | None:
    items: list[str] = []
    start = 0
    for chunk in _from(made, index):
        match = _NUMBERED.fullmatch(chunk.text) if len(chunk.lines) == 1 else None
        if match is None or (items and int(match["number"]) != start + len(items)):
            break
        start = start if items else int(match["number"])
        items.append(match["rest"])
    # Headings may be numbered too: then paragraphs stand between them.
    return (len(items), Piece(Kind.NUMBERS, tuple(items), start)) if len(items) >= 2 else None


def _unmarked_items(made: Sequence[Chunk], index: int, before: Piece | None) -> tuple[int, Piece] | None:
    """Short lines after a line that ends with a colon: a list whose bullets the copying lost."""
    if before is None or before.kind is not Kind.PARAGRAPH or not before.texts[-1].endswith(":"):
        return None
    items: list[str] = []
    for chunk in _from(made, index):
        text = chunk.text
        short = len(text) <= 120 and len(text.split()) <= 20 and not text.startswith("\0")
        closed = re.search(r"[.!?…]$", text) is not None
        lower = text[:1].islower()
        if len(chunk.lines) > 1 or not short or (closed and not (items and lower)) or FURNITURE.fullmatch(text):
            break
        if items and items[0][:1].islower() and not lower:
            break
        items.append(text)
        if closed:
            break
    return (len(items), Piece(Kind.BULLETS, tuple(items))) if len(items) >= 2 else None


# Pieces as Markdown


def _markdown(piece: Piece, emphasised: bool) -> str:
    match piece.kind:
        case Kind.HEADING:
            return f"{'#' * piece.number} {_heading_words(piece.texts[0])}"
        case Kind.PARAGRAPH | Kind.FURNITURE:
            return _words(piece.texts[0], emphasised)
        case Kind.BULLETS:
            return "\n".join(f"- {_words(text, emphasised)}" for text in piece.texts)
        case Kind.NUMBERS:
            numbered = enumerate(piece.texts, piece.number)
            return "\n".join(f"{number}. {_words(text, emphasised)}" for number, text in numbered)
        case Kind.LINES:
            return "\n".join(f"| {_words(text, emphasised)}" for text in piece.texts)
        case Kind.BREAK:
            return "* * *"


def _heading_words(text: str) -> str:
    # A row of # at either end would be the heading's own.
    return re.sub(r"^#+|#+$", lambda match: "\\#" * len(match.group()), escape_inside(text))


def _words(text: str, emphasised: bool) -> str:
    """A text escaped; in one that marks emphasis with _underscores_, as plain-text books do, as emphasis."""
    if not emphasised:
        return escape(text)
    parts = re.split(r"(?<!\w)_(?=\S)([^_]{1,200}?)(?<=\S)_(?!\w)", text)
    marked = [f"*{escape(part)}*" if index % 2 else escape(part) for index, part in enumerate(parts)]
    return "".join(marked)
