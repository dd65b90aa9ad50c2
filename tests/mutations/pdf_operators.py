"""What can go wrong with a PDF: its words as painted and as told, its tags, links, notes and metadata."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pikepdf
from mutants import Operator
from pdf_files import Tree, double, drop, kids, pdf_operator, place, put_kids, swap, write
from pikepdf import Array, Dictionary, Name, String

from publisher.model.artefacts import UnitRole
from publisher.verification.expected import units
from publisher.verification.normalise import normalise

_NEGATIONS = r"\b(?:not|no|never|none|nobody|without|cannot|ne|pas|aucun)\b|\bلا\b|\bلم\b"
_SIGNS = r"[.,;:!?%£€$+−–—=<>/()\[\]]"

Change = Callable[[Tree, Random], bool]


# Words


def edit(pattern: str, change: Callable[[str], str]) -> Change:
    """Change one match of a pattern among the words that are painted; not where nothing would be left of a block."""

    def mutate(tree: Tree, random: Random) -> bool:
        blocks = tree.blocks()
        random.shuffle(blocks)
        for block in blocks:
            for painted in tree.painted(block):
                text = painted.text.rstrip("\u00ad")
                for match in re.finditer(pattern, text):
                    changed = text[: match.start()] + change(match[0]) + text[match.end() :]
                    left = changed.strip() or len(tree.painted(block)) > 1
                    if left and _differs(text, changed) and write(painted, changed + painted.text[len(text) :]):
                        return True
        return False

    return mutate


def _differs(text: str, changed: str) -> bool:
    """Whether a change is one in the words around it too, where only white space may have gone."""
    return normalise(f"a{text}z") != normalise(f"a{changed}z")


def words_told_otherwise(tree: Tree, random: Random) -> bool:
    for block in random.sample(tree.blocks(), len(tree.blocks())):
        for painted in tree.painted(block):
            if re.search(r"\w", painted.text):
                painted.properties[0][1].ActualText = String(f"Nobody {painted.text}")
                return True
    return False


def block_told_otherwise(tree: Tree, random: Random) -> bool:
    random.choice(tree.blocks()).ActualText = String("Nobody ever wrote this.")
    return True


def words_into_artifact(tree: Tree, random: Random) -> bool:
    for block in random.sample(tree.blocks(), len(tree.blocks())):
        for painted in tree.painted(block):
            if re.search(r"\w", painted.text):
                painted.properties[0][:] = [Name.Artifact, Dictionary(Type=Name.Layout)]
                return True
    return False


def words_unmarked(tree: Tree, random: Random) -> bool:
    for block in random.sample(tree.blocks(), len(tree.blocks())):
        for painted in tree.painted(block):
            if re.search(r"\w", painted.text):
                painted.properties[0][1] = Dictionary()
                return True
    return False


def _painted_again(tree: Tree, random: Random, words: str, around: tuple[list[Any], list[Any]]) -> bool:
    """Some words stand on the page once more, a little higher."""
    for block in random.sample(tree.blocks(), len(tree.blocks())):
        for painted in tree.painted(block):
            if re.search(words, painted.text) and not painted.told:
                stream = tree.stream(painted.page)
                at = next(i for i, one in enumerate(stream) if one is painted.properties)
                end = next(i for i in range(at, len(stream)) if str(stream[i][1]) == "EMC")
                again = [[list(operands), operator] for operands, operator in stream[at + 1 : end]]
                size = max((float(one[0][1]) for one in again if str(one[1]) == "Tf"), default=0.0)
                for one in again:
                    if str(one[1]) == "Tm":
                        one[0][5] = float(one[0][5]) + 3 * size
                stream[end + 1 : end + 1] = [*around[0], *again, *around[1]]
                return True
    return False


def words_outside_tags(tree: Tree, random: Random) -> bool:
    return _painted_again(tree, random, r"\w{3}", ([], []))


def words_of_an_artifact(tree: Tree, random: Random) -> bool:
    """A sentence's words, as if they were a running head."""
    mark = [[Name.Artifact, Dictionary(Type=Name.Pagination)], pikepdf.Operator("BDC")]
    return _painted_again(tree, random, r"(?:\w+[ ,]+){5}", ([mark], [[[], pikepdf.Operator("EMC")]]))


