"""What can go wrong with the words, structure, languages, alternatives, links and notes of (X)HTML documents."""

from __future__ import annotations

import itertools
import re
from copy import deepcopy
from random import Random

from lxml import etree
from mutants import Operator
from trees import (
    EPUB_TYPE,
    XML_LANG,
    Tree,
    drop,
    is_sentence,
    pieces,
    put,
    same_words,
    swap,
    tag_like,
    tree_operator,
    unwrap,
    within,
)

from publisher.model.artefacts import UnitRole
from publisher.verification.normalise import normalise

_NEGATIONS = r"\b(?:not|no|never|none|nobody|without|cannot|ne|pas|n’|aucun|kein|nicht)\b|n’t\b|\bلا\b|\bلم\b|\bليس"


def _edit(tree: Tree, random: Random, pattern: str, change) -> bool:  # type: ignore[no-untyped-def]
    """Change one match of a pattern among the units' words."""
    found = [
        (element, where, match)
        for _, element, where in tree.words()
        for match in re.finditer(pattern, getattr(element, where))
    ]
    random.shuffle(found)
    for element, where, match in found:
        text = getattr(element, where)
        changed = text[: match.start()] + change(match[0]) + text[match.end() :]
        if normalise(changed) != normalise(text):
            put(element, where, changed)
            return True
    return False


# Words


def alter_word(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"\w{2,}", lambda word: word[::-1] if word != word[::-1] else word + "s")


def alter_letter(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"[^\W\d_]", lambda letter: "x" if letter != "x" else "y")


def alter_case(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"\b[a-zA-Z]", str.swapcase)


def alter_digit(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"\d", lambda digit: str((int(digit) + 1) % 10))


def drop_digit(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"\d", lambda _: "")


def alter_sign(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"[.,;:!?%£€$+−–—=<>/()\[\]-]", lambda sign: "!" if sign != "!" else ".")


def drop_sign(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"[.,;:!?%£€$+−–—=<>/()\[\]-]", lambda _: "")


def drop_not(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, _NEGATIONS, lambda _: "")


def add_not(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"(?<=\w) (?=\w)", lambda _: " not ")


def drop_word(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"\w+", lambda _: "")


def double_word(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"\w{2,}", lambda word: f"{word} {word}")


def join_words(tree: Tree, random: Random) -> bool:
    return _edit(tree, random, r"(?<=\w) (?=\w)", lambda _: "")


def drop_accent(tree: Tree, random: Random) -> bool:
    plain = dict(zip("éèêàçùïöüâîôûëŵŷáíóúðþØøåæ", "eeeacuiouaioueowyaiouodOoaa", strict=False))
    return _edit(tree, random, f"[{''.join(plain)}]", lambda letter: plain[letter])


def drop_sentence(tree: Tree, random: Random) -> bool:
    spans = [e for e in tree.elements("span") if is_sentence(e) and not within(e, "header")]
    spans = [e for e in spans if "".join(e.itertext()).strip() and any(True for _ in pieces(e))]
    if spans:
        drop(random.choice(spans))
    return bool(spans)


def double_sentence(tree: Tree, random: Random) -> bool:
    spans = [e for e in tree.elements("span") if is_sentence(e) and any(True for _ in pieces(e))]
    if spans:
        one = random.choice(spans)
        copy = deepcopy(one)
        for element in copy.iter("*"):
            element.attrib.pop("id", None)
        one.addnext(copy)
    return bool(spans)


# Blocks


def drop_block(tree: Tree, random: Random) -> bool:
    blocks = tree.blocks()
    drop(random.choice(blocks))
    return True


def double_block(tree: Tree, random: Random) -> bool:
    block = random.choice([b for b in tree.blocks() if any(True for _ in pieces(b))])
    block.addnext(deepcopy(block))
    return True


def double_block_without_ids(tree: Tree, random: Random) -> bool:
    block = random.choice([b for b in tree.blocks() if any(True for _ in pieces(b))])
    copy = deepcopy(block)
    for element in copy.iter("*"):
        element.attrib.pop("id", None)
    block.addnext(copy)
    return True


def add_block(tree: Tree, random: Random) -> bool:
    block = random.choice(tree.blocks())
    added = etree.Element(tag_like(block, "p"))
    added.text = "Nobody ever wrote this."
    block.addnext(added)
    return True


