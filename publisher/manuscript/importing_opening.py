"""The first lines of a text: headline, standfirst, byline and date, told from what follows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from publisher.manuscript.calendar_words import find_date
from publisher.manuscript.importing_article import names_in
from publisher.manuscript.importing_lines import Chunk

_KICKERS = re.compile(
    r"opinion|comment(?:ary)?|editorial|analysis|news|letters?(?: to the editor)?|columnists?|column|features?|"
    r"long read|essay|review|interview|explainer|tribune|chronique|éditorial|meinung|kommentar|leitartikel|kolumne",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:(?:(?:words|text|written|story)\s+)?(?:by|von|par|por|di|door|av|af|gan|بقلم)\s+|作者\s*[:：]\s*)(?P<names>\S.*)",
    re.I,
)
_NAME = re.compile(
    r"(?:(?:[dl][’']\w+|\w\.|[^\W\d_a-z][\w.’'-]*|d[aeiu]|de[lnrs]?|la|le|van|von|v\.|al|bin|ter)(?:\s+|$)){1,6}"
)
_PUBLISHED = re.compile(
    r"(?:first )?(?:published|posted|last (?:updated|modified)|updated|publié|veröffentlicht)\b", re.I
)
_CASELESS_END = "。．！？」』"
FURNITURE = re.compile(
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
CHAPTER = re.compile(
    r"(?:chapter|part|book|section|act|scene|canto|letter|kapitel|teil|chapitre|partie|livre|capítulo|capitolo)\s+"
    r"(?:[ivxlcdm]+|\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b.{0,80}",
    re.IGNORECASE,
)
BULLET = re.compile(r"(?:(?P<sure>[•‣◦▪●∙·])\s*|(?P<likely>[*+–-])\s+)(?P<rest>\S.*)", re.DOTALL)


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


def read_opening(lines: Sequence[str], lang: str, known: Collection[str] = ()) -> tuple[Front, frozenset[int]]:
    """What the first lines of any text say about the whole, the headline first, and the indices of those lines.

    `known` are lines that repeat what is known already: names, a date.
    """
    front = read_front([Chunk((line,), number) for number, line in enumerate(lines)], lang, known)
    return front, frozenset(range(front.rest)) - {chunk.number for chunk in front.skipped}


def read_front(made: Sequence[Chunk], lang: str, known: Collection[str] = ()) -> Front:
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
        if FURNITURE.fullmatch(chunk.text):
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
        and not FURNITURE.fullmatch(text)
        and not BULLET.fullmatch(text)
        and not CHAPTER.fullmatch(text)
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
    if len(text) > 300 or text.startswith("\0") or FURNITURE.fullmatch(text) or BULLET.match(text):
        return False
    after = [chunk.text for chunk in made[index + 1 : index + 3]]
    if any(line in known or _byline(line, Front()) or _dateline(line, lang, Front()) for line in after):
        return True
    follows_long = bool(after) and len(after[0]) > max(120, len(text))
    return not ends_sentence(text) and not CHAPTER.fullmatch(text) and len(text.split()) >= 6 and follows_long


def ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’»)]").endswith((".", "!", "?", "…", ":", ";", ",", *_CASELESS_END))
