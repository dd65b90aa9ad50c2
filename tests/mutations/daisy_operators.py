"""What can go wrong with a DAISY book: its text, its navigation, its clips, what it tells of itself, its sound.

https://daisy.org/activities/standards/daisy/daisy-2/daisy-format-2-02-specification/
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from random import Random

from document_operators import DOCUMENT_OPERATORS
from lxml import etree
from mutants import Operator, Subject
from showing_operators import FOOTNOTE_OPERATORS
from sounds import Tape, as_mp3, tape_within
from spoilers import CLIPS, Spoil
from trees import OPENERS, Tree, tree_operator

from publisher.formats.daisy.markup import to_xhtml1
from publisher.formats.daisy.opening_read import seconds
from publisher.formats.daisy.read import _as_meant
from publisher.model.artefacts import Artefact
from publisher.verifying.ear import Ear
from publisher.verifying.hearing_books import heard_books

_XHTML = "{http://www.w3.org/1999/xhtml}"
_META = f"{_XHTML}meta"
CONTENT, NCC, MASTER = "content.html", "ncc.html", "master.smil"


@dataclass(frozen=True, eq=False)
class DaisySubject(Subject):
    """A DAISY book: held against the source as any text, and heard."""

    ear: Ear
    artefact: Artefact

    def checks(self, path: Path) -> set[str]:
        self.ear.built = path.parent
        told = heard_books(self.ear, [replace(self.artefact, name=path.name)])
        return super().checks(path) | {one.finding.check for one in told[path.name]}


def _written(path: Path, changed: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(made, "w") as copy:
        for name in archive.namelist():
            copy.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), changed.get(name) or archive.read(name))
    return made.getvalue()


# The text: what can go wrong with any document


def open_daisy(subject: Subject) -> Tree:
    """The text as newer documents have it, for the operators that know these."""
    with zipfile.ZipFile(subject.path) as archive:
        root = etree.fromstring(archive.read(CONTENT))
    _as_meant(root)
    return Tree(subject, {CONTENT: root})


def close_daisy(tree: Tree) -> bytes:
    (root,) = tree.documents.values()
    for formula in list(root.iter(f"{_XHTML}math")):
        formula.tag = f"{_XHTML}img"
        formula.set("alt", formula.get("alttext", ""))
    for level in range(2, 8):
        for heading in root.iter(f"{_XHTML}h{level}"):
            heading.tag = f"{_XHTML}h{level - 1}"
    to_xhtml1(root)
    return _written(tree.subject.path, {CONTENT: etree.tostring(root)})


OPENERS["zip"] = (open_daisy, close_daisy)
_UNKNOWN_IN_2001 = frozenset(
    (
        "block hidden",  # no attribute of XHTML 1.0 hides anything
        "section hidden",
        "words hidden",
        "block set apart",
        "note unmarked",  # a class says it
        "contents exchanged",  # another document holds them
    )
)


def note_unmarked(tree: Tree, random: Random) -> bool:
    notes = [one for one in tree.elements("aside") if one.get("role")]
    note = random.choice(notes)
    del note.attrib["role"]
    note.set("class", note.get("class", "").replace("notebody", "").replace("aside", ""))
    note.tag = f"{_XHTML}div"
    return True


def again(operator: Operator) -> Operator:
    """An operator that draws anew where what it drew cannot be spoilt: half of this text stands in notes."""

    def mutate(subject: Subject, random: Random) -> bytes | None:
        return next((made for _ in range(8) if (made := operator.mutate(subject, random)) is not None), None)

    return replace(operator, mutate=mutate)


DAISY_TEXT_OPERATORS: tuple[Operator, ...] = (
    *(again(operator) for operator in DOCUMENT_OPERATORS if operator.name not in _UNKNOWN_IN_2001),
    *FOOTNOTE_OPERATORS,
    tree_operator("note’s class dropped", "note-missing", note_unmarked),
)


# Its navigation, its clips


@dataclass
class Book:
    """An open book: its documents beside the text, and the files that were changed."""

    path: Path
    ncc: etree._Element
    smils: dict[str, etree._Element]
    changed: dict[str, bytes] = field(default_factory=dict)

    @property
    def parts(self) -> list[etree._Element]:
        return [root for name, root in self.smils.items() if name != MASTER]

    def pars(self) -> list[list[etree._Element]]:
        return [list(root.iter("par")) for root in self.parts]

    def pick(self, random: Random) -> etree._Element:
        return random.choice(random.choice(self.pars()))

    def facts(self, name: str) -> list[etree._Element]:
        """What the navigation tells; where it does not, what the others do."""
        return _told([self.ncc], name) or _told(self.smils.values(), name)

    def points(self) -> list[etree._Element]:
        return list(self.ncc.find(f"{_XHTML}body"))

    def close(self) -> bytes:
        made = {name: etree.tostring(root) for name, root in self.smils.items()} | {NCC: etree.tostring(self.ncc)}
        return _written(self.path, made | self.changed)


def _told(roots: Iterable[etree._Element], name: str) -> list[etree._Element]:
    return [meta for root in roots for meta in root.iter("meta", _META) if meta.get("name") == name]


def _open(path: Path) -> Book:
    with zipfile.ZipFile(path) as archive:
        smils = {n: etree.fromstring(archive.read(n)) for n in archive.namelist() if n.endswith(".smil")}
        return Book(path, etree.fromstring(archive.read(NCC)), smils)


def _span(par: etree._Element) -> tuple[float, float]:
    audio = next(par.iter("audio"))
    begin, end = seconds(audio.get("clip-begin", "")), seconds(audio.get("clip-end", ""))
    assert begin is not None
    assert end is not None
    return begin, end


def _put(par: etree._Element, begin: float, end: float) -> None:
    audio = next(par.iter("audio"))
    audio.set("clip-begin", f"npt={begin:.3f}s")
    audio.set("clip-end", f"npt={end:.3f}s")


def _text(par: etree._Element) -> etree._Element:
    return next(par.iter("text"))


Change = Callable[[Book, Random], bool]


def clip_shifted(book: Book, random: Random) -> bool:
    par = book.pick(random)
    begin, end = _span(par)
    _put(par, begin + 0.2, end + 0.2)
    return True


def clips_shifted(book: Book, random: Random) -> bool:
    """All clips of a part, and none left out between them."""
    pars = random.choice([pars for pars in book.pars() if len(pars) > 2])
    for before, after in itertools.pairwise(pars):
        begin, end = _span(before)
        _put(before, begin, end + 0.2)
        _put(after, end + 0.2, _span(after)[1])
    return True


def clips_swapped(book: Book, random: Random) -> bool:
    one, other = random.choice([pair for pars in book.pars() for pair in itertools.pairwise(pars)])
    first, second = _span(one), _span(other)
    _put(one, *second)
    _put(other, *first)
    return True


def pars_swapped(book: Book, random: Random) -> bool:
    one, other = random.choice([pair for pars in book.pars() for pair in itertools.pairwise(pars)])
    one.addprevious(other)
    return True


def par_dropped(book: Book, random: Random) -> bool:
    par = book.pick(random)
    par.getparent().remove(par)
    return True


def par_doubled(book: Book, random: Random) -> bool:
    par = book.pick(random)
    copy = etree.fromstring(etree.tostring(par))
    copy.set("id", "again")
    par.addnext(copy)
    return True


def texts_swapped(book: Book, random: Random) -> bool:
    one, other = (_text(par) for par in random.sample(random.choice([p for p in book.pars() if len(p) > 1]), 2))
    first, second = one.get("src", ""), other.get("src", "")
    one.set("src", second)
    other.set("src", first)
    return True


def text_nowhere(book: Book, random: Random) -> bool:
    _text(book.pick(random)).set("src", f"{CONTENT}#nowhere-at-all")
    return True


def sound_lost(book: Book, random: Random) -> bool:
    for audio in random.choice(book.parts).iter("audio"):
        audio.set("src", "nothing.mp3")
    return True


def sounds_exchanged(book: Book, random: Random) -> bool:
    """Two parts play each other's sound."""
    one, other = random.sample(book.parts, 2)
    first, second = (next(root.iter("audio")).get("src", "") for root in (one, other))
    for root, name in ((one, second), (other, first)):
        for audio in root.iter("audio"):
            audio.set("src", name)
    return True


