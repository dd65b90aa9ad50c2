"""What content streams paint, and the marks around it (ISO 32000-1, 7.8.2 and 14.6); form XObjects are followed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from publisher.verification.matterhorn.objects import DEEP, Key, get, key_of, name

_PATHS = ("S", "s", "f", "F", "f*", "B", "B*", "b", "b*")
_OPERATORS = " ".join((*_PATHS, *"q Q BDC BMC EMC Tf Tr gs Tj TJ ' \" Do sh BI ID EI".split()))
_INVISIBLE = 3
"""The text rendering mode that paints nothing (9.3.6)."""
_STRING = re.compile(b"<([0-9a-fA-F]*)>")


@dataclass(eq=False, slots=True)
class Sequence:
    """A marked-content sequence: its tag, its number in the page or stream `holder`, and the one around it.

    `artifact` where it or one around it is marked as an artifact.
    """

    tag: str
    page: int
    outer: Sequence | None
    number: int | None = None
    holder: Key | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    artifact: bool = False

    def within(self) -> Iterator[Sequence]:
        """The sequence and those around it, from the inside."""
        sequence: Sequence | None = self
        while sequence is not None:
            yield sequence
            sequence = sequence.outer


@dataclass(frozen=True, slots=True)
class Painting:
    """One thing painted: what it is in a word, where, within which marks; `stands_for` is an object that a structure
    element may refer to as a whole."""

    what: str
    page: int
    sequence: Sequence | None
    stands_for: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A string of character codes in a font, as painted, or not (`rendered`)."""

    codes: bytes
    page: int
    rendered: bool
    sequence: Sequence | None


@dataclass(slots=True)
class Contents:
    """All that a file's pages paint. `texts` has the strings shown in each font, `fonts` the fonts themselves;
    `forms` says how often each form XObject was painted and `numbered` which of them hold numbered marks."""

    sequences: list[Sequence] = field(default_factory=list)
    paintings: list[Painting] = field(default_factory=list)
    texts: dict[Key, list[Shown]] = field(default_factory=dict)
    fonts: dict[Key, Any] = field(default_factory=dict)
    forms: Counter[Key] = field(default_factory=Counter)
    numbered: dict[Key, int] = field(default_factory=dict)


@dataclass(slots=True)
class _State:
    font: Key | None = None
    mode: int = 0


def read_contents(pdf: pikepdf.Pdf) -> Contents:
    """Go through every page's content."""
    made = Contents()
    for number, page in enumerate(pdf.pages):
        if "/Contents" in page.obj:
            _Walker(made, number, page.resources, page.obj.objgen).walk(page)
    return made


def read_stream(stream: Any, page: int) -> Contents:
    """Go through one stream alone, the appearance of an annotation say."""
    made = Contents()
    _Walker(made, page, get(stream, "/Resources"), key_of(stream)).walk(stream)
    return made


@dataclass(slots=True)
class _Walker:
    made: Contents
    page: int
    resources: Any
    holder: Key | None
    sequence: Sequence | None = None
    state: _State = field(default_factory=_State)
    parts: tuple[Key, ...] = ()
    known: dict[str, Any] = field(default_factory=dict)

    def walk(self, stream: Any) -> None:
        """Go through a stream. The marks that it opens and does not close end with it."""
        outside = self.sequence
        saved: list[_State] = []
        try:
            instructions = pikepdf.parse_content_stream(stream, _OPERATORS)
        except pikepdf.PdfError:
            return
        for instruction in instructions:
            operator = str(instruction.operator)
            if operator == "q":
                saved.append(_State(self.state.font, self.state.mode))
            elif operator == "Q":
                self.state = saved.pop() if saved else _State()
            elif operator in _PATHS:
                self._paint("a line or surface")
            elif operator in ("BDC", "BMC"):
                self._begin(instruction.operands)
            elif operator == "EMC":
                if self.sequence is not outside and self.sequence is not None:
                    self.sequence = self.sequence.outer
            elif operator in ("Tf", "Tr", "gs"):
                self._set(operator, instruction.operands)
            elif operator in ("Tj", "TJ", "'", '"'):
                self._show(instruction.operands)
            elif operator == "Do":
                self._object(instruction.operands)
            elif operator == "sh":
                self._paint("a shading")
            elif operator == "INLINE IMAGE":
                self._paint("a picture")
        self.sequence = outside

    def _begin(self, operands: Any) -> None:
        properties = operands[1] if len(operands) > 1 else None
        if isinstance(properties, pikepdf.Name):
            properties = get(get(self.resources, "/Properties"), str(properties))
        tag, outer = name(operands[0]) if len(operands) else "", self.sequence
        self.sequence = Sequence(tag, self.page, outer)
        self.sequence.artifact = tag == "Artifact" or (outer is not None and outer.artifact)
        if isinstance(properties, pikepdf.Dictionary):
            self.sequence.properties = dict(properties.items())
        number = self.sequence.properties.get("/MCID")
        if isinstance(number, int):
            self.sequence.number, self.sequence.holder = number, self.holder
            if self.parts:
                self.made.numbered.setdefault(self.parts[-1], self.page)
        self.made.sequences.append(self.sequence)

    def _set(self, operator: str, operands: Any) -> None:
        if operator == "Tr" and len(operands):
            self.state.mode = int(operands[0])
        elif operator == "Tf" and len(operands):
            called = str(operands[0])
            if called not in self.known:
                self.known[called] = get(get(self.resources, "/Font"), called)
            self._font(self.known[called])
        elif operator == "gs" and len(operands):
            font = get(get(get(self.resources, "/ExtGState"), str(operands[0])), "/Font")
            if isinstance(font, pikepdf.Array) and len(font):
                self._font(font[0])

    def _font(self, font: Any) -> None:
        key = key_of(font)
        if key is None and isinstance(font, pikepdf.Dictionary):
            key = (-len(self.made.fonts) - 1, 0)  # a font that is written where it is used
        self.state.font = key
        if key is not None:
            self.made.fonts.setdefault(key, font)

    def _show(self, operands: Any) -> None:
        given = operands[-1] if len(operands) else None
        codes = _codes(given)
        if not codes:
            return
        self._paint("text")
        if self.state.font is not None:
            shown = Shown(codes, self.page, self.state.mode != _INVISIBLE, self.sequence)
            self.made.texts.setdefault(self.state.font, []).append(shown)

    def _object(self, operands: Any) -> None:
        painted = get(get(self.resources, "/XObject"), str(operands[0])) if len(operands) else None
        if not isinstance(painted, pikepdf.Stream):
            return
        key = key_of(painted)
        if painted.get("/Subtype") != pikepdf.Name.Form:
            self._paint("a picture", key)
        elif key is not None and key not in self.parts and len(self.parts) < DEEP:
            self.made.forms[key] += 1
            own = painted.get("/Resources", self.resources)
            state = _State(self.state.font, self.state.mode)
            inner = _Walker(self.made, self.page, own, key, self.sequence, state, (*self.parts, key))
            inner.walk(painted)

    def _paint(self, what: str, key: Key | None = None) -> None:
        stands_for = self.parts if key is None else (*self.parts, key)
        self.made.paintings.append(Painting(what, self.page, self.sequence, stands_for))


def _codes(given: Any) -> bytes:
    """The codes of a string, or of the strings among an array's numbers."""
    if isinstance(given, pikepdf.Array):
        written = given.unparse()
        if b"(" not in written and b"<<" not in written:  # all in hexadecimal digits: many times as fast
            return bytes.fromhex(b"".join(_STRING.findall(written)).decode())
    pieces = given if isinstance(given, pikepdf.Array) else (given,)
    return b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