def swap_blocks(tree: Tree, random: Random) -> bool:
    blocks = tree.blocks()
    pairs = [
        (one, other)
        for one, other in itertools.pairwise(blocks)
        if one.getparent() is other.getparent() and not same_words(one, other)
    ]
    if pairs:
        swap(*random.choice(pairs))
    return bool(pairs)


def swap_ids(tree: Tree, random: Random) -> bool:
    """Two blocks change places and pass for each other."""
    blocks = tree.blocks()
    pairs = [(a, b) for a, b in itertools.pairwise(blocks) if not same_words(a, b)]
    if pairs:
        one, other = random.choice(pairs)
        first, second = one.get("id") or "", other.get("id") or ""
        one.set("id", second)
        other.set("id", first)
    return bool(pairs)


def move_block(tree: Tree, random: Random) -> bool:
    """A block goes to the end of another document or section."""
    blocks = [b for b in tree.blocks() if b.tag in (tag_like(b, "p"), tag_like(b, "pre"))]
    block = random.choice(blocks)
    others = [b for b in blocks if b.getparent() is not block.getparent() and not within(b, "aside", "td", "th")]
    if not others or within(block, "aside"):
        return False
    target = random.choice(others)
    between = blocks.index(target) - blocks.index(block)
    if abs(between) < 2:
        return False
    drop(block)
    block.tail = None
    target.addnext(block)
    return True


def move_into_note(tree: Tree, random: Random) -> bool:
    asides = tree.elements("aside")
    blocks = [b for b in tree.blocks() if not within(b, "aside", "td", "th", "li", "dl", "figure")]
    blocks = [b for b in blocks if b.getnext() is not None and b.getnext() in asides]
    if not blocks:
        return False
    block = random.choice(blocks)
    aside = block.getnext()
    drop(block)
    block.tail = None
    aside.insert(0, block)
    return True


def split_block(tree: Tree, random: Random) -> bool:
    """The last words become a block of their own."""
    blocks = [b for b in tree.blocks() if b.tag == tag_like(b, "p") and len(b) > 1]
    if not blocks:
        return False
    block = random.choice(blocks)
    last = block[-1]
    if not "".join(last.itertext()).strip():
        return False
    other = etree.Element(block.tag)
    block.addnext(other)
    other.append(last)
    return True


def drop_cell(tree: Tree, random: Random) -> bool:
    cells = [cell for cell in tree.elements("td", "th") if "".join(cell.itertext()).strip()]
    if cells:
        drop(random.choice(cells))
    return bool(cells)


def swap_cells(tree: Tree, random: Random) -> bool:
    cells = tree.elements("td", "th")
    pairs = [(a, b) for a, b in itertools.pairwise(cells) if a.getparent() is b.getparent() and not same_words(a, b)]
    if pairs:
        swap(*random.choice(pairs))
    return bool(pairs)


def swap_cell_words(tree: Tree, random: Random) -> bool:
    """Two cells of a column change what is in them, ids and all but the words."""
    cells = [c for c in tree.elements("td") if any(True for p in c.iter("*") for _ in pieces(p))]
    random.shuffle(cells)
    for one, other in itertools.pairwise(cells):
        a = next(piece for p in one.iter("*") for piece in pieces(p))
        b = next(piece for p in other.iter("*") for piece in pieces(p))
        first, second = getattr(*a), getattr(*b)
        if normalise(first) != normalise(second):
            put(*a, second)
            put(*b, first)
            return True
    return False


def swap_rows(tree: Tree, random: Random) -> bool:
    rows = tree.elements("tr")
    pairs = [(a, b) for a, b in itertools.pairwise(rows) if a.getparent() is b.getparent() and not same_words(a, b)]
    if pairs:
        swap(*random.choice(pairs))
    return bool(pairs)


def drop_item(tree: Tree, random: Random) -> bool:
    items = [li for li in tree.elements("li") if li.get("id") and "".join(li.itertext()).strip()]
    if items:
        drop(random.choice(items))
    return bool(items)


# Structure and languages


