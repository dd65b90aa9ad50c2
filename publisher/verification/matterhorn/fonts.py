"""The fonts of a PDF as its text uses them: which codes are shown, which glyphs and characters they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pikepdf
from fontTools.agl import AGL2UV, toUnicode  # type: ignore[import-untyped]
from fontTools.encodings.MacRoman import MacRoman  # type: ignore[import-untyped]
from fontTools.encodings.StandardEncoding import StandardEncoding  # type: ignore[import-untyped]

from publisher.verification.matterhorn.cmaps import IDENTITY, PREDEFINED, CMap, predefined, read_cmap
from publisher.verification.matterhorn.objects import each, get, name, number
from publisher.verification.matterhorn.programs import (
    NOTDEF,
    CffProgram,
    Program,
    TrueTypeProgram,
    Type1Program,
    embedded,
    read_program,
)
from publisher.verification.matterhorn.streams import Shown

SYMBOLIC, NONSYMBOLIC = 4, 32
"""Flags of a font descriptor (ISO 32000-1, 9.8.2)."""

_BY_CHARACTER = {chr(character): called for called, character in sorted(AGL2UV.items(), key=lambda one: -len(one[0]))}


def _win_ansi() -> dict[int, str]:
    """WinAnsiEncoding: Windows' code page 1252, bullets for what it leaves out (Annex D.2, notes 3 to 6)."""
    made = {}
    for code in range(0x20, 0x100):
        character = bytes([code]).decode("cp1252", "replace")
        made[code] = _BY_CHARACTER.get(character, "bullet")
    made.update({0x7F: "bullet", 0xA0: "space", 0xAD: "hyphen"})
    return made


ENCODINGS: Mapping[str, Mapping[int, str]] = {
    "WinAnsiEncoding": _win_ansi(),
    "MacRomanEncoding": dict(enumerate(MacRoman)),
    "StandardEncoding": dict(enumerate(StandardEncoding)),
}


@dataclass(frozen=True, slots=True)
class Use:
    """One code of a font as text uses it, its first place first: painted or not, and inside a formula or not."""

    code: int
    page: int
    rendered: bool
    formula: bool


@dataclass(frozen=True, slots=True)
class Glyph:
    """What a code is painted with: its name or number in the program, whether it is there, and its width there."""

    called: str | int
    present: bool
    width: float | None