def point_dropped(book: Book, random: Random) -> bool:
    point = random.choice([one for one in book.points() if "h" in str(one.tag)])
    point.getparent().remove(point)
    return True


def points_swapped(book: Book, random: Random) -> bool:
    one, other = random.choice(list(itertools.pairwise(book.points())))
    one.addprevious(other)
    return True


def point_altered(book: Book, random: Random) -> bool:
    link = random.choice([one for one in book.points()[1:] if str(one.tag)[-1].isdigit()])[0]
    link.text = f"{(link.text or '')[::-1]}x"
    return True


def point_nowhere(book: Book, random: Random) -> bool:
    link = random.choice(book.points())[0]
    link.set("href", f"{link.get('href', '').partition('#')[0]}#nowhere")
    return True


def parts_exchanged(book: Book, random: Random) -> bool:
    refs = list(book.smils[MASTER].iter("ref"))
    refs[0].addprevious(refs[-1])
    return True


def unskippable(book: Book, random: Random) -> bool:
    notes = [par for pars in book.pars() for par in pars if par.get("system-required")]
    if notes:
        random.choice(notes).attrib.pop("system-required")
    return bool(notes)


def skippable(book: Book, random: Random) -> bool:
    """A sentence of the text that players would leave out with the notes."""
    random.choice([par for pars in book.pars() for par in pars if not par.get("system-required")]).set(
        "system-required", "footnote-on"
    )
    return True


