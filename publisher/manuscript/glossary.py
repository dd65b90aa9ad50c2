"""The glossary: hard words with what they mean, written once (`::: glossary`), linked from the plain language.

    ::: glossary
    [border]{also="borders"}
    :   the line where one country meets another
    :::

It belongs to the plain language, and stands at its end in every format that holds that. Each word is looked for in the
plain-language counterparts, as it stands or in one of the forms that `also` lists, and its first standing in each
section leads to its explanation. Nothing is guessed: a form that is not listed is not found, and a word that stands
nowhere is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from publisher.manuscript.ast_text import attributes_of, walk_ast
from publisher.manuscript.blocks_reader import BlocksReader, Scope
from publisher.manuscript.calendar_words import primary
from publisher.manuscript.inline_words import with_words
from publisher.manuscript.pandoc import Ast
from publisher.model.blocks import Block, DefinitionList, Term
from publisher.model.findings import Finding, Severity
from publisher.model.inlines import Link, Text
from publisher.model.publication import Counterpart, Passage, Publication, Section
from publisher.model.source import Position

NAME = "glossary"
"""The division's class, and the id of what it makes."""

_TITLES = {
    "ar": "كلمات صعبة",
    "cy": "Geiriau anodd",
    "de": "Schwierige Wörter",
    "en": "Hard words",
    "es": "Palabras difíciles",
    "fr": "Mots difficiles",
    "zh": "难词解释",
}
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Languages that put no spaces between words."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """A glossary as it was read: its passage, which says all in plain language, and the forms of each of its terms, by
    the term's id, the longest first."""

    passage: Passage
    forms: Mapping[str, tuple[str, ...]]


def read_glossary(reader: BlocksReader, node: Ast, scope: Scope) -> Glossary:
    """The division `node`; what is wrong with it is reported, and it is given as far as it can be used."""
    attr, nodes = node["c"]
    position = reader.state.positions.of(node)
    attributes, inner = reader.attributes(node, attr, scope, ("title",))
    also = [_take_forms(term) for part in nodes if part["t"] == "DefinitionList" for term, _ in part["c"]]
    own = reader.state.final_id(attr) if attr[0] else None
    name = own or reader.shared.ids.unique(NAME)
    plain = reader.shared.ids.unique(f"{name}-plain")
    blocks = reader.blocks(nodes, replace(inner, prefix=plain))
    for finding in _faults(blocks, position):
        reader.state.add(finding)
    forms = {
        term.id: _by_length((" ".join(term.text.split()), *others))
        for term, others in zip(_terms(blocks), also, strict=False)
    }
    for finding in _doubled(blocks, forms):
        reader.state.add(finding)
    title = " ".join(attributes.get("title", "").split()) or _TITLES.get(primary(inner.lang), _TITLES["en"])
    words = Counterpart(id=plain, lang=inner.lang, position=position, restates=(), blocks=blocks)
    passage = Passage(id=name, lang=inner.lang, position=position, title=title, blocks=(), plain=words)
    return Glossary(passage, forms)


def _take_forms(term: Sequence[Ast]) -> tuple[str, ...]:
    """The forms that a term's `also` lists; the attribute, which is ours alone, is taken out of the tree."""
    found: list[str] = []
    for node in walk_ast(list(term)):
        if node["t"] == "Span":
            attr = node["c"][0]
            listed = attributes_of(attr).get("also", "")
            found += (" ".join(form.split()) for form in re.split("[;,]", listed))
            attr[2][:] = [pair for pair in attr[2] if pair[0] != "also"]
    return tuple(form for form in found if form)


def _by_length(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(form for form in forms if form), key=len, reverse=True))


def _terms(blocks: Iterable[Block]) -> Iterator[Term]:
    return (term for block in blocks if isinstance(block, DefinitionList) for term, _ in block.entries)


def _faults(blocks: Sequence[Block], position: Position) -> Iterator[Finding]:
    """What is no list of words and what they mean."""
    how = "write each word on a line of its own, and under it `:   what it means`"
    if not blocks:
        yield Finding("glossary-form", Severity.ERROR, f"::: glossary is empty; {how}", position)
    for block in blocks:
        if not isinstance(block, DefinitionList):
            yield Finding("glossary-form", Severity.ERROR, f"::: glossary holds more than words; {how}", block.position)
            continue
        for term, definitions in block.entries:
            said = any(definition.blocks for definition in definitions)
            if not said or not term.text.strip():
                message = f"“{term.text.strip()}” is not explained; {how}"
                yield Finding("glossary-form", Severity.ERROR, message, term.position)


