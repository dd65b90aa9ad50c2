"""What can go wrong with a read-aloud EPUB: its clips, the words that they point at, its sound, what is told of it.

https://www.w3.org/TR/epub-33/#sec-media-overlays
"""

from __future__ import annotations

import io
import itertools
import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random

from lxml import etree
from mutants import Operator, Subject
from sounds import Tape, as_mp3, tape_within
from spoilers import CLIPS, Spoil

from publisher.formats.epub.metadata import clock
from publisher.formats.epub.overlays_read import seconds

_SMIL = "{http://www.w3.org/ns/SMIL}"
_OPF = "{http://www.idpf.org/2007/opf}"


@dataclass
class Book:
    """An open read-aloud edition: its package, its overlays, and the members that were changed."""

    path: Path
    names: list[str]
    package: etree._Element
    package_name: str
    overlays: dict[str, etree._Element]
    changed: dict[str, bytes] = field(default_factory=dict)

    def pars(self) -> list[list[etree._Element]]:
        """The clips of each overlay that has any."""
        return [pars for root in self.overlays.values() if (pars := list(root.iter(f"{_SMIL}par")))]

    def pick(self, random: Random) -> etree._Element:
        return random.choice(random.choice(self.pars()))

    def tracks(self) -> dict[str, list[etree._Element]]:
        """The clips by the audio file that they are of."""
        found: dict[str, list[etree._Element]] = {}
        for name, root in self.overlays.items():
            for par in root.iter(f"{_SMIL}par"):
                src = _audio(par).get("src", "")
                found.setdefault(posixpath.normpath(posixpath.join(posixpath.dirname(name), src)), []).append(par)
        return found

    def items(self) -> list[etree._Element]:
        """The documents of the manifest that have an overlay."""
        return [item for item in self.package.iter(f"{_OPF}item") if item.get("media-overlay")]

    def metas(self, property: str) -> list[etree._Element]:
        return [meta for meta in self.package.iter(f"{_OPF}meta") if meta.get("property") == property]

    def close(self) -> bytes:
        changed = {name: etree.tostring(root) for name, root in self.overlays.items()}
        changed |= {self.package_name: etree.tostring(self.package)} | self.changed
        made = io.BytesIO()
        with zipfile.ZipFile(self.path) as archive, zipfile.ZipFile(made, "w") as copy:
            for name in self.names:
                data = changed.get(name)
                copy.writestr(
                    zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), archive.read(name) if data is None else data
                )
        return made.getvalue()


def _open(path: Path) -> Book:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        (package,) = (name for name in names if name.endswith(".opf"))
        overlays = {name: etree.fromstring(archive.read(name)) for name in names if name.endswith(".smil")}
        return Book(path, names, etree.fromstring(archive.read(package)), package, overlays)


def _audio(par: etree._Element) -> etree._Element:
    found = par.find(f"{_SMIL}audio")
    assert found is not None
    return found


def _text(par: etree._Element) -> etree._Element:
    found = par.find(f"{_SMIL}text")
    assert found is not None
    return found


def _span(par: etree._Element) -> tuple[float, float]:
    audio = _audio(par)
    begin, end = seconds(audio.get("clipBegin", "0")), seconds(audio.get("clipEnd", ""))
    assert begin is not None
    assert end is not None
    return begin, end


def _put(par: etree._Element, begin: float, end: float) -> None:
    _audio(par).set("clipBegin", clock(round(begin * 1000)))
    _audio(par).set("clipEnd", clock(round(end * 1000)))


Change = Callable[[Book, Random], bool]


# The clips


def clip_shifted(book: Book, random: Random) -> bool:
    par = book.pick(random)
    begin, end = _span(par)
    by = random.choice([0.2, -0.2]) if begin >= 0.2 else 0.2
    _put(par, begin + by, end + by)
    return True


def clips_shifted(book: Book, random: Random) -> bool:
    """All clips of a document."""
    for par in random.choice(book.pars()):
        begin, end = _span(par)
        _put(par, begin + 0.2, end + 0.2)
    return True


def clip_begin_shifted(book: Book, random: Random) -> bool:
    par = book.pick(random)
    begin, end = _span(par)
    by = random.choice([0.2, -0.2]) if begin >= 0.2 else 0.2
    _put(par, begin + by, end)
    return True


def clip_ends_late(book: Book, random: Random) -> bool:
    """200 ms into the next words."""
    pars = [par for pars in book.pars() for par in pars[:-1]]
    if pars:
        par = random.choice(pars)
        begin, end = _span(par)
        _put(par, begin, end + 0.2)
    return bool(pars)


def clip_ends_within_words(book: Book, random: Random) -> bool:
    pars = [par for pars in book.pars() for par in pars]
    par = random.choice(pars)
    begin, _ = _span(par)
    _put(par, begin, begin + random.uniform(0.1, 0.2))
    return True


def clips_swapped(book: Book, random: Random) -> bool:
    """Two sentences sound as each other."""
    pairs = [pair for pars in book.pars() for pair in itertools.pairwise(pars)]
    if pairs:
        one, other = random.choice(pairs)
        first, second = _span(one), _span(other)
        _put(one, *second)
        _put(other, *first)
    return bool(pairs)


def clip_of_another_file(book: Book, random: Random) -> bool:
    tracks = book.tracks()
    if len(tracks) < 2:
        return False
    one, other = random.sample(sorted(tracks), 2)
    random.choice(tracks[one])[-1].set("src", _audio(tracks[other][0]).get("src", ""))
    return True


def audio_lost(book: Book, random: Random) -> bool:
    _audio(book.pick(random)).set("src", "../audio/nothing.mp3")
    return True


def par_dropped(book: Book, random: Random) -> bool:
    par = book.pick(random)
    par.getparent().remove(par)
    return True