def _shown_otherwise(tree: Tree, random: Random, *, by_block: bool) -> bool:
    """What is told is as it was, what is shown is not."""
    for block in random.sample(tree.blocks(), len(tree.blocks())):
        pieces = tree.painted(block)
        for painted in pieces:
            changed = re.sub(r"[a-z]{2,}", lambda word: word[0][::-1], painted.text)
            if changed != painted.text and not painted.told and not (by_block and len(pieces) > 1):
                told = block if by_block else painted.properties[0][1]
                told.ActualText = String(painted.text)
                return write(painted, changed)
    return False


def words_shown_otherwise(tree: Tree, random: Random) -> bool:
    return _shown_otherwise(tree, random, by_block=False)


def block_shown_otherwise(tree: Tree, random: Random) -> bool:
    return _shown_otherwise(tree, random, by_block=True)


def marks_swapped(tree: Tree, random: Random) -> bool:
    """The contents of a block in another order."""
    for block in random.sample(tree.blocks(), len(tree.blocks())):
        there = kids(block)
        texts = [painted.text for painted in tree.painted(block)]
        if len(there) >= 2 and all(isinstance(kid, int) for kid in there) and len(set(texts)) == len(there):
            put_kids(block, there[::-1])
            return True
    return False


def mark_doubled(tree: Tree, random: Random) -> bool:
    for block in random.sample(tree.blocks(), len(tree.blocks())):
        there = kids(block)
        if (
            there
            and isinstance(there[0], int)
            and any(p.mark == there[0] and p.text.strip() for p in tree.painted(block))
        ):
            put_kids(block, [there[0], *there])
            return True
    return False


def mark_dropped(tree: Tree, random: Random) -> bool:
    for block in random.sample(tree.blocks(), len(tree.blocks())):
        marks = {p.mark for p in tree.painted(block) if re.search(r"\w", p.text)}
        there = kids(block)
        if len(there) > 1 and isinstance(there[0], int) and there[0] in marks:
            put_kids(block, there[1:])
            return True
    return False


# Blocks


def block_dropped(tree: Tree, random: Random) -> bool:
    drop(random.choice(tree.blocks()))
    return True


def block_doubled(tree: Tree, random: Random) -> bool:
    double(random.choice(tree.blocks()))
    return True


def block_added(tree: Tree, random: Random) -> bool:
    block = random.choice(tree.elements("P"))
    added = Dictionary(
        Type=Name.StructElem, S=Name.P, P=block.P, ActualText=String("Nobody ever wrote this."), K=Array([])
    )
    there = kids(block.P)
    there.insert(place(block, block.P), tree.pdf.make_indirect(added))
    put_kids(block.P, there)
    return True


def _text(tree: Tree, element: Any) -> str:
    return normalise("".join(painted.text for painted in tree.painted(element)))


def _pairs(tree: Tree, elements: list[Any]) -> list[tuple[Any, Any]]:
    """Neighbours with words of their own."""
    texts = [_text(tree, element) for element in elements]
    return [
        (elements[i], elements[i + 1])
        for i in range(len(elements) - 1)
        if texts[i] and texts[i + 1] and texts[i] != texts[i + 1]
    ]


def _paragraphs(tree: Tree) -> list[Any]:
    """Blocks of the text itself, whose order counts."""
    ids = {unit.id for unit in tree.subject.units if unit.part in ("article", "plain")}
    return [block for block in tree.blocks() if str(block.ID) in ids and str(block.S) == "/P"]


def blocks_swapped(tree: Tree, random: Random) -> bool:
    pairs = _pairs(tree, _paragraphs(tree))
    if pairs:
        swap(*random.choice(pairs))
    return bool(pairs)


def ids_swapped(tree: Tree, random: Random) -> bool:
    pairs = _pairs(tree, _paragraphs(tree))
    if pairs:
        one, other = random.choice(pairs)
        one.ID, other.ID = String(str(other.ID)), String(str(one.ID))
    return bool(pairs)


