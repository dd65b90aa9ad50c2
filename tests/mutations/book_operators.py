"""What can go wrong with an EPUB beside its text: page list, notes as data, older contents, style sheet, pictures."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

from lxml import etree
from mutants import Nothing, Operator
from trees import EPUB_TYPE, Tree, drop, pieces, swap, tree_operator

from publisher.model.artefacts import UnitRole

_ANNOTATIONS = "META-INF/annotations.json"
_OPF = "{http://www.idpf.org/2007/opf}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"


# The page list


def _breaks(tree: Tree) -> list[etree._Element]:
    return [e for root in tree.documents.values() for e in root.iter("*") if e.get("role") == "doc-pagebreak"]


def _page_lines(tree: Tree) -> list[etree._Element]:
    return [
        li
        for root in tree.documents.values()
        for nav in root.iter("{*}nav")
        if nav.get(EPUB_TYPE) == "page-list"
        for li in nav.iter("{*}li")
    ]


def break_dropped(tree: Tree, random: Random) -> bool:
    drop(random.choice(_breaks(tree)))
    return True


def break_moved(tree: Tree, random: Random) -> bool:
    """A page begins at the end of another block."""
    one = random.choice(_breaks(tree))
    blocks = [b for b in tree.blocks() if len(b) and any(True for _ in pieces(b)) and str(b.tag).endswith("}p")]
    parent = one.getparent()
    away = [b for b in blocks if b is not parent and b.getroottree() is not None and b not in (one.getnext(),)]
    target = random.choice(away)
    drop(one)
    one.tail = None
    one.tag = "{http://www.w3.org/1999/xhtml}span"
    target.append(one)
    return True


def break_renamed(tree: Tree, random: Random) -> bool:
    one = random.choice(_breaks(tree))
    one.set("aria-label", str(int(one.get("aria-label", "0")) + 500))
    return True


def page_line_dropped(tree: Tree, random: Random) -> bool:
    drop(random.choice(_page_lines(tree)))
    return True


def page_lines_swapped(tree: Tree, random: Random) -> bool:
    swap(*random.choice(list(itertools.pairwise(_page_lines(tree)))))
    return True


def page_line_elsewhere(tree: Tree, random: Random) -> bool:
    links = [next(li.iter("{*}a")) for li in _page_lines(tree)]
    one, other = random.sample(links, 2)
    one.set("href", other.get("href", ""))
    return True


def page_lines_dropped(tree: Tree, random: Random) -> bool:
    lines = _page_lines(tree)
    if not lines:
        raise Nothing
    for line in lines:
        drop(line)
    return True


def page_source(tree: Tree, random: Random) -> bool:
    assert tree.package is not None
    metas = [e for e in tree.package.iter(f"{_OPF}meta") if e.get("property") == "pageBreakSource"]
    random.choice(metas).text = "urn:isbn:9780000000002"
    return True


# Notes as data


def annotations(change: Callable[[dict[str, Any], Random], None]) -> Callable[[Tree, Random], bool]:
    def mutate(tree: Tree, random: Random) -> bool:
        if _ANNOTATIONS not in tree.members:
            raise Nothing
        told = json.loads(tree.members[_ANNOTATIONS])
        change(told, random)
        tree.members[_ANNOTATIONS] = json.dumps(told, ensure_ascii=False).encode()
        return True

    return mutate


def _dropped(told: dict[str, Any], random: Random) -> None:
    del told["items"][random.randrange(len(told["items"]))]


def _doubled(told: dict[str, Any], random: Random) -> None:
    told["items"].append(random.choice(told["items"]))


def _swapped(told: dict[str, Any], random: Random) -> None:
    n = random.randrange(len(told["items"]) - 1)
    told["items"][n], told["items"][n + 1] = told["items"][n + 1], told["items"][n]


def _reworded(told: dict[str, Any], random: Random) -> None:
    body = random.choice(told["items"])["body"]
    at = random.choice([match.start() for match in re.finditer(r"\w", body["value"])])
    body["value"] = body["value"][:at] + ("x" if body["value"][at] != "x" else "y") + body["value"][at + 1 :]


def _by_another(told: dict[str, Any], random: Random) -> None:
    random.choice(told["items"])["creator"]["name"] = "Nobody at All"


def _of_another_day(told: dict[str, Any], random: Random) -> None:
    random.choice(told["items"])["created"] = "1999-01-01T00:00:00Z"


def _of_another_kind(told: dict[str, Any], random: Random) -> None:
    random.choice(told["items"])["body"]["tags"] = ["rumour"]


def _elsewhere(told: dict[str, Any], random: Random) -> None:
    """The selectors choose other words."""
    quotes = [
        selector
        for item in told["items"]
        for selector in item["target"]["selector"]
        if selector["type"] == "TextQuoteSelector"
    ]
    random.choice(quotes)["exact"] = "words that nobody wrote"


# Older contents, style sheet, pictures


def _points(tree: Tree) -> tuple[str, etree._Element, list[etree._Element]]:
    """The NCX, and its lines that lead to headings."""
    names = [name for name in tree.members if name.endswith(".ncx")]
    if not names:
        raise Nothing
    root = etree.fromstring(tree.members[names[0]])
    ids = {unit.id for unit in tree.subject.units if unit.role is UnitRole.HEADING}
    points = [
        point
        for point in root.iter(f"{_NCX}navPoint")
        for content in point.iterchildren(f"{_NCX}content")
        if content.get("src", "").rpartition("#")[2] in ids
    ]
    return names[0], root, points


def ncx_line_dropped(tree: Tree, random: Random) -> bool:
    name, root, points = _points(tree)
    drop(random.choice(points))
    tree.members[name] = etree.tostring(root)
    return True


def ncx_line_reworded(tree: Tree, random: Random) -> bool:
    name, root, points = _points(tree)
    label = next(random.choice(points).iter(f"{_NCX}text"))
    label.text = f"{label.text} zwölfmal"
    tree.members[name] = etree.tostring(root)
    return True


def hidden_by_the_style_sheet(tree: Tree, random: Random) -> bool:
    block = random.choice([b for b in tree.blocks() if any(True for _ in pieces(b))])
    for name in [name for name in tree.members if name.endswith(".css")]:
        rule = f"\n[id='{block.get('id')}'] {{ display: none }}\n"
        tree.members[name] += rule.encode()
    return True


def picture_bytes_swapped(tree: Tree, random: Random) -> bool:
    """Two pictures change their files' contents; their names stay."""
    ids = {unit.id for unit in tree.subject.units if unit.role is UnitRole.ALTERNATIVE}
    shown = {e.get("src", "").rpartition("/")[2] for e in tree.elements("img") if e.get("id") in ids}
    files = sorted(name for name in tree.members if name.rpartition("/")[2] in shown)
    one, other = random.sample(files, 2)
    tree.members[one], tree.members[other] = tree.members[other], tree.members[one]
    return True


