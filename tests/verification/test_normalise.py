from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from publisher.verification.normalise import normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two  words\n", "two words"),
        ("a\u00a0b\u202fc\u2009d", "a b c d"),
        ("ef\ufb01cient o\ufb03ce", "efficient office"),
        ("hy\u00adphen", "hyphen"),
        ("201\u201119", "201-19"),
        ("“it’s”", '"it\'s"'),
        ("e\u0301", "\u00e9"),
        ("河流。 “没有人，” 他说。 “是的。” Then 3 号", "河流。“没有人，”他说。“是的。”Then 3号"),
    ],
)
def test_writing_is_set_aside(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,000", "1.000"),
        ("-5", "−5"),
        ("5–6", "5-6"),
        ("x²", "x2"),
        ("is not", "is"),
        ("cannot", "can not"),
        ("resume", "résumé"),
        ("½", "1/2"),
        ("١", "1"),
        ("±5", "+5"),
        ("这是真的", "这不是真的"),
        ("河流 12 34", "河流 1234"),
        ("می\u200cخواهم", "میخواهم"),
    ],
)
def test_content_is_kept(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(), st.characters(categories=("L", "N", "Sm", "Sc", "Pd")), st.integers(0, 20))
def test_a_letter_digit_or_sign_added_always_shows(text: str, sign: str, at: int) -> None:
    base = unicodedata.normalize("NFC", text)
    changed = base[:at] + sign + base[at:]
    assume(not any(unicodedata.combining(character) for character in base))
    assume(unicodedata.is_normalized("NFC", changed))
    assert normalise(changed) != normalise(base)