def heading_level(tree: Tree, random: Random) -> bool:
    headings = [e for e in tree.blocks() if re.fullmatch(r".*h[2-6]", str(e.tag))]
    if headings:
        heading = random.choice(headings)
        level = int(str(heading.tag)[-1])
        heading.tag = tag_like(heading, f"h{level + 1 if level < 6 else 2}")
    return bool(headings)


def heading_to_words(tree: Tree, random: Random) -> bool:
    headings = [e for e in tree.blocks() if re.fullmatch(r".*h[1-6]", str(e.tag))]
    if headings:
        heading = random.choice(headings)
        heading.tag = tag_like(heading, "p")
    return bool(headings)


def words_to_heading(tree: Tree, random: Random) -> bool:
    blocks = [e for e in tree.blocks() if e.tag == tag_like(e, "p")]
    block = random.choice(blocks)
    block.tag = tag_like(block, random.choice(["h2", "h4", "pre", "dt"]))
    return True


def block_language(tree: Tree, random: Random) -> bool:
    block = random.choice([b for b in tree.blocks() if b.get("lang") != "ga" and any(True for _ in pieces(b))])
    block.set("lang", "ga")
    if EPUB_TYPE or block.get(XML_LANG):
        block.set(XML_LANG, "ga")
    return True


def document_language(tree: Tree, random: Random) -> bool:
    ids = {block.get("id") for block in tree.blocks()}
    roots = [
        root
        for root in tree.documents.values()
        if any(e.get("id") in ids and e.get("lang") is None for e in root.iter("*"))
    ]
    root = random.choice(roots)
    root.set("lang", "ga")
    root.attrib.pop(XML_LANG, None)
    return True


def words_language(tree: Tree, random: Random) -> bool:
    """Words in another language lose the mark of it, or get a wrong one."""
    spans = [
        e
        for block in tree.blocks()
        for e in block.iter("*")
        if e is not block and e.get("lang") and any(True for _ in pieces(e)) and "doc-" not in e.get("role", "")
    ]
    if not spans:
        return False
    span = random.choice(spans)
    span.attrib.pop(XML_LANG, None)
    if random.random() < 0.5:
        span.attrib.pop("lang")
    else:
        span.set("lang", "ga")
    return True


def mark_words_foreign(tree: Tree, random: Random) -> bool:
    spans = [e for e in tree.elements("span") if is_sentence(e) and any(True for _ in pieces(e))]
    if spans:
        random.choice(spans).set("lang", "ga")
    return bool(spans)


# Hidden and set apart


def hide_block(tree: Tree, random: Random) -> bool:
    block = random.choice(tree.blocks())
    name, value = random.choice([("hidden", "hidden"), ("aria-hidden", "true"), ("style", "display: none")])
    block.set(name, value)
    return True


def hide_words(tree: Tree, random: Random) -> bool:
    spans = [e for e in tree.elements("span") if is_sentence(e) and any(True for _ in pieces(e))]
    if spans:
        name, value = random.choice([("hidden", "hidden"), ("aria-hidden", "true"), ("style", "display:none")])
        random.choice(spans).set(name, value)
    return bool(spans)


def hide_section(tree: Tree, random: Random) -> bool:
    ids = {block.get("id") for block in tree.blocks()}
    sections = [
        e for e in tree.elements("section", "table", "ul", "blockquote") if any(i.get("id") in ids for i in e.iter("*"))
    ]
    if sections:
        random.choice(sections).set("hidden", "hidden")
    return bool(sections)


def set_apart(tree: Tree, random: Random) -> bool:
    """A block becomes page furniture."""
    blocks = [e for e in tree.blocks() if e.tag == tag_like(e, "p") and e.getparent().tag != tag_like(e, "header")]
    block = random.choice(blocks)
    around = etree.Element(tag_like(block, random.choice(["nav", "footer"])))
    block.getparent().replace(block, around)
    around.append(block)
    return True


# Alternatives and formulas


def _pictures(tree: Tree) -> list[etree._Element]:
    ids = {unit.id for unit in tree.subject.units if unit.role is UnitRole.ALTERNATIVE}
    return [e for e in tree.elements("img") if e.get("id") in ids]


def alternative_empty(tree: Tree, random: Random) -> bool:
    pictures = _pictures(tree)
    if pictures:
        random.choice(pictures).set("alt", "")
    return bool(pictures)


