"""What style sheets do to the words of a document: hide some, add some, number items otherwise.

Reads CSS by tinycss2 and matches selectors by cssselect2. Only what takes content away or adds words is looked at:
`display`, `visibility`, `content-visibility` and `opacity`, `content` of `::before`, `::after` and `::marker`, and
`list-style-type`. Style sheets are tried on a wide and on a narrow screen; what either hides is hidden. Words set aside
for screen readers alone (clipped to a pixel) are not hidden: they are there for those who need them.

https://www.w3.org/TR/css-cascade-5/, https://www.w3.org/TR/css-lists-3/, https://www.w3.org/TR/mediaqueries-4/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import cssselect2  # type: ignore[import-untyped]
import tinycss2  # type: ignore[import-untyped]
from lxml import etree

_HIDING = {
    "display": frozenset({"none"}),
    "visibility": frozenset({"hidden", "collapse"}),
    "content-visibility": frozenset({"hidden"}),
    "opacity": frozenset({"0", "0%", "0.0", ".0"}),
}
"""The properties that can hide, with the values that do."""
_LISTS = "list-style-type"
_NAMES = {"content": "content", _LISTS: _LISTS, "list-style": _LISTS}
"""The other properties that are looked at, each with the one that it sets."""
_AS_ELSEWHERE = frozenset(("inherit", "unset", "revert", "revert-layer"))
_WIDTHS = (1280, 360)
"""The screens that style sheets are tried on, in CSS pixels."""
_PIXELS = {"px": 1.0, "em": 16.0, "rem": 16.0}
_DEPTH = 5
"""How deep imports and nested rules are followed."""
_FEATURE = re.compile(r"\(\s*(min-|max-)?width\s*(:|<=|>=|<|>)\s*([\d.]+)(px|em|rem)\s*\)")

Load = Callable[[str], str | None]
"""Gives the text of a style sheet by its address as written; None where it is not there."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The elements that style sheets hide, the words that they add before and after what is in an element, the kinds
    of numerals that they give to items of lists (`lower-alpha`, `none`): more than one where screens differ."""

    hidden: frozenset[etree._Element] = frozenset()
    before: Mapping[etree._Element, str] = field(default_factory=dict)
    after: Mapping[etree._Element, str] = field(default_factory=dict)
    numerals: Mapping[etree._Element, tuple[str, ...]] = field(default_factory=dict)


NONE = Styles()


@dataclass(frozen=True, slots=True)
class _Declaration:
    name: str
    value: tuple[Any, ...]
    important: bool

    @property
    def word(self) -> str:
        return str(tinycss2.serialize(self.value)).strip().lower()


@dataclass(frozen=True, slots=True)
class _Rule:
    """One selector with what it declares of interest, and the media that it is for."""

    selector: Any
    declarations: tuple[_Declaration, ...]
    media: tuple[str, ...]
    hides: bool = False
    adds: bool = False
    lists: bool = False


def styles_of(root: etree._Element, load: Load) -> Styles:
    """What the style sheets of a document, linked and its own, do to it."""
    rules = [rule for text, media in _sheets(root, load) for rule in _rules(text, media, load)]
    hiding = [rule for rule in rules if rule.hides]
    adding = [rule for rule in rules if rule.selector.pseudo_element in ("before", "after", "marker") and rule.adds]
    listing = [rule for rule in rules if rule.selector.pseudo_element is None and rule.lists]
    if not (hiding or adding or listing or root.xpath("boolean(//@style[contains(., 'list-style')])")):
        return NONE
    # cssselect2 knows elements alone.
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    made = cssselect2.ElementWrapper.from_xml_root if _is_xml(root) else cssselect2.ElementWrapper.from_html_root
    elements = list(made(root).iter_subtree())
    before, after = (_added_anywhere(elements, adding, which) for which in ("before", "after"))
    items = [element for element in elements if element.local_name == "li"]
    marked, numerals = _markers(items, listing)
    for marks in (marked, _added_anywhere(items, adding, "marker")):
        before.update({item: f"{text} {before.get(item, '')}" for item, text in marks.items()})
    plain = [rule for rule in rules if rule.selector.pseudo_element is None]
    concerned = list(_matched(elements, [rule for rule in plain if rule.hides]))
    hidden: set[etree._Element] = set()
    for width in _WIDTHS if concerned else ():
        hidden |= set(_hidden(concerned, [rule for rule in plain if _holds(rule, width)]))
    return Styles(frozenset(hidden), before, after, numerals)


def _is_xml(root: etree._Element) -> bool:
    return str(root.tag).startswith("{")


def _sheets(root: etree._Element, load: Load) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The style sheets in the order of the document, each with the media that it is for."""
    for element in root.iter("{*}link", "{*}style"):
        media = (element.get("media", ""),) if element.get("media", "").strip() else ()
        if etree.QName(element).localname == "style":
            yield element.text or "", media
        elif "stylesheet" in (rel := element.get("rel", "").lower().split()) and "alternate" not in rel:
            text = load(element.get("href", ""))
            if text is not None:
                yield text, media