def cover_replaced(tree: Tree, random: Random) -> bool:
    assert tree.package is not None
    if tree.subject.source.publication.metadata.cover is None:
        raise Nothing  # one is drawn, which nothing can be held against
    (href,) = (e.get("href") for e in tree.package.iter(f"{_OPF}item") if e.get("properties") == "cover-image")
    (name,) = (name for name in tree.members if name.endswith(f"/{href}"))
    tree.members[name] += b"\0"
    return True


BOOK_OPERATORS: tuple[Operator, ...] = tuple(
    tree_operator(name, expects, change)
    for name, expects, change in (
        ("page break dropped", "page-list-missing page-list-target", break_dropped),
        ("page break moved", "page-list-place page-list-order", break_moved),
        ("page break renamed", "page-list-added page-list-target", break_renamed),
        ("page list: line dropped", "page-list-missing", page_line_dropped),
        ("page list: lines swapped", "page-list-order", page_lines_swapped),
        ("page list: line elsewhere", "page-list-target", page_line_elsewhere),
        ("page list dropped", "page-list-missing", page_lines_dropped),
        ("pages of another file", "page-list-source", page_source),
        ("annotation dropped", "annotation-missing", annotations(_dropped)),
        ("annotation doubled", "annotation-added", annotations(_doubled)),
        ("annotations swapped", "annotation-order", annotations(_swapped)),
        ("annotation reworded", "annotation-altered", annotations(_reworded)),
        ("annotation by another", "annotation-altered", annotations(_by_another)),
        ("annotation of another day", "annotation-altered", annotations(_of_another_day)),
        ("annotation of another kind", "annotation-altered", annotations(_of_another_kind)),
        ("annotation on other words", "annotation-altered", annotations(_elsewhere)),
        ("older contents: line dropped", "contents-missing", ncx_line_dropped),
        ("older contents: line reworded", "contents-altered", ncx_line_reworded),
        ("block hidden by the style sheet", "unit-hidden", hidden_by_the_style_sheet),
        ("pictures’ files swapped", "picture-altered", picture_bytes_swapped),
        ("cover replaced", "cover-altered", cover_replaced),
    )
)
