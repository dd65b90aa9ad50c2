"""`publisher import`: files of every kind become editions that can be read; broken ones are refused in one line."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml
from PIL import Image

from publisher.manuscript.importing import ImportReport, import_file
from publisher.manuscript.pandoc import run_pandoc
from publisher.manuscript.reading import read_edition
from publisher.model.blocks import Figure, List, Table, Worded, walk
from publisher.model.findings import FindingsError, InputError, errors
from publisher.model.inlines import Image as Picture
from publisher.model.inlines import walk_inlines
from publisher.model.publication import Anchoring, Imprint, Publication
from publisher.strangers.bounds import Bounds

FIXTURES = Path(__file__).parents[1] / "fixtures" / "importing"

DOCUMENT = """\
---
title: "The well: an account"
subtitle: Water in a dry town
author: [Ann Example, Bo Sample]
lang: en-GB
date: 2024-03-02
---

The town had one well, and *everyone* knew its depth, as the [council](https://council.example/) did.^[Forty metres.]

# The first dry summer

![The well in June](red.png){alt="A red square"}

A small mark ![a dot](red.png) stands on the wall where the water used to be.

- ropes
- buckets

    1. of tin
    2. of wood

| year | depth |
|------|------:|
| 2001 |    40 |

: Depths by year

> Nobody measured it again.

# The second dry summer

There was nothing left that anyone could measure, and [the first](#the-first-dry-summer) was forgotten.
"""


def _picture(kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 0, 0)).save(stream, kind)
    return stream.getvalue()


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str, str], Path]:
    """Makes a file of a kind from Markdown, with the picture red.png at hand."""
    (tmp_path / "red.png").write_bytes(_picture())

    def made(suffix: str, text: str = DOCUMENT) -> Path:
        path = tmp_path / f"well.{suffix}"
        arguments = ["-s", "-f", "markdown", "-t", suffix, "-o", str(path)]
        run_pandoc(arguments, text.encode(), sandbox=False, cwd=str(tmp_path))
        return path

    return made


def _import(path: Path, tmp_path: Path, **options: str) -> ImportReport:
    return import_file(path, "edition", tmp_path / "source", lang=options.get("lang"))


def _front(report: ImportReport) -> dict[str, object]:
    text = (report.folder / "article.md").read_text()
    front: dict[str, object] = yaml.safe_load(text.split("---\n")[1])
    return front


def _body(report: ImportReport) -> str:
    return (report.folder / "article.md").read_text().split("---\n", 2)[2].strip()


def _read(report: ImportReport) -> Publication:
    return read_edition(report.folder, Imprint()).publication


def _pictures(publication: Publication) -> list[Picture]:
    return [
        inline
        for node in walk(publication.blocks())
        if isinstance(node, Worded)
        for inline in walk_inlines(node.inlines)
        if isinstance(inline, Picture)
    ]


# Kinds


@pytest.mark.parametrize("suffix", ["docx", "epub", "html"])
def test_documents_become_editions_that_read_without_an_error(
    suffix: str, make: Callable[[str], Path], tmp_path: Path
) -> None:
    report = _import(make(suffix), tmp_path)
    front = _front(report)
    assert front["title"] == "The well: an account"
    assert front["lang"] == "en-GB"
    assert sorted(front["creators"]) == ["Ann Example", "Bo Sample"]  # type: ignore[call-overload]
    publication = _read(report)
    assert [section.heading.text for section in publication.sections if section.heading] == [
        "The first dry summer",
        "The second dry summer",
    ]
    assert [picture.alternative for picture in _pictures(publication)] == ["A red square", "a dot"]
    kinds = {type(node) for node in walk(publication.blocks())}
    assert {Figure, List, Table} <= kinds
    assert len(publication.footnotes) == 1
    assert "and the first was forgotten" in " ".join(
        node.text for node in walk(publication.blocks()) if isinstance(node, Worded)
    )
    assert "](#the-first-dry-summer)" in _body(report)
    assert not report.findings


def test_an_odt_becomes_an_edition_and_its_pictures_alternatives_come_along(
    make: Callable[[str], Path], tmp_path: Path
) -> None:
    path = make("odt")
    _change(
        path, "content.xml", lambda xml: xml.replace(b"<draw:image ", b"<svg:desc>A red square</svg:desc><draw:image ")
    )
    report = _import(path, tmp_path)
    front = _front(report)
    assert front["title"] == "The well: an account"
    assert front["subtitle"] == "Water in a dry town"
    assert front["creators"] == ["Ann Example", "Bo Sample"]
    assert str(front["date"]) == "2024-03-02"
    assert [picture.alternative for picture in _pictures(_read(report))] == ["A red square", "A red square"]


def _change(path: Path, member: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, change(data) if name == member else data)


def test_a_picture_without_alternative_is_named_with_its_line_and_stays_an_error(
    make: Callable[[str, str], Path], tmp_path: Path
) -> None:
    pictures = "![](red.png)\n\n![Its caption](red.png)\n"
    text = f"---\ntitle: A title\nlang: en\n---\n\nSome words before the picture come here.\n\n{pictures}"
    report = _import(make("docx", text), tmp_path)
    found = [finding for finding in report.findings if finding.check == "image-alternative-missing"]
    lines = (report.folder / "article.md").read_text().split("\n")
    shown = [lines[finding.position.line - 1] for finding in found if finding.position]
    assert [line.split("]")[0] for line in shown] == ["![", "![Its caption"]
    assert "the alternative of 2 pictures (article.md lines" in report.advice
    assert "left out" not in report.advice
    with pytest.raises(FindingsError) as raised:
        _read(report)
    assert {finding.check for finding in errors(raised.value.findings)} == {"image-alternative-missing"}


def test_a_web_page_leaves_its_furniture_behind(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a b.png").write_bytes(_picture())
    inline = base64.b64encode(_picture()).decode()
    page = tmp_path / "page.html"
    page.write_text(
        f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Headline – The Penwick Times</title>
        <meta name="author" content="Jo Writer"><script>var x = "script words"</script></head><body>
        <header>Penwick Times</header><nav><a href="/">Home words</a></nav>
        <article><header><h1 id="top">Headline</h1><p>By Jo Writer</p></header>
        <p>First words with <span style="color:red">style</span>, a <a href="/rel">relative link</a>, one
        <a href="https://there.example/x">that leads somewhere</a> and one <a href="#top">to the top</a>.</p>
        <p><img src="files/a%20b.png" alt="A square"></p>
        <figure><img src="data:image/png;base64,{inline}" alt="Another"><figcaption>A caption</figcaption></figure>
        <p><img src="https://far.example/x.png" alt="Far"></p>
        <form><button>Subscribe words</button></form>
        <p>Bonjour is <span lang="fr">bonjour</span>.</p></article>
        <footer>Foot words</footer></body></html>""",
        encoding="utf-8",
    )
    report = _import(page, tmp_path)
    front, body = _front(report), _body(report)
    assert front["title"] == "Headline"
    assert front["creators"] == ["Jo Writer"]
    assert "words" in body
    for gone in ("script words", "Home words", "Subscribe", "Foot words", "Penwick Times", "By Jo Writer", "Headline"):
        assert gone not in body
    assert "a relative link, one [that leads somewhere](https://there.example/x) and one to the top." in body
    assert '![](images/a-b.png){alt="A square"}' in body
    assert '![A caption](images/picture.png){alt="Another"}' in body or "![A caption](images/a-b.png)" in body
    assert '[bonjour]{lang="fr"}' in body
    assert [finding.check for finding in report.findings] == ["import-picture-left-out"]
    assert "is on the web" in report.findings[0].message
    _read(report)


def test_a_page_in_the_encoding_that_it_names_is_read_in_it(tmp_path: Path) -> None:
    page = tmp_path / "old.html"
    page.write_bytes("<html><head><meta charset=iso-8859-1></head><body><h1>Café</h1><p>“Déjà” vu</p>".encode("cp1252"))
    assert _front(_import(page, tmp_path))["title"] == "Café"


def test_a_picture_outside_the_pages_folder_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(_picture())
    (tmp_path / "in").mkdir()
    page = tmp_path / "in" / "page.html"
    page.write_text(
        '<h1>Title</h1><p>Words before.</p><p><img src="../secret.png" alt="x"><img src="/etc/passwd" alt="y"></p>'
    )
    report = _import(page, tmp_path)
    assert report.files == ("article.md", "commentary.md")
    assert [finding.check for finding in report.findings] == ["import-picture-left-out"] * 2


def test_pictures_of_older_kinds_become_png_and_vector_ones_of_word_are_left_out(
    make: Callable[[str, str], Path], tmp_path: Path
) -> None:
    path = make("docx", "Words before the picture.\n\n![a](red.png)\n\n![b](red.png)\n")
    with zipfile.ZipFile(path) as archive:
        member = next(name for name in archive.namelist() if name.endswith(".png"))
    _change(path, member, lambda _: _picture("BMP"))
    renamed = member.rsplit("/", 1)[1].replace(".png", ".bmp")
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            archive.writestr(
                name.replace(member, member.replace(".png", ".bmp")),
                data.replace(member.rsplit("/", 1)[1].encode(), renamed.encode()),
            )
    report = _import(path, tmp_path)
    assert (report.folder / report.files[-1]).read_bytes().startswith(b"\x89PNG")
    _change(path, member.replace(".png", ".bmp"), lambda _: b"\x01\x00\x00\x00 EMF of old")
    report = import_file(path, "again", tmp_path / "source", lang=None)
    assert report.files == ("article.md", "commentary.md")
    assert "left out" in report.advice


def test_a_document_without_styles_gets_headings_from_its_bold_lines(
    make: Callable[[str, str], Path], tmp_path: Path
) -> None:
    text = "**All in bold**\n\nSome first words stand here.\n\n**A part of it**\n\nMore words stand here.\n"
    report = _import(make("docx", text), tmp_path)
    assert _front(report)["title"] == "All in bold"
    assert "# A part of it" in _body(report)


def test_cells_over_several_columns_survive(tmp_path: Path) -> None:
    page = tmp_path / "t.html"
    page.write_text(
        "<h1>Title</h1><p>Words here.</p><table><tr><th colspan=2>Both</th></tr>"
        "<tr><td rowspan=2>left</td><td>one</td></tr><tr><td>two</td></tr></table>"
    )
    report = _import(page, tmp_path)
    assert not report.findings
    table = next(node for node in walk(_read(report).blocks()) if isinstance(node, Table))
    assert table.head[0][0].colspan == 2
    assert table.bodies[0][0][0].rowspan == 2


def test_an_epubs_title_cover_and_navigation_are_told_from_its_text(tmp_path: Path) -> None:
    opf = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">
      <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier>
      <dc:title id="t2">What it is about</dc:title><meta refines="#t2" property="title-type">subtitle</meta>
      <dc:title id="t1">The book</dc:title><meta refines="#t1" property="title-type">main</meta>
      <dc:language>en</dc:language><dc:creator>Ann Example</dc:creator><dc:subject>wells</dc:subject></metadata>
      <manifest><item id="c" href="pics/cover.png" media-type="image/png" properties="cover-image"/>
      <item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
      <item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>
      <spine><itemref idref="n"/><itemref idref="a"/></spine></package>"""
    page = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>{}</body></html>'
    notes = (
        '<h1>One</h1><p>Words<sup><a epub:type="noteref" href="#f">1</a></sup> here.</p><h1>Two</h1><p>More.</p>'
        '<aside epub:type="footnote" id="f"><p>A note.</p></aside>'
    )
    nav = '<nav epub:type="toc"><h2>Contents words</h2><ol><li><a href="a.xhtml">Where</a></li></ol></nav>'
    nav += '<nav epub:type="landmarks"><h2>Landmarks words</h2><ol><li><a href="a.xhtml">Where</a></li></ol></nav>'
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="in/p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    path = tmp_path / "book.epub"
    _zip(
        path,
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container.encode(),
            "in/p.opf": opf.encode(),
            "in/nav.xhtml": page.format(nav).encode(),
            "in/a.xhtml": page.format(notes).encode(),
            "in/pics/cover.png": _picture(),
        },
    )
    report = _import(path, tmp_path)
    assert _front(report) == {
        "title": "The book",
        "subtitle": "What it is about",
        "creators": ["Ann Example"],
        "lang": "en",
        "subjects": ["wells"],
        "cover": "images/cover.png",
    }
    body = _body(report)
    assert "Contents words" not in body
    assert "Landmarks words" not in body
    assert "Words[^1] here." in body
    assert body.endswith("[^1]: A note.")
    assert report.files == ("article.md", "commentary.md", "images/cover.png")


def test_a_note_in_a_caption_is_written_once(make: Callable[[str, str], Path], tmp_path: Path) -> None:
    report = _import(
        make("html", '# T\n\nWords.\n\n![A caption^[A note.]](red.png){alt="A square"}\n\nMore.^[Two.]\n'), tmp_path
    )
    assert _body(report).count("A note.") == 1
    assert len(_read(report).footnotes) == 2


def test_a_drawing_inside_a_page_becomes_a_picture_that_can_be_read(tmp_path: Path) -> None:
    page = tmp_path / "drawn.html"
    page.write_text('<h1>Title</h1><p>Words.</p><p><svg width="9" height="9"><path d="M0 0h9"/></svg></p>')
    report = _import(page, tmp_path)
    article = report.folder / "article.md"
    article.write_text(article.read_text().replace("picture.svg)", 'picture.svg){alt="A line"}'))
    assert [picture.alternative for picture in _pictures(_read(report))] == ["A line"]


# Markdown


def test_markdown_stays_as_written_and_its_front_matter_is_put_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "pics").mkdir()
    (tmp_path / "pics" / "red.png").write_bytes(_picture())
    path = tmp_path / "post.md"
    path.write_text(
        "---\ntitle: A post\nauthor: {name: Ann Example, role: editor}\ntags: [one, two]\ndate: 2024-03-02T10:00:00Z\n"
        "layout: post\nlanguage: en_GB\nsummary: What it is about\n---\n\n"
        "# A post\n\nText with *stars*:\n- one\n- two\n\n![A square](pics/red.png)\n\n```\ncode:\n- stays\n```\n"
    )
    report = _import(path, tmp_path)
    assert report.files == ("article.md", "commentary.md", "pics/red.png")
    assert _front(report) == {
        "title": "A post",
        "lang": "en-GB",
        "date": date(2024, 3, 2),
        "description": "What it is about",
        "subjects": ["one", "two"],
        "creators": [{"name": "Ann Example", "role": "editor"}],
    }
    text = (report.folder / "article.md").read_text()
    assert "# layout: post\n" in text
    assert "Text with *stars*:\n\n- one\n- two\n" in text
    assert "code:\n- stays" in text


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# The title {#x}\n\nWords.\n", "The title", "Words."),
        ("The *title*\n=====\n\nWords.\n", "The title", "Words."),
        ("% The title\n% Ann Example\n\nWords.\n", "The title", "Words."),
        ("Words.\n\n# A part\n\nMore.\n", "My file", "Words.\n\n# A part\n\nMore."),
        ("---\ntitle: Its own\n---\n# A part\n\nMore.\n", "Its own", "# A part\n\nMore."),
    ],
)
def test_the_title_of_markdown_is_what_a_person_would_call_it(tmp_path: Path, text: str, title: str, body: str) -> None:
    path = tmp_path / "my-file.md"
    path.write_text(text)
    report = _import(path, tmp_path)
    assert (_front(report)["title"], _body(report)) == (title, body)


def test_pictures_of_markdown_outside_its_folder_are_pointed_out_and_not_copied(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.png").write_bytes(_picture())
    path = tmp_path / "in" / "a.md"
    path.write_text(
        "# T\n\nWords.\n\n![a](../out.png)\n\n![b](https://x.example/y.png)\n\n![c](gone.png)\n\n![](gone2.png)\n"
    )
    report = _import(path, tmp_path)
    assert report.files == ("article.md", "commentary.md")
    assert [(one.check, one.position.line) for one in report.findings if one.position] == [
        ("image-outside", 7),
        ("image-remote", 9),
        ("image-missing", 11),
        ("image-missing", 13),
        ("image-alternative-missing", 13),
    ]


def test_front_matter_that_is_no_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: [unclosed\n---\n\nWords.\n")
    with pytest.raises(FindingsError, match=r"a\.md:2"):
        _import(path, tmp_path)
    assert not (tmp_path / "source").exists()


# Plain text


def test_an_opinion_piece_becomes_an_edition_with_an_example_note_that_works(tmp_path: Path) -> None:
    report = _import(FIXTURES / "opinion-piece.txt", tmp_path)
    publication = _read(report)
    assert publication.metadata.title == "A library that closes at five is a library for the few"
    assert not publication.notes
    assert report.advice.startswith("Still to write: plain-language counterparts")
    assert "(article.md lines 14 and 28)" in report.advice
    commentary = report.folder / "commentary.md"
    lines = commentary.read_text().split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("<!-- An example"))
    end = next(number for number, line in enumerate(lines) if line.startswith("The last one"))
    commentary.write_text("\n".join(lines[:start] + lines[start + 1 : end] + lines[end + 1 :]))
    (note,) = _read(report).notes
    assert note.target.anchoring is Anchoring.EXACT
    assert note.plain is not None


def test_the_language_that_the_user_names_weighs_most(tmp_path: Path) -> None:
    assert _front(_import(FIXTURES / "opinion-piece.txt", tmp_path, lang="cy"))["lang"] == "cy"


def test_a_text_whose_language_is_unclear_says_so(tmp_path: Path) -> None:
    path = tmp_path / "zz.txt"
    path.write_text("Zorblatt\nFlim flam glorp. Zip zap zop.\n")
    report = _import(path, tmp_path)
    assert "lang" not in _front(report)
    assert "the language" in report.advice


def test_the_same_file_gives_the_same_bytes(tmp_path: Path, make: Callable[[str], Path]) -> None:
    path = make("docx")
    one, two = (import_file(path, "e", tmp_path / folder, lang=None) for folder in "ab")
    assert [(one.folder / name).read_bytes() for name in one.files] == [
        (two.folder / name).read_bytes() for name in two.files
    ]


# What cannot be used


def _refused(path: Path, tmp_path: Path) -> str:
    with pytest.raises(InputError) as raised:
        _import(path, tmp_path)
    message = str(raised.value)
    assert "\n" not in message
    assert "; " in message
    source = tmp_path / "source"
    assert not source.exists() or not list(source.iterdir())
    return message


@pytest.mark.parametrize("suffix", ["docx", "odt", "epub"])
@pytest.mark.parametrize(
    "data", [b"This is no ZIP at all.", b"PK\x03\x04 but broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"]
)
def test_a_document_that_is_no_zip_is_refused(suffix: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(data)
    assert f"is no {suffix.upper()}" in _refused(path, tmp_path)


def test_a_zip_that_is_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    _zip(path, {"hello.txt": b"hello"})
    assert "it has no word/document.xml" in _refused(path, tmp_path)


def _zip(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("name", ["../evil.png", "/etc/evil", "word/../../evil", "..\\evil", "C:\\evil"])
def test_a_member_that_climbs_out_of_its_folder_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    _zip(path, {"word/document.xml": b"<x/>", name: b"evil"})
    assert "outside its folder" in _refused(path, tmp_path)


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_READ_UNPACKED", "1")
    path = tmp_path / "a.docx"
    _zip(path, {"word/document.xml": b" " * 2_000_000})
    assert "unpacks to more than" in _refused(path, tmp_path)


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    _zip(path, {"word/document.xml": b"x" * 1_000_000})
    data = path.read_bytes()
    path.write_bytes(data.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    _refused(path, tmp_path)


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    _zip(path, {f"f{number}": b"" for number in range(Bounds().members + 1)})
    assert "PUBLISHER_READ_MEMBERS" in _refused(path, tmp_path)


def test_a_damaged_document_is_refused_with_pandocs_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    _zip(path, {"word/document.xml": b"<unclosed", "[Content_Types].xml": b"<Types/>"})
    assert "cannot be read as DOCX" in _refused(path, tmp_path)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t\n", "is empty"),
        ("a.txt", b"***\n---\n", "holds no words"),
        ("a.txt", b"fine \xff not", "byte 0xff at offset 5"),
        ("a.md", b"caf\xe9 and so on", "byte 0xe9 at offset 3"),
        ("a.html", b"<p>caf\xe9 and so on", "byte 0xe9 at offset 6"),
        ("a.txt", b"one\0two", "zero byte at offset 3"),
        ("a.txt", "one two".encode("utf-16"), "not UTF-8"),
        ("a.html", b"<html><body></body></html>", "holds no words"),
        ("a.md", b"---\ntitle: T\n---\n", "holds no words"),
        ("a.pdf", b"%PDF-1.7", "no kind that can be imported (.pdf)"),
        ("a", b"words", "no kind that can be imported (no suffix)"),
    ],
)
def test_unusable_files_are_refused_in_one_line(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert said in _refused(path, tmp_path)


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    assert "does not exist" in _refused(tmp_path / "gone.txt", tmp_path)
    (tmp_path / "folder.txt").mkdir()
    assert "is a folder" in _refused(tmp_path / "folder.txt", tmp_path)


def test_an_edition_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    report = _import(FIXTURES / "opinion-piece.txt", tmp_path)
    (report.folder / "article.md").write_text("mine")
    with pytest.raises(InputError, match="is already there; choose another name"):
        _import(FIXTURES / "salt-road.txt", tmp_path)
    assert (report.folder / "article.md").read_text() == "mine"


def test_a_language_tag_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no language tag"):
        _import(FIXTURES / "salt-road.txt", tmp_path, lang="english please")


def test_headings_that_no_link_leads_to_get_no_id_of_another(make: Callable[[str, str], Path], tmp_path: Path) -> None:
    text = "---\ntitle: Wells\n---\n\n# One\n\nSee [two](#two).\n\n# Two\n\nWords.\n\n## Three\n\nWords.\n"
    report = import_file(make("epub", text), "wells", tmp_path / "source")
    body = (report.folder / "article.md").read_text(encoding="utf-8")
    assert "See [two](#two)." in body
    assert body.count("{#") == 0


def test_a_footnote_that_a_colon_follows_is_kept(make: Callable[[str, str], Path], tmp_path: Path) -> None:
    text = "---\ntitle: Wells\n---\n\nThese are the wells^[All of them.]:\n\n- one\n- two\n"
    report = import_file(make("odt", text), "wells", tmp_path / "source")
    body = (report.folder / "article.md").read_text(encoding="utf-8")
    assert "[^1]: All of them." in body
    assert not report.findings


WEB_PAGE = """<html lang="EN-gb"><head><title>Bees | The Town</title>
<meta property="article:published_time" content="2024-03-02T07:30Z"></head><body><main>
<h1>Bees</h1>
<p>Honey<sup><a href="#fn1" id="r1">1</a></sup> and wax<a id="r2" href="#fn2">[2]</a>; see <a href="#later">7</a>.</p>
<p>&nbsp;</p>
<p>Two&nbsp; hives; <abbr title="National Bee Unit">NBU</abbr>, it doesn't say.</p>
<h2 id="later">Later</h2>
<p class="MsoListParagraphCxSpFirst" style="mso-list:l0 level1 lfo1"><span>&middot;&nbsp;&nbsp; </span>clover</p>
<p class="MsoListParagraphCxSpMiddle" style="mso-list:l0 level2 lfo1"><span>1.&nbsp;&nbsp; </span>white</p>
<p class="MsoListParagraphCxSpLast" style="mso-list:l0 level1 lfo1"><span>&middot;&nbsp;&nbsp; </span>lime</p>
<table><tr><td><b>Hive</b></td><td><b>Honey</b></td></tr><tr><td>North</td><td>12 kg</td></tr></table>
<hr><ol><li id="fn1">In jars. <a href="#r1">&#8617;</a></li><li id="fn2">In <i>blocks</i>. <a href="#r2">^</a></li></ol>
</main><footer>The Town</footer></body></html>"""


def test_a_web_page_becomes_what_it_shows(tmp_path: Path) -> None:
    page = tmp_path / "bees.html"
    page.write_text(WEB_PAGE, encoding="utf-8")
    report = import_file(page, "bees", tmp_path / "source")
    assert (
        (report.folder / "article.md").read_text(encoding="utf-8")
        == """---
title: Bees
lang: en-GB
date: 2024-03-02
---

Honey[^1] and wax[^2]; see [7](#later).

Two hives; [NBU]{.abbr title="National Bee Unit"}, it doesn't say.

## Later

- clover
  1.  white
- lime

| Hive  | Honey |
|-------|-------|
| North | 12 kg |

[^1]: In jars.

[^2]: In *blocks*.
"""
    )
    assert not report.findings


def test_signs_that_no_manuscript_may_hold_are_left_out_and_told(tmp_path: Path) -> None:
    file = tmp_path / "letter.html"
    file.write_text(
        "<html lang='en'><head><meta charset='utf-8'><title>A letter</title></head><body><h1>A letter</h1>"
        "<p>The first \u202eline of it.</p><p>The \u2067second\u2069 line of it.</p></body></html>",
        encoding="utf-8",
    )
    report = import_file(file, "letter", tmp_path / "source")
    text = (report.folder / "article.md").read_text("utf-8")
    assert "The first line of it." in text
    assert "The \u2067second\u2069 line of it." in text
    assert "import-signs-left-out" in [one.check for one in report.findings]
    assert read_edition(report.folder, Imprint()).publication.metadata.title == "A letter"