def _rules(text: str, media: tuple[str, ...], load: Load, depth: int = 0) -> Iterator[_Rule]:
    yield from (replace(rule, media=(*media, *rule.media)) if media else rule for rule in _parsed(text))
    for address, condition in _imports(text):
        imported = load(address) if depth < _DEPTH else None
        if imported is not None:
            yield from _rules(imported, (*media, *condition), load, depth + 1)


@lru_cache(maxsize=16)
def _parsed(text: str) -> tuple[_Rule, ...]:
    """The rules of a style sheet that matter here; kept, since a book's documents share theirs."""
    return tuple(_flat(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), (), None, 0))


@lru_cache(maxsize=16)
def _imports(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    if "@import" in text:
        for node in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
            if node.type == "at-rule" and node.lower_at_keyword == "import":
                first, *rest = [token for token in node.prelude if token.type != "whitespace"] or [None]
                address = _address(first)
                condition = str(tinycss2.serialize(rest)).strip()
                if address:
                    found.append((address, (condition,) if condition else ()))
    return tuple(found)


def _address(token: Any) -> str:
    if token is not None and token.type in ("string", "url"):
        return str(token.value)
    if token is not None and token.type == "function" and token.lower_name == "url":
        return "".join(str(inner.value) for inner in token.arguments if inner.type == "string")
    return ""


def _flat(nodes: Sequence[Any], media: tuple[str, ...], around: str | None, depth: int) -> Iterator[_Rule]:
    """Rules with those nested in them, in order."""
    if depth > _DEPTH:
        return
    for node in nodes:
        if node.type == "at-rule" and node.content is not None:
            condition = (str(tinycss2.serialize(node.prelude)),) if node.lower_at_keyword == "media" else ()
            if node.lower_at_keyword in ("media", "supports", "layer"):
                inner = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
                yield from _flat(inner, (*media, *condition), around, depth + 1)
        elif node.type == "qualified-rule":
            yield from _rule(node, media, around, depth)


def _rule(node: Any, media: tuple[str, ...], around: str | None, depth: int) -> Iterator[_Rule]:
    prelude = str(tinycss2.serialize(node.prelude)).strip()
    if around is not None:
        prelude = prelude.replace("&", f":is({around})") if "&" in prelude else f":is({around}) {prelude}"
    inside = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
    declared = tuple(
        _Declaration(_NAMES.get(one.lower_name, one.lower_name), tuple(one.value), bool(one.important))
        for one in inside
        if one.type == "declaration" and (one.lower_name in _HIDING or one.lower_name in _NAMES)
    )
    if declared:
        try:
            selectors = cssselect2.compile_selector_list(prelude)
        except cssselect2.SelectorError:
            selectors = []  # a browser leaves such a rule out, too
        hides, adds = any(map(_hides, declared)), any(one.name == "content" for one in declared)
        lists = any(one.name == _LISTS for one in declared)
        yield from (_Rule(selector, declared, media, hides, adds, lists) for selector in selectors)
    nested = [one for one in inside if one.type in ("qualified-rule", "at-rule")]
    if nested:
        yield from _flat(nested, media, prelude, depth + 1)


# Media


def _holds(rule: _Rule, width: int) -> bool:
    return all(_applies(media, width) for media in rule.media)


def _applies(media: str, width: int) -> bool:
    """Whether a list of media queries holds on a screen of this width; what is not known here does not."""
    return any(_query(query, width) for query in media.lower().split(","))


def _query(query: str, width: int) -> bool:
    kind, *conditions = (part.strip() for part in query.strip().split(" and "))
    negated = kind.startswith("not ")
    kind = kind.removeprefix("not ").removeprefix("only ").strip()
    if kind.startswith("("):
        conditions.insert(0, kind)
        kind = "all"
    holds = kind in ("all", "screen", "") and all(_condition(condition, width) for condition in conditions)
    return holds is not negated


def _condition(condition: str, width: int) -> bool:
    found = _FEATURE.fullmatch(condition)
    if found is None:
        return False
    limit = float(found[3]) * _PIXELS[found[4]]
    match found[1], found[2]:
        case "min-", _:
            return width >= limit
        case "max-", _:
            return width <= limit
        case _, ">=":
            return width >= limit
        case _, "<=":
            return width <= limit
        case _, ">":
            return width > limit
        case _, "<":
            return width < limit
        case _:
            return width == limit


# The cascade


def _hides(declaration: _Declaration) -> bool:
    return declaration.word in _HIDING.get(declaration.name, ())


def _matched(elements: Sequence[Any], rules: Sequence[_Rule]) -> Iterator[Any]:
    """The elements that any of the rules is for."""
    matcher = cssselect2.Matcher()
    for rule in rules:
        matcher.add_selector(rule.selector, rule)
    return (element for element in elements if matcher.match(element)) if rules else iter(())


def _hidden(elements: Iterable[Any], rules: Sequence[_Rule]) -> Iterator[etree._Element]:
    """The elements for which a declaration that hides wins over all others of its property."""
    for element in elements:
        rivals = [(number, rule) for number, rule in enumerate(rules) if rule.selector.test(element)]
        for name in _HIDING:
            won = _winner(element, rivals, name)
            if won is not None and _hides(won):
                yield element.etree_element
                break


def _winner(element: Any, rules: Sequence[tuple[int, _Rule]], name: str) -> _Declaration | None:
    """The declaration of one property that the cascade chooses: by importance, place, specificity, order."""
    rivals = [
        ((one.important, False, rule.selector.specificity, number), one)
        for number, rule in rules
        for one in rule.declarations
        if one.name == name
    ]
    style = element.etree_element.get("style")
    if style:
        for one in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
            if one.type == "declaration" and _NAMES.get(one.lower_name, one.lower_name) == name:
                own = _Declaration(name, tuple(one.value), bool(one.important))
                rivals.append(((own.important, True, (0, 0, 0), 0), own))
    return max(rivals, key=lambda rival: rival[0])[1] if rivals else None


def _by_width(rules: Sequence[_Rule]) -> Iterator[list[_Rule]]:
    """The rules that hold on each of the screens, where they are others than on those before."""
    held: list[list[_Rule]] = []
    for width in _WIDTHS:
        holding = [rule for rule in rules if _holds(rule, width)]
        if holding not in held:
            held.append(holding)
            yield holding


def _added_anywhere(elements: Sequence[Any], rules: Sequence[_Rule], which: str) -> dict[etree._Element, str]:
    """The words that are added at any width: one after another where they differ."""
    found: dict[etree._Element, str] = {}
    for holding in _by_width(rules):
        for element, text in _added(elements, holding, which):
            if text not in found.get(element, ""):
                found[element] = f"{found[element]} {text}" if element in found else text
    return found


def _added(elements: Sequence[Any], rules: Sequence[_Rule], which: str) -> Iterator[tuple[etree._Element, str]]:
    """The words that style sheets put before or after what is in an element; signs alone are none."""
    there = [rule for rule in rules if rule.selector.pseudo_element == which]
    for element in _matched(elements, [rule for rule in there if _may_say(rule)]):
        won = _winner(element, [(n, rule) for n, rule in enumerate(there) if rule.selector.test(element)], "content")
        text = "".join(_words(won.value, element.etree_element)) if won else ""
        if re.search(r"\w", text):
            yield element.etree_element, text


def _markers(
    items: Sequence[Any], rules: Sequence[_Rule]
) -> tuple[dict[etree._Element, str], dict[etree._Element, tuple[str, ...]]]:
    """What rules and attributes put before items of lists: words, or numerals of a kind, where they say so."""
    words: dict[etree._Element, str] = {}
    numerals: dict[etree._Element, tuple[str, ...]] = {}
    for holding in _by_width(rules):
        known: dict[etree._Element, _Declaration | None] = {}
        for item in items:
            told = _inherited(item, list(enumerate(holding)), known)
            kind, text = _marker(told.value) if told else ("", "")
            element = item.etree_element
            if re.search(r"\w", text):
                words[element] = text
            elif kind and kind not in numerals.get(element, ()):
                numerals[element] = (*numerals.get(element, ()), kind)
    return words, numerals


def _inherited(
    element: Any, rules: Sequence[tuple[int, _Rule]], known: dict[etree._Element, _Declaration | None]
) -> _Declaration | None:
    """The declaration of the style of a list's items: its own, else that of the nearest element around it."""
    passed = []
    won = None
    while element is not None and won is None:
        if element.etree_element in known:
            won = known[element.etree_element]
            break
        passed.append(element.etree_element)
        own = _winner(element, [(n, rule) for n, rule in rules if rule.selector.test(element)], _LISTS)
        won = own if own is not None and _says(own) else None
        element = element.parent
    known.update(dict.fromkeys(passed, won))
    return won


def _says(style: _Declaration) -> bool:
    """Whether a style of lists is told here, and not as around it, as without it, or by a variable."""
    return style.word not in _AS_ELSEWHERE and not any(token.type == "function" for token in style.value)


def _marker(value: Sequence[Any]) -> tuple[str, str]:
    """The name of a list's style, and the words that it puts before each item instead."""
    names = [token.lower_value for token in value if token.type == "ident"]
    kinds = [name for name in names if name not in ("inside", "outside")]
    return next(iter(kinds), "disc"), next((str(token.value) for token in value if token.type == "string"), "")


def _may_say(rule: _Rule) -> bool:
    """Whether a rule's content may be words: not where it is signs alone."""
    return any(
        (token.type == "string" and re.search(r"\w", token.value)) or token.type == "function"
        for one in rule.declarations
        if one.name == "content"
        for token in one.value
    )


def _words(value: Sequence[Any], element: etree._Element) -> Iterator[str]:
    """https://www.w3.org/TR/css-content-3/#content-property; numbers of counters are left out."""
    for token in value:
        if token.type == "string":
            yield str(token.value)
        elif token.type == "function" and token.lower_name == "attr":
            yield element.get(str(tinycss2.serialize(token.arguments)).strip(), "")