def _doubled(blocks: Sequence[Block], forms: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Words that lead to two explanations."""
    seen: dict[str, Term] = {}
    for term in _terms(blocks):
        for form in forms.get(term.id, ()):
            other = seen.setdefault(form.casefold(), term)
            if other is not term:
                message = f"“{form}” is explained at line {other.position.line} too; keep one of the two"
                yield Finding("glossary-twice", Severity.ERROR, message, term.position)


def explained_words(publication: Publication) -> Iterator[str]:
    """The words that the glossary explains, as it writes them."""
    if publication.glossary is not None and publication.glossary.plain is not None:
        yield from (term.text for term in _terms(publication.glossary.plain.blocks))


def link_glossary(
    publication: Publication, forms: Mapping[str, tuple[str, ...]]
) -> tuple[Publication, tuple[Finding, ...]]:
    """The publication with the glossary's words linked from its plain language, and findings on words that stand
    nowhere in it. `forms` are those of each term, by its id."""
    glossary = publication.glossary
    if glossary is None or glossary.plain is None:
        return publication, ()
    linker = _Linker(forms, primary(glossary.lang))
    layers = []
    for layer in publication.layers:
        introduction, method = (
            linker.passage(part) if part is not None else None for part in (layer.introduction, layer.method)
        )
        linker.begin()
        notes = tuple(
            replace(note, plain=linker.counterpart(note.plain)) if note.plain is not None else note
            for note in layer.notes
        )
        layers.append(replace(layer, introduction=introduction, method=method, notes=notes))
    linked = replace(publication, counterparts=tuple(linker.article(publication)), layers=tuple(layers))
    unused = (term for term in _terms(glossary.plain.blocks) if term.id not in linker.found)
    return linked, tuple(_unused(term) for term in unused)


def _unused(term: Term) -> Finding:
    message = (
        f"“{term.text}” stands nowhere in the plain language; take it out, or name the forms that stand there:"
        f' [{term.text}]{{also="…"}}'
    )
    return Finding("glossary-unused", Severity.WARNING, message, term.position)


class _Linker:
    """Makes the first standing of each word a link to its explanation, once a section."""

    def __init__(self, forms: Mapping[str, tuple[str, ...]], lang: str) -> None:
        self.terms = {form.casefold(): id for id, all_forms in forms.items() for form in all_forms}
        self.lang = lang
        self.found: set[str] = set()
        self._here: set[str] = set()
        words = "|".join(re.escape(form) for form in _by_length(self.terms))
        edge = ("", "") if lang in _UNSPACED else (r"(?<![\w’'-])", r"(?![\w-])")
        self._pattern = re.compile(f"{edge[0]}(?:{words or '(?!)'}){edge[1]}", re.IGNORECASE)

    def begin(self) -> None:
        """A section begins: every word is linked again once."""
        self._here.clear()

    def article(self, publication: Publication) -> Iterator[Counterpart]:
        """The article's counterparts, section by section."""
        homes = {
            block.id: number for number, section in enumerate(_flat(publication.sections)) for block in section.blocks
        }
        last = -1
        for counterpart in publication.counterparts:
            home = homes.get(counterpart.restates[0], -1) if counterpart.restates else -1
            if home != last:
                self.begin()
                last = home
            yield self.counterpart(counterpart)

    def passage(self, passage: Passage) -> Passage:
        if passage.plain is None:
            return passage
        self.begin()
        return replace(passage, plain=self.counterpart(passage.plain))

    def counterpart(self, counterpart: Counterpart) -> Counterpart:
        if primary(counterpart.lang) != self.lang:
            return counterpart
        return replace(counterpart, blocks=tuple(with_words(block, self._linked) for block in counterpart.blocks))

    def _linked(self, words: str) -> tuple[Text | Link, ...]:
        """Words with those of the glossary linked that have not been in this section."""
        parts: list[Text | Link] = []
        end = 0
        for match in self._pattern.finditer(words):
            term = self.terms.get(match[0].casefold())
            if term is None or term in self._here:
                continue
            self._here.add(term)
            self.found.add(term)
            if match.start() > end:
                parts.append(Text(words[end : match.start()]))
            parts.append(Link((Text(match[0]),), f"#{term}"))
            end = match.end()
        if end < len(words) or not parts:
            parts.append(Text(words[end:]))
        return tuple(parts)


def _flat(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _flat(section.sections)
