"""Small fonts of two letters, made for tests: as TrueType, compact outlines (CFF) and Type 1."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.eexec import encrypt
from fontTools.misc.psCharStrings import T1CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

GLYPHS = [".notdef", "A", "B"]
WIDTHS = {".notdef": 500, "A": 600, "B": 700}
LATIN = {0x41: "A", 0x42: "B"}
Maps = Mapping[tuple[int, int], Mapping[int, str]]


def _square(pen: Any) -> None:
    pen.moveTo((0, 0))
    pen.lineTo((0, 400))
    pen.lineTo((400, 400))
    pen.lineTo((400, 0))
    pen.closePath()


def true_type(maps: Maps | None = None, *, licence: int = 0) -> bytes:
    """A TrueType font with these maps from codes to glyphs, by platform and encoding."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(GLYPHS)
    outlines = {}
    for name in GLYPHS:
        pen = TTGlyphPen(None)
        _square(pen)
        outlines[name] = pen.glyph()
    builder.setupGlyf(outlines)
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in WIDTHS.items()})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupCharacterMap({})
    builder.setupOS2(fsType=licence)
    builder.setupPost()
    font = builder.font
    tables = []
    for (platform, encoding), codes in ({(3, 1): LATIN} if maps is None else maps).items():
        table = CmapSubtable.newSubtable(0 if platform == 1 else 4)
        table.platformID, table.platEncID, table.language, table.cmap = platform, encoding, 0, dict(codes)
        tables.append(table)
    font["cmap"].tables = tables
    return _bytes(font)


def compact() -> bytes:
    """A bare CFF font."""
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(GLYPHS)
    outlines = {}
    for name in GLYPHS:
        pen = T2CharStringPen(WIDTHS[name], None)
        _square(pen)
        outlines[name] = pen.getCharString()
    builder.setupCFF("Tiny", {}, outlines, {})
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in WIDTHS.items()})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupCharacterMap(LATIN)
    builder.setupOS2()
    builder.setupPost()
    file = BytesIO()
    fonts: CFFFontSet = builder.font["CFF "].cff
    fonts.compile(file, builder.font)
    return file.getvalue()


def type1() -> bytes:
    """A Type 1 font: a part to read and an encrypted one (Adobe Type 1 Font Format, chapters 2 and 7)."""
    glyphs = b""
    for name in GLYPHS:
        outline = T1CharString(
            program=[0, WIDTHS[name], "hsbw", 400, "hlineto", 400, "vlineto", "closepath", "endchar"]
        )
        outline.compile()
        data = encrypt(b"\0\0\0\0" + outline.bytecode, 4330)[0]
        glyphs += b"/%s %d RD %s ND\n" % (name.encode(), len(data), data)
    private = (
        b"dup /Private 8 dict dup begin\n/RD {string currentfile exch readstring pop} executeonly def\n"
        b"/ND {noaccess def} executeonly def\n/NP {noaccess put} executeonly def\n/BlueValues [] def\n/lenIV 4 def\n"
        b"/password 5839 def\n2 index /CharStrings %d dict dup begin\n%send\nend\nreadonly put\n"
        b"noaccess put\ndup/FontName get exch definefont pop\nmark currentfile closefile\n"
    ) % (len(GLYPHS), glyphs)
    head = (
        b"%!PS-AdobeFont-1.0: Tiny 1.0\n11 dict begin\n/FontInfo 1 dict dup begin end readonly def\n"
        b"/FontName /Tiny def\n/PaintType 0 def\n/FontType 1 def\n/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n"
        b"/Encoding StandardEncoding def\n/FontBBox {0 0 1000 1000} readonly def\ncurrentdict end\ncurrentfile eexec\n"
    )
    return head + encrypt(b"\0\0\0\0" + private, 55665)[0] + b"\n" + (b"0" * 64 + b"\n") * 8 + b"cleartomark\n"


def _bytes(font: TTFont) -> bytes:
    file = BytesIO()
    font.save(file)
    return file.getvalue()


def unicode_map(pairs: Mapping[int, str], digits: int = 4) -> bytes:
    """A ToUnicode map."""
    lines = "".join(f"<{code:0{digits}x}> <{text.encode('utf-16-be').hex()}>\n" for code, text in pairs.items())
    return (
        f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange\n<{'0' * digits}> "
        f"<{'f' * digits}>\nendcodespacerange\n{len(pairs)} beginbfchar\n{lines}endbfchar\nendcmap\nend end\n"
    ).encode()


