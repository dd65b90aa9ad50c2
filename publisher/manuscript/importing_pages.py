"""Web pages, and what word processors save as web pages: the article in them, as HTML that pandoc reads rightly.

What a page shows as a footnote (a raised mark that leads to a line further down, which leads back) becomes one; what
Word shows as a list (paragraphs with a sign and spaces before their words) becomes one too.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from lxml import etree, html

from publisher.manuscript.files import decode_text
from publisher.model.findings import InputError
from publisher.strangers.folders import inside

_STRIPPED = ("script", "style", "nav", "form", "button", "iframe", "noscript", "template", "dialog")
_PARTS = frozenset({"p", "li", "div", "aside", "section", "dd", "td"})
_MARK = re.compile(r"[\[(]?\s*(\d{1,3}|[*†‡§¶]{1,3}|[a-z]|[ivx]{1,5})\s*[\])]?\.?")
_BACK = re.compile(
    r"[\s\[\](){}^↑↩⏎←⬆\ufe0e\ufe0f.]*(?:\d{1,3}|[a-z*†‡§])?[\s\[\](){}^↑↩⏎←⬆\ufe0e\ufe0f.]*", re.IGNORECASE
)
_NOTES = re.compile(
    r"(?:foot|end)?notes?|notes de bas de page|fußnoten|anmerkungen|troednodiadau|nodiadau|"
    r"الحواشي|هوامش|注释|脚注|註釋",
    re.IGNORECASE,
)
_DATES = ("article:published_time", "datePublished", "dcterms.date", "dc.date", "date", "pubdate")
_LEVEL = re.compile(r"mso-list:\s*l\d+\s+level(\d)")
_SIGN = re.compile(r"[\s\u00a0]*([·•§▪◦o–-]|\uf0b7|\uf0a7|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)])[\s\u00a0]+")


@dataclass(frozen=True, slots=True)
class Page:
    """The article of a page as HTML, and the day (ISO 8601) that the page says it was published."""

    html: str
    date: str | None = None


def web_page(data: bytes, shown: str) -> Page:
    """The part of a page that is the article: without navigation, forms and scripts.

    Raises InputError where it is no page.
    """
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode_page(data, shown))
    # Word's conditional comments around what other programs shall read: <![if !supportLists]> … <![endif]>
    text = re.sub(r"<!\[(?:if[^\]<>]*|endif)\]>", "", text)
    try:
        page = html.document_fromstring(text)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as problem:
        raise InputError(f"{shown} holds no HTML; give a web page, saved whole") from problem
    date = _published(page)
    etree.strip_elements(page, *_STRIPPED, with_tail=False)
    _make_footnotes(page)
    _make_lists(page)
    _keep_article(page)
    rendered: str = html.tostring(page, encoding="unicode")
    return Page(rendered, date)


def _published(page: Any) -> str | None:
    told = {
        (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): meta.get("content", "")
        for meta in page.iter("meta")
    }
    for name in _DATES:
        if day := re.match(r"\d{4}-\d\d-\d\d", told.get(name.lower(), "")):
            return day.group()
    return None


def _keep_article(page: Any) -> None:
    """Take away what stands around the article, but for the notes that were found in the page."""
    articles = [piece for piece in page.iter("article") if next(piece.iterancestors("article"), None) is None]
    mains = list(page.iter("main"))
    chosen = articles[0] if len(articles) == 1 else mains[0] if len(mains) == 1 else None
    body = page.find("body")
    if body is None:
        return
    notes = [piece for piece in body if piece.tag == "aside" and piece.get("epub:type") == "footnote"]
    if chosen is None:
        for piece in [child for child in body if child.tag == "footer"]:
            body.remove(piece)
        return
    for child in list(body):
        body.remove(child)
    body.text = None
    body.append(chosen)
    chosen.tail = None
    body.extend(notes)


def decode_page(data: bytes, shown: str) -> str:
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
    return decode_text(data, shown, directions=False)


def beside(path: Path) -> Callable[[str], bytes | None]:
    """Fetches the pictures of a page that was saved: those beside it, or inside the page as data: addresses."""
    folder = path.parent.resolve()

    def fetch(address: str) -> bytes | None:
        if address.startswith("data:"):
            head, _, payload = address.partition(",")
            try:
                raw = unquote_to_bytes(payload)
                return base64.b64decode(raw, validate=False) if head.endswith(";base64") else raw
            except binascii.Error:
                return None
        try:
            parts = urlsplit(address)
        except ValueError:  # brackets that hold no address of a machine
            return None
        if parts.scheme or parts.netloc or not parts.path:
            return None
        file = inside(folder, unquote(parts.path))
        return None if file is None else file.read_bytes()

    return fetch


# Footnotes


@dataclass(frozen=True, slots=True)
class _Call:
    """A link that calls a note, the mark that it shows, and the note."""

    link: Any
    mark: str
    note: Any


def _make_footnotes(page: Any) -> None:
    body = page.find("body")
    if body is None:
        return
    calls = list(_calls(page))
    made: dict[Any, str] = {}
    emptied: list[Any] = []
    for call in calls:
        if call.note not in made:
            made[call.note] = f"imported-note-{len(made) + 1}"
            emptied += [call.note.getparent()]
    for call in calls:
        link = call.link
        for attribute in list(link.attrib):
            del link.attrib[attribute]
        for child in list(link):
            link.remove(child)
        link.text = call.mark
        link.set("href", f"#{made[call.note]}")
        link.set("epub:type", "noteref")
        _raise_out(link)
    for note, name in made.items():
        marks = {call.mark for call in calls if call.note is note}
        body.append(_aside(note, name, marks))
    for parent in dict.fromkeys(emptied):
        _drop_if_empty(parent)


def _calls(page: Any) -> Iterator[_Call]:
    named: dict[str, Any] = {}
    for element in page.iter():
        if isinstance(element.tag, str):
            for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
                if name:
                    named.setdefault(name, element)
    order = {element: number for number, element in enumerate(page.iter())}
    for link in page.iter("a"):
        target = named.get(unquote((link.get("href") or "#")[1:])) if (link.get("href") or "").startswith("#") else None
        mark = _MARK.fullmatch(" ".join(link.text_content().split()))
        if target is None or mark is None or order[target] < order[link]:
            continue
        note = next((one for one in (target, *target.iterancestors()) if one.tag in _PARTS), None)
        if note is None or note in link.iterancestors() or len(note.text_content()) > 5000:
            continue
        if not _raised(link) and not _leads_back(note, link):
            continue
        if _leads_back(note, link) or _begins_with(note, mark[1]) or note.tag == "li":
            yield _Call(link, mark[1], note)


def _raised(link: Any) -> bool:
    """Whether a link stands above the line, or holds what does."""
    shown = " ".join(link.text_content().split())
    return (
        any(one.tag == "sup" for one in link.iterancestors())
        or any(one.tag == "sup" for one in link.iter())
        or bool(re.fullmatch(r"\[.{1,5}\]", shown))
    )


def _names_of(link: Any) -> set[str]:
    """The names by which a note can lead back to its call."""
    around = [link, *link.iter(), *[one for one in link.iterancestors() if one.tag in ("sup", "span")]]
    return {name for one in around for name in (one.get("id"), one.get("name")) if name}


def _leads_back(note: Any, link: Any) -> bool:
    names = _names_of(link)
    return any(unquote((one.get("href") or "")[1:]) in names for one in note.iter("a") if one is not link)


def _begins_with(note: Any, mark: str) -> bool:
    return bool(re.match(rf"[\s\[(]*{re.escape(mark)}[\s\]).]", f"{note.text_content()} "))


def _raise_out(link: Any) -> None:
    """A call out of its `sup`: whoever shows a note's call raises it."""
    above = link.getparent()
    while above is not None and above.tag in ("sup", "span", "b", "strong", "font") and _alone(link, above):
        link.tail = above.tail
        above.getparent().replace(above, link)
        above = link.getparent()