def alternative_altered(tree: Tree, random: Random) -> bool:
    pictures = _pictures(tree)
    if pictures:
        picture = random.choice(pictures)
        words = picture.get("alt", "").split()
        words[random.randrange(len(words))] = "nothing"
        picture.set("alt", " ".join(words))
    return bool(pictures)


def picture_dropped(tree: Tree, random: Random) -> bool:
    pictures = _pictures(tree)
    if pictures:
        drop(random.choice(pictures))
    return bool(pictures)


def formula_altered(tree: Tree, random: Random) -> bool:
    formulas = [e for e in tree.elements("math") if e.get("alttext")]
    if formulas:
        formula = random.choice(formulas)
        formula.set("alttext", f"minus {formula.get('alttext')}")
    return bool(formulas)


def formula_dropped(tree: Tree, random: Random) -> bool:
    formulas = tree.elements("math")
    if formulas:
        drop(random.choice(formulas))
    return bool(formulas)


def task_state(tree: Tree, random: Random) -> bool:
    boxes = [e for e in tree.elements("span") if e.get("class") == "task"]
    if boxes:
        box = random.choice(boxes)
        others = {e.get("aria-label") for e in boxes} - {box.get("aria-label")}
        box.set("aria-label", others.pop() if others else "Never")
    return bool(boxes)


# Links


def _links(tree: Tree) -> list[etree._Element]:
    """Links among the units' words."""
    return [
        e
        for b in tree.blocks()
        for e in b.iter("*")
        if e.get("href") and e.get("role") not in ("doc-noteref", "doc-backlink")
    ]


def link_elsewhere(tree: Tree, random: Random) -> bool:
    links = _links(tree)
    if links:
        random.choice(links).set("href", "https://elsewhere.example/")
    return bool(links)


def link_address_letter(tree: Tree, random: Random) -> bool:
    links = [e for e in _links(tree) if ":" in e.get("href", "")]
    if links:
        link = random.choice(links)
        link.set("href", link.get("href", "") + "x")
    return bool(links)


def link_nowhere(tree: Tree, random: Random) -> bool:
    links = [e for e in _links(tree) if "#" in e.get("href", "") and ":" not in e.get("href", "")]
    if links:
        random.choice(links).set("href", "#nowhere-at-all")
    return bool(links)


def link_to_another_place(tree: Tree, random: Random) -> bool:
    links = [e for e in _links(tree) if e.get("href", "").startswith("#")]
    if links:
        link = random.choice(links)
        root = link.getroottree().getroot()
        ids = [e.get("id") for e in root.iter("*") if e.get("id") and f"#{e.get('id')}" != link.get("href")]
        link.set("href", f"#{random.choice(ids)}")
    return bool(links)


def link_unmade(tree: Tree, random: Random) -> bool:
    links = _links(tree)
    if links:
        unwrap(random.choice(links))
    return bool(links)


def link_added(tree: Tree, random: Random) -> bool:
    spans = [e for e in tree.elements("span") if is_sentence(e) and not within(e, "a", "header")]
    spans = [e for e in spans if not any(i.get("href") for i in e.iter("*"))]
    if spans:
        span = random.choice(spans)
        around = etree.Element(tag_like(span, "a"), href="https://elsewhere.example/")
        around.tail, span.tail = span.tail, None
        span.getparent().replace(span, around)
        around.append(span)
    return bool(spans)


def source_link_dropped(tree: Tree, random: Random) -> bool:
    """A note loses one of its sources."""
    items = [li for div in tree.elements("div") if div.get("class") == "sources" for li in div.iter("{*}li")]
    if items:
        drop(random.choice(items))
    return bool(items)


# Notes


def _calls(tree: Tree) -> list[etree._Element]:
    return [e for e in tree.elements("a") if e.get("role") == "doc-noteref"]


def _notes(tree: Tree) -> list[etree._Element]:
    return [e for e in tree.elements("aside") if e.get("id")]


def _backs(tree: Tree) -> list[etree._Element]:
    return [e for e in tree.elements("a") if e.get("role") == "doc-backlink"]


def call_dropped(tree: Tree, random: Random) -> bool:
    calls = _calls(tree)
    if calls:
        drop(random.choice(calls).getparent())
    return bool(calls)


