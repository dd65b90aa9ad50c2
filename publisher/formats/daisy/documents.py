"""The documents of a DAISY 2.02 book: `ncc.html`, by which players navigate, a SMIL file a part, the text.

https://daisy.org/activities/standards/daisy/daisy-2/daisy-format-2-02-specification/ (sections 2.1 to 2.4)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lxml import etree

from publisher import __version__
from publisher.formats.daisy.book import Part, Phrase
from publisher.model.languages import direction
from publisher.model.publication import Metadata

XHTML = "http://www.w3.org/1999/xhtml"
XHTML_DOCTYPE = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
)
SMIL_DOCTYPE = '<!DOCTYPE smil PUBLIC "-//W3C//DTD SMIL 1.0//EN" "http://www.w3.org/TR/REC-smil/SMIL10.dtd">'
TEXT = "text.html"
NCC = "ncc.html"
MASTER = "master.smil"
GENERATOR = f"concordant-publisher {__version__}"

_NAMESPACES: Any = {None: XHTML}  # the stubs know no default namespace

Child = etree._Element | str
Maker = Callable[..., etree._Element]


def _html(name: str, attributes: Mapping[str, str], *children: Child) -> etree._Element:
    return _filled(etree.Element(f"{{{XHTML}}}{name}", dict(attributes), nsmap=_NAMESPACES), children)


def _smil(name: str, attributes: Mapping[str, str], *children: Child) -> etree._Element:
    return _filled(etree.Element(name, dict(attributes)), children)


def _filled(element: etree._Element, children: Iterable[Child]) -> etree._Element:
    """An element with its words, which come before the elements inside it."""
    for child in children:
        if isinstance(child, str):
            element.text = child
        else:
            element.append(child)
    return element


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the navigation: where its phrase stands, and its level from 1 on."""

    level: int
    text: str
    lang: str
    href: str


def headings_of(parts: Sequence[Part], title: str, lang: str) -> tuple[Heading, ...]:
    """The entries of the navigation in order: the title, each part, the headings inside the parts; no level skipped."""
    found: list[Heading] = []
    for part in parts:
        phrases = list(part.phrases)
        inner = [passage for passage in part.passages if passage.level is not None]
        begins = bool(inner) and inner[0].phrases[0] is phrases[0]
        if part.number == 1:
            found.append(Heading(1, title, lang, _event(part, phrases[0])))
            continue
        if not begins:
            found.append(Heading(1, part.title, lang, _event(part, phrases[0])))
        for passage in inner:
            level = max(1, (passage.level or 2) - 1)
            first = passage.phrases[0]
            words = " ".join(phrase.text for phrase in passage.phrases)
            found.append(Heading(min(level, found[-1].level + 1), words, first.lang, _event(part, first)))
    return tuple(found)


def _event(part: Part, phrase: Phrase) -> str:
    return f"{part.smil}#{phrase.id}"


def ncc(metadata: Metadata, headings: Sequence[Heading], facts: Mapping[str, str]) -> bytes:
    """The navigation control centre. `facts` are its metadata by name, beside those of the edition."""
    entries = []
    for number, heading in enumerate(headings, start=1):
        attributes = {
            "id": f"ncc-{number:04}",
            **({"class": "title"} if number == 1 else {}),
            **_language(heading.lang),
        }
        entries.append(_html(f"h{min(heading.level, 6)}", attributes, _html("a", {"href": heading.href}, heading.text)))
    return _page(metadata, [*_edition(metadata), *facts.items()], entries)


def text(metadata: Metadata, parts: Iterable[Part]) -> bytes:
    """What is shown while it sounds: each phrase with an id, in the order of hearing."""
    body = []
    for part in parts:
        passages = []
        for passage in part.passages:
            level = min(passage.level or 0, 6)
            spans = [
                _html("span", {"id": phrase.id, **_language(phrase.lang)}, phrase.text) for phrase in passage.phrases
            ]
            for span in spans[:-1]:
                span.tail = " "
            passages.append(_html(f"h{level}" if level else "p", {"class": "note"} if passage.note else {}, *spans))
        body.append(_html("div", {"class": "part", "id": f"part{part.number:04}"}, *passages))
    return _page(metadata, _edition(metadata), body)


def _language(lang: str) -> dict[str, str]:
    right = {"dir": "rtl"} if direction(lang) == "rtl" else {}
    return {"lang": lang, "{http://www.w3.org/XML/1998/namespace}lang": lang, **right}


def _page(metadata: Metadata, facts: Iterable[tuple[str, str]], body: Iterable[etree._Element]) -> bytes:
    head = _html(
        "head",
        {},
        _html("title", {}, metadata.title),
        _html("meta", {"http-equiv": "Content-type", "content": "text/html; charset=utf-8"}),
        *(_meta(_html, name, content) for name, content in facts),
    )
    root = _html("html", _language(metadata.lang), head, _html("body", {}, *body))
    return _written(root, XHTML_DOCTYPE)


