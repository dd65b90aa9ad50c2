"""What a restatement keeps, loses and adds: numbers, dates, names, negations, in several languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.manuscript.restating import (
    Words,
    calendar_words,
    compare_restated,
    denies,
    keeps_name,
    names,
    negations,
    numbers,
)


@pytest.mark.parametrize(
    ("text", "lang", "values"),
    [
        ("45,774 people", "en", ["45774"]),
        ("45 774 people, 12\u202f000 more", "en", ["45", "774", "12000"]),
        ("£3.5m, €2bn and 3.5 million", "en", ["3500000", "2000000000", "3500000"]),
        ("a road of 5 m and 100 m", "en", ["5", "100"]),
        ("28% of the 6th, in 2018–2023", "en", ["28", "6", "2018", "2023"]),
        ("the G7, COVID-19 and A4", "en", []),
        ("twelve, twenty-one, two hundred thousand", "en", ["12", "21", "200000"]),
        ("one hundred and forty", "en", ["140"]),
        ("five and six", "en", ["5", "6"]),
        ("3.50 is 3.5", "en", ["3.5", "3.5"]),
        ("It ended in 2022. Then 7,", "en", ["2022", "7"]),
        ("45 774 personnes, 3,5 millions, 1.000", "fr", ["45774", "3500000", "1000"]),
        ("vingt et un, deux cents, quatre-vingt-dix", "fr", ["21", "200", "90"]),
        ("45.774 Menschen, 3,5 Millionen, 2 Mrd. Euro", "de", ["45774", "3500000", "2000000000"]),
        ("zwölf und einundzwanzig", "de", ["12", "21"]),
        ("1’000 Franken", "de-CH", ["1000"]),
        ("1,000 and 1.5", "sw", ["1000", "1.5"]),
        ("cent quarante ans, mais cent, quarante", "fr", ["140", "100", "40"]),
        ("在1811年2月1日，重1,250吨，3.5万人，12亿", "zh-Hans", ["1811", "2", "1", "1250", "35000", "1200000000"]),
        ("一百四十年，二〇二六年，两千零五，一亿二千万，十二", "zh", ["140", "2026", "2005", "120000000", "12"]),
        ("一些人十分高兴，万一", "zh", []),
        ("عام ١٨١١ و1,250 و٣٫٥", "ar", ["1811", "1250", "3.5"]),
    ],
)
def test_numbers_are_found_as_their_language_writes_them(text: str, lang: str, values: list[str]) -> None:
    assert [number.value for number in numbers(text, lang)] == values


@given(st.integers(min_value=0, max_value=10**9))
def test_a_whole_number_is_the_same_however_its_thousands_are_marked(number: int) -> None:
    plain, english = str(number), f"{number:,}"
    for text, lang in (
        (plain, "en"),
        (english, "en"),
        (english.replace(",", "."), "de"),
        (english.replace(",", "\u202f"), "fr"),
        (english.replace(",", " "), "fr"),
    ):
        assert [found.value for found in numbers(f"about {text} in all", lang)] == [plain]


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("On Monday 13 December it may march in May.", "en", ["monday", "december", "may"]),
        ("March 2022, the march of time", "en", ["march"]),
        ("le lundi 13 mars, en mai, la planète mars", "fr", ["lundi", "mars", "mai"]),
        ("am Montag, 3. Mai", "de", ["montag", "mai"]),
    ],
)
def test_months_and_days_are_found_where_they_are_meant(text: str, lang: str, found: list[str]) -> None:
    assert calendar_words(text, lang) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The minister met Robert Jenrick in Albania.", ["Robert Jenrick", "Albania"]),
        ("NCA officers and the G7 went on Monday to Dover’s port.", ["NCA", "G7", "Dover"]),
        ("He said: “Nobody knows.” Then the Home Office, in June, said No.", ["Home Office"]),
        ("nothing here", []),
    ],
)
def test_names_are_words_with_a_capital_inside_a_sentence(text: str, found: list[str]) -> None:
    assert names(text, [0], "en") == found


def test_german_nouns_are_no_names_but_initials_are() -> None:
    assert names("Die Behörde und der Minister sprachen mit der NCA.", [0], "de") == ["NCA"]


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("National Crime Agency", "the NCA said", True),
        ("NCA", "the National Crime Agency said", True),
        ("Albanian", "people from Albania", True),
        ("France", "a French port", True),
        ("Robert Jenrick", "Mr Jenrick said", True),
        ("Robert Jenrick", "the minister said", False),
        ("Albania", "a country", False),
        ("Dover", "over there", False),
    ],
)
def test_a_name_is_kept_by_its_last_word_its_initials_or_its_kin(name: str, text: str, kept: bool) -> None:
    assert keeps_name(name, text) is kept


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("They don’t and can't; not only that", "en", ["don’t", "can't"]),
        ("never, without, no", "en", ["never", "without", "no"]),
        ("Ils ne viennent pas, sans rien", "fr", ["pas", "sans", "rien"]),
        ("Es gibt keinen und nicht nur das", "de", ["keinen"]),
        ("no se va", "es", ["no"]),
        ("Nid oedd neb yno, heb ddim", "cy", ["nid", "neb", "heb", "ddim"]),
        ("不过他从不抱怨，没有人，未来非常无聊", "zh", ["不", "没有", "无"]),
        ("لم يكن هناك أحد، ولا شيء", "ar", ["لم", "أحد", "ولا"]),
        ("hapana", "sw", []),
    ],
)
def test_negations_are_found(text: str, lang: str, found: list[str]) -> None:
    assert negations(text, lang) == found


@pytest.mark.parametrize("text", ["They refused.", "It was banned.", "an unlawful act", "Few came.", "They didn’t."])
def test_a_text_may_deny_in_other_words(text: str) -> None:
    assert denies(text, "en")


def _words(text: str, lang: str = "en", *expansions: str) -> Words:
    return Words(text, (0,), lang, expansions)


def test_what_is_lost_and_added_is_told_once_each_in_order() -> None:
    original = _words(
        "In May 2022 the minister, Ada Lovett, did not send 45,774 people to Dover in 12 boats, 12 in all."
    )
    plain = _words("In June 2022 the minister sent people to Kent. There were 13 boats.")
    losses = compare_restated(original, plain)
    assert losses.numbers_lost == ("45,774", "12")
    assert losses.numbers_added == ("13",)
    assert losses.dates_lost == ("May",)
    assert losses.dates_added == ("June",)
    assert losses.names_lost == ("Ada Lovett", "Dover")
    assert losses.names_added == ("Kent",)
    assert losses.negations_lost == ("not",)
    assert losses.negations_added == ()


def test_a_faithful_restatement_loses_and_adds_nothing() -> None:
    original = _words("On 13 December 2022 the NCA found 1,000 people, 28% of them without papers.")
    plain = _words(
        "On 13 December 2022 the National Crime Agency found a thousand people. 28 of every 100 had no papers."
    )
    lost = compare_restated(original, plain)
    assert (lost.numbers_added, lost.names_lost, lost.names_added, lost.negations_lost) == ((), (), (), ())
    assert lost.numbers_lost == ("1,000",)  # “a thousand” names no figure
    assert compare_restated(original, plain, ["1 000", "1000"]).numbers_lost == ()


def test_what_is_waived_is_not_told() -> None:
    original = _words("They did not send Ada Lovett 45,774 letters in May 2022.")
    plain = _words("They kept the letters.")
    losses = compare_restated(original, plain, ["45774", "2022", "Lovett, Ada Lovett", "may", "not"])
    assert losses == compare_restated(_words("x"), _words("x"))


def test_names_from_elsewhere_in_the_article_are_no_addition() -> None:
    losses = compare_restated(_words("The minister spoke."), _words("It was Ada Lovett who spoke."), known="Ada Lovett")
    assert losses.names_added == ()


def test_expansions_of_abbreviations_count_on_both_sides() -> None:
    original = _words("They asked the NCA.", "en", "National Crime Agency")
    assert compare_restated(original, _words("They asked the National Crime Agency.")).names_added == ()
    assert compare_restated(_words("They asked the National Crime Agency."), original).names_lost == ()
