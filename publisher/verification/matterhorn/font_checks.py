"""Checkpoints 10 (character mappings) and 31 (fonts), and 17-003."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from fontTools.agl import AGL2UV  # type: ignore[import-untyped]

from publisher.verification.matterhorn.cmaps import IDENTITY, PREDEFINED, UNICODE_COLLECTIONS
from publisher.verification.matterhorn.fonts import Font, Glyph, Use
from publisher.verification.matterhorn.objects import get, name, number, text
from publisher.verification.matterhorn.opened import Faults, Opened
from publisher.verification.matterhorn.programs import NOTDEF, CffProgram, TrueTypeProgram, Type1Program

_LATIN_MAPS = ((3, 1), (1, 0))
_LICENCES, _RESTRICTED = 0xF, 2
_NARROW = 1
"""Thousandths of the type size that a width in the dictionary may be off."""


def _told(font: Font, code: int | None = None) -> str:
    return f"page {font.page + 1}, {font.name}" + ("" if code is None else f", code {code:X}")


def unmapped_codes(file: Opened) -> Faults:
    """10-001"""
    for font in file.fonts:
        yield from (_told(font, use.code) for use in font.uses if font.characters(use.code) is None)


def unmapped_codes_in_formulas(file: Opened) -> Faults:
    """17-003"""
    for font in file.fonts:
        for use in font.uses:
            if use.formula and font.characters(use.code) is None:
                yield _told(font, use.code)


def undecided(file: Opened) -> Faults:
    """Where 31-011, 31-016 and 31-030 cannot be decided: which glyphs paint the text stands in a predefined CMap."""
    yield from (f"{_told(font)}, {font.undecided}" for font in file.fonts if font.undecided)


# Composite fonts


def _systems(file: Opened) -> Iterator[tuple[Font, Any, Any]]:
    """The character collections of composite fonts' CIDs and of their CMaps, where the latter is not Identity."""
    for font in file.fonts:
        if font.composite and font.cmap_name not in IDENTITY:
            own = get(font.inner, "/CIDSystemInfo")
            if font.cmap_name in PREDEFINED:
                order = PREDEFINED[font.cmap_name]
                yield font, own, pikepdf.Dictionary(Registry="Adobe", Ordering=order)
            elif font.cmap is not None:
                yield font, own, get(get(font.source, "/Encoding"), "/CIDSystemInfo")


def other_registry(file: Opened) -> Faults:
    """31-001"""
    for font, own, cmap in _systems(file):
        if text(get(own, "/Registry")) != text(get(cmap, "/Registry")):
            yield _told(font)


def other_ordering(file: Opened) -> Faults:
    """31-002"""
    for font, own, cmap in _systems(file):
        if text(get(own, "/Ordering")) != text(get(cmap, "/Ordering")):
            yield _told(font)


def older_supplement(file: Opened) -> Faults:
    """31-003"""
    for font, own, cmap in _systems(file):
        if (number(get(own, "/Supplement")) or 0) < (number(get(cmap, "/Supplement")) or 0):
            yield _told(font)


def _maps_to_glyphs(file: Opened) -> Iterator[tuple[Font, Any]]:
    """The maps from CIDs to glyphs of embedded TrueType fonts with CIDs."""
    for font in file.fonts:
        if font.kind == "CIDFontType2" and font.embedded:
            yield font, get(font.inner, "/CIDToGIDMap")


def odd_glyph_map(file: Opened) -> Faults:
    """31-004"""
    for font, told in _maps_to_glyphs(file):
        if told is not None and not isinstance(told, pikepdf.Stream) and told != pikepdf.Name.Identity:
            yield _told(font)


def no_glyph_map(file: Opened) -> Faults:
    """31-005"""
    yield from (_told(font) for font, told in _maps_to_glyphs(file) if told is None)


def unknown_cmap(file: Opened) -> Faults:
    """31-006"""
    for font in file.fonts:
        if font.composite and font.cmap is None and font.cmap_name not in PREDEFINED:
            yield f"{_told(font)}, {font.cmap_name or 'no CMap'}"


def other_writing_mode(file: Opened) -> Faults:
    """31-007"""
    for font in file.fonts:
        if font.cmap is not None and (number(get(get(font.source, "/Encoding"), "/WMode")) or 0) != font.cmap.mode:
            yield _told(font)


def cmap_uses_unknown(file: Opened) -> Faults:
    """31-008"""
    for font in file.fonts:
        if font.cmap is None:
            continue
        used = get(get(font.source, "/Encoding"), "/UseCMap")
        called = {font.cmap.uses, name(used) or name(get(used, "/CMapName"))} - {""}
        if called - PREDEFINED.keys():
            yield f"{_told(font)}, {', '.join(sorted(called))}"


# What is embedded


def not_embedded(file: Opened) -> Faults:
    """31-009"""
    yield from (_told(font) for font in file.fonts if font.rendered and not font.embedded)


