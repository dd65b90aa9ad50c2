"""Plain text becomes an article: what a person would mark up as heading, list, quotation or verse is marked up so.

Every word of the text is kept, in order. Lines that look like a web page's furniture ("Advertisement", "Share") are
kept too, and pointed out: only the editor can know that they are not the author's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from publisher.manuscript.calendar_words import find_date
from publisher.manuscript.importing_article import (
    Imported,
    Remark,
    escape,
    escape_inside,
    joined_blocks,
    names_in,
    typographic,
)
from publisher.manuscript.importing_language import guess_language
from publisher.manuscript.importing_lines import Chunk, chunks, clean_lines

_LONG = 200
"""Characters beyond which a line is a paragraph, whatever it looks like."""

_FURNITURE = re.compile(
    r"advert(?:isement)?s?|sponsored( content)?|promoted( content)?|skip (?:past|to) .{1,60}|"
    r"share(?: (?:this|on|via|with|by) .{1,40})?|shares?|tweet|facebook|twitter|x|whatsapp|linkedin|e-?mail|print|"
    r"(?:copy|get) (?:the )?link|save(?: (?:this )?(?:article|for later))?|bookmark|listen(?: to .{1,30})?|"
    r"(?:read more|see also|related|more on this)(?::.{0,160}| .{1,160}|)|related (?:articles|stories|topics)|"
    r"most (?:read|viewed|popular)|recommended|sign up (?:to|for) .{1,120}|subscribe(?: .{1,80})?|log ?in|sign in|"
    r"(?:view |show |read |leave a |post a )?(?:\d[\d,]* )?comments?(?: \(\d+\))?|newsletter|cookies?(?: .{1,60})?|"
    r"\d+ min(?:ute)?s? (?:read|listen)|reading time:? .{1,30}|estimated reading time.{0,30}|"
    r"(?:photograph|photo|picture|image|illustration|credit|image (?:source|caption))s?(?: by| credit)?[:,] .{1,120}|"
    r"(?:©|\(c\)|copyright) .{1,120}|all rights reserved\.?|follow us(?: .{1,60})?|back to top|menu|search|home|"
    r"publicité|partager(?: .{1,40})?|imprimer|(?:lire aussi|à lire aussi)\b.{0,160}|"
    r"anzeige|werbung|teilen|drucken|merken|(?:lesen sie auch|mehr zum thema)\b.{0,160}|"
    r"\*{3} ?(?:start|end) of (?:the|this) project gutenberg .{1,160}",
    re.IGNORECASE,
)
_KICKERS = re.compile(
    r"opinion|comment(?:ary)?|editorial|analysis|news|letters?(?: to the editor)?|columnists?|column|features?|"
    r"long read|essay|review|interview|explainer|tribune|chronique|éditorial|meinung|kommentar|leitartikel|kolumne",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:(?:words|text|written|story)\s+)?(?:by|von|par|por|di|door|av|af)\s+(?P<names>\S.*)", re.I)
_NAME = re.compile(
    r"(?:(?:[dl][’']\w+|\w\.|[^\W\d_a-z][\w.’'-]*|d[aeiu]|de[lnrs]?|la|le|van|von|v\.|al|bin|ter)(?:\s+|$)){1,6}"
)
_PUBLISHED = re.compile(
    r"(?:first )?(?:published|posted|last (?:updated|modified)|updated|publié|veröffentlicht)\b", re.I
)
_CHAPTER = re.compile(
    r"(?:chapter|part|book|section|act|scene|canto|letter|kapitel|teil|chapitre|partie|livre|capítulo|capitolo)\s+"
    r"(?:[ivxlcdm]+|\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b.{0,80}",
    re.IGNORECASE,
)
_BREAK = re.compile(r"(?:[*#~•·⁂_=-]\s?){3,}|⁂|\*|(?:\* ?){2}|#|~")
_UNDERLINE = re.compile(r"(=|-|~)\1{2,}")
_BULLET = re.compile(r"(?:(?P<sure>[•‣◦▪●∙·])\s*|(?P<likely>[*+–-])\s+)(?P<rest>\S.*)", re.DOTALL)
_BARE_BULLET = re.compile(r"[•‣◦▪●∙·]")
_NUMBERED = re.compile(r"\(?(?P<number>[1-9][0-9]{0,2})[.)]\s+(?P<rest>\S.*)", re.DOTALL)
_CASELESS_END = "。．！？」』"


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


@dataclass(frozen=True, slots=True)
class Front:
    """What the first lines say about the whole; `rest` is where the body begins, after `skipped` furniture."""

    title: str = ""
    subtitle: str = ""
    creators: tuple[str, ...] = ()
    date: str | None = None
    subjects: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    skipped: tuple[Chunk, ...] = ()
    rest: int = 0


def import_text(text: str, lang: str | None = None) -> Imported:
    """The article that a plain text is. `lang` is what the user says; else the text's own words may tell."""
    lang = lang or guess_language(text)
    made = _underlined(_bare_bullets(chunks(clean_lines(text, lang))))
    made = _split_opening(made)
    front = _front(made, lang or "en")
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


def read_opening(lines: Sequence[str], lang: str, known: Collection[str] = ()) -> tuple[Front, frozenset[int]]:
    """What the first lines of any text say about the whole, the headline first, and the indices of those lines.

    `known` are lines that repeat what is known already: names, a date.
    """
    front = _front([Chunk((line,), number) for number, line in enumerate(lines)], lang, known)
    return front, frozenset(range(front.rest)) - {chunk.number for chunk in front.skipped}


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


# The first lines: headline, standfirst, byline, date


