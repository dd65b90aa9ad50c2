"""The words of a PDF's marked content, page by page, as pdfium decodes them: in the order in which they were painted.

A mark's `ActualText` stands for all that is painted inside it (ISO 32000-1, 14.9.4); what is marked as an artifact is
no content (14.8.2.2), yet eyes read it: it is kept apart, but for scripts whose letters change their shapes and places,
as what their glyphs stand for is seldom told one by one.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, repeat
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

GENERATED = "\x1f"
"""Stands for a space that is not in the file, but that pdfium takes a gap within one show of text for."""

_SPACE = 32
_HYPHEN = 2
_HYPHEN_IN_TEXT = 0xFFFE
"""What pdfium turns a hyphen at a line's end into, where it thinks that it divides a word: a character, and in text."""

ANOTHER_LINE = 0.6
"""The share of the size of letters by which two baselines differ at least if they are not one line (2³ is one)."""

_AGAIN = 0.15
"""The share of the size of letters by which words are shifted at most that are painted twice to look bold."""

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_SHAPED = re.compile(rf"{RIGHT_TO_LEFT.pattern}|[\u0900-\u109f\u1700-\u1cff\ua840-\uabff\U00011000-\U00011fff]")


@dataclass(slots=True)
class Piece:
    """What one operator shows, or what its mark says that it stands for.

    `first` counts pdfium's characters of the page (-1 where it has none for it), `baseline`, `size` and `left` (where
    it begins) are points. `before` and `after` say whether pdfium sees a gap in the line there.
    """

    text: str
    page: int
    baseline: float
    size: float
    lang: str | None = None
    first: int = -1
    before: bool = False
    after: bool = False
    left: float = 0


@dataclass(slots=True)
class PageText:
    """The words of a page: by the number of the marked content, and those that stand in no marked content; what its
    artifacts show; what is told by `ActualText`, each with the numbers of the texts that it stands for."""

    marked: dict[int, list[Piece]] = field(default_factory=dict)
    loose: list[Piece] = field(default_factory=list)
    artifacts: list[str] = field(default_factory=list)
    told: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)


@dataclass(slots=True)
class _Mark:
    artifact: bool
    actual: str | None
    lang: str | None
    texts: list[int] = field(default_factory=list)


def page_texts(document: pypdfium2.PdfDocument) -> list[PageText]:
    """The words of every page."""
    return [_page_text(number, page) for number, page in enumerate(document)]


def _page_text(number: int, page: pypdfium2.PdfPage) -> PageText:
    text_page = pdfium.FPDFText_LoadPage(page.raw)
    try:
        made = PageText()
        painter = _Painter(number, _characters(text_page))
        for number_of_text, (thing, around) in enumerate(_texts(page)):
            own = pdfium.FPDFPageObj_GetMarkedContentID(thing)
            content = own if own >= 0 else around
            piece = painter.piece(thing, number_of_text)
            if piece is not None:
                (made.marked.setdefault(content, []) if content >= 0 else made.loose).append(piece)
        for pieces in made.marked.values():
            _order(pieces)
        made.artifacts = [text for text in painter.artifacts if text.strip() and not _SHAPED.search(text)]
        made.told = [(mark.actual, tuple(mark.texts)) for mark in painter.marks.values() if mark.actual is not None]
        return made
    finally:
        pdfium.FPDFText_ClosePage(text_page)
        page.close()


def texts_painted(page: pypdfium2.PdfPage) -> list[str]:
    """Every text of a page by its number, as its glyphs tell; pdfium takes an `ActualText` for what they are."""
    text_page = pdfium.FPDFText_LoadPage(page.raw)
    try:
        shown = _characters(text_page)
        found = (shown.get(ctypes.addressof(thing.contents)) for thing, _ in _texts(page))
        return ["".join(one.letters) if one is not None else "" for one in found]
    finally:
        pdfium.FPDFText_ClosePage(text_page)
        page.close()


def _texts(page: pypdfium2.PdfPage) -> Iterator[tuple[Any, int]]:
    return _text_objects(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, -1)