def call_to_another_note(tree: Tree, random: Random) -> bool:
    calls = _calls(tree)
    one = random.choice(calls) if calls else None
    others = [c.get("href") for c in calls if one is not None and c.get("href") != one.get("href")]
    if one is not None and others:
        one.set("href", random.choice(others))
    return bool(others)


def call_nowhere(tree: Tree, random: Random) -> bool:
    calls = _calls(tree)
    if calls:
        random.choice(calls).set("href", "#nowhere-at-all")
    return bool(calls)


def calls_swapped(tree: Tree, random: Random) -> bool:
    calls = _calls(tree)
    pairs = [(a, b) for a, b in itertools.pairwise(calls) if a.get("href") != b.get("href")]
    pairs = [(a, b) for a, b in pairs if a.get("class") == b.get("class")]
    if pairs:
        one, other = random.choice(pairs)
        swap(one.getparent(), other.getparent())
    return bool(pairs)


def call_moved(tree: Tree, random: Random) -> bool:
    """A call goes to another paragraph."""
    calls = _calls(tree)
    blocks = [b for b in tree.blocks() if b.tag == tag_like(b, "p") and not within(b, "aside")]
    if not calls or len(blocks) < 2:
        return False
    call = random.choice(calls).getparent()
    away = [b for b in blocks if b not in call.iterancestors()]
    if not away:
        return False
    drop(call)
    call.tail = None
    random.choice(away).append(call)
    return True


def note_dropped(tree: Tree, random: Random) -> bool:
    notes = _notes(tree)
    if notes:
        drop(random.choice(notes))
    return bool(notes)


def note_unmarked(tree: Tree, random: Random) -> bool:
    notes = _notes(tree)
    if notes:
        note = random.choice(notes)
        note.attrib.pop("role", None)
        note.attrib.pop(EPUB_TYPE, None)
    return bool(notes)


def notes_swapped(tree: Tree, random: Random) -> bool:
    """Two notes change what they say."""
    notes = [n for n in _notes(tree) if "footnote" not in n.get("class", "")] or _notes(tree)
    pairs = [(a, b) for a, b in itertools.pairwise(notes) if not same_words(a, b)]
    if not pairs:
        return False
    one, other = random.choice(pairs)
    first, second = list(one), list(other)
    for element in first:
        other.append(element)
    for element in second:
        one.append(element)
    return True


def back_dropped(tree: Tree, random: Random) -> bool:
    backs = _backs(tree)
    if backs:
        drop(random.choice(backs))
    return bool(backs)


def back_elsewhere(tree: Tree, random: Random) -> bool:
    backs = _backs(tree)
    calls = [call.get("id") for call in _calls(tree)]
    if not backs or len(calls) < 2:
        return False
    back = random.choice(backs)
    others = [id for id in calls if not back.get("href", "").endswith(f"#{id}")]
    back.set("href", f"#{random.choice(others)}")
    return True


# What is said of units beside their words


def expansion_altered(tree: Tree, random: Random) -> bool:
    short = [e for b in tree.blocks() for e in b.iter("*") if e.get("title") and str(e.tag).endswith("abbr")]
    if short:
        random.choice(short).set("title", "Nothing At All")
    return bool(short)


def expansion_dropped(tree: Tree, random: Random) -> bool:
    short = [e for b in tree.blocks() for e in b.iter("*") if e.get("title") and str(e.tag).endswith("abbr")]
    if short:
        unwrap(random.choice(short))
    return bool(short)


def header_cell_as_data(tree: Tree, random: Random) -> bool:
    cells = [cell for cell in tree.elements("th") if "".join(cell.itertext()).strip()]
    if cells:
        cell = random.choice(cells)
        cell.tag = tag_like(cell, "td")
    return bool(cells)


def data_cell_as_header(tree: Tree, random: Random) -> bool:
    cells = [cell for cell in tree.elements("td") if "".join(cell.itertext()).strip()]
    if cells:
        cell = random.choice(cells)
        cell.tag = tag_like(cell, "th")
    return bool(cells)


def header_scope(tree: Tree, random: Random) -> bool:
    cells = [cell for cell in tree.elements("th") if "".join(cell.itertext()).strip()]
    if cells:
        cell = random.choice(cells)
        cell.set("scope", "row" if cell.get("scope") != "row" else "col")
    return bool(cells)