def _front(made: Sequence[Chunk], lang: str, known: Collection[str] = ()) -> Front:
    at = 0
    subjects: tuple[str, ...] = ()
    if at < len(made) - 2 and _KICKERS.fullmatch(made[at].text) and _could_be_title(made[at + 1].text):
        subjects = (made[at].text,)
        at += 1
    if len(made) - at < 2 or not _could_be_title(made[at].text):
        return Front()
    title = made[at].text.removeprefix("\0=").removeprefix("\0-").removeprefix("\0~")
    front = Front(title=title, subjects=subjects, rest=at + 1)
    # At most eight lines of this kind stand between a headline and the text.
    skipped: tuple[Chunk, ...] = ()
    for index in range(at + 1, min(at + 9, len(made) - 1)):
        chunk = made[index]
        if _FURNITURE.fullmatch(chunk.text):
            skipped = (*skipped, chunk)
            continue
        repeated = front if chunk.text in known else None
        told = repeated or _byline(chunk.text, front) or _dateline(chunk.text, lang, front)
        first = not front.subtitle and not front.asides and index == at + 1 + len(skipped)
        if told is None and first and _is_standfirst(made, index, lang, known):
            told = replace(front, subtitle=chunk.text)
        if told is None:
            break
        front = replace(told, skipped=skipped, rest=index + 1)
    return front


def _could_be_title(text: str) -> bool:
    if text.startswith("\0"):
        return True
    return (
        len(text) <= 150
        and any(character.isalpha() for character in text)
        and not _FURNITURE.fullmatch(text)
        and not _BULLET.fullmatch(text)
        and not _CHAPTER.fullmatch(text)
        and not (text.endswith((".", ",", ";", ":", *_CASELESS_END)) and len(text) > 100)
        and not text.endswith((",", ";", ":"))
    )


def _byline(text: str, front: Front) -> Front | None:
    match = _BYLINE.fullmatch(text)
    if match is None or front.creators or len(text) > 120:
        return None
    names = [name for name in names_in(match["names"]) if _NAME.fullmatch(name)]
    if not names:
        return None
    return replace(front, creators=tuple(names), asides=(*front.asides, text))


def _dateline(text: str, lang: str, front: Front) -> Front | None:
    if len(text) > 80:
        return None
    day = find_date(text, lang)
    label = _PUBLISHED.match(text)
    # A sentence that happens to name a date has more words than a date line.
    if (day is None and not label) or (not label and len(re.findall(r"[^\W\d_]{4,}", text)) > 3):
        return None
    return replace(front, date=front.date or (day.isoformat() if day else None), asides=(*front.asides, text))


def _is_standfirst(made: Sequence[Chunk], index: int, lang: str, known: Collection[str]) -> bool:
    """Whether the line after the headline introduces the piece rather than begins it."""
    text = made[index].text
    if len(text) > 300 or text.startswith("\0") or _FURNITURE.fullmatch(text) or _BULLET.match(text):
        return False
    after = [chunk.text for chunk in made[index + 1 : index + 3]]
    if any(line in known or _byline(line, Front()) or _dateline(line, lang, Front()) for line in after):
        return True
    follows_long = bool(after) and len(after[0]) > max(120, len(text))
    return not _ends_sentence(text) and not _CHAPTER.fullmatch(text) and len(text.split()) >= 6 and follows_long


# The body


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’»)]").endswith((".", "!", "?", "…", ":", ";", ",", *_CASELESS_END))


def _is_short_line(text: str) -> bool:
    """Short, and no sentence: a heading, or an item of a list that lost its bullets."""
    return len(text) <= 90 and len(text.split()) <= 14 and not _ends_sentence(text.rstrip("?"))


def _is_heading(made: Sequence[Chunk], index: int) -> bool:
    chunk = made[index]
    text = chunk.text
    if text.startswith("\0"):
        return True
    if len(chunk.lines) > 1 or index + 1 >= len(made) or not any(character.isalpha() for character in text):
        return False
    if _CHAPTER.fullmatch(text) and len(text) <= 90:
        return True
    first = next(character for character in text if character.isalnum())
    after = made[index + 1].text
    return (
        _is_short_line(text)
        and not first.islower()
        and text[0] not in "\"'“‘«„—–([*"
        and not (_is_short_line(after) and not _BULLET.match(after) and not _NUMBERED.match(after))
        and not _FURNITURE.fullmatch(after)
    )


def _pieces(made: Sequence[Chunk]) -> list[Piece]:
    pieces: list[Piece] = []
    index = 0
    chapters = any(_CHAPTER.fullmatch(chunk.text) for chunk in made)
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
    if _FURNITURE.fullmatch(text) and len(chunk.lines) == 1:
        return 1, Piece(Kind.FURNITURE, (text,))
    if _BREAK.fullmatch(text):
        return 1, Piece(Kind.BREAK, (text,))
    if _CHAPTER.fullmatch(chunk.lines[0]) and len(chunk.lines) in {2, 3} and not _ends_sentence(chunk.lines[-1]):
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
    if not _CHAPTER.fullmatch(text):
        return 1, Piece(Kind.HEADING, (text,), 3 if chapters else 2)
    after = made[index + 1]
    named = (
        re.fullmatch(r"\w+\s+\w+[.:]?", text)
        and len(after.lines) == 1
        and _is_short_line(after.text.rstrip("."))
        and not after.text.startswith("\0")
        and not _CHAPTER.fullmatch(after.text)
        and not _BULLET.match(after.text)
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
        match = _BULLET.fullmatch(chunk.text) if len(chunk.lines) == 1 else None
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
        if len(chunk.lines) > 1 or not short or (closed and not (items and lower)) or _FURNITURE.fullmatch(text):
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
