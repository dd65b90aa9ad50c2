"""Embedded font programs: which glyphs they have and how wide these are (ISO 32000-1, 9.9)."""

from __future__ import annotations

from functools import cached_property
from io import BytesIO
from typing import Any

from fontTools.cffLib import CFFFontSet, TopDict  # type: ignore[import-untyped]
from fontTools.misc.eexec import decrypt  # type: ignore[import-untyped]
from fontTools.misc.psCharStrings import T1CharString, T2WidthExtractor  # type: ignore[import-untyped]
from fontTools.misc.psLib import suckfont  # type: ignore[import-untyped]
from fontTools.pens.basePen import NullPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from publisher.verification.matterhorn.objects import get, name

NOTDEF = ".notdef"
_CHARSTRING = 4330
"""The key of a Type 1 font's encrypted outlines (Adobe Type 1 Font Format, 7.3)."""


class TrueTypeProgram:
    """A font of tables, with TrueType outlines (glyphs are known by their numbers) or CFF ones."""

    def __init__(self, data: bytes) -> None:
        self.font = TTFont(BytesIO(data), lazy=True, fontNumber=0)
        self.count = int(self.font["maxp"].numGlyphs)
        self.unit = int(self.font["head"].unitsPerEm)

    @cached_property
    def cmaps(self) -> dict[tuple[int, int], dict[int, str]]:
        """The font's maps from codes to names of glyphs, by platform and encoding."""
        if "cmap" not in self.font:
            return {}
        return {(table.platformID, table.platEncID): table.cmap for table in self.font["cmap"].tables}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each glyph by name; names are made up where the font has none."""
        return {called: number for number, called in enumerate(self.font.getGlyphOrder())}

    @cached_property
    def outlined(self) -> frozenset[int]:
        """The numbers of the glyphs that paint something."""
        if "loca" not in self.font:
            return frozenset(range(self.count))
        places = self.font["loca"]
        return frozenset(number for number in range(self.count) if places[number + 1] > places[number])

    @cached_property
    def _advances(self) -> Any:
        return self.font["hmtx"].metrics

    def width(self, glyph: int) -> float | None:
        """A glyph's width in thousandths of the type size."""
        order = self.font.getGlyphOrder()
        if glyph >= len(order) or "hmtx" not in self.font:
            return None
        return float(self._advances[order[glyph]][0]) * 1000 / self.unit


class CffProgram:
    """A bare font of compact outlines; glyphs are known by CID or by name."""

    def __init__(self, top: TopDict) -> None:
        self.top = top
        self.keyed = hasattr(top, "ROS")

    @cached_property
    def names(self) -> list[str]:
        """The glyphs' names in order; `cid00012` and so on in fonts with CIDs."""
        return list(self.top.charset)

    @cached_property
    def known(self) -> frozenset[str]:
        """The names again, to look them up."""
        return frozenset(self.names)

    @cached_property
    def cids(self) -> frozenset[int]:
        """The CIDs that the font has glyphs for: the numbers of the glyphs where it has no CIDs of its own."""
        if not self.keyed:
            return frozenset(range(len(self.names)))
        return frozenset(0 if called == NOTDEF else int(called[3:]) for called in self.names)

    def name_of(self, cid: int) -> str | None:
        """The name under which a CID's glyph is kept."""
        if not self.keyed:
            return self.names[cid] if cid < len(self.names) else None
        called = NOTDEF if cid == 0 else f"cid{cid:05d}"
        return called if called in self.known else None

    def width(self, called: str) -> float | None:
        """A glyph's width in thousandths of the type size."""
        if called not in self.known:
            return None
        outline, selector = self.top.CharStrings.getItemAndSelector(called)
        font = self.top.FDArray[selector] if selector is not None else self.top
        private = getattr(font, "Private", None)
        if private is None:
            return None
        extractor = T2WidthExtractor(
            getattr(private, "Subrs", []), outline.globalSubrs, private.nominalWidthX, private.defaultWidthX, private
        )
        extractor.execute(outline)
        matrix = getattr(self.top, "FontMatrix", None) or [0.001]
        inner = getattr(font, "FontMatrix", None) if selector is not None else None
        scale = float(matrix[0]) * (float(inner[0]) if inner and self.top.rawDict.get("FontMatrix") else 1)
        if inner and not self.top.rawDict.get("FontMatrix"):
            scale = float(inner[0])
        return float(extractor.width) * scale * 1000


class Type1Program:
    """A Type 1 font; glyphs are known by name."""

    def __init__(self, data: bytes) -> None:
        self.font = suckfont(data, "ascii")
        subroutines = [self._outline(code) for code in self.font["Private"].get("Subrs", [])]
        self.outlines = {name: self._outline(code) for name, code in self.font["CharStrings"].items()}
        for outline in (*subroutines, *self.outlines.values()):
            outline.subrs = subroutines

    def _outline(self, code: bytes) -> T1CharString:
        return T1CharString(decrypt(code, _CHARSTRING)[0][self.font["Private"].get("lenIV", 4) :])

    @cached_property
    def known(self) -> frozenset[str]:
        """The names of its glyphs."""
        return frozenset(self.outlines)

    @cached_property
    def encoding(self) -> dict[int, str]:
        """The glyph of each code."""
        given = self.font.get("Encoding")
        return dict(enumerate(given)) if isinstance(given, list) else {}

    def width(self, called: str) -> float | None:
        """A glyph's width in thousandths of the type size."""
        if called not in self.known:
            return None
        outline = self.outlines[called]
        outline.draw(NullPen())
        return float(outline.width) * float(self.font["FontMatrix"][0]) * 1000


Program = TrueTypeProgram | CffProgram | Type1Program


def read_program(descriptor: Any) -> Program | None:
    """The font program of a descriptor; None where none is embedded, or it cannot be read as what it is said to be."""
    for key in ("/FontFile2", "/FontFile3", "/FontFile"):
        stream = get(descriptor, key)
        if stream is None:
            continue
        try:
            data = stream.read_bytes()
            if key == "/FontFile":
                return Type1Program(data)
            if key == "/FontFile2" or data[:4] in (b"OTTO", b"\0\1\0\0", b"true") or _kind(stream) == "OpenType":
                program = TrueTypeProgram(data)
                return CffProgram(program.font["CFF "].cff.topDictIndex[0]) if "CFF " in program.font else program
            fonts = CFFFontSet()
            fonts.decompile(BytesIO(data), None)
            return CffProgram(fonts.topDictIndex[0])
        except Exception:
            return None
    return None


def embedded(descriptor: Any) -> bool:
    """Whether a descriptor has a font program, readable or not."""
    return any(get(descriptor, key) is not None for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _kind(stream: Any) -> str:
    return name(get(stream, "/Subtype"))
