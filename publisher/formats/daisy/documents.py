"""The documents of a DAISY 2.02 book beside its text: `ncc.html`, by which players navigate, and the SMIL files.

https://daisy.org/activities/standards/daisy/daisy-2/daisy-format-2-02-specification/ (2.1 NCC, 2.3 SMIL, 2.4 master
SMIL); notes as its recommendation on skippable structures has them
(https://www.daisy.org/z3986/specifications/d202skiprec/d202_skippability_rec.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from lxml import etree

from publisher.formats.daisy.book import Moment, Part, Point
from publisher.formats.daisy.markup import XHTML

NCC = "ncc.html"
CONTENT = "content.html"
MASTER = "master.smil"
FORMAT = "Daisy 2.02"
DOCTYPE = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
)
_SMIL_DOCTYPE = '<!DOCTYPE smil PUBLIC "-//W3C//DTD SMIL 1.0//EN" "http://www.w3.org/TR/REC-smil/SMIL10.dtd">'
_SCHEMES = {"dc:date": "yyyy-mm-dd", "dc:language": "ISO 639", "ncc:totalTime": "hh:mm:ss"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Facts = Sequence[tuple[str, str]]
"""Metadata by name, in order; a name may come more than once."""
_Maker = Callable[..., etree._Element]


def ncc(title: str, lang: str, points: Sequence[Point], facts: Facts) -> bytes:
    """The navigation control centre: a heading for each heading of the text, a span for each note."""
    head = _html("head", {}, _html("title", {}, title), *_metas(_html, facts))
    head.insert(1, _html("meta", {"http-equiv": "Content-type", "content": "text/html; charset=utf-8"}))
    entries = [_entry(number, point) for number, point in enumerate(points, start=1)]
    root = _html("html", {"lang": lang, _LANG: lang}, head, _html("body", {}, *entries))
    return written(root, DOCTYPE)


def _entry(number: int, point: Point) -> etree._Element:
    name = "span" if point.kind == "note" else f"h{min(point.level, 6)}"
    kind = {"class": "noteref"} if point.kind == "note" else {"class": "title"} if number == 1 else {}
    return _html(name, {**kind, "id": f"n{number:04}"}, _html("a", {"href": point.href}, point.text))


def smil(part: Part, elapsed: int, facts: Facts) -> bytes:
    """A part's SMIL 1.0: what is shown with each stretch of its sound. `elapsed` is the milliseconds before it."""
    times = (
        ("ncc:totalElapsedTime", clock(elapsed)),
        ("ncc:timeInThisSmil", clock(part.milliseconds)),
        ("title", part.title),
    )
    pars = (_par(part, moment) for moment in part.moments)
    body = _smil("body", {}, _smil("seq", {"dur": f"{part.milliseconds / 1000:.3f}s"}, *pars))
    return written(_smil("smil", {}, _smil_head((*facts, *times)), body), _SMIL_DOCTYPE)


def _par(part: Part, moment: Moment) -> etree._Element:
    # Players can be told to leave notes out.
    skippable = {"system-required": "footnote-on"} if moment.note is not None else {}
    number = f"{moment.number:04}"
    sound = {
        "src": part.sound,
        "clip-begin": _npt(moment.begin),
        "clip-end": _npt(moment.end),
        "id": f"a{number}",
    }
    return _smil(
        "par",
        {"endsync": "last", **skippable, "id": moment.id},
        _smil("text", {"src": f"{CONTENT}#{moment.element}", "id": f"t{number}"}),
        _smil("seq", {}, _smil("audio", sound)),
    )


def master(parts: Sequence[Part], facts: Facts) -> bytes:
    """The whole presentation: the SMIL files in their order."""
    total = ("ncc:timeInThisSmil", clock(sum(part.milliseconds for part in parts)))
    refs = [_smil("ref", {"src": part.smil, "title": part.title, "id": f"m{part.number:04}"}) for part in parts]
    return written(_smil("smil", {}, _smil_head((*facts, total)), _smil("body", {}, *refs)), _SMIL_DOCTYPE)


def _smil_head(facts: Facts) -> etree._Element:
    return _smil("head", {}, *_metas(_smil, facts), _smil("layout", {}, _smil("region", {"id": "textView"})))


def _metas(maker: _Maker, facts: Facts) -> Iterable[etree._Element]:
    for name, content in facts:
        scheme = {"scheme": _SCHEMES[name]} if maker is _html and name in _SCHEMES else {}
        yield maker("meta", {"name": name, "content": content, **scheme})


def clock(milliseconds: int) -> str:
    """`3723500` → `01:02:03.500`; without the fraction where it is nothing."""
    seconds, rest = divmod(milliseconds, 1000)
    whole = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{whole}.{rest:03}" if rest else whole


def _npt(milliseconds: int) -> str:
    return f"npt={milliseconds / 1000:.3f}s"


def _html(name: str, attributes: Mapping[str, str], *children: etree._Element | str) -> etree._Element:
    names: dict[str | None, str] = {None: XHTML}
    made = etree.Element(f"{{{XHTML}}}{name}", dict(attributes), nsmap=names)  # type: ignore[arg-type]
    return _filled(made, children)


def _smil(name: str, attributes: Mapping[str, str], *children: etree._Element | str) -> etree._Element:
    return _filled(etree.Element(name, dict(attributes)), children)


def _filled(element: etree._Element, children: Iterable[etree._Element | str]) -> etree._Element:
    for child in children:
        if isinstance(child, str):
            element.text = child
        else:
            element.append(child)
    return element


def written(root: etree._Element, doctype: str, *, indent: bool = True) -> bytes:
    """A document's bytes. `indent` adds white space, which only documents without running text may be given."""
    if indent:
        etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, doctype=doctype) + b"\n"
