"""EPUB, DOCX and DAISY made to harm whoever reads them: a table, each a few kilobytes on the disk."""

from __future__ import annotations

from collections.abc import Callable

from raw_zip import STORED, Member, deflated, raw_zip, spaces

CANARY = "CANARY-7f3a"
"""The words of the file outside that none may read; `{folder}` and `{port}` below stand for where it is, and for the
port of the server that none may ask."""

_TITLE = "A title and a paragraph"
_WORDS = "This is the whole of the text."
_CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
_XHTML = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
_LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
)
_QUADRATIC = f"<!DOCTYPE x [<!ENTITY a '{'a' * 100_000}'>]>"
_DEEP = 100_000
_BOMB = spaces(600)


def package(spine: str = '<itemref idref="c"/>', more: str = "", front: str = "") -> str:
    return f"""<?xml version="1.0"?>{front}
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier><dc:title>{_TITLE}</dc:title>
<dc:language>en</dc:language></metadata><manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>
<item id="n" href="n.xhtml" media-type="application/xhtml+xml" properties="nav"/>{more}</manifest>
<spine>{spine}</spine></package>"""


def page(body: str = f"<h1>{_TITLE}</h1><p>{_WORDS}</p>", front: str = "", attributes: str = "") -> str:
    head = f"<?xml version='1.0'?>{front}<html {_XHTML}{attributes}><head><title>x</title></head>"
    return f"{head}<body>{body}</body></html>"


_NAV = page('<nav epub:type="toc"><ol><li><a href="c.xhtml">x</a></li></ol></nav>')


def epub(*extra: Member, **files: str) -> bytes:
    """A book; `files` replaces `opf`, `c` (its chapter), `n` (its navigation) or `container`."""
    return raw_zip(
        [
            Member("mimetype", b"application/epub+zip", b"application/epub+zip", method=STORED),
            Member("META-INF/container.xml", files.get("container", _CONTAINER).encode()),
            Member("EPUB/package.opf", files.get("opf", package()).encode()),
            Member("EPUB/c.xhtml", files.get("c", page()).encode()),
            Member("EPUB/n.xhtml", files.get("n", _NAV).encode()),
            *extra,
        ]
    )


def _overlapping() -> bytes:
    bomb = Member("EPUB/0.xhtml", told=200 << 20, packed=spaces(200))
    return epub(bomb, *(Member(f"EPUB/{n}.xhtml", told=200 << 20, packed=bomb.packed, at=5) for n in range(1, 500)))


def _nested() -> bytes:
    inner = raw_zip([Member("x", told=300 << 20, packed=spaces(300))])
    for _ in range(5):
        inner = raw_zip([Member(f"{n}.zip", inner) for n in range(10)])
    return epub(Member("EPUB/inner.zip", inner))


