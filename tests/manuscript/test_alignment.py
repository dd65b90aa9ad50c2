"""Aligning words keeps order, finds what is the same, and stays quick."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from publisher.manuscript.alignment import align

WORDS = st.lists(st.sampled_from("abcd"), max_size=30)


@given(WORDS, WORDS)
def test_partners_are_equal_and_never_cross(left: list[str], right: list[str]) -> None:
    found = [(place, partner) for place, partner in enumerate(align(left, right)) if partner >= 0]
    assert all(left[place] == right[partner] for place, partner in found)
    partners = [partner for _, partner in found]
    assert partners == sorted(set(partners))


@given(WORDS)
def test_a_sequence_is_its_own_partner(words: list[str]) -> None:
    assert align(words, words) == list(range(len(words)))


@given(WORDS, st.lists(st.integers(0, 29), max_size=5))
def test_words_that_stand_only_on_the_right_are_passed_over(words: list[str], places: list[int]) -> None:
    right = list(words)
    for place in sorted(places, reverse=True):
        right.insert(min(place, len(right)), "X")
    partners = align(words, right)
    assert [right[partner] for partner in partners] == words
    assert all(partner >= 0 for partner in partners)


def test_unlike_sequences_have_no_partners() -> None:
    assert align(["a"] * 2000, ["b"] * 2000) == [-1] * 2000


def test_moved_words_keep_the_longer_chain() -> None:
    left = "one two three four five six seven".split()
    right = "seven one two three four five six".split()
    assert align(left, right) == [1, 2, 3, 4, 5, 6, -1]


def test_repetitive_sequences_that_differ_often_are_still_aligned() -> None:
    left = ["a", "b"] * 3000
    right = ["a", "b", "x"] * 3000
    partners = align(left, right)
    assert sum(partner >= 0 for partner in partners) > 3000