class Font:
    """One font dictionary and the strings that are shown in it; `in_formula` tells which strings stand in formulas."""

    def __init__(self, source: Any, shown: list[tuple[Shown, bool]]) -> None:
        self.source = source
        self.shown = shown
        self.subtype = name(get(source, "/Subtype"))
        self.composite = self.subtype == "Type0"
        inner = each(get(source, "/DescendantFonts"))
        self.inner = inner[0] if self.composite and inner else source
        self.kind = name(get(self.inner, "/Subtype"))
        self.descriptor = get(self.inner, "/FontDescriptor")
        self.name = name(get(source, "/BaseFont")) or name(get(source, "/Name")) or "without a name"
        flags = get(self.descriptor, "/Flags")
        self.flags = flags if isinstance(flags, int) else 0

    @property
    def page(self) -> int:
        """The first page that shows text in it."""
        return min((shown.page for shown, _ in self.shown), default=0)

    @property
    def rendered(self) -> bool:
        """Whether any text in it is painted."""
        return any(shown.rendered for shown, _ in self.shown)

    @property
    def embedded(self) -> bool:
        """Whether its program is in the file; a Type 3 font is one itself."""
        return self.subtype == "Type3" or embedded(self.descriptor)

    @property
    def symbolic(self) -> bool:
        """Whether its descriptor says that it has symbols outside the Latin set."""
        return bool(self.flags & SYMBOLIC)

    @cached_property
    def program(self) -> Program | None:
        """Its embedded program, if it can be read."""
        return read_program(self.descriptor)

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Each code that is shown, once."""
        found: dict[int, Use] = {}
        settled: dict[tuple[bool, bool], set[int]] = {}
        for shown, formula in self.shown:
            known = settled.setdefault((shown.rendered, formula), set())
            fresh = set(self._codes(shown.codes)) - known
            known |= fresh
            for code in sorted(fresh):
                use = found.get(code)
                if use is None:
                    found[code] = Use(code, shown.page, shown.rendered, formula)
                elif (shown.rendered and not use.rendered) or (formula and not use.formula):
                    found[code] = replace(use, rendered=use.rendered or shown.rendered, formula=use.formula or formula)
        return tuple(found.values())

    def _codes(self, codes: bytes) -> Iterable[int]:
        if not self.composite:
            return codes
        return (self.table or CMap()).split(codes)

    # Composite fonts

    @cached_property
    def cmap_name(self) -> str:
        """The name of a composite font's encoding; empty where it is a stream."""
        return name(get(self.source, "/Encoding")) if self.composite else ""

    @cached_property
    def cmap(self) -> CMap | None:
        """A composite font's embedded CMap."""
        encoding = get(self.source, "/Encoding")
        return read_cmap(encoding.read_bytes()) if isinstance(encoding, pikepdf.Stream) else None

    @cached_property
    def table(self) -> CMap | None:
        """A composite font's map from codes to CIDs: the embedded one, or a predefined one that this machine has."""
        if self.cmap is None:
            known = self.cmap_name in PREDEFINED and self.cmap_name not in IDENTITY
            return predefined(self.cmap_name) if known else None
        if self.cmap.uses in PREDEFINED and self.cmap.uses not in IDENTITY:
            self.cmap.parent = predefined(self.cmap.uses)
        return self.cmap

    @property
    def undecided(self) -> str:
        """The predefined CMap without whose table nobody can tell which glyphs paint the text; else empty."""
        if not self.composite or self.program is None:
            return ""
        needed = self.cmap_name if self.cmap is None else self.cmap.uses
        there = self.table is not None and (self.cmap is None or self.table.parent is not None)
        return needed if needed in PREDEFINED and needed not in IDENTITY and not there else ""

    def cid(self, code: int) -> int | None:
        """The CID of a code; None where it cannot be known."""
        if self.cmap_name in IDENTITY:
            return code
        if self.table is None:
            return None
        found = self.table.cid(code)
        if found is None and self.table.uses in IDENTITY:
            return code
        return None if found is None and self.table.uses and self.table.parent is None else found or 0

    @cached_property
    def _cid_widths(self) -> tuple[dict[int, float], float]:
        widths: dict[int, float] = {}
        given = each(get(self.inner, "/W"))
        at = 0
        while at + 1 < len(given):
            first = int(number(given[at]) or 0)
            if isinstance(given[at + 1], pikepdf.Array):
                widths.update({first + step: number(wide) or 0 for step, wide in enumerate(each(given[at + 1]))})
                at += 2
            elif at + 2 < len(given):
                last, wide = int(number(given[at + 1]) or 0), number(given[at + 2]) or 0
                widths.update(dict.fromkeys(range(first, min(last, first + 0xFFFF) + 1), wide))
                at += 3
            else:
                break
        return widths, 1000 if (default := number(get(self.inner, "/DW"))) is None else default

    @cached_property
    def _cid_to_glyph(self) -> bytes | None:
        given = get(self.inner, "/CIDToGIDMap")
        return given.read_bytes() if isinstance(given, pikepdf.Stream) else None

    # Simple fonts

    @property
    def encoding_name(self) -> str:
        """The name of a simple font's encoding, or of the one that it departs from."""
        encoding = get(self.source, "/Encoding")
        return name(encoding) or name(get(encoding, "/BaseEncoding"))

    @cached_property
    def differences(self) -> dict[int, str]:
        """Where a simple font departs from its encoding."""
        made: dict[int, str] = {}
        code = 0
        for item in each(get(get(self.source, "/Encoding"), "/Differences")):
            if isinstance(item, pikepdf.Name):
                made[code] = name(item)
                code += 1
            else:
                code = int(number(item) or 0)
        return made

    @cached_property
    def encoding(self) -> dict[int, str]:
        """The name of each code's glyph in a simple font."""
        base: Mapping[int, str]
        if self.encoding_name in ENCODINGS:
            base = ENCODINGS[self.encoding_name]
        elif isinstance(self.program, Type1Program) and self.subtype != "TrueType":
            base = self.program.encoding or ENCODINGS["StandardEncoding"]
        elif isinstance(self.program, CffProgram) and not self.program.keyed:
            given = self.program.top.Encoding
            base = dict(enumerate(given)) if isinstance(given, list) else ENCODINGS["StandardEncoding"]
        else:
            base = {} if self.subtype == "Type3" else ENCODINGS["StandardEncoding"]
        return {**base, **self.differences}

    def _declared(self, code: int) -> float | None:
        """The width that a simple font's dictionary gives a code."""
        given = get(self.source, "/Widths")
        if given is None:
            return None
        at = code - int(number(get(self.source, "/FirstChar")) or 0)
        widths = each(given)
        if 0 <= at < len(widths):
            return number(widths[at])
        return number(get(self.descriptor, "/MissingWidth")) or 0

    # Both

    def declared_width(self, code: int) -> float | None:
        """The width that the dictionary gives a code, in thousandths (in glyph space for a Type 3 font)."""
        if not self.composite:
            return self._declared(code)
        cid = self.cid(code)
        widths, default = self._cid_widths
        return None if cid is None else widths.get(cid, default)

    @cached_property
    def painted(self) -> tuple[tuple[Use, Glyph], ...]:
        """Each code that is shown with what paints it, where that can be known."""
        found = ((use, self.glyph(use.code)) for use in self.uses)
        return tuple((use, glyph) for use, glyph in found if glyph is not None)

    def glyph(self, code: int) -> Glyph | None:
        """What paints a code; None where that cannot be known."""
        if self.composite:
            return self._cid_glyph(code)
        if self.subtype == "Type3":
            return self._drawn(code)
        called = self.encoding.get(code, NOTDEF)
        match self.program:
            case TrueTypeProgram() as program:
                found = self._true_type_glyph(program, code)
                return Glyph(0 if found is None else found, found is not None, program.width(found or 0))
            case CffProgram(keyed=False) | Type1Program() as named:
                return Glyph(called, called in named.known, named.width(called))
            case _:
                return None

    def _cid_glyph(self, code: int) -> Glyph | None:
        cid = self.cid(code)
        if cid is None or self.program is None:
            return None
        match self.program:
            case TrueTypeProgram() as program:
                table = self._cid_to_glyph
                glyph = cid if table is None else int.from_bytes(table[2 * cid : 2 * cid + 2], "big")
                return Glyph(glyph, glyph < program.count, program.width(glyph))
            case CffProgram() as program:
                called = program.name_of(cid)
                width = program.width(called) if called is not None else None
                return Glyph(cid if called != NOTDEF else 0, called is not None, width)
            case _:
                return None

    def _drawn(self, code: int) -> Glyph | None:
        """A Type 3 font's glyph: a stream whose first operator, d0 or d1, says how wide it is (9.6.5)."""
        called = self.encoding.get(code, NOTDEF)
        stream = get(get(self.source, "/CharProcs"), f"/{called}")
        if not isinstance(stream, pikepdf.Stream):
            return Glyph(called, False, None)
        found = re.match(rb"\s*([-+.\d]+)\s+[-+.\d]+\s+(?:d0|(?:[-+.\d]+\s+){4}d1)\b", stream.read_bytes())
        return Glyph(called, True, float(found[1]) if found else None)

    def _true_type_glyph(self, program: TrueTypeProgram, code: int) -> int | None:
        """The glyph of a simple TrueType font's code (9.6.6.4)."""
        cmaps = program.cmaps
        if self.symbolic or "/Encoding" not in self.source:
            symbols = cmaps.get((3, 0), {})
            for candidate in (code, 0xF000 + code, 0xF100 + code, 0xF200 + code):
                if candidate in symbols:
                    return program.numbers.get(symbols[candidate])
            only = cmaps.get((1, 0)) or (next(iter(cmaps.values())) if len(cmaps) == 1 else {})
            return program.numbers.get(only.get(code, ""))
        found = self.latin_glyph(program, code)
        called = self.encoding.get(code, NOTDEF)
        return program.numbers.get(called) if found is None and called != NOTDEF else found

    def latin_glyph(self, program: TrueTypeProgram, code: int) -> int | None:
        """The glyph of a code as the font's Latin maps have it; its names of glyphs do not count."""
        called = self.encoding.get(code, NOTDEF)
        characters = toUnicode(called)
        found = program.cmaps.get((3, 1), {}).get(ord(characters)) if len(characters) == 1 else None
        if found is None and called in MacRoman:
            found = program.cmaps.get((1, 0), {}).get(MacRoman.index(called))
        return None if found is None else program.numbers.get(found)

    # Unicode

    @cached_property
    def to_unicode(self) -> CMap | None:
        """The font's map to characters."""
        given = get(self.source, "/ToUnicode")
        return read_cmap(given.read_bytes()) if isinstance(given, pikepdf.Stream) else None

    @property
    def ordering(self) -> str:
        """The ordering of a CID font's character collection."""
        told = get(get(self.inner, "/CIDSystemInfo"), "/Ordering")
        return "" if told is None else str(told)

    def characters(self, code: int) -> str | None:
        """The characters of a code; empty where they are known to every reader; None where nobody can know."""
        told = self.to_unicode.unicode(code) if self.to_unicode is not None else None
        if told:
            return told
        if self.composite:
            known = self.ordering in PREDEFINED.values() and self.ordering != "Identity"
            return "" if known or self.cmap_name not in {"", *IDENTITY} else None
        if self.subtype == "TrueType" and self.symbolic:
            return None
        called = self.encoding.get(code, NOTDEF)
        if called in _SYMBOLS:
            return ""
        return toUnicode(called) or None

    @property
    def named_in_lists(self) -> bool:
        """Whether every glyph in use has a name that is listed (Adobe's glyph list, the Symbol font's names)."""
        names = {self.encoding.get(use.code, NOTDEF) for use in self.uses}
        return all(called in AGL2UV or called in _SYMBOLS for called in names)


_SYMBOLS = frozenset(
    (
        *("apple", "arrowvertex", "arrowhorizex", "registerserif", "copyrightserif", "trademarkserif"),
        *("registersans", "copyrightsans", "trademarksans", "angleleft", "angleright", "bracelefttp", "braceleftmid"),
        *("braceleftbt", "braceex", "bracerighttp", "bracerightmid", "bracerightbt", "bracketlefttp", "bracketleftex"),
        *("bracketleftbt", "bracketrighttp", "bracketrightex", "bracketrightbt", "parenlefttp", "parenleftex"),
        *("parenleftbt", "parenrighttp", "parenrightex", "parenrightbt", "integralex", "radicalex"),
    )
)
"""Names in the Symbol font that Adobe's glyph list may lack."""
