"""Language tags, directions and quotation marks."""

from __future__ import annotations

import pytest

from publisher.manuscript.languages import quotation_marks, standard_tag
from publisher.model.languages import direction


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("en", "en"),
        ("en-gb", "en-GB"),
        ("en_GB", "en-GB"),
        ("zh-hant-TW", "zh-Hant-TW"),
        ("ES-419", "es-419"),
        ("sr-latn", "sr-Latn"),
        ("english", None),
        ("xx-nowhere", None),
        ("", None),
        ("e", None),
        ("en-", None),
        ("en;q=1", None),
    ],
)
def test_tags_are_valid_bcp_47_in_its_own_spelling(written: str, standard: str | None) -> None:
    assert standard_tag(written) == standard


@pytest.mark.parametrize(
    ("lang", "way"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("ar-EG", "rtl"),
        ("he", "rtl"),
        ("fa-IR", "rtl"),
        ("ur", "rtl"),
        ("az", "ltr"),
        ("az-Arab", "rtl"),
        ("ar-Latn", "ltr"),
        ("ks-Deva", "ltr"),
        ("en-x-arab", "ltr"),
        ("ZH-HANS", "ltr"),
    ],
)
def test_the_direction_is_that_of_the_script(lang: str, way: str) -> None:
    assert direction(lang) == way


def test_quotation_marks_fall_back_from_region_to_language_to_english() -> None:
    assert quotation_marks("fr-CA") == quotation_marks("fr")
    assert quotation_marks("fr-CH", double=False) == ("‹", "›")
    assert quotation_marks("tlh", double=False) == ("‘", "’")
