"""What is said: a publication as lines to speak, in the order of hearing, as data that can be read and tested.

The mix "default" is the article with its notes where they belong; "notes-after" has the notes of the commentary after
the article; "article" is the article alone; "plain" its plain-language counterparts under their headings, with those of
the notes at the end. The author's own footnotes belong to the article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from publisher.model.blocks import Heading, Node, Worded, walk
from publisher.model.inlines import Citation, FootnoteCall, Inline, plain_text, walk_inlines
from publisher.model.mixes import CHOSEN_MIXES
from publisher.model.narration import Line, Role, Script, ScriptChapter, Voice
from publisher.model.publication import (
    Commentary,
    Counterpart,
    Footnote,
    Note,
    Passage,
    Publication,
    Section,
)
from publisher.narration.casting import voice_for
from publisher.narration.pauses import Pauses
from publisher.narration.phrase_forms import Phrases
from publisher.narration.phrases import phrases_for
from publisher.narration.recording_phrases import voice_told
from publisher.narration.speaking import say
from publisher.narration.telling import Teller
from publisher.narration.wording import runs_of, shown_words, spoken

MIXES = ("default", "plain")
"""The mixes that every build makes."""

VOICE_TOLD = "title-voice"
"""The line of the opening that says whose voice it is."""


def write_script(publication: Publication, mix: str = "default", voice: Voice | None = None) -> Script:
    """The script of one mix. `voice` is named in the opening announcement: the publication's own where it is None.

    A publication without plain-language counterparts has a plain script without chapters; one without commentary has
    none for "article" and "notes-after", which would be its default. Raises ValueError for an unknown mix.
    """
    if mix not in (*MIXES, *CHOSEN_MIXES):
        raise ValueError(f"no mix {mix}; there are {', '.join((*MIXES, *CHOSEN_MIXES))}")
    name = voice_told(voice or voice_for(publication.metadata), publication.metadata.lang)
    match mix:
        case "plain":
            chapters = _plain(publication, name)
        case "default":
            chapters = _full(publication, name, mix, notes=publication.notes)
        case "notes-after" if publication.notes:
            chapters = _full(publication, name, mix, after=publication.notes)
        case "article" if publication.layers:
            chapters = _full(_alone(publication), name, mix)
        case _:
            chapters = iter(())
    return Script(mix, publication.metadata.lang, tuple(_ended(chapters, publication)))


def _full(
    publication: Publication, voice: str, mix: str, notes: Sequence[Note] = (), after: Sequence[Note] = ()
) -> Iterator[ScriptChapter]:
    """The text and what stands around it: `notes` where they belong, `after` in a chapter after the text."""
    teller = Teller(publication, notes)
    phrases = phrases_for(publication.metadata.lang)
    yield from _chapter(teller, "title", publication.metadata.title, lambda: _opening(teller, voice, mix))
    introduced = False
    for layer in publication.layers:
        if layer.introduction is not None:
            introduced = True
            yield from _passage(teller, layer, layer.introduction)
    for section in publication.sections:
        yield from _section(teller, section, introduced)
    if after:
        yield from _chapter(teller, "notes", phrases.notes, lambda: _notes(teller, phrases, after))
    left = teller.left_over()
    if left:
        yield from _chapter(teller, "more-notes", phrases.more, lambda: _left_over(teller, phrases, left))
    for layer in publication.layers:
        if layer.method is not None:
            yield from _passage(teller, layer, layer.method)
    if publication.references:
        yield from _chapter(teller, "references", phrases.references, lambda: _references(teller, phrases))


def _plain(publication: Publication, voice: str) -> Iterator[ScriptChapter]:
    passages = [passage for layer in publication.layers for passage in (layer.introduction, layer.method) if passage]
    notes = [note for note in publication.notes if note.plain is not None]
    if not (publication.counterparts or notes or any(passage.plain for passage in passages) or publication.glossary):
        return
    teller = Teller(publication, ())
    phrases = phrases_for(publication.metadata.lang)
    yield from _chapter(teller, "title", publication.metadata.title, lambda: _opening(teller, voice, "plain"))
    introduced = False
    for layer in publication.layers:
        for chapter in _plain_passage(teller, layer.introduction):
            introduced = True
            yield chapter
    counterparts: dict[str, list[Counterpart]] = {}
    for counterpart in publication.counterparts:
        counterparts.setdefault(counterpart.restates[0], []).append(counterpart)
    for section in publication.sections:
        yield from _plain_section(teller, section, counterparts, introduced)
    if notes:
        yield from _chapter(teller, "notes-plain", phrases.plain_notes, lambda: _plain_notes(teller, phrases, notes))
    for layer in publication.layers:
        yield from _plain_passage(teller, layer.method)
    yield from _plain_passage(teller, publication.glossary)


def _chapter(teller: Teller, id: str, title: str, tell: Callable[[], None]) -> Iterator[ScriptChapter]:
    """A chapter of whatever `tell` says, unless that is nothing."""
    tell()
    teller.rest(teller.pauses.chapter)
    lines = teller.taken()
    if lines:
        yield ScriptChapter(id, title, lines)


def _ended(chapters: Iterable[ScriptChapter], publication: Publication) -> Iterator[ScriptChapter]:
    """The chapters, the last one with the words that tell the end from a fault."""
    phrases = phrases_for(publication.metadata.lang)
    told = list(chapters)
    for chapter in told[:-1]:
        yield chapter
    for chapter in told[-1:]:
        runs = say(phrases.end, phrases.lang)
        pause = Pauses(publication.metadata.pauses).end
        end = Line("title-end", "title", Role.ANNOUNCEMENT, phrases.lang, phrases.end, runs, pause)
        yield ScriptChapter(chapter.id, chapter.title, (*chapter.lines, end))


def _opening(teller: Teller, voice: str, mix: str) -> None:
    """Names the edition, its creators, its publisher, its date, and who reads, which `voice` says."""
    metadata, phrases = teller.publication.metadata, teller.phrases
    lang = metadata.lang
    teller.line("title", "title", Role.TITLE, lang, (metadata.title, teller.lexicon.say(metadata.title, lang)))
    teller.after_name("title")
    if metadata.subtitle:
        words = (metadata.subtitle, teller.lexicon.say(metadata.subtitle, lang))
        teller.line("subtitle", "subtitle", Role.TITLE, lang, words)
        teller.after_name("subtitle")
    about, _ = phrases.mix(mix)
    if about:
        teller.announce("title", mix, about)
    for role, done in phrases.roles.items():
        names = [creator.name for creator in metadata.creators if creator.role == role]
        if names:
            teller.announce("title", f"by-{role}", phrases.by.format(role=done, names=phrases.joined(names)))
    day = phrases.day(metadata.date) if metadata.date else ""
    if metadata.publisher:
        form = phrases.published_on if day else phrases.published
        teller.announce("title", "publisher", form.format(publisher=metadata.publisher, date=day))
    elif day:
        teller.announce("title", "date", f"{day}.")
    teller.announce("title", "voice", voice)


def _passage(teller: Teller, layer: Commentary, passage: Passage) -> Iterator[ScriptChapter]:
    def tell() -> None:
        with teller.speaking_as(Role.PARAGRAPH, layer.lang):
            words = (passage.title, teller.lexicon.say(passage.title, passage.lang))
            teller.line(f"{passage.id}-title", passage.id, Role.HEADING, passage.lang, words)
        teller.blocks(passage.blocks)

    yield from _chapter(teller, passage.id, passage.title, tell)


def _plain_passage(teller: Teller, passage: Passage | None) -> Iterator[ScriptChapter]:
    if passage is None or passage.plain is None:
        return
    plain = passage.plain

    def tell() -> None:
        words = (passage.title, teller.lexicon.say(passage.title, passage.lang))
        teller.line(f"{passage.id}-plain-title", passage.id, Role.HEADING, passage.lang, words)
        teller.blocks(plain.blocks)

    yield from _chapter(teller, f"{passage.id}-plain", passage.title, tell)


def _section(teller: Teller, section: Section, introduced: bool) -> Iterator[ScriptChapter]:
    if section.heading is not None:
        title = shown_words(section.heading.inlines)
        yield from _chapter(teller, section.heading.id, title, lambda: _whole_section(teller, section))
        return

    def tell() -> None:
        if introduced:
            _announce_article(teller)
        _whole_section(teller, section)

    yield from _chapter(teller, "opening", teller.phrases.article, tell)


def _announce_article(teller: Teller) -> None:
    """Where the words before were an introduction and no heading follows, a listener is told that it is over."""
    teller.announce("opening", "begin", f"{teller.phrases.article}.", teller.pauses.after(Role.HEADING))


def _whole_section(teller: Teller, section: Section) -> None:
    teller.blocks(section.nodes())


def _plain_section(
    teller: Teller, section: Section, counterparts: dict[str, list[Counterpart]], introduced: bool
) -> Iterator[ScriptChapter]:
    heading = section.heading
    if heading is not None:
        title = heading.plain or shown_words(heading.inlines)
        yield from _chapter(teller, f"{heading.id}-plain", title, lambda: _plain_parts(teller, section, counterparts))
        return

    def tell() -> None:
        if introduced and _has_plain(section, counterparts):
            _announce_article(teller)
        _plain_parts(teller, section, counterparts)

    yield from _chapter(teller, "opening-plain", teller.phrases.article, tell)


def _plain_parts(teller: Teller, section: Section, counterparts: dict[str, list[Counterpart]]) -> None:
    """A section's counterparts under its heading; nothing where neither it nor a section in it has one."""
    if not _has_plain(section, counterparts):
        return
    if section.heading is not None:
        _plain_heading(teller, section.heading)
    for block in section.blocks:
        for counterpart in counterparts.get(block.id, ()):
            teller.blocks(counterpart.blocks)
    for inner in section.sections:
        _plain_parts(teller, inner, counterparts)


