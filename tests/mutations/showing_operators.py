"""What can go wrong between what a document shows and what it says: words for the eye alone, numbers of footnotes and
of items, links that look right."""

from __future__ import annotations

import re
from random import Random

from lxml import etree
from mutants import Operator
from trees import Tree, is_sentence, same_words, style, tag_like, tree_operator, within


def _sentences(tree: Tree) -> list[etree._Element]:
    return [e for e in tree.elements("span") if is_sentence(e) and not within(e, "a", "header")]


def seen_alone(tree: Tree, random: Random) -> bool:
    """Words that no assistive technology is told; they stand elsewhere in the text, so they are no strange ones."""
    one = random.choice(_sentences(tree))
    made = etree.Element(tag_like(one, "span"))
    name, value = random.choice([("aria-hidden", "true"), ("inert", "inert")])
    made.set(name, value)
    made.text = random.choice([word for e in _sentences(tree) for word in re.findall(r"\w{2,}", e.text or "")])
    one.insert(0, made)
    made.tail, one.text = f" {one.text or ''}", ""
    return True


def _footnotes(tree: Tree) -> list[etree._Element]:
    return [e for e in tree.elements("*") if e.get("class") == "footnote-number"]


def footnote_number(tree: Tree, random: Random) -> bool:
    """A footnote shows another's number."""
    one, other = random.sample(_footnotes(tree), 2)
    one.text = other.text
    return True


def footnote_number_dropped(tree: Tree, random: Random) -> bool:
    random.choice(_footnotes(tree)).text = ""
    return True


def footnote_name(tree: Tree, random: Random) -> bool:
    """A footnote is announced as another."""
    one, other = random.sample([number.getparent() for number in _footnotes(tree)], 2)
    one.set("aria-label", other.get("aria-label", ""))
    return True


def link_within_added(tree: Tree, random: Random) -> bool:
    """Words of the text lead to a place of it, where the author has no link."""
    span = random.choice([e for e in _sentences(tree) if not any(i.get("href") for i in e.iter("*"))])
    around = etree.Element(tag_like(span, "a"), href=f"#{random.choice(tree.blocks()).get('id')}")
    around.tail, span.tail = span.tail, None
    span.getparent().replace(span, around)
    around.append(span)
    return True


def links_exchanged(tree: Tree, random: Random) -> bool:
    """Two links with the same words lead to each other's place."""
    links = [e for b in tree.blocks() for e in b.iter("{*}a") if e.get("href") and e.get("class") != "call"]
    pairs = [
        (one, other)
        for one in links
        for other in links
        if one.get("href") != other.get("href") and same_words(one, other) and "".join(one.itertext()).strip()
    ]
    one, other = random.choice(pairs)
    first, second = one.get("href", ""), other.get("href", "")
    one.set("href", second)
    other.set("href", first)
    return True


def marker_by_rule(tree: Tree, random: Random) -> bool:
    items = [e for e in tree.elements("li") if e.get("id")]
    rules = ["{}::marker{{content:'Not: '}}", "{}{{list-style-type:'Not: '}}", "{}{{list-style:inside 'Not: '}}"]
    return style(random.choice(items), random.choice(rules))


def numerals_by_rule(tree: Tree, random: Random) -> bool:
    lists = [e for e in tree.elements("ol") if any(item.get("id") for item in e) and e.get("id")]
    rules = ["{}{{list-style:none}}", "{}{{list-style-type:lower-greek}}", "{} li{{list-style:upper-roman}}"]
    return style(random.choice(lists), random.choice(rules))


FOOTNOTE_OPERATORS: tuple[Operator, ...] = tuple(
    tree_operator(name, expects, change)
    for name, expects, change in (
        ("footnote’s number another’s", "note-label", footnote_number),
        ("footnote’s number dropped", "note-label", footnote_number_dropped),
    )
)
SHOWING_OPERATORS: tuple[Operator, ...] = (
    *FOOTNOTE_OPERATORS,
    *(
        tree_operator(name, expects, change)
        for name, expects, change in (
            ("words for the eye alone", "unit-added unit-doubled", seen_alone),
            ("footnote’s name another’s", "note-label", footnote_name),
            ("link within added", "link-added", link_within_added),
            ("links of the same words exchanged", "link-missing", links_exchanged),
            ("words before an item by a style rule", "unit-altered unit-added", marker_by_rule),
            ("numerals by a style rule", "item-number", numerals_by_rule),
        )
    ),
)