def block_into_note(tree: Tree, random: Random) -> bool:
    notes = tree.elements("Note")
    blocks = [b for b in _paragraphs(tree) if not any(str(a.S) == "/Note" for a in tree.around(b))]
    if not notes or not blocks:
        return False
    block, note = random.choice(blocks), random.choice(notes)
    drop(block)
    put_kids(note, [*kids(note), block])
    block.P = note
    return True


def cell_dropped(tree: Tree, random: Random) -> bool:
    cells = [cell for cell in tree.elements("TD", "TH") if _text(tree, cell)]
    if cells:
        drop(random.choice(cells))
    return bool(cells)


def cells_swapped(tree: Tree, random: Random) -> bool:
    pairs = _pairs(tree, tree.elements("TD"))
    if pairs:
        swap(*random.choice(pairs))
    return bool(pairs)


def rows_swapped(tree: Tree, random: Random) -> bool:
    pairs = _pairs(tree, tree.elements("TR"))
    if pairs:
        swap(*random.choice(pairs))
    return bool(pairs)


def item_dropped(tree: Tree, random: Random) -> bool:
    items = [item for item in tree.elements("LI") if _text(tree, item)]
    if items:
        drop(random.choice(items))
    return bool(items)


def _retyped(*types: str, to: Callable[[str], str]) -> Change:
    def mutate(tree: Tree, random: Random) -> bool:
        ids = {unit.id for unit in tree.subject.units}
        found = [e for e in tree.elements(*types) if str(e.get("/ID", "")) in ids]
        if found:
            one = random.choice(found)
            one.S = Name("/" + to(str(one.S)[1:]))
        return bool(found)

    return mutate


heading_level = _retyped("H2", "H3", "H4", "H5", to=lambda name: f"H{int(name[1]) + 1}")
heading_as_words = _retyped("H1", "H2", "H3", "H4", to=lambda _: "P")
words_as_heading = _retyped("P", to=lambda _: "H3")
block_set_apart = _retyped("P", "H2", "H3", to=lambda _: "Footer")
block_silenced = _retyped("P", "H2", "H3", to=lambda _: "Private")
code_as_words = _retyped("Preformatted", to=lambda _: "P")
reference_as_words = _retyped("BibEntry", to=lambda _: "Span")


def role_mapped_elsewhere(tree: Tree, random: Random) -> bool:
    used = [role for role in ("H2", "H3", "BibEntry", "Formula") if tree.elements(role)]
    if used:
        tree.root.RoleMap["/" + random.choice(used)] = Name.P
    return bool(used)


# Languages


def document_language(tree: Tree, random: Random) -> bool:
    tree.pdf.Root.Lang = String("cy" if str(tree.pdf.Root.Lang) != "cy" else "en")
    return True


def document_language_dropped(tree: Tree, random: Random) -> bool:
    del tree.pdf.Root["/Lang"]
    return True


def block_language(tree: Tree, random: Random) -> bool:
    random.choice(tree.blocks()).Lang = String("cy")
    return True


def language_dropped(tree: Tree, random: Random) -> bool:
    ids = {str(block.ID) for block in tree.blocks()}
    found = [
        e
        for e, _ in tree.parents
        if "/Lang" in e
        and not tree.apart(e)
        and any(str(a.get("/ID", "")) in ids for a in tree.around(e))
        and _text(tree, e)
    ]
    if found:
        del random.choice(found)["/Lang"]
    return bool(found)


def words_marked_foreign(tree: Tree, random: Random) -> bool:
    for block in random.sample(tree.blocks(), len(tree.blocks())):
        found = [p for p in tree.painted(block) if re.search(r"\w", p.text)]
        if found:
            random.choice(found).properties[0][1].Lang = String("cy")
            return True
    return False


# Alternatives


def _alternatives(*types: str) -> Callable[[Tree], list[Any]]:
    return lambda tree: [e for e in tree.elements(*types) if "/Alt" in e]


def _alternative(of: Callable[[Tree], list[Any]], change: Callable[[Any, Tree], None]) -> Change:
    def mutate(tree: Tree, random: Random) -> bool:
        found = of(tree)
        if found:
            change(random.choice(found), tree)
        return bool(found)

    return mutate