def _alone(link: Any, above: Any) -> bool:
    return len(above) == 1 and not (above.text or "").strip("[( \u00a0") and not (link.tail or "").strip("]) \u00a0")


def _aside(note: Any, name: str, marks: set[str]) -> Any:
    """What a note says, without its mark and its ways back, as pandoc knows a note."""
    for link in list(note.iter("a")):
        if (link.get("href") or "").startswith("#") and _BACK.fullmatch(link.text_content()):
            _cut(link)
    for element in list(note.iter("sup", "span")):
        if element is not note and not len(element) and (element.text or "").strip("[]() .") in marks:
            _cut(element)
            break
    aside = html.Element("aside")
    aside.set("id", name)
    aside.set("epub:type", "footnote")
    parent = note.getparent()
    tail = note.tail
    note.tail = None
    place = parent.index(note)
    parent.remove(note)
    if tail and tail.strip():
        rest = html.Element("p")
        rest.text = tail
        parent.insert(place, rest)
    if note.tag in ("p", "td", "dd"):
        note.tag = "p"
        aside.append(note)
        first = note
    else:
        aside.text, note.text = note.text, None
        aside.extend(list(note))
        first = aside
    holder = first
    while not (holder.text or "").strip() and len(holder) and holder[0].tag in ("p", "div", "span"):
        holder = holder[0]
    holder.text = re.sub(
        r"^[\s\u00a0]*[\[(]?(?:" + "|".join(map(re.escape, marks)) + r")[\])]?[.:]?[\s\u00a0]+", "", holder.text or ""
    )
    for element in aside.iter():
        element.attrib.pop("id", None) if element is not aside else None
    return aside


