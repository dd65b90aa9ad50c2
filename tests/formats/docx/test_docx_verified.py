"""Word documents in a build: made beside the others, offered, verified, and held against the source from elsewhere."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from word_files import EDITIONS

from publisher.build import Order, build_edition
from publisher.formats.archive import write_archive
from publisher.store import Store
from publisher.verify import Request, verify_all


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory) -> Request:
    """The French edition, built as a Word document and as pages."""
    folder = tmp_path_factory.mktemp("built")
    build_edition(Order(EDITIONS / "french", folder, Store(folder / "store"), ("docx", "web")), lambda *_: None)
    return Request(EDITIONS / "french", folder)


def test_it_is_listed_offered_and_found_consistent(request_: Request) -> None:
    built = request_.out / "french"
    (listed,) = [one for one in json.loads((built / "edition.json").read_bytes())["files"] if one["format"] == "docx"]
    assert (listed["name"], listed["purpose"].partition(" to")[0]) == ("french.docx", "a Word document")
    page = (built / "index.html").read_text(encoding="utf-8")
    assert 'href="french.docx"' in page
    assert "document Word à lire et à modifier, avec les notes en commentaires" in page
    result = verify_all([request_])
    assert result.findings == ()
    (line,) = [one for one in result.lines if "french.docx" in one]
    assert "extracted" in line
    assert line.endswith("consistent")
    assert "french.docx" in (built / "report.html").read_text(encoding="utf-8")


def test_where_words_stand_in_it_is_told(request_: Request) -> None:
    lines = verify_all([request_], where="gardien lisait").lines
    assert any(line.strip().startswith("french.docx  document#") for line in lines)


def test_a_document_that_came_back_from_an_editor_is_held_against_the_source(request_: Request, tmp_path: Path) -> None:
    with zipfile.ZipFile(request_.out / "french" / "french.docx") as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    path = tmp_path / "de retour.docx"
    write_archive(path, entries)
    assert verify_all([request_], against=path).findings == ()
    words = b'<w:comment w:id="0" w:author="'
    assert words in entries["word/comments.xml"]
    entries["word/comments.xml"] = entries["word/comments.xml"].replace(words, words + b"Not ")
    write_archive(path, entries)
    (finding,) = verify_all([request_], against=path).findings
    assert finding.check == "note-signed"
    assert finding.message.endswith("; correct the file, or the source where the file is right")


def test_what_is_no_word_document_gets_other_advice(request_: Request, tmp_path: Path) -> None:
    path = tmp_path / "nothing.docx"
    path.write_bytes(b"no zip")
    (finding,) = verify_all([request_], against=path).findings
    assert finding.check == "artefact-unreadable"
    assert finding.message.endswith("; get it anew from whoever made it")
