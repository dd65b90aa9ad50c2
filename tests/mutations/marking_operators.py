"""What can go wrong with how words are marked and surrounded in (X)HTML: raised and struck ones, targets, formulas,
pictures, cells, quotations, contents, style sheets."""

from __future__ import annotations

import itertools
import re
from copy import deepcopy
from random import Random

from lxml import etree
from mutants import Nothing, Operator
from trees import Tree, drop, is_sentence, pieces, style, swap, tag_like, tree_operator, unwrap, within

from publisher.model.artefacts import UnitRole

_PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="


def _inner(tree: Tree, *names: str) -> list[etree._Element]:
    """Elements of some names among the words of units, with words of their own; calls left out."""
    return [
        e
        for block in tree.blocks()
        for e in block.iter(*(f"{{*}}{name}" for name in names))
        if any(True for _ in pieces(e)) and e.get("class") != "call" and e.get("id") != block.get("id")
    ]


# Words


def script_unmade(tree: Tree, random: Random) -> bool:
    """10⁶ becomes 106."""
    unwrap(random.choice(_inner(tree, "sup", "sub")))
    return True


def script_turned(tree: Tree, random: Random) -> bool:
    one = random.choice(_inner(tree, "sup", "sub"))
    one.tag = tag_like(one, "sub" if str(one.tag).endswith("sup") else "sup")
    return True


def _wrap_word(tree: Tree, random: Random, name: str) -> bool:
    element, where = random.choice([(e, w) for _, e, w in tree.words() if re.search(r"\w{2}", getattr(e, w))])
    text = getattr(element, where)
    match = random.choice(list(re.finditer(r"\w{2,}", text)))
    made = etree.Element(tag_like(element, name))
    made.text, made.tail = match[0], text[match.end() :]
    setattr(element, where, text[: match.start()])
    if where == "text":
        element.insert(0, made)
    else:
        element.addnext(made)
    return True


def script_made(tree: Tree, random: Random) -> bool:
    return _wrap_word(tree, random, random.choice(["sup", "sub"]))


def struck_made(tree: Tree, random: Random) -> bool:
    return _wrap_word(tree, random, random.choice(["del", "s"]))


def struck_unmade(tree: Tree, random: Random) -> bool:
    unwrap(random.choice(_inner(tree, "del", "s")))
    return True


def code_white_space(tree: Tree, random: Random) -> bool:
    """An indent or a line's end in code is another one."""
    found = [
        (e, w, match)
        for pre in tree.elements("pre")
        for e, w in pieces(pre)
        for match in re.finditer(r"(?<=\n) +|(?<=\S)\n(?=\S)|(?<=\S) (?=\S)", getattr(e, w))
    ]
    element, where, match = random.choice(found)
    text = getattr(element, where)
    changed = " " if match[0] == "\n" else match[0] + " "
    setattr(element, where, text[: match.start()] + changed + text[match.end() :])
    return True


def line_joined(tree: Tree, random: Random) -> bool:
    """A line that the author ended runs on."""
    breaks = [e for block in tree.blocks() for e in block.iter("{*}br")]
    one = random.choice(breaks)
    one.tail = f" {one.tail or ''}"
    drop(one)
    return True


# Formulas


def _formula_parts(tree: Tree, *names: str) -> list[etree._Element]:
    ids = {unit.id for unit in tree.subject.units if unit.role is UnitRole.MATH}
    return [
        e
        for math in tree.elements("math")
        if math.get("id") in ids
        for e in math.iter(*(f"{{*}}{name}" for name in names))
    ]


def formula_number(tree: Tree, random: Random) -> bool:
    one = random.choice([e for e in _formula_parts(tree, "mn") if re.search(r"\d", e.text or "")])
    one.text = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), one.text or "", count=1)
    return True


def formula_sign(tree: Tree, random: Random) -> bool:
    one = random.choice([e for e in _formula_parts(tree, "mo") if (e.text or "").strip()])
    one.text = "−" if one.text != "−" else "+"
    return True


def formula_letter(tree: Tree, random: Random) -> bool:
    one = random.choice([e for e in _formula_parts(tree, "mi") if (e.text or "").strip()])
    one.text = "q" if one.text != "q" else "r"
    return True