def descriptor(pdf: pikepdf.Pdf, key: str, data: bytes, flags: int, **more: Any) -> Any:
    """A font descriptor with its program; `key` says of which kind: `FontFile2` and so on."""
    stream = pdf.make_stream(data)
    if key == "FontFile3":
        stream.Subtype = pikepdf.Name(more.pop("subtype"))
    made = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name("/ABCDEF+Tiny"),
        Flags=flags,
        FontBBox=[0, 0, 1000, 1000],
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=700,
        StemV=80,
        **more,
    )
    made[f"/{key}"] = stream
    return pdf.make_indirect(made)


def composite(pdf: pikepdf.Pdf, program: bytes | None = None, *, kind: str = "CIDFontType2") -> Any:
    """A Type 0 font whose codes are glyphs' numbers; TrueType if `kind` is `CIDFontType2`, else CFF."""
    if kind == "CIDFontType2":
        described = descriptor(pdf, "FontFile2", program or true_type(), 4)
    else:
        described = descriptor(pdf, "FontFile3", program or compact(), 4, subtype="/CIDFontType0C")
    inner = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name(f"/{kind}"),
        BaseFont=pikepdf.Name("/ABCDEF+Tiny"),
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=described,
        W=pikepdf.Array([0, pikepdf.Array([500, 600, 700])]),
    )
    if kind == "CIDFontType2":
        inner.CIDToGIDMap = pikepdf.Name.Identity
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name("/ABCDEF+Tiny"),
        Encoding=pikepdf.Name("/Identity-H"),
        DescendantFonts=pikepdf.Array([pdf.make_indirect(inner)]),
        ToUnicode=pdf.make_stream(unicode_map({1: "A", 2: "B"})),
    )
    return pdf.make_indirect(font)


def simple(pdf: pikepdf.Pdf, described: Any, subtype: str = "TrueType", **more: Any) -> Any:
    """A font of one byte a character, for A and B."""
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name(f"/{subtype}"),
        BaseFont=pikepdf.Name("/ABCDEF+Tiny"),
        FirstChar=0x41,
        LastChar=0x42,
        Widths=[600, 700],
        FontDescriptor=described,
        **more,
    )
    return pdf.make_indirect(font)


def latin(pdf: pikepdf.Pdf, maps: Maps | None = None, **more: Any) -> Any:
    """A Latin TrueType font in WinAnsiEncoding."""
    return simple(
        pdf, descriptor(pdf, "FontFile2", true_type(maps), 32), **{"Encoding": pikepdf.Name.WinAnsiEncoding, **more}
    )


def symbols(pdf: pikepdf.Pdf, maps: Maps | None = None, **more: Any) -> Any:
    """A TrueType font of symbols."""
    given = {(3, 0): {0xF041: "A", 0xF042: "B"}} if maps is None else maps
    known = pdf.make_stream(unicode_map({0x41: "A", 0x42: "B"}, digits=2))
    return simple(pdf, descriptor(pdf, "FontFile2", true_type(given), 4), ToUnicode=known, **more)


def postscript(pdf: pikepdf.Pdf, listed: str | None = None) -> Any:
    """A Type 1 font with, or without, a list of its glyphs."""
    more = {} if listed is None else {"CharSet": listed}
    described = descriptor(pdf, "FontFile", type1(), 32, **more)
    return simple(pdf, described, "Type1", Encoding=pikepdf.Name.WinAnsiEncoding)


def drawn(pdf: pikepdf.Pdf, width: int = 600) -> Any:
    """A Type 3 font."""
    glyphs = {
        f"/{name}": pdf.make_stream(f"{wide} 0 d0 0 0 400 400 re f".encode()) for name, wide in (("A", 600), ("B", 700))
    }
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type3,
        FontBBox=[0, 0, 1000, 1000],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        CharProcs=pikepdf.Dictionary(glyphs),
        Encoding=pikepdf.Dictionary(Differences=[0x41, pikepdf.Name.A, pikepdf.Name.B]),
        FirstChar=0x41,
        LastChar=0x42,
        Widths=[width, 700],
        Resources=pikepdf.Dictionary(),
    )
    return pdf.make_indirect(font)
