"""PDFs opened for mutation: the structure tree, the marked content of the pages, and closed again."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

import pikepdf
from mutants import Operator, Subject
from pikepdf import Array, Dictionary, Name, Pdf, String

from publisher.model.artefacts import UnitRole


@dataclass
class Painted:
    """One marked content: its page, its number, what it shows or is told to stand for, the codes of a font's letters.

    `operands` are those of the mark and of the one operator that shows text inside it.
    """

    page: int
    mark: int
    text: str
    told: bool
    codes: dict[str, int]
    properties: Any
    shown: Any


@dataclass
class Tree:
    """A PDF in memory. Elements are qpdf's dictionaries."""

    subject: Subject
    pdf: Pdf
    streams: dict[int, list[Any]] = field(default_factory=dict)
    added: dict[int, bytes] = field(default_factory=dict)

    @property
    def root(self) -> Any:
        return self.pdf.Root.StructTreeRoot

    @cached_property
    def parents(self) -> list[tuple[Any, Any]]:
        """Every element with the one around it, in reading order."""
        return list(_walk(self.root))

    def elements(self, *types: str) -> list[Any]:
        """The elements of some types, contents and note headers left out."""
        return [e for e, _ in self.parents if str(e.S)[1:] in types and not self.apart(e)]

    def apart(self, element: Any) -> bool:
        return any(
            str(around.get("/S", ""))[1:] in ("TOC", "Header", "NoteHeader", "Footer", "Contents")
            for around in self.around(element)
        )

    def around(self, element: Any) -> Iterator[Any]:
        """An element and those around it, innermost first."""
        while element is not None and "/S" in element:
            yield element
            element = element.get("/P")

    def blocks(self) -> list[Any]:
        """The elements that hold the words of a unit each."""
        ids = {unit.id for unit in self.subject.units if unit.role not in (UnitRole.ALTERNATIVE, UnitRole.MATH)}
        return [e for e, _ in self.parents if str(e.get("/ID", "")) in ids]

    def painted(self, element: Any) -> list[Painted]:
        """The marked contents of an element that show words, those of calls left out."""
        return [made for page, mark in self._contents(element) for made in self._painted(page, mark)]

    def _contents(self, element: Any) -> Iterator[tuple[int, int]]:
        if str(element.get("/S")) == "/Reference" or "/Alt" in element:
            return
        numbers = {page.obj.objgen: number for number, page in enumerate(self.pdf.pages)}
        for kid in kids(element):
            if isinstance(kid, int):
                yield numbers[element.Pg.objgen], kid
            elif kid.get("/Type") == Name.MCR:
                yield numbers[kid.Pg.objgen], int(kid.MCID)
            elif "/S" in kid:
                yield from self._contents(kid)

    def stream(self, page: int) -> list[Any]:
        if page not in self.streams:
            self.streams[page] = [
                [list(operands), operator] for operands, operator in pikepdf.parse_content_stream(self.pdf.pages[page])
            ]
        return self.streams[page]

    def _painted(self, page: int, mark: int) -> Iterator[Painted]:
        stream = self.stream(page)
        for at, (operands, operator) in enumerate(stream):
            if str(operator) == "BDC" and isinstance(operands[1], Dictionary) and operands[1].get("/MCID") == mark:
                inside = _inside(stream, at)
                shows = [one for one in inside if str(one[1]) == "TJ"]
                fonts = [one[0][0] for one in inside if str(one[1]) == "Tf"]
                if len(shows) == 1 and fonts:
                    letters = self._letters(page, str(fonts[0]))
                    told = operands[1].get("/ActualText")
                    text = str(told) if told is not None else _shown(shows[0][0][0], letters)
                    yield Painted(
                        page, mark, text, told is not None, {v: k for k, v in letters.items()}, stream[at], shows[0]
                    )

    def _letters(self, page: int, font: str) -> dict[int, str]:
        data = self.pdf.pages[page].resources.Font[font].ToUnicode.read_bytes().decode("latin-1")
        pairs = re.findall(r"<([0-9a-fA-F]+)> <([0-9a-fA-F]*)>", data[data.index("endcodespacerange") :])
        return {int(code, 16): bytes.fromhex(words).decode("utf-16-be") for code, words in pairs}

    def close(self) -> bytes:
        for page, stream in self.streams.items():
            data = pikepdf.unparse_content_stream([(operands, operator) for operands, operator in stream])
            self.pdf.pages[page].Contents = self.pdf.make_stream(data + self.added.get(page, b""))
        out = io.BytesIO()
        self.pdf.save(out, deterministic_id=True)
        return out.getvalue()


def _walk(element: Any) -> Iterator[tuple[Any, Any]]:
    for kid in kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid, element
            yield from _walk(kid)


def kids(element: Any) -> list[Any]:
    value = element.get("/K")
    return [] if value is None else list(value) if isinstance(value, Array) else [value]


def put_kids(element: Any, new: list[Any]) -> None:
    element.K = Array(new)


def place(element: Any, parent: Any) -> int:
    """Where among its parent's kids an element stands."""
    return next(i for i, kid in enumerate(kids(parent)) if isinstance(kid, Dictionary) and kid.objgen == element.objgen)


def drop(element: Any) -> None:
    parent = element.P
    there = kids(parent)
    del there[place(element, parent)]
    put_kids(parent, there)


def double(element: Any) -> None:
    parent = element.P
    there = kids(parent)
    there.insert(place(element, parent), element)
    put_kids(parent, there)


def swap(one: Any, other: Any) -> None:
    """Put each of two elements where the other stands."""
    parent, also = one.P, other.P
    at, there = place(one, parent), place(other, also)
    if parent.objgen == also.objgen:
        line = kids(parent)
        line[at], line[there] = line[there], line[at]
        put_kids(parent, line)
        return
    first, second = kids(parent), kids(also)
    first[at], second[there] = other, one
    put_kids(parent, first)
    put_kids(also, second)
    one.P, other.P = also, parent


def _inside(stream: list[Any], at: int) -> list[Any]:
    depth = 0
    for end in range(at, len(stream)):
        depth += str(stream[end][1]) in ("BDC", "BMC")
        depth -= str(stream[end][1]) == "EMC"
        if depth == 0:
            return stream[at:end]
    return stream[at:]


def _shown(array: Any, letters: dict[int, str]) -> str:
    codes = b"".join(bytes(piece) for piece in array if isinstance(piece, String))
    return "".join(letters.get(int.from_bytes(codes[i : i + 2], "big"), "") for i in range(0, len(codes), 2))


def write(painted: Painted, text: str) -> bool:
    """Have a marked content show (or be told as) another text; False where its font lacks a letter."""
    if painted.told:
        painted.properties[0][1].ActualText = String(text)
        return True
    try:
        codes = b"".join(painted.codes[letter].to_bytes(2, "big") for letter in text)
    except KeyError:
        return False
    painted.shown[0][0] = Array([String(codes)])
    return True


def pdf_operator(name: str, expects: str, change: Callable[[Tree, Random], bool]) -> Operator:
    """An operator whose `change` spoils an open PDF and says whether there was something to spoil."""

    def mutate(subject: Subject, random: Random) -> bytes | None:
        with pikepdf.open(io.BytesIO(subject.path.read_bytes())) as pdf:
            tree = Tree(subject, pdf)
            return tree.close() if change(tree, random) else None

    return Operator(name, frozenset(expects.split()), mutate)