def formula_power(tree: Tree, random: Random) -> bool:
    """x² becomes x₂."""
    one = random.choice(_formula_parts(tree, "msup", "msub"))
    old = etree.QName(one).localname
    one.tag = str(one.tag).replace(old, "msub" if old == "msup" else "msup")
    return True


# Pictures


def _pictures(tree: Tree) -> list[etree._Element]:
    ids = {unit.id for unit in tree.subject.units if unit.role is UnitRole.ALTERNATIVE}
    return [e for e in tree.elements("img") if e.get("id") in ids and e.get("src")]


def pictures_swapped(tree: Tree, random: Random) -> bool:
    pairs = [pair for pair in itertools.combinations(_pictures(tree), 2) if pair[0].get("src") != pair[1].get("src")]
    one, other = random.choice(pairs)
    first, second = one.get("src", ""), other.get("src", "")
    one.set("src", second)
    other.set("src", first)
    return True


def picture_added(tree: Tree, random: Random) -> bool:
    block = random.choice([b for b in tree.blocks() if b.tag == tag_like(b, "p")])
    added = etree.Element(tag_like(block, "p"))
    etree.SubElement(added, tag_like(block, "img"), id="nobodys", src=_PIXEL, alt="")
    block.addnext(added)
    return True


# Surroundings


def _within_something(tree: Tree) -> list[etree._Element]:
    return [b for b in tree.blocks() if b.tag == tag_like(b, "p") and b.getparent() is not None]


def quotation_unmade(tree: Tree, random: Random) -> bool:
    quotations = [e for e in tree.elements("blockquote") if any(within(b, "blockquote") for b in e.iter("{*}p"))]
    unwrap(random.choice(quotations))
    return True


def quotation_made(tree: Tree, random: Random) -> bool:
    """The text's own words pass for somebody else's."""
    blocks = [b for b in _within_something(tree) if not within(b, "header", "td", "th", "caption", "figcaption")]
    block = random.choice(blocks)
    around = etree.Element(tag_like(block, "blockquote"))
    around.tail, block.tail = block.tail, None
    block.getparent().replace(block, around)
    around.append(block)
    return True


def list_unmade(tree: Tree, random: Random) -> bool:
    listed = {fact.unit for fact in tree.subject.source.ties.facts if fact.kind == "within" and "list" in fact.value}
    one = random.choice([e for e in tree.elements("ul") if any(inner.get("id") in listed for inner in e.iter("*"))])
    one.tag = tag_like(one, "div")
    for item in one:
        if str(item.tag).endswith("li"):
            item.tag = tag_like(item, "div")
    return True


def caption_out_of_figure(tree: Tree, random: Random) -> bool:
    captions = [e for e in tree.elements("figcaption") if any(p.get("id") for p in e.iter("*"))]
    one = random.choice(captions)
    figure = one.getparent()
    drop(one)
    one.tail = None
    one.tag = tag_like(one, "div")
    figure.addnext(one)
    return True


def cell_over_others(tree: Tree, random: Random) -> bool:
    cells = [cell for cell in tree.elements("td", "th") if any(p.get("id") for p in cell.iter("*"))]
    cell = random.choice([cell for cell in cells if "".join(cell.itertext()).strip()])
    name = random.choice(["colspan", "rowspan"])
    cell.set(name, str(int(cell.get(name, "1")) + 1))
    return True


def cell_inserted(tree: Tree, random: Random) -> bool:
    """An empty cell pushes the others of its row on."""
    rows = [row for row in tree.elements("tr") if "".join(row.itertext()).strip()]
    row = random.choice(rows)
    row.insert(0, etree.Element(tag_like(row, "td")))
    return True


def counterpart_restates_others(tree: Tree, random: Random) -> bool:
    one = random.choice([e for e in tree.elements("*") if e.get("data-restates")])
    told = one.get("data-restates", "").split()
    one.set("data-restates", " ".join(told[1:] if len(told) > 1 else [*told, "title"]))
    return True


# Notes


def _targets(tree: Tree) -> list[etree._Element]:
    notes = {note.get("id") for note in tree.elements("aside")}
    return [e for e in tree.elements("*") if notes.intersection(e.get("data-notes", "").split())]


