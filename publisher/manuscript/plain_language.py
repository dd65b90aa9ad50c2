"""Plain-language counterparts, measured: what has none, what is hard in them, what they lose or add.

The limits are those of plain-language guides for adults who read with difficulty and for children of 9 to 11: sentences
mostly up to 15 words and never over 25, paragraphs under 5 sentences, hard words explained. They find what to look
at; that a text passes them does not make it easy to read, and nothing here may be used to claim so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from publisher.manuscript.calendar_words import primary
from publisher.manuscript.glossary import explained_words
from publisher.manuscript.places import Places
from publisher.manuscript.readability import explained, hard_words, reading_level, words_of
from publisher.manuscript.restating import Losses, Words, compare_restated, names
from publisher.manuscript.severities import finding
from publisher.model.blocks import Block, CodeBlock, Heading, Node, Quotation, ThematicBreak, Worded, walk
from publisher.model.findings import Finding
from publisher.model.inlines import OBJECT, Citation, Inline, Link, Span, Styled, plain_text, walk_inlines
from publisher.model.publication import Counterpart, Publication
from publisher.model.source import Position

LONGEST_SENTENCE = 25
"""Words that no sentence should exceed."""
USUAL_SENTENCE = 15
"""Words that most sentences should not exceed."""
MOST_SENTENCES = 4
"""Sentences that a paragraph may have."""
ENOUGH_WORDS = 60
"""Words from which on a formula says something about a text."""


@dataclass(frozen=True, slots=True)
class Restatement:
    """A counterpart and what it restates; `part` says whose it is: `article`, or a note's or passage's id."""

    counterpart: Counterpart
    restated: tuple[Node, ...]
    part: str = "article"


def restatements(publication: Publication) -> Iterator[Restatement]:
    """Every counterpart of an edition: the article's, then those of notes, introductions and methods, the glossary."""
    there = {node.id: node for node in walk(publication.blocks())}
    for counterpart in publication.counterparts:
        yield Restatement(counterpart, tuple(there[id] for id in counterpart.restates if id in there))
    for id, blocks, plain, _ in _commented(publication):
        if plain is not None:
            yield Restatement(plain, tuple(blocks), id)


def _commented(publication: Publication) -> Iterator[tuple[str, tuple[Block, ...], Counterpart | None, Node]]:
    for layer in publication.layers:
        for passage in (layer.introduction, layer.method):
            if passage is not None:
                yield passage.id, passage.blocks, passage.plain, passage
        for note in layer.notes:
            yield note.id, note.blocks, note.plain, note
    glossary = publication.glossary
    if glossary is not None:
        yield glossary.id, glossary.blocks, glossary.plain, glossary


def plain_findings(publication: Publication) -> tuple[Finding, ...]:
    """All that is to be said of an edition's plain-language counterparts, in the order of the text."""
    found = list(_missing(publication))
    before: list[str] = []
    everything = _text_of(publication)
    known = {word.casefold() for words in explained_words(publication) for word in words_of(words)}
    for restatement in restatements(publication):
        counterpart = restatement.counterpart
        plain = words_in(counterpart.blocks, counterpart.lang)
        before.append(plain.everything)
        found += _lengths(counterpart)
        found += _hard(counterpart, plain, "\n".join(before), known)
        found += _level([counterpart], counterpart)
        found += _out_of_step(restatement, plain, everything)
    found += _whole_level(publication)
    return tuple(found)


def in_step_findings(publication: Publication) -> tuple[Finding, ...]:
    """Whether the counterparts say the same as what they restate: what has none, what is lost and what is added.

    Those of `plain_findings` that do not judge how easily the counterparts read.
    """
    found = list(_missing(publication))
    everything = _text_of(publication)
    for restatement in restatements(publication):
        counterpart = restatement.counterpart
        found += _out_of_step(restatement, words_in(counterpart.blocks, counterpart.lang), everything)
    return tuple(found)


def _out_of_step(restatement: Restatement, plain: Words, everything: str) -> Iterator[Finding]:
    if restatement.restated:
        original = words_in(restatement.restated, restatement.restated[0].lang)
        counterpart = restatement.counterpart
        yield from _losses(counterpart, compare_restated(original, plain, counterpart.waived, everything))


