"""Media overlays: EPUB 3.3, section 9 (https://www.w3.org/TR/epub-33/#sec-media-overlays)."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise

import av
import numpy as np
import pytest
import soundfile
from epub_books import NAMES, Book, narrated
from lxml import etree

from publisher.formats.epub.documents import Document, Kind, Page
from publisher.formats.epub.metadata import clock
from publisher.formats.epub.overlays import match, silent
from publisher.model.narration import Clip, Cue, Line, Narration, Role, Spoken, Voice
from publisher.model.publication import Publication
from publisher.store import Store


def seconds(value: str) -> float:
    hours, minutes, rest = value.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def overlays(book: Book) -> dict[str, list[tuple[str, float, float]]]:
    """By document: the fragment, begin and end of each `par`, in order."""
    found = {}
    for name in book.spine():
        smil = f"overlays/{name.removesuffix('.xhtml')}.smil"
        pars = book.find(smil, "//smil:par")
        found[name] = []
        for par in pars:
            (text,) = par.xpath("smil:text/@src", namespaces=NAMES)
            (audio,) = par.xpath("smil:audio", namespaces=NAMES)
            document, _, fragment = text.partition("#")
            assert document == f"../{name}"
            assert audio.get("src") == f"../audio/{name.removesuffix('.xhtml')}.mp3"
            found[name].append((fragment, seconds(audio.get("clipBegin")), seconds(audio.get("clipEnd"))))
    return found


def test_every_document_of_the_spine_has_an_overlay(read_aloud: Book) -> None:
    items = {item.get("href"): item for item in read_aloud.find("content.opf", "//opf:item")}
    ids = {item.get("id"): href for href, item in items.items()}
    for name in read_aloud.spine():
        smil = ids[items[name].get("media-overlay")]
        assert read_aloud.find(smil, "//smil:par"), name
    assert "nav.xhtml" not in read_aloud.spine()


def test_every_fragment_is_there_once_and_in_the_documents_order(read_aloud: Book) -> None:
    for name, pars in overlays(read_aloud).items():
        order = read_aloud.find(name, "//@id")
        places = [order.index(fragment) for fragment, _, _ in pars]
        assert places == sorted(set(places)), name


def test_each_moment_lasts_until_the_next_begins(read_aloud: Book) -> None:
    for name, pars in overlays(read_aloud).items():
        assert pars[0][1] == 0
        assert all(begin < end for _, begin, end in pars), name
        assert all(before[2] == after[1] for before, after in pairwise(pars)), name


def test_durations_are_those_of_the_audio_and_add_up(read_aloud: Book) -> None:
    told = {
        meta.get("refines"): seconds(meta.text)
        for meta in read_aloud.find("content.opf", "//opf:meta[@property='media:duration']")
    }
    total = told.pop(None)
    for name, pars in overlays(read_aloud).items():
        stem = name.removesuffix(".xhtml")
        assert told[f"#overlay-{stem}"] == pars[-1][2]
        assert decoded(read_aloud, stem)[0].size / 22050 == pytest.approx(pars[-1][2], abs=0.001)
    assert total == pytest.approx(sum(told.values()), abs=1e-6)


def decoded(book: Book, stem: str) -> tuple[np.ndarray, int]:
    """A document's audio as samples."""
    with av.open(BytesIO(book.entries[f"EPUB/audio/{stem}.mp3"])) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
        rate = container.streams.audio[0].rate
    return np.concatenate(frames), rate


def test_what_sounds_at_a_sentence_is_that_sentence(read_aloud: Book, publication: Publication, store: Store) -> None:
    clips = {cue.line.id: cue.clip for mix in narrated(publication, store).values() for cue in mix.cues}
    checked = 0
    for name, pars in overlays(read_aloud).items():
        heard, rate = decoded(read_aloud, name.removesuffix(".xhtml"))
        for fragment, begin, end in pars:
            clip = clips.get(fragment)
            if clip is None or clip.rate != rate or clip.frames < rate / 2 or fragment == "title":
                continue
            meant = soundfile.read(store.path(clip.key, ".flac"), dtype="float32")[0]
            assert similarity(heard[round(begin * rate) : round(end * rate)], meant) > 0.9, fragment
            checked += 1
    assert checked > 20


def similarity(heard: np.ndarray, meant: np.ndarray) -> float:
    """The best correlation of a clip with any stretch of what is heard: 1 for the same sound, near 0 for another."""
    if len(heard) < len(meant):
        return 0.0
    size = 1 << (len(heard) + len(meant)).bit_length()
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(meant, size)), size)
    products = products[: len(heard) - len(meant) + 1]
    sums = np.cumsum(np.concatenate([[0.0], heard.astype(float) ** 2]))
    energies = sums[len(meant) :] - sums[: -len(meant)]
    return float((products / np.sqrt(np.maximum(energies, 1e-9) * np.sum(meant.astype(float) ** 2))).max())