def par_doubled(book: Book, random: Random) -> bool:
    par = book.pick(random)
    copy = etree.fromstring(etree.tostring(par))
    copy.set("id", "par-again")
    par.addnext(copy)
    return True


def pars_swapped(book: Book, random: Random) -> bool:
    """Two sentences sound in the other order, each with its own words."""
    pairs = [pair for pars in book.pars() for pair in itertools.pairwise(pars)]
    pairs = [(a, b) for a, b in pairs if a.getparent() is b.getparent()]
    if pairs:
        one, other = random.choice(pairs)
        one.addprevious(other)
    return bool(pairs)


# The words


def text_of_another(book: Book, random: Random) -> bool:
    several = [pars for pars in book.pars() if len(pars) > 1]
    if several:
        one, other = random.sample(random.choice(several), 2)
        _text(one).set("src", _text(other).get("src", ""))
    return bool(several)


def texts_swapped(book: Book, random: Random) -> bool:
    several = [pars for pars in book.pars() if len(pars) > 1]
    if several:
        one, other = (_text(par) for par in random.sample(random.choice(several), 2))
        first, second = one.get("src", ""), other.get("src", "")
        one.set("src", second)
        other.set("src", first)
    return bool(several)


def text_nowhere(book: Book, random: Random) -> bool:
    text = _text(book.pick(random))
    text.set("src", f"{text.get('src', '').partition('#')[0]}#nowhere-at-all")
    return True


# What is told of the sound


def overlay_removed(book: Book, random: Random) -> bool:
    random.choice(book.items()).attrib.pop("media-overlay")
    return True


def overlay_of_another(book: Book, random: Random) -> bool:
    items = book.items()
    if len(items) < 2:
        return False
    one, other = random.sample(items, 2)
    one.set("media-overlay", other.get("media-overlay", ""))
    return True


def duration_altered(book: Book, random: Random) -> bool:
    """Of one overlay."""
    found = [meta for meta in book.metas("media:duration") if meta.get("refines")]
    if found:
        meta = random.choice(found)
        meta.text = clock(round((seconds(meta.text or "") or 0) * 1000) + random.choice([-2000, 2000, 60_000]))
    return bool(found)


def durations_sum_altered(book: Book, random: Random) -> bool:
    found = [meta for meta in book.metas("media:duration") if not meta.get("refines")]
    if found:
        found[0].text = clock(round((seconds(found[0].text or "") or 0) * 1000) + random.choice([-2000, 2000]))
    return bool(found)


def duration_dropped(book: Book, random: Random) -> bool:
    found = book.metas("media:duration")
    if found:
        meta = random.choice(found)
        meta.getparent().remove(meta)
    return bool(found)


def active_class(book: Book, random: Random) -> bool:
    """A class that no style sheet shows, so nobody sees which words sound."""
    found = book.metas("media:active-class")
    if found:
        found[0].text = "another-class"
    return bool(found)


# The sound itself


@lru_cache(maxsize=1)
def _tape(path: Path, track: str, spans: tuple[tuple[float, float, str], ...]) -> Tape:
    with zipfile.ZipFile(path) as archive:
        return tape_within(archive.read(track), spans)


def sound(spoil: Spoil) -> Change:
    """Spoils the sound of one document; the clips stay as they are."""

    def change(book: Book, random: Random) -> bool:
        tracks = {name: pars for name, pars in book.tracks().items() if len(pars) > 1}
        if not tracks:
            return False
        name = random.choice(sorted(tracks))
        spans = tuple((*_span(par), _text(par).get("src", "")) for par in tracks[name])
        tape = _tape(book.path, name, spans)
        wave = spoil(tape, random)
        if wave is not None:
            book.changed[name] = as_mp3(wave, tape.rate)
        return wave is not None

    return change


def overlay_operator(name: str, expects: str, change: Change) -> Operator:
    def mutate(subject: Subject, random: Random) -> bytes | None:
        book = _open(subject.path)
        return book.close() if change(book, random) else None

    return Operator(name, frozenset(expects.split()), mutate)


OVERLAY_OPERATORS: tuple[Operator, ...] = tuple(
    overlay_operator(name, expects, change)
    for name, expects, change in (
        ("clip shifted by 200 ms", "cue-shifted", clip_shifted),
        ("clips shifted by 200 ms", "cue-shifted", clips_shifted),
        ("clip’s begin shifted by 200 ms", "cue-shifted", clip_begin_shifted),
        ("clip’s end 200 ms late", "cue-shifted", clip_ends_late),
        ("clip’s end within its words", "cue-shifted", clip_ends_within_words),
        ("clips swapped", "cue-shifted", clips_swapped),
        ("clip of another file", "audio-missing audio-wrong cue-shifted", clip_of_another_file),
        ("audio file lost", "artefact-unreadable", audio_lost),
        ("clip dropped", "cue-missing", par_dropped),
        ("clip doubled", "cue-doubled", par_doubled),
        ("clips in another order", "cue-order", pars_swapped),
        ("clip of another’s words", "cue-missing", text_of_another),
        ("clips’ words swapped", "cue-order audio-wrong audio-order", texts_swapped),
        ("clip of no words", "cue-missing", text_nowhere),
        ("overlay removed", "cue-missing", overlay_removed),
        ("overlay of another document", "cue-missing", overlay_of_another),
        ("overlay’s duration", "overlay-duration", duration_altered),
        ("sum of the durations", "overlay-duration", durations_sum_altered),
        ("duration dropped", "overlay-duration", duration_dropped),
        ("active class altered", "overlay-class", active_class),
        *((name, expects, sound(spoil)) for name, expects, spoil in CLIPS),
    )
)