def _drop_alternative(element: Any, _: Tree) -> None:
    del element["/Alt"]


def _alter_alternative(element: Any, _: Tree) -> None:
    words = str(element.Alt).split()
    element.Alt = String(" ".join([*words[:-1], words[-1][::-1] + "x"]))


def _empty_alternative(element: Any, _: Tree) -> None:
    element.Alt = String("")


_figures, _formulas, _tasks = _alternatives("Figure"), _alternatives("Formula"), _alternatives("Lbl")


def task_state(tree: Tree, random: Random) -> bool:
    found = _tasks(tree)
    states = {str(task.Alt) for task in found}
    if len(states) < 2:
        return False
    one = random.choice(found)
    one.Alt = String(next(iter(sorted(states - {str(one.Alt)}))))
    return True


# What is said beside the words


def _expanded(tree: Tree) -> list[Any]:
    ids = {str(block.ID) for block in tree.blocks()}
    return [e for e in tree.elements("Span") if "/E" in e and any(str(a.get("/ID", "")) in ids for a in tree.around(e))]


def expansion_altered(tree: Tree, random: Random) -> bool:
    found = _expanded(tree)
    if found:
        random.choice(found).E = String("Nobody Cares About It")
    return bool(found)


def expansion_dropped(tree: Tree, random: Random) -> bool:
    found = _expanded(tree)
    if found:
        del random.choice(found)["/E"]
    return bool(found)


def head_cell_as_data(tree: Tree, random: Random) -> bool:
    found = [cell for cell in tree.elements("TH") if _text(tree, cell)]
    if found:
        random.choice(found).S = Name.TD
    return bool(found)


def data_cell_as_head(tree: Tree, random: Random) -> bool:
    found = [cell for cell in tree.elements("TD") if _text(tree, cell)]
    if found:
        cell = random.choice(found)
        cell.S, cell.A = Name.TH, Array([Dictionary(O=Name.Table, Scope=Name.Row)])
    return bool(found)


def scope_altered(tree: Tree, random: Random) -> bool:
    found = [cell for cell in tree.elements("TH") if _text(tree, cell)]
    if found:
        facts = next(facts for facts in random.choice(found).A if "/Scope" in facts)
        facts.Scope = Name.Row if facts.Scope == Name.Column else Name.Column
    return bool(found)


def _counted_on(around: str) -> Change:
    def change(tree: Tree, random: Random) -> bool:
        labels = [e for e in tree.elements("Lbl") if re.search(r"\d", _text(tree, e)) and str(e.P.S) == around]
        random.shuffle(labels)
        return any(
            write(painted, re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), painted.text))
            for label in labels
            for painted in tree.painted(label)
            if re.search(r"\d", painted.text)
        )

    return change


item_number = _counted_on("/LI")
footnote_number = _counted_on("/Note")


def numerals_altered(tree: Tree, random: Random) -> bool:
    found = [
        e
        for e in tree.elements("L")
        if any(facts.get("/ListNumbering") in (Name.Decimal, Name.LowerRoman) for facts in e.get("/A", Array()))
    ]
    if found:
        random.choice(found).A = Array([Dictionary(O=Name.List, ListNumbering=Name.UpperAlpha)])
    return bool(found)


# Links


def _areas(tree: Tree, *, outside: bool | None = None, reference: bool | None = None) -> list[Any]:
    """The annotations of the links in the text."""
    found = []
    for link in tree.elements("Link"):
        for kid in kids(link):
            if isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR:
                area = kid.Obj
                within = str(link.P.S) == "/Reference"
                if outside in (None, "/A" in area) and reference in (None, within):
                    found.append(area)
    return found


def _destinations(tree: Tree) -> Any:
    return tree.pdf.Root.Names.Dests.Names


def _named(area: Any) -> str:
    return str(area.Dest)


def _notes_of(tree: Tree) -> set[str]:
    return {str(note.ID) for note in tree.elements("Note") if "/ID" in note}


def _calls(tree: Tree) -> list[Any]:
    notes = _notes_of(tree)
    return [area for area in _areas(tree, outside=False, reference=True) if _named(area) in notes]


