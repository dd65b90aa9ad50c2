"""The texts that the bench builds: as long as asked for, the same each time, next to no sentence twice, consistent."""

from __future__ import annotations

import re
from pathlib import Path

import edits
import pytest
import texts

from publisher.build import read_imprint_of
from publisher.manuscript.reading import read_edition
from publisher.model.narration import Voice
from publisher.narration.script import write_script


@pytest.mark.parametrize("kind", ["manual", "book"])
def test_a_text_is_as_long_as_asked_for(kind: str, tmp_path: Path) -> None:
    written = texts.write_edition(tmp_path / kind, kind, 2000)
    assert 2000 <= written.words < 2250
    assert written.notes >= 3


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    one, again, other = (
        texts.write_edition(tmp_path / name, "manual", 600, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    article = [(written.folder / "article.md").read_bytes() for written in (one, again, other)]
    assert article[0] == article[1] != article[2]


def spoken(folder: Path, mix: str) -> list[str]:
    """Every line of a recording that is spoken by itself, but short titles and labels."""
    imprint, _ = read_imprint_of(folder)
    reading = read_edition(folder, imprint)
    assert reading.findings == ()
    return [
        line.said
        for chapter in write_script(reading.publication, mix, Voice("espeak")).chapters
        for line in chapter.lines
        if len(line.said.split()) > 5
    ]


@pytest.mark.parametrize("mix", ["default", "plain"])
@pytest.mark.parametrize("kind", ["manual", "book", "small"])
def test_an_edition_reads_without_a_finding_and_next_to_no_sentence_twice(kind: str, mix: str, tmp_path: Path) -> None:
    """A sentence that was said before would come from the store, and the bench would measure less than it says."""
    lines = spoken(texts.write_edition(tmp_path / kind, kind, 1500).folder, mix)
    assert len(set(lines)) > 0.97 * len(lines) > 50


def test_small_editions_share_next_to_no_sentence(tmp_path: Path) -> None:
    written = texts.write_small(tmp_path, 12)
    lines = [line for one in written for mix in ("default", "plain") for line in set(spoken(one.folder, mix))]
    # What a recording says of itself, and of its note, is in all of them.
    assert len(set(lines)) > 0.85 * len(lines) > 200
    near, far = (
        texts.write_edition(tmp_path / f"far-{seed}", "small", 200, seed)
        .folder.joinpath("article.md")
        .read_text("utf-8")
        for seed in (1, 1000)
    )
    assert not set(re.findall(r"number (\d+)", near)) & set(re.findall(r"number (\d+)", far))


def test_notes_are_written_and_read(tmp_path: Path) -> None:
    written = texts.write_edition(tmp_path / "manual", "manual", 1500)
    imprint, _ = read_imprint_of(written.folder)
    assert len(read_edition(written.folder, imprint).publication.notes) == written.notes > 0


def test_small_editions_differ_in_text_and_length(tmp_path: Path) -> None:
    written = texts.write_small(tmp_path, 4)
    assert len({one.words for one in written}) > 1
    assert len({(one.folder / "article.md").read_bytes() for one in written}) == 4


def test_an_edit_changes_one_line_and_another_number_changes_it_otherwise(tmp_path: Path) -> None:
    folder = texts.write_edition(tmp_path / "small", "small", 150).folder
    for name, edit in (("article.md", edits.edit_sentence), ("commentary.md", edits.edit_note)):
        text = (folder / name).read_text("utf-8")
        first, second = edit(text, 1).split("\n"), edit(text, 2).split("\n")
        changed = [at for at, line in enumerate(text.split("\n")) if line != first[at]]
        assert len(changed) == 1
        assert first[changed[0]] != second[changed[0]]
        # Never inside the plain language, which says the same in other words.
        assert "::: plain" not in text.split("\n")[changed[0] - 1]


def test_some_of_many_editions_are_edited(tmp_path: Path) -> None:
    folders = [one.folder for one in texts.write_small(tmp_path, 5)]
    before = [(folder / "article.md").read_bytes() for folder in folders]
    assert edits.edit_some(tmp_path, 3) == 2
    after = [(folder / "article.md").read_bytes() for folder in folders]
    assert [old != new for old, new in zip(before, after, strict=True)] == [True, False, False, True, False]


def test_there_is_no_sentence_to_edit_in_a_list() -> None:
    with pytest.raises(ValueError, match="no sentence"):
        edits.edit_sentence("---\ntitle: A\n---\n\n- only an item.\n", 1)
