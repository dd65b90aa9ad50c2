"""The normaliser: what is said for what is shown, and which shown characters each run says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayings_en import ENGLISH
from sayings_en_more import ENGLISH_TOO
from sayings_fr_de import FRENCH, GERMAN
from sayings_fr_de_more import FRENCH_TOO, GERMAN_TOO

from publisher.narration.numerals import cardinal, from_roman, ordinal
from publisher.narration.speaking import abbreviated, ordinal_mark, rules_for, say, say_code, say_signs

TABLES = {"en": {**ENGLISH_TOO, **ENGLISH}, "fr": {**FRENCH_TOO, **FRENCH}, "de": {**GERMAN_TOO, **GERMAN}}
CASES = [(lang, *pair) for lang, table in TABLES.items() for pair in table.items()]


def said(text: str, lang: str = "en") -> str:
    return " ".join(run.text for run in say(text, lang))


@pytest.mark.parametrize(("lang", "shown", "expected"), CASES)
def test_it_is_said_as_the_table_has_it(lang: str, shown: str, expected: str) -> None:
    assert said(shown, lang) == expected


def test_american_dates_put_the_month_first() -> None:
    assert said("11/05/2026", "en-US") == "the fifth of November twenty twenty-six"
    assert said("11/05/2026", "en-GB") == "the eleventh of May twenty twenty-six"


def test_a_respelt_run_covers_the_characters_that_it_says() -> None:
    shown = "It cost (£3.5m), he said."
    runs = say(shown, "en", start=100)
    assert [shown[run.shown_start - 100 : run.shown_end - 100] for run in runs] == ["It cost", "(£3.5m),", "he said."]
    assert runs[1].text == "(three point five million pounds),"


def test_numbers_of_other_languages_are_left_to_the_voice() -> None:
    assert said("12 persone", "it") == "12 persone"
    assert rules_for("it") is not rules_for("en")


def test_white_space_alone_is_nothing() -> None:
    assert say(" \u00a0\n", "en") == ()
    assert say_signs(" \n", "en") == ()


def test_signs_alone_are_said_by_name() -> None:
    assert [run.text for run in say_signs(" *** ", "en")] == ["star star star"]
    assert [run.text for run in say_signs("☞", "sq")] == ["white right pointing index"]
    assert say_signs("☞", "sq")[0].lang == "en"


@given(st.text(max_size=60), st.sampled_from(["en", "en-US", "fr", "de", "sq", "ar"]))
def test_runs_follow_each_other_and_stay_inside_the_text(text: str, lang: str) -> None:
    end = 0
    for run in say(text, lang):
        assert end <= run.shown_start < run.shown_end <= len(text)
        assert run.text.strip() == run.text != ""
        end = run.shown_end


@given(st.text(alphabet="abc ABC,;()1", max_size=40))
def test_what_is_said_as_shown_is_a_part_of_the_text(text: str) -> None:
    for run in say(text, "sq"):
        assert run.text == text[run.shown_start : run.shown_end]


@given(st.integers(0, 10**15 - 1))
def test_every_number_has_words_without_digits(number: int) -> None:
    for lang in ("en", "fr", "de"):
        assert not any(character.isdigit() for character in cardinal(number, lang))


@given(st.from_regex(r"[IVXLC]{1,6}", fullmatch=True))
def test_roman_numerals_are_read_or_refused(text: str) -> None:
    value = from_roman(text)
    assert value is None or 1 <= value < 1000


def test_roman_numerals() -> None:
    assert [from_roman(text) for text in ("I", "IV", "IX", "XIV", "XL", "MCMLI", "IIII", "VX", "")] == [
        *(1, 4, 9, 14, 40, 1951),
        *(None, None, None),
    ]


def test_ordinals() -> None:
    assert (ordinal(21, "en"), ordinal(2, "fr"), ordinal(3, "de")) == ("twenty-first", "deuxième", "dritte")


@pytest.mark.parametrize(
    ("text", "expansion", "expected"),
    [
        ("NCA", "National Crime Agency", None),
        ("U.K.", "United Kingdom", "U K"),
        ("approx.", "approximately", "approximately"),
        ("wef", "with effect from", "with effect from"),
        ("Brexit", "British exit", None),
    ],
)
def test_a_marked_abbreviation(text: str, expansion: str, expected: str | None) -> None:
    assert abbreviated(text, expansion) == expected


def test_code_is_said_with_its_signs() -> None:
    assert say_code("max_size = f(x)", "en") == "max underscore size equals f open bracket x close bracket"
    assert say_code("readFile", "en") == "read File"
    assert say_code("   ", "en") == ""
    assert say_code('version = "0.1.0"', "en") == "version equals quote 0 dot 1 dot 0 quote"
    assert say_code("x ≥ 0.5", "en") == "x greater-than or equal to 0.5"
    assert say_code("│   ├── src/", "en") == "src slash"
    assert say_code("└──", "en") == ""


def test_marks_of_lists() -> None:
    assert [ordinal_mark(number, kind) for number, kind in ((3, "1"), (3, "a"), (28, "A"), (4, "i"))] == [
        *("3", "C", "AB", "4")
    ]


@pytest.mark.parametrize("lang", ["en", "fr", "de", "it"])
@pytest.mark.parametrize("what", ["1", "1-", "a/", "www.", "x²", "H₂", "A"])
def test_data_is_left_to_the_voice_and_what_stands_around_it_is_not(what: str, lang: str) -> None:
    data = what * 20_000  # for ever, were it searched for numbers and addresses
    runs = say(f"In § 5 {data} in § 6", lang)
    assert data in [run.text for run in runs]
    assert runs[-1].shown_end == len(data) + 14
