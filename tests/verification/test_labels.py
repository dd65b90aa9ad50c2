from __future__ import annotations

from pathlib import Path

import pytest
from verified_edition import read_source

from publisher.model.publication import Publication
from publisher.verification.expected import units
from publisher.verification.labels import Names, Vocabulary, labels


@pytest.fixture(scope="module")
def vocabulary(publication: Publication) -> Vocabulary:
    return Vocabulary(publication, units(publication), ["lamp.m4b", "an audiobook with chapters"])


@pytest.mark.parametrize(
    "text",
    [
        "By Ada Fenwick",
        "Author Ada Fenwick",
        "20 November 2026",
        "The desk, 20 November 2026",
        "Note 1 Context",
        "On “lit the lamp”",
        "Back to the text",
        "The night",
        "That night",
        "Nobody lit the lamp. It was not…",
        "24 minutes, 11.7 MB",
        "1 hour 1 minute, 33 kB",
        "24 pages, 155 kB",
        "M4B lamp.m4b",
        "The night 12",
        "Nobody lit the lamp. 12",
        "↩ 1",
        "…",
    ],
)
def test_the_editions_own_words_are_known(text: str, vocabulary: Vocabulary) -> None:
    assert vocabulary.holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "By Ada Fenwich",
        "By Ida Fenwick",
        "21 November 2026",
        "The desk, 20 November 2027",
        "Note 1 Contexts",
        "On “lit the lamps”",
        "Nobody ever wrote this.",
        "The nights",
        "Nobody snuffed the lamp. It…",
        "24 minutes and a bit",
        "lamp.m4a",
    ],
)
def test_words_from_elsewhere_are_not(text: str, vocabulary: Vocabulary) -> None:
    assert not vocabulary.holds(text)


def test_notes_are_labelled_with_number_kind_hand_and_day(publication: Publication) -> None:
    assert [label.text for label in labels(publication)] == [
        "Note 1 Context",
        "The desk, 20 November 2026",
        "1",  # the footnote's
    ]


def test_pages_repeat_names_whole_or_in_pieces_and_nothing_else() -> None:
    names = Names(["The lamp at Skerry Point", "Wrecks, by year", "Not now"])
    for held in (
        "The lamp at",
        "Skerry Point",
        "Point Skerry",
        "SKERRY POINT",
        "Wrecks",
        "year",
        "12",
        "x",
        "by",
        "Not",
        "–",
    ):
        assert names.hold(held), held
    for strange in ("The lamp is out", "Skerries", "no", "ship", "Nobody was there.", "not so"):
        assert not names.hold(strange), strange


def test_contents_show_a_formula_beside_its_words_or_in_words_never_its_place_holder(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "squares"
    folder.mkdir(parents=True)
    text = "---\ntitle: Squares\nlang: en-GB\n---\n\n# A side and $x^2$\n\nOne.\n"
    (folder / "article.md").write_text(text, encoding="utf-8")
    publication = read_source(folder)
    vocabulary = Vocabulary(publication, units(publication))
    assert vocabulary.holds("A side and 12")
    assert vocabulary.holds("A side and x squared")
    assert not vocabulary.holds("A side and no 12")
    assert not vocabulary.holds("A side and \ufffc")