EPUBS: dict[str, Callable[[], bytes]] = {
    "zip slip": lambda: epub(Member("../../evil.xhtml", b"evil")),
    "absolute name": lambda: epub(Member("/tmp/evil.xhtml", b"evil")),
    "a drive's name": lambda: epub(Member("C:\\evil.xhtml", b"evil")),
    "symbolic link": lambda: epub(Member("EPUB/link", b"{folder}/canary.txt", mode=0o120777)),
    "one bomb": lambda: epub(Member("EPUB/x.css", told=600 << 20, packed=_BOMB)),
    "a document that is a bomb": lambda: raw_zip(
        [Member("META-INF/container.xml", told=100 << 20, packed=spaces(100))]
    ),
    "bombs in bombs": _nested,
    "overlapping entries": _overlapping,
    "a size that lies": lambda: raw_zip([Member("META-INF/container.xml", told=10, packed=_BOMB)]),
    "a stored size that lies": lambda: raw_zip([Member("META-INF/container.xml", b"x", told=1 << 31, method=STORED)]),
    "a name twice": lambda: epub(Member("EPUB/c.xhtml", b"<p>another</p>")),
    "encrypted": lambda: epub(Member("EPUB/x.xhtml", b"x" * 40, flags=1)),
    "an unknown method": lambda: epub(Member("EPUB/x.css", b"x" * 40, method=99)).replace(b"x.css", b"c.css"),
    "too many files": lambda: epub(*(Member(f"EPUB/{n}", b"", b"", method=STORED) for n in range(10_001))),
    "entity bomb in a chapter": lambda: epub(c=page("<p>&a11;</p>", _LAUGHS)),
    "entity bomb in an attribute": lambda: epub(c=page("<p title='&a11;'>x</p>", _LAUGHS)),
    "entity bomb in the package": lambda: epub(opf=package(front=_LAUGHS).replace(_TITLE, "&a11;")),
    "quadratic entities": lambda: epub(c=page(f"<p>{'&a;' * 50_000}</p>", _QUADRATIC)),
    "an outside file as entity": lambda: epub(
        c=page("<p>&a;</p>", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file://{folder}/canary.txt'>]>")
    ),
    "an address as entity": lambda: epub(
        c=page(
            "<p>&a;</p>",
            "<!DOCTYPE x SYSTEM 'http://127.0.0.1:{port}/x.dtd' "
            "[<!ENTITY % p SYSTEM 'http://127.0.0.1:{port}/p'> %p; <!ENTITY a SYSTEM 'http://127.0.0.1:{port}/'>]>",
        )
    ),
    "XInclude": lambda: epub(
        c=page(
            '<p><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="file://{folder}/canary.txt"/></p>'
        )
    ),
    "nested without end": lambda: epub(c=page("<div>" * _DEEP + "x" + "</div>" * _DEEP)),
    "lists without end": lambda: epub(n=page('<nav epub:type="toc">' + "<ol><li>" * _DEEP)),
    "a huge attribute": lambda: epub(c=page(f"<p title='{'x' * 40_000_000}'>x</p>")),
    "a million attributes": lambda: epub(c=page("<p " + " ".join(f'a{n}=""' for n in range(300_000)) + ">x</p>")),
    "contents in a circle": lambda: epub(
        opf=package(
            '<itemref idref="n"/><itemref idref="c"/>',
            '<item id="x" href="package.opf" media-type="application/x-dtbncx+xml"/>',
        ),
        n=page('<nav epub:type="toc"><ol><li><a href="n.xhtml">x</a></li></ol></nav>'),
    ),
    "a chapter a hundred thousand times": lambda: epub(
        opf=package('<itemref idref="c"/>' * 100_000), c=page(f"<p>{_WORDS}</p>" * 2_000)
    ),
    "an overlay of itself": lambda: epub(
        Member(
            "EPUB/o.smil",
            b'<smil xmlns="http://www.w3.org/ns/SMIL"><body><par><text src="o.smil#a"/>'
            b'<audio src="o.smil" clipBegin="1e999" clipEnd="99999999999:00:00"/></par></body></smil>',
        ),
        opf=package(more='<item id="o" href="o.smil" media-type="application/smil+xml"/>').replace(
            'id="c"', 'id="c" media-overlay="o"'
        ),
    ),
    "a package in another place": lambda: epub(container=_CONTAINER.replace("EPUB/package.opf", "../../../etc/passwd")),
    "cut short": lambda: epub()[:-400],
    "not a ZIP": lambda: b"PK\x03\x04" + b"\0" * 100,
}

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"
ContentType="application/xml"/><Override PartName="/word/document.xml"
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relations(*listed: tuple[str, str, str]) -> bytes:
    told = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'
        for n, (kind, target, mode) in enumerate(listed)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{told}</Relationships>'
    ).encode()


def docx(*extra: Member, body: str = f"<w:p><w:r><w:t>{_WORDS}</w:t></w:r></w:p>", front: str = "") -> bytes:
    return raw_zip(
        [
            Member("[Content_Types].xml", _TYPES.encode()),
            Member("_rels/.rels", _relations(("officeDocument", "word/document.xml", ""))),
            Member("word/document.xml", f"{front}<w:document {_W}><w:body>{body}</w:body></w:document>".encode()),
            *extra,
        ]
    )


