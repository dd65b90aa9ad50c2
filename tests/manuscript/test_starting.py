"""Starting an edition: it builds at once, its name is sound, nothing that is there is touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from publisher.manuscript.checking import check
from publisher.manuscript.reading import read_edition
from publisher.manuscript.starting import check_name, new_edition, place_edition
from publisher.model.findings import InputError
from publisher.model.publication import Anchoring, Imprint


def test_a_new_edition_reads_and_checks_without_any_finding(tmp_path: Path) -> None:
    folder = new_edition("first", tmp_path / "source")
    reading = read_edition(folder, Imprint())
    assert check(reading.publication, reading.findings) == ()
    assert len(reading.publication.counterparts) == 1
    (note,) = reading.publication.notes
    assert note.target.anchoring is Anchoring.EXACT
    assert note.plain is not None
    assert reading.publication.metadata.lang == "en"


def test_a_new_edition_takes_the_language_asked_for(tmp_path: Path) -> None:
    folder = new_edition("first", tmp_path, lang="fr-CA")
    assert "\nlang: fr-CA\n" in (folder / "article.md").read_text()
    assert read_edition(folder, Imprint()).publication.metadata.lang == "fr-CA"


def test_a_new_edition_never_replaces_one(tmp_path: Path) -> None:
    folder = new_edition("first", tmp_path)
    (folder / "article.md").write_text("mine")
    with pytest.raises(InputError, match="is already there"):
        new_edition("first", tmp_path)
    assert (folder / "article.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("../up", "up"),
        ("a/b", "a-b"),
        (".hidden", "hidden"),
        ("", "my-edition"),
        ("My Essay", "my-essay"),
        ("what?", "what"),
        ("con", "con"),
        ("-option", "option"),
        ("x" * 65, "x" * 64),
        ("a\nb", "a-b"),
        ("essay.md", "essay-md"),
    ],
)
def test_names_that_cannot_name_a_folder_are_refused_with_a_better_one(name: str, better: str) -> None:
    with pytest.raises(InputError) as raised:
        check_name(name)
    assert raised.value.message.endswith(f": {better}")
    assert "\n" not in raised.value.message


@pytest.mark.parametrize("name", ["upstream", "a", "2024-essay", "Essay_2", "عربي", "x" * 64])
def test_ordinary_names_are_accepted(name: str) -> None:
    assert check_name(name) == name


def test_the_folder_has_the_rights_of_any_new_folder_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        folder = new_edition("first", tmp_path)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o750
    assert [path.name for path in tmp_path.iterdir()] == ["first"]


def test_a_file_that_would_stand_outside_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="would stand outside"):
        place_edition("first", tmp_path, {"article.md": b"x", "../evil": b"y"})
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_in_a_line_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left on device; nothing was made of it"):
        new_edition("first", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("a file")
    with pytest.raises(InputError, match="cannot write in"):
        new_edition("first", tmp_path / "source")
