"""The edition's own words in every language of the catalogue."""

from __future__ import annotations

import re
from datetime import date

import pytest

from publisher.rendering.catalogue_of_words import CATALOGUE, DATES, MONTHS
from publisher.rendering.words import words_for


@pytest.mark.parametrize("lang", CATALOGUE)
def test_every_language_says_everything_that_english_says(lang: str) -> None:
    assert set(CATALOGUE[lang]) == set(CATALOGUE["en"])
    assert all(words.strip() for words in CATALOGUE[lang].values())


@pytest.mark.parametrize("lang", CATALOGUE)
def test_translations_have_the_places_of_the_english_words(lang: str) -> None:
    for key, words in CATALOGUE[lang].items():
        counted = re.match(r"(hour|minute|page)-(one|two)$", key) and lang == "ar"  # Arabic says one and two in a word
        if not counted:
            assert set(re.findall(r"{\w+}", words)) == set(re.findall(r"{\w+}", CATALOGUE["en"][key])), key


@pytest.mark.parametrize("lang", CATALOGUE)
def test_every_language_has_twelve_months_and_a_form_of_dates(lang: str) -> None:
    assert len(MONTHS[lang].split()) == 12
    assert "{year}" in DATES[lang]


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en-GB", "20 November 2026"),
        ("de", "20. November 2026"),
        ("fr-CA", "20 novembre 2026"),
        ("zh-Hans", "2026年11月20日"),
        ("fi", "20 November 2026"),
    ],
)
def test_dates_are_told_as_the_language_tells_them(lang: str, told: str) -> None:
    assert words_for(lang).date(date(2026, 11, 20)) == told


def test_a_language_without_a_catalogue_gets_english_and_says_so() -> None:
    assert words_for("fi").lang == "en"
    assert words_for("de-AT").lang == "de"


def test_a_kind_that_no_catalogue_has_is_told_as_written() -> None:
    assert words_for("en").kind("fact-check") == "Fact check"
    assert words_for("en").kind("editor-s-aside") == "Editor s aside"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(4, "1 minute"), (754, "13 minutes"), (3600, "1 hour"), (3900, "1 hour 5 minutes"), (7300, "2 hours 2 minutes")],
)
def test_lengths_are_told_to_the_minute(seconds: float, told: str) -> None:
    assert words_for("en").duration(seconds) == told


def test_arabic_counts_in_four_ways() -> None:
    words = words_for("ar")
    assert [words.pages(count) for count in (1, 2, 5, 14)] == ["صفحة واحدة", "صفحتان", "5 صفحات", "14 صفحة"]


@pytest.mark.parametrize(
    ("octets", "told"), [(999, "999 B"), (1499, "1 kB"), (999_499, "999 kB"), (2_345_678, "2.3 MB")]
)
def test_sizes_are_told_in_decimal_units(octets: int, told: str) -> None:
    assert words_for("en").size(octets) == told


def test_german_sizes_have_a_comma() -> None:
    assert words_for("de").size(2_345_678) == "2,3 MB"


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        words_for("en")("no-such-key")
