from __future__ import annotations

import os
import zipfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from epub_books import Book, narrated, written
from epub_sample import small_publication

from publisher.formats.contract import Job
from publisher.formats.epub.container import read_container, write_container
from publisher.formats.epub.write import write
from publisher.model.findings import InputError
from publisher.model.publication import Publication
from publisher.rendering.templates import Templates
from publisher.store import Store


def test_the_mimetype_comes_first_and_is_stored_without_an_extra_field(editions: list[Book]) -> None:
    for book in editions:
        assert book.path.read_bytes()[:58] == (
            b"PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00!\x00oa\xab,\x14\x00\x00\x00\x14\x00\x00\x00\x08\x00\x00\x00"
            b"mimetypeapplication/epub+zip"
        )


def test_entries_are_sorted_and_have_one_date_and_mode(editions: list[Book]) -> None:
    for book in editions:
        with ZipFile(book.path) as archive:
            mimetype, *others = archive.infolist()
        assert mimetype.filename == "mimetype"
        assert [entry.filename for entry in others] == sorted(entry.filename for entry in others)
        assert {entry.date_time for entry in others} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr for entry in others} == {0o100644 << 16}
        assert {entry.create_system for entry in others} == {3}


def test_sound_and_pictures_are_stored_and_text_is_compressed(read_aloud: Book) -> None:
    with ZipFile(read_aloud.path) as archive:
        kinds = {entry.filename: entry.compress_type for entry in archive.infolist()}
    assert kinds["EPUB/audio/article.mp3"] == kinds["EPUB/images/rings.png"] == ZIP_STORED
    assert kinds["EPUB/article.xhtml"] == kinds["EPUB/style.css"] == ZIP_DEFLATED


def test_two_builds_in_different_folders_at_different_times_give_the_same_bytes(
    editions: list[Book], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "C")
    folder = tmp_path / "another folder"
    folder.mkdir()
    again = written(small_publication(folder), folder, Store(tmp_path / "another store"), aloud=True)
    assert [book.path.name for book in again] == [book.path.name for book in editions]
    for first, second in zip(editions, again, strict=True):
        assert first.entries == second.entries
        assert first.path.read_bytes() == second.path.read_bytes()


def test_the_date_of_modification_is_the_source_dates(
    publication: Publication, store: Store, tmp_path: Path, text_edition: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert text_edition.meta("dcterms:modified") == ["2026-11-20T00:00:00Z"]  # the latest note's
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    (book,) = written(publication, tmp_path, store)
    assert book.meta("dcterms:modified") == ["2026-01-01T00:00:00Z"]


def test_what_is_written_is_what_was_given(tmp_path: Path) -> None:
    source = tmp_path / "sound.mp3"
    source.write_bytes(os.urandom(3 << 20))
    write_container(tmp_path / "a.epub", {"EPUB/b.xhtml": b"<b/>", "EPUB/a.mp3": source})
    entries = read_container((tmp_path / "a.epub").read_bytes())
    assert list(entries) == ["mimetype", "EPUB/a.mp3", "EPUB/b.xhtml"]
    assert entries["EPUB/a.mp3"] == source.read_bytes()


def test_a_failure_leaves_no_half_file_behind(tmp_path: Path) -> None:
    before = tmp_path / "a.epub"
    before.write_bytes(b"the previous one")
    with pytest.raises(FileNotFoundError):
        write_container(before, {"EPUB/a.mp3": tmp_path / "missing.mp3"})
    assert before.read_bytes() == b"the previous one"
    assert list(tmp_path.iterdir()) == [before]


def test_a_damaged_or_doubled_entry_is_noticed(tmp_path: Path) -> None:
    write_container(tmp_path / "a.epub", {"EPUB/b.xhtml": b"<b/>" * 50})
    data = (tmp_path / "a.epub").read_bytes()
    place = data.index(b"application/epub+zip")
    with pytest.raises((ValueError, zipfile.BadZipFile)):
        read_container(data[:place] + b"X" + data[place + 1 :])


def test_a_folder_that_cannot_be_written_is_told_in_a_line(publication: Publication, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^error: cannot write skerry\.epub: .+; make room or choose another folder$"):
        write(Job(publication, Templates(), tmp_path / "missing", Store(tmp_path / "store")))


def test_without_a_narration_there_is_no_read_aloud_edition(
    publication: Publication, store: Store, tmp_path: Path
) -> None:
    artefacts = write(Job(publication, Templates(), tmp_path, store, {}))
    assert [artefact.name for artefact in artefacts] == ["skerry.epub", "skerry.onix.xml"]
    plain_alone = {"plain": narrated(publication, store)["plain"]}
    artefacts = write(Job(publication, Templates(), tmp_path, store, plain_alone))
    assert [artefact.name for artefact in artefacts] == ["skerry.epub", "skerry.onix.xml"]