def link_elsewhere(tree: Tree, random: Random) -> bool:
    found = _areas(tree, outside=True)
    if found:
        random.choice(found).A.URI = String("https://elsewhere.example/")
    return bool(found)


def link_letter(tree: Tree, random: Random) -> bool:
    found = _areas(tree, outside=True)
    if found:
        area = random.choice(found)
        area.A.URI = String(str(area.A.URI)[:-1] + ("x" if str(area.A.URI)[-1] != "x" else "y"))
    return bool(found)


def _plain_areas(tree: Tree) -> list[Any]:
    notes = _notes_of(tree)
    calls = {str(link.ID) for link in tree.elements("Link") if "/ID" in link}
    return [area for area in _areas(tree, outside=False) if _named(area) not in notes | calls]


def link_nowhere(tree: Tree, random: Random) -> bool:
    found = _plain_areas(tree)
    if found:
        random.choice(found).Dest = String("nowhere-at-all")
    return bool(found)


def link_to_another_place(tree: Tree, random: Random) -> bool:
    found = _plain_areas(tree)
    if found:
        random.choice(found).Dest = String("title")
    return bool(found)


def link_into_action(tree: Tree, random: Random) -> bool:
    found = _plain_areas(tree)
    if found:
        area = random.choice(found)
        del area["/Dest"]
        area.A = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    return bool(found)


def destination_dropped(tree: Tree, random: Random) -> bool:
    found = _plain_areas(tree)
    if not found:
        return False
    target = _named(random.choice(found))
    names = list(_destinations(tree))
    at = next(i for i in range(0, len(names), 2) if str(names[i]) == target)
    tree.pdf.Root.Names.Dests.Names = Array(names[:at] + names[at + 2 :])
    return True


