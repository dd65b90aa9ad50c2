"""What reading keeps in hand: for all texts of an edition together, and for each text."""

from __future__ import annotations

import difflib
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field

from publisher.manuscript.ast_text import Attr
from publisher.manuscript.identifiers import Ids, as_xml_name
from publisher.manuscript.pandoc import Ast
from publisher.manuscript.positions import Positions
from publisher.manuscript.resources import Resources
from publisher.model.blocks import Block
from publisher.model.findings import Finding, Severity
from publisher.model.limits import DEFAULT, Limits
from publisher.model.publication import Footnote
from publisher.model.source import Position


@dataclass(slots=True)
class OpenFootnote:
    """A footnote that further calls may still be found for."""

    id: str
    number: int
    lang: str
    position: Position
    blocks: tuple[Block, ...] = ()
    calls: list[str] = field(default_factory=list)

    def close(self) -> Footnote:
        """The footnote with all of its calls."""
        return Footnote(
            id=self.id,
            lang=self.lang,
            position=self.position,
            number=self.number,
            blocks=self.blocks,
            calls=tuple(self.calls),
        )


@dataclass(slots=True)
class Shared:
    """What all texts share.

    `formulas` holds the MathML of each formula by its TeX and whether it is displayed; `citations` the words of each
    Cite by its `id()`; `reference_ids` the id of each reference by its key; `anchors` our ids by the authors'.
    """

    ids: Ids
    resources: Resources
    formulas: Mapping[tuple[str, bool], str | None] = field(default_factory=dict)
    citations: Mapping[int, list[Ast]] = field(default_factory=dict)
    reference_ids: Mapping[str, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    footnotes: list[OpenFootnote] = field(default_factory=list)
    limits: Limits = DEFAULT

    def nearest_reference(self, key: str) -> str | None:
        """The reference whose key is most like one that is unknown."""
        return next(iter(difflib.get_close_matches(key, self.reference_ids, 1, 0.6)), None)


class TextState:
    """What is known of one text while it is read: positions, findings, and our ids by those written in it."""

    def __init__(self, shared: Shared, positions: Positions) -> None:
        self.shared = shared
        self.positions = positions
        self.findings: list[Finding] = []
        self.own_anchors: dict[str, str] = {}
        self.anchors = ChainMap(self.own_anchors, shared.anchors)
        self._final: dict[int, str] = {}

    def report(self, check: str, severity: Severity, message: str, position: Position | None) -> None:
        """Add a finding."""
        self.findings.append(Finding(check, severity, message, position))

    def add(self, finding: Finding) -> None:
        """Add a finding that is made already."""
        self.findings.append(finding)

    def final_id(self, attr: Attr) -> str | None:
        """The id that was settled on for an Attr; None where it has none of its own."""
        return self._final.get(id(attr))

    def settle(self, attr: Attr, name: str) -> None:
        """Make `name` the id of an Attr, and where links to the written one lead."""
        self._final[id(attr)] = name
        self.register(attr[0], name)

    def register(self, written: str, name: str) -> None:
        """Let links to `written` lead to `name`."""
        if written:
            self.own_anchors.setdefault(written, name)
            self.shared.anchors.setdefault(written, name)

    def claim(self, written: str, position: Position) -> str:
        """Take an id that the author wrote, as an XML name; a finding where it is taken already."""
        name = as_xml_name(written)
        if name != written:
            self.report(
                "id-changed",
                Severity.WARNING,
                f"id {written} cannot stand in EPUB and becomes {name}; use letters, digits, - . _, a letter first",
                position,
            )
        if not self.shared.ids.claim(name, position):
            place = self.shared.ids.place(name)
            taken = f"is already given at {place}" if place else "is one that the publication gives itself"
            self.report("duplicate-id", Severity.ERROR, f"id {written} {taken}; choose another", position)
        self.register(written, name)
        return name
