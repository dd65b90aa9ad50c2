from __future__ import annotations

import zipfile
from pathlib import Path

import pypandoc
import pytest
from ebooklib import epub

from publisher.formats.epub.read import read
from publisher.model.findings import InputError

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="a/b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>T</dc:title></metadata><manifest>"
    '<item id="x" href="../c%20d.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="y" href="e.xhtml" media-type="application/xhtml+xml"/>'
    '</manifest><spine><itemref idref="y"/><itemref idref="x"/><itemref idref="gone"/></spine></package>'
)


def document(body: str) -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><body>{body}</body></html>'


def book(tmp_path: Path, **members: str) -> Path:
    whole = {
        "META-INF/container.xml": CONTAINER,
        "a/b.opf": PACKAGE,
        "c d.xhtml": document('<p id="p">second</p>'),
        "a/e.xhtml": document('<p>first <a href="../c%20d.xhtml#p">there</a> <a href="#q">nowhere</a></p>'),
    } | members
    path = tmp_path / "book.epub"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in whole.items():
            if text is not None:
                archive.writestr(name, text)
    return path


def test_documents_are_read_in_the_order_of_the_spine(tmp_path: Path) -> None:
    extract = read(book(tmp_path))
    assert [(unit.text, unit.place) for unit in extract.units] == [
        ("first there nowhere", "a/e.xhtml"),
        ("second", "c d.xhtml#p"),
    ]
    assert [link.resolves for link in extract.links] == [True, False]


def test_a_book_by_pandoc_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pandoc.epub"
    text = "---\ntitle: A lamp\nauthor: Ada\nlang: fr\n---\n\n# Un\n\nBonsoir.[^1]\n\n[^1]: Note.\n\n# Deux\n\nFin.\n"
    pypandoc.convert_text(text, "epub3", "markdown", outputfile=str(path))
    extract = read(path)
    assert extract.metadata["title"][0] == "A lamp"
    assert extract.metadata["creator"] == ("Ada",)
    assert extract.metadata["language"] == ("fr",)
    said = [unit.text for unit in extract.units if not unit.furniture]
    assert [text for text in said if text in ("Un", "Bonsoir.", "Note.", "Deux", "Fin.")] == [
        "Un",
        "Bonsoir.",
        "Note.",
        "Deux",
        "Fin.",
    ]
    (note,) = extract.notes
    assert note.calls == ("fnref1",)


def test_a_book_by_ebooklib_is_read(tmp_path: Path) -> None:
    made = epub.EpubBook()
    made.set_identifier("urn:x")
    made.set_title("A lamp")
    made.set_language("cy")
    chapter = epub.EpubHtml(title="Un", file_name="un.xhtml", lang="cy")
    chapter.content = "<h2>Un</h2><p>Bore da.</p>"
    made.add_item(chapter)
    made.add_item(epub.EpubNcx())
    made.add_item(epub.EpubNav())
    made.toc = (chapter,)
    made.spine = ["nav", chapter]
    path = tmp_path / "ebooklib.epub"
    epub.write_epub(str(path), made)
    extract = read(path)
    assert extract.metadata["identifier"] == ("urn:x",)
    said = [(unit.role.value, unit.text, unit.lang) for unit in extract.units if not unit.furniture]
    assert said[-2:] == [("heading", "Un", "cy"), ("paragraph", "Bore da.", "cy")]


EPUB_2 = {
    "META-INF/container.xml": CONTAINER.replace("a/b.opf", "OEBPS/content.opf"),
    "OEBPS/content.opf": (
        '<package version="2.0" xmlns="http://www.idpf.org/2007/opf"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf"><dc:title>Marées</dc:title>'
        '<dc:language>fr</dc:language><dc:creator opf:role="aut">A. Roux</dc:creator></metadata><manifest>'
        '<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="s" href="p.svg" media-type="image/svg+xml"/>'
        '<item id="v" href="http://example.org/x.mp4" media-type="video/mp4"/>'
        '</manifest><spine toc="n"><itemref idref="a"/><itemref idref="s" linear="no"/></spine></package>'
    ),
    "OEBPS/toc.ncx": (
        '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint id="a" playOrder="1"><navLabel>'
        '<text>Un caf&#233;</text></navLabel><content src="a.xhtml#u"/></navPoint></navMap></ncx>'
    ),
    "OEBPS/a.xhtml": (
        '<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
        '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd"><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr"><body>'
        '<h2 id="u">Un caf&eacute;</h2><p>D\xe9j\xe0&nbsp;vu&hellip;</p><video src="http://example.org/x.mp4"/></body></html>'
    ).encode("iso-8859-1"),
    "OEBPS/p.svg": '<svg xmlns="http://www.w3.org/2000/svg"><title>Un phare</title></svg>',
}
"""As books of ten years ago are: letters by name and in another set, contents in an NCX, a drawing in the spine."""


def test_a_book_of_the_older_kind_loses_no_letter(tmp_path: Path) -> None:
    path = tmp_path / "older.epub"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in EPUB_2.items():
            archive.writestr(name, data)
    extract = read(path)
    assert extract.metadata["title"] == ("Marées",)
    assert [unit.text for unit in extract.units] == ["Un café", "Déjà vu…", "Un phare"]
    (contents,) = extract.contents
    assert [(one.text, one.target) for one in contents.entries] == [("Un café", "OEBPS/a.xhtml#u")]


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"META-INF/container.xml": None}, "no META-INF/container.xml"),
        ({"META-INF/container.xml": "<container/>"}, "names no package document"),
        ({"META-INF/container.xml": ""}, "neither XML nor HTML"),
        ({"a/b.opf": None}, "no a/b.opf"),
        ({"a/e.xhtml": None}, "no a/e.xhtml"),
        ({"a/e.xhtml": ""}, "neither XML nor HTML"),
    ],
)
def test_a_broken_book_is_refused_in_a_line(members: dict[str, str], told: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=told):
        read(book(tmp_path, **members))


@pytest.mark.parametrize("data", [b"", b"not a ZIP", b"PK\x03\x04 cut short"])
def test_what_is_no_container_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.epub"
    path.write_bytes(data)
    with pytest.raises(InputError, match="no EPUB container"):
        read(path)


def test_a_badly_written_document_is_read_as_html(tmp_path: Path) -> None:
    units = read(book(tmp_path, **{"a/e.xhtml": "<p>open <b>words<p>more &nbsp; &"})).units
    assert [unit.text for unit in units][:2] == ["open words", "more &"]


def test_entities_are_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    attack = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + document("<p>a &x; b</p>")
    extract = read(book(tmp_path, **{"a/e.xhtml": attack}))
    assert all("secret" not in unit.text for unit in extract.units)
