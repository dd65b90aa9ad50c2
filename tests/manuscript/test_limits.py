"""What is beyond an imprint's limits is refused as too complex, at its place, with the setting's name."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from publisher.manuscript.imprint import read_imprint
from publisher.manuscript.nesting import check_lengths
from publisher.manuscript.reading import read_edition
from publisher.model.findings import FindingsError, InputError
from publisher.model.limits import Limits
from publisher.model.publication import Imprint

FRONT = "---\ntitle: Many\nlang: en\n---\n\n"


def edition(root: Path, body: str, imprint: str = "") -> tuple[Path, Imprint]:
    folder = root / "many"
    folder.mkdir()
    (folder / "article.md").write_text(FRONT + body, "utf-8")
    (root / "imprint.yaml").write_text(imprint, "utf-8")
    return folder, read_imprint(root / "imprint.yaml")[0]


def refused(root: Path, body: str, imprint: str = "") -> str:
    folder, settings = edition(root, body, imprint)
    with pytest.raises((FindingsError, InputError)) as caught:
        read_edition(folder, settings)
    return str(caught.value)


def table(rows: int) -> str:
    return "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * rows


def grid(rows: int) -> str:
    return "+---+\n| a |\n+===+\n" + "| 1 |\n+---+\n" * rows


def picture(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_the_limits_are_settings_of_the_imprint(tmp_path: Path) -> None:
    (tmp_path / "imprint.yaml").write_text("limits: {nesting: 20, pixels: 9}\n", "utf-8")
    imprint, findings = read_imprint(tmp_path / "imprint.yaml")
    assert imprint.limits == Limits(nesting=20, pixels=9)
    assert findings == ()
    (tmp_path / "imprint.yaml").write_text("limits: {nesting: 20000}\n", "utf-8")
    with pytest.raises(FindingsError, match="nesting"):
        read_imprint(tmp_path / "imprint.yaml")


def test_a_limit_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "imprint.yaml").write_text("limits: {table_row: 9}\n", "utf-8")
    with pytest.raises(FindingsError, match="table_row is nothing that can be set; correct its spelling"):
        read_imprint(tmp_path / "imprint.yaml")


def test_a_manuscript_cannot_raise_its_own_limits(tmp_path: Path) -> None:
    folder, imprint = edition(tmp_path, table(30), "limits: {table_rows: 20}\n")
    article = folder / "article.md"
    article.write_text(article.read_text("utf-8").replace("lang: en", "lang: en\nlimits: {table_rows: 99}"), "utf-8")
    with pytest.raises((FindingsError, InputError), match="too complex"):
        read_edition(folder, imprint)


def test_a_file_too_large(tmp_path: Path) -> None:
    told = refused(
        tmp_path, "Ten words of text that are here again and again.\n\n" * 22_000, "limits: {file_size: 1}\n"
    )
    assert told.endswith(
        "article.md:1: error: too complex: larger than 1 MB; split it, or raise `limits: file_size` in imprint.yaml"
    )


def test_markup_nested_too_deep(tmp_path: Path) -> None:
    told = refused(tmp_path, "One.\n\n" + "> " * 21 + "deep\n", "limits: {nesting: 20}\n")
    assert ":8: error: too complex: markup nested over 20 deep; write it flatter, or raise `limits: nesting` in" in told


@pytest.mark.parametrize("made", [table(30), grid(30)], ids=["pipes", "grid"])
def test_a_table_of_too_many_rows(tmp_path: Path, made: str) -> None:
    told = refused(tmp_path, f"One.\n\n{made}", "limits: {table_rows: 20}\n")
    assert (
        ":8: error: too complex: over 20 rows in one table; make several of it, or raise `limits: table_rows`" in told
    )


def test_a_table_of_hardly_too_many_rows_is_counted_once_it_is_read(tmp_path: Path) -> None:
    told = refused(tmp_path, table(20), "limits: {table_rows: 20}\n")
    assert ":6:1: error: too complex: 21 rows in one table; make several of it" in told


@pytest.mark.parametrize(
    "made", [table(19), grid(19), "```\n" + "a | b\n" * 90 + "```\n"], ids=["pipes", "grid", "code"]
)
def test_a_table_within_the_limit_is_let_through(tmp_path: Path, made: str) -> None:
    folder, imprint = edition(tmp_path, made, "limits: {table_rows: 20}\n")
    assert read_edition(folder, imprint).publication.sections


def test_a_section_of_too_many_notes(tmp_path: Path) -> None:
    body = "# One\n\nA[^a] b[^b] c[^c].\n\n# Two\n\nA^[x] b^[y].\n\n" + "".join(f"[^{n}]: {n}\n\n" for n in "abc")
    told = refused(tmp_path, body, "limits: {notes: 2}\n")
    assert ":6:1: error: too complex: 3 notes in one section; divide the section, or raise `limits: notes`" in told
    assert "Two" not in told


def test_a_picture_of_too_many_pixels(tmp_path: Path) -> None:
    folder, imprint = edition(tmp_path, "Text.\n\n![A square](a.png)\n", "limits: {pixels: 80}\n")
    (folder / "a.png").write_bytes(picture(9000, 9000))
    with pytest.raises(FindingsError) as caught:
        read_edition(folder, imprint)
    assert "too complex: picture a.png has 9000 by 9000 pixels, over 80 million; make it smaller" in str(caught.value)


def test_comments_that_are_never_closed_are_told_at_the_first() -> None:
    with pytest.raises(InputError, match=r"^a\.md:9:4: error: too complex: comments that are never closed"):
        check_lengths("<!-- one -->\n\nA.\n\nB. <!-- \n\n" + "<!--" * 50_000, "a.md", 5)


@pytest.mark.parametrize("text", ["<!-- a -->\n\n" * 90, "```\n" + "<!--\n" * 90 + "```\n", "A. <!-- b\n"])
def test_other_comments_are_let_through(text: str) -> None:
    check_lengths(text, "a.md")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("a**b**" * 51, 6),
        ("Short.\n\n" + "a<b>b</b>" * 51, 8),
        ("Short.[^1]\n\n[^1]: " + "a[b]{.x}" * 51, 8),
    ],
    ids=["strong", "elements", "spans of a footnote"],
)
def test_a_word_too_long_whatever_markup_divides_it(tmp_path: Path, body: str, line: int) -> None:
    told = refused(tmp_path, body, "limits: {word: 100}\n")
    assert f":{line}:" in told
    assert "error: too complex: a word of over 100 letters; divide it, or raise `limits: word` in imprint.yaml" in told


def test_words_that_markup_divides_are_counted_one_by_one(tmp_path: Path) -> None:
    folder, imprint = edition(tmp_path, "a**b** " * 60, "limits: {word: 100}\n")
    assert read_edition(folder, imprint).publication.sections


_LONG = "a**b**" * 60


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("article.md", f"{_LONG}\n"),
        ("article.md", f"Short.[^1]\n\n[^1]: {_LONG}\n"),
        ("article.md", f"Short.\n\n::: plain\n{_LONG}\n:::\n"),
        ("commentary.md", f"---\ntitle: Notes\nlang: en\n---\n\n::: introduction\n{_LONG}\n:::\n"),
        ("commentary.md", f"---\ntitle: Notes\nlang: en\n---\n\n::: method\nShort.\n\n::: plain\n{_LONG}\n:::\n:::\n"),
    ],
    ids=["article", "footnote", "plain language", "introduction", "method in plain language"],
)
def test_a_long_word_that_markup_divides_is_refused_wherever_it_stands(tmp_path: Path, name: str, text: str) -> None:
    folder, settings = edition(tmp_path, "Short.\n", "limits: {word: 100}\n")
    (folder / name).write_text((FRONT if name == "article.md" else "") + text, "utf-8")
    with pytest.raises(FindingsError) as caught:
        read_edition(folder, settings)
    (finding,) = caught.value.findings
    assert finding.check == "word-long"
    assert finding.position is not None
    assert finding.position.path.endswith(name)