def words_in(nodes: Iterable[Node], lang: str) -> Words:
    """The words of some nodes and all inside them, a block a line."""
    text, starts, expansions = "", [], []
    for node in walk(nodes):
        if isinstance(node, Worded):
            starts += [len(text) + sentence.start for sentence in node.sentences] or [len(text)]
            text += "".join(_own_words(inline) for inline in node.inlines) + "\n"
            spans = (inline for inline in walk_inlines(node.inlines) if isinstance(inline, Span))
            expansions += [span.expansion for span in spans if span.expansion]
    return Words(text, tuple(starts), lang, tuple(expansions))


def _own_words(inline: Inline) -> str:
    """The words of an inline as `plain_text` has them, citations blanked out: an easier text need not cite."""
    match inline:
        case Citation():
            return " " * len(plain_text([inline]))
        case Styled() | Span() | Link():
            return "".join(_own_words(child) for child in inline.children)
        case _:
            return plain_text([inline])


def _text_of(publication: Publication) -> str:
    """All that the edition says in its own words, where a counterpart may take a name from."""
    article = words_in(publication.blocks(), publication.metadata.lang).everything
    notes = [words_in(blocks, "en").everything for _, blocks, _, _ in _commented(publication)]
    people = [note.by.name for note in publication.notes]
    facts = publication.metadata
    head = [facts.title, facts.subtitle or "", *(creator.name for creator in facts.creators)]
    return "\n".join([*head, article, *notes, *people])


# What has no counterpart


def _missing(publication: Publication) -> Iterator[Finding]:
    restated = {id for counterpart in publication.counterparts for id in counterpart.restates}
    for block in publication.blocks():
        if block.id not in restated and _needs_plain(block):
            message = f"{_start_of(block)}has no plain-language counterpart; add ::: plain after it"
            yield finding("plain-missing", message, block.position)
    for id, blocks, plain, node in _commented(publication):
        if plain is None and any(_needs_plain(block) for block in blocks):
            message = f"#{id} has no plain-language counterpart; add ::: plain inside it"
            yield finding("plain-missing", message, node.position)


def _needs_plain(block: Block) -> bool:
    """Whether a block says anything of its own that an easier text would have to say again."""
    if isinstance(block, Heading | ThematicBreak) or (isinstance(block, Quotation) and block.pull):
        return False
    return isinstance(block, CodeBlock) or any(
        isinstance(node, CodeBlock) or (isinstance(node, Worded) and node.text.replace(OBJECT, "").strip())
        for node in walk([block])
    )


def _start_of(block: Block) -> str:
    """`“The first words …” ` of a block, to find it by."""
    text = " ".join(words_in([block], block.lang).text.replace(OBJECT, " ").split())
    return f"“{_shortened(text)}” " if text else ""


def _shortened(text: str, length: int = 40) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + " …"


# What is hard


def _lengths(counterpart: Counterpart) -> Iterator[Finding]:
    lengths: list[int] = []
    for node in walk(counterpart.blocks):
        if not isinstance(node, Worded):
            continue
        sentences = [node.text[sentence.start : sentence.end] for sentence in node.sentences]
        for sentence in sentences:
            length = len(words_of(sentence))
            lengths.append(length)
            if length > LONGEST_SENTENCE:
                message = f"“{_shortened(sentence)}” has {length} words; no more than {LONGEST_SENTENCE}, make it two"
                yield finding("plain-sentence-long", message, Places().sentence(sentence, node) or node.position)
        if len(sentences) > MOST_SENTENCES:
            message = (
                f"the paragraph “{_shortened(node.text)}” has {len(sentences)} sentences;"
                f" no more than {MOST_SENTENCES}, part it"
            )
            yield finding("plain-paragraph-long", message, node.position)
    long = sum(1 for length in lengths if length > USUAL_SENTENCE)
    if len(lengths) > 2 and long * 2 > len(lengths):
        message = f"{long} of {len(lengths)} sentences have more than {USUAL_SENTENCE} words; shorten some"
        yield finding("plain-sentences-long", message, counterpart.position)