def _painted(file: Opened) -> Iterator[tuple[Font, Use, Glyph]]:
    """Each code that is shown, with the glyph that paints it, where that can be known."""
    for font in file.fonts:
        yield from ((font, use, glyph) for use, glyph in font.painted)


def not_to_be_embedded(file: Opened) -> Faults:
    """31-010, as far as the font says so itself: a licence that forbids it is the only one of its bits that is set
    (https://learn.microsoft.com/typography/opentype/spec/os2#fstype)."""
    for font in file.fonts:
        tables = font.program.font if isinstance(font.program, TrueTypeProgram) else {}
        if "OS/2" in tables and tables["OS/2"].fsType & _LICENCES == _RESTRICTED:
            yield _told(font)


def missing_glyphs(file: Opened) -> Faults:
    """31-011"""
    for font in file.fonts:
        if font.rendered and font.embedded and font.program is None and font.subtype != "Type3":
            yield f"{_told(font)}, whose program cannot be read"
    for font, use, glyph in _painted(file):
        if use.rendered and not glyph.present and glyph.called != NOTDEF:
            yield _told(font, use.code)


def _listed_names(file: Opened) -> Iterator[tuple[Font, frozenset[str], frozenset[str]]]:
    """Of Type 1 fonts with a list of their glyphs: the names listed and those that are there."""
    for font in file.fonts:
        told = text(get(font.descriptor, "/CharSet"))
        program = font.program if font.subtype in ("Type1", "MMType1") and told else None
        if isinstance(program, Type1Program | CffProgram):
            yield font, frozenset(told.split("/")) - {"", NOTDEF}, program.known - {NOTDEF}


def glyphs_not_in_list(file: Opened) -> Faults:
    """31-012"""
    for font, listed, there in _listed_names(file):
        yield from (f"{_told(font)}, {called}" for called in sorted(there - listed))


def listed_glyphs_missing(file: Opened) -> Faults:
    """31-013"""
    for font, listed, there in _listed_names(file):
        yield from (f"{_told(font)}, {called}" for called in sorted(listed - there))


