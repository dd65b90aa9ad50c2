# ruff: noqa: E501 - honest inputs stand here as they are
"""What is fuzzed: our own parsers, each as a function of bytes that may raise our own errors and nothing else.

A target's seeds are honest inputs: mutations begin from them. Each input is one that the parser may meet; what wraps
it (a container, the objects of a PDF) is made by us, so that the mutations reach the parser behind.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "strangers"))

from hostile_books import daisy, docx, epub, package, page
from hostile_files import pdf, stream, tagged
from raw_zip import Member

from publisher.formats.audio.subtitles import parse
from publisher.formats.audio.transcript_read import read_transcript
from publisher.formats.daisy.read import read as read_daisy
from publisher.formats.daisy.smil_read import read_presentation
from publisher.formats.docx.read import read as read_docx
from publisher.formats.epub.accessibility_read import read_accessibility
from publisher.formats.epub.annotations_read import read_annotations
from publisher.formats.epub.overlays_read import read_overlays
from publisher.formats.epub.read import read as read_epub
from publisher.formats.pdf.read import read as read_pdf
from publisher.formats.web.read import read as read_web
from publisher.manuscript.anchors import Candidate, Quotation, searched
from publisher.manuscript.files import decode_text
from publisher.manuscript.frontmatter import ArticleFront, CommentaryFront, read_front_matter
from publisher.manuscript.importing_pages import web_page
from publisher.manuscript.importing_text import import_text
from publisher.manuscript.lexicon import read_lexicons
from publisher.manuscript.nesting import check_lengths, check_nesting
from publisher.manuscript.raw_html import read_tag
from publisher.manuscript.yaml_data import read_yaml
from publisher.model.findings import PublisherError
from publisher.verification.matterhorn.checking import examine
from publisher.verification.normalise import normalise, normalise_lines

FIXTURES = Path(__file__).parents[1] / "fixtures" / "fuzz"


@dataclass(frozen=True)
class Target:
    """`run` takes what was made up; `words` are pieces that mean something to it; the longest input is `most` bytes."""

    run: Callable[[bytes], object]
    seeds: Sequence[bytes]
    words: Sequence[bytes] = ()
    most: int = 20_000

    def __call__(self, data: bytes) -> None:
        """Raises what no parser of ours may raise."""
        try:
            self.run(data[: self.most])
        except PublisherError as problem:
            if not str(problem).strip():
                raise AssertionError("an error that says nothing") from problem


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


def _file(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


# The manuscript


def _anchor(data: bytes) -> None:
    """The first lines are blocks, the last the quotation, its prefix and suffix parted by `|`."""
    *blocks, asked = _text(data).split("\n")
    text = searched(Candidate(f"b-{number}", block[:400]) for number, block in enumerate(blocks[:8]))
    quote, _, around = asked[:300].partition("|")
    prefix, _, suffix = around.partition("|")
    anchor = text.anchor(Quotation(quote, prefix, suffix))
    for one in anchor.target.ranges:
        block = next(block for block in text.candidates if block.id == one.block)
        assert 0 <= one.start <= one.end <= len(block.text)


def _front(data: bytes) -> None:
    text = _text(data)
    for model in (ArticleFront, CommentaryFront):
        read_front_matter(text, "article.md", model)


def _yaml(data: bytes) -> None:
    read_yaml(_text(data), "imprint.yaml")


def _decode(data: bytes) -> None:
    text = decode_text(data, "article.md")
    check_nesting(text, "article.md")
    check_lengths(text, "article.md")


def _normal(data: bytes) -> None:
    text = _text(data)
    once = normalise(text)
    assert normalise(once) == once
    normalise_lines(text)


def _lexicon(data: bytes) -> None:
    folder = _folder() / "lexicon"
    folder.mkdir(exist_ok=True)
    (folder / "en.pls").write_bytes(data)
    read_lexicons(folder)


# Files of others


def _cues(data: bytes) -> None:
    found = parse(_text(data))
    assert found is None or all(cue.begin >= 0 for cue in found.cues)


def _overlay(data: bytes) -> None:
    smil = Member("EPUB/o.smil", data)
    item = '<item id="o" href="o.smil" media-type="application/smil+xml"/>'
    read_overlays(_file("x.epub", epub(smil, opf=package(more=item).replace('id="c"', 'id="c" media-overlay="o"'))))


def _talking(data: bytes) -> None:
    ncc, _, smil = data.partition(b"\0")
    path = _file("x.zip", daisy(Member("a.smil", smil), ncc=_text(ncc) or " "))
    for read in (read_daisy, read_presentation):
        try:
            read(path)
        except PublisherError:
            continue


def _chapter(data: bytes) -> None:
    path = _file("x.epub", epub(c=_text(data)))
    read_epub(path)
    read_accessibility(path)


def _package(data: bytes) -> None:
    path = _file("x.epub", epub(opf=_text(data)))
    for read in (read_epub, read_accessibility, read_annotations, read_overlays):
        try:
            read(path)
        except PublisherError:
            continue


def _contents(data: bytes) -> None:
    path = _file("x.epub", epub(n=_text(data)))
    read_epub(path)
    read_accessibility(path)


def _book(data: bytes) -> None:
    read_epub(_file("x.epub", data))


def _word(data: bytes) -> None:
    read_docx(_file("x.docx", docx(body=_text(data))))


def _pdf(data: bytes) -> None:
    path = _file("x.pdf", data)
    read_pdf(path)


def _structure(data: bytes) -> None:
    """Pieces parted by a zero byte are the objects 6 and following: the structure tree, and what it leads to."""
    parts = {f"o{number}": part for number, part in enumerate(data.split(b"\0")[:12], 6)}
    path = _file("x.pdf", pdf(tagged(root=b"/Names<</Dests 8 0 R>>/Outlines 9 0 R", **parts)))
    read_pdf(path)
    examine(path)


def _shown(data: bytes) -> None:
    read_pdf(_file("x.pdf", pdf(tagged(o4=stream(data)))))


def _page(data: bytes) -> None:
    read_web(_file("x.html", data))
    web_page(data, "x.html")


_BODY = b"<h1 id='a'>A title</h1><p id='b' class='x' style='display:none'>Words <a href='#c'>1</a> <em lang='fr'>deux</em></p>"
_SMIL = b"""<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body><seq><par id="p"><text src="c.xhtml#a"/>
<audio src="a.mp3" clipBegin="0:00:01.5" clipEnd="2.25s"/></par></seq></body></smil>"""
_NCC = b"""<html><head><title>x</title><meta name="dc:title" content="x"/></head><body><h1 class="title" id="a">
<a href="a.smil#t">x</a></h1><span class="page-normal" id="b"><a href="a.smil#u">1</a></span></body></html>"""
_SMIL1 = b"""<smil><head><meta name="dc:title" content="x"/></head><body><seq dur="3s"><par id="t"><text src="ncc.html#a"/>
<seq><audio src="a.mp3" clip-begin="npt=0s" clip-end="npt=1.5s" id="q"/></seq></par></seq></body></smil>"""
_CSS = b"<style>.x{display:none}@media print{p{color:red}}</style>"
_XML = (
    b"<",
    b"</p>",
    b"<p>",
    b"&amp;",
    b"&#0;",
    b"&#x10ffff;",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?x?>",
    b"xmlns=''",
)

TARGETS = {
    "anchors": Target(
        _anchor,
        [
            b"The lamp was lit on 1 February 1811.\nIt burned.\nlit on 1 February|was |1811",
            '“a” — b…\n“a”\n"a" -- b...'.encode(),
        ],
        [b"...", "…".encode(), "\u00ad".encode(), "e\u0301".encode(), b"\n", b"|", b"--", "«\u202f".encode()],
        4_000,
    ),
    "front matter": Target(
        _front,
        [
            b"---\ntitle: A title\nlang: en-GB\ncreators:\n  - name: A\n    role: aut\ndate: 2026-11-20\n---\n\nText.\n",
            b"---\ntitle: C\neditors:\n  desk: The desk\nreferences:\n  - id: a\n    type: book\n    URL: http://x.org\n---\n",
        ],
        [
            b"&a ",
            b"*a",
            b"!!python/object:",
            b"<<: ",
            b"? ",
            b"- ",
            b": ",
            b"|\n",
            b">-\n",
            b"---\n",
            b"http://[",
            b"'",
            b'"',
            b"0x1f",
            b"1e400",
            b".nan",
            b"2026-13-45",
            b"~",
            b"{a: ",
            b"[",
            "٣".encode(),
        ],
        4_000,
    ),
    "yaml": Target(
        _yaml, [b"a: 1\nb: [1, 2]\nc: {d: e}\n"], [b"&a ", b"*a", b"!!", b"<<: *a\n", b"? ", b"%YAML 9\n"], 4_000
    ),
    "text": Target(
        _decode,
        [b"# A\n\n> a\n\n- b\n\n[^1]: c\n", b"\xef\xbb\xbfa\r\nb\r"],
        [b"\xff\xfe", "\u202e".encode(), "\u2067".encode(), b"\0", "\ufffe".encode(), b"[[[[", b"> > > "],
    ),
    "normaliser": Target(
        _normal, ["A “b” — c\u00ad\u200b… 「d」".encode()], ["\u0301".encode(), "\ufb01".encode()], 4_000
    ),
    "lexicon": Target(
        _lexicon,
        [
            b'<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en">'
            b"<lexeme><grapheme>a</grapheme><phoneme>b</phoneme></lexeme></lexicon>"
        ],
        _XML,
    ),
    "import text": Target(
        lambda data: import_text(_text(data)),
        [
            b"A HEADLINE\n\nBy A Writer\n1 May 2026\n\nA first paragraph, long enough to be one.\n\n1. One\n2. Two\n\n* * *\n"
        ],
        [b"\n\n", b"\t", b"1. ", b"- ", b"By ", b"http://", b"|", b"_", b"*", b"===\n"],
        4_000,
    ),
    "raw html": Target(
        lambda data: read_tag(_text(data)),
        [b"<a href='x' title=y>", b"</p>", b"<br/>"],
        [b"=", b"'", b'"', b"/>", b"&#"],
        500,
    ),
    "vtt": Target(
        _cues,
        [
            b"WEBVTT - x\nLanguage: en\n\n1\n00:00.000 --> 00:01.500 align:start\n<v A>Words</v> <lang fr>deux</lang>\n\nNOTE x\n"
        ],
        [b"-->", b"\n\n", b"<v ", b"</", b"&lt;", b"99:59:59.999", b"<00:00.500>", b"\r\n", b"\0"],
        8_000,
    ),
    "transcript": Target(
        lambda data: read_transcript(_file("x-transcript.html", data)),
        [b"<html lang=en><title>x</title><main><p id=a><time datetime='PT1.5S'>0:01</time> Words</p></main></html>"],
        _XML,
    ),
    "smil": Target(_overlay, [_SMIL], [*_XML, b"clipBegin='", b"npt=", b"1e9", b"-1s", b"99:99:99"]),
    "daisy": Target(_talking, [_NCC + b"\0" + _SMIL1], [*_XML, b"\0", b"npt=-1s", b"a.smil#t", b"ncc.html#a"]),
    "epub chapter": Target(
        _chapter, [page(_text(_BODY)).encode(), page(_text(_CSS + _BODY)).encode()], [*_XML, b"epub:type='noteref'"]
    ),
    "epub package": Target(_package, [package().encode()], [*_XML, b"idref='c'", b"href='../x'", b"properties='nav'"]),
    "epub contents": Target(
        _contents, [page('<nav epub:type="toc"><ol><li><a href="c.xhtml">x</a></li></ol></nav>').encode()], _XML
    ),
    "epub": Target(_book, [epub()], [b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\xff\xff\xff\xff"]),
    "docx": Target(
        _word,
        [
            b'<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r>'
            b'<w:t>Words</w:t></w:r><w:hyperlink r:id="x" xmlns:r="y"/></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/>'
            b"</w:tcPr><w:p/></w:tc></w:tr></w:tbl>"
        ],
        [
            *_XML,
            b"<w:p>",
            b"<w:fldChar w:fldCharType='begin'/>",
            "w:val='²'".encode(),
            b"<w:sdt>",
            b"<w:footnoteReference w:id='1'/>",
        ],
    ),
    "pdf": Target(
        _pdf,
        [pdf(tagged())],
        [b"<<", b">>", b"[", b"]", b" 0 R", b"stream\n", b"endobj\n", b"/K ", b"-1", b"99999999999"],
    ),
    "pdf structure": Target(
        _structure,
        [
            b"<</Type/StructTreeRoot/K 7 0 R/RoleMap<</A/P>>>>\0<</S/P/P 6 0 R/Pg 3 0 R/K 0/Alt(x)/Lang(fr)>>\0"
            b"<</Names[(a)[3 0 R/XYZ 0 700 0]]>>\0<</First 10 0 R/Last 10 0 R>>\0<</Title(x)/Parent 9 0 R/Dest(a)>>",
            b"<</K[7 0 R]>>\0<</S/Table/K 8 0 R>>\0<</S/TR/K[9 0 R 10 0 R]>>\0<</S/TH/K 0/Pg 3 0 R/A<</O/Table/Scope/Column"
            b"/ColSpan 2>>>>\0<</S/TD/K<</Type/MCR/MCID 0/Pg 3 0 R>>>>",
        ],
        [
            b"/S/L",
            b"/S/LI",
            b"/S/Lbl",
            b"/S/Note",
            b"/S/Link",
            b"/S/Figure",
            b"/K[0 0]",
            b"7 0 R",
            b"null",
            b"(\xfe\xff\xd8\x00)",
            b"/Type/OBJR/Obj 3 0 R",
            b"/ActualText()",
            b"/E(x)",
            b"#ff",
            b"\0",
            b"-1",
            b"1.5",
            b"true",
        ],
    ),
    "pdf text": Target(
        _shown,
        [
            b"/P <</MCID 0>> BDC BT /F 12 Tf 72 700 Td (This is) Tj ET EMC",
            b"/Span<</ActualText(x)>>BDC BT /F 9 Tf (a)Tj ET EMC",
        ],
        [
            b"BDC ",
            b"EMC ",
            b"BT ",
            b"ET ",
            b"/MCID -1",
            b"<</MCID 99999>>",
            b"q ",
            b"Q ",
            b"[(a)-500(b)]TJ ",
            b"Tz ",
            b"0 0 0 0 0 0 cm ",
        ],
        4_000,
    ),
    "web page": Target(
        _page,
        [b"<!doctype html><html lang=en><head><title>x</title>" + _CSS + b"</head><body>" + _BODY + b"</body></html>"],
        [
            *_XML,
            b"<script>",
            b"<template>",
            b"<svg>",
            b"<math>",
            b"<base href='http://['>",
            b"<meta http-equiv=refresh content='0;url=x'>",
            b"<meta charset=utf-7>",
            b"<table><td colspan=9>",
            b"<aside role=doc-footnote id=c>",
        ],
    ),
}


def kept(name: str) -> list[Path]:
    """The inputs that once failed a target."""
    folder = FIXTURES / name.replace(" ", "-")
    return sorted(folder.iterdir()) if folder.is_dir() else []