def _has_plain(section: Section, counterparts: dict[str, list[Counterpart]]) -> bool:
    return any(block.id in counterparts for block in section.blocks) or any(
        _has_plain(inner, counterparts) for inner in section.sections
    )


def _plain_heading(teller: Teller, heading: Heading) -> None:
    id = f"{heading.id}-plain"
    teller.rest(teller.pauses.before_heading)
    if heading.plain is None:
        words = (heading.text, runs_of(heading, lexicon=teller.lexicon))
    else:
        words = (heading.plain, teller.lexicon.say(heading.plain, heading.lang))
    teller.line(id, id, Role.HEADING, heading.lang, words)


def _plain_notes(teller: Teller, phrases: Phrases, notes: Sequence[Note]) -> None:
    words = (phrases.plain_notes, teller.lexicon.say(phrases.plain_notes, phrases.lang))
    teller.line("notes-plain-title", "notes-plain", Role.HEADING, phrases.lang, words)
    for note in notes:
        if note.plain is not None:
            teller.note(note, note.plain.blocks)


def _alone(publication: Publication) -> Publication:
    """The article by itself: no layer, and only the footnotes that it calls and the works that it cites."""
    footnotes = {footnote.id: footnote for footnote in publication.footnotes}
    called: dict[str, Footnote] = {}
    cited: set[str] = set()
    waiting: list[Node] = list(publication.blocks())
    while waiting:
        for inline in _inlines(waiting.pop(0)):
            if isinstance(inline, Citation):
                cited.update(inline.keys)
            elif isinstance(inline, FootnoteCall) and inline.footnote in footnotes.keys() - called.keys():
                called[inline.footnote] = footnotes[inline.footnote]
                waiting += footnotes[inline.footnote].blocks
    return replace(
        publication,
        layers=(),
        footnotes=tuple(footnote for footnote in publication.footnotes if footnote.id in called),
        references=tuple(reference for reference in publication.references if reference.key in cited),
    )


