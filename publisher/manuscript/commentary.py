"""A layer of commentary: the divisions of commentary.md as introduction, method and notes.

Only three divisions stand in it, and nothing beside them: `.introduction`, `.method` (one each at most) and `.note`.
Each may hold one `::: plain`. Headings and footnotes inside them are refused: a note is itself a note, and an
introduction that needs headings is an article.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from publisher.manuscript.draft import Body, Division, Fence, Naming
from publisher.manuscript.frontmatter import CommentaryFront, creator
from publisher.manuscript.targets import LAST, Order, Selector, Targets
from publisher.manuscript.vocabularies import NOTE_KINDS, nearest
from publisher.model.blocks import Group, Heading, walk
from publisher.model.findings import Finding, Severity
from publisher.model.publication import (
    Anchoring,
    Commentary,
    Counterpart,
    Creator,
    Footnote,
    Note,
    Passage,
    Target,
)
from publisher.model.source import Position

MAIN = "commentary"
"""The layer of commentary.md; commentary-NAME.md is the layer NAME."""

_DIVISIONS = frozenset({"note", "introduction", "method"})
_ATTRIBUTES = {
    "note": ("on", "prefix", "suffix", "in", "kind", "by", "date", "sources", "lang", "dir"),
    "introduction": ("title", "lang", "dir"),
    "method": ("title", "lang", "dir"),
}
_TITLES = {
    "ar": ("مقدمة", "المنهج"),
    "cy": ("Cyflwyniad", "Dull"),
    "de": ("Einleitung", "Methode"),
    "en": ("Introduction", "Method"),
    "es": ("Introducción", "Método"),
    "fr": ("Introduction", "Méthode"),
    "zh": ("导言", "方法"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerText:
    """A layer as read: its name, file, front matter (and where that begins), body and the footnotes in it."""

    name: str
    path: str
    lang: str
    front: CommentaryFront
    body: Body
    footnotes: tuple[Footnote, ...] = ()


def naming(layer: str) -> Naming:
    """How the divisions of a layer are called: as their author says, else `introduction`, `method`, `note-1` …"""
    prefix = "" if layer == MAIN else f"{layer}-"
    count = 0

    def name(fence: Fence) -> str:
        nonlocal count
        if "note" in fence.classes:
            count += 1
        if fence.id is not None:
            return fence.id
        kind = next((kind for kind in ("introduction", "method") if kind in fence.classes), f"note-{max(1, count)}")
        return prefix + kind

    return name


def read_layers(
    layers: Sequence[LayerText], targets: Targets, references: Collection[str]
) -> tuple[tuple[Commentary, ...], tuple[Finding, ...]]:
    """The layers, their notes numbered together in the order of the targets, and what is wrong with them.

    `references` are the keys that `sources` may name. Notes are ordered by where they are called: where their targets
    end, then where these begin, then as written; a note on a whole element is called at the end of its words
    (of its caption, where it is a figure or table).
    """
    readers = [_Reader(layer, targets, references) for layer in layers]
    parts = [reader.read() for reader in readers]
    placed = [(order, note) for reader in readers for order, note in reader.notes]
    placed.sort(key=lambda pair: pair[0])
    numbers = {note.id: number for number, (_, note) in enumerate(placed, start=1)}
    findings = [finding for reader in readers for finding in reader.findings]
    commentaries = []
    for commentary, reader in zip(parts, readers, strict=True):
        notes = [replace(note, number=numbers[note.id]) for _, note in reader.notes]
        commentaries.append(replace(commentary, notes=tuple(sorted(notes, key=lambda note: note.number))))
    return tuple(commentaries), tuple(findings)


@dataclass
class _Reader:
    """Reads one layer; gathers its notes with their places, and findings."""

    layer: LayerText
    targets: Targets
    references: Collection[str]
    notes: list[tuple[Order, Note]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def error(self, check: str, message: str, position: Position) -> None:
        self.findings.append(Finding(check, Severity.ERROR, message, position))

    def warning(self, check: str, message: str, position: Position) -> None:
        self.findings.append(Finding(check, Severity.WARNING, message, position))

    def read(self) -> Commentary:
        """The layer without its notes, which are numbered later."""
        front = self.layer.front
        editors = {key: creator(entry, key) for key, entry in front.editors.items()}
        for stray in self.layer.body.strays:
            message = "text outside a division; put it inside ::: introduction, ::: method or a .note"
            self.error("commentary-stray", message, stray)
        for footnote in self.layer.footnotes:
            message = "a footnote in a commentary; put its words into the text, or name its source in `sources`"
            self.error("commentary-footnote", message, footnote.position)
        passages: dict[str, Passage] = {}
        for division in self.layer.body.divisions:
            kind = self._kind(division.fence)
            if kind == "note":
                self._note(division, editors)
            elif kind is not None:
                if kind in passages:
                    other = passages[kind].position.line
                    message = f"a second {kind}, the other at line {other}; keep one"
                    self.error("commentary-twice", message, _at(division))
                passages.setdefault(kind, self._passage(division, kind))
        return Commentary(
            layer=self.layer.name,
            title=front.title,
            lang=self.layer.lang,
            editors=tuple(editors.values()),
            introduction=passages.get("introduction"),
            method=passages.get("method"),
            notes=(),
        )

    def _kind(self, fence: Fence) -> str | None:
        """Which of the three divisions a fence opens; its attributes are checked."""
        kinds = [kind for kind in fence.classes if kind in _DIVISIONS]
        if len(kinds) != 1:
            said = " and ".join(fence.classes) or "without a class"
            hint = nearest(fence.classes[0], _DIVISIONS) if fence.classes else None
            advice = f"did you mean {hint}?" if hint else "write note, introduction or method"
            self.error("commentary-division", f"a division {said}; {advice}", fence.position)
            return None
        known = _ATTRIBUTES[kinds[0]]
        for name in fence.attributes:
            if name not in known:
                hint = nearest(name, known)
                advice = f"did you mean {hint}?" if hint else "take it out"
                self.warning("note-attribute-unknown", f"unknown attribute {name}; {advice}", fence.place(name))
        return kinds[0]

    def _plain(self, division: Division, what: str) -> Counterpart | None:
        """The one counterpart of a division; its blocks are checked too."""
        blocks = [*division.blocks, *(block for counterpart in division.counterparts for block in counterpart.blocks)]
        for node in walk(blocks):
            if isinstance(node, Heading):
                self.error("commentary-heading", f"a heading in {what}; write a paragraph in bold", node.position)
            if isinstance(node, Group) and not _DIVISIONS.isdisjoint(node.classes):
                message = f"a division {' '.join(node.classes)} inside {what}; close {what} before it with :::"
                self.error("commentary-division", message, node.position)
        if not division.blocks:
            self.error("commentary-empty", f"{what} says nothing; write it or take it out", _at(division))
        for extra in division.counterparts[1:]:
            self.error("plain-twice", f"a second ::: plain in {what}; join the two at its end", extra.position)
        return division.counterparts[0] if division.counterparts else None

    def _passage(self, division: Division, kind: str) -> Passage:
        titles = _TITLES.get(division.lang.partition("-")[0], _TITLES["en"])
        default = titles[0] if kind == "introduction" else titles[1]
        return Passage(
            id=division.id,
            lang=division.lang,
            position=_at(division),
            title=" ".join(division.fence.attributes.get("title", "").split()) or default,
            blocks=division.blocks,
            plain=self._plain(division, f"the {kind}"),
        )

    def _note(self, division: Division, editors: Mapping[str, Creator]) -> None:
        fence = division.fence
        what = f"note {division.id}"
        target, order = self._target(fence, what)
        note = Note(
            id=division.id,
            lang=division.lang,
            position=fence.position,
            number=0,
            call=f"{division.id}-call",
            kind=self._note_kind(fence, what),
            by=self._editor(fence, what, editors),
            date=self._date(fence, what),
            target=target,
            blocks=division.blocks,
            plain=self._plain(division, what),
            sources=self._sources(fence, what),
            layer=self.layer.name,
        )
        self.notes.append((order, note))

    def _target(self, fence: Fence, what: str) -> tuple[Target, Order]:
        given = fence.attributes
        on = given.get("on", "")
        if not on.strip(" #"):
            message = f'{what} has no target; write on="the words that it is about" or on="#id"'
            self.error("note-target", message, fence.position)
            return Target(Anchoring.ORPHANED, ""), LAST
        within = given.get("in", "").strip() or None
        selector = Selector(on, given.get("prefix", ""), given.get("suffix", ""), within, fence.place("on"))
        found = self.targets.find(selector)
        self.findings += (replace(finding, message=f"{what}: {finding.message}") for finding in found.findings)
        return found.target, found.order

    def _note_kind(self, fence: Fence, what: str) -> str:
        kind = " ".join(fence.attributes.get("kind", "").split())
        if not kind:
            message = f"{what} has no kind, taken as context; write kind= and one of {', '.join(NOTE_KINDS)}"
            self.warning("note-kind", message, fence.position)
            return "context"
        if kind not in NOTE_KINDS:
            hint = nearest(kind, NOTE_KINDS)
            advice = f"did you mean {hint}?" if hint else f"known are {', '.join(NOTE_KINDS)}"
            self.warning("note-kind", f"{what}: unknown kind {kind}; {advice}", fence.place("kind"))
        return kind

    def _editor(self, fence: Fence, what: str, editors: Mapping[str, Creator]) -> Creator:
        key = fence.attributes.get("by", "").strip()
        if key in editors:
            return editors[key]
        if not key and len(editors) == 1:
            return next(iter(editors.values()))
        known = (
            f"known are {', '.join(editors)}"
            if editors
            else f"name the editors in the front matter of {self.layer.path}"
        )
        hint = nearest(key, editors)
        meant = f"did you mean {hint}?" if hint else known
        message = f"{what}: by={key} is no editor; {meant}" if key else f"{what} is not signed; write by=, {known}"
        self.error("note-by", message, fence.place("by"))
        return Creator(key, "edt", key or None)

    def _date(self, fence: Fence, what: str) -> date | None:
        given = fence.attributes.get("date", "").strip()
        if not given:
            return None
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", given):
                return date.fromisoformat(given)
        except ValueError:
            pass  # a day that no calendar has: told below like any other
        self.error("note-date", f"{what}: date={given} is no date; write it as 2026-11-20", fence.place("date"))
        return None

    def _sources(self, fence: Fence, what: str) -> tuple[str, ...]:
        keys = re.findall(r"[^\s,;@]+", fence.attributes.get("sources", ""))
        for key in keys:
            if key not in self.references:
                hint = nearest(key, self.references)
                advice = f"did you mean {hint}?" if hint else "add it to `references` in the front matter"
                self.error("note-source", f"{what}: no reference has the id {key}; {advice}", fence.place("sources"))
        return tuple(dict.fromkeys(keys))


def _at(division: Division) -> Position:
    return division.fence.position