def test_every_line_of_the_article_is_heard(read_aloud: Book, publication: Publication, store: Store) -> None:
    """Nothing that the narration says is lost, announcements included: the times leave room for all of it."""
    narration = narrated(publication, store)["default"]
    said = sum(cue.clip.duration + cue.line.pause for cue in narration.cues)
    first_mix = {"title.xhtml", "introduction.xhtml", "article.xhtml", "method.xhtml", "references.xhtml"}
    heard = sum(pars[-1][2] for name, pars in overlays(read_aloud).items() if name in first_mix)
    assert heard >= said - 0.1


def test_what_may_be_skipped_or_left_is_marked(read_aloud: Book) -> None:
    kinds = read_aloud.find("overlays/article.smil", "//smil:seq/@epub:type")
    assert {"footnote", "list", "list-item", "table", "table-cell", "figure"} <= set(kinds)
    notes = read_aloud.find("overlays/article.smil", "//smil:seq[@epub:type='footnote']/@epub:textref")
    assert notes == [f"../article.xhtml#{id}" for id in ("n-1", "fn-1", "n-2")]


def test_the_active_class_is_styled_by_more_than_colour(read_aloud: Book, text_edition: Book) -> None:
    (name,) = read_aloud.meta("media:active-class")
    css = read_aloud.entries["EPUB/style.css"].decode()
    rule = re.search(rf"\.{name} \{{([^}}]*)\}}", css)
    assert rule is not None
    assert "text-decoration" in rule[1]
    assert name not in text_edition.entries["EPUB/style.css"].decode()


def test_the_voice_is_credited_where_people_look(read_aloud: Book, text_edition: Book) -> None:
    assert read_aloud.find("title.xhtml", "//h:p[@id='title-voice']/text()") == ["Synthetic voice (eSpeak NG)"]
    assert text_edition.find("title.xhtml", "//h:p[@id='title-voice']") == []


@pytest.mark.parametrize(
    ("milliseconds", "told"), [(0, "0:00:00.000"), (61_007, "0:01:01.007"), (36_000_000, "10:00:00.000")]
)
def test_clock_values(milliseconds: int, told: str) -> None:
    assert clock(milliseconds) == told


# How announcements find their place, on a page made by hand.

PAGE = """<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><body>
<ul id="list"><li id="item-1"><p id="p-1"><span id="s-1">One.</span></p></li>
<li id="item-2"><p id="p-2"><span id="s-2">Two.</span></p></li></ul>
<p id="p-3"><span id="s-3">Three.</span></p><p id="p-4">Four, unspoken.</p><img id="i-1" alt="A picture."/>
</body></html>"""


def page() -> Page:
    return Page(Document("a.xhtml", Kind.ARTICLE, "A"), etree.fromstring(PAGE))


def narration(*lines: tuple[str, str]) -> Narration:
    cues = []
    for number, (id, unit) in enumerate(lines):
        role = Role.PARAGRAPH if id.startswith("s-") else Role.ANNOUNCEMENT
        line = Line(id, unit, role, "en", id, (Spoken(id, "en", 0, len(id)),), 0.1)
        cues.append(Cue(line, Clip(str(number), 100, 50), number * 60, number * 60 + 50))
    return Narration("default", Voice("espeak"), "en", 100, 600, (), tuple(cues))


def heard(*lines: tuple[str, str]) -> dict[str, list[str]]:
    sounds = match([page()], [narration(*lines)])
    return {id: [cue.line.id for cue in sound.cues] for id, sound in sounds.items()}


def test_an_announcement_before_its_unit_sounds_with_the_unit() -> None:
    assert heard(("list-begin", "list"), ("s-1", "p-1")) == {"list": ["list-begin"], "s-1": ["s-1"]}


def test_an_announcement_inside_its_unit_sounds_with_what_comes_next_in_it() -> None:
    lines = (("s-1", "p-1"), ("list-middle", "list"), ("s-2", "p-2"))
    assert heard(*lines) == {"s-1": ["s-1"], "s-2": ["list-middle", "s-2"]}


def test_an_announcement_after_its_unit_sounds_with_what_came_last_in_it() -> None:
    lines = (("s-2", "p-2"), ("list-end", "list"), ("s-3", "p-3"))
    assert heard(*lines) == {"s-2": ["s-2", "list-end"], "s-3": ["s-3"]}


def test_an_announcement_of_what_is_not_shown_sounds_with_what_comes_next_or_last() -> None:
    lines = (("opening-begin", "opening"), ("s-3", "p-3"), ("end-of-all", "opening"))
    assert heard(*lines) == {"s-3": ["opening-begin", "s-3", "end-of-all"]}


def test_what_is_shown_without_a_sound_is_found() -> None:
    sounds = match([page()], [narration(("s-1", "p-1"), ("s-2", "p-2"), ("s-3", "p-3"))])
    assert list(silent(page(), sounds)) == [("p-4", "Four, unspoken.", "en"), ("i-1", "A picture.", "en")]
