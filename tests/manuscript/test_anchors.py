"""Anchoring: exact, normalised, edited, ambiguous, orphaned; never a guess."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from publisher.manuscript.anchors import Candidate, Quotation, Searched, searched
from publisher.manuscript.matching import fold
from publisher.model.publication import Anchoring, Range

ARTICLE = (
    "The lamp at Skerry Point was lit on 1 February 1811. It burned for one hundred and forty years, through two wars.",
    "“Nobody,” the keeper wrote, “has ever thanked a lamp” — and yet ships went on passing… mostly unharmed.",
    "A second paragraph. Every ship that passed was counted.",
    "The count was taken at dawn. Every ship that passed was counted. Le gardien : «\u202fJe suis seul.\u202f»",
    "The Board said that it had increased the number of lamps on the northern coast to eleven in the spring.",
)


def article(*texts: str) -> Searched:
    return searched(Candidate(f"b-{number}", text) for number, text in enumerate(texts or ARTICLE, start=1))


def found(
    quote: str, prefix: str = "", suffix: str = "", within: set[str] | None = None
) -> tuple[Anchoring, list[str]]:
    anchor = article().anchor(Quotation(quote, prefix, suffix, within))
    return anchor.target.anchoring, [place.words for place in anchor.places]


# Exact and normalised


def test_the_very_words_anchor_exactly() -> None:
    anchor = article().anchor(Quotation("lit on 1 February 1811"))
    assert anchor.target.anchoring is Anchoring.EXACT
    assert anchor.target.ranges == (Range("b-1", 29, 51),)
    assert anchor.target.quote == "lit on 1 February 1811"


def test_words_may_run_over_sentences() -> None:
    assert found("1811. It burned")[0] is Anchoring.EXACT


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("lit  on 1\u00a0February\n1811", "lit on 1 February 1811"),
        ("'Nobody,' the keeper wrote", "“Nobody,” the keeper wrote"),
        ('"has ever thanked a lamp"', "“has ever thanked a lamp”"),
        ("lamp' - and yet", "lamp” — and yet"),
        ("lamp' --- and yet", "lamp” — and yet"),
        ("passing... mostly", "passing… mostly"),
        ("seco\u00adnd para\u200bgraph", "second paragraph"),
        ("« Je suis seul. »", "«\u202fJe suis seul.\u202f»"),
        ("'Je suis seul.'", "«\u202fJe suis seul.\u202f»"),
    ],
)
def test_white_space_and_typographic_marks_do_not_matter(quote: str, stands: str) -> None:
    assert found(quote) == (Anchoring.NORMALISED, [stands])


@pytest.mark.parametrize("quote", ["caf\u00e9 noir", "cafe\u0301 noir"])
def test_unicode_may_be_composed_or_not(quote: str) -> None:
    for text in ("Un caf\u00e9 noir.", "Un cafe\u0301 noir."):
        anchor = article(text).anchor(Quotation(quote))
        (only,) = anchor.target.ranges
        assert unicodedata.normalize("NFC", text[only.start : only.end]) == "caf\u00e9 noir"


def test_a_range_never_splits_an_ellipsis() -> None:
    assert found("passing..")[0] is Anchoring.ORPHANED


def test_a_picture_or_formula_among_the_words_is_passed_over() -> None:
    anchor = article("The horizon lies \ufffc away.").anchor(Quotation("lies away"))
    assert anchor.target.ranges == (Range("b-1", 12, 23),)


def test_feet_are_not_inches() -> None:
    assert article("A rope of 6\u201d hung there.").anchor(Quotation("of 6'")).target.anchoring is Anchoring.ORPHANED
    assert article("A rope of 6\u201d hung there.").anchor(Quotation('of 6"')).target.anchoring is Anchoring.NORMALISED


@pytest.mark.parametrize("quote", ["LIT on 1 February", "a Second paragraph"])
def test_letter_case_matters(quote: str) -> None:
    assert found(quote)[0] is Anchoring.ORPHANED


# Several blocks


def test_words_may_run_through_several_blocks() -> None:
    anchor = article().anchor(
        Quotation("mostly unharmed. A second paragraph. Every ship that passed was counted. The count")
    )
    assert [(one.block, one.start, one.end) for one in anchor.target.ranges] == [
        ("b-2", 87, 103),
        ("b-3", 0, 55),
        ("b-4", 0, 9),
    ]
    assert anchor.target.quote.startswith("mostly unharmed. A second")


def test_words_never_run_across_what_stands_between() -> None:
    text = searched([Candidate("a", "One end"), Candidate("b", "another beginning", joined=False)])
    assert text.anchor(Quotation("end another")).target.anchoring is Anchoring.ORPHANED


# Ambiguous


def test_words_that_stand_twice_are_ambiguous_and_all_places_are_listed() -> None:
    anchor = article().anchor(Quotation("Every ship that passed was counted."))
    assert anchor.target.anchoring is Anchoring.AMBIGUOUS
    assert anchor.target.ranges == ()
    assert [place.ranges[0].block for place in anchor.places] == ["b-3", "b-4"]


@pytest.mark.parametrize(
    ("prefix", "suffix", "within", "block"),
    [
        ("at dawn. ", "", None, "b-4"),
        ("at dawn.", "", None, "b-4"),
        ("A second paragraph.", "", None, "b-3"),
        ("", " Le gardien", None, "b-4"),
        ("", "The count", None, "b-3"),
        ("", "", {"b-3"}, "b-3"),
        ("", "", {"b-1", "b-4"}, "b-4"),
    ],
)
def test_what_stands_beside_the_words_or_around_them_decides(
    prefix: str, suffix: str, within: set[str] | None, block: str
) -> None:
    anchor = article().anchor(Quotation("Every ship that passed was counted.", prefix, suffix, within))
    assert anchor.target.anchoring is Anchoring.EXACT
    assert [one.block for one in anchor.target.ranges] == [block]


def test_words_that_stand_elsewhere_than_said_are_orphaned_and_the_places_told() -> None:
    anchor = article().anchor(Quotation("Every ship", prefix="at noon."))
    assert anchor.target.anchoring is Anchoring.ORPHANED
    assert len(anchor.elsewhere) == 2


def test_occurrences_that_overlap_are_several() -> None:
    assert len(article("ana ananas").anchor(Quotation("ana")).places) == 3


def test_a_target_that_cuts_a_word_is_told() -> None:
    assert article().anchor(Quotation("ebruary")).inside_word
    assert article().anchor(Quotation("Febru")).inside_word
    assert not article().anchor(Quotation("February")).inside_word
    assert not article("灯台の歴史").anchor(Quotation("灯台")).inside_word


@pytest.mark.parametrize(
    ("text", "quote", "inside"),
    [
        ("The police can’t act.", "The police can", True),
        ("The police can't act.", "The police can", True),
        ("The police can’t act.", "The police can’t", False),
        ("It cost £3.5m.", "It cost £3", True),
        ("More than 1,000 came.", "More than 1", True),
        ("More than 1,000 came.", "000 came", True),
        ("In 2020, many came.", "In 2020", False),
        ("Albania’s ships.", "Albania", False),
        ("C’est l’homme.", "homme", False),
        ("They came in ’90, ’95.", "came in", False),
    ],
)
def test_a_negation_or_a_fraction_is_not_cut_off_in_silence(text: str, quote: str, inside: bool) -> None:
    assert article(text).anchor(Quotation(quote)).inside_word is inside


# Edited


@pytest.mark.parametrize(
    "quote",
    [
        "It had increased the number of the lamps on the northern coast",
        "it had increased a number of lamps on northern coast",
        "it had incraesed the number of lamps on the northern coast",
        "it had increased the nunber of lamps on the northern coast",
        "it had increased, the number of lamps, on the northern coast",
    ],
)
def test_harmless_changes_anchor_as_edited(quote: str) -> None:
    anchor = article().anchor(Quotation(quote))
    assert anchor.target.anchoring is Anchoring.EDITED
    assert anchor.target.quote.endswith("had increased the number of lamps on the northern coast")


@pytest.mark.parametrize(
    "quote",
    [
        "it had decreased the number of lamps on the northern coast",
        "it had not increased the number of lamps on the northern coast",
        "it had never increased the number of lamps on the northern coast",
        "it had increased the number of lamps on the southern coast",
        "it had increased the number of 11 lamps on the northern coast",
        "the number of lamps on the northern coast to seven in the spring",
        "the number of lamps on the northern coast to elevan in the spring",
        "the number of lamps on the northern coast to 11 in the spring",
        "it had increased the number of lamps on the northern coast?",
        "it had increased the number of lamps by 5 %",
        "the Boards said that it had increased the number of lamps on the northern coast",
    ],
)
def test_a_change_that_may_turn_a_claim_round_orphans_the_note(quote: str) -> None:
    anchor = article().anchor(Quotation(quote))
    assert anchor.target.anchoring is Anchoring.ORPHANED
    assert anchor.target.ranges == ()


def test_a_digit_is_never_a_harmless_change() -> None:
    text = "In all 1,250 lamps were lit on the northern coast that winter."
    for quote in (
        "In all 1,260 lamps were lit on the northern coast",
        "In all 1250 lamps were lit on the northern coast",
    ):
        anchor = article(text).anchor(Quotation(quote))
        assert anchor.target.anchoring is Anchoring.ORPHANED
        assert anchor.nearest[0].words == "In all 1,250 lamps were lit on the northern coast"


def test_few_words_prove_nothing() -> None:
    assert found("number of a lamps")[0] is Anchoring.ORPHANED


def test_two_places_as_close_as_each_other_are_no_clear_best() -> None:
    text = article("One said the keeper lit the lamp at dusk.", "Two said the keeper lit the lamp at dusk.")
    anchor = text.anchor(Quotation("said that the keeper lit a lamp at dusk"))
    assert anchor.target.anchoring is Anchoring.ORPHANED
    assert len(anchor.nearest) == 2


def test_a_narrowed_quotation_is_never_found_outside() -> None:
    anchor = article().anchor(Quotation("It had increased a number of lamps on the northern coast", within={"b-1"}))
    assert anchor.target.anchoring is Anchoring.ORPHANED


def test_words_that_are_not_there_bring_the_nearest_with_them() -> None:
    anchor = article().anchor(Quotation("It burned for two hundred and forty years"))
    assert anchor.target.anchoring is Anchoring.ORPHANED
    assert anchor.nearest[0].words == "It burned for one hundred and forty years"
    assert [(edit.quoted, edit.stands) for edit in anchor.edits] == [("two", "one")]


@pytest.mark.parametrize("quote", ["", "  ", "\n", "\ufffc"])
def test_nothing_is_found_nowhere(quote: str) -> None:
    assert found(quote) == (Anchoring.ORPHANED, [])


# Properties

LETTERS = st.text(alphabet="abcé'’“”-— .,\u00a0\u0301ñ1", min_size=1, max_size=40)
TEXTS = st.lists(LETTERS, min_size=1, max_size=4)


def occurrences(text: str, words: str) -> int:
    return sum(text.startswith(words, start) for start in range(len(text) - len(words) + 1))


@settings(deadline=None)
@given(TEXTS, st.data())
def test_any_words_that_stand_once_anchor_exactly_to_themselves(texts: list[str], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(texts) - 1))
    text = texts[number]
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    assume(fold(quote).text.strip())
    assume(occurrences("\n".join(texts), quote) == 1)
    anchor = article(*texts).anchor(Quotation(quote))
    assert anchor.target.anchoring is Anchoring.EXACT
    assert anchor.target.ranges == (Range(f"b-{number + 1}", start, end),)
    assert anchor.target.quote == quote


WORDS = st.lists(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyzé", min_size=1, max_size=8), min_size=3, max_size=30, unique=True
)
MANGLED = {"’": "'", "“": '"', "”": "'", "—": "--", " ": "  \u00a0", "…": "..."}


@settings(deadline=None)
@given(WORDS, st.lists(st.sampled_from([" ", " — ", "’s ", "” ", " “", "… "]), min_size=30, max_size=30), st.data())
def test_mangled_white_space_and_marks_anchor_to_the_same_range(
    words: list[str], marks: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(words) - 2))
    last = data.draw(st.integers(first + 1, len(words) - 1))
    text, spans = "", []
    for word, mark in zip(words, marks, strict=False):
        spans.append((len(text), len(text) + len(word)))
        text += word + mark
    start, end = spans[first][0], spans[last][1]
    quote = text[start:end]
    assume(occurrences(text, quote) == 1)
    mangled = unicodedata.normalize("NFD", "".join(MANGLED.get(character, character) for character in quote))
    assume(fold(text).text.count(fold(quote).text) == 1)
    anchor = article(text).anchor(Quotation(f" {mangled}\n"))
    assert anchor.target.anchoring is Anchoring.NORMALISED
    assert anchor.target.ranges == (Range("b-1", start, end),)


@settings(deadline=None)
@given(TEXTS, LETTERS)
def test_words_that_are_lacking_are_never_exact_and_never_out_of_range(texts: list[str], quote: str) -> None:
    assume(all(quote not in text for text in ["\n".join(texts)]))
    anchor = article(*texts).anchor(Quotation(quote))
    assert anchor.target.anchoring is not Anchoring.EXACT
    for one in anchor.target.ranges:
        text = texts[int(one.block.removeprefix("b-")) - 1]
        assert 0 <= one.start < one.end <= len(text)
    if anchor.target.anchoring is Anchoring.NORMALISED:
        assert fold(anchor.target.quote).text.strip() == fold(quote).text.strip()


@settings(deadline=None)
@given(st.text(max_size=60))
def test_folding_keeps_every_offset(text: str) -> None:
    folded = fold(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts)
    for start, end in zip(folded.starts, folded.ends, strict=True):
        assert 0 <= start < end <= len(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_that_quotations_see(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)).text == fold(text).text