def _text_objects(holder: Any, count: Any, get: Any, around: int, depth: int = 0) -> Iterator[tuple[Any, int]]:
    """The texts that a page or a form on it shows, in order, with the marked content that the form stands in."""
    for index in range(count(holder)):
        thing = get(holder, index)
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield thing, around
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 20:
            own = pdfium.FPDFPageObj_GetMarkedContentID(thing)
            inner = own if own >= 0 else around
            yield from _text_objects(
                thing, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, inner, depth + 1
            )


@dataclass(slots=True)
class _Shown:
    """pdfium's characters of one text object."""

    first: int
    letters: list[str] = field(default_factory=list)
    before: bool = False
    after: bool = False


_OWNER = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
"""The address of what shows a character, as a number: called for every character, it takes half the time so."""


def _characters(text_page: Any) -> dict[int, _Shown]:
    """pdfium's characters of a page by the address of the object that shows them; what is in no object is a gap."""
    codes = _codes(text_page)
    owners = map(_OWNER, repeat(ctypes.cast(text_page, ctypes.c_void_p)), range(len(codes)))
    found: dict[int, _Shown] = {}
    shown: _Shown | None = None
    begin, gap = 0, False
    for address, run in groupby(owners):
        end = begin + len(list(run))
        if address is None:
            gap = True
            if shown is not None:
                shown.after = True
        else:
            shown = found.get(address)
            if shown is None:
                shown = found[address] = _Shown(begin, before=gap)
            gap = False
            shown.letters.append(_decoded(text_page, codes, begin, end))
        begin = end
    return found


def _codes(text_page: Any) -> Sequence[int]:
    """The code of every character: of all at once where pdfium's text of the page holds each of them, which it tells
    by the place of the last; else one by one."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count < 1:
        return ()
    buffer = (ctypes.c_ushort * (2 * count + 1))()
    units = pdfium.FPDFText_GetText(text_page, 0, count, buffer) - 1
    text = bytes(buffer)[: 2 * units].decode("utf-16-le", "surrogatepass")
    if len(text) == count and pdfium.FPDFText_GetTextIndexFromCharIndex(text_page, count - 1) == count - 1:
        return [_HYPHEN if code == _HYPHEN_IN_TEXT else code for code in map(ord, text)]
    return [pdfium.FPDFText_GetUnicode(text_page, index) for index in range(count)]


def _decoded(text_page: Any, codes: Sequence[int], begin: int, end: int) -> str:
    """The characters of one run."""
    if min(codes[begin:end]) > _SPACE:
        return "".join(map(chr, codes[begin:end]))
    letters = []
    for index in range(begin, end):
        code = codes[index]
        if code > _SPACE:
            letters.append(chr(code))
        elif code == _SPACE:
            letters.append(GENERATED if pdfium.FPDFText_IsGenerated(text_page, index) == 1 else " ")
        else:
            letters.append("-" if code == _HYPHEN else " " if code else "\ufffd")
    return "".join(letters)


@dataclass(slots=True)
class _Painter:
    """Goes through a page's text objects in the order in which they are painted."""

    page: int
    shown: Mapping[int, _Shown]
    marks: dict[int, _Mark] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    artifacts: list[str] = field(default_factory=list)
    place: tuple[float, float] = (math.inf, math.inf)
    matrix: Any = field(default_factory=pdfium.FS_MATRIX)
    size: Any = field(default_factory=ctypes.c_float)

    def piece(self, thing: Any, number: int) -> Piece | None:
        """What one of a page's texts says; None for an artifact and for what an `ActualText` already stood for."""
        lang, actual = None, None
        characters = self.shown.get(ctypes.addressof(thing.contents))
        letters = "".join(characters.letters) if characters is not None else ""
        for index in range(pdfium.FPDFPageObj_CountMarks(thing)):
            pointer = pdfium.FPDFPageObj_GetMark(thing, index)
            key = ctypes.addressof(pointer.contents)
            mark = self.marks.get(key)
            if mark is None:
                mark = self.marks[key] = _mark(pointer)
            if mark.artifact:
                self.artifacts.append(_paired(letters))
                return None
            lang = mark.lang or lang
            if mark.actual is not None and actual is None:
                mark.texts.append(number)
                if key in self.told:
                    return None
                self.told.add(key)
                actual = mark.actual
        matrix, size = self.matrix, self.size
        pdfium.FPDFPageObj_GetMatrix(thing, matrix)
        if not pdfium.FPDFTextObj_GetFontSize(thing, size):
            size.value = 0
        height = abs(size.value) * max(math.hypot(matrix.c, matrix.d), 0.001)
        again = max(abs(self.place[0] - matrix.e), abs(self.place[1] - matrix.f)) < _AGAIN * height
        self.place = (matrix.e, matrix.f)
        if characters is not None:
            text = _paired(letters) if actual is None else actual
            before, after = characters.before, characters.after
            return Piece(text, self.page, matrix.f, height, lang, characters.first, before, after, matrix.e)
        # pdfium keeps nothing of a text that is but a space, nor of one painted twice to look bold.
        text = ("" if again else " ") if actual is None else actual
        return Piece(text, self.page, matrix.f, height, lang, left=matrix.e)


