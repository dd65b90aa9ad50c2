"""How hard a text is to read, and which of its words are."""

from __future__ import annotations

import pytest

from publisher.manuscript.readability import explained, hard_words, reading_level, syllables, words_of


@pytest.mark.parametrize(
    ("word", "lang", "count"),
    [
        ("the", "en", 1),
        ("boat", "en", 1),
        ("people", "en", 2),
        ("refugee", "en", 3),
        ("government", "en-GB", 3),
        ("immigration", "en-GB", 4),
        ("international", "en", 5),
        ("make", "en", 1),
        ("table", "en", 2),
        ("maison", "fr", 2),
        ("gouvernement", "fr", 4),
        ("Regierung", "de", 3),
        ("psst", "en", 1),
    ],
)
def test_syllables_are_about_right(word: str, lang: str, count: int) -> None:
    assert syllables(word, lang) == count


def test_words_join_over_hyphens_and_apostrophes() -> None:
    assert words_of("It’s a well-known 3 km walk – isn't it?") == [
        "It’s",
        "a",
        "well-known",
        "3",
        "km",
        "walk",
        "isn't",
        "it",
    ]


EASY = ["The man has a dog.", "The dog runs in the park.", "It is fun."]
HARD = ["International organisations characteristically necessitate bureaucratic administration."]


def test_easy_english_is_told_from_hard_by_flesch_and_kincaid() -> None:
    easy, hard = reading_level(EASY, "en-GB"), reading_level(HARD, "en")
    assert easy is not None
    assert hard is not None
    assert easy.easy
    assert easy.value < 2
    assert not hard.easy
    assert hard.value > 20


def test_the_formula_is_the_published_one() -> None:
    # 14 words, 3 sentences, 14 syllables
    level = reading_level(EASY, "en")
    assert level is not None
    assert level.value == round(0.39 * 14 / 3 + 11.8 * 14 / 14 - 15.59, 1)


@pytest.mark.parametrize(
    ("lang", "easy", "hard"),
    [
        (
            "fr",
            "Le chat dort. Il est gros.",
            "L’administration gouvernementale internationale nécessite une réglementation.",
        ),
        (
            "de",
            "Der Hund ist da. Er ist alt.",
            "Die Verwaltungsangelegenheiten erfordern Regierungsverantwortlichkeiten.",
        ),
    ],
)
def test_french_and_german_have_formulas_of_their_own(lang: str, easy: str, hard: str) -> None:
    one, other = reading_level(easy.split(". "), lang), reading_level([hard], lang)
    assert one is not None
    assert other is not None
    assert (one.easy, other.easy) == (True, False)


def test_other_languages_and_empty_texts_have_no_level() -> None:
    assert reading_level(["Habari za asubuhi."], "sw") is None
    assert reading_level([], "en") is None
    assert reading_level(["–"], "en") is None


def test_hard_words_are_long_ones_that_are_neither_names_nor_everyday() -> None:
    text = "The immigration of Albania in January, with information on deterrence and reciprocal operational things."
    assert hard_words(text, "en", ["Albania"]) == ["immigration", "reciprocal", "operational"]
    assert hard_words("immigration", "sw") == []


@pytest.mark.parametrize(
    "text",
    [
        "Immigration means that people come to live in a country.",
        "Immigration is when people come.",
        "Immigration (people who come to live here) is rising.",
        "People come to live here (immigration).",
        "This is called immigration.",
        "“Immigration” is the word for it.",
        "immigration, or coming to live here, is rising",
        "Immigration: coming to live in a country.",
    ],
)
def test_explanations_of_many_forms_are_known(text: str) -> None:
    assert explained("immigration", text, "en")


def test_use_alone_explains_nothing() -> None:
    assert not explained("immigration", "Immigration is rising, and immigration fell.", "en")