def fact_altered(name: str, value: Callable[[str], str]) -> Change:
    def change(book: Book, random: Random) -> bool:
        meta = random.choice(book.facts(name))
        meta.set("content", value(meta.get("content", "")))
        return True

    return change


def fact_of_a_part(book: Book, random: Random) -> bool:
    meta = random.choice([one for name in ("dc:title", "dc:identifier") for one in _told(book.smils.values(), name)])
    meta.set("content", f"{meta.get('content')} x")
    return True


def fact_dropped(name: str) -> Change:
    def change(book: Book, random: Random) -> bool:
        for meta in book.facts(name):
            meta.getparent().remove(meta)
        return True

    return change


# The sound itself


@lru_cache(maxsize=1)
def _tape(path: Path, name: str, spans: tuple[tuple[float, float, str], ...]) -> Tape:
    with zipfile.ZipFile(path) as archive:
        return tape_within(archive.read(name), spans)


def sound(spoil: Spoil) -> Change:
    """Spoils the sound of one part; the clips stay as they are."""

    def change(book: Book, random: Random) -> bool:
        pars = random.choice([pars for pars in book.pars() if len(pars) > 1])
        name = next(pars[0].iter("audio")).get("src", "")
        tape = _tape(book.path, name, tuple((*_span(par), _text(par).get("src", "")) for par in pars))
        wave = spoil(tape, random)
        if wave is not None:
            book.changed[name] = as_mp3(wave, tape.rate)
        return wave is not None

    return change


def daisy_operator(name: str, expects: str, change: Change) -> Operator:
    def mutate(subject: Subject, random: Random) -> bytes | None:
        book = _open(subject.path)
        return book.close() if change(book, random) else None

    return Operator(name, frozenset(expects.split()), mutate)


DAISY_OPERATORS: tuple[Operator, ...] = tuple(
    daisy_operator(name, expects, change)
    for name, expects, change in (
        ("clip shifted by 200 ms", "daisy-time", clip_shifted),
        ("clips shifted by 200 ms", "cue-shifted", clips_shifted),
        ("clips swapped", "cue-shifted", clips_swapped),
        ("clips in another order", "cue-order", pars_swapped),
        ("clip dropped", "cue-missing", par_dropped),
        ("clip doubled", "cue-doubled", par_doubled),
        ("clips’ words swapped", "cue-order audio-wrong audio-order", texts_swapped),
        ("clip of no words", "cue-added", text_nowhere),
        ("sound lost", "artefact-unreadable", sound_lost),
        ("parts’ sounds exchanged", "audio-wrong", sounds_exchanged),
        ("heading of the navigation dropped", "daisy-count", point_dropped),
        ("navigation in another order", "daisy-link", points_swapped),
        ("heading of the navigation altered", "contents-altered", point_altered),
        ("line of the navigation nowhere", "daisy-link", point_nowhere),
        ("parts in another order", "daisy-link", parts_exchanged),
        ("note that cannot be skipped", "daisy-skippable", unskippable),
        ("text that can be skipped", "daisy-skippable", skippable),
        ("title altered", "metadata-title", fact_altered("dc:title", lambda text: f"{text} x")),
        ("parts tell otherwise", "daisy-fact", fact_of_a_part),
        ("part’s title altered", "chapter-title", fact_altered("title", lambda text: f"{text} x")),
        ("creator dropped", "metadata-creator", fact_dropped("dc:creator")),
        ("date altered", "metadata-date", fact_altered("dc:date", lambda _: "1999-01-01")),
        ("language altered", "metadata-language", fact_altered("dc:language", lambda _: "tlh")),
        (
            "identifier altered",
            "metadata-identifier",
            fact_altered("dc:identifier", lambda text: f"{text}0"),
        ),
        ("format altered", "daisy-count", fact_altered("dc:format", lambda _: "Daisy 3")),
        ("number of lines", "daisy-count", fact_altered("ncc:tocItems", lambda text: f"{text}0")),
        ("number of files", "daisy-count", fact_dropped("ncc:files")),
        ("depth", "daisy-count", fact_altered("ncc:depth", lambda text: str(int(text) + 1))),
        ("length of all", "daisy-time", fact_altered("ncc:totalTime", lambda _: "00:00:01")),
        ("length before", "daisy-time", fact_altered("ncc:totalElapsedTime", lambda _: "01:00:00")),
        ("length of a part", "daisy-time", fact_altered("ncc:timeInThisSmil", lambda _: "01:00:00")),
        *((name, expects, sound(spoil)) for name, expects, spoil in CLIPS),
    )
)