_OUTSIDE = ' TargetMode="External"'
DOCXS: dict[str, Callable[[], bytes]] = {
    "relationships that lead outside": lambda: docx(
        Member(
            "word/_rels/document.xml.rels",
            _relations(
                ("footnotes", "../../../../../{folder}/canary.txt", ""),
                ("styles", "file://{folder}/canary.txt", _OUTSIDE),
                ("image", "http://127.0.0.1:{port}/x.png", _OUTSIDE),
                ("attachedTemplate", "http://127.0.0.1:{port}/x.dotm", _OUTSIDE),
                ("comments", "/word/document.xml", ""),
            ),
        )
    ),
    "an entity bomb": lambda: docx(body="<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", front=_LAUGHS),
    "an outside entity": lambda: docx(
        body="<w:p><w:r><w:t>&a;</w:t></w:r></w:p>",
        front="<!DOCTYPE x [<!ENTITY a SYSTEM 'file://{folder}/canary.txt'>]>",
    ),
    "tables in tables without end": lambda: docx(body="<w:tbl><w:tr><w:tc>" * _DEEP),
    "styles in a circle": lambda: docx(
        Member("word/_rels/document.xml.rels", _relations(("styles", "styles.xml", ""))),
        Member(
            "word/styles.xml",
            (
                f"<w:styles {_W}>"
                '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="a"/><w:basedOn w:val="b"/></w:style>'
                '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="b"/><w:basedOn w:val="a"/></w:style>'
                "</w:styles>"
            ).encode(),
        ),
        body=f'<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>{_WORDS}</w:t></w:r></w:p>',
    ),
    "a footnote that calls itself": lambda: docx(
        Member("word/_rels/document.xml.rels", _relations(("footnotes", "footnotes.xml", ""))),
        Member(
            "word/footnotes.xml",
            (
                f'<w:footnotes {_W}><w:footnote w:id="2"><w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
                "</w:footnote></w:footnotes>"
            ).encode(),
        ),
        body=f'<w:p><w:r><w:t>{_WORDS}</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
    ),
    "a cell that spans a milliard": lambda: docx(
        body=f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p><w:r><w:t>{_WORDS}</w:t></w:r>'
        "</w:p></w:tc></w:tr></w:tbl>"
    ),
    "one part that is a bomb": lambda: docx(Member("word/media/x.png", told=600 << 20, packed=_BOMB)),
    "zip slip": lambda: docx(Member("word/../../evil", b"evil")),
    "a size that lies": lambda: docx(Member("word/x.xml", told=10, packed=_BOMB)),
}

_NCC = (
    """<html><head><title>x</title>{front}</head><body><h1 id="a"><a href="a.smil#t">{title}</a></h1></body></html>"""
)


def daisy(*extra: Member, ncc: str = "", front: str = "") -> bytes:
    page = ncc or _NCC.replace("{front}", "").replace("{title}", _TITLE)
    return raw_zip([Member("ncc.html", (front + page).encode()), *extra])


DAISYS: dict[str, Callable[[], bytes]] = {
    "zip slip": lambda: daisy(Member("../a.smil", b"<smil/>")),
    "parts in a circle": lambda: daisy(
        Member(
            "a.smil",
            b'<smil><body><seq><par id="t"><text src="ncc.html#a"/><seq><audio src="a.smil" '
            b'clip-begin="npt=9e9999s"/><text src="a.smil#t"/></seq></par></seq></body></smil>',
        )
    ),
    "entity bomb in an attribute": lambda: daisy(
        ncc=_NCC.replace("{front}", '<meta name="dc:title" content="&a11;"/>').replace("{title}", "x"), front=_LAUGHS
    ),
    "nested without end": lambda: daisy(ncc="<html><body>" + "<div>" * _DEEP + '<h1 id="a">x</h1>'),
    "a bomb": lambda: daisy(Member("a.smil", told=600 << 20, packed=_BOMB)),
    "no words": lambda: raw_zip([Member("ncc.html", b"", deflated(b""))]),
}
