from __future__ import annotations

import pytest

from publisher.model.publication import Publication
from publisher.verification.expected import units
from publisher.verification.labels import Vocabulary, labels


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
    assert [label.text for label in labels(publication)] == ["Note 1 Context", "The desk, 20 November 2026"]