def _sentences(counterparts: Sequence[Counterpart]) -> list[str]:
    return [
        node.text[sentence.start : sentence.end]
        for counterpart in counterparts
        for node in walk(counterpart.blocks)
        if isinstance(node, Worded)
        for sentence in node.sentences
    ]


def _level(counterparts: Sequence[Counterpart], at: Counterpart, what: str = "this counterpart") -> Iterator[Finding]:
    sentences = _sentences(counterparts)
    if sum(len(words_of(sentence)) for sentence in sentences) < ENOUGH_WORDS:
        return
    level = reading_level(sentences, at.lang)
    if level is not None and not level.easy:
        message = (
            f"{what} is hard to read: {level.formula} {level.value:g}, where plain language has {level.limit:g};"
            " use shorter words and sentences"
        )
        yield finding("plain-reading-level", message, at.position)


def _whole_level(publication: Publication) -> Iterator[Finding]:
    """The level of all short counterparts together, which are too short to be judged one by one."""
    by_lang: dict[str, list[Counterpart]] = {}
    for restatement in restatements(publication):
        counterpart = restatement.counterpart
        if sum(len(words_of(sentence)) for sentence in _sentences([counterpart])) < ENOUGH_WORDS:
            by_lang.setdefault(primary(counterpart.lang), []).append(counterpart)
    for counterparts in by_lang.values():
        yield from _level(counterparts, counterparts[0], "the plain-language edition as a whole")


def _hard(counterpart: Counterpart, plain: Words, before: str, known: set[str]) -> Iterator[Finding]:
    """Hard words that neither this counterpart nor one before it explains, nor the glossary, which has `known`."""
    parts = {part for name in names(plain.text, plain.starts, plain.lang) for part in re.split(r"[ ’'-]", name)}
    expanded = {word for expansion in plain.expansions for word in words_of(expansion)}
    hard = [
        word
        for word in hard_words(plain.text, plain.lang, parts | expanded | known)
        if not explained(word, before, plain.lang) and not _waived(word, counterpart.waived)
    ]
    if hard:
        message = f"hard words not explained: {', '.join(hard)}; use easier ones, or say what they mean"
        yield finding("plain-hard-word", message, _first_of(hard, counterpart))


def _waived(word: str, waived: Sequence[str]) -> bool:
    return any(word in item.casefold().split() for item in waived)


# What is lost or added


_TELLING: Mapping[str, tuple[str, str]] = {
    "numbers_lost": ("plain-number-lost", "leaves out the number"),
    "numbers_added": ("plain-number-added", "adds the number"),
    "dates_lost": ("plain-date-lost", "leaves out the date word"),
    "dates_added": ("plain-date-added", "adds the date word"),
    "names_lost": ("plain-name-lost", "leaves out the name"),
    "names_added": ("plain-name-added", "adds the name"),
    "negations_lost": ("plain-negation-lost", "denies nothing where the text says"),
    "negations_added": ("plain-negation-added", "denies something where the text does not:"),
}


def _losses(counterpart: Counterpart, losses: Losses) -> Iterator[Finding]:
    for name, (check, wrong) in _TELLING.items():
        items: tuple[str, ...] = getattr(losses, name)
        if items:
            listed = ", ".join(items[:6]) + (" …" if len(items) > 6 else "")
            plural = "s" if len(items) > 1 and wrong.endswith(("number", "word", "name")) else ""
            remedy = f'keep what matters, or name it in waive="{"; ".join(items[:6])}"'
            position = counterpart.position
            if check.endswith("-added"):
                remedy = "check it against the text"
                position = _first_of(items, counterpart)
            yield finding(check, f"{wrong}{plural} {listed}; {remedy}", position)


def _first_of(items: Sequence[str], counterpart: Counterpart) -> Position:
    """Where the first of some words stands in a counterpart; where that begins, if it is written in another way."""
    return Places().words(items[0], counterpart.blocks) or counterpart.position
