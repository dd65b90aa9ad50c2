"""PDF, HTML, sound and cues made to harm whoever reads them: a table, each small on the disk."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from raw_zip import repeated

_WORDS = "This is the whole of the text."


def pdf(objects: dict[int, bytes], *, trailer: bytes = b"", table: bool = True) -> bytes:
    """A PDF of these objects, 1 its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), dict[int, int]()
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    if table:
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size
        for number in range(1, size):
            out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer\n<</Root 1 0 R /Size %d %b>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d %b>>\nstream\n%b\nendstream" % (len(data), more, data)


_CONTENT = stream(f"/P <</MCID 0>> BDC BT /F 12 Tf 72 700 Td ({_WORDS}) Tj ET EMC".encode())
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/StructParents 0/Resources<</Font<</F 5 0 R>>>>>>"
)
_TREE = b"<</Type/StructTreeRoot/K 7 0 R>>"
_PART = b"<</Type/StructElem/S/P/P 6 0 R/Pg 3 0 R/K 0>>"


def tagged(**changed: bytes) -> dict[int, bytes]:
    """The objects of a tagged page; `changed` replaces one (`o7`) or adds one; `root` adds to the catalogue."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>/Lang(en)%b>>"
        % changed.pop("root", b""),
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: _PAGE,
        4: _CONTENT,
        5: _FONT,
        6: _TREE,
        7: _PART,
    }
    return objects | {int(name[1:]): body for name, body in changed.items()}


def _zeros(megabytes: int) -> bytes:
    """A stream of zlib that unpacks to that many megabytes, its sum left out."""
    return b"\x78\xda" + repeated(b"\0", megabytes) + b"\x03\x00"


def _chain(length: int) -> bytes:
    """A structure tree, each element within the one before."""
    parts = {f"o{n}": b"<</Type/StructElem/S/Div/P %d 0 R/K %d 0 R>>" % (n - 1, n + 1) for n in range(7, 7 + length)}
    return pdf(tagged(**parts, **{f"o{7 + length}": _PART}))


PDFS: dict[str, Callable[[], bytes]] = {
    "no cross-references": lambda: pdf(tagged(), table=False),
    "cross-references to nowhere": lambda: pdf(tagged()).replace(b"00000 n", b"99999 n"),
    "cross-references in a circle": lambda: pdf(tagged(), trailer=b"/Prev 10"),
    "pages in a circle": lambda: pdf(tagged(o2=b"<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 3>>")),
    "an absurd count of pages": lambda: pdf(tagged(o2=b"<</Type/Pages/Kids[3 0 R]/Count 2147483647>>")),
    "a page four hundred thousand times": lambda: pdf(
        tagged(o2=b"<</Type/Pages/Kids[%b]/Count 400000>>" % (b"3 0 R " * 400_000))
    ),
    "pages within pages": lambda: pdf(
        tagged(
            **{
                "o2": b"<</Type/Pages/Kids[10 0 R]/Count 1>>",
                **{f"o{n}": b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 1) for n in range(10, 5_000)},
                "o5000": _PAGE,
            }
        )
    ),
    "a structure in a circle": lambda: pdf(tagged(o7=b"<</Type/StructElem/S/P/P 6 0 R/K[7 0 R 6 0 R 7 0 R]>>")),
    "a structure that doubles": lambda: pdf(
        tagged(**{f"o{n}": b"<</S/Div/K[%d 0 R %d 0 R]>>" % (n + 1, n + 1) for n in range(7, 60)}, o60=_PART)
    ),
    "a structure ten thousand deep": lambda: _chain(10_000),
    "an outline in a circle": lambda: pdf(
        tagged(
            root=b"/Outlines 8 0 R",
            o8=b"<</First 9 0 R/Last 9 0 R/Count 999999999>>",
            o9=b"<</Title(x)/Parent 8 0 R/First 9 0 R/Next 9 0 R/Prev 9 0 R/Dest[3 0 R/Fit]>>",
        )
    ),
    "names in a circle": lambda: pdf(
        tagged(root=b"/Names<</Dests 8 0 R>>", o8=b"<</Kids[8 0 R 8 0 R 8 0 R]/Names[(a) 3 0 R]>>")
    ),
    "roles in a circle": lambda: pdf(
        tagged(o6=b"<</K 7 0 R/RoleMap<</A/B/B/A>>/ClassMap 6 0 R>>", o7=b"<</S/A/P 6 0 R/Pg 3 0 R/K 0>>")
    ),
    "a flate bomb": lambda: pdf(
        tagged(o4=stream(zlib.compress(_zeros(4_000), 9), b"/Filter[/FlateDecode/FlateDecode]"))
    ),
    "a flate bomb of metadata": lambda: pdf(
        tagged(root=b"/Metadata 8 0 R", o8=stream(_zeros(2_000), b"/Type/Metadata/Subtype/XML/Filter/FlateDecode"))
    ),
    "an entity bomb of metadata": lambda: pdf(
        tagged(
            root=b"/Metadata 8 0 R",
            o8=stream(
                b"<!DOCTYPE x [<!ENTITY a0 'ha'>"
                + b"".join(b"<!ENTITY a%d '%b'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
                + b"]><x>&a11;</x>",
                b"/Type/Metadata/Subtype/XML",
            ),
        )
    ),
    "objects in a stream that is a bomb": lambda: pdf(
        tagged(o8=stream(_zeros(2_000), b"/Type/ObjStm/N 1000000000/First 10/Filter/FlateDecode"))
    ),
    "arrays in arrays": lambda: pdf(tagged(o8=b"[" * 100_000, root=b"/X 8 0 R")),
    "a stream that shows itself": lambda: pdf(
        tagged(
            o3=_PAGE.replace(b"/Resources<<", b"/Resources<</XObject<</X 8 0 R>>"),
            o4=stream(b"/X Do"),
            o8=stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 8 0 R>>>>"),
        )
    ),
    "a length that lies": lambda: pdf(tagged(o4=_CONTENT.replace(b"/Length", b"/Length 2147483647 /L"))),
    "cells that span a milliard": lambda: pdf(
        tagged(
            o7=b"<</S/Table/P 6 0 R/K 8 0 R>>",
            o8=b"<</S/TR/P 7 0 R/K 9 0 R>>",
            o9=b"<</S/TD/P 8 0 R/Pg 3 0 R/K 0/A<</O/Table/ColSpan 2000000000/RowSpan 2000000000>>>>",
        )
    ),
    "marks of a milliard": lambda: pdf(tagged(o7=b"<</S/P/P 6 0 R/Pg 3 0 R/K[2147483647 -1 0]>>")),
    "a password": lambda: pdf(
        tagged(),
        trailer=b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%b>/U<%b>>>/ID[<00><00>]"
        % (b"aa" * 32, b"bb" * 32),
    ),
    "a language of ten megabytes": lambda: pdf(tagged(root=b"/Title(%b)" % (b"\x1b" * 10_000_000))),
    "cut short": lambda: pdf(tagged())[:400],
    "not a PDF": lambda: b"%PDF-1.7\n" + b"\0" * 100,
}

_DEEP = 100_000
PAGES: dict[str, Callable[[], bytes]] = {
    "nested without end": lambda: b"<!doctype html><title>x</title>" + b"<div>" * _DEEP + b"x",
    "marks nested without end": lambda: b"<!doctype html><title>x</title><p>" + b"<b><i>" * _DEEP + b"x",
    "a huge attribute": lambda: b"<!doctype html><title>x</title><p title='%b'>x" % (b"x" * 4_000_000),
    "pictures outside": lambda: (
        b"<!doctype html><title>x</title><base href='http://127.0.0.1:{port}/'><link rel=stylesheet href="
        b"'../../../..{folder}/canary.txt'><link rel=stylesheet href='//127.0.0.1:{port}/x.css'>"
        b"<p>x <img alt='a' src='../canary.txt'><img alt='b' src='{folder}/canary.txt'><img alt='c' src='link'>"
        b"<img alt='d' src='http://127.0.0.1:{port}/x.png'><img alt='e' src='%00'><img alt='f' src='"
        + b"x" * 5_000
        + b"'><img alt='g' src='http://['><iframe src='file://{folder}/canary.txt'></iframe>"
    ),
    "a table that spans a milliard": lambda: (
        b"<!doctype html><title>x</title><table><tr><td colspan=1000000000 rowspan=1000000000>x<td>y</table>"
    ),
    "entities": lambda: (
        b"<?xml version='1.0'?><!DOCTYPE html [<!ENTITY a SYSTEM 'file://{folder}/canary.txt'>]><html><p>&a;&lol;</p>"
    ),
    "tags that never close": lambda: b"<!doctype html>" + b"<a href='" * 50_000,
    "bytes of no text": lambda: b"<p>" + bytes(range(256)) * 40,
}


def _box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I", len(body) + 8) + kind + body


def _boxes(depth: int) -> bytes:
    inner = b""
    for _ in range(depth):
        inner = _box(b"moov", inner)
    return inner


_FTYP = _box(b"ftyp", b"M4B \0\0\0\0isom")
_FRAME = b"\xff\xfb\x50\xc4" + b"\0" * 204
"""A silent frame of MPEG 1, layer III, 64 kbit/s, 44.1 kHz."""


def _id3(*frames: tuple[bytes, bytes], told: int | None = None) -> bytes:
    body = b"".join(kind + struct.pack(">IH", len(data), 0) + data for kind, data in frames)
    size = len(body) if told is None else told
    return b"ID3\3\0\0" + bytes((size >> shift) & 127 for shift in (21, 14, 7, 0)) + body


_CIRCLE = b"a\0" + struct.pack(">IIII", 0, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
SOUNDS: dict[str, Callable[[], bytes]] = {
    "MP3: tags that are longer than the file": lambda: _id3(told=(1 << 28) - 1) + _FRAME * 50,
    "MP3: a frame longer than its tag": lambda: (
        b"ID3\3\0\0\0\0\0\x20TIT2" + struct.pack(">IH", 0x7FFFFFFF, 0) + b"x" * 22 + _FRAME * 50
    ),
    "MP3: chapters in a circle": lambda: (
        _id3((b"CTOC", b"a\0\3\xffa\0" + b"a\0" * 254), (b"CHAP", _CIRCLE), (b"CHAP", _CIRCLE)) + _FRAME * 50
    ),
    "MP3: four milliards of frames": lambda: (
        _FRAME[:36] + b"Xing\0\0\0\3\xff\xff\xff\xff\xff\xff\xff\xff" + b"\0" * 92 + _FRAME * 50
    ),
    "MP3: a tag that is a bomb": lambda: (
        b"ID3\3\0\0\0\x7f\x7f\x7fTIT2"
        + struct.pack(">IBB", 1 << 20, 0, 0x80)
        + struct.pack(">I", 0x7FFFFFFF)
        + _zeros(1_000)
        + _FRAME
    ),
    "MP3: no sound": lambda: b"\0" * 10_000,
    "M4B: an atom of 2^63 bytes": lambda: (
        _FTYP + struct.pack(">I", 1) + b"moov" + struct.pack(">Q", 1 << 63) + b"\0" * 99
    ),
    "M4B: boxes in boxes": lambda: _FTYP + _boxes(10_000),
    "M4B: a box of no length": lambda: _FTYP + (b"\0\0\0\0moov" + b"\0\0\0\0trak") * 500,
    "M4B: a milliard of samples": lambda: (
        _FTYP
        + _box(
            b"moov",
            _box(b"mvhd", b"\0" * 12 + struct.pack(">II", 1, 0xFFFFFFFF) + b"\0" * 80),
            _box(
                b"trak",
                _box(
                    b"mdia",
                    _box(b"mdhd", b"\0" * 12 + struct.pack(">II", 44100, 0xFFFFFFFF) + b"\0" * 4),
                    _box(b"hdlr", b"\0" * 8 + b"soun" + b"\0" * 13),
                    _box(
                        b"minf",
                        _box(
                            b"stbl",
                            _box(b"stts", struct.pack(">III", 0, 0xFFFFFFFF, 1)),
                            _box(b"stsz", struct.pack(">III", 0, 1, 0xFFFFFFFF)),
                            _box(b"stsc", struct.pack(">II", 0, 0xFFFFFFFF)),
                            _box(b"stco", struct.pack(">II", 0, 0xFFFFFFFF)),
                        ),
                    ),
                ),
            ),
        )
    ),
    "M4B: chapters of no number": lambda: (
        _FTYP + _box(b"moov", _box(b"udta", _box(b"chpl", b"\1\0\0\0\0\0\0\0\xff" + b"\xff" * 40)))
    ),
}

CUES: dict[str, Callable[[], bytes]] = {
    "twenty thousand cues": lambda: b"WEBVTT\n\n" + b"00:00.000 --> 00:00.001\nx\n\n" * 20_000,
    "marks in marks": lambda: b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + b"<v x><lang en><b>" * 50_000 + b"x\n",
    "times of no end": lambda: b"WEBVTT\n\n" + b"9" * 100_000 + b":00:00.000 --> 9999999999999:59:59.999\nx\n",
}