def _mark(pointer: Any) -> _Mark:
    return _Mark(
        _string(pdfium.FPDFPageObjMark_GetName, pointer) == "Artifact",
        _parameter(pointer, b"ActualText"),
        _parameter(pointer, b"Lang"),
    )


def _parameter(pointer: Any, key: bytes) -> str | None:
    """A string of a mark's properties, decoded as text strings are (ISO 32000-2, 7.9.2.2)."""
    if pdfium.FPDFPageObjMark_GetParamValueType(pointer, key) != pdfium.FPDF_OBJECT_STRING:
        return None
    length = ctypes.c_ulong(0)
    if not pdfium.FPDFPageObjMark_GetParamBlobValue(pointer, key, None, 0, length):
        return None
    buffer = (ctypes.c_ubyte * max(length.value, 1))()
    pdfium.FPDFPageObjMark_GetParamBlobValue(pointer, key, buffer, length.value, length)
    return str(pikepdf.String(bytes(buffer[: length.value])))


def _string(get: Any, pointer: Any) -> str:
    """A string that pdfium gives in UTF-16, ended by a zero, when told where to and how much room there is."""
    length = ctypes.c_ulong(0)
    if not get(pointer, None, 0, length) or length.value < 2:
        return ""
    buffer = (ctypes.c_ushort * (length.value // 2))()
    get(pointer, buffer, length.value, length)
    return bytes(buffer)[: length.value - 2].decode("utf-16-le", "replace")


def _paired(text: str) -> str:
    """Surrogates, where pdfium gives a character in two halves, made one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _order(pieces: list[Piece]) -> None:
    """Put words that are painted from the left but read from the right into the order in which they are read."""
    if len(pieces) < 2 or not any(RIGHT_TO_LEFT.search(piece.text) for piece in pieces):
        return
    lines: list[list[Piece]] = []
    for piece in pieces:
        piece.before = piece.after = False  # gaps as pdfium sees them are those of another order
        if lines and not line_between(lines[-1][-1], piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    pieces[:] = [piece for line in lines for piece in _read_from_the_right(line)]


def _read_from_the_right(line: list[Piece]) -> Iterator[Piece]:
    """The pieces of a line in a right-to-left text, in the order in which they are read: from the right, but numbers
    and words of other scripts among them from the left (a small part of https://www.unicode.org/reports/tr9/)."""
    leftward = sorted(line, key=lambda piece: piece.left, reverse=True)
    waiting: list[Piece] = []
    for piece in leftward:
        if any(letter.isalnum() for letter in piece.text) and not RIGHT_TO_LEFT.search(piece.text):
            waiting.insert(0, piece)
        else:
            yield from waiting
            waiting.clear()
            yield piece
    yield from waiting


def line_between(previous: Piece, piece: Piece) -> bool:
    return previous.page != piece.page or abs(previous.baseline - piece.baseline) > ANOTHER_LINE * max(
        previous.size, piece.size
    )