def _inlines(node: Node) -> Iterator[Inline]:
    for block in walk((node,)):
        if isinstance(block, Worded):
            yield from walk_inlines(block.inlines)


def _notes(teller: Teller, phrases: Phrases, notes: Sequence[Note]) -> None:
    words = (phrases.notes, teller.lexicon.say(phrases.notes, phrases.lang))
    teller.line("notes-title", "notes", Role.HEADING, phrases.lang, words)
    for note in notes:
        teller.note(note, note.blocks)


def _left_over(teller: Teller, phrases: Phrases, left: Sequence[Note | Footnote]) -> None:
    words = (phrases.more, teller.lexicon.say(phrases.more, phrases.lang))
    teller.line("more-notes-title", "more-notes", Role.HEADING, phrases.lang, words)
    teller.tell_all(left)


def _references(teller: Teller, phrases: Phrases) -> None:
    words = (phrases.references, teller.lexicon.say(phrases.references, phrases.lang))
    teller.line("references-title", "references", Role.HEADING, phrases.lang, words)
    for reference in teller.publication.references:
        text = plain_text(reference.entry)
        runs = spoken(reference.entry, reference.lang, 0, len(text), teller.lexicon)
        teller.line(reference.id, reference.id, Role.REFERENCE, reference.lang, (text, runs))