def list_start(tree: Tree, random: Random) -> bool:
    lists = [e for e in tree.elements("ol") if any(li.get("id") for li in e)]
    if lists:
        around = random.choice(lists)
        around.set("start", str(int(around.get("start", "1")) + 1))
    return bool(lists)


def list_numerals(tree: Tree, random: Random) -> bool:
    lists = [e for e in tree.elements("ol") if any(li.get("id") for li in e)]
    if lists:
        around = random.choice(lists)
        around.set("type", "a" if around.get("type") != "a" else "i")
    return bool(lists)


def list_unnumbered(tree: Tree, random: Random) -> bool:
    lists = [e for e in tree.elements("ol") if any(li.get("id") for li in e)]
    if lists:
        around = random.choice(lists)
        around.tag = tag_like(around, "ul")
    return bool(lists)


def picture_exchanged(tree: Tree, random: Random) -> bool:
    pictures = _pictures(tree)
    sources = sorted({e.get("src", "") for e in tree.elements("img")})
    if pictures and len(sources) > 1:
        picture = random.choice(pictures)
        picture.set("src", random.choice([name for name in sources if name != picture.get("src")]))
    return bool(pictures) and len(sources) > 1


def picture_lost(tree: Tree, random: Random) -> bool:
    pictures = _pictures(tree)
    if pictures:
        random.choice(pictures).set("src", "nothing.png")
    return bool(pictures)


def _classed(tree: Tree, *names: str) -> list[etree._Element]:
    return [
        e
        for e in tree.elements("span", "time", "p")
        if set(e.get("class", e.tag.rpartition("}")[2]).split()) & set(names)
    ]


def label_altered(tree: Tree, random: Random) -> bool:
    """A note passes for one of another kind, another hand or another day."""
    found = [
        e
        for aside in _notes(tree)
        for e in aside.iter("*")
        if (e.get("class") in ("note-kind", "note-number", "signed") or str(e.tag).endswith("time"))
        and within(e, "header", "footer")
    ]
    if found:
        one = random.choice(found)
        one.text = "7" + (one.text or "")
    return bool(found)


def mark_altered(tree: Tree, random: Random) -> bool:
    """A call shows another note's number."""
    calls = [call for call in _calls(tree) if re.search(r"\d", call.text or "")]
    if calls:
        call = random.choice(calls)
        call.text = re.sub(r"\d+", lambda number: str(int(number[0]) + 1), call.text or "")
    return bool(calls)


def furniture_altered(tree: Tree, random: Random) -> bool:
    """A word of the contents, the credits or a label is another one."""
    found = [
        e
        for root in tree.documents.values()
        for e in root.iter("*")
        if isinstance(e.tag, str)
        and within(e, "nav", "header", "footer")
        and not within(e, "head", "audio")
        and re.search(r"\w{2}", e.text or "")
        and e.getparent().get("hidden") is None
    ]
    found = [e for e in found if not e.get("id") or e.get("id") not in {unit.id for unit in tree.subject.units}]
    if found:
        one = random.choice(found)
        one.text = f"{one.text} zwölfmal"
    return bool(found)


def contents_exchanged(tree: Tree, random: Random) -> bool:
    """Two lines of the contents lead to each other's place."""
    links = [
        e
        for root in tree.documents.values()
        for e in root.iter("*")
        if str(e.tag).endswith("a") and within(e, "nav") and "#" in e.get("href", "")
    ]
    ids = {unit.id for unit in tree.subject.units if unit.role is UnitRole.HEADING}
    links = [e for e in links if e.get("href", "").rpartition("#")[2] in ids]
    pairs = [(a, b) for a, b in itertools.pairwise(links) if not same_words(a, b)]
    if pairs:
        one, other = random.choice(pairs)
        first, second = one.get("href") or "", other.get("href") or ""
        one.set("href", second)
        other.set("href", first)
    return bool(pairs)