def target_unmade(tree: Tree, random: Random) -> bool:
    one = random.choice(_targets(tree))
    one.attrib.pop("data-notes")
    return True


def target_of_another_note(tree: Tree, random: Random) -> bool:
    found = _targets(tree)
    one = random.choice(found)
    others = {id for e in found for id in e.get("data-notes", "").split()} - set(one.get("data-notes", "").split())
    one.set("data-notes", random.choice(sorted(others)))
    return True


def target_moved(tree: Tree, random: Random) -> bool:
    """Other words of the block are marked as those that a note is on."""
    blocks = set(tree.blocks())
    pairs = [
        (one, other)
        for one in _targets(tree)
        if str(one.tag).endswith("span")
        for block in itertools.islice((e for e in one.iterancestors() if e in blocks), 1)
        for other in block.iter("{*}span")
        if is_sentence(other) and one not in other.iter("*") and other not in one.iter("*")
    ]
    one, other = random.choice(pairs)
    other.set("data-notes", one.attrib.pop("data-notes"))
    return True


def call_into_another_sentence(tree: Tree, random: Random) -> bool:
    """Within its block, but after other words."""
    blocks = set(tree.blocks())
    found = []
    for call in (e for e in tree.elements("a") if e.get("role") == "doc-noteref" and not within(e, "aside")):
        block = next((e for e in call.iterancestors() if e in blocks), None)
        sentences = [] if block is None else [e for e in block.iter("{*}span") if is_sentence(e)]
        found += [(call.getparent(), e) for e in sentences if call not in e.iter("*") and any(True for _ in pieces(e))]
    call, sentence = random.choice(found)
    drop(call)
    call.tail = None
    sentence.append(call)
    return True


def call_doubled(tree: Tree, random: Random) -> bool:
    """A note is called from a second place, too."""
    calls = [e for e in tree.elements("a") if e.get("role") == "doc-noteref"]
    call = random.choice(calls).getparent()
    blocks = [b for b in tree.blocks() if b.tag == tag_like(b, "p") and not within(b, "aside")]
    copy = deepcopy(call)
    copy.tail = None
    for element in copy.iter("*"):
        element.attrib.pop("id", None)
    random.choice([b for b in blocks if call not in b.iter("*")]).append(copy)
    return True


# Contents


def _lines(tree: Tree) -> list[etree._Element]:
    """Items of a table of contents that lead to headings."""
    ids = {unit.id for unit in tree.subject.units if unit.role is UnitRole.HEADING}
    return [
        li
        for root in tree.documents.values()
        for nav in root.iter("{*}nav")
        if "doc-toc" in nav.get("role", "") or nav.get("class") == "contents"
        for li in nav.iter("{*}li")
        for link in li.iterchildren("{*}a")
        if link.get("href", "").rpartition("#")[2] in ids
    ]


def contents_line_dropped(tree: Tree, random: Random) -> bool:
    drop(random.choice(_lines(tree)))
    return True


def contents_line_doubled(tree: Tree, random: Random) -> bool:
    line = random.choice([li for li in _lines(tree) if not any(True for _ in li.iter("{*}ol"))])
    line.addnext(deepcopy(line))
    return True


def contents_line_reworded(tree: Tree, random: Random) -> bool:
    link = next(random.choice(_lines(tree)).iter("{*}a"))
    words = link.text or ""
    link.text = f"{words[:-1]}x" if words.strip() else f"x{words}"
    return True


def contents_lines_swapped(tree: Tree, random: Random) -> bool:
    pairs = [(a, b) for a, b in itertools.pairwise(_lines(tree)) if a.getparent() is b.getparent()]
    swap(*random.choice(pairs))
    return True


def contents_line_deeper(tree: Tree, random: Random) -> bool:
    lines = _lines(tree)
    one, other = random.choice(
        [
            (a, b)
            for a, b in itertools.pairwise(lines)
            if a.getparent() is b.getparent() and not any(True for _ in a.iter("{*}ol"))
        ]
    )
    drop(other)
    other.tail = None
    etree.SubElement(one, tag_like(one, "ol")).append(other)
    return True