def _cut(element: Any) -> None:
    """Take an element away; what follows it stays."""
    parent, before = element.getparent(), element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _drop_if_empty(element: Any) -> None:
    """Take away the lists, rules and headings that the notes have left behind."""
    while element is not None and element.tag in ("ol", "ul", "div", "section", "table", "tbody", "tr"):
        left = [one for one in element if isinstance(one.tag, str)]
        headings = [
            one for one in left if re.fullmatch(r"h[1-6]", one.tag) and _NOTES.fullmatch(one.text_content().strip())
        ]
        if any(one.tag != "hr" and one not in headings for one in left) or (element.text or "").strip():
            return
        parent, before = element.getparent(), element.getprevious()
        _cut(element)
        if before is not None and (
            before.tag == "hr"
            or (re.fullmatch(r"h[1-6]", str(before.tag)) and _NOTES.fullmatch(before.text_content().strip()))
        ):
            _cut(before)
        element = parent
    if element is not None and len(element) and isinstance(element[-1].tag, str) and element[-1].tag == "hr":
        _cut(element[-1])


# Word's lists


def _make_lists(page: Any) -> None:
    """Paragraphs of Word's list styles as lists, one inside the other where Word says so."""
    for parent in list(page.iter()):
        if not isinstance(parent.tag, str):
            continue
        open_lists: list[tuple[int, Any]] = []
        for child in list(parent):
            item = _item(child)
            if item is None:
                if isinstance(child.tag, str):
                    open_lists = []
                continue
            level, ordered = item
            while open_lists and open_lists[-1][0] > level:
                open_lists.pop()
            if not open_lists or open_lists[-1][0] < level:
                made = html.Element("ol" if ordered else "ul")
                if open_lists and len(open_lists[-1][1]):
                    open_lists[-1][1][-1].append(made)
                else:
                    parent.insert(parent.index(child), made)
                open_lists.append((level, made))
            child.tail = None
            child.tag = "li"
            open_lists[-1][1].append(child)


def _item(element: Any) -> tuple[int, bool] | None:
    """The level of a paragraph in a list of Word's and whether the list is numbered; its sign is taken away."""
    if element.tag != "p" or not re.match(r"MsoListParagraph|MsoListBullet|MsoListNumber", element.get("class") or ""):
        return None
    sign = _SIGN.match(element.text_content())
    level = _LEVEL.search(element.get("style") or "")
    if sign is None:
        return None
    _cut_text(element, len(sign[0]))
    return int(level[1]) if level else 1, bool(re.search(r"\w", sign[1])) and sign[1] != "o"


def _cut_text(element: Any, length: int) -> int:
    """Take the first characters of an element's text away; how many are still to go."""
    text = element.text or ""
    element.text, length = text[length:], max(0, length - len(text))
    for child in element:
        if length:
            length = _cut_text(child, length)
        if length:
            tail = child.tail or ""
            child.tail, length = tail[length:], max(0, length - len(tail))
    return length