DOCUMENT_OPERATORS: tuple[Operator, ...] = tuple(
    tree_operator(name, expects, change)
    for name, expects, change in (
        ("word altered", "unit-altered", alter_word),
        ("letter altered", "unit-altered", alter_letter),
        ("case altered", "unit-altered", alter_case),
        ("digit altered", "unit-altered", alter_digit),
        ("digit dropped", "unit-altered unit-missing", drop_digit),
        ("sign altered", "unit-altered", alter_sign),
        ("sign dropped", "unit-altered", drop_sign),
        ("negation dropped", "unit-altered unit-missing", drop_not),
        ("negation added", "unit-altered", add_not),
        ("word dropped", "unit-altered unit-missing", drop_word),
        ("word doubled", "unit-altered", double_word),
        ("words joined", "unit-altered", join_words),
        ("accent dropped", "unit-altered", drop_accent),
        ("sentence dropped", "unit-altered unit-missing", drop_sentence),
        ("sentence doubled", "unit-altered", double_sentence),
        ("block dropped", "unit-missing", drop_block),
        ("block doubled", "unit-doubled", double_block),
        ("block doubled, no ids", "unit-doubled", double_block_without_ids),
        ("block added", "unit-added", add_block),
        ("blocks swapped", "unit-order", swap_blocks),
        ("blocks’ ids swapped", "unit-altered", swap_ids),
        ("block moved", "unit-order", move_block),
        ("block moved into a note", "unit-order", move_into_note),
        ("block split", "unit-altered unit-added", split_block),
        ("cell dropped", "unit-missing", drop_cell),
        ("cells swapped", "unit-order", swap_cells),
        ("cells’ words swapped", "unit-altered", swap_cell_words),
        ("rows swapped", "unit-order", swap_rows),
        ("item dropped", "unit-missing alternative-missing", drop_item),
        ("heading’s level", "unit-role", heading_level),
        ("heading as words", "unit-role", heading_to_words),
        ("words as heading", "unit-role", words_to_heading),
        ("language of a block", "unit-language", block_language),
        ("language of a document", "unit-language", document_language),
        ("language of words", "unit-language", words_language),
        ("words marked foreign", "unit-language", mark_words_foreign),
        ("block hidden", "unit-hidden", hide_block),
        ("words hidden", "unit-altered unit-missing", hide_words),
        ("section hidden", "unit-hidden", hide_section),
        ("block set apart", "unit-role", set_apart),
        ("alternative emptied", "alternative-missing", alternative_empty),
        ("alternative altered", "alternative-altered", alternative_altered),
        ("picture dropped", "alternative-missing", picture_dropped),
        ("formula altered", "unit-altered", formula_altered),
        ("formula dropped", "unit-missing", formula_dropped),
        ("task’s state", "alternative-altered alternative-missing unit-missing", task_state),
        ("link elsewhere", "link-missing", link_elsewhere),
        ("link’s address", "link-missing", link_address_letter),
        ("link nowhere", "link-target-missing", link_nowhere),
        ("link to another place", "link-missing", link_to_another_place),
        ("link unmade", "link-missing", link_unmade),
        ("link added", "link-added", link_added),
        ("note’s source dropped", "link-missing", source_link_dropped),
        ("call dropped", "note-call-missing", call_dropped),
        ("call to another note", "note-call-missing", call_to_another_note),
        ("call nowhere", "note-call-missing", call_nowhere),
        ("calls swapped", "note-order", calls_swapped),
        ("call moved", "note-order", call_moved),
        ("note dropped", "unit-missing", note_dropped),
        ("note unmarked", "note-missing", note_unmarked),
        ("notes’ words swapped", "unit-order", notes_swapped),
        ("way back dropped", "note-backlink-missing", back_dropped),
        ("way back elsewhere", "note-backlink-missing", back_elsewhere),
        ("abbreviation altered", "abbreviation-altered", expansion_altered),
        ("abbreviation dropped", "abbreviation-altered", expansion_dropped),
        ("header cell as data", "cell-header", header_cell_as_data),
        ("data cell as header", "cell-header", data_cell_as_header),
        ("header’s scope", "cell-header", header_scope),
        ("list’s start", "item-number", list_start),
        ("list’s numerals", "item-number", list_numerals),
        ("list unnumbered", "item-number", list_unnumbered),
        ("picture exchanged", "picture-altered", picture_exchanged),
        ("picture lost", "picture-altered", picture_lost),
        ("note’s label", "note-label", label_altered),
        ("note’s mark", "note-label", mark_altered),
        ("furniture altered", "unit-added", furniture_altered),
        ("contents exchanged", "contents-altered contents-missing contents-order", contents_exchanged),
    )
)
