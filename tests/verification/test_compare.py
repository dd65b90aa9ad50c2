from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from publisher.model.artefacts import Unit, UnitRole
from publisher.model.extract import Found
from publisher.verification.compare import Fault, compare, difference_shown

TEXTS = (
    "A minister argued for acting early.",
    "More than 1,000 people were returned.",
    "The total was not published.",
    "Flights left every week.",
    "Critics disagreed with the count.",
)


def expected(texts: tuple[str, ...] = TEXTS) -> list[Unit]:
    return [Unit(f"u-{number}", UnitRole.PARAGRAPH, "en", text) for number, text in enumerate(texts)]


def found(texts: tuple[str, ...] = TEXTS, ids: bool = True) -> list[Found]:
    return [
        Found(
            UnitRole.PARAGRAPH,
            text,
            "en",
            f"page {number}",
            f"u-{TEXTS.index(text)}" if ids and text in TEXTS else None,
        )
        for number, text in enumerate(texts)
    ]


def faults(one: list[Unit], other: list[Found]) -> list[tuple[Fault, str]]:
    return [(d.fault, d.expected.id if d.expected else d.found.text if d.found else "") for d in compare(one, other)]


@given(st.booleans())
def test_the_same_units_give_no_difference(ids: bool) -> None:
    assert compare(expected(), found(ids=ids)) == ()


@given(st.booleans(), st.integers(0, 4))
def test_a_dropped_unit_is_missing(ids: bool, at: int) -> None:
    assert faults(expected(), found(TEXTS[:at] + TEXTS[at + 1 :], ids)) == [(Fault.MISSING, f"u-{at}")]


@given(st.booleans(), st.integers(0, 4), st.integers(0, 5))
def test_a_repeated_unit_is_doubled(ids: bool, which: int, at: int) -> None:
    texts = (*TEXTS[:at], TEXTS[which], *TEXTS[at:])
    assert (Fault.DOUBLED, TEXTS[which]) in faults(expected(), found(texts, ids))


@given(st.booleans(), st.integers(0, 3))
def test_two_swapped_units_are_out_of_order(ids: bool, at: int) -> None:
    texts = (*TEXTS[:at], TEXTS[at + 1], TEXTS[at], *TEXTS[at + 2 :])
    [(fault, id)] = faults(expected(), found(texts, ids))
    assert fault is Fault.ORDER
    assert id in (f"u-{at}", f"u-{at + 1}")


@given(st.booleans())
def test_a_lost_negation_is_an_altered_unit_and_is_shown(ids: bool) -> None:
    other = found(ids=ids)
    other[2] = replace(other[2], text="The total was published.")
    [difference] = compare(expected(), other)
    assert difference.fault is Fault.ALTERED
    assert "[not → nothing]" in difference.detail


def test_foreign_words_are_added() -> None:
    assert faults(expected(), [*found(), Found(UnitRole.PARAGRAPH, "Buy now!", "en", "page 9")]) == [
        (Fault.ADDED, "Buy now!")
    ]


def test_an_alternative_in_its_place_is_altered_whatever_it_says() -> None:
    picture = Unit("p", UnitRole.ALTERNATIVE, "zh", "潮位图")
    other = Found(UnitRole.ALTERNATIVE, "白鹭", "zh", "page 1")
    first, *rest = expected()
    told, *more = found(ids=False)
    assert faults([first, picture, *rest], [told, other, *more]) == [(Fault.ALTERED, "p")]
    # Elsewhere it is another picture's.
    faulty = [(Fault.MISSING, "p"), (Fault.ADDED, "白鹭")]
    assert faults([first, picture, *rest], [told, *more, other]) == faulty
    words = replace(other, role=UnitRole.PARAGRAPH)
    assert faults([first, picture, *rest], [told, words, *more]) == faulty


def test_language_role_level_and_hiding_are_compared() -> None:
    other = found()
    other[0] = replace(other[0], lang="fr")
    other[1] = replace(other[1], role=UnitRole.HEADING)
    other[2] = replace(other[2], hidden=True)
    assert [fault for fault, _ in faults(expected(), other)] == [Fault.LANGUAGE, Fault.ROLE, Fault.HIDDEN]
    heading = Unit("h", UnitRole.HEADING, "en", "Title", level=2)
    assert [d.fault for d in compare([heading], [Found(UnitRole.HEADING, "Title", "en", "", "h", 3)])] == [Fault.ROLE]


def test_a_difference_is_shown_with_its_neighbours() -> None:
    assert (
        difference_shown("signed in December 2022", "signed in November 2022") == "signed in [December → November] 2022"
    )
