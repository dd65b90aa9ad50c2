"""Marks of direction are balanced in every paragraph, or the first that is not is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.manuscript.directions import unbalanced, without_unbalanced

RLO, PDF, RLI, LRI, PDI = "\u202e", "\u202c", "\u2067", "\u2066", "\u2069"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", None),
        ("words alone", None),
        (f"a {RLI}b{PDI} c", None),
        (f"a {RLI}b {LRI}c{PDI} d{PDI} e", None),
        (f"a {RLO}b{PDF} {RLI}c{PDI}", None),
        (f"a {RLI}b\nc{PDI} d", None),
        (f"a {RLI}b", 2),
        (f"a {RLI}b\n\nc{PDI}", 2),
        (f"a {RLI}b\n \t\nc{PDI}", 2),
        (f"a{PDI}", 1),
        (f"a {RLO}b{PDI}", 2),
        (f"{RLI}a {RLO}b{PDI} c{PDF}", 3),
        (f"{RLI}a{PDI}\n\nb {RLO}c\n", 7),
    ],
)
def test_the_first_mark_without_counterpart(text: str, place: int | None) -> None:
    assert unbalanced(text) == place


@given(st.text(st.sampled_from(["a", "\n", RLO, PDF, RLI, LRI, PDI])))
def test_what_is_left_is_balanced_and_nothing_but_marks_is_lost(text: str) -> None:
    left = without_unbalanced(text)
    assert unbalanced(left) is None
    assert left.translate(dict.fromkeys(map(ord, (RLO, PDF, RLI, LRI, PDI)))) == text.translate(
        dict.fromkeys(map(ord, (RLO, PDF, RLI, LRI, PDI)))
    )
    if unbalanced(text) is None:
        assert left == text