def contents_dropped(tree: Tree, random: Random) -> bool:
    lines = _lines(tree)
    if len(lines) < 2:
        raise Nothing  # where there is one heading no contents are needed
    navs = {nav for li in lines for nav in li.iterancestors("{*}nav")}
    for nav in navs:
        drop(nav)
    return True


# Style sheets


def _style(tree: Tree, random: Random, rule: str) -> bool:
    blocks = [b for b in tree.blocks() if any(True for _ in pieces(b))]
    return style(random.choice(blocks), rule)


def hidden_by_rule(tree: Tree, random: Random) -> bool:
    return _style(tree, random, random.choice(["{}{{display:none}}", "{}{{visibility:hidden}}", "{}{{opacity:0}}"]))


def hidden_on_narrow_screens(tree: Tree, random: Random) -> bool:
    return _style(tree, random, "@media (max-width: 500px) {{ {}{{display:none}} }}")


def words_added_by_rule(tree: Tree, random: Random) -> bool:
    return _style(tree, random, random.choice(["{}::before{{content:'Not: '}}", "{}::after{{content:' (not)'}}"]))


# The page as a whole


def forwarded(tree: Tree, random: Random) -> bool:
    """The page leads elsewhere by itself."""
    root = random.choice(list(tree.documents.values()))
    head = next(root.iter("{*}head"))
    made = etree.SubElement(head, tag_like(head, "meta"), content="0; url=https://elsewhere.example/")
    made.set("http-equiv", "refresh")
    return True


def based_elsewhere(tree: Tree, random: Random) -> bool:
    root = random.choice(list(tree.documents.values()))
    head = next(root.iter("{*}head"))
    head.insert(0, etree.Element(tag_like(head, "base"), href="https://elsewhere.example/"))
    return True


MARKING_OPERATORS: tuple[Operator, ...] = tuple(
    tree_operator(name, expects, change)
    for name, expects, change in (
        ("raised words made plain", "script-altered", script_unmade),
        ("raised words lowered", "script-altered", script_turned),
        ("words raised or lowered", "script-altered", script_made),
        ("words struck", "struck-altered", struck_made),
        ("struck words made plain", "struck-altered", struck_unmade),
        ("white space in code", "unit-altered", code_white_space),
        ("lines joined", "line-altered", line_joined),
        ("formula’s number", "formula-altered", formula_number),
        ("formula’s sign", "formula-altered", formula_sign),
        ("formula’s letter", "formula-altered", formula_letter),
        ("formula’s power", "formula-altered", formula_power),
        ("pictures swapped", "picture-altered", pictures_swapped),
        ("picture added", "picture-added", picture_added),
        ("quotation as words", "unit-within", quotation_unmade),
        ("words as quotation", "unit-within", quotation_made),
        ("list as words", "unit-within", list_unmade),
        ("caption out of its figure", "unit-within", caption_out_of_figure),
        ("cell over others", "cell-order", cell_over_others),
        ("cell inserted", "cell-order", cell_inserted),
        ("counterpart of others", "restates-altered", counterpart_restates_others),
        ("note’s target unmarked", "note-target", target_unmade),
        ("note’s target another’s", "note-target", target_of_another_note),
        ("note’s target moved", "note-target", target_moved),
        ("call in another sentence", "note-order", call_into_another_sentence),
        ("call doubled", "note-call-added", call_doubled),
        ("contents: line dropped", "contents-missing", contents_line_dropped),
        ("contents: line doubled", "contents-added", contents_line_doubled),
        ("contents: line reworded", "contents-altered", contents_line_reworded),
        ("contents: lines swapped", "contents-order", contents_lines_swapped),
        ("contents: line deeper", "contents-order", contents_line_deeper),
        ("contents dropped", "contents-missing", contents_dropped),
        ("block hidden by a style rule", "unit-hidden", hidden_by_rule),
        ("block hidden on narrow screens", "unit-hidden", hidden_on_narrow_screens),
        ("words added by a style rule", "unit-altered", words_added_by_rule),
    )
)
PAGE_OPERATORS: tuple[Operator, ...] = (
    tree_operator("page forwarded", "link-added", forwarded),
    tree_operator("page based elsewhere", "link-added", based_elsewhere),
)
"""What can go wrong with pages of the web only."""