def destination_moved(tree: Tree, random: Random) -> bool:
    found = _plain_areas(tree)
    if not found or len(tree.pdf.pages) < 3:
        return False
    target = _named(random.choice(found))
    names = _destinations(tree)
    at = next(i for i in range(0, len(names), 2) if str(names[i]) == target)
    place = names[at + 1]
    array = place.D if isinstance(place, Dictionary) else place
    numbers = {page.obj.objgen: number for number, page in enumerate(tree.pdf.pages)}
    array[0] = tree.pdf.pages[(numbers[array[0].objgen] + len(tree.pdf.pages) // 2) % len(tree.pdf.pages)].obj
    return True


def link_unmade(tree: Tree, random: Random) -> bool:
    found = [link for link in tree.elements("Link") if str(link.P.S) != "/Reference"]
    if found:
        random.choice(found).S = Name.Span
    return bool(found)


# Notes


def _call_links(tree: Tree) -> list[Any]:
    notes = _notes_of(tree)
    return [
        link
        for link in tree.elements("Link")
        if str(link.P.S) == "/Reference"
        and any(
            isinstance(kid, Dictionary) and "/Obj" in kid and str(kid.Obj.get("/Dest")) in notes for kid in kids(link)
        )
    ]


def call_dropped(tree: Tree, random: Random) -> bool:
    found = _call_links(tree)
    if found:
        drop(random.choice(found).P)
    return bool(found)


def call_to_another_note(tree: Tree, random: Random) -> bool:
    found, notes = _calls(tree), _notes_of(tree)
    if not found or len(notes) < 2:
        return False
    area = random.choice(found)
    area.Dest = String(random.choice(sorted(notes - {_named(area)})))
    return True


def call_nowhere(tree: Tree, random: Random) -> bool:
    found = _calls(tree)
    if found:
        random.choice(found).Dest = String("nowhere-at-all")
    return bool(found)


def calls_swapped(tree: Tree, random: Random) -> bool:
    found = _call_links(tree)
    series: dict[str, list[Any]] = {}
    kinds = {note.id: note.series for note in tree.subject.source.ties.notes}
    for link in found:
        target = next(str(kid.Obj.Dest) for kid in kids(link) if isinstance(kid, Dictionary) and "/Obj" in kid)
        series.setdefault(kinds.get(target, ""), []).append(link.P)
    pairs = [pair for links in series.values() for pair in itertools.pairwise(links)]
    if pairs:
        swap(*random.choice(pairs))
    return bool(pairs)


def note_dropped(tree: Tree, random: Random) -> bool:
    found = tree.elements("Note")
    if found:
        drop(random.choice(found))
    return bool(found)


def note_unmarked(tree: Tree, random: Random) -> bool:
    found = tree.elements("Note")
    if found:
        random.choice(found).S = Name.Div
    return bool(found)


def note_id(tree: Tree, random: Random) -> bool:
    found = [note for note in tree.elements("Note") if "/ID" in note]
    if found:
        random.choice(found).ID = String("another-note")
    return bool(found)


def notes_swapped(tree: Tree, random: Random) -> bool:
    notes = tree.elements("Note")
    kinds = {note.id: note.series for note in tree.subject.source.ties.notes}
    pairs = [
        (one, other) for one, other in itertools.pairwise(notes) if kinds.get(str(one.ID)) == kinds.get(str(other.ID))
    ]
    if pairs:
        swap(*random.choice(pairs))
    return bool(pairs)


def _backs(tree: Tree) -> list[Any]:
    calls = {str(link.ID) for link in _call_links(tree) if "/ID" in link}
    return [
        kid.Obj
        for link, _ in tree.parents
        if str(link.S) == "/Link"
        for kid in kids(link)
        if isinstance(kid, Dictionary) and "/Obj" in kid and str(kid.Obj.get("/Dest")) in calls
    ]


def back_dropped(tree: Tree, random: Random) -> bool:
    found = _backs(tree)
    if found:
        area = random.choice(found)
        link = next(
            e
            for e, _ in tree.parents
            if any(isinstance(k, Dictionary) and "/Obj" in k and k.Obj.objgen == area.objgen for k in kids(e))
        )
        drop(link)
    return bool(found)


def back_elsewhere(tree: Tree, random: Random) -> bool:
    found = _backs(tree)
    targets = {_named(area) for area in found}
    if len(targets) < 2:
        return False
    area = random.choice(found)
    area.Dest = String(random.choice(sorted(targets - {_named(area)})))
    return True


# Bookmarks and printed contents


def _bookmarks(tree: Tree) -> list[Any]:
    """The bookmarks that lead to headings, which go by their words."""
    told = {normalise(unit.text) for unit in tree.subject.units if unit.role is UnitRole.HEADING}
    found: list[Any] = []
    waiting = [tree.pdf.Root.Outlines] if "/Outlines" in tree.pdf.Root else []
    while waiting:
        item = waiting.pop().get("/First")
        while item is not None:
            if normalise(str(item.Title)) in told:
                found.append(item)
            waiting.append(item)
            item = item.get("/Next")
    return found


def bookmark_dropped(tree: Tree, random: Random) -> bool:
    """One without others under it."""
    one = random.choice([item for item in _bookmarks(tree) if "/First" not in item])
    before, after, over = one.get("/Prev"), one.get("/Next"), one.Parent
    if before is None and after is None:
        del over["/First"], over["/Last"]
    elif before is None:
        over.First = after
        del after["/Prev"]
    elif after is None:
        over.Last = before
        del before["/Next"]
    else:
        before.Next, after.Prev = after, before
    return True


def bookmark_reworded(tree: Tree, random: Random) -> bool:
    one = random.choice(_bookmarks(tree))
    one.Title = String(f"{one.Title} zwölfmal")
    return True


def bookmarks_exchanged(tree: Tree, random: Random) -> bool:
    """Two bookmarks lead to each other's page."""
    pairs = [(a, b) for a, b in itertools.combinations(_bookmarks(tree), 2) if _page_of(tree, a) != _page_of(tree, b)]
    one, other = random.choice(pairs)
    name = "/Dest" if "/Dest" in one else "/A"
    one[name], other[name] = other[name], one[name]
    return True


def _page_of(tree: Tree, item: Any) -> Any:
    place = item.get("/Dest") or item.A.D
    if isinstance(place, String):
        names = list(_destinations(tree))
        place = next(names[i + 1] for i in range(0, len(names), 2) if str(names[i]) == str(place))
    array = place.D if isinstance(place, Dictionary) else place
    return array[0].objgen


def contents_line_dropped(tree: Tree, random: Random) -> bool:
    drop(random.choice([e for e, _ in tree.parents if str(e.S) == "/TOCI"]))
    return True


# The whole


def tags_dropped(tree: Tree, random: Random) -> bool:
    del tree.pdf.Root["/StructTreeRoot"]
    return True


def page_dropped(tree: Tree, random: Random) -> bool:
    if len(tree.pdf.pages) < 2:
        return False
    held = {page for block in tree.blocks() for page, _ in tree._contents(block)}
    del tree.pdf.pages[random.choice(sorted(held))]
    return True


def metadata_altered(name: str) -> Change:
    def mutate(tree: Tree, random: Random) -> bool:
        stream = tree.pdf.Root.Metadata
        data = stream.read_bytes().decode()
        found = re.search(rf"<dc:{name}>(?:\s*<[^>]*>)*\s*([^<]+)", data)
        if not found:
            return False
        spoilt = data[: found.start(1)] + "9" + data[found.start(1) + 1 :]
        tree.pdf.Root.Metadata = tree.pdf.make_stream(spoilt.encode(), Type=Name.Metadata, Subtype=Name.XML)
        return True

    return mutate


def metadata_dropped(tree: Tree, random: Random) -> bool:
    del tree.pdf.Root["/Metadata"]
    return True


def has_identifier(tree: Tree) -> bool:
    return any(unit.role is UnitRole.TITLE for unit in units(tree.subject.source.publication))


_LOST = "unit-missing unit-hidden"

PDF_OPERATORS: tuple[Operator, ...] = tuple(
    pdf_operator(name, expects, change)
    for name, expects, change in (
        ("word altered", "unit-altered", edit(r"\w{2,}", lambda w: w[::-1] if w != w[::-1] else w + w[0])),
        ("letter altered", "unit-altered", edit(r"[^\W\d_]", lambda letter: "e" if letter != "e" else "a")),
        ("case altered", "unit-altered", edit(r"\b[a-zA-Z]", str.swapcase)),
        ("digit altered", "unit-altered", edit(r"\d", lambda digit: str((int(digit) + 1) % 10))),
        ("digit dropped", "unit-altered unit-missing", edit(r"\d", lambda _: "")),
        ("sign altered", "unit-altered", edit(_SIGNS, lambda sign: "," if sign != "," else ".")),
        ("sign dropped", "unit-altered", edit(_SIGNS, lambda _: "")),
        ("negation dropped", "unit-altered unit-missing", edit(_NEGATIONS, lambda _: "")),
        ("negation added", "unit-altered", edit(r"(?<=\w) (?=\w)", lambda _: " not ")),
        ("word dropped", "unit-altered unit-missing", edit(r"\w+", lambda _: "")),
        ("word doubled", "unit-altered", edit(r"\w{2,}", lambda word: f"{word} {word}")),
        ("words joined", "unit-altered", edit(r"(?<=\w) (?=\w)", lambda _: "")),
        (
            "accent dropped",
            "unit-altered",
            edit("[éèêàô]", lambda letter: dict(zip("éèêàô", "eeeao", strict=True))[letter]),
        ),
        ("words told otherwise", "unit-altered", words_told_otherwise),
        ("block told otherwise", "unit-altered", block_told_otherwise),
        ("words made an artifact", "unit-altered unit-missing", words_into_artifact),
        ("words unmarked", "unit-altered unit-missing unit-hidden", words_unmarked),
        ("words outside tags", "unit-added unit-doubled", words_outside_tags),
        ("words shown otherwise", "unit-added", words_shown_otherwise),
        ("block shown otherwise", "unit-added", block_shown_otherwise),
        ("words of an artifact", "unit-added", words_of_an_artifact),
        ("marks swapped", "unit-altered", marks_swapped),
        ("mark doubled", "unit-altered", mark_doubled),
        ("mark dropped", "unit-altered unit-hidden", mark_dropped),
        ("block dropped", _LOST, block_dropped),
        ("block doubled", "unit-doubled", block_doubled),
        ("block added", "unit-added", block_added),
        ("blocks swapped", "unit-order", blocks_swapped),
        ("blocks’ ids swapped", "unit-altered", ids_swapped),
        ("block moved into a note", "unit-order", block_into_note),
        ("block silenced", _LOST, block_silenced),
        ("cell dropped", _LOST, cell_dropped),
        ("cells swapped", "unit-order", cells_swapped),
        ("rows swapped", "unit-order", rows_swapped),
        ("item dropped", f"{_LOST} alternative-missing", item_dropped),
        ("heading’s level", "unit-role", heading_level),
        ("heading as words", "unit-role", heading_as_words),
        ("words as heading", "unit-role", words_as_heading),
        ("code as words", "unit-role", code_as_words),
        ("reference as words", "unit-role", reference_as_words),
        ("role mapped elsewhere", "unit-role unit-missing", role_mapped_elsewhere),
        ("block set apart", "unit-role unit-missing", block_set_apart),
        ("language of a document", "unit-language", document_language),
        ("language of a document dropped", "unit-language", document_language_dropped),
        ("language of a block", "unit-language", block_language),
        ("language of words", "unit-language", language_dropped),
        ("words marked foreign", "unit-language", words_marked_foreign),
        ("alternative dropped", "alternative-missing", _alternative(_figures, _drop_alternative)),
        ("alternative emptied", "alternative-missing", _alternative(_figures, _empty_alternative)),
        ("alternative altered", "alternative-altered", _alternative(_figures, _alter_alternative)),
        ("picture dropped", "alternative-missing", _alternative(_figures, lambda element, _: drop(element))),
        ("formula altered", "unit-altered", _alternative(_formulas, _alter_alternative)),
        ("formula dropped", "unit-missing", _alternative(_formulas, _drop_alternative)),
        ("task’s state", "alternative-altered alternative-missing unit-missing", task_state),
        ("expansion altered", "abbreviation-altered", expansion_altered),
        ("expansion dropped", "abbreviation-altered", expansion_dropped),
        ("head cell as data", "cell-header", head_cell_as_data),
        ("data cell as head", "cell-header", data_cell_as_head),
        ("head cell’s scope", "cell-header", scope_altered),
        ("item’s number", "item-number", item_number),
        ("footnote’s number", "note-label", footnote_number),
        ("numerals altered", "item-number", numerals_altered),
        ("link elsewhere", "link-missing link-added", link_elsewhere),
        ("link’s address", "link-missing link-added", link_letter),
        ("link nowhere", "link-target-missing", link_nowhere),
        ("link to another place", "link-missing", link_to_another_place),
        ("link into an action", "link-missing link-added", link_into_action),
        ("link unmade", "link-missing", link_unmade),
        ("link’s place dropped", "link-target-missing", destination_dropped),
        ("link’s place moved", "link-target-missing", destination_moved),
        ("call dropped", "note-call-missing", call_dropped),
        ("call to another note", "note-call-missing", call_to_another_note),
        ("call nowhere", "note-call-missing", call_nowhere),
        ("calls swapped", "note-order", calls_swapped),
        ("note dropped", f"note-missing {_LOST}", note_dropped),
        ("note unmarked", "note-missing unit-altered", note_unmarked),
        ("note’s id", "note-missing note-call-missing", note_id),
        ("notes’ words swapped", "unit-order", notes_swapped),
        ("way back dropped", "note-backlink-missing", back_dropped),
        ("way back elsewhere", "note-backlink-missing", back_elsewhere),
        ("bookmark dropped", "contents-missing", bookmark_dropped),
        ("bookmark reworded", "contents-missing", bookmark_reworded),
        ("bookmarks exchanged", "contents-missing contents-order", bookmarks_exchanged),
        ("contents: line dropped", "contents-missing unit-added", contents_line_dropped),
        ("tags dropped", "unit-role unit-missing", tags_dropped),
        ("page dropped", "unit-altered unit-missing", page_dropped),
        *(
            (f"{name} altered", f"metadata-{name}", metadata_altered(name))
            for name in ("title", "creator", "language", "date", "identifier")
        ),
        ("metadata dropped", "metadata-identifier", metadata_dropped),
    )
)