def _listed_cids(file: Opened) -> Iterator[tuple[Font, frozenset[int], frozenset[int], frozenset[int]]]:
    """Of fonts with a set of their CIDs: those listed, those that must be and those that may be."""
    for font in file.fonts:
        stream = get(font.descriptor, "/CIDSet")
        if not font.composite or not isinstance(stream, pikepdf.Stream):
            continue
        data = stream.read_bytes()
        listed = frozenset(bit for bit in range(8 * len(data)) if data[bit // 8] & (0x80 >> bit % 8))
        program = font.program
        if isinstance(program, CffProgram):
            yield font, listed, program.cids, program.cids
        elif isinstance(program, TrueTypeProgram) and name(get(font.inner, "/CIDToGIDMap")) == "Identity":
            yield font, listed, program.outlined, frozenset(range(program.count))


def glyphs_not_in_set(file: Opened) -> Faults:
    """31-014"""
    for font, listed, must, _ in _listed_cids(file):
        if must - listed:
            yield f"{_told(font)}, {len(must - listed)} glyphs, CID {min(must - listed)} say"


def glyphs_of_set_missing(file: Opened) -> Faults:
    """31-015"""
    for font, listed, _, may in _listed_cids(file):
        if listed - may:
            yield f"{_told(font)}, {len(listed - may)} glyphs, CID {min(listed - may)} say"


def other_widths(file: Opened) -> Faults:
    """31-016"""
    for font, use, glyph in _painted(file):
        told = font.declared_width(use.code)
        if not use.rendered or not glyph.present or told is None or glyph.width is None:
            continue
        scale = _glyph_space(font) if font.subtype == "Type3" else 1
        if abs(told - glyph.width) * scale > _NARROW:
            yield f"{_told(font, use.code)}: {told:g} in the dictionary, {glyph.width:g} in the font"


def _glyph_space(font: Font) -> float:
    matrix = get(font.source, "/FontMatrix")
    return abs(float(matrix[0])) * 1000 if isinstance(matrix, pikepdf.Array) and len(matrix) else 1


# Simple TrueType fonts


def _true_type(file: Opened, *, symbolic: bool) -> Iterator[tuple[Font, TrueTypeProgram]]:
    for font in file.fonts:
        wanted = font.subtype == "TrueType" and font.rendered and font.symbolic is symbolic
        if wanted and isinstance(font.program, TrueTypeProgram):
            yield font, font.program


def _latin(file: Opened) -> Iterator[Font]:
    return (font for font in file.fonts if font.subtype == "TrueType" and not font.symbolic)


def no_latin_map(file: Opened) -> Faults:
    """31-017"""
    for font, program in _true_type(file, symbolic=False):
        if not any(kind in program.cmaps for kind in _LATIN_MAPS):
            yield _told(font)


def not_in_latin_map(file: Opened) -> Faults:
    """31-018"""
    for font, program in _true_type(file, symbolic=False):
        for use in font.uses:
            if use.rendered and font.latin_glyph(program, use.code) is None:
                yield _told(font, use.code)


def no_encoding(file: Opened) -> Faults:
    """31-019"""
    yield from (_told(font) for font in _latin(file) if get(font.source, "/Encoding") is None)


def no_base_encoding(file: Opened) -> Faults:
    """31-020"""
    for font in _latin(file):
        encoding = get(font.source, "/Encoding")
        if isinstance(encoding, pikepdf.Dictionary) and "/BaseEncoding" not in encoding:
            yield _told(font)


def odd_encoding(file: Opened) -> Faults:
    """31-021"""
    for font in _latin(file):
        if font.encoding_name and font.encoding_name not in ("MacRomanEncoding", "WinAnsiEncoding"):
            yield f"{_told(font)}, {font.encoding_name}"


def unlisted_names(file: Opened) -> Faults:
    """31-022"""
    for font in _latin(file):
        odd = sorted(called for called in set(font.differences.values()) if called not in AGL2UV)
        if odd:
            yield f"{_told(font)}, {', '.join(odd)}"


def differences_without_unicode_map(file: Opened) -> Faults:
    """31-023"""
    for font in _latin(file):
        if font.differences and isinstance(font.program, TrueTypeProgram) and (3, 1) not in font.program.cmaps:
            yield _told(font)


def symbols_with_encoding(file: Opened) -> Faults:
    """31-024"""
    for font in file.fonts:
        if font.subtype == "TrueType" and font.symbolic and get(font.source, "/Encoding") is not None:
            yield _told(font)


def symbols_without_map(file: Opened) -> Faults:
    """31-025"""
    yield from (_told(font) for font, program in _true_type(file, symbolic=True) if not program.cmaps)


def symbols_with_other_maps(file: Opened) -> Faults:
    """31-026"""
    for font, program in _true_type(file, symbolic=True):
        if len(program.cmaps) > 1 and (3, 0) not in program.cmaps:
            yield _told(font)


# Unicode


def no_unicode_map(file: Opened) -> Faults:
    """31-027"""
    for font in file.fonts:
        if get(font.source, "/ToUnicode") is None and not _understood(font):
            yield _told(font)


def _understood(font: Font) -> bool:
    """Whether a reader knows a font's characters without a map."""
    if font.composite:
        return font.ordering in UNICODE_COLLECTIONS
    if name(get(font.source, "/Encoding")) in ("MacRomanEncoding", "MacExpertEncoding", "WinAnsiEncoding"):
        return True
    if font.subtype == "TrueType":
        return not font.symbolic
    return font.named_in_lists


def _mapped_to(file: Opened, *characters: str) -> Faults:
    for font in file.fonts:
        if font.to_unicode is not None:
            found = {one for told in font.to_unicode.values() for one in told} & set(characters)
            if found:
                yield f"{_told(font)}, {', '.join(f'U+{ord(one):04X}' for one in sorted(found))}"


def mapped_to_nothing(file: Opened) -> Faults:
    """31-028"""
    yield from _mapped_to(file, "\0")


def mapped_to_byte_order(file: Opened) -> Faults:
    """31-029"""
    yield from _mapped_to(file, "\ufeff", "\ufffe")


def undefined_glyphs(file: Opened) -> Faults:
    """31-030"""
    for font, use, glyph in _painted(file):
        if glyph.called in (0, NOTDEF):
            yield _told(font, use.code)


CHECKS = {
    "10-001": unmapped_codes,
    "17-003": unmapped_codes_in_formulas,
    "31-001": other_registry,
    "31-002": other_ordering,
    "31-003": older_supplement,
    "31-004": odd_glyph_map,
    "31-005": no_glyph_map,
    "31-006": unknown_cmap,
    "31-007": other_writing_mode,
    "31-008": cmap_uses_unknown,
    "31-009": not_embedded,
    "31-010": not_to_be_embedded,
    "31-011": missing_glyphs,
    "31-012": glyphs_not_in_list,
    "31-013": listed_glyphs_missing,
    "31-014": glyphs_not_in_set,
    "31-015": glyphs_of_set_missing,
    "31-016": other_widths,
    "31-017": no_latin_map,
    "31-018": not_in_latin_map,
    "31-019": no_encoding,
    "31-020": no_base_encoding,
    "31-021": odd_encoding,
    "31-022": unlisted_names,
    "31-023": differences_without_unicode_map,
    "31-024": symbols_with_encoding,
    "31-025": symbols_without_map,
    "31-026": symbols_with_other_maps,
    "31-027": no_unicode_map,
    "31-028": mapped_to_nothing,
    "31-029": mapped_to_byte_order,
    "31-030": undefined_glyphs,
}