def _meta(maker: Maker, name: str, content: str) -> etree._Element:
    schemes = {"dc:date": "yyyy-mm-dd", "dc:language": "ISO 639", "ncc:totalTime": "hh:mm:ss"}
    scheme = {"scheme": schemes[name]} if name in schemes else {}
    return maker("meta", {"name": name, "content": content, **scheme})


def _edition(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """The edition's own facts, by the names of section 2.1.2."""
    yield "dc:title", metadata.title
    for creator in metadata.creators:
        yield ("dc:creator" if creator.role == "aut" else "dc:contributor"), creator.name
    if not any(creator.role == "aut" for creator in metadata.creators):
        yield "dc:creator", metadata.publisher or metadata.title
    if metadata.date is not None:
        yield "dc:date", metadata.date.isoformat()
    yield "dc:format", "Daisy 2.02"
    yield "dc:identifier", metadata.identifier
    yield "dc:language", metadata.lang
    yield "dc:publisher", metadata.publisher or metadata.title
    if metadata.rights:
        yield "dc:rights", metadata.rights
    yield from (("dc:subject", subject) for subject in metadata.subjects)
    yield "ncc:generator", GENERATOR


def smil(metadata: Metadata, part: Part, elapsed: int) -> bytes:
    """A part's SMIL 1.0: for each phrase its text and its sound. `elapsed` is the milliseconds of the parts before."""
    moments = list(clips(part))
    total = moments[-1][1]
    pars = []
    for passage in part.passages:
        for phrase in passage.phrases:
            begin, end = moments[phrase.number - 1]
            sound = {"src": part.sound, "clip-begin": _npt(begin), "clip-end": _npt(end), "id": f"a{phrase.id}"}
            # Players can be told to leave notes out: section 2.3.4, skippable structures.
            skippable = {"system-required": "footnote-on"} if passage.note else {}
            pars.append(
                _smil(
                    "par",
                    {"endsync": "last", "id": f"r{phrase.id}", **skippable},
                    _smil("text", {"src": f"{TEXT}#{phrase.id}", "id": phrase.id}),
                    _smil("seq", {}, _smil("audio", sound)),
                )
            )
    facts = [
        ("dc:format", "Daisy 2.02"),
        ("dc:identifier", metadata.identifier),
        ("dc:title", metadata.title),
        ("ncc:generator", GENERATOR),
        ("ncc:totalElapsedTime", clock(elapsed)),
        ("ncc:timeInThisSmil", clock(total)),
        ("title", part.title),
    ]
    body = _smil("body", {}, _smil("seq", {"dur": f"{total / 1000:.3f}s"}, *pars))
    return _written(_smil("smil", {}, _head(facts), body), SMIL_DOCTYPE)


def master(metadata: Metadata, parts: Sequence[Part]) -> bytes:
    """The presentation as a whole: the SMIL files in their order."""
    facts = [
        ("dc:format", "Daisy 2.02"),
        ("dc:identifier", metadata.identifier),
        ("dc:title", metadata.title),
        ("ncc:generator", GENERATOR),
        ("ncc:timeInThisSmil", clock(sum(milliseconds(part) for part in parts))),
    ]
    refs = [_smil("ref", {"src": part.smil, "title": part.title, "id": f"s{part.number:04}"}) for part in parts]
    return _written(_smil("smil", {}, _head(facts), _smil("body", {}, *refs)), SMIL_DOCTYPE)


def _head(facts: Iterable[tuple[str, str]]) -> etree._Element:
    metas = [_meta(_smil, name, content) for name, content in facts]
    return _smil("head", {}, *metas, _smil("layout", {}, _smil("region", {"id": "textView"})))


def clips(part: Part) -> Iterator[tuple[int, int]]:
    """From when to when each phrase is shown, in milliseconds: until the next one begins, pauses included."""
    begins = [0, *(round(phrase.begin * 1000) for phrase in list(part.phrases)[1:]), milliseconds(part)]
    yield from pairwise(begins)


def milliseconds(part: Part) -> int:
    """How long a part sounds."""
    return int(part.track.duration * 1000)


def clock(milliseconds: int) -> str:
    """`3723500` → `01:02:04`: full seconds, as players' clocks have them."""
    seconds = round(milliseconds / 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _npt(milliseconds: int) -> str:
    return f"npt={milliseconds / 1000:.3f}s"


def _written(root: etree._Element, doctype: str) -> bytes:
    etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, doctype=doctype) + b"\n"
